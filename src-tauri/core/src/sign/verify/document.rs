//! A PDF as its first `end` bytes describe it: objects by number, streams, the catalog.
//!
//! Opening the same file with a smaller `end` gives an earlier revision.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

use super::{
    filter,
    source::Source,
    syntax::{Dict, Obj, Parser},
    xref::{self, Broken, Entry, XrefSection},
};

/// Most bytes of decoded object streams kept at hand.
const MAX_CACHED: usize = 96 << 20;
/// Longest chain of references.
const MAX_HOPS: usize = 16;

/// An object and where it was found.
#[derive(Debug, Clone)]
pub(super) struct IndirectObject {
    pub(super) obj: Obj,
    /// Bytes of the file it takes, from its number to `endobj` (to the data of its stream);
    /// absent for an object inside an object stream.
    pub(super) span: Option<(u64, u64)>,
    /// First byte and length of its stream's raw data.
    pub(super) stream: Option<(u64, u64)>,
}

struct ObjectStream {
    data: Vec<u8>,
    /// Number and start of each object.
    places: Vec<(u32, usize)>,
}

/// One revision of a file.
pub(super) struct Document {
    /// Nothing at or behind this offset exists.
    pub(super) end: u64,
    /// Tables, newest first.
    pub(super) sections: Vec<XrefSection>,
    /// What counts, after all sections.
    pub(super) entries: BTreeMap<u32, Entry>,
    bundles: HashMap<u32, Rc<ObjectStream>>,
    cached: usize,
    loading: HashSet<u32>,
}

impl Document {
    pub(super) fn open(source: &mut Source<'_>, end: u64) -> Result<Self, Broken> {
        let sections = xref::sections(source, end)?;
        let doc = Self {
            end,
            sections,
            entries: BTreeMap::new(),
            bundles: HashMap::new(),
            cached: 0,
            loading: HashSet::new(),
        }
        .without(0);
        // An object beyond the newest size is none to some readers.
        let size =
            doc.trailer().and_then(|trailer| trailer.get(b"Size")).and_then(Obj::as_int).ok_or(Broken)?;
        let last = doc.entries.iter().rev().find(|(_, entry)| **entry != Entry::Free);
        if last.is_some_and(|(number, _)| i64::from(*number) >= size) {
            return Err(Broken);
        }
        let root = doc.trailer().and_then(|t| t.get(b"Root"));
        if root.is_some_and(|root| !doc.is_meant(root)) {
            return Err(Broken);
        }
        Ok(doc)
    }

    /// The same without the newest `later` revisions; bytes behind them may still be read.
    pub(super) fn without(&self, later: usize) -> Self {
        let sections: Vec<XrefSection> = self.sections.iter().skip(later).cloned().collect();
        let mut entries = BTreeMap::new();
        for (number, entry) in sections.iter().flat_map(|section| &section.entries) {
            entries.entry(*number).or_insert(*entry);
        }
        let (bundles, loading) = (HashMap::new(), HashSet::new());
        Self { end: self.end, sections, entries, bundles, cached: 0, loading }
    }

    /// Whether a reference means the object that has its number, or none at all; true of anything else.
    pub(super) fn is_meant(&self, value: &Obj) -> bool {
        match value {
            Obj::Ref(number, generation) => match self.entries.get(number) {
                Some(Entry::At(_, existing)) => generation == existing,
                Some(Entry::In(..)) => *generation == 0,
                Some(Entry::Free) | None => true,
            },
            _ => true,
        }
    }

    /// The newest trailer.
    pub(super) fn trailer(&self) -> Option<&Dict> {
        self.sections.first().map(|s| &s.trailer)
    }

    /// Object number of the catalog.
    pub(super) fn root(&self) -> Option<u32> {
        self.trailer()?.get(b"Root")?.as_ref()
    }

    /// The catalog.
    pub(super) fn catalog(&mut self, source: &mut Source<'_>) -> Result<Dict, Broken> {
        let number = self.root().ok_or(Broken)?;
        match self.load(source, number)?.obj {
            Obj::Dict(dict) if !dict.repeats() => Ok(dict),
            _ => Err(Broken),
        }
    }

    /// Where the objects in use stand that stand alone, in the order of the file.
    pub(super) fn places(&self) -> Vec<(u64, u32)> {
        let alone = self.entries.iter().filter_map(|(number, entry)| match entry {
            Entry::At(offset, _) => Some((*offset, *number)),
            _ => None,
        });
        let mut places: Vec<(u64, u32)> = alone.collect();
        places.sort_unstable();
        places
    }

    /// An object by number; `null` when it is free or unheard of.
    pub(super) fn load(&mut self, source: &mut Source<'_>, number: u32) -> Result<IndirectObject, Broken> {
        match self.entries.get(&number).copied() {
            None | Some(Entry::Free) => Ok(IndirectObject { obj: Obj::Null, span: None, stream: None }),
            Some(Entry::At(offset, generation)) => self.load_at(source, number, offset, generation),
            Some(Entry::In(container, index)) => {
                let bundle = self.bundle(source, container)?;
                let index = index as usize;
                let (found, start) = *bundle.places.get(index).ok_or(Broken)?;
                let stop = bundle.places.get(index + 1).map_or(bundle.data.len(), |(_, next)| *next);
                let text = bundle.data.get(start..stop).ok_or(Broken)?;
                if found != number {
                    return Err(Broken);
                }
                let mut lexer = Parser::new(text, 0, true);
                let obj = lexer.object(0).map_err(|_| Broken)?;
                lexer.skip_space().map_err(|_| Broken)?;
                // An object ends before the next, and is none that stands elsewhere (7.5.7).
                if !lexer.is_at_end() || matches!(obj, Obj::Ref(..)) || !source.spend(lexer.offset()) {
                    return Err(Broken);
                }
                Ok(IndirectObject { obj, span: None, stream: None })
            }
        }
    }

    /// The object at a place, which must be the one that is meant.
    pub(super) fn load_at(
        &mut self,
        source: &mut Source<'_>,
        number: u32,
        offset: u64,
        generation: u16,
    ) -> Result<IndirectObject, Broken> {
        let place = (offset, number, generation);
        let found = match source.parsed(place, self.end) {
            Some(found) => found,
            None => {
                let read = &mut |lexer: &mut Parser<'_>| lexer.numbered(Some((number, generation)));
                let found = Rc::new(xref::at(source, offset, self.end, read)?);
                if !source.remember(place, &found) {
                    return Err(Broken);
                }
                found
            }
        };
        if found.stream.is_some() && !found.obj.as_dict().is_some_and(filter::is_plain) {
            return Err(Broken);
        }
        let stream = match (found.stream, found.obj.as_dict().and_then(|d| d.get(b"Length"))) {
            (None, _) => None,
            (Some(start), Some(Obj::Int(length))) => {
                Some((start, u64::try_from(*length).map_err(|_| Broken)?))
            }
            (Some(start), Some(Obj::Ref(other, _))) => {
                // A length that asks for its own stream would never end, a long chain of them would
                // take the stack.
                if self.loading.len() >= MAX_HOPS || !self.loading.insert(number) {
                    return Err(Broken);
                }
                let length = self.load(source, *other);
                self.loading.remove(&number);
                let length = length?.obj.as_int().and_then(|i| u64::try_from(i).ok()).ok_or(Broken)?;
                Some((start, length))
            }
            _ => return Err(Broken),
        };
        if stream.is_some_and(|(start, length)| start.checked_add(length).is_none_or(|stop| stop > self.end))
        {
            return Err(Broken);
        }
        let span = Some((offset, found.end));
        let obj = Rc::try_unwrap(found).map_or_else(|found| found.obj.clone(), |found| found.obj);
        Ok(IndirectObject { obj, span, stream })
    }

    /// What a value stands for, through references; no stream.
    pub(super) fn resolve(&mut self, source: &mut Source<'_>, value: &Obj) -> Result<Obj, Broken> {
        let mut value = value.clone();
        for _ in 0..MAX_HOPS {
            match value {
                Obj::Ref(number, generation) => {
                    let meant = match self.entries.get(&number) {
                        Some(Entry::At(_, existing)) => *existing,
                        _ => 0,
                    };
                    if generation != meant {
                        return Err(Broken);
                    }
                    let located = self.load(source, number)?;
                    // A stream is no dictionary to most readers.
                    if located.stream.is_some() {
                        return Err(Broken);
                    }
                    value = located.obj;
                }
                other => return Ok(other),
            }
        }
        Err(Broken)
    }

    /// The value of a key, through references; `null` when absent.
    pub(super) fn get(&mut self, source: &mut Source<'_>, dict: &Dict, key: &[u8]) -> Result<Obj, Broken> {
        dict.get(key).map_or(Ok(Obj::Null), |value| self.resolve(source, value))
    }

    /// The decoded bytes of a stream object.
    pub(super) fn stream(
        &mut self,
        source: &mut Source<'_>,
        located: &IndirectObject,
    ) -> Result<Vec<u8>, Broken> {
        let (start, length) = located.stream.ok_or(Broken)?;
        let raw = xref::stream_bytes(source, start, length, self.end)?;
        let data = filter::decode(located.obj.as_dict().ok_or(Broken)?, raw).ok_or(Broken)?;
        if source.spend(data.len() as u64) { Ok(data) } else { Err(Broken) }
    }

    /// Numbers of the objects in an object stream, in their order.
    pub(super) fn members(&mut self, source: &mut Source<'_>, container: u32) -> Result<Vec<u32>, Broken> {
        Ok(self.bundle(source, container)?.places.iter().map(|(number, _)| *number).collect())
    }

    fn bundle(&mut self, source: &mut Source<'_>, number: u32) -> Result<Rc<ObjectStream>, Broken> {
        if let Some(bundle) = self.bundles.get(&number) {
            return Ok(Rc::clone(bundle));
        }
        // An object stream stands at a place of its own, never inside another one.
        let Some(Entry::At(offset, 0)) = self.entries.get(&number).copied() else {
            return Err(Broken);
        };
        let located = self.load_at(source, number, offset, 0)?;
        let dict = located.obj.as_dict().ok_or(Broken)?;
        if !dict.has_name(b"Type", b"ObjStm") {
            return Err(Broken);
        }
        let count =
            dict.get(b"N").and_then(Obj::as_int).and_then(|i| usize::try_from(i).ok()).ok_or(Broken)?;
        let first =
            dict.get(b"First").and_then(Obj::as_int).and_then(|i| usize::try_from(i).ok()).ok_or(Broken)?;
        let data = self.stream(source, &located)?;
        let mut lexer = Parser::new(data.get(..first).ok_or(Broken)?, 0, true);
        let mut places = Vec::new();
        for _ in 0..count.min(data.len()) {
            let number = lexer.number(u64::from(u32::MAX)).map_err(|_| Broken)?;
            let place = lexer.number(data.len() as u64).map_err(|_| Broken)?;
            let place = first + place as usize;
            // Objects follow each other (7.5.7): none stands in for many.
            if places.last().is_some_and(|(_, before)| *before >= place) {
                return Err(Broken);
            }
            places.push((u32::try_from(number).map_err(|_| Broken)?, place));
        }
        let mut numbers: Vec<u32> = places.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        if numbers.windows(2).any(|w| matches!(w, [a, b] if a == b)) {
            // Some readers take the first.
            return Err(Broken);
        }
        if self.cached + data.len() > MAX_CACHED {
            self.bundles.clear();
            self.cached = 0;
        }
        self.cached += data.len();
        let bundle = Rc::new(ObjectStream { data, places });
        self.bundles.insert(number, Rc::clone(&bundle));
        Ok(bundle)
    }
}
