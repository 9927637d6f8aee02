//! Two clerks, twenty papers and a result, by keyboard alone.

use std::time::Duration;

use saoy_tests::{Counter, PIN, drawing};
use serde_json::{Value, json};

use crate::driver::Window;

const AGENCYS_PIN: &str = "13572468";
const PAPERS: u32 = 20;

/// A dossier with twenty papers of one page each, all handed in and laid.
fn laid(counter: &Counter) -> String {
    let settings = counter.home().join("counter.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("dossier_numbers = \"2000-2999\"\n{text}")).unwrap();
    let papers: Vec<Value> = (1..=PAPERS)
        .map(|n| json!({"code": format!("9.000001.{n:02}"), "name": format!("Giấy tờ số {n}"), "required": true}))
        .collect();
    let procedure = json!({"code": "9.000001", "name": "Thủ tục thử ký", "field": "Thử nghiệm", "papers": papers,
        "results": [{"code": "KQ.G15.000031", "name": "Giấy khai sinh"}]});
    let file = counter.put("thu-tuc.json", json!({ "procedures": [procedure] }).to_string());
    _ = counter.saoy(["catalogue", "import", file.to_str().unwrap()]).done();
    let mut receive = ["dossier", "receive", "--procedure", "9.000001", "--owner", "001087000001"]
        .map(str::to_owned)
        .to_vec();
    receive.extend(["--owner-name".to_owned(), "Nguyễn Văn An".to_owned()]);
    receive.extend((1..=PAPERS).flat_map(|n| ["--paper".to_owned(), format!("{n}=original")]));
    let code = counter.saoy(receive).done()["code"].as_str().unwrap().to_owned();
    for place in 1..=PAPERS {
        lay(counter, &code, &["--place", &place.to_string()], place.into());
    }
    code
}

fn lay(counter: &Counter, code: &str, place: &[&str], number: u64) {
    let page = counter.put("trang.jpg", drawing::page(number, 200, 31).jpeg());
    let mut arguments = vec!["dossier", "lay", code];
    arguments.extend(place);
    arguments.push(page.to_str().unwrap());
    assert_eq!(counter.saoy(arguments).done()["added"], 1);
}

/// A key of its own for somebody, made by the only clerk there is.
fn with_new_pin(counter: &Counter, pin: &str, arguments: &[&str]) {
    let mut command = counter.command(arguments);
    let made = command.env("SAOY_NEW_PIN", pin).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Looks at every page with Space, until the cursor is at the PIN.
fn looks_at_all(window: &Window) {
    window.waits_for(
        "the review",
        "return document.activeElement?.dataset.testid === 'review-stage' && \
         (document.querySelector(\"[data-testid='review-page']\")?.naturalWidth ?? 0) > 100",
    );
    for _ in 0..120 {
        if window.script("return document.activeElement?.id === 'review-pin'") == true {
            return;
        }
        window.press("", "space");
        std::thread::sleep(Duration::from_millis(250));
    }
    panic!("the cursor never came to the PIN");
}

#[test]
fn twenty_papers_are_signed_by_one_pin_and_their_result_for_the_agency_by_another() {
    let counter = Counter::new();
    with_new_pin(&counter, AGENCYS_PIN, &["clerk", "add-agency-key"]);
    let code = laid(&counter);
    with_new_pin(&counter, "97531864", &["clerk", "add", "--name", "Trần Văn Hòa", "--role", "clerk"]);

    // Two names at the gate; the arrows choose one while the cursor stays in the PIN.
    let window = Window::open(&counter);
    window.waits_for(
        "both names",
        "return document.activeElement?.id === 'pin' && document.body.innerText.includes('Trần Văn Hòa')",
    );
    window.press("", "Down");
    window.press("", "Up");
    window.picture("cong-hai-nguoi");
    window.type_text(PIN);
    window.press("", "Return");
    window.element("import-button");

    window.press("ctrl+", "k");
    looks_at_all(&window);
    window.picture("ky-hai-muoi");
    window.type_text("00000000");
    window.press("", "Return");
    window.element("review-refused");
    window.type_text(PIN);
    window.press("", "Return");
    window.element("outcome");
    window.picture("da-ky-hai-muoi");
    let signed = || {
        let shown = counter.saoy(["dossier", "status", &code]).done();
        shown["papers"].as_array().unwrap().iter().filter(|paper| paper["state"] == "copied").count()
    };
    assert_eq!(signed(), 20, "one PIN for all of them, and a wrong one before it signed none");
    window.press("", "Escape");

    // The department decides; its result comes back and is the agency's word.
    let lan = ["--clerk", "nguyen thi lan"];
    let run = |arguments: &[&str]| counter.saoy(arguments.iter().chain(&lan)).done();
    _ = run(&["dossier", "forward", "--to", "Phòng Tư pháp", &code]);
    _ = run(&["dossier", "result", "--code", "KQ.G15.000031", &code]);
    lay(&counter, &code, &["--result", "1"], 77);
    window.press("ctrl+", "k");
    looks_at_all(&window);
    window.picture("ky-ket-qua");
    window.type_text(AGENCYS_PIN);
    window.press("", "Return");
    window.element("outcome");
    window.picture("da-ky-ket-qua");
    let result = counter.saoy(["dossier", "status", &code]).done()["results"][0].take();
    assert_eq!((&result["state"], &result["code"]), (&json!("signed"), &json!(format!("{code}-KQ1"))));
    counter.is_sound();
}
