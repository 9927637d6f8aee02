//! What later revisions of a file changed in a signed one.
//!
//! Touches two revisions of one document. Allowed is a short list, by the object's only role in the newest
//! revision; everything else is a change. Nothing may stand in the file that no table names.

mod appearance;
mod catalog;
mod filling;
mod fonts;
mod form;
mod kept;
mod layout;
mod metadata;
mod named;
mod page;
mod references;
mod repair;
mod resources;
mod roles;
mod signature_field;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use serde::{Deserialize, Serialize};

use super::{
    document::{Document, IndirectObject},
    fields,
    source::Source,
    syntax::{Dict, Obj},
    xref::{Broken, Entry},
};
use kept::Kept;
pub(super) use layout::begins_alike;
pub use named::{Alteration, Altered, How};
use references::{Key, Reference, References, TRAILER};
pub(super) use repair::{agrees, misses_nothing, nothing_overruns};
use roles::Roles;

/// How far the changes go: of several the one that stands last here is told (ISO 32000-2, 12.8.2.2: what a signature may
/// allow, from the least).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
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
    /// Empty form fields filled in; fonts of the form.
    FormFilling,
    /// Cannot be decided: part of the file cannot be read, or something is shown that nobody signed.
    Undecided,
    /// Anything else.
    Other,
}

/// Most objects of a file that is compared.
const MAX_OBJECTS: usize = 300_000;
/// Most objects of all revisions between.
const MAX_BETWEEN: usize = 1_000_000;
/// Longest stream that is compared, bytes.
const MAX_STREAM: u64 = 64 << 20;
/// Deepest chain of fields.
const MAX_DEPTH: usize = 8;

/// What is known of the revisions of a file, whichever signature asks.
#[derive(Default)]
pub(super) struct History {
    /// Whether a reader that searches sees the same as the tables of the newest revision.
    agrees: Option<bool>,
    /// By the number of their tables.
    revisions: HashMap<usize, Rc<Revision>>,
}

impl History {
    fn agrees(&mut self, source: &mut Source<'_>, newest: &mut Document) -> Result<bool, Broken> {
        if let Some(known) = self.agrees {
            return Ok(known);
        }
        let agrees = agrees(source, newest)?;
        self.agrees = Some(agrees);
        Ok(agrees)
    }

    fn revision(&mut self, source: &mut Source<'_>, doc: &mut Document) -> Result<Rc<Revision>, Broken> {
        if let Some(known) = self.revisions.get(&doc.sections.len()) {
            return Ok(Rc::clone(known));
        }
        let revision = Rc::new(Revision::of(source, doc)?);
        self.revisions.insert(doc.sections.len(), Rc::clone(&revision));
        Ok(revision)
    }
}

/// What a revision says of its objects.
struct Revision {
    uses: References,
    roles: Roles,
    /// Objects that are evidence; none known when other things stand among them.
    kept: Option<Kept>,
    /// Values of signature fields, each judged for itself.
    signatures: HashSet<u32>,
    /// Whether a reader that searches unpacks what the tables name.
    unpacks_alike: bool,
}

impl Revision {
    fn of(source: &mut Source<'_>, doc: &mut Document) -> Result<Self, Broken> {
        let uses = References::of(source, doc)?;
        let roles = Roles::of(source, doc, &uses)?;
        let kept = kept::objects(source, doc, &uses)?;
        let signatures = fields::signatures(doc, source)?.into_iter().filter_map(|one| one.number).collect();
        let unpacks_alike = repair::unpacks_alike(source, doc, &uses)?;
        Ok(Self { uses, roles, kept, signatures, unpacks_alike })
    }
}

/// Every kind of change between a signed revision and a later one of the same file, in every revision between them.
pub(super) fn between(
    source: &mut Source<'_>,
    history: &mut History,
    old: &mut Document,
    new: &mut Document,
) -> Result<BTreeSet<Change>, Broken> {
    let other = || Ok(BTreeSet::from([Change::Other]));
    let Some(later) = new.sections.len().checked_sub(old.sections.len()) else { return other() };
    if later == 0 && source.is_blank_after(old.end)? {
        return Ok(BTreeSet::new());
    }
    let kept = new.sections.iter().skip(later).map(|s| s.offset).eq(old.sections.iter().map(|s| s.offset));
    let behind = new.sections.iter().take(later).all(|s| s.offset >= old.end && s.hybrid.is_none());
    if !kept || !behind || old.root() != new.root() {
        return other();
    }
    if new.entries.len() > MAX_OBJECTS {
        return Ok(BTreeSet::from([Change::Undecided]));
    }
    if !layout::is_closed(source, new, later, old.end)? {
        return other();
    }
    let mut all = BTreeSet::new();
    if !layout::is_alike(old, new, later) || !history.agrees(source, new)? {
        all.insert(Change::Undecided);
    }
    all.extend(of_revision(source, history, old, new)?);
    // Nor may a revision between have shown something else, which is there for a reader that searches.
    if later.saturating_sub(1).saturating_mul(new.entries.len()) > MAX_BETWEEN {
        all.insert(Change::Undecided);
        return Ok(all);
    }
    for left_out in 1..later {
        if !all.contains(&Change::Other) {
            all.extend(of_revision(source, history, old, &mut new.without(left_out))?);
        }
    }
    Ok(all)
}

/// Every kind of change between a signed revision and one later one.
fn of_revision(
    source: &mut Source<'_>,
    history: &mut History,
    old: &mut Document,
    new: &mut Document,
) -> Result<BTreeSet<Change>, Broken> {
    let later = new.sections.len() - old.sections.len();
    let mut numbers: Vec<u32> =
        new.sections.iter().take(later).flat_map(|s| s.entries.iter().map(|(n, _)| *n)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let revision = history.revision(source, new)?;
    let mut all = BTreeSet::new();
    if !revision.unpacks_alike {
        all.insert(Change::Undecided);
    }
    let mut compare = Compare {
        source,
        old,
        new,
        revision,
        added: HashSet::new(),
        modified: Vec::new(),
        doubtful: false,
        written: HashMap::new(),
        changed: HashSet::new(),
        faithful: None,
        one_tree: None,
        namesakes: None,
        plain_form: None,
        notes_above: None,
        ink: None,
    };
    if !compare.sort(&numbers)? || compare.dangles() {
        return Ok(BTreeSet::from([Change::Other]));
    }
    if compare.doubtful {
        all.insert(Change::Undecided);
    }
    all.extend(compare.all()?);
    Ok(all)
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

/// Whether two forms of an object are the same, and so are the raw bytes of their streams.
fn same(source: &mut Source<'_>, before: &IndirectObject, after: &IndirectObject) -> Result<bool, Broken> {
    if before.obj != after.obj {
        return Ok(false);
    }
    match (before.stream, after.stream) {
        (None, None) => Ok(true),
        (Some((a, n)), Some((b, m))) if n == m && n < MAX_STREAM => {
            Ok(source.read(a, n)? == source.read(b, m)?)
        }
        _ => Ok(false),
    }
}

struct Compare<'a, 'f> {
    source: &'a mut Source<'f>,
    old: &'a mut Document,
    new: &'a mut Document,
    /// What the newer one says of its objects.
    revision: Rc<Revision>,
    /// Objects the signed revision did not have.
    added: HashSet<u32>,
    /// Objects both have, in different form.
    modified: Vec<(u32, IndirectObject, IndirectObject)>,
    /// A table or a stream of objects was written again, as it was, so that what it holds is newer than what took its
    /// place; or a new object has a generation that some readers do not know of.
    doubtful: bool,
    /// Fields looked at, and whether they got nothing but writing.
    written: HashMap<u32, bool>,
    /// Numbers of those that were modified.
    changed: HashSet<u32>,
    /// Whether looks of fields show in this file what they say, once it is known.
    faithful: Option<bool>,
    /// Whether fields and those below them name each other, once that was asked.
    one_tree: Option<bool>,
    /// Whether two fields have one name, and whether a new one is among them.
    namesakes: Option<(bool, bool)>,
    /// Whether the fonts of the form are letters.
    plain_form: Option<bool>,
    /// Whether a node of the tree of pages has annotations.
    notes_above: Option<bool>,
    /// What was filled in is written in.
    ink: Option<appearance::Colour>,
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
                // Poppler writes new objects so; some readers do not know of them.
                (Entry::Free, Some(_)) if !same_generation => self.doubtful = true,
                _ if !same_generation => return Ok(false),
                (Entry::Free, Some(place)) if place >= self.old.end => {
                    self.added.insert(number);
                }
                (same, Some(_)) if same == after => {}
                (_, Some(place)) if place >= self.old.end => {
                    let before = self.old.load(self.source, number)?;
                    let after = self.new.load(self.source, number)?;
                    if same(self.source, &before, &after)? {
                        self.doubtful |= is_container(&after);
                    } else {
                        self.changed.insert(number);
                        self.modified.push((number, before, after));
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// A reference, or an object inside a container, that was nothing when the document was signed, or something
    /// else, and is something now.
    fn dangles(&self) -> bool {
        let is_old = |n: u32| n != TRAILER && !self.added.contains(&n) && !self.changed.contains(&n);
        let referred = self.added.iter().any(|n| self.revision.uses.to(*n).iter().any(|one| is_old(one.by)));
        let contained = self.old.entries.values().any(|entry| match entry {
            Entry::In(container, _) => self.added.contains(container) || self.changed.contains(container),
            _ => false,
        });
        referred || contained
    }

    fn all(&mut self) -> Result<BTreeSet<Change>, Broken> {
        let mut all = BTreeSet::from([self.trailer()?]);
        let root = self.old.root().ok_or(Broken)?;
        // Who certifies names what he certifies, the whole document (ISO 32000-2, 12.8.2, table 256).
        let certified = |one: &Reference| {
            self.revision.signatures.contains(&one.by) && one.is(&[Key::Reference, Key::Data])
        };
        if !self.revision.uses.only(root, |one| is_use(one, TRAILER, &[Key::Root]) || certified(one)) {
            // A catalog that is something else as well: what stands under its keys may be shown.
            all.insert(Change::Undecided);
        }
        for (number, before, after) in std::mem::take(&mut self.modified) {
            if number == root {
                self.catalog(number, &before.obj, &after.obj, &mut all)?;
            } else {
                all.insert(self.object(number, root, &before, &after)?);
            }
            if all.contains(&Change::Other) {
                break;
            }
        }
        all.extend(self.idle()?);
        // A script may ask for whatever came, a form of its own (XFA) may show instead of the pages.
        if self.revision.uses.odd
            || self.revision.uses.ambiguous
            || self.has_own_form()?
            || self.is_namesake()?
            || self.is_odd()?
        {
            all.insert(Change::Undecided);
        }
        all.remove(&Change::None);
        Ok(all)
    }

    /// Whether what came is read in two ways, blends with the page, or brings files.
    fn is_odd(&mut self) -> Result<bool, Broken> {
        let came: Vec<u32> = self.added.iter().chain(&self.changed).copied().collect();
        for number in came {
            let obj = self.new.load(self.source, number)?.obj;
            let before = self.old.load(self.source, number)?.obj;
            let value = |obj: &Obj, key: &[u8]| obj.as_dict().and_then(|dict| dict.get(key)).cloned();
            let comes = |key: &[u8]| value(&obj, key).is_some() && value(&obj, key) != value(&before, key);
            // An annotation that blends switches the colours of the whole page to some.
            let noted = self.revision.roles.fields.contains(&number) || value(&obj, b"Rect").is_some();
            let blends = noted && [b"CA".as_slice(), b"ca", b"BM"].into_iter().any(comes);
            // Files are offered with the document.
            if blends || [b"AF".as_slice(), b"EF", b"FS"].into_iter().any(comes) {
                return Ok(true);
            }
            // What it is stands in it, not elsewhere.
            let refers = |key: &[u8]| obj.as_dict().is_some_and(|d| matches!(d.get(key), Some(Obj::Ref(..))));
            if obj.is_odd() || refers(b"Type") || refers(b"Subtype") {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What new objects mean that the trailer does not lead to, or that lead nowhere. Evidence of before may be
    /// forgotten; nothing leads to tables and containers.
    fn idle(&mut self) -> Result<BTreeSet<Change>, Broken> {
        /// What a reader takes for the document's own that has lost its way.
        const TAKEN: [&[u8]; 4] = [b"Catalog", b"Pages", b"Page", b"XRef"];
        let (mut all, reached) = (BTreeSet::new(), self.revision.uses.reachable());
        for number in self.added.clone() {
            let old = self.revision.kept.as_ref().is_some_and(|kept| kept.forgotten.contains(&number));
            if old || reached.contains(&number) {
                continue;
            }
            let idle = self.new.load(self.source, number)?;
            let dict = idle.obj.as_dict();
            let taken = dict.is_some_and(|d| TAKEN.iter().any(|kind| d.has_name(b"Type", kind)));
            all.insert(match is_container(&idle) {
                true if dict.is_some_and(|d| d.get(b"Extends").is_some()) => Change::Undecided,
                true => Change::None,
                false if taken => Change::Undecided,
                false => Change::LongTerm,
            });
        }
        // Some readers search for what they miss.
        let missed = self.revision.uses.led_to_by(|one| self.added.contains(&one.by));
        if missed.into_iter().any(|n| matches!(self.new.entries.get(&n), None | Some(Entry::Free))) {
            all.insert(Change::Undecided);
        }
        Ok(all)
    }

    /// An object that was there, by its only role.
    fn object(
        &mut self,
        number: u32,
        root: u32,
        before: &IndirectObject,
        after: &IndirectObject,
    ) -> Result<Change, Broken> {
        let by_root = |key: Key| self.revision.uses.only(number, |one| is_use(one, root, &[key]));
        if by_root(Key::AcroForm) {
            return self.form(&before.obj, &after.obj);
        }
        if by_root(Key::Metadata) && metadata::is_stream(before) && metadata::is_stream(after) {
            return self.packet(before, after);
        }
        if by_root(Key::Extensions)
            && before.stream.is_none()
            && after.stream.is_none()
            && matches!(after.obj, Obj::Dict(_))
            && after.obj.is_closed()
        {
            return Ok(Change::Evidence);
        }
        if self.revision.uses.only(number, |one| is_use(one, TRAILER, &[Key::Info]))
            && before.stream.is_none()
            && metadata::is_info(&before.obj, after)
        {
            return Ok(metadata::info(&before.obj, &after.obj));
        }
        if self.is_evidence(number, root) {
            return Ok(Change::Evidence);
        }
        if let Some(change) = self.face(number)? {
            return Ok(change);
        }
        let table = |l: &IndirectObject| l.obj.as_dict().is_some_and(|d| d.has_name(b"Type", b"XRef"));
        if table(before) && table(after) && self.revision.uses.to(number).is_empty() {
            return Ok(Change::None);
        }
        if before.stream.is_some() || after.stream.is_some() {
            return Ok(Change::Other);
        }
        match (&before.obj, &after.obj) {
            (Obj::Dict(a), Obj::Dict(b)) if a.repeats() || b.repeats() => Ok(Change::Other),
            (Obj::Dict(a), Obj::Dict(b)) if self.revision.roles.pages.contains(&number) => self.page(a, b),
            (Obj::Dict(a), Obj::Dict(b)) if self.revision.roles.fields.contains(&number) => {
                self.field(number, a, b)
            }
            (Obj::Array(_), Obj::Array(_)) if self.revision.roles.lists.contains(&number) => {
                self.grown(&before.obj, &after.obj)
            }
            _ => Ok(Change::Other),
        }
    }

    /// Whether some dictionary of the newest revision, wherever it stands, is such a one.
    fn some_dict(&mut self, fits: impl Fn(&mut Self, &Dict) -> Result<bool, Broken>) -> Result<bool, Broken> {
        let numbers: Vec<u32> = self.new.entries.keys().copied().collect();
        for number in numbers {
            let mut todo = vec![self.new.load(self.source, number)?.obj];
            while let Some(obj) = todo.pop() {
                match obj {
                    Obj::Dict(dict) if fits(self, &dict)? => return Ok(true),
                    Obj::Dict(dict) => todo.extend(dict.entries.into_iter().map(|(_, value)| value)),
                    Obj::Array(items) => todo.extend(items),
                    _ => {}
                }
            }
        }
        Ok(false)
    }

    /// One of the objects kept for later, and nobody else's.
    fn is_evidence(&self, number: u32, root: u32) -> bool {
        self.revision.kept.as_ref().is_some_and(|kept| {
            let own = |one: &Reference| {
                kept.objects.contains(&one.by)
                    || kept.forgotten.contains(&one.by)
                    || one.by == root && one.path.first() == Some(&Some(Key::Dss))
            };
            kept.objects.contains(&number) && self.revision.uses.only(number, own)
        })
    }

    fn all_evidence(&self, root: u32) -> bool {
        self.revision
            .kept
            .as_ref()
            .is_some_and(|kept| kept.objects.iter().all(|n| self.is_evidence(*n, root)))
    }
}

fn is_use(one: &Reference, by: u32, keys: &[Key]) -> bool {
    one.by == by && one.is(keys)
}

/// Tables and streams of objects.
fn is_container(located: &IndirectObject) -> bool {
    let kinds = [b"ObjStm".as_slice(), b"XRef"];
    located.stream.is_some()
        && located.obj.as_dict().is_some_and(|d| kinds.iter().any(|kind| d.has_name(b"Type", kind)))
}
