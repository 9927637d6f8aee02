//! The time-stamp of a signature (RFC 3161, ETSI EN 319 122-1: signature-time-stamp): who vouches that
//! the signature existed, and when.
//!
//! Touches only the bytes it is given.

use chrono::{DateTime, Duration, FixedOffset};

use super::{
    Reason, Verdict,
    certificate::Certificate,
    cms::{self, SignedData},
    crypto::DigestAlgorithm,
    der::{self, Der},
    trust::{self, Context, When},
};

/// Most tokens of one signature.
const MAX_STAMPS: usize = 8;

/// Why nothing more can be said, of a signature or a token.
pub(super) type Stop = (Verdict, Reason);

/// The earliest time a trusted authority vouches for; `None` when there is no time-stamp. `proven`: when the
/// signature and its tokens existed at the latest, as a time-stamp of the document says.
///
/// # Errors
/// A token that is broken makes the signature invalid; one by an authority nobody trusts leaves it
/// undecided, unless another token holds. One by a trusted authority that may have been revoked, for all that is known,
/// proves no time yet and harms nothing.
pub(super) fn signature_timestamp(
    signed: &SignedData<'_>,
    known: &Context,
    proven: Option<DateTime<FixedOffset>>,
) -> Result<Option<DateTime<FixedOffset>>, Stop> {
    let bad = (Verdict::Invalid, Reason::BadTimestamp);
    if signed.stamps.len() > MAX_STAMPS {
        return Err(bad);
    }
    let (mut earliest, mut doubt) = (None, None);
    for token in &signed.stamps {
        match check_token(token, &signed.certificates, |hash| hash.of(signed.signature), known, proven) {
            Ok(time) => earliest = Some(earliest.map_or(time, |before: DateTime<_>| before.min(time))),
            Err((Verdict::Unknown, Reason::RevocationUnknown)) => {}
            Err((Verdict::Unknown, reason)) => doubt = doubt.or(Some(reason)),
            Err(broken) => return Err(broken),
        }
    }
    match (earliest, doubt) {
        (None, Some(reason)) => Err((Verdict::Unknown, reason)),
        (earliest, _) => Ok(earliest),
    }
}

/// The time of one token; `digest` of what is stamped, `None` by a weak algorithm. `others`: certificates beside it.
///
/// # Errors
/// It is broken (invalid), or proves no time (unknown).
pub(super) fn check_token(
    token: &[u8],
    others: &[Certificate],
    digest: impl FnOnce(DigestAlgorithm) -> Option<Vec<u8>>,
    known: &Context,
    proven: Option<DateTime<FixedOffset>>,
) -> Result<DateTime<FixedOffset>, Stop> {
    let bad = (Verdict::Invalid, Reason::BadTimestamp);
    let weak = (Verdict::Unknown, Reason::WeakAlgorithm);
    let unsupported = (Verdict::Unknown, Reason::UnsupportedAlgorithm);
    let container = der::definite(token);
    let token = SignedData::parse(&container).map_err(|_| match container.get(1) {
        // Still of indefinite length: BER that is not read here.
        Some(0x80) => unsupported,
        _ => bad,
    })?;
    let content = token.content.ok_or(bad)?;
    let info = cms::tst_info(content).map_err(|_| bad)?;
    let hash = info.hash.ok_or(unsupported)?;
    // A weak digest is no evidence.
    if digest(hash).ok_or(weak)? != info.digest {
        return Err(bad);
    }
    // Whoever asked may not have wanted the certificate in the token (certReq).
    let elsewhere = known.anchors().chain(known.kept_certificates()).chain(others);
    let signer = token.signer(elsewhere, false).ok_or((Verdict::Unknown, Reason::UntrustedTimestamp))?;
    let digest = token.digest.ok_or(unsupported)?.of(content).ok_or(weak)?;
    token.check(&signer, &digest, false).map_err(|wrong| match wrong {
        cms::CmsError::Unsupported => unsupported,
        cms::CmsError::Weak => weak,
        _ => bad,
    })?;
    // RFC 3161, 2.4.2.
    if !token.names_its_signer() || token.names_strangers(known.anchors()).unwrap_or(true) {
        return Err((Verdict::Unknown, Reason::BadTimestamp));
    }
    if info.authority.is_some_and(|name| !signer.has_name(&name)) {
        return Err((Verdict::Unknown, Reason::BadTimestamp));
    }
    // Clocks differ; a day is no such difference.
    if info.time > known.now + Duration::days(1) {
        return Err((Verdict::Unknown, Reason::ClaimedLater));
    }
    let when = When { claimed: Some(info.time), trusted: proven, covered: proven };
    let others = [&token.certificates, others].concat();
    let covered = proven.unwrap_or(known.now);
    let standing = trust::judge(&signer, &others, &token.archived(covered, covered), known, when, true);
    // That a list is missing is the least of it.
    let gravest = standing.reasons.iter().find(|reason| **reason != Reason::RevocationUnknown);
    match gravest.or(standing.reasons.first()) {
        None => Ok(info.time + info.accuracy),
        Some(Reason::WrongKeyUsage | Reason::Revoked) => Err(bad),
        Some(Reason::NotYetValid) if trust::outside_at(&signer, info.time) => Err(bad),
        Some(Reason::UntrustedSigner) => Err((Verdict::Unknown, Reason::UntrustedTimestamp)),
        Some(other) => Err((Verdict::Unknown, *other)),
    }
}

/// The token in an authority's answer (TimeStampResp, RFC 3161, 2.4.2), when it granted one.
pub(super) fn token_of(response: &[u8]) -> Option<&[u8]> {
    let mut parts = Der::new(response).expect(der::SEQUENCE).ok()?.inside();
    let status = parts.expect(der::SEQUENCE).ok()?.inside().expect(der::INTEGER).ok()?;
    // granted, grantedWithMods
    matches!(der::small(&status), Ok(0 | 1))
        .then(|| parts.expect(der::SEQUENCE).ok().map(|token| token.raw))?
}
