//! The procedures of an office: what each is called, promises and asks for. Pure: files are read
//! into values, values are compared and searched; who keeps them is another room's business.
//!
//! What a catalogue does not say stays unsaid ([`None`] or empty): a missing fact never becomes one.

mod check;
mod diff;
mod read;
mod search;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use diff::{Change, Fact, diff};
pub use read::{LineIssue, LineIssueKind, Reading, read};
pub use search::Index;

/// A procedure (thủ tục hành chính).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// National code, e.g. `1.001193`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Field (lĩnh vực).
    pub field: String,
    /// Term as the procedure writes it, e.g. `5 ngày làm việc`; empty = not said.
    #[serde(default)]
    pub term: String,
    /// Received later (hh:mm), a same-day procedure counts from the next working day; empty = no such hour.
    #[serde(default)]
    pub cutoff: String,
    /// How much of it can be done online.
    #[serde(default)]
    pub level: Option<Level>,
    /// May be handed in at any office (phi địa giới).
    #[serde(default)]
    pub place_free: Option<bool>,
    /// Fee, as the procedure writes it.
    #[serde(default)]
    pub fee: String,
    /// Papers it asks for (thành phần hồ sơ), in order.
    #[serde(default)]
    pub papers: Vec<Component>,
    /// What it gives back.
    #[serde(default)]
    pub results: Vec<Outcome>,
}

/// How much of a procedure can be done online.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Toàn trình.
    Full,
    /// Một phần.
    Partial,
    /// Only told about (cung cấp thông tin trực tuyến).
    Information,
}

/// A paper a procedure asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Code of the component; it is the paper type of its copy.
    pub code: String,
    /// Name.
    pub name: String,
    /// Without it the dossier is not complete.
    pub required: bool,
    /// Originals asked for; `None` = not said.
    #[serde(default)]
    pub originals: Option<u32>,
    /// Copies asked for; `None` = not said.
    #[serde(default)]
    pub copies: Option<u32>,
}

/// A paper a procedure gives back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Code, e.g. `KQ.G15.000031`.
    pub code: String,
    /// Name.
    pub name: String,
}
