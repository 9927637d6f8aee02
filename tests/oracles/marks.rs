//! The mark beside what is signed, and the mark of a copy that is copied again.

use std::process::Command;

use saoy_tests::drawing;

use crate::signatures::verify;
use crate::{agencys_copy, make, run, script};

#[test]
fn a_mark_that_shows_another_code_than_is_signed_is_invalid() {
    let made = make(&[("một.jpg", drawing::page(1, 100, 5).jpeg())]);
    let folder = tempfile::tempdir().unwrap();
    script("marks.py", &[&made.pdf, folder.path()]);
    let good = verify(folder.path(), &folder.path().join("good.pdf"));
    assert_eq!(good["verdict"], "valid", "{good}");
    let other = verify(folder.path(), &folder.path().join("other-code.pdf"));
    assert_eq!(other["verdict"], "invalid", "{other}");
    assert!(other["reasons"].as_array().unwrap().contains(&"code_mismatch".into()), "{other}");
}

/// A page taken from a PDF, drawn by whoever draws marks: twice, so that names meet.
#[test]
fn a_copy_of_a_copy_keeps_the_mark_it_came_with() {
    let mut made = make(&[("một.jpg", drawing::page(1, 100, 5).jpeg())]);
    let folder = tempfile::tempdir().unwrap();
    let mut codes = vec![made.answer["code"].as_str().unwrap().to_owned()];
    for _ in 0..2 {
        script("marks.py", &[&made.pdf, folder.path()]);
        made.answer = made.counter.digitize_anyway(&[folder.path().join("unsigned.pdf")]).done();
        made.pdf = made.answer["pdf"].as_str().unwrap().into();
        codes.push(made.answer["code"].as_str().unwrap().to_owned());
    }
    let text = run(Command::new("pdftotext").arg("-layout").arg(&made.pdf).arg("-"));
    for code in &codes {
        assert_eq!(text.matches(code.as_str()).count(), 1, "{code} stands once:\n{text}");
    }
    let warned = run(Command::new("qpdf").arg("--check").arg(&made.pdf));
    assert!(!warned.contains("WARNING"), "{warned}");
    // The agency's mark shows no code; those of the copies it is a copy of are not its own.
    script("marks.py", &[&made.pdf, folder.path()]);
    let agencys = agencys_copy(&made.counter, &folder.path().join("unsigned.pdf"));
    let verdict = made.counter.saoy(["verify", agencys["pdf"].as_str().unwrap()]).done();
    assert_eq!(verdict["verdict"], "valid", "{verdict}");
}
