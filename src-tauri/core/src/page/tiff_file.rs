//! TIFF files: every page of them, as 8-bit pixels on white. Works on bytes in memory.

use super::raster::{Picture, Raster};
use super::read::{Refusal, allow};
use super::tiff_codec::{Packing, Shape, unpack};
use super::tiff_dir::{Directory, Tiff};
use super::{FindingKind, Limits, cmyk};

/// Takes each page (counted from 0) with its pixels or the reason against it.
pub(super) type Each<'a> = dyn FnMut(u32, Result<Raster, Refusal>) + 'a;

/// Hands all pages of the file to `each`, in order; one that cannot be read is handed as refusal.
pub(super) fn each(data: &[u8], limits: &Limits, each: &mut Each<'_>) -> Result<(), Refusal> {
    let tiff = Tiff::open(data)?;
    for (index, page) in (0u32..).zip(pages(&tiff, limits)?) {
        each(index, page.and_then(|directory| read(&tiff, &directory, limits)));
    }
    Ok(())
}

/// Page `index` (from 0) of the file.
pub(super) fn one(data: &[u8], index: u32, limits: &Limits) -> Result<Raster, Refusal> {
    let tiff = Tiff::open(data)?;
    let page = pages(&tiff, limits)?.into_iter().nth(index as usize);
    let directory = page.ok_or_else(|| Refusal::damaged("no such page"))??;
    read(&tiff, &directory, limits)
}

/// The directories that are pages: thumbnails and masks are not.
fn pages(tiff: &Tiff<'_>, limits: &Limits) -> Result<Vec<Result<Directory, Refusal>>, Refusal> {
    let all = tiff.chain(limits)?;
    let beside = |d: &Directory| {
        tiff.number_of(d, 254).unwrap_or(0) & 5 != 0
            || tiff.number_of(d, 255) == Some(2)
            || tiff.number_of(d, 262) == Some(4)
    };
    let whole: Vec<_> = all.iter().filter(|p| !p.as_ref().is_ok_and(beside)).cloned().collect();
    // A file of nothing but a thumbnail still shows its picture.
    let kept = if whole.is_empty() { all } else { whole };
    if kept.len() as u64 > u64::from(limits.max_pages) {
        return Err(Refusal::new(FindingKind::TooLarge, format!("{} pages", kept.len())));
    }
    Ok(kept)
}

/// What the samples of a page mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Grey { white_is_zero: bool },
    Rgb,
    Palette,
    Cmyk,
}

impl Meaning {
    fn channels(self) -> usize {
        match self {
            Self::Grey { .. } | Self::Palette => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
        }
    }
}

fn read(tiff: &Tiff<'_>, d: &Directory, limits: &Limits) -> Result<Raster, Refusal> {
    let number = |tag: u16, default: u64| tiff.number_of(d, tag).unwrap_or(default);
    let (width, height) = (number(256, 0), number(257, 0));
    allow(width, height, limits)?;
    let to_usize = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let (width, height) = (to_usize(width), to_usize(height));
    let method = number(259, 1);
    let samples = to_usize(number(277, 1));
    let bits = tiff.numbers(d, 258);
    let depth = to_usize(bits.first().copied().unwrap_or(1));
    if bits.iter().any(|b| to_usize(*b) != depth) || !matches!(depth, 1..=16 | 24 | 32) {
        return Err(Refusal::unsupported(format!("TIFF {bits:?} bit")));
    }
    if !(1..=16).contains(&samples) {
        return Err(Refusal::unsupported(format!("TIFF {samples} samples")));
    }
    if tiff.numbers(d, 339).iter().any(|f| !matches!(f, 1 | 4)) {
        return Err(Refusal::unsupported("TIFF sample format"));
    }
    let default = if samples >= 3 { 2 } else { u64::from(!matches!(method, 2..=4)) };
    let photometric = number(262, default);
    let (meaning, ycc) = match photometric {
        0 => (Meaning::Grey { white_is_zero: true }, false),
        1 => (Meaning::Grey { white_is_zero: false }, false),
        2 => (Meaning::Rgb, false),
        3 if depth <= 8 => (Meaning::Palette, false),
        5 if number(332, 1) == 1 => (Meaning::Cmyk, false),
        6 if method == 7 => (Meaning::Rgb, true),
        other => return Err(Refusal::unsupported(format!("TIFF photometric {other}"))),
    };
    let channels = meaning.channels();
    if samples < channels {
        return Err(Refusal::damaged(format!("{samples}/{channels} samples")));
    }
    let extra = tiff.number_of(d, 338).unwrap_or(0);
    let alpha =
        (samples > channels && matches!(extra, 1 | 2) && meaning != Meaning::Palette).then_some(extra);
    let keep = channels + usize::from(alpha.is_some());
    let packing =
        Packing { method, reversed: number(266, 1) == 2, t4: number(292, 0), tables: tiff.blob(d, 347), ycc };
    let page = Page {
        width,
        height,
        samples,
        depth,
        keep,
        planar: samples > 1 && number(284, 1) == 2,
        raw: meaning == Meaning::Palette,
        little: !tiff.big_endian(),
        predictor: number(317, 1),
    };
    let pixels = page.gather(tiff, d, &packing)?;
    let orientation = u8::try_from(number(274, 1)).ok().filter(|o| (1..=8).contains(o)).unwrap_or(1);
    let unit = match number(296, 2) {
        2 => Some(1.0),
        3 => Some(2.54),
        _ => None,
    };
    let dpi = tiff.fraction(d, 282).zip(unit).map(|(x, u)| (x * u, tiff.fraction(d, 283).unwrap_or(x) * u));
    let icc = tiff.blob(d, 34675);
    let (channels, data) = colour(pixels, meaning, alpha, &tiff.numbers(d, 320), depth, width, icc)?;
    Ok(Raster {
        picture: Picture { width, height, channels, data },
        reducible: matches!(meaning, Meaning::Grey { .. } | Meaning::Palette),
        dpi,
        orientation,
        icc: icc.to_vec(),
        exif_damaged: false,
    })
}

struct Page {
    width: usize,
    height: usize,
    samples: usize,
    depth: usize,
    /// Samples of a pixel that matter: colour, then opacity.
    keep: usize,
    planar: bool,
    /// Samples are numbers (palette places), not lightness.
    raw: bool,
    little: bool,
    predictor: u64,
}

impl Page {
    /// All samples that matter, one byte each, pixel by pixel.
    fn gather(&self, tiff: &Tiff<'_>, d: &Directory, packing: &Packing<'_>) -> Result<Vec<u8>, Refusal> {
        let number = |tag: u16| tiff.number_of(d, tag).and_then(|n| usize::try_from(n).ok());
        let tiled = number(322).zip(number(323));
        let (cw, ch, offsets, counts) = match tiled {
            Some((w, h)) => (w, h, tiff.numbers(d, 324), tiff.numbers(d, 325)),
            None => {
                let rows = number(278).unwrap_or(self.height).min(self.height);
                (self.width, rows, tiff.numbers(d, 273), tiff.numbers(d, 279))
            }
        };
        if cw == 0 || ch == 0 || cw.saturating_mul(ch).saturating_mul(self.samples) > 1 << 30 {
            return Err(Refusal::damaged(format!("{cw} x {ch} px chunks")));
        }
        let (across, down) = (self.width.div_ceil(cw), self.height.div_ceil(ch));
        let planes = if self.planar { self.samples } else { 1 };
        let wanted = across.saturating_mul(down).saturating_mul(planes);
        if offsets.len() < wanted {
            return Err(Refusal::damaged(format!("{}/{wanted} chunks", offsets.len())));
        }
        let mut out = vec![0u8; self.width * self.height * self.keep];
        for (i, offset) in offsets.iter().take(across * down * planes.min(self.keep)).enumerate() {
            let (plane, place) = (i / (across * down), i % (across * down));
            let (x0, y0) = (place % across * cw, place / across * ch);
            // A strip ends with the page; a tile is always whole.
            let rows = if tiled.is_some() { ch } else { ch.min(self.height - y0) };
            let samples = if self.planar { 1 } else { self.samples };
            let shape = Shape { width: cw, rows, samples, bits: self.depth };
            let length = counts.get(i).copied().unwrap_or(u64::MAX);
            let raw = tiff.bytes(*offset, length);
            if length != u64::MAX && (raw.len() as u64) < length && packing.method != 1 {
                return Err(Refusal::damaged(format!(
                    "{}/{length} bytes: row {y0}/{}",
                    raw.len(),
                    self.height
                )));
            }
            let mut chunk = unpack(raw, packing, shape).map_err(|mut r| {
                if r.kind == FindingKind::Damaged {
                    r.detail = format!("{}: from row {y0}/{}", r.detail, self.height);
                }
                r
            })?;
            self.undo_prediction(&mut chunk, shape)?;
            let rows = chunk.chunks_exact(shape.stride().max(1)).take(self.height - y0);
            for (y, row) in rows.enumerate() {
                let start = ((y0 + y) * self.width + x0) * self.keep;
                let end = ((y0 + y) * self.width + (x0 + cw).min(self.width)) * self.keep;
                let Some(target) = out.get_mut(start..end) else { continue };
                self.spread(row, samples, target, plane);
            }
        }
        Ok(out)
    }

    /// Puts the samples of one row of a chunk in their places.
    fn spread(&self, row: &[u8], samples: usize, target: &mut [u8], plane: usize) {
        let values = Samples { row, depth: self.depth, little: self.little, raw: self.raw };
        if self.planar {
            let slots = target.iter_mut().skip(plane).step_by(self.keep.max(1));
            slots.enumerate().for_each(|(x, slot)| *slot = values.at(x));
        } else {
            for (x, pixel) in target.chunks_mut(self.keep.max(1)).enumerate() {
                pixel.iter_mut().enumerate().for_each(|(c, slot)| *slot = values.at(x * samples + c));
            }
        }
    }

    fn undo_prediction(&self, chunk: &mut [u8], shape: Shape) -> Result<(), Refusal> {
        if self.predictor == 1 {
            return Ok(());
        }
        if self.predictor != 2 || !matches!(self.depth, 8 | 16) {
            return Err(Refusal::unsupported(format!("TIFF predictor {}", self.predictor)));
        }
        for row in chunk.chunks_exact_mut(shape.stride().max(1)) {
            if self.depth == 8 {
                for i in shape.samples..row.len() {
                    let before = row.get(i - shape.samples).copied().unwrap_or(0);
                    if let Some(v) = row.get_mut(i) {
                        *v = v.wrapping_add(before);
                    }
                }
                continue;
            }
            let pairs = row.as_chunks_mut::<2>().0;
            for i in shape.samples..pairs.len() {
                let before = pairs.get(i - shape.samples).copied().unwrap_or([0; 2]);
                if let Some(v) = pairs.get_mut(i) {
                    *v = if self.little {
                        u16::from_le_bytes(*v).wrapping_add(u16::from_le_bytes(before)).to_le_bytes()
                    } else {
                        u16::from_be_bytes(*v).wrapping_add(u16::from_be_bytes(before)).to_be_bytes()
                    };
                }
            }
        }
        Ok(())
    }
}

/// Samples of a row brought to 8 bits.
struct Samples<'a> {
    row: &'a [u8],
    depth: usize,
    little: bool,
    raw: bool,
}

impl Samples<'_> {
    #[inline]
    fn at(&self, i: usize) -> u8 {
        let byte = |n: usize| self.row.get(n).copied().unwrap_or(0);
        match self.depth {
            8 => byte(i),
            16 | 24 | 32 => {
                let size = self.depth / 8;
                byte(if self.little { i * size + size - 1 } else { i * size })
            }
            depth => {
                let bit = i * depth;
                let word = u32::from(byte(bit / 8)) << 16
                    | u32::from(byte(bit / 8 + 1)) << 8
                    | u32::from(byte(bit / 8 + 2));
                let most = (1u32 << depth) - 1;
                let value = word >> (24 - bit % 8 - depth) & most;
                (if self.raw { value } else { (value * 255 + most / 2) / most }) as u8
            }
        }
    }
}

/// Samples to grey or RGB on white: (channels, data).
fn colour(
    pixels: Vec<u8>,
    meaning: Meaning,
    alpha: Option<u64>,
    map: &[u64],
    depth: usize,
    width: usize,
    icc: &[u8],
) -> Result<(usize, Vec<u8>), Refusal> {
    let mut pixels = pixels;
    if meaning == (Meaning::Grey { white_is_zero: true }) {
        let step = 1 + usize::from(alpha.is_some());
        pixels.iter_mut().step_by(step).for_each(|v| *v = 255 - *v);
    }
    // Opacity 1 is already multiplied into the colours, 2 is not.
    let on_white = |v: u8, a: u8| -> u8 {
        let (v, a) = (u32::from(v), u32::from(a));
        let ink = if alpha == Some(1) { v.min(a) } else { (v * a + 127) / 255 };
        (ink + 255 - a) as u8
    };
    Ok(match (meaning, alpha) {
        (Meaning::Grey { .. }, None) => (1, pixels),
        (Meaning::Grey { .. }, Some(_)) => {
            (1, pixels.as_chunks::<2>().0.iter().map(|[v, a]| on_white(*v, *a)).collect())
        }
        (Meaning::Rgb, None) => (3, pixels),
        (Meaning::Rgb, Some(_)) => {
            let rgba = pixels.as_chunks::<4>().0.iter();
            (
                3,
                rgba.flat_map(|[r, g, b, a]| [on_white(*r, *a), on_white(*g, *a), on_white(*b, *a)])
                    .collect(),
            )
        }
        (Meaning::Palette, _) => {
            let size = 1usize << depth;
            let (r, rest) = map.split_at_checked(size).ok_or_else(|| Refusal::damaged("palette"))?;
            let (g, rest) = rest.split_at_checked(size).ok_or_else(|| Refusal::damaged("palette"))?;
            let b = rest.get(..size).ok_or_else(|| Refusal::damaged("palette"))?;
            // Sixteen bits by the standard; some writers put eight.
            let shift = if map.iter().all(|v| *v < 256) { 0 } else { 8 };
            let pick = |t: &[u64], i: u8| t.get(usize::from(i)).map_or(0, |v| (v >> shift) as u8);
            (3, pixels.iter().flat_map(|i| [pick(r, *i), pick(g, *i), pick(b, *i)]).collect())
        }
        (Meaning::Cmyk, _) => {
            let step = 4 + usize::from(alpha.is_some());
            let inks: Vec<[u8; 4]> =
                pixels.chunks_exact(step).filter_map(|p| p.first_chunk::<4>().copied()).collect();
            (3, cmyk::to_rgb(&inks, width, icc))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::read::tests::read_bytes;
    use crate::page::{Colour, FindingKind};

    /// Tags of one page: (tag, type, values), and its only strip.
    type TestPage = (Vec<(u16, u16, Vec<u32>)>, Vec<u8>);

    /// Writes a little-endian TIFF.
    fn tiff(pages: &[TestPage]) -> Vec<u8> {
        let mut out = b"II*\0\0\0\0\0".to_vec();
        let mut link = 4;
        for (tags, strip) in pages {
            let strip_at = out.len() as u32;
            out.extend(strip);
            let mut tags = tags.clone();
            tags.push((273, 4, vec![strip_at]));
            tags.push((279, 4, vec![strip.len() as u32]));
            tags.sort_by_key(|t| t.0);
            let mut entries = Vec::new();
            for (tag, kind, values) in tags {
                let raw: Vec<u8> = match kind {
                    3 => values.iter().flat_map(|v| (*v as u16).to_le_bytes()).collect(),
                    _ => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
                };
                let count = if kind == 5 { values.len() / 2 } else { values.len() } as u32;
                let mut field = raw.clone();
                if raw.len() > 4 {
                    field = (out.len() as u32).to_le_bytes().to_vec();
                    out.extend(raw);
                }
                field.resize(4, 0);
                entries.extend(
                    [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &field].concat(),
                );
            }
            let at = out.len() as u32;
            out[link..link + 4].copy_from_slice(&at.to_le_bytes());
            out.extend(((entries.len() / 12) as u16).to_le_bytes());
            out.extend(entries);
            link = out.len();
            out.extend([0; 4]);
        }
        out
    }

    fn size(width: u32, height: u32, more: &[(u16, u32)]) -> Vec<(u16, u16, Vec<u32>)> {
        let mut tags = vec![(256, 4, vec![width]), (257, 4, vec![height])];
        tags.extend(more.iter().map(|(tag, value)| (*tag, 3, vec![*value])));
        tags
    }

    fn pixels(pages: &[TestPage]) -> (usize, Vec<u8>) {
        let raster = one(&tiff(pages), 0, &Limits::default()).unwrap();
        (raster.picture.channels, raster.picture.data)
    }

    #[test]
    fn a_stack_comes_in_whole_and_a_bad_sheet_is_named() {
        let good = || (size(2, 2, &[(258, 8), (262, 1)]), vec![1, 2, 3, 4]);
        let cut = (size(2, 2, &[(258, 8), (262, 1)]), vec![1, 2, 3]);
        let thumbnail = (size(1, 1, &[(254, 1), (258, 8), (262, 1)]), vec![9]);
        let (file, folder) = read_bytes(&tiff(&[good(), thumbnail, cut, good()]), &Limits::default());
        assert_eq!(file.pages.iter().map(|p| p.index).collect::<Vec<_>>(), [0, 2], "a thumbnail is no page");
        assert_eq!(file.findings.len(), 1);
        assert_eq!((file.findings[0].kind, file.findings[0].page), (FindingKind::Damaged, 2));
        assert!(folder.path().join("2.bin").exists() && folder.path().join("2.thumb.jpg").exists());
    }

    #[test]
    fn a_chain_that_breaks_off_is_a_page_missing() {
        let mut bytes = tiff(&[(size(1, 1, &[(258, 8), (262, 1)]), vec![7])]);
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&9_999u32.to_le_bytes());
        let (file, _folder) = read_bytes(&bytes, &Limits::default());
        assert_eq!((file.pages.len(), file.findings[0].page), (1, 2), "never only page 1 without a word");
    }

    #[test]
    fn every_kind_of_sample_becomes_eight_bits() {
        assert_eq!(pixels(&[(size(4, 1, &[(258, 2), (262, 0)]), vec![0b00_01_10_11])]).1, [255, 170, 85, 0]);
        assert_eq!(
            pixels(&[(size(2, 1, &[(258, 16), (262, 1)]), vec![0xFF, 0x12, 0, 0x80])]).1,
            [0x12, 0x80]
        );
        let mut palette = size(2, 1, &[(258, 1), (262, 3)]);
        palette.push((320, 3, vec![0xFF00, 0x1000, 0x0000, 0x2000, 0x0000, 0x3000]));
        assert_eq!(pixels(&[(palette, vec![0b0100_0000])]), (3, vec![255, 0, 0, 16, 32, 48]));
        let cmyk = size(1, 1, &[(258, 8), (262, 5), (277, 4)]);
        assert_eq!(pixels(&[(cmyk, vec![0, 255, 0, 0])]), (3, vec![255, 0, 255]));
        let glass = size(1, 1, &[(258, 8), (262, 2), (277, 4), (338, 2)]);
        assert_eq!(pixels(&[(glass, vec![0, 0, 0, 51])]).1, [204, 204, 204]);
        let packed = size(4, 1, &[(258, 8), (259, 32773), (262, 1)]);
        assert_eq!(pixels(&[(packed, vec![0xFD, 9])]).1, [9; 4]);
        let predicted = size(3, 1, &[(258, 8), (262, 1), (317, 2)]);
        assert_eq!(pixels(&[(predicted, vec![10, 1, 255])]).1, [10, 11, 10]);
    }

    #[test]
    fn a_fax_keeps_its_two_resolutions_and_turns() {
        let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
        for y in 0..1145u32 {
            let row = (0..1728)
                .map(|x| if (x / 9 + y / 7) % 5 == 0 { fax::Color::Black } else { fax::Color::White });
            encoder.encode_line(row, 1728).unwrap();
        }
        let strip = encoder.finish().unwrap().finish();
        let mut tags = size(1728, 1145, &[(258, 1), (259, 4), (262, 0), (274, 6)]);
        tags.push((282, 5, vec![204, 1]));
        tags.push((283, 5, vec![98, 1]));
        let (file, folder) = read_bytes(&tiff(&[(tags.clone(), strip.clone())]), &Limits::default());
        let page = &file.pages[0];
        assert_eq!((page.colour, page.dpi, page.orientation), (Colour::Bitonal, 98, 6));
        assert_eq!(
            std::fs::read(folder.path().join("0.bin")).unwrap(),
            strip,
            "what came as G4 leaves as G4"
        );
        let (file, _folder) =
            read_bytes(&tiff(&[(tags, strip[..strip.len() / 2].to_vec())]), &Limits::default());
        assert_eq!((file.pages.len(), file.findings[0].kind), (0, FindingKind::Damaged));
    }
}
