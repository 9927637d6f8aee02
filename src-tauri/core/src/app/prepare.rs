//! Pages become the exact bytes that will be signed: assembled, marked and written once. What is shown
//! of them is what is signed; only the signature's own hole is still empty.

use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use tempfile::NamedTempFile;

use super::App;
use super::clerks::Right;
use super::digitize::{Timings, millis};
use super::dossier::not_now;
use super::error::{CoreError, ErrorKind, word};
use super::fields::Fields;
use super::intake::{Chosen, Source, chosen_page, findings};
use super::progress::{Stage, Watch};
use super::session::Session;
use super::verify::Past;
use crate::code::{CodeParts, Template, template_on};
use crate::dossier::Event;
use crate::page::{Finding, FindingKind, Severity};
use crate::pdf::assemble::{Assembled, CopyPage, assemble};
use crate::pdf::emit::{SignatureField, Unsigned, unsigned};
use crate::pdf::hashing::SignedDigest;
use crate::pdf::mark::{Layout, MarkText, Marked, mark};
use crate::pdf::place::{Place, Step};
use crate::pdf::xmp::About;
use crate::sign::certificate::Certificate;
use crate::sign::cms;
use crate::sign::signer::{Digest, SignatureAlgorithm};
use crate::sign::verify::{Report, SignatureReport, Verdict};
use crate::store::{Blobs, Store, dossier, record};
use crate::time::{Timestamp, rfc3339};

/// What a copy is to be made of.
#[derive(Debug)]
pub(super) struct Wish {
    /// Files that came in.
    pub sources: Vec<Source>,
    /// Their pages, in the order of the copy.
    pub pages: Vec<Chosen>,
    /// Why the clerk accepted what was found on them, page by page; may be shorter.
    pub reasons: Vec<Option<String>>,
    /// Pages of the paper that nothing is on: recorded beside the copy.
    pub blank: Vec<record::Original>,
    /// Fields of the paper, tidied.
    pub fields: Fields,
    /// Findings that warn are accepted.
    pub accept_findings: bool,
    /// The dossier and place it belongs to.
    pub filed: Option<record::Filed>,
    /// Whose mark it bears.
    pub layout: Layout,
    /// The code, where it is not made of the parts: that of an electronic result.
    pub code: Option<String>,
}

/// A copy before its signature.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Id of the record it will be.
    pub id: String,
    pub wish: Wish,
    pub found: Vec<Finding>,
    /// Signatures it came with.
    pub came: Vec<SignatureReport>,
    pub parts: CodeParts,
    pub code: String,
    /// Time of copying, in the mark and in the signature.
    pub at: Timestamp,
    /// `None`: a file that is already signed is never rewritten, the original is the copy.
    pub draft: Option<Draft>,
    pub timings: Timings,
}

/// The file to be signed.
#[derive(Debug)]
pub(super) struct Draft {
    pub file: NamedTempFile,
    pub bytes: Unsigned,
    marked: Marked,
    text: MarkText,
    field: SignatureField,
}

impl Draft {
    fn write(
        blobs: &Blobs,
        document: Assembled,
        text: MarkText,
        field: SignatureField,
        at: Option<Place>,
    ) -> Result<(Self, Timings), CoreError> {
        let mut timings = Timings::default();
        let started = Instant::now();
        let marked = mark(document, &text, at)?;
        timings.mark = millis(started);
        let started = Instant::now();
        let file = blobs.work_file()?;
        let sink = BufWriter::with_capacity(1 << 16, file.as_file().try_clone()?);
        let (sink, bytes) = unsigned(&marked, &field, sink)?;
        sink.into_inner().map_err(|e| e.into_error())?;
        timings.sign = millis(started);
        Ok((Self { file, bytes, marked, text, field }, timings))
    }

    /// The same paper with its mark at the next free place in a direction; `None` when there is none.
    pub fn nudged(&self, blobs: &Blobs, step: Step) -> Result<Option<Self>, CoreError> {
        let Some(place) = self.marked.beside(step) else { return Ok(None) };
        let (document, text, field) = (self.marked.document.clone(), self.text.clone(), self.field.clone());
        Ok(Some(Self::write(blobs, document, text, field, Some(place))?.0))
    }

    /// Where its mark stands.
    pub fn place(&self) -> Place {
        self.marked.mark.place
    }
}

impl App {
    /// Whether a copy may be made of this now.
    pub(super) fn may_sign(&self, wish: &Wish) -> Result<Vec<Finding>, CoreError> {
        let issues = wish.fields.issues(self.clock.now().date_naive());
        if issues.iter().any(|issue| issue.severity == Severity::Blocking) {
            return Err(CoreError { issues, ..ErrorKind::FieldIssues.into() });
        }
        let found = findings(&wish.sources, &wish.pages, &self.quality()?);
        let worst = found.iter().map(|finding| finding.severity).max();
        if worst == Some(Severity::Blocking) || (worst == Some(Severity::Warning) && !wish.accept_findings) {
            return Err(CoreError { findings: found, ..ErrorKind::Findings.into() });
        }
        if wish.pages.is_empty() {
            return Err(ErrorKind::NoPages.into());
        }
        Ok(found)
    }

    /// Whether the dossier takes a copy at that place now.
    pub(super) fn may_file(
        &self,
        db: &rusqlite::Connection,
        filed: &Option<record::Filed>,
    ) -> Result<(), CoreError> {
        let Some(filed) = filed else { return Ok(()) };
        let missing = || CoreError::missing(&filed.dossier);
        let before = dossier::find(db, &filed.dossier)?.ok_or_else(missing)?;
        let event = Event::PaperCopied { place: filed.place, record: String::new() };
        before.allows(&event).map_err(|why| not_now(&before, why))
    }

    /// Whether who opened the session may sign this now with the key of a certificate; what was found.
    pub(super) fn may_prepare(
        &self,
        session: &Session,
        certificate: &Certificate,
        wish: &Wish,
    ) -> Result<Vec<Finding>, CoreError> {
        session.may(match wish.layout {
            Layout::Clerk => Right::Counter,
            Layout::Agency => Right::Agency,
        })?;
        let at = self.clock.now();
        if at.timestamp() > certificate.not_after {
            return Err(ErrorKind::CertificateExpired.into());
        }
        if at.timestamp() < certificate.not_before {
            let from = self.moment(certificate.not_before).format("%d/%m/%Y %H:%M");
            return Err(CoreError::new(ErrorKind::CertificateNotYetValid).with("from", from));
        }
        let refused = match wish.layout {
            Layout::Agency if !self.is_agencys(certificate)? => Some(ErrorKind::NotTheAgency),
            // A clerk's mark names a person, who answers for the copy.
            Layout::Clerk if self.has_agencys_key(certificate)? => Some(ErrorKind::TheAgencys),
            _ => None,
        };
        if let Some(kind) = refused {
            return Err(CoreError::new(kind).with("name", &certificate.name));
        }
        self.may_sign(wish)
    }

    /// Writes the bytes that will be signed, by the key of a certificate.
    pub(super) fn prepare(
        &self,
        session: &Session,
        by: (&Certificate, SignatureAlgorithm),
        wish: Wish,
        running: u64,
        watch: &Watch<'_>,
    ) -> Result<Prepared, CoreError> {
        let (certificate, scheme) = by;
        let mut found = self.may_prepare(session, certificate, &wish)?;
        let at = self.clock.now();
        let came = self.judge_signed(&wish, &mut found)?;
        let parts = CodeParts {
            owner: wish.fields.owner.clone(),
            paper_type: wish.fields.paper_type.clone(),
            number: wish.fields.number.clone(),
            station: session.station.station.clone(),
            running,
        };
        let code = match &wish.code {
            Some(code) => code.clone(),
            None => self.code_template(at)?.print(&parts),
        };
        let mut timings = Timings::default();
        let of = u32::try_from(wish.pages.len()).unwrap_or(u32::MAX);
        let draft = if wish.sources.iter().any(|source| source.read.signed) {
            None
        } else {
            let started = Instant::now();
            watch.step(Stage::Assemble, 0, of)?;
            let name = &certificate.name;
            let about = About {
                title: wish.fields.name.clone(),
                author: name.clone(),
                office: session.station.office_name.clone(),
                code: Some(code.clone()),
                at,
                pdfa: true,
            };
            let document = assemble(&copy_pages(&wish), about)?;
            timings.assemble = millis(started);
            watch.step(Stage::Mark, 0, of)?;
            let url = self.settings.timestamp.url.as_deref();
            let field = SignatureField {
                name: name.clone(),
                reason: match wish.layout {
                    Layout::Clerk => "Ký số bản sao điện tử",
                    Layout::Agency => "Ký số bản sao y của cơ quan",
                }
                .to_owned(),
                at,
                room: cms::room(certificate) + if url.is_some() { cms::MAX_STAMP } else { 0 },
                digest: match scheme.digest() {
                    Digest::Sha256 => SignedDigest::Sha256,
                    Digest::Sha384 => SignedDigest::Sha384,
                    Digest::Sha512 => SignedDigest::Sha512,
                },
            };
            let text = match wish.layout {
                Layout::Clerk => clerks_mark(session, name, &code, at),
                Layout::Agency => agencys_mark(session, at),
            };
            let (draft, took) = Draft::write(&Store::blobs_of(&self.home), document, text, field, None)?;
            (timings.mark, timings.sign) = (took.mark, took.sign);
            Some(draft)
        };
        Ok(Prepared { id: self.new_id()?, wish, found, came, parts, code, at, draft, timings })
    }

    /// Says of a paper that came in signed what its signature is worth, and whose it is; one that does not hold is to
    /// be looked at.
    fn judge_signed(&self, wish: &Wish, found: &mut [Finding]) -> Result<Vec<SignatureReport>, CoreError> {
        let Some(source) = wish.sources.iter().find(|source| source.read.signed) else {
            return Ok(Vec::new());
        };
        let Report { verdict, signatures, .. } = self.report(&source.original, &self.known(Past::Proven)?)?;
        for one in found.iter_mut().filter(|one| one.kind == FindingKind::AlreadySigned) {
            one.detail = word(&verdict);
            if verdict == Verdict::Invalid {
                one.severity = Severity::Warning;
            }
        }
        if verdict == Verdict::Invalid && !wish.accept_findings {
            return Err(CoreError { findings: found.to_vec(), ..ErrorKind::Findings.into() });
        }
        Ok(signatures)
    }

    fn code_template(&self, at: Timestamp) -> Result<Template, CoreError> {
        let template = if self.settings.code_template.is_empty() {
            template_on(&at.format("%Y-%m-%d").to_string())?
        } else {
            self.settings.code_template.clone()
        };
        Ok(Template::parse(&template)?)
    }
}

impl Prepared {
    /// Whether it is a citizen's paper that came in with a signature that does not hold.
    pub fn is_in_doubt(&self) -> bool {
        let doubt =
            |one: &Finding| one.kind == FindingKind::AlreadySigned && one.severity == Severity::Warning;
        self.draft.is_none() && self.wish.layout == Layout::Clerk && self.found.iter().any(doubt)
    }

    /// The file as it is now.
    pub fn path(&self) -> Option<&Path> {
        match &self.draft {
            Some(draft) => Some(draft.file.path()),
            None => self.wish.sources.first().map(|source| source.original.as_path()),
        }
    }
}

fn copy_pages(wish: &Wish) -> Vec<CopyPage<'_>> {
    let pages = wish.pages.iter().filter_map(|chosen| {
        let (source, read) = chosen_page(&wish.sources, chosen)?;
        Some(CopyPage { read, turns: chosen.turns, original: &source.original, side: &source.side })
    });
    pages.collect()
}

fn clerks_mark(session: &Session, name: &str, code: &str, at: Timestamp) -> MarkText {
    let mut lines = vec![
        format!("Người sao chụp: {name}"),
        format!("Thời gian sao chụp: {}", at.format("%d/%m/%Y %H:%M:%S %:z")),
        format!("Mã số hóa: {code}"),
    ];
    lines.extend(training_line(session));
    let watermark = training_line(session).map(|_| "LUYỆN TẬP".to_owned());
    MarkText { layout: Layout::Clerk, lines, code: code.to_owned(), watermark }
}

/// Decree 30/2020, Annex I: form of the copy, name of the agency, time by ISO 8601.
fn agencys_mark(session: &Session, at: Timestamp) -> MarkText {
    let mut lines = vec!["SAO Y".to_owned(), session.station.office_name.clone(), rfc3339(&at)];
    lines.extend(training_line(session));
    let watermark = training_line(session).map(|_| "LUYỆN TẬP".to_owned());
    MarkText { layout: Layout::Agency, lines, code: String::new(), watermark }
}

fn training_line(session: &Session) -> Option<String> {
    session.station.training.then(|| "LUYỆN TẬP - KHÔNG CÓ GIÁ TRỊ SỬ DỤNG".to_owned())
}
