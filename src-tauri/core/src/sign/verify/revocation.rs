//! Revocation information (RFC 5652, 10.2.1): a list of revoked certificates (CRL), or an answer about one (OCSP).
//!
//! Touches only the bytes it is given. The rules of time are the same for both, and stand here.

use std::cell::Cell;

use chrono::{DateTime, Duration, FixedOffset};

use super::{
    certificate::Certificate,
    crl::RevocationList,
    der::{self, Der, NotDer, Tlv},
    ocsp::OcspResponse,
};

/// Most lists and answers looked at, of those kept in a document and of others.
pub(super) const MAX_REVOCATION_INFOS: usize = 128;
/// How far clocks may differ: an answer asked for just now may be dated a little later than our present.
pub(super) const SKEW: Duration = Duration::minutes(5);

/// A list or an answer, and since when it is known to exist.
#[derive(Debug, Clone)]
pub(super) struct RevocationInfo {
    /// As it stands.
    pub(super) raw: Vec<u8>,
    kind: Kind,
    /// It existed at this time at the latest: the present, or what a trusted time-stamp over it says.
    pub(super) proven: DateTime<FixedOffset>,
}

#[derive(Debug, Clone)]
enum Kind {
    List(RevocationList),
    OcspResponse(OcspResponse),
    /// A responder's word that it has none (tryLater, unauthorized …).
    Refusal,
}

/// How a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Revoked {
    /// From when it counts for nothing: the revocation, or the day the key is said to have been bad.
    pub(super) at: DateTime<FixedOffset>,
    /// The reason leaves the key good until then: its holder left, or got another one.
    pub(super) key_uncompromised: bool,
    /// It is on hold only (certificateHold), as of this time; whoever knows it to be good later has lifted that.
    pub(super) held: Option<DateTime<FixedOffset>>,
}

/// affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn (RFC 5280, 5.3.1).
const KEY_UNCOMPROMISED: [u8; 4] = [3, 4, 5, 9];

impl Revoked {
    /// The stricter of two revocations.
    pub(super) fn stricter(self, other: Self) -> Self {
        Self {
            at: self.at.min(other.at),
            key_uncompromised: self.key_uncompromised && other.key_uncompromised,
            held: self.held.zip(other.held).map(|(one, other)| one.max(other)),
        }
    }

    /// Whether a CRLReason (ENUMERATED) is certificateHold.
    pub(super) fn is_hold(reason: &Tlv<'_>) -> bool {
        reason.tag == der::ENUMERATED && reason.body == [6]
    }

    /// Whether a CRLReason (ENUMERATED) leaves the key good until then.
    pub(super) fn leaves_key_uncompromised(reason: &Tlv<'_>) -> bool {
        matches!(reason, Tlv { tag: der::ENUMERATED, body: [code], .. } if KEY_UNCOMPROMISED.contains(code))
    }
}

/// Whether it is an OCSPResponse without success, and nothing else.
fn is_refusal(raw: &[u8]) -> bool {
    let read = || {
        let mut outer = Der::new(raw);
        let mut response = outer.expect(der::SEQUENCE)?.inside();
        outer.finish()?;
        let status = response.expect(der::ENUMERATED)?;
        response.finish()?;
        Ok::<_, NotDer>(matches!(status.body, [1..=6]))
    };
    read().unwrap_or(false)
}

/// What a list or answer that holds states of one certificate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    pub(super) status: CertStatus,
    /// thisUpdate.
    pub(super) from: DateTime<FixedOffset>,
    /// nextUpdate.
    pub(super) until: Option<DateTime<FixedOffset>>,
    /// When the certificate of whoever signed it is over.
    pub(super) signer_until: DateTime<FixedOffset>,
}

/// A certificate's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CertStatus {
    Good,
    Revoked(Revoked),
    /// Whoever said it does not know, or tells of a part only.
    Unknown,
    /// It is said to be revoked; whether by somebody who may say so nobody here can tell.
    Doubtful,
}

impl CertStatus {
    /// The stricter of two: revoked, else not known.
    pub(super) fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Revoked(one), Self::Revoked(other)) => Self::Revoked(one.stricter(other)),
            (Self::Revoked(one), _) | (_, Self::Revoked(one)) => Self::Revoked(one),
            (Self::Doubtful, _) | (_, Self::Doubtful) => Self::Doubtful,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Good, Self::Good) => Self::Good,
        }
    }
}

/// What a list or answer means for a certificate at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RevocationStatus {
    /// Not revoked, at the time asked about; as of this time.
    Good(DateTime<FixedOffset>),
    /// Revoked.
    Revoked(Revoked),
    /// Said to be revoked; whether by somebody who may say so nobody here can tell.
    Doubtful,
    /// It is not of that time, or does not know.
    OutOfDate,
    /// It is not about this certificate, or not by its issuer.
    NotApplicable,
}

/// Lists and answers that came along.
#[derive(Debug, Default)]
pub(super) struct RevocationInfos {
    pub(super) infos: Vec<RevocationInfo>,
    /// Some of them cannot be read, or there are too many: whom they revoke nobody knows.
    pub(super) unread: bool,
    /// Of the certificates that came with them some cannot be read, or there are too many: one may be of whoever revokes.
    pub(super) lost: bool,
}

/// What else is known when a list or an answer is heard.
#[derive(Clone, Copy)]
pub(super) struct Hearing<'a> {
    /// Whom they revoke answers in nobody's name.
    pub(super) lists: &'a [&'a [RevocationInfo]],
    /// Where the certificate of whoever answers may stand, if it did not come with the answer.
    pub(super) certificates: &'a [&'a Certificate],
    /// How many of those who may have answered are still looked at: a heap of them must not take forever.
    pub(super) room: &'a Cell<u32>,
}

impl RevocationInfo {
    /// Reads a list or an answer, known to exist at `proven`.
    pub(super) fn parse(raw: &[u8], proven: DateTime<FixedOffset>) -> Result<Self, NotDer> {
        let first = Der::new(raw).expect(der::SEQUENCE)?.inside().next()?;
        let kind = match first.tag {
            der::ENUMERATED if is_refusal(raw) => Kind::Refusal,
            der::ENUMERATED => Kind::OcspResponse(OcspResponse::parse(raw)?),
            _ => match RevocationList::parse(raw) {
                Ok(list) => Kind::List(list),
                Err(NotDer) => Kind::OcspResponse(OcspResponse::parse_basic(raw)?),
            },
        };
        Ok(Self { raw: raw.to_vec(), kind, proven })
    }

    /// Certificates that came with an answer.
    pub(super) fn certificates(&self) -> &[Certificate] {
        match &self.kind {
            Kind::OcspResponse(answer) => &answer.certificates,
            Kind::List(_) | Kind::Refusal => &[],
        }
    }

    /// Of those some cannot be read.
    pub(super) fn lost(&self) -> bool {
        matches!(&self.kind, Kind::OcspResponse(answer) if answer.lost)
    }

    /// It is an answer, not a list.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self.kind, Kind::OcspResponse(_))
    }

    /// What it says, for the present, of a certificate that `issuer` issued.
    pub(super) fn status_now(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        hearing: Hearing<'_>,
        now: DateTime<FixedOffset>,
    ) -> RevocationStatus {
        self.said(certificate, issuer, hearing, |stated, until| {
            stated.from <= now + SKEW && now <= until && now <= stated.signer_until
        })
    }

    /// The same for what was at the time `at`: one made later still tells of it. Whoever made it may be over
    /// by now; then it must be known to be older than that.
    pub(super) fn status_at(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        hearing: Hearing<'_>,
        at: DateTime<FixedOffset>,
    ) -> RevocationStatus {
        self.said(certificate, issuer, hearing, |stated, until| {
            at <= until && stated.from <= self.proven + SKEW && self.proven <= stated.signer_until
        })
    }

    fn said(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        hearing: Hearing<'_>,
        timely: impl Fn(&Statement, DateTime<FixedOffset>) -> bool,
    ) -> RevocationStatus {
        let stated = match &self.kind {
            Kind::List(list) => list.states(certificate, issuer),
            Kind::OcspResponse(answer) => {
                let authorized = |one: &Certificate| self.responder_authorized(one, issuer, hearing);
                answer.states(certificate, issuer, hearing, authorized)
            }
            Kind::Refusal => None,
        };
        let Some(stated) = stated else { return RevocationStatus::NotApplicable };
        // Those who know of a certificate forget it once it is over.
        let remembered = stated.from <= certificate.not_after;
        match (stated.status, stated.until) {
            (CertStatus::Revoked(revoked), _) => RevocationStatus::Revoked(revoked),
            (CertStatus::Doubtful, _) => RevocationStatus::Doubtful,
            (CertStatus::Good, Some(until)) if remembered && timely(&stated, until) => {
                RevocationStatus::Good(stated.from)
            }
            _ => RevocationStatus::OutOfDate,
        }
    }

    /// Whether a responder may answer for its issuer: one that says where it may be revoked must be cleared, unless
    /// its issuer says that nobody need ask, and nobody who bears the issuer's name says that it, or another certificate of
    /// its key, was revoked.
    fn responder_authorized(
        &self,
        responder: &Certificate,
        issuer: &Certificate,
        hearing: Hearing<'_>,
    ) -> bool {
        let alone = Hearing { lists: &[], ..hearing };
        let mut cleared = responder.ocsp_nocheck || !responder.revocable;
        let mut others = Vec::new();
        let twins =
            hearing.certificates.iter().copied().filter(|one| *one != responder && one.has_key_of(responder));
        for one in std::iter::once(responder).chain(twins) {
            for by in hearing.certificates.iter().copied().filter(|by| by.is_namesake_of_issuer(one)) {
                let Some(room) = hearing.room.get().checked_sub(1) else { return false };
                hearing.room.set(room);
                if by != issuer || one != responder {
                    others.push((one, by));
                }
            }
        }
        for info in hearing.lists.iter().copied().flatten() {
            match info.status_at(responder, issuer, alone, self.proven.min(responder.not_after)) {
                // Its key was good until then, and this answer is known to be older.
                RevocationStatus::Revoked(revoked)
                    if revoked.key_uncompromised && self.proven < revoked.at => {}
                RevocationStatus::Revoked(_) | RevocationStatus::Doubtful => return false,
                // Of itself it may say anything.
                RevocationStatus::Good(_) => cleared |= !info.is_answer(),
                RevocationStatus::OutOfDate | RevocationStatus::NotApplicable => {}
            }
            for (one, by) in &others {
                match info.status_at(one, by, alone, self.proven.min(one.not_after)) {
                    // Another certificate of its key may be over, whenever.
                    RevocationStatus::Revoked(revoked)
                        if revoked.key_uncompromised && (*one != responder || self.proven < revoked.at) => {}
                    RevocationStatus::Revoked(_) | RevocationStatus::Doubtful => return false,
                    _ => {}
                }
            }
        }
        cleared
    }
}
