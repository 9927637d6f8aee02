//! Due dates by the command: no counter needed, an office's calendar respected, faults named.

use std::fs;

use saoy_tests::Counter;

fn due(counter: &Counter, arguments: &[&str]) -> saoy_tests::Answer {
    counter.saoy(["due", "--json"].iter().chain(arguments))
}

#[test]
fn five_working_days_from_a_friday() {
    let counter = Counter::new();
    let answer = due(&counter, &["--from", "2023-10-27T09:00", "--term", "5 ngày làm việc"]).done();
    assert_eq!(answer["due"], "2023-11-03T17:00:00+07:00");
    assert_eq!(answer["term"], "5 ngày làm việc");
    let skipped: Vec<_> = answer["skipped"].as_array().unwrap().iter().map(|s| s["date"].clone()).collect();
    assert_eq!(skipped, ["2023-10-28", "2023-10-29"], "the weekend is told");
    let answer = due(&counter, &["--from", "12/02/2026 09:00", "--term", "3 ngày làm việc"]).done();
    assert_eq!(answer["due"], "2026-02-24T17:00:00+07:00", "over Tết");
    assert_eq!(answer["skipped"][0]["kind"], "holiday");
    let waited = ["--pause", "2023-10-30T08:00/2023-11-01T08:00"];
    let answer =
        due(&counter, &[&["--from", "2023-10-27", "--term", "5 ngày làm việc"][..], &waited].concat()).done();
    assert_eq!(answer["due"], "2023-11-08T17:00:00+07:00", "the clock stood for three days");
    let cutoff = ["--term", "trong ngày", "--cutoff", "15:00", "--from", "2023-11-03T15:30"];
    assert_eq!(due(&counter, &cutoff).done()["due"], "2023-11-06T17:00:00+07:00");
}

#[test]
fn an_office_has_its_own_calendar() {
    let counter = Counter::new();
    let own = "known_until = \"2030-12-31\"\n[[week]]\neffective_from = \"2020-01-01\"\n\
               mon = [[\"08:00\", \"12:00\"]]\nsat = [[\"08:00\", \"11:00\"]]\n";
    fs::write(counter.home().join("calendar.toml"), own).unwrap();
    let asked = ["--from", "2023-10-27T09:00", "--term", "1 ngày làm việc"];
    assert_eq!(due(&counter, &asked).done()["due"], "2023-10-28T11:00:00+07:00");

    fs::write(counter.home().join("calendar.toml"), own.replace("12:00", "07:00")).unwrap();
    let answer = due(&counter, &asked);
    assert_eq!((answer.code, answer.error()), (2, "bad_calendar"), "{}", answer.stdout);
    assert!(
        answer.stderr.contains("calendar.toml") && answer.stderr.contains("week 2020-01-01"),
        "{}",
        answer.stderr
    );
    let named = counter.put("khac.toml", "khong phai toml");
    let answer = due(&counter, &[&asked[..], &["--calendar", named.to_str().unwrap()]].concat());
    assert!(answer.stderr.contains("khac.toml"), "the file is named: {}", answer.stderr);
}

#[test]
fn what_is_not_understood_is_said_not_guessed() {
    let counter = Counter::new();
    for (from, term, kind) in [
        ("2023-10-27", "theo quy định", "bad_term"),
        ("2023-10-27", "0 ngày", "bad_term"),
        ("27-10-2023", "5 ngày", "bad_time"),
        ("2023-02-30", "5 ngày", "bad_time"),
    ] {
        let answer = due(&counter, &["--from", from, "--term", term]);
        assert_eq!((answer.code, answer.error()), (2, kind), "{from} {term}: {}", answer.stdout);
        assert!(answer.stderr.lines().count() >= 3 && !answer.stderr.contains('{'), "{}", answer.stderr);
    }
}
