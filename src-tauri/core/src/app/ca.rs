//! The office's own certification authority, for offices that have none: a folder with its key, its
//! certificate and the register of what it issued. It may lie inside a counter's home or on a medium
//! of its own that is locked away.
//!
//! The register is one file, replaced whole: a certificate that is not in it was never issued.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

mod folder;

use super::App;
use super::clerks::Right;
use super::digitize::OutFile;
use super::error::{CoreError, ErrorKind};
use super::key::{KeyView, MAX_FILE, file_name, read_bounded};
use super::session::Session;
use super::setup::{check_name, check_pin, replace_secret};
use crate::sign::authority::{self, RevocationReason, Validity};
use crate::sign::certificate::{Certificate, Subject};
use crate::sign::key::{Cost, Secret, SigningKey};
use crate::sign::request::{self, BadRequest, Request};
use crate::store::{StoreError, station, sync_folder};
use crate::time::rfc3339;
use crate::words::{is_unseen, shown, tidy};
use folder::{CERTIFICATE, Folder, KEY, REGISTER, damaged, fault, unknown, write_register};

/// Folder of an authority that lies in a counter's home.
pub const FOLDER: &str = "ca";
/// Kinds of the entries of a counter's own authority: made, issued, revoked, its list written.
const MADE: &str = "ca_made";
const ISSUED: &str = "ca_issued";
const REVOKED_ONE: &str = "ca_revoked";
const LISTED: &str = "ca_listed";
/// Nothing holds longer, days.
const MAX_DAYS: u32 = 36_500;
/// Its list of revoked certificates, for the counter it belongs to.
pub(super) const REVOKED: &str = "revoked.crl";

/// What a new authority needs to know.
#[derive(Debug)]
pub struct NewAuthority<'a> {
    /// Its name, which signers' certificates will show as issuer.
    pub name: &'a str,
    /// Name of the office.
    pub office: &'a str,
    /// The PIN that will open its key.
    pub pin: Secret,
    /// Days it holds.
    pub days: u32,
    /// Address under which its list of revoked certificates will be found, where there is one.
    pub list: Option<&'a str>,
}

/// What was issued, to whom, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Subject, as RFC 4514 writes names.
    pub subject: String,
    /// Kind of key.
    pub algorithm: String,
    /// When it was issued, RFC 3339.
    pub issued_at: String,
    /// Last moment of validity, RFC 3339.
    pub valid_until: String,
    /// Serial number of the certificate it follows.
    pub renews: Option<String>,
    /// When it was revoked, RFC 3339.
    pub revoked_at: Option<String>,
    /// Why.
    pub why: Option<RevocationReason>,
    /// The certificate, PEM.
    pub pem: String,
}

/// The register of an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Address of its list of revoked certificates.
    pub list: Option<String>,
    /// Number of the last list.
    pub lists: u64,
    /// Every certificate, oldest first.
    pub issued: Vec<Issued>,
}

/// An authority as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityView {
    /// Folder.
    pub folder: PathBuf,
    /// Its certificate, a file to be put into the folder `trust` of every counter.
    pub certificate: PathBuf,
    /// Subject, as RFC 4514 writes names.
    pub subject: String,
    /// Last moment of validity, RFC 3339.
    pub valid_until: String,
    /// Its register.
    pub register: Register,
}

/// Who asks for a certificate, as shown before one is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RequestView {
    /// Name of the file.
    pub file: String,
    /// Name of who asks.
    pub name: String,
    /// Office or unit of who asks; empty when the request tells none.
    pub unit: String,
    /// Subject, as RFC 4514 writes names.
    pub subject: String,
    /// Kind of key.
    pub algorithm: String,
    /// SHA-256 of the request (DER), name and key included, hexadecimal: who asks sees the same.
    pub fingerprint: String,
}

impl App {
    /// The folder of the authority: the one named, else that of this counter.
    ///
    /// # Errors
    /// [`ErrorKind::NotReady`] when none is named and there is no counter either.
    pub fn authority_folder(&self, named: Option<&Path>) -> Result<PathBuf, CoreError> {
        match named {
            Some(folder) => Ok(folder.to_path_buf()),
            None if self.is_set_up() => Ok(self.home.join(FOLDER)),
            None => Err(ErrorKind::NotReady.into()),
        }
    }

    /// Whether the folder is that of this counter's own authority: an administrator answers for what it does.
    #[must_use]
    pub fn is_own_authority(&self, folder: &Path) -> bool {
        // Before it is made there is only where it will lie.
        let place = |path: &Path| {
            let parent = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let beside = || Some(parent.canonicalize().ok()?.join(path.file_name()?));
            path.canonicalize().ok().or_else(beside)
        };
        self.is_set_up() && place(folder).is_some_and(|named| place(&self.home.join(FOLDER)) == Some(named))
    }

    /// Whose session answers for a change of an authority; `None` for one that lies elsewhere, on whose key its PIN
    /// alone decides.
    fn answers<'a>(
        &self,
        session: Option<&'a Session>,
        folder: &Path,
    ) -> Result<Option<&'a Session>, CoreError> {
        if !self.is_own_authority(folder) {
            return Ok(None);
        }
        let session = session.ok_or(ErrorKind::Locked)?;
        session.may(Right::Manage)?;
        Ok(Some(session))
    }

    /// Tells in the journal what the counter's own authority is about to do. Told first: what was issued and is not
    /// told of would be worse than the other way round.
    fn tell_of_authority(
        &self,
        session: Option<&Session>,
        kind: &str,
        facts: serde_json::Value,
    ) -> Result<(), CoreError> {
        let Some(session) = session else { return Ok(()) };
        let mut store = self.store()?;
        let change = store.begin()?;
        self.tell(&change, session, kind, facts)?;
        Ok(change.commit().map_err(StoreError::from)?)
    }

    /// Makes an authority, whole or not at all. `session`: of an administrator, for the counter's own.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`], [`ErrorKind::RoleMissing`]; [`ErrorKind::CaReady`], [`ErrorKind::PinTooShort`], [`ErrorKind::BadName`], [`ErrorKind::BadAddress`], those
    /// of the disk and the store.
    pub fn make_authority(
        &self,
        session: Option<&Session>,
        folder: &Path,
        wish: &NewAuthority<'_>,
    ) -> Result<AuthorityView, CoreError> {
        let session = self.answers(session, folder)?;
        let training = self.is_set_up() && station::station(self.store()?.read())?.training;
        let unit = if training {
            "LUYỆN TẬP - Chứng thực chữ ký số nội bộ"
        } else {
            "Chứng thực chữ ký số nội bộ"
        };
        let subject = Subject { name: tidy(wish.name), office: tidy(wish.office), unit: unit.to_owned() };
        check_name(&subject.name)?;
        check_name(&subject.office)?;
        check_pin(&wish.pin)?;
        if let Some(list) = wish.list {
            check_address(list)?;
        }
        if folder.exists() {
            return Err(CoreError::new(ErrorKind::CaReady).with("path", folder.display()));
        }
        let parent = folder.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let clock = self.clock.as_ref();
        let key = SigningKey::make(clock)?;
        let span = self.span(wish.days);
        let der = authority::root(&key, &subject, self.serial()?, &span).ok_or_else(fault)?;
        let certificate = Certificate::from_der(&der).ok_or_else(fault)?;
        let register = Register { list: wish.list.map(str::to_owned), lists: 0, issued: Vec::new() };

        let made = tempfile::Builder::new().prefix(".saoy-").tempdir_in(parent)?;
        let within = made.path();
        replace_secret(within, &within.join(KEY), &key.encrypt(&wish.pin, Cost::Pin, clock)?)?;
        replace_secret(within, &within.join(CERTIFICATE), &certificate.pem().ok_or_else(fault)?)?;
        write_register(within, &register)?;
        let details = certificate.details().ok_or_else(fault)?;
        let facts = json!({ "serial": details.serial, "subject": details.subject });
        self.tell_of_authority(session, MADE, facts)?;
        let path = made.keep();
        if let Err(e) = fs::rename(&path, folder) {
            // Nobody but us knows this folder; if it cannot be removed, the first error matters more.
            _ = fs::remove_dir_all(&path);
            return Err(e.into());
        }
        sync_folder(parent)?;
        self.authority(folder)
    }

    /// The authority and its register. Needs no PIN.
    ///
    /// # Errors
    /// [`ErrorKind::CaMissing`], [`ErrorKind::HomeDamaged`].
    pub fn authority(&self, folder: &Path) -> Result<AuthorityView, CoreError> {
        let Folder { certificate, register, .. } = Folder::read(folder)?;
        let details = certificate.details().ok_or_else(|| damaged(CERTIFICATE))?;
        Ok(AuthorityView {
            folder: folder.to_path_buf(),
            certificate: folder.join(CERTIFICATE),
            subject: details.subject,
            valid_until: rfc3339(&self.moment(details.not_after)),
            register,
        })
    }

    /// The authority that lies in this counter's home; `None` while there is none.
    ///
    /// # Errors
    /// [`ErrorKind::HomeDamaged`].
    pub fn own_authority(&self) -> Result<Option<AuthorityView>, CoreError> {
        match self.authority(&self.home.join(FOLDER)) {
            Err(error) if error.kind == ErrorKind::CaMissing => Ok(None),
            found => found.map(Some),
        }
    }

    /// Makes it, for this office.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`]; as [`App::make_authority`].
    pub fn make_own_authority(
        &self,
        session: &Session,
        name: &str,
        pin: Secret,
        days: u32,
    ) -> Result<AuthorityView, CoreError> {
        let office = &session.station.office_name;
        let wish = NewAuthority { name, office, pin, days, list: None };
        self.make_authority(Some(session), &self.home.join(FOLDER), &wish)
    }

    /// Lets it issue a certificate for a key of this counter, and puts that in use. Both PINs are tried
    /// once.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`]; as [`App::request_certificate`], [`App::issue_certificate`] and
    /// [`App::install_certificate`].
    pub fn certify(
        &self,
        session: &Session,
        (clerk, pin): (i64, &str),
        authority_pin: &str,
        days: u32,
    ) -> Result<KeyView, CoreError> {
        session.may(Right::Manage)?;
        let asked = request::read(self.request_of(clerk, pin)?.as_bytes());
        let asked = asked.map_err(|why| bad_request(Path::new(""), why))?;
        let folder = self.home.join(FOLDER);
        let issued = self.issue(Some(session), &folder, authority_pin, &asked, days, None)?;
        let chain =
            Certificate::all_in(self.authority_certificate(&folder, Some(&issued.serial))?.as_bytes());
        self.install_chain(session, clerk, &chain.ok_or_else(fault)?, Path::new(&issued.serial))
    }

    /// A certificate of the register, PEM, the authority's own behind it; without a number the
    /// authority's own alone.
    ///
    /// # Errors
    /// [`ErrorKind::CaMissing`], [`ErrorKind::CaUnknownCertificate`].
    pub fn authority_certificate(&self, folder: &Path, serial: Option<&str>) -> Result<String, CoreError> {
        let desk = Folder::read(folder)?;
        let own = desk.certificate.pem().ok_or_else(fault)?;
        Ok(match serial {
            None => own,
            Some(serial) => format!("{}{own}", desk.find(serial)?.pem),
        })
    }

    /// Who asks for a certificate in a file.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`] with its `reason`, [`ErrorKind::NotFound`].
    pub fn read_request(&self, file: &Path) -> Result<RequestView, CoreError> {
        let asked = read_request(file)?;
        Ok(RequestView {
            file: file_name(file),
            name: asked.person,
            unit: asked.unit,
            subject: asked.name,
            algorithm: asked.algorithm,
            fingerprint: asked.fingerprint,
        })
    }

    /// Issues a certificate for a request and writes it, the authority's own behind it. Never longer
    /// than the authority itself holds. `shown`: the fingerprint of the request that was looked at.
    ///
    /// # Errors
    /// As [`App::make_authority`] for who may; [`ErrorKind::BadRequest`] with its `reason`, [`ErrorKind::RequestChanged`], [`ErrorKind::WrongPin`],
    /// [`ErrorKind::CaUnknownCertificate`] when the key was revoked for a reason that does not leave it good, those
    /// of the disk.
    pub fn issue_certificate(
        &self,
        session: Option<&Session>,
        folder: &Path,
        pin: &str,
        (file, shown): (&Path, Option<&str>),
        days: u32,
        out: &Path,
    ) -> Result<Issued, CoreError> {
        let asked = read_request(file)?;
        if shown.is_some_and(|shown| !shown.eq_ignore_ascii_case(&asked.fingerprint)) {
            return Err(CoreError::new(ErrorKind::RequestChanged).with("file", file_name(file)));
        }
        self.issue(session, folder, pin, &asked, days, Some(out))
    }

    /// The same without a file of the request, and written only where `out` says so.
    fn issue(
        &self,
        session: Option<&Session>,
        folder: &Path,
        pin: &str,
        asked: &Request,
        days: u32,
        out: Option<&Path>,
    ) -> Result<Issued, CoreError> {
        let session = self.answers(session, folder)?;
        let mut desk = Folder::open(folder)?;
        let key = desk.key(pin)?;
        let span = self.leaf_span(&desk, days)?;
        let list = desk.register.list.clone();
        let serial = self.serial()?;
        let der = authority::issue(&key, &desk.certificate, asked, serial, &span, list.as_deref());
        self.enter(session, &mut desk, &der.ok_or_else(fault)?, None, out)
    }

    /// Issues the next certificate for the same person and key.
    ///
    /// # Errors
    /// [`ErrorKind::CaUnknownCertificate`] when it was never issued or is revoked, otherwise as
    /// [`App::issue_certificate`].
    pub fn renew_certificate(
        &self,
        session: Option<&Session>,
        folder: &Path,
        pin: &str,
        serial: &str,
        days: u32,
        out: &Path,
    ) -> Result<Issued, CoreError> {
        let session = self.answers(session, folder)?;
        let mut desk = Folder::open(folder)?;
        let old = desk.find(serial)?.clone();
        if old.revoked_at.is_some() {
            return Err(unknown(serial, "revoked"));
        }
        // One that was certified before such names were refused.
        if old.subject.chars().any(is_unseen) {
            return Err(CoreError::new(ErrorKind::BadName).with("value", shown(&old.subject)));
        }
        let key = desk.key(pin)?;
        let span = self.leaf_span(&desk, days)?;
        let list = desk.register.list.clone();
        let before = Certificate::from_pem(&old.pem).ok_or_else(|| damaged(REGISTER))?;
        let next = self.serial()?;
        let der = authority::renew(&key, &desk.certificate, &before, next, &span, list.as_deref());
        self.enter(session, &mut desk, &der.ok_or_else(fault)?, Some(old.serial), Some(out))
    }

    /// Revokes a certificate. The counter the authority belongs to knows of it at once, by a list in the authority's
    /// folder; others by the next list ([`App::revocation_list`]).
    ///
    /// # Errors
    /// As [`App::make_authority`] for who may; [`ErrorKind::CaUnknownCertificate`], [`ErrorKind::WrongPin`], those of
    /// the disk.
    pub fn revoke_certificate(
        &self,
        session: Option<&Session>,
        folder: &Path,
        pin: &str,
        serial: &str,
        why: RevocationReason,
    ) -> Result<Issued, CoreError> {
        let session = self.answers(session, folder)?;
        let mut desk = Folder::open(folder)?;
        let key = desk.key(pin)?;
        let at = rfc3339(&self.clock.now());
        let serial = desk.find(serial)?.serial.clone();
        let before = desk.register.clone();
        let entry = desk.register.issued.iter_mut().find(|one| one.serial == serial);
        let entry = entry.ok_or_else(|| unknown(&serial, "not_issued"))?;
        if entry.revoked_at.is_some() {
            return Err(unknown(&serial, "revoked"));
        }
        entry.revoked_at = Some(at);
        entry.why = Some(why);
        let entry = entry.clone();
        let end = desk.certificate.details().ok_or_else(|| damaged(CERTIFICATE))?.not_after;
        let from = self.clock.now();
        let list = desk.list(&key, &Validity { from, until: self.moment(end).max(from) })?;
        self.tell_of_authority(session, REVOKED_ONE, json!({ "serial": entry.serial, "why": why }))?;
        // The number first: it is used up even if the list never gets its name. Then the list: what it revokes and
        // the register does not can be revoked again.
        write_register(folder, &Register { lists: desk.register.lists, ..before })?;
        let file = OutFile::prepare(&folder.join(REVOKED))?;
        file.fill_with(list.as_bytes())?;
        file.publish()?;
        write_register(folder, &desk.register)?;
        Ok(entry)
    }

    /// Writes the list of revoked certificates, PEM; it holds for `days`, then counters ask for a newer
    /// one. Returns its number.
    ///
    /// # Errors
    /// As [`App::make_authority`] for who may; [`ErrorKind::CaMissing`], [`ErrorKind::WrongPin`], those of the disk.
    pub fn revocation_list(
        &self,
        session: Option<&Session>,
        folder: &Path,
        pin: &str,
        days: u32,
        out: &Path,
    ) -> Result<u64, CoreError> {
        let session = self.answers(session, folder)?;
        let mut desk = Folder::open(folder)?;
        let key = desk.key(pin)?;
        let list = desk.list(&key, &self.span(days))?;
        let out = self.out_file(out)?;
        out.fill_with(list.as_bytes())?;
        self.tell_of_authority(session, LISTED, json!({ "number": desk.register.lists }))?;
        // The number is used up even if the list never gets its name: numbers only grow.
        write_register(folder, &desk.register)?;
        out.publish()?;
        Ok(desk.register.lists)
    }

    /// Enters a new certificate in the register, then gives the file its name, where one is asked for.
    fn enter(
        &self,
        session: Option<&Session>,
        desk: &mut Folder,
        der: &[u8],
        renews: Option<String>,
        out: Option<&Path>,
    ) -> Result<Issued, CoreError> {
        let certificate = Certificate::from_der(der).ok_or_else(fault)?;
        let details = certificate.details().ok_or_else(fault)?;
        desk.clears(&details.key)?;
        let (pem, own) = (certificate.pem().ok_or_else(fault)?, desk.certificate.pem().ok_or_else(fault)?);
        let out = out.map(|out| self.out_file(out)).transpose()?;
        if let Some(out) = &out {
            out.fill_with(format!("{pem}{own}").as_bytes())?;
        }
        let issued = Issued {
            serial: details.serial,
            subject: details.subject,
            algorithm: details.algorithm,
            issued_at: rfc3339(&self.clock.now()),
            valid_until: rfc3339(&self.moment(details.not_after)),
            renews,
            revoked_at: None,
            why: None,
            pem,
        };
        let facts = json!({
            "renews": issued.renews,
            "serial": issued.serial,
            "subject": issued.subject,
            "valid_until": issued.valid_until,
        });
        self.tell_of_authority(session, ISSUED, facts)?;
        desk.register.issued.push(issued.clone());
        write_register(&desk.folder, &desk.register)?;
        if let Some(out) = out {
            out.publish()?;
        }
        Ok(issued)
    }

    fn span(&self, days: u32) -> Validity {
        let from = self.clock.now();
        Validity { from, until: from + chrono::Duration::days(i64::from(days.min(MAX_DAYS))) }
    }

    fn leaf_span(&self, desk: &Folder, days: u32) -> Result<Validity, CoreError> {
        let mut span = self.span(days);
        if span.from.timestamp() > desk.certificate.not_after {
            let serial = desk.certificate.details().map(|details| details.serial);
            return Err(unknown(&serial.unwrap_or_default(), "authority_over"));
        }
        span.until = span.until.min(self.moment(desk.certificate.not_after));
        Ok(span)
    }
}

/// Certificates name the address of a list in ASCII (RFC 5280, 4.2.1.13), and what asks for it speaks plain http.
fn check_address(list: &str) -> Result<(), CoreError> {
    let place = list.strip_prefix("http://").filter(|place| place.bytes().all(|b| b.is_ascii_graphic()));
    if place.is_none_or(str::is_empty) {
        return Err(CoreError::new(ErrorKind::BadAddress).with("value", list));
    }
    Ok(())
}

fn read_request(file: &Path) -> Result<Request, CoreError> {
    request::read(&read_bounded(file, MAX_FILE, ErrorKind::BadRequest)?).map_err(|why| bad_request(file, why))
}

fn bad_request(file: &Path, why: BadRequest) -> CoreError {
    let reason = match why {
        BadRequest::Unreadable => "unreadable",
        BadRequest::BadSignature => "bad_signature",
        BadRequest::WeakKey => "weak_key",
        BadRequest::NoName => "no_name",
        BadRequest::BadName => "bad_name",
    };
    CoreError::new(ErrorKind::BadRequest).with("file", file_name(file)).with("reason", reason)
}
