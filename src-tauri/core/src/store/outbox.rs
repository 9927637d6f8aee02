//! The outbox: what the warehouse has not yet received. States as in a post office.

use rusqlite::{Connection, Transaction};

use super::StoreError;

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Place in the queue.
    pub seq: i64,
    /// Record.
    pub record: String,
    /// Name of the paper.
    pub name: String,
    /// waiting, sending, received, held_back.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is held back.
    pub reason: Option<String>,
}

/// Queues a journal entry.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn add(change: &Transaction<'_>, journal: i64, record: &str) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO outbox (journal, record, state) VALUES (?1, ?2, 'waiting')",
        rusqlite::params![journal, record],
    )?;
    Ok(())
}

/// The queue, oldest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn items(db: &Connection) -> Result<Vec<Item>, StoreError> {
    let mut all = db.prepare_cached(
        "SELECT seq, record, name, state, attempts, reason FROM outbox JOIN record ON record.id = outbox.record
         ORDER BY seq",
    )?;
    let rows = all.query_map([], |row| {
        Ok(Item {
            seq: row.get(0)?,
            record: row.get(1)?,
            name: row.get(2)?,
            state: row.get(3)?,
            attempts: row.get(4)?,
            reason: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many items are in one of these states.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn count(db: &Connection, states: &[&str]) -> Result<u32, StoreError> {
    let mut count = db.prepare_cached("SELECT count(*) FROM outbox WHERE state = ?1")?;
    let mut sum = 0;
    for state in states {
        sum += count.query_row([state], |row| row.get::<_, u32>(0))?;
    }
    Ok(sum)
}
