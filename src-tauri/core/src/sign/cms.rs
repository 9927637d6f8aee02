//! The CMS container of a PAdES B-B signature (ETSI EN 319 142-1; RFC 5652; RFC 8419).

use sha2::{Digest, Sha512};

use super::certificate::Certificate;
use super::der::{INTEGER, OCTET_STRING, oid, sequence, set_of, tlv};
use super::key::{SigningKey, ed25519};

const SIGNED_DATA: [u32; 7] = [1, 2, 840, 113_549, 1, 7, 2];
const DATA: [u32; 7] = [1, 2, 840, 113_549, 1, 7, 1];
const CONTENT_TYPE: [u32; 7] = [1, 2, 840, 113_549, 1, 9, 3];
const MESSAGE_DIGEST: [u32; 7] = [1, 2, 840, 113_549, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: [u32; 9] = [1, 2, 840, 113_549, 1, 9, 16, 2, 47];
const SHA512: [u32; 9] = [2, 16, 840, 1, 101, 3, 4, 2, 3];

/// A detached container over content whose SHA-512 is `digest`.
///
/// The claimed time stands in the PDF's signature dictionary: PAdES forbids the signing-time
/// attribute (EN 319 142-1, 6.3).
#[must_use]
pub fn detached(key: &SigningKey, certificate: &Certificate, digest: &[u8; 64]) -> Vec<u8> {
    let sha512 = sequence(&[&oid(&SHA512)]);
    let issuer_and_serial = sequence(&[&certificate.issuer, &certificate.serial]);

    // ESSCertIDv2 with SHA-512 and the issuer's name as GeneralNames (RFC 5035).
    let general_name = sequence(&[&tlv(0xA4, &certificate.issuer)]);
    let certificate_id = sequence(&[
        &sha512,
        &tlv(OCTET_STRING, &Sha512::digest(certificate.der())),
        &sequence(&[&general_name, &certificate.serial]),
    ]);
    let attribute = |id: &[u32], value: Vec<u8>| sequence(&[&oid(id), &set_of(&[value])]);
    let attributes = set_of(&[
        attribute(&CONTENT_TYPE, oid(&DATA)),
        attribute(&MESSAGE_DIGEST, tlv(OCTET_STRING, digest)),
        attribute(&SIGNING_CERTIFICATE_V2, sequence(&[&sequence(&[&certificate_id])])),
    ]);
    // Signed as a SET, carried under an implicit [0].
    let signature = key.sign(&attributes);
    let mut carried = attributes;
    if let Some(tag) = carried.first_mut() {
        *tag = 0xA0;
    }
    let signer = sequence(&[
        &tlv(INTEGER, &[1]),
        &issuer_and_serial,
        &sha512,
        &carried,
        &ed25519(),
        &tlv(OCTET_STRING, &signature),
    ]);
    let signed_data = sequence(&[
        &tlv(INTEGER, &[1]),
        &set_of(&[sha512]),
        &sequence(&[&oid(&DATA)]),
        &tlv(0xA0, certificate.der()),
        &set_of(&[signer]),
    ]);
    sequence(&[&oid(&SIGNED_DATA), &tlv(0xA0, &signed_data)])
}

/// Room a container by this certificate needs, bytes, with some to spare.
#[must_use]
pub fn room(certificate: &Certificate) -> usize {
    certificate.der().len() * 2 + 1024
}
