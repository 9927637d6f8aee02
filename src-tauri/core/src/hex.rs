//! Lower-case hexadecimal, for hashes and small bitmaps.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

/// Bytes as lower-case hexadecimal.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|n| char::from_digit(n.into(), 16)).collect()
}

/// The bytes of a hexadecimal text; `None` when it is not one.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

/// SHA-256 of all that a reader gives, and how many bytes it gave.
///
/// # Errors
/// When reading fails.
pub fn sha256_of(mut from: impl Read) -> io::Result<(String, u64)> {
    let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; 1 << 18], 0);
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok((encode(&hash.finalize()), bytes)),
            Ok(read) => {
                hash.update(buffer.get(..read).unwrap_or_default());
                bytes += read as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// For serde: bytes that stand as hexadecimal text (`#[serde(with = "crate::hex::text")]`).
pub mod text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    /// Writes them.
    ///
    /// # Errors
    /// Those of the format.
    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::encode(bytes))
    }

    /// Reads them.
    ///
    /// # Errors
    /// When the text is not hexadecimal.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        super::decode(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("not hexadecimal"))
    }
}
