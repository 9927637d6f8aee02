//! Verification: is this file signed, by whom, does it cover the whole, and has anything changed?
//!
//! Shares nothing with the signing path but the crypto primitives: its own reader of PDF, of CMS and
//! of certificates. Touches only the file it is given, by windows; no clock, no network. The answer
//! is a verdict with reasons, never a bool; what cannot be decided offline is "unknown".

mod anchor;
mod certificate;
mod changes;
mod cms;
mod crl;
mod crypto;
mod der;
mod document;
mod embedded;
mod evidence;
mod fields;
mod filter;
mod identifier;
mod mark;
mod ocsp;
mod path;
mod revocation;
mod revocation_sources;
mod signature;
mod source;
mod syntax;
#[cfg(test)]
mod tests;
mod timestamp;
mod trust;
mod xref;

use std::io::{Read, Seek};

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

pub use anchor::{TrustAnchor, TrustPurpose};
use certificate::Certificate;
use changes::History;
pub use changes::{Alteration, Altered, Change, How};
pub use evidence::{Evidence, Missing, evidence};

use document::Document;
use revocation::{RevocationInfo, RevocationStatus};
use source::Source;
use trust::Context;
pub use trust::Revocations;

/// Most signatures of one file that are judged; each costs a pass over the file.
const MAX_SIGNATURES: usize = 32;
/// What the verifier is told from outside.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// Authorities, or signers trusted as they are.
    pub trust: Vec<TrustAnchor>,
    /// Lists of revoked certificates, and answers about single ones (OCSP), DER; one counts only when it is
    /// signed by the issuer it is about, or by whom that issuer lets answer.
    pub revoked: Vec<Vec<u8>>,
    /// The present.
    pub now: DateTime<FixedOffset>,
}

/// The answer. Ordered from good to bad only through [`Verdict::worse`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Intact, whole, by someone trusted.
    Valid,
    /// Altered, broken or wrongly signed.
    Invalid,
    /// Cannot be decided here and now.
    Unknown,
    /// Carries no signature.
    Unsigned,
}

impl Verdict {
    /// The graver of two verdicts on signatures: invalid before unknown before valid.
    fn worse(self, other: Self) -> Self {
        if self == Self::Invalid || other == Self::Invalid {
            Self::Invalid
        } else if self == Self::Valid {
            other
        } else {
            self
        }
    }
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The signed bytes are as they were signed.
    Intact,
    /// The signer's certificate is trusted, itself or through its issuers.
    Trusted,
    /// The signed bytes have another digest.
    Altered,
    /// The signature does not belong to the signer's key.
    BadSignature,
    /// No signature covers the file to its end.
    NotWholeFile,
    /// Something was changed after signing that must not be.
    ChangedAfterSigning,
    /// The signature, or the file around it, is not built as it must be.
    Malformed,
    /// Nobody trusted vouches for the signer.
    UntrustedSigner,
    /// The certificate's time is over.
    Expired,
    /// The certificate's time had not begun.
    NotYetValid,
    /// The signer claims a time that is still to come.
    ClaimedLater,
    /// The certificate is not meant for signing documents.
    WrongKeyUsage,
    /// SHA-1, MD5 or too short a key.
    WeakAlgorithm,
    /// An algorithm or kind of signature not known here.
    UnsupportedAlgorithm,
    /// More signatures than are looked at.
    TooManySignatures,
    /// The file carries no signature.
    NoSignature,
    /// The file cannot be read as PDF.
    UnreadableFile,
    /// The file is protected by a password.
    EncryptedFile,
    /// The file is not a PDF.
    NotAPdf,
    /// The code in the mark on the page is not the code in the signed metadata.
    CodeMismatch,
    /// Our own record says otherwise (said by whoever compares).
    RecordMismatch,
    /// The certificate names a list of revoked ones that cannot be asked offline.
    RevocationUnknown,
    /// The signature names another certificate than the one it comes with.
    CertificateMismatch,
    /// The certificate, or that of an authority above it, was revoked before the signature was made.
    Revoked,
    /// The certificate was revoked later than the signer claims to have signed, and nobody else
    /// vouches for that time.
    RevokedLater,
    /// A time-stamp of the signature does not belong to it, or does not hold.
    BadTimestamp,
    /// Nobody trusted vouches for the time-stamp authority.
    UntrustedTimestamp,
}

/// How much of the file a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// To the end.
    Whole,
    /// An earlier revision.
    Partial,
}

/// What a signature field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// Somebody's signature.
    Signature,
    /// A time-stamp of the document (ISO 32000-2, 12.8.5): it says when, and nobody signs by it.
    DocumentTimeStamp,
}

/// One signature, or one time-stamp of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignatureReport {
    /// Which of the two.
    pub kind: SignatureKind,
    /// Common name in the certificate of the signer or time-stamp authority; empty when there is none.
    pub signer: String,
    /// When the signer says it was, RFC 3339, in the zone of the present, as all times here. Nobody vouches for it.
    pub claimed_time: Option<String>,
    /// When it existed at the latest, RFC 3339, as a trusted time-stamp authority says.
    pub trusted_time: Option<String>,
    /// How far it reaches.
    pub coverage: Coverage,
    /// What came after the revision it closes; `None` when it does not hold.
    pub after: Option<Change>,
    /// The same one by one, not all of very many; empty when nothing came, or nothing can be told.
    pub alterations: Vec<Alteration>,
    /// What the signer's certificate says; `None` when there is none.
    pub certificate: Option<CertificateSummary>,
    /// The verdict on this signature.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a certificate says of itself; nobody need vouch for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CertificateSummary {
    /// Its holder's name, all parts.
    pub subject: String,
    /// The same of its issuer.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Begin of its validity, RFC 3339.
    pub not_before: String,
    /// End of its validity, RFC 3339.
    pub not_after: String,
}

/// The verdict on a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Every signature, in the order of the revisions they close.
    pub signatures: Vec<SignatureReport>,
    /// Digitization code: `dc:identifier` of the metadata, only from bytes a person signed and whose signature holds.
    pub code: Option<String>,
}

impl Report {
    fn plain(verdict: Verdict, reason: Reason) -> Self {
        Self { verdict, reasons: vec![reason], signatures: Vec::new(), code: None }
    }

    /// The answer when nobody could look at the file.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::plain(Verdict::Unknown, Reason::UnreadableFile)
    }
}

/// Verifies a file. Never fails: what goes wrong is part of the report.
pub fn verify(file: &mut (impl Read + Seek), options: &VerifyOptions) -> Report {
    let examined = Source::new(file).and_then(|mut source| examine(&mut source, options));
    examined.unwrap_or_else(|_| Report::unreadable())
}

/// Checks a raw Ed25519 signature the way [`verify`] does: strictly.
#[must_use]
pub fn ed25519_holds(public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    crypto::ed25519(public_key, message, signature) == crypto::Outcome::Good
}

/// Checks a signature over `message` with whatever algorithms a verdict knows. `algorithm` is the
/// DER of the AlgorithmIdentifier beside the signature, `key` of the signer's SubjectPublicKeyInfo.
#[must_use]
pub fn signature_holds(algorithm: &[u8], key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    crypto::verify(algorithm, None, key, message, signature) == crypto::Outcome::Good
}

/// Whether the second certificate (DER) is that of an authority whose key signed the first.
#[must_use]
pub fn issued_by(certificate: &[u8], issuer: &[u8]) -> bool {
    let (Ok(one), Ok(issuer)) = (Certificate::parse(certificate), Certificate::parse(issuer)) else {
        return false;
    };
    issuer.may_issue() && one.issued_by(&issuer) == crypto::Outcome::Good
}

/// Whether a certificate (DER) may sign documents: digitalSignature or nonRepudiation (RFC 5280, 4.2.1.3), and no
/// purpose that excludes it.
#[must_use]
pub fn may_sign_documents(certificate: &[u8]) -> bool {
    Certificate::parse(certificate).is_ok_and(|one| one.may_sign_documents())
}

/// The head of a list of revoked certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHead {
    /// Whose certificates it is about: a Name, DER.
    pub issuer: Vec<u8>,
    /// Which of the issuer's keys signed it (authorityKeyIdentifier, DER); empty when it does not say.
    pub key: Vec<u8>,
    /// When it was made.
    pub this_update: DateTime<FixedOffset>,
    /// When the next one is due.
    pub next_update: Option<DateTime<FixedOffset>>,
}

/// That of a list (DER); `None` when those who judge cannot read it.
#[must_use]
pub fn list_head(der: &[u8]) -> Option<ListHead> {
    let list = crl::RevocationList::parse(der).ok()?;
    let (this_update, next_update) = (list.this_update, list.next_update);
    Some(ListHead { issuer: list.issuer_raw, key: list.authority_key, this_update, next_update })
}

/// Whether an answer (OCSP) says, for the present, that a certificate of this issuer is good or revoked; DER all.
#[must_use]
pub fn answers(answer: &[u8], certificate: &[u8], issuer: &[u8], options: &VerifyOptions) -> bool {
    let (Ok(info), Ok(one), Ok(issuer)) = (
        RevocationInfo::parse(answer, options.now),
        Certificate::parse(certificate),
        Certificate::parse(issuer),
    ) else {
        return false;
    };
    let said = revocation_sources::status_now(&info, &one, &issuer, &Context::of(options));
    info.is_answer() && matches!(said, RevocationStatus::Good(_) | RevocationStatus::Revoked(_))
}

/// The token in a time-stamp authority's answer, when it holds: it is about `stamped`, and the authority is trusted,
/// though it may not be known for now whether it was revoked.
#[must_use]
pub fn verified_time_stamp(response: &[u8], stamped: &[u8], options: &VerifyOptions) -> Option<Vec<u8>> {
    let token = timestamp::token_of(response)?;
    match timestamp::check_token(token, &[], |hash| hash.of(stamped), &Context::of(options), None) {
        Ok(_) | Err((Verdict::Unknown, Reason::RevocationUnknown)) => Some(token.to_vec()),
        Err(_) => None,
    }
}

/// The token in a time-stamp authority's answer, unjudged.
#[must_use]
pub fn time_stamp_token(response: &[u8]) -> Option<Vec<u8>> {
    timestamp::token_of(response).map(<[u8]>::to_vec)
}

fn examine(source: &mut Source<'_>, options: &VerifyOptions) -> std::io::Result<Report> {
    let head = source.read(0, 1024)?;
    let starts = head.windows(5).position(|w| w == b"%PDF-");
    match starts {
        None => return damaged(source, Reason::NotAPdf),
        Some(0) => {}
        Some(_) => return damaged(source, Reason::UnreadableFile),
    }
    let end = source.len;
    let Ok(mut doc) = Document::open(source, end) else { return damaged(source, Reason::UnreadableFile) };
    if doc.sections.iter().any(|s| s.trailer.get(b"Encrypt").is_some()) {
        return Ok(Report::plain(Verdict::Unknown, Reason::EncryptedFile));
    }
    let Ok(found) = fields::signatures(&mut doc, source) else {
        return damaged(source, Reason::UnreadableFile);
    };
    if found.is_empty() {
        return Ok(if unlisted_signature(source, &mut doc, &found)? {
            Report::plain(Verdict::Invalid, Reason::Malformed)
        } else {
            Report::plain(Verdict::Unsigned, Reason::NoSignature)
        });
    }
    if found.len() > MAX_SIGNATURES {
        return Ok(Report::plain(Verdict::Unknown, Reason::TooManySignatures));
    }
    let unlisted = unlisted_signature(source, &mut doc, &found)?;
    let judged = judge_all(source, &mut doc, &found, options);
    let own_end = judged.iter().filter(|(is_stamp, _)| !is_stamp).filter_map(|(_, one)| one.intact_end).max();
    let mut report = summed_up(source, &doc, judged, unlisted)?;
    // What only a time-stamp covers nobody has signed.
    if let Some(Ok(mut signed)) = own_end.map(|end| Document::open(source, end)) {
        report.code = identifier::read(source, &mut signed);
        if report.code.as_ref().is_some_and(|code| mark::contradicts(source, &mut signed, code)) {
            report.verdict = Verdict::Invalid;
            report.reasons.push(Reason::CodeMismatch);
        }
    }
    Ok(report)
}

/// Judges every signature, in the order of the revisions they close; true for a time-stamp of the document.
fn judge_all(
    source: &mut Source<'_>,
    doc: &mut Document,
    found: &[fields::Found],
    options: &VerifyOptions,
) -> Vec<(bool, signature::Judged)> {
    let mut known = Context::of(options);
    evidence::keep_all(&mut known, doc, source, found);
    for one in found {
        known.keep(signature::brought(one, options.now));
    }
    // From the last document time-stamp back to the first: each that holds is a proof of the time for those
    // before it and for the evidence it covers (EN 319 102-1, 5.6.2); then the signatures of persons.
    let (mut stamps, persons): (Vec<_>, Vec<_>) = found.iter().partition(|one| signature::is_stamp(one));
    stamps.sort_by_key(|one| std::cmp::Reverse(one.span));
    let mut history = History::default();
    let mut judged = Vec::new();
    let mut proofs = Vec::new();
    for one in stamps.into_iter().chain(persons) {
        let result = signature::judge(source, (doc, &mut history), one, &known, &proofs);
        if let Some((end, at)) = result.proof {
            proofs.push((end, at));
            if let Ok(mut covered) = Document::open(source, end) {
                known.keep(evidence::kept(&mut covered, source, at));
            }
        }
        judged.push((one.span, signature::is_stamp(one), result));
    }
    // Revisions follow each other in the file, and so do the signatures that close them.
    judged.sort_by_key(|(span, ..)| *span);
    judged.into_iter().map(|(_, is_stamp, result)| (is_stamp, result)).collect()
}

/// The report on a file by those on its signatures; `unlisted`: another one stands in it that no field leads to.
fn summed_up(
    source: &mut Source<'_>,
    doc: &Document,
    judged: Vec<(bool, signature::Judged)>,
    unlisted: bool,
) -> std::io::Result<Report> {
    let mut report =
        Report { verdict: Verdict::Valid, reasons: Vec::new(), signatures: Vec::new(), code: None };
    let (mut signed_end, mut complete, mut anybody) = (None, false, false);
    for (is_stamp, one) in judged {
        complete |= one.complete;
        anybody |= !is_stamp;
        report.verdict = report.verdict.worse(one.report.verdict);
        for reason in &one.report.reasons {
            if !report.reasons.contains(reason) {
                report.reasons.push(*reason);
            }
        }
        signed_end = signed_end.max(one.intact_end);
        report.signatures.push(one.report);
    }
    if unlisted {
        report.verdict = Verdict::Invalid;
        report.reasons.push(Reason::Malformed);
    }
    // Evidence proves itself: lists and certificates are signed by those they are about.
    let whole = complete || report.signatures.iter().any(|s| s.coverage == Coverage::Whole);
    if !whole {
        let bare = signed_end.is_some_and(|end| doc.sections.iter().all(|section| section.offset < end));
        if bare && !source.is_blank_after(signed_end.unwrap_or_default())? {
            // Nothing refers to these bytes: no program that extends a PDF properly leaves such.
            report.verdict = Verdict::Invalid;
            report.reasons.push(Reason::ChangedAfterSigning);
        }
        report.verdict = report.verdict.worse(Verdict::Unknown);
        report.reasons.push(Reason::NotWholeFile);
    }
    if report.verdict != Verdict::Valid {
        // "Intact" and "trusted" of one signature would read as praise of the whole.
        let every = |reason| report.signatures.iter().all(|s| s.reasons.contains(&reason));
        let (intact, trusted) = (every(Reason::Intact), every(Reason::Trusted));
        report.reasons.retain(|r| match r {
            Reason::Intact => intact,
            Reason::Trusted => trusted,
            _ => true,
        });
    }
    if report.verdict == Verdict::Valid && !anybody {
        // A time-stamp proves the age of a file that nobody signed.
        report.verdict = Verdict::Unsigned;
        report.reasons = vec![Reason::NoSignature];
    }
    Ok(report)
}

/// The report on a file that cannot be read: with a signature's traces in it, it has been damaged.
fn damaged(source: &mut Source<'_>, otherwise: Reason) -> std::io::Result<Report> {
    Ok(if source.traces()?.is_empty() {
        Report::plain(Verdict::Unknown, otherwise)
    } else {
        Report::plain(Verdict::Invalid, Reason::Malformed)
    })
}

/// A signature stands somewhere that no field of the form leads to, or is the value of something else.
fn unlisted_signature(
    source: &mut Source<'_>,
    doc: &mut Document,
    found: &[fields::Found],
) -> std::io::Result<bool> {
    let within = |at: u64, (start, stop): &(u64, u64)| at >= *start && at < *stop;
    if fields::has_others(doc, source, found) {
        return Ok(true);
    }
    let places = doc.places();
    let mut unlisted = source.traces()?;
    unlisted.retain(|at| {
        let listed = found.iter().filter_map(|f| f.span.as_ref()).any(|span| within(*at, span));
        !listed && !fields::in_stream(doc, source, &places, *at)
    });
    if unlisted.is_empty() {
        return Ok(false);
    }
    // Each of the usage rights is one.
    let mut rights: Vec<_> = fields::usage_rights(doc, source).into_iter().collect();
    Ok(unlisted.into_iter().any(|at| {
        let right = rights.iter().position(|(span, _)| within(at, span));
        right.map(|right| rights.swap_remove(right)).is_none()
    }))
}
