//! From pages to a document: sizes, orientation, order. No pixel is touched here.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::geometry::{swaps_sides, turned};
use super::parts::PdfParts;
use super::xmp::About;
use crate::page::{InkMap, PageImage, ReadPage};

/// A page as it goes into a copy.
#[derive(Debug, Clone)]
pub struct CopyPage<'a> {
    /// What the reader made of it.
    pub read: &'a ReadPage,
    /// Clockwise quarter turns the clerk added, 0–3.
    pub turns: u8,
    /// The original file, unaltered.
    pub original: &'a Path,
    /// Folder of the reader's side files for that file.
    pub side: &'a Path,
}

/// What fills a page.
#[derive(Debug, Clone)]
pub enum Content {
    /// A picture, with the orientation (EXIF 1–8) that brings it upright.
    Picture {
        /// Orientation, the clerk's turns included.
        orientation: u8,
        /// Stored size, px.
        px: (u32, u32),
        /// How its bytes reach the file.
        image: PageImage,
        /// The original file.
        original: PathBuf,
        /// Folder of the side files.
        side: PathBuf,
    },
    /// A page of an imported PDF.
    Imported {
        /// All objects of that PDF.
        parts: Arc<PdfParts>,
        /// File with the objects' streams.
        streams: PathBuf,
        /// Which page.
        page: usize,
        /// `/Rotate`, the clerk's turns included, degrees clockwise.
        rotate: u16,
    },
}

/// One page of the document.
#[derive(Debug, Clone)]
pub struct Page {
    /// Upright width, thousandths of a point.
    pub width: i64,
    /// Upright height, thousandths of a point.
    pub height: i64,
    /// Where the upright page carries something, turns included.
    pub ink: Option<InkMap>,
    /// What fills it.
    pub content: Content,
}

/// The assembled document: pages in order and what it says of itself. Not yet marked.
#[derive(Debug, Clone)]
pub struct Assembled {
    /// Pages.
    pub pages: Vec<Page>,
    /// Title, author, time.
    pub about: About,
}

/// Smallest and largest side of a page, ISO 19005-2, 6.1.13 (thousandths of a point).
const SIDES: std::ops::RangeInclusive<i64> = 3_000..=14_400_000;

/// Puts the pages together.
///
/// # Errors
/// When the side files of an imported PDF cannot be read.
pub fn assemble(pages: &[CopyPage<'_>], about: About) -> io::Result<Assembled> {
    let mut imported: HashMap<PathBuf, Arc<PdfParts>> = HashMap::new();
    let mut about = about;
    about.pdfa = true;
    let pages = pages
        .iter()
        .map(|page| {
            let orientation = turned(page.read.orientation, page.turns);
            let (w, h) = (i64::from(page.read.width_mpt), i64::from(page.read.height_mpt));
            let (w, h) = if swaps_sides(orientation) { (h, w) } else { (w, h) };
            let content = match &page.read.image {
                PageImage::Pdf { parts, pdfa } => {
                    about.pdfa &= pdfa;
                    let file = page.side.join(parts);
                    let parts = match imported.get(&file) {
                        Some(parts) => Arc::clone(parts),
                        None => {
                            let read: PdfParts = serde_json::from_slice(&fs::read(&file)?)?;
                            let read = Arc::new(read);
                            imported.insert(file.clone(), Arc::clone(&read));
                            read
                        }
                    };
                    let number = page.read.index as usize;
                    let part = parts.pages.get(number).ok_or(io::ErrorKind::InvalidData)?;
                    let rotate = (part.rotate + 90 * u16::from(page.turns % 4)) % 360;
                    let mut streams = file.into_os_string();
                    streams.push(".bin");
                    Content::Imported { parts, streams: streams.into(), page: number, rotate }
                }
                image => Content::Picture {
                    orientation,
                    px: (page.read.width_px, page.read.height_px),
                    image: image.clone(),
                    original: page.original.to_path_buf(),
                    side: page.side.to_path_buf(),
                },
            };
            Ok(Page {
                width: w.clamp(*SIDES.start(), *SIDES.end()),
                height: h.clamp(*SIDES.start(), *SIDES.end()),
                ink: page.read.ink.as_ref().map(|ink| ink.turned(page.turns)),
                content,
            })
        })
        .collect::<io::Result<Vec<Page>>>()?;
    Ok(Assembled { pages, about })
}
