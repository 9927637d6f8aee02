//! The primitives: digests over a stream of bytes, and one signature check.
//!
//! The only thing this path shares with the signing path are the crates named here.

use std::cell::RefCell;
use std::collections::HashMap;

use ring::signature as rs;
use sha2::Digest as _;

use super::der::{self, Der};

/// A digest algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DigestAlgorithm {
    Sha256,
    Sha384,
    Sha512,
    /// MD5, SHA-1: must not carry a signature any more.
    Weak,
}

const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA384: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
const SHA1: &[u8] = &[0x2b, 14, 3, 2, 26];
const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 2, 5];
const MD2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 2, 2];
const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 8];
/// PKCS #1: the last byte tells which.
const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1];
/// ecdsa-with-SHA2: the last byte tells which.
const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3];
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];
const EC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

impl DigestAlgorithm {
    /// By object identifier; `None` when it is unheard of here.
    pub(super) fn from_oid(oid: &[u8]) -> Option<Self> {
        match oid {
            SHA256 => Some(Self::Sha256),
            SHA384 => Some(Self::Sha384),
            SHA512 => Some(Self::Sha512),
            SHA1 | MD5 | MD2 => Some(Self::Weak),
            _ => None,
        }
    }

    /// The digest of one piece; `None` for a weak algorithm.
    pub(super) fn of(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut running = Digester::new(self)?;
        running.update(bytes);
        Some(running.finish())
    }
}

/// A digest in the making.
pub(super) enum Digester {
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
}

impl Digester {
    pub(super) fn new(hash: DigestAlgorithm) -> Option<Self> {
        Some(match hash {
            DigestAlgorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            DigestAlgorithm::Sha384 => Self::Sha384(sha2::Sha384::new()),
            DigestAlgorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
            DigestAlgorithm::Weak => return None,
        })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(h) => h.update(bytes),
            Self::Sha384(h) => h.update(bytes),
            Self::Sha512(h) => h.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha256(h) => h.finalize().to_vec(),
            Self::Sha384(h) => h.finalize().to_vec(),
            Self::Sha512(h) => h.finalize().to_vec(),
        }
    }
}

/// SHA-1, only to match the certificate named by an old signing-certificate attribute: there it
/// tells certificates apart and carries no trust.
pub(super) fn sha1_name(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

/// What a signature check said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Good,
    Bad,
    /// SHA-1 and the like, or a key too short.
    Weak,
    /// An algorithm this program does not know.
    Unsupported,
    /// Algorithm, parameters, digest or key do not fit each other.
    Inconsistent,
}

/// Checks a signature over `message`.
///
/// `algorithm` is the raw `AlgorithmIdentifier` beside the signature, `digest` the digest named
/// elsewhere (CMS) if any, `key` the signer's raw `SubjectPublicKeyInfo`.
pub(super) fn verify(
    algorithm: &[u8],
    digest: Option<DigestAlgorithm>,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    check(algorithm, digest, key, message, signature).unwrap_or(Outcome::Inconsistent)
}

fn check(
    algorithm: &[u8],
    digest: Option<DigestAlgorithm>,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<Outcome, der::NotDer> {
    let (oid, parameters) = der::algorithm(&Der::new(algorithm).next()?)?;
    let mut spki = Der::new(key).expect(der::SEQUENCE)?.inside();
    let (key_oid, key_parameters) = der::algorithm(&spki.next()?)?;
    let key_bits = der::whole_bits(&spki.expect(der::BIT_STRING)?)?;
    spki.finish()?;

    if oid == ED25519 {
        // RFC 8419: no parameters; the digest beside it is SHA-512.
        let plain = parameters.is_none() && key_parameters.is_none();
        if key_oid != ED25519 || !plain || digest.is_some_and(|d| d != DigestAlgorithm::Sha512) {
            return Ok(Outcome::Inconsistent);
        }
        return Ok(ed25519(key_bits, message, signature));
    }
    if (oid, key_oid) == (PSS, PSS) {
        // A key that may do with nothing else, or with these parameters only (RFC 4055, 1.2).
        let fits = key_parameters.is_none_or(|own| parameters.is_some_and(|used| used.raw == own.raw));
        return if fits {
            pss(parameters, digest, key_bits, message, signature)
        } else {
            Ok(Outcome::Unsupported)
        };
    }
    if let (Some((kind, PKCS1)), PKCS1_KEY) = (oid.split_last(), key_oid) {
        if key_parameters.is_some_and(|p| p.raw != der::NULL) {
            return Ok(Outcome::Inconsistent);
        }
        return rsa(*kind, parameters, digest, key_bits, message, signature);
    }
    if oid == ECDSA_SHA1 {
        return Ok(Outcome::Weak);
    }
    let named = match oid.split_last() {
        Some((kind, ECDSA_SHA2)) => sha2_by(*kind, 2),
        _ if oid == EC_KEY => digest,
        _ => return Ok(Outcome::Unsupported),
    };
    let Some(hash) = named else { return Ok(Outcome::Unsupported) };
    if key_oid != EC_KEY || digest.is_some_and(|d| d != hash) {
        return Ok(Outcome::Inconsistent);
    }
    // Points in short forms not everybody takes.
    if key_bits.first() != Some(&4) {
        return Ok(Outcome::Unsupported);
    }
    let curve = key_parameters.filter(|p| p.tag == der::OID).map(|p| p.body).unwrap_or_default();
    let check: &'static dyn rs::VerificationAlgorithm = match (curve, hash) {
        (_, DigestAlgorithm::Weak) => return Ok(Outcome::Weak),
        (P256, DigestAlgorithm::Sha256) => &rs::ECDSA_P256_SHA256_ASN1,
        (P256, DigestAlgorithm::Sha384) => &rs::ECDSA_P256_SHA384_ASN1,
        (P384, DigestAlgorithm::Sha256) => &rs::ECDSA_P384_SHA256_ASN1,
        (P384, DigestAlgorithm::Sha384) => &rs::ECDSA_P384_SHA384_ASN1,
        _ => return Ok(of_prehashed(curve, hash, key_bits, message, signature)),
    };
    Ok(verdict(check, key_bits, message, signature))
}

/// ECDSA where ring knows the curve or the digest beside it not.
fn of_prehashed(
    curve: &[u8],
    hash: DigestAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    macro_rules! holds {
        ($curve:ident, $digest:expr) => {{
            use $curve::ecdsa::{DerSignature, VerifyingKey, signature::hazmat::PrehashVerifier as _};
            let signature = DerSignature::try_from(signature).ok();
            let key = VerifyingKey::from_sec1_bytes(key).ok();
            key.zip(signature)
                .is_some_and(|(key, signature)| key.verify_prehash(&$digest, &signature).is_ok())
        }};
    }
    let Some(digest) = hash.of(message) else { return Outcome::Weak };
    match curve {
        P256 => good(holds!(p256, digest)),
        P384 => good(holds!(p384, digest)),
        // The crate refuses numbers far below the curve's; with zeros before it a digest is the same number.
        P521 => good(holds!(p521, [vec![0; 66 - digest.len()], digest].concat())),
        _ => Outcome::Unsupported,
    }
}

/// RSASSA-PSS, of signatures, and of keys for nothing else.
const PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 10];
/// rsaEncryption, the kind of nearly every RSA key.
const PKCS1_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1];

fn rsa(
    kind: u8,
    parameters: Option<der::Tlv<'_>>,
    digest: Option<DigestAlgorithm>,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<Outcome, der::NotDer> {
    let hash = match kind {
        // rsaEncryption: the digest is the one named beside it.
        1 => digest,
        10 => return pss(parameters, digest, key, message, signature),
        2..=5 => Some(DigestAlgorithm::Weak),
        _ => sha2_by(kind, 11),
    };
    let Some(hash) = hash else { return Ok(Outcome::Unsupported) };
    if digest.is_some_and(|d| d != hash) {
        return Ok(Outcome::Inconsistent);
    }
    if parameters.is_some_and(|p| p.raw != der::NULL) {
        return Ok(Outcome::Inconsistent);
    }
    let check: &'static dyn rs::VerificationAlgorithm = match hash {
        DigestAlgorithm::Sha256 => &rs::RSA_PKCS1_2048_8192_SHA256,
        DigestAlgorithm::Sha384 => &rs::RSA_PKCS1_2048_8192_SHA384,
        DigestAlgorithm::Sha512 => &rs::RSA_PKCS1_2048_8192_SHA512,
        DigestAlgorithm::Weak => return Ok(Outcome::Weak),
    };
    Ok(of_unfit_size(key)?.unwrap_or_else(|| verdict(check, key, message, signature)))
}

fn pss(
    parameters: Option<der::Tlv<'_>>,
    digest: Option<DigestAlgorithm>,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<Outcome, der::NotDer> {
    // All defaults are SHA-1; in the mask it needs no strength.
    let Some(parameters) = parameters.filter(|p| p.tag == der::SEQUENCE) else { return Ok(Outcome::Weak) };
    let mut fields = parameters.inside();
    let Some(hash) = fields.optional(0xa0)? else { return Ok(Outcome::Weak) };
    let Some(mask) = fields.optional(0xa1)? else { return Ok(Outcome::Unsupported) };
    let salt = match fields.optional(0xa2)? {
        Some(salt) => der::small(&salt.inside().expect(der::INTEGER)?)?,
        None => 20,
    };
    // trailerField is 1, whether it says so or not (RFC 4055, 3.1).
    let trailer =
        fields.optional(0xa3)?.map(|one| der::small(&one.inside().expect(der::INTEGER)?)).transpose()?;
    fields.finish()?;
    if trailer.is_some_and(|trailer| trailer != 1) {
        return Ok(Outcome::Inconsistent);
    }
    let hash = DigestAlgorithm::from_oid(der::algorithm(&hash.inside().next()?)?.0);
    let (mask_oid, mask_hash) = der::algorithm(&mask.inside().next()?)?;
    let mask_hash = DigestAlgorithm::from_oid(der::algorithm(&mask_hash.ok_or(der::NotDer)?)?.0);
    let Some(hash) = hash.filter(|_| mask_oid == MGF1 && mask_hash == hash) else {
        return Ok(Outcome::Unsupported);
    };
    if digest.is_some_and(|d| d != hash) {
        return Ok(Outcome::Inconsistent);
    }
    if let Some(unfit) = of_unfit_size(key)? {
        return Ok(unfit);
    }
    let check: &'static dyn rs::VerificationAlgorithm = match (hash, salt) {
        (DigestAlgorithm::Sha256, 32) => &rs::RSA_PSS_2048_8192_SHA256,
        (DigestAlgorithm::Sha384, 48) => &rs::RSA_PSS_2048_8192_SHA384,
        (DigestAlgorithm::Sha512, 64) => &rs::RSA_PSS_2048_8192_SHA512,
        (DigestAlgorithm::Weak, _) => return Ok(Outcome::Weak),
        // ring knows only salts as long as the digest; pyHanko and others make the longest that fit.
        (DigestAlgorithm::Sha256, _) => return Ok(salted::<sha2::Sha256>(salt, key, message, signature)),
        (DigestAlgorithm::Sha384, _) => return Ok(salted::<sha2::Sha384>(salt, key, message, signature)),
        (DigestAlgorithm::Sha512, _) => return Ok(salted::<sha2::Sha512>(salt, key, message, signature)),
    };
    Ok(verdict(check, key, message, signature))
}

/// RSA-PSS with a salt of any length.
fn salted<D>(salt: u32, key: &[u8], message: &[u8], signature: &[u8]) -> Outcome
where
    D: sha2::Digest + rsa::signature::digest::FixedOutputReset,
{
    use rsa::pkcs1::DecodeRsaPublicKey as _;
    let Ok(key) = rsa::PublicKey::from_pkcs1_der(key) else { return Outcome::Unsupported };
    let scheme = rsa::Pss::<D>::new_with_salt(salt as usize);
    good(key.verify(scheme, &D::digest(message), signature).is_ok())
}

/// What came of checking the signature of one thing, by key: the same is asked over and over.
#[derive(Debug, Clone, Default)]
pub(super) struct SignatureCache(RefCell<HashMap<Vec<u8>, Outcome>>);

/// What was tried before makes no thing another one.
impl PartialEq for SignatureCache {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for SignatureCache {}

impl SignatureCache {
    pub(super) fn of(&self, algorithm: &[u8], key: &[u8], message: &[u8], signature: &[u8]) -> Outcome {
        /// Most bytes hashed for one thing, by whichever keys: of honest issuers there are a few of one name.
        const MOST_HASHED: usize = 64 << 20;
        /// So many keys are tried of any.
        const LEAST_KEYS: usize = 8;
        if let Some(outcome) = self.0.borrow().get(key) {
            return *outcome;
        }
        let keys = (MOST_HASHED / message.len().max(1 << 16)).max(LEAST_KEYS);
        if self.0.borrow().len() >= keys {
            return Outcome::Unsupported;
        }
        let outcome = verify(algorithm, None, key, message, signature);
        self.0.borrow_mut().insert(key.to_vec(), outcome);
        outcome
    }
}

/// What is said of an RSA key below 2048 bits, or of one that ring does not take: beyond 8192 bits, with an exponent of its
/// own, or written in another way.
fn of_unfit_size(key: &[u8]) -> Result<Option<Outcome>, der::NotDer> {
    let mut outer = Der::new(key);
    let mut fields = outer.expect(der::SEQUENCE)?.inside();
    let (modulus, exponent) = (fields.expect(der::INTEGER)?, fields.expect(der::INTEGER)?);
    let plain =
        outer.finish().and(fields.finish()).is_ok() && [&modulus, &exponent].into_iter().all(is_positive);
    let mut digits = modulus.body.iter().skip_while(|b| **b == 0);
    let first = digits.next().map_or(8, |first| first.leading_zeros() as usize);
    let public =
        exponent.body.iter().fold(0_u64, |value, digit| value.saturating_mul(256) | u64::from(*digit));
    Ok(match (digits.count() + 1) * 8 - first {
        ..2048 => Some(Outcome::Weak),
        2048..=8192 if plain && public % 2 == 1 && (3..1 << 33).contains(&public) => None,
        _ => Some(Outcome::Unsupported),
    })
}

/// Whether an INTEGER is above zero and no longer than it must be.
fn is_positive(number: &der::Tlv<'_>) -> bool {
    match number.body {
        [0, second, ..] => *second >= 0x80,
        [first, ..] => (1..0x80).contains(first),
        [] => false,
    }
}

fn sha2_by(kind: u8, first: u8) -> Option<DigestAlgorithm> {
    match kind.checked_sub(first)? {
        0 => Some(DigestAlgorithm::Sha256),
        1 => Some(DigestAlgorithm::Sha384),
        2 => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}

fn verdict(
    check: &'static dyn rs::VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Outcome {
    good(rs::UnparsedPublicKey::new(check, key).verify(message, signature).is_ok())
}

fn good(holds: bool) -> Outcome {
    if holds { Outcome::Good } else { Outcome::Bad }
}

/// Ed25519 as RFC 8032 wants it and nothing looser: no small-order keys, no second form of `s`.
pub(super) fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> Outcome {
    let key = <[u8; 32]>::try_from(key).ok().and_then(|k| ed25519_dalek::VerifyingKey::from_bytes(&k).ok());
    let signature = ed25519_dalek::Signature::from_slice(signature).ok();
    let (Some(key), Some(signature)) = (key, signature) else { return Outcome::Bad };
    if key.verify_strict(message, &signature).is_ok() { Outcome::Good } else { Outcome::Bad }
}
