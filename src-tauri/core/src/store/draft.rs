//! The paper on the desk: its pages, step by step, and what was typed.

use rusqlite::{Connection, OptionalExtension as _, Transaction};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// A page on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPage {
    /// Id, made when it landed.
    pub id: String,
    /// SHA-256 of the original file.
    pub original: String,
    /// Name of the file it came in.
    pub file: String,
    /// Page in that file, from 0.
    pub page: u32,
    /// Clockwise quarter turns added by the clerk.
    pub turns: u8,
}

/// How many steps can be undone.
const STEPS: i64 = 200;

/// The pages as they lie now.
///
/// # Errors
/// [`StoreError`].
pub fn pages(db: &Connection) -> Result<Vec<DraftPage>, StoreError> {
    let text: Option<String> = db
        .query_row(
            "SELECT pages FROM draft_state JOIN draft ON draft.state = draft_state.seq WHERE draft.id = 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    match text {
        None => Ok(Vec::new()),
        Some(text) => serde_json::from_str(&text).map_err(|e| StoreError::Damaged(e.to_string())),
    }
}

/// Makes a new state of the pages; what had been undone is gone.
///
/// # Errors
/// [`StoreError`].
pub fn put_pages(change: &Transaction<'_>, pages: &[DraftPage]) -> Result<(), StoreError> {
    let text = serde_json::to_string(pages).map_err(|e| StoreError::Damaged(e.to_string()))?;
    change.execute(
        "DELETE FROM draft_state WHERE seq > coalesce((SELECT state FROM draft WHERE id = 1), 0)",
        [],
    )?;
    change.execute("INSERT INTO draft_state (pages) VALUES (?1)", [text])?;
    change.execute("UPDATE draft SET state = last_insert_rowid() WHERE id = 1", [])?;
    change.execute(
        "DELETE FROM draft_state WHERE seq NOT IN (SELECT seq FROM draft_state ORDER BY seq DESC LIMIT ?1)",
        [STEPS],
    )?;
    Ok(())
}

/// What lies behind and before the present state: (can undo, can redo).
///
/// # Errors
/// [`StoreError`].
pub fn steps(db: &Connection) -> Result<(bool, bool), StoreError> {
    Ok(db.query_row(
        "SELECT state IS NOT NULL, EXISTS (SELECT 1 FROM draft_state WHERE seq > coalesce(state, 0))
           FROM draft WHERE id = 1",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?)
}

/// Steps back. Does nothing at the beginning.
///
/// # Errors
/// [`StoreError`].
pub fn undo(change: &Transaction<'_>) -> Result<(), StoreError> {
    change.execute(
        "UPDATE draft SET state = (SELECT max(seq) FROM draft_state WHERE seq < state) WHERE id = 1",
        [],
    )?;
    Ok(())
}

/// Steps forward again. Does nothing at the end.
///
/// # Errors
/// [`StoreError`].
pub fn redo(change: &Transaction<'_>) -> Result<(), StoreError> {
    change.execute(
        "UPDATE draft SET state = coalesce((SELECT min(seq) FROM draft_state WHERE seq > coalesce(state, 0)), state)
          WHERE id = 1",
        [],
    )?;
    Ok(())
}

/// What was typed, JSON.
///
/// # Errors
/// [`StoreError`].
pub fn fields(db: &Connection) -> Result<String, StoreError> {
    Ok(db.query_row("SELECT fields FROM draft WHERE id = 1", [], |row| row.get(0))?)
}

/// Keeps what was typed.
///
/// # Errors
/// [`StoreError`].
pub fn put_fields(change: &Transaction<'_>, fields: &str) -> Result<(), StoreError> {
    change.execute("UPDATE draft SET fields = ?1 WHERE id = 1", [fields])?;
    Ok(())
}

/// Clears the desk: the paper has become a record.
///
/// # Errors
/// [`StoreError`].
pub fn clear(change: &Transaction<'_>) -> Result<(), StoreError> {
    change.execute("UPDATE draft SET state = NULL, fields = '{}' WHERE id = 1", [])?;
    change.execute("DELETE FROM draft_state", [])?;
    Ok(())
}

/// Every page any step of the desk knows, for pictures of pages that undo may bring back.
///
/// # Errors
/// [`StoreError`].
pub fn all_pages(db: &Connection) -> Result<Vec<DraftPage>, StoreError> {
    let mut all = db.prepare_cached("SELECT pages FROM draft_state ORDER BY seq DESC")?;
    let mut pages: Vec<DraftPage> = Vec::new();
    for text in all.query_map([], |row| row.get::<_, String>(0))? {
        let state: Vec<DraftPage> =
            serde_json::from_str(&text?).map_err(|e| StoreError::Damaged(e.to_string()))?;
        for page in state {
            if !pages.iter().any(|known| known.id == page.id) {
                pages.push(page);
            }
        }
    }
    Ok(pages)
}
