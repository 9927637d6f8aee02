//! A dossier being worked at: what is asked for, its papers as named places, what is missing; then
//! received, and handed over, with its desk.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::App;
use super::desk::{DraftView, Typed, found_desk, typed, typed_text};
use super::digitize::Spot;
use super::dossier::{DossierView, PaperWish, Reception, found, not_now};
use super::error::{CoreError, ErrorKind, word};
use super::fields::{FieldIssue, Fields};
use super::handover::HandedOver;
use super::lists::CopyView;
use super::request::request_issues;
use super::session::Session;
use crate::catalogue::{Outcome, Procedure};
use crate::dossier::{Dossier, Exemption, Holder, NotNow, Paper, PaperState, Request, result_number};
use crate::page::Finding;
use crate::store::desk::{self, LOOSE, Layout};
use crate::store::{Store, dossier, record};
use crate::time::rfc3339;

/// A dossier on its desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CaseView {
    /// The dossier, once it is received.
    pub dossier: Option<DossierView>,
    /// What is asked for, as typed.
    pub request: Request,
    /// What is odd about it.
    pub issues: Vec<FieldIssue>,
    /// Name of the procedure; empty while none is chosen.
    pub procedure_name: String,
    /// Its field.
    pub field: String,
    /// Its term, as it writes it.
    pub term: String,
    /// Its fee, as it writes it.
    pub fee: String,
    /// When it would be due if it were received now, or is due; RFC 3339.
    pub due_at: Option<String>,
    /// Its papers, by place; then its results.
    pub papers: Vec<CasePaper>,
    /// Results the procedure names.
    pub outcomes: Vec<Outcome>,
    /// Places of papers nothing is decided about, without pages, or with pages of nobody knows what.
    pub missing: Vec<u32>,
}

/// A paper of a dossier on its desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CasePaper {
    /// The paper.
    #[serde(flatten)]
    pub paper: Paper,
    /// Which result of the dossier it is, from 1; `None` = a paper.
    pub result: Option<u32>,
    /// How it stands.
    pub state: PaperState,
    /// Why it is not copied.
    pub exemption: Option<Exemption>,
    /// Code of its copy.
    pub code: Option<String>,
    /// Pages that lie on it.
    pub pages: u32,
    /// What was typed about it.
    pub fields: Fields,
    /// What is odd about that.
    pub field_issues: Vec<FieldIssue>,
    /// What was found about its pages together.
    pub findings: Vec<Finding>,
    /// It is one PDF that is already signed: it is, or will be, kept whole.
    pub signed_whole: bool,
}

impl App {
    pub(super) fn case(
        &self,
        store: &Store,
        row: &desk::Desk,
        layout: &Layout,
        typed: &Typed,
        found_on: &mut BTreeMap<u32, (Vec<Finding>, bool)>,
    ) -> Result<CaseView, CoreError> {
        let now = self.clock.now();
        let received = match &row.dossier {
            Some(id) => dossier::find(store.read(), id)?,
            None => None,
        };
        let procedure = match &received {
            Some(known) => {
                crate::store::catalogue::procedure(store.read(), known.catalogue, &known.request.procedure)?
            }
            None => self.procedure_in_force(store, &typed.request.procedure).ok().map(|found| found.1),
        };
        let request = received.as_ref().map_or(&typed.request, |known| &known.request).clone();
        let papers = received.as_ref().map_or(&layout.papers, |known| &known.papers);
        let results = received.as_ref().map(|known| known.results.as_slice()).unwrap_or_default();
        let papers = papers
            .iter()
            .chain(results)
            .map(|paper| {
                let pages = layout.pages.iter().filter(|page| page.place == paper.place && !page.blank);
                let fields = typed.papers.get(&paper.place).cloned().unwrap_or_default();
                let found = found_on.remove(&paper.place).unwrap_or_default();
                self.case_paper(store, &request, paper, pages.count(), fields, found)
            })
            .collect::<Result<Vec<CasePaper>, CoreError>>()?;
        let missing = papers
            .iter()
            .filter(|paper| paper.result.is_none())
            .filter(|paper| {
                let undecided = paper.pages > 0 && paper.paper.submission.is_none();
                let without_pages = paper.state == PaperState::ToCopy && paper.pages == 0;
                paper.state == PaperState::Missing || without_pages || undecided
            })
            .map(|paper| paper.paper.place)
            .collect();
        let due_at = match (&received, &procedure) {
            (Some(known), _) => known.due_at.clone(),
            (None, Some(procedure)) => {
                self.due_of(&procedure.term, &procedure.cutoff, now)?.as_ref().map(rfc3339)
            }
            (None, None) => None,
        };
        let told =
            |fact: fn(&Procedure) -> &String| procedure.as_ref().map(fact).cloned().unwrap_or_default();
        Ok(CaseView {
            issues: request_issues(&request, now.date_naive()),
            request,
            procedure_name: told(|p| &p.name),
            field: told(|p| &p.field),
            term: told(|p| &p.term),
            fee: told(|p| &p.fee),
            due_at,
            papers,
            outcomes: procedure.as_ref().map(|known| known.results.clone()).unwrap_or_default(),
            missing,
            dossier: received.map(|known| self.view(store.read(), known)).transpose()?,
        })
    }

    /// One of its papers or results. `fields`: what was typed for it; `findings`: what was found on its pages, and
    /// whether they are one PDF that is signed already.
    fn case_paper(
        &self,
        store: &Store,
        request: &Request,
        paper: &Paper,
        pages: usize,
        mut fields: Fields,
        (findings, signed_whole): (Vec<Finding>, bool),
    ) -> Result<CasePaper, CoreError> {
        let copy = match &paper.record {
            Some(id) => record::find(store.read(), id)?,
            None => None,
        };
        fields.owner.clone_from(&request.owner.number);
        fields.paper_type.clone_from(&paper.component);
        if fields.name.is_empty() {
            fields.name.clone_from(&paper.name);
        }
        Ok(CasePaper {
            result: result_number(paper.place),
            // Pages on a paper say that it was handed in.
            state: match paper.state() {
                PaperState::Missing | PaperState::NotGiven if pages > 0 => PaperState::ToCopy,
                state => state,
            },
            exemption: paper.exemption(),
            signed_whole: signed_whole || copy.as_ref().is_some_and(|copy| copy.kept_whole),
            code: copy.map(|copy| copy.code),
            pages: u32::try_from(pages).unwrap_or(u32::MAX),
            field_issues: fields.tidy().issues(self.clock.now().date_naive()),
            fields,
            findings,
            paper: paper.clone(),
        })
    }

    /// Whether pages may lie on a place.
    pub(super) fn may_take_pages(&self, store: &Store, spot: &Spot) -> Result<(), CoreError> {
        let row = found_desk(store, &spot.desk)?;
        if spot.place == 0 {
            return Ok(());
        }
        if let Some(dossier) = row.dossier {
            return self.may_file(store.read(), &Some(record::Filed { dossier, place: spot.place }));
        }
        let papers = desk::layout(store.read(), &spot.desk)?.papers;
        let missing = || CoreError::missing(spot.place);
        let paper = papers.into_iter().find(|paper| paper.place == spot.place).ok_or_else(missing)?;
        let name = format!("{}. {}", paper.place, paper.name);
        match (paper.exemption(), &paper.record) {
            (Some(exemption), _) => {
                let error = CoreError::new(ErrorKind::PaperExempt).with("paper", name);
                Err(error.with("exemption", word(&exemption)))
            }
            (None, Some(_)) => {
                Err(CoreError::new(ErrorKind::PaperCopied).with("paper", name).with("dossier", ""))
            }
            (None, None) => Ok(()),
        }
    }

    /// Keeps what is asked for, as typed. Another procedure brings its own papers, in one step; pages of papers it
    /// does not ask for go back among those not sorted, and what was typed about these waits until they are asked for again.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::DossierClosed`] when it is received, those of the store.
    pub fn set_request(&self, id: &str, request: &Request) -> Result<DraftView, CoreError> {
        let mut store = self.store()?;
        let row = found_desk(&store, id)?;
        if row.dossier.is_some() || id == LOOSE {
            return Err(CoreError::new(ErrorKind::DossierClosed)
                .with("state", "received")
                .with("dossier", ""));
        }
        let before = typed(&row)?.request.procedure;
        let papers = if before == request.procedure {
            None
        } else if request.procedure.is_empty() {
            Some(Vec::new())
        } else {
            Some(Dossier::papers_of(&self.procedure_in_force(&store, &request.procedure)?.1))
        };
        store.transact(|change| -> Result<(), CoreError> {
            let mut now = typed(&desk::find(change, id)?.ok_or_else(|| CoreError::missing(id))?)?;
            now.request = request.clone();
            if let Some(papers) = papers {
                let mut layout = desk::layout(change, id)?;
                let place_of = |component: &str| {
                    papers.iter().find(|paper| paper.component == component).map_or(0, |paper| paper.place)
                };
                let known: BTreeMap<u32, u32> =
                    layout.papers.iter().map(|paper| (paper.place, place_of(&paper.component))).collect();
                for page in &mut layout.pages {
                    page.place = known.get(&page.place).copied().unwrap_or(0);
                }
                now.follow(&layout.papers, &papers);
                (layout.papers, layout.procedure) = (papers, request.procedure.clone());
                desk::put(change, id, &layout)?;
            }
            Ok(desk::put_typed(change, id, &typed_text(&now)?)?)
        })?;
        drop(store);
        self.desk(id)
    }

    /// Decides about a paper: undoable before the dossier is received, an entry of the journal after.
    ///
    /// # Errors
    /// As [`App::set_paper`]; [`ErrorKind::Locked`] when it is received and no key is open.
    pub fn decide_paper(
        &self,
        session: Option<&Session>,
        id: &str,
        wish: &PaperWish,
    ) -> Result<DraftView, CoreError> {
        let store = self.store()?;
        let row = found_desk(&store, id)?;
        if let Some(received) = &row.dossier {
            self.set_paper(session.ok_or(ErrorKind::Locked)?, received, wish)?;
            return self.desk(id);
        }
        let layout = desk::layout(store.read(), id)?;
        let missing = || CoreError::missing(wish.place);
        let paper = layout.papers.iter().find(|paper| paper.place == wish.place).ok_or_else(missing)?;
        let owner = typed(&row)?.request.owner.number;
        let paper = self.decided(&store, paper, owner.trim(), wish, self.clock.now())?;
        drop(store);
        self.edit(id, |layout| {
            for known in layout.papers.iter_mut().filter(|known| known.place == paper.place) {
                known.clone_from(&paper);
            }
            if paper.exemption().is_some() {
                // What is not copied keeps no pages.
                let of_paper = layout.pages.iter_mut().filter(|page| page.place == paper.place);
                of_paper.for_each(|page| page.place = 0);
            }
        })
    }

    /// Receives the dossier on a desk.
    ///
    /// # Errors
    /// As [`App::receive`]; [`ErrorKind::AlreadyNumbered`] when it is received already;
    /// [`ErrorKind::SubmissionMissing`] when pages lie on a paper whose form nobody has told.
    pub fn receive_desk(&self, session: &Session, id: &str) -> Result<DraftView, CoreError> {
        let store = self.store()?;
        let row = found_desk(&store, id)?;
        if row.dossier.is_some() || id == LOOSE {
            return Err(CoreError::new(ErrorKind::AlreadyNumbered).with("dossier", id));
        }
        let layout = desk::layout(store.read(), id)?;
        drop(store);
        // The receipt says of each paper in which form it was handed in; that is never guessed.
        let undecided = |paper: &&Paper| {
            paper.submission.is_none() && layout.pages.iter().any(|page| page.place == paper.place)
        };
        let undecided: Vec<_> =
            layout.papers.iter().filter(undecided).map(|paper| paper.name.as_str()).collect();
        if !undecided.is_empty() {
            return Err(CoreError::new(ErrorKind::SubmissionMissing).with("papers", undecided.join("; ")));
        }
        let decided = |paper: &Paper| PaperWish {
            place: paper.place,
            submission: paper.submission,
            record: paper.record.clone(),
            count: Some(paper.count),
            note: Some(paper.note.clone()),
        };
        let reception = Reception {
            request: typed(&row)?.request,
            papers: layout.papers.iter().map(decided).collect(),
            code: None,
        };
        self.receive_at(session, &reception, Some(id))?;
        self.desk(id)
    }

    /// Hands the dossier on a desk over, and clears the desk.
    ///
    /// # Errors
    /// As [`App::forward`]; [`ErrorKind::PagesLeft`] when pages still lie there.
    pub fn forward_desk(
        &self,
        session: &Session,
        id: &str,
        unit: &str,
        holder: Option<Holder>,
    ) -> Result<HandedOver, CoreError> {
        let store = self.store()?;
        let row = found_desk(&store, id)?;
        let received = row.dossier.ok_or(ErrorKind::NotReceived)?;
        let layout = desk::layout(store.read(), id)?;
        let dossier = found(&store, &received)?;
        let missing = dossier.missing();
        if !missing.is_empty() {
            return Err(not_now(&dossier, NotNow::Incomplete(missing)));
        }
        if !layout.pages.is_empty() {
            return Err(CoreError::new(ErrorKind::PagesLeft).with("count", layout.pages.len()));
        }
        drop(store);
        let made = self.forward(session, &received, unit, holder, None)?;
        // The dossier has left: an empty desk that stays after a crash is only in the way. One on which a page landed
        // since stays with it.
        match self.close_if(id, |_, _, layout| Ok(layout.pages.is_empty())) {
            Err(error) if error.kind == ErrorKind::DeskNotEmpty => Ok(made),
            closed => closed.map(|()| made),
        }
    }

    /// Copies of an owner that hold today, newest first: what the citizen need not bring again.
    ///
    /// # Errors
    /// Those of the store.
    pub fn stored_copies(&self, owner: &str) -> Result<Vec<CopyView>, CoreError> {
        let today = self.clock.now().format("%Y-%m-%d").to_string();
        let records = record::of_owner(self.store()?.read(), owner.trim(), &today)?;
        Ok(records.into_iter().map(CopyView::from).collect())
    }
}
