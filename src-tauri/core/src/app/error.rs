//! Every error the core answers with: a tag and its parameters, no prose.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fields::FieldIssue;
use crate::catalogue::LineIssue;
use crate::code::BadTemplate;
use crate::page::Finding;
use crate::pdf::mark::MarkError;
use crate::sign::key::KeyError;
use crate::store::StoreError;

/// What happened. The window's table has three lines for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// No counter in this folder yet.
    NotReady,
    /// There already is one.
    AlreadyReady,
    /// The key is locked.
    Locked,
    /// The PIN does not open the key.
    WrongPin,
    /// No clerk, or several, of that name.
    ClerkUnknown,
    /// There is a clerk of that name, or the agency has a key.
    ClerkKnown,
    /// The clerk left this counter.
    ClerkLeft,
    /// Roles, name or certificate of the clerk are not what the signed journal tells.
    ClerkAltered,
    /// A clerk needs something to do.
    BadRoles,
    /// Somebody must look after the counter.
    LastAdministrator,
    /// The department has not worked at the dossier yet: there is no result.
    NoResultYet,
    /// The dossier has no official code yet, and its results bear it.
    NumberMissing,
    /// The procedure has no result of that code, and no name was given.
    ResultUnknown,
    /// The agency has no key here.
    AgencyKeyMissing,
    /// Whose key is open may not do that.
    RoleMissing,
    /// No PIN was given.
    PinMissing,
    /// The PIN is too short.
    PinTooShort,
    /// A pass phrase was not given.
    PassphraseMissing,
    /// The pass phrase is too short.
    PassphraseTooShort,
    /// The pass phrase has letters that a PKCS#12 file cannot be locked with.
    PassphraseUnfit,
    /// The pass phrase does not open the file.
    WrongPassphrase,
    /// The file gives no key that can be used here.
    BadKeyFile,
    /// The certificate cannot be used here.
    BadCertificate,
    /// A list of trusted authorities has a faulty line.
    BadTrustList,
    /// The file is no request for a certificate that can be granted.
    BadRequest,
    /// The file holds another request than the one that was looked at.
    RequestChanged,
    /// The file names others to trust than the one that was looked at.
    TrustChanged,
    /// The PIN does not open the token.
    TokenPinWrong,
    /// The PIN of the token is locked.
    TokenLocked,
    /// The token cannot be used, or was lost on the way.
    TokenFailed,
    /// The office has no authority in this folder.
    CaMissing,
    /// The office has its authority already.
    CaReady,
    /// The authority did not issue this certificate, or revoked it.
    CaUnknownCertificate,
    /// Another program is changing this counter.
    HomeBusy,
    /// The counter's files are damaged.
    HomeDamaged,
    /// The counter's disk or folder takes nothing: it can only be read.
    HomeReadOnly,
    /// The counter was written by a newer program.
    HomeNewer,
    /// There is nothing to copy.
    NoPages,
    /// No result waits for the agency's signature.
    NoResults,
    /// Pages have findings that stop.
    Findings,
    /// Fields have issues that stop.
    FieldIssues,
    /// A name is empty, too long, or has letters that cannot be printed.
    BadName,
    /// An address from which lists of revoked certificates are to be fetched is not one.
    BadAddress,
    /// The office code is not one.
    BadOfficeCode,
    /// The code template is not one.
    BadTemplate,
    /// The settings file cannot be read.
    BadSettings,
    /// A text is no term of a procedure.
    BadTerm,
    /// A text is no time, or the times are in the wrong order.
    BadTime,
    /// The calendar cannot be used.
    BadCalendar,
    /// The file is no catalogue of procedures.
    BadCatalogue,
    /// The file is no longer the catalogue that was looked at.
    CatalogueChanged,
    /// A text is not that of an identity card.
    BadCard,
    /// The move does not follow from the dossier's state.
    IllegalMove,
    /// A reason must be given.
    ReasonMissing,
    /// The template of a form cannot be used.
    BadForm,
    /// Something on the desk is kept nowhere else.
    DeskNotEmpty,
    /// The dossier must be received first.
    NotReceived,
    /// Pages lie on the desk that belong to no paper.
    PagesLeft,
    /// The word is not one of those this place knows.
    BadWord,
    /// The department must be named.
    UnitMissing,
    /// The text is no dossier code, or another dossier has it.
    BadDossierCode,
    /// The dossier has its official code.
    AlreadyNumbered,
    /// Papers are missing or not copied yet.
    DossierIncomplete,
    /// In which form papers were handed in has not been told.
    SubmissionMissing,
    /// The dossier has left the counter.
    DossierClosed,
    /// The paper is a signed copy already.
    PaperCopied,
    /// Pages of a PDF can be turned, but not edited.
    PageNotEditable,
    /// The paper must not be copied.
    PaperExempt,
    /// The stored copy cannot be used for this dossier.
    NotReusable,
    /// What was asked for does not exist.
    NotFound,
    /// The disk is full.
    DiskFull,
    /// The disk or database refused.
    Storage,
    /// The key file is damaged.
    KeyDamaged,
    /// The certificate is no longer valid.
    CertificateExpired,
    /// The certificate's time has not begun by this machine's clock.
    CertificateNotYetValid,
    /// The certificate was revoked.
    CertificateRevoked,
    /// The certificate is not known as the agency's.
    NotTheAgency,
    /// The key is the agency's and signs no clerk's copies.
    TheAgencys,
    /// What was looked at is not what lies there now.
    ReviewStale,
    /// The mark finds no free place in that direction.
    MarkStuck,
    /// The signed file did not verify; nothing was kept.
    VerificationFailed,
    /// A result came as a signed file, and its signature is not valid for this counter.
    ForeignSignature,
    /// The clerk stopped it.
    Canceled,
    /// No program drives scanners on this machine.
    ScannerMissing,
    /// The scanner does not answer.
    ScannerGone,
    /// Another program uses the scanner.
    ScannerBusy,
    /// Paper is jammed in the scanner.
    ScannerJammed,
    /// There is no paper in the feeder.
    ScannerEmpty,
    /// The scanner's cover is open.
    ScannerOpen,
    /// The scanner cannot do what the profile asks for.
    ScannerRefused,
    /// The scanner gave no page in time.
    ScannerSilent,
    /// The signed file could not be made to last.
    NotExtended,
    /// The hot folder cannot be read.
    HotFolderLost,
    /// There is no picture and no file on the clipboard.
    ClipboardEmpty,
    /// The isolated reader cannot be started.
    ReaderFailed,
    /// There is a file of that name, which is not written over.
    OutputExists,
    /// The output file cannot be written.
    OutputRefused,
    /// The folder cannot take a backup of this counter.
    BackupRefused,
    /// A fault of the program.
    Internal,
}

/// An error as it crosses to the window or the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CoreError {
    /// Tag.
    pub kind: ErrorKind,
    /// Parameters of the text.
    pub params: BTreeMap<String, String>,
    /// Findings, for `findings`.
    pub findings: Vec<Finding>,
    /// Issues, for `field_issues`.
    pub issues: Vec<FieldIssue>,
    /// Bad lines, for `bad_catalogue`.
    pub lines: Vec<LineIssue>,
}

impl CoreError {
    /// An error without parameters.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind, params: BTreeMap::new(), findings: Vec::new(), issues: Vec::new(), lines: Vec::new() }
    }

    /// That something is not there.
    pub(super) fn missing(what: impl ToString) -> Self {
        Self::new(ErrorKind::NotFound).with("what", what)
    }

    /// That a target cannot be written, and why in a word of the table.
    pub(super) fn output_refused(target: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let reason = match error.kind() {
            Io::NotFound | Io::NotADirectory => "folder_missing",
            Io::IsADirectory => "is_folder",
            Io::AlreadyExists | Io::DirectoryNotEmpty => "exists",
            Io::PermissionDenied | Io::ReadOnlyFilesystem => "forbidden",
            Io::StorageFull | Io::QuotaExceeded => return Self::new(ErrorKind::DiskFull),
            _ => "disk",
        };
        Self::new(ErrorKind::OutputRefused).with("path", target.display()).with("reason", reason)
    }

    /// The same with a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// The word an enum crosses as: that of the tables of texts.
pub fn word(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

impl From<ErrorKind> for CoreError {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<StoreError> for CoreError {
    fn from(error: StoreError) -> Self {
        if error.is_disk_full() {
            return Self::new(ErrorKind::DiskFull);
        }
        match error {
            StoreError::NotReady => Self::new(ErrorKind::NotReady),
            StoreError::Busy => Self::new(ErrorKind::HomeBusy),
            StoreError::ReadOnly => Self::new(ErrorKind::HomeReadOnly),
            StoreError::Newer(version) => Self::new(ErrorKind::HomeNewer).with("version", version),
            StoreError::Damaged(detail) => Self::new(ErrorKind::HomeDamaged).with("detail", detail),
            StoreError::Io(e) if e.kind() == std::io::ErrorKind::ReadOnlyFilesystem => {
                Self::new(ErrorKind::HomeReadOnly)
            }
            StoreError::Io(e) => Self::new(ErrorKind::Storage).with("detail", e),
            StoreError::Sql(e) => match e.sqlite_error_code() {
                Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
                    Self::new(ErrorKind::HomeDamaged).with("detail", e)
                }
                Some(rusqlite::ErrorCode::DatabaseBusy) => Self::new(ErrorKind::HomeBusy),
                Some(rusqlite::ErrorCode::ReadOnly) => Self::new(ErrorKind::HomeReadOnly),
                _ => Self::new(ErrorKind::Storage).with("detail", e),
            },
        }
    }
}

impl From<std::io::Error> for CoreError {
    fn from(error: std::io::Error) -> Self {
        StoreError::Io(error).into()
    }
}

impl From<KeyError> for CoreError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::WrongPin => Self::new(ErrorKind::WrongPin),
            KeyError::Damaged => Self::new(ErrorKind::KeyDamaged),
            KeyError::NotSealed => Self::new(ErrorKind::Internal).with("detail", error),
            KeyError::Randomness(e) => Self::new(ErrorKind::Internal).with("detail", e),
        }
    }
}

impl From<BadTemplate> for CoreError {
    fn from(error: BadTemplate) -> Self {
        Self::new(ErrorKind::BadTemplate).with("value", error.0)
    }
}

impl From<MarkError> for CoreError {
    fn from(error: MarkError) -> Self {
        Self::new(ErrorKind::Internal).with("detail", error)
    }
}
