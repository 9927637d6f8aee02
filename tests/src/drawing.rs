//! Pages drawn like scans of Vietnamese papers: text, filled lines, a red seal, a blue signature,
//! the grain and tint of paper. Everything on them is invented. The same seed draws the same page.

use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};
use fastrand::Rng;
use image::{Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};

const FONT: &[u8] = include_bytes!("../../assets/fonts/LiberationSerif-Regular.ttf");
const BLACK: [u8; 3] = [32, 32, 38];
const BLUE: [u8; 3] = [28, 44, 150];
const RED: [u8; 3] = [200, 38, 48];

const TITLES: [&str; 8] = [
    "GIẤY KHAI SINH",
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
    "ĐƠN ĐỀ NGHỊ XÁC NHẬN NƠI CƯ TRÚ",
    "GIẤY ỦY QUYỀN",
    "HỢP ĐỒNG TẶNG CHO QUYỀN SỬ DỤNG ĐẤT",
    "BIÊN BẢN HỌP GIA ĐÌNH",
    "TỜ KHAI CẢI CHÍNH HỘ TỊCH",
];
const FAMILY: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Vũ"];
const MIDDLE: [&str; 6] = ["Văn", "Thị", "Hữu", "Ngọc", "Quốc", "Thúy"];
const GIVEN: [&str; 8] = ["Mẫu", "Thử", "Quỳnh", "Đạt", "Phượng", "Ửng", "Nhẫn", "Giễng"];
const PROSE: [&str; 5] = [
    "Tôi cam đoan những điều ghi trên đây là đúng và chịu trách nhiệm trước pháp luật.",
    "Đề nghị Ủy ban nhân dân xã xem xét, giải quyết theo quy định.",
    "Giấy này được lập thành hai bản có giá trị như nhau, mỗi bên giữ một bản.",
    "Thửa đất số 12, tờ bản đồ số 7, diện tích 245,6 m², thời hạn sử dụng lâu dài.",
    "Người được ủy quyền nộp hồ sơ, bổ sung giấy tờ và nhận kết quả thay cho tôi.",
];

/// A sheet being drawn. Lengths are in points of 1/72 inch, from the top left corner.
#[derive(Debug)]
pub struct Sheet {
    /// The pixels so far.
    pub pixels: RgbImage,
    dpi: u32,
}

impl Sheet {
    /// An empty A4 sheet.
    pub fn a4(dpi: u32) -> Self {
        let px = |mm: f32| (mm / 25.4 * dpi as f32).round() as u32;
        Self { pixels: RgbImage::from_pixel(px(210.0), px(297.0), Rgb([255; 3])), dpi }
    }

    fn px(&self, pt: f32) -> f32 {
        pt * self.dpi as f32 / 72.0
    }

    fn blend(&mut self, x: i64, y: i64, colour: [u8; 3], cover: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if let Some(pixel) = self.pixels.get_pixel_mut_checked(x, y) {
            for (old, new) in pixel.0.iter_mut().zip(colour) {
                *old = (f32::from(*old) * (1.0 - cover) + f32::from(new) * cover) as u8;
            }
        }
    }

    /// Writes a line of text with its baseline at `y`; answers where it ends.
    ///
    /// # Panics
    /// Never: the font is part of the project.
    pub fn text(&mut self, x: f32, y: f32, size: f32, colour: [u8; 3], text: &str) -> f32 {
        #[expect(clippy::unwrap_used, reason = "the font is part of the project")]
        let font = FontRef::try_from_slice(FONT).unwrap();
        let scale =
            PxScale::from(self.px(size) * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0));
        let scaled = font.as_scaled(scale);
        let (mut at, base) = (self.px(x), self.px(y));
        for letter in text.chars() {
            let glyph = scaled.scaled_glyph(letter).id.with_scale_and_position(scale, point(at, base));
            at += scaled.h_advance(glyph.id);
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|gx, gy, cover| {
                    self.blend(
                        corner.x as i64 + i64::from(gx),
                        corner.y as i64 + i64::from(gy),
                        colour,
                        cover.min(1.0),
                    );
                });
            }
        }
        at * 72.0 / self.dpi as f32
    }

    /// Writes a line of text in the middle of the sheet.
    pub fn centred(&mut self, y: f32, size: f32, text: &str) {
        let width = Self { pixels: RgbImage::new(1, 1), dpi: self.dpi }.text(0.0, 0.0, size, BLACK, text);
        self.text((595.0 - width) / 2.0, y, size, BLACK, text);
    }

    /// A stroke `width` points wide through the points.
    pub fn stroke(&mut self, points: &[(f32, f32)], width: f32, colour: [u8; 3]) {
        let radius = (self.px(width) / 2.0).max(0.5);
        for ends in points.windows(2) {
            let [(x0, y0), (x1, y1)] = *ends else { continue };
            let (dx, dy) = (self.px(x1 - x0), self.px(y1 - y0));
            let steps = (dx.hypot(dy) * 2.0).ceil().max(1.0) as u32;
            for step in 0..=steps {
                let t = step as f32 / steps as f32;
                let (cx, cy) = (self.px(x0) + dx * t, self.px(y0) + dy * t);
                let reach = radius.ceil() as i64;
                for oy in -reach..=reach {
                    for ox in -reach..=reach {
                        if (ox as f32).hypot(oy as f32) <= radius {
                            self.blend(cx as i64 + ox, cy as i64 + oy, colour, 0.5);
                        }
                    }
                }
            }
        }
    }

    /// Ages the sheet: a warm tint, a shadow at the left edge, grain, specks.
    pub fn age(&mut self, rng: &mut Rng) {
        let width = self.pixels.width() as f32;
        for (x, _, pixel) in self.pixels.enumerate_pixels_mut() {
            let shadow = 0.04 * (-(x as f32) / (width * 0.02)).exp();
            let grain = rng.f32() * 7.0 - 3.5;
            let speck = if rng.u32(0..60_000) == 0 { 0.6 } else { 1.0 };
            for (value, tint) in pixel.0.iter_mut().zip([0.985_f32, 0.975, 0.945]) {
                *value = (f32::from(*value) * tint * (1.0 - shadow) * speck + grain).clamp(0.0, 255.0) as u8;
            }
        }
    }

    /// The sheet as a scanner would store it: JPEG 4:2:0 at quality 80, density in the file.
    ///
    /// # Panics
    /// Never: memory is the sink.
    pub fn jpeg(&self) -> Vec<u8> {
        encoded(&self.pixels, self.dpi, 80)
    }

    /// The sheet as PNG, without a density.
    ///
    /// # Panics
    /// Never: memory is the sink.
    pub fn png(&self) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        #[expect(clippy::unwrap_used, reason = "memory is the sink")]
        self.pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }
}

/// A page as JPEG 4:2:0 with its density.
///
/// # Panics
/// Never: memory is the sink.
pub fn encoded(page: &RgbImage, dpi: u32, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_density(PixelDensity::dpi(u16::try_from(dpi).unwrap_or(u16::MAX)));
    let (width, height) = (page.width() as u16, page.height() as u16);
    #[expect(clippy::unwrap_used, reason = "memory is the sink and a sheet is small")]
    encoder.encode(page.as_raw(), width, height, ColorType::Rgb).unwrap();
    bytes
}

/// Page `number` of the stack drawn from `seed`.
pub fn page(number: u64, dpi: u32, seed: u64) -> Sheet {
    let mut rng = Rng::with_seed(seed.wrapping_mul(1_000_003) + number);
    let mut sheet = Sheet::a4(dpi);
    let title = TITLES[(number as usize) % TITLES.len()];
    sheet.centred(64.0, 13.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    sheet.centred(82.0, 13.0, "Độc lập - Tự do - Hạnh phúc");
    sheet.stroke(&[(220.0, 90.0), (375.0, 90.0)], 0.8, BLACK);
    sheet.centred(132.0, 16.0, title);

    let mut pick = |from: &[&'static str]| from[rng.usize(..from.len())];
    let name = format!("{} {} {}", pick(&FAMILY), pick(&MIDDLE), pick(&GIVEN));
    let parent = format!("{} {} {}", pick(&FAMILY), pick(&MIDDLE), pick(&GIVEN));
    let rows = [
        ("Họ, chữ đệm, tên: ", name.clone()),
        (
            "Ngày, tháng, năm sinh: ",
            format!("{:02}/{:02}/{}", rng.u32(1..29), rng.u32(1..13), rng.u32(1950..2025)),
        ),
        ("Số định danh cá nhân: ", format!("000{:09}", rng.u32(0..999_999_999))),
        ("Nơi cư trú: ", format!("Thôn {}, xã Thử Nghiệm, tỉnh Ví Dụ", rng.u32(1..10))),
        ("Họ, chữ đệm, tên người yêu cầu: ", parent.clone()),
    ];
    let mut y = 176.0;
    for (label, value) in rows {
        let x = sheet.text(70.0, y, 12.0, BLACK, label);
        sheet.text(x + 4.0, y - 0.5, 12.5, BLUE, &value);
        sheet.stroke(&[(x, y + 3.0), (525.0, y + 3.0)], 0.4, [120; 3]);
        y += 25.0;
    }
    y += 12.0;
    for line in 0..rng.usize(6..15) {
        sheet.text(70.0, y, 12.0, BLACK, PROSE[(line + number as usize) % PROSE.len()]);
        y += 19.0;
    }
    y = y.max(560.0) + 20.0;
    sheet.text(330.0, y, 12.0, BLACK, "Thử Nghiệm, ngày 02 tháng 3 năm 2026");
    sheet.text(372.0, y + 18.0, 12.0, BLACK, "NGƯỜI KÝ");
    let signature: Vec<(f32, f32)> =
        (0..24).map(|i| (360.0 + i as f32 * 4.0, y + 56.0 + (rng.f32() - 0.5) * 34.0)).collect();
    sheet.stroke(&signature, 1.3, BLUE);
    sheet.text(366.0, y + 100.0, 12.0, BLACK, &parent);
    for radius in [46.0, 42.0, 26.0] {
        let ring: Vec<(f32, f32)> = (0..=90)
            .map(|i| (i as f32 * std::f32::consts::TAU / 90.0).sin_cos())
            .map(|(sin, cos)| (350.0 + radius * cos, y + 52.0 + radius * sin))
            .collect();
        sheet.stroke(&ring, if radius > 45.0 { 2.0 } else { 0.8 }, RED);
    }
    sheet.text(328.0, y + 55.0, 9.0, RED, "UBND XÃ");
    sheet.age(&mut rng);
    sheet
}
