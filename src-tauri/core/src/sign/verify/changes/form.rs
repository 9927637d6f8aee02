//! What may be done to a form (ISO 32000-2, 12.7): signature fields added and signed, empty fields filled in.

use std::collections::HashMap;

use super::super::{
    document::IndirectObject,
    fields,
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{
    Change, Compare, MAX_DEPTH, appearance, filling::MAX_SIDE, named::whole_text, references::Key,
    references::Reference,
};

/// Longest default appearance that is looked at, bytes: it is a font and an ink.
const MAX_APPEARANCE: usize = 1024;

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

    /// What other resources of the form mean.
    fn resources(&mut self, before: &Dict, after: &Dict) -> Result<Change, Broken> {
        let was = self.old.get(self.source, before, b"DR")?;
        let is = self.new.get(self.source, after, b"DR")?;
        let (empty, Obj::Dict(is)) = (Dict::default(), is) else { return Ok(Change::Undecided) };
        let was = was.as_dict().unwrap_or(&empty);
        if was.repeats() || is.repeats() {
            return Ok(Change::Undecided);
        }
        let mut worst = Change::None;
        for kind in was.differing(&is) {
            worst = worst.max(match kind.as_slice() {
                b"XObject" if self.has_more_looks(before, after)? => Change::Signing,
                b"Font" if self.has_more_fonts(before, after)? => Change::FormFilling,
                // Nothing is drawn by them.
                b"Encoding" | b"ProcSet" => Change::Signing,
                _ => Change::Undecided,
            });
        }
        Ok(worst)
    }

    /// Whether readers that make a look for it take the form's default appearance.
    fn has_no_default_appearance(&mut self, note: &Dict) -> Result<bool, Broken> {
        if !self.is_drawn_from_form(note)? {
            return Ok(false);
        }
        // What names no font is none to some.
        Ok(match self.inherited(note, b"DA", false)? {
            Obj::Text(text) => {
                appearance::steps(&text.bytes).is_none_or(|steps| appearance::fonts(&steps).count() != 1)
            }
            _ => true,
        })
    }

    /// Resources of one kind in the form, before and after, where they got more and kept what they had.
    fn grown_resources(
        &mut self,
        before: &Dict,
        after: &Dict,
        kind: &[u8],
    ) -> Result<Option<[Dict; 2]>, Broken> {
        let was = self.old.get(self.source, before, b"DR")?;
        let is = self.new.get(self.source, after, b"DR")?;
        let empty = Dict::default();
        let (was, Obj::Dict(is)) = (was.as_dict().unwrap_or(&empty), &is) else { return Ok(None) };
        let was = self.old.get(self.source, was, kind)?.as_dict().cloned().unwrap_or_default();
        let Obj::Dict(is) = self.new.get(self.source, is, kind)? else { return Ok(None) };
        let kept = !is.repeats() && was.entries.iter().all(|(name, one)| is.get(name) == Some(one));
        Ok(kept.then_some([was, is]))
    }

    /// Whether the default appearances of form and fields, as they were signed, are all such.
    fn all_default_appearances(
        &mut self,
        form: &Dict,
        fits: impl Fn(&[appearance::Step]) -> bool,
    ) -> Result<bool, Broken> {
        let mut all = vec![self.old.get(self.source, form, b"DA")?];
        for number in self.revision.roles.fields.clone() {
            if let Obj::Dict(field) = self.old.load(self.source, number)?.obj {
                all.push(self.old.get(self.source, &field, b"DA")?);
            }
        }
        Ok(all.iter().all(|appearance| match appearance {
            Obj::Null => true,
            Obj::Text(text) if text.bytes.len() <= MAX_APPEARANCE => {
                appearance::steps(&text.bytes).is_some_and(|steps| fits(&steps))
            }
            _ => false,
        }))
    }

    /// Whether the form got further fonts, under names that nobody missed: some reader had a font of its own for one.
    fn has_more_fonts(&mut self, before: &Dict, after: &Dict) -> Result<bool, Broken> {
        let Some([was, is]) = self.grown_resources(before, after, b"Font")? else { return Ok(false) };
        let is_new = |name: &[u8]| is.get(name).is_some() && was.get(name).is_none();
        self.all_default_appearances(before, |steps| !appearance::fonts(steps).any(is_new))
    }

    /// Whether the form names further looks, as iText does for those of signatures, and nothing is drawn by them.
    fn has_more_looks(&mut self, before: &Dict, after: &Dict) -> Result<bool, Broken> {
        let draws = |this: &mut Self, dict: &Dict| {
            Ok(match this.new.get(this.source, dict, b"DA")? {
                Obj::Null => false,
                Obj::Text(text) => {
                    appearance::steps(&text.bytes).is_none_or(|steps| appearance::shows(&steps))
                }
                _ => true,
            })
        };
        // A font may draw, too.
        let was = self.old.get(self.source, before, b"DR")?;
        let is = self.new.get(self.source, after, b"DR")?;
        Ok(self.grown_resources(before, after, b"XObject")?.is_some()
            && self.has_plain_fonts(&was, &[], true)?
            && self.has_plain_fonts(&is, &[], false)?
            && !self.some_dict(draws)?)
    }

    /// Whether some widget or text note has no look of its own, so that readers make one; `fonts`: or has no fonts of its own.
    pub(super) fn is_undrawn(&mut self, fonts: bool) -> Result<bool, Broken> {
        self.some_dict(|this, note| this.is_bare(note, fonts))
    }

    fn is_bare(&mut self, note: &Dict, fonts: bool) -> Result<bool, Broken> {
        if !self.is_drawn_from_form(note)? {
            return Ok(false);
        }
        let Obj::Dict(looks) = self.new.get(self.source, note, b"AP")? else { return Ok(true) };
        let normal = match looks.get(b"N") {
            Some(Obj::Ref(number, _)) => self.new.load(self.source, *number)?,
            Some(obj) => IndirectObject { obj: obj.clone(), span: None, stream: None },
            None => return Ok(true),
        };
        let bare = |look: &IndirectObject| {
            let form = look.stream.and(look.obj.as_dict());
            form.is_none_or(|form| form.get(b"BBox").is_none() || fonts && form.get(b"Resources").is_none())
        };
        // Of a button there are looks of states, of others there is one.
        if !self.inherited(note, b"FT", false)?.is_name(b"Btn") {
            return Ok(bare(&normal));
        }
        let (None, Obj::Dict(states)) = (normal.stream, &normal.obj) else { return Ok(true) };
        let mut some = states.entries.is_empty();
        for (_, state) in &states.entries {
            some |= match state.as_ref() {
                Some(state) => bare(&self.new.load(self.source, state)?),
                None => true,
            };
        }
        Ok(some)
    }

    /// Whether readers may make a look for it from what the form says: widgets but those of signatures, text notes.
    fn is_drawn_from_form(&mut self, note: &Dict) -> Result<bool, Broken> {
        let kind = self.new.get(self.source, note, b"Subtype")?;
        let drawn = [b"Widget".as_slice(), b"FreeText"].iter().any(|drawn| kind.is_name(drawn));
        Ok(drawn && !self.is_signatures(note)?)
    }

    /// Whether a widget is a signature's to every reader: no field above it is of another kind.
    fn is_signatures(&mut self, note: &Dict) -> Result<bool, Broken> {
        let (mut field, mut signs) = (note.clone(), false);
        for _ in 0..MAX_DEPTH {
            match self.new.get(self.source, &field, b"FT")? {
                Obj::Null => {}
                kind if kind.is_name(b"Sig") => signs = true,
                _ => return Ok(false),
            }
            match self.new.get(self.source, &field, b"Parent")? {
                Obj::Dict(parent) => field = parent,
                _ => return Ok(signs),
            }
        }
        Err(Broken)
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

    /// A new object that must be a signature field, its widget, or both in one.
    fn new_field(&mut self, number: u32, depth: usize) -> Result<Change, Broken> {
        let located = self.new.load(self.source, number)?;
        let Obj::Dict(field) = located.obj else { return Ok(Change::Other) };
        let annotation = field.get(b"Type").is_none_or(|v| v.is_name(b"Annot"));
        let widget = field.get(b"Subtype").is_none_or(|v| v.is_name(b"Widget"));
        // What a page has, or does something.
        let odd =
            [b"AA".as_slice(), b"A", b"MediaBox", b"Resources"].iter().any(|key| field.get(key).is_some());
        let text = field.get(b"Contents").is_none_or(|v| matches!(v, Obj::Text(_)));
        let known =
            self.revision.roles.fields.contains(&number) && located.stream.is_none() && depth <= MAX_DEPTH;
        if !annotation || !widget || odd || !text || !known || field.repeats() {
            return Ok(Change::Other);
        }
        // A field above it is one of signatures, or holds others only.
        // The list of its kids may be an object of its own.
        let lists = self
            .revision
            .uses
            .to(number)
            .iter()
            .filter(|one| one.is(&[]))
            .flat_map(|one| self.revision.uses.to(one.by));
        let kids = self.revision.uses.to(number).iter().chain(lists).filter(|one| one.is(&[Key::Kids]));
        let parents: Vec<u32> = kids.map(|one| one.by).collect();
        // It is the kid of whom it calls its parent.
        if field.get(b"Parent").is_some_and(|one| one.as_ref().is_none_or(|one| !parents.contains(&one))) {
            return Ok(Change::Other);
        }
        for parent in parents {
            let was_there = !self.added.contains(&parent);
            let Obj::Dict(parent) = self.new.load(self.source, parent)?.obj else { return Ok(Change::Other) };
            let kind = self.inherited(&parent, b"FT", false)?;
            // A widget with kids is none to some readers: what it painted would go.
            let widget =
                [b"Rect".as_slice(), b"AP", b"MK", b"Subtype"].iter().any(|key| parent.get(key).is_some());
            if kind != Obj::Null && !kind.is_name(b"Sig") || was_there && widget {
                return Ok(Change::Other);
            }
        }
        let mut worst = self.shown(number)?;
        if !self.has_plain_name(&field, depth)? {
            worst = worst.max(Change::Undecided);
        }
        for kid in self.items(&field, b"Kids")? {
            match kid.as_ref() {
                Some(kid) if self.added.contains(&kid) => worst = worst.max(self.new_field(kid, depth + 1)?),
                _ => return Ok(Change::Other),
            }
        }
        Ok(worst)
    }

    /// Whether all readers read the same name of a new field: letters, without codes of languages or points, and of its own
    /// where no new field is above it.
    fn has_plain_name(&mut self, field: &Dict, depth: usize) -> Result<bool, Broken> {
        let name = match self.new.get(self.source, field, b"T")? {
            Obj::Text(name) => name.bytes,
            Obj::Null => return Ok(depth > 0 || field.get(b"Parent").is_some()),
            _ => return Ok(false),
        };
        let letters = whole_text(&name);
        let known = match name.as_slice() {
            [0xfe, 0xff, ..] => true,
            [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).is_ok(),
            latin => latin.iter().all(|b| b.is_ascii() || *b > 0xa0),
        };
        Ok(known && !letters.is_empty() && !letters.chars().any(|c| c.is_control() || c == '.'))
    }

    /// What a signature field of the newest revision, not signed before, shows, and who answers for it.
    fn shown(&mut self, number: u32) -> Result<Change, Broken> {
        let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { return Ok(Change::Other) };
        match self.inherited(&field, b"FT", false)? {
            // A widget that does not say whose it is.
            Obj::Null => return Ok(Change::Undecided),
            kind if kind.is_name(b"Sig") => {}
            _ => return Ok(Change::Other),
        }
        let visible = self.is_visible(&field)? || self.was_visible(number)?;
        Ok(match self.value(number)? {
            Value::Odd => Change::Other,
            // Whoever signs is judged beside this signature.
            Value::Signed(value) if !value.has_name(b"SubFilter", b"ETSI.RFC3161") => Change::Signing,
            Value::Signed(_) | Value::None if !visible => Change::LongTerm,
            // Anybody can have a time-stamp made.
            Value::Signed(_) | Value::None => Change::Undecided,
        })
    }

    /// The value a field has, or has from the fields above it, which must know it as theirs.
    fn value(&mut self, number: u32) -> Result<Value, Broken> {
        let mut number = number;
        for _ in 0..MAX_DEPTH {
            let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { return Ok(Value::Odd) };
            if let Some(value) = field.get(b"V") {
                let Some(value) = value.as_ref() else { return Ok(Value::Odd) };
                let own = |one: &Reference| one.by == number && one.is(&[Key::Value]);
                let new = self.added.contains(&value) && self.revision.signatures.contains(&value);
                let fits =
                    new && self.revision.uses.to(value).len() == 1 && self.revision.uses.only(value, own);
                return Ok(match self.new.load(self.source, value)?.obj {
                    Obj::Dict(value) if fits => Value::Signed(value),
                    _ => Value::Odd,
                });
            }
            let Some(above) = field.get(b"Parent") else { return Ok(Value::None) };
            let Some(above) = above.as_ref().filter(|n| self.revision.roles.fields.contains(n)) else {
                return Ok(Value::Odd);
            };
            let Obj::Dict(parent) = self.new.load(self.source, above)?.obj else { return Ok(Value::Odd) };
            if !self.items(&parent, b"Kids")?.iter().any(|kid| kid.as_ref() == Some(number)) {
                return Ok(Value::Odd);
            }
            number = above;
        }
        Err(Broken)
    }

    /// The same of the field as it was signed: what it painted must not go.
    fn was_visible(&mut self, number: u32) -> Result<bool, Broken> {
        if self.added.contains(&number) {
            return Ok(false);
        }
        std::mem::swap(&mut self.old, &mut self.new);
        let field = self.new.load(self.source, number);
        let visible =
            field.and_then(|field| field.obj.as_dict().map_or(Ok(true), |field| self.is_visible(field)));
        std::mem::swap(&mut self.old, &mut self.new);
        visible
    }

    /// Whether a widget takes room on the page, or paints anything: PDFium asks for no box where the look has none,
    /// Ghostscript draws pictures and colours of a widget without room, MuPDF has its own room where none is named.
    fn is_visible(&mut self, field: &Dict) -> Result<bool, Broken> {
        if self.has_colour(field, &[b"BG", b"BC"])? {
            return Ok(true);
        }
        let bare = self.new.get(self.source, field, b"Rect")? == Obj::Null;
        if bare
            && (field.get(b"AP").is_some()
                || self.new.get(self.source, field, b"Subtype")?.is_name(b"Widget"))
        {
            return Ok(true);
        }
        let rect = self.new.get(self.source, field, b"Rect")?;
        let sides = self.numbers(&rect)?;
        let known = rect == Obj::Null || rect.as_array().is_some_and(|rect| rect.len() == sides.len());
        let flat = match sides.as_slice() {
            [left, bottom, right, top] => {
                (left == right || bottom == top) && sides.iter().all(|side| side.abs() <= MAX_SIDE)
            }
            _ => sides.is_empty(),
        };
        if !known || !flat {
            return Ok(true);
        }
        let looks = match self.new.get(self.source, field, b"AP")? {
            Obj::Null => return Ok(false),
            Obj::Dict(looks) if !looks.repeats() => looks,
            _ => return Ok(true),
        };
        for (_, look) in &looks.entries {
            let Some(number) = look.as_ref() else { return Ok(true) };
            let located = self.new.load(self.source, number)?;
            if located.stream.is_none() || !is_form(&located.obj) {
                return Ok(true);
            }
            let content = self.new.stream(self.source, &located)?;
            if appearance::steps(&content).is_none_or(|steps| appearance::paints(&steps)) {
                return Ok(true);
            }
        }
        Ok(false)
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

/// The value of a signature field.
enum Value {
    None,
    /// New, this field's alone, and judged for itself.
    Signed(Dict),
    Odd,
}
