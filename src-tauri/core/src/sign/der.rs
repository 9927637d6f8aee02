//! Writing DER: just what a certificate and a CMS container need.

/// Tags used here.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const UTF8: u8 = 0x0C;
pub(super) const PRINTABLE: u8 = 0x13;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// Tag, length, content.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if let (Ok(short), true) = (u8::try_from(length), length < 0x80) {
        out.push(short);
    } else {
        let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
        out.push(0x80 | bytes.len() as u8);
        out.extend(bytes);
    }
    out.extend_from_slice(content);
    out
}

/// A SEQUENCE of ready elements.
pub(super) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &elements.concat())
}

/// A SET OF ready elements, in DER's order.
pub(super) fn set_of(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = elements.to_vec();
    sorted.sort_unstable();
    tlv(SET, &sorted.concat())
}

/// An object identifier, from its arcs.
pub(super) fn oid(arcs: &[u32]) -> Vec<u8> {
    let mut content = Vec::new();
    let first = match arcs {
        [a, b, ..] => a * 40 + b,
        _ => 0,
    };
    for arc in std::iter::once(first).chain(arcs.iter().skip(2).copied()) {
        let groups = (32 - arc.leading_zeros()).div_ceil(7).max(1);
        content.extend(
            (0..groups).rev().map(|g| ((arc >> (7 * g)) & 0x7F) as u8 | if g > 0 { 0x80 } else { 0 }),
        );
    }
    tlv(OID, &content)
}

/// A BIT STRING of whole bytes.
pub(super) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_read_back() {
        use pkcs8::der::Decode as _;
        for arcs in
            [&[1, 3, 101, 112][..], &[2, 16, 840, 1, 101, 3, 4, 2, 3], &[1, 2, 840, 113_549, 1, 9, 16, 2, 47]]
        {
            let dotted: Vec<String> = arcs.iter().map(ToString::to_string).collect();
            let read: pkcs8::ObjectIdentifier = pkcs8::ObjectIdentifier::from_der(&oid(arcs)).unwrap();
            assert_eq!(read.to_string(), dotted.join("."));
        }
    }

    #[test]
    fn long_contents_have_long_lengths() {
        assert_eq!(tlv(OCTET_STRING, &[0; 200])[..3], [0x04, 0x81, 200]);
        assert_eq!(tlv(OCTET_STRING, &[0; 300])[..4], [0x04, 0x82, 1, 44]);
    }
}
