//! Lines of writing: how much they lean, and which way is up.
//!
//! Skew: edges of ink, top edges against bottom edges, are summed along slanting rows; at the right
//! slant they pile up in base lines and x-height lines (after Postl's projection profiles).
//! Up: Latin letters stand on one line, but reach to different heights, and Vietnamese ones carry
//! their marks above; so the bottom edges of upright writing pile up higher than its top edges.

use super::sheet::Sheet;

/// Columns that are slanted as one, px.
const BLOCK: usize = 8;
/// Widest angle looked for, degrees.
const WIDEST: f64 = 20.0;
/// First and second step of the search, degrees.
const COARSE: f64 = 0.5;
const FINE: f64 = 0.05;
/// The best angle must pile up this many times higher than the usual one.
const CLEAR: f64 = 1.6;
/// Edges needed to speak of lines, px of edge.
const ENOUGH: u64 = 1_500;
/// Flat edges longer than this are rules, not letters, mm.
const RULE: f64 = 5.0;
/// Lines are apart when so much is quiet between them, mm.
const GAP: f64 = 0.45;
/// Lines that must answer.
const ANSWERS: usize = 5;

/// What the lines tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    pub skew_mdeg: Option<i32>,
    pub upright: Option<i32>,
}

/// Edges of ink in blocks of columns: for each block, a value a row.
struct Edges {
    height: usize,
    top: Vec<i16>,
    bottom: Vec<i16>,
    /// Both, bottom edges counting up and top edges down, rules included.
    both: Vec<i16>,
    count: u64,
}

impl Edges {
    fn of(sheet: &Sheet) -> Self {
        let (width, height) = (sheet.width, sheet.height);
        let blocks = width.div_ceil(BLOCK);
        let rule = (RULE * sheet.scale.0) as usize;
        let mut edges = Self {
            height,
            top: vec![0; blocks * height],
            bottom: vec![0; blocks * height],
            both: vec![0; blocks * height],
            count: 0,
        };
        let rows: Vec<&[u8]> = sheet.rows().collect();
        for (y, pair) in rows.windows(2).enumerate() {
            let [above, below] = pair else { continue };
            edges.row(y, above, below, rule);
        }
        edges
    }

    /// Notes the edges between two rows, run by run.
    fn row(&mut self, y: usize, above: &[u8], below: &[u8], rule: usize) {
        let mut run = (0u8, 0usize);
        let kinds = above.iter().zip(below).map(|(a, b)| a << 1 | b).chain([0]);
        for (x, kind) in kinds.enumerate() {
            if kind == run.0 {
                continue;
            }
            if matches!(run.0, 1 | 2) {
                self.run(y, run.1..x, run.0 == 1, x - run.1 > rule);
            }
            run = (kind, x);
        }
    }

    fn run(&mut self, y: usize, span: std::ops::Range<usize>, top: bool, rule: bool) {
        self.count += span.len() as u64;
        for x in span {
            let at = x / BLOCK * self.height + y;
            if let Some(v) = self.both.get_mut(at) {
                *v += if top { -1 } else { 1 };
            }
            let side = if top { &mut self.top } else { &mut self.bottom };
            if let (Some(v), false) = (side.get_mut(at), rule) {
                *v += 1;
            }
        }
    }

    /// Sums of `values` along rows that fall by `slope` px a px to the right.
    fn profile(&self, values: &[i16], slope: f64) -> Vec<i32> {
        let mut sums = vec![0i32; self.height];
        let blocks = values.len() / self.height.max(1);
        let middle = (blocks * BLOCK) as f64 / 2.0;
        for (block, column) in values.chunks_exact(self.height.max(1)).enumerate() {
            let shift = (((block * BLOCK + BLOCK / 2) as f64 - middle) * slope).round() as isize;
            let down = usize::try_from(shift).unwrap_or(0);
            let up = usize::try_from(-shift).unwrap_or(0);
            let from = column.get(down..).unwrap_or_default();
            let to = sums.get_mut(up..).unwrap_or_default();
            // A checked sum would not be done many at a time.
            to.iter_mut().zip(from).for_each(|(sum, v)| *sum = sum.wrapping_add(i32::from(*v)));
        }
        sums
    }

    fn pile(&self, slope: f64) -> f64 {
        self.profile(&self.both, slope).iter().map(|v| f64::from(*v) * f64::from(*v)).sum()
    }
}

/// Looks for lines.
pub(super) fn lines(sheet: &Sheet) -> Lines {
    let edges = Edges::of(sheet);
    if edges.count < ENOUGH {
        return Lines::default();
    }
    let slope = |degrees: f64| degrees.to_radians().tan() * sheet.scale.1 / sheet.scale.0;
    let steps = (WIDEST / COARSE) as i32;
    let coarse: Vec<(f64, f64)> = (-steps..=steps)
        .map(|step| f64::from(step) * COARSE)
        .map(|degrees| (degrees, edges.pile(slope(degrees))))
        .collect();
    let mut piles: Vec<f64> = coarse.iter().map(|(_, pile)| *pile).collect();
    piles.sort_by(f64::total_cmp);
    let usual = piles.get(piles.len() / 2).copied().unwrap_or(0.0);
    let Some((near, _)) = coarse.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { return Lines::default() };
    let fine = (COARSE / FINE) as i32;
    let best = (-fine..=fine)
        .map(|step| near + f64::from(step) * FINE)
        .map(|degrees| (degrees, edges.pile(slope(degrees))))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((degrees, pile)) = best else { return Lines::default() };
    if pile < usual * CLEAR || degrees.abs() >= WIDEST {
        return Lines::default();
    }
    Lines {
        skew_mdeg: Some((degrees * 1000.0).round() as i32),
        upright: upright(&edges, slope(degrees), sheet.scale.1),
    }
}

/// Rows with edges in them, parted where `gap` rows are quiet: lines of writing, or several that touch.
fn lines_of(activity: &[i32], quiet: i32, gap: usize) -> Vec<std::ops::Range<usize>> {
    let mut lines: Vec<std::ops::Range<usize>> = Vec::new();
    for (y, _) in activity.iter().enumerate().filter(|(_, edges)| **edges > quiet) {
        match lines.last_mut() {
            Some(line) if y < line.end + gap => line.end = y + 1,
            _ => lines.push(y..y + 1),
        }
    }
    lines
}

/// Asks the lines of the page which of their edges pile up higher; the answer is their mean over its
/// standard error.
fn upright(edges: &Edges, slope: f64, scale: f64) -> Option<i32> {
    let top = edges.profile(&edges.top, slope);
    let bottom = edges.profile(&edges.bottom, slope);
    let activity: Vec<i32> = top.iter().zip(&bottom).map(|(top, bottom)| top + bottom).collect();
    let quiet = (activity.iter().sum::<i32>() / i32::try_from(activity.len().max(1)).unwrap_or(1) / 8).max(2);
    let gap = ((GAP * scale).round() as usize).max(2);
    let answers: Vec<f64> = lines_of(&activity, quiet, gap)
        .into_iter()
        .filter_map(|line| {
            let (top, bottom) = (top.get(line.clone())?, bottom.get(line)?);
            let many = |side: &[i32]| side.iter().sum::<i32>();
            let pile = |side: &[i32]| side.iter().map(|v| f64::from(*v) * f64::from(*v)).sum::<f64>();
            // A few letters are no line.
            (many(top).min(many(bottom)) >= 60).then(|| (pile(bottom) / pile(top)).ln().clamp(-1.5, 1.5))
        })
        .collect();
    if answers.len() < ANSWERS {
        return None;
    }
    let count = answers.len() as f64;
    let mean = answers.iter().sum::<f64>() / count;
    let spread = answers.iter().map(|a| (a - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let error = (spread / count).sqrt().max(0.02);
    Some((mean / error * 1000.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::raster::Picture;

    /// Lines of "letters" with the same feet and unequal heads, leaning by `degrees`.
    fn page(degrees: f64, on_its_head: bool) -> Sheet {
        let (width, height) = (900usize, 1200usize);
        let mut data = vec![240u8; width * height];
        for line in 0..20usize {
            for letter in 0..70usize {
                let (x0, base) = (60 + letter * 11, 150.0 + line as f64 * 48.0);
                let tall = 14 + (letter * 7 + line * 3) % 5 * 3;
                for x in x0..x0 + 6 {
                    let lean = (x as f64 - 450.0) * degrees.to_radians().tan();
                    for dy in 0..tall {
                        // Letters have openings, each elsewhere.
                        if dy >= 2
                            && dy + 3 < tall
                            && (letter * letter * 31 + line * 17 + dy * dy * 7 + letter * dy * 13) % 5 == 0
                        {
                            continue;
                        }
                        let y = (base + lean) as usize - dy;
                        let at = if on_its_head {
                            (height - 1 - y) * width + width - 1 - x
                        } else {
                            y * width + x
                        };
                        data[at] = 30;
                    }
                }
            }
        }
        Sheet::of(&Picture { width, height, channels: 1, data }, (6.0, 6.0), 200)
    }

    #[test]
    fn leaning_lines_are_measured_to_a_tenth_of_a_degree() {
        for degrees in [-7.3, -1.0, 0.0, 0.4, 3.2, 12.0] {
            let found = lines(&page(degrees, false)).skew_mdeg.unwrap();
            assert!((f64::from(found) / 1000.0 - degrees).abs() <= 0.15, "{degrees} was read as {found}");
        }
    }

    #[test]
    fn letters_stand_on_their_feet() {
        assert!(lines(&page(1.5, false)).upright.unwrap() > 3_000, "the feet are in line");
        assert!(lines(&page(1.5, true)).upright.unwrap() < -3_000, "the heads are in line");
    }

    #[test]
    fn an_empty_page_says_nothing() {
        let bare = Picture { width: 900, height: 1200, channels: 1, data: vec![240; 900 * 1200] };
        assert_eq!(lines(&Sheet::of(&bare, (6.0, 6.0), 0)), Lines::default());
    }
}
