//! The clerk's key and certificate: how they stand, another PIN, out of the house and in again.
//!
//! A key lies in a file of its own under a name that is never used twice; which file and certificate
//! are in use is a row. So a change is one rename or one transaction, and a crash leaves the old or
//! the new.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use super::App;
use super::clerks::Right;
use super::error::{CoreError, ErrorKind};
use super::session::{Instead, STATION, Session};
use super::setup::{check_name, check_pin, replace_secret};
use crate::sign::certificate::{Certificate, Details, Subject};
use crate::sign::key::{Cost, Secret, SigningKey};
use crate::sign::portable::{self, ImportError, MIN_PASSPHRASE};
use crate::sign::verify::{self, Revocations};
use crate::sign::{authority, request};
use crate::store::check::{CERTIFICATE_INSTALLED, certificate_facts};
use crate::store::keys::station_file;
use crate::store::{KEYS, Store, WORK, station, sync_folder};
use crate::time::rfc3339;
use crate::words::lower;

/// A certificate that ends within so many days is told about: time enough to ask for the next.
pub const EXPIRY_WARNING_DAYS: i64 = 60;
/// Kind of the entry of a changed PIN; it tells nothing of the PIN.
const PIN_CHANGED: &str = "pin_changed";
/// Kind of the entry of a key that was written for another program.
const KEY_EXPORTED: &str = "key_exported";
/// Largest file of a key, certificate or request that is looked at, bytes.
pub(super) const MAX_FILE: u64 = 1 << 20;

/// A key and its certificate, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeyView {
    /// Name of the clerk at this counter.
    pub clerk: String,
    /// Kind of key: `ed25519`.
    pub algorithm: String,
    /// Subject of the certificate, as RFC 4514 writes names.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: String,
    /// First moment of validity, RFC 3339.
    pub valid_from: String,
    /// Last moment of validity, RFC 3339.
    pub valid_until: String,
    /// Whole days until then; negative when it is over.
    #[cfg_attr(test, ts(type = "number"))]
    pub days_left: i64,
    /// Nobody but the clerk vouches for it.
    pub self_signed: bool,
    /// Certificates of issuers that signatures carry along.
    pub issuers: u32,
    /// What is odd about it.
    pub findings: Vec<KeyFinding>,
}

/// What is odd about a key or certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyFinding {
    /// The certificate ends within [`EXPIRY_WARNING_DAYS`].
    ExpiresSoon,
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not begun.
    NotYetValid,
    /// The certificate, or that of an authority above it, was revoked.
    Revoked,
}

/// How a key is written for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeyFormat {
    /// The key alone, PEM.
    Pkcs8,
    /// Key, certificate and issuers, DER.
    Pkcs12,
}

impl App {
    /// The key a clerk, or the agency, uses. Needs no PIN.
    ///
    /// # Errors
    /// Those of the store; [`ErrorKind::KeyDamaged`].
    pub fn key_status(&self, clerk: i64) -> Result<KeyView, CoreError> {
        self.key_view(&station::clerk(self.store()?.read(), clerk)?, &self.revocations_if_any())
    }

    pub(super) fn key_view(
        &self,
        clerk: &station::Clerk,
        revoked: &Revocations,
    ) -> Result<KeyView, CoreError> {
        let details = Certificate::from_der(&clerk.certificate).and_then(|certificate| certificate.details());
        let details =
            details.ok_or_else(|| CoreError::new(ErrorKind::KeyDamaged).with("file", "certificate"))?;
        let now = self.clock.now();
        let moment = |seconds: i64| rfc3339(&self.moment(seconds));
        let left = details.not_after - now.timestamp();
        let days_left = left.div_euclid(86_400);
        let mut findings = Vec::new();
        if revoked.revokes(&clerk.certificate, &clerk.issuers) {
            findings.push(KeyFinding::Revoked);
        }
        if left < 0 {
            findings.push(KeyFinding::Expired);
        } else if days_left < EXPIRY_WARNING_DAYS {
            findings.push(KeyFinding::ExpiresSoon);
        }
        if now.timestamp() < details.not_before {
            findings.push(KeyFinding::NotYetValid);
        }
        Ok(KeyView {
            clerk: clerk.name.clone(),
            algorithm: details.algorithm,
            subject: details.subject,
            issuer: details.issuer,
            serial: details.serial,
            fingerprint: crate::hex::encode(&Sha256::digest(&clerk.certificate)),
            valid_from: moment(details.not_before),
            valid_until: moment(details.not_after),
            days_left,
            self_signed: details.self_signed,
            issuers: u32::try_from(clerk.issuers.len()).unwrap_or(u32::MAX),
            findings,
        })
    }

    /// Keeps a clerk's key under another PIN, in another file. The old PIN is tried once, and opens the key until
    /// the row that names the new file and the entry that tells of it are committed together. For the agency's key somebody who
    /// may sign for the agency answers, with an open session.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPin`], [`ErrorKind::PinTooShort`], [`ErrorKind::KeyDamaged`],
    /// [`ErrorKind::Locked`] and [`ErrorKind::RoleMissing`] for the agency's; those of the disk.
    pub fn change_pin(
        &self,
        session: Option<&Session>,
        clerk: i64,
        old: &str,
        new: &str,
    ) -> Result<(), CoreError> {
        let (own, known) = self.answering(session, clerk, old, Right::Agency)?;
        let session = own.as_ref().or(session).ok_or(ErrorKind::Locked)?;
        check_pin(new)?;
        let agencys = if known.agency { Some(self.key_of(&known, old)?) } else { None };
        let key = agencys.as_ref().unwrap_or(&session.clerk_key);
        let chain = [vec![known.certificate.clone()], known.issuers.clone()].concat();
        self.install(session, &known, chain, Some((key, new)), Some(PIN_CHANGED))?;
        Ok(())
    }

    /// Whose session answers for a change of a key: the clerk's own, opened by the PIN, for a clerk's; for the
    /// agency's, which opens no journal, that of somebody with the right to it.
    fn answering(
        &self,
        session: Option<&Session>,
        clerk: i64,
        pin: &str,
        right: Right,
    ) -> Result<(Option<Session>, station::Clerk), CoreError> {
        let known = station::clerk(self.store()?.read(), clerk)?;
        if !known.agency {
            return Ok((Some(self.unlock_as(clerk, pin)?), known));
        }
        session.ok_or(ErrorKind::Locked)?.may(right)?;
        Ok((None, known))
    }

    /// Refuses a key somebody else has or had at this counter: two would sign as one.
    fn is_no_others(&self, holder: &station::Clerk, key: &[u8], file: &Path) -> Result<(), CoreError> {
        let store = self.store()?;
        for row in station::installed(store.read())? {
            let own = row.certificate().and_then(|der| Certificate::from_der(&der)?.details());
            let other = row.clerk != holder.id && own.is_some_and(|own| own.key == key);
            if other && !(holder.agency && station::clerk(store.read(), row.clerk)?.agency) {
                return Err(bad_key_file(file, "anothers"));
            }
        }
        Ok(())
    }

    /// Writes a key of this counter for another program, under a pass phrase of its own; the journal tells
    /// of it. Who answers for it is as in [`App::change_pin`].
    ///
    /// # Errors
    /// [`ErrorKind::PassphraseTooShort`], [`ErrorKind::PassphraseUnfit`], [`ErrorKind::OutputExists`],
    /// [`ErrorKind::OutputRefused`], those of [`App::change_pin`].
    pub fn export_key(
        &self,
        session: Option<&Session>,
        (clerk, pin): (i64, &str),
        format: KeyFormat,
        passphrase: &str,
        out: &Path,
    ) -> Result<PathBuf, CoreError> {
        if passphrase.chars().count() < MIN_PASSPHRASE {
            return Err(CoreError::new(ErrorKind::PassphraseTooShort).with("min", MIN_PASSPHRASE));
        }
        if format == KeyFormat::Pkcs12 && !portable::fits_pkcs12(passphrase) {
            return Err(ErrorKind::PassphraseUnfit.into());
        }
        let (own, _) = self.answering(session, clerk, pin, Right::Agency)?;
        let agencys = if own.is_none() { Some(self.key_and_certificate(clerk, pin)?) } else { None };
        let session = own.as_ref().or(session).ok_or(ErrorKind::Locked)?;
        let (key, certificate) = match &agencys {
            Some((key, certificate)) => (key, certificate),
            None => (&session.clerk_key, &session.certificate),
        };
        let out = self.secret_out_file(out)?;
        let bytes = match format {
            KeyFormat::Pkcs8 => {
                portable::to_pkcs8(key, &composed(passphrase), self.clock.as_ref())?.into_bytes()
            }
            KeyFormat::Pkcs12 => portable::to_pkcs12(key, certificate, &composed(passphrase))?,
        };
        out.fill_with(&bytes)?;
        // Told first: a key that is out and not told of would be worse than the other way round.
        let mut store = self.store()?;
        let change = store.begin()?;
        self.tell(&change, session, KEY_EXPORTED, serde_json::json!({ "clerk": clerk }))?;
        change.commit().map_err(crate::store::StoreError::from)?;
        out.publish()
    }

    /// Takes a key made elsewhere instead of one of this counter, under the same PIN, with the certificates
    /// beside it, or a certificate of its own where none fits. The old key's file is removed; what it
    /// signed stays verifiable. For the agency's key an administrator answers, as where it is made.
    ///
    /// # Errors
    /// [`ErrorKind::BadKeyFile`] with its `reason`, [`ErrorKind::WrongPassphrase`], [`ErrorKind::PassphraseUnfit`],
    /// [`ErrorKind::BadCertificate`], [`ErrorKind::RoleMissing`], those of [`App::unlock`], of store and disk.
    pub fn import_key(
        &self,
        session: Option<&Session>,
        (clerk, pin): (i64, &str),
        file: &Path,
        passphrase: Option<&str>,
    ) -> Result<KeyView, CoreError> {
        let bytes = zeroize::Zeroizing::new(read_bounded(file, MAX_FILE, ErrorKind::BadKeyFile)?);
        let imported = match (portable::import(&bytes, passphrase), passphrase.map(composed)) {
            // Other keyboards compose letters otherwise.
            (Err(ImportError::WrongPassphrase), Some(other)) if passphrase != Some(other.as_str()) => {
                portable::import(&bytes, Some(&other))
            }
            (imported, _) => imported,
        };
        let imported = imported.map_err(|why| refused(file, &why))?;
        let (own, known) = self.answering_for_another(session, clerk, pin)?;
        self.is_no_others(&known, &imported.key.public_info(), file)?;
        let session = own.as_ref().or(session).ok_or(ErrorKind::Locked)?;
        let fitting = Chain::of(&imported.certificates, &imported.key.public_info());
        let chain = match fitting {
            Some(chain) => {
                let owner = session.may(Right::Manage).err().map(|_| known.name.as_str());
                self.may_use(&chain, file, owner)?;
                chain.ders
            }
            None => vec![self.own_certificate(session, &known.name, &imported.key)?],
        };
        self.install(session, &known, chain, Some((&imported.key, pin)), None)
    }

    /// Makes a new key instead of one of this counter, under the same PIN, with a certificate of its own: the old one was
    /// lost to somebody, say. What that signed stays verifiable. Who answers for it is as in [`App::import_key`].
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`], those of [`App::unlock`], of store and disk.
    pub fn new_key(
        &self,
        session: Option<&Session>,
        (clerk, pin): (i64, &str),
    ) -> Result<KeyView, CoreError> {
        let (own, known) = self.answering_for_another(session, clerk, pin)?;
        let session = own.as_ref().or(session).ok_or(ErrorKind::Locked)?;
        let key = SigningKey::make(self.clock.as_ref())?;
        let certificate = self.own_certificate(session, &known.name, &key)?;
        self.install(session, &known, vec![certificate], Some((&key, pin)), None)
    }

    /// Tries a PIN of a key, before files are asked for; a wrong one is tried once. For the agency's key whoever does it
    /// has the right to, if any is asked.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`], [`ErrorKind::RoleMissing`], [`ErrorKind::WrongPin`], [`ErrorKind::KeyDamaged`].
    pub fn try_pin(
        &self,
        session: Option<&Session>,
        (clerk, pin): (i64, &str),
        right: Option<Right>,
    ) -> Result<(), CoreError> {
        let agency = station::clerk(self.store()?.read(), clerk)?.agency;
        if let Some(right) = right.filter(|_| agency) {
            session.ok_or(ErrorKind::Locked)?.may(right)?;
        }
        self.key_and_certificate(clerk, pin).map(|_| ())
    }

    /// As [`App::answering`], where another key takes the place of this one: the PIN stays, so it must be the key's.
    fn answering_for_another(
        &self,
        session: Option<&Session>,
        clerk: i64,
        pin: &str,
    ) -> Result<(Option<Session>, station::Clerk), CoreError> {
        let (own, known) = self.answering(session, clerk, pin, Right::Manage)?;
        if known.agency {
            self.key_of(&known, pin)?;
        }
        Ok((own, known))
    }

    /// A certificate of its own for a key nobody else vouches for.
    pub(super) fn own_certificate(
        &self,
        session: &Session,
        name: &str,
        key: &SigningKey,
    ) -> Result<Vec<u8>, CoreError> {
        let subject = Subject {
            name: name.to_owned(),
            office: session.station.office_name.clone(),
            unit: Subject::unit(session.station.training),
        };
        self.self_signed(key, &subject)
    }

    /// A certificate a key signs for itself.
    pub(super) fn self_signed(&self, key: &SigningKey, subject: &Subject) -> Result<Vec<u8>, CoreError> {
        authority::self_signed(key, subject, self.serial()?, self.clock.now())
            .ok_or_else(|| CoreError::new(ErrorKind::Internal).with("detail", "certificate"))
    }

    /// Writes a request for a certificate (PKCS#10, PEM) for a key of this counter and its name. The PIN is
    /// tried once.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPin`], [`ErrorKind::OutputExists`], [`ErrorKind::OutputRefused`], those of the disk.
    pub fn request_certificate(&self, clerk: i64, pin: &str, out: &Path) -> Result<PathBuf, CoreError> {
        let pem = self.request_of(clerk, pin)?;
        let out = self.out_file(out)?;
        out.fill_with(pem.as_bytes())?;
        out.publish()
    }

    /// The request itself, PEM.
    pub(super) fn request_of(&self, clerk: i64, pin: &str) -> Result<String, CoreError> {
        let (key, certificate) = self.key_and_certificate(clerk, pin)?;
        let pem = request::make(&key, &certificate);
        pem.ok_or_else(|| CoreError::new(ErrorKind::Internal).with("detail", "request"))
    }

    /// The agency's key, to sign in the place of the clerk's. Its PIN is tried once.
    ///
    /// # Errors
    /// [`ErrorKind::AgencyKeyMissing`], [`ErrorKind::WrongPin`], [`ErrorKind::KeyDamaged`].
    pub fn open_agency_key(&self, pin: &str) -> Result<Instead, CoreError> {
        let (key, certificate) = self.key_and_certificate(self.agency_key()?, pin)?;
        Ok(Instead::Agency(key, certificate))
    }

    fn key_and_certificate(&self, clerk: i64, pin: &str) -> Result<(SigningKey, Certificate), CoreError> {
        let known = station::clerk(self.store()?.read(), clerk)?;
        let key = self.key_of(&known, pin)?;
        let damaged = || CoreError::new(ErrorKind::KeyDamaged).with("file", "certificate");
        let certificate = Certificate::from_der(&known.certificate).ok_or_else(damaged)?;
        Ok((key, certificate.with_issuers(known.issuers)))
    }

    /// Installs a certificate issued for a key of this counter; issuers in the file are kept with it. One that is
    /// revoked is not put in use. Everybody may for their own key, an administrator for every key.
    ///
    /// # Errors
    /// [`ErrorKind::BadCertificate`] with its `reason`; [`ErrorKind::RoleMissing`]; those of store and
    /// disk.
    pub fn install_certificate(
        &self,
        session: &Session,
        clerk: i64,
        file: &Path,
    ) -> Result<KeyView, CoreError> {
        self.install_chain(session, clerk, &certificates_of(file)?, file)
    }

    /// The same with the certificates themselves, DER; `from` names where they come from.
    pub(super) fn install_chain(
        &self,
        session: &Session,
        clerk: i64,
        all: &[Vec<u8>],
        from: &Path,
    ) -> Result<KeyView, CoreError> {
        if clerk != session.clerk_id {
            session.may(Right::Manage)?;
        }
        let known = station::clerk(self.store()?.read(), clerk)?;
        let used = Certificate::from_der(&known.certificate).and_then(|one| one.details());
        let used = used.ok_or_else(|| CoreError::new(ErrorKind::KeyDamaged).with("file", "certificate"))?;
        let chain = Chain::of(all, &used.key).ok_or_else(|| bad_certificate(from, "other_key"))?;
        let owner = session.may(Right::Manage).err().map(|_| known.name.as_str());
        self.may_use(&chain, from, owner)?;
        self.install(session, &known, chain.ders, None, None)
    }

    /// Whether a chain may be put in use for a key of this counter; who it must name: [`Chain::check`].
    fn may_use(&self, chain: &Chain, file: &Path, owner: Option<&str>) -> Result<(), CoreError> {
        let now = self.clock.now();
        chain.check(file, now.timestamp(), owner)?;
        let (own, issuers) = chain.ders.split_first().ok_or_else(|| bad_certificate(file, "unreadable"))?;
        // Nobody could sign with it.
        if self.revocations()?.revokes(own, issuers) {
            return Err(bad_certificate(file, "revoked"));
        }
        Ok(())
    }

    /// Puts a chain in use, with a new key or another PIN where one comes along: files first, then one
    /// transaction, with a further entry that tells `what` was done. `before`: what was in use when this began.
    fn install(
        &self,
        session: &Session,
        before: &station::Clerk,
        chain: Vec<Vec<u8>>,
        key: Option<(&SigningKey, &str)>,
        what: Option<&str>,
    ) -> Result<KeyView, CoreError> {
        let at = rfc3339(&self.clock.now());
        let keys = self.home.join(KEYS);
        let mut store: Store = self.store()?;
        let change = store.begin()?;
        if station::clerk(&change, before.id)? != *before {
            return Err(ErrorKind::HomeBusy.into());
        }
        let mut key_file = before.key_file.clone();
        if let Some((key, pin)) = key {
            // Never used before, nor by a try that failed: rows count up and are never removed.
            key_file = format!("clerk-{}-{}.pem", before.id, before.installed + 1);
            let clock = self.clock.as_ref();
            let work = self.home.join(WORK);
            if !before.agency {
                let wrapped =
                    session.station_key.encrypt(&key.derive_secret(STATION), Cost::Derived, clock)?;
                replace_secret(&work, &keys.join(station_file(&key_file)), &wrapped)?;
            }
            let sealed = key.encrypt(pin, Cost::Pin, clock)?;
            if SigningKey::decrypt(&sealed, pin)?.public() != key.public() {
                return Err(CoreError::new(ErrorKind::KeyDamaged).with("file", &key_file));
            }
            replace_secret(&work, &keys.join(&key_file), &sealed)?;
        }
        if let Some(what) = what {
            self.tell(&change, session, what, serde_json::json!({ "clerk": before.id }))?;
        }
        let row = station::install(&change, before.id, &chain, &key_file, &at)?;
        let installed = station::Installed { seq: row, clerk: before.id, chain: chain.concat() };
        self.tell(&change, session, CERTIFICATE_INSTALLED, certificate_facts(&installed))?;
        change.commit().map_err(crate::store::StoreError::from)?;
        if key_file != before.key_file {
            // Nobody needs them any more; should one stay, the next sweep removes it.
            _ = fs::remove_file(keys.join(station_file(&before.key_file)));
            _ = fs::remove_file(keys.join(&before.key_file));
            _ = sync_folder(&keys);
        }
        self.key_view(&station::clerk(store.read(), before.id)?, &self.revocations_if_any())
    }
}

/// A certificate for a key, then those of its issuers in order, as far as they are there.
pub(super) struct Chain {
    pub(super) ders: Vec<Vec<u8>>,
    details: Details,
    name: String,
}

impl Chain {
    /// `key`: the public key, as certificates hold it.
    pub(super) fn of(all: &[Vec<u8>], key: &[u8]) -> Option<Self> {
        let (leaf, details, name) = all.iter().find_map(|der| {
            let certificate = Certificate::from_der(der)?;
            let details = certificate.details().filter(|details| details.key == key)?;
            Some((der, details, certificate.name))
        })?;
        Some(Self { ders: chain_of(leaf, all), details, name })
    }

    /// Whether it may be put in use. Who does not look after the counter takes no other name and becomes no
    /// authority: `owner` is then the name it must bear.
    pub(super) fn check(&self, file: &Path, now: i64, owner: Option<&str>) -> Result<(), CoreError> {
        let reason = if now > self.details.not_after {
            "expired"
        } else if now < self.details.not_before {
            "not_yet_valid"
        } else if !self.details.may_sign || (owner.is_some() && self.details.authority) {
            "wrong_usage"
        } else if check_name(&self.name).is_err() {
            "bad_name"
        } else if owner.is_some_and(|owner| lower(owner) != lower(&self.name)) {
            "other_name"
        } else {
            return Ok(());
        };
        Err(bad_certificate(file, reason))
    }
}

/// A certificate and those above it, each issued by the next, as far as they are among `all`; DER each.
pub(super) fn chain_of(leaf: &[u8], all: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut chain = vec![leaf.to_vec()];
    while let Some(last) = chain.last() {
        let issuer = all.iter().find(|der| !chain.contains(der) && verify::issued_by(last, der));
        match issuer {
            Some(issuer) => chain.push(issuer.clone()),
            None => break,
        }
    }
    chain
}

pub(super) fn bad_certificate(file: &Path, reason: &str) -> CoreError {
    CoreError::new(ErrorKind::BadCertificate).with("file", file_name(file)).with("reason", reason)
}

fn bad_key_file(file: &Path, reason: &str) -> CoreError {
    let error = CoreError::new(ErrorKind::BadKeyFile).with("file", file_name(file));
    error.with("reason", reason).with("detail", "")
}

/// A pass phrase with its letters composed (NFC), as most keyboards give it.
fn composed(passphrase: &str) -> Secret {
    // Room for the longest there can be, so that growing leaves no copies behind.
    let mut composed = Secret::new(String::with_capacity(passphrase.len() * 3));
    composed.extend(passphrase.nfc());
    composed
}

fn refused(file: &Path, why: &ImportError) -> CoreError {
    let bad = |reason| bad_key_file(file, reason);
    match why {
        ImportError::NotAKey => bad("not_a_key"),
        ImportError::NotOneKey => bad("not_one_key"),
        ImportError::BadCertificate => bad_certificate(file, "unreadable"),
        ImportError::TooCostly => bad("too_costly"),
        ImportError::OtherCipher => bad("other_cipher"),
        ImportError::OtherAlgorithm(oid) => bad("other_algorithm").with("detail", oid),
        ImportError::WrongPassphrase => {
            CoreError::new(ErrorKind::WrongPassphrase).with("file", file_name(file))
        }
        ImportError::Unfit => ErrorKind::PassphraseUnfit.into(),
        ImportError::PassphraseMissing => ErrorKind::PassphraseMissing.into(),
    }
}

/// The certificates of a file, DER; there is one at least.
pub(super) fn certificates_of(file: &Path) -> Result<Vec<Vec<u8>>, CoreError> {
    let found = Certificate::all_in(&read_bounded(file, MAX_FILE, ErrorKind::BadCertificate)?);
    found.filter(|all| !all.is_empty()).ok_or_else(|| bad_certificate(file, "unreadable"))
}

/// The name of a file alone.
pub(super) fn file_name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file somebody hands in, whole. One of more than `max` bytes is refused as too large, as an error `bad`.
pub(super) fn read_bounded(file: &Path, max: u64, bad: ErrorKind) -> Result<Vec<u8>, CoreError> {
    use std::io::Read as _;
    let missing = |_| CoreError::missing(file.display());
    let open = fs::File::open(file).map_err(missing)?;
    let length = open.metadata().map_err(missing)?.len().min(max);
    // Room for all of it and for the look beyond, so that growing leaves no copies of a key behind.
    let mut bytes = Vec::with_capacity(usize::try_from(length + 64).unwrap_or_default());
    open.take(max + 1).read_to_end(&mut bytes).map_err(missing)?;
    if bytes.len() as u64 > max {
        let error = CoreError::new(bad).with("file", file_name(file)).with("reason", "too_large");
        return Err(error.with("detail", ""));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.crt");
        fs::write(&file, [7; 11]).unwrap();
        let read = |max| read_bounded(&file, max, ErrorKind::BadCertificate);
        assert_eq!(read(11).unwrap(), [7; 11]);
        let refused = read(10).unwrap_err();
        assert_eq!(
            (refused.kind, refused.params["reason"].as_str()),
            (ErrorKind::BadCertificate, "too_large")
        );
        fs::write(&file, [7; 100_000]).unwrap();
        assert!(read(MAX_FILE).unwrap().capacity() < 101_000, "it never grew");
    }
}
