//! What later revisions of a file changed in a signed one.
//!
//! Touches two revisions of one document. Allowed is a short list, by the object's only role in the newest
//! revision; everything else is a change. Nothing may stand in the file that no table names.

mod kept;
mod layout;
mod named;
mod uses;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    document::{Document, Located},
    fields,
    source::Source,
    syntax::{Dict, Obj},
    xref::{Broken, Entry},
};
pub use named::{Alteration, Altered, How};
use uses::{Key, TRAILER, Use, Uses};

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
    /// Values of form fields, and how they look; defaults of the form.
    FormFilling,
    /// Cannot be decided: part of the file cannot be read, or something is shown that nobody signed.
    Undecided,
    /// Anything else.
    Other,
}

/// Most objects of a file that is compared.
const MAX_OBJECTS: usize = 300_000;
/// Deepest chain of fields.
const MAX_DEPTH: usize = 8;

/// The worst change between a signed revision and a later one of the same file.
pub(super) fn between(
    source: &mut Source<'_>,
    old: &mut Document,
    new: &mut Document,
) -> Result<Change, Broken> {
    let Some(later) = new.sections.len().checked_sub(old.sections.len()) else { return Ok(Change::Other) };
    let kept = new.sections.iter().skip(later).map(|s| s.offset).eq(old.sections.iter().map(|s| s.offset));
    let plain = new.sections.iter().take(later).all(|s| s.offset >= old.end && !s.hybrid);
    if !kept || !plain || old.root() != new.root() || new.entries.len() > MAX_OBJECTS {
        return Ok(Change::Other);
    }
    if !layout::is_closed(source, new, later, old.end)? {
        return Ok(Change::Other);
    }
    let mut numbers: Vec<u32> =
        new.sections.iter().take(later).flat_map(|s| s.entries.iter().map(|(n, _)| *n)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let uses = Uses::of(source, new)?;
    let fields = fields::numbers(new, source)?;
    let kept = kept::objects(source, new)?;
    let mut compare =
        Compare { source, old, new, uses, fields, kept, added: HashSet::new(), modified: Vec::new() };
    if !compare.sort(&numbers)? || compare.dangles() {
        return Ok(Change::Other);
    }
    compare.worst()
}

/// What a change found by [`between`] consists of.
pub(super) fn named(
    source: &mut Source<'_>,
    old: &mut Document,
    new: &mut Document,
    change: Change,
) -> Vec<Alteration> {
    if change == Change::None {
        return Vec::new();
    }
    let mut all = source.aside(|source| named::all(source, old, new));
    // Where none of these explains the change, it lies in how the file is put together.
    let harmless = |one: &Alteration| match one.what {
        Altered::Signature | Altered::TimeStamp => one.how == How::Added,
        Altered::Evidence | Altered::Field | Altered::Metadata => one.how != How::Removed,
        _ => false,
    };
    if change == Change::Other && all.iter().all(harmless) {
        all.push(Alteration {
            how: How::Changed,
            what: Altered::Structure,
            page: None,
            name: None,
            object: None,
        });
    }
    all
}

struct Compare<'a, 'f> {
    source: &'a mut Source<'f>,
    old: &'a mut Document,
    new: &'a mut Document,
    /// References of the newest revision.
    uses: Uses,
    /// Objects of the newest revision that are form fields.
    fields: HashSet<u32>,
    /// Objects of the newest revision that are evidence; none known when other things stand among them.
    kept: Option<HashSet<u32>>,
    /// Objects the signed revision did not have.
    added: HashSet<u32>,
    /// Objects both have, in different form.
    modified: Vec<(u32, Located, Located)>,
}

impl Compare<'_, '_> {
    /// Sorts the numbers of the later revisions; false when an object was taken away, moved back or unpacked
    /// from another container.
    fn sort(&mut self, numbers: &[u32]) -> Result<bool, Broken> {
        for &number in numbers {
            let before = self.old.entries.get(&number).copied().unwrap_or(Entry::Free);
            let after = self.new.entries.get(&number).copied().unwrap_or(Entry::Free);
            let (place, generation) = match after {
                Entry::Free => (None, 0),
                Entry::At(offset, generation) => (Some(offset), generation),
                Entry::In(container, _) => match self.new.entries.get(&container) {
                    Some(Entry::At(offset, _)) => (Some(*offset), 0),
                    _ => return Ok(false),
                },
            };
            let same_generation = match before {
                Entry::At(_, existing) => generation == existing,
                _ => generation == 0,
            };
            match (before, place) {
                (Entry::Free, None) => {}
                (_, None) => return Ok(false),
                _ if !same_generation => return Ok(false),
                (Entry::Free, Some(place)) if place >= self.old.end => {
                    self.added.insert(number);
                }
                (same, Some(_)) if same == after => {}
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

    /// A reference, or an object inside a container, that was nothing when the document was signed, or something
    /// else, and is something now.
    fn dangles(&self) -> bool {
        let touched: HashSet<u32> = self.modified.iter().map(|(n, ..)| *n).collect();
        let is_old = |n: u32| n != TRAILER && !self.added.contains(&n) && !touched.contains(&n);
        let referred = self.added.iter().any(|n| self.uses.to(*n).iter().any(|one| is_old(one.by)));
        let contained = self.old.entries.values().any(|entry| match entry {
            Entry::In(container, _) => self.added.contains(container) || touched.contains(container),
            _ => false,
        });
        referred || contained
    }

    fn worst(&mut self) -> Result<Change, Broken> {
        let mut worst = self.trailer()?;
        let root = self.old.root().ok_or(Broken)?;
        if !self.uses.only(root, |one| is_use(one, TRAILER, &[Key::Root])) {
            // A catalog that is something else as well: what stands under its keys may be shown.
            worst = worst.max(Change::Undecided);
        }
        for (number, before, after) in std::mem::take(&mut self.modified) {
            let change = if number == root {
                self.catalog(number, &before.obj, &after.obj)?
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

    /// Another document information dictionary; some programs forget the old one.
    fn trailer(&mut self) -> Result<Change, Broken> {
        let info = |doc: &Document| doc.trailer().and_then(|t| t.get(b"Info")).cloned();
        let (before, after) = (info(self.old), info(self.new));
        if before == after {
            return Ok(Change::None);
        }
        let Some(after) = after else { return Ok(Change::None) };
        let Some(number) = after.as_ref() else { return Ok(Change::Other) };
        let located = self.new.load(self.source, number)?;
        let fits = self.added.contains(&number) && is_info(&located);
        Ok(if fits { Change::LongTerm } else { Change::Other })
    }

    /// An object that was there, by its only role.
    fn object(
        &mut self,
        number: u32,
        root: u32,
        before: &Located,
        after: &Located,
    ) -> Result<Change, Broken> {
        let by_root = |key: Key| self.uses.only(number, |one| is_use(one, root, &[key]));
        if by_root(Key::AcroForm) {
            return self.form(&before.obj, &after.obj);
        }
        if by_root(Key::Metadata) && is_metadata(before) && is_metadata(after) {
            return Ok(Change::LongTerm);
        }
        if by_root(Key::Extensions)
            && before.stream.is_none()
            && after.stream.is_none()
            && after.obj.is_closed()
        {
            return Ok(Change::LongTerm);
        }
        if self.uses.only(number, |one| is_use(one, TRAILER, &[Key::Info]))
            && is_info(before)
            && is_info(after)
        {
            return Ok(Change::LongTerm);
        }
        if self.is_evidence(number, root) {
            return Ok(Change::Evidence);
        }
        if let Some(change) = self.face(number, root)? {
            return Ok(change);
        }
        let table = |l: &Located| l.obj.as_dict().is_some_and(|d| d.has_name(b"Type", b"XRef"));
        if table(before) && table(after) && self.uses.to(number).is_empty() {
            return Ok(Change::None);
        }
        if before.stream.is_some() || after.stream.is_some() {
            return Ok(Change::Other);
        }
        match (&before.obj, &after.obj) {
            (Obj::Dict(a), Obj::Dict(b)) if a.repeats() || b.repeats() => Ok(Change::Other),
            (Obj::Dict(a), Obj::Dict(b)) if a.has_name(b"Type", b"Page") => self.page(a, b),
            (Obj::Dict(a), Obj::Dict(b)) if self.is_field(number, root)? => self.field(a, b),
            (Obj::Array(_), Obj::Array(_)) if self.is_list(number, root)? => {
                self.grown(&before.obj, &after.obj)
            }
            _ => Ok(Change::Other),
        }
    }

    fn catalog(&mut self, root: u32, before: &Obj, after: &Obj) -> Result<Change, Broken> {
        let (Obj::Dict(before), Obj::Dict(after)) = (before, after) else { return Ok(Change::Other) };
        let mut worst = Change::None;
        for key in before.differing(after) {
            let now = after.get(&key);
            let change = match key.as_slice() {
                b"AcroForm" => {
                    let old = self.old.get(self.source, before, &key)?;
                    let new = self.new.get(self.source, after, &key)?;
                    self.form(&old, &new)?
                }
                b"DSS" if now.is_some() && self.all_evidence(root) => Change::Evidence,
                b"Version" if now.is_some_and(|v| matches!(v, Obj::Name(_))) => Change::LongTerm,
                b"Extensions" => match self.new.get(self.source, after, &key)? {
                    Obj::Dict(extensions) if extensions.entries.iter().all(|(_, v)| v.is_closed()) => {
                        Change::LongTerm
                    }
                    _ => Change::Other,
                },
                b"Metadata" => match now.and_then(Obj::as_ref) {
                    Some(n) if self.added.contains(&n) && is_metadata(&self.new.load(self.source, n)?) => {
                        Change::LongTerm
                    }
                    _ => Change::Other,
                },
                _ => Change::Other,
            };
            worst = worst.max(change);
        }
        Ok(worst)
    }

    /// One of the objects kept for later, and nobody else's.
    fn is_evidence(&self, number: u32, root: u32) -> bool {
        self.kept.as_ref().is_some_and(|kept| {
            let own = |one: &Use| {
                kept.contains(&one.by) || one.by == root && one.path.first() == Some(&Some(Key::Dss))
            };
            kept.contains(&number) && self.uses.only(number, own)
        })
    }

    fn all_evidence(&self, root: u32) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.iter().all(|n| self.is_evidence(*n, root)))
    }

    /// A form field or its widget, and nothing else: led to by the form, by pages' annotations, by other fields.
    fn is_field(&mut self, number: u32, root: u32) -> Result<bool, Broken> {
        if !self.fields.contains(&number) {
            return Ok(false);
        }
        for one in self.uses.to(number).to_vec() {
            let by_list = one.path == [None; 3] && self.is_list(one.by, root)?;
            let by_field = self.fields.contains(&one.by)
                && (is_path(&one, &[Key::Kids]) || is_path(&one, &[Key::Parent]));
            if !(by_list || by_field || self.holds(&one, root)? || self.is_structure(&one)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The form's fields, one page's annotations or one field's kids, as an array of its own.
    fn is_list(&mut self, number: u32, root: u32) -> Result<bool, Broken> {
        for one in self.uses.to(number).to_vec() {
            let by_field = self.fields.contains(&one.by) && is_path(&one, &[Key::Kids]);
            if !(by_field || self.holds(&one, root)?) {
                return Ok(false);
            }
        }
        Ok(!self.uses.to(number).is_empty())
    }

    /// The reference stands among the form's fields or a page's annotations.
    fn holds(&mut self, one: &Use, root: u32) -> Result<bool, Broken> {
        if is_use(one, root, &[Key::AcroForm, Key::Fields]) {
            return Ok(true);
        }
        let is_form = is_path(one, &[Key::Fields])
            && self.uses.only(one.by, |use_| is_use(use_, root, &[Key::AcroForm]));
        let is_page = is_path(one, &[Key::Annots]) && one.by != TRAILER && {
            let holder = self.new.load(self.source, one.by)?;
            holder.stream.is_none() && holder.obj.as_dict().is_some_and(|d| d.has_name(b"Type", b"Page"))
        };
        Ok(is_form || is_page)
    }

    /// A tagged document names its widgets in the structure tree.
    fn is_structure(&mut self, one: &Use) -> Result<bool, Broken> {
        let reference = |obj: &Obj| obj.as_dict().is_some_and(|d| d.has_name(b"Type", b"OBJR"));
        Ok(is_path(one, &[Key::Object])
            && one.by != TRAILER
            && reference(&self.new.load(self.source, one.by)?.obj))
    }

    /// What it means that the picture of fields changed; none when it, or the field, is something else as well.
    fn face(&mut self, number: u32, root: u32) -> Result<Option<Change>, Broken> {
        let uses = self.uses.to(number).to_vec();
        if uses.is_empty() {
            return Ok(None);
        }
        let mut worst = Change::None;
        for one in uses {
            if one.path.first() != Some(&Some(Key::Appearance)) || !self.is_field(one.by, root)? {
                return Ok(None);
            }
            let Obj::Dict(field) = self.new.load(self.source, one.by)?.obj else { return Ok(None) };
            let kind = self.inherited(&field, b"FT", false)?;
            let change = if kind.is_name(b"Sig") {
                let Obj::Dict(before) = self.old.load(self.source, one.by)?.obj else { return Ok(None) };
                match self.inherited(&before, b"V", true)? {
                    Obj::Null => self.shown(&field)?,
                    _ => Change::Other,
                }
            } else if matches!(kind, Obj::Name(_)) {
                Change::FormFilling
            } else {
                Change::Other
            };
            worst = worst.max(change);
        }
        Ok(Some(worst))
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
                b"DR" | b"DA" => Change::FormFilling,
                _ => Change::Other,
            };
            worst = worst.max(change);
        }
        Ok(worst)
    }

    fn page(&mut self, before: &Dict, after: &Dict) -> Result<Change, Broken> {
        if before.differing(after).iter().any(|key| key != b"Annots") {
            return Ok(Change::Other);
        }
        let old = self.old.get(self.source, before, b"Annots")?;
        let new = self.new.get(self.source, after, b"Annots")?;
        self.grown(&old, &new)
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
            match item.as_ref() {
                Some(number) if self.added.contains(&number) => worst = worst.max(self.new_field(number, 0)?),
                _ => return Ok(Change::Other),
            }
        }
        Ok(if kept.peek().is_none() { worst } else { Change::Other })
    }

    /// A new object that must be a signature field, its widget, or both in one.
    fn new_field(&mut self, number: u32, depth: usize) -> Result<Change, Broken> {
        let located = self.new.load(self.source, number)?;
        let Obj::Dict(field) = located.obj else { return Ok(Change::Other) };
        let annotation = field.get(b"Type").is_none_or(|v| v.is_name(b"Annot"));
        let widget = field.get(b"Subtype").is_none_or(|v| v.is_name(b"Widget"));
        let acts = [b"AA".as_slice(), b"A"].iter().any(|key| field.get(key).is_some());
        let known = self.fields.contains(&number) && located.stream.is_none() && depth <= MAX_DEPTH;
        if !annotation || !widget || acts || !known || field.repeats() {
            return Ok(Change::Other);
        }
        let mut worst = self.shown(&field)?;
        for kid in self.items(&field, b"Kids")? {
            match kid.as_ref() {
                Some(kid) if self.added.contains(&kid) => worst = worst.max(self.new_field(kid, depth + 1)?),
                _ => return Ok(Change::Other),
            }
        }
        Ok(worst)
    }

    /// What a signature field of the newest revision, not signed before, shows, and who answers for it.
    fn shown(&mut self, field: &Dict) -> Result<Change, Broken> {
        if !self.inherited(field, b"FT", false)?.is_name(b"Sig") {
            return Ok(Change::Other);
        }
        let visible = self.is_visible(field)?;
        Ok(match self.inherited(field, b"V", false)? {
            // Whoever signs is judged beside this signature.
            Obj::Dict(value) if !value.has_name(b"SubFilter", b"ETSI.RFC3161") => Change::Signing,
            Obj::Dict(_) | Obj::Null if !visible => Change::LongTerm,
            // Anybody can have a time-stamp made.
            Obj::Dict(_) | Obj::Null => Change::Undecided,
            _ => Change::Other,
        })
    }

    fn is_visible(&mut self, field: &Dict) -> Result<bool, Broken> {
        let mut sides = Vec::new();
        for side in self.items(field, b"Rect")? {
            sides.push(match self.new.resolve(self.source, &side)? {
                Obj::Int(side) => side as f64,
                Obj::Real(side) => side,
                _ => return Ok(true),
            });
        }
        Ok(match sides.as_slice() {
            [left, bottom, right, top] => left != right && bottom != top,
            [] => field.get(b"AP").is_some(),
            _ => true,
        })
    }

    fn items(&mut self, dict: &Dict, key: &[u8]) -> Result<Vec<Obj>, Broken> {
        match self.new.get(self.source, dict, key)? {
            Obj::Null => Ok(Vec::new()),
            Obj::Array(list) => Ok(list),
            _ => Err(Broken),
        }
    }

    /// A value of a field, or of the fields above it; in the signed revision or the newest.
    fn inherited(&mut self, field: &Dict, key: &[u8], signed: bool) -> Result<Obj, Broken> {
        let doc = if signed { &mut *self.old } else { &mut *self.new };
        let mut field = field.clone();
        for _ in 0..MAX_DEPTH {
            if field.get(key).is_some() {
                return doc.get(self.source, &field, key);
            }
            match doc.get(self.source, &field, b"Parent")? {
                Obj::Dict(parent) => field = parent,
                _ => return Ok(Obj::Null),
            }
        }
        Err(Broken)
    }

    /// A field that was there: an empty signature field may be signed, others be filled.
    fn field(&mut self, before: &Dict, after: &Dict) -> Result<Change, Broken> {
        let kind = self.inherited(before, b"FT", true)?;
        let keys = before.differing(after);
        let only = |allowed: &[&[u8]]| keys.iter().all(|k| allowed.contains(&k.as_slice()));
        if !matches!(kind, Obj::Name(_)) || self.inherited(after, b"FT", false)? != kind {
            return Ok(Change::Other);
        }
        if kind.is_name(b"Sig") {
            let empty = self.inherited(before, b"V", true)? == Obj::Null;
            let filled = only(&[b"V", b"AP", b"F", b"M", b"AS"]);
            return if empty && filled { self.shown(after) } else { Ok(Change::Other) };
        }
        Ok(if only(&[b"V", b"AP", b"AS", b"M", b"I"]) { Change::FormFilling } else { Change::Other })
    }
}

fn is_use(one: &Use, by: u32, keys: &[Key]) -> bool {
    one.by == by && is_path(one, keys)
}

fn is_path(one: &Use, keys: &[Key]) -> bool {
    one.path.iter().flatten().eq(keys)
}

/// The document information dictionary: texts, names and numbers, nothing that leads further.
fn is_info(located: &Located) -> bool {
    let plain = |(_, value): &(Vec<u8>, Obj)| !matches!(value, Obj::Dict(_) | Obj::Array(_) | Obj::Ref(..));
    located.stream.is_none() && located.obj.as_dict().is_some_and(|dict| dict.entries.iter().all(plain))
}

/// A stream of metadata, which nothing draws.
fn is_metadata(located: &Located) -> bool {
    located.stream.is_some()
        && located
            .obj
            .as_dict()
            .is_some_and(|d| d.has_name(b"Subtype", b"XML") && Obj::Dict(d.clone()).is_closed())
}
