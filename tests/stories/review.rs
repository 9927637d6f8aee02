//! Review and sign: what was shown is what is signed, one PIN for all, and every paper that is not signed
//! says why. Fifty papers wait on the desk of one dossier.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use saoy_core::app::App;
use saoy_core::app::contract::{
    ErrorKind, LOOSE, Landing, MarkStep, NudgeMark, ReviewState, ReviewWish, Seen, SignPapers, Spot,
};
use saoy_core::app::progress::Watch;
use saoy_core::app::settings::Settings;
use saoy_core::isolate::ReaderCommand;
use saoy_core::sign::key::Secret;
use saoy_core::time::{Clock, SystemClock, Timestamp};
use saoy_tests::token::{TOKEN_PIN, TokenDesk, run};
use saoy_tests::{Answer, Counter, PIN, drawing, program};
use serde_json::{Value, json};

/// A procedure of so many papers, and a dossier with all of them handed in.
fn received(counter: &Counter, papers: u32) -> String {
    let components: Vec<Value> = (1..=papers)
        .map(|n| json!({"code": format!("9.000001.{n:02}"), "name": format!("Giấy tờ số {n}"), "required": true}))
        .collect();
    let procedure =
        json!({"code": "9.000001", "name": "Thủ tục thử ký", "field": "Thử nghiệm", "papers": components});
    let file = counter.put("thu-tuc.json", json!({ "procedures": [procedure] }).to_string());
    let _ = counter.saoy(["catalogue", "import", file.to_str().unwrap()]).done();
    let mut receive: Vec<String> = [
        "dossier",
        "receive",
        "--procedure",
        "9.000001",
        "--owner",
        "001087000001",
        "--owner-name",
        "Nguyễn Văn An",
    ]
    .map(str::to_owned)
    .into();
    receive.extend((1..=papers).flat_map(|n| ["--paper".to_owned(), format!("{n}=original")]));
    counter.saoy(receive).done()["code"].as_str().unwrap().to_owned()
}

/// Such a dossier with so many pages on each paper.
pub fn laid(counter: &Counter, papers: u32, pages: u64) -> String {
    let code = received(counter, papers);
    for place in 1..=papers {
        let files: Vec<PathBuf> = (0..pages)
            .map(|n| {
                let page = drawing::page(u64::from(place) * 2 + n, 100, 31).jpeg();
                counter.put(&format!("{place}-{n}.jpg"), page)
            })
            .collect();
        let place = place.to_string();
        let lay = ["dossier", "lay", &code, "--place", &place];
        let laid = counter.saoy(lay.into_iter().chain(files.iter().map(|page| page.to_str().unwrap())));
        assert_eq!(laid.done()["added"], pages);
    }
    code
}

fn states(answer: &Value) -> Vec<&str> {
    answer["papers"].as_array().unwrap().iter().map(|paper| paper["state"].as_str().unwrap()).collect()
}

fn counts(answer: &Value) -> [u64; 4] {
    ["signed", "failed", "waiting", "left_out"].map(|name| answer[name].as_u64().unwrap())
}

/// Where the signature lies in a file of ours.
fn hole(pdf: &[u8]) -> std::ops::Range<usize> {
    let mark = b"/Contents <";
    let start = pdf.windows(mark.len()).rposition(|window| window == mark).unwrap() + mark.len() - 1;
    start..start + pdf[start..].iter().position(|byte| *byte == b'>').unwrap() + 1
}

#[test]
fn what_was_shown_is_what_is_signed_and_a_paper_left_out_waits_with_its_reason() {
    let counter = Counter::new();
    let code = laid(&counter, 3, 2);
    let preview = counter.desk().join("xem");
    let left = format!("{code}:2=thiếu dấu giáp lai");
    let folder = preview.to_str().unwrap();
    let done = counter.saoy(["sign", "--accept-findings", "--leave-out", &left, "--preview", folder]).done();
    assert_eq!(
        (counts(&done), states(&done)),
        ([2, 0, 0, 1], vec!["signed", "left_out", "signed"]),
        "{done}"
    );
    for (number, paper) in ["001", "003"].iter().zip([0, 2]) {
        let shown = fs::read(preview.join(format!("{number}.pdf"))).unwrap();
        let pdf = &done["papers"][paper]["pdf"];
        let signed = fs::read(pdf.as_str().unwrap()).unwrap();
        let hole = hole(&shown);
        assert_eq!(shown.len(), signed.len());
        assert!(shown[..hole.start] == signed[..hole.start] && shown[hole.end..] == signed[hole.end..]);
        assert!(shown[hole.start + 1..hole.end - 1].iter().all(|byte| *byte == b'0'), "no signature yet");
        assert!(signed[hole].iter().any(|byte| *byte != b'0'));
        let declared = b"/ExtensionLevel 32002";
        assert!(signed.windows(declared.len()).any(|here| here == declared), "Ed25519, as ISO/TS 32002 asks");
        let verdict =
            counter.saoy(["verify", "--home", counter.home().to_str().unwrap(), pdf.as_str().unwrap()]);
        let verdict = verdict.done();
        assert_eq!((&verdict["code"], &verdict["record"]), (&done["papers"][paper]["code"], &json!("same")));
    }
    let papers = &counter.saoy(["dossier", "papers", &code]).done()["papers"];
    assert_eq!(
        (&papers[1]["state"], &papers[1]["left_out"]),
        (&json!("to_copy"), &json!("thiếu dấu giáp lai"))
    );
    counter.is_sound();

    // It stays out until it is taken in again; the journal and the outbox tell of it.
    let again = counter.saoy(["sign", "--accept-findings"]);
    assert_eq!((again.code, states(&again.json)), (2, vec!["left_out"]));
    let taken = counter.saoy(["sign", "--accept-findings", "--leave-out", &format!("{code}:2=")]).done();
    assert_eq!(states(&taken), ["signed"], "{taken}");
    let queue = counter.saoy(["outbox"]).done()["items"].as_array().unwrap().clone();
    let told = queue.iter().filter(|item| item["kind"] == "dossier_paper_left_out");
    let told: Vec<&Value> = told.map(|item| &item["left_out"]).collect();
    assert_eq!(
        told.iter().map(|one| &one["reason"]).collect::<Vec<_>>(),
        ["thiếu dấu giáp lai", ""],
        "left out, then taken in again"
    );
    assert_eq!(told.iter().map(|one| &one["paper"]).collect::<Vec<_>>(), [&papers[1]["name"]; 2]);
}

#[test]
fn a_paper_whose_own_signature_does_not_hold_is_kept_only_for_a_reason() {
    let other = Counter::new();
    let page = other.put("trang.jpg", drawing::page(1, 200, 7).jpeg());
    let mut altered = fs::read(other.digitize(&[page]).done()["pdf"].as_str().unwrap()).unwrap();
    let middle = altered.windows(6).position(|window| window == b"stream").unwrap() + 40;
    altered[middle] ^= 1;

    let counter = Counter::new();
    let code = received(&counter, 1);
    let brought = counter.put("da-sua.pdf", &altered);
    let _ = counter.saoy(["dossier", "lay", &code, "--place", "1", brought.to_str().unwrap()]).done();
    let looked = counter.saoy(["sign", "--accept-findings"]);
    let paper = &looked.json["papers"][0];
    assert_eq!((looked.code, &paper["state"], &paper["in_doubt"]), (2, &json!("waiting"), &json!(true)));

    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    let app = App::at(&counter.home(), reader).unwrap();
    let session = app.unlock(PIN).unwrap();
    let canceled = AtomicBool::new(false);
    let watch = Watch::new(&|_| {}, &canceled);
    let wish = ReviewWish { desk: LOOSE.to_owned(), signer: None, agency: None };
    let paper = app.review(&session, &wish, &watch).unwrap().papers.remove(0);
    let keep = |reason: &str| {
        let seen =
            Seen { spot: paper.spot.clone(), picture: paper.picture.clone(), reason: reason.to_owned() };
        app.sign_papers(
            &session,
            &SignPapers { papers: vec![seen], pin: Secret::new(PIN.to_owned()) },
            &watch,
        )
    };
    assert_eq!(keep(" ").unwrap_err().kind, ErrorKind::Findings);
    assert_eq!(keep(&"x".repeat(501)).unwrap_err().kind, ErrorKind::BadWord);
    drop(app);

    let kept = counter.saoy(["sign", "--keep-invalid", "công dân yêu cầu"]).done();
    assert_eq!((&kept["papers"][0]["state"], &kept["papers"][0]["level"]), (&json!("signed"), &Value::Null));
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    let why: String = db.query_row("SELECT accepted FROM record_page", [], |row| row.get(0)).unwrap();
    assert_eq!(why, "công dân yêu cầu");
    let told = json!({"worth": "invalid", "reason": why});
    assert_eq!(
        counter.saoy(["list"]).done()["records"][0]["kept"],
        told,
        "it stays apart from copies made here"
    );
    let queue = counter.saoy(["outbox"]).done()["items"].as_array().unwrap().clone();
    let mut kept = queue.iter().map(|item| &item["kept"]).filter(|kept| !kept.is_null());
    assert_eq!((kept.next(), kept.next()), (Some(&told), None));
    counter.is_sound();
}

#[test]
fn a_single_paper_without_its_fields_keeps_no_dossier_from_being_signed() {
    let counter = Counter::new();
    let code = received(&counter, 1);
    let page = counter.put("trang.jpg", drawing::page(1, 200, 7).jpeg());
    let _ = counter.saoy(["dossier", "lay", &code, "--place", "1", page.to_str().unwrap()]).done();
    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    let app = App::at(&counter.home(), reader).unwrap();
    let session = app.unlock(PIN).unwrap();
    let canceled = AtomicBool::new(false);
    let watch = Watch::new(&|_| {}, &canceled);
    let loose = Landing::from(Spot { desk: LOOSE.to_owned(), place: 0 });
    let other = counter.put("khac.jpg", drawing::page(2, 200, 8).jpeg());
    let _ = app.import(&loose, &[other], &watch, &mut || {}).unwrap();
    let wish = ReviewWish { desk: LOOSE.to_owned(), signer: None, agency: None };
    let view = app.review(&session, &wish, &watch).unwrap();
    let states: Vec<_> = view.papers.iter().map(|paper| (paper.spot.place, paper.state)).collect();
    assert_eq!(states, [(0, ReviewState::Blocked), (1, ReviewState::Waiting)], "each as it is");
}

#[test]
fn a_wrong_pin_of_the_counter_signs_nothing() {
    let counter = Counter::new();
    laid(&counter, 2, 2);
    let before = counter.holds();
    let wrong: Answer =
        counter.command(["sign", "--accept-findings"]).env("SAOY_PIN", "00000000").output().unwrap().into();
    assert_eq!((wrong.code, wrong.error()), (2, "wrong_pin"));
    assert_eq!(counter.holds(), before);
}

/// A vendor's library around SoftHSM2: notes every login in a file, and dies at a signature.
fn counting(desk: &TokenDesk, dies_at: u32) -> (PathBuf, PathBuf) {
    let logins = desk.counter.desk().join("logins");
    let source = format!(
        r#"#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct list {{ unsigned char version[2]; void *call[68]; }};
static struct list mine;
static unsigned long (*login)(unsigned long, unsigned long, unsigned char *, unsigned long);
static unsigned long (*sign)(unsigned long, unsigned char *, unsigned long, unsigned char *, unsigned long *);
static int signatures;
static unsigned long my_login(unsigned long s, unsigned long u, unsigned char *p, unsigned long n) {{
  FILE *f = fopen("{logins}", "a"); fputs("login\n", f); fclose(f); return login(s, u, p, n);
}}
static unsigned long my_sign(unsigned long s, unsigned char *d, unsigned long n, unsigned char *o, unsigned long *l) {{
  if (o && ++signatures == {dies_at}) abort();
  return sign(s, d, n, o, l);
}}
unsigned long C_GetFunctionList(void **out) {{
  void *library = dlopen("{real}", RTLD_NOW);
  unsigned long (*get)(struct list **) = dlsym(library, "C_GetFunctionList");
  struct list *theirs;
  unsigned long answer = get(&theirs);
  memcpy(&mine, theirs, sizeof mine);
  login = theirs->call[18]; sign = theirs->call[43];
  mine.call[18] = my_login; mine.call[43] = my_sign;
  *out = &mine;
  return answer;
}}
"#,
        logins = logins.display(),
        real = desk.module.display(),
    );
    let file = desk.counter.put("counting.c", source);
    let made = desk.counter.desk().join("counting.so");
    run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&made).arg(&file).arg("-ldl"));
    desk.use_modules(&[&made]);
    (made, logins)
}

fn logins(file: &Path) -> usize {
    fs::read_to_string(file).unwrap_or_default().lines().count()
}

#[test]
fn one_pin_one_try_and_a_token_that_dies_at_the_twenty_sixth_of_fifty() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "p256", "goc");
    laid(&desk.counter, 50, 1);
    let (_, tries) = counting(&desk, 26);
    let sign = |pin: &str| desk.saoy(pin, &["sign", "--accept-findings", "--token", "hoa"]);

    let wrong = sign("000000");
    assert_eq!((wrong.code, wrong.error()), (2, "token_pin_wrong"), "{}", wrong.stdout);
    assert_eq!(logins(&tries), 1, "fifty papers wait, and one try is used");
    assert_eq!(wrong.json["error"]["params"]["tries"], "few");
    assert_eq!(desk.counter.saoy(["list"]).done()["records"].as_array().unwrap().len(), 0);

    let died = sign(TOKEN_PIN);
    assert_eq!((died.code, counts(&died.json)), (2, [25, 1, 24, 0]), "{}", died.stdout);
    assert_eq!(logins(&tries), 2, "one PIN for all");
    let failed = &died.json["papers"][25];
    assert_eq!(failed["state"], "failed");
    assert_eq!(
        (&failed["error"]["kind"], &failed["error"]["params"]["reason"]),
        (&json!("token_failed"), &json!("crashed"))
    );
    let home = desk.counter.home();
    for paper in &died.json["papers"].as_array().unwrap()[..25] {
        let verdict =
            desk.saoy("", &["verify", "--home", home.to_str().unwrap(), paper["pdf"].as_str().unwrap()]);
        assert_eq!(verdict.done()["verdict"], "valid");
    }
    desk.counter.is_sound();

    // The token is back: the twenty-five that are left take one PIN more.
    desk.use_modules(&[&desk.module]);
    let rest = sign(TOKEN_PIN).done();
    assert_eq!(counts(&rest), [25, 0, 0, 0], "{rest}");
    let records = desk.counter.saoy(["list"]).done();
    let mut codes: Vec<&str> =
        records["records"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 50, "no code twice");
    desk.counter.is_sound();
}

/// The machine's clock, so many minutes later.
#[derive(Default)]
struct Later(AtomicI64);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        let minutes = self.0.load(Ordering::Relaxed);
        let span = std::time::Duration::from_secs(60 * minutes.unsigned_abs());
        if minutes < 0 { self.real().now() - span } else { self.real().now() + span }
    }

    fn random(&self, buffer: &mut [u8]) -> std::io::Result<()> {
        self.real().random(buffer)
    }
}

impl Later {
    fn real(&self) -> SystemClock {
        SystemClock { offset: Settings::default().offset().unwrap() }
    }
}

#[test]
fn the_pictures_come_from_the_prepared_bytes_and_a_moved_mark_makes_other_bytes() {
    let counter = Counter::new();
    laid(&counter, 1, 2);
    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    let clock = Arc::new(Later::default());
    let app = App::with_clock(&counter.home(), Settings::default(), reader, clock.clone());
    let session = app.unlock(PIN).unwrap();
    let canceled = AtomicBool::new(false);
    let watch = Watch::new(&|_| {}, &canceled);
    let wish = ReviewWish { desk: LOOSE.to_owned(), signer: None, agency: None };
    let paper = app.review(&session, &wish, &watch).unwrap().papers.remove(0);
    let drawn = |picture: &str, page| {
        let jpeg = app.prepared_picture(picture, page, 700).unwrap();
        image::load_from_memory(&jpeg).unwrap().to_luma8()
    };
    let (first, second) = (drawn(&paper.picture, 0), drawn(&paper.picture, 1));
    assert_eq!(first.width(), 700);
    assert_ne!(first, second);

    // The same paper again is the same bytes: nothing changed.
    assert_eq!(app.review(&session, &wish, &watch).unwrap().papers[0].picture, paper.picture);
    let nudge = |step| app.nudge_mark(&NudgeMark { spot: paper.spot.clone(), step });
    let moved = nudge(MarkStep::Right).unwrap();
    assert_ne!(moved.picture, paper.picture);
    assert!(app.prepared_picture(&paper.picture, 0, 700).is_err(), "those bytes are no more");
    let shifted = drawn(&moved.picture, 0);
    assert_ne!(shifted, first);
    assert_eq!(moved.code, paper.code, "it stays the same paper");
    let steps = (0..400).take_while(|_| nudge(MarkStep::Left).is_ok()).count();
    assert!(steps < 60, "it stops at the paper's edge after {steps}");
    let stuck = nudge(MarkStep::Left).unwrap_err();
    assert_eq!(stuck.kind, ErrorKind::MarkStuck);
    let back = nudge(MarkStep::Automatic).unwrap();
    assert_eq!(drawn(&back.picture, 0), first, "and back where it was");

    // An hour later the time that stands in the bytes is no longer the time of signing.
    clock.0.store(61, Ordering::Relaxed);
    let seen = |picture: &str| SignPapers {
        papers: vec![Seen { spot: paper.spot.clone(), picture: picture.to_owned(), reason: String::new() }],
        pin: Secret::new(PIN.to_owned()),
    };
    let old = app.sign_papers(&session, &seen(&back.picture), &watch).unwrap_err();
    assert_eq!(old.kind, ErrorKind::ReviewStale);
    let anew = app.review(&session, &wish, &watch).unwrap().papers.remove(0);
    assert_ne!((&anew.picture, &anew.code), (&back.picture, &String::new()));
    assert_eq!(anew.code, paper.code, "the number it was given is not lost");
    let shown = drawn(&anew.picture, 0);

    // Bytes that were not looked at are not signed.
    let stale = app.sign_papers(&session, &seen(&moved.picture), &watch).unwrap_err();
    assert_eq!(stale.kind, ErrorKind::ReviewStale);
    let done = app.sign_papers(&session, &seen(&anew.picture), &watch).unwrap();
    assert_eq!(done.papers[0].state, ReviewState::Signed);
    assert_eq!(drawn(&anew.picture, 0), shown, "the signed copy shows the same");
    counter.is_sound();
}

#[test]
fn a_clock_that_is_behind_is_named_before_anybody_types_a_pin() {
    let counter = Counter::new();
    laid(&counter, 1, 1);
    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    let clock = Arc::new(Later::default());
    clock.0.store(-2 * 24 * 60, Ordering::Relaxed);
    let app = App::with_clock(&counter.home(), Settings::default(), reader, clock);
    let session = app.unlock(PIN).unwrap();
    let canceled = AtomicBool::new(false);
    let watch = Watch::new(&|_| {}, &canceled);
    let wish = ReviewWish { desk: LOOSE.to_owned(), signer: None, agency: None };
    let view = app.review(&session, &wish, &watch).unwrap();
    assert!(!view.signers[0].usable, "its time has not begun: {:?}", view.signers);
    let why = view.papers[0].error.as_ref().map(|error| error.kind);
    assert_eq!((view.papers[0].state, why), (ReviewState::Blocked, Some(ErrorKind::CertificateNotYetValid)));
    counter.is_sound();
}
