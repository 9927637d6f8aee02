//! Papers that go out: the forms of Circular 03/2025, Annex I, printed from replaceable templates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::App;
use super::dossier::{DossierView, found};
use super::error::{CoreError, ErrorKind};
use crate::form::{Form, FormError, Part, SHIPPED_FRAME, bar_code, qr_code, render};
use crate::store::{Store, record, station};
use crate::time::rfc3339;

/// A form. Numbers as in the annex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả.
    Receipt,
    /// 02: phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
    Supplement,
    /// 03: phiếu từ chối tiếp nhận giải quyết hồ sơ.
    Refusal,
    /// 06: phiếu kiểm soát quá trình giải quyết hồ sơ.
    ControlSheet,
    /// 07: sổ theo dõi hồ sơ.
    Register,
    /// Which papers are stored and need not be brought again.
    StoredPapers,
    /// Sheets that sort a stack: a cover for a dossier of a procedure, one for each of its papers.
    Separators,
}

/// Size of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sheet {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 148 × 210 mm.
    A5,
}

/// A form as a printer gets it.
#[derive(Debug)]
pub struct PrintedForm {
    /// Size of the sheets.
    pub sheet: Sheet,
    /// JPEG pictures of the pages.
    pub pages: Vec<Vec<u8>>,
}

/// Width of an A4 sheet at 300 dpi, px.
const PRINTED_WIDTH: u32 = 2480;

/// Folder of a home where an office puts its own templates.
pub(super) const OWN: &str = "forms";
/// The frame all templates share.
const FRAME: &str = "khung.typ";

/// Name and shipped text of a template.
macro_rules! shipped {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/forms/", $name)))
    };
}

impl FormKind {
    pub(super) fn shipped(self) -> (&'static str, &'static str) {
        match self {
            Self::Receipt => shipped!("receipt.typ"),
            Self::Supplement => shipped!("supplement.typ"),
            Self::Refusal => shipped!("refusal.typ"),
            Self::ControlSheet => shipped!("control_sheet.typ"),
            Self::Register => shipped!("register.typ"),
            Self::StoredPapers => shipped!("stored_papers.typ"),
            Self::Separators => shipped!("separators.typ"),
        }
    }
}

impl App {
    /// Makes a form. `of` is a dossier's id or code; for the register a day, yyyy-mm-dd; for
    /// separators a procedure's code. The same form at the same time gives the same bytes.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::BadTime`], [`ErrorKind::BadForm`] naming template and
    /// line, those of the store.
    pub fn form(&self, kind: FormKind, of: &str, sheet: Sheet) -> Result<Vec<u8>, CoreError> {
        if kind == FormKind::Separators {
            return self.separators(of);
        }
        let store = self.store()?;
        let mut data = self.sheet_data(&store, sheet)?;
        if kind == FormKind::Register {
            let day = NaiveDate::parse_from_str(of, "%Y-%m-%d")
                .map_err(|_| CoreError::new(ErrorKind::BadTime).with("text", of))?;
            let mut rows = self.dossiers(Some(day), Some(day))?;
            rows.reverse();
            put(&mut data, "rows", json!(rows));
            put(&mut data, "day", json!(day));
            return self.printed(kind.shipped(), data, &BTreeMap::new());
        }
        let view = self.view(store.read(), found(&store, of)?)?;
        if kind == FormKind::StoredPapers {
            let today = self.clock.now().format("%Y-%m-%d").to_string();
            let stored = record::of_owner(store.read(), &view.request.owner.number, &today)?;
            put(&mut data, "stored", json!(stored));
        }
        self.dossier_form(kind, data, view)
    }

    /// The form of a dossier that is about to be kept, e.g. in the package it goes with.
    pub(super) fn form_of(
        &self,
        store: &rusqlite::Connection,
        kind: FormKind,
        view: DossierView,
    ) -> Result<Vec<u8>, CoreError> {
        let data = self.sheet_facts(&station::station(store)?, Sheet::A4);
        self.dossier_form(kind, data, view)
    }

    fn dossier_form(&self, kind: FormKind, mut data: Value, view: DossierView) -> Result<Vec<u8>, CoreError> {
        let (title, _) = kind.shipped();
        // Code, procedure, who performs it, which paper (ISO/IEC 18004, top left).
        let text = format!("{}|{}|{}|{}", view.code, view.request.procedure, view.receiver, title);
        let text = text.trim_end_matches(".typ");
        let mut pictures = BTreeMap::new();
        for (name, file, svg) in [("qr", "qr.svg", qr_code(text)), ("bar", "bar.svg", bar_code(&view.code))] {
            if let Some(svg) = svg {
                pictures.insert(file.to_owned(), svg);
                put(&mut data, name, json!(file));
            }
        }
        put(&mut data, "dossier", json!(view));
        self.printed(kind.shipped(), data, &pictures)
    }

    pub(super) fn sheet_data(&self, store: &Store, sheet: Sheet) -> Result<Value, CoreError> {
        Ok(self.sheet_facts(&station::station(store.read())?, sheet))
    }

    fn sheet_facts(&self, station: &station::Station, sheet: Sheet) -> Value {
        json!({
            "agency": station.office_name,
            "training": station.training,
            "paper": sheet,
            "printed_at": rfc3339(&self.clock.now()),
        })
    }

    /// Pours data into a template, by its name and shipped text, or the office's own of that name.
    pub(super) fn printed(
        &self,
        (name, shipped): (&'static str, &'static str),
        data: Value,
        pictures: &BTreeMap<String, String>,
    ) -> Result<Vec<u8>, CoreError> {
        let own = |name: &str, shipped: &str| match fs::read_to_string(self.home.join(OWN).join(name)) {
            Ok(text) => Ok(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(shipped.to_owned()),
            Err(e) => Err(CoreError::new(ErrorKind::BadForm).with("file", name).with("detail", e)),
        };
        let (template, frame) = (own(name, shipped)?, own(FRAME, SHIPPED_FRAME)?);
        let form = Form { template: &template, frame: &frame, data: &data, pictures, at: self.clock.now() };
        render(&form).map_err(|fault| {
            let (file, line, detail) = match fault {
                FormError::Template { part: Part::Frame, line, detail } => (FRAME, line, detail),
                FormError::Template { part: Part::Template, line, detail } => (name, line, detail),
                FormError::Pdf(detail) => (name, 0, detail),
            };
            let line = if line == 0 { String::new() } else { line.to_string() };
            CoreError::new(ErrorKind::BadForm).with("file", file).with("line", line).with("detail", detail)
        })
    }

    /// Makes a form into a file.
    ///
    /// # Errors
    /// As [`App::form`]; [`ErrorKind::OutputExists`], [`ErrorKind::OutputRefused`].
    pub fn write_form(
        &self,
        kind: FormKind,
        of: &str,
        sheet: Sheet,
        out: &Path,
    ) -> Result<PathBuf, CoreError> {
        let file = self.out_file(out)?;
        file.fill_with(&self.form(kind, of, sheet)?)?;
        file.publish()
    }

    /// Makes a form as pictures of its pages (JPEG, 300 dpi) for a printer.
    ///
    /// # Errors
    /// As [`App::form`]; [`ErrorKind::ReaderFailed`] when its pages cannot be drawn.
    pub fn form_pages(&self, kind: FormKind, of: &str) -> Result<PrintedForm, CoreError> {
        self.printed_pages(&self.lend_form(kind, of)?, self.sheet_of(kind))
    }

    /// A lent form as pictures of its pages; it is taken back.
    pub(super) fn printed_pages(&self, form: &Path, sheet: Sheet) -> Result<PrintedForm, CoreError> {
        let picture = tempfile::NamedTempFile::new_in(self.home.join(crate::store::WORK))?;
        let drawn = |page| -> Result<Vec<u8>, CoreError> {
            if !self.readers.picture(form, page, (PRINTED_WIDTH, 0, None), picture.path())? {
                return Err(CoreError::new(ErrorKind::ReaderFailed).with("file", form.display()));
            }
            Ok(fs::read(picture.path())?)
        };
        // All of them, or none: half a form is no form.
        let pages = page_count(form).and_then(|count| (0..count).map(drawn).collect());
        // Lent for this only; if it stays, the next sweep takes it.
        _ = fs::remove_file(form);
        Ok(PrintedForm { sheet, pages: pages? })
    }

    /// The sheet the window prints a form on.
    fn sheet_of(&self, kind: FormKind) -> Sheet {
        if kind == FormKind::Receipt { self.settings.receipt_sheet } else { Sheet::A4 }
    }

    /// Makes a form for a viewer to open and print; returns its path.
    ///
    /// # Errors
    /// As [`App::form`], those of the disk.
    pub fn lend_form(&self, kind: FormKind, of: &str) -> Result<PathBuf, CoreError> {
        self.lend(kind.shipped().0, &self.form(kind, of, self.sheet_of(kind))?)
    }

    /// Puts a printed paper where a viewer finds it; `template` names its kind.
    pub(super) fn lend(&self, template: &str, pdf: &[u8]) -> Result<PathBuf, CoreError> {
        let folder = self.home.join(crate::store::WORK).join("lent");
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}-{}.pdf", template.trim_end_matches(".typ"), self.new_id()?));
        fs::write(&path, pdf)?;
        Ok(path)
    }
}

/// Pages of a form we made; it has one at least.
fn page_count(form: &Path) -> Result<u32, CoreError> {
    let failed = || CoreError::new(ErrorKind::ReaderFailed).with("file", form.display());
    let document = lopdf::Document::load(form).map_err(|e| failed().with("detail", e))?;
    u32::try_from(document.get_pages().len()).ok().filter(|count| *count > 0).ok_or_else(failed)
}

pub(super) fn put(data: &mut Value, name: &str, value: Value) {
    if let Some(object) = data.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
