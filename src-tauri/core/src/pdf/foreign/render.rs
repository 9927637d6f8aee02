//! Small pictures of foreign pages: thumbnail, ink map, fingerprint.
//!
//! Touches the bytes of the file; draws with hayro, which may panic on hostile files: caught here,
//! and the whole runs in the isolated reader.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, Sender, channel},
    time::Duration,
};

use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf,
    vello_cpu::color::palette::css::WHITE,
};

use crate::page::judge::{self, Looks};
use crate::page::{InkMap, codes};

/// Resolution of the rendering for ink and thumbnail, px an inch.
const SCREEN_DPI: f32 = 100.0;
/// Longest side of a rendering, px.
const MAX_SIDE: f32 = 4_000.0;
/// Longest side of the rendering for ink, px.
const MAX_INK_SIDE: f32 = 1_700.0;
/// Longest wait for one page.
const PATIENCE: Duration = Duration::from_millis(2_500);
/// Longest side of a thumbnail, px.
const THUMB: u32 = 360;
/// A pixel darker than white by more than this is ink.
const INK: u8 = 8;

/// How large to draw.
#[derive(Debug, Clone, Copy)]
pub(super) enum Size {
    /// About [`SCREEN_DPI`].
    Screen,
    /// So many px wide after so many clockwise quarter turns.
    Width(u32, u8),
}

/// A file ready to be drawn, by a thread of its own: one that hangs is left behind and ends with the
/// reader process.
pub(super) struct Renderer {
    /// Pages as this parser counts them.
    pub(super) count: usize,
    ask: Sender<(usize, Size)>,
    answer: Receiver<Option<Picture>>,
    stuck: bool,
}

/// An opaque picture, RGB.
pub(super) struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Renderer {
    /// `None` when the other parser cannot read the file, or not in time.
    pub(super) fn new(bytes: Vec<u8>) -> Option<Self> {
        let (ask, asked) = channel::<(usize, Size)>();
        let (give, answer) = channel();
        let (tell, told) = channel();
        let work = move || {
            let pdf = catch_unwind(AssertUnwindSafe(|| Pdf::new(bytes).ok())).ok().flatten();
            let count = pdf.as_ref().and_then(|p| catch_unwind(AssertUnwindSafe(|| p.pages().len())).ok());
            // Nobody listening means that the file is done with.
            let _ = tell.send(count);
            let Some(pdf) = pdf else { return };
            for (index, size) in asked {
                let picture = catch_unwind(AssertUnwindSafe(|| draw(&pdf, index, size))).ok().flatten();
                if give.send(picture).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().stack_size(super::STACK).spawn(work).ok()?;
        let count = told.recv_timeout(PATIENCE).ok()??;
        Some(Self { count, ask, answer, stuck: false })
    }

    /// Draws a page upright on white.
    pub(super) fn page(&mut self, index: usize, size: Size) -> Option<Picture> {
        if self.stuck {
            return None;
        }
        self.ask.send((index, size)).ok()?;
        let answer = self.answer.recv_timeout(PATIENCE);
        self.stuck = answer.is_err();
        answer.ok().flatten()
    }
}

fn draw(pdf: &Pdf, index: usize, size: Size) -> Option<Picture> {
    let page = pdf.pages().get(index)?;
    let (width, height) = page.render_dimensions();
    if !(width.is_finite() && height.is_finite()) || width < 0.01 || height < 0.01 {
        return None;
    }
    let (wanted, most) = match size {
        Size::Screen => (SCREEN_DPI / 72.0, MAX_INK_SIDE),
        Size::Width(px, turns) => (px as f32 / if turns % 2 == 1 { height } else { width }, MAX_SIDE),
    };
    let scale = wanted.min(most / width.max(height));
    // A side of less than one pixel cannot be drawn.
    let (x_scale, y_scale) = (scale.max(1.01 / width), scale.max(1.01 / height));
    let settings = PixmapSettings { x_scale, y_scale, bg_color: WHITE };
    let cache = RenderCache::new();
    let pixmap =
        hayro::render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgb = pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
    (width > 0 && height > 0).then_some(Picture { width, height, rgb })
}

impl Picture {
    fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        self.rgb.get(at..at + 3).and_then(|p| p.try_into().ok()).unwrap_or([255; 3])
    }

    /// Where there is ink, in cells of about one millimetre; the sides are the upright page's.
    pub(super) fn ink(&self, width_mpt: u32, height_mpt: u32) -> InkMap {
        let cells = |mpt: u32| (f64::from(mpt) / 72_000.0 * 25.4).round().clamp(1.0, 4_000.0) as u32;
        let (cols, rows) = (cells(width_mpt), cells(height_mpt));
        let stride = cols.div_ceil(8) as usize;
        let mut bits = vec![0_u8; stride * rows as usize];
        for y in 0..self.height {
            for x in 0..self.width {
                if self.pixel(x, y).iter().all(|c| 255 - c <= INK) {
                    continue;
                }
                // A pixel touches every cell it lies over; at low resolution that may be several.
                let span = |at: u32, of: u32, cells: u32| {
                    let from = u64::from(at) * u64::from(cells) / u64::from(of);
                    let to = ((u64::from(at) + 1) * u64::from(cells) - 1) / u64::from(of);
                    from..=to.max(from)
                };
                for row in span(y, self.height, rows) {
                    for col in span(x, self.width, cols) {
                        if let Some(byte) = bits.get_mut(row as usize * stride + col as usize / 8) {
                            *byte |= 0x80 >> (col % 8);
                        }
                    }
                }
            }
        }
        InkMap { cols, rows, bits }
    }

    /// The text of a QR code in the picture.
    pub(super) fn code(&self) -> Option<String> {
        codes::in_rgb(self.width, self.height, &self.rgb)
    }

    /// Measures and separator; the sides are the upright page's.
    pub(super) fn looks(&self, width_mpt: u32, height_mpt: u32) -> Looks {
        let mm = |mpt: u32| f64::from(mpt.max(1)) / 72_000.0 * 25.4;
        judge::of_rgb(&self.rgb, (self.width as usize, self.height as usize), (mm(width_mpt), mm(height_mpt)))
    }

    /// Mean luminance of 16 × 16 fields, hexadecimal.
    pub(super) fn fingerprint(&self) -> String {
        let small = self.scaled(16, 16);
        let grey: Vec<u8> = small
            .rgb
            .chunks_exact(3)
            .map(|p| {
                let sum: u32 = p.iter().zip([77_u32, 150, 29]).map(|(c, w)| u32::from(*c) * w).sum();
                (sum >> 8) as u8
            })
            .collect();
        crate::hex::encode(&grey)
    }

    /// JPEG, longest side at most [`THUMB`].
    pub(super) fn thumbnail(&self) -> Option<Vec<u8>> {
        let long = self.width.max(self.height);
        if long <= THUMB {
            return self.jpeg(0);
        }
        let side = |n: u32| (n * THUMB / long).max(1);
        self.scaled(side(self.width), side(self.height)).jpeg(0)
    }

    /// JPEG after clockwise quarter turns.
    pub(super) fn jpeg(&self, turns: u8) -> Option<Vec<u8>> {
        let (w, h) = if turns % 2 == 1 { (self.height, self.width) } else { (self.width, self.height) };
        let turned: Vec<u8>;
        let rgb = if turns.is_multiple_of(4) {
            &self.rgb
        } else {
            turned = (0..h)
                .flat_map(|y| (0..w).map(move |x| (x, y)))
                .flat_map(|(x, y)| match turns % 4 {
                    1 => self.pixel(y, self.height - 1 - x),
                    2 => self.pixel(self.width - 1 - x, self.height - 1 - y),
                    _ => self.pixel(self.width - 1 - y, x),
                })
                .collect();
            &turned
        };
        let mut out = Vec::new();
        let (w, h) = (u16::try_from(w).ok()?, u16::try_from(h).ok()?);
        jpeg_encoder::Encoder::new(&mut out, 82).encode(rgb, w, h, jpeg_encoder::ColorType::Rgb).ok()?;
        Some(out)
    }

    /// Means over the fields of a coarser grid.
    fn scaled(&self, width: u32, height: u32) -> Self {
        let mut rgb = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height {
            let rows = Self::field(y, height, self.height);
            for x in 0..width {
                let cols = Self::field(x, width, self.width);
                let mut sum = [0_u32; 3];
                for sy in rows.clone() {
                    for sx in cols.clone() {
                        for (total, c) in sum.iter_mut().zip(self.pixel(sx, sy)) {
                            *total += u32::from(c);
                        }
                    }
                }
                let count = (rows.len() * cols.len()).max(1) as u32;
                rgb.extend(sum.map(|s| (s / count) as u8));
            }
        }
        Self { width, height, rgb }
    }

    fn field(at: u32, of: u32, total: u32) -> std::ops::Range<u32> {
        let from = (u64::from(at) * u64::from(total) / u64::from(of)) as u32;
        let to = ((u64::from(at) + 1) * u64::from(total) / u64::from(of)) as u32;
        from..to.max(from + 1)
    }
}
