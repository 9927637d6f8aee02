//! Who can sign: the clerk's local key, and the keys on the tokens that are plugged in.

use serde::{Deserialize, Serialize};

use super::By;
use crate::app::App;
use crate::app::error::CoreError;
use crate::app::session::Session;
use crate::app::token::KeyLine;
use crate::isolate::token::Tries;
use crate::sign::certificate::Certificate;
use crate::sign::signer::{Scheme, TokenProblem};
use crate::time::rfc3339;

/// A key that can sign.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignerChoice {
    /// Serial number of the token; empty = the local key.
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
}

impl App {
    /// Everybody who can sign, and the one that was chosen or, where none was, a token's key before the
    /// local one.
    pub(super) fn signers(
        &self,
        session: &Session,
        chosen: Option<&SignerChoice>,
    ) -> Result<(By, Vec<SignerView>, Vec<TokenProblem>), CoreError> {
        let (plugged, modules) = self.plugged_in();
        let now = self.clock.now();
        let own = &session.certificate;
        let until = chrono::DateTime::from_timestamp(own.not_after, 0).unwrap_or_default();
        let mut views = vec![SignerView {
            choice: SignerChoice::default(),
            name: own.name.clone(),
            label: String::new(),
            valid_until: rfc3339(&until.with_timezone(&now.timezone())),
            tries: None,
            usable: now.timestamp() <= own.not_after,
        }];
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
                    on_tokens.push(By { choice: choice.clone(), certificate, scheme });
                }
                let (label, tries) = (token.label.clone(), Some(token.tries));
                views.push(SignerView { choice, name, label, valid_until, tries, usable });
            }
        }
        let mut problems: Vec<TokenProblem> = modules.iter().filter_map(|one| one.problem).collect();
        problems.dedup();
        let local = By { choice: SignerChoice::default(), certificate: own.clone(), scheme: Scheme::Ed25519 };
        let by = match chosen {
            Some(choice) if !choice.token.is_empty() => {
                let found = on_tokens.into_iter().find(|one| one.choice == *choice);
                found.ok_or_else(|| CoreError::from(TokenProblem::NoToken).with("token", &choice.token))?
            }
            Some(_) => local,
            None => on_tokens.into_iter().next().unwrap_or(local),
        };
        Ok((by, views, problems))
    }
}
