//! Reading the identity card held under a QR reader.

use serde::Serialize;

use super::App;
use super::error::{CoreError, ErrorKind};
use crate::person::{self, CardReading};

/// A card as shown beside its doubts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CardView {
    /// What it says.
    #[serde(flatten)]
    pub card: CardReading,
    /// Province its number begins with, when we know it.
    pub province: Option<&'static str>,
}

impl App {
    /// Reads a card's text as a reader types it.
    ///
    /// # Errors
    /// [`ErrorKind::BadCard`] with a reason, and nothing of the text.
    pub fn read_card(&self, text: &[u8]) -> Result<CardView, CoreError> {
        let bad = |reason: &str| CoreError::new(ErrorKind::BadCard).with("reason", reason);
        let text = std::str::from_utf8(text).map_err(|_| bad("not_utf8"))?;
        let card =
            CardReading::parse(text, self.clock.now().date_naive()).map_err(|no| bad(&no.to_string()))?;
        let province = person::province_of(&card.number);
        Ok(CardView { card, province })
    }
}
