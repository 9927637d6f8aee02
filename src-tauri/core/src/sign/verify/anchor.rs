//! Who is trusted, for what, and for how long.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::{certificate::Certificate, trust::When};

/// Somebody trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Certificate, DER, of an authority, or of a signer trusted as he is.
    #[serde(with = "crate::hex::text")]
    pub certificate: Vec<u8>,
    /// What for.
    pub vouches: Vouches,
    /// What was made before counts for nothing.
    pub from: Option<DateTime<FixedOffset>>,
    /// The trust was withdrawn: only what is proven to be older counts.
    pub until: Option<DateTime<FixedOffset>>,
}

/// What somebody is trusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Vouches {
    /// Signers and times.
    Everything,
    /// Signers only.
    Certificates,
    /// Times only.
    TimeStamps,
}

impl From<Vec<u8>> for Anchor {
    /// A certificate trusted for everything, without end.
    fn from(certificate: Vec<u8>) -> Self {
        Self { certificate, vouches: Vouches::Everything, from: None, until: None }
    }
}

impl Anchor {
    /// Somebody who is known and vouches for nobody: only the lists of revoked ones count.
    #[must_use]
    pub fn untrusted(certificate: Vec<u8>) -> Self {
        let never = DateTime::<chrono::Utc>::MIN_UTC.fixed_offset();
        Self { certificate, vouches: Vouches::Certificates, from: None, until: Some(never) }
    }
}

/// Somebody trusted, whose certificate could be read.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) certificate: Certificate,
    vouches: Vouches,
    from: Option<DateTime<FixedOffset>>,
    until: Option<DateTime<FixedOffset>>,
}

impl Trusted {
    pub(super) fn parse(anchor: &Anchor) -> Option<Self> {
        let certificate = Certificate::parse(&anchor.certificate).ok()?;
        Some(Self { certificate, vouches: anchor.vouches, from: anchor.from, until: anchor.until })
    }

    /// Whether its word counts for a signer, or for a time (`stamps`), of this `when`.
    pub(super) fn counts(&self, stamps: bool, when: When, now: DateTime<FixedOffset>) -> bool {
        let other = if stamps { Vouches::Certificates } else { Vouches::TimeStamps };
        let made = when.trusted.or(when.claimed).unwrap_or(now);
        let begun = self.from.is_none_or(|from| from <= made);
        // What a signer claims is no proof that he signed before.
        self.vouches != other && begun && self.until.is_none_or(|until| when.trusted.unwrap_or(now) <= until)
    }
}
