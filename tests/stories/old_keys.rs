//! What a key is worth once another took its place, its clerk left or its certificate was revoked: nothing new
//! by it is trusted, nothing is signed with it, and what it signed here stays what it was.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use saoy_tests::tsa::{authority, serve};
use saoy_tests::{Answer, Counter, drawing};
use serde_json::{Value, json};

use crate::timestamps::{configure, sign, verify};

const PASS: &str = "mat khau dai";
const CA_PIN: &str = "CA-9753";

fn with(counter: &Counter, secrets: &[(&str, &str)], arguments: &[&str]) -> Answer {
    let mut command = counter.command(arguments);
    command.envs(secrets.iter().copied());
    command.output().unwrap().into()
}

/// Lists, rows and signatures tell the time by the second.
pub fn a_second_passes() {
    std::thread::sleep(Duration::from_millis(1100));
}

fn path(counter: &Counter, name: &str) -> String {
    counter.desk().join(name).display().to_string()
}

/// Somebody with a copy of the clerk's key, and the certificate it has now.
fn thief(counter: &Counter) -> Counter {
    let key = path(counter, "khoa.p12");
    let export = ["key", "export", "--format", "pkcs12", "--out", &key];
    _ = with(counter, &[("SAOY_EXPORT_PASSPHRASE", PASS)], &export).done();
    let thief = Counter::new();
    _ = with(&thief, &[("SAOY_IMPORT_PASSPHRASE", PASS)], &["key", "import", &key]).done();
    thief
}

/// The office's authority, and its certificate for the clerk's key in use; the serial number.
pub fn certified(counter: &Counter) -> String {
    let ca = |arguments: &[&str]| with(counter, &[("SAOY_CA_PIN", CA_PIN)], arguments).done();
    _ = ca(&["ca", "init", "--name", "CA nội bộ", "--office-name", "UBND xã Thử Nghiệm"]);
    let (csr, pem) = (path(counter, "lan.csr"), path(counter, "lan.pem"));
    let asked = counter.saoy(["key", "csr", "--out", &csr]).done();
    let shown = counter.saoy(["ca", "request", &csr]).done();
    assert_eq!(shown["fingerprint"], asked["fingerprint"], "both see the same");
    assert_eq!((&shown["name"], &shown["unit"]), (&json!("Nguyễn Thị Lan"), &json!("UBND xã Thử Nghiệm")));
    assert_eq!(shown["algorithm"], "ed25519");
    let other = "0".repeat(64);
    let issue = ["ca", "issue", &csr, "--out", &pem, "--fingerprint"];
    let changed = with(counter, &[("SAOY_CA_PIN", CA_PIN)], &[&issue[..], &[&other]].concat());
    assert_eq!((changed.code, changed.error()), (2, "request_changed"), "{}", changed.stdout);
    let issued = ca(&[&issue[..], &[asked["fingerprint"].as_str().unwrap()]].concat());
    _ = counter.saoy(["key", "certificate", &pem]).done();
    issued["serial"].as_str().unwrap().to_owned()
}

/// A list of that authority that a newer one should have replaced by now.
pub fn overdue_list(counter: &Counter, out: &str) {
    let made = ["ca", "crl", "--days", "0", "--out", out];
    _ = with(counter, &[("SAOY_CA_PIN", CA_PIN)], &made).done();
    a_second_passes();
}

/// The authority revokes it; the counter it belongs to knows at once.
fn revoked(counter: &Counter, serial: &str, reason: &str) {
    a_second_passes();
    _ = with(counter, &[("SAOY_CA_PIN", CA_PIN)], &["ca", "revoke", serial, "--reason", reason]).done();
    let shown = counter.saoy(["trust", "list"]).done();
    let one = &shown["revocations"][0];
    assert_eq!((&one["file"], &one["overdue"]), (&json!("revoked.crl"), &json!(false)), "{shown}");
    assert!(one["issuer"].as_str().unwrap().contains("CN=CA nội bộ"), "{shown}");
    a_second_passes();
}

/// A copy of the file outside of the counter.
fn outside(counter: &Counter, made: &Value) -> String {
    let copy = path(counter, "ban-ngoai.pdf");
    fs::copy(made["pdf"].as_str().unwrap(), &copy).unwrap();
    copy
}

fn reasons(answer: &Answer) -> Vec<&str> {
    answer.json["reasons"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

#[test]
fn a_certificate_that_was_replaced_vouches_for_our_own_copies_and_for_no_new_ones() {
    let counter = Counter::new();
    let ours = sign(&counter);
    let thief = thief(&counter);
    let foreign = outside(&thief, &sign(&thief));
    assert_eq!(verify(&counter, &foreign).code, 0, "the certificate is in use");
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    fs::create_dir_all(thief.home().join("trust")).unwrap();
    fs::copy(tsa.join("ca.crt"), thief.home().join("trust/tsa.crt")).unwrap();
    let (url, _) = serve(&tsa, false);
    configure(&thief, &url);
    let stamped_before = sign(&thief);
    assert_eq!(stamped_before["level"], "B-T");
    a_second_passes();
    _ = certified(&counter);
    a_second_passes();

    fs::write(thief.home().join("counter.toml"), "").unwrap();
    let foreign = outside(&thief, &sign(&thief));
    let judged = verify(&counter, &foreign);
    assert_eq!((judged.code, reasons(&judged)), (3, vec!["intact", "untrusted_signer"]), "{}", judged.stdout);
    assert_eq!(verify(&counter, &outside(&counter, &ours)).code, 0, "what was signed here stays valid");

    // What a trusted time proves to be older than the end counts; without that trust it does not.
    let old = stamped_before["pdf"].as_str().unwrap();
    assert_eq!(verify(&counter, old).code, 3);
    _ = counter.saoy(["trust", "add", &tsa.join("ca.crt").display().to_string()]).done();
    let judged = verify(&counter, old);
    assert_eq!(judged.code, 0, "{}", judged.stdout);
    counter.is_sound();
}

#[test]
fn who_left_signs_nothing_that_is_trusted() {
    let counter = Counter::new();
    let hire = ["clerk", "add", "--name", "Trần Văn Hòa", "--role", "administrator", "--role", "clerk"];
    _ = with(&counter, &[("SAOY_NEW_PIN", "97531864")], &hire).done();
    let lan = [("SAOY_CLERK", "nguyen thi lan")];
    let page = counter.put("a.jpg", drawing::page(1, 100, 5).jpeg());
    let mut digitize = Counter::birth_certificate(&[page]);
    digitize.push("--accept-findings".to_owned());
    let digitize: Vec<&str> = digitize.iter().map(String::as_str).collect();
    let ours = with(&counter, &lan, &digitize).done();
    let key = path(&counter, "khoa.p12");
    let export = ["key", "export", "--format", "pkcs12", "--out", &key];
    _ = with(&counter, &[lan[0], ("SAOY_EXPORT_PASSPHRASE", PASS)], &export).done();
    let thief = Counter::new();
    _ = with(&thief, &[("SAOY_IMPORT_PASSPHRASE", PASS)], &["key", "import", &key]).done();
    let hoa = [("SAOY_CLERK", "tran van hoa"), ("SAOY_PIN", "97531864")];
    _ = with(&counter, &hoa, &["clerk", "leave", "nguyen thi lan"]).done();
    a_second_passes();
    let foreign = outside(&thief, &sign(&thief));
    assert_eq!(verify(&counter, &foreign).code, 3, "she left");
    assert_eq!(verify(&counter, &outside(&counter, &ours)).code, 0, "what she signed here stays valid");
}

#[test]
fn a_key_that_was_revoked_signs_nothing_under_any_of_its_certificates() {
    let counter = Counter::new();
    let thief = thief(&counter);
    let serial = certified(&counter);
    let ours = sign(&counter);
    assert_eq!(counter.saoy(["key", "status"]).done()["findings"], json!([]));
    revoked(&counter, &serial, "key_compromise");

    // The thief has the certificate that was made before, which nobody can revoke; the key is the same.
    let foreign = outside(&thief, &sign(&thief));
    let judged = verify(&counter, &foreign);
    assert!(judged.code == 2 && reasons(&judged).contains(&"revoked"), "{}", judged.stdout);

    // The counter signs nothing with it either, and says so before anybody types a PIN in vain.
    let before = counter.holds();
    let page = counter.put("b.jpg", drawing::page(2, 100, 5).jpeg());
    let refused = counter.digitize_anyway(&[page]);
    assert_eq!((refused.code, refused.error()), (2, "certificate_revoked"), "{}", refused.stdout);
    assert_eq!(refused.json["error"]["params"]["name"], "Nguyễn Thị Lan");
    assert_eq!(counter.holds(), before, "nothing is kept");
    assert_eq!(counter.saoy(["key", "status"]).done()["findings"], json!(["revoked"]));

    // Another certificate for the same key mends nothing; another key does.
    let judged = verify(&counter, ours["pdf"].as_str().unwrap());
    assert_eq!((judged.code, reasons(&judged).contains(&"revoked_later")), (3, true), "{}", judged.stdout);
    let fresh = counter.desk().join("moi.pem");
    saoy_tests::tsa::openssl(counter.desk(), &["genpkey", "-algorithm", "ed25519", "-out", "moi.pem"]);
    _ = counter.saoy(["key", "import", fresh.to_str().unwrap()]).done();
    _ = sign(&counter);
    counter.is_sound();
}

#[test]
fn a_certificate_that_another_took_the_place_of_leaves_its_key_good() {
    let counter = Counter::new();
    let serial = certified(&counter);
    let next = path(&counter, "sau.pem");
    _ = with(&counter, &[("SAOY_CA_PIN", CA_PIN)], &["ca", "renew", &serial, "--out", &next]).done();
    revoked(&counter, &serial, "superseded");
    let page = counter.put("b.jpg", drawing::page(2, 100, 5).jpeg());
    assert_eq!(counter.digitize_anyway(&[page]).error(), "certificate_revoked", "it is still in use");
    let old = counter.saoy(["key", "certificate", &path(&counter, "lan.pem")]);
    assert_eq!((old.code, old.error()), (2, "bad_certificate"), "{}", old.stdout);
    assert_eq!(old.json["error"]["params"]["reason"], "revoked", "nobody could sign with it");

    assert_eq!(counter.saoy(["key", "certificate", &next]).done()["findings"], json!([]));
    let made = sign(&counter);
    let judged = verify(&counter, made["pdf"].as_str().unwrap());
    assert_eq!((judged.code, reasons(&judged)), (0, vec!["intact", "trusted"]), "{}", judged.stdout);
    counter.is_sound();
}

#[test]
fn a_lost_key_is_lost_for_what_is_stored_too_whichever_certificate_signed_it() {
    let counter = Counter::new();
    let first = sign(&counter);
    let serial = certified(&counter);
    let second = sign(&counter);
    for stored in [&first, &second] {
        assert_eq!(verify(&counter, stored["pdf"].as_str().unwrap()).code, 0);
    }
    revoked(&counter, &serial, "key_compromise");
    for stored in [&first, &second] {
        let judged = verify(&counter, stored["pdf"].as_str().unwrap());
        let later = reasons(&judged).contains(&"revoked_later");
        assert_eq!((judged.code, later), (3, true), "{}", judged.stdout);
    }
}

#[test]
fn a_key_that_others_may_have_gets_no_certificate_again() {
    let counter = Counter::new();
    let serial = certified(&counter);
    let ca = |arguments: &[&str]| with(&counter, &[("SAOY_CA_PIN", CA_PIN)], &[&["ca"], arguments].concat());
    let (csr, again) = (path(&counter, "lan.csr"), path(&counter, "lại.pem"));
    let next = ca(&["renew", &serial, "--out", &path(&counter, "sau.pem")]).done();
    _ = ca(&["revoke", &serial, "--reason", "key_compromise"]).done();
    let renew = ["renew", next["serial"].as_str().unwrap(), "--out", &again];
    for asked in [&["issue", &csr, "--out", &again][..], &renew] {
        let refused = ca(asked);
        assert_eq!((refused.code, refused.error()), (2, "ca_unknown_certificate"), "{}", refused.stdout);
        let params = &refused.json["error"]["params"];
        assert_eq!((&params["serial"], &params["reason"]), (&json!(serial), &json!("key_compromise")));
    }
    assert!(!PathBuf::from(again).exists());
    assert_eq!(ca(&["list"]).done()["register"]["issued"].as_array().unwrap().len(), 2, "none was entered");

    // A revocation that says no more may mean the same, and no counter believes the key again.
    let other = Counter::new();
    let serial = certified(&other);
    let ca = |arguments: &[&str]| with(&other, &[("SAOY_CA_PIN", CA_PIN)], &[&["ca"], arguments].concat());
    _ = ca(&["revoke", &serial, "--reason", "unspecified"]).done();
    let refused = ca(&["issue", &path(&other, "lan.csr"), "--out", &path(&other, "lại.pem")]);
    assert_eq!(refused.json["error"]["params"]["reason"], "key_in_doubt", "{}", refused.stdout);

    // With a new one, under the same PIN, it goes on.
    let old = other.saoy(["key", "status"]).done();
    let wrong = with(&other, &[("SAOY_PIN", "00000000")], &["key", "new"]);
    assert_eq!((wrong.code, wrong.error()), (2, "wrong_pin"), "{}", wrong.stdout);
    assert_eq!(other.saoy(["key", "status"]).done()["fingerprint"], old["fingerprint"], "nothing happened");
    let new = other.saoy(["key", "new"]).done();
    assert_ne!(new["fingerprint"], old["fingerprint"]);
    let (csr, pem) = (path(&other, "mới.csr"), path(&other, "mới.pem"));
    _ = other.saoy(["key", "csr", "--out", &csr]).done();
    _ = ca(&["issue", &csr, "--out", &pem]).done();
    _ = other.saoy(["key", "certificate", &pem]).done();
    let signed = sign(&other);
    assert_eq!(verify(&other, signed["pdf"].as_str().unwrap()).code, 0, "and signs");
    other.is_sound();
}

#[test]
fn a_list_that_is_out_of_date_stops_nobody() {
    let counter = Counter::new();
    _ = certified(&counter);
    let ca = |arguments: &[&str]| with(&counter, &[("SAOY_CA_PIN", CA_PIN)], arguments).done();
    let list = path(&counter, "cu.crl");
    _ = ca(&["ca", "crl", "--days", "0", "--out", &list]);
    _ = counter.saoy(["trust", "add", &list]).done();
    a_second_passes();
    let shown = counter.saoy(["trust", "list"]).done();
    assert_eq!(shown["revocations"][0]["overdue"], true, "{shown}");
    _ = sign(&counter);
}

#[test]
fn who_is_trusted_is_an_administrators_word_and_told_of() {
    let counter = Counter::new();
    let hire = ["clerk", "add", "--name", "Trần Văn Hòa", "--role", "clerk"];
    _ = with(&counter, &[("SAOY_NEW_PIN", "97531864")], &hire).done();
    let tsa: PathBuf = counter.desk().join("tsa");
    authority(&tsa, None);
    let crt = tsa.join("ca.crt").display().to_string();
    let add = ["trust", "add", crt.as_str()];
    let hoa = [("SAOY_CLERK", "tran van hoa"), ("SAOY_PIN", "97531864")];
    let refused = with(&counter, &hoa, &add);
    assert_eq!((refused.code, refused.error()), (2, "role_missing"));
    let mut bare = counter.command(add);
    let bare =
        Answer::from(bare.env("SAOY_CLERK", "nguyen thi lan").env_remove("SAOY_PIN").output().unwrap());
    assert_eq!((bare.code, bare.error()), (64, "pin_missing"));
    assert!(!counter.home().join("trust").exists(), "nobody is trusted yet");
    _ = with(&counter, &[("SAOY_CLERK", "nguyen thi lan")], &add).done();
    assert!(counter.saoy(["outbox"]).done().to_string().contains("trust_added"));

    // And taken back: the file stays beside, and counts for nothing.
    let trusted = || counter.saoy(["trust", "list"]).done()["authorities"].as_array().unwrap().len();
    assert_eq!(trusted(), 1);
    let remove = ["trust", "remove", "ca.crt"];
    assert_eq!(with(&counter, &hoa, &remove).error(), "role_missing");
    let lan = [("SAOY_CLERK", "nguyen thi lan")];
    assert_eq!(with(&counter, &lan, &["trust", "remove", "../counter.db"]).error(), "not_found");
    _ = with(&counter, &lan, &remove).done();
    assert_eq!((trusted(), fs::read_dir(counter.home().join("trust")).unwrap().count()), (0, 1));
    assert!(counter.saoy(["outbox"]).done().to_string().contains("trust_removed"));
    counter.is_sound();
}
