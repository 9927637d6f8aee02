//! Several clerks on one PC, each with a key and a PIN of their own, and what each may do.

use std::fs;
use std::process::Command;

use saoy_tests::{Answer, Counter, PIN, drawing};
use serde_json::Value;

const HOA: &str = "Trần Văn Hòa";
const HOAS_PIN: &str = "97531864";

/// `saoy` with further secrets in its environment; they go before the counter's own.
fn with(counter: &Counter, secrets: &[(&str, &str)], arguments: &[&str]) -> Answer {
    let mut command = counter.command(arguments);
    command.envs(secrets.iter().copied());
    command.output().unwrap().into()
}

fn as_hoa(counter: &Counter, arguments: &[&str]) -> Answer {
    with(counter, &[("SAOY_PIN", HOAS_PIN), ("SAOY_CLERK", HOA)], arguments)
}

fn hire(counter: &Counter, roles: &[&str]) -> Answer {
    let mut arguments = vec!["clerk", "add", "--clerk", "Nguyễn Thị Lan", "--name", HOA];
    arguments.extend(roles.iter().flat_map(|role| ["--role", role]));
    with(counter, &[("SAOY_NEW_PIN", HOAS_PIN)], &arguments)
}

fn digitize(counter: &Counter, number: u64, more: &[&str]) -> Vec<String> {
    let page = counter.put(&format!("page-{number}.jpg"), drawing::page(number, 100, 5).jpeg());
    let mut arguments = Counter::birth_certificate(&[page]);
    arguments.extend(["--accept-findings"].iter().chain(more).map(|one| (*one).to_owned()));
    arguments
}

fn named<'a>(all: &'a Value, name: &str) -> &'a Value {
    all["clerks"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

#[test]
fn two_clerks_sign_at_one_counter_each_with_their_own_key() {
    let counter = Counter::new();
    let all = hire(&counter, &["clerk"]).done();
    assert_eq!(named(&all, HOA)["roles"], serde_json::json!(["clerk"]));
    assert_eq!(named(&all, HOA)["key"]["self_signed"], true);

    // Who works must be said now; a name may be typed without its diacritics.
    assert_eq!(counter.saoy(digitize(&counter, 1, &[])).error(), "clerk_unknown");
    let lans = counter.saoy(digitize(&counter, 1, &["--clerk", "nguyen thi lan"])).done();
    let mut his = counter.command(digitize(&counter, 2, &["--clerk", "tran van hoa"]));
    let his = Answer::from(his.env("SAOY_PIN", HOAS_PIN).output().unwrap()).done();
    assert_eq!([&lans["signed_by"], &his["signed_by"]], ["Nguyễn Thị Lan", HOA]);
    for made in [&lans, &his] {
        let verdict = counter.saoy([
            "verify",
            "--home",
            &counter.home().display().to_string(),
            made["pdf"].as_str().unwrap(),
        ]);
        assert_eq!(verdict.done()["verdict"], "valid");
    }

    // A PIN opens its own key and no other.
    let mut hers = counter.command(digitize(&counter, 3, &["--clerk", HOA]));
    assert_eq!(Answer::from(hers.env("SAOY_PIN", PIN).output().unwrap()).error(), "wrong_pin");
    let changed = with(
        &counter,
        &[("SAOY_PIN", HOAS_PIN), ("SAOY_NEW_PIN", "11223344"), ("SAOY_CLERK", HOA)],
        &["key", "change-pin"],
    );
    _ = changed.done();
    assert_eq!(as_hoa(&counter, &["key", "csr", "--out", "a.csr"]).error(), "wrong_pin");
    counter.is_sound();
}

#[test]
fn a_clerk_does_what_the_roles_allow_and_nothing_else() {
    let counter = Counter::new();
    assert_eq!(hire(&counter, &["king"]).error(), "bad_word");
    _ = hire(&counter, &["administrator"]).done();
    assert_eq!(hire(&counter, &["clerk"]).error(), "clerk_known");
    let arguments = digitize(&counter, 1, &[]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let refused = as_hoa(&counter, &arguments);
    assert_eq!(refused.error(), "role_missing");
    assert_eq!(refused.json["error"]["params"]["role"], "clerk");

    // Lan becomes a clerk and nothing more, by Hòa's word; then somebody must still look after it all.
    _ = as_hoa(&counter, &["clerk", "change", "--role", "clerk", "nguyen thi lan"]).done();
    for arguments in [&["clerk", "change", "--role", "clerk", HOA][..], &["clerk", "leave", HOA]] {
        assert_eq!(as_hoa(&counter, arguments).error(), "last_administrator");
    }
    let lan = [("SAOY_CLERK", "Nguyễn Thị Lan")];
    let refused = with(&counter, &lan, &["clerk", "leave", HOA]);
    assert_eq!(refused.json["error"]["params"]["role"], "administrator");
    counter.is_sound();
}

#[test]
fn who_leaves_takes_no_key_along_and_what_it_signed_stays_valid() {
    let counter = Counter::new();
    _ = hire(&counter, &["clerk"]).done();
    let mut command = counter.command(digitize(&counter, 1, &["--clerk", HOA]));
    let made = Answer::from(command.env("SAOY_PIN", HOAS_PIN).output().unwrap()).done();
    let keys = || fs::read_dir(counter.home().join("keys")).unwrap().count();
    assert_eq!(keys(), 4, "a clerk's and the station's key for each");
    let all = counter.saoy(["clerk", "leave", "--clerk", "Nguyễn Thị Lan", HOA]).done();
    assert_eq!(named(&all, HOA)["left"], true);
    assert_eq!(keys(), 2);
    assert_eq!(as_hoa(&counter, &["key", "status"]).error(), "clerk_unknown");
    let home = counter.home().display().to_string();
    let verdict = counter.saoy(["verify", "--home", &home, made["pdf"].as_str().unwrap()]).done();
    assert_eq!(verdict["verdict"], "valid");
    // The only one left need not be named, and the name is free for somebody else.
    _ = counter.saoy(digitize(&counter, 2, &[])).done();
    _ = hire(&counter, &["clerk", "signer"]).done();
    counter.is_sound();
}

#[test]
fn a_clerk_who_was_changed_behind_the_journal_is_found() {
    let counter = Counter::new();
    _ = hire(&counter, &["clerk"]).done();
    counter.is_sound();
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    db.execute("UPDATE clerk SET roles = '[\"administrator\"]' WHERE id = 2", []).unwrap();
    let found = counter.saoy(["check"]);
    assert_eq!(found.code, 2);
    assert!(found.json["problems"].to_string().contains("clerk 2"), "{}", found.stdout);
}

#[test]
fn the_agencys_key_has_a_pin_and_a_certificate_of_its_own() {
    let counter = Counter::new();
    let path = |name: &str| counter.desk().join(name).display().to_string();
    let (agencys, new, ca) = ("13572468", "86427531", "99887766");
    assert_eq!(counter.saoy(["key", "--agency", "status"]).error(), "agency_key_missing");
    let made = with(&counter, &[("SAOY_NEW_PIN", agencys)], &["clerk", "add-agency-key"]).done();
    assert_eq!(named(&made, "UBND xã Thử Nghiệm")["agency"], true);
    let again = with(&counter, &[("SAOY_NEW_PIN", agencys)], &["clerk", "add-agency-key"]);
    assert_eq!(again.error(), "clerk_known");
    // It opens no counter: nobody works as the agency.
    assert_eq!(counter.saoy(["key", "--clerk", "UBND xã Thử Nghiệm", "status"]).error(), "clerk_unknown");

    let wrong = [("SAOY_AGENCY_PIN", PIN), ("SAOY_NEW_PIN", new)];
    assert_eq!(with(&counter, &wrong, &["key", "--agency", "change-pin"]).error(), "wrong_pin");
    let right = [("SAOY_AGENCY_PIN", agencys), ("SAOY_NEW_PIN", new)];
    _ = with(&counter, &right, &["key", "--agency", "change-pin"]).done();
    let csr = ["key", "--agency", "csr", "--out", &path("cq.csr")];
    assert_eq!(with(&counter, &[("SAOY_AGENCY_PIN", agencys)], &csr).error(), "wrong_pin");
    _ = with(&counter, &[("SAOY_AGENCY_PIN", new)], &csr).done();

    let office = ["ca", "init", "--name", "CA nội bộ", "--office-name", "UBND xã Thử Nghiệm"];
    _ = with(&counter, &[("SAOY_CA_PIN", ca)], &office).done();
    _ = with(&counter, &[("SAOY_CA_PIN", ca)], &["ca", "issue", "--out", &path("cq.pem"), &path("cq.csr")])
        .done();
    let installed = counter.saoy(["key", "--agency", "certificate", &path("cq.pem")]).done();
    assert_eq!((&installed["self_signed"], &installed["issuers"]), (&false.into(), &1.into()));
    let lans = counter.saoy(["key", "certificate", &path("cq.pem")]);
    assert_eq!(lans.json["error"]["params"]["reason"], "other_key");

    // Out of the house and in again, under the PIN that stays.
    let out = path("cq.p12");
    let export = ["key", "--agency", "export", "--format", "pkcs12", "--out", &out];
    let secrets = [
        ("SAOY_AGENCY_PIN", new),
        ("SAOY_EXPORT_PASSPHRASE", "mat-khau-dai-1"),
        ("SAOY_IMPORT_PASSPHRASE", "mat-khau-dai-1"),
    ];
    _ = with(&counter, &secrets, &export).done();
    let back = with(&counter, &secrets, &["key", "--agency", "import", &out]).done();
    assert_eq!(back["serial"], installed["serial"]);
    let mut copy = digitize(&counter, 1, &["--agency"]);
    copy.push("--out".to_owned());
    copy.push(path("sao-y.pdf"));
    let copy: Vec<&str> = copy.iter().map(String::as_str).collect();
    let made = with(&counter, &secrets, &copy).done();
    assert_eq!(made["signed_by"], "UBND xã Thử Nghiệm");
    counter.is_sound();
}

#[test]
fn a_key_has_one_holder_and_the_agencys_changes_by_an_administrators_word() {
    let counter = Counter::new();
    _ = hire(&counter, &["signer"]).done();
    let path = |name: &str| counter.desk().join(name).display().to_string();
    let (pass, lan) = ("mat-khau-dai-1", ("SAOY_CLERK", "Nguyễn Thị Lan"));
    let secrets =
        [("SAOY_AGENCY_PIN", "13572468"), ("SAOY_EXPORT_PASSPHRASE", pass), ("SAOY_IMPORT_PASSPHRASE", pass)];
    _ = with(&counter, &[lan, ("SAOY_NEW_PIN", "13572468")], &["clerk", "add-agency-key"]).done();
    let agencys = || counter.saoy(["key", "--agency", "status"]).done()["serial"].clone();
    let before = agencys();
    saoy_tests::tsa::openssl(counter.desk(), &["genpkey", "-algorithm", "ed25519", "-out", "tự-tạo.pem"]);
    let hoa = [&secrets[..], &[("SAOY_CLERK", HOA), ("SAOY_PIN", HOAS_PIN)]].concat();
    let lan = [&secrets[..], &[lan]].concat();
    let own = with(&counter, &hoa, &["key", "--agency", "import", &path("tự-tạo.pem")]);
    assert_eq!(
        (own.error(), &own.json["error"]["params"]["role"]),
        ("role_missing", &"administrator".into())
    );

    _ = with(&counter, &lan, &["key", "export", "--format", "pkcs8", "--out", &path("lan.pem")]).done();
    let export = ["key", "--agency", "export", "--format", "pkcs8", "--out", &path("cq.pem")];
    _ = with(&counter, &hoa, &export).done();
    let imports = [
        (&lan, &["key", "--agency", "import"][..], "lan.pem"),
        (&hoa, &["key", "import"], "lan.pem"),
        (&hoa, &["key", "import"], "cq.pem"),
    ];
    for (who, import, file) in imports {
        let refused = with(&counter, who, &[import, &[&path(file)]].concat());
        assert_eq!(refused.error(), "bad_key_file", "{import:?} {file}: {}", refused.stdout);
        assert_eq!(refused.json["error"]["params"]["reason"], "anothers");
    }
    assert_eq!(agencys(), before);
    _ = with(&counter, &lan, &["key", "import", &path("lan.pem")]).done();
    _ = with(&counter, &lan, &["key", "--agency", "import", &path("tự-tạo.pem")]).done();
    assert_ne!(agencys(), before, "an administrator may");
    counter.is_sound();
}

#[test]
fn the_agencys_key_ends_without_a_window() {
    let counter = Counter::new();
    _ = with(&counter, &[("SAOY_NEW_PIN", "13572468")], &["clerk", "add-agency-key"]).done();
    let unknown = counter.saoy(["clerk", "end-agency-key", "00ff"]);
    assert_eq!((unknown.code, unknown.error()), (2, "not_found"));
    let all = counter.saoy(["clerk", "end-agency-key"]).done();
    assert_eq!(named(&all, "UBND xã Thử Nghiệm")["left"], true);
    assert_eq!(counter.saoy(["key", "--agency", "status"]).error(), "agency_key_missing");
    let again = with(&counter, &[("SAOY_NEW_PIN", "13572468")], &["clerk", "add-agency-key"]).done();
    let serial = again["clerks"][2]["key"]["serial"].as_str().unwrap();
    _ = counter.saoy(["clerk", "end-agency-key", serial]).done();
    assert_eq!(counter.saoy(["clerk", "end-agency-key"]).error(), "agency_key_missing");
    counter.is_sound();
}

#[test]
fn nobody_takes_another_name_or_becomes_an_authority() {
    let counter = Counter::new();
    _ = hire(&counter, &["clerk"]).done();
    let path = |name: &str| counter.desk().join(name).display().to_string();
    let openssl = |arguments: &[&str]| {
        let done = Command::new("openssl").args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let (key, csr) = (path("k.pem"), path("k.csr"));
    let hoa = [("SAOY_PIN", HOAS_PIN), ("SAOY_CLERK", HOA), ("SAOY_EXPORT_PASSPHRASE", "mat-khau-dai-1")];
    _ = with(&counter, &hoa, &["key", "export", "--format", "pkcs8", "--out", &key]).done();
    let pass = ["-key", &key, "-passin", "pass:mat-khau-dai-1", "-utf8", "-subj", "/CN=Nguyễn Thị Lan"];
    openssl(&[&["req", "-new", "-out", &csr][..], &pass].concat());
    let sign =
        ["x509", "-req", "-in", &csr, "-signkey", &key, "-passin", "pass:mat-khau-dai-1", "-days", "9"];
    let (named, issuer) = (path("lan.pem"), path("ca.pem"));
    openssl(&[&sign[..], &["-out", &named]].concat());
    openssl(
        &[
            &["req", "-x509", "-new", "-days", "9", "-out", &issuer][..],
            &pass[..5],
            &["-subj", "/CN=Trần Văn Hòa"],
        ]
        .concat(),
    );
    for (file, reason) in [(&named, "other_name"), (&issuer, "wrong_usage")] {
        let refused = with(&counter, &hoa, &["key", "certificate", file]);
        assert_eq!(refused.json["error"]["params"]["reason"], reason, "{}", refused.stdout);
    }
    let told = counter.saoy(["outbox"]).done().to_string();
    assert!(told.contains("key_exported"), "a key that left the house is told of");
    counter.is_sound();
}

#[test]
fn roles_that_nobody_gave_open_nothing_and_the_journal_says_who_did_what() {
    let counter = Counter::new();
    _ = hire(&counter, &["clerk"]).done();
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    let roles = |roles: &str| {
        _ = db.execute("UPDATE clerk SET roles = ?1 WHERE id = 2", [roles]).unwrap();
    };
    let all = r#"["clerk","signer","head","administrator"]"#;
    roles(all);
    let arguments = digitize(&counter, 1, &[]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let before = counter.holds();
    for tried in [&["clerk", "change", "--role", "administrator", HOA][..], &arguments] {
        let refused = as_hoa(&counter, tried);
        assert_eq!((refused.code, refused.error()), (2, "clerk_altered"), "{}", refused.stdout);
        assert_eq!(refused.json["error"]["params"]["name"], HOA);
    }
    assert_eq!(counter.holds(), before, "nothing was signed and nobody changed");
    assert_eq!(counter.saoy(["check"]).code, 2, "the check sees it too");
    roles(r#"["clerk"]"#);
    counter.is_sound();

    // Nor does the entry that gave them help, once it is altered; and another name is another clerk.
    _ = db.execute("UPDATE clerk SET name = 'Người khác' WHERE id = 2", []).unwrap();
    let other = with(&counter, &[("SAOY_PIN", HOAS_PIN), ("SAOY_CLERK", "Người khác")], &arguments);
    assert_eq!(other.error(), "clerk_altered", "{}", other.stdout);
    _ = db.execute("UPDATE clerk SET name = ?1 WHERE id = 2", [HOA]).unwrap();
    let body: String =
        db.query_row("SELECT body FROM journal WHERE kind = 'clerk_set'", [], |row| row.get(0)).unwrap();
    let append_only = "DROP TRIGGER journal_is_append_only_u";
    db.execute_batch(append_only).unwrap();
    let write =
        |body: &str| db.execute("UPDATE journal SET body = ?1 WHERE kind = 'clerk_set'", [body]).unwrap();
    _ = write(&body.replace(r#"["clerk"]"#, all));
    roles(all);
    assert_eq!(as_hoa(&counter, &arguments).error(), "home_damaged");
    _ = write(&body);
    roles(r#"["clerk"]"#);

    // Who keeps a copy stands in the journal.
    let made = as_hoa(&counter, &arguments).done();
    let told: String =
        db.query_row("SELECT body FROM journal WHERE kind = 'digitized'", [], |row| row.get(0)).unwrap();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["by"], &told["subject"]), (&2.into(), &made["record"]));
    let hired: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(hired["by"], 1, "Lan hired him");
    counter.is_sound();
    _ = db.execute("UPDATE record SET clerk = 1", []).unwrap();
    let check = counter.saoy(["check"]);
    assert!(check.code == 2 && check.stdout.contains("another clerk"), "{}", check.stdout);
}

#[test]
fn only_an_administrator_has_the_counters_own_authority_work_and_it_is_told() {
    let counter = Counter::new();
    _ = hire(&counter, &["clerk"]).done();
    let path = |name: &str| counter.desk().join(name).display().to_string();
    let lan = |arguments: &[&str]| with(&counter, &[("SAOY_CLERK", "Nguyễn Thị Lan")], arguments);
    let init = ["ca", "init", "--name", "CA nội bộ", "--office-name", "UBND xã Thử Nghiệm"];
    let own = counter.home().join("ca");
    let by_name = [&["ca", "--ca", own.to_str().unwrap()], &init[1..]].concat();
    for init in [&init[..], &by_name] {
        let refused = as_hoa(&counter, init);
        assert_eq!((refused.code, refused.error()), (2, "role_missing"), "{}", refused.stdout);
    }
    assert!(!own.exists(), "no authority under a PIN the administrator does not know");
    let mut bare = counter.command(init);
    bare.env("SAOY_CLERK", "Nguyễn Thị Lan").env_remove("SAOY_CA_PIN");
    let bare = Answer::from(bare.output().unwrap());
    assert_eq!((bare.code, bare.error()), (64, "pin_missing"));
    assert!(bare.stderr.contains("SAOY_CA_PIN"), "{}", bare.stderr);

    _ = lan(&init).done();
    _ = lan(&["key", "csr", "--out", &path("lan.csr")]).done();
    let issue = ["ca", "issue", &path("lan.csr"), "--out", &path("lan.pem")];
    assert_eq!(as_hoa(&counter, &issue).error(), "role_missing");
    let serial = lan(&issue).done()["serial"].as_str().unwrap().to_owned();
    let revoke = ["ca", "revoke", &serial, "--reason", "superseded"];
    assert_eq!(as_hoa(&counter, &revoke).error(), "role_missing");
    _ = lan(&revoke).done();
    assert_eq!(as_hoa(&counter, &["ca", "crl", "--out", &path("a.crl")]).error(), "role_missing");
    _ = lan(&["ca", "crl", "--out", &path("a.crl")]).done();
    let told = || {
        let items = counter.saoy(["outbox"]).done()["items"].clone();
        let kinds = items.as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned());
        kinds.filter(|kind| kind.starts_with("ca_")).collect::<Vec<_>>()
    };
    assert_eq!(told(), ["ca_made", "ca_issued", "ca_revoked", "ca_listed"], "each once, and no refused one");

    // One that lies elsewhere is nobody's here: its PIN alone opens it.
    let elsewhere = path("ca-huyen");
    _ = as_hoa(&counter, &[&["ca", "--ca", &elsewhere], &init[1..]].concat()).done();
    assert_eq!(told().len(), 4);
    counter.is_sound();
}

#[test]
fn a_name_that_looks_like_another_is_refused_wherever_it_comes_in() {
    let counter = Counter::new();
    let path = |name: &str| counter.desk().join(name).display().to_string();
    let names = || {
        let list = counter.saoy(["clerk", "list"]).done();
        list["clerks"].as_array().unwrap().iter().map(|one| one["key"]["clerk"].clone()).collect::<Vec<_>>()
    };
    let before = names();
    for name in ["Nguyễn Thị Lan\u{200b}", "Nguyễn\u{202e} Lan", "Lan\u{feff}", "Lan\u{7}", "Lan\u{ad}"]
    {
        let add = ["clerk", "add", "--name", name, "--role", "clerk"];
        let refused = with(&counter, &[("SAOY_NEW_PIN", HOAS_PIN)], &add);
        assert_eq!((refused.code, refused.error()), (2, "bad_name"), "{name:?}");
        let said = refused.stderr + &refused.stdout;
        assert!(said.contains("<U+") && !said.contains(['\u{202e}', '\u{200b}']), "it is shown: {said}");
        for init in [["--name", name, "--office-name", "UBND"], ["--name", "CA", "--office-name", name]] {
            let refused = counter.saoy([&["ca", "init"], &init[..]].concat());
            assert_eq!(refused.error(), "bad_name", "{name:?}");
        }
        let mut init = counter.command(["init", "--office", "H56.14", "--office-name", "UBND"]);
        let refused = init.args(["--clerk", name]).env("SAOY_HOME", path("khac")).output().unwrap();
        assert_eq!(Answer::from(refused).error(), "bad_name", "{name:?}");
    }
    let add = ["clerk", "add", "--name", "ubnd xã  thử nghiệm", "--role", "clerk"];
    let refused = with(&counter, &[("SAOY_NEW_PIN", HOAS_PIN)], &add);
    assert_eq!(refused.error(), "clerk_known", "a person of the office's name");
    assert_eq!(names(), before);

    // The office's authority certifies no such name.
    _ = counter.saoy(["ca", "init", "--name", "CA", "--office-name", "UBND"]).done();
    for (place, number) in ["/O=UBND/CN=Lan\u{202e}gnuh", "/O=UB\u{200b}ND/CN=Lan"].iter().zip(0..) {
        let csr = path(&format!("{number}.csr"));
        let request = ["req", "-new", "-newkey", "ed25519", "-nodes", "-keyout", "k.pem", "-utf8"];
        saoy_tests::tsa::openssl(counter.desk(), &[&request[..], &["-out", &csr, "-subj", place]].concat());
        for ask in [&["ca", "request", &csr][..], &["ca", "issue", &csr, "--out", &path("a.pem")]] {
            let refused = counter.saoy(ask);
            assert_eq!((refused.code, refused.error()), (2, "bad_request"), "{}", refused.stdout);
            assert_eq!(refused.json["error"]["params"]["reason"], "bad_name");
        }
    }
    counter.is_sound();
}
