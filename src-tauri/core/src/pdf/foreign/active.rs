//! What a foreign PDF can do besides being looked at, and which layers it hides.
//!
//! Touches the parsed document only. Nothing found here is ever run or carried over.

use std::collections::{BTreeSet, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::tree::{as_dict, catalog, deref, get, get_dict};

/// Names of what is left out, for the clerk.
pub(super) fn dropped(doc: &Document) -> Vec<&'static str> {
    let mut named = BTreeSet::new();
    if let Some(root) = catalog(doc) {
        for (key, name) in [
            (b"OpenAction".as_slice(), "open action"),
            (b"AA", "actions"),
            (b"AF", "attachments"),
            (b"Collection", "attachments"),
        ] {
            if get(doc, root, key).is_some() {
                named.insert(name);
            }
        }
        if let Some(names) = get_dict(doc, root, b"Names") {
            for (key, name) in [(b"JavaScript".as_slice(), "scripts"), (b"EmbeddedFiles", "attachments")] {
                if get(doc, names, key).is_some() {
                    named.insert(name);
                }
            }
        }
        let fields = get_dict(doc, root, b"AcroForm").and_then(|form| get(doc, form, b"Fields"));
        if matches!(fields, Some(Object::Array(list)) if !list.is_empty()) {
            named.insert("form");
        }
    }
    for object in doc.objects.values() {
        if let Some(name) = as_dict(object).and_then(|d| capability(doc, d)) {
            named.insert(name);
        }
    }
    named.into_iter().collect()
}

fn capability(doc: &Document, dict: &Dictionary) -> Option<&'static str> {
    if dict.has(b"EF") {
        return Some("attachments");
    }
    let action = get(doc, dict, b"S").and_then(|s| s.as_name().ok());
    match action {
        Some(b"JavaScript") if dict.has(b"JS") => return Some("scripts"),
        Some(b"Launch" | b"SubmitForm" | b"ImportData" | b"GoToR" | b"GoToE") => return Some("actions"),
        Some(b"URI") if dict.has(b"URI") => return Some("links"),
        _ => {}
    }
    match get(doc, dict, b"Subtype").and_then(|s| s.as_name().ok()) {
        Some(b"Link") if dict.has(b"Rect") => Some("links"),
        Some(b"FileAttachment") => Some("attachments"),
        // No appearance of its own: viewers draw it as they like, so there is nothing to keep.
        Some(
            b"Text" | b"Highlight" | b"Ink" | b"FreeText" | b"Square" | b"Circle" | b"Line" | b"Stamp"
            | b"Underline",
        ) if dict.has(b"Rect") && !dict.has(b"AP") => Some("notes"),
        Some(b"Movie" | b"Sound" | b"Screen" | b"3D" | b"RichMedia") if dict.has(b"Rect") => Some("media"),
        _ => None,
    }
}

/// Optional content groups that are off when the file is opened.
pub(super) fn hidden_layers(doc: &Document) -> HashSet<ObjectId> {
    let mut hidden = HashSet::new();
    let Some(properties) = catalog(doc).and_then(|root| get_dict(doc, root, b"OCProperties")) else {
        return hidden;
    };
    let refs = |dict: &Dictionary, key: &[u8]| -> Vec<ObjectId> {
        match get(doc, dict, key) {
            Some(Object::Array(list)) => list.iter().filter_map(|o| o.as_reference().ok()).collect(),
            _ => Vec::new(),
        }
    };
    let Some(default) = get_dict(doc, properties, b"D") else { return hidden };
    if get(doc, default, b"BaseState").and_then(|s| s.as_name().ok()) == Some(b"OFF") {
        hidden.extend(refs(properties, b"OCGs"));
    }
    for on in refs(default, b"ON") {
        hidden.remove(&on);
    }
    hidden.extend(refs(default, b"OFF"));
    hidden
}

/// One annotation's appearance to be drawn as part of the page.
pub(super) struct Appearance {
    /// The form XObject.
    pub(super) form: ObjectId,
    /// From form space to page space, `a b c d e f`.
    pub(super) matrix: [f64; 6],
}

/// Appearances of annotations that are seen (ISO 32000-1, 12.5.5).
pub(super) fn appearances(doc: &Document, page: &Dictionary) -> Vec<Appearance> {
    let Some(Object::Array(annots)) = get(doc, page, b"Annots") else { return Vec::new() };
    annots.iter().take(5_000).filter_map(|a| appearance(doc, as_dict(deref(doc, a))?)).collect()
}

fn appearance(doc: &Document, annot: &Dictionary) -> Option<Appearance> {
    const INVISIBLE: i64 = 2 | 32;
    let flags = get(doc, annot, b"F").and_then(|f| f.as_i64().ok()).unwrap_or(0);
    let popup = get(doc, annot, b"Subtype").and_then(|s| s.as_name().ok()) == Some(b"Popup");
    if flags & INVISIBLE != 0 || popup {
        return None;
    }
    let mut normal = get_dict(doc, annot, b"AP")?.get(b"N").ok()?;
    if let Object::Dictionary(states) = deref(doc, normal) {
        let state = get(doc, annot, b"AS").and_then(|s| s.as_name().ok())?;
        normal = states.get(state).ok()?;
    }
    let form = normal.as_reference().ok()?;
    let Object::Stream(stream) = deref(doc, normal) else { return None };
    let rect = numbers::<4>(doc, get(doc, annot, b"Rect")?)?;
    let bbox = numbers::<4>(doc, get(doc, &stream.dict, b"BBox")?)?;
    let m = get(doc, &stream.dict, b"Matrix")
        .and_then(|m| numbers::<6>(doc, m))
        .unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let corners = [(bbox[0], bbox[1]), (bbox[2], bbox[1]), (bbox[0], bbox[3]), (bbox[2], bbox[3])]
        .map(|(x, y)| (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]));
    let span = |pick: fn(&(f64, f64)) -> f64| {
        let values = corners.iter().map(pick);
        (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
    };
    let ((left, right), (bottom, top)) = (span(|c| c.0), span(|c| c.1));
    if right - left < 1e-6 || top - bottom < 1e-6 {
        return None;
    }
    let (x0, x1) = (rect[0].min(rect[2]), rect[0].max(rect[2]));
    let (y0, y1) = (rect[1].min(rect[3]), rect[1].max(rect[3]));
    let (sx, sy) = ((x1 - x0) / (right - left), (y1 - y0) / (top - bottom));
    Some(Appearance { form, matrix: [sx, 0.0, 0.0, sy, x0 - left * sx, y0 - bottom * sy] })
}

/// An array of exactly `N` finite numbers.
pub(super) fn numbers<const N: usize>(doc: &Document, value: &Object) -> Option<[f64; N]> {
    let Object::Array(list) = value else { return None };
    let numbers: Option<Vec<f64>> = list.iter().map(|o| number(deref(doc, o))).collect();
    numbers?.try_into().ok()
}

/// A finite number.
pub(super) fn number(value: &Object) -> Option<f64> {
    let value = match value {
        Object::Integer(i) => *i as f64,
        Object::Real(r) => f64::from(*r),
        _ => return None,
    };
    value.is_finite().then_some(value)
}
