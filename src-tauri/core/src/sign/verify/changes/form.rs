//! What may be done to a form and its fields (ISO 32000-2, 12.7): signature fields added and signed, empty fields
//! filled in.

use std::collections::HashMap;

use super::super::{
    fields,
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{Change, Compare, MAX_DEPTH, named::whole_text, references::Key};

impl Compare<'_, '_> {
    /// What it means that the picture of fields changed; none when it, or the field, is something else as well.
    pub(super) fn face(&mut self, number: u32) -> Result<Option<Change>, Broken> {
        let uses = self.revision.uses.to(number).to_vec();
        if uses.is_empty() {
            return Ok(None);
        }
        let mut worst = Change::None;
        for one in uses {
            if one.path.first() != Some(&Some(Key::Appearance))
                || !self.revision.roles.fields.contains(&one.by)
            {
                return Ok(None);
            }
            let Obj::Dict(field) = self.new.load(self.source, one.by)?.obj else { return Ok(None) };
            let kind = self.inherited(&field, b"FT", false)?;
            let change = if kind.is_name(b"Sig") {
                let Obj::Dict(before) = self.old.load(self.source, one.by)?.obj else { return Ok(None) };
                match self.inherited(&before, b"V", true)? {
                    Obj::Null => self.shown(one.by)?,
                    _ => Change::Other,
                }
            } else if matches!(kind, Obj::Name(_)) {
                self.filled(one.by)?
            } else {
                Change::Other
            };
            worst = worst.max(change);
        }
        Ok(Some(worst))
    }

    pub(super) fn form(&mut self, before: &Obj, after: &Obj) -> Result<Change, Broken> {
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
                b"SigFlags" if matches!(after.get(&key), Some(Obj::Int(_))) => Change::None,
                // As if it were not there.
                b"NeedAppearances"
                    if [before, after]
                        .iter()
                        .all(|form| form.get(&key).is_none_or(|one| *one == Obj::Bool(false))) =>
                {
                    Change::None
                }
                // Readers then make looks of their own.
                b"NeedAppearances" => Change::Undecided,
                // And from these, for fields nobody filled in too.
                b"DR" | b"DA" if after.get(b"NeedAppearances").is_some() || self.is_undrawn(true)? => {
                    Change::Undecided
                }
                // To some a widget is a signature's, to others another field's.
                b"DR" | b"DA" if !self.is_one_tree()? => Change::Undecided,
                // Fonts for what is filled in; a form of signatures alone has nothing of the kind.
                b"DR" | b"DA" if !self.some_dict(Self::is_drawn_from_form)? => Change::Signing,
                b"DR" => self.resources(before, after)?,
                b"DA" if !self.some_dict(Self::has_no_default_appearance)? => Change::Signing,
                b"DA" => Change::Undecided,
                _ => Change::Other,
            };
            worst = worst.max(change);
        }
        Ok(worst)
    }

    /// Whether fields and those below them name each other: to some readers a widget belongs to the field that lists it,
    /// to others to its parent.
    pub(super) fn is_one_tree(&mut self) -> Result<bool, Broken> {
        if let Some(known) = self.one_tree {
            return Ok(known);
        }
        let (mut listed, mut parents) = (HashMap::new(), HashMap::new());
        let mut one = true;
        for number in fields::numbers(self.new, self.source)? {
            let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { continue };
            if let Some(parent) = field.get(b"Parent") {
                one &= parent.as_ref().is_some_and(|parent| parents.insert(number, parent).is_none());
            }
            for kid in self.items(&field, b"Kids")? {
                one &= kid.as_ref().is_some_and(|kid| listed.insert(kid, number).is_none());
            }
        }
        one &= listed == parents;
        self.one_tree = Some(one);
        Ok(one)
    }

    /// Whether a new field has the full name of another (12.7.4.2): to readers both are one, and a value the other's.
    pub(super) fn is_namesake(&mut self) -> Result<bool, Broken> {
        if fields::numbers(self.new, self.source)?.is_disjoint(&self.added) {
            return Ok(false);
        }
        Ok(self.namesakes()?.1)
    }

    /// Whether two fields have one full name.
    pub(super) fn has_namesakes(&mut self) -> Result<bool, Broken> {
        Ok(self.namesakes()?.0)
    }

    /// Whether two fields have one full name, and whether a new one is among them.
    fn namesakes(&mut self) -> Result<(bool, bool), Broken> {
        if let Some(known) = self.namesakes {
            return Ok(known);
        }
        let found = self.find_namesakes()?;
        self.namesakes = Some(found);
        Ok(found)
    }

    fn find_namesakes(&mut self) -> Result<(bool, bool), Broken> {
        let mut numbers = fields::numbers(self.new, self.source)?;
        // Widgets no field leads to have names too.
        for number in self.new.entries.keys().copied().collect::<Vec<_>>() {
            let widget = self.new.load(self.source, number)?.obj;
            if widget.as_dict().is_some_and(|widget| widget.has_name(b"Subtype", b"Widget")) {
                numbers.insert(number);
            }
        }
        let mut some = false;
        let mut names: HashMap<String, bool> = HashMap::new();
        for number in numbers {
            let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { continue };
            if field.get(b"T").is_none() {
                continue;
            }
            let (mut name, mut above) = (String::new(), field);
            for depth in 0.. {
                if let Obj::Text(own) = self.new.get(self.source, &above, b"T")? {
                    // Some readers end it at a NUL, or pass over what nobody sees.
                    let own: String = whole_text(&own.bytes).chars().filter(|c| !c.is_control()).collect();
                    let own = own.trim();
                    // To some readers an empty part is none.
                    let parts = own.split('.').filter(|part| !part.is_empty());
                    name = parts.chain([name.as_str()]).collect::<Vec<_>>().join(".");
                }
                match self.new.get(self.source, &above, b"Parent")? {
                    Obj::Dict(parent) if depth < MAX_DEPTH => above = parent,
                    Obj::Null => break,
                    _ => return Ok((true, true)),
                }
            }
            let added = self.added.contains(&number);
            match names.get_mut(&name) {
                Some(other) if *other || added => return Ok((true, true)),
                Some(_) => some = true,
                None => {
                    names.insert(name, added);
                }
            }
        }
        Ok((some, false))
    }

    /// An array of fields or annotations that may only have got new signature fields.
    pub(super) fn grown(&mut self, before: &Obj, after: &Obj) -> Result<Change, Broken> {
        let old = match before {
            Obj::Null => &[],
            Obj::Array(list) => list.as_slice(),
            _ => return Ok(Change::Other),
        };
        let Obj::Array(new) = after else { return Ok(Change::Other) };
        let mut kept = old.iter().peekable();
        let mut worst = Change::None;
        let mut added = false;
        for item in new {
            if kept.next_if_eq(&item).is_some() {
                // To some readers the first of two fields counts.
                worst = worst.max(if added { Change::Undecided } else { Change::None });
                continue;
            }
            added = true;
            match item.as_ref() {
                Some(number) if self.added.contains(&number) => worst = worst.max(self.new_field(number, 0)?),
                _ => return Ok(Change::Other),
            }
        }
        Ok(if kept.peek().is_none() { worst } else { Change::Other })
    }

    /// The numbers of an array, up to what is none.
    pub(super) fn numbers(&mut self, array: &Obj) -> Result<Vec<f64>, Broken> {
        let mut numbers = Vec::new();
        for item in array.as_array().unwrap_or_default() {
            numbers.push(match self.new.resolve(self.source, item)? {
                Obj::Int(number) => number as f64,
                Obj::Real(number) => number,
                _ => break,
            });
        }
        Ok(numbers)
    }

    pub(super) fn items(&mut self, dict: &Dict, key: &[u8]) -> Result<Vec<Obj>, Broken> {
        match self.new.get(self.source, dict, key)? {
            Obj::Null => Ok(Vec::new()),
            Obj::Array(list) => Ok(list),
            _ => Err(Broken),
        }
    }

    /// A value of a field, or of the fields above it; in the signed revision or the newest.
    pub(super) fn inherited(&mut self, field: &Dict, key: &[u8], signed: bool) -> Result<Obj, Broken> {
        let doc = if signed { &mut *self.old } else { &mut *self.new };
        let mut field = field.clone();
        for _ in 0..MAX_DEPTH {
            if field.repeats() {
                return Err(Broken);
            }
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
    pub(super) fn field(&mut self, number: u32, before: &Dict, after: &Dict) -> Result<Change, Broken> {
        let kind = self.inherited(before, b"FT", true)?;
        let mut keys = before.differing(after);
        let flags = |value: Obj| if value == Obj::Null { Some(0) } else { value.as_int() };
        let [was, is] =
            [self.inherited(before, b"Ff", true)?, self.inherited(after, b"Ff", false)?].map(flags);
        // Another number is a flag to some readers.
        if was.is_none() || is.is_none() {
            return Ok(Change::Other);
        }
        if was == is {
            // Some write out that none is set.
            keys.retain(|key| key != b"Ff");
        }
        let [was, is] = [self.old.get(self.source, before, b"MK")?, self.new.get(self.source, after, b"MK")?];
        if are_alike(&was, &is) {
            keys.retain(|key| key != b"MK");
        }
        let dressed = keys.iter().any(|key| key == b"MK");
        let only = |allowed: &[&[u8]]| keys.iter().all(|k| allowed.contains(&k.as_slice()));
        if !matches!(kind, Obj::Name(_)) || self.inherited(after, b"FT", false)? != kind {
            return Ok(Change::Other);
        }
        if kind.is_name(b"Sig") {
            let empty = self.inherited(before, b"V", true)? == Obj::Null;
            let filled = only(&[b"V", b"AP", b"F", b"M", b"AS", b"DA", b"Q", b"Ff", b"MK", b"Type"]);
            return if empty && filled { self.shown(number) } else { Ok(Change::Other) };
        }
        let filled = only(&[b"V", b"AP", b"AS", b"M", b"I", b"DA", b"Q", b"BS", b"MK"]);
        let least = if dressed { Change::Undecided } else { Change::None };
        if filled { Ok(self.filled(number)?.max(least)) } else { Ok(Change::Other) }
    }
}

/// Whether two values are the same but for what a shade of 256 is rounded by, as pdf.js does when it writes them again.
fn are_alike(one: &Obj, other: &Obj) -> bool {
    let number = |obj: &Obj| match obj {
        Obj::Int(number) => Some(*number as f64),
        Obj::Real(number) => Some(*number),
        _ => None,
    };
    match (one, other) {
        (Obj::Array(one), Obj::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| are_alike(one, other))
        }
        (Obj::Dict(one), Obj::Dict(other)) => {
            !one.repeats()
                && !other.repeats()
                && one.entries.len() == other.entries.len()
                && one.entries.iter().all(|(key, value)| {
                    other.entries.iter().any(|(of, other)| of == key && are_alike(value, other))
                })
        }
        _ => match (number(one), number(other)) {
            (Some(one), Some(other)) => (one - other).abs() <= 1.0 / 255.0,
            _ => one == other,
        },
    }
}

/// A form XObject with a box, as every reader takes it.
pub(super) fn is_form(look: &Obj) -> bool {
    let Some(look) = look.as_dict() else { return false };
    let named =
        look.has_name(b"Subtype", b"Form") && look.get(b"Type").is_none_or(|kind| kind.is_name(b"XObject"));
    named && look.get(b"BBox").is_some() && !look.repeats()
}
