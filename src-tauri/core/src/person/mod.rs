//! Who stands at the counter: the text of an identity card's QR, and what is odd about it.
//!
//! The QR is unsigned text, a convenience and no proof of identity. What cannot be a card is
//! refused; whatever is odd about one is a doubt the clerk looks at, and nothing is corrected.

mod card;
mod number;
#[cfg(test)]
mod tests;

pub use card::{NotACard, looks_like_card};
pub use number::{number_doubts, province_of};

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

/// What a card's QR says. Personal data: shown and stored, never logged.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CardReading {
    /// Personal number, 12 digits.
    pub number: String,
    /// Number of the old identity card; empty if none.
    pub old_number: String,
    /// Full name as on the card, composed (NFC).
    pub name: String,
    /// Birth.
    pub birth: Birth,
    /// Sex; `None` when the field says neither.
    pub sex: Option<Sex>,
    /// Place of residence.
    pub address: String,
    /// Day of issue; `None` when missing or no date.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub issued: Option<NaiveDate>,
    /// What is odd, each at most once.
    pub doubts: Vec<Doubt>,
}

impl fmt::Debug for CardReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardReading").field("doubts", &self.doubts).finish_non_exhaustive()
    }
}

/// When somebody was born, as exactly as the card knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum Birth {
    /// The day.
    Day {
        /// The day.
        #[cfg_attr(test, ts(type = "string"))]
        date: NaiveDate,
    },
    /// Month and year only.
    Month {
        /// Year.
        year: i32,
        /// Month, 1–12.
        month: u32,
    },
    /// The year only ("chỉ có năm"): many older people's papers know no more.
    Year {
        /// Year.
        year: i32,
    },
    /// What the card says is no date.
    Unreadable,
}

impl Birth {
    /// The year.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        match self {
            Self::Day { date } => Some(date.year()),
            Self::Month { year, .. } | Self::Year { year } => Some(*year),
            Self::Unreadable => None,
        }
    }

    /// The first day it may have been, to compare with other dates; not to be shown.
    fn earliest(&self) -> Option<NaiveDate> {
        match self {
            Self::Day { date } => Some(*date),
            Self::Month { year, month } => NaiveDate::from_ymd_opt(*year, *month, 1),
            Self::Year { year } => NaiveDate::from_ymd_opt(*year, 1, 1),
            Self::Unreadable => None,
        }
    }
}

/// Sex as cards state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

/// What is odd about a card. Amber: the clerk compares with the card in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The number begins with no province we know.
    ProvinceUnknown,
    /// Century or year digits of the number disagree with the year of birth.
    NumberDisagreesWithBirth,
    /// The sex digit of the number disagrees with the sex.
    NumberDisagreesWithSex,
    /// The old number is neither 9 nor 12 digits.
    OldNumberOdd,
    /// No name.
    NameMissing,
    /// The name has characters no name has, or spellings an input method leaves behind.
    NameMangled,
    /// The address has characters an input method or a wrong encoding leaves behind.
    AddressMangled,
    /// The birth is no date.
    BirthUnreadable,
    /// Born after today.
    BirthInFuture,
    /// Born more than 130 years ago.
    BirthLongAgo,
    /// The sex is neither Nam nor Nữ.
    SexUnreadable,
    /// No day of issue.
    IssueMissing,
    /// The day of issue is no date.
    IssueUnreadable,
    /// Issued after today.
    IssuedInFuture,
    /// Issued before birth.
    IssuedBeforeBirth,
}
