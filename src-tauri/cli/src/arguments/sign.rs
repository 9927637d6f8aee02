//! The arguments of `sign`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::{By, Home};

/// The arguments of `sign`. Where nothing waits there is nothing to do: exit code 0.
#[derive(Debug, Args)]
pub struct Sign {
    /// Folder.
    #[command(flatten)]
    pub home: Home,
    /// Clerk; the local key signs by the same PIN.
    #[command(flatten)]
    pub by: By,
    /// Sign results for the agency, and not papers: with the agency's local key, whose PIN is
    /// SAOY_AGENCY_PIN or the second line of stdin, or with a token.
    #[arg(long)]
    pub agency: bool,
    /// Sign with a token, by its label or serial number; its PIN: SAOY_TOKEN_PIN, or the second line
    /// of stdin.
    #[arg(long)]
    pub token: Option<String>,
    /// Which of its keys, by id, where several may sign.
    #[arg(long, requires = "token")]
    pub token_key: Option<String>,
    /// Also sign papers whose pages have findings that warn; the acceptance is recorded.
    #[arg(long)]
    pub accept_findings: bool,
    /// Keep papers that came in with a signature that does not hold too, for this reason, which is recorded.
    #[arg(long, value_name = "REASON")]
    pub keep_invalid: Option<String>,
    /// Leave a paper out: DOSSIER:PLACE=REASON, the dossier by its code; without a reason, take it in again. May be
    /// given again.
    #[arg(long)]
    pub leave_out: Vec<LeftOut>,
    /// Put the bytes that are going to be signed into this folder first, numbered in the order of the
    /// answer.
    #[arg(long)]
    pub preview: Option<PathBuf>,
}

/// A paper to be left out.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// Code of its dossier.
    pub dossier: String,
    /// Its place there.
    pub place: u32,
    /// Why; empty = take it in again.
    pub reason: String,
}

impl FromStr for LeftOut {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = || {
            let (paper, reason) = text.split_once('=')?;
            let (dossier, place) = paper.rsplit_once(':')?;
            let (place, reason) = (place.parse().ok()?, reason.trim());
            Some(Self { dossier: dossier.into(), place, reason: reason.into() })
        };
        parts().ok_or_else(|| format!("DOSSIER:PLACE=REASON: {text}"))
    }
}
