//! Review and sign: the papers that wait on the desks, the exact bytes of each to look at, and one PIN
//! for all that were looked at.
//!
//! A paper is assembled, marked and written once, when the review begins; its pictures are drawn from
//! that file, and the same file gets the signature. A paper that changes meanwhile is prepared anew,
//! and must be looked at again.

mod gather;
mod sign;
mod signers;

use std::fs::File;
use std::sync::MutexGuard;

use serde::{Deserialize, Serialize};

use super::App;
use super::digitize::Spot;
use super::error::{CoreError, ErrorKind};
use super::prepare::Prepared;
use super::session::Session;
use crate::dossier::Event;
use crate::isolate::Unstamped;
use crate::page::Finding;
use crate::pdf::place::{Place, Step};
use crate::sign::Level;
use crate::sign::certificate::Certificate;
use crate::sign::signer::{SignatureAlgorithm, TokenError};
use crate::sign::verify::SignatureReport;
use crate::store::desk::{DeskPage, LOOSE};
use crate::store::{Store, desk};
use crate::time::Timestamp;
use crate::words::tidy;

pub use signers::{SignerChoice, SignerDoubt, SignerView};

/// The review as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReviewView {
    /// Papers, those of the desk shown first.
    pub papers: Vec<ReviewPaper>,
    /// Who can sign: the clerk's local key, then the keys on tokens.
    pub signers: Vec<SignerView>,
    /// Who will sign: the mark bears that name.
    pub signer: SignerChoice,
    /// Results are shown, to be signed for the agency; else papers, signed by the clerk who copied them.
    pub agency: bool,
    /// How many wait of the other kind.
    pub others: u32,
    /// What is wrong with tokens that do not show.
    pub problems: Vec<TokenError>,
}

/// A paper under review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReviewPaper {
    /// Where its pages lie.
    pub spot: Spot,
    /// Code of its dossier; empty for a single paper.
    pub dossier: String,
    /// Name of the owner, where a dossier tells it.
    pub owner: String,
    /// Name of the paper.
    pub name: String,
    /// Digitization code that stands in the mark.
    pub code: String,
    /// Pages.
    pub pages: u32,
    /// Id of the prepared bytes, for their pictures; another one as soon as a byte differs.
    pub picture: String,
    /// How it stands.
    pub state: ReviewState,
    /// It is signed already and stays as it is.
    pub kept_whole: bool,
    /// That signature does not hold: the paper is kept only for a reason.
    pub in_doubt: bool,
    /// The signatures it came with.
    pub signatures: Vec<SignatureReport>,
    /// The mark has a band of its own above the page.
    pub band: bool,
    /// What was found on its pages.
    pub findings: Vec<Finding>,
    /// Why it is left out.
    pub reason: String,
    /// Why it cannot be signed, or was not.
    pub error: Option<CoreError>,
    /// Record of the signed copy.
    pub record: Option<String>,
    /// Level of its signature; `None` as well for one that was kept as it came in.
    pub level: Option<Level>,
    /// Why it got no time-stamp though an authority is named in the settings.
    pub unstamped: Option<Unstamped>,
}

/// How a paper under review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// It waits.
    Waiting,
    /// The clerk left it out, for a reason.
    LeftOut,
    /// Something must be mended first.
    Blocked,
    /// Signed, read again and verified.
    Signed,
    /// It was to be signed and is not.
    Failed,
}

/// Begin a review, or look again.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReviewWish {
    /// The desk shown: its papers come first.
    pub desk: String,
    /// Who is to sign; `None` = the clerk's own token where it is plugged in, else the local key.
    pub signer: Option<SignerChoice>,
    /// Results and not papers; `None` = as the desk shown needs it.
    #[serde(default)]
    pub agency: Option<bool>,
}

/// Move the mark of a paper.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NudgeMark {
    /// The paper.
    pub spot: Spot,
    /// Where to: the next free place in that direction.
    pub step: Step,
}

/// Leave a paper out.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LeaveOut {
    /// The paper.
    pub spot: Spot,
    /// Why; empty = take it in again.
    pub reason: String,
}

/// A paper that was looked at: these bytes and no others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Seen {
    /// The paper.
    pub spot: Spot,
    /// Id of the bytes that were shown.
    pub picture: String,
    /// Why it is kept though the signature it came with does not hold; recorded with each page. Else empty.
    #[serde(default)]
    pub reason: String,
}

/// Sign what was looked at.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignPapers {
    /// The papers; what was found on them is accepted, but for a signature that does not hold: that asks for a reason.
    pub papers: Vec<Seen>,
    /// PIN of the key or token. Tried once.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: crate::sign::key::Secret,
}

/// What is being reviewed. Lives as long as the program; the files are in the work folder.
#[derive(Debug, Default)]
pub(super) struct Review {
    items: Vec<Item>,
    by: Option<By>,
    signers: Vec<SignerView>,
    problems: Vec<TokenError>,
    agency: bool,
    others: u32,
    /// Running numbers that were taken and are on no signed paper.
    spare: Vec<u64>,
    /// Papers are being signed.
    busy: bool,
    /// Keeps the work folder from being swept.
    held: Option<File>,
}

/// Who will sign.
#[derive(Debug, Clone)]
struct By {
    /// Row of the local key; `None` = a token's.
    local: Option<i64>,
    choice: SignerChoice,
    certificate: Certificate,
    scheme: SignatureAlgorithm,
}

#[derive(Debug)]
struct Item {
    paper: ReviewPaper,
    /// Everything its bytes come from, in short.
    origin: String,
    pages: Vec<DeskPage>,
    prepared: Option<Prepared>,
    /// How often it was written.
    version: u32,
}

/// Bytes older than this are prepared and looked at anew: the time of copying that stands in them is
/// also the time the signer claims.
const FRESH_MINUTES: i64 = 60;

impl Item {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let oldest = now - chrono::Duration::minutes(FRESH_MINUTES);
        self.prepared.as_ref().is_some_and(|prepared| prepared.at > oldest)
    }

    fn written(&mut self) {
        self.version += 1;
        let draft = self.prepared.as_ref().and_then(|prepared| prepared.draft.as_ref());
        self.paper.band = draft.is_some_and(|draft| matches!(draft.place(), Place::Band(_)));
        self.paper.picture =
            self.prepared.as_ref().map(|p| format!("{}-{}", p.id, self.version)).unwrap_or_default();
    }
}

impl Review {
    fn view(&self) -> ReviewView {
        ReviewView {
            papers: self.items.iter().map(|item| item.paper.clone()).collect(),
            signers: self.signers.clone(),
            signer: self.by.as_ref().map(|by| by.choice.clone()).unwrap_or_default(),
            problems: self.problems.clone(),
            agency: self.agency,
            others: self.others,
        }
    }

    fn item(&mut self, spot: &Spot) -> Result<&mut Item, CoreError> {
        let busy = self.busy;
        let found = self.items.iter_mut().find(|item| item.paper.spot == *spot);
        found.filter(|_| !busy).ok_or_else(|| ErrorKind::ReviewStale.into())
    }
}

impl App {
    fn under_review(&self) -> Result<MutexGuard<'_, Review>, CoreError> {
        self.review.lock().map_err(|_| ErrorKind::Internal.into())
    }

    /// Moves the mark of a paper to the next free place in a direction; its bytes are written anew.
    ///
    /// # Errors
    /// [`ErrorKind::MarkStuck`], [`ErrorKind::ReviewStale`], those of the disk.
    pub fn nudge_mark(&self, wish: &NudgeMark) -> Result<ReviewPaper, CoreError> {
        let blobs = Store::blobs_of(&self.home);
        let mut review = self.under_review()?;
        let item = review.item(&wish.spot)?;
        let draft = item.prepared.as_mut().and_then(|prepared| prepared.draft.as_mut());
        let draft = draft.ok_or(ErrorKind::MarkStuck)?;
        let moved = draft.nudged(&blobs, wish.step)?.ok_or(ErrorKind::MarkStuck)?;
        if moved.place() == draft.place() {
            // It stands there already: what was looked at is what lies there.
            return Ok(item.paper.clone());
        }
        *draft = moved;
        item.written();
        Ok(item.paper.clone())
    }

    /// Leaves a paper out for a reason, or takes it in again.
    ///
    /// # Errors
    /// [`ErrorKind::ReviewStale`], those of the store.
    pub fn leave_out(&self, session: &Session, wish: &LeaveOut) -> Result<ReviewView, CoreError> {
        let mut review = self.under_review()?;
        let item = review.item(&wish.spot)?;
        if !matches!(item.paper.state, ReviewState::Waiting | ReviewState::LeftOut | ReviewState::Failed) {
            return Err(ErrorKind::ReviewStale.into());
        }
        let reason = tidy(&wish.reason);
        if wish.spot.desk == LOOSE {
            self.type_at(LOOSE, |typed| typed.left_out.clone_from(&reason))?;
        } else {
            let mut store = self.store()?;
            let row = desk::find(store.read(), &wish.spot.desk)?;
            let id = row.and_then(|row| row.dossier).ok_or(ErrorKind::NotReceived)?;
            let event = Event::PaperLeftOut { place: wish.spot.place, reason: reason.clone() };
            self.happens(&mut store, session, &id, &event, self.clock.now())?;
        }
        item.paper.state = if reason.is_empty() { ReviewState::Waiting } else { ReviewState::LeftOut };
        (item.paper.reason, item.paper.error) = (reason, None);
        Ok(review.view())
    }

    /// Puts a copy of prepared bytes where they can be looked at.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when those bytes are no more, [`ErrorKind::OutputExists`], those of the disk.
    pub fn lend_prepared(&self, picture: &str, out: &std::path::Path) -> Result<(), CoreError> {
        let missing = || CoreError::missing(picture);
        let review = self.under_review()?;
        let item = review.items.iter().find(|item| item.paper.picture == picture).ok_or_else(missing)?;
        let from = item.prepared.as_ref().and_then(Prepared::path).ok_or_else(missing)?;
        self.is_free(out)?;
        std::fs::copy(from, out)?;
        Ok(())
    }

    /// Draws a page (from 0) of prepared bytes as JPEG, at most `width` px wide.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when those bytes are no more.
    pub fn prepared_picture(&self, picture: &str, page: u32, width: u32) -> Result<Vec<u8>, CoreError> {
        let missing = || CoreError::missing(picture);
        let (path, page) = {
            let review = self.under_review()?;
            let item = review.items.iter().find(|item| item.paper.picture == picture).ok_or_else(missing)?;
            match (&item.paper.record, &item.prepared) {
                (Some(record), _) => (self.copy_file(record)?, page),
                (None, Some(prepared)) => (prepared.path().ok_or_else(missing)?.to_path_buf(), page),
                (None, None) => return Err(missing()),
            }
        };
        let drawn = Store::blobs_of(&self.home).work_file()?;
        if !self.readers.picture(&path, page, (width.clamp(16, 4000), 0, None), drawn.path())? {
            return Err(missing());
        }
        Ok(std::fs::read(drawn.path())?)
    }
}
