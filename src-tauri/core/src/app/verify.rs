//! Verifying a file: in isolation, then against our own records.

use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::App;
use super::error::CoreError;
use super::key::file_name;
use super::trust::Trust;
use crate::dossier::RESULTS;
use crate::sign::verify::{
    Alteration, Anchor, CertificateFacts, Change, Coverage, Reason, Report, SignatureReport, Verdict, Vouches,
};
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
    /// Verdict.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Each signature.
    pub signatures: Vec<SignatureView>,
    /// Digitization code in the signed bytes.
    pub code: Option<String>,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignatureView {
    /// Name in the signer's certificate.
    pub signer: String,
    /// Time the signer claims, RFC 3339.
    pub claimed_time: Option<String>,
    /// Time it existed at the latest, as a trusted time-stamp authority says, RFC 3339.
    pub trusted_time: Option<String>,
    /// How much of the file it covers.
    pub coverage: Coverage,
    /// What came after the revision it closes; `None` when it does not hold.
    #[cfg_attr(test, ts(type = "ChangeView | null"))]
    pub after: Option<Change>,
    /// The same one by one; names are the file's.
    pub alterations: Vec<Alteration>,
    /// What the signer's certificate says of itself; `None` when there is none.
    pub certificate: Option<CertificateView>,
    /// Verdict.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a certificate says of itself; nobody need vouch for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CertificateView {
    /// Its holder's name, all parts.
    pub subject: String,
    /// The same of its issuer.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Begin of its validity, RFC 3339.
    pub not_before: String,
    /// End of its validity, RFC 3339.
    pub not_after: String,
}

/// How a file stands to our own record of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

impl VerifyView {
    /// `file`: its name.
    pub(super) fn of(report: Report, file: &str) -> Self {
        Self {
            file: legible(file),
            verdict: report.verdict,
            reasons: report.reasons,
            signatures: report.signatures.into_iter().map(SignatureView::from).collect(),
            code: report.code.as_deref().map(legible),
        }
    }
}

impl From<SignatureReport> for SignatureView {
    fn from(one: SignatureReport) -> Self {
        Self {
            signer: legible(&one.signer),
            claimed_time: one.claimed_time,
            trusted_time: one.trusted_time,
            coverage: one.coverage,
            after: one.after,
            alterations: one
                .alterations
                .into_iter()
                .map(|one| Alteration { name: one.name.as_deref().map(legible), ..one })
                .collect(),
            certificate: one.certificate.map(CertificateView::from),
            verdict: one.verdict,
            reasons: one.reasons,
        }
    }
}

/// Text of a foreign file, where it is shown, printed or kept: what nobody sees is named, and it is not too long.
pub(super) fn legible(text: &str) -> String {
    let named = shown(text);
    let mut short: String = named.chars().take(MAX_TEXT).collect();
    if named.chars().count() > MAX_TEXT {
        short.push('…');
    }
    short
}

impl From<CertificateFacts> for CertificateView {
    fn from(facts: CertificateFacts) -> Self {
        let CertificateFacts { subject, issuer, serial, not_before, not_after } = facts;
        Self {
            subject: legible(&subject),
            issuer: legible(&issuer),
            serial: legible(&serial),
            not_before,
            not_after,
        }
    }
}

impl App {
    /// Verifies a file against our own clerks' certificates (when there is a counter) and further
    /// trusted ones (DER or PEM files, which may hold lists of revoked certificates too).
    ///
    /// # Errors
    /// [`super::error::ErrorKind::NotFound`] when a file cannot be read; those of [`App::trusted`];
    /// [`super::error::ErrorKind::Internal`] when the reader gave no answer.
    pub fn verify(&self, file: &Path, trust: &[&Path], own: bool) -> Result<VerifyView, CoreError> {
        Ok(self.verify_and_compare(file, trust, own)?.0)
    }

    /// The same, and how the file stands to our own record.
    ///
    /// # Errors
    /// As [`App::verify`].
    pub fn verify_and_compare(
        &self,
        file: &Path,
        trust: &[&Path],
        own: bool,
    ) -> Result<(VerifyView, OurRecord), CoreError> {
        let (report, record) = self.judged(file, trust, own)?;
        Ok((VerifyView::of(report, &file_name(file)), record))
    }

    /// The report on a file, and how it stands to our own record.
    pub(super) fn judged(
        &self,
        file: &Path,
        trust: &[&Path],
        own: bool,
    ) -> Result<(Report, OurRecord), CoreError> {
        if !file.is_file() {
            return Err(CoreError::missing(file.display()));
        }
        if !own {
            let report = self.report(file, &self.given(trust, Trust::default())?)?;
            return Ok((report, OurRecord::NotCompared));
        }
        let store = self.store()?;
        let mut report = self.report(file, &self.given(trust, self.known(Past::Proven)?)?)?;
        let mut record = compare_with_record(&store, file, &mut report)?;
        if report.verdict == Verdict::Unknown && (record == OurRecord::Same || is_stored(&store, file)?) {
            report = self.report(file, &self.given(trust, self.known(Past::Ours)?)?)?;
            record = compare_with_record(&store, file, &mut report)?;
        }
        Ok((report, record))
    }

    fn report(&self, file: &Path, known: &Trust) -> Result<Report, CoreError> {
        let report = self.readers.verify(file, &known.anchors, &known.revoked, self.clock.now())?;
        Ok(report.unwrap_or_else(Report::unreadable))
    }

    /// With what further files hold.
    fn given(&self, files: &[&Path], mut known: Trust) -> Result<Trust, CoreError> {
        for path in files {
            known.add(path)?;
        }
        Ok(known)
    }

    /// Who is trusted by this counter: its folder `trust`, its clerks and its agency.
    pub(super) fn known(&self, past: Past) -> Result<Trust, CoreError> {
        let mut known = self.trusted()?;
        let own = station::certificates(self.store()?.read())?;
        let now = self.clock.now();
        known.anchors.extend(own.iter().map(|one| own_anchor(one, past, now)));
        // Their lists tell of our keys, whoever trusts them: of our own copies' too.
        let strangers = own.into_iter().flat_map(|one| one.issuers);
        known.anchors.extend(strangers.map(Anchor::untrusted));
        Ok(known)
    }

    /// Who is trusted to extend a file: one of our own is what it was when it was signed.
    pub(super) fn known_for(&self, file: &Path, trust: &[&Path], own: bool) -> Result<Trust, CoreError> {
        let known = match own {
            true if is_stored(&self.store()?, file)? => self.known(Past::Ours)?,
            true => self.known(Past::Proven)?,
            false => Trust::default(),
        };
        self.given(trust, known)
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
pub(super) fn own_anchor(own: &Own, past: Past, now: Timestamp) -> Anchor {
    let end = own.until.as_ref().filter(|_| past == Past::Proven);
    // An end that cannot be read is one.
    let until =
        end.map(|at| Timestamp::parse_from_rfc3339(at).unwrap_or(now - chrono::Duration::days(36_500)));
    Anchor { certificate: own.certificate.clone(), vouches: Vouches::Certificates, from: None, until }
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
    fn foreign_text_hides_nothing_wherever_it_stands() {
        let facts = CertificateFacts {
            subject: "CN=Lan\u{202e}".into(),
            issuer: "CN=C\u{200b}A".into(),
            serial: "0a".into(),
            not_before: String::new(),
            not_after: String::new(),
        };
        let one = SignatureReport {
            signer: "Lan\u{ad}".into(),
            claimed_time: None,
            trusted_time: None,
            coverage: Coverage::Whole,
            after: None,
            alterations: Vec::new(),
            certificate: Some(facts),
            verdict: Verdict::Unknown,
            reasons: Vec::new(),
        };
        let report = Report {
            verdict: Verdict::Unknown,
            reasons: Vec::new(),
            signatures: vec![one],
            code: Some("1\u{7}".into()),
        };
        let view = VerifyView::of(report, "a\u{1b}[2J.pdf");
        let (signature, file) = (&view.signatures[0], &view.file);
        let certificate = signature.certificate.as_ref().unwrap();
        assert_eq!(
            [file, view.code.as_ref().unwrap(), &signature.signer, &certificate.subject, &certificate.issuer],
            ["a<U+001B>[2J.pdf", "1<U+0007>", "Lan<U+00AD>", "CN=Lan<U+202E>", "CN=C<U+200B>A"]
        );
        assert_eq!(legible("Nguyễn Thị Ỷ"), "Nguyễn Thị Ỷ");
        assert_eq!(legible(&"x".repeat(9_000)).chars().count(), MAX_TEXT + 1);
    }
}
