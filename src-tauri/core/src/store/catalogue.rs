//! Versions of the catalogue. A version is whole, takes effect on a day, and never changes.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::StoreError;
use crate::catalogue::Procedure;

/// A version of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Number, from 1.
    pub version: i64,
    /// Id, the subject of its journal entry.
    pub id: String,
    /// First day it holds, yyyy-mm-dd.
    pub effective_from: String,
    /// Name of the file it came from.
    pub source: String,
    /// SHA-256 of that file.
    pub sha256: String,
    /// A sample to learn with.
    pub sample: bool,
    /// When it was imported.
    pub imported_at: String,
}

/// Adds a version; returns its number. `version.version` is not looked at.
///
/// # Errors
/// [`StoreError`].
pub fn add(change: &Transaction<'_>, version: &Version, procedures: &[Procedure]) -> Result<i64, StoreError> {
    change.execute(
        "INSERT INTO catalogue (id, effective_from, source, sha256, sample, imported_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            version.id,
            version.effective_from,
            version.source,
            version.sha256,
            version.sample,
            version.imported_at
        ],
    )?;
    let number = change.last_insert_rowid();
    let mut add = change.prepare_cached(
        "INSERT INTO procedure (version, code, name, field, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for procedure in procedures {
        let body = serde_json::to_string(procedure).map_err(|e| StoreError::Damaged(e.to_string()))?;
        add.execute(params![number, procedure.code, procedure.name, procedure.field, body])?;
    }
    Ok(number)
}

/// All versions, newest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn versions(db: &Connection) -> Result<Vec<Version>, StoreError> {
    let mut all = db.prepare_cached(
        "SELECT version, id, effective_from, source, sha256, sample, imported_at FROM catalogue
         ORDER BY version DESC",
    )?;
    let rows = all.query_map([], |row| {
        Ok(Version {
            version: row.get(0)?,
            id: row.get(1)?,
            effective_from: row.get(2)?,
            source: row.get(3)?,
            sha256: row.get(4)?,
            sample: row.get(5)?,
            imported_at: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Number of the version in force on a day (yyyy-mm-dd): of those that have taken effect, the one
/// with the latest first day; of several with the same, the one imported last.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn in_force(db: &Connection, day: &str) -> Result<Option<i64>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT version FROM catalogue WHERE effective_from <= ?1
             ORDER BY effective_from DESC, version DESC LIMIT 1",
        )?
        .query_row([day], |row| row.get(0))
        .optional()?)
}

/// Every procedure of a version, by code.
///
/// # Errors
/// [`StoreError`].
pub fn procedures(db: &Connection, version: i64) -> Result<Vec<Procedure>, StoreError> {
    let mut all = db.prepare_cached("SELECT body FROM procedure WHERE version = ?1 ORDER BY code")?;
    let rows = all.query_map([version], |row| row.get::<_, String>(0))?;
    rows.map(|body| parsed(&body?)).collect()
}

/// One procedure of a version.
///
/// # Errors
/// [`StoreError`].
pub fn procedure(db: &Connection, version: i64, code: &str) -> Result<Option<Procedure>, StoreError> {
    let body: Option<String> = db
        .prepare_cached("SELECT body FROM procedure WHERE version = ?1 AND code = ?2")?
        .query_row(params![version, code], |row| row.get(0))
        .optional()?;
    body.map(|body| parsed(&body)).transpose()
}

/// SHA-256 over the procedures of a version, by code, as they lie in the store: what the journal
/// entry of the import vouches for.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn content_hash(db: &Connection, version: i64) -> Result<String, StoreError> {
    let mut all =
        db.prepare_cached("SELECT code, name, field, body FROM procedure WHERE version = ?1 ORDER BY code")?;
    let mut rows = all.query([version])?;
    let mut hash = Sha256::new();
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            let text: String = row.get(column)?;
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        }
    }
    Ok(crate::hex::encode(&hash.finalize()))
}

fn parsed(body: &str) -> Result<Procedure, StoreError> {
    serde_json::from_str(body).map_err(|e| StoreError::Damaged(e.to_string()))
}
