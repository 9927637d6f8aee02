//! Foreign PDFs taken apart: pages, their objects, a small picture of each.
//!
//! Runs only in the isolated reader. Touches the file it is given and the folder it writes to. What
//! comes out is data that needs no PDF parser any more; scripts, links, forms and attachments stay behind.

mod active;
mod gather;
mod paper;
mod render;
#[cfg(test)]
mod tests;
mod tree;

use std::{fs, path::Path, time::Instant};

use lopdf::{Document, LoadOptions, Object};

use crate::page::{FileKind, Finding, FindingKind, Limits, PageImage, ReadFile, ReadPage, Severity};
use crate::pdf::parts::{PartPage, PdfParts};

/// Name of the parts in the reader's folder; their streams have `.bin` behind it.
pub const PARTS: &str = "pages.parts.json";
/// Stack of the thread that parses, bytes: parsers recurse, and must not end the process doing so.
const STACK: usize = 64 << 20;

/// Width of the drawing in which a code is looked for, px (A4 at 300 dpi).
const CODE_WIDTH: u32 = 2_480;
/// Largest stream once decoded, bytes.
const MAX_DECODED: usize = 512 << 20;

/// Why a file is refused, or what is said of it.
type Refusal = (FindingKind, String);

/// Takes a PDF apart.
///
/// Writes [`PARTS`] and `<index>.thumb.jpg` into `out`; calls `on_page` for each page as it is done.
/// A file that cannot be taken in comes back with a blocking finding and no pages.
pub fn read_pdf(
    path: &Path,
    out: &Path,
    limits: &Limits,
    on_page: &mut (dyn FnMut(&ReadPage) + Send),
) -> ReadFile {
    let mut file =
        ReadFile { kind: Some(FileKind::Pdf), signed: false, pages: Vec::new(), findings: Vec::new() };
    let work = || {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            take_apart(path, out, limits, &mut file, on_page)
        }))
        .unwrap_or_else(|_| Err((FindingKind::Damaged, String::new())))
    };
    let done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        thread
            .map_err(|_| (FindingKind::Unreadable, String::new()))
            .and_then(|t| t.join().unwrap_or_else(|_| Err((FindingKind::Damaged, String::new()))))
    });
    if let Err((kind, detail)) = done {
        file.pages.clear();
        file.findings.push(finding(0, kind, Severity::Blocking, detail));
    }
    file
}

/// A picture (JPEG) of one page, upright and turned clockwise by `turns` quarters, `width` px wide
/// (less for pages that would be too tall); `None` when it cannot be drawn.
#[must_use]
pub fn picture_pdf(path: &Path, index: u32, width: u32, turns: u8, limits: &Limits) -> Option<Vec<u8>> {
    let mut renderer = render::Renderer::new(load_bytes(path, limits).ok()?)?;
    renderer.page(index as usize, render::Size::Width(width, turns))?.jpeg(turns)
}

/// The text of a QR code on one page; `None` when there is none or the page cannot be drawn.
#[must_use]
pub fn code_pdf(path: &Path, index: u32, limits: &Limits) -> Option<String> {
    let mut renderer = render::Renderer::new(load_bytes(path, limits).ok()?)?;
    renderer.page(index as usize, render::Size::Width(CODE_WIDTH, 0))?.code()
}

fn finding(page: u32, kind: FindingKind, severity: Severity, detail: String) -> Finding {
    Finding { file: String::new(), page, kind, severity, detail }
}

/// The file from its `%PDF-` on.
fn load_bytes(path: &Path, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let missing = |_| (FindingKind::Missing, String::new());
    let size = fs::metadata(path).map_err(missing)?.len();
    if size > limits.max_file_bytes {
        return Err((FindingKind::TooLarge, format!("{} MB", size >> 20)));
    }
    let mut bytes = fs::read(path).map_err(missing)?;
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    match memchr::memmem::find(head, b"%PDF-") {
        // All offsets count from the header; with bytes before it every one of them is wrong.
        Some(junk) if junk > 0 => drop(bytes.drain(..junk)),
        Some(_) => {}
        None if memchr::memmem::find(&bytes, b"/Encrypt").is_some() => {
            return Err((FindingKind::Encrypted, String::new()));
        }
        None => return Err((FindingKind::Damaged, String::new())),
    }
    Ok(bytes)
}

fn open(bytes: &[u8], limits: &Limits) -> Result<Document, Refusal> {
    let cap = usize::try_from(limits.max_memory_bytes / 8).unwrap_or(usize::MAX);
    let options = LoadOptions { max_decompressed_size: Some(cap), ..LoadOptions::default() };
    let encrypted = || (FindingKind::Encrypted, String::new());
    let doc = match Document::load_mem_with_options(bytes, options) {
        Ok(doc) => doc,
        Err(error) => {
            // A password stops the parser in several ways; the trailer tells.
            let locked = memchr::memmem::find(bytes, b"/Encrypt").is_some();
            let text = error.to_string().chars().take(80).collect();
            return Err(if locked { encrypted() } else { (FindingKind::Damaged, text) });
        }
    };
    let locked = doc.is_encrypted() || doc.encryption_state.is_some() || doc.trailer.has(b"Encrypt");
    if locked { Err(encrypted()) } else { Ok(doc) }
}

/// Any trace of a signature: then the file is kept whole.
fn is_signed(doc: &Document, bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"/ByteRange").is_some()
        || doc
            .objects
            .values()
            .any(|o| matches!(o, Object::Dictionary(d) if d.has(b"ByteRange") && d.has(b"Contents")))
}

/// Refuses bombs before anything is drawn: pictures and streams that are enormous when decoded.
fn refuse_bombs(doc: &Document, limits: &Limits) -> Result<(), Refusal> {
    for object in doc.objects.values() {
        let Object::Stream(stream) = object else { continue };
        let side = |key: &[u8]| {
            let value = tree::get(doc, &stream.dict, key).and_then(|v| v.as_i64().ok());
            value.and_then(|v| u64::try_from(v).ok()).unwrap_or(0)
        };
        if tree::get(doc, &stream.dict, b"Subtype").and_then(|s| s.as_name().ok()) == Some(b"Image") {
            let (w, h) = (side(b"Width"), side(b"Height"));
            if w.saturating_mul(h) > limits.max_pixels {
                return Err((FindingKind::TooLarge, format!("{w} x {h} px")));
            }
        }
        // Deflate makes at most 1032 out of one; twice deflated, a million.
        let filters = stream.filters().map(|f| f.len()).unwrap_or(0);
        let suspicious = filters > 1 || stream.content.len() > MAX_DECODED / 1032;
        if filters > 0 && suspicious {
            let decoded = stream.decompressed_content_with_limit(MAX_DECODED);
            if matches!(
                decoded,
                Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }))
            ) {
                return Err((FindingKind::TooLarge, format!("{} MB", MAX_DECODED >> 20)));
            }
        }
    }
    Ok(())
}

fn take_apart(
    path: &Path,
    out: &Path,
    limits: &Limits,
    file: &mut ReadFile,
    on_page: &mut (dyn FnMut(&ReadPage) + Send),
) -> Result<(), Refusal> {
    let start = Instant::now();
    let bytes = load_bytes(path, limits)?;
    let doc = open(&bytes, limits)?;
    file.signed = is_signed(&doc, &bytes);
    refuse_bombs(&doc, limits)?;
    let mut renderer = render::Renderer::new(bytes);
    let leaves = tree::pages(&doc, limits, renderer.as_ref().map(|r| r.count))?;
    let off = active::hidden_layers(&doc);

    let mut gathered = if file.signed {
        file.findings.push(finding(0, FindingKind::AlreadySigned, Severity::Notice, String::new()));
        None
    } else {
        let dropped = active::dropped(&doc);
        if !dropped.is_empty() {
            let named = dropped.join(", ");
            file.findings.push(finding(0, FindingKind::ActiveContentRemoved, Severity::Notice, named));
        }
        Some((gather::Gather::new(&doc, &out.join(format!("{PARTS}.bin")), &off, limits)?, Vec::new()))
    };
    for (index, leaf) in leaves.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let sheet = paper::sheet(&doc, leaf, number);
        let mut page = sheet.page;
        let mut pdfa = false;
        if let Some((gather, parts)) = &mut gathered {
            let part: PartPage = gather.page(leaf, &sheet.part)?;
            pdfa = sheet.pdfa && gather.plain;
            parts.push(part);
            if !pdfa {
                page.findings.push(finding(number, FindingKind::NotPdfA, Severity::Notice, String::new()));
            }
        }
        page.image = PageImage::Pdf { parts: PARTS.to_owned(), pdfa };
        // A file that is slow to draw still comes in; it only has no pictures from then on.
        let in_time = start.elapsed().as_secs() < limits.max_seconds / 2;
        if let (Some(renderer), true) = (&mut renderer, in_time) {
            depict(renderer, index, out, &mut page);
        }
        on_page(&page);
        file.pages.push(page);
    }
    if let Some((gather, pages)) = gathered {
        let parts: PdfParts = gather.finish(pages)?;
        let json = serde_json::to_vec(&parts).map_err(|_| (FindingKind::Unreadable, String::new()))?;
        fs::write(out.join(PARTS), json).map_err(|_| (FindingKind::Unreadable, String::new()))?;
    }
    Ok(())
}

/// What a rendering tells: thumbnail, ink, fingerprint, blank or not.
fn depict(renderer: &mut render::Renderer, index: usize, out: &Path, page: &mut ReadPage) {
    let Some(picture) = renderer.page(index, render::Size::Screen) else { return };
    let turned = matches!(page.orientation, 6 | 8);
    let (w, h) = if turned { (page.height_mpt, page.width_mpt) } else { (page.width_mpt, page.height_mpt) };
    let ink = picture.ink(w, h);
    if ink.bits.iter().all(|b| *b == 0) {
        page.findings.push(finding(page.index + 1, FindingKind::Blank, Severity::Warning, String::new()));
    }
    page.ink = Some(ink);
    page.fingerprint = picture.fingerprint();
    let looks = picture.looks(w, h);
    page.separator = looks.separator;
    // What a program drew is sharp and straight; only scans are judged.
    if page.dpi > 0 {
        page.measures = Some(looks.measures);
    }
    if let Some(jpeg) = picture.thumbnail() {
        // Without a thumbnail the window draws the large picture instead.
        let _ = fs::write(out.join(format!("{index}.thumb.jpg")), jpeg);
    }
}
