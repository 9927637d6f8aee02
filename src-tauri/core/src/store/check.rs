//! Is everything there and as it was? Database, blobs, journal, counts.

use std::collections::HashSet;
use std::io;

use serde_json::Value;

use super::{Store, StoreError, blobs, catalogue, dossier, journal, keys, lasting, record, station};
use crate::dossier::{Dossier, Event};

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
pub fn clerk_facts(db: &rusqlite::Connection, id: i64) -> Result<Value, StoreError> {
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
pub fn is_as_told(db: &rusqlite::Connection, clerk: i64) -> Result<bool, StoreError> {
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
        let mut problems = Vec::new();
        {
            let mut pragma = db.prepare("PRAGMA integrity_check")?;
            for line in pragma.query_map([], |row| row.get::<_, String>(0))? {
                let line = line?;
                if line != "ok" {
                    problems.push(format!("database: {line}"));
                }
            }
            let mut pragma = db.prepare("PRAGMA foreign_key_check")?;
            let orphans = pragma.query_map([], |row| row.get::<_, String>(0))?.count();
            if orphans > 0 {
                problems.push(format!("database: {orphans} rows point at nothing"));
            }
        }

        let known = blobs::all(db)?;
        let store = self.blobs();
        for (sha256, bytes) in &known {
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
        for name in store.list()? {
            if !names.contains(name.as_str()) {
                problems.push(format!("blob {name}: no row knows this file"));
            }
        }

        let (strays, missing) = keys::strays_and_missing(db, self.home())?;
        problems.extend(strays.iter().map(|name| format!("keys/{name}: no row knows this file")));
        problems.extend(missing.iter().map(|name| format!("keys/{name}: the file is missing")));

        let station = station::station(db)?;
        let entries =
            journal::verify(db, &station.public_key, &station.station, &mut |fault| problems.push(fault))?;
        for entry in entries.iter().filter(|entry| entry.kind == "digitized") {
            match record::find(db, &entry.subject)? {
                Some(record) if facts(&record) == entry.facts => {
                    let kept_by = record::kept_by(db, &record.id)?;
                    if entry.by.is_some_and(|by| by != kept_by) {
                        problems.push(format!(
                            "record {}: another clerk than in journal {}",
                            record.id, entry.seq
                        ));
                    }
                }
                Some(_) => {
                    problems.push(format!("record {}: differs from journal {}", entry.subject, entry.seq))
                }
                None => problems.push(format!("record {}: missing", entry.subject)),
            }
        }
        for version in catalogue::versions(db)? {
            let hash = catalogue::content_hash(db, version.version)?;
            let vouched = entries.iter().any(|entry| {
                entry.kind == CATALOGUE_IMPORTED
                    && entry.subject == version.id
                    && entry.facts == catalogue_facts(&version, &hash)
            });
            if !vouched {
                problems.push(format!("catalogue {}: differs from the journal", version.version));
            }
        }
        let installed = station::installed(db)?;
        let mut told =
            entries.iter().filter(|entry| entry.kind == CERTIFICATE_INSTALLED).map(|entry| &entry.facts);
        // The first came with the counter.
        for one in installed.iter().skip(1) {
            if told.next() != Some(&certificate_facts(one)) {
                problems.push(format!("certificate {}: differs from the journal", one.seq));
            }
        }
        if told.next().is_some() {
            problems.push("certificate: missing".to_owned());
        }
        let longer: Vec<Value> = lasting::all(db)?.iter().map(longer_facts).collect();
        let told = entries.iter().filter(|entry| entry.kind == COPY_EXTENDED).map(|entry| &entry.facts);
        if !told.eq(&longer) {
            problems.push("extended copies: differ from the journal".to_owned());
        }
        for clerk in station::clerks(db)? {
            let mut told = entries.iter().rev().filter(|entry| entry.kind == CLERK_SET);
            let last = told.find(|entry| entry.facts.get("clerk") == Some(&clerk.id.into()));
            // Nothing is told of a clerk who came with the counter and is as then.
            let as_told = match last {
                Some(entry) => entry.facts == clerk_facts(db, clerk.id)?,
                None => is_as_first(&clerk),
            };
            if !as_told {
                problems.push(format!("clerk {}: differs from the journal", clerk.id));
            }
        }
        for dossier in dossier::all(db)? {
            match replay(&entries, &dossier.id) {
                Ok(told) if told == dossier => {}
                Ok(_) => problems.push(format!("dossier {}: differs from the journal", dossier.id)),
                Err(seq) => {
                    problems.push(format!("dossier {}: journal {seq} does not follow", dossier.id));
                }
            }
        }
        let received = entries.iter().filter(|entry| entry.kind == "dossier_received").count();
        let imported = entries.iter().filter(|entry| entry.kind == CATALOGUE_IMPORTED).count();
        let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
        let records = count("SELECT count(*) FROM record")?;
        let digitized = entries.iter().filter(|entry| entry.kind == "digitized").count();
        let queued = count("SELECT count(DISTINCT journal) FROM outbox")?;
        if records != digitized as i64 {
            problems.push(format!("{records} records but {digitized} journal entries of digitizing"));
        }
        if queued != entries.len() as i64 {
            problems.push(format!("{} journal entries but {queued} in the outbox", entries.len()));
        }
        let versions = count("SELECT count(*) FROM catalogue")?;
        if versions != imported as i64 {
            problems.push(format!("{versions} catalogues but {imported} journal entries of imports"));
        }
        let dossiers = count("SELECT count(*) FROM dossier")?;
        if dossiers != received as i64 {
            problems.push(format!("{dossiers} dossiers but {received} journal entries of receipt"));
        }
        let last = count("SELECT last_running FROM station")?;
        let highest = count("SELECT coalesce(max(code_running), 0) FROM record")?;
        if highest > last {
            problems.push(format!("code number {highest} is beyond the last one given out, {last}"));
        }
        Ok(CheckReport {
            problems,
            records: usize::try_from(records).unwrap_or(0),
            blobs: known.len(),
            journal_entries: entries.len(),
        })
    }
}
