//! What a reader sees that gives up on the tables and searches the file for objects.
//!
//! Readers give up for many reasons, each for its own; so it must make no difference.

use std::{
    cell::Cell,
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use super::super::{
    document::{Document, IndirectObject},
    source::Source,
    syntax::{Dict, Numbered, Obj, is_space},
    xref::{self, Broken, Entry, XrefSection},
};
use super::references::References;

/// How far back a head is looked for, bytes.
const SIGHT: usize = 1_024;

/// Whether what such a reader unpacks is what the tables name: streams of objects hold no others, and each stream that
/// is a table is one of the file's. Nothing that is gone is missed by somebody: who misses an object searches for it.
pub(super) fn unpacks_alike(
    source: &mut Source<'_>,
    doc: &mut Document,
    uses: &References,
) -> Result<bool, Broken> {
    let named: HashSet<(u32, Entry)> =
        doc.sections.iter().flat_map(|section| section.entries.iter().copied()).collect();
    for &bundle in &uses.bundles {
        for (number, index) in doc.members(source, bundle)?.into_iter().zip(0..) {
            if !named.contains(&(number, Entry::In(bundle, index))) {
                return Ok(false);
            }
        }
    }
    let gone = |number: &u32| matches!(doc.entries.get(number), None | Some(Entry::Free));
    if named
        .iter()
        .any(|(number, entry)| *entry != Entry::Free && gone(number) && !uses.to(*number).is_empty())
    {
        return Ok(false);
    }
    let tables: HashSet<u64> = doc.sections.iter().map(|section| section.offset).collect();
    Ok(uses.tables.iter().all(|number| match doc.entries.get(number) {
        Some(Entry::At(offset, _)) => tables.contains(offset),
        _ => false,
    }))
}

/// Whether such a reader finds the objects that the tables name, and no others: the words `obj` and `trailer` stand
/// nowhere else, and of objects written twice the later one counts, of the highest generation.
pub(in super::super) fn agrees(source: &mut Source<'_>, doc: &mut Document) -> Result<bool, Broken> {
    let mut all: BTreeSet<(u32, u64, u16)> = BTreeSet::new();
    for section in &doc.sections {
        all.extend(section.stream.map(|number| (number, section.offset, 0)));
        all.extend(section.entries.iter().filter_map(|(number, entry)| match entry {
            Entry::At(offset, generation) => Some((*number, *offset, *generation)),
            _ => None,
        }));
    }
    let mut last: HashMap<u32, (u64, u16)> = HashMap::new();
    for (number, offset, generation) in all.iter().copied() {
        let (place, highest) = last.entry(number).or_default();
        (*place, *highest) = (offset.max(*place), generation.max(*highest));
    }
    let newest = doc.entries.iter().all(|(number, entry)| match entry {
        Entry::At(offset, generation) => last.get(number) == Some(&(*offset, *generation)),
        _ => true,
    });
    let root = |section: &XrefSection| section.trailer.get(b"Root").cloned();
    let roots: Vec<Obj> = doc.sections.iter().filter_map(root).collect();
    if !newest || !unpacks_last(doc) || roots.windows(2).any(|two| two.first() != two.last()) {
        return Ok(false);
    }
    let words = words(source, doc, heads(&doc.sections))?;
    let room = Rc::clone(&source.sight);
    let objects = source.every(doc.end, b"obj", &mut |at, before, _| match words.get(&at) {
        Some(head) => opens_line(before, (at - head) as usize),
        None => !is_head(before, &room),
    })?;
    // A table has one; what follows it there may be a comment.
    let mut tables: Vec<_> =
        doc.sections.iter().filter(|s| s.stream.is_none()).map(|s| s.offset..s.end).collect();
    let trailers = source.every(doc.end, b"trailer", &mut |at, before, behind| {
        // A remark may stand between.
        let opens = matches!(behind.iter().find(|b| !is_blank(**b) || **b == b'<'), Some(b'<' | b'%'));
        match tables.iter().position(|table| table.contains(&at)) {
            Some(own) => {
                tables.swap_remove(own);
                true
            }
            None => !is_token(before) || !opens,
        }
    })?;
    // One that searches for the next trailer from there, passing over all between.
    let hybrid = doc.sections.iter().filter_map(|section| Some(section.hybrid?.0));
    let tables: HashSet<u64> = doc.sections.iter().map(|section| section.offset).chain(hybrid).collect();
    let begins = |at: u64| {
        tables.contains(&at)
            || (1..=2).any(|line| at.checked_sub(line).is_some_and(|at| tables.contains(&at)))
    };
    let opens = |before: &[u8]| {
        let last = before.iter().rev().find(|b| !matches!(b, b' ' | b'\t'));
        last.is_none_or(|b| matches!(b, b'\r' | b'\n' | b'<'))
    };
    let xrefs = source.every(doc.end, b"xref", &mut |at, before, behind| {
        !opens(before) || !behind.first().is_none_or(|b| is_blank(*b)) || begins(at)
    })?;
    // Who does not know how long a stream is takes it to end with the word.
    let mut ends = HashSet::new();
    for (number, offset, generation) in all {
        if let Ok(IndirectObject { obj, stream: Some((start, length)), .. }) =
            doc.load_at(source, number, offset, generation)
        {
            if obj.as_dict().is_some_and(|dict| is_mistaken(dict, tables.contains(&offset))) {
                return Ok(false);
            }
            ends.insert(start + length);
        }
    }
    // A line may end before it.
    let ends = source.every(doc.end, b"endstream", &mut |at, _, _| {
        (0..=2).any(|line| at.checked_sub(line).is_some_and(|end| ends.contains(&end)))
    })?;
    Ok(objects && trailers && xrefs && ends)
}

/// Whether some reader takes a stream for one of objects, or for a table, by other signs than its type.
fn is_mistaken(dict: &Dict, is_table: bool) -> bool {
    let has = |key: &[u8]| dict.get(key).is_some();
    let bundle = has(b"N") && has(b"First") && !dict.has_name(b"Type", b"ObjStm");
    let table = has(b"W") && (has(b"Index") || has(b"Size")) && !is_table;
    bundle || table || matches!(dict.get(b"Type"), Some(Obj::Ref(..)))
}

/// Of an object in a stream of objects, whether no other form of it stands in a later one; where some reader does not take
/// the tables, or finds one of the old kind behind one that is a stream, in any.
fn unpacks_last(doc: &Document) -> bool {
    let classic =
        doc.sections.iter().filter(|section| section.stream.is_none()).map(|section| section.offset).max();
    let mixed =
        doc.sections.iter().any(|one| one.stream.is_some() && classic.is_some_and(|at| at > one.offset));
    let odd = mixed || doc.sections.iter().any(|section| !section.plain);
    let place = |entry: &Entry| match entry {
        Entry::In(container, _) => match doc.entries.get(container) {
            Some(Entry::At(offset, _)) => *offset,
            _ => 0,
        },
        Entry::At(offset, _) => *offset,
        Entry::Free => 0,
    };
    let mut last: HashMap<u32, u64> = HashMap::new();
    for (number, entry) in doc.sections.iter().flat_map(|section| &section.entries) {
        let known = last.entry(*number).or_default();
        *known = place(entry).max(*known);
    }
    let other = |(number, entry): &(u32, Entry)| {
        let newest = doc.entries.get(number);
        matches!(entry, Entry::In(..))
            && newest.is_some_and(|newest| newest != entry && *newest != Entry::Free)
    };
    if odd && doc.sections.iter().flat_map(|section| &section.entries).any(other) {
        return false;
    }
    doc.entries.iter().all(|(number, entry)| *entry == Entry::Free || last.get(number) == Some(&place(entry)))
}

/// Where the objects begin that tables name, and the tables that are objects.
fn heads(sections: &[XrefSection]) -> BTreeSet<u64> {
    let mut heads = BTreeSet::new();
    for section in sections {
        heads.extend(section.stream.map(|_| section.offset));
        heads.extend(section.entries.iter().filter_map(|(_, entry)| match entry {
            Entry::At(offset, _) => Some(*offset),
            _ => None,
        }));
    }
    heads
}

/// Where the word `obj` stands of objects, and where its head begins.
fn words(source: &mut Source<'_>, doc: &Document, heads: BTreeSet<u64>) -> Result<HashMap<u64, u64>, Broken> {
    let mut words = HashMap::new();
    for offset in heads {
        // Another place than the table says is none: the object is not there for anybody.
        if let Ok(place) = xref::at(source, offset, doc.end, &mut xref::head) {
            words.insert(place, offset);
        }
    }
    Ok(words)
}

/// Whether no object that a searching reader finds before a place runs beyond it, but those in use.
pub(in super::super) fn nothing_overruns(
    source: &mut Source<'_>,
    doc: &Document,
    place: u64,
) -> Result<bool, Broken> {
    /// Most of them, as of a file that is attached as it is.
    const MOST: usize = 20_000;
    // What an older table names is there for such a reader as well.
    let used = doc.places().into_iter().map(|(offset, _)| offset).collect();
    let words = words(source, doc, used)?;
    let (mut others, room) = (Vec::new(), Rc::clone(&source.sight));
    let few = source.every(place, b"obj", &mut |at, before, _| {
        if !words.contains_key(&at) && is_head(before, &room) {
            others.push(at + 3);
        }
        others.len() <= MOST && room.get() > 0
    })?;
    if !few {
        return Ok(false);
    }
    for at in others {
        let found = xref::at(source, at, doc.end, &mut |lexer| lexer.behind_head(0));
        let found = found.and_then(|one| if one.obj.has_odd_name() { Err(Broken) } else { Ok(one) });
        let length = |one: &Numbered| one.obj.as_dict()?.get(b"Length")?.as_int()?.try_into().ok();
        let end = match &found {
            Ok(one @ Numbered { stream: Some(start), .. }) => {
                let stop = length(one).and_then(|length: u64| start.checked_add(length));
                stop.and_then(|stop| xref::closed_at(source, stop, doc.end).ok())
            }
            Ok(one) => Some(one.end),
            Err(_) => None,
        };
        if end.is_none_or(|end| end > place) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether nobody refers to an object that is gone to the tables, and is there for who searches: some readers search for
/// what they miss.
pub(in super::super) fn misses_nothing(source: &mut Source<'_>, doc: &mut Document) -> Result<bool, Broken> {
    /// Most of them.
    const MOST: usize = 20_000;
    let entries = &doc.entries;
    let gone = |number: &u32| matches!(entries.get(number), None | Some(Entry::Free));
    let mut lost = HashSet::new();
    let few = source.every(doc.end, b"obj", &mut |_, before, _| {
        lost.extend(numbered(before).filter(gone));
        lost.len() <= MOST
    })?;
    if !few || lost.is_empty() {
        return Ok(few);
    }
    let uses = References::of(source, doc)?;
    Ok(lost.iter().all(|number| uses.to(*number).is_empty()))
}

/// The number of an object whose head stands last, without the word.
fn numbered(before: &[u8]) -> Option<u32> {
    let digits = |text: &[u8]| text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let blanks = |text: &[u8]| text.iter().rev().take_while(|b| is_blank(**b)).count();
    let text = before.get(..before.len() - blanks(before))?;
    let text = text.get(..text.len() - Some(digits(text)).filter(|count| *count > 0)?)?;
    let text = text.get(..text.len() - Some(blanks(text)).filter(|count| *count > 0)?)?;
    let number = text.get(text.len() - digits(text)..)?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Whether a head of so many bytes stands where every reader finds it whole: those that search by lines cut long ones,
/// and end one at a NUL.
fn opens_line(before: &[u8], head: usize) -> bool {
    const LINE: usize = 200;
    let before = before.get(..before.len().saturating_sub(head)).unwrap_or_default();
    let line = before.iter().rev().take_while(|b| !matches!(b, b'\r' | b'\n'));
    line.clone().count() < LINE && line.copied().all(|b| b != 0)
}

/// Whether a reader that searches takes an `obj` for the head of an object: two numbers stand before it, or what stands
/// there cannot be seen. Not without `room` to look for them either.
fn is_head(before: &[u8], room: &Cell<usize>) -> bool {
    let seen = before.get(before.len().saturating_sub(SIGHT)..).unwrap_or_default();
    let cut = seen.len() < before.len();
    // MuPDF keeps the numbers over a dictionary.
    let mut dicts = memchr::memmem::find_iter(seen, b"<<");
    ends_in_numbers(seen, 2, cut, room)
        || seen.trim_ascii_end().ends_with(b">>")
            && dicts.any(|at| ends_in_numbers(seen.get(..at).unwrap_or_default(), 2, cut, room))
}

/// White space to some reader that searches, or passed over by one: a vertical tab, bytes that PDFium and pdf.js take for
/// blanks, brackets that Ghostscript and MuPDF skip.
fn is_blank(b: u8) -> bool {
    is_space(b) || matches!(b, 0x0b | 0x80 | 0xa0 | 0xff | b')' | b'}' | b'{' | b'<' | b'>' | b'[' | b']')
}

/// Whether so many numbers stand last, with space or comments behind each. `cut`: more stands before what is seen.
fn ends_in_numbers(before: &[u8], count: usize, cut: bool, room: &Cell<usize>) -> bool {
    // A number may have signs and points.
    let is_digit = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.');
    let end = before.iter().rposition(|b| !is_blank(*b)).map_or(0, |last| last + 1);
    let (text, space) = before.split_at(end);
    let digits = text.iter().rev().take_while(|b| is_digit(**b)).count();
    let look = |bytes: usize| room.set(room.get().saturating_sub(bytes));
    look(space.len() + digits + 1);
    if count == 0 || text.is_empty() || room.get() == 0 {
        return true;
    }
    let number = text.get(..text.len() - digits).unwrap_or_default();
    if digits > 0 && ends_in_numbers(number, count - 1, cut, room) {
        return true;
    }
    let is_end = |b: &u8| matches!(b, b'\r' | b'\n');
    if !space.iter().any(is_end) {
        return false;
    }
    // The line before may end in a comment, or be the end of one that begins out of sight.
    let line = text.iter().rposition(is_end).map_or(0, |last| last + 1);
    look(text.len() - line);
    let mut comments = (line..text.len()).filter(|at| text.get(*at) == Some(&b'%'));
    line == 0 && cut
        || comments.any(|at| ends_in_numbers(text.get(..at).unwrap_or_default(), count, cut, room))
}

fn is_token(before: &[u8]) -> bool {
    before.last().is_none_or(|b| !b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_head(before: &[u8]) -> bool {
        super::is_head(before, &Cell::new(1_000_000))
    }

    #[test]
    fn a_head_is_two_numbers_and_the_word() {
        let blank = format!("4{}0 ", " ".repeat(2 * SIGHT));
        let remark = format!("4 %{}\n0 ", "x".repeat(2 * SIGHT));
        for before in [
            "4 0 ",
            "x\n4\n0\n",
            "4 0",
            "(%) 4 0\n",
            "4 0 % c7\n",
            "4%\n% %\n 0 %x\r",
            "4 -0 ",
            "+4 --0\x0b",
            "4 .0",
            &blank,
            &remark,
        ] {
            assert!(is_head(before.as_bytes()), "{before:?}");
        }
        for before in [
            b"4 0\xff".as_slice(),
            b"4\x80 0 ",
            b"4 0 ) ",
            b"4 0}",
            b"4 0 <<>> ",
            b"4 0 << /A /B /C << >> >> ",
            b"4 ) 0 % x\n",
        ] {
            assert!(is_head(before), "{before:?}");
        }
        for before in ["end", "an ", "x4 ", "\u{8f}", "7 of 12 the\n", "4 x 0 "] {
            assert!(!is_head(format!("some text {before}").as_bytes()), "{before:?}");
        }
    }
}
