//! A page as paper: size, turn, resolution, colour, and whether PDF/A would take it as it is.
//!
//! Touches the parsed document only.

use lopdf::{Dictionary, Document, Object, Stream, content::Content};

use super::{
    active::{number, numbers},
    finding,
    gather::PartFrame,
    tree::{Leaf, as_dict, deref, get, get_dict},
};
use crate::page::{Colour, FindingKind, PageImage, ReadPage, Severity};

/// Size of a page that does not say one (Letter, as viewers assume), points.
const DEFAULT_BOX: [f64; 4] = [0.0, 0.0, 612.0, 792.0];
/// Largest side a PDF page can have, points (200 inches × 75).
const MAX_SIDE: f64 = 1_000_000.0;
/// Millimetres of the papers of an office, short side first.
const PAPERS: [(f64, f64); 3] = [(297.0, 420.0), (210.0, 297.0), (148.0, 210.0)];
/// Largest content stream looked at for pictures, decoded bytes.
const MAX_CONTENT: usize = 1 << 20;

/// What is known of a page before its objects are taken.
pub(super) struct Sheet {
    pub(super) page: ReadPage,
    pub(super) part: PartFrame,
    /// Only pictures, in forms PDF/A-2 allows.
    pub(super) pdfa: bool,
}

/// Judges one page; `number` counts from 1.
pub(super) fn sheet(doc: &Document, leaf: &Leaf, number_of: u32) -> Sheet {
    let dict = &leaf.dict;
    let unit =
        get(doc, dict, b"UserUnit").and_then(number).filter(|u| (0.01..=1_000.0).contains(u)).unwrap_or(1.0);
    let visible = visible_box(doc, dict);
    let mpt = |points: f64| (points * 1000.0).round() as i64;
    let (width, height) = ((visible[2] - visible[0]) * unit, (visible[3] - visible[1]) * unit);
    let turn = get(doc, dict, b"Rotate").and_then(number).unwrap_or(0.0) as i64;
    let rotate = u16::try_from(turn.rem_euclid(360)).unwrap_or(0) / 90 * 90;
    let mut findings = Vec::new();
    let (mm_w, mm_h) = (width / 72.0 * 25.4, height / 72.0 * 25.4);
    if !is_office_paper(mm_w, mm_h) {
        let detail = format!("{mm_w:.1} x {mm_h:.1} mm");
        findings.push(finding(number_of, FindingKind::Scale, Severity::Warning, detail));
    }
    let look = pictures(doc, dict);
    let mut colour = Colour::Colour;
    let mut dpi = 0;
    if let Some(scan) = look.single {
        colour = scan.colour;
        dpi = (scan.dpi / unit).round() as u32;
        if dpi < 200 {
            findings.push(finding(number_of, FindingKind::LowDpi, Severity::Warning, format!("{dpi} dpi")));
        }
        if colour != Colour::Colour {
            findings.push(finding(number_of, FindingKind::NotColour, Severity::Warning, String::new()));
        }
    }
    let size = |points: f64, scale: f64| (points * scale).round().clamp(0.0, f64::from(u32::MAX)) as u32;
    let page = ReadPage {
        index: number_of.saturating_sub(1),
        width_px: size(width, 1.0),
        height_px: size(height, 1.0),
        width_mpt: size(width, 1000.0),
        height_mpt: size(height, 1000.0),
        dpi,
        colour,
        orientation: match rotate {
            90 => 6,
            180 => 3,
            270 => 8,
            _ => 1,
        },
        image: PageImage::Pdf { parts: String::new(), pdfa: false },
        ink: None,
        fingerprint: String::new(),
        measures: None,
        separator: None,
        findings,
    };
    let part =
        PartFrame { box_mpt: visible.map(mpt), rotate, user_unit_milli: (unit * 1000.0).round() as u32 };
    Sheet { page, part, pdfa: look.pdfa && get(doc, dict, b"Group").is_none() }
}

/// CropBox within MediaBox, in the page's own units.
fn visible_box(doc: &Document, dict: &Dictionary) -> [f64; 4] {
    let rectangle = |key: &[u8]| {
        let [a, b, c, d] = numbers::<4>(doc, get(doc, dict, key)?)?.map(|v| v.clamp(-MAX_SIDE, MAX_SIDE));
        let rect = [a.min(c), b.min(d), a.max(c), b.max(d)];
        (rect[2] - rect[0] > 0.01 && rect[3] - rect[1] > 0.01).then_some(rect)
    };
    let media = rectangle(b"MediaBox").unwrap_or(DEFAULT_BOX);
    let crop = rectangle(b"CropBox").unwrap_or(media);
    let cut = [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])];
    if cut[2] - cut[0] > 0.01 && cut[3] - cut[1] > 0.01 { cut } else { media }
}

fn is_office_paper(w: f64, h: f64) -> bool {
    let (short, long) = (w.min(h), w.max(h));
    PAPERS.iter().any(|(s, l)| (short / s - 1.0).abs() <= 0.03 && (long / l - 1.0).abs() <= 0.03)
}

struct Scan {
    dpi: f64,
    colour: Colour,
}

#[derive(Default)]
struct Look {
    single: Option<Scan>,
    pdfa: bool,
}

/// Operators a page of pictures may use without anything PDF/A-2 could object to.
const HARMLESS: [&str; 19] =
    ["q", "Q", "cm", "Do", "re", "W", "W*", "n", "f", "F", "f*", "g", "G", "rg", "RG", "w", "m", "l", "S"];

fn pictures(doc: &Document, dict: &Dictionary) -> Look {
    let Some(content) = content(doc, dict) else { return Look::default() };
    let Some(resources) = get_dict(doc, dict, b"Resources") else { return Look::default() };
    let filled = |key: &[u8]| get_dict(doc, resources, key).is_some_and(|d| !d.is_empty());
    let mut pdfa =
        ![b"Font".as_slice(), b"ExtGState", b"Pattern", b"Shading", b"Properties"].iter().any(|k| filled(k));
    let mut drawn: Vec<(&Stream, [f64; 6])> = Vec::new();
    let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let mut saved = Vec::new();
    let mut only_pictures = true;
    for operation in &content.operations {
        let operator = operation.operator.as_str();
        pdfa &= HARMLESS.contains(&operator);
        match operator {
            "q" if saved.len() < 256 => saved.push(matrix),
            "Q" => matrix = saved.pop().unwrap_or(matrix),
            "cm" => {
                let values: Option<Vec<f64>> = operation.operands.iter().map(number).collect();
                match values.and_then(|v| <[f64; 6]>::try_from(v).ok()) {
                    Some(m) => matrix = product(m, matrix),
                    None => return Look::default(),
                }
            }
            "Do" => {
                let name = operation.operands.first().and_then(|o| o.as_name().ok());
                let found = name.zip(get_dict(doc, resources, b"XObject")).and_then(|(n, d)| get(doc, d, n));
                match found {
                    Some(Object::Stream(stream)) if subtype(doc, stream) == Some(b"Image") => {
                        drawn.push((stream, matrix))
                    }
                    _ => (pdfa, only_pictures) = (false, false),
                }
            }
            "gs" | "re" | "W" | "W*" | "n" | "w" | "BDC" | "BMC" | "EMC" | "g" | "G" | "rg" | "RG" => {}
            _ => only_pictures = false,
        }
        if drawn.len() > 1_000 {
            return Look::default();
        }
    }
    pdfa &= !drawn.is_empty() && drawn.iter().all(|(stream, _)| allowed(doc, stream));
    let single = match drawn.as_slice() {
        [(stream, m)] if only_pictures => scan(doc, stream, m),
        _ => None,
    };
    Look { single, pdfa }
}

fn subtype<'a>(doc: &'a Document, stream: &'a Stream) -> Option<&'a [u8]> {
    get(doc, &stream.dict, b"Subtype").and_then(|s| s.as_name().ok())
}

/// `m` applied before `n`.
fn product(m: [f64; 6], n: [f64; 6]) -> [f64; 6] {
    [
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    ]
}

fn content(doc: &Document, dict: &Dictionary) -> Option<Content> {
    let list = match get(doc, dict, b"Contents")? {
        Object::Array(list) => list.iter().map(|o| deref(doc, o)).collect(),
        one => vec![one],
    };
    let mut bytes = Vec::new();
    for stream in list {
        let Object::Stream(stream) = stream else { return None };
        let part = if stream.dict.has(b"Filter") {
            stream.decompressed_content_with_limit(MAX_CONTENT).ok()?
        } else {
            stream.content.clone()
        };
        bytes.extend_from_slice(&part);
        bytes.push(b'\n');
        if bytes.len() > MAX_CONTENT {
            return None;
        }
    }
    Content::decode(&bytes).ok()
}

/// The effective resolution and the colour of a page that is one picture.
fn scan(doc: &Document, stream: &Stream, m: &[f64; 6]) -> Option<Scan> {
    let side = |key: &[u8]| get(doc, &stream.dict, key).and_then(number).filter(|n| *n >= 1.0);
    let (across, down) = ((m[0].hypot(m[1])) / 72.0, (m[2].hypot(m[3])) / 72.0);
    if across < 0.01 || down < 0.01 {
        return None;
    }
    let dpi = (side(b"Width")? / across).min(side(b"Height")? / down);
    let bits = get(doc, &stream.dict, b"BitsPerComponent").and_then(number);
    let mask = matches!(get(doc, &stream.dict, b"ImageMask"), Some(Object::Boolean(true)));
    let space = get(doc, &stream.dict, b"ColorSpace");
    let colour = match space.map(|s| components(doc, s)) {
        _ if mask => Colour::Bitonal,
        Some(Some(1)) if bits == Some(1.0) => Colour::Bitonal,
        Some(Some(1)) => Colour::Grey,
        _ => Colour::Colour,
    };
    (dpi < 100_000.0).then_some(Scan { dpi, colour })
}

/// 1 or 3 for the colour spaces PDF/A-2 takes with an sRGB output intent.
fn components(doc: &Document, space: &Object) -> Option<u8> {
    match space {
        Object::Name(n) if n == b"DeviceGray" => Some(1),
        Object::Name(n) if n == b"DeviceRGB" => Some(3),
        Object::Array(list) => match list.first().map(|o| deref(doc, o)) {
            Some(Object::Name(n)) if n == b"ICCBased" => {
                let profile = as_dict(deref(doc, list.get(1)?))?;
                match get(doc, profile, b"N").and_then(number) {
                    Some(1.0) => Some(1),
                    Some(3.0) => Some(3),
                    _ => None,
                }
            }
            _ => None,
        },
        _ => None,
    }
}

fn allowed(doc: &Document, stream: &Stream) -> bool {
    let dict = &stream.dict;
    let has = |key: &[u8]| get(doc, dict, key).is_some();
    if matches!(get(doc, dict, b"Interpolate"), Some(Object::Boolean(true)))
        || [b"SMask".as_slice(), b"SMaskInData", b"Alternates", b"OPI", b"OC", b"F", b"Intent"]
            .iter()
            .any(|k| has(k))
    {
        return false;
    }
    let filters = stream.filters().unwrap_or_default();
    let known = |f: &&[u8]| {
        matches!(
            *f,
            b"DCTDecode"
                | b"CCITTFaxDecode"
                | b"FlateDecode"
                | b"JBIG2Decode"
                | b"ASCII85Decode"
                | b"LZWDecode"
        )
    };
    let mask = matches!(get(doc, dict, b"ImageMask"), Some(Object::Boolean(true)));
    let space = match get(doc, dict, b"ColorSpace") {
        Some(Object::Array(list)) if matches!(list.first(), Some(Object::Name(n)) if n == b"Indexed") => {
            list.get(1).is_some_and(|base| components(doc, deref(doc, base)).is_some())
        }
        Some(space) => components(doc, space).is_some(),
        None => mask,
    };
    filters.iter().all(known) && space
}
