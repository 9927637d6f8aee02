//! Words of the contract, as they are typed and printed.

use saoy_core::app::contract::{CoreError, ErrorKind};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A word of the contract, e.g. `certified_copy`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, CoreError> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| CoreError::new(ErrorKind::BadWord).with("value", text))
}

/// The word of a value.
pub fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
