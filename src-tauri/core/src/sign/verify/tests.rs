//! Tests: a small signed PDF is made here by hand, then altered in every way that comes to mind.

use std::io::Cursor;

use chrono::DateTime;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha512};

use super::*;

mod answers;
mod archived;
mod attacks;

const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const SHA512: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
const PKCS7: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7];
const PKCS9: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9];
/// Bytes of room for the CMS.
const ROOM: usize = 2_000;

fn tlv(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match body.len() {
        n @ 0..=0x7f => out.push(n as u8),
        n @ 0x80..=0xff => out.extend([0x81, n as u8]),
        n @ 0x100..=0xffff => out.extend([0x82, (n >> 8) as u8, n as u8]),
        n => out.extend([0x83, (n >> 16) as u8, (n >> 8) as u8, n as u8]),
    }
    out.extend_from_slice(body);
    out
}
fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}
fn oid(prefix: &[u8], rest: &[u8]) -> Vec<u8> {
    tlv(6, &[prefix, rest].concat())
}
fn name(common: &str) -> Vec<u8> {
    seq(&[tlv(0x31, &seq(&[tlv(6, &[0x55, 4, 3]), tlv(12, common.as_bytes())]))])
}
fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// A certificate for `of`, signed by `by`.
fn certificate(subject: &str, of: &SigningKey, issuer: &str, by: &SigningKey, authority: bool) -> Vec<u8> {
    let span = ("260101000000Z", "280101000000Z");
    issued((subject, of), (issuer, by), 7, span, authority, &[])
}

/// An extension that is not critical.
fn extension(kind: &[u8], value: &[u8]) -> Vec<u8> {
    seq(&[tlv(6, kind), tlv(4, value)])
}

/// The extension that names a place of lists.
fn listed() -> Vec<u8> {
    let place = tlv(0xa0, &tlv(0xa0, &tlv(0x86, b"http://ca.example/lists.crl")));
    extension(&[0x55, 0x1d, 31], &seq(&[seq(&[place])]))
}

/// A certificate in all its details.
fn issued(
    (subject, of): (&str, &SigningKey),
    (issuer, by): (&str, &SigningKey),
    serial: u8,
    (from, until): (&str, &str),
    authority: bool,
    more: &[Vec<u8>],
) -> Vec<u8> {
    let algorithm = seq(&[tlv(6, ED25519)]);
    let spki = seq(&[algorithm.clone(), tlv(3, &[&[0], of.verifying_key().as_bytes().as_slice()].concat())]);
    let usage: &[u8] = if authority { &[1, 0x06] } else { &[6, 0xc0] };
    let ca = if authority { tlv(1, &[0xff]) } else { Vec::new() };
    let critical = |k: u8, value: Vec<u8>| seq(&[tlv(6, &[0x55, 0x1d, k]), tlv(1, &[0xff]), tlv(4, &value)]);
    let extensions = seq(&[critical(15, tlv(3, usage)), critical(19, seq(&[ca])), more.concat()]);
    let tbs = seq(&[
        tlv(0xa0, &tlv(2, &[2])),
        tlv(2, &[serial]),
        algorithm.clone(),
        name(issuer),
        seq(&[tlv(0x17, from.as_bytes()), tlv(0x17, until.as_bytes())]),
        name(subject),
        spki,
        tlv(0xa3, &extensions),
    ]);
    let signature = by.sign(&tbs).to_bytes();
    seq(&[tbs, algorithm, tlv(3, &[&[0], signature.as_slice()].concat())])
}

fn attribute(kind: &[u8], value: Vec<u8>) -> Vec<u8> {
    seq(&[oid(&PKCS9, kind), tlv(0x31, &value)])
}

/// SignedData over a digest, by `key` whose certificate is `certificate`.
fn cms(digest: &[u8], key: &SigningKey, issuer: &str, certificate: &[u8]) -> Vec<u8> {
    signed_data((oid(&PKCS7, &[1]), Vec::new()), digest, key, (issuer, certificate), &[])
}

/// The same over content of a type, which is within, and with `more` signed attributes.
fn signed_data(
    (kind, content): (Vec<u8>, Vec<u8>),
    digest: &[u8],
    key: &SigningKey,
    (issuer, certificate): (&str, &[u8]),
    more: &[Vec<u8>],
) -> Vec<u8> {
    let sha512 = seq(&[tlv(6, SHA512)]);
    let named = seq(&[seq(&[seq(&[sha512.clone(), tlv(4, &Sha512::digest(certificate))])])]);
    let named =
        [attribute(&[3], kind.clone()), attribute(&[4], tlv(4, digest)), attribute(&[16, 2, 47], named)];
    let attributes = [named.concat(), more.concat()].concat();
    let signature = key.sign(&tlv(0x31, &attributes)).to_bytes();
    let signer = seq(&[
        tlv(2, &[1]),
        seq(&[name(issuer), tlv(2, &[7])]),
        sha512.clone(),
        tlv(0xa0, &attributes),
        seq(&[tlv(6, ED25519)]),
        tlv(4, &signature),
    ]);
    let version = if content.is_empty() { 1 } else { 3 };
    let data = seq(&[
        tlv(2, &[version]),
        tlv(0x31, &sha512),
        seq(&[kind, content]),
        tlv(0xa0, certificate),
        tlv(0x31, &signer),
    ]);
    seq(&[oid(&PKCS7, &[2]), tlv(0xa0, &data)])
}

/// The objects of a one-page file with a code, and their table.
fn write(objects: &[String], start: usize, first: usize, trailer: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut table = format!("xref\n{first} {}\n", objects.len());
    for (i, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", start + out.len()));
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", first + i).bytes());
    }
    let at = start + out.len();
    out.extend(format!("{table}trailer\n<< {trailer} >>\nstartxref\n{at}\n%%EOF\n").bytes());
    out
}

fn unsigned_objects() -> Vec<String> {
    let xmp = "<x xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:identifier>H56.14-2026-000001</dc:identifier></x>";
    let signature = format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20260301083000+07'00') \
         /Contents <{}> /ByteRange [0 1111111111 2222222222 3333333333] >>",
        "0".repeat(ROOM * 2)
    );
    vec![
        "<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /AcroForm << /SigFlags 3 /Fields [5 0 R] >> >>"
            .into(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Annots [5 0 R] >>".into(),
        "<< /Length 12 >>\nstream\n0 0 9 9 re f\nendstream".into(),
        "<< /FT /Sig /T (S) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /V 7 0 R >>".into(),
        format!("<< /Type /Metadata /Subtype /XML /Length {} >>\nstream\n{xmp}\nendstream", xmp.len()),
        signature,
    ]
}

/// Fills the last empty signature of a file.
fn sign(file: Vec<u8>, key: &SigningKey, issuer: &str, certificate: &[u8]) -> Vec<u8> {
    fill(file, |digest| cms(digest, key, issuer, certificate))
}

/// The same with what `made` makes of the SHA-512 digest.
fn fill(mut file: Vec<u8>, made: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let zeros = "0".repeat(ROOM * 2);
    let gap = find(&file, format!("<{zeros}>").as_bytes());
    let end = gap + ROOM * 2 + 2;
    let range = format!("[0 {gap:<10} {end:<10} {:<10}]", file.len() - end);
    let place = find(&file, b"[0 1111111111 2222222222 3333333333]");
    file[place..place + 36].copy_from_slice(format!("{range:<36}").as_bytes());
    let digest = Sha512::new().chain_update(&file[..gap]).chain_update(&file[end..]).finalize();
    let hex = crate::hex::encode(&made(&digest));
    file[gap + 1..gap + 1 + hex.len()].copy_from_slice(hex.as_bytes());
    file
}

fn find(file: &[u8], word: &[u8]) -> usize {
    file.windows(word.len()).position(|w| w == word).expect("the test's own file has it")
}

fn self_signed() -> (SigningKey, Vec<u8>) {
    let key = key(1);
    let certificate = certificate("Nguyễn Thị Lan", &key, "Nguyễn Thị Lan", &key, false);
    (key, certificate)
}

fn signed() -> Vec<u8> {
    signed_with(&unsigned_objects())
}

fn signed_with(objects: &[String]) -> Vec<u8> {
    let (key, certificate) = self_signed();
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(write(objects, 9, 1, "/Size 8 /Root 1 0 R"));
    sign(file, &key, "Nguyễn Thị Lan", &certificate)
}

fn check_with(file: &[u8], trust: Vec<Vec<u8>>, now: &str) -> Report {
    anchored(file, trust.into_iter().map(TrustAnchor::from).collect(), now)
}

fn anchored(file: &[u8], trust: Vec<TrustAnchor>, now: &str) -> Report {
    let options =
        VerifyOptions { trust, revoked: Vec::new(), now: DateTime::parse_from_rfc3339(now).unwrap() };
    verify(&mut Cursor::new(file), &options)
}

fn check(file: &[u8]) -> Report {
    check_with(file, vec![self_signed().1], "2026-06-01T08:00:00+07:00")
}

#[test]
fn a_file_signed_by_a_trusted_clerk_is_valid_and_tells_its_code() {
    let report = check(&signed());
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    assert_eq!(report.reasons, [Reason::Intact, Reason::Trusted]);
    assert_eq!(report.code.as_deref(), Some("H56.14-2026-000001"));
    let one = &report.signatures[0];
    assert_eq!((one.signer.as_str(), one.coverage), ("Nguyễn Thị Lan", Coverage::Whole));
    assert_eq!(one.claimed_time.as_deref(), Some("2026-03-01T08:30:00+07:00"));
}

#[test]
fn the_mark_on_the_page_must_show_the_signed_code() {
    let shows = |code: &str| {
        let mut objects = unsigned_objects();
        objects[2] = objects[2]
            .replace("/Annots", "/Resources << /XObject << /SaoYMark 4 0 R /SaoYMark2 8 0 R >> >> /Annots");
        objects[3] = "<< /Length 13 >>\nstream\n/SaoYMark2 Do\nendstream".into();
        let line: Vec<char> = format!("Mã số hóa: {code}").chars().collect();
        let shown: String = (1..=line.len()).map(|glyph| format!("{glyph:04X}")).collect();
        let map: String = line
            .iter()
            .zip(1..)
            .map(|(letter, glyph)| format!("<{glyph:04X}> <{:04X}>\n", *letter as u32))
            .collect();
        let stream = |head: &str, data: &str| {
            format!("<< {head} /Length {} >>\nstream\n{data}\nendstream", data.len())
        };
        objects.push(stream(
            "/Subtype /Form /Resources << /Font << /F 9 0 R >> >>",
            &format!("BT /F 9 Tf <{shown}> Tj ET"),
        ));
        objects.push("<< /Type /Font /ToUnicode 10 0 R >>".into());
        objects.push(stream("", &format!("1 beginbfchar\n{map}endbfchar\nendcmap")));
        let (key, certificate) = self_signed();
        let mut file = b"%PDF-1.7\n".to_vec();
        file.extend(write(&objects, 9, 1, "/Size 11 /Root 1 0 R"));
        check(&sign(file, &key, "Nguyễn Thị Lan", &certificate))
    };
    assert_eq!(shows("H56.14-2026-000001").verdict, Verdict::Valid);
    let other = shows("H56.14-2026-000002");
    assert_eq!(other.verdict, Verdict::Invalid);
    assert!(other.reasons.contains(&Reason::CodeMismatch), "{other:?}");
}

#[test]
fn nobody_who_is_not_trusted_is_called_valid() {
    let unknown = check_with(&signed(), Vec::new(), "2026-06-01T08:00:00+07:00");
    assert_eq!(unknown.verdict, Verdict::Unknown);
    assert_eq!(unknown.reasons, [Reason::Intact, Reason::UntrustedSigner]);
    // Same name, same serial, another key.
    let other = key(9);
    let look_alike = certificate("Nguyễn Thị Lan", &other, "Nguyễn Thị Lan", &other, false);
    let report = check_with(&signed(), vec![look_alike], "2026-06-01T08:00:00+07:00");
    assert_eq!(report.verdict, Verdict::Unknown, "a name is not a key");
}

#[test]
fn an_authority_vouches_only_by_its_key() {
    let (authority, clerk) = (key(2), key(3));
    let root = certificate("CA", &authority, "CA", &authority, true);
    let leaf = certificate("Clerk", &clerk, "CA", &authority, false);
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(write(&unsigned_objects(), 9, 1, "/Size 8 /Root 1 0 R"));
    let file = sign(file, &clerk, "CA", &leaf);
    let at = "2026-06-01T08:00:00+07:00";
    assert_eq!(check_with(&file, vec![root], at).verdict, Verdict::Valid);
    let impostor = certificate("CA", &key(8), "CA", &key(8), true);
    assert_eq!(check_with(&file, vec![impostor], at).verdict, Verdict::Unknown, "same name, other key");
    let no_authority = certificate("CA", &authority, "CA", &authority, false);
    assert_eq!(check_with(&file, vec![no_authority], at).verdict, Verdict::Unknown, "not allowed to issue");
}

#[test]
fn time_counts() {
    let trust = || vec![self_signed().1];
    let later = check_with(&signed(), trust(), "2029-01-01T00:00:00+07:00");
    assert_eq!((later.verdict, later.reasons), (Verdict::Unknown, vec![Reason::Intact, Reason::Expired]));
    let early = check_with(&signed(), trust(), "2026-02-27T00:00:00+07:00");
    assert_eq!(
        (early.verdict, early.reasons),
        (Verdict::Unknown, vec![Reason::Intact, Reason::ClaimedLater])
    );
    for (claimed, reason) in [("D:2025", Reason::NotYetValid), ("D:2029", Reason::Expired)] {
        let mut objects = unsigned_objects();
        objects[6] = objects[6].replace("D:2026", claimed);
        let report = check_with(&signed_with(&objects), trust(), "2029-06-01T00:00:00+07:00");
        assert_eq!(report.verdict, Verdict::Invalid, "{claimed}: {report:?}");
        assert!(report.reasons.contains(&reason), "{claimed}: {report:?}");
    }
}

#[test]
fn times_are_told_in_the_zone_of_whoever_asks() {
    let report = check_with(&signed(), vec![self_signed().1], "2026-06-01T01:00:00+00:00");
    let one = &report.signatures[0];
    assert_eq!(one.claimed_time.as_deref(), Some("2026-03-01T01:30:00+00:00"));
    let certificate = one.certificate.as_ref().unwrap();
    assert_eq!(certificate.not_before, "2026-01-01T00:00:00+00:00");
    let report = check(&signed());
    assert_eq!(report.signatures[0].certificate.as_ref().unwrap().not_before, "2026-01-01T07:00:00+07:00");
}

#[test]
fn a_file_without_signature_is_unsigned_and_others_are_unknown() {
    let mut objects = unsigned_objects();
    objects.truncate(4);
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>".into();
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(write(&objects, 9, 1, "/Size 5 /Root 1 0 R"));
    assert_eq!(check(&file).verdict, Verdict::Unsigned);
    assert_eq!(check(&file[..file.len() / 2]).reasons, [Reason::UnreadableFile]);
    assert_eq!(check(b"").reasons, [Reason::NotAPdf]);
    assert_eq!(check(b"GIF89a").reasons, [Reason::NotAPdf]);
    let mut locked = b"%PDF-1.7\n".to_vec();
    locked.extend(write(&objects, 9, 1, "/Size 5 /Root 1 0 R /Encrypt << /V 5 >>"));
    assert_eq!(check(&locked).reasons, [Reason::EncryptedFile]);
}

/// A later revision of a file.
fn append(file: &[u8], objects: &[(usize, &str)]) -> Vec<u8> {
    append_bytes(file, &objects.iter().map(|(number, text)| (*number, text.as_bytes())).collect::<Vec<_>>())
}

/// The same of objects with any bytes.
fn append_bytes(file: &[u8], objects: &[(usize, &[u8])]) -> Vec<u8> {
    let text = String::from_utf8_lossy(file).into_owned();
    let prev = text.rsplit("startxref\n").next().and_then(|t| t.lines().next()).unwrap().to_owned();
    let mut out = file.to_vec();
    let mut table = String::from("xref\n");
    for (number, object) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let at = out.len();
    let trailer = format!("trailer\n<< /Size 20 /Root 1 0 R /Prev {prev} >>\nstartxref\n{at}\n%%EOF\n");
    out.extend(table.bytes().chain(trailer.bytes()));
    out
}

/// A later revision with a second signature over everything, and `more` objects.
fn countersigned(more: &[(usize, &str)], annots: &str) -> Vec<u8> {
    let field = "<< /FT /Sig /T (S2) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R /V 9 0 R >>";
    let value = unsigned_objects()[6].clone();
    let catalog = unsigned_objects()[0].replace("[5 0 R]", "[5 0 R 8 0 R]");
    let page = unsigned_objects()[2].replace("[5 0 R]", annots);
    let mut objects = vec![(1, catalog.as_str()), (3, page.as_str()), (8, field), (9, value.as_str())];
    objects.retain(|(n, _)| more.iter().all(|(m, _)| m != n));
    objects.extend_from_slice(more);
    let (key, certificate) = self_signed();
    sign(append(&signed(), &objects), &key, "Nguyễn Thị Lan", &certificate)
}

#[test]
fn a_second_signature_may_come_but_nothing_else_under_its_cover() {
    let good = check(&countersigned(&[], "[5 0 R 8 0 R]"));
    assert_eq!(good.verdict, Verdict::Valid, "{good:?}");
    assert_eq!(good.signatures.len(), 2);
    assert_eq!(good.signatures[0].coverage, Coverage::Partial);
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 50 50] /Contents 4 0 R /Annots [5 0 R 8 0 R] >>";
    let catalog = "<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /OpenAction 10 0 R \
                   /AcroForm << /SigFlags 3 /Fields [5 0 R 8 0 R] >> >>";
    /// What it is called, the objects it adds, the page's annotations.
    type Attack<'a> = (&'a str, &'a [(usize, &'a str)], &'a str);
    let attacks: &[Attack<'_>] = &[
        ("content", &[(4, "<< /Length 9 >>\nstream\n1 1 1 rg \nendstream")], "[5 0 R 8 0 R]"),
        ("page box", &[(3, page)], "[5 0 R 8 0 R]"),
        ("action", &[(1, catalog), (10, "<< /S /URI >>")], "[5 0 R 8 0 R]"),
        ("page tree", &[(2, "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>")], "[5 0 R 8 0 R]"),
        (
            "old field",
            &[(5, "<< /FT /Sig /T (S) /Subtype /Widget /Rect [0 0 9 9] /V 7 0 R >>")],
            "[5 0 R 8 0 R]",
        ),
        ("new note", &[(10, "<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] >>")], "[5 0 R 8 0 R 10 0 R]"),
        ("lost widget", &[], "[8 0 R]"),
    ];
    for (what, objects, annots) in attacks {
        let report = check(&countersigned(objects, annots));
        assert_eq!(report.verdict, Verdict::Invalid, "{what}: {report:?}");
        assert!(report.reasons.contains(&Reason::ChangedAfterSigning), "{what}: {report:?}");
    }
}

#[test]
fn evidence_behind_a_signature_is_no_harm_and_what_comes_with_it_is_not_covered() {
    let catalog = unsigned_objects()[0].replace("/Type /Catalog", "/Type /Catalog /DSS 8 0 R");
    let report = check(&append(&signed(), &[(1, &catalog), (8, "<< /Certs [] >>")]));
    assert_eq!((report.verdict, report.reasons), (Verdict::Valid, vec![Reason::Intact, Reason::Trusted]));
    let more = catalog.replace("/DSS 8 0 R", "/DSS 8 0 R /Version /2.0");
    let report = check(&append(&signed(), &[(1, &more), (8, "<< /Certs [] >>")]));
    assert_eq!((report.verdict, report.reasons), (Verdict::Valid, vec![Reason::Intact, Reason::Trusted]));
    let alone = catalog.replace("/DSS 8 0 R", "/Version /2.0");
    let report = check(&append(&signed(), &[(1, &alone)]));
    assert_eq!(
        (report.verdict, report.reasons),
        (Verdict::Unknown, vec![Reason::Intact, Reason::Trusted, Reason::NotWholeFile])
    );
    let other = catalog.replace("/DSS 8 0 R", "/DSS 8 0 R /OpenAction 8 0 R");
    let report = check(&append(&signed(), &[(1, &other), (8, "<< /Certs [] >>")]));
    assert_eq!(report.verdict, Verdict::Invalid, "{report:?}");
}

fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "offsets stay");
    let at = find(file, from.as_bytes());
    let mut out = file.to_vec();
    out[at..at + to.len()].copy_from_slice(to.as_bytes());
    out
}

#[test]
fn every_alteration_is_found() {
    let file = signed();
    let gap = find(&file, b"/Contents <") + 10;
    let gap_end = gap + ROOM * 2 + 2;
    let used = cms(&[0; 64], &self_signed().0, "Nguyễn Thị Lan", &self_signed().1).len() * 2;
    let edit = |at: usize, with: &[u8]| {
        let mut out = file.clone();
        out[at..at + with.len()].copy_from_slice(with);
        out
    };
    let joined = |a: &[u8], b: &[u8]| [a, b].concat();
    let (stranger, _) = (key(5), ());
    let foreign = certificate("Nguyễn Thị Lan", &stranger, "Nguyễn Thị Lan", &stranger, false);
    let digest = Sha512::new().chain_update(&file[..gap]).chain_update(&file[gap_end..]).finalize();
    let with_cms = |cms: &[u8]| edit(gap + 1, crate::hex::encode(cms).as_bytes());
    let range = |from: usize, first: usize, second: usize, len: usize| {
        let at = find(&file, b"/ByteRange [") + 11;
        edit(at, format!("{:<36}", format!("[{from} {first:<10} {second:<10} {len:<10}]")).as_bytes())
    };
    let two_sigs = [&file[..], &signed()[9..]].concat();
    let altered: Vec<(&str, Vec<u8>)> = vec![
        ("content byte", replaced(&file, "0 0 9 9 re f", "0 0 8 9 re f")),
        ("metadata", replaced(&file, "2026-000001<", "2026-000002<")),
        ("claimed time", replaced(&file, "D:20260301", "D:20260201")),
        ("header", replaced(&file, "%PDF-1.7", "%PDF-1.6")),
        ("no header", replaced(&file, "%PDF-1.7", "XPDF-1.7")),
        ("form removed", replaced(&file, "/AcroForm", "/AcroFarm")),
        ("fields removed", replaced(&file, "/Fields", "/Fjelds")),
        ("value removed", replaced(&file, "/V 7 0 R", "/W 7 0 R")),
        ("range renamed", replaced(&file, "/ByteRange", "/BiteRange")),
        ("range starts late", range(1, gap, gap_end, file.len() - gap_end)),
        ("range ends early", range(0, gap, gap_end, file.len() - gap_end - 8)),
        ("range ends beyond", range(0, gap, gap_end, file.len() - gap_end + 8)),
        ("gap too wide", range(0, gap - 1, gap_end, file.len() - gap_end)),
        ("gap too narrow", range(0, gap + 1, gap_end, file.len() - gap_end)),
        ("ranges overlap", range(0, gap_end, gap, file.len() - gap)),
        ("huge range", range(0, gap, gap_end, 9_999_999_999)),
        ("space in padding", edit(gap_end - 3, b" ")),
        ("padding not zero", edit(gap_end - 2, b"1")),
        ("object in padding", edit(gap_end - 40, b">/Contents<00")),
        ("comment in padding", edit(gap_end - 40, b"%")),
        ("appended byte", joined(&file, b"\n\n\n")),
        ("appended garbage", joined(&file, &[b'x'; 5000])),
        ("appended startxref", joined(&file, b"startxref\n0\n%%EOF\n")),
        ("appended revision", append(&file, &[(4, "<< /Length 9 >>\nstream\n1 1 1 rg \nendstream")])),
        (
            "appended empty revision",
            append(&file, &[(4, "<< /Length 12 >>\nstream\n0 0 9 9 re g\nendstream")]),
        ),
        ("two files in one", two_sigs),
        ("leading bytes", joined(b"\n", &file)),
        ("leading junk", joined(b"junk junk\n", &file)),
        ("cut in the middle", file[..file.len() / 2].to_vec()),
        ("cut before the end", file[..file.len() - 1].to_vec()),
        ("cut in the table", file[..file.len() - 60].to_vec()),
        ("second contents key", replaced(&file, "/Filter /Adobe.PPKLite", "/Contents <00>        ")),
        ("table entry moved", replaced(&file, "0000000009 00000 n", "0000000010 00000 n")),
        ("empty cms", edit(gap + 1, "0".repeat(used).as_bytes())),
        ("not DER", edit(gap + 1, b"3080")),
        ("foreign signature", with_cms(&cms(&digest, &stranger, "Nguyễn Thị Lan", &foreign))),
        (
            "foreign key, own certificate",
            with_cms(&cms(&digest, &stranger, "Nguyễn Thị Lan", &self_signed().1)),
        ),
        (
            "signature of another file",
            with_cms(&cms(&[1; 64], &self_signed().0, "Nguyễn Thị Lan", &self_signed().1)),
        ),
        ("upper case in contents", edit(gap + used - 20, b"A")),
    ];
    assert!(altered.len() >= 20);
    for (what, bytes) in altered {
        let report = check(&bytes);
        assert!(matches!(report.verdict, Verdict::Invalid | Verdict::Unknown), "{what}: {report:?}");
        assert_ne!(bytes, file, "{what} alters something");
    }
}

#[test]
fn no_bit_of_the_file_can_be_turned_unseen() {
    let file = signed();
    let gap = find(&file, b"/Contents <") + 11;
    let mut unseen = Vec::new();
    for at in 0..file.len() {
        // One bit of each byte; inside the signature of every third.
        let bits: &[u8] = if at < gap || at > gap + ROOM * 2 || at % 3 == 0 { &[1] } else { &[] };
        for bit in bits {
            let mut bytes = file.clone();
            bytes[at] ^= bit;
            if check(&bytes).verdict == Verdict::Valid {
                unseen
                    .push((at, String::from_utf8_lossy(&file[at.saturating_sub(30)..at + 20]).into_owned()));
            }
        }
    }
    assert_eq!(unseen, []);
}

#[test]
fn broken_tables_end() {
    let file = signed();
    // A chain that bites its tail, and one that leads nowhere.
    for prev in ["/Prev 9", "/Prev 999999999", "/XRefStm 9"] {
        let (_, objects) = ((), unsigned_objects());
        let mut loops = b"%PDF-1.7\n".to_vec();
        loops.extend(write(&objects, 9, 1, &format!("/Size 8 /Root 1 0 R {prev}")));
        assert_eq!(check(&loops).verdict, Verdict::Invalid);
    }
    let deep = format!("%PDF-1.7\n1 0 obj\n{}\nstartxref\n9\n%%EOF", "[".repeat(100_000));
    assert_eq!(check(deep.as_bytes()).verdict, Verdict::Unknown);
    for step in (0..file.len()).step_by(97) {
        check(&file[..step]);
        check(&file[step..]);
    }
}

#[test]
fn published_ed25519_vectors() {
    // Wycheproof's vectors are third-party files and stay outside; see ENVIRONMENT.md.
    let Ok(inputs) = std::env::var("SAOY_INPUTS") else { return };
    let path = format!("{inputs}/C2SP+wycheproof/testvectors_v1/ed25519_test.json");
    let text = std::fs::read_to_string(path).expect("SAOY_INPUTS holds the vectors");
    let json: serde_json::Value = serde_json::from_str(&text).expect("they are JSON");
    let mut count = 0;
    for group in json["testGroups"].as_array().expect("groups") {
        let key = crate::hex::decode(group["publicKey"]["pk"].as_str().expect("key")).expect("hex");
        for test in group["tests"].as_array().expect("tests") {
            let get = |field: &str| crate::hex::decode(test[field].as_str().expect("text")).expect("hex");
            let good = ed25519_holds(&key, &get("msg"), &get("sig"));
            assert_eq!(good, test["result"] == "valid", "vector {}", test["tcId"]);
            count += 1;
        }
    }
    assert_eq!(count, 151, "all of them");
}
