//! What a file is, judged by its first bytes and never by its name. Looks at bytes, opens nothing.

use super::FileKind;

/// Kind of a file by its first bytes (about 1 kB are enough; a PDF header may stand behind up to
/// 1024 bytes of junk, ISO 32000-1 Annex H, note 13).
///
/// # Errors
/// `Some(name)` when the format is recognised but cannot be taken in, `None` when it is unknown or
/// the file is empty.
pub fn sniff(head: &[u8]) -> Result<FileKind, Option<&'static str>> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if starts(b"\xFF\xD8\xFF") {
        return Ok(FileKind::Jpeg);
    }
    if starts(b"\x89PNG\r\n\x1A\n") {
        return Ok(FileKind::Png);
    }
    if starts(b"II*\0") || starts(b"MM\0*") || starts(b"II+\0") || starts(b"MM\0+") {
        // Camera raw formats dress up as TIFF; their mark follows the header.
        return if at(8, b"CR\x02") { Err(Some("RAW")) } else { Ok(FileKind::Tiff) };
    }
    if starts(b"RIFF") && at(8, b"WEBP") {
        return Ok(FileKind::Webp);
    }
    if starts(b"BM") && bmp_header(head) {
        return Ok(FileKind::Bmp);
    }
    if let Some(name) = foreign(head) {
        return Err(Some(name));
    }
    let junk = head.get(..head.len().min(1024 + 5)).unwrap_or(head);
    if junk.windows(5).any(|w| w == b"%PDF-") {
        return Ok(FileKind::Pdf);
    }
    Err(None)
}

/// "BM" alone is two letters of text; the size of the next header settles it.
fn bmp_header(head: &[u8]) -> bool {
    let size = head.get(14..18).and_then(|b| <[u8; 4]>::try_from(b).ok()).map(u32::from_le_bytes);
    matches!(size, Some(12..=256))
}

/// Formats clerks meet that need another way in; the window tells them which.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if at(4, b"ftyp") {
        // ISO base media: the brand and the compatible brands stand in the first box.
        let size = head.get(..4).and_then(|b| <[u8; 4]>::try_from(b).ok()).map_or(0, u32::from_be_bytes);
        let end = usize::try_from(size).unwrap_or(usize::MAX).min(head.len());
        let brands = head.get(8..end.max(12).min(head.len())).unwrap_or_default();
        let has = |list: &[&[u8]]| brands.chunks(4).any(|b| list.contains(&b));
        return Some(if has(&[b"avif", b"avis"]) {
            "AVIF"
        } else if has(&[b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"]) {
            "HEIC"
        } else if has(&[b"jp2 ", b"jpx ", b"jpm "]) {
            "JPEG 2000"
        } else {
            "video"
        });
    }
    const MAGICS: &[(&[u8], &str)] = &[
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
        (b"\xFF\x0A", "JPEG XL"),
        (b"8BPS", "PSD"),
        (b"PK\x03\x04", "DOCX/ZIP"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "DOC"),
        (b"Rar!\x1A\x07", "RAR"),
        (b"7z\xBC\xAF\x27\x1C", "7Z"),
        (b"{\\rtf", "RTF"),
        (b"AT&TFORM", "DjVu"),
        (b"II\xBC\x01", "JPEG XR"),
        (b"%!PS", "PostScript"),
        (b"\x97JB2\r\n\x1A\n", "JBIG2"),
        (b"<svg", "SVG"),
        (b"<?xml", "XML"),
    ];
    MAGICS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_what_a_file_is() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0"), Ok(FileKind::Jpeg));
        assert_eq!(sniff(b"MM\0+\0\x08\0\0"), Ok(FileKind::Tiff), "BigTIFF is TIFF");
        assert_eq!(sniff(b""), Err(None), "an empty file is no kind");
        assert_eq!(
            sniff(b"BMI ist nicht gleich Gewicht"),
            Err(None),
            "a text that begins with BM is no bitmap"
        );
        let mut pdf = vec![b' '; 1024];
        pdf.extend_from_slice(b"%PDF-1.4");
        assert_eq!(sniff(&pdf), Ok(FileKind::Pdf), "junk before the header is allowed up to 1024 bytes");
        pdf.insert(0, b' ');
        assert_eq!(sniff(&pdf), Err(None), "and not further");
    }

    #[test]
    fn a_phone_picture_is_named_so_that_advice_can_be_given() {
        assert_eq!(sniff(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Err(Some("HEIC")));
        assert_eq!(sniff(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif"), Err(Some("AVIF")), "a generic brand yields");
        assert_eq!(sniff(b"PK\x03\x04"), Err(Some("DOCX/ZIP")));
    }
}
