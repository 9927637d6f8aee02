//! What a procedure must look like, whatever file it came from.

use chrono::NaiveTime;

use super::{LineIssue, LineIssueKind as Kind, Procedure};
use crate::calendar::Term;

/// Longest texts, in characters.
const NAME: usize = 500;
const TEXT: usize = 300;

/// Everything wrong with a procedure that began on a line.
pub(super) fn check(procedure: &Procedure, line: u32) -> Vec<LineIssue> {
    let mut issues = Vec::new();
    let mut note = |column: &str, kind, value: &str| issues.push(LineIssue::new(line, column, kind, value));

    if procedure.code.is_empty() {
        note("code", Kind::Empty, "");
    } else if !is_procedure_code(&procedure.code) {
        note("code", Kind::BadCode, &procedure.code);
    }
    let texts = [
        ("name", procedure.name.as_str(), NAME, true),
        ("field", &procedure.field, TEXT, true),
        ("fee", &procedure.fee, TEXT, false),
    ];
    for (column, value, longest, needed) in texts {
        if value.is_empty() && needed {
            note(column, Kind::Empty, "");
        }
        text(&mut note, column, value, longest);
    }
    if !procedure.term.is_empty() && procedure.term.parse::<Term>().is_err() {
        note("term", Kind::BadTerm, &procedure.term);
    }
    if !procedure.cutoff.is_empty() && NaiveTime::parse_from_str(&procedure.cutoff, "%H:%M").is_err() {
        note("cutoff", Kind::BadHour, &procedure.cutoff);
    }
    let papers = procedure.papers.iter().map(|p| ("paper_code", "paper_name", &p.code, &p.name));
    let results = procedure.results.iter().map(|r| ("result_code", "result_name", &r.code, &r.name));
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (code_column, name_column, code, name) in papers.chain(results) {
        if code.is_empty() {
            note(code_column, Kind::Empty, name);
        } else if !is_paper_code(code) {
            note(code_column, Kind::BadCode, code);
        } else if seen.contains(&(code_column, code)) {
            note(code_column, Kind::Twice, code);
        }
        if name.is_empty() {
            note(name_column, Kind::Empty, code);
        }
        text(&mut note, name_column, name, NAME);
        seen.push((code_column, code));
    }
    issues
}

fn text(note: &mut impl FnMut(&str, Kind, &str), column: &str, value: &str, longest: usize) {
    if value.chars().count() > longest {
        note(column, Kind::TooLong, value);
    }
    if value.chars().any(|c| c.is_control() || c == '\u{fffd}') {
        note(column, Kind::BadCharacters, value);
    }
}

/// `d.dddddd`, with the agency's tail some provinces write: `1.001193.000.00.00.H56`.
fn is_procedure_code(code: &str) -> bool {
    let mut parts = code.split('.');
    let digits = |part: Option<&str>, count| {
        part.is_some_and(|p| p.len() == count && p.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(parts.next(), 1)
        && digits(parts.next(), 6)
        && parts.all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
        && code.len() <= 40
}

/// As in the fields of a paper: the code becomes part of the digitization code.
fn is_paper_code(code: &str) -> bool {
    code.len() <= 40 && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}
