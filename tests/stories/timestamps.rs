//! A time-stamp authority (RFC 3161), played by `openssl ts` behind a small web server: reachable,
//! out of reach, untrusted, or answering rubbish. A copy is signed in every case, and says how far.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use saoy_tests::tsa::{authority, serve};
use saoy_tests::web::listen;
use saoy_tests::{Answer, Counter, drawing};

use crate::extend::empty_list;
use crate::review::laid;

pub fn configure(counter: &Counter, url: &str) {
    fs::write(counter.home().join("counter.toml"), format!("[timestamp]\nurl = \"{url}\"\n")).unwrap();
}

pub fn sign(counter: &Counter) -> serde_json::Value {
    let page = counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
    counter.digitize_anyway(&[page]).done()
}

pub fn verify(counter: &Counter, pdf: &str) -> Answer {
    let home = counter.home();
    counter.saoy(["verify", "--home", home.to_str().unwrap(), pdf])
}

#[test]
fn a_reachable_authority_vouches_for_the_time_and_an_absent_one_stops_nobody() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, None);
    let (url, answers) = serve(&tsa, false);
    configure(&counter, &url);

    // Nobody here trusts that authority: its word is not taken, the copy is signed without.
    let plain = sign(&counter);
    assert_eq!((&plain["level"], &plain["unstamped"]), (&"B-B".into(), &"untrusted".into()));
    assert_eq!(answers.load(Ordering::SeqCst), 1, "it was asked, once");
    assert_eq!(verify(&counter, plain["pdf"].as_str().unwrap()).code, 0);

    fs::create_dir(counter.home().join("trust")).unwrap();
    fs::copy(tsa.join("ca.crt"), counter.home().join("trust/tsa.crt")).unwrap();
    let stamped = sign(&counter);
    assert_eq!((&stamped["level"], &stamped["unstamped"]), (&"B-T".into(), &serde_json::Value::Null));
    let verdict = verify(&counter, stamped["pdf"].as_str().unwrap());
    assert_eq!(verdict.code, 0, "{}", verdict.stdout);
    let one = &verdict.json["signatures"][0];
    let time = |name: &str| one[name].as_str().unwrap().parse::<String>().unwrap();
    assert!(!time("claimed_time").is_empty() && !time("trusted_time").is_empty(), "told apart: {one}");

    // The line is cut; a port nobody listens on.
    configure(&counter, "http://127.0.0.1:9/");
    let offline = sign(&counter);
    assert_eq!(offline["level"], "B-B", "work goes on without network");
    assert_eq!(offline["unstamped"], "no_answer");
    assert_eq!(verify(&counter, offline["pdf"].as_str().unwrap()).code, 0);

    let (url, answers) = serve(&tsa, true);
    configure(&counter, &url);
    let damaged = sign(&counter);
    assert_eq!(
        (&damaged["level"], answers.load(Ordering::SeqCst)),
        (&"B-B".into(), 1),
        "rubbish is not put in"
    );
    assert_eq!(damaged["unstamped"], "refused");
    counter.is_sound();

    // A stamp that is altered afterwards is noticed: it lies in no signed byte, so only it can tell.
    let pdf = stamped["pdf"].as_str().unwrap();
    let mut bytes = fs::read(pdf).unwrap();
    let end = bytes.windows(9).rposition(|w| w == b">>\nendobj").unwrap();
    let mut at = end;
    while bytes[at - 1] == b'0' || bytes[at - 1] == b'>' {
        at -= 1;
    }
    bytes[at - 40] = if bytes[at - 40] == b'1' { b'2' } else { b'1' };
    let altered = counter.put("altered.pdf", bytes);
    let verdict = verify(&counter, altered.to_str().unwrap());
    assert_ne!(verdict.code, 0, "{}", verdict.stdout);
    assert!(
        verdict.stdout.contains("bad_timestamp") || verdict.stdout.contains("malformed"),
        "{}",
        verdict.stdout
    );
}

#[test]
fn an_authority_that_cannot_be_asked_about_now_vouches_once_its_list_is_known() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa, Some("http://127.0.0.1:9/ca.crl"));
    let (url, _) = serve(&tsa, false);
    configure(&counter, &url);
    let trust = |file: &str| counter.saoy(["trust", "add", tsa.join(file).to_str().unwrap()]).done();
    _ = trust("ca.crt");
    let signed = sign(&counter);
    assert_eq!(signed["level"], "B-T", "the token is in the copy: {signed}");
    let pdf = signed["pdf"].as_str().unwrap();
    let judged = verify(&counter, pdf).done();
    assert_eq!(judged["signatures"][0]["trusted_time"], serde_json::Value::Null, "not proven yet: {judged}");
    empty_list(&tsa);
    _ = trust("ca.crl");
    let judged = verify(&counter, pdf).done();
    assert!(judged["signatures"][0]["trusted_time"].is_string(), "{judged}");
}

#[test]
fn an_authority_that_stays_silent_is_waited_for_once_and_the_clerk_is_told() {
    let counter = Counter::new();
    _ = laid(&counter, 3, 1);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let url = listen(move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        // Longer than it is waited for, and short enough that who asks again is counted.
        std::thread::sleep(Duration::from_secs(12));
        None
    });
    configure(&counter, &url);
    let signed = counter.saoy(["sign", "--accept-findings"]);
    assert_eq!((signed.code, &signed.json["signed"]), (0, &3.into()), "{}", signed.stdout);
    assert_eq!(asked.load(Ordering::SeqCst), 1, "not once for each paper");
    for paper in signed.json["papers"].as_array().unwrap() {
        assert_eq!((&paper["level"], &paper["unstamped"]), (&"B-B".into(), &"no_answer".into()), "{paper}");
    }
    assert_eq!(signed.stderr.matches("không trả lời").count(), 1, "said once: {}", signed.stderr);
    counter.is_sound();
}
