//! Words for people at a terminal: the same three lines the window shows, from the same table.
//! Vietnamese; English with `SAOY_LANG=en`.

use std::collections::BTreeMap;

use saoy_core::app::contract::{CoreError, FieldIssue, Finding, LineIssue, Progress};
use serde::Deserialize;

#[derive(Deserialize)]
struct Lines {
    what: String,
    why: String,
    press: String,
}

#[derive(Deserialize)]
struct Table {
    errors: BTreeMap<String, Lines>,
    findings: BTreeMap<String, Lines>,
    lines: BTreeMap<String, String>,
    /// Words for tags that stand in a text, by the name of its place.
    words: BTreeMap<String, BTreeMap<String, String>>,
}

const VI: &str = include_str!("../../../ui/src/texts/errors.vi.json");
const EN: &str = include_str!("../../../ui/src/texts/errors.en.json");

/// Whether English is asked for.
pub fn english() -> bool {
    std::env::var("SAOY_LANG").is_ok_and(|lang| lang.starts_with("en"))
}

fn table() -> Option<Table> {
    serde_json::from_str(if english() { EN } else { VI }).ok()
}

/// What happened, why probably, what to do.
pub fn error(error: &CoreError) -> String {
    let tag = tag(&error.kind);
    let Some(table) = table() else { return tag };
    let mut params = error.params.clone();
    for (name, value) in &mut params {
        if let Some(word) = table.words.get(name).and_then(|words| words.get(value)) {
            value.clone_from(word);
        }
    }
    match table.errors.get(&tag) {
        Some(lines) => fill(lines, &params),
        None => tag,
    }
}

/// A finding, naming file and page.
pub fn finding(finding: &Finding) -> String {
    let tag = tag(&finding.kind);
    let mut params = BTreeMap::new();
    params.insert("file".to_owned(), finding.file.clone());
    params.insert("page".to_owned(), finding.page.to_string());
    params.insert("detail".to_owned(), finding.detail.clone());
    match table().as_ref().and_then(|table| table.findings.get(&tag)) {
        Some(lines) => format!("- {} (tr. {}): {}", finding.file, finding.page, fill(lines, &params)),
        None => format!("- {} ({}): {tag} {}", finding.file, finding.page, finding.detail),
    }
}

/// A bad line of a catalogue.
pub fn line(issue: &LineIssue) -> String {
    let tag = tag(&issue.kind);
    let text = table().and_then(|mut table| table.lines.remove(&tag)).unwrap_or(tag);
    format!("{}: {} {}", issue.line, issue.column, text.replace("{value}", &issue.value))
}

/// An issue of a field.
pub fn issue(issue: FieldIssue) -> String {
    format!("{}: {}", tag(&issue.field), tag(&issue.kind))
}

/// A stage and how far it is.
pub fn stage(progress: Progress) -> String {
    format!("{} {}/{}", tag(&progress.stage), progress.page, progress.of)
}

/// The word for a tag, by the name of its place; the tag itself where there is none.
pub fn word(place: &str, value: &impl serde::Serialize) -> String {
    let tag = tag(value);
    let words = table().and_then(|mut table| table.words.remove(place));
    words.and_then(|mut words| words.remove(&tag)).unwrap_or(tag)
}

/// The tag of a value, as JSON writes it.
pub fn tag(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn fill(lines: &Lines, params: &BTreeMap<String, String>) -> String {
    let mut text = [lines.what.as_str(), &lines.why, &lines.press].join("\n  ");
    for (name, value) in params {
        let place = format!("{{{name}}}");
        while let (true, Some(at)) = (value.is_empty(), text.find(&place)) {
            // A bracket around a place nothing is known for goes with it: " (trang {page})".
            let bracket = text.get(..at).and_then(|before| before.rfind(" (")).and_then(|from| {
                let to = text.get(from..)?.find(')')? + from;
                (to > at).then_some(from..to + 1)
            });
            text.replace_range(bracket.unwrap_or(at..at + place.len()), "");
        }
        text = text.replace(&place, value);
    }
    text
}
