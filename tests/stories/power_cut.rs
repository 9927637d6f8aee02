//! The power goes, the disk is full, two programs want the same counter: whole or not at all.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use saoy_tests::{Counter, drawing, program};

fn counter_with_pages() -> (Counter, Vec<PathBuf>) {
    let counter = Counter::new();
    let pages = (0..3).map(|n| counter.put(&format!("{n}.jpg"), drawing::page(n, 200, 21).jpeg())).collect();
    (counter, pages)
}

/// Runs `digitize` under strace with a fault injected into one system call.
fn with_fault(counter: &Counter, pages: &[PathBuf], fault: &str) -> i32 {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={fault}")]).arg(program("saoy"));
    command.args(Counter::birth_certificate(pages));
    for (name, value) in counter.command(["list"]).get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let output = command.output().expect("strace is installed by `make test`");
    output.status.code().unwrap_or(-1)
}

#[test]
fn a_power_cut_at_any_write_leaves_all_or_nothing() {
    let (counter, pages) = counter_with_pages();
    let mut cut = 0;
    let mut finished = 0;
    for when in (1..60).step_by(3) {
        let before = counter.saoy(["check"]).done()["records"].as_u64().unwrap();
        let code = with_fault(
            &counter,
            &pages,
            &format!("pwrite64,write,fsync,fdatasync,rename:signal=KILL:when={when}"),
        );
        counter.is_sound();
        let check = counter.saoy(["check"]).done();
        let after = check["records"].as_u64().unwrap();
        assert!(after == before || after == before + 1, "one paper is there or it is not");
        assert_eq!(check["journal_entries"].as_u64().unwrap(), after, "and so is its entry");
        assert_eq!(
            counter.saoy(["outbox"]).done()["items"].as_array().unwrap().len() as u64,
            after,
            "and its outbox row"
        );
        if code == 0 { finished += 1 } else { cut += 1 }
    }
    assert!(cut > 5, "the cuts did hit: {cut} cut, {finished} finished");
    let made = counter.digitize(&pages).done();
    assert_eq!(made["pages"], 3, "and the counter works on");
    let list = counter.saoy(["list"]).done();
    let codes: std::collections::BTreeSet<&str> =
        list["records"].as_array().unwrap().iter().map(|record| record["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), list["records"].as_array().unwrap().len(), "no code was given twice");
}

#[test]
fn a_failing_disk_is_told_and_changes_nothing() {
    let (counter, pages) = counter_with_pages();
    let mut refused = 0;
    for fault in [
        "fsync:error=EIO:when=1",
        "fdatasync:error=EIO:when=1",
        "pwrite64:error=ENOSPC:when=4",
        "rename:error=EACCES:when=1",
        "write:error=ENOSPC:when=30",
    ] {
        let holds = || {
            let mut all = counter.holds();
            // A running number that came on no paper is used up.
            _ = all.remove("station#0");
            all
        };
        let before = holds();
        let code = with_fault(&counter, &pages, fault);
        if code == 0 {
            continue;
        }
        refused += 1;
        assert!([2, 70].contains(&code), "{fault}: {code}");
        // A commit that failed may have happened, so its files are left to the sweep.
        counter.is_sound();
        assert_eq!(holds(), before, "{fault}: as before");
    }
    assert!(refused >= 2, "the faults did hit: {refused}");
}

#[test]
fn two_programs_at_one_counter_both_finish_with_different_codes() {
    let (counter, pages) = counter_with_pages();
    let children: Vec<_> = (0..4)
        .map(|_| {
            counter
                .command(Counter::birth_certificate(&pages))
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let codes: std::collections::BTreeSet<String> = children
        .into_iter()
        .map(|child| {
            saoy_tests::Answer::from(child.wait_with_output().unwrap()).done()["code"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(codes.len(), 4);
    counter.is_sound();
}

#[test]
fn killed_at_any_moment_the_counter_opens_again() {
    let (counter, pages) = counter_with_pages();
    for wait in [5, 20, 60, 120, 250, 400] {
        let mut child = counter
            .command(Counter::birth_certificate(&pages))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        counter.is_sound();
    }
    assert_eq!(counter.digitize(&pages).done()["pages"], 3, "and works on");
    counter.is_sound();
}
