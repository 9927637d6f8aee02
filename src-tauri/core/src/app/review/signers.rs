//! Who can sign: the clerk's local key, and the keys on the tokens that are plugged in.

use serde::{Deserialize, Serialize};

use super::By;
use crate::app::App;
use crate::app::clerks::Right;
use crate::app::error::{CoreError, ErrorKind};
use crate::app::session::Session;
use crate::app::token::{KeyLine, absent};
use crate::app::trust::not_revoked;
use crate::isolate::token::Tries;
use crate::sign::certificate::Certificate;
use crate::sign::signer::{SignatureAlgorithm, TokenError};
use crate::sign::verify::Revocations;
use crate::store::station;
use crate::time::rfc3339;
use crate::words::lower;

/// A key that can sign.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignerChoice {
    /// Serial number of the token, its label where several have that number; empty = the local key of clerk or
    /// agency.
    pub token: String,
    /// Id of the key on it; empty = the only one that may sign.
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
    /// Its key is the agency's: it signs no clerk's copies.
    TheAgencys,
    /// Its certificate was revoked.
    Revoked,
    /// This counter trusts nobody who issued its certificate: whether its copies are valid cannot be told here.
    Untrusted,
}

impl SignerDoubt {
    /// Who signs all the same, where he is told.
    fn allows(doubt: Option<Self>) -> bool {
        matches!(doubt, None | Some(Self::AnotherName | Self::Untrusted))
    }
}

/// Everybody who can sign, as shown, and what is needed to let one of them.
pub(super) struct Signers {
    pub(super) views: Vec<SignerView>,
    pub(super) problems: Vec<TokenError>,
    pub(super) revocations: Revocations,
    /// Why a token that is named does not show.
    absent: TokenError,
    /// The local key of clerk or agency, where there is one.
    local: Option<By>,
    /// Keys on tokens that may sign, and whether they are chosen without being asked for.
    on_tokens: Vec<(By, bool)>,
}

impl Signers {
    /// The one that was chosen; where none was, the clerk's own token before the clerk's local key, and the agency's
    /// local key before a token of the agency's, unless it is revoked.
    ///
    /// # Errors
    /// [`ErrorKind::TokenFailed`] with its `reason`, [`ErrorKind::NotTheAgency`], [`ErrorKind::TheAgencys`],
    /// [`ErrorKind::CertificateRevoked`], [`ErrorKind::AgencyKeyMissing`].
    pub(super) fn pick(&self, chosen: Option<&SignerChoice>, agency: bool) -> Result<By, CoreError> {
        let local = || self.local.clone().ok_or_else(|| CoreError::from(ErrorKind::AgencyKeyMissing));
        let Some(choice) = chosen else {
            let revoked = self.views.iter().any(|one| one.tries.is_none() && one.doubt.is_some());
            let own = || self.on_tokens.iter().find(|(_, first)| *first).map(|(by, _)| by.clone());
            return match &self.local {
                Some(local) if agency && !revoked => Ok(local.clone()),
                _ => own().map_or_else(local, Ok),
            };
        };
        if choice.token.is_empty() {
            return local();
        }
        let named = |one: &SignerView| {
            one.tries.is_some()
                && (one.choice.token == choice.token || one.label == choice.token)
                && (choice.key.is_empty() || one.choice.key.eq_ignore_ascii_case(&choice.key))
        };
        let failed = |problem: TokenError| CoreError::from(problem).with("token", &choice.token);
        let fitting: Vec<&SignerView> = self.views.iter().filter(|one| named(one)).collect();
        let usable: Vec<&SignerView> = fitting.iter().copied().filter(|one| one.usable).collect();
        match (usable.as_slice(), fitting.first()) {
            ([only], _) => {
                let found = self.on_tokens.iter().find(|(by, _)| by.choice == only.choice);
                found.map(|(by, _)| by.clone()).ok_or_else(|| failed(TokenError::NoKey))
            }
            ([], None) => {
                let token = self.views.iter().any(|one| {
                    one.tries.is_some() && [&one.label, &one.choice.token].contains(&&choice.token)
                });
                Err(failed(if token { TokenError::NoKey } else { self.absent }))
            }
            ([], Some(one)) => Err(match one.doubt {
                Some(SignerDoubt::NotTheAgency) => {
                    CoreError::new(ErrorKind::NotTheAgency).with("name", &one.name)
                }
                Some(SignerDoubt::TheAgencys) => {
                    CoreError::new(ErrorKind::TheAgencys).with("name", &one.name)
                }
                Some(SignerDoubt::Revoked) => {
                    CoreError::new(ErrorKind::CertificateRevoked).with("name", &one.name)
                }
                _ if one.tries == Some(Tries::None) => failed(TokenError::Locked),
                _ => failed(TokenError::NoKey),
            }),
            _ => Err(failed(TokenError::SeveralKeys)),
        }
    }
}

impl App {
    /// Everybody who can sign papers, or results for the agency.
    pub(super) fn signers(&self, session: &Session, agency: bool) -> Result<Signers, CoreError> {
        session.may(if agency { Right::Agency } else { Right::Counter })?;
        let (plugged, modules) = self.plugged_in();
        let now = self.clock.now();
        let revocations = self.revocations()?;
        let local = if agency { self.agencys_local()? } else { Some(self.local_of(session.clerk_id)?) };
        let clerk = station::clerk(self.store()?.read(), session.clerk_id)?.name;
        let doubt = |certificate: &Certificate| -> Result<Option<SignerDoubt>, CoreError> {
            Ok(if not_revoked(certificate, &revocations).is_err() {
                Some(SignerDoubt::Revoked)
            } else if agency && !self.is_agencys(certificate)? {
                Some(SignerDoubt::NotTheAgency)
            } else if !agency && self.has_agencys_key(certificate)? {
                Some(SignerDoubt::TheAgencys)
            } else if !agency && lower(&certificate.name) != lower(&clerk) {
                Some(SignerDoubt::AnotherName)
            } else if !agency && !revocations.trusts(certificate.der(), &certificate.issuers) {
                Some(SignerDoubt::Untrusted)
            } else {
                None
            })
        };
        let mut views = Vec::new();
        if let Some(by) = &local {
            // What is in use here is the clerk's, whatever name stands in it.
            let doubt = doubt(&by.certificate)?.filter(|doubt| *doubt == SignerDoubt::Revoked);
            views.push(SignerView {
                choice: SignerChoice::default(),
                name: by.certificate.name.clone(),
                label: String::new(),
                valid_until: rfc3339(&self.moment(by.certificate.not_after)),
                tries: None,
                usable: doubt.is_none()
                    && (by.certificate.not_before..=by.certificate.not_after).contains(&now.timestamp()),
                doubt,
            });
        }
        let mut on_tokens = Vec::new();
        for token in &plugged {
            let alike = plugged.iter().filter(|one| one.serial == token.serial).count() > 1;
            let line = self.token_line(token, &revocations);
            for KeyLine { id, name, valid_until, usable, .. } in line.keys {
                let named = if alike { &token.label } else { &token.serial };
                let choice = SignerChoice { token: named.clone(), key: id.clone() };
                let der = token.keys.iter().find(|one| one.id == id);
                let der = der.and_then(|one| crate::hex::decode(&one.certificate));
                let Some(certificate) = der.and_then(|der| Certificate::from_der(&der)) else { continue };
                let doubt = doubt(&certificate)?;
                let usable = usable && token.tries != Tries::None && SignerDoubt::allows(doubt);
                if let (Some(scheme), true) = (SignatureAlgorithm::of(&certificate), usable) {
                    let by = By { local: None, choice: choice.clone(), certificate, scheme };
                    on_tokens.push((by, matches!(doubt, None | Some(SignerDoubt::Untrusted))));
                }
                let (label, tries) = (token.label.clone(), Some(token.tries));
                views.push(SignerView { choice, name, label, valid_until, tries, usable, doubt });
            }
        }
        let mut problems: Vec<TokenError> = modules.iter().filter_map(|one| one.problem).collect();
        problems.dedup();
        Ok(Signers { views, problems, revocations, absent: absent(&modules), local, on_tokens })
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
        Ok(By {
            local: Some(key),
            choice: SignerChoice::default(),
            certificate,
            scheme: SignatureAlgorithm::Ed25519,
        })
    }
}
