//! The first run: a counter is made whole or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::App;
use super::catalogue::{keep_version, sample};
use super::error::{CoreError, ErrorKind};
use super::session::STATION;
use super::settings;
use crate::code::station_id;
use crate::pdf::font::Font;
use crate::sign::certificate::Subject;
use crate::sign::key::{Cost, MIN_PIN, Secret, SigningKey};
use crate::store::keys::STATION_KEY;
use crate::store::{KEYS, SETTINGS, Store, station, sync_folder};
use crate::time::rfc3339;
use crate::words::{is_unseen, shown, tidy};

/// What a new counter needs to know.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetUp {
    /// Code of the office, e.g. `H56.14`.
    pub office: String,
    /// Name of the office.
    pub office_name: String,
    /// Name of the clerk.
    pub clerk: String,
    /// The PIN that will open the clerk's key.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
    /// A counter for training.
    pub training: bool,
}

/// PIN of a training counter that was made by the program itself. Public on purpose.
pub const TRAINING_PIN: &str = "2468";

/// The first key; another one, or one under another PIN, lies under another name.
pub(super) const CLERK_KEY: &str = "clerk-1.pem";

impl App {
    /// Makes the counter.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyReady`], [`ErrorKind::BadOfficeCode`], [`ErrorKind::PinTooShort`],
    /// [`ErrorKind::BadName`], those of the disk. Then there is no counter.
    pub fn set_up(&self, wish: &SetUp) -> Result<(), CoreError> {
        let office = wish.office.trim();
        let (office_name, clerk) = (tidy(&wish.office_name), tidy(&wish.clerk));
        check_office_code(office)?;
        check_name(&office_name)?;
        check_name(&clerk)?;
        check_pin(&wish.pin)?;
        let occupied = match fs::read_dir(&self.home) {
            Ok(mut entries) => entries.next().is_some(),
            Err(_) => self.home.exists(),
        };
        if occupied {
            return Err(CoreError::new(ErrorKind::AlreadyReady).with("path", self.home.display()));
        }
        let parent = match self.home.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent)?;
        let made = tempfile::Builder::new().prefix(".saoy-").tempdir_in(parent)?;
        self.furnish(made.path(), wish, office, &office_name, &clerk)?;
        // The whole counter appears at once under its name.
        let path = made.keep();
        if let Err(e) = fs::rename(&path, &self.home) {
            // Nobody but us knows this folder; if it cannot be removed, the first error matters more.
            _ = fs::remove_dir_all(&path);
            return Err(e.into());
        }
        Ok(sync_folder(parent)?)
    }

    fn furnish(
        &self,
        folder: &Path,
        wish: &SetUp,
        office: &str,
        office_name: &str,
        clerk: &str,
    ) -> Result<(), CoreError> {
        let now = self.clock.now();
        let at = rfc3339(&now);
        let clock = self.clock.as_ref();
        let clerk_key = SigningKey::make(clock)?;
        let station_key = SigningKey::make(clock)?;
        let subject = Subject {
            name: clerk.to_owned(),
            office: office_name.to_owned(),
            unit: Subject::unit(wish.training),
        };
        let certificate = self.self_signed(&clerk_key, &subject)?;

        let mut store = Store::create(folder)?;
        let keys = folder.join(KEYS);
        write(&keys.join(CLERK_KEY), &clerk_key.encrypt(&wish.pin, Cost::Pin, clock)?)?;
        let wrapped = station_key.encrypt(&clerk_key.derive_secret(STATION), Cost::Derived, clock)?;
        write(&keys.join(STATION_KEY), &wrapped)?;
        sync_folder(&keys)?;
        write(&folder.join(SETTINGS), settings::INITIAL)?;

        let public_key = *station_key.public().as_bytes();
        let station = station::Station {
            station: station_id(&public_key),
            office_code: office.to_owned(),
            office_name: office_name.to_owned(),
            training: wish.training,
            public_key,
        };
        store.transact(|change| -> Result<(), CoreError> {
            station::add(change, &station, &at)?;
            let row = station::add_clerk(change, clerk, false, &station::Role::ALL, &at)?;
            station::install(change, row, std::slice::from_ref(&certificate), CLERK_KEY, &at)?;
            if wish.training {
                let (version, procedures) = sample(self.new_id()?, &now);
                keep_version(change, version, &procedures, (&station_key, &station.station, row))?;
            }
            Ok(())
        })?;
        drop(store);
        Ok(sync_folder(folder)?)
    }
}

/// Agency codes: at most 35 of digits, capitals and dots (Decision 20/2020).
fn check_office_code(code: &str) -> Result<(), CoreError> {
    let good = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '.';
    if code.is_empty() || code.len() > 35 || !code.chars().all(good) {
        return Err(CoreError::new(ErrorKind::BadOfficeCode).with("value", code));
    }
    Ok(())
}

/// Names stand in certificates and on paper: given, printable, at most 64 letters (X.520), and nothing in them that
/// makes two names look the same.
pub(super) fn check_name(name: &str) -> Result<(), CoreError> {
    let printable = Font::serif().is_some_and(|font| font.covers(name));
    if name.is_empty() || name.chars().count() > 64 || !printable || name.chars().any(is_unseen) {
        return Err(CoreError::new(ErrorKind::BadName).with("value", shown(name)));
    }
    Ok(())
}

/// A PIN for a key.
pub(super) fn check_pin(pin: &str) -> Result<(), CoreError> {
    if pin.chars().count() < MIN_PIN {
        return Err(CoreError::new(ErrorKind::PinTooShort).with("min", MIN_PIN));
    }
    Ok(())
}

/// A new file, readable by this user only from its first moment; synced.
fn write(path: &Path, text: &str) -> Result<(), CoreError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// Puts a secret file in the place of another, or of none: whole or not at all, synced.
pub(super) fn replace_secret(work: &Path, path: &Path, text: &str) -> Result<(), CoreError> {
    fs::create_dir_all(work)?;
    // A temporary file is readable by this user only.
    let mut file = tempfile::NamedTempFile::new_in(work)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(sync_folder(path.parent().unwrap_or(Path::new(".")))?)
}
