//! What lies on the desks, step by step, and what was typed there.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::dossier::Paper;
use crate::page::edit::Edit;

/// The desk for single papers; it is always there.
pub const LOOSE: &str = "loose";

/// A page on a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPage {
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
    /// The paper it belongs to, by its place in the dossier from 1; 0 = not sorted yet.
    #[serde(default)]
    pub place: u32,
    /// What else the clerk did to it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// The clerk found nothing on it: it is kept, but is no page of the copy.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blank: bool,
    /// Why the clerk accepts what was found on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

/// How a desk lies: one step of undo.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Layout {
    /// Pages, in order.
    pub pages: Vec<DeskPage>,
    /// Papers of a dossier that is not received yet.
    #[serde(default)]
    pub papers: Vec<Paper>,
    /// Code of the procedure that asks for them; empty = none is chosen.
    #[serde(default)]
    pub procedure: String,
}

/// A desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Id.
    pub id: String,
    /// What was typed, JSON.
    pub typed: String,
    /// The dossier, once it is received.
    pub dossier: Option<String>,
}

/// How many steps of a desk can be undone.
const STEPS: i64 = 200;

/// All desks, in the order they were opened.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn all(db: &Connection) -> Result<Vec<Desk>, StoreError> {
    let mut all = db.prepare_cached("SELECT id, typed, dossier FROM desk ORDER BY opened_at, id")?;
    let rows =
        all.query_map([], |row| Ok(Desk { id: row.get(0)?, typed: row.get(1)?, dossier: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One desk.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn find(db: &Connection, id: &str) -> Result<Option<Desk>, StoreError> {
    Ok(db
        .prepare_cached("SELECT id, typed, dossier FROM desk WHERE id = ?1")?
        .query_row([id], |row| Ok(Desk { id: row.get(0)?, typed: row.get(1)?, dossier: row.get(2)? }))
        .optional()?)
}

/// Opens a desk.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn open(change: &Transaction<'_>, id: &str, dossier: Option<&str>, at: &str) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO desk (id, typed, dossier, opened_at) VALUES (?1, '{}', ?2, ?3)",
        params![id, dossier, at],
    )?;
    Ok(())
}

/// The dossier on a desk is received.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn attach(change: &Transaction<'_>, id: &str, dossier: &str) -> Result<(), StoreError> {
    change.execute("UPDATE desk SET dossier = ?2 WHERE id = ?1", [id, dossier])?;
    Ok(())
}

/// Takes a desk away with everything on it; the desk for single papers is only cleared.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn close(change: &Transaction<'_>, id: &str) -> Result<(), StoreError> {
    change.execute("DELETE FROM desk_state WHERE desk = ?1", [id])?;
    if id == LOOSE {
        change.execute("UPDATE desk SET state = NULL, typed = '{}' WHERE id = ?1", [id])?;
    } else {
        change.execute("DELETE FROM desk WHERE id = ?1", [id])?;
    }
    Ok(())
}

/// How a desk lies now.
///
/// # Errors
/// [`StoreError`].
pub fn layout(db: &Connection, id: &str) -> Result<Layout, StoreError> {
    let text: Option<String> = db
        .prepare_cached(
            "SELECT layout FROM desk_state JOIN desk ON desk.state = desk_state.seq WHERE desk.id = ?1",
        )?
        .query_row([id], |row| row.get(0))
        .optional()?;
    text.map_or_else(|| Ok(Layout::default()), |text| parsed(&text))
}

/// Makes a new state of a desk; what had been undone is gone.
///
/// # Errors
/// [`StoreError`].
pub fn put(change: &Transaction<'_>, id: &str, layout: &Layout) -> Result<(), StoreError> {
    let text = serde_json::to_string(layout).map_err(|e| StoreError::Damaged(e.to_string()))?;
    change.execute(
        "DELETE FROM desk_state WHERE desk = ?1 AND seq > coalesce((SELECT state FROM desk WHERE id = ?1), 0)",
        [id],
    )?;
    change.execute("INSERT INTO desk_state (desk, layout) VALUES (?1, ?2)", [id, &text])?;
    change.execute("UPDATE desk SET state = last_insert_rowid() WHERE id = ?1", [id])?;
    change.execute(
        "DELETE FROM desk_state WHERE desk = ?1 AND seq NOT IN
           (SELECT seq FROM desk_state WHERE desk = ?1 ORDER BY seq DESC LIMIT ?2)",
        params![id, STEPS],
    )?;
    Ok(())
}

/// Changes the present state in place, when it is still `state`; else makes a new one. Answers with the state
/// that is present then.
///
/// # Errors
/// [`StoreError`].
pub fn go_on(
    change: &Transaction<'_>,
    id: &str,
    state: Option<i64>,
    layout: &Layout,
) -> Result<Option<i64>, StoreError> {
    let present = |change: &Transaction<'_>| -> Result<Option<i64>, StoreError> {
        Ok(change
            .prepare_cached("SELECT state FROM desk WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?
            .flatten())
    };
    if state.is_some() && present(change)? == state {
        let text = serde_json::to_string(layout).map_err(|e| StoreError::Damaged(e.to_string()))?;
        change.execute("UPDATE desk_state SET layout = ?2 WHERE seq = ?1", params![state, text])?;
        return Ok(state);
    }
    put(change, id, layout)?;
    present(change)
}

/// Makes a state that no step leads back from: what was before is signed.
///
/// # Errors
/// [`StoreError`].
pub fn settle(change: &Transaction<'_>, id: &str, layout: &Layout) -> Result<(), StoreError> {
    put(change, id, layout)?;
    change.execute(
        "DELETE FROM desk_state WHERE desk = ?1 AND seq <> (SELECT state FROM desk WHERE id = ?1)",
        [id],
    )?;
    Ok(())
}

/// What lies behind and before the present state: (can undo, can redo).
///
/// # Errors
/// [`StoreError`].
pub fn steps(db: &Connection, id: &str) -> Result<(bool, bool), StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM desk_state WHERE desk = ?1 AND seq < state)
                 OR (state IS NOT NULL AND id = 'loose'),
               EXISTS (SELECT 1 FROM desk_state WHERE desk = ?1 AND seq > coalesce(state, 0))
               FROM desk WHERE id = ?1",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Steps back. Does nothing at the beginning.
///
/// # Errors
/// [`StoreError`].
pub fn undo(change: &Transaction<'_>, id: &str) -> Result<(), StoreError> {
    change.execute(
        "UPDATE desk SET state = (SELECT max(seq) FROM desk_state WHERE desk = ?1 AND seq < state)
          WHERE id = ?1 AND (id = 'loose' OR EXISTS (SELECT 1 FROM desk_state WHERE desk = ?1 AND seq < state))",
        [id],
    )?;
    Ok(())
}

/// Steps forward again. Does nothing at the end.
///
/// # Errors
/// [`StoreError`].
pub fn redo(change: &Transaction<'_>, id: &str) -> Result<(), StoreError> {
    change.execute(
        "UPDATE desk SET state = coalesce(
           (SELECT min(seq) FROM desk_state WHERE desk = ?1 AND seq > coalesce(state, 0)), state) WHERE id = ?1",
        [id],
    )?;
    Ok(())
}

/// Keeps what was typed.
///
/// # Errors
/// [`StoreError`].
pub fn put_typed(change: &Transaction<'_>, id: &str, typed: &str) -> Result<(), StoreError> {
    change.execute("UPDATE desk SET typed = ?2 WHERE id = ?1", [id, typed])?;
    Ok(())
}

/// Keeps where the clerk is.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn put_place(change: &Transaction<'_>, text: &str) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO place (one, text) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET text = excluded.text",
        [text],
    )?;
    Ok(())
}

/// Where the clerk was.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn place(db: &Connection) -> Result<Option<String>, StoreError> {
    Ok(db.prepare_cached("SELECT text FROM place")?.query_row([], |row| row.get(0)).optional()?)
}

/// The newest layout of any desk, undone ones included, that knows a page; for pictures of pages that undo
/// may bring back.
///
/// # Errors
/// [`StoreError`].
pub fn layout_with(db: &Connection, page: &str) -> Result<Option<Layout>, StoreError> {
    let mut all = db.prepare_cached("SELECT layout FROM desk_state ORDER BY seq DESC")?;
    for text in all.query_map([], |row| row.get::<_, String>(0))? {
        let text = text?;
        // An id stands in the text as it is: most layouts need not be read.
        if text.contains(page) {
            let layout = parsed(&text)?;
            if layout.pages.iter().any(|one| one.id == page) {
                return Ok(Some(layout));
            }
        }
    }
    Ok(None)
}

fn parsed(text: &str) -> Result<Layout, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::Damaged(e.to_string()))
}
