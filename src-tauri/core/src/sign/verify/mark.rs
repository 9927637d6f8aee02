//! The digitization code as the first page shows it: in the text of a mark (Circular 01/2023, Art. 8).
//!
//! Touches one revision of the document. Only marks drawn as ours are read: forms of the page with text in a font
//! that says which letters its glyphs are.

use std::collections::HashMap;

use super::{
    document::Document,
    source::Source,
    syntax::{Dict, Obj},
    xref::Broken,
};

/// What stands before the code.
const LABEL: &str = "Mã số hóa:";
/// Names of the form on a page made of a picture, and on one taken from a PDF (numbered where it is taken).
const NAMES: [&[u8]; 2] = [b"Mark", b"SaoYMark"];
/// Deepest tree of pages.
const MAX_DEPTH: usize = 32;

/// The code that the mark of page 1 shows; none where no mark shows one, as the agency's does not.
pub(super) fn code(source: &mut Source<'_>, doc: &mut Document) -> Option<String> {
    let lines = read(source, doc).ok()?;
    lines.iter().find_map(|line| line.trim().strip_prefix(LABEL).map(|code| code.trim().to_owned()))
}

fn read(source: &mut Source<'_>, doc: &mut Document) -> Result<Vec<String>, Broken> {
    let catalog = doc.catalog(source)?;
    let mut page = doc.get(source, &catalog, b"Pages")?;
    for _ in 0..MAX_DEPTH {
        let Obj::Dict(node) = &page else { return Err(Broken) };
        let Obj::Array(kids) = doc.get(source, node, b"Kids")? else { break };
        page = doc.resolve(source, kids.first().ok_or(Broken)?)?;
    }
    let Obj::Dict(page) = page else { return Err(Broken) };
    // The mark is drawn first, so that nothing displaces it. A copied copy has the mark it came with besides.
    let contents = page.get(b"Contents").ok_or(Broken)?;
    let first = match contents.as_array() {
        Some(list) => list.first().and_then(Obj::as_ref),
        None => contents.as_ref(),
    };
    let first = doc.load(source, first.ok_or(Broken)?)?;
    let drawn = doc.stream(source, &first)?;
    let forms = within(source, doc, &page, &[b"Resources", b"XObject"])?;
    let is_drawn = |name: &[u8]| {
        let draw = [b"/", name, b" Do"].concat();
        memchr::memmem::find(&drawn, &draw).is_some()
    };
    let mark = forms.entries.iter().find(|(name, _)| {
        let numbered = |known: &&[u8]| {
            name.strip_prefix(*known).is_some_and(|number| number.iter().all(u8::is_ascii_digit))
        };
        NAMES.iter().any(numbered) && is_drawn(name)
    });
    lines(source, doc, mark.and_then(|(_, form)| form.as_ref()).ok_or(Broken)?)
}

/// A dictionary inside others; empty where there is none.
fn within(source: &mut Source<'_>, doc: &mut Document, dict: &Dict, keys: &[&[u8]]) -> Result<Dict, Broken> {
    let mut dict = dict.clone();
    for key in keys {
        dict = match doc.get(source, &dict, key)? {
            Obj::Dict(inner) => inner,
            _ => return Ok(Dict::default()),
        };
    }
    Ok(dict)
}

/// The strings a form shows, one a line.
fn lines(source: &mut Source<'_>, doc: &mut Document, form: u32) -> Result<Vec<String>, Broken> {
    let form = doc.load(source, form)?;
    let content = doc.stream(source, &form)?;
    let fonts = within(source, doc, form.obj.as_dict().ok_or(Broken)?, &[b"Resources", b"Font"])?;
    let [(_, font)] = fonts.entries.as_slice() else { return Err(Broken) };
    let Obj::Dict(font) = doc.resolve(source, font)? else { return Err(Broken) };
    let map = doc.load(source, font.get(b"ToUnicode").and_then(Obj::as_ref).ok_or(Broken)?)?;
    let map = doc.stream(source, &map)?;
    let mut letters = HashMap::new();
    let mut pairs = hexadecimal(within_words(&map, b"beginbfchar", b"endcmap"));
    while let (Some(glyph), Some(text)) = (pairs.next(), pairs.next()) {
        letters.insert(glyph, String::from_utf16_lossy(&text));
    }
    let line = |glyphs: Vec<u16>| glyphs.into_iter().filter_map(|g| letters.get(&vec![g])).cloned().collect();
    Ok(hexadecimal(&content).map(line).collect())
}

/// From one word to another.
fn within_words<'a>(bytes: &'a [u8], from: &[u8], to: &[u8]) -> &'a [u8] {
    let place = |word: &[u8]| memchr::memmem::find(bytes, word);
    place(from).zip(place(to)).and_then(|(from, to)| bytes.get(from..to)).unwrap_or_default()
}

/// Every `<...>` of two-byte units; what is none is left out.
fn hexadecimal(bytes: &[u8]) -> impl Iterator<Item = Vec<u16>> {
    bytes.split(|b| *b == b'<').skip(1).filter_map(|rest| {
        let digits = rest.split(|b| *b == b'>').next()?;
        let unit = |four: &[u8]| u16::from_str_radix(std::str::from_utf8(four).ok()?, 16).ok();
        digits.chunks(4).map(unit).collect()
    })
}
