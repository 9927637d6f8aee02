//! Tokens at the counter: which are plugged in, what is on them, and one of them opened to sign.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::App;
use super::error::{CoreError, ErrorKind, word};
use super::key::chain_of;
use super::setup::check_name;
use super::trust::{name, not_revoked};
use crate::isolate::token::{Token, TokenView, Tries};
use crate::sign::certificate::{Certificate, Details};
use crate::sign::key::Secret;
use crate::sign::signer::{SignatureAlgorithm, TokenError};
use crate::sign::verify::Revocations;
use crate::time::rfc3339;

/// Modules of the makers whose tokens the Government Cipher Committee hands out (SafeNet, Bit4ID), by
/// the names their installers give them.
const KNOWN: [&str; 10] = [
    "/usr/lib/libeToken.so",
    "/usr/lib/libeTPkcs11.so",
    "/usr/lib64/libeToken.so",
    "/lib/libeToken.so",
    "/usr/lib/libbit4xpki.so",
    "/usr/lib/libbit4ipki.so",
    "/usr/lib/bit4id/libbit4xpki.so",
    "C:\\Windows\\System32\\eTPKCS11.dll",
    "C:\\Windows\\System32\\bit4xpki.dll",
    "C:\\Windows\\System32\\bit4ipki.dll",
];

/// `[tokens]` in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenSettings {
    /// PKCS#11 modules; none = those of known makers that are installed.
    pub modules: Vec<PathBuf>,
}

/// What is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Tokens.
    pub tokens: Vec<TokenLine>,
    /// Modules that were asked, and what is wrong with them.
    pub modules: Vec<ModuleLine>,
}

/// A module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleLine {
    /// Library.
    pub module: PathBuf,
    /// Why it told of no token.
    pub problem: Option<TokenError>,
}

/// A token as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLine {
    /// Library that sees it.
    pub module: PathBuf,
    /// Label.
    pub label: String,
    /// Serial number.
    pub serial: String,
    /// Model.
    pub model: String,
    /// Maker.
    pub manufacturer: String,
    /// Tries of the PIN that are left.
    pub tries: Tries,
    /// Certificates on it.
    pub keys: Vec<KeyLine>,
}

/// A certificate on a token, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeyLine {
    /// Id of certificate and key, hexadecimal.
    pub id: String,
    /// Common name.
    pub name: String,
    /// Subject, as RFC 4514 writes names.
    pub subject: String,
    /// Issuer, the same.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Kind of key.
    pub algorithm: String,
    /// Last moment of validity, RFC 3339.
    pub valid_until: String,
    /// It may sign documents here and now.
    pub usable: bool,
    /// The certificate was revoked.
    pub revoked: bool,
}

/// Why a token is not there: it is not plugged in where any module works, else what is wrong with the first.
pub(super) fn absent(modules: &[ModuleLine]) -> TokenError {
    let mut problems = modules.iter().map(|one| one.problem.unwrap_or(TokenError::NoToken));
    let none = problems.clone().find(|one| *one == TokenError::NoToken);
    none.or(problems.next()).unwrap_or(TokenError::NoToken)
}

impl App {
    /// The modules that are asked: those of the settings, else those of known makers.
    fn modules(&self) -> Vec<PathBuf> {
        if self.settings.tokens.modules.is_empty() {
            KNOWN.iter().map(PathBuf::from).filter(|path| path.is_file()).collect()
        } else {
            self.settings.tokens.modules.clone()
        }
    }

    /// Every token once, by the first module that sees it, and what the modules said.
    pub(super) fn plugged_in(&self) -> (Vec<TokenView>, Vec<ModuleLine>) {
        let (mut tokens, mut modules): (Vec<TokenView>, Vec<ModuleLine>) = Default::default();
        for module in self.modules() {
            let found = self.readers.tokens(&module);
            modules.push(ModuleLine { module, problem: found.as_ref().err().copied() });
            for token in found.unwrap_or_default() {
                // A maker's library often lies there under two names.
                if !tokens.iter().any(|one| one.serial == token.serial && one.label == token.label) {
                    tokens.push(token);
                }
            }
        }
        (tokens, modules)
    }

    /// What is plugged in. A module that dies or hangs is named; the others are asked all the same.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        let (tokens, modules) = self.plugged_in();
        let revoked = self.revocations_if_any();
        Tokens { tokens: tokens.iter().map(|token| self.token_line(token, &revoked)).collect(), modules }
    }

    /// The one of that label or serial number.
    ///
    /// # Errors
    /// [`ErrorKind::TokenFailed`] with its `reason`.
    pub fn token_status(&self, name: &str) -> Result<TokenLine, CoreError> {
        let Tokens { tokens, modules } = self.tokens();
        let found = tokens.into_iter().find(|one| one.label == name || one.serial == name);
        found.ok_or_else(|| CoreError::from(absent(&modules)).with("token", name))
    }

    pub(super) fn token_line(&self, token: &TokenView, revocations: &Revocations) -> TokenLine {
        let now = self.clock.now();
        let keys = token.keys.iter().filter_map(|key| {
            let certificate = Certificate::from_der(&crate::hex::decode(&key.certificate)?)?;
            let details = certificate.details()?;
            let revoked = not_revoked(&certificate, revocations).is_err();
            Some(KeyLine {
                id: key.id.clone(),
                usable: !revoked && usable(&certificate, &details, now.timestamp()),
                revoked,
                name: name(certificate.der()),
                subject: details.subject,
                issuer: details.issuer,
                serial: details.serial,
                algorithm: details.algorithm,
                valid_until: rfc3339(&self.moment(details.not_after)),
            })
        });
        TokenLine {
            module: token.module.clone(),
            label: token.label.clone(),
            serial: token.serial.clone(),
            model: token.model.clone(),
            manufacturer: token.manufacturer.clone(),
            tries: token.tries,
            keys: keys.collect(),
        }
    }

    /// A key that may sign, on a token that is plugged in, with the certificates of its issuers there.
    pub(super) fn on_token(
        &self,
        name: &str,
        key: Option<&str>,
    ) -> Result<(TokenView, String, Certificate), CoreError> {
        let failed = |problem| CoreError::from(problem).with("token", name);
        let (mut fitting, modules) = self.plugged_in();
        fitting.retain(|token| token.label == name || token.serial == name);
        let token = match fitting.as_slice() {
            [only] => only,
            [] => return Err(failed(absent(&modules))),
            _ => return Err(failed(TokenError::SeveralTokens)),
        };
        let now = self.clock.now().timestamp();
        let all: Vec<(&str, Certificate)> = token
            .keys
            .iter()
            .filter_map(|one| {
                Some((one.id.as_str(), Certificate::from_der(&crate::hex::decode(&one.certificate)?)?))
            })
            .collect();
        let mut wanted = all.iter().filter(|(id, certificate)| {
            key.is_none_or(|key| key.eq_ignore_ascii_case(id))
                && certificate.details().is_some_and(|details| usable(certificate, &details, now))
        });
        let (id, certificate) = wanted.next().ok_or_else(|| failed(TokenError::NoKey))?;
        if wanted.next().is_some() {
            return Err(failed(TokenError::SeveralKeys));
        }
        // Authorities' certificates on the token are carried along.
        let ders: Vec<Vec<u8>> = all.iter().map(|(_, one)| one.der().to_vec()).collect();
        let issuers = chain_of(certificate.der(), &ders).split_off(1);
        Ok((token.clone(), (*id).to_owned(), certificate.clone().with_issuers(issuers)))
    }

    /// Opens a token by its label or serial number. `key` is the id of one of its keys, where several
    /// may sign. The PIN is tried once.
    ///
    /// # Errors
    /// [`ErrorKind::TokenPinWrong`] with the tries left, [`ErrorKind::TokenLocked`],
    /// [`ErrorKind::TokenFailed`] with its `reason`.
    pub fn open_token(&self, name: &str, key: Option<&str>, pin: &Secret) -> Result<Token, CoreError> {
        let (token, id, certificate) = self.on_token(name, key)?;
        let shown = if token.label.is_empty() { name } else { token.label.as_str() };
        let failed = |problem| CoreError::from(problem).with("token", shown);
        if token.tries == Tries::None {
            return Err(failed(TokenError::Locked));
        }
        self.readers.open_token(&token, &id, certificate, pin).map_err(|problem| {
            let error = failed(problem);
            if problem != TokenError::WrongPin {
                return error;
            }
            // Asking for the tries costs none.
            let seen = self.readers.tokens(&token.module).unwrap_or_default();
            let left = seen
                .iter()
                .find(|one| one.serial == token.serial && one.label == token.label)
                .map(|one| one.tries);
            error.with("tries", left.as_ref().map(word).unwrap_or_default())
        })
    }
}

fn usable(certificate: &Certificate, details: &Details, now: i64) -> bool {
    details.may_sign
        && (details.not_before..=details.not_after).contains(&now)
        && SignatureAlgorithm::of(certificate).is_some()
        && check_name(&certificate.name).is_ok()
}

impl From<TokenError> for CoreError {
    fn from(problem: TokenError) -> Self {
        match problem {
            TokenError::WrongPin => Self::new(ErrorKind::TokenPinWrong),
            TokenError::Locked => Self::new(ErrorKind::TokenLocked),
            other => Self::new(ErrorKind::TokenFailed).with("reason", other),
        }
    }
}
