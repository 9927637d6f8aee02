//! A JPEG file as a page. Its bytes go into the PDF as they are unless PDF/A forbids the colour
//! model; one decode checks every code of it and yields thumbnail and ink map on the way.

use std::path::Path;

use super::findings::{Size, notice, warn};
use super::jpeg::{self, Fault, Head, Model};
use super::look::{Look, Shrink, rgb, ycc};
use super::raster::{Picture, bare_page, finish_page, icc_file};
use super::read::{Refusal, allow};
use super::{Colour, Filter, FindingKind, Limits, PageImage, ReadPage, cmyk, encode, jpeg_scan};

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged(detail) => Self::damaged(detail),
            Fault::Unsupported(detail) => Self::unsupported(detail),
        }
    }
}

/// Reads the page of the JPEG file `data`.
pub(super) fn read(data: &[u8], out: &Path, limits: &Limits) -> Result<ReadPage, Refusal> {
    let head = jpeg::head(data)?;
    allow(head.width.into(), head.height.into(), limits)?;
    let (width, height) = (head.width as usize, head.height as usize);
    let exif = head.exif.unwrap_or_default();
    let orientation = exif.orientation.unwrap_or(1);
    let size = Size::of(width, height, head.dpi(), orientation);
    let model = head.model();
    let colour = if model == Model::Grey { Colour::Grey } else { Colour::Colour };
    let (look, image) = match model {
        Model::Grey | Model::YCbCr => {
            let planes: Vec<_> = head.components.iter().map(|c| jpeg_scan::extent(&head, c)).collect();
            let mut look = Look::new(&planes, size.grid(), size.scale(width, height));
            jpeg_scan::decode(data, &head, &mut |plane, y, samples| look.row(plane, y, samples))?;
            (look, passed(&head, false, out)?)
        }
        Model::Rgb => (look_at(&full(data, &head)?, size), passed(&head, true, out)?),
        Model::Cmyk | Model::Ycck => {
            let picture = full(data, &head)?;
            let name = "0.bin".to_owned();
            let bytes = encode::jpeg(&picture, 95, true).map_err(Refusal::disk)?;
            encode::write(&out.join(&name), &bytes).map_err(Refusal::disk)?;
            let image =
                PageImage::Stream { file: name, filter: Filter::Dct, components: 3, bits: 8, icc: None };
            (look_at(&picture, size), image)
        }
    };
    let mut page = bare_page(0, (width, height), size, colour, orientation, image);
    if exif.damaged {
        page.findings.push(warn(0, FindingKind::DamagedExif, String::new()));
    }
    match &page.image {
        PageImage::Jpeg { skip, .. } if !skip.is_empty() => {
            page.findings.push(notice(0, FindingKind::GpsRemoved, String::new()));
        }
        PageImage::Stream { .. } => {
            page.findings.push(notice(
                0,
                FindingKind::Reencoded,
                if model == Model::Ycck { "YCCK" } else { "CMYK" }.into(),
            ));
        }
        _ => {}
    }
    finish_page(&mut page, look, out).map_err(Refusal::disk)?;
    Ok(page)
}

fn passed(head: &Head, plain_rgb: bool, out: &Path) -> Result<PageImage, Refusal> {
    let components = if head.components.len() == 1 { 1 } else { 3 };
    Ok(PageImage::Jpeg {
        components,
        skip: head.exif_ranges.iter().filter(|(_, _, gps)| *gps).map(|(at, n, _)| (*at, *n)).collect(),
        plain_rgb,
        icc: icc_file(0, &head.icc, components, out).map_err(Refusal::disk)?,
    })
}

fn look_at(picture: &Picture, size: Size) -> Look {
    let sides = (picture.width, picture.height);
    let mut look = Look::new(&[sides; 3], size.grid(), size.scale(sides.0, sides.1));
    for (y, row) in picture.data.chunks_exact((picture.width * 3).max(1)).enumerate() {
        let planes = row.as_chunks::<3>().0.iter().map(|p| ycc(*p));
        for n in 0..3 {
            let plane: Vec<u8> = planes.clone().filter_map(|p| p.get(n).copied()).collect();
            look.row(n, y, &plane);
        }
    }
    look
}

/// The whole picture as grey or RGB, planes brought to full size by repeating.
pub(super) fn full(data: &[u8], head: &Head) -> Result<Picture, Refusal> {
    scaled(data, head, (head.width as usize, head.height as usize))
}

/// The components of the picture as they are, each brought to `to` (width, height).
pub(super) fn planes(data: &[u8], head: &Head, to: (usize, usize)) -> Result<Vec<Vec<u8>>, Refusal> {
    let mut planes: Vec<Shrink> =
        head.components.iter().map(|c| Shrink::new(jpeg_scan::extent(head, c), to)).collect();
    jpeg_scan::decode(data, head, &mut |plane, y, samples| {
        if let Some(p) = planes.get_mut(plane) {
            p.row(y, samples);
        }
    })?;
    Ok(planes.into_iter().map(|p| p.out).collect())
}

/// The picture brought to `to` (width, height) as grey or RGB.
pub(super) fn scaled(data: &[u8], head: &Head, to: (usize, usize)) -> Result<Picture, Refusal> {
    let (width, height) = to;
    let model = head.model();
    let planes = planes(data, head, to)?;
    let data = match planes.as_slice() {
        [grey] => return Ok(Picture { width, height, channels: 1, data: grey.clone() }),
        [a, b, c] => {
            let pixels = a.iter().zip(b).zip(c);
            pixels
                .flat_map(|((a, b), c)| if model == Model::Rgb { [*a, *b, *c] } else { rgb(*a, *b, *c) })
                .collect()
        }
        [a, b, c, d] => {
            // Adobe writes inks inverted: 255 is bare paper.
            let invert = head.adobe.is_some();
            let pixels = a.iter().zip(b).zip(c).zip(d);
            let mut inks: Vec<[u8; 4]> = pixels
                .map(|(((a, b), c), k)| {
                    // YCCK is the complement of the first three inks, written as if it were YCbCr.
                    let [x, y, z] =
                        if model == Model::Ycck { rgb(*a, *b, *c).map(|v| 255 - v) } else { [*a, *b, *c] };
                    [x, y, z, *k]
                })
                .collect();
            if invert {
                inks.iter_mut().flatten().for_each(|v| *v = 255 - *v);
            }
            cmyk::to_rgb(&inks, width, &head.icc)
        }
        _ => return Err(Refusal::unsupported("components")),
    };
    Ok(Picture { width, height, channels: 3, data })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::read::tests::{paper, read_bytes, refused};
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    fn made(set: impl Fn(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
        let page = paper(150, 213);
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, 80);
        set(&mut encoder);
        encoder.encode(&page.data, 150, 213, ColorType::Rgb).unwrap();
        out
    }

    fn kinds() -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("baseline", made(|_| {})),
            ("sampled", made(|e| e.set_sampling_factor(SamplingFactor::F_2_2))),
            ("restarts", made(|e| e.set_restart_interval(7))),
            ("optimized", made(|e| e.set_optimized_huffman_tables(true))),
            ("progressive", made(|e| e.set_progressive_scans(10))),
        ]
    }

    #[test]
    fn whole_scans_pass_and_cut_ones_never_do() {
        for (name, bytes) in kinds() {
            let (file, _folder) = read_bytes(&bytes, &Limits::default());
            assert_eq!(file.findings, [], "{name} is a good file");
            let head = jpeg::head(&bytes).unwrap();
            let start = bytes.windows(2).position(|w| w == b"\xFF\xDA").unwrap();
            for cut in (start..bytes.len()).step_by(97).chain(bytes.len() - 6..bytes.len()) {
                let alone = jpeg_scan::decode(&bytes[..cut], &head, &mut |_, _, _| {});
                assert!(matches!(alone, Err(Fault::Damaged(_))), "{name} cut at {cut} of {}", bytes.len());
                let closed = [&bytes[..cut.min(bytes.len() - 3)], b"\xFF\xD9"].concat();
                let closed = jpeg_scan::decode(&closed, &head, &mut |_, _, _| {});
                assert!(name == "progressive" || closed.is_err(), "{name} cut at {cut} with a false end");
            }
        }
    }

    #[test]
    fn what_stands_behind_the_end_does_no_harm() {
        let mut bytes = made(|_| {});
        bytes.extend(b"a trailer some scanners write");
        assert_eq!(read_bytes(&bytes, &Limits::default()).0.findings, []);
    }

    #[test]
    fn stray_bytes_and_lost_restarts_are_damage() {
        let bytes = made(|e| e.set_restart_interval(7));
        let at = bytes.windows(2).position(|w| w == b"\xFF\xD2").unwrap();
        let mut swapped = bytes.clone();
        swapped[at + 1] = 0xD5;
        assert_eq!(refused(&swapped).0, FindingKind::Damaged);
        let mut stuffed = bytes.clone();
        stuffed.splice(at..at, [0x55; 3]);
        assert_eq!(refused(&stuffed).0, FindingKind::Damaged);
        let detail = refused(&bytes[..bytes.len() / 2]).1;
        assert!(
            detail.starts_with("scan data ends: row ") && detail.ends_with("/213"),
            "says where: {detail}"
        );
    }

    #[test]
    fn only_the_segment_with_the_place_is_left_out() {
        let exif = crate::page::exif::tests::block(6, true);
        let bytes = made(|e| e.add_exif_metadata(&exif).unwrap());
        let (file, _folder) = read_bytes(&bytes, &Limits::default());
        let page = &file.pages[0];
        assert_eq!((page.orientation, page.width_px), (6, 150), "stored size, turned by the reader of it");
        let PageImage::Jpeg { skip, .. } = &page.image else { panic!("a JPEG passes") };
        let (at, n) = (skip[0].0 as usize, skip[0].1 as usize);
        assert_eq!(bytes[at..at + 2], [0xFF, 0xE1]);
        let rest = [&bytes[..at], &bytes[at + n..]].concat();
        assert!(!rest.windows(4).any(|w| w == b"Exif"), "the place is gone");
        assert_eq!(read_bytes(&rest, &Limits::default()).0.pages.len(), 1, "and the rest is a whole file");
        assert!(page.findings.iter().any(|f| f.kind == FindingKind::GpsRemoved));
        let harmless = made(|e| e.add_exif_metadata(&crate::page::exif::tests::block(6, false)).unwrap());
        let (file, _folder) = read_bytes(&harmless, &Limits::default());
        assert!(matches!(&file.pages[0].image, PageImage::Jpeg { skip, .. } if skip.is_empty()));
    }

    #[test]
    fn printing_inks_become_rgb_and_it_is_said() {
        let inks: Vec<u8> = (0..64 * 64).flat_map(|i| [0, if i % 64 < 32 { 255 } else { 0 }, 0, 0]).collect();
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 90).encode(&inks, 64, 64, ColorType::Cmyk).unwrap();
        let (file, folder) = read_bytes(&bytes, &Limits::default());
        let PageImage::Stream { file: name, filter: Filter::Dct, components: 3, .. } = &file.pages[0].image
        else {
            panic!("re-encoded")
        };
        assert!(file.pages[0].findings.iter().any(|f| f.kind == FindingKind::Reencoded));
        let made = std::fs::read(folder.path().join(name)).unwrap();
        let picture = full(&made, &jpeg::head(&made).unwrap()).unwrap();
        let [r, g, b] = picture.data[64 * 3 * 32 + 30..][..3] else { panic!("inside") };
        assert!(r > 240 && g < 20 && b > 240, "magenta stays magenta: {r} {g} {b}");
        assert!(picture.data[64 * 3 * 32 + 60 * 3..][..3].iter().all(|v| *v > 245), "bare paper stays white");
    }

    #[test]
    fn inks_in_either_coding_give_the_same_colours() {
        let inks: Vec<u8> =
            (0..64 * 64u32).flat_map(|i| [(i % 64 * 3) as u8, 200, 90, (i / 64) as u8]).collect();
        let colours = |kind: ColorType| {
            let mut bytes = Vec::new();
            let mut encoder = Encoder::new(&mut bytes, 100);
            encoder.set_sampling_factor(SamplingFactor::F_1_1);
            encoder.encode(&inks, 64, 64, kind).unwrap();
            full(&bytes, &jpeg::head(&bytes).unwrap()).unwrap().data
        };
        let (plain, coded) = (colours(ColorType::Cmyk), colours(ColorType::CmykAsYcck));
        let apart: u32 = plain.iter().zip(&coded).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        assert!(apart < 3 * plain.len() as u32, "CMYK and YCCK differ by {apart} over {}", plain.len());
        let paper = plain[64 * 3 * 2..][..3].to_vec();
        assert!(paper[0] > 240 && paper[1] < 70, "no cyan, much magenta: {paper:?}");
    }

    #[test]
    fn a_process_nobody_can_show_is_refused_by_name() {
        let mut bytes = made(|_| {});
        let at = bytes.windows(2).position(|w| w == b"\xFF\xC0").unwrap();
        bytes[at + 1] = 0xC9;
        assert_eq!(refused(&bytes), (FindingKind::Unsupported, "JPEG SOF9".into()));
        bytes[at + 1] = 0xC1;
        bytes[at + 4] = 12;
        assert_eq!(refused(&bytes), (FindingKind::Unsupported, "JPEG 12 bit".into()));
    }
}
