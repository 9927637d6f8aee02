//! From paper to page: judging and sorting.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use saoy_core::app::App;
use saoy_core::app::contract::CoreError;
use saoy_core::app::judge::Advice;
use saoy_core::app::progress::Watch;

use crate::commands::{Answer, to_json};
use crate::{output, texts};

/// Judges pages: 0 when every file could be read, whatever was found on its pages.
pub fn judge(app: &App, pages: &[PathBuf]) -> Result<Answer, CoreError> {
    let canceled = AtomicBool::new(false);
    let tell = |progress| output::progress(progress);
    let judged = app.judge(pages, &Watch::new(&tell, &canceled))?;
    let mut lines = Vec::new();
    for page in &judged.pages {
        let mark = match page.advice {
            Advice::Good => "●",
            Advice::Look => "▲",
            Advice::Refused => "■",
        };
        lines.push(format!("{mark} {} ({})", page.file, page.page));
        lines.extend(page.findings.iter().map(texts::finding));
    }
    lines.extend(judged.findings.iter().map(texts::finding));
    let refused = judged.pages.iter().any(|page| page.advice == Advice::Refused)
        || judged
            .findings
            .iter()
            .any(|finding| finding.severity == saoy_core::app::contract::Severity::Blocking);
    Ok(Answer { json: to_json(&judged)?, prose: lines.join("\n"), code: if refused { 2 } else { 0 } })
}

/// Says what goes where: 3 when a separator cannot be understood, 2 when a file cannot be read.
pub fn sort(app: &App, pages: &[PathBuf]) -> Result<Answer, CoreError> {
    let canceled = AtomicBool::new(false);
    let tell = |progress| output::progress(progress);
    let sorted = app.sort(pages, &Watch::new(&tell, &canceled))?;
    let mut lines = Vec::new();
    for dossier in &sorted.dossiers {
        lines.push(format!("{}. {} {}", dossier.dossier, dossier.procedure, dossier.procedure_name));
        for paper in &dossier.papers {
            lines.push(format!("   {}. {}: {}", paper.place, paper.name, paper.pages.len()));
        }
    }
    lines.push(format!("-: {}", sorted.unsorted.len()));
    lines.extend(sorted.refused.iter().map(texts::finding));
    let code = match (sorted.refused.is_empty(), sorted.not_understood.is_empty()) {
        (false, _) => 2,
        (true, false) => 3,
        (true, true) => 0,
    };
    Ok(Answer { json: to_json(&sorted)?, prose: lines.join("\n"), code })
}
