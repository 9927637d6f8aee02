//! What lies on a desk: pages that landed, the clerk's edits, typed fields, and the dossier they
//! belong to. Everything is kept as it happens, so that a crash loses at most the page still arriving.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::sync::Arc;

use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

use super::App;
use super::case::CaseView;
use super::digitize::Spot;
use super::edit::EditedInto;
use super::error::{CoreError, ErrorKind};
use super::fields::{FieldIssue, Fields};
use super::intake::{Chosen, Source, findings};
use super::land::keep_derived;
use crate::dossier::{Dossier, Paper, PaperState, Request};
use crate::page::edit::{Edit, Folded};
use crate::page::{Colour, Finding, ReadFile, ReadPage};
use crate::store::desk::{self, DeskPage, LOOSE, Layout};
use crate::store::{DERIVED, Store, StoreError, blobs, dossier, record};
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
    /// What else the clerk did to it, oldest first.
    pub edits: Vec<Edit>,
    /// The edits as part of the picture's address; empty = none.
    pub look: String,
    /// What was found; what the clerk accepted is a notice.
    pub findings: Vec<Finding>,
    /// Nothing is on it: it is kept, but is no page of the copy.
    pub blank: bool,
    /// Why the clerk accepts what was found on it.
    pub accepted: Option<String>,
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

/// What was typed at a desk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// Fields of the papers by place; 0 = the single paper.
    pub papers: BTreeMap<u32, Fields>,
    /// Fields of papers that another procedure asked for, by component: they come back with the paper.
    pub set_aside: BTreeMap<String, Fields>,
    /// What is asked for.
    pub request: Request,
    /// Why the single paper is not signed for now; empty = nothing keeps it back.
    pub left_out: String,
}

impl Typed {
    /// Something of it is kept nowhere else. Of what was received as `dossier`, that is what was typed about papers that
    /// are still to be copied.
    fn is_unsaved(&self, dossier: Option<&Dossier>) -> bool {
        let mut typed = self.papers.iter().filter(|(_, fields)| **fields != Fields::default());
        match dossier {
            Some(dossier) => typed.any(|(place, _)| {
                dossier
                    .paper(*place)
                    .is_some_and(|paper| matches!(paper.state(), PaperState::Missing | PaperState::ToCopy))
            }),
            None => {
                typed.next().is_some()
                    || self.set_aside.values().any(|fields| *fields != Fields::default())
                    || self.request != Request::default()
                    || !self.left_out.is_empty()
            }
        }
    }

    /// Other papers stand there now: what was typed about one goes with it.
    pub fn follow(&mut self, before: &[Paper], after: &[Paper]) {
        for paper in before {
            if let Some(fields) = self.papers.remove(&paper.place) {
                self.set_aside.insert(paper.component.clone(), fields);
            }
        }
        for paper in after {
            if let Some(fields) = self.set_aside.remove(&paper.component) {
                self.papers.insert(paper.place, fields);
            }
        }
    }
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
pub(super) const FACTS: &str = "read.json";

impl App {
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
            let (blank, pages): (Vec<&DeskPage>, Vec<&DeskPage>) =
                layout.pages.iter().filter(|page| page.place == place).partition(|page| page.blank);
            let (sources, chosen) = self.sources(&store, &pages, Facts::Kept)?;
            let mut found = findings(&sources, &chosen, &limits);
            for ((page, chosen), number) in pages.iter().zip(&chosen).zip(1..) {
                let Some((_, read)) = super::intake::chosen_page(&sources, chosen) else { continue };
                let found = found.iter().filter(|finding| finding.page == number).cloned().collect();
                views.push(page_view(page, read, found));
            }
            for page in blank {
                let (sources, chosen) = self.sources(&store, &[page], Facts::Kept)?;
                let read = chosen.first().and_then(|chosen| super::intake::chosen_page(&sources, chosen));
                views.extend(read.map(|(_, read)| page_view(page, read, Vec::new())));
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
        self.close_if(id, |change, row, layout| {
            let dossier = row.dossier.as_deref().map(|id| dossier::find(change, id)).transpose()?.flatten();
            let unsaved = typed(row)?.is_unsaved(dossier.as_ref());
            Ok(discard || !unsaved && layout.pages.is_empty())
        })
    }

    /// Closes a desk unless something speaks against it.
    ///
    /// # Errors
    /// [`ErrorKind::DeskNotEmpty`], those of the store.
    pub(super) fn close_if(
        &self,
        id: &str,
        may: impl FnOnce(&Transaction<'_>, &desk::Desk, &Layout) -> Result<bool, CoreError>,
    ) -> Result<(), CoreError> {
        let mut store = self.store()?;
        let unused = store.transact(|change| -> Result<Vec<String>, CoreError> {
            // Pages land while others work.
            let row = desk::find(change, id)?.ok_or_else(|| CoreError::missing(id))?;
            if !may(change, &row, &desk::layout(change, id)?)? {
                return Err(ErrorKind::DeskNotEmpty.into());
            }
            desk::close(change, id)?;
            Ok(blobs::forget_unused(change)?)
        })?;
        // The rows are gone; a file that stays is swept when the counter is next opened alone.
        _ = store.drop_files(&unused);
        Ok(())
    }

    /// Steps back.
    ///
    /// # Errors
    /// Those of the store.
    pub fn undo(&self, desk: &str) -> Result<DraftView, CoreError> {
        self.step(desk, desk::undo)
    }

    /// Steps forward again.
    ///
    /// # Errors
    /// Those of the store.
    pub fn redo(&self, desk: &str) -> Result<DraftView, CoreError> {
        self.step(desk, desk::redo)
    }

    /// One step; the procedure goes with the papers it asks for.
    fn step(
        &self,
        id: &str,
        step: impl FnOnce(&Transaction<'_>, &str) -> Result<(), StoreError>,
    ) -> Result<DraftView, CoreError> {
        self.store()?.transact(|change| -> Result<(), CoreError> {
            let before = desk::layout(change, id)?;
            step(change, id)?;
            let after = desk::layout(change, id)?;
            // Of states an older program kept it is not known.
            let known = !after.procedure.is_empty() || after.papers.is_empty();
            if after.procedure != before.procedure && known {
                let mut now = typed(&desk::find(change, id)?.ok_or_else(|| CoreError::missing(id))?)?;
                now.follow(&before.papers, &after.papers);
                now.request.procedure = after.procedure;
                desk::put_typed(change, id, &typed_text(&now)?)?;
            }
            Ok(())
        })?;
        self.desk(id)
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
            let missing = || CoreError::missing(desk);
            let mut now = typed(&desk::find(change, desk)?.ok_or_else(missing)?)?;
            change_typed(&mut now);
            Ok(desk::put_typed(change, desk, &typed_text(&now)?)?)
        })
    }

    /// Draws a page of the desk as JPEG, at most `width` px wide; `look` are its edits, as
    /// [`PageView::look`] names them, or those a clerk is only trying.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such page or it cannot be drawn.
    pub fn page_picture(&self, id: &str, width: u32, turns: u8, look: &str) -> Result<Vec<u8>, CoreError> {
        let missing = || CoreError::missing(id);
        let edits = if look.is_empty() { None } else { Some(Folded::parse(look).ok_or_else(missing)?) };
        let (original, page) = self.page_of(id)?;
        let (width, turns) = (width.clamp(16, 4000), turns % 4);
        let derived = self.home.join(DERIVED).join(&original);
        let thumbnail = derived.join(format!("{page}.thumb.jpg"));
        if turns == 0
            && edits.is_none()
            && width <= THUMBNAIL
            && let Ok(bytes) = fs::read(&thumbnail)
        {
            return Ok(bytes);
        }
        let key = edits.as_ref().map(Folded::key).unwrap_or_default();
        let cached = derived.join(format!("{page}-{width}-{turns}{key}.jpg"));
        if let Ok(bytes) = fs::read(&cached) {
            return Ok(bytes);
        }
        fs::create_dir_all(&derived)?;
        let fresh = tempfile::NamedTempFile::new_in(&derived)?;
        let original = Store::blobs_of(&self.home).path(&original);
        if !self.readers.picture(&original, page, (width, turns, edits), fresh.path())? {
            return Err(missing());
        }
        let bytes = fs::read(fresh.path())?;
        fresh.persist(&cached).map_err(|e| e.error)?;
        Ok(bytes)
    }

    /// The file and page an id stands for, which never change. Known ones are not looked up again: a
    /// grid of many pages asks for each of them.
    fn page_of(&self, id: &str) -> Result<(String, u32), CoreError> {
        let mut known = self.pages.lock().map_err(|_| ErrorKind::Internal)?;
        if !known.contains_key(id) {
            let store = self.store()?;
            let pages = desk::layout_with(store.read(), id)?.map(|layout| layout.pages).unwrap_or_default();
            known.extend(pages.into_iter().map(|page| (page.id, (page.original, page.page))));
        }
        known.get(id).cloned().ok_or_else(|| CoreError::missing(id))
    }

    pub(super) fn edit(
        &self,
        desk: &str,
        change_layout: impl FnOnce(&mut Layout),
    ) -> Result<DraftView, CoreError> {
        let mut store = self.store()?;
        store.transact(|change| -> Result<(), CoreError> {
            let missing = || CoreError::missing(desk);
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
        facts: Facts,
    ) -> Result<(Vec<Source>, Vec<Chosen>), CoreError> {
        let mut sources: Vec<Source> = Vec::new();
        // A file of many pages is one source.
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut chosen = Vec::new();
        for page in pages {
            let source = match (Folded::of(&page.edits), known.get(page.original.as_str())) {
                (None, Some(source)) => *source,
                (edits, _) => {
                    let source = self.source(store, page, facts)?;
                    sources.push(match edits {
                        None => source,
                        Some(_) => self.edited(&source, page.page, &page.edits, EditedInto::Derived)?,
                    });
                    if edits.is_none() {
                        known.insert(&page.original, sources.len() - 1);
                    }
                    sources.len() - 1
                }
            };
            let accepted = page.accepted.is_some();
            chosen.push(Chosen { source, page: page.page, turns: page.turns, accepted });
        }
        Ok((sources, chosen))
    }

    fn source(&self, store: &Store, page: &DeskPage, facts: Facts) -> Result<Source, CoreError> {
        let original = store.blobs().path(&page.original);
        let side = store.home().join(DERIVED).join(&page.original);
        let source = |read: Arc<ReadFile>| Source {
            sha256: page.original.clone(),
            name: page.file.clone(),
            original: original.clone(),
            side: side.clone(),
            read,
            edits: Vec::new(),
            staged: None,
            _work: None,
        };
        let kept = self.facts.lock().ok().and_then(|facts| facts.get(&page.original).cloned());
        if let (Facts::Kept, Some(read)) = (facts, kept) {
            return Ok(source(read));
        }
        let known = fs::read(side.join(FACTS)).ok().and_then(|facts| serde_json::from_slice(&facts).ok());
        let read: ReadFile = match known {
            Some(read) => read,
            None => {
                let work = tempfile::tempdir_in(store.home().join(crate::store::WORK))?;
                let read = self.readers.read(&original, work.path(), &mut |_| {})?;
                let fresh = Source { side: work.path().to_path_buf(), ..source(Arc::new(read.clone())) };
                keep_derived(&fresh, &side)?;
                read
            }
        };
        if let Ok(mut facts) = self.facts.lock() {
            // The map of ink is only asked for when a copy is made, and is most of it.
            let pages = read.pages.iter().map(|page| ReadPage { ink: None, ..page.clone() }).collect();
            facts.insert(page.original.clone(), Arc::new(ReadFile { pages, ..read.clone() }));
        }
        Ok(source(Arc::new(read)))
    }
}

/// How much must be known of the pages of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Facts {
    /// All, side files included: a copy will be made.
    Whole,
    /// What is shown; kept in memory.
    Kept,
}

/// A page without anything on it, as the record of its paper names it.
pub(super) fn left_out(page: &DeskPage) -> record::Original {
    record::Original {
        sha256: page.original.clone(),
        file: page.file.clone(),
        page: page.page,
        turns: page.turns,
        edits: page.edits.clone(),
        blank: true,
        accepted: page.accepted.clone(),
    }
}

fn page_view(page: &DeskPage, read: &ReadPage, findings: Vec<Finding>) -> PageView {
    PageView {
        id: page.id.clone(),
        file: page.file.clone(),
        width_px: read.width_px,
        height_px: read.height_px,
        dpi: read.dpi,
        colour: read.colour,
        turns: page.turns,
        edits: page.edits.clone(),
        look: Folded::of(&page.edits).as_ref().map(Folded::key).unwrap_or_default(),
        findings,
        blank: page.blank,
        accepted: page.accepted.clone(),
        saved: true,
        place: page.place,
    }
}

pub(super) fn found_desk(store: &Store, id: &str) -> Result<desk::Desk, CoreError> {
    let missing = || CoreError::missing(id);
    desk::find(store.read(), id)?.ok_or_else(missing)
}

pub(super) fn typed_text(typed: &Typed) -> Result<String, CoreError> {
    serde_json::to_string(typed).map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))
}

pub(super) fn typed(row: &desk::Desk) -> Result<Typed, CoreError> {
    serde_json::from_str(&row.typed).map_err(|e| CoreError::new(ErrorKind::HomeDamaged).with("detail", e))
}

/// Thumbnails are made while a file is read; their long side, px.
const THUMBNAIL: u32 = 360;
