//! Pages of a foreign PDF taken apart, in a form that needs no PDF parser to put together again.
//!
//! The isolated reader writes it; the process that holds the key only renumbers references.

use serde::{Deserialize, Serialize};

/// The pages of one foreign PDF. Object numbers count from 0 inside this value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfParts {
    /// Highest PDF minor version of 1.x the objects need (4–7).
    pub minor_version: u8,
    /// All objects reachable from the pages, each once.
    pub objects: Vec<PartObject>,
    /// Pages in order.
    pub pages: Vec<PartPage>,
}

/// One indirect object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartObject {
    /// Its text. For a stream: its dictionary without `/Length`.
    pub body: Vec<Piece>,
    /// For a stream: `(offset, length)` of its raw (still filtered) bytes in the side file that has
    /// the name of the parts file with `.bin` behind it.
    pub stream: Option<(u64, u64)>,
}

/// A piece of an object's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// Reference to the object with this place in [`PdfParts::objects`].
    Ref(u32),
    /// ASCII text; strings are written in hexadecimal.
    Text(String),
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPage {
    /// Inside of the inherited-or-own `/Resources` dictionary, all entries but `/XObject`.
    pub resources: Vec<Piece>,
    /// Inside of its `/XObject` dictionary, so that the mark can stand beside the page's own.
    pub xobjects: Vec<Piece>,
    /// Content streams, places in [`PdfParts::objects`], in order.
    pub contents: Vec<u32>,
    /// Visible box (CropBox within MediaBox), thousandths of a point: left, bottom, right, top.
    pub box_mpt: [i64; 4],
    /// `/Rotate`, clockwise: 0, 90, 180 or 270.
    pub rotate: u16,
    /// `/Group` dictionary (transparency), if any.
    pub group: Option<Vec<Piece>>,
    /// `/UserUnit` × 1000; 1000 when absent.
    pub user_unit_milli: u32,
}
