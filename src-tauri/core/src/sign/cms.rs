//! The CMS container of a PAdES B-B signature (ETSI EN 319 142-1; RFC 5652; RFC 8419).

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode as _, Encode as _, Reader as _, SliceReader, Tagged as _};

use super::certificate::Certificate;
use super::der::{INTEGER, OCTET_STRING, oid, sequence, set_of, tlv};
use super::signer::{Digest, Signer, TokenError};

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

/// Certificates that a container carries, DER; none where it cannot be read.
#[must_use]
pub fn certificates_in(container: &[u8]) -> Vec<Vec<u8>> {
    let carried = || -> Option<Vec<Vec<u8>>> {
        let content = parts(AnyRef::from_der(container).ok()?)?;
        let signed_data = parts(*content.get(1)?)?;
        let fields = parts(*signed_data.first()?)?;
        let all = fields.into_iter().find(|field| field.tag().is_context_specific())?;
        parts(all)?.iter().map(|one| one.to_der().ok()).collect()
    };
    carried().unwrap_or_default()
}

/// What a constructed value is made of.
fn parts(whole: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(whole.value()).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(parts)
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
) -> Result<Vec<u8>, TokenError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::self_signed;
    use crate::sign::certificate::Subject;
    use crate::sign::key::SigningKey;
    use crate::sign::signer::LocalSigner;
    use crate::time::{Clock, Timestamp};

    struct Fixed;

    impl Clock for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::parse_from_rfc3339("2026-11-26T08:00:00+07:00").unwrap()
        }

        fn random(&self, buffer: &mut [u8]) -> std::io::Result<()> {
            buffer.fill(7);
            Ok(())
        }
    }

    fn bytes(part: AnyRef<'_>) -> Vec<u8> {
        part.to_der().unwrap()
    }

    /// The parts of the only SignerInfo of a container, and the certificate that made it.
    fn signer_info(token: Option<Vec<u8>>) -> (Vec<Vec<u8>>, Vec<u8>) {
        let key = SigningKey::make(&Fixed).unwrap();
        let subject =
            Subject { name: "Nguyễn Thị Lan".into(), office: "UBND xã".into(), unit: "Quầy".into() };
        let der = self_signed(&key, &subject, [1; 16], Fixed.now()).unwrap();
        let certificate = Certificate::from_der(&der).unwrap();
        let signer = LocalSigner { key: &key, certificate: &certificate };
        let container = detached(&signer, &[5; 64], &mut |_| token.clone()).unwrap();
        assert_eq!(certificates_in(&container), std::slice::from_ref(&der));
        let content = parts(AnyRef::from_der(&container).unwrap()).unwrap();
        assert_eq!(bytes(content[0]), oid(&SIGNED_DATA));
        let signed_data = parts(parts(content[1]).unwrap()[0]).unwrap();
        assert_eq!(bytes(signed_data[2]), sequence(&[&oid(&DATA)]), "detached: no content lies inside");
        let infos = parts(*signed_data.last().unwrap()).unwrap();
        assert_eq!(infos.len(), 1, "one SignerInfo");
        (parts(infos[0]).unwrap().into_iter().map(bytes).collect(), der)
    }

    fn kinds(attributes: &[u8]) -> Vec<Vec<u8>> {
        let all = parts(AnyRef::from_der(attributes).unwrap()).unwrap();
        all.into_iter().map(|attribute| bytes(parts(attribute).unwrap()[0])).collect()
    }

    #[test]
    fn the_signed_attributes_are_three_and_no_other_is_there() {
        let (info, certificate) = signer_info(None);
        assert_eq!(info.len(), 6, "no unsigned attributes: nothing follows the signature's value");
        let attributes = &info[3];
        assert_eq!(attributes[0], 0xA0);
        let mut told = kinds(attributes);
        told.sort();
        let mut wanted = [oid(&CONTENT_TYPE), oid(&MESSAGE_DIGEST), oid(&SIGNING_CERTIFICATE_V2)];
        wanted.sort();
        assert_eq!(told, wanted, "and no signing-time");
        let holds = |part: &[u8]| attributes.windows(part.len()).any(|here| here == part);
        assert!(holds(&set_of(&[oid(&DATA)])), "content-type: id-data");
        assert!(holds(&set_of(&[tlv(OCTET_STRING, &[5; 64])])), "message-digest: the content's");
        let digest = Digest::Sha512.of(&certificate);
        assert!(holds(&tlv(OCTET_STRING, &digest)), "signing-certificate-v2: the signer's");
    }

    #[test]
    fn a_time_stamp_is_the_only_unsigned_attribute() {
        let token = sequence(&[&oid(&SIGNED_DATA)]);
        let (info, _) = signer_info(Some(token.clone()));
        assert_eq!(info.len(), 7);
        assert_eq!(info[6][0], 0xA1);
        assert_eq!(kinds(&info[6]), [oid(&SIGNATURE_TIME_STAMP)]);
        assert!(info[6].ends_with(&set_of(&[token])), "the token as it came");
    }

    #[test]
    fn what_is_no_container_carries_no_certificate() {
        for bytes in [&[][..], &[0x30, 0x80], &[0x30, 3, 2, 1, 1], b"%PDF"] {
            assert!(certificates_in(bytes).is_empty());
        }
    }
}
