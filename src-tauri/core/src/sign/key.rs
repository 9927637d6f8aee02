//! The local signing key ("khóa ký cục bộ"): made, kept encrypted, unlocked once by a PIN.
//!
//! PKCS#8 version 1 inside PBES2 (scrypt, AES-256-CBC), so that other programs can read it.
//! Nothing here logs, and nothing secret can be printed.

use ed25519_dalek::{Signer as _, SigningKey as Ed25519, VerifyingKey};
use pkcs5::pbes2::Parameters;
use pkcs8::der::{Decode as _, Encode as _, asn1::OctetStringRef, pem::PemLabel as _};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use sha2::{Digest, Sha512};
use zeroize::Zeroizing;

use super::der::{bit_string, oid, sequence};
use crate::time::Clock;

/// A signing key in the open, in memory only; wiped when dropped.
pub struct SigningKey(Ed25519);

/// A PIN or pass phrase as typed; wiped when dropped, and never printed (zeroize from 1.9 on).
pub type Secret = Zeroizing<String>;

/// Shortest PIN taken, characters.
pub const MIN_PIN: usize = 4;

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(hidden)")
    }
}

/// Why a key cannot be kept or opened.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The PIN does not open the key.
    #[error("wrong PIN")]
    WrongPin,
    /// The file is no key of ours.
    #[error("the key file is damaged")]
    Damaged,
    /// The key could not be written.
    #[error("the key cannot be written")]
    NotSealed,
    /// The system has no randomness.
    #[error("no randomness")]
    Randomness(#[from] std::io::Error),
}

/// How hard it is to try a secret.
#[derive(Debug, Clone, Copy)]
pub enum Cost {
    /// For a PIN: scrypt N=2^16, r=8, p=2, one of OWASP's equivalent settings; 64 MB, so that a
    /// weak PC and a run of 500 pages stay within their memory.
    Pin,
    /// For a secret that is itself 512 random bits.
    Derived,
}

impl SigningKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`KeyError::Randomness`].
    pub fn make(clock: &dyn Clock) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        clock.random(seed.as_mut())?;
        Ok(Self(Ed25519::from_bytes(&seed)))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        self.0.verifying_key()
    }

    /// The public half as SubjectPublicKeyInfo, DER (RFC 8410).
    #[must_use]
    pub fn public_info(&self) -> Vec<u8> {
        sequence(&[&ed25519(), &bit_string(self.public().as_bytes())])
    }

    /// Signs a message (RFC 8032, pure).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The secret under which another key of the same counter is kept, so that one PIN opens both.
    #[must_use]
    pub fn derive_secret(&self, purpose: &str) -> Secret {
        let mut hash = Sha512::new();
        hash.update(b"sao-y/key-wrap/v1\0");
        hash.update(purpose.as_bytes());
        hash.update(b"\0");
        hash.update(self.0.as_bytes());
        let mut digest = Zeroizing::new([0; 64]);
        hash.finalize_into((&mut *digest).into());
        Zeroizing::new(crate::hex::encode(digest.as_ref()))
    }

    /// The key as an encrypted PKCS#8 PEM text.
    ///
    /// # Errors
    /// [`KeyError::Randomness`], [`KeyError::NotSealed`].
    pub fn encrypt(&self, secret: &str, cost: Cost, clock: &dyn Clock) -> Result<String, KeyError> {
        let (log_n, r, p) = match cost {
            Cost::Pin => (16, 8, 2),
            Cost::Derived => (10, 8, 1),
        };
        self.seal(secret, clock, |salt, iv| {
            let scrypt = pkcs5::scrypt::Params::new(log_n, r, p).ok()?;
            Parameters::generate_scrypt_aes256cbc(scrypt, salt, iv).ok()
        })
    }

    /// The key as an encrypted PKCS#8 PEM text; `parameters` are made of a salt and an initialization vector.
    pub(super) fn seal(
        &self,
        secret: &str,
        clock: &dyn Clock,
        parameters: impl Fn(&[u8], [u8; 16]) -> Option<Parameters>,
    ) -> Result<String, KeyError> {
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        clock.random(&mut salt)?;
        clock.random(&mut iv)?;
        let sealed = || -> Option<String> {
            // Version 1, without the public key: OpenSSL 3.0 reads no version 2.
            let plain = self.plain()?;
            let info = PrivateKeyInfoRef::from_der(&plain).ok()?;
            let document = info.encrypt_with_params(parameters(&salt, iv)?, secret).ok()?;
            let pem = document.to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, pkcs8::LineEnding::LF).ok()?;
            Some(pem.to_string())
        };
        sealed().ok_or(KeyError::NotSealed)
    }

    /// For the builders of requests and certificates.
    pub(super) fn inner(&self) -> &Ed25519 {
        &self.0
    }

    /// The private half as PKCS#8 version 1, DER, in the open.
    pub(super) fn plain(&self) -> Option<Zeroizing<Vec<u8>>> {
        let inner = Zeroizing::new([&[0x04, 0x20], self.0.as_bytes().as_slice()].concat());
        let octets = OctetStringRef::new(&inner).ok()?;
        PrivateKeyInfoRef::new(ALGORITHM, octets).to_der().ok().map(Zeroizing::new)
    }

    /// The key in an open PKCS#8; `None` when it is no whole Ed25519 key.
    pub(super) fn from_plain(info: &PrivateKeyInfoRef<'_>) -> Option<Self> {
        if info.algorithm.oid != ALGORITHM.oid {
            return None;
        }
        let seed = match info.private_key.as_bytes() {
            [0x04, 0x20, seed @ ..] => <[u8; 32]>::try_from(seed).map(Zeroizing::new).ok(),
            _ => None,
        };
        Some(Self(Ed25519::from_bytes(&*seed?)))
    }

    /// Opens a key kept by [`SigningKey::encrypt`]. The secret is tried once.
    ///
    /// # Errors
    /// [`KeyError::WrongPin`], [`KeyError::Damaged`].
    pub fn decrypt(pem: &str, secret: &str) -> Result<Self, KeyError> {
        let (label, document) = pkcs8::Document::from_pem(pem).map_err(|_| KeyError::Damaged)?;
        if label != EncryptedPrivateKeyInfoRef::PEM_LABEL {
            return Err(KeyError::Damaged);
        }
        let sealed =
            EncryptedPrivateKeyInfoRef::from_der(document.as_bytes()).map_err(|_| KeyError::Damaged)?;
        let opened = sealed.decrypt(secret).map_err(|_| KeyError::WrongPin)?;
        // A wrong PIN may, one time in some hundred, give well-formed padding: then the inside is no key.
        let info = PrivateKeyInfoRef::from_der(opened.as_bytes()).map_err(|_| KeyError::WrongPin)?;
        Self::from_plain(&info).ok_or(KeyError::Damaged)
    }
}

pub(super) const ALGORITHM: pkcs8::AlgorithmIdentifierRef<'_> =
    pkcs8::AlgorithmIdentifierRef { oid: ed25519_dalek::pkcs8::ALGORITHM_OID, parameters: None };

/// The algorithm identifier of Ed25519: no parameters (RFC 8410).
pub(super) fn ed25519() -> Vec<u8> {
    sequence(&[&oid(&[1, 3, 101, 112])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SystemClock;

    fn clock() -> SystemClock {
        SystemClock { offset: chrono::FixedOffset::east_opt(7 * 3600).unwrap() }
    }

    #[test]
    fn the_right_pin_opens_and_a_wrong_one_does_not() {
        let key = SigningKey::make(&clock()).unwrap();
        let pem = key.encrypt("đúng 123456", Cost::Derived, &clock()).unwrap();
        assert_eq!(SigningKey::decrypt(&pem, "đúng 123456").unwrap().public(), key.public());
        assert!(matches!(SigningKey::decrypt(&pem, "123456"), Err(KeyError::WrongPin)));
        assert!(matches!(SigningKey::decrypt("rubbish", "123456"), Err(KeyError::Damaged)));
    }

    #[test]
    fn nothing_secret_is_printed() {
        let key = SigningKey::make(&clock()).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(hidden)");
        assert!(!format!("{:?}", Secret::new("13579".to_owned())).contains("13579"));
    }

    #[test]
    fn derived_secrets_differ_by_purpose() {
        let key = SigningKey::make(&clock()).unwrap();
        assert_ne!(*key.derive_secret("station"), *key.derive_secret("other"));
    }
}
