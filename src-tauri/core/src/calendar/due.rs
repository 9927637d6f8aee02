//! The due date. The day of receipt is not counted (Civil Code, Art. 147; received Friday
//! 27/10/2023, five working days: Friday 03/11/2023). Office hours and days off come from the
//! [`Calendar`].

use chrono::{DateTime, Days, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::Serialize;

use super::{Calendar, DayOff, Term};
use crate::time::Timestamp;

/// A dossier was received.
#[derive(Debug, Clone, Copy)]
pub struct Receipt<'a> {
    /// When.
    pub at: Timestamp,
    /// What the procedure promises.
    pub term: Term,
    /// Procedures done the same day: from this hour on, the next working day counts as the day of
    /// receipt. None = any hour within the office's.
    pub cutoff: Option<NaiveTime>,
    /// When a supplement was awaited. A day any part of which was waiting is not counted: the day of
    /// asking was lost to it, and the day the supplement came is a day of receipt.
    pub waiting: &'a [Waiting],
}

/// A supplement was awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Asked for.
    pub from: Timestamp,
    /// Brought.
    pub to: Timestamp,
}

/// A due date and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The moment.
    pub at: Timestamp,
    /// Days between receipt and due date that were not counted, in order.
    pub skipped: Vec<Skipped>,
    /// The last days lie beyond what the calendar knows: holidays not announced yet may move it.
    pub beyond_calendar: bool,
}

/// A day that was not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The day.
    pub date: NaiveDate,
    /// Why.
    #[serde(flatten)]
    pub why: DayOff,
}

/// Why there is no due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// A supplement was brought before it was asked for, or asked for before the receipt.
    #[error("waiting ends before it begins, or begins before the receipt")]
    Waiting,
    /// The calendar has no working day within reach.
    #[error("no working day within reach")]
    NoWorkingDay,
}

/// The due date of a receipt.
///
/// # Errors
/// [`DueError`].
pub fn due(receipt: &Receipt<'_>, calendar: &Calendar) -> Result<Due, DueError> {
    if receipt.waiting.iter().any(|waiting| waiting.to < waiting.from || waiting.from < receipt.at) {
        return Err(DueError::Waiting);
    }
    let count = Count { receipt, calendar, offset: *receipt.at.offset() };
    let at = match receipt.term {
        Term::WorkingDays(days) => count.closing(count.days(days, |day| count.lost(day))?)?,
        Term::Days(days) => count.calendar_days(days)?,
        Term::Months(months) => {
            let day = receipt.at.date_naive();
            let end = day.checked_add_months(Months::new(months)).ok_or(DueError::NoWorkingDay)?;
            count.calendar_days(u32::try_from((end - day).num_days()).map_err(|_| DueError::NoWorkingDay)?)?
        }
        Term::WorkingMinutes(minutes) => count.minutes(minutes)?,
        Term::SameDay => count.same_day()?,
    };
    let at = at.and_local_timezone(count.offset).single().ok_or(DueError::NoWorkingDay)?;
    let skipped = count.after_receipt().take_while(|day| *day < at.date_naive());
    Ok(Due {
        skipped: skipped.filter_map(|date| Some(Skipped { date, why: count.lost(date)? })).collect(),
        beyond_calendar: at.date_naive() > calendar.known_until(),
        at,
    })
}

struct Count<'a> {
    receipt: &'a Receipt<'a>,
    calendar: &'a Calendar,
    offset: FixedOffset,
}

/// Nothing is looked for further away than this; the longest term is ten years.
const REACH: usize = 366 * 30;

impl Count<'_> {
    fn local(&self, at: DateTime<FixedOffset>) -> NaiveDateTime {
        at.with_timezone(&self.offset).naive_local()
    }

    fn after_receipt(&self) -> impl Iterator<Item = NaiveDate> {
        self.receipt.at.date_naive().iter_days().skip(1).take(REACH)
    }

    fn is_waiting(&self, day: NaiveDate) -> bool {
        let touches = |w: &Waiting| self.local(w.from).date() <= day && day <= self.local(w.to).date();
        self.receipt.waiting.iter().any(touches)
    }

    /// Why a day is not counted as a working day.
    fn lost(&self, day: NaiveDate) -> Option<DayOff> {
        self.calendar.day_off(day).or_else(|| self.is_waiting(day).then_some(DayOff::Waiting))
    }

    /// The n-th day after the receipt that is not lost.
    fn days(&self, n: u32, lost: impl Fn(NaiveDate) -> Option<DayOff>) -> Result<NaiveDate, DueError> {
        let place = (n as usize).saturating_sub(1);
        self.after_receipt().filter(|day| lost(*day).is_none()).nth(place).ok_or(DueError::NoWorkingDay)
    }

    fn calendar_days(&self, n: u32) -> Result<NaiveDateTime, DueError> {
        let end = self.days(n, |day| self.is_waiting(day).then_some(DayOff::Waiting))?;
        let end = end.iter_days().take(REACH).find(|day| self.lost(*day).is_none());
        self.closing(end.ok_or(DueError::NoWorkingDay)?)
    }

    /// The end of a working day.
    fn closing(&self, day: NaiveDate) -> Result<NaiveDateTime, DueError> {
        let (_, end) = self.calendar.sessions(day).last().ok_or(DueError::NoWorkingDay)?;
        Ok(day.and_time(*end))
    }

    fn same_day(&self) -> Result<NaiveDateTime, DueError> {
        // What was brought last is received last.
        let brought = self.receipt.waiting.iter().map(|waiting| waiting.to);
        let at = self.local(brought.fold(self.receipt.at, DateTime::max));
        let (day, hour) = (at.date(), at.time());
        let open = self.calendar.sessions(day).last().is_some_and(|(_, end)| hour < *end);
        let in_time = open && self.receipt.cutoff.is_none_or(|cutoff| hour <= cutoff);
        let first = if in_time { Some(day) } else { day.checked_add_days(Days::new(1)) };
        let day =
            first.and_then(|first| self.calendar.working_day_from(first)).ok_or(DueError::NoWorkingDay)?;
        self.closing(day)
    }

    /// Runs through the sessions from the receipt on; the clock stands while a supplement is awaited.
    fn minutes(&self, minutes: u32) -> Result<NaiveDateTime, DueError> {
        let received = self.local(self.receipt.at);
        let mut waiting: Vec<_> =
            self.receipt.waiting.iter().map(|w| (self.local(w.from), self.local(w.to))).collect();
        waiting.sort_unstable();
        let mut left = TimeDelta::minutes(i64::from(minutes));
        for day in received.date().iter_days().take(REACH) {
            for (from, to) in self.calendar.sessions(day) {
                let (mut from, to) = (day.and_time(*from).max(received), day.and_time(*to));
                for (asked, brought) in waiting.iter().chain([&(NaiveDateTime::MAX, NaiveDateTime::MAX)]) {
                    let until = to.min(*asked);
                    if from < until {
                        if until - from >= left {
                            return Ok(from + left);
                        }
                        left -= until - from;
                    }
                    from = if from < *asked { (*brought).max(until) } else { from.max(*brought) };
                    if from >= to {
                        break;
                    }
                }
            }
        }
        Err(DueError::NoWorkingDay)
    }
}

#[cfg(test)]
mod tests;
