//! The two marks of page 1: the clerk's, with name, time, code and QR at the top left (Circular
//! 01/2023, Art. 8), and the agency's, only lines of text at the top right (Decree 30/2020, Annex I).
//!
//! A mark covers nothing: it stands on free paper near its corner, and when there is none the page is
//! extended by a band above, the content unscaled. It is drawn before the hash.

use std::fmt::Write as _;

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::assemble::Assembled;
use super::font::Font;
use super::place::{Corner, EDGE, Place, Room, Step};
use super::write::number;

/// What the mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkText {
    /// Whose mark it is.
    pub layout: Layout,
    /// Lines of text, top first.
    pub lines: Vec<String>,
    /// Content of the QR code of a clerk's mark.
    pub code: String,
    /// Stands across every page in outline, e.g. of a training counter's copies. The only thing that
    /// is drawn over a page.
    pub watermark: Option<String>,
}

/// Whose mark it is, and so how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The clerk's, on a copy.
    Clerk,
    /// The agency's, on what the agency itself signs.
    Agency,
}

impl Layout {
    fn corner(self) -> Corner {
        match self {
            Self::Clerk => Corner::TopLeft,
            Self::Agency => Corner::TopRight,
        }
    }

    /// Largest and smallest type size, thousandths of a point.
    fn sizes(self) -> (i64, i64) {
        match self {
            Self::Clerk => (8_000, 5_000),
            // Decree 30/2020, Annex I: size 10.
            Self::Agency => (10_000, 10_000),
        }
    }
}

/// A document with its mark in place. The only thing that can be signed.
#[derive(Debug)]
pub struct Marked {
    /// The document.
    pub document: Assembled,
    /// The mark.
    pub mark: Mark,
}

/// The mark as drawn.
#[derive(Debug)]
pub struct Mark {
    /// Height of the band added above page 1, thousandths of a point; 0 when it found free paper.
    pub band: i64,
    /// Width the page must have for the mark, thousandths of a point.
    pub min_width: i64,
    /// Left and top edge, from the left and top of the extended upright page.
    pub at: (i64, i64),
    /// The same as a place of the page.
    pub place: Place,
    /// Size, thousandths of a point.
    pub extent: (i64, i64),
    layout: Layout,
    /// Type size, thousandths of a point.
    size: i64,
    qr: Vec<Vec<bool>>,
    lines: Vec<String>,
    watermark: Option<String>,
    /// Typeface with the mark's letters noted.
    pub font: Font,
}

/// Why a mark cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// The code does not fit into a QR code of readable size.
    #[error("code too long for a QR code")]
    CodeTooLong,
    /// The typeface has no glyph for a letter.
    #[error("no glyph for a letter of the mark")]
    Letter,
    /// The document has no page.
    #[error("no page to mark")]
    NoPage,
    /// It would cover something there, or leave its corner.
    #[error("the mark may not stand there")]
    Place,
}

/// Type size of the watermark before it is fitted to a page.
const WATERMARK_SIZE: i64 = 100_000;

/// Side of a QR module, thousandths of a point: 0.72 mm, almost three pixels at 100 dpi.
const MODULE: i64 = 2_040;
/// Quiet zone, modules (ISO/IEC 18004 asks for four).
const QUIET: i64 = 4;

/// The band is a multiple of a tenth of an inch, thousandths of a point: a whole number of pixels at
/// every scanner's resolution, so that what lies under it is drawn on the same pixels as before.
const BAND_STEP: i64 = 7_200;

/// Places the mark on page 1: where it is told, else where the page is free near its corner.
///
/// # Errors
/// [`MarkError`].
pub fn mark(document: Assembled, text: &MarkText, at: Option<Place>) -> Result<Marked, MarkError> {
    let page = document.pages.first().ok_or(MarkError::NoPage)?;
    let mut font = Font::serif().ok_or(MarkError::Letter)?;
    if !text.lines.iter().chain(&text.watermark).all(|line| font.covers(line)) {
        return Err(MarkError::Letter);
    }
    text.lines.iter().chain(&text.watermark).for_each(|line| font.note(line));
    let qr = match text.layout {
        Layout::Clerk => modules(&text.code).ok_or(MarkError::CodeTooLong)?,
        Layout::Agency => Vec::new(),
    };

    let qr_side = qr_extent(&qr);
    let widest = |size| text.lines.iter().map(|line| font.width(line, size)).max().unwrap_or(0);
    let room = page.width - 2 * EDGE - qr_side;
    let (largest, smallest) = text.layout.sizes();
    let size = (smallest..=largest).rev().step_by(500).find(|s| widest(*s) <= room).unwrap_or(smallest);
    let width = qr_side + widest(size);
    let text_height = text.lines.len() as i64 * leading(size) + size / 2;
    let height = qr_side.max(text_height);

    let room = Room::new(page, text.layout.corner(), (width, height));
    let place = match at {
        Some(place) if !room.allows(place) => return Err(MarkError::Place),
        Some(place) => place,
        None => room.automatic(),
    };
    let (band, min_width, at) = match place {
        Place::Page(left, top) => (0, 0, (left, top)),
        // The QR code's quiet zone may run out to the paper's edge.
        Place::Band(left) => {
            let quiet = if qr_side > 0 { QUIET * MODULE } else { 0 };
            let band = height.div_euclid(BAND_STEP) * BAND_STEP + BAND_STEP;
            (band, left + width, (left - quiet, 0))
        }
    };
    let mark = Mark {
        band,
        min_width,
        at,
        place,
        extent: (width, height),
        layout: text.layout,
        size,
        qr,
        lines: text.lines.clone(),
        watermark: text.watermark.clone(),
        font,
    };
    Ok(Marked { document, mark })
}

impl Marked {
    /// The next place its mark may stand in a direction; `None` when there is none.
    #[must_use]
    pub fn beside(&self, step: Step) -> Option<Place> {
        let page = self.document.pages.first()?;
        Room::new(page, self.mark.layout.corner(), self.mark.extent).next(self.mark.place, step)
    }
}

/// Side of a QR code with its quiet zone; 0 when there is none.
fn qr_extent(qr: &[Vec<bool>]) -> i64 {
    if qr.is_empty() { 0 } else { (qr.len() as i64 + 2 * QUIET) * MODULE }
}

fn leading(size: i64) -> i64 {
    size * 5 / 4
}

/// Rows of modules, true = dark.
fn modules(code: &str) -> Option<Vec<Vec<bool>>> {
    let qr = if code.is_ascii() {
        QrCode::with_error_correction_level(code, EcLevel::M).ok()?
    } else {
        // ECI 26 says the bytes are UTF-8; without it readers guess.
        (2..=12).find_map(|version| {
            let mut bits = Bits::new(Version::Normal(version));
            bits.push_eci_designator(26).ok()?;
            bits.push_byte_data(code.as_bytes()).ok()?;
            bits.push_terminator(EcLevel::M).ok()?;
            QrCode::with_bits(bits, EcLevel::M).ok()
        })?
    };
    let width = qr.width();
    (width <= 65).then(|| {
        qr.to_colors().chunks(width).map(|row| row.iter().map(|c| *c == Color::Dark).collect()).collect()
    })
}

impl Mark {
    /// Drawing operators in a frame whose origin is the top-left corner of the extended upright
    /// page, x to the right, y **down** being negative (PDF's own direction). `font` is the
    /// resource name, `show` encodes a line.
    #[must_use]
    pub fn operators(&self, font: &str, show: &dyn Fn(&str) -> String) -> String {
        let (left, top) = self.at;
        let mut ops = String::from("q 0 g\n");
        for (y, row) in self.qr.iter().enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    _ = writeln!(
                        ops,
                        "{} {} {} {} re",
                        number(left + (QUIET + x) * MODULE),
                        number(-top - (QUIET + y as i64 + 1) * MODULE),
                        number(run.len() as i64 * MODULE),
                        number(MODULE)
                    );
                }
                x += run.len() as i64;
            }
        }
        if !self.qr.is_empty() {
            ops.push_str("f\n");
        }
        let text_left = left + qr_extent(&self.qr);
        let block = self.lines.len() as i64 * leading(self.size);
        let first = top + (qr_extent(&self.qr) - block).max(0) / 2 + self.size;
        _ = writeln!(ops, "BT /{font} {} Tf {} TL", number(self.size), number(leading(self.size)));
        _ = writeln!(ops, "{} {} Td", number(text_left), number(-first));
        for line in &self.lines {
            _ = writeln!(ops, "{} Tj T*", show(line));
        }
        ops.push_str("ET Q\n");
        ops
    }

    /// Drawing operators of the watermark, centred on the origin; `None` when there is none.
    #[must_use]
    pub fn watermark_operators(&self, font: &str, show: &dyn Fn(&str) -> String) -> Option<String> {
        let text = self.watermark.as_deref()?;
        let (left, down) = (-self.font.width(text, WATERMARK_SIZE) / 2, -WATERMARK_SIZE / 3);
        Some(format!(
            "q 0.6 w 0.9 0.5 0.1 RG BT /{font} {} Tf 1 Tr {} {} Td {} Tj ET Q\n",
            number(WATERMARK_SIZE),
            number(left),
            number(down),
            show(text)
        ))
    }

    /// Where the watermark goes on a page of that size (thousandths of a point): along its diagonal,
    /// over two thirds of it. A matrix in thousandths, shift in thousandths of a point.
    #[must_use]
    pub fn watermark_matrix(&self, width: i64, height: i64) -> [i64; 6] {
        let long = self.watermark.as_deref().map_or(1, |text| self.font.width(text, WATERMARK_SIZE)).max(1);
        let (w, h) = (width as f64, height as f64);
        let grown = 2.0 / 3.0 * w.hypot(h) / long as f64;
        let (cos, sin) = (grown * w / w.hypot(h), grown * h / w.hypot(h));
        let [cos, sin] = [cos, sin].map(|part| (part * 1000.0).round() as i64);
        [cos, sin, -sin, cos, width / 2, height / 2]
    }
}
