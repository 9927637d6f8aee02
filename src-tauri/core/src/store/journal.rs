//! The journal: append-only, gap-free, hash-chained, signed by the station's key. It is what syncs.
//!
//! hash(n) = SHA-256(domain ‖ hash(n−1) ‖ body); hash(0) binds the station's public key.
//! The signature is the station's, over domain ‖ hash. A body is canonical JSON.

use ed25519_dalek::{Signature, VerifyingKey};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::sign::key::SigningKey;

const CHAIN: &[u8] = b"sao-y/journal/v1\0";
const SIGNED: &[u8] = b"sao-y/journal-signature/v1\0";

/// One entry to be made.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// What happened.
    pub kind: &'a str,
    /// Id of what it is about: a record, a dossier, a version of the catalogue.
    pub subject: &'a str,
    /// When.
    pub at: &'a str,
    /// Row of the clerk who did it.
    pub by: i64,
    /// The facts.
    pub facts: Value,
}

/// Appends an entry; returns its sequence number.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn append(
    change: &Transaction<'_>,
    station_key: &SigningKey,
    station: &str,
    entry: &Entry<'_>,
) -> Result<i64, StoreError> {
    let last: Option<(i64, [u8; 32])> = change
        .query_row("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (seq, previous) = match last {
        Some((seq, hash)) => (seq + 1, hash),
        None => (1, genesis(station_key.public().as_bytes())),
    };
    let body = canonical(&serde_json::json!({
        "at": entry.at,
        "by": entry.by,
        "facts": entry.facts,
        "kind": entry.kind,
        "seq": seq,
        "station": station,
        "subject": entry.subject,
    }));
    let hash = link(&previous, &body);
    let signature = station_key.sign(&[SIGNED, hash.as_slice()].concat());
    change.execute(
        "INSERT INTO journal (seq, at, kind, subject, body, hash, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![seq, entry.at, entry.kind, entry.subject, body, hash, signature],
    )?;
    Ok(seq)
}

/// An entry as stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Sequence number.
    pub seq: i64,
    /// Kind.
    pub kind: String,
    /// Id of what it is about.
    pub subject: String,
    /// Row of the clerk who did it; entries of before that was told have none.
    pub by: Option<i64>,
    /// Facts of the body.
    pub facts: Value,
}

/// Walks the whole chain. Every fault is told to `fault`; returns the entries that could be read.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn verify(
    db: &Connection,
    public_key: &[u8; 32],
    station: &str,
    fault: &mut dyn FnMut(String),
) -> Result<Vec<Stored>, StoreError> {
    let key = VerifyingKey::from_bytes(public_key).map_err(|_| StoreError::Damaged("station key".into()))?;
    let mut all =
        db.prepare("SELECT seq, at, kind, subject, body, hash, signature FROM journal ORDER BY seq")?;
    let mut rows = all.query([])?;
    let mut previous = genesis(public_key);
    let mut expected = 1;
    let mut stored = Vec::new();
    while let Some(row) = rows.next()? {
        let (seq, at, kind, subject): (i64, String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let (body, hash, signature): (String, [u8; 32], [u8; 64]) = (row.get(4)?, row.get(5)?, row.get(6)?);
        if seq != expected {
            fault(format!("journal: entry {expected} is missing"));
        }
        if link(&previous, &body) != hash {
            fault(format!("journal {seq}: the chain is broken"));
        }
        let message = [SIGNED, hash.as_slice()].concat();
        if key.verify_strict(&message, &Signature::from_bytes(&signature)).is_err() {
            fault(format!("journal {seq}: the signature is not the station's"));
        }
        let value: Value = serde_json::from_str(&body).unwrap_or_default();
        let says = |name: &str| value.get(name).cloned().unwrap_or_default();
        if says("seq") != seq
            || says("at") != at.as_str()
            || says("kind") != kind.as_str()
            // Entries older than version 3 of the database are about records only, and say so.
            || value.get("subject").or(value.get("record")).cloned().unwrap_or_default() != subject.as_str()
            || says("station") != station
        {
            fault(format!("journal {seq}: columns and body differ"));
        }
        stored.push(Stored { seq, kind, subject, by: says("by").as_i64(), facts: says("facts") });
        previous = hash;
        expected = seq + 1;
    }
    Ok(stored)
}

/// Facts of the newest entry of a kind that `about` takes. Each entry looked at is proven by itself: its link of the
/// chain and the station's signature.
///
/// # Errors
/// [`StoreError::Damaged`] at an entry that is not as it was signed; [`StoreError::Sql`].
pub fn last(
    db: &Connection,
    public_key: &[u8; 32],
    kind: &str,
    about: impl Fn(&Value) -> bool,
) -> Result<Option<Value>, StoreError> {
    let key = VerifyingKey::from_bytes(public_key).map_err(|_| StoreError::Damaged("station key".into()))?;
    let mut all = db.prepare_cached(
        "SELECT one.seq, one.body, one.hash, one.signature, before.hash
           FROM journal one LEFT JOIN journal before ON before.seq = one.seq - 1
          WHERE one.kind = ?1 ORDER BY one.seq DESC",
    )?;
    let mut rows = all.query([kind])?;
    while let Some(row) = rows.next()? {
        let (seq, body, hash): (i64, String, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (signature, previous): ([u8; 64], Option<[u8; 32]>) = (row.get(3)?, row.get(4)?);
        let previous = previous.unwrap_or_else(|| genesis(public_key));
        let message = [SIGNED, hash.as_slice()].concat();
        let signed = key.verify_strict(&message, &Signature::from_bytes(&signature)).is_ok();
        let mut value: Value = serde_json::from_str(&body).unwrap_or_default();
        let says_so = value.get("kind") == Some(&kind.into()) && value.get("seq") == Some(&seq.into());
        if !signed || !says_so || link(&previous, &body) != hash {
            return Err(StoreError::Damaged(format!("journal {seq}")));
        }
        let facts = value.get_mut("facts").map(Value::take).unwrap_or_default();
        if about(&facts) {
            return Ok(Some(facts));
        }
    }
    Ok(None)
}

fn genesis(public_key: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(CHAIN).chain_update(public_key).finalize().into()
}

fn link(previous: &[u8; 32], body: &str) -> [u8; 32] {
    Sha256::new().chain_update(CHAIN).chain_update(previous).chain_update(body).finalize().into()
}

/// JSON with sorted keys and no spaces, the same for the same value. Facts hold no fractions.
#[must_use]
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_unstable_by_key(|(key, _)| *key);
            let inside: Vec<String> = keys
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", inside.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_does_not_depend_on_order() {
        let a: Value = serde_json::from_str(r#"{"b":1,"a":[{"y":"Đ","x":null}]}"#).unwrap();
        assert_eq!(canonical(&a), r#"{"a":[{"x":null,"y":"Đ"}],"b":1}"#);
    }
}
