//! Progress and cancelling, one seam for both.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::error::{CoreError, ErrorKind};

/// A stage of making a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Opening the key.
    Unlock,
    /// Pages come in.
    Import,
    /// They become a document.
    Assemble,
    /// The mark is placed.
    Mark,
    /// The file is written and signed.
    Sign,
    /// It is read again and verified.
    Verify,
    /// It is stored.
    Commit,
    /// The scanner feeds; how many will come is unknown.
    Scan,
    /// The counter is copied elsewhere.
    Backup,
    /// Copies are made to last.
    Extend,
}

/// Work that can be stopped; each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Pages come in: from files or a scanner.
    Arrival,
    /// Papers are made ready to be looked at, or signed.
    Review,
    /// The counter is copied elsewhere.
    Backup,
    /// Copies are made to last.
    Lasting,
}

/// How far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// Stage.
    pub stage: Stage,
    /// Pages (or files, for import) done.
    pub page: u32,
    /// Of how many; 0 = unknown.
    pub of: u32,
}

/// Where work tells how far it is and asks whether to go on.
pub struct Watch<'a> {
    tell: &'a (dyn Fn(Progress) + Sync),
    canceled: &'a AtomicBool,
    last: Mutex<Option<(Stage, Instant)>>,
}

/// At most ten tellings a second within a stage.
const PACE: Duration = Duration::from_millis(100);

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("canceled", &self.canceled).finish_non_exhaustive()
    }
}

impl<'a> Watch<'a> {
    /// A watch that tells `tell` and stops when `canceled` is set.
    pub fn new(tell: &'a (dyn Fn(Progress) + Sync), canceled: &'a AtomicBool) -> Self {
        Self { tell, canceled, last: Mutex::new(None) }
    }

    /// The clerk wants it to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.canceled.load(Ordering::Relaxed)
    }

    /// Tells how far the work is.
    ///
    /// # Errors
    /// [`ErrorKind::Canceled`] when the clerk stopped it.
    pub fn step(&self, stage: Stage, page: u32, of: u32) -> Result<(), CoreError> {
        if self.is_stopped() {
            return Err(ErrorKind::Canceled.into());
        }
        let now = Instant::now();
        let due = self.last.lock().is_ok_and(|mut last| {
            let due = page >= of || last.is_none_or(|(s, at)| s != stage || now - at >= PACE);
            if due {
                *last = Some((stage, now));
            }
            due
        });
        if due {
            (self.tell)(Progress { stage, page, of });
        }
        Ok(())
    }
}
