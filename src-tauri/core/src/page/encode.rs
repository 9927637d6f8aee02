//! Makes the streams that go into the PDF: PNG-predicted zlib, CCITT Group 4, JPEG. Writes side
//! files into the folder it is told.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use fax::encoder::Encoder as FaxEncoder;
use fax::{Color, VecWriter};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jpeg_encoder::{ColorType, Encoder as JpegEncoder, SamplingFactor};

use super::raster::Picture;

/// Writes a whole side file.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|e| e.to_string())
}

/// `picture` as JPEG; `full` keeps the colour planes at full size (4:4:4).
pub(super) fn jpeg(picture: &Picture, quality: u8, full: bool) -> Result<Vec<u8>, String> {
    let side = |n: usize| u16::try_from(n).map_err(|_| format!("{n} px"));
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new(&mut out, quality);
    encoder.set_sampling_factor(if full { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 });
    let colour = if picture.channels == 1 { ColorType::Luma } else { ColorType::Rgb };
    let done = encoder.encode(&picture.data, side(picture.width)?, side(picture.height)?, colour);
    done.map_err(|e| e.to_string())?;
    Ok(out)
}

/// Two-tone `picture` (0 and 255) as Group 4 with black as 0 (`/BlackIs1 false`), to a file.
pub(super) fn g4(path: &Path, picture: &Picture) -> Result<(), String> {
    let width = u32::try_from(picture.width).map_err(|e| e.to_string())?;
    let mut encoder = FaxEncoder::new(VecWriter::new());
    for row in picture.data.chunks_exact(picture.width.max(1)) {
        let pels = row.iter().map(|v| if *v == 0 { Color::Black } else { Color::White });
        encoder.encode_line(pels, width).unwrap_or_else(|never| match never {});
    }
    let data = encoder.finish().unwrap_or_else(|never| match never {}).finish();
    write(path, &data)
}

/// `picture` as zlib with PNG predictors chosen row by row (least sum of differences), to a file.
pub(super) fn flate_png(path: &Path, picture: &Picture) -> Result<(), String> {
    let file = BufWriter::new(File::create(path).map_err(|e| e.to_string())?);
    let mut zlib = ZlibEncoder::new(file, Compression::new(6));
    let length = picture.width * picture.channels;
    let mut above = vec![0u8; length];
    let mut tried: [Vec<u8>; 4] = std::array::from_fn(|_| vec![0; length]);
    for row in picture.data.chunks_exact(length.max(1)) {
        let bpp = picture.channels;
        let [none, sub, up, paeth] = &mut tried;
        none.copy_from_slice(row);
        let left = || std::iter::repeat_n(&0u8, bpp).chain(row);
        let corner = std::iter::repeat_n(&0u8, bpp).chain(&above);
        sub.iter_mut().zip(row.iter().zip(left())).for_each(|(o, (v, a))| *o = v.wrapping_sub(*a));
        up.iter_mut().zip(row.iter().zip(&above)).for_each(|(o, (v, b))| *o = v.wrapping_sub(*b));
        let neighbours = left().zip(&above).zip(corner);
        for (o, (v, ((a, b), c))) in paeth.iter_mut().zip(row.iter().zip(neighbours)) {
            *o = v.wrapping_sub(predict(*a, *b, *c));
        }
        let cost = |line: &[u8]| line.iter().map(|v| u64::from(v.cast_signed().unsigned_abs())).sum::<u64>();
        let best = tried.iter().zip([0u8, 1, 2, 4]).min_by_key(|(line, _)| cost(line));
        if let Some((line, kind)) = best {
            zlib.write_all(&[kind]).and_then(|()| zlib.write_all(line)).map_err(|e| e.to_string())?;
        }
        above.copy_from_slice(row);
    }
    let mut file = zlib.finish().map_err(|e| e.to_string())?;
    file.flush().map_err(|e| e.to_string())
}

/// The Paeth predictor (PNG, 9.4).
fn predict(a: u8, b: u8, c: u8) -> u8 {
    let p = i16::from(a) + i16::from(b) - i16::from(c);
    let away = |v: u8| (p - i16::from(v)).abs();
    if away(a) <= away(b) && away(a) <= away(c) {
        a
    } else if away(b) <= away(c) {
        b
    } else {
        c
    }
}
