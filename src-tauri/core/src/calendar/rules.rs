//! The calendar as data: which days are worked, and in which hours.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

/// Hours worked without a break: from and to, of one day.
pub type Session = (NaiveTime, NaiveTime);

/// Why a day is not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DayOff {
    /// The week's day off.
    Weekend,
    /// A holiday or a day given in exchange.
    Holiday {
        /// Its name, as the data has it.
        name: String,
    },
    /// The clock stood: a supplement was awaited on that day.
    Waiting,
}

/// What is wrong with a calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not TOML, or not with these keys; with line and column.
    #[error("{0}")]
    Unreadable(String),
    /// An entry makes no sense.
    #[error("{entry}: {fault}")]
    Entry {
        /// Which entry, e.g. `off 2026-02-14`.
        entry: String,
        /// What is wrong.
        fault: &'static str,
    },
}

/// Office hours, days off, swapped days.
#[derive(Debug, Clone)]
pub struct Calendar {
    known_until: NaiveDate,
    /// Newest last.
    weeks: Vec<(NaiveDate, [Vec<Session>; 7])>,
    yearly: BTreeMap<(u32, u32), String>,
    off: BTreeMap<NaiveDate, String>,
    working: BTreeMap<NaiveDate, Weekday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(rename = "source")]
    _source: Option<String>,
    known_until: NaiveDate,
    week: Vec<RawWeek>,
    #[serde(default)]
    yearly: Vec<RawYearly>,
    #[serde(default)]
    off: Vec<RawOff>,
    #[serde(default)]
    working: Vec<RawWorking>,
}

type RawSessions = Vec<(String, String)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWeek {
    effective_from: NaiveDate,
    #[serde(default)]
    mon: RawSessions,
    #[serde(default)]
    tue: RawSessions,
    #[serde(default)]
    wed: RawSessions,
    #[serde(default)]
    thu: RawSessions,
    #[serde(default)]
    fri: RawSessions,
    #[serde(default)]
    sat: RawSessions,
    #[serde(default)]
    sun: RawSessions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYearly {
    day: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOff {
    from: NaiveDate,
    to: Option<NaiveDate>,
    why: String,
    #[serde(default = "yes")]
    on: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorking {
    date: NaiveDate,
    like: String,
    #[serde(rename = "why")]
    _why: String,
}

/// The longest run of days off one entry may name.
const LONGEST_OFF: i64 = 60;

impl Calendar {
    /// The calendar shipped with the program.
    ///
    /// # Errors
    /// [`CalendarError`] if the shipped data were damaged.
    pub fn shipped() -> Result<Self, CalendarError> {
        Self::parse(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/rules/calendar.toml")))
    }

    /// A calendar from TOML; `assets/rules/calendar.toml` documents the keys.
    ///
    /// # Errors
    /// [`CalendarError`], naming line or entry.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let raw: Raw = toml::from_str(text).map_err(|e| CalendarError::Unreadable(e.to_string()))?;
        let fault = |entry: String, fault| CalendarError::Entry { entry, fault };
        let mut weeks = Vec::new();
        for week in raw.week {
            let entry = format!("week {}", week.effective_from);
            let days = [week.mon, week.tue, week.wed, week.thu, week.fri, week.sat, week.sun];
            let mut worked: [Vec<Session>; 7] = Default::default();
            for (day, sessions) in worked.iter_mut().zip(days) {
                *day = read_sessions(&sessions).ok_or_else(|| fault(entry.clone(), "hours"))?;
            }
            if worked.iter().all(Vec::is_empty) {
                return Err(fault(entry, "no working day"));
            }
            weeks.push((week.effective_from, worked));
        }
        if weeks.is_empty() {
            return Err(fault("week".into(), "missing"));
        }
        weeks.sort_by_key(|(from, _)| *from);
        let mut yearly = BTreeMap::new();
        for one in raw.yearly {
            // A leap year, so that 29 February can be named.
            let day = NaiveDate::parse_from_str(&format!("2024-{}", one.day), "%Y-%m-%d")
                .map_err(|_| fault(format!("yearly {}", one.day), "not a day of the year"))?;
            yearly.insert((day.month(), day.day()), one.why);
        }
        let mut off = BTreeMap::new();
        for one in raw.off.into_iter().filter(|one| one.on) {
            let to = one.to.unwrap_or(one.from);
            if to < one.from || (to - one.from).num_days() >= LONGEST_OFF {
                return Err(fault(format!("off {}", one.from), "ends before it begins, or lasts too long"));
            }
            off.extend(one.from.iter_days().take_while(|day| *day <= to).map(|day| (day, one.why.clone())));
        }
        let mut working = BTreeMap::new();
        for one in raw.working {
            let entry = || format!("working {}", one.date);
            if off.contains_key(&one.date) {
                return Err(fault(entry(), "also named as a day off"));
            }
            let like = one.like.parse().map_err(|_| fault(entry(), "`like` names no weekday"))?;
            working.insert(one.date, like);
        }
        let calendar = Self { known_until: raw.known_until, weeks, yearly, off, working };
        for day in calendar.working.keys() {
            if calendar.sessions(*day).is_empty() {
                return Err(fault(format!("working {day}"), "`like` names a weekday that is off"));
            }
        }
        Ok(calendar)
    }

    /// The last day whose days off are announced.
    #[must_use]
    pub const fn known_until(&self) -> NaiveDate {
        self.known_until
    }

    /// Why nobody works on a day; none when it is a working day.
    #[must_use]
    pub fn day_off(&self, day: NaiveDate) -> Option<DayOff> {
        if self.working.contains_key(&day) {
            return None;
        }
        let named = self.off.get(&day).or_else(|| self.yearly.get(&(day.month(), day.day())));
        match named {
            Some(name) => Some(DayOff::Holiday { name: name.clone() }),
            None if self.week(day, day.weekday()).is_empty() => Some(DayOff::Weekend),
            None => None,
        }
    }

    /// The hours worked on a day, in order; empty on a day off.
    #[must_use]
    pub fn sessions(&self, day: NaiveDate) -> &[Session] {
        match self.working.get(&day) {
            Some(like) => self.week(day, *like),
            None if self.day_off(day).is_some() => &[],
            None => self.week(day, day.weekday()),
        }
    }

    /// The first working day on or after a day, within ten years.
    #[must_use]
    pub fn working_day_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        let last = day.checked_add_days(Days::new(3660))?;
        day.iter_days().take_while(|day| *day <= last).find(|day| self.day_off(*day).is_none())
    }

    /// The week in force on a day; before the first, the first.
    fn week(&self, day: NaiveDate, weekday: Weekday) -> &[Session] {
        let week = self.weeks.iter().rev().find(|(from, _)| *from <= day).or(self.weeks.first());
        week.and_then(|(_, days)| days.get(weekday.num_days_from_monday() as usize))
            .map_or(&[], Vec::as_slice)
    }
}

fn read_sessions(raw: &[(String, String)]) -> Option<Vec<Session>> {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    let sessions: Vec<Session> =
        raw.iter().map(|(from, to)| Some((time(from)?, time(to)?))).collect::<Option<_>>()?;
    let forward = sessions.iter().all(|(from, to)| from < to);
    let apart = sessions.iter().zip(sessions.iter().skip(1)).all(|(one, next)| one.1 <= next.0);
    (forward && apart).then_some(sessions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn holidays_swaps_and_weekends_of_the_shipped_calendar() {
        let calendar = Calendar::shipped().unwrap();
        assert!(matches!(calendar.day_off(day("2026-02-17")), Some(DayOff::Holiday { .. })), "Tết");
        assert_eq!(calendar.day_off(day("2026-02-13")), None, "the Friday before is worked");
        assert_eq!(calendar.day_off(day("2026-02-23")), None, "the Monday after is worked");
        assert_eq!(calendar.day_off(day("2023-10-28")), Some(DayOff::Weekend));
        assert_eq!(calendar.day_off(day("2024-05-04")), None, "a swapped Saturday");
        assert_eq!(calendar.sessions(day("2024-05-04")).len(), 2, "with the hours of a weekday");
        assert!(calendar.day_off(day("2031-09-02")).is_some(), "the same day every year");
        assert_eq!(calendar.day_off(day("2026-11-24")), None, "unsettled: switched off");
    }

    #[test]
    fn a_calendar_that_makes_no_sense_is_named() {
        let week = "known_until = \"2026-12-31\"\n[[week]]\neffective_from = \"2020-01-01\"\n";
        let good = format!("{week}mon = [[\"07:00\", \"11:00\"]]\n");
        assert!(Calendar::parse(&good).is_ok());
        for (text, named) in [
            (week.to_owned(), "no working day"),
            (format!("{week}mon = [[\"11:00\", \"07:00\"]]"), "hours"),
            (format!("{week}mon = [[\"7h\", \"11:00\"]]"), "hours"),
            (format!("{week}mon = [[\"07:00\", \"11:00\"], [\"10:00\", \"12:00\"]]"), "hours"),
            (
                format!("{good}[[off]]\nfrom = \"2026-02-14\"\nto = \"2026-02-01\"\nwhy = \"x\""),
                "off 2026-02-14",
            ),
            (
                format!("{good}[[working]]\ndate = \"2026-02-14\"\nlike = \"sat\"\nwhy = \"x\""),
                "weekday that is off",
            ),
            (format!("{good}[[working]]\ndate = \"2026-02-14\"\nlike = \"x\"\nwhy = \"x\""), "no weekday"),
            (format!("{good}[[yearly]]\nday = \"02-30\"\nwhy = \"x\""), "yearly 02-30"),
            (format!("{good}[[holiday]]\nday = \"02-03\""), "holiday"),
            ("known_until = 5".to_owned(), "line 1"),
        ] {
            let said = Calendar::parse(&text).unwrap_err().to_string();
            assert!(said.contains(named), "{named:?} in {said:?}");
        }
    }
}
