//! Foreign bytes are looked at in a child process with limits, never in the process that holds a
//! key or a database. This room starts such children, talks to them, and outlives their death.

mod worker;

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::page::{Finding, FindingKind, Limits, ReadFile, ReadPage, Severity};
use crate::sign::verify::Report;

pub use worker::serve;

/// What a child is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Request {
    /// Read a file; side files go to `out`.
    Read { file: PathBuf, out: PathBuf, limits: Limits },
    /// Draw a page as JPEG into `out`.
    Picture { file: PathBuf, page: u32, width: u32, turns: u8, out: PathBuf, limits: Limits },
    /// Read a QR code on a page.
    Code { file: PathBuf, page: u32, limits: Limits },
    /// Verify a file.
    Verify { file: PathBuf, trust: Vec<String>, now: crate::time::Timestamp },
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

    /// Verifies a file against trusted certificates (DER). `None` when the child could not say.
    pub fn verify(
        &self,
        file: &Path,
        trust: &[Vec<u8>],
        now: crate::time::Timestamp,
    ) -> io::Result<Option<Report>> {
        let trust = trust.iter().map(|der| crate::hex::encode(der)).collect();
        let request = Request::Verify { file: file.into(), trust, now };
        let answer = self.ask(&request, self.limits.max_seconds.max(120), &mut |reply| match reply {
            Reply::Verified { report } => Some(report),
            _ => None,
        })?;
        Ok(answer.ok())
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
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        if reader.ask.write_all(&line).and_then(|()| reader.ask.flush()).is_err() {
            return Ok(Err(Lost::Died));
        }
        let deadline = Instant::now() + Duration::from_secs(seconds);
        loop {
            match reader.replies.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(reply) => {
                    if let Some(answer) = take(reply) {
                        self.idle.lock().map_err(|_| io::Error::other("reader pool"))?.push(reader);
                        return Ok(Ok(answer));
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Ok(Err(Lost::TooLong)),
                Err(RecvTimeoutError::Disconnected) => return Ok(Err(Lost::Died)),
            }
        }
    }

    fn start(&self) -> io::Result<Reader> {
        let mut child = Command::new(&self.command.program)
            .args(&self.command.arguments)
            .env_remove("SAOY_PIN")
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
