//! The folder of keys: which files rows name, and those nobody needs any more. What a crash left behind after a PIN
//! was changed is the same key, under the old PIN.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::check::is_as_told;
use super::{KEYS, StoreError, station, sync_folder};

/// File of the station's key as the first clerk's key opens it.
pub const STATION_KEY: &str = "station.pem";

/// File of the station's key as the clerk's key in `key_file` opens it.
#[must_use]
pub fn station_file(key_file: &str) -> String {
    match key_file.strip_prefix("clerk-") {
        None | Some("1.pem") => STATION_KEY.to_owned(),
        Some(rest) => format!("station-{rest}"),
    }
}

/// Names of the files that rows name.
fn in_use(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for clerk in station::clerks(db)? {
        if clerk.left_at.is_none() && !clerk.key_file.is_empty() {
            if !clerk.agency {
                names.push(station_file(&clerk.key_file));
            }
            names.push(clerk.key_file);
        }
    }
    Ok(names)
}

/// Names of the key files a snapshot of the database names. The snapshot is only read.
///
/// # Errors
/// [`StoreError::Sql`].
pub fn named_in(snapshot: &Path) -> Result<Vec<String>, StoreError> {
    in_use(&super::read_only(snapshot)?)
}

/// Names of what lies in the folder and no row names, then of what rows name and does not lie there.
///
/// # Errors
/// [`StoreError`].
pub(super) fn strays_and_missing(
    db: &Connection,
    home: &Path,
) -> Result<(Vec<String>, Vec<String>), StoreError> {
    let mut missing = in_use(db)?;
    let mut strays = Vec::new();
    let entries = match fs::read_dir(home.join(KEYS)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok((strays, missing)),
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        match missing.iter().position(|used| *used == name) {
            Some(at) => _ = missing.remove(at),
            None => strays.push(name),
        }
    }
    strays.sort_unstable();
    Ok((strays, missing))
}

/// Removes keys that no row names. Whoever calls has the counter alone. Where rows are not what the signed journal
/// tells, or name a file that is not there, they are not gone by: a key is removed for good.
pub(super) fn sweep(db: &Connection, home: &Path) -> Result<(), StoreError> {
    let folder = home.join(KEYS);
    let ours =
        |name: &String| (name.starts_with("clerk-") || name.starts_with("station")) && name.ends_with(".pem");
    let (mut strays, missing) = strays_and_missing(db, home)?;
    strays.retain(ours);
    if strays.is_empty() || !missing.is_empty() {
        return Ok(());
    }
    for clerk in station::clerks(db)? {
        // An entry that is not as it was signed is for the check to tell.
        if !is_as_told(db, clerk.id).unwrap_or(false) {
            return Ok(());
        }
    }
    for name in strays {
        match fs::remove_file(folder.join(name)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
    }
    Ok(sync_folder(&folder)?)
}
