//! Straightening, cropping, contrast: each an edit in the layout of a desk, undone like any other.
//! The page they make is drawn from the original when it is asked for.

use std::fs;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::App;
use super::desk::{DraftView, FACTS, Facts};
use super::error::{CoreError, ErrorKind};
use super::intake::{Chosen, Source, chosen_page};
use crate::page::edit::{Edit, Folded};
use crate::page::quality::Thresholds;
use crate::page::{FileKind, ReadFile, ReadPage};
use crate::store::desk;

/// Paper is so much lighter and darker than its usual lightness, steps.
const PAPER: u8 = 12;

/// Where the side files of an edited page go.
pub(super) enum EditedInto {
    /// Beside those of the original, to be found again.
    Derived,
    /// Into a folder that goes with the source.
    Work,
}

/// What a page measured now would need to be straight.
fn straight(page: &ReadPage) -> Option<Edit> {
    let mdeg = page.measures.as_ref()?.skew_mdeg?;
    // Less than a tenth of a degree is not seen, and not worth encoding the page anew.
    (mdeg.abs() >= 100).then_some(Edit::Straighten { mdeg: -mdeg })
}

/// What a page can be mended by without a word from the clerk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// Its lines are made level.
    Straighten,
    /// Paper becomes white and writing dark.
    Contrast,
}

/// What a page measured now would need to be clear: paper white, writing half as dark again as it is.
fn clear(page: &ReadPage) -> Option<Edit> {
    let measures = page.measures.as_ref().filter(|measures| measures.contrast > 0)?;
    let white = measures.paper.saturating_sub(PAPER);
    let black = measures.paper.saturating_sub(measures.contrast).saturating_sub(measures.contrast / 2);
    (black < white && (black, white) != (0, 255)).then_some(Edit::Contrast { black, white })
}

impl App {
    /// Edits pages; each as it is shown, its quarter turns included.
    ///
    /// # Errors
    /// [`ErrorKind::PageNotEditable`] naming the first page of a PDF, and then nothing is edited;
    /// those of the store.
    pub fn edit_pages(&self, desk: &str, ids: &[String], edit: &Edit) -> Result<DraftView, CoreError> {
        self.edit_each(desk, ids, &|_, turns| Some(as_upright(edit, turns)))
    }

    /// Takes an edit back, by its place in the list of the page; the others stay.
    ///
    /// # Errors
    /// Those of the store.
    pub fn drop_edit(&self, desk: &str, page: &str, edit: usize) -> Result<DraftView, CoreError> {
        self.edit(desk, |layout| {
            if let Some(page) = layout.pages.iter_mut().find(|one| one.id == page && edit < one.edits.len()) {
                page.edits.remove(edit);
            }
        })
    }

    /// Mends pages by what was measured of them. A page without lines, or without writing, stays as it is.
    ///
    /// # Errors
    /// As [`App::edit_pages`].
    pub fn mend_pages(&self, desk: &str, ids: &[String], how: Mend) -> Result<DraftView, CoreError> {
        self.edit_each(desk, ids, &|page, _| match how {
            Mend::Straighten => straight(page),
            Mend::Contrast => clear(page),
        })
    }

    fn edit_each(
        &self,
        id: &str,
        ids: &[String],
        edit_of: &dyn Fn(&ReadPage, u8) -> Option<Edit>,
    ) -> Result<DraftView, CoreError> {
        let store = self.store()?;
        let layout = desk::layout(store.read(), id)?;
        let mut made = Vec::new();
        for page in layout.pages.iter().filter(|page| ids.contains(&page.id)) {
            let (sources, chosen) = self.sources(&store, &[page], Facts::Kept)?;
            let Some((source, read)) = chosen.first().and_then(|chosen| chosen_page(&sources, chosen)) else {
                continue;
            };
            if source.read.kind == Some(FileKind::Pdf) {
                let refused = CoreError::new(ErrorKind::PageNotEditable);
                return Err(refused.with("file", &page.file).with("page", page.page + 1));
            }
            if let Some(edit) = edit_of(read, page.turns) {
                made.push((page.id.clone(), edit));
            }
        }
        drop(store);
        self.edit(id, |layout| {
            for page in &mut layout.pages {
                page.edits.extend(made.iter().filter(|(id, _)| *id == page.id).map(|(_, edit)| *edit));
            }
        })
    }

    /// Straightens those of the chosen pages that are too far askew. A page that cannot be
    /// straightened stays, and its finding says so.
    ///
    /// # Errors
    /// Those of disk and reader.
    pub fn straighten(&self, sources: &mut Vec<Source>, pages: &mut [Chosen]) -> Result<(), CoreError> {
        let limits = self.quality()?;
        for chosen in pages {
            let Some((source, page)) = chosen_page(sources, chosen) else { continue };
            let Some(edit) = straight(page).filter(|_| askew(page, &limits)) else { continue };
            if source.read.kind == Some(FileKind::Pdf) {
                continue;
            }
            let made = self.edited(source, page.index, &[edit], EditedInto::Work)?;
            chosen.source = sources.len();
            sources.push(made);
        }
        Ok(())
    }

    /// A source with one page: page `index` of another, edited.
    pub(super) fn edited(
        &self,
        of: &Source,
        index: u32,
        edits: &[Edit],
        into: EditedInto,
    ) -> Result<Source, CoreError> {
        let failed = || CoreError::new(ErrorKind::ReaderFailed).with("file", &of.name).with("detail", "edit");
        let folded = Folded::of(edits).unwrap_or_default();
        let (side, work) = match into {
            EditedInto::Derived => (of.side.join(format!("{index}{}", folded.key())), None),
            EditedInto::Work => {
                let work =
                    tempfile::Builder::new().prefix("e").tempdir_in(self.home.join(crate::store::WORK))?;
                (work.path().to_path_buf(), Some(work))
            }
        };
        let known = fs::read(side.join(FACTS)).ok().and_then(|facts| serde_json::from_slice(&facts).ok());
        let read: ReadFile = match known {
            Some(read) => read,
            None => {
                fs::create_dir_all(&side)?;
                let page = self.readers.edited(&of.original, index, &folded, &side)?.ok_or_else(failed)?;
                let read =
                    ReadFile { kind: of.read.kind, signed: false, pages: vec![page], findings: Vec::new() };
                let facts = serde_json::to_vec(&read)
                    .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
                // Facts last: a folder without them is made again.
                let fresh = tempfile::NamedTempFile::new_in(&side)?;
                fs::write(fresh.path(), facts)?;
                fresh.persist(side.join(FACTS)).map_err(|e| e.error)?;
                read
            }
        };
        Ok(Source {
            sha256: of.sha256.clone(),
            name: of.name.clone(),
            original: of.original.clone(),
            side,
            read: Arc::new(read),
            edits: edits.to_vec(),
            staged: None,
            _work: work,
        })
    }
}

fn askew(page: &ReadPage, limits: &Thresholds) -> bool {
    let skew = page.measures.as_ref().and_then(|measures| measures.skew_mdeg);
    skew.is_some_and(|skew| skew.unsigned_abs() > limits.skew_mdeg)
}

/// An edit of a page shown after `turns` clockwise quarter turns, as an edit of the upright page.
fn as_upright(edit: &Edit, turns: u8) -> Edit {
    let mut edit = *edit;
    for _ in 0..turns % 4 {
        if let Edit::Crop { top, right, bottom, left } = edit {
            // Turning clockwise brings the left side to the top.
            edit = Edit::Crop { left: top, top: right, right: bottom, bottom: left };
        }
    }
    edit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_from_the_top_of_a_turned_page_is_its_left_side() {
        let shown = Edit::Crop { top: 1, right: 2, bottom: 3, left: 4 };
        assert_eq!(as_upright(&shown, 1), Edit::Crop { left: 1, top: 2, right: 3, bottom: 4 });
        assert_eq!(as_upright(&shown, 4), shown);
        let straight = Edit::Straighten { mdeg: 700 };
        assert_eq!(as_upright(&straight, 3), straight, "an angle is the same however the page is turned");
    }
}
