//! Words for people at a terminal: the same three lines the window shows, from the same table.
//! Vietnamese; English with `SAOY_LANG=en`.

use std::collections::BTreeMap;

use saoy_core::app::contract::{CoreError, FieldIssue, Finding, LineIssue, Progress};
pub use saoy_core::app::error::word as tag;
use serde::Deserialize;

#[derive(Deserialize)]
struct Lines {
    what: String,
    why: String,
    press: String,
    /// What to do at a terminal, where it is something else.
    cli: Option<String>,
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
    let (tag, table) = (tag(&finding.kind), table());
    let mut params = BTreeMap::new();
    params.insert("file".to_owned(), finding.file.clone());
    params.insert("page".to_owned(), finding.page.to_string());
    let words = table.as_ref().and_then(|table| table.words.get("detail"));
    let detail = words.and_then(|words| words.get(&finding.detail)).unwrap_or(&finding.detail);
    params.insert("detail".to_owned(), detail.clone());
    match table.as_ref().and_then(|table| table.findings.get(&tag)) {
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

/// What is to be known of an import of a catalogue.
pub fn catalogue(what: &str, value: &str) -> String {
    word("catalogue", &what).replace("{value}", value)
}

/// An issue of a field.
pub fn issue(issue: FieldIssue) -> String {
    format!("{}: {}", word("field", &issue.field), word("field_issue", &issue.kind))
}

/// A stage and how far it is.
pub fn stage(progress: Progress) -> String {
    format!("{} {}/{}", word("stage", &progress.stage), progress.page, progress.of)
}

/// The word for a tag, by the name of its place; the tag itself where there is none.
pub fn word(place: &str, value: &impl serde::Serialize) -> String {
    let tag = tag(value);
    let words = table().and_then(|mut table| table.words.remove(place));
    words.and_then(|mut words| words.remove(&tag)).unwrap_or(tag)
}

/// Puts parameters into the lines. A bracket around a place nothing is known for goes with it, as
/// " (trang {page})".
fn fill(lines: &Lines, params: &BTreeMap<String, String>) -> String {
    let press = lines.cli.as_ref().unwrap_or(&lines.press);
    let mut text = [&lines.what, &lines.why, press].map(String::as_str).join("\n  ");
    let mut end = text.len();
    // From the last to the first, so that what is put in is not looked at again.
    while let Some(at) = text.get(..end).and_then(|before| before.rfind('{')) {
        let close = text.get(at..end).and_then(|rest| rest.find('}'));
        let Some(close) = close.map(|length| at + length) else { break };
        let name = text.get(at + 1..close).unwrap_or_default();
        let value = params.get(name).cloned().unwrap_or_default();
        let around = || {
            let from = text.get(..at)?.rfind(" (")?;
            let to = close + text.get(close..)?.find(')')?;
            (!text.get(from..at)?.contains(')')).then_some(from..to + 1)
        };
        let bracket = if value.is_empty() { around() } else { None };
        let place = bracket.unwrap_or(at..close + 1);
        end = place.start;
        text.replace_range(place, &value);
    }
    text
}

#[cfg(test)]
mod tests {
    use saoy_core::app::contract::ReviewState::{Blocked, Failed, LeftOut, Signed, Waiting};

    use super::*;

    #[test]
    fn how_a_paper_stands_is_said_in_words() {
        for state in [Waiting, LeftOut, Blocked, Signed, Failed] {
            assert_ne!(word("review", &state), tag(&state));
        }
    }

    #[test]
    fn no_gap_is_printed_where_a_parameter_is_missing() {
        for text in [VI, EN] {
            let table: Table = serde_json::from_str(text).unwrap();
            for (tag, lines) in table.errors.iter().chain(&table.findings) {
                let said = fill(lines, &BTreeMap::new());
                assert!(!said.contains(['{', '}']) && !said.contains("()"), "{tag}: {said}");
            }
        }
    }

    /// A key by its name, or by its letter as `(R)` and `phím A`.
    fn names_a_key(said: &str) -> bool {
        let letter = |at: usize, word: &str| {
            let rest = said.get(at + word.len()..).unwrap_or_default();
            let mut next = rest.chars();
            next.next()
                .is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '[' | ']'))
                && next.next().is_none_or(|c| !c.is_alphanumeric())
        };
        let before = ["(", "( ", "phím ", "key ", "keys ", "Nhấn ", "nhấn ", "Press ", "press "];
        ["Ctrl", "Shift+", "Alt+", "F12", "Esc", "(Delete)", "(Enter)", "nhấn Home", "press Home"]
            .iter()
            .any(|key| said.contains(key))
            || before.iter().any(|word| said.match_indices(word).any(|(at, _)| letter(at, word)))
    }

    #[test]
    fn tags_of_the_core_have_words() {
        use saoy_core::app::contract::{FieldIssueKind, FieldName, Stage};
        for stage in [Stage::Import, Stage::Sign, Stage::Extend] {
            assert_ne!(word("stage", &stage), tag(&stage));
        }
        let said = issue(FieldIssue {
            field: FieldName::ValidUntil,
            kind: FieldIssueKind::BadDate,
            severity: saoy_core::app::contract::Severity::Blocking,
        });
        assert!(!said.contains('_'), "{said}");
    }

    #[test]
    fn no_key_of_the_window_is_named_at_a_terminal() {
        for text in [VI, EN] {
            let table: Table = serde_json::from_str(text).unwrap();
            for (tag, lines) in table.errors.iter().chain(&table.findings) {
                let said = fill(lines, &BTreeMap::new());
                assert!(!names_a_key(&said), "{tag}: {said}");
            }
        }
    }

    #[test]
    fn gaps_are_filled_once_and_empty_brackets_go() {
        let [what, why, press] = ["Tệp {file} (trang {page}) hỏng (xem {detail}).", "({file}) {value}", "x"];
        let lines = Lines { what: what.into(), why: why.into(), press: press.into(), cli: None };
        let params = [("file", "a {value}.jpg"), ("page", ""), ("value", "7"), ("detail", "dòng 7")];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(fill(&lines, &params), "Tệp a {value}.jpg hỏng (xem dòng 7).\n  (a {value}.jpg) 7\n  x");
    }
}
