//! Attacks on signed PDFs by the names they have in the literature (universal signature forgery,
//! incremental saving, signature wrapping; shadow attacks: hide, replace, hide-and-replace), and
//! revoked certificates. None may ever be valid.

use super::*;

/// A later revision that brings no object, only another table: entries of number and offset.
fn retabled(file: &[u8], entries: &[(usize, usize)]) -> Vec<u8> {
    let text = String::from_utf8_lossy(file).into_owned();
    let prev = text.rsplit("startxref\n").next().and_then(|t| t.lines().next()).unwrap().to_owned();
    let mut out = file.to_vec();
    let at = out.len();
    out.extend(b"xref\n");
    for (number, offset) in entries {
        out.extend(format!("{number} 1\n{offset:010} 00000 n \n").bytes());
    }
    let trailer = format!("trailer\n<< /Size 20 /Root 1 0 R /Prev {prev} >>\nstartxref\n{at}\n%%EOF\n");
    out.extend(trailer.bytes());
    out
}

/// A file prepared before it was signed: `hidden` lies in it as objects nothing leads to.
fn prepared(hidden: &[(usize, &str)]) -> (Vec<u8>, Vec<usize>) {
    let (key, certificate) = self_signed();
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in hidden {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let start = file.len();
    file.extend(write(&unsigned_objects(), start, 1, "/Size 8 /Root 1 0 R"));
    (sign(file, &key, "Nguyễn Thị Lan", &certificate), places)
}

const OTHER_PAGE: &str = "<< /Length 12 >>\nstream\n9 9 9 9 re f\nendstream";

#[test]
fn hide_and_replace_by_a_table_alone_is_seen() {
    let (file, places) = prepared(&[(4, OTHER_PAGE)]);
    assert_eq!(check(&file).verdict, Verdict::Valid, "what nothing leads to is not shown");
    let swapped = check(&retabled(&file, &[(4, places[0])]));
    assert_eq!(swapped.verdict, Verdict::Invalid, "{swapped:?}");
    assert!(swapped.reasons.contains(&Reason::ChangedAfterSigning), "{swapped:?}");
    // The same under the cover of a second signature by someone trusted.
    let field = "<< /FT /Sig /T (S2) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /V 9 0 R >>";
    let value = unsigned_objects()[6].clone();
    let catalog = unsigned_objects()[0].replace("[5 0 R]", "[5 0 R 8 0 R]");
    let (key, certificate) = self_signed();
    let covered = append(&retabled(&file, &[(4, places[0])]), &[(1, &catalog), (8, field), (9, &value)]);
    let covered = check(&sign(covered, &key, "Nguyễn Thị Lan", &certificate));
    assert_eq!(covered.verdict, Verdict::Invalid, "{covered:?}");
}

#[test]
fn hiding_and_replacing_in_later_revisions_is_seen() {
    // Hide: what covered the content goes. Replace: the content's resources, or a field's face, change.
    let page = |more: &str| unsigned_objects()[2].replace("/Type /Page ", &format!("/Type /Page {more} "));
    let cases: Vec<(&str, Vec<(usize, String)>)> = vec![
        ("other content", vec![(4, OTHER_PAGE.to_owned())]),
        ("other resources", vec![(3, page("/Resources << /Font << /F 10 0 R >> >>")), (10, "<< /Type /Font >>".into())]),
        ("no page left", vec![(2, "<< /Type /Pages /Kids [] /Count 0 >>".into())]),
        ("other root", vec![(1, "<< /Type /Catalog /Pages 2 0 R >>".into())]),
        ("signature's value swapped", vec![(7, unsigned_objects()[6].clone())]),
        ("widget moved over the text", vec![(5, "<< /FT /Sig /T (S) /Type /Annot /Subtype /Widget /Rect [0 0 300 300] /AP << /N 10 0 R >> /P 3 0 R /V 7 0 R >>".into()), (10, "<< /Subtype /Form /BBox [0 0 9 9] /Length 0 >>\nstream\n\nendstream".into())]),
        ("metadata with another code", vec![(6, "<< /Length 86 >>\nstream\n<x xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:identifier>KHAC</dc:identifier></x>\nendstream".into())]),
    ];
    for (what, objects) in cases {
        let objects: Vec<(usize, &str)> = objects.iter().map(|(n, o)| (*n, o.as_str())).collect();
        let report = check(&append(&signed(), &objects));
        assert_ne!(report.verdict, Verdict::Valid, "{what}: {report:?}");
        assert_ne!(report.code.as_deref(), Some("KHAC"), "{what}: a code is read from signed bytes only");
    }
}

/// What came later, in words: `changed page_content 1`.
fn named(file: &[u8]) -> Vec<String> {
    let report = check(file);
    let tag = |of: &dyn std::fmt::Debug| format!("{of:?}").to_lowercase();
    let words = |one: &Alteration| {
        let page = one.page.map(|page| format!(" {page}")).unwrap_or_default();
        format!(
            "{} {}{page}{}",
            tag(&one.how),
            tag(&one.what),
            one.name.as_deref().map(|n| format!(" {n}")).unwrap_or_default()
        )
    };
    report.signatures[0].alterations.iter().map(words).collect()
}

#[test]
fn what_changed_is_named() {
    let page = |from: &str, to: &str| unsigned_objects()[2].replace(from, to);
    let catalog = |more: &str| unsigned_objects()[0].replace("/Pages", &format!("{more} /Pages"));
    let note = "<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 9 0 R >> >>";
    let noted = page("[5 0 R]", "[5 0 R 8 0 R]");
    let pages = unsigned_objects()[1].replace("[3 0 R]", "[3 0 R 8 0 R]");
    let second = page("/Annots [5 0 R]", "");
    type Case = (&'static str, Vec<(usize, String)>, &'static [&'static str]);
    let cases: Vec<Case> = vec![
        ("content", vec![(4, OTHER_PAGE.into())], &["changed pagecontent 1"]),
        (
            "another content",
            vec![(3, page("4 0 R", "8 0 R")), (8, OTHER_PAGE.into())],
            &["changed pagecontent 1"],
        ),
        ("size", vec![(3, page("99 99", "99 50"))], &["changed page 1"]),
        ("a note", vec![(3, noted), (8, note.into()), (9, OTHER_PAGE.into())], &["added annotation 1"]),
        (
            "a note within the page",
            vec![(3, page("[5 0 R]", "[5 0 R << /Subtype /Link >>]"))],
            &["added annotation 1"],
        ),
        ("no widget", vec![(3, page("[5 0 R]", "[]"))], &["removed signature 1 S"]),
        ("a page more", vec![(2, pages), (8, second)], &["added page 2"]),
        ("no page", vec![(2, unsigned_objects()[1].replace("[3 0 R]", "[]"))], &["removed page 1"]),
        (
            "an action",
            vec![(1, catalog("/OpenAction 8 0 R")), (8, "<< /S /JavaScript >>".into())],
            &["changed catalog OpenAction"],
        ),
        ("metadata", vec![(6, unsigned_objects()[5].replace("000001", "000002"))], &["changed metadata"]),
        (
            "the signature's look",
            vec![(5, unsigned_objects()[4].replace("/V", "/AP << /N 8 0 R >> /V")), (8, OTHER_PAGE.into())],
            &["changed signature 1 S"],
        ),
        ("idle", vec![(8, OTHER_PAGE.into())], &["added object"]),
    ];
    for (what, objects, expected) in cases {
        let objects: Vec<(usize, &str)> = objects.iter().map(|(n, o)| (*n, o.as_str())).collect();
        assert_eq!(named(&append(&signed(), &objects)), expected, "{what}");
    }
    let metadata = unsigned_objects()[5].replace("000001", "000002");
    let unlisted = append(&[signed(), b"9 0 obj 5 endobj\n".to_vec()].concat(), &[(6, &metadata)]);
    assert_eq!(named(&unlisted), ["changed metadata", "changed structure"]);
    let (file, places) = prepared(&[(4, OTHER_PAGE)]);
    assert_eq!(named(&retabled(&file, &[(4, places[0])])), ["changed pagecontent 1"]);
    let field = "<< /FT /Sig /T (S2) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /V 9 0 R >>";
    let more = [
        (1, catalog("").replace("[5 0 R]", "[5 0 R 8 0 R]")),
        (8, field.into()),
        (9, unsigned_objects()[6].clone()),
    ];
    let more: Vec<(usize, &str)> = more.iter().map(|(n, o)| (*n, o.as_str())).collect();
    let (key, certificate) = self_signed();
    let signed_again = sign(append(&signed(), &more), &key, "Nguyễn Thị Lan", &certificate);
    assert_eq!(named(&signed_again), ["added signature S2"]);
    assert_eq!(named(&signed()), Vec::<String>::new());
}

#[test]
fn metadata_that_is_also_the_page_is_no_metadata() {
    let form =
        |data: &str| format!("<< /Type /Metadata /Subtype /Form /Length 4 >>\nstream\n{data}\nendstream");
    let cases = [("/XObject 1 0 R", Change::Other), ("/Properties 1 0 R", Change::Undecided)];
    for (resources, expected) in cases {
        let mut objects = unsigned_objects();
        objects[2] = objects[2].replace("/Annots", &format!("/Resources << {resources} >> /Annots"));
        let xml = objects[5].clone();
        if expected == Change::Other {
            objects[5] = form("n n ");
        }
        let later = if expected == Change::Other { form("f f ") } else { xml.replace("000001", "000002") };
        let report = check(&append(&signed_with(&objects), &[(6, &later)]));
        assert_eq!(report.signatures[0].after, Some(expected), "{resources}: {report:?}");
    }
    let report = check(&append(&signed(), &[(6, &unsigned_objects()[5].replace("000001", "000002"))]));
    assert_eq!(report.signatures[0].after, Some(Change::LongTerm), "{report:?}");
}

#[test]
fn universal_forgeries_are_not_valid() {
    let file = signed();
    let range = find(&file, b"/ByteRange [");
    let end = range + file[range..].iter().position(|b| *b == b']').unwrap() + 1;
    let width = end - range;
    let ranges = [
        "/ByteRange null",
        "/ByteRange []",
        "/ByteRange [0 0 0 0]",
        "/ByteRange [0 1 2]",
        "/ByteRange [-1 9 99 9]",
        "/ByteRange [0 9 -9 9]",
        "/ByteRange (0 9 9 9)",
        "/ByteRange [0 9.5 20 1]",
        "/ByteRange 7 0 R",
        "",
        "/ByteRange [0 99999999999999999999 1 1]",
    ];
    for text in ranges {
        let mut bytes = file.clone();
        bytes[range..end].copy_from_slice(format!("{text:<width$}").as_bytes());
        assert_ne!(check(&bytes).verdict, Verdict::Valid, "{text}");
    }
    for name in ["/Contents_ <", "/content5 <"] {
        let at = find(&file, b"/Contents <");
        let mut bytes = file.clone();
        let short = &name.as_bytes()[..11.min(name.len())];
        bytes[at..at + short.len()].copy_from_slice(short);
        assert_ne!(check(&bytes).verdict, Verdict::Valid, "{name}");
    }
    let filters =
        [("/ETSI.CAdES.detached", "/adbe.x509.rsa_sha1"), ("/ETSI.CAdES.detached", "/adbe.pkcs7.sha1")];
    for (from, to) in filters {
        let bytes = replaced(&file, from, &format!("{to:<width$}", width = from.len()));
        assert_ne!(check(&bytes).verdict, Verdict::Valid, "{to}");
    }
}

/// A list by `by`, naming the certificate number 7 as revoked at `when`.
pub(super) fn list(issuer: &str, by: &SigningKey, when: Option<&str>, next: &str) -> Vec<u8> {
    list_of(issuer, by, 7, when, next)
}

/// The same for another number.
pub(super) fn list_of(issuer: &str, by: &SigningKey, serial: u8, when: Option<&str>, next: &str) -> Vec<u8> {
    let algorithm = seq(&[tlv(6, ED25519)]);
    let entries =
        when.map(|at| seq(&[seq(&[tlv(2, &[serial]), tlv(0x17, at.as_bytes())])])).unwrap_or_default();
    let tbs = seq(&[
        tlv(2, &[1]),
        algorithm.clone(),
        name(issuer),
        tlv(0x17, b"260201000000Z"),
        tlv(0x17, next.as_bytes()),
        entries,
    ]);
    let signature = by.sign(&tbs).to_bytes();
    seq(&[tbs, algorithm, tlv(3, &[&[0], signature.as_slice()].concat())])
}

#[test]
fn a_revoked_clerk_is_not_valid_and_only_the_issuers_list_counts() {
    let (authority, clerk) = (key(2), key(3));
    let root = certificate("CA", &authority, "CA", &authority, true);
    let leaf = certificate("Clerk", &clerk, "CA", &authority, false);
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(write(&unsigned_objects(), 9, 1, "/Size 8 /Root 1 0 R"));
    // Claims 2026-03-01 08:30 at +07:00.
    let file = sign(file, &clerk, "CA", &leaf);
    let judged = |lists: Vec<Vec<u8>>, trust: &[u8]| {
        let now = DateTime::parse_from_rfc3339("2026-06-01T08:00:00+07:00").unwrap();
        let options = VerifyOptions { trust: vec![trust.to_vec().into()], revoked: lists, now };
        let report = verify(&mut Cursor::new(&file), &options);
        (report.verdict, report.reasons)
    };
    let (next, over) = ("270101000000Z", "260401000000Z");
    let good = judged(vec![list("CA", &authority, None, next)], &root);
    assert_eq!(good.0, Verdict::Valid, "a list that does not name it: {good:?}");
    let before = judged(vec![list("CA", &authority, Some("260215000000Z"), next)], &root);
    assert_eq!((before.0, before.1.contains(&Reason::Revoked)), (Verdict::Invalid, true), "{before:?}");
    let after = judged(vec![list("CA", &authority, Some("260415000000Z"), next)], &root);
    assert_eq!((after.0, after.1.contains(&Reason::RevokedLater)), (Verdict::Unknown, true), "{after:?}");
    let old = judged(vec![list("CA", &authority, None, over)], &root);
    assert_eq!((old.0, old.1.contains(&Reason::RevocationUnknown)), (Verdict::Unknown, true), "{old:?}");
    let forged = judged(vec![list("CA", &key(8), Some("260215000000Z"), next)], &root);
    assert_eq!(forged.0, Verdict::Valid, "a list by somebody else revokes nobody: {forged:?}");
    let rubbish = judged(vec![vec![0x30, 3, 1, 2, 3], Vec::new()], &root);
    assert_eq!(
        (rubbish.0, rubbish.1.contains(&Reason::RevocationUnknown)),
        (Verdict::Unknown, true),
        "nobody knows whom it revokes: {rubbish:?}"
    );
}

#[test]
fn a_key_revoked_in_one_certificate_is_revoked_in_all() {
    let (authority, clerk) = (key(2), key(3));
    let own = certificate("Clerk", &clerk, "Clerk", &clerk, false);
    let leaf = certificate("Clerk", &clerk, "CA", &authority, false);
    let root = certificate("CA", &authority, "CA", &authority, true);
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(write(&unsigned_objects(), 9, 1, "/Size 8 /Root 1 0 R"));
    let file = sign(file, &clerk, "Clerk", &own);
    let list = list("CA", &authority, Some("260215000000Z"), "270101000000Z");
    let now = DateTime::parse_from_rfc3339("2026-06-01T08:00:00+07:00").unwrap();
    let judged = |more: Vec<TrustAnchor>| {
        let trust = [vec![own.clone().into()], more].concat();
        let options = VerifyOptions { trust, revoked: vec![list.clone()], now };
        let known = Revocations::of(&options.trust, &options.revoked, now).revokes(&own, &[]);
        let report = verify(&mut Cursor::new(&file), &options);
        (report.verdict, report.reasons.contains(&Reason::Revoked), known)
    };
    assert_eq!(
        judged(vec![root.clone().into()]),
        (Verdict::Valid, false, false),
        "nobody knows the other one"
    );
    let both = vec![leaf.into(), TrustAnchor::untrusted(root)];
    assert_eq!(judged(both), (Verdict::Invalid, true, true), "its issuer need not be trusted for that");
}
