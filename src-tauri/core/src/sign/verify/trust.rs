//! From a signer's certificate to one that is trusted, and whether any on the way was revoked.
//!
//! Touches certificates and revocation information only. A name proves nothing: each step is a signature that was checked.

use std::{cell::Cell, collections::HashSet, rc::Rc};

use chrono::{DateTime, FixedOffset};

use super::{
    Reason, VerifyOptions,
    anchor::{TrustAnchor, Trusted},
    certificate::Certificate,
    crypto::Outcome,
    evidence::Kept,
    revocation::{
        Hearing, MAX_REVOCATION_INFOS, RevocationInfo, RevocationInfos, RevocationStatus, Revoked, SKEW,
    },
};

/// Longest chain.
const MAX_DEPTH: usize = 6;
/// Most ways to somebody trusted that are looked at.
const MAX_PATHS: usize = 8;
/// Most signature checks for one chain: a heap of look-alikes must not take forever.
const MAX_CHECKS: usize = 200;

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
    room: Cell<u32>,
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
            lost: false,
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
    fn alone(&self) -> RevocationSources<'_> {
        let vouching = PathBuilder::new(Vec::new(), &[], self, self.now);
        RevocationSources { others: &[], own: &[], known: self, trusted: None, vouching }
    }

    /// Adds what a revision of the document keeps. What is known already keeps the earlier of its times.
    pub(super) fn keep(&mut self, kept: Kept) {
        self.unread |= kept.infos.unread;
        self.lost |= kept.infos.lost;
        for info in kept.infos.infos {
            let room = self.kept.len() < 2 * MAX_REVOCATION_INFOS;
            match self.kept.iter_mut().find(|one| one.raw == info.raw) {
                Some(one) => one.proven = one.proven.min(info.proven),
                None if room => self.kept.push(info),
                None => self.unread = true,
            }
        }
        for (certificate, proven) in kept.certificates {
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
    let paths = search.paths(signer, MAX_PATHS);
    standing.trusted = !paths.is_empty();
    if !standing.trusted {
        standing.reasons.push(Reason::UntrustedSigner);
        // A weak signature in the chain does not count; the clerk is told so.
        if search.weak {
            standing.reasons.push(Reason::WeakAlgorithm);
        }
    }
    let direct = search.anchors.contains(&signer);
    // Who revokes need not be trusted for anything else, nor do the rules bind him that those who are vouched for keep.
    let vouching =
        PathBuilder { lenient: true, ..PathBuilder::new(known.anchors().collect(), others, known, at) };
    let mut sources = RevocationSources { others, own: &own.infos, known, trusted: when.trusted, vouching };
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
                    if when.trusted.is_some_and(|at| at < revoked.at) && revoked.key_uncompromised => {}
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
        if self.trusted && sources.vouching.checks > MAX_CHECKS {
            reasons.push(Reason::RevocationUnknown);
        }
        if expired {
            reasons.push(Reason::Expired);
        }
        reasons
    }
}

/// Which certificates are known to be revoked by now. Lists are read once.
#[derive(Debug)]
pub struct Revocations(Context);

impl Revocations {
    /// By lists (DER) of whoever is known, trusted or not.
    #[must_use]
    pub fn of(known: &[TrustAnchor], lists: &[Vec<u8>], now: DateTime<FixedOffset>) -> Self {
        Self(Context::knowing(known, lists, now))
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

enum Revocation {
    Good,
    At(Revoked),
    /// Nobody who may say so knows, or not of now; or somebody says so who perhaps may not.
    Unknown,
    /// Its issuer says nothing.
    Unheard,
}

/// What all who tell of one certificate say.
#[derive(Debug, Clone, Copy, Default)]
struct Heard {
    revoked: Option<Revoked>,
    /// On hold, as of some time.
    held: Option<Revoked>,
    /// Not revoked, as of this time.
    good: Option<DateTime<FixedOffset>>,
    doubtful: bool,
    out_of_date: bool,
}

impl Heard {
    fn with(mut self, said: RevocationStatus) -> Self {
        let stricter = |before: Option<Revoked>, one: Revoked| Some(before.map_or(one, |b| b.stricter(one)));
        match said {
            RevocationStatus::Revoked(one) if one.held.is_some() => self.held = stricter(self.held, one),
            RevocationStatus::Revoked(one) => self.revoked = stricter(self.revoked, one),
            RevocationStatus::Good(at) => self.good = self.good.max(Some(at)),
            RevocationStatus::Doubtful => self.doubtful = true,
            RevocationStatus::OutOfDate => self.out_of_date = true,
            RevocationStatus::NotApplicable => {}
        }
        self
    }

    /// Revoked outweighs good, and good what is not of that time.
    fn result(self) -> Revocation {
        let lifted = self.held.is_some_and(|one| self.good > one.held);
        let revoked = match (self.revoked, self.held) {
            // What was signed while it was on hold nobody can tell: no reason then spares the key.
            (Some(revoked), Some(_)) if lifted => Some(Revoked { key_uncompromised: false, ..revoked }),
            (Some(revoked), Some(held)) => Some(revoked.stricter(held)),
            (revoked, held) => revoked.or(held.filter(|_| !lifted)),
        };
        match revoked {
            Some(revoked) => Revocation::At(revoked),
            None if lifted || self.doubtful => Revocation::Unknown,
            None if self.good.is_some() => Revocation::Good,
            None if self.out_of_date => Revocation::Unknown,
            None => Revocation::Unheard,
        }
    }
}

/// Where it is told whether a certificate was revoked.
struct RevocationSources<'a> {
    /// Certificates that came with the signature.
    others: &'a [Certificate],
    /// Revocation information that came with it.
    own: &'a [RevocationInfo],
    known: &'a Context,
    /// When the signature existed at the latest.
    trusted: Option<DateTime<FixedOffset>>,
    /// From whoever may revoke to somebody known.
    vouching: PathBuilder<'a>,
}

impl<'a> RevocationSources<'a> {
    /// What is said of one certificate in a chain, below `above`; `asked`: it needs somebody to clear it.
    fn of(
        &mut self,
        certificate: &'a Certificate,
        above: Option<&'a Certificate>,
        asked: bool,
    ) -> Revocation {
        let mut heard = self.by_issuer(certificate, above.filter(|_| asked));
        if !asked {
            // Trusted as it is, it needs nobody to clear it; that it was revoked counts.
            heard = Heard { good: None, out_of_date: false, ..heard };
        }
        heard = self.of_its_key(certificate).into_iter().fold(heard, Heard::with);
        if asked {
            heard = self.by_later_key(certificate, above).into_iter().fold(heard, Heard::with);
        }
        heard.result()
    }

    /// Certificates that came with the signature, or are kept.
    fn came(&self) -> impl Iterator<Item = &'a Certificate> {
        self.others.iter().chain(self.known.kept_certificates())
    }

    /// Revocations of other certificates for the same key: a key is one, however many there are for it, and lost in one
    /// of those known it is in all. A reason that leaves the key good is one of that certificate alone.
    fn of_its_key(&mut self, certificate: &Certificate) -> Vec<RevocationStatus> {
        let is_twin = |one: &&Certificate| one.has_key_of(certificate) && *one != certificate;
        let mut twins: Vec<&Certificate> = self.known.anchors().filter(is_twin).collect();
        // One that came along counts where somebody trusted vouches for it.
        let came: Vec<&Certificate> = self.came().filter(is_twin).collect();
        twins.extend(came.into_iter().filter(|one| self.vouching.reaches(one)));
        let heard = twins.into_iter().map(|twin| self.by_issuer(twin, None));
        let lost = heard.filter_map(|heard| match (heard.result(), heard.doubtful) {
            (Revocation::At(revoked), _) if !revoked.key_uncompromised => {
                Some(RevocationStatus::Revoked(revoked))
            }
            (_, true) => Some(RevocationStatus::Doubtful),
            _ => None,
        });
        lost.collect()
    }

    /// Revocations by an issuer's other key: an authority that got a new one may sign lists about what it issued before
    /// with that one.
    fn by_later_key(
        &mut self,
        certificate: &Certificate,
        above: Option<&Certificate>,
    ) -> Vec<RevocationStatus> {
        let is_namesake = |one: &&Certificate| {
            one.is_namesake_of_issuer(certificate) && Some(*one) != above && one.may_sign_crls()
        };
        let namesakes: Vec<&Certificate> =
            self.known.anchors().chain(self.came()).filter(is_namesake).collect();
        let mut revoked = Vec::new();
        for issuer in namesakes {
            if !self.vouching.reaches(issuer) {
                continue;
            }
            let all = self.known.infos.iter().chain(self.of_the_file());
            let now = self.known.now;
            let said = self.hear(all, |info, hearing| info.status_now(certificate, issuer, hearing, now));
            revoked
                .extend(said.into_iter().filter(|said| {
                    matches!(said, RevocationStatus::Revoked(_) | RevocationStatus::Doubtful)
                }));
        }
        revoked
    }

    /// Lists and answers that are kept, or came with the signature.
    fn of_the_file(&self) -> impl Iterator<Item = &'a RevocationInfo> {
        self.known.kept.iter().chain(self.own)
    }

    /// What lists and answers say, one after the other.
    fn hear(
        &self,
        infos: impl Iterator<Item = &'a RevocationInfo>,
        ask: impl Fn(&RevocationInfo, Hearing<'_>) -> RevocationStatus,
    ) -> Vec<RevocationStatus> {
        let lists = [&self.known.kept, &*self.known.infos, self.own];
        let certificates: Vec<&Certificate> = self.came().collect();
        let hearing = Hearing { lists: &lists, certificates: &certificates, room: &self.known.room };
        infos.map(|info| ask(info, hearing)).collect()
    }

    /// What its issuer says of a certificate: the one above it in the chain, else whoever of those known issued it.
    fn by_issuer(&self, certificate: &Certificate, above: Option<&Certificate>) -> Heard {
        let known = self.known;
        let nothing = known.infos.is_empty() && known.kept.is_empty() && self.own.is_empty();
        if nothing {
            return Heard::default();
        }
        let issuers: Vec<&Certificate> = match above {
            Some(issuer) => vec![issuer],
            None => {
                let issued = |issuer: &&Certificate| {
                    issuer.may_issue() && certificate.issued_by(issuer) == Outcome::Good
                };
                let all = known.anchors().chain(self.came());
                all.filter(|one| one.subject == certificate.issuer).filter(issued).collect()
            }
        };
        let mut heard = Heard::default();
        for issuer in issuers {
            let now = |info: &RevocationInfo, hearing: Hearing<'_>| {
                info.status_now(certificate, issuer, hearing, known.now)
            };
            heard = self.hear(known.infos.iter(), now).into_iter().fold(heard, Heard::with);
            let mut of_the_file = self.hear(self.of_the_file(), now);
            // Without a trusted time, what was at that time decides nothing.
            if let Some(at) = self.trusted {
                of_the_file.extend(self.hear(self.of_the_file(), |info, hearing| {
                    info.status_at(certificate, issuer, hearing, at)
                }));
            }
            // What is kept in the document is not blamed for its age.
            let of_the_file = of_the_file.into_iter().filter(|said| *said != RevocationStatus::OutOfDate);
            heard = of_the_file.fold(heard, Heard::with);
        }
        heard
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

/// Which of the lists and answers known clears a certificate of this issuer now, unless another revokes it; an
/// answer before a list.
pub(super) fn clearing<'a>(
    certificate: &Certificate,
    issuer: &Certificate,
    known: &'a Context,
) -> Option<&'a RevocationInfo> {
    let infos = || known.infos.iter();
    let said =
        known.alone().hear(infos(), |info, hearing| info.status_now(certificate, issuer, hearing, known.now));
    let revoked =
        said.iter().any(|said| matches!(said, RevocationStatus::Revoked(_) | RevocationStatus::Doubtful));
    let good = infos().zip(said).filter(|(_, said)| !revoked && matches!(said, RevocationStatus::Good(_)));
    good.map(|(info, _)| info).min_by_key(|info| !info.is_answer())
}

/// Whether something kept in the document cleared a certificate of this issuer at some time.
pub(super) fn was_cleared(certificate: &Certificate, issuer: &Certificate, known: &Context) -> bool {
    let said = known.alone().hear(known.kept.iter(), |info, hearing| {
        info.status_at(certificate, issuer, hearing, certificate.not_before)
    });
    said.iter().any(|said| matches!(said, RevocationStatus::Good(_)))
}

/// What an answer or a list says now of a certificate of this issuer, by what else is known.
pub(super) fn status_now(
    info: &RevocationInfo,
    certificate: &Certificate,
    issuer: &Certificate,
    known: &Context,
) -> RevocationStatus {
    let said = known.alone().hear(std::iter::once(info), |info, hearing| {
        info.status_now(certificate, issuer, hearing, known.now)
    });
    said.into_iter().next().unwrap_or(RevocationStatus::NotApplicable)
}

/// Whether the certificate was outside its validity already at `at` (then the verdict is stricter).
pub(super) fn outside_at(signer: &Certificate, at: DateTime<FixedOffset>) -> bool {
    at < signer.not_before || at > signer.not_after
}

struct PathBuilder<'a> {
    /// Those trusted first, then whoever came along.
    issuers: Vec<&'a Certificate>,
    anchors: Vec<&'a Certificate>,
    checks: usize,
    weak: bool,
    /// Rules that are not understood here do not end a way.
    lenient: bool,
}

impl<'a> PathBuilder<'a> {
    /// `at`: when the signature was made.
    fn new(
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

    /// Ways from a certificate to one that is trusted, both included; so many at most.
    fn paths(&mut self, from: &'a Certificate, most: usize) -> Vec<Vec<&'a Certificate>> {
        let mut found = Vec::new();
        self.walk(&mut vec![from], &mut found, most);
        found
    }

    /// Whether there is one.
    fn reaches(&mut self, from: &'a Certificate) -> bool {
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
    fn climb(
        &mut self,
        chain: &mut Vec<&'a Certificate>,
        found: &mut Vec<Vec<&'a Certificate>>,
        most: usize,
    ) {
        let Some(current) = chain.last().copied() else { return };
        if chain.len() >= MAX_DEPTH || current.odd && !self.lenient {
            return;
        }
        for issuer in self.issuers.clone() {
            let known = chain.contains(&issuer);
            // chain[0] is the signer; authorities below `issuer` are the rest.
            let below = chain.iter().skip(1).filter(|c| !c.self_issued()).count();
            let long = issuer.path_length.is_some_and(|most| below > most as usize);
            let odd = issuer.odd && !self.lenient;
            if known || long || odd || !issuer.may_issue() || current.issuer != issuer.subject {
                continue;
            }
            self.checks += 1;
            if self.checks > MAX_CHECKS || found.len() >= most {
                return;
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
            self.walk(chain, found, most);
            chain.pop();
        }
    }
}
