//! The question whether a certificate was revoked (OCSP, RFC 6960, 4.1.1).
//!
//! Touches only the bytes it is given; what is answered is judged by [`super::verify`].

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

use super::der::{OCTET_STRING, oid, sequence, tlv};

/// The request about a certificate of an issuer, DER all; `None` when either cannot be read. The issuer is named
/// by SHA-1, which every responder knows (RFC 5019, 2.1.1): it tells issuers apart and carries no trust.
#[must_use]
pub fn request(certificate: &[u8], issuer: &[u8]) -> Option<Vec<u8>> {
    let (one, issuer) = (Certificate::from_der(certificate).ok()?, Certificate::from_der(issuer).ok()?);
    let issuer = issuer.tbs_certificate();
    let hash = |bytes: &[u8]| tlv(OCTET_STRING, digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    let sha1 = sequence(&[&oid(&[1, 3, 14, 3, 2, 26]), &[5, 0]]);
    let name = hash(&issuer.subject().to_der().ok()?);
    let key = hash(issuer.subject_public_key_info().subject_public_key.raw_bytes());
    let serial = one.tbs_certificate().serial_number().to_der().ok()?;
    let id = sequence(&[&sha1, &name, &key, &serial]);
    // OCSPRequest, TBSRequest, requestList, Request around the CertID.
    Some(sequence(&[&sequence(&[&sequence(&[&sequence(&[&id])])])]))
}
