//! Whose word a result is: the certificates that are known as the agency's. Those of its local key are; one whose
//! key lies on a token is made known by an administrator. It is a row beside the clerks, without a key file, so
//! that it is listed, told of in the journal and taken away as theirs are.

use std::path::Path;

use super::App;
use super::clerks::Right;
use super::error::{CoreError, ErrorKind};
use super::key::{Chain, KeyView, bad_certificate, certificates_of};
use super::review::SignerChoice;
use super::session::{Session, refuse_altered};
use super::trust::Trust;
use super::verify::{Past, own_anchor};
use crate::sign::certificate::Certificate;
use crate::sign::verify::{SignatureKind, SignatureReport, TrustAnchor, TrustPurpose, Verdict};
use crate::store::check::{CERTIFICATE_INSTALLED, certificate_facts};
use crate::store::{StoreError, station};
use crate::time::rfc3339;
use crate::words::lower;

impl App {
    /// Makes the certificate of a file known as the agency's; its issuers in the file are kept with it.
    ///
    /// # Errors
    /// [`ErrorKind::RoleMissing`]; [`ErrorKind::BadCertificate`] with its `reason`; [`ErrorKind::ClerkKnown`]
    /// when it is known already; those of store and disk.
    pub fn register_agency(&self, session: &Session, file: &Path) -> Result<KeyView, CoreError> {
        self.register(session, &certificates_of(file)?, file)
    }

    /// The same for a key on a token that is plugged in, named by its label or serial number.
    ///
    /// # Errors
    /// As [`App::register_agency`]; [`ErrorKind::TokenFailed`].
    pub fn register_agencys_token(
        &self,
        session: &Session,
        choice: &SignerChoice,
    ) -> Result<KeyView, CoreError> {
        let key = Some(choice.key.as_str()).filter(|key| !key.is_empty());
        let (_, _, certificate) = self.on_token(&choice.token, key)?;
        let mut all = vec![certificate.der().to_vec()];
        all.extend(certificate.issuers);
        self.register(session, &all, Path::new(&choice.token))
    }

    /// `all`: the agency's own certificate first; `from` names where it comes from.
    fn register(&self, session: &Session, all: &[Vec<u8>], from: &Path) -> Result<KeyView, CoreError> {
        session.may(Right::Manage)?;
        let unreadable = || bad_certificate(from, "unreadable");
        let certificate = all.first().and_then(|der| Certificate::from_der(der)).ok_or_else(unreadable)?;
        let key = certificate.details().ok_or_else(unreadable)?.key;
        let chain = Chain::of(all, &key).ok_or_else(unreadable)?;
        chain.check(from, self.clock.now().timestamp(), Some(&certificate.name))?;
        let at = rfc3339(&self.clock.now());
        let mut store = self.store()?;
        let change = store.begin()?;
        // What a clerk signs with by name is no agency's.
        let is_namesake = |clerk: &station::Clerk| {
            !clerk.agency && clerk.left_at.is_none() && lower(&clerk.name) == lower(&certificate.name)
        };
        if station::clerks(&change)?.iter().any(is_namesake) {
            return Err(bad_certificate(from, "a_clerks"));
        }
        for known in station::installed(&change)? {
            let clerk = station::clerk(&change, known.clerk)?;
            let own = known.certificate().and_then(|der| Certificate::from_der(&der)?.details());
            let same = own.is_some_and(|own| own.key == key);
            if same && !clerk.agency {
                return Err(bad_certificate(from, "a_clerks"));
            }
            if same && clerk.left_at.is_none() && clerk.certificate == certificate.der() {
                return Err(CoreError::new(ErrorKind::ClerkKnown).with("name", &clerk.name));
            }
        }
        let id = station::add_clerk(&change, &certificate.name, true, &[], &at)?;
        let row = station::install(&change, id, &chain.ders, "", &at)?;
        self.tell_clerk(&change, session, id)?;
        let installed = station::Installed { seq: row, clerk: id, chain: chain.ders.concat() };
        self.tell(&change, session, CERTIFICATE_INSTALLED, certificate_facts(&installed))?;
        change.commit().map_err(StoreError::from)?;
        self.key_view(&station::clerk(store.read(), id)?, &self.revocations_if_any())
    }

    /// Whether a certificate is in use as the agency's.
    pub(super) fn is_agencys(&self, certificate: &Certificate) -> Result<bool, CoreError> {
        self.has_agencys(|own| own == certificate.der())
    }

    /// Whether a certificate's key is in use as the agency's, under whatever certificate: it signs for nobody else.
    pub(super) fn has_agencys_key(&self, certificate: &Certificate) -> Result<bool, CoreError> {
        let Some(asked) = certificate.details() else { return Ok(false) };
        self.has_agencys(|own| {
            let own = Certificate::from_der(own).and_then(|one| one.details());
            own.is_some_and(|own| own.key == asked.key)
        })
    }

    /// Whether a certificate (DER) that `wanted` takes is in use as the agency's. Whoever has such a one must be as
    /// the journal tells.
    fn has_agencys(&self, wanted: impl Fn(&[u8]) -> bool) -> Result<bool, CoreError> {
        let store = self.store()?;
        let mut agencys = false;
        for own in station::certificates(store.read())? {
            if own.until.is_none() && wanted(&own.certificate) {
                refuse_altered(&store, &station::clerk(store.read(), own.clerk)?)?;
                agencys |= own.agency;
            }
        }
        Ok(agencys)
    }

    /// Whether a signature of a file is valid and the agency's. Whoever else is trusted here only tells the time.
    pub(super) fn signed_by_agency(&self, file: &Path, known: &Trust) -> Result<bool, CoreError> {
        let now = self.clock.now();
        let store = self.store()?;
        for clerk in station::clerks(store.read())?.iter().filter(|clerk| clerk.agency) {
            refuse_altered(&store, clerk)?;
        }
        let own = station::certificates(store.read())?;
        let agencys = own.iter().filter(|one| one.agency).map(|one| own_anchor(one, Past::Proven, now));
        let others = known.anchors.iter().filter(|one| one.purpose != TrustPurpose::Certificates);
        let others = others.map(|one| TrustAnchor {
            purpose: TrustPurpose::TimeStamps,
            exclusive: false,
            ..one.clone()
        });
        // Their lists tell of the agency's keys, whoever trusts them.
        let strangers = own.iter().flat_map(|one| one.issuers.iter().cloned()).map(TrustAnchor::untrusted);
        let anchors: Vec<TrustAnchor> = agencys.chain(others).chain(strangers).collect();
        let report = self.report(file, &Trust { anchors, revoked: known.revoked.clone() })?;
        let holds =
            |one: &SignatureReport| one.kind == SignatureKind::Signature && one.verdict == Verdict::Valid;
        Ok(report.signatures.iter().any(holds))
    }
}
