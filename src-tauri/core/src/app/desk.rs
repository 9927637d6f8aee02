//! The paper on the desk: pages that landed, the clerk's edits, the typed fields. Everything is
//! kept as it happens, so that a crash loses at most the page still arriving.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::App;
use super::digitize::{Digitized, Job};
use super::error::{CoreError, ErrorKind};
use super::fields::{FieldIssue, Fields};
use super::intake::{Chosen, Source, findings};
use super::progress::Watch;
use super::session::Session;
use crate::page::{Colour, Finding, ReadFile, Severity};
use crate::store::{DERIVED, Store, blobs, draft, draft::DraftPage};
use crate::time::rfc3339;

/// A page as the desk shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageView {
    /// Id.
    pub id: String,
    /// Name of the file it came in.
    pub file: String,
    /// Stored width, px.
    pub width_px: u32,
    /// Stored height, px.
    pub height_px: u32,
    /// Effective resolution, dpi; 0 = none.
    pub dpi: u32,
    /// Colour.
    pub colour: Colour,
    /// Clockwise quarter turns added by the clerk, 0–3.
    pub turns: u8,
    /// What was found.
    pub findings: Vec<Finding>,
    /// True once it is fsynced.
    pub saved: bool,
}

/// The desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DraftView {
    /// Pages in order.
    pub pages: Vec<PageView>,
    /// What was found about the paper as a whole, not on one of its pages.
    pub findings: Vec<Finding>,
    /// What was typed.
    pub fields: Fields,
    /// What is odd about it.
    pub issues: Vec<FieldIssue>,
    /// There is a step back.
    pub can_undo: bool,
    /// There is a step forward.
    pub can_redo: bool,
    /// The desk holds one PDF that is already signed: it will be kept whole.
    pub signed_whole: bool,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ImportReport {
    /// Pages that landed.
    pub added: u32,
    /// Why files or pages did not.
    pub refused: Vec<Finding>,
}

/// File in a derived folder that tells what the reader found.
const FACTS: &str = "read.json";

impl App {
    /// Takes files onto the desk, one after the other; `landed` is called after each.
    ///
    /// # Errors
    /// Those of disk and database, and cancelling; files that already landed stay.
    pub fn import(
        &self,
        files: &[PathBuf],
        watch: &Watch<'_>,
        landed: &mut dyn FnMut(),
    ) -> Result<ImportReport, CoreError> {
        let mut report = ImportReport::default();
        let mut store = self.store()?;
        // Two at a time: both cores busy, and the first pages show at once.
        for batch in files.chunks(2) {
            for source in self.take_in(&store, batch, watch)? {
                self.lay_down(&mut store, source, &mut report)?;
            }
            landed();
        }
        Ok(report)
    }

    fn lay_down(
        &self,
        store: &mut Store,
        mut source: Source,
        report: &mut ImportReport,
    ) -> Result<(), CoreError> {
        let blocking = |finding: &&Finding| finding.severity == Severity::Blocking;
        let everything =
            source.read.findings.iter().chain(source.read.pages.iter().flat_map(|p| &p.findings));
        let refused: Vec<Finding> = everything
            .filter(blocking)
            .map(|finding| Finding { file: source.name.clone(), ..finding.clone() })
            .collect();
        if !refused.is_empty() || source.read.pages.is_empty() {
            report.refused.extend(refused);
            return Ok(());
        }
        let Some(staged) = source.staged.take() else { return Ok(()) };
        let mut pages = draft::pages(store.read())?;
        for page in &source.read.pages {
            pages.push(DraftPage {
                id: self.new_id()?,
                original: source.sha256.clone(),
                file: source.name.clone(),
                page: page.index,
                turns: 0,
            });
        }
        let derived = store.home().join(DERIVED).join(&source.sha256);
        keep_derived(&source, &derived)?;
        let (sha256, bytes) = (staged.sha256.clone(), staged.bytes);
        let at = rfc3339(&self.clock.now());
        let blobs = store.blobs();
        store.transact(|change| -> Result<(), CoreError> {
            blobs::note(change, &sha256, bytes, &at)?;
            blobs.promote(staged)?;
            Ok(draft::put_pages(change, &pages)?)
        })?;
        report.added += u32::try_from(source.read.pages.len()).unwrap_or(u32::MAX);
        Ok(())
    }

    /// The desk as it is.
    ///
    /// # Errors
    /// Those of store and reader.
    pub fn desk(&self) -> Result<DraftView, CoreError> {
        let store = self.store()?;
        let pages = draft::pages(store.read())?;
        let (sources, chosen) = self.sources(&store, &pages)?;
        let found = findings(&sources, &chosen);
        let views = pages
            .iter()
            .zip(&chosen)
            .enumerate()
            .filter_map(|(place, (page, chosen))| {
                let (_, read) = super::intake::chosen_page(&sources, chosen)?;
                let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
                Some(PageView {
                    id: page.id.clone(),
                    file: page.file.clone(),
                    width_px: read.width_px,
                    height_px: read.height_px,
                    dpi: read.dpi,
                    colour: read.colour,
                    turns: page.turns,
                    findings: found.iter().filter(|finding| finding.page == number).cloned().collect(),
                    saved: true,
                })
            })
            .collect();
        let fields = self.typed(&store)?;
        let (can_undo, can_redo) = draft::steps(store.read())?;
        Ok(DraftView {
            pages: views,
            findings: found.iter().filter(|finding| finding.page == 0).cloned().collect(),
            issues: fields.tidy().issues(self.clock.now().date_naive()),
            fields,
            can_undo,
            can_redo,
            signed_whole: sources.len() == 1 && sources.iter().all(|source| source.read.signed),
        })
    }

    /// Turns pages clockwise by quarter turns (negative: counter-clockwise).
    ///
    /// # Errors
    /// Those of the store.
    pub fn rotate(&self, ids: &[String], quarter_turns: i8) -> Result<DraftView, CoreError> {
        self.edit(|pages| {
            for page in pages.iter_mut().filter(|page| ids.contains(&page.id)) {
                let turns = (i16::from(page.turns) + i16::from(quarter_turns)).rem_euclid(4);
                page.turns = u8::try_from(turns).unwrap_or(0);
            }
        })
    }

    /// Moves a page to a place, from 0.
    ///
    /// # Errors
    /// Those of the store.
    pub fn move_page(&self, id: &str, to: usize) -> Result<DraftView, CoreError> {
        self.edit(|pages| {
            if let Some(from) = pages.iter().position(|page| page.id == id) {
                let page = pages.remove(from);
                pages.insert(to.min(pages.len()), page);
            }
        })
    }

    /// Takes pages off the desk; undo brings them back.
    ///
    /// # Errors
    /// Those of the store.
    pub fn delete_pages(&self, ids: &[String]) -> Result<DraftView, CoreError> {
        self.edit(|pages| pages.retain(|page| !ids.contains(&page.id)))
    }

    /// Steps back.
    ///
    /// # Errors
    /// Those of the store.
    pub fn undo(&self) -> Result<DraftView, CoreError> {
        self.store()?.transact(draft::undo)?;
        self.desk()
    }

    /// Steps forward again.
    ///
    /// # Errors
    /// Those of the store.
    pub fn redo(&self) -> Result<DraftView, CoreError> {
        self.store()?.transact(draft::redo)?;
        self.desk()
    }

    /// Keeps what was typed, as typed.
    ///
    /// # Errors
    /// Those of the store.
    pub fn set_fields(&self, fields: &Fields) -> Result<DraftView, CoreError> {
        let text = serde_json::to_string(fields)
            .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
        self.store()?.transact(|change| draft::put_fields(change, &text))?;
        self.desk()
    }

    /// Makes the paper on the desk a signed copy and clears the desk.
    ///
    /// # Errors
    /// As [`App::digitize`]; the desk is then as before.
    pub fn digitize_desk(
        &self,
        session: &Session,
        accept_findings: bool,
        watch: &Watch<'_>,
    ) -> Result<Digitized, CoreError> {
        let mut store = self.store()?;
        let pages = draft::pages(store.read())?;
        let (sources, chosen) = self.sources(&store, &pages)?;
        let fields = self.typed(&store)?;
        let used: Vec<PathBuf> = sources.iter().map(|source| source.side.clone()).collect();
        let job = Job {
            sources,
            pages: chosen,
            fields: &fields,
            accept_findings,
            out: None,
            from_desk: true,
            filed: None,
        };
        let made = self.digitize(&mut store, session, job, watch)?;
        for folder in used {
            // Can be made again from the originals; what stays is only in the way.
            _ = fs::remove_dir_all(folder);
        }
        Ok(made)
    }

    /// Draws a page of the desk as JPEG, at most `width` px wide, into a file; returns its bytes.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such page or it cannot be drawn.
    pub fn page_picture(&self, id: &str, width: u32, turns: u8) -> Result<Vec<u8>, CoreError> {
        let missing = || CoreError::new(ErrorKind::NotFound).with("what", id);
        let store = self.store()?;
        let pages = draft::all_pages(store.read())?;
        let page = pages.iter().find(|page| page.id == id).ok_or_else(missing)?;
        let derived = store.home().join(DERIVED).join(&page.original);
        let thumbnail = derived.join(format!("{}.thumb.jpg", page.page));
        if turns == 0
            && width <= THUMBNAIL
            && let Ok(bytes) = fs::read(&thumbnail)
        {
            return Ok(bytes);
        }
        let cached = derived.join(format!("{}-{width}-{turns}.jpg", page.page));
        if let Ok(bytes) = fs::read(&cached) {
            return Ok(bytes);
        }
        fs::create_dir_all(&derived)?;
        let fresh = tempfile::NamedTempFile::new_in(&derived)?;
        let original = store.blobs().path(&page.original);
        if !self.readers.picture(&original, page.page, width.clamp(16, 4000), turns % 4, fresh.path())? {
            return Err(missing());
        }
        let bytes = fs::read(fresh.path())?;
        fresh.persist(&cached).map_err(|e| e.error)?;
        Ok(bytes)
    }

    fn edit(&self, change_pages: impl FnOnce(&mut Vec<DraftPage>)) -> Result<DraftView, CoreError> {
        let mut store = self.store()?;
        store.transact(|change| -> Result<(), CoreError> {
            let before = draft::pages(change)?;
            let mut after = before.clone();
            change_pages(&mut after);
            if after != before {
                draft::put_pages(change, &after)?;
            }
            Ok(())
        })?;
        drop(store);
        self.desk()
    }

    fn typed(&self, store: &Store) -> Result<Fields, CoreError> {
        let text = draft::fields(store.read())?;
        serde_json::from_str(&text).map_err(|e| CoreError::new(ErrorKind::HomeDamaged).with("detail", e))
    }

    /// The desk's pages as sources and choices; what the reader had found is read again if its
    /// folder is gone.
    fn sources(&self, store: &Store, pages: &[DraftPage]) -> Result<(Vec<Source>, Vec<Chosen>), CoreError> {
        let mut sources: Vec<Source> = Vec::new();
        let mut chosen = Vec::new();
        for page in pages {
            let source = match sources.iter().position(|source| source.sha256 == page.original) {
                Some(source) => source,
                None => {
                    sources.push(self.source(store, page)?);
                    sources.len() - 1
                }
            };
            chosen.push(Chosen { source, page: page.page, turns: page.turns });
        }
        Ok((sources, chosen))
    }

    fn source(&self, store: &Store, page: &DraftPage) -> Result<Source, CoreError> {
        let original = store.blobs().path(&page.original);
        let side = store.home().join(DERIVED).join(&page.original);
        let kept = fs::read(side.join(FACTS)).ok().and_then(|facts| serde_json::from_slice(&facts).ok());
        let read: ReadFile = match kept {
            Some(read) => read,
            None => {
                let work = tempfile::tempdir_in(store.home().join(crate::store::WORK))?;
                let read = self.readers.read(&original, work.path(), &mut |_| {})?;
                let fresh = Source {
                    sha256: page.original.clone(),
                    name: page.file.clone(),
                    original: original.clone(),
                    side: work.path().to_path_buf(),
                    read,
                    staged: None,
                    _work: None,
                };
                keep_derived(&fresh, &side)?;
                fresh.read
            }
        };
        Ok(Source {
            sha256: page.original.clone(),
            name: page.file.clone(),
            original,
            side,
            read,
            staged: None,
            _work: None,
        })
    }
}

/// Thumbnails are made while a file is read; their long side, px.
const THUMBNAIL: u32 = 360;

/// Moves the reader's side files to their lasting place, the facts last.
fn keep_derived(source: &Source, derived: &Path) -> Result<(), CoreError> {
    fs::create_dir_all(derived)?;
    for entry in fs::read_dir(&source.side)? {
        let entry = entry?;
        fs::rename(entry.path(), derived.join(entry.file_name()))?;
    }
    let facts = serde_json::to_vec(&source.read)
        .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
    let fresh = tempfile::NamedTempFile::new_in(derived)?;
    fs::write(fresh.path(), facts)?;
    fresh.persist(derived.join(FACTS)).map_err(|e| e.error)?;
    Ok(())
}
