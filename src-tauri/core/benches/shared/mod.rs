//! What the benches share: a clock that stands, and a page drawn like a scan.

use std::io;

use jpeg_encoder::{ColorType, Encoder, PixelDensity};
use saoy_core::time::{Clock, Timestamp};

/// A clock that stands, and numbers that repeat.
pub struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::parse_from_rfc3339("2026-03-02T08:30:00+07:00").unwrap()
    }

    fn random(&self, buffer: &mut [u8]) -> io::Result<()> {
        buffer.fill(7);
        Ok(())
    }
}

/// A4 in colour: lines of small dark strokes on paper that is not quite even, as scanners see it.
pub fn scan(dpi: u16, seed: u32) -> Vec<u8> {
    let (width, height) = (u32::from(dpi) * 827 / 100, u32::from(dpi) * 1169 / 100);
    let mut noise = seed | 1;
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let text = y > height / 6
                && x > width / 10
                && x < width * 9 / 10
                && (y * 200 / u32::from(dpi)) % 30 < 14;
            let ink = text && (x * 200 / u32::from(dpi) * 7 + y / 9 * seed) % 23 < 7;
            let paper = if ink { 30 } else { 244 } + (noise % 7) as u8;
            pixels.extend([paper, paper, paper.saturating_sub(6)]);
        }
    }
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 85);
    encoder.set_density(PixelDensity::dpi(dpi));
    encoder.encode(&pixels, width as u16, height as u16, ColorType::Rgb).unwrap();
    jpeg
}
