//! Who this counter is: the station and its clerk.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::StoreError;

/// The station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// Id, see [`crate::code::station_id`].
    pub station: String,
    /// Code of the office, e.g. `H56.14`.
    pub office_code: String,
    /// Name of the office.
    pub office_name: String,
    /// A training counter: everything it makes says so.
    pub training: bool,
    /// Public half of the station's key.
    pub public_key: [u8; 32],
}

/// A clerk who signs here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerk {
    /// Row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Certificate, DER.
    pub certificate: Vec<u8>,
    /// Name of the key file in the keys folder.
    pub key_file: String,
}

/// The station of this counter.
///
/// # Errors
/// [`StoreError::NotReady`] when the counter was never opened.
pub fn station(db: &Connection) -> Result<Station, StoreError> {
    db.query_row(
        "SELECT station, office_code, office_name, training, public_key FROM station WHERE id = 1",
        [],
        |row| {
            Ok(Station {
                station: row.get(0)?,
                office_code: row.get(1)?,
                office_name: row.get(2)?,
                training: row.get(3)?,
                public_key: row.get(4)?,
            })
        },
    )
    .optional()?
    .ok_or(StoreError::NotReady)
}

/// The clerk of this counter.
///
/// # Errors
/// [`StoreError::NotReady`] when there is none.
pub fn clerk(db: &Connection) -> Result<Clerk, StoreError> {
    db.query_row("SELECT id, name, certificate, key_file FROM clerk ORDER BY id LIMIT 1", [], |row| {
        Ok(Clerk { id: row.get(0)?, name: row.get(1)?, certificate: row.get(2)?, key_file: row.get(3)? })
    })
    .optional()?
    .ok_or(StoreError::NotReady)
}

/// Opens the station, once.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn add(change: &Transaction<'_>, station: &Station, at: &str) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO station (id, station, office_code, office_name, training, public_key, opened_at)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            station.station,
            station.office_code,
            station.office_name,
            station.training,
            station.public_key,
            at
        ],
    )?;
    Ok(())
}

/// Adds a clerk.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn add_clerk(
    change: &Transaction<'_>,
    name: &str,
    certificate: &[u8],
    key_file: &str,
    at: &str,
) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO clerk (name, certificate, key_file, added_at) VALUES (?1, ?2, ?3, ?4)",
        params![name, certificate, key_file, at],
    )?;
    Ok(())
}

/// The next running number, for the change that uses it: rolled back with it, never reused after it.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn next_running(change: &Transaction<'_>) -> Result<u64, StoreError> {
    let next: i64 = change.query_row(
        "UPDATE station SET last_running = last_running + 1 WHERE id = 1 RETURNING last_running",
        [],
        |row| row.get(0),
    )?;
    Ok(next.unsigned_abs())
}
