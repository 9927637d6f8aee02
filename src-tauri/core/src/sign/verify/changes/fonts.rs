//! The fonts that what is filled in is written with: letters every reader has, or nobody knows what they show.
//!
//! Touches only resources of the newest revision.

use super::super::{
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{Compare, appearance};

impl Compare<'_, '_> {
    /// Whether what is written is written in letters as every reader has them: in a font of its own a letter may be a
    /// picture, even one in colours. A button has one for its cross or tick.
    pub(super) fn has_letters(
        &mut self,
        resources: &Obj,
        steps: &[appearance::Step],
        button: bool,
    ) -> Result<bool, Broken> {
        const FAMILIES: [&[u8]; 5] = [b"Helvetica", b"Times", b"Courier", b"Arial", b"TimesNewRoman"];
        const KEYS: [&[u8]; 9] = [
            b"Type",
            b"Subtype",
            b"Name",
            b"BaseFont",
            b"Encoding",
            b"FirstChar",
            b"LastChar",
            b"Widths",
            b"FontDescriptor",
        ];
        // No program of its own, and no family or style by which a reader would choose another.
        const ABOUT: [&[u8]; 16] = [
            b"Type",
            b"FontName",
            b"Flags",
            b"FontBBox",
            b"ItalicAngle",
            b"Ascent",
            b"Descent",
            b"Leading",
            b"CapHeight",
            b"XHeight",
            b"StemV",
            b"StemH",
            b"AvgWidth",
            b"MaxWidth",
            b"MissingWidth",
            b"FontWeight",
        ];
        const STYLES: &[u8] = b"-,BoldItalicObliqueRomanPSMT";
        const ENCODINGS: [&[u8]; 4] =
            [b"StandardEncoding", b"WinAnsiEncoding", b"MacRomanEncoding", b"PDFDocEncoding"];
        let fonts = self.fonts_of(resources)?;
        for name in appearance::fonts(steps) {
            let Obj::Dict(font) = self.new.get(self.source, &fonts, name)? else { return Ok(false) };
            let Some(Obj::Name(base)) = font.get(b"BaseFont").cloned() else { return Ok(false) };
            let of = |family: &&[u8]| {
                base.strip_prefix(*family).is_some_and(|style| style.iter().all(|b| STYLES.contains(b)))
            };
            let signs = button && base == b"ZapfDingbats" && appearance::is_sign(steps);
            let known_keys = font.entries.iter().all(|(key, _)| KEYS.contains(&key.as_slice()));
            let own = match self.new.get(self.source, &font, b"FontDescriptor")? {
                Obj::Null => false,
                Obj::Dict(about) => {
                    let named = about.get(b"FontName").is_none_or(|name| name.is_name(&base));
                    !named || about.entries.iter().any(|(key, _)| !ABOUT.contains(&key.as_slice()))
                }
                _ => true,
            };
            let known = match self.new.get(self.source, &font, b"Encoding")? {
                Obj::Null => true,
                Obj::Name(name) => ENCODINGS.contains(&name.as_slice()),
                Obj::Dict(changed) => self.has_letter_names(&changed)?,
                _ => false,
            };
            let simple = font.has_name(b"Subtype", b"Type1") || font.has_name(b"Subtype", b"TrueType");
            if own || !simple || !known_keys || !known || !(signs || FAMILIES.iter().any(of)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fonts_of(&mut self, resources: &Obj) -> Result<Dict, Broken> {
        let Obj::Dict(resources) = resources else { return Ok(Dict::default()) };
        Ok(self.new.get(self.source, resources, b"Font")?.as_dict().cloned().unwrap_or_default())
    }

    /// Whether an encoding names letters of the Latin alphabets only.
    fn has_letter_names(&mut self, encoding: &Dict) -> Result<bool, Broken> {
        if encoding.repeats() {
            return Ok(false);
        }
        let names = match self.new.get(self.source, encoding, b"Differences")? {
            Obj::Null => Vec::new(),
            Obj::Array(names) => names,
            _ => return Ok(false),
        };
        let mut code = -1;
        Ok(names.iter().all(|name| match name {
            Obj::Int(first) => {
                code = first - 1;
                true
            }
            Obj::Name(name) => {
                code += 1;
                // A letter of ASCII is what it is: how wide it is at least is told by its code.
                let own = |code: i64| u8::try_from(code).is_ok_and(|code| name.as_slice() == [code]);
                std::str::from_utf8(name).is_ok_and(is_latin)
                    && (!(0x20..0x7f).contains(&code) || name.len() > 1 && !is_wide(name) || own(code))
            }
            _ => false,
        }))
    }

    /// Whether the fonts named are letters, not drawings (Type 3). `or_none`: readers have one of their own for what
    /// is missing.
    pub(super) fn has_plain_fonts(
        &mut self,
        resources: &Obj,
        steps: &[appearance::Step],
        or_none: bool,
    ) -> Result<bool, Broken> {
        // Spaces of colour may make white of black.
        if resources.as_dict().is_some_and(|all| all.repeats() || all.get(b"ColorSpace").is_some()) {
            return Ok(false);
        }
        let fonts = self.fonts_of(resources)?;
        // A reader that draws the look anew may take any of them.
        for (_, font) in &fonts.entries {
            if fonts.repeats() || !self.is_plain_font(font, or_none)? {
                return Ok(false);
            }
        }
        self.has_plain_named(resources, steps, or_none)
    }

    /// The same of the fonts that are named alone.
    pub(super) fn has_plain_named(
        &mut self,
        resources: &Obj,
        steps: &[appearance::Step],
        or_none: bool,
    ) -> Result<bool, Broken> {
        let fonts = self.fonts_of(resources)?;
        for name in appearance::fonts(steps) {
            if !self.is_plain_font(fonts.get(name).unwrap_or(&Obj::Null), or_none)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_plain_font(&mut self, font: &Obj, or_none: bool) -> Result<bool, Broken> {
        const KINDS: [&[u8]; 4] = [b"Type0", b"Type1", b"MMType1", b"TrueType"];
        Ok(match self.new.resolve(self.source, font)? {
            Obj::Null => or_none,
            Obj::Dict(font) => !font.repeats() && KINDS.iter().any(|kind| font.has_name(b"Subtype", kind)),
            _ => false,
        })
    }
}

/// Whether a glyph is wider than most.
fn is_wide(name: &[u8]) -> bool {
    [b"AE".as_slice(), b"OE", b"ae", b"oe", b"percent", b"at", b"perthousand", b"emdash"].contains(&name)
}

/// Whether a glyph's name is one of the Latin character set (ISO 32000-2, D.2), and no picture.
fn is_latin(name: &str) -> bool {
    const ACCENTS: [&str; 12] = [
        "",
        "acute",
        "grave",
        "circumflex",
        "dieresis",
        "tilde",
        "caron",
        "cedilla",
        "ring",
        "slash",
        "macron",
        "breve",
    ];
    const OTHERS: &str = " .notdef AE ae OE oe germandbls eth Eth thorn Thorn dotlessi fi fl \
        zero one two three four five six seven eight nine space exclam quotedbl numbersign dollar percent \
        ampersand quotesingle parenleft parenright asterisk plus comma hyphen period slash colon semicolon less \
        equal greater question at bracketleft backslash bracketright asciicircum underscore grave braceleft bar \
        braceright asciitilde bullet dagger daggerdbl ellipsis emdash endash florin fraction guilsinglleft \
        guilsinglright minus perthousand quotedblbase quotedblleft quotedblright quoteleft quoteright \
        quotesinglbase trademark Euro exclamdown cent sterling currency yen brokenbar section dieresis copyright \
        ordfeminine guillemotleft logicalnot registered macron degree plusminus twosuperior threesuperior acute \
        mu paragraph periodcentered cedilla onesuperior ordmasculine guillemotright onequarter onehalf \
        threequarters questiondown multiply divide breve caron circumflex dotaccent hungarumlaut ogonek ring \
        tilde ";
    let mut letters = name.chars();
    let accented =
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && ACCENTS.contains(&letters.as_str());
    accented || !name.contains(' ') && OTHERS.contains(&format!(" {name} "))
}
