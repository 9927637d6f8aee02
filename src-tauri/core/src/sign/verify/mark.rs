//! The digitization code as the first page shows it: in the text of a mark (Circular 01/2023, Art. 8).
//!
//! Touches one revision of the document. Read is what forms of the page write in fonts that say which letters their glyphs
//! are, as our marks do.

use std::{collections::HashMap, rc::Rc};

use super::{
    document::Document,
    source::Source,
    syntax::{Dict, Obj, Parser},
    xref::Broken,
};

/// What stands before the code.
const LABEL: &str = "Mã số hóa:";
/// Deepest tree of pages.
const MAX_DEPTH: usize = 32;
/// Most nodes of it that are looked at for the first page, and most forms on that.
const MAX_NODES: usize = 1_000;
const MAX_FORMS: usize = 64;
/// Longest content that is read, bytes.
const MAX_CONTENT: usize = 1 << 20;

/// Whether the mark of page 1 shows another code; false where no mark shows one, as the agency's does not.
pub(super) fn contradicts(source: &mut Source<'_>, doc: &mut Document, code: &str) -> bool {
    let Ok((lines, ours)) = read(source, doc) else { return false };
    let shown = |line: &String| line.split_once(LABEL).map(|(_, shown)| shown.trim().to_owned());
    let mut shown = lines.iter().filter_map(shown).filter(|shown| !shown.is_empty()).peekable();
    match ours {
        true => shown.any(|one| one != code),
        // Any form may be one, or that of a copy it is a copy of.
        false => shown.peek().is_some() && !shown.any(|one| one == code),
    }
}

/// The lines of our mark on page 1, or else of all forms drawn there; whether it is ours.
fn read(source: &mut Source<'_>, doc: &mut Document) -> Result<(Vec<String>, bool), Broken> {
    let (page, resources) = first_page(source, doc)?;
    let none = || Ok((Vec::new(), false));
    let Obj::Dict(resources) = &*resources else { return none() };
    let forms = match doc.get(source, resources, b"XObject")? {
        Obj::Dict(forms) => forms,
        _ => return none(),
    };
    let contents = match page.get(b"Contents") {
        Some(Obj::Ref(number, _)) if doc.load(source, *number)?.stream.is_none() => {
            doc.get(source, &page, b"Contents")?
        }
        Some(contents) => contents.clone(),
        None => return none(),
    };
    let parts = match contents {
        Obj::Array(parts) => parts,
        one => vec![one],
    };
    let mut drawn = Vec::new();
    for part in parts {
        if drawn.len() > MAX_CONTENT {
            break;
        }
        let part = doc.load(source, part.as_ref().ok_or(Broken)?)?;
        drawn.extend(doc.stream(source, &part)?);
        drawn.push(b'\n');
    }
    let mut names: Vec<Vec<u8>> = Vec::new();
    each_step(&drawn, |operator, operands| {
        if let (b"Do", [.., Obj::Name(name)]) = (operator, operands)
            && names.len() < MAX_FORMS
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    });
    // Ours is drawn first, and a copied copy has the mark it came with besides.
    let ours = names.iter().find(|name| is_ours(name) && forms.get(name).is_some()).cloned();
    let mut lines = Vec::new();
    for name in ours.as_ref().map_or(names.as_slice(), std::slice::from_ref) {
        if let Some(form) = forms.get(name).and_then(Obj::as_ref) {
            lines.extend(written(source, doc, form).unwrap_or_default());
        }
    }
    Ok((lines, ours.is_some()))
}

/// Whether a form has the name of our mark on a page made of a picture, or on one taken from a PDF (numbered where it is
/// taken).
fn is_ours(name: &[u8]) -> bool {
    let numbered =
        |known: &[u8]| name.strip_prefix(known).is_some_and(|number| number.iter().all(u8::is_ascii_digit));
    numbered(b"Mark") || numbered(b"SaoYMark")
}

/// The first page of the tree, and its resources, its own or of a node above it.
fn first_page(source: &mut Source<'_>, doc: &mut Document) -> Result<(Dict, Rc<Obj>), Broken> {
    let catalog = doc.catalog(source)?;
    let root = catalog.get(b"Pages").cloned().ok_or(Broken)?;
    let (mut todo, mut left) = (vec![(root, Rc::new(Obj::Null), 0)], MAX_NODES);
    while let Some((node, above, depth)) = todo.pop() {
        left = left.checked_sub(1).filter(|_| depth < MAX_DEPTH).ok_or(Broken)?;
        let Ok(Obj::Dict(node)) = doc.resolve(source, &node) else { continue };
        let resources = match doc.get(source, &node, b"Resources")? {
            Obj::Null => above,
            own => Rc::new(own),
        };
        let Obj::Array(kids) = doc.get(source, &node, b"Kids")? else { return Ok((node, resources)) };
        for kid in kids.into_iter().take(MAX_NODES).rev() {
            todo.push((kid, Rc::clone(&resources), depth + 1));
        }
    }
    Err(Broken)
}

/// Goes through the operators of a content stream, each with its operands, as far as it can be read and is not too long: a
/// mark is short, and drawn first.
fn each_step(content: &[u8], mut see: impl FnMut(&[u8], &[Obj])) {
    let content = content.get(..content.len().min(MAX_CONTENT)).unwrap_or_default();
    let (mut lexer, mut operands) = (Parser::new(content, 0, true), Vec::new());
    loop {
        match lexer.operator() {
            Ok(Some(operator)) => see(&operator, &std::mem::take(&mut operands)),
            Ok(None) if lexer.is_at_end() => return,
            Ok(None) => match lexer.object(0) {
                Ok(operand) => operands.push(operand),
                Err(_) => return,
            },
            Err(_) => return,
        }
    }
}

/// The lines a form writes.
fn written(source: &mut Source<'_>, doc: &mut Document, form: u32) -> Result<Vec<String>, Broken> {
    let form = doc.load(source, form)?;
    let content = doc.stream(source, &form)?;
    let fonts = within(source, doc, form.obj.as_dict().ok_or(Broken)?, &[b"Resources", b"Font"])?;
    let mut letters = HashMap::new();
    for (name, font) in fonts.entries.iter().take(MAX_FORMS) {
        let Obj::Dict(font) = doc.resolve(source, font)? else { continue };
        let Some(map) = font.get(b"ToUnicode").and_then(Obj::as_ref) else { continue };
        let map = doc.load(source, map)?;
        letters.insert(name.clone(), glyphs(&doc.stream(source, &map)?));
    }
    let (mut lines, mut font) = (vec![String::new()], None);
    each_step(&content, |operator, operands| match (operator, operands) {
        (b"Tf", [.., Obj::Name(name), _]) => font = letters.get(name),
        (b"Td" | b"TD" | b"T*" | b"Tm" | b"BT", _) => lines.push(String::new()),
        (b"Tj" | b"TJ" | b"'" | b"\"", _) => {
            if matches!(operator, b"'" | b"\"") {
                lines.push(String::new());
            }
            let strings = operands.iter().flat_map(|one| match one {
                Obj::Array(parts) => parts.as_slice(),
                one => std::slice::from_ref(one),
            });
            for text in strings {
                if let (Obj::Text(text), Some(font), Some(line)) = (text, font, lines.last_mut()) {
                    let units =
                        text.bytes.chunks(2).map(|two| two.iter().fold(0, |n, b| n << 8 | u16::from(*b)));
                    line.extend(units.filter_map(|glyph| font.get(&glyph)).map(String::as_str));
                }
            }
        }
        _ => {}
    });
    Ok(lines)
}

/// A dictionary inside others; empty where there is none.
fn within(source: &mut Source<'_>, doc: &mut Document, dict: &Dict, keys: &[&[u8]]) -> Result<Dict, Broken> {
    let mut dict = dict.clone();
    for key in keys {
        dict = match doc.get(source, &dict, key)? {
            Obj::Dict(inner) => inner,
            _ => return Ok(Dict::default()),
        };
    }
    Ok(dict)
}

/// What letters the glyphs of a font are, by its ToUnicode; a letter is a few units.
fn glyphs(map: &[u8]) -> HashMap<u16, String> {
    const MOST: usize = 8;
    let mut letters = HashMap::new();
    let mut pairs = hexadecimal(within_words(map, b"beginbfchar", b"endcmap"));
    while let (Some(glyph), Some(text)) = (pairs.next(), pairs.next()) {
        if let ([glyph], ..=MOST) = (glyph.as_slice(), text.len()) {
            letters.insert(*glyph, String::from_utf16_lossy(&text));
        }
    }
    letters
}

/// From one word to another.
fn within_words<'a>(bytes: &'a [u8], from: &[u8], to: &[u8]) -> &'a [u8] {
    let place = |word: &[u8]| memchr::memmem::find(bytes, word);
    place(from).zip(place(to)).and_then(|(from, to)| bytes.get(from..to)).unwrap_or_default()
}

/// Every `<...>` of two-byte units; what is none is left out.
fn hexadecimal(bytes: &[u8]) -> impl Iterator<Item = Vec<u16>> {
    bytes.split(|b| *b == b'<').skip(1).filter_map(|rest| {
        let digits = rest.split(|b| *b == b'>').next()?;
        let unit = |four: &[u8]| u16::from_str_radix(std::str::from_utf8(four).ok()?, 16).ok();
        digits.chunks(4).map(unit).collect()
    })
}
