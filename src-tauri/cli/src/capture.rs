//! From paper to page: scanning, the hot folder, judging and sorting.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use saoy_core::app::App;
use saoy_core::app::contract::{CoreError, ImportReport, LOOSE, Landing, Spot};
use saoy_core::app::hot_folder::HotFolder;
use saoy_core::app::judge::Advice;
use saoy_core::app::progress::Watch;

use serde_json::json;

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

/// Scans with a profile onto the desk or into a folder; without one, tells the devices.
pub fn scan(app: &App, profile: Option<&str>, out: Option<&Path>) -> Result<Answer, CoreError> {
    let canceled = AtomicBool::new(false);
    let tell = |progress| output::progress(progress);
    let watch = Watch::new(&tell, &canceled);
    let Some(profile) = profile else {
        let devices = app.scanners(&watch)?;
        let lines: Vec<String> = devices.iter().map(|one| format!("{}  {}", one.device, one.name)).collect();
        return Ok(Answer::done(json!({ "devices": devices }), lines.join("\n")));
    };
    if let Some(folder) = out {
        let files = app.scan_to(folder, profile, &watch)?;
        let lines: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        return Ok(Answer::done(json!({ "files": files }), lines.join("\n")));
    }
    landed(&app.scan(&single_papers(), profile, &watch, &mut || {})?)
}

/// Takes what is in the hot folder, and waits for what is still on its way.
pub fn hot_folder(app: &App) -> Result<Answer, CoreError> {
    let canceled = AtomicBool::new(false);
    let tell = |progress| output::progress(progress);
    let watch = Watch::new(&tell, &canceled);
    let (mut hot, mut all) = (HotFolder::default(), ImportReport::default());
    loop {
        let report = app.take_hot(&mut hot, &single_papers(), Instant::now(), &watch, &mut || {})?;
        all.added += report.added;
        all.refused.extend(report.refused);
        all.desks.extend(report.desks);
        if !hot.is_waiting() {
            return landed(&all);
        }
        std::thread::sleep(Duration::from_millis(250));
    }
}

fn single_papers() -> Landing {
    Landing::from(Spot { desk: LOOSE.to_owned(), place: 0 })
}

/// 2 when a file was refused; the others landed.
fn landed(report: &ImportReport) -> Result<Answer, CoreError> {
    let lines = std::iter::once(report.added.to_string()).chain(report.refused.iter().map(texts::finding));
    let prose = lines.collect::<Vec<_>>().join("\n");
    Ok(Answer { json: to_json(report)?, prose, code: if report.refused.is_empty() { 0 } else { 2 } })
}
