//! The child's side: bound what it may use, then answer until asked no more.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::Path;

use zeroize::Zeroize as _;

use super::extend::extend;
use super::network::{Network, WAIT_SECONDS};
use super::token_worker::{self, OpenToken};
use super::{EXTEND_NETWORK_SECONDS, Reply, Request, SECRET_ROOM, Unstamped};
use crate::page::{self, FileKind, Finding, FindingKind, Limits, ReadFile, ReadPage, Severity};
use crate::scan::escl;
use crate::sign::cms;
use crate::sign::signer::TokenError;
use crate::sign::verify::{TrustAnchor, VerifyOptions, time_stamp_token, verified_time_stamp, verify};

/// Answers requests until the input ends. The program calls this as the whole of its work.
///
/// # Errors
/// When the pipes break; then there is nobody left to answer.
pub fn serve(input: &mut dyn BufRead, output: &mut (dyn Write + Send)) -> io::Result<()> {
    // A line may carry the PIN of a token: it has room, so that growing leaves no copies behind.
    let mut line = zeroize::Zeroizing::new(String::with_capacity(SECRET_ROOM));
    let mut token = None;
    let mut bounded = false;
    leave_no_core();
    while input.read_line(&mut line)? > 0 {
        let request: Request = serde_json::from_str(&line)?;
        line.zeroize();
        let asked = match &request {
            Request::Read { limits, .. }
            | Request::Picture { limits, .. }
            | Request::Edit { limits, .. }
            | Request::Scan { limits, .. }
            | Request::Extend { limits, .. }
            | Request::Verify { limits, .. }
            | Request::Code { limits, .. }
            | Request::Tokens { limits, .. }
            | Request::OpenToken { limits, .. }
            | Request::Stamp { limits, .. } => Some(limits),
            // By a token that was opened.
            Request::SignByToken { .. } => None,
        };
        if let (Some(limits), false) = (asked, bounded) {
            bound_memory(limits.max_memory_bytes);
            bounded = true;
        }
        answer(request, &mut token, output)?;
    }
    Ok(())
}

/// A crash leaves no file with what was in memory: citizens' pages, the PIN of a token.
fn leave_no_core() {
    #[cfg(unix)]
    {
        // A refused limit leaves the one in force, which is the system's own.
        _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
    }
}

/// Address space, bytes. Where the system knows no such limit the parent's clock remains.
fn bound_memory(bytes: u64) {
    #[cfg(unix)]
    {
        // As above.
        _ = rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes);
    }
    #[cfg(not(unix))]
    let _ = bytes;
}

fn answer(
    request: Request,
    token: &mut Option<OpenToken>,
    output: &mut (dyn Write + Send),
) -> io::Result<()> {
    match request {
        Request::Read { file, out, limits } => {
            let mut broken = None;
            let read = read(&file, &out, &limits, &mut |page| {
                if let Err(e) = say(output, &Reply::Page { page: Box::new(page.clone()) }) {
                    broken = Some(e);
                }
            });
            if let Some(e) = broken {
                return Err(e);
            }
            say(output, &Reply::Read { file: read })
        }
        Request::Picture { file, page, width, turns, out, limits, edits } => {
            let bytes = match sniff(&file) {
                Ok(FileKind::Pdf) => crate::pdf::foreign::picture_pdf(&file, page, width, turns, &limits),
                Ok(kind) => page::picture::picture(&file, kind, page, width, turns, &limits, edits.as_ref()),
                Err(_) => None,
            };
            let drawn = bytes.is_some_and(|bytes| fs::write(&out, bytes).is_ok());
            say(output, &Reply::Picture { drawn })
        }
        Request::Edit { file, page, edits, out, limits } => {
            let made = match sniff(&file) {
                Ok(FileKind::Pdf) | Err(_) => None,
                Ok(kind) => page::edit::edited(&file, kind, page, &edits, &out, &limits),
            };
            say(output, &Reply::Edited { page: made.map(Box::new) })
        }
        Request::Scan { profile, folder, stop, limits } => {
            let mut scanned = |file| say(output, &Reply::Scanned { file });
            let stopped = || stop.exists();
            let done = escl::scan(&profile, &folder, limits.max_file_bytes, &stopped, &mut scanned);
            say(output, &Reply::ScanEnded { done })
        }
        Request::Code { file, page, limits } => {
            let text = match sniff(&file) {
                Ok(FileKind::Pdf) => crate::pdf::foreign::code_pdf(&file, page, &limits),
                Ok(kind) => page::codes::in_file(&file, kind, page, &limits),
                Err(_) => None,
            };
            say(output, &Reply::Code { text })
        }
        Request::Tokens { module, .. } => {
            say(output, &Reply::Tokens { found: token_worker::tokens(&module) })
        }
        Request::OpenToken { module, label, serial, key, pin, .. } => {
            let opened = OpenToken::open(&module, (&label, &serial), &key, &pin);
            let done = opened.map(|opened| *token = Some(opened));
            say(output, &Reply::TokenOpened { done })
        }
        Request::SignByToken { message, scheme } => {
            let message = crate::hex::decode(&message).unwrap_or_default();
            let done = match token {
                Some(token) => token.sign(&message, scheme).map(|bytes| crate::hex::encode(&bytes)),
                None => Err(TokenError::NoKey),
            };
            say(output, &Reply::SignedByToken { done })
        }
        Request::Stamp { url, signature, known, .. } => {
            let signature = crate::hex::decode(&signature).unwrap_or_default();
            let done = stamped(&url, &signature, &known.options()?).map(|token| crate::hex::encode(&token));
            say(output, &Reply::Stamped { done })
        }
        Request::Extend { file, out, known, url, silent, .. } => {
            let mut network = Network::new(EXTEND_NETWORK_SECONDS, silent);
            let done = extend(&file, &out, known.options()?, url.as_deref(), &mut network);
            say(output, &Reply::Extended { done: Box::new(done), silent: network.silent })
        }
        Request::Verify { file, known, .. } => {
            let report = verify(&mut File::open(&file)?, &known.options()?);
            say(output, &Reply::Verified { report })
        }
    }
}

/// A time-stamp token about a signature that holds for those trusted.
fn stamped(url: &str, signature: &[u8], options: &VerifyOptions) -> Result<Vec<u8>, Unstamped> {
    let mut network = Network::new(WAIT_SECONDS, Vec::new());
    let answer = network.asked(url, &cms::stamp_request(signature)).ok_or(Unstamped::NoAnswer)?;
    if let Some(token) = verified_time_stamp(&answer, signature, options) {
        return Ok(token);
    }
    // Would it hold if whoever signed it were trusted?
    let strangers = time_stamp_token(&answer).map(|token| cms::certificates_in(&token)).unwrap_or_default();
    let trust = strangers.into_iter().map(TrustAnchor::from).collect();
    let trusting = VerifyOptions { trust, ..options.clone() };
    let stranger = verified_time_stamp(&answer, signature, &trusting).is_some();
    Err(if stranger { Unstamped::Untrusted } else { Unstamped::Refused })
}

fn say(output: &mut (dyn Write + Send), reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}

fn sniff(file: &Path) -> Result<FileKind, Option<String>> {
    let mut head = Vec::new();
    if let Ok(file) = File::open(file) {
        // A file that cannot be read has an empty head, which is no kind.
        _ = BufReader::new(file).take(4096).read_to_end(&mut head);
    }
    page::sniff::sniff(&head).map_err(|name| name.map(str::to_owned))
}

fn read(file: &Path, out: &Path, limits: &Limits, on_page: &mut (dyn FnMut(&ReadPage) + Send)) -> ReadFile {
    match sniff(file) {
        Ok(FileKind::Pdf) => crate::pdf::foreign::read_pdf(file, out, limits, on_page),
        Ok(kind) => page::read::read_raster(file, kind, out, limits, on_page),
        Err(name) => ReadFile {
            kind: None,
            signed: false,
            pages: Vec::new(),
            findings: vec![Finding {
                file: String::new(),
                page: 0,
                kind: FindingKind::Unsupported,
                severity: Severity::Blocking,
                detail: name.unwrap_or_default(),
            }],
        },
    }
}
