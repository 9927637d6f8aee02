//! The province's list of authorities as an administrator keeps it: a TOML file in the folder `trust`.
//!
//! `[list]` says whose it is; each `[[authority]]` names a certificate (PEM, or the name of a file beside it),
//! what it is trusted for, since when, and until when: the trust of one that was withdrawn holds for what is
//! proven to be older. Days are days of the counter's clock, `from` and `until` included.

use std::cmp::Ordering;
use std::path::Path;

use chrono::{NaiveDate, NaiveTime};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::value::Datetime;

use super::error::{CoreError, ErrorKind};
use super::key::{file_name, read_bounded};
use crate::sign::certificate::{Certificate, to_pem};
use crate::sign::verify::{TrustAnchor, TrustPurpose};
use crate::time::Timestamp;
use crate::words::lower;

/// Largest list or certificate file, bytes.
const MAX_FILE: u64 = 4 << 20;

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TrustList {
    pub(super) about: About,
    pub(super) authorities: Vec<Authority>,
}

/// Whose list it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    /// Who decides on it.
    pub issuer: String,
    /// Its number.
    #[serde(default, deserialize_with = "number")]
    pub number: String,
    /// First day it holds; before, nobody in it is trusted.
    #[serde(deserialize_with = "day")]
    pub effective_from: NaiveDate,
    /// Day a newer one is due; empty = none announced.
    #[serde(default, deserialize_with = "day_or_none")]
    pub next_update: Option<NaiveDate>,
}

/// One authority of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) name: String,
    pub(super) purpose: TrustPurpose,
    /// DER.
    pub(super) certificate: Vec<u8>,
    pub(super) from: NaiveDate,
    pub(super) until: Option<NaiveDate>,
    pub(super) source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    list: About,
    #[serde(default)]
    authority: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    kind: Kind,
    certificate: Spanned<String>,
    #[serde(deserialize_with = "day")]
    from: NaiveDate,
    #[serde(default, deserialize_with = "day_or_none")]
    until: Option<NaiveDate>,
    source: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Certificates,
    TimeStamps,
}

/// A value as people write it: within quotes, or as TOML has days and numbers of its own.
struct Loose;

impl<'de> Visitor<'de> for Loose {
    type Value = String;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text, a day or a number")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.trim().to_owned())
    }

    fn visit_i64<E>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    // How TOML's own days come through serde.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<String, A::Error> {
        Datetime::deserialize(MapAccessDeserializer::new(map)).map(|day| day.to_string())
    }
}

/// Said of what should be a day and is none.
const NO_DAY: &str = "no day";

fn day_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = from.deserialize_any(Loose).map_err(|_| D::Error::custom(NO_DAY))?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| D::Error::custom(NO_DAY)) }
}

fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    day_or_none(from)?.ok_or_else(|| D::Error::custom(NO_DAY))
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    from.deserialize_any(Loose)
}

/// What the reader of TOML says, as a word of the table and the name it is about.
fn said(message: &str) -> (&'static str, &str) {
    let name = message.split('`').nth(1).unwrap_or_default();
    let reason = match message {
        NO_DAY => "no_day",
        _ if message.starts_with("unknown field") => "unknown_entry",
        _ if message.starts_with("missing field") => "missing_entry",
        _ if message.starts_with("unknown variant") => "unknown_word",
        _ => "not_as_written",
    };
    (reason, name)
}

impl TrustList {
    /// Reads a list, certificates beside it included. Its text comes along with every certificate inside, so that
    /// it needs no other file.
    ///
    /// # Errors
    /// [`ErrorKind::BadTrustList`] naming file, line and what is wrong there; [`ErrorKind::NotFound`].
    pub(super) fn read(path: &Path) -> Result<(Self, String), CoreError> {
        let bytes = read_bounded(path, MAX_FILE, ErrorKind::BadTrustList);
        let bytes = bytes.map_err(|error| error.with("line", 1))?;
        let text = String::from_utf8(bytes).map_err(|_| sick(path, "", 0, "unreadable"))?;
        let written: Written = toml::from_str(&text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            let (reason, name) = said(e.message());
            sick(path, &text, at, reason).with("detail", name)
        })?;
        let mut authorities = Vec::new();
        let mut whole = text.clone();
        // From the last to the first, so that places before a replacement stay.
        for entry in written.authority.into_iter().rev() {
            let (start, entry) = (entry.span().start, entry.into_inner());
            if entry.until.is_some_and(|until| until < entry.from) {
                return Err(sick(path, &text, start, "until_before_from"));
            }
            let place = entry.certificate.span();
            let wrong = |reason: &str| sick(path, &text, place.start, reason);
            let named = entry.certificate.get_ref().trim();
            let bytes = if named.starts_with("-----BEGIN") {
                named.into()
            } else {
                beside(path, named).map_err(wrong)?
            };
            let mut found = Certificate::all_in(&bytes).unwrap_or_default();
            let (Some(certificate), true) = (found.pop(), found.is_empty()) else {
                return Err(wrong("not_one_certificate"));
            };
            let inside = to_pem(&certificate).ok_or_else(|| wrong("not_one_certificate"))?;
            whole.replace_range(place, &format!("\"\"\"\n{inside}\"\"\""));
            let purpose = match entry.kind {
                Kind::Certificates => TrustPurpose::Certificates,
                Kind::TimeStamps => TrustPurpose::TimeStamps,
            };
            let Entry { name, from, until, source, .. } = entry;
            authorities.push(Authority { name, purpose, certificate, from, until, source });
        }
        authorities.reverse();
        Ok((Self { about: written.list, authorities }, whole))
    }

    /// Those it makes trusted on a day of the counter's clock.
    pub(super) fn anchors(&self, now: Timestamp) -> Vec<TrustAnchor> {
        if self.is_early(now) {
            return Vec::new();
        }
        let moment = |day: NaiveDate, time| day.and_time(time).and_local_timezone(*now.offset()).single();
        let end = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
        let anchor = |one: &Authority| TrustAnchor {
            certificate: one.certificate.clone(),
            purpose: one.purpose,
            from: moment(one.from, NaiveTime::MIN),
            until: one.until.and_then(|until| moment(until, end)),
            exclusive: true,
        };
        self.authorities.iter().map(anchor).collect()
    }

    /// How it stands to another list of the same issuer: later is from a later day, or from the same day under a higher
    /// number; equal is the same one, corrected.
    pub(super) fn against(&self, other: &Self) -> Option<Ordering> {
        let numbers = |text: &str| -> Vec<u64> {
            text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
        };
        let rank = |one: &Self| (one.about.effective_from, numbers(&one.about.number));
        let issuer = |one: &Self| lower(&one.about.issuer);
        (issuer(self) == issuer(other)).then(|| rank(self).cmp(&rank(other)))
    }

    /// It does not hold yet.
    pub(super) fn is_early(&self, now: Timestamp) -> bool {
        now.date_naive() < self.about.effective_from
    }

    /// A newer one is due.
    pub(super) fn is_overdue(&self, now: Timestamp) -> bool {
        self.about.next_update.is_some_and(|due| due < now.date_naive())
    }
}

/// A file beside the list: its plain name, nothing that leads elsewhere.
fn beside(list: &Path, name: &str) -> Result<Vec<u8>, &'static str> {
    if Path::new(name).file_name().is_none_or(|file| file != name) {
        return Err("bad_file_name");
    }
    let read = read_bounded(&list.with_file_name(name), MAX_FILE, ErrorKind::BadTrustList);
    read.map_err(|error| match error.kind {
        ErrorKind::BadTrustList => "too_large",
        _ => "certificate_missing",
    })
}

/// The error about a list, at a byte of its text.
fn sick(path: &Path, text: &str, at: usize, reason: &str) -> CoreError {
    let name = file_name(path);
    let line = text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    let error = CoreError::new(ErrorKind::BadTrustList).with("file", name).with("line", line);
    error.with("reason", reason).with("detail", "")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ABOUT: &str = "[list]\nissuer = \"UBND tỉnh\"\neffective_from = \"2026-01-01\"\n";

    fn fault(text: &str) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tỉnh.toml");
        fs::write(&path, text).unwrap();
        let error = TrustList::read(&path).unwrap_err();
        assert_eq!((error.kind, error.params["file"].as_str()), (ErrorKind::BadTrustList, "tỉnh.toml"));
        (error.params["line"].clone(), format!("{} {}", error.params["reason"], error.params["detail"]))
    }

    #[test]
    fn a_sick_list_is_named_by_its_line() {
        let entry = |certificate: &str, rest: &str| {
            format!(
                "{ABOUT}\n[[authority]]\nname = \"CA\"\nkind = \"certificates\"\ncertificate = \"{certificate}\"\nfrom = \"2026-01-01\"\nsource = \"QĐ 1\"\n{rest}"
            )
        };
        let is = |text: &str, line: &str, reason: &str| {
            let found = fault(text);
            assert!(!reason.is_empty() && found.0 == line && found.1.contains(reason), "{text}: {found:?}");
        };
        is(&entry("khong-co.crt", ""), "8", "certificate_missing");
        is(&entry("../ca.crt", ""), "8", "bad_file_name");
        is(&entry("/etc/passwd", ""), "8", "bad_file_name");
        is(&entry("tỉnh.toml", ""), "8", "not_one_certificate");
        is(&entry("-----BEGIN CERTIFICATE-----", ""), "8", "not_one_certificate");
        is(&entry("x", "until = \"2025-12-31\"\n"), "5", "until_before_from");
        is(&entry("x", "untill = \"\"\n"), "11", "unknown_entry untill");
        is(&entry("x", "until = \"mai\"\n"), "11", "no_day");
        is(&entry("x", "until = true\n"), "11", "no_day");
        is(&entry("x", "until = 08:00:00\n"), "11", "no_day");
        let missing = fault(&entry("x", "").replace("source = \"QĐ 1\"", ""));
        assert_eq!(missing.1, "missing_entry source");
        is(&entry("x", "").replace("certificates", "everything"), "7", "unknown_word everything");
        is("[list]\nissuer = \"a", "2", "not_as_written");
    }

    #[test]
    fn days_and_numbers_are_read_with_quotes_or_without() {
        let read = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.toml");
            fs::write(&path, text).unwrap();
            TrustList::read(&path).unwrap().0.about
        };
        let quoted = format!("{ABOUT}number = \"7\"\nnext_update = \"2026-06-30\"\n");
        let bare = quoted.replace("\"7\"", "7").replace("\"2026-01-01\"", "2026-01-01");
        let bare = bare.replace("\"2026-06-30\"", "2026-06-30");
        assert_eq!(read(&bare), read(&quoted));
        assert_eq!(read(&bare).next_update, NaiveDate::from_ymd_opt(2026, 6, 30));
    }
}
