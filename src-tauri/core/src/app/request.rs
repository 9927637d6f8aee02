//! What a citizen asks for, as it was typed: tidied, and what is odd about it.

use chrono::NaiveDate;

use super::fields::{FieldIssue, FieldIssueKind, FieldName, owner_issue};
use crate::dossier::{Party, Request};
use crate::page::Severity;
use crate::words::{is_unseen, tidy};

/// What was typed, composed and without needless spaces.
pub(super) fn tidied(request: &Request) -> Request {
    let party = |party: &Party| Party {
        kind: party.kind,
        number: tidy(&party.number),
        name: tidy(&party.name),
        birth: tidy(&party.birth),
        sex: tidy(&party.sex),
        address: tidy(&party.address),
        phone: tidy(&party.phone),
        email: tidy(&party.email),
    };
    Request {
        procedure: tidy(&request.procedure),
        channel: request.channel,
        owner: party(&request.owner),
        submitter: request.submitter.as_ref().map(party),
        abstract_text: tidy(&request.abstract_text),
        sets: request.sets.max(1),
        way_of_return: request.way_of_return,
    }
}

/// What is odd about a request, on a day.
pub(super) fn request_issues(request: &Request, today: NaiveDate) -> Vec<FieldIssue> {
    use {FieldIssueKind as Kind, FieldName as Name, Severity::Blocking, Severity::Warning};
    let mut issues = Vec::new();
    if request.procedure.is_empty() {
        issues.push(FieldIssue { field: Name::Procedure, kind: Kind::Required, severity: Blocking });
    }
    let parties = [
        (Some(&request.owner), Name::OwnerName, Name::Owner, Name::OwnerBirth),
        (request.submitter.as_ref(), Name::SubmitterName, Name::Submitter, Name::SubmitterBirth),
    ];
    for (party, name, number, birth) in parties {
        let Some(party) = party else { continue };
        let mut note = |field, kind, severity| issues.push(FieldIssue { field, kind, severity });
        if party.name.is_empty() {
            note(name, Kind::Required, Blocking);
        }
        if party.name.chars().count() > 200 || party.address.chars().count() > 300 {
            note(name, Kind::TooLong, Blocking);
        }
        if party.name.chars().any(is_unseen) {
            note(name, Kind::BadCharacters, Blocking);
        }
        if let Some((kind, severity)) = owner_issue(&party.number) {
            note(number, kind, severity);
        }
        match born(&party.birth) {
            None if party.birth.is_empty() => {}
            None => note(birth, Kind::BadDate, Blocking),
            Some((_, day)) if day > today => note(birth, Kind::DateInFuture, Blocking),
            Some((year, _)) => {
                for doubt in crate::person::number_doubts(&party.number, Some(year), &party.sex) {
                    let kind = match doubt {
                        crate::person::Doubt::NumberDisagreesWithSex => Kind::NumberDisagreesWithSex,
                        _ => Kind::NumberDisagreesWithBirth,
                    };
                    note(number, kind, Warning);
                }
            }
        }
    }
    issues
}

/// Year and first possible day of yyyy-mm-dd, yyyy-mm or yyyy.
fn born(text: &str) -> Option<(i32, NaiveDate)> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let two = |part: Option<&str>| match part {
        None => Some(1),
        Some(part) if part.len() == 2 => part.parse().ok(),
        Some(_) => None,
    };
    let (month, day) = (two(parts.next())?, two(parts.next())?);
    let date = NaiveDate::from_ymd_opt(year, month, day).filter(|_| parts.next().is_none())?;
    Some((year, date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_are_as_exact_as_they_are_known() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(born("1987-03-01"), Some((1987, day(1987, 3, 1))));
        assert_eq!(born("1987-03"), Some((1987, day(1987, 3, 1))));
        assert_eq!(born("1987"), Some((1987, day(1987, 1, 1))));
        for bad in ["", "87", "1987-2-1", "1987-02-30", "01/03/1987", "1987-03-01-1"] {
            assert_eq!(born(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_number_that_disagrees_warns_and_does_not_stop() {
        let owner = Party {
            number: "001187000001".into(),
            name: "Nguyễn Văn An".into(),
            birth: "1988".into(),
            sex: "male".into(),
            ..Party::default()
        };
        let request = Request { procedure: "1.001193".into(), owner, ..Request::default() };
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let issues = request_issues(&request, today);
        let kinds: Vec<_> = issues.iter().map(|issue| issue.kind).collect();
        assert_eq!(kinds, [FieldIssueKind::NumberDisagreesWithBirth, FieldIssueKind::NumberDisagreesWithSex]);
        assert!(issues.iter().all(|issue| issue.severity == Severity::Warning));
    }
}
