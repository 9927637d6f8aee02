//! Verifying a file: in isolation, then against our own records.

use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::App;
use super::error::CoreError;
use super::key::file_name;
use super::trust::Trust;
use crate::dossier::RESULTS;
use crate::sign::verify::{Reason, Report, Revocations, TrustAnchor, TrustPurpose, Verdict};
use crate::store::station::Own;
use crate::store::{Store, record, station};
use crate::time::Timestamp;
use crate::words::shown;

/// Longest text of a foreign file that is shown, characters.
const MAX_TEXT: usize = 400;

/// A verdict as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct VerifyView {
    /// Name of the file.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Its size, bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
    /// How it stands to our own record.
    pub record: OurRecord,
    /// What was found; text of the file is made printable.
    #[serde(flatten)]
    pub report: Report,
}

/// How a file stands to our own record of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OurRecord {
    /// It is the recorded copy, or begins with it.
    Same,
    /// It is another file.
    Differs,
    /// There is no record of its code.
    NotOurs,
    /// There is no counter, or no code that can be relied on.
    NotCompared,
}

impl App {
    /// Verifies a file against our own clerks' certificates (when there is a counter) and further
    /// trusted ones (DER or PEM files, which may hold lists of revoked certificates too).
    ///
    /// # Errors
    /// [`super::error::ErrorKind::NotFound`] when a file cannot be read; those of [`App::trusted`];
    /// those of the disk when no child can be started. A child that gives no answer is no error: the file is unreadable.
    pub fn verify(&self, file: &Path, trust: &[&Path], own: bool) -> Result<VerifyView, CoreError> {
        if !file.is_file() {
            return Err(CoreError::missing(file.display()));
        }
        let (sha256, size) = weighed(file)?;
        let (mut report, mut record) = self.judged(file, trust, own)?;
        if weighed(file)?.0 != sha256 {
            // It was written to meanwhile: the verdict is on nothing that has this hash.
            (report, record) = (Report::unreadable(), OurRecord::NotCompared);
        }
        Ok(VerifyView { file: legible(&file_name(file)), sha256, size, record, report })
    }

    /// The report on a file, and how it stands to our own record.
    pub(super) fn judged(
        &self,
        file: &Path,
        trust: &[&Path],
        own: bool,
    ) -> Result<(Report, OurRecord), CoreError> {
        if !own {
            let report = self.report(file, &self.trusted_by(trust)?)?;
            return Ok((report, OurRecord::NotCompared));
        }
        let store = self.store()?;
        let mut report = self.report(file, &self.known_with(Past::Proven, trust)?)?;
        let mut record = compare_with_record(&store, file, &mut report)?;
        if report.verdict == Verdict::Unknown && (record == OurRecord::Same || is_stored(&store, file)?) {
            report = self.report(file, &self.known_with(Past::Ours, trust)?)?;
            record = compare_with_record(&store, file, &mut report)?;
        }
        Ok((report, record))
    }

    /// The report on a file, judged in isolation.
    pub(super) fn report(&self, file: &Path, known: &Trust) -> Result<Report, CoreError> {
        let report = self.readers.verify(file, &known.anchors, &known.revoked, self.clock.now())?;
        Ok(printable(report))
    }

    /// Who is trusted by this counter: its folder `trust`, its clerks and its agency.
    pub(super) fn known(&self, past: Past) -> Result<Trust, CoreError> {
        self.known_with(past, &[])
    }

    /// The same together with what further files say.
    fn known_with(&self, past: Past, files: &[&Path]) -> Result<Trust, CoreError> {
        let mut known = self.trusted(files)?;
        let own = station::certificates(self.store()?.read())?;
        let now = self.clock.now();
        known.anchors.extend(own.iter().map(|one| own_anchor(one, past, now)));
        // Their lists tell of our keys, whoever trusts them: of our own copies' too.
        let strangers = own.into_iter().flat_map(|one| one.issuers);
        known.anchors.extend(strangers.map(TrustAnchor::untrusted));
        Ok(known)
    }

    /// Which certificates are known to be revoked by now.
    pub(super) fn revocations(&self) -> Result<Revocations, CoreError> {
        Ok(self.known(Past::Proven)?.revocations(self.clock.now()))
    }

    /// The same for what is only shown: a file of the folder `trust` that cannot be used is named where its word is
    /// needed.
    pub(super) fn revocations_if_any(&self) -> Revocations {
        self.known(Past::Proven).unwrap_or_default().revocations(self.clock.now())
    }

    /// Who is trusted to extend a file: one of our own is what it was when it was signed.
    pub(super) fn known_for(&self, file: &Path, trust: &[&Path], own: bool) -> Result<Trust, CoreError> {
        match own {
            true if is_stored(&self.store()?, file)? => self.known_with(Past::Ours, trust),
            true => self.known_with(Past::Proven, trust),
            false => self.trusted_by(trust),
        }
    }

    /// Verifies a copy of our own, by its record.
    ///
    /// # Errors
    /// As [`App::verify`].
    pub fn verify_copy(&self, id: &str) -> Result<VerifyView, CoreError> {
        let store = self.store()?;
        let known = record::find(store.read(), id)?.ok_or_else(|| CoreError::missing(id))?;
        drop(store);
        let mut view = self.verify(&self.copy_file(id)?, &[], true)?;
        view.file = known.name;
        Ok(view)
    }
}

/// How far certificates count that another one took the place of, or whose holder left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    /// For what a trusted time proves to be older than that: whoever has an old key can still sign.
    Proven,
    /// As ever: what is looked at is proven to be ours by our own record.
    Ours,
}

/// What a certificate of somebody at this counter is trusted for.
pub(super) fn own_anchor(own: &Own, past: Past, now: Timestamp) -> TrustAnchor {
    let end = own.until.as_ref().filter(|_| past == Past::Proven);
    // An end that cannot be read is one.
    let until =
        end.map(|at| Timestamp::parse_from_rfc3339(at).unwrap_or(now - chrono::Duration::days(36_500)));
    TrustAnchor {
        certificate: own.certificate.clone(),
        purpose: TrustPurpose::Certificates,
        from: None,
        until,
        exclusive: false,
    }
}

/// SHA-256 and size, bytes, of a file.
fn weighed(file: &Path) -> Result<(String, u64), CoreError> {
    Ok(crate::hex::sha256_of(std::fs::File::open(file)?)?)
}

/// The report, if there is one, with the text of the file as it can be shown.
pub(super) fn printable(report: Option<Report>) -> Report {
    let mut report = report.unwrap_or_else(Report::unreadable);
    for one in &mut report.signatures {
        let names = one.alterations.iter_mut().filter_map(|one| one.name.as_mut());
        let facts =
            one.certificate.iter_mut().flat_map(|one| [&mut one.subject, &mut one.issuer, &mut one.serial]);
        for text in names.chain(facts).chain([&mut one.signer]) {
            *text = legible(text);
        }
    }
    report.code = report.code.as_deref().map(legible);
    report
}

/// Text of a foreign file with what nobody sees shown, and not too long.
pub(super) fn legible(text: &str) -> String {
    let mut short: String = shown(text).chars().take(MAX_TEXT).collect();
    if text.chars().count() > MAX_TEXT {
        short.push('…');
    }
    short
}

/// Whether our own record says that a file, byte for byte, is ours.
fn is_stored(store: &Store, file: &Path) -> Result<bool, CoreError> {
    let (sha256, _) = crate::hex::sha256_of(std::fs::File::open(file)?)?;
    Ok(record::vouches_for(store.read(), &sha256, RESULTS)?)
}

/// A file that carries a code of ours must be, byte for byte, the copy we recorded under it, or begin with it
/// where all that is behind has been judged to be evidence and time-stamps.
fn compare_with_record(store: &Store, file: &Path, report: &mut Report) -> Result<OurRecord, CoreError> {
    // A code is only read from bytes an intact signature covers.
    let open = matches!(report.verdict, Verdict::Valid | Verdict::Unknown);
    let Some(code) = report.code.as_deref().filter(|_| open) else { return Ok(OurRecord::NotCompared) };
    let Some(known) = record::by_code(store.read(), code)? else { return Ok(OurRecord::NotOurs) };
    let more = [Reason::NotWholeFile, Reason::ChangedAfterSigning];
    let reasons = report.reasons.iter().chain(report.signatures.iter().flat_map(|one| &one.reasons));
    let recorded = if reasons.into_iter().any(|reason| more.contains(reason)) {
        u64::MAX
    } else {
        std::fs::metadata(store.blobs().path(&known.sha256)).map_or(u64::MAX, |file| file.len())
    };
    if crate::hex::sha256_of(std::fs::File::open(file)?.take(recorded))?.0 != known.sha256 {
        report.verdict = Verdict::Invalid;
        report.reasons = vec![Reason::RecordMismatch];
        return Ok(OurRecord::Differs);
    }
    Ok(OurRecord::Same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_tamed() {
        assert_eq!(legible("Nguyễn \u{202e}\u{0}Thị Ỷ"), "Nguyễn <U+202E><U+0000>Thị Ỷ");
        assert_eq!(legible(&"x".repeat(9_000)).chars().count(), MAX_TEXT + 1);
    }
}
