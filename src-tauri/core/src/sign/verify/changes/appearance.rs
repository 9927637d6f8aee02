//! What the look of a form field draws (ISO 32000-2, 12.7.4.3): whether filling the field in wrote in it, and did
//! nothing else to the page.
//!
//! Touches only the streams it is given.

use super::super::syntax::{Obj, ParseError, Parser};

/// Widest line that still draws a box or a cross, and covers nothing, points.
const MAX_WIDTH: f64 = 2.0;
/// Brightest ink, 0 black to 1 white: a bright one covers what is printed as if it were paper, and bears writing. Red has
/// .3, blue .11.
const MAX_BRIGHTNESS: f64 = 0.3;
/// Most operators of a look.
const MAX_STEPS: usize = 50_000;
/// Most pieces of path besides those that were there: as many as a box and a cross have, too few to fill a place.
const MAX_PATHS: usize = 24;
/// Most of its place that lines besides a border may take up.
const MAX_LINED: f64 = 0.3;
/// The same on a large place, square points.
const MOST_LINED: f64 = 400.0;
/// How far from the edges of its box a border is drawn, points.
const BORDER: f64 = 2.5;
/// Sharpest joint of lines; beyond, some draw spikes across the page.
const MAX_MITER: f64 = 10.0;
/// Deepest nesting of graphics states that every reader keeps (ISO 32000-1, Annex C).
const MAX_SAVED: usize = 28;
/// Longest number; some readers lose count in longer ones.
const MAX_DIGITS: u64 = 14;
/// Largest sign in a box, points.
pub(super) const MAX_SIGN: f64 = 30.0;
/// The same of one that is solid.
const MAX_SOLID: f64 = 14.0;
/// Narrowest letters, percent.
const MIN_WIDE: f64 = 50.0;
/// Largest letters, points: a larger one covers what is printed.
pub(super) const MAX_LETTERS: f64 = 72.0;

/// An operator of a content stream and its operands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    operator: Vec<u8>,
    operands: Vec<Obj>,
}

/// The operators of a content stream; none where it is not plain.
pub(super) fn steps(content: &[u8]) -> Option<Vec<Step>> {
    let mut lexer = Parser::new(content, 0, true);
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
            Ok(None) => {
                let start = lexer.offset();
                let operand = lexer.object(0).ok().filter(Obj::is_closed)?;
                let is_number = matches!(operand, Obj::Int(_) | Obj::Real(_));
                if operand.is_odd() || is_number && lexer.offset() - start > MAX_DIGITS {
                    return None;
                }
                operands.push(operand);
            }
            Err(ParseError::Bad | ParseError::Incomplete) => return None,
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

/// Whether they show something that is named elsewhere: a form or a picture.
pub(super) fn shows(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.operator == b"Do")
}

/// Where a look stands on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// How many times larger it is there.
    pub(super) scale: f64,
    /// Square points.
    pub(super) area: f64,
    /// Its own box: left, bottom, right, top.
    pub(super) own: [f64; 4],
    /// Largest letters, points.
    pub(super) letters: f64,
}

/// Whether a look that follows another leaves what that painted and adds writing in dark ink and thin lines only;
/// the earlier one had nothing written in it. `used`: the one ink of whatever was filled in, for of two the one may cover,
/// and the other write upon it.
pub(super) fn only_writes(before: &[Step], after: &[Step], place: Place, used: &mut Option<Colour>) -> bool {
    let scale = place.scale;
    let kept = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let mut old = GraphicsState::default();
    let left = before.iter().enumerate().all(|(at, step)| {
        let done = old.take(step);
        let idle = matches!(done, Some(Done::Nothing | Done::Path(_)));
        !matches!(done, Some(Done::Wrote(_))) && (idle || at < kept && done.is_some())
    });
    let mut new = GraphicsState::default();
    let moved = after.iter().any(|step| step.operator == b"cm");
    let (mut paths, mut room, mut lined, mut borders) =
        (0, place.area, (place.area * MAX_LINED).min(MOST_LINED), 0);
    let mut lines = 0.0;
    let mut same = |ink: Colour| ink.is_dark() && *used.get_or_insert(ink) == ink;
    left && after.iter().enumerate().all(|(at, step)| match new.take(step) {
        Some(Done::Nothing) => {
            // The path is given up.
            lines = if step.operator == b"n" { 0.0 } else { lines };
            true
        }
        Some(Done::Wrote(widths)) => {
            let size = new.letters() * scale;
            room -= widths * size * size;
            let most = if place.letters < MAX_LETTERS && is_solid(step) { MAX_SOLID } else { place.letters };
            same(new.state.fill) && size <= most && room >= 0.0
        }
        // Of what was there the paint, if any, is kept too; what paints it later paints all of it.
        Some(Done::Path(length)) if at < kept => {
            lines += length;
            true
        }
        Some(Done::Path(_)) if !moved && borders < 1 && is_border(step, place) => {
            borders += 1;
            true
        }
        Some(Done::Path(length)) => {
            (paths, lines) = (paths + 1, lines + length);
            paths <= MAX_PATHS
        }
        Some(Done::Lined | Done::Painted) if at < kept => {
            lines = 0.0;
            true
        }
        Some(Done::Lined) => {
            // A part of the path may be closed by that.
            lines += if step.operator == b"s" { new.way_back() } else { 0.0 };
            lined -= lines * new.state.width * scale * scale;
            lines = 0.0;
            same(new.state.line) && new.state.width * scale <= MAX_WIDTH && lined >= 0.0
        }
        Some(Done::Painted) | None => false,
    })
}

/// Whether all it writes is one tick, cross, circle, square, diamond or star of ZapfDingbats.
pub(super) fn is_sign(steps: &[Step]) -> bool {
    let texts = steps.iter().flat_map(|step| &step.operands).filter_map(|operand| match operand {
        Obj::Text(text) => Some(text.bytes.as_slice()),
        Obj::Array(_) => Some(b"array".as_slice()),
        _ => None,
    });
    let all = texts.collect::<Vec<_>>().concat();
    all.len() <= 1 && all.iter().all(|sign| b"345678lunH".contains(sign))
}

/// Whether a sign of ZapfDingbats is solid.
fn is_solid(step: &Step) -> bool {
    step.operands
        .iter()
        .any(|one| matches!(one, Obj::Text(text) if text.bytes.iter().any(|b| b"lunH".contains(b))))
}

/// Whether a piece of path is a rectangle along the edges of a box.
fn is_border(step: &Step, place: Place) -> bool {
    let [left, bottom, right, top] = place.own;
    let numbers: Vec<f64> = step.operands.iter().filter_map(number).collect();
    let near = |one: f64, other: f64| (one - other).abs() * place.scale <= BORDER;
    match *numbers.as_slice() {
        [x, y, width, height] if step.operator == b"re" => {
            near(x, left) && near(y, bottom) && near(x + width, right) && near(y + height, top)
        }
        _ => false,
    }
}

fn number(operand: &Obj) -> Option<f64> {
    match operand {
        Obj::Int(number) => Some(*number as f64),
        Obj::Real(number) => Some(*number),
        _ => None,
    }
}

/// How many strings it writes.
pub(super) fn pieces(steps: &[Step]) -> usize {
    let texts = |step: &Step| match step.operands.as_slice() {
        [Obj::Array(parts)] => parts.iter().filter(|part| matches!(part, Obj::Text(_))).count(),
        operands => operands.iter().filter(|one| matches!(one, Obj::Text(_))).count(),
    };
    steps.iter().map(texts).sum()
}

/// Whether it painted anything at all.
pub(super) fn paints(steps: &[Step]) -> bool {
    let mut pen = GraphicsState::default();
    steps.iter().any(|step| !matches!(pen.take(step), Some(Done::Nothing | Done::Path(_))))
}

/// A field's default appearance (`/DA`), as readers take it that draw the look themselves; none but a font of some size
/// and one dark ink, for each reads it in its own way.
pub(super) fn default_appearance(text: &[u8]) -> Option<Vec<Step>> {
    let all = steps(text).filter(|_| !text.contains(&b'%'))?;
    let count =
        |operators: &[&[u8]]| all.iter().filter(|s| operators.contains(&s.operator.as_slice())).count();
    let (fonts, inks) = (count(&[b"Tf"]), count(&[b"g", b"rg", b"k"]));
    let mut pen = GraphicsState::default();
    let plain = all.iter().all(|step| pen.take(step) == Some(Done::Nothing));
    let letters = all.iter().filter(|step| step.operator == b"Tf").all(|step| match step.operands.last() {
        Some(Obj::Int(size)) => (0.0..=MAX_LETTERS).contains(&(*size as f64)),
        Some(Obj::Real(size)) => (0.0..=MAX_LETTERS).contains(size),
        _ => false,
    });
    let few = fonts <= 1 && inks <= 1 && all.len() == fonts + inks;
    (plain && letters && few && pen.state.fill.is_dark()).then_some(all)
}

/// What an operator did.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Done {
    Nothing,
    /// A piece of a path, and its length at most.
    Path(f64),
    /// Letters, as wide as that together, in sizes of the font.
    Wrote(f64),
    Lined,
    Painted,
}

/// What it fills and strokes with; width of its lines, points; size of its letters, and how wide they are, percent.
#[derive(Debug, Clone, Copy)]
struct State {
    fill: Colour,
    line: Colour,
    width: f64,
    letters: f64,
    wide: f64,
}

/// A gray, an RGB or a CMYK colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Colour {
    Gray(f64),
    Rgb(f64, f64, f64),
    Cmyk(f64, f64, f64, f64),
}

impl Colour {
    /// Black is one, however it is mixed.
    fn plain(self) -> Self {
        match self {
            Self::Rgb(0.0, 0.0, 0.0) | Self::Cmyk(0.0, 0.0, 0.0, 1.0) => Self::Gray(0.0),
            other => other,
        }
    }

    fn is_dark(self) -> bool {
        let brightness = |r: f64, g: f64, b: f64| 0.3 * r + 0.59 * g + 0.11 * b;
        let bright = match self {
            Self::Gray(gray) => gray,
            Self::Rgb(r, g, b) => brightness(r, g, b),
            Self::Cmyk(c, m, y, k) => brightness(1.0 - c, 1.0 - m, 1.0 - y) * (1.0 - k),
        };
        bright <= MAX_BRIGHTNESS
    }
}

/// Operators that place text or show it (9.4): they stand within a text object.
const TEXT_OPERATORS: [&[u8]; 8] = [b"Tj", b"TJ", b"'", b"\"", b"Tm", b"Td", b"TD", b"T*"];

/// What counts of the graphics state (8.4).
struct GraphicsState {
    state: State,
    saved: Vec<State>,
    /// How many times larger the text matrix makes letters.
    matrix: f64,
    in_text: bool,
    /// Where the path is, and where its part began.
    at: [f64; 2],
    start: [f64; 2],
}

impl Default for GraphicsState {
    fn default() -> Self {
        let black = Colour::Gray(0.0);
        let state = State { fill: black, line: black, width: 1.0, letters: 0.0, wide: 100.0 };
        Self { state, saved: Vec::new(), matrix: 1.0, in_text: false, at: [0.0; 2], start: [0.0; 2] }
    }
}

impl GraphicsState {
    /// Height or width of its letters, whichever is more, in the units of the look.
    fn letters(&self) -> f64 {
        self.state.letters * self.matrix * (self.state.wide / 100.0).max(1.0)
    }

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
        let colored = plain && numbers.iter().all(|part| (0.0..=1.0).contains(part));
        let is_text = |operand: Option<&Obj>| matches!(operand, Some(Obj::Text(_)));
        // Elsewhere it has the text matrix that some readers keep with the graphics state, and bring back with it.
        if !self.in_text && TEXT_OPERATORS.contains(&step.operator.as_slice()) {
            return None;
        }
        match (step.operator.as_slice(), numbers.as_slice()) {
            // Within text some readers keep the text matrix with it.
            (b"q", []) if plain && !self.in_text && self.saved.len() < MAX_SAVED => {
                self.saved.push(self.state);
            }
            (b"Q", []) if plain && !self.in_text => self.state = self.saved.pop()?,
            // Larger, a thin line is a thick one.
            (b"cm", [a, b, c, d, _, _])
                if plain
                    && [a, b, c, d].iter().all(|n| n.abs() <= 1.0)
                    && (*b == 0.0 && *c == 0.0 || *a == 0.0 && *d == 0.0) => {}
            (b"w", [width]) if plain && *width >= 0.0 => self.state.width = *width,
            (b"g", [gray]) if colored => self.state.fill = Colour::Gray(*gray).plain(),
            (b"G", [gray]) if colored => self.state.line = Colour::Gray(*gray).plain(),
            (b"rg", [r, g, b]) if colored => self.state.fill = Colour::Rgb(*r, *g, *b).plain(),
            (b"RG", [r, g, b]) if colored => self.state.line = Colour::Rgb(*r, *g, *b).plain(),
            (b"k", [c, m, y, k]) if colored => self.state.fill = Colour::Cmyk(*c, *m, *y, *k).plain(),
            (b"K", [c, m, y, k]) if colored => self.state.line = Colour::Cmyk(*c, *m, *y, *k).plain(),
            (b"M", [miter]) if plain && *miter <= MAX_MITER => {}
            (b"J" | b"j" | b"i", [_]) if plain => {}
            (b"d", [_]) => {}
            (b"m" | b"l", [_, _]) | (b"v" | b"y" | b"re", [_, _, _, _]) | (b"c", [_, _, _, _, _, _])
                if plain =>
            {
                return Some(Done::Path(self.drawn(&step.operator, &numbers)));
            }
            // Back to where it began.
            (b"h", []) if plain => return Some(Done::Path(self.drawn(b"l", &self.start.clone()))),
            (b"BT", []) if plain && !self.in_text => (self.matrix, self.in_text) = (1.0, true),
            (b"ET", []) if plain => self.in_text = false,
            (b"W" | b"W*" | b"n" | b"T*" | b"EMC", []) if plain => {}
            (b"BMC", []) if matches!(step.operands.as_slice(), [Obj::Name(_)]) => {}
            (b"Tf", [size]) if matches!(step.operands.as_slice(), [Obj::Name(_), _]) => {
                self.state.letters = size.abs();
            }
            (b"Tr", [mode]) if plain && *mode == 0.0 => {}
            (b"Tz", [wide]) if plain && *wide >= MIN_WIDE => self.state.wide = *wide,
            (b"Tc", [apart]) if plain && *apart >= 0.0 => {}
            (b"Tm", [a, b, c, d, _, _]) if plain => {
                self.matrix = [a, b, c, d].into_iter().fold(0.0, |most, part| part.abs().max(most));
            }
            (b"Tw" | b"TL" | b"Ts", [_]) | (b"Td" | b"TD", [_, _]) if plain => {}
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

impl GraphicsState {
    /// From where the path is to where its part began.
    fn way_back(&self) -> f64 {
        (self.at[0] - self.start[0]).hypot(self.at[1] - self.start[1])
    }

    /// Length of a piece of path: of a curve, that of the lines through its points.
    fn drawn(&mut self, operator: &[u8], numbers: &[f64]) -> f64 {
        if let (b"re", [x, y, width, height]) = (operator, numbers) {
            (self.at, self.start) = ([*x, *y], [*x, *y]);
            return 2.0 * (width.abs() + height.abs());
        }
        let mut length = 0.0;
        for point in numbers.chunks_exact(2) {
            let [x, y] = *point else { continue };
            length += (x - self.at[0]).hypot(y - self.at[1]);
            self.at = [x, y];
        }
        if operator == b"m" {
            self.start = self.at;
            return 0.0;
        }
        length
    }
}

/// Empty strings write nothing.
fn written(parts: &[Obj]) -> Done {
    let width = |part: &Obj| match part {
        Obj::Text(text) => text.bytes.iter().map(|letter| width(*letter)).sum(),
        _ => 0.0,
    };
    match parts.iter().map(width).sum() {
        0.0 => Done::Nothing,
        widths => Done::Wrote(widths),
    }
}

/// How wide a letter is at least, in sizes of its font; thin ones count more, for rows of them make a bar. More letters than
/// have room beside each other cover what is printed.
fn width(letter: u8) -> f64 {
    match letter {
        b'M' | b'W' | b'@' | b'%' => 0.83,
        b'm' | b'w' => 0.7,
        b'A'..=b'Z' | b'&' => 0.6,
        b'0'..=b'9' | b'#' => 0.5,
        // Each encoding has its own there.
        ..0x20 | 0x7f.. => 1.0,
        _ => 0.4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(before: &str, after: &str) -> bool {
        let (before, after) = (steps(before.as_bytes()).unwrap(), steps(after.as_bytes()).unwrap());
        only_writes(&before, &after, place(1.0, 2_000.0), &mut None)
    }

    fn place(scale: f64, area: f64) -> Place {
        Place { scale, area, own: [0.0, 0.0, 100.0, 20.0], letters: MAX_LETTERS }
    }

    #[test]
    fn dark_writing_and_thin_lines_are_writing() {
        let written = "/Tx BMC q 1 1 98 18 re W n BT /Helv 9 Tf 0 g 2 6 Td (Lan) Tj ET Q EMC";
        assert!(writes("", written));
        assert!(writes("/Tx BMC EMC", written));
        assert!(writes("/Tx BMC q BT () Tj ET Q EMC", written));
        assert!(writes("", "q 0 0 1 RG 1 w 0 0 m 9 9 l S 0 9 m 9 0 l s Q"));
        assert!(writes("", "q 0 G 0 0 9 9 re S Q BT 0 0 0 rg /F 9 Tf (a) Tj ET"));
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
            "BT 0 0 1 g /F 9 Tf (x) Tj ET",
            "BT 0 0 0 k /F 9 Tf (x) Tj ET",
            "BT .5 0 0 rg /F 9 Tf (n) Tj 0 g (900) Tj ET",
            "-9 w 0 0 m 9 9 l S",
            "q 1 0 0 RG 0 0 m 9 9 l S Q BT /F 9 Tf (900) Tj ET",
            "BT 0 .66 1 rg /F 9 Tf (n) Tj ET",
            "1 1 -1 1 0 0 cm 0 0 m 9 9 l S",
            "BT /F 73 Tf (x) Tj ET",
            "BT /F 9 Tf 9 0 0 9 0 0 Tm (x) Tj ET",
            "BT /F 9 Tf 900 Tz (x) Tj ET",
            "BT /F 9 Tf 33 Tz (x) Tj ET",
            "BT /F 9 Tf -1 Tc (x) Tj ET",
        ] {
            assert!(!writes("", after), "{after}");
        }
        assert!(!writes("1 g 0 0 9 9 re f", "BT 0 g /F 9 Tf (x) Tj ET"), "what covered the page is gone");
        assert!(!writes("1 g 0 0 9 9 re f", "1 g 0 0 9 9 re f BT /F 9 Tf (x) Tj ET"), "in white");
        assert!(!writes("BT (100) Tj ET", "BT (100) Tj (0) Tj ET"), "it was not empty");
        assert!(!writes("/X Do", "/X Do BT (1) Tj ET"), "another picture may have that name now");
    }

    #[test]
    fn letters_have_room_beside_each_other() {
        let hyphens = |times: usize| format!("BT /F 10 Tf ({}) Tj ET", "-".repeat(times));
        assert!(writes("", &hyphens(50)) && !writes("", &hyphens(51)));
    }

    #[test]
    fn a_thin_line_of_a_small_look_is_thick_on_the_page() {
        let line = steps(b"0 0 m 1 1 l S").unwrap();
        assert!(only_writes(&[], &line, place(2.0, 90.0), &mut None));
        assert!(!only_writes(&[], &line, place(2.1, 90.0), &mut None));
        assert!(!only_writes(&[], &line, place(f64::INFINITY, 90.0), &mut None));
    }

    #[test]
    fn a_default_appearance_is_a_font_and_a_dark_ink() {
        for plain in ["/Helv 9 Tf 0 g", "0 0 .4 rg /Helv 0 Tf", "/F1 12.5 Tf", ""] {
            assert!(default_appearance(plain.as_bytes()).is_some(), "{plain}");
        }
        for odd in [
            "/F 9 Tf 1 g",
            "/F 9 Tf 0 g % 1 g",
            "/F 9 Tf 1 g 0 g",
            "0 g q 1 g Q",
            "/F 300 Tf 0 g",
            "0 0 1 g",
            "0 0 m",
        ] {
            assert!(default_appearance(odd.as_bytes()).is_none(), "{odd}");
        }
    }

    #[test]
    fn lines_leave_most_of_the_place_free() {
        assert!(writes("", "q 1 w .5 .5 99 19 re S 2 2 m 18 18 l 2 18 m 18 2 l S Q"), "a border and a cross");
        // Two lines of two points take up 400 square points.
        let lines = |times: usize| format!("2 w {} S", "0 9 m 100 9 l ".repeat(times));
        assert!(writes("", &lines(2)) && !writes("", &lines(3)));
        assert!(!writes("", "2 w 1 1 98 18 re 3 3 94 14 re 5 5 90 10 re 7 7 86 6 re S"));
        assert!(!writes(
            "",
            "2 w 0 0 m 2 20 4 0 6 20 c 8 0 10 20 12 0 c 14 20 16 0 18 20 c 20 0 22 20 24 0 c 26 20 28 0 30 20 c S"
        ));
        for back in ["h S", "s"] {
            assert!(!writes("", &format!("2 w 0 0 m 99 0 l 9 9 l {back}")), "the way back counts: {back}");
        }
        assert!(!writes("", "1000 M 0 0 m 9 9 l 9 0 l S"), "spikes");
    }

    #[test]
    fn wide_letters_have_their_room() {
        let letters = |letter: &str, times: usize| format!("BT /F 10 Tf ({}) Tj ET", letter.repeat(times));
        for (letter, times) in [("M", 24), ("H", 33), ("7", 40), ("n", 50)] {
            assert!(
                writes("", &letters(letter, times)) && !writes("", &letters(letter, times + 1)),
                "{letter}"
            );
        }
    }

    #[test]
    fn lines_are_few_and_nesting_is_shallow() {
        let line = |times: usize| format!("0 0 m {} S", "2 2 l ".repeat(times));
        assert!(writes("", &line(MAX_PATHS - 1)) && !writes("", &line(MAX_PATHS)));
        let nested = |deep: usize| format!("{}{}", "q ".repeat(deep), "Q ".repeat(deep));
        assert!(writes("", &nested(MAX_SAVED)) && !writes("", &nested(MAX_SAVED + 1)));
    }

    #[test]
    fn what_is_no_content_is_none() {
        for content in [
            "1 0 R Do",
            "(open",
            "BT ) ET",
            "1 2",
            "<< /A 1",
            "BI /W 1 ID \u{1} EI {",
            "0.0000000000000009 g",
        ] {
            assert!(steps(content.as_bytes()).is_none(), "{content}");
        }
    }
}
