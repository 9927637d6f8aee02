//! Catalogues as offices have them: CSV with one row a paper, or JSON. Every bad line is named.

use std::collections::HashMap;
use std::str;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::check::check;
use super::{Component, Level, Outcome, Procedure};
use crate::words::{fold, tidy};

/// What is wrong with a line of a catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LineIssueKind {
    /// The file is not text in UTF-8, not CSV or not JSON from here on.
    Malformed,
    /// The first line lacks a column that must be there.
    MissingColumn,
    /// Must be given.
    Empty,
    /// Not a code.
    BadCode,
    /// Not a term.
    BadTerm,
    /// Not an hour (hh:mm).
    BadHour,
    /// Not a whole number.
    BadNumber,
    /// Not one of the words this column knows.
    BadWord,
    /// Another line says something else of the same procedure.
    Contradicts,
    /// Stands twice.
    Twice,
    /// Too long.
    TooLong,
    /// Characters that may not stand here.
    BadCharacters,
}

/// One bad line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LineIssue {
    /// Line of the file, from 1.
    pub line: u32,
    /// Column or field, by its name in JSON.
    pub column: String,
    /// What.
    pub kind: LineIssueKind,
    /// What stands there, at most 80 characters.
    pub value: String,
}

impl LineIssue {
    pub(super) fn new(line: u32, column: &str, kind: LineIssueKind, value: &str) -> Self {
        Self { line, column: column.to_owned(), kind, value: value.chars().take(80).collect() }
    }
}

/// A catalogue as read. With issues, it must not be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Procedures, in the order of the file.
    pub procedures: Vec<Procedure>,
    /// Bad lines, in the order of the file.
    pub issues: Vec<LineIssue>,
    /// Columns nobody knows; they were left out.
    pub ignored: Vec<String>,
    /// The file says it is a sample.
    pub sample: bool,
}

/// More procedures than any province has.
const MOST: usize = 50_000;

/// Reads a catalogue; JSON when it begins with a brace, else CSV.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(e) => {
            let before = bytes.get(..e.valid_up_to()).unwrap_or_default();
            return Reading {
                issues: vec![LineIssue::new(line_of(before), "", LineIssueKind::Malformed, "UTF-8")],
                ..Reading::default()
            };
        }
    };
    let mut reading = if text.trim_start().starts_with('{') { json(text) } else { csv_rows(text) };
    if reading.procedures.is_empty() && reading.issues.is_empty() {
        reading.issues.push(LineIssue::new(1, "", LineIssueKind::Empty, ""));
    }
    reading.issues.sort_by_key(|issue| issue.line);
    reading
}

fn line_of(before: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', before).count() + 1).unwrap_or(u32::MAX)
}

#[derive(Deserialize)]
struct JsonFile<'a> {
    #[serde(default)]
    sample: bool,
    #[serde(borrow)]
    procedures: Vec<&'a RawValue>,
}

fn json(text: &str) -> Reading {
    let file: JsonFile<'_> = match serde_json::from_str(text) {
        Ok(file) => file,
        Err(e) => {
            let line = u32::try_from(e.line()).unwrap_or(u32::MAX);
            let issue = LineIssue::new(line.max(1), "procedures", LineIssueKind::Malformed, &e.to_string());
            return Reading { issues: vec![issue], ..Reading::default() };
        }
    };
    let mut reading = Reading { sample: file.sample, ..Reading::default() };
    let mut seen: HashMap<String, u32> = HashMap::new();
    for raw in file.procedures.into_iter().take(MOST) {
        let at = raw.get().as_ptr() as usize - text.as_ptr() as usize;
        let line = line_of(text.as_bytes().get(..at).unwrap_or_default());
        match serde_json::from_str::<Procedure>(raw.get()) {
            Ok(procedure) => {
                let procedure = tidied(procedure);
                reading.issues.extend(check(&procedure, line));
                if seen.insert(procedure.code.clone(), line).is_some() {
                    reading.issues.push(LineIssue::new(line, "code", LineIssueKind::Twice, &procedure.code));
                }
                reading.procedures.push(procedure);
            }
            Err(e) => {
                let inside = u32::try_from(e.line().saturating_sub(1)).unwrap_or(0);
                let what = e.to_string();
                reading.issues.push(LineIssue::new(line + inside, "", LineIssueKind::Malformed, &what));
            }
        }
    }
    reading
}

fn tidied(mut procedure: Procedure) -> Procedure {
    let Procedure { code, name, field, term, cutoff, fee, papers, results, .. } = &mut procedure;
    for text in [code, name, field, term, cutoff, fee] {
        *text = tidy(text);
    }
    for paper in papers {
        (paper.code, paper.name) = (tidy(&paper.code), tidy(&paper.name));
    }
    for result in results {
        (result.code, result.name) = (tidy(&result.code), tidy(&result.name));
    }
    procedure
}

/// Columns of the CSV form: name in JSON, and what offices call it.
const COLUMNS: [(&str, &[&str]); 15] = [
    ("code", &["ma tthc", "ma thu tuc"]),
    ("name", &["ten tthc", "ten thu tuc"]),
    ("field", &["linh vuc"]),
    ("term", &["thoi han", "thoi han giai quyet"]),
    ("cutoff", &["gio chot"]),
    ("level", &["muc do"]),
    ("place_free", &["phi dia gioi"]),
    ("fee", &["le phi", "phi le phi"]),
    ("paper_code", &["ma giay to"]),
    ("paper_name", &["ten giay to", "thanh phan ho so"]),
    ("required", &["bat buoc"]),
    ("originals", &["ban chinh"]),
    ("copies", &["ban sao"]),
    ("result_code", &["ma ket qua"]),
    ("result_name", &["ten ket qua"]),
];

fn column_of(header: &str) -> Option<&'static str> {
    let header = fold(&header.replace('_', " "));
    COLUMNS
        .iter()
        .find(|(name, others)| name.replace('_', " ") == header || others.contains(&header.as_str()))
        .map(|(name, _)| *name)
}

/// Comma, semicolon or tab: whichever the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default().as_bytes();
    let count = |wanted: u8| memchr::memchr_iter(wanted, first).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|wanted| (count(*wanted), *wanted == b',')).unwrap_or(b',')
}

fn csv_rows(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let mut columns: HashMap<&'static str, usize> = HashMap::new();
    match rows.headers() {
        Ok(headers) => {
            for (place, header) in headers.iter().enumerate() {
                match column_of(header) {
                    Some(name) if columns.contains_key(name) => {
                        reading.issues.push(LineIssue::new(1, name, LineIssueKind::Twice, header));
                    }
                    Some(name) => _ = columns.insert(name, place),
                    None if header.trim().is_empty() => {}
                    None => reading.ignored.push(header.chars().take(80).collect()),
                }
            }
        }
        Err(e) => reading.issues.push(LineIssue::new(1, "", LineIssueKind::Malformed, &e.to_string())),
    }
    for needed in ["code", "name", "field"] {
        if !columns.contains_key(needed) {
            reading.issues.push(LineIssue::new(1, needed, LineIssueKind::MissingColumn, ""));
        }
    }
    if !reading.issues.is_empty() {
        return reading;
    }
    let mut known: HashMap<String, (usize, u32)> = HashMap::new();
    let mut record = csv::StringRecord::new();
    loop {
        match rows.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => {
                let line = e.position().map_or(0, csv::Position::line);
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                reading.issues.push(LineIssue::new(line, "", LineIssueKind::Malformed, &e.to_string()));
                break;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        let row = Row { record: &record, columns: &columns, line: u32::try_from(line).unwrap_or(u32::MAX) };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        row.read_into(&mut reading, &mut known);
        if reading.procedures.len() >= MOST {
            reading.issues.push(LineIssue::new(row.line, "", LineIssueKind::TooLong, ""));
            break;
        }
    }
    for (procedure, line) in reading.procedures.iter().zip(first_lines(&known)) {
        reading.issues.extend(check(procedure, line));
    }
    reading
}

fn first_lines(known: &HashMap<String, (usize, u32)>) -> Vec<u32> {
    let mut lines: Vec<_> = known.values().copied().collect();
    lines.sort_unstable();
    lines.into_iter().map(|(_, line)| line).collect()
}

struct Row<'a> {
    record: &'a csv::StringRecord,
    columns: &'a HashMap<&'static str, usize>,
    line: u32,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> String {
        let place = self.columns.get(column).copied();
        tidy(place.and_then(|place| self.record.get(place)).unwrap_or_default())
    }

    /// What it says goes into its procedure, what is wrong with it among the issues.
    fn read_into(&self, reading: &mut Reading, known: &mut HashMap<String, (usize, u32)>) {
        let mut issues = Vec::new();
        let mut note = |column: &str, kind, value: &str| {
            issues.push(LineIssue::new(self.line, column, kind, value));
        };
        if self.record.len() > self.columns.values().max().map_or(0, |last| last + 1) + reading.ignored.len()
        {
            note("", LineIssueKind::Malformed, &format!("{} cells", self.record.len()));
        }
        let code = self.cell("code");
        if code.is_empty() {
            note("code", LineIssueKind::Empty, &self.cell("name"));
        } else {
            let (place, _) = *known.entry(code.clone()).or_insert_with(|| {
                reading.procedures.push(self.procedure(code));
                (reading.procedures.len() - 1, self.line)
            });
            if let Some(procedure) = reading.procedures.get_mut(place) {
                self.facts_into(procedure, &mut note);
                self.paper_into(procedure, &mut note);
                self.result_into(procedure, &mut note);
            }
        }
        reading.issues.append(&mut issues);
    }

    /// A procedure of which this is the first line.
    fn procedure(&self, code: String) -> Procedure {
        Procedure {
            code,
            name: self.cell("name"),
            field: self.cell("field"),
            term: self.cell("term"),
            cutoff: self.cell("cutoff"),
            level: None,
            place_free: None,
            fee: self.cell("fee"),
            papers: Vec::new(),
            results: Vec::new(),
        }
    }

    /// A later line may leave blank what the first said, but not say otherwise.
    fn facts_into(&self, procedure: &mut Procedure, note: &mut impl FnMut(&str, LineIssueKind, &str)) {
        let facts = [
            ("name", &procedure.name),
            ("field", &procedure.field),
            ("term", &procedure.term),
            ("cutoff", &procedure.cutoff),
            ("fee", &procedure.fee),
        ];
        for (column, first) in facts {
            let here = self.cell(column);
            if !here.is_empty() && here != *first {
                note(column, LineIssueKind::Contradicts, &here);
            }
        }
        self.word_into("level", &mut procedure.level, level_of, note);
        self.word_into("place_free", &mut procedure.place_free, yes_or_no, note);
    }

    /// The same for one of a few words.
    fn word_into<T: Copy + PartialEq>(
        &self,
        column: &str,
        first: &mut Option<T>,
        read: impl Fn(&str) -> Option<T>,
        note: &mut impl FnMut(&str, LineIssueKind, &str),
    ) {
        let word = self.cell(column);
        match read(&word) {
            _ if word.is_empty() => {}
            None => note(column, LineIssueKind::BadWord, &word),
            said if first.is_some() && *first != said => note(column, LineIssueKind::Contradicts, &word),
            said => *first = said,
        }
    }

    fn paper_into(&self, procedure: &mut Procedure, note: &mut impl FnMut(&str, LineIssueKind, &str)) {
        let (code, name) = (self.cell("paper_code"), self.cell("paper_name"));
        if code.is_empty() && name.is_empty() {
            return;
        }
        let word = self.cell("required");
        let required = yes_or_no(&word);
        if required.is_none() {
            let kind = if word.is_empty() { LineIssueKind::Empty } else { LineIssueKind::BadWord };
            note("required", kind, &word);
        }
        let mut number = |column: &str| {
            let text = self.cell(column);
            let number = text.parse::<u32>().ok().filter(|n| *n <= 1000);
            if number.is_none() && !text.is_empty() {
                note(column, LineIssueKind::BadNumber, &text);
            }
            number
        };
        let (originals, copies) = (number("originals"), number("copies"));
        if code.is_empty() {
            note("paper_code", LineIssueKind::Empty, &name);
        } else if procedure.papers.iter().any(|paper| paper.code == code) {
            note("paper_code", LineIssueKind::Twice, &code);
        } else {
            let required = required.unwrap_or_default();
            procedure.papers.push(Component { code, name, required, originals, copies });
        }
    }

    fn result_into(&self, procedure: &mut Procedure, note: &mut impl FnMut(&str, LineIssueKind, &str)) {
        let (code, name) = (self.cell("result_code"), self.cell("result_name"));
        if code.is_empty() {
            if !name.is_empty() {
                note("result_code", LineIssueKind::Empty, &name);
            }
            return;
        }
        match procedure.results.iter().find(|known| known.code == code) {
            None => procedure.results.push(Outcome { code, name }),
            Some(known) if !name.is_empty() && known.name != name => {
                note("result_name", LineIssueKind::Contradicts, &name);
            }
            Some(_) => {}
        }
    }
}

fn yes_or_no(word: &str) -> Option<bool> {
    match fold(word).as_str() {
        "x" | "1" | "co" | "bat buoc" | "true" | "yes" => Some(true),
        "0" | "khong" | "khong bat buoc" | "false" | "no" => Some(false),
        _ => None,
    }
}

fn level_of(word: &str) -> Option<Level> {
    match fold(word).as_str() {
        "toan trinh" | "full" => Some(Level::Full),
        "mot phan" | "partial" => Some(Level::Partial),
        "cung cap thong tin" | "cung cap thong tin truc tuyen" | "information" => Some(Level::Information),
        _ => None,
    }
}
