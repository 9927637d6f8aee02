//! PNG by the `png` crate, with resolution, orientation and profile; everything to 8 bit on white.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use super::bitmap::{onto_white, short};
use super::exif::{self, Exif};
use super::raster::{Picture, Raster};
use super::read::{Refusal, allow};
use super::{FindingKind, Limits};

fn refusal(error: DecodingError) -> Refusal {
    match error {
        DecodingError::LimitsExceeded => Refusal::new(FindingKind::TooLarge, ""),
        other => Refusal::damaged(short(&other.to_string())),
    }
}

/// Reads the picture of the PNG file `data`.
pub(super) fn read(data: &[u8], limits: &Limits) -> Result<Raster, Refusal> {
    let side = |at: usize| {
        data.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok()).map_or(0, u32::from_be_bytes)
    };
    if data.get(12..16) == Some(b"IHDR") {
        allow(side(16).into(), side(20).into(), limits)?;
    }
    let mut decoder = Decoder::new(Cursor::new(data));
    decoder.set_limits(png::Limits {
        bytes: usize::try_from(limits.max_memory_bytes).unwrap_or(usize::MAX) / 2,
    });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(refusal)?;
    let info = reader.info();
    let reducible =
        matches!(info.color_type, ColorType::Indexed | ColorType::Grayscale | ColorType::GrayscaleAlpha)
            || info.bit_depth != BitDepth::Eight && info.bit_depth != BitDepth::Sixteen;
    let dpi = info.pixel_dims.and_then(|d| {
        let dpi = |ppm: u32| f64::from(ppm) * 0.0254;
        matches!(d.unit, png::Unit::Meter).then(|| (dpi(d.xppu), dpi(d.yppu)))
    });
    let (width, height) = (info.width as usize, info.height as usize);
    let too_large = || Refusal::new(FindingKind::TooLarge, format!("{width} x {height} px"));
    let mut data = vec![0; reader.output_buffer_size().ok_or_else(too_large)?];
    let frame = reader.next_frame(&mut data).map_err(refusal)?;
    // The rest must be there too: a file cut behind its last pixel is still cut.
    reader.finish().map_err(refusal)?;
    let exif = reader.info().exif_metadata.as_deref().map(exif::read).or_else(|| exif_in_text(reader.info()));
    let icc = reader.info().icc_profile.as_ref().map(|p| p.to_vec()).unwrap_or_default();
    data.truncate(frame.buffer_size());
    let (channels, data) = match frame.color_type {
        ColorType::Grayscale => (1, data),
        ColorType::GrayscaleAlpha => (1, onto_white::<2>(data)),
        ColorType::Rgb => (3, data),
        ColorType::Rgba => (3, onto_white::<4>(data)),
        ColorType::Indexed => return Err(Refusal::unsupported("PNG palette")),
    };
    let exif = exif.unwrap_or_default();
    Ok(Raster {
        picture: Picture { width, height, channels, data },
        reducible,
        dpi: dpi.or(exif.dpi),
        orientation: exif.orientation.unwrap_or(1),
        icc,
        exif_damaged: exif.damaged,
    })
}

/// EXIF as ImageMagick kept it before PNG had a chunk for it: hexadecimal text behind a name and a
/// length.
fn exif_in_text(info: &png::Info<'_>) -> Option<Exif> {
    let named = |keyword: &str| matches!(keyword, "Raw profile type exif" | "Raw profile type APP1");
    let plain = info.uncompressed_latin1_text.iter().find(|t| named(&t.keyword)).map(|t| t.text.clone());
    let packed = || info.compressed_latin1_text.iter().find(|t| named(&t.keyword))?.get_text().ok();
    let text = plain.or_else(packed)?;
    let digits: String = text.split_ascii_whitespace().skip(2).collect();
    let block = crate::hex::decode(&digits)?;
    Some(exif::read(block.strip_prefix(b"Exif\0\0").unwrap_or(&block)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::read::tests::{read_bytes, refused};
    use crate::page::{Colour, Filter, PageImage};

    fn png(width: u32, colour: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, width, 2);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: 11811,
            yppu: 11811,
            unit: png::Unit::Meter,
        }));
        if colour == ColorType::Indexed {
            encoder.set_palette(vec![255, 255, 255, 200, 200, 200]);
        }
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        out
    }

    fn pixels(bytes: &[u8]) -> (usize, Vec<u8>) {
        let raster = read(bytes, &Limits::default()).unwrap();
        (raster.picture.channels, raster.picture.data)
    }

    #[test]
    fn transparency_lies_on_white_paper_and_16_bits_become_8() {
        let glass = png(1, ColorType::Rgba, BitDepth::Eight, &[10, 20, 30, 0, 10, 20, 30, 255]);
        assert_eq!(pixels(&glass), (3, vec![255, 255, 255, 10, 20, 30]));
        let deep = png(1, ColorType::Grayscale, BitDepth::Sixteen, &[0x80, 0xFF, 0x12, 0x34]);
        assert_eq!(pixels(&deep), (1, vec![0x80, 0x12]));
    }

    #[test]
    fn colour_is_told_by_what_is_stored() {
        let black_white = png(8, ColorType::Grayscale, BitDepth::One, &[0b1010_1010, 0]);
        let (file, _folder) = read_bytes(&black_white, &Limits::default());
        assert_eq!(file.pages[0].colour, Colour::Bitonal);
        assert!(matches!(file.pages[0].image, PageImage::Stream { filter: Filter::CcittG4, bits: 1, .. }));
        let palette = png(8, ColorType::Indexed, BitDepth::One, &[0b1010_1010, 0]);
        assert_eq!(
            read_bytes(&palette, &Limits::default()).0.pages[0].colour,
            Colour::Grey,
            "a palette of greys"
        );
        let white = png(1, ColorType::Rgb, BitDepth::Eight, &[255; 6]);
        assert_eq!(read_bytes(&white, &Limits::default()).0.pages[0].colour, Colour::Colour, "RGB stays RGB");
    }

    #[test]
    fn orientation_is_found_in_its_chunk_and_in_imagemagicks_text() {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, 1, 1);
        let block = [b"Exif\0\0".to_vec(), exif::tests::block(3, false)].concat();
        let text = format!("\nexif\n{:>8}\n{}\n", block.len(), crate::hex::encode(&block));
        encoder.add_ztxt_chunk("Raw profile type exif".into(), text).unwrap();
        encoder.write_header().unwrap().write_image_data(&[9]).unwrap();
        assert_eq!(read(&out, &Limits::default()).unwrap().orientation, 3);
    }

    #[test]
    fn no_cut_and_no_flipped_bit_passes() {
        let bytes = png(64, ColorType::Rgb, BitDepth::Eight, &[77; 64 * 6]);
        for cut in 33..bytes.len() {
            assert_eq!(refused(&bytes[..cut]).0, FindingKind::Damaged, "cut at {cut} of {}", bytes.len());
        }
        let data = bytes.windows(4).position(|w| w == b"IDAT").unwrap();
        let mut flipped = bytes.clone();
        flipped[data + 9] ^= 4;
        assert_eq!(refused(&flipped).0, FindingKind::Damaged);
    }
}
