//! Where the pages of an imported stack go: by its separators, onto the right papers; each further
//! dossier of the stack onto a desk of its own.

use std::collections::BTreeMap;

use super::App;
use super::desk::{Typed, found_desk, typed};
use super::digitize::Spot;
use super::error::CoreError;
use super::land::Landing;
use crate::dossier::{Dossier, Paper, Request};
use crate::page::ReadPage;
use crate::separator::{Separator, Stack};
use crate::store::desk::{DeskPage, LOOSE};
use crate::store::{Store, hot_file};

/// A desk that is opened with the first page that goes there.
#[derive(Debug, Clone)]
pub(super) struct Fresh {
    /// What is asked for.
    pub typed: Typed,
    /// Papers of its procedure.
    pub papers: Vec<Paper>,
}

/// A stack on its way in.
#[derive(Debug)]
pub(super) struct Incoming {
    stack: Stack,
    /// Where it was imported to.
    home: Spot,
    /// Desks of the dossiers of the stack, by number.
    desks: BTreeMap<u32, String>,
    /// Those that are not open yet, by id.
    pub fresh: BTreeMap<String, Fresh>,
    /// Where in the order of `home` pages land.
    at: At,
    /// The states of the desks this import made.
    pub states: BTreeMap<String, i64>,
    /// The file of the hot folder that comes in, noted with its pages.
    pub from: Option<(String, hot_file::Stamp)>,
}

/// A place in the order of a desk.
#[derive(Debug, Clone)]
enum At {
    /// After all others.
    End,
    /// Before a page.
    Before(String),
    /// In the place of a page.
    Instead(String),
}

impl Incoming {
    pub fn new(landing: &Landing) -> Self {
        let at = match (&landing.replaces, &landing.before) {
            (Some(page), _) => At::Instead(page.clone()),
            (None, Some(page)) => At::Before(page.clone()),
            (None, None) => At::End,
        };
        let home = landing.spot.clone();
        let (stack, desks, fresh) = (Stack::default(), BTreeMap::new(), BTreeMap::new());
        Self { stack, home, desks, fresh, at, states: BTreeMap::new(), from: None }
    }

    /// Puts pages that landed on a desk into its order.
    pub fn insert(&mut self, desk: &str, order: &mut Vec<DeskPage>, pages: Vec<DeskPage>) {
        let found = match &self.at {
            At::Before(page) | At::Instead(page) if desk == self.home.desk => {
                order.iter().position(|one| one.id == *page)
            }
            _ => None,
        };
        // The page may have gone in the meantime; then the others land at the end.
        let Some(at) = found else { return order.extend(pages) };
        let instead = matches!(self.at, At::Instead(_));
        let place = order.get(at).map_or(0, |page| page.place);
        let pages = pages.into_iter().map(|page| if instead { DeskPage { place, ..page } } else { page });
        let after = at + pages.len();
        order.splice(at..at + usize::from(instead), pages);
        self.at = order.get(after).map_or(At::End, |next| At::Before(next.id.clone()));
    }
}

impl App {
    /// Where a page goes; `None` for a separator, which goes nowhere.
    pub(super) fn goes_to(
        &self,
        store: &Store,
        incoming: &mut Incoming,
        page: &ReadPage,
    ) -> Result<Option<Spot>, CoreError> {
        if let Some(Ok(separator)) = page.separator.as_deref().map(Separator::parse) {
            incoming.stack.divide(separator);
            return Ok(None);
        }
        let now = incoming.stack.now().clone();
        if now.dossier == 0 {
            return Ok(Some(incoming.home.clone()));
        }
        let desk = match incoming.desks.get(&now.dossier) {
            Some(desk) => desk.clone(),
            None => {
                let desk = self.desk_for(store, incoming, &now.procedure)?;
                incoming.desks.insert(now.dossier, desk.clone());
                desk
            }
        };
        let takes = match incoming.fresh.get(&desk) {
            Some(fresh) => fresh.papers.iter().any(|paper| paper.place == now.place),
            // A paper that is signed already or must not be copied takes no pages: the clerk decides.
            None => self.may_take_pages(store, &Spot { desk: desk.clone(), place: now.place }).is_ok(),
        };
        Ok(Some(Spot { desk, place: if takes { now.place } else { 0 } }))
    }

    /// The desk of the next dossier of the stack: the one it was imported to when that has its
    /// procedure and no dossier of the stack yet, else a new one.
    fn desk_for(&self, store: &Store, incoming: &mut Incoming, procedure: &str) -> Result<String, CoreError> {
        let home = &incoming.home.desk;
        if home != LOOSE && !incoming.desks.values().any(|desk| desk == home) {
            let row = found_desk(store, home)?;
            let asked = match &row.dossier {
                Some(id) => super::dossier::found(store, id)?.request.procedure,
                None => typed(&row)?.request.procedure,
            };
            if asked == procedure {
                return Ok(home.clone());
            }
        }
        let Ok((_, known)) = self.procedure_in_force(store, procedure) else {
            // Nobody knows its papers: the pages stay where they were imported to.
            return Ok(home.clone());
        };
        let id = self.new_id()?;
        let request = Request { procedure: procedure.to_owned(), ..Request::default() };
        let typed = Typed { request, ..Typed::default() };
        incoming.fresh.insert(id.clone(), Fresh { typed, papers: Dossier::papers_of(&known) });
        Ok(id)
    }
}
