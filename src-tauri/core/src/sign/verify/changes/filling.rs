//! Empty form fields filled in after a signature (ISO 32000-2, 12.7.5): what was shown stays, and all that comes is
//! writing in the field's place.

#[cfg(test)]
use super::super::syntax::Parser;
use super::super::{
    document::IndirectObject,
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{Change, Compare, MAX_DEPTH, appearance, form::is_form, named::whole_text};

/// Most states of a button.
const MAX_STATES: usize = 64;
/// Counted for an operator of a look, bytes.
const STEP: u64 = 64;
/// Most strings a look writes: a page of text has fewer, a picture made of letters more.
const MAX_PIECES: usize = 300;
/// Largest number of a box, points; readers do not clip to larger ones.
pub(super) const MAX_SIDE: f64 = 32_000.0;

/// What a widget may show.
struct Shown {
    /// What it does show; none where it has no look.
    now: Option<Look>,
    /// Of each state it has.
    all: Vec<Look>,
    /// Readers make a look themselves.
    by_reader: bool,
    /// Its looks under the pointer.
    others: Dict,
}

/// One look, and its box and matrix.
#[derive(Clone)]
struct Look {
    steps: Vec<appearance::Step>,
    frame: [Obj; 2],
}

impl Compare<'_, '_> {
    /// A field of another kind than a signature's got a value or a look. It was empty, whoever fills it in may, and
    /// nothing comes of it but writing.
    pub(super) fn filled(&mut self, number: u32) -> Result<Change, Broken> {
        const READ_ONLY: i64 = 1;
        const PUSH_BUTTON: i64 = 1 << 16;
        let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { return Ok(Change::Undecided) };
        let kind = self.inherited(&field, b"FT", false)?;
        let button = kind.is_name(b"Btn");
        let known = button || kind.is_name(b"Tx") || kind.is_name(b"Ch");
        let fillable = match self.inherited(&field, b"Ff", false)? {
            Obj::Null => true,
            Obj::Int(flags) => flags & READ_ONLY == 0 && !(button && flags & PUSH_BUTTON != 0),
            _ => false,
        };
        let value = self.inherited(&field, b"V", false)?;
        let named = if button { self.named_above(number)? } else { Some(number) };
        let fits = known
            && fillable
            && (button && matches!(value, Obj::Null | Obj::Name(_)) || is_letters(&value))
            && self.is_plain_choice(&field, &value)?
            && self.is_faithful()?
            && match named {
                Some(named) => self.only_written(named, 0)?,
                None => false,
            };
        Ok(if fits { Change::FormFilling } else { Change::Undecided })
    }

    /// The field whose name a button bears: to readers all its widgets are one.
    fn named_above(&mut self, number: u32) -> Result<Option<u32>, Broken> {
        let mut number = number;
        for _ in 0..MAX_DEPTH {
            let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { return Ok(None) };
            match field.get(b"Parent") {
                Some(parent) if field.get(b"T").is_none() => match parent.as_ref() {
                    Some(parent) => number = parent,
                    None => return Ok(None),
                },
                _ => return Ok(Some(number)),
            }
        }
        Err(Broken)
    }

    /// Whether a choice, if it is one, is of a box that opens, not of a list, whose bar covers the page; what it may show
    /// are letters, and its number says what its value says.
    fn is_plain_choice(&mut self, field: &Dict, value: &Obj) -> Result<bool, Broken> {
        if !self.inherited(field, b"FT", false)?.is_name(b"Ch") {
            return Ok(true);
        }
        let options = match self.inherited(field, b"Opt", false)? {
            Obj::Null => Vec::new(),
            Obj::Array(options) => options,
            _ => return Ok(false),
        };
        let mut all = Vec::new();
        for option in &options {
            all.push(match self.new.resolve(self.source, option)? {
                Obj::Array(pair) => pair,
                one => vec![one],
            });
        }
        let plain = all.iter().flatten().all(|one| matches!(one, Obj::Text(_)) && is_letters(one));
        let same = |one: &Obj| match (one, value) {
            (Obj::Text(one), Obj::Text(value)) => one.bytes == value.bytes,
            _ => false,
        };
        let numbered = match self.inherited(field, b"I", false)? {
            Obj::Null => true,
            Obj::Array(numbers) => match numbers.as_slice() {
                [Obj::Int(number)] => {
                    let option = usize::try_from(*number).ok().and_then(|number| all.get(number));
                    option.and_then(|option| option.first()).is_some_and(same)
                }
                _ => false,
            },
            _ => false,
        };
        Ok(plain && numbered && !self.is_list(field)?)
    }

    /// Whether every widget of a field was empty, and got nothing but writing.
    fn only_written(&mut self, number: u32, depth: usize) -> Result<bool, Broken> {
        if depth > MAX_DEPTH || !self.revision.roles.fields.contains(&number) {
            return Ok(false);
        }
        if let Some(known) = self.written.get(&number) {
            return Ok(*known);
        }
        self.written.insert(number, false);
        let (before, after) = (self.old.load(self.source, number)?, self.new.load(self.source, number)?);
        let (Obj::Dict(before), Obj::Dict(after)) = (before.obj, after.obj) else { return Ok(false) };
        if before.repeats() || after.repeats() {
            return Ok(false);
        }
        let kids = self.items(&after, b"Kids")?;
        let is_widget = [b"Subtype".as_slice(), b"Rect", b"AP"].iter().any(|key| after.get(key).is_some());
        let mut written = self.was_empty(&before)?;
        if kids.is_empty() {
            let widget = after.get(b"Subtype").is_none_or(|v| v.is_name(b"Widget"));
            written = written && widget && self.widget_written(&before, &after)?;
        } else {
            written &= !is_widget;
        }
        for kid in &kids {
            written = written
                && match kid.as_ref() {
                    Some(kid) => self.only_written(kid, depth + 1)?,
                    None => false,
                };
        }
        self.written.insert(number, written);
        Ok(written)
    }

    /// Whether a field had no value, nor any above it: readers differ whose counts. A default value, or the number of a
    /// choice, is one to some.
    fn was_empty(&mut self, before: &Dict) -> Result<bool, Broken> {
        let button = self.inherited(before, b"FT", true)?.is_name(b"Btn");
        let mut field = before.clone();
        for _ in 0..MAX_DEPTH {
            for key in [b"V".as_slice(), b"DV", b"I"] {
                let empty = match self.old.get(self.source, &field, key)? {
                    Obj::Null => true,
                    Obj::Text(text) => text.bytes.is_empty(),
                    Obj::Name(name) => button && name == b"Off",
                    Obj::Array(chosen) => chosen.is_empty(),
                    _ => false,
                };
                if !empty {
                    return Ok(false);
                }
            }
            match self.old.get(self.source, &field, b"Parent")? {
                Obj::Dict(parent) => field = parent,
                _ => return Ok(true),
            }
        }
        Err(Broken)
    }

    fn widget_written(&mut self, before: &Dict, after: &Dict) -> Result<bool, Broken> {
        let (Some(was), Some(is)) = (self.shown_by(before, true)?, self.shown_by(after, false)?) else {
            return Ok(false);
        };
        let by_reader = was.by_reader || is.by_reader;
        let kept = was.others == is.others && !self.is_touched(&Obj::Dict(is.others));
        // A border that has a colour may grow over what is printed.
        let grows = before.get(b"BS") != after.get(b"BS") && self.has_colour(after, &[b"BC"])?;
        let made = by_reader && self.has_colour(after, &[b"BC", b"BG"])?;
        if !kept || grows || made || !self.writes_dark(after)? {
            return Ok(false);
        }
        let nothing = Look { steps: Vec::new(), frame: [Obj::Null, Obj::Null] };
        let was = was.now.unwrap_or_else(|| nothing.clone());
        let rect = self.new.get(self.source, after, b"Rect")?;
        let [left, bottom, right, top] = *self.numbers(&rect)?.as_slice() else { return Ok(false) };
        let area = ((right - left) * (top - bottom)).abs();
        let button = self.inherited(after, b"FT", false)?.is_name(b"Btn");
        let letters = if button { appearance::MAX_SIGN } else { appearance::MAX_LETTERS };
        // A reader may show any state, and where there is none what was painted must not go.
        let all = if is.now.is_some() { is.all } else { [is.all, vec![nothing]].concat() };
        for look in all {
            let framed = was.frame == look.frame || !appearance::paints(&was.steps);
            let scale = self.scale(&rect, &look.frame)?;
            let own = <[f64; 4]>::try_from(self.numbers(&look.frame[0])?).unwrap_or_default();
            let place = appearance::Place { scale, area, own, letters };
            if !framed || !appearance::only_writes(&was.steps, &look.steps, place, &mut self.ink) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many times larger a look is on the page: its box fills the widget's (12.5.5), turned perhaps.
    fn scale(&mut self, rect: &Obj, [own, matrix]: &[Obj; 2]) -> Result<f64, Broken> {
        let size = |sides: &[f64]| match *sides {
            [left, bottom, right, top] => Some([(right - left).abs(), (top - bottom).abs()]),
            _ => None,
        };
        let turned = match self.numbers(matrix)?.as_slice() {
            [] => Some(false),
            [a, b, c, d, _, _] if *b == 0.0 && *c == 0.0 && *a != 0.0 && *d != 0.0 => Some(false),
            [a, b, c, d, _, _] if *a == 0.0 && *d == 0.0 && *b != 0.0 && *c != 0.0 => Some(true),
            _ => None,
        };
        let (rect, own) = (self.numbers(rect)?, self.numbers(own)?);
        Ok(match (size(&rect), size(&own), turned) {
            (Some([w, h]), Some([x, y]), Some(false)) if x > 0.0 && y > 0.0 => (w / x).max(h / y),
            (Some([w, h]), Some([x, y]), Some(true)) if x > 0.0 && y > 0.0 => (w / y).max(h / x),
            _ => f64::INFINITY,
        })
    }

    /// Whether something it leads to is new or was changed.
    fn is_touched(&self, obj: &Obj) -> bool {
        // Depth is bounded by the parser.
        match obj {
            Obj::Ref(number, _) => self.added.contains(number) || self.changed.contains(number),
            Obj::Array(items) => items.iter().any(|item| self.is_touched(item)),
            Obj::Dict(dict) => dict.entries.iter().any(|(_, value)| self.is_touched(value)),
            _ => false,
        }
    }

    /// Whether each look in the file shows what it says: no reader is asked to draw one, or has to, and nobody says what
    /// gray, red, green and blue mean, for black may be white then.
    fn is_faithful(&mut self) -> Result<bool, Broken> {
        const SPACES: [&[u8]; 4] = [b"DefaultGray", b"DefaultRGB", b"DefaultCMYK", b"OutputIntents"];
        if let Some(known) = self.faithful {
            return Ok(known);
        }
        let redefines = |_: &mut Self, dict: &Dict| {
            // What is written in two ways stands among the values, too.
            let odd = Obj::Dict(dict.clone()).is_odd();
            Ok(odd || SPACES.iter().any(|space| dict.get(space).is_some()))
        };
        let faithful = !self.reader_draws()?
            && !self.is_undrawn(false)?
            && !self.some_dict(redefines)?
            && self.is_one_tree()?
            && !self.has_namesakes()?;
        self.faithful = Some(faithful);
        Ok(faithful)
    }

    /// Whether it is a list, whose choice readers mark by a bar.
    fn is_list(&mut self, widget: &Dict) -> Result<bool, Broken> {
        const COMBO: i64 = 1 << 17;
        let flags = self.inherited(widget, b"Ff", false)?.as_int().unwrap_or_default();
        Ok(self.inherited(widget, b"FT", false)?.is_name(b"Ch") && flags & COMBO == 0)
    }

    /// Whether readers draw the looks of fields themselves.
    fn reader_draws(&mut self) -> Result<bool, Broken> {
        let catalog = self.new.catalog(self.source)?;
        match self.new.get(self.source, &catalog, b"AcroForm")? {
            Obj::Dict(form) => {
                let asked = self.new.get(self.source, &form, b"NeedAppearances")?;
                Ok(!matches!(asked, Obj::Null | Obj::Bool(false)) || form.get(b"XFA").is_some())
            }
            _ => Ok(false),
        }
    }

    /// Whether a widget's border (`/BC`) or background (`/BG`) has a colour.
    pub(super) fn has_colour(&mut self, widget: &Dict, keys: &[&[u8]]) -> Result<bool, Broken> {
        Ok(match self.new.get(self.source, widget, b"MK")? {
            Obj::Null => false,
            Obj::Dict(colours) => colours.entries.iter().any(|(key, _)| keys.contains(&key.as_slice())),
            _ => true,
        })
    }

    /// Whether a widget's default appearance writes in dark ink: some readers fill in by it, whatever the look is.
    fn writes_dark(&mut self, widget: &Dict) -> Result<bool, Broken> {
        let catalog = self.new.catalog(self.source)?;
        let Obj::Dict(form) = self.new.get(self.source, &catalog, b"AcroForm")? else { return Ok(false) };
        let own = self.inherited(widget, b"DA", false)?;
        let appearance = if own == Obj::Null { self.new.get(self.source, &form, b"DA")? } else { own };
        let font = match appearance {
            Obj::Null => Vec::new(),
            Obj::Text(text) => match appearance::default_appearance(&text.bytes) {
                Some(steps) => steps,
                None => return Ok(false),
            },
            _ => return Ok(false),
        };
        let resources = self.new.get(self.source, &form, b"DR")?;
        // Each widget asks.
        let plain = match self.plain_form {
            Some(plain) => plain,
            None => self.has_plain_fonts(&resources, &[], true)?,
        };
        self.plain_form = Some(plain);
        Ok(plain && self.has_plain_named(&resources, &font, true)?)
    }

    /// What a widget of a revision shows; none where readers may differ.
    fn shown_by(&mut self, widget: &Dict, signed: bool) -> Result<Option<Shown>, Broken> {
        let button = self.inherited(widget, b"FT", signed)?.is_name(b"Btn");
        let doc = if signed { &mut *self.old } else { &mut *self.new };
        let looks = match doc.get(self.source, widget, b"AP")? {
            Obj::Null => Dict::default(),
            Obj::Dict(looks) if !looks.repeats() => looks,
            _ => return Ok(None),
        };
        let others = looks.entries.iter().filter(|(key, _)| key != b"N").cloned().collect();
        let others = Dict { entries: others };
        let Some(normal) = looks.get(b"N").cloned() else {
            // Ghostscript shows one of those then.
            if !others.entries.is_empty() {
                return Ok(None);
            }
            return Ok(Some(Shown { now: None, all: Vec::new(), by_reader: true, others }));
        };
        let located = match normal.as_ref() {
            Some(number) => doc.load(self.source, number)?,
            None => IndirectObject { obj: normal, span: None, stream: None },
        };
        if located.stream.is_some() {
            // Of a button there are looks of states.
            if button {
                return Ok(None);
            }
            let Some(look) = self.look(&located, signed, false)? else { return Ok(None) };
            return Ok(Some(Shown { now: Some(look.clone()), all: vec![look], by_reader: false, others }));
        }
        let (true, Obj::Dict(states)) = (button, located.obj) else { return Ok(None) };
        let state = match widget.get(b"AS") {
            Some(Obj::Name(state)) => state.clone(),
            // poppler shows the only one then.
            None if signed && states.entries.len() > 1 => b"Off".to_vec(),
            _ => return Ok(None),
        };
        // A state without a look: off, for which readers may make one.
        let is_there = states.get(&state).is_some();
        let few = states.entries.len() <= MAX_STATES;
        if !few || states.repeats() || states.get(b"").is_some() || !is_there && state != b"Off" {
            return Ok(None);
        }
        let mut shown = Shown { now: None, all: Vec::new(), by_reader: !is_there, others };
        for (name, of_state) in &states.entries {
            let Some(number) = of_state.as_ref() else { return Ok(None) };
            let located = if signed { &mut *self.old } else { &mut *self.new }.load(self.source, number)?;
            if signed && *name != state {
                continue;
            }
            let Some(look) = self.look(&located, signed, true)? else { return Ok(None) };
            if *name == state {
                shown.now = Some(look.clone());
            }
            shown.all.push(look);
        }
        Ok(Some(shown))
    }

    /// Whether resources hold nothing else: what blends, used or not, switches the colours of the whole page to some.
    pub(super) fn holds_only(&mut self, resources: &Obj, but: &[&[u8]]) -> Result<bool, Broken> {
        let Obj::Dict(resources) = resources else { return Ok(*resources == Obj::Null) };
        for (key, value) in &resources.entries {
            let empty = match self.new.resolve(self.source, value)? {
                Obj::Null => true,
                Obj::Dict(dict) => dict.entries.is_empty(),
                _ => false,
            };
            if !empty && !but.contains(&key.as_slice()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A look as a form of its own (8.10); none where readers may differ.
    fn look(&mut self, located: &IndirectObject, signed: bool, button: bool) -> Result<Option<Look>, Broken> {
        const KEYS: [&[u8]; 9] = [
            b"Type",
            b"Subtype",
            b"FormType",
            b"BBox",
            b"Matrix",
            b"Resources",
            b"Length",
            b"Filter",
            b"DecodeParms",
        ];
        let Some(form) = located.obj.as_dict() else { return Ok(None) };
        let frame = [b"BBox".as_slice(), b"Matrix"].map(|key| form.get(key).cloned().unwrap_or(Obj::Null));
        let plain = form.entries.iter().all(|(key, _)| KEYS.contains(&key.as_slice()));
        if located.stream.is_none() || !plain || !is_form(&located.obj) || !is_frame(&frame) {
            return Ok(None);
        }
        let doc = if signed { &mut *self.old } else { &mut *self.new };
        let content = doc.stream(self.source, located)?;
        // Some do not draw a look without proper resources.
        let resources = match form.get(b"Resources") {
            Some(Obj::Ref(number, _)) => doc.load(self.source, *number)?,
            Some(direct) => IndirectObject { obj: direct.clone(), span: None, stream: None },
            None => IndirectObject { obj: Obj::Null, span: None, stream: None },
        };
        let (None, resources @ (Obj::Null | Obj::Dict(_))) = (resources.stream, resources.obj) else {
            return Ok(None);
        };
        if !signed && !self.holds_only(&resources, &[b"Font", b"ProcSet"])? {
            return Ok(None);
        }
        let Some(steps) = appearance::steps(&content) else { return Ok(None) };
        let few = appearance::pieces(&steps) <= MAX_PIECES;
        // The same look for each widget and each revision.
        if !self.source.spend(steps.len() as u64 * STEP) {
            return Err(Broken);
        }
        let written = signed
            || few
                && self.has_plain_fonts(&resources, &steps, false)?
                && self.has_letters(&resources, &steps, button)?;
        if !written {
            return Ok(None);
        }
        Ok(Some(Look { steps, frame }))
    }
}

/// Whether a value's text is letters, numbers and signs of writing: readers that show it in a box of their own have
/// pictures, in colours too, for other characters.
fn is_letters(value: &Obj) -> bool {
    let plain = |c: char| {
        c.is_alphabetic() && !('\u{2000}'..'\u{3000}').contains(&c) && c < '\u{fb00}'
            || c.is_ascii_digit()
            || c.is_whitespace()
            || c.is_ascii_punctuation()
            || matches!(c, '\u{a0}'..='\u{36f}' | '\u{2010}'..='\u{2044}' | '\u{20a0}'..='\u{20cf}')
    };
    match value {
        Obj::Text(text) => whole_text(&text.bytes).chars().all(plain),
        Obj::Array(all) => all.iter().all(|one| matches!(one, Obj::Text(_)) && is_letters(one)),
        Obj::Null => true,
        _ => false,
    }
}

/// A box that all readers clip to, and a matrix, if any, that can be undone; written where they stand.
fn is_frame([own, matrix]: &[Obj; 2]) -> bool {
    let numbers = |obj: &Obj| -> Option<Vec<f64>> {
        let number = |one: &Obj| match one {
            Obj::Int(number) => Some(*number as f64),
            Obj::Real(number) => Some(*number),
            _ => None,
        };
        obj.as_array()?.iter().map(number).collect()
    };
    let boxed = numbers(own).is_some_and(|sides| match *sides.as_slice() {
        [left, bottom, right, top] => {
            left < right && bottom < top && sides.iter().all(|side| side.abs() <= MAX_SIDE)
        }
        _ => false,
    });
    let turned = *matrix == Obj::Null
        || numbers(matrix).is_some_and(|matrix| match *matrix.as_slice() {
            [a, b, c, d, _, _] => {
                (a * d - b * c).abs() > 1e-6 && matrix.iter().all(|number| number.abs() <= MAX_SIDE)
            }
            _ => false,
        });
    boxed && turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_letters_numbers_and_signs_of_writing() {
        let value = |text: &str| {
            let hex: String = text.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
            Parser::new(format!("<feff{hex}>").as_bytes(), 0, true).object(0).unwrap()
        };
        for plain in ["Nguyễn Thị Lan, 45 tuổi", "1.000.000 ₫ – “đủ”", "李\u{301}", ""] {
            assert!(is_letters(&value(plain)), "{plain}");
        }
        for picture in ["\u{2b1c}", "\u{2588}", "\u{1f170}", "\u{24c2}", "\u{278a}", "\u{e000}"] {
            assert!(!is_letters(&value(picture)), "{picture}");
        }
    }
}
