//! A signed file is made to last: certificates, lists of revoked ones and trusted times are kept with it, in
//! revisions behind what was signed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::App;
use super::error::{CoreError, ErrorKind, word};
use super::key::file_name;
use super::trust::Trust;
use super::verify::printable;
use crate::isolate::NotExtended;
use crate::sign::Level;
use crate::sign::verify::{Report, SignatureReport, Verdict};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtendView {
    /// The extended file.
    pub pdf: PathBuf,
    /// Its level.
    pub level: Level,
    /// Verdict on it.
    pub verdict: Verdict,
    /// Each signature, time-stamps of the document among them.
    pub signatures: Vec<SignatureReport>,
    /// Addresses of lists of revoked certificates that gave none.
    pub missing: Vec<String>,
}

impl App {
    /// Extends a signed file into another one: to B-T with a time-stamp of the document where its signatures
    /// have none, to B-LT with certificates and lists, to B-LTA with a time-stamp over those. Goes as far as
    /// what is configured and reachable allows; the file itself is not touched. `own`: the counter's clerks
    /// and its folder `trust` are known; `trust`: further certificates and lists.
    ///
    /// # Errors
    /// [`ErrorKind::NotExtended`] with a reason, as `no_time`; [`ErrorKind::NotFound`];
    /// [`ErrorKind::OutputExists`], [`ErrorKind::OutputRefused`].
    pub fn extend(
        &self,
        file: &Path,
        out: &Path,
        trust: &[&Path],
        own: bool,
    ) -> Result<ExtendView, CoreError> {
        if !file.is_file() {
            return Err(CoreError::missing(file.display()));
        }
        let known = self.known_for(file, trust, own)?;
        let made = self.out_file_of(file, out)?;
        let url = self.settings.timestamp.url.as_deref();
        let lists = (known.anchors.as_slice(), known.revoked.as_slice());
        let done = self.readers.extend(file, made.draft(), lists, self.clock.now(), url, &mut Vec::new())?;
        let name = file_name(file);
        let extended = done.map_err(|why| refused(&name, why))?;
        made.settle()?;
        let report = self.judged_longer(file, made.draft(), &known)?.map_err(|why| refused(&name, why))?;
        Ok(ExtendView {
            pdf: made.publish()?,
            level: extended.level,
            verdict: report.verdict,
            signatures: report.signatures,
            missing: extended.missing,
        })
    }

    /// Judges an extended file as it lies there, by children that heard nothing of the network: it begins with the
    /// file it was made of, is worth no less, and tells the same code.
    pub(super) fn judged_longer(
        &self,
        before: &Path,
        after: &Path,
        known: &Trust,
    ) -> Result<Result<Report, NotExtended>, CoreError> {
        if !begins_with(after, before)? {
            return Ok(Err(NotExtended::Failed));
        }
        let now = self.clock.now();
        let judged = |file| -> Result<Report, CoreError> {
            Ok(printable(self.readers.verify(file, &known.anchors, &known.revoked, now)?))
        };
        let (before, after) = (judged(before)?, judged(after)?);
        let open = matches!(after.verdict, Verdict::Valid | Verdict::Unknown);
        Ok(if !open || before.code != after.code || after.signatures.is_empty() {
            Err(NotExtended::Failed)
        } else if before.verdict == Verdict::Valid && after.verdict != Verdict::Valid {
            Err(NotExtended::NoEvidence)
        } else {
            Ok(after)
        })
    }
}

/// Whether a file begins with all of another one.
pub(super) fn begins_with(file: &Path, other: &Path) -> std::io::Result<bool> {
    let (sha256, bytes) = crate::hex::sha256_of(File::open(other)?)?;
    Ok(crate::hex::sha256_of(File::open(file)?.take(bytes))?.0 == sha256)
}

/// `name`: of the file or copy.
pub(super) fn refused(name: &str, why: NotExtended) -> CoreError {
    CoreError::new(ErrorKind::NotExtended).with("file", name).with("reason", word(&why))
}
