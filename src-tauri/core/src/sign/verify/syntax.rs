//! The objects of PDF syntax (ISO 32000-1, 7.3), read strictly from a window of bytes.
//!
//! Touches nothing but the slice it is given. Depth and amount are bounded; whatever is not plain
//! PDF is [`ParseError::Bad`], and a window that ends too early is [`ParseError::Incomplete`].

use std::collections::{BTreeMap, BTreeSet};

/// Longest name as it is written, bytes: some readers cut it behind 255.
const MAX_NAME: usize = 250;
/// Stands before a name that is kept as it is written; in no other.
const ODD: u8 = 0;
/// Longest number, letters: some readers lose count in longer ones.
const MAX_NUMERAL: usize = 32;
/// Deepest nesting of arrays and dictionaries.
const MAX_DEPTH: usize = 48;

/// Why no object could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParseError {
    /// The window ends inside the object; a larger one may do.
    Incomplete,
    /// This is not PDF.
    Bad,
}

/// A string and where its token stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    /// Offset of the first byte of the token, `<` or `(`.
    pub(super) start: u64,
    /// Offset behind the last byte of the token.
    pub(super) end: u64,
    /// Written as `<...>`.
    pub(super) hex: bool,
    /// The token, where a carriage return stands in it as it is, a line feed to some readers (7.3.4.2), not to others, or
    /// an octal code beyond one byte.
    odd: Option<Vec<u8>>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes && self.odd == other.odd
    }
}

/// A direct object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Obj {
    Null,
    Bool(bool),
    /// Of 32 bits.
    Int(i64),
    Real(f64),
    /// A number that some readers read as another one, as it is written.
    Odd(Vec<u8>),
    Text(Text),
    Name(Vec<u8>),
    Array(Vec<Obj>),
    Dict(Dict),
    /// Number and generation.
    Ref(u32, u16),
}

impl Obj {
    pub(super) fn as_dict(&self) -> Option<&Dict> {
        if let Self::Dict(d) = self { Some(d) } else { None }
    }
    pub(super) fn as_array(&self) -> Option<&[Obj]> {
        if let Self::Array(a) = self { Some(a) } else { None }
    }
    pub(super) fn as_int(&self) -> Option<i64> {
        if let Self::Int(i) = self { Some(*i) } else { None }
    }
    pub(super) fn as_ref(&self) -> Option<u32> {
        if let Self::Ref(n, _) = self { Some(*n) } else { None }
    }
    pub(super) fn is_name(&self, name: &[u8]) -> bool {
        matches!(self, Self::Name(n) if n == name)
    }
    /// Whether some number or name in it is read in two ways (see [`Parser::name`]).
    pub(super) fn is_odd(&self) -> bool {
        // Depth is bounded by the parser.
        match self {
            Self::Odd(_) => true,
            Self::Name(name) => name.first() == Some(&ODD),
            Self::Array(a) => a.iter().any(Self::is_odd),
            Self::Dict(d) => d.entries.iter().any(|(key, value)| key.first() == Some(&ODD) || value.is_odd()),
            _ => false,
        }
    }
    /// Whether some name in it is read in two ways.
    pub(super) fn has_odd_name(&self) -> bool {
        // Depth is bounded by the parser.
        match self {
            Self::Name(name) => name.first() == Some(&ODD),
            Self::Array(items) => items.iter().any(Self::has_odd_name),
            Self::Dict(dict) => dict.has_odd_name(),
            _ => false,
        }
    }
    /// Leads nowhere: neither itself nor anything inside is a reference.
    pub(super) fn is_closed(&self) -> bool {
        // Depth is bounded by the parser.
        match self {
            Self::Ref(..) => false,
            Self::Array(a) => a.iter().all(Self::is_closed),
            Self::Dict(d) => d.entries.iter().all(|(_, o)| o.is_closed()),
            _ => true,
        }
    }
}

/// A dictionary as written, order and repetitions kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Dict {
    pub(super) entries: Vec<(Vec<u8>, Obj)>,
}

impl Dict {
    /// The value of a key; absent when it is `null`.
    pub(super) fn get(&self, key: &[u8]) -> Option<&Obj> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, v)| v).filter(|v| **v != Obj::Null)
    }
    /// A key stands twice: readers disagree which one counts.
    pub(super) fn repeats(&self) -> bool {
        let mut keys: Vec<&[u8]> = self.entries.iter().map(|(k, _)| k.as_slice()).collect();
        keys.sort_unstable();
        keys.windows(2).any(|w| matches!(w, [a, b] if a == b))
    }
    /// Whether some key or name in it is read in two ways.
    pub(super) fn has_odd_name(&self) -> bool {
        self.entries.iter().any(|(key, value)| key.first() == Some(&ODD) || value.has_odd_name())
    }
    pub(super) fn has_name(&self, key: &[u8], name: &[u8]) -> bool {
        self.get(key).is_some_and(|v| v.is_name(name))
    }
    /// Keys whose values differ between the two; `null` is another value than none, as it is to some readers.
    pub(super) fn differing(&self, other: &Self) -> Vec<Vec<u8>> {
        fn sorted(dict: &Dict) -> BTreeMap<&Vec<u8>, &Obj> {
            // Of a key that stands twice the first counts.
            dict.entries.iter().rev().map(|(key, value)| (key, value)).collect()
        }
        let (mine, theirs) = (sorted(self), sorted(other));
        let mut keys: BTreeSet<&Vec<u8>> = mine.keys().chain(theirs.keys()).copied().collect();
        keys.retain(|key| match (mine.get(key), theirs.get(key)) {
            (Some(Obj::Array(a)), Some(Obj::Array(b))) if MEASURES.contains(&key.as_slice()) => {
                !are_equal_numbers(a, b) && a != b
            }
            (a, b) => a != b,
        });
        keys.into_iter().cloned().collect()
    }
}

/// Keys of lists of measures and colours, in which every reader takes `0.0` for `0`: of pages, forms, annotations.
const MEASURES: [&[u8]; 14] = [
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Rect",
    b"RD",
    b"BBox",
    b"Matrix",
    b"Border",
    b"C",
    b"BC",
    b"BG",
    b"IC",
];

/// Two lists of the same numbers, whole or not.
fn are_equal_numbers(one: &[Obj], other: &[Obj]) -> bool {
    let number = |obj: &Obj| match obj {
        Obj::Int(i) => Some(*i as f64),
        Obj::Real(r) => Some(*r),
        _ => None,
    };
    one.len() == other.len()
        && one.iter().zip(other).all(|(a, b)| number(a).is_some() && number(a) == number(b))
}

impl PartialEq for Dict {
    fn eq(&self, other: &Self) -> bool {
        !self.repeats() && !other.repeats() && self.differing(other).is_empty()
    }
}

/// An object with its number: `12 0 obj ... endobj`.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) number: u32,
    pub(super) obj: Obj,
    /// Offset of the first byte of stream data, when there is a stream.
    pub(super) stream: Option<u64>,
    /// Offset behind `endobj` or behind the keyword `stream`.
    pub(super) end: u64,
}

pub(super) fn is_space(b: u8) -> bool {
    matches!(b, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(b: u8) -> bool {
    matches!(b, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// A reader of tokens over a window.
pub(super) struct Parser<'a> {
    buf: &'a [u8],
    pos: usize,
    base: u64,
    last: bool,
    bare: bool,
    commented: bool,
}

impl<'a> Parser<'a> {
    /// `base` is the file offset of the window; `last` says that nothing follows it.
    pub(super) fn new(buf: &'a [u8], base: u64, last: bool) -> Self {
        Self { buf, pos: 0, base, last, bare: false, commented: false }
    }

    /// From here on a comment is a fault: readers that search for words would read what stands in it.
    pub(super) fn refuse_comments(&mut self) {
        self.bare = true;
    }

    /// From here on none is.
    pub(super) fn allow_comments(&mut self) {
        self.bare = false;
    }

    /// Whether a comment was passed over.
    pub(super) fn saw_comment(&self) -> bool {
        self.commented
    }

    /// File offset of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.pos as u64
    }

    fn peek_at(&self, ahead: usize) -> Result<Option<u8>, ParseError> {
        match self.buf.get(self.pos + ahead) {
            Some(b) => Ok(Some(*b)),
            None if self.last => Ok(None),
            None => Err(ParseError::Incomplete),
        }
    }

    fn peek(&self) -> Result<Option<u8>, ParseError> {
        self.peek_at(0)
    }

    fn next(&mut self) -> Result<u8, ParseError> {
        let b = self.peek()?.ok_or(ParseError::Bad)?;
        self.pos += 1;
        Ok(b)
    }

    /// Past white space and comments.
    pub(super) fn skip_space(&mut self) -> Result<(), ParseError> {
        while let Some(b) = self.peek()? {
            if is_space(b) {
                self.pos += 1;
            } else if b == b'%' && self.bare {
                return Err(ParseError::Bad);
            } else if b == b'%' {
                self.commented = true;
                while self.peek()?.is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.pos += 1;
                }
            } else {
                break;
            }
        }
        Ok(())
    }

    /// Takes `word` when it is the next token.
    pub(super) fn keyword(&mut self, word: &[u8]) -> Result<bool, ParseError> {
        self.skip_space()?;
        for (i, expected) in word.iter().enumerate() {
            if self.peek_at(i)? != Some(*expected) {
                return Ok(false);
            }
        }
        match self.peek_at(word.len())? {
            Some(b) if !is_space(b) && !is_delimiter(b) => Ok(false),
            _ => {
                self.pos += word.len();
                Ok(true)
            }
        }
    }

    /// A non-negative decimal number of at most `max`.
    pub(super) fn number(&mut self, max: u64) -> Result<u64, ParseError> {
        self.skip_space()?;
        let mut value = 0_u64;
        let mut digits = 0;
        while let Some(b @ b'0'..=b'9') = self.peek()? {
            value = value
                .checked_mul(10)
                .and_then(|v| v.checked_add(u64::from(b - b'0')))
                .ok_or(ParseError::Bad)?;
            digits += 1;
            self.pos += 1;
        }
        if digits == 0
            || digits > 20
            || value > max
            || self.peek()?.is_some_and(|b| !is_space(b) && !is_delimiter(b))
        {
            return Err(ParseError::Bad);
        }
        Ok(value)
    }

    /// Takes the line end after a head of a table, with a blank before it at most; false when something else stands
    /// there, or the next line does not begin at once.
    pub(super) fn line_end(&mut self) -> Result<bool, ParseError> {
        if self.peek()? == Some(b' ') {
            self.pos += 1;
        }
        match (self.peek()?, self.peek_at(1)?) {
            (Some(b'\r'), Some(b'\n')) => self.pos += 2,
            (Some(b'\r' | b'\n'), _) => self.pos += 1,
            _ => return Ok(false),
        }
        Ok(!self.peek()?.is_some_and(is_space))
    }

    /// Whether this byte and then a digit stand here.
    pub(super) fn peek_is(&self, byte: u8) -> Result<bool, ParseError> {
        Ok(self.peek()? == Some(byte) && self.peek_at(1)?.is_some_and(|b| b.is_ascii_digit()))
    }

    /// Whether a number as every reader reads it stands here: no space before, no zeros in front.
    pub(super) fn is_plain_number(&self) -> Result<bool, ParseError> {
        let (first, second) = (self.peek()?, self.peek_at(1)?);
        let more = second.is_some_and(|b| b.is_ascii_digit());
        Ok(first.is_some_and(|b| b.is_ascii_digit()) && !(first == Some(b'0') && more))
    }

    /// A row of a table, 20 bytes (ISO 32000-2, 7.5.4): place, generation, whether in use.
    pub(super) fn row(&mut self) -> Result<(u64, u16, bool), ParseError> {
        const ROW: usize = 20;
        let row = match self.buf.get(self.pos..self.pos + ROW) {
            Some(row) => row,
            None => return Err(if self.last { ParseError::Bad } else { ParseError::Incomplete }),
        };
        let digits = |from: usize, to: usize| -> Result<u64, ParseError> {
            let text = row.get(from..to).ok_or(ParseError::Bad)?;
            text.iter().try_fold(0, |value, b| {
                if b.is_ascii_digit() { Ok(value * 10 + u64::from(b - b'0')) } else { Err(ParseError::Bad) }
            })
        };
        let (place, generation) = (digits(0, 10)?, digits(11, 16)?);
        let used = match (row.get(10..11), row.get(16..)) {
            (Some(b" "), Some(b" n \n" | b" n \r" | b" n\r\n")) => true,
            (Some(b" "), Some(b" f \n" | b" f \r" | b" f\r\n")) => false,
            _ => return Err(ParseError::Bad),
        };
        // Of what is free it says nothing; some programs write 65536.
        let generation = if used { u16::try_from(generation).map_err(|_| ParseError::Bad)? } else { 0 };
        self.pos += ROW;
        Ok((place, generation, used))
    }

    /// `n g obj` with what follows; of the number and generation that are meant, if any.
    pub(super) fn numbered(&mut self, meant: Option<(u32, u16)>) -> Result<Numbered, ParseError> {
        let number = u32::try_from(self.number(u32::MAX.into())?).map_err(|_| ParseError::Bad)?;
        let generation = u16::try_from(self.number(u16::MAX.into())?).map_err(|_| ParseError::Bad)?;
        if !self.keyword(b"obj")? || meant.is_some_and(|meant| meant != (number, generation)) {
            return Err(ParseError::Bad);
        }
        self.behind_head(number)
    }

    /// What follows the head of an object.
    pub(super) fn behind_head(&mut self, number: u32) -> Result<Numbered, ParseError> {
        let obj = self.object(0)?;
        if self.keyword(b"endobj")? {
            return Ok(Numbered { number, obj, stream: None, end: self.offset() });
        }
        if !matches!(obj, Obj::Dict(_)) || !self.keyword(b"stream")? {
            return Err(ParseError::Bad);
        }
        match (self.next()?, self.peek()?) {
            (b'\n', _) => {}
            (b'\r', Some(b'\n')) => self.pos += 1,
            _ => return Err(ParseError::Bad),
        }
        let here = self.offset();
        Ok(Numbered { number, obj, stream: Some(here), end: here })
    }

    /// The operator of a content stream that stands next; none where an operand or the end does.
    pub(super) fn operator(&mut self) -> Result<Option<Vec<u8>>, ParseError> {
        self.skip_space()?;
        if !self.peek()?.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'\'' | b'"')) {
            return Ok(None);
        }
        let start = self.pos;
        while self.peek()?.is_some_and(|b| !is_space(b) && !is_delimiter(b)) {
            self.pos += 1;
        }
        Ok(self.buf.get(start..self.pos).map(<[u8]>::to_vec))
    }

    /// Whether nothing follows but what was passed over.
    pub(super) fn is_at_end(&self) -> bool {
        self.pos >= self.buf.len()
    }

    /// One direct object.
    pub(super) fn object(&mut self, depth: usize) -> Result<Obj, ParseError> {
        if depth > MAX_DEPTH {
            return Err(ParseError::Bad);
        }
        self.skip_space()?;
        match self.peek()?.ok_or(ParseError::Bad)? {
            b'<' if self.peek_at(1)? == Some(b'<') => self.dict(depth),
            b'<' => self.hex_text(),
            b'(' => self.literal_text(),
            b'/' => Ok(Obj::Name(self.name()?)),
            b'[' => {
                self.pos += 1;
                let mut items = Vec::new();
                loop {
                    self.skip_space()?;
                    if self.peek()? == Some(b']') {
                        self.pos += 1;
                        return Ok(Obj::Array(items));
                    }
                    items.push(self.object(depth + 1)?);
                }
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.numeric(),
            _ if self.keyword(b"true")? => Ok(Obj::Bool(true)),
            _ if self.keyword(b"false")? => Ok(Obj::Bool(false)),
            _ if self.keyword(b"null")? => Ok(Obj::Null),
            _ => Err(ParseError::Bad),
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Obj, ParseError> {
        self.pos += 2;
        let mut dict = Dict::default();
        loop {
            self.skip_space()?;
            match self.peek()?.ok_or(ParseError::Bad)? {
                b'>' if self.peek_at(1)? == Some(b'>') => {
                    self.pos += 2;
                    return Ok(Obj::Dict(dict));
                }
                b'/' => {
                    let key = self.name()?;
                    let value = self.object(depth + 1)?;
                    dict.entries.push((key, value));
                }
                _ => return Err(ParseError::Bad),
            }
        }
    }

    /// A name without its escapes. One in which the bytes 80 or FF stand as they are, which are white space to PDFium, is
    /// kept as it is written, behind a NUL: it is no other name, and equal only to itself.
    fn name(&mut self) -> Result<Vec<u8>, ParseError> {
        let start = self.pos;
        self.pos += 1;
        let (mut name, mut odd) = (Vec::new(), false);
        while let Some(b) = self.peek()? {
            if is_space(b) || is_delimiter(b) {
                break;
            }
            self.pos += 1;
            if b != b'#' {
                odd |= matches!(b, 0x80 | 0xff);
                name.push(b);
                continue;
            }
            let (high, low) = (self.next()?, self.next()?);
            let byte =
                hex_digit(high).ok_or(ParseError::Bad)? << 4 | hex_digit(low).ok_or(ParseError::Bad)?;
            // To some readers the name ends there.
            if byte == 0 {
                return Err(ParseError::Bad);
            }
            name.push(byte);
        }
        if self.pos - start > MAX_NAME {
            return Err(ParseError::Bad);
        }
        match self.buf.get(start..self.pos) {
            Some(token) if odd => Ok([&[ODD], token].concat()),
            _ => Ok(name),
        }
    }

    fn hex_text(&mut self) -> Result<Obj, ParseError> {
        let start = self.offset();
        self.pos += 1;
        let mut bytes = Vec::new();
        let mut half: Option<u8> = None;
        loop {
            match self.next()? {
                b'>' => break,
                b if is_space(b) => {}
                b => {
                    let digit = hex_digit(b).ok_or(ParseError::Bad)?;
                    match half.take() {
                        Some(high) => bytes.push(high << 4 | digit),
                        None => half = Some(digit),
                    }
                }
            }
        }
        bytes.extend(half.map(|h| h << 4));
        Ok(Obj::Text(Text { bytes, start, end: self.offset(), hex: true, odd: None }))
    }

    fn literal_text(&mut self) -> Result<Obj, ParseError> {
        let (start, first) = (self.offset(), self.pos);
        self.pos += 1;
        let (mut bytes, mut odd) = (Vec::new(), false);
        let mut open = 1_u32;
        loop {
            match self.next()? {
                b'(' => {
                    open += 1;
                    bytes.push(b'(');
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                    bytes.push(b')');
                }
                b'\\' => odd |= self.escape(&mut bytes)?,
                b'\r' => {
                    if self.peek()? == Some(b'\n') {
                        self.pos += 1;
                    }
                    bytes.push(b'\n');
                    odd = true;
                }
                b => bytes.push(b),
            }
        }
        let odd = odd.then(|| self.buf.get(first..self.pos).unwrap_or_default().to_vec());
        Ok(Obj::Text(Text { bytes, start, end: self.offset(), hex: false, odd }))
    }

    /// Whether what it stands for is more than a byte, and so another one to some readers.
    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<bool, ParseError> {
        let mut wide = false;
        match self.next()? {
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\r' => {
                if self.peek()? == Some(b'\n') {
                    self.pos += 1;
                }
            }
            b'\n' => {}
            d @ b'0'..=b'7' => {
                let mut value = u32::from(d - b'0');
                for _ in 0..2 {
                    let Some(d @ b'0'..=b'7') = self.peek()? else { break };
                    value = value * 8 + u32::from(d - b'0');
                    self.pos += 1;
                }
                wide = value > 255;
                bytes.push((value & 255) as u8);
            }
            b => bytes.push(b),
        }
        Ok(wide)
    }

    fn numeric(&mut self) -> Result<Obj, ParseError> {
        let start = self.pos;
        while self.peek()?.is_some_and(|b| !is_space(b) && !is_delimiter(b)) {
            self.pos += 1;
        }
        let token =
            self.buf.get(start..self.pos).and_then(|t| std::str::from_utf8(t).ok()).ok_or(ParseError::Bad)?;
        if token.len() > 64 || !token.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.')) {
            return Err(ParseError::Bad);
        }
        // Whole parts of more than 32 bits wrap for some readers, and for some a plus ends a number.
        let value: f64 = token.parse().map_err(|_| ParseError::Bad)?;
        if token.starts_with('+') || token.len() > MAX_NUMERAL || value.abs() > f64::from(i32::MAX) {
            return Ok(Obj::Odd(token.into()));
        }
        if token.contains('.') {
            return Ok(Obj::Real(value));
        }
        let value: i64 = token.parse().map_err(|_| ParseError::Bad)?;
        self.reference(value).map(|r| r.unwrap_or(Obj::Int(value)))
    }

    /// `n g R`, when the integer just read begins one.
    fn reference(&mut self, number: i64) -> Result<Option<Obj>, ParseError> {
        let Ok(number) = u32::try_from(number) else { return Ok(None) };
        let here = self.pos;
        self.skip_space()?;
        if self.peek()?.is_some_and(|b| b.is_ascii_digit()) {
            match self.number(u16::MAX.into()) {
                Ok(generation) if self.keyword(b"R")? => {
                    return Ok(Some(Obj::Ref(
                        number,
                        u16::try_from(generation).map_err(|_| ParseError::Bad)?,
                    )));
                }
                Err(ParseError::Incomplete) => return Err(ParseError::Incomplete),
                _ => {}
            }
        }
        self.pos = here;
        Ok(None)
    }
}

fn hex_digit(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok())
}
