//! From a signer's certificate to one that is trusted.
//!
//! Touches certificates only. A name proves nothing: each step is a signature that was checked.

use chrono::{DateTime, FixedOffset};

use super::{Reason, certificate::Certificate, crypto::Outcome};

/// Longest chain.
const MAX_DEPTH: usize = 6;
/// Most signature checks for one chain: a heap of look-alikes must not take forever.
const MAX_CHECKS: usize = 200;

/// What is known of the signer.
#[derive(Debug, Default)]
pub(super) struct Standing {
    pub(super) trusted: bool,
    /// Why not, or what is wrong besides.
    pub(super) reasons: Vec<Reason>,
}

/// Judges a signer's certificate at the claimed time and now; `stamps` for a time-stamp authority's.
pub(super) fn judge(
    signer: &Certificate,
    others: &[Certificate],
    anchors: &[Certificate],
    claimed: Option<DateTime<FixedOffset>>,
    now: DateTime<FixedOffset>,
    stamps: bool,
) -> Standing {
    let mut standing = Standing::default();
    if stamps && !signer.may_stamp() || !stamps && !signer.may_sign_documents() {
        standing.reasons.push(Reason::WrongKeyUsage);
    }
    let mut chain = vec![signer];
    let mut search = Search { others, anchors, checks: 0, weak: false };
    standing.trusted = search.reach(signer, &mut chain);
    if !standing.trusted {
        chain.truncate(1);
        standing.reasons.push(Reason::UntrustedSigner);
    }
    // The word of a weak signature in the chain is no word: said, so that the clerk knows why.
    if search.weak && !standing.trusted {
        standing.reasons.push(Reason::WeakAlgorithm);
    }
    let at = claimed.unwrap_or(now);
    if chain.iter().any(|c| at < c.not_before) {
        standing.reasons.push(Reason::NotYetValid);
    }
    if chain.iter().any(|c| at > c.not_after || now > c.not_after) {
        standing.reasons.push(Reason::Expired);
    }
    let direct = anchors.contains(signer);
    if standing.trusted && !direct && signer.revocable {
        standing.reasons.push(Reason::RevocationUnknown);
    }
    standing
}

/// Whether the chain was outside its validity already at `at` (then the verdict is harder).
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
