//! Size on paper and what there is to say about a page. Rules only; no files, no pixels.

use super::{Colour, Finding, FindingKind, Severity};

/// Least resolution of a digitized paper, dpi. Decree 30/2020, Annex I.
const LEAST_DPI: f64 = 200.0;
/// Scanners round; one per cent is no defect.
const DPI_SLACK: f64 = 0.99;
/// ISO 216 sizes a scan at 100 % may have, mm (short, long).
const PAPERS: [(f64, f64); 3] = [(297.0, 420.0), (210.0, 297.0), (148.0, 210.0)];
/// Slack on each side of a paper.
const PAPER_SLACK: f64 = 0.03;

/// A blocking finding on page `index` (from 0), or on the whole file.
pub(super) fn block(index: Option<u32>, kind: FindingKind, detail: String) -> Finding {
    let page = index.map_or(0, |i| i.saturating_add(1));
    Finding { file: String::new(), page, kind, severity: Severity::Blocking, detail }
}

/// A warning on page `index` (from 0).
pub(super) fn warn(index: u32, kind: FindingKind, detail: String) -> Finding {
    Finding { severity: Severity::Warning, ..block(Some(index), kind, detail) }
}

/// A notice on page `index` (from 0).
pub(super) fn notice(index: u32, kind: FindingKind, detail: String) -> Finding {
    Finding { severity: Severity::Notice, ..block(Some(index), kind, detail) }
}

/// Size of a stored picture on paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    /// Thousandths of a point.
    pub width_mpt: u32,
    pub height_mpt: u32,
    /// The lesser axis, rounded.
    pub dpi: u32,
    /// The file said so; else A4 was assumed.
    pub known: bool,
    exact: f64,
}

impl Size {
    /// From the stored size in pixels, the resolution the file claims, and the orientation.
    ///
    /// A claim counts when each axis has 20–4800 dpi and the page comes to 20–1300 mm a side.
    /// Otherwise the page is fitted into A4, upright or lying as the picture is.
    pub fn of(width: usize, height: usize, claim: Option<(f64, f64)>, orientation: u8) -> Self {
        let (w, h) = (width as f64, height as f64);
        let credible = |(x, y): &(f64, f64)| {
            let side = |px: f64, dpi: f64| (20.0..=1300.0).contains(&(px / dpi * 25.4));
            (20.0..=4800.0).contains(x) && (20.0..=4800.0).contains(y) && side(w, *x) && side(h, *y)
        };
        let known = claim.filter(credible);
        let (x, y) = known.unwrap_or_else(|| {
            let lying = if orientation >= 5 { h > w } else { w > h };
            // The paper as it lies under the stored, not yet turned, picture.
            let stored_wide = lying != (orientation >= 5);
            let (pw, ph) = if stored_wide { (297.0, 210.0) } else { (210.0, 297.0) };
            let dpi = (w / (pw / 25.4)).max(h / (ph / 25.4));
            (dpi, dpi)
        });
        let points = |px: f64, dpi: f64| (px / dpi * 72_000.0).round().clamp(3_000.0, 14_400_000.0) as u32;
        let exact = x.min(y);
        Self {
            width_mpt: points(w, x),
            height_mpt: points(h, y),
            dpi: exact.round() as u32,
            known: known.is_some(),
            exact,
        }
    }

    /// Width and height, mm.
    fn mm(&self) -> (f64, f64) {
        (f64::from(self.width_mpt) / 72_000.0 * 25.4, f64::from(self.height_mpt) / 72_000.0 * 25.4)
    }

    /// Cells of about one millimetre across and down the stored picture, at most 1500.
    pub fn grid(&self) -> (usize, usize) {
        let (w, h) = self.mm();
        let cells = |mm: f64| ((mm - 0.001).ceil() as usize).clamp(1, 1500);
        (cells(w), cells(h))
    }

    /// Px a millimetre across and down a stored picture of `width` × `height` px.
    pub fn scale(&self, width: usize, height: usize) -> (f64, f64) {
        let (w, h) = self.mm();
        (width as f64 / w, height as f64 / h)
    }

    /// What resolution, colour and paper size give to say.
    pub fn findings(&self, index: u32, colour: Colour, orientation: u8) -> Vec<Finding> {
        let mut found = Vec::new();
        let (w, h) = self.mm();
        let (w, h) = if orientation >= 5 { (h, w) } else { (w, h) };
        if !self.known {
            found.push(warn(index, FindingKind::UnknownDpi, format!("{w:.1} x {h:.1} mm")));
        }
        if self.exact < LEAST_DPI * DPI_SLACK {
            found.push(warn(index, FindingKind::LowDpi, format!("{} dpi", self.dpi)));
        }
        match colour {
            Colour::Bitonal => found.push(warn(index, FindingKind::NotColour, "1 bit".into())),
            Colour::Grey => found.push(warn(index, FindingKind::NotColour, "8 bit".into())),
            Colour::Colour => {}
        }
        let near = |a: f64, b: f64| (a / b - 1.0).abs() <= PAPER_SLACK;
        let (short, long) = (w.min(h), w.max(h));
        if self.known && !PAPERS.iter().any(|(s, l)| near(short, *s) && near(long, *l)) {
            found.push(warn(index, FindingKind::Scale, format!("{w:.1} x {h:.1} mm")));
        }
        found
    }
}

/// Most that the fields of two copies of one picture may differ on average, thousandths of a step of
/// 255, and most that any one field may, steps. Measured: one picture in other formats, qualities
/// (down to JPEG 30) and sizes stays below 260 and 2; two generated forms of one kind, 160 pages
/// against each other, stay above 660 and 4.
const SAME_MEAN: u32 = 450;
const SAME_FIELD: u8 = 3;
/// Most that the paper as a whole may differ, steps.
const SAME_LIGHT: i16 = 4;

/// True when two fingerprints (means, as the reader gave them in hexadecimal) show the same picture, also
/// saved in another format or quality.
#[must_use]
pub fn same_picture(a: &[u8], b: &[u8]) -> bool {
    let [first_a, ..] = a else { return false };
    let [first_b, ..] = b else { return false };
    if a.len() != b.len() {
        return false;
    }
    let apart = |a: &u8, b: &u8| i16::from(*a) - i16::from(*b);
    // Most pairs differ somewhere by more than any two fields of the same picture may: seen at once.
    let first = apart(first_a, first_b);
    if a.iter().zip(b).any(|(a, b)| (apart(a, b) - first).unsigned_abs() > 2 * u16::from(SAME_FIELD)) {
        return false;
    }
    // Saved in another quality, all of the paper may be a step lighter or darker; that is no difference.
    let mut shifts: Vec<i16> = a.iter().zip(b).map(|(a, b)| apart(a, b)).collect();
    shifts.sort_unstable();
    let shift = shifts.get(shifts.len() / 2).copied().unwrap_or(0);
    if shift.abs() > SAME_LIGHT {
        return false;
    }
    let apart = || shifts.iter().map(|d| (d - shift).unsigned_abs());
    let sum: u64 = apart().map(u64::from).sum();
    apart().all(|d| d <= u16::from(SAME_FIELD)) && sum * 1000 <= u64::from(SAME_MEAN) * a.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(size: Size, colour: Colour) -> Vec<FindingKind> {
        size.findings(0, colour, 1).into_iter().map(|f| f.kind).collect()
    }

    #[test]
    fn a_clean_scan_has_nothing_to_say() {
        let size = Size::of(1654, 2339, Some((200.0, 200.0)), 1);
        assert_eq!((size.width_mpt, size.height_mpt, size.dpi), (595_440, 842_040, 200));
        assert_eq!(kinds(size, Colour::Colour), []);
        assert_eq!(size.grid(), (211, 298));
        assert_eq!(kinds(Size::of(1654, 2339, Some((198.0, 198.0)), 1), Colour::Colour), [], "one per cent");
    }

    #[test]
    fn a_scan_at_the_wrong_scale_is_told_with_its_size() {
        let found = Size::of(1654, 2539, Some((200.0, 200.0)), 1).findings(2, Colour::Colour, 6);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind, found[0].page), (FindingKind::Scale, 3));
        assert_eq!(found[0].detail, "322.5 x 210.1 mm", "as it lies upright");
    }

    #[test]
    fn a_picture_without_resolution_is_fitted_into_a4() {
        let lying = Size::of(3508, 2480, None, 1);
        assert_eq!((lying.width_mpt, lying.known, lying.dpi), (841_890, false, 300));
        let turned = Size::of(3508, 2480, None, 6);
        assert_eq!(
            (turned.width_mpt, turned.height_mpt),
            (841_890, 595_179),
            "upright it is a portrait page"
        );
        assert_eq!(
            kinds(Size::of(1000, 1000, Some((1.0, 1.0)), 1), Colour::Grey),
            [FindingKind::UnknownDpi, FindingKind::LowDpi, FindingKind::NotColour]
        );
    }

    #[test]
    fn fax_resolution_differs_by_axis() {
        let size = Size::of(1728, 1145, Some((204.0, 98.0)), 1);
        assert_eq!(size.dpi, 98);
        assert_eq!(size.height_mpt, 841_224);
    }

    #[test]
    fn fingerprints_compare() {
        let a = [0x80; 256];
        let with = |first: u8| {
            let mut other = a;
            other[0] = first;
            other
        };
        assert!(same_picture(&a, &with(0x81)));
        assert!(!same_picture(&a, &[0x90; 256]));
        assert!(!same_picture(&a, &with(0x90)), "one field that differs much is another form");
        assert!(!same_picture(&[], &[]), "unknown is never the same");
    }
}
