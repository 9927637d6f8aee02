//! The papers of a dossier: what was handed in, and whether it is to be copied (Circular 01/2023,
//! Art. 4).

use serde::{Deserialize, Serialize};

use crate::catalogue::Component;

/// A paper of a dossier: one place at the counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Paper {
    /// Place, from 1.
    pub place: u32,
    /// Code of the component; it is the paper type of the copy.
    pub component: String,
    /// Name.
    pub name: String,
    /// Without it the dossier is not complete.
    pub required: bool,
    /// What was handed in; `None` = nothing is decided yet.
    pub submission: Option<Submission>,
    /// How many sheets or sets of it.
    pub count: u32,
    /// Record of its signed copy, made here or reused.
    pub record: Option<String>,
    /// What the clerk notes about it.
    pub note: String,
    /// Why it is not signed for now; empty = nothing keeps it back.
    #[serde(default)]
    pub left_out: String,
}

/// What was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Submission {
    /// Bản chính.
    Original,
    /// Bản sao chứng thực.
    CertifiedCopy,
    /// Bản sao chụp.
    Photocopy,
    /// Bản điện tử.
    Electronic,
    /// Xuất trình: shown, compared and given back.
    Shown,
    /// Đã có trong kho: a stored copy is reused.
    InStore,
    /// Mật: must not be copied nor sent.
    Secret,
}

/// Why a paper is not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Exemption {
    /// A certified paper copy.
    CertifiedCopy,
    /// A photocopy.
    Photocopy,
    /// Only shown.
    Shown,
    /// Stored already.
    InStore,
    /// Secret: refused.
    Secret,
}

/// How a paper stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// Required, and nothing is decided about it.
    Missing,
    /// Optional, and not handed in.
    NotGiven,
    /// Handed in, still to be copied and signed.
    ToCopy,
    /// Copied and signed.
    Copied,
    /// Not to be copied.
    Exempt,
    /// A stored copy is reused.
    Reused,
    /// Secret: refused.
    Refused,
}

impl Paper {
    /// A paper as a procedure asks for it.
    #[must_use]
    pub fn asked(component: &Component, place: u32) -> Self {
        Self {
            place,
            component: component.code.clone(),
            name: component.name.clone(),
            required: component.required,
            submission: None,
            count: 1,
            record: None,
            note: String::new(),
            left_out: String::new(),
        }
    }

    /// A result of a procedure (kết quả giải quyết).
    #[must_use]
    pub fn result(code: &str, name: &str, place: u32) -> Self {
        Self {
            place,
            component: code.to_owned(),
            name: name.to_owned(),
            required: false,
            submission: Some(Submission::Original),
            count: 1,
            record: None,
            note: String::new(),
            left_out: String::new(),
        }
    }

    /// Why it must not be copied; `None` when it may be.
    #[must_use]
    pub fn exemption(&self) -> Option<Exemption> {
        match self.submission? {
            Submission::Original | Submission::Electronic => None,
            Submission::CertifiedCopy => Some(Exemption::CertifiedCopy),
            Submission::Photocopy => Some(Exemption::Photocopy),
            Submission::Shown => Some(Exemption::Shown),
            Submission::InStore => Some(Exemption::InStore),
            Submission::Secret => Some(Exemption::Secret),
        }
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> PaperState {
        match (self.submission, &self.record) {
            (None, _) if self.required => PaperState::Missing,
            (None, _) => PaperState::NotGiven,
            (Some(Submission::Original | Submission::Electronic), None) => PaperState::ToCopy,
            (Some(Submission::Original | Submission::Electronic), Some(_)) => PaperState::Copied,
            // Said to be stored, and not found there: it is not there.
            (Some(Submission::InStore), None) => PaperState::Missing,
            (Some(Submission::InStore), Some(_)) => PaperState::Reused,
            (Some(Submission::Secret), _) => PaperState::Refused,
            (Some(Submission::CertifiedCopy | Submission::Photocopy | Submission::Shown), _) => {
                PaperState::Exempt
            }
        }
    }
}
