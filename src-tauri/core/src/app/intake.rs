//! Files come in: copied beside the blobs, synced, then read in isolation.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use tempfile::TempDir;

use super::App;
use super::error::{CoreError, ErrorKind};
use super::key::file_name;
use super::progress::{Stage, Watch};
use crate::page::edit::Edit;
use crate::page::quality::{self, Mended, Thresholds};
use crate::page::read::not_opened;
use crate::page::{Finding, FindingKind, ReadFile, ReadPage, Severity, findings::same_picture};
use crate::store::{Blobs, Staged, Store, WORK};

/// A file that came in, with what the reader made of it.
#[derive(Debug)]
pub struct Source {
    /// SHA-256 of the original.
    pub sha256: String,
    /// Name of the file, without folder.
    pub name: String,
    /// Where the original lies.
    pub original: PathBuf,
    /// Folder of the reader's side files.
    pub side: PathBuf,
    /// What it is.
    pub read: Arc<ReadFile>,
    /// Edits of its only page; `original` is then still the file as it came.
    pub edits: Vec<Edit>,
    /// Bytes that have no name in the store yet.
    pub(super) staged: Option<Staged>,
    /// Keeps the side folder alive while it is a work folder.
    pub(super) _work: Option<TempDir>,
}

/// A page chosen for a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Place in the list of sources.
    pub source: usize,
    /// Page in that file, from 0.
    pub page: u32,
    /// Clockwise quarter turns.
    pub turns: u8,
    /// The clerk accepted what was found on it: nothing on it warns any more.
    pub accepted: bool,
}

/// How many files are read at once; the program is made for PCs with two cores.
const AT_ONCE: usize = 2;

impl App {
    /// Has the readers wait for files, so that the first page of an import shows sooner.
    ///
    /// # Errors
    /// When the system starts no process.
    pub fn warm_readers(&self) -> Result<(), CoreError> {
        Ok(self.readers.warm(AT_ONCE)?)
    }

    /// Takes files in. A file that cannot be read stays in the list with a blocking finding; the
    /// others are not harmed. The open store keeps others from sweeping the work away.
    ///
    /// # Errors
    /// Disk trouble of the counter itself, and cancelling. Nothing stays behind then.
    pub fn take_in(
        &self,
        store: &Store,
        files: &[PathBuf],
        watch: &Watch<'_>,
    ) -> Result<Vec<Source>, CoreError> {
        let mut sources = Vec::new();
        self.take_in_each(&store.blobs(), files, (0, files.len()), watch, &mut |source| {
            sources.push(source);
            Ok(())
        })?;
        Ok(sources)
    }

    /// Takes files in and hands each on in their order, while the next ones are read; `counted` = how many
    /// came before, of how many in all.
    pub(super) fn take_in_each(
        &self,
        blobs: &Blobs,
        files: &[PathBuf],
        counted: (usize, usize),
        watch: &Watch<'_>,
        take: &mut dyn FnMut(Source) -> Result<(), CoreError>,
    ) -> Result<(), CoreError> {
        each(files, counted, watch, &|file| self.take_in_one(blobs, file), take)
    }

    /// Looks at files without taking them in; they are copied nowhere. Needs no counter.
    ///
    /// # Errors
    /// Those of the disk, and cancelling.
    pub fn look_at(&self, files: &[PathBuf], watch: &Watch<'_>) -> Result<Vec<Source>, CoreError> {
        let mut sources = Vec::new();
        each(files, (0, files.len()), watch, &|file| self.look_at_one(file), &mut |source| {
            sources.push(source);
            Ok(())
        })?;
        Ok(sources)
    }

    fn look_at_one(&self, file: &Path) -> Result<Source, CoreError> {
        let name = file_name(file);
        let work = tempfile::Builder::new().prefix("saoy-").tempdir()?;
        let (sha256, read) = match File::open(file).and_then(crate::hex::sha256_of) {
            Ok((sha256, _)) => (sha256, self.read_into(file, &name, work.path())?),
            Err(e) => (String::new(), refused_file(FindingKind::Missing, not_opened(&e))),
        };
        Ok(Source {
            sha256,
            name,
            original: file.to_path_buf(),
            side: work.path().to_path_buf(),
            read: Arc::new(read),
            edits: Vec::new(),
            staged: None,
            _work: Some(work),
        })
    }

    fn read_into(&self, file: &Path, name: &str, side: &Path) -> Result<ReadFile, CoreError> {
        self.readers
            .read(file, side, &mut |_| {})
            .map_err(|e| CoreError::new(ErrorKind::ReaderFailed).with("file", name).with("detail", e))
    }

    pub(super) fn take_in_one(&self, blobs: &Blobs, file: &Path) -> Result<Source, CoreError> {
        let name = file_name(file);
        let refused = |kind, detail: String| Source {
            sha256: String::new(),
            name: name.clone(),
            original: PathBuf::new(),
            side: PathBuf::new(),
            read: Arc::new(refused_file(kind, detail)),
            edits: Vec::new(),
            staged: None,
            _work: None,
        };
        let mut open = match File::open(file).and_then(|f| Ok((f.metadata()?.is_file(), f))) {
            Ok((true, open)) => open,
            Ok((false, _)) => return Ok(refused(FindingKind::Missing, "not_a_file".to_owned())),
            Err(e) => return Ok(refused(FindingKind::Missing, not_opened(&e))),
        };
        let limit = self.settings.limits.max_file_bytes;
        let staged = match blobs.stage(&mut open, limit) {
            Ok(staged) => staged,
            Err(e) if e.kind() == io::ErrorKind::FileTooLarge => {
                return Ok(refused(FindingKind::TooLarge, format!("> {} MB", limit >> 20)));
            }
            Err(e) => return Err(e.into()),
        };
        let work = tempfile::Builder::new().prefix("r").tempdir_in(self.home.join(WORK))?;
        let read = self.read_into(staged.path(), &name, work.path())?;
        Ok(Source {
            sha256: staged.sha256.clone(),
            name,
            original: staged.path().to_path_buf(),
            side: work.path().to_path_buf(),
            read: Arc::new(read),
            edits: Vec::new(),
            staged: Some(staged),
            _work: Some(work),
        })
    }
}

/// Does `one` on each file, [`AT_ONCE`] at a time, and meanwhile `take` with what came of them, in the order
/// of the files. The first file is read alone, so that it shows at once.
/// `counted`: how many came before, of how many in all.
fn each<T: Send>(
    files: &[PathBuf],
    counted: (usize, usize),
    watch: &Watch<'_>,
    one: &(dyn Fn(&Path) -> Result<T, CoreError> + Sync),
    take: &mut dyn FnMut(T) -> Result<(), CoreError>,
) -> Result<(), CoreError> {
    let Some((first, rest)) = files.split_first() else { return Ok(()) };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut done = counted.0;
    let mut taken = |made: T| -> Result<(), CoreError> {
        take(made)?;
        done += 1;
        watch.step(Stage::Import, count(done), count(counted.1))
    };
    taken(one(first)?)?;
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        // Readers run ahead by a file each, not by all of a stack.
        let (sender, made) = sync_channel(0);
        for _ in 0..AT_ONCE.min(rest.len()) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = rest.get(place) else { return };
                    // Nobody takes any more: an earlier file stopped it.
                    if sender.send((place, one(file))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (place, made) in made {
            early.insert(place, made);
            while let Some(made) = early.remove(&wanted) {
                taken(made?)?;
                wanted += 1;
            }
        }
        Ok(())
    })
}

/// A file without pages and the finding that says why.
fn refused_file(kind: FindingKind, detail: String) -> ReadFile {
    let finding = Finding { file: String::new(), page: 0, kind, severity: Severity::Blocking, detail };
    ReadFile { kind: None, signed: false, pages: Vec::new(), findings: vec![finding] }
}

/// All pages of all sources, in order, unturned.
#[must_use]
pub fn every_page(sources: &[Source]) -> Vec<Chosen> {
    sources
        .iter()
        .enumerate()
        .flat_map(|(source, file)| {
            file.read.pages.iter().map(move |page| Chosen {
                source,
                page: page.index,
                turns: 0,
                accepted: false,
            })
        })
        .collect()
}

/// The page a choice means.
pub(super) fn chosen_page<'a>(sources: &'a [Source], chosen: &Chosen) -> Option<(&'a Source, &'a ReadPage)> {
    let source = sources.get(chosen.source)?;
    let pages = &source.read.pages;
    // Pages stand in their order, with gaps where one could not be read.
    let at = pages.binary_search_by_key(&chosen.page, |page| page.index).ok()?;
    Some((source, pages.get(at)?))
}

/// Everything found on the chosen pages and their files, numbered as pages of the copy; with the
/// duplicates among them. All at once, so that a clerk mends all at once.
#[must_use]
pub fn findings(sources: &[Source], pages: &[Chosen], limits: &Thresholds) -> Vec<Finding> {
    let mut all = Vec::new();
    let number = |place: usize| u32::try_from(place + 1).unwrap_or(u32::MAX);
    for (place, source) in sources.iter().enumerate() {
        let first = pages.iter().position(|chosen| chosen.source == place);
        for finding in &source.read.findings {
            let page = first.map_or(0, number);
            all.push(Finding { file: source.name.clone(), page, ..finding.clone() });
        }
        // A page that could not be read is in no choice, but it must be heard of.
        for page in &source.read.pages {
            for finding in page.findings.iter().filter(|f| f.severity == Severity::Blocking) {
                if !pages.iter().any(|chosen| chosen.source == place && chosen.page == page.index) {
                    all.push(Finding { file: source.name.clone(), ..finding.clone() });
                }
            }
        }
    }
    for (place, (chosen, found)) in pages.iter().zip(page_findings(sources, pages, limits)).enumerate() {
        let file = sources.get(chosen.source).map(|source| source.name.clone()).unwrap_or_default();
        all.extend(found.into_iter().map(|f| Finding { file: file.clone(), page: number(place), ..f }));
    }
    let signed = sources.iter().filter(|source| source.read.signed);
    if sources.len() > 1 || pages.iter().any(|chosen| chosen.turns != 0) {
        for source in signed {
            all.push(Finding {
                file: source.name.clone(),
                page: 0,
                kind: FindingKind::SignedBesideOthers,
                severity: Severity::Blocking,
                detail: String::new(),
            });
        }
    }
    all
}

/// What is to be said of each chosen page, duplicates among them included; `page` and `file` are the
/// reader's own.
pub(super) fn page_findings(sources: &[Source], pages: &[Chosen], limits: &Thresholds) -> Vec<Vec<Finding>> {
    let known: Vec<Option<Known<'_>>> = pages
        .iter()
        .map(|chosen| {
            let (source, page) = chosen_page(sources, chosen)?;
            Some(Known { source, page, print: crate::hex::decode(&page.fingerprint).unwrap_or_default() })
        })
        .collect();
    let mut all: Vec<Vec<Finding>> = Vec::new();
    for (place, (chosen, this)) in pages.iter().zip(&known).enumerate() {
        let Some(this) = this else {
            all.push(Vec::new());
            continue;
        };
        let mut found = this.page.all_findings(chosen, limits);
        // Blank pages look alike without being duplicates.
        let blank = found.iter().any(|finding| finding.kind == FindingKind::Blank);
        if this.source.read.signed {
            // Kept as it is: nothing of it is scanned anew, left out or made PDF/A.
            found.retain(|finding| finding.severity == Severity::Blocking);
        }
        let twin = known
            .iter()
            .take(place)
            .position(|earlier| earlier.as_ref().is_some_and(|earlier| !blank && earlier.is_twin_of(this)));
        if let Some(twin) = twin {
            found.push(Finding {
                file: String::new(),
                page: this.page.index + 1,
                kind: FindingKind::Duplicate,
                severity: Severity::Warning,
                detail: (twin + 1).to_string(),
            });
        }
        if chosen.accepted {
            let warnings = found.iter_mut().filter(|finding| finding.severity == Severity::Warning);
            warnings.for_each(|finding| finding.severity = Severity::Notice);
        }
        all.push(found);
    }
    all
}

/// A chosen page with its fingerprint.
struct Known<'a> {
    source: &'a Source,
    page: &'a ReadPage,
    print: Vec<u8>,
}

impl Known<'_> {
    /// The same page of the same file, or one that looks the same.
    fn is_twin_of(&self, other: &Self) -> bool {
        let same_page = self.source.sha256 == other.source.sha256 && self.page.index == other.page.index;
        same_page || same_picture(&self.print, &other.print)
    }
}

impl ReadPage {
    /// What the reader found, and what its measures come to as the clerk turned the page.
    fn all_findings(&self, chosen: &Chosen, limits: &Thresholds) -> Vec<Finding> {
        let mut found = self.findings.clone();
        let mended = Mended { turns: chosen.turns };
        for finding in self.measures.iter().flat_map(|m| quality::findings(self.index, m, limits, mended)) {
            if !found.iter().any(|known| known.kind == finding.kind) {
                found.push(finding);
            }
        }
        found
    }
}
