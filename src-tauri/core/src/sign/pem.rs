//! PEM (RFC 7468) read as OpenSSL reads it: text around the blocks is skipped, and so are blocks of other labels. A
//! block that is asked for must be sound, or the whole is refused: nothing of it is silently not there.

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

/// Labels of a certificate; the third has more behind it, which is then refused by name.
pub(super) const CERTIFICATE: [&str; 3] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
/// Labels of a list of revoked certificates (RFC 7468, 6).
pub(super) const CRL: [&str; 2] = ["X509 CRL", "CRL"];
/// Labels of a request (RFC 7468, 7).
pub(super) const REQUEST: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];
/// Label of a key in the open (PKCS#8).
pub(super) const KEY: &str = "PRIVATE KEY";
/// Label of a locked key (PKCS#8).
pub(super) const LOCKED_KEY: &str = "ENCRYPTED PRIVATE KEY";

/// A block that has no end, or does not decode.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadBlock;

/// A label, and what stands under it; wiped when dropped, as it may be a key.
pub(super) type Block<'a> = (&'a str, Zeroizing<Vec<u8>>);

/// The blocks with one of these labels, in the order of the text.
pub(super) fn blocks<'a>(bytes: &[u8], labels: &[&'a str]) -> Result<Vec<Block<'a>>, BadBlock> {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(unmarked);
    let mut blocks = Vec::new();
    // Room for the longest there can be, so that growing leaves no copies behind.
    let mut base64 = Zeroizing::new(Vec::with_capacity(bytes.len()));
    while let Some(line) = lines.next() {
        let begins = |label: &&&str| line == format!("-----BEGIN {label}-----").as_bytes();
        let Some(label) = labels.iter().find(begins) else { continue };
        let end = format!("-----END {label}-----");
        base64.clear();
        loop {
            match lines.next().ok_or(BadBlock)? {
                line if line == end.as_bytes() => break,
                line => base64.extend_from_slice(line),
            }
        }
        let text = std::str::from_utf8(&base64).map_err(|_| BadBlock)?;
        blocks.push((*label, Zeroizing::new(Base64::decode_vec(text).map_err(|_| BadBlock)?)));
    }
    Ok(blocks)
}

/// Whether there is something else in a file than blocks of these labels and text: blocks of another label, or begun in
/// another way, or what is no text.
pub(super) fn has_others(bytes: &[u8], labels: &[&str]) -> bool {
    /// From this length on a line of base64 that begins as DER does is no text; blocks have lines of 64 or 76.
    const LONG: usize = 32;
    let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace() || *byte == 0x0b;
    // What old systems end files with.
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | 0x1a)).map_or(0, |last| last + 1);
    let bytes = bytes.get(..end).unwrap_or_default();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let mut end: Option<String> = None;
    for line in bytes.split(|byte| *byte == b'\n').map(unmarked) {
        let begins = |label: &&&str| line == format!("-----BEGIN {label}-----").as_bytes();
        if let Some(awaited) = &end {
            if line == awaited.as_bytes() {
                end = None;
            }
        } else if let Some(label) = labels.iter().find(begins) {
            end = Some(format!("-----END {label}-----"));
        } else if memchr::memmem::find(line, b"-----BEGIN").is_some()
            || line.len() >= LONG && line.starts_with(b"MI") && line.iter().all(is_base64)
        {
            return true;
        }
    }
    !bytes.iter().all(is_text)
}

/// A line without the mark of UTF-8: files that were joined have it in their middle too.
fn unmarked(line: &[u8]) -> &[u8] {
    line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line).trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Result<Vec<Vec<u8>>, BadBlock> {
        Ok(blocks(text.as_bytes(), &CERTIFICATE)?.into_iter().map(|(_, der)| der.to_vec()).collect())
    }

    #[test]
    fn text_around_the_blocks_is_skipped() {
        let one = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
        let other =
            "-----BEGIN X509 CERTIFICATE-----\r\nBAUG\r\nBw==\r\n-----END X509 CERTIFICATE-----  \r\n";
        let key = "-----BEGIN PRIVATE KEY-----\nnot for us\n-----END PRIVATE KEY-----\n";
        let text = format!("Bag Attributes\n  friendlyName: Lan\n{one}{key}# so\n\u{feff}{other}\n\n");
        assert_eq!(found(&text), Ok(vec![vec![1, 2, 3], vec![4, 5, 6, 7]]));
        assert_eq!(found("nothing"), Ok(vec![]));
        assert_eq!(found(&format!("# {one}")), Ok(vec![]), "commented out");
    }

    #[test]
    fn a_block_that_is_asked_for_is_sound_or_nothing_is_taken() {
        let sound = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
        for bad in [
            "AQID",
            "AQI\n-----END CERTIFICATE-----",
            "AQID\n-----END X509 CRL-----",
            "A,ID\n-----END CERTIFICATE-----",
        ] {
            let text = format!("{sound}-----BEGIN CERTIFICATE-----\n{bad}");
            assert_eq!(found(&text), Err(BadBlock), "{bad}");
        }
    }
}
