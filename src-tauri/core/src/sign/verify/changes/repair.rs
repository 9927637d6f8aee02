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

/// Whether what such a reader unpacks is what the tables name: streams of objects hold no others, and each stream that
/// is a table is one of the file's.
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
    let tables: HashSet<u64> = doc.sections.iter().map(|section| section.offset).collect();
    Ok(uses.tables.iter().all(|number| match doc.entries.get(number) {
        Some(Entry::At(offset, _)) => tables.contains(offset),
        _ => false,
    }))
}

/// Whether such a reader finds the objects that the tables name, and no others: the words `obj` and `trailer` stand
/// nowhere else, and of objects written twice the later one counts.
pub(in super::super) fn agrees(source: &mut Source<'_>, doc: &Document) -> Result<bool, Broken> {
    let mut heads = BTreeSet::new();
    let mut last: HashMap<u32, u64> = HashMap::new();
    for section in &doc.sections {
        let stream = section.stream.map(|number| (number, section.offset));
        let alone = section.entries.iter().filter_map(|(number, entry)| match entry {
            Entry::At(offset, _) => Some((*number, *offset)),
            _ => None,
        });
        for (number, offset) in alone.chain(stream) {
            heads.insert(offset);
            let place = last.entry(number).or_default();
            *place = offset.max(*place);
        }
    }
    let newest = doc.entries.iter().all(|(number, entry)| match entry {
        Entry::At(offset, _) => last.get(number) == Some(offset),
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
    let objects = source
        .every(doc.end, b"obj", &mut |at, before, behind| words.contains(&at) || !is_head(before, behind))?;
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

/// Whether a reader that searches takes an `obj` for the head of an object.
fn is_head(before: &[u8], behind: &[u8]) -> bool {
    let number = before.iter().rev().find(|b| !is_space(**b)).is_some_and(u8::is_ascii_digit);
    let alone = is_token(before) && behind.first().is_none_or(|b| !b.is_ascii_alphanumeric());
    number || alone
}

fn is_token(before: &[u8]) -> bool {
    before.last().is_none_or(|b| !b.is_ascii_alphanumeric())
}
