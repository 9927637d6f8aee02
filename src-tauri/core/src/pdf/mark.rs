//! The clerk's mark: name, time, code and QR, top-left of page 1 (Circular 01/2023, Art. 8).
//!
//! It covers nothing: it stands on free paper near the corner, and when there is none the page is
//! extended by a band above, the content unscaled. It is drawn before the hash.

use std::fmt::Write as _;

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::assemble::{Assembled, Content, Page};
use super::font::Font;
use super::write::number;

/// What the mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkText {
    /// Lines of text, top first.
    pub lines: Vec<String>,
    /// Content of the QR code.
    pub code: String,
    /// Stands across every page in outline, e.g. of a training counter's copies. The only thing that
    /// is drawn over a page.
    pub watermark: Option<String>,
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
}

/// Type size of the watermark before it is fitted to a page.
const WATERMARK_SIZE: i64 = 100_000;

/// Side of a QR module, thousandths of a point: 0.72 mm, almost three pixels at 100 dpi.
const MODULE: i64 = 2_040;
/// Quiet zone, modules (ISO/IEC 18004 asks for four).
const QUIET: i64 = 4;
/// Type size, largest and smallest.
const SIZES: (i64, i64) = (8_000, 5_000);
/// Distance from the paper's edge, so that printers do not cut it: 5 mm.
const EDGE: i64 = 14_173;

/// The band is a multiple of a tenth of an inch, thousandths of a point: a whole number of pixels at
/// every scanner's resolution, so that what lies under it is drawn on the same pixels as before.
const BAND_STEP: i64 = 7_200;

/// Places the mark on page 1.
///
/// # Errors
/// [`MarkError`].
pub fn mark(document: Assembled, text: &MarkText) -> Result<Marked, MarkError> {
    let page = document.pages.first().ok_or(MarkError::NoPage)?;
    let mut font = Font::serif().ok_or(MarkError::Letter)?;
    if !text.lines.iter().chain(&text.watermark).all(|line| font.covers(line)) {
        return Err(MarkError::Letter);
    }
    text.lines.iter().chain(&text.watermark).for_each(|line| font.note(line));
    let qr = modules(&text.code).ok_or(MarkError::CodeTooLong)?;

    let qr_side = (qr.len() as i64 + 2 * QUIET) * MODULE;
    let widest = |size| text.lines.iter().map(|line| font.width(line, size)).max().unwrap_or(0);
    let room = page.width - 2 * EDGE - qr_side;
    let size = (SIZES.1..=SIZES.0).rev().step_by(500).find(|s| widest(*s) <= room).unwrap_or(SIZES.1);
    let width = qr_side + widest(size);
    let text_height = text.lines.len() as i64 * leading(size) + size / 2;
    let height = qr_side.max(text_height);

    let placed = free_place(page, width, height);
    let (band, at) = match placed {
        Some(at) => (0, at),
        None => (height.div_euclid(BAND_STEP) * BAND_STEP + BAND_STEP, (EDGE - QUIET * MODULE, 0)),
    };
    let min_width = if placed.is_some() { 0 } else { width + EDGE };
    let mark = Mark {
        band,
        min_width,
        at,
        size,
        qr,
        lines: text.lines.clone(),
        watermark: text.watermark.clone(),
        font,
    };
    Ok(Marked { document, mark })
}

fn leading(size: i64) -> i64 {
    size * 5 / 4
}

/// Free paper near the top-left corner, for pages whose pictures we draw ourselves. A page of an
/// imported PDF paints over what lies beneath it, so there the band is the only sure place.
fn free_place(page: &Page, width: i64, height: i64) -> Option<(i64, i64)> {
    let (Content::Picture { .. }, Some(ink)) = (&page.content, &page.ink) else { return None };
    let cell = (page.width / i64::from(ink.cols.max(1)), page.height / i64::from(ink.rows.max(1)));
    if cell.0 <= 0 || cell.1 <= 0 {
        return None;
    }
    let cells = |length: i64, cell: i64| u32::try_from(length.div_euclid(cell) + 1).ok();
    // One cell more on every side, so that nothing touches.
    let (cols, rows) = (cells(width, cell.0)? + 2, cells(height, cell.1)? + 2);
    let margin = cells(EDGE, cell.0)?.max(cells(EDGE, cell.1)?);
    let reach = (ink.cols / 3, ink.rows / 5);
    let (col, row) = ink.free_near_top_left(cols, rows, margin, reach)?;
    Some((i64::from(col + 1) * cell.0, i64::from(row + 1) * cell.1))
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
        let side = self.qr.len() as i64;
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
        ops.push_str("f\n");
        let text_left = left + (side + 2 * QUIET) * MODULE;
        let block = self.lines.len() as i64 * leading(self.size);
        let first = top + ((side + 2 * QUIET) * MODULE - block) / 2 + self.size;
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
