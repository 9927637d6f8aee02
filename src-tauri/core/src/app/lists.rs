//! What lists and the status line show, and the check of everything.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::App;
use super::error::{CoreError, ErrorKind};
use super::lock::LockReason;
use super::session::Session;
use super::setup::{CLERK_KEY, TRAINING_PIN};
use super::trust::Trust;
use crate::dossier::Event;
use crate::page::{Finding, FindingKind};
use crate::sign::Level;
use crate::sign::certificate::Certificate;
use crate::sign::verify::Verdict;
use crate::store::check::CheckReport;
use crate::store::station::{Clerk, Role};
use crate::store::{Store, dossier, lasting, outbox, record, station};

/// A counter as the status line shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StatusView {
    /// There is a counter.
    pub ready: bool,
    /// It is for training.
    pub training: bool,
    /// Code of the office.
    pub office_code: String,
    /// Name of the office.
    pub office_name: String,
    /// Name of the clerk whose key is open; while none is, of the first one.
    pub clerk: String,
    /// Which one; 0 while there is no counter.
    #[cfg_attr(test, ts(type = "number"))]
    pub clerk_id: i64,
    /// What the clerk whose key is open may do.
    pub roles: Vec<Role>,
    /// The clerk's key is open.
    pub unlocked: bool,
    /// Station.
    pub station: String,
    /// Free space for this counter, bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub disk_free_bytes: u64,
    /// Copies waiting to be sent.
    pub waiting: u32,
    /// Copies held back.
    pub held_back: u32,
    /// Copies in all.
    pub copies: u32,
    /// Last day of the certificate, yyyy-mm-dd.
    pub key_valid_until: Option<String>,
    /// Whole days until then; negative when it is over.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub key_days_left: Option<i64>,
    /// When the counter was backed up last, RFC 3339.
    pub backup_at: Option<String>,
    /// The documented PIN of a training counter, while the first clerk's key opens with it.
    pub training_pin: Option<String>,
    /// Why the key locked itself, when it did.
    pub locked_because: Option<LockReason>,
}

/// States of the outbox, as in a post office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum OutboxState {
    Waiting,
    Sending,
    Received,
    HeldBack,
}

/// A copy in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CopyView {
    /// Id of the record.
    pub record: String,
    /// Code.
    pub code: String,
    /// Type of paper.
    pub paper_type: String,
    /// Name of the paper.
    pub name: String,
    /// Owner's number.
    pub owner: String,
    /// Pages.
    pub pages: u32,
    /// SHA-256 of the file as it was signed.
    pub sha256: String,
    /// Level its signature was extended to; `None` = it is as it was made.
    pub lasting: Option<Level>,
    /// State.
    pub state: OutboxState,
    /// Of a paper that came in signed.
    pub kept: Option<Kept>,
    /// Name on the signature.
    pub signed_by: String,
    /// Claimed time of the signature, RFC 3339; when it was kept, if that says none.
    pub signed_at: String,
}

/// A paper that came in signed, and is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Kept {
    /// What its signature was worth then.
    pub worth: Verdict,
    /// Why it was kept although its signature does not hold.
    pub reason: Option<String>,
}

/// A paper of a dossier that was left out of signing, or taken in again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LeftOut {
    /// Its name.
    pub paper: String,
    /// Why; empty = it is taken in again.
    pub reason: String,
}

/// An item of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OutboxItem {
    /// Place in the queue.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: i64,
    /// Id of what it is about: a record, a dossier, a version of the catalogue.
    pub record: String,
    /// What happened.
    pub kind: String,
    /// Name of the paper or file, code of the dossier.
    pub name: String,
    /// Of a paper that came in signed.
    pub kept: Option<Kept>,
    /// Of a paper that was left out of signing, or taken in again.
    pub left_out: Option<LeftOut>,
    /// State.
    pub state: OutboxState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is held back.
    pub reason: Option<String>,
}

impl OutboxState {
    fn of(text: &str) -> Result<Self, CoreError> {
        serde_json::from_value(text.into()).map_err(|_| {
            CoreError::new(ErrorKind::HomeDamaged).with("detail", format!("outbox state {text}"))
        })
    }
}

fn left_out(store: &Store, item: &outbox::Item) -> Result<Option<LeftOut>, CoreError> {
    let event = item.left_out.as_deref().and_then(|facts| serde_json::from_str(facts).ok());
    let Some(Event::PaperLeftOut { place, reason }) = event else { return Ok(None) };
    let dossier = dossier::find(store.read(), &item.subject)?;
    let paper = dossier.as_ref().and_then(|dossier| dossier.paper(place));
    Ok(Some(LeftOut { paper: paper.map(|paper| paper.name.clone()).unwrap_or_default(), reason }))
}

impl Kept {
    fn of(findings: &str, accepted: Option<String>) -> Self {
        let found: Vec<Finding> = serde_json::from_str(findings).unwrap_or_default();
        let said = found.into_iter().find(|one| one.kind == FindingKind::AlreadySigned);
        let worth = said.and_then(|one| serde_json::from_value(one.detail.into()).ok());
        let worth = worth.unwrap_or(Verdict::Unknown);
        Self { worth, reason: accepted.filter(|_| worth == Verdict::Invalid) }
    }
}

impl From<record::Record> for CopyView {
    fn from(record: record::Record) -> Self {
        let accepted = record.originals.into_iter().find(|page| !page.blank).and_then(|page| page.accepted);
        Self {
            kept: record.kept_whole.then(|| Kept::of(&record.findings, accepted)),
            record: record.id,
            code: record.code,
            paper_type: record.parts.paper_type,
            name: record.name,
            owner: record.parts.owner,
            pages: record.pages,
            sha256: record.sha256,
            lasting: None,
            state: OutboxState::Waiting,
            signed_by: record.signed_by,
            signed_at: record.signed_at,
        }
    }
}

impl App {
    /// The status line.
    ///
    /// # Errors
    /// Those of the store; a home without counter is a status, not an error.
    pub fn status(&self, session: Option<&Session>) -> Result<StatusView, CoreError> {
        let disk_free_bytes = self
            .home
            .ancestors()
            .find(|folder| folder.is_dir())
            .and_then(|folder| fs4::available_space(folder).ok())
            .unwrap_or(0);
        let mut status = StatusView {
            ready: false,
            training: false,
            office_code: String::new(),
            office_name: String::new(),
            clerk: String::new(),
            clerk_id: 0,
            roles: session.map(|session| session.roles.clone()).unwrap_or_default(),
            unlocked: session.is_some(),
            station: String::new(),
            disk_free_bytes,
            waiting: 0,
            held_back: 0,
            copies: 0,
            key_valid_until: None,
            key_days_left: None,
            backup_at: None,
            training_pin: None,
            locked_because: None,
        };
        let store = match self.store() {
            Ok(store) => store,
            Err(e) if e.kind == ErrorKind::NotReady => return Ok(status),
            Err(e) => return Err(e),
        };
        let station = station::station(store.read())?;
        let mut clerks = station::clerks(store.read())?;
        let first = clerks.iter().find(|clerk| !clerk.agency);
        status.training_pin = first.filter(|_| station.training).and_then(|clerk| self.training_pin(clerk));
        clerks.retain(|clerk| !clerk.agency && clerk.left_at.is_none());
        let open = session.and_then(|session| clerks.iter().position(|clerk| clerk.id == session.clerk_id));
        let clerk = if clerks.is_empty() { None } else { Some(clerks.swap_remove(open.unwrap_or(0))) };
        let clerk = clerk.ok_or(ErrorKind::NotReady)?;
        let count = |states: &[OutboxState]| -> Result<u32, CoreError> {
            Ok(outbox::count(store.read(), &states.iter().map(OutboxState::word).collect::<Vec<_>>())?)
        };
        status.ready = true;
        status.backup_at = self.last_backup().map(|backup| backup.at);
        status.training = station.training;
        status.office_code = station.office_code;
        status.office_name = station.office_name;
        status.station = station.station;
        status.waiting = count(&[OutboxState::Waiting, OutboxState::Sending])?;
        status.held_back = count(&[OutboxState::HeldBack])?;
        status.copies = record::count(store.read())?;
        let key = self.key_view(&clerk, &Trust::default().revocations(self.clock.now()))?;
        status.key_valid_until = key.valid_until.split('T').next().map(str::to_owned);
        status.key_days_left = Some(key.days_left);
        (status.clerk, status.clerk_id) = (clerk.name, clerk.id);
        Ok(status)
    }

    /// The documented PIN, while it opens the key. A key never changes under its name: one try tells.
    fn training_pin(&self, first: &Clerk) -> Option<String> {
        let trains = || *self.trains.get_or_init(|| self.key_of(first, TRAINING_PIN).is_ok());
        (first.key_file == CLERK_KEY && first.left_at.is_none() && trains()).then(|| TRAINING_PIN.to_owned())
    }

    /// All copies, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub fn copies(&self) -> Result<Vec<CopyView>, CoreError> {
        let store = self.store()?;
        let longer: HashMap<String, Level> =
            lasting::all(store.read())?.into_iter().map(|one| (one.record, one.level)).collect();
        let lines = record::lines(store.read())?;
        lines
            .into_iter()
            .map(|line| {
                Ok(CopyView {
                    state: OutboxState::of(&line.state)?,
                    lasting: longer.get(&line.id).copied(),
                    kept: line.kept_whole.then(|| Kept::of(&line.findings, line.accepted)),
                    record: line.id,
                    code: line.code,
                    paper_type: line.paper_type,
                    name: line.name,
                    owner: line.owner,
                    pages: line.pages,
                    sha256: line.sha256,
                    signed_by: line.signed_by,
                    signed_at: line.signed_at,
                })
            })
            .collect()
    }

    /// The outbox, oldest first.
    ///
    /// # Errors
    /// Those of the store.
    pub fn outbox(&self) -> Result<Vec<OutboxItem>, CoreError> {
        let store = self.store()?;
        let items = outbox::items(store.read())?;
        items
            .into_iter()
            .map(|item| {
                Ok(OutboxItem {
                    left_out: left_out(&store, &item)?,
                    state: OutboxState::of(&item.state)?,
                    seq: item.seq,
                    record: item.subject,
                    kind: item.kind,
                    name: item.name,
                    kept: item.findings.map(|findings| Kept::of(&findings, item.accepted)),
                    attempts: item.attempts,
                    reason: item.reason,
                })
            })
            .collect()
    }

    /// Checks everything in the home.
    ///
    /// # Errors
    /// When the database cannot even be read.
    pub fn check(&self) -> Result<CheckReport, CoreError> {
        Ok(self.store()?.check()?)
    }

    /// The certificate a clerk, or the agency, uses; PEM.
    ///
    /// # Errors
    /// Those of the store; [`ErrorKind::KeyDamaged`].
    pub fn certificate(&self, clerk: i64) -> Result<String, CoreError> {
        let clerk = station::clerk(self.store()?.read(), clerk)?;
        Certificate::from_der(&clerk.certificate)
            .and_then(|certificate| certificate.pem())
            .ok_or_else(|| CoreError::new(ErrorKind::KeyDamaged).with("file", "certificate"))
    }

    /// Where the bytes of a copy lie: the longest file there is of it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of the store.
    pub fn copy_file(&self, record: &str) -> Result<std::path::PathBuf, CoreError> {
        let store = self.store()?;
        let known = record::find(store.read(), record)?.ok_or_else(|| CoreError::missing(record))?;
        let longer = lasting::newest(store.read(), record)?;
        Ok(store.blobs().path(&longer.map_or(known.sha256, |one| one.sha256)))
    }

    /// Puts a copy under a name people can read, for a viewer to open; returns the path. The code
    /// holds the owner's number, so the name does not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of store and disk.
    pub fn lend_copy(&self, record: &str) -> Result<std::path::PathBuf, CoreError> {
        let file = self.copy_file(record)?;
        let _held = Store::hold(&self.home)?;
        let folder = self.home.join(crate::store::WORK).join("lent");
        std::fs::create_dir_all(&folder)?;
        let bytes = file.file_name().map(|name| name.to_string_lossy().chars().take(8).collect::<String>());
        let path = folder.join(format!("{record}-{}.pdf", bytes.unwrap_or_default()));
        if !path.is_file() {
            // A copy of the copy: whatever a viewer does to it, ours stays as it was signed. It gets its name once
            // it is whole.
            let mut whole = Store::blobs_of(&self.home).work_file()?;
            std::io::copy(&mut std::fs::File::open(file)?, &mut whole)?;
            whole.persist(&path).map_err(|e| e.error)?;
        }
        Ok(path)
    }
}

impl OutboxState {
    fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Received => "received",
            Self::HeldBack => "held_back",
        }
    }
}
