//! A citizen's dossier from the first greeting to the hand-over, told without a window.

use std::fs;
use std::path::{Path, PathBuf};

use saoy_tests::{Answer, Counter, drawing, root, sha256};
use serde_json::{Value, json};

/// A counter with the sample catalogue and a stack of clean scans.
fn counter() -> (Counter, Vec<PathBuf>) {
    let counter = Counter::new();
    let sample = root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    let pages =
        (0..3).map(|n| counter.put(&format!("trang {n}.jpg"), drawing::page(n, 200, 31).jpeg())).collect();
    (counter, pages)
}

fn receive(counter: &Counter, more: &[&str]) -> Answer {
    let usual = [
        "dossier",
        "receive",
        "--procedure",
        "1.001193",
        "--owner",
        "001087000001",
        "--owner-name",
        "Nguyễn Văn An",
        "--owner-kind",
        "citizen",
    ];
    counter.saoy(usual.iter().chain(more))
}

fn dossier(counter: &Counter, command: &str, id: &str, more: &[&str]) -> Answer {
    counter.saoy(["dossier", command, id].iter().chain(more))
}

fn copy(counter: &Counter, id: &str, page: &Path, more: &[&str]) -> Answer {
    let page = page.to_str().unwrap();
    counter.saoy(["digitize", "--dossier", id, page].iter().chain(more))
}

fn states(view: &Value) -> Vec<&str> {
    view["papers"].as_array().unwrap().iter().map(|paper| paper["state"].as_str().unwrap()).collect()
}

#[test]
fn five_papers_one_exempt_one_reused_one_with_a_note() {
    let (counter, pages) = counter();
    // An earlier visit left the parents' marriage certificate in the store.
    let stored = counter
        .saoy([
            "digitize",
            "--owner",
            "001087000001",
            "--type",
            "1.000894.KQ",
            "--name",
            "Giấy chứng nhận kết hôn",
            "--permanent",
            pages[2].to_str().unwrap(),
        ])
        .done();

    let taken =
        receive(&counter, &["--paper", "1=original", "--paper", "2=original", "--paper", "3=shown"]).done();
    let id = taken["dossier"].as_str().unwrap();
    assert_eq!((&taken["state"], &taken["state_number"]), (&json!("received"), &json!(2)));
    assert!(taken["provisional"].as_bool().unwrap() && taken["code"].as_str().unwrap().starts_with("TAM-"));
    assert_eq!(states(&taken), ["to_copy", "to_copy", "exempt", "missing", "not_given"]);
    assert_eq!(taken["papers"][2]["exemption"], "shown", "and why");
    assert_eq!(taken["missing"], json!([1, 2, 4]));
    assert!(taken["due_at"].as_str().is_some(), "a procedure with a term has a due date: {taken}");

    let early = dossier(&counter, "forward", id, &["--to", "Phòng Tư pháp"]);
    assert_eq!((early.code, early.error()), (2, "dossier_incomplete"));
    assert!(early.stderr.contains("1. Tờ khai đăng ký khai sinh"), "named: {}", early.stderr);

    let record = stored["record"].as_str().unwrap();
    let set = dossier(
        &counter,
        "papers",
        id,
        &["--set", &format!("4=in_store:{record}"), "--note", "2=rách góc phải"],
    )
    .done();
    assert_eq!(states(&set), ["to_copy", "to_copy", "exempt", "reused", "not_given"]);
    assert_eq!(set["papers"][1]["note"], "rách góc phải");
    assert_eq!(set["papers"][3]["code"], stored["code"], "the stored copy's code is shown");

    let made = copy(&counter, id, &pages[0], &["--place", "1"]).done();
    assert!(made["code"].as_str().unwrap().starts_with("001087000001.1.001193.01."), "{made}");
    let _ = copy(&counter, id, &pages[1], &["--type", "1.001193.02"]).done();
    let stands = dossier(&counter, "status", id, &[]).done();
    assert_eq!(states(&stands), ["copied", "copied", "exempt", "reused", "not_given"]);
    assert_eq!(stands["missing"], json!([]));

    let out = counter.desk().join("ban-giao");
    let gone = dossier(
        &counter,
        "forward",
        id,
        &["--to", "Phòng Tư pháp", "--originals", "department", "--out", out.to_str().unwrap()],
    )
    .done();
    assert_eq!(
        (&gone["state"], &gone["unit"], &gone["holder"]),
        (&json!("in_progress"), &json!("Phòng Tư pháp"), &json!("department"))
    );
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("ho-so.json")).unwrap()).unwrap();
    assert_eq!(
        (&manifest["procedure"], &manifest["channel"], &manifest["status"]),
        (&json!("1.001193"), &json!(1), &json!(4))
    );
    assert_eq!(manifest["owner"]["id"], "001087000001");
    assert_eq!(manifest["received"].as_str().unwrap().len(), 14, "yyyyMMddHHmmss");
    let digitized: Vec<_> = manifest["papers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["digitized"].as_u64().unwrap(), p["reused"].as_u64().unwrap()))
        .collect();
    assert_eq!(digitized, [(1, 0), (1, 0), (0, 0), (0, 1), (0, 0)]);
    let mut files = 0;
    for paper in manifest["papers"].as_array().unwrap().iter().filter(|paper| paper["file"].is_string()) {
        let file = out.join(paper["file"].as_str().unwrap());
        assert_eq!(json!(sha256(&fs::read(&file).unwrap())), paper["sha256"]);
        let verdict = counter
            .saoy(["verify", "--home", counter.home().to_str().unwrap(), file.to_str().unwrap()])
            .done();
        assert_eq!((&verdict["verdict"], &verdict["code"]), (&json!("valid"), &paper["code"]));
        assert!(!file.to_string_lossy().contains("001087000001"), "no file name holds the owner's number");
        files += 1;
    }
    assert_eq!(files, 3);
    assert_eq!(dossier(&counter, "forward", id, &["--to", "x"]).error(), "illegal_move", "once");
    counter.is_sound();
    let kinds: Vec<_> = counter.saoy(["outbox"]).done()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        kinds,
        [
            "catalogue_imported",
            "digitized",
            "dossier_received",
            "dossier_paper_set",
            "dossier_paper_set",
            "digitized",
            "digitized",
            "dossier_moved"
        ]
    );
}

#[test]
fn what_must_not_be_copied_is_refused_with_its_reason() {
    let (counter, pages) = counter();
    let taken = receive(&counter, &["--paper", "1=secret", "--paper", "2=photocopy"]).done();
    let id = taken["dossier"].as_str().unwrap();
    let before = counter.holds();
    for (place, words) in [("1", "giấy tờ mật"), ("2", "bản sao chụp")] {
        let refused = copy(&counter, id, &pages[0], &["--place", place]);
        assert_eq!((refused.code, refused.error()), (2, "paper_exempt"));
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    assert_eq!(copy(&counter, id, &pages[0], &["--place", "9"]).error(), "not_found");
    assert_eq!(copy(&counter, "không có", &pages[0], &["--place", "1"]).error(), "not_found");
    assert_eq!(counter.holds(), before);
    // What nothing was said about is an original once it is copied, and copied once.
    let _ = copy(&counter, id, &pages[0], &["--place", "5"]).done();
    assert_eq!(dossier(&counter, "status", id, &[]).done()["papers"][4]["submission"], "original");
    assert_eq!(copy(&counter, id, &pages[1], &["--place", "5"]).error(), "paper_copied");
    assert_eq!(dossier(&counter, "papers", id, &["--set", "5=none"]).error(), "paper_copied");
    counter.is_sound();
}

#[test]
fn a_copy_is_reused_only_for_its_owner_and_while_it_holds() {
    let (counter, pages) = counter();
    let store = |owner: &str, until: &str| {
        let page = pages[0].to_str().unwrap();
        counter
            .saoy([
                "digitize",
                "--owner",
                owner,
                "--type",
                "X.1",
                "--name",
                "Giấy tờ",
                "--valid-until",
                until,
                page,
            ])
            .done()["record"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (others, expired, good) = (
        store("001087000002", "2099-01-01"),
        store("001087000001", "2020-01-01"),
        store("001087000001", "2099-01-01"),
    );
    let id = receive(&counter, &[]).done()["dossier"].as_str().unwrap().to_owned();
    let reuse = |record: &str| dossier(&counter, "papers", &id, &["--set", &format!("4=in_store:{record}")]);
    let before = counter.holds();
    for (record, words) in [(&others, "của chủ hồ sơ khác"), (&expired, "đã hết hiệu lực")] {
        let refused = reuse(record);
        assert_eq!(refused.error(), "not_reusable");
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    assert_eq!(reuse("không có").error(), "not_found");
    assert_eq!(counter.holds(), before);
    assert_eq!(states(&reuse(&good).done())[3], "reused");
}

#[test]
fn the_states_follow_each_other_and_say_why_when_they_do_not() {
    let (counter, _) = counter();
    let id = receive(&counter, &[]).done()["dossier"].as_str().unwrap().to_owned();
    let moved = |word: &str, more: &[&str]| dossier(&counter, "move", &id, &[&[word], more].concat());
    assert_eq!(moved("finish", &[]).error(), "illegal_move");
    assert!(moved("finish", &[]).stderr.contains("“đã tiếp nhận”"), "in words");
    assert_eq!(moved("ask_supplement", &[]).error(), "reason_missing");
    assert_eq!(moved("jump", &[]).error(), "bad_word");
    let asked = moved("ask_supplement", &["--reason", "Thiếu Giấy chứng sinh"]).done();
    assert_eq!(asked["state_number"], 5);
    assert_eq!(asked["moves"], json!(["supplement", "withdraw", "stop"]));
    assert_eq!(moved("supplement", &[]).done()["state"], "received");
    let withdrawn = moved("withdraw", &["--reason", "Công dân xin rút", "--originals", "citizen"]).done();
    assert_eq!(
        (&withdrawn["state"], &withdrawn["holder"], &withdrawn["moves"]),
        (&json!("withdrawn"), &json!("citizen"), &json!([]))
    );
    assert_eq!(withdrawn["steps"].as_array().unwrap().len(), 4);
    assert_eq!(dossier(&counter, "papers", &id, &["--set", "1=shown"]).error(), "dossier_closed");
    counter.is_sound();
}

#[test]
fn codes_come_from_the_reserved_range_or_wait() {
    let (counter, _) = counter();
    let waiting = receive(&counter, &[]).done();
    let code = |view: &Value| view["code"].as_str().unwrap().to_owned();
    assert!(waiting["provisional"].as_bool().unwrap());
    let numbered = dossier(&counter, "number", &code(&waiting), &["H56.14-261124-0099"]).done();
    assert_eq!((code(&numbered).as_str(), &numbered["provisional"]), ("H56.14-261124-0099", &json!(false)));
    assert_eq!(
        dossier(&counter, "number", &code(&numbered), &["H56.14-261124-0100"]).error(),
        "already_numbered"
    );
    assert_eq!(receive(&counter, &["--code", "h56-1"]).error(), "bad_dossier_code");
    assert_eq!(receive(&counter, &["--code", "H56.14-261124-0099"]).error(), "bad_dossier_code", "taken");

    let settings = counter.home().join("counter.toml");
    fs::write(&settings, "dossier_numbers = \"2000-2001\"\n").unwrap();
    let numbers: Vec<String> = (0..3).map(|_| code(&receive(&counter, &[]).done())).collect();
    assert!(numbers[0].starts_with("H56.14-") && numbers[0].ends_with("-2000"), "{numbers:?}");
    assert!(
        numbers[1].ends_with("-2001") && numbers[2].starts_with("TAM-"),
        "the range is not overrun: {numbers:?}"
    );
    assert_ne!(code(&waiting), numbers[2], "a provisional code is never given twice");
    fs::write(&settings, "dossier_numbers = \"9-1\"\n").unwrap();
    assert_eq!(receive(&counter, &[]).error(), "bad_settings");
}

#[test]
fn a_request_is_checked_before_anything_happens() {
    let (counter, _) = counter();
    let before = counter.holds();
    assert_eq!(receive(&counter, &["--birth", "1987-02-30"]).error(), "field_issues");
    assert_eq!(receive(&counter, &["--way-of-return", "pigeon"]).error(), "bad_word");
    assert_eq!(receive(&counter, &["--paper", "9=shown"]).error(), "not_found");
    assert_eq!(receive(&counter, &["--paper", "shown"]).code, 64);
    let unknown = counter.saoy(["dossier", "receive", "--procedure", "9.999999", "--owner-name", "An"]);
    assert_eq!(unknown.error(), "not_found");
    assert_eq!(
        counter.saoy(["dossier", "receive", "--procedure", "1.001193", "--owner-name", " "]).error(),
        "field_issues"
    );
    assert_eq!(counter.holds(), before);
    assert!(
        receive(&counter, &["--birth", "1987", "--sex", "male"]).done()["owner"]["birth"] == "1987",
        "year only stays so"
    );
}

#[test]
fn a_dossier_changed_behind_the_programs_back_shows() {
    let (counter, _) = counter();
    let _ = receive(&counter, &[]).done();
    counter.is_sound();
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    db.execute("UPDATE dossier SET body = replace(body, 'Nguyễn Văn An', 'Trần Văn Bình')", []).unwrap();
    drop(db);
    let check = counter.saoy(["check"]);
    assert_eq!(check.code, 2);
    assert!(check.stdout.contains("differs from the journal"), "{}", check.stdout);
}

#[test]
fn a_package_is_swept_only_by_who_has_the_counter_alone() {
    let (counter, _) = counter();
    let package = counter.home().join("handover/chưa-chuyển");
    fs::create_dir_all(&package).unwrap();
    // Somebody is handing a dossier over just now: the package is there, the row is not yet.
    let held = fs::File::options().write(true).open(counter.home().join("lock")).unwrap();
    held.lock_shared().unwrap();
    counter.is_sound();
    assert!(package.is_dir(), "it may be the other one's");
    drop(held);
    counter.is_sound();
    assert!(!package.exists(), "a crash left it behind");
}

#[test]
fn a_package_that_cannot_be_put_where_it_was_wanted_is_handed_over_all_the_same() {
    let counter = Counter::new();
    let procedure = json!({"code": "9.000001", "name": "Thủ tục thử", "field": "Thử nghiệm",
        "papers": [{"code": "9.000001.01", "name": "Tờ khai", "required": true}]});
    let file = counter.put("thu-tuc.json", json!({ "procedures": [procedure] }).to_string());
    _ = counter.saoy(["catalogue", "import", file.to_str().unwrap()]).done();
    let receive = ["dossier", "receive", "--procedure", "9.000001", "--owner", "001087000001"];
    let more = ["--owner-name", "Nguyễn Văn An", "--paper", "1=shown"];
    let id = counter.saoy(receive.iter().chain(&more)).done()["dossier"].as_str().unwrap().to_owned();

    // A link that leads nowhere takes no folder in its place.
    let shelf = counter.desk().join("kệ");
    fs::create_dir(&shelf).unwrap();
    let out = shelf.join("gói");
    std::os::unix::fs::symlink("không-có", &out).unwrap();
    let made = dossier(&counter, "forward", &id, &["--to", "Phòng Tư pháp", "--out", out.to_str().unwrap()]);
    assert_eq!(made.code, 0, "{}", made.stdout);
    assert_eq!(made.json["refused"]["kind"], "output_refused", "{}", made.stdout);
    assert!(made.stderr.lines().count() >= 3, "it is said why: {}", made.stderr);
    let package = Path::new(made.json["package"].as_str().unwrap());
    assert!(package.starts_with(counter.home()) && package.join("ho-so.json").is_file());
    assert_eq!(fs::read_dir(&shelf).unwrap().count(), 1, "nothing half made is left");
    counter.is_sound();
    assert!(package.is_dir(), "and it is not swept away");
}
