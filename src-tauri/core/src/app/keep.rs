//! Prepared bytes get their signature, are read again and verified, and kept: all of it or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rusqlite::Transaction;

use super::App;
use super::digitize::{Digitized, Timings, millis};
use super::dossier::not_now;
use super::error::{CoreError, ErrorKind, word};
use super::intake::chosen_page;
use super::prepare::Prepared;
use super::progress::{Stage, Watch};
use super::session::Session;
use super::trust::Trust;
use crate::dossier::Event;
use crate::isolate::Unstamped;
use crate::page::{Finding, FindingKind};
use crate::pdf::mark::Layout;
use crate::sign::signer::Signer;
use crate::sign::verify::{Coverage, Reason, Report, SignatureKind, Verdict};
use crate::sign::{Level, cms};
use crate::store::check::{DIGITIZED, facts};
use crate::store::{Blobs, Staged, Store, blobs, dossier, journal, outbox, record};
use crate::time::rfc3339;

/// A copy that was signed, read again and verified; not yet kept.
#[derive(Debug)]
pub(super) struct Signed {
    /// `None`: the original is kept as it is.
    copy: Option<Staged>,
    signed_by: String,
    signed_at: String,
    level: Option<Level>,
    unstamped: Option<Unstamped>,
    timings: Timings,
}

/// What is to be known of the time-stamp authority while papers are signed one after the other.
#[derive(Debug, Default)]
pub(super) struct Stamping {
    /// Why it failed. It is asked no more: its silence is waited for once, not for each paper.
    failed: Option<Unstamped>,
}

impl Signed {
    /// Where its bytes lie.
    pub fn path<'a>(&'a self, prepared: &'a Prepared) -> Option<&'a Path> {
        self.copy.as_ref().map(Staged::path).or_else(|| prepared.path())
    }
}

/// A copy whose files and rows are in place, once the change is committed.
#[derive(Debug)]
pub(super) struct Kept {
    record: record::Record,
    found: Vec<Finding>,
    level: Option<Level>,
    unstamped: Option<Unstamped>,
    timings: Timings,
    named: Named,
}

impl Kept {
    /// The change is about to be committed: from now on files without rows are for the next sweep.
    pub fn done(self, blobs: &Blobs) -> Digitized {
        self.named.keep();
        Digitized {
            pdf: blobs.path(&self.record.sha256),
            record: self.record,
            refused: None,
            findings: self.found,
            level: self.level,
            unstamped: self.unstamped,
            timings: self.timings,
        }
    }
}

impl App {
    /// Signs, then reads from the disk and verifies. Where the key fails, the prepared bytes stay as
    /// they are and may be signed later.
    pub(super) fn sign(
        &self,
        prepared: &mut Prepared,
        signer: &dyn Signer,
        known: &Trust,
        stamping: &mut Stamping,
        watch: &Watch<'_>,
    ) -> Result<Signed, CoreError> {
        let now = self.clock.now();
        let of = u32::try_from(prepared.wish.pages.len()).unwrap_or(u32::MAX);
        let mut timings = prepared.timings;
        if prepared.draft.is_none() {
            return self.already_signed(prepared, known, watch);
        }
        let started = Instant::now();
        watch.step(Stage::Sign, 0, of)?;
        // Without an answer in time the copy is signed all the same, at level B-B.
        let url = self.settings.timestamp.url.as_deref();
        let lists = (known.anchors.as_slice(), known.revoked.as_slice());
        let mut stamped = false;
        let mut stamp = |signature: &[u8]| {
            let url = url.filter(|_| stamping.failed.is_none())?;
            match self.readers.stamp(url, signature, lists, now) {
                Ok(token) => {
                    stamped = true;
                    Some(token)
                }
                Err(why) => {
                    stamping.failed = Some(why);
                    None
                }
            }
        };
        let digest = prepared.draft.as_ref().map(|draft| draft.bytes.digest().to_vec()).unwrap_or_default();
        let container = cms::detached(signer, &digest, &mut stamp)?;
        let draft = prepared.draft.take().ok_or(ErrorKind::NoPages)?;
        let mut file = draft.file;
        let sha256 = draft.bytes.fill(file.as_file_mut(), &container)?;
        file.as_file().sync_all()?;
        let bytes = file.as_file().metadata()?.len();
        let staged = Store::blobs_of(&self.home).adopt(file, crate::hex::encode(&sha256), bytes);
        timings.sign += millis(started);

        let started = Instant::now();
        watch.step(Stage::Verify, 0, of)?;
        // The certificate that signed, and those that vouch for the time.
        let mut anchors = known.anchors.clone();
        anchors.push(signer.certificate().der().to_vec().into());
        let report = self.readers.verify(staged.path(), &anchors, &known.revoked, now)?;
        let no_answer = || CoreError::new(ErrorKind::VerificationFailed).with("found", "no_answer");
        let report = report.ok_or_else(no_answer)?;
        if report.reasons.contains(&Reason::Revoked) {
            let name = &signer.certificate().name;
            return Err(CoreError::new(ErrorKind::CertificateRevoked).with("name", name));
        }
        // A list that is out of date is no fault of the copy's.
        let good = [Reason::Intact, Reason::Trusted, Reason::RevocationUnknown];
        let holds = matches!(report.verdict, Verdict::Valid | Verdict::Unknown)
            && report.signatures.iter().all(|s| s.coverage == Coverage::Whole)
            && report.reasons.iter().all(|reason| good.contains(reason));
        if !holds || report.code.as_deref() != Some(&prepared.code) {
            return Err(CoreError::new(ErrorKind::VerificationFailed).with("found", worst(&report)));
        }
        timings.verify = millis(started);
        Ok(Signed {
            copy: Some(staged),
            signed_by: signer.certificate().name.clone(),
            signed_at: rfc3339(&prepared.at),
            level: Some(if stamped { Level::T } else { Level::B }),
            unstamped: stamping.failed,
            timings,
        })
    }

    /// A file that is already signed is never rewritten: the original is the copy.
    fn already_signed(
        &self,
        prepared: &mut Prepared,
        known: &Trust,
        watch: &Watch<'_>,
    ) -> Result<Signed, CoreError> {
        let mut timings = prepared.timings;
        let source = prepared.wish.sources.first().ok_or(ErrorKind::NoPages)?;
        let started = Instant::now();
        watch.step(Stage::Verify, 0, 1)?;
        let report = self.report(&source.original, known)?;
        // A result is the agency's word; a citizen's paper is kept with whatever its signature is worth.
        if prepared.wish.layout == Layout::Agency {
            let refused = CoreError::new(ErrorKind::ForeignSignature).with("file", &source.name);
            if report.verdict != Verdict::Valid {
                return Err(refused.with("found", worst(&report)));
            }
            if !self.signed_by_agency(&source.original, known)? {
                return Err(refused.with("found", "not_the_agency"));
            }
        }
        for finding in prepared.found.iter_mut().filter(|f| f.kind == FindingKind::AlreadySigned) {
            finding.detail = word(&report.verdict);
        }
        timings.verify = millis(started);
        let signer = report.signatures.iter().find(|one| one.kind == SignatureKind::Signature);
        Ok(Signed {
            copy: None,
            signed_by: signer.map(|s| s.signer.clone()).unwrap_or_default(),
            signed_at: signer.and_then(|s| s.claimed_time.clone()).unwrap_or_else(|| rfc3339(&prepared.at)),
            level: None,
            unstamped: None,
            timings,
        })
    }

    /// Files in place, then rows, journal and outbox; until the commit, whoever opens the counter sweeps
    /// the files away.
    pub(super) fn keep(
        &self,
        change: &Transaction<'_>,
        blobs: &Blobs,
        session: &Session,
        prepared: Prepared,
        mut signed: Signed,
        watch: &Watch<'_>,
    ) -> Result<Kept, CoreError> {
        let of = u32::try_from(prepared.wish.pages.len()).unwrap_or(u32::MAX);
        watch.step(Stage::Commit, 0, of)?;
        let at = rfc3339(&prepared.at);
        let dossier = match &prepared.wish.filed {
            None => None,
            Some(filed) => {
                let missing = || CoreError::missing(&filed.dossier);
                let before = dossier::find(change, &filed.dossier)?.ok_or_else(missing)?;
                let event = Event::PaperCopied { place: filed.place, record: prepared.id.clone() };
                Some(before.after(&event).map_err(|why| not_now(&before, why))?)
            }
        };
        let (record, sources) =
            record_of(prepared.id, &signed, &prepared.found, prepared.parts, prepared.code, prepared.wish)?;
        let mut named = Named::default();
        for staged in sources.into_iter().chain(signed.copy.take()) {
            blobs::note(change, &staged.sha256, staged.bytes, &at)?;
            named.promote(blobs, staged)?;
        }
        record::add(change, session.clerk_id, &record)?;
        if let Some(dossier) = &dossier {
            dossier::put(change, dossier)?;
        }
        let (by, facts) = (session.clerk_id, facts(&record));
        let entry = journal::Entry { kind: DIGITIZED, subject: &record.id, at: &at, by, facts };
        let seq = journal::append(change, &session.station_key, &session.station.station, &entry)?;
        outbox::add(change, seq, &record.id)?;
        let Signed { level, unstamped, timings, .. } = signed;
        Ok(Kept { record, found: prepared.found, level, unstamped, timings, named })
    }
}

/// The first reason why a file is not valid, as a word of the table.
fn worst(report: &Report) -> String {
    let mut bad = report.reasons.iter().filter(|one| !matches!(one, Reason::Intact | Reason::Trusted));
    bad.next().map_or_else(|| "code_mismatch".to_owned(), word)
}

/// The record of a signed copy, and the originals that have no name in the store yet.
fn record_of(
    id: String,
    signed: &Signed,
    found: &[Finding],
    parts: crate::code::CodeParts,
    code: String,
    wish: super::prepare::Wish,
) -> Result<(record::Record, Vec<Staged>), CoreError> {
    let reasons = wish.reasons.iter().cloned().chain(std::iter::repeat(None));
    let originals = wish.pages.iter().zip(reasons).filter_map(|(chosen, accepted)| {
        let (source, page) = chosen_page(&wish.sources, chosen)?;
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
    let originals = originals.chain(wish.blank.iter().cloned()).collect();
    let first = wish.sources.first().ok_or(ErrorKind::NoPages)?;
    let sha256 = signed.copy.as_ref().map_or(&first.sha256, |copy| &copy.sha256).clone();
    let record = record::Record {
        id,
        code,
        parts,
        name: wish.fields.name,
        issued: wish.fields.issued,
        issuer: wish.fields.issuer,
        abstract_text: wish.fields.abstract_text,
        valid_until: wish.fields.valid_until,
        permanent: wish.fields.permanent,
        kept_whole: signed.copy.is_none(),
        pages: u32::try_from(wish.pages.len()).unwrap_or(u32::MAX),
        sha256,
        findings: journal::canonical(&serde_json::to_value(found).unwrap_or_default()),
        signed_by: signed.signed_by.clone(),
        signed_at: signed.signed_at.clone(),
        originals,
        filed: wish.filed,
    };
    Ok((record, wish.sources.into_iter().filter_map(|source| source.staged).collect()))
}

/// Blobs that have got their names before the commit; dropped unkept, the new ones go again.
#[derive(Debug, Default)]
struct Named {
    new: Vec<PathBuf>,
}

impl Named {
    fn promote(&mut self, blobs: &Blobs, staged: Staged) -> io::Result<()> {
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
