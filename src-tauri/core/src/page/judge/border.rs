//! Writing that runs off the picture. Printers leave at least four millimetres free and hands do too:
//! letters within a millimetre of the edge were cut. Long dark edges (the scanner's bed, a band of
//! colour, a shadow) and the lines of ruled paper are no letters.

use super::sheet::Sheet;

/// How near the edge letters are taken for cut, mm.
const NEAR: f64 = 1.2;
/// Shortest piece of a letter along the edge, mm.
const SHORT: f64 = 0.25;
/// Longest piece along the top or bottom (a word) and along the sides (the height of a line), mm.
const WORD: f64 = 30.0;
const LINE: f64 = 6.0;
/// How deep a piece must be, mm: dust and the rim of the sheet are not.
const DEPTH: f64 = 0.8;
/// How far inwards that is looked for, mm.
const INWARDS: f64 = 4.0;
/// A dark row that goes on this far inwards is a rule, mm.
const RULE: f64 = 14.0;

/// Pieces of writing that touch the top, right, bottom and left edge.
pub(super) fn cut(sheet: &Sheet) -> [u32; 4] {
    let (w, h) = (sheet.width, sheet.height);
    let ((sx, sy), right, bottom) = (sheet.scale, w.saturating_sub(1), h.saturating_sub(1));
    [
        side(&Edge { long: w, deep: h, along: sx, inward: sy, longest: WORD, at: &|p, d| (p, d) }, sheet),
        side(
            &Edge {
                long: h,
                deep: w,
                along: sy,
                inward: sx,
                longest: LINE,
                at: &|p, d| (right.saturating_sub(d), p),
            },
            sheet,
        ),
        side(
            &Edge {
                long: w,
                deep: h,
                along: sx,
                inward: sy,
                longest: WORD,
                at: &|p, d| (p, bottom.saturating_sub(d)),
            },
            sheet,
        ),
        side(&Edge { long: h, deep: w, along: sy, inward: sx, longest: LINE, at: &|p, d| (d, p) }, sheet),
    ]
}

/// One edge of the picture: places run along it, depth goes inwards.
struct Edge<'a> {
    long: usize,
    deep: usize,
    along: f64,
    inward: f64,
    /// Longest piece, mm.
    longest: f64,
    at: &'a dyn Fn(usize, usize) -> (usize, usize),
}

fn side(edge: &Edge<'_>, sheet: &Sheet) -> u32 {
    let px = |mm: f64, scale: f64| ((mm * scale).round() as usize).max(1);
    let near = px(NEAR, edge.inward);
    let (inwards, rule) = (px(INWARDS, edge.inward), px(RULE, edge.inward));
    if edge.deep < rule * 2 {
        return 0;
    }
    let ink = |place: usize, depth: usize| {
        let (x, y) = (edge.at)(place, depth);
        sheet.is_ink(x, y)
    };
    let touches: Vec<bool> = (0..edge.long)
        .map(|place| {
            let (x, y) = (edge.at)(place, near);
            !sheet.is_bed(x, y) && (0..near).any(|depth| ink(place, depth))
        })
        .collect();
    let (short, long) = (px(SHORT, edge.along), px(edge.longest, edge.along));
    let depth = px(DEPTH, edge.inward);
    let mut pieces = 0;
    let mut from = None;
    for place in 0..=edge.long {
        let touching = touches.get(place) == Some(&true);
        match (touching, from) {
            (true, None) => from = Some(place),
            (false, Some(start)) => {
                from = None;
                let span = place - start;
                let around = start.saturating_sub(depth)..place + depth;
                let deep = (0..inwards).filter(|depth| around.clone().any(|p| ink(p, *depth))).count();
                let ruled = (0..rule).filter(|depth| (start..place).any(|p| ink(p, *depth))).count();
                if (short..=long).contains(&span) && deep >= depth && ruled * 10 < rule * 9 {
                    pieces += 1;
                }
            }
            _ => {}
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::raster::Picture;

    /// A page whose writing starts `margin` px from the left edge; the lines of ruled paper, or not.
    fn page(margin: usize, ruled: bool) -> Sheet {
        let (width, height) = (900usize, 1200usize);
        let data = (0..width * height)
            .map(|i| {
                let (x, y) = (i % width, i / width);
                let letter = y > 60 && y % 40 < 14 && x >= margin && x < 800 && (x - margin) % 9 < 6;
                let rule = ruled && y % 40 < 2;
                if letter && !ruled || rule { 40 } else { 235 }
            })
            .collect();
        Sheet::of(&Picture { width, height, channels: 1, data }, (6.0, 6.0), 190)
    }

    #[test]
    fn writing_at_the_edge_is_cut_and_ruled_paper_is_not() {
        assert!(cut(&page(0, false))[3] > 20, "each line begins outside: {:?}", cut(&page(0, false)));
        assert_eq!(cut(&page(60, false)), [0; 4], "a margin of a centimetre");
        assert_eq!(cut(&page(0, true)), [0; 4], "lines of ruled paper run off every sheet");
    }
}
