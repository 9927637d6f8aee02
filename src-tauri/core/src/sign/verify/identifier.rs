//! The digitization code in a signed file: `dc:identifier` of the catalog's XMP metadata (ISO 16684-1).
//!
//! Touches one revision of the document.

use super::{document::Document, source::Source, syntax::Obj};

/// Longest code, characters.
const MAX_CODE: usize = 200;
/// Largest metadata, bytes.
const MAX_METADATA: usize = 1 << 20;
/// Most tags, and most attributes: the reader goes down with the one and compares each of the other with each.
const MAX_PARTS: usize = 4_000;
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";

/// The code.
pub(super) fn read(source: &mut Source<'_>, doc: &mut Document) -> Option<String> {
    let catalog = doc.catalog(source).ok()?;
    let Some(Obj::Ref(number, _)) = catalog.get(b"Metadata") else { return None };
    let located = doc.load(source, *number).ok()?;
    let bytes = doc.stream(source, &located).ok()?;
    let tree = tree(&bytes)?;
    // A simple property may be written as an element or as an attribute (7.9.2.2).
    let mut codes = tree.descendants().filter(roxmltree::Node::is_element).filter_map(|node| {
        let element = node.has_tag_name((DUBLIN_CORE, "identifier")).then(|| node.text()).flatten();
        element.or_else(|| node.attribute((DUBLIN_CORE, "identifier"))).map(str::trim)
    });
    let code = codes.next().filter(|first| codes.all(|other| other == *first))?;
    (!code.is_empty() && code.chars().count() <= MAX_CODE && !code.chars().any(char::is_control))
        .then(|| code.to_owned())
}

/// A packet of metadata, where it is read at all.
pub(super) fn tree(packet: &[u8]) -> Option<roxmltree::Document<'_>> {
    let packet = std::str::from_utf8(packet).ok().filter(|packet| packet.len() <= MAX_METADATA)?;
    let count = |byte: u8| packet.bytes().filter(|b| *b == byte).take(MAX_PARTS + 1).count();
    if count(b'<') > MAX_PARTS || count(b'=') > MAX_PARTS {
        return None;
    }
    // No DTD is read, so no entity can grow.
    roxmltree::Document::parse(packet.trim_start_matches('\u{feff}')).ok()
}
