//! Results come back from the department: scanned they are not yet electronic results; signed for the
//! agency they are, under the dossier's code.

use std::fs;
use std::process::Command;

use saoy_tests::{Answer, Counter, drawing};
use serde_json::{Value, json};

const AGENCYS_PIN: &str = "13572468";

fn with(counter: &Counter, secrets: &[(&str, &str)], arguments: &[&str]) -> Answer {
    let mut command = counter.command(arguments);
    command.envs(secrets.iter().copied());
    command.output().unwrap().into()
}

/// A counter with numbers of its own, one paper asked for, and the dossier handed over.
fn handed_over(counter: &Counter) -> String {
    let settings = counter.home().join("counter.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("dossier_numbers = \"2000-2999\"\n{text}")).unwrap();
    let procedure = json!({"code": "9.000001", "name": "Thủ tục thử", "field": "Thử nghiệm",
        "papers": [{"code": "9.000001.01", "name": "Tờ khai", "required": true}],
        "results": [{"code": "KQ.G15.000031", "name": "Giấy khai sinh"}]});
    let file = counter.put("thu-tuc.json", json!({ "procedures": [procedure] }).to_string());
    _ = counter.saoy(["catalogue", "import", file.to_str().unwrap()]).done();
    let receive = ["dossier", "receive", "--procedure", "9.000001", "--owner", "001087000001"];
    let more = ["--owner-name", "Nguyễn Văn An", "--paper", "1=shown"];
    let code = counter.saoy(receive.iter().chain(&more)).done()["code"].as_str().unwrap().to_owned();
    assert_eq!(enter(counter, &code).error(), "no_result_yet", "the department has not seen it");
    _ = counter.saoy(["dossier", "forward", "--to", "Phòng Tư pháp", &code]).done();
    code
}

fn enter(counter: &Counter, code: &str) -> Answer {
    counter.saoy(["dossier", "result", "--code", "KQ.G15.000031", code])
}

fn lay(counter: &Counter, code: &str, result: u32) {
    let page = counter.put(&format!("kq-{result}.jpg"), drawing::page(result.into(), 200, 7).jpeg());
    let number = result.to_string();
    let laid = counter.saoy(["dossier", "lay", "--result", &number, code, page.to_str().unwrap()]);
    assert_eq!(laid.done()["added"], 1);
}

fn results(counter: &Counter, code: &str) -> Value {
    counter.saoy(["dossier", "status", code]).done()["results"].take()
}

#[test]
fn a_result_is_electronic_when_the_agency_has_signed_it_and_not_before() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    assert_eq!(counter.saoy(["dossier", "result", "--code", "KQ.X", &code]).error(), "result_unknown");
    let entered = enter(&counter, &code).done();
    assert_eq!(
        (&entered["results"][0]["state"], &entered["results"][0]["name"]),
        (&json!("awaited"), &json!("Giấy khai sinh"))
    );
    lay(&counter, &code, 1);
    let scanned = results(&counter, &code);
    assert_eq!((&scanned[0]["state"], &scanned[0]["code"]), (&json!("scanned"), &Value::Null));

    // The papers of a dossier that was handed over take no pages any more.
    let page = counter.put("muon.jpg", drawing::page(50, 200, 7).jpeg());
    let late = counter.saoy(["dossier", "lay", "--place", "1", &code, page.to_str().unwrap()]);
    assert_eq!(late.error(), "dossier_closed");

    // The agency's word needs the agency's key, under its own PIN.
    let agencys = [("SAOY_AGENCY_PIN", AGENCYS_PIN)];
    let sign = ["sign", "--agency", "--accept-findings"];
    assert_eq!(with(&counter, &agencys, &sign).error(), "agency_key_missing");
    let made = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    assert_eq!(made["clerks"][1]["name"], "UBND xã Thử Nghiệm");
    let clerks_own = with(&counter, &[("SAOY_AGENCY_PIN", "24681357")], &sign);
    assert_eq!(clerks_own.error(), "wrong_pin", "the clerk's PIN opens the clerk's key only");
    assert_eq!(results(&counter, &code)[0]["state"], "scanned");
    assert_eq!(
        counter.saoy(["sign", "--accept-findings"]).error(),
        "no_pages",
        "no paper of a citizen waits"
    );

    let signed = with(&counter, &agencys, &sign).done();
    let paper = &signed["papers"][0];
    assert_eq!((&signed["signed"], &paper["code"]), (&json!(1), &json!(format!("{code}-KQ1"))));
    let now = results(&counter, &code);
    assert_eq!((&now[0]["state"], &now[0]["code"]), (&json!("signed"), &json!(format!("{code}-KQ1"))));

    let pdf = paper["pdf"].as_str().unwrap();
    let home = counter.home().display().to_string();
    let verdict = counter.saoy(["verify", "--home", &home, pdf]).done();
    assert_eq!(
        (&verdict["verdict"], &verdict["signatures"][0]["signer"]),
        (&json!("valid"), &json!("UBND xã Thử Nghiệm"))
    );
    let text = Command::new("pdftotext").args([pdf, "-"]).output().unwrap();
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("SAO Y") && !text.contains("Người sao chụp"), "the agency's mark: {text}");

    // The next one has the next number; left out for a reason it stays unsigned and says so.
    _ = enter(&counter, &code).done();
    lay(&counter, &code, 2);
    let reason = format!("{code}:1002=chờ lãnh đạo ký bản giấy");
    let left = with(&counter, &agencys, &["sign", "--agency", "--leave-out", &reason]);
    assert_eq!(left.json["left_out"], 1, "{}", left.stdout);
    assert_eq!(results(&counter, &code)[1]["state"], "left_out");
    counter.is_sound();
}

#[test]
fn who_may_not_sign_for_the_agency_does_not() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    _ = enter(&counter, &code).done();
    lay(&counter, &code, 1);
    _ = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    let hire = ["clerk", "add", "--name", "Trần Văn Hòa", "--role", "clerk"];
    _ = with(&counter, &[("SAOY_NEW_PIN", "97531864")], &hire).done();
    let hoa = [("SAOY_CLERK", "tran van hoa"), ("SAOY_PIN", "97531864"), ("SAOY_AGENCY_PIN", AGENCYS_PIN)];
    let refused = with(&counter, &hoa, &["sign", "--agency"]);
    assert_eq!(
        (refused.error(), &refused.json["error"]["params"]["role"]),
        ("role_missing", &json!("signer"))
    );
    let page = counter.put("a.jpg", drawing::page(9, 200, 7).jpeg());
    let mut copy = Counter::birth_certificate(&[page]);
    copy.extend(["--agency".to_owned(), "--accept-findings".to_owned()]);
    let copy: Vec<&str> = copy.iter().map(String::as_str).collect();
    assert_eq!(with(&counter, &hoa, &copy).error(), "role_missing");
    // Who only signs for the agency leaves a result out, and touches no paper of a citizen.
    let lan = [("SAOY_CLERK", "nguyen thi lan"), ("SAOY_AGENCY_PIN", AGENCYS_PIN)];
    let hire = ["clerk", "add", "--name", "Phạm Thị Mai", "--role", "signer"];
    _ = with(&counter, &[lan[0], ("SAOY_NEW_PIN", "86427531")], &hire).done();
    let mai = [("SAOY_CLERK", "pham thi mai"), ("SAOY_PIN", "86427531"), ("SAOY_AGENCY_PIN", AGENCYS_PIN)];
    let left = with(&counter, &mai, &["sign", "--agency", "--leave-out", &format!("{code}:1001=chờ")]);
    assert_eq!(left.json["left_out"], 1, "{}", left.stdout);
    assert_eq!(with(&counter, &mai, &["dossier", "move", &code, "finish"]).error(), "role_missing");
    let made = with(&counter, &lan, &copy).done();
    assert_eq!(made["signed_by"], "UBND xã Thử Nghiệm");
    counter.is_sound();
}

#[test]
fn a_dossier_without_an_official_number_has_no_result_yet() {
    let counter = Counter::new();
    let code = {
        // As handed_over, without numbers reserved for this counter.
        let receive = ["dossier", "receive", "--procedure", "9.000001", "--owner", "001087000001"];
        let procedure = json!({"code": "9.000001", "name": "Thủ tục thử", "field": "Thử nghiệm", "papers": [],
            "results": [{"code": "KQ.G15.000031", "name": "Giấy khai sinh"}]});
        let file = counter.put("thu-tuc.json", json!({ "procedures": [procedure] }).to_string());
        _ = counter.saoy(["catalogue", "import", file.to_str().unwrap()]).done();
        let more = ["--owner-name", "Nguyễn Văn An"];
        counter.saoy(receive.iter().chain(&more)).done()["code"].as_str().unwrap().to_owned()
    };
    _ = counter.saoy(["dossier", "forward", "--to", "Phòng Tư pháp", &code]).done();
    assert_eq!(enter(&counter, &code).error(), "number_missing");
    _ = counter.saoy(["dossier", "number", &code, "H56.14-261126-0007"]).done();
    assert_eq!(enter(&counter, "H56.14-261126-0007").done()["results"][0]["number"], 1);
    counter.is_sound();
}

#[test]
fn what_a_stranger_signed_is_no_electronic_result() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    _ = enter(&counter, &code).done();
    _ = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    let strangers = Counter::new();
    let page = strangers.put("a.jpg", drawing::page(3, 200, 7).jpeg());
    let signed = strangers.digitize_anyway(&[page]).done();
    let laid = counter.saoy(["dossier", "lay", "--result", "1", &code, signed["pdf"].as_str().unwrap()]);
    assert_eq!(laid.done()["added"], 1);
    let tried =
        with(&counter, &[("SAOY_AGENCY_PIN", AGENCYS_PIN)], &["sign", "--agency", "--accept-findings"]);
    assert_eq!((tried.code, &tried.json["failed"]), (2, &json!(1)), "{}", tried.stdout);
    assert_eq!(tried.json["papers"][0]["error"]["kind"], "verification_failed");
    assert_eq!(results(&counter, &code)[0]["state"], "scanned");
    counter.is_sound();
}
