//! Where a page carries something: per-millimetre cells against the paper around them.
//!
//! Written to place a mark that may cover nothing, so it leans to "ink": one dark pixel is enough.
//! Paper may be tinted, noisy, shaded, and lie askew on a darker scanner bed.

use super::InkMap;

/// What is known of one cell of about one millimetre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    /// Darkest, lightest and mean lightness.
    pub low: u8,
    pub high: u8,
    pub mean: u8,
    /// Mean Cb and Cr; 128 = none.
    pub cb: u8,
    pub cr: u8,
}

impl Default for Cell {
    fn default() -> Self {
        Self { low: 255, high: 255, mean: 255, cb: 128, cr: 128 }
    }
}

/// The grid over a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells {
    cols: usize,
    rows: usize,
    cells: Vec<Cell>,
}

/// Cells of one tile in which the paper's lightness is taken, across and down.
const TILE: usize = 12;
/// Least drop below the paper that is ink, steps of 255.
const DROP: i32 = 24;
/// Rise above the paper that is content (a label, a strip of correction fluid).
const RISE: i32 = 28;
/// A tile this much darker than the page's paper is not paper: scanner bed, photo, dark band.
const WEDGE: i32 = 32;
/// Paper darker than this cannot carry a black mark and its QR code.
const LIGHT: u8 = 150;
/// Mean colour this far from the paper's is ink (a pale seal, a marker).
const TINT: i32 = 9;

impl Cells {
    pub fn new(cols: usize, rows: usize) -> Self {
        Self { cols, rows, cells: vec![Cell::default(); cols * rows] }
    }

    pub fn put(&mut self, x: usize, y: usize, cell: Cell) {
        if let Some(c) = self.cells.get_mut(y * self.cols + x) {
            *c = cell;
        }
    }

    /// Adds the means of the colour planes, given on the same grid.
    pub fn tint(&mut self, cb: &[u8], cr: &[u8]) {
        for (cell, (cb, cr)) in self.cells.iter_mut().zip(cb.iter().zip(cr)) {
            (cell.cb, cell.cr) = (*cb, *cr);
        }
    }

    /// The grid as it lies when the page is turned upright (EXIF orientation 1–8).
    pub fn upright(&self, orientation: u8) -> Self {
        let (cols, rows) = if orientation >= 5 { (self.rows, self.cols) } else { (self.cols, self.rows) };
        let place = super::raster::Turn { width: self.cols, height: self.rows, orientation };
        let cells = (0..rows)
            .flat_map(|y| (0..cols).map(move |x| (x, y)))
            .map(|(x, y)| {
                let (sx, sy) = place.source(x, y);
                self.cells.get(sy * self.cols + sx).copied().unwrap_or_default()
            })
            .collect();
        Self { cols, rows, cells }
    }

    /// The map, and what there is on the page but for dust and the scanner's own edge.
    pub fn judge(&self) -> Judged {
        let paper = Paper::of(self);
        let mut ink = vec![false; self.cells.len()];
        let mut bed = vec![false; self.cells.len()];
        for (i, (cell, (ink, bed))) in self.cells.iter().zip(ink.iter_mut().zip(bed.iter_mut())).enumerate() {
            let here = paper.at(i % self.cols.max(1), i / self.cols.max(1));
            let (low, high, mean) = (i32::from(cell.low), i32::from(cell.high), i32::from(cell.mean));
            let colour = (i32::from(cell.cb) - paper.cb).abs().max((i32::from(cell.cr) - paper.cr).abs());
            let dark = here.min(mean) < paper.page - WEDGE;
            *bed = dark && high - low < DROP * 2;
            *ink = dark || low < here - paper.drop || high > here + RISE + paper.drop - DROP || colour > TINT;
        }
        let (blank, strength, colour) = self.content(&ink, &bed, &paper);
        // A flat dark page is blank, yet a black mark would vanish on it.
        ink.iter_mut().zip(&self.cells).for_each(|(ink, cell)| *ink |= cell.mean < LIGHT);
        let width = self.cols.div_ceil(8);
        let mut bits = vec![0u8; width * self.rows];
        for (line, out) in ink.chunks(self.cols.max(1)).zip(bits.chunks_mut(width.max(1))) {
            for (eight, byte) in line.chunks(8).zip(out) {
                *byte = eight.iter().zip(0..8).fold(0, |b, (set, n)| b | u8::from(*set) << (7 - n));
            }
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let map = InkMap { cols: count(self.cols), rows: count(self.rows), bits };
        let tint = (paper.cb - 128).abs().max((paper.cr - 128).abs()).clamp(0, 255) as u8;
        Judged { map, blank, strength, colour, tint }
    }

    /// Whether there is almost no ink, ignoring 5 mm along the edges, the flat dark bed beside the
    /// sheet, and specks; and how strong and how coloured the strongest of the rest is.
    fn content(&self, ink: &[bool], bed: &[bool], paper: &Paper) -> (bool, u8, u8) {
        const EDGE: usize = 5;
        let (cols, rows) = (self.cols, self.rows);
        let near = |map: &[bool], x: usize, y: usize| {
            (y.saturating_sub(1)..(y + 2).min(rows)).any(|b| {
                let line = map.get(b * cols + x.saturating_sub(1)..b * cols + (x + 2).min(cols));
                line.unwrap_or_default().iter().any(|v| *v)
            })
        };
        let (wide, high) = (cols > 4 * EDGE, rows > 4 * EDGE);
        let inside = |x: usize, y: usize, edge: usize| {
            (!wide || (edge..cols - edge).contains(&x)) && (!high || (edge..rows - edge).contains(&y))
        };
        let mut open: Vec<bool> = (0..cols * rows)
            .map(|i| {
                let (x, y) = (i % cols, i / cols);
                let beside_bed = !inside(x, y, EDGE * 3) && near(bed, x, y);
                ink.get(i) == Some(&true) && inside(x, y, EDGE) && !beside_bed
            })
            .collect();
        let mut content: Vec<usize> = Vec::new();
        let mut stack = Vec::new();
        for i in 0..open.len() {
            if !open.get_mut(i).is_some_and(std::mem::take) {
                continue;
            }
            stack.push(i);
            let first = content.len();
            while let Some(j) = stack.pop() {
                content.push(j);
                let (x, y) = (j % cols, j / cols);
                for b in y.saturating_sub(1)..(y + 2).min(rows) {
                    for a in x.saturating_sub(1)..(x + 2).min(cols) {
                        let n = b * cols + a;
                        if open.get_mut(n).is_some_and(std::mem::take) {
                            stack.push(n);
                        }
                    }
                }
            }
            // A speck of dust touches at most 2×2 cells.
            if content.len() - first <= 4 {
                content.truncate(first);
            }
        }
        // So few cells are nothing; and so many must be as strong as the page is said to be.
        let few = (cols * rows / 5_000).max(1);
        let blank = content.len() < few;
        let known = content.iter().filter_map(|i| Some((*i, self.cells.get(*i)?)));
        let (mut drops, mut tints): (Vec<u8>, Vec<u8>) = known
            .map(|(i, cell)| {
                let here = paper.at(i % cols.max(1), i / cols.max(1));
                let drop = (here - i32::from(cell.low)).clamp(0, 255) as u8;
                let (cb, cr) = (i32::from(cell.cb) - paper.cb, i32::from(cell.cr) - paper.cr);
                (drop, cb.abs().max(cr.abs()).clamp(0, 255) as u8)
            })
            .unzip();
        let strongest = |values: &mut Vec<u8>| {
            values.sort_unstable_by(|a, b| b.cmp(a));
            values.get(few).or(values.last()).copied().unwrap_or(0)
        };
        (blank, strongest(&mut drops), strongest(&mut tints))
    }
}

/// What the cells tell of a page.
pub(super) struct Judged {
    /// Where it carries something.
    pub map: InkMap,
    /// Nothing is on it but dust and the scanner's own edge.
    pub blank: bool,
    /// How far the strongest of what is on it stands out from the paper, steps.
    pub strength: u8,
    /// How far the most coloured of it is from the paper's colour, steps of Cb or Cr.
    pub colour: u8,
    /// How far the paper is from grey, steps of Cb or Cr.
    pub tint: u8,
}

/// The paper's own lightness, tile by tile.
struct Paper {
    tiles: Vec<i32>,
    across: usize,
    down: usize,
    page: i32,
    drop: i32,
    cb: i32,
    cr: i32,
}

impl Paper {
    fn of(grid: &Cells) -> Self {
        let (across, down) = (grid.cols.div_ceil(TILE).max(1), grid.rows.div_ceil(TILE).max(1));
        let mut tiles = Vec::with_capacity(across * down);
        for ty in 0..down {
            for tx in 0..across {
                let lines = grid.cells.chunks(grid.cols.max(1)).skip(ty * TILE).take(TILE);
                let means = lines.flat_map(|l| l.iter().skip(tx * TILE).take(TILE).map(|c| c.mean));
                tiles.push(i32::from(rank(means.collect(), 80)));
            }
        }
        let page = i32::from(rank(tiles.iter().map(|t| *t as u8).collect(), 75));
        let on_paper = || grid.cells.iter().filter(|c| i32::from(c.mean) >= page - 16);
        // Bare cells tell the noise: of some 60 pixels the darkest lies about 2.3 σ below the mean.
        let depth = rank(on_paper().map(|c| c.mean.saturating_sub(c.low)).collect(), 25);
        let sigma = f64::from(depth) / 2.3;
        let drop = (DROP as f64).max(6.0 * sigma).min(60.0) as i32;
        let middle = |f: fn(&Cell) -> u8| i32::from(rank(on_paper().map(f).collect(), 50));
        Self { tiles, across, down, page, drop, cb: middle(|c| c.cb), cr: middle(|c| c.cr) }
    }

    /// Lightness of the paper at a cell, between the middles of the tiles around it.
    fn at(&self, x: usize, y: usize) -> i32 {
        let locate = |v: usize, most: usize| {
            let at = (2 * v + 1).saturating_sub(TILE);
            let first = (at / (2 * TILE)).min(most - 1);
            let part = if first + 1 < most { at % (2 * TILE) } else { 0 };
            (first, (first + 1).min(most - 1), part as i32)
        };
        let ((x0, x1, fx), (y0, y1, fy)) = (locate(x, self.across), locate(y, self.down));
        let tile = |x: usize, y: usize| self.tiles.get(y * self.across + x).copied().unwrap_or(255);
        let full = 2 * TILE as i32;
        let top = tile(x0, y0) * (full - fx) + tile(x1, y0) * fx;
        let low = tile(x0, y1) * (full - fx) + tile(x1, y1) * fx;
        (top * (full - fy) + low * fy) / (full * full)
    }
}

/// The value below which `percent` of `values` lie; 255 when there are none.
fn rank(mut values: Vec<u8>, percent: usize) -> u8 {
    let at = values.len().saturating_sub(1) * percent / 100;
    if values.is_empty() { 255 } else { *values.select_nth_unstable(at).1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Cells {
        let mut g = Cells::new(210, 297);
        for y in 0..297 {
            for x in 0..210 {
                // Tinted paper, shaded from left to right, with the noise of a scanner.
                let mean = 228 + (x / 14) as u8;
                g.put(x, y, Cell { low: mean - 8, high: mean + 8, mean, cb: 122, cr: 131 });
            }
        }
        g
    }

    fn set(map: &InkMap, x: usize, y: usize) -> bool {
        map.bits[y * (map.cols as usize).div_ceil(8) + x / 8] & (0x80 >> (x % 8)) != 0
    }

    #[test]
    fn shaded_paper_is_free_and_blank() {
        let Judged { map, blank, .. } = sheet().judge();
        assert!(map.bits.iter().all(|b| *b == 0), "paper alone is no ink, whatever its shade");
        assert!(blank);
    }

    #[test]
    fn a_flat_dark_page_is_blank_but_has_no_room_for_a_mark() {
        let mut g = sheet();
        for cell in &mut g.cells {
            (cell.low, cell.mean, cell.high) = (20, 22, 24);
        }
        let Judged { map, blank, .. } = g.judge();
        assert!(blank);
        assert!((0..40).all(|n| set(&map, n, n)), "no cell is free");
    }

    #[test]
    fn one_dark_pixel_counts_but_does_not_make_a_page() {
        let mut g = sheet();
        g.put(40, 50, Cell { low: 150, high: 236, mean: 230, cb: 122, cr: 131 });
        let Judged { map, blank, .. } = g.judge();
        assert!(set(&map, 40, 50), "the mark must not cover it");
        assert!(!set(&map, 41, 50));
        assert!(blank, "dust alone leaves the page blank");
    }

    #[test]
    fn a_pale_seal_and_a_short_line_are_content() {
        let mut g = sheet();
        for x in 100..130 {
            g.put(x, 200, Cell { low: 215, high: 240, mean: 228, cb: 122, cr: 150 });
        }
        let Judged { map, blank, .. } = g.judge();
        assert!(set(&map, 110, 200), "colour alone is enough");
        assert!(!blank, "a signature of 3 cm is something");
    }

    #[test]
    fn the_scanner_bed_beside_a_skewed_sheet_is_not_free_and_not_content() {
        let mut g = sheet();
        for y in 0..297 {
            for x in 0..y / 45 {
                g.put(x, y, Cell { low: 190, high: 202, mean: 196, cb: 128, cr: 128 });
            }
        }
        let Judged { map, blank, .. } = g.judge();
        assert!(set(&map, 0, 290), "no mark on the bed");
        assert!(blank, "and yet nothing is written");
    }

    #[test]
    fn the_map_turns_with_the_page() {
        let mut g = Cells::new(3, 2);
        g.put(0, 0, Cell { mean: 1, ..Cell::default() });
        let corner = |o: u8| {
            let u = g.upright(o);
            let at = u.cells.iter().position(|c| c.mean == 1).unwrap();
            (u.cols, u.rows, at % u.cols, at / u.cols)
        };
        assert_eq!(corner(1), (3, 2, 0, 0));
        assert_eq!(corner(2), (3, 2, 2, 0));
        assert_eq!(corner(3), (3, 2, 2, 1));
        assert_eq!(corner(4), (3, 2, 0, 1));
        assert_eq!(corner(5), (2, 3, 0, 0));
        assert_eq!(corner(6), (2, 3, 1, 0), "6: turn clockwise, so top-left comes to top-right");
        assert_eq!(corner(7), (2, 3, 1, 2));
        assert_eq!(corner(8), (2, 3, 0, 2));
    }
}
