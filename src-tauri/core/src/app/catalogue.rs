//! The office's procedures: import with a preview, versions, search.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::App;
use super::clerks::Right;
use super::contract::PaperType;
use super::error::{CoreError, ErrorKind};
use super::key::file_name;
use super::session::Session;
use crate::catalogue::{Change, Fact, Index, Procedure, Reading, diff, read};
use crate::store::catalogue::Version;
use crate::store::{Store, catalogue, check, journal, outbox};
use crate::time::{Timestamp, rfc3339};

/// What to import.
#[derive(Debug, Clone, Copy)]
pub struct CatalogueWish<'a> {
    /// CSV or JSON file.
    pub file: &'a Path,
    /// First day it holds, yyyy-mm-dd; `None` = from today.
    pub effective_from: Option<&'a str>,
}

/// What an import changes, against the version in force on its first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CatalogueChange {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// First day it holds, yyyy-mm-dd.
    pub effective_from: String,
    /// First day of the version in force, where that is later: then this one never is.
    pub overtaken_by: Option<String>,
    /// The file calls itself a sample.
    pub sample: bool,
    /// Procedures in the file.
    pub procedures: u32,
    /// Papers in the file.
    pub papers: u32,
    /// Columns of the file nobody knows; left out.
    pub ignored: Vec<String>,
    /// Procedures that were not there.
    pub new: Vec<ProcedureLine>,
    /// Procedures that say something else.
    pub changed: Vec<ChangedProcedure>,
    /// Procedures that are no longer there.
    pub gone: Vec<ProcedureLine>,
    /// Number of the version; `None` while it is a preview.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub version: Option<i64>,
}

/// A procedure in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProcedureLine {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Field.
    pub field: String,
}

/// A procedure that says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangedProcedure {
    /// Code.
    pub code: String,
    /// Name, as it is now.
    pub name: String,
    /// Which facts differ.
    pub facts: Vec<Fact>,
}

/// A version of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CatalogueVersion {
    /// Number, from 1.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: i64,
    /// First day it holds, yyyy-mm-dd.
    pub effective_from: String,
    /// Name of the file.
    pub file: String,
    /// A sample to learn with.
    pub sample: bool,
    /// When it was imported, RFC 3339.
    pub imported_at: String,
    /// It holds today.
    pub in_force: bool,
}

/// A version of the catalogue, ready to be searched.
#[derive(Debug)]
pub(super) struct Ready {
    version: i64,
    lines: Vec<ProcedureLine>,
    index: Index,
}

/// Largest file, bytes: twenty times a province.
const MOST_BYTES: u64 = 64 << 20;

impl App {
    /// What a file would change. Nothing is kept.
    ///
    /// # Errors
    /// [`ErrorKind::BadCatalogue`] naming every bad line, [`ErrorKind::BadTime`], those of the store.
    pub fn preview_catalogue(&self, wish: &CatalogueWish<'_>) -> Result<CatalogueChange, CoreError> {
        Ok(self.compared(&self.store()?, wish)?.0)
    }

    /// Imports a file as a new version: all of it or nothing.
    ///
    /// # Errors
    /// As [`App::preview_catalogue`].
    pub fn import_catalogue(
        &self,
        session: &Session,
        wish: &CatalogueWish<'_>,
    ) -> Result<CatalogueChange, CoreError> {
        session.may(Right::Manage)?;
        let mut store = self.store()?;
        let (mut change, reading) = self.compared(&store, wish)?;
        let version = Version {
            version: 0,
            id: self.new_id()?,
            effective_from: change.effective_from.clone(),
            source: change.file.clone(),
            sha256: change.sha256.clone(),
            sample: change.sample,
            imported_at: rfc3339(&self.clock.now()),
        };
        let number = keep_catalogue(&mut store, version, &reading.procedures, session)?;
        change.version = Some(number);
        Ok(change)
    }

    /// The same for the file that was previewed: refused when it has changed since.
    ///
    /// # Errors
    /// [`ErrorKind::CatalogueChanged`]; as [`App::import_catalogue`].
    pub fn import_previewed(
        &self,
        session: &Session,
        wish: &CatalogueWish<'_>,
        sha256: &str,
    ) -> Result<CatalogueChange, CoreError> {
        let preview = self.preview_catalogue(wish)?;
        if preview.sha256 != sha256 {
            return Err(CoreError::new(ErrorKind::CatalogueChanged).with("file", preview.file));
        }
        self.import_catalogue(session, wish)
    }

    fn compared(
        &self,
        store: &Store,
        wish: &CatalogueWish<'_>,
    ) -> Result<(CatalogueChange, Reading), CoreError> {
        let file = file_name(wish.file);
        let bad = |detail: String| {
            CoreError::new(ErrorKind::BadCatalogue).with("file", &file).with("detail", detail)
        };
        let size = fs::metadata(wish.file).map_err(|e| bad(e.to_string()))?;
        if !size.is_file() || size.len() > MOST_BYTES {
            return Err(bad(format!("{} B", size.len())));
        }
        let bytes = fs::read(wish.file).map_err(|e| bad(e.to_string()))?;
        let effective_from = match wish.effective_from {
            None => self.today(),
            Some(day) => NaiveDate::parse_from_str(day, "%Y-%m-%d")
                .map(|day| day.to_string())
                .map_err(|_| CoreError::new(ErrorKind::BadTime).with("text", day))?,
        };
        let reading = read(&bytes);
        if !reading.issues.is_empty() {
            return Err(CoreError { lines: reading.issues, ..bad(String::new()) });
        }
        let before = match catalogue::in_force(store.read(), &effective_from)? {
            Some(version) => catalogue::procedures(store.read(), version)?,
            None => Vec::new(),
        };
        let (mut new, mut changed, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for change in diff(&before, &reading.procedures) {
            match change {
                Change::New(procedure) => new.push(line(procedure)),
                Change::Gone(procedure) => gone.push(line(procedure)),
                Change::Changed(procedure, facts) => changed.push(ChangedProcedure {
                    code: procedure.code.clone(),
                    name: procedure.name.clone(),
                    facts,
                }),
            }
        }
        let today = self.today();
        let days = catalogue::versions(store.read())?.into_iter().map(|version| version.effective_from);
        let overtaken_by = days.filter(|day| *day > effective_from && *day <= today).max();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let change = CatalogueChange {
            file,
            sha256: crate::hex::encode(&Sha256::digest(&bytes)),
            effective_from,
            overtaken_by,
            sample: reading.sample,
            procedures: count(reading.procedures.len()),
            papers: count(reading.procedures.iter().map(|procedure| procedure.papers.len()).sum()),
            ignored: reading.ignored.clone(),
            new,
            changed,
            gone,
            version: None,
        };
        Ok((change, reading))
    }

    /// Procedures in force today that answer what was typed, best first.
    ///
    /// # Errors
    /// Those of the store.
    pub fn find_procedures(&self, query: &str, most: usize) -> Result<Vec<ProcedureLine>, CoreError> {
        let Some(ready) = self.catalogue_ready()? else { return Ok(Vec::new()) };
        let found = ready.index.search(query, most);
        Ok(found.into_iter().filter_map(|place| ready.lines.get(place).cloned()).collect())
    }

    /// A procedure as it is in force today.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of the store.
    pub fn procedure(&self, code: &str) -> Result<Procedure, CoreError> {
        Ok(self.procedure_in_force(&self.store()?, code)?.1)
    }

    /// The same with the version it stands in.
    pub(super) fn procedure_in_force(
        &self,
        store: &Store,
        code: &str,
    ) -> Result<(i64, Procedure), CoreError> {
        let missing = || CoreError::missing(code);
        let version = catalogue::in_force(store.read(), &self.today())?.ok_or_else(missing)?;
        let procedure = catalogue::procedure(store.read(), version, code)?.ok_or_else(missing)?;
        Ok((version, procedure))
    }

    /// All versions, newest first.
    ///
    /// # Errors
    /// Those of the store.
    pub fn catalogue_versions(&self) -> Result<Vec<CatalogueVersion>, CoreError> {
        let store = self.store()?;
        let in_force = catalogue::in_force(store.read(), &self.today())?;
        let versions = catalogue::versions(store.read())?.into_iter().map(|version| CatalogueVersion {
            in_force: in_force == Some(version.version),
            version: version.version,
            effective_from: version.effective_from,
            file: version.source,
            sample: version.sample,
            imported_at: version.imported_at,
        });
        Ok(versions.collect())
    }

    /// Types of paper the procedures in force ask for and give back, each once.
    ///
    /// # Errors
    /// Those of the store.
    pub fn paper_types(&self) -> Result<Vec<PaperType>, CoreError> {
        let store = self.store()?;
        let Some(version) = catalogue::in_force(store.read(), &self.today())? else { return Ok(Vec::new()) };
        let mut types = std::collections::BTreeMap::new();
        for procedure in catalogue::procedures(store.read(), version)? {
            let papers = procedure.papers.into_iter().map(|paper| (paper.code, paper.name));
            let results = procedure.results.into_iter().map(|result| (result.code, result.name));
            for (code, name) in papers.chain(results) {
                types.entry(code).or_insert(name);
            }
        }
        Ok(types.into_iter().map(|(code, name)| PaperType { code, name }).collect())
    }

    fn today(&self) -> String {
        self.clock.now().format("%Y-%m-%d").to_string()
    }

    /// The version in force, indexed once and kept.
    fn catalogue_ready(&self) -> Result<Option<Arc<Ready>>, CoreError> {
        let store = self.store()?;
        let Some(version) = catalogue::in_force(store.read(), &self.today())? else { return Ok(None) };
        let mut kept = self.catalogue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(ready) = kept.as_ref().filter(|ready| ready.version == version) {
            return Ok(Some(Arc::clone(ready)));
        }
        let lines: Vec<_> = catalogue::procedures(store.read(), version)?.iter().map(line).collect();
        let index = Index::new(lines.iter().map(|l| (l.code.as_str(), l.name.as_str(), l.field.as_str())));
        let ready = Arc::new(Ready { version, lines, index });
        *kept = Some(Arc::clone(&ready));
        Ok(Some(ready))
    }
}

fn line(procedure: &Procedure) -> ProcedureLine {
    ProcedureLine {
        code: procedure.code.clone(),
        name: procedure.name.clone(),
        field: procedure.field.clone(),
    }
}

fn keep_catalogue(
    store: &mut Store,
    version: Version,
    procedures: &[Procedure],
    session: &Session,
) -> Result<i64, CoreError> {
    let entrance = (&session.station_key, session.station.station.as_str(), session.clerk_id);
    store.transact(|change| keep_version(change, version, procedures, entrance))
}

/// Adds a version with its journal entry and its place in the queue; returns its number.
pub(super) fn keep_version(
    change: &rusqlite::Transaction<'_>,
    mut version: Version,
    procedures: &[Procedure],
    (station_key, station, by): (&crate::sign::key::SigningKey, &str, i64),
) -> Result<i64, CoreError> {
    version.version = catalogue::add(change, &version, procedures)?;
    let content = catalogue::content_hash(change, version.version)?;
    let entry = journal::Entry {
        kind: check::CATALOGUE_IMPORTED,
        subject: &version.id,
        at: &version.imported_at,
        by,
        facts: check::catalogue_facts(&version, &content),
    };
    let seq = journal::append(change, station_key, station, &entry)?;
    outbox::add(change, seq, &version.id)?;
    Ok(version.version)
}

/// The shipped sample, for training.
pub(super) fn sample(id: String, at: &Timestamp) -> (Version, Vec<Procedure>) {
    let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/samples/procedures.json"));
    let version = Version {
        version: 0,
        id,
        effective_from: at.format("%Y-%m-%d").to_string(),
        source: "procedures.json".to_owned(),
        sha256: crate::hex::encode(&Sha256::digest(bytes)),
        sample: true,
        imported_at: rfc3339(at),
    };
    (version, read(bytes).procedures)
}
