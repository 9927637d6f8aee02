//! The evidence for later that a revision keeps (DSS; ETSI EN 319 142-1, 5.4.2), object by object.

use std::collections::{HashMap, HashSet};

use super::super::{
    document::Document,
    source::Source,
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::references::{References, TRAILER};

/// Most objects.
const MOST: usize = 20_000;
/// Keys of a DSS and of its parts.
const KEYS: [&[u8]; 10] =
    [b"Type", b"Certs", b"CRLs", b"OCSPs", b"VRI", b"Cert", b"CRL", b"OCSP", b"TS", b"TU"];

/// The evidence of a revision.
pub(super) struct Kept {
    /// Numbers of all its objects.
    pub(super) objects: HashSet<u32>,
    /// Lists and dictionaries of earlier evidence, which name some of them still and which nothing leads to.
    pub(super) forgotten: HashSet<u32>,
}

/// The evidence of a revision; `None` when something stands there that is no evidence.
pub(super) fn objects(
    source: &mut Source<'_>,
    doc: &mut Document,
    uses: &References,
) -> Result<Option<Kept>, Broken> {
    let catalog = doc.catalog(source)?;
    let mut walk = Walk { source, doc, found: HashSet::new() };
    if let Some(dss) = catalog.get(b"DSS")
        && !walk.dss(dss)?
    {
        return Ok(None);
    }
    let Walk { found: objects, .. } = walk;
    let users = |number: u32| uses.to(number).iter().map(|one| one.by);
    let (mut forgotten, mut asked) = (HashSet::new(), HashMap::new());
    let mut todo: Vec<u32> = objects.iter().flat_map(|number| users(*number)).collect();
    while let Some(by) = todo.pop() {
        if !objects.contains(&by)
            && !forgotten.contains(&by)
            && is_forgotten(source, doc, uses, (by, 0), &mut asked)?
        {
            forgotten.insert(by);
            todo.extend(users(by));
        }
    }
    Ok(Some(Kept { objects, forgotten }))
}

/// Whether nothing leads to a list or dictionary of evidence, but others of the kind to which nothing does. It stands so
/// deep under the one that is asked about; `asked`: what was found of others.
fn is_forgotten(
    source: &mut Source<'_>,
    doc: &mut Document,
    uses: &References,
    (number, depth): (u32, usize),
    asked: &mut HashMap<(u32, usize), bool>,
) -> Result<bool, Broken> {
    /// An old DSS, its VRI, one signature's part, a list.
    const DEEPEST: usize = 4;
    if number == TRAILER || depth > DEEPEST {
        return Ok(false);
    }
    if let Some(known) = asked.get(&(number, depth)) {
        return Ok(*known);
    }
    let located = doc.load(source, number)?;
    let is_name =
        |name: &[u8]| KEYS.contains(&name) || name.len() == 40 && name.iter().all(u8::is_ascii_hexdigit);
    let fits = match &located.obj {
        Obj::Array(list) => list.iter().all(|one| one.as_ref().is_some()),
        Obj::Dict(dict) => dict.entries.iter().all(|(name, _)| is_name(name)),
        _ => false,
    };
    let mut forgotten = fits && located.stream.is_none();
    for one in uses.to(number) {
        forgotten = forgotten && is_forgotten(source, doc, uses, (one.by, depth + 1), asked)?;
    }
    asked.insert((number, depth), forgotten);
    Ok(forgotten)
}

struct Walk<'a, 'f> {
    source: &'a mut Source<'f>,
    doc: &'a mut Document,
    found: HashSet<u32>,
}

impl Walk<'_, '_> {
    fn dss(&mut self, value: &Obj) -> Result<bool, Broken> {
        let Some(dss) = self.dict(value)? else { return Ok(false) };
        for (key, value) in &dss.entries {
            let good = match key.as_slice() {
                b"Type" => value.is_name(b"DSS"),
                b"Certs" | b"CRLs" | b"OCSPs" => self.streams(value)?,
                b"VRI" => self.by_signature(value)?,
                _ => value.is_closed(),
            };
            if !good {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn by_signature(&mut self, value: &Obj) -> Result<bool, Broken> {
        let Some(all) = self.dict(value)? else { return Ok(false) };
        for (name, value) in &all.entries {
            if name == b"Type" && value.is_name(b"VRI") {
                continue;
            }
            let Some(one) = self.dict(value)? else { return Ok(false) };
            for (key, value) in &one.entries {
                let good = match key.as_slice() {
                    b"Cert" | b"CRL" | b"OCSP" => self.streams(value)?,
                    b"TS" => self.stream(value)?,
                    _ => value.is_closed(),
                };
                if !good {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// What a value stands for; the object it is, if any, is one of the DSS.
    fn object(&mut self, value: &Obj) -> Result<Obj, Broken> {
        let Some(number) = value.as_ref() else { return Ok(value.clone()) };
        self.found.insert(number);
        let located = self.doc.load(self.source, number)?;
        let plain = located.stream.is_none() && located.obj.as_ref().is_none() && self.found.len() <= MOST;
        if plain { Ok(located.obj) } else { Err(Broken) }
    }

    fn dict(&mut self, value: &Obj) -> Result<Option<Dict>, Broken> {
        Ok(match self.object(value)? {
            Obj::Dict(dict) if !dict.repeats() => Some(dict),
            _ => None,
        })
    }

    fn streams(&mut self, value: &Obj) -> Result<bool, Broken> {
        let Obj::Array(list) = self.object(value)? else { return Ok(false) };
        for one in &list {
            if !self.stream(one)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A stream that is nothing but bytes: no image, no page, no container of objects.
    fn stream(&mut self, value: &Obj) -> Result<bool, Broken> {
        let Some(number) = value.as_ref() else { return Ok(false) };
        self.found.insert(number);
        let located = self.doc.load(self.source, number)?;
        let Obj::Dict(dict) = located.obj else { return Ok(false) };
        let plain = dict.entries.iter().all(|(key, value)| match key.as_slice() {
            b"Length" => true,
            b"Filter" | b"DecodeParms" => value.is_closed(),
            _ => false,
        });
        Ok(plain && located.stream.is_some() && self.found.len() <= MOST)
    }
}
