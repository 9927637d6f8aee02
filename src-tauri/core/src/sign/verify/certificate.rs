//! One X.509 certificate (RFC 5280), as much of it as a verdict needs.
//!
//! Touches only the bytes it is given.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};

use super::{
    CertificateSummary,
    crypto::{self, Outcome, SignatureCache},
    der::{self, Der, NotDer, Tlv},
};

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    /// The certificate itself.
    pub(super) raw: Vec<u8>,
    /// What its issuer signed.
    tbs: Vec<u8>,
    /// Content of the serial number INTEGER.
    pub(super) serial: Vec<u8>,
    /// Raw issuer name.
    pub(super) issuer: Vec<u8>,
    /// Raw subject name.
    pub(super) subject: Vec<u8>,
    /// Both as names are compared.
    issuer_name: NormalizedName,
    subject_name: NormalizedName,
    pub(super) not_before: DateTime<FixedOffset>,
    pub(super) not_after: DateTime<FixedOffset>,
    /// Raw SubjectPublicKeyInfo.
    pub(super) key: Vec<u8>,
    /// SHA-1 of the key's bits, which others name it by.
    pub(super) key_sha1: Vec<u8>,
    /// Raw AlgorithmIdentifier of the issuer's signature.
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    /// Whether that holds, by the keys that were tried.
    held: SignatureCache,
    /// basicConstraints says it is an authority.
    pub(super) authority: bool,
    /// Most intermediate authorities below it.
    pub(super) path_length: Option<u32>,
    /// First two bytes of keyUsage, when present.
    usage: Option<[u8; 2]>,
    /// Object identifiers of extKeyUsage, when present.
    purposes: Option<Vec<Vec<u8>>>,
    /// A critical extension that is not understood here.
    pub(super) odd: bool,
    /// Names a place that tells of revocation (CRL or OCSP).
    pub(super) revocable: bool,
    /// Some list it names tells of a part of the reasons, or is another issuer's: that of its issuer does not clear it
    /// (RFC 5280, 6.3.3).
    pub(super) listed_elsewhere: bool,
    /// Where lists of revoked certificates are, http addresses only.
    pub(super) crl_urls: Vec<String>,
    /// Where it can be asked about (OCSP), http addresses only.
    pub(super) ocsp_urls: Vec<String>,
    /// Its issuer says that nobody need ask about it (id-pkix-ocsp-nocheck, RFC 6960, 4.2.2.2.1).
    pub(super) ocsp_nocheck: bool,
    /// subjectKeyIdentifier.
    pub(super) key_id: Option<Vec<u8>>,
    /// Its other names (subjectAltName), raw.
    alternative_names: Vec<u8>,
}

/// id-ce: the last byte tells which.
const ID_CE: &[u8] = &[0x55, 0x1d];
const AIA: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1];
const OCSP_NO_CHECK: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 5];
/// Purposes that alone are not for signing documents: TLS server, code, time-stamps, OCSP answers.
const NOT_DOCUMENTS: [u8; 4] = [1, 3, 8, 9];
/// The purpose of a TLS server.
const SERVER: u8 = 1;
/// The same where it is one of them: clients, code, IPsec, time-stamps, answers, EAP too.
const NOT_BESIDE_SERVERS: [u8; 11] = [1, 2, 3, 5, 6, 7, 8, 9, 13, 14, 17];
/// Longest name that is compared, bytes; X.520 lets its parts have some hundred.
const MAX_NAME: usize = 2048;
/// Most places of lists that are looked at.
pub(super) const MAX_URLS: usize = 64;
/// id-kp: the last byte tells which.
const ID_KP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3];

impl Certificate {
    pub(super) fn parse(raw: &[u8]) -> Result<Self, NotDer> {
        let mut outer = Der::new(raw);
        let whole = outer.expect(der::SEQUENCE)?;
        outer.finish()?;
        let mut parts = whole.inside();
        let tbs = parts.expect(der::SEQUENCE)?;
        let algorithm = parts.expect(der::SEQUENCE)?;
        let signature = der::whole_bits(&parts.expect(der::BIT_STRING)?)?.to_vec();
        parts.finish()?;

        let mut fields = tbs.inside();
        let version = fields.optional(0xa0)?.map(|one| der::small(&one.inside().expect(der::INTEGER)?));
        let version = version.transpose()?.unwrap_or(0);
        let serial = der::integer(&fields.expect(der::INTEGER)?).to_vec();
        // The same algorithm must stand inside and outside of what is signed.
        if fields.expect(der::SEQUENCE)?.raw != algorithm.raw {
            return Err(NotDer);
        }
        let issuer = fields.expect(der::SEQUENCE)?.raw.to_vec();
        let mut validity = fields.expect(der::SEQUENCE)?.inside();
        let not_before = der::time(&validity.next()?)?;
        let not_after = der::time(&validity.next()?)?;
        let subject = fields.expect(der::SEQUENCE)?.raw.to_vec();
        let key = fields.expect(der::SEQUENCE)?.raw.to_vec();
        fields.optional(0x81)?;
        fields.optional(0x82)?;
        let mut certificate = Self {
            raw: raw.to_vec(),
            tbs: tbs.raw.to_vec(),
            serial,
            issuer_name: NormalizedName::of(&issuer)?,
            subject_name: NormalizedName::of(&subject)?,
            issuer,
            subject,
            not_before,
            not_after,
            key_sha1: crypto::sha1_name(key_bits(&key)?),
            key,
            algorithm: algorithm.raw.to_vec(),
            signature,
            held: SignatureCache::default(),
            authority: false,
            path_length: None,
            usage: None,
            purposes: None,
            odd: false,
            revocable: false,
            listed_elsewhere: false,
            crl_urls: Vec::new(),
            ocsp_urls: Vec::new(),
            ocsp_nocheck: false,
            key_id: None,
            alternative_names: Vec::new(),
        };
        if let Some(extensions) = fields.optional(0xa3)? {
            // Only version 3 has any (RFC 5280, 4.1.2.1).
            if version != 2 {
                return Err(NotDer);
            }
            let mut list = extensions.inside().expect(der::SEQUENCE)?.inside();
            let mut seen = HashSet::new();
            while !list.is_empty() {
                let mut extension = list.expect(der::SEQUENCE)?.inside();
                let oid = extension.expect(der::OID)?.body;
                let critical =
                    extension.optional(0x01)?.map(|b| der::boolean(&b)).transpose()?.unwrap_or(false);
                let value = extension.expect(der::OCTET_STRING)?.body;
                extension.finish()?;
                if !seen.insert(oid) {
                    return Err(NotDer);
                }
                certificate.extension(oid, critical, value)?;
            }
        }
        fields.finish()?;
        Ok(certificate)
    }

    fn extension(&mut self, oid: &[u8], critical: bool, value: &[u8]) -> Result<(), NotDer> {
        let Some((kind, ID_CE)) = oid.split_last() else {
            if oid == AIA {
                self.revocable |= value.windows(OCSP.len()).any(|w| w == OCSP);
                self.ocsp_urls = ocsp_urls(value).unwrap_or_default();
            }
            self.ocsp_nocheck |= oid == OCSP_NO_CHECK;
            self.odd |= critical;
            return Ok(());
        };
        match kind {
            14 => self.key_id = Some(Der::new(value).expect(der::OCTET_STRING)?.body.to_vec()),
            15 => {
                let bits = Der::new(value).expect(der::BIT_STRING)?.body;
                let (unused, bits) = bits.split_first().ok_or(NotDer)?;
                let said = [*bits.first().unwrap_or(&0), *bits.get(1).unwrap_or(&0)];
                // Bits that are not used say nothing.
                let used = (bits.len() * 8).checked_sub(usize::from(*unused)).ok_or(NotDer)?.min(16);
                let mask = u16::MAX.checked_shl(16 - u32::try_from(used).unwrap_or(16)).unwrap_or(0);
                self.usage = Some((u16::from_be_bytes(said) & mask).to_be_bytes());
            }
            19 => {
                let mut fields = Der::new(value).expect(der::SEQUENCE)?.inside();
                self.authority =
                    fields.optional(0x01)?.map(|b| der::boolean(&b)).transpose()?.unwrap_or(false);
                self.path_length = fields.optional(der::INTEGER)?.map(|n| der::small(&n)).transpose()?;
                fields.finish()?;
            }
            37 => {
                let mut list = Der::new(value).expect(der::SEQUENCE)?.inside();
                let mut purposes = Vec::new();
                while !list.is_empty() {
                    purposes.push(list.expect(der::OID)?.body.to_vec());
                }
                self.purposes = Some(purposes);
            }
            31 => {
                self.revocable = true;
                match crl_urls(value) {
                    Ok((urls, elsewhere)) => (self.crl_urls, self.listed_elsewhere) = (urls, elsewhere),
                    // Whom it names nobody knows.
                    Err(NotDer) => self.listed_elsewhere = true,
                }
            }
            17 => {
                self.odd |= critical && !is_sequence(value);
                self.alternative_names = value.to_vec();
            }
            // issuerAltName, certificatePolicies: read by nobody here, but they must be what they say.
            18 | 32 => self.odd |= critical && !is_sequence(value),
            // authorityKeyIdentifier.
            35 => {}
            // nameConstraints, policyMappings and policyConstraints bind, marked critical or not (RFC 5280, 6.1).
            30 | 33 | 36 => self.odd = true,
            // inhibitAnyPolicy: of policies nobody here asks for any.
            54 => self.odd |= critical && Der::new(value).expect(der::INTEGER).is_err(),
            _ => self.odd |= critical,
        }
        Ok(())
    }

    /// May sign documents: digitalSignature or nonRepudiation, and no purpose that excludes it.
    pub(super) fn may_sign_documents(&self) -> bool {
        let usage = self.usage.is_none_or(|[first, _]| first & 0xc0 != 0);
        usage && self.may_vouch_for_signers()
    }

    /// No purpose excludes that documents are signed: by its key or, of an authority, by those below it.
    pub(super) fn may_vouch_for_signers(&self) -> bool {
        let Some(purposes) = &self.purposes else { return true };
        let is_any = |kinds: &[u8]| {
            purposes.iter().any(|oid| matches!(oid.split_last(), Some((k, ID_KP)) if kinds.contains(k)))
        };
        // Beside that of a server others of machines and lines say no more.
        let others: &[u8] = if is_any(&[SERVER]) { &NOT_BESIDE_SERVERS } else { &NOT_DOCUMENTS };
        let other = |oid: &Vec<u8>| matches!(oid.split_last(), Some((k, ID_KP)) if others.contains(k));
        !purposes.iter().all(other)
    }

    /// May make time-stamps: the purpose is named (RFC 3161, 2.3), and its key may sign.
    pub(super) fn may_stamp(&self) -> bool {
        let stamping = |oid: &Vec<u8>| matches!(oid.split_last(), Some((8, ID_KP)));
        let usage = self.usage.is_none_or(|[first, _]| first & 0xc0 != 0);
        usage && self.purposes.as_ref().is_some_and(|list| list.iter().any(stamping))
    }

    /// May issue certificates.
    pub(super) fn may_issue(&self) -> bool {
        self.authority && self.usage.is_none_or(|[first, _]| first & 0x04 != 0)
    }

    /// An authority that may sign lists of revoked certificates, or somebody said to sign them.
    pub(super) fn may_revoke(&self) -> bool {
        self.may_sign_crls() && (self.authority || self.usage.is_some())
    }

    /// May sign lists of revoked certificates.
    pub(super) fn may_sign_crls(&self) -> bool {
        self.usage.is_none_or(|[first, _]| first & 0x02 != 0)
    }

    /// Is made to answer about revocation in its issuer's name (id-kp-OCSPSigning, RFC 6960, 4.2.2.2).
    pub(super) fn is_responder(&self) -> bool {
        let answering = |oid: &Vec<u8>| matches!(oid.split_last(), Some((9, ID_KP)));
        self.purposes.as_ref().is_some_and(|list| list.iter().any(answering))
    }

    /// The same, and nothing speaks against it.
    pub(super) fn may_answer(&self) -> bool {
        self.is_responder() && !self.odd && self.usage.is_none_or(|[first, _]| first & 0xc0 != 0)
    }

    /// The public key's bits alone, which others name it by the hash of.
    pub(super) fn key_bits(&self) -> Result<&[u8], NotDer> {
        key_bits(&self.key)
    }

    /// Whether it is for the same key, however that is written, or for one that whoever has the other has too.
    pub(super) fn has_key_of(&self, other: &Self) -> bool {
        let kernel = |one: &Self| key_bits(&one.key).map(kernel);
        self.key == other.key || kernel(self).is_ok_and(|own| kernel(other) == Ok(own))
    }

    /// Whether this is its name, however it is written.
    pub(super) fn is_named(&self, name: &NormalizedName) -> bool {
        self.subject_name == *name
    }

    /// Whether this GeneralName is one of its names: of its subject, or another.
    pub(super) fn has_name(&self, name: &Tlv<'_>) -> bool {
        const DIRECTORY_NAME: u8 = 0xa4;
        let directory = |name: &Tlv<'_>| {
            Some(name)
                .filter(|name| name.tag == DIRECTORY_NAME)
                .and_then(|name| NormalizedName::of(name.body).ok())
        };
        let wanted = directory(name);
        let is_it = |other: &Tlv<'_>| other.raw == name.raw || wanted.is_some() && directory(other) == wanted;
        let mut others = Der::new(&self.alternative_names).expect(der::SEQUENCE).map(|all| all.inside());
        let other = || others.as_mut().ok().and_then(|others| others.next().ok());
        wanted.as_ref().is_some_and(|name| self.is_named(name))
            || std::iter::from_fn(other).any(|one| is_it(&one))
    }

    /// Whether this is the name of its issuer, however it is written.
    pub(super) fn is_issued_under(&self, name: &NormalizedName) -> bool {
        self.issuer_name == *name
    }

    /// Whether it bears the name of the issuer of `other`, however that is written.
    pub(super) fn is_namesake_of_issuer(&self, other: &Self) -> bool {
        self.is_named(&other.issuer_name)
    }

    /// Whether `issuer` (a raw name) and serial number name it, however the name is written.
    pub(super) fn is_numbered(&self, issuer: &[u8], serial: &[u8]) -> bool {
        let under = || NormalizedName::of(issuer).is_ok_and(|name| self.is_issued_under(&name));
        self.serial == serial && (self.issuer == issuer || under())
    }

    /// Names itself as its issuer.
    pub(super) fn self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Made by its own key.
    pub(super) fn self_signed(&self) -> bool {
        self.issued_by(self) == Outcome::Good
    }

    /// Whether `issuer`'s key made the signature on this certificate; the names are compared too.
    pub(super) fn issued_by(&self, issuer: &Self) -> Outcome {
        if !issuer.is_namesake_of_issuer(self) {
            return Outcome::Bad;
        }
        self.held.of(&self.algorithm, &issuer.key, &self.tbs, &self.signature)
    }

    /// What it says, for people, in their zone.
    pub(super) fn summary(&self, zone: FixedOffset) -> CertificateSummary {
        let whole = |name: &[u8]| {
            let parts = parts_of(name);
            parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ")
        };
        CertificateSummary {
            subject: whole(&self.subject),
            issuer: whole(&self.issuer),
            serial: crate::hex::encode(&self.serial),
            not_before: self.not_before.with_timezone(&zone).to_rfc3339(),
            not_after: self.not_after.with_timezone(&zone).to_rfc3339(),
        }
    }

    /// The name to show: common name, else the whole subject in short.
    pub(super) fn name(&self) -> String {
        let parts = parts_of(&self.subject);
        let common = parts.iter().rev().find(|(oid, _)| oid == &[0x55, 4, 3]);
        match common {
            Some((_, name)) => name.clone(),
            None => parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", "),
        }
    }
}

/// A SEQUENCE of one value or more, and nothing else.
fn is_sequence(value: &[u8]) -> bool {
    let parse = || {
        let mut outer = Der::new(value);
        let mut list = outer.expect(der::SEQUENCE)?.inside();
        outer.finish()?;
        list.next()?;
        while !list.is_empty() {
            list.next()?;
        }
        Ok::<_, NotDer>(())
    };
    parse().is_ok()
}

/// The http addresses of CRLDistributionPoints (RFC 5280, 4.2.1.13), and whether some of them tell of a part of the
/// reasons or are another issuer's.
fn crl_urls(value: &[u8]) -> Result<(Vec<String>, bool), NotDer> {
    let mut points = Der::new(value).expect(der::SEQUENCE)?.inside();
    let (mut urls, mut elsewhere) = (Vec::new(), false);
    while !points.is_empty() {
        let mut point = points.expect(der::SEQUENCE)?.inside();
        if let Some(name) = point.optional(0xa0)? {
            urls.extend(full_name(&name)?);
        }
        elsewhere |= !point.is_empty();
    }
    elsewhere |= urls.len() > MAX_URLS;
    urls.truncate(MAX_URLS);
    Ok((urls, elsewhere))
}

/// The http addresses of a DistributionPointName.
pub(super) fn full_name(point: &Tlv<'_>) -> Result<Vec<String>, NotDer> {
    let mut urls = Vec::new();
    let Some(full_name) = point.inside().optional(0xa0)? else { return Ok(urls) };
    let mut names = full_name.inside();
    while !names.is_empty() {
        urls.extend(address(&names.next()?));
    }
    Ok(urls)
}

/// The http addresses of OCSP responders in AuthorityInfoAccess (RFC 5280, 4.2.2.1).
fn ocsp_urls(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let mut list = Der::new(value).expect(der::SEQUENCE)?.inside();
    let mut urls = Vec::new();
    while !list.is_empty() {
        let mut access = list.expect(der::SEQUENCE)?.inside();
        let method = access.expect(der::OID)?.body;
        urls.extend(address(&access.next()?).filter(|_| method == OCSP));
    }
    Ok(urls)
}

/// A GeneralName that is an http address.
fn address(name: &Tlv<'_>) -> Option<String> {
    let text = (name.tag == 0x86).then(|| std::str::from_utf8(name.body).ok()).flatten()?;
    text.starts_with("http://").then(|| text.to_owned())
}

fn key_bits(info: &[u8]) -> Result<&[u8], NotDer> {
    let mut fields = Der::new(info).expect(der::SEQUENCE)?.inside();
    fields.expect(der::SEQUENCE)?;
    der::whole_bits(&fields.expect(der::BIT_STRING)?)
}

/// What keys that are as good as one share: of RSA the modulus, whatever the exponent; of a point its first coordinate,
/// which its short forms (SEC 1, 2.3.3) and the point opposite have too; of Ed25519 all but the sign.
fn kernel(bits: &[u8]) -> Vec<u8> {
    let modulus = || Der::new(bits).expect(der::SEQUENCE).ok()?.inside().expect(der::INTEGER).ok();
    match bits {
        [y @ .., last] if y.len() == 31 => [y, &[last & 0x7f]].concat(),
        [2 | 3, x @ ..] => x.to_vec(),
        [4 | 6 | 7, both @ ..] => both.get(..both.len() / 2).unwrap_or_default().to_vec(),
        _ => modulus().map_or(bits, |modulus| modulus.body).to_vec(),
    }
}

/// A type and its value in a name.
type Attribute = (Vec<u8>, String);

/// A name as two are compared (RFC 5280, 7.1; RFC 4518): the kinds of strings, capitals, blanks, ways to compose
/// letters, what nobody sees, and the order within one part make no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NormalizedName(Vec<Vec<Attribute>>);

impl NormalizedName {
    pub(super) fn of(name: &[u8]) -> Result<Self, NotDer> {
        if name.len() > MAX_NAME {
            return Err(NotDer);
        }
        let mut all = Vec::new();
        subject_parts(name, &mut all)?;
        for part in &mut all {
            if part.is_empty() {
                return Err(NotDer);
            }
            for (_, text) in &mut *part {
                *text = prepared(text)?;
            }
            part.sort_unstable();
        }
        Ok(Self(all))
    }
}

/// A string as two are compared (RFC 4518, 2).
fn prepared(text: &str) -> Result<String, NotDer> {
    use unicode_normalization::UnicodeNormalization as _;
    // Mapped to nothing (2.2).
    let seen = |c: &char| {
        !matches!(c, '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}')
            && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}')
            && !matches!(c, '\u{feff}' | '\u{fffc}')
            && (!c.is_control() || c.is_whitespace())
    };
    // One letter may stand for many.
    let composed: String = text.chars().filter(seen).nfkc().take(MAX_NAME).collect();
    if composed.len() >= MAX_NAME {
        return Err(NotDer);
    }
    // Capitals first: some letters have none of their own but a pair.
    let folded: String = composed.to_uppercase().to_lowercase().nfkc().collect();
    Ok(folded.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Types and values of a name; what could be read of a broken one.
fn parts_of(name: &[u8]) -> Vec<Attribute> {
    let mut parts = Vec::new();
    let _ = subject_parts(name, &mut parts);
    parts.into_iter().flatten().collect()
}

fn subject_parts(name: &[u8], parts: &mut Vec<Vec<Attribute>>) -> Result<(), NotDer> {
    let mut sets = Der::new(name).expect(der::SEQUENCE)?.inside();
    while !sets.is_empty() {
        let mut pairs = sets.expect(der::SET)?.inside();
        let mut part = Vec::new();
        while !pairs.is_empty() {
            let mut pair = pairs.expect(der::SEQUENCE)?.inside();
            let oid = pair.expect(der::OID)?.body.to_vec();
            let value = pair.next()?;
            let number = |c: &[u8]| c.iter().fold(0, |n, b| n << 8 | u32::from(*b));
            let text = match value.tag {
                // UniversalString
                0x1c => value
                    .body
                    .chunks(4)
                    .map(|c| char::from_u32(number(c)).unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect(),
                // BMPString
                0x1e => {
                    let units: Vec<u16> = value.body.chunks(2).map(|c| number(c) as u16).collect();
                    String::from_utf16_lossy(&units)
                }
                0x0c => String::from_utf8_lossy(value.body).into_owned(),
                _ => value.body.iter().map(|b| char::from(*b)).collect(),
            };
            part.push((oid, text));
        }
        parts.push(part);
    }
    Ok(())
}
