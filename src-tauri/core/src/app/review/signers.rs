//! Who can sign: the clerk's local key, and the keys on the tokens that are plugged in.

use serde::{Deserialize, Serialize};

use super::By;
use crate::app::App;
use crate::app::clerks::Right;
use crate::app::error::{CoreError, ErrorKind};
use crate::app::session::Session;
use crate::app::token::KeyLine;
use crate::isolate::token::Tries;
use crate::sign::certificate::Certificate;
use crate::sign::signer::{Scheme, TokenProblem};
use crate::store::station;
use crate::time::rfc3339;

/// A key that can sign.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignerChoice {
    /// Serial number of the token; empty = the local key of clerk or agency.
    pub token: String,
    /// Id of the key on it.
    pub key: String,
}

/// A key that can sign, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignerView {
    /// Which.
    pub choice: SignerChoice,
    /// Name in its certificate.
    pub name: String,
    /// Label of the token; empty for the local key.
    pub label: String,
    /// Last moment of the certificate, RFC 3339.
    pub valid_until: String,
    /// Tries of the token's PIN that are left; the local key does not count them.
    pub tries: Option<Tries>,
    /// It may sign now.
    pub usable: bool,
    /// Why it is not chosen unless somebody asks for it, or why it may not sign.
    pub doubt: Option<SignerDoubt>,
}

/// What speaks against a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SignerDoubt {
    /// Its certificate bears another name than that of the clerk whose key is open.
    AnotherName,
    /// Its certificate is not known as the agency's: it signs no results.
    NotTheAgency,
    /// Its certificate was revoked.
    Revoked,
}

impl App {
    /// Everybody who can sign, and the one that was chosen or, where none was, a token's key before the
    /// local one: the clerk's for papers, the agency's for results.
    pub(super) fn signers(
        &self,
        session: &Session,
        agency: bool,
        chosen: Option<&SignerChoice>,
    ) -> Result<(By, Vec<SignerView>, Vec<TokenProblem>), CoreError> {
        session.may(if agency { Right::Agency } else { Right::Counter })?;
        let (plugged, modules) = self.plugged_in();
        let now = self.clock.now();
        let own = if agency { self.agencys_local()? } else { Some(self.local_of(session.clerk_id)?) };
        let local_view = |by: &By| {
            let until = chrono::DateTime::from_timestamp(by.certificate.not_after, 0).unwrap_or_default();
            SignerView {
                choice: SignerChoice::default(),
                name: by.certificate.name.clone(),
                label: String::new(),
                valid_until: rfc3339(&until.with_timezone(&now.timezone())),
                tries: None,
                usable: now.timestamp() <= by.certificate.not_after,
                doubt: None,
            }
        };
        let mut views: Vec<SignerView> = own.iter().map(local_view).collect();
        let mut on_tokens: Vec<By> = Vec::new();
        for token in &plugged {
            let line = self.token_line(token);
            for KeyLine { id, name, valid_until, usable, .. } in line.keys {
                let choice = SignerChoice { token: token.serial.clone(), key: id.clone() };
                let usable = usable && token.tries != Tries::None;
                let der = token.keys.iter().find(|one| one.id == id);
                let der = der.and_then(|one| crate::hex::decode(&one.certificate));
                let certificate = der.and_then(|der| Certificate::from_der(&der));
                let scheme = certificate.as_ref().and_then(Scheme::of);
                if let (Some(certificate), Some(scheme), true) = (certificate, scheme, usable) {
                    on_tokens.push(By { local: None, choice: choice.clone(), certificate, scheme });
                }
                let (label, tries) = (token.label.clone(), Some(token.tries));
                views.push(SignerView { choice, name, label, valid_until, tries, usable, doubt: None });
            }
        }
        let mut problems: Vec<TokenProblem> = modules.iter().filter_map(|one| one.problem).collect();
        problems.dedup();
        let local = || own.clone().ok_or_else(|| CoreError::from(ErrorKind::AgencyKeyMissing));
        let by = match chosen {
            Some(choice) if !choice.token.is_empty() => {
                let found = on_tokens.into_iter().find(|one| one.choice == *choice);
                found.ok_or_else(|| CoreError::from(TokenProblem::NoToken).with("token", &choice.token))?
            }
            Some(_) => local()?,
            // Nothing tells an agency's token from a person's: the agency's own key goes first.
            None if agency && own.is_some() => local()?,
            None => on_tokens.into_iter().next().map_or_else(local, Ok)?,
        };
        Ok((by, views, problems))
    }

    /// The agency's local key, where there is one.
    fn agencys_local(&self) -> Result<Option<By>, CoreError> {
        let key = match self.agency_key() {
            Err(error) if error.kind == ErrorKind::AgencyKeyMissing => return Ok(None),
            found => found?,
        };
        self.local_of(key).map(Some)
    }

    /// A local key with the certificate that is in use now.
    fn local_of(&self, key: i64) -> Result<By, CoreError> {
        let known = station::clerk(self.store()?.read(), key)?;
        let damaged = || CoreError::new(ErrorKind::KeyDamaged).with("file", "certificate");
        let certificate = Certificate::from_der(&known.certificate).ok_or_else(damaged)?;
        let certificate = certificate.with_issuers(known.issuers);
        Ok(By { local: Some(key), choice: SignerChoice::default(), certificate, scheme: Scheme::Ed25519 })
    }
}
