//! The folder of an authority: its key, its certificate, its register, and the lock of whoever changes it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{FOLDER, Issued, Register};
use crate::app::error::{CoreError, ErrorKind};
use crate::app::setup::replace_secret;
use crate::sign::authority::{self, RevocationReason, Revoked, Validity};
use crate::sign::certificate::Certificate;
use crate::sign::key::{KeyError, SigningKey};
use crate::time::Timestamp;

pub(super) const KEY: &str = "key.pem";
pub(super) const CERTIFICATE: &str = "ca.pem";
pub(super) const REGISTER: &str = "register.json";

/// An authority as its folder holds it.
pub(super) struct Folder {
    pub folder: PathBuf,
    pub certificate: Certificate,
    pub register: Register,
    /// Nobody else changes the folder meanwhile; `None`: it is only read.
    _lock: Option<File>,
}

impl Folder {
    /// To change it.
    pub fn open(folder: &Path) -> Result<Self, CoreError> {
        if !folder.join(REGISTER).is_file() {
            return Err(CoreError::new(ErrorKind::CaMissing).with("path", folder.display()));
        }
        let lock = File::options().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        if lock.try_lock().is_err() {
            return Err(ErrorKind::HomeBusy.into());
        }
        Ok(Self { _lock: Some(lock), ..Self::read(folder)? })
    }

    /// To look at it, however many do: the register is replaced whole.
    pub fn read(folder: &Path) -> Result<Self, CoreError> {
        let text = fs::read_to_string(folder.join(REGISTER)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                CoreError::new(ErrorKind::CaMissing).with("path", folder.display())
            }
            _ => damaged(REGISTER),
        })?;
        let register = serde_json::from_str(&text).map_err(|_| damaged(REGISTER))?;
        let pem = fs::read_to_string(folder.join(CERTIFICATE)).map_err(|_| damaged(CERTIFICATE))?;
        let certificate = Certificate::from_pem(&pem).ok_or_else(|| damaged(CERTIFICATE))?;
        Ok(Self { folder: folder.to_path_buf(), certificate, register, _lock: None })
    }

    /// Opens the key. The PIN is tried once.
    pub fn key(&self, pin: &str) -> Result<SigningKey, CoreError> {
        let text = fs::read_to_string(self.folder.join(KEY)).map_err(|_| damaged(KEY))?;
        let key = SigningKey::decrypt(&text, pin).map_err(|error| match error {
            KeyError::Damaged => damaged(KEY),
            KeyError::WrongPin => CoreError::from(error).with("whose", "authority"),
            other => other.into(),
        })?;
        let fits = self.certificate.details().is_some_and(|details| details.key == key.public_info());
        if fits { Ok(key) } else { Err(damaged(KEY)) }
    }

    /// Refuses a key that others may have: no certificate makes it its holder's again.
    pub fn clears(&self, key: &[u8]) -> Result<(), CoreError> {
        let lost = self.register.issued.iter().find(|one| {
            let known = || Certificate::from_pem(&one.pem)?.details();
            one.why.is_some_and(|why| !why.leaves_key_good()) && known().is_some_and(|known| known.key == key)
        });
        lost.map_or(Ok(()), |one| {
            let said = one.why == Some(RevocationReason::KeyCompromise);
            Err(unknown(&one.serial, if said { "key_compromise" } else { "key_in_doubt" }))
        })
    }

    /// The next list of what is revoked, PEM. Its number is used up once the register is written.
    pub fn list(&mut self, key: &SigningKey, span: &Validity) -> Result<String, CoreError> {
        let mut revoked = Vec::new();
        for one in &self.register.issued {
            let (Some(at), Some(why)) = (&one.revoked_at, one.why) else { continue };
            let at = Timestamp::parse_from_rfc3339(at).map_err(|_| damaged(REGISTER))?;
            let serial = crate::hex::decode(&one.serial).ok_or_else(|| damaged(REGISTER))?;
            revoked.push(Revoked { serial, at, why });
        }
        self.register.lists += 1;
        let der = authority::revocation_list(key, &self.certificate, &revoked, self.register.lists, span);
        authority::list_pem(&der.ok_or_else(fault)?).ok_or_else(fault)
    }

    pub fn find(&self, serial: &str) -> Result<&Issued, CoreError> {
        let plain: String = serial.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        let found = self.register.issued.iter().find(|one| one.serial.eq_ignore_ascii_case(&plain));
        found.ok_or_else(|| unknown(serial, "not_issued"))
    }
}

pub(super) fn write_register(folder: &Path, register: &Register) -> Result<(), CoreError> {
    let text = serde_json::to_string_pretty(register).map_err(|_| fault())?;
    replace_secret(folder, &folder.join(REGISTER), &text)
}

pub(super) fn fault() -> CoreError {
    CoreError::new(ErrorKind::Internal).with("detail", "authority")
}

pub(super) fn damaged(file: &str) -> CoreError {
    CoreError::new(ErrorKind::HomeDamaged).with("detail", format!("{FOLDER}/{file}"))
}

pub(super) fn unknown(serial: &str, reason: &str) -> CoreError {
    CoreError::new(ErrorKind::CaUnknownCertificate).with("serial", serial).with("reason", reason)
}
