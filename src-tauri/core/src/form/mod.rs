//! Papers that go out: data poured into a template becomes a PDF/A-2b. A template is Typst text and
//! sees nothing but its data, our typefaces and the frame it may import; it cannot reach disk or network.

mod symbol;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike as _, Timelike as _};
use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Smart};
use typst::layout::PagedDocument;
use typst::syntax::{FileId, Source, VirtualPath};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp as PdfTimestamp};

use crate::time::Timestamp;

pub use symbol::{bar_code, qr_code};

/// Why a form was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A template is at fault: it, or the frame it imports; the line, and what Typst says of it.
    #[error("{part:?}, line {line}: {detail}")]
    Template {
        /// Which of the two.
        part: Part,
        /// Line, from 1; 0 = not known.
        line: usize,
        /// What is wrong.
        detail: String,
    },
    /// The PDF could not be written.
    #[error("{0}")]
    Pdf(String),
}

/// A part of a form that an office may replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The template.
    Template,
    /// The frame.
    Frame,
}

/// Name of the data a template reads with `json("data.json")`.
const DATA: &str = "/data.json";
/// Name of the frame templates import.
const FRAME: &str = "/khung.typ";
/// Name under which the template itself is compiled.
const MAIN: &str = "/mau.typ";

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 3] = [
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../assets/fonts/LiberationSerif-Regular.ttf"
        )),
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/LiberationSerif-Bold.ttf")),
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/LiberationSerif-Italic.ttf")),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// The shipped frame: letterhead, codes, signatures.
pub const SHIPPED_FRAME: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/forms/khung.typ"));

/// What a form is made of.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// The template, Typst.
    pub template: &'a str,
    /// What it may import as `khung.typ`.
    pub frame: &'a str,
    /// What it reads as `data.json`.
    pub data: &'a Value,
    /// Pictures it may show, by name, SVG.
    pub pictures: &'a BTreeMap<String, String>,
    /// Time of printing; the document's date.
    pub at: Timestamp,
}

/// Makes the PDF. The same form gives the same bytes.
///
/// # Errors
/// [`FormError`].
pub fn render(form: &Form<'_>) -> Result<Vec<u8>, FormError> {
    let desk = Desk::new(form);
    let compiled = typst::compile::<PagedDocument>(&desk);
    let document = compiled.output.map_err(|faults| {
        let first = faults.first();
        let part = match first.and_then(|fault| fault.span.id()) {
            Some(id) if id == desk.frame.id() => Part::Frame,
            _ => Part::Template,
        };
        let line = first.and_then(|fault| {
            let source = desk.source(fault.span.id()?).ok()?;
            source.lines().byte_to_line(source.range(fault.span)?.start).map(|line| line + 1)
        });
        let detail = first.map(|fault| fault.message.to_string()).unwrap_or_default();
        FormError::Template { part, line: line.unwrap_or(0), detail }
    })?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|e| FormError::Pdf(e.to_string()))?;
    let timestamp = date(&form.at).map(PdfTimestamp::new_utc);
    let options = PdfOptions { ident: Smart::Auto, timestamp, page_ranges: None, standards, tagged: true };
    let pdf = typst_pdf::pdf(&document, &options);
    // What was kept for a quicker second time must not grow for a whole shift.
    comemo::evict(8);
    pdf.map_err(|faults| FormError::Pdf(faults.first().map(|f| f.message.to_string()).unwrap_or_default()))
}

/// A text with only what the forms' typefaces can show: a character that has no glyph becomes a question mark. For text
/// of foreign files.
#[must_use]
pub fn printable(text: &str) -> String {
    let shown = |c: char| FONTS.iter().all(|font| font.info().coverage.contains(c.into()));
    text.chars().map(|c| if shown(c) { c } else { '?' }).collect()
}

fn date(at: &Timestamp) -> Option<Datetime> {
    let utc = at.naive_utc();
    let small = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        utc.year(),
        small(utc.month())?,
        small(utc.day())?,
        small(utc.hour())?,
        small(utc.minute())?,
        small(utc.second())?,
    )
}

/// All a template can see.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    main: Source,
    frame: Source,
    files: BTreeMap<String, Bytes>,
    at: Option<Datetime>,
}

impl Desk {
    fn new(form: &Form<'_>) -> Self {
        let id = |name: &str| FileId::new(None, VirtualPath::new(name));
        let mut files: BTreeMap<String, Bytes> = form
            .pictures
            .iter()
            .map(|(name, svg)| (format!("/{name}"), Bytes::from_string(svg.clone())))
            .collect();
        files.insert(DATA.to_owned(), Bytes::from_string(form.data.to_string()));
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
            main: Source::new(id(MAIN), form.template.to_owned()),
            frame: Source::new(id(FRAME), form.frame.to_owned()),
            files,
            at: date(&form.at),
        }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.frame]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| FileError::NotFound(id.vpath().as_rootless_path().into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.vpath().as_rooted_path().to_string_lossy().into_owned();
        let known = self.files.get(&name).filter(|_| id.package().is_none());
        known.cloned().ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<i64>) -> Option<Datetime> {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn try_template(template: &str) -> Result<Vec<u8>, FormError> {
        let at = Timestamp::parse_from_rfc3339("2026-11-24T09:05:00+07:00").unwrap();
        let data = serde_json::json!({"name": "Nguyễn Thị Ỷ"});
        let pictures = BTreeMap::from([("qr.svg".to_owned(), qr_code("H56.14-261124-0001").unwrap())]);
        render(&Form { template, frame: SHIPPED_FRAME, data: &data, pictures: &pictures, at })
    }

    #[test]
    fn the_same_form_gives_the_same_bytes() {
        let template = "#set text(font: \"Liberation Serif\")\n#json(\"data.json\").name #image(\"qr.svg\")";
        let first = try_template(template).unwrap();
        assert!(first.starts_with(b"%PDF-"));
        assert_eq!(first, try_template(template).unwrap());
    }

    #[test]
    fn a_template_sees_nothing_else() {
        for reach in [
            "#read(\"/etc/passwd\")",
            "#read(\"../data.json\")",
            "#image(\"/x.svg\")",
            "#import \"@preview/a:0.1.0\": *",
            "#include \"khac.typ\"",
        ] {
            assert!(matches!(try_template(reach), Err(FormError::Template { .. })), "{reach}");
        }
    }

    #[test]
    fn a_fault_is_named_by_its_line() {
        assert!(matches!(
            try_template("a\n\n#b(1)\n"),
            Err(FormError::Template { part: Part::Template, line: 3, .. })
        ));
    }
}
