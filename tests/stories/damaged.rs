//! Files that are damaged, hostile or of another kind: each is refused by name, with the home as
//! it was; nothing is half taken in.

use std::path::PathBuf;

use saoy_tests::{Counter, drawing};

/// Digitizes one file that must be refused and answers the tag of the error; the home is unchanged
/// and the prose names the file.
fn refused(counter: &Counter, name: &str, bytes: &[u8]) -> String {
    let file = counter.put(name, bytes);
    let before = counter.holds();
    let answer = counter.digitize_anyway(&[file]);
    assert_eq!(answer.code, 2, "{name}: {} {}", answer.stdout, answer.stderr);
    assert_eq!(counter.holds(), before, "{name}: the home is as before");
    assert!(answer.stderr.contains(name), "the clerk is told which file: {}", answer.stderr);
    assert!(!answer.stderr.contains('{'), "every place of the text is filled: {}", answer.stderr);
    answer.error().to_owned()
}

#[test]
fn a_scan_cut_anywhere_is_refused() {
    let counter = Counter::new();
    let scan = drawing::page(1, 100, 3).jpeg();
    for tenth in 1..10 {
        let cut = scan.len() * tenth / 10;
        refused(&counter, "cut.jpg", &scan[..cut]);
    }
    refused(&counter, "no-end.jpg", &scan[..scan.len() - 2]);
    let png = drawing::page(1, 50, 3).png();
    for tenth in 1..10 {
        refused(&counter, "cut.png", &png[..png.len() * tenth / 10]);
    }
}

#[test]
fn a_scan_with_a_hole_is_refused() {
    let counter = Counter::new();
    let scan = drawing::page(2, 100, 3).jpeg();
    let mut hole = scan.clone();
    let middle = hole.len() / 2;
    // Zeros where the network dropped: the entropy-coded data no longer fills the page.
    hole[middle..middle + 2000].fill(0);
    refused(&counter, "hole.jpg", &hole);
    let mut png = drawing::page(2, 50, 3).png();
    let middle = png.len() / 2;
    png[middle] ^= 0x10;
    refused(&counter, "flipped.png", &png);
}

#[test]
fn what_is_no_scan_is_refused_whatever_its_name() {
    let counter = Counter::new();
    let cases: [(&str, Vec<u8>); 7] = [
        ("empty.jpg", Vec::new()),
        ("text.pdf", b"Kinh gui: UBND xa".to_vec()),
        ("program.jpg", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec()),
        ("archive.png", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1".to_vec()),
        ("photo.avif", b"\0\0\0\x18ftypavif\0\0\0\0avifmif1".to_vec()),
        ("only-a-header.pdf", b"%PDF-1.7\n".to_vec()),
    ];
    for (name, bytes) in cases {
        refused(&counter, name, &bytes);
    }
}

#[test]
fn a_picture_that_claims_a_world_of_pixels_is_refused_without_being_decoded() {
    let counter = Counter::new();
    let mut png = drawing::page(1, 20, 3).png();
    // Width and height of the IHDR, its check sum set right again.
    png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    refused(&counter, "bomb.png", &png);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1)))
    })
}

#[test]
fn one_bad_file_among_good_ones_takes_none_in() {
    let counter = Counter::new();
    let scan = drawing::page(1, 200, 3).jpeg();
    let good = counter.put("good.jpg", &scan);
    let bad = counter.put("bad.jpg", &scan[..scan.len() / 2]);
    let before = counter.holds();
    let answer = counter.digitize_anyway(&[good.clone(), bad, good]);
    assert_eq!(answer.code, 2);
    assert_eq!(counter.holds(), before);
}

#[test]
fn every_finding_is_told_at_once_and_accepted_only_by_name() {
    let counter = Counter::new();
    let coarse = counter.put("coarse.jpg", drawing::page(1, 100, 3).jpeg());
    let blank = counter.put("blank.jpg", drawing::Sheet::a4(200).jpeg());
    let pages = [coarse.clone(), blank, coarse];
    let before = counter.holds();
    let answer = counter.digitize(&pages);
    assert_eq!((answer.code, answer.error()), (2, "findings"), "{}", answer.stdout);
    assert_eq!(counter.holds(), before);
    let kinds: Vec<String> = answer.json["error"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{}:{}", finding["page"], finding["kind"].as_str().unwrap()))
        .collect();
    for expected in ["1:low_dpi", "2:blank", "3:low_dpi", "3:duplicate"] {
        assert!(kinds.iter().any(|kind| kind == expected), "{expected} is among {kinds:?}");
    }
    let made = counter.digitize_anyway(&pages).done();
    assert!(made["findings"].as_array().unwrap().len() >= 4, "accepted findings stay on record: {made}");
}

#[test]
fn a_wrong_pin_changes_nothing_and_is_not_told_back() {
    let counter = Counter::new();
    let page = counter.put("page.jpg", drawing::page(1, 200, 3).jpeg());
    let before = counter.holds();
    let output =
        counter.command(Counter::birth_certificate(&[page])).env("SAOY_PIN", "13572468").output().unwrap();
    let answer = saoy_tests::Answer::from(output);
    assert_eq!((answer.code, answer.error()), (2, "wrong_pin"), "{}", answer.stdout);
    assert!(!answer.stderr.contains("13572468") && !answer.stdout.contains("13572468"));
    assert_eq!(counter.holds(), before);
}

/// Third-party files: whatever comes, an answer with a documented code, and the home sound.
#[test]
#[ignore = "walks the folder SAOY_INPUTS names; `make test` asks for it where there is one"]
fn third_party_files_are_taken_in_or_refused_but_never_bring_the_counter_down() {
    let folder = saoy_tests::inputs().expect("SAOY_INPUTS names a folder");
    let counter = Counter::new();
    let mut folders = vec![folder];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::metadata(&path).unwrap().len() < 4 << 20 {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut taken = 0;
    for file in files {
        let answer = counter.digitize_anyway(std::slice::from_ref(&file));
        assert!([0, 2].contains(&answer.code), "{}: {} {}", file.display(), answer.code, answer.stderr);
        if answer.code == 0 {
            taken += 1;
            let verdict = counter.saoy([
                "verify",
                "--home",
                counter.home().to_str().unwrap(),
                answer.json["pdf"].as_str().unwrap(),
            ]);
            if answer.json["findings"].as_array().unwrap().iter().all(|f| f["kind"] != "already_signed") {
                assert_eq!(verdict.code, 0, "{}: {}", file.display(), verdict.stdout);
            }
        } else {
            assert!(!answer.error().is_empty(), "{}: {}", file.display(), answer.stdout);
        }
    }
    assert!(taken > 100, "most pictures of the sample are good: {taken}");
    counter.is_sound();
}
