//! Where the clerk is: desk, paper, page and field, kept as they change, so that a window that comes back after
//! a crash shows the same again.

use serde::{Deserialize, Serialize};

use super::App;
use super::error::{CoreError, ErrorKind};
use crate::store::desk;

/// A place in the window.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Whereabouts {
    /// Id of the desk.
    pub desk: String,
    /// Paper of its dossier, from 1; 0 = none.
    pub paper: u32,
    /// Id of the page shown large.
    pub page: Option<String>,
    /// The field that has the focus, as the window names it.
    pub field: Option<String>,
}

/// Longest name of a field, bytes.
const LONGEST: usize = 200;

impl App {
    /// Keeps where the clerk is.
    ///
    /// # Errors
    /// [`ErrorKind::BadWord`] when a name is too long to be one; those of the store.
    pub fn keep_whereabouts(&self, place: &Whereabouts) -> Result<(), CoreError> {
        let names = [Some(&place.desk), place.page.as_ref(), place.field.as_ref()];
        if names.into_iter().flatten().any(|name| name.len() > LONGEST) {
            return Err(CoreError::new(ErrorKind::BadWord).with("word", "place"));
        }
        let text = serde_json::to_string(place)
            .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
        Ok(self.store()?.transact(|change| desk::put_place(change, &text))?)
    }

    /// Where the clerk was, when its desk is still there.
    ///
    /// # Errors
    /// Those of the store.
    pub fn whereabouts(&self) -> Result<Option<Whereabouts>, CoreError> {
        let store = self.store()?;
        // What a later program wrote is not understood, and not needed.
        let known: Option<Whereabouts> =
            desk::place(store.read())?.and_then(|text| serde_json::from_str(&text).ok());
        Ok(match known {
            Some(place) if desk::find(store.read(), &place.desk)?.is_some() => Some(place),
            _ => None,
        })
    }
}
