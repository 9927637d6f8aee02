//! Which papers wait, and their bytes.

use sha2::{Digest as _, Sha256};

use super::{By, Item, Review, ReviewPaper, ReviewState, ReviewView, ReviewWish};
use crate::app::App;
use crate::app::desk::{Facts, Typed, left_out, typed};
use crate::app::digitize::Spot;
use crate::app::error::{CoreError, ErrorKind};
use crate::app::fields::Fields;
use crate::app::prepare::{Prepared, Wish};
use crate::app::progress::{Stage, Watch};
use crate::app::session::Session;
use crate::app::trust::not_revoked;
use crate::dossier::{Dossier, result_number};
use crate::pdf::mark::Layout;
use crate::store::desk::{DeskPage, LOOSE};
use crate::store::{Store, desk, dossier, record, station};

/// A paper with pages that waits for its signature.
struct Waiting {
    spot: Spot,
    pages: Vec<DeskPage>,
    typed: Typed,
    dossier: Option<Dossier>,
}

/// What is said of a waiting paper.
struct Described {
    /// Tidied.
    fields: Fields,
    /// Name of the dossier's owner.
    owner: String,
    /// Why it was left out.
    reason: String,
    filed: Option<record::Filed>,
}

impl Waiting {
    /// Which result of its dossier it is; `None` for a paper.
    fn result(&self) -> Option<u32> {
        result_number(self.spot.place)
    }

    /// # Errors
    /// [`ErrorKind::NotFound`]: its dossier has no such paper.
    fn described(&self) -> Result<Described, CoreError> {
        let place = self.spot.place;
        let mut fields = self.typed.papers.get(&place).cloned().unwrap_or_default();
        let Some(dossier) = &self.dossier else {
            let reason = if self.spot.desk == LOOSE { self.typed.left_out.clone() } else { String::new() };
            return Ok(Described { fields: fields.tidy(), owner: String::new(), reason, filed: None });
        };
        let paper = dossier.paper(place).ok_or_else(|| CoreError::missing(place))?;
        fields.owner.clone_from(&dossier.request.owner.number);
        fields.paper_type.clone_from(&paper.component);
        if fields.name.is_empty() {
            fields.name.clone_from(&paper.name);
        }
        Ok(Described {
            fields: fields.tidy(),
            owner: dossier.request.owner.name.clone(),
            reason: paper.left_out.clone(),
            filed: Some(record::Filed { dossier: dossier.id.clone(), place }),
        })
    }
}

impl App {
    /// Begins a review of everything that waits, or looks again: what did not change stays as it was.
    ///
    /// # Errors
    /// [`ErrorKind::NoPages`], [`ErrorKind::NoResults`] when nothing waits; [`ErrorKind::NotReceived`] when the desk shown
    /// cannot be signed yet; [`ErrorKind::FieldIssues`] when nothing waits but a single paper without its fields; [`ErrorKind::TokenFailed`] when the chosen
    /// token is gone; [`ErrorKind::Canceled`], those of the store.
    pub fn review(
        &self,
        session: &Session,
        wish: &ReviewWish,
        watch: &Watch<'_>,
    ) -> Result<ReviewView, CoreError> {
        let mut review = self.under_review()?;
        if review.busy {
            return Ok(review.view());
        }
        let mut store = self.store()?;
        let (results, papers): (Vec<_>, Vec<_>) =
            self.waiting(&store, &wish.desk)?.into_iter().partition(|one| one.result().is_some());
        // Unless it is said: what waits on the desk shown, else what waits at all, papers first.
        let here = |all: &[Waiting]| all.iter().any(|one| one.spot.desk == wish.desk);
        let agency = wish.agency.unwrap_or_else(|| match (here(&papers), here(&results)) {
            (false, true) => true,
            (true, _) => false,
            (false, false) => papers.is_empty() && !results.is_empty(),
        });
        let (waiting, others) = if agency { (results, papers) } else { (papers, results) };
        let others = u32::try_from(others.len()).unwrap_or(u32::MAX);
        let signers = self.signers(session, agency)?;
        let by = signers.pick(wish.signer.as_ref(), agency)?;
        let revoked = not_revoked(&by.certificate, &signers.revocations).err();
        if waiting.is_empty() {
            let shown = desk::find(store.read(), &wish.desk)?.is_some_and(|row| row.dossier.is_some());
            let laid = !desk::layout(store.read(), &wish.desk)?.pages.is_empty();
            let early = wish.desk != LOOSE && !shown && laid;
            return Err(match () {
                () if agency => ErrorKind::NoResults,
                () if early => ErrorKind::NotReceived,
                () => ErrorKind::NoPages,
            }
            .into());
        }
        if review.held.is_none() {
            review.held = Some(Store::hold(&self.home)?);
        }
        let of = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
        let mut before = std::mem::take(&mut review.items);
        let mut items = Vec::new();
        for (one, done) in waiting.into_iter().zip(0..) {
            let known = before.iter().position(|item| item.paper.spot == one.spot);
            let known = known.map(|place| before.swap_remove(place));
            let made = watch
                .step(Stage::Assemble, done, of)
                .and_then(|()| self.item(&mut store, session, (&by, &revoked), &mut review, one, known));
            match made {
                Ok(item) => items.push(item),
                Err(error) => {
                    // Half a review signs nothing: it is looked at again from the beginning.
                    (review.items, review.by) = (items, None);
                    return Err(error);
                }
            }
        }
        for gone in before {
            review.spare.extend(gone.prepared.map(|prepared| prepared.parts.running));
        }
        (review.items, review.by) = (items, Some(by));
        (review.signers, review.problems) = (signers.views, signers.problems);
        (review.agency, review.others) = (agency, others);
        match review.items.as_slice() {
            // Nothing to look at yet: the fields at the desk say what is missing.
            [Item { paper: ReviewPaper { spot, error: Some(error), .. }, .. }]
                if wish.desk == LOOSE && spot.desk == LOOSE && error.kind == ErrorKind::FieldIssues =>
            {
                Err(error.clone())
            }
            _ => Ok(review.view()),
        }
    }

    fn waiting(&self, store: &Store, shown: &str) -> Result<Vec<Waiting>, CoreError> {
        let mut rows = desk::all(store.read())?;
        rows.sort_by_key(|row| (row.id != shown, row.id == LOOSE));
        let mut waiting = Vec::new();
        for row in rows {
            let layout = desk::layout(store.read(), &row.id)?;
            let known = match &row.dossier {
                Some(id) => dossier::find(store.read(), id)?,
                None => None,
            };
            let places: Vec<u32> = match &known {
                Some(known) => {
                    let all = known.papers.iter().chain(&known.results);
                    let open = all.filter(|paper| paper.record.is_none() && paper.exemption().is_none());
                    open.map(|paper| paper.place).collect()
                }
                None if row.id == LOOSE => vec![0],
                None => Vec::new(),
            };
            for place in places {
                let pages: Vec<DeskPage> =
                    layout.pages.iter().filter(|page| page.place == place).cloned().collect();
                if pages.iter().any(|page| !page.blank) {
                    let spot = Spot { desk: row.id.clone(), place };
                    waiting.push(Waiting { spot, pages, typed: typed(&row)?, dossier: known.clone() });
                }
            }
        }
        Ok(waiting)
    }

    /// The paper as it was prepared before, or prepared now.
    fn item(
        &self,
        store: &mut Store,
        session: &Session,
        (by, revoked): (&By, &Option<CoreError>),
        review: &mut Review,
        one: Waiting,
        known: Option<Item>,
    ) -> Result<Item, CoreError> {
        let described = one.described()?;
        let Described { fields, filed, reason, .. } = &described;
        let origin =
            serde_json::to_vec(&(&one.spot, &one.pages, fields, filed, by.certificate.der(), revoked))
                .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))?;
        let origin = crate::hex::encode(&Sha256::digest(&origin));
        let state = if reason.is_empty() { ReviewState::Waiting } else { ReviewState::LeftOut };
        let now = self.clock.now();
        let fresh = |item: &Item| item.origin == origin && item.is_fresh(now);
        let known = match known {
            Some(mut item) if fresh(&item) => {
                (item.paper.state, item.paper.reason, item.paper.error) = (state, described.reason, None);
                return Ok(item);
            }
            known => known,
        };
        let version = known.as_ref().map_or(0, |item| item.version);
        review.spare.extend(known.and_then(|item| item.prepared).map(|prepared| prepared.parts.running));
        let written = one.pages.iter().filter(|page| !page.blank).count();
        let mut paper = ReviewPaper {
            name: fields.name.clone(),
            dossier: one.dossier.as_ref().map(|dossier| dossier.code.clone()).unwrap_or_default(),
            owner: described.owner.clone(),
            code: String::new(),
            pages: u32::try_from(written).unwrap_or(u32::MAX),
            picture: String::new(),
            state,
            kept_whole: false,
            in_doubt: false,
            signatures: Vec::new(),
            band: false,
            findings: Vec::new(),
            reason: reason.clone(),
            error: None,
            record: None,
            level: None,
            unstamped: None,
            spot: one.spot.clone(),
        };
        let made = match revoked {
            Some(revoked) => Err(revoked.clone()),
            None => self.made(store, session, by, &mut review.spare, &one, described),
        };
        let prepared = match made {
            Ok(prepared) => {
                paper.code.clone_from(&prepared.code);
                paper.kept_whole = prepared.draft.is_none();
                paper.in_doubt = prepared.is_in_doubt();
                paper.signatures.clone_from(&prepared.came);
                paper.findings.clone_from(&prepared.found);
                Some(prepared)
            }
            Err(error) => {
                paper.state = ReviewState::Blocked;
                paper.error = Some(error);
                None
            }
        };
        let mut item = Item { paper, origin, pages: one.pages, prepared, version };
        if item.prepared.is_some() {
            item.written();
        }
        Ok(item)
    }

    /// The bytes of a paper, prepared. A running number that was taken before (`spare`) is used up first.
    fn made(
        &self,
        store: &mut Store,
        session: &Session,
        by: &By,
        spare: &mut Vec<u64>,
        one: &Waiting,
        described: Described,
    ) -> Result<Prepared, CoreError> {
        let Described { fields, filed, .. } = described;
        self.may_file(store.read(), &filed)?;
        let (blank, pages): (Vec<_>, Vec<_>) = one.pages.iter().partition(|page| page.blank);
        let (sources, chosen) = self.sources(store, &pages, Facts::Whole)?;
        let result = one.result();
        let code = match (result, &one.dossier) {
            (Some(number), Some(dossier)) => Some(self.result_code(dossier, number)?),
            _ => None,
        };
        let wish = Wish {
            sources,
            pages: chosen,
            reasons: pages.iter().map(|page| page.accepted.clone()).collect(),
            blank: blank.into_iter().map(left_out).collect(),
            fields,
            accept_findings: true,
            filed,
            // Chosen by what is signed: a result is the agency's word, a paper's copy the clerk's.
            layout: if result.is_some() { Layout::Agency } else { Layout::Clerk },
            code,
        };
        self.may_sign(&wish)?;
        let running = match spare.pop() {
            Some(spare) => spare,
            None => store.transact(station::next_running)?,
        };
        let quiet = std::sync::atomic::AtomicBool::new(false);
        self.prepare(session, (&by.certificate, by.scheme), wish, running, &Watch::new(&|_| {}, &quiet))
    }
}
