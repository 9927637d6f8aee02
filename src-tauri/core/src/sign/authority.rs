//! Certificates as they are made (RFC 5280): by a key for itself at first run, and by an office's own certification
//! authority, with the list of those it revoked. Values in, DER out; who was issued what is kept by `app::ca`.

use x509_cert::Certificate as Parsed;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder, CrlBuilder, Result};
use x509_cert::certificate::TbsCertificate;
use x509_cert::crl::RevokedCert;
use x509_cert::der::asn1::Ia5String;
use x509_cert::der::{DateTime, Decode as _, Encode as _};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, CrlNumber, CrlReason, ExtendedKeyUsage,
    KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, Extensions, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity as Period};

use super::certificate::{Certificate, Subject, name};
use super::key::SigningKey;
use super::request::Request;
use crate::time::Timestamp;

/// id-kp-documentSigning (RFC 9336).
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");

/// From when until when a certificate holds.
#[derive(Debug, Clone, Copy)]
pub struct Validity {
    /// First moment.
    pub from: Timestamp,
    /// Last moment.
    pub until: Timestamp,
}

/// Why a certificate was revoked (RFC 5280, 5.3.1), as far as an office needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// No reason is given.
    Unspecified,
    /// Somebody else has or had the key.
    KeyCompromise,
    /// The person moved to another office or name.
    AffiliationChanged,
    /// Another certificate takes its place.
    Superseded,
    /// The person no longer signs.
    CessationOfOperation,
}

impl RevocationReason {
    /// The reason is one of the certificate alone: the verifier believes other certificates of its key.
    #[must_use]
    pub fn leaves_key_good(self) -> bool {
        match self {
            Self::AffiliationChanged | Self::Superseded | Self::CessationOfOperation => true,
            Self::Unspecified | Self::KeyCompromise => false,
        }
    }
}

/// A certificate that was revoked.
#[derive(Debug, Clone)]
pub struct Revoked {
    /// Serial number, its bytes.
    pub serial: Vec<u8>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: RevocationReason,
}

/// What is in the certificates of an authority.
struct Profile {
    issuer: Name,
    subject: Name,
    /// An authority itself, which may issue for people only.
    authority: bool,
    /// Where its list of revoked certificates can be fetched.
    list: Option<Ia5String>,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> Result<Vec<Extension>> {
        let mut all = Extensions::new();
        let path_len_constraint = self.authority.then_some(0);
        let basic = BasicConstraints { ca: self.authority, path_len_constraint };
        // Critical for everybody, so that nobody takes a clerk's certificate for an authority's.
        all.push((true, &basic).to_extension(tbs.subject(), &all)?);
        let usage = if self.authority {
            KeyUsages::KeyCertSign | KeyUsages::CRLSign
        } else {
            KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
        };
        all.push((&KeyUsage(usage)).to_extension(tbs.subject(), &all)?);
        if !self.authority {
            let purposes = ExtendedKeyUsage(vec![DOCUMENT_SIGNING]);
            all.push((&purposes).to_extension(tbs.subject(), &all)?);
        }
        all.push((&SubjectKeyIdentifier::try_from(key)?).to_extension(tbs.subject(), &all)?);
        all.push((&AuthorityKeyIdentifier::try_from(issuer)?).to_extension(tbs.subject(), &all)?);
        if let Some(list) = &self.list {
            let place = GeneralName::UniformResourceIdentifier(list.clone());
            let point = DistributionPoint {
                distribution_point: Some(DistributionPointName::FullName(vec![place])),
                reasons: None,
                crl_issuer: None,
            };
            all.push((&CrlDistributionPoints(vec![point])).to_extension(tbs.subject(), &all)?);
        }
        Ok(all)
    }
}

/// Days a self-signed certificate is good for.
pub(super) const VALID_DAYS: i64 = 730;

/// A person's certificate for a key, signed by that key. `serial` is 16 random bytes. `None` when the names cannot be
/// written.
#[must_use]
pub fn self_signed(
    key: &SigningKey,
    subject: &Subject,
    serial: [u8; 16],
    from: Timestamp,
) -> Option<Vec<u8>> {
    let span = Validity { from, until: from + chrono::Duration::days(VALID_DAYS) };
    by_itself(key, subject, serial, &span, false)
}

/// The root of an office: signed by itself, may issue for people and lists of revoked ones.
/// `serial` is 16 random bytes. `None` when the names cannot be written.
#[must_use]
pub fn root(key: &SigningKey, subject: &Subject, serial: [u8; 16], span: &Validity) -> Option<Vec<u8>> {
    by_itself(key, subject, serial, span, true)
}

/// A certificate for the subject and key of a request, issued by `authority` with its key. `list` is
/// the address of the list of revoked certificates, where there is one.
#[must_use]
pub fn issue(
    key: &SigningKey,
    authority: &Certificate,
    request: &Request,
    serial: [u8; 16],
    span: &Validity,
    list: Option<&str>,
) -> Option<Vec<u8>> {
    let subject = Name::from_der(&request.subject).ok()?;
    let public = SubjectPublicKeyInfoOwned::from_der(&request.key).ok()?;
    build(key, profile(authority, subject, list)?, serial, span, public)
}

/// The same person's next certificate: subject and key of the old one, another time and number.
#[must_use]
pub fn renew(
    key: &SigningKey,
    authority: &Certificate,
    old: &Certificate,
    serial: [u8; 16],
    span: &Validity,
    list: Option<&str>,
) -> Option<Vec<u8>> {
    let old = Parsed::from_der(old.der()).ok()?;
    let tbs = old.tbs_certificate();
    let profile = profile(authority, tbs.subject().clone(), list)?;
    build(key, profile, serial, span, tbs.subject_public_key_info().clone())
}

/// The list of revoked certificates, DER. `number` grows with every list.
#[must_use]
pub fn revocation_list(
    key: &SigningKey,
    authority: &Certificate,
    revoked: &[Revoked],
    number: u64,
    span: &Validity,
) -> Option<Vec<u8>> {
    let issuer = Parsed::from_der(authority.der()).ok()?;
    let number = CrlNumber::try_from(number).ok()?;
    let mut builder = CrlBuilder::new_with_this_update(&issuer, number, time(&span.from)?)
        .ok()?
        .with_next_update(Some(time(&span.until)?));
    let entry = |one: &Revoked| -> Option<RevokedCert> {
        let why = match one.why {
            // RFC 5280: absent rather than "unspecified".
            RevocationReason::Unspecified => None,
            RevocationReason::KeyCompromise => Some(CrlReason::KeyCompromise),
            RevocationReason::AffiliationChanged => Some(CrlReason::AffiliationChanged),
            RevocationReason::Superseded => Some(CrlReason::Superseded),
            RevocationReason::CessationOfOperation => Some(CrlReason::CessationOfOperation),
        };
        let subject = issuer.tbs_certificate().subject();
        let reason = why.map(|why| (&why).to_extension(subject, &[])).transpose().ok()?;
        Some(RevokedCert {
            serial_number: SerialNumber::new(&one.serial).ok()?,
            revocation_date: time(&one.at)?,
            crl_entry_extensions: reason.map(|reason| vec![reason]),
        })
    };
    // RFC 5280, 5.1.2.6: without entries the sequence is absent.
    if !revoked.is_empty() {
        let entries: Option<Vec<_>> = revoked.iter().map(entry).collect();
        builder = builder.with_certificates(entries?.into_iter());
    }
    builder.build(key.inner()).ok()?.to_der().ok()
}

fn by_itself(
    key: &SigningKey,
    subject: &Subject,
    serial: [u8; 16],
    span: &Validity,
    authority: bool,
) -> Option<Vec<u8>> {
    let name = Name::from_der(&name(subject)).ok()?;
    let public = SubjectPublicKeyInfoOwned::from_der(&key.public_info()).ok()?;
    build(key, Profile { issuer: name.clone(), subject: name, authority, list: None }, serial, span, public)
}

fn profile(authority: &Certificate, subject: Name, list: Option<&str>) -> Option<Profile> {
    let issuer = Parsed::from_der(authority.der()).ok()?.tbs_certificate().subject().clone();
    let list = list.map(Ia5String::new).transpose().ok()?;
    Some(Profile { issuer, subject, authority: false, list })
}

fn build(
    key: &SigningKey,
    profile: Profile,
    serial: [u8; 16],
    span: &Validity,
    public: SubjectPublicKeyInfoOwned,
) -> Option<Vec<u8>> {
    let [first, rest @ ..] = serial;
    // Positive and without a leading zero byte (RFC 5280, 4.1.2.2).
    let serial = SerialNumber::new(&[&[(first & 0x3F) | 0x40], rest.as_slice()].concat()).ok()?;
    let validity = Period::new(time(&span.from)?, time(&span.until)?);
    let builder = CertificateBuilder::new(profile, serial, validity, public).ok()?;
    builder.build(key.inner()).ok()?.to_der().ok()
}

fn time(at: &Timestamp) -> Option<Time> {
    let seconds = std::time::Duration::from_secs(u64::try_from(at.timestamp()).ok()?);
    Some(DateTime::from_unix_duration(seconds).ok()?.into())
}

/// A list of revoked certificates as PEM.
#[must_use]
pub fn list_pem(der: &[u8]) -> Option<String> {
    x509_cert::der::pem::encode_string("X509 CRL", x509_cert::der::pem::LineEnding::LF, der).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::{request, verify};
    use crate::time::{Clock as _, SystemClock};

    #[test]
    fn what_an_authority_issues_is_issued_by_it_and_by_nobody_else() {
        let clock = SystemClock { offset: chrono::FixedOffset::east_opt(7 * 3600).unwrap() };
        let span = Validity { from: clock.now(), until: clock.now() + chrono::Duration::days(60) };
        let subject =
            |name: &str| Subject { name: name.into(), office: "UBND xã".into(), unit: "Khóa".into() };
        let [office, clerk, stranger] = [0; 3].map(|_| SigningKey::make(&clock).unwrap());
        let own = root(&office, &subject("CA"), [9; 16], &span).unwrap();
        let look_alike = root(&stranger, &subject("CA"), [9; 16], &span).unwrap();
        let own = Certificate::from_der(&own).unwrap();
        let before = self_signed(&clerk, &subject("Lan"), [7; 16], clock.now()).unwrap();
        let pem = request::make(&clerk, &Certificate::from_der(&before).unwrap()).unwrap();
        let asked = request::read(pem.as_bytes()).unwrap();
        let issued = issue(&office, &own, &asked, [8; 16], &span, Some("http://ca.example/c.crl")).unwrap();
        assert!(verify::issued_by(&issued, own.der()));
        assert!(!verify::issued_by(&issued, &look_alike), "a name is not a key");
        assert!(!verify::issued_by(own.der(), &issued), "a clerk issues nothing");
        let details = Certificate::from_der(&issued).unwrap().details().unwrap();
        assert_eq!(details.key, clerk.public_info());
        assert!(details.may_sign && !details.self_signed);

        let mut forged = pem.clone();
        let at = forged.find('\n').unwrap() + 40;
        let other = if forged.as_bytes()[at] == b'A' { "B" } else { "A" };
        forged.replace_range(at..=at, other);
        assert!(request::read(forged.as_bytes()).is_err(), "whoever asks must have the key");
    }
}
