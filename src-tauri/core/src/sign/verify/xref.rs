//! Where the objects are: cross-reference tables and streams, from the last `startxref` backwards
//! (ISO 32000-1, 7.5.4 – 7.5.8).
//!
//! Nothing is repaired here: a file with a signature in it has no business being broken.

use std::collections::HashSet;

use super::{
    filter,
    source::Source,
    syntax::{self, Dict, Numbered, Obj, ParseError, Parser},
};

/// The file is not PDF in the strict sense, or cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

impl From<std::io::Error> for Broken {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

/// Most revisions of one file.
const MAX_SECTIONS: usize = 1_000;
/// Most entries of all sections together.
const MAX_ENTRIES: usize = 2_000_000;
/// Counted for an entry, bytes.
const ROW: u64 = 32;
/// Largest object number.
const MAX_NUMBER: u64 = 8_388_607;
/// Largest window for one object or table, bytes.
const MAX_WINDOW: u64 = 32 << 20;
/// Largest stream that holds a table or objects, raw, bytes.
const MAX_STREAM: u64 = 32 << 20;
/// `startxref` stands in the last bytes (ISO 32000-1, Annex H, note 18); who does not find it there searches the
/// file for objects.
const TAIL: u64 = 1_024;

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Entry {
    /// No such object.
    Free,
    /// At this offset of the file, in this generation.
    At(u64, u16),
    /// In this object stream, at this place.
    In(u32, u32),
}

/// One revision's table and trailer.
#[derive(Debug, Clone)]
pub(super) struct XrefSection {
    /// Where it stands, and where it ends.
    pub(super) offset: u64,
    pub(super) end: u64,
    /// By number, each once.
    pub(super) entries: Vec<(u32, Entry)>,
    pub(super) trailer: Dict,
    /// The second table of one of two kinds, where old readers see other objects than new ones (ISO 32000-1, 7.5.8.4):
    /// where it stands, and where it ends.
    pub(super) hybrid: Option<(u64, u64)>,
    /// Number of the stream object that it is.
    pub(super) stream: Option<u32>,
    /// Written so that every reader takes it: one that does not searches the file for objects instead.
    pub(super) plain: bool,
}

impl XrefSection {
    /// Sorts the entries; readers disagree on which one counts when a number stands twice, and on one that
    /// lies beyond the size.
    fn new(offset: u64, end: u64, mut entries: Vec<(u32, Entry)>, trailer: Dict) -> Result<Self, Broken> {
        let size = trailer.get(b"Size").and_then(Obj::as_int).ok_or(Broken)?;
        entries.sort_unstable_by_key(|(number, _)| *number);
        let twice = entries.windows(2).any(|w| matches!(w, [(a, _), (b, _)] if a == b));
        let beyond = entries.iter().any(|(n, entry)| i64::from(*n) >= size && *entry != Entry::Free);
        if twice || beyond || trailer.repeats() || size > MAX_NUMBER as i64 + 1 {
            return Err(Broken);
        }
        Ok(Self { offset, end, entries, trailer, hybrid: None, stream: None, plain: true })
    }
}

/// All sections of the first `end` bytes of the file, newest first.
pub(super) fn sections(source: &mut Source<'_>, end: u64) -> Result<Vec<XrefSection>, Broken> {
    let mut next = Some(start(source, end)?);
    let mut seen = HashSet::new();
    let mut sections = Vec::new();
    let mut room = MAX_ENTRIES;
    while let Some(offset) = next {
        if !seen.insert(offset) || sections.len() >= MAX_SECTIONS {
            return Err(Broken);
        }
        let mut section = section(source, offset, end, &mut room)?;
        if let Some(hybrid) = section.trailer.get(b"XRefStm") {
            let at = hybrid.as_int().and_then(|i| u64::try_from(i).ok()).ok_or(Broken)?;
            if !seen.insert(at) {
                return Err(Broken);
            }
            // What is free in the table and in use in the stream is in use; nothing else may stand twice.
            let hidden = stream_section(source, at, end, &mut room)?;
            section.entries.retain(|(number, entry)| {
                *entry != Entry::Free || hidden.entries.binary_search_by_key(number, |(n, _)| *n).is_err()
            });
            section.entries.extend(&hidden.entries);
            section = XrefSection::new(offset, section.end, section.entries, section.trailer)?;
            section.hybrid = Some((hidden.offset, hidden.end));
            section.plain = false;
        }
        // The same rows for each signature and each revision.
        if !source.spend(section.entries.len() as u64 * ROW) {
            return Err(Broken);
        }
        next = match section.trailer.get(b"Prev") {
            None => None,
            Some(prev) => Some(prev.as_int().and_then(|i| u64::try_from(i).ok()).ok_or(Broken)?),
        };
        sections.push(section);
    }
    Ok(sections)
}

/// Parses something at `offset`, with growing windows.
pub(super) fn at<T>(
    source: &mut Source<'_>,
    offset: u64,
    end: u64,
    parse: &mut dyn FnMut(&mut Parser<'_>) -> Result<T, ParseError>,
) -> Result<T, Broken> {
    let mut window = 4 << 10;
    loop {
        let available = end.checked_sub(offset).filter(|n| *n > 0).ok_or(Broken)?;
        let buf = source.read(offset, window.min(available))?;
        match parse(&mut Parser::new(&buf, offset, window >= available)) {
            Ok(value) => return Ok(value),
            // Who asks for more and more of one place pays for it each time.
            Err(ParseError::Incomplete)
                if window < MAX_WINDOW && window < available && source.spend(buf.len() as u64) =>
            {
                window *= 4;
            }
            Err(_) => return Err(Broken),
        }
    }
}

/// Where the last table stands. Nothing may follow the number but the end of the file.
fn start(source: &mut Source<'_>, end: u64) -> Result<u64, Broken> {
    let from = end.saturating_sub(TAIL);
    let tail = source.read(from, end - from)?;
    let word = b"startxref";
    let place = tail.windows(word.len()).rposition(|w| w == word).ok_or(Broken)?;
    let alone = place == 0 || tail.get(place - 1).copied().is_some_and(syntax::is_space);
    let (offset, behind) = pointer(tail.get(place..).ok_or(Broken)?).ok_or(Broken)?;
    (alone && behind.iter().all(u8::is_ascii_whitespace)).then_some(offset).ok_or(Broken)
}

/// The offset in `startxref n %%EOF`, and what follows.
pub(super) fn pointer(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut lexer = Parser::new(bytes, 0, true);
    lexer.refuse_comments();
    if !lexer.keyword(b"startxref").ok()? {
        return None;
    }
    let offset = lexer.number(u64::MAX).ok()?;
    let told = bytes.get(..usize::try_from(lexer.offset()).ok()?)?;
    if told.contains(&0) {
        // White space to some readers, the end to others.
        return None;
    }
    let rest = bytes.get(usize::try_from(lexer.offset()).ok()?..)?.trim_ascii_start();
    Some((offset, rest.strip_prefix(b"%%EOF")?))
}

fn section(source: &mut Source<'_>, offset: u64, end: u64, room: &mut usize) -> Result<XrefSection, Broken> {
    let head = source.read(offset, 6.min(end.saturating_sub(offset)))?;
    // Some programs point to the line end before the table.
    if !head.trim_ascii_start().starts_with(b"xref") {
        return stream_section(source, offset, end, room);
    }
    let limit = *room;
    let Table { entries, trailer, end: stop, plain } =
        at(source, offset, end, &mut |lexer| table(lexer, limit))?;
    let mut section = XrefSection::new(offset, stop, entries, trailer)?;
    section.plain = plain;
    *room -= section.entries.len().min(*room);
    Ok(section)
}

/// A table as it is written.
struct Table {
    entries: Vec<(u32, Entry)>,
    trailer: Dict,
    end: u64,
    plain: bool,
}

fn table(lexer: &mut Parser<'_>, limit: usize) -> Result<Table, ParseError> {
    lexer.refuse_comments();
    if !lexer.keyword(b"xref")? {
        return Err(ParseError::Bad);
    }
    let mut entries = Vec::new();
    let mut plain = lexer.line_end()?;
    while !lexer.keyword(b"trailer")? {
        plain &= lexer.is_plain_number()?;
        let first = lexer.number(MAX_NUMBER)?;
        plain &= lexer.peek_is(b' ')?;
        let count = lexer.number(MAX_NUMBER)?;
        plain &= lexer.line_end()?;
        lexer.skip_space()?;
        for number in first..first + count {
            let (place, generation, used) = lexer.row()?;
            if entries.len() >= limit || number > MAX_NUMBER {
                return Err(ParseError::Bad);
            }
            let entry = if used && place > 0 { Entry::At(place, generation) } else { Entry::Free };
            plain &= used == (entry != Entry::Free) && is_plain_row(number, first, entry);
            entries.push((u32::try_from(number).map_err(|_| ParseError::Bad)?, entry));
        }
    }
    // A program's name stands in the trailer of some; what is appended later has none (`changes::layout`).
    lexer.allow_comments();
    match lexer.object(0)? {
        Obj::Dict(trailer) => {
            plain &= !lexer.saw_comment();
            Ok(Table { entries, trailer, end: lexer.offset(), plain })
        }
        _ => Err(ParseError::Bad),
    }
}

fn stream_section(
    source: &mut Source<'_>,
    offset: u64,
    end: u64,
    room: &mut usize,
) -> Result<XrefSection, Broken> {
    let Numbered { number, obj: Obj::Dict(dict), stream: Some(start), .. } =
        at(source, offset, end, &mut |lexer| lexer.numbered(None))?
    else {
        return Err(Broken);
    };
    if !dict.has_name(b"Type", b"XRef") {
        return Err(Broken);
    }
    let length =
        dict.get(b"Length").and_then(Obj::as_int).and_then(|i| u64::try_from(i).ok()).ok_or(Broken)?;
    let raw = stream_bytes(source, start, length, end)?;
    let data = filter::decode(&dict, raw).ok_or(Broken)?;
    if !source.spend(data.len() as u64) {
        return Err(Broken);
    }
    let (entries, plain) = stream_entries(&dict, &data, *room)?;
    *room -= entries.len().min(*room);
    let stop = closed_at(source, start + length, end)?;
    let mut section = XrefSection::new(offset, stop, entries, dict)?;
    section.stream = Some(number);
    section.plain = plain && number > 0;
    Ok(section)
}

/// Whether a row leaves all readers to their tables: number 0 is free, and rows from 1 do not begin with a free one, for
/// that is number 0 to some.
fn is_plain_row(number: u64, first: u64, entry: Entry) -> bool {
    match number {
        0 => entry == Entry::Free,
        1 => first != 1 || entry != Entry::Free,
        _ => true,
    }
}

/// Where the word `obj` of an object's head stands.
pub(super) fn head(lexer: &mut Parser<'_>) -> Result<u64, ParseError> {
    const WORD: &[u8] = b"obj";
    lexer.number(u32::MAX.into())?;
    lexer.number(u16::MAX.into())?;
    if lexer.keyword(WORD)? { Ok(lexer.offset() - WORD.len() as u64) } else { Err(ParseError::Bad) }
}

/// Where `endstream endobj` ends, which must be what stands at `offset`.
pub(super) fn closed_at(source: &mut Source<'_>, offset: u64, end: u64) -> Result<u64, Broken> {
    at(source, offset, end, &mut |lexer| {
        lexer.refuse_comments();
        let closed = lexer.keyword(b"endstream")? && lexer.keyword(b"endobj")?;
        if closed { Ok(lexer.offset()) } else { Err(ParseError::Bad) }
    })
}

/// The raw bytes of a stream that really ends where its `/Length` says.
pub(super) fn stream_bytes(
    source: &mut Source<'_>,
    start: u64,
    length: u64,
    end: u64,
) -> Result<Vec<u8>, Broken> {
    if length > MAX_STREAM || start.checked_add(length).is_none_or(|stop| stop > end) {
        return Err(Broken);
    }
    let behind = source.read(start + length, 16.min(end - start - length))?;
    let closes = Parser::new(&behind, 0, true).keyword(b"endstream").unwrap_or(false);
    if !closes {
        return Err(Broken);
    }
    Ok(source.read(start, length)?)
}

/// The entries, and whether they are written so that every reader takes them.
fn stream_entries(dict: &Dict, data: &[u8], limit: usize) -> Result<(Vec<(u32, Entry)>, bool), Broken> {
    let numbers = |key: &[u8]| -> Option<Vec<u64>> {
        dict.get(key)?.as_array()?.iter().map(|o| u64::try_from(o.as_int()?).ok()).collect()
    };
    let widths = numbers(b"W").ok_or(Broken)?;
    let [w0, w1, w2] = *widths.as_slice() else { return Err(Broken) };
    if w0 > 8 || w1 > 8 || w2 > 8 || w0 + w1 + w2 == 0 {
        return Err(Broken);
    }
    let size = dict.get(b"Size").and_then(Obj::as_int).and_then(|i| u64::try_from(i).ok()).ok_or(Broken)?;
    let index = match dict.get(b"Index") {
        None => vec![0, size],
        Some(_) => numbers(b"Index").ok_or(Broken)?,
    };
    let mut rows = data.chunks_exact((w0 + w1 + w2) as usize);
    let mut entries = Vec::new();
    let mut plain = w0 <= 1 && w2 <= 4 && rows.remainder().is_empty();
    for pair in index.chunks(2) {
        let [first, count] = *pair else { return Err(Broken) };
        if first > MAX_NUMBER || count > MAX_NUMBER {
            return Err(Broken);
        }
        for number in first..first + count {
            let row = rows.next().ok_or(Broken)?;
            if entries.len() >= limit || number > MAX_NUMBER {
                return Err(Broken);
            }
            let field = |from: u64, width: u64| -> u64 {
                let bytes = row.get(from as usize..(from + width) as usize).unwrap_or_default();
                bytes.iter().fold(0, |value, b| value << 8 | u64::from(*b))
            };
            let kind = if w0 == 0 { 1 } else { field(0, w0) };
            let entry = match kind {
                1 if field(w0, w1) > 0 => {
                    let generation = u16::try_from(field(w0 + w1, w2)).map_err(|_| Broken)?;
                    Entry::At(field(w0, w1), generation)
                }
                2 => Entry::In(
                    u32::try_from(field(w0, w1)).map_err(|_| Broken)?,
                    u32::try_from(field(w0 + w1, w2)).map_err(|_| Broken)?,
                ),
                0 | 1 => {
                    plain &= kind == 0;
                    Entry::Free
                }
                // Some readers count in 32 bits, some see a table that is broken.
                _ => return Err(Broken),
            };
            plain &= is_plain_row(number, 0, entry);
            entries.push((u32::try_from(number).map_err(|_| Broken)?, entry));
        }
    }
    Ok((entries, plain && rows.next().is_none()))
}
