//! The office's procedures: a new catalogue is previewed, imported whole or not at all, and found
//! as one types; the card of whoever brings the papers.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use saoy_tests::{Answer, Counter, root};
use serde_json::json;

const HEADER: &str = "ma_tthc;ten_tthc;linh_vuc;thoi_han;ma_giay_to;ten_giay_to;bat_buoc;ban_chinh;ban_sao\n";

fn province(rows: usize) -> String {
    let mut text = HEADER.to_owned();
    for n in 0..rows {
        let _ = writeln!(
            text,
            "1.{n:06};Cấp giấy phép số {n} cho hộ kinh doanh;Lĩnh vực {};5 ngày làm việc;1.{n:06}.01;Đơn đề nghị;x;1;0",
            n % 40
        );
    }
    text
}

fn import(counter: &Counter, file: &std::path::Path, more: &[&str]) -> Answer {
    let file = file.to_str().unwrap();
    counter.saoy(["catalogue", "import", file].iter().chain(more))
}

#[test]
fn a_province_is_previewed_imported_and_found() {
    let counter = Counter::new();
    let first = counter.put("danh mục.csv", province(2500));
    let before = counter.holds();
    let preview = import(&counter, &first, &["--preview"]).done();
    assert_eq!((preview["procedures"].as_u64(), preview["version"].as_u64()), (Some(2500), None));
    assert_eq!(preview["new"].as_array().unwrap().len(), 2500);
    assert_eq!(counter.holds(), before, "a preview keeps nothing");

    assert_eq!(import(&counter, &first, &["--effective", "2026-01-01"]).done()["version"], 1);
    counter.is_sound();
    let outbox = counter.saoy(["outbox"]).done();
    assert_eq!(outbox["items"][0]["kind"], "catalogue_imported");

    // One changed, one gone, one new; another day. What holds today is the old one still.
    let second = province(2500)
        .replace("1.000007;Cấp giấy phép số 7 ", "1.000007;Cấp lại giấy phép số 7 ")
        .replace("1.000009;", "1.900009;")
        .replace("1.000009.01", "1.900009.01");
    let second = counter.put("mới.csv", second);
    let change = import(&counter, &second, &["--effective", "2999-01-01"]).done();
    assert_eq!(
        change["changed"],
        json!([{"code": "1.000007", "name": "Cấp lại giấy phép số 7 cho hộ kinh doanh", "facts": ["name"]}])
    );
    assert_eq!(
        (&change["gone"][0]["code"], &change["new"][0]["code"]),
        (&json!("1.000009"), &json!("1.900009"))
    );
    let versions = counter.saoy(["catalogue", "versions"]).done();
    assert_eq!(
        (&versions["versions"][0]["in_force"], &versions["versions"][1]["in_force"]),
        (&json!(false), &json!(true))
    );

    // What begins before the version in force is never used, and that is said.
    assert!(change["overtaken_by"].is_null());
    let late = import(&counter, &first, &["--effective", "2025-01-01", "--preview"]);
    assert!(late.stderr.contains("áp dụng từ 2026-01-01"), "{}", late.stderr);
    assert_eq!(late.done()["overtaken_by"], "2026-01-01");

    for query in ["giấy phép số 7", "giay phep so 7", "1.000007"] {
        let found = counter.saoy(["catalogue", "search", query]).done();
        assert_eq!(found["procedures"][0]["code"], "1.000007", "{query}");
    }
    let shown = counter.saoy(["catalogue", "show", "1.000007"]).done();
    assert_eq!(shown["papers"][0]["name"], "Đơn đề nghị");
    assert_eq!(counter.saoy(["catalogue", "show", "1.900009"]).error(), "not_found", "not in force yet");
    counter.is_sound();
}

#[test]
fn every_bad_line_is_named_and_none_is_half_applied() {
    let counter = Counter::new();
    let text = province(2500)
        .replace("1.000100;", "1.00100;")
        .replace("Cấp giấy phép số 200 cho hộ kinh doanh;", ";")
        .replacen(
            "1.000300;Cấp giấy phép số 300 cho hộ kinh doanh;Lĩnh vực 20;5 ngày làm việc",
            "1.000300;Cấp giấy phép số 300 cho hộ kinh doanh;Lĩnh vực 20;sớm",
            1,
        )
        + "1.000400;Tên khác;;;;;;;\n";
    let file = counter.put("hỏng.csv", text);
    let before = counter.holds();
    let refused = import(&counter, &file, &[]);
    assert_eq!((refused.code, refused.error()), (2, "bad_catalogue"));
    let lines: Vec<_> = refused.json["error"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["line"].as_u64().unwrap(), l["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(lines, [(102, "bad_code"), (202, "empty"), (302, "bad_term"), (2502, "contradicts")]);
    assert!(refused.stderr.contains("102: code mã không đúng"), "{}", refused.stderr);
    assert_eq!(counter.holds(), before);
    for (name, bytes) in
        [("rỗng.csv", &b""[..]), ("ảnh.csv", b"\xff\xd8\xff\xe0"), ("dở.json", b"{\"procedures\": [")]
    {
        let file = counter.put(name, bytes);
        assert_eq!(import(&counter, &file, &[]).error(), "bad_catalogue", "{name}");
    }
    assert_eq!(import(&counter, &counter.desk().join("không có.csv"), &[]).error(), "bad_catalogue");
    assert_eq!(import(&counter, counter.desk(), &[]).error(), "bad_catalogue", "a folder");
    assert_eq!(counter.holds(), before);
}

#[test]
fn the_shipped_sample_says_that_it_is_one() {
    let counter = Counter::new();
    let change = import(&counter, &root().join("assets/samples/procedures.json"), &[]).done();
    assert_eq!(change["sample"], true);
    assert_eq!(
        counter.saoy(["catalogue", "search", "khai sinh"]).done()["procedures"][0]["code"],
        "1.001193"
    );
}

#[test]
fn a_version_changed_behind_the_programs_back_shows() {
    let counter = Counter::new();
    let _ = import(&counter, &root().join("assets/samples/procedures.json"), &[]).done();
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    assert!(
        db.execute("UPDATE procedure SET name = 'x' WHERE code = '1.001193'", []).is_err(),
        "never changes"
    );
    db.execute_batch(
        "DROP TRIGGER procedure_is_kept_u; UPDATE procedure SET name = 'x' WHERE code = '1.001193';",
    )
    .unwrap();
    drop(db);
    let check = counter.saoy(["check"]);
    assert_eq!(check.code, 2);
    assert!(check.json["problems"][0].as_str().unwrap().starts_with("catalogue 1:"), "{}", check.stdout);
}

fn card(counter: &Counter, text: impl AsRef<[u8]>) -> Answer {
    let mut command = counter.command(["card"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_ref()).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_card_under_the_reader_is_read_with_its_doubts() {
    let counter = Counter::new();
    let text = "\u{feff}001087000001||Nguyễn Văn An|00001987|Nữ|Số 1, phố Huế, Hà Nội|25042021\r\n";
    let answer = card(&counter, text).done();
    assert_eq!((&answer["number"], &answer["province"]), (&json!("001087000001"), &json!("Hà Nội")));
    assert_eq!(answer["birth"], json!({"known": "year", "year": 1987}), "no invented first of January");
    assert_eq!(answer["doubts"], json!(["number_disagrees_with_sex"]));
    for text in [&b"Nguy\xe1\xbb\x85n|001087000001|x"[..], b"\xff\xfe|001087000001", b"", &[b'7'; 60_000]] {
        let answer = card(&counter, text);
        assert_eq!((answer.code, answer.error()), (2, "bad_card"), "{}", answer.stdout);
        let told = answer.stdout + &answer.stderr;
        assert!(!told.contains("001087000001") && !told.contains("777"), "personal data stays out: {told}");
    }
    assert_eq!(counter.saoy(["card", "001087000001|"]).code, 64, "a card is no argument");
    assert!(fs::read_dir(counter.home()).is_ok());
}

#[test]
fn whoever_stops_listening_is_told_nothing_more() {
    let counter = Counter::new();
    let mut command = counter.command(["catalogue", "versions", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let said = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!((said.status.code(), stderr.as_str()), (Some(0), ""));
}
