//! Undoing `FlateDecode` and the predictors, for cross-reference and object streams and metadata.
//!
//! Touches only the bytes it is given; the result is bounded.

use std::io::Read;

use super::syntax::{Dict, Obj};

/// Largest decoded stream, bytes.
const MAX_DECODED: u64 = 64 << 20;

/// The decoded bytes of a stream; `None` for anything but no filter or Flate, or when it is broken.
pub(super) fn decode(dict: &Dict, raw: Vec<u8>) -> Option<Vec<u8>> {
    if !is_plain(dict) {
        return None;
    }
    // Parameters of a list of filters are a list, those of one filter are not: readers pass over others.
    let (filter, parms) = match (dict.get(b"Filter"), dict.get(b"DecodeParms")) {
        (Some(Obj::Array(filters)), None) if filters.len() <= 1 => (filters.first(), None),
        (Some(Obj::Array(filters)), Some(Obj::Array(parms))) if filters.len() == 1 && parms.len() == 1 => {
            (filters.first(), parms.first())
        }
        (Some(Obj::Array(_)), _) | (_, Some(Obj::Array(_))) => return None,
        one => one,
    };
    match filter {
        None => Some(raw),
        Some(name) if name.is_name(b"FlateDecode") || name.is_name(b"Fl") => {
            let plain = inflate(&raw)?;
            match parms {
                None | Some(Obj::Null) => Some(plain),
                Some(Obj::Dict(parms)) => predict(plain, parms),
                Some(_) => None,
            }
        }
        Some(_) => None,
    }
}

/// Whether all readers see the same stream: no key twice, nothing in another file, no abbreviations.
pub(super) fn is_plain(dict: &Dict) -> bool {
    let odd = [b"F".as_slice(), b"FFilter", b"FDecodeParms", b"DP"];
    !dict.repeats() && odd.iter().all(|key| dict.get(key).is_none())
}

fn inflate(raw: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(raw).take(MAX_DECODED + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 <= MAX_DECODED).then_some(out)
}

fn parameter(parms: &Dict, key: &[u8], default: usize, max: usize) -> Option<usize> {
    match parms.get(key) {
        None => Some(default),
        Some(value) => usize::try_from(value.as_int()?).ok().filter(|v| *v <= max),
    }
}

fn predict(data: Vec<u8>, parms: &Dict) -> Option<Vec<u8>> {
    let predictor = parameter(parms, b"Predictor", 1, 15)?;
    let columns = parameter(parms, b"Columns", 1, 1 << 20).filter(|n| *n > 0)?;
    // Bytes in rows: what is packed otherwise each reader unpacks in its own way.
    let bytes = parameter(parms, b"Colors", 1, 1)? == 1 && parameter(parms, b"BitsPerComponent", 8, 8)? == 8;
    if parms.repeats() || !bytes {
        return None;
    }
    if predictor < 2 {
        return Some(data);
    }
    // The TIFF predictor is never used for tables; only the PNG ones are read here.
    if predictor < 10 {
        return None;
    }
    // Of a row that is cut off some readers fill up the rest.
    if !data.len().is_multiple_of(columns + 1) {
        return None;
    }
    let mut out = Vec::with_capacity(data.len());
    let (mut above, mut current) = (vec![0_u8; columns], vec![0_u8; columns]);
    for line in data.chunks(columns + 1) {
        let (kind, body) = line.split_first()?;
        for (i, &byte) in body.iter().enumerate() {
            let left = i.checked_sub(1).and_then(|j| current.get(j)).copied().unwrap_or(0);
            let up = above.get(i).copied().unwrap_or(0);
            let corner = i.checked_sub(1).and_then(|j| above.get(j)).copied().unwrap_or(0);
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => paeth(left, up, corner),
                _ => return None,
            };
            *current.get_mut(i)? = byte.wrapping_add(guess);
        }
        out.extend_from_slice(current.get(..body.len())?);
        std::mem::swap(&mut above, &mut current);
    }
    Some(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let estimate = a + b - c;
    let (da, db, dc) = ((estimate - a).abs(), (estimate - b).abs(), (estimate - c).abs());
    if da <= db && da <= dc {
        left
    } else if db <= dc {
        up
    } else {
        corner
    }
}
