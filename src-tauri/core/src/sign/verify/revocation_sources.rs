//! Where it is told whether a certificate was revoked, and what all who tell say together: its issuer, those who have its key
//! certified too, the issuer by a later key.
//!
//! Touches certificates and revocation information only.

use chrono::{DateTime, FixedOffset};

use super::{
    certificate::Certificate,
    crypto::Outcome,
    path::PathBuilder,
    revocation::{Hearing, RevocationInfo, RevocationStatus, Revoked},
    trust::Context,
};

/// What is said of a certificate, all in all.
pub(super) enum Revocation {
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
            // Nor what the doubtful word says of the key.
            Some(revoked) => Revocation::At(Revoked {
                key_uncompromised: revoked.key_uncompromised && !self.doubtful,
                ..revoked
            }),
            None if lifted || self.doubtful => Revocation::Unknown,
            None if self.good.is_some() => Revocation::Good,
            None if self.out_of_date => Revocation::Unknown,
            None => Revocation::Unheard,
        }
    }
}

/// Where it is told whether a certificate was revoked.
pub(super) struct RevocationSources<'a> {
    /// Certificates that came with the signature.
    pub(super) others: &'a [Certificate],
    /// Revocation information that came with it.
    pub(super) own: &'a [RevocationInfo],
    /// Who is trusted, and what else is known.
    pub(super) known: &'a Context,
    /// When the signature existed at the latest.
    pub(super) trusted: Option<DateTime<FixedOffset>>,
    /// From whoever may revoke to somebody known, by the rules.
    pub(super) vouching: PathBuilder<'a>,
    /// The same whatever the rules: what such a one says is at least not put aside.
    pub(super) doubting: PathBuilder<'a>,
}

impl<'a> RevocationSources<'a> {
    /// What is said of one certificate in a chain, below `above`; `asked`: it needs somebody to clear it.
    pub(super) fn of(
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
        heard = self.by_later_key(certificate, above).into_iter().fold(heard, Heard::with);
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
        twins.extend(self.came().filter(is_twin));
        let known: Vec<&Certificate> = self.known.anchors().collect();
        let mut lost = Vec::new();
        for twin in twins {
            let vouched = known.contains(&twin) || self.vouching.reaches(twin);
            if !vouched && !self.doubting.reaches(twin) {
                continue;
            }
            let heard =
                self.by_later_key(twin, None).into_iter().fold(self.by_issuer(twin, None), Heard::with);
            let certain = heard.revoked.or(heard.held).is_some_and(|one| !one.key_uncompromised);
            match heard.result() {
                Revocation::At(revoked) if certain && vouched => {
                    lost.push(RevocationStatus::Revoked(revoked));
                }
                Revocation::At(revoked) if revoked.key_uncompromised => {}
                Revocation::At(_) => lost.push(RevocationStatus::Doubtful),
                // On hold once, too.
                _ if heard.doubtful || heard.held.is_some() => lost.push(RevocationStatus::Doubtful),
                _ => {}
            }
        }
        lost
    }

    /// Revocations by an issuer's other key: an authority that got a new one may sign lists about what it issued before
    /// with that one.
    fn by_later_key(
        &mut self,
        certificate: &Certificate,
        above: Option<&Certificate>,
    ) -> Vec<RevocationStatus> {
        let is_namesake = |one: &&Certificate| one.is_namesake_of_issuer(certificate) && Some(*one) != above;
        let namesakes: Vec<&Certificate> =
            self.known.anchors().chain(self.came()).filter(is_namesake).collect();
        let mut revoked = Vec::new();
        for issuer in namesakes {
            // Who perhaps may not is not put aside.
            let vouched = issuer.may_revoke() && self.vouching.reaches(issuer);
            if !vouched && !self.doubting.reaches(issuer) {
                continue;
            }
            let all = self.known.infos.iter().chain(self.of_the_file());
            let now = self.known.now;
            let said = self.hear(all, |info, hearing| info.status_now(certificate, issuer, hearing, now));
            revoked.extend(said.into_iter().filter_map(|said| match said {
                RevocationStatus::Revoked(_) if vouched => Some(said),
                RevocationStatus::Revoked(_) | RevocationStatus::Doubtful => Some(RevocationStatus::Doubtful),
                _ => None,
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
        let certificates: Vec<&Certificate> = self.known.anchors().chain(self.came()).collect();
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
                all.filter(|one| one.is_namesake_of_issuer(certificate)).filter(issued).collect()
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
