//! The counter's own copies are made to last, once the network is back: what is appended lies in a longer
//! file beside the one that was signed, which stays as it was.

use std::fs::File;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::App;
use super::clerks::Right;
use super::error::CoreError;
use super::extend::{begins_with, refused};
use super::key::EXPIRY_WARNING_DAYS;
use super::progress::{Stage, Watch};
use super::session::Session;
use super::verify::Past;
use crate::isolate::NotExtended;
use crate::sign::Level;
use crate::sign::verify::{Coverage, Report};
use crate::store::check::{COPY_EXTENDED, longer_facts};
use crate::store::lasting::{self, Longer};
use crate::store::{Blobs, Staged, Store, StoreError, blobs, record};
use crate::time::{Timestamp, rfc3339};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LastingView {
    /// Copies that were looked at: signed here, and not at the highest level yet, or not for much longer.
    pub asked: u32,
    /// Those that are longer now.
    pub extended: Vec<LongerView>,
    /// Those that are as before, and why.
    pub left: Vec<NotLonger>,
    /// Addresses of evidence that gave none.
    pub missing: Vec<String>,
}

/// A copy that was extended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LongerView {
    /// Record.
    pub record: String,
    /// Code.
    pub code: String,
    /// Level of its signature now.
    pub level: Level,
}

/// A copy that was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NotLonger {
    /// Record.
    pub record: String,
    /// Code.
    pub code: String,
    /// Why.
    pub error: CoreError,
}

impl App {
    /// Extends every copy signed here that is not at level B-LTA yet, or whose last time-stamp can soon be judged no
    /// more, as [`App::extend`] does. Each is a change of its own: stopped or cut off, what was extended stays so.
    ///
    /// # Errors
    /// Those of the store, of the folder `trust` and of the reader; [`super::error::ErrorKind::Canceled`] before the
    /// first. A copy that cannot be extended is no error: the answer tells of it.
    pub fn extend_copies(&self, session: &Session, watch: &Watch<'_>) -> Result<LastingView, CoreError> {
        session.may(Right::Counter)?;
        let mut store = self.store()?;
        let known = self.known(Past::Ours)?;
        let (trust, revoked) = (known.anchors.as_slice(), known.revoked.as_slice());
        let url = self.settings.timestamp.url.as_deref();
        let mut due = Vec::new();
        for line in record::lines(store.read())? {
            let newest = lasting::newest(store.read(), &line.id)?;
            if !line.kept_whole && newest.as_ref().is_none_or(|one| is_due(one, self.clock.now())) {
                let sha256 = newest.as_ref().map_or_else(|| line.sha256.clone(), |one| one.sha256.clone());
                due.push((line, sha256, newest));
            }
        }
        let of = u32::try_from(due.len()).unwrap_or(u32::MAX);
        // Who does not answer is waited for once, not for each copy.
        let mut silent = Vec::new();
        let mut view = LastingView { asked: of, extended: Vec::new(), left: Vec::new(), missing: Vec::new() };
        for ((line, sha256, before), done) in due.into_iter().zip(0..) {
            if let Err(canceled) = watch.step(Stage::Extend, done, of) {
                return if done == 0 { Err(canceled) } else { Ok(view) };
            }
            let blobs = store.blobs();
            let file = blobs.work_file()?;
            let now = self.clock.now();
            let from = blobs.path(&sha256);
            let made = self.readers.extend(&from, file.path(), (trust, revoked), now, url, &mut silent)?;
            let kept = match made {
                Ok(made) => {
                    for address in made.missing {
                        if !view.missing.contains(&address) {
                            view.missing.push(address);
                        }
                    }
                    let staged = blobs.stage(&mut File::open(file.path())?, u64::MAX)?;
                    let (first, last) = (blobs.path(&line.sha256), blobs.path(&sha256));
                    let judged = match begins_with(staged.path(), &first) {
                        Ok(true) => self.judged_longer(&last, staged.path(), &known)?,
                        Ok(false) => Err(NotExtended::Failed),
                        Err(_) => Err(NotExtended::Disk),
                    };
                    judged.and_then(|report| {
                        let holds_until = ends(made.level, &report);
                        let (level, at) = (made.level, rfc3339(&now));
                        let sha256 = staged.sha256.clone();
                        let longer = Longer { record: line.id.clone(), sha256, level, at, holds_until };
                        not_worth(before.as_ref(), &longer).map_or(Ok((longer, staged)), Err)
                    })
                }
                Err(why) => Err(why),
            };
            match kept {
                Ok((longer, staged)) => {
                    self.keep_longer(&mut store, &blobs, session, &longer, staged)?;
                    let (record, code) = (line.id, line.code);
                    view.extended.push(LongerView { record, code, level: longer.level });
                }
                Err(why) => {
                    let error = refused(&line.code, why);
                    view.left.push(NotLonger { record: line.id, code: line.code, error });
                }
            }
        }
        Ok(view)
    }

    /// The file first, then rows, journal and outbox.
    fn keep_longer(
        &self,
        store: &mut Store,
        blobs: &Blobs,
        session: &Session,
        one: &Longer,
        staged: Staged,
    ) -> Result<(), CoreError> {
        let change = store.begin()?;
        blobs::note(&change, &staged.sha256, staged.bytes, &one.at)?;
        lasting::add(&change, one)?;
        self.tell(&change, session, COPY_EXTENDED, longer_facts(one))?;
        // Until the commit, whoever opens the counter next sweeps the file away.
        blobs.promote(staged)?;
        Ok(change.commit().map_err(StoreError::from)?)
    }
}

/// Whether a copy can last longer than it does: not archived yet, or its last time-stamp ends within
/// [`EXPIRY_WARNING_DAYS`], and within half of the time it held from the start.
fn is_due(one: &Longer, now: Timestamp) -> bool {
    let ends = end(one).zip(Timestamp::parse_from_rfc3339(&one.at).ok());
    one.level != Level::Lta
        || ends
            .is_none_or(|(until, at)| until - now < Duration::days(EXPIRY_WARNING_DAYS).min((until - at) / 2))
}

/// Why what was made is not worth another file: a lower level is not, as where no authority answers, nor is the same
/// with other evidence; a trusted time is, before all can be cleared, and one that holds longer.
fn not_worth(before: Option<&Longer>, made: &Longer) -> Option<NotExtended> {
    match before.filter(|one| one.level >= made.level) {
        None => None,
        Some(one) if one.level > made.level => Some(NotExtended::NoTime),
        Some(one) if end(made) > end(one) => None,
        Some(one) if one.holds_until.is_some() => Some(NotExtended::NoLonger),
        Some(_) => Some(NotExtended::NoEvidence),
    }
}

/// End of the certificate of the last time-stamp; `None` below B-LTA.
fn ends(level: Level, report: &Report) -> Option<String> {
    let last = report.signatures.iter().find(|one| one.coverage == Coverage::Whole);
    let last = last.filter(|_| level == Level::Lta).and_then(|one| one.certificate.as_ref());
    last.map(|one| one.not_after.clone())
}

fn end(one: &Longer) -> Option<Timestamp> {
    one.holds_until.as_deref().and_then(|text| Timestamp::parse_from_rfc3339(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_level_takes_no_higher_ones_place() {
        let made = |level, holds_until: Option<&str>| Longer {
            record: String::new(),
            sha256: String::new(),
            level,
            at: String::new(),
            holds_until: holds_until.map(str::to_owned),
        };
        let [soon, late] = [Some("2026-12-01T00:00:00+07:00"), Some("2027-12-01T00:00:00+07:00")];
        let kept = made(Level::Lta, soon);
        assert_eq!(not_worth(Some(&kept), &made(Level::Lt, None)), Some(NotExtended::NoTime));
        assert_eq!(not_worth(Some(&kept), &made(Level::Lta, soon)), Some(NotExtended::NoLonger));
        assert_eq!(not_worth(Some(&kept), &made(Level::Lta, late)), None);
        assert_eq!(
            not_worth(Some(&made(Level::T, None)), &made(Level::T, None)),
            Some(NotExtended::NoEvidence)
        );
        assert_eq!(not_worth(Some(&made(Level::T, None)), &made(Level::Lt, None)), None);
        assert_eq!(not_worth(None, &made(Level::T, None)), None);
    }
}
