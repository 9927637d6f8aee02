//! Pixels in memory: turning upright, shrinking, and making a page of a decoded picture.

use std::path::Path;

use super::findings::{self, Size};
use super::look::{Look, Shrink, fingerprint, ycc};
use super::{Colour, Filter, PageImage, ReadPage, codes, encode, icc, judge};

/// Rows of 8-bit pixels without gaps, 1 (grey) or 3 (RGB) channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub width: usize,
    pub height: usize,
    pub channels: usize,
    pub data: Vec<u8>,
}

/// EXIF orientation over a stored raster.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// Stored size.
    pub width: usize,
    pub height: usize,
    /// 1–8.
    pub orientation: u8,
}

impl Turn {
    /// Stored place of the upright place (x, y).
    pub fn source(self, x: usize, y: usize) -> (usize, usize) {
        let (right, bottom) = (self.width.saturating_sub(1), self.height.saturating_sub(1));
        match self.orientation {
            2 => (right.saturating_sub(x), y),
            3 => (right.saturating_sub(x), bottom.saturating_sub(y)),
            4 => (x, bottom.saturating_sub(y)),
            5 => (y, x),
            6 => (y, bottom.saturating_sub(x)),
            7 => (right.saturating_sub(y), bottom.saturating_sub(x)),
            8 => (right.saturating_sub(y), x),
            _ => (x, y),
        }
    }
}

impl Picture {
    /// The picture turned upright.
    pub fn upright(self, orientation: u8) -> Self {
        if !(2..=8).contains(&orientation) {
            return self;
        }
        let turn = Turn { width: self.width, height: self.height, orientation };
        let (width, height) =
            if orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) };
        let mut data = Vec::with_capacity(self.data.len());
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let (sx, sy) = turn.source(x, y);
            let at = (sy * self.width + sx) * self.channels;
            data.extend_from_slice(self.data.get(at..at + self.channels).unwrap_or_default());
        }
        Self { width, height, channels: self.channels, data }
    }

    /// The picture with `turns` clockwise quarter turns.
    pub fn turned(self, turns: u8) -> Self {
        self.upright(match turns % 4 {
            1 => 6,
            2 => 3,
            3 => 8,
            _ => 1,
        })
    }

    /// Looks at every row.
    fn look(&self, size: Size) -> Look {
        let (width, height) = (self.width, self.height);
        let planes = vec![(width, height); self.channels];
        let mut look = Look::new(&planes, size.grid(), size.scale(width, height));
        let mut planes = [vec![0u8; width], vec![0u8; width], vec![0u8; width]];
        for (y, row) in self.data.chunks_exact((width * self.channels).max(1)).enumerate() {
            if self.channels == 1 {
                look.row(0, y, row);
                continue;
            }
            let [a, b, c] = &mut planes;
            for (p, ((a, b), c)) in row.as_chunks::<3>().0.iter().zip(a.iter_mut().zip(b).zip(c)) {
                [*a, *b, *c] = ycc(*p);
            }
            planes.iter().enumerate().for_each(|(n, p)| look.row(n, y, p));
        }
        look
    }

    /// Shrunk to at most `width` × `height`, by means.
    pub fn shrunk(self, width: usize, height: usize) -> Self {
        if width >= self.width && height >= self.height {
            return self;
        }
        let from = (self.width, self.height);
        let mut planes: Vec<Shrink> =
            (0..self.channels).map(|_| Shrink::new(from, (width, height))).collect();
        let mut plane_row = Vec::with_capacity(self.width);
        for (y, row) in self.data.chunks_exact((self.width * self.channels).max(1)).enumerate() {
            for (c, plane) in planes.iter_mut().enumerate() {
                plane_row.clear();
                plane_row.extend(row.iter().skip(c).step_by(self.channels));
                plane.row(y, &plane_row);
            }
        }
        let count = width * height;
        let data = (0..count).flat_map(|i| planes.iter().map(move |p| p.out.get(i).copied().unwrap_or(255)));
        Self { width, height, channels: self.channels, data: data.collect() }
    }
}

/// A decoded picture with what its file says about it.
#[derive(Debug, Clone)]
pub(super) struct Raster {
    pub picture: Picture,
    /// The source is grey or has a palette: colour is dropped when all of it is grey.
    pub reducible: bool,
    pub dpi: Option<(f64, f64)>,
    /// 1–8.
    pub orientation: u8,
    /// Embedded profile, unchecked, may be empty.
    pub icc: Vec<u8>,
    pub exif_damaged: bool,
}

impl Raster {
    /// A picture of which nothing more is known.
    pub fn plain(picture: Picture) -> Self {
        Self { picture, reducible: false, dpi: None, orientation: 1, icc: Vec::new(), exif_damaged: false }
    }

    /// Writes the page's side files into `out` and describes it.
    ///
    /// # Errors
    /// What of the disk or the encoders.
    pub fn page(mut self, index: u32, out: &Path) -> Result<ReadPage, String> {
        let Picture { width, height, .. } = self.picture;
        if self.reducible && self.picture.channels == 3 {
            let grey = self.picture.data.as_chunks::<3>().0.iter().all(|[r, g, b]| r == g && g == b);
            if grey {
                self.picture.data = self.picture.data.iter().step_by(3).copied().collect();
                self.picture.channels = 1;
            }
        }
        // The fax encoder counts columns in 16 bits.
        let two_tone = self.picture.channels == 1
            && width <= 30_000
            && self.picture.data.iter().all(|v| matches!(v, 0 | 255));
        let colour = match self.picture.channels {
            1 if two_tone => Colour::Bitonal,
            1 => Colour::Grey,
            _ => Colour::Colour,
        };
        let size = Size::of(width, height, self.dpi, self.orientation);
        let look = self.picture.look(size);
        let name = format!("{index}.bin");
        let file = out.join(&name);
        let (filter, bits) = if two_tone {
            encode::g4(&file, &self.picture)?;
            (Filter::CcittG4, 1)
        } else {
            encode::flate_png(&file, &self.picture)?;
            (Filter::FlatePng, 8)
        };
        let components = if self.picture.channels == 1 { 1 } else { 3 };
        let icc = if bits == 8 { icc_file(index, &self.icc, components, out)? } else { None };
        let image = PageImage::Stream { file: name, filter, components, bits, icc };
        let mut page = bare_page(index, (width, height), size, colour, self.orientation, image);
        if self.exif_damaged {
            page.findings.push(findings::warn(index, super::FindingKind::DamagedExif, String::new()));
        }
        finish_page(&mut page, look, out)?;
        Ok(page)
    }
}

impl Raster {
    /// The same with the picture as JPEG of a quality, for a page that came as one and was edited.
    ///
    /// # Errors
    /// What of the disk or the encoder.
    pub fn lossy_page(self, index: u32, quality: u8, out: &Path) -> Result<ReadPage, String> {
        let Picture { width, height, channels, .. } = self.picture;
        let colour = if channels == 1 { Colour::Grey } else { Colour::Colour };
        let size = Size::of(width, height, self.dpi, self.orientation);
        let look = self.picture.look(size);
        let name = format!("{index}.bin");
        encode::write(&out.join(&name), &encode::jpeg(&self.picture, quality, false)?)?;
        let components = if channels == 1 { 1 } else { 3 };
        let icc = icc_file(index, &self.icc, components, out)?;
        let image = PageImage::Stream { file: name, filter: Filter::Dct, components, bits: 8, icc };
        let mut page = bare_page(index, (width, height), size, colour, self.orientation, image);
        if self.exif_damaged {
            page.findings.push(findings::warn(index, super::FindingKind::DamagedExif, String::new()));
        }
        finish_page(&mut page, look, out)?;
        Ok(page)
    }
}

/// Writes a checked profile beside the page; its name, or `None` when it cannot be used.
pub(super) fn icc_file(
    index: u32,
    profile: &[u8],
    components: u8,
    out: &Path,
) -> Result<Option<String>, String> {
    if !icc::usable(profile, components) {
        return Ok(None);
    }
    let name = format!("{index}.icc");
    encode::write(&out.join(&name), icc::trimmed(profile))?;
    Ok(Some(name))
}

/// A page with its measures, before its looks are judged.
pub(super) fn bare_page(
    index: u32,
    (width, height): (usize, usize),
    size: Size,
    colour: Colour,
    orientation: u8,
    image: PageImage,
) -> ReadPage {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ReadPage {
        index,
        width_px: count(width),
        height_px: count(height),
        width_mpt: size.width_mpt,
        height_mpt: size.height_mpt,
        dpi: size.dpi,
        colour,
        orientation,
        image,
        ink: None,
        fingerprint: String::new(),
        measures: None,
        separator: None,
        findings: size.findings(index, colour, orientation),
    }
}

/// Adds ink map, fingerprint and blank finding, and writes the thumbnail.
pub(super) fn finish_page(page: &mut ReadPage, look: Look, out: &Path) -> Result<(), String> {
    let looks = look.finish();
    let judged = looks.cells.upright(page.orientation).judge();
    let (across, down) = looks.scale;
    let scale = if page.orientation >= 5 { (down, across) } else { (across, down) };
    let grey = looks.grey.upright(page.orientation);
    page.measures = Some(judge::measure(&grey, scale, &judged));
    page.separator = codes::separator(&grey, scale.0.min(scale.1));
    page.ink = Some(judged.map);
    if judged.blank {
        page.findings.push(findings::warn(page.index, super::FindingKind::Blank, String::new()));
    }
    let thumb = looks.thumb.upright(page.orientation);
    page.fingerprint = fingerprint(&thumb);
    encode::write(&out.join(format!("{}.thumb.jpg", page.index)), &encode::jpeg(&thumb, 80, false)?)
}
