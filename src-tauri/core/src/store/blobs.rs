//! Bytes, addressed by their SHA-256. A file arrives beside, is synced, and only then gets its
//! name; a row follows it, never the other way round.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{StoreError, WORK, sync_folder};

/// Name of the blob folder inside a home.
pub const FOLDER: &str = "blobs";

/// The blob folder of a counter.
#[derive(Debug, Clone)]
pub struct Blobs {
    home: PathBuf,
}

/// Bytes that have arrived and are synced, but have no name yet. Dropped, they are gone.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
}

impl Staged {
    /// Where the bytes lie for now.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }
}

impl Blobs {
    pub(super) fn new(home: &Path) -> Self {
        Self { home: home.to_path_buf() }
    }

    /// Where a blob lies.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.home.join(FOLDER).join(sha256.get(..2).unwrap_or("__")).join(sha256)
    }

    /// A new file in the work folder, on the same file system as the blobs.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn work_file(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new().prefix("w").tempfile_in(self.home.join(WORK))
    }

    /// Takes in at most `limit` bytes from a reader.
    ///
    /// # Errors
    /// When reading or writing fails; `FileTooLarge` beyond the limit.
    pub fn stage(&self, from: &mut dyn Read, limit: u64) -> io::Result<Staged> {
        let mut file = self.work_file()?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 18];
        let mut bytes = 0u64;
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            bytes += read as u64;
            if bytes > limit {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let part = buffer.get(..read).unwrap_or_default();
            hash.update(part);
            file.write_all(part)?;
        }
        file.as_file().sync_all()?;
        Ok(Staged { file, sha256: crate::hex::encode(&hash.finalize()), bytes })
    }

    /// Takes over a work file that is written and synced, whose hash is known.
    #[must_use]
    pub fn adopt(&self, file: NamedTempFile, sha256: String, bytes: u64) -> Staged {
        Staged { file, sha256, bytes }
    }

    /// Gives staged bytes their name, durably. Call before the row is committed.
    ///
    /// # Errors
    /// When renaming or syncing fails.
    pub fn promote(&self, staged: Staged) -> io::Result<()> {
        let path = self.path(&staged.sha256);
        if path.is_file() {
            return Ok(());
        }
        let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
            sync_folder(&self.home.join(FOLDER))?;
        }
        staged.file.persist(&path).map_err(|e| e.error)?;
        sync_folder(folder)
    }

    /// Removes a blob's file. Its row must be gone, and nobody may write another meanwhile.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(super) fn remove(&self, sha256: &str) -> io::Result<()> {
        match fs::remove_file(self.path(sha256)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// SHA-256 of the bytes a blob really has.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn rehash(&self, sha256: &str) -> io::Result<String> {
        Ok(crate::hex::sha256_of(File::open(self.path(sha256))?)?.0)
    }

    /// Names of all blob files.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for shard in fs::read_dir(self.home.join(FOLDER))? {
            let shard = shard?.path();
            if shard.is_dir() {
                for entry in fs::read_dir(shard)? {
                    names.push(entry?.file_name().to_string_lossy().into_owned());
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// True when a row knows the blob.
pub(super) fn is_known(db: &Connection, sha256: &str) -> Result<bool, StoreError> {
    let mut find = db.prepare_cached("SELECT 1 FROM blob WHERE sha256 = ?1")?;
    Ok(find.query_row([sha256], |_| Ok(())).optional()?.is_some())
}

/// Notes a blob whose file is in place.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn note(change: &Transaction<'_>, sha256: &str, bytes: u64, at: &str) -> Result<(), StoreError> {
    change
        .prepare_cached(
            "INSERT INTO blob (sha256, bytes, stored_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![sha256, i64::try_from(bytes).unwrap_or(i64::MAX), at])?;
    Ok(())
}

/// Forgets blobs that neither a record nor a desk needs; returns them, for their files to go after
/// the change is committed.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn forget_unused(change: &Transaction<'_>) -> Result<Vec<String>, StoreError> {
    let mut forget = change.prepare_cached(
        "DELETE FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM record)
           AND sha256 NOT IN (SELECT original FROM record_page)
           AND sha256 NOT IN (SELECT sha256 FROM lasting)
           AND sha256 NOT IN (SELECT json_extract(page.value, '$.original') FROM desk_state,
             json_each(desk_state.layout, '$.pages') AS page)
         RETURNING sha256",
    )?;
    let gone = forget.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(gone)
}

/// All blobs rows know of.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn all(db: &Connection) -> Result<Vec<(String, u64)>, StoreError> {
    let mut all = db.prepare("SELECT sha256, bytes FROM blob ORDER BY sha256")?;
    let rows = all.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_file_somebody_took_in_again_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create(folder.path()).unwrap();
        let take = |store: &mut Store| {
            let blobs = store.blobs();
            let staged = blobs.stage(&mut &b"page"[..], 10).unwrap();
            let sha256 = staged.sha256.clone();
            let taken = store.transact(|change| -> Result<(), StoreError> {
                note(change, &sha256, 4, "2026-11-26T08:00:00+07:00")?;
                Ok(blobs.promote(staged)?)
            });
            taken.unwrap();
            sha256
        };
        let sha256 = take(&mut store);
        let gone = store.transact(forget_unused).unwrap();
        assert_eq!(gone, std::slice::from_ref(&sha256));
        _ = take(&mut store);
        store.drop_files(&gone).unwrap();
        assert!(store.blobs().path(&sha256).is_file(), "its new row needs it");
        let gone = store.transact(forget_unused).unwrap();
        store.drop_files(&gone).unwrap();
        assert!(!store.blobs().path(&sha256).exists());
    }
}
