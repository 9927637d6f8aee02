//! A citizen's dossier at the counter: received, its papers decided and copied, moved, handed over.

use chrono::NaiveDate;
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

use super::App;
use super::clerks::Right;
use super::error::{CoreError, ErrorKind, word};
use super::request::{request_issues, tidied};
use super::results::ResultView;
use super::session::Session;
use crate::dossier::{
    Dossier, DossierCode, Event, Exemption, Holder, Move, NotNow, Paper, PaperState, Request, State, Step,
    Submission, provisional, result_number,
};
use crate::page::Severity;
use crate::store::{Store, desk, dossier, journal, outbox, record};
use crate::time::{Timestamp, rfc3339};

/// A dossier as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DossierView {
    /// Id.
    pub dossier: String,
    /// Code.
    pub code: String,
    /// The code is not an official one yet.
    pub provisional: bool,
    /// What was asked for.
    #[serde(flatten)]
    pub request: Request,
    /// Name of the procedure.
    pub procedure_name: String,
    /// Field of the procedure.
    pub field: String,
    /// Version of the catalogue it was received under.
    #[cfg_attr(test, ts(type = "number"))]
    pub catalogue: i64,
    /// Term as the procedure writes it.
    pub term: String,
    /// Received, RFC 3339.
    pub received_at: String,
    /// Due, RFC 3339.
    pub due_at: Option<String>,
    /// How near that is; `None` when nothing is due any more.
    pub due: Option<DueState>,
    /// Clerk who received it.
    pub receiver: String,
    /// Department that handles it.
    pub unit: String,
    /// Who has the papers themselves.
    pub holder: Holder,
    /// How far it is.
    pub state: State,
    /// The same as a number of the national packet.
    pub state_number: u8,
    /// The papers.
    pub papers: Vec<PaperView>,
    /// The results.
    pub results: Vec<ResultView>,
    /// Places of papers that are missing or still to be copied.
    pub missing: Vec<u32>,
    /// What may be done now.
    pub moves: Vec<Move>,
    /// What was done.
    pub steps: Vec<Step>,
}

/// A paper as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PaperView {
    /// The paper.
    #[serde(flatten)]
    pub paper: Paper,
    /// How it stands.
    pub state: PaperState,
    /// Why it is not copied.
    pub exemption: Option<Exemption>,
    /// Digitization code of its copy.
    pub code: Option<String>,
}

/// How near the due date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// There is time.
    InTerm,
    /// Today or tomorrow.
    Soon,
    /// It is past.
    Overdue,
}

/// What is known of a paper at the counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PaperWish {
    /// Place, from 1.
    pub place: u32,
    /// What is handed in; `None` = undecided.
    pub submission: Option<Submission>,
    /// Record or code of the stored copy, for [`Submission::InStore`].
    pub record: Option<String>,
    /// How many; `None` = as it is.
    pub count: Option<u32>,
    /// Note; `None` = as it is.
    pub note: Option<String>,
}

/// What a clerk takes in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reception {
    /// What is asked for.
    pub request: Request,
    /// What is known of its papers.
    pub papers: Vec<PaperWish>,
    /// Official code, where the agency has given one; else out of the reserved range, else provisional.
    pub code: Option<String>,
}

/// A place of a dossier that a copy is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Dossier and place.
    pub filed: record::Filed,
    /// Owner's number.
    pub owner: String,
    /// Code of the component: the type of the copy.
    pub component: String,
    /// Name of the paper.
    pub name: String,
}

/// A move somebody makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveWish {
    /// Which.
    pub moved: Move,
    /// Why.
    pub reason: String,
    /// To which department.
    pub unit: Option<String>,
    /// Who has the papers from now on.
    pub holder: Option<Holder>,
}

impl App {
    /// Takes a dossier in: code, due date, journal entry, place in the queue.
    ///
    /// # Errors
    /// [`ErrorKind::FieldIssues`], [`ErrorKind::NotFound`] for the procedure, a paper or a stored copy,
    /// [`ErrorKind::BadDossierCode`], [`ErrorKind::BadCalendar`], those of the store.
    pub fn receive(&self, session: &Session, reception: &Reception) -> Result<DossierView, CoreError> {
        self.receive_at(session, reception, None)
    }

    /// The same, from a desk that is the dossier's from then on.
    pub(super) fn receive_at(
        &self,
        session: &Session,
        reception: &Reception,
        desk: Option<&str>,
    ) -> Result<DossierView, CoreError> {
        let now = self.clock.now();
        let request = tidied(&reception.request);
        let issues = request_issues(&request, now.date_naive());
        if issues.iter().any(|issue| issue.severity == Severity::Blocking) {
            return Err(CoreError { issues, ..ErrorKind::FieldIssues.into() });
        }
        let mut store = self.store()?;
        let (catalogue, procedure) = self.procedure_in_force(&store, &request.procedure)?;
        let due_at = self.due_of(&procedure.term, &procedure.cutoff, now)?;
        let mut new = Dossier {
            id: self.new_id()?,
            code: String::new(),
            provisional: true,
            papers: Dossier::papers_of(&procedure),
            results: Vec::new(),
            catalogue,
            procedure_name: procedure.name,
            field: procedure.field,
            term: procedure.term,
            received_at: rfc3339(&now),
            due_at: due_at.as_ref().map(rfc3339),
            receiver: session.certificate.name.clone(),
            unit: String::new(),
            holder: Holder::Counter,
            state: State::Received,
            waiting_from: None,
            steps: vec![Step {
                at: rfc3339(&now),
                moved: Move::Receive,
                by: session.certificate.name.clone(),
                reason: String::new(),
            }],
            request,
        };
        for wish in &reception.papers {
            let missing = || CoreError::missing(wish.place);
            let paper = new.paper(wish.place).ok_or_else(missing)?;
            let paper = self.decided(&store, paper, &new.request.owner.number, wish, now)?;
            for known in new.papers.iter_mut().filter(|known| known.place == wish.place) {
                known.clone_from(&paper);
            }
        }
        let given = reception.code.as_deref().map(official).transpose()?;
        let dossier = store.transact(|change| -> Result<Dossier, CoreError> {
            (new.code, new.provisional) = match given {
                Some(code) => (code, false),
                None => self.allocate(change, session, &now)?,
            };
            if dossier::find(change, &new.code)?.is_some() {
                return Err(CoreError::new(ErrorKind::BadDossierCode).with("value", &new.code));
            }
            dossier::add(change, &new)?;
            write(change, session, &new.id, &Event::Received(Box::new(new.clone())), &now)?;
            if let Some(desk) = desk {
                desk::attach(change, desk, &new.id)?;
                // A step back would bring papers as they were before it was received.
                desk::settle(change, desk, &desk::layout(change, desk)?)?;
            }
            Ok(new)
        })?;
        self.view(store.read(), dossier)
    }

    /// The next number of the reserved range, or a provisional code.
    fn allocate(
        &self,
        change: &Transaction<'_>,
        session: &Session,
        now: &Timestamp,
    ) -> Result<(String, bool), CoreError> {
        let day = now.format("%y%m%d").to_string();
        let agency = &session.station.office_code;
        let mut taken = dossier::last_number(change, &day)?;
        while let Some(number) = self.settings.dossier_numbers.and_then(|range| range.next(taken)) {
            let code = DossierCode::new(agency, &day, number);
            taken = Some(number);
            // The agency may have given this very number by hand.
            if dossier::find(change, code.as_str())?.is_none() {
                dossier::take_number(change, &day, number)?;
                return Ok((code.as_str().to_owned(), false));
            }
        }
        let running = dossier::last_number(change, PROVISIONAL)?.unwrap_or(0) + 1;
        dossier::take_number(change, PROVISIONAL, running)?;
        Ok((provisional(&session.station.station, running.into()), true))
    }

    /// One dossier, by id or code.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of the store.
    pub fn dossier(&self, id_or_code: &str) -> Result<DossierView, CoreError> {
        let store = self.store()?;
        let dossier = found(&store, id_or_code)?;
        self.view(store.read(), dossier)
    }

    /// Dossiers received from one day to another, both included; newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub fn dossiers(
        &self,
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
    ) -> Result<Vec<DossierView>, CoreError> {
        let store = self.store()?;
        let from = from.map(|day| day.to_string()).unwrap_or_default();
        let until = until.and_then(|day| day.succ_opt()).map_or("9999".to_owned(), |day| day.to_string());
        let all = dossier::received(store.read(), &from, &until)?;
        all.into_iter().map(|dossier| self.view(store.read(), dossier)).collect()
    }

    /// The same with days as the window writes them, yyyy-mm-dd; empty = no bound.
    ///
    /// # Errors
    /// [`ErrorKind::BadTime`], those of the store.
    pub fn dossiers_between(&self, from: &str, until: &str) -> Result<Vec<DossierView>, CoreError> {
        let day = |text: &str| match text {
            "" => Ok(None),
            text => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map(Some)
                .map_err(|_| CoreError::new(ErrorKind::BadTime).with("text", text)),
        };
        self.dossiers(day(from)?, day(until)?)
    }

    /// The place a copy belongs to: by number, else by the type of paper, else the only one still to
    /// be copied.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none or several would do, those of the store.
    pub fn place_in(&self, id_or_code: &str, place: Option<u32>, kind: &str) -> Result<Place, CoreError> {
        let dossier = found(&self.store()?, id_or_code)?;
        let missing = dossier.missing();
        let fits = |paper: &&Paper| match place {
            Some(place) => paper.place == place,
            None if !kind.is_empty() => paper.component == kind,
            None => missing == [paper.place],
        };
        let what = place.map_or_else(|| kind.to_owned(), |place| place.to_string());
        let paper = dossier.papers.iter().find(fits);
        let paper = paper.ok_or_else(|| CoreError::missing(what))?;
        Ok(Place {
            filed: record::Filed { dossier: dossier.id.clone(), place: paper.place },
            owner: dossier.request.owner.number.clone(),
            component: paper.component.clone(),
            name: paper.name.clone(),
        })
    }

    /// Decides about a paper.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of [`NotNow`], those of the store.
    pub fn set_paper(
        &self,
        session: &Session,
        id_or_code: &str,
        wish: &PaperWish,
    ) -> Result<DossierView, CoreError> {
        let mut store = self.store()?;
        let now = self.clock.now();
        let dossier = found(&store, id_or_code)?;
        let missing = || CoreError::missing(wish.place);
        let paper = dossier.paper(wish.place).ok_or_else(missing)?;
        let paper = self.decided(&store, paper, &dossier.request.owner.number, wish, now)?;
        self.happens(&mut store, session, id_or_code, &Event::PaperSet { paper }, now)
    }

    /// Moves a dossier. Handing over is [`App::forward`].
    ///
    /// # Errors
    /// [`ErrorKind::IllegalMove`], [`ErrorKind::ReasonMissing`], those of the store.
    pub fn move_dossier(
        &self,
        session: &Session,
        id_or_code: &str,
        wish: &MoveWish,
    ) -> Result<DossierView, CoreError> {
        let now = self.clock.now();
        let event = moved(session, wish, &now)?;
        self.happens(&mut self.store()?, session, id_or_code, &event, now)
    }

    /// Gives a dossier its official code.
    ///
    /// # Errors
    /// [`ErrorKind::BadDossierCode`], [`ErrorKind::AlreadyNumbered`], those of the store.
    pub fn number_dossier(
        &self,
        session: &Session,
        id_or_code: &str,
        code: &str,
    ) -> Result<DossierView, CoreError> {
        let code = official(code)?;
        let mut store = self.store()?;
        if dossier::find(store.read(), &code)?.is_some() {
            return Err(CoreError::new(ErrorKind::BadDossierCode).with("value", code));
        }
        self.happens(&mut store, session, id_or_code, &Event::Numbered { code }, self.clock.now())
    }

    pub(super) fn happens(
        &self,
        store: &mut Store,
        session: &Session,
        id_or_code: &str,
        event: &Event,
        now: Timestamp,
    ) -> Result<DossierView, CoreError> {
        let next = store.transact(|change| -> Result<Dossier, CoreError> {
            let missing = || CoreError::missing(id_or_code);
            let before = dossier::find(change, id_or_code)?.ok_or_else(missing)?;
            let next = before.after(event).map_err(|why| not_now(&before, why))?;
            dossier::put(change, &next)?;
            write(change, session, &next.id, event, &now)?;
            Ok(next)
        })?;
        self.view(store.read(), next)
    }

    /// A paper as the clerk decided, checked: a stored copy must be there, be this owner's and hold.
    pub(super) fn decided(
        &self,
        store: &Store,
        paper: &Paper,
        owner: &str,
        wish: &PaperWish,
        now: Timestamp,
    ) -> Result<Paper, CoreError> {
        let missing = |what: &dyn ToString| CoreError::missing(what.to_string());
        let mut paper = paper.clone();
        paper.submission = wish.submission;
        paper.count = wish.count.unwrap_or(paper.count);
        if let Some(note) = &wish.note {
            note.trim().clone_into(&mut paper.note);
        }
        paper.record = None;
        if let (Some(Submission::InStore), Some(wanted)) = (wish.submission, &wish.record) {
            let stored = record::find(store.read(), wanted)?.or(record::by_code(store.read(), wanted)?);
            let stored = stored.ok_or_else(|| missing(wanted))?;
            let unusable = |reason: &str| {
                CoreError::new(ErrorKind::NotReusable).with("name", &stored.name).with("reason", reason)
            };
            if owner.is_empty() || stored.parts.owner != owner {
                return Err(unusable("another_owner"));
            }
            if !stored.valid_until.is_empty() && stored.valid_until < now.format("%Y-%m-%d").to_string() {
                return Err(unusable("expired"));
            }
            paper.record = Some(stored.id);
        }
        Ok(paper)
    }

    pub(super) fn view(&self, db: &Connection, dossier: Dossier) -> Result<DossierView, CoreError> {
        let now = self.clock.now();
        let missing = dossier.missing();
        let moves = dossier.state.moves(dossier.waiting_from);
        let open = matches!(
            dossier.state,
            State::Registered
                | State::Received
                | State::InProgress
                | State::SupplementAsked
                | State::FeeAsked
        );
        let due =
            dossier.due_at.as_deref().filter(|_| open).and_then(|at| Timestamp::parse_from_rfc3339(at).ok());
        let due = due.map(|at| match (at - now).num_days() {
            _ if at < now => DueState::Overdue,
            _ if (at.date_naive() - now.date_naive()).num_days() <= 1 => DueState::Soon,
            _ => DueState::InTerm,
        });
        let results = self.results(db, &dossier)?;
        let papers = dossier
            .papers
            .into_iter()
            .map(|paper| {
                let copy = match &paper.record {
                    Some(id) => record::find(db, id)?,
                    None => None,
                };
                Ok(PaperView {
                    state: paper.state(),
                    exemption: paper.exemption(),
                    code: copy.map(|copy| copy.code),
                    paper,
                })
            })
            .collect::<Result<_, CoreError>>()?;
        Ok(DossierView {
            dossier: dossier.id,
            code: dossier.code,
            provisional: dossier.provisional,
            request: dossier.request,
            procedure_name: dossier.procedure_name,
            field: dossier.field,
            catalogue: dossier.catalogue,
            term: dossier.term,
            received_at: dossier.received_at,
            due_at: dossier.due_at,
            due,
            receiver: dossier.receiver,
            unit: dossier.unit,
            holder: dossier.holder,
            state: dossier.state,
            state_number: dossier.state.number(),
            papers,
            results,
            missing,
            moves,
            steps: dossier.steps,
        })
    }
}

/// Day under which provisional numbers are counted.
const PROVISIONAL: &str = "provisional";

pub(super) fn found(store: &Store, id_or_code: &str) -> Result<Dossier, CoreError> {
    let missing = || CoreError::missing(id_or_code);
    dossier::find(store.read(), id_or_code)?.ok_or_else(missing)
}

/// One journal entry and its place in the queue.
pub(super) fn write(
    change: &Transaction<'_>,
    session: &Session,
    id: &str,
    event: &Event,
    now: &Timestamp,
) -> Result<(), CoreError> {
    session.may(match event {
        Event::PaperLeftOut { place, .. } if result_number(*place).is_some() => Right::Agency,
        _ => Right::Counter,
    })?;
    let facts =
        serde_json::to_value(event).map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
    let at = rfc3339(now);
    let entry = journal::Entry { kind: event.kind(), subject: id, at: &at, by: session.clerk_id, facts };
    let seq = journal::append(change, &session.station_key, &session.station.station, &entry)?;
    Ok(outbox::add(change, seq, id)?)
}

pub(super) fn moved(session: &Session, wish: &MoveWish, now: &Timestamp) -> Result<Event, CoreError> {
    let reason = wish.reason.trim().to_owned();
    if wish.moved.needs_reason() && reason.is_empty() {
        return Err(ErrorKind::ReasonMissing.into());
    }
    let step = Step { at: rfc3339(now), moved: wish.moved, by: session.certificate.name.clone(), reason };
    Ok(Event::Moved { step, unit: wish.unit.clone(), holder: wish.holder })
}

fn official(code: &str) -> Result<String, CoreError> {
    let code = code.trim();
    let bad = |_| CoreError::new(ErrorKind::BadDossierCode).with("value", code);
    Ok(code.parse::<DossierCode>().map_err(bad)?.as_str().to_owned())
}

/// Why something cannot be done now, with the names of the papers.
pub(super) fn not_now(dossier: &Dossier, why: NotNow) -> CoreError {
    let name = |place: u32| {
        let label = result_number(place).map_or_else(|| place.to_string(), |number| format!("KQ{number}"));
        dossier.paper(place).map_or_else(|| label.clone(), |paper| format!("{label}. {}", paper.name))
    };
    let error = match why {
        NotNow::Illegal(illegal) => CoreError::new(ErrorKind::IllegalMove)
            .with("state", word(&illegal.state))
            .with("move", word(&illegal.moved)),
        NotNow::NoSuchPaper(place) => CoreError::missing(place),
        NotNow::Copied(place) => CoreError::new(ErrorKind::PaperCopied).with("paper", name(place)),
        NotNow::Exempt(place, reason) => {
            CoreError::new(ErrorKind::PaperExempt).with("paper", name(place)).with("exemption", word(&reason))
        }
        NotNow::Closed(state) => CoreError::new(ErrorKind::DossierClosed).with("state", word(&state)),
        NotNow::Incomplete(places) => {
            let names: Vec<_> = places.into_iter().map(name).collect();
            CoreError::new(ErrorKind::DossierIncomplete).with("papers", names.join("; "))
        }
        NotNow::NoResultYet(state) => CoreError::new(ErrorKind::NoResultYet).with("state", word(&state)),
        NotNow::NotNumbered => CoreError::new(ErrorKind::NumberMissing),
        NotNow::Numbered => CoreError::new(ErrorKind::AlreadyNumbered),
    };
    error.with("dossier", &dossier.code)
}
