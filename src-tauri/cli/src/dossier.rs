//! `saoy dossier`: arguments in, one use case, an answer out.

use std::sync::atomic::AtomicBool;

use saoy_core::app::App;
use saoy_core::app::contract::{
    CoreError, DossierView, ErrorKind, Landing, MoveWish, PaperWish, Party, RESULTS, Reception, Request, Spot,
};
use saoy_core::app::progress::Watch;
use serde_json::json;

use crate::arguments::{Dossier, PaperArgument, Receive};
use crate::commands::{Answer, to_json, unlock};
use crate::words::{read, word};
use crate::{output, texts};

/// Runs a command.
pub fn run(app: &App, command: Dossier) -> Result<Answer, CoreError> {
    match command {
        Dossier::Receive(wish) => receive(app, *wish),
        Dossier::Status { dossier: Some(dossier), .. } => shown(&app.dossier(&dossier)?),
        Dossier::Status { dossier: None, from, until } => {
            let all = app.dossiers(from, until)?;
            let lines: Vec<_> = all.iter().map(line).collect();
            Ok(Answer::done(json!({ "dossiers": all }), lines.join("\n")))
        }
        Dossier::Papers { by, dossier, set, notes } => {
            let mut wishes = Vec::new();
            for argument in &set {
                wishes.push(paper(argument)?);
            }
            for text in &notes {
                let bad = || CoreError::new(ErrorKind::BadWord).with("value", text);
                let (place, note) = text.split_once('=').ok_or_else(bad)?;
                let place: u32 = place.trim().parse().map_err(|_| bad())?;
                match wishes.iter_mut().find(|wish| wish.place == place) {
                    Some(wish) => wish.note = Some(note.to_owned()),
                    None => wishes.push(noted(app, &dossier, place, note)?),
                }
            }
            let mut view = app.dossier(&dossier)?;
            if !wishes.is_empty() {
                let session = unlock(app, &by)?;
                for wish in &wishes {
                    view = app.set_paper(&session, &dossier, wish)?;
                }
            }
            let lines: Vec<_> = view
                .papers
                .iter()
                .map(|paper| format!("{}  {}  {}", paper.paper.place, word(&paper.state), paper.paper.name))
                .collect();
            let json = json!({"dossier": view.dossier, "code": view.code, "papers": view.papers, "missing": view.missing});
            Ok(Answer::done(json, lines.join("\n")))
        }
        Dossier::Lay { place, result, dossier, pages } => {
            app.sweep()?;
            let place = result.map(|number| RESULTS + number).or(place).unwrap_or_default();
            let desk = app.open_desk(Some(&dossier))?.desk;
            let (canceled, tell) = (AtomicBool::new(false), |progress| output::progress(progress));
            let watch = Watch::new(&tell, &canceled);
            let report = app.import(&Landing::from(Spot { desk, place }), &pages, &watch, &mut || {})?;
            let lines: Vec<_> = report.refused.iter().map(texts::finding).collect();
            let code = if report.refused.is_empty() { 0 } else { 2 };
            Ok(Answer { json: to_json(&report)?, prose: lines.join("\n"), code })
        }
        Dossier::Result { by, code, name, dossier } => {
            shown(&app.add_result(&unlock(app, &by)?, &dossier, &code, &name)?)
        }
        Dossier::Move { by, reason, originals, dossier, r#move } => {
            let wish = MoveWish {
                moved: read(&r#move)?,
                reason,
                unit: None,
                holder: originals.as_deref().map(read).transpose()?,
            };
            let session = unlock(app, &by)?;
            shown(&app.move_dossier(&session, &dossier, &wish)?)
        }
        Dossier::Number { by, dossier, code } => {
            let session = unlock(app, &by)?;
            shown(&app.number_dossier(&session, &dossier, &code)?)
        }
        Dossier::Form { form, of, sheet, out } => {
            let pdf = app.write_form(read(&form)?, &of, read(&sheet)?, &out)?;
            Ok(Answer::done(json!({ "pdf": pdf }), pdf.display().to_string()))
        }
        Dossier::Forward { by, to, originals, out, dossier } => {
            let holder = originals.as_deref().map(read).transpose()?;
            let session = unlock(app, &by)?;
            let made = app.forward(&session, &dossier, &to, holder, out.as_deref())?;
            let prose = format!("{}\n{}", line(&made.dossier), made.package.display());
            let mut json = to_json(&made.dossier)?;
            if let Some(object) = json.as_object_mut() {
                object.insert("package".to_owned(), json!(made.package));
                object.insert("refused".to_owned(), output::refused(made.refused.as_ref()));
            }
            Ok(Answer::done(json, prose))
        }
    }
}

fn receive(app: &App, wish: Receive) -> Result<Answer, CoreError> {
    let owner = Party {
        kind: wish.owner_kind.as_deref().map(read).transpose()?,
        number: wish.owner,
        name: wish.owner_name,
        birth: wish.birth,
        sex: wish.sex,
        address: wish.address,
        phone: wish.phone,
        email: wish.email,
    };
    let submitter =
        wish.submitter_name.map(|name| Party { name, number: wish.submitter, ..Party::default() });
    let reception = Reception {
        request: Request {
            procedure: wish.procedure,
            channel: read(&wish.channel)?,
            owner,
            submitter,
            abstract_text: wish.abstract_text,
            sets: wish.sets,
            way_of_return: wish.way_of_return.as_deref().map(read).transpose()?,
        },
        papers: wish.papers.iter().map(paper).collect::<Result<_, _>>()?,
        code: wish.code,
    };
    let session = unlock(app, &wish.by)?;
    shown(&app.receive(&session, &reception)?)
}

fn paper(argument: &PaperArgument) -> Result<PaperWish, CoreError> {
    let submission = match argument.word.as_str() {
        "none" => None,
        word => Some(read(word)?),
    };
    let PaperArgument { place, record, .. } = argument.clone();
    Ok(PaperWish { place, submission, record, count: None, note: None })
}

/// A note leaves everything else of the paper as it is.
fn noted(app: &App, dossier: &str, place: u32, note: &str) -> Result<PaperWish, CoreError> {
    let view = app.dossier(dossier)?;
    let known = view.papers.into_iter().find(|paper| paper.paper.place == place);
    let known = known.ok_or_else(|| CoreError::new(ErrorKind::NotFound).with("what", place))?.paper;
    Ok(PaperWish {
        place,
        submission: known.submission,
        record: known.record,
        count: None,
        note: Some(note.to_owned()),
    })
}

fn shown(view: &DossierView) -> Result<Answer, CoreError> {
    Ok(Answer::done(to_json(view)?, line(view)))
}

fn line(view: &DossierView) -> String {
    let due = view.due_at.as_deref().unwrap_or("-");
    format!(
        "{}  {}  {}  {}  {due}",
        view.code,
        word(&view.state),
        view.procedure_name,
        view.request.owner.name
    )
}
