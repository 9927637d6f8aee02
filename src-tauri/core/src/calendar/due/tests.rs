//! Examples of the trade, and the same dates by an oracle that walks day by day, minute by minute.

use std::sync::LazyLock;

use chrono::Datelike as _;
use proptest::prelude::*;

use super::*;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::shipped().unwrap());

fn at(text: &str) -> Timestamp {
    DateTime::parse_from_str(&format!("{text}+0700"), "%d/%m/%Y %H:%M%z").unwrap()
}

fn due_at(received: &str, term: &str) -> String {
    let receipt = Receipt { at: at(received), term: term.parse().unwrap(), cutoff: None, waiting: &[] };
    due(&receipt, &CALENDAR).unwrap().at.format("%d/%m/%Y %H:%M").to_string()
}

#[test]
fn due_dates_of_the_trade() {
    for (received, term, expected, why) in [
        ("27/10/2023 09:00", "5 ngày làm việc", "03/11/2023 17:00", "the day of receipt is not counted"),
        (
            "28/10/2023 09:00",
            "5 ngày làm việc",
            "03/11/2023 17:00",
            "received on a Saturday, Monday is the first",
        ),
        ("27/10/2023 18:30", "1 ngày làm việc", "30/10/2023 17:00", "received in the evening"),
        ("12/02/2026 09:00", "3 ngày làm việc", "24/02/2026 17:00", "over Tết"),
        (
            "26/04/2024 09:00",
            "5 ngày làm việc",
            "07/05/2024 17:00",
            "holidays, then a swapped Saturday counts",
        ),
        ("18/04/2025 09:00", "6 ngày làm việc", "26/04/2025 17:00", "a swapped Saturday may be the due date"),
        ("10/02/2026 09:00", "5 ngày", "23/02/2026 17:00", "calendar days never end on a day off"),
        ("01/10/2025 09:00", "15 ngày", "16/10/2025 17:00", "calendar days count Sundays"),
        ("31/01/2025 09:00", "1 tháng", "28/02/2025 17:00", "a month ends where the month does"),
        ("02/11/2023 10:30", "4 giờ", "02/11/2023 16:30", "over noon"),
        ("02/11/2023 16:00", "2 giờ", "03/11/2023 08:00", "over night"),
        ("03/11/2023 16:00", "8 giờ", "06/11/2023 16:00", "over a weekend"),
        ("04/11/2023 10:00", "1 giờ", "06/11/2023 08:00", "from a day off the clock starts on Monday"),
        ("03/11/2023 12:00", "1/2 ngày làm việc", "06/11/2023 07:30", "half a day is four hours"),
        ("03/11/2023 13:30", "3 giờ", "03/11/2023 16:30", "from the opening minute"),
        ("03/11/2023 07:00", "8 giờ", "03/11/2023 17:00", "a whole day ends at closing time"),
        ("03/11/2023 10:00", "trong ngày", "03/11/2023 17:00", "the same day"),
        ("03/11/2023 17:00", "trong ngày", "06/11/2023 17:00", "after closing time"),
        ("04/11/2023 10:00", "trong ngày", "06/11/2023 17:00", "on a day off"),
    ] {
        assert_eq!(due_at(received, term), expected, "{why}: {received} + {term}");
    }
}

#[test]
fn a_same_day_procedure_has_a_cutoff() {
    let cutoff = NaiveTime::from_hms_opt(15, 0, 0);
    for (received, expected) in [("03/11/2023 15:00", 3), ("03/11/2023 15:01", 6)] {
        let receipt = Receipt { at: at(received), term: Term::SameDay, cutoff, waiting: &[] };
        assert_eq!(due(&receipt, &CALENDAR).unwrap().at.day(), expected, "{received}");
    }
}

#[test]
fn waiting_for_a_supplement_stops_the_clock() {
    let waiting = [Waiting { from: at("30/10/2023 10:00"), to: at("01/11/2023 09:00") }];
    let by = |term: Term| {
        let receipt = Receipt { at: at("27/10/2023 09:00"), term, cutoff: None, waiting: &waiting };
        due(&receipt, &CALENDAR).unwrap()
    };
    let days = by(Term::WorkingDays(5));
    assert_eq!(days.at, at("08/11/2023 17:00"), "Monday to Wednesday are not counted");
    assert_eq!(days.skipped.iter().filter(|skipped| skipped.why == DayOff::Waiting).count(), 3);
    assert_eq!(days.skipped.iter().filter(|skipped| skipped.why == DayOff::Weekend).count(), 4);
    assert_eq!(by(Term::Days(5)).at, at("06/11/2023 17:00"), "28, 29, 2, 3, 4: a Saturday, so Monday");
    // Seven hours on Friday from 9 (11:30 and 17:00: six), three on Monday until 10, then from Wednesday 9.
    assert_eq!(by(Term::WorkingMinutes(600)).at, at("01/11/2023 10:00"));
    assert_eq!(by(Term::SameDay).at, at("01/11/2023 17:00"), "what came last is received last");

    for waiting in [
        Waiting { from: at("30/10/2023 10:00"), to: at("29/10/2023 10:00") },
        Waiting { from: at("26/10/2023 10:00"), to: at("29/10/2023 10:00") },
    ] {
        let receipt =
            Receipt { at: at("27/10/2023 09:00"), term: Term::Days(1), cutoff: None, waiting: &[waiting] };
        assert_eq!(due(&receipt, &CALENDAR), Err(DueError::Waiting));
    }
}

#[test]
fn a_due_date_beyond_the_announced_holidays_says_so() {
    let receipt =
        Receipt { at: at("24/12/2026 09:00"), term: Term::WorkingDays(20), cutoff: None, waiting: &[] };
    assert!(due(&receipt, &CALENDAR).unwrap().beyond_calendar);
    let receipt = Receipt { term: Term::WorkingDays(3), ..receipt };
    assert!(!due(&receipt, &CALENDAR).unwrap().beyond_calendar);
}

#[test]
fn an_office_that_works_on_saturday_mornings() {
    let text = "known_until = \"2026-12-31\"\n[[week]]\neffective_from = \"2020-01-01\"\n\
                fri = [[\"08:00\", \"12:00\"]]\nsat = [[\"08:00\", \"11:00\"]]\n";
    let office = Calendar::parse(text).unwrap();
    let by = |term| {
        let receipt = Receipt { at: at("27/10/2023 09:00"), term, cutoff: None, waiting: &[] };
        due(&receipt, &office).unwrap().at
    };
    assert_eq!(by(Term::WorkingDays(1)), at("28/10/2023 11:00"), "closing time is that of the day");
    assert_eq!(by(Term::WorkingDays(2)), at("03/11/2023 12:00"));
    assert_eq!(by(Term::WorkingMinutes(300)), at("28/10/2023 10:00"));
}

fn moments() -> impl Strategy<Value = Timestamp> {
    // 2023 to 2026, by the minute.
    (0i64..4 * 365 * 1440).prop_map(|minute| at("01/01/2023 00:00") + TimeDelta::minutes(minute))
}

fn pauses() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0i64..20_000, 0i64..9_000), 0..3)
}

fn waiting_after(received: Timestamp, pauses: &[(i64, i64)]) -> Vec<Waiting> {
    let minute = TimeDelta::minutes;
    pauses
        .iter()
        .map(|(from, long)| Waiting { from: received + minute(*from), to: received + minute(from + long) })
        .collect()
}

fn worked(day: NaiveDate, waiting: &[Waiting]) -> bool {
    let mut waits = false;
    for pause in waiting {
        let mut one = pause.from.date_naive();
        while one <= pause.to.date_naive() {
            waits |= one == day;
            one = one.succ_opt().unwrap();
        }
    }
    !waits && !CALENDAR.sessions(day).is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn working_days_as_one_counts_them_on_fingers(received in moments(), n in 1u32..40, pauses in pauses()) {
        let waiting = waiting_after(received, &pauses);
        let mut day = received.date_naive();
        let mut left = n;
        while left > 0 {
            day = day.succ_opt().unwrap();
            if worked(day, &waiting) {
                left -= 1;
            }
        }
        let receipt = Receipt { at: received, term: Term::WorkingDays(n), cutoff: None, waiting: &waiting };
        prop_assert_eq!(due(&receipt, &CALENDAR).unwrap().at.date_naive(), day);
    }

    #[test]
    fn office_minutes_as_a_clock_ticks_them(received in moments(), n in 1u32..1500, pauses in pauses()) {
        let waiting = waiting_after(received, &pauses);
        let mut now = received;
        let mut left = n;
        while left > 0 {
            let (day, time) = (now.date_naive(), now.time());
            let open = CALENDAR.sessions(day).iter().any(|(from, to)| *from <= time && time < *to);
            let waits = waiting.iter().any(|pause| pause.from <= now && now < pause.to);
            if open && !waits {
                left -= 1;
            }
            now += TimeDelta::minutes(1);
        }
        let receipt = Receipt { at: received, term: Term::WorkingMinutes(n), cutoff: None, waiting: &waiting };
        prop_assert_eq!(due(&receipt, &CALENDAR).unwrap().at, now);
    }

    #[test]
    fn a_due_date_is_a_moment_of_work_and_grows_with_the_term(received in moments(), n in 1u32..300) {
        let by = |term| {
            due(&Receipt { at: received, term, cutoff: None, waiting: &[] }, &CALENDAR).unwrap().at
        };
        for (term, longer) in [
            (Term::WorkingDays(n), Term::WorkingDays(n + 1)),
            (Term::Days(n), Term::Days(n + 1)),
            (Term::Months(n % 40 + 1), Term::Months(n % 40 + 2)),
            (Term::WorkingMinutes(n), Term::WorkingMinutes(n + 1)),
        ] {
            let end = by(term);
            prop_assert!(end > received && end <= by(longer));
            prop_assert!(CALENDAR.day_off(end.date_naive()).is_none());
        }
        prop_assert!(by(Term::Days(n)) <= by(Term::WorkingDays(n)));
    }
}
