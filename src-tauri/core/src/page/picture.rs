//! A preview of one page of a raster file, for the window. Reads the file, writes nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::edit::{self, Folded};
use super::raster::{Picture, Raster};
use super::read::{Refusal, allow, load, still};
use super::{FileKind, Limits, encode, jpeg, jpeg_page, tiff_file};

/// A JPEG (quality 85) of page `index` (from 0) of the raster file `path`, upright plus `turns`
/// clockwise quarter turns, with the clerk's edits, at most `width` px wide and never enlarged. `None` when the page cannot
/// be read, is not there, or the file is not a raster.
#[must_use]
pub fn picture(
    path: &Path,
    kind: FileKind,
    index: u32,
    width: u32,
    turns: u8,
    limits: &Limits,
    edits: Option<&Folded>,
) -> Option<Vec<u8>> {
    let width = width.max(1) as usize;
    let drawn = catch_unwind(AssertUnwindSafe(|| match edits {
        None => draw(path, kind, index, width, turns, limits),
        Some(edits) => {
            let picture = edit::picture(path, kind, index, edits, limits)?;
            let to = fit(picture.width, picture.height, width, turns % 2 == 1);
            Ok(picture.shrunk(to.0, to.1).turned(turns))
        }
    }));
    let picture = drawn.ok()?.ok()?;
    encode::jpeg(&picture, 85, false).ok()
}

fn draw(
    path: &Path,
    kind: FileKind,
    index: u32,
    width: usize,
    turns: u8,
    limits: &Limits,
) -> Result<Picture, Refusal> {
    let data = load(path, limits)?;
    let turned = |orientation: u8| (orientation >= 5) != (turns % 2 == 1);
    if kind == FileKind::Jpeg && index == 0 {
        let head = jpeg::head(&data)?;
        allow(head.width.into(), head.height.into(), limits)?;
        let orientation = head.exif.and_then(|e| e.orientation).unwrap_or(1);
        let to = fit(head.width as usize, head.height as usize, width, turned(orientation));
        return Ok(jpeg_page::scaled(&data, &head, to)?.upright(orientation).turned(turns));
    }
    let mut found: Option<Raster> = None;
    match kind {
        FileKind::Tiff => found = Some(tiff_file::one(&data, index, limits)?),
        _ if index == 0 => found = Some(still(&data, kind, limits)?),
        _ => {}
    }
    let raster = found.ok_or_else(|| Refusal::damaged("no such page"))?;
    let to = fit(raster.picture.width, raster.picture.height, width, turned(raster.orientation));
    Ok(raster.picture.shrunk(to.0, to.1).upright(raster.orientation).turned(turns))
}

/// Stored size such that the shown picture is at most `most` px wide.
fn fit(width: usize, height: usize, most: usize, turned: bool) -> (usize, usize) {
    let shown = if turned { height } else { width };
    let scale = |n: usize| if shown > most { (n * most / shown).max(1) } else { n };
    // A very tall picture must stay within what JPEG can hold.
    (scale(width).min(65_500), scale(height).min(65_500))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::read::tests::paper;

    #[test]
    fn a_preview_fits_turns_and_is_never_enlarged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.jpg");
        std::fs::write(&path, encode::jpeg(&paper(300, 420), 80, false).unwrap()).unwrap();
        let size = |width: u32, turns: u8| {
            let bytes = picture(&path, FileKind::Jpeg, 0, width, turns, &Limits::default(), None).unwrap();
            let head = jpeg::head(&bytes).unwrap();
            (head.width, head.height)
        };
        assert_eq!(size(150, 0), (150, 210));
        assert_eq!(size(210, 1), (210, 150), "a lying page, at most 210 px wide");
        assert_eq!(size(5000, 2), (300, 420));
        assert_eq!(
            picture(&path, FileKind::Jpeg, 1, 100, 0, &Limits::default(), None),
            None,
            "there is no page 2"
        );
    }

    #[test]
    fn turns_go_clockwise() {
        let arrow = Picture { width: 2, height: 1, channels: 1, data: vec![1, 2] };
        assert_eq!(arrow.clone().turned(1), Picture { width: 1, height: 2, channels: 1, data: vec![1, 2] });
        assert_eq!(arrow.clone().turned(3), Picture { width: 1, height: 2, channels: 1, data: vec![2, 1] });
        assert_eq!(arrow.turned(2).data, [2, 1]);
    }
}
