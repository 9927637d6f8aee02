//! The only network client of the program. It runs in the child: plain http, with a limit to the wait and to the
//! answer, and nothing that comes is believed before it was judged.

use std::time::Duration;

use crate::sign::cms;

/// How long an answer is waited for, seconds.
pub(super) const WAIT_SECONDS: u64 = 10;
/// Largest list that is fetched, bytes.
const MAX_LIST: u64 = 32 << 20;

/// The answer of a time-stamp authority. Plain http is enough: what counts in it is signed.
pub(super) fn asked(url: &str, request: &[u8]) -> Option<Vec<u8>> {
    posted(url, "application/timestamp-query", request)
}

/// The answer of an OCSP responder (RFC 6960, appendix A), unjudged.
pub(super) fn asked_about(url: &str, request: &[u8]) -> Option<Vec<u8>> {
    posted(url, "application/ocsp-request", request)
}

/// What lies at an address that a certificate names, e.g. a list of revoked ones.
pub(super) fn fetched(url: &str) -> Option<Vec<u8>> {
    let mut answer = agent().get(url).call().ok()?;
    answer.body_mut().with_config().limit(MAX_LIST).read_to_vec().ok()
}

fn posted(url: &str, kind: &str, request: &[u8]) -> Option<Vec<u8>> {
    let mut answer = agent().post(url).header("Content-Type", kind).send(request).ok()?;
    answer.body_mut().with_config().limit(cms::MAX_STAMP as u64).read_to_vec().ok()
}

fn agent() -> ureq::Agent {
    let wait = Duration::from_secs(WAIT_SECONDS);
    ureq::Agent::config_builder().timeout_global(Some(wait)).build().into()
}
