//! Certification requests (PKCS#10, RFC 2986): ours go out, a clerk's comes in to the office's authority.

use sha2::{Digest as _, Sha256};
use x509_cert::builder::Builder as _;
use x509_cert::der::{Decode as _, Encode as _, EncodePem as _, pem::LineEnding};
use x509_cert::ext::pkix::name::DirectoryString;
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};
use x509_cert::request::{CertReq, RequestBuilder};

use super::certificate::{Certificate, algorithm, common_name};
use super::key::SigningKey;
use super::pem;
use super::verify::signature_holds;
use crate::words::is_unseen;

/// A request whose signature holds: whoever made it has the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Subject, DER.
    pub(super) subject: Vec<u8>,
    /// Public key, DER (SubjectPublicKeyInfo).
    pub(super) key: Vec<u8>,
    /// Subject, as RFC 4514 writes names.
    pub name: String,
    /// Common name.
    pub person: String,
    /// Organisation, else its unit; empty when neither is named.
    pub unit: String,
    /// SHA-256 of the whole request, DER, hexadecimal.
    pub fingerprint: String,
    /// Key: `ed25519`, `rsa-2048`, …
    pub algorithm: String,
}

/// Why a request is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadRequest {
    /// No PKCS#10.
    Unreadable,
    /// Its signature does not hold.
    BadSignature,
    /// Its key is too weak, or of a kind nobody here verifies.
    WeakKey,
    /// It names nobody.
    NoName,
    /// Nobody sees a part of its name, or it is read another way than it is written.
    BadName,
}

/// A request for the key and subject of a certificate, PEM. Asks for signing documents.
#[must_use]
pub fn make(key: &SigningKey, certificate: &Certificate) -> Option<String> {
    let subject = x509_cert::Certificate::from_der(certificate.der()).ok()?;
    let mut builder = RequestBuilder::new(subject.tbs_certificate().subject().clone()).ok()?;
    let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
    builder.add_extension(&usage).ok()?;
    builder.build(key.inner()).ok()?.to_pem(LineEnding::LF).ok()
}

/// Reads a request, PEM or DER, and checks that its maker has the key.
///
/// # Errors
/// [`BadRequest`].
pub fn read(bytes: &[u8]) -> Result<Request, BadRequest> {
    let unreadable = |_| BadRequest::Unreadable;
    let parsed = match pem::blocks(bytes, &pem::REQUEST).map_err(|_| BadRequest::Unreadable)?.as_slice() {
        [] => CertReq::from_der(bytes).map_err(unreadable)?,
        [(_, only)] => CertReq::from_der(only).map_err(unreadable)?,
        _ => return Err(BadRequest::Unreadable),
    };
    let der = |part: x509_cert::der::Result<Vec<u8>>| part.map_err(|_| BadRequest::Unreadable);
    let key = der(parsed.info.public_key.to_der())?;
    let signed = der(parsed.info.to_der())?;
    let signature = parsed.signature.as_bytes().ok_or(BadRequest::Unreadable)?;
    let algorithm_id = der(parsed.algorithm.to_der())?;
    let algorithm = algorithm(&parsed.info.public_key).ok_or(BadRequest::WeakKey)?;
    let strong = ["ed25519", "ecdsa-p256", "ecdsa-p384"].contains(&algorithm.as_str())
        || algorithm
            .strip_prefix("rsa-")
            .and_then(|bits| bits.parse().ok())
            .is_some_and(|bits: u32| bits >= 2048);
    if !strong {
        return Err(BadRequest::WeakKey);
    }
    if !signature_holds(&algorithm_id, &key, &signed, signature) {
        return Err(BadRequest::BadSignature);
    }
    let subject = &parsed.info.subject;
    let person = common_name(subject).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let person = person.ok_or(BadRequest::NoName)?;
    let (office, unit) = (text(subject.organization()), text(subject.organization_unit()));
    let name = subject.to_string();
    let parts = [Some(&name), Some(&person), office.as_ref(), unit.as_ref()];
    if parts.into_iter().flatten().any(|part| part.chars().any(is_unseen)) {
        return Err(BadRequest::BadName);
    }
    Ok(Request {
        subject: der(subject.to_der())?,
        key,
        name,
        person,
        unit: office.or(unit).unwrap_or_default(),
        fingerprint: crate::hex::encode(&Sha256::digest(der(parsed.to_der())?)),
        algorithm,
    })
}

/// A part of a name that says something.
fn text(part: x509_cert::der::Result<Option<DirectoryString>>) -> Option<String> {
    let part = part.ok()??.value().trim().to_owned();
    (!part.is_empty()).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::self_signed;
    use crate::sign::certificate::Subject;
    use crate::time::{Clock as _, SystemClock};

    #[test]
    fn a_request_is_read_whatever_stands_around_it() {
        let clock = SystemClock { offset: chrono::FixedOffset::east_opt(7 * 3600).unwrap() };
        let key = SigningKey::make(&clock).unwrap();
        let subject = Subject { name: "Lan".into(), office: "UBND".into(), unit: "Khóa".into() };
        let der = self_signed(&key, &subject, [7; 16], clock.now()).unwrap();
        let pem = make(&key, &Certificate::from_der(&der).unwrap()).unwrap();
        let old = format!("Yêu cầu\n{}\n\n", pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
        assert_eq!(read(old.as_bytes()).unwrap(), read(pem.as_bytes()).unwrap());
        assert_eq!(read(format!("{pem}{pem}").as_bytes()).unwrap_err(), BadRequest::Unreadable);
    }
}
