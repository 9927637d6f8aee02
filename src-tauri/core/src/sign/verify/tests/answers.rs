//! Answers on revocation (OCSP): who may give them, about whom, for when; and those that pretend.

use std::cell::Cell;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

use super::*;
use crate::sign::verify::revocation::{Hearing, RevocationInfo, RevocationStatus};

const SPAN: (&str, &str) = ("260101000000Z", "280101000000Z");
const ID_KP: [u8; 7] = [0x2b, 6, 1, 5, 5, 7, 3];
const ID_OCSP: [u8; 8] = [0x2b, 6, 1, 5, 5, 7, 48, 1];
const GOOD: &[u8] = &[0x80, 0];

/// The clerk's certificate, which names a responder, and its issuer's key.
fn clerk() -> (SigningKey, Vec<u8>, SigningKey) {
    let (authority, clerk) = (key(2), key(3));
    let place = tlv(0x86, b"http://ocsp.example/");
    let access = seq(&[seq(&[tlv(6, &ID_OCSP), place])]);
    let names = extension(&[0x2b, 6, 1, 5, 5, 7, 1, 1], &access);
    let certificate = issued(("Clerk", &clerk), ("CA", &authority), 7, SPAN, false, &[names]);
    (clerk, certificate, authority)
}

/// What an answer is made of.
struct Reply<'a> {
    serial: u8,
    sha256: bool,
    /// Whose key the issuer is named by.
    issuer: SigningKey,
    state: &'a [u8],
    /// producedAt, thisUpdate, nextUpdate.
    times: (&'a str, &'a str, Option<&'a str>),
    by: (&'a str, SigningKey),
    brings: Vec<Vec<u8>>,
}

impl Default for Reply<'_> {
    fn default() -> Self {
        Self {
            serial: 7,
            sha256: false,
            issuer: key(2),
            state: GOOD,
            times: ("20260531120000Z", "20260531120000Z", Some("20260607120000Z")),
            by: ("CA", key(2)),
            brings: Vec::new(),
        }
    }
}

impl Reply<'_> {
    fn single(&self) -> Vec<u8> {
        let (oid, algorithm): (&[u8], _) = match self.sha256 {
            true => (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1], &SHA256),
            false => (&[0x2b, 14, 3, 2, 26], &SHA1_FOR_LEGACY_USE_ONLY),
        };
        let hash = |bytes: &[u8]| tlv(4, digest(algorithm, bytes).as_ref());
        let id = seq(&[
            seq(&[tlv(6, oid), tlv(5, &[])]),
            hash(&name("CA")),
            hash(self.issuer.verifying_key().as_bytes()),
            tlv(2, &[self.serial]),
        ]);
        let next = self.times.2.map(|next| tlv(0xa0, &tlv(0x18, next.as_bytes()))).unwrap_or_default();
        seq(&[id, self.state.to_vec(), tlv(0x18, self.times.1.as_bytes()), next])
    }

    fn with(&self, singles: &[Vec<u8>]) -> Vec<u8> {
        let tbs = seq(&[tlv(0xa1, &name(self.by.0)), tlv(0x18, self.times.0.as_bytes()), seq(singles)]);
        let signature = self.by.1.sign(&tbs).to_bytes();
        let brings = if self.brings.is_empty() { Vec::new() } else { tlv(0xa0, &seq(&self.brings)) };
        let signature = tlv(3, &[&[0], signature.as_slice()].concat());
        let basic = seq(&[tbs, seq(&[tlv(6, ED25519)]), signature, brings]);
        let bytes = seq(&[oid(&ID_OCSP, &[1]), tlv(4, &basic)]);
        seq(&[tlv(10, &[0]), tlv(0xa0, &bytes)])
    }

    fn made(&self) -> Vec<u8> {
        self.with(&[self.single()])
    }
}

/// Revoked at a time, with a reason.
fn revoked(at: &str, reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map(|code| tlv(0xa0, &tlv(10, &[code]))).unwrap_or_default();
    tlv(0xa1, &[tlv(0x18, at.as_bytes()), reason].concat())
}

/// A responder's certificate, issued by `by` of the name CA.
fn responder(of: &SigningKey, by: &SigningKey, span: (&str, &str), purpose: u8, more: &[Vec<u8>]) -> Vec<u8> {
    let purpose = extension(&[0x55, 0x1d, 37], &seq(&[oid(&ID_KP, &[purpose])]));
    issued(("Responder", of), ("CA", by), 9, span, false, &[&[purpose], more].concat())
}

/// The verdict on a file the clerk claims to have signed on 2026-03-01, asked on 2026-06-01, 01:00 UTC.
fn judged(words: &[Vec<u8>]) -> (Verdict, Vec<Reason>) {
    let (key, leaf, authority) = clerk();
    let root = certificate("CA", &authority, "CA", &authority, true);
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(write(&unsigned_objects(), 9, 1, "/Size 8 /Root 1 0 R"));
    let file = sign(file, &key, "CA", &leaf);
    let now = DateTime::parse_from_rfc3339("2026-06-01T08:00:00+07:00").unwrap();
    let options = VerifyOptions { trust: vec![root.into()], revoked: words.to_vec(), now };
    let report = verify(&mut Cursor::new(&file), &options);
    (report.verdict, report.reasons)
}

const UNCLEAR: (Verdict, Reason) = (Verdict::Unknown, Reason::RevocationUnknown);

fn is(words: &[Vec<u8>], expected: (Verdict, Reason), why: &str) {
    let (verdict, reasons) = judged(words);
    assert!(verdict == expected.0 && reasons.contains(&expected.1), "{why}: {verdict:?} {reasons:?}");
}

#[test]
fn a_good_answer_clears_and_a_revoking_one_revokes() {
    is(&[], UNCLEAR, "nobody was asked");
    let valid = (Verdict::Valid, Reason::Trusted);
    is(&[Reply::default().made()], valid, "the issuer answers itself");
    is(&[Reply { sha256: true, ..Reply::default() }.made()], valid, "and names itself by SHA-256");
    let day = ("20260531120000Z", "20260531120000Z", None);
    is(&[Reply { times: day, ..Reply::default() }.made()], valid, "of the same day, without nextUpdate");
    let delegate = responder(&key(5), &key(2), SPAN, 9, &[]);
    let by = || ("Responder", key(5));
    is(&[Reply { by: by(), brings: vec![delegate], ..Reply::default() }.made()], valid, "a delegated one");

    let before = revoked("20260215000000Z", None);
    let before = Reply { state: &before, ..Reply::default() };
    is(&[before.made()], (Verdict::Invalid, Reason::Revoked), "before it was signed");
    let after = revoked("20260415000000Z", Some(4));
    is(
        &[Reply { state: &after, ..Reply::default() }.made()],
        (Verdict::Unknown, Reason::RevokedLater),
        "later",
    );
    is(&[Reply::default().made(), before.made()], (Verdict::Invalid, Reason::Revoked), "revoked wins");
    is(&[before.made(), Reply::default().made()], (Verdict::Invalid, Reason::Revoked), "in whatever order");
    let (good, bad) = (Reply::default().single(), before.single());
    for both in [[good.clone(), bad.clone()], [bad, good]] {
        is(&[before.with(&both)], (Verdict::Invalid, Reason::Revoked), "in one answer, too");
    }
    // The earlier leaves the key good, the later does not: the file was signed between.
    let (key_uncompromised, hard) =
        (revoked("20260215000000Z", Some(4)), revoked("20260415000000Z", Some(1)));
    let [key_uncompromised, hard] =
        [&key_uncompromised, &hard].map(|state| Reply { state, ..Reply::default() }.single());
    for both in [[key_uncompromised.clone(), hard.clone()], [hard, key_uncompromised]] {
        is(
            &[before.with(&both)],
            (Verdict::Invalid, Reason::Revoked),
            "of two revocations the earlier counts",
        );
    }
}

#[test]
fn an_answer_that_pretends_clears_nobody() {
    let reply = Reply::default;
    let delegated = |certificate: Vec<u8>| {
        Reply { by: ("Responder", key(5)), brings: vec![certificate], ..reply() }.made()
    };
    let nocheck = || extension(&[&ID_OCSP[..], &[5]].concat(), &[5, 0]);
    let mut flipped = reply().made();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    let mut later = reply().made();
    let status = later.windows(3).position(|w| w == [10, 1, 0]).unwrap();
    later[status + 2] = 3;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("about another serial", Reply { serial: 8, ..reply() }.made()),
        ("about another issuer's key", Reply { issuer: key(8), ..reply() }.made()),
        ("the same, by SHA-256", Reply { issuer: key(8), sha256: true, ..reply() }.made()),
        ("signed by a stranger of the issuer's name", Reply { by: ("CA", key(8)), ..reply() }.made()),
        ("signed by the clerk", Reply { by: ("Clerk", key(3)), brings: vec![clerk().1], ..reply() }.made()),
        ("signature altered", flipped),
        ("responder not there", Reply { by: ("Responder", key(5)), ..reply() }.made()),
        ("responder of another authority", delegated(responder(&key(5), &key(8), SPAN, 9, &[]))),
        ("responder without the purpose", delegated(responder(&key(5), &key(2), SPAN, 1, &[]))),
        (
            "responder that was over",
            delegated(responder(&key(5), &key(2), ("260101000000Z", "260501000000Z"), 9, &[])),
        ),
        ("responder over since", {
            let over = responder(&key(5), &key(2), ("260101000000Z", "260601000000Z"), 9, &[]);
            delegated(over)
        }),
        (
            "responder that may be revoked, uncleared",
            delegated(responder(&key(5), &key(2), SPAN, 9, &[listed()])),
        ),
        (
            "of last month",
            Reply { times: ("20260401000000Z", "20260401000000Z", Some("20260408000000Z")), ..reply() }
                .made(),
        ),
        (
            "without nextUpdate, of last week",
            Reply { times: ("20260525000000Z", "20260525000000Z", None), ..reply() }.made(),
        ),
        (
            "of tomorrow",
            Reply { times: ("20260602000000Z", "20260602000000Z", Some("20260608000000Z")), ..reply() }
                .made(),
        ),
        (
            "produced_at before what it tells",
            Reply { times: ("20260501000000Z", "20260531000000Z", Some("20260607000000Z")), ..reply() }
                .made(),
        ),
        ("does not know", Reply { state: &[0x82, 0], ..reply() }.made()),
        ("status of no kind", Reply { state: &[0x83, 0], ..reply() }.made()),
        ("try later", seq(&[tlv(10, &[3])])),
        ("try later, with a good one inside", later),
        ("nothing inside", reply().with(&[])),
        ("huge", Reply { brings: vec![clerk().1; 2000], ..reply() }.made()),
        ("many", reply().with(&vec![reply().single(); 100])),
    ];
    for (why, answer) in &cases {
        is(std::slice::from_ref(answer), UNCLEAR, why);
    }
    let cut = reply().made();
    for end in (0..cut.len()).step_by(7) {
        is(&[cut[..end].to_vec()], UNCLEAR, "cut short");
    }
    for at in (0..cut.len()).step_by(3) {
        let mut turned = cut.clone();
        turned[at] ^= 0x10;
        assert_ne!(judged(&[turned]).0, Verdict::Valid, "one bit turned at {at}");
    }
    // The pair to the uncleared responder: its issuer says that nobody need ask about it.
    let excused = delegated(responder(&key(5), &key(2), SPAN, 9, &[listed(), nocheck()]));
    is(&[excused], (Verdict::Valid, Reason::Trusted), "a responder nobody need ask about");
}

#[test]
fn a_responder_whom_a_list_known_here_revokes_speaks_for_no_time() {
    let nocheck = extension(&[&ID_OCSP[..], &[5]].concat(), &[5, 0]);
    let delegate = responder(&key(5), &key(2), SPAN, 9, &[nocheck]);
    let answer = Reply { by: ("Responder", key(5)), brings: vec![delegate], ..Reply::default() }.made();
    let at = |text| DateTime::parse_from_rfc3339(text).unwrap();
    let then = at("2026-05-31T12:30:00Z");
    let word = |raw: &[u8]| RevocationInfo::parse(raw, then).unwrap();
    let (clerk, issuer) = (clerk().1, certificate("CA", &key(2), "CA", &key(2), true));
    let (clerk, issuer) = (Certificate::parse(&clerk).unwrap(), Certificate::parse(&issuer).unwrap());
    let room = Cell::new(9);
    let said = |lists: &[&[RevocationInfo]]| {
        let hearing = Hearing { lists, certificates: &[], room: &room };
        word(&answer).status_at(&clerk, &issuer, hearing, then)
    };
    assert!(matches!(said(&[]), RevocationStatus::Good(_)));
    // Of the responder's serial number, with no reason that would leave its key good.
    let revoking = attacks::list_of("CA", &key(2), 9, Some("260501000000Z"), "270101000000Z");
    assert_eq!(
        said(&[&[], &[word(&revoking)]]),
        RevocationStatus::NotApplicable,
        "a list of the counter's, not of the file"
    );
}
