//! Foreign bytes are looked at in a child process with limits, never in the process that holds a
//! key or a database. This room starts such children, talks to them, and outlives their death.

pub mod token;
mod token_worker;
mod worker;

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::page::{Finding, FindingKind, Limits, ReadFile, ReadPage, Severity};
use crate::sign::signer::{Scheme, TokenProblem};
use crate::sign::verify::Report;

pub use worker::serve;

/// How long a time-stamp authority is waited for, seconds.
const STAMP_SECONDS: u64 = 10;

/// What a child is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Request {
    /// Read a file; side files go to `out`.
    Read { file: PathBuf, out: PathBuf, limits: Limits },
    /// Draw a page as JPEG into `out`.
    Picture { file: PathBuf, page: u32, width: u32, turns: u8, out: PathBuf, limits: Limits },
    /// Which tokens a module sees.
    Tokens { module: PathBuf },
    /// Open a token with its PIN, tried once, and take the key of a certificate.
    OpenToken { module: PathBuf, serial: String, key: String, pin: token::Typed },
    /// Sign with the opened key; the message in hexadecimal.
    SignByToken { message: String, scheme: Scheme },
    /// Ask a time-stamp authority about a signature (hexadecimal).
    Stamp { url: String, signature: String, trust: Vec<String>, now: crate::time::Timestamp },
    /// Read a QR code on a page.
    Code { file: PathBuf, page: u32, limits: Limits },
    /// Verify a file.
    Verify { file: PathBuf, trust: Vec<String>, revoked: Vec<String>, now: crate::time::Timestamp },
}

/// What a child answers, a line each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
enum Reply {
    /// A page has been read.
    Page { page: Box<ReadPage> },
    /// The file has been read.
    Read { file: ReadFile },
    /// The picture is drawn, or cannot be.
    Picture { drawn: bool },
    /// The tokens, or why the module tells of none.
    Tokens { found: Result<Vec<token::TokenView>, TokenProblem> },
    /// The token is open, or is not.
    TokenOpened { done: Result<(), TokenProblem> },
    /// The signature in hexadecimal, or none.
    SignedByToken { done: Result<String, TokenProblem> },
    /// The token in hexadecimal, when the authority granted one that holds.
    Stamped { token: Option<String> },
    /// What the code says, where there is one.
    Code { text: Option<String> },
    /// The file is verified.
    Verified { report: Report },
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
        Self { command, limits, idle: Mutex::new(Vec::new()) }
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

    /// Draws a page into a JPEG file; `false` when it cannot be drawn.
    pub fn picture(&self, file: &Path, page: u32, width: u32, turns: u8, out: &Path) -> io::Result<bool> {
        let request =
            Request::Picture { file: file.into(), page, width, turns, out: out.into(), limits: self.limits };
        let answer = self.ask(&request, self.limits.max_seconds, &mut |reply| match reply {
            Reply::Picture { drawn } => Some(drawn),
            _ => None,
        })?;
        Ok(answer.unwrap_or(false))
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

    /// Verifies a file against trusted certificates and lists of revoked ones (DER). `None` when the child could not say.
    pub fn verify(
        &self,
        file: &Path,
        trust: &[Vec<u8>],
        revoked: &[Vec<u8>],
        now: crate::time::Timestamp,
    ) -> io::Result<Option<Report>> {
        let hex = |ders: &[Vec<u8>]| ders.iter().map(|der| crate::hex::encode(der)).collect();
        let request = Request::Verify { file: file.into(), trust: hex(trust), revoked: hex(revoked), now };
        let answer = self.ask(&request, self.limits.max_seconds.max(120), &mut |reply| match reply {
            Reply::Verified { report } => Some(report),
            _ => None,
        })?;
        Ok(answer.ok())
    }

    /// A time-stamp token about a signature from the authority at `url` (http), checked against the
    /// trusted certificates (DER). `None` when it cannot be reached in time or does not hold.
    #[must_use]
    pub fn stamp(
        &self,
        url: &str,
        signature: &[u8],
        trust: &[Vec<u8>],
        now: crate::time::Timestamp,
    ) -> Option<Vec<u8>> {
        let request = Request::Stamp {
            url: url.to_owned(),
            signature: crate::hex::encode(signature),
            trust: trust.iter().map(|der| crate::hex::encode(der)).collect(),
            now,
        };
        let answer = self.ask(&request, 2 * STAMP_SECONDS, &mut |reply| match reply {
            Reply::Stamped { token } => Some(token),
            _ => None,
        });
        crate::hex::decode(&answer.ok()?.ok()??)
    }

    /// Asks an idle or new child until `take` has what it wants. A child that fails is not used again.
    fn ask<T>(
        &self,
        request: &Request,
        seconds: u64,
        take: &mut dyn FnMut(Reply) -> Option<T>,
    ) -> io::Result<Result<T, Lost>> {
        let idle = self.idle.lock().map_err(|_| io::Error::other("reader pool"))?.pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.start()?,
        };
        let answer = reader.ask(request, seconds, take)?;
        if answer.is_ok() {
            self.idle.lock().map_err(|_| io::Error::other("reader pool"))?.push(reader);
        }
        Ok(answer)
    }

    fn start(&self) -> io::Result<Reader> {
        let mut child = Command::new(&self.command.program)
            .args(&self.command.arguments)
            // Secrets are not for a process that reads foreign bytes.
            .env_remove("SAOY_PIN")
            .env_remove("SAOY_TOKEN_PIN")
            .env_remove("SAOY_NEW_PIN")
            .env_remove("SAOY_EXPORT_PASSPHRASE")
            .env_remove("SAOY_IMPORT_PASSPHRASE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a decoder prints when it dies is not for the clerk's terminal.
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("reader without pipes"));
        };
        let (sender, replies) = channel();
        std::thread::Builder::new().name("reader-replies".into()).spawn(move || {
            for line in BufReader::new(answers).lines() {
                let reply = line.ok().and_then(|line| serde_json::from_str(&line).ok());
                let Some(reply) = reply else { return };
                if sender.send(reply).is_err() {
                    return;
                }
            }
        })?;
        Ok(Reader { child, ask, replies })
    }
}

impl Reader {
    /// Asks until `take` has what it wants.
    fn ask<T>(
        &mut self,
        request: &Request,
        seconds: u64,
        take: &mut dyn FnMut(Reply) -> Option<T>,
    ) -> io::Result<Result<T, Lost>> {
        // A request may carry a PIN.
        let mut line = zeroize::Zeroizing::new(serde_json::to_vec(request)?);
        line.push(b'\n');
        if self.ask.write_all(&line).and_then(|()| self.ask.flush()).is_err() {
            return Ok(Err(Lost::Died));
        }
        let deadline = Instant::now() + Duration::from_secs(seconds);
        loop {
            match self.replies.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(reply) => {
                    if let Some(answer) = take(reply) {
                        return Ok(Ok(answer));
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Ok(Err(Lost::TooLong)),
                Err(RecvTimeoutError::Disconnected) => return Ok(Err(Lost::Died)),
            }
        }
    }
}
