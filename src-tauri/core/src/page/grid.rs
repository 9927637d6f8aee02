//! Asking an [`InkMap`]: what is free, and how it turns with the page.

use super::InkMap;

impl InkMap {
    /// An empty map.
    #[must_use]
    pub fn blank(cols: u32, rows: u32) -> Self {
        Self { cols, rows, bits: vec![0; (cols.div_ceil(8) * rows) as usize] }
    }

    /// True when the cell carries something; cells outside always do.
    #[must_use]
    pub fn is_set(&self, col: u32, row: u32) -> bool {
        if col >= self.cols || row >= self.rows {
            return true;
        }
        let place = (row * self.cols.div_ceil(8) + col / 8) as usize;
        self.bits.get(place).is_none_or(|byte| byte & (0x80 >> (col % 8)) != 0)
    }

    /// Marks a cell.
    pub fn set(&mut self, col: u32, row: u32) {
        if col < self.cols && row < self.rows {
            let place = (row * self.cols.div_ceil(8) + col / 8) as usize;
            if let Some(byte) = self.bits.get_mut(place) {
                *byte |= 0x80 >> (col % 8);
            }
        }
    }

    /// The map after `turns` clockwise quarter turns of the page.
    #[must_use]
    pub fn turned(&self, turns: u8) -> Self {
        let mut map = self.clone();
        for _ in 0..turns % 4 {
            let mut next = Self::blank(map.rows, map.cols);
            for row in 0..map.rows {
                for col in (0..map.cols).filter(|col| map.is_set(*col, row)) {
                    next.set(map.rows - 1 - row, col);
                }
            }
            map = next;
        }
        map
    }

    /// The free rectangle of `cols` × `rows` cells nearest the top-left corner, its own corner not
    /// left of or above `margin`, nor right of `reach.0` or below `reach.1`. All in cells.
    #[must_use]
    pub fn free_near_top_left(
        &self,
        cols: u32,
        rows: u32,
        margin: u32,
        reach: (u32, u32),
    ) -> Option<(u32, u32)> {
        let sums = self.sums();
        let wide = self.cols as usize + 1;
        let sum =
            |col: u32, row: u32| sums.get(row as usize * wide + col as usize).copied().unwrap_or(u32::MAX);
        let mut best: Option<(u32, u32)> = None;
        for row in margin..=reach.1.min(self.rows.checked_sub(rows)?) {
            for col in margin..=reach.0.min(self.cols.checked_sub(cols)?) {
                if best.is_some_and(|(c, r)| c + r <= col + row) {
                    break;
                }
                let inside = sum(col + cols, row + rows) + sum(col, row);
                if inside == sum(col, row + rows) + sum(col + cols, row) {
                    best = Some((col, row));
                    break;
                }
            }
        }
        best
    }

    /// Summed-area table, one row and column larger than the map.
    fn sums(&self) -> Vec<u32> {
        let wide = self.cols as usize + 1;
        let mut sums = vec![0; wide];
        for row in 0..self.rows {
            let mut line = 0;
            let mut next = vec![0];
            for col in 0..self.cols {
                line += u32::from(self.is_set(col, row));
                let above = sums.get(row as usize * wide + col as usize + 1).copied().unwrap_or(0);
                next.push(above + line);
            }
            sums.extend(next);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_takes_the_top_left_to_the_top_right() {
        let mut map = InkMap::blank(10, 20);
        map.set(0, 0);
        let turned = map.turned(1);
        assert_eq!((turned.cols, turned.rows), (20, 10));
        assert!(turned.is_set(19, 0));
        assert_eq!(map.turned(4), map);
    }

    #[test]
    fn the_mark_goes_beside_what_is_written() {
        let mut map = InkMap::blank(50, 50);
        for col in 0..20 {
            map.set(col, 5);
        }
        assert_eq!(map.free_near_top_left(10, 3, 1, (40, 40)), Some((1, 1)), "three rows fit above the line");
        assert_eq!(map.free_near_top_left(10, 8, 1, (40, 40)), Some((1, 6)), "eight rows only below it");
        assert_eq!(map.free_near_top_left(10, 8, 1, (40, 3)), Some((20, 1)), "or to the right of it");
        assert_eq!(map.free_near_top_left(10, 8, 1, (10, 3)), None, "nothing is covered for want of room");
        assert_eq!(map.free_near_top_left(60, 8, 1, (10, 3)), None);
    }
}
