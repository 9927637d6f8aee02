//! An answer about one certificate (OCSP, RFC 6960), as much of it as a verdict needs.
//!
//! Touches only the bytes it is given.

use chrono::{DateTime, Duration, FixedOffset};

use super::{
    certificate::{Certificate, NormalizedName},
    crl::EntryExtensions,
    crypto::{self, DigestAlgorithm, Outcome, SignatureCache},
    der::{self, Der, NotDer, Tlv},
    revocation::{CertStatus, Hearing, Revoked, Statement},
};

/// id-pkix-ocsp-basic.
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1];
/// Largest answer, bytes.
const MAX_ANSWER: usize = 256 << 10;
/// Most certificates told of in one answer, and most that come with it.
const MAX_TOLD: usize = 64;
const MAX_CERTIFICATES: usize = 32;
/// How long an answer without nextUpdate is of now; RFC 6960 names no time, mozilla::pkix takes a day too.
const DAY: Duration = Duration::days(1);

/// A successful answer.
#[derive(Debug, Clone)]
pub(super) struct OcspResponse {
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    responder: ResponderId,
    /// When it was signed.
    produced_at: DateTime<FixedOffset>,
    responses: Vec<SingleResponse>,
    /// Certificates that came with it, each once.
    pub(super) certificates: Vec<Certificate>,
    /// Of those some cannot be read.
    pub(super) lost: bool,
    /// Whether its signature holds, by the keys that were tried.
    held: SignatureCache,
}

#[derive(Debug, Clone)]
enum ResponderId {
    Name(NormalizedName),
    /// SHA-1 of the key.
    Key(Vec<u8>),
}

/// What it tells of one certificate.
#[derive(Debug, Clone)]
struct SingleResponse {
    hash: DigestAlgorithm,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: Vec<u8>,
    status: CertStatus,
    this_update: DateTime<FixedOffset>,
    next_update: Option<DateTime<FixedOffset>>,
}

impl OcspResponse {
    /// Reads an OCSPResponse that was a success.
    pub(super) fn parse(raw: &[u8]) -> Result<Self, NotDer> {
        if raw.len() > MAX_ANSWER {
            return Err(NotDer);
        }
        let mut outer = Der::new(raw);
        let mut response = outer.expect(der::SEQUENCE)?.inside();
        outer.finish()?;
        if response.expect(der::ENUMERATED)?.body != [0] {
            return Err(NotDer);
        }
        let mut bytes = response.expect(0xa0)?.inside().expect(der::SEQUENCE)?.inside();
        response.finish()?;
        if bytes.expect(der::OID)?.body != BASIC {
            return Err(NotDer);
        }
        let basic = bytes.expect(der::OCTET_STRING)?;
        bytes.finish()?;
        Self::parse_basic(basic.body)
    }

    /// Reads a BasicOCSPResponse, as it stands where nothing else can be answered.
    pub(super) fn parse_basic(raw: &[u8]) -> Result<Self, NotDer> {
        if raw.len() > MAX_ANSWER {
            return Err(NotDer);
        }
        let mut basic = Der::new(raw);
        let mut parts = basic.expect(der::SEQUENCE)?.inside();
        basic.finish()?;
        let tbs = parts.expect(der::SEQUENCE)?;
        let algorithm = parts.expect(der::SEQUENCE)?;
        let signature = der::whole_bits(&parts.expect(der::BIT_STRING)?)?.to_vec();
        let (mut certificates, mut seen, mut lost) = (Vec::new(), Vec::new(), false);
        if let Some(list) = parts.optional(0xa0)? {
            let mut list = list.inside().expect(der::SEQUENCE)?.inside();
            while !list.is_empty() {
                let raw = list.expect(der::SEQUENCE)?.raw;
                if seen.len() >= MAX_CERTIFICATES {
                    return Err(NotDer);
                }
                if !seen.contains(&raw) {
                    seen.push(raw);
                    match Certificate::parse(raw) {
                        Ok(certificate) => certificates.push(certificate),
                        Err(NotDer) => lost = true,
                    }
                }
            }
        }
        parts.finish()?;

        let mut fields = tbs.inside();
        fields.optional(0xa0)?;
        let id = fields.next()?;
        let responder = match id.tag {
            0xa1 => ResponderId::Name(NormalizedName::of(id.inside().expect(der::SEQUENCE)?.raw)?),
            0xa2 => ResponderId::Key(id.inside().expect(der::OCTET_STRING)?.body.to_vec()),
            _ => return Err(NotDer),
        };
        let produced_at = der::time(&fields.expect(der::GENERALIZED_TIME)?)?;
        let mut list = fields.expect(der::SEQUENCE)?.inside();
        let mut responses = Vec::new();
        while !list.is_empty() {
            responses.push(single_response(list.expect(der::SEQUENCE)?)?);
            if responses.len() > MAX_TOLD {
                return Err(NotDer);
            }
        }
        if let Some(extensions) = fields.optional(0xa1)? {
            // None is understood here.
            if der::has_critical(&extensions.inside().expect(der::SEQUENCE)?)? {
                return Err(NotDer);
            }
        }
        fields.finish()?;
        Ok(Self {
            tbs: tbs.raw.to_vec(),
            algorithm: algorithm.raw.to_vec(),
            signature,
            responder,
            produced_at,
            responses,
            certificates,
            lost,
            held: SignatureCache::default(),
        })
    }

    /// What it states of a certificate that `issuer` issued; `None` when it is not about it, or not by somebody
    /// who may say so: the issuer, or whom the issuer lets answer, and `authorized`. That it is revoked is doubtful where
    /// nobody can tell who says so.
    pub(super) fn states(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        hearing: Hearing<'_>,
        authorized: impl Fn(&Certificate) -> bool,
    ) -> Option<Statement> {
        // Of two statements in one answer the stricter counts.
        let about = self.responses.iter().filter(|one| one.is_about(certificate, issuer)).cloned();
        let Some(told) =
            about.reduce(|one, other| SingleResponse { status: one.status.stricter(other.status), ..other })
        else {
            let maybe =
                self.responses.iter().find(|one| one.is_revoking() && one.may_be_about(certificate))?;
            return Some(doubtful(maybe, issuer));
        };
        let came = self.certificates.iter().chain(hearing.certificates.iter().copied());
        for one in std::iter::once(issuer).chain(came).filter(|one| self.is_by(one)) {
            let Some(room) = hearing.room.get().checked_sub(1) else { break };
            hearing.room.set(room);
            let held = self.held.of(&self.algorithm, &one.key, &self.tbs, &self.signature) == Outcome::Good;
            let delegated = || {
                one.issued_by(issuer) == Outcome::Good && self.delegated(one, certificate) && authorized(one)
            };
            if held && (one == issuer || delegated()) {
                return Some(self.statement(told, one));
            }
        }
        // Whose word it is nobody can tell by the certificates that happen to be here: anybody may add some.
        told.is_revoking().then(|| doubtful(&told, issuer))
    }

    /// Whether one of those the issuer lets answer may do so of this certificate.
    fn delegated(&self, one: &Certificate, certificate: &Certificate) -> bool {
        let in_force = one.not_before <= self.produced_at && self.produced_at <= one.not_after;
        one.may_answer() && in_force && !one.has_key_of(certificate)
    }

    fn statement(&self, told: SingleResponse, signer: &Certificate) -> Statement {
        let sane = told.this_update <= self.produced_at
            && told.next_update.is_none_or(|next| self.produced_at <= next);
        let revoked = matches!(told.status, CertStatus::Revoked(_));
        Statement {
            status: if sane || revoked { told.status } else { CertStatus::Unknown },
            from: told.this_update,
            until: told.next_update.or(Some(told.this_update + DAY)),
            signer_until: signer.not_after,
        }
    }

    fn is_by(&self, certificate: &Certificate) -> bool {
        match &self.responder {
            ResponderId::Name(name) => certificate.is_named(name),
            ResponderId::Key(hash) => certificate.key_sha1 == *hash,
        }
    }
}

/// What somebody says to be revoked, who perhaps may not.
fn doubtful(told: &SingleResponse, issuer: &Certificate) -> Statement {
    let from = told.this_update;
    Statement { status: CertStatus::Doubtful, from, until: None, signer_until: issuer.not_after }
}

impl SingleResponse {
    fn is_revoking(&self) -> bool {
        matches!(self.status, CertStatus::Revoked(_) | CertStatus::Doubtful)
    }

    /// It names the number, and its issuer in a way nobody here can read (MD5).
    fn may_be_about(&self, certificate: &Certificate) -> bool {
        const SHA1: usize = 20;
        self.serial == certificate.serial
            && self.hash == DigestAlgorithm::Weak
            && self.issuer_name.len() != SHA1
    }

    /// CertID names the certificate (RFC 6960, 4.1.1), by SHA-1 as all do or by SHA-2.
    fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let hash = |bytes: &[u8]| self.hash.of(bytes).unwrap_or_else(|| crypto::sha1_name(bytes));
        self.serial == certificate.serial
            && issuer.is_namesake_of_issuer(certificate)
            // Either certificate may write it in its own way.
            && [&certificate.issuer, &issuer.subject].iter().any(|name| hash(name) == self.issuer_name)
            && issuer.key_bits().is_ok_and(|bits| hash(bits) == self.issuer_key)
    }
}

/// Reads a SingleResponse.
fn single_response(single: Tlv<'_>) -> Result<SingleResponse, NotDer> {
    let mut fields = single.inside();
    let mut id = fields.expect(der::SEQUENCE)?.inside();
    let hash = DigestAlgorithm::from_oid(der::algorithm(&id.next()?)?.0).ok_or(NotDer)?;
    let issuer_name = id.expect(der::OCTET_STRING)?.body.to_vec();
    let issuer_key = id.expect(der::OCTET_STRING)?.body.to_vec();
    let serial = der::integer(&id.expect(der::INTEGER)?).to_vec();
    id.finish()?;
    let status = fields.next()?;
    let mut hold = false;
    let status = match status.tag {
        0x80 => CertStatus::Good,
        0xa1 => {
            let mut info = status.inside();
            let at = der::time(&info.expect(der::GENERALIZED_TIME)?)?;
            let reason = info.optional(0xa0)?.map(|reason| reason.inside().next()).transpose()?;
            hold = reason.as_ref().is_some_and(Revoked::is_hold);
            CertStatus::Revoked(Revoked {
                at,
                key_uncompromised: reason.is_some_and(|reason| Revoked::leaves_key_uncompromised(&reason)),
                held: None,
            })
        }
        0x82 => CertStatus::Unknown,
        _ => return Err(NotDer),
    };
    let this_update = der::time(&fields.expect(der::GENERALIZED_TIME)?)?;
    let next_update = match fields.optional(0xa0)? {
        Some(next) => Some(der::time(&next.inside().expect(der::GENERALIZED_TIME)?)?),
        None => None,
    };
    let status = match (status, fields.optional(0xa1)?) {
        // One that is not understood silences no revocation.
        (CertStatus::Revoked(Revoked { at, key_uncompromised, .. }), Some(extensions)) => {
            let more = EntryExtensions::read(&extensions.inside().expect(der::SEQUENCE)?);
            hold &= more.reasons.is_empty() || more.hold;
            CertStatus::Revoked(more.applied(
                at,
                key_uncompromised && more.reasons.iter().all(|key_uncompromised| *key_uncompromised),
            ))
        }
        (_, Some(extensions))
            if extensions
                .inside()
                .expect(der::SEQUENCE)
                .and_then(|all| der::has_critical(&all))
                .unwrap_or(true) =>
        {
            CertStatus::Unknown
        }
        (status, _) => status,
    };
    let status = match status {
        CertStatus::Revoked(revoked) => {
            CertStatus::Revoked(Revoked { held: hold.then_some(this_update), ..revoked })
        }
        status => status,
    };
    fields.finish()?;
    Ok(SingleResponse { hash, issuer_name, issuer_key, serial, status, this_update, next_update })
}
