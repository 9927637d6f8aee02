//! The segments of a JPEG before its first scan: size, components, colour model, resolution, EXIF,
//! ICC. Looks at bytes only; the scans are in `jpeg_scan`.

use super::exif::{self, Exif};

/// Why a JPEG is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Cut short or corrupted; what was wrong.
    Damaged(String),
    /// A process of the standard that PDF readers do not know.
    Unsupported(String),
}

impl Fault {
    #[cold]
    pub fn damaged(what: &str) -> Self {
        Self::Damaged(what.to_owned())
    }
}

/// One colour component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    pub id: u8,
    /// Sampling factors across and down, 1–4.
    pub h: usize,
    pub v: usize,
    /// Its quantisation table, 0–3.
    pub table: usize,
}

/// What the file says before its pixels.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    pub width: u32,
    pub height: u32,
    pub components: Vec<Component>,
    pub progressive: bool,
    /// JFIF density: unit (0 none, 1 inch, 2 cm), across, down.
    pub jfif: Option<(u8, u16, u16)>,
    /// Colour transform of the Adobe segment.
    pub adobe: Option<u8>,
    pub exif: Option<Exif>,
    /// Range (offset, length) of each EXIF segment, marker included, and whether it holds a place.
    pub exif_ranges: Vec<(u64, u64, bool)>,
    /// Embedded profile, put together from its parts.
    pub icc: Vec<u8>,
    /// Full pictures of a multi-picture file (stereo, panorama); previews and gain maps do not count.
    pub views: usize,
}

/// How samples are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    Grey,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}

impl Head {
    /// Colour model as all decoders agree on (libjpeg's rules).
    pub fn model(&self) -> Model {
        let ids: Vec<u8> = self.components.iter().map(|c| c.id).collect();
        match (ids.len(), self.adobe) {
            (1, _) => Model::Grey,
            (3, _) if self.jfif.is_some() => Model::YCbCr,
            (3, Some(0)) => Model::Rgb,
            (3, Some(_)) => Model::YCbCr,
            (3, None) if ids == *b"RGB" => Model::Rgb,
            (3, None) => Model::YCbCr,
            (_, Some(2)) => Model::Ycck,
            _ => Model::Cmyk,
        }
    }

    /// Resolution in dpi, from JFIF or else EXIF.
    pub fn dpi(&self) -> Option<(f64, f64)> {
        let jfif = match self.jfif {
            Some((1, x, y)) => Some((f64::from(x), f64::from(y))),
            Some((2, x, y)) => Some((f64::from(x) * 2.54, f64::from(y) * 2.54)),
            _ => None,
        };
        jfif.or_else(|| self.exif.and_then(|e| e.dpi))
    }

    /// Largest sampling factors.
    pub fn sampling(&self) -> (usize, usize) {
        let most = |f: fn(&Component) -> usize| self.components.iter().map(f).max().unwrap_or(1).max(1);
        (most(|c| c.h), most(|c| c.v))
    }
}

/// The next segment at `at`: its marker, its payload (empty for markers without one) and where the
/// following one starts.
pub(super) fn segment(data: &[u8], at: usize) -> Result<(u8, &[u8], usize), Fault> {
    if data.get(at).is_some_and(|b| *b != 0xFF) {
        return Err(Fault::Damaged(format!("stray bytes at {at}")));
    }
    let fill = data.get(at..).unwrap_or_default().iter().take_while(|b| **b == 0xFF).count();
    let mark = at + fill;
    let Some(&marker) = data.get(mark) else {
        return Err(Fault::Damaged(format!("ends at {}", data.len())));
    };
    if matches!(marker, 0x01 | 0xD0..=0xD9) {
        return Ok((marker, &[], mark + 1));
    }
    if marker < 0xC0 || marker >= 0xF0 && marker != 0xFE {
        return Err(Fault::Damaged(format!("stray bytes at {at}")));
    }
    let length =
        data.get(mark + 1..mark + 3).and_then(|b| <[u8; 2]>::try_from(b).ok()).map(u16::from_be_bytes);
    let payload = length.and_then(|n| data.get(mark + 3..mark + 1 + usize::from(n)));
    match (length, payload) {
        (Some(0 | 1), _) => Err(Fault::Damaged(format!("segment length at {mark}"))),
        (Some(n), Some(payload)) => Ok((marker, payload, mark + 1 + usize::from(n))),
        _ => Err(Fault::Damaged(format!("ends at {}", data.len()))),
    }
}

/// Reads everything before the first scan.
pub(super) fn head(data: &[u8]) -> Result<Head, Fault> {
    if !data.starts_with(b"\xFF\xD8") {
        return Err(Fault::damaged("no start marker"));
    }
    let mut head = Head::default();
    let mut icc: Vec<(u8, u8, &[u8])> = Vec::new();
    let mut at = 2;
    loop {
        let (marker, payload, next) = segment(data, at)?;
        match marker {
            0xC0..=0xC2 => frame(&mut head, marker, payload)?,
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Err(Fault::Unsupported(format!("JPEG SOF{}", marker - 0xC0)));
            }
            0xD8 => return Err(Fault::damaged("second start marker")),
            0xD9 => return Err(Fault::damaged("ends before the picture")),
            0xDA => break,
            0xE0 if payload.starts_with(b"JFIF\0") => {
                if let Some([major, _, unit, a, b, c, d]) = payload.get(5..12) {
                    if *major != 1 {
                        return Err(Fault::damaged("JFIF version"));
                    }
                    head.jfif = Some((*unit, u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])));
                }
            }
            0xE1 if payload.starts_with(b"Exif\0") => {
                let found = exif::read(payload.get(6..).unwrap_or_default());
                head.exif_ranges.push((at as u64, (next - at) as u64, found.gps));
                head.exif.get_or_insert(found);
            }
            0xE2 if payload.starts_with(b"ICC_PROFILE\0") => {
                if let Some((&[number, total], part)) =
                    payload.get(12..).and_then(|p| p.split_first_chunk::<2>())
                {
                    icc.push((number, total, part));
                }
            }
            0xE2 if payload.starts_with(b"MPF\0") => {
                head.views = views(payload.get(4..).unwrap_or_default());
                if head.views > 1 {
                    return Err(Fault::Unsupported(format!("MPO {} pictures", head.views)));
                }
            }
            0xEE if payload.starts_with(b"Adobe") => head.adobe = payload.get(11).copied(),
            _ => {}
        }
        at = next;
    }
    if head.components.is_empty() {
        return Err(Fault::damaged("scan before frame"));
    }
    icc.sort_by_key(|(number, _, _)| *number);
    if icc.iter().zip(1u8..).all(|((n, total, _), want)| *n == want && usize::from(*total) == icc.len()) {
        head.icc = icc.iter().flat_map(|(_, _, part)| part.iter().copied()).collect();
    }
    Ok(head)
}

/// Pictures of one multi-frame set in a multi-picture index (CIPA DC-007, 5.2.3). Only the first of
/// them is reached by reading the JPEG; taking it alone would lose the others without a word.
fn views(block: &[u8]) -> usize {
    let big = block.starts_with(b"MM");
    let number = |at: usize, n: usize| -> Option<usize> {
        let bytes = block.get(at..at.checked_add(n)?)?;
        let fold = |sum: usize, b: &u8| sum << 8 | usize::from(*b);
        Some(if big { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) })
    };
    let entries = || {
        let start = number(4, 4)?;
        let count = number(start, 2)?;
        let entry = (0..count).map(|i| start + 2 + i * 12).find(|at| number(*at, 2) == Some(0xB002))?;
        Some((number(entry + 8, 4)?, number(entry + 4, 4)? / 16))
    };
    let Some((at, count)) = entries() else { return 0 };
    (0..count).map_while(|i| number(at + i * 16, 4)).filter(|kind| kind >> 16 & 0xFF == 2).count()
}

fn frame(head: &mut Head, marker: u8, payload: &[u8]) -> Result<(), Fault> {
    if !head.components.is_empty() {
        return Err(Fault::damaged("second frame"));
    }
    let Some((&[precision, h1, h0, w1, w0, count], rest)) = payload.split_first_chunk::<6>() else {
        return Err(Fault::damaged("frame header"));
    };
    head.height = u16::from_be_bytes([h1, h0]).into();
    head.width = u16::from_be_bytes([w1, w0]).into();
    head.progressive = marker == 0xC2;
    if precision != 8 {
        return Err(Fault::Unsupported(format!("JPEG {precision} bit")));
    }
    if !matches!(count, 1 | 3 | 4) {
        return Err(Fault::Unsupported(format!("JPEG {count} components")));
    }
    if head.width == 0 || head.height == 0 || rest.len() != usize::from(count) * 3 {
        return Err(Fault::damaged("frame header"));
    }
    for c in rest.as_chunks::<3>().0 {
        let [id, factors, table] = *c;
        let (h, v) = (usize::from(factors >> 4), usize::from(factors & 15));
        if !(1..=4).contains(&h) || !(1..=4).contains(&v) || table > 3 {
            return Err(Fault::damaged("frame header"));
        }
        head.components.push(Component { id, h, v, table: table.into() });
    }
    Ok(())
}
