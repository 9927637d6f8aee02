//! What later revisions of a file changed in a signed one.
//!
//! Touches two revisions of one document. Allowed is a short list; everything else is a change.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    document::{Document, Located},
    source::Source,
    syntax::{Dict, Obj},
    xref::{Broken, Entry},
};

/// How far the changes go; a later one outweighs an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing that shows.
    None,
    /// Evidence for later (DSS) and nothing else.
    Evidence,
    /// Document time-stamps, metadata.
    LongTerm,
    /// Further signatures.
    Signing,
    /// Values of form fields, defaults of the form: cannot be decided here.
    Undecided,
    /// Anything else.
    Other,
}

/// Most objects of a file that is compared.
const MAX_OBJECTS: usize = 300_000;
/// Stands for the trailer among those who refer to an object.
const TRAILER: u32 = u32::MAX;

/// The worst change between a signed revision and a later one of the same file.
pub(super) fn between(
    source: &mut Source<'_>,
    old: &mut Document,
    new: &mut Document,
) -> Result<Change, Broken> {
    let Some(later) = new.sections.len().checked_sub(old.sections.len()) else { return Ok(Change::Other) };
    let kept = new.sections.iter().skip(later).map(|s| s.offset).eq(old.sections.iter().map(|s| s.offset));
    let behind = new.sections.iter().take(later).all(|s| s.offset >= old.end);
    if !kept || !behind || old.root() != new.root() || old.entries.len() > MAX_OBJECTS {
        return Ok(Change::Other);
    }
    let mut numbers: Vec<u32> =
        new.sections.iter().take(later).flat_map(|s| s.entries.iter().map(|(n, _)| *n)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() > MAX_OBJECTS {
        return Ok(Change::Other);
    }
    let mut compare = Compare {
        source,
        old,
        new,
        added: HashSet::new(),
        modified: Vec::new(),
        users: HashMap::new(),
        dss: HashSet::new(),
    };
    if !compare.sort(&numbers)? {
        return Ok(Change::Other);
    }
    compare.find_users()?;
    if compare.added.iter().any(|n| compare.users.contains_key(n)) {
        // A reference that led nowhere when the document was signed now leads somewhere.
        return Ok(Change::Other);
    }
    compare.find_dss()?;
    compare.worst()
}

struct Compare<'a, 'f> {
    source: &'a mut Source<'f>,
    old: &'a mut Document,
    new: &'a mut Document,
    /// Objects the signed revision did not have.
    added: HashSet<u32>,
    /// Objects both have, in different form.
    modified: Vec<(u32, Located, Located)>,
    /// Who referred, in the signed revision, to an added or modified object.
    users: HashMap<u32, HashSet<u32>>,
    /// Objects of the signed revision's DSS.
    dss: HashSet<u32>,
}

impl Compare<'_, '_> {
    /// Sorts the numbers of the later revisions; false when an object was taken away or moved back.
    fn sort(&mut self, numbers: &[u32]) -> Result<bool, Broken> {
        for &number in numbers {
            let before = self.old.entries.get(&number).copied().unwrap_or(Entry::Free);
            let after = self.new.entries.get(&number).copied().unwrap_or(Entry::Free);
            let place = match after {
                Entry::Free => None,
                Entry::At(offset) => Some(offset),
                Entry::In(container, _) => match self.new.entries.get(&container) {
                    Some(Entry::At(offset)) => Some(*offset),
                    _ => return Ok(false),
                },
            };
            match (before, place) {
                (Entry::Free, None) => {}
                (_, None) => return Ok(false),
                (Entry::Free, Some(place)) if place >= self.old.end => {
                    self.added.insert(number);
                }
                (same, Some(_)) if same == after && self.unmoved(after) => {}
                (_, Some(place)) if place >= self.old.end => {
                    let before = self.old.load(self.source, number)?;
                    let after = self.new.load(self.source, number)?;
                    if !self.equal(&before, &after)? {
                        self.modified.push((number, before, after));
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// An entry written again means the same only when its container is the same too.
    fn unmoved(&self, entry: Entry) -> bool {
        match entry {
            Entry::In(container, _) => self.old.entries.get(&container) == self.new.entries.get(&container),
            _ => true,
        }
    }

    fn equal(&mut self, before: &Located, after: &Located) -> Result<bool, Broken> {
        if before.obj != after.obj {
            return Ok(false);
        }
        match (before.stream, after.stream) {
            (None, None) => Ok(true),
            (Some((a, n)), Some((b, m))) if n == m && n < 64 << 20 => {
                Ok(self.source.read(a, n)? == self.source.read(b, m)?)
            }
            _ => Ok(false),
        }
    }

    fn find_users(&mut self) -> Result<(), Broken> {
        let mut wanted: HashSet<u32> = self.added.clone();
        wanted.extend(self.modified.iter().map(|(n, ..)| *n));
        let numbers: Vec<u32> =
            self.old.entries.iter().filter(|(_, e)| **e != Entry::Free).map(|(n, _)| *n).collect();
        for number in numbers {
            // An object that cannot be read cannot have been shown either.
            let Ok(located) = self.old.load(self.source, number) else { continue };
            let users = &mut self.users;
            located.obj.refs(&mut |target| {
                if wanted.contains(&target) {
                    users.entry(target).or_default().insert(number);
                }
            });
        }
        if let Some(trailer) = self.old.trailer() {
            for (key, value) in &trailer.entries {
                if key == b"Root" || key == b"Info" {
                    let users = &mut self.users;
                    value.refs(&mut |n| {
                        if wanted.contains(&n) {
                            users.entry(n).or_default().insert(TRAILER);
                        }
                    });
                }
            }
        }
        Ok(())
    }

    fn find_dss(&mut self) -> Result<(), Broken> {
        let catalog = self.old.catalog(self.source)?;
        let mut todo = Vec::new();
        if let Some(dss) = catalog.get(b"DSS") {
            dss.refs(&mut |n| todo.push(n));
        }
        while let Some(number) = todo.pop() {
            if self.dss.len() < 20_000 && self.dss.insert(number) {
                self.old.load(self.source, number)?.obj.refs(&mut |n| todo.push(n));
            }
        }
        Ok(())
    }

    fn only_used_by(&self, number: u32, allowed: &dyn Fn(u32) -> bool) -> bool {
        self.users.get(&number).is_none_or(|users| users.iter().all(|u| allowed(*u)))
    }

    fn worst(&mut self) -> Result<Change, Broken> {
        let mut worst = Change::None;
        let root = self.old.root().ok_or(Broken)?;
        for (number, before, after) in std::mem::take(&mut self.modified) {
            let change = if number == root {
                self.catalog(&before.obj, &after.obj)?
            } else {
                self.object(number, root, &before, &after)?
            };
            worst = worst.max(change);
            if worst == Change::Other {
                break;
            }
        }
        // Objects that nothing leads to are no evidence.
        let idle = worst == Change::None && !self.added.is_empty();
        Ok(if idle { Change::LongTerm } else { worst })
    }

    fn object(
        &mut self,
        number: u32,
        root: u32,
        before: &Located,
        after: &Located,
    ) -> Result<Change, Broken> {
        let catalog = self.old.catalog(self.source)?;
        let is = |key: &[u8]| {
            catalog.get(key).and_then(Obj::as_ref) == Some(number) && only_under(&catalog, key, number)
        };
        let by_root = self.only_used_by(number, &|u| u == root);
        if is(b"AcroForm") && by_root {
            return self.form(&before.obj, &after.obj);
        }
        let metadata = |l: &Located| {
            l.stream.is_some() && l.obj.as_dict().is_some_and(|d| d.has_name(b"Type", b"Metadata"))
        };
        if is(b"Metadata") && by_root && metadata(before) && metadata(after) || is(b"Extensions") && by_root {
            return Ok(Change::LongTerm);
        }
        let evidence = self.dss.contains(&number) && only_under(&catalog, b"DSS", number);
        if evidence && self.only_used_by(number, &|u| u == root || self.dss.contains(&u)) {
            return Ok(Change::Evidence);
        }
        if self.only_used_by(number, &|u| u == TRAILER) && plain_texts(&after.obj) {
            return Ok(Change::LongTerm);
        }
        match (&before.obj, &after.obj) {
            (Obj::Dict(a), Obj::Dict(b)) => {
                if a.has_name(b"Type", b"XRef")
                    && b.has_name(b"Type", b"XRef")
                    && !self.users.contains_key(&number)
                {
                    return Ok(Change::None);
                }
                if a.repeats() || b.repeats() || before.stream.is_some() || after.stream.is_some() {
                    return Ok(Change::Other);
                }
                if a.has_name(b"Type", b"Page") {
                    return self.page(a, b);
                }
                self.field(a, b)
            }
            (Obj::Array(_), Obj::Array(_)) => self.list(number, &before.obj, &after.obj),
            _ => Ok(Change::Other),
        }
    }

    fn catalog(&mut self, before: &Obj, after: &Obj) -> Result<Change, Broken> {
        let (Obj::Dict(before), Obj::Dict(after)) = (before, after) else { return Ok(Change::Other) };
        let mut worst = Change::None;
        for key in before.differing(after) {
            let change = match key.as_slice() {
                b"AcroForm" => {
                    let old = self.old.get(self.source, before, &key)?;
                    let new = self.new.get(self.source, after, &key)?;
                    self.form(&old, &new)?
                }
                b"DSS" if after.get(&key).is_some() => Change::Evidence,
                b"Extensions" | b"Version" if after.get(&key).is_some() => Change::LongTerm,
                b"Metadata" => {
                    let added =
                        after.get(&key).and_then(Obj::as_ref).is_some_and(|n| self.added.contains(&n));
                    if added { Change::LongTerm } else { Change::Other }
                }
                _ => Change::Other,
            };
            worst = worst.max(change);
        }
        Ok(worst)
    }

    fn form(&mut self, before: &Obj, after: &Obj) -> Result<Change, Broken> {
        let empty = Dict::default();
        let before = match before {
            Obj::Null => &empty,
            Obj::Dict(dict) => dict,
            _ => return Ok(Change::Other),
        };
        let Obj::Dict(after) = after else { return Ok(Change::Other) };
        let mut worst = Change::None;
        for key in before.differing(after) {
            let change = match key.as_slice() {
                b"Fields" => {
                    let old = self.old.get(self.source, before, &key)?;
                    let new = self.new.get(self.source, after, &key)?;
                    self.grown(&old, &new)?
                }
                b"SigFlags" => Change::None,
                b"DR" | b"DA" => Change::Undecided,
                _ => Change::Other,
            };
            worst = worst.max(change);
        }
        Ok(worst)
    }

    /// An array of fields or annotations that may only have got new signature fields.
    fn grown(&mut self, before: &Obj, after: &Obj) -> Result<Change, Broken> {
        let old = match before {
            Obj::Null => &[],
            Obj::Array(list) => list.as_slice(),
            _ => return Ok(Change::Other),
        };
        let Obj::Array(new) = after else { return Ok(Change::Other) };
        let mut kept = old.iter().peekable();
        let mut worst = Change::None;
        for item in new {
            if kept.next_if_eq(&item).is_some() {
                continue;
            }
            match item {
                Obj::Ref(number) if self.added.contains(number) => {
                    worst = worst.max(self.new_field(*number, 0)?);
                }
                _ => return Ok(Change::Other),
            }
        }
        Ok(if kept.peek().is_none() { worst } else { Change::Other })
    }

    /// A new object that must be a signature field, its widget, or both in one.
    fn new_field(&mut self, number: u32, depth: usize) -> Result<Change, Broken> {
        let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { return Ok(Change::Other) };
        if depth > 4 || field.repeats() || field.get(b"AA").is_some() || field.get(b"A").is_some() {
            return Ok(Change::Other);
        }
        if field.get(b"FT").is_none() {
            // A widget apart from its field.
            return match field.get(b"Parent").and_then(Obj::as_ref) {
                Some(parent) if self.added.contains(&parent) => self.new_field(parent, depth + 1),
                _ => Ok(Change::Other),
            };
        }
        if !self.new.get(self.source, &field, b"FT")?.is_name(b"Sig") {
            return Ok(Change::Other);
        }
        let Obj::Dict(value) = self.new.get(self.source, &field, b"V")? else { return Ok(Change::Signing) };
        let stamp = value.has_name(b"SubFilter", b"ETSI.RFC3161");
        let shown = match self.new.get(self.source, &field, b"Rect")? {
            Obj::Array(sides) => match sides.as_slice() {
                [l, b, r, t] => l != r && b != t,
                _ => true,
            },
            _ => false,
        };
        Ok(if stamp && !shown { Change::LongTerm } else { Change::Signing })
    }

    fn page(&mut self, before: &Dict, after: &Dict) -> Result<Change, Broken> {
        if before.differing(after).iter().any(|key| key != b"Annots") {
            return Ok(Change::Other);
        }
        let old = self.old.get(self.source, before, b"Annots")?;
        let new = self.new.get(self.source, after, b"Annots")?;
        self.grown(&old, &new)
    }

    /// An array of its own: the form's fields or one page's annotations.
    fn list(&mut self, number: u32, before: &Obj, after: &Obj) -> Result<Change, Broken> {
        let users: Vec<u32> = self.users.get(&number).into_iter().flatten().copied().collect();
        let [user] = *users.as_slice() else { return Ok(Change::Other) };
        let holder = self.old.load(self.source, user)?.obj;
        let catalog = self.old.catalog(self.source)?;
        let Obj::Dict(holder) = holder else { return Ok(Change::Other) };
        let named = |key: &[u8]| {
            holder.get(key).and_then(Obj::as_ref) == Some(number) && only_under(&holder, key, number)
        };
        let is_form = catalog.get(b"AcroForm").and_then(Obj::as_ref) == Some(user);
        let in_form = match catalog.get(b"AcroForm") {
            Some(Obj::Dict(form)) => {
                let sole = only_under(&catalog, b"AcroForm", number) && only_under(form, b"Fields", number);
                sole && form.get(b"Fields").and_then(Obj::as_ref) == Some(number)
            }
            _ => false,
        };
        if is_form && named(b"Fields") || in_form || holder.has_name(b"Type", b"Page") && named(b"Annots") {
            self.grown(before, after)
        } else {
            Ok(Change::Other)
        }
    }

    /// A field that was there: an empty signature field may be signed; other fields are undecided.
    fn field(&mut self, before: &Dict, after: &Dict) -> Result<Change, Broken> {
        let mut kind = before.clone();
        for _ in 0..8 {
            if kind.get(b"FT").is_some() {
                break;
            }
            match self.old.get(self.source, &kind, b"Parent")? {
                Obj::Dict(parent) => kind = parent,
                _ => return Ok(Change::Other),
            }
        }
        let keys = before.differing(after);
        let only = |allowed: &[&[u8]]| keys.iter().all(|k| allowed.contains(&k.as_slice()));
        match self.old.get(self.source, &kind, b"FT")? {
            Obj::Name(ft) if ft == b"Sig" => {
                let empty = before.get(b"V").is_none() && kind.get(b"V").is_none();
                let filled = only(&[b"V", b"AP", b"F", b"M", b"AS"]);
                Ok(if empty && filled { Change::Signing } else { Change::Other })
            }
            Obj::Name(_) if only(&[b"V", b"AP", b"AS", b"M", b"I", b"MK"]) => Ok(Change::Undecided),
            _ => Ok(Change::Other),
        }
    }
}

/// No other key of the dictionary leads to the object: what may change under one name must not be
/// shown under another.
fn only_under(dict: &Dict, key: &[u8], number: u32) -> bool {
    dict.entries.iter().filter(|(k, _)| k != key).all(|(_, value)| {
        let mut found = false;
        value.refs(&mut |n| found |= n == number);
        !found
    })
}

/// The document information dictionary: texts, names and numbers, nothing that leads further.
fn plain_texts(obj: &Obj) -> bool {
    obj.as_dict().is_some_and(|d| {
        d.entries.iter().all(|(_, v)| !matches!(v, Obj::Dict(_) | Obj::Array(_) | Obj::Ref(_)))
    })
}
