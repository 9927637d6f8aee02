//! Verdicts beside pyHanko's, on files pyHanko signed and on third-party ones; the office's authority
//! and a token's signature judged by pyHanko, Bouncy Castle, OpenSSL and poppler.

use std::path::{Path, PathBuf};
use std::process::Command;

use saoy_tests::ocsp::{self, Mood};
use saoy_tests::office::Office;
use saoy_tests::token::{TOKEN_PIN, TokenDesk, run};
use saoy_tests::tsa::{authority, serve};
use saoy_tests::{Answer, Counter, drawing, inputs, program, root};
use serde_json::Value;

use crate::script;

/// Disagreements that src-tauri/core/docs/verify.md explains: file, our verdict, pyHanko's.
type Explained = (&'static str, &'static str, bool);
const EXPLAINED: [Explained; 3] = [
    ("retitled.pdf", "unknown", true),
    ("bad-tls-only.pdf", "invalid", true),
    ("superseded-after-the-stamp.pdf", "valid", false),
];
/// The same among files whose certificates are over.
const EXPLAINED_ARCHIVED: [Explained; 4] = [
    ("list-of-before.pdf", "unknown", true),
    ("kept-after-the-authority.pdf", "unknown", true),
    ("stamped-by-the-document.pdf", "valid", false),
    ("renewed-token.pdf", "valid", false),
];
/// Files made by hand that are valid here and doubted by pyHanko.
const EXPLAINED_CMS: [&str; 15] = [
    "certs-other-kinds",
    "claimed-odd-date",
    "claimed-huge-date",
    "claimed-zone-odd",
    "usage-signature-only",
    "usage-absent",
    "authority-key-other-key",
    "authority-key-other-serial",
    "ecdsa-named-key",
    "over-stamped-cleared",
    "ocsp-no-next-fresh",
    "revoked-after-stamp-reason-3",
    "revoked-after-stamp-reason-4",
    "revoked-after-stamp-reason-5",
    "revoked-after-stamp-reason-9",
];
/// The same of words that are easily not heard, and of times.
const EXPLAINED_UNHEARD: [&str; 3] = ["times-in-order", "good-token-bare", "superseded-after-the-stamp"];
const EXPLAINED_CLASSIC: [&str; 1] = ["field-signed-look-shared-elsewhere"];
const EXPLAINED_SHADOW: [&str; 0] = [];
const EXPLAINED_REWRITTEN: [&str; 3] =
    ["good-dangling-evidence", "good-dangling-words", "good-dangling-head-on-next-line"];
const EXPLAINED_FORMS: [&str; 15] = [
    "chosen",
    "chosen-certified",
    "ticked-no-state",
    "ticked-no-state-certified",
    "widget-apart",
    "widget-apart-certified",
    "dated",
    "dated-certified",
    "seed-subfilter-broken",
    "seed-digest-broken",
    "seed-mdp-broken",
    "seed-reasons-broken",
    "seed-filter-broken",
    "radio-none-set",
    "colours-rounded",
];
const EXPLAINED_HONEST: [&str; 13] = [
    "empty-field-signed-colours",
    "empty-field-signed-date",
    "form-flags-evidence",
    "rights-apart-again",
    "rights-permissions-apart-again",
    "list-freshest",
    "table-free-65536",
    "table-free-65536-evidence",
    "signature-date-as-libreoffice",
    "value-in-field",
    "names-utf8-evidence",
    "names-utf8-written-again",
    "evidence-list-freed",
];

/// What `saoy verify` says of a file by itself, with the folder's `roots.pem` and `lists.crl`.
pub(crate) fn verify(folder: &Path, file: &Path) -> Value {
    verdict(Command::new(program("saoy")), folder, file)
}

fn verdict(mut command: Command, folder: &Path, file: &Path) -> Value {
    command.arg("verify").arg("--json").arg("--no-counter").env_remove("SAOY_HOME").env("HOME", folder);
    for name in ["roots.pem", "lists.crl"] {
        if folder.join(name).is_file() {
            command.arg("--trust").arg(folder.join(name));
        }
    }
    let answer = Answer::from(command.arg(file).output().unwrap());
    assert!([0, 2, 3].contains(&answer.code), "{}: {}", file.display(), answer.stderr);
    answer.json
}

fn answered(generator: &str, arguments: &[&Path]) -> Vec<Value> {
    serde_json::from_str(script(generator, arguments).lines().last().unwrap()).unwrap()
}

fn judged(folder: &Path, files: &[&Path]) -> Vec<Value> {
    let arguments: Vec<&Path> = std::iter::once(folder).chain(files.iter().copied()).collect();
    answered("signatures.py", &arguments)
}

fn is_explained(file: &str) {
    let table = std::fs::read_to_string(root().join("src-tauri/core/docs/verify.md")).unwrap();
    assert!(table.contains(&format!("`{file}`")), "{file} stands in the table");
}

#[test]
fn lists_that_cannot_be_read_leave_nobody_cleared() {
    let folder = tempfile::tempdir().unwrap();
    for one in answered("unread_lists.py", &[folder.path()]) {
        let path = Path::new(one["path"].as_str().unwrap());
        let ours = verify(path.parent().unwrap(), path);
        assert_eq!(ours["verdict"] == "valid", one["expected"] == "good", "{one}: {ours}");
    }
}

#[test]
fn verdicts_agree_with_pyhanko() {
    let folder = tempfile::tempdir().unwrap();
    agree(folder.path(), &judged(folder.path(), &[]), 45, &EXPLAINED);
}

/// Revisions appended by hand to signed files, and files prepared for that before they were signed.
#[test]
fn attacked_files_are_never_valid_where_pyhanko_has_doubts() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = answered("attacks.py", &[folder.path()]);
    assert!(theirs.len() >= 30, "every attack is there: {}", theirs.len());
    for one in theirs {
        let (name, ok) = (one["file"].as_str().unwrap(), one["ok"].as_bool().unwrap());
        let ours = verify(folder.path(), Path::new(one["path"].as_str().unwrap()));
        let valid = ours["verdict"] == "valid";
        assert!(ok || !valid, "{name}: pyHanko has doubts: {one} {ours}");
        assert_eq!(valid, name.starts_with("good-"), "{name}: {ours}");
    }
}

/// Containers, certificates, algorithms, time-stamps and words on revocation that are odd.
#[test]
fn odd_signatures_are_never_valid_unexplained() {
    doubted_where_explained("cms_attacks.py", 621, &EXPLAINED_CMS);
}

/// Words that revoke and are easily not heard; times that contradict each other; words that clear nobody.
#[test]
fn no_word_that_revokes_is_put_aside() {
    doubted_where_explained("unheard_words.py", 166, &EXPLAINED_UNHEARD);
}

/// Forged dictionaries, wrapped signatures, revisions, permissions and streams over the signature's gap.
#[test]
fn classic_attacks_are_never_valid_unexplained() {
    doubted_where_explained("classic_attacks.py", 191, &EXPLAINED_CLASSIC);
}

/// Later revisions in which readers that search the file, or end a name early, find another page, and fields that lean
/// on an old signature or paint without a size; forms and scripts that wake. The code that is told is the one a person
/// signed, whatever a time-stamp covers.
#[test]
fn later_revisions_are_never_valid_unexplained() {
    let said = doubted_where_explained("later_attacks.py", 354, &[]);
    for (name, code) in [
        ("good-code", Value::from("SIGNED")),
        ("code-changed-stamped", Value::from("SIGNED")),
        ("code-new-stamped", Value::Null),
    ] {
        assert_eq!(said[name]["code"], code, "{name}: {}", said[name]);
    }
}

/// Files prepared before they were signed, so that readers differ, at once or when something is appended.
#[test]
fn shadow_attacks_are_never_valid_unexplained() {
    doubted_where_explained("shadow_attacks.py", 139, &EXPLAINED_SHADOW);
}

/// What a later revision writes again otherwise than it looks; tables and pictures over the gap; heads of objects that
/// only some readers find, trailers that decipher; looks and names of fields.
#[test]
fn rewritten_objects_are_never_valid_unexplained() {
    doubted_where_explained("rewritten_attacks.py", 240, &EXPLAINED_REWRITTEN);
}

/// Fields filled in: valid where nothing but writing came into an empty one, by whatever way the page looks otherwise not.
#[test]
fn forms_are_valid_where_empty_fields_were_written_in() {
    doubted_where_explained("form_attacks.py", 549, &EXPLAINED_FORMS);
}

#[test]
fn honest_files_are_valid() {
    doubted_where_explained("honest_files.py", 184, &EXPLAINED_HONEST);
}

/// What we say of each case, by its name.
fn doubted_where_explained(generator: &str, count: usize, explained: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let theirs = answered(generator, &[folder.path()]);
    assert_eq!(theirs.len(), count, "every case is there");
    let (mut wrong, mut doubted, mut said) = (Vec::new(), Vec::new(), Value::Null);
    for one in &theirs {
        let name = one["file"].as_str().unwrap().trim_end_matches(".pdf");
        let ours = verify(folder.path(), Path::new(one["path"].as_str().unwrap()));
        let valid = ours["verdict"] == "valid";
        if one["expected"] == if valid { "bad" } else { "good" } {
            wrong.push(format!("{one} {ours}"));
        }
        if valid && one["ok"] == false {
            doubted.push(name);
        }
        said[name] = ours;
    }
    assert!(wrong.is_empty(), "not as expected: {wrong:#?}");
    assert_eq!(doubted, explained, "valid where pyHanko has doubts");
    explained.iter().copied().for_each(is_explained);
    said
}

/// Files that want all memory, or to take for ever, in 2 GiB of addresses.
#[test]
fn greedy_files_get_a_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let files = answered("dos_attacks.py", &[folder.path()]);
    assert_eq!(files.len(), 67, "every case is there");
    for one in files {
        let mut command = Command::new("prlimit");
        command.arg("--as=2147483648").arg(program("saoy"));
        let ours = verdict(command, folder.path(), Path::new(one["path"].as_str().unwrap()));
        assert!(ours["verdict"].is_string(), "{one}: {ours}");
    }
}

/// Certificates that are over: pyHanko's long-term validation is the judge.
#[test]
fn verdicts_on_what_was_archived_agree_with_pyhanko() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = answered("archived.py", &[folder.path()]);
    agree(folder.path(), &theirs, 22, &EXPLAINED_ARCHIVED);
}

fn agree(folder: &Path, theirs: &[Value], least: usize, explained: &[Explained]) {
    assert!(theirs.len() >= least, "every way of signing is there: {}", theirs.len());
    let mut differing = Vec::new();
    for one in theirs {
        let (name, ok) = (one["file"].as_str().unwrap(), one["ok"].as_bool().unwrap());
        let ours = verify(folder, Path::new(one["path"].as_str().unwrap()));
        let verdict = ours["verdict"].as_str().unwrap();
        if name.starts_with("good-") {
            assert_eq!(verdict, "valid", "{name}: {ours}");
        }
        assert!(!name.starts_with("bad-") || verdict != "valid", "{name} must never be valid: {ours}");
        if (verdict == "valid") != ok {
            differing.push((name.to_owned(), verdict.to_owned(), ok));
        }
        if name.contains("stamp") && verdict == "valid" {
            let times = &ours["signatures"][0];
            assert!(times["trusted_time"].is_string(), "{name}: a trusted time is told apart: {times}");
        }
    }
    let named: Vec<_> = explained.iter().map(|(f, v, ok)| ((*f).to_owned(), (*v).to_owned(), *ok)).collect();
    for one in &differing {
        assert!(named.contains(one), "docs/verify.md does not explain {one:?}");
    }
    for (file, _, _) in explained {
        is_explained(file.trim_end_matches(".pdf"));
        assert!(differing.iter().any(|(one, _, _)| one == file), "{file} no longer differs: take it out");
    }
}

#[test]
fn third_party_signed_files_are_never_valid_where_pyhanko_has_doubts() {
    let Some(inputs) = inputs() else { return };
    let mut signed = Vec::new();
    let mut folders = vec![inputs];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "pdf") {
                let bytes = std::fs::read(&path).unwrap();
                if bytes.windows(10).any(|w| w == b"/ByteRange") {
                    signed.push(path);
                }
            }
        }
    }
    assert!(signed.len() >= 10, "the folder holds signed files: {signed:?}");
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<&Path> = signed.iter().map(PathBuf::as_path).collect();
    for one in judged(folder.path(), &files) {
        let ours = verify(folder.path(), Path::new(one["path"].as_str().unwrap()));
        let valid = ours["verdict"] == "valid";
        assert!(!valid || one["ok"] == true, "pyHanko {one}, Sao Y {ours}");
    }
}

#[test]
fn pyhanko_accepts_a_clerk_of_the_offices_authority_until_it_is_revoked() {
    let counter = Counter::new();
    let desk = counter.desk().to_path_buf();
    let path = |name: &str| desk.join(name).display().to_string();
    let url = "http://ca.example/lists.crl";
    _ = counter
        .saoy(["ca", "init", "--name", "CA UBND xã", "--office-name", "UBND xã", "--crl-url", url])
        .done();
    _ = counter.saoy(["key", "csr", "--out", &path("lan.csr")]).done();
    let issued = counter.saoy(["ca", "issue", &path("lan.csr"), "--out", &path("lan.pem")]).done();
    _ = counter.saoy(["key", "certificate", &path("lan.pem")]).done();
    std::fs::copy(counter.home().join("ca/ca.pem"), path("roots.pem")).unwrap();
    _ = counter.saoy(["ca", "crl", "--out", &path("lists.crl")]).done();
    let page = counter.put("page.jpg", drawing::page(1, 100, 3).jpeg());
    let made = counter.digitize_anyway(&[page]).done();
    let pdf = PathBuf::from(made["pdf"].as_str().unwrap());
    let both = || (judged(&desk, &[&pdf])[0]["ok"] == true, verify(&desk, &pdf));
    let (theirs, ours) = both();
    assert!(theirs && ours["verdict"] == "valid", "{ours}");

    _ = counter
        .saoy(["ca", "revoke", issued["serial"].as_str().unwrap(), "--reason", "key_compromise"])
        .done();
    _ = counter.saoy(["ca", "crl", "--force", "--out", &path("lists.crl")]).done();
    let (theirs, ours) = both();
    assert!(!theirs, "pyHanko sees the revoked certificate");
    assert_ne!(ours["verdict"], "valid", "{ours}");
    assert!(["revoked", "revoked_later"].iter().any(|r| ours["reasons"].to_string().contains(r)), "{ours}");

    // The counter's own folder: an authority and its list are honoured for our own clerk too.
    let trust = counter.home().join("trust");
    std::fs::create_dir(&trust).unwrap();
    for name in ["roots.pem", "lists.crl"] {
        std::fs::copy(path(name), trust.join(name)).unwrap();
    }
    let home = counter.home();
    let own = counter.saoy(["verify", "--home", home.to_str().unwrap(), pdf.to_str().unwrap()]);
    assert_ne!(own.json["verdict"], "valid", "{}", own.stdout);
    std::fs::write(trust.join("rác.pem"), "rubbish").unwrap();
    let named = counter.saoy(["verify", "--home", home.to_str().unwrap(), pdf.to_str().unwrap()]);
    assert_eq!((named.code, named.error()), (2, "bad_certificate"), "a file of no use is named");
}

/// RSA from a token opens everywhere: four programs judge one copy.
#[test]
fn a_tokens_rsa_signature_is_good_for_pyhanko_bouncy_castle_openssl_and_poppler() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "rsa2048", "goc");
    let made = desk.digitize(TOKEN_PIN, &["--token", "hoa"]).done();
    let pdf = PathBuf::from(made["pdf"].as_str().unwrap());
    let folder = desk.counter.desk().to_path_buf();

    std::fs::copy(folder.join("goc.crt"), folder.join("roots.pem")).unwrap();
    let verdict = judged(&folder, &[&pdf]).remove(0);
    assert_eq!(verdict["ok"], true, "pyHanko: {verdict}");

    script("cms_parts.py", &[&pdf, &folder]);
    run(desk.command("openssl").args(["x509", "-inform", "DER", "-in", "hoa-01.crt", "-out", "hoa.crt.pem"]));
    let jars = ["bcprov", "bcpkix", "bcutil"].map(|jar| format!("/usr/share/java/{jar}.jar")).join(":");
    let said = run(Command::new("java")
        .args(["-cp", &jars])
        .arg(root().join("tests/oracles/BcVerdict.java"))
        .args([folder.join("cms.der"), folder.join("content.bin"), folder.join("hoa.crt.pem")]));
    assert_eq!(said.trim(), "valid", "Bouncy Castle");
    let cms = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "content.bin"];
    let said = run(desk
        .command("openssl")
        .args(cms)
        .args(["-CAfile", "goc.crt", "-purpose", "any", "-out", "out.bin"]));
    assert!(said.contains("Verification successful"), "OpenSSL: {said}");
    let said = run(Command::new("pdfsig").arg("-nocert").arg(&pdf));
    assert!(said.contains("Signature is Valid"), "poppler: {said}");
}

#[test]
fn pyhanko_believes_what_was_made_to_last() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let page = counter.put("page.jpg", drawing::page(1, 200, 5).jpeg());
    let signed = counter.digitize(&[page]).done();
    let (url, _) = serve(&tsa, false);
    std::fs::write(counter.home().join("counter.toml"), format!("[timestamp]\nurl = \"{url}\"\n")).unwrap();
    std::fs::create_dir(counter.home().join("trust")).unwrap();
    std::fs::copy(tsa.join("ca.crt"), counter.home().join("trust/tsa.crt")).unwrap();
    let out = counter.desk().join("lasting.pdf");
    let home = counter.home();
    let extended = counter.saoy([
        "extend",
        "--home",
        home.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        signed["pdf"].as_str().unwrap(),
    ]);
    assert_eq!(extended.done()["level"], "B-LTA");
    let clerk = counter.put("clerk.pem", counter.saoy(["cert"]).stdout);
    let authority = tsa.join("ca.crt");
    let said = script("pyhanko_lasting.py", &[out.as_path(), clerk.as_path(), authority.as_path()]);
    let said: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!((&said["ok"], &said["modified"]), (&true.into(), &"LTA_UPDATES".into()), "{said}");
    assert_eq!(said["stamps"], serde_json::json!([true, true]), "{said}");
    assert_eq!((&said["last"], &said["certificates"]), (&"ENTIRE_FILE".into(), &3.into()), "{said}");
    let checked = Command::new("qpdf").arg("--check").arg(&out).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// Clerk and time-stamp authority name an OCSP responder and nothing else: what it answered must be in the file.
#[test]
fn pyhanko_believes_answers_that_were_kept() {
    let office = Office::new();
    let (url, _) = ocsp::serve(&office.folder(), Mood::Sound);
    office.certify(&format!("authorityInfoAccess = OCSP;URI:{url}\n"));
    let page = office.counter.put("page.jpg", drawing::page(1, 200, 5).jpeg());
    let signed = office.counter.digitize(&[page]).done();
    assert_eq!(signed["level"], "B-T", "its own time-stamp, before anybody was asked about the authority");
    let out = office.counter.desk().join("lasting.pdf");
    let home = office.counter.home();
    let (pdf, to) = (signed["pdf"].as_str().unwrap(), out.to_str().unwrap());
    let extended = office.counter.saoy(["extend", "--home", home.to_str().unwrap(), "--out", to, pdf]);
    assert_eq!(extended.done()["level"], "B-LTA");
    let authority = office.folder().join("ca.crt");
    let said = script("pyhanko_lasting.py", &[out.as_path(), authority.as_path()]);
    let said: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!((&said["ok"], &said["modified"]), (&true.into(), &"LTA_UPDATES".into()), "{said}");
    assert_eq!(said["stamps"], serde_json::json!([true]), "that of the document, over the answers: {said}");
    assert_eq!((&said["lists"], &said["answers"]), (&0.into(), &2.into()), "{said}");
}
