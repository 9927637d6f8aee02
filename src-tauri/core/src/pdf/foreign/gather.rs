//! The objects a page needs, followed from its resources and contents, written as pieces of text.
//!
//! Touches the parsed document and the side file it writes. References are renumbered from 0;
//! strings become hexadecimal, names are escaped, so that nothing in them can end an object early.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::{
    Refusal, active,
    tree::{Leaf, deref, get},
};
use crate::page::{FindingKind, Limits};
use crate::pdf::parts::{PartObject, PartPage, PdfParts, Piece};

/// Deepest nesting of direct objects.
const MAX_DEPTH: usize = 64;
/// Most objects.
const MAX_OBJECTS: usize = 1_000_000;
/// Keys of a stream's dictionary that are not needed to show it, or lead out of it.
const STREAM_DROPS: [&[u8]; 16] = [
    b"Length",
    b"F",
    b"FFilter",
    b"FDecodeParms",
    b"DL",
    b"Metadata",
    b"OC",
    b"OPI",
    b"Alternates",
    b"PieceInfo",
    b"LastModified",
    b"StructParent",
    b"StructParents",
    b"Ref",
    b"Measure",
    b"PtData",
];
/// Objects of these types are never part of a picture of a page.
const FOREIGN_TYPES: [&[u8]; 9] = [
    b"Page",
    b"Pages",
    b"Catalog",
    b"Annot",
    b"Action",
    b"Filespec",
    b"StructElem",
    b"StructTreeRoot",
    b"Sig",
];

/// Collects objects.
pub(super) struct Gather<'a> {
    doc: &'a Document,
    hidden: &'a HashSet<ObjectId>,
    places: HashMap<ObjectId, u32>,
    todo: Vec<(ObjectId, u32)>,
    objects: Vec<Option<PartObject>>,
    /// Form XObjects whose dictionary does not say that they are.
    forms: HashSet<ObjectId>,
    bin: BufWriter<File>,
    written: u64,
    room: u64,
    /// The last page was taken over as it is: no annotations were drawn into it.
    pub(super) plain: bool,
}

/// What geometry already found for a page.
pub(super) struct PartFrame {
    pub(super) box_mpt: [i64; 4],
    pub(super) rotate: u16,
    pub(super) user_unit_milli: u32,
}

fn failed<E>(_: E) -> Refusal {
    (FindingKind::Unreadable, String::new())
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        doc: &'a Document,
        bin: &Path,
        hidden: &'a HashSet<ObjectId>,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            doc,
            hidden,
            places: HashMap::new(),
            todo: Vec::new(),
            objects: Vec::new(),
            forms: HashSet::new(),
            bin: BufWriter::new(File::create(bin).map_err(failed)?),
            written: 0,
            room: limits.max_file_bytes.saturating_mul(2),
            plain: true,
        })
    }

    /// Takes one page with everything it needs.
    pub(super) fn page(&mut self, leaf: &Leaf, frame: &PartFrame) -> Result<PartPage, Refusal> {
        let mut resources = match get(self.doc, &leaf.dict, b"Resources") {
            Some(Object::Dictionary(dict)) => dict.clone(),
            _ => Dictionary::new(),
        };
        self.refuse_hidden(&resources)?;
        let mut contents = self.contents(leaf)?;
        let drawn = active::appearances(self.doc, &leaf.dict);
        self.plain = drawn.is_empty();
        if !drawn.is_empty() {
            self.draw(&drawn, &mut resources, &mut contents)?;
        }
        let xobjects = match get(self.doc, &resources, b"XObject") {
            Some(Object::Dictionary(dict)) => dict.clone(),
            _ => Dictionary::new(),
        };
        resources.remove(b"XObject");
        let mut text = Vec::new();
        self.dict(&resources, &[], 0, &mut text)?;
        let mut pictures = Vec::new();
        self.dict(&xobjects, &[], 0, &mut pictures)?;
        let group = match get(self.doc, &leaf.dict, b"Group") {
            Some(Object::Dictionary(group)) => {
                let mut text = Vec::new();
                self.dict(group, &[], 0, &mut text)?;
                Some(text)
            }
            _ => None,
        };
        self.follow()?;
        Ok(PartPage {
            resources: inside(text),
            xobjects: inside(pictures),
            contents,
            box_mpt: frame.box_mpt,
            rotate: frame.rotate,
            group,
            user_unit_milli: frame.user_unit_milli,
        })
    }

    /// All objects and pages.
    pub(super) fn finish(mut self, pages: Vec<PartPage>) -> Result<PdfParts, Refusal> {
        self.bin.flush().map_err(failed)?;
        let minor = self.doc.version.strip_prefix("1.").and_then(|v| v.parse().ok()).unwrap_or(7_u8);
        let objects: Option<Vec<PartObject>> = self.objects.into_iter().collect();
        Ok(PdfParts { minor_version: minor.clamp(4, 7), objects: objects.ok_or_else(|| failed(()))?, pages })
    }

    /// Content hidden by a layer that is off would come to light when the layers are gone.
    fn refuse_hidden(&self, resources: &Dictionary) -> Result<(), Refusal> {
        let properties = get(self.doc, resources, b"Properties").and_then(|p| p.as_dict().ok());
        let hides = properties.is_some_and(|p| p.iter().any(|(_, v)| self.is_hidden(v)));
        if hides { Err((FindingKind::Unsupported, "hidden layers".into())) } else { Ok(()) }
    }

    fn is_hidden(&self, layer: &Object) -> bool {
        if layer.as_reference().is_ok_and(|id| self.hidden.contains(&id)) {
            return true;
        }
        // A membership dictionary: hidden when all its groups are (the default policy is "any on").
        let Ok(dict) = deref(self.doc, layer).as_dict() else { return false };
        let off = |o: &Object| o.as_reference().is_ok_and(|id| self.hidden.contains(&id));
        match dict.get(b"OCGs") {
            Ok(Object::Array(list)) => !list.is_empty() && list.iter().all(off),
            Ok(one) => off(one),
            Err(_) => false,
        }
    }

    fn contents(&mut self, leaf: &Leaf) -> Result<Vec<u32>, Refusal> {
        let Ok(value) = leaf.dict.get(b"Contents") else { return Ok(Vec::new()) };
        let list = match (value, deref(self.doc, value)) {
            (_, Object::Array(list)) => list.clone(),
            (Object::Reference(_), Object::Stream(_)) => vec![value.clone()],
            _ => Vec::new(),
        };
        let mut places = Vec::new();
        for item in list {
            if let (Object::Reference(id), Object::Stream(_)) = (&item, deref(self.doc, &item)) {
                places.push(self.place(*id)?);
            }
        }
        Ok(places)
    }

    /// Draws annotation appearances behind the page's own content.
    fn draw(
        &mut self,
        drawn: &[active::Appearance],
        resources: &mut Dictionary,
        contents: &mut Vec<u32>,
    ) -> Result<(), Refusal> {
        let mut xobjects = match get(self.doc, resources, b"XObject") {
            Some(Object::Dictionary(dict)) => dict.clone(),
            _ => Dictionary::new(),
        };
        let mut text = String::from("\nQ\n");
        for (i, one) in drawn.iter().enumerate() {
            let name = (0..)
                .map(|n| format!("SaoY{i}_{n}"))
                .find(|n| !xobjects.has(n.as_bytes()))
                .unwrap_or_default();
            let [a, b, c, d, e, f] = one.matrix;
            let _ = writeln!(text, "q {a:.6} {b:.6} {c:.6} {d:.6} {e:.6} {f:.6} cm /{name} Do Q");
            self.forms.insert(one.form);
            xobjects.set(name, Object::Reference(one.form));
        }
        resources.set("XObject", Object::Dictionary(xobjects));
        let open = self.own_stream(b"q\n")?;
        let close = self.own_stream(text.as_bytes())?;
        contents.insert(0, open);
        contents.push(close);
        Ok(())
    }

    fn own_stream(&mut self, data: &[u8]) -> Result<u32, Refusal> {
        let stream = self.put(data)?;
        let place = self.reserve()?;
        self.store(place, PartObject { body: vec![Piece::Text("<< >>".into())], stream: Some(stream) });
        Ok(place)
    }

    fn put(&mut self, data: &[u8]) -> Result<(u64, u64), Refusal> {
        let start = self.written;
        self.written += data.len() as u64;
        if self.written > self.room {
            return Err((FindingKind::TooLarge, String::new()));
        }
        self.bin.write_all(data).map_err(failed)?;
        Ok((start, data.len() as u64))
    }

    fn reserve(&mut self) -> Result<u32, Refusal> {
        if self.objects.len() >= MAX_OBJECTS {
            return Err((FindingKind::TooLarge, String::new()));
        }
        self.objects.push(None);
        u32::try_from(self.objects.len() - 1).map_err(failed)
    }

    fn store(&mut self, place: u32, object: PartObject) {
        if let Some(slot) = self.objects.get_mut(place as usize) {
            *slot = Some(object);
        }
    }

    fn place(&mut self, id: ObjectId) -> Result<u32, Refusal> {
        if let Some(place) = self.places.get(&id) {
            return Ok(*place);
        }
        let place = self.reserve()?;
        self.places.insert(id, place);
        self.todo.push((id, place));
        Ok(place)
    }

    fn follow(&mut self) -> Result<(), Refusal> {
        while let Some((id, place)) = self.todo.pop() {
            let doc = self.doc;
            let object = match doc.objects.get(&id) {
                Some(Object::Stream(stream)) => self.stream(id, stream)?,
                Some(object) => {
                    let mut body = Vec::new();
                    self.value(object, 0, &mut body)?;
                    PartObject { body, stream: None }
                }
                None => PartObject { body: vec![Piece::Text("null".into())], stream: None },
            };
            self.store(place, object);
        }
        Ok(())
    }

    fn stream(&mut self, id: ObjectId, stream: &Stream) -> Result<PartObject, Refusal> {
        if stream.dict.has(b"F") {
            return Err((FindingKind::Unsupported, "external stream".into()));
        }
        if stream.dict.get(b"OC").is_ok_and(|layer| self.is_hidden(layer)) {
            // Not seen before, so not seen now.
            let text = "<< /Type /XObject /Subtype /Form /BBox [0 0 0 0] >>";
            return Ok(PartObject { body: vec![Piece::Text(text.into())], stream: Some(self.put(b"")?) });
        }
        let filters: Vec<&[u8]> = stream.filters().unwrap_or_default();
        let odd = filters.iter().any(|f| matches!(*f, b"LZWDecode" | b"LZW" | b"Crypt"));
        let plain = if odd { stream.decompressed_content_with_limit(256 << 20).ok() } else { None };
        let mut dict = stream.dict.clone();
        if self.forms.contains(&id) && !dict.has(b"Subtype") {
            dict.set("Subtype", Object::Name(b"Form".to_vec()));
        }
        let data = match plain {
            Some(plain) => {
                dict.remove(b"DecodeParms");
                dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
                let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
                zlib.write_all(&plain).map_err(failed)?;
                zlib.finish().map_err(failed)?
            }
            None => Vec::new(),
        };
        let place = if data.is_empty() { self.put(&stream.content)? } else { self.put(&data)? };
        let mut body = Vec::new();
        self.dict(&dict, &STREAM_DROPS, 0, &mut body)?;
        Ok(PartObject { body, stream: Some(place) })
    }

    fn dict(
        &mut self,
        dict: &Dictionary,
        drops: &[&[u8]],
        depth: usize,
        out: &mut Vec<Piece>,
    ) -> Result<(), Refusal> {
        text(out, "<<");
        for (key, value) in dict.iter() {
            if drops.contains(&key.as_slice()) {
                continue;
            }
            text(out, " ");
            name(out, key);
            text(out, " ");
            self.value(value, depth + 1, out)?;
        }
        text(out, " >>");
        Ok(())
    }

    fn value(&mut self, value: &Object, depth: usize, out: &mut Vec<Piece>) -> Result<(), Refusal> {
        if depth > MAX_DEPTH {
            return Err((FindingKind::Damaged, "nesting".into()));
        }
        match value {
            Object::Null => text(out, "null"),
            Object::Boolean(b) => text(out, if *b { "true" } else { "false" }),
            Object::Integer(i) => text(out, &i.to_string()),
            Object::Real(r) if r.is_finite() => text(out, &format!("{r}")),
            Object::Real(_) => text(out, "0"),
            Object::Name(n) => name(out, n),
            Object::String(bytes, _) => text(out, &format!("<{}>", crate::hex::encode(bytes))),
            Object::Array(list) => {
                text(out, "[");
                for (i, item) in list.iter().enumerate() {
                    if i > 0 {
                        text(out, " ");
                    }
                    self.value(item, depth + 1, out)?;
                }
                text(out, "]");
            }
            Object::Dictionary(dict) if leads_away(dict) => text(out, "null"),
            Object::Dictionary(dict) => self.dict(dict, &[], depth, out)?,
            // A stream cannot stand inside another object.
            Object::Stream(_) => text(out, "null"),
            Object::Reference(id) => match self.doc.objects.get(id) {
                None => text(out, "null"),
                Some(Object::Dictionary(dict)) if leads_away(dict) => text(out, "null"),
                Some(_) => {
                    let place = self.place(*id)?;
                    out.push(Piece::Ref(place));
                }
            },
        }
        Ok(())
    }
}

/// A dictionary that is no part of how a page looks: other pages, actions, files.
fn leads_away(dict: &Dictionary) -> bool {
    let kind = dict.get(b"Type").and_then(Object::as_name).unwrap_or_default();
    FOREIGN_TYPES.contains(&kind)
        || dict.has(b"EF")
        || dict.has(b"JS") && dict.has(b"S")
        || matches!(
            dict.get(b"S").and_then(Object::as_name),
            Ok(b"URI" | b"Launch" | b"SubmitForm" | b"GoToR" | b"GoTo" | b"Named")
        )
}

fn text(out: &mut Vec<Piece>, more: &str) {
    match out.last_mut() {
        Some(Piece::Text(last)) => last.push_str(more),
        _ => out.push(Piece::Text(more.to_owned())),
    }
}

fn name(out: &mut Vec<Piece>, name: &[u8]) {
    let mut written = String::from("/");
    for &b in name {
        // A null byte is not allowed in a name, in any form.
        match b {
            0 => {}
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'+' | b'*' => {
                written.push(char::from(b))
            }
            _ => {
                let _ = write!(written, "#{b:02x}");
            }
        }
    }
    text(out, &written);
}

/// A dictionary's pieces without its brackets.
fn inside(mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(Piece::Text(first)) = pieces.first_mut() {
        *first = first.trim_start().strip_prefix("<<").unwrap_or(first).to_owned();
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        *last = last.trim_end().strip_suffix(">>").unwrap_or(last).to_owned();
    }
    pieces
}
