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
    let filter = match dict.get(b"Filter") {
        Some(Obj::Array(list)) if list.len() <= 1 => list.first(),
        Some(Obj::Array(_)) => return None,
        other => other,
    };
    let parms = match dict.get(b"DecodeParms") {
        Some(Obj::Array(list)) if list.len() <= 1 => list.first(),
        Some(Obj::Array(_)) => return None,
        other => other,
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
    let colors = parameter(parms, b"Colors", 1, 32)?;
    let bits = parameter(parms, b"BitsPerComponent", 8, 16)?;
    let columns = parameter(parms, b"Columns", 1, 1 << 20).filter(|n| *n > 0)?;
    if predictor < 2 {
        return Some(data);
    }
    // The TIFF predictor is never used for tables; only the PNG ones are read here.
    if predictor < 10 {
        return None;
    }
    let pixel = (colors * bits).div_ceil(8).max(1);
    let row = (colors * bits * columns).div_ceil(8).max(1);
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; row];
    for line in data.chunks(row + 1) {
        let (kind, body) = line.split_first()?;
        let mut current = vec![0_u8; row];
        for (i, &byte) in body.iter().enumerate() {
            let left = i.checked_sub(pixel).and_then(|j| current.get(j)).copied().unwrap_or(0);
            let up = above.get(i).copied().unwrap_or(0);
            let corner = i.checked_sub(pixel).and_then(|j| above.get(j)).copied().unwrap_or(0);
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
        above = current;
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
