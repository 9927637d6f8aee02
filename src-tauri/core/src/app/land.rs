//! Pages land on a desk: at its end, before a page, or in the place of one that was scanned badly. Each
//! file is on disk and in the layout before the next one is looked at.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::App;
use super::desk::{FACTS, typed_text};
use super::digitize::Spot;
use super::error::{CoreError, ErrorKind};
use super::intake::Source;
use super::progress::{Stage, Watch};
use super::stack::Incoming;
use crate::page::{Finding, Severity};
use crate::store::desk::{self, DeskPage, Layout};
use crate::store::{DERIVED, Store, blobs, hot_file};
use crate::time::rfc3339;

/// Where pages land.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Landing {
    /// The desk and the paper of its dossier.
    pub spot: Spot,
    /// The page they are put before; `None` = after all others.
    #[serde(default)]
    pub before: Option<String>,
    /// The page the first of them replaces, as when it is scanned again; undo brings it back.
    #[serde(default)]
    pub replaces: Option<String>,
}

impl From<Spot> for Landing {
    fn from(spot: Spot) -> Self {
        Self { spot, before: None, replaces: None }
    }
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ImportReport {
    /// Pages that landed.
    pub added: u32,
    /// Why files or pages did not.
    pub refused: Vec<Finding>,
    /// Desks that were opened for further dossiers of the stack.
    pub desks: Vec<String>,
}

impl App {
    /// Takes files onto a desk, one after the other; `landed` is called after each.
    ///
    /// # Errors
    /// Those of disk and database, and cancelling; files that already landed stay.
    pub fn import(
        &self,
        landing: &Landing,
        files: &[PathBuf],
        watch: &Watch<'_>,
        landed: &mut dyn FnMut(),
    ) -> Result<ImportReport, CoreError> {
        let mut report = ImportReport::default();
        let mut store = self.store()?;
        self.may_take_pages(&store, &landing.spot)?;
        let mut incoming = Incoming::new(landing);
        watch.step(Stage::Import, 0, u32::try_from(files.len()).unwrap_or(u32::MAX))?;
        let blobs = store.blobs();
        self.take_in_each(&blobs, files, (0, files.len()), watch, &mut |source| {
            self.lay_down(&mut store, &mut incoming, source, &mut report)?;
            landed();
            Ok(())
        })?;
        Ok(report)
    }

    pub(super) fn lay_down(
        &self,
        store: &mut Store,
        incoming: &mut Incoming,
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
        let mut landing: BTreeMap<String, Vec<DeskPage>> = BTreeMap::new();
        for page in &source.read.pages {
            let Some(spot) = self.goes_to(store, incoming, page)? else { continue };
            landing.entry(spot.desk).or_default().push(DeskPage {
                id: self.new_id()?,
                original: source.sha256.clone(),
                file: source.name.clone(),
                page: page.index,
                turns: 0,
                place: spot.place,
                edits: Vec::new(),
                blank: false,
                accepted: None,
            });
        }
        if landing.is_empty() {
            // Nothing but separators: there is nothing to keep.
            return Ok(());
        }
        let landed: usize = landing.values().map(Vec::len).sum();
        let opened: Vec<String> =
            landing.keys().filter(|id| incoming.fresh.contains_key(*id)).cloned().collect();
        let derived = store.home().join(DERIVED).join(&source.sha256);
        let (sha256, bytes) = (staged.sha256.clone(), staged.bytes);
        let at = rfc3339(&self.clock.now());
        let blobs = store.blobs();
        store.transact(|change| -> Result<(), CoreError> {
            // While nobody else removes files of blobs that are gone.
            keep_derived(&source, &derived)?;
            blobs::note(change, &sha256, bytes, &at)?;
            blobs.promote(staged)?;
            if let Some((path, stamp)) = incoming.from.take() {
                hot_file::note(change, &path, stamp, &at)?;
            }
            for (id, pages) in landing {
                let mut layout = match incoming.fresh.remove(&id) {
                    Some(fresh) => {
                        desk::open(change, &id, None, &at)?;
                        desk::put_typed(change, &id, &typed_text(&fresh.typed)?)?;
                        let procedure = fresh.typed.request.procedure;
                        Layout { pages: Vec::new(), papers: fresh.papers, procedure }
                    }
                    None => desk::layout(change, &id)?,
                };
                incoming.insert(&id, &mut layout.pages, pages);
                // One import is one step, however many files it has.
                let state = desk::go_on(change, &id, incoming.states.get(&id).copied(), &layout)?;
                incoming.states.extend(state.map(|state| (id, state)));
            }
            Ok(())
        })?;
        report.added += u32::try_from(landed).unwrap_or(u32::MAX);
        report.desks.extend(opened);
        Ok(())
    }
}

/// Moves the reader's side files to their lasting place, the facts last.
pub(super) fn keep_derived(source: &Source, derived: &Path) -> Result<(), CoreError> {
    fs::create_dir_all(derived)?;
    for entry in fs::read_dir(&source.side)? {
        let entry = entry?;
        fs::rename(entry.path(), derived.join(entry.file_name()))?;
    }
    let facts = serde_json::to_vec(source.read.as_ref())
        .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
    let fresh = tempfile::NamedTempFile::new_in(derived)?;
    fs::write(fresh.path(), facts)?;
    fresh.persist(derived.join(FACTS)).map_err(|e| e.error)?;
    Ok(())
}
