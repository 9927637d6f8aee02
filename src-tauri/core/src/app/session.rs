//! A shift: the clerk's key, open in memory after one PIN.

use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use super::App;
use super::error::{CoreError, ErrorKind};
use crate::isolate::token::Token;
use crate::sign::certificate::Certificate;
use crate::sign::key::SigningKey;
use crate::sign::signer::{LocalSigner, Signer};
use crate::store::{KEYS, station};
use crate::time::Timestamp;

/// Purpose under which the station's key is wrapped by the clerk's.
pub(super) const STATION: &str = "station";
/// File of the station's key as the first clerk's key opens it.
pub(super) const STATION_KEY: &str = "station.pem";

/// File of the station's key as the clerk's key in `key_file` opens it.
pub(super) fn station_file(key_file: &str) -> String {
    match key_file.strip_prefix("clerk-") {
        None | Some("1.pem") => STATION_KEY.to_owned(),
        Some(rest) => format!("station-{rest}"),
    }
}

/// The keys of a shift. Dropped, they are wiped.
#[derive(Debug)]
pub struct Session {
    pub(super) clerk_id: i64,
    pub(super) clerk_key: SigningKey,
    pub(super) certificate: Certificate,
    pub(super) station_key: SigningKey,
    pub(super) station: station::Station,
    /// A token that signs copies instead of the clerk's local key.
    token: Option<Token>,
    /// When it was opened, and when the clerk did something last, seconds since 1970.
    opened: i64,
    used: AtomicI64,
}

impl Session {
    /// When it was opened, and when the clerk did something last.
    pub(super) fn moments(&self) -> (i64, i64) {
        (self.opened, self.used.load(Ordering::Relaxed))
    }

    pub(super) fn touch(&self, now: Timestamp) {
        self.used.store(now.timestamp(), Ordering::Relaxed);
    }

    /// Lets a token sign copies from now on. The journal stays signed by the station's key.
    pub fn sign_with(&mut self, token: Token) {
        self.token = Some(token);
    }

    /// Who signs copies.
    pub(super) fn signer(&self) -> Box<dyn Signer + '_> {
        match &self.token {
            Some(token) => Box::new(token),
            None => Box::new(LocalSigner { key: &self.clerk_key, certificate: &self.certificate }),
        }
    }
}

impl App {
    /// Opens the clerk's key. The PIN is tried once.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPin`], [`ErrorKind::KeyDamaged`], those of the store.
    pub fn unlock(&self, pin: &str) -> Result<Session, CoreError> {
        let store = self.store()?;
        let clerk = station::clerk(store.read())?;
        let station = station::station(store.read())?;
        let keys = self.home.join(KEYS);
        let damaged = |file: &str| CoreError::new(ErrorKind::KeyDamaged).with("file", file);
        let read = |file: &str| fs::read_to_string(keys.join(file)).map_err(|_| damaged(file));

        let clerk_key = SigningKey::decrypt(&read(&clerk.key_file)?, pin)?;
        let certificate = Certificate::from_der(&clerk.certificate)
            .map(|certificate| certificate.with_issuers(clerk.issuers))
            .ok_or_else(|| damaged("certificate"))?;
        let station_file = station_file(&clerk.key_file);
        // The station's key opens with a secret of the clerk's key: if it does not, the file is at fault.
        let station_key = SigningKey::decrypt(&read(&station_file)?, &clerk_key.derive_secret(STATION))
            .map_err(|_| damaged(&station_file))?;
        if station_key.public().as_bytes() != &station.public_key {
            return Err(damaged(&station_file));
        }
        let now = self.clock.now().timestamp();
        let (opened, used) = (now, AtomicI64::new(now));
        let clerk_id = clerk.id;
        Ok(Session { clerk_id, clerk_key, certificate, station_key, station, token: None, opened, used })
    }
}
