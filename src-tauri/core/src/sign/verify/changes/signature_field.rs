//! Signature fields that are new, or signed now: what they show, and who answers for it (ISO 32000-2, 12.7.5.5).

use super::super::{
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{
    Change, Compare, MAX_DEPTH, appearance, filling::MAX_SIDE, form::is_form, named::whole_text,
    references::Key, references::Reference,
};

impl Compare<'_, '_> {
    /// A new object that must be a signature field, its widget, or both in one.
    pub(super) fn new_field(&mut self, number: u32, depth: usize) -> Result<Change, Broken> {
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
    pub(super) fn shown(&mut self, number: u32) -> Result<Change, Broken> {
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

    /// Whether a widget takes room on the page, paints anything or may blend with the page: PDFium asks for no box where the look has none,
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
            let Obj::Dict(form) = &located.obj else { return Ok(true) };
            let resources = self.new.get(self.source, form, b"Resources")?;
            if form.get(b"Group").is_some() || !self.holds_only(&resources, &[b"ProcSet"])? {
                return Ok(true);
            }
            let content = self.new.stream(self.source, &located)?;
            if appearance::steps(&content).is_none_or(|steps| appearance::paints(&steps)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The value of a signature field.
enum Value {
    None,
    /// New, this field's alone, and judged for itself.
    Signed(Dict),
    Odd,
}
