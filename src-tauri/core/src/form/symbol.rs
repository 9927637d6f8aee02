//! QR and bar codes as pictures for templates, SVG.

use std::fmt::Write as _;

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

/// A QR code (ISO/IEC 18004, level M) with its quiet zone; `None` when the text is too long for one.
#[must_use]
pub fn qr_code(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark);
    let squares = dark.enumerate().filter(|(_, dark)| *dark).fold(String::new(), |mut path, (at, _)| {
        // Writing to a text cannot fail.
        _ = write!(path, "M{} {}h1v1h-1z", at % width + 4, at / width + 4);
        path
    });
    Some(svg(width + 8, width + 8, &squares))
}

/// A Code 128 bar code with its quiet zone; `None` when the text has characters it cannot carry.
#[must_use]
pub fn bar_code(text: &str) -> Option<String> {
    // Set B: every printable character of ASCII.
    let bars = Code128::new(format!("\u{181}{text}")).ok()?.encode();
    let stripes =
        bars.iter().enumerate().filter(|(_, bar)| **bar == 1).fold(String::new(), |mut path, (at, _)| {
            _ = write!(path, "M{} 0h1v40h-1z", at + 10);
            path
        });
    Some(svg(bars.len() + 20, 40, &stripes))
}

fn svg(width: usize, height: usize, path: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_dossiers_fit() {
        assert!(
            qr_code("H56.14-261124-0001|1.001193").unwrap().contains("M4 4h1v1h-1z"),
            "the first finder begins at its quiet zone"
        );
        assert!(bar_code("H56.14-261124-0001").is_some());
        assert!(bar_code("TAM-7K3Q0000-000001").is_some());
        assert!(bar_code("Đ").is_none());
    }
}
