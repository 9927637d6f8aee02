//! The key locks itself: when nobody did anything for a while, and when the shift is over.

use chrono::{NaiveTime, TimeZone as _};
use serde::{Deserialize, Serialize};

use super::App;
use super::session::Session;
use crate::store::station;
use crate::time::Timestamp;

/// `[lock]` in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LockSettings {
    /// Minutes without any key or mouse after which the key locks; 0 = never.
    pub idle_minutes: u32,
    /// Time of day, hh:mm, at which a key opened before it locks; empty = never.
    pub shift_end: String,
}

impl Default for LockSettings {
    fn default() -> Self {
        Self { idle_minutes: 15, shift_end: "17:30".to_owned() }
    }
}

/// Why the key locked itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// Nobody did anything for a while.
    Idle,
    /// The shift is over.
    ShiftEnd,
    /// The clock was set back: it no longer tells how long the key has been open.
    ClockSetBack,
    /// The clerk left, or may do other things than when it was opened.
    RolesChanged,
}

/// The clerk is there, or is not.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Alive {
    /// A key or the mouse moved since the last call, or work is running.
    pub active: bool,
}

impl LockSettings {
    /// The time of day the shift ends; `None` when it is not set, or is no time.
    #[must_use]
    pub fn end_of_shift(&self) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(&self.shift_end, "%H:%M").ok()
    }

    /// False when the settings say no time.
    pub(super) fn is_sound(&self) -> bool {
        self.shift_end.is_empty() || self.end_of_shift().is_some()
    }

    /// Why a key must be locked now that was opened, and used last, at those seconds since 1970.
    /// A clock that was set back no longer tells how long ago that was.
    fn overdue(&self, opened: i64, used: i64, now: Timestamp) -> Option<LockReason> {
        let set_back = now.timestamp() < used.max(opened);
        if set_back && (self.idle_minutes > 0 || self.end_of_shift().is_some()) {
            return Some(LockReason::ClockSetBack);
        }
        let shift = self.end_of_shift().and_then(|end| {
            let last =
                |day: chrono::NaiveDate| now.timezone().from_local_datetime(&day.and_time(end)).single();
            let today = last(now.date_naive())?;
            let past = if today <= now { today } else { last(now.date_naive().pred_opt()?)? };
            (opened < past.timestamp()).then_some(LockReason::ShiftEnd)
        });
        let idle = i64::from(self.idle_minutes) * 60;
        let idle = (idle > 0 && now.timestamp() - used >= idle).then_some(LockReason::Idle);
        shift.or(idle)
    }
}

impl App {
    /// The clerk did something.
    pub fn touch(&self, session: &Session) {
        session.touch(self.clock.now());
    }

    /// Why the key must be locked now, and opened anew; `None` while it may stay open. Where the clerk's roles
    /// cannot be told now, they have not changed.
    #[must_use]
    pub fn must_lock(&self, session: &Session) -> Option<LockReason> {
        let (opened, used) = session.moments();
        let overdue = self.settings.lock.overdue(opened, used, self.clock.now());
        let clerk = || self.store().ok().and_then(|s| station::clerk(s.read(), session.clerk_id).ok());
        overdue.or_else(|| {
            let same = clerk().is_none_or(|one| one.left_at.is_none() && one.roles == session.roles);
            (!same).then_some(LockReason::RolesChanged)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;
    use crate::app::settings::Settings;
    use crate::app::setup::SetUp;
    use crate::isolate::ReaderCommand;
    use crate::sign::key::Secret;
    use crate::time::Clock;

    /// A clock that is set by hand: minutes since 2026-11-26 07:00.
    #[derive(Default)]
    struct ByHand(AtomicI64);

    impl Clock for ByHand {
        fn now(&self) -> Timestamp {
            let start = Timestamp::parse_from_rfc3339("2026-11-26T07:00:00+07:00").unwrap();
            start + chrono::Duration::minutes(self.0.load(Ordering::Relaxed))
        }

        fn random(&self, buffer: &mut [u8]) -> std::io::Result<()> {
            buffer.fill(self.0.fetch_add(0, Ordering::Relaxed) as u8 + 7);
            Ok(())
        }
    }

    #[test]
    fn a_key_locks_when_nobody_is_there_and_when_the_shift_is_over() {
        let home = tempfile::tempdir().unwrap();
        let clock = Arc::new(ByHand::default());
        let reader = ReaderCommand { program: "saoy".into(), arguments: Vec::new() };
        let app = App::with_clock(&home.path().join("home"), Settings::default(), reader, clock.clone());
        let wish = SetUp {
            office: "H56.14".into(),
            office_name: "UBND xã Thử Nghiệm".into(),
            clerk: "Nguyễn Thị Lan".into(),
            pin: Secret::new("24681357".into()),
            training: false,
        };
        app.set_up(&wish).unwrap();
        let at = |minutes| clock.0.store(minutes, Ordering::Relaxed);
        let session = app.unlock("24681357").unwrap();
        at(14);
        assert_eq!(app.must_lock(&session), None);
        at(15);
        assert_eq!(app.must_lock(&session), Some(LockReason::Idle));
        app.touch(&session);
        assert_eq!(app.must_lock(&session), None, "the clerk came back in time");
        at(10 * 60 + 29);
        app.touch(&session);
        assert_eq!(app.must_lock(&session), None, "17:29");
        at(10 * 60 + 30);
        app.touch(&session);
        assert_eq!(app.must_lock(&session), Some(LockReason::ShiftEnd), "however busy the clerk is");
        // Opened again in the evening it stays open until the next day's end.
        let evening = app.unlock("24681357").unwrap();
        at(10 * 60 + 40);
        assert_eq!(app.must_lock(&evening), None);
        at(34 * 60 + 30);
        app.touch(&evening);
        assert_eq!(app.must_lock(&evening), Some(LockReason::ShiftEnd));
    }

    #[test]
    fn a_clock_that_is_set_back_opens_no_key_for_longer() {
        let settings = |text: &str| toml::from_str::<LockSettings>(text).unwrap();
        let at = |time: &str| Timestamp::parse_from_rfc3339(&format!("2026-11-26T{time}+07:00")).unwrap();
        let (opened, used, now) = (at("08:00:00").timestamp(), at("09:00:00").timestamp(), at("08:59:59"));
        let idle = settings("idle_minutes = 15\nshift_end = \"\"");
        assert_eq!(idle.overdue(opened, used, now), Some(LockReason::ClockSetBack));
        let shift = settings("idle_minutes = 0\nshift_end = \"17:30\"");
        assert_eq!(shift.overdue(opened, used, now), Some(LockReason::ClockSetBack));
        assert_eq!(shift.overdue(opened, used, at("09:00:00")), None);
    }

    #[test]
    fn settings_switch_both_off() {
        let off: LockSettings = toml::from_str("idle_minutes = 0\nshift_end = \"\"").unwrap();
        let late = Timestamp::parse_from_rfc3339("2026-11-26T23:00:00+07:00").unwrap();
        assert!(off.is_sound());
        assert_eq!(off.overdue(0, 0, late), None);
        assert_eq!(off.overdue(i64::MAX, i64::MAX, late), None, "whatever the clock says");
        assert!(!LockSettings { shift_end: "25:00".into(), ..off }.is_sound());
    }
}
