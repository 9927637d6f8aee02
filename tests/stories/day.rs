//! A day at the counter: the first copy, its proof, and what the lists say afterwards.

use std::fs;
use std::path::Path;

use saoy_tests::{Answer, Counter, drawing, sha256};

#[test]
fn a_paper_of_two_pages_becomes_a_signed_coded_copy_that_waits() {
    let counter = Counter::new();
    let scans: Vec<Vec<u8>> = (0..2).map(|n| drawing::page(n, 200, 7).jpeg()).collect();
    let pages: Vec<_> =
        scans.iter().enumerate().map(|(n, scan)| counter.put(&format!("trang {n}.jpg"), scan)).collect();

    let made = counter.digitize(&pages).done();
    assert_eq!(made["pages"], 2);
    assert_eq!(made["signed_by"], "Nguyễn Thị Lan");
    assert_eq!(made["findings"].as_array().unwrap().len(), 0, "clean scans: {made}");
    let pdf = fs::read(made["pdf"].as_str().unwrap()).unwrap();
    assert_eq!(made["sha256"], sha256(&pdf), "the answer names the file as it lies on disk");
    for scan in &scans {
        let body = &scan[..];
        assert!(pdf.windows(body.len()).any(|window| window == body), "a JPEG goes in byte for byte");
    }

    let verdict = counter
        .saoy(["verify", "--home", counter.home().to_str().unwrap(), made["pdf"].as_str().unwrap()])
        .done();
    assert_eq!(verdict["verdict"], "valid");
    assert_eq!(verdict["code"], made["code"]);
    assert_eq!(verdict["signatures"][0]["coverage"], "whole");

    let list = counter.saoy(["list"]).done();
    assert_eq!(list["records"][0]["code"], made["code"]);
    assert_eq!(list["records"][0]["owner"], "001087000001");
    let outbox = counter.saoy(["outbox"]).done();
    assert_eq!(outbox["items"][0]["state"], "waiting");
    assert_eq!(outbox["items"][0]["record"], made["record"]);
    let check = counter.saoy(["check"]).done();
    assert_eq!((&check["records"], &check["blobs"]), (&1.into(), &3.into()), "two originals and the copy");
}

#[test]
fn a_pdf_that_is_already_signed_is_kept_whole_and_said_so() {
    let counter = Counter::new();
    let scan = counter.put("trang.jpg", drawing::page(1, 200, 7).jpeg());
    let first = counter.digitize(&[scan]).done();
    let signed = fs::read(first["pdf"].as_str().unwrap()).unwrap();

    let other = Counter::new();
    let brought = other.put("da-ky.pdf", &signed);
    // It is no scan: nothing about paper and resolution stands in the way.
    let kept = other.digitize(&[brought]).done();
    assert_eq!(kept["findings"].as_array().unwrap().len(), 1, "{kept}");
    let told = |kept: &serde_json::Value| {
        let findings = kept["findings"].as_array().unwrap();
        let one = findings.iter().find(|finding| finding["kind"] == "already_signed");
        let one = one.unwrap_or_else(|| panic!("{kept}"));
        (one["severity"].as_str().unwrap().to_owned(), one["detail"].as_str().unwrap().to_owned())
    };
    assert_eq!(told(&kept), ("notice".to_owned(), "unknown".to_owned()), "nobody here knows the signer");
    assert!(fs::read(kept["pdf"].as_str().unwrap()).unwrap() == signed, "not a byte is rewritten");

    // At the counter whose clerk signed it, the signature holds; where a byte was changed, it does not anywhere.
    let again = counter.digitize_anyway(&[counter.put("của mình.pdf", &signed)]).done();
    assert_eq!(told(&again).1, "valid");
    let mut altered = signed.clone();
    let middle = altered.windows(6).position(|w| w == b"stream").unwrap() + 40;
    altered[middle] ^= 1;
    let altered = other.put("sua.pdf", &altered);
    let refused = other.digitize(std::slice::from_ref(&altered));
    assert_eq!((refused.code, refused.error()), (2, "findings"), "{}", refused.stdout);
    let accepted = other.digitize_anyway(&[altered]).done();
    assert_eq!(told(&accepted), ("warning".to_owned(), "invalid".to_owned()));
    other.is_sound();
}

#[test]
fn a_file_is_judged_by_the_counter_of_this_machine_unless_that_is_said() {
    let counter = Counter::new();
    let page = counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
    let made = counter.digitize_anyway(&[page]).done();
    // The platform's folder, as everybody else finds it.
    let data = counter.desk().join("data");
    fs::create_dir(&data).unwrap();
    fs::rename(counter.home(), data.join("saoy")).unwrap();
    let pdf = data
        .join("saoy")
        .join(Path::new(made["pdf"].as_str().unwrap()).strip_prefix(counter.home()).unwrap());
    let verify = |more: &[&str]| {
        let mut command = counter.command(["verify"]);
        command.args(more).arg(&pdf).env_remove("SAOY_HOME").env("XDG_DATA_HOME", &data);
        Answer::from(command.output().unwrap())
    };
    assert_eq!(verify(&[]).code, 0, "its own clerk signed");
    assert_eq!(verify(&["--no-counter"]).code, 3, "nobody is asked");
}
