//! The real window, driven as a clerk would.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop loudly"
)]

mod agency;
mod driver;

use std::process::{Command, Stdio};
use std::time::Duration;

use driver::{Window, kill};
use saoy_tests::{Counter, PIN, drawing};
use serde_json::json;

#[test]
fn a_clerk_imports_turns_signs_and_finds_the_copy() {
    let counter = Counter::new();
    counter.put("q.jpg", drawing::page(0, 200, 31).jpeg());
    let window = Window::open(&counter);

    window.write("pin", "00000000");
    window.click("unlock-button");
    window.until("the wrong PIN is told", |w| {
        let said = w.script("return document.body.innerText");
        said.as_str()?.contains("PIN không đúng").then_some(())
    });
    window.write("pin", PIN);
    window.click("unlock-button");

    window.ask_for("~/q.jpg");
    window.keys(&["key", "Return"]);
    window.element("page-thumb");

    window.keys(&["key", "bracketright"]);
    window.until("the page is turned", |w| {
        let turns = w.script("return document.querySelector(\"[data-testid='page-thumb']\").dataset.turns");
        (turns == "1").then_some(())
    });
    window.keys(&["key", "ctrl+z"]);
    window.until("and back", |w| {
        let turns = w.script("return document.querySelector(\"[data-testid='page-thumb']\").dataset.turns");
        (turns == "0").then_some(())
    });

    // A name of the clerk's own first: the type that comes after it does not replace it.
    window.write("field-name", "Giấy khai sinh của bà Ửng");
    window.write("field-paper_type", "KQ.G15.000031");
    window.click("sign-button");
    window.signs_what_waits("ky");
    let code = window.text("result-code");
    let records = counter.saoy(["list"]).done();
    assert_eq!(records["records"][0]["code"], code.as_str(), "what the window shows is what was recorded");
    assert_eq!(records["records"][0]["name"], "Giấy khai sinh của bà Ửng", "letters as they were typed");
    assert_eq!(
        window.script("return document.querySelector(\"[data-testid='verdict']\").dataset.verdict"),
        "valid"
    );

    window.click("place-copies");
    window.element("copy-row");
    window.click("place-outbox");
    window.element("outbox-row");
    window.click("language-en");
    window.until("English", |w| {
        w.script("return document.body.innerText").as_str()?.contains("Copies").then_some(())
    });
    counter.is_sound();
}

#[test]
fn pages_are_scanned_again_and_pasted_and_the_clerk_comes_back_to_them_after_a_power_cut() {
    use std::os::unix::fs::PermissionsExt as _;
    let counter = Counter::new();
    let settings = counter.home().join("counter.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let profile = "[[scan]]\nname = \"Khay nạp\"\ndevice = \"test:0\"\nsource = \"feeder\"\n";
    std::fs::write(&settings, format!("{text}\n{profile}")).unwrap();
    std::fs::create_dir(counter.desk().join("bin")).unwrap();
    counter.put("bin/page.jpg", drawing::page(3, 200, 5).jpeg());
    let feigned = counter.put(
        "bin/scanimage",
        "#!/bin/sh\nfor a in \"$@\"; do case $a in\n\
         -A) echo '    --source Flatbed|ADF [Flatbed]'; echo '    --resolution 75..600dpi [75]'; exit 0;;\n\
         --batch=*) to=${a#--batch=};; esac; done\nf=$(printf \"$to\" 1)\n\
         cp \"$(dirname \"$0\")/page.jpg\" \"$f\" && echo \"$f\"\n",
    );
    std::fs::set_permissions(&feigned, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", counter.desk().join("bin").display(), std::env::var("PATH").unwrap());
    let window = Window::open_with(&counter, &path);
    window.write("pin", PIN);
    window.click("unlock-button");
    // At once: a key pressed while the counter is still read is not lost.
    window.element("import-button");
    let pages = |count: &str| {
        let of = "document.querySelector(\"[data-testid='page-thumb']\")?.ariaSetSize";
        format!("return {of} === '{count}'")
    };
    for count in ["1", "2", "3"] {
        window.keys(&["key", "F2"]);
        window.waits_for("a page was scanned", &pages(count));
        let ended = "return document.querySelector(\"[data-testid='import-button']\")?.disabled === false";
        window.waits_for("the scanner came to its end", ended);
    }
    window.keys(&["key", "Home", "Right"]);
    let shown = "return document.querySelector(\"[role='option'][aria-selected='true']\")?.ariaPosInSet";
    window.until("the second page is shown", |w| (w.script(shown) == "2").then_some(()));
    window.picture("quet");
    let id = "return document.querySelector(\"[role='option'][aria-selected='true']\").id";
    let before = window.script(id);
    window.keys(&["key", "r"]);
    window.until("another page lies in its place", |w| {
        (w.script(shown) == "2" && w.script(id) != before).then_some(())
    });
    let again = window.script(id);
    let copied = counter.desk().join("chép.png");
    drawing::page(4, 100, 6).pixels.save(&copied).unwrap();
    let taken = Command::new("xclip")
        .args(["-selection", "clipboard", "-t", "image/png", "-i"])
        .arg(&copied)
        .env("DISPLAY", &window.display)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(taken.expect("xclip is installed by `make test`").success());
    window.keys(&["key", "ctrl+v"]);
    window.waits_for("the copied picture is a page", &pages("4"));
    std::thread::sleep(Duration::from_secs(1));
    kill(&counter);
    drop(window);
    let window = Window::open_with(&counter, &path);
    window.write("pin", PIN);
    window.click("unlock-button");
    window.waits_for("all pages are there", &pages("4"));
    window.until("the clerk is where he was", |w| (w.script(id) == again).then_some(()));
    counter.is_sound();
}

/// Prints how soon the first picture of a stack of fifty is seen.
#[test]
fn a_stack_of_fifty_shows_its_first_page_before_the_last_has_landed() {
    let counter = Counter::new();
    std::fs::create_dir(counter.desk().join("s")).unwrap();
    for number in 0..50 {
        counter.put(&format!("s/{number:02}.jpg"), drawing::page(number, 200, 17).jpeg());
    }
    let window = Window::open(&counter);
    window.write("pin", PIN);
    window.click("unlock-button");
    window.element("import-button");
    window.script(
        "new MutationObserver(() => { if (document.querySelector(\"[data-testid='import-progress']\")) window.began ??= Date.now() }) \
           .observe(document.body, { attributes: true, childList: true, subtree: true }); \
         document.addEventListener('load', (event) => { if (event.target.closest?.(\"[data-testid='page-thumb']\")) \
           window.first ??= { at: Date.now(), pages: Number(event.target.closest(\"[data-testid='page-thumb']\").ariaSetSize) } }, true)",
    );
    window.ask_for("~/s/");
    window.keys(&["key", "Return"]);
    std::thread::sleep(Duration::from_secs(1));
    window.keys(&["key", "ctrl+a"]);
    std::thread::sleep(Duration::from_millis(500));
    let pressed = window.script("return Date.now()").as_u64().unwrap();
    window.keys(&["key", "Return"]);
    window.until("all fifty", |w| {
        // Only those in sight are drawn; each says how many there are.
        let count = w.script("return document.querySelector(\"[data-testid='page-thumb']\")?.ariaSetSize");
        (count == "50").then_some(())
    });
    let first = window.script("return window.first");
    let (seen, began) =
        (first["at"].as_u64().unwrap(), window.script("return window.began").as_u64().unwrap());
    println!(
        "first thumbnail {} ms after the dialog handed the files over, {} ms after Enter in it",
        seen.saturating_sub(began),
        seen.saturating_sub(pressed)
    );
    assert!(first["pages"].as_u64().unwrap() < 50, "pictures come while the rest arrives: {first}");
}

/// A dossier of five papers at the real window: one exempt, one reused, one with a note.
#[test]
fn a_dossier_from_the_greeting_to_the_hand_over() {
    let counter = Counter::new();
    let sample = saoy_tests::root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    let page = counter.put("q.jpg", drawing::page(0, 200, 31).jpeg());
    let stored = counter
        .saoy([
            "digitize",
            "--owner",
            "001087000001",
            "--type",
            "1.000894.KQ",
            "--name",
            "Giấy chứng nhận kết hôn",
            page.to_str().unwrap(),
        ])
        .done();
    let window = Window::open(&counter);
    window.write("pin", PIN);
    window.click("unlock-button");
    window.element("import-button");
    window.press("ctrl+", "n");
    window.write("procedure-search", "dang ky khai sinh");
    window.waits_for(
        "the procedure is found",
        "return document.querySelector(\"[role='option']\")?.innerText.includes('1.001193') ?? false",
    );
    window.press("", "Down");
    window.press("", "Return");
    window.state_is(5, "not_given");
    window.write("owner-number", "001087000001");
    window.write("owner-name", "Nguyễn Văn An");
    window.write("owner-birth", "1987");
    window.picture("ho-so-moi");

    window.choose(3, "shown");
    window.state_is(3, "exempt");
    window.choose(4, "in_store");
    window.tap("[data-testid='reuse-option']");
    window.state_is(4, "reused");
    window.script(
        "document.querySelector(\"[data-testid='paper-row'][data-place='2'] button\").click(); return true",
    );
    window.element("paper-note");
    window.script(
        "const n = document.querySelector(\"[data-testid='paper-note']\"); n.value = 'rách góc phải'; \
         n.dispatchEvent(new Event('input', { bubbles: true })); return true",
    );
    for place in [1, 2] {
        window.tap(&format!("[data-testid='paper-row'][data-place='{place}'] button"));
        window.ask_for("~/q.jpg");
        window.keys(&["key", "Return"]);
        window.state_is(place, "to_copy");
        window.choose(place, "original");
    }
    window.waits_for(
        "nothing is missing",
        "return document.querySelector(\"[data-testid='missing']\").innerText.includes('Đủ giấy tờ')",
    );
    window.press("ctrl+", "Return");
    window.element("sign-all");
    window.picture("ho-so-tiep-nhan");
    // The receipt goes to the system's dialog, whose printer here is a file.
    window.press("ctrl+", "p");
    std::thread::sleep(Duration::from_secs(4));
    window.picture("in-giay-hen");
    window.keys(&["key", "Tab", "Down", "space"]);
    let printed = counter.desk().join("đầu ra.pdf");
    window.until("the receipt is printed", |_| printed.is_file().then_some(()));
    let picture = counter.desk().join("printed");
    let drawn = Command::new("pdftoppm")
        .args(["-png", "-singlefile", "-r", "200"])
        .args([&printed, &picture])
        .status();
    assert!(drawn.unwrap().success());
    let read = Command::new("zbarimg")
        .args(["--quiet", "--raw"])
        .arg(picture.with_extension("png"))
        .output()
        .unwrap();
    let code = counter.saoy(["dossier", "status"]).done()["dossiers"][0]["code"].as_str().unwrap().to_owned();
    assert!(String::from_utf8_lossy(&read.stdout).contains(&code), "the codes on the paper are read");
    window.press("ctrl+", "k");
    window.signs_what_waits("ky-ho-so");
    window.waits_for(
        "both are signed",
        "return document.querySelector(\"[data-testid='count-signed']\")?.innerText === '2'",
    );
    window.picture("da-ky");
    window.press("", "Escape");
    window.state_is(1, "copied");
    window.state_is(2, "copied");
    window.press("ctrl+", "e");
    window.write("forward-unit", "Phòng Tư pháp");
    window.tap("[data-testid='forward-confirm']");
    assert!(window.text("handed-over").contains("Phòng Tư pháp"));
    window.press("ctrl+", "2");
    window.tap("[data-testid='dossier-row']");
    window.element("holder");
    window.picture("ho-so-danh-sach");

    let all = counter.saoy(["dossier", "status"]).done();
    let dossier = &all["dossiers"][0];
    assert_eq!((&dossier["state"], &dossier["owner"]["birth"]), (&json!("in_progress"), &json!("1987")));
    let states: Vec<_> =
        dossier["papers"].as_array().unwrap().iter().map(|p| p["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["copied", "copied", "exempt", "reused", "not_given"]);
    assert_eq!(dossier["papers"][1]["note"], "rách góc phải");
    assert_eq!(dossier["papers"][3]["code"], stored["code"]);
    counter.is_sound();
}

/// The same dossier without the mouse and without the driver's hands: it only looks.
#[test]
fn a_dossier_by_keyboard_alone() {
    let counter = Counter::new();
    let sample = saoy_tests::root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    let page = counter.put("q.jpg", drawing::page(0, 200, 31).jpeg());
    let married = ["digitize", "--owner", "001087000001", "--type", "1.000894.KQ", "--name", "Giấy kết hôn"];
    let stored = counter.saoy(married.into_iter().chain([page.to_str().unwrap()])).done();
    let window = Window::open(&counter);
    window.element("pin");
    window.type_text(PIN);
    window.press("", "Return");
    window.element("import-button");

    window.press("ctrl+", "n");
    window.waits_for("the cursor is at the procedure", "return document.activeElement?.id === 'procedure'");
    window.type_text("dang ky khai sinh");
    window.waits_for(
        "the procedure is found",
        "return document.querySelector(\"[role='option']\")?.innerText.includes('1.001193') ?? false",
    );
    window.press("", "Return");
    window.waits_for("and then at the owner", "return document.activeElement?.id === 'owner-number'");
    window.type_text("001087000001");
    window.press("", "Tab");
    window.type_text("Nguyen Van An");
    window.press("", "Tab");
    window.type_text("1987");
    window.state_is(5, "not_given");

    // Paper 1 has pages, 2 a note, 3 is shown only, 4 is in the store.
    window.press("ctrl+", "Down");
    window.waits_for(
        "at paper 1",
        "return document.activeElement?.closest('[data-place]')?.dataset.place === '1'",
    );
    window.press("", "b");
    window.imports("~/q.jpg");
    window.waits_for(
        "the page has landed",
        "return document.querySelectorAll(\"[data-testid='page-thumb']\").length === 1",
    );
    window.press("ctrl+", "Down");
    window.waits_for(
        "at paper 2",
        "return document.activeElement?.closest('[data-place]')?.dataset.place === '2'",
    );
    window.press("", "b");
    window.press("ctrl+", "m");
    window.type_text("rach goc phai");
    window.imports("~/q.jpg");
    window.waits_for(
        "so has the other",
        "return document.querySelectorAll(\"[data-testid='page-thumb']\").length === 2",
    );
    window.press("ctrl+", "Down");
    window.press("", "x");
    window.state_is(3, "exempt");
    window.press("ctrl+", "Down");
    window.waits_for(
        "at paper 4",
        "return document.activeElement?.closest('[data-place]')?.dataset.place === '4'",
    );
    window.press("ctrl+", "r");
    window
        .waits_for("at the stored copy", "return document.activeElement?.dataset.testid === 'reuse-option'");
    window.press("", "Return");
    window.state_is(4, "reused");
    window.picture("ban-phim");

    window.press("ctrl+", "Return");
    window.element("sign-all");
    window.press("ctrl+", "k");
    window.signs_what_waits("ky-ho-so");
    window.waits_for(
        "both are signed",
        "return document.querySelector(\"[data-testid='count-signed']\")?.innerText === '2'",
    );
    window.picture("da-ky");
    window.press("", "Escape");
    window.state_is(1, "copied");
    window.state_is(2, "copied");
    window.press("ctrl+", "e");
    window.waits_for("at the department", "return document.activeElement?.dataset.testid === 'forward-unit'");
    window.type_text("Phong Tu phap");
    window.press("", "Return");
    assert!(window.text("handed-over").contains("Phong Tu phap"));

    let dossier = &counter.saoy(["dossier", "status"]).done()["dossiers"][0];
    let papers = dossier["papers"].as_array().unwrap();
    let states: Vec<_> = papers.iter().map(|paper| paper["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["copied", "copied", "exempt", "reused", "not_given"]);
    assert_eq!((&papers[0]["submission"], &papers[1]["note"]), (&json!("original"), &json!("rach goc phai")));
    assert_eq!(papers[3]["code"], stored["code"]);
    counter.is_sound();
}
