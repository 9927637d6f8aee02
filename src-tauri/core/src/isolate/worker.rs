//! The child's side: bound what it may use, then answer until asked no more.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::Path;

use super::{Reply, Request};
use crate::page::{self, FileKind, Finding, FindingKind, Limits, ReadFile, ReadPage, Severity};
use crate::sign::verify::{VerifyOptions, verify};

/// Answers requests until the input ends. The program calls this as the whole of its work.
///
/// # Errors
/// When the pipes break; then there is nobody left to answer.
pub fn serve(input: &mut dyn BufRead, output: &mut (dyn Write + Send)) -> io::Result<()> {
    let mut line = String::new();
    let mut bounded = false;
    while input.read_line(&mut line)? > 0 {
        let request: Request = serde_json::from_str(&line)?;
        line.clear();
        let asked = match &request {
            Request::Read { limits, .. } | Request::Picture { limits, .. } | Request::Code { limits, .. } => {
                Some(limits)
            }
            Request::Verify { .. } => None,
        };
        if let (Some(limits), false) = (asked, bounded) {
            bound(limits);
            bounded = true;
        }
        answer(request, output)?;
    }
    Ok(())
}

/// Address space, no core files. Where the system knows no such limits the parent's clock remains.
fn bound(limits: &Limits) {
    #[cfg(unix)]
    {
        use rlimit::{Resource, setrlimit};
        // A refused limit leaves the one in force, which is the system's own.
        _ = setrlimit(Resource::AS, limits.max_memory_bytes, limits.max_memory_bytes);
        _ = setrlimit(Resource::CORE, 0, 0);
    }
    #[cfg(not(unix))]
    let _ = limits;
}

fn answer(request: Request, output: &mut (dyn Write + Send)) -> io::Result<()> {
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
        Request::Picture { file, page, width, turns, out, limits } => {
            let bytes = match sniff(&file) {
                Ok(FileKind::Pdf) => crate::pdf::foreign::picture_pdf(&file, page, width, turns, &limits),
                Ok(kind) => page::picture::picture(&file, kind, page, width, turns, &limits),
                Err(_) => None,
            };
            let drawn = bytes.is_some_and(|bytes| fs::write(&out, bytes).is_ok());
            say(output, &Reply::Picture { drawn })
        }
        Request::Code { file, page, limits } => {
            let text = match sniff(&file) {
                Ok(FileKind::Pdf) => crate::pdf::foreign::code_pdf(&file, page, &limits),
                Ok(kind) => page::codes::in_file(&file, kind, page, &limits),
                Err(_) => None,
            };
            say(output, &Reply::Code { text })
        }
        Request::Verify { file, trust, now } => {
            let trust = trust.iter().filter_map(|der| crate::hex::decode(der)).collect();
            let report = match File::open(&file) {
                Ok(mut file) => verify(&mut file, &VerifyOptions { trust, now }),
                Err(e) => return Err(e),
            };
            say(output, &Reply::Verified { report })
        }
    }
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
