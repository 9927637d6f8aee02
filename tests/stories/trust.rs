//! The province's list of authorities in the folder `trust`: added, shown, overdue, sick, withdrawn.

use std::fs;
use std::path::Path;

use saoy_tests::Counter;
use saoy_tests::office::Office;
use saoy_tests::tsa::authority;

use crate::extend::{empty_list, extend};
use crate::old_keys::a_second_passes;
use crate::timestamps::{configure, sign, verify};

fn list(next: &str, entries: &[(&str, &str, &str)]) -> String {
    let mut text = format!(
        "# Danh sách tin cậy\n[list]\nissuer = \"UBND tỉnh Thử\"\nnumber = \"01/DS\"\n\
         effective_from = \"2026-01-01\"\nnext_update = \"{next}\"\n"
    );
    for (certificate, kind, until) in entries {
        text += &format!(
            "\n[[authority]]\nname = \"CA của tỉnh\"\nkind = \"{kind}\"\ncertificate = \"{certificate}\"\n\
             from = \"2020-01-01\"\nuntil = \"{until}\"\nsource = \"QĐ 12/QĐ-UBND\"\n"
        );
    }
    text
}

#[test]
fn a_list_is_added_whole_and_shown() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let file = tsa.join("tỉnh.toml");
    fs::write(&file, list("", &[("ca.crt", "time_stamps", "")])).unwrap();
    let add = || counter.saoy(["trust", "add", file.to_str().unwrap()]);
    let made = add().done();
    assert!(made["file"].as_str().unwrap().ends_with("home/trust/tỉnh.toml"), "{made}");
    assert_eq!(fs::read_dir(counter.home().join("trust")).unwrap().count(), 1, "the certificate is inside");
    assert!(fs::read_to_string(counter.home().join("trust/tỉnh.toml")).unwrap().starts_with("# Danh sách"));

    let shown = counter.saoy(["trust", "list"]).done();
    let one = &shown["authorities"][0];
    assert_eq!((&one["kind"], &one["until"]), (&"time_stamps".into(), &serde_json::Value::Null), "{shown}");
    assert_eq!((&one["from"], &one["source"]), (&"2020-01-01".into(), &"QĐ 12/QĐ-UBND".into()), "{shown}");
    assert!(one["subject"].as_str().unwrap().contains("CA thoi gian"), "{shown}");
    assert_eq!(shown["lists"][0]["findings"], serde_json::json!([]), "{shown}");

    fs::write(&file, list("2026-06-30", &[("ca.crt", "time_stamps", "2026-03-31")])).unwrap();
    let _ = add().done();
    let shown = counter.saoy(["trust", "list"]).done();
    assert_eq!(shown["lists"][0]["findings"], serde_json::json!(["overdue"]), "said, not refused: {shown}");
    assert_eq!(shown["authorities"][0]["until"], "2026-03-31", "the newer one took its place: {shown}");

    let before = counter.holds();
    fs::write(&file, list("", &[("ca.crt", "time_stamps", ""), ("khong-co.crt", "certificates", "")]))
        .unwrap();
    let sick = add();
    assert_eq!((sick.code, sick.error()), (2, "bad_trust_list"), "{}", sick.stdout);
    let params = &sick.json["error"]["params"];
    assert_eq!(
        (&params["line"], &params["reason"]),
        (&"19".into(), &"certificate_missing".into()),
        "{params}"
    );
    assert!(sick.stderr.contains("dòng 19") && sick.stderr.contains("saoy trust add"), "{}", sick.stderr);
    assert_eq!(counter.holds(), before, "what was there stands");
    fs::write(counter.home().join("trust/hỏng.toml"), "[list]\nissuer = 3\n").unwrap();
    let other = Counter::new();
    let pdf = sign(&other);
    let named = verify(&counter, pdf["pdf"].as_str().unwrap());
    assert_eq!((named.code, named.error()), (2, "bad_trust_list"), "a sick file is not passed over");
    assert_eq!(named.json["error"]["params"]["reason"], "not_as_written", "{}", named.stdout);
    assert!(named.stderr.contains("dòng này không đúng cách viết của danh sách"), "{}", named.stderr);
}

#[test]
fn an_authority_counts_for_what_and_while_it_is_listed() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let (url, _) = saoy_tests::tsa::serve(&tsa, false);
    configure(&counter, &url);
    let listed = |kind: &str, until: &str| {
        let file = tsa.join("tinh.toml");
        fs::write(&file, list("", &[("ca.crt", kind, until)])).unwrap();
        let _ = counter.saoy(["trust", "add", file.to_str().unwrap()]).done();
        sign(&counter)
    };
    let stamped = listed("time_stamps", "");
    assert_eq!(stamped["level"], "B-T");
    assert_eq!(listed("certificates", "")["level"], "B-B", "one that vouches for signers tells no time");
    assert_eq!(listed("time_stamps", "2026-01-31")["level"], "B-B", "its trust was withdrawn");
    let pdf = stamped["pdf"].as_str().unwrap();
    let doubtful = verify(&counter, pdf);
    assert_ne!(doubtful.code, 0, "nobody else proves that time: {}", doubtful.stdout);
    // The plain certificate beside the list does not undo what the list says.
    fs::copy(tsa.join("ca.crt"), counter.home().join("trust/ca.crt")).unwrap();
    assert_ne!(verify(&counter, pdf).code, 0);
    fs::remove_file(counter.home().join("trust/tinh.toml")).unwrap();
    assert_eq!(verify(&counter, pdf).code, 0, "by itself it is trusted for everything, as ever");
}

#[test]
fn an_authority_of_time_never_vouches_for_a_clerk() {
    let office = Office::new();
    office.certify("");
    let signed = sign(&office.counter);
    let out = office.counter.desk().join("ra.pdf");
    let _ = extend(&office.counter, signed["pdf"].as_str().unwrap(), &out).done();
    assert_eq!(office.stranger(&out)["verdict"], "valid");
    // Another counter trusts the same authority by a list only.
    let other = Counter::new();
    for (kind, reason) in [("time_stamps", "untrusted_signer"), ("certificates", "untrusted_timestamp")] {
        let file = office.folder().join("tinh.toml");
        fs::write(&file, list("", &[("ca.crt", kind, "")])).unwrap();
        let _ = other.saoy(["trust", "add", file.to_str().unwrap()]).done();
        let judged = verify(&other, out.to_str().unwrap());
        // The list alone says the same where no counter is asked.
        let (file, pdf) = (file.to_str().unwrap(), out.to_str().unwrap());
        let given = other.saoy(["verify", "--no-counter", "--trust", file, pdf]);
        for judged in [judged, given] {
            assert_eq!(judged.json["verdict"], "unknown", "{}", judged.stdout);
            assert!(judged.json["reasons"].to_string().contains(reason), "{}", judged.stdout);
        }
    }
}

#[test]
fn what_is_added_takes_nobody_elses_place() {
    let counter = Counter::new();
    let offices = ["một", "hai"].map(|name| counter.desk().join(name));
    let add = |file: &Path| counter.saoy(["trust", "add", file.to_str().unwrap()]).done();
    let shown = || counter.saoy(["trust", "list"]).done();
    let count = |what: &str| shown()[what].as_array().unwrap().len();
    for office in &offices {
        authority(office, None);
        empty_list(office);
        _ = add(&office.join("ca.crt"));
        _ = add(&office.join("ca.crl"));
        _ = add(&office.join("ca.crl"));
    }
    assert_eq!(
        (count("authorities"), count("revocations")),
        (2, 2),
        "the same names, other issuers: {}",
        shown()
    );

    let older = fs::read(offices[0].join("ca.crl")).unwrap();
    a_second_passes();
    empty_list(&offices[0]);
    _ = add(&offices[0].join("ca.crl"));
    assert_eq!(count("revocations"), 2, "of one issuer the newest is shown: {}", shown());
    let mut folder = fs::read_dir(counter.home().join("trust")).unwrap();
    let is_older = |file: std::io::Result<fs::DirEntry>| fs::read(file.unwrap().path()).unwrap() == older;
    assert!(folder.any(is_older), "nobody has looked who signed the newer one: the older stays");
}

#[test]
fn who_no_longer_stands_in_the_newest_list_is_trusted_by_none() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let file = tsa.join("tinh.toml");
    let put = |number: &str, entries: &[(&str, &str, &str)]| {
        fs::write(&file, list("", entries).replace("01/DS", number)).unwrap();
        _ = counter.saoy(["trust", "add", file.to_str().unwrap()]).done();
        counter.saoy(["trust", "list"]).done()
    };
    let first = put("9/DS", &[("ca.crt", "certificates", "")]);
    assert_eq!(first["authorities"].as_array().unwrap().len(), 1);
    let second = put("10/DS", &[]);
    assert_eq!(second["lists"].as_array().unwrap().len(), 2, "both are there: {second}");
    assert_eq!(second["authorities"], serde_json::json!([]), "{second}");
    let old = second["lists"].as_array().unwrap().iter().find(|one| one["number"] == "9/DS").unwrap();
    assert_eq!(old["findings"], serde_json::json!(["superseded"]), "{second}");
}

#[test]
fn a_folder_that_cannot_be_read_is_told_and_not_taken_for_an_empty_one() {
    let counter = Counter::new();
    let made =
        counter.digitize(&[counter.put("1.jpg", saoy_tests::drawing::page(1, 200, 500).jpeg())]).done();
    let verify = || {
        counter.saoy(["verify", "--home", counter.home().to_str().unwrap(), made["pdf"].as_str().unwrap()])
    };
    assert_eq!(verify().code, 0);
    fs::write(counter.home().join("trust"), "").unwrap();
    assert_eq!(verify().error(), "storage", "whom they revoked is not known");
}
