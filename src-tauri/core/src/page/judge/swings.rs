//! Rises and falls of lightness along rows and columns: how far they go tells the contrast, how
//! quickly they go tells the sharpness. Reads a grey picture, writes nothing.

use crate::page::raster::Picture;

/// A turn back smaller than this is noise, steps.
const TURN: i16 = 5;
/// Least swing that may be writing, steps.
const LEAST: usize = 16;
/// Noise swings so many times as far as its median step.
const NOISE: usize = 6;
/// Swings needed to speak of sharpness.
const ENOUGH: u32 = 250;
/// Widths are counted in parts of a pixel.
const PARTS: i16 = 8;
const WIDTHS: usize = 160;
/// Swings are counted in classes of so many steps.
const CLASS: usize = 4;

/// Swings by class of height and by width.
struct Tally {
    counts: Vec<u32>,
    /// Steps from pixel to pixel, by size.
    steps: Vec<u32>,
}

impl Tally {
    fn new() -> Self {
        Self { counts: vec![0; 256 / CLASS * WIDTHS], steps: vec![0; 256] }
    }

    fn add(&mut self, height: i16, steepest: i16) {
        let width = (height * PARTS / steepest.max(1)).clamp(0, WIDTHS as i16 - 1) as usize;
        if let Some(count) = self.counts.get_mut(height.clamp(0, 255) as usize / CLASS * WIDTHS + width) {
            *count += 1;
        }
    }

    fn step(&mut self, step: i16) {
        if let Some(count) = self.steps.get_mut(usize::from(step.unsigned_abs())) {
            *count += 1;
        }
    }

    /// Swings of each class.
    fn heights(&self) -> Vec<u32> {
        self.counts.chunks(WIDTHS).map(|widths| widths.iter().sum()).collect()
    }

    /// Width below which `percent` of the swings of at least `height` lie, px; how many there are.
    fn width(&self, height: usize, percent: u32) -> (f64, u32) {
        let mut widths = vec![0u32; WIDTHS];
        for class in self.counts.chunks(WIDTHS).skip(height.div_ceil(CLASS)) {
            widths.iter_mut().zip(class).for_each(|(sum, n)| *sum += n);
        }
        let total = widths.iter().sum::<u32>();
        (rank(&widths, percent) as f64 / f64::from(PARTS), total)
    }
}

/// Place below which `percent` of the counted lie.
fn rank(counts: &[u32], percent: u32) -> usize {
    let total: u64 = counts.iter().map(|n| u64::from(*n)).sum();
    let mut left = total * u64::from(percent) / 100;
    for (place, n) in counts.iter().enumerate() {
        match left.checked_sub(u64::from(*n)) {
            Some(rest) => left = rest,
            None => return place,
        }
    }
    counts.len().saturating_sub(1)
}

/// One line of pixels being walked.
#[derive(Clone, Copy, Default)]
struct Walk {
    started: bool,
    /// Going up; else down.
    up: bool,
    start: i16,
    peak: i16,
    last: i16,
    steepest: i16,
    /// Steepest step back since the peak.
    back: i16,
}

impl Walk {
    fn step(&mut self, v: u8, tally: &mut Tally) {
        let v = i16::from(v);
        if !self.started {
            *self = Self { started: true, start: v, peak: v, last: v, ..Self::default() };
            return;
        }
        let (step, ahead) =
            if self.up { (v - self.last, v - self.peak) } else { (self.last - v, self.peak - v) };
        self.last = v;
        tally.step(step);
        if ahead > 0 {
            self.peak = v;
            self.steepest = self.steepest.max(step);
            self.back = 0;
            return;
        }
        self.back = self.back.max(-step);
        if ahead < -TURN {
            tally.add((self.peak - self.start).abs(), self.steepest);
            (self.start, self.steepest, self.back) = (self.peak, self.back, 0);
            (self.peak, self.up) = (v, !self.up);
        }
    }
}

/// What the swings of a page tell.
pub(super) struct Swings {
    /// How far writing stands out, steps; 0 = there is none.
    pub contrast: u8,
    /// Swings that are more than noise.
    pub count: u32,
    across: Direction,
    down: Direction,
}

/// Walks every second row and column.
pub(super) fn swings(picture: &Picture) -> Swings {
    let (mut across, mut down) = (Tally::new(), Tally::new());
    let mut columns = vec![Walk::default(); picture.width.div_ceil(2)];
    for (y, row) in picture.data.chunks_exact(picture.width.max(1)).enumerate() {
        for (walk, v) in columns.iter_mut().zip(row.iter().step_by(2)) {
            walk.step(*v, &mut down);
        }
        if y % 2 == 0 {
            let mut walk = Walk::default();
            row.iter().for_each(|v| walk.step(*v, &mut across));
        }
    }
    // Most of a page is bare: what steps there are is noise, and noise swings a few steps far.
    let steps: Vec<u32> = across.steps.iter().zip(&down.steps).map(|(a, b)| a + b).collect();
    let least = LEAST.max(rank(&steps, 50) * NOISE);
    let (across, down) = (Direction::of(across, least), Direction::of(down, least));
    let count = across.count + down.count;
    let contrast = across.contrast.max(down.contrast).min(255) as u8;
    Swings { contrast, count, across, down }
}

/// What the swings of one direction tell.
struct Direction {
    tally: Tally,
    contrast: usize,
    count: u32,
}

impl Direction {
    /// Swings of less than `least` steps are noise.
    fn of(tally: Tally, least: usize) -> Self {
        let heights = tally.heights();
        let writing: Vec<u32> = heights
            .iter()
            .enumerate()
            .map(|(class, n)| if class * CLASS >= least { *n } else { 0 })
            .collect();
        let count = writing.iter().sum();
        let contrast = if count < ENOUGH / 8 { 0 } else { rank(&writing, 80) * CLASS };
        Self { tally, contrast, count }
    }

    /// Width of the sharper edges, px; 0 = too few.
    fn width(&self) -> f64 {
        if self.contrast == 0 {
            return 0.0;
        }
        // Each direction by its own contrast: a sheet that moved is soft in one direction only.
        let (px, count) = self.tally.width((self.contrast / 2).max(LEAST), 30);
        if count < ENOUGH { 0.0 } else { px }
    }
}

impl Swings {
    /// Width of the sharper edges in the worse direction, micrometres.
    pub fn width(&self, scale: (f64, f64)) -> u32 {
        let um = |side: &Direction, scale: f64| side.width() / scale * 1000.0;
        um(&self.across, scale.0).max(um(&self.down, scale.1)).round() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vertical strokes whose edges are `soft` pixels wide.
    fn strokes(soft: usize) -> Picture {
        let (width, height) = (400, 100);
        let row: Vec<u8> = (0..width)
            .map(|x| {
                let at = x % 40;
                let from_edge = at.min(40 - at) as i32 - 10;
                (127 + from_edge * 200 / (2 * soft.max(1)) as i32).clamp(40, 240) as u8
            })
            .collect();
        Picture { width, height, channels: 1, data: row.repeat(height) }
    }

    #[test]
    fn a_soft_edge_is_wider_than_a_sharp_one() {
        let width = |soft| swings(&strokes(soft)).width((6.0, 6.0));
        assert!(width(1) < 400, "two steps of a sixth of a millimetre: {}", width(1));
        assert!(width(6) > 700, "six steps are a millimetre: {}", width(6));
    }

    #[test]
    fn noise_is_no_writing() {
        let mut seed = 7u32;
        let data = (0..200 * 200)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                220 + (seed >> 24) as u8 % 24
            })
            .collect();
        let bare = swings(&Picture { width: 200, height: 200, channels: 1, data });
        assert_eq!((bare.contrast, bare.width((6.0, 6.0))), (0, 0));
    }
}
