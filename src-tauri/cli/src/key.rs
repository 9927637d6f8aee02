//! `saoy key`, `saoy ca` and `saoy token`: arguments in, one use case, an answer out.

use std::path::Path;

use saoy_core::app::App;
use saoy_core::app::ca::{Issued, NewAuthority};
use saoy_core::app::contract::{AddClerk, ChangeClerk, ClerkView, CoreError, ErrorKind, Role, SignerChoice};
use saoy_core::app::key::KeyView;
use saoy_core::app::session::Session;
use saoy_core::app::token::TokenLine;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::arguments::{By, Ca, Clerk, Key, KeySelector, Pin, Token, Trust};
use crate::commands::{Answer, read_pin, read_second, read_second_pin, to_json, unlock};
use crate::texts;
use crate::words::read;

/// Runs a command on who works here.
pub fn run_clerk(app: &App, command: Clerk) -> Result<Answer, CoreError> {
    match command {
        Clerk::List => {}
        Clerk::Add { by, name, roles } => {
            let session = unlock(app, &by)?;
            let pin = read_second_pin(&by.pin, "SAOY_NEW_PIN")?;
            app.add_clerk(&session, &AddClerk { name, roles: read_all(&roles)?, pin })?;
        }
        Clerk::Change { by, roles, name } => {
            let (session, clerk) = (unlock(app, &by)?, app.clerk_named(Some(&name))?);
            app.change_clerk(&session, &ChangeClerk { clerk, roles: read_all(&roles)?, left: false })?;
        }
        Clerk::Leave { by, name } => {
            let (session, clerk) = (unlock(app, &by)?, app.clerk_named(Some(&name))?);
            let roles = app.clerks()?.into_iter().find(|one| one.clerk == clerk).map(|one| one.roles);
            let roles = roles.unwrap_or_default();
            app.change_clerk(&session, &ChangeClerk { clerk, roles, left: true })?;
        }
        Clerk::EndAgencyKey { by, serial } => {
            let session = unlock(app, &by)?;
            let clerk = match serial {
                None => app.agency_key()?,
                Some(serial) => {
                    let held = |one: &ClerkView| one.agency && !one.left && one.key.serial == serial;
                    let found = app.clerks()?.into_iter().find(held).map(|one| one.clerk);
                    found.ok_or_else(|| CoreError::new(ErrorKind::NotFound).with("what", serial))?
                }
            };
            app.change_clerk(&session, &ChangeClerk { clerk, roles: Vec::new(), left: true })?;
        }
        Clerk::AddAgencyKey { by } => {
            let session = unlock(app, &by)?;
            let pin = read_second_pin(&by.pin, "SAOY_NEW_PIN")?;
            app.add_agency_key(&session, &pin)?;
        }
    }
    let all = app.clerks()?;
    let line = |one: &ClerkView| {
        let roles = one.roles.iter().map(|role| texts::word("role", role)).collect::<Vec<_>>().join(", ");
        let mark = if one.left { "✗" } else { "●" };
        let whose = if one.agency { &one.key.serial } else { &roles };
        format!("{mark} {}  {whose}  {} ({})", one.name, one.key.valid_until, one.key.days_left)
    };
    let lines: Vec<_> = all.iter().map(line).collect();
    Ok(Answer::done(json!({ "clerks": all }), lines.join("\n")))
}

fn read_all(words: &[String]) -> Result<Vec<Role>, CoreError> {
    words.iter().map(|word| read(word)).collect()
}

/// Runs a command on a key.
pub fn run(app: &App, whose: &KeySelector, command: Key) -> Result<Answer, CoreError> {
    if matches!(command, Key::ChangePin { .. } | Key::Import { .. } | Key::New { .. }) {
        // No key of a try that was cut off is left beside the new one.
        app.sweep()?;
    }
    let agency = whose.agency;
    // What is registered need not be here yet.
    let key = if matches!(command, Key::Register { .. }) { 0 } else { whose.key(app)? };
    let unlock = |pin: &Pin| app.unlock_as(app.clerk_named(whose.clerk.as_deref())?, &read_pin(pin)?);
    // The agency's key has a PIN of its own, beside that of the clerk who answers for it.
    let own = |pin: &Pin| {
        if agency { read_second_pin(pin, "SAOY_AGENCY_PIN") } else { read_pin(pin) }
    };
    match command {
        Key::Status => shown(&app.key_status(key)?),
        Key::ChangePin { pin } => {
            let session = if agency { Some(unlock(&pin)?) } else { None };
            let old = own(&pin)?;
            let new = read_second_pin(&pin, "SAOY_NEW_PIN")?;
            app.change_pin(session.as_ref(), key, &old, &new)?;
            shown(&app.key_status(key)?)
        }
        Key::Export { pin, format, out } => {
            let format = read(&format)?;
            let session = if agency { Some(unlock(&pin)?) } else { None };
            let typed = own(&pin)?;
            let passphrase = read_second(&pin, "SAOY_EXPORT_PASSPHRASE")?;
            let passphrase = passphrase.ok_or(ErrorKind::PassphraseMissing)?;
            file(&app.export_key(session.as_ref(), (key, &typed), format, &passphrase, &out)?)
        }
        Key::New { pin } => {
            let session = if agency { Some(unlock(&pin)?) } else { None };
            shown(&app.new_key(session.as_ref(), (key, &own(&pin)?))?)
        }
        Key::Import { pin, file } => {
            let session = if agency { Some(unlock(&pin)?) } else { None };
            let typed = own(&pin)?;
            let passphrase = read_second(&pin, "SAOY_IMPORT_PASSPHRASE")?;
            let passphrase = passphrase.as_ref().map(|text| text.as_str());
            shown(&app.import_key(session.as_ref(), (key, &typed), &file, passphrase)?)
        }
        Key::Csr { pin, out } => {
            let made = app.request_certificate(key, &own(&pin)?, &out)?;
            let fingerprint = app.read_request(&made)?.fingerprint;
            let prose = format!("{}\n{fingerprint}", made.display());
            Ok(Answer::done(json!({ "file": made, "fingerprint": fingerprint }), prose))
        }
        Key::Register { pin, token_key, certificate, token } => {
            let session = unlock(&pin)?;
            shown(&match (certificate, token) {
                (Some(file), _) => app.register_agency(&session, &file)?,
                (None, token) => {
                    let key = token_key.unwrap_or_default();
                    let choice = SignerChoice { token: token.unwrap_or_default(), key };
                    app.register_agencys_token(&session, &choice)?
                }
            })
        }
        Key::Certificate { pin, file } => shown(&app.install_certificate(&unlock(&pin)?, key, &file)?),
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
    let own = app.is_own_authority(&folder);
    // In the counter's own folder an administrator answers, and the authority's PIN comes beside theirs.
    let open = |by: &By| -> Result<(Option<Session>, Zeroizing<String>), CoreError> {
        if own {
            Ok((Some(unlock(app, by)?), read_second_pin(&by.pin, "SAOY_CA_PIN")?))
        } else {
            Ok((None, read_pin(&by.pin)?))
        }
    };
    match command {
        Ca::Init { by, name, office_name, days, crl_url } => {
            let (session, pin) = open(&by)?;
            let (office, list) = (office_name.as_str(), crl_url.as_deref());
            let wish = NewAuthority { name: &name, office, pin, days, list };
            let view = app.make_authority(session.as_ref(), &folder, &wish)?;
            let prose = format!("{}\n{} · {}", view.certificate.display(), view.subject, view.valid_until);
            Ok(Answer::done(to_json(&view)?, prose))
        }
        Ca::Request { request } => {
            let view = app.read_request(&request)?;
            let prose = format!("{}\n{}\n{} · {}", view.name, view.subject, view.algorithm, view.fingerprint);
            Ok(Answer::done(to_json(&view)?, prose))
        }
        Ca::Issue { by, days, fingerprint, out, request } => {
            let (session, pin) = open(&by)?;
            let asked = (request.as_path(), fingerprint.as_deref());
            issued(&app.issue_certificate(session.as_ref(), &folder, &pin, asked, days, &out)?)
        }
        Ca::Renew { by, days, out, serial } => {
            let (session, pin) = open(&by)?;
            issued(&app.renew_certificate(session.as_ref(), &folder, &pin, &serial, days, &out)?)
        }
        Ca::Revoke { by, reason, serial } => {
            let why = read(&reason)?;
            let (session, pin) = open(&by)?;
            issued(&app.revoke_certificate(session.as_ref(), &folder, &pin, &serial, why)?)
        }
        Ca::Crl { by, days, out } => {
            let (session, pin) = open(&by)?;
            let number = app.revocation_list(session.as_ref(), &folder, &pin, days, &out)?;
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
    match command {
        Token::List => {
            let all = app.tokens();
            let mut lines: Vec<_> = all.tokens.iter().map(token).collect();
            let faulty = all.modules.iter().filter_map(|one| Some((one, one.problem?)));
            lines.extend(
                faulty.map(|(one, why)| format!("{}: {}", one.module.display(), texts::word("reason", &why))),
            );
            Ok(Answer::done(to_json(&all)?, lines.join("\n")))
        }
        Token::Status { token: name } => {
            let found = app.token_status(&name)?;
            Ok(Answer::done(to_json(&found)?, token(&found)))
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
        Trust::Add { by, file: from } => file(&app.add_trust(&unlock(app, &by)?, &from, None)?),
        Trust::Remove { by, file } => {
            app.remove_trust(&unlock(app, &by)?, &file)?;
            Ok(Answer::done(json!({ "removed": file }), file))
        }
        Trust::List => {
            let view = app.trust_view()?;
            let mut lines = Vec::new();
            for list in &view.lists {
                let due = list.next_update.map(|day| format!(" – {day}")).unwrap_or_default();
                lines.push(format!(
                    "{} · {} {} · {}{due}",
                    list.file, list.issuer, list.number, list.effective_from
                ));
                lines.extend(list.findings.iter().map(|finding| texts::word("trust_finding", finding)));
            }
            lines.extend(view.revocations.iter().map(|list| {
                let due = list.next_update.as_deref().unwrap_or_default();
                let late = list.overdue.then(|| texts::word("trust_finding", &"crl_overdue"));
                let late = late.unwrap_or_default();
                format!("{} · CRL · {} · {} – {due} {late}", list.file, list.issuer, list.this_update)
            }));
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
