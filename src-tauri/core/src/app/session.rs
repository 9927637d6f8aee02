//! A shift: the clerk's key, open in memory after one PIN.

use std::fs;

use super::App;
use super::error::{CoreError, ErrorKind};
use crate::sign::certificate::Certificate;
use crate::sign::key::SigningKey;
use crate::store::{KEYS, station};

/// Purpose under which the station's key is wrapped by the clerk's.
pub(super) const STATION: &str = "station";
/// File of the station's key.
pub(super) const STATION_KEY: &str = "station.pem";

/// The keys of a shift. Dropped, they are wiped.
#[derive(Debug)]
pub struct Session {
    pub(super) clerk_id: i64,
    pub(super) clerk_key: SigningKey,
    pub(super) certificate: Certificate,
    pub(super) station_key: SigningKey,
    pub(super) station: station::Station,
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
        let certificate = Certificate::from_der(&clerk.certificate).ok_or_else(|| damaged("certificate"))?;
        // The station's key opens with a secret of the clerk's key: if it does not, the file is at fault.
        let station_key = SigningKey::decrypt(&read(STATION_KEY)?, &clerk_key.derive_secret(STATION))
            .map_err(|_| damaged(STATION_KEY))?;
        if station_key.public().as_bytes() != &station.public_key {
            return Err(damaged(STATION_KEY));
        }
        Ok(Session { clerk_id: clerk.id, clerk_key, certificate, station_key, station })
    }
}
