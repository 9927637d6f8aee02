//! A list of revoked certificates (RFC 5280, 5), as much of it as a verdict needs.
//!
//! Touches only the bytes it is given.

use std::{
    cell::{OnceCell, RefCell},
    collections::{HashMap, HashSet},
    hash::{Hash as _, Hasher as _},
};

use chrono::{DateTime, FixedOffset};

use super::{
    certificate::{self, Certificate, NormalizedName},
    crypto::{Outcome, SignatureCache},
    der::{self, Der, NotDer, Tlv},
    revocation::{CertStatus, Revoked, Statement},
};

/// Most entries of one list.
const MAX_ENTRIES: usize = 2_000_000;

/// reasonCode, and of its values removeFromCRL: only in a list of what changed since another one (RFC 5280, 5.3.1).
const REASON: &[u8] = &[0x55, 0x1d, 21];
const REMOVED: &[u8] = &[8];
/// certificateIssuer.
const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 29];
/// invalidityDate.
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1d, 24];

/// A list.
#[derive(Debug, Clone)]
pub(super) struct RevocationList {
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    /// Issuer's name, raw.
    pub(super) issuer_raw: Vec<u8>,
    /// The same as names are compared.
    issuer: NormalizedName,
    /// Which of the issuer's keys signed it (authorityKeyIdentifier, raw); empty where it does not say.
    pub(super) authority_key: Vec<u8>,
    pub(super) this_update: DateTime<FixedOffset>,
    pub(super) next_update: Option<DateTime<FixedOffset>>,
    /// Where its entries stand in `tbs`: a list has some hundred thousand, and is asked about a few.
    entries: std::ops::Range<usize>,
    /// Some entry may be about another issuer's certificate.
    indirect: bool,
    /// Serial numbers that were asked about, and what it says of them.
    asked: RefCell<HashMap<Vec<u8>, LookedUp>>,
    others: OnceCell<OtherIssuers>,
    /// It tells of a part only, or in a way not understood: silence then proves nothing.
    partial: bool,
    /// The part it says it tells of.
    scope: Option<IssuingDistributionPoint>,
    /// Whether its signature holds, by the keys that were tried.
    held: SignatureCache,
}

/// What a list says of a serial number, and whether that may be another issuer's.
type LookedUp = Option<(Revoked, bool)>;

/// The certificates a list is about (issuingDistributionPoint, RFC 5280, 5.2.5).
#[derive(Debug, Clone)]
struct IssuingDistributionPoint {
    /// Only those that name one of these; http addresses.
    urls: Option<Vec<String>>,
    /// Only those of persons, or only those of authorities.
    authorities: Option<bool>,
}

/// Entries of an indirect list that name other issuers.
#[derive(Debug, Clone, Default)]
struct OtherIssuers {
    /// Who is named together; each None: it cannot be read, or is too much, and may be anybody.
    names: Vec<Vec<Option<NormalizedName>>>,
    /// Digest of a serial number, and place of whoever is named with it.
    entries: HashSet<(u64, usize)>,
}

impl OtherIssuers {
    /// Most issuers that are told apart, and most bytes of all their names.
    const MOST: usize = 64;
    const MOST_BYTES: usize = 64 << 10;

    fn digest(serial: &[u8]) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        serial.hash(&mut hasher);
        hasher.finish()
    }
}

impl IssuingDistributionPoint {
    /// A list's extensions: the scope they tell of; whether they narrow the list in another way.
    fn extensions(extensions: &Tlv<'_>, scope: &mut Option<Self>) -> Result<bool, NotDer> {
        let mut list = extensions.inside().expect(der::SEQUENCE)?.inside();
        let mut partial = false;
        while !list.is_empty() {
            let mut one = list.expect(der::SEQUENCE)?.inside();
            let oid = one.expect(der::OID)?.body;
            let critical = one.optional(0x01)?.is_some_and(|said| said.body != [0]);
            if oid == ISSUING_POINT {
                partial |= scope.is_some();
                *scope = Self::parse(one.expect(der::OCTET_STRING)?.body)?;
                partial |= scope.is_none();
            } else {
                // What is critical and not understood narrows what the list is about (RFC 5280, 5.2).
                partial |= critical || oid == DELTA;
            }
        }
        Ok(partial)
    }

    /// `None` when it is narrowed in another way: by reasons, to other issuers, to attribute certificates, to nobody.
    fn parse(value: &[u8]) -> Result<Option<Self>, NotDer> {
        let mut fields = Der::new(value).expect(der::SEQUENCE)?.inside();
        let urls = fields.optional(0xa0)?.map(|point| certificate::full_name(&point)).transpose()?;
        if urls.as_ref().is_some_and(|urls| urls.len() > certificate::MAX_URLS) {
            return Err(NotDer);
        }
        let mut scope = Self { urls, authorities: None };
        let mut both = 0;
        for (tag, authorities) in [(0x81, false), (0x82, true)] {
            if fields.optional(tag)?.is_some_and(|said| said.body != [0]) {
                scope.authorities = Some(authorities);
                both += 1;
            }
        }
        Ok((fields.is_empty() && both < 2).then_some(scope))
    }

    fn covers(&self, certificate: &Certificate) -> bool {
        let here = |url: &String| certificate.crl_urls.contains(url);
        self.urls.as_ref().is_none_or(|urls| urls.iter().any(here))
            && self.authorities.is_none_or(|authorities| authorities == certificate.authority)
    }
}

/// deltaCRLIndicator: the list tells only what changed since another one.
const DELTA: &[u8] = &[0x55, 0x1d, 27];

const ISSUING_POINT: &[u8] = &[0x55, 0x1d, 28];

const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 35];

impl RevocationList {
    pub(super) fn parse(raw: &[u8]) -> Result<Self, NotDer> {
        let mut outer = Der::new(raw);
        let mut parts = outer.expect(der::SEQUENCE)?.inside();
        outer.finish()?;
        let tbs = parts.expect(der::SEQUENCE)?;
        let algorithm = parts.expect(der::SEQUENCE)?;
        let signature = der::whole_bits(&parts.expect(der::BIT_STRING)?)?.to_vec();
        parts.finish()?;

        let mut fields = tbs.inside();
        fields.optional(der::INTEGER)?;
        if fields.expect(der::SEQUENCE)?.raw != algorithm.raw {
            return Err(NotDer);
        }
        let issuer_raw = fields.expect(der::SEQUENCE)?.raw.to_vec();
        let this_update = der::time(&fields.next()?)?;
        let next_update = match time_here(&mut fields)? {
            // Without it the list clears nobody.
            Some(time) => der::time(&time).ok(),
            None => None,
        };
        let (mut partial, mut indirect, mut scope) = (false, false, None);
        let mut authority_key = Vec::new();
        let mut entries = 0..0;
        if let Some(list) = fields.optional(der::SEQUENCE)? {
            let end = tbs.raw.len() - fields.rest().len();
            entries = end - list.body.len()..end;
            let mut count = 0;
            let mut rest = list.inside();
            while !rest.is_empty() {
                let entry = ListEntry::read(rest.expect(der::SEQUENCE)?)?;
                // With an entry nobody here understands, or one of a part only, silence proves nothing (RFC 5280, 5.3).
                partial |= entry.more.unclear || entry.more.removed;
                indirect |= entry.more.indirect;
                count += 1;
                if count > MAX_ENTRIES {
                    return Err(NotDer);
                }
            }
        }
        if let Some(extensions) = fields.optional(0xa0)? {
            partial |= IssuingDistributionPoint::extensions(&extensions, &mut scope).unwrap_or(true);
            authority_key = key_in(&extensions).unwrap_or_default();
        }
        fields.finish()?;
        Ok(Self {
            tbs: tbs.raw.to_vec(),
            algorithm: algorithm.raw.to_vec(),
            signature,
            issuer: NormalizedName::of(&issuer_raw)?,
            issuer_raw,
            authority_key,
            this_update,
            next_update,
            entries,
            indirect,
            asked: RefCell::default(),
            others: OnceCell::new(),
            partial,
            scope,
            held: SignatureCache::default(),
        })
    }

    /// What it states of a certificate that `issuer` issued; `None` when it is not about it, or not by them. That it is
    /// revoked is doubtful where they should sign no lists.
    pub(super) fn states(&self, certificate: &Certificate, issuer: &Certificate) -> Option<Statement> {
        let theirs = certificate.is_issued_under(&self.issuer) && issuer.is_named(&self.issuer);
        if !theirs {
            // Another's, whom the certificate perhaps names (cRLIssuer, RFC 5280, 4.2.1.13).
            let revokes = certificate.revocable && self.indirect && self.revokes_for_another(certificate);
            return revokes.then_some(Statement {
                status: CertStatus::Doubtful,
                from: self.this_update,
                until: self.next_update,
                signer_until: issuer.not_after,
            });
        }
        let held = self.held.of(&self.algorithm, &issuer.key, &self.tbs, &self.signature);
        if held == Outcome::Bad {
            return None;
        }
        let entry = self.revocation_of(&certificate.serial);
        // By a kind of signature nobody here can check it is no word, but what it says of revocation is not put aside.
        let unclear = held != Outcome::Good || !issuer.may_sign_crls();
        let sane = self.next_update.is_none_or(|next| self.this_update <= next);
        (!unclear || entry.is_some()).then(|| Statement {
            status: match entry {
                Some(_) if unclear => CertStatus::Doubtful,
                Some((_, true)) => CertStatus::Doubtful,
                Some((revoked, false)) => CertStatus::Revoked(revoked),
                None if !sane => CertStatus::Unknown,
                None if self.scope.as_ref().is_some_and(|s| !s.covers(certificate)) => CertStatus::Unknown,
                None if self.partial || certificate.listed_elsewhere => CertStatus::Unknown,
                None => CertStatus::Good,
            },
            from: self.this_update,
            until: self.next_update,
            signer_until: issuer.not_after,
        })
    }
}

impl RevocationList {
    /// What its entries of a serial number say together, and whether they may all be about another issuer's: an entry
    /// may name one, for itself and those that follow (certificateIssuer, RFC 5280, 5.3.3).
    fn revocation_of(&self, serial: &[u8]) -> LookedUp {
        if let Some(known) = self.asked.borrow().get(serial) {
            return *known;
        }
        let said = self.look_up(serial);
        self.asked.borrow_mut().insert(serial.to_vec(), said);
        said
    }

    /// Whether an entry names this certificate by its serial number and issuer (certificateIssuer).
    fn revokes_for_another(&self, certificate: &Certificate) -> bool {
        let OtherIssuers { names, entries } = self.others.get_or_init(|| self.other_issuers());
        let serial = OtherIssuers::digest(&certificate.serial);
        let mut named = names.iter().enumerate().filter(|(place, _)| entries.contains(&(serial, *place)));
        named.any(|(_, names)| {
            names.iter().any(|name| name.as_ref().is_none_or(|name| certificate.is_issued_under(name)))
        })
    }

    /// Reads the entries that name another issuer: once, for all who are asked about.
    fn other_issuers(&self) -> OtherIssuers {
        let mut others = OtherIssuers::default();
        let (mut places, mut bytes) = (HashMap::new(), 0);
        let mut rest = Der::new(self.tbs.get(self.entries.clone()).unwrap_or_default());
        let mut theirs = None;
        while let Ok(raw) = rest.expect(der::SEQUENCE) {
            let Ok(entry) = ListEntry::read(raw) else { continue };
            if let Some(mut names) = entry.more.issuer {
                let size = names.iter().map(Vec::len).sum::<usize>();
                if !places.contains_key(&names) {
                    bytes += size;
                    if places.len() >= OtherIssuers::MOST || bytes > OtherIssuers::MOST_BYTES {
                        // Whoever that is.
                        names = vec![Vec::new()];
                    }
                }
                theirs = Some(*places.entry(names).or_insert_with_key(|names| {
                    others.names.push(names.iter().map(|name| NormalizedName::of(name).ok()).collect());
                    others.names.len() - 1
                }));
            }
            if let (Some(place), Ok(number)) = (theirs, raw.inside().expect(der::INTEGER)) {
                others.entries.insert((OtherIssuers::digest(der::integer(&number)), place));
            }
        }
        others
    }

    fn look_up(&self, serial: &[u8]) -> LookedUp {
        let mut rest = Der::new(self.tbs.get(self.entries.clone())?);
        let mut said: Option<(Revoked, bool)> = None;
        let mut indirect = false;
        while let Ok(raw) = rest.expect(der::SEQUENCE) {
            let own = raw.inside().expect(der::INTEGER).is_ok_and(|number| der::integer(&number) == serial);
            if !own && !self.indirect {
                continue;
            }
            let Ok(entry) = ListEntry::read(raw) else { continue };
            indirect |= entry.more.indirect;
            let one = entry.revoked(self.this_update).filter(|_| own).map(|one| (one, indirect));
            said = said.into_iter().chain(one).reduce(|(a, x), (b, y)| (a.stricter(b), x && y));
        }
        said
    }
}

/// One entry of a list.
struct ListEntry<'a> {
    at: Tlv<'a>,
    more: EntryExtensions,
}

impl<'a> ListEntry<'a> {
    fn read(entry: Tlv<'a>) -> Result<Self, NotDer> {
        let mut entry = entry.inside();
        entry.expect(der::INTEGER)?;
        let at = entry.next()?;
        let more = match entry.optional(der::SEQUENCE) {
            Ok(extensions) => extensions.map(|one| EntryExtensions::read(&one)).unwrap_or_default(),
            Err(NotDer) => EntryExtensions { unclear: true, ..EntryExtensions::default() },
        };
        Ok(Self { at, more })
    }

    /// How it revokes; `None` when it takes a revocation back. `this_update`: the list's.
    fn revoked(&self, this_update: DateTime<FixedOffset>) -> Option<Revoked> {
        let more = &self.more;
        if more.removed && !more.unclear {
            return None;
        }
        // Whatever else it says, it revokes; from ever where nobody can read when.
        let Ok(at) = der::time(&self.at) else {
            let at = DateTime::<chrono::Utc>::MIN_UTC.fixed_offset();
            return Some(Revoked { at, key_uncompromised: false, held: None });
        };
        let held = (more.hold && !more.unclear).then_some(this_update);
        Some(Revoked { held, ..more.applied(at, more.reasons == [true]) })
    }
}

/// What is said besides of one revocation (RFC 5280, 5.3; in answers too, RFC 6960, 4.4.5).
#[derive(Debug, Default)]
pub(super) struct EntryExtensions {
    /// Of each reason, whether it leaves the key good.
    pub(super) reasons: Vec<bool>,
    /// It takes an earlier revocation back (removeFromCRL).
    removed: bool,
    /// The certificate is on hold, and nothing else is said.
    pub(super) hold: bool,
    /// invalidityDate: since when the key was bad.
    bad_since: Option<DateTime<FixedOffset>>,
    /// It may be about another issuer's certificate (certificateIssuer).
    indirect: bool,
    /// That issuer's raw names, or what stands in their place.
    issuer: Option<Vec<Vec<u8>>>,
    /// Something must be understood and is not.
    unclear: bool,
}

impl EntryExtensions {
    /// Reads Extensions; what cannot be read is unclear.
    pub(super) fn read(extensions: &Tlv<'_>) -> Self {
        let mut said = Self::default();
        said.unclear |= said.parse(extensions).is_err();
        said
    }

    fn parse(&mut self, extensions: &Tlv<'_>) -> Result<(), NotDer> {
        let mut list = extensions.inside();
        while !list.is_empty() {
            // What one says that cannot be read silences none behind it.
            let one = list.expect(der::SEQUENCE)?;
            self.unclear |= self.extension(&one).is_err();
        }
        Ok(())
    }

    fn extension(&mut self, extension: &Tlv<'_>) -> Result<(), NotDer> {
        let mut one = extension.inside();
        let id = one.expect(der::OID)?.body;
        let critical = one.optional(0x01)?.is_some_and(|said| said.body != [0]);
        if id == CERTIFICATE_ISSUER {
            self.indirect = true;
            self.unclear |= critical;
            let named = one
                .expect(der::OCTET_STRING)
                .map_or(vec![Vec::new()], |value| directory_names(&mut value.inside()));
            self.issuer.get_or_insert_default().extend(named);
            return Ok(());
        }
        let mut value = one.expect(der::OCTET_STRING)?.inside();
        match id {
            REASON => {
                let reason = value.expect(der::ENUMERATED)?;
                value.finish()?;
                self.removed = self.reasons.is_empty() && reason.body == REMOVED;
                self.hold = self.reasons.is_empty() && Revoked::is_hold(&reason);
                self.reasons.push(Revoked::leaves_key_uncompromised(&reason));
            }
            INVALIDITY_DATE => {
                let since = der::time(&value.next()?)?;
                self.bad_since = Some(self.bad_since.map_or(since, |before| before.min(since)));
            }
            _ => self.unclear |= critical,
        }
        Ok(())
    }

    /// The revocation at a time, for a reason that leaves the key good (`key_uncompromised`) or not, with what is said besides.
    pub(super) fn applied(&self, at: DateTime<FixedOffset>, key_uncompromised: bool) -> Revoked {
        Revoked {
            at: self.bad_since.map_or(at, |since| since.min(at)),
            key_uncompromised: key_uncompromised && !self.unclear,
            held: None,
        }
    }
}

/// authorityKeyIdentifier among a list's extensions, raw.
fn key_in(extensions: &Tlv<'_>) -> Result<Vec<u8>, NotDer> {
    let mut list = extensions.inside().expect(der::SEQUENCE)?.inside();
    loop {
        let mut one = list.expect(der::SEQUENCE)?.inside();
        if one.expect(der::OID)?.body == AUTHORITY_KEY {
            one.optional(0x01)?;
            return Ok(one.expect(der::OCTET_STRING)?.body.to_vec());
        }
    }
}

/// Most names of one issuer.
const MAX_NAMES: usize = 8;

/// The directoryNames of GeneralNames, raw; an empty one for what cannot be read, or is too much.
fn directory_names(names: &mut Der<'_>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut list = names.expect(der::SEQUENCE).map_or(Der::new(&[]), |names| names.inside());
    while let Ok(name) = list.next() {
        if name.tag == 0xa4 && found.len() < MAX_NAMES {
            found.push(name.body.to_vec());
        } else if name.tag == 0xa4 {
            found.push(Vec::new());
            break;
        }
    }
    if found.is_empty() {
        found.push(Vec::new());
    }
    found
}

/// UTCTime or GeneralizedTime, when one comes next.
fn time_here<'a>(fields: &mut Der<'a>) -> Result<Option<Tlv<'a>>, NotDer> {
    match fields.optional(0x17)? {
        Some(time) => Ok(Some(time)),
        None => fields.optional(0x18),
    }
}
