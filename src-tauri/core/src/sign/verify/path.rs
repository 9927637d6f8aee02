//! Ways from a certificate to one that is trusted (RFC 5280, 6.1), whoever came along: each step a signature that was
//! checked.
//!
//! Touches certificates only.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};

use super::{certificate::Certificate, crypto::Outcome, trust::Context};

/// Longest chain.
const MAX_DEPTH: usize = 10;
/// Most ways to somebody trusted that are looked at.
pub(super) const MAX_PATHS: usize = 8;
/// Most signature checks for one chain: a heap of look-alikes must not take forever.
const MAX_CHECKS: usize = 200;

/// Finds them.
pub(super) struct PathBuilder<'a> {
    /// Those trusted first, then whoever came along.
    issuers: Vec<&'a Certificate>,
    /// Who is trusted.
    pub(super) anchors: Vec<&'a Certificate>,
    checks: usize,
    /// A weak signature was met, which does not count.
    pub(super) weak: bool,
    /// Rules that are not understood or kept, and signatures that are weak or cannot be checked, do not end a way.
    lenient: bool,
}

impl<'a> PathBuilder<'a> {
    /// `at`: when the signature was made.
    pub(super) fn new(
        anchors: Vec<&'a Certificate>,
        others: &'a [Certificate],
        known: &'a Context,
        at: DateTime<FixedOffset>,
    ) -> Self {
        let mut seen = HashSet::new();
        let all = anchors.iter().copied().chain(others).chain(known.kept_certificates());
        let mut issuers: Vec<&Certificate> = all.filter(|one| seen.insert(one.raw.as_slice())).collect();
        // Of a renewed authority's certificates the one leads on that was in force then, and still is if there is one.
        issuers.sort_by_key(|one| [at, known.now].map(|time| time < one.not_before || one.not_after < time));
        Self { issuers, anchors, checks: 0, weak: false, lenient: false }
    }

    /// The same, where rules that are not understood or kept, and signatures that are weak or cannot be checked, end no way.
    pub(super) fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }

    /// Ways from a certificate to one that is trusted, both included; so many at most.
    pub(super) fn paths(&mut self, from: &'a Certificate, most: usize) -> Vec<Vec<&'a Certificate>> {
        let mut found = Vec::new();
        self.walk(&mut vec![from], &mut found, most);
        found
    }

    /// Whether so many steps were checked that some were not.
    pub(super) fn is_spent(&self) -> bool {
        self.checks > MAX_CHECKS
    }

    /// Whether there is one.
    pub(super) fn reaches(&mut self, from: &'a Certificate) -> bool {
        !self.paths(from, 1).is_empty()
    }

    /// Adds the ways that go on from the end of `chain`.
    fn walk(&mut self, chain: &mut Vec<&'a Certificate>, found: &mut Vec<Vec<&'a Certificate>>, most: usize) {
        if chain.last().is_some_and(|last| self.anchors.contains(last)) {
            found.push(chain.clone());
        } else {
            self.climb(chain, found, most);
        }
    }

    /// The same, where the end itself does not count as trusted.
    pub(super) fn climb(
        &mut self,
        chain: &mut Vec<&'a Certificate>,
        found: &mut Vec<Vec<&'a Certificate>>,
        most: usize,
    ) {
        let Some(current) = chain.last().copied() else { return };
        let deepest = if self.lenient { 2 * MAX_DEPTH } else { MAX_DEPTH };
        if chain.len() >= deepest || current.odd && !self.lenient {
            return;
        }
        for issuer in self.issuers.clone() {
            let known = chain.contains(&issuer);
            // chain[0] is the signer; authorities below `issuer` are the rest.
            let below = chain.iter().skip(1).filter(|c| !c.self_issued()).count();
            let long = issuer.path_length.is_some_and(|most| below > most as usize);
            let bound = (long || issuer.odd) && !self.lenient;
            let may = issuer.may_issue() || self.lenient;
            if known || bound || !may || !issuer.is_namesake_of_issuer(current) {
                continue;
            }
            self.checks += 1;
            if self.checks > MAX_CHECKS || found.len() >= most {
                return;
            }
            match current.issued_by(issuer) {
                Outcome::Good => {}
                Outcome::Weak | Outcome::Unsupported | Outcome::Inconsistent if self.lenient => {}
                Outcome::Weak => {
                    self.weak = true;
                    continue;
                }
                _ => continue,
            }
            chain.push(issuer);
            self.walk(chain, found, most);
            chain.pop();
        }
    }
}
