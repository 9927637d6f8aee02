//! Files of the hot folder that came in and were left where they lie.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::StoreError;

/// Size in bytes and last change in milliseconds since 1970: a file that has others is another one.
pub type Stamp = (u64, i64);

/// Whether a file came in before, as it is now.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn is_known(db: &Connection, path: &str, stamp: Stamp) -> Result<bool, StoreError> {
    let known = db
        .prepare_cached("SELECT bytes, modified FROM hot_file WHERE path = ?1")?
        .query_row([path], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    Ok(known == Some((i64::try_from(stamp.0).unwrap_or(i64::MAX), stamp.1)))
}

/// Notes that a file came in.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn note(change: &Transaction<'_>, path: &str, stamp: Stamp, at: &str) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO hot_file (path, bytes, modified, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, modified = excluded.modified, at = excluded.at",
        params![path, i64::try_from(stamp.0).unwrap_or(i64::MAX), stamp.1, at],
    )?;
    Ok(())
}
