//! When a dossier is due: the counter's calendar, a term as the procedure writes it, a receipt.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use serde::Serialize;

use super::App;
use super::error::{CoreError, ErrorKind};
use crate::calendar::{Calendar, DueError, Receipt, Skipped, Term, Waiting, due};
use crate::time::{Timestamp, rfc3339};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct DueWish<'a> {
    /// Received at: ISO 8601, `dd/mm/yyyy [hh:mm]` or `yyyymmddhhmmss`; without offset, the counter's.
    pub from: &'a str,
    /// Term, e.g. `5 ngày làm việc`.
    pub term: &'a str,
    /// Cut-off of a same-day procedure, hh:mm.
    pub cutoff: Option<&'a str>,
    /// When supplements were awaited: `from/to`, each as above.
    pub waiting: &'a [String],
    /// A calendar instead of the counter's own.
    pub calendar: Option<&'a Path>,
}

/// The answer.
#[derive(Debug, Clone, Serialize)]
pub struct DueView {
    /// Received at, RFC 3339.
    pub from: String,
    /// The term as understood.
    pub term: Term,
    /// Due at, RFC 3339.
    pub due: String,
    /// Days between that were not counted.
    pub skipped: Vec<Skipped>,
    /// Ends beyond the announced holidays: it may still move.
    pub beyond_calendar: bool,
}

/// An office's own calendar, in its home.
const CALENDAR: &str = "calendar.toml";

impl App {
    /// The due date of a receipt. Needs no counter: without one the shipped calendar holds.
    ///
    /// # Errors
    /// [`ErrorKind::BadTime`], [`ErrorKind::BadTerm`], [`ErrorKind::BadCalendar`].
    pub fn due(&self, wish: &DueWish<'_>) -> Result<DueView, CoreError> {
        let offset = self.settings.offset().ok_or(ErrorKind::BadSettings)?;
        let at = moment(wish.from, offset)?;
        let bad_term = |_| CoreError::new(ErrorKind::BadTerm).with("text", wish.term);
        let term: Term = wish.term.parse().map_err(bad_term)?;
        let cutoff = wish.cutoff.map(hour).transpose()?;
        let waiting = wish
            .waiting
            .iter()
            .map(|text| {
                let (from, to) = text.split_once('/').ok_or_else(|| bad_time(text))?;
                Ok(Waiting { from: moment(from, offset)?, to: moment(to, offset)? })
            })
            .collect::<Result<Vec<_>, CoreError>>()?;
        let (calendar, name) = self.calendar(wish.calendar)?;
        let found =
            due(&Receipt { at, term, cutoff, waiting: &waiting }, &calendar).map_err(|e| match e {
                DueError::Waiting => bad_time(&wish.waiting.join(", ")),
                DueError::NoWorkingDay => bad_calendar(&name, e),
            })?;
        Ok(DueView {
            from: rfc3339(&at),
            term,
            due: rfc3339(&found.at),
            skipped: found.skipped,
            beyond_calendar: found.beyond_calendar,
        })
    }

    /// The due date of a procedure received now; `None` when it says no term.
    pub(super) fn due_of(
        &self,
        term: &str,
        cutoff: &str,
        at: Timestamp,
    ) -> Result<Option<Timestamp>, CoreError> {
        if term.is_empty() {
            return Ok(None);
        }
        let term: Term = term.parse().map_err(|_| CoreError::new(ErrorKind::BadTerm).with("text", term))?;
        let cutoff = Some(cutoff).filter(|text| !text.is_empty()).map(hour).transpose()?;
        let (calendar, name) = self.calendar(None)?;
        let found = due(&Receipt { at, term, cutoff, waiting: &[] }, &calendar);
        Ok(Some(found.map_err(|e| bad_calendar(&name, e))?.at))
    }

    /// The calendar in force and the name of its file.
    fn calendar(&self, chosen: Option<&Path>) -> Result<(Calendar, String), CoreError> {
        let own = self.home.join(CALENDAR);
        let file = chosen.unwrap_or(&own);
        let name = file.display().to_string();
        let calendar = match fs::read_to_string(file) {
            Ok(text) => Calendar::parse(&text).map_err(|e| bad_calendar(&name, e))?,
            Err(e) if chosen.is_none() && e.kind() == io::ErrorKind::NotFound => {
                Calendar::shipped().map_err(|e| bad_calendar(CALENDAR, e))?
            }
            Err(e) => return Err(bad_calendar(&name, e)),
        };
        Ok((calendar, name))
    }
}

fn bad_time(text: &str) -> CoreError {
    CoreError::new(ErrorKind::BadTime).with("text", text)
}

fn bad_calendar(file: &str, detail: impl ToString) -> CoreError {
    CoreError::new(ErrorKind::BadCalendar).with("file", file).with("detail", detail)
}

fn hour(text: &str) -> Result<NaiveTime, CoreError> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| bad_time(text))
}

fn moment(text: &str, offset: FixedOffset) -> Result<Timestamp, CoreError> {
    let text = text.trim();
    for form in ["%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%SZ"] {
        let read = match form.strip_suffix('Z') {
            Some(local) => text
                .strip_suffix('Z')
                .and_then(|t| NaiveDateTime::parse_from_str(t, local).ok())
                .map(|t| t.and_utc().fixed_offset()),
            None => DateTime::parse_from_str(text, form).ok(),
        };
        if let Some(at) = read {
            return Ok(at.with_timezone(&offset));
        }
    }
    let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%Y%m%d%H%M%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| {
            let day =
                ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
            day.map(|day| day.and_time(NaiveTime::MIN))
        });
    local.and_then(|at| at.and_local_timezone(offset).single()).ok_or_else(|| bad_time(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_and_systems_write_them() {
        let offset = FixedOffset::east_opt(7 * 3600).unwrap();
        for text in [
            "2023-10-27T09:05:00+07:00",
            "2023-10-27T02:05:00Z",
            "2023-10-27T09:05+07:00",
            "2023-10-27T09:05",
            "2023-10-27 09:05",
            "27/10/2023 09:05",
            "20231027090500",
        ] {
            assert_eq!(rfc3339(&moment(text, offset).unwrap()), "2023-10-27T09:05:00+07:00", "{text}");
        }
        assert_eq!(rfc3339(&moment("27/10/2023", offset).unwrap()), "2023-10-27T00:00:00+07:00");
        for text in ["", "hôm nay", "2023-02-30", "31/04/2023 09:00", "2023-10-27T25:00"] {
            assert_eq!(moment(text, offset).unwrap_err().kind, ErrorKind::BadTime, "{text:?}");
        }
    }
}
