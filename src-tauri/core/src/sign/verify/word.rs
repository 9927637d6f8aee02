//! Somebody's word on whether a certificate was revoked: a list of revoked ones, or an answer about it (OCSP).
//!
//! Touches only the bytes it is given. The rules of time are the same for both, and stand here.

use chrono::{DateTime, Duration, FixedOffset};

use super::{
    certificate::Certificate,
    crl::RevocationList,
    der::{self, Der, NotDer, Tlv},
    ocsp::Answer,
};

/// Most words looked at, of those kept in a document and of others.
pub(super) const MAX_WORDS: usize = 128;
/// How far clocks may differ: an answer asked for just now may be dated a little later than our present.
const SKEW: Duration = Duration::minutes(5);

/// A word, and since when it is known to exist.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// As it stands.
    pub(super) raw: Vec<u8>,
    kind: Kind,
    /// It existed at this time at the latest: the present, or what a trusted time-stamp over it says.
    pub(super) proven: DateTime<FixedOffset>,
}

#[derive(Debug, Clone)]
enum Kind {
    List(RevocationList),
    Answer(Answer),
}

/// How a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Revoked {
    /// From when it counts for nothing: the revocation, or the day the key is said to have been bad.
    pub(super) at: DateTime<FixedOffset>,
    /// The reason leaves the key good until then: its holder left, or got another one.
    pub(super) gentle: bool,
}

/// affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn (RFC 5280, 5.3.1).
const GENTLE: [u8; 4] = [3, 4, 5, 9];

impl Revoked {
    /// The harder of two words.
    pub(super) fn harder(self, other: Self) -> Self {
        Self { at: self.at.min(other.at), gentle: self.gentle && other.gentle }
    }

    /// Whether a CRLReason (ENUMERATED) leaves the key good until then.
    pub(super) fn is_gentle(reason: &Tlv<'_>) -> bool {
        matches!(reason, Tlv { tag: der::ENUMERATED, body: [code], .. } if GENTLE.contains(code))
    }
}

/// What a word that holds states of one certificate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    pub(super) status: Status,
    /// thisUpdate.
    pub(super) from: DateTime<FixedOffset>,
    /// nextUpdate.
    pub(super) until: Option<DateTime<FixedOffset>>,
    /// When the certificate of whoever signed it is over.
    pub(super) signer_until: DateTime<FixedOffset>,
}

/// A certificate's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Good,
    Revoked(Revoked),
    /// Whoever said it does not know, or tells of a part only.
    Unknown,
}

impl Status {
    /// The harder of two: revoked, else not known.
    pub(super) fn harder(self, other: Self) -> Self {
        match (self, other) {
            (Self::Revoked(one), Self::Revoked(other)) => Self::Revoked(one.harder(other)),
            (Self::Revoked(one), _) | (_, Self::Revoked(one)) => Self::Revoked(one),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Good, Self::Good) => Self::Good,
        }
    }
}

/// What a word says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Not revoked, at the time asked about.
    Good,
    /// Revoked.
    Revoked(Revoked),
    /// It is not of that time, or does not know.
    Stale,
    /// It is not about this certificate, or not by its issuer.
    Nothing,
}

impl Word {
    /// Reads a list or an answer, known to exist at `proven`.
    pub(super) fn parse(raw: &[u8], proven: DateTime<FixedOffset>) -> Result<Self, NotDer> {
        let first = Der::new(raw).expect(der::SEQUENCE)?.inside().next()?;
        let kind = match first.tag {
            der::ENUMERATED => Kind::Answer(Answer::parse(raw)?),
            _ => Kind::List(RevocationList::parse(raw)?),
        };
        Ok(Self { raw: raw.to_vec(), kind, proven })
    }

    /// It is an answer, not a list.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self.kind, Kind::Answer(_))
    }

    /// What it says, for the present, of a certificate that `issuer` issued. `lists`: whom they revoke
    /// answers in nobody's name.
    pub(super) fn of_now(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        lists: &[&[Self]],
        now: DateTime<FixedOffset>,
    ) -> Said {
        self.said(certificate, issuer, lists, |stated, until| {
            stated.from <= now + SKEW && now <= until && now <= stated.signer_until
        })
    }

    /// The same for what was at the time `at`: a word given later still tells of it. Whoever gave it may be over
    /// by now; then it must be known to be older than that.
    pub(super) fn of_then(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        lists: &[&[Self]],
        at: DateTime<FixedOffset>,
    ) -> Said {
        self.said(certificate, issuer, lists, |stated, until| {
            at <= until && stated.from <= self.proven + SKEW && self.proven <= stated.signer_until
        })
    }

    fn said(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        lists: &[&[Self]],
        timely: impl Fn(&Statement, DateTime<FixedOffset>) -> bool,
    ) -> Said {
        let stated = match &self.kind {
            Kind::List(list) => list.states(certificate, issuer),
            Kind::Answer(answer) => {
                answer.states(certificate, issuer, |responder| self.may_speak(responder, issuer, lists))
            }
        };
        let Some(stated) = stated else { return Said::Nothing };
        // Those who know of a certificate forget it once it is over.
        let remembered = stated.from <= certificate.not_after;
        match (stated.status, stated.until) {
            (Status::Revoked(revoked), _) => Said::Revoked(revoked),
            (Status::Good, Some(until)) if remembered && timely(&stated, until) => Said::Good,
            _ => Said::Stale,
        }
    }

    /// Whether lists leave a responder its word: one that says where it may be revoked must be cleared, unless
    /// its issuer says that nobody need ask.
    fn may_speak(&self, responder: &Certificate, issuer: &Certificate, lists: &[&[Self]]) -> bool {
        let mut cleared = responder.unasked || !responder.revocable;
        for word in lists.iter().copied().flatten() {
            match word.of_then(responder, issuer, &[], self.proven.min(responder.not_after)) {
                // Its key was good until then, and this word is known to be older.
                Said::Revoked(revoked) if revoked.gentle && self.proven < revoked.at => {}
                Said::Revoked(_) => return false,
                // Of itself it may say anything.
                Said::Good => cleared |= !word.is_answer(),
                Said::Stale | Said::Nothing => {}
            }
        }
        cleared
    }
}
