//! Reads one raster file into pages: the door of this room for JPEG, PNG, TIFF, BMP and WebP.
//! Writes side files into the folder it is told; runs in the isolated reader process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::findings::block;
use super::raster::Raster;
use super::{FileKind, FindingKind, Limits, ReadFile, ReadPage, bitmap, jpeg_page, png_file, tiff_file};

/// Why a file or page is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub kind: FindingKind,
    pub detail: String,
}

impl Refusal {
    pub fn new(kind: FindingKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
    pub fn damaged(detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Damaged, detail)
    }
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Unsupported, detail)
    }
    /// Side files cannot be written: not the file's fault.
    pub fn disk(detail: impl Into<String>) -> Self {
        Self::new(FindingKind::Unreadable, detail)
    }
}

/// Checks a picture's size against the limits.
pub(super) fn allow(width: u64, height: u64, limits: &Limits) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::damaged(format!("{width} x {height} px")));
    }
    if width.saturating_mul(height) > limits.max_pixels {
        return Err(Refusal::new(FindingKind::TooLarge, format!("{width} x {height} px")));
    }
    Ok(())
}

/// The bytes of a file within the limits.
pub(super) fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let missing = |e: std::io::Error| Refusal::new(FindingKind::Missing, not_opened(&e));
    let size = std::fs::metadata(path).map_err(missing)?.len();
    if size > limits.max_file_bytes {
        return Err(Refusal::new(FindingKind::TooLarge, format!("{size} bytes")));
    }
    std::fs::read(path).map_err(missing)
}

/// Reads the raster file `path` of kind `kind`: each page goes to `on_page` as soon as it is done and
/// stands in the answer again. For page `i` (from 0) the folder `out` receives `<i>.thumb.jpg`
/// (upright, long side 360 px) and, where [`super::PageImage`] names them, `<i>.bin` and `<i>.icc`.
///
/// Nothing in the file can make this panic or fail: what is wrong with it comes back as blocking
/// findings, on a page (counted from 1) or on the file (page 0).
pub fn read_raster(
    path: &Path,
    kind: FileKind,
    out: &Path,
    limits: &Limits,
    on_page: &mut dyn FnMut(&ReadPage),
) -> ReadFile {
    let mut file = ReadFile { kind: Some(kind), signed: false, pages: Vec::new(), findings: Vec::new() };
    let mut keep = |index: u32, made: Result<ReadPage, Refusal>| match made {
        Ok(page) => {
            on_page(&page);
            file.pages.push(page);
        }
        Err(refusal) => file.findings.push(block(Some(index), refusal.kind, refusal.detail)),
    };
    // Our own decoders do not panic by construction; borrowed ones have, on hostile files.
    let done = catch_unwind(AssertUnwindSafe(|| -> Result<(), Refusal> {
        let data = load(path, limits)?;
        match kind {
            FileKind::Jpeg => keep(0, Ok(jpeg_page::read(&data, out, limits)?)),
            FileKind::Tiff => tiff_file::each(&data, limits, &mut |index, raster| {
                keep(index, raster.and_then(|r| r.page(index, out).map_err(Refusal::disk)));
            })?,
            FileKind::Png | FileKind::Bmp | FileKind::Webp => {
                let raster = still(&data, kind, limits)?;
                keep(0, Ok(raster.page(0, out).map_err(Refusal::disk)?));
            }
            FileKind::Pdf => return Err(Refusal::unsupported("PDF")),
        }
        Ok(())
    }));
    let refused = match done {
        Ok(Ok(())) => None,
        Ok(Err(refusal)) => Some(refusal),
        Err(_) => Some(Refusal::damaged("decoder stopped")),
    };
    if let Some(refusal) = refused {
        file.findings.push(block(None, refusal.kind, refusal.detail));
    }
    file
}

/// Decodes a one-page picture that is not a JPEG.
pub(super) fn still(data: &[u8], kind: FileKind, limits: &Limits) -> Result<Raster, Refusal> {
    match kind {
        FileKind::Png => png_file::read(data, limits),
        FileKind::Bmp => bitmap::bmp(data, limits),
        FileKind::Webp => bitmap::webp(data, limits),
        FileKind::Jpeg | FileKind::Tiff | FileKind::Pdf => Err(Refusal::unsupported("")),
    }
}

/// Why a file cannot be opened, as a word of the tables; what is rare in the system's words.
pub(crate) fn not_opened(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "not_there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "not_allowed".to_owned(),
        std::io::ErrorKind::IsADirectory => "not_a_file".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::page::raster::Picture;
    use crate::page::sniff::sniff;
    use crate::page::{Colour, PageImage, Severity};

    /// Reads `bytes` as a file of whatever kind they are, with the folder of side files.
    pub(crate) fn read_bytes(bytes: &[u8], limits: &Limits) -> (ReadFile, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page");
        std::fs::write(&path, bytes).unwrap();
        let kind = sniff(bytes).unwrap();
        let mut shown = Vec::new();
        let file = read_raster(&path, kind, folder.path(), limits, &mut |p| shown.push(p.clone()));
        assert_eq!(shown, file.pages, "each page is shown as it arrives");
        (file, folder)
    }

    /// The one blocking finding of a refused file.
    pub(crate) fn refused(bytes: &[u8]) -> (FindingKind, String) {
        let (file, _folder) = read_bytes(bytes, &Limits::default());
        assert!(file.pages.is_empty(), "a refused file gives no page");
        assert_eq!(file.findings.len(), 1);
        assert_eq!(file.findings[0].severity, Severity::Blocking);
        (file.findings[0].kind, file.findings[0].detail.clone())
    }

    /// A page of tinted paper with lines of "writing" and a red seal, RGB.
    pub(crate) fn paper(width: usize, height: usize) -> Picture {
        let mut data = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                let inside = x > width / 8 && x < width * 7 / 8 && y > height / 4 && y < height * 3 / 4;
                let seal =
                    (x * 100 / width).abs_diff(70).pow(2) + (y * 100 / height).abs_diff(85).pow(2) < 36;
                data.extend(if inside && y % 12 < 4 && (x * 7 + y / 12 * 5) % 11 < 6 {
                    [30, 30, 60]
                } else if seal {
                    [205, 60, 70]
                } else {
                    [248, 245, 236]
                });
            }
        }
        Picture { width, height, channels: 3, data }
    }

    #[test]
    fn the_limits_hold_before_memory_is_asked_for() {
        let mut bomb = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec();
        bomb.extend([0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0]);
        bomb.extend([0; 64]);
        assert_eq!(refused(&bomb), (FindingKind::TooLarge, "65536 x 65536 px".into()));
        let small = Limits { max_file_bytes: 9, ..Limits::default() };
        let (file, _folder) = read_bytes(b"\xFF\xD8\xFF\xE0 and more bytes than allowed", &small);
        assert_eq!(file.findings[0].kind, FindingKind::TooLarge);
    }

    #[test]
    fn a_file_that_is_gone_is_said_to_be_gone() {
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone.jpg");
        let file = read_raster(&gone, FileKind::Jpeg, folder.path(), &Limits::default(), &mut |_| {});
        assert_eq!(file.findings[0].kind, FindingKind::Missing);
    }

    #[test]
    fn the_same_file_gives_the_same_bytes() {
        let bytes = crate::page::encode::jpeg(&paper(200, 280), 80, false).unwrap();
        let ((a, one), (b, two)) =
            (read_bytes(&bytes, &Limits::default()), read_bytes(&bytes, &Limits::default()));
        assert_eq!(a, b);
        let thumb = |f: &tempfile::TempDir| std::fs::read(f.path().join("0.thumb.jpg")).unwrap();
        assert_eq!(thumb(&one), thumb(&two));
        assert_eq!(a.pages[0].colour, Colour::Colour);
        assert!(matches!(a.pages[0].image, PageImage::Jpeg { .. }), "a JPEG is passed on as it is");
    }
}
