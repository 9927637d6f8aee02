//! Who this counter is: the station and its clerk.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde::{Deserialize, Serialize};

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

/// What somebody may do at this counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Receives dossiers, copies papers and signs the copies (công chức tiếp nhận).
    Clerk,
    /// Signs for the agency: results, copies "SAO Y" (người ký).
    Signer,
    /// Leads the office: may do what a clerk and a signer may (lãnh đạo).
    Head,
    /// Looks after clerks, keys, the office's authority and the catalogue (quản trị).
    Administrator,
}

impl Role {
    /// Every role: what the first clerk of a counter has.
    pub const ALL: [Self; 4] = [Self::Clerk, Self::Signer, Self::Head, Self::Administrator];
}

/// Who signs here, with the certificate in use: a clerk, or the agency itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerk {
    /// Row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Not a person: the agency's own key.
    pub agency: bool,
    /// What the clerk may do; the agency's key has no roles.
    pub roles: Vec<Role>,
    /// When the clerk left the counter, RFC 3339.
    pub left_at: Option<String>,
    /// Certificate, DER.
    pub certificate: Vec<u8>,
    /// Certificates of its issuers, DER, each issued by the next; none for a self-signed one.
    pub issuers: Vec<Vec<u8>>,
    /// Name of the key file in the keys folder; empty where the key lies on a token of the agency's.
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

/// Everybody who signs or signed here, in the order they came.
///
/// # Errors
/// [`StoreError::Damaged`], [`StoreError::Sql`].
pub fn clerks(db: &Connection) -> Result<Vec<Clerk>, StoreError> {
    let mut all = db.prepare_cached(
        "SELECT clerk.id, clerk.name, clerk.agency, clerk.roles, clerk.left_at,
                certificate.chain, certificate.key_file, certificate.seq
           FROM clerk JOIN certificate
             ON certificate.seq = (SELECT max(seq) FROM certificate WHERE certificate.clerk = clerk.id)
          ORDER BY clerk.id",
    )?;
    let rows = all.query_map([], |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

fn read(row: &Row<'_>) -> Result<Clerk, StoreError> {
    let damaged = |what: &str| StoreError::Damaged(what.to_owned());
    let roles: String = row.get(3)?;
    let chain: Vec<u8> = row.get(5)?;
    let mut chain = ders(&chain).into_iter();
    Ok(Clerk {
        id: row.get(0)?,
        name: row.get(1)?,
        agency: row.get(2)?,
        roles: serde_json::from_str(&roles).map_err(|_| damaged("roles"))?,
        left_at: row.get(4)?,
        certificate: chain.next().ok_or_else(|| damaged("certificate"))?,
        issuers: chain.collect(),
        key_file: row.get(6)?,
        installed: row.get(7)?,
    })
}

/// One of them.
///
/// # Errors
/// [`StoreError::NotReady`] when there is none of that row, and as [`clerks`].
pub fn clerk(db: &Connection, id: i64) -> Result<Clerk, StoreError> {
    clerks(db)?.into_iter().find(|clerk| clerk.id == id).ok_or(StoreError::NotReady)
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

impl Installed {
    /// The certificate in front, DER.
    #[must_use]
    pub fn certificate(&self) -> Option<Vec<u8>> {
        ders(&self.chain).into_iter().next()
    }
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

/// A certificate somebody at this counter has or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// It, DER.
    pub certificate: Vec<u8>,
    /// Those of its issuers, DER.
    pub issuers: Vec<Vec<u8>>,
    /// Row of its holder.
    pub clerk: i64,
    /// It is the agency's.
    pub agency: bool,
    /// When another one took its place or its holder left, RFC 3339; `None` = it is in use.
    pub until: Option<String>,
}

/// The certificates everybody at this counter has or had, newest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn certificates(db: &Connection) -> Result<Vec<Own>, StoreError> {
    let mut all = db.prepare_cached(
        "SELECT one.chain, clerk.id, clerk.agency,
                coalesce((SELECT min(later.installed_at) FROM certificate later
                           WHERE later.clerk = one.clerk AND later.seq > one.seq), clerk.left_at)
           FROM certificate one JOIN clerk ON clerk.id = one.clerk
          ORDER BY one.seq DESC",
    )?;
    let rows =
        all.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (chain, clerk, agency, until) = row?;
        let mut chain = ders(&chain).into_iter();
        let Some(certificate) = chain.next() else { continue };
        found.push(Own { certificate, issuers: chain.collect(), clerk, agency, until });
    }
    Ok(found)
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

/// Adds a clerk, or the agency's key; returns the row.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn add_clerk(
    change: &Transaction<'_>,
    name: &str,
    agency: bool,
    roles: &[Role],
    at: &str,
) -> Result<i64, StoreError> {
    change.execute(
        "INSERT INTO clerk (name, agency, roles, added_at) VALUES (?1, ?2, ?3, ?4)",
        params![name, agency, words(roles), at],
    )?;
    Ok(change.last_insert_rowid())
}

/// Gives a clerk other roles, or lets the clerk leave.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn change_clerk(
    change: &Transaction<'_>,
    id: i64,
    roles: &[Role],
    left_at: Option<&str>,
) -> Result<(), StoreError> {
    change.execute(
        "UPDATE clerk SET roles = ?2, left_at = ?3 WHERE id = ?1",
        params![id, words(roles), left_at],
    )?;
    Ok(())
}

fn words(roles: &[Role]) -> String {
    serde_json::to_string(roles).unwrap_or_default()
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
