//! The page tree, walked with suspicion: inheritance resolved, loops cut, the count doubted.
//!
//! Touches the parsed document only.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId, xref::XrefRecovery};

use super::Refusal;
use crate::page::{FindingKind, Limits};

/// Deepest tree.
const MAX_DEPTH: usize = 64;
/// Keys a page inherits (ISO 32000-1, table 30).
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// One page: its dictionary with what it inherits filled in.
pub(super) struct Leaf {
    pub(super) dict: Dictionary,
}

/// What a value stands for, through references; `Null` when they lead nowhere.
pub(super) fn deref<'a>(doc: &'a Document, mut value: &'a Object) -> &'a Object {
    for _ in 0..16 {
        let Object::Reference(id) = value else { return value };
        match doc.objects.get(id) {
            Some(next) => value = next,
            None => return &Object::Null,
        }
    }
    &Object::Null
}

/// A key's value, through references.
pub(super) fn get<'a>(doc: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    dict.get(key).ok().map(|v| deref(doc, v)).filter(|v| !matches!(v, Object::Null))
}

/// A dictionary under a key; a stream's dictionary too.
pub(super) fn get_dict<'a>(doc: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    as_dict(get(doc, dict, key)?)
}

/// The dictionary of an object.
pub(super) fn as_dict(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(d) => Some(d),
        Object::Stream(s) => Some(&s.dict),
        _ => None,
    }
}

/// The catalog.
pub(super) fn catalog(doc: &Document) -> Option<&Dictionary> {
    get_dict(doc, &doc.trailer, b"Root")
}

/// All pages in order. `second` is another parser's count.
pub(super) fn pages(doc: &Document, limits: &Limits, second: Option<usize>) -> Result<Vec<Leaf>, Refusal> {
    let damaged = |detail: String| (FindingKind::Damaged, detail);
    let root = catalog(doc).ok_or_else(|| damaged("catalog".into()))?;
    let top = root.get(b"Pages").map_err(|_| damaged("page tree".into()))?;
    let mut walk =
        Walk { doc, seen: HashSet::new(), leaves: Vec::new(), lost: 0, looped: 0, limit: limits.max_pages };
    walk.node(top, &Dictionary::new(), 0)?;
    let (found, looped) = (walk.leaves.len(), walk.looped > 0);
    let declared = as_dict(deref(doc, top))
        .and_then(|d| get(doc, d, b"Count"))
        .and_then(|c| c.as_i64().ok())
        .and_then(|c| usize::try_from(c).ok());
    let rebuilt = doc.xref_recovery == Some(XrefRecovery::Reconstructed);
    // What a scan without trailer or a guess at a table stream brings up may be an older state.
    let guessed = match doc.xref_recovery {
        Some(XrefRecovery::Reconstructed) => !doc.trailer.has(b"Size"),
        Some(_) => doc.trailer.has_type(b"XRef"),
        None => false,
    };
    // Two of three must agree, and what was rebuilt by scanning needs the other parser's word.
    let agreed = match (declared == Some(found), second == Some(found)) {
        (true, true) => true,
        (true, false) => !rebuilt && !looped,
        (false, true) => true,
        (false, false) => false,
    };
    if found == 0 || walk.lost > 0 || !agreed || guessed {
        return Err(damaged(format!("page tree: {found}")));
    }
    Ok(walk.leaves)
}

struct Walk<'a> {
    doc: &'a Document,
    seen: HashSet<ObjectId>,
    leaves: Vec<Leaf>,
    /// Kids that are not there.
    lost: usize,
    /// Kids met before.
    looped: usize,
    limit: u32,
}

impl Walk<'_> {
    fn node(&mut self, value: &Object, above: &Dictionary, depth: usize) -> Result<(), Refusal> {
        if let Object::Reference(id) = value {
            // A page that stands twice in the tree is shown twice; only a way back up is a loop.
            let again = !self.seen.insert(*id);
            let is_leaf = as_dict(deref(self.doc, value)).is_some_and(|d| !d.has(b"Kids"));
            if again && !is_leaf {
                self.looped += 1;
                return Ok(());
            }
        }
        if depth > MAX_DEPTH {
            return Err((FindingKind::Damaged, "page tree".into()));
        }
        let Object::Dictionary(dict) = deref(self.doc, value) else {
            self.lost += 1;
            return Ok(());
        };
        let mut own = dict.clone();
        for key in INHERITED {
            if let (false, Ok(value)) = (own.has(key), above.get(key)) {
                own.set(key, value.clone());
            }
        }
        match get(self.doc, dict, b"Kids") {
            Some(Object::Array(kids)) => {
                let mut inherited = Dictionary::new();
                for key in INHERITED {
                    if let Ok(value) = own.get(key) {
                        inherited.set(key, value.clone());
                    }
                }
                for kid in kids {
                    self.node(kid, &inherited, depth + 1)?;
                }
            }
            Some(_) => self.lost += 1,
            None if own.has_type(b"Pages") => {}
            None => {
                if self.leaves.len() >= self.limit as usize {
                    return Err((FindingKind::TooLarge, format!("{} pages", self.limit)));
                }
                self.leaves.push(Leaf { dict: own });
            }
        }
        Ok(())
    }
}
