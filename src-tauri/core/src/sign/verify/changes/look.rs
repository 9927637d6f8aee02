//! What the look of a form field draws (ISO 32000-2, 12.7.4.3): whether filling the field in wrote in it, and did
//! nothing else to the page.
//!
//! Touches only the streams it is given.

use super::super::syntax::{Fault, Lexer, Obj};

/// Widest line that still draws a box or a cross, and covers nothing, points.
const MAX_WIDTH: f64 = 2.0;
/// Brightest ink, 0 black to 1 white: a bright one covers what is printed as if it were paper.
const MAX_BRIGHTNESS: f64 = 0.5;
/// Most operators of a look.
const MAX_STEPS: usize = 50_000;

/// An operator of a content stream and its operands.
#[derive(Debug, PartialEq)]
pub(super) struct Step {
    operator: Vec<u8>,
    operands: Vec<Obj>,
}

/// The operators of a content stream; none where it is not plain.
pub(super) fn steps(content: &[u8]) -> Option<Vec<Step>> {
    let mut lexer = Lexer::new(content, 0, true);
    let (mut all, mut operands) = (Vec::new(), Vec::new());
    loop {
        match lexer.operator() {
            Ok(Some(operator)) => {
                all.push(Step { operator, operands: std::mem::take(&mut operands) });
                if all.len() > MAX_STEPS {
                    return None;
                }
            }
            Ok(None) if lexer.is_at_end() => return operands.is_empty().then_some(all),
            Ok(None) => operands.push(lexer.object(0).ok().filter(Obj::is_closed)?),
            Err(Fault::Bad | Fault::Incomplete) => return None,
        }
    }
}

/// Names of the fonts it writes with.
pub(super) fn fonts(steps: &[Step]) -> impl Iterator<Item = &[u8]> {
    steps.iter().filter(|step| step.operator == b"Tf").filter_map(|step| match step.operands.first() {
        Some(Obj::Name(name)) => Some(name.as_slice()),
        _ => None,
    })
}

/// Whether a look that follows another leaves what that painted and adds writing in dark ink and thin lines only;
/// the earlier one had nothing written in it. `scale`: how many times larger it is on the page.
pub(super) fn only_writes(before: &[Step], after: &[Step], scale: f64) -> bool {
    let kept = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let mut old = Pen::default();
    let left = before.iter().enumerate().all(|(at, step)| {
        let done = old.take(step);
        done != Some(Done::Wrote) && (done == Some(Done::Nothing) || at < kept && done.is_some())
    });
    let mut new = Pen::default();
    left && after.iter().enumerate().all(|(at, step)| match new.take(step) {
        Some(Done::Nothing) => true,
        Some(Done::Wrote) => new.ink.fill <= MAX_BRIGHTNESS,
        Some(Done::Lined) => {
            at < kept || new.ink.line <= MAX_BRIGHTNESS && new.ink.width * scale <= MAX_WIDTH
        }
        Some(Done::Painted) => at < kept,
        None => false,
    })
}

/// Whether it painted anything at all.
pub(super) fn paints(steps: &[Step]) -> bool {
    let mut pen = Pen::default();
    steps.iter().any(|step| pen.take(step) != Some(Done::Nothing))
}

/// Whether a field's default appearance (`/DA`) writes in dark ink, as readers do that draw the look themselves.
pub(super) fn writes_dark(appearance: &[Step]) -> bool {
    let mut pen = Pen::default();
    appearance.iter().all(|step| pen.take(step) == Some(Done::Nothing)) && pen.ink.fill <= MAX_BRIGHTNESS
}

/// What an operator did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Nothing,
    Wrote,
    Lined,
    Painted,
}

/// Brightness of what it fills and strokes with, 0 to 1; width of its lines, points.
#[derive(Debug, Clone, Copy)]
struct Ink {
    fill: f64,
    line: f64,
    width: f64,
}

/// What counts of the graphics state (8.4).
struct Pen {
    ink: Ink,
    saved: Vec<Ink>,
}

impl Default for Pen {
    fn default() -> Self {
        Self { ink: Ink { fill: 0.0, line: 0.0, width: 1.0 }, saved: Vec::new() }
    }
}

impl Pen {
    /// Carries out a step; none for what is not known here, leads to resources but fonts, or is no plain use.
    fn take(&mut self, step: &Step) -> Option<Done> {
        let mut numbers = Vec::new();
        for operand in &step.operands {
            numbers.push(match operand {
                Obj::Int(number) => *number as f64,
                Obj::Real(number) => *number,
                _ => continue,
            });
        }
        let plain = numbers.len() == step.operands.len();
        let is_text = |operand: Option<&Obj>| matches!(operand, Some(Obj::Text(_)));
        match (step.operator.as_slice(), numbers.as_slice()) {
            (b"q", []) => self.saved.push(self.ink),
            (b"Q", []) => self.ink = self.saved.pop()?,
            // Larger, a thin line is a thick one.
            (b"cm", [a, b, c, d, _, _]) if plain && [a, b, c, d].iter().all(|n| n.abs() <= 1.0) => {}
            (b"w", [width]) if plain => self.ink.width = *width,
            (b"g" | b"rg" | b"k", color) if plain => self.ink.fill = brightness(color)?,
            (b"G" | b"RG" | b"K", color) if plain => self.ink.line = brightness(color)?,
            (b"J" | b"j" | b"M" | b"i", [_]) if plain => {}
            (b"d", [_]) => {}
            (b"m" | b"l", [_, _]) | (b"v" | b"y" | b"re", [_, _, _, _]) | (b"c", [_, _, _, _, _, _])
                if plain => {}
            (b"h" | b"W" | b"W*" | b"n" | b"BT" | b"ET" | b"T*" | b"EMC", []) if plain => {}
            (b"BMC", []) if matches!(step.operands.as_slice(), [Obj::Name(_)]) => {}
            (b"Tf", [_]) if matches!(step.operands.as_slice(), [Obj::Name(_), _]) => {}
            (b"Tr", [mode]) if plain && *mode == 0.0 => {}
            (b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts", [_])
            | (b"Td" | b"TD", [_, _])
            | (b"Tm", [_, _, _, _, _, _])
                if plain => {}
            (b"Tj" | b"'", []) if is_text(step.operands.first()) && step.operands.len() == 1 => {
                return Some(written(&step.operands));
            }
            (b"\"", [_, _]) if is_text(step.operands.last()) && step.operands.len() == 3 => {
                return Some(written(&step.operands));
            }
            (b"TJ", []) => match step.operands.as_slice() {
                [Obj::Array(parts)] => return Some(written(parts)),
                _ => return None,
            },
            (b"S" | b"s", []) if plain => return Some(Done::Lined),
            (b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*", []) if plain => return Some(Done::Painted),
            _ => return None,
        }
        Some(Done::Nothing)
    }
}

/// Empty strings write nothing.
fn written(parts: &[Obj]) -> Done {
    let empty = |part: &Obj| !matches!(part, Obj::Text(text) if !text.bytes.is_empty());
    if parts.iter().all(empty) { Done::Nothing } else { Done::Wrote }
}

/// Of a gray, an RGB or a CMYK colour.
fn brightness(color: &[f64]) -> Option<f64> {
    let rgb = |r: f64, g: f64, b: f64| 0.3 * r + 0.59 * g + 0.11 * b;
    if !color.iter().all(|part| (0.0..=1.0).contains(part)) {
        return None;
    }
    match *color {
        [gray] => Some(gray),
        [r, g, b] => Some(rgb(r, g, b)),
        [c, m, y, k] => Some(rgb(1.0 - c, 1.0 - m, 1.0 - y) * (1.0 - k)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(before: &str, after: &str) -> bool {
        only_writes(&steps(before.as_bytes()).unwrap(), &steps(after.as_bytes()).unwrap(), 1.0)
    }

    #[test]
    fn dark_writing_and_thin_lines_are_writing() {
        let written = "/Tx BMC q 1 1 98 18 re W n BT /Helv 9 Tf 0 g 2 6 Td (Lan) Tj ET Q EMC";
        assert!(writes("", written));
        assert!(writes("/Tx BMC EMC", written));
        assert!(writes("/Tx BMC q BT () Tj ET Q EMC", written));
        assert!(writes("", "q 0 0 1 RG 1 w 0 0 m 9 9 l S 0 9 m 9 0 l s Q"));
        assert!(writes("1 g 0 0 9 9 re f", "1 g 0 0 9 9 re f BT 0 0 .8 rg /F 9 Tf [(a) -20 (b)] TJ ET"));
    }

    #[test]
    fn what_covers_or_uncovers_is_more_than_writing() {
        for after in [
            "1 g 0 0 9 9 re f",
            "0 g 0 0 9 9 re f",
            "BT 1 g /F 99 Tf (x) Tj ET",
            "BT 0 0 0 0 k /F 99 Tf (x) Tj ET",
            "BT 1 Tr /F 9 Tf (x) Tj ET",
            "q 20 w 0 0 m 9 9 l S Q",
            "1 G 0 0 m 9 9 l S",
            "99 0 0 99 0 0 cm 0 0 m 9 9 l S",
            "/X Do",
            "/G gs BT /F 9 Tf (x) Tj ET",
            "/P scn BT /F 9 Tf (x) Tj ET",
            "/OC /L BDC EMC",
            "Q BT (x) Tj ET",
            "1 g q 0 g Q BT /F 9 Tf (x) Tj ET",
        ] {
            assert!(!writes("", after), "{after}");
        }
        assert!(!writes("1 g 0 0 9 9 re f", "BT 0 g /F 9 Tf (x) Tj ET"), "what covered the page is gone");
        assert!(!writes("1 g 0 0 9 9 re f", "1 g 0 0 9 9 re f BT /F 9 Tf (x) Tj ET"), "in white");
        assert!(!writes("BT (100) Tj ET", "BT (100) Tj (0) Tj ET"), "it was not empty");
        assert!(!writes("/X Do", "/X Do BT (1) Tj ET"), "another picture may have that name now");
    }

    #[test]
    fn a_thin_line_of_a_small_look_is_thick_on_the_page() {
        let line = steps(b"0 0 m 1 1 l S").unwrap();
        assert!(only_writes(&[], &line, 2.0));
        assert!(!only_writes(&[], &line, 2.1));
        assert!(!only_writes(&[], &line, f64::INFINITY));
    }

    #[test]
    fn what_is_no_content_is_none() {
        for content in ["1 0 R Do", "(open", "BT ) ET", "1 2", "<< /A 1", "BI /W 1 ID \u{1} EI {"] {
            assert!(steps(content.as_bytes()).is_none(), "{content}");
        }
    }
}
