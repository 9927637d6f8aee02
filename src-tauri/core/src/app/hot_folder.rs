//! The hot folder: any scanner that saves files into a folder. A file is taken once nothing has changed it
//! for a while, lands like any other, and is then left where it lies or moved aside, as set.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::App;
use super::digitize::Spot;
use super::error::{CoreError, ErrorKind};
use super::intake::Source;
use super::land::{ImportReport, Landing};
use super::progress::{Stage, Watch};
use super::stack::Incoming;
use crate::page::{FindingKind, Severity};
use crate::store::desk::LOOSE;
use crate::store::{Store, hot_file};
use crate::time::rfc3339;

/// `[hot_folder]` of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HotFolderSettings {
    /// The folder; none = there is no hot folder.
    pub path: Option<PathBuf>,
    /// What becomes of a file that came in.
    pub after: After,
}

/// What becomes of a file that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// It stays; it comes in once.
    #[default]
    Leave,
    /// It goes into the folder `da-nhan` beside it.
    Move,
}

/// Where files go that came in.
const TAKEN: &str = "da-nhan";
/// A file that nothing changed for so long is whole.
const SETTLED: Duration = Duration::from_millis(1_500);
/// A file that cannot be read may still be on its way for so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// Endings of files on their way, as programs and browsers name them.
const ON_THEIR_WAY: [&str; 6] = ["part", "partial", "tmp", "temp", "crdownload", "filepart"];

/// What is known of the files in the folder.
#[derive(Debug, Default)]
pub struct HotFolder {
    seen: BTreeMap<PathBuf, Seen>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    stamp: hot_file::Stamp,
    since: Instant,
    refused: bool,
}

impl HotFolder {
    /// True while files lie there that may still come in.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.seen.values().any(|seen| !seen.refused)
    }

    /// Notes how the files of the folder are now; those that are whole, oldest first.
    fn look(&mut self, store: &Store, folder: &Path, now: Instant) -> Result<Vec<PathBuf>, CoreError> {
        let lost = |e: std::io::Error| {
            CoreError::new(ErrorKind::HotFolderLost).with("path", folder.display()).with("detail", e)
        };
        let mut here = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(lost)? {
            let path = entry.map_err(lost)?.path();
            // A file that vanished was not for us.
            let (Some(stamp), true) = (stamp(&path), is_scan(&path)) else { continue };
            if hot_file::is_known(store.read(), &path.to_string_lossy(), stamp)? {
                continue;
            }
            let before = self.seen.get(&path).filter(|seen| seen.stamp == stamp);
            here.insert(path, before.copied().unwrap_or(Seen { stamp, since: now, refused: false }));
        }
        self.seen = here;
        let whole = |seen: &Seen| !seen.refused && now.duration_since(seen.since) >= SETTLED;
        let mut whole: Vec<_> = self.seen.iter().filter(|(_, seen)| whole(seen)).collect();
        whole.sort_by_key(|(path, seen)| (seen.stamp.1, (*path).clone()));
        Ok(whole.into_iter().map(|(path, _)| path.clone()).collect())
    }
}

impl App {
    /// The hot folder of the settings.
    #[must_use]
    pub fn hot_folder(&self) -> Option<&Path> {
        self.settings.hot_folder.path.as_deref()
    }

    /// Takes what is whole in the hot folder; `landed` is called after each file. Where the paper takes no
    /// pages, they go beside it. Does nothing when no hot folder is set.
    ///
    /// # Errors
    /// [`ErrorKind::HotFolderLost`], those of disk and database, and cancelling.
    pub fn take_hot(
        &self,
        hot: &mut HotFolder,
        landing: &Landing,
        now: Instant,
        watch: &Watch<'_>,
        landed: &mut dyn FnMut(),
    ) -> Result<ImportReport, CoreError> {
        let mut report = ImportReport::default();
        let Some(folder) = self.hot_folder() else { return Ok(report) };
        let mut store = self.store()?;
        let whole = hot.look(&store, folder, now)?;
        if whole.is_empty() {
            return Ok(report);
        }
        let mut incoming = Incoming::new(&self.open_to(&store, landing));
        let count = whole.len();
        for (before, path) in whole.iter().enumerate() {
            let source = self.take_in_one(&store.blobs(), path)?;
            let Some(seen) = hot.seen.get_mut(path) else { continue };
            // Somebody wrote to it, or took it away, while it was read.
            if stamp(path) != Some(seen.stamp) {
                continue;
            }
            if is_broken(&source) {
                if now.duration_since(seen.since) < PATIENCE {
                    continue;
                }
                seen.refused = true;
            }
            incoming.from = Some((path.to_string_lossy().into_owned(), seen.stamp));
            let known = report.refused.len();
            self.lay_down(&mut store, &mut incoming, source, &mut report)?;
            if report.refused.len() > known {
                // It stays where it is, and is not asked again unless it changes.
                seen.refused = true;
                continue;
            }
            self.put_aside(&mut store, path, seen.stamp)?;
            hot.seen.remove(path);
            landed();
            let done = u32::try_from(before + 1).unwrap_or(u32::MAX);
            watch.step(Stage::Import, done, u32::try_from(count).unwrap_or(u32::MAX))?;
        }
        Ok(report)
    }

    /// Where pages may land: as wished, else beside the papers of that desk, else on the desk for single
    /// papers.
    fn open_to(&self, store: &Store, landing: &Landing) -> Landing {
        let beside = Landing::from(Spot { desk: landing.spot.desk.clone(), place: 0 });
        let loose = Landing::from(Spot { desk: LOOSE.to_owned(), place: 0 });
        [landing, &beside]
            .into_iter()
            .find(|one| self.may_take_pages(store, &one.spot).is_ok())
            .unwrap_or(&loose)
            .clone()
    }

    /// The file came in: it is noted, and moved where that is set. A file that cannot be moved stays.
    fn put_aside(&self, store: &mut Store, path: &Path, stamp: hot_file::Stamp) -> Result<(), CoreError> {
        let at = rfc3339(&self.clock.now());
        store.transact(|change| hot_file::note(change, &path.to_string_lossy(), stamp, &at))?;
        if self.settings.hot_folder.after == After::Move
            && let (Some(folder), Some(name)) = (path.parent(), path.file_name())
        {
            let taken = folder.join(TAKEN);
            _ = fs::create_dir(&taken);
            let mut to = taken.join(name);
            for number in 2.. {
                if !to.exists() {
                    break;
                }
                to = taken.join(format!("{number}-{}", name.to_string_lossy()));
            }
            // It is noted, so it does not come in again.
            _ = fs::rename(path, to);
        }
        Ok(())
    }
}

/// Size and last change of a file; `None` when it is none, or a link to one: what others may write to must
/// not lead to what only this clerk may read.
fn stamp(path: &Path) -> Option<hot_file::Stamp> {
    let facts = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let modified = facts.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Some((facts.len(), i64::try_from(modified.as_millis()).unwrap_or(i64::MAX)))
}

/// Not hidden, not named as being on its way.
fn is_scan(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !name.starts_with(['.', '~']) && !ON_THEIR_WAY.contains(&ending)
}

/// Cut short, as a file is that is still being written.
fn is_broken(source: &Source) -> bool {
    let all = source.read.findings.iter().chain(source.read.pages.iter().flat_map(|page| &page.findings));
    let broken =
        [FindingKind::Damaged, FindingKind::Unreadable, FindingKind::Unsupported, FindingKind::Missing];
    all.filter(|finding| finding.severity == Severity::Blocking).any(|finding| broken.contains(&finding.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_on_their_way_are_not_looked_at() {
        for name in ["a.jpg", "Quét 1.PDF", "không đuôi", "part"] {
            assert!(is_scan(Path::new(name)), "{name}");
        }
        for name in [".a.jpg", "~$a.pdf", "a.jpg.part", "b.TMP", "c.crdownload"] {
            assert!(!is_scan(Path::new(name)), "{name}");
        }
    }
}
