//! Certificates that name an OCSP responder, played by `openssl ocsp`: sound, busy, damaged, out of reach, or
//! saying that one was revoked.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use saoy_tests::ocsp::{self, Mood, knows};
use saoy_tests::office::Office;
use saoy_tests::web::listen;
use serde_json::Value;

use crate::extend::{begins_with, empty_list, extend};
use crate::timestamps::sign;

/// An office whose certificates name a responder and a list; a copy signed there.
struct Case {
    office: Office,
    pdf: String,
    asked: Arc<AtomicUsize>,
    fetched: Arc<AtomicUsize>,
}

fn case(mood: Option<Mood>) -> Case {
    let office = Office::new();
    let folder = office.folder();
    let (ocsp, asked) = match mood {
        Some(mood) => ocsp::serve(&folder, mood),
        None => ("http://127.0.0.1:9/".to_owned(), Arc::default()),
    };
    let (list, fetched) = (folder.join("ca.crl"), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&fetched);
    let lists = listen(move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
        fs::read(&list).ok()
    });
    office.certify(&format!(
        "authorityInfoAccess = OCSP;URI:{ocsp}\ncrlDistributionPoints = URI:{lists}ca.crl\n"
    ));
    let signed = sign(&office.counter);
    let pdf = signed["pdf"].as_str().unwrap().to_owned();
    Case { office, pdf, asked, fetched }
}

/// What is said by a stranger who trusts the authority alone and has no network.
fn judged(case: &Case, file: &Path) -> Value {
    case.office.stranger(file)
}

#[test]
fn answers_are_kept_and_no_list_is_asked_for() {
    let case = case(Some(Mood::Sound));
    let bare = judged(&case, Path::new(&case.pdf));
    assert_eq!(bare["verdict"], "unknown", "nobody says whether the clerk was revoked: {bare}");
    let out = case.office.counter.desk().join("đủ.pdf");
    let made = extend(&case.office.counter, &case.pdf, &out).done();
    assert_eq!((made["level"].as_str(), made["verdict"].as_str()), (Some("B-LTA"), Some("valid")), "{made}");
    assert!(begins_with(&out, &case.pdf));
    assert!(case.asked.load(Ordering::SeqCst) >= 2, "about the clerk and the authority of time");
    assert_eq!(case.fetched.load(Ordering::SeqCst), 0, "an answer is enough");
    let bytes = fs::read(&out).unwrap();
    let word = |word: &[u8]| bytes.windows(word.len()).any(|w| w == word);
    assert!(word(b"/OCSPs") && !word(b"/CRLs"));
    let alone = judged(&case, &out);
    assert_eq!(alone["verdict"], "valid", "what is in the file is enough: {alone}");
}

#[test]
fn without_an_answer_the_list_is_fetched() {
    for mood in [Some(Mood::Busy), Some(Mood::Damaged), Some(Mood::Nonsense), None] {
        let case = case(mood);
        let out = case.office.counter.desk().join("đủ.pdf");
        let early = extend(&case.office.counter, &case.pdf, &out);
        assert_eq!(early.json["error"]["params"]["reason"], "no_evidence", "{mood:?}: {}", early.stdout);
        empty_list(&case.office.folder());
        let made = extend(&case.office.counter, &case.pdf, &out).done();
        let made = (made["level"].as_str(), made["verdict"].as_str());
        assert_eq!(made, (Some("B-LTA"), Some("valid")), "{mood:?}");
        let alone = judged(&case, &out);
        assert_eq!(alone["verdict"], "valid", "{mood:?}: {alone}");
    }
}

#[test]
fn whom_a_responder_revokes_is_not_made_to_last() {
    let case = case(Some(Mood::Sound));
    empty_list(&case.office.folder());
    let revoked = Some("240101000000Z,keyCompromise");
    knows(&case.office.folder(), &[("lan.crt", None), ("tsa.crt", revoked)]);
    let out = case.office.counter.desk().join("đủ.pdf");
    let made = extend(&case.office.counter, &case.pdf, &out);
    assert_eq!(made.error(), "not_extended", "although the list has not heard of it: {}", made.stdout);
    assert!(!out.exists());
}
