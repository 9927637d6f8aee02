//! What later revisions changed, one by one, for whoever reads the verdict. Judges nothing: what cannot be read is
//! left out, or named by its number.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::super::{
    document::{Document, IndirectObject},
    source::Source,
    syntax::{Dict, Obj},
    xref::Entry,
};
use super::{is_container, same};

/// Something that later revisions brought, changed or took away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Alteration {
    /// What was done.
    pub how: How,
    /// To what.
    pub what: Altered,
    /// The page, from 1; of the signed revision where it was taken away.
    pub page: Option<u32>,
    /// Full name of a field, key of the catalog; may be anything, the file says it.
    pub name: Option<String>,
    /// Number of the object; `None` for what is no object of its own.
    pub object: Option<u32>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It was not there.
    Added,
    /// It was something else.
    Changed,
    /// It is there no more.
    Removed,
}

/// What a part of a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Altered {
    /// A signature and its field.
    Signature,
    /// A time-stamp of the document.
    TimeStamp,
    /// A field of the form.
    Field,
    /// Evidence kept for later (DSS).
    Evidence,
    /// Metadata, document information.
    Metadata,
    /// A whole page, its size, its turn.
    Page,
    /// What is drawn on a page.
    PageContent,
    /// Pictures, fonts and the like.
    Resource,
    /// A note, a link, a picture over the page.
    Annotation,
    /// The form as a whole.
    Form,
    /// Something the catalog names: outlines, attachments, actions.
    Catalog,
    /// An object nothing leads to.
    Object,
    /// How the file is put together: its tables, bytes that no table names.
    Structure,
}

/// Most alterations named.
const MOST: usize = 40;
/// Most pages and fields looked at.
const MAX_NODES: usize = 50_000;
/// Longest name, characters.
const MAX_NAME: usize = 120;

/// What the newest revision has otherwise than the signed one.
pub(in super::super) fn all(
    source: &mut Source<'_>,
    old: &mut Document,
    new: &mut Document,
) -> Vec<Alteration> {
    let before = Roles::of(source, old);
    let after = Roles::of(source, new);
    let mut list = List { found: Vec::new(), seen: HashSet::new() };
    let mut numbers: BTreeSet<u32> = old.entries.keys().chain(new.entries.keys()).copied().collect();
    numbers.retain(|number| {
        let (was, is) = (old.entries.get(number), new.entries.get(number));
        was != is || matches!(is, Some(Entry::In(..)))
    });
    compare_pages(source, (old, &before), (new, &after), &mut list);
    compare_catalog(source, old, new, &mut list);
    for number in numbers {
        if list.found.len() >= MOST {
            break;
        }
        if after.judged.contains(&number) {
            continue;
        }
        let (was, is) = (old.load(source, number).ok(), new.load(source, number).ok());
        let nothing = |located: &Option<IndirectObject>| located.as_ref().is_some_and(|l| l.obj == Obj::Null);
        if [&was, &is].into_iter().flatten().any(is_container) || unchanged(source, was.as_ref(), is.as_ref())
        {
            continue;
        }
        let (role_before, role_after) = (before.of.get(&number), after.of.get(&number));
        let how = match (nothing(&was), nothing(&is)) {
            (true, _) => How::Added,
            (_, true) => How::Removed,
            // An empty field that was signed.
            _ if role_before.zip(role_after).is_some_and(|(was, is)| was.what != is.what) => How::Added,
            _ => How::Changed,
        };
        let role = if how == How::Removed { role_before } else { role_after.or(role_before) };
        list.add(how, role.cloned().unwrap_or_else(|| Role::of(Altered::Object)), Some(number));
    }
    list.found
}

/// Pages that came or went, and what of a page's own dictionary changed.
fn compare_pages(
    source: &mut Source<'_>,
    (old, before): (&mut Document, &Roles),
    (new, after): (&mut Document, &Roles),
    list: &mut List,
) {
    let page = |at: usize| Role { page: u32::try_from(at + 1).ok(), ..Role::of(Altered::Page) };
    let (were, are): (HashSet<_>, HashSet<_>) = (before.pages.iter().collect(), after.pages.iter().collect());
    for (at, number) in before.pages.iter().enumerate().filter(|(_, n)| !are.contains(n)) {
        list.add(How::Removed, page(at), Some(*number));
    }
    for (at, number) in after.pages.iter().enumerate() {
        if !were.contains(number) {
            list.add(How::Added, page(at), Some(*number));
            continue;
        }
        let (Some(was), Some(is)) = (dict(source, old, *number), dict(source, new, *number)) else {
            continue;
        };
        for key in was.differing(&is) {
            let what = match key.as_slice() {
                b"Annots" => continue,
                b"Contents" => Altered::PageContent,
                b"Resources" => Altered::Resource,
                _ => Altered::Page,
            };
            list.add(How::Changed, Role { what, ..page(at) }, Some(*number));
        }
        if list.found.len() >= MOST {
            return;
        }
        let (had, has) = (items(source, old, &was, b"Annots"), items(source, new, &is, b"Annots"));
        if had == has {
            continue;
        }
        let numbers = |all: &[Obj]| all.iter().filter_map(Obj::as_ref).collect::<HashSet<_>>();
        let (had_numbers, has_numbers) = (numbers(&had), numbers(&has));
        // Few stand in the list itself.
        let direct = |all: &[Obj], one: &Obj| {
            all.iter().filter(|other| other.as_ref().is_none()).take(MOST).any(|other| other == one)
        };
        let is_among = |all: &[Obj], numbers: &HashSet<u32>, one: &Obj| match one.as_ref() {
            Some(number) => numbers.contains(&number),
            None => direct(all, one),
        };
        let note = || Role { what: Altered::Annotation, ..page(at) };
        for gone in had.iter().filter(|one| !is_among(&has, &has_numbers, one)) {
            let role = gone.as_ref().and_then(|n| before.of.get(&n)).cloned();
            list.add(How::Removed, role.unwrap_or_else(note), gone.as_ref());
        }
        // What is an object of its own, and new, is named as that.
        let is_old =
            |one: &&Obj| one.as_ref().is_none_or(|n| old.entries.get(&n).is_some_and(|e| *e != Entry::Free));
        for come in has.iter().filter(|one| !is_among(&had, &had_numbers, one)).filter(is_old) {
            let role = come.as_ref().and_then(|n| after.of.get(&n)).cloned();
            list.add(How::Added, role.unwrap_or_else(note), come.as_ref());
        }
    }
}

/// Keys of the catalog and of the form that changed.
fn compare_catalog(source: &mut Source<'_>, old: &mut Document, new: &mut Document, list: &mut List) {
    let (Ok(was), Ok(is)) = (old.catalog(source), new.catalog(source)) else { return };
    for key in was.differing(&is) {
        let role = match key.as_slice() {
            b"AcroForm" => continue,
            b"DSS" => Role::of(Altered::Evidence),
            b"Metadata" | b"Version" | b"Extensions" => Role::of(Altered::Metadata),
            _ => Role { name: Some(text(&key)), ..Role::of(Altered::Catalog) },
        };
        list.add(How::Changed, role, None);
    }
    let form = |source: &mut Source<'_>, doc: &mut Document, catalog: &Dict| match doc.get(
        source,
        catalog,
        b"AcroForm",
    ) {
        Ok(Obj::Dict(form)) => form,
        _ => Dict::default(),
    };
    let (was, is) = (form(source, old, &was), form(source, new, &is));
    // Fields are named one by one.
    if was.differing(&is).iter().any(|key| !matches!(key.as_slice(), b"Fields" | b"SigFlags")) {
        list.add(How::Changed, Role::of(Altered::Form), None);
    }
}

#[derive(Default)]
struct List {
    found: Vec<Alteration>,
    seen: HashSet<Role>,
}

impl List {
    /// Parts of one thing are named once.
    fn add(&mut self, how: How, role: Role, object: Option<u32>) {
        if role.what == Altered::Object || self.seen.insert(role.clone()) {
            let Role { what, page, name } = role;
            self.found.push(Alteration { how, what, page, name, object });
        }
    }
}

/// What an object is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Role {
    what: Altered,
    page: Option<u32>,
    name: Option<String>,
}

impl Role {
    fn of(what: Altered) -> Self {
        Self { what, page: None, name: None }
    }
}

/// What the objects of a revision are for; what leads to an object first decides.
#[derive(Default)]
struct Roles {
    of: HashMap<u32, Role>,
    pages: Vec<u32>,
    /// Objects that are compared piece by piece: pages, the catalog, the form, lists of fields and annotations.
    judged: HashSet<u32>,
}

impl Roles {
    fn of(source: &mut Source<'_>, doc: &mut Document) -> Self {
        let mut roles = Self::default();
        let Ok(catalog) = doc.catalog(source) else { return roles };
        roles.judged.extend(doc.root());
        roles.find_pages(source, doc, &catalog);
        let fields = roles.find_fields(source, doc, &catalog);
        for (at, page) in roles.pages.clone().into_iter().enumerate() {
            let Some(dict) = dict(source, doc, page) else { continue };
            let role = |what| Role { page: u32::try_from(at + 1).ok(), ..Role::of(what) };
            roles.judged.extend(dict.get(b"Annots").and_then(Obj::as_ref));
            for one in items(source, doc, &dict, b"Annots") {
                let field =
                    one.as_ref().and_then(|n| roles.of.get_mut(&n)).filter(|role| role.page.is_none());
                match field {
                    Some(field) => field.page = u32::try_from(at + 1).ok(),
                    None => roles.claim(source, doc, &one, &role(Altered::Annotation)),
                }
            }
            for (key, value) in &dict.entries {
                let what = match key.as_slice() {
                    b"Parent" | b"Annots" => continue,
                    b"Contents" => Altered::PageContent,
                    b"Resources" => Altered::Resource,
                    _ => Altered::Page,
                };
                roles.claim(source, doc, value, &role(what));
            }
        }
        for field in fields {
            let (Some(role), Some(dict)) = (roles.of.get(&field).cloned(), dict(source, doc, field)) else {
                continue;
            };
            for (_, value) in dict.entries.iter().filter(|(key, _)| !is_upwards(key) && key != b"Kids") {
                roles.claim(source, doc, value, &role);
            }
        }
        for (key, value) in &catalog.entries {
            let role = match key.as_slice() {
                b"AcroForm" => Role::of(Altered::Form),
                b"DSS" => Role::of(Altered::Evidence),
                b"Metadata" | b"Extensions" => Role::of(Altered::Metadata),
                b"Pages" => Role::of(Altered::Page),
                _ => Role { name: Some(text(key)), ..Role::of(Altered::Catalog) },
            };
            roles.claim(source, doc, value, &role);
        }
        if let Some(info) = doc.trailer().and_then(|t| t.get(b"Info")).cloned() {
            roles.claim(source, doc, &info, &Role::of(Altered::Metadata));
        }
        roles
    }

    fn find_pages(&mut self, source: &mut Source<'_>, doc: &mut Document, catalog: &Dict) {
        let mut seen = HashSet::new();
        let mut todo: Vec<u32> = catalog.get(b"Pages").and_then(Obj::as_ref).into_iter().collect();
        while let Some(number) = todo.pop() {
            if !seen.insert(number) || seen.len() > MAX_NODES {
                continue;
            }
            let Some(node) = dict(source, doc, number) else { continue };
            if node.get(b"Kids").is_none() {
                self.pages.push(number);
                self.of.insert(
                    number,
                    Role { page: u32::try_from(self.pages.len()).ok(), ..Role::of(Altered::Page) },
                );
            }
            // That a tree of pages grew is told by its pages.
            self.judged.insert(number);
            todo.extend(items(source, doc, &node, b"Kids").iter().rev().filter_map(Obj::as_ref));
        }
    }

    /// The form's fields with their full names (ISO 32000-2, 12.7.4.2); returns their numbers.
    fn find_fields(&mut self, source: &mut Source<'_>, doc: &mut Document, catalog: &Dict) -> Vec<u32> {
        let mut found = Vec::new();
        let form = catalog.get(b"AcroForm");
        self.judged.extend(form.and_then(Obj::as_ref));
        let Some(Ok(Obj::Dict(form))) = form.map(|form| doc.resolve(source, form)) else { return found };
        self.judged.extend(form.get(b"Fields").and_then(Obj::as_ref));
        let mut todo: Vec<(Obj, Rc<str>, Altered)> = Vec::new();
        let tops = items(source, doc, &form, b"Fields");
        todo.extend(tops.into_iter().rev().map(|top| (top, Rc::from(""), Altered::Field)));
        while let (Some((one, above, kind)), true) = (todo.pop(), found.len() < MAX_NODES) {
            let Some(number) = one.as_ref().filter(|n| !self.of.contains_key(n)) else { continue };
            let Some(field) = dict(source, doc, number) else { continue };
            let own = match doc.get(source, &field, b"T") {
                Ok(Obj::Text(own)) => text(&own.bytes),
                _ => String::new(),
            };
            let dot = if above.is_empty() || own.is_empty() { "" } else { "." };
            let full = [above.as_ref(), dot, own.as_str()].concat();
            let name: Rc<str> = full.chars().take(MAX_NAME).collect::<String>().into();
            let kind = match doc.get(source, &field, b"V") {
                Ok(Obj::Dict(value)) if value.has_name(b"SubFilter", b"ETSI.RFC3161") => Altered::TimeStamp,
                Ok(Obj::Dict(value)) if value.get(b"ByteRange").is_some() => Altered::Signature,
                _ => kind,
            };
            self.of.insert(number, Role { name: Some(name.to_string()), ..Role::of(kind) });
            found.push(number);
            todo.extend(
                items(source, doc, &field, b"Kids").into_iter().rev().map(|kid| (kid, name.clone(), kind)),
            );
        }
        found
    }

    /// Everything a value leads to, but what has a role already, and not back up.
    fn claim(&mut self, source: &mut Source<'_>, doc: &mut Document, value: &Obj, role: &Role) {
        let mut todo = Vec::new();
        references(value, &mut todo);
        while let Some(number) = todo.pop() {
            if self.of.contains_key(&number) {
                continue;
            }
            self.of.insert(number, role.clone());
            if let Ok(located) = doc.load(source, number) {
                references(&located.obj, &mut todo);
            }
        }
    }
}

/// Depth is bounded by the parser.
fn references(obj: &Obj, found: &mut Vec<u32>) {
    match obj {
        Obj::Ref(number, _) => found.push(*number),
        Obj::Array(list) => list.iter().for_each(|one| references(one, found)),
        Obj::Dict(dict) => {
            dict.entries
                .iter()
                .filter(|(key, _)| !is_upwards(key))
                .for_each(|(_, value)| references(value, found));
        }
        _ => {}
    }
}

fn is_upwards(key: &[u8]) -> bool {
    key == b"Parent" || key == b"P"
}

fn dict(source: &mut Source<'_>, doc: &mut Document, number: u32) -> Option<Dict> {
    match doc.load(source, number).ok()?.obj {
        Obj::Dict(dict) => Some(dict),
        _ => None,
    }
}

fn items(source: &mut Source<'_>, doc: &mut Document, dict: &Dict, key: &[u8]) -> Vec<Obj> {
    match doc.get(source, dict, key) {
        Ok(Obj::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn unchanged(source: &mut Source<'_>, was: Option<&IndirectObject>, is: Option<&IndirectObject>) -> bool {
    matches!((was, is), (Some(was), Some(is)) if same(source, was, is).unwrap_or(false))
}

/// A text string, and not too long.
fn text(bytes: &[u8]) -> String {
    whole_text(bytes).chars().take(MAX_NAME).collect()
}

/// A text string (ISO 32000-2, 7.9.2.2), without the languages it names; in the other order of bytes too, as some readers
/// take it.
pub(super) fn whole_text(bytes: &[u8]) -> String {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.as_chunks().0.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16_lossy(&units).split('\u{1b}').step_by(2).collect()
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        latin => latin.iter().copied().map(char::from).collect(),
    }
}
