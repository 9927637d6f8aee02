//! The network client of signatures; scanners have their own (`scan/escl.rs`). It runs in the child: plain http, with a
//! limit to the wait and to the answer, and nothing that comes is believed before it was judged.

use std::time::{Duration, Instant};

use ureq::http::{Response, Uri};
use ureq::{Agent, Body, Error};

use crate::sign::cms;

/// How long an answer is waited for, seconds.
pub(super) const WAIT_SECONDS: u64 = 10;
/// Largest list that is fetched, bytes.
const MAX_LIST: u64 = 32 << 20;

/// What is asked of the network for one piece of work, and until when.
#[derive(Debug)]
pub(super) struct Network {
    /// Hosts, with their ports, that do not answer. They are asked no more: their silence is waited for once.
    pub(super) silent: Vec<String>,
    until: Instant,
}

impl Network {
    /// For so many seconds from now; `silent`: hosts that are known to give no answer.
    pub(super) fn new(seconds: u64, silent: Vec<String>) -> Self {
        Self { silent, until: Instant::now() + Duration::from_secs(seconds) }
    }

    /// Its time is over: nothing more is asked.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// The answer of a time-stamp authority. Plain http is enough: what counts in it is signed.
    pub(super) fn asked(&mut self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.posted(url, "application/timestamp-query", request)
    }

    /// The answer of an OCSP responder (RFC 6960, appendix A), unjudged.
    pub(super) fn asked_about(&mut self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.posted(url, "application/ocsp-request", request)
    }

    /// What lies at an address that a certificate names, e.g. a list of revoked ones.
    pub(super) fn fetched(&mut self, url: &str) -> Option<Vec<u8>> {
        self.answer(url, MAX_LIST, |agent| agent.get(url).call())
    }

    fn posted(&mut self, url: &str, kind: &str, request: &[u8]) -> Option<Vec<u8>> {
        let most = cms::MAX_STAMP as u64;
        self.answer(url, most, |agent| agent.post(url).header("Content-Type", kind).send(request))
    }

    fn answer(
        &mut self,
        url: &str,
        most: u64,
        ask: impl FnOnce(&Agent) -> Result<Response<Body>, Error>,
    ) -> Option<Vec<u8>> {
        let host = url.parse::<Uri>().ok()?.authority()?.as_str().to_lowercase();
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() || self.silent.contains(&host) {
            return None;
        }
        let wait = left.min(Duration::from_secs(WAIT_SECONDS));
        let agent: Agent = Agent::config_builder().timeout_global(Some(wait)).build().into();
        let answer =
            ask(&agent).and_then(|mut answer| answer.body_mut().with_config().limit(most).read_to_vec());
        match answer {
            Ok(bytes) => Some(bytes),
            // It answers, though not with that.
            Err(Error::StatusCode(_) | Error::BodyExceedsLimit(_)) => None,
            Err(_) => {
                self.silent.push(host);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A server that says the same to everybody; its address and how often it was called.
    fn serve(answer: &'static [u8]) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&calls);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                _ = stream.read(&mut [0; 4096]);
                _ = stream.write_all(answer);
            }
        });
        (url, calls)
    }

    #[test]
    fn who_does_not_answer_is_asked_once() {
        let mut network = Network::new(60, Vec::new());
        let (url, calls) = serve(b"");
        for place in ["ocsp", "ocsp", "ca.crl"] {
            assert_eq!(network.fetched(&format!("{url}{place}")), None);
        }
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        let mut next = Network::new(60, network.silent);
        assert_eq!(next.asked(&url, b"?"), None);
        assert_eq!(calls.load(Ordering::SeqCst), 1, "nor for the next file");
    }

    #[test]
    fn who_has_not_this_may_have_that() {
        let mut network = Network::new(60, Vec::new());
        let (url, calls) = serve(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assert_eq!((network.fetched(&url), network.fetched(&url)), (None, None));
        assert_eq!((calls.load(Ordering::SeqCst), network.silent.len()), (2, 0));
    }

    #[test]
    fn when_the_time_is_over_nobody_is_asked() {
        let mut network = Network::new(0, Vec::new());
        let (url, calls) = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assert_eq!(network.fetched(&url), None);
        assert!(network.is_over() && network.silent.is_empty());
        assert_eq!(calls.load(Ordering::SeqCst), 0);
    }
}
