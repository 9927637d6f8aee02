//! What later metadata and document information mean. Nothing of them is shown on a page.
//!
//! Touches only the objects it is given.

use super::super::{document::IndirectObject, identifier, syntax::Obj};
use super::Change;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// Most bytes of names on the ways to all properties.
const MOST: usize = 1 << 20;
/// Properties that say which program wrote last, and when (ISO 16684-1; ISO 32000-2, 14.3.3).
const BY_PROGRAM: [(&str, &str); 6] = [
    ("http://ns.adobe.com/xap/1.0/", "ModifyDate"),
    ("http://ns.adobe.com/xap/1.0/", "MetadataDate"),
    ("http://ns.adobe.com/pdf/1.3/", "Producer"),
    ("http://ns.adobe.com/xap/1.0/mm/", "InstanceID"),
    ("adobe:ns:meta/", "xmptk"),
    (RDF, "about"),
];

/// The document information dictionary: texts, names and numbers, or what was there before; nothing new that leads
/// further.
pub(super) fn is_info(before: &Obj, after: &IndirectObject) -> bool {
    let plain = |(key, value): &(Vec<u8>, Obj)| match value {
        Obj::Dict(_) | Obj::Array(_) | Obj::Ref(..) => {
            before.as_dict().is_some_and(|before| before.get(key) == Some(value))
        }
        _ => true,
    };
    after.stream.is_none() && after.obj.as_dict().is_some_and(|dict| dict.entries.iter().all(plain))
}

/// What a later one means: every program that appends something may say that it did, and when.
pub(super) fn info(before: &Obj, after: &Obj) -> Change {
    let (Some(before), Some(after)) = (before.as_dict(), after.as_dict()) else { return Change::LongTerm };
    let by_program = |key: &Vec<u8>| key == b"ModDate" || key == b"Producer";
    if before.differing(after).iter().all(by_program) { Change::None } else { Change::LongTerm }
}

/// A stream of metadata, which nothing draws.
pub(super) fn is_stream(located: &IndirectObject) -> bool {
    located.stream.is_some()
        && located
            .obj
            .as_dict()
            .is_some_and(|d| d.has_name(b"Subtype", b"XML") && Obj::Dict(d.clone()).is_closed())
}

/// What a later packet of metadata means: the same where it says the same but for who wrote it, and when.
pub(super) fn packet(before: &[u8], after: &[u8]) -> Change {
    match (properties(before), properties(after)) {
        (Some(before), Some(after)) if before == after => Change::None,
        _ => Change::LongTerm,
    }
}

/// Everything a packet says, each with the way to it, in order; none where it cannot be read, or not by all in one way. A
/// simple property may be an element or an attribute (ISO 16684-1, 7.9.2.2); some go by the prefixes of names.
fn properties(packet: &[u8]) -> Option<Vec<(String, String)>> {
    let tree = identifier::tree(packet).filter(|tree| is_utf8(tree.input_text()))?;
    let plain = |node: roxmltree::Node<'_, '_>| {
        !node.is_comment() && (!node.is_pi() || node.parent() == Some(tree.root()))
    };
    if !tree.descendants().all(plain) {
        return None;
    }
    let written = |range: std::ops::Range<usize>| tree.input_text().get(range).unwrap_or_default();
    let prefix = |qname: &str| qname.split_once(':').map_or("", |(prefix, _)| prefix).to_owned();
    let (mut all, mut room) = (Vec::new(), MOST);
    for node in tree.descendants().filter(|node| node.is_element()) {
        let is_top = |node: &roxmltree::Node<'_, '_>| {
            node.has_tag_name((RDF, "Description"))
                && node.parent().is_some_and(|one| one.has_tag_name((RDF, "RDF")))
        };
        let by_program = |name: (&str, &str)| BY_PROGRAM.contains(&name);
        let own = (node.tag_name().namespace().unwrap_or_default(), node.tag_name().name());
        let inner = node.children().any(|child| child.is_element());
        if by_program(own)
            && node.parent().is_some_and(|one| is_top(&one))
            && !inner
            && node.attributes().len() == 0
        {
            continue;
        }
        let step = |one: &roxmltree::Node<'_, '_>| {
            let place = one.prev_siblings().filter(|other| other.tag_name() == one.tag_name()).count();
            let place = if one.has_tag_name((RDF, "li")) { place } else { 0 };
            let qname =
                written(one.range()).trim_start_matches('<').split([' ', '\t', '\r', '\n', '/', '>']).next();
            let space = one.tag_name().namespace().unwrap_or_default();
            format!("{{{space}}}{}:{}[{place}]", prefix(qname.unwrap_or_default()), one.tag_name().name())
        };
        let way = node.ancestors().filter(|one| one.is_element() && !is_top(one));
        let steps: Vec<String> = way.map(|one| step(&one)).collect();
        let above = steps.into_iter().rev().collect::<Vec<_>>().join("/");
        room = room.checked_sub(above.len() * (1 + node.attributes().len()))?;
        for attribute in node.attributes() {
            let name = (attribute.namespace().unwrap_or_default(), attribute.name());
            let outer = is_top(&node) || name == ("adobe:ns:meta/", "xmptk");
            if !(by_program(name) && outer) {
                let prefix = prefix(written(attribute.range_qname()));
                let way = format!("{above}/{{{}}}{prefix}:{}[0]", name.0, name.1);
                all.push((way, attribute.value().trim().to_owned()));
            }
        }
        let texts = node.children().filter(|child| child.is_text());
        let text: String = texts.filter_map(|child| child.text()).collect();
        if !inner && !is_top(&node) {
            all.push((above, text.trim().to_owned()));
        } else if !text.trim().is_empty() {
            return None;
        }
    }
    // Of one that stands twice readers take this or that.
    all.sort_by(|one, other| one.0.cmp(&other.0));
    (!all.windows(2).any(|two| matches!(two, [one, other] if one.0 == other.0))).then_some(all)
}

/// A packet says of itself that it is in UTF-8, or nothing.
fn is_utf8(packet: &str) -> bool {
    let declared = packet.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split('>').next());
    let declared = declared.unwrap_or_default().to_ascii_lowercase();
    declared.split("encoding").skip(1).all(|told| {
        let told = told.trim_start_matches([' ', '\t', '\r', '\n', '=']);
        ["\"utf-8\"", "'utf-8'"].iter().any(|utf8| told.starts_with(utf8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
        <rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' \
        xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:pdf='http://ns.adobe.com/pdf/1.3/' ";
    const FOOT: &str = "</rdf:Description></rdf:RDF></x:xmpmeta>";

    fn change(before: &str, after: &str) -> Change {
        let whole = |text: &str| format!("{HEAD}{text}{FOOT}");
        packet(whole(before).as_bytes(), whole(after).as_bytes())
    }

    #[test]
    fn a_packet_says_the_same_whoever_wrote_it_and_when() {
        let titled = "><dc:identifier>A-1</dc:identifier><xmp:ModifyDate>2026-01-01</xmp:ModifyDate>";
        assert_eq!(change(titled, " dc:identifier='A-1' pdf:Producer='x'>"), Change::None);
        assert_eq!(change(titled, "><dc:identifier> A-1 </dc:identifier>"), Change::None);
        for other in [
            "><dc:identifier>A-2</dc:identifier>",
            ">",
            " dc:title='A-1'>",
            "><dc:identifier>A-1<!-- --></dc:identifier>",
            "><dc:identifier>A-1</dc:identifier><pdf:Producer><dc:title>x</dc:title></pdf:Producer>",
            "><dc:identifier>A-1",
            "><dc:identifier>A-1</dc:identifier><dc:identifier/>",
            "><dc:identifier>A-1</dc:identifier><dc:identifier><pdf:Producer>B</pdf:Producer></dc:identifier>",
            "><dc:identifier>A-<pdf:Producer>9</pdf:Producer>1</dc:identifier>",
            " xmlns:d='http://purl.org/dc/elements/1.1/'><d:identifier>A-1</d:identifier>",
        ] {
            assert_eq!(change(titled, other), Change::LongTerm, "{other}");
        }
        let list = |a: &str, b: &str| {
            format!("><dc:creator><rdf:Seq><rdf:li>{a}</rdf:li><rdf:li>{b}</rdf:li></rdf:Seq></dc:creator>")
        };
        assert_eq!(change(&list("a", "b"), &list("a", "b")), Change::None);
        assert_eq!(change(&list("a", "b"), &list("b", "a")), Change::LongTerm, "in another order");
        let twice = format!("{}{}", list("a", "b"), &list("c", "d")[1..]);
        assert_eq!(change(&twice, &twice), Change::LongTerm, "some take the first, some the last");
        let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?>{HEAD}>{FOOT}");
        for (encoding, same) in
            [("UTF-8", Change::None), ("ISO-8859-1", Change::LongTerm), ("UTF-7", Change::LongTerm)]
        {
            let said = declared(encoding);
            assert_eq!(packet(said.as_bytes(), said.as_bytes()), same, "{encoding}");
        }
    }
}
