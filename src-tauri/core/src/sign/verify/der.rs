//! Distinguished encoding rules (X.690), as far as CMS and X.509 need them, strictly.
//!
//! Touches only the slice it is given. Every value keeps its raw bytes, for those are what is signed.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate};

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
/// NULL as it stands.
pub(super) const NULL: &[u8] = &[5, 0];
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// Not DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotDer;

/// An INTEGER's content as DER writes it: some leave octets before it that say nothing.
pub(super) fn integer<'a>(number: &Tlv<'a>) -> &'a [u8] {
    let mut body = number.body;
    while let [0, next, ..] | [0xff, next, ..] = body {
        let says = (body.first() == Some(&0)) == (*next >= 0x80);
        if says {
            break;
        }
        body = body.get(1..).unwrap_or_default();
    }
    body
}

/// A container whose outer wrappers are of indefinite length, as BER allows and some programs write, with their
/// lengths told; anything else as it is. What is signed inside stays as it stands.
pub(super) fn definite(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [_, 0x80, ..] => {
            told(bytes).map_or(Cow::Borrowed(bytes), |(whole, rest)| Cow::Owned([&whole, rest].concat()))
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// The first value of `bytes` with its length told, and what follows it.
pub(super) fn told(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    told_at(bytes, 0)
}

/// What follows the first value of `bytes`, where its tag is beyond 30; in no structure read here.
pub(super) fn behind_long_tag(bytes: &[u8]) -> Option<&[u8]> {
    let (_, rest) = bytes.split_first().filter(|(first, _)| *first & 0x1f == 0x1f)?;
    let octets = rest.iter().take(5).position(|octet| octet & 0x80 == 0)? + 1;
    body_and_rest(rest.get(octets..)?).ok().map(|(_, rest)| rest)
}

/// The body of a value whose length comes next, and what follows it.
fn body_and_rest(bytes: &[u8]) -> Result<(&[u8], &[u8]), NotDer> {
    let (first, rest) = bytes.split_first().ok_or(NotDer)?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f)).ok_or(NotDer)?;
            let length = digits.iter().fold(0_usize, |n, b| n << 8 | usize::from(*b));
            // DER: as short as can be.
            if digits.first() == Some(&0) || length < 0x80 {
                return Err(NotDer);
            }
            (length, rest)
        }
        _ => return Err(NotDer),
    };
    rest.split_at_checked(length).ok_or(NotDer)
}

fn told_at(bytes: &[u8], depth: usize) -> Option<(Vec<u8>, &[u8])> {
    /// ContentInfo, its content, SignedData, the fields of that.
    const DEEPEST: usize = 4;
    let (tag, mut rest) = match bytes {
        [tag, 0x80, rest @ ..] if tag & 0x20 != 0 && depth < DEEPEST => (*tag, rest),
        _ => {
            let raw = Der::new(bytes).next().ok()?.raw;
            return Some((raw.to_vec(), bytes.get(raw.len()..)?));
        }
    };
    let mut body = Vec::new();
    while !rest.starts_with(&[0, 0]) {
        let (value, behind) = told_at(rest, depth + 1)?;
        body.extend(value);
        rest = behind;
    }
    let length = u32::try_from(body.len()).ok()?;
    let mut whole = vec![tag];
    match length.to_be_bytes() {
        [0, 0, 0, short] if short < 0x80 => whole.push(short),
        octets => {
            let octets = octets.iter().skip_while(|octet| **octet == 0);
            whole.push(0x80 | u8::try_from(octets.clone().count()).ok()?);
            whole.extend(octets);
        }
    }
    whole.extend(body);
    Some((whole, rest.get(2..)?))
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tlv<'a> {
    pub(super) tag: u8,
    /// Tag, length and body.
    pub(super) raw: &'a [u8],
    pub(super) body: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The values inside.
    pub(super) fn inside(&self) -> Der<'a> {
        Der { rest: self.body }
    }
}

/// A reader of values that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Der<'a> {
    rest: &'a [u8],
}

impl<'a> Der<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn next(&mut self) -> Result<Tlv<'a>, NotDer> {
        let whole = self.rest;
        let (tag, rest) = whole.split_first().ok_or(NotDer)?;
        // Tags beyond 30 are in no structure read here.
        if tag & 0x1f == 0x1f {
            return Err(NotDer);
        }
        let (body, rest) = body_and_rest(rest)?;
        let raw = whole.get(..whole.len() - rest.len()).ok_or(NotDer)?;
        self.rest = rest;
        Ok(Tlv { tag: *tag, raw, body })
    }

    /// The next value, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, NotDer> {
        self.next().and_then(|tlv| if tlv.tag == tag { Ok(tlv) } else { Err(NotDer) })
    }

    /// The next value when it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, NotDer> {
        if self.rest.first() == Some(&tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// Nothing may follow.
    pub(super) fn finish(&self) -> Result<(), NotDer> {
        if self.rest.is_empty() { Ok(()) } else { Err(NotDer) }
    }
}

/// A small non-negative INTEGER.
pub(super) fn small(tlv: &Tlv<'_>) -> Result<u32, NotDer> {
    match tlv.body {
        [] | [0x80..=0xff, ..] => Err(NotDer),
        body if body.len() > 4 => Err(NotDer),
        body => Ok(body.iter().fold(0, |n, b| n << 8 | u32::from(*b))),
    }
}

/// The bytes of a BIT STRING without unused bits.
pub(super) fn whole_bits<'a>(tlv: &Tlv<'a>) -> Result<&'a [u8], NotDer> {
    match tlv.body {
        [0, bits @ ..] => Ok(bits),
        _ => Err(NotDer),
    }
}

/// An `AlgorithmIdentifier`: object identifier and raw parameters.
pub(super) fn algorithm<'a>(tlv: &Tlv<'a>) -> Result<(&'a [u8], Option<Tlv<'a>>), NotDer> {
    if tlv.tag != SEQUENCE {
        return Err(NotDer);
    }
    let mut inside = tlv.inside();
    let oid = inside.expect(OID)?.body;
    let parameters = if inside.is_empty() { None } else { Some(inside.next()?) };
    inside.finish()?;
    Ok((oid, parameters))
}

/// Whether one of Extensions, under whatever tag, is critical.
pub(super) fn has_critical(extensions: &Tlv<'_>) -> Result<bool, NotDer> {
    let (mut list, mut critical) = (extensions.inside(), false);
    while !list.is_empty() {
        let mut one = list.expect(SEQUENCE)?.inside();
        one.expect(OID)?;
        critical |= one.optional(0x01)?.is_some_and(|said| said.body != [0]);
    }
    Ok(critical)
}

/// A BOOLEAN's content, one octet.
pub(super) fn boolean(tlv: &Tlv<'_>) -> Result<bool, NotDer> {
    match tlv.body {
        [0] => Ok(false),
        [_] => Ok(true),
        _ => Err(NotDer),
    }
}

/// UTCTime or GeneralizedTime in the only form X.509 and CMS allow: to the second, in UTC.
pub(super) fn time(tlv: &Tlv<'_>) -> Result<DateTime<FixedOffset>, NotDer> {
    let text = std::str::from_utf8(tlv.body).map_err(|_| NotDer)?.strip_suffix('Z').ok_or(NotDer)?;
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(NotDer);
    }
    let (year, rest) = match tlv.tag {
        0x17 if text.len() == 12 => {
            let (yy, rest) = text.split_at_checked(2).ok_or(NotDer)?;
            let yy: i32 = yy.parse().map_err(|_| NotDer)?;
            (if yy < 50 { 2000 + yy } else { 1900 + yy }, rest)
        }
        0x18 if text.len() >= 14 => {
            let (year, rest) = text.split_at_checked(4).ok_or(NotDer)?;
            // Fractions of a second appear in time-stamps; they are cut.
            let (whole, fraction) = rest.split_at_checked(10).ok_or(NotDer)?;
            let digits = fraction
                .strip_prefix('.')
                .is_some_and(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
            if !fraction.is_empty() && !digits {
                return Err(NotDer);
            }
            (year.parse().map_err(|_| NotDer)?, whole)
        }
        _ => return Err(NotDer),
    };
    let pair = |at: usize| -> Result<u32, NotDer> {
        let two = rest.get(at..at + 2).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).ok_or(NotDer)?;
        two.parse().map_err(|_| NotDer)
    };
    let date = NaiveDate::from_ymd_opt(year, pair(0)?, pair(2)?).ok_or(NotDer)?;
    let at = date.and_hms_opt(pair(4)?, pair(6)?, pair(8)?).ok_or(NotDer)?;
    Ok(at.and_utc().fixed_offset())
}
