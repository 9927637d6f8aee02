//! Time comes in from outside: a moment with its offset, and the [`Clock`] that tells it.

use chrono::{DateTime, FixedOffset, SubsecRound};

/// A moment with the offset the counter's clock shows, whole seconds.
pub type Timestamp = DateTime<FixedOffset>;

/// Tells the time. Tests bring their own.
pub trait Clock: Send + Sync {
    /// Now, in the counter's offset, whole seconds.
    fn now(&self) -> Timestamp;
    /// Fills a buffer with unpredictable bytes; the same door, so that a simulation replays.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    fn random(&self, buffer: &mut [u8]) -> std::io::Result<()>;
}

/// The machine's clock and randomness, shown in a fixed offset.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    /// Offset of the counter; Viet Nam is +07:00 all year.
    pub offset: FixedOffset,
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock")]
    fn now(&self) -> Timestamp {
        chrono::Utc::now().with_timezone(&self.offset).trunc_subsecs(0)
    }

    fn random(&self, buffer: &mut [u8]) -> std::io::Result<()> {
        getrandom::fill(buffer).map_err(|e| std::io::Error::other(e.to_string()))
    }
}

/// A moment as the store and the wire write it: RFC 3339, whole seconds, with offset.
#[must_use]
pub fn rfc3339(at: &Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
