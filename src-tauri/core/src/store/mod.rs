//! The store of a counter: one SQLite file for everything but bytes, one folder for bytes.
//!
//! WAL with `synchronous=FULL`: what is committed survives a power cut. One file per table; SQL
//! never leaves this room. A mutation is one transaction ([`Store::transact`]).

pub mod blobs;
pub mod catalogue;
pub mod check;
pub mod desk;
pub mod dossier;
pub mod hot_file;
pub mod journal;
pub mod keys;
pub mod lasting;
mod migrate;
pub mod outbox;
pub mod record;
pub mod station;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use blobs::{Blobs, Staged};

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no counter here.
    #[error("no counter in this folder")]
    NotReady,
    /// Another program is changing this counter.
    #[error("another program is using this counter")]
    Busy,
    /// The counter can be looked at but not changed: its disk, or its folder, takes nothing.
    #[error("this counter can only be read")]
    ReadOnly,
    /// The database was written by a newer program.
    #[error("written by a newer program: version {0}")]
    Newer(i64),
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database refused.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// What was read makes no sense.
    #[error("damaged: {0}")]
    Damaged(String),
}

impl StoreError {
    /// True when the disk is full.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Io(e) => e.kind() == io::ErrorKind::StorageFull || e.kind() == io::ErrorKind::QuotaExceeded,
            Self::Sql(e) => e.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            _ => false,
        }
    }

    /// True when there may be nothing wrong but that nothing can be written.
    fn takes_nothing(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        use rusqlite::ErrorCode::{CannotOpen, ReadOnly};
        match self {
            Self::Io(e) => [PermissionDenied, ReadOnlyFilesystem].contains(&e.kind()),
            Self::Sql(e) => e.sqlite_error_code().is_some_and(|code| [CannotOpen, ReadOnly].contains(&code)),
            _ => false,
        }
    }
}

/// An open counter.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    home: PathBuf,
    /// Held while the store is open: shared by all users of a home; who sweeps holds it alone. `None`: it can only be
    /// read, and there is no such file.
    _lock: Option<File>,
}

/// Names inside a home.
pub const DATABASE: &str = "counter.db";
/// Keys, encrypted.
pub const KEYS: &str = "keys";
/// What an administrator may edit.
pub const SETTINGS: &str = "counter.toml";
/// Files on their way; whatever lies here after a crash is rubbish.
pub const WORK: &str = "tmp";
/// Packages handed over to departments, one folder a dossier.
pub const HANDOVER: &str = "handover";
/// What the reader made of originals; can be made again.
pub const DERIVED: &str = "derived";
/// Held by whoever has the counter open.
pub const LOCK: &str = "lock";

impl Store {
    /// Opens an existing counter and migrates it. Where nothing can be written it is opened for reading, and a change
    /// is refused.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(home: &Path) -> Result<Self, StoreError> {
        if !home.join(DATABASE).is_file() {
            return Err(StoreError::NotReady);
        }
        match Self::open_whole(home) {
            Err(error) if error.takes_nothing() => Self::open_to_read(home),
            opened => opened,
        }
    }

    fn open_whole(home: &Path) -> Result<Self, StoreError> {
        close_to_others(home)?;
        let lock = lock_file(home)?;
        lock.lock_shared()?;
        let mut connection = connect(&home.join(DATABASE), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        migrate::migrate(&mut connection)?;
        Ok(Self { connection, home: home.to_path_buf(), _lock: Some(lock) })
    }

    /// Opens a counter whose folder takes nothing.
    fn open_to_read(home: &Path) -> Result<Self, StoreError> {
        let file = home.join(DATABASE);
        let lock = File::open(home.join(LOCK)).ok();
        if let Some(lock) = &lock {
            lock.lock_shared()?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let plain = Connection::open_with_flags(&file, flags).map_err(StoreError::from);
        let connection = match plain.and_then(|db| migrate::is_newest(&db).map(|newest| (db, newest))) {
            Ok((db, true)) => db,
            Ok((_, false)) => return Err(StoreError::ReadOnly),
            Err(error @ (StoreError::Newer(_) | StoreError::Busy)) => return Err(error),
            // Beside it SQLite wants to write how its log is read. Without a log there is nothing to read in it.
            Err(_) if !has_log(&file) => {
                let name = file.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
                let uri = format!("file:{name}?immutable=1");
                let db = Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?;
                if !migrate::is_newest(&db)? {
                    return Err(StoreError::ReadOnly);
                }
                db
            }
            Err(_) => return Err(StoreError::ReadOnly),
        };
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(Self { connection, home: home.to_path_buf(), _lock: lock })
    }

    /// Keeps others from sweeping this counter's work away, while work outlives its open store.
    ///
    /// # Errors
    /// When the lock file cannot be opened.
    pub fn hold(home: &Path) -> io::Result<File> {
        let lock = lock_file(home)?;
        lock.lock_shared()?;
        Ok(lock)
    }

    /// Removes files of work that never finished, and blobs and keys no row knows, as a crash leaves them.
    /// Does nothing while anybody else has the counter open: `None`. The store that is answered holds the counter
    /// alone until it is dropped, for whoever has more to sweep.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sweep(home: &Path) -> Result<Option<Self>, StoreError> {
        if !home.join(DATABASE).is_file() {
            return Err(StoreError::NotReady);
        }
        let read_only = |error: StoreError| if error.takes_nothing() { StoreError::ReadOnly } else { error };
        let lock = lock_file(home).map_err(StoreError::from).map_err(read_only)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(e)) => return Err(e.into()),
        }
        for name in [WORK, DERIVED] {
            fs::create_dir_all(home.join(name))?;
        }
        for entry in fs::read_dir(home.join(WORK))? {
            let path = entry?.path();
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
        let mut connection =
            connect(&home.join(DATABASE), OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(read_only)?;
        migrate::migrate(&mut connection)?;
        let blobs = Blobs::new(home);
        for sha256 in blobs.list()? {
            if !blobs::is_known(&connection, &sha256)? {
                blobs.remove(&sha256)?;
            }
        }
        keys::sweep(&connection, home)?;
        for sha256 in derived(home)? {
            if !blobs::is_known(&connection, &sha256)? {
                // A picture that cannot be removed now keeps nobody from work; the next sweep tries again.
                _ = remove_derived(home, &sha256);
            }
        }
        Ok(Some(Self { connection, home: home.to_path_buf(), _lock: Some(lock) }))
    }

    /// Removes files of blobs whose rows went with a change that is committed. Whoever took the same bytes in
    /// meanwhile keeps them: rows are looked at again, and nobody else writes one until the files are gone.
    ///
    /// # Errors
    /// [`StoreError`]; what stays is swept when the counter is next opened alone.
    pub fn drop_files(&mut self, gone: &[String]) -> Result<(), StoreError> {
        let (blobs, home) = (self.blobs(), self.home.clone());
        self.transact(|alone| {
            let mut all = Ok(());
            for sha256 in gone {
                if !blobs::is_known(alone, sha256)? {
                    all = all.and(blobs.remove(sha256)).and(remove_derived(&home, sha256));
                }
            }
            Ok(all?)
        })
    }

    /// Makes the database of a new counter inside a folder that is not a home yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        for name in [KEYS, WORK, DERIVED, blobs::FOLDER] {
            fs::create_dir(folder.join(name))?;
        }
        let lock = lock_file(folder)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = connect(&folder.join(DATABASE), flags)?;
        close_to_others(folder)?;
        migrate::migrate(&mut connection)?;
        Ok(Self { connection, home: folder.to_path_buf(), _lock: Some(lock) })
    }

    /// Writes the database as it is now, whole and without its log, into a new file; synced.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn snapshot(&self, to: &Path) -> Result<(), StoreError> {
        self.connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
        only_owners(to)?;
        Ok(File::open(to)?.sync_all()?)
    }

    /// The blobs a snapshot knows, with their bytes. The file is only read.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub fn blobs_in(snapshot: &Path) -> Result<Vec<(String, u64)>, StoreError> {
        blobs::all(&read_only(snapshot)?)
    }

    /// Folder of this counter.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The blobs of this counter.
    #[must_use]
    pub fn blobs(&self) -> Blobs {
        Blobs::new(&self.home)
    }

    /// The blobs of the counter in a folder, while its store is lent to a change.
    #[must_use]
    pub fn blobs_of(home: &Path) -> Blobs {
        Blobs::new(home)
    }

    /// For reading.
    #[must_use]
    pub fn read(&self) -> &Connection {
        &self.connection
    }

    /// Begins a change. It reserves the one writer's place at once, so it never meets a lock half-way.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another program keeps that place too long; [`StoreError::ReadOnly`].
    pub fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        // SQLite would begin, and refuse the first row.
        if self.connection.is_readonly(rusqlite::MAIN_DB)? {
            return Err(StoreError::ReadOnly);
        }
        match self.connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(change) => Ok(change),
            Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                Err(StoreError::Busy)
            }
            Err(e) => Err(e.into()),
        }
    }

    /// One change: all of it or nothing.
    ///
    /// # Errors
    /// Whatever `change` answers; then nothing has happened.
    pub fn transact<T, E: From<StoreError>>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self.begin()?;
        let value = change(&transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(value)
    }
}

fn lock_file(home: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(home.join(LOCK))
}

/// Whether changes lie in the database's log that are not in the database yet.
fn has_log(database: &Path) -> bool {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// Names of the blobs something was made of.
fn derived(home: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(home.join(DERIVED))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()) {
            found.push(name);
        }
    }
    Ok(found)
}

/// Removes what was made of a blob: pictures of its pages. It goes at once from where it is looked for.
fn remove_derived(home: &Path, sha256: &str) -> io::Result<()> {
    let away = tempfile::tempdir_in(home.join(WORK))?;
    match fs::rename(home.join(DERIVED).join(sha256), away.path().join(sha256)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
        Ok(()) => away.close(),
    }
}

fn read_only(database: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(database, flags)?)
}

/// What citizens handed in is for whoever works here, and for no other account of the machine.
fn close_to_others(home: &Path) -> io::Result<()> {
    only_owners(home)?;
    for name in [DATABASE, KEYS, blobs::FOLDER, WORK, DERIVED, HANDOVER] {
        let path = home.join(name);
        if path.exists() {
            only_owners(&path)?;
        }
    }
    Ok(())
}

/// Takes a file or folder from everybody but its owner. Where the file system, or another owner, does not let us,
/// it stays as it is: work goes on.
///
/// # Errors
/// When it cannot be looked at, or lies where nothing can be written.
pub fn only_owners(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            match fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700)) {
                Err(e) if e.kind() == io::ErrorKind::ReadOnlyFilesystem => return Err(e),
                _ => {}
            }
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn connect(file: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // Wait for another writer rather than fail at once.
    connection.busy_timeout(std::time::Duration::from_secs(15))?;
    // A committed change survives a power cut.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A hostile schema in a copied file must not run functions.
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// Makes the entries of a folder durable.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(store: &mut Store) -> Result<(), StoreError> {
        store.transact(|change| blobs::note(change, &"ab".repeat(32), 2, "2026-11-26T08:00:00+07:00"))
    }

    #[test]
    fn a_counter_that_takes_nothing_is_read_and_not_changed() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create(folder.path()).unwrap();
        change(&mut store).unwrap();
        let mut reading = Store::open_to_read(folder.path()).unwrap();
        assert_eq!(blobs::all(reading.read()).unwrap().len(), 1, "beside a program that works on it");
        drop(store);
        assert!(matches!(change(&mut reading), Err(StoreError::ReadOnly)));
        drop(reading);
        let alone = Store::open_to_read(folder.path()).unwrap();
        assert_eq!(blobs::all(alone.read()).unwrap().len(), 1);
    }

    #[test]
    fn an_older_counter_that_takes_nothing_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path()).unwrap();
        store.connection.pragma_update(None, "user_version", 1).unwrap();
        drop(store);
        assert!(matches!(Store::open_to_read(folder.path()), Err(StoreError::ReadOnly)));
    }
}
