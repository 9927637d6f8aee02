//! The CMS SignedData in a signature's `/Contents` (RFC 5652, ETSI EN 319 122-1).
//!
//! Touches only the bytes it is given. What is signed is always taken as it stands, never encoded anew.

use std::collections::HashSet;

use chrono::{DateTime, Duration, FixedOffset};

use super::{
    certificate::Certificate,
    crypto::{self, DigestAlgorithm, Outcome},
    der::{self, Der, NotDer, Tlv},
    revocation::{MAX_REVOCATION_INFOS, RevocationInfo, RevocationInfos},
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
const CERTIFICATE_VALUES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 2, 23];
const REVOCATION_VALUES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 2, 24];
/// adbe-revocationInfoArchival (ISO 32000-2, 12.8.3.3.2).
const REVOCATION_ARCHIVAL: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 1, 1, 8];
/// id-ri-ocsp-response (RFC 5940).
const ID_RI_OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 16, 2];
/// Most certificates looked at.
const MAX_CERTIFICATES: usize = 64;
/// Most certificates that are named besides the signer's: a path has fewer.
const MAX_NAMED: usize = 8;

/// A SignedData with its one SignerInfo, taken apart.
pub(super) struct SignedData<'a> {
    /// Content inside (a time-stamp token); absent when the content is the document.
    pub(super) content: Option<&'a [u8]>,
    content_type: &'a [u8],
    /// All certificates that can be read.
    pub(super) certificates: Vec<Certificate>,
    /// Of certificates some cannot be read.
    pub(super) unread: bool,
    /// Lists and answers beside the certificates (RevocationInfoChoices).
    words: Option<Tlv<'a>>,
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
    /// Values of the unsigned attributes in which words on revocation stand.
    told: Vec<Tlv<'a>>,
    /// Of those attributes some cannot be read.
    unheard: bool,
}

struct Attributes<'a> {
    /// As it stands, under its tag `[0]`.
    raw: &'a [u8],
    /// Object identifier and values of each.
    list: Vec<(&'a [u8], Vec<Tlv<'a>>)>,
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
        let (mut certificates, mut unread) = (Vec::new(), false);
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
                    match Certificate::parse(one.raw) {
                        Ok(certificate) => certificates.push(certificate),
                        Err(NotDer) => unread = true,
                    }
                }
            }
        }
        let words = data.optional(0xa1)?;
        let mut signers = data.expect(der::SET)?.inside();
        data.finish()?;
        let mut signer = signers.expect(der::SEQUENCE)?.inside();
        signers.finish()?;
        let signer_version = der::small(&signer.expect(der::INTEGER)?)?;
        let sid = signer.next()?;
        // RFC 5652, 5.1 and 5.3: what is no plain data has version 3 at least.
        if !matches!((signer_version, sid.tag), (1, der::SEQUENCE) | (3, 0x80))
            || !matches!((version, content_type), (1, DATA) | (3..=5, _))
        {
            return Err(NotDer);
        }
        let digest_algorithm = signer.expect(der::SEQUENCE)?;
        let attributes = signer.optional(0xa0)?.map(attributes).transpose()?;
        let signature_algorithm = signer.expect(der::SEQUENCE)?;
        let signature = signer.expect(der::OCTET_STRING)?.body;
        let unsigned = signer.optional(0xa1)?;
        let stamps = unsigned.map(stamps).transpose()?.unwrap_or_default();
        let told = unsigned.map(revocation_values).transpose();
        let unheard = told.is_err();
        unread |= unsigned.is_some_and(|all| read_further_certificates(all).is_err());
        let told = told.ok().flatten().unwrap_or_default();
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
            unread,
            words,
            sid,
            digest_algorithm,
            digest,
            attributes,
            signature_algorithm,
            signature,
            stamps,
            told,
            unheard,
        })
    }

    fn attribute(&self, oid: &[u8]) -> Option<Tlv<'a>> {
        self.values(oid).first().copied()
    }

    fn values(&self, oid: &[u8]) -> &[Tlv<'a>] {
        let attributes = self.attributes.as_ref().map_or(&[][..], |attributes| &attributes.list);
        attributes.iter().find(|(o, _)| *o == oid).map_or(&[], |(_, values)| values)
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
                Ok(certificate.is_numbered(issuer, serial))
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
            // The first is the signer.
            let first = *certificate_ids(&attribute)?.first().ok_or(NotDer)?;
            answer = Some(answer.unwrap_or(true) && is_named_by_id(certificate, first, v2)?);
        }
        Ok(answer)
    }

    /// Whether a signed attribute names the signer's certificate.
    pub(super) fn names_its_signer(&self) -> bool {
        self.attribute(SIGNING_CERTIFICATE_V2).or(self.attribute(SIGNING_CERTIFICATE)).is_some()
    }

    /// Whether further certificates, which the path must consist of then (RFC 5035, 5), are named and are none of those
    /// that came along or are `known`.
    pub(super) fn names_strangers<'b>(
        &self,
        known: impl Iterator<Item = &'b Certificate>,
    ) -> Result<bool, NotDer> {
        let mut others = Vec::new();
        for (oid, v2) in [(SIGNING_CERTIFICATE_V2, true), (SIGNING_CERTIFICATE, false)] {
            let ids = self.attribute(oid).map(|attribute| certificate_ids(&attribute)).transpose()?;
            others.extend(ids.unwrap_or_default().into_iter().skip(1).map(|id| (id, v2)));
        }
        let known: Vec<&Certificate> = if others.is_empty() { Vec::new() } else { known.collect() };
        for (id, v2) in others {
            let mut all = self.certificates.iter().chain(known.iter().copied());
            if !all.any(|one| is_named_by_id(one, id, v2).unwrap_or(false)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lists and answers on revocation among the signed attributes, known to exist at `proven`, and beside the
    /// certificates, where anybody may put some later, at `covered`.
    pub(super) fn archived(
        &self,
        proven: DateTime<FixedOffset>,
        covered: DateTime<FixedOffset>,
    ) -> RevocationInfos {
        let mut found = RevocationInfos { unread: self.unheard, ..RevocationInfos::default() };
        let mut signed = Vec::new();
        for value in self.values(REVOCATION_ARCHIVAL) {
            found.unread |= archived(value, &mut signed).is_err();
        }
        let mut added = Vec::new();
        for value in &self.told {
            found.unread |= archived(value, &mut added).is_err();
        }
        if let Some(words) = &self.words {
            found.unread |= beside(words, &mut added).is_err();
        }
        let signed = signed.into_iter().map(|raw| (raw, proven));
        let raw: Vec<_> = signed.chain(added.into_iter().map(|raw| (raw, covered))).collect();
        found.unread |= raw.len() > MAX_REVOCATION_INFOS;
        found.lost = self.unread;
        for (one, proven) in raw.into_iter().take(MAX_REVOCATION_INFOS) {
            match RevocationInfo::parse(one, proven) {
                Ok(info) => {
                    found.lost |= info.lost();
                    found.infos.push(info);
                }
                Err(NotDer) => found.unread = true,
            }
        }
        found
    }

    /// The tokens of content-time-stamps among the signed attributes (ETSI EN 319 122-1, 5.2.8): what is signed existed
    /// before it was signed.
    pub(super) fn content_stamps(&self) -> impl Iterator<Item = &'a [u8]> {
        self.values(CONTENT_TIME_STAMP).iter().map(|token| token.raw)
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

/// Whether a value is a ContentInfo of SignedData.
pub(super) fn is_signed_data(value: &Tlv<'_>) -> bool {
    let mut fields = value.inside();
    fields.expect(der::OID).is_ok_and(|kind| kind.body == SIGNED_DATA) && fields.expect(0xa0).is_ok()
}

/// Reads all certificates beside those of the signature (certificate-values, ETSI EN 319 122-1, A.1.1.2).
fn read_further_certificates(unsigned: Tlv<'_>) -> Result<(), NotDer> {
    let mut rest = unsigned.inside();
    while !rest.is_empty() {
        let mut pair = rest.expect(der::SEQUENCE)?.inside();
        if pair.expect(der::OID)?.body != CERTIFICATE_VALUES {
            continue;
        }
        let mut values = pair.expect(der::SET)?.inside();
        while !values.is_empty() {
            let mut list = values.expect(der::SEQUENCE)?.inside();
            for _ in 0..MAX_CERTIFICATES {
                if list.is_empty() {
                    break;
                }
                Certificate::parse(list.next()?.raw)?;
            }
            list.finish()?;
        }
    }
    Ok(())
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

/// The identifiers in SigningCertificate or SigningCertificateV2: certs, and policies that say nothing here.
fn certificate_ids<'a>(attribute: &Tlv<'a>) -> Result<Vec<Tlv<'a>>, NotDer> {
    let mut fields = attribute.inside();
    let mut certs = fields.expect(der::SEQUENCE)?.inside();
    fields.optional(der::SEQUENCE)?;
    fields.finish()?;
    let mut ids = Vec::new();
    while !certs.is_empty() {
        ids.push(certs.expect(der::SEQUENCE)?);
        if ids.len() > MAX_NAMED {
            return Err(NotDer);
        }
    }
    Ok(ids)
}

/// Whether ESSCertID, or ESSCertIDv2 (`v2`), names the certificate.
fn is_named_by_id(certificate: &Certificate, id: Tlv<'_>, v2: bool) -> Result<bool, NotDer> {
    let mut id = id.inside();
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
    id.finish()?;
    Ok(actual == expected && same)
}

/// Whether IssuerSerial names the certificate by its issuer's name and its serial number.
fn is_issuer_serial(named: &Tlv<'_>, certificate: &Certificate) -> Result<bool, NotDer> {
    let mut fields = named.inside();
    let mut names = fields.expect(der::SEQUENCE)?.inside();
    let serial = der::integer(&fields.expect(der::INTEGER)?);
    let mut issuer = false;
    while !names.is_empty() {
        let name = names.next()?;
        issuer |= name.tag == 0xa4 && certificate.is_numbered(name.body, serial);
    }
    Ok(issuer)
}

fn attributes(tlv: Tlv<'_>) -> Result<Attributes<'_>, NotDer> {
    let mut list: Vec<(&[u8], Vec<Tlv<'_>>)> = Vec::new();
    let mut seen = HashSet::new();
    let mut rest = tlv.inside();
    while !rest.is_empty() {
        let mut pair = rest.expect(der::SEQUENCE)?.inside();
        let oid = pair.expect(der::OID)?.body;
        let mut values = pair.expect(der::SET)?.inside();
        pair.finish()?;
        if !seen.insert(oid) {
            return Err(NotDer);
        }
        let mut all = vec![values.next()?];
        while !values.is_empty() {
            all.push(values.next()?);
        }
        // The attributes a verdict rests on have exactly one value.
        let single =
            [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2];
        if single.contains(&oid) && all.len() > 1 {
            return Err(NotDer);
        }
        list.push((oid, all));
    }
    Ok(Attributes { raw: tlv.raw, list })
}

/// RevocationInfoArchival: lists under `[0]`, answers under `[1]`.
fn archived<'a>(value: &Tlv<'a>, found: &mut Vec<&'a [u8]>) -> Result<(), NotDer> {
    let mut fields = value.inside();
    while !fields.is_empty() {
        let kind = fields.next()?;
        if matches!(kind.tag, 0xa0 | 0xa1) {
            let mut list = kind.inside().expect(der::SEQUENCE)?.inside();
            while !list.is_empty() {
                found.push(list.expect(der::SEQUENCE)?.raw);
            }
        }
    }
    Ok(())
}

/// RevocationInfoChoices (RFC 5652, 10.2.1): lists, and under `[1]` answers (RFC 5940, 2.1); others tell in ways nobody here
/// reads.
fn beside<'a>(words: &Tlv<'a>, found: &mut Vec<&'a [u8]>) -> Result<(), NotDer> {
    let mut list = words.inside();
    while !list.is_empty() {
        let one = list.next()?;
        if one.tag == der::SEQUENCE {
            found.push(one.raw);
            continue;
        }
        let mut other = one.inside();
        if one.tag != 0xa1 || other.expect(der::OID)?.body != ID_RI_OCSP {
            return Err(NotDer);
        }
        found.push(other.expect(der::SEQUENCE)?.raw);
        other.finish()?;
    }
    Ok(())
}

/// The values of unsigned attributes in which words on revocation stand (ETSI EN 319 122-1, A.1.5.2, and Adobe's).
fn revocation_values(unsigned: Tlv<'_>) -> Result<Vec<Tlv<'_>>, NotDer> {
    let (mut found, mut rest) = (Vec::new(), unsigned.inside());
    while !rest.is_empty() {
        let mut pair = rest.expect(der::SEQUENCE)?.inside();
        let oid = pair.expect(der::OID)?.body;
        let mut values = pair.expect(der::SET)?.inside();
        while [REVOCATION_VALUES, REVOCATION_ARCHIVAL].contains(&oid) && !values.is_empty() {
            found.push(values.expect(der::SEQUENCE)?);
        }
    }
    Ok(found)
}

/// The tokens of signature time-stamps in the unsigned attributes (RFC 3161, appendix A), as they stand.
fn stamps(unsigned: Tlv<'_>) -> Result<Vec<&[u8]>, NotDer> {
    let mut found = Vec::new();
    let mut rest = unsigned.inside();
    while !rest.is_empty() {
        let mut pair = rest.expect(der::SEQUENCE)?.inside();
        let oid = pair.expect(der::OID)?.body;
        let mut values = pair.expect(der::SET)?.inside();
        while oid == SIGNATURE_TIME_STAMP && !values.is_empty() {
            // Of indefinite length, as some authorities send it: it ends with the attribute.
            if values.rest().starts_with(&[der::SEQUENCE, 0x80]) {
                found.push(values.rest());
                break;
            }
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
    /// Name of the authority (GeneralName), where it is told.
    pub(super) authority: Option<Tlv<'a>>,
}

/// Reads `TSTInfo` (RFC 3161, 2.4.2).
pub(super) fn tst_info(content: &[u8]) -> Result<TstInfo<'_>, NotDer> {
    let mut outer = Der::new(content);
    let mut fields = outer.expect(der::SEQUENCE)?.inside();
    outer.finish()?;
    let version = der::small(&fields.expect(der::INTEGER)?)?;
    fields.expect(der::OID)?;
    let mut imprint = fields.expect(der::SEQUENCE)?.inside();
    let (hash, parameters) = der::algorithm(&imprint.next()?)?;
    // Another version is read by nobody.
    let hash = DigestAlgorithm::from_oid(hash).filter(|_| version == 1);
    let digest = imprint.expect(der::OCTET_STRING)?.body;
    imprint.finish()?;
    if parameters.is_some_and(|p| p.raw != der::NULL) {
        return Err(NotDer);
    }
    fields.expect(der::INTEGER)?;
    let time = der::time(&fields.expect(0x18)?)?;
    let mut accuracy = Duration::zero();
    if let Some(said) = fields.optional(der::SEQUENCE)? {
        let mut said = said.inside();
        if let Some(seconds) = said.optional(der::INTEGER)? {
            accuracy = Duration::seconds(i64::from(der::small(&seconds)?));
        }
        // Milliseconds and microseconds.
        for tag in [0x80, 0x81] {
            if said.optional(tag)?.is_some_and(|part| !matches!(der::small(&part), Ok(0..=999))) {
                return Err(NotDer);
            }
        }
        said.finish()?;
    }
    // Whether they are in order, and the nonce of whoever asked.
    fields.optional(0x01)?;
    fields.optional(der::INTEGER)?;
    let mut authority = None;
    if let Some(said) = fields.optional(0xa0)? {
        let mut said = said.inside();
        authority = Some(said.next()?);
        said.finish()?;
    }
    // Of extensions none is known here.
    let odd = fields.optional(0xa1)?.is_some_and(|all| der::has_critical(&all).unwrap_or(true));
    fields.finish()?;
    let hash = hash.filter(|_| !odd);
    Ok(TstInfo { hash, digest, time, accuracy, authority })
}
