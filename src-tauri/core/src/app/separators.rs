//! Separator sheets, printed by the program that reads them: a cover for a dossier, and a sheet for
//! each paper of its procedure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::App;
use super::error::{CoreError, ErrorKind};
use super::forms::{FormKind, Sheet, put};
use crate::form::qr_code;
use crate::separator::Separator;

impl App {
    /// Makes the sheets of a procedure, one a page, the cover first.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when the catalogue does not know the procedure, [`ErrorKind::BadForm`],
    /// those of the store.
    pub fn separators(&self, procedure: &str) -> Result<Vec<u8>, CoreError> {
        let known = self.procedure(procedure)?;
        let mut data = self.sheet_data(&self.store()?, Sheet::A4)?;
        let mut pictures = BTreeMap::new();
        let mut sheets = Vec::new();
        let papers = known.papers.iter().zip(1u32..).map(|(paper, place)| (place, paper.name.clone()));
        for (place, name) in [(0, known.name.clone())].into_iter().chain(papers) {
            let procedure = known.code.clone();
            let separator = if place == 0 {
                Separator::Cover { procedure }
            } else {
                Separator::Paper { procedure, place }
            };
            let (file, text) = (format!("to-{place}.svg"), separator.print());
            let svg = qr_code(&text).ok_or(ErrorKind::Internal)?;
            pictures.insert(file.clone(), svg);
            sheets.push(json!({"place": place, "name": name, "qr": file, "text": text}));
        }
        put(&mut data, "procedure", json!({"code": known.code, "name": known.name}));
        put(&mut data, "sheets", json!(sheets));
        self.printed(FormKind::Separators.shipped(), data, &pictures)
    }

    /// Makes them into a file.
    ///
    /// # Errors
    /// As [`App::separators`]; [`ErrorKind::OutputExists`], [`ErrorKind::OutputRefused`].
    pub fn write_separators(&self, procedure: &str, out: &Path) -> Result<PathBuf, CoreError> {
        let file = self.out_file(out)?;
        file.fill_with(&self.separators(procedure)?)?;
        file.publish()
    }
}
