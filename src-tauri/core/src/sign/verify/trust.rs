//! From a signer's certificate to one that is trusted, and whether any on the way was revoked.
//!
//! Touches certificates and lists only. A name proves nothing: each step is a signature that was checked.

use chrono::{DateTime, FixedOffset};

use super::{
    Reason, VerifyOptions,
    certificate::Certificate,
    crl::{MAX_LISTS, RevocationList, Revoked, Said},
    crypto::Outcome,
};

/// Longest chain.
const MAX_DEPTH: usize = 6;
/// Most signature checks for one chain: a heap of look-alikes must not take forever.
const MAX_CHECKS: usize = 200;

/// Who is trusted, and what is known of revocation.
#[derive(Debug)]
pub(super) struct Known {
    /// Certificates: authorities, or signers' trusted as they are.
    pub(super) anchors: Vec<Certificate>,
    /// Lists of revoked certificates.
    pub(super) lists: Vec<RevocationList>,
    /// Those kept in the document itself (DSS): they tell of the past.
    pub(super) kept: Vec<RevocationList>,
    /// The present.
    pub(super) now: DateTime<FixedOffset>,
}

impl Known {
    pub(super) fn of(options: &VerifyOptions) -> Self {
        Self {
            anchors: options.trust.iter().filter_map(|der| Certificate::parse(der).ok()).collect(),
            lists: options
                .revoked
                .iter()
                .take(MAX_LISTS)
                .filter_map(|der| RevocationList::parse(der).ok())
                .collect(),
            kept: Vec::new(),
            now: options.now,
        }
    }
}

/// When a signature was made, as far as anybody says.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    /// What the signer says.
    pub(super) claimed: Option<DateTime<FixedOffset>>,
    /// Not later than this, a trusted time-stamp authority says.
    pub(super) trusted: Option<DateTime<FixedOffset>>,
}

/// What is known of the signer.
#[derive(Debug, Default)]
pub(super) struct Standing {
    pub(super) trusted: bool,
    /// Why not, or what is wrong besides.
    pub(super) reasons: Vec<Reason>,
}

/// Judges a signer's certificate at the trusted, else the claimed time, and now; `stamps` for a
/// time-stamp authority's.
pub(super) fn judge(
    signer: &Certificate,
    others: &[Certificate],
    known: &Known,
    when: When,
    stamps: bool,
) -> Standing {
    let mut standing = Standing::default();
    let now = known.now;
    if stamps && !signer.may_stamp() || !stamps && !signer.may_sign_documents() {
        standing.reasons.push(Reason::WrongKeyUsage);
    }
    let mut chain = vec![signer];
    let mut search = Search { others, anchors: &known.anchors, checks: 0, weak: false };
    standing.trusted = search.reach(signer, &mut chain);
    if !standing.trusted {
        chain.truncate(1);
        standing.reasons.push(Reason::UntrustedSigner);
    }
    // The word of a weak signature in the chain is no word: said, so that the clerk knows why.
    if search.weak && !standing.trusted {
        standing.reasons.push(Reason::WeakAlgorithm);
    }
    let at = when.trusted.or(when.claimed).unwrap_or(now);
    if chain.iter().any(|c| at < c.not_before) {
        standing.reasons.push(Reason::NotYetValid);
    }
    // Over now is doubt even where a time-stamp shows that it held then: lists forget the expired, so
    // whether it had been revoked can no longer be known offline.
    if chain.iter().any(|c| at.max(now) > c.not_after) {
        standing.reasons.push(Reason::Expired);
    }
    let direct = known.anchors.contains(signer);
    let last = if direct { chain.len() } else { chain.len().saturating_sub(1) };
    for (place, certificate) in chain.iter().enumerate().take(last) {
        let above = chain.get(place + 1).copied();
        match revocation(certificate, above, others, known, when.trusted) {
            Revocation::At(revoked) if revoked.at <= at => standing.reasons.push(Reason::Revoked),
            // A trusted authority says that the signature is older (EN 319 102-1, 5.6.2.4). That helps
            // only where the key was good until then: a stolen key is stolen before it is missed.
            Revocation::At(revoked) if when.trusted.is_some() && revoked.gentle => {}
            Revocation::At(_) => standing.reasons.push(Reason::RevokedLater),
            Revocation::Unknown => standing.reasons.push(Reason::RevocationUnknown),
            Revocation::Unheard if standing.trusted && !direct && certificate.revocable => {
                standing.reasons.push(Reason::RevocationUnknown);
            }
            Revocation::Good | Revocation::Unheard => {}
        }
    }
    standing.reasons.dedup();
    standing
}

enum Revocation {
    Good,
    At(Revoked),
    /// Its issuer's lists are not of now.
    Unknown,
    /// There is no list of its issuer.
    Unheard,
}

/// What the lists say of one certificate; its issuer is the one above it in the chain, else whoever
/// of those known issued it.
fn revocation(
    certificate: &Certificate,
    above: Option<&Certificate>,
    others: &[Certificate],
    known: &Known,
    trusted: Option<DateTime<FixedOffset>>,
) -> Revocation {
    // Without a trusted time, what was at that time decides nothing.
    let kept: &[RevocationList] = if trusted.is_some() { &known.kept } else { &[] };
    if known.lists.is_empty() && kept.is_empty() || certificate.self_issued() {
        return Revocation::Unheard;
    }
    let issuers: Vec<&Certificate> = match above {
        Some(issuer) => vec![issuer],
        None => {
            let issued =
                |issuer: &&Certificate| issuer.may_issue() && certificate.issued_by(issuer) == Outcome::Good;
            known
                .anchors
                .iter()
                .chain(others)
                .filter(|c| c.subject == certificate.issuer)
                .take(8)
                .filter(issued)
                .collect()
        }
    };
    let now = known.lists.iter().flat_map(|list| issuers.iter().map(|i| list.of(certificate, i, known.now)));
    let then = kept
        .iter()
        .flat_map(|list| issuers.iter().map(|i| list.of_then(certificate, i, trusted.unwrap_or(known.now))));
    let mut answer = Revocation::Unheard;
    for said in now.chain(then) {
        answer = match (said, answer) {
            (Said::Revoked(at), Revocation::At(before)) => Revocation::At(at.harder(before)),
            (Said::Revoked(at), _) => Revocation::At(at),
            (_, Revocation::At(at)) => Revocation::At(at),
            (Said::Good, _) => Revocation::Good,
            (Said::Stale, Revocation::Unheard) => Revocation::Unknown,
            (Said::Stale | Said::Nothing, before) => before,
        };
    }
    answer
}

/// A way from a certificate to one that is trusted, both included; `None` when there is none.
pub(super) fn chain<'a>(
    signer: &'a Certificate,
    others: &'a [Certificate],
    known: &'a Known,
) -> Option<Vec<&'a Certificate>> {
    let mut chain = vec![signer];
    let mut search = Search { others, anchors: &known.anchors, checks: 0, weak: false };
    search.reach(signer, &mut chain).then_some(chain)
}

/// The list of those known that clears a certificate of this issuer now.
pub(super) fn clearing<'a>(
    certificate: &Certificate,
    issuer: &Certificate,
    known: &'a Known,
) -> Option<&'a RevocationList> {
    known.lists.iter().find(|list| list.of(certificate, issuer, known.now) == Said::Good)
}

/// Whether the certificate was outside its validity already at `at` (then the verdict is harder).
pub(super) fn outside_at(signer: &Certificate, at: DateTime<FixedOffset>) -> bool {
    at < signer.not_before || at > signer.not_after
}

struct Search<'a> {
    others: &'a [Certificate],
    anchors: &'a [Certificate],
    checks: usize,
    weak: bool,
}

impl<'a> Search<'a> {
    /// Extends `chain` (whose last is `current`) to a trusted certificate, if it can be done.
    fn reach(&mut self, current: &'a Certificate, chain: &mut Vec<&'a Certificate>) -> bool {
        if self.anchors.contains(current) {
            return true;
        }
        if chain.len() >= MAX_DEPTH || current.odd {
            return false;
        }
        let (anchors, others) = (self.anchors, self.others);
        for issuer in anchors.iter().chain(others) {
            let known = chain.contains(&issuer);
            // chain[0] is the signer; authorities below `issuer` are the rest.
            let below = chain.iter().skip(1).filter(|c| !c.self_issued()).count();
            let long = issuer.path_length.is_some_and(|most| below > most as usize);
            if known || long || issuer.odd || !issuer.may_issue() || current.issuer != issuer.subject {
                continue;
            }
            self.checks += 1;
            if self.checks > MAX_CHECKS {
                return false;
            }
            match current.issued_by(issuer) {
                Outcome::Good => {}
                Outcome::Weak => {
                    self.weak = true;
                    continue;
                }
                _ => continue,
            }
            chain.push(issuer);
            if self.reach(issuer, chain) {
                return true;
            }
            chain.pop();
        }
        false
    }
}
