//! Pages straight from a scanner, by a profile an administrator wrote into `counter.toml`. Each lands as it
//! comes; what fails later takes none of them back.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::App;
use super::error::{CoreError, ErrorKind};
use super::land::{ImportReport, Landing};
use super::progress::{Stage, Watch};
use super::stack::Incoming;
use crate::scan::{self, Profile, ScanError, Shade, Sides, Source};
use crate::store::WORK;

/// A profile as the window shows it. The first eight are on the keys F2 to F9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScanProfile {
    /// Name.
    pub name: String,
    /// Resolution, dpi.
    pub dpi: u32,
    /// Colour or grey.
    pub colour: Shade,
    /// Where the paper lies.
    pub source: Source,
    /// Which sides of a sheet.
    pub sides: Sides,
}

impl App {
    /// The profiles of the counter, in their order.
    #[must_use]
    pub fn scan_profiles(&self) -> Vec<ScanProfile> {
        let view = |profile: &Profile| ScanProfile {
            name: profile.name.clone(),
            dpi: profile.dpi,
            colour: profile.colour,
            source: profile.source,
            sides: profile.sides,
        };
        self.settings.scan.iter().map(view).collect()
    }

    /// The devices SANE sees, as `scanimage` names them, with maker and model.
    ///
    /// # Errors
    /// [`ErrorKind::ScannerMissing`], [`ErrorKind::Canceled`] and their like.
    pub fn scanners(&self, watch: &Watch<'_>) -> Result<Vec<scan::Device>, CoreError> {
        scan::devices(&|| watch.is_stopped()).map_err(|e| told("", e))
    }

    /// Scans onto a desk; `landed` is called after each page.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such profile; [`ErrorKind::ScannerJammed`] and the others
    /// of the scanner; those of disk and database; cancelling. Pages that landed stay.
    pub fn scan(
        &self,
        landing: &Landing,
        profile: &str,
        watch: &Watch<'_>,
        landed: &mut dyn FnMut(),
    ) -> Result<ImportReport, CoreError> {
        let mut store = self.store()?;
        self.may_take_pages(&store, &landing.spot)?;
        let mut incoming = Incoming::new(landing);
        let mut report = ImportReport::default();
        let work = tempfile::Builder::new().prefix("s").tempdir_in(self.home.join(WORK))?;
        let mut pages = 0;
        self.feed(profile, work.path(), watch, &mut |file| {
            let source = self.take_in_one(&store.blobs(), &file)?;
            self.lay_down(&mut store, &mut incoming, source, &mut report)?;
            std::fs::remove_file(file)?;
            pages += 1;
            landed();
            watch.step(Stage::Scan, pages, 0)
        })
        .map_err(|e| e.with("landed", report.added))?;
        Ok(report)
    }

    /// Scans into a folder, which is made when it is not there. Needs no counter but its settings.
    ///
    /// # Errors
    /// As [`App::scan`]; files that are there stay.
    pub fn scan_to(
        &self,
        folder: &Path,
        profile: &str,
        watch: &Watch<'_>,
    ) -> Result<Vec<PathBuf>, CoreError> {
        let refused = |e: io::Error| CoreError::output_refused(folder, &e);
        std::fs::create_dir_all(folder).map_err(refused)?;
        let work = tempfile::Builder::new().prefix(".saoy-").tempdir_in(folder).map_err(refused)?;
        let mut files: Vec<PathBuf> = Vec::new();
        let mut number = 0;
        self.feed(profile, work.path(), watch, &mut |file| {
            // What is there already is not written over.
            let to = loop {
                number += 1;
                let to = folder.join(format!("{number:04}.jpg"));
                if !to.exists() {
                    break to;
                }
            };
            std::fs::rename(file, &to).map_err(refused)?;
            files.push(to);
            watch.step(Stage::Scan, u32::try_from(files.len()).unwrap_or(u32::MAX), 0)
        })
        .map_err(|e| e.with("landed", number))?;
        Ok(files)
    }

    /// Has the scanner of a profile give its pages as files in `folder`.
    fn feed(
        &self,
        name: &str,
        folder: &Path,
        watch: &Watch<'_>,
        page: &mut dyn FnMut(PathBuf) -> Result<(), CoreError>,
    ) -> Result<(), CoreError> {
        let missing = || CoreError::missing(name);
        let profile = self.settings.scan.iter().find(|profile| profile.name == name).ok_or_else(missing)?;
        watch.step(Stage::Scan, 0, 0)?;
        let mut failed = None;
        let mut take = |file: PathBuf| {
            page(file).map_err(|e| {
                failed = Some(e);
                io::Error::other("not taken")
            })
        };
        let stop = || watch.is_stopped();
        let ended = if profile.is_escl() {
            self.readers.scan(profile, folder, &stop, &mut take)
        } else {
            scan::scan(profile, folder, &stop, &mut take)
        };
        match (failed, ended) {
            (Some(error), _) => Err(error),
            (None, ended) => ended.map_err(|e| told(name, e)),
        }
    }
}

/// A fault of the scanner as it is told.
fn told(profile: &str, error: ScanError) -> CoreError {
    let (kind, detail) = match error {
        ScanError::Missing => (ErrorKind::ScannerMissing, String::new()),
        ScanError::Gone(detail) => (ErrorKind::ScannerGone, detail),
        ScanError::Busy => (ErrorKind::ScannerBusy, String::new()),
        ScanError::Jammed => (ErrorKind::ScannerJammed, String::new()),
        ScanError::Empty => (ErrorKind::ScannerEmpty, String::new()),
        ScanError::Open => (ErrorKind::ScannerOpen, String::new()),
        ScanError::Refused(what) => (ErrorKind::ScannerRefused, what),
        ScanError::Silent(seconds) => (ErrorKind::ScannerSilent, seconds.to_string()),
        ScanError::Canceled => (ErrorKind::Canceled, String::new()),
        ScanError::Disk(detail) => (ErrorKind::Storage, detail),
    };
    CoreError::new(kind).with("profile", profile).with("detail", detail)
}
