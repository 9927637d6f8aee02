//! `saoy key`, `saoy ca` and `saoy token`: arguments in, one use case, an answer out.

use std::path::Path;

use saoy_core::app::App;
use saoy_core::app::ca::{Issued, NewAuthority};
use saoy_core::app::contract::{CoreError, ErrorKind};
use saoy_core::app::key::KeyView;
use saoy_core::app::token::TokenLine;
use serde_json::{Value, json};

use crate::arguments::{Ca, Key, Token, Trust};
use crate::commands::{Answer, read_pin, read_second, to_json};
use crate::texts;
use crate::words::read;

/// Runs a command on the key.
pub fn run(app: &App, command: Key) -> Result<Answer, CoreError> {
    match command {
        Key::Status => shown(&app.key_status()?),
        Key::ChangePin { pin } => {
            let old = read_pin(&pin)?;
            let new = read_second(&pin, "SAOY_NEW_PIN")?.ok_or(ErrorKind::PinMissing)?;
            app.change_pin(&old, &new)?;
            shown(&app.key_status()?)
        }
        Key::Export { pin, format, out } => {
            let format = read(&format)?;
            let typed = read_pin(&pin)?;
            let passphrase = read_second(&pin, "SAOY_EXPORT_PASSPHRASE")?;
            let passphrase = passphrase.ok_or(ErrorKind::PassphraseMissing)?;
            let session = app.unlock(&typed)?;
            file(&app.export_key(&session, format, &passphrase, &out)?)
        }
        Key::Import { pin, file } => {
            let typed = read_pin(&pin)?;
            let passphrase = read_second(&pin, "SAOY_IMPORT_PASSPHRASE")?;
            shown(&app.import_key(&typed, &file, passphrase.as_ref().map(|text| text.as_str()))?)
        }
        Key::Csr { pin, out } => {
            let session = app.unlock(&read_pin(&pin)?)?;
            file(&app.request_certificate(&session, &out)?)
        }
        Key::Certificate { pin, file } => {
            let session = app.unlock(&read_pin(&pin)?)?;
            shown(&app.install_certificate(&session, &file)?)
        }
    }
}

fn shown(view: &KeyView) -> Result<Answer, CoreError> {
    let mut lines = vec![
        format!("{} · {}", view.clerk, view.algorithm),
        view.subject.clone(),
        format!("{} · {}", view.serial, view.issuer),
        format!("{} – {} ({})", view.valid_from, view.valid_until, view.days_left),
    ];
    lines.extend(view.findings.iter().map(|finding| texts::word("key_finding", finding)));
    Ok(Answer::done(to_json(view)?, lines.join("\n")))
}

fn file(path: &Path) -> Result<Answer, CoreError> {
    Ok(Answer::done(json!({ "file": path }), path.display().to_string()))
}

/// Runs a command on the authority.
pub fn run_ca(app: &App, named: Option<&Path>, command: Ca) -> Result<Answer, CoreError> {
    let folder = app.authority_folder(named)?;
    match command {
        Ca::Init { pin, name, office_name, days, crl_url } => {
            let wish = NewAuthority {
                name: &name,
                office: &office_name,
                pin: read_pin(&pin)?,
                days,
                list: crl_url.as_deref(),
            };
            let view = app.make_authority(&folder, &wish)?;
            let prose = format!("{}\n{} · {}", view.certificate.display(), view.subject, view.valid_until);
            Ok(Answer::done(to_json(&view)?, prose))
        }
        Ca::Issue { pin, days, out, request } => {
            issued(&app.issue_certificate(&folder, &read_pin(&pin)?, &request, days, &out)?)
        }
        Ca::Renew { pin, days, out, serial } => {
            issued(&app.renew_certificate(&folder, &read_pin(&pin)?, &serial, days, &out)?)
        }
        Ca::Revoke { pin, reason, serial } => {
            let why = read(&reason)?;
            issued(&app.revoke_certificate(&folder, &read_pin(&pin)?, &serial, why)?)
        }
        Ca::Crl { pin, days, out } => {
            let number = app.revocation_list(&folder, &read_pin(&pin)?, days, &out)?;
            Ok(Answer::done(
                json!({ "file": out, "number": number }),
                format!("{} · {number}", out.display()),
            ))
        }
        Ca::List => {
            let view = app.authority(&folder)?;
            let lines: Vec<_> = view.register.issued.iter().map(line).collect();
            Ok(Answer::done(to_json(&view)?, lines.join("\n")))
        }
        Ca::Certificate { serial } => {
            let pem = app.authority_certificate(&folder, serial.as_deref())?;
            Ok(Answer::done(Value::String(pem.clone()), pem))
        }
    }
}

fn issued(one: &Issued) -> Result<Answer, CoreError> {
    Ok(Answer::done(to_json(one)?, line(one)))
}

fn line(one: &Issued) -> String {
    let revoked = one.revoked_at.as_ref().map(|at| format!(" · ✗ {at}")).unwrap_or_default();
    format!("{}  {}  {}{revoked}", one.serial, one.valid_until, one.subject)
}

/// Runs a command on tokens.
pub fn run_token(app: &App, command: Token) -> Result<Answer, CoreError> {
    let all = app.tokens();
    match command {
        Token::List => {
            let mut lines: Vec<_> = all.tokens.iter().map(token).collect();
            let faulty = all.modules.iter().filter_map(|one| Some((one, one.problem?)));
            lines.extend(
                faulty.map(|(one, why)| format!("{}: {}", one.module.display(), texts::word("reason", &why))),
            );
            Ok(Answer::done(to_json(&all)?, lines.join("\n")))
        }
        Token::Status { token: name } => {
            let found = all.tokens.iter().find(|one| one.label == name || one.serial == name);
            match found {
                Some(one) => Ok(Answer::done(to_json(one)?, token(one))),
                None => {
                    let reason = all.modules.iter().find_map(|one| one.problem);
                    let reason = reason.map_or_else(|| "no_token".to_owned(), |why| why.to_string());
                    Err(CoreError::new(ErrorKind::TokenFailed).with("token", name).with("reason", reason))
                }
            }
        }
    }
}

fn token(one: &TokenLine) -> String {
    let tries = texts::word("tries", &one.tries);
    let mut lines = vec![format!("{}  {}  {} · {tries}", one.serial, one.label, one.model)];
    lines.extend(
        one.keys
            .iter()
            .map(|key| format!("    {}  {}  {}  {}", key.id, key.algorithm, key.valid_until, key.subject)),
    );
    lines.join("\n")
}

/// Runs a command on the folder of those trusted.
pub fn run_trust(app: &App, command: Trust) -> Result<Answer, CoreError> {
    match command {
        Trust::Add { file: from } => file(&app.add_trust(&from)?),
        Trust::List => {
            let view = app.trust_view()?;
            let mut lines = Vec::new();
            for list in &view.lists {
                let about = &list.about;
                let due = about.next_update.map(|day| format!(" – {day}")).unwrap_or_default();
                lines.push(format!(
                    "{} · {} {} · {}{due}",
                    list.file, about.issuer, about.number, about.effective_from
                ));
                lines.extend(list.findings.iter().map(|finding| texts::word("trust_finding", finding)));
            }
            lines.extend(view.authorities.iter().map(|one| {
                let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
                let kind = texts::word("vouches_for", &one.kind);
                format!(
                    "{} · {kind} · {} – {} · {} · {}",
                    one.name,
                    day(one.from),
                    day(one.until),
                    one.source,
                    one.file
                )
            }));
            Ok(Answer::done(to_json(&view)?, lines.join("\n")))
        }
    }
}
