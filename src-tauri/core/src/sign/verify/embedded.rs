//! Certificates and words on revocation in a container (CMS), wherever they stand: among attributes of whatever kind, in
//! its time-stamps, and in the attributes of those.
//!
//! Touches only the bytes it is given. Who put them there does not matter: each is signed by whoever says it. Where such
//! have their place, in a SignedData and its known attributes, what cannot be read may be one; elsewhere it is looked
//! for what can.

use chrono::{DateTime, FixedOffset};

use super::{
    certificate::Certificate,
    cms::{self, SignedData},
    der::{self, Der, NotDer, Tlv},
    evidence::Kept,
    revocation::{MAX_REVOCATION_INFOS, RevocationInfo},
};

/// Deepest nesting: some time-stamps of time-stamps.
const MAX_DEPTH: usize = 96;
/// Most values that are looked at.
const MAX_VALUES: usize = 200_000;
/// Most containers that are read whole.
const MAX_CONTAINERS: usize = 32;
/// Most bytes written anew with their lengths told.
const MAX_TOLD: usize = 32 << 20;

/// Everything of the kind in a container, known to exist at `proven`.
pub(super) fn all(container: &[u8], proven: DateTime<FixedOffset>) -> Kept {
    let mut search = Search {
        container,
        proven,
        found: Kept::default(),
        certificates: 0,
        words: 0,
        containers: 0,
        values: MAX_VALUES,
        told: MAX_TOLD,
        rewritten: false,
    };
    // Behind it stand zeros.
    let told = der::definite(container);
    search.rewritten = matches!(told, std::borrow::Cow::Owned(_));
    if let Ok(outermost) = Der::new(&told).next() {
        search.value(&outermost, 0);
    }
    search.found
}

struct Search<'a> {
    container: &'a [u8],
    proven: DateTime<FixedOffset>,
    found: Kept,
    /// How many of each were tried.
    certificates: usize,
    words: usize,
    containers: usize,
    /// How many values, and bytes with their lengths told, are still looked at.
    values: usize,
    told: usize,
    /// Some lengths were told.
    rewritten: bool,
}

/// What a value looks like by its first parts.
enum Kind {
    Certificate,
    /// A list, or an answer.
    Word,
    Container,
    Other,
}

impl Search<'_> {
    fn value(&mut self, value: &Tlv<'_>, depth: usize) {
        const CONSTRUCTED: u8 = 0x20;
        let Some(left) = self.values.checked_sub(1).filter(|_| depth < MAX_DEPTH) else {
            self.found.infos.unread = true;
            return;
        };
        self.values = left;
        match kind(value) {
            Kind::Certificate => self.certificate(value.raw),
            Kind::Word => self.word(value.raw),
            Kind::Container => {
                self.signed_data(value.raw);
                self.within(value.body, depth + 1);
            }
            Kind::Other if value.tag & CONSTRUCTED != 0 => self.within(value.body, depth + 1),
            // Whatever is wrapped up in octets, under a tag of its own perhaps.
            Kind::Other if value.tag == der::OCTET_STRING || value.tag & 0xc0 == 0x80 => {
                self.within(value.body, depth + 1);
            }
            Kind::Other => {}
        }
    }

    /// The values in `bytes`, as far as it is any.
    fn within(&mut self, bytes: &[u8], depth: usize) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut values = Der::new(rest);
            if let Ok(value) = values.next() {
                self.value(&value, depth);
                rest = values.rest();
            } else if let [_, 0x80, ..] = rest {
                // Of indefinite length, as some authorities send their tokens.
                let Some(left) = self.told.checked_sub(rest.len()) else {
                    self.found.infos.unread = true;
                    return;
                };
                self.told = left;
                let Some((told, behind)) = der::told(rest) else {
                    // Too deep, or not sound: what stands in it may be.
                    let Some(left) = self.values.checked_sub(1).filter(|_| depth < MAX_DEPTH) else {
                        self.found.infos.unread = true;
                        return;
                    };
                    self.values = left;
                    return self.within(rest.get(2..).unwrap_or_default(), depth + 1);
                };
                self.told += behind.len();
                self.rewritten = true;
                if let Ok(value) = Der::new(&told).next() {
                    self.value(&value, depth);
                }
                rest = behind;
            } else if let (Some(behind), Some(left)) =
                (der::behind_long_tag(rest), self.values.checked_sub(1))
            {
                self.values = left;
                rest = behind;
            } else {
                return;
            }
        }
    }

    fn certificate(&mut self, raw: &[u8]) {
        if self.found.certificates.iter().any(|(one, _)| one.raw == raw) {
            return;
        }
        self.certificates += 1;
        let may = self.certificates <= MAX_REVOCATION_INFOS && self.is_as_written(raw);
        match may.then(|| Certificate::parse(raw)) {
            Some(Ok(certificate)) => self.found.certificates.push((certificate, self.proven)),
            Some(Err(NotDer)) | None => self.found.infos.lost = true,
        }
    }

    fn word(&mut self, raw: &[u8]) {
        if self.found.infos.infos.iter().any(|one| one.raw == raw) {
            return;
        }
        self.words += 1;
        let may = self.words <= MAX_REVOCATION_INFOS && self.is_as_written(raw);
        match may.then(|| RevocationInfo::parse(raw, self.proven)) {
            Some(Ok(info)) => self.found.infos.infos.push(info),
            Some(Err(NotDer)) | None => self.found.infos.unread = true,
        }
    }

    /// What had its lengths told is no longer what was signed.
    fn is_as_written(&self, raw: &[u8]) -> bool {
        !self.rewritten || memchr::memmem::find(self.container, raw).is_some()
    }

    /// What stands where it belongs, and cannot be read, counts.
    fn signed_data(&mut self, raw: &[u8]) {
        self.containers += 1;
        if self.containers > MAX_CONTAINERS {
            self.found.infos.unread = true;
            return;
        }
        match SignedData::parse(raw) {
            Ok(signed) => {
                let words = signed.archived(self.proven, self.proven);
                self.found.infos.unread |= words.unread;
                self.found.infos.lost |= words.lost;
            }
            Err(NotDer) => self.found.infos.unread = true,
        }
    }
}

/// A certificate, a list and an answer (RFC 5280, 4.1 and 5.1; RFC 6960, 4.2.1) are what is signed, an algorithm and bits;
/// what is signed tells them apart.
fn kind(value: &Tlv<'_>) -> Kind {
    /// Bits in pieces, as BER allows.
    const BITS_IN_PIECES: u8 = 0x23;
    let read = || {
        let mut parts = value.inside();
        let signed = parts.expect(der::SEQUENCE)?;
        parts.expect(der::SEQUENCE)?;
        if !matches!(parts.next()?.tag, der::BIT_STRING | BITS_IN_PIECES) {
            return Err(NotDer);
        }
        let mut fields = signed.inside();
        fields.optional(0xa0)?;
        let first = fields.next()?;
        if matches!(first.tag, 0xa1 | 0xa2) {
            fields.expect(der::GENERALIZED_TIME)?;
            return Ok(Kind::Word);
        }
        let numbered = first.tag == der::INTEGER;
        if numbered {
            fields.expect(der::SEQUENCE)?;
        }
        fields.expect(der::SEQUENCE)?;
        Ok::<_, NotDer>(match fields.next()?.tag {
            0x17 | der::GENERALIZED_TIME => Kind::Word,
            der::SEQUENCE if numbered => Kind::Certificate,
            _ => Kind::Other,
        })
    };
    match value.tag {
        der::SEQUENCE if cms::is_signed_data(value) => Kind::Container,
        der::SEQUENCE => read().unwrap_or(Kind::Other),
        _ => Kind::Other,
    }
}
