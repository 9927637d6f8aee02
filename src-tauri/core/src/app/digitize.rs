//! Pages become a signed, coded, stored copy: all of it or nothing.

use std::fs;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::App;
use super::dossier::not_now;
use super::error::{CoreError, ErrorKind};
use super::fields::Fields;
use super::intake::{Chosen, Source, chosen_page, findings};
use super::progress::{Stage, Watch};
use super::session::Session;
use crate::code::{CodeParts, Template, template_on};
use crate::dossier::Event;
use crate::page::{Finding, FindingKind, Severity};
use crate::pdf::assemble::{CopyPage, assemble};
use crate::pdf::emit::{SignatureField, signed};
use crate::pdf::hashing::SignedDigest;
use crate::pdf::mark::{MarkText, mark};
use crate::pdf::xmp::About;
use crate::sign::cms;
use crate::sign::signer::Digest;
use crate::sign::verify::{Coverage, Report, Verdict};
use crate::store::{
    Staged, Store, blobs, check::facts, desk, dossier, journal, outbox, record, station, sync_folder,
};
use crate::time::{Timestamp, rfc3339};

/// What to make.
#[derive(Debug)]
pub struct Job<'a> {
    /// Files that came in.
    pub sources: Vec<Source>,
    /// Their pages, in the order of the copy.
    pub pages: Vec<Chosen>,
    /// Why the clerk accepted what was found on them, page by page; may be shorter.
    pub reasons: Vec<Option<String>>,
    /// Pages of the paper that nothing is on: recorded beside the copy.
    pub blank: Vec<record::Original>,
    /// Fields of the paper.
    pub fields: &'a Fields,
    /// The clerk accepts findings that warn.
    pub accept_findings: bool,
    /// Also put the copy here.
    pub out: Option<&'a Path>,
    /// The pages come from a desk, and are then taken off it.
    pub desk: Option<&'a Spot>,
    /// The dossier and place it belongs to.
    pub filed: Option<record::Filed>,
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
    /// The copy.
    pub pdf: PathBuf,
    /// Everything found, accepted.
    pub findings: Vec<Finding>,
    /// Level of the signature.
    pub level: Level,
    /// How long the stages took.
    pub timings: Timings,
}

/// Level of a signature (ETSI EN 319 142-1), or none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// Kept as it came in.
    #[serde(rename = "as it came")]
    Kept,
    /// Signed.
    #[serde(rename = "B-B")]
    Basic,
    /// Signed, with a trusted time.
    #[serde(rename = "B-T")]
    Stamped,
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
    /// [`ErrorKind::VerificationFailed`], [`ErrorKind::Canceled`], those of disk and database. The
    /// home is then as before.
    pub fn digitize(
        &self,
        store: &mut Store,
        session: &Session,
        job: Job<'_>,
        watch: &Watch<'_>,
    ) -> Result<Digitized, CoreError> {
        let now = self.clock.now();
        let fields = job.fields.tidy();
        let issues = fields.issues(now.date_naive());
        if issues.iter().any(|issue| issue.severity == Severity::Blocking) {
            return Err(CoreError { issues, ..ErrorKind::FieldIssues.into() });
        }
        let found = findings(&job.sources, &job.pages, &self.quality()?);
        let worst = found.iter().map(|finding| finding.severity).max();
        if worst == Some(Severity::Blocking) || (worst == Some(Severity::Warning) && !job.accept_findings) {
            return Err(CoreError { findings: found, ..ErrorKind::Findings.into() });
        }
        if job.pages.is_empty() {
            return Err(ErrorKind::NoPages.into());
        }
        if now.timestamp() > session.signer().certificate().not_after {
            return Err(ErrorKind::CertificateExpired.into());
        }
        let template = if self.settings.code_template.is_empty() {
            template_on(&now.format("%Y-%m-%d").to_string())?
        } else {
            self.settings.code_template.clone()
        };
        let template = Template::parse(&template)?;
        let out = job.out.map(OutFile::prepare).transpose()?;

        self.make(store, session, job, &fields, found, &template, now, watch, out)
    }

    #[expect(clippy::too_many_arguments, reason = "one stage after the other over the same values")]
    fn make(
        &self,
        store: &mut Store,
        session: &Session,
        job: Job<'_>,
        fields: &Fields,
        mut found: Vec<Finding>,
        template: &Template,
        now: Timestamp,
        watch: &Watch<'_>,
        out: Option<OutFile>,
    ) -> Result<Digitized, CoreError> {
        let at = rfc3339(&now);
        let id = self.new_id()?;
        let blobs = store.blobs();
        let home = store.home().to_path_buf();
        let mut timings = Timings::default();
        let change = store.begin()?;
        let dossier = match &job.filed {
            None => None,
            Some(filed) => {
                let before = dossier::find(&change, &filed.dossier)?
                    .ok_or_else(|| CoreError::new(ErrorKind::NotFound).with("what", &filed.dossier))?;
                let event = Event::PaperCopied { place: filed.place, record: id.clone() };
                Some(before.after(&event).map_err(|why| not_now(&before, why))?)
            }
        };

        let parts = CodeParts {
            owner: fields.owner.clone(),
            paper_type: fields.paper_type.clone(),
            number: fields.number.clone(),
            station: session.station.station.clone(),
            running: station::next_running(&change)?,
        };
        let code = template.print(&parts);
        let of = u32::try_from(job.pages.len()).unwrap_or(u32::MAX);

        let kept_whole = job.sources.iter().any(|source| source.read.signed);
        let mut level = Level::Kept;
        let (copy, signed_by, signed_at) = if kept_whole {
            // A file that is already signed is never rewritten: the original is the copy.
            let source = job.sources.first().ok_or(ErrorKind::NoPages)?;
            let started = Instant::now();
            watch.step(Stage::Verify, 0, of)?;
            let report = self.verified(&source.original, &[], now)?;
            let signer = report.signatures.first();
            let verdict = serde_json::to_value(report.verdict).unwrap_or_default();
            for finding in found.iter_mut().filter(|f| f.kind == FindingKind::AlreadySigned) {
                finding.detail = verdict.as_str().unwrap_or_default().to_owned();
            }
            timings.verify = millis(started);
            let claimed = signer.and_then(|s| s.claimed_time.clone());
            (
                None,
                signer.map(|s| s.signer.clone()).unwrap_or_default(),
                claimed.unwrap_or_else(|| at.clone()),
            )
        } else {
            let (staged, took) = self.sign_copy(&home, session, &job, fields, &code, now, watch)?;
            timings = took;
            let started = Instant::now();
            watch.step(Stage::Verify, 0, of)?;
            // The certificate that signed, and those that vouch for the time.
            let mut trust = self.vouching()?;
            trust.push(session.signer().certificate().der().to_vec());
            let report = self.verified(staged.path(), &trust, now)?;
            let whole = report.signatures.iter().all(|s| s.coverage == Coverage::Whole);
            if report.verdict != Verdict::Valid || !whole || report.code.as_deref() != Some(&code) {
                let reasons = serde_json::to_string(&report.reasons).unwrap_or_default();
                return Err(CoreError::new(ErrorKind::VerificationFailed).with("reason", reasons));
            }
            let stamped = report.signatures.iter().all(|s| s.trusted_time.is_some());
            level = if stamped { Level::Stamped } else { Level::Basic };
            timings.verify = millis(started);
            (Some(staged), session.signer().certificate().name.clone(), at.clone())
        };

        let started = Instant::now();
        watch.step(Stage::Commit, 0, of)?;
        let reasons = job.reasons.iter().cloned().chain(std::iter::repeat(None));
        let originals = job.pages.iter().zip(reasons).filter_map(|(chosen, accepted)| {
            let (source, page) = chosen_page(&job.sources, chosen)?;
            Some(record::Original {
                sha256: source.sha256.clone(),
                file: source.name.clone(),
                page: page.index,
                turns: chosen.turns,
                edits: source.edits.clone(),
                blank: false,
                accepted,
            })
        });
        let originals = originals.chain(job.blank.iter().cloned()).collect();
        let sha256 = match (&copy, job.sources.first()) {
            (Some(copy), _) => copy.sha256.clone(),
            (None, Some(source)) => source.sha256.clone(),
            (None, None) => return Err(ErrorKind::NoPages.into()),
        };
        let record = record::Record {
            id,
            code,
            parts,
            name: fields.name.clone(),
            issued: fields.issued.clone(),
            issuer: fields.issuer.clone(),
            abstract_text: fields.abstract_text.clone(),
            valid_until: fields.valid_until.clone(),
            permanent: fields.permanent,
            kept_whole,
            pages: of,
            sha256,
            findings: journal::canonical(&serde_json::to_value(&found).unwrap_or_default()),
            signed_by,
            signed_at,
            originals,
            filed: job.filed.clone(),
        };
        if let Some(out) = &out {
            let from = copy.as_ref().map(Staged::path).or(job.sources.first().map(|s| s.original.as_path()));
            out.fill(from.ok_or(ErrorKind::NoPages)?)?;
        }
        // Files first, rows second: until the commit, whoever opens the counter sweeps them away.
        let mut named = Named::default();
        let staged = job.sources.into_iter().filter_map(|source| source.staged).chain(copy);
        for staged in staged {
            blobs::note(&change, &staged.sha256, staged.bytes, &at)?;
            named.promote(&blobs, staged)?;
        }
        record::add(&change, session.clerk_id, &record)?;
        if let Some(dossier) = &dossier {
            dossier::put(&change, dossier)?;
        }
        let entry = journal::Entry { kind: "digitized", subject: &record.id, at: &at, facts: facts(&record) };
        let seq = journal::append(&change, &session.station_key, &session.station.station, &entry)?;
        outbox::add(&change, seq, &record.id)?;
        let mut unused = Vec::new();
        if let Some(spot) = job.desk {
            if spot.desk == desk::LOOSE {
                desk::close(&change, &spot.desk)?;
            } else {
                let mut layout = desk::layout(&change, &spot.desk)?;
                layout.pages.retain(|page| page.place != spot.place);
                desk::settle(&change, &spot.desk, &layout)?;
            }
            unused = blobs::forget_unused(&change)?;
        }
        change.commit().map_err(crate::store::StoreError::from)?;
        named.keep();
        for sha256 in unused {
            // The rows are gone; a file that stays is swept when the counter is next opened alone.
            _ = blobs.remove(&sha256);
        }
        let pdf = match out {
            Some(out) => out.publish()?,
            None => blobs.path(&record.sha256),
        };
        timings.commit = millis(started);
        Ok(Digitized { record, pdf, findings: found, level, timings })
    }

    /// Assembles, marks, writes and signs into a work file, synced.
    #[expect(clippy::too_many_arguments, reason = "one stage after the other over the same values")]
    fn sign_copy(
        &self,
        home: &Path,
        session: &Session,
        job: &Job<'_>,
        fields: &Fields,
        code: &str,
        now: Timestamp,
        watch: &Watch<'_>,
    ) -> Result<(Staged, Timings), CoreError> {
        let mut timings = Timings::default();
        let of = u32::try_from(job.pages.len()).unwrap_or(u32::MAX);
        let blobs = Store::blobs_of(home);
        let signer = session.signer();
        let name = &signer.certificate().name;

        let started = Instant::now();
        watch.step(Stage::Assemble, 0, of)?;
        let pages: Vec<CopyPage<'_>> = job
            .pages
            .iter()
            .filter_map(|chosen| {
                let (source, page) = chosen_page(&job.sources, chosen)?;
                Some(CopyPage {
                    read: page,
                    turns: chosen.turns,
                    original: &source.original,
                    side: &source.side,
                })
            })
            .collect();
        let about = About {
            title: fields.name.clone(),
            author: name.clone(),
            office: session.station.office_name.clone(),
            code: Some(code.to_owned()),
            at: now,
            pdfa: true,
        };
        let document = assemble(&pages, about)?;
        timings.assemble = millis(started);

        let started = Instant::now();
        watch.step(Stage::Mark, 0, of)?;
        let marked = mark(document, &mark_text(session, name, code, now))?;
        timings.mark = millis(started);

        let started = Instant::now();
        watch.step(Stage::Sign, 0, of)?;
        // Without an answer in time the copy is signed all the same, at level B-B.
        let url = self.settings.timestamp.url.as_deref();
        let vouching = self.vouching()?;
        let field = SignatureField {
            name: name.clone(),
            reason: "Ký số bản sao điện tử".to_owned(),
            at: now,
            room: cms::room(signer.certificate()) + if url.is_some() { cms::MAX_STAMP } else { 0 },
            digest: match signer.scheme().digest() {
                Digest::Sha256 => SignedDigest::Sha256,
                Digest::Sha384 => SignedDigest::Sha384,
                Digest::Sha512 => SignedDigest::Sha512,
            },
        };
        let file = blobs.work_file()?;
        let sink = BufWriter::with_capacity(1 << 16, file.as_file().try_clone()?);
        let (sink, digests) = signed::<_, CoreError>(&marked, &field, sink, |digest| {
            let mut stamp = |signature: &[u8]| self.readers.stamp(url?, signature, &vouching, now);
            Ok(cms::detached(signer.as_ref(), digest, &mut stamp)?)
        })?;
        let written = sink.into_inner().map_err(|e| e.into_error())?;
        written.sync_all()?;
        let bytes = written.metadata()?.len();
        timings.sign = millis(started);
        Ok((blobs.adopt(file, crate::hex::encode(&digests.whole), bytes), timings))
    }

    /// Certificates that may vouch for the time, where an authority is configured.
    fn vouching(&self) -> Result<Vec<Vec<u8>>, CoreError> {
        Ok(match self.settings.timestamp.url {
            Some(_) => self.trusted()?.certificates,
            None => Vec::new(),
        })
    }

    /// A verdict from the reader's side of the wall, over the bytes as they lie on disk.
    fn verified(&self, file: &Path, trust: &[Vec<u8>], now: Timestamp) -> Result<Report, CoreError> {
        self.readers
            .verify(file, trust, &[], now)?
            .ok_or_else(|| CoreError::new(ErrorKind::VerificationFailed).with("reason", "no answer"))
    }
}

fn mark_text(session: &Session, name: &str, code: &str, now: Timestamp) -> MarkText {
    let mut lines = vec![
        format!("Người sao chụp: {name}"),
        format!("Thời gian sao chụp: {}", now.format("%d/%m/%Y %H:%M:%S %:z")),
        format!("Mã số hóa: {code}"),
    ];
    let training = session.station.training;
    if training {
        lines.push("LUYỆN TẬP - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG".to_owned());
    }
    MarkText { lines, code: code.to_owned(), watermark: training.then(|| "LUYỆN TẬP".to_owned()) }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Blobs that have got their names before the commit; dropped unkept, the new ones go again.
#[derive(Default)]
struct Named {
    new: Vec<PathBuf>,
}

impl Named {
    fn promote(&mut self, blobs: &blobs::Blobs, staged: Staged) -> io::Result<()> {
        let path = blobs.path(&staged.sha256);
        let known = path.is_file();
        if !known {
            self.new.push(path);
        }
        blobs.promote(staged)
    }

    fn keep(mut self) {
        self.new.clear();
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        for path in &self.new {
            // If this fails too, the next sweep removes them: no row knows them.
            _ = fs::remove_file(path);
            if let Some(folder) = path.parent() {
                _ = fs::remove_dir(folder);
            }
        }
    }
}

/// A copy for the caller, made ready before anything is committed.
pub(super) struct OutFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl OutFile {
    pub(super) fn prepare(path: &Path) -> Result<Self, CoreError> {
        let refused = |detail: String| {
            CoreError::new(ErrorKind::OutputRefused).with("path", path.display()).with("detail", detail)
        };
        if path.is_dir() {
            return Err(refused("is a directory".into()));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = tempfile::Builder::new()
            .prefix(".saoy-")
            .tempfile_in(folder)
            .map_err(|e| refused(e.kind().to_string()))?;
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

    /// The same for what only this user may read.
    pub(super) fn fill_with_secret(&self, bytes: &[u8]) -> Result<(), CoreError> {
        io::Write::write_all(&mut self.file.as_file(), bytes)?;
        Ok(self.file.as_file().sync_all()?)
    }

    pub(super) fn settle(&self) -> Result<(), CoreError> {
        self.file.as_file().sync_all()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            self.file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        Ok(())
    }

    pub(super) fn publish(self) -> Result<PathBuf, CoreError> {
        self.file.persist(&self.path).map_err(|e| e.error)?;
        let folder = self.path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        sync_folder(folder)?;
        Ok(self.path)
    }
}
