//! Dossiers as they stand. Who changes one makes a journal entry of the same event in the same
//! transaction; the check replays them.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::StoreError;
use crate::dossier::Dossier;

/// Adds a dossier.
///
/// # Errors
/// [`StoreError`].
pub fn add(change: &Transaction<'_>, dossier: &Dossier) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO dossier (id, code, state, procedure, owner, received_at, due_at, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            dossier.id,
            dossier.code,
            word(dossier)?,
            dossier.request.procedure,
            dossier.request.owner.number,
            dossier.received_at,
            dossier.due_at,
            body(dossier)?
        ],
    )?;
    Ok(())
}

/// Keeps a dossier as it is now.
///
/// # Errors
/// [`StoreError`].
pub fn put(change: &Transaction<'_>, dossier: &Dossier) -> Result<(), StoreError> {
    change.execute(
        "UPDATE dossier SET code = ?2, state = ?3, due_at = ?4, body = ?5 WHERE id = ?1",
        params![dossier.id, dossier.code, word(dossier)?, dossier.due_at, body(dossier)?],
    )?;
    Ok(())
}

/// The dossier with this id or code.
///
/// # Errors
/// [`StoreError`].
pub fn find(db: &Connection, id_or_code: &str) -> Result<Option<Dossier>, StoreError> {
    db.prepare_cached("SELECT body FROM dossier WHERE id = ?1 OR code = ?1")?
        .query_row([id_or_code], |row| row.get::<_, String>(0))
        .optional()?
        .map(|body| parsed(&body))
        .transpose()
}

/// Dossiers received from one moment to before another (RFC 3339 in the counter's offset), newest
/// first.
///
/// # Errors
/// [`StoreError`].
pub fn received(db: &Connection, from: &str, until: &str) -> Result<Vec<Dossier>, StoreError> {
    let mut all = db.prepare_cached(
        "SELECT body FROM dossier WHERE received_at >= ?1 AND received_at < ?2 ORDER BY received_at DESC, id DESC",
    )?;
    let rows = all.query_map([from, until], |row| row.get::<_, String>(0))?;
    rows.map(|body| parsed(&body?)).collect()
}

/// Every dossier, as the check walks them.
///
/// # Errors
/// [`StoreError`].
pub fn all(db: &Connection) -> Result<Vec<Dossier>, StoreError> {
    received(db, "", "9999")
}

/// The last number taken of a day.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn last_number(db: &Connection, day: &str) -> Result<Option<u32>, StoreError> {
    Ok(db
        .prepare_cached("SELECT last FROM dossier_number WHERE day = ?1")?
        .query_row([day], |row| row.get(0))
        .optional()?)
}

/// Takes a number, for the change that uses it.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn take_number(change: &Transaction<'_>, day: &str, number: u32) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO dossier_number (day, last) VALUES (?1, ?2)
         ON CONFLICT (day) DO UPDATE SET last = excluded.last",
        params![day, number],
    )?;
    Ok(())
}

fn body(dossier: &Dossier) -> Result<String, StoreError> {
    serde_json::to_string(dossier).map_err(|e| StoreError::Damaged(e.to_string()))
}

fn word(dossier: &Dossier) -> Result<String, StoreError> {
    let word = serde_json::to_value(dossier.state).map_err(|e| StoreError::Damaged(e.to_string()))?;
    Ok(word.as_str().unwrap_or_default().to_owned())
}

fn parsed(body: &str) -> Result<Dossier, StoreError> {
    serde_json::from_str(body).map_err(|e| StoreError::Damaged(e.to_string()))
}
