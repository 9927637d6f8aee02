//! What is printed: one JSON object on stdout, prose on stderr; or prose for people at a terminal.
//! Whoever stops listening (`| head`) is told nothing more; what was done is done.

use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::process::ExitCode;

use saoy_core::app::catalogue::CatalogueChange;
use saoy_core::app::contract::{CoreError, ErrorKind, Progress, Unstamped};
use serde_json::{Value, json};

use crate::commands::Answer;
use crate::texts;

/// Wrong usage, help and version.
pub fn usage(error: &clap::Error) -> ExitCode {
    if error.print().is_err() || error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS }
}

/// A line on stdout.
fn say(text: &str) {
    _ = writeln!(stdout(), "{text}");
}

/// A line on stderr.
fn tell(text: &str) {
    _ = writeln!(stderr(), "{text}");
}

/// An answer.
pub fn answer(answer: &Answer, json: bool) -> ExitCode {
    match &answer.json {
        // A certificate is text already; JSON only when asked for.
        Value::String(text) if !json => say(text.trim_end()),
        Value::String(text) => say(&json!({ "pem": text }).to_string()),
        value if json || !stdout().is_terminal() => say(&value.to_string()),
        _ => say(&answer.prose),
    }
    ExitCode::from(answer.code)
}

/// An error: the tag for machines, three lines for people.
pub fn error(error: &CoreError, json: bool) -> ExitCode {
    tell(&texts::error(error));
    for finding in &error.findings {
        tell(&texts::finding(finding));
    }
    for issue in &error.issues {
        tell(&format!("  {}", texts::issue(*issue)));
    }
    for line in &error.lines {
        tell(&format!("  {}", texts::line(line)));
    }
    if json || !stdout().is_terminal() {
        say(&json!({"error": {"kind": error.kind, "params": error.params, "findings": error.findings,
                             "issues": error.issues, "lines": error.lines}})
        .to_string());
    }
    ExitCode::from(match error.kind {
        ErrorKind::Internal | ErrorKind::ReaderFailed => 70,
        ErrorKind::PinMissing | ErrorKind::PassphraseMissing => 64,
        _ => 2,
    })
}

/// Tells why what was done could not be put where it was wanted; the same for machines, null when it is there.
pub fn refused(error: Option<&CoreError>) -> Value {
    let Some(error) = error else { return Value::Null };
    tell(&texts::error(error));
    json!({"kind": error.kind, "params": error.params})
}

/// Tells why there is no time-stamp; the same for machines, null where there is one or none was to be.
pub fn unstamped(why: Option<Unstamped>) -> Value {
    let Some(why) = why else { return Value::Null };
    tell(&texts::word("unstamped", &why));
    json!(why)
}

/// Tells what an import of a catalogue leaves out, and that it is in vain where it is.
pub fn warnings(change: &CatalogueChange) {
    if !change.ignored.is_empty() {
        tell(&texts::catalogue("ignored", &change.ignored.join(", ")));
    }
    if let Some(from) = &change.overtaken_by {
        tell(&texts::catalogue("overtaken", from));
    }
}

/// How far the work is, for people only.
pub fn progress(progress: Progress) {
    if stderr().is_terminal() {
        tell(&texts::stage(progress));
    }
}
