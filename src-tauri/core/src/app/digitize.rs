//! Pages become a signed, coded, stored copy: all of it or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::App;
use super::error::{CoreError, ErrorKind};
use super::fields::Fields;
use super::intake::{Chosen, Source};
use super::keep::Stamping;
use super::prepare::Wish;
use super::progress::Watch;
use super::session::Session;
use super::trust::not_revoked;
use super::verify::Past;
use crate::isolate::Unstamped;
use crate::page::Finding;
pub use crate::pdf::mark::Layout;
use crate::sign::Level;
use crate::store::{Store, record, station, sync_folder};

/// What to make.
#[derive(Debug)]
pub struct Job<'a> {
    /// Files that came in.
    pub sources: Vec<Source>,
    /// Their pages, in the order of the copy.
    pub pages: Vec<Chosen>,
    /// Fields of the paper.
    pub fields: &'a Fields,
    /// The clerk accepts findings that warn.
    pub accept_findings: bool,
    /// Also put the copy here.
    pub out: Option<&'a Path>,
    /// The dossier and place it belongs to.
    pub filed: Option<record::Filed>,
    /// Whose mark it bears: the clerk's, or the agency's "SAO Y".
    pub layout: Layout,
}

/// A place on a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Spot {
    /// Id of the desk.
    pub desk: String,
    /// Paper of its dossier, from 1; 0 = the single paper, or pages not sorted yet.
    pub place: u32,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digitized {
    /// The record.
    pub record: record::Record,
    /// The copy: where the caller wanted it, else as it is stored.
    pub pdf: PathBuf,
    /// Why it is not where the caller wanted it. It is made and stored all the same: trying again makes another.
    pub refused: Option<CoreError>,
    /// Everything found, accepted.
    pub findings: Vec<Finding>,
    /// Level of the signature; `None`: kept as it came in.
    pub level: Option<Level>,
    /// Why it got no time-stamp though an authority is named in the settings.
    pub unstamped: Option<Unstamped>,
    /// How long the stages took.
    pub timings: Timings,
}

/// Milliseconds a stage took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the stages are documented on Stage")]
pub struct Timings {
    pub unlock: u64,
    pub import: u64,
    pub assemble: u64,
    pub mark: u64,
    pub sign: u64,
    pub verify: u64,
    pub commit: u64,
}

impl App {
    /// Makes the copy.
    ///
    /// # Errors
    /// [`ErrorKind::FieldIssues`], [`ErrorKind::NoPages`], [`ErrorKind::Findings`],
    /// [`ErrorKind::VerificationFailed`], [`ErrorKind::Canceled`], [`ErrorKind::OutputExists`], those of
    /// disk and database. The home is then as before, but for a running number that may be used up.
    pub fn digitize(
        &self,
        store: &mut Store,
        session: &Session,
        job: Job<'_>,
        watch: &Watch<'_>,
    ) -> Result<Digitized, CoreError> {
        let signer = session.signer();
        let wish = Wish {
            sources: job.sources,
            pages: job.pages,
            reasons: Vec::new(),
            blank: Vec::new(),
            fields: job.fields.tidy(),
            accept_findings: job.accept_findings,
            filed: job.filed,
            layout: job.layout,
            code: None,
        };
        self.may_prepare(session, signer.certificate(), &wish)?;
        let out = job.out.map(|out| self.out_file(out)).transpose()?;
        let blobs = store.blobs();

        let known = self.known(Past::Proven)?;
        not_revoked(signer.certificate(), &known.revocations(self.clock.now()))?;
        self.may_file(store.read(), &wish.filed)?;
        // In a change of its own: while key and network answer, others may write.
        let running = store.transact(station::next_running)?;
        let by = (signer.certificate(), signer.scheme());
        let mut prepared = self.prepare(session, by, wish, running, watch)?;
        let signed = self.sign(&mut prepared, signer.as_ref(), &known, &mut Stamping::default(), watch)?;
        if let Some(out) = &out {
            out.fill(signed.path(&prepared).ok_or(ErrorKind::NoPages)?)?;
        }
        let started = Instant::now();
        let change = store.begin()?;
        let kept = self.keep(&change, &blobs, session, prepared, signed, watch)?;
        // A commit that failed may have happened: files without rows are for the next sweep.
        let mut made = kept.done(&blobs);
        change.commit().map_err(crate::store::StoreError::from)?;
        match out.map(OutFile::publish) {
            Some(Ok(pdf)) => made.pdf = pdf,
            Some(Err(error)) => made.refused = Some(error),
            None => {}
        }
        made.timings.commit = millis(started);
        Ok(made)
    }

    /// A file for the caller.
    ///
    /// # Errors
    /// [`ErrorKind::OutputExists`] when something lies there and nobody said that it may go;
    /// [`ErrorKind::OutputRefused`].
    pub(super) fn out_file(&self, path: &Path) -> Result<OutFile, CoreError> {
        self.is_free(path)?;
        OutFile::prepare(path)
    }

    /// The same for what only this user may read.
    pub(super) fn secret_out_file(&self, path: &Path) -> Result<OutFile, CoreError> {
        self.is_free(path)?;
        OutFile::prepare_with(path, 0o600)
    }

    /// [`App::out_file`] for what is made of another file, which stays as it is.
    pub(super) fn out_file_of(&self, from: &Path, path: &Path) -> Result<OutFile, CoreError> {
        if fs::canonicalize(path).is_ok_and(|path| fs::canonicalize(from).is_ok_and(|from| from == path)) {
            let error = CoreError::new(ErrorKind::OutputRefused).with("path", path.display());
            return Err(error.with("reason", "same_file"));
        }
        self.out_file(path)
    }

    /// Whether a file for the caller may be written there.
    pub(super) fn is_free(&self, path: &Path) -> Result<(), CoreError> {
        if !self.replaces && path.symlink_metadata().is_ok_and(|there| !there.is_dir()) {
            return Err(CoreError::new(ErrorKind::OutputExists).with("path", path.display()));
        }
        Ok(())
    }
}

pub(super) fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A copy for the caller, made ready before anything is committed.
pub(super) struct OutFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl OutFile {
    /// What lies there is replaced: for the counter's own files. One the caller named: [`App::out_file`].
    pub(super) fn prepare(path: &Path) -> Result<Self, CoreError> {
        Self::prepare_with(path, 0o666)
    }

    /// `mode`: permissions as Unix has them, narrowed by the user's umask.
    fn prepare_with(path: &Path, mode: u32) -> Result<Self, CoreError> {
        if path.is_dir() {
            return Err(CoreError::output_refused(path, &io::ErrorKind::IsADirectory.into()));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut draft = tempfile::Builder::new();
        draft.prefix(".saoy-");
        #[cfg(unix)]
        draft.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
        #[cfg(not(unix))]
        let _ = mode;
        let file = draft.tempfile_in(folder).map_err(|e| CoreError::output_refused(path, &e))?;
        Ok(Self { file, path: path.to_path_buf() })
    }

    /// Where it lies until it is published, for a child that writes it.
    pub(super) fn draft(&self) -> &Path {
        self.file.path()
    }

    fn fill(&self, from: &Path) -> Result<(), CoreError> {
        io::copy(&mut fs::File::open(from)?, &mut self.file.as_file())?;
        self.settle()
    }

    pub(super) fn fill_with(&self, bytes: &[u8]) -> Result<(), CoreError> {
        io::Write::write_all(&mut self.file.as_file(), bytes)?;
        self.settle()
    }

    pub(super) fn settle(&self) -> Result<(), CoreError> {
        Ok(self.file.as_file().sync_all()?)
    }

    pub(super) fn publish(self) -> Result<PathBuf, CoreError> {
        self.file.persist(&self.path).map_err(|e| CoreError::output_refused(&self.path, &e.error))?;
        let folder = self.path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        sync_folder(folder)?;
        Ok(self.path)
    }
}
