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

/// A clerk who signs here, with the certificate in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerk {
    /// Row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Certificate, DER.
    pub certificate: Vec<u8>,
    /// Certificates of its issuers, DER, each issued by the next; none for a self-signed one.
    pub issuers: Vec<Vec<u8>>,
    /// Name of the key file in the keys folder.
    pub key_file: String,
    /// Row of the certificate.
    pub installed: i64,
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
    let found = db
        .query_row(
            "SELECT clerk.id, clerk.name, certificate.chain, certificate.key_file, certificate.seq
               FROM clerk JOIN certificate ON certificate.clerk = clerk.id
              ORDER BY clerk.id, certificate.seq DESC LIMIT 1",
            [],
            |row| {
                Ok(Clerk {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    certificate: row.get(2)?,
                    issuers: Vec::new(),
                    key_file: row.get(3)?,
                    installed: row.get(4)?,
                })
            },
        )
        .optional()?;
    let mut clerk = found.ok_or(StoreError::NotReady)?;
    let mut chain = ders(&clerk.certificate).into_iter();
    clerk.certificate = chain.next().ok_or_else(|| StoreError::Damaged("certificate".into()))?;
    clerk.issuers = chain.collect();
    Ok(clerk)
}

/// One installed chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Row.
    pub seq: i64,
    /// Clerk.
    pub clerk: i64,
    /// DER after DER, the clerk's own first.
    pub chain: Vec<u8>,
}

/// Every chain ever installed, oldest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn installed(db: &Connection) -> Result<Vec<Installed>, StoreError> {
    let mut all = db.prepare_cached("SELECT seq, clerk, chain FROM certificate ORDER BY seq")?;
    let rows =
        all.query_map([], |row| Ok(Installed { seq: row.get(0)?, clerk: row.get(1)?, chain: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The certificates every clerk of this counter has or had, DER, newest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn certificates(db: &Connection) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(installed(db)?.iter().rev().filter_map(|one| ders(&one.chain).into_iter().next()).collect())
}

/// DER values that follow each other, each with its own length.
fn ders(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    while let Some(length) = der_length(bytes) {
        let Some((one, rest)) = bytes.split_at_checked(length) else { break };
        found.push(one.to_vec());
        bytes = rest;
    }
    found
}

fn der_length(bytes: &[u8]) -> Option<usize> {
    match *bytes.get(1)? {
        short @ 0..=0x7F => Some(2 + usize::from(short)),
        long @ 0x81..=0x84 => {
            let digits = bytes.get(2..2 + usize::from(long & 0x7F))?;
            let length = digits.iter().fold(0, |n, b| n << 8 | usize::from(*b));
            Some(2 + digits.len() + length)
        }
        _ => None,
    }
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

/// Adds a clerk; returns the row.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn add_clerk(change: &Transaction<'_>, name: &str, at: &str) -> Result<i64, StoreError> {
    change.execute("INSERT INTO clerk (name, added_at) VALUES (?1, ?2)", params![name, at])?;
    Ok(change.last_insert_rowid())
}

/// Puts a key and a chain in use for a clerk; returns the row.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn install(
    change: &Transaction<'_>,
    clerk: i64,
    chain: &[Vec<u8>],
    key_file: &str,
    at: &str,
) -> Result<i64, StoreError> {
    change.execute(
        "INSERT INTO certificate (clerk, chain, key_file, installed_at) VALUES (?1, ?2, ?3, ?4)",
        params![clerk, chain.concat(), key_file, at],
    )?;
    Ok(change.last_insert_rowid())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_comes_apart_where_it_was_joined() {
        let long = [&[0x30, 0x82, 1, 0][..], &[7; 256]].concat();
        let chain = [vec![0x30, 1, 9], long.clone(), vec![0x30, 0x81, 2, 1, 2]];
        assert_eq!(ders(&chain.concat()), chain);
        assert_eq!(ders(&long[..100]), Vec::<Vec<u8>>::new(), "a cut value is none");
    }
}
