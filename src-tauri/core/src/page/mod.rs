//! A page: how it comes in, what is known of it, what a clerk did to it.
//!
//! The stored original is never altered (the bytes of the file stay in the blob store); a page is
//! "file + index" and a list of edits. This room knows nothing of stores, keys or windows.
//! Everything in here that looks at foreign bytes runs in the isolated reader process.

use serde::{Deserialize, Serialize};

mod bitmap;
mod cmyk;
pub mod codes;
pub mod edit;
mod encode;
mod exif;
mod fax_lines;
pub mod findings;
mod grid;
mod icc;
mod ink;
mod jpeg;
mod jpeg_bits;
mod jpeg_dct;
mod jpeg_page;
mod jpeg_scan;
mod jpeg_tables;
pub mod judge;
mod look;
pub mod picture;
mod png_file;
pub mod quality;
mod raster;
pub mod read;
pub mod sniff;
mod tiff_codec;
mod tiff_dir;
mod tiff_file;

/// What a file is, judged by its content and never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// JPEG (ISO 10918-1), baseline or progressive.
    Jpeg,
    /// PNG.
    Png,
    /// TIFF, one or many pages.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// WebP, still picture.
    Webp,
    /// PDF (ISO 32000).
    Pdf,
}

/// Bounds on what a foreign file may cost. Settings of the counter; these are the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Largest file taken in, bytes.
    pub max_file_bytes: u64,
    /// Largest picture, pixels (width × height).
    pub max_pixels: u64,
    /// Address space of the isolated reader, bytes.
    pub max_memory_bytes: u64,
    /// Most pages in one file.
    pub max_pages: u32,
    /// Longest time one file may take, seconds.
    pub max_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 300 << 20,
            max_pixels: 150_000_000,
            max_memory_bytes: 2 << 30,
            max_pages: 2_000,
            max_seconds: 30,
        }
    }
}

/// Colour of a picture as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// One bit a pixel.
    Bitonal,
    /// Shades of grey.
    Grey,
    /// Colour.
    Colour,
}

/// Weight of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; never stops anything.
    Notice,
    /// Stops until the clerk accepts it; the acceptance is recorded.
    Warning,
    /// Always refuses.
    Blocking,
}

/// What was found on a page or file. One tag, one text in the window's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The file or page is cut short or corrupted (blocking).
    Damaged,
    /// The file is of a kind that cannot be taken in (blocking), e.g. HEIC.
    Unsupported,
    /// A limit on pixels, memory, pages, bytes or time is exceeded (blocking).
    TooLarge,
    /// The PDF is protected by a password (blocking).
    Encrypted,
    /// The reader process died or ran out of its limits on this file (blocking).
    Unreadable,
    /// The file is not there or cannot be opened (blocking).
    Missing,
    /// The PDF is already signed and there are other pages beside it (blocking): it must be alone.
    SignedBesideOthers,
    /// The PDF is already signed: kept whole as its own copy, never rewritten (notice).
    AlreadySigned,
    /// Below 200 dpi (warning). Decree 30/2020, Annex I.
    LowDpi,
    /// The file does not say its resolution; paper size was assumed (warning).
    UnknownDpi,
    /// Not a colour picture (warning). Decree 30/2020, Annex I.
    NotColour,
    /// Size on paper is not A3, A4 or A5 within 3 % (warning): the scale may not be 100 %.
    Scale,
    /// Nothing on the page (warning).
    Blank,
    /// The same picture as another page (warning).
    Duplicate,
    /// Edges are too soft to read small writing (warning).
    Blurred,
    /// The paper came out too dark (warning).
    Dark,
    /// What is written hardly stands out from the paper (warning).
    Pale,
    /// Writing runs off the picture (warning): the paper is not whole in it.
    CutEdge,
    /// The page lies askew (warning).
    Skewed,
    /// The page stands on its head (warning).
    UpsideDown,
    /// The EXIF block cannot be read (warning); orientation is taken as upright.
    DamagedExif,
    /// The picture was re-encoded because PDF/A forbids its colour model (notice).
    Reencoded,
    /// A place (GPS) was removed from the picture's metadata (notice).
    GpsRemoved,
    /// Scripts, links, attachments or forms of an imported PDF were left out (notice).
    ActiveContentRemoved,
    /// An imported PDF page holds what PDF/A forbids; the copy does not claim PDF/A (notice).
    NotPdfA,
}

/// One finding. `file` and `page` are filled by whoever knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Finding {
    /// Name of the file (no folder), empty inside the reader.
    #[serde(default)]
    pub file: String,
    /// Page, counted from 1: inside the reader the page of the file, outside the page of the copy.
    /// 0 = the file as a whole.
    pub page: u32,
    /// What.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// Parameters as short text without prose, e.g. `150 dpi`, `210.0 x 310.2 mm`, `page 2`.
    pub detail: String,
}

/// Which parts of an upright page carry something, on a grid of about one millimetre.
///
/// Row-major, top row first, one bit a cell, most significant bit first, each row starts a byte.
/// A set bit means "content or not plain background here".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InkMap {
    /// Cells across.
    pub cols: u32,
    /// Cells down.
    pub rows: u32,
    /// Bits, hexadecimal; `rows * ceil(cols / 8)` bytes.
    #[serde(with = "hex_bytes")]
    pub bits: Vec<u8>,
}

/// How the picture of a page reaches the PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum PageImage {
    /// The bytes of the original JPEG file, all but the `skip` ranges (GPS-bearing EXIF), untouched.
    Jpeg {
        /// Components: 1 or 3.
        components: u8,
        /// Ranges `(offset, length)` of the file to leave out; normally empty.
        skip: Vec<(u64, u64)>,
        /// The DCT decoder must be told not to convert from YCbCr (RGB JPEG without Adobe marker).
        plain_rgb: bool,
        /// Name of the side file with a checked embedded ICC profile, if the file has one.
        icc: Option<String>,
    },
    /// A stream made by the reader, in a side file.
    Stream {
        /// Name of the side file (no folder).
        file: String,
        /// How it is compressed.
        filter: Filter,
        /// 1 or 3.
        components: u8,
        /// 1 or 8.
        bits: u8,
        /// Name of the side file with a checked embedded ICC profile, if any.
        icc: Option<String>,
    },
    /// A page of an imported PDF: its objects, ready to be renumbered, in the file's side file.
    Pdf {
        /// Name of the side file with a [`crate::pdf::parts::PdfParts`] (JSON, one per PDF file).
        parts: String,
        /// True when the page is only pictures in forms PDF/A-2 allows.
        pdfa: bool,
    },
}

/// Compression of a stream made by the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// zlib with PNG predictors (`/Predictor 15`, Colors, BitsPerComponent, Columns as the picture).
    FlatePng,
    /// CCITT Group 4, `/K -1`, black is 1 bits written as `/BlackIs1 false` (0 = black).
    CcittG4,
    /// JPEG.
    Dct,
}

/// One page of a file as the reader saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPage {
    /// Place in the file, from 0.
    pub index: u32,
    /// Stored width, px (for PDF pages: points, rounded).
    pub width_px: u32,
    /// Stored height, px.
    pub height_px: u32,
    /// Physical width of the **stored** (unrotated) picture, thousandths of a PDF point (1/72 inch).
    pub width_mpt: u32,
    /// Physical height of the stored picture, thousandths of a point.
    pub height_mpt: u32,
    /// Effective resolution across, dpi, rounded; 0 for PDF pages.
    pub dpi: u32,
    /// Colour as stored.
    pub colour: Colour,
    /// EXIF orientation 1–8 to bring the stored picture upright.
    pub orientation: u8,
    /// The picture.
    pub image: PageImage,
    /// Where the **upright** page carries something; for PDF pages from a low-resolution rendering,
    /// absent when it could not be rendered.
    pub ink: Option<InkMap>,
    /// Tiny luminance picture (upright, 16×16 means, hex) to tell duplicates; empty if unknown.
    pub fingerprint: String,
    /// What was measured of the **upright** page; absent when it could not be, or is no scan.
    #[serde(default)]
    pub measures: Option<judge::Measures>,
    /// The text of a separator's code, where the page is one.
    #[serde(default)]
    pub separator: Option<String>,
    /// What was found, `page` = index + 1, `file` empty.
    pub findings: Vec<Finding>,
}

/// A file as the reader saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFile {
    /// Kind by content; absent when unknown.
    pub kind: Option<FileKind>,
    /// The PDF carries a signature: it is one whole, and `pages` only counts and shows it.
    pub signed: bool,
    /// Pages in order; empty when a blocking finding concerns the whole file.
    pub pages: Vec<ReadPage>,
    /// Findings on the file as a whole (`page` = 0).
    pub findings: Vec<Finding>,
}

mod hex_bytes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&crate::hex::encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(d)?;
        crate::hex::decode(&text).ok_or_else(|| D::Error::custom("not hexadecimal"))
    }
}
