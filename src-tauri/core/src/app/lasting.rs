//! The counter's own copies are made to last, once the network is back: what is appended lies in a longer
//! file beside the one that was signed, which stays as it was.

use serde::{Deserialize, Serialize};

use super::App;
use super::clerks::Right;
use super::error::CoreError;
use super::extend::refused;
use super::progress::{Stage, Watch};
use super::session::Session;
use super::verify::Past;
use crate::isolate::{Lasting, NotExtended};
use crate::sign::verify::Verdict;
use crate::store::check::{COPY_EXTENDED, longer_facts};
use crate::store::lasting::{self, Longer};
use crate::store::{Blobs, Store, StoreError, blobs, record};
use crate::time::rfc3339;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LastingView {
    /// Copies that were looked at: signed here, and not at the highest level yet.
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
    /// Level of its signature now: `B-T`, `B-LT`, `B-LTA`.
    pub level: String,
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
    /// Extends every copy signed here that is not at level B-LTA yet, as [`App::extend`] does. Each is a
    /// change of its own: stopped or cut off, what was extended stays so.
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
            let kept_whole = record::find(store.read(), &line.id)?.is_none_or(|record| record.kept_whole);
            let newest = lasting::newest(store.read(), &line.id)?;
            if !kept_whole && newest.as_ref().is_none_or(|one| one.level != word(Lasting::Archived)) {
                let (sha256, level) = match newest {
                    Some(one) => (one.sha256, Some(one.level)),
                    None => (line.sha256, None),
                };
                due.push((line.id, line.code, sha256, level));
            }
        }
        let of = u32::try_from(due.len()).unwrap_or(u32::MAX);
        let mut view = LastingView { asked: of, extended: Vec::new(), left: Vec::new(), missing: Vec::new() };
        for ((id, code, sha256, before), done) in due.into_iter().zip(0..) {
            if let Err(canceled) = watch.step(Stage::Extend, done, of) {
                return if done == 0 { Err(canceled) } else { Ok(view) };
            }
            let blobs = store.blobs();
            let file = blobs.work_file()?;
            let now = self.clock.now();
            let made = self.readers.extend(&blobs.path(&sha256), file.path(), (trust, revoked), now, url)?;
            let made = match made {
                Ok(made) => made,
                Err(why) => {
                    let error = refused(std::path::Path::new(&code), why);
                    view.left.push(NotLonger { record: id, code, error });
                    continue;
                }
            };
            for address in made.missing {
                if !view.missing.contains(&address) {
                    view.missing.push(address);
                }
            }
            let level = word(made.level);
            // The same level with other evidence is not worth another file; a trusted time is, before all can be
            // cleared.
            if made.report.verdict == Verdict::Invalid || before.as_deref() == Some(level.as_str()) {
                let error = refused(std::path::Path::new(&code), NotExtended::NoEvidence);
                view.left.push(NotLonger { record: id, code, error });
                continue;
            }
            self.keep_longer(&mut store, &blobs, session, (&id, &level), file.path())?;
            view.extended.push(LongerView { record: id, code, level });
        }
        Ok(view)
    }

    /// The file first, then rows, journal and outbox.
    fn keep_longer(
        &self,
        store: &mut Store,
        blobs: &Blobs,
        session: &Session,
        (record, level): (&str, &str),
        file: &std::path::Path,
    ) -> Result<(), CoreError> {
        let staged = blobs.stage(&mut std::fs::File::open(file)?, u64::MAX)?;
        let at = rfc3339(&self.clock.now());
        let one =
            Longer { record: record.to_owned(), sha256: staged.sha256.clone(), level: level.to_owned(), at };
        let change = store.begin()?;
        blobs::note(&change, &staged.sha256, staged.bytes, &one.at)?;
        lasting::add(&change, &one)?;
        self.tell(&change, session, COPY_EXTENDED, longer_facts(&one))?;
        // Until the commit, whoever opens the counter next sweeps the file away.
        blobs.promote(staged)?;
        Ok(change.commit().map_err(StoreError::from)?)
    }
}

fn word(level: Lasting) -> String {
    let word = serde_json::to_value(level).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
