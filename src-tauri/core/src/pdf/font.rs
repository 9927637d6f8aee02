//! The mark's typeface: measuring, and an embedded subset with a way back to text.
//!
//! Liberation Serif 2 (OFL) has all 134 Vietnamese letters and the metrics of Times New Roman.
//! No shaper is needed: text is brought to NFC and every letter is one glyph.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

const SERIF: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts/LiberationSerif-Regular.ttf"));

/// The typeface, with the glyphs used so far.
pub struct Font {
    face: FontRef<'static>,
    units_per_em: u32,
    /// Old glyph → the letter it stands for.
    used: BTreeMap<u16, char>,
}

/// What goes into the PDF for a font.
pub struct Embedded {
    /// TrueType program of the subset.
    pub program: Vec<u8>,
    /// `/W` array: widths by new glyph number, thousandths of an em.
    pub widths: String,
    /// `/ToUnicode` CMap.
    pub to_unicode: String,
    /// `/BaseFont` with its subset tag.
    pub name: String,
    /// Descriptor numbers: font box, ascent, descent, cap height (thousandths of an em).
    pub descriptor: String,
    map: BTreeMap<u16, u16>,
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Font").field("used", &self.used.len()).finish_non_exhaustive()
    }
}

impl Font {
    /// The serif face. `None` only if the built-in file were no font, which a test rules out.
    #[must_use]
    pub fn serif() -> Option<Self> {
        let face = FontRef::new(SERIF).ok()?;
        let units_per_em = u32::from(face.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        Some(Self { face, units_per_em, used: BTreeMap::new() })
    }

    fn glyph(&self, letter: char) -> u16 {
        let id = self.face.charmap().map(letter).unwrap_or(GlyphId::NOTDEF).to_u32();
        u16::try_from(id).unwrap_or(0)
    }

    fn advance(&self, glyph: u16) -> u32 {
        let metrics = self.face.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units = metrics.advance_width(GlyphId::from(glyph)).unwrap_or(0.0).round().max(0.0);
        // Rounded to thousandths of an em once, so that drawing and `/W` agree.
        (units as u32 * 1000 + self.units_per_em / 2) / self.units_per_em.max(1)
    }

    /// Width of a line, thousandths of a point, at a size in thousandths of a point.
    #[must_use]
    pub fn width(&self, text: &str, size: i64) -> i64 {
        let ems: i64 = text.nfc().map(|c| i64::from(self.advance(self.glyph(c)))).sum();
        ems * size / 1000
    }

    /// True when the face draws every letter of the text.
    #[must_use]
    pub fn covers(&self, text: &str) -> bool {
        text.nfc().all(|c| self.glyph(c) != 0)
    }

    /// Remembers the letters of a text for the subset.
    pub fn note(&mut self, text: &str) {
        for letter in text.nfc() {
            self.used.entry(self.glyph(letter)).or_insert(letter);
        }
    }

    /// The subset of all noted letters. `None` if the subsetter refuses the face.
    #[must_use]
    pub fn embed(&self) -> Option<Embedded> {
        let mut remapper = subsetter::GlyphRemapper::new();
        for glyph in self.used.keys() {
            remapper.remap(*glyph);
        }
        let program = subsetter::subset(SERIF, 0, &remapper).ok()?;
        let map: BTreeMap<u16, u16> =
            self.used.keys().filter_map(|old| Some((*old, remapper.get(*old)?))).collect();
        let mut widths = String::from("[0[");
        let mut by_new: BTreeMap<u16, u16> = map.iter().map(|(old, new)| (*new, *old)).collect();
        by_new.entry(0).or_insert(0);
        for new in 0..=by_new.keys().max().copied().unwrap_or(0) {
            let width = by_new.get(&new).map_or(0, |old| self.advance(*old));
            _ = write!(widths, "{width} ");
        }
        widths.push_str("]]");
        let tag: String = (0..6)
            .map(|i| {
                let sum: u32 = self
                    .used
                    .keys()
                    .map(|g| u32::from(*g).wrapping_mul(31 + i))
                    .fold(i, |a, b| a.wrapping_mul(33).wrapping_add(b));
                char::from(b'A' + (sum % 26) as u8)
            })
            .collect();
        let metrics = self.face.metrics(Size::unscaled(), LocationRef::default());
        let em = self.units_per_em.max(1) as f32;
        let milli = |v: f32| (v * 1000.0 / em).round() as i64;
        let bounds = metrics.bounds.unwrap_or_default();
        let descriptor = format!(
            "/FontBBox [{} {} {} {}] /Ascent {} /Descent {} /CapHeight {} /ItalicAngle 0 /StemV 80 /Flags 4",
            milli(bounds.x_min),
            milli(bounds.y_min),
            milli(bounds.x_max),
            milli(bounds.y_max),
            milli(metrics.ascent),
            milli(metrics.descent),
            milli(metrics.cap_height.unwrap_or(metrics.ascent * 0.7)),
        );
        Some(Embedded {
            to_unicode: to_unicode(map.iter().filter_map(|(old, new)| Some((*new, *self.used.get(old)?)))),
            name: format!("{tag}+LiberationSerif"),
            program,
            widths,
            descriptor,
            map,
        })
    }
}

impl Embedded {
    /// A line as the hexadecimal string of a `Tj`.
    #[must_use]
    pub fn show(&self, font: &Font, text: &str) -> String {
        let mut hex = String::from("<");
        for letter in text.nfc() {
            let new = self.map.get(&font.glyph(letter)).copied().unwrap_or(0);
            _ = write!(hex, "{new:04X}");
        }
        hex.push('>');
        hex
    }
}

fn to_unicode(pairs: impl Iterator<Item = (u16, char)>) -> String {
    let mut sorted: Vec<(u16, char)> = pairs.filter(|(new, _)| *new != 0).collect();
    sorted.sort_unstable();
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    for block in sorted.chunks(100) {
        _ = writeln!(map, "{} beginbfchar", block.len());
        for (new, letter) in block {
            let mut units = [0; 2];
            let text: String = letter.encode_utf16(&mut units).iter().map(|u| format!("{u:04X}")).collect();
            _ = writeln!(map, "<{new:04X}> <{text}>");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIETNAMESE: &str =
        "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ";

    #[test]
    fn every_vietnamese_letter_has_a_glyph() {
        let font = Font::serif().unwrap();
        assert!(font.covers(VIETNAMESE));
        assert!(font.covers(&VIETNAMESE.to_uppercase()));
        assert!(!font.covers("漢"), "the test can fail");
    }

    #[test]
    fn decomposed_text_draws_like_composed() {
        let font = Font::serif().unwrap();
        let decomposed: String = "Nguyễn Thị Lệ".nfd().collect();
        assert_eq!(font.width(&decomposed, 8000), font.width("Nguyễn Thị Lệ", 8000));
    }

    #[test]
    fn the_subset_is_small_and_stable() {
        let make = || {
            let mut font = Font::serif().unwrap();
            font.note("Nguyễn Thị Lan 24/11/2026");
            font.embed().unwrap()
        };
        assert!(make().program.len() < 20_000, "a name and a date need few glyphs");
        assert_eq!(make().program, make().program);
        assert_eq!(make().name, make().name);
    }
}
