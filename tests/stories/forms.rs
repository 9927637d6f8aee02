//! Papers that go out: printed from templates an office may replace.

use std::fs;
use std::path::PathBuf;

use saoy_tests::{Answer, Counter, root};

fn counter() -> (Counter, String) {
    let counter = Counter::new();
    let sample = root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    let taken = counter
        .saoy([
            "dossier",
            "receive",
            "--procedure",
            "1.001193",
            "--owner",
            "001087000001",
            "--owner-name",
            "Nguyễn Thị Ỷ",
            "--address",
            "Số 1, phố Huế, Hà Nội",
            "--phone",
            "0900000000",
            "--way-of-return",
            "counter",
            "--paper",
            "1=original",
            "--paper",
            "2=original",
            "--paper",
            "3=shown",
        ])
        .done();
    let id = taken["dossier"].as_str().unwrap().to_owned();
    (counter, id)
}

fn form(counter: &Counter, kind: &str, of: &str, more: &[&str]) -> (Answer, PathBuf) {
    let out = counter.desk().join(format!("{kind}.pdf"));
    let asked = ["dossier", "form", kind, of, "--force", "--out", out.to_str().unwrap()];
    (counter.saoy(asked.iter().chain(more)), out)
}

#[test]
fn an_office_replaces_a_template_and_its_slip_is_named() {
    let (counter, id) = counter();
    let (made, shipped) = form(&counter, "receipt", &id, &[]);
    let _ = made.done();
    let shipped = fs::read(shipped).unwrap();
    assert!(shipped.starts_with(b"%PDF-"));

    let own = counter.home().join("forms");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("receipt.typ"), "#let d = json(\"data.json\")\nGiấy của xã: #d.dossier.code\n")
        .unwrap();
    let (made, file) = form(&counter, "receipt", &id, &[]);
    let _ = made.done();
    assert_ne!(fs::read(file).unwrap(), shipped);

    fs::write(own.join("receipt.typ"), "dòng một\n\n#khong-co\n").unwrap();
    let before = counter.holds();
    let (refused, _) = form(&counter, "receipt", &id, &[]);
    assert_eq!((refused.code, refused.error()), (2, "bad_form"));
    assert_eq!(refused.json["error"]["params"]["line"], "3");
    fs::write(own.join("receipt.typ"), "#read(\"../counter.db\")").unwrap();
    assert_eq!(form(&counter, "receipt", &id, &[]).0.error(), "bad_form", "a template reaches no file");
    fs::remove_file(own.join("receipt.typ")).unwrap();
    assert!(before.len() > 5);
}

#[test]
fn what_cannot_be_printed_says_so() {
    let (counter, id) = counter();
    assert_eq!(form(&counter, "receipt", "không có", &[]).0.error(), "not_found");
    assert_eq!(form(&counter, "register", "hôm nay", &[]).0.error(), "bad_time");
    assert_eq!(form(&counter, "letter", &id, &[]).0.error(), "bad_word");
    assert_eq!(form(&counter, "receipt", &id, &["--sheet", "a3"]).0.error(), "bad_word");
    let nowhere = counter.desk().join("không có/x.pdf");
    let refused = counter.saoy(["dossier", "form", "receipt", &id, "--out", nowhere.to_str().unwrap()]);
    assert_eq!(refused.error(), "output_refused");
}
