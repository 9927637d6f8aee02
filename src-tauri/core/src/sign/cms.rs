//! The CMS container of a PAdES B-B signature (ETSI EN 319 142-1; RFC 5652; RFC 8419).

use super::certificate::Certificate;
use super::der::{INTEGER, OCTET_STRING, oid, sequence, set_of, tlv};
use super::signer::{Digest, Signer, TokenProblem};

const SIGNED_DATA: [u32; 7] = [1, 2, 840, 113_549, 1, 7, 2];
const DATA: [u32; 7] = [1, 2, 840, 113_549, 1, 7, 1];
const CONTENT_TYPE: [u32; 7] = [1, 2, 840, 113_549, 1, 9, 3];
const MESSAGE_DIGEST: [u32; 7] = [1, 2, 840, 113_549, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: [u32; 9] = [1, 2, 840, 113_549, 1, 9, 16, 2, 47];
/// signature-time-stamp (RFC 3161, appendix A).
const SIGNATURE_TIME_STAMP: [u32; 9] = [1, 2, 840, 113_549, 1, 9, 16, 2, 14];
/// Largest time-stamp token that is taken, bytes.
pub const MAX_STAMP: usize = 24 << 10;

/// A request for a time-stamp (TimeStampReq, RFC 3161, 2.4.1) about a signature's value. It asks for
/// the authority's certificate; a nonce is left out, since no signature is stamped twice.
#[must_use]
pub fn stamp_request(signature: &[u8]) -> Vec<u8> {
    stamp_request_about(&Digest::Sha256.of(signature))
}

/// The same about a SHA-256 digest.
#[must_use]
pub fn stamp_request_about(digest: &[u8]) -> Vec<u8> {
    let imprint = sequence(&[&Digest::Sha256.algorithm(), &tlv(OCTET_STRING, digest)]);
    sequence(&[&tlv(INTEGER, &[1]), &imprint, &tlv(0x01, &[0xFF])])
}

/// A detached container over content whose digest, by the signer's scheme, is `digest`.
///
/// The claimed time stands in the PDF's signature dictionary: PAdES forbids the signing-time
/// attribute (EN 319 142-1, 6.3).
///
/// `stamp` turns the signature's value into a time-stamp token about it (level B-T), or answers `None`
/// (level B-B).
///
/// # Errors
/// Those of the signer.
pub fn detached(
    signer: &dyn Signer,
    digest: &[u8],
    stamp: &mut dyn FnMut(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, TokenProblem> {
    let certificate = signer.certificate();
    let hash = signer.scheme().digest();
    let hash_algorithm = hash.algorithm();
    let issuer_and_serial = sequence(&[&certificate.issuer, &certificate.serial]);

    // ESSCertIDv2 with the issuer's name as GeneralNames (RFC 5035); SHA-256 is its default, and DER
    // leaves defaults out.
    let general_name = sequence(&[&tlv(0xA4, &certificate.issuer)]);
    let named: &[u8] = if hash == Digest::Sha256 { &[] } else { &hash_algorithm };
    let certificate_id = sequence(&[
        named,
        &tlv(OCTET_STRING, &hash.of(certificate.der())),
        &sequence(&[&general_name, &certificate.serial]),
    ]);
    let attribute = |id: &[u32], value: Vec<u8>| sequence(&[&oid(id), &set_of(&[value])]);
    let attributes = set_of(&[
        attribute(&CONTENT_TYPE, oid(&DATA)),
        attribute(&MESSAGE_DIGEST, tlv(OCTET_STRING, digest)),
        attribute(&SIGNING_CERTIFICATE_V2, sequence(&[&sequence(&[&certificate_id])])),
    ]);
    // Signed as a SET, carried under an implicit [0].
    let signature = signer.sign(&attributes)?;
    let mut carried = attributes;
    if let Some(tag) = carried.first_mut() {
        *tag = 0xA0;
    }
    let stamped = match stamp(&signature) {
        Some(token) => tlv(0xA1, &attribute(&SIGNATURE_TIME_STAMP, token)),
        None => Vec::new(),
    };
    let signer_info = sequence(&[
        &tlv(INTEGER, &[1]),
        &issuer_and_serial,
        &hash_algorithm,
        &carried,
        &signer.scheme().algorithm(),
        &tlv(OCTET_STRING, &signature),
        &stamped,
    ]);
    let signed_data = sequence(&[
        &tlv(INTEGER, &[1]),
        &set_of(std::slice::from_ref(&hash_algorithm)),
        &sequence(&[&oid(&DATA)]),
        &carried_certificates(certificate),
        &set_of(&[signer_info]),
    ]);
    Ok(sequence(&[&oid(&SIGNED_DATA), &tlv(0xA0, &signed_data)]))
}

/// The signer's certificate and its issuers', a SET under an implicit [0].
fn carried_certificates(certificate: &Certificate) -> Vec<u8> {
    let all: Vec<Vec<u8>> =
        std::iter::once(certificate.der().to_vec()).chain(certificate.issuers.iter().cloned()).collect();
    let mut set = set_of(&all);
    if let Some(tag) = set.first_mut() {
        *tag = 0xA0;
    }
    set
}

/// Room a container by this certificate needs, bytes, with some to spare.
#[must_use]
pub fn room(certificate: &Certificate) -> usize {
    let issuers: usize = certificate.issuers.iter().map(Vec::len).sum();
    // Twice the certificate covers its names; an RSA signature of 8192 bits is 1024 bytes.
    certificate.der().len() * 2 + issuers + 2048
}
