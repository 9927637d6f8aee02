//! Is everything there and as it was? Database, blobs, journal, counts.

use std::collections::HashSet;
use std::io;

use serde_json::Value;

use super::{Store, StoreError, blobs, catalogue, dossier, journal, keys, lasting, record, station};
use crate::dossier::{Dossier, Event};

type Db = rusqlite::Connection;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Every fault, for an administrator; empty when all is well.
    pub problems: Vec<String>,
    /// Records.
    pub records: usize,
    /// Blobs.
    pub blobs: usize,
    /// Journal entries.
    pub journal_entries: usize,
}

/// Facts of a record as its journal entry tells them.
#[must_use]
pub fn facts(record: &record::Record) -> Value {
    serde_json::to_value(record).unwrap_or_default()
}

/// Kind of the entry of a record.
pub const DIGITIZED: &str = "digitized";

/// Kind of the entry of an imported catalogue.
pub const CATALOGUE_IMPORTED: &str = "catalogue_imported";

/// Facts of an imported catalogue; `content` is [`catalogue::content_hash`].
#[must_use]
pub fn catalogue_facts(version: &catalogue::Version, content: &str) -> Value {
    serde_json::json!({
        "content": content,
        "effective_from": version.effective_from,
        "file": version.source,
        "sample": version.sample,
        "sha256": version.sha256,
        "version": version.version,
    })
}

/// Kind of the entry of a copy whose signature was made to last.
pub const COPY_EXTENDED: &str = "copy_extended";

/// Facts of an extended copy.
#[must_use]
pub fn longer_facts(one: &lasting::Longer) -> Value {
    let mut facts =
        serde_json::json!({ "at": one.at, "level": one.level, "record": one.record, "sha256": one.sha256 });
    // Entries of before that was known do not tell it.
    if let (Some(until), Some(facts)) = (&one.holds_until, facts.as_object_mut()) {
        facts.insert("holds_until".to_owned(), until.as_str().into());
    }
    facts
}

/// Kind of the entry of a certificate put in use.
pub const CERTIFICATE_INSTALLED: &str = "certificate_installed";

/// Kind of the entry of a clerk who came, changed or left, and of the agency's key.
pub const CLERK_SET: &str = "clerk_set";

/// Facts of a clerk.
///
/// # Errors
/// [`StoreError::NotReady`] when there is none of that row; [`StoreError::Sql`].
pub fn clerk_facts(db: &Db, id: i64) -> Result<Value, StoreError> {
    let clerk = station::clerk(db, id)?;
    Ok(serde_json::json!({
        "agency": clerk.agency,
        "clerk": clerk.id,
        "left_at": clerk.left_at,
        "name": clerk.name,
        "roles": clerk.roles,
    }))
}

/// Whether a clerk's row, and the certificate in use, are what the signed journal told last of them, and the clerk's
/// earlier certificates were told too. Nothing is told of the clerk who came with the counter and is as then.
///
/// # Errors
/// [`StoreError::Damaged`] when such an entry is not as it was signed; [`StoreError::NotReady`] when there is none of
/// that row; [`StoreError::Sql`].
pub fn is_as_told(db: &Db, clerk: i64) -> Result<bool, StoreError> {
    // Rows and entries of one moment: others may write meanwhile.
    let db = &*db.unchecked_transaction()?;
    let clerk = station::clerk(db, clerk)?;
    let key = station::station(db)?.public_key;
    let about = |facts: &Value| facts.get("clerk") == Some(&clerk.id.into());
    let installed = station::installed(db)?;
    let first = installed.first();
    let as_told = match journal::last(db, &key, CLERK_SET, about)? {
        Some(facts) => facts == clerk_facts(db, clerk.id)?,
        None => first.is_some_and(|first| first.clerk == clerk.id) && is_as_first(&clerk),
    };
    let used = installed.iter().find(|one| one.seq == clerk.installed);
    let used_as_told = match journal::last(db, &key, CERTIFICATE_INSTALLED, about)? {
        Some(facts) => used.is_some_and(|used| facts == certificate_facts(used)),
        None => used == first,
    };
    if !as_told || !used_as_told {
        return Ok(false);
    }
    for one in installed.iter().skip(1).filter(|one| one.clerk == clerk.id) {
        let facts = certificate_facts(one);
        if journal::last(db, &key, CERTIFICATE_INSTALLED, |told| *told == facts)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How the clerk is who comes with a counter.
fn is_as_first(clerk: &station::Clerk) -> bool {
    clerk.roles == station::Role::ALL && clerk.left_at.is_none() && !clerk.agency
}

/// Facts of a certificate put in use.
#[must_use]
pub fn certificate_facts(installed: &station::Installed) -> Value {
    let sha256 = <sha2::Sha256 as sha2::Digest>::digest(&installed.chain);
    serde_json::json!({
        "clerk": installed.clerk,
        "installed": installed.seq,
        "sha256": crate::hex::encode(&sha256),
    })
}

/// The dossier as the journal tells it; the entry that does not follow, if one does not.
fn replay(entries: &[journal::Stored], id: &str) -> Result<Dossier, i64> {
    let mut told: Option<Dossier> = None;
    for entry in entries {
        let event = match entry.facts.get("filed") {
            Some(filed) if filed.get("dossier").and_then(Value::as_str) == Some(id) => {
                let place = filed.get("place").and_then(Value::as_u64).and_then(|p| u32::try_from(p).ok());
                Event::PaperCopied { place: place.ok_or(entry.seq)?, record: entry.subject.clone() }
            }
            _ if entry.subject == id => serde_json::from_value(entry.facts.clone()).map_err(|_| entry.seq)?,
            _ => continue,
        };
        told = Some(match (told, event) {
            (None, Event::Received(dossier)) => *dossier,
            (Some(before), event) => before.after(&event).map_err(|_| entry.seq)?,
            (None, _) => return Err(entry.seq),
        });
    }
    told.ok_or(0)
}

impl Store {
    /// Checks everything: SQLite's own integrity, every blob re-hashed, the journal's chain and
    /// signatures, and that rows, journal and outbox tell the same story.
    ///
    /// # Errors
    /// When the database cannot even be read.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        let db = self.read();
        let mut problems = integrity(db)?;
        let known = blobs::all(db)?;
        problems.extend(changed_blobs(&self.blobs(), &known)?);
        let (strays, missing) = keys::strays_and_missing(db, self.home())?;
        problems.extend(strays.iter().map(|name| format!("keys/{name}: no row knows this file")));
        problems.extend(missing.iter().map(|name| format!("keys/{name}: the file is missing")));
        let station = station::station(db)?;
        let entries =
            journal::verify(db, &station.public_key, &station.station, &mut |fault| problems.push(fault))?;
        problems.extend(differing_records(db, &entries)?);
        problems.extend(differing_catalogues(db, &entries)?);
        problems.extend(differing_certificates(db, &entries)?);
        let longer: Vec<Value> = lasting::all(db)?.iter().map(longer_facts).collect();
        if !of_kind(&entries, COPY_EXTENDED).map(|entry| &entry.facts).eq(&longer) {
            problems.push("extended copies: differ from the journal".to_owned());
        }
        problems.extend(differing_clerks(db, &entries)?);
        problems.extend(differing_dossiers(db, &entries)?);
        problems.extend(differing_counts(db, &entries)?);
        Ok(CheckReport {
            problems,
            records: usize::try_from(count(db, "SELECT count(*) FROM record")?).unwrap_or(0),
            blobs: known.len(),
            journal_entries: entries.len(),
        })
    }
}

fn count(db: &Db, sql: &str) -> Result<i64, StoreError> {
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

fn of_kind<'a>(
    entries: &'a [journal::Stored],
    kind: &str,
) -> impl DoubleEndedIterator<Item = &'a journal::Stored> {
    entries.iter().filter(move |entry| entry.kind == kind)
}

/// What SQLite itself finds.
fn integrity(db: &Db) -> Result<Vec<String>, StoreError> {
    let mut pragma = db.prepare("PRAGMA integrity_check")?;
    let lines = pragma.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let mut problems: Vec<String> =
        lines.iter().filter(|line| *line != "ok").map(|line| format!("database: {line}")).collect();
    let mut pragma = db.prepare("PRAGMA foreign_key_check")?;
    let orphans = pragma.query_map([], |row| row.get::<_, String>(0))?.count();
    if orphans > 0 {
        problems.push(format!("database: {orphans} rows point at nothing"));
    }
    Ok(problems)
}

/// Blobs that are not what their name says, are missing, or are known to nobody.
fn changed_blobs(store: &blobs::Blobs, known: &[(String, u64)]) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    for (sha256, bytes) in known {
        match store.rehash(sha256) {
            Ok(real) if real == *sha256 => {}
            Ok(_) => problems.push(format!("blob {sha256}: the bytes have changed")),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                problems.push(format!("blob {sha256}: the file is missing"));
            }
            Err(e) => problems.push(format!("blob {sha256}: {e}")),
        }
        if let Ok(file) = std::fs::metadata(store.path(sha256))
            && file.len() != *bytes
        {
            problems.push(format!("blob {sha256}: {} bytes instead of {bytes}", file.len()));
        }
    }
    let names: HashSet<&str> = known.iter().map(|(sha256, _)| sha256.as_str()).collect();
    let strays = store.list()?.into_iter().filter(|name| !names.contains(name.as_str()));
    problems.extend(strays.map(|name| format!("blob {name}: no row knows this file")));
    Ok(problems)
}

fn differing_records(db: &Db, entries: &[journal::Stored]) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    for entry in of_kind(entries, DIGITIZED) {
        match record::find(db, &entry.subject)? {
            Some(record) if facts(&record) == entry.facts => {
                let kept_by = record::kept_by(db, &record.id)?;
                if entry.by.is_some_and(|by| by != kept_by) {
                    problems
                        .push(format!("record {}: another clerk than in journal {}", record.id, entry.seq));
                }
            }
            Some(_) => {
                problems.push(format!("record {}: differs from journal {}", entry.subject, entry.seq));
            }
            None => problems.push(format!("record {}: missing", entry.subject)),
        }
    }
    Ok(problems)
}

fn differing_catalogues(db: &Db, entries: &[journal::Stored]) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    for version in catalogue::versions(db)? {
        let facts = catalogue_facts(&version, &catalogue::content_hash(db, version.version)?);
        let mut told = of_kind(entries, CATALOGUE_IMPORTED);
        if !told.any(|entry| entry.subject == version.id && entry.facts == facts) {
            problems.push(format!("catalogue {}: differs from the journal", version.version));
        }
    }
    Ok(problems)
}

fn differing_certificates(db: &Db, entries: &[journal::Stored]) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    let mut told = of_kind(entries, CERTIFICATE_INSTALLED).map(|entry| &entry.facts);
    // The first came with the counter.
    for one in station::installed(db)?.iter().skip(1) {
        if told.next() != Some(&certificate_facts(one)) {
            problems.push(format!("certificate {}: differs from the journal", one.seq));
        }
    }
    if told.next().is_some() {
        problems.push("certificate: missing".to_owned());
    }
    Ok(problems)
}

fn differing_clerks(db: &Db, entries: &[journal::Stored]) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    for clerk in station::clerks(db)? {
        let last = of_kind(entries, CLERK_SET)
            .rev()
            .find(|entry| entry.facts.get("clerk") == Some(&clerk.id.into()));
        // Nothing is told of a clerk who came with the counter and is as then.
        let as_told = match last {
            Some(entry) => entry.facts == clerk_facts(db, clerk.id)?,
            None => is_as_first(&clerk),
        };
        if !as_told {
            problems.push(format!("clerk {}: differs from the journal", clerk.id));
        }
    }
    Ok(problems)
}

fn differing_dossiers(db: &Db, entries: &[journal::Stored]) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    for dossier in dossier::all(db)? {
        match replay(entries, &dossier.id) {
            Ok(told) if told == dossier => {}
            Ok(_) => problems.push(format!("dossier {}: differs from the journal", dossier.id)),
            Err(seq) => problems.push(format!("dossier {}: journal {seq} does not follow", dossier.id)),
        }
    }
    Ok(problems)
}

/// Rows nobody told of.
fn differing_counts(db: &Db, entries: &[journal::Stored]) -> Result<Vec<String>, StoreError> {
    let told = |kind| of_kind(entries, kind).count() as i64;
    let mut problems = Vec::new();
    let (records, digitized) = (count(db, "SELECT count(*) FROM record")?, told(DIGITIZED));
    if records != digitized {
        problems.push(format!("{records} records but {digitized} journal entries of digitizing"));
    }
    let queued = count(db, "SELECT count(DISTINCT journal) FROM outbox")?;
    if queued != entries.len() as i64 {
        problems.push(format!("{} journal entries but {queued} in the outbox", entries.len()));
    }
    let (versions, imported) = (count(db, "SELECT count(*) FROM catalogue")?, told(CATALOGUE_IMPORTED));
    if versions != imported {
        problems.push(format!("{versions} catalogues but {imported} journal entries of imports"));
    }
    let (dossiers, received) = (count(db, "SELECT count(*) FROM dossier")?, told("dossier_received"));
    if dossiers != received {
        problems.push(format!("{dossiers} dossiers but {received} journal entries of receipt"));
    }
    let last = count(db, "SELECT last_running FROM station")?;
    let highest = count(db, "SELECT coalesce(max(code_running), 0) FROM record")?;
    if highest > last {
        problems.push(format!("code number {highest} is beyond the last one given out, {last}"));
    }
    Ok(problems)
}
