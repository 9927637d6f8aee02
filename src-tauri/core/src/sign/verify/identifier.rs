//! The digitization code in a signed file: `dc:identifier` of the catalog's XMP metadata.
//!
//! Touches one revision of the document, and nothing behind its signed end.

use super::{document::Document, source::Source, syntax::Obj};

/// Longest code, characters.
const MAX_CODE: usize = 200;

/// The code, as the first `end` bytes say it.
pub(super) fn read(source: &mut Source<'_>, end: u64) -> Option<String> {
    let mut doc = Document::open(source, end).ok()?;
    let catalog = doc.catalog(source).ok()?;
    let Some(Obj::Ref(number, _)) = catalog.get(b"Metadata") else { return None };
    let located = doc.load(source, *number).ok()?;
    let bytes = doc.stream(source, &located).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let (_, rest) = text.split_once("<dc:identifier>")?;
    let (code, _) = rest.split_once("</dc:identifier>")?;
    let code = unescape(code.trim())?;
    (!code.is_empty() && code.chars().count() <= MAX_CODE && !code.chars().any(char::is_control))
        .then_some(code)
}

/// XML text without entities; `None` when it holds markup or an unknown one.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        out.push_str(rest.get(..at)?);
        let (entity, behind) = rest.get(at..)?.strip_prefix('&')?.split_once(';')?;
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            other => {
                let digits = other.strip_prefix('#')?;
                let code = match digits.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}
