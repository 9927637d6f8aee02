//! A citizen's case: who asks, what for, which papers, how far it is. Pure values: a dossier is what
//! its events made of it, so the journal can be replayed and compared.

mod code;
mod paper;
mod progress;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use code::{DossierCode, Range, provisional};
pub use paper::{Exemption, Paper, PaperState, Submission};
pub use progress::{Illegal, Move, State};

use crate::catalogue::Procedure;

/// A dossier (hồ sơ). Times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Dossier {
    /// Id (UUID version 7).
    pub id: String,
    /// Code of the dossier; while it has none of the agency's numbers, a provisional one.
    pub code: String,
    /// The code is not an official one yet ("chờ cấp số").
    pub provisional: bool,
    /// What was asked for.
    #[serde(flatten)]
    pub request: Request,
    /// Version of the catalogue it was received under.
    #[cfg_attr(test, ts(type = "number"))]
    pub catalogue: i64,
    /// Name of the procedure.
    pub procedure_name: String,
    /// Field of the procedure.
    pub field: String,
    /// Term as the procedure writes it; empty = not said.
    pub term: String,
    /// Received.
    pub received_at: String,
    /// Due; `None` when the procedure says no term.
    pub due_at: Option<String>,
    /// Clerk who received it.
    pub receiver: String,
    /// Department that handles it; empty while it is at the counter.
    pub unit: String,
    /// Who has the papers themselves.
    pub holder: Holder,
    /// Papers, by place from 1.
    pub papers: Vec<Paper>,
    /// What it comes to (kết quả giải quyết), by place from [`RESULTS`] + 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Paper>,
    /// How far it is.
    pub state: State,
    /// The state it was in before it had to wait for somebody.
    pub waiting_from: Option<State>,
    /// Everything that moved it, oldest first.
    pub steps: Vec<Step>,
}

/// Places above this are those of results: [`RESULTS`] + n is the n-th result of a dossier.
pub const RESULTS: u32 = 1000;

/// Which result of its dossier lies at a place, from 1; `None` for a paper.
#[must_use]
pub fn result_number(place: u32) -> Option<u32> {
    place.checked_sub(RESULTS).filter(|number| *number > 0)
}

/// What somebody asks for, as the clerk types it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Request {
    /// Code of the procedure.
    pub procedure: String,
    /// How it came.
    pub channel: Channel,
    /// Whose case it is (chủ hồ sơ).
    pub owner: Party,
    /// Who brings it (người nộp), when that is somebody else, authorised.
    pub submitter: Option<Party>,
    /// Abstract (trích yếu).
    pub abstract_text: String,
    /// Sets of papers handed in.
    pub sets: u32,
    /// How the result goes back; `None` = not said.
    pub way_of_return: Option<WayOfReturn>,
}

/// How a dossier came. Numbers as in the national packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 1: at this counter.
    #[default]
    InPerson,
    /// 2.
    Online,
    /// 3.
    Post,
}

/// A citizen, enterprise or agency.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Party {
    /// What it is; `None` = not said.
    pub kind: Option<PartyKind>,
    /// Personal number, tax code or agency code; empty if none.
    pub number: String,
    /// Name.
    pub name: String,
    /// Birth, as exactly as it is known: yyyy-mm-dd, yyyy-mm or yyyy; empty = not said.
    pub birth: String,
    /// Sex as the card says it; empty = not said.
    pub sex: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
}

/// Personal data stays out of logs.
impl std::fmt::Debug for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Party").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What a party is. Numbers as in the national packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 1.
    Citizen,
    /// 2.
    Enterprise,
    /// 3.
    Agency,
    /// 4.
    Other,
}

/// How a result goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WayOfReturn {
    /// At this counter.
    Counter,
    /// By public post.
    Post,
    /// Online.
    Online,
}

/// Who has the papers themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// They were given back.
    Citizen,
    /// The counter keeps them.
    Counter,
    /// They went to the department.
    Department,
}

/// One move of a dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Step {
    /// When.
    pub at: String,
    /// Which.
    #[serde(rename = "move")]
    pub moved: Move,
    /// Who made it.
    pub by: String,
    /// Why, where a reason is asked for.
    pub reason: String,
}

/// What happens to a dossier. Each is one entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was taken in.
    Received(Box<Dossier>),
    /// What is known of a paper changed.
    PaperSet {
        /// The paper as it is now.
        paper: Paper,
    },
    /// A paper became a signed copy.
    PaperCopied {
        /// Place, from 1.
        place: u32,
        /// Record of the copy.
        record: String,
    },
    /// A paper that waits for its signature is left out for a reason, or no longer.
    PaperLeftOut {
        /// Place, from 1.
        place: u32,
        /// Why; empty = it is taken in again.
        reason: String,
    },
    /// It moved.
    Moved {
        /// The move.
        step: Step,
        /// The department, when it is forwarded.
        unit: Option<String>,
        /// Who has the papers from now on, when that is said.
        holder: Option<Holder>,
    },
    /// A result came from the department.
    ResultCame {
        /// The result, at the next place.
        paper: Paper,
    },
    /// It got its official code.
    Numbered {
        /// The code.
        code: String,
    },
}

impl Event {
    /// Kind of its journal entry.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Received(_) => "dossier_received",
            Self::PaperSet { .. } => "dossier_paper_set",
            Self::PaperCopied { .. } => "digitized",
            Self::PaperLeftOut { .. } => "dossier_paper_left_out",
            Self::Moved { .. } => "dossier_moved",
            Self::ResultCame { .. } => "dossier_result_came",
            Self::Numbered { .. } => "dossier_numbered",
        }
    }
}

/// Why something cannot be done to a dossier now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// The move does not follow from the state.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// There is no such paper.
    #[error("no paper {0}")]
    NoSuchPaper(u32),
    /// The paper is a signed copy already.
    #[error("paper {0} is copied already")]
    Copied(u32),
    /// The paper must not be copied, for this reason.
    #[error("paper {0} is not to be copied")]
    Exempt(u32, Exemption),
    /// The dossier has left the counter or is closed.
    #[error("the dossier is closed for this")]
    Closed(State),
    /// The department works at it or has done: before that there is no result.
    #[error("there is no result yet")]
    NoResultYet(State),
    /// A result bears the official code, and there is none yet.
    #[error("it has no official code yet")]
    NotNumbered,
    /// Papers are missing or not copied yet, by place.
    #[error("papers are missing")]
    Incomplete(Vec<u32>),
    /// It has an official code already.
    #[error("it has an official code")]
    Numbered,
}

impl Dossier {
    /// The papers a procedure asks for, nothing decided yet.
    #[must_use]
    pub fn papers_of(procedure: &Procedure) -> Vec<Paper> {
        procedure.papers.iter().zip(1..).map(|(component, place)| Paper::asked(component, place)).collect()
    }

    /// The paper or result at a place.
    #[must_use]
    pub fn paper(&self, place: u32) -> Option<&Paper> {
        self.papers.iter().chain(&self.results).find(|paper| paper.place == place)
    }

    fn paper_mut(&mut self, place: u32) -> Option<&mut Paper> {
        self.papers.iter_mut().chain(&mut self.results).find(|paper| paper.place == place)
    }

    /// The place the next result gets.
    #[must_use]
    pub fn next_result(&self) -> u32 {
        self.results.last().map_or(RESULTS, |last| last.place) + 1
    }

    /// Whether results come now: the department works at it, or has done.
    fn has_results(&self) -> Result<(), NotNow> {
        match self.state {
            State::InProgress | State::FeeAsked | State::Done | State::Returned => Ok(()),
            state => Err(NotNow::NoResultYet(state)),
        }
    }

    /// Places of required papers nothing is decided about, and of papers still to be copied.
    #[must_use]
    pub fn missing(&self) -> Vec<u32> {
        let open = |paper: &&Paper| matches!(paper.state(), PaperState::Missing | PaperState::ToCopy);
        self.papers.iter().filter(open).map(|paper| paper.place).collect()
    }

    /// Whether an event may happen now.
    ///
    /// # Errors
    /// [`NotNow`].
    pub fn allows(&self, event: &Event) -> Result<(), NotNow> {
        let at_counter = matches!(self.state, State::Registered | State::Received | State::SupplementAsked);
        let still_open = |place: u32| {
            let paper = self.paper(place).ok_or(NotNow::NoSuchPaper(place))?;
            match paper.record {
                Some(_) if result_number(place).is_some() => Err(NotNow::Copied(place)),
                None if result_number(place).is_some() => self.has_results().map(|()| paper),
                _ if !at_counter => Err(NotNow::Closed(self.state)),
                Some(_) if paper.submission != Some(Submission::InStore) => Err(NotNow::Copied(place)),
                _ => Ok(paper),
            }
        };
        match event {
            Event::Received(_) => Err(NotNow::Closed(self.state)),
            Event::PaperSet { paper } if result_number(paper.place).is_some() => {
                Err(NotNow::NoSuchPaper(paper.place))
            }
            Event::PaperSet { paper } => still_open(paper.place).map(|_| ()),
            Event::PaperLeftOut { place, .. } => still_open(*place).map(|_| ()),
            Event::PaperCopied { place, .. } => match still_open(*place)?.exemption() {
                Some(reason) => Err(NotNow::Exempt(*place, reason)),
                None => Ok(()),
            },
            Event::Moved { step, .. } => {
                self.state.after(step.moved, self.waiting_from)?;
                match self.missing() {
                    missing if step.moved == Move::Forward && !missing.is_empty() => {
                        Err(NotNow::Incomplete(missing))
                    }
                    _ => Ok(()),
                }
            }
            Event::ResultCame { paper } if paper.place != self.next_result() => {
                Err(NotNow::NoSuchPaper(paper.place))
            }
            Event::ResultCame { .. } if self.provisional => Err(NotNow::NotNumbered),
            Event::ResultCame { .. } => self.has_results(),
            Event::Numbered { .. } if !self.provisional => Err(NotNow::Numbered),
            Event::Numbered { .. } => Ok(()),
        }
    }

    /// The dossier after an event.
    ///
    /// # Errors
    /// [`NotNow`]; then it is as before.
    pub fn after(&self, event: &Event) -> Result<Self, NotNow> {
        self.allows(event)?;
        let mut next = self.clone();
        match event {
            Event::Received(dossier) => next = dossier.as_ref().clone(),
            Event::PaperSet { paper } => {
                if let Some(known) = next.paper_mut(paper.place) {
                    known.clone_from(paper);
                }
            }
            Event::PaperCopied { place, record } => {
                if let Some(known) = next.paper_mut(*place) {
                    // Only what is handed in as an original or electronic file may be copied.
                    known.submission.get_or_insert(Submission::Original);
                    known.record = Some(record.clone());
                    known.left_out.clear();
                }
            }
            Event::PaperLeftOut { place, reason } => {
                if let Some(known) = next.paper_mut(*place) {
                    known.left_out.clone_from(reason);
                }
            }
            Event::Moved { step, unit, holder } => {
                let state = self.state.after(step.moved, self.waiting_from)?;
                next.waiting_from = state.is_waiting().then_some(self.waiting_from.unwrap_or(self.state));
                next.state = state;
                next.unit = unit.clone().unwrap_or(next.unit);
                next.holder = holder.unwrap_or(next.holder);
                next.steps.push(step.clone());
            }
            Event::ResultCame { paper } => next.results.push(paper.clone()),
            Event::Numbered { code } => {
                next.code.clone_from(code);
                next.provisional = false;
            }
        }
        Ok(next)
    }
}
