//! The clerk's certificate: self-signed at first run (an office CA issues them later).

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};
use x509_cert::Certificate as Parsed;
use x509_cert::der::{Decode as _, DecodePem as _, Encode as _};

use super::der::{INTEGER, OCTET_STRING, PRINTABLE, UTF8, bit_string, oid, sequence, set_of, time, tlv};
use super::key::{SigningKey, ed25519, public_key_info};
use crate::time::Timestamp;

/// A certificate, DER inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    /// Issuer name, DER.
    pub(super) issuer: Vec<u8>,
    /// Serial number, DER.
    pub(super) serial: Vec<u8>,
    /// Common name of the subject.
    pub name: String,
    /// End of validity, seconds since 1970.
    pub not_after: i64,
}

/// Who a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Name of the clerk.
    pub name: String,
    /// Name of the office.
    pub office: String,
    /// What kind of key this is, shown to whoever looks at the certificate.
    pub unit: String,
}

/// Days a self-signed certificate is good for.
const VALID_DAYS: i64 = 730;

/// A certificate for a key, signed by that key. `serial` is 16 random bytes.
#[must_use]
pub fn self_signed(key: &SigningKey, subject: &Subject, serial: [u8; 16], from: &Timestamp) -> Vec<u8> {
    let until = *from + chrono::Duration::days(VALID_DAYS);
    let name = name(subject);
    let serial = {
        // Positive and without a leading zero byte (RFC 5280, 4.1.2.2).
        let [first, rest @ ..] = serial;
        tlv(INTEGER, &[&[(first & 0x3F) | 0x40], rest.as_slice()].concat())
    };
    let identifier = key_identifier(&key.public());
    let extensions = sequence(&[
        &extension(&[2, 5, 29, 19], true, &sequence(&[])),
        // digitalSignature, nonRepudiation
        &extension(&[2, 5, 29, 15], true, &tlv(0x03, &[6, 0xC0])),
        // id-kp-documentSigning (RFC 9336)
        &extension(&[2, 5, 29, 37], false, &sequence(&[&oid(&[1, 3, 6, 1, 5, 5, 7, 3, 36])])),
        &extension(&[2, 5, 29, 14], false, &tlv(OCTET_STRING, &identifier)),
        &extension(&[2, 5, 29, 35], false, &sequence(&[&tlv(0x80, &identifier)])),
    ]);
    let body = sequence(&[
        &tlv(0xA0, &tlv(INTEGER, &[2])),
        &serial,
        &ed25519(),
        &name,
        &sequence(&[&time(from), &time(&until)]),
        &name,
        &public_key_info(&key.public()),
        &tlv(0xA3, &extensions),
    ]);
    sequence(&[&body, &ed25519(), &bit_string(&key.sign(&body))])
}

fn key_identifier(key: &VerifyingKey) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).iter().take(20).copied().collect()
}

fn extension(id: &[u32], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[0x01, 0x01, 0xFF] } else { &[] };
    sequence(&[&oid(id), flag, &tlv(OCTET_STRING, value)])
}

fn name(subject: &Subject) -> Vec<u8> {
    let part = |arcs: &[u32], value: Vec<u8>| set_of(&[sequence(&[&oid(arcs), &value])]);
    // Upper bounds of X.520: 64 characters each.
    let text = |s: &str| tlv(UTF8, s.chars().take(64).collect::<String>().as_bytes());
    sequence(&[
        &part(&[2, 5, 4, 6], tlv(PRINTABLE, b"VN")),
        &part(&[2, 5, 4, 10], text(&subject.office)),
        &part(&[2, 5, 4, 11], text(&subject.unit)),
        &part(&[2, 5, 4, 3], text(&subject.name)),
    ])
}

impl Certificate {
    /// Reads a DER certificate. `None` when it is none.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let parsed = Parsed::from_der(der).ok()?;
        let tbs = parsed.tbs_certificate();
        Some(Self {
            der: der.to_vec(),
            issuer: tbs.issuer().to_der().ok()?,
            serial: tbs.serial_number().to_der().ok()?,
            name: tbs.subject().common_name().ok()??.value().into_owned(),
            not_after: i64::try_from(tbs.validity().not_after.to_unix_duration().as_secs()).ok()?,
        })
    }

    /// Reads a PEM certificate.
    #[must_use]
    pub fn from_pem(pem: &str) -> Option<Self> {
        Self::from_der(&Parsed::from_pem(pem).ok()?.to_der().ok()?)
    }

    /// All certificates of a PEM or DER file, DER; empty when there is none.
    #[must_use]
    pub fn all_in(bytes: &[u8]) -> Vec<Vec<u8>> {
        let many = Parsed::load_pem_chain(bytes).unwrap_or_default();
        if many.is_empty() {
            return Parsed::from_der(bytes).map(|_| vec![bytes.to_vec()]).unwrap_or_default();
        }
        many.iter().filter_map(|one| one.to_der().ok()).collect()
    }

    /// The certificate, DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate, PEM.
    #[must_use]
    pub fn pem(&self) -> Option<String> {
        use x509_cert::der::{EncodePem as _, pem::LineEnding};
        Parsed::from_der(&self.der).ok()?.to_pem(LineEnding::LF).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Clock as _, SystemClock};

    #[test]
    fn a_certificate_names_the_clerk_and_reads_back() {
        let clock = SystemClock { offset: chrono::FixedOffset::east_opt(7 * 3600).unwrap() };
        let key = SigningKey::make(&clock).unwrap();
        let subject = Subject {
            name: "Nguyễn Thị Lan".into(),
            office: "UBND xã Thử Nghiệm".into(),
            unit: "Khóa ký cục bộ".into(),
        };
        let der = self_signed(&key, &subject, [0xFF; 16], &clock.now());
        let read = Certificate::from_der(&der).unwrap();
        assert_eq!(read.name, "Nguyễn Thị Lan");
        let pem = read.pem().unwrap();
        assert_eq!(Certificate::from_pem(&pem).unwrap(), read);
    }
}
