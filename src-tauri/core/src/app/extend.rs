//! A signed file is made to last: certificates, lists of revoked ones and trusted times are kept with it, in
//! revisions behind what was signed.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::App;
use super::error::{CoreError, ErrorKind};
use super::verify::SignatureView;
use crate::isolate::{Lasting, NotExtended};
use crate::sign::verify::Verdict;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtendView {
    /// The extended file.
    pub pdf: PathBuf,
    /// Its level.
    pub level: Lasting,
    /// Verdict on it.
    pub verdict: Verdict,
    /// Each signature, time-stamps of the document among them.
    pub signatures: Vec<SignatureView>,
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
            return Err(CoreError::new(ErrorKind::NotFound).with("what", file.display()));
        }
        let known = self.known_for(file, trust, own)?;
        let made = self.out_file_of(file, out)?;
        let url = self.settings.timestamp.url.as_deref();
        let lists = (known.anchors.as_slice(), known.revoked.as_slice());
        let done = self.readers.extend(file, made.draft(), lists, self.clock.now(), url)?;
        let extended = done.map_err(|why| refused(file, why))?;
        made.settle()?;
        Ok(ExtendView {
            pdf: made.publish()?,
            level: extended.level,
            verdict: extended.report.verdict,
            signatures: extended.report.signatures.into_iter().map(SignatureView::from).collect(),
            missing: extended.missing,
        })
    }
}

pub(super) fn refused(file: &Path, why: NotExtended) -> CoreError {
    let reason = serde_json::to_value(why).ok().and_then(|value| value.as_str().map(str::to_owned));
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    CoreError::new(ErrorKind::NotExtended).with("file", name).with("reason", reason.unwrap_or_default())
}
