//! What the window asks for: the requests of the commands, as they cross.

use serde::{Deserialize, Serialize};

use super::{Edit, Fields, FormKind, Holder, Landing, Mend, Move, PaperWish, Request, Spot, Work};

/// Print the result of verifying a file.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PrintVerdict {
    /// A copy of ours; `None` = the file that was chosen or dropped last.
    pub record: Option<String>,
}

/// A PIN on its way to the key. Wiped when dropped.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Unlock {
    /// Row of the clerk; `None` = the only one there is.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub clerk: Option<i64>,
    /// The PIN.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: crate::sign::key::Secret,
}

/// One desk.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeskId {
    /// Id; `loose` is the desk for single papers.
    pub desk: String,
}

/// Open a desk.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OpenDesk {
    /// A dossier that was received before; `None` = a new one.
    pub dossier: Option<String>,
}

/// Take a desk away.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CloseDesk {
    /// Id.
    pub desk: String,
    /// Also when something on it is kept nowhere else.
    pub discard: bool,
}

/// Turn pages.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RotatePages {
    /// Desk.
    pub desk: String,
    /// Ids.
    pub pages: Vec<String>,
    /// Clockwise quarter turns; negative = counter-clockwise.
    pub quarter_turns: i8,
}

/// Move a page.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MovePage {
    /// Desk.
    pub desk: String,
    /// Id.
    pub page: String,
    /// New place in the order of the desk, from 0.
    pub to: u32,
}

/// Some pages.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageIds {
    /// Desk.
    pub desk: String,
    /// Ids.
    pub pages: Vec<String>,
}

/// One page.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OnePage {
    /// Id.
    pub page: String,
}

/// Put pages on a paper.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlacePages {
    /// The paper; place 0 = not sorted.
    pub spot: Spot,
    /// Ids.
    pub pages: Vec<String>,
}

/// Edit pages.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EditPages {
    /// Desk.
    pub desk: String,
    /// Ids.
    pub pages: Vec<String>,
    /// The edit, of each page as it is shown.
    pub edit: Edit,
}

/// Mend pages by what was measured of them.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MendPages {
    /// Desk.
    pub desk: String,
    /// Ids.
    pub pages: Vec<String>,
    /// How.
    pub how: Mend,
}

/// Take one edit of a page back.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DropEdit {
    /// Desk.
    pub desk: String,
    /// Id.
    pub page: String,
    /// Its place in the list of the page's edits, from 0.
    pub edit: u32,
}

/// Set pages aside as blank.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MarkBlank {
    /// Desk.
    pub desk: String,
    /// Ids.
    pub pages: Vec<String>,
    /// Blank, or a page of the copy again.
    pub blank: bool,
}

/// Accept what was found on pages.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AcceptPages {
    /// Desk.
    pub desk: String,
    /// Ids.
    pub pages: Vec<String>,
    /// Why; empty = it is not accepted any more.
    pub reason: String,
}

/// Scan with a profile.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Scan {
    /// Where the pages go.
    pub landing: Landing,
    /// Name of the profile.
    pub profile: String,
}

/// What was typed about a paper.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetFields {
    /// The paper.
    pub spot: Spot,
    /// As typed.
    pub fields: Fields,
}

/// What is asked for, as typed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetRequest {
    /// Desk.
    pub desk: String,
    /// As typed.
    pub request: Request,
}

/// Decide about a paper.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DecidePaper {
    /// Desk.
    pub desk: String,
    /// What is known of the paper.
    pub paper: PaperWish,
}

/// Hand the dossier on a desk over.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Forward {
    /// Desk.
    pub desk: String,
    /// Department.
    pub unit: String,
    /// Who has the papers from now on; `None` = as before.
    pub holder: Option<Holder>,
}

/// Move a dossier.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MoveDossier {
    /// Id or code.
    pub dossier: String,
    /// The move.
    #[serde(rename = "move")]
    pub moved: Move,
    /// Why.
    pub reason: String,
    /// Who has the papers from now on; `None` = as before.
    pub holder: Option<Holder>,
}

/// Give a dossier its official code.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NameDossier {
    /// Id or code it has now.
    pub dossier: String,
    /// The official code.
    pub code: String,
}

/// Dossiers received in a time.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Days {
    /// First day, yyyy-mm-dd; empty = from the beginning.
    pub from: String,
    /// Last day, yyyy-mm-dd; empty = until now.
    pub until: String,
}

/// Print a form through the system's dialog.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PrintForm {
    /// Which.
    pub form: FormKind,
    /// Id or code of the dossier; for the register, its day (yyyy-mm-dd).
    pub of: String,
}

/// What was typed to find something.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Query {
    /// As typed.
    pub text: String,
}

/// What a reader typed.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CardText {
    /// As it came.
    pub text: String,
}

impl std::fmt::Debug for CardText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardText(hidden)")
    }
}

/// Import the catalogue that was previewed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ImportCatalogue {
    /// SHA-256 of the previewed file: it must still be that one.
    pub sha256: String,
    /// First day it holds, yyyy-mm-dd; empty = from today.
    pub effective_from: String,
}

/// One record.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordId {
    /// Id.
    pub record: String,
}

/// A type of paper the window suggests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PaperType {
    /// Code, e.g. `KQ.G15.000031`.
    pub code: String,
    /// Name.
    pub name: String,
}

/// Stop some work.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Cancel {
    /// Which.
    pub work: Work,
}

/// What files dropped on the window are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Pages of the paper on the desk.
    Pages,
    /// A file to verify.
    Verify,
}

/// Says what dropped files are for.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DropTarget {
    /// The target.
    pub target: Target,
    /// Where pages go.
    pub landing: Landing,
}
