//! What lies on a desk: pages that landed, the clerk's edits, typed fields, and the dossier they
//! belong to. Everything is kept as it happens, so that a crash loses at most the page still arriving.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::App;
use super::case::CaseView;
use super::digitize::Spot;
use super::error::{CoreError, ErrorKind};
use super::fields::{FieldIssue, Fields};
use super::intake::{Chosen, Source, findings};
use super::progress::{Stage, Watch};
use super::stack::Incoming;
use crate::dossier::Request;
use crate::page::{Colour, Finding, ReadFile, Severity};
use crate::store::desk::{self, DeskPage, LOOSE, Layout};
use crate::store::{DERIVED, Store, blobs, dossier};
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
    /// The paper it belongs to, by its place in the dossier from 1; 0 = not sorted yet.
    pub place: u32,
}

/// The desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DraftView {
    /// Id of the desk; `loose` is the one for single papers.
    pub desk: String,
    /// The dossier being worked at; `None` on the desk for single papers.
    pub case: Option<CaseView>,
    /// Pages in order.
    pub pages: Vec<PageView>,
    /// What was found about a single paper as a whole, not on one of its pages.
    pub findings: Vec<Finding>,
    /// What was typed about a single paper.
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

/// What was typed at a desk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// Fields of the papers by place; 0 = the single paper.
    pub papers: BTreeMap<u32, Fields>,
    /// What is asked for.
    pub request: Request,
    /// Why the single paper is not signed for now; empty = nothing keeps it back.
    pub left_out: String,
}

/// A desk in the row of desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeskLine {
    /// Id of the desk.
    pub desk: String,
    /// Code of its dossier, once received.
    pub code: Option<String>,
    /// Name of the procedure; empty while none is chosen.
    pub procedure_name: String,
    /// Name of the owner.
    pub owner_name: String,
    /// Pages that lie on it.
    pub pages: u32,
}

/// File in a derived folder that tells what the reader found.
const FACTS: &str = "read.json";

impl App {
    /// Takes files onto a desk, one after the other; `landed` is called after each.
    ///
    /// # Errors
    /// Those of disk and database, and cancelling; files that already landed stay.
    pub fn import(
        &self,
        spot: &Spot,
        files: &[PathBuf],
        watch: &Watch<'_>,
        landed: &mut dyn FnMut(),
    ) -> Result<ImportReport, CoreError> {
        let mut report = ImportReport::default();
        let mut store = self.store()?;
        self.may_take_pages(&store, spot)?;
        let mut incoming = Incoming::new(spot);
        // The first alone, so that it shows at once; then two at a time, both cores busy.
        let (first, rest) = files.split_at(files.len().min(1));
        let mut before = 0;
        watch.step(Stage::Import, 0, u32::try_from(files.len()).unwrap_or(u32::MAX))?;
        for batch in std::iter::once(first).chain(rest.chunks(2)) {
            for source in self.take_in_some(&store, batch, (before, files.len()), watch)? {
                self.lay_down(&mut store, &mut incoming, source, &mut report)?;
            }
            before += batch.len();
            landed();
        }
        Ok(report)
    }

    fn lay_down(
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
            });
        }
        if landing.is_empty() {
            // Nothing but separators: there is nothing to keep.
            return Ok(());
        }
        let landed: usize = landing.values().map(Vec::len).sum();
        let derived = store.home().join(DERIVED).join(&source.sha256);
        keep_derived(&source, &derived)?;
        let (sha256, bytes) = (staged.sha256.clone(), staged.bytes);
        let at = rfc3339(&self.clock.now());
        let blobs = store.blobs();
        store.transact(|change| -> Result<(), CoreError> {
            blobs::note(change, &sha256, bytes, &at)?;
            blobs.promote(staged)?;
            for (id, pages) in landing {
                let mut layout = match incoming.fresh.remove(&id) {
                    Some(fresh) => {
                        desk::open(change, &id, None, &at)?;
                        desk::put_typed(change, &id, &typed_text(&fresh.typed)?)?;
                        Layout { papers: fresh.papers, ..Layout::default() }
                    }
                    None => desk::layout(change, &id)?,
                };
                layout.pages.extend(pages);
                desk::put(change, &id, &layout)?;
            }
            Ok(())
        })?;
        report.added += u32::try_from(landed).unwrap_or(u32::MAX);
        Ok(())
    }

    /// A desk as it is.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of store and reader.
    pub fn desk(&self, id: &str) -> Result<DraftView, CoreError> {
        let store = self.store()?;
        let row = found_desk(&store, id)?;
        let layout = desk::layout(store.read(), id)?;
        let typed = typed(&row)?;
        let limits = self.quality()?;
        let mut views: Vec<PageView> = Vec::new();
        let mut papers = BTreeMap::new();
        let mut places: Vec<u32> = layout.pages.iter().map(|page| page.place).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let pages: Vec<&DeskPage> = layout.pages.iter().filter(|page| page.place == place).collect();
            let (sources, chosen) = self.sources(&store, &pages)?;
            let mut found = findings(&sources, &chosen, &limits);
            for ((page, chosen), number) in pages.iter().zip(&chosen).zip(1..) {
                let Some((_, read)) = super::intake::chosen_page(&sources, chosen) else { continue };
                views.push(PageView {
                    id: page.id.clone(),
                    file: page.file.clone(),
                    width_px: read.width_px,
                    height_px: read.height_px,
                    dpi: read.dpi,
                    colour: read.colour,
                    turns: page.turns,
                    findings: found.iter().filter(|finding| finding.page == number).cloned().collect(),
                    saved: true,
                    place,
                });
            }
            found.retain(|finding| finding.page == 0);
            let signed_whole = sources.len() == 1 && sources.iter().all(|source| source.read.signed);
            papers.insert(place, (found, signed_whole));
        }
        let order: BTreeMap<&str, usize> =
            layout.pages.iter().enumerate().map(|(place, page)| (page.id.as_str(), place)).collect();
        views.sort_by_key(|view| order.get(view.id.as_str()).copied());
        let (can_undo, can_redo) = desk::steps(store.read(), id)?;
        let today = self.clock.now().date_naive();
        let single = typed.papers.get(&0).cloned().unwrap_or_default();
        let (loose, signed_whole) = papers.remove(&0).unwrap_or_default();
        let case =
            if id == LOOSE { None } else { Some(self.case(&store, &row, &layout, &typed, &mut papers)?) };
        Ok(DraftView {
            desk: id.to_owned(),
            case,
            pages: views,
            findings: loose,
            issues: single.tidy().issues(today),
            fields: single,
            can_undo,
            can_redo,
            signed_whole,
        })
    }

    /// All desks, the one for single papers first.
    ///
    /// # Errors
    /// Those of the store.
    pub fn desks(&self) -> Result<Vec<DeskLine>, CoreError> {
        let store = self.store()?;
        let mut lines = Vec::new();
        for row in desk::all(store.read())? {
            let request = typed(&row)?.request;
            let dossier = match &row.dossier {
                Some(id) => dossier::find(store.read(), id)?,
                None => None,
            };
            let procedure_name = match &dossier {
                Some(dossier) => dossier.procedure_name.clone(),
                None => {
                    self.procedure_in_force(&store, &request.procedure).map(|p| p.1.name).unwrap_or_default()
                }
            };
            let layout = desk::layout(store.read(), &row.id)?;
            lines.push(DeskLine {
                code: dossier.as_ref().map(|dossier| dossier.code.clone()),
                procedure_name,
                owner_name: dossier.map_or(request.owner.name, |dossier| dossier.request.owner.name),
                pages: u32::try_from(layout.pages.len()).unwrap_or(u32::MAX),
                desk: row.id,
            });
        }
        lines.sort_by_key(|line| line.desk != LOOSE);
        Ok(lines)
    }

    /// Opens a desk for a new dossier, or for one that was received before.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of the store.
    pub fn open_desk(&self, received: Option<&str>) -> Result<DraftView, CoreError> {
        let mut store = self.store()?;
        let received = received.map(|id| super::dossier::found(&store, id)).transpose()?;
        let open = desk::all(store.read())?;
        let known = received
            .as_ref()
            .and_then(|dossier| open.into_iter().find(|row| row.dossier.as_ref() == Some(&dossier.id)));
        let id = match known {
            Some(row) => row.id,
            None => {
                let (id, at) = (self.new_id()?, rfc3339(&self.clock.now()));
                let dossier = received.as_ref().map(|dossier| dossier.id.as_str());
                store.transact(|change| desk::open(change, &id, dossier, &at))?;
                id
            }
        };
        drop(store);
        self.desk(&id)
    }

    /// Takes a desk away. What is not kept elsewhere goes only when `discard` says so.
    ///
    /// # Errors
    /// [`ErrorKind::DeskNotEmpty`], those of the store.
    pub fn close_desk(&self, id: &str, discard: bool) -> Result<(), CoreError> {
        let mut store = self.store()?;
        let row = found_desk(&store, id)?;
        let typed = typed(&row)?;
        let layout = desk::layout(store.read(), id)?;
        let unsaved = row.dossier.is_none() && typed.request != Request::default();
        if !discard && (unsaved || !layout.pages.is_empty()) {
            return Err(ErrorKind::DeskNotEmpty.into());
        }
        let unused = store.transact(|change| -> Result<Vec<String>, CoreError> {
            desk::close(change, id)?;
            Ok(blobs::forget_unused(change)?)
        })?;
        for sha256 in unused {
            // The rows are gone; a file that stays is swept when the counter is next opened alone.
            _ = store.blobs().remove(&sha256);
        }
        Ok(())
    }

    /// Turns pages clockwise by quarter turns (negative: counter-clockwise).
    ///
    /// # Errors
    /// Those of the store.
    pub fn rotate(&self, desk: &str, ids: &[String], quarter_turns: i8) -> Result<DraftView, CoreError> {
        self.edit(desk, |layout| {
            for page in layout.pages.iter_mut().filter(|page| ids.contains(&page.id)) {
                let turns = (i16::from(page.turns) + i16::from(quarter_turns)).rem_euclid(4);
                page.turns = u8::try_from(turns).unwrap_or(0);
            }
        })
    }

    /// Moves a page to a place in the order of the desk, from 0.
    ///
    /// # Errors
    /// Those of the store.
    pub fn move_page(&self, desk: &str, id: &str, to: usize) -> Result<DraftView, CoreError> {
        self.edit(desk, |layout| {
            if let Some(from) = layout.pages.iter().position(|page| page.id == id) {
                let page = layout.pages.remove(from);
                layout.pages.insert(to.min(layout.pages.len()), page);
            }
        })
    }

    /// Puts pages on a paper of the dossier (0 = back among those not sorted), after its others.
    ///
    /// # Errors
    /// [`ErrorKind::PaperExempt`] and its like when that paper takes no pages, those of the store.
    pub fn place_pages(&self, spot: &Spot, ids: &[String]) -> Result<DraftView, CoreError> {
        self.may_take_pages(&self.store()?, spot)?;
        self.edit(&spot.desk, |layout| {
            let (mut moved, stay): (Vec<_>, Vec<_>) =
                std::mem::take(&mut layout.pages).into_iter().partition(|page| ids.contains(&page.id));
            moved.iter_mut().for_each(|page| page.place = spot.place);
            let after =
                stay.iter().rposition(|page| page.place == spot.place).map_or(stay.len(), |last| last + 1);
            layout.pages = stay;
            layout.pages.splice(after..after, moved);
        })
    }

    /// Takes pages off a desk; undo brings them back.
    ///
    /// # Errors
    /// Those of the store.
    pub fn delete_pages(&self, desk: &str, ids: &[String]) -> Result<DraftView, CoreError> {
        self.edit(desk, |layout| layout.pages.retain(|page| !ids.contains(&page.id)))
    }

    /// Steps back.
    ///
    /// # Errors
    /// Those of the store.
    pub fn undo(&self, desk: &str) -> Result<DraftView, CoreError> {
        self.store()?.transact(|change| desk::undo(change, desk))?;
        self.desk(desk)
    }

    /// Steps forward again.
    ///
    /// # Errors
    /// Those of the store.
    pub fn redo(&self, desk: &str) -> Result<DraftView, CoreError> {
        self.store()?.transact(|change| desk::redo(change, desk))?;
        self.desk(desk)
    }

    /// Keeps what was typed about a paper, as typed.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of the store.
    pub fn set_fields(&self, spot: &Spot, fields: &Fields) -> Result<DraftView, CoreError> {
        self.type_at(&spot.desk, |typed| _ = typed.papers.insert(spot.place, fields.clone()))?;
        self.desk(&spot.desk)
    }

    /// Changes what was typed at a desk.
    pub(super) fn type_at(&self, desk: &str, change_typed: impl FnOnce(&mut Typed)) -> Result<(), CoreError> {
        self.store()?.transact(|change| -> Result<(), CoreError> {
            let missing = || CoreError::new(ErrorKind::NotFound).with("what", desk);
            let mut now = typed(&desk::find(change, desk)?.ok_or_else(missing)?)?;
            change_typed(&mut now);
            Ok(desk::put_typed(change, desk, &typed_text(&now)?)?)
        })
    }

    /// Draws a page of the desk as JPEG, at most `width` px wide, into a file; returns its bytes.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such page or it cannot be drawn.
    pub fn page_picture(&self, id: &str, width: u32, turns: u8) -> Result<Vec<u8>, CoreError> {
        let missing = || CoreError::new(ErrorKind::NotFound).with("what", id);
        let store = self.store()?;
        let pages = desk::all_pages(store.read())?;
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

    pub(super) fn edit(
        &self,
        desk: &str,
        change_layout: impl FnOnce(&mut Layout),
    ) -> Result<DraftView, CoreError> {
        let mut store = self.store()?;
        store.transact(|change| -> Result<(), CoreError> {
            let missing = || CoreError::new(ErrorKind::NotFound).with("what", desk);
            desk::find(change, desk)?.ok_or_else(missing)?;
            let before = desk::layout(change, desk)?;
            let mut after = before.clone();
            change_layout(&mut after);
            if after != before {
                desk::put(change, desk, &after)?;
            }
            Ok(())
        })?;
        drop(store);
        self.desk(desk)
    }

    /// Pages of a desk as sources and choices; what the reader had found is read again if its
    /// folder is gone.
    pub(super) fn sources(
        &self,
        store: &Store,
        pages: &[&DeskPage],
    ) -> Result<(Vec<Source>, Vec<Chosen>), CoreError> {
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

    fn source(&self, store: &Store, page: &DeskPage) -> Result<Source, CoreError> {
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

pub(super) fn found_desk(store: &Store, id: &str) -> Result<desk::Desk, CoreError> {
    let missing = || CoreError::new(ErrorKind::NotFound).with("what", id);
    desk::find(store.read(), id)?.ok_or_else(missing)
}

fn typed_text(typed: &Typed) -> Result<String, CoreError> {
    serde_json::to_string(typed).map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))
}

pub(super) fn typed(row: &desk::Desk) -> Result<Typed, CoreError> {
    serde_json::from_str(&row.typed).map_err(|e| CoreError::new(ErrorKind::HomeDamaged).with("detail", e))
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
