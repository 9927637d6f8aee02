//! Is a page good enough, before the citizen leaves? Looks at files without taking them in.

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::App;
use super::error::{CoreError, ErrorKind};
use super::intake::{chosen_page, every_page, page_findings};
use super::progress::Watch;
use crate::page::judge::Measures;
use crate::page::quality::{Rules, Thresholds};
use crate::page::{Finding, Severity};

/// What is to be done about a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Nothing.
    Good,
    /// A finding is to be looked at: scan again, or accept with a reason.
    Look,
    /// It cannot be taken in.
    Refused,
}

/// A page and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JudgedPage {
    /// Name of the file, without folder.
    pub file: String,
    /// Page in the file, from 1.
    pub page: u32,
    /// What to do.
    pub advice: Advice,
    /// Resolution, dpi; 0 = none.
    pub dpi: u32,
    /// What was found; a duplicate names the other page by its place among all pages, from 1.
    pub findings: Vec<Finding>,
    /// What was measured; absent for pages that are no scan.
    pub measures: Option<Measures>,
}

/// All pages of all files, in order, and what is to be said of files as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Pages.
    pub pages: Vec<JudgedPage>,
    /// Findings on no page that could be read.
    pub findings: Vec<Finding>,
    /// The first day of the thresholds that were used.
    pub thresholds: String,
}

/// An office's own thresholds, in its home.
const QUALITY: &str = "quality.toml";

impl App {
    /// Judges every page of the files. Needs no counter.
    ///
    /// # Errors
    /// [`ErrorKind::BadSettings`] when the office's thresholds cannot be read, those of the disk, and
    /// cancelling.
    pub fn judge(&self, files: &[PathBuf], watch: &Watch<'_>) -> Result<Judged, CoreError> {
        let limits = self.quality()?;
        let sources = self.look_at(files, watch)?;
        let chosen = every_page(&sources);
        let mut pages = Vec::new();
        for (chosen, found) in chosen.iter().zip(page_findings(&sources, &chosen, &limits)) {
            let Some((source, page)) = chosen_page(&sources, chosen) else { continue };
            let advice = match found.iter().map(|finding| finding.severity).max() {
                Some(Severity::Blocking) => Advice::Refused,
                Some(Severity::Warning) => Advice::Look,
                Some(Severity::Notice) | None => Advice::Good,
            };
            pages.push(JudgedPage {
                file: source.name.clone(),
                page: page.index + 1,
                advice,
                dpi: page.dpi,
                findings: found.into_iter().map(|f| Finding { file: source.name.clone(), ..f }).collect(),
                measures: page.measures.clone(),
            });
        }
        let as_a_whole = sources.iter().flat_map(|source| {
            source.read.findings.iter().map(|f| Finding { file: source.name.clone(), ..f.clone() })
        });
        let found = as_a_whole.collect();
        Ok(Judged { pages, findings: found, thresholds: limits.effective_from })
    }

    /// The thresholds in force today: the office's own, or the shipped ones.
    pub(super) fn quality(&self) -> Result<Thresholds, CoreError> {
        let bad = |detail: String| {
            CoreError::new(ErrorKind::BadSettings).with("detail", format!("{QUALITY}: {detail}"))
        };
        let rules = match fs::read_to_string(self.home.join(QUALITY)) {
            Ok(text) => Rules::parse(&text),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Rules::shipped(),
            Err(e) => return Err(bad(e.to_string())),
        };
        let today = self.clock.now().format("%Y-%m-%d").to_string();
        let rules = rules.map_err(|e| bad(e.to_string()))?;
        rules.on(&today).cloned().ok_or_else(|| bad(today))
    }
}
