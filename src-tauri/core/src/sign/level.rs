//! How long a signature will be worth believing.

use serde::{Deserialize, Serialize};

/// Level of a signature of ours (ETSI EN 319 142-1), from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SignatureLevel"))]
pub enum Level {
    /// Signed.
    #[serde(rename = "B-B")]
    B,
    /// With a trusted time.
    #[serde(rename = "B-T")]
    T,
    /// With all that is needed to judge it offline.
    #[serde(rename = "B-LT")]
    Lt,
    /// And a trusted time for that.
    #[serde(rename = "B-LTA")]
    Lta,
}
