//! The time-stamp of a signature (RFC 3161, ETSI EN 319 122-1: signature-time-stamp): who vouches that
//! the signature existed, and when.
//!
//! Touches only the bytes it is given.

use chrono::{DateTime, FixedOffset};

use super::{
    Reason, Verdict,
    cms::{self, Signed},
    trust::{self, Known, When},
};

/// Most tokens of one signature.
const MAX_STAMPS: usize = 8;

/// The earliest time a trusted authority vouches for; `None` when there is no time-stamp.
///
/// # Errors
/// A token that is broken makes the signature invalid; one by an authority nobody trusts leaves it
/// undecided, unless another token holds.
pub(super) fn signature_stamp(
    signed: &Signed<'_>,
    known: &Known,
) -> Result<Option<DateTime<FixedOffset>>, (Verdict, Reason)> {
    let bad = (Verdict::Invalid, Reason::BadTimestamp);
    if signed.stamps.len() > MAX_STAMPS {
        return Err(bad);
    }
    let mut earliest: Option<DateTime<FixedOffset>> = None;
    let mut doubt = None;
    for token in &signed.stamps {
        let token = Signed::parse(token).map_err(|_| bad)?;
        let content = token.content.ok_or(bad)?;
        let info = cms::stamp(content).map_err(|_| bad)?;
        let unsupported = (Verdict::Unknown, Reason::UnsupportedAlgorithm);
        let hash = info.hash.ok_or(unsupported)?;
        // A weak digest is no evidence.
        if hash.of(signed.signature).ok_or((Verdict::Unknown, Reason::WeakAlgorithm))? != info.digest {
            return Err(bad);
        }
        let signer = token.signer(&known.anchors, false).ok_or(bad)?;
        let digest = token.digest.ok_or(unsupported)?;
        let digest = digest.of(content).ok_or((Verdict::Unknown, Reason::WeakAlgorithm))?;
        token.check(&signer, &digest, false).map_err(|wrong| match wrong {
            cms::Wrong::Unsupported => unsupported,
            cms::Wrong::Weak => (Verdict::Unknown, Reason::WeakAlgorithm),
            _ => bad,
        })?;
        let when = When { claimed: Some(info.time), trusted: None };
        let standing = trust::judge(&signer, &token.certificates, known, when, true);
        match standing.reasons.first() {
            None => earliest = Some(earliest.map_or(info.time, |before| before.min(info.time))),
            Some(Reason::WrongKeyUsage | Reason::NotYetValid | Reason::Revoked) => return Err(bad),
            Some(Reason::UntrustedSigner) => doubt = Some(Reason::UntrustedTimestamp),
            Some(other) => doubt = Some(*other),
        }
    }
    match (earliest, doubt) {
        (None, Some(reason)) => Err((Verdict::Unknown, reason)),
        (earliest, _) => Ok(earliest),
    }
}
