//! What a reader sees that gives up on the tables and searches the file for objects.
//!
//! Readers give up for many reasons, each for its own; so it must make no difference.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::{
    document::Document,
    source::Source,
    syntax::is_space,
    xref::{self, Broken, Entry},
};
use super::uses::Uses;

/// How far back a head is looked for, bytes.
const SIGHT: usize = 1_024;

/// Whether what such a reader unpacks is what the tables name: streams of objects hold no others, and each stream that
/// is a table is one of the file's. Nothing that is gone is missed by somebody: who misses an object searches for it.
pub(super) fn unpacks_alike(
    source: &mut Source<'_>,
    doc: &mut Document,
    uses: &Uses,
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
pub(in super::super) fn agrees(source: &mut Source<'_>, doc: &Document) -> Result<bool, Broken> {
    let mut heads = BTreeSet::new();
    let mut last: HashMap<u32, (u64, u16)> = HashMap::new();
    for section in &doc.sections {
        let stream = section.stream.map(|number| (number, section.offset, 0));
        let alone = section.entries.iter().filter_map(|(number, entry)| match entry {
            Entry::At(offset, generation) => Some((*number, *offset, *generation)),
            _ => None,
        });
        for (number, offset, generation) in alone.chain(stream) {
            heads.insert(offset);
            let (place, highest) = last.entry(number).or_default();
            (*place, *highest) = (offset.max(*place), generation.max(*highest));
        }
    }
    let newest = doc.entries.iter().all(|(number, entry)| match entry {
        Entry::At(offset, generation) => last.get(number) == Some(&(*offset, *generation)),
        _ => true,
    });
    if !newest {
        return Ok(false);
    }
    let mut words = HashSet::new();
    for offset in heads {
        // Another place than the table says is none: the object is not there for anybody.
        if let Ok(place) = xref::at(source, offset, doc.end, &mut xref::head) {
            words.insert(place);
        }
    }
    let objects =
        source.every(doc.end, b"obj", &mut |at, before, _| words.contains(&at) || !is_head(before))?;
    // A table has one; what follows it there may be a comment.
    let mut tables: Vec<_> =
        doc.sections.iter().filter(|s| s.stream.is_none()).map(|s| s.offset..s.end).collect();
    let trailers = source.every(doc.end, b"trailer", &mut |at, before, behind| {
        let opens = behind.iter().find(|b| !is_space(**b)) == Some(&b'<');
        match tables.iter().position(|table| table.contains(&at)) {
            Some(own) => {
                tables.swap_remove(own);
                true
            }
            None => !is_token(before) || !opens,
        }
    })?;
    Ok(objects && trailers)
}

/// Whether a reader that searches takes an `obj` for the head of an object: two numbers stand before it, or what stands
/// there cannot be seen.
fn is_head(before: &[u8]) -> bool {
    let seen = before.get(before.len().saturating_sub(SIGHT)..).unwrap_or_default();
    ends_in_numbers(seen, 2, seen.len() < before.len())
}

/// Whether so many numbers stand last, with space or comments behind each. `cut`: more stands before what is seen.
fn ends_in_numbers(before: &[u8], count: usize, cut: bool) -> bool {
    let end = before.iter().rposition(|b| !is_space(*b)).map_or(0, |last| last + 1);
    let (text, space) = before.split_at(end);
    if count == 0 || text.is_empty() {
        return true;
    }
    let digits = text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let number = text.get(..text.len() - digits).unwrap_or_default();
    if digits > 0 && ends_in_numbers(number, count - 1, cut) {
        return true;
    }
    let is_end = |b: &u8| matches!(b, b'\r' | b'\n');
    if !space.iter().any(is_end) {
        return false;
    }
    // The line before may end in a comment, or be the end of one that begins out of sight.
    let line = text.iter().rposition(is_end).map_or(0, |last| last + 1);
    let mut comments = (line..text.len()).filter(|at| text.get(*at) == Some(&b'%'));
    line == 0 && cut || comments.any(|at| ends_in_numbers(text.get(..at).unwrap_or_default(), count, cut))
}

fn is_token(before: &[u8]) -> bool {
    before.last().is_none_or(|b| !b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_two_numbers_and_the_word() {
        let blank = format!("4{}0 ", " ".repeat(2 * SIGHT));
        let remark = format!("4 %{}\n0 ", "x".repeat(2 * SIGHT));
        for before in
            ["4 0 ", "x\n4\n0\n", "4 0", "(%) 4 0\n", "4 0 % c7\n", "4%\n% %\n 0 %x\r", &blank, &remark]
        {
            assert!(is_head(before.as_bytes()), "{before:?}");
        }
        for before in ["end", "an ", "x4 ", "\u{8f}", "7 of 12 the\n", "0.4 x 0 "] {
            assert!(!is_head(format!("some text {before}").as_bytes()), "{before:?}");
        }
    }
}
