//! One PIN signs every paper that was looked at, one after the other. A paper at fault is named, and the next one
//! signed; where the key or the disk is at fault it stops, and the others wait. What is signed stays signed.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::{By, Item, ReviewState, ReviewView, SignPapers};
use crate::app::App;
use crate::app::arrange;
use crate::app::clerks::Right;
use crate::app::digitize::{Digitized, Spot};
use crate::app::error::{CoreError, ErrorKind};
use crate::app::keep::{Signed, Stamping};
use crate::app::prepare::Prepared;
use crate::app::progress::{Stage, Watch};
use crate::app::session::Session;
use crate::app::trust::{Trust, not_revoked};
use crate::app::verify::Past;
use crate::sign::signer::{LocalSigner, Signer};
use crate::store::desk::{self, DeskPage, LOOSE};
use crate::store::{Store, blobs, station};

impl App {
    /// Signs papers of the review. The PIN is tried once, before anything is signed.
    ///
    /// # Errors
    /// Then nothing was signed: [`ErrorKind::ReviewStale`] when other bytes were looked at than lie there;
    /// [`ErrorKind::Findings`] when a reason is missing, [`ErrorKind::BadWord`] when it is too long;
    /// [`ErrorKind::WrongPin`], [`ErrorKind::TokenPinWrong`] and their like; those of the store. A paper that cannot be signed is no error: the review tells of it.
    pub fn sign_papers(
        &self,
        session: &Session,
        wish: &SignPapers,
        watch: &Watch<'_>,
    ) -> Result<ReviewView, CoreError> {
        let by = self.claim(wish)?;
        let claimed = Claimed(self);
        self.open_and_sign(session, &by, wish, watch)?;
        drop(claimed);
        Ok(self.under_review()?.view())
    }

    /// The review is ours until the papers are signed.
    fn claim(&self, wish: &SignPapers) -> Result<By, CoreError> {
        let now = self.clock.now();
        let mut review = self.under_review()?;
        for seen in &wish.papers {
            let item = review.item(&seen.spot)?;
            let open = matches!(item.paper.state, ReviewState::Waiting | ReviewState::Failed);
            if !open || !item.is_fresh(now) || item.paper.picture != seen.picture {
                return Err(ErrorKind::ReviewStale.into());
            }
            if let Some(prepared) = item.prepared.as_mut().filter(|prepared| prepared.is_in_doubt()) {
                let reason = arrange::reason_of(&seen.reason)?;
                if reason.is_none() {
                    return Err(CoreError { findings: prepared.found.clone(), ..ErrorKind::Findings.into() });
                }
                prepared.wish.reasons = vec![reason; prepared.wish.pages.len()];
            }
        }
        if wish.papers.is_empty() {
            return Err(ErrorKind::NoPages.into());
        }
        if wish.pin.is_empty() {
            return Err(ErrorKind::PinMissing.into());
        }
        let by = review.by.clone().ok_or(ErrorKind::ReviewStale)?;
        review.busy = true;
        Ok(by)
    }

    fn open_and_sign(
        &self,
        session: &Session,
        by: &By,
        wish: &SignPapers,
        watch: &Watch<'_>,
    ) -> Result<(), CoreError> {
        let of = u32::try_from(wish.papers.len()).unwrap_or(u32::MAX);
        watch.step(Stage::Unlock, 0, of)?;
        session.may(if self.under_review()?.agency { Right::Agency } else { Right::Counter })?;
        let (token, local);
        let signer: &dyn Signer = if let Some(key) = by.local {
            let known = station::clerk(self.store()?.read(), key)?;
            // Another clerk took over, or another certificate is in use: the mark says what is no more.
            let same_hand = known.agency || key == session.clerk_id;
            if !same_hand || known.certificate != by.certificate.der() {
                return Err(ErrorKind::ReviewStale.into());
            }
            local = self.key_of(&known, &wish.pin)?;
            &LocalSigner { key: &local, certificate: &by.certificate }
        } else {
            token = self.open_token(&by.choice.token, Some(&by.choice.key), &wish.pin)?;
            &token
        };
        if signer.certificate().der() != by.certificate.der() {
            return Err(ErrorKind::ReviewStale.into());
        }
        let known = self.known(Past::Proven)?;
        // With the authorities' certificates that come along.
        not_revoked(signer.certificate(), &known.revocations(self.clock.now()))?;
        let mut store = self.store()?;
        let mut stamping = Stamping::default();
        for (seen, done) in wish.papers.iter().zip(0..) {
            if watch.step(Stage::Sign, done, of).is_err() {
                // Stopped between two papers: the others wait as they were.
                break;
            }
            let failed = self.sign_item(&mut store, session, (signer, &known), &mut stamping, &seen.spot)?;
            if failed.is_some_and(stops) {
                break;
            }
        }
        Ok(())
    }

    /// Signs one paper; answers why it could not be.
    fn sign_item(
        &self,
        store: &mut Store,
        session: &Session,
        (signer, known): (&dyn Signer, &Trust),
        stamping: &mut Stamping,
        spot: &Spot,
    ) -> Result<Option<ErrorKind>, CoreError> {
        let taken = {
            let mut review = self.under_review()?;
            let item = review.items.iter_mut().find(|item| item.paper.spot == *spot);
            item.and_then(|item| Some((item.prepared.take()?, item.pages.clone())))
        };
        let Some((mut prepared, pages)) = taken else { return Err(ErrorKind::ReviewStale.into()) };
        let quiet = AtomicBool::new(false);
        let watch = Watch::new(&|_| {}, &quiet);
        let whole = prepared.draft.is_none();
        let made = match self.sign(&mut prepared, signer, known, stamping, &watch) {
            // The key failed: its bytes are as they were looked at, and may be signed later.
            Err(error) if whole || prepared.draft.is_some() => Err((error, Some(prepared))),
            Err(error) => Err((error, None)),
            Ok(signed) => self
                .keep_from_desk(store, session, (spot, &pages), prepared, signed, &watch)
                .map_err(|error| (error, None)),
        };
        let mut review = self.under_review()?;
        let item = review.items.iter_mut().find(|item| item.paper.spot == *spot);
        let item = item.ok_or(ErrorKind::ReviewStale)?;
        Ok(item.settle(made))
    }

    /// Keeps a signed paper and takes its pages off the desk, all of it or nothing.
    fn keep_from_desk(
        &self,
        store: &mut Store,
        session: &Session,
        (spot, pages): (&Spot, &[DeskPage]),
        prepared: Prepared,
        signed: Signed,
        watch: &Watch<'_>,
    ) -> Result<Digitized, CoreError> {
        let used: Vec<PathBuf> = prepared.wish.sources.iter().map(|source| source.side.clone()).collect();
        let folder = store.blobs();
        let change = store.begin()?;
        let mut layout = desk::layout(&change, &spot.desk)?;
        if !layout.pages.iter().filter(|page| page.place == spot.place).eq(pages) {
            // Somebody changed the paper meanwhile: what was looked at is not what lies there.
            return Err(ErrorKind::ReviewStale.into());
        }
        let kept = self.keep(&change, &folder, session, prepared, signed, watch)?;
        layout.pages.retain(|page| page.place != spot.place);
        let shared = layout.pages.iter().any(|page| pages.iter().any(|one| one.original == page.original));
        if spot.desk == LOOSE {
            desk::close(&change, LOOSE)?;
        } else {
            desk::settle(&change, &spot.desk, &layout)?;
        }
        let unused = blobs::forget_unused(&change)?;
        // A commit that failed may have happened: files without rows are for the next sweep.
        let made = kept.done(&folder);
        change.commit().map_err(crate::store::StoreError::from)?;
        // The rows are gone; a file that stays is swept when the counter is next opened alone.
        _ = store.drop_files(&unused);
        for side in used.iter().filter(|_| !shared) {
            // Can be made again from the originals; what stays is only in the way.
            _ = fs::remove_dir_all(side);
        }
        Ok(made)
    }
}

/// The review, claimed. It is given back however signing ends, by a fault of the program too.
struct Claimed<'a>(&'a App);

impl Drop for Claimed<'_> {
    fn drop(&mut self) {
        self.0.review.lock().unwrap_or_else(std::sync::PoisonError::into_inner).busy = false;
    }
}

/// Whether a fault is one of the key, the disk or the counter: it would meet the next paper as well.
fn stops(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TokenPinWrong
            | ErrorKind::TokenLocked
            | ErrorKind::TokenFailed
            | ErrorKind::WrongPin
            | ErrorKind::KeyDamaged
            | ErrorKind::ClerkAltered
            | ErrorKind::CertificateExpired
            | ErrorKind::CertificateRevoked
            | ErrorKind::DiskFull
            | ErrorKind::Storage
            | ErrorKind::HomeBusy
            | ErrorKind::HomeDamaged
            | ErrorKind::ReaderFailed
    )
}

impl Item {
    /// What came of signing it; answers why it is not signed.
    fn settle(&mut self, made: Result<Digitized, (CoreError, Option<Prepared>)>) -> Option<ErrorKind> {
        match made {
            Ok(made) => {
                self.paper.state = ReviewState::Signed;
                self.paper.error = None;
                self.paper.level = made.level;
                self.paper.unstamped = made.unstamped;
                self.paper.record = Some(made.record.id);
                None
            }
            Err((error, prepared)) => {
                let kind = error.kind;
                self.paper.state = ReviewState::Failed;
                self.paper.error = Some(error);
                self.prepared = prepared;
                Some(kind)
            }
        }
    }
}
