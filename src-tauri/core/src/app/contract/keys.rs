//! What the window asks about keys, certificates and the office's authority. Files are picked by dialogs
//! of the shell: no path crosses.

use serde::{Deserialize, Serialize};

use crate::app::ca::{AuthorityView, Issued};
use crate::app::key::{KeyFormat, file_name};
use crate::app::review::SignerChoice;
use crate::app::token::{KeyLine, Tokens};
use crate::isolate::token::Tries;
use crate::sign::authority::RevocationReason;
use crate::sign::key::Secret;
use crate::sign::signer::TokenError;

/// A key of this counter and the PIN that opens it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OpenKey {
    /// Row of the clerk, or of the agency.
    #[cfg_attr(test, ts(type = "number"))]
    pub clerk: i64,
    /// The PIN. Tried once.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
}

/// Another PIN for a key.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangePin {
    /// The key and its PIN until now.
    #[serde(flatten)]
    pub key: OpenKey,
    /// The PIN from now on.
    #[cfg_attr(test, ts(type = "string"))]
    pub new: Secret,
}

/// A key for another program.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExportKey {
    /// The key.
    #[serde(flatten)]
    pub key: OpenKey,
    /// How it is written.
    pub format: KeyFormat,
    /// The pass phrase of the file.
    #[cfg_attr(test, ts(type = "string"))]
    pub passphrase: Secret,
}

/// A key made elsewhere, in the place of a clerk's.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ImportKey {
    /// The clerk, and the PIN that stays.
    #[serde(flatten)]
    pub key: OpenKey,
    /// The pass phrase of the file; empty = it has none.
    #[cfg_attr(test, ts(type = "string"))]
    pub passphrase: Secret,
}

/// The file of whom to trust that was looked at last.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OfferedFile {
    /// Its SHA-256, as it was shown.
    pub sha256: String,
}

/// A file of the folder `trust`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrustFile {
    /// Its name.
    pub file: String,
}

/// Somebody of this counter.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClerkId {
    /// Row.
    #[cfg_attr(test, ts(type = "number"))]
    pub clerk: i64,
}

/// A PIN for something that is yet to be made.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewPin {
    /// The PIN.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
}

/// Make the office's authority.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MakeAuthority {
    /// Its name, which certificates show as issuer.
    pub name: String,
    /// The PIN that will open its key.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
    /// Days it holds.
    pub days: u32,
}

/// Issue a certificate for the request that was read last.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Issue {
    /// PIN of the authority. Tried once.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
    /// Days it holds.
    pub days: u32,
    /// Fingerprint of the request as it was shown: the file must still hold that one.
    pub fingerprint: String,
}

/// Write the list of revoked certificates.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RevocationList {
    /// PIN of the authority. Tried once.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
    /// Days until counters ask for a newer one.
    pub days: u32,
}

/// Make a certificate known as the agency's, whose key lies on a token.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RegisterAgency {
    /// A key on a token that is plugged in; `None` = a file that is picked.
    pub token: Option<SignerChoice>,
}

/// Issue a certificate for a key of this counter, and put it in use.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Certify {
    /// The key.
    #[serde(flatten)]
    pub key: OpenKey,
    /// PIN of the authority. Tried once.
    #[cfg_attr(test, ts(type = "string"))]
    pub authority_pin: Secret,
    /// Days it holds.
    pub days: u32,
}

/// Issue the next certificate for the same person and key.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Renew {
    /// PIN of the authority. Tried once.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
    /// Serial number of the certificate before, hexadecimal.
    pub serial: String,
    /// Days it holds.
    pub days: u32,
}

/// Revoke a certificate.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Revoke {
    /// PIN of the authority. Tried once.
    #[cfg_attr(test, ts(type = "string"))]
    pub pin: Secret,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Why.
    pub why: RevocationReason,
}

/// A request for a certificate that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WrittenRequest {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the request (DER), hexadecimal: whoever issues the certificate sees the same.
    pub sha256: String,
}

/// The office's authority, as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuthorityInfo {
    /// Subject, as RFC 4514 writes names.
    pub subject: String,
    /// Last moment of validity, RFC 3339.
    pub valid_until: String,
    /// Every certificate, oldest first.
    pub issued: Vec<IssuedLine>,
}

/// A certificate the office's authority issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IssuedLine {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Subject, as RFC 4514 writes names.
    pub subject: String,
    /// Kind of key.
    pub algorithm: String,
    /// When it was issued, RFC 3339.
    pub issued_at: String,
    /// Last moment of validity, RFC 3339.
    pub valid_until: String,
    /// When it was revoked, RFC 3339.
    pub revoked_at: Option<String>,
    /// Why.
    pub why: Option<RevocationReason>,
}

impl From<Issued> for IssuedLine {
    fn from(one: Issued) -> Self {
        let Issued { serial, subject, algorithm, issued_at, valid_until, revoked_at, why, .. } = one;
        Self { serial, subject, algorithm, issued_at, valid_until, revoked_at, why }
    }
}

impl From<AuthorityView> for AuthorityInfo {
    fn from(view: AuthorityView) -> Self {
        let issued = view.register.issued.into_iter().map(IssuedLine::from).collect();
        Self { subject: view.subject, valid_until: view.valid_until, issued }
    }
}

/// What is plugged in, as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TokensView {
    /// Tokens.
    pub tokens: Vec<TokenInfo>,
    /// Modules that were asked and told of none: file name, and what is wrong.
    pub problems: Vec<ModuleProblem>,
    /// How many modules were asked; none = no maker's software is installed.
    pub modules: u32,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TokenInfo {
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

/// A maker's module that tells of no token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ModuleProblem {
    /// Name of its file.
    pub module: String,
    /// Why.
    pub problem: TokenError,
}

impl From<Tokens> for TokensView {
    fn from(all: Tokens) -> Self {
        let problems = all
            .modules
            .iter()
            .filter_map(|one| Some(ModuleProblem { module: file_name(&one.module), problem: one.problem? }));
        Self {
            problems: problems.collect(),
            modules: u32::try_from(all.modules.len()).unwrap_or(u32::MAX),
            tokens: all
                .tokens
                .into_iter()
                .map(|one| TokenInfo {
                    label: one.label,
                    serial: one.serial,
                    model: one.model,
                    manufacturer: one.manufacturer,
                    tries: one.tries,
                    keys: one.keys,
                })
                .collect(),
        }
    }
}
