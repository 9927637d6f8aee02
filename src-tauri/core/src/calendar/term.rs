//! What a procedure promises: "5 ngày làm việc", "8 giờ", "trong ngày".

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::words::fold;

/// A term of a procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Working days after the day of receipt.
    WorkingDays(u32),
    /// Calendar days after the day of receipt; never ends on a day off.
    Days(u32),
    /// Months after the day of receipt; never ends on a day off.
    Months(u32),
    /// Minutes of office hours. Half a working day is 240 (a working day has eight hours).
    WorkingMinutes(u32),
    /// By the end of the day of receipt, or of the next working day after the cut-off.
    SameDay,
}

/// Why a text is no term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// Not a number and a unit we know.
    #[error("not a term")]
    Unknown,
    /// Nothing to wait for.
    #[error("zero")]
    Zero,
    /// Longer than ten years.
    #[error("longer than ten years")]
    TooLong,
    /// Part of a calendar day or month.
    #[error("part of a calendar day")]
    Fraction,
}

const DAY: u32 = 480;
const LONGEST_DAYS: u32 = 3_650;

impl FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let text = plain(text);
        const AT_ONCE: [&str; 8] = [
            "trong ngay",
            "trong ngay lam viec",
            "ngay",
            "ngay trong ngay",
            "ngay trong ngay lam viec",
            "ngay khi nhan",
            "ngay khi nhan ho so",
            "giai quyet ngay",
        ];
        if AT_ONCE.contains(&text.as_str()) {
            return Ok(Self::SameDay);
        }
        let (amount, unit) = match text.strip_prefix("nua ") {
            Some(unit) => ((1, 2), unit),
            None => {
                let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.' | '/'));
                let (number, unit) = text.split_at(end.ok_or(TermError::Unknown)?);
                (amount(number)?, unit.trim_start())
            }
        };
        match unit {
            "ngay lam viec" => match whole(amount, 1) {
                Some(days) => Self::WorkingDays(days).within_reason(),
                None => Self::WorkingMinutes(whole(amount, DAY).ok_or(TermError::Unknown)?).within_reason(),
            },
            "gio" | "gio lam viec" | "tieng" => {
                Self::WorkingMinutes(whole(amount, 60).ok_or(TermError::Unknown)?).within_reason()
            }
            "phut" => Self::WorkingMinutes(whole(amount, 1).ok_or(TermError::Unknown)?).within_reason(),
            "ngay" | "ngay lich" | "ngay duong lich" => {
                Self::Days(whole(amount, 1).ok_or(TermError::Fraction)?).within_reason()
            }
            "tuan" => Self::Days(whole(amount, 7).ok_or(TermError::Fraction)?).within_reason(),
            "thang" => Self::Months(whole(amount, 1).ok_or(TermError::Fraction)?).within_reason(),
            _ => Err(TermError::Unknown),
        }
    }
}

/// Folded, without what tells from when, how strictly, or the number again in words.
fn plain(text: &str) -> String {
    let mut text = fold(text);
    while let (Some(from), Some(to)) = (text.find('('), text.find(')')) {
        if to < from {
            break;
        }
        text.replace_range(from..=to, " ");
    }
    for tail in [" ke tu", " tinh tu", " sau khi"] {
        if let Some(at) = text.find(tail) {
            text.truncate(at);
        }
    }
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':'));
    while let Some(shorter) =
        ["khong qua ", "toi da ", "trong vong ", "trong thoi han ", "thoi han ", "cham nhat "]
            .iter()
            .find_map(|lead| rest.strip_prefix(lead))
    {
        rest = shorter.trim_start();
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "05", "1/2", "0,5": a fraction.
fn amount(text: &str) -> Result<(u32, u32), TermError> {
    let number = |s: &str| -> Result<u32, TermError> {
        if s.is_empty() || !s.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TermError::Unknown);
        }
        s.parse().map_err(|_| TermError::TooLong)
    };
    if let Some((above, below)) = text.split_once('/') {
        return match (number(above)?, number(below)?) {
            (_, 0) => Err(TermError::Unknown),
            fraction => Ok(fraction),
        };
    }
    match text.split_once([',', '.']) {
        Some((whole, tenths)) if tenths.len() == 1 => {
            let all = number(whole)?.checked_mul(10).ok_or(TermError::TooLong)?;
            Ok((all.saturating_add(number(tenths)?), 10))
        }
        Some(_) => Err(TermError::Unknown),
        None => Ok((number(text)?, 1)),
    }
}

/// The fraction times `unit`, when that is whole.
fn whole((above, below): (u32, u32), unit: u32) -> Option<u32> {
    let all = u64::from(above) * u64::from(unit);
    (all % u64::from(below) == 0).then(|| u32::try_from(all / u64::from(below)).unwrap_or(u32::MAX))
}

impl Term {
    fn within_reason(self) -> Result<Self, TermError> {
        let (length, longest) = match self {
            Self::WorkingDays(n) | Self::Days(n) => (n, LONGEST_DAYS),
            Self::Months(n) => (n, LONGEST_DAYS / 30),
            Self::WorkingMinutes(n) => (n, LONGEST_DAYS * DAY),
            Self::SameDay => return Ok(self),
        };
        match length {
            0 => Err(TermError::Zero),
            _ if length > longest => Err(TermError::TooLong),
            _ => Ok(self),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkingDays(n) => write!(f, "{n} ngày làm việc"),
            Self::Days(n) => write!(f, "{n} ngày"),
            Self::Months(n) => write!(f, "{n} tháng"),
            Self::WorkingMinutes(n) if n % 60 == 0 => write!(f, "{} giờ làm việc", n / 60),
            Self::WorkingMinutes(n) => write!(f, "{n} phút"),
            Self::SameDay => f.write_str("trong ngày làm việc"),
        }
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terms_as_procedures_write_them() {
        for (text, term) in [
            ("5 ngày làm việc", Term::WorkingDays(5)),
            ("05 NGÀY LÀM VIỆC", Term::WorkingDays(5)),
            ("05 (năm) ngày làm việc", Term::WorkingDays(5)),
            ("3 ngay lam viec", Term::WorkingDays(3)),
            ("Không quá 03 ngày làm việc, kể từ ngày nhận đủ hồ sơ hợp lệ", Term::WorkingDays(3)),
            ("Trong thời hạn tối đa 10 ngày làm việc.", Term::WorkingDays(10)),
            ("15 ngày", Term::Days(15)),
            ("2 tuần", Term::Days(14)),
            ("1 tháng", Term::Months(1)),
            ("8 giờ", Term::WorkingMinutes(480)),
            ("4 giờ làm việc", Term::WorkingMinutes(240)),
            ("1/2 ngày làm việc", Term::WorkingMinutes(240)),
            ("nửa ngày làm việc", Term::WorkingMinutes(240)),
            ("0,5 ngày làm việc", Term::WorkingMinutes(240)),
            ("1.5 ngày làm việc", Term::WorkingMinutes(720)),
            ("Trong ngày", Term::SameDay),
            ("ngay trong ngày làm việc", Term::SameDay),
            ("Ngay sau khi nhận đủ hồ sơ", Term::SameDay),
        ] {
            assert_eq!(text.parse(), Ok(term), "{text}");
        }
    }

    #[test]
    fn what_is_no_term_is_not_guessed() {
        for (text, error) in [
            ("", TermError::Unknown),
            ("theo quy định", TermError::Unknown),
            ("ngày làm việc", TermError::Unknown),
            ("5", TermError::Unknown),
            ("5 năm", TermError::Unknown),
            ("5 ngày làm việc + 3 ngày", TermError::Unknown),
            ("-5 ngày", TermError::Unknown),
            ("5/0 ngày làm việc", TermError::Unknown),
            ("0 ngày làm việc", TermError::Zero),
            ("0,5 ngày", TermError::Fraction),
            ("99999 ngày", TermError::TooLong),
            ("99999999999 ngày", TermError::TooLong),
        ] {
            assert_eq!(text.parse::<Term>(), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_term_reads_back(n in 1u32..=120) {
            for term in [Term::WorkingDays(n), Term::Days(n), Term::Months(n), Term::WorkingMinutes(n)] {
                prop_assert_eq!(term.to_string().parse(), Ok(term));
            }
        }

        #[test]
        fn no_text_brings_it_down(text in any::<String>()) {
            _ = text.parse::<Term>();
        }
    }
}
