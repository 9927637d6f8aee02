//! Digitization codes (mã kết quả số hóa): template, print, parse, check of the parts.
//!
//! A code's parts live in columns; the rendered string is for people and QR readers. The tail
//! (station, running number) alone identifies a code: stations derive from their key, running
//! numbers are taken in the transaction that uses them, so counters that cannot see each other
//! never print the same code, whatever dots and slashes the other parts contain.

mod owner;

pub use owner::{OwnerIssue, check_owner};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The parts of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeParts {
    /// Owner's number; empty if none (Circular 01/2023, Art. 10).
    pub owner: String,
    /// Paper-type code, e.g. `KQ.G15.000031`.
    pub paper_type: String,
    /// Number and symbol of the paper, e.g. `45/2025`; may be empty.
    pub number: String,
    /// Station, see [`station_id`].
    pub station: String,
    /// Running number of the station, from 1.
    pub running: u64,
}

/// How the parts are laid out. Ends with station and running number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Literal before each part, and the part.
    pieces: Vec<(String, Part)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Owner,
    PaperType,
    Number,
    Station,
    Running,
}

/// The template is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("bad code template: {0}")]
pub struct BadTemplate(pub String);

/// Letters of a station id: Crockford's base 32, nothing that is mistaken for something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const STATION_LETTERS: usize = 8;

/// The station's id: 40 bits of the hash of its public key. Two stations that share neither key
/// nor network have different ids; the warehouse refuses a second key under a known id.
#[must_use]
pub fn station_id(public_key: &[u8; 32]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"sao-y/station/v1\0");
    hash.update(public_key);
    let bits = hash.finalize().iter().take(5).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..STATION_LETTERS)
        .rev()
        .filter_map(|place| ALPHABET.get((bits >> (5 * place) & 31) as usize).map(|b| char::from(*b)))
        .collect()
}

impl Template {
    /// Reads a template such as `{owner}.{type}.{number}.{station}-{running}`.
    ///
    /// # Errors
    /// [`BadTemplate`] unless every name is known, none comes twice, and it ends with
    /// `{station}`, a separator that is neither letter nor digit, and `{running}`.
    pub fn parse(text: &str) -> Result<Self, BadTemplate> {
        let bad = || BadTemplate(text.to_owned());
        let mut pieces: Vec<(String, Part)> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (literal, after) = rest.split_once('{').ok_or_else(bad)?;
            let (name, after) = after.split_once('}').ok_or_else(bad)?;
            let part = match name {
                "owner" => Part::Owner,
                "type" => Part::PaperType,
                "number" => Part::Number,
                "station" => Part::Station,
                "running" => Part::Running,
                _ => return Err(bad()),
            };
            if pieces.iter().any(|(_, known)| *known == part) || literal.chars().any(char::is_control) {
                return Err(bad());
            }
            pieces.push((literal.to_owned(), part));
            rest = after;
        }
        let marks = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_punctuation());
        match pieces.as_slice() {
            [.., (before, Part::Station), (between, Part::Running)]
                if marks(between) && (marks(before) || pieces.len() == 2) =>
            {
                Ok(Self { pieces })
            }
            _ => Err(bad()),
        }
    }

    /// The code as printed. An empty part is left out together with the separator after it.
    #[must_use]
    pub fn print(&self, parts: &CodeParts) -> String {
        let mut text = String::new();
        for (literal, part) in &self.pieces {
            let value = match part {
                Part::Owner => parts.owner.clone(),
                Part::PaperType => parts.paper_type.clone(),
                Part::Number => parts.number.clone(),
                Part::Station => parts.station.clone(),
                Part::Running => format!("{:06}", parts.running),
            };
            if value.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str(literal);
            }
            text.push_str(&value);
        }
        text
    }

    /// Station and running number of a printed code: what identifies it. Reads from the right, for
    /// the other parts may hold any separator.
    #[must_use]
    pub fn identity(&self, code: &str) -> Option<(String, u64)> {
        let [.., (before, _), (between, _)] = self.pieces.as_slice() else { return None };
        let (head, running) = code.rsplit_once(between.as_str())?;
        let cut = head.len().checked_sub(STATION_LETTERS)?;
        let (front, station) = (head.get(..cut)?, head.get(cut..)?);
        let known = station.bytes().all(|b| ALPHABET.contains(&b));
        let digits = running.len() >= 6 && running.bytes().all(|b| b.is_ascii_digit());
        (known && digits && (front.is_empty() || front.ends_with(before.as_str())))
            .then(|| Some((station.to_owned(), running.parse().ok()?)))?
    }
}

#[derive(Debug, Deserialize)]
struct TemplateRules {
    template: Vec<TemplateRule>,
    result: Vec<TemplateRule>,
}

#[derive(Debug, Deserialize)]
struct TemplateRule {
    effective_from: String,
    text: String,
}

/// The template in force on a day (yyyy-mm-dd), from the shipped rule data.
///
/// # Errors
/// [`BadTemplate`] when none is in force yet.
pub fn template_on(day: &str) -> Result<String, BadTemplate> {
    in_force(day, |rules| rules.template)
}

/// The code the n-th electronic result of a dossier is stored under, by the rule in force on a day
/// (yyyy-mm-dd).
///
/// # Errors
/// [`BadTemplate`] when none is in force yet.
pub fn result_code_on(day: &str, dossier: &str, number: u32) -> Result<String, BadTemplate> {
    let text = in_force(day, |rules| rules.result)?;
    Ok(text.replace("{dossier}", dossier).replace("{n}", &number.to_string()))
}

fn in_force(day: &str, kind: fn(TemplateRules) -> Vec<TemplateRule>) -> Result<String, BadTemplate> {
    let rules =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/rules/digitization-code.toml"));
    let rules: TemplateRules = toml::from_str(rules).map_err(|e| BadTemplate(e.message().to_owned()))?;
    kind(rules)
        .into_iter()
        .filter(|rule| rule.effective_from.as_str() <= day)
        .max_by(|a, b| a.effective_from.cmp(&b.effective_from))
        .map(|rule| rule.text)
        .ok_or_else(|| BadTemplate(format!("none in force on {day}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(owner: &str, number: &str, running: u64) -> CodeParts {
        CodeParts {
            owner: owner.into(),
            paper_type: "KQ.G15.000031".into(),
            number: number.into(),
            station: station_id(&[7; 32]),
            running,
        }
    }

    fn template() -> Template {
        Template::parse(&template_on("2026-11-24").unwrap()).unwrap()
    }

    #[test]
    fn a_code_looks_like_those_in_production() {
        let code = template().print(&parts("001087000001", "45/2025", 1));
        assert!(code.starts_with("001087000001.KQ.G15.000031.45/2025."), "{code}");
        assert!(code.ends_with("-000001"));
    }

    #[test]
    fn no_owner_and_no_number_leave_no_empty_places() {
        let code = template().print(&parts("", "", 1));
        assert!(code.starts_with("KQ.G15.000031.") && !code.contains(".."), "{code}");
    }

    #[test]
    fn a_result_bears_its_dossiers_code() {
        let code = result_code_on("2026-11-24", "H56.14-261124-0007", 2).unwrap();
        assert_eq!(code, "H56.14-261124-0007-KQ2");
    }

    #[test]
    fn no_template_before_the_circular() {
        assert!(template_on("2020-01-01").is_err());
        assert!(result_code_on("2020-01-01", "H56.14-200101-0001", 1).is_err());
    }

    #[test]
    fn templates_that_could_collide_are_refused() {
        for bad in [
            "{owner}.{type}",
            "{station}{running}",
            "{type}.{running}",
            "{what}.{station}-{running}",
            "{type}.{type}.{station}-{running}",
            "{station}-{running}.{number}",
            "x",
        ] {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
        assert!(Template::parse("{station}/{running}").is_ok());
    }

    proptest! {
        /// Parts with dots, slashes and look-alike tails: two different (station, running) pairs
        /// never print the same code, and the pair is read back from the right.
        #[test]
        fn the_tail_identifies_whatever_the_parts_contain(
            number_a in "[-0-9A-Z./Đ ]{0,24}", number_b in "[-0-9A-Z./Đ ]{0,24}",
            owner_a in "[0-9]{0,12}", owner_b in "[0-9]{0,12}",
            key_a in any::<[u8; 32]>(), key_b in any::<[u8; 32]>(),
            run_a in 1u64..2_000_000, run_b in 1u64..2_000_000,
        ) {
            let make = |owner: &str, number: &str, key: &[u8; 32], running| CodeParts {
                owner: owner.into(), paper_type: "KQ.G15.000031".into(), number: number.into(),
                station: station_id(key), running,
            };
            let (a, b) = (make(&owner_a, &number_a, &key_a, run_a), make(&owner_b, &number_b, &key_b, run_b));
            let (code_a, code_b) = (template().print(&a), template().print(&b));
            prop_assert_eq!(template().identity(&code_a), Some((a.station.clone(), a.running)));
            if (&a.station, a.running) != (&b.station, b.running) {
                prop_assert_ne!(code_a, code_b);
            }
        }
    }
}
