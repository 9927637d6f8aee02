//! Who is trusted besides our own clerks: what an administrator puts into the counter's folder
//! `trust` (lists of the province, authorities, time-stamp authorities) and their lists of revoked
//! certificates.

use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::App;
use super::ca;
use super::clerks::Right;
use super::digitize::OutFile;
use super::error::{CoreError, ErrorKind};
use super::key::{bad_certificate, file_name, read_bounded};
use super::session::Session;
use super::trust_list::TrustList;
use crate::sign::certificate::{Certificate, ListDetails, TrustMaterial, list_details};
use crate::sign::verify::{Revocations, TrustAnchor, TrustPurpose};
use crate::time::{Timestamp, rfc3339};

/// Folder of trusted certificates and lists, in a home.
pub const TRUST: &str = "trust";
/// Endings of files with certificates and lists of revoked ones.
const ENDINGS: [&str; 5] = ["pem", "crt", "cer", "der", "crl"];
/// Kind of the entry of a file that was put into the folder.
const TRUST_ADDED: &str = "trust_added";
const TRUST_REMOVED: &str = "trust_removed";
/// Ending of lists of authorities.
const LIST: &str = "toml";
/// Largest file, bytes: the lists of large authorities reach some ten megabytes.
const MAX_FILE: u64 = 64 << 20;

/// Who is trusted, and whom their lists revoke (DER each).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Authorities, or signers trusted as they are.
    pub anchors: Vec<TrustAnchor>,
    /// Lists of revoked certificates; a verdict reads each of them, else it is not taken ([`Trust::add`]).
    pub revoked: Vec<Vec<u8>>,
}

/// What the folder `trust` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrustView {
    /// Lists of authorities.
    pub lists: Vec<TrustListView>,
    /// Who is trusted.
    pub authorities: Vec<TrustedView>,
    /// Lists of revoked certificates.
    pub revocations: Vec<RevocationView>,
}

/// Whom a file would have this counter trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OfferedTrust {
    /// Name of the file.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// What it says.
    pub trust: TrustView,
}

/// A list of authorities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrustListView {
    /// Name of the file.
    pub file: String,
    /// Who decides on it.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// First day it holds; before, nobody in it is trusted.
    #[cfg_attr(test, ts(type = "string"))]
    pub effective_from: NaiveDate,
    /// Day a newer one is due.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub next_update: Option<NaiveDate>,
    /// What is odd about it; it is used all the same, but an early one.
    pub findings: Vec<TrustFinding>,
}

/// What is odd about a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TrustFinding {
    /// A newer one was due.
    Overdue,
    /// It does not hold yet; nobody in it is trusted.
    NotYetEffective,
    /// A newer one of the same issuer holds; nobody in it is trusted for it.
    Superseded,
}

/// Somebody trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrustedView {
    /// Name of the file that says so.
    pub file: String,
    /// Name in the list, else in the certificate.
    pub name: String,
    /// Subject of the certificate, as RFC 4514 writes names.
    pub subject: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: String,
    /// What for.
    pub kind: TrustPurpose,
    /// First day.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub from: Option<NaiveDate>,
    /// Last day; what is proven to be older stays trusted.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub until: Option<NaiveDate>,
    /// Last day of its certificate.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub certificate_until: Option<NaiveDate>,
    /// Decision that says so.
    pub source: String,
}

/// A list of revoked certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RevocationView {
    /// Name of the file.
    pub file: String,
    /// It is that of the counter's own authority, and stays while that is there.
    pub own: bool,
    /// Whose certificates it is about, as RFC 4514 writes names.
    pub issuer: String,
    /// When it was made, RFC 3339.
    pub this_update: String,
    /// When the next one is due, RFC 3339.
    pub next_update: Option<String>,
    /// The next one was due.
    pub overdue: bool,
}

/// A file of the folder.
enum Found {
    List(TrustList),
    Plain(Trust),
    /// What the counter's own authority revoked.
    Own(Trust),
}

impl Found {
    fn read(path: &Path) -> Result<Self, CoreError> {
        if ending(path) == LIST {
            return Ok(Self::List(TrustList::read(path)?.0));
        }
        let mut plain = Trust::default();
        plain.add(path)?;
        Ok(Self::Plain(plain))
    }

    /// The same, and the bytes to be kept of it: a list takes the certificates it names by file into itself.
    fn to_keep(path: &Path) -> Result<(Self, Vec<u8>), CoreError> {
        match ending(path).as_str() {
            LIST => TrustList::read(path).map(|(list, text)| (Self::List(list), text.into_bytes())),
            known if ENDINGS.contains(&known) => {
                let mut plain = Trust::default();
                let bytes = plain.add(path)?;
                Ok((Self::Plain(plain), bytes))
            }
            _ => Err(bad_certificate(path, "unknown_ending")),
        }
    }
}

/// Files by their names, read.
fn read_all(files: &[&Path]) -> impl Iterator<Item = Result<(String, Found), CoreError>> {
    files.iter().map(|path| Ok((file_name(path), Found::read(path)?)))
}

/// What files say together.
fn gathered(files: &[(String, Found)], now: Timestamp) -> Trust {
    let (mut trust, mut listed, mut known) = (Trust::default(), Vec::new(), Vec::new());
    for (_, found) in files {
        match found {
            // What is not in force yet says nothing.
            Found::List(list) if list.is_early(now) => {}
            Found::List(list) => {
                known.extend(list.authorities.iter().map(|one| one.certificate.clone()));
                if !is_outdated(list, files, now) {
                    listed.extend(list.anchors(now));
                }
            }
            Found::Plain(plain) | Found::Own(plain) => {
                trust.anchors.extend(plain.anchors.iter().cloned());
                trust.revoked.extend(plain.revoked.iter().cloned());
            }
        }
    }
    trust.anchors.retain(|plain| !known.contains(&plain.certificate));
    trust.anchors.extend(listed);
    trust
}

impl Trust {
    /// Adds what a file holds, certificates and lists, PEM or DER; answers its bytes, as they were judged.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::BadCertificate`] when it holds neither, one of them cannot be read, or it
    /// is larger than a file may be.
    pub fn add(&mut self, path: &Path) -> Result<Vec<u8>, CoreError> {
        let bytes = read_bounded(path, MAX_FILE, ErrorKind::BadCertificate)?;
        let unreadable = || bad_certificate(path, "unreadable");
        let TrustMaterial { certificates, lists: revoked } =
            TrustMaterial::read(&bytes).ok_or_else(unreadable)?;
        if certificates.is_empty() && revoked.is_empty() {
            return Err(unreadable());
        }
        self.anchors.extend(certificates.into_iter().map(TrustAnchor::from));
        self.revoked.extend(revoked);
        Ok(bytes)
    }

    /// Which certificates are known to be revoked by now.
    pub(super) fn revocations(&self, now: Timestamp) -> Revocations {
        Revocations::of(&self.anchors, &self.revoked, now)
    }
}

/// Refuses a certificate that is revoked: nobody signs with it.
///
/// # Errors
/// [`ErrorKind::CertificateRevoked`].
pub(super) fn not_revoked(certificate: &Certificate, known: &Revocations) -> Result<(), CoreError> {
    if known.revokes(certificate.der(), &certificate.issuers) {
        return Err(CoreError::new(ErrorKind::CertificateRevoked).with("name", &certificate.name));
    }
    Ok(())
}

impl App {
    /// What the folder `trust` and further files hold; nothing when there is none. Somebody who stands in a list is trusted as it
    /// says, whatever other files there are.
    ///
    /// # Errors
    /// As [`Trust::add`], and [`ErrorKind::BadTrustList`]: a file that cannot be used is named, not passed over.
    pub fn trusted(&self, files: &[&Path]) -> Result<Trust, CoreError> {
        let found = self.trust_files()?.into_iter().map(Ok).chain(read_all(files));
        Ok(gathered(&found.collect::<Result<Vec<_>, CoreError>>()?, self.clock.now()))
    }

    /// What files say by themselves, whatever the folder `trust` holds.
    ///
    /// # Errors
    /// As [`App::trusted`].
    pub(super) fn trusted_by(&self, files: &[&Path]) -> Result<Trust, CoreError> {
        Ok(gathered(&read_all(files).collect::<Result<Vec<_>, CoreError>>()?, self.clock.now()))
    }

    /// Says who is trusted, for what and how long.
    ///
    /// # Errors
    /// As [`App::trusted`].
    pub fn trust_view(&self) -> Result<TrustView, CoreError> {
        let files = self.trust_files()?;
        Ok(self.view_of(&files, &files))
    }

    /// Says whom a file would have this counter trust, before it is added.
    ///
    /// # Errors
    /// As [`App::add_trust`].
    pub fn read_trust(&self, file: &Path) -> Result<OfferedTrust, CoreError> {
        let (found, bytes) = Found::to_keep(file)?;
        let sha256 = crate::hex::encode(&Sha256::digest(bytes));
        let offered = [(file_name(file), found)];
        // What is there already may outdate it; where that cannot be read it is told elsewhere.
        let there = self.trust_files().unwrap_or_default();
        Ok(OfferedTrust { file: file_name(file), sha256, trust: self.view_of(&offered, &there) })
    }

    /// `among`: the files that count; whoever a file names that is not among them is told in any case.
    fn view_of(&self, files: &[(String, Found)], among: &[(String, Found)]) -> TrustView {
        let offered = !std::ptr::eq(files, among);
        let mut view = TrustView { lists: Vec::new(), authorities: Vec::new(), revocations: Vec::new() };
        let now = self.clock.now();
        let in_list = |der: &[u8]| {
            let mut lists = files.iter().filter_map(|(_, found)| match found {
                Found::List(list) => Some(list),
                Found::Plain(_) | Found::Own(_) => None,
            });
            lists.any(|list| list.authorities.iter().any(|one| one.certificate == der))
        };
        let all: Vec<ListDetails> = files
            .iter()
            .flat_map(|(_, found)| match found {
                Found::List(_) => &[],
                Found::Plain(plain) | Found::Own(plain) => plain.revoked.as_slice(),
            })
            .filter_map(|der| list_details(der))
            .collect();
        for (file, found) in files {
            match found {
                Found::List(list) => {
                    let findings = [
                        list.is_overdue(now).then_some(TrustFinding::Overdue),
                        list.is_early(now).then_some(TrustFinding::NotYetEffective),
                        is_outdated(list, among, now).then_some(TrustFinding::Superseded),
                    ];
                    let findings: Vec<TrustFinding> = findings.into_iter().flatten().collect();
                    let counts = findings.iter().all(|one| *one == TrustFinding::Overdue);
                    view.lists.push(TrustListView {
                        file: file.clone(),
                        issuer: list.about.issuer.clone(),
                        number: list.about.number.clone(),
                        effective_from: list.about.effective_from,
                        next_update: list.about.next_update,
                        findings,
                    });
                    let trusted = list.authorities.iter().filter(|_| counts || offered);
                    view.authorities.extend(trusted.map(|one| TrustedView {
                        file: file.clone(),
                        name: one.name.clone(),
                        subject: subject(&one.certificate),
                        fingerprint: fingerprint(&one.certificate),
                        kind: one.purpose,
                        from: Some(one.from),
                        until: one.until,
                        certificate_until: self.last_day(&one.certificate),
                        source: one.source.clone(),
                    }));
                }
                Found::Plain(plain) | Found::Own(plain) => {
                    for one in plain.anchors.iter().filter(|one| !in_list(&one.certificate)) {
                        view.authorities.push(TrustedView {
                            file: file.clone(),
                            name: name(&one.certificate),
                            subject: subject(&one.certificate),
                            fingerprint: fingerprint(&one.certificate),
                            kind: one.purpose,
                            from: None,
                            until: None,
                            certificate_until: self.last_day(&one.certificate),
                            source: String::new(),
                        });
                    }
                    let lists = plain.revoked.iter().filter_map(|der| list_details(der));
                    for list in lists.filter(|list| !all.iter().any(|other| other.outdates(list))) {
                        view.revocations.push(RevocationView {
                            file: file.clone(),
                            own: matches!(found, Found::Own(_)),
                            issuer: list.issuer,
                            this_update: rfc3339(&self.moment(list.this_update)),
                            next_update: list.next_update.map(|due| rfc3339(&self.moment(due))),
                            overdue: list.next_update.is_some_and(|due| due < now.timestamp()),
                        });
                    }
                }
            }
        }
        view
    }

    /// Copies a list, a certificate or a list of revoked ones into the folder `trust`, once it is found sound. What
    /// is there stays, under whatever name, but the same list before it was corrected: a list of revoked ones may be
    /// anybody's, and only a verdict looks who signed it. A list takes the certificates it names by file into itself.
    /// The journal tells of it.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`]; as [`App::trusted`]; [`ErrorKind::TrustChanged`] when it is no longer what was looked
    /// at (`seen`: [`OfferedTrust::sha256`]); those of store and disk.
    pub fn add_trust(
        &self,
        session: &Session,
        file: &Path,
        seen: Option<&str>,
    ) -> Result<PathBuf, CoreError> {
        session.may(Right::Manage)?;
        let (found, bytes) = Found::to_keep(file)?;
        let sha256 = crate::hex::encode(&Sha256::digest(&bytes));
        if seen.is_some_and(|seen| seen != sha256) {
            return Err(CoreError::new(ErrorKind::TrustChanged).with("file", file_name(file)));
        }
        let corrected = match &found {
            Found::List(list) => self.trust_paths()?.into_iter().find(|path| {
                ending(path) == LIST
                    && TrustList::read(path).is_ok_and(|(one, _)| list.against(&one) == Some(Ordering::Equal))
            }),
            Found::Plain(_) | Found::Own(_) => None,
        };
        let folder = self.home.join(TRUST);
        fs::create_dir_all(&folder)?;
        let path = corrected.unwrap_or_else(|| free_path(&folder, file, &bytes, &sha256));
        let made = OutFile::prepare(&path)?;
        made.fill_with(&bytes)?;
        // Told first: somebody trusted and not told of would be worse than the other way round.
        let facts = serde_json::json!({ "file": file_name(&path), "sha256": sha256 });
        self.store()?.transact(|change| self.tell(change, session, TRUST_ADDED, facts))?;
        made.publish()
    }

    /// Takes a file out of the folder `trust`: it stays beside the others under another ending, and counts for nothing any
    /// more. The journal tells of it.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`], [`ErrorKind::NotFound`], those of store and disk.
    pub fn remove_trust(&self, session: &Session, file: &str) -> Result<(), CoreError> {
        session.may(Right::Manage)?;
        let path = self.trust_paths()?.into_iter().find(|path| file_name(path) == file);
        let path = path.ok_or_else(|| CoreError::missing(file))?;
        let (sha256, _) = crate::hex::sha256_of(fs::File::open(&path)?)?;
        let aside = path.with_file_name(format!("{file}.{}", sha256.get(..8).unwrap_or_default()));
        let facts = serde_json::json!({ "file": file, "sha256": sha256 });
        let done = self.store()?.transact(|change| {
            self.tell(change, session, TRUST_REMOVED, facts)?;
            Ok(fs::rename(&path, &aside)?)
        });
        if done.is_err() && !path.exists() {
            // What is not told of did not happen.
            fs::rename(&aside, &path)?;
        }
        done
    }

    /// Of a certificate.
    fn last_day(&self, der: &[u8]) -> Option<NaiveDate> {
        Certificate::from_der(der).map(|one| self.moment(one.not_after).date_naive())
    }

    /// The files of the folder that can count, by their names.
    fn trust_paths(&self) -> Result<Vec<PathBuf>, CoreError> {
        let entries = match fs::read_dir(self.home.join(TRUST)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let paths = entries.map(|entry| Ok(entry?.path()));
        let mut paths = paths.collect::<Result<Vec<PathBuf>, std::io::Error>>()?;
        paths.retain(|path| {
            let ending = ending(path);
            path.is_file() && (ending == LIST || ENDINGS.contains(&ending.as_str()))
        });
        paths.sort();
        Ok(paths)
    }

    /// The files of the folder by their names, read; and the list of the counter's own authority.
    fn trust_files(&self) -> Result<Vec<(String, Found)>, CoreError> {
        let paths = self.trust_paths()?;
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let mut files: Vec<(String, Found)> = read_all(&paths).collect::<Result<_, _>>()?;
        let own = self.home.join(ca::FOLDER).join(ca::REVOKED);
        if own.is_file() {
            let mut revoked = Trust::default();
            revoked.add(&own)?;
            files.push((file_name(&own), Found::Own(revoked)));
        }
        Ok(files)
    }
}

/// SHA-256 of a certificate.
fn fingerprint(der: &[u8]) -> String {
    crate::hex::encode(&Sha256::digest(der))
}

/// Another list in force takes its place.
fn is_outdated(list: &TrustList, files: &[(String, Found)], now: Timestamp) -> bool {
    files.iter().any(|(_, other)| match other {
        Found::List(other) => !other.is_early(now) && other.against(list) == Some(Ordering::Greater),
        Found::Plain(_) | Found::Own(_) => false,
    })
}

/// Where a file of this name can lie without taking another one's place.
fn free_path(folder: &Path, file: &Path, bytes: &[u8], sha256: &str) -> PathBuf {
    let path = folder.join(file_name(file));
    if !path.exists() || fs::read(&path).is_ok_and(|there| there == bytes) {
        return path;
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let short = sha256.get(..12).unwrap_or(sha256);
    folder.join(format!("{stem}-{short}.{}", ending(file)))
}

fn ending(path: &Path) -> String {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase()
}

/// Common name of a certificate; the whole subject where it has none, as old authorities.
pub(super) fn name(der: &[u8]) -> String {
    let name = Certificate::from_der(der).map(|one| one.name).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| subject(der))
}

fn subject(der: &[u8]) -> String {
    let details = Certificate::from_der(der).and_then(|one| one.details());
    details.map(|details| details.subject).unwrap_or_default()
}
