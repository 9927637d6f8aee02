//! Where a mark may stand on a page: on free paper in its corner, or in a band above the page.

use serde::{Deserialize, Serialize};

use super::assemble::{Content, Page};
use crate::page::InkMap;

/// Corner of page 1 a mark belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corner {
    /// The clerk's (Circular 01/2023, Art. 8).
    TopLeft,
    /// The agency's (Decree 30/2020, Annex I).
    TopRight,
}

/// Where a mark stands, thousandths of a point from the left and top of the upright page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// On the page.
    Page(i64, i64),
    /// In the band above it, so far from the left.
    Band(i64),
}

/// A step of the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "MarkStep"))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Where the program would put it.
    Automatic,
}

/// Distance from the paper's edge, so that printers do not cut it: 5 mm.
pub(super) const EDGE: i64 = 14_173;
/// A step inside the band: 1 mm.
const MILLIMETRE: i64 = 2_835;

/// The places of one mark on one page.
#[derive(Debug)]
pub(super) struct Room<'a> {
    page: &'a Page,
    corner: Corner,
    /// Size of the mark.
    size: (i64, i64),
    grid: Option<Grid<'a>>,
}

/// The page in cells, the mark with one cell more on every side, so that nothing touches.
#[derive(Debug)]
struct Grid<'a> {
    ink: &'a InkMap,
    cell: (i64, i64),
    mark: (u32, u32),
    margin: u32,
}

impl<'a> Room<'a> {
    pub(super) fn new(page: &'a Page, corner: Corner, size: (i64, i64)) -> Self {
        Self { page, corner, size, grid: Grid::new(page, size) }
    }

    /// The free place nearest the corner; the band when there is none.
    pub(super) fn automatic(&self) -> Place {
        let found = self.grid.as_ref().and_then(|grid| grid.nearest(self.corner));
        found.map_or_else(|| Place::Band(self.band_places().0), |(left, top)| Place::Page(left, top))
    }

    /// Whether the mark may stand there: on the page, in its corner, over nothing.
    pub(super) fn allows(&self, place: Place) -> bool {
        match (place, &self.grid) {
            (Place::Band(left), _) => {
                let (first, last) = self.band_places();
                (first.min(last)..=first.max(last)).contains(&left)
            }
            (Place::Page(left, top), Some(grid)) => {
                let (col, row) = grid.cell_at(left, top);
                let free = u32::try_from(col).ok().zip(u32::try_from(row).ok());
                self.in_corner(left, top) && free.is_some_and(|(col, row)| grid.is_free(col, row))
            }
            (Place::Page(..), None) => false,
        }
    }

    /// The next place that is free in a direction; `None` when there is none.
    pub(super) fn next(&self, from: Place, step: Step) -> Option<Place> {
        let (dx, dy) = match step {
            Step::Left => (-1, 0),
            Step::Right => (1, 0),
            Step::Up => (0, -1),
            Step::Down => (0, 1),
            Step::Automatic => return Some(self.automatic()),
        };
        let (col, row) = match (from, &self.grid) {
            (Place::Band(left), _) if dy == 0 => {
                let moved = Place::Band(left + dx * MILLIMETRE);
                return self.allows(moved).then_some(moved);
            }
            (Place::Band(left), Some(grid)) => (grid.cell_at(left, 0).0.max(grid.margin.into()), -1),
            (Place::Page(left, top), Some(grid)) => grid.cell_at(left, top),
            (_, None) => return None,
        };
        let grid = self.grid.as_ref()?;
        let across = i64::from(grid.ink.cols.max(grid.ink.rows));
        (1..=across)
            .map(|far| grid.place(col + dx * far, row + dy * far))
            .map(|(left, top)| Place::Page(left, top))
            .find(|place| self.allows(*place))
    }

    /// Left edge of the mark at its own end of the band, and at the other.
    fn band_places(&self) -> (i64, i64) {
        let right = (self.page.width - EDGE - self.size.0).max(EDGE);
        match self.corner {
            Corner::TopLeft => (EDGE, right),
            Corner::TopRight => (right, EDGE),
        }
    }

    /// In the upper half of the page, and in its own half across.
    fn in_corner(&self, left: i64, top: i64) -> bool {
        let across = match self.corner {
            Corner::TopLeft => left <= self.page.width / 2,
            Corner::TopRight => left + self.size.0 >= self.page.width / 2,
        };
        across && top + self.size.1 <= self.page.height / 2
    }
}

impl<'a> Grid<'a> {
    /// For pages whose pictures we draw ourselves. A page of an imported PDF paints over what lies
    /// beneath it, so there the band is the only sure place.
    fn new(page: &'a Page, size: (i64, i64)) -> Option<Self> {
        let (Content::Picture { .. }, Some(ink)) = (&page.content, &page.ink) else { return None };
        let cell = (page.width / i64::from(ink.cols.max(1)), page.height / i64::from(ink.rows.max(1)));
        if cell.0 <= 0 || cell.1 <= 0 {
            return None;
        }
        let cells = |length: i64, cell: i64| u32::try_from(length.div_euclid(cell) + 1).ok();
        let mark = (cells(size.0, cell.0)? + 2, cells(size.1, cell.1)? + 2);
        let margin = cells(EDGE, cell.0)?.max(cells(EDGE, cell.1)?);
        Some(Self { ink, cell, mark, margin })
    }

    fn nearest(&self, corner: Corner) -> Option<(i64, i64)> {
        // Lower down the agency's would stand among what is written, where nobody looks for it.
        let deep = match corner {
            Corner::TopLeft => 5,
            Corner::TopRight => 12,
        };
        let reach = (self.ink.cols / 3, self.ink.rows / deep);
        let near = |ink: &InkMap| ink.free_near_top_left(self.mark.0, self.mark.1, self.margin, reach);
        let (col, row) = match corner {
            Corner::TopLeft => near(self.ink)?,
            Corner::TopRight => {
                let mut mirrored = InkMap::blank(self.ink.cols, self.ink.rows);
                for row in 0..self.ink.rows {
                    for col in (0..self.ink.cols).filter(|col| self.ink.is_set(*col, row)) {
                        mirrored.set(self.ink.cols - 1 - col, row);
                    }
                }
                let (col, row) = near(&mirrored)?;
                (self.ink.cols.checked_sub(col + self.mark.0)?, row)
            }
        };
        Some(self.place(col.into(), row.into()))
    }

    fn place(&self, col: i64, row: i64) -> (i64, i64) {
        ((col + 1) * self.cell.0, (row + 1) * self.cell.1)
    }

    fn cell_at(&self, left: i64, top: i64) -> (i64, i64) {
        (left.div_euclid(self.cell.0) - 1, top.div_euclid(self.cell.1) - 1)
    }

    fn is_free(&self, col: u32, row: u32) -> bool {
        let inside = |from: u32, length: u32, whole: u32| {
            from >= self.margin && from.checked_add(length).is_some_and(|end| end <= whole)
        };
        let (cols, rows) = self.mark;
        inside(col, cols, self.ink.cols)
            && inside(row, rows, self.ink.rows)
            && (row..row + rows).all(|row| (col..col + cols).all(|col| !self.ink.is_set(col, row)))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::page::PageImage;

    /// 210 × 297 cells of a millimetre; what is set is content.
    fn page(content: &[(std::ops::Range<u32>, std::ops::Range<u32>)]) -> Page {
        let mut ink = InkMap::blank(210, 297);
        for (cols, rows) in content {
            rows.clone().for_each(|row| cols.clone().for_each(|col| ink.set(col, row)));
        }
        let image = PageImage::Jpeg { components: 3, skip: Vec::new(), plain_rgb: false, icc: None };
        let (original, side) = (PathBuf::new(), PathBuf::new());
        let content = Content::Picture { orientation: 1, px: (1654, 2339), image, original, side };
        Page { width: 595_350, height: 841_995, ink: Some(ink), content }
    }

    const MARK: (i64, i64) = (200_000, 60_000);

    fn walk(room: &Room<'_>, from: Place, step: Step) -> Vec<Place> {
        std::iter::successors(Some(from), |place| room.next(*place, step)).collect()
    }

    #[test]
    fn a_mark_walks_over_free_paper_and_over_nothing_else() {
        let written = page(&[(10..200, 60..90)]);
        let room = Room::new(&written, Corner::TopLeft, MARK);
        let start = room.automatic();
        let way = walk(&room, start, Step::Down);
        assert!(way.len() > 20, "{way:?}");
        assert!(way.iter().all(|place| room.allows(*place)));
        let tops: Vec<i64> =
            way.iter().map(|place| if let Place::Page(_, top) = place { top / 2835 } else { -1 }).collect();
        assert!(
            tops.windows(2).any(|pair| pair[1] - pair[0] > 30),
            "it leaps over what is written: {tops:?}"
        );
        assert!(tops.iter().all(|top| *top + 21 <= 149), "and stays in the upper half: {tops:?}");
        assert_eq!(room.next(start, Step::Left), None, "the paper's edge");
        let right = walk(&room, start, Step::Right);
        assert!(right.iter().all(|place| matches!(place, Place::Page(left, _) if *left <= 595_350 / 2)));
        assert!(!room.allows(Place::Page(100_000, 160_000)), "not over content");
        assert!(!room.allows(Place::Page(-5_000, 30_000)), "not off the page");
        assert_eq!(room.next(Place::Page(60_000, 50_000), Step::Automatic), Some(start));
    }

    #[test]
    fn a_full_page_has_a_band_and_the_mark_moves_along_it() {
        let full = page(&[(0..210, 0..140), (0..210, 175..297)]);
        let room = Room::new(&full, Corner::TopLeft, MARK);
        let Place::Band(left) = room.automatic() else { panic!("no free paper near the corner") };
        assert_eq!(room.next(Place::Band(left), Step::Left), None);
        assert_eq!(room.next(Place::Band(left), Step::Right), Some(Place::Band(left + MILLIMETRE)));
        assert_eq!(room.next(Place::Band(left), Step::Up), None);
        assert_eq!(
            room.next(Place::Band(left), Step::Down),
            None,
            "free paper below the upper half is too far"
        );
        let last = *walk(&room, Place::Band(left), Step::Right).last().unwrap();
        assert!(matches!(last, Place::Band(left) if left + MARK.0 <= 595_350 - EDGE));
    }

    #[test]
    fn the_agencys_corner_is_the_other_one() {
        let written = page(&[(0..120, 0..60)]);
        let Place::Page(left, _) = Room::new(&written, Corner::TopRight, MARK).automatic() else {
            panic!("there is free paper")
        };
        assert!(left + MARK.0 > 595_350 - 2 * EDGE - 3 * MILLIMETRE, "{left}");
    }
}
