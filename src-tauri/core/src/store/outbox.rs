//! The outbox: what the warehouse has not yet received. States as in a post office.

use rusqlite::{Connection, Transaction};

use super::StoreError;
use super::record::ACCEPTED;

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Place in the queue.
    pub seq: i64,
    /// Id of what it is about: a record, a dossier, a version of the catalogue.
    pub subject: String,
    /// What happened, as the journal names it.
    pub kind: String,
    /// Name of the paper or file, code of the dossier.
    pub name: String,
    /// Of a paper kept as it came in: its findings, canonical JSON.
    pub findings: Option<String>,
    /// Why those of its first page were accepted.
    pub accepted: Option<String>,
    /// Of a paper that was left out, or taken in again: the facts of its entry, canonical JSON.
    pub left_out: Option<String>,
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
pub fn add(change: &Transaction<'_>, journal: i64, subject: &str) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO outbox (journal, subject, state) VALUES (?1, ?2, 'waiting')",
        rusqlite::params![journal, subject],
    )?;
    Ok(())
}

/// The queue, oldest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn items(db: &Connection) -> Result<Vec<Item>, StoreError> {
    let mut all = db.prepare_cached(&format!(
        "SELECT outbox.seq, outbox.subject, journal.kind, coalesce(record.name, dossier.code, catalogue.source, ''), outbox.state,
                outbox.attempts, outbox.reason, iif(record.kept_whole, record.findings, NULL), {ACCEPTED},
                iif(journal.kind = 'dossier_paper_left_out', journal.body ->> '$.facts', NULL)
           FROM outbox JOIN journal ON journal.seq = outbox.journal
           LEFT JOIN record ON record.id = outbox.subject
           LEFT JOIN dossier ON dossier.id = outbox.subject
           LEFT JOIN catalogue ON catalogue.id = outbox.subject
          ORDER BY outbox.seq"
    ))?;
    let rows = all.query_map([], |row| {
        Ok(Item {
            seq: row.get(0)?,
            subject: row.get(1)?,
            kind: row.get(2)?,
            name: row.get(3)?,
            state: row.get(4)?,
            attempts: row.get(5)?,
            reason: row.get(6)?,
            findings: row.get(7)?,
            accepted: row.get(8)?,
            left_out: row.get(9)?,
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
