//! Foreign bytes are looked at in a child process with limits, never in the process that holds a
//! key or a database. This room starts such children, talks to them, and outlives their death.

mod extend;
mod network;
mod spool;
pub mod token;
mod token_worker;
mod worker;

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use self::spool::{Known, Spool};
use crate::page::edit::Folded;
use crate::page::{Finding, FindingKind, Limits, ReadFile, ReadPage, Severity};
use crate::scan::{Profile, ScanError};
use crate::sign::key::Secret;
use crate::sign::signer::{SignatureAlgorithm, TokenError};
use crate::sign::verify::{Report, TrustAnchor};

pub use extend::{Extended, NotExtended};
pub use worker::serve;

/// How long one feeding of a network scanner may take in all, seconds.
const SCAN_SECONDS: u64 = 4 * 3600;
/// How long extending a file may take, with all that is asked for it, seconds.
const EXTEND_SECONDS: u64 = 300;
/// How much of that the network may take, seconds.
const EXTEND_NETWORK_SECONDS: u64 = 200;
/// How long a child that was asked to stop may take.
const GRACE: Duration = Duration::from_secs(3);
/// Longest request that carries a PIN, bytes.
const SECRET_ROOM: usize = 1 << 14;
/// Longest line a child may answer with, bytes: that of a file of some thousand pages. A child that foreign bytes took
/// over must not fill the memory of the process with the key.
const MAX_REPLY: u64 = 64 << 20;
/// Most answers that wait to be looked at.
const MAX_WAITING: usize = 16;
/// How often it is asked whether to go on.
const PACE: Duration = Duration::from_millis(100);

/// What a child is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Request {
    /// Read a file; side files go to `out`.
    Read { file: PathBuf, out: PathBuf, limits: Limits },
    /// Draw a page as JPEG into `out`.
    Picture {
        file: PathBuf,
        page: u32,
        width: u32,
        turns: u8,
        out: PathBuf,
        limits: Limits,
        edits: Option<Folded>,
    },
    /// Make a page with edits; side files go to `out`.
    Edit { file: PathBuf, page: u32, edits: Folded, out: PathBuf, limits: Limits },
    /// Which tokens a module sees.
    Tokens { module: PathBuf, limits: Limits },
    /// Open a token with its PIN, tried once, and take the key of a certificate.
    OpenToken { module: PathBuf, label: String, serial: String, key: String, pin: Secret, limits: Limits },
    /// Sign with the opened key; the message in hexadecimal.
    SignByToken { message: String, scheme: SignatureAlgorithm },
    /// Ask a time-stamp authority about a signature (hexadecimal).
    Stamp { url: String, signature: String, known: Known, limits: Limits },
    /// Scan from the network into `folder`, until the file `stop` is there.
    Scan { profile: Profile, folder: PathBuf, stop: PathBuf, limits: Limits },
    /// Read a QR code on a page.
    Code { file: PathBuf, page: u32, limits: Limits },
    /// Extend a signed file into `out`, with what a time-stamp authority and certificates' own addresses give.
    Extend {
        file: PathBuf,
        out: PathBuf,
        known: Known,
        url: Option<String>,
        /// Hosts that are not asked.
        silent: Vec<String>,
        limits: Limits,
    },
    /// Verify a file.
    Verify { file: PathBuf, known: Known, limits: Limits },
}

/// What a child answers, a line each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
enum Reply {
    /// A page has been read.
    Page { page: Box<ReadPage> },
    /// The file has been read.
    Read { file: ReadFile },
    /// The edited page, when it could be made.
    Edited { page: Option<Box<ReadPage>> },
    /// The picture is drawn, or cannot be.
    Picture { drawn: bool },
    /// The tokens, or why the module tells of none.
    Tokens { found: Result<Vec<token::TokenView>, TokenError> },
    /// The token is open, or is not.
    TokenOpened { done: Result<(), TokenError> },
    /// The signature in hexadecimal, or none.
    SignedByToken { done: Result<String, TokenError> },
    /// The token in hexadecimal, when the authority granted one that holds.
    Stamped { done: Result<String, Unstamped> },
    /// A page is whole, in a file.
    Scanned { file: PathBuf },
    /// There are no more pages.
    ScanEnded { done: Result<(), ScanError> },
    /// What the code says, where there is one.
    Code { text: Option<String> },
    /// The file is extended, or is not; hosts that did not answer.
    Extended { done: Box<Result<Extended, NotExtended>>, silent: Vec<String> },
    /// The file is verified.
    Verified { report: Report },
}

/// Why a signature got no time-stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Unstamped {
    /// The authority does not answer.
    NoAnswer,
    /// It granted none, or one that does not hold.
    Refused,
    /// Nobody trusted vouches for it.
    Untrusted,
}

/// How a child is started: the program itself with arguments that make it [`serve`].
#[derive(Debug, Clone)]
pub struct ReaderCommand {
    /// Program.
    pub program: PathBuf,
    /// Arguments.
    pub arguments: Vec<String>,
}

/// A pool of reading children. They are started when needed and used again while they behave.
#[derive(Debug)]
pub struct Readers {
    command: ReaderCommand,
    limits: Limits,
    idle: Mutex<Vec<Reader>>,
    spool: Spool,
}

#[derive(Debug)]
struct Reader {
    child: Child,
    ask: ChildStdin,
    replies: Receiver<Reply>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        // A child that hangs or is no longer needed; both calls only fail when it is gone already.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Why a child gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// It died.
    Died,
    /// It took too long.
    TooLong,
}

impl Readers {
    /// A pool without children yet.
    #[must_use]
    pub fn new(command: ReaderCommand, limits: Limits) -> Self {
        Self { command, limits, idle: Mutex::new(Vec::new()), spool: Spool::default() }
    }

    /// Starts children until `count` of them wait, so that the first file does not wait for one.
    ///
    /// # Errors
    /// When the system starts no process; they are then started when needed.
    pub fn warm(&self, count: usize) -> io::Result<()> {
        let mut idle = self.idle.lock().map_err(|_| io::Error::other("reader pool"))?;
        while idle.len() < count {
            idle.push(self.start()?);
        }
        Ok(())
    }

    /// Reads a file: its pages, findings and side files in `out`. A file that kills the child or
    /// hangs it answers with a finding of its own; nothing else is harmed.
    pub fn read(&self, file: &Path, out: &Path, on_page: &mut dyn FnMut(&ReadPage)) -> io::Result<ReadFile> {
        let request = Request::Read { file: file.into(), out: out.into(), limits: self.limits };
        let answer = self.ask(&request, self.limits.max_seconds, &mut |reply| match reply {
            Reply::Page { page } => {
                on_page(&page);
                None
            }
            Reply::Read { file } => Some(file),
            _ => None,
        })?;
        Ok(answer.unwrap_or_else(|lost| {
            let (kind, detail) = match lost {
                Lost::Died => (FindingKind::Unreadable, String::new()),
                Lost::TooLong => (FindingKind::TooLarge, format!("{} s", self.limits.max_seconds)),
            };
            let finding =
                Finding { file: String::new(), page: 0, kind, severity: Severity::Blocking, detail };
            ReadFile { kind: None, signed: false, pages: Vec::new(), findings: vec![finding] }
        }))
    }

    /// Draws a page into a JPEG file, so many px wide, turned and edited; `false` when it cannot be drawn.
    pub fn picture(
        &self,
        file: &Path,
        page: u32,
        (width, turns, edits): (u32, u8, Option<Folded>),
        out: &Path,
    ) -> io::Result<bool> {
        let (file, out) = (file.into(), out.into());
        let request = Request::Picture { file, page, width, turns, out, limits: self.limits, edits };
        let answer = self.ask(&request, self.limits.max_seconds, &mut |reply| match reply {
            Reply::Picture { drawn } => Some(drawn),
            _ => None,
        })?;
        Ok(answer.unwrap_or(false))
    }

    /// Makes page `page` (from 0) of a raster file with its edits, side files in `out`; `None` when it
    /// cannot be made.
    pub fn edited(&self, file: &Path, page: u32, edits: &Folded, out: &Path) -> io::Result<Option<ReadPage>> {
        let request =
            Request::Edit { file: file.into(), page, edits: *edits, out: out.into(), limits: self.limits };
        let answer = self.ask(&request, self.limits.max_seconds, &mut |reply| match reply {
            Reply::Edited { page } => Some(page),
            _ => None,
        })?;
        Ok(answer.ok().flatten().map(|page| *page))
    }

    /// Scans with a scanner of the network into `folder`, as [`crate::scan::escl::scan`] does, in a child.
    /// `stop` is asked ten times a second.
    ///
    /// # Errors
    /// [`ScanError`]; pages told before it are whole.
    pub fn scan(
        &self,
        profile: &Profile,
        folder: &Path,
        stop: &dyn Fn() -> bool,
        page: &mut dyn FnMut(PathBuf) -> io::Result<()>,
    ) -> Result<(), ScanError> {
        let signal = folder.join("stop");
        let request = Request::Scan {
            profile: profile.clone(),
            folder: folder.into(),
            stop: signal.clone(),
            limits: self.limits,
        };
        // It parses what the network answers, and looks at nothing afterwards.
        let mut reader = self.start()?;
        let mut failed = None;
        let mut stopped: Option<Instant> = None;
        let mut give_up = || {
            if stopped.is_none() && stop() {
                stopped = Some(Instant::now());
                // A child that is not told is ended a little later.
                _ = std::fs::write(&signal, []);
            }
            stopped.is_some_and(|since| since.elapsed() > GRACE)
        };
        let answer = reader.ask_until(&request, SCAN_SECONDS, &mut give_up, &mut |reply| match reply {
            Reply::Scanned { file } => page(file).err().map(|e| {
                failed = Some(e);
                Err(ScanError::Canceled)
            }),
            Reply::ScanEnded { done } => Some(done),
            _ => None,
        })?;
        match (failed, answer) {
            (Some(e), _) => Err(e.into()),
            (None, Ok(done)) => done,
            (None, Err(_)) if stopped.is_some() => Err(ScanError::Canceled),
            (None, Err(_)) => Err(ScanError::Gone(String::new())),
        }
    }

    /// The text of a QR code on page `page` (from 0) of a file; `None` when none was found.
    pub fn code(&self, file: &Path, page: u32) -> io::Result<Option<String>> {
        let request = Request::Code { file: file.into(), page, limits: self.limits };
        let answer = self.ask(&request, self.limits.max_seconds, &mut |reply| match reply {
            Reply::Code { text } => Some(text),
            _ => None,
        })?;
        Ok(answer.ok().flatten())
    }

    /// Verifies a file against those trusted and lists of revoked certificates (DER), by a child that looked at nothing
    /// else: a file that took one over judges no other. `None` when the child could not say.
    pub fn verify(
        &self,
        file: &Path,
        trust: &[TrustAnchor],
        revoked: &[Vec<u8>],
        now: crate::time::Timestamp,
    ) -> io::Result<Option<Report>> {
        let spooled = self.spool.put(revoked)?;
        let known = spooled.known(trust, now);
        let request = Request::Verify { file: file.into(), known, limits: self.limits };
        let answer = self.ask_once(&request, self.limits.max_seconds.max(120), &mut |reply| match reply {
            Reply::Verified { report } => Some(report),
            _ => None,
        })?;
        Ok(answer.ok())
    }

    /// Extends a signed file into `out`: what certificates' own addresses and the time-stamp authority at `url`
    /// (both http) give is kept with it. Hosts in `silent` are not asked; those that do not answer are added.
    pub fn extend(
        &self,
        file: &Path,
        out: &Path,
        (trust, revoked): (&[TrustAnchor], &[Vec<u8>]),
        now: crate::time::Timestamp,
        url: Option<&str>,
        silent: &mut Vec<String>,
    ) -> io::Result<Result<Extended, NotExtended>> {
        let spooled = self.spool.put(revoked)?;
        let request = Request::Extend {
            file: file.into(),
            out: out.into(),
            known: spooled.known(trust, now),
            url: url.map(str::to_owned),
            silent: silent.clone(),
            limits: self.limits,
        };
        // As with a scanner of the network.
        let answer = self.ask_once(&request, EXTEND_SECONDS, &mut |reply| match reply {
            Reply::Extended { done, silent } => Some((*done, silent)),
            _ => None,
        })?;
        Ok(match answer {
            Ok((done, known)) => {
                *silent = known;
                done
            }
            Err(Lost::TooLong) => Err(NotExtended::NoAnswer),
            Err(Lost::Died) => Err(NotExtended::Failed),
        })
    }

    /// A time-stamp token about a signature from the authority at `url` (http), checked against the
    /// trusted certificates (DER).
    ///
    /// # Errors
    /// Why there is none; a child that fails gives no answer.
    pub fn stamp(
        &self,
        url: &str,
        signature: &[u8],
        (trust, revoked): (&[TrustAnchor], &[Vec<u8>]),
        now: crate::time::Timestamp,
    ) -> Result<Vec<u8>, Unstamped> {
        let spooled = self.spool.put(revoked).map_err(|_| Unstamped::NoAnswer)?;
        let request = Request::Stamp {
            url: url.to_owned(),
            signature: crate::hex::encode(signature),
            known: spooled.known(trust, now),
            limits: self.limits,
        };
        // As with a scanner of the network.
        let answer = self.ask_once(&request, 2 * network::WAIT_SECONDS, &mut |reply| match reply {
            Reply::Stamped { done } => Some(done),
            _ => None,
        });
        let Ok(Ok(done)) = answer else { return Err(Unstamped::NoAnswer) };
        crate::hex::decode(&done?).ok_or(Unstamped::Refused)
    }

    /// Asks an idle or new child until `take` has what it wants. A child that fails is not used again.
    fn ask<T>(
        &self,
        request: &Request,
        seconds: u64,
        take: &mut dyn FnMut(Reply) -> Option<T>,
    ) -> io::Result<Result<T, Lost>> {
        let (mut reader, waited) = self.reader()?;
        let mut heard = false;
        let mut answer = reader.ask(request, seconds, &mut |reply| {
            heard = true;
            take(reply)
        })?;
        if waited && !heard && matches!(answer, Err(Lost::Died)) {
            // The system may have ended it while it waited: that says nothing about the file.
            reader = self.start()?;
            answer = reader.ask(request, seconds, take)?;
        }
        if answer.is_ok() {
            self.give_back(reader)?;
        }
        Ok(answer)
    }

    /// Asks a new child, which is then ended.
    fn ask_once<T>(
        &self,
        request: &Request,
        seconds: u64,
        take: &mut dyn FnMut(Reply) -> Option<T>,
    ) -> io::Result<Result<T, Lost>> {
        self.start()?.ask(request, seconds, take)
    }

    /// A child that waited for work, or a new one; and whether it waited.
    fn reader(&self) -> io::Result<(Reader, bool)> {
        let idle = self.idle.lock().map_err(|_| io::Error::other("reader pool"))?.pop();
        match idle {
            Some(reader) => Ok((reader, true)),
            None => Ok((self.start()?, false)),
        }
    }

    fn give_back(&self, reader: Reader) -> io::Result<()> {
        self.idle.lock().map_err(|_| io::Error::other("reader pool"))?.push(reader);
        Ok(())
    }

    fn start(&self) -> io::Result<Reader> {
        // Secrets are not for a process that reads foreign bytes.
        let mut child = crate::child(&self.command.program)
            .args(&self.command.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a decoder prints when it dies is not for the clerk's terminal.
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("reader without pipes"));
        };
        let (sender, replies) = sync_channel(MAX_WAITING);
        std::thread::Builder::new().name("reader-replies".into()).spawn(move || {
            let mut answers = BufReader::new(answers);
            while let Some(reply) = next_reply(&mut answers) {
                if sender.send(reply).is_err() {
                    return;
                }
            }
        })?;
        Ok(Reader { child, ask, replies })
    }
}

/// The next answer of a child; `None` when it ends, says what is none, or says more than an answer may hold.
fn next_reply(answers: &mut BufReader<impl Read>) -> Option<Reply> {
    let mut line = Vec::new();
    answers.take(MAX_REPLY).read_until(b'\n', &mut line).ok()?;
    serde_json::from_slice(line.strip_suffix(b"\n")?).ok()
}

impl Reader {
    /// Asks until `take` has what it wants.
    fn ask<T>(
        &mut self,
        request: &Request,
        seconds: u64,
        take: &mut dyn FnMut(Reply) -> Option<T>,
    ) -> io::Result<Result<T, Lost>> {
        self.ask_until(request, seconds, &mut || false, take)
    }

    /// Asks until `take` has what it wants, or `give_up`, asked ten times a second and more, says so.
    fn ask_until<T>(
        &mut self,
        request: &Request,
        seconds: u64,
        give_up: &mut dyn FnMut() -> bool,
        take: &mut dyn FnMut(Reply) -> Option<T>,
    ) -> io::Result<Result<T, Lost>> {
        // A request may carry a PIN: one that does has room, so that growing leaves no copies behind.
        let mut line = zeroize::Zeroizing::new(Vec::with_capacity(SECRET_ROOM));
        serde_json::to_writer(&mut *line, request)?;
        line.push(b'\n');
        if self.ask.write_all(&line).and_then(|()| self.ask.flush()).is_err() {
            return Ok(Err(Lost::Died));
        }
        let deadline = Instant::now() + Duration::from_secs(seconds);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.replies.recv_timeout(left.min(PACE)) {
                Ok(reply) => {
                    if let Some(answer) = take(reply) {
                        return Ok(Ok(answer));
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Err(Lost::Died)),
            }
            // However much it has to say.
            if left.is_zero() || give_up() {
                return Ok(Err(Lost::TooLong));
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn readers(program: &str, arguments: &[&str]) -> Readers {
        let arguments = arguments.iter().map(|one| (*one).to_owned()).collect();
        Readers::new(ReaderCommand { program: program.into(), arguments }, Limits::default())
    }

    #[test]
    fn a_child_that_heard_the_network_looks_at_nothing_afterwards() {
        let answering = |reply: &Reply| {
            let line = serde_json::to_string(reply).unwrap();
            readers("sh", &["-c", "read ask; echo \"$1\"; cat", "sh", &line])
        };
        let idle = |readers: &Readers| readers.idle.lock().unwrap().len();
        let stamps = answering(&Reply::Stamped { done: Ok("00".to_owned()) });
        let now = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        assert_eq!(stamps.stamp("http://tsa.example/", b"", (&[], &[]), now), Ok(vec![0]));
        assert_eq!(idle(&stamps), 0);
        let scans = answering(&Reply::ScanEnded { done: Ok(()) });
        let folder = tempfile::tempdir().unwrap();
        let profile: Profile = toml::from_str("name = \"a\"\ndevice = \"http://scanner/eSCL\"").unwrap();
        scans.scan(&profile, folder.path(), &|| false, &mut |_| Ok(())).unwrap();
        assert_eq!(idle(&scans), 0);
        // One that looked at a file of the counter is used again.
        let looks = answering(&Reply::Code { text: None });
        _ = looks.code(Path::new("a.jpg"), 0).unwrap();
        assert_eq!(idle(&looks), 1);
    }

    #[test]
    fn an_answer_without_an_end_is_none() {
        let begun = Instant::now();
        let endless = readers("cat", &["/dev/zero"]);
        assert_eq!(endless.code(Path::new("a.jpg"), 0).unwrap(), None);
        assert!(begun.elapsed().as_secs() < endless.limits.max_seconds, "it was not waited for");
    }

    #[test]
    fn a_child_that_says_much_and_answers_nothing_is_given_up() {
        let line = serde_json::to_string(&Reply::Stamped { done: Ok("00".to_owned()) }).unwrap();
        let mut talking = readers("yes", &[&line]);
        talking.limits.max_seconds = 1;
        assert_eq!(talking.code(Path::new("a.jpg"), 0).unwrap(), None);
    }
}
