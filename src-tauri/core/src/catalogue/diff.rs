//! What a new catalogue changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Procedure;

/// A fact of a procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is documented on Procedure")]
pub enum Fact {
    Name,
    Field,
    Term,
    Cutoff,
    Level,
    PlaceFree,
    Fee,
    Papers,
    Results,
}

/// What becomes of one procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<'a> {
    /// It was not there.
    New(&'a Procedure),
    /// It says something else.
    Changed(&'a Procedure, Vec<Fact>),
    /// It is no longer there.
    Gone(&'a Procedure),
}

/// Compares two catalogues; changes by code.
#[must_use]
pub fn diff<'a>(before: &'a [Procedure], after: &'a [Procedure]) -> Vec<Change<'a>> {
    let by_code = |all: &'a [Procedure]| all.iter().map(|p| (p.code.as_str(), p)).collect::<BTreeMap<_, _>>();
    let (before, after) = (by_code(before), by_code(after));
    let mut changes: Vec<(&str, Change<'a>)> = Vec::new();
    for (code, new) in &after {
        match before.get(code) {
            None => changes.push((code, Change::New(new))),
            Some(old) if old != new => changes.push((code, Change::Changed(new, facts(old, new)))),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(code, _)| !after.contains_key(*code));
    changes.extend(gone.map(|(code, old)| (*code, Change::Gone(old))));
    changes.sort_by_key(|(code, _)| *code);
    changes.into_iter().map(|(_, change)| change).collect()
}

fn facts(old: &Procedure, new: &Procedure) -> Vec<Fact> {
    [
        (Fact::Name, old.name != new.name),
        (Fact::Field, old.field != new.field),
        (Fact::Term, old.term != new.term),
        (Fact::Cutoff, old.cutoff != new.cutoff),
        (Fact::Level, old.level != new.level),
        (Fact::PlaceFree, old.place_free != new.place_free),
        (Fact::Fee, old.fee != new.fee),
        (Fact::Papers, old.papers != new.papers),
        (Fact::Results, old.results != new.results),
    ]
    .into_iter()
    .filter_map(|(fact, differs)| differs.then_some(fact))
    .collect()
}
