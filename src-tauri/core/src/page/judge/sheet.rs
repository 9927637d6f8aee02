//! Paper and ink of a page in two tones, whatever the light: the paper's lightness is taken tile by
//! tile. Reads a grey picture.

use crate::page::raster::Picture;

/// Side of a tile, mm.
const TILE: f64 = 6.0;
/// Least drop below the paper that is ink, steps.
const DROP: i32 = 18;
/// A tile this much darker than the page's paper is no paper: bed, photograph, dark band.
const BED: i32 = 40;

/// A page in two tones.
pub(super) struct Sheet {
    pub width: usize,
    pub height: usize,
    /// Px a millimetre, across and down.
    pub scale: (f64, f64),
    /// Lightness of the paper.
    pub paper: u8,
    /// 1 = ink.
    pub ink: Vec<u8>,
    tile: (usize, usize),
    across: usize,
    /// Tiles that are no paper.
    bed: Vec<bool>,
}

impl Sheet {
    pub fn of(picture: &Picture, scale: (f64, f64), contrast: u8) -> Self {
        let (width, height) = (picture.width.max(1), picture.height.max(1));
        let side = |scale: f64| ((TILE * scale) as usize).max(8);
        let tile = (side(scale.0), side(scale.1));
        let (across, down) = (width.div_ceil(tile.0), height.div_ceil(tile.1));
        let mut tiles = vec![[0u16; 256]; across];
        let mut papers = Vec::with_capacity(across * down);
        let rows: Vec<&[u8]> = picture.data.chunks_exact(width).collect();
        for band in rows.chunks(tile.1) {
            tiles.iter_mut().for_each(|t| t.fill(0));
            for row in band.iter().step_by(2) {
                for (counts, pixels) in tiles.iter_mut().zip(row.chunks(tile.0)) {
                    for v in pixels.iter().step_by(2) {
                        if let Some(n) = counts.get_mut(usize::from(*v)) {
                            *n += 1;
                        }
                    }
                }
            }
            papers.extend(tiles.iter().map(|counts| rank(counts, 80)));
        }
        let mut sorted = papers.clone();
        sorted.sort_unstable();
        let paper = sorted.get(sorted.len() * 3 / 4).copied().unwrap_or(255);
        let bed = papers.iter().map(|t| i32::from(*t) < i32::from(paper) - BED).collect();
        let drop = DROP.max(i32::from(contrast) * 2 / 5);
        let mut ink = Vec::with_capacity(width * height);
        for (band, rows) in rows.chunks(tile.1).enumerate() {
            let line = |band: usize| papers.chunks(across).nth(band.min(down - 1)).unwrap_or_default();
            let half = tile.1 / 2;
            for (y, row) in rows.iter().enumerate() {
                let (a, b) = if y < half { (band.saturating_sub(1), band) } else { (band, band + 1) };
                let part = ((y + tile.1 - half) % tile.1) as i32;
                let full = tile.1 as i32;
                let limits: Vec<i32> = line(a)
                    .iter()
                    .zip(line(b))
                    .map(|(a, b)| (i32::from(*a) * (full - part) + i32::from(*b) * part) / full - drop)
                    .collect();
                for (pixels, limit) in row.chunks(tile.0).zip(&limits) {
                    ink.extend(pixels.iter().map(|v| u8::from(i32::from(*v) < *limit)));
                }
            }
        }
        Self { width, height, scale, paper, ink, tile, across, bed }
    }

    /// True where the page is no paper.
    pub fn is_bed(&self, x: usize, y: usize) -> bool {
        self.bed.get(y / self.tile.1 * self.across + x / self.tile.0).copied().unwrap_or(true)
    }

    /// Rows of ink.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.ink.chunks_exact(self.width)
    }

    /// True when the pixel carries ink.
    pub fn is_ink(&self, x: usize, y: usize) -> bool {
        self.ink.get(y * self.width + x) == Some(&1)
    }
}

fn rank(counts: &[u16; 256], percent: u32) -> u8 {
    let total: u32 = counts.iter().map(|n| u32::from(*n)).sum();
    let mut left = total * percent / 100;
    for (value, n) in (0u8..=255).zip(counts) {
        match left.checked_sub(u32::from(*n)) {
            Some(rest) => left = rest,
            None => return value,
        }
    }
    255
}
