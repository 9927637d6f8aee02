//! "Chuyển xử lý": the dossier goes to the specialised department at once, as a folder with its
//! signed copies and a manifest in the field names of the exchange packet.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::App;
use super::dossier::{DossierView, MoveWish, found, moved, not_now, write};
use super::error::{CoreError, ErrorKind};
use super::forms::FormKind;
use super::session::Session;
use crate::dossier::{Channel, Dossier, Holder, Move, PartyKind, Submission, WayOfReturn};
use crate::store::{HANDOVER, Store, dossier, lasting, record, sync_folder};
use crate::time::Timestamp;

/// Name of the manifest in a package.
pub const MANIFEST: &str = "ho-so.json";

/// Name of the control sheet in a package.
const CONTROL_SHEET: &str = "phieu-kiem-soat.pdf";

/// What was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// The dossier as it stands now.
    pub dossier: DossierView,
    /// Folder of the package: where the caller wanted it, else the counter's own.
    pub package: PathBuf,
    /// Why it is not where the caller wanted it. The dossier is handed over all the same.
    pub refused: Option<CoreError>,
}

impl App {
    /// Hands a dossier over: one journal entry, and a package that is there when the entry is.
    ///
    /// # Errors
    /// [`ErrorKind::DossierIncomplete`], [`ErrorKind::IllegalMove`], [`ErrorKind::OutputRefused`],
    /// those of disk and store. Then it is as before.
    pub fn forward(
        &self,
        session: &Session,
        id_or_code: &str,
        unit: &str,
        holder: Option<Holder>,
        out: Option<&Path>,
    ) -> Result<HandedOver, CoreError> {
        let unit = unit.trim();
        if unit.is_empty() {
            return Err(ErrorKind::UnitMissing.into());
        }
        let now = self.clock.now();
        let mut store = self.store()?;
        let wish =
            MoveWish { moved: Move::Forward, reason: String::new(), unit: Some(unit.to_owned()), holder };
        let event = moved(session, &wish, &now)?;
        if let Some(out) = out.filter(|out| out.exists()) {
            return Err(CoreError::output_refused(out, &io::ErrorKind::AlreadyExists.into()));
        }
        let home = store.home().to_path_buf();
        let change = store.begin()?;
        let missing = || CoreError::missing(id_or_code);
        let before = dossier::find(&change, id_or_code)?.ok_or_else(missing)?;
        let next = before.after(&event).map_err(|why| not_now(&before, why))?;

        let shelf = home.join(HANDOVER);
        fs::create_dir_all(&shelf)?;
        let package = shelf.join(&next.id);
        let fresh = tempfile::tempdir_in(home.join(crate::store::WORK))?;
        self.pack(&change, &home, &next, fresh.path(), now)?;
        let sheet = self.form_of(&change, FormKind::ControlSheet, self.view(&change, next.clone())?)?;
        let file = fresh.path().join(CONTROL_SHEET);
        fs::write(&file, sheet)?;
        File::open(&file)?.sync_all()?;
        let published = match out {
            None => None,
            Some(out) => {
                let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let refused = |e: io::Error| CoreError::output_refused(out, &e);
                let copy = tempfile::Builder::new().prefix(".saoy-").tempdir_in(parent).map_err(refused)?;
                for entry in fs::read_dir(fresh.path())? {
                    let entry = entry?;
                    let to = copy.path().join(entry.file_name());
                    fs::copy(entry.path(), &to).map_err(refused)?;
                    File::open(to)?.sync_all()?;
                }
                Some((copy, out, parent))
            }
        };
        dossier::put(&change, &next)?;
        write(&change, session, &next.id, &event, &now)?;
        // The package first, the rows second: until the commit, whoever opens the counter next
        // sweeps the package away.
        let path = fresh.keep();
        _ = fs::remove_dir_all(&package);
        fs::rename(&path, &package)?;
        sync_folder(&shelf)?;
        // A commit that failed may have happened: a package without a row is for the next sweep.
        change.commit().map_err(crate::store::StoreError::from)?;
        let (mut package, mut refused) = (package, None);
        if let Some((copy, out, parent)) = published {
            // Dropped, what got no name goes again.
            match fs::rename(copy.path(), out).and_then(|()| sync_folder(parent)) {
                Ok(()) => package = out.to_path_buf(),
                Err(e) => refused = Some(CoreError::output_refused(out, &e)),
            }
        }
        Ok(HandedOver { dossier: self.view(store.read(), next)?, package, refused })
    }

    /// The papers' signed copies and the manifest, synced.
    fn pack(
        &self,
        db: &rusqlite::Connection,
        home: &Path,
        dossier: &Dossier,
        folder: &Path,
        now: Timestamp,
    ) -> Result<(), CoreError> {
        let blobs = Store::blobs_of(home);
        let mut papers = Vec::new();
        for paper in &dossier.papers {
            let record = match &paper.record {
                Some(id) => record::find(db, id)?,
                None => None,
            };
            let reused = paper.submission == Some(Submission::InStore);
            let mut entry = json!({
                "component_code": paper.component,
                "name": paper.name,
                "submission": paper.submission,
                "count": paper.count,
                "digitized": u8::from(record.is_some() && !reused),
                "reused": u8::from(reused),
                "from_national_store": 0,
                "replaces_code": Value::Null,
                "note": paper.note,
            });
            if let Some(record) = record {
                // The code holds the owner's number, so it is no file name.
                let file = format!("{:02}-{}.pdf", paper.place, paper.component);
                let to = folder.join(&file);
                // The newest: what was made to last is handed out so.
                let newest = lasting::newest(db, &record.id)?.map(|one| one.sha256);
                let sha256 = newest.as_ref().unwrap_or(&record.sha256);
                fs::copy(blobs.path(sha256), &to)?;
                File::open(&to)?.sync_all()?;
                for (name, value) in [
                    ("file", json!(file)),
                    ("code", json!(record.code)),
                    ("sha256", json!(sha256)),
                    ("pages", json!(record.pages)),
                    ("number", json!(record.parts.number)),
                    ("issued", json!(record.issued)),
                    ("issuer", json!(record.issuer)),
                    ("abstract", json!(record.abstract_text)),
                    ("valid_until", json!(record.valid_until)),
                    ("permanent", json!(record.permanent)),
                    ("signed_by", json!(record.signed_by)),
                    ("signed_at", json!(exchange(&record.signed_at))),
                ] {
                    entry
                        .as_object_mut()
                        .into_iter()
                        .for_each(|entry| _ = entry.insert(name.into(), value.clone()));
                }
            }
            papers.push(entry);
        }
        let manifest = manifest(dossier, papers, now);
        let text = serde_json::to_vec_pretty(&manifest)
            .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
        let file = folder.join(MANIFEST);
        fs::write(&file, text)?;
        File::open(&file)?.sync_all()?;
        Ok(sync_folder(folder)?)
    }

    /// Where the package of a dossier that was handed over lies.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], those of the store.
    pub fn package(&self, id_or_code: &str) -> Result<PathBuf, CoreError> {
        let dossier = found(&self.store()?, id_or_code)?;
        let folder = self.home.join(HANDOVER).join(&dossier.id);
        if folder.is_dir() { Ok(folder) } else { Err(CoreError::missing(id_or_code)) }
    }
}

/// Dates of the exchange packet: yyyyMMddHHmmss.
fn exchange(at: &str) -> String {
    Timestamp::parse_from_rfc3339(at).map(|at| at.format("%Y%m%d%H%M%S").to_string()).unwrap_or_default()
}

fn manifest(dossier: &Dossier, papers: Vec<Value>, now: Timestamp) -> Value {
    let request = &dossier.request;
    let party = |party: &crate::dossier::Party| {
        json!({
            "kind": party.kind.map(|kind| match kind {
                PartyKind::Citizen => 1,
                PartyKind::Enterprise => 2,
                PartyKind::Agency => 3,
                PartyKind::Other => 4,
            }),
            "id": party.number,
            "name": party.name,
            "birth_date": party.birth,
            "address": party.address,
            "phone": party.phone,
            "email": party.email,
        })
    };
    // "5 ngày làm việc": the packet has the number and its unit apart; what is not one stays whole.
    let (term, unit) = match dossier.term.split_once(' ') {
        Some((number, unit)) if number.parse::<u32>().is_ok() => (number, unit),
        _ => ("", dossier.term.as_str()),
    };
    let progress: Vec<Value> = dossier
        .steps
        .iter()
        .map(|step| json!({"at": exchange(&step.at), "move": step.moved, "by": step.by, "reason": step.reason}))
        .collect();
    json!({
        "format": "sao-y/ho-so/1",
        "code": dossier.code,
        "provisional": dossier.provisional,
        "id": dossier.id,
        "procedure": request.procedure,
        "procedure_name": dossier.procedure_name,
        "field": dossier.field,
        "catalogue_version": dossier.catalogue,
        "channel": match request.channel { Channel::InPerson => 1, Channel::Online => 2, Channel::Post => 3 },
        "owner": party(&request.owner),
        "submitter": request.submitter.as_ref().map(party),
        "abstract": request.abstract_text,
        "submitted": exchange(&dossier.received_at),
        "received": exchange(&dossier.received_at),
        "due": dossier.due_at.as_deref().map(exchange),
        "term": term,
        "term_unit": unit,
        "status": dossier.state.number(),
        "handling_unit": dossier.unit,
        "receiver": dossier.receiver,
        "way_of_return": request.way_of_return.map(|way| match way {
            WayOfReturn::Counter => "counter",
            WayOfReturn::Post => "post",
            WayOfReturn::Online => "online",
        }),
        "place_of_paper": dossier.holder,
        "sets": request.sets,
        "papers": papers,
        "fees": [],
        "supplements": [],
        "results": [],
        "progress": progress,
        "handed_over": now.format("%Y%m%d%H%M%S").to_string(),
    })
}

/// Removes packages of dossiers that were never handed over, as a crash leaves them. The store is held alone.
pub(super) fn sweep(store: &Store) -> Result<(), CoreError> {
    let shelf = store.home().join(HANDOVER);
    if !shelf.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(shelf)? {
        let path = entry?.path();
        let id = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let handed_over = dossier::find(store.read(), &id)?
            .is_some_and(|dossier| dossier.steps.iter().any(|step| step.moved == Move::Forward));
        if !handed_over {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(())
}
