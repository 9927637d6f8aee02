//! Finding the signatures of a revision: catalog, form, fields.
//!
//! Touches the document only; judges nothing.

use std::{collections::HashSet, rc::Rc};

use super::{
    MAX_SIGNATURES,
    document::{Document, IndirectObject},
    source::Source,
    syntax::{Dict, Obj},
    xref::Broken,
};

/// Most form fields looked at.
const MAX_FIELDS: usize = 50_000;
/// Deepest field tree.
const MAX_DEPTH: usize = 32;

/// A signature dictionary that a field names.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The signature dictionary.
    pub(super) dict: Dict,
    /// Number of the object it is; absent when it stands in its field.
    pub(super) number: Option<u32>,
    /// Bytes of the object it stands in; absent when it hides in an object stream.
    pub(super) span: Option<(u64, u64)>,
    /// What its field locks.
    pub(super) lock: Obj,
}

/// A field to look at: itself, whether it inherits being a signature field, the value it inherits (with
/// the bytes of the object that value stands in), its depth.
type Node = (Obj, bool, Option<(Rc<Obj>, Option<(u64, u64)>)>, usize);

/// All signatures that fields name, each dictionary once, in the order of the fields; where there are too many,
/// one more than that.
pub(super) fn signatures(doc: &mut Document, source: &mut Source<'_>) -> Result<Vec<Found>, Broken> {
    let catalog = doc.catalog(source)?;
    let form = match doc.get(source, &catalog, b"AcroForm")? {
        Obj::Null => return Ok(Vec::new()),
        Obj::Dict(form) if !form.repeats() => form,
        _ => return Err(Broken),
    };
    let mut found: Vec<Found> = Vec::new();
    let mut values: HashSet<u32> = HashSet::new();
    let mut seen: HashSet<u32> = HashSet::new();
    let mut todo: Vec<Node> = Vec::new();
    match doc.get(source, &form, b"Fields")? {
        Obj::Null => return Ok(found),
        Obj::Array(list) => todo.extend(list.into_iter().rev().map(|o| (o, false, None, 0))),
        _ => return Err(Broken),
    }
    let mut count = 0;
    while let Some((node, sig, value, depth)) = todo.pop() {
        count += 1;
        if count > MAX_FIELDS || depth > MAX_DEPTH {
            return Err(Broken);
        }
        let holder = match node {
            Obj::Ref(number, _) if !seen.insert(number) => continue,
            Obj::Ref(number, _) => doc.load(source, number)?,
            obj => IndirectObject { obj, span: None, stream: None },
        };
        let Obj::Dict(field) = &holder.obj else { continue };
        let sig = match doc.get(source, field, b"FT")? {
            Obj::Null => sig,
            name => name.is_name(b"Sig"),
        };
        if field.repeats() && sig {
            return Err(Broken);
        }
        let value = match field.get(b"V") {
            Some(v) => Some((Rc::new(v.clone()), holder.span)),
            None => value,
        };
        let kids = match doc.get(source, field, b"Kids")? {
            Obj::Array(kids) => kids,
            _ => Vec::new(),
        };
        if let (true, Some((v, span))) = (sig, &value) {
            let located = match v.as_ref() {
                Obj::Ref(number, _) if !values.insert(*number) => None,
                Obj::Ref(number, _) => Some(doc.load(source, *number)?),
                _ if span.is_some() && found.iter().any(|f| f.span == *span) => None,
                direct => Some(IndirectObject { obj: direct.clone(), span: *span, stream: None }),
            };
            match located {
                Some(IndirectObject { obj: Obj::Dict(dict), span, .. }) => {
                    let twice = span.is_some() && found.iter().any(|f| f.span == span);
                    if !twice {
                        let lock = doc.get(source, field, b"Lock")?;
                        found.push(Found { dict, number: v.as_ref().as_ref(), span, lock });
                    }
                }
                Some(IndirectObject { obj: Obj::Null, .. }) | None => {}
                Some(_) => return Err(Broken),
            }
        }
        todo.extend(kids.into_iter().rev().map(|k| (k, sig, value.clone(), depth + 1)));
        if todo.len() > MAX_FIELDS {
            return Err(Broken);
        }
        if found.len() > MAX_SIGNATURES {
            break;
        }
    }
    Ok(found)
}

/// The objects that are form fields or their widgets: what the form's fields lead to by `/Kids`.
pub(super) fn numbers(doc: &mut Document, source: &mut Source<'_>) -> Result<HashSet<u32>, Broken> {
    let catalog = doc.catalog(source)?;
    let mut seen = HashSet::new();
    let Obj::Dict(form) = doc.get(source, &catalog, b"AcroForm")? else { return Ok(seen) };
    let mut todo = vec![doc.get(source, &form, b"Fields")?];
    while let Some(list) = todo.pop() {
        let Obj::Array(list) = list else { continue };
        for number in list.iter().filter_map(Obj::as_ref) {
            if seen.len() > MAX_FIELDS {
                return Err(Broken);
            }
            if let (true, Obj::Dict(field)) = (seen.insert(number), doc.load(source, number)?.obj) {
                todo.push(doc.get(source, &field, b"Kids")?);
            }
        }
    }
    Ok(seen)
}

/// Whether something in the file has a signature as its value that is none of those found, as a widget no form leads to.
pub(super) fn has_others(doc: &mut Document, source: &mut Source<'_>, found: &[Found]) -> bool {
    let known: HashSet<u32> = found.iter().filter_map(|one| one.number).collect();
    let numbers: Vec<u32> = doc.entries.keys().copied().collect();
    let mut asked = HashSet::new();
    for number in numbers {
        let Ok(located) = doc.load(source, number) else { continue };
        let mut todo = vec![located.obj];
        while let Some(obj) = todo.pop() {
            match obj {
                Obj::Dict(dict) => {
                    let value = dict.get(b"V").and_then(Obj::as_ref);
                    let value = value.filter(|value| !known.contains(value) && asked.insert(*value));
                    let value = value.and_then(|value| doc.load(source, value).ok());
                    if value.is_some_and(|value| {
                        value.obj.as_dict().is_some_and(|d| d.get(b"ByteRange").is_some())
                    }) {
                        return true;
                    }
                    todo.extend(dict.entries.into_iter().map(|(_, value)| value));
                }
                Obj::Array(items) => todo.extend(items),
                _ => {}
            }
        }
    }
    false
}

/// The span of the object that usage rights stand in, and their key.
pub(super) type Right = ((u64, u64), &'static [u8]);

/// Spans of the objects that usage rights of a reader program stand in, of each revision, one for each: signatures of a
/// software maker, not of a person (ISO 32000-2, 12.8.2.3).
pub(super) fn usage_rights(doc: &Document, source: &mut Source<'_>) -> HashSet<Right> {
    let revisions = (0..doc.sections.len().min(MAX_SIGNATURES)).map(|later| doc.without(later));
    revisions.flat_map(|mut revision| rights_of(&mut revision, source).unwrap_or_default()).collect()
}

fn rights_of(doc: &mut Document, source: &mut Source<'_>) -> Result<Vec<Right>, Broken> {
    let catalog = doc.load(source, doc.root().ok_or(Broken)?)?;
    let mut rights = Vec::new();
    let Some(perms) = inside(doc, source, &catalog, b"Perms")? else { return Ok(rights) };
    for key in [b"UR3".as_slice(), b"UR"] {
        let right = inside(doc, source, &perms, key)?;
        let right =
            right.filter(|right| right.obj.as_dict().is_some_and(|dict| dict.get(b"ByteRange").is_some()));
        rights.extend(right.and_then(|right| right.span).map(|span| (span, key)));
    }
    Ok(rights)
}

/// What stands under a key, with the span of the object it stands in.
fn inside(
    doc: &mut Document,
    source: &mut Source<'_>,
    holder: &IndirectObject,
    key: &[u8],
) -> Result<Option<IndirectObject>, Broken> {
    Ok(match holder.obj.as_dict().and_then(|dict| dict.get(key)) {
        Some(Obj::Ref(number, _)) => Some(doc.load(source, *number)?),
        Some(direct) => Some(IndirectObject { obj: direct.clone(), span: holder.span, stream: None }),
        None => None,
    })
}

/// Whether an offset of the file lies in the data of a stream that is in use; `places`: [`Document::places`].
pub(super) fn in_stream(
    doc: &mut Document,
    source: &mut Source<'_>,
    places: &[(u64, u32)],
    offset: u64,
) -> bool {
    let before = places.partition_point(|(at, _)| *at <= offset);
    let Some((_, number)) = before.checked_sub(1).and_then(|last| places.get(last)) else { return false };
    doc.load(source, *number)
        .ok()
        .and_then(|located| located.stream)
        .is_some_and(|(start, length)| offset >= start && offset < start + length)
}
