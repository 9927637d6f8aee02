//! Keys that leave the counter and keys that come in: PKCS#8 and PKCS#12 as OpenSSL reads and writes
//! them (PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC; OpenSSL 3.0 reads no scrypt of our strength).
//!
//! Touches no disk. PKCS#12 goes through `p12-keystore`, whose own buffers are not wiped: whoever
//! calls this is done soon after.

use p12_keystore::{
    Certificate as Bagged, KeyStore, KeyStoreEntry, Pkcs12Archive, PrivateKey, PrivateKeyChain,
};
use pkcs5::pbes2::{Kdf, Parameters};
use pkcs8::der::Decode as _;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};

use super::certificate::Certificate;
use super::key::{ALGORITHM, KeyError, SigningKey};
use super::pem;
use crate::time::Clock;

/// Shortest pass phrase of a key that leaves, characters: outside anybody may try as often as they like.
pub const MIN_PASSPHRASE: usize = 8;
/// Rounds of PBKDF2-HMAC-SHA-256 (OWASP's figure of 2023).
const ROUNDS: u32 = 600_000;
/// Most rounds a file may ask for, and most memory for scrypt, bytes: a hostile file must not hang us.
const MAX_ROUNDS: u32 = 10_000_000;
const MAX_SCRYPT: u64 = 1 << 29;

/// A key that came in.
#[derive(Debug)]
pub struct Imported {
    /// The key.
    pub key: SigningKey,
    /// Certificates beside it, DER, as they stood.
    pub certificates: Vec<Vec<u8>>,
}

/// Why a file gives no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportError {
    /// No PKCS#8 and no PKCS#12.
    NotAKey,
    /// The pass phrase does not open it.
    WrongPassphrase,
    /// It is locked and no pass phrase was given.
    PassphraseMissing,
    /// A key of another algorithm, by its object identifier: the local key is Ed25519.
    OtherAlgorithm(String),
    /// It holds none, or more than one.
    NotOneKey,
    /// A certificate beside the key cannot be read.
    BadCertificate,
    /// It asks for more work than any honest file.
    TooCostly,
    /// It is locked by a cipher that is not opened here, as old ones are.
    OtherCipher,
    /// The pass phrase has letters that lock no PKCS#12 here ([`fits_pkcs12`]).
    Unfit,
}

/// The key as encrypted PKCS#8, PEM.
///
/// # Errors
/// [`KeyError::Randomness`], [`KeyError::NotSealed`].
pub fn to_pkcs8(key: &SigningKey, passphrase: &str, clock: &dyn Clock) -> Result<String, KeyError> {
    key.seal(passphrase, clock, |salt, iv| {
        Parameters::generate_pbkdf2_sha256_aes256cbc(ROUNDS, salt, iv).ok()
    })
}

/// Whether a pass phrase can lock PKCS#12: the format knows letters of two bytes only (BMPString; RFC 7292, B.1).
#[must_use]
pub fn fits_pkcs12(passphrase: &str) -> bool {
    passphrase.chars().all(|c| c <= '\u{FFFF}')
}

/// Key, certificate and issuers as PKCS#12, DER. Its salts come from the library's own source.
///
/// # Errors
/// [`KeyError::NotSealed`] when the certificate cannot be put in, or the pass phrase does not fit ([`fits_pkcs12`]).
pub fn to_pkcs12(key: &SigningKey, certificate: &Certificate, passphrase: &str) -> Result<Vec<u8>, KeyError> {
    let made = || -> Option<Vec<u8>> {
        let private = PrivateKey::from_der(&key.plain()?).ok()?;
        let mut bags = vec![Bagged::from_der(certificate.der()).ok()?];
        for issuer in &certificate.issuers {
            bags.push(Bagged::from_der(issuer).ok()?);
        }
        let id = key.public().as_bytes().to_vec();
        let mut store = KeyStore::new();
        let chain = PrivateKeyChain::new(id, private, bags);
        store.add_entry(&certificate.name, KeyStoreEntry::PrivateKeyChain(chain));
        store.writer(passphrase).encryption_iterations(ROUNDS).mac_iterations(ROUNDS).write().ok()
    };
    made().ok_or(KeyError::NotSealed)
}

/// Reads a key somebody made elsewhere: PKCS#8 (PEM or DER, locked or open) or PKCS#12. The pass
/// phrase is tried once.
///
/// # Errors
/// [`ImportError`].
pub fn import(bytes: &[u8], passphrase: Option<&str>) -> Result<Imported, ImportError> {
    if is_sealed(bytes) {
        return Ok(Imported { key: unlocked(bytes, passphrase)?, certificates: Vec::new() });
    }
    if PrivateKeyInfoRef::from_der(bytes).is_ok() {
        return Ok(Imported { key: open(bytes)?, certificates: Vec::new() });
    }
    let keys = pem::blocks(bytes, &[pem::KEY, pem::LOCKED_KEY]).map_err(|_| ImportError::NotAKey)?;
    let key = match keys.as_slice() {
        [] => return pkcs12(bytes, passphrase),
        [(pem::LOCKED_KEY, der)] => unlocked(der, passphrase)?,
        [(_, der)] => open(der)?,
        _ => return Err(ImportError::NotOneKey),
    };
    Ok(Imported { key, certificates: Certificate::all_in(bytes).ok_or(ImportError::BadCertificate)? })
}

fn open(der: &[u8]) -> Result<SigningKey, ImportError> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| ImportError::NotAKey)?;
    SigningKey::from_plain(&info).ok_or_else(|| match info.algorithm.oid {
        oid if oid == ALGORITHM.oid => ImportError::NotAKey,
        oid => ImportError::OtherAlgorithm(oid.to_string()),
    })
}

fn unlocked(der: &[u8], passphrase: Option<&str>) -> Result<SigningKey, ImportError> {
    let other = || if is_sealed(der) { ImportError::OtherCipher } else { ImportError::NotAKey };
    let sealed = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| other())?;
    let parameters = sealed.encryption_algorithm.pbes2().ok_or(ImportError::OtherCipher)?;
    let costly = match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => kdf.iteration_count > MAX_ROUNDS,
        Kdf::Scrypt(kdf) => {
            let memory = u64::from(kdf.block_size).saturating_mul(kdf.cost_parameter).saturating_mul(128);
            memory.saturating_mul(u64::from(kdf.parallelization)) > MAX_SCRYPT
        }
        _ => false,
    };
    if costly {
        return Err(ImportError::TooCostly);
    }
    let passphrase = passphrase.ok_or(ImportError::PassphraseMissing)?;
    let plain = sealed.decrypt(passphrase).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::UnsupportedAlgorithm { .. }) => {
            ImportError::OtherCipher
        }
        _ => ImportError::WrongPassphrase,
    })?;
    match open(plain.as_bytes()) {
        // A wrong pass phrase may, one time in some hundred, give well-formed padding.
        Err(ImportError::NotAKey) => Err(ImportError::WrongPassphrase),
        other => other,
    }
}

/// Whether it is built as a locked PKCS#8 key (RFC 5958, 3), whatever it is locked with.
fn is_sealed(der: &[u8]) -> bool {
    use pkcs8::der::asn1::{AnyRef, OctetStringRef};
    use pkcs8::der::{Reader as _, SliceReader, Tag, Tagged as _};
    let parts = || {
        let whole = AnyRef::from_der(der).ok().filter(|whole| whole.tag() == Tag::Sequence)?;
        let mut inside = SliceReader::new(whole.value()).ok()?;
        let algorithm = AnyRef::decode(&mut inside).ok()?;
        let bytes = <&OctetStringRef>::decode(&mut inside).is_ok();
        Some(algorithm.tag() == Tag::Sequence && bytes && inside.is_finished())
    };
    parts().unwrap_or(false)
}

fn pkcs12(bytes: &[u8], passphrase: Option<&str>) -> Result<Imported, ImportError> {
    use p12_keystore::error::Error;
    if !passphrase.is_none_or(fits_pkcs12) {
        return Err(ImportError::Unfit);
    }
    // An empty pass phrase is what files without one have.
    let archive = match Pkcs12Archive::from_pkcs12(bytes, passphrase.unwrap_or_default()) {
        Ok(archive) => archive,
        Err(Error::MacError(_)) if passphrase.is_none() => return Err(ImportError::PassphraseMissing),
        Err(Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError) => {
            return Err(ImportError::WrongPassphrase);
        }
        Err(Error::InvalidParameters) => return Err(ImportError::TooCostly),
        Err(_) => return Err(ImportError::NotAKey),
    };
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    match archive.keys.as_slice() {
        [only] => Ok(Imported { key: open(only.key.as_der())?, certificates }),
        _ => Err(ImportError::NotOneKey),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::self_signed;
    use crate::sign::certificate::Subject;
    use crate::time::SystemClock;

    #[test]
    fn a_key_comes_with_the_certificates_beside_it_or_not_at_all() {
        let clock = SystemClock { offset: chrono::FixedOffset::east_opt(7 * 3600).unwrap() };
        let key = SigningKey::make(&clock).unwrap();
        let subject = Subject { name: "Lan".into(), office: "UBND".into(), unit: "Khóa".into() };
        let der = self_signed(&key, &subject, [7; 16], clock.now()).unwrap();
        let certificate = Certificate::from_der(&der).unwrap().pem().unwrap();
        let open = pkcs8::SecretDocument::try_from(key.plain().unwrap().as_slice()).unwrap();
        let open = open.to_pem(pem::KEY, pkcs8::LineEnding::LF).unwrap();
        // As `openssl pkcs12 -nodes` writes them.
        let text = format!("Bag Attributes\n{certificate}Bag Attributes\n{}\n\n", open.as_str());
        let imported = import(text.as_bytes(), None).unwrap();
        assert_eq!((imported.key.public(), imported.certificates), (key.public(), vec![der]));
        let broken = text.replacen("MII", "M!I", 1);
        assert_eq!(import(broken.as_bytes(), None).unwrap_err(), ImportError::BadCertificate);
        let two = format!("{text}{}", open.as_str());
        assert_eq!(import(two.as_bytes(), None).unwrap_err(), ImportError::NotOneKey);
    }
}
