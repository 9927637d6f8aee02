//! Revisions that keep a signed file worth believing: evidence (DSS) and document time-stamps, appended behind
//! what is there. Not one byte before them is touched (ETSI EN 319 142-1, 5.4 and 5.5).

use std::io;

use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, StringFormat};
use sha2::{Digest as _, Sha256};

/// Why a file cannot be extended.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// It is not built as it must be.
    #[error("{0}")]
    Pdf(#[from] lopdf::Error),
    /// It is protected, or is no PDF from its first byte.
    #[error("not a plain pdf")]
    NotPlain,
    /// It could not be written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Nobody stamped it.
    #[error("no time-stamp")]
    NoStamp,
}

/// Room for a token, bytes.
const ROOM: usize = 24 << 10;
/// A number of ten digits that the true ones replace.
const PLACEHOLDER: i64 = 9_999_999_999;

fn open(file: Vec<u8>) -> Result<IncrementalDocument, ExtendError> {
    let document = Document::load_mem(&file)?;
    if document.is_encrypted() || !file.starts_with(b"%PDF-") {
        return Err(ExtendError::NotPlain);
    }
    Ok(IncrementalDocument::create_from(file, document))
}

fn root(update: &mut IncrementalDocument) -> Result<ObjectId, ExtendError> {
    let root = update.get_prev_documents().trailer.get(b"Root")?.as_reference()?;
    update.opt_clone_object_to_new_document(root)?;
    Ok(root)
}

fn written(mut update: IncrementalDocument) -> Result<Vec<u8>, ExtendError> {
    let mut file = Vec::new();
    update.save_to(&mut file)?;
    Ok(file)
}

/// Appends DER to the file's DSS, under `Certs`, `CRLs`, `OCSPs`; what it has already stays as it is. Answers
/// with the file itself when there is nothing to add.
///
/// # Errors
/// [`ExtendError`].
pub fn with_evidence(file: Vec<u8>, evidence: &[(&str, &[Vec<u8>])]) -> Result<Vec<u8>, ExtendError> {
    let mut update = open(file)?;
    let root = root(&mut update)?;
    let previous = update.get_prev_documents();
    let catalog = previous.get_object(root)?.as_dict()?;
    let resolved = |object: &Object| match object {
        Object::Reference(id) => previous.get_object(*id).ok().cloned(),
        direct => Some(direct.clone()),
    };
    let dss = catalog.get(b"DSS").ok().and_then(resolved);
    let mut dss = dss.and_then(|dss| dss.as_dict().ok().cloned()).unwrap_or_default();
    let mut fresh = Vec::new();
    for &(key, bytes) in evidence {
        let there = dss.get(key.as_bytes()).ok().and_then(resolved);
        let mut refs = there.and_then(|there| there.as_array().ok().cloned()).unwrap_or_default();
        let known: Vec<Vec<u8>> = refs
            .iter()
            .filter_map(resolved)
            .filter_map(|object| object.as_stream().ok().map(|s| s.get_plain_content().unwrap_or_default()))
            .collect();
        let mut added = Vec::new();
        for one in bytes.iter().filter(|one| !known.contains(one)) {
            added.push(one.clone());
        }
        fresh.push((key, std::mem::take(&mut refs), added));
    }
    if fresh.iter().all(|(_, _, added)| added.is_empty()) {
        return Ok(update.get_prev_documents_bytes().to_vec());
    }
    for (key, mut refs, added) in fresh {
        for one in added {
            let mut stream = Stream::new(Dictionary::new(), one);
            stream.compress()?;
            refs.push(Object::Reference(update.new_document.add_object(stream)));
        }
        if !refs.is_empty() {
            dss.set(key, refs);
        }
    }
    dss.set("Type", "DSS");
    let dss = update.new_document.add_object(dss);
    let catalog = update.new_document.get_object_mut(root)?.as_dict_mut()?;
    catalog.set("DSS", dss);
    written(update)
}

/// Appends a document time-stamp; `stamp` turns the SHA-256 digest of the file into a token.
///
/// # Errors
/// [`ExtendError`]; [`ExtendError::NoStamp`] when there is no token.
pub fn with_stamp(
    file: Vec<u8>,
    stamp: &mut dyn FnMut(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, ExtendError> {
    let before = file.len();
    let mut update = open(file)?;
    let root = root(&mut update)?;
    let previous = update.get_prev_documents();
    let page = *previous.get_pages().values().next().ok_or(ExtendError::NotPlain)?;
    let form = previous.get_object(root)?.as_dict()?.get(b"AcroForm").cloned();
    let count = previous.objects.len();

    let mut value = Dictionary::new();
    value.set("Type", "DocTimeStamp");
    value.set("Filter", "Adobe.PPKLite");
    value.set("SubFilter", "ETSI.RFC3161");
    value.set("ByteRange", vec![0.into(), PLACEHOLDER.into(), PLACEHOLDER.into(), PLACEHOLDER.into()]);
    value.set("Contents", Object::String(vec![0; ROOM], StringFormat::Hexadecimal));
    let value = update.new_document.add_object(value);
    let mut field = Dictionary::new();
    field.set("Type", "Annot");
    field.set("Subtype", "Widget");
    field.set("FT", "Sig");
    // A name no other field has: revisions only grow.
    field.set("T", Object::string_literal(format!("SaoYTimeStamp{count}")));
    field.set("F", 132);
    field.set("Rect", vec![0.into(), 0.into(), 0.into(), 0.into()]);
    field.set("P", page);
    field.set("V", value);
    let field = update.new_document.add_object(field);

    // The form stands by itself or within the catalog, and so does its list of fields.
    let holder = match &form {
        Ok(Object::Reference(id)) => {
            update.opt_clone_object_to_new_document(*id)?;
            Some(*id)
        }
        _ => None,
    };
    let mut form = match (&form, holder) {
        (_, Some(id)) => update.new_document.get_object(id)?.as_dict()?.clone(),
        (Ok(form), None) => form.as_dict()?.clone(),
        (Err(_), None) => Dictionary::new(),
    };
    let fields = match form.get(b"Fields") {
        Ok(Object::Reference(id)) => update.get_prev_documents().get_object(*id)?.as_array()?.clone(),
        Ok(list) => list.as_array()?.clone(),
        Err(_) => Vec::new(),
    };
    form.set("Fields", fields.into_iter().chain([field.into()]).collect::<Vec<Object>>());
    form.set("SigFlags", 3);
    match holder {
        Some(id) => update.new_document.set_object(id, form),
        None => update.new_document.get_object_mut(root)?.as_dict_mut()?.set("AcroForm", form),
    }
    let mut file = written(update)?;
    fill(&mut file, before, stamp)?;
    Ok(file)
}

/// Sets the ranges, hashes what they cover, and puts the token in.
fn fill(
    file: &mut [u8],
    before: usize,
    stamp: &mut dyn FnMut(&[u8]) -> Option<Vec<u8>>,
) -> Result<(), ExtendError> {
    let find = |file: &[u8], word: &[u8]| {
        let tail = file.get(before..)?;
        tail.windows(word.len()).position(|window| window == word).map(|at| before + at)
    };
    let zeros = vec![b'0'; 2 * ROOM];
    let hole = find(file, &zeros).ok_or(ExtendError::NotPlain)?;
    let (open, close) = (hole - 1, hole + 2 * ROOM + 1);
    let mark = format!("0 {PLACEHOLDER} {PLACEHOLDER} {PLACEHOLDER}");
    let ranges = find(file, mark.as_bytes()).ok_or(ExtendError::NotPlain)?;
    let text = format!("0 {open} {close} {}", file.len() - close);
    let text = format!("{text:<width$}", width = mark.len());
    let slot = file.get_mut(ranges..ranges + mark.len()).ok_or(ExtendError::NotPlain)?;
    slot.copy_from_slice(text.as_bytes());
    let mut hash = Sha256::new();
    hash.update(file.get(..open).unwrap_or_default());
    hash.update(file.get(close..).unwrap_or_default());
    let token = stamp(&hash.finalize()).filter(|token| token.len() <= ROOM).ok_or(ExtendError::NoStamp)?;
    let digits = crate::hex::encode(&token);
    let slot = file.get_mut(hole..hole + digits.len()).ok_or(ExtendError::NotPlain)?;
    slot.copy_from_slice(digits.as_bytes());
    Ok(())
}
