//! Copies whose signatures were made to last: the longer file beside the one that was signed.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde_json::Value;

use super::StoreError;
use crate::sign::Level;

/// A copy as it was extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Longer {
    /// Record of the copy.
    pub record: String,
    /// SHA-256 of the extended file.
    pub sha256: String,
    /// Level of its signature.
    pub level: Level,
    /// When, RFC 3339.
    pub at: String,
    /// End of the certificate of its last time-stamp, RFC 3339; `None` below B-LTA.
    pub holds_until: Option<String>,
}

/// Keeps an extended file. Its blob must be noted.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn add(change: &Transaction<'_>, one: &Longer) -> Result<(), StoreError> {
    let level = serde_json::to_value(one.level).unwrap_or_default();
    change.execute(
        "INSERT INTO lasting (record, sha256, level, at, holds_until) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![one.record, one.sha256, level.as_str(), one.at, one.holds_until],
    )?;
    Ok(())
}

/// The newest of a copy.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn newest(db: &Connection, record: &str) -> Result<Option<Longer>, StoreError> {
    let mut newest = db.prepare_cached(
        "SELECT record, sha256, level, at, holds_until FROM lasting WHERE record = ?1 ORDER BY seq DESC LIMIT 1",
    )?;
    Ok(newest.query_row([record], read).optional()?)
}

/// All of them, oldest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn all(db: &Connection) -> Result<Vec<Longer>, StoreError> {
    let mut all =
        db.prepare_cached("SELECT record, sha256, level, at, holds_until FROM lasting ORDER BY seq")?;
    let rows = all.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Longer> {
    let level = serde_json::from_value(Value::String(row.get(2)?));
    Ok(Longer {
        record: row.get(0)?,
        sha256: row.get(1)?,
        level: level.map_err(|e| rusqlite::Error::FromSqlConversionFailure(2, Type::Text, e.into()))?,
        at: row.get(3)?,
        holds_until: row.get(4)?,
    })
}
