//! What the form gives to readers that make a look of a field by themselves: its resources and default appearance
//! (ISO 32000-2, 12.7.3 and 12.7.4.3).

use super::super::{
    document::IndirectObject,
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{Change, Compare, MAX_DEPTH, appearance};

/// Longest default appearance that is looked at, bytes: it is a font and an ink.
const MAX_APPEARANCE: usize = 1024;

impl Compare<'_, '_> {
    /// What other resources of the form mean.
    pub(super) fn resources(&mut self, before: &Dict, after: &Dict) -> Result<Change, Broken> {
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
    pub(super) fn has_no_default_appearance(&mut self, note: &Dict) -> Result<bool, Broken> {
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
    pub(super) fn is_drawn_from_form(&mut self, note: &Dict) -> Result<bool, Broken> {
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
}
