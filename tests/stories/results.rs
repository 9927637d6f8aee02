//! Results come back from the department: scanned they are not yet electronic results; signed for the
//! agency they are, under the dossier's code.

use std::fs;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use saoy_core::app::App;
use saoy_core::app::contract::{ErrorKind, LOOSE, LeaveOut, ReviewState, ReviewWish, Seen, SignPapers};
use saoy_core::app::progress::Watch;
use saoy_core::isolate::ReaderCommand;
use saoy_core::sign::key::Secret;
use saoy_tests::token::{TOKEN_PIN, TokenDesk};
use saoy_tests::tsa::{authority, serve};
use saoy_tests::{Answer, Counter, PIN, drawing, program};
use serde_json::{Value, json};

use crate::extend::extend;
use crate::timestamps::configure;

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
    let papers = counter.saoy(["sign", "--accept-findings"]);
    assert_eq!((papers.code, &papers.json["signed"]), (0, &json!(0)), "no paper of a citizen waits");

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

/// Lays what another counter signed as result 1; that counter.
fn lay_signed_by_a_stranger(counter: &Counter, code: &str) -> Counter {
    let strangers = Counter::of("Trần Thị Hoa");
    let page = strangers.put("a.jpg", drawing::page(3, 200, 7).jpeg());
    let signed = strangers.digitize_anyway(&[page]).done();
    let laid = counter.saoy(["dossier", "lay", "--result", "1", code, signed["pdf"].as_str().unwrap()]);
    assert_eq!(laid.done()["added"], 1);
    strangers
}

#[test]
fn what_a_stranger_signed_is_no_electronic_result() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    _ = enter(&counter, &code).done();
    _ = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    let strangers = lay_signed_by_a_stranger(&counter, &code);
    let tried =
        with(&counter, &[("SAOY_AGENCY_PIN", AGENCYS_PIN)], &["sign", "--agency", "--accept-findings"]);
    assert_eq!((tried.code, &tried.json["failed"]), (2, &json!(1)), "{}", tried.stdout);
    let error = &tried.json["papers"][0]["error"];
    assert_eq!(
        (&error["kind"], &error["params"]["found"]),
        (&json!("foreign_signature"), &json!("untrusted_signer"))
    );
    assert_eq!(results(&counter, &code)[0]["state"], "scanned");
    assert!(!tried.stderr.contains('{') && !tried.stderr.contains("untrusted"), "{}", tried.stderr);

    // The next result does not wait for it, nor for a word about it.
    _ = enter(&counter, &code).done();
    lay(&counter, &code, 2);
    let sign = ["sign", "--agency", "--accept-findings"];
    let next = with(&counter, &[("SAOY_AGENCY_PIN", AGENCYS_PIN)], &sign);
    assert_eq!((next.code, &next.json["signed"], &next.json["failed"]), (2, &json!(1), &json!(1)));
    assert_eq!(results(&counter, &code)[1]["state"], "signed");

    // Somebody else's signature it stays, even of one who is trusted here; made known as the agency's it counts.
    let crt = counter.put("so.pem", strangers.saoy(["cert"]).stdout);
    let crt = crt.to_str().unwrap();
    _ = counter.saoy(["trust", "add", crt]).done();
    let tried = with(&counter, &[("SAOY_AGENCY_PIN", AGENCYS_PIN)], &sign);
    assert_eq!(tried.json["papers"][0]["error"]["params"]["found"], "not_the_agency", "{}", tried.stdout);
    let known = counter.saoy(["key", "--agency", "register", crt]).done();
    assert_eq!(known["self_signed"], true);
    assert_eq!(counter.saoy(["key", "--agency", "register", crt]).error(), "clerk_known");
    _ = with(&counter, &[("SAOY_AGENCY_PIN", AGENCYS_PIN)], &sign).done();
    assert_eq!(results(&counter, &code)[0]["state"], "signed");
    let told = counter.saoy(["outbox"]).done().to_string();
    assert!(told.contains("certificate_installed") && told.contains("clerk_set"), "{told}");
    counter.is_sound();
}

#[test]
fn a_time_stamp_is_not_the_agencys_signature() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    _ = enter(&counter, &code).done();
    _ = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    // Somebody trusted here signed it, and a time-stamp authority trusted here vouches for the time.
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let (url, _) = serve(&tsa, false);
    let strangers = Counter::new();
    configure(&strangers, &url);
    let (root, crt) = (tsa.join("ca.crt"), counter.put("so.pem", strangers.saoy(["cert"]).stdout));
    for (at, file) in [(&strangers, &root), (&counter, &root), (&counter, &crt)] {
        _ = at.saoy(["trust", "add", file.to_str().unwrap()]).done();
    }
    let page = strangers.put("a.jpg", drawing::page(3, 200, 7).jpeg());
    let signed = strangers.digitize_anyway(&[page]).done();
    let out = strangers.desk().join("dai.pdf");
    assert_eq!(extend(&strangers, signed["pdf"].as_str().unwrap(), &out).done()["level"], "B-LTA");
    let laid = counter.saoy(["dossier", "lay", "--result", "1", &code, out.to_str().unwrap()]).done();
    assert_eq!(laid["added"], 1);
    let sign = ["sign", "--agency", "--accept-findings"];
    let tried = with(&counter, &[("SAOY_AGENCY_PIN", AGENCYS_PIN)], &sign);
    assert_eq!(tried.json["papers"][0]["error"]["params"]["found"], "not_the_agency", "{}", tried.stdout);
    assert_eq!(results(&counter, &code)[0]["state"], "scanned");
    counter.is_sound();
}

#[test]
fn a_result_that_failed_is_left_out_and_taken_in_again() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    _ = enter(&counter, &code).done();
    _ = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    _ = lay_signed_by_a_stranger(&counter, &code);
    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    let app = App::at(&counter.home(), reader).unwrap();
    let session = app.unlock(PIN).unwrap();
    let canceled = AtomicBool::new(false);
    let watch = Watch::new(&|_| {}, &canceled);
    let wish = ReviewWish { desk: LOOSE.to_owned(), signer: None, agency: Some(true) };
    let paper = app.review(&session, &wish, &watch).unwrap().papers.remove(0);
    let seen = Seen { spot: paper.spot.clone(), picture: paper.picture, reason: String::new() };
    let sign = SignPapers { papers: vec![seen], pin: Secret::new(AGENCYS_PIN.to_owned()) };
    let failed = app.sign_papers(&session, &sign, &watch).unwrap().papers.remove(0);
    assert_eq!(failed.error.unwrap().kind, ErrorKind::ForeignSignature);
    let leave = |reason: &str| {
        let wish = LeaveOut { spot: paper.spot.clone(), reason: reason.to_owned() };
        app.leave_out(&session, &wish).unwrap().papers.remove(0)
    };
    let left = leave("chờ sở ký lại");
    assert_eq!((left.state, left.error), (ReviewState::LeftOut, None));
    assert_eq!(leave("").state, ReviewState::Waiting);
}

#[test]
fn a_clerks_own_key_makes_no_result() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    _ = enter(&counter, &code).done();
    let own = counter.put("lan.pem", counter.saoy(["cert"]).stdout);
    let refused = counter.saoy(["key", "--agency", "register", own.to_str().unwrap()]);
    assert_eq!(
        (refused.error(), &refused.json["error"]["params"]["reason"]),
        ("bad_certificate", &json!("a_clerks"))
    );
    // A file the clerk signed is valid here, and no result for it.
    let page = counter.put("a.jpg", drawing::page(3, 200, 7).jpeg());
    let signed = counter.digitize_anyway(&[page]).done();
    let pdf = counter.desk().join("da-ky.pdf");
    fs::copy(signed["pdf"].as_str().unwrap(), &pdf).unwrap();
    _ = counter.saoy(["dossier", "lay", "--result", "1", &code, pdf.to_str().unwrap()]).done();
    _ = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    let tried =
        with(&counter, &[("SAOY_AGENCY_PIN", AGENCYS_PIN)], &["sign", "--agency", "--accept-findings"]);
    assert_eq!(tried.json["papers"][0]["error"]["params"]["found"], "not_the_agency", "{}", tried.stdout);
    assert_eq!(results(&counter, &code)[0]["state"], "scanned");
}

#[test]
fn who_became_the_agency_behind_the_journal_makes_no_result() {
    let counter = Counter::new();
    let code = handed_over(&counter);
    _ = enter(&counter, &code).done();
    _ = with(&counter, &[("SAOY_NEW_PIN", AGENCYS_PIN)], &["clerk", "add-agency-key"]).done();
    let hire = ["clerk", "add", "--name", "Trần Văn Hòa", "--role", "clerk"];
    _ = with(&counter, &[("SAOY_NEW_PIN", "97531864")], &hire).done();
    let lan = [("SAOY_CLERK", "nguyen thi lan"), ("SAOY_AGENCY_PIN", AGENCYS_PIN)];
    let sign = || with(&counter, &lan, &["sign", "--agency", "--accept-findings"]);
    let page = counter.put("a.jpg", drawing::page(3, 200, 7).jpeg());
    let mut copy = Counter::birth_certificate(&[page]);
    copy.push("--accept-findings".to_owned());
    let copy: Vec<&str> = copy.iter().map(String::as_str).collect();
    let hoas = with(&counter, &[("SAOY_CLERK", "tran van hoa"), ("SAOY_PIN", "97531864")], &copy).done();
    let pdf = counter.desk().join("da-ky.pdf");
    fs::copy(hoas["pdf"].as_str().unwrap(), &pdf).unwrap();
    let lay = ["dossier", "lay", "--result", "1", &code, pdf.to_str().unwrap()];
    _ = with(&counter, &lan, &lay).done();

    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    db.execute("UPDATE clerk SET agency = 1 WHERE id = 3", []).unwrap();
    let tried = sign();
    assert_eq!(tried.json["papers"][0]["error"]["kind"], "clerk_altered", "{}", tried.stdout);
    assert_eq!(results(&counter, &code)[0]["state"], "scanned");
    db.execute("UPDATE clerk SET agency = 0, name = 'Người khác' WHERE id = 3", []).unwrap();
    let change = with(&counter, &lan, &["clerk", "change", "--role", "clerk", "Người khác"]);
    assert_eq!(change.error(), "clerk_altered", "nobody has the journal tell it: {}", change.stdout);
    db.execute("UPDATE clerk SET name = 'Trần Văn Hòa' WHERE id = 3", []).unwrap();

    // Nor is the agency's own key opened while its row says other than was told.
    db.execute("UPDATE clerk SET name = 'UBND xã Khác' WHERE id = 2", []).unwrap();
    let agencys = [copy.as_slice(), &["--agency"]].concat();
    for altered in [sign(), with(&counter, &lan, &agencys)] {
        assert_eq!((altered.code, altered.error()), (2, "clerk_altered"), "{}", altered.stdout);
    }
    db.execute("UPDATE clerk SET name = 'UBND xã Thử Nghiệm' WHERE id = 2", []).unwrap();
    _ = with(&counter, &lan, &agencys).done();
    counter.is_sound();
}

#[test]
fn a_token_signs_results_once_it_is_known_as_the_agencys() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "p256", "goc");
    let modules = fs::read_to_string(desk.counter.home().join("counter.toml")).unwrap();
    let code = handed_over(&desk.counter);
    let settings = fs::read_to_string(desk.counter.home().join("counter.toml")).unwrap();
    assert!(settings.contains(&modules), "{settings}");
    _ = enter(&desk.counter, &code).done();
    lay(&desk.counter, &code, 1);
    let sign = || desk.saoy(TOKEN_PIN, &["sign", "--agency", "--accept-findings", "--token", "hoa"]);
    let personal = sign();
    assert_eq!((personal.code, personal.error()), (2, "not_the_agency"), "{}", personal.stdout);
    assert_eq!(personal.json["error"]["params"]["name"], "Pham Thi Hoa hoa");
    let copy = desk.digitize(TOKEN_PIN, &["--agency", "--token", "hoa"]);
    assert_eq!(copy.error(), "not_the_agency", "nor does it make a copy of the agency's");
    assert_eq!(results(&desk.counter, &code)[0]["state"], "scanned");

    // Until then it signs as a person's.
    _ = desk.digitize(TOKEN_PIN, &["--token", "hoa"]).done();
    let known = desk.saoy("", &["key", "--agency", "register", "--token", "hoa"]).done();
    assert!(known["subject"].as_str().unwrap().contains("Pham Thi Hoa hoa"), "{known}");
    let done = sign().done();
    assert_eq!(results(&desk.counter, &code)[0]["state"], "signed");
    let home = desk.counter.home().display().to_string();
    _ = desk.saoy("", &["verify", "--home", &home, done["papers"][0]["pdf"].as_str().unwrap()]).done();
    // Leaving `--agency` away is no way round the role: the agency's key signs nobody's own copies.
    let hire = ["clerk", "add", "--name", "Trần Văn Hòa", "--role", "clerk"];
    _ = with(&desk.counter, &[("SAOY_NEW_PIN", "97531864")], &hire).done();
    let before = desk.counter.holds();
    let as_own = desk.digitize(TOKEN_PIN, &["--token", "hoa", "--clerk", "nguyen thi lan"]);
    assert_eq!((as_own.code, as_own.error()), (2, "the_agencys"), "{}", as_own.stdout);
    let mut hoas = desk.counter.command(["sign", "--token", "hoa", "--accept-findings"]);
    let softhsm = desk.counter.desk().join("softhsm2.conf");
    hoas.envs([("SAOY_CLERK", "tran van hoa"), ("SAOY_PIN", "97531864"), ("SAOY_TOKEN_PIN", TOKEN_PIN)]);
    let reviewed = Answer::from(hoas.env("SOFTHSM2_CONF", softhsm).output().unwrap());
    assert_eq!((reviewed.code, reviewed.error()), (2, "the_agencys"), "{}", reviewed.stdout);
    assert_eq!(reviewed.json["error"]["params"]["name"], "Pham Thi Hoa hoa");
    assert_eq!(desk.counter.holds(), before, "nothing is kept");
    // The row has no key here: nobody changes its PIN or takes it out.
    assert_eq!(desk.saoy("", &["key", "--agency", "status"]).error(), "agency_key_missing");
    desk.counter.is_sound();
}
