//! Who is trusted, for what, and for how long.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::{certificate::Certificate, trust::When};

/// Somebody trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustAnchor {
    /// Certificate, DER, of an authority, or of a signer trusted as he is.
    #[serde(with = "crate::hex::text")]
    pub certificate: Vec<u8>,
    /// What for.
    pub purpose: TrustPurpose,
    /// What was made before counts for nothing.
    pub from: Option<DateTime<FixedOffset>>,
    /// The trust was withdrawn: only what is proven to be older counts.
    pub until: Option<DateTime<FixedOffset>>,
    /// That is all it is trusted for, whoever else who is trusted vouches for it.
    pub exclusive: bool,
}

/// What somebody is trusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TrustPurpose {
    /// Signers and times.
    Everything,
    /// Signers only.
    Certificates,
    /// Times only.
    TimeStamps,
}

impl From<Vec<u8>> for TrustAnchor {
    /// A certificate trusted for everything, without end.
    fn from(certificate: Vec<u8>) -> Self {
        Self { certificate, purpose: TrustPurpose::Everything, from: None, until: None, exclusive: false }
    }
}

impl TrustAnchor {
    /// Somebody who is known and vouches for nobody: only the lists of revoked ones count.
    #[must_use]
    pub fn untrusted(certificate: Vec<u8>) -> Self {
        let never = DateTime::<chrono::Utc>::MIN_UTC.fixed_offset();
        Self {
            certificate,
            purpose: TrustPurpose::Certificates,
            from: None,
            until: Some(never),
            exclusive: false,
        }
    }
}

/// Somebody trusted, whose certificate could be read.
#[derive(Debug, Clone)]
pub(super) struct Trusted {
    pub(super) certificate: Certificate,
    purpose: TrustPurpose,
    from: Option<DateTime<FixedOffset>>,
    until: Option<DateTime<FixedOffset>>,
    pub(super) exclusive: bool,
}

impl Trusted {
    pub(super) fn parse(anchor: &TrustAnchor) -> Option<Self> {
        let certificate = Certificate::parse(&anchor.certificate).ok()?;
        let &TrustAnchor { purpose, from, until, exclusive, .. } = anchor;
        Some(Self { certificate, purpose, from, until, exclusive })
    }

    /// Whether it counts for a signer, or for a time (`stamps`), of this `when`.
    pub(super) fn counts(&self, stamps: bool, when: When, now: DateTime<FixedOffset>) -> bool {
        let other = if stamps { TrustPurpose::Certificates } else { TrustPurpose::TimeStamps };
        // A stamp is as old as it says: another's around it does not make it younger.
        let told = if stamps { when.claimed.or(when.trusted) } else { when.trusted.or(when.claimed) };
        let made = told.unwrap_or(now);
        let begun = self.from.is_none_or(|from| from <= made);
        // What a signer claims is no proof that he signed before.
        self.purpose != other && begun && self.until.is_none_or(|until| when.trusted.unwrap_or(now) <= until)
    }
}
