//! Orientation and size of a page: EXIF codes, the clerk's quarter turns, matrices.

/// The orientation (EXIF 1–8) that results when a picture of orientation `exif` is turned by
/// `turns` more clockwise quarter turns.
#[must_use]
pub fn turned(exif: u8, turns: u8) -> u8 {
    let next = |o: u8| match o {
        1 => 6,
        6 => 3,
        3 => 8,
        8 => 1,
        2 => 7,
        7 => 4,
        4 => 5,
        5 => 2,
        _ => 6,
    };
    let start = if (1..=8).contains(&exif) { exif } else { 1 };
    (0..turns % 4).fold(start, |o, _| next(o))
}

/// True when width and height change places.
#[must_use]
pub fn swaps_sides(exif: u8) -> bool {
    (5..=8).contains(&exif)
}

/// The matrix (a b c d e f, thousandths) that puts the unit square of an image with orientation
/// `exif` upright onto a page area of `w` × `h` thousandths of a point.
#[must_use]
pub fn image_matrix(exif: u8, w: i64, h: i64) -> [i64; 6] {
    match exif {
        2 => [-w, 0, 0, h, w, 0],
        3 => [-w, 0, 0, -h, w, h],
        4 => [w, 0, 0, -h, 0, h],
        5 => [0, -h, -w, 0, w, h],
        6 => [0, -h, w, 0, 0, h],
        7 => [0, h, w, 0, 0, 0],
        8 => [0, h, -w, 0, w, 0],
        _ => [w, 0, 0, h, 0, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarter_turns_come_home() {
        for exif in 1..=8 {
            assert_eq!(turned(exif, 4), exif);
            assert_eq!(turned(turned(exif, 1), 3), exif, "one turn and three more are none");
            assert_eq!(swaps_sides(turned(exif, 1)), !swaps_sides(exif));
        }
    }

    /// Where the stored picture's top-left and top-right corners end up, by EXIF's own words.
    #[test]
    fn corners_land_where_exif_says() {
        // (orientation, top-left corner, top-right corner) on a page 2 wide, 1 high, origin bottom left.
        let cases = [
            (1, (0, 1), (2, 1)),
            (2, (2, 1), (0, 1)),
            (3, (2, 0), (0, 0)),
            (4, (0, 0), (2, 0)),
            (5, (0, 1), (0, 0)),
            (6, (2, 1), (2, 0)),
            (7, (2, 0), (2, 1)),
            (8, (0, 0), (0, 1)),
        ];
        for (exif, left, right) in cases {
            let [a, b, c, d, e, f] = image_matrix(exif, 2, 1);
            let at = |u: i64, v: i64| (a * u + c * v + e, b * u + d * v + f);
            assert_eq!((at(0, 1), at(1, 1)), (left, right), "orientation {exif}");
        }
    }
}
