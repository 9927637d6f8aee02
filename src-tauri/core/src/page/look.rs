//! One pass over the rows of a page gathers all that is wanted of its looks: the thumbnail, the tiny
//! fingerprint, and per-millimetre statistics for the ink map. Never holds the page itself.

use std::ops::Range;

use super::ink::{Cell, Cells};
use super::judge;
use super::raster::Picture;

/// Long side of a thumbnail, px.
pub(super) const THUMB: u32 = 360;

/// Overlapping or exact division of `n` samples into `parts`: part `i` is `start(i)..end(i)`, never
/// empty, also when there are more parts than samples.
#[derive(Clone, Copy)]
struct Split {
    n: usize,
    parts: usize,
}

impl Split {
    fn start(self, i: usize) -> usize {
        (i * self.n / self.parts).min(self.n.saturating_sub(1))
    }
    fn end(self, i: usize) -> usize {
        ((i + 1) * self.n).div_ceil(self.parts).clamp(self.start(i) + 1, self.n.max(1))
    }
}

/// Adds up rows over bands of the picture's height.
struct Bands {
    split: Split,
    band: usize,
    sums: Vec<u32>,
    rows: u32,
}

impl Bands {
    fn new(width: usize, height: usize, parts: usize) -> Self {
        Self { split: Split { n: height, parts }, band: 0, sums: vec![0; width], rows: 0 }
    }

    /// Feeds row `y`; `done` gets (band, column sums, rows in the band) for each band it completes.
    fn row(&mut self, y: usize, samples: &[u8], mut done: impl FnMut(usize, &[u32], u32)) {
        while self.band < self.split.parts && self.split.start(self.band) <= y {
            // A checked sum would not be done many at a time; 65,535 rows of 255 fit.
            self.sums.iter_mut().zip(samples).for_each(|(s, v)| *s = s.wrapping_add(u32::from(*v)));
            self.rows += 1;
            if y + 1 < self.split.end(self.band) {
                return;
            }
            done(self.band, &self.sums, self.rows);
            self.sums.fill(0);
            self.rows = 0;
            self.band += 1;
        }
    }
}

/// Shrinks one plane to a size by means.
pub(super) struct Shrink {
    bands: Bands,
    /// Columns of each place of the small plane.
    across: Vec<Range<usize>>,
    /// The small plane.
    pub out: Vec<u8>,
}

impl Shrink {
    /// From `from` to `to` (width, height); may also stretch, by repeating.
    pub fn new(from: (usize, usize), to: (usize, usize)) -> Self {
        let across = Split { n: from.0, parts: to.0 };
        Self {
            bands: Bands::new(from.0, from.1, to.1),
            across: (0..to.0).map(|i| across.start(i)..across.end(i)).collect(),
            out: vec![255; to.0 * to.1],
        }
    }

    pub fn row(&mut self, y: usize, samples: &[u8]) {
        let Self { bands, across, out } = self;
        bands.row(y, samples, |band, sums, rows| {
            let line = out.get_mut(band * across.len()..).unwrap_or_default();
            for (o, span) in line.iter_mut().zip(across.iter()) {
                *o = mean(sums.get(span.clone()).unwrap_or_default(), rows);
            }
        });
    }
}

/// Mean of the samples whose column sums over `rows` rows these are.
fn mean(sums: &[u32], rows: u32) -> u8 {
    let count = (rows as usize * sums.len()).max(1);
    if count < 1 << 24 {
        let (sum, count) = (sums.iter().fold(0u32, |sum, v| sum.wrapping_add(*v)), count as u32);
        return ((sum + count / 2) / count).min(255) as u8;
    }
    let (sum, count) = (sums.iter().map(|v| u64::from(*v)).sum::<u64>(), count as u64);
    ((sum + count / 2) / count).min(255) as u8
}

/// Per-cell lightness: darkest, lightest and mean.
struct Lightness {
    bands: Bands,
    low: Vec<u8>,
    high: Vec<u8>,
    across: Split,
}

/// Gathers the looks of one page.
pub(super) struct Look {
    cells: Cells,
    light: Lightness,
    /// Cb and Cr over the grid.
    tints: Vec<Shrink>,
    /// Cb and Cr of the thumbnail; its lightness is made of the reduced plane.
    thumb: Vec<Shrink>,
    thumb_size: (usize, usize),
    grey: Grey,
}

/// The lightness plane reduced by whole numbers, to be measured.
struct Grey {
    shrink: Shrink,
    /// Samples of the plane that are used, across and down; the rest of a division is left out.
    used: (usize, usize),
    size: (usize, usize),
    /// Px a millimetre of the reduced plane.
    scale: (f64, f64),
}

impl Grey {
    fn new(width: usize, height: usize, scale: (f64, f64)) -> Self {
        let by = |n: usize, scale: f64| judge::reduction(scale * 25.4).min(n.max(1));
        let (bx, by) = (by(width, scale.0), by(height, scale.1));
        let size = (width / bx, height / by);
        let used = (size.0 * bx, size.1 * by);
        let scale = (scale.0 / bx as f64, scale.1 / by as f64);
        Self { shrink: Shrink::new(used, size), used, size, scale }
    }

    fn row(&mut self, y: usize, samples: &[u8]) {
        if let (true, Some(samples)) = (y < self.used.1, samples.get(..self.used.0)) {
            self.shrink.row(y, samples);
        }
    }
}

/// The looks of a page as stored, not turned yet.
pub(super) struct Looks {
    pub cells: Cells,
    pub thumb: Picture,
    /// Reduced lightness, and its px a millimetre across and down.
    pub grey: Picture,
    pub scale: (f64, f64),
}

impl Look {
    /// `planes`: width and height of the lightness plane and, for colour, of the Cb and Cr planes.
    /// `grid`: cells across and down the stored picture. `scale`: px a millimetre of the lightness.
    pub fn new(planes: &[(usize, usize)], grid: (usize, usize), scale: (f64, f64)) -> Self {
        let (width, height) = planes.first().copied().unwrap_or((1, 1));
        let long = width.max(height).max(1);
        let side = |n: usize| (n * (THUMB as usize).min(long)).div_ceil(long).max(1);
        let thumb_size = (side(width), side(height));
        let across = Split { n: width, parts: grid.0 };
        Self {
            cells: Cells::new(grid.0, grid.1),
            light: Lightness {
                bands: Bands::new(width, height, grid.1),
                low: vec![255; width],
                high: vec![0; width],
                across,
            },
            tints: planes.iter().skip(1).map(|p| Shrink::new(*p, grid)).collect(),
            thumb: planes.iter().skip(1).map(|p| Shrink::new(*p, thumb_size)).collect(),
            thumb_size,
            grey: Grey::new(width, height, scale),
        }
    }

    /// Feeds row `y` of plane `plane` (0 lightness, 1 Cb, 2 Cr); rows of a plane come in order.
    pub fn row(&mut self, plane: usize, y: usize, samples: &[u8]) {
        if let Some(plane) = plane.checked_sub(1) {
            for small in self.tints.get_mut(plane).into_iter().chain(self.thumb.get_mut(plane)) {
                small.row(y, samples);
            }
            return;
        }
        self.grey.row(y, samples);
        let Lightness { bands, low, high, across } = &mut self.light;
        let cells = &mut self.cells;
        let note = |low: &mut [u8], high: &mut [u8]| {
            low.iter_mut().zip(samples).for_each(|(l, v)| *l = (*l).min(*v));
            high.iter_mut().zip(samples).for_each(|(h, v)| *h = (*h).max(*v));
        };
        note(low, high);
        bands.row(y, samples, |band, sums, rows| {
            for i in 0..across.parts {
                let span = across.start(i)..across.end(i);
                let least = low.get(span.clone()).unwrap_or_default().iter().copied().min().unwrap_or(255);
                let most = high.get(span.clone()).unwrap_or_default().iter().copied().max().unwrap_or(0);
                let mean = mean(sums.get(span).unwrap_or_default(), rows);
                cells.put(i, band, Cell { low: least, high: most, mean, ..Cell::default() });
            }
            // A row on the border belongs to both bands, so the next one starts with it.
            low.fill(255);
            high.fill(0);
            note(low, high);
        });
    }

    /// The grid with its tints, the thumbnail, and what is measured.
    pub fn finish(mut self) -> Looks {
        if let [cb, cr] = self.tints.as_slice() {
            self.cells.tint(&cb.out, &cr.out);
        }
        let (width, height) = self.grey.size;
        let grey = Picture { width, height, channels: 1, data: self.grey.shrink.out };
        let (width, height) = self.thumb_size;
        let mut light = Shrink::new((grey.width, grey.height), self.thumb_size);
        grey.data.chunks_exact(grey.width.max(1)).enumerate().for_each(|(y, row)| light.row(y, row));
        let thumb = match self.thumb.as_slice() {
            [cb, cr, ..] => {
                let samples = light.out.iter().zip(cb.out.iter().zip(&cr.out));
                let data = samples.flat_map(|(y, (b, r))| rgb(*y, *b, *r)).collect();
                Picture { width, height, channels: 3, data }
            }
            _ => Picture { width, height, channels: 1, data: light.out },
        };
        Looks { cells: self.cells, thumb, grey, scale: self.grey.scale }
    }
}

/// JFIF colour to RGB.
pub(super) fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let fit = |v: i32| ((v + 32_768) >> 16).clamp(0, 255) as u8;
    [fit(y + 91_881 * cr), fit(y - 22_554 * cb - 46_802 * cr), fit(y + 116_130 * cb)]
}

/// RGB to JFIF colour.
pub(super) fn ycc([r, g, b]: [u8; 3]) -> [u8; 3] {
    let (r, g, b) = (i32::from(r), i32::from(g), i32::from(b));
    let fit = |v: i32| (v >> 16).clamp(0, 255) as u8;
    [
        fit(19_595 * r + 38_470 * g + 7_471 * b + 32_768),
        fit(-11_059 * r - 21_709 * g + 32_768 * b + (128 << 16) + 32_767),
        fit(32_768 * r - 27_439 * g - 5_329 * b + (128 << 16) + 32_767),
    ]
}

/// Mean lightness of a 16×16 division of `picture`, 32 hexadecimal digits a row.
pub(super) fn fingerprint(picture: &Picture) -> String {
    let mut small = Shrink::new((picture.width, picture.height), (16, 16));
    for (y, row) in picture.data.chunks_exact((picture.width * picture.channels).max(1)).enumerate() {
        match row.as_chunks::<3>().0 {
            pixels if picture.channels == 3 => {
                small.row(y, &pixels.iter().map(|p| ycc(*p)[0]).collect::<Vec<u8>>());
            }
            _ => small.row(y, row),
        }
    }
    crate::hex::encode(&small.out)
}
