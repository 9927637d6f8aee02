//! The result of verifying a file, on paper.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::App;
use super::error::CoreError;
use super::forms::{PrintedForm, Sheet, put};
use crate::form::printable;
use crate::time::rfc3339;

/// Name and shipped text of the template.
const TEMPLATE: (&str, &str) = (
    "verdict_sheet.typ",
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/forms/verdict_sheet.typ")),
);

impl App {
    /// Verifies a file as [`App::verify`] does and makes a PDF/A of the result: what was checked and when, each
    /// signature with its reasons. The sheet is a report, not a signed paper.
    ///
    /// # Errors
    /// As [`App::verify`]; [`super::error::ErrorKind::BadForm`] when the office's own template is at fault.
    pub fn verdict_sheet(&self, file: &Path, trust: &[&Path], own: bool) -> Result<Vec<u8>, CoreError> {
        let view = self.verify(file, trust, own)?;
        let mut data = match own {
            true => self.sheet_data(&self.store()?, Sheet::A4)?,
            false => json!({"agency": "", "training": false, "paper": Sheet::A4,
                            "printed_at": rfc3339(&self.clock.now())}),
        };
        let mut verdict = json!({"judged_at": rfc3339(&self.clock.now()), "file": view.file, "sha256": view.sha256,
            "size": view.size, "record": view.record, "verdict": view.report.verdict, "reasons": view.report.reasons,
            "code": view.report.code, "signatures": view.report.signatures});
        inked(&mut verdict);
        put(&mut data, "verdict_sheet", verdict);
        self.printed(TEMPLATE, data, &BTreeMap::new())
    }

    /// The sheet of a file, judged by this counter, as pictures of its pages for a printer.
    ///
    /// # Errors
    /// As [`App::verdict_sheet`]; [`super::error::ErrorKind::ReaderFailed`] when its pages cannot be drawn.
    pub fn verdict_pages(&self, file: &Path) -> Result<PrintedForm, CoreError> {
        self.printed_pages(&self.lend_verdict_sheet(file)?, Sheet::A4)
    }

    /// The same for a viewer to open; returns its path.
    ///
    /// # Errors
    /// As [`App::verdict_sheet`], those of the disk.
    pub fn lend_verdict_sheet(&self, file: &Path) -> Result<PathBuf, CoreError> {
        self.lend(TEMPLATE.0, &self.verdict_sheet(file, &[], true)?)
    }

    /// Makes it into a file.
    ///
    /// # Errors
    /// As [`App::verdict_sheet`]; [`super::error::ErrorKind::OutputExists`], [`super::error::ErrorKind::OutputRefused`].
    pub fn write_verdict_sheet(
        &self,
        file: &Path,
        trust: &[&Path],
        own: bool,
        out: &Path,
    ) -> Result<PathBuf, CoreError> {
        let made = self.out_file_of(file, out)?;
        made.fill_with(&self.verdict_sheet(file, trust, own)?)?;
        made.publish()
    }
}

/// A value whose texts have a glyph each in the typefaces of forms.
fn inked(value: &mut Value) {
    match value {
        Value::String(text) => *text = printable(text),
        Value::Array(list) => list.iter_mut().for_each(inked),
        Value::Object(map) => map.values_mut().for_each(inked),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_what_the_window_says() {
        // The window's tables are complete: it does not compile otherwise.
        let window = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let vi = window(include_str!("../../../../ui/src/texts/verify.vi.json"));
        let en = window(include_str!("../../../../ui/src/texts/verify.en.json"));
        for (name, least) in
            [("verdict", 4), ("reason", 25), ("kind", 2), ("after", 7), ("how", 3), ("altered", 13)]
        {
            let words = vi[name].as_object().unwrap();
            assert!(words.len() >= least, "{name}: {words:?}");
            let ours = TEMPLATE.1.split(&format!("\n  {name}: (")).nth(1).unwrap();
            for (word, said) in words.iter().filter(|(word, _)| *word != "label") {
                let both =
                    format!("(\"{}\", \"{}\")", said.as_str().unwrap(), en[name][word].as_str().unwrap());
                let quoted = [format!("{word}: {both}"), format!("\"{word}\": {both}")];
                assert!(quoted.iter().any(|one| ours.contains(one)), "{name}: {word}: {both}");
            }
        }
    }

    #[test]
    fn text_without_a_glyph_is_told_as_such() {
        let mut value = json!({"signer": "Lan 漢", "alterations": [{"name": "😀"}], "serial": "0a"});
        inked(&mut value);
        assert_eq!(value, json!({"signer": "Lan ?", "alterations": [{"name": "?"}], "serial": "0a"}));
    }
}
