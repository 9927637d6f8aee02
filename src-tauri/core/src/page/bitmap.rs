//! BMP and WebP by the `image` crate, with the resolution and orientation it leaves out.

use std::io::Cursor;

use image::codecs::{bmp::BmpDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder, ImageError};

use super::exif;
use super::raster::{Picture, Raster};
use super::read::{Refusal, allow};
use super::{FindingKind, Limits};

fn refusal(error: &ImageError) -> Refusal {
    match error {
        ImageError::Unsupported(_) => Refusal::unsupported(short(&error.to_string())),
        ImageError::Limits(_) => Refusal::new(FindingKind::TooLarge, ""),
        _ => Refusal::damaged(short(&error.to_string())),
    }
}

/// Details are parameters, not stories.
pub(super) fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// Reads all pixels of a decoder, transparency laid onto white.
fn pixels(decoder: impl ImageDecoder, limits: &Limits) -> Result<Picture, Refusal> {
    let (width, height) = decoder.dimensions();
    allow(width.into(), height.into(), limits)?;
    let colour = decoder.color_type();
    let size = usize::try_from(decoder.total_bytes()).map_err(|_| Refusal::new(FindingKind::TooLarge, ""))?;
    let mut data = vec![0; size];
    decoder.read_image(&mut data).map_err(|e| refusal(&e))?;
    let (width, height) = (width as usize, height as usize);
    match colour {
        ColorType::L8 => Ok(Picture { width, height, channels: 1, data }),
        ColorType::Rgb8 => Ok(Picture { width, height, channels: 3, data }),
        ColorType::Rgba8 => Ok(Picture { width, height, channels: 3, data: onto_white::<4>(data) }),
        other => Err(Refusal::unsupported(format!("{other:?}"))),
    }
}

/// Lays pixels of `N` channels, the last of them opacity, onto white paper; in place.
pub(super) fn onto_white<const N: usize>(mut data: Vec<u8>) -> Vec<u8> {
    let pixels = data.len() / N;
    for i in 0..pixels {
        let Some(&pixel) = data.get(i * N..).and_then(|d| d.first_chunk::<N>()) else { break };
        let Some((alpha, colour)) = pixel.split_last() else { break };
        let alpha = u32::from(*alpha);
        for (c, value) in colour.iter().enumerate() {
            if let Some(slot) = data.get_mut(i * (N - 1) + c) {
                *slot = ((u32::from(*value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
            }
        }
    }
    data.truncate(pixels * (N - 1));
    data
}

/// A Windows bitmap.
pub(super) fn bmp(data: &[u8], limits: &Limits) -> Result<Raster, Refusal> {
    let word =
        |at: usize| data.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok()).map(i32::from_le_bytes);
    let half =
        |at: usize| data.get(at..at + 2).and_then(|b| <[u8; 2]>::try_from(b).ok()).map(u16::from_le_bytes);
    let header = word(14).unwrap_or(0);
    if header >= 40 {
        // The size first: the decoder may want memory before it looks.
        let side = |at: usize| u64::from(word(at).unwrap_or(0).unsigned_abs());
        allow(side(18), side(22), limits)?;
    }
    let decoder = BmpDecoder::new(Cursor::new(data)).map_err(|e| refusal(&e))?;
    let mut raster = Raster::plain(pixels(decoder, limits)?);
    let bits = if header >= 40 { half(28) } else { half(24) };
    raster.reducible = bits.is_some_and(|b| b <= 8);
    if header >= 40 {
        let dpi = |at: usize| f64::from(word(at).unwrap_or(0)) * 0.0254;
        raster.dpi = Some((dpi(38), dpi(42)));
    }
    Ok(raster)
}

/// A still WebP picture.
pub(super) fn webp(data: &[u8], limits: &Limits) -> Result<Raster, Refusal> {
    let declared = data.get(4..8).and_then(|b| <[u8; 4]>::try_from(b).ok()).map_or(0, u32::from_le_bytes);
    let end = u64::from(declared) + 8;
    if end > data.len() as u64 {
        return Err(Refusal::damaged(format!("{}/{end} bytes", data.len())));
    }
    let mut decoder = WebPDecoder::new(Cursor::new(data)).map_err(|e| refusal(&e))?;
    if decoder.has_animation() {
        return Err(Refusal::unsupported("WebP animation"));
    }
    let icc = decoder.icc_profile().ok().flatten().unwrap_or_default();
    let block = decoder.exif_metadata().ok().flatten();
    let mut raster = Raster::plain(pixels(decoder, limits)?);
    raster.icc = icc;
    if let Some(block) = block {
        let exif = exif::read(block.strip_prefix(b"Exif\0\0").unwrap_or(&block));
        raster.orientation = exif.orientation.unwrap_or(1);
        raster.dpi = exif.dpi;
        raster.exif_damaged = exif.damaged;
    }
    Ok(raster)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::read::tests::{paper, read_bytes, refused};
    use image::ImageEncoder;
    use image::codecs::{bmp::BmpEncoder, webp::WebPEncoder};

    #[test]
    fn a_bitmap_says_its_resolution_and_a_cut_one_is_refused() {
        let page = paper(248, 351);
        let mut bytes = Vec::new();
        BmpEncoder::new(&mut bytes).encode(&page.data, 248, 351, image::ExtendedColorType::Rgb8).unwrap();
        bytes[38..42].copy_from_slice(&1181i32.to_le_bytes());
        bytes[42..46].copy_from_slice(&1181i32.to_le_bytes());
        let (file, _folder) = read_bytes(&bytes, &Limits::default());
        assert_eq!((file.pages[0].dpi, file.pages[0].width_px), (30, 248));
        assert_eq!(bmp(&bytes, &Limits::default()).unwrap().picture, page, "to the pixel");
        assert_eq!(refused(&bytes[..bytes.len() - 300]).0, FindingKind::Damaged);
    }

    #[test]
    fn a_webp_is_turned_as_its_exif_says() {
        let page = paper(60, 80);
        let mut bytes = Vec::new();
        let mut encoder = WebPEncoder::new_lossless(&mut bytes);
        encoder.set_exif_metadata(exif::tests::block(8, false)).unwrap();
        encoder.write_image(&page.data, 60, 80, image::ExtendedColorType::Rgb8).unwrap();
        let (file, _folder) = read_bytes(&bytes, &Limits::default());
        assert_eq!(file.pages[0].orientation, 8);
        for cut in [bytes.len() - 1, bytes.len() / 2, 40] {
            assert_eq!(refused(&bytes[..cut]).0, FindingKind::Damaged, "cut at {cut}");
        }
    }
}
