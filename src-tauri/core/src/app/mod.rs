//! The use cases of the counter, one file each, over all the rooms below. Shell and command line
//! see only this room; it knows neither of them.

pub mod agency;
mod arrange;
pub mod backup;
pub mod ca;
pub mod card;
pub mod case;
pub mod catalogue;
pub mod clerks;
pub mod contract;
pub mod desk;
pub mod digitize;
pub mod dossier;
pub mod due;
mod edit;
pub mod error;
pub mod extend;
pub mod fields;
pub mod forms;
pub mod handover;
pub mod hot_folder;
pub mod intake;
pub mod judge;
mod keep;
pub mod key;
pub mod land;
pub mod lasting;
pub mod lists;
pub mod lock;
mod prepare;
pub mod progress;
mod request;
pub mod results;
pub mod review;
pub mod scan;
pub mod separators;
pub mod session;
pub mod settings;
pub mod setup;
pub mod sort;
mod stack;
pub mod token;
pub mod trust;
mod trust_list;
pub mod verdict_sheet;
pub mod verify;
mod whereabouts;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::isolate::{ReaderCommand, Readers};
use crate::store::{DATABASE, Store};
use crate::time::{Clock, SystemClock, Timestamp};
use error::{CoreError, ErrorKind};
use settings::Settings;

/// A counter's folder and what is needed to work with it. Holds no key and no open database.
pub struct App {
    home: PathBuf,
    settings: Settings,
    clock: Arc<dyn Clock>,
    readers: Readers,
    /// Files outside the counter may be replaced.
    replaces: bool,
    /// The catalogue in force, once somebody searched it.
    catalogue: Mutex<Option<Arc<catalogue::Ready>>>,
    /// What is shown of the files on the desks, by SHA-256.
    facts: Mutex<HashMap<String, Arc<crate::page::ReadFile>>>,
    /// File and page of the pages on the desks, by id.
    pages: Mutex<HashMap<String, (String, u32)>>,
    /// The papers under review.
    review: Mutex<review::Review>,
    /// The first key of a training counter opens with the documented PIN, once that was tried.
    trains: OnceLock<bool>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("home", &self.home).finish_non_exhaustive()
    }
}

impl App {
    /// A counter at a folder, with the machine's clock. `reader` starts the isolated reader.
    ///
    /// # Errors
    /// [`ErrorKind::BadSettings`].
    pub fn at(home: &Path, reader: ReaderCommand) -> Result<Self, CoreError> {
        let settings = Settings::read(home)?;
        let offset = settings.offset().ok_or(ErrorKind::BadSettings)?;
        Ok(Self::with_clock(home, settings, reader, Arc::new(SystemClock { offset })))
    }

    /// The same with another clock.
    #[must_use]
    pub fn with_clock(home: &Path, settings: Settings, reader: ReaderCommand, clock: Arc<dyn Clock>) -> Self {
        let readers = Readers::new(reader, settings.limits);
        Self {
            home: home.to_path_buf(),
            settings,
            clock,
            readers,
            replaces: false,
            catalogue: Mutex::default(),
            facts: Mutex::default(),
            pages: Mutex::default(),
            review: Mutex::default(),
            trains: OnceLock::new(),
        }
    }

    /// The same, but a file named for an answer may be there already and is replaced: whoever named it was asked.
    #[must_use]
    pub fn replacing(self, replaces: bool) -> Self {
        Self { replaces, ..self }
    }

    /// Clears away what a crash left behind, unless somebody else has the counter open. Call once, before work starts.
    ///
    /// # Errors
    /// [`ErrorKind::NotReady`] and those of the store.
    pub fn sweep(&self) -> Result<(), CoreError> {
        match Store::sweep(&self.home)? {
            // Alone: somebody else could be handing a dossier over.
            Some(alone) => handover::sweep(&alone),
            None => Ok(()),
        }
    }

    /// Folder of the counter.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Whether there is a counter in the folder.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        self.home.join(DATABASE).is_file()
    }

    /// Opens the counter's store, for work that spans several steps.
    ///
    /// # Errors
    /// [`ErrorKind::NotReady`] and those of the store.
    pub fn open_store(&self) -> Result<Store, CoreError> {
        self.store()
    }

    fn store(&self) -> Result<Store, CoreError> {
        Ok(Store::open(&self.home)?)
    }

    /// Seconds since 1970 as a time of the counter's clock.
    fn moment(&self, seconds: i64) -> Timestamp {
        let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        at.with_timezone(&self.clock.now().timezone())
    }

    /// A serial number for a certificate.
    fn serial(&self) -> Result<[u8; 16], CoreError> {
        let mut serial = [0; 16];
        self.clock.random(&mut serial)?;
        Ok(serial)
    }

    fn new_id(&self) -> Result<String, CoreError> {
        let mut random = [0; 10];
        self.clock.random(&mut random)?;
        let millis = self.clock.now().timestamp_millis().unsigned_abs();
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string())
    }
}
