//! Who is trusted besides our own clerks: what an administrator puts into the counter's folder
//! `trust` (authorities of the province, time-stamp authorities) and their lists of revoked
//! certificates.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::App;
use super::error::{CoreError, ErrorKind};
use crate::sign::certificate::{Certificate, lists_in};

/// Folder of trusted certificates and lists, in a home.
pub const TRUST: &str = "trust";
/// Endings of files that are looked at there.
const ENDINGS: [&str; 5] = ["pem", "crt", "cer", "der", "crl"];
/// Largest file, bytes: the lists of large authorities reach some ten megabytes.
const MAX_FILE: u64 = 64 << 20;

/// Certificates and lists, DER each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Certificates.
    pub certificates: Vec<Vec<u8>>,
    /// Lists of revoked certificates.
    pub revoked: Vec<Vec<u8>>,
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
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let error = CoreError::new(ErrorKind::BadCertificate).with("file", name);
            return Err(error.with("reason", "unreadable"));
        }
        self.certificates.extend(certificates);
        self.revoked.extend(revoked);
        Ok(())
    }
}

impl App {
    /// What the folder `trust` holds; nothing when there is none.
    ///
    /// # Errors
    /// As [`Trust::add`]: a file that cannot be used is named, not passed over.
    pub fn trusted(&self) -> Result<Trust, CoreError> {
        let mut trust = Trust::default();
        let Ok(entries) = fs::read_dir(self.home.join(TRUST)) else { return Ok(trust) };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
            if path.is_file() && ENDINGS.contains(&ending.as_str()) {
                trust.add(&path)?;
            }
        }
        Ok(trust)
    }
}
