//! Certificates that are over: valid only where a chain of time-stamps, each covered by the next, and words on
//! revocation kept under them prove what was.

use super::attacks::list;
use super::*;

const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16, 1, 4];

/// A file under construction: one clerk's signature, claimed for 2026-03-01, and what is appended.
struct Archive {
    file: Vec<u8>,
    fields: String,
    next: usize,
    /// The references in the DSS, by kind.
    lists: String,
}

/// Who is who: seed of the key, name of the issuer and seed of its key, validity.
const CLERK: (u8, &str, u8, &str, &str) = (3, "CA", 2, "260101000000Z", "260401000000Z");
const FIRST: (u8, &str, u8, &str, &str) = (4, "CA", 2, "260101000000Z", "260501000000Z");
const SECOND: (u8, &str, u8, &str, &str) = (5, "Time", 6, "260101000000Z", "300101000000Z");

fn certified((of, issuer, by, from, until): (u8, &str, u8, &str, &str), stamps: bool) -> Vec<u8> {
    let purpose = seq(&[tlv(6, &[0x2b, 6, 1, 5, 5, 7, 3, 8])]);
    let mut more = if stamps { vec![extension(&[0x55, 0x1d, 37], &purpose)] } else { Vec::new() };
    if issuer == "CA" {
        more.push(listed());
    }
    issued(("Someone", &key(of)), (issuer, &key(by)), 7, (from, until), false, &more)
}

/// The two authorities: the clerk's, over in 2028, and the other of time, over in 2031.
fn roots() -> Vec<Vec<u8>> {
    let root = |name: &str, seed, until| {
        issued((name, &key(seed)), (name, &key(seed)), 1, ("250101000000Z", until), true, &[])
    };
    vec![root("CA", 2, "280101000000Z"), root("Time", 6, "310101000000Z")]
}

impl Archive {
    fn signed() -> Self {
        Self::signed_with(&[])
    }

    /// With further signed attributes.
    fn signed_with(more: &[Vec<u8>]) -> Self {
        let mut file = b"%PDF-1.7\n".to_vec();
        file.extend(write(&unsigned_objects(), 9, 1, "/Size 8 /Root 1 0 R"));
        let file = fill(file, |digest| {
            let kind = (oid(&PKCS7, &[1]), Vec::new());
            signed_data(kind, digest, &key(CLERK.0), ("CA", &certified(CLERK, false)), more)
        });
        Self { file, fields: "5 0 R".into(), next: 8, lists: String::new() }
    }

    fn catalog(&self) -> String {
        let catalog = unsigned_objects()[0].replace("[5 0 R]", &format!("[{}]", self.fields));
        catalog.replace("/Type /Catalog", &format!("/Type /Catalog /DSS << /CRLs [{}] >>", self.lists))
    }

    /// With a list in the DSS.
    fn keeping(mut self, list: &[u8]) -> Self {
        self.lists += &format!("{} 0 R ", self.next);
        let head = format!("<< /Length {} >>\nstream\n", list.len());
        let stream = [head.as_bytes(), list, b"\nendstream"].concat();
        self.file = append_bytes(&self.file, &[(1, self.catalog().as_bytes()), (self.next, &stream)]);
        self.next += 1;
        self
    }

    /// With a time-stamp of the document.
    fn stamped(mut self, by: (u8, &str, u8, &str, &str), at: &str) -> Self {
        let (field, value) = (self.next, self.next + 1);
        self.next += 2;
        self.fields += &format!(" {field} 0 R");
        let dict = unsigned_objects()[6].replace("/ETSI.CAdES.detached", "/ETSI.RFC3161");
        let widget = format!(
            "<< /FT /Sig /T (S{field}) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /V {value} 0 R >>"
        );
        self.file = append(&self.file, &[(1, &self.catalog()), (field, &widget), (value, &dict)]);
        self.file = fill(self.file, |digest| {
            let imprint = seq(&[seq(&[tlv(6, SHA512)]), tlv(4, digest)]);
            let info = seq(&[tlv(2, &[1]), tlv(6, &[42]), imprint, tlv(2, &[1]), tlv(0x18, at.as_bytes())]);
            let content = (tlv(6, TST_INFO), tlv(0xa0, &tlv(4, &info)));
            signed_data(content, &Sha512::digest(&info), &key(by.0), (by.1, &certified(by, true)), &[])
        });
        self
    }

    fn judged(&self, now: &str) -> Report {
        check_with(&self.file, roots(), now)
    }

    fn is(&self, verdict: Verdict, now: &str, why: &str) {
        let report = self.judged(now);
        assert_eq!(report.verdict, verdict, "{why}: {report:?}");
    }
}

/// Signed, cleared and stamped in March; the first authority of time cleared and stamped by the second in April.
fn archive() -> Archive {
    let april = list("CA", &key(2), None, "260505000000Z");
    let march = list("CA", &key(2), None, "260405000000Z");
    let early = Archive::signed().keeping(&march).stamped(FIRST, "20260310000000Z");
    early.keeping(&april).stamped(SECOND, "20260420000000Z")
}

const SOON: &str = "2026-04-21T00:00:00+00:00";
const LATER: &str = "2026-12-01T00:00:00+00:00";
/// The clerk's authority is over as well.
const MUCH_LATER: &str = "2029-01-01T00:00:00+00:00";

#[test]
fn what_was_good_at_a_proven_time_stays_valid() {
    let archive = archive();
    for now in [SOON, LATER, MUCH_LATER] {
        archive.is(Verdict::Valid, now, now);
    }
    let report = archive.judged(MUCH_LATER);
    assert_eq!(report.signatures[0].trusted_time.as_deref(), Some("2026-03-10T00:00:00+00:00"), "{report:?}");
    assert_eq!(report.reasons, [Reason::Intact, Reason::Trusted]);
    archive.is(Verdict::Unknown, "2030-06-01T00:00:00+00:00", "the last authority of time is over, too");
}

#[test]
fn a_missing_link_leaves_it_unknown() {
    let march = || list("CA", &key(2), None, "260405000000Z");
    let april = || list("CA", &key(2), None, "260505000000Z");
    let cases: Vec<(&str, Archive)> = vec![
        ("no time", Archive::signed().keeping(&march())),
        ("its only proof is over", Archive::signed().keeping(&march()).stamped(FIRST, "20260310000000Z")),
        ("no list", Archive::signed().stamped(SECOND, "20260310000000Z")),
        (
            "proven only when the certificate was over",
            Archive::signed().keeping(&april()).stamped(SECOND, "20260402000000Z"),
        ),
        (
            "the list is older than the proven time",
            Archive::signed()
                .keeping(&list("CA", &key(2), None, "260305000000Z"))
                .stamped(SECOND, "20260310000000Z"),
        ),
        (
            "the first proof was renewed too late",
            Archive::signed()
                .keeping(&march())
                .stamped(FIRST, "20260310000000Z")
                .keeping(&april())
                .stamped(SECOND, "20260502000000Z"),
        ),
        (
            "nothing clears the first proof",
            Archive::signed()
                .keeping(&list("CA", &key(2), None, "260311000000Z"))
                .stamped(FIRST, "20260310000000Z")
                .stamped(SECOND, "20260420000000Z"),
        ),
        (
            "a list by somebody else",
            Archive::signed()
                .keeping(&list("CA", &key(9), None, "260405000000Z"))
                .stamped(SECOND, "20260310000000Z"),
        ),
    ];
    for (why, archive) in cases {
        archive.is(Verdict::Unknown, LATER, why);
    }
}

#[test]
fn what_is_not_known_to_be_older_than_its_issuers_end_is_nothing() {
    // The list is put in when the authority is over: whoever has its key by then can write such lists.
    let march = list("CA", &key(2), None, "260405000000Z");
    let late = Archive::signed().stamped(SECOND, "20260310000000Z").keeping(&march);
    late.is(Verdict::Valid, LATER, "the authority still answers for its lists");
    late.is(Verdict::Unknown, MUCH_LATER, "and then no more");
    let proven = late.stamped(SECOND, "20270601000000Z");
    proven.is(
        Verdict::Valid,
        MUCH_LATER,
        "unless a further time-stamp shows that it did when it was written",
    );
    let late = Archive::signed().stamped(SECOND, "20260310000000Z").keeping(&march);
    let late = late.stamped(SECOND, "20280601000000Z");
    late.is(Verdict::Unknown, MUCH_LATER, "one that came after its end shows nothing");
}

#[test]
fn kept_words_that_revoke_do() {
    let kept = |at: &str| {
        let list = list("CA", &key(2), Some(at), "260405000000Z");
        Archive::signed().keeping(&list).stamped(SECOND, "20260310000000Z")
    };
    kept("260215000000Z").is(Verdict::Invalid, LATER, "before it was signed");
    kept("260315000000Z").is(Verdict::Unknown, LATER, "later, for no reason that leaves the key good");
    let both = kept("260215000000Z").keeping(&list("CA", &key(2), None, "260505000000Z"));
    both.is(Verdict::Invalid, LATER, "a list that has forgotten it does not undo that");
}

#[test]
fn a_time_stamp_that_is_altered_or_of_no_authority_proves_nothing() {
    let march = list("CA", &key(2), None, "260405000000Z");
    let nobody = (5, "Nobody", 9, "260101000000Z", "300101000000Z");
    let stranger = Archive::signed().keeping(&march).stamped(nobody, "20260310000000Z");
    stranger.is(Verdict::Unknown, LATER, "a stranger's");
    let mut altered = archive();
    let at = find(&altered.file, b"260405000000Z");
    altered.file[at + 5] = b'9';
    altered.is(Verdict::Invalid, LATER, "a list altered under its time-stamp");
}

#[test]
fn words_among_the_signed_attributes_are_as_old_as_the_signature() {
    let archival = |list: Vec<u8>| {
        let value = seq(&[tlv(0xa0, &seq(&[list]))]);
        seq(&[tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 1, 1, 8]), tlv(0x31, &value)])
    };
    let with = |list: Vec<u8>| Archive::signed_with(&[archival(list)]).stamped(SECOND, "20260310000000Z");
    with(list("CA", &key(2), None, "260405000000Z")).is(Verdict::Valid, LATER, "a list in the signature");
    with(list("CA", &key(9), None, "260405000000Z")).is(Verdict::Unknown, LATER, "not just anybody's");
    let revoking = with(list("CA", &key(2), Some("260215000000Z"), "260405000000Z"));
    revoking.is(Verdict::Invalid, LATER, "one that revokes");
}

#[test]
fn an_archive_is_renewed_with_the_evidence_it_has() {
    let gathered = |archive: &Archive| {
        let now = DateTime::parse_from_rfc3339(LATER).unwrap();
        let options = VerifyOptions {
            trust: roots().into_iter().map(TrustAnchor::from).collect(),
            revoked: Vec::new(),
            now,
        };
        evidence(&mut Cursor::new(&archive.file), &options).unwrap()
    };
    let renewed = gathered(&archive());
    assert!(!renewed.incomplete && renewed.missing.is_empty(), "nobody is asked about those that are over");
    let bare = gathered(&Archive::signed().stamped(SECOND, "20260310000000Z"));
    assert!(bare.incomplete && bare.missing.len() == 1, "nothing ever cleared the clerk: {bare:?}");
    assert_eq!(bare.missing[0].crl_urls, ["http://ca.example/lists.crl"]);
}

#[test]
fn an_authority_is_trusted_for_what_it_is_listed_for_and_as_long_as_it_was() {
    let day = |day: &str| Some(DateTime::parse_from_rfc3339(&format!("{day}T00:00:00+00:00")).unwrap());
    let listed =
        |purpose: [TrustPurpose; 2], until: [Option<&str>; 2], from: Option<&str>| -> Vec<TrustAnchor> {
            let roots = roots().into_iter().zip(purpose).zip(until);
            let anchor =
                |((certificate, purpose), until): ((Vec<u8>, TrustPurpose), Option<&str>)| TrustAnchor {
                    certificate,
                    purpose,
                    from: from.and_then(day),
                    until: until.and_then(day),
                    exclusive: true,
                };
            roots.map(anchor).collect()
        };
    let march = list("CA", &key(2), None, "260405000000Z");
    let file = Archive::signed().keeping(&march).stamped(SECOND, "20260310000000Z").file;
    let unproven = Archive::signed().keeping(&march).file;
    let apart = [TrustPurpose::Certificates, TrustPurpose::TimeStamps];
    let judged = |file: &[u8], trust| anchored(file, trust, "2026-03-20T00:00:00+00:00").verdict;
    let is = |purpose, until, from| judged(&file, listed(purpose, until, from));
    assert_eq!(is(apart, [None, None], None), Verdict::Valid, "each for its own");
    assert_eq!(
        is([TrustPurpose::TimeStamps; 2], [None, None], None),
        Verdict::Unknown,
        "no signer by an authority of time"
    );
    assert_eq!(
        is([TrustPurpose::Certificates; 2], [None, None], None),
        Verdict::Unknown,
        "no time by one of signers"
    );
    assert_eq!(is(apart, [Some("2026-03-15"), None], None), Verdict::Valid, "withdrawn since, signed before");
    assert_eq!(is(apart, [Some("2026-03-05"), None], None), Verdict::Unknown, "stamped after the withdrawal");
    assert_eq!(is(apart, [Some("2026-12-31"), None], None), Verdict::Valid, "to be withdrawn");
    assert_eq!(is(apart, [None, Some("2026-03-15")], None), Verdict::Unknown, "nobody else proves that time");
    assert_eq!(is(apart, [None, None], Some("2026-03-01")), Verdict::Valid, "trusted since");
    assert_eq!(is(apart, [None, None], Some("2026-03-11")), Verdict::Unknown, "not yet trusted then");
    let both = [listed(apart, [None; 2], None), listed([apart[1], apart[0]], [None; 2], None)].concat();
    assert_eq!(judged(&file, both), Verdict::Valid, "listed for signers and for times");
    let renewed =
        [listed(apart, [Some("2026-03-05"), None], None), listed(apart, [None; 2], Some("2026-03-06"))]
            .concat();
    assert_eq!(judged(&file, renewed), Verdict::Valid, "one line ended, another holds");
    let trust = || listed(apart, [Some("2026-03-15"), None], None);
    assert_eq!(judged(&unproven, trust()), Verdict::Unknown, "what is only claimed is not proven");
}
