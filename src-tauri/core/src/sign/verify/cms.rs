//! The CMS SignedData in a signature's `/Contents` (RFC 5652, ETSI EN 319 122-1).
//!
//! Touches only the bytes it is given. What is signed is always taken as it stands, never encoded anew.

use chrono::{DateTime, Duration, FixedOffset};

use super::{
    certificate::Certificate,
    crypto::{self, DigestAlgorithm, Outcome},
    der::{self, Der, NotDer, Tlv},
    revocation::{MAX_REVOCATION_INFOS, RevocationInfo},
};

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, 2];
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, 1];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 4];
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 5];
const ALGORITHM_PROTECTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 52];
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 2, 12];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 2, 47];
const CONTENT_TIME_STAMP: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 2, 20];
const SIGNATURE_TIME_STAMP: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 2, 14];
/// adbe-revocationInfoArchival (ISO 32000-2, 12.8.3.3.2).
const REVOCATION_ARCHIVAL: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 1, 1, 8];
/// Most certificates looked at.
const MAX_CERTIFICATES: usize = 64;

/// A SignedData with its one SignerInfo, taken apart.
pub(super) struct SignedData<'a> {
    /// Content inside (a time-stamp token); absent when the content is the document.
    pub(super) content: Option<&'a [u8]>,
    content_type: &'a [u8],
    /// All certificates that can be read.
    pub(super) certificates: Vec<Certificate>,
    sid: Tlv<'a>,
    digest_algorithm: Tlv<'a>,
    /// Digest algorithm of the signer; `None` when unheard of.
    pub(super) digest: Option<DigestAlgorithm>,
    attributes: Option<Attributes<'a>>,
    signature_algorithm: Tlv<'a>,
    /// The signature value, which a signature time-stamp is about.
    pub(super) signature: &'a [u8],
    /// Tokens of signature time-stamps among the unsigned attributes.
    pub(super) stamps: Vec<&'a [u8]>,
}

struct Attributes<'a> {
    /// As it stands, under its tag `[0]`.
    raw: &'a [u8],
    /// Object identifier and the one value of each.
    list: Vec<(&'a [u8], Tlv<'a>)>,
}

/// Something is wrong with the CMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CmsError {
    Malformed,
    /// The digest in the signed attributes is not that of the content.
    Altered,
    BadSignature,
    Weak,
    Unsupported,
    /// The signed attributes name another certificate, or the signer's is not there.
    Certificate,
}

impl From<NotDer> for CmsError {
    fn from(_: NotDer) -> Self {
        Self::Malformed
    }
}

impl<'a> SignedData<'a> {
    /// Reads `/Contents`: one DER value, then nothing but zeros.
    pub(super) fn parse(contents: &'a [u8]) -> Result<Self, NotDer> {
        let mut outer = Der::new(contents);
        let mut info = outer.expect(der::SEQUENCE)?.inside();
        if outer.rest().iter().any(|b| *b != 0) || info.expect(der::OID)?.body != SIGNED_DATA {
            return Err(NotDer);
        }
        let mut wrapped = info.expect(0xa0)?.inside();
        info.finish()?;
        let mut data = wrapped.expect(der::SEQUENCE)?.inside();
        wrapped.finish()?;
        let version = der::small(&data.expect(der::INTEGER)?)?;
        let mut digests = data.expect(der::SET)?.inside();
        let mut encapsulated = data.expect(der::SEQUENCE)?.inside();
        let content_type = encapsulated.expect(der::OID)?.body;
        let content = match encapsulated.optional(0xa0)? {
            Some(explicit) => Some(explicit.inside().expect(der::OCTET_STRING)?.body),
            None => None,
        };
        encapsulated.finish()?;
        let mut certificates = Vec::new();
        if let Some(set) = data.optional(0xa0)? {
            let mut list = set.inside();
            while !list.is_empty() {
                let one = list.next()?;
                if certificates.len() >= MAX_CERTIFICATES {
                    return Err(NotDer);
                }
                // Other kinds (attribute certificates, under tags of their own) do not help a chain, nor does what
                // cannot be read.
                if one.tag == der::SEQUENCE {
                    certificates.extend(Certificate::parse(one.raw).ok());
                }
            }
        }
        data.optional(0xa1)?;
        let mut signers = data.expect(der::SET)?.inside();
        data.finish()?;
        let mut signer = signers.expect(der::SEQUENCE)?.inside();
        signers.finish()?;
        let signer_version = der::small(&signer.expect(der::INTEGER)?)?;
        let sid = signer.next()?;
        // RFC 5652, 5.1 and 5.3.
        if !matches!((signer_version, sid.tag), (1, der::SEQUENCE) | (3, 0x80))
            || !matches!(version, 1 | 3..=5)
        {
            return Err(NotDer);
        }
        let digest_algorithm = signer.expect(der::SEQUENCE)?;
        let attributes = signer.optional(0xa0)?.map(attributes).transpose()?;
        let signature_algorithm = signer.expect(der::SEQUENCE)?;
        let signature = signer.expect(der::OCTET_STRING)?.body;
        let stamps = match signer.optional(0xa1)? {
            Some(unsigned) => signature_stamps(unsigned)?,
            None => Vec::new(),
        };
        signer.finish()?;
        let (digest_oid, parameters) = der::algorithm(&digest_algorithm)?;
        let mut announced = false;
        while !digests.is_empty() {
            announced |= der::algorithm(&digests.next()?)?.0 == digest_oid;
        }
        if !announced || parameters.is_some_and(|p| p.raw != der::NULL) {
            return Err(NotDer);
        }
        let digest = DigestAlgorithm::from_oid(digest_oid);
        Ok(Self {
            content,
            content_type,
            certificates,
            sid,
            digest_algorithm,
            digest,
            attributes,
            signature_algorithm,
            signature,
            stamps,
        })
    }

    fn attribute(&self, oid: &[u8]) -> Option<Tlv<'a>> {
        self.attributes.as_ref()?.list.iter().find(|(o, _)| *o == oid).map(|(_, v)| *v)
    }

    /// The signer's certificate: by issuer and serial number or by key identifier, and, where several
    /// pretend to be it, the one the signed attributes name by hash. `known` ones help only a
    /// signature that came without any, and PAdES must bring its own.
    pub(super) fn signer<'b>(
        &'b self,
        known: impl Iterator<Item = &'b Certificate>,
        must_bring: bool,
    ) -> Option<Certificate> {
        let known = known.filter(|_| self.certificates.is_empty() && !must_bring);
        let mut fitting = self.certificates.iter().chain(known).filter(|c| self.names(c).unwrap_or(false));
        let first = fitting.next()?;
        if self.named_by_hash(first).unwrap_or(None) == Some(true) {
            return Some(first.clone());
        }
        let other = fitting.find(|c| self.named_by_hash(c).unwrap_or(None) == Some(true));
        Some(other.unwrap_or(first).clone())
    }

    fn names(&self, certificate: &Certificate) -> Result<bool, NotDer> {
        match self.sid.tag {
            der::SEQUENCE => {
                let mut fields = self.sid.inside();
                let issuer = fields.expect(der::SEQUENCE)?.raw;
                let serial = der::integer(&fields.expect(der::INTEGER)?);
                Ok(issuer == certificate.issuer && serial == certificate.serial)
            }
            0x80 => Ok(certificate.key_id.as_deref() == Some(self.sid.body)),
            _ => Err(NotDer),
        }
    }

    /// Whether the signing-certificate attribute names this certificate; `None` without attribute.
    fn named_by_hash(&self, certificate: &Certificate) -> Result<Option<bool>, NotDer> {
        let mut answer = None;
        for (oid, v2) in [(SIGNING_CERTIFICATE_V2, true), (SIGNING_CERTIFICATE, false)] {
            let Some(attribute) = self.attribute(oid) else { continue };
            // SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID, .. }; the first is the signer.
            let mut certs = attribute.inside().expect(der::SEQUENCE)?.inside();
            let mut id = certs.expect(der::SEQUENCE)?.inside();
            let hash = match id.optional(der::SEQUENCE)? {
                Some(named) if v2 => DigestAlgorithm::from_oid(der::algorithm(&named)?.0).ok_or(NotDer)?,
                None if v2 => DigestAlgorithm::Sha256,
                None => DigestAlgorithm::Weak,
                Some(_) => return Err(NotDer),
            };
            let expected = id.expect(der::OCTET_STRING)?.body;
            let actual = match hash {
                DigestAlgorithm::Weak => crypto::sha1_name(&certificate.raw),
                strong => strong.of(&certificate.raw).ok_or(NotDer)?,
            };
            // issuerSerial, where it stands, must be the certificate's too (RFC 5035, 5.4).
            let same = match id.optional(der::SEQUENCE)? {
                Some(named) => is_issuer_serial(&named, certificate)?,
                None => true,
            };
            answer = Some(answer.unwrap_or(true) && actual == expected && same);
        }
        Ok(answer)
    }

    /// Lists and answers on revocation among the signed attributes, known to exist at `proven`; what cannot
    /// be read is none.
    pub(super) fn archived(&self, proven: DateTime<FixedOffset>) -> Vec<RevocationInfo> {
        let raw = self.attribute(REVOCATION_ARCHIVAL).and_then(|value| archived(&value).ok());
        let infos = raw.unwrap_or_default().into_iter().take(MAX_REVOCATION_INFOS);
        infos.filter_map(|raw| RevocationInfo::parse(raw, proven).ok()).collect()
    }

    /// The token of a content-time-stamp among the signed attributes (ETSI EN 319 122-1, 5.2.8): what is signed existed
    /// before it was signed.
    pub(super) fn content_stamp(&self) -> Option<&'a [u8]> {
        self.attribute(CONTENT_TIME_STAMP).map(|token| token.raw)
    }

    /// The claimed time among the signed attributes.
    pub(super) fn signing_time(&self) -> Option<DateTime<FixedOffset>> {
        der::time(&self.attribute(SIGNING_TIME)?).ok()
    }

    /// Checks all but trust: attributes, digest of the content, signature.
    ///
    /// `content_digest` is the digest (with [`Self::digest`]) of the document, or of the token inside.
    pub(super) fn check(
        &self,
        signer: &Certificate,
        content_digest: &[u8],
        must_name_certificate: bool,
    ) -> Result<(), CmsError> {
        let hash = self.digest.ok_or(CmsError::Unsupported)?;
        let expected_type = if self.content.is_some() { TST_INFO } else { DATA };
        if self.content_type != expected_type {
            return Err(CmsError::Malformed);
        }
        let Some(attributes) = &self.attributes else {
            // Legal outside of PAdES, but then the whole document is the message of the primitive.
            return Err(if must_name_certificate { CmsError::Malformed } else { CmsError::Unsupported });
        };
        let named = self.attribute(CONTENT_TYPE).ok_or(CmsError::Malformed)?;
        if named.tag != der::OID || named.body != expected_type {
            return Err(CmsError::Malformed);
        }
        let digest = self
            .attribute(MESSAGE_DIGEST)
            .filter(|d| d.tag == der::OCTET_STRING)
            .ok_or(CmsError::Malformed)?;
        if digest.body != content_digest {
            return Err(CmsError::Altered);
        }
        if let Some(protection) = self.attribute(ALGORITHM_PROTECTION) {
            let mut fields = protection.inside();
            let digest = fields.expect(der::SEQUENCE)?;
            let signature = fields.optional(0xa1)?.ok_or(CmsError::Malformed)?;
            fields.finish()?;
            if !same_algorithm(&digest, &self.digest_algorithm)?
                || !same_algorithm(&signature, &self.signature_algorithm)?
            {
                return Err(CmsError::Malformed);
            }
        }
        match self.named_by_hash(signer)? {
            Some(false) => return Err(CmsError::Certificate),
            None if must_name_certificate => return Err(CmsError::Malformed),
            _ => {}
        }
        // RFC 5652, 5.4: signed is the SET OF, not the [0] it is written as.
        let mut message = attributes.raw.to_vec();
        *message.first_mut().ok_or(CmsError::Malformed)? = der::SET;
        let algorithm = self.signature_algorithm.raw;
        match crypto::verify(algorithm, Some(hash), &signer.key, &message, self.signature) {
            Outcome::Good => Ok(()),
            Outcome::Bad => Err(CmsError::BadSignature),
            Outcome::Weak => Err(CmsError::Weak),
            Outcome::Unsupported => Err(CmsError::Unsupported),
            Outcome::Inconsistent => Err(CmsError::Malformed),
        }
    }
}

/// Whether two AlgorithmIdentifiers, under whatever tags, say the same (RFC 6211, 2); NULL says nothing.
fn same_algorithm(one: &Tlv<'_>, other: &Tlv<'_>) -> Result<bool, NotDer> {
    fn parts<'a>(tlv: &Tlv<'a>) -> Result<(&'a [u8], &'a [u8]), NotDer> {
        let mut inside = tlv.inside();
        let oid = inside.expect(der::OID)?.body;
        Ok((oid, if inside.rest() == der::NULL { &[] } else { inside.rest() }))
    }
    Ok(parts(one)? == parts(other)?)
}

/// Whether IssuerSerial names the certificate by its issuer's name and its serial number.
fn is_issuer_serial(named: &Tlv<'_>, certificate: &Certificate) -> Result<bool, NotDer> {
    let mut fields = named.inside();
    let mut names = fields.expect(der::SEQUENCE)?.inside();
    let serial = der::integer(&fields.expect(der::INTEGER)?);
    let mut issuer = false;
    while !names.is_empty() {
        let name = names.next()?;
        issuer |= name.tag == 0xa4 && name.body == certificate.issuer;
    }
    Ok(issuer && serial == certificate.serial)
}

fn attributes(tlv: Tlv<'_>) -> Result<Attributes<'_>, NotDer> {
    let mut list: Vec<(&[u8], Tlv<'_>)> = Vec::new();
    let mut rest = tlv.inside();
    while !rest.is_empty() {
        let mut pair = rest.expect(der::SEQUENCE)?.inside();
        let oid = pair.expect(der::OID)?.body;
        let mut values = pair.expect(der::SET)?.inside();
        pair.finish()?;
        if list.iter().any(|(o, _)| *o == oid) {
            return Err(NotDer);
        }
        let one = values.next()?;
        // The attributes a verdict rests on have exactly one value.
        let single =
            [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2];
        if single.contains(&oid) {
            values.finish()?;
        }
        list.push((oid, one));
    }
    Ok(Attributes { raw: tlv.raw, list })
}

/// RevocationInfoArchival: lists under `[0]`, answers under `[1]`.
fn archived<'a>(value: &Tlv<'a>) -> Result<Vec<&'a [u8]>, NotDer> {
    let mut fields = value.inside();
    let mut found = Vec::new();
    while !fields.is_empty() {
        let kind = fields.next()?;
        if matches!(kind.tag, 0xa0 | 0xa1) {
            let mut list = kind.inside().expect(der::SEQUENCE)?.inside();
            while !list.is_empty() {
                found.push(list.expect(der::SEQUENCE)?.raw);
            }
        }
    }
    Ok(found)
}

/// The tokens in the unsigned attributes (RFC 3161, appendix A), as they stand.
fn signature_stamps(unsigned: Tlv<'_>) -> Result<Vec<&[u8]>, NotDer> {
    let mut found = Vec::new();
    let mut rest = unsigned.inside();
    while !rest.is_empty() {
        let mut pair = rest.expect(der::SEQUENCE)?.inside();
        let oid = pair.expect(der::OID)?.body;
        let mut values = pair.expect(der::SET)?.inside();
        while oid == SIGNATURE_TIME_STAMP && !values.is_empty() {
            found.push(values.expect(der::SEQUENCE)?.raw);
        }
    }
    Ok(found)
}

/// A time-stamp token's content: digest algorithm and digest of what is stamped, and the time.
pub(super) struct TstInfo<'a> {
    pub(super) hash: Option<DigestAlgorithm>,
    pub(super) digest: &'a [u8],
    pub(super) time: DateTime<FixedOffset>,
    /// It was then, or this much later at most, to the second.
    pub(super) accuracy: Duration,
}

/// Reads `TSTInfo` (RFC 3161).
pub(super) fn tst_info(content: &[u8]) -> Result<TstInfo<'_>, NotDer> {
    let mut fields = Der::new(content).expect(der::SEQUENCE)?.inside();
    fields.expect(der::INTEGER)?;
    fields.expect(der::OID)?;
    let mut imprint = fields.expect(der::SEQUENCE)?.inside();
    let hash = DigestAlgorithm::from_oid(der::algorithm(&imprint.next()?)?.0);
    let digest = imprint.expect(der::OCTET_STRING)?.body;
    fields.expect(der::INTEGER)?;
    let time = der::time(&fields.expect(0x18)?)?;
    let mut accuracy = Duration::zero();
    if let Some(said) = fields.optional(der::SEQUENCE)? {
        // Seconds, and fractions of one.
        let mut said = said.inside();
        if let Some(seconds) = said.optional(der::INTEGER)? {
            accuracy = Duration::seconds(i64::from(der::small(&seconds)?));
        }
        said.optional(0x80)?;
        said.optional(0x81)?;
        said.finish()?;
    }
    Ok(TstInfo { hash, digest, time, accuracy })
}
