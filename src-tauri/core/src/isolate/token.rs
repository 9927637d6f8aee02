//! Tokens (PKCS#11): the vendor's library is loaded in a child process, so that its crash or hang
//! harms nobody. This side starts the child, asks, and outlives it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::{Lost, Reader, Readers, Reply, Request};
use crate::sign::certificate::Certificate;
use crate::sign::key::Secret;
use crate::sign::signer::{SignatureAlgorithm, Signer, TokenError};

/// A module that lists its tokens longer than this hangs, seconds.
const LIST_SECONDS: u64 = 20;
/// Opening and signing: a card computes for a moment, a hung library for ever; seconds.
const SIGN_SECONDS: u64 = 30;

/// How many tries of the PIN are left, as far as a token tells: PKCS#11 knows no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Tries {
    /// No wrong try since the last right one.
    All,
    /// Wrong tries were made.
    Few,
    /// One more wrong try locks it.
    Last,
    /// It is locked.
    None,
}

/// A token that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Module that sees it.
    pub module: PathBuf,
    /// Label.
    pub label: String,
    /// Serial number.
    pub serial: String,
    /// Model.
    pub model: String,
    /// Maker.
    pub manufacturer: String,
    /// Tries of the PIN.
    pub tries: Tries,
    /// Certificates on it.
    pub keys: Vec<TokenKey>,
}

/// A certificate on a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    /// Id that certificate and key share, hexadecimal.
    pub id: String,
    /// Certificate, DER in hexadecimal.
    pub certificate: String,
}

/// A token whose PIN was right, with one of its keys.
pub struct Token {
    reader: Mutex<Reader>,
    scheme: SignatureAlgorithm,
    certificate: Certificate,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("name", &self.certificate.name).finish_non_exhaustive()
    }
}

impl Readers {
    /// The tokens a module sees.
    ///
    /// # Errors
    /// [`TokenError`]: also when the module dies or hangs.
    pub fn tokens(&self, module: &Path) -> Result<Vec<TokenView>, TokenError> {
        let mut reader = self.start().map_err(|_| TokenError::Crashed)?;
        let request = Request::Tokens { module: module.to_path_buf(), limits: self.limits };
        let answer = reader.ask(&request, LIST_SECONDS, &mut |reply| match reply {
            Reply::Tokens { found } => Some(found),
            _ => None,
        });
        settle(answer)
    }

    /// Opens a token. The PIN is tried once, and kept nowhere.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn open_token(
        &self,
        token: &TokenView,
        id: &str,
        certificate: Certificate,
        pin: &Secret,
    ) -> Result<Token, TokenError> {
        let scheme = SignatureAlgorithm::of(&certificate).ok_or(TokenError::NoKey)?;
        let mut reader = self.start().map_err(|_| TokenError::Crashed)?;
        let request = Request::OpenToken {
            module: token.module.clone(),
            label: token.label.clone(),
            serial: token.serial.clone(),
            key: id.to_owned(),
            pin: pin.clone(),
            limits: self.limits,
        };
        let answer = reader.ask(&request, SIGN_SECONDS, &mut |reply| match reply {
            Reply::TokenOpened { done } => Some(done),
            _ => None,
        });
        settle(answer)?;
        Ok(Token { reader: Mutex::new(reader), scheme, certificate })
    }
}

impl Signer for Token {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn scheme(&self) -> SignatureAlgorithm {
        self.scheme
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        let mut reader = self.reader.lock().map_err(|_| TokenError::Crashed)?;
        let request = Request::SignByToken { message: crate::hex::encode(message), scheme: self.scheme };
        let answer = reader.ask(&request, SIGN_SECONDS, &mut |reply| match reply {
            Reply::SignedByToken { done } => Some(done),
            _ => None,
        });
        crate::hex::decode(&settle(answer)?).ok_or(TokenError::Refused)
    }
}

fn settle<T>(answer: std::io::Result<Result<Result<T, TokenError>, Lost>>) -> Result<T, TokenError> {
    match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(Lost::TooLong)) => Err(TokenError::Hung),
        Ok(Err(Lost::Died)) | Err(_) => Err(TokenError::Crashed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Limits;

    #[test]
    fn a_pin_on_its_way_cannot_be_printed() {
        let request = Request::OpenToken {
            module: PathBuf::new(),
            label: String::new(),
            serial: String::new(),
            key: String::new(),
            pin: Secret::new("13579".to_owned()),
            limits: Limits::default(),
        };
        assert!(!format!("{request:?}").contains("13579"));
    }
}
