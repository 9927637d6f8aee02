//! Hands and eyes of the stories: WebKitWebDriver for what is in the page, the keyboard (xdotool) for what
//! stands outside it, under an Xvfb of its own.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use saoy_tests::{Counter, PIN, program};
use serde_json::{Value, json};

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; there is nobody to tell.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// The window of a counter, with a screen and a driver of its own.
pub struct Window {
    session: String,
    pub display: String,
    _driver: Running,
    _screen: Running,
}

const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Window {
    pub fn open(counter: &Counter) -> Self {
        Self::open_with(counter, &std::env::var("PATH").unwrap())
    }

    /// The same where programs are looked for in other folders.
    pub fn open_with(counter: &Counter, path: &str) -> Self {
        let mut screen = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed by `make test`");
        let mut number = String::new();
        BufReader::new(screen.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("dbus-run-session")
            .args(["--", "WebKitWebDriver", "--host=127.0.0.1", &format!("--port={port}")])
            .env("DISPLAY", &display)
            .env("PATH", path)
            .env("SAOY_HOME", counter.home())
            .env("HOME", counter.desk())
            .current_dir(counter.desk())
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env_remove("SAOY_PIN")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed by `make test`");
        let mut window = Self {
            session: format!("http://127.0.0.1:{port}"),
            display,
            _driver: Running(driver),
            _screen: Running(screen),
        };
        let wish = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": program("saoy-desktop"), "args": []}}}});
        let made = window.until("a session", |window| window.try_post("/session", &wish));
        window.session = format!("{}/session/{}", window.session, made["sessionId"].as_str().unwrap());
        window
    }

    pub fn try_post(&self, path: &str, body: &Value) -> Option<Value> {
        let answer = ureq::post(format!("{}{path}", self.session)).send(body.to_string()).ok()?;
        let text = answer.into_body().read_to_string().ok()?;
        Some(serde_json::from_str::<Value>(&text).ok()?["value"].clone())
    }

    pub fn until<T>(&self, what: &str, mut attempt: impl FnMut(&Self) -> Option<T>) -> T {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(40) {
            if let Some(found) = attempt(self) {
                return found;
            }
            std::thread::sleep(Duration::from_millis(150));
        }
        let text =
            self.try_post("/execute/sync", &json!({"script": "return document.body.innerText", "args": []}));
        panic!("{what} did not come; the window says: {}", text.unwrap_or_default());
    }

    /// The element with that `data-testid`, waited for.
    pub fn element(&self, id: &str) -> String {
        let wish = json!({"using": "css selector", "value": format!("[data-testid='{id}']")});
        self.until(id, |window| window.try_post("/element", &wish)?[ELEMENT].as_str().map(str::to_owned))
    }

    pub fn click(&self, id: &str) {
        let element = self.element(id);
        self.until(id, |window| window.try_post(&format!("/element/{element}/click"), &json!({})));
    }

    pub fn write(&self, id: &str, text: &str) {
        let element = self.element(id);
        self.until(id, |window| {
            window.try_post(&format!("/element/{element}/value"), &json!({ "text": text }))
        });
    }

    pub fn script(&self, script: &str) -> Value {
        self.until(script, |window| window.try_post("/execute/sync", &json!({"script": script, "args": []})))
    }

    pub fn text(&self, id: &str) -> String {
        let _ = self.element(id);
        let said = self.script(&format!("return document.querySelector(\"[data-testid='{id}']\").innerText"));
        said.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Opens the file dialog and types a path into it.
    pub fn ask_for(&self, path: &str) {
        self.click("import-button");
        self.type_path(path);
    }

    /// Types a path into the file dialog that is opening.
    pub fn type_path(&self, path: &str) {
        std::thread::sleep(Duration::from_secs(2));
        // Ctrl+L asks the dialog for a path.
        self.keys(&["key", "ctrl+l"]);
        std::thread::sleep(Duration::from_millis(800));
        self.keys(&["type", "--delay", "250", path]);
        std::thread::sleep(Duration::from_millis(800));
    }

    pub fn keys(&self, arguments: &[&str]) {
        let done = Command::new("xdotool").args(arguments).env("DISPLAY", &self.display).status();
        assert!(done.expect("xdotool is installed by `make test`").success());
    }
}

/// Ends the program of a counter as a power cut would.
pub fn kill(counter: &Counter) {
    let home = counter.home().display().to_string();
    let ours = |id: &str| {
        let told = |name: &str| std::fs::read(format!("/proc/{id}/{name}")).unwrap_or_default();
        let here = String::from_utf8_lossy(&told("environ")).contains(&home);
        here && String::from_utf8_lossy(&told("cmdline"))
            .split('\0')
            .next()
            .unwrap()
            .ends_with("saoy-desktop")
    };
    let all =
        std::fs::read_dir("/proc").unwrap().flatten().map(|e| e.file_name().to_string_lossy().into_owned());
    let found: Vec<String> = all.filter(|id| id.parse::<u32>().is_ok() && ours(id)).collect();
    assert!(!found.is_empty(), "the program runs");
    for id in found {
        // A reader ends with its program, maybe before it is asked to.
        _ = Command::new("kill").args(["-9", &id]).status();
    }
}

impl Window {
    /// Presses a key where the focus is; `""` without Ctrl.
    pub fn press(&self, ctrl: &str, key: &str) {
        self.keys(&["key", &format!("{ctrl}{key}")]);
    }

    pub fn waits_for(&self, what: &str, script: &str) {
        self.until(what, |w| (w.script(script) == true).then_some(()));
    }

    /// The picture of the window, where a folder for pictures is named.
    pub fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("SAOY_PICTURES") else { return };
        // The driver's own screenshot waits for ever while a layer of the page takes the focus.
        std::thread::sleep(Duration::from_millis(500));
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        let taken =
            Command::new("import").args(["-window", "root"]).arg(path).env("DISPLAY", &self.display).status();
        assert!(taken.expect("import, of ImageMagick, takes the pictures").success());
    }

    /// Clicks as a page would be clicked, without the driver's wait for what follows.
    pub fn tap(&self, selector: &str) {
        self.until(selector, |w| {
            let script = format!(
                "const e = document.querySelector(`{selector}`); if (e) setTimeout(() => e.click(), 0); return e !== null"
            );
            (w.script(&script) == true).then_some(())
        });
    }

    pub fn choose(&self, place: u32, word: &str) {
        self.script(&format!(
            "const s = document.querySelector(\"[data-testid='paper-row'][data-place='{place}'] select\"); \
             s.value = '{word}'; setTimeout(() => s.dispatchEvent(new Event('change', {{ bubbles: true }})), 0); return true"
        ));
    }

    pub fn state_is(&self, place: u32, state: &str) {
        self.waits_for(
            &format!("paper {place} is {state}"),
            &format!("return document.querySelector(\"[data-testid='paper-row'][data-place='{place}']\")?.dataset.state === '{state}'"),
        );
    }
}

impl Window {
    /// Looks at every page under review with Space, moves a mark there and back, and signs by the PIN.
    pub fn signs_what_waits(&self, picture: &str) {
        self.waits_for(
            "the review",
            "return document.activeElement?.dataset.testid === 'review-stage' && \
             (document.querySelector(\"[data-testid='review-page']\")?.naturalWidth ?? 0) > 100",
        );
        let shown = "return document.querySelector(\"[data-testid='review-page']\").dataset.picture";
        let before = self.script(shown);
        self.press("", "Right");
        self.until("the mark has moved", |w| (w.script(shown) != before).then_some(()));
        let moved = self.script(shown);
        self.press("", "Home");
        // Other bytes are to be looked at anew: Space before they are there would be for those before.
        self.until("the mark is back", |w| (w.script(shown) != moved).then_some(()));
        self.waits_for(
            "the moved mark is drawn",
            "return document.querySelector(\"[data-testid='review-page']\").naturalWidth > 100",
        );
        self.picture(picture);
        for _ in 0..40 {
            if self.script("return document.activeElement?.id === 'review-pin'") == true {
                break;
            }
            self.press("", "space");
            std::thread::sleep(Duration::from_millis(250));
        }
        self.waits_for("the cursor is at the PIN", "return document.activeElement?.id === 'review-pin'");
        self.type_text(PIN);
        self.press("", "Return");
        self.element("outcome");
    }

    /// Types where the focus is.
    pub fn type_text(&self, text: &str) {
        self.keys(&["type", "--delay", "60", text]);
    }

    pub fn imports(&self, path: &str) {
        self.press("ctrl+", "o");
        self.type_path(path);
        self.press("", "Return");
    }
}
