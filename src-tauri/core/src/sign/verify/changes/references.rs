//! Who refers to an object, and under which key.

use std::collections::{HashMap, HashSet};

use super::super::{
    document::Document,
    source::Source,
    syntax::{Dict, Obj},
    xref::{Broken, Entry},
};

/// Stands for the trailer among those who refer.
pub(super) const TRAILER: u32 = u32::MAX;

/// Keys that mean something to whoever judges a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Root,
    Info,
    AcroForm,
    Fields,
    Annots,
    Kids,
    Parent,
    Dss,
    Metadata,
    Extensions,
    Appearance,
    Object,
    Value,
    Page,
    Reference,
    Data,
    Other,
}

impl Key {
    fn of(name: &[u8]) -> Self {
        match name {
            b"Root" => Self::Root,
            b"Info" => Self::Info,
            b"AcroForm" => Self::AcroForm,
            b"Fields" => Self::Fields,
            b"Annots" => Self::Annots,
            b"Kids" => Self::Kids,
            b"Parent" => Self::Parent,
            b"DSS" => Self::Dss,
            b"Metadata" => Self::Metadata,
            b"Extensions" => Self::Extensions,
            b"AP" => Self::Appearance,
            b"Obj" => Self::Object,
            b"V" => Self::Value,
            b"P" | b"Pg" => Self::Page,
            b"Reference" => Self::Reference,
            b"Data" => Self::Data,
            _ => Self::Other,
        }
    }
}

/// The outermost keys on the way to a reference, at most three; none for an array that is an object.
pub(super) type Path = [Option<Key>; 3];

/// One reference to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    /// The object it stands in.
    pub(super) by: u32,
    pub(super) path: Path,
    /// It stands in an array.
    pub(super) listed: bool,
}

impl Reference {
    /// It stands under these keys.
    pub(super) fn is(&self, keys: &[Key]) -> bool {
        self.path.iter().flatten().eq(keys)
    }
}

/// Every reference of a revision, by what it leads to.
#[derive(Default)]
pub(super) struct References {
    by_target: HashMap<u32, Vec<Reference>>,
    /// Streams of objects.
    pub(super) bundles: Vec<u32>,
    /// What says it is a table.
    pub(super) tables: Vec<u32>,
    /// Readers may show different things: a script can ask for fields and their values, and where a key stands twice
    /// each reader takes its own.
    pub(super) ambiguous: bool,
    /// Some name is read in two ways, or some dictionary for a trailer.
    pub(super) odd: bool,
}

impl References {
    /// Reads all objects. An object that cannot be read may be shown by others, and so may one that is referred to
    /// in another generation: nothing is known then.
    pub(super) fn of(source: &mut Source<'_>, doc: &mut Document) -> Result<Self, Broken> {
        let mut uses = Self::default();
        let numbers: Vec<u32> =
            doc.entries.iter().filter(|(_, e)| **e != Entry::Free).map(|(n, _)| *n).collect();
        for number in numbers {
            let located = doc.load(source, number)?;
            uses.odd |= located.obj.has_odd_name() || hides_trailer(&located.obj);
            let is = |kind: &[u8]| located.obj.as_dict().is_some_and(|d| d.has_name(b"Type", kind));
            if located.stream.is_some() && is(b"ObjStm") {
                uses.bundles.push(number);
            } else if is(b"XRef") {
                uses.tables.push(number);
            }
            // A table's stream is a trailer too.
            let is_table = |dict: &Dict| located.stream.is_some() && dict.has_name(b"Type", b"XRef");
            for (part, by) in match located.obj {
                Obj::Dict(dict) if is_table(&dict) => {
                    let (trailer, rest) =
                        dict.entries.into_iter().partition(|(key, _)| key == b"Root" || key == b"Info");
                    vec![
                        (Obj::Dict(Dict { entries: trailer }), TRAILER),
                        (Obj::Dict(Dict { entries: rest }), number),
                    ]
                }
                other => vec![(other, number)],
            } {
                uses.add(doc, by, &part, ([None; 3], 0, false))?;
            }
        }
        uses.odd |= doc.sections.iter().any(|section| section.trailer.has_odd_name());
        if let Some(trailer) = doc.trailer() {
            uses.add(doc, TRAILER, &Obj::Dict(trailer.clone()), ([None; 3], 0, false))?;
        }
        Ok(uses)
    }

    /// Depth is bounded by the parser. `way`: the keys so far, how many, whether the last step was into an array.
    fn add(&mut self, doc: &Document, by: u32, obj: &Obj, way: (Path, usize, bool)) -> Result<(), Broken> {
        let (path, depth, listed) = way;
        self.ambiguous |= obj.as_dict().is_some_and(Dict::repeats);
        match obj {
            Obj::Ref(number, _) => {
                if !doc.is_meant(obj) {
                    return Err(Broken);
                }
                let all = self.by_target.entry(*number).or_default();
                let one = Reference { by, path, listed };
                // Long arrays name the same object over and over.
                if all.last() != Some(&one) {
                    all.push(one);
                }
                Ok(())
            }
            Obj::Array(items) => {
                items.iter().try_for_each(|item| self.add(doc, by, item, (path, depth, true)))
            }
            Obj::Dict(dict) => dict.entries.iter().try_for_each(|(name, value)| {
                self.ambiguous |= name == b"JS" || name == b"JavaScript";
                let mut path = path;
                if let Some(step) = path.get_mut(depth) {
                    *step = Some(Key::of(name));
                }
                self.add(doc, by, value, (path, depth + 1, false))
            }),
            _ => Ok(()),
        }
    }

    /// Who refers to this object.
    pub(super) fn to(&self, number: u32) -> &[Reference] {
        self.by_target.get(&number).map_or(&[], Vec::as_slice)
    }

    /// What is referred to in this way by somebody.
    pub(super) fn led_to_by(&self, fits: impl Fn(&Reference) -> bool) -> impl Iterator<Item = u32> {
        self.by_target.iter().filter(move |(_, all)| all.iter().any(&fits)).map(|(number, _)| *number)
    }

    /// What the trailer leads to, through whatever.
    pub(super) fn reachable(&self) -> HashSet<u32> {
        let mut forward: HashMap<u32, Vec<u32>> = HashMap::new();
        for (target, all) in &self.by_target {
            for one in all {
                forward.entry(one.by).or_default().push(*target);
            }
        }
        let (mut reached, mut todo) = (HashSet::new(), vec![TRAILER]);
        while let Some(number) = todo.pop() {
            for target in forward.remove(&number).unwrap_or_default() {
                if reached.insert(target) {
                    todo.push(target);
                }
            }
        }
        reached
    }

    /// Whether somebody refers to it, and everybody in this way.
    pub(super) fn only(&self, number: u32, fits: impl Fn(&Reference) -> bool) -> bool {
        let all = self.to(number);
        !all.is_empty() && all.iter().all(fits)
    }
}

/// Whether it is an array with a dictionary in it that MuPDF, where it searches, takes for a trailer.
fn hides_trailer(obj: &Obj) -> bool {
    const KEYS: [&[u8]; 2] = [b"Encrypt", b"Root"];
    fn is_trailer(obj: &Obj) -> bool {
        // Depth is bounded by the parser.
        match obj {
            Obj::Array(items) => items.iter().any(is_trailer),
            Obj::Dict(dict) => {
                let named = dict.entries.iter().any(|(key, _)| KEYS.contains(&key.as_slice()));
                named || dict.entries.iter().any(|(_, value)| is_trailer(value))
            }
            _ => false,
        }
    }
    matches!(obj, Obj::Array(_)) && is_trailer(obj)
}
