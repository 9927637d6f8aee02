//! The fields of a paper and what is odd about them. No legal fact has a default.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::code::{OwnerIssue, check_owner};
use crate::page::Severity;

/// Fields of a paper; empty = not given. Dates are yyyy-mm-dd.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Fields {
    /// Owner's number.
    pub owner: String,
    /// Paper-type code.
    pub paper_type: String,
    /// Name of the paper.
    pub name: String,
    /// Number and symbol.
    pub number: String,
    /// Date of issue.
    pub issued: String,
    /// Issuer.
    pub issuer: String,
    /// Abstract (trích yếu).
    pub abstract_text: String,
    /// End of validity.
    pub valid_until: String,
    /// Valid for ever (vĩnh viễn).
    pub permanent: bool,
}

/// Name of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is documented on Fields, Request and Party")]
pub enum FieldName {
    Owner,
    PaperType,
    Name,
    Number,
    Issued,
    Issuer,
    AbstractText,
    ValidUntil,
    Permanent,
    Procedure,
    OwnerName,
    OwnerBirth,
    Submitter,
    SubmitterName,
    SubmitterBirth,
}

/// What is odd about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FieldIssueKind {
    /// Must be given.
    Required,
    /// Only digits, but not as many as any known number has.
    NotTwelveDigits,
    /// The tax code's check digit is wrong.
    BadTaxCode,
    /// Characters that may not stand here.
    BadCharacters,
    /// Too long.
    TooLong,
    /// Not a date.
    BadDate,
    /// A date of issue after today.
    DateInFuture,
    /// Valid until before it was issued.
    ValidUntilBeforeIssued,
    /// Both a date and "for ever".
    PermanentAndDate,
    /// Century or year digits of a personal number are not those of the birth.
    NumberDisagreesWithBirth,
    /// The sex digit of a personal number is not that of the sex.
    NumberDisagreesWithSex,
}

/// One issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FieldIssue {
    /// Where.
    pub field: FieldName,
    /// What.
    pub kind: FieldIssueKind,
    /// How bad: a blocking one stops signing.
    pub severity: Severity,
}

/// What is odd about an owner's number, and how bad that is.
pub(super) fn owner_issue(number: &str) -> Option<(FieldIssueKind, Severity)> {
    match check_owner(number) {
        Ok(()) => None,
        Err(OwnerIssue::BadCharacters) => Some((FieldIssueKind::BadCharacters, Severity::Blocking)),
        Err(OwnerIssue::TooLong) => Some((FieldIssueKind::TooLong, Severity::Blocking)),
        Err(OwnerIssue::BadTaxCode) => Some((FieldIssueKind::BadTaxCode, Severity::Blocking)),
        Err(OwnerIssue::NotTwelveDigits) => Some((FieldIssueKind::NotTwelveDigits, Severity::Warning)),
    }
}

impl Fields {
    /// The same with composed letters and without spaces around.
    #[must_use]
    pub fn tidy(&self) -> Self {
        let tidy = |s: &str| s.nfc().collect::<String>().trim().to_owned();
        Self {
            owner: tidy(&self.owner),
            paper_type: tidy(&self.paper_type),
            name: tidy(&self.name),
            number: tidy(&self.number),
            issued: tidy(&self.issued),
            issuer: tidy(&self.issuer),
            abstract_text: tidy(&self.abstract_text),
            valid_until: tidy(&self.valid_until),
            permanent: self.permanent,
        }
    }

    /// Everything odd about tidy fields, on a day.
    #[must_use]
    pub fn issues(&self, today: NaiveDate) -> Vec<FieldIssue> {
        let mut issues = Vec::new();
        let mut note = |field, kind, severity| issues.push(FieldIssue { field, kind, severity });
        use {FieldIssueKind as Kind, FieldName as Name, Severity::Blocking};

        if let Some((kind, severity)) = owner_issue(&self.owner) {
            note(Name::Owner, kind, severity);
        }
        let code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if self.paper_type.is_empty() {
            note(Name::PaperType, Kind::Required, Blocking);
        } else if !self.paper_type.chars().all(code) {
            note(Name::PaperType, Kind::BadCharacters, Blocking);
        }
        if self.name.is_empty() {
            note(Name::Name, Kind::Required, Blocking);
        }
        let texts = [
            (Name::PaperType, &self.paper_type, 40),
            (Name::Name, &self.name, 300),
            (Name::Number, &self.number, 60),
            (Name::Issuer, &self.issuer, 300),
            (Name::AbstractText, &self.abstract_text, 2000),
        ];
        for (field, text, longest) in texts {
            if text.chars().count() > longest {
                note(field, Kind::TooLong, Blocking);
            }
            if text.chars().any(|c| c.is_control() && !(field == Name::AbstractText && c == '\n')) {
                note(field, Kind::BadCharacters, Blocking);
            }
        }
        let date = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        let issued = date(&self.issued);
        let until = date(&self.valid_until);
        if !self.issued.is_empty() {
            match issued {
                None => note(Name::Issued, Kind::BadDate, Blocking),
                Some(day) if day > today => note(Name::Issued, Kind::DateInFuture, Blocking),
                Some(_) => {}
            }
        }
        if !self.valid_until.is_empty() {
            match (until, issued) {
                (None, _) => note(Name::ValidUntil, Kind::BadDate, Blocking),
                (Some(until), Some(issued)) if until < issued => {
                    note(Name::ValidUntil, Kind::ValidUntilBeforeIssued, Blocking);
                }
                _ => {}
            }
            if self.permanent {
                note(Name::Permanent, Kind::PermanentAndDate, Blocking);
            }
        }
        issues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> Fields {
        Fields { paper_type: "KQ.G15.000031".into(), name: "Giấy khai sinh".into(), ..Fields::default() }
    }

    fn kinds(fields: &Fields) -> Vec<(FieldName, FieldIssueKind)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        fields.tidy().issues(today).into_iter().map(|i| (i.field, i.kind)).collect()
    }

    #[test]
    fn nothing_but_type_and_name_is_required() {
        assert_eq!(kinds(&paper()), []);
        assert_eq!(
            kinds(&Fields::default()),
            [(FieldName::PaperType, FieldIssueKind::Required), (FieldName::Name, FieldIssueKind::Required)]
        );
    }

    #[test]
    fn dates_are_dates() {
        let with = |issued: &str, until: &str| {
            kinds(&Fields { issued: issued.into(), valid_until: until.into(), ..paper() })
        };
        assert_eq!(with("2025-02-29", ""), [(FieldName::Issued, FieldIssueKind::BadDate)]);
        assert_eq!(with("2026-11-25", ""), [(FieldName::Issued, FieldIssueKind::DateInFuture)]);
        assert_eq!(
            with("2026-11-24", "2026-11-23"),
            [(FieldName::ValidUntil, FieldIssueKind::ValidUntilBeforeIssued)]
        );
        assert_eq!(with("2025-03-01", "2035-03-01"), []);
    }

    #[test]
    fn decomposed_typing_is_composed() {
        let typed: String = "Giấy khai sinh".nfd().collect();
        assert_eq!(Fields { name: typed, ..paper() }.tidy().name, "Giấy khai sinh");
    }
}
