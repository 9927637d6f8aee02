//! The text of the QR on an identity card (CCCD, căn cước): number | old number | full name | birth
//! ddmmyyyy | Nam/Nữ | residence | day of issue ddmmyyyy. Newer cards append fields.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use unicode_normalization::UnicodeNormalization as _;

use super::{Birth, CardReading, Doubt, Sex, number};
use crate::words;

/// Longest text a card may have, in characters; QR codes on cards hold a quarter of it.
const MAX_TEXT: usize = 1000;
/// Age past which a birth is doubted, years.
const OLDEST: i32 = 130;

/// Why a text is no card's. Holds nothing of the text: it is personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACard {
    /// Nothing came.
    #[error("empty")]
    Empty,
    /// More than a card can hold.
    #[error("too_long")]
    TooLong,
    /// Fewer than six fields: the reader stopped early, or it is another QR.
    #[error("too_few_fields")]
    TooFewFields,
    /// The first field is not 12 digits.
    #[error("no_number")]
    NoNumber,
    /// Several lines, or control characters: two cards in one burst, or no text at all.
    #[error("control_characters")]
    ControlCharacters,
}

/// Whether a burst of typing is worth reading as a card. Cheap: for every burst a reader types.
#[must_use]
pub fn looks_like_card(text: &str) -> bool {
    let text = trimmed(text);
    let number = text.split('|').next().unwrap_or_default().trim();
    is_number(number, 12)
        && text.bytes().filter(|b| *b == b'|').count() >= 5
        && text.chars().nth(MAX_TEXT).is_none()
}

impl CardReading {
    /// Reads a card's text. `today` judges its dates.
    ///
    /// # Errors
    /// [`NotACard`].
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, NotACard> {
        let text = trimmed(text);
        if text.is_empty() {
            return Err(NotACard::Empty);
        }
        if text.chars().nth(MAX_TEXT).is_some() {
            return Err(NotACard::TooLong);
        }
        if text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(NotACard::ControlCharacters);
        }
        let fields: Vec<String> = text.split('|').map(tidy).collect();
        let [number, old_number, name, birth, sex, address, rest @ ..] = fields.as_slice() else {
            return Err(NotACard::TooFewFields);
        };
        if !is_number(number, 12) {
            return Err(NotACard::NoNumber);
        }
        let mut reading = Self {
            number: number.clone(),
            old_number: old_number.clone(),
            name: name.clone(),
            birth: birth_of(birth),
            sex: sex_of(sex),
            address: address.clone(),
            issued: rest.first().and_then(|text| date_of(text)),
            doubts: Vec::new(),
        };
        reading.doubts = reading.doubts(rest.first().map(String::as_str).unwrap_or_default(), today);
        Ok(reading)
    }

    fn doubts(&self, issued: &str, today: NaiveDate) -> Vec<Doubt> {
        let mut doubts: BTreeSet<Doubt> =
            number::doubts(&self.number, &self.birth, self.sex).into_iter().collect();
        let born = self.birth.earliest();
        let mut doubt = |odd: bool, doubt: Doubt| {
            if odd {
                doubts.insert(doubt);
            }
        };
        let old = &self.old_number;
        doubt(!old.is_empty() && !is_number(old, 9) && !is_number(old, 12), Doubt::OldNumberOdd);
        doubt(self.name.is_empty(), Doubt::NameMissing);
        doubt(!self.name.chars().all(in_names) || is_mangled(&self.name), Doubt::NameMangled);
        doubt(
            self.address.chars().any(never_in_addresses) || is_mangled(&self.address),
            Doubt::AddressMangled,
        );
        doubt(self.birth == Birth::Unreadable, Doubt::BirthUnreadable);
        doubt(born.is_some_and(|born| born > today), Doubt::BirthInFuture);
        doubt(born.is_some_and(|born| today.year() - born.year() > OLDEST), Doubt::BirthLongAgo);
        doubt(self.sex.is_none(), Doubt::SexUnreadable);
        doubt(issued.is_empty(), Doubt::IssueMissing);
        doubt(!issued.is_empty() && self.issued.is_none(), Doubt::IssueUnreadable);
        doubt(self.issued.is_some_and(|issued| issued > today), Doubt::IssuedInFuture);
        doubt(self.issued.zip(born).is_some_and(|(issued, born)| issued < born), Doubt::IssuedBeforeBirth);
        doubts.into_iter().collect()
    }
}

/// Without the white space, byte-order marks and zero-width characters readers put around.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\0'))
}

/// A field composed (NFC), with single spaces.
fn tidy(field: &str) -> String {
    words::tidy(trimmed(field))
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

/// Day, month and year of eight digits.
fn parts_of(text: &str) -> Option<(u32, u32, i32)> {
    if !is_number(text, 8) {
        return None;
    }
    Some((text.get(..2)?.parse().ok()?, text.get(2..4)?.parse().ok()?, text.get(4..)?.parse().ok()?))
}

fn date_of(text: &str) -> Option<NaiveDate> {
    let (day, month, year) = parts_of(text)?;
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| year > 0)
}

fn birth_of(text: &str) -> Birth {
    match parts_of(text) {
        Some((0, 0, year)) if year > 0 => Birth::Year { year },
        Some((0, month @ 1..=12, year)) if year > 0 => Birth::Month { year, month },
        _ => date_of(text).map_or(Birth::Unreadable, |date| Birth::Day { date }),
    }
}

/// Nam or Nữ, also as input methods mangle it: "Nu", "NỮ", "Nuwx", "Nuw~", "Nu74".
fn sex_of(text: &str) -> Option<Sex> {
    let letters: String = text.nfd().filter(char::is_ascii_alphabetic).collect();
    match letters.to_ascii_lowercase().as_str() {
        "nam" => Some(Sex::Male),
        "nu" | "nuw" | "nux" | "nuwx" | "nuxw" => Some(Sex::Female),
        _ => None,
    }
}

/// Letters of any people of the country, and what joins them: "H'Hen Niê", "K’Brêu", "Ksor-H".
fn in_names(c: char) -> bool {
    c.is_alphabetic()
        || unicode_normalization::char::is_combining_mark(c)
        || matches!(c, ' ' | '\'' | '’' | '-' | '.')
}

/// What VIQR, VNI or a wrong encoding leave in a text of letters, digits and punctuation.
fn never_in_addresses(c: char) -> bool {
    matches!(c, '~' | '^' | '`' | '?' | '\u{fffd}' | '\u{80}'..='\u{bf}')
}

/// Doubled letters that Telex turns into â, ê and đ, and that no name has.
fn is_mangled(text: &str) -> bool {
    let small = text.to_lowercase();
    ["aa", "ee", "dd"].iter().any(|pair| small.contains(pair))
}
