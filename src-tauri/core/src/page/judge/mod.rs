//! What can be measured of a page before the citizen leaves: sharpness, light, contrast, skew, which
//! way is up, and writing that runs off the picture. Numbers only; what is too much is data
//! ([`super::quality`]). Works on a reduced grey picture, so a page costs milliseconds.

mod border;
mod lines;
mod sheet;
mod swings;

use serde::{Deserialize, Serialize};

use super::codes;
use super::findings::Size;
use super::ink::Judged;
use super::look::{Look, ycc};
use super::raster::Picture;
use sheet::Sheet;

/// Aim of the reduction, px an inch: enough to see accents, few enough to be quick.
const AIM_DPI: f64 = 140.0;
/// Below this a sharp edge is as wide as a blurred one, px an inch.
const LEAST_DPI: f64 = 95.0;

/// Measures of one upright page. Lightness and contrast are steps of 255.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Measures {
    /// Resolution of the picture that was measured, dpi.
    pub dpi: u32,
    /// Lightness of the paper.
    pub paper: u8,
    /// How far the paper is from grey, steps of Cb or Cr.
    pub tint: u8,
    /// What writing stands out from the paper; 0 = nothing that looks like writing.
    pub contrast: u8,
    /// Edges seen across the page: how much there is to judge.
    pub edges: u32,
    /// Width of the sharper edges in the worse direction, micrometres; 0 = too few edges to say.
    pub edge_um: u32,
    /// Angle by which the lines rise clockwise, thousandths of a degree; absent = no lines.
    pub skew_mdeg: Option<i32>,
    /// How surely the lines stand upright (positive) or on their heads (negative), thousandths of a
    /// standard error; absent = too little to say.
    pub upright: Option<i32>,
    /// Pieces of writing that touch the edge of the picture: top, right, bottom, left.
    pub cut: [u32; 4],
    /// How far the strongest of what is on the page stands out from the paper; 0 = nothing is there.
    pub strength: u8,
    /// How far the most coloured of it is from the paper's colour, steps of Cb or Cr.
    pub colour: u8,
}

/// By how much a side of `dpi` px an inch is reduced before it is measured.
pub(super) fn reduction(dpi: f64) -> usize {
    (dpi / AIM_DPI).floor().clamp(1.0, 64.0) as usize
}

/// Measures the upright, grey, reduced `picture` with `scale` px a millimetre across and down, of
/// whose cells something is known already.
pub(super) fn measure(picture: &Picture, scale: (f64, f64), cells: &Judged) -> Measures {
    let swings = swings::swings(picture);
    let dpi = scale.0.min(scale.1) * 25.4;
    let sheet = Sheet::of(picture, scale, swings.contrast);
    let lines = lines::lines(&sheet);
    Measures {
        dpi: dpi.round() as u32,
        paper: sheet.paper,
        tint: cells.tint,
        contrast: swings.contrast,
        edges: swings.count,
        edge_um: if dpi < LEAST_DPI { 0 } else { swings.width(scale) },
        skew_mdeg: lines.skew_mdeg,
        upright: lines.upright,
        cut: border::cut(&sheet),
        strength: cells.strength,
        colour: cells.colour,
    }
}

/// What one look at a drawn page tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    /// Measures.
    pub measures: Measures,
    /// The text of a separator's code, where the page is one.
    pub separator: Option<String>,
}

/// Looks at an upright picture of `px` pixels, RGB, of a page of `mm` millimetres.
pub(crate) fn of_rgb(rgb: &[u8], px: (usize, usize), mm: (f64, f64)) -> Looks {
    let scale = (px.0 as f64 / mm.0, px.1 as f64 / mm.1);
    let cells = |mm: f64| (mm.ceil() as usize).clamp(1, 1_500);
    let mut look = Look::new(&[px; 3], (cells(mm.0), cells(mm.1)), scale);
    let mut planes = [vec![0u8; px.0], vec![0u8; px.0], vec![0u8; px.0]];
    for (y, row) in rgb.chunks_exact((px.0 * 3).max(1)).enumerate() {
        for (x, pixel) in row.as_chunks::<3>().0.iter().enumerate() {
            for (plane, value) in planes.iter_mut().zip(ycc(*pixel)) {
                if let Some(slot) = plane.get_mut(x) {
                    *slot = value;
                }
            }
        }
        planes.iter().enumerate().for_each(|(n, plane)| look.row(n, y, plane));
    }
    let looks = look.finish();
    let judged = looks.cells.judge();
    Looks {
        measures: measure(&looks.grey, looks.scale, &judged),
        separator: codes::separator(&looks.grey, looks.scale.0.min(looks.scale.1)),
    }
}

/// Measures a whole grey picture of `width` × `height` px at `dpi`, reduction and per-millimetre
/// statistics included: all that judging costs beyond decoding.
#[must_use]
pub fn of_grey(pixels: &[u8], width: usize, height: usize, dpi: f64) -> Measures {
    let size = Size::of(width, height, Some((dpi, dpi)), 1);
    let mut look = Look::new(&[(width, height)], size.grid(), size.scale(width, height));
    for (y, row) in pixels.chunks_exact(width.max(1)).enumerate() {
        look.row(0, y, row);
    }
    let looks = look.finish();
    measure(&looks.grey, looks.scale, &looks.cells.judge())
}
