//! The child's side of extending a signed file: what can still be asked is asked now, and kept with it.

use std::io::Cursor;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::network::Network;
use crate::pdf::extend::{ExtendError, with_evidence, with_stamp};
use crate::sign::certificate::lists_in;
use crate::sign::verify::{
    Evidence, Report, Verdict, VerifyOptions, answers, evidence, time_stamp_token, verify,
};
use crate::sign::{Level, cms, ocsp};

/// A file that was extended. What it is worth is for another child to say: this one heard the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// Its level.
    pub level: Level,
    /// Addresses that gave no word on revocation.
    pub missing: Vec<String>,
}

/// Why a file was not extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotExtended {
    /// It carries no signature that holds.
    NoSignature,
    /// Nobody vouches for its time, and no authority could be reached.
    NoTime,
    /// Certificates, or lists that clear them, are missing.
    NoEvidence,
    /// It is not built so that something could be appended.
    BadFile,
    /// Those that were asked answered too slowly, or not at all.
    NoAnswer,
    /// Another time-stamp would hold no longer than the one it has.
    NoLonger,
    /// It did not verify afterwards; nothing was written.
    Failed,
    /// It cannot be read or written.
    Disk,
}

impl From<ExtendError> for NotExtended {
    fn from(_: ExtendError) -> Self {
        Self::BadFile
    }
}

/// Most addresses that are asked, of each kind.
const MAX_URLS: usize = 16;

/// Extends `file` into `out` as far as can be done while `network` has time. `url`: a time-stamp authority.
pub(super) fn extend(
    file: &Path,
    out: &Path,
    options: VerifyOptions,
    url: Option<&str>,
    network: &mut Network,
) -> Result<Extended, NotExtended> {
    extend_now(file, out, options, url, network).map_err(|why| match why {
        NotExtended::NoTime | NotExtended::NoEvidence if network.is_over() => NotExtended::NoAnswer,
        other => other,
    })
}

fn extend_now(
    file: &Path,
    out: &Path,
    mut options: VerifyOptions,
    url: Option<&str>,
    network: &mut Network,
) -> Result<Extended, NotExtended> {
    let original = std::fs::read(file).map_err(|_| NotExtended::Disk)?;
    let before = verify(&mut Cursor::new(&original), &options);
    if !matches!(before.verdict, Verdict::Valid | Verdict::Unknown) || before.signatures.is_empty() {
        return Err(NotExtended::NoSignature);
    }
    let stamp = |network: &mut Network, digest: &[u8]| {
        let answer = network.asked(url?, &cms::stamp_request_about(digest))?;
        time_stamp_token(&answer)
    };
    let mut bytes = original.clone();
    let mut known = gather(&bytes, &mut options, network)?;
    if !known.stamped {
        bytes = with_stamp(bytes, &mut |digest| stamp(network, digest)).map_err(|e| match e {
            ExtendError::NoStamp => NotExtended::NoTime,
            other => other.into(),
        })?;
        known = gather(&bytes, &mut options, network)?;
    }
    let mut level = Level::T;
    if !known.incomplete {
        let evidence: [(&str, &[Vec<u8>]); 3] =
            [("Certs", &known.certificates), ("CRLs", &known.lists), ("OCSPs", &known.answers)];
        bytes = with_evidence(bytes, &evidence)?;
        level = Level::Lt;
        match with_stamp(bytes.clone(), &mut |digest| stamp(network, digest)) {
            Ok(stamped) => (bytes, level) = (stamped, Level::Lta),
            Err(ExtendError::NoStamp) => {}
            Err(other) => return Err(other.into()),
        }
    }
    if bytes == original {
        return Err(NotExtended::NoEvidence);
    }
    let report = verify(&mut Cursor::new(&bytes), &options);
    if !holds(&before, &report) {
        // A stamp by somebody nobody vouches for, or who may have been revoked, is worth nothing.
        return Err(if known.incomplete { NotExtended::NoEvidence } else { NotExtended::Failed });
    }
    std::fs::write(out, &bytes).map_err(|_| NotExtended::Disk)?;
    let missing = known.missing.into_iter().flat_map(|one| [one.ocsp_urls, one.crl_urls].concat());
    let missing = missing.collect();
    Ok(Extended { level, missing })
}

/// Evidence, with what certificates' own addresses give: responders are asked first, and lists fetched only for
/// those no responder clears.
fn gather(bytes: &[u8], options: &mut VerifyOptions, network: &mut Network) -> Result<Evidence, NotExtended> {
    let look =
        |options: &VerifyOptions| evidence(&mut Cursor::new(bytes), options).ok_or(NotExtended::BadFile);
    for one in look(options)?.missing.iter().take(MAX_URLS) {
        let Some(request) = ocsp::request(&one.certificate, &one.issuer) else { continue };
        let answer = one.ocsp_urls.iter().take(2).find_map(|url| {
            network
                .asked_about(url, &request)
                .filter(|word| answers(word, &one.certificate, &one.issuer, options))
        });
        options.revoked.extend(answer);
    }
    let mut urls: Vec<String> = look(options)?.missing.into_iter().flat_map(|one| one.crl_urls).collect();
    urls.sort();
    urls.dedup();
    for url in urls.iter().take(MAX_URLS) {
        options.revoked.extend(network.fetched(url).and_then(|answer| lists_in(&answer)).unwrap_or_default());
    }
    look(options)
}

/// Nothing is worse than before, and everybody's time is vouched for by somebody trusted.
fn holds(before: &Report, after: &Report) -> bool {
    let kept = before.verdict != Verdict::Valid || after.verdict == Verdict::Valid;
    kept && after.verdict != Verdict::Invalid && after.signatures.iter().all(|one| one.trusted_time.is_some())
}
