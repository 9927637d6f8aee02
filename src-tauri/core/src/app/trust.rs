//! Who is trusted besides our own clerks: what an administrator puts into the counter's folder
//! `trust` (lists of the province, authorities, time-stamp authorities) and their lists of revoked
//! certificates.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use super::App;
use super::digitize::OutFile;
use super::error::{CoreError, ErrorKind};
use super::trust_list::{About, TrustList};
use crate::sign::certificate::{Certificate, lists_in};
use crate::sign::verify::{Anchor, Vouches};

/// Folder of trusted certificates and lists, in a home.
pub const TRUST: &str = "trust";
/// Endings of files with certificates and lists of revoked ones.
const ENDINGS: [&str; 5] = ["pem", "crt", "cer", "der", "crl"];
/// Ending of lists of authorities.
const LIST: &str = "toml";
/// Largest file, bytes: the lists of large authorities reach some ten megabytes.
const MAX_FILE: u64 = 64 << 20;

/// Who is trusted, and whom their lists revoke (DER each).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Authorities, or signers trusted as they are.
    pub anchors: Vec<Anchor>,
    /// Lists of revoked certificates.
    pub revoked: Vec<Vec<u8>>,
}

/// What the folder `trust` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrustView {
    /// Lists of authorities.
    pub lists: Vec<TrustListView>,
    /// Who is trusted.
    pub authorities: Vec<AuthorityView>,
}

/// A list of authorities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrustListView {
    /// Name of the file.
    pub file: String,
    /// Whose it is.
    #[serde(flatten)]
    pub about: About,
    /// What is odd about it; it is used all the same, but an early one.
    pub findings: Vec<TrustFinding>,
}

/// What is odd about a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustFinding {
    /// A newer one was due.
    Overdue,
    /// It does not hold yet; nobody in it is trusted.
    NotYetEffective,
}

/// Somebody trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorityView {
    /// Name of the file that says so.
    pub file: String,
    /// Name in the list, else in the certificate.
    pub name: String,
    /// Subject of the certificate, as RFC 4514 writes names.
    pub subject: String,
    /// What for.
    pub kind: Vouches,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day; what is proven to be older stays trusted.
    pub until: Option<NaiveDate>,
    /// Decision that says so.
    pub source: String,
}

/// A file of the folder.
enum Found {
    List(TrustList),
    Plain(Trust),
}

impl Trust {
    /// Adds what a file holds, PEM or DER.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::BadCertificate`] when it holds neither.
    pub fn add(&mut self, path: &Path) -> Result<(), CoreError> {
        let missing = |_| CoreError::new(ErrorKind::NotFound).with("what", path.display());
        let mut bytes = Vec::new();
        fs::File::open(path).map_err(missing)?.take(MAX_FILE).read_to_end(&mut bytes).map_err(missing)?;
        let certificates = Certificate::all_in(&bytes);
        let revoked = lists_in(&bytes);
        if certificates.is_empty() && revoked.is_empty() {
            let error = CoreError::new(ErrorKind::BadCertificate).with("file", name_of(path));
            return Err(error.with("reason", "unreadable"));
        }
        self.anchors.extend(certificates.into_iter().map(Anchor::from));
        self.revoked.extend(revoked);
        Ok(())
    }
}

impl App {
    /// What the folder `trust` holds; nothing when there is none. Somebody who stands in a list is trusted as it
    /// says, whatever other files there are.
    ///
    /// # Errors
    /// As [`Trust::add`], and [`ErrorKind::BadTrustList`]: a file that cannot be used is named, not passed over.
    pub fn trusted(&self) -> Result<Trust, CoreError> {
        let (mut trust, mut listed, mut known) = (Trust::default(), Vec::new(), Vec::new());
        let now = self.clock.now();
        let mut lists: Vec<TrustList> = Vec::new();
        for (_, found) in self.trust_files()? {
            match found {
                // What is not in force yet says nothing.
                Found::List(list) if list.is_early(now) => {}
                Found::List(list) => {
                    known.extend(list.authorities.iter().map(|one| one.certificate.clone()));
                    lists.push(list);
                }
                Found::Plain(plain) => {
                    trust.anchors.extend(plain.anchors);
                    trust.revoked.extend(plain.revoked);
                }
            }
        }
        for list in &lists {
            // An issuer's newer list takes the place of the older, with whoever no longer stands in it.
            let newer = |other: &TrustList| {
                other.about.issuer == list.about.issuer
                    && other.about.effective_from > list.about.effective_from
            };
            if !lists.iter().any(newer) {
                listed.extend(list.anchors(now));
            }
        }
        trust.anchors.retain(|plain| !known.contains(&plain.certificate));
        trust.anchors.extend(listed);
        Ok(trust)
    }

    /// Says who is trusted, for what and how long.
    ///
    /// # Errors
    /// As [`App::trusted`].
    pub fn trust_view(&self) -> Result<TrustView, CoreError> {
        let mut view = TrustView { lists: Vec::new(), authorities: Vec::new() };
        let now = self.clock.now();
        let files = self.trust_files()?;
        let in_list = |der: &[u8]| {
            let mut lists = files.iter().filter_map(|(_, found)| match found {
                Found::List(list) => Some(list),
                Found::Plain(_) => None,
            });
            lists.any(|list| list.authorities.iter().any(|one| one.certificate == der))
        };
        for (file, found) in &files {
            match found {
                Found::List(list) => {
                    let findings = [
                        list.is_overdue(now).then_some(TrustFinding::Overdue),
                        list.is_early(now).then_some(TrustFinding::NotYetEffective),
                    ];
                    let findings = findings.into_iter().flatten().collect();
                    view.lists.push(TrustListView {
                        file: file.clone(),
                        about: list.about.clone(),
                        findings,
                    });
                    view.authorities.extend(list.authorities.iter().map(|one| AuthorityView {
                        file: file.clone(),
                        name: one.name.clone(),
                        subject: subject(&one.certificate),
                        kind: one.vouches,
                        from: Some(one.from),
                        until: one.until,
                        source: one.source.clone(),
                    }));
                }
                Found::Plain(plain) => {
                    for one in plain.anchors.iter().filter(|one| !in_list(&one.certificate)) {
                        view.authorities.push(AuthorityView {
                            file: file.clone(),
                            name: Certificate::from_der(&one.certificate)
                                .map(|read| read.name)
                                .unwrap_or_default(),
                            subject: subject(&one.certificate),
                            kind: one.vouches,
                            from: None,
                            until: None,
                            source: String::new(),
                        });
                    }
                }
            }
        }
        Ok(view)
    }

    /// Copies a list, a certificate or a list of revoked ones into the folder `trust`, once it is found sound; one
    /// of the same name is replaced. A list takes the certificates it names by file into itself.
    ///
    /// # Errors
    /// As [`App::trusted`]; [`ErrorKind::NotReady`] without a counter; those of the disk.
    pub fn add_trust(&self, file: &Path) -> Result<PathBuf, CoreError> {
        // There is a counter.
        self.store()?;
        let bytes = match ending(file).as_str() {
            LIST => TrustList::read(file)?.1.into_bytes(),
            known if ENDINGS.contains(&known) => {
                Trust::default().add(file)?;
                fs::read(file)?
            }
            _ => {
                let error = CoreError::new(ErrorKind::BadCertificate).with("file", name_of(file));
                return Err(error.with("reason", "unknown_ending"));
            }
        };
        let folder = self.home.join(TRUST);
        fs::create_dir_all(&folder)?;
        let made = OutFile::prepare(&folder.join(name_of(file)))?;
        made.fill_with(&bytes)?;
        made.publish()
    }

    /// The files of the folder by their names, read.
    fn trust_files(&self) -> Result<Vec<(String, Found)>, CoreError> {
        let Ok(entries) = fs::read_dir(self.home.join(TRUST)) else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        let mut files = Vec::new();
        for path in paths.into_iter().filter(|path| path.is_file()) {
            let found = match ending(&path).as_str() {
                LIST => Found::List(TrustList::read(&path)?.0),
                known if ENDINGS.contains(&known) => {
                    let mut plain = Trust::default();
                    plain.add(&path)?;
                    Found::Plain(plain)
                }
                _ => continue,
            };
            files.push((name_of(&path), found));
        }
        Ok(files)
    }
}

fn ending(path: &Path) -> String {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn subject(der: &[u8]) -> String {
    let details = Certificate::from_der(der).and_then(|one| one.details());
    details.map(|details| details.subject).unwrap_or_default()
}
