//! Certificates and words on revocation in a container (CMS), wherever they stand: among attributes of whatever kind, in
//! its time-stamps, and in the attributes of those.
//!
//! Touches only the bytes it is given. Who put them there does not matter: each is signed by whoever says it.

use chrono::{DateTime, FixedOffset};

use super::{
    certificate::Certificate,
    der::{self, Der, NotDer, Tlv},
    evidence::Kept,
    revocation::{MAX_REVOCATION_INFOS, RevocationInfo},
};

/// Deepest nesting: some time-stamps of time-stamps.
const MAX_DEPTH: usize = 96;
/// Most values that are looked at.
const MAX_VALUES: usize = 200_000;

/// Everything of the kind in a container, known to exist at `proven`.
pub(super) fn all(container: &[u8], proven: DateTime<FixedOffset>) -> Kept {
    let mut search = Search { found: Kept::default(), proven, room: MAX_VALUES };
    // Behind it stand zeros.
    match Der::new(&der::definite(container)).next() {
        Ok(outermost) => search.value(&outermost, 0),
        Err(NotDer) => search.found.infos.unread = true,
    }
    search.found
}

struct Search {
    found: Kept,
    proven: DateTime<FixedOffset>,
    room: usize,
}

/// What a value looks like by its first parts.
enum Kind {
    Certificate,
    /// A list, or an answer.
    Word,
    Other,
}

impl Search {
    fn value(&mut self, value: &Tlv<'_>, depth: usize) {
        const CONSTRUCTED: u8 = 0x20;
        let Some(room) = self.room.checked_sub(1).filter(|_| depth < MAX_DEPTH) else {
            self.found.infos.unread = true;
            return;
        };
        self.room = room;
        let kind = kind(value);
        let known = match kind {
            Kind::Certificate => self.found.certificates.iter().any(|(one, _)| one.raw == value.raw),
            Kind::Word => self.found.infos.infos.iter().any(|one| one.raw == value.raw),
            Kind::Other => false,
        };
        match kind {
            _ if known => {}
            Kind::Certificate if self.found.certificates.len() < MAX_REVOCATION_INFOS => {
                match Certificate::parse(value.raw) {
                    Ok(certificate) => self.found.certificates.push((certificate, self.proven)),
                    Err(NotDer) => self.found.infos.lost = true,
                }
            }
            Kind::Certificate => self.found.infos.lost = true,
            Kind::Word if self.found.infos.infos.len() < MAX_REVOCATION_INFOS => {
                match RevocationInfo::parse(value.raw, self.proven) {
                    Ok(info) => self.found.infos.infos.push(info),
                    Err(NotDer) => self.found.infos.unread = true,
                }
            }
            Kind::Word => self.found.infos.unread = true,
            Kind::Other if value.tag & CONSTRUCTED != 0 => self.values(value.body, depth + 1),
            // A token's content, an answer: one value wrapped up in octets.
            Kind::Other if value.tag == der::OCTET_STRING => {
                let content = der::definite(value.body);
                let mut whole = Der::new(&content);
                if let (Ok(inner), true) = (whole.expect(der::SEQUENCE), whole.is_empty()) {
                    self.value(&inner, depth + 1);
                }
            }
            Kind::Other => {}
        }
    }

    fn values(&mut self, bytes: &[u8], depth: usize) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut values = Der::new(rest);
            if let Ok(value) = values.next() {
                self.value(&value, depth);
                rest = values.rest();
            } else if let Some((told, behind)) = der::told(rest)
                && let Ok(value) = Der::new(&told).next()
            {
                // Of indefinite length, as some authorities send their tokens.
                self.value(&value, depth);
                rest = behind;
            } else {
                self.found.infos.unread = true;
                return;
            }
        }
    }
}

/// A certificate, a list and an answer (RFC 5280, 4.1 and 5.1; RFC 6960, 4.2.1) are what is signed, an algorithm and bits;
/// what is signed tells them apart.
fn kind(value: &Tlv<'_>) -> Kind {
    let read = || {
        let mut parts = value.inside();
        let signed = parts.expect(der::SEQUENCE)?;
        parts.expect(der::SEQUENCE)?;
        parts.expect(der::BIT_STRING)?;
        let mut fields = signed.inside();
        fields.optional(0xa0)?;
        let first = fields.next()?;
        if matches!(first.tag, 0xa1 | 0xa2) {
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
    if value.tag == der::SEQUENCE { read().unwrap_or(Kind::Other) } else { Kind::Other }
}
