//! A shift: the clerk's key, open in memory after one PIN.

use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use super::App;
use super::error::{CoreError, ErrorKind};
use crate::isolate::token::Token;
use crate::sign::certificate::Certificate;
use crate::sign::key::SigningKey;
use crate::sign::signer::{LocalSigner, Signer};
use crate::store::check::is_as_told;
use crate::store::keys::station_file;
use crate::store::station::{Clerk, Role};
use crate::store::{KEYS, Store, station};
use crate::time::Timestamp;

/// Purpose under which the station's key is wrapped by the clerk's.
pub(super) const STATION: &str = "station";
/// The keys of a shift. Dropped, they are wiped.
#[derive(Debug)]
pub struct Session {
    pub(super) clerk_id: i64,
    pub(super) roles: Vec<Role>,
    pub(super) clerk_key: SigningKey,
    pub(super) certificate: Certificate,
    pub(super) station_key: SigningKey,
    pub(super) station: station::Station,
    /// Who signs copies instead of the clerk's local key.
    instead: Option<Instead>,
    /// When it was opened, and when the clerk did something last, seconds since 1970.
    opened: i64,
    used: AtomicI64,
}

/// A key that signs copies in the place of the clerk's.
#[derive(Debug)]
pub enum Instead {
    /// A token's.
    Token(Token),
    /// The agency's local key.
    Agency(SigningKey, Certificate),
}

impl Session {
    /// When it was opened, and when the clerk did something last.
    pub(super) fn moments(&self) -> (i64, i64) {
        (self.opened, self.used.load(Ordering::Relaxed))
    }

    pub(super) fn touch(&self, now: Timestamp) {
        self.used.store(now.timestamp(), Ordering::Relaxed);
    }

    /// Lets another key sign copies from now on. The journal stays signed by the station's key.
    pub fn sign_with(&mut self, instead: Instead) {
        self.instead = Some(instead);
    }

    /// Who signs copies.
    pub(super) fn signer(&self) -> Box<dyn Signer + '_> {
        match &self.instead {
            Some(Instead::Token(token)) => Box::new(token),
            Some(Instead::Agency(key, certificate)) => Box::new(LocalSigner { key, certificate }),
            None => Box::new(LocalSigner { key: &self.clerk_key, certificate: &self.certificate }),
        }
    }
}

impl App {
    /// Opens the key of the only clerk. The PIN is tried once.
    ///
    /// # Errors
    /// [`ErrorKind::ClerkUnknown`] when there are several, otherwise as [`App::unlock_as`].
    pub fn unlock(&self, pin: &str) -> Result<Session, CoreError> {
        self.unlock_as(self.clerk_named(None)?, pin)
    }

    /// Opens the key of a clerk, by row. The PIN is tried once, and on no other key.
    ///
    /// # Errors
    /// [`ErrorKind::WrongPin`], [`ErrorKind::ClerkLeft`], [`ErrorKind::KeyDamaged`]; [`ErrorKind::ClerkAltered`] when
    /// the clerk is another than the journal tells; those of the store.
    pub fn unlock_as(&self, clerk: i64, pin: &str) -> Result<Session, CoreError> {
        let store = self.store()?;
        let clerk = station::clerk(store.read(), clerk)?;
        let station = station::station(store.read())?;
        let damaged = |file: &str| CoreError::new(ErrorKind::KeyDamaged).with("file", file);
        let clerk_key = self.open_key(&clerk, pin)?;
        let certificate = Certificate::from_der(&clerk.certificate)
            .map(|certificate| certificate.with_issuers(clerk.issuers.clone()))
            .ok_or_else(|| damaged("certificate"))?;
        let station_file = station_file(&clerk.key_file);
        // The station's key opens with a secret of the clerk's key: if it does not, the file is at fault.
        let text = fs::read_to_string(self.home.join(KEYS).join(&station_file));
        let text = text.map_err(|_| damaged(&station_file))?;
        let station_key = SigningKey::decrypt(&text, &clerk_key.derive_secret(STATION))
            .map_err(|_| damaged(&station_file))?;
        if station_key.public().as_bytes() != &station.public_key {
            return Err(damaged(&station_file));
        }
        refuse_altered(&store, &clerk)?;
        let now = self.clock.now().timestamp();
        let (opened, used) = (now, AtomicI64::new(now));
        Ok(Session {
            clerk_id: clerk.id,
            roles: clerk.roles,
            clerk_key,
            certificate,
            station_key,
            station,
            instead: None,
            opened,
            used,
        })
    }

    /// A key of this counter, a clerk's or the agency's, whose row is as the journal tells it. The PIN is tried once.
    pub(super) fn key_of(&self, clerk: &Clerk, pin: &str) -> Result<SigningKey, CoreError> {
        let key = self.open_key(clerk, pin)?;
        refuse_altered(&self.store()?, clerk)?;
        Ok(key)
    }

    fn open_key(&self, clerk: &Clerk, pin: &str) -> Result<SigningKey, CoreError> {
        if clerk.left_at.is_some() {
            return Err(CoreError::new(ErrorKind::ClerkLeft).with("name", &clerk.name));
        }
        if clerk.key_file.is_empty() {
            // Its key lies on a token, not here.
            return Err(ErrorKind::AgencyKeyMissing.into());
        }
        let damaged = |_| CoreError::new(ErrorKind::KeyDamaged).with("file", &clerk.key_file);
        let text = fs::read_to_string(self.home.join(KEYS).join(&clerk.key_file)).map_err(damaged)?;
        SigningKey::decrypt(&text, pin).map_err(|error| match CoreError::from(error) {
            wrong if clerk.agency && wrong.kind == ErrorKind::WrongPin => wrong.with("whose", "agency"),
            other => other,
        })
    }
}

/// Refuses a clerk, or the agency, whose row is not as the journal tells it: rows say who somebody is and what they may
/// do, but only the journal is signed.
pub(super) fn refuse_altered(store: &Store, clerk: &Clerk) -> Result<(), CoreError> {
    let told = is_as_told(store.read(), clerk.id)?;
    if station::clerk(store.read(), clerk.id)? != *clerk {
        // Somebody changed it just now.
        return Err(ErrorKind::HomeBusy.into());
    }
    if !told {
        return Err(CoreError::new(ErrorKind::ClerkAltered).with("name", &clerk.name));
    }
    Ok(())
}
