//! Results (kết quả giải quyết): what the department decided comes back to the counter, is copied and
//! signed for the agency. Only then is it an electronic result; scanned and unsigned it is not, and says
//! so.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::App;
use super::desk::DraftView;
use super::dossier::{DossierView, found, not_now};
use super::error::{CoreError, ErrorKind};
use super::session::Session;
use crate::dossier::{Dossier, Event, Paper, result_number};
use crate::store::{desk, record};

/// A result as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ResultView {
    /// The result; its place is where its pages lie.
    #[serde(flatten)]
    pub paper: Paper,
    /// Which result of its dossier, from 1.
    pub number: u32,
    /// How it stands.
    pub state: ResultState,
    /// Code of the electronic result.
    pub code: Option<String>,
}

/// How a result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ResultState {
    /// It is known of, and no page of it is here.
    Awaited,
    /// Scanned, and not signed by the agency: no electronic result.
    Scanned,
    /// Scanned, and left unsigned for a reason.
    LeftOut,
    /// An electronic result: signed, read again and verified.
    Signed,
}

/// A result that came.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AddResult {
    /// Desk its dossier lies on.
    pub desk: String,
    /// Code of the result, as the procedure names it, e.g. `KQ.G15.000031`.
    pub code: String,
    /// Its name; empty = the procedure's name for that code.
    pub name: String,
}

impl App {
    /// Enters a result of a dossier.
    ///
    /// # Errors
    /// [`ErrorKind::NoResultYet`], [`ErrorKind::NumberMissing`], [`ErrorKind::ResultUnknown`] when the
    /// procedure has no result of that code and no name was given either; those of the store.
    pub fn add_result(
        &self,
        session: &Session,
        dossier: &str,
        code: &str,
        name: &str,
    ) -> Result<DossierView, CoreError> {
        let mut store = self.store()?;
        let known = found(&store, dossier)?;
        let procedure =
            crate::store::catalogue::procedure(store.read(), known.catalogue, &known.request.procedure)?;
        let told = procedure.iter().flat_map(|p| &p.results).find(|result| result.code == code.trim());
        let name = match (name.trim(), told) {
            ("", Some(told)) => told.name.as_str(),
            (name, _) => name,
        };
        if name.is_empty() || code.trim().is_empty() {
            return Err(CoreError::new(ErrorKind::ResultUnknown).with("code", code.trim()));
        }
        let paper = Paper::result(code.trim(), name, known.next_result());
        self.happens(&mut store, session, dossier, &Event::ResultCame { paper }, self.clock.now())
    }

    /// The same, of the dossier on a desk.
    ///
    /// # Errors
    /// [`ErrorKind::NotReceived`]; as [`App::add_result`].
    pub fn add_result_at(&self, session: &Session, wish: &AddResult) -> Result<DraftView, CoreError> {
        let dossier = desk::find(self.store()?.read(), &wish.desk)?.and_then(|row| row.dossier);
        self.add_result(session, &dossier.ok_or(ErrorKind::NotReceived)?, &wish.code, &wish.name)?;
        self.desk(&wish.desk)
    }

    /// The results of a dossier, with what lies on its desk.
    pub(super) fn results(&self, db: &Connection, dossier: &Dossier) -> Result<Vec<ResultView>, CoreError> {
        if dossier.results.is_empty() {
            return Ok(Vec::new());
        }
        let rows = desk::all(db)?;
        let laid = match rows.iter().find(|row| row.dossier.as_deref() == Some(&dossier.id)) {
            Some(row) => desk::layout(db, &row.id)?.pages,
            None => Vec::new(),
        };
        let view = |paper: &Paper| {
            let copy = match &paper.record {
                Some(id) => record::find(db, id)?,
                None => None,
            };
            let scanned = laid.iter().any(|page| page.place == paper.place && !page.blank);
            Ok(ResultView {
                number: result_number(paper.place).unwrap_or_default(),
                state: match (&paper.record, scanned) {
                    (Some(_), _) => ResultState::Signed,
                    (None, true) if !paper.left_out.is_empty() => ResultState::LeftOut,
                    (None, true) => ResultState::Scanned,
                    (None, false) => ResultState::Awaited,
                },
                code: copy.map(|copy| copy.code),
                paper: paper.clone(),
            })
        };
        dossier.results.iter().map(view).collect()
    }

    /// The code an electronic result is stored under: the dossier's, and which result it is.
    ///
    /// # Errors
    /// [`ErrorKind::NumberMissing`] while the dossier has no official code.
    pub(super) fn result_code(&self, dossier: &Dossier, number: u32) -> Result<String, CoreError> {
        if dossier.provisional {
            return Err(not_now(dossier, crate::dossier::NotNow::NotNumbered));
        }
        let day = self.clock.now().format("%Y-%m-%d").to_string();
        Ok(crate::code::result_code_on(&day, &dossier.code, number)?)
    }
}
