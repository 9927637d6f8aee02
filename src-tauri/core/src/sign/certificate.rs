//! Certificates, and lists of revoked ones, as they are read; [`super::authority`] makes them.

use x509_cert::Certificate as Parsed;
use x509_cert::der::asn1::{ObjectIdentifier, Uint};
use x509_cert::der::{Decode as _, DecodePem as _, Encode as _};
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::ext::pkix::name::DirectoryString;
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoOwned as SubjectPublicKeyInfo;
use x509_cert::time::Time;

use super::der::{PRINTABLE, UTF8, oid, sequence, set_of, tlv};
use super::pem;
use super::verify::{list_head, may_sign_documents};

/// id-at-commonName (X.520).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// A certificate, DER inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    /// Issuer name, DER.
    pub(super) issuer: Vec<u8>,
    /// Serial number, DER.
    pub(super) serial: Vec<u8>,
    /// Common name of the subject; empty when it has none, as with old authorities.
    pub name: String,
    /// Begin of validity, seconds since 1970.
    pub not_before: i64,
    /// End of validity, seconds since 1970.
    pub not_after: i64,
    /// Certificates of its issuers, DER, each issued by the next; signatures carry them along.
    pub issuers: Vec<Vec<u8>>,
}

/// What a certificate says, for people and for the checks before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Subject, as RFC 4514 writes names.
    pub subject: String,
    /// Issuer, the same.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Key: `ed25519`, `rsa-2048`, `ecdsa-p256`, …
    pub algorithm: String,
    /// Begin of validity, seconds since 1970.
    pub not_before: i64,
    /// End of validity, seconds since 1970.
    pub not_after: i64,
    /// It names itself as its issuer.
    pub self_signed: bool,
    /// It may sign documents, as a verdict looks at it ([`may_sign_documents`]).
    pub may_sign: bool,
    /// It may issue others (basicConstraints).
    pub authority: bool,
    /// Public key, DER (SubjectPublicKeyInfo).
    pub key: Vec<u8>,
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

impl Subject {
    /// What a local key is called in certificates.
    #[must_use]
    pub fn unit(training: bool) -> String {
        if training { "LUYỆN TẬP - Khóa ký cục bộ" } else { "Khóa ký cục bộ" }.to_owned()
    }
}

pub(super) fn name(subject: &Subject) -> Vec<u8> {
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
            name: common_name(tbs.subject()).unwrap_or_default(),
            not_before: seconds(tbs.validity().not_before)?,
            not_after: seconds(tbs.validity().not_after)?,
            issuers: Vec::new(),
        })
    }

    /// The same with the certificates of its issuers.
    #[must_use]
    pub fn with_issuers(mut self, issuers: Vec<Vec<u8>>) -> Self {
        self.issuers = issuers;
        self
    }

    /// What it says.
    #[must_use]
    pub fn details(&self) -> Option<Details> {
        let parsed = Parsed::from_der(&self.der).ok()?;
        let tbs = parsed.tbs_certificate();
        let authority = tbs.get_extension::<BasicConstraints>().ok()?.is_some_and(|(_, basic)| basic.ca);
        Some(Details {
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            serial: crate::hex::encode(tbs.serial_number().as_bytes()),
            algorithm: algorithm(tbs.subject_public_key_info())?,
            not_before: seconds(tbs.validity().not_before)?,
            not_after: seconds(tbs.validity().not_after)?,
            self_signed: tbs.subject() == tbs.issuer(),
            may_sign: may_sign_documents(&self.der),
            authority,
            key: tbs.subject_public_key_info().to_der().ok()?,
        })
    }

    /// Reads a PEM certificate.
    #[must_use]
    pub fn from_pem(pem: &str) -> Option<Self> {
        Self::from_der(&Parsed::from_pem(pem).ok()?.to_der().ok()?)
    }

    /// All certificates of a PEM or DER file, DER; empty when there is none, `None` when one of them cannot be read.
    #[must_use]
    pub fn all_in(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
        all_in(bytes, &pem::CERTIFICATE, |der| Parsed::from_der(der).is_ok())
    }

    /// The certificate, DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate, PEM.
    #[must_use]
    pub fn pem(&self) -> Option<String> {
        to_pem(&self.der)
    }
}

/// The common name of a subject: of several the last, the most specific, as a verdict tells it.
pub(super) fn common_name(subject: &Name) -> Option<String> {
    let last = subject.iter().filter(|one| one.oid == COMMON_NAME).last()?;
    Some(DirectoryString::try_from(&last.value).ok()?.value().into_owned())
}

/// All of a kind in a file: the whole file is one in DER, or blocks of PEM are. `None` when a block is none.
fn all_in(bytes: &[u8], labels: &[&str], is_one: impl Fn(&[u8]) -> bool) -> Option<Vec<Vec<u8>>> {
    if is_one(bytes) {
        return Some(vec![bytes.to_vec()]);
    }
    let blocks = pem::blocks(bytes, labels).ok()?;
    blocks.into_iter().map(|(_, der)| is_one(&der).then(|| der.to_vec())).collect()
}

/// A certificate in DER as PEM; `None` when it is none.
#[must_use]
pub fn to_pem(der: &[u8]) -> Option<String> {
    use x509_cert::der::{EncodePem as _, pem::LineEnding};
    Parsed::from_der(der).ok()?.to_pem(LineEnding::LF).ok()
}

/// All lists of revoked certificates of a PEM or DER file, DER; `None` when one of them cannot be read, by whoever
/// judges signatures too: whom it revokes nobody knows.
#[must_use]
pub fn lists_in(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    all_in(bytes, &pem::CRL, |der| list_details(der).is_some())
}

/// What a file holds that tells whom to trust, DER each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustMaterial {
    /// Certificates.
    pub certificates: Vec<Vec<u8>>,
    /// Lists of revoked ones.
    pub lists: Vec<Vec<u8>>,
}

impl TrustMaterial {
    /// Reads it; `None` when a certificate or list cannot be read, or anything else stands there: whom that revokes
    /// nobody knows.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (certificates, lists) = (Certificate::all_in(bytes)?, lists_in(bytes)?);
        let is_der = certificates.iter().chain(&lists).any(|one| one == bytes);
        let others = || pem::has_others(bytes, &[&pem::CERTIFICATE[..], &pem::CRL].concat());
        (is_der || !others()).then_some(Self { certificates, lists })
    }
}

/// What a list of revoked certificates says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListDetails {
    /// Whose certificates it is about, as RFC 4514 writes names.
    pub issuer: String,
    /// Which of the issuer's keys signed it (authorityKeyIdentifier, DER); empty when it does not say.
    pub key: Vec<u8>,
    /// When it was made, seconds since 1970.
    pub this_update: i64,
    /// When the next one is due, seconds since 1970.
    pub next_update: Option<i64>,
}

impl ListDetails {
    /// It says to be a later one by the same key.
    #[must_use]
    pub fn outdates(&self, other: &Self) -> bool {
        let same = self.issuer == other.issuer && self.key == other.key && !self.key.is_empty();
        same && self.this_update > other.this_update
    }
}

/// Reads that of a list in DER; `None` when it is none, to whoever judges signatures.
#[must_use]
pub fn list_details(der: &[u8]) -> Option<ListDetails> {
    let head = list_head(der)?;
    Some(ListDetails {
        issuer: Name::from_der(&head.issuer).ok()?.to_string(),
        key: head.key,
        this_update: head.this_update.timestamp(),
        next_update: head.next_update.map(|at| at.timestamp()),
    })
}

fn seconds(time: Time) -> Option<i64> {
    i64::try_from(time.to_unix_duration().as_secs()).ok()
}

/// A short word for a kind of key; the object identifier where there is none.
pub(super) fn algorithm(key: &SubjectPublicKeyInfo) -> Option<String> {
    let curve = || key.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok();
    let bits = || {
        let body = key.subject_public_key.as_bytes()?;
        // RSAPublicKey (RFC 8017, A.1.1): modulus and exponent.
        let numbers = Vec::<Uint>::from_der(body).ok()?;
        Some(numbers.first()?.as_bytes().len() * 8)
    };
    Some(match key.algorithm.oid.to_string().as_str() {
        "1.3.101.112" => "ed25519".to_owned(),
        "1.2.840.113549.1.1.1" => format!("rsa-{}", bits()?),
        "1.2.840.10045.2.1" => match curve()?.to_string().as_str() {
            "1.2.840.10045.3.1.7" => "ecdsa-p256".to_owned(),
            "1.3.132.0.34" => "ecdsa-p384".to_owned(),
            "1.3.132.0.35" => "ecdsa-p521".to_owned(),
            other => format!("ecdsa-{other}"),
        },
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::{VALID_DAYS, self_signed};
    use crate::sign::key::SigningKey;
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
        let der = self_signed(&key, &subject, [0xFF; 16], clock.now()).unwrap();
        let read = Certificate::from_der(&der).unwrap();
        assert_eq!(read.name, "Nguyễn Thị Lan");
        let pem = read.pem().unwrap();
        assert_eq!(Certificate::from_pem(&pem).unwrap(), read);
        let details = read.details().unwrap();
        assert_eq!(details.algorithm, "ed25519");
        assert!(details.self_signed && details.may_sign);
        assert_eq!(details.not_after - details.not_before, VALID_DAYS * 86_400);
        assert!(details.subject.contains("CN=Nguyễn Thị Lan"), "{}", details.subject);
    }

    #[test]
    fn of_two_names_the_last_is_told() {
        // RFC 4514 writes the last part first.
        let subject: Name = "CN=Nguyễn Thị Lan,CN=Trần Văn Hòa,O=UBND xã Thử Nghiệm".parse().unwrap();
        assert_eq!(common_name(&subject).as_deref(), Some("Nguyễn Thị Lan"));
        assert_eq!(common_name(&"O=UBND xã Thử Nghiệm".parse().unwrap()), None);
    }

    fn made() -> (SigningKey, Vec<u8>) {
        let clock = SystemClock { offset: chrono::FixedOffset::east_opt(7 * 3600).unwrap() };
        let key = SigningKey::make(&clock).unwrap();
        let subject = Subject { name: "CA UBND".into(), office: "UBND".into(), unit: "Gốc".into() };
        let der = self_signed(&key, &subject, [7; 16], clock.now()).unwrap();
        (key, der)
    }

    fn list() -> Vec<u8> {
        use crate::sign::authority::{Validity, revocation_list};
        let (key, der) = made();
        let from = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        let span = Validity { from, until: from + chrono::Duration::days(9) };
        revocation_list(&key, &Certificate::from_der(&der).unwrap(), &[], 1, &span).unwrap()
    }

    #[test]
    fn a_file_holds_certificates_and_lists_or_is_refused() {
        let (_, der) = made();
        let list = list();
        let certificate = to_pem(&der).unwrap();
        let listed = crate::sign::authority::list_pem(&list).unwrap();
        let both = format!("Gốc\n{certificate}Danh sách\n{listed}\n\n");
        assert_eq!(Certificate::all_in(both.as_bytes()), Some(vec![der.clone()]));
        assert_eq!(lists_in(both.as_bytes()), Some(vec![list.clone()]));
        assert_eq!((Certificate::all_in(&der), lists_in(&der)), (Some(vec![der.clone()]), Some(vec![])));
        let both =
            format!("{}\n{}\n{both}", "Autoridad de Certificacion de Firma Profesional", "=".repeat(64));
        let read = |bytes: &[u8]| TrustMaterial::read(bytes).map(|file| (file.certificates, file.lists));
        assert_eq!(read(both.as_bytes()), Some((vec![der.clone()], vec![list.clone()])));
        assert_eq!(read(&list), Some((vec![], vec![list.clone()])));
        let bare = listed.replace("-----", "");
        let pkcs7 = b"-----BEGIN PKCS7-----\nAQID\n-----END PKCS7-----\n".to_vec();
        for other in [&list, &pkcs7, &b"# -----BEGIN X509 CRL-----".to_vec(), &bare.into_bytes()] {
            let behind = [certificate.as_bytes(), other].concat();
            assert_eq!(read(&behind), None, "passed over, it would revoke nobody");
        }
        let cut = &both[..both.len() - 40];
        assert_eq!((Certificate::all_in(cut.as_bytes()), lists_in(cut.as_bytes())), (Some(vec![der]), None));
        let cut = format!("{certificate}{}", &certificate[..certificate.len() - 40]);
        assert_eq!(Certificate::all_in(cut.as_bytes()), None);
    }

    #[test]
    fn a_list_that_no_verdict_can_read_is_none() {
        let mut list = list();
        // The signature with a last bit that is not used: no verdict knows such.
        let (unused, last) = (list.len() - 65, list.len() - 1);
        list[unused] = 1;
        list[last] &= 0xFE;
        assert!(<x509_cert::crl::CertificateList>::from_der(&list).is_ok(), "others read it");
        assert_eq!(lists_in(&list), Some(vec![]));
        let pem = crate::sign::authority::list_pem(&list).unwrap();
        assert_eq!(lists_in(pem.as_bytes()), None);
    }

    fn with(der: &[u8], what: &[u8], instead: &[u8]) -> Vec<u8> {
        let mut der = der.to_vec();
        while let Some(at) = der.windows(what.len()).position(|window| window == what) {
            der[at..at + what.len()].copy_from_slice(instead);
        }
        der
    }

    #[test]
    fn a_certificate_for_something_else_may_not_sign() {
        let (_, der) = made();
        let purpose = |last| [0x2B, 6, 1, 5, 5, 7, 3, last];
        // serverAuth, timeStamping
        for other in [1, 8] {
            let der = with(&der, &purpose(36), &purpose(other));
            assert!(!Certificate::from_der(&der).unwrap().details().unwrap().may_sign, "{other}");
        }
    }

    #[test]
    fn an_authority_without_a_common_name_is_read() {
        let (_, der) = made();
        // CN becomes another OU.
        let der = with(&der, &[6, 3, 0x55, 4, 3], &[6, 3, 0x55, 4, 11]);
        let read = Certificate::from_der(&der).unwrap();
        assert_eq!(read.name, "");
        assert!(read.details().unwrap().subject.contains("OU=CA UBND"));
    }
}
