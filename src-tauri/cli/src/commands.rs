//! Each command: arguments in, one use case, an answer out.

use std::io::{self, BufRead, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use saoy_core::app::App;
use saoy_core::app::catalogue::CatalogueWish;
use saoy_core::app::contract::{CoreError, ErrorKind, Fields, Progress, SetUp, Verdict};
use saoy_core::app::digitize::{Job, Layout};
use saoy_core::app::dossier::Place;
use saoy_core::app::due::DueWish;
use saoy_core::app::intake::every_page;
use saoy_core::app::progress::{Stage, Watch};
use saoy_core::app::session::{Instead, Session};
use saoy_core::isolate::{self, ReaderCommand};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::arguments::{Arguments, By, Catalogue, Command, Digitize, Home, KeySelector, Pin};
use crate::{output, texts};

/// What a command answers.
#[derive(Debug)]
pub struct Answer {
    /// For machines.
    pub json: Value,
    /// For people.
    pub prose: String,
    /// 0 done, 2 not so, 3 cannot be decided.
    pub code: u8,
}

impl Answer {
    pub fn done(json: Value, prose: String) -> Self {
        Self { json, prose, code: 0 }
    }
}

/// Runs a command.
pub fn run(arguments: Arguments) -> Result<Answer, CoreError> {
    match arguments.command {
        Command::Init { home, pin, office, office_name, clerk, training } => {
            let wish = SetUp { office, office_name, clerk, pin: read_pin(&pin)?, training };
            init(&open(&home)?, &wish)
        }
        Command::Digitize(wish) => digitize(*wish),
        Command::Sign(wish) => crate::sign::run(&open(&wish.home)?, &wish),
        Command::Verify { home, no_counter, trust, sheet, file } => {
            verify(&open(&home)?, !no_counter, &trust, sheet.as_deref(), &file)
        }
        Command::Extend { home, by, stored: true, .. } => extend_stored(&open(&home)?, &by),
        Command::Extend { home, no_counter, trust, out, file, .. } => {
            let (file, out) = (file.unwrap_or_default(), out.unwrap_or_default());
            extend(&open(&home)?, !no_counter, &trust, &file, &out)
        }
        Command::Judge { home, pages } => crate::capture::judge(&open(&home)?, &pages),
        Command::Sort { home, pages } => crate::capture::sort(&open(&home)?, &pages),
        Command::Separators { home, procedure, out } => {
            let made = open(&home)?.write_separators(&procedure, &out)?;
            Ok(Answer::done(json!({"procedure": procedure, "pdf": made}), made.display().to_string()))
        }
        Command::Scan { home, profile, out, list: _ } => {
            crate::capture::scan(&open(&home)?, profile.as_deref(), out.as_deref())
        }
        Command::HotFolder(home) => crate::capture::hot_folder(&open(&home)?),
        Command::List(home) => list(&open(&home)?),
        Command::Outbox(home) => outbox(&open(&home)?),
        Command::Check(home) => check(&open(&home)?),
        Command::Cert { home, whose } => {
            let app = open(&home)?;
            let pem = app.certificate(whose.key(&app)?)?;
            Ok(Answer::done(Value::String(pem.clone()), pem))
        }
        Command::Backup { home, folder } => back_up(&open(&home)?, folder),
        Command::Due { home, from, term, cutoff, pause, calendar } => {
            let wish = DueWish {
                from: &from,
                term: &term,
                cutoff: cutoff.as_deref(),
                waiting: &pause,
                calendar: calendar.as_deref(),
            };
            let view = open(&home)?.due(&wish)?;
            let prose = format!("{} + {} = {}", view.from, view.term, view.due);
            Ok(Answer::done(to_json(&view)?, prose))
        }
        Command::Card { home, page } => card(&open(&home)?, page.as_deref()),
        Command::Catalogue { home, command } => catalogue(&home, command),
        Command::Dossier { home, command } => crate::dossier::run(&open(&home)?, *command),
        Command::Clerk { home, command } => crate::key::run_clerk(&open(&home)?, command),
        Command::Key { home, whose, command } => crate::key::run(&open(&home)?, &whose, command),
        Command::Trust { home, command } => crate::key::run_trust(&open(&home)?, command),
        Command::Token { home, command } => crate::key::run_token(&open(&home)?, command),
        Command::Ca { home, ca, command } => crate::key::run_ca(&open(&home)?, ca.as_deref(), command),
        Command::Reader => Err(ErrorKind::Internal.into()),
    }
}

fn init(app: &App, wish: &SetUp) -> Result<Answer, CoreError> {
    app.set_up(wish)?;
    let status = app.status(None)?;
    let prose = format!("{}\n{} · {}", app.home().display(), status.office_name, status.clerk);
    let json = json!({"home": app.home(), "station": status.station, "office": status.office_code,
                      "clerk": status.clerk, "training": status.training});
    Ok(Answer::done(json, prose))
}

/// Judges a file: 0 valid, 2 invalid or unsigned, 3 unknown. `counter`: its records and trust count.
fn verify(
    app: &App,
    counter: bool,
    trust: &[PathBuf],
    sheet: Option<&Path>,
    file: &Path,
) -> Result<Answer, CoreError> {
    let own = counter && app.is_set_up();
    let trust: Vec<_> = trust.iter().map(PathBuf::as_path).collect();
    let view = app.verify(file, &trust, own)?;
    let code = match view.report.verdict {
        Verdict::Valid => 0,
        Verdict::Invalid | Verdict::Unsigned => 2,
        Verdict::Unknown => 3,
    };
    let prose = format!("{}\n{}", crate::verdict::told(&view), texts::word("our_record", &view.record));
    let mut json = to_json(&view)?;
    if let Some(object) = json.as_object_mut() {
        object.remove("file");
        if let Some(out) = sheet {
            let made = app.write_verdict_sheet(file, &trust, own, out)?;
            object.insert("sheet".to_owned(), json!(made));
        }
    }
    Ok(Answer { json, prose, code })
}

fn extend(app: &App, counter: bool, trust: &[PathBuf], file: &Path, out: &Path) -> Result<Answer, CoreError> {
    let own = counter && app.is_set_up();
    let trust: Vec<_> = trust.iter().map(PathBuf::as_path).collect();
    let made = app.extend(file, out, &trust, own)?;
    let json = to_json(&made)?;
    let level = json.get("level").and_then(Value::as_str).unwrap_or_default();
    let prose = format!("{level}\n{}", made.pdf.display());
    Ok(Answer::done(json, prose))
}

fn list(app: &App) -> Result<Answer, CoreError> {
    let copies = app.copies()?;
    let prose: Vec<_> = copies.iter().map(|c| format!("{}  {}  {}", c.signed_at, c.code, c.name)).collect();
    let records = copies
        .iter()
        .map(|c| {
            Ok(json!({"record": c.record, "code": c.code, "type": c.paper_type, "name": c.name, "owner": c.owner,
                      "pages": c.pages, "sha256": c.sha256, "state": c.state, "signed_by": c.signed_by,
                      "signed_at": c.signed_at, "lasting": c.lasting, "kept": c.kept, "pdf": app.copy_file(&c.record)?}))
        })
        .collect::<Result<Vec<Value>, CoreError>>()?;
    Ok(Answer::done(json!({ "records": records }), prose.join("\n")))
}

fn outbox(app: &App) -> Result<Answer, CoreError> {
    let items = app.outbox()?;
    let prose: Vec<_> = items
        .iter()
        .map(|i| format!("{:>6}  {}  {}", i.seq, texts::word("outbox", &i.state), i.name))
        .collect();
    let items: Vec<Value> = items
        .iter()
        .map(|i| {
            json!({"seq": i.seq, "record": i.record, "kind": i.kind, "state": i.state, "attempts": i.attempts,
                   "reason": i.reason, "kept": i.kept, "left_out": i.left_out})
        })
        .collect();
    Ok(Answer::done(json!({ "items": items }), prose.join("\n")))
}

/// Checks the whole counter: 0 sound, 2 with problems.
fn check(app: &App) -> Result<Answer, CoreError> {
    // What a power cut left behind is no fault of the counter's. Where it cannot be swept away, the check names it.
    _ = app.sweep();
    let report = app.check()?;
    let ok = report.problems.is_empty();
    let prose = if ok {
        format!("ok · {} · {} · {}", report.records, report.blobs, report.journal_entries)
    } else {
        report.problems.join("\n")
    };
    let json = json!({"ok": ok, "problems": report.problems, "records": report.records,
                      "blobs": report.blobs, "journal_entries": report.journal_entries});
    Ok(Answer { json, prose, code: if ok { 0 } else { 2 } })
}

/// Into `folder`, else into the one of the last backup.
fn back_up(app: &App, folder: Option<PathBuf>) -> Result<Answer, CoreError> {
    let folder = folder.or_else(|| app.last_backup().map(|backup| backup.folder));
    let folder = folder.ok_or_else(|| CoreError::new(ErrorKind::NotFound).with("what", "FOLDER"))?;
    let (canceled, tell) = (AtomicBool::new(false), |progress: Progress| output::progress(progress));
    let made = app.back_up(&folder, &Watch::new(&tell, &canceled))?;
    let prose = format!("{} · {}", made.folder.display(), made.blobs);
    Ok(Answer::done(to_json(&made)?, prose))
}

/// An identity card, on a picture or as its text on standard input.
fn card(app: &App, page: Option<&Path>) -> Result<Answer, CoreError> {
    let view = match page {
        Some(page) => app.card_in(page)?,
        None => {
            let mut text = Zeroizing::new(Vec::new());
            io::stdin().lock().take(MAX_CARD).read_to_end(&mut text)?;
            app.read_card(&text)?
        }
    };
    let prose = format!("{}\n{}", view.card.number, view.card.name);
    Ok(Answer::done(to_json(&view)?, prose))
}

/// Makes the counter's own copies last: 0 when each that could be is, 2 when one could not.
fn extend_stored(app: &App, by: &By) -> Result<Answer, CoreError> {
    app.sweep()?;
    let session = unlock(app, by)?;
    let (canceled, tell) = (AtomicBool::new(false), |progress: Progress| output::progress(progress));
    let view = app.extend_copies(&session, &Watch::new(&tell, &canceled))?;
    let mut lines: Vec<_> =
        view.extended.iter().map(|one| format!("● {}  {}", texts::tag(&one.level), one.code)).collect();
    lines.extend(view.left.iter().map(|one| format!("■ {}  {}", one.code, texts::error(&one.error))));
    let code = if view.left.is_empty() { 0 } else { 2 };
    Ok(Answer { json: to_json(&view)?, prose: lines.join("\n"), code })
}

/// More than any card holds, bytes.
const MAX_CARD: u64 = 64 * 1024;

fn catalogue(home: &Home, command: Catalogue) -> Result<Answer, CoreError> {
    let app = open(home)?;
    match command {
        Catalogue::Import { by, effective, preview, file } => {
            let wish = CatalogueWish { file: &file, effective_from: effective.as_deref() };
            let change = if preview {
                app.preview_catalogue(&wish)?
            } else {
                let session = unlock(&app, &by)?;
                app.import_catalogue(&session, &wish)?
            };
            output::warnings(&change);
            let (new, changed, gone) = (change.new.len(), change.changed.len(), change.gone.len());
            let prose =
                format!("{} · +{new} ~{changed} -{gone} · {}", change.procedures, change.effective_from);
            Ok(Answer::done(to_json(&change)?, prose))
        }
        Catalogue::Search { limit, query } => {
            let found = app.find_procedures(&query.join(" "), limit)?;
            let lines: Vec<_> =
                found.iter().map(|p| format!("{}  {}  ({})", p.code, p.name, p.field)).collect();
            Ok(Answer::done(json!({ "procedures": found }), lines.join("\n")))
        }
        Catalogue::Show { code } => {
            let procedure = app.procedure(&code)?;
            let papers = procedure.papers.iter().map(|p| format!("{}  {}", p.code, p.name));
            let lines: Vec<_> =
                [format!("{}  {}", procedure.code, procedure.name)].into_iter().chain(papers).collect();
            Ok(Answer::done(to_json(&procedure)?, lines.join("\n")))
        }
        Catalogue::Versions => {
            let versions = app.catalogue_versions()?;
            let lines: Vec<_> =
                versions.iter().map(|v| format!("{}  {}  {}", v.version, v.effective_from, v.file)).collect();
            Ok(Answer::done(json!({ "versions": versions }), lines.join("\n")))
        }
    }
}

fn digitize(wish: Digitize) -> Result<Answer, CoreError> {
    let app = open(&wish.home)?;
    app.sweep()?;
    let canceled = AtomicBool::new(false);
    let tell = |progress: Progress| output::progress(progress);
    let watch = Watch::new(&tell, &canceled);

    let started = Instant::now();
    watch.step(Stage::Unlock, 0, 0)?;
    let mut session = unlock(&app, &wish.by)?;
    if let Some(token) = &wish.token {
        let pin = read_second_pin(&wish.by.pin, "SAOY_TOKEN_PIN")?;
        session.sign_with(Instead::Token(app.open_token(token, wish.token_key.as_deref(), &pin)?));
    } else if wish.agency {
        let pin = read_second_pin(&wish.by.pin, "SAOY_AGENCY_PIN")?;
        session.sign_with(app.open_agency_key(&pin)?);
    }
    let unlock = millis(started);

    let started = Instant::now();
    let mut store = app.open_store()?;
    let mut sources = app.take_in(&store, &wish.pages, &watch)?;
    let import = millis(started);

    let filed = match &wish.dossier {
        Some(dossier) => {
            let place = app.place_in(dossier, wish.place, &wish.paper_type)?;
            Some(place)
        }
        None => None,
    };
    let from_dossier = |typed: String, known: fn(&Place) -> &String| match &filed {
        Some(place) if typed.is_empty() => known(place).clone(),
        _ => typed,
    };
    let fields = Fields {
        owner: from_dossier(wish.owner, |place| &place.owner),
        paper_type: from_dossier(wish.paper_type, |place| &place.component),
        name: from_dossier(wish.name, |place| &place.name),
        number: wish.number,
        issued: wish.issued,
        issuer: wish.issuer,
        abstract_text: wish.abstract_text,
        valid_until: wish.valid_until,
        permanent: wish.permanent,
    };
    let mut pages = every_page(&sources);
    if wish.straighten {
        app.straighten(&mut sources, &mut pages)?;
    }
    let job = Job {
        pages,
        sources,
        fields: &fields,
        accept_findings: wish.accept_findings,
        out: wish.out.as_deref(),
        filed: filed.map(|place| place.filed),
        layout: if wish.agency { Layout::Agency } else { Layout::Clerk },
    };
    let made = app.digitize(&mut store, &session, job, &watch)?;
    let mut timings = made.timings;
    (timings.unlock, timings.import) = (unlock, import);
    let record = &made.record;
    let json = json!({
        "record": record.id,
        "code": record.code,
        "pages": record.pages,
        "sha256": record.sha256,
        "pdf": made.pdf,
        "refused": output::refused(made.refused.as_ref()),
        "signed_by": record.signed_by,
        "signed_at": record.signed_at,
        "level": made.level,
        "unstamped": output::unstamped(made.unstamped),
        "findings": made.findings,
        "timings_ms": timings,
    });
    Ok(Answer::done(json, format!("{}\n{}", record.code, made.pdf.display())))
}

/// The isolated reader, for the whole life of this process.
pub fn serve_reader() -> ExitCode {
    match isolate::serve(&mut io::stdin().lock(), &mut io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        // The parent is gone or speaks another language: nobody to tell.
        Err(_) => ExitCode::from(70),
    }
}

fn open(named: &Home) -> Result<App, CoreError> {
    let home = match &named.home {
        Some(home) => home.clone(),
        None => saoy_core::default_home(&|name| std::env::var_os(name)).ok_or(ErrorKind::NotReady)?,
    };
    let program =
        std::env::current_exe().map_err(|e| CoreError::new(ErrorKind::ReaderFailed).with("detail", e))?;
    let app = App::at(&home, ReaderCommand { program, arguments: vec!["reader".into()] })?;
    Ok(app.replacing(named.force))
}

impl KeySelector {
    /// Its row.
    pub fn key(&self, app: &App) -> Result<i64, CoreError> {
        if self.agency { app.agency_key() } else { app.clerk_named(self.clerk.as_deref()) }
    }
}

/// Opens the key of whoever works.
pub fn unlock(app: &App, by: &By) -> Result<Session, CoreError> {
    app.unlock_as(app.clerk_named(by.clerk.as_deref())?, &read_pin(&by.pin)?)
}

pub fn read_pin(pin: &Pin) -> Result<Zeroizing<String>, CoreError> {
    let typed = if pin.pin_stdin { Some(read_line()?) } else { variable("SAOY_PIN") };
    typed.ok_or_else(|| no_pin("SAOY_PIN"))
}

/// A PIN beside that of the clerk who works.
pub fn read_second_pin(pin: &Pin, name: &str) -> Result<Zeroizing<String>, CoreError> {
    read_second(pin, name)?.ok_or_else(|| no_pin(name))
}

fn no_pin(name: &str) -> CoreError {
    CoreError::new(ErrorKind::PinMissing).with("variable", name)
}

/// A second secret: with --pin-stdin the next line of stdin, else, or when there is none, a variable.
pub fn read_second(pin: &Pin, name: &str) -> Result<Option<Zeroizing<String>>, CoreError> {
    let typed = if pin.pin_stdin { Some(read_line()?) } else { None };
    Ok(typed.filter(|line| !line.is_empty()).or_else(|| variable(name)))
}

fn read_line() -> Result<Zeroizing<String>, CoreError> {
    Ok(secret_line(&mut io::stdin().lock())?)
}

fn secret_line(input: &mut impl BufRead) -> io::Result<Zeroizing<String>> {
    // Room for any that is typed, so that growing leaves no copies behind.
    let mut line = Zeroizing::new(String::with_capacity(4096));
    input.read_line(&mut line)?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line)
}

fn variable(name: &str) -> Option<Zeroizing<String>> {
    std::env::var(name).ok().map(Zeroizing::new)
}

pub fn to_json(value: &impl serde::Serialize) -> Result<Value, CoreError> {
    serde_json::to_value(value).map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_line_and_never_moved() {
        let mut input = "đúng 2468\r\n1357".as_bytes();
        let first = secret_line(&mut input).unwrap();
        assert_eq!((first.as_str(), first.capacity()), ("đúng 2468", 4096));
        assert_eq!(secret_line(&mut input).unwrap().as_str(), "1357");
        assert_eq!(secret_line(&mut input).unwrap().as_str(), "", "nothing more was typed");
    }
}
