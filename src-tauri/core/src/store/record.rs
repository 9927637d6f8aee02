//! Records: one a digitized paper.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::code::CodeParts;
use crate::page::edit::Edit;

/// A digitized paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Id (UUID version 7).
    pub id: String,
    /// Code as printed.
    pub code: String,
    /// Its parts.
    pub parts: CodeParts,
    /// Name of the paper.
    pub name: String,
    /// Date of issue, yyyy-mm-dd; empty if not given.
    pub issued: String,
    /// Issuer; empty if not given.
    pub issuer: String,
    /// Abstract (trích yếu); empty if not given.
    pub abstract_text: String,
    /// End of validity, yyyy-mm-dd; empty if not given.
    pub valid_until: String,
    /// Valid for ever.
    pub permanent: bool,
    /// The copy is an imported, already signed PDF, kept as it is.
    pub kept_whole: bool,
    /// Pages.
    pub pages: u32,
    /// SHA-256 of the copy.
    pub sha256: String,
    /// Findings accepted by the clerk, canonical JSON.
    pub findings: String,
    /// Name on the signature.
    pub signed_by: String,
    /// Claimed time of the signature.
    pub signed_at: String,
    /// Where its pages came from.
    pub originals: Vec<Original>,
    /// Where it belongs; `None` for a paper without dossier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<Filed>,
}

/// A place in a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// Id of the dossier.
    pub dossier: String,
    /// Place, from 1.
    pub place: u32,
}

/// Where a page came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// SHA-256 of the original file.
    pub sha256: String,
    /// Name of the file.
    pub file: String,
    /// Page in the file, from 0.
    pub page: u32,
    /// Clockwise quarter turns the clerk added.
    pub turns: u8,
    /// What else the clerk did to it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// Nothing is on it: kept, but no page of the copy.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blank: bool,
    /// Why the clerk accepted what was found on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
}

/// A record as lists show it, with its place in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    /// Id.
    pub id: String,
    /// Code.
    pub code: String,
    /// Type of paper.
    pub paper_type: String,
    /// Name of the paper.
    pub name: String,
    /// Owner's number.
    pub owner: String,
    /// Pages.
    pub pages: u32,
    /// SHA-256 of the copy.
    pub sha256: String,
    /// State in the outbox.
    pub state: String,
    /// It came in signed, and is kept as it came.
    pub kept_whole: bool,
    /// Name on the signature.
    pub signed_by: String,
    /// Claimed time of the signature; when it was kept, if that says none.
    pub signed_at: String,
    /// Findings accepted by the clerk, canonical JSON.
    pub findings: String,
    /// Why those of its first page were accepted.
    pub accepted: Option<String>,
}

/// Why the findings of a record's first page were accepted: a column.
pub(super) const ACCEPTED: &str = "(SELECT accepted FROM record_page
    WHERE record_page.record = record.id AND NOT blank ORDER BY record_page.place LIMIT 1)";

/// Adds a record. Its blobs must be noted.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn add(change: &Transaction<'_>, clerk: i64, record: &Record) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO record (id, code, code_owner, code_type, code_number, code_station, code_running, name,
            issued, issuer, abstract, valid_until, permanent, kept_whole, pages, sha256, findings, clerk,
            signed_by, signed_at, dossier, place)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
            ?21, ?22)",
        params![
            record.id,
            record.code,
            record.parts.owner,
            record.parts.paper_type,
            record.parts.number,
            record.parts.station,
            i64::try_from(record.parts.running).unwrap_or(i64::MAX),
            record.name,
            record.issued,
            record.issuer,
            record.abstract_text,
            record.valid_until,
            record.permanent,
            record.kept_whole,
            record.pages,
            record.sha256,
            record.findings,
            clerk,
            record.signed_by,
            record.signed_at,
            record.filed.as_ref().map(|filed| &filed.dossier),
            record.filed.as_ref().map(|filed| filed.place),
        ],
    )?;
    let mut page = change.prepare_cached(
        "INSERT INTO record_page (record, place, original, file, page, turns, edits, blank, accepted)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (place, original) in record.originals.iter().enumerate() {
        page.execute(params![
            record.id,
            i64::try_from(place).unwrap_or(i64::MAX),
            original.sha256,
            original.file,
            original.page,
            original.turns,
            serde_json::to_string(&original.edits).map_err(|e| StoreError::Damaged(e.to_string()))?,
            original.blank,
            original.accepted,
        ])?;
    }
    Ok(())
}

/// All records, newest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn lines(db: &Connection) -> Result<Vec<RecordLine>, StoreError> {
    let mut all = db.prepare_cached(&format!(
        "SELECT record.id, code, code_type, name, code_owner, pages, sha256, outbox.state, kept_whole,
                signed_by, signed_at, findings, {ACCEPTED}
           FROM record JOIN outbox ON outbox.subject = record.id ORDER BY outbox.seq DESC"
    ))?;
    let rows = all.query_map([], |row| {
        Ok(RecordLine {
            id: row.get(0)?,
            code: row.get(1)?,
            paper_type: row.get(2)?,
            name: row.get(3)?,
            owner: row.get(4)?,
            pages: row.get(5)?,
            sha256: row.get(6)?,
            state: row.get(7)?,
            kept_whole: row.get(8)?,
            signed_by: row.get(9)?,
            signed_at: row.get(10)?,
            findings: row.get(11)?,
            accepted: row.get(12)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many records there are.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn count(db: &Connection) -> Result<u32, StoreError> {
    Ok(db.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?)
}

/// One record, whole.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn find(db: &Connection, id: &str) -> Result<Option<Record>, StoreError> {
    one(db, "id", id)
}

/// Row of the clerk who kept a record.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn kept_by(db: &Connection, id: &str) -> Result<i64, StoreError> {
    Ok(db.query_row("SELECT clerk FROM record WHERE id = ?1", [id], |row| row.get(0))?)
}

/// Records of an owner that hold on a day (yyyy-mm-dd), newest first.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn of_owner(db: &Connection, owner: &str, day: &str) -> Result<Vec<Record>, StoreError> {
    let mut all = db.prepare_cached(
        "SELECT id FROM record WHERE code_owner = ?1 AND code_owner <> '' AND (valid_until = '' OR valid_until >= ?2)
         ORDER BY signed_at DESC, id DESC LIMIT 200",
    )?;
    let ids = all.query_map([owner, day], |row| row.get::<_, String>(0))?;
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    Ok(ids.iter().map(|id| find(db, id)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The record with this code.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn by_code(db: &Connection, code: &str) -> Result<Option<Record>, StoreError> {
    one(db, "code", code)
}

/// Whether these bytes are a copy signed here, as it was or made to last, or a result that was found to be the
/// agency's when it was kept. `results`: places above are those of results.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn vouches_for(db: &Connection, sha256: &str, results: u32) -> Result<bool, StoreError> {
    Ok(db.query_row(
        "SELECT EXISTS (SELECT 1 FROM record WHERE sha256 = ?1 AND (NOT kept_whole OR place > ?2))
             OR EXISTS (SELECT 1 FROM lasting WHERE sha256 = ?1)",
        params![sha256, results],
        |row| row.get(0),
    )?)
}

fn one(db: &Connection, column: &str, value: &str) -> Result<Option<Record>, StoreError> {
    let sql = format!(
        "SELECT id, code, code_owner, code_type, code_number, code_station, code_running, name, issued, issuer,
            abstract, valid_until, permanent, kept_whole, pages, sha256, findings, signed_by, signed_at,
            dossier, place FROM record WHERE {column} = ?1"
    );
    let Some(mut record) = db.prepare_cached(&sql)?.query_row([value], from_row).optional()? else {
        return Ok(None);
    };
    let mut pages = db.prepare_cached(
        "SELECT original, file, page, turns, edits, blank, accepted FROM record_page
           WHERE record = ?1 ORDER BY place",
    )?;
    let rows = pages.query_map([&record.id], |row| {
        let edits: String = row.get(4)?;
        // What cannot be read is no edit, and `check` then finds that row and journal differ.
        let edits = serde_json::from_str(&edits).unwrap_or_default();
        let (sha256, file, page, turns) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Original { sha256, file, page, turns, edits, blank: row.get(5)?, accepted: row.get(6)? })
    })?;
    record.originals = rows.collect::<Result<_, _>>()?;
    Ok(Some(record))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: row.get(0)?,
        code: row.get(1)?,
        parts: CodeParts {
            owner: row.get(2)?,
            paper_type: row.get(3)?,
            number: row.get(4)?,
            station: row.get(5)?,
            running: row.get::<_, i64>(6)?.unsigned_abs(),
        },
        name: row.get(7)?,
        issued: row.get(8)?,
        issuer: row.get(9)?,
        abstract_text: row.get(10)?,
        valid_until: row.get(11)?,
        permanent: row.get(12)?,
        kept_whole: row.get(13)?,
        pages: row.get(14)?,
        sha256: row.get(15)?,
        findings: row.get(16)?,
        signed_by: row.get(17)?,
        signed_at: row.get(18)?,
        originals: Vec::new(),
        filed: match (row.get(19)?, row.get(20)?) {
            (Some(dossier), Some(place)) => Some(Filed { dossier, place }),
            _ => None,
        },
    })
}
