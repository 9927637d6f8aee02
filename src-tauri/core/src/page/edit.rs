//! What a clerk does to a page beyond turning it: straighten, crop, contrast. The original stays as it
//! is; edits are a list, folded into one pass over the pixels when the page is shown or assembled.
//! Drawing runs in the isolated reader.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::findings::notice;
use super::raster::{Picture, Raster};
use super::read::{Refusal, load, still};
use super::{FileKind, FindingKind, Limits, ReadPage, jpeg, jpeg_page, tiff_file};

/// One edit of an upright page, before the clerk's quarter turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// Turned clockwise about its middle; the size stays, what comes in from outside is paper.
    Straighten {
        /// Thousandths of a degree, at most 45 degrees either way.
        mdeg: i32,
    },
    /// What is outside is left out.
    Crop {
        /// From the top, ten-thousandths of what an earlier crop left.
        top: u16,
        /// From the right, likewise.
        right: u16,
        /// From the bottom, likewise.
        bottom: u16,
        /// From the left, likewise.
        left: u16,
    },
    /// Lightness is stretched: `black` becomes 0, `white` 255. The last one counts.
    Contrast {
        /// Darkest that stays different from black, steps of 255.
        black: u8,
        /// Lightest that stays different from white.
        white: u8,
    },
}

/// Ten-thousandths of a side: all of it.
const WHOLE: u32 = 10_000;
/// Least that a crop must leave of a side, ten-thousandths.
const LEAST: u32 = 100;
/// Widest angle a page can be straightened by, thousandths of a degree.
const WIDEST: i32 = 45_000;
/// Quality of an edited page.
const QUALITY: u8 = 90;

/// A list of edits as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folded {
    /// Clockwise, thousandths of a degree.
    pub mdeg: i32,
    /// What stays, ten-thousandths of the sides: left, top, right, bottom.
    pub stays: [u32; 4],
    /// Black and white.
    pub levels: (u8, u8),
}

impl Default for Folded {
    fn default() -> Self {
        Self { mdeg: 0, stays: [0, 0, WHOLE, WHOLE], levels: (0, 255) }
    }
}

impl Folded {
    /// Folds edits; `None` when they come to nothing.
    #[must_use]
    pub fn of(edits: &[Edit]) -> Option<Self> {
        let mut all = Self::default();
        for edit in edits {
            match *edit {
                Edit::Straighten { mdeg } => all.mdeg = all.mdeg.saturating_add(mdeg).clamp(-WIDEST, WIDEST),
                Edit::Crop { top, right, bottom, left } => {
                    let [l, t, r, b] = all.stays;
                    let part = |side: u32, by: u16| side * u32::from(by).min(WHOLE) / WHOLE;
                    let (w, h) = (r - l, b - t);
                    let (l, t) = (l + part(w, left), t + part(h, top));
                    let (r, b) = (r.saturating_sub(part(w, right)), b.saturating_sub(part(h, bottom)));
                    all.stays = [l.min(WHOLE - LEAST), t.min(WHOLE - LEAST), 0, 0];
                    let [l, t, ..] = all.stays;
                    all.stays = [l, t, r.max(l + LEAST), b.max(t + LEAST)];
                }
                Edit::Contrast { black, white } => all.levels = (black, white.max(black.saturating_add(1))),
            }
        }
        (all != Self::default()).then_some(all)
    }

    /// A short name, the same for the same edits.
    #[must_use]
    pub fn key(&self) -> String {
        let [l, t, r, b] = self.stays;
        format!("e{}-{l}-{t}-{r}-{b}-{}-{}", self.mdeg, self.levels.0, self.levels.1)
    }

    /// Reads such a name. `None` when it is none, or no edits come to that.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        let (angle, rest) = match key.strip_prefix("e-") {
            Some(rest) => (-1, rest),
            None => (1, key.strip_prefix('e')?),
        };
        let numbers: Vec<i32> = rest.split('-').map(|n| n.parse().ok()).collect::<Option<_>>()?;
        let [mdeg, stays @ .., black, white] = numbers.as_slice() else { return None };
        let stays: Vec<u32> = stays.iter().filter_map(|n| u32::try_from(*n).ok()).collect();
        let stays = <[u32; 4]>::try_from(stays).ok()?;
        let [l, t, r, b] = stays;
        let levels = (u8::try_from(*black).ok()?, u8::try_from(*white).ok()?);
        let sound = *mdeg <= WIDEST && l < r && t < b && r <= WHOLE && b <= WHOLE && levels.0 < levels.1;
        sound.then_some(Self { mdeg: angle * mdeg, stays, levels })
    }

    /// What was done, without prose, for the record of the page.
    fn detail(&self) -> String {
        let mut done = Vec::new();
        if self.mdeg != 0 {
            done.push(format!("{:+.1}°", f64::from(self.mdeg) / 1000.0));
        }
        let [l, t, r, b] = self.stays.map(|v| f64::from(v) / 100.0);
        if self.stays != Self::default().stays {
            done.push(format!("[{l:.0} {t:.0} {r:.0} {b:.0}] %"));
        }
        if self.levels != (0, 255) {
            done.push(format!("{}–{}", self.levels.0, self.levels.1));
        }
        done.join(" · ")
    }

    /// The picture after the edits.
    fn apply(&self, picture: &Picture) -> Picture {
        let (w, h, n) = (picture.width, picture.height, picture.channels);
        let px = |part: u32, side: usize| (side as u64 * u64::from(part) / u64::from(WHOLE)) as usize;
        let [l, t, r, b] = self.stays;
        let (x0, y0) = (px(l, w), px(t, h));
        let (x1, y1) = (px(r, w).max(x0 + 1).min(w.max(1)), px(b, h).max(y0 + 1).min(h.max(1)));
        let paper = paper(picture);
        let (black, white) = (i32::from(self.levels.0), i32::from(self.levels.1));
        let table: Vec<u8> =
            (0..256).map(|v| ((v - black) * 255 / (white - black).max(1)).clamp(0, 255) as u8).collect();
        let level = |v: u8| table.get(usize::from(v)).copied().unwrap_or(v);
        let (sin, cos) = (f64::from(self.mdeg) / 1000.0).to_radians().sin_cos();
        let (cx, cy) = (w as f64 / 2.0 - 0.5, h as f64 / 2.0 - 0.5);
        let mut data = Vec::with_capacity((x1 - x0) * (y1 - y0) * n);
        let at = |x: i64, y: i64, c: usize| -> i64 {
            let inside = (0..w as i64).contains(&x) && (0..h as i64).contains(&y);
            let place = (y.unsigned_abs() as usize * w + x.unsigned_abs() as usize) * n + c;
            let value = if inside { picture.data.get(place) } else { None };
            i64::from(value.or(paper.get(c)).copied().unwrap_or(255))
        };
        for y in y0..y1 {
            if self.mdeg == 0 {
                let row = picture.data.get((y * w + x0) * n..(y * w + x1) * n).unwrap_or_default();
                data.extend(row.iter().map(|v| level(*v)));
                continue;
            }
            for x in x0..x1 {
                let (dx, dy) = (x as f64 - cx, y as f64 - cy);
                let (sx, sy) = (cx + dx * cos + dy * sin, cy - dx * sin + dy * cos);
                let (fx, fy) = (((sx - sx.floor()) * 256.0) as i64, ((sy - sy.floor()) * 256.0) as i64);
                let (ix, iy) = (sx.floor() as i64, sy.floor() as i64);
                for c in 0..n {
                    let top = at(ix, iy, c) * (256 - fx) + at(ix + 1, iy, c) * fx;
                    let low = at(ix, iy + 1, c) * (256 - fx) + at(ix + 1, iy + 1, c) * fx;
                    let value = (top * (256 - fy) + low * fy + 32_768) >> 16;
                    data.push(level(value.clamp(0, 255) as u8));
                }
            }
        }
        Picture { width: x1 - x0, height: y1 - y0, channels: n, data }
    }
}

/// The colour of the paper: for each channel the value most of the page's lighter half has.
fn paper(picture: &Picture) -> Vec<u8> {
    (0..picture.channels)
        .map(|c| {
            let mut counts = [0u32; 256];
            for v in picture.data.iter().skip(c).step_by(picture.channels * 97) {
                if let Some(n) = counts.get_mut(usize::from(*v)) {
                    *n += 1;
                }
            }
            let lighter = counts.iter().enumerate().skip(128).max_by_key(|(_, n)| **n);
            lighter.map_or(255, |(value, _)| value as u8)
        })
        .collect()
}

/// Draws page `index` (from 0) of the raster file `path` with its edits, as a page of its own: side
/// files as [`super::read::read_raster`] writes them. `None` when the page cannot be read.
#[must_use]
pub fn edited(
    path: &Path,
    kind: FileKind,
    index: u32,
    edits: &Folded,
    out: &Path,
    limits: &Limits,
) -> Option<ReadPage> {
    catch_unwind(AssertUnwindSafe(|| draw(path, kind, index, edits, out, limits))).ok()?.ok()
}

fn draw(
    path: &Path,
    kind: FileKind,
    index: u32,
    edits: &Folded,
    out: &Path,
    limits: &Limits,
) -> Result<ReadPage, Refusal> {
    let raster = stored(path, kind, index, limits)?;
    let (stored_dpi, orientation) = (raster.dpi, raster.orientation);
    let sides = (raster.picture.width, raster.picture.height);
    // Without a resolution the whole page is fitted into A4; a crop must not change that.
    let size = super::findings::Size::of(sides.0, sides.1, stored_dpi, orientation);
    let (x, y) = size.scale(sides.0, sides.1);
    let dpi = if orientation >= 5 { (y * 25.4, x * 25.4) } else { (x * 25.4, y * 25.4) };
    let lossy = kind == FileKind::Jpeg;
    let picture = edits.apply(&raster.picture.upright(orientation));
    let edited = Raster {
        dpi: Some(dpi),
        icc: raster.icc,
        exif_damaged: raster.exif_damaged,
        ..Raster::plain(picture)
    };
    let mut page = if lossy { edited.lossy_page(index, QUALITY, out) } else { edited.page(index, out) }
        .map_err(Refusal::disk)?;
    if !size.known {
        page.findings.extend(
            size.findings(index, page.colour, orientation)
                .into_iter()
                .filter(|f| f.kind == FindingKind::UnknownDpi),
        );
    }
    page.findings.push(notice(index, FindingKind::Reencoded, edits.detail()));
    Ok(page)
}

/// The upright picture of a page with its edits.
pub(super) fn picture(
    path: &Path,
    kind: FileKind,
    index: u32,
    edits: &Folded,
    limits: &Limits,
) -> Result<Picture, Refusal> {
    let raster = stored(path, kind, index, limits)?;
    Ok(edits.apply(&raster.picture.upright(raster.orientation)))
}

fn stored(path: &Path, kind: FileKind, index: u32, limits: &Limits) -> Result<Raster, Refusal> {
    let data = load(path, limits)?;
    match kind {
        FileKind::Jpeg if index == 0 => {
            let head = jpeg::head(&data)?;
            super::read::allow(head.width.into(), head.height.into(), limits)?;
            let exif = head.exif.unwrap_or_default();
            let grey_or_rgb = head.components.len() != 4;
            let mut raster = Raster::plain(jpeg_page::full(&data, &head)?);
            raster.dpi = head.dpi();
            raster.orientation = exif.orientation.unwrap_or(1);
            raster.exif_damaged = exif.damaged;
            raster.icc = if grey_or_rgb { head.icc } else { Vec::new() };
            Ok(raster)
        }
        FileKind::Tiff => tiff_file::one(&data, index, limits),
        _ if index == 0 => still(&data, kind, limits),
        _ => Err(Refusal::damaged("no such page")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::read::tests::paper as page;
    use crate::page::{Filter, PageImage, encode};

    const CROP: Edit = Edit::Crop { top: 1_000, right: 0, bottom: 5_000, left: 2_000 };

    #[test]
    fn edits_fold_and_undoing_one_is_dropping_it() {
        assert_eq!(Folded::of(&[]), None);
        assert_eq!(Folded::of(&[Edit::Straighten { mdeg: 900 }, Edit::Straighten { mdeg: -900 }]), None);
        let both = Folded::of(&[Edit::Straighten { mdeg: 2_000 }, CROP]).unwrap();
        assert_eq!((both.mdeg, both.stays), (2_000, [2_000, 1_000, 10_000, 5_000]));
        assert_eq!(
            Folded::of(&[CROP, CROP]).unwrap().stays,
            [3_600, 1_400, 10_000, 3_000],
            "a crop of a crop"
        );
        let nothing_left = Edit::Crop { top: 9_000, right: 9_000, bottom: 9_000, left: 9_000 };
        let [l, t, r, b] = Folded::of(&[nothing_left]).unwrap().stays;
        assert!(r > l && b > t, "something always stays");
    }

    #[test]
    fn the_name_of_edits_is_read_back() {
        for edits in
            [vec![CROP], vec![Edit::Straighten { mdeg: -1_234 }, Edit::Contrast { black: 3, white: 250 }]]
        {
            let folded = Folded::of(&edits).unwrap();
            assert_eq!(Folded::parse(&folded.key()), Some(folded));
        }
        for bad in [
            "",
            "e",
            "e0-0-0-10000-10000-0",
            "e0-5000-0-4000-10000-0-255",
            "e99999-0-0-1-1-0-255",
            "e0-0-0-1-1-9-9",
        ] {
            assert_eq!(Folded::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_page_is_straightened_cropped_and_stretched() {
        let picture = page(200, 280);
        let folded = Folded::of(&[CROP, Edit::Contrast { black: 30, white: 236 }]).unwrap();
        let made = folded.apply(&picture);
        assert_eq!((made.width, made.height), (160, 112));
        assert_eq!(made.data[..3], [255, 255, 255], "paper becomes white");
        let there = Folded::of(&[Edit::Straighten { mdeg: 5_000 }]).unwrap().apply(&picture);
        assert_eq!(there.data[..3], [248, 245, 236], "what comes in is paper");
        let back = Folded::of(&[Edit::Straighten { mdeg: -5_000 }]).unwrap().apply(&there);
        let inner = (140 * 200 + 100) * 3;
        let apart: i32 = (0..60)
            .map(|i| (i32::from(back.data[inner + i]) - i32::from(picture.data[inner + i])).abs())
            .sum();
        assert!(apart / 60 < 60, "there and back is the same page, a little softer: {}", apart / 60);
    }

    #[test]
    fn an_edited_jpeg_is_encoded_anew_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.jpg");
        let bytes = encode::jpeg(&page(300, 420), 80, false).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        let folded = Folded::of(&[Edit::Straighten { mdeg: 1_500 }]).unwrap();
        let read = edited(&path, FileKind::Jpeg, 0, &folded, folder.path(), &Limits::default()).unwrap();
        assert!(matches!(&read.image, PageImage::Stream { filter: Filter::Dct, .. }));
        let note = read.findings.iter().find(|f| f.kind == FindingKind::Reencoded).unwrap();
        assert_eq!(note.detail, "+1.5°");
        assert_eq!((read.width_px, read.height_px), (300, 420));
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "the original is not touched");
        assert!(edited(&path, FileKind::Jpeg, 3, &folded, folder.path(), &Limits::default()).is_none());
    }
}
