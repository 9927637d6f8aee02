//! The clerk arranges pages: turned, moved, put on papers, taken off, set aside as blank, accepted as they
//! are. Each is one step that undo takes back.

use super::App;
use super::desk::DraftView;
use super::digitize::Spot;
use super::error::{CoreError, ErrorKind};
use crate::store::desk::{DeskPage, Layout};

/// Longest reason, letters.
const LONGEST_REASON: usize = 500;

impl App {
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

    /// Sets pages aside as blank, or takes that back. A blank page is kept, but is no page of the copy.
    ///
    /// # Errors
    /// Those of the store.
    pub fn mark_blank(&self, desk: &str, ids: &[String], blank: bool) -> Result<DraftView, CoreError> {
        self.edit(desk, |layout| named(layout, ids).for_each(|page| page.blank = blank))
    }

    /// Accepts what was found on pages, with a reason that is recorded with the copy; an empty reason
    /// takes it back.
    ///
    /// # Errors
    /// [`ErrorKind::BadWord`] when the reason is longer than 500 letters; those of the store.
    pub fn accept_pages(&self, desk: &str, ids: &[String], reason: &str) -> Result<DraftView, CoreError> {
        let reason = reason_of(reason)?;
        self.edit(desk, |layout| named(layout, ids).for_each(|page| page.accepted.clone_from(&reason)))
    }

    /// Pages of two passes through a feeder that sees one side: the first half are the fronts, the other
    /// half the backs as they came out, last sheet first. They become sheets again. Does nothing to an odd
    /// number of pages.
    ///
    /// # Errors
    /// Those of the store.
    pub fn interleave(&self, desk: &str, ids: &[String]) -> Result<DraftView, CoreError> {
        self.edit(desk, |layout| {
            let chosen = |page: &DeskPage| ids.contains(&page.id);
            let places: Vec<usize> =
                layout.pages.iter().enumerate().filter(|(_, page)| chosen(page)).map(|(at, _)| at).collect();
            if !places.len().is_multiple_of(2) {
                return;
            }
            let pages: Vec<DeskPage> = layout.pages.iter().filter(|page| chosen(page)).cloned().collect();
            let (fronts, backs) = pages.split_at(pages.len() / 2);
            let sheets = fronts.iter().zip(backs.iter().rev()).flat_map(|(front, back)| [front, back]);
            for (at, page) in places.into_iter().zip(sheets) {
                if let Some(slot) = layout.pages.get_mut(at) {
                    *slot = page.clone();
                }
            }
        })
    }
}

/// Why something is accepted, as it is recorded; `None` where no reason is given.
pub(super) fn reason_of(typed: &str) -> Result<Option<String>, CoreError> {
    let reason = typed.trim();
    if reason.chars().count() > LONGEST_REASON {
        return Err(CoreError::new(ErrorKind::BadWord).with("word", "reason"));
    }
    Ok(Some(reason.to_owned()).filter(|reason| !reason.is_empty()))
}

fn named<'a>(layout: &'a mut Layout, ids: &'a [String]) -> impl Iterator<Item = &'a mut DeskPage> {
    layout.pages.iter_mut().filter(|page| ids.contains(&page.id))
}
