//! QR codes on a page: separators in a stack, and the code of an identity card. Runs in the isolated
//! reader; rxing reads the code (91 of 108 synthetic cards, where the other reader tried had 25).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rxing::common::HybridBinarizer;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader as _};

use super::look::ycc;
use super::raster::Picture;
use super::read::{Refusal, allow, load, still};
use super::{FileKind, Limits, jpeg, jpeg_page, tiff_file};

/// What the text of every separator begins with.
pub const SEPARATOR: &str = "SAOY";
/// Resolution at which the large code of a separator is looked for, px a millimetre (about 65 to 130 dpi).
const LARGE: f64 = 2.5;
/// Longest side of a picture in which small codes are looked for, px.
const MOST: usize = 6_000;

/// The text of a separator's code in the grey `picture` with `scale` px a millimetre. Other codes are
/// none of its business: what they say is not kept.
pub(super) fn separator(picture: &Picture, scale: f64) -> Option<String> {
    let by = (scale / LARGE).floor().max(1.0) as usize;
    let small = (by > 1).then(|| picture.clone().shrunk(picture.width / by, picture.height / by));
    let text = one(small.as_ref().unwrap_or(picture))?;
    text.starts_with(SEPARATOR).then_some(text)
}

/// The text of a code on page `index` (from 0) of the raster file `path`, looked for at full size and
/// at smaller ones, which are less noisy. `None` when there is none or the page cannot be read.
#[must_use]
pub fn in_file(path: &Path, kind: FileKind, index: u32, limits: &Limits) -> Option<String> {
    let grey = catch_unwind(AssertUnwindSafe(|| grey(path, kind, index, limits)));
    in_grey(grey.ok()?.ok()?)
}

/// The same in RGB pixels.
#[must_use]
pub fn in_rgb(width: u32, height: u32, rgb: &[u8]) -> Option<String> {
    in_grey(lightness(width as usize, height as usize, rgb))
}

fn in_grey(grey: Picture) -> Option<String> {
    let long = grey.width.max(grey.height).max(1);
    let most = long.min(MOST);
    [1.0, 0.66, 0.5, 0.33].into_iter().find_map(|part| {
        let side = |n: usize| ((n * most / long) as f64 * part) as usize;
        let (width, height) = (side(grey.width), side(grey.height));
        if width < 21 || height < 21 {
            return None;
        }
        if (width, height) == (grey.width, grey.height) {
            return one(&grey);
        }
        one(&grey.clone().shrunk(width, height))
    })
}

fn one(grey: &Picture) -> Option<String> {
    let (width, height) = (u32::try_from(grey.width).ok()?, u32::try_from(grey.height).ok()?);
    // A reader that stumbles has read nothing; the page itself is none the worse.
    catch_unwind(AssertUnwindSafe(|| {
        let source = Luma8LuminanceSource::new(grey.data.clone(), width, height).ok()?;
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
        let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
        Some(QrReader.decode_with_hints(&mut bitmap, &hints).ok()?.getText().to_owned())
    }))
    .ok()
    .flatten()
}

fn lightness(width: usize, height: usize, rgb: &[u8]) -> Picture {
    let data = rgb.as_chunks::<3>().0.iter().map(|p| ycc(*p)[0]).collect();
    Picture { width, height, channels: 1, data }
}

fn grey(path: &Path, kind: FileKind, index: u32, limits: &Limits) -> Result<Picture, Refusal> {
    let data = load(path, limits)?;
    let picture = if kind == FileKind::Jpeg && index == 0 {
        let head = jpeg::head(&data)?;
        allow(head.width.into(), head.height.into(), limits)?;
        jpeg_page::full(&data, &head)?
    } else if kind == FileKind::Tiff {
        tiff_file::one(&data, index, limits)?.picture
    } else if index == 0 {
        still(&data, kind, limits)?.picture
    } else {
        return Err(Refusal::damaged("no such page"));
    };
    if picture.channels == 1 {
        return Ok(picture);
    }
    Ok(lightness(picture.width, picture.height, &picture.data))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code with squares of `side` px on a page of white.
    fn page(text: &str, side: usize) -> Picture {
        let code = qrcode::QrCode::new(text).unwrap();
        let (n, margin) = (code.width(), 40);
        let size = n * side + 2 * margin;
        let colours = code.to_colors();
        let data = (0..size * size)
            .map(|i| {
                let (x, y) = ((i % size).wrapping_sub(margin) / side, (i / size).wrapping_sub(margin) / side);
                let dark = x < n && y < n && colours[y * n + x] == qrcode::Color::Dark;
                if dark { 30 } else { 240 }
            })
            .collect();
        Picture { width: size, height: size, channels: 1, data }
    }

    #[test]
    fn only_separators_are_kept_while_a_page_comes_in() {
        assert_eq!(
            separator(&page("SAOY1|D|1.001193|0000", 14), 6.0).as_deref(),
            Some("SAOY1|D|1.001193|0000")
        );
        assert_eq!(
            separator(&page("001087000001||Nguyen Van A", 14), 6.0),
            None,
            "a citizen's card is not kept"
        );
        let bare = Picture { width: 300, height: 300, channels: 1, data: vec![240; 90_000] };
        assert_eq!(separator(&bare, 6.0), None);
    }

    #[test]
    fn vietnamese_letters_come_through() {
        let text = "001087000001|012345678|Nguyễn Thị Ỷ|01022000|Nữ|Thôn Mẫu, xã Thử Nghiệm|01032021";
        assert_eq!(in_grey(page(text, 4)).as_deref(), Some(text));
    }
}
