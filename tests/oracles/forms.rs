//! The forms, read back by poppler, zbar and qpdf.

use std::path::{Path, PathBuf};
use std::process::Command;

use saoy_tests::{Counter, drawing, root};
use serde_json::Value;

use super::{is_pdfa, render, run};

struct Case {
    counter: Counter,
    id: String,
    code: String,
}

fn case() -> Case {
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
            "--submitter-name",
            "Đặng Quốc Ưng",
            "--address",
            "Số 1, phố Huế, Hà Nội",
            "--way-of-return",
            "post",
            "--code",
            "H56.14-261124-0007",
            "--paper",
            "1=original",
            "--paper",
            "2=certified_copy",
            "--paper",
            "3=shown",
        ])
        .done();
    let text = |name: &str| taken[name].as_str().unwrap().to_owned();
    Case { id: text("dossier"), code: text("code"), counter }
}

fn form(case: &Case, kind: &str, of: &str, sheet: &str) -> PathBuf {
    let out = case.counter.desk().join(format!("{kind}-{sheet}.pdf"));
    let asked = ["dossier", "form", kind, of, "--sheet", sheet, "--force", "--out", out.to_str().unwrap()];
    let _ = case.counter.saoy(asked).done();
    out
}

/// Words as poppler reads them, runs of white space as one.
fn words(pdf: &Path) -> String {
    let text = run(Command::new("pdftotext").arg(pdf).arg("-"));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn symbols(pdf: &Path, name: &str, case: &Case) -> String {
    let picture = render(pdf, 1, 200, &case.counter.desk().join(name));
    run(Command::new("zbarimg").args(["-q", "--raw"]).arg(picture))
}

#[test]
fn the_receipt_says_everything_on_both_sheets() {
    let case = case();
    for sheet in ["a4", "a5"] {
        let pdf = form(&case, "receipt", &case.id, sheet);
        run(Command::new("qpdf").arg("--check").arg(&pdf));
        let text = words(&pdf);
        for said in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            "UBND XÃ THỬ NGHIỆM",
            &case.code,
            "Đặng Quốc Ưng",
            "Nguyễn Thị Ỷ",
            "Đăng ký khai sinh",
            "Tờ khai đăng ký khai sinh",
            "1 bộ",
            "trong ngày",
            "Nguyễn Thị Lan",
            "Dịch vụ bưu chính công ích",
            "NGƯỜI NỘP HỒ SƠ",
        ] {
            assert!(text.contains(said), "{sheet}: {said} in {text}");
        }
        assert!(!text.contains("Văn bản ủy quyền"), "only papers that were handed in are listed");
        let read = symbols(&pdf, sheet, &case);
        assert!(read.contains(&format!("{}|1.001193|Nguyễn Thị Lan|receipt", case.code)), "the QR: {read}");
        assert!(read.lines().any(|line| line == case.code), "the bar code: {read}");
        let size = run(Command::new("pdfinfo").arg(&pdf));
        assert!(
            size.contains(if sheet == "a4" { "595.276 x 841.89" } else { "419.528 x 595.276" }),
            "{size}"
        );
        assert!(size.contains("Pages:           1"), "one sheet: {size}");
    }
}

#[test]
fn every_other_form_carries_its_facts() {
    let case = case();
    let said = |pdf: &Path, words_of: &[&str]| {
        run(Command::new("qpdf").arg("--check").arg(pdf));
        let text = words(pdf);
        words_of.iter().for_each(|word| assert!(text.contains(word), "{word} in {text}"));
    };
    let page = case.counter.put("trang.jpg", drawing::page(1, 200, 9).jpeg());
    let made =
        case.counter.saoy(["digitize", "--dossier", &case.id, "--place", "1", page.to_str().unwrap()]).done();
    let asked = ["dossier", "move", &case.id, "ask_supplement", "--reason", "Thiếu Giấy chứng nhận kết hôn"];
    let _ = case.counter.saoy(asked).done();
    said(
        &form(&case, "supplement", &case.id, "a4"),
        &["PHIẾU YÊU CẦU BỔ SUNG", "Giấy chứng nhận kết hôn của cha, mẹ", "Thiếu Giấy chứng nhận kết hôn"],
    );
    said(
        &form(&case, "control_sheet", &case.id, "a4"),
        &["PHIẾU KIỂM SOÁT", "Tiếp nhận", "Yêu cầu bổ sung", "bản sao chứng thực", "đã ký số", "xuất trình"],
    );
    let code = made["code"].as_str().unwrap().rsplit('.').next().unwrap().to_owned();
    said(
        &form(&case, "stored_papers", &case.id, "a4"),
        &["không phải nộp lại", "Tờ khai đăng ký khai sinh", &code],
    );
    let status: Value = case.counter.saoy(["dossier", "status", &case.id]).done();
    let day = status["received_at"].as_str().unwrap()[..10].to_owned();
    said(&form(&case, "register", &day, "a4"), &["SỔ THEO DÕI HỒ SƠ", &case.code, "Chờ bổ sung", "1 hồ sơ"]);
    said(&form(&case, "refusal", &case.id, "a4"), &["PHIẾU TỪ CHỐI"]);
    is_pdfa(&[form(&case, "receipt", &case.id, "a4"), form(&case, "register", &day, "a4")]);
}

/// As 1.234.567.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|one| std::str::from_utf8(one).unwrap()).collect();
    groups.join(".")
}

/// What a verdict says, on paper: of our own copy, of an altered one, and of names made to break a template.
#[test]
fn a_verdict_is_printed_whole_whatever_the_file_says() {
    let counter = Counter::new();
    let home = counter.home();
    let page = counter.put("page.jpg", drawing::page(1, 200, 9).jpeg());
    let made = counter.digitize(&[page]).done();
    let signed = std::fs::read(made["pdf"].as_str().unwrap()).unwrap();
    let sheet = |file: &Path, to: &str| -> PathBuf {
        let out = counter.desk().join(to);
        let asked = ["verify", "--home", home.to_str().unwrap(), "--sheet", out.to_str().unwrap()];
        let answer = counter.saoy(asked.into_iter().chain([file.to_str().unwrap()]));
        assert!(answer.json["sheet"].is_string(), "{}\n{}", answer.stdout, answer.stderr);
        run(Command::new("qpdf").arg("--check").arg(&out));
        out
    };
    let good = sheet(Path::new(made["pdf"].as_str().unwrap()), "phiếu.pdf");
    let text = words(&good);
    let sha256 = run(Command::new("sha256sum").arg(made["pdf"].as_str().unwrap()));
    let code = made["code"].as_str().unwrap();
    for said in [
        "PHIẾU KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ",
        "Hợp lệ / Valid",
        sha256.split(' ').next().unwrap(),
        &thousands(signed.len()),
        "Nguyễn Thị Lan",
        "Certificate subject",
        "trùng với bản đã lưu tại quầy này",
        "toàn bộ tệp / the whole file",
        "it is not itself signed",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(text.replace(' ', "").contains(code), "{code} in {text}");

    let mut altered = signed.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    let names = [
        "#read(\"data.json\") $x$ *a* _b_ `c` \\ [d] {e} <f> @g ~ // h.pdf".replace('/', "∕"),
        format!("{}.pdf", "dài".repeat(40)),
        "漢字😀\u{202e}fdp.\u{7}exe".to_owned(),
    ];
    let mut sheets = vec![good];
    for (number, name) in names.iter().enumerate() {
        let file = counter.put(name, &altered);
        let pdf = sheet(&file, &format!("{number}.pdf"));
        let text = words(&pdf);
        assert!(text.contains("Không hợp lệ / Invalid"), "{name}: {text}");
        sheets.push(pdf);
    }
    let said = words(&sheets[1]);
    assert!(
        said.contains("#read(\"data.json\") $x$ *a* _b_ `c` \\ [d] {e} <f> @g ~"),
        "as it is written: {said}"
    );
    let unbroken = words(&sheets[2]).replace(' ', "");
    assert!(unbroken.contains(&"dài".repeat(40)), "nothing runs off the sheet: {unbroken}");
    let said = words(&sheets[3]);
    assert!(said.contains("???<U+202E>fdp.<U+0007>exe"), "what cannot be printed or seen is marked: {said}");

    // A signer whose name is a program, judged where there is no counter.
    let other = Counter::new();
    let second = other.desk().join("second");
    let name = "#panic(\"x\") $1$ *[Lan]*";
    let office = ["--office", "H00.00", "--office-name", "UBND xã", "--clerk", name];
    let _ = other.saoy(["init", "--home", second.to_str().unwrap()].into_iter().chain(office)).done();
    let page = other.put("page.jpg", drawing::page(1, 200, 9).jpeg());
    let paper = ["digitize", "--home", second.to_str().unwrap(), "--type", "KQ.G15.000031", "--name", "Giấy"];
    let made = other.saoy(paper.into_iter().chain([page.to_str().unwrap()])).done();
    let out = other.desk().join("phiếu.pdf");
    let mut command = other.command(["verify", "--json", "--no-counter", "--sheet", out.to_str().unwrap()]);
    command.arg(made["pdf"].as_str().unwrap()).env_remove("SAOY_HOME").env("HOME", other.desk());
    let answer = saoy_tests::Answer::from(command.output().unwrap());
    assert_eq!(answer.json["verdict"], "unknown", "{}", answer.stderr);
    let said = words(&out);
    assert!(said.contains(name) && said.contains("This signer is not known; no trusted root ce"), "{said}");
    sheets.push(out);
    is_pdfa(&sheets);
}
