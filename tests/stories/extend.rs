//! A signed copy is made to last: time, certificates and lists are kept with it, long after it was signed, and
//! not one byte of it changes.

use std::fs;
use std::path::{Path, PathBuf};

use saoy_tests::tsa::{authority, certify, openssl, serve};
use saoy_tests::web::listen;
use saoy_tests::{Answer, Counter};

use crate::old_keys::{certified, overdue_list};
use crate::timestamps::{configure, sign, verify};

pub fn extend(counter: &Counter, pdf: &str, out: &Path) -> Answer {
    let home = counter.home();
    counter.saoy(["extend", "--home", home.to_str().unwrap(), "--out", out.to_str().unwrap(), pdf])
}

fn trust(counter: &Counter, tsa: &Path) {
    fs::create_dir_all(counter.home().join("trust")).unwrap();
    fs::copy(tsa.join("ca.crt"), counter.home().join("trust/tsa.crt")).unwrap();
}

pub fn begins_with(file: &Path, original: &str) -> bool {
    fs::read(file).unwrap().starts_with(&fs::read(original).unwrap())
}

#[test]
fn a_copy_signed_offline_gets_time_and_evidence_once_the_network_is_back() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let signed = sign(&counter);
    assert_eq!(signed["level"], "B-B");
    let pdf = signed["pdf"].as_str().unwrap();
    let out = counter.desk().join("lâu dài.pdf");
    let offline = extend(&counter, pdf, &out);
    assert_eq!((offline.code, offline.error()), (2, "not_extended"));
    assert_eq!(offline.json["error"]["params"]["reason"], "no_time");
    assert!(!out.exists(), "nothing half made is left");

    let (url, answers) = serve(&tsa, false);
    configure(&counter, &url);
    let stranger = extend(&counter, pdf, &out);
    assert_eq!(
        stranger.json["error"]["params"]["reason"], "no_evidence",
        "nobody trusts it: {}",
        stranger.stdout
    );
    assert!(!out.exists());
    trust(&counter, &tsa);
    let before = answers.load(std::sync::atomic::Ordering::SeqCst);
    let made = extend(&counter, pdf, &out).done();
    assert_eq!((made["level"].as_str(), made["verdict"].as_str()), (Some("B-LTA"), Some("valid")), "{made}");
    let asked = answers.load(std::sync::atomic::Ordering::SeqCst) - before;
    assert_eq!(asked, 2, "one stamp for it, one for the evidence");
    assert!(begins_with(&out, pdf), "what was signed stands as it was");
    let judged = verify(&counter, out.to_str().unwrap());
    assert_eq!(judged.code, 0, "{}", judged.stdout);
    let signatures = judged.json["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 3, "the clerk's and two time-stamps");
    assert!(signatures[0]["trusted_time"].is_string(), "the time is vouched for now: {}", signatures[0]);
    assert_eq!(judged.json["code"], signed["code"], "it is still our copy");

    let again = counter.desk().join("lâu hơn.pdf");
    assert_eq!(
        extend(&counter, out.to_str().unwrap(), &again).done()["level"],
        "B-LTA",
        "and can be renewed"
    );
    let mut altered = fs::read(&out).unwrap();
    let at = altered
        .windows(8)
        .rposition(|w| w == b"/Certs [")
        .or(altered.windows(6).rposition(|w| w == b"/Certs"));
    altered[at.unwrap() + 1] = b'X';
    let altered = counter.put("sửa.pdf", altered);
    assert_ne!(
        verify(&counter, altered.to_str().unwrap()).code,
        0,
        "evidence under a stamp is not altered unseen"
    );
}

#[test]
fn a_stamped_copy_gets_its_evidence_without_the_authority() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let (url, _) = serve(&tsa, false);
    configure(&counter, &url);
    trust(&counter, &tsa);
    let signed = sign(&counter);
    assert_eq!(signed["level"], "B-T");
    configure(&counter, "http://127.0.0.1:9/");
    let out = counter.desk().join("ra.pdf");
    let made = extend(&counter, signed["pdf"].as_str().unwrap(), &out).done();
    assert_eq!((made["level"].as_str(), made["verdict"].as_str()), (Some("B-LT"), Some("valid")), "{made}");
    assert!(begins_with(&out, signed["pdf"].as_str().unwrap()));
    assert_eq!(verify(&counter, out.to_str().unwrap()).code, 0);
}

/// Serves a file until the test ends; its address.
fn lists(file: PathBuf) -> String {
    listen(move |_, _| fs::read(&file).ok()) + "ca.crl"
}

/// An empty list of revoked certificates by the authority in a folder.
pub fn empty_list(tsa: &Path) {
    fs::write(tsa.join("index.txt"), "").unwrap();
    let settings = fs::read_to_string(tsa.join("tsa.cnf")).unwrap();
    let own = "[ca_own]\ndatabase = index.txt\ncrlnumber = number\ndefault_md = sha256\ncrl_extensions = crl_own\n\
               [crl_own]\nauthorityKeyIdentifier = keyid\n";
    fs::write(
        tsa.join("crl.cnf"),
        format!("[ca]\ndefault_ca = ca_own\n{own}{settings}").replace("[ca]\nbasic", "[ca_ext]\nbasic"),
    )
    .unwrap();
    fs::write(tsa.join("number"), "01\n").unwrap();
    let by = ["ca", "-gencrl", "-config", "crl.cnf", "-keyfile", "ca.pem", "-cert", "ca.crt"];
    openssl(tsa, &[&by[..], &["-crldays", "30", "-out", "ca.crl.pem"]].concat());
    openssl(tsa, &["crl", "-in", "ca.crl.pem", "-outform", "DER", "-out", "ca.crl"]);
}

#[test]
fn lists_of_revoked_certificates_are_fetched_and_kept() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    let list = tsa.join("ca.crl");
    authority(&tsa, Some(&lists(list.clone())));
    let (url, _) = serve(&tsa, false);
    configure(&counter, &url);
    trust(&counter, &tsa);
    let signed = sign(&counter);
    let pdf = signed["pdf"].as_str().unwrap();
    let early = counter.desk().join("sớm.pdf");
    let made = extend(&counter, pdf, &early);
    assert_eq!(made.json["error"]["params"]["reason"], "no_evidence", "no list clears it: {}", made.stdout);
    assert!(!early.exists(), "a valid copy does not become a doubtful one");

    empty_list(&tsa);
    let out = counter.desk().join("đủ.pdf");
    let made = extend(&counter, pdf, &out).done();
    assert_eq!((made["level"].as_str(), made["verdict"].as_str()), (Some("B-LTA"), Some("valid")), "{made}");

    // Offline, without the list: it is in the file.
    fs::remove_file(&list).unwrap();
    configure(&counter, "http://127.0.0.1:9/");
    let judged = verify(&counter, out.to_str().unwrap());
    let clerk = &judged.json["signatures"][0];
    assert_eq!(clerk["verdict"], "valid", "{}", judged.stdout);
}

#[test]
fn the_counters_own_copies_last_and_those_signed_stay_as_they_were() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let signed: Vec<_> = (0..3).map(|_| sign(&counter)).collect();
    let offline = counter.saoy(["extend", "--stored"]);
    assert_eq!((offline.code, offline.json["left"].as_array().unwrap().len()), (2, 3), "{}", offline.stdout);
    assert_eq!(offline.json["left"][0]["error"]["params"]["reason"], "no_time");
    counter.is_sound();

    let (url, _) = serve(&tsa, false);
    configure(&counter, &url);
    trust(&counter, &tsa);
    let made = counter.saoy(["extend", "--stored"]).done();
    assert_eq!((made["asked"].as_u64(), made["extended"].as_array().unwrap().len()), (Some(3), 3), "{made}");
    for one in &signed {
        // The file of the copy is the longer one now; the one that was signed is there as it was.
        let before = one["pdf"].as_str().unwrap();
        assert_eq!(saoy_tests::sha256(&fs::read(before).unwrap()), one["sha256"].as_str().unwrap());
        let listed = counter.saoy(["list"]).done();
        let listed = listed["records"].as_array().unwrap();
        let listed = listed.iter().find(|record| record["record"] == one["record"]).unwrap();
        assert_eq!(listed["lasting"], "B-LTA");
        let longer = listed["pdf"].as_str().unwrap();
        assert!(begins_with(Path::new(longer), before) && longer != before);
        let judged = verify(&counter, longer).done();
        assert_eq!((judged["verdict"].as_str(), &judged["code"]), (Some("valid"), &one["code"]));
    }
    let again = counter.saoy(["extend", "--stored"]).done();
    assert_eq!(again["asked"], 0, "what lasts is not made longer");
    counter.is_sound();
    let outbox = counter.saoy(["outbox"]).done().to_string();
    assert_eq!(outbox.matches("copy_extended").count(), 3);

    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    db.execute_batch("DROP TRIGGER lasting_is_kept_d; DELETE FROM lasting WHERE seq = 2").unwrap();
    assert_eq!(counter.saoy(["check"]).code, 2, "history cannot be taken away unseen");
}

/// A time-stamp can be judged for as long as its authority's certificate holds: it gets another one before.
#[test]
fn an_archived_copy_is_stamped_again_before_its_time_stamp_can_be_judged_no_more() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    certify(&tsa, 3);
    let (url, _) = serve(&tsa, false);
    configure(&counter, &url);
    trust(&counter, &tsa);
    _ = sign(&counter);
    let stored = || counter.saoy(["extend", "--stored"]);
    assert_eq!(stored().done()["extended"][0]["level"], "B-LTA");
    assert_eq!(stored().done()["asked"], 0, "half of its time is still to come");
    counter.is_sound();

    // It was long ago, as far as the counter knows.
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    let before: String = db.query_row("SELECT at FROM lasting", [], |row| row.get(0)).unwrap();
    let set = |at: &str| {
        let lasting = "DROP TRIGGER IF EXISTS lasting_is_kept_u; UPDATE lasting SET at = ";
        db.execute_batch(&format!("{lasting}'{at}' WHERE seq = 1")).unwrap();
    };
    set("2025-01-01T08:00:00+07:00");
    let same = stored();
    assert_eq!((same.code, &same.json["asked"]), (2, &1.into()), "{}", same.stdout);
    assert_eq!(same.json["left"][0]["error"]["params"]["reason"], "no_longer", "{}", same.stdout);
    certify(&tsa, 300);
    assert_eq!(stored().done()["extended"][0]["level"], "B-LTA");
    assert_eq!(stored().done()["asked"], 0, "that one holds");
    let listed = counter.saoy(["list"]).done();
    let judged = verify(&counter, listed["records"][0]["pdf"].as_str().unwrap()).done();
    assert_eq!(judged["verdict"], "valid", "{judged}");
    assert_eq!(judged["signatures"].as_array().unwrap().len(), 3, "the clerk's, and two of the document");
    set(&before);
    counter.is_sound();
}

#[test]
fn a_copy_in_doubt_keeps_the_evidence_it_got() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    _ = certified(&counter);
    // The authority's list is out of date: whether the clerk was revoked is not known for now.
    let list = counter.desk().join("cu.crl");
    overdue_list(&counter, list.to_str().unwrap());
    _ = counter.saoy(["trust", "add", list.to_str().unwrap()]).done();
    let pdf = sign(&counter)["pdf"].as_str().unwrap().to_owned();
    assert_eq!(verify(&counter, &pdf).json["reasons"], serde_json::json!(["intact", "revocation_unknown"]));
    let (url, _) = serve(&tsa, false);
    configure(&counter, &url);
    trust(&counter, &tsa);
    let made = counter.saoy(["extend", "--stored"]).done();
    let count = |what: &str| made[what].as_array().unwrap().len();
    assert_eq!((&made["asked"], count("extended"), count("left")), (&1.into(), 1, 0), "{made}");
    counter.is_sound();
}

#[test]
fn what_is_handed_over_is_the_copy_that_lasts() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let procedure = serde_json::json!({"code": "9.000001", "name": "Thủ tục thử", "field": "Thử nghiệm",
        "papers": [{"code": "9.000001.01", "name": "Giấy khai sinh", "required": true}]});
    let file = counter.put("thu-tuc.json", serde_json::json!({ "procedures": [procedure] }).to_string());
    _ = counter.saoy(["catalogue", "import", file.to_str().unwrap()]).done();
    let signed = sign(&counter);
    let (url, _) = serve(&tsa, false);
    configure(&counter, &url);
    trust(&counter, &tsa);
    assert_eq!(counter.saoy(["extend", "--stored"]).done()["extended"][0]["level"], "B-LTA");

    let receive = ["dossier", "receive", "--procedure", "9.000001", "--owner", "001087000001"];
    let more = ["--owner-name", "Nguyễn Văn An"];
    let taken = counter.saoy(receive.iter().chain(&more)).done();
    let id = taken["dossier"].as_str().unwrap();
    let stored = format!("1=in_store:{}", signed["record"].as_str().unwrap());
    _ = counter.saoy(["dossier", "papers", id, "--set", &stored]).done();
    let out = counter.desk().join("ban-giao");
    _ = counter
        .saoy(["dossier", "forward", id, "--to", "Phòng Tư pháp", "--out", out.to_str().unwrap()])
        .done();
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("ho-so.json")).unwrap()).unwrap();
    let paper = &manifest["papers"][0];
    let handed = out.join(paper["file"].as_str().unwrap());
    assert!(begins_with(&handed, signed["pdf"].as_str().unwrap()));
    let sha256 = saoy_tests::sha256(&fs::read(&handed).unwrap());
    assert_ne!(sha256, signed["sha256"].as_str().unwrap(), "it is the longer file");
    assert_eq!(paper["sha256"], sha256, "and the manifest names that one");
    counter.is_sound();
}
