//! A copy of the whole counter in another folder: the database as of one moment, the bytes it knows,
//! the keys as they lie (encrypted). The copy is a counter's folder itself, so `saoy check` checks it
//! and putting it in the place of a lost one restores it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::App;
use super::ca;
use super::error::{CoreError, ErrorKind};
use super::forms;
use super::progress::{Stage, Watch};
use super::trust::TRUST;
use crate::store::{
    DATABASE, DERIVED, KEYS, LOCK, Store, WORK, blobs, keys, only_owners, station, sync_folder,
};
use crate::time::rfc3339;

/// File of a home that says when and where it was backed up last.
const NOTE: &str = "backup.json";

/// The last backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// When, RFC 3339.
    pub at: String,
    /// Into which folder.
    pub folder: PathBuf,
    /// Blobs it holds.
    pub blobs: u32,
    /// Bytes copied this time.
    pub copied_bytes: u64,
}

impl App {
    /// Copies the counter into a folder, or brings the copy there up to date. The database takes its
    /// name last: whatever stops the work, an older backup stays whole.
    ///
    /// # Errors
    /// [`ErrorKind::BackupRefused`] when the folder lies in the counter, or holds another counter or other files;
    /// [`ErrorKind::HomeDamaged`] when a file is lost that the counter knows, [`ErrorKind::HomeBusy`] when it changes all
    /// the while; [`ErrorKind::Canceled`]; those of disk and store.
    pub fn back_up(&self, to: &Path, watch: &Watch<'_>) -> Result<Backup, CoreError> {
        let store = self.store()?;
        fs::create_dir_all(to)?;
        let (home, to) = (self.home.canonicalize()?, to.canonicalize()?);
        if to.starts_with(&home) || home.starts_with(&to) {
            return Err(refused(&to, "inside"));
        }
        self.check_target(&store, &to)?;
        only_owners(&to)?;

        let work = tempfile::Builder::new().prefix(".saoy-").tempdir_in(&to)?;
        let fresh = work.path().join(DATABASE);
        store.snapshot(&fresh)?;
        let all = blobs::all(store.read())?;
        let of = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let target = Store::blobs_of(&to);
        let mut copied_bytes = 0;
        for ((sha256, bytes), done) in all.iter().zip(1..) {
            watch.step(Stage::Backup, done, of)?;
            if target.path(sha256).metadata().is_ok_and(|known| known.len() == *bytes) {
                continue;
            }
            // Taken off a desk since, perhaps; the snapshot below is made again without it.
            copied_bytes += copy_if_there(&store.blobs().path(sha256), &target.path(sha256), work.path())?;
        }
        copied_bytes += copy_beside(&home, &to, work.path())?;
        for folder in [WORK, DERIVED, blobs::FOLDER] {
            fs::create_dir_all(to.join(folder))?;
        }
        // As it is now: whatever it names has been copied, or came since and is copied next time.
        let fresh = self.settled(&store, (&home, &to), (work.path(), fresh), watch)?;
        let keys = keys::named_in(&fresh)?;
        for log in ["-wal", "-shm"] {
            remove(&to.join(format!("{DATABASE}{log}")))?;
        }
        fs::rename(fresh, to.join(DATABASE))?;
        sync_folder(&to)?;
        drop_what_went(&home, &to, &keys)?;
        let made = Backup { at: rfc3339(&self.clock.now()), folder: to, blobs: of, copied_bytes };
        self.note(&made)?;
        Ok(made)
    }

    /// The first snapshot, unless it names a blob or a key that has gone meanwhile: then one made now, with what it
    /// names. A key that was lost is for the check to tell, and keeps nothing else from being backed up.
    fn settled(
        &self,
        store: &Store,
        (home, to): (&Path, &Path),
        (work, fresh): (&Path, PathBuf),
        watch: &Watch<'_>,
    ) -> Result<PathBuf, CoreError> {
        /// How often the counter may change meanwhile.
        const MOST: u32 = 8;
        let mut before = Vec::new();
        for _ in 0..MOST {
            for name in lacking(&fresh, to)? {
                watch.step(Stage::Backup, 0, 0)?;
                copy_if_there(&home.join(&name), &to.join(&name), work)?;
            }
            let gone = lacking(&fresh, to)?;
            if gone.is_empty() {
                return Ok(fresh);
            }
            if gone == before {
                // What is named by a snapshot made after it was missed is lost.
                let blob = gone.iter().find(|name| !name.starts_with(KEYS));
                return match blob {
                    Some(lost) => Err(CoreError::new(ErrorKind::HomeDamaged).with("detail", lost.display())),
                    None => Ok(fresh),
                };
            }
            before = gone;
            fs::remove_file(&fresh)?;
            store.snapshot(&fresh)?;
        }
        Err(ErrorKind::HomeBusy.into())
    }

    /// The last backup, if there was one.
    #[must_use]
    pub fn last_backup(&self) -> Option<Backup> {
        serde_json::from_slice(&fs::read(self.home.join(NOTE)).ok()?).ok()
    }

    fn check_target(&self, store: &Store, to: &Path) -> Result<(), CoreError> {
        if to.join(DATABASE).is_file() {
            let there = Store::open(to).and_then(|other| station::station(other.read()));
            let ours = station::station(store.read())?;
            return match there {
                Ok(other) if other.station == ours.station => Ok(()),
                _ => Err(refused(to, "another_counter")),
            };
        }
        let foreign = fs::read_dir(to)?.filter_map(Result::ok).any(|entry| {
            let name = entry.file_name();
            // What a backup that was cut off has left.
            name != blobs::FOLDER && !name.to_string_lossy().starts_with(".saoy-")
        });
        if foreign { Err(refused(to, "not_empty")) } else { Ok(()) }
    }

    fn note(&self, made: &Backup) -> Result<(), CoreError> {
        let text =
            serde_json::to_vec(made).map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
        let file = tempfile::NamedTempFile::new_in(self.home.join(WORK))?;
        fs::write(file.path(), text)?;
        file.as_file().sync_all()?;
        file.persist(self.home.join(NOTE)).map_err(|e| e.error)?;
        Ok(())
    }
}

fn refused(to: &Path, reason: &str) -> CoreError {
    CoreError::new(ErrorKind::BackupRefused).with("path", to.display()).with("reason", reason)
}

/// Everything of a home that is neither database nor blob nor can be made again.
fn files_beside(home: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![home.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let made_again = [WORK, DERIVED, LOCK, NOTE, blobs::FOLDER].contains(&&*name);
            if folder == home && (made_again || name.starts_with(DATABASE)) {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Blobs and keys that a snapshot names and a backup lacks, by their places in it.
fn lacking(snapshot: &Path, to: &Path) -> Result<Vec<PathBuf>, CoreError> {
    let blobs = Store::blobs_of(Path::new(""));
    let mut names: Vec<PathBuf> =
        Store::blobs_in(snapshot)?.iter().map(|(sha256, _)| blobs.path(sha256)).collect();
    names.extend(keys::named_in(snapshot)?.into_iter().map(|name| Path::new(KEYS).join(name)));
    names.retain(|name| !to.join(name).is_file());
    Ok(names)
}

/// Copies all that stands beside database and blobs; answers the bytes.
fn copy_beside(home: &Path, to: &Path, work: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for path in files_beside(home)? {
        if let Ok(name) = path.strip_prefix(home) {
            bytes += copy_if_there(&path, &to.join(name), work)?;
        }
    }
    Ok(bytes)
}

/// As [`copy`]; nothing where the file has gone.
fn copy_if_there(from: &Path, to: &Path, work: &Path) -> io::Result<u64> {
    match copy(from, to, work) {
        Err(e) if e.kind() == io::ErrorKind::NotFound && !from.exists() => Ok(0),
        other => other,
    }
}

/// Removes from a backup what the counter has no longer: a key under an old PIN or of somebody who left, an authority
/// that is trusted no more. Keys that the backup names stay, and what lies in other folders is not the counter's.
fn drop_what_went(home: &Path, to: &Path, keys: &[String]) -> io::Result<()> {
    for path in files_beside(to)? {
        let Ok(name) = path.strip_prefix(to) else { continue };
        let folder = name.components().next().map(|first| first.as_os_str().to_string_lossy().into_owned());
        let named = keys.iter().any(|key| name == Path::new(KEYS).join(key));
        let ours = !named
            && folder.is_some_and(|folder| [KEYS, TRUST, ca::FOLDER, forms::OWN].contains(&folder.as_str()));
        if ours && name.parent().is_some_and(|parent| parent != Path::new("")) && !home.join(name).exists() {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Copies a file, synced, under a name it gets at once; answers its bytes.
fn copy(from: &Path, to: &Path, work: &Path) -> io::Result<u64> {
    let folder = to.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    only_owners(folder)?;
    let beside = work.join("copy");
    let bytes = fs::copy(from, &beside)?;
    File::open(&beside)?.sync_all()?;
    fs::rename(&beside, to)?;
    sync_folder(folder)?;
    Ok(bytes)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::app::setup::SetUp;
    use crate::isolate::ReaderCommand;
    use crate::sign::key::Secret;

    #[test]
    fn a_key_that_is_changed_while_a_backup_is_made_is_in_it_as_the_backup_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let [home, to, work] = ["home", "to", "work"].map(|name| folder.path().join(name));
        for folder in [&to, &work] {
            fs::create_dir(folder).unwrap();
        }
        let app = App::at(&home, ReaderCommand { program: "saoy".into(), arguments: Vec::new() }).unwrap();
        let wish = SetUp {
            office: "H56.14".into(),
            office_name: "UBND xã Thử Nghiệm".into(),
            clerk: "Nguyễn Thị Lan".into(),
            pin: Secret::new("24681357".into()),
            training: false,
        };
        app.set_up(&wish).unwrap();
        let session = app.unlock("24681357").unwrap();
        let store = app.store().unwrap();
        let fresh = work.join("first.db");
        store.snapshot(&fresh).unwrap();
        let clerk = app.clerk_named(None).unwrap();
        app.change_pin(Some(&session), clerk, "24681357", "97531864").unwrap();
        copy_beside(&home, &to, &work).unwrap();
        assert_ne!(lacking(&fresh, &to).unwrap(), Vec::<PathBuf>::new(), "the key under the old PIN is gone");

        let canceled = AtomicBool::new(false);
        let watch = Watch::new(&|_| {}, &canceled);
        let settled = app.settled(&store, (&home, &to), (&work, fresh), &watch).unwrap();
        assert_eq!(lacking(&settled, &to).unwrap(), Vec::<PathBuf>::new());
        let named = keys::named_in(&settled).unwrap();
        assert!(
            named.iter().all(|name| to.join(KEYS).join(name).is_file()) && !named.is_empty(),
            "{named:?}"
        );
        drop_what_went(&home, &to, &named).unwrap();
        assert_eq!(lacking(&settled, &to).unwrap(), Vec::<PathBuf>::new(), "and is not dropped");
    }
}
