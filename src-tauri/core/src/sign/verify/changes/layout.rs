//! What is written behind a signed revision: objects its tables name, the tables, and nothing between.
//!
//! Bytes that no table names are harmless to a reader that follows the tables, and are the page to one that
//! repairs the file by searching it for objects.

use std::collections::HashSet;

use super::super::{
    document::Document,
    source::Source,
    syntax::{self, Dict, Obj},
    xref::{self, Broken, Entry, XrefSection},
};

/// Most objects that are written twice.
const MAX_COPIES: u32 = 8;

/// A stretch of the file that is accounted for.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    start: u64,
    end: u64,
    is_table: bool,
}

/// Whether all behind `from` belongs to the newest `later` revisions.
pub(super) fn is_closed(
    source: &mut Source<'_>,
    doc: &mut Document,
    later: usize,
    from: u64,
) -> Result<bool, Broken> {
    let sections = doc.sections.iter().take(later);
    let mut pieces: Vec<Piece> =
        sections.clone().map(|s| Piece { start: s.offset, end: s.end, is_table: true }).collect();
    let mut objects: Vec<(u64, u32, u16)> = sections
        .flat_map(|section| section.entries.iter().map(|entry| (section.offset, entry)))
        .filter_map(|(table, (number, entry))| match entry {
            Entry::At(offset, generation) if *offset >= from && *offset != table => {
                Some((*offset, *number, *generation))
            }
            _ => None,
        })
        .collect();
    objects.sort_unstable();
    objects.dedup();
    for (start, number, generation) in objects {
        let end = object_end(source, doc, number, start, generation)?;
        pieces.push(Piece { start, end, is_table: false });
    }
    pieces.sort_unstable();
    let mut here = from;
    let (mut table, mut copies) = (None, 0);
    for piece in &pieces {
        if piece.start < here {
            return Ok(false);
        }
        if !is_gap(source, here, piece.start, table)? {
            copies += 1;
            if table.is_some() || copies > MAX_COPIES || !is_copy(source, here, piece.start, &pieces)? {
                return Ok(false);
            }
        }
        here = piece.end;
        table = piece.is_table.then_some(piece.start);
    }
    Ok(table.is_some() && is_gap(source, here, doc.end, table)?)
}

/// Whether every reader reads the newest `later` revisions, and goes on to the older ones, by the same tables.
pub(super) fn is_alike(old: &Document, new: &Document, later: usize) -> bool {
    // Read by some with the second table, by others without; a later table may bring that to light.
    let hybrid = old.sections.iter().any(|section| section.hybrid.is_some());
    let tables: HashSet<u64> = new.sections.iter().map(|section| section.offset).collect();
    // A table that is a stream is no other object to who does not go by the tables.
    let apart = |number: u32| {
        [&old.entries, &new.entries].into_iter().all(|entries| match entries.get(&number) {
            None | Some(Entry::Free) => true,
            Some(Entry::At(offset, _)) => tables.contains(offset),
            Some(Entry::In(..)) => false,
        })
    };
    let plain = new.sections.iter().take(later).all(|s| s.plain && s.stream.is_none_or(apart));
    // Who searches the file takes the last trailer.
    let in_order = new.sections.iter().take(later).is_sorted_by(|a, b| a.offset > b.offset);
    plain && !hybrid && in_order
}

/// Whether all readers begin with the newest table of a revision, however they find one, now and later: it is the last
/// in the file, and no file of this length or more says that its first page comes first (ISO 32000-2, Annex F), for
/// some begin there. Of one that is such as a whole both tables are the same to all.
pub(in super::super) fn begins_alike(source: &mut Source<'_>, doc: &mut Document) -> Result<bool, Broken> {
    let newest = doc.sections.first().map(|section| section.offset);
    let last = doc.sections.iter().map(|section| section.offset).max();
    let first = doc.places().first().map_or(doc.end, |(place, _)| *place);
    Ok(match linearized(source, doc.end, first)? {
        Linearized::No => newest == last,
        Linearized::Length(told, _) if told < doc.end => newest == last,
        Linearized::Length(told, says) => {
            told == doc.end
                && is_in_two(doc)
                && tells_first_page(source, doc, &says)?
                && super::agrees(source, doc)?
        }
        Linearized::Unclear => false,
    })
}

/// What a file says of its first page.
enum Linearized {
    No,
    /// It comes first in a file so long, bytes; and what else it says.
    Length(u64, Dict),
    /// Not the same to all readers.
    Unclear,
}

/// `named`: where the first object stands that tables name.
fn linearized(source: &mut Source<'_>, length: u64, named: u64) -> Result<Linearized, Broken> {
    /// Longest text before it that is searched, bytes.
    const MOST: u64 = 1 << 16;
    // It says so in the first object, behind a header that is a comment.
    let Ok(first) = xref::at(source, 0, length, &mut |lexer| lexer.numbered(None)) else {
        if named > MOST {
            return Ok(Linearized::Unclear);
        }
        let head = source.read(0, named.max(1_024))?;
        let may = [b"Linear".as_slice(), b"#"].iter().any(|word| memchr::memmem::find(&head, word).is_some());
        return Ok(if may { Linearized::Unclear } else { Linearized::No });
    };
    let plain = !first.obj.is_odd();
    Ok(match first.obj {
        Obj::Dict(first) if plain && !first.repeats() => {
            let told = first.get(b"L").and_then(Obj::as_int).and_then(|told| u64::try_from(told).ok());
            let says = first.entries.iter().any(|(key, _)| key == b"Linearized");
            match told {
                _ if !says => Linearized::No,
                Some(told) => Linearized::Length(told, first),
                None => Linearized::Unclear,
            }
        }
        Obj::Dict(_) => Linearized::Unclear,
        _ => Linearized::No,
    })
}

/// Whether a linearized file says of its pages what their tree does, for pdf.js and Poppler go by the former: which object
/// is the first, and that there is no other, for where others are a table of hints says.
fn tells_first_page(source: &mut Source<'_>, doc: &mut Document, says: &Dict) -> Result<bool, Broken> {
    /// Deepest tree of pages.
    const DEEPEST: usize = 64;
    let catalog = doc.catalog(source)?;
    let Some(root) = catalog.get(b"Pages").and_then(Obj::as_ref) else { return Ok(false) };
    let (mut node, mut count) = (root, None);
    for _ in 0..DEEPEST {
        let obj = doc.load(source, node)?.obj;
        let Some(dict) = obj.as_dict() else { return Ok(false) };
        count = count.or(dict.get(b"Count").cloned());
        if dict.get(b"Kids").is_none() {
            let first = says.get(b"P").is_none_or(|page| *page == Obj::Int(0));
            let told = says.get(b"O") == Some(&Obj::Int(node.into()));
            let alone = [says.get(b"N"), count.as_ref()].iter().all(|told| *told == Some(&Obj::Int(1)));
            return Ok(first && told && alone);
        }
        let kids = doc.get(source, dict, b"Kids")?;
        let Some(kid) = kids.as_array().and_then(|kids| kids.first()?.as_ref()) else { return Ok(false) };
        node = kid;
    }
    Ok(false)
}

/// Whether a file has two tables, that of the first page in front, and no object is in both.
fn is_in_two(doc: &Document) -> bool {
    let [first, rest] = doc.sections.as_slice() else { return false };
    // Free or not; number 0 is in both.
    let numbers = |section: &XrefSection| -> HashSet<u32> {
        section.entries.iter().map(|(number, _)| *number).filter(|number| *number > 0).collect()
    };
    let apart = numbers(first).is_disjoint(&numbers(rest));
    apart && first.plain && rest.plain && first.offset < rest.offset && first.end <= rest.offset
}

/// White space and remarks, and behind a table the pointer to it.
fn is_gap(source: &mut Source<'_>, from: u64, to: u64, table: Option<u64>) -> Result<bool, Broken> {
    /// Longest gap.
    const MOST: u64 = 4_096;
    if to - from > MOST {
        return Ok(false);
    }
    let bytes = source.read(from, to - from)?;
    let rest = match table {
        None => bytes.as_slice(),
        Some(offset) => match xref::pointer(behind_remarks(&bytes)) {
            Some((told, rest)) if told == offset => rest,
            _ => return Ok(false),
        },
    };
    let is_blank = |line: &[u8]| line.iter().copied().all(syntax::is_space);
    let mut lines: Vec<&[u8]> = rest.split(|b| matches!(b, b'\r' | b'\n')).collect();
    let (last, first) = (lines.pop().unwrap_or_default(), lines.first().copied().unwrap_or_default());
    Ok(is_blank(last) && is_blank(first) && lines.into_iter().all(|line| is_blank(line) || is_remark(line)))
}

/// One of the objects once more, byte for byte: Pdftools writes the catalog twice.
fn is_copy(source: &mut Source<'_>, from: u64, to: u64, pieces: &[Piece]) -> Result<bool, Broken> {
    /// Longest copy, bytes.
    const MOST: u64 = 1 << 16;
    if to - from > MOST {
        return Ok(false);
    }
    let gap = source.read(from, to - from)?;
    let copy = gap.trim_ascii();
    for piece in pieces.iter().filter(|piece| !piece.is_table && piece.start >= to) {
        let length = piece.end - piece.start;
        if length == copy.len() as u64 && source.read(piece.start, length)? == copy {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What stands behind blank lines and remarks of whole lines, as iText writes them before the pointer.
fn behind_remarks(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes.trim_ascii_start();
    while rest.first() == Some(&b'%') && rest.len() < bytes.len() {
        let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        match rest.split_at_checked(end) {
            Some((line, behind)) if is_remark(line) => rest = behind.trim_ascii_start(),
            _ => break,
        }
    }
    rest
}

/// A comment of one line in which no reader finds anything, as MuPDF writes of itself.
fn is_remark(line: &[u8]) -> bool {
    const WORDS: [&[u8]; 5] = [b"obj", b"stream", b"xref", b"trailer", b"PDF-"];
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b',' | b'-');
    line.strip_prefix(b"%").is_some_and(|text| text.iter().all(plain))
        && WORDS.iter().all(|word| memchr::memmem::find(line, word).is_none())
}

/// Where the object at this place ends, behind `endobj`.
fn object_end(
    source: &mut Source<'_>,
    doc: &mut Document,
    number: u32,
    offset: u64,
    generation: u16,
) -> Result<u64, Broken> {
    // A comment could hide another object from a reader that follows the tables, and from no other.
    xref::at(source, offset, doc.end, &mut |lexer| {
        lexer.refuse_comments();
        lexer.numbered(Some((number, generation))).map(|_| ())
    })?;
    let located = doc.load_at(source, number, offset, generation)?;
    match located.stream {
        Some((start, length)) => xref::closed_at(source, start + length, doc.end),
        None => located.span.map(|(_, end)| end).ok_or(Broken),
    }
}
