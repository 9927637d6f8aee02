//! Who works at this counter: clerks with a key of their own each, what they may do, and the agency's
//! key beside them.
//!
//! A clerk's key opens the station's key, which signs the journal; the agency's does not. Who comes,
//! changes or leaves is an entry of the journal.

use std::fs;

use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

use super::App;
use super::error::{CoreError, ErrorKind, word};
use super::key::KeyView;
use super::session::{STATION, Session, refuse_altered};
use super::setup::{check_name, check_pin, replace_secret};
use crate::sign::key::{Cost, Secret, SigningKey};
use crate::store::check::{CERTIFICATE_INSTALLED, CLERK_SET, certificate_facts, clerk_facts};
use crate::store::keys::station_file;
use crate::store::station::{Clerk, Role};
use crate::store::{KEYS, StoreError, WORK, journal, outbox, station, sync_folder};
use crate::time::rfc3339;
use crate::words::{fold, lower, tidy};

/// Somebody who signs here, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClerkView {
    /// Row: which one.
    #[cfg_attr(test, ts(type = "number"))]
    pub clerk: i64,
    /// Name.
    pub name: String,
    /// Not a person: a key of the agency's.
    pub agency: bool,
    /// The key lies on a token of the agency's; only its certificate is known here.
    pub on_token: bool,
    /// What the clerk may do; none for the agency's key.
    pub roles: Vec<Role>,
    /// The clerk left this counter.
    pub left: bool,
    /// Key and certificate.
    pub key: KeyView,
}

/// A new clerk. The new clerk types the PIN.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AddClerk {
    /// Name.
    pub name: String,
    /// What the clerk may do; at least one thing.
    pub roles: Vec<Role>,
    /// The PIN that will open the key.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
}

/// What a clerk may do from now on.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeClerk {
    /// Which.
    #[cfg_attr(test, ts(type = "number"))]
    pub clerk: i64,
    /// The roles.
    pub roles: Vec<Role>,
    /// The clerk leaves: the key is destroyed, what it signed stays verifiable.
    pub left: bool,
}

/// What a piece of work asks of whoever does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Receive dossiers, copy papers, sign the copies.
    Counter,
    /// Sign for the agency.
    Agency,
    /// Look after clerks, keys, authority and catalogue.
    Manage,
}

impl Right {
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Counter => &[Role::Clerk, Role::Head],
            Self::Agency => &[Role::Signer, Role::Head],
            Self::Manage => &[Role::Administrator],
        }
    }
}

impl Session {
    /// Whether who opened this session may do such work.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`] with the `role` that is asked for first.
    pub fn may(&self, right: Right) -> Result<(), CoreError> {
        let wanted = right.roles();
        if self.roles.iter().any(|role| wanted.contains(role)) {
            return Ok(());
        }
        let role = wanted.first().map(word).unwrap_or_default();
        Err(CoreError::new(ErrorKind::RoleMissing).with("role", role))
    }
}

impl App {
    /// Everybody who signs or signed here. Needs no PIN.
    ///
    /// # Errors
    /// Those of the store; [`ErrorKind::KeyDamaged`].
    pub fn clerks(&self) -> Result<Vec<ClerkView>, CoreError> {
        let all = station::clerks(self.store()?.read())?;
        let revoked = self.revocations_if_any();
        all.into_iter()
            .map(|clerk| {
                Ok(ClerkView {
                    key: self.key_view(&clerk, &revoked)?,
                    clerk: clerk.id,
                    name: clerk.name,
                    agency: clerk.agency,
                    on_token: clerk.key_file.is_empty(),
                    roles: clerk.roles,
                    left: clerk.left_at.is_some(),
                })
            })
            .collect()
    }

    /// The clerk of that name, as people type it; without a name the only one there is.
    ///
    /// # Errors
    /// [`ErrorKind::ClerkUnknown`] with the `names` there are, when none or several fit; those of the store.
    pub fn clerk_named(&self, name: Option<&str>) -> Result<i64, CoreError> {
        let mut all = station::clerks(self.store()?.read())?;
        all.retain(|clerk| !clerk.agency && clerk.left_at.is_none());
        // With its diacritics a name says more: it goes before one that is typed without.
        for alike in [lower, fold] {
            let fits = |clerk: &&Clerk| name.is_none_or(|name| alike(name) == alike(&clerk.name));
            let mut fitting = all.iter().filter(fits);
            if let (Some(only), None) = (fitting.next(), fitting.next()) {
                return Ok(only.id);
            }
        }
        let names: Vec<&str> = all.iter().map(|clerk| clerk.name.as_str()).collect();
        Err(CoreError::new(ErrorKind::ClerkUnknown).with("names", names.join(", ")))
    }

    /// Row of the agency's local key.
    ///
    /// # Errors
    /// [`ErrorKind::AgencyKeyMissing`], those of the store.
    pub fn agency_key(&self) -> Result<i64, CoreError> {
        let all = station::clerks(self.store()?.read())?;
        let key = all.iter().find(|one| one.agency && one.left_at.is_none() && !one.key_file.is_empty());
        key.map(|one| one.id).ok_or_else(|| ErrorKind::AgencyKeyMissing.into())
    }

    /// Adds a clerk with a key and a certificate of their own; returns the row.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`]; [`ErrorKind::BadName`], [`ErrorKind::ClerkKnown`],
    /// [`ErrorKind::PinTooShort`], [`ErrorKind::BadRoles`]; those of store and disk.
    pub fn add_clerk(&self, session: &Session, wish: &AddClerk) -> Result<i64, CoreError> {
        session.may(Right::Manage)?;
        let name = tidy(&wish.name);
        // A person of the office's name could not be told from the office.
        if lower(&name) == lower(&session.station.office_name) {
            return Err(CoreError::new(ErrorKind::ClerkKnown).with("name", &name));
        }
        self.add(session, &name, Some(&roles(&wish.roles)?), &wish.pin)
    }

    /// Makes the agency's key, under a PIN of its own; returns its row.
    ///
    /// # Errors
    /// As [`App::add_clerk`].
    pub fn add_agency_key(&self, session: &Session, pin: &Secret) -> Result<i64, CoreError> {
        session.may(Right::Manage)?;
        self.add(session, &session.station.office_name, None, pin)
    }

    /// Adds a row with key and certificate: files first, then one transaction. No roles: the agency's.
    fn add(
        &self,
        session: &Session,
        name: &str,
        roles: Option<&[Role]>,
        pin: &Secret,
    ) -> Result<i64, CoreError> {
        check_name(name)?;
        check_pin(pin)?;
        let at = rfc3339(&self.clock.now());
        let clock = self.clock.as_ref();
        let key = SigningKey::make(clock)?;
        let certificate = self.own_certificate(session, name, &key)?;
        let mut store = self.store()?;
        let change = store.begin()?;
        let agency = roles.is_none();
        let same = |known: &Clerk| {
            let person = !known.agency && lower(&known.name) == lower(name);
            let local = known.agency && !known.key_file.is_empty();
            known.left_at.is_none() && if agency { local } else { person }
        };
        if station::clerks(&change)?.iter().any(same) {
            return Err(CoreError::new(ErrorKind::ClerkKnown).with("name", name));
        }
        let id = station::add_clerk(&change, name, agency, roles.unwrap_or_default(), &at)?;
        // A name no row has had: this row is new. One a crash left behind was never in use.
        let key_file = format!("clerk-{id}-1.pem");
        let (work, keys) = (self.home.join(WORK), self.home.join(KEYS));
        if !agency {
            let wrapped = session.station_key.encrypt(&key.derive_secret(STATION), Cost::Derived, clock)?;
            replace_secret(&work, &keys.join(station_file(&key_file)), &wrapped)?;
        }
        replace_secret(&work, &keys.join(&key_file), &key.encrypt(pin, Cost::Pin, clock)?)?;
        let row = station::install(&change, id, std::slice::from_ref(&certificate), &key_file, &at)?;
        self.tell_clerk(&change, session, id)?;
        let installed = station::Installed { seq: row, clerk: id, chain: certificate };
        self.tell(&change, session, CERTIFICATE_INSTALLED, certificate_facts(&installed))?;
        change.commit().map_err(StoreError::from)?;
        Ok(id)
    }

    /// Gives a clerk other roles, or lets the clerk leave.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`]; [`ErrorKind::BadRoles`]; [`ErrorKind::LastAdministrator`] when nobody
    /// would look after the counter; [`ErrorKind::ClerkAltered`]; [`ErrorKind::NotFound`], those of the store.
    pub fn change_clerk(&self, session: &Session, wish: &ChangeClerk) -> Result<(), CoreError> {
        session.may(Right::Manage)?;
        let at = rfc3339(&self.clock.now());
        let mut store = self.store()?;
        // What is told of whom is signed: nothing that was altered behind the journal's back gets into it.
        if let Some(known) = station::clerks(store.read())?.iter().find(|clerk| clerk.id == wish.clerk) {
            refuse_altered(&store, known)?;
        }
        let change = store.begin()?;
        let all = station::clerks(&change)?;
        let known = all.iter().find(|clerk| clerk.id == wish.clerk && clerk.left_at.is_none());
        let known = known.ok_or_else(|| CoreError::missing(wish.clerk))?;
        let roles = if known.agency { Vec::new() } else { roles(&wish.roles)? };
        let stays = !wish.left && roles.contains(&Role::Administrator);
        let manages = |clerk: &Clerk| clerk.left_at.is_none() && clerk.roles.contains(&Role::Administrator);
        if !stays && !all.iter().any(|clerk| clerk.id != known.id && manages(clerk)) {
            return Err(ErrorKind::LastAdministrator.into());
        }
        station::change_clerk(&change, known.id, &roles, wish.left.then_some(at.as_str()))?;
        self.tell_clerk(&change, session, known.id)?;
        change.commit().map_err(StoreError::from)?;
        if wish.left && !known.key_file.is_empty() {
            // The row opens nothing any more; should a file stay, the next sweep removes it.
            let keys = self.home.join(KEYS);
            _ = fs::remove_file(keys.join(&known.key_file));
            _ = fs::remove_file(keys.join(station_file(&known.key_file)));
            _ = sync_folder(&keys);
        }
        Ok(())
    }

    pub(super) fn tell_clerk(
        &self,
        change: &Transaction<'_>,
        session: &Session,
        id: i64,
    ) -> Result<(), CoreError> {
        let facts = clerk_facts(change, id)?;
        self.tell(change, session, CLERK_SET, facts)
    }

    /// One entry of the journal about the counter itself, and its place in the queue.
    pub(super) fn tell(
        &self,
        change: &Transaction<'_>,
        session: &Session,
        kind: &str,
        facts: serde_json::Value,
    ) -> Result<(), CoreError> {
        let (subject, at) = (self.new_id()?, rfc3339(&self.clock.now()));
        let entry = journal::Entry { kind, subject: &subject, at: &at, by: session.clerk_id, facts };
        let seq = journal::append(change, &session.station_key, &session.station.station, &entry)?;
        Ok(outbox::add(change, seq, &subject)?)
    }
}

/// In order, each once, at least one.
fn roles(wish: &[Role]) -> Result<Vec<Role>, CoreError> {
    let mut roles = wish.to_vec();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() { Err(ErrorKind::BadRoles.into()) } else { Ok(roles) }
}
