//! Who signs a copy: the local key, or a key on a token in another process.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::certificate::Certificate;
use super::der::{oid, sequence};
use super::key::{SigningKey, ed25519};

/// How a key signs documents here: one way for each kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureAlgorithm {
    /// Ed25519, beside SHA-512 (RFC 8419).
    Ed25519,
    /// RSA PKCS#1 v1.5 with SHA-256, which every reader of PDF knows.
    Rsa,
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// ECDSA on P-384 with SHA-384.
    P384,
}

/// Digest of the document and the signed attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Why a token does not do what it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TokenError {
    /// Its module, the vendor's library, cannot be loaded.
    #[error("no_module")]
    NoModule,
    /// No such token is plugged in.
    #[error("no_token")]
    NoToken,
    /// Several tokens fit the name.
    #[error("several_tokens")]
    SeveralTokens,
    /// It has no key with a certificate that may sign now.
    #[error("no_key")]
    NoKey,
    /// Several keys may sign: one must be chosen.
    #[error("several_keys")]
    SeveralKeys,
    /// The PIN is wrong.
    #[error("wrong_pin")]
    WrongPin,
    /// The PIN is locked after wrong tries.
    #[error("locked")]
    Locked,
    /// It was pulled out.
    #[error("removed")]
    Removed,
    /// Its module died.
    #[error("crashed")]
    Crashed,
    /// Its module gives no answer.
    #[error("hung")]
    Hung,
    /// Its module refused otherwise.
    #[error("refused")]
    Refused,
}

/// Signs. The local key is one, a token is the other.
pub trait Signer: std::fmt::Debug {
    /// The signer's certificate, with those of its issuers.
    fn certificate(&self) -> &Certificate;
    /// How it signs.
    fn scheme(&self) -> SignatureAlgorithm;
    /// Signs a message as its scheme says; the answer is as CMS carries it.
    ///
    /// # Errors
    /// [`TokenError`].
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenError>;
}

/// The local key with its certificate.
#[derive(Debug, Clone, Copy)]
pub struct LocalSigner<'a> {
    /// Key.
    pub key: &'a SigningKey,
    /// Certificate.
    pub certificate: &'a Certificate,
}

impl Signer for LocalSigner<'_> {
    fn certificate(&self) -> &Certificate {
        self.certificate
    }

    fn scheme(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Ed25519
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        Ok(self.key.sign(message).to_vec())
    }
}

impl<S: Signer + ?Sized> Signer for &S {
    fn certificate(&self) -> &Certificate {
        (**self).certificate()
    }

    fn scheme(&self) -> SignatureAlgorithm {
        (**self).scheme()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        (**self).sign(message)
    }
}

impl SignatureAlgorithm {
    /// The scheme for a certificate's key; `None` for keys that do not sign here: too weak, or of a
    /// kind few readers know.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Option<Self> {
        let algorithm = certificate.details()?.algorithm;
        match algorithm.as_str() {
            "ed25519" => Some(Self::Ed25519),
            "ecdsa-p256" => Some(Self::P256),
            "ecdsa-p384" => Some(Self::P384),
            rsa => {
                let bits: u32 = rsa.strip_prefix("rsa-")?.parse().ok()?;
                (2048..=8192).contains(&bits).then_some(Self::Rsa)
            }
        }
    }

    /// The digest it goes with.
    #[must_use]
    pub fn digest(self) -> Digest {
        match self {
            Self::Ed25519 => Digest::Sha512,
            Self::P384 => Digest::Sha384,
            Self::Rsa | Self::P256 => Digest::Sha256,
        }
    }

    /// AlgorithmIdentifier of the signature.
    pub(super) fn algorithm(self) -> Vec<u8> {
        match self {
            Self::Ed25519 => ed25519(),
            // sha256WithRSAEncryption; NULL parameters (RFC 4055, 5).
            Self::Rsa => sequence(&[&oid(&[1, 2, 840, 113_549, 1, 1, 11]), &[5, 0]]),
            Self::P256 => sequence(&[&oid(&[1, 2, 840, 10_045, 4, 3, 2])]),
            Self::P384 => sequence(&[&oid(&[1, 2, 840, 10_045, 4, 3, 3])]),
        }
    }
}

impl Digest {
    /// AlgorithmIdentifier, without parameters (RFC 5754, 2).
    pub(super) fn algorithm(self) -> Vec<u8> {
        let last = match self {
            Self::Sha256 => 1,
            Self::Sha384 => 2,
            Self::Sha512 => 3,
        };
        sequence(&[&oid(&[2, 16, 840, 1, 101, 3, 4, 2, last])])
    }

    /// The digest of one piece.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}
