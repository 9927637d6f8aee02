//! Undoes the compression of one strip or tile of a TIFF, to the last byte or with a fault.

use std::io::Read;

use weezl::{BitOrder, LzwStatus, decode::Decoder as Lzw};

use super::fax_lines::{self, Coding};
use super::jpeg;
use super::jpeg_page;
use super::look::rgb;
use super::read::Refusal;

/// What a chunk must become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Pixels across and rows of the chunk as stored.
    pub width: usize,
    pub rows: usize,
    /// Samples of a pixel in the chunk, and bits of each.
    pub samples: usize,
    pub bits: usize,
}

impl Shape {
    /// Bytes of one row.
    pub fn stride(self) -> usize {
        (self.width * self.samples * self.bits).div_ceil(8)
    }
}

/// How the chunks of a page are compressed.
#[derive(Debug, Clone)]
pub(super) struct Packing<'a> {
    /// TIFF compression number.
    pub method: u64,
    /// Bits of each byte are stored last first.
    pub reversed: bool,
    /// T.4 options.
    pub t4: u64,
    /// Common tables of JPEG chunks.
    pub tables: &'a [u8],
    /// JPEG chunks hold YCbCr.
    pub ycc: bool,
}

/// The bytes of a chunk: `shape.stride()` times `shape.rows`.
pub(super) fn unpack(raw: &[u8], packing: &Packing<'_>, shape: Shape) -> Result<Vec<u8>, Refusal> {
    let turned: Vec<u8>;
    let raw = if packing.reversed && packing.method != 7 {
        turned = raw.iter().map(|b| b.reverse_bits()).collect();
        &turned
    } else {
        raw
    };
    let want = shape.stride() * shape.rows;
    let fax = |coding| {
        if shape.bits != 1 || shape.samples != 1 {
            return Err(Refusal::unsupported("TIFF fax depth"));
        }
        fax_lines::decode(raw, coding, shape.width, shape.rows)
            .map_err(|row| Refusal::damaged(format!("row {row}/{}", shape.rows)))
    };
    match packing.method {
        1 => raw.get(..want).map(<[u8]>::to_vec).ok_or_else(|| short(raw.len(), want)),
        2 => fax(Coding::Huffman),
        3 => fax(Coding::T4 { two: packing.t4 & 1 != 0 }),
        4 => fax(Coding::T6),
        5 => lzw(raw, want),
        7 => jpeg_chunk(raw, packing, shape),
        8 | 32946 => deflate(raw, want),
        32773 => packbits(raw, want),
        other => Err(Refusal::unsupported(format!("TIFF compression {other}"))),
    }
}

fn short(have: usize, want: usize) -> Refusal {
    Refusal::damaged(format!("{have}/{want} bytes"))
}

fn lzw(raw: &[u8], want: usize) -> Result<Vec<u8>, Refusal> {
    let mut out = vec![0; want];
    let mut decoder = Lzw::with_tiff_size_switch(BitOrder::Msb, 8);
    let (mut from, mut to) = (0, 0);
    while to < want {
        let input = raw.get(from..).unwrap_or_default();
        let result = decoder.decode_bytes(input, out.get_mut(to..).unwrap_or_default());
        from += result.consumed_in;
        to += result.consumed_out;
        match result.status {
            Ok(LzwStatus::Ok) if result.consumed_in > 0 || result.consumed_out > 0 => {}
            _ if to >= want => {}
            _ => return Err(short(to, want)),
        }
    }
    Ok(out)
}

fn deflate(raw: &[u8], want: usize) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    let mut decoder = flate2::read::ZlibDecoder::new(raw);
    decoder.by_ref().take(want as u64).read_to_end(&mut out).map_err(|_| short(out.len(), want))?;
    if out.len() < want {
        return Err(short(out.len(), want));
    }
    // The checksum stands behind the last byte; a tile may hold more rows than the page needs.
    let rest = std::io::copy(&mut decoder.take(want as u64 + 4096), &mut std::io::sink());
    rest.map_err(|_| Refusal::damaged("checksum"))?;
    Ok(out)
}

fn packbits(raw: &[u8], want: usize) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    let mut rest = raw;
    while out.len() < want {
        let Some((&head, tail)) = rest.split_first() else { return Err(short(out.len(), want)) };
        rest = tail;
        match head.cast_signed() {
            -128 => {}
            n @ 0.. => {
                let count = usize::from(n.unsigned_abs()) + 1;
                let (part, tail) = rest.split_at_checked(count).ok_or_else(|| short(out.len(), want))?;
                out.extend_from_slice(part);
                rest = tail;
            }
            n => {
                let (&value, tail) = rest.split_first().ok_or_else(|| short(out.len(), want))?;
                out.resize(out.len() + usize::from(n.unsigned_abs()) + 1, value);
                rest = tail;
            }
        }
    }
    out.truncate(want);
    Ok(out)
}

fn jpeg_chunk(raw: &[u8], packing: &Packing<'_>, shape: Shape) -> Result<Vec<u8>, Refusal> {
    let tables = packing.tables.strip_suffix(b"\xFF\xD9").unwrap_or(packing.tables);
    let whole: Vec<u8> = match raw.strip_prefix(b"\xFF\xD8") {
        Some(rest) if tables.len() > 2 => [tables, rest].concat(),
        _ => raw.to_vec(),
    };
    let head = jpeg::head(&whole)?;
    let (width, height) = (head.width as usize, head.height as usize);
    if shape.bits != 8 || head.components.len() != shape.samples {
        return Err(Refusal::unsupported("TIFF JPEG depth"));
    }
    if width < shape.width || height < shape.rows || width > shape.width + 64 || height > shape.rows + 4096 {
        return Err(Refusal::damaged(format!("{width} x {height} px of {} x {}", shape.width, shape.rows)));
    }
    let planes = jpeg_page::planes(&whole, &head, (width, height))?;
    let mut out = Vec::with_capacity(shape.stride() * shape.rows);
    for y in 0..shape.rows {
        for x in 0..shape.width {
            let at = |p: &Vec<u8>| p.get(y * width + x).copied().unwrap_or(0);
            match planes.as_slice() {
                [a, b, c] if packing.ycc => out.extend(rgb(at(a), at(b), at(c))),
                many => out.extend(many.iter().map(at)),
            }
        }
    }
    Ok(out)
}
