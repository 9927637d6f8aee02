//! Pages of which it is known what is wrong with them: good ones that look odd, and good ones
//! spoilt to a known degree. The same numbers draw the same page.

use fastrand::Rng;
use image::imageops::{self, fast_blur};
use image::{Rgb, RgbImage};

use crate::drawing::{self, Sheet};

const GREY: [u8; 3] = [118, 116, 122];
const CARBON: [u8; 3] = [84, 74, 150];
const BLACK: [u8; 3] = [30, 30, 36];
const BLUE: [u8; 3] = [28, 44, 150];
const RED: [u8; 3] = [200, 38, 48];
/// Paper as scanners see it.
pub const PAPER: Rgb<u8> = Rgb([250, 248, 241]);
/// A scanner's bed.
pub const BED: Rgb<u8> = Rgb([52, 53, 55]);

const LINES: [&str; 8] = [
    "Kính gửi Ủy ban nhân dân xã Thử Nghiệm, tỉnh Ví Dụ",
    "Tôi tên là Nguyễn Thị Giễng, thường trú tại thôn Mẫu, xã Thử Nghiệm",
    "Nay tôi làm đơn này kính đề nghị quý cơ quan xác nhận cho gia đình tôi",
    "thửa đất số 12 thuộc tờ bản đồ số 7 do ông bà để lại từ năm 1987",
    "Những giấy tờ kèm theo gồm bản chính giấy khai sinh, sổ hộ khẩu cũ",
    "và biên bản họp gia đình đã được các thành viên cùng ký tên ngày hôm qua",
    "Tôi xin cam đoan lời khai trên là đúng sự thật, nếu sai tôi xin chịu",
    "trách nhiệm trước pháp luật. Kính mong quý cơ quan xem xét giải quyết.",
];

/// Good pages that look odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// A form as most are.
    Form,
    /// Written in pencil.
    Pencil,
    /// A carbon copy.
    Carbon,
    /// On coloured paper.
    Coloured(u8, u8, u8),
    /// A large seal over the text.
    Seal,
    /// One line on an empty sheet.
    Sparse,
    /// Both sides of an identity card.
    Card,
    /// A table that fills the page.
    Table,
    /// White writing on a dark band that runs off the sheet.
    DarkHeader,
    /// Ruled paper whose lines run off the sheet.
    Ruled,
    /// A photograph with a caption.
    Photograph,
    /// Capitals only.
    Capitals,
    /// Small print from edge to edge of the margins.
    Dense,
    /// The scanner's bed shows beside the sheet.
    Bed,
    /// Grey recycled paper.
    Recycled,
    /// Lies askew as little as nobody minds.
    SlightlyAskew,
}

impl Odd {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Form,
        Self::Pencil,
        Self::Carbon,
        Self::Coloured(255, 236, 150),
        Self::Coloured(250, 200, 210),
        Self::Coloured(178, 222, 180),
        Self::Coloured(170, 205, 240),
        Self::Coloured(205, 92, 84),
        Self::Seal,
        Self::Sparse,
        Self::Card,
        Self::Table,
        Self::DarkHeader,
        Self::Ruled,
        Self::Photograph,
        Self::Capitals,
        Self::Dense,
        Self::Bed,
        Self::Recycled,
        Self::SlightlyAskew,
    ];

    /// Enough upright writing to tell which way is up.
    pub fn tells_up(self) -> bool {
        !matches!(self, Self::Sparse | Self::Card | Self::Photograph | Self::Capitals)
    }
}

/// Draws an odd but good page.
pub fn odd(kind: Odd, dpi: u32, seed: u64) -> RgbImage {
    let mut rng = Rng::with_seed(seed.wrapping_mul(7_919) + 17);
    let mut sheet = Sheet::a4(dpi);
    let start = rng.usize(..LINES.len());
    let line = |n: usize| LINES[(start + n) % LINES.len()];
    let letter = |sheet: &mut Sheet, from: f32, size: f32, colour: [u8; 3], lines: usize| {
        for n in 0..lines {
            sheet.text(70.0, from + n as f32 * size * 1.9, size, colour, line(n));
        }
    };
    match kind {
        Odd::Form => return drawing::page(seed, dpi, seed + 5).pixels,
        Odd::SlightlyAskew => {
            let degrees = (seed % 5) as f32 * 0.4 - 0.8;
            return rotated(&drawing::page(seed, dpi, seed + 9).pixels, degrees, PAPER);
        }
        Odd::Coloured(r, g, b) => {
            let mut page = drawing::page(seed, dpi, seed + 31).pixels;
            for pixel in page.pixels_mut() {
                for (value, tint) in pixel.0.iter_mut().zip([r, g, b]) {
                    *value = (u32::from(*value) * u32::from(tint) / 255) as u8;
                }
            }
            return page;
        }
        Odd::Recycled => {
            let mut page = drawing::page(seed, dpi, seed + 37).pixels;
            tone(&mut page, |v| v * 0.76);
            return page;
        }
        Odd::Bed => {
            let mut page = drawing::page(seed, dpi, seed + 41).pixels;
            let (w, h) = page.dimensions();
            let (right, bottom) = (w - dpi * (4 + seed as u32 % 5) / 25, h - dpi * (seed as u32 % 4) / 25);
            for (x, y, pixel) in page.enumerate_pixels_mut() {
                if x >= right || y >= bottom {
                    *pixel = BED;
                }
            }
            return page;
        }
        Odd::Pencil => {
            letter(&mut sheet, 110.0, 14.0, GREY, 13);
            for (x, y, pixel) in sheet.pixels.enumerate_pixels_mut() {
                // Graphite catches on the grain of the paper.
                let grain = ((x * 7 + y * 13) % 11) as f32 / 11.0 * 0.35 + rng.f32() * 0.25;
                for value in &mut pixel.0 {
                    *value = (f32::from(*value) + (255.0 - f32::from(*value)) * grain) as u8;
                }
            }
        }
        Odd::Carbon => {
            letter(&mut sheet, 90.0, 13.0, CARBON, 18);
            sheet.pixels = fast_blur(&sheet.pixels, dpi as f32 * 0.09 / 25.4);
        }
        Odd::Seal => {
            letter(&mut sheet, 90.0, 13.0, BLACK, 18);
            for radius in [70.0, 64.0, 58.0, 40.0] {
                let ring: Vec<(f32, f32)> = (0..=120)
                    .map(|i| (i as f32 * std::f32::consts::TAU / 120.0).sin_cos())
                    .map(|(sin, cos)| (300.0 + radius * cos, 330.0 + radius * sin))
                    .collect();
                sheet.stroke(&ring, 2.5, RED);
            }
            sheet.text(262.0, 334.0, 15.0, RED, "UBND XÃ");
        }
        Odd::Sparse => {
            let x = 80.0 + rng.f32() * 120.0;
            sheet.text(x, 160.0 + rng.f32() * 400.0, 13.0, BLACK, "Xác nhận đơn trình bày là đúng sự thật.");
        }
        Odd::Card => {
            for (top, back) in [(90.0, false), (280.0, true)] {
                card(&mut sheet, 170.0, top, back, &mut rng);
            }
        }
        Odd::Table => {
            let (rows, columns) = (24, [60.0, 95.0, 270.0, 360.0, 450.0, 535.0]);
            for row in 0..=rows {
                let y = 110.0 + row as f32 * 27.0;
                sheet.stroke(&[(60.0, y), (535.0, y)], 0.7, BLACK);
                if row < rows {
                    sheet.text(68.0, y + 18.0, 11.0, BLACK, &format!("{}", row + 1));
                    sheet.text(99.0, y + 18.0, 11.0, BLACK, &line(row).chars().take(30).collect::<String>());
                    sheet.text(364.0, y + 18.0, 11.0, BLUE, &format!("{}", rng.u32(1_000..99_000)));
                }
            }
            for x in columns {
                sheet.stroke(&[(x, 110.0), (x, 110.0 + rows as f32 * 27.0)], 0.7, BLACK);
            }
        }
        Odd::DarkHeader => {
            let band = sheet.pixels.height() / 8;
            let width = sheet.pixels.width();
            imageops::overlay(
                &mut sheet.pixels,
                &RgbImage::from_pixel(width, band, Rgb([24, 52, 104])),
                0,
                0,
            );
            sheet.text(150.0, 62.0, 24.0, [255; 3], "Công ty Điện lực Ví Dụ");
            letter(&mut sheet, 170.0, 12.0, BLACK, 20);
        }
        Odd::Ruled => {
            for row in 0..34 {
                let y = 60.0 + row as f32 * 22.7;
                sheet.stroke(&[(0.0, y), (595.0, y)], 0.5, [150, 170, 205]);
            }
            sheet.stroke(&[(75.0, 0.0), (75.0, 842.0)], 0.6, [225, 120, 130]);
            for row in 0..22 {
                sheet.text(85.0, 101.0 + row as f32 * 22.7, 15.0, BLUE, line(row));
            }
        }
        Odd::Photograph => {
            let (w, h) = (sheet.pixels.width(), sheet.pixels.height());
            let photo = photograph(w * 3 / 4, h / 2, &mut rng);
            imageops::overlay(&mut sheet.pixels, &photo, i64::from(w / 8), i64::from(h / 8));
            sheet.text(150.0, 590.0, 13.0, BLACK, "Ảnh 1: hiện trạng thửa đất nhìn từ đường liên thôn");
        }
        Odd::Capitals => {
            for n in 0..18 {
                let text = line(n).to_uppercase();
                sheet.text(
                    70.0,
                    100.0 + n as f32 * 26.0,
                    11.0,
                    BLACK,
                    &text.chars().take(48).collect::<String>(),
                );
            }
        }
        Odd::Dense => {
            for n in 0..66 {
                sheet.text(57.0, 60.0 + n as f32 * 11.0, 8.5, BLACK, &format!("{} {}", line(n), line(n + 3)));
            }
        }
    }
    sheet.age(&mut rng);
    sheet.pixels
}

/// A card with a portrait, small print and a block of dots like a QR code.
fn card(sheet: &mut Sheet, x: f32, y: f32, back: bool, rng: &mut Rng) {
    let px = |pt: f32, dpi: f32| (pt * dpi / 72.0) as u32;
    let dpi = sheet.pixels.width() as f32 / 210.0 * 25.4;
    let ground = RgbImage::from_pixel(px(243.0, dpi), px(153.0, dpi), Rgb([206, 226, 224]));
    imageops::overlay(&mut sheet.pixels, &ground, px(x, dpi).into(), px(y, dpi).into());
    if back {
        for row in 0..3 {
            sheet.text(x + 10.0, y + 110.0 + row as f32 * 14.0, 9.0, BLACK, "IDVNM0870000019001087000001<<8");
        }
    } else {
        let portrait = photograph(px(62.0, dpi), px(80.0, dpi), rng);
        imageops::overlay(&mut sheet.pixels, &portrait, px(x + 10.0, dpi).into(), px(y + 52.0, dpi).into());
        for row in 0..20u32 {
            for column in 0..20u32 {
                if rng.bool() {
                    let dot = RgbImage::from_pixel(px(2.0, dpi), px(2.0, dpi), Rgb(BLACK));
                    let (dx, dy) = (x + 198.0 + column as f32 * 2.0, y + 8.0 + row as f32 * 2.0);
                    imageops::overlay(&mut sheet.pixels, &dot, px(dx, dpi).into(), px(dy, dpi).into());
                }
            }
        }
    }
    sheet.text(x + 60.0, y + 22.0, 8.0, RED, "CĂN CƯỚC CÔNG DÂN");
    for (row, text) in
        ["Số: 000087000001", "Họ và tên: NGUYỄN VĂN MẪU", "Ngày sinh: 01/02/1987"].iter().enumerate()
    {
        sheet.text(x + 84.0, y + 60.0 + row as f32 * 16.0, 8.0, BLACK, text);
    }
}

/// Soft blobs and edges, as photographs have.
fn photograph(width: u32, height: u32, rng: &mut Rng) -> RgbImage {
    let mut photo = RgbImage::from_fn(width, height, |_, y| {
        Rgb([120 + (y * 90 / height) as u8, 150, 190 - (y * 120 / height) as u8])
    });
    for _ in 0..14 {
        let (cx, cy, r) =
            (rng.f32() * width as f32, rng.f32() * height as f32, (0.04 + rng.f32() * 0.12) * width as f32);
        let colour = [rng.u8(30..200), rng.u8(30..200), rng.u8(30..200)];
        for (x, y, pixel) in photo.enumerate_pixels_mut() {
            if (x as f32 - cx).hypot(y as f32 - cy) < r {
                *pixel = Rgb(colour);
            }
        }
    }
    fast_blur(&photo, width as f32 / 300.0)
}

/// Every value through `f`.
pub fn tone(page: &mut RgbImage, f: impl Fn(f32) -> f32) {
    let table: Vec<u8> = (0u16..256).map(|v| f(f32::from(v)).clamp(0.0, 255.0) as u8).collect();
    page.pixels_mut().flat_map(|p| p.0.iter_mut()).for_each(|v| *v = table[usize::from(*v)]);
}

/// Out of focus; `mm` is the standard deviation.
pub fn blurred(page: &RgbImage, dpi: u32, mm: f32) -> RgbImage {
    fast_blur(page, mm / 25.4 * dpi as f32)
}

/// The sheet moved by `mm` while it was read, along the sensor or across it.
pub fn moved(page: &RgbImage, dpi: u32, mm: f32, down: bool) -> RgbImage {
    let n = ((mm / 25.4 * dpi as f32) as u32).max(2);
    let (w, h) = page.dimensions();
    RgbImage::from_fn(w, h, |x, y| {
        let mut sum = [0u32; 3];
        for i in 0..n {
            let (x, y) = if down { (x, (y + i).min(h - 1)) } else { ((x + i).min(w - 1), y) };
            page.get_pixel(x, y).0.iter().zip(&mut sum).for_each(|(v, s)| *s += u32::from(*v));
        }
        Rgb(sum.map(|s| (s / n) as u8))
    })
}

/// Turned clockwise by `degrees` about its middle; what comes in from outside is `fill`.
pub fn rotated(page: &RgbImage, degrees: f32, fill: Rgb<u8>) -> RgbImage {
    let (w, h) = page.dimensions();
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (w as f32 / 2.0, h as f32 / 2.0);
    let at = |x: i64, y: i64| match (u32::try_from(x), u32::try_from(y)) {
        (Ok(x), Ok(y)) if x < w && y < h => *page.get_pixel(x, y),
        _ => fill,
    };
    RgbImage::from_fn(w, h, |x, y| {
        let (dx, dy) = (x as f32 - cx, y as f32 - cy);
        let (sx, sy) = (cx + dx * cos + dy * sin, cy - dx * sin + dy * cos);
        let (fx, fy) = (sx - sx.floor(), sy - sy.floor());
        let (x0, y0) = (sx.floor() as i64, sy.floor() as i64);
        let mut out = [0u8; 3];
        let near = [at(x0, y0), at(x0 + 1, y0), at(x0, y0 + 1), at(x0 + 1, y0 + 1)];
        for (c, value) in out.iter_mut().enumerate() {
            let [a, b, d, e] = near.map(|p| f32::from(p.0[c]));
            *value = ((a * (1.0 - fx) + b * fx) * (1.0 - fy) + (d * (1.0 - fx) + e * fx) * fy) as u8;
        }
        Rgb(out)
    })
}

/// Moved off the glass by `mm` (right and down; negative: left and up); `fill` comes in.
pub fn shifted(page: &RgbImage, dpi: u32, mm: (f32, f32), fill: Rgb<u8>) -> RgbImage {
    let px = |mm: f32| (mm / 25.4 * dpi as f32) as i64;
    let mut out = RgbImage::from_pixel(page.width(), page.height(), fill);
    imageops::overlay(&mut out, page, px(mm.0), px(mm.1));
    out
}

/// An empty back through which the other side shines with `part` of its strength, soft by `mm`.
pub fn back_of(page: &RgbImage, dpi: u32, part: f32, mm: f32, seed: u64) -> RgbImage {
    let mut back = imageops::flip_horizontal(page);
    if mm > 0.0 {
        back = blurred(&back, dpi, mm);
    }
    let mut rng = Rng::with_seed(seed);
    for pixel in back.pixels_mut() {
        let grain = rng.f32() * 6.0 - 3.0;
        for (value, paper) in pixel.0.iter_mut().zip(PAPER.0) {
            *value = (f32::from(paper) + (f32::from(*value) - f32::from(paper)) * part + grain)
                .clamp(0.0, 255.0) as u8;
        }
    }
    back
}

/// A scanned file of the page.
///
/// # Panics
/// Never: memory is the sink.
pub fn scanned(page: &RgbImage, dpi: u32, quality: u8) -> Vec<u8> {
    drawing::encoded(page, dpi, quality)
}
