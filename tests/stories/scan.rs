//! Pages straight from a scanner: SANE's own test device, a feigned `scanimage` with the faults of real
//! devices, and a scanner of the network.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use saoy_core::app::App;
use saoy_core::app::contract::{ErrorKind, LOOSE, Landing, Spot};
use saoy_core::app::progress::Watch;
use saoy_core::isolate::ReaderCommand;
use saoy_tests::escl::{Mood, Scanner};
use saoy_tests::{Answer, Counter, drawing, program};

/// A counter with these profiles in its settings.
fn counter(profiles: &str) -> Counter {
    let counter = Counter::new();
    let settings = counter.home().join("counter.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}\n{profiles}")).unwrap();
    counter
}

const SANE: &str = "[[scan]]\nname = \"kính\"\ndevice = \"test:0\"\n\
[[scan]]\nname = \"khay\"\ndevice = \"test:0\"\nsource = \"feeder\"\ndpi = 200\n\
[[scan]]\nname = \"mất\"\ndevice = \"test:9\"\n";

/// SANE sees its test device and nothing else; `line` is added to the device's settings.
fn sane(counter: &Counter, line: &str) -> PathBuf {
    let folder = counter.desk().join("sane.d");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("dll.conf"), "test\n").unwrap();
    let settings = fs::read_to_string("/etc/sane.d/test.conf").unwrap();
    let settings = settings.replace("geometry_max 200.0", "geometry_max 300.0");
    fs::write(folder.join("test.conf"), format!("{settings}\n{line}\n")).unwrap();
    folder
}

fn scan(counter: &Counter, sane: &Path, arguments: &[&str]) -> Answer {
    let mut command = counter.command(["scan"].iter().chain(arguments));
    command.env("SANE_CONFIG_DIR", sane).output().unwrap().into()
}

/// The use cases as the window calls them.
fn app(home: &Path) -> App {
    App::at(home, ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] }).unwrap()
}

fn loose() -> Landing {
    Landing::from(Spot { desk: LOOSE.into(), place: 0 })
}

fn on_the_desk(counter: &Counter) -> Vec<String> {
    app(&counter.home()).desk(LOOSE).unwrap().pages.into_iter().map(|page| page.file).collect()
}

#[test]
fn glass_and_feeder_give_pages_as_the_profile_says() {
    let counter = counter(SANE);
    let sane = sane(&counter, "");
    let devices = scan(&counter, &sane, &["--list"]).done();
    assert_eq!(devices["devices"][0]["device"], "test:0");

    let folder = counter.desk().join("ra");
    let out = folder.to_str().unwrap();
    let made = scan(&counter, &sane, &["--profile", "kính", "--out", out]).done();
    let files: Vec<&str> = made["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()).collect();
    assert_eq!(files.len(), 1, "glass has one page");
    let judged = Command::new("jpeginfo").arg("-c").arg(files[0]).output().unwrap();
    let said = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(said.contains("2480 x 350") && said.contains("OK"), "A4 at 300 dpi: {said}");
    let facts = counter.saoy(["judge", files[0]]).json;
    assert_eq!(facts["pages"][0]["dpi"], 300);
    let again = scan(&counter, &sane, &["--profile", "kính", "--out", out]).done();
    assert!(again["files"][0].as_str().unwrap().ends_with("0002.jpg"), "nothing is written over: {again}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "no work is left behind");

    let landed = scan(&counter, &sane, &["--profile", "khay"]).done();
    assert_eq!(landed["added"], 10, "SANE's test feeder holds ten sheets");
    assert_eq!(on_the_desk(&counter).len(), 10);
    counter.is_sound();
}

#[test]
fn what_hinders_a_scan_is_told_by_its_name() {
    let counter = counter(SANE);
    for (status, kind) in [
        ("SANE_STATUS_JAMMED", "scanner_jammed"),
        ("SANE_STATUS_COVER_OPEN", "scanner_open"),
        ("SANE_STATUS_NO_DOCS", "scanner_empty"),
        ("SANE_STATUS_IO_ERROR", "scanner_gone"),
    ] {
        let sane = sane(&counter, &format!("read-status-code \"{status}\""));
        let answer = scan(&counter, &sane, &["--profile", "khay"]);
        assert_eq!((answer.code, answer.error()), (2, kind), "{status}: {}", answer.stdout);
    }
    let sane = sane(&counter, "");
    assert_eq!(scan(&counter, &sane, &["--profile", "mất"]).error(), "scanner_gone");
    assert_eq!(scan(&counter, &sane, &["--profile", "không có"]).error(), "not_found");
    let mut bare = counter.command(["scan", "--profile", "kính"]);
    let answer: Answer = bare.env("PATH", counter.desk()).output().unwrap().into();
    assert_eq!(answer.error(), "scanner_missing");
    assert!(answer.stderr.contains("sane-utils"), "and says what to install: {}", answer.stderr);
    assert!(on_the_desk(&counter).is_empty());
    counter.is_sound();
}

#[test]
fn a_profile_the_law_forbids_is_refused_with_its_name() {
    let counter = counter("[[scan]]\nname = \"mờ\"\ndevice = \"test:0\"\ndpi = 150\n");
    let answer = counter.saoy(["list"]);
    assert_eq!(answer.error(), "bad_settings");
    assert!(
        answer.json["error"]["params"]["detail"].as_str().unwrap().contains("mờ: dpi"),
        "{}",
        answer.stdout
    );
}

/// A `scanimage` that gives two pages and then does `then`; the folder it lies in.
fn feigned(counter: &Counter, then: &str) -> PathBuf {
    let folder = counter.desk().join("bin");
    fs::create_dir_all(&folder).unwrap();
    for number in [1, 2] {
        counter.put(&format!("bin/{number}.jpg"), drawing::page(number, 200, 500).jpeg());
    }
    let script = format!(
        "#!/bin/sh\nhere=$(dirname \"$0\")\nfor a in \"$@\"; do case $a in\n\
-A) printf '%s\\n' '    --mode Gray|Color [Gray]' '    --resolution 75..600dpi [75]' \
'    --source Flatbed|ADF [Flatbed]'; exit 0;;\n--batch=*) to=${{a#--batch=}};; esac; done\n\
for n in 1 2; do f=$(printf \"$to\" $n); cp $here/$n.jpg \"$f\"; echo \"$f\"; done\n{then}\n"
    );
    let program = folder.join("scanimage");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn with_path(command: &mut Command, folder: &Path) -> Answer {
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    command.env("PATH", path).output().unwrap().into()
}

#[test]
fn pages_that_came_before_a_fault_stay() {
    for (then, kind) in [
        ("exit 6", "scanner_jammed"),
        ("echo 'scanimage: sane_start: Error during device I/O' >&2; exit 9", "scanner_gone"),
        ("kill -SEGV $$", "scanner_gone"),
        ("printf x > \"$(printf \"$to\" 3).part\"; exit 6", "scanner_jammed"),
    ] {
        let counter = counter(SANE);
        let folder = feigned(&counter, then);
        let answer = with_path(&mut counter.command(["scan", "--profile", "khay"]), &folder);
        assert_eq!((answer.code, answer.error()), (2, kind), "{then}: {}", answer.stdout);
        assert_eq!(answer.json["error"]["params"]["landed"], "2", "it says how many are safe: {then}");
        assert_eq!(on_the_desk(&counter), ["quet-00001.jpg", "quet-00002.jpg"], "{then}");
        counter.is_sound();
    }
}

#[test]
fn a_scanner_that_says_nothing_is_given_up() {
    let counter =
        counter(&format!("{}max_seconds = 1\n", &SANE[..SANE.find("[[scan]]\nname = \"mất").unwrap()]));
    let folder = feigned(&counter, "exec sleep 60");
    let started = Instant::now();
    let answer = with_path(&mut counter.command(["scan", "--profile", "khay"]), &folder);
    assert_eq!(answer.error(), "scanner_silent", "{}", answer.stdout);
    assert!(started.elapsed() < Duration::from_secs(30), "it does not wait for the minute");
    assert_eq!(on_the_desk(&counter).len(), 2);
}

#[test]
fn a_scan_is_stopped_and_keeps_what_it_has() {
    let (address, stopped) = {
        let pages = (1..=2).map(|n| drawing::page(n, 200, 500).jpeg()).collect();
        let scanner = Scanner::start(Mood::Hangs, pages);
        (scanner.address(), scanner)
    };
    let counter =
        counter(&format!("[[scan]]\nname = \"mạng\"\ndevice = \"{address}\"\nsource = \"feeder\"\n"));
    let app = app(&counter.home());
    let canceled = AtomicBool::new(false);
    let tell = |_| {};
    let watch = Watch::new(&tell, &canceled);
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(600));
            canceled.store(true, Ordering::Relaxed);
        });
        app.scan(&loose(), "mạng", &watch, &mut || {}).unwrap_err()
    });
    assert_eq!(error.kind, ErrorKind::Canceled);
    assert_eq!(stopped.deleted(), 1, "the scanner is told to stop");
    assert!(on_the_desk(&counter).is_empty());
}

fn network(mood: Mood, settings: &str) -> (Counter, Scanner, Answer) {
    let pages = (1..=3).map(|n| drawing::page(n, 200, 500).jpeg()).collect();
    let scanner = Scanner::start(mood, pages);
    let counter = counter(&format!(
        "[[scan]]\nname = \"mạng\"\ndevice = \"{}\"\nsource = \"feeder\"\n{settings}",
        scanner.address()
    ));
    let answer = counter.saoy(["scan", "--profile", "mạng"]);
    (counter, scanner, answer)
}

#[test]
fn a_scanner_of_the_network_gives_its_pages() {
    for mood in [Mood::Good, Mood::Slow, Mood::PointsElsewhere] {
        let (counter, scanner, answer) = network(mood, "dpi = 200\n");
        assert_eq!(answer.done()["added"], 3, "{mood:?}");
        assert_eq!(on_the_desk(&counter), ["quet-00001.jpg", "quet-00002.jpg", "quet-00003.jpg"]);
        let asked = scanner.settings();
        for part in ["RGB24", ">200<", "Feeder", "<scan:Duplex>false<", "image/jpeg", ">3508<"] {
            assert!(asked.contains(part), "{part} in {asked}");
        }
        counter.is_sound();
    }
}

#[test]
fn faults_of_a_scanner_of_the_network_are_told_apart() {
    for (mood, settings, kind, landed) in [
        (Mood::Empty, "", "scanner_empty", 0),
        (Mood::Busy, "", "scanner_busy", 0),
        (Mood::Jams, "", "scanner_jammed", 3),
        (Mood::BreaksOff, "", "scanner_gone", 2),
        (Mood::Bomb, "", "scanner_gone", 0),
        (Mood::Hangs, "max_seconds = 1\n", "scanner_silent", 0),
        (Mood::Good, "dpi = 600\n", "scanner_refused", 0),
        (Mood::Good, "sides = \"both\"\n", "scanner_refused", 0),
    ] {
        let (counter, _, answer) = network(mood, settings);
        assert_eq!((answer.code, answer.error()), (2, kind), "{mood:?} {settings}: {}", answer.stdout);
        assert_eq!(on_the_desk(&counter).len(), landed, "{mood:?}");
        counter.is_sound();
    }
    let counter = counter("[[scan]]\nname = \"mạng\"\ndevice = \"http://127.0.0.1:9/eSCL\"\n");
    assert_eq!(counter.saoy(["scan", "--profile", "mạng"]).error(), "scanner_gone", "nobody is there");
}
