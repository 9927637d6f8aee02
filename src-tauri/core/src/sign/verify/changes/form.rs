//! What may be done to a form (ISO 32000-2, 12.7): signature fields added and signed, empty fields filled in.

use std::collections::HashMap;

use super::super::{
    document::Located,
    fields,
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{Change, Compare, MAX_DEPTH, look, named::whole_text, uses::Key, uses::Use};

impl Compare<'_, '_> {
    /// What it means that the picture of fields changed; none when it, or the field, is something else as well.
    pub(super) fn face(&mut self, number: u32) -> Result<Option<Change>, Broken> {
        let uses = self.uses.to(number).to_vec();
        if uses.is_empty() {
            return Ok(None);
        }
        let mut worst = Change::None;
        for one in uses {
            if one.path.first() != Some(&Some(Key::Appearance)) || !self.roles.fields.contains(&one.by) {
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
                // Readers make looks of their own from these, for fields nobody filled in too.
                b"DR" | b"DA" if after.get(b"NeedAppearances").is_some() || self.is_undrawn()? => {
                    Change::Undecided
                }
                // Fonts for what is filled in; a form of signatures alone has nothing of the kind.
                b"DR" | b"DA" if self.only_signatures()? => Change::Signing,
                b"DR" if self.has_more_fonts(before, after)? => Change::FormFilling,
                b"DR" | b"DA" => Change::Undecided,
                _ => Change::Other,
            };
            worst = worst.max(change);
        }
        Ok(worst)
    }

    /// Whether the resources of the form got further fonts, and kept what they had.
    fn has_more_fonts(&mut self, before: &Dict, after: &Dict) -> Result<bool, Broken> {
        let was = self.old.get(self.source, before, b"DR")?;
        let is = self.new.get(self.source, after, b"DR")?;
        let empty = Dict::default();
        let (was, Obj::Dict(is)) = (was.as_dict().unwrap_or(&empty), &is) else { return Ok(false) };
        if was.repeats() || is.repeats() || was.differing(is).iter().any(|key| key != b"Font") {
            return Ok(false);
        }
        let was = self.old.get(self.source, was, b"Font")?;
        let is = self.new.get(self.source, is, b"Font")?;
        let (was, Obj::Dict(is)) = (was.as_dict().unwrap_or(&empty), &is) else { return Ok(false) };
        let kept = !is.repeats() && was.entries.iter().all(|(name, font)| is.get(name) == Some(font));
        // A name that was missing, and that a reader had a font of its own for.
        let mut all = vec![self.old.get(self.source, before, b"DA")?];
        for number in self.roles.fields.clone() {
            if let Obj::Dict(field) = self.old.load(self.source, number)?.obj {
                all.push(self.old.get(self.source, &field, b"DA")?);
            }
        }
        let is_new = |name: &[u8]| is.get(name).is_some() && was.get(name).is_none();
        Ok(kept
            && all.iter().all(|appearance| match appearance {
                Obj::Null => true,
                Obj::Text(text) => {
                    look::steps(&text.bytes).is_some_and(|steps| !look::fonts(&steps).any(is_new))
                }
                _ => false,
            }))
    }

    /// Whether some widget or text note has no look of its own, with fonts of its own, so that readers make one.
    fn is_undrawn(&mut self) -> Result<bool, Broken> {
        let numbers: Vec<u32> = self.new.entries.keys().copied().collect();
        for number in numbers {
            let mut todo = vec![self.new.load(self.source, number)?.obj];
            while let Some(obj) = todo.pop() {
                match obj {
                    Obj::Dict(dict) if self.is_bare(&dict)? => return Ok(true),
                    Obj::Dict(dict) => todo.extend(dict.entries.into_iter().map(|(_, value)| value)),
                    Obj::Array(items) => todo.extend(items),
                    _ => {}
                }
            }
        }
        Ok(false)
    }

    fn is_bare(&mut self, note: &Dict) -> Result<bool, Broken> {
        let drawn_from_form =
            [b"Widget".as_slice(), b"FreeText"].iter().any(|kind| note.has_name(b"Subtype", kind));
        if !drawn_from_form || self.inherited(note, b"FT", false)?.is_name(b"Sig") {
            return Ok(false);
        }
        let Obj::Dict(looks) = self.new.get(self.source, note, b"AP")? else { return Ok(true) };
        match self.new.get(self.source, &looks, b"N")? {
            Obj::Dict(normal) if normal.get(b"BBox").is_some() => Ok(normal.get(b"Resources").is_none()),
            Obj::Dict(states) => {
                let mut bare = states.entries.is_empty();
                for (state, _) in &states.entries {
                    let look = self.new.get(self.source, &states, state)?;
                    bare |= look.as_dict().is_none_or(|look| look.get(b"Resources").is_none());
                }
                Ok(bare)
            }
            _ => Ok(true),
        }
    }

    /// Whether a new field has the full name of another (12.7.4.2): to readers both are one, and a value the other's.
    pub(super) fn is_namesake(&mut self) -> Result<bool, Broken> {
        let mut names: HashMap<String, bool> = HashMap::new();
        for number in fields::numbers(self.new, self.source)? {
            let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { continue };
            if field.get(b"T").is_none() {
                continue;
            }
            let (mut name, mut above) = (String::new(), field);
            for depth in 0.. {
                if let Obj::Text(own) = self.new.get(self.source, &above, b"T")? {
                    name = format!("{}.{name}", whole_text(&own.bytes));
                }
                match self.new.get(self.source, &above, b"Parent")? {
                    Obj::Dict(parent) if depth < MAX_DEPTH => above = parent,
                    Obj::Null => break,
                    _ => return Ok(true),
                }
            }
            let added = self.added.contains(&number);
            match names.get_mut(&name) {
                Some(other) if *other || added => return Ok(true),
                Some(_) => {}
                None => {
                    names.insert(name, added);
                }
            }
        }
        Ok(false)
    }

    fn only_signatures(&mut self) -> Result<bool, Broken> {
        for number in self.roles.fields.clone() {
            let Obj::Dict(field) = self.new.load(self.source, number)?.obj else { return Ok(false) };
            if !self.inherited(&field, b"FT", false)?.is_name(b"Sig") {
                return Ok(false);
            }
        }
        Ok(true)
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
        for item in new {
            if kept.next_if_eq(&item).is_some() {
                continue;
            }
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
        let known = self.roles.fields.contains(&number) && located.stream.is_none() && depth <= MAX_DEPTH;
        if !annotation || !widget || odd || !text || !known || field.repeats() {
            return Ok(Change::Other);
        }
        let mut worst = self.shown(number)?;
        for kid in self.items(&field, b"Kids")? {
            match kid.as_ref() {
                Some(kid) if self.added.contains(&kid) => worst = worst.max(self.new_field(kid, depth + 1)?),
                _ => return Ok(Change::Other),
            }
        }
        Ok(worst)
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
        let visible = self.is_visible(&field)?;
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
                let own = |one: &Use| one.by == number && one.is(&[Key::Value]);
                let new = self.added.contains(&value) && self.signatures.contains(&value);
                let fits = new && self.uses.to(value).len() == 1 && self.uses.only(value, own);
                return Ok(match self.new.load(self.source, value)?.obj {
                    Obj::Dict(value) if fits => Value::Signed(value),
                    _ => Value::Odd,
                });
            }
            let Some(above) = field.get(b"Parent") else { return Ok(Value::None) };
            let Some(above) = above.as_ref().filter(|n| self.roles.fields.contains(n)) else {
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

    fn is_visible(&mut self, field: &Dict) -> Result<bool, Broken> {
        let rect = self.new.get(self.source, field, b"Rect")?;
        let sides = self.numbers(&rect)?;
        if rect != Obj::Null && rect.as_array().is_none_or(|rect| rect.len() != sides.len()) {
            return Ok(true);
        }
        Ok(match sides.as_slice() {
            [left, bottom, right, top] => left != right && bottom != top,
            [] => field.get(b"AP").is_some(),
            _ => true,
        })
    }

    /// The numbers of an array, up to what is none.
    fn numbers(&mut self, array: &Obj) -> Result<Vec<f64>, Broken> {
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

    fn items(&mut self, dict: &Dict, key: &[u8]) -> Result<Vec<Obj>, Broken> {
        match self.new.get(self.source, dict, key)? {
            Obj::Null => Ok(Vec::new()),
            Obj::Array(list) => Ok(list),
            _ => Err(Broken),
        }
    }

    /// A value of a field, or of the fields above it; in the signed revision or the newest.
    fn inherited(&mut self, field: &Dict, key: &[u8], signed: bool) -> Result<Obj, Broken> {
        let doc = if signed { &mut *self.old } else { &mut *self.new };
        let mut field = field.clone();
        for _ in 0..MAX_DEPTH {
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
        let keys = before.differing(after);
        let only = |allowed: &[&[u8]]| keys.iter().all(|k| allowed.contains(&k.as_slice()));
        if !matches!(kind, Obj::Name(_)) || self.inherited(after, b"FT", false)? != kind {
            return Ok(Change::Other);
        }
        if kind.is_name(b"Sig") {
            let empty = self.inherited(before, b"V", true)? == Obj::Null;
            let filled = only(&[b"V", b"AP", b"F", b"M", b"AS", b"DA", b"Q", b"Ff", b"MK", b"Type"]);
            return if empty && filled { self.shown(number) } else { Ok(Change::Other) };
        }
        let filled = only(&[b"V", b"AP", b"AS", b"M", b"I", b"DA", b"Q", b"BS"]);
        if filled { self.filled(number) } else { Ok(Change::Other) }
    }

    /// A field of another kind got a value or a look. It was empty, whoever fills it in may, and nothing comes of it
    /// but writing in its place: what was there before is what was signed.
    fn filled(&mut self, number: u32) -> Result<Change, Broken> {
        const READ_ONLY: i64 = 1;
        const PUSH_BUTTON: i64 = 1 << 16;
        let (before, after) = (self.old.load(self.source, number)?, self.new.load(self.source, number)?);
        let (Obj::Dict(before), Obj::Dict(after)) = (before.obj, after.obj) else {
            return Ok(Change::Undecided);
        };
        let kind = self.inherited(&after, b"FT", false)?;
        let button = kind.is_name(b"Btn");
        let widget = after.get(b"Subtype").is_none_or(|v| v.is_name(b"Widget"));
        let fillable = match self.inherited(&after, b"Ff", false)? {
            Obj::Null => true,
            Obj::Int(flags) => flags & READ_ONLY == 0 && !(button && flags & PUSH_BUTTON != 0),
            _ => false,
        };
        let empty = match self.inherited(&before, b"V", true)? {
            Obj::Null => true,
            Obj::Text(text) => text.bytes.is_empty(),
            Obj::Name(name) => button && name == b"Off",
            Obj::Array(chosen) => chosen.is_empty(),
            _ => false,
        };
        let known = button || kind.is_name(b"Tx") || kind.is_name(b"Ch");
        let fits = known && widget && fillable && empty && self.only_written(number, 0)?;
        Ok(if fits { Change::FormFilling } else { Change::Undecided })
    }

    /// Whether every widget of a field got nothing but writing.
    fn only_written(&mut self, number: u32, depth: usize) -> Result<bool, Broken> {
        if depth > MAX_DEPTH || !self.roles.fields.contains(&number) {
            return Ok(false);
        }
        if let Some(known) = self.written.get(&number) {
            return Ok(*known);
        }
        self.written.insert(number, false);
        let (before, after) = (self.old.load(self.source, number)?, self.new.load(self.source, number)?);
        let (Obj::Dict(before), Obj::Dict(after)) = (before.obj, after.obj) else { return Ok(false) };
        let kids = self.items(&after, b"Kids")?;
        let mut written = true;
        for kid in &kids {
            written = written
                && match kid.as_ref() {
                    Some(kid) => self.only_written(kid, depth + 1)?,
                    None => false,
                };
        }
        if kids.is_empty() {
            written = self.widget_written(&before, &after)?;
        }
        self.written.insert(number, written);
        Ok(written)
    }

    fn widget_written(&mut self, before_widget: &Dict, after_widget: &Dict) -> Result<bool, Broken> {
        let (Some(was), Some(is)) = (self.look(before_widget, true)?, self.look(after_widget, false)?) else {
            return Ok(false);
        };
        let by_reader = was.steps.is_none() || is.steps.is_none() || self.reader_draws()?;
        let bordered = before_widget.get(b"BS") != after_widget.get(b"BS");
        if was.others != is.others || by_reader && (bordered || !self.drawn_dark(after_widget)?) {
            return Ok(false);
        }
        let (before, after) = (was.steps.unwrap_or_default(), is.steps.unwrap_or_default());
        let framed = was.frame == is.frame || !look::paints(&before);
        let size = |sides: &[f64]| match *sides {
            [left, bottom, right, top] => Some([(right - left).abs(), (top - bottom).abs()]),
            _ => None,
        };
        let rect = self.new.get(self.source, after_widget, b"Rect")?;
        let [own, _] = &is.frame;
        let (rect, own) = (self.numbers(&rect)?, self.numbers(own)?);
        // The box of a look fills the widget's (12.5.5), turned perhaps.
        let [_, matrix] = &is.frame;
        let turned = match self.numbers(matrix)?.as_slice() {
            [] => Some(false),
            [a, b, c, d, _, _] if *b == 0.0 && *c == 0.0 && *a != 0.0 && *d != 0.0 => Some(false),
            [a, b, c, d, _, _] if *a == 0.0 && *d == 0.0 && *b != 0.0 && *c != 0.0 => Some(true),
            _ => None,
        };
        let scale = match (size(&rect), size(&own), turned) {
            (Some([w, h]), Some([x, y]), Some(false)) if x > 0.0 && y > 0.0 => (w / x).max(h / y),
            (Some([w, h]), Some([x, y]), Some(true)) if x > 0.0 && y > 0.0 => (w / y).max(h / x),
            _ => f64::INFINITY,
        };
        Ok(framed && look::only_writes(&before, &after, scale))
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

    /// Whether the look a reader makes of a widget's colours and default appearance is writing in dark ink.
    fn drawn_dark(&mut self, widget: &Dict) -> Result<bool, Broken> {
        let colors = match self.new.get(self.source, widget, b"MK")? {
            Obj::Null => Dict::default(),
            Obj::Dict(colors) => colors,
            _ => return Ok(false),
        };
        let catalog = self.new.catalog(self.source)?;
        let Obj::Dict(form) = self.new.get(self.source, &catalog, b"AcroForm")? else { return Ok(false) };
        let own = self.inherited(widget, b"DA", false)?;
        let appearance = if own == Obj::Null { self.new.get(self.source, &form, b"DA")? } else { own };
        let steps = match appearance {
            Obj::Null => Vec::new(),
            Obj::Text(text) => match look::steps(&text.bytes) {
                Some(steps) => steps,
                None => return Ok(false),
            },
            _ => return Ok(false),
        };
        let resources = self.new.get(self.source, &form, b"DR")?;
        let fonts = self.has_plain_fonts(&resources, &steps, true)?;
        let bare = colors.get(b"BG").is_none() && colors.get(b"BC").is_none();
        Ok(bare && fonts && look::writes_dark(&steps))
    }

    /// What a widget of a revision shows; none where readers may differ.
    fn look(&mut self, widget: &Dict, signed: bool) -> Result<Option<Look>, Broken> {
        let doc = if signed { &mut *self.old } else { &mut *self.new };
        let looks = match doc.get(self.source, widget, b"AP")? {
            Obj::Null => Dict::default(),
            Obj::Dict(looks) if !looks.repeats() => looks,
            _ => return Ok(None),
        };
        let others = looks.entries.iter().filter(|(key, _)| key != b"N").cloned().collect();
        let mut look = Look { steps: None, frame: [Obj::Null, Obj::Null], others: Dict { entries: others } };
        let Some(mut normal) = looks.get(b"N").cloned() else { return Ok(Some(look)) };
        let mut located = match normal.as_ref() {
            Some(number) => doc.load(self.source, number)?,
            None => Located { obj: normal.clone(), span: None, stream: None },
        };
        if located.stream.is_none() {
            let Obj::Dict(states) = located.obj else { return Ok(None) };
            let state = match widget.get(b"AS") {
                Some(Obj::Name(state)) => state.clone(),
                None if signed => b"Off".to_vec(),
                _ => return Ok(None),
            };
            match states.get(&state) {
                Some(of_state) if !states.repeats() => normal = of_state.clone(),
                // A state without a look shows nothing.
                None if !states.repeats() => {
                    look.steps = Some(Vec::new());
                    return Ok(Some(look));
                }
                _ => return Ok(None),
            }
            let Some(number) = normal.as_ref() else { return Ok(None) };
            located = doc.load(self.source, number)?;
        }
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
        if located.stream.is_none() || !form.entries.iter().all(|(key, _)| KEYS.contains(&key.as_slice())) {
            return Ok(None);
        }
        look.frame = [doc.get(self.source, form, b"BBox")?, doc.get(self.source, form, b"Matrix")?];
        let content = doc.stream(self.source, &located)?;
        let Some(steps) = look::steps(&content) else { return Ok(None) };
        let resources = doc.get(self.source, form, b"Resources")?;
        if !signed && !self.has_plain_fonts(&resources, &steps, false)? {
            return Ok(None);
        }
        look.steps = Some(steps);
        Ok(Some(look))
    }

    /// Whether the fonts named are letters, not drawings (Type 3). `or_none`: readers have one of their own for what
    /// is missing.
    fn has_plain_fonts(
        &mut self,
        resources: &Obj,
        steps: &[look::Step],
        or_none: bool,
    ) -> Result<bool, Broken> {
        const KINDS: [&[u8]; 4] = [b"Type0", b"Type1", b"MMType1", b"TrueType"];
        let fonts = match resources {
            // Spaces of colour may make white of black.
            Obj::Dict(resources) if resources.repeats() || resources.get(b"ColorSpace").is_some() => {
                return Ok(false);
            }
            Obj::Dict(resources) => self.new.get(self.source, resources, b"Font")?,
            _ => Obj::Null,
        };
        let empty = Dict::default();
        let fonts = fonts.as_dict().unwrap_or(&empty);
        for name in look::fonts(steps) {
            let plain = match self.new.get(self.source, fonts, name)? {
                Obj::Null => or_none,
                Obj::Dict(font) => KINDS.iter().any(|kind| font.has_name(b"Subtype", kind)),
                _ => false,
            };
            if !plain || fonts.repeats() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What a widget shows.
struct Look {
    /// None where it has no look, and readers make one.
    steps: Option<Vec<look::Step>>,
    /// Its box and matrix.
    frame: [Obj; 2],
    /// Its looks under the pointer.
    others: Dict,
}

/// The value of a signature field.
enum Value {
    None,
    /// New, this field's alone, and judged for itself.
    Signed(Dict),
    Odd,
}
