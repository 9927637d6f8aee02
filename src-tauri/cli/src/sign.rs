//! `saoy sign`: the review without a window. What waits is prepared, previewed where that is asked for,
//! and signed by one PIN.

use std::sync::atomic::AtomicBool;

use saoy_core::app::App;
use saoy_core::app::contract::{
    CoreError, ErrorKind, LOOSE, LeaveOut, Progress, ReviewPaper, ReviewState, ReviewView, ReviewWish, Seen,
    Severity, SignPapers, SignerChoice,
};
use saoy_core::app::progress::Watch;
use serde_json::{Value, json};

use crate::arguments::Sign;
use crate::commands::{Answer, read_pin, read_second_pin, to_json};
use crate::{output, texts};

/// Signs what waits: 0 when every paper that was to be signed is, or none waits, 2 when one is not.
pub fn run(app: &App, wish: &Sign) -> Result<Answer, CoreError> {
    app.sweep()?;
    let pin = read_pin(&wish.by.pin)?;
    let session = app.unlock_as(app.clerk_named(wish.by.clerk.as_deref())?, &pin)?;
    let other_pin = match (&wish.token, wish.agency) {
        (Some(_), _) => Some("SAOY_TOKEN_PIN"),
        (None, true) => Some("SAOY_AGENCY_PIN"),
        (None, false) => None,
    };
    let other_pin = match other_pin {
        Some(name) => Some(read_second_pin(&wish.by.pin, name)?),
        None => None,
    };
    let (canceled, tell) = (AtomicBool::new(false), |progress: Progress| output::progress(progress));
    let watch = Watch::new(&tell, &canceled);
    let begin = |signer| {
        let wish = ReviewWish { desk: LOOSE.to_owned(), signer, agency: Some(wish.agency) };
        app.review(&session, &wish, &watch)
    };
    let signer = SignerChoice {
        token: wish.token.clone().unwrap_or_default(),
        key: wish.token_key.clone().unwrap_or_default(),
    };
    let mut view = match begin(Some(signer)) {
        // Done before: whoever tries again after a crash has nothing left to do.
        Err(error) if [ErrorKind::NoPages, ErrorKind::NoResults].contains(&error.kind) => {
            return Ok(nothing_waits(wish.agency));
        }
        begun => begun?,
    };
    for left in &wish.leave_out {
        let fits = |paper: &&ReviewPaper| paper.dossier == left.dossier && paper.spot.place == left.place;
        let missing =
            || CoreError::new(ErrorKind::NotFound).with("what", format!("{}:{}", left.dossier, left.place));
        let spot = view.papers.iter().find(fits).ok_or_else(missing)?.spot.clone();
        view = app.leave_out(&session, &LeaveOut { spot, reason: left.reason.clone() })?;
    }
    let warned = |paper: &ReviewPaper| paper.findings.iter().any(|found| found.severity == Severity::Warning);
    let accepted =
        |paper: &ReviewPaper| if paper.in_doubt { wish.keep_invalid.is_some() } else { wish.accept_findings };
    let picked: Vec<&ReviewPaper> = view
        .papers
        .iter()
        .filter(|paper| paper.state == ReviewState::Waiting && (!warned(paper) || accepted(paper)))
        .collect();
    if let Some(folder) = &wish.preview {
        std::fs::create_dir_all(folder)?;
        for (paper, number) in view.papers.iter().zip(1..).filter(|(paper, _)| !paper.picture.is_empty()) {
            app.lend_prepared(&paper.picture, &folder.join(format!("{number:03}.pdf")))?;
        }
    }
    let seen = |one: &&ReviewPaper| {
        let reason = wish.keep_invalid.clone().filter(|_| one.in_doubt).unwrap_or_default();
        Seen { spot: one.spot.clone(), picture: one.picture.clone(), reason }
    };
    let papers: Vec<Seen> = picked.iter().map(seen).collect();
    let asked = papers.len();
    if asked > 0 {
        view = app.sign_papers(&session, &SignPapers { papers, pin: other_pin.unwrap_or(pin) }, &watch)?;
    }
    answer(app, &view, asked)
}

fn nothing_waits(agency: bool) -> Answer {
    let json = json!({
        "signed": 0, "failed": 0, "waiting": 0, "left_out": 0, "blocked": 0, "papers": [],
    });
    Answer::done(json, texts::word("nothing_waits", &if agency { "results" } else { "papers" }))
}

fn answer(app: &App, view: &ReviewView, asked: usize) -> Result<Answer, CoreError> {
    let count = |state| view.papers.iter().filter(|paper| paper.state == state).count();
    // Said once: it is the same for all.
    output::unstamped(view.papers.iter().find_map(|paper| paper.unstamped));
    let mut papers = Vec::new();
    for paper in &view.papers {
        let mut json = to_json(paper)?;
        if let (Some(object), Some(record)) = (json.as_object_mut(), &paper.record) {
            object.insert("pdf".to_owned(), to_json(&app.copy_file(record)?)?);
        }
        papers.push(json);
    }
    let json: Value = json!({
        "signed": count(ReviewState::Signed), "failed": count(ReviewState::Failed),
        "waiting": count(ReviewState::Waiting), "left_out": count(ReviewState::LeftOut),
        "blocked": count(ReviewState::Blocked), "papers": papers,
    });
    let line = |paper: &ReviewPaper| {
        let mark = match paper.state {
            ReviewState::Signed => "●",
            ReviewState::Failed | ReviewState::Blocked => "■",
            ReviewState::LeftOut => "▷",
            ReviewState::Waiting => "○",
        };
        let why = paper.error.as_ref().map(texts::error).unwrap_or_else(|| paper.reason.clone());
        let state = texts::word("review", &paper.state);
        format!("{mark} {state}  {}  {}  {} {why}", paper.dossier, paper.code, paper.name)
    };
    let prose = view.papers.iter().map(line).collect::<Vec<_>>().join("\n");
    let all = asked > 0 && count(ReviewState::Signed) == asked;
    Ok(Answer { json, prose, code: if all { 0 } else { 2 } })
}
