//! Words of the contract, as they are typed and printed.

use saoy_core::app::contract::{CoreError, ErrorKind};
pub use saoy_core::app::error::word;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A word of the contract, e.g. `certified_copy`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, CoreError> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| CoreError::new(ErrorKind::BadWord).with("value", text))
}
