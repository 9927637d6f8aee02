//! The counter is copied to another disk: whole, checkable, and never worse than the copy before.

use std::fs;
use std::process::Command;

use saoy_tests::{Counter, drawing, program};

#[test]
fn a_backup_is_a_counter_itself_and_is_brought_up_to_date() {
    let counter = Counter::new();
    let page = counter.put("trang.jpg", drawing::page(1, 200, 3).jpeg());
    let first = counter.digitize(std::slice::from_ref(&page)).done();
    let folder = counter.desk().join("sao lưu");
    let to = folder.to_str().unwrap();

    let made = counter.saoy(["backup", to]).done();
    assert_eq!(made["blobs"], 2, "the original and the copy");
    let check = counter.saoy(["check", "--home", to]).done();
    assert_eq!((&check["ok"], &check["records"]), (&true.into(), &1.into()), "{check}");

    let again = counter.digitize(std::slice::from_ref(&page)).done();
    let grown = counter.saoy(["backup"]).done();
    let copy = fs::metadata(again["pdf"].as_str().unwrap()).unwrap().len();
    let copied = grown["copied_bytes"].as_u64().unwrap();
    assert!(copied >= copy && copied < copy + 65_536, "only what is new is copied again: {copied} of {copy}");
    let list = counter.saoy(["list", "--home", to]).done();
    assert_eq!(list["records"].as_array().unwrap().len(), 2, "{list}");
    let here = counter.saoy(["list"]).done().to_string().replace(counter.home().to_str().unwrap(), to);
    assert_eq!(list.to_string(), here, "the copy tells what the counter tells, of its own files");

    // The disk of the counter is lost: its backup takes its place, keys and all.
    fs::remove_dir_all(counter.home()).unwrap();
    fs::rename(&folder, counter.home()).unwrap();
    let third = counter.digitize(std::slice::from_ref(&page)).done();
    let codes = [&first["code"], &again["code"], &third["code"]];
    assert!(codes[0] != codes[1] && codes[1] != codes[2], "no code is given twice: {codes:?}");
    counter.is_sound();
}

#[test]
fn what_the_counter_dropped_its_backup_drops_too() {
    let counter = Counter::new();
    let folder = counter.desk().join("sao-luu");
    let to = folder.to_str().unwrap();
    let trusted = counter.home().join("trust/ca.crt");
    let tsa = counter.desk().join("tsa");
    saoy_tests::tsa::authority(&tsa, None);
    _ = counter.saoy(["trust", "add", tsa.join("ca.crt").to_str().unwrap()]).done();
    let first = counter.saoy(["backup", to]).done();
    assert_eq!(first["blobs"], 0);
    assert_eq!(counter.saoy(["check", "--home", to]).code, 0, "one without copies is a counter too");
    fs::write(folder.join("ghi chú.txt"), "của người khác").unwrap();

    let keys = |home: &std::path::Path| {
        let mut names: Vec<_> =
            fs::read_dir(home.join("keys")).unwrap().map(|one| one.unwrap().file_name()).collect();
        names.sort();
        names
    };
    fs::remove_file(trusted).unwrap();
    let before = keys(&counter.home());
    let change = counter.command(["key", "change-pin"]).env("SAOY_NEW_PIN", "97531864").output().unwrap();
    assert!(change.status.success(), "{}", String::from_utf8_lossy(&change.stderr));
    assert_ne!(keys(&counter.home()), before);
    _ = counter.saoy(["backup"]).done();
    assert!(!folder.join("trust/ca.crt").exists(), "nobody is trusted again by a restored counter");
    assert_eq!(keys(&folder), keys(&counter.home()), "nor opens a key by a PIN that was changed");
    assert!(folder.join("ghi chú.txt").exists(), "what is not the counter's stays");
}

#[test]
fn a_backup_goes_neither_into_the_counter_nor_over_what_is_not_its_own() {
    let (counter, other) = (Counter::new(), Counter::new());
    let inside = counter.home().join("sao-luu");
    let full = counter.desk().join("đầy");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("thư.txt"), "của người khác").unwrap();
    for (folder, reason) in [(&inside, "inside"), (&other.home(), "another_counter"), (&full, "not_empty")] {
        let refused = counter.saoy(["backup", folder.to_str().unwrap()]);
        assert_eq!((refused.code, refused.error()), (2, "backup_refused"), "{}", refused.stderr);
        assert_eq!(refused.json["error"]["params"]["reason"], reason);
    }
    other.is_sound();
    assert_eq!(fs::read_to_string(full.join("thư.txt")).unwrap(), "của người khác");
    assert_eq!(counter.saoy(["backup"]).code, 2, "nothing was noted as a backup");
}

#[test]
fn a_power_cut_while_backing_up_leaves_the_older_backup_whole() {
    let counter = Counter::new();
    let page = counter.put("trang.jpg", drawing::page(2, 200, 3).jpeg());
    let _ = counter.digitize(std::slice::from_ref(&page)).done();
    let folder = counter.desk().join("sao-luu");
    let to = folder.to_str().unwrap();
    let _ = counter.saoy(["backup", to]).done();
    let _ = counter.digitize(std::slice::from_ref(&page)).done();
    let mut cut = 0;
    for when in 1..14 {
        let fault = format!("inject=rename,fsync,unlink:signal=KILL:when={when}");
        let mut command = Command::new("strace");
        command
            .args(["-f", "-qq", "-o", "/dev/null", "-e", &fault])
            .arg(program("saoy"))
            .args(["backup", to]);
        let killed = command.env("SAOY_HOME", counter.home()).output().unwrap();
        cut += u32::from(!killed.status.success());
        let check = counter.saoy(["check", "--home", to]).done();
        assert_eq!(check["ok"], true, "cut at {when}: {check}");
        assert!(check["records"].as_u64().unwrap() >= 1, "cut at {when}");
    }
    assert!(cut > 3, "the cuts did hit: {cut}");
    counter.is_sound();
    let _ = counter.saoy(["backup"]).done();
    assert_eq!(counter.saoy(["check", "--home", to]).done()["records"], 2);
}

#[test]
fn a_lost_key_keeps_nothing_else_from_being_backed_up_and_a_lost_copy_is_named() {
    let counter = Counter::new();
    let page = counter.put("trang.jpg", drawing::page(1, 200, 3).jpeg());
    let copy = counter.digitize(std::slice::from_ref(&page)).done();
    let folder = counter.desk().join("sao-luu");
    fs::remove_file(counter.home().join("keys/clerk-1.pem")).unwrap();
    let made = counter.saoy(["backup", folder.to_str().unwrap()]).done();
    assert_eq!(made["blobs"], 2);
    let check = counter.saoy(["check", "--home", folder.to_str().unwrap()]);
    assert_eq!(check.code, 2, "the check tells of the key");

    let lost = copy["pdf"].as_str().unwrap();
    fs::remove_file(lost).unwrap();
    let refused = counter.saoy(["backup", counter.desk().join("khac").to_str().unwrap()]);
    assert_eq!(refused.error(), "home_damaged");
    let name = lost.rsplit('/').next().unwrap();
    assert!(refused.stderr.contains(name) || refused.stdout.contains(name), "the lost file is named");
}
