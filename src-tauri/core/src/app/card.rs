//! Reading the identity card held under a QR reader.

use std::path::Path;

use serde::Serialize;
use zeroize::Zeroizing;

use super::App;
use super::error::{CoreError, ErrorKind};
use super::key::file_name;
use crate::person::{self, CardReading};
use crate::store::desk;

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

    /// Reads the code in the picture of a card: a scan, a photo, or a page of a PDF.
    ///
    /// # Errors
    /// [`ErrorKind::BadCard`] as [`App::read_card`], with the reason `no_code` when there is no code
    /// that can be read; [`ErrorKind::NotFound`] when there is no such file;
    /// [`ErrorKind::ReaderFailed`].
    pub fn card_in(&self, file: &Path) -> Result<CardView, CoreError> {
        let name = file_name(file);
        if !file.is_file() {
            return Err(CoreError::missing(name));
        }
        self.card_at(file, 0, &name)
    }

    /// Reads the code of a card on a page of a desk.
    ///
    /// # Errors
    /// As [`App::card_in`]; [`ErrorKind::NotFound`] when there is no such page.
    pub fn card_on_page(&self, id: &str) -> Result<CardView, CoreError> {
        let store = self.store()?;
        let layout = desk::layout_with(store.read(), id)?;
        let page = layout.and_then(|layout| layout.pages.into_iter().find(|page| page.id == id));
        let page = page.ok_or_else(|| CoreError::missing(id))?;
        self.card_at(&store.blobs().path(&page.original), page.page, &page.file)
    }

    fn card_at(&self, file: &Path, page: u32, name: &str) -> Result<CardView, CoreError> {
        let text = self
            .readers
            .code(file, page)
            .map_err(|e| CoreError::new(ErrorKind::ReaderFailed).with("file", name).with("detail", e))?;
        let text = text.map(Zeroizing::new);
        let text = text.ok_or_else(|| CoreError::new(ErrorKind::BadCard).with("reason", "no_code"))?;
        self.read_card(text.as_bytes())
    }
}
