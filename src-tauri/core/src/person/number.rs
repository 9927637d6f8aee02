//! The personal number (số định danh): 3 digits province, 1 century and sex, 2 year, 6 serial; no
//! check digit, so disagreement is doubt and never refusal (Decree 137/2015, Art. 13).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Birth, Doubt, Sex};

#[derive(Default, Deserialize)]
struct Provinces {
    code: BTreeMap<String, String>,
}

static PROVINCES: LazyLock<Provinces> = LazyLock::new(|| {
    let data = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/rules/provinces.toml"));
    // A test reads the shipped data; without it every province would only be doubtful.
    toml::from_str(data).unwrap_or_default()
});

/// Name of the province a personal number begins with, as it was when numbers were first given.
#[must_use]
pub fn province_of(number: &str) -> Option<&'static str> {
    PROVINCES.code.get(number.get(..3)?).map(String::as_str)
}

/// Century, sex and year a number of 12 digits states: 0 = man born 19xx, 1 = woman, 2 and 3 = 20xx …
fn stated(number: &str) -> Option<(i32, Sex)> {
    let digit = number.get(3..4)?.parse::<i32>().ok()?;
    let year = number.get(4..6)?.parse::<i32>().ok()?;
    let sex = if digit % 2 == 0 { Sex::Male } else { Sex::Female };
    Some((1900 + digit / 2 * 100 + year, sex))
}

/// What of a number of 12 digits disagrees with the rest of the card.
pub(super) fn doubts(number: &str, birth: &Birth, sex: Option<Sex>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if province_of(number).is_none() {
        doubts.push(Doubt::ProvinceUnknown);
    }
    if let Some((year, number_sex)) = stated(number) {
        if birth.year().is_some_and(|born| born != year) {
            doubts.push(Doubt::NumberDisagreesWithBirth);
        }
        if sex.is_some_and(|sex| sex != number_sex) {
            doubts.push(Doubt::NumberDisagreesWithSex);
        }
    }
    doubts
}

/// What of a personal number disagrees with a year of birth and a sex (`male`, `female`, else not
/// known). A text that is no personal number disagrees with nothing.
#[must_use]
pub fn number_doubts(number: &str, year: Option<i32>, sex: &str) -> Vec<Doubt> {
    if number.len() != 12 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let birth = year.map_or(Birth::Unreadable, |year| Birth::Year { year });
    let sex = match sex {
        "male" => Some(Sex::Male),
        "female" => Some(Sex::Female),
        _ => None,
    };
    let mut doubts = doubts(number, &birth, sex);
    doubts.retain(|doubt| *doubt != Doubt::ProvinceUnknown);
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_province_of_the_old_list_is_known() {
        assert_eq!(PROVINCES.code.len(), 63);
        assert_eq!(province_of("001087000001"), Some("Hà Nội"));
        assert_eq!(province_of("096"), Some("Cà Mau"));
        assert_eq!((province_of("003"), province_of("0"), province_of("Đà1")), (None, None, None));
    }

    #[test]
    fn century_and_sex_share_a_digit() {
        for (number, year, sex) in [
            ("001087000001", 1987, Sex::Male),
            ("001187000001", 1987, Sex::Female),
            ("001205000001", 2005, Sex::Male),
            ("001305000001", 2005, Sex::Female),
            ("001499000001", 2199, Sex::Male),
        ] {
            assert_eq!(stated(number), Some((year, sex)), "{number}");
        }
    }
}
