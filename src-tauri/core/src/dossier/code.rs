//! Dossier codes: `<agency>-<yymmdd>-<nnnn>`, the number starting anew every day. A counter takes
//! official numbers only out of a range the agency reserved for it; else the code is provisional.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An official code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierCode(String);

/// The text is no dossier code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a dossier code")]
pub struct NoCode;

impl DossierCode {
    /// The code of a day (yymmdd) and number.
    #[must_use]
    pub fn new(agency: &str, yymmdd: &str, number: u32) -> Self {
        Self(format!("{agency}-{yymmdd}-{number:04}"))
    }

    /// As printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DossierCode {
    type Err = NoCode;

    /// `H56.14-240823-0001` and `000.00.06.H56-231027-0361`: both shapes are live.
    fn from_str(text: &str) -> Result<Self, NoCode> {
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let letters =
            |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        let (head, number) = text.rsplit_once('-').ok_or(NoCode)?;
        let (agency, day) = head.rsplit_once('-').ok_or(NoCode)?;
        let good = agency.split('.').all(letters)
            && agency.len() <= 35
            && day.len() == 6
            && digits(day)
            && (4..=9).contains(&number.len())
            && digits(number);
        if good { Ok(Self(text.to_owned())) } else { Err(NoCode) }
    }
}

/// The code of a dossier that waits for its official number. Unique: the station's id is.
#[must_use]
pub fn provisional(station: &str, running: u64) -> String {
    format!("TAM-{station}-{running:06}")
}

/// Numbers of each day an agency reserved for a counter, both ends included; written `2000-2999`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Range {
    /// First number.
    pub first: u32,
    /// Last number.
    pub last: u32,
}

impl Range {
    /// The number after the last one taken that day; `None` when the range is used up.
    #[must_use]
    pub fn next(&self, taken: Option<u32>) -> Option<u32> {
        let next = taken.map_or(self.first, |taken| taken.saturating_add(1).max(self.first));
        (next <= self.last).then_some(next)
    }
}

impl TryFrom<String> for Range {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bad = || format!("not a range of numbers such as 2000-2999: {text}");
        let (first, last) = text.split_once('-').ok_or_else(bad)?;
        let number = |s: &str| s.trim().parse::<u32>().ok().filter(|n| (1..=999_999).contains(n));
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
            _ => Err(bad()),
        }
    }
}

impl From<Range> for String {
    fn from(range: Range) -> Self {
        format!("{}-{}", range.first, range.last)
    }
}
