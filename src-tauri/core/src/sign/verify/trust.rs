//! From a signer's certificate to one that is trusted, and whether any on the way was revoked.
//!
//! Touches certificates and revocation information only. A name proves nothing: each step is a signature that was checked.

use std::{cell::Cell, rc::Rc};

use chrono::{DateTime, FixedOffset};

use super::{
    Reason, VerifyOptions,
    anchor::{TrustAnchor, Trusted},
    certificate::Certificate,
    evidence::Kept,
    path::{MAX_PATHS, PathBuilder},
    revocation::{MAX_REVOCATION_INFOS, RevocationInfo, RevocationInfos, SKEW},
    revocation_sources::{Revocation, RevocationSources},
};

/// Who is trusted, and what is known of revocation.
#[derive(Debug)]
pub(super) struct Context {
    /// Authorities, or signers trusted as they are.
    pub(super) anchors: Vec<Trusted>,
    /// Lists of revoked certificates, and answers about single ones.
    pub(super) infos: Rc<[RevocationInfo]>,
    /// Some of those given or kept cannot be read: whom they revoke nobody knows.
    unread: bool,
    /// Of the certificates kept some cannot be read, or there are too many.
    lost: bool,
    /// Those kept in the document itself (DSS): they tell of the past.
    pub(super) kept: Vec<RevocationInfo>,
    /// Certificates kept in the document, and since when each is known to exist.
    pub(super) certificates: Vec<(Certificate, DateTime<FixedOffset>)>,
    /// The present.
    pub(super) now: DateTime<FixedOffset>,
    /// How many of those who may have answered are still looked at.
    pub(super) room: Cell<u32>,
}

/// How many of those who may have answered about revocation are looked at for one file.
const MAX_RESPONDERS: u32 = 4000;

impl Context {
    pub(super) fn of(options: &VerifyOptions) -> Self {
        Self::knowing(&options.trust, &options.revoked, options.now)
    }

    fn knowing(trust: &[TrustAnchor], revoked: &[Vec<u8>], now: DateTime<FixedOffset>) -> Self {
        let infos: Rc<[RevocationInfo]> =
            revoked.iter().filter_map(|der| RevocationInfo::parse(der, now).ok()).collect();
        Self {
            anchors: trust.iter().filter_map(Trusted::parse).collect(),
            unread: infos.len() < revoked.len(),
            lost: infos.iter().any(RevocationInfo::lost),
            infos,
            kept: Vec::new(),
            certificates: Vec::new(),
            now,
            room: Cell::new(MAX_RESPONDERS),
        }
    }

    /// The same before any document was read, trusting some more.
    fn with_anchors(&self, more: impl Iterator<Item = Trusted>) -> Self {
        Self {
            anchors: self.anchors.iter().cloned().chain(more).collect(),
            infos: Rc::clone(&self.infos),
            unread: self.unread,
            lost: self.lost,
            kept: Vec::new(),
            certificates: Vec::new(),
            now: self.now,
            room: Cell::new(MAX_RESPONDERS),
        }
    }

    /// A time as the report tells it: RFC 3339, in the zone of the present.
    pub(super) fn told(&self, time: DateTime<FixedOffset>) -> String {
        time.with_timezone(&self.now.timezone()).to_rfc3339()
    }

    /// Certificates of all who are trusted, for whatever.
    pub(super) fn anchors(&self) -> impl Iterator<Item = &Certificate> {
        self.anchors.iter().map(|one| &one.certificate)
    }

    /// When a certificate existed at the latest: one of those that came along (`others`), or kept.
    fn since(
        &self,
        certificate: &Certificate,
        others: &[Certificate],
        covered: Option<DateTime<FixedOffset>>,
    ) -> DateTime<FixedOffset> {
        let came = covered.filter(|_| others.contains(certificate));
        let kept = self.certificates.iter().find(|(one, _)| one == certificate).map(|(_, proven)| *proven);
        [came, kept].into_iter().flatten().fold(self.now, DateTime::min)
    }

    /// Certificates kept in the document.
    pub(super) fn kept_certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().map(|(one, _)| one)
    }

    /// Where somebody stands alone: nothing came along.
    pub(super) fn alone(&self) -> RevocationSources<'_> {
        let nobody = || PathBuilder::new(Vec::new(), &[], self, self.now);
        let (vouching, doubting) = (nobody(), nobody());
        RevocationSources { others: &[], own: &[], known: self, trusted: None, vouching, doubting }
    }

    /// Adds what a revision of the document keeps. What is known already keeps the earlier of its times.
    pub(super) fn keep(&mut self, kept: Kept) {
        self.unread |= kept.infos.unread;
        self.lost |= kept.infos.lost;
        let mut certificates = kept.certificates;
        for info in kept.infos.infos {
            self.lost |= info.lost();
            certificates.extend(info.certificates().iter().map(|one| (one.clone(), info.proven)));
            let room = self.kept.len() < 2 * MAX_REVOCATION_INFOS;
            match self.kept.iter_mut().find(|one| one.raw == info.raw) {
                Some(one) => one.proven = one.proven.min(info.proven),
                None if room => self.kept.push(info),
                None => self.unread = true,
            }
        }
        for (certificate, proven) in certificates {
            let room = self.certificates.len() < 2 * MAX_REVOCATION_INFOS;
            match self.certificates.iter_mut().find(|(one, _)| *one == certificate) {
                Some((_, known)) => *known = proven.min(*known),
                None if room => self.certificates.push((certificate, proven)),
                None => self.lost = true,
            }
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
    /// Nor what it brought with it, certificates among them, a time-stamp of the document says.
    pub(super) covered: Option<DateTime<FixedOffset>>,
}

/// What is known of the signer.
#[derive(Debug, Default)]
pub(super) struct PathValidation {
    pub(super) trusted: bool,
    /// Why not, or what is wrong besides.
    pub(super) reasons: Vec<Reason>,
}

/// Judges a signer's certificate at the trusted, else the claimed time, and now; `stamps` for a
/// time-stamp authority's. `own`: revocation information that came with the signature.
pub(super) fn judge(
    signer: &Certificate,
    others: &[Certificate],
    own: &RevocationInfos,
    known: &Context,
    when: When,
    stamps: bool,
) -> PathValidation {
    let mut standing = PathValidation::default();
    let now = known.now;
    if stamps && !signer.may_stamp() || !stamps && !signer.may_sign_documents() {
        standing.reasons.push(Reason::WrongKeyUsage);
    }
    let anchors = known.anchors.iter().filter(|one| one.counts(stamps, when, now));
    let at = when.trusted.or(when.claimed).unwrap_or(now);
    let mut search = PathBuilder::new(anchors.map(|one| &one.certificate).collect(), others, known, at);
    let mut paths = search.paths(signer, MAX_PATHS);
    // Who is trusted for something else only, or was, is so by no other way.
    let is_barred = |step: &Certificate| {
        let mut listed = known.anchors.iter().filter(|one| one.exclusive && one.certificate.has_key_of(step));
        let first = listed.next();
        first.is_some_and(|first| {
            !first.counts(stamps, when, now) && !listed.any(|one| one.counts(stamps, when, now))
        })
    };
    paths.retain(|path| !path.iter().any(|step| is_barred(step)));
    // An authority made for other purposes vouches for no signer (extKeyUsage of authorities binds those below them).
    paths.retain(|path| stamps || path.iter().skip(1).all(|issuer| issuer.may_vouch_for_signers()));
    standing.trusted = !paths.is_empty();
    if !standing.trusted {
        standing.reasons.push(Reason::UntrustedSigner);
        // A weak signature in the chain does not count; the clerk is told so.
        if search.weak {
            standing.reasons.push(Reason::WeakAlgorithm);
        }
    }
    let direct = search.anchors.contains(&signer);
    // Who revokes need not be trusted for anything else.
    let anybody = || PathBuilder::new(known.anchors().collect(), others, known, at);
    let (vouching, doubting) = (anybody(), anybody().lenient());
    let trusted = when.trusted;
    let mut sources = RevocationSources { others, own: &own.infos, known, trusted, vouching, doubting };
    let words = !known.infos.is_empty() || !known.kept.is_empty() || !own.infos.is_empty();
    let unread = known.unread || own.unread || words && (known.lost || own.lost);
    let bare = vec![vec![signer]];
    let mut found: Option<Vec<Reason>> = None;
    // Of several ways to somebody trusted one that nothing speaks against does.
    for path in if standing.trusted { &paths } else { &bare } {
        let path = Path { chain: path, direct, trusted: standing.trusted, stamps, unread };
        let reasons = path.follow(&mut sources, when);
        if reasons.is_empty() {
            found = Some(reasons);
            break;
        }
        found.get_or_insert(reasons);
    }
    standing.reasons.extend(found.unwrap_or_default());
    standing.reasons.dedup();
    standing
}

/// A way from a signer's certificate to one that is trusted.
struct Path<'p, 'a> {
    chain: &'p [&'a Certificate],
    /// The signer's is trusted itself.
    direct: bool,
    /// There is such a way.
    trusted: bool,
    /// It is a time-stamp authority's.
    stamps: bool,
    /// Words that may revoke somebody cannot be read.
    unread: bool,
}

impl<'a> Path<'_, 'a> {
    /// What is wrong on the way.
    fn follow(&self, sources: &mut RevocationSources<'a>, when: When) -> Vec<Reason> {
        let (known, others) = (sources.known, sources.others);
        let now = known.now;
        let mut reasons = Vec::new();
        let at = when.trusted.or(when.claimed).unwrap_or(now);
        // A time-stamp authority is believed what it says of itself; another's stamp on its own only proves the age.
        let used = if self.stamps { when.claimed.unwrap_or(at) } else { at };
        // Whoever claims a time to come is not believed that a certificate has begun by then.
        if self.chain.iter().any(|c| used.min(now) + SKEW < c.not_before) {
            reasons.push(Reason::NotYetValid);
        }
        // That it was stamped later does not show that it was signed later.
        let signed = when.claimed.map_or(used, |claimed| claimed.min(used));
        let last = if self.direct { self.chain.len() } else { self.chain.len().saturating_sub(1) };
        let mut expired = self.chain.iter().any(|c| at > c.not_after);
        for (place, certificate) in self.chain.iter().copied().enumerate() {
            let above = self.chain.get(place + 1).copied();
            let said = sources.of(certificate, above, place < last);
            // Over now, it may have been revoked after the proven time and before its end; those asked today forget it.
            // Only what is kept from then clears it. Whom nobody can revoke needs nothing.
            let irrevocable = self.trusted && place >= last || self.direct && !certificate.revocable;
            let cleared = when.trusted.is_some() && (irrevocable || matches!(said, Revocation::Good));
            expired |= now > certificate.not_after && !cleared;
            // A key may be stolen when its certificate is over: what it issued must be known to be older.
            let since = known.since(certificate, others, when.covered);
            expired |= above.is_some_and(|issuer| now > issuer.not_after && since > issuer.not_after);
            match said {
                Revocation::At(revoked) if revoked.at <= signed => reasons.push(Reason::Revoked),
                // A trusted authority says that the signature is older (EN 319 102-1, 5.6.2.4). That helps
                // only where the key was good until then: a stolen key is stolen before it is missed.
                Revocation::At(revoked)
                    if when.trusted.is_some_and(|at| at < revoked.at)
                        && revoked.key_uncompromised
                        && !self.unread => {}
                Revocation::At(_) => reasons.push(Reason::RevokedLater),
                Revocation::Unknown => reasons.push(Reason::RevocationUnknown),
                Revocation::Unheard
                    if place < last
                        && (self.unread || self.trusted && !self.direct && certificate.revocable) =>
                {
                    reasons.push(Reason::RevocationUnknown);
                }
                // What cannot be read may revoke it.
                Revocation::Good if self.unread && place < last => reasons.push(Reason::RevocationUnknown),
                Revocation::Good | Revocation::Unheard => {}
            }
        }
        // Not all who may have revoked it were heard.
        if self.trusted && (sources.vouching.is_spent() || sources.doubting.is_spent()) {
            reasons.push(Reason::RevocationUnknown);
        }
        if expired {
            reasons.push(Reason::Expired);
        }
        reasons
    }
}

/// Who is trusted, and which certificates are known to be revoked by now. Lists are read once.
#[derive(Debug)]
pub struct Revocations(Context);

impl Revocations {
    /// By lists (DER) of whoever is known, trusted or not.
    #[must_use]
    pub fn of(known: &[TrustAnchor], lists: &[Vec<u8>], now: DateTime<FixedOffset>) -> Self {
        Self(Context::knowing(known, lists, now))
    }

    /// Whether a signer's certificate (DER) leads to somebody trusted for signers now. `issuers`: as below.
    #[must_use]
    pub fn trusts(&self, certificate: &[u8], issuers: &[Vec<u8>]) -> bool {
        let issuers: Vec<Certificate> =
            issuers.iter().filter_map(|der| Certificate::parse(der).ok()).collect();
        let when = When { claimed: None, trusted: None, covered: None };
        Certificate::parse(certificate).is_ok_and(|signer| {
            judge(&signer, &issuers, &RevocationInfos::default(), &self.0, when, false).trusted
        })
    }

    /// Whether a certificate (DER) or one above it is revoked, or another one of its key for a reason that does not
    /// leave the key good. `issuers`: certificates of its issuers, DER.
    #[must_use]
    pub fn revokes(&self, certificate: &[u8], issuers: &[Vec<u8>]) -> bool {
        if self.0.infos.is_empty() {
            return false;
        }
        let chain = std::iter::once(certificate).chain(issuers.iter().map(Vec::as_slice));
        let chain: Vec<Certificate> = chain.filter_map(|der| Certificate::parse(der).ok()).collect();
        // Each is asked about by itself.
        let own = chain.iter().filter_map(|one| Trusted::parse(&TrustAnchor::from(one.raw.clone())));
        let known = self.0.with_anchors(own);
        let when = When { claimed: None, trusted: None, covered: None };
        let reasons =
            |one: &Certificate| judge(one, &chain, &RevocationInfos::default(), &known, when, false).reasons;
        let revoked = |reason: &Reason| matches!(reason, Reason::Revoked | Reason::RevokedLater);
        chain.iter().any(|one| reasons(one).iter().any(revoked))
    }
}

/// A way from a certificate to one that is trusted, both included; `None` when there is none. Where it is trusted
/// itself, the way to an authority is for those who trust only that one.
pub(super) fn chain<'a>(
    signer: &'a Certificate,
    others: &'a [Certificate],
    known: &'a Context,
) -> Option<Vec<&'a Certificate>> {
    let mut search = PathBuilder::new(known.anchors().collect(), others, known, known.now);
    let mut found = Vec::new();
    if !signer.self_signed() {
        search.climb(&mut vec![signer], &mut found, 1);
    }
    found.pop().or_else(|| search.anchors.contains(&signer).then(|| vec![signer]))
}

/// Whether the certificate was outside its validity already at `at` (then the verdict is stricter).
pub(super) fn outside_at(signer: &Certificate, at: DateTime<FixedOffset>) -> bool {
    at < signer.not_before || at > signer.not_after
}
