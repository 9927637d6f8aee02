//! The clerk's key: another PIN, out of the house and in again, a certificate from the office's own
//! authority, and what happens when a wrong PIN is typed on the way. OpenSSL stands for whoever
//! works with these files outside.

use std::fs;
use std::path::Path;
use std::process::Command;

use saoy_core::app::App;
use saoy_core::app::contract::SetUp;
use saoy_core::isolate::ReaderCommand;
use saoy_core::sign::key::Secret;
use saoy_tests::{Answer, Counter, PIN, drawing, program};

fn openssl(arguments: &[&str]) -> std::process::Output {
    Command::new("openssl").args(arguments).output().expect("`make test` installs openssl")
}

/// OpenSSL's answer, which must be a success.
fn says(arguments: &[&str]) -> String {
    let output = openssl(arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "openssl {arguments:?}\n{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

/// `saoy` with further secrets in its environment.
fn with(counter: &Counter, secrets: &[(&str, &str)], arguments: &[&str]) -> Answer {
    let mut command = counter.command(arguments);
    command.envs(secrets.iter().copied());
    command.output().unwrap().into()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn keys(counter: &Counter) -> Vec<(String, Vec<u8>)> {
    let folder = counter.home().join("keys");
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

fn signs(counter: &Counter, pin: &str) -> Answer {
    let page = counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
    let mut arguments = Counter::birth_certificate(&[page]);
    arguments.push("--accept-findings".to_owned());
    let mut command = counter.command(arguments);
    command.env("SAOY_PIN", pin);
    command.output().unwrap().into()
}

#[test]
fn a_training_counter_tells_its_pin_only_while_that_opens_the_key() {
    let desk = tempfile::tempdir().unwrap();
    let trained = |pin: &str| {
        let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
        let app = App::at(&desk.path().join(pin), reader).unwrap();
        let wish = SetUp {
            office: "H00.00".into(),
            office_name: "UBND xã Luyện Tập".into(),
            clerk: "Nguyễn Thị Lan".into(),
            pin: Secret::new(pin.to_owned()),
            training: true,
        };
        app.set_up(&wish).unwrap();
        app
    };
    let told = |app: &App| app.status(None).unwrap().training_pin;
    let app = trained("2468");
    assert_eq!(told(&app).as_deref(), Some("2468"));
    app.change_pin(None, 1, "2468", "8642").unwrap();
    assert_eq!(told(&app), None, "it opens nothing any more");
    assert_eq!(told(&trained("1357")), None, "nor did it ever here");
}

#[test]
fn a_pin_is_changed_at_once_or_not_at_all() {
    let counter = Counter::new();
    let before = keys(&counter);
    let wrong =
        with(&counter, &[("SAOY_PIN", "00000000"), ("SAOY_NEW_PIN", "13572468")], &["key", "change-pin"]);
    assert_eq!((wrong.code, wrong.error()), (2, "wrong_pin"));
    let short = with(&counter, &[("SAOY_NEW_PIN", "1")], &["key", "change-pin"]);
    assert_eq!((short.code, short.error()), (2, "pin_too_short"));
    let none = counter.saoy(["key", "change-pin"]);
    assert_eq!((none.code, none.error()), (64, "pin_missing"), "no new PIN is given");
    assert!(none.stderr.contains("SAOY_NEW_PIN") && !none.stderr.contains("SAOY_PIN"), "{}", none.stderr);
    assert_eq!(keys(&counter), before, "nothing of that touched a key");

    let done = with(&counter, &[("SAOY_NEW_PIN", "13572468")], &["key", "change-pin"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let outbox = counter.saoy(["outbox"]).done();
    let told =
        outbox["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "pin_changed").count();
    assert_eq!(told, 1, "the journal tells of the change that was made, and of no other: {outbox}");
    assert_eq!(signs(&counter, PIN).error(), "wrong_pin", "the old PIN opens nothing any more");
    assert_eq!(signs(&counter, "13572468").code, 0, "the new one signs");
    assert!(!done.stdout.contains("13572468") && !done.stderr.contains("13572468"), "no PIN is printed");

    // Both PINs on stdin, a line each.
    let mut child = counter
        .command(["key", "change-pin", "--pin-stdin"])
        .env_remove("SAOY_PIN")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("13572468\n{PIN}\n").as_bytes())
        .unwrap();
    assert_eq!(Answer::from(child.wait_with_output().unwrap()).code, 0);
    assert_eq!(signs(&counter, PIN).code, 0);
    counter.is_sound();
}

#[test]
fn a_power_cut_while_the_pin_changes_leaves_one_pin_that_opens() {
    // Killed at each rename and sync in turn, until the command survives; then the disk refuses what is written
    // to the database.
    let mut cuts = 0;
    let (killed, refused) = ("signal=KILL", "error=ENOSPC");
    for (call, fault, most) in
        [("rename,renameat,renameat2", killed, 6), ("fsync", killed, 12), ("pwrite64", refused, 8)]
    {
        for number in 1..=most {
            let counter = Counter::new();
            let inject = format!("inject={call}:{fault}:when={number}");
            let saoy = counter.command(["key", "change-pin"]);
            let output = Command::new("strace")
                .args([
                    "-f",
                    "-qq",
                    "-o",
                    "/dev/null",
                    "-e",
                    "trace=rename,renameat,renameat2,fsync,pwrite64",
                    "-e",
                    &inject,
                ])
                .arg(saoy.get_program())
                .args(saoy.get_args())
                .envs(saoy.get_envs().filter_map(|(name, value)| Some((name, value?))))
                .env("SAOY_NEW_PIN", "13572468")
                .output()
                .expect("`make test` installs strace");
            match output.status.success() {
                true if fault == killed => break,
                // What it could not write it could do without.
                true => continue,
                false => cuts += 1,
            }
            let old = signs(&counter, PIN).code == 0;
            let new = signs(&counter, "13572468").code == 0;
            assert!(old != new, "{call} {number}: exactly one PIN opens the key (old {old}, new {new})");
            assert!(old || fault == killed, "{call} {number}: what is said to have failed has failed");
            assert_eq!(keys(&counter).len(), 2, "{call} {number}: no key is left that the other PIN opens");
            counter.is_sound();
        }
    }
    assert!(cuts >= 6, "the power was cut while it mattered: {cuts}");
}

#[test]
fn an_exported_key_is_read_by_openssl_and_comes_back() {
    let counter = Counter::new();
    let desk = counter.desk();
    let own = {
        let pem = counter.put("own.pem", counter.saoy(["cert"]).stdout);
        says(&["x509", "-in", text(&pem), "-noout", "-pubkey"])
    };
    for format in ["pkcs8", "pkcs12"] {
        let out = desk.join(format!("key.{format}"));
        let arguments = ["key", "export", "--format", format, "--out", text(&out)];
        assert_eq!(counter.saoy(arguments).error(), "passphrase_missing");
        let short = with(&counter, &[("SAOY_EXPORT_PASSPHRASE", "ngắn")], &arguments);
        assert_eq!(short.error(), "passphrase_too_short");
        let wrong =
            with(&counter, &[("SAOY_PIN", "0000"), ("SAOY_EXPORT_PASSPHRASE", "mat khau dai")], &arguments);
        assert_eq!(wrong.error(), "wrong_pin");
        assert!(!out.exists(), "{format}: nothing leaves without PIN and pass phrase");
        if format == "pkcs12" {
            // PKCS#12 has no such letters; the key is as it was.
            let keys = with(&counter, &[("SAOY_EXPORT_PASSPHRASE", "🔑🔑🔑🔑🔑🔑🔑🔑")], &arguments);
            assert_eq!((keys.code, keys.error()), (2, "passphrase_unfit"), "{}", keys.stdout);
            assert!(!out.exists());
        }
        let done = with(&counter, &[("SAOY_EXPORT_PASSPHRASE", "mat khau dai")], &arguments);
        assert_eq!(done.code, 0, "{format}: {}", done.stderr);
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&out).unwrap().permissions().mode() & 0o77,
            0,
            "{format}: for its owner only"
        );
    }
    let pkcs8 = desk.join("key.pkcs8");
    let public = says(&["pkey", "-in", text(&pkcs8), "-passin", "pass:mat khau dai", "-pubout"]);
    assert_eq!(public, own, "OpenSSL opens the PKCS#8 and sees our key");
    let pkcs12 = desk.join("key.pkcs12");
    let inside = says(&["pkcs12", "-in", text(&pkcs12), "-passin", "pass:mat khau dai", "-nodes"]);
    assert!(inside.contains("BEGIN PRIVATE KEY") && inside.contains("BEGIN CERTIFICATE"), "{inside}");
    let open = counter.put("open.pem", &inside);
    assert_eq!(says(&["pkey", "-in", text(&open), "-pubout"]), own, "OpenSSL opens the PKCS#12 too");
    assert!(!openssl(&["pkey", "-in", text(&pkcs8), "-passin", "pass:sai"]).status.success());

    // Another counter takes it in, and signs with it.
    for file in [&pkcs8, &pkcs12] {
        let other = Counter::new();
        let secrets = [("SAOY_IMPORT_PASSPHRASE", "mat khau dai")];
        let before = other.holds();
        let wrong =
            with(&other, &[("SAOY_IMPORT_PASSPHRASE", "mat khau sai")], &["key", "import", text(file)]);
        assert_eq!((wrong.code, wrong.error()), (2, "wrong_passphrase"), "{}", wrong.stderr);
        let wrong = with(&other, &[secrets[0], ("SAOY_PIN", "0000")], &["key", "import", text(file)]);
        assert_eq!(wrong.error(), "wrong_pin");
        assert_eq!(other.holds(), before, "nothing was taken in");
        let signed_before = signs(&other, PIN).done();
        let taken = with(&other, &secrets, &["key", "import", text(file)]);
        assert_eq!(taken.code, 0, "{}", taken.stderr);
        let pem = other.put("now.pem", other.saoy(["cert"]).stdout);
        assert_eq!(says(&["x509", "-in", text(&pem), "-noout", "-pubkey"]), own, "the key is in use");
        let home = other.home();
        let made = signs(&other, PIN).done();
        for pdf in [&made["pdf"], &signed_before["pdf"]] {
            let verdict = other.saoy(["verify", "--home", text(&home), pdf.as_str().unwrap()]);
            assert_eq!(verdict.code, 0, "new and old copies are valid: {}", verdict.stdout);
        }
        assert_eq!(keys(&other).len(), 2, "a clerk's and the station's, none left behind");
        other.is_sound();
    }
}

#[test]
fn a_key_made_by_openssl_comes_in_and_other_kinds_are_refused() {
    let counter = Counter::new();
    let desk = counter.desk().to_path_buf();
    let path = |name: &str| desk.join(name).display().to_string();
    says(&["genpkey", "-algorithm", "ed25519", "-out", &path("plain.pem")]);
    says(&[
        "pkcs8",
        "-topk8",
        "-in",
        &path("plain.pem"),
        "-out",
        &path("locked.pem"),
        "-passout",
        "pass:openssl ơi",
    ]);
    says(&[
        "req",
        "-x509",
        "-key",
        &path("plain.pem"),
        "-subj",
        "/CN=Tran Van Binh/O=UBND xa",
        "-days",
        "90",
        "-out",
        &path("own.pem"),
        "-addext",
        "keyUsage=critical,digitalSignature,nonRepudiation",
    ]);
    let bundle = [
        "pkcs12",
        "-export",
        "-inkey",
        &path("plain.pem"),
        "-in",
        &path("own.pem"),
        "-passout",
        "pass:openssl ơi",
    ];
    says(&[&bundle[..], &["-out", &path("bundle.p12")]].concat());
    says(
        &[
            &bundle[..],
            &[
                "-certpbe",
                "PBE-SHA1-3DES",
                "-keypbe",
                "PBE-SHA1-3DES",
                "-macalg",
                "sha1",
                "-out",
                &path("old.p12"),
            ],
        ]
        .concat(),
    );
    for (kind, bits) in [("RSA", "rsa_keygen_bits:2048"), ("EC", "ec_paramgen_curve:P-256")] {
        says(&["genpkey", "-algorithm", kind, "-pkeyopt", bits, "-out", &path(&format!("{kind}.pem"))]);
    }
    says(&[
        "pkcs8",
        "-topk8",
        "-iter",
        "10000001",
        "-in",
        &path("plain.pem"),
        "-out",
        &path("dear.pem"),
        "-passout",
        "pass:x",
    ]);
    let lock = ["pkcs8", "-topk8", "-in", &path("plain.pem"), "-passout", "pass:x", "-v2", "des3", "-out"];
    says(&[&lock[..], &[&path("old.pem")]].concat());
    says(&[&lock[..], &[&path("old.der"), "-outform", "DER"]].concat());
    fs::write(path("noise.bin"), [0x30; 4000]).unwrap();
    fs::write(path("empty.pem"), "").unwrap();

    let before = counter.holds();
    let refused = [
        ("RSA.pem", "other_algorithm"),
        ("EC.pem", "other_algorithm"),
        ("noise.bin", "not_a_key"),
        ("empty.pem", "not_a_key"),
        ("own.pem", "not_a_key"),
        ("dear.pem", "too_costly"),
        ("old.pem", "other_cipher"),
        ("old.der", "other_cipher"),
    ];
    for (name, reason) in refused {
        let answer = with(&counter, &[("SAOY_IMPORT_PASSPHRASE", "x")], &["key", "import", &path(name)]);
        assert_eq!((answer.code, answer.error()), (2, "bad_key_file"), "{name}: {}", answer.stderr);
        assert_eq!(answer.json["error"]["params"]["reason"], reason, "{name}");
        assert!(answer.stderr.lines().count() >= 3 && !answer.stderr.contains('{'), "{}", answer.stderr);
    }
    assert_eq!(counter.saoy(["key", "import", &path("locked.pem")]).error(), "passphrase_missing");
    assert_eq!(counter.holds(), before, "what is refused leaves nothing");

    for name in ["plain.pem", "locked.pem", "bundle.p12", "old.p12"] {
        let taken =
            with(&counter, &[("SAOY_IMPORT_PASSPHRASE", "openssl ơi")], &["key", "import", &path(name)]);
        assert_eq!(taken.code, 0, "{name}: {}", taken.stderr);
        let whose = if name.ends_with("p12") { "CN=Tran Van Binh" } else { "CN=Nguyễn Thị Lan" };
        assert!(taken.json["subject"].as_str().unwrap().contains(whose), "{name}: {}", taken.stdout);
        assert_eq!(signs(&counter, PIN).code, 0, "{name}: signs");
    }
    counter.is_sound();
}

#[test]
fn the_offices_authority_issues_and_the_clerk_signs_with_the_chain() {
    let counter = Counter::new();
    let desk = counter.desk().to_path_buf();
    let path = |name: &str| desk.join(name).display().to_string();
    let ca =
        |arguments: &[&str]| with(&counter, &[("SAOY_CA_PIN", "CA-9753")], &[&["ca"], arguments].concat());
    assert_eq!(ca(&["list"]).error(), "ca_missing");
    let root = ca(&["init", "--name", "CA UBND xã Thử Nghiệm", "--office-name", "UBND xã Thử Nghiệm"]).done();
    assert_eq!(
        ca(&["init", "--name", "CA", "--office-name", "UBND"]).error(),
        "ca_ready",
        "never overwritten"
    );
    let root = root["certificate"].as_str().unwrap().to_owned();
    _ = counter.saoy(["key", "csr", "--out", &path("lan.csr")]).done();
    let said = openssl(&["req", "-in", &path("lan.csr"), "-verify", "-noout"]);
    assert!(said.status.success(), "OpenSSL verifies the request");
    let wrong = counter.saoy(["ca", "issue", &path("lan.csr"), "--out", &path("lan.pem")]);
    assert_eq!(wrong.error(), "wrong_pin", "the clerk's PIN does not open the authority");
    assert!(!Path::new(&path("lan.pem")).exists());
    let issued = ca(&["issue", &path("lan.csr"), "--days", "50", "--out", &path("lan.pem")]).done();
    let serial = issued["serial"].as_str().unwrap().to_owned();
    says(&["verify", "-CAfile", &root, "-purpose", "any", "-x509_strict", &path("lan.pem")]);

    let stranger = Counter::new();
    let refused = stranger.saoy(["key", "certificate", &path("lan.pem")]);
    assert_eq!((refused.code, refused.error()), (2, "bad_certificate"));
    assert_eq!(refused.json["error"]["params"]["reason"], "other_key", "it is for another key");

    let installed = counter.saoy(["key", "certificate", &path("lan.pem")]).done();
    assert_eq!((&installed["self_signed"], &installed["issuers"]), (&false.into(), &1.into()));
    assert_eq!(installed["findings"], serde_json::json!(["expires_soon"]), "fifty days are fewer than sixty");
    let made = signs(&counter, PIN).done();
    let pdf = made["pdf"].as_str().unwrap();
    let verify = |trust: &str| {
        counter
            .command(["verify", "--no-counter", "--trust", trust, pdf])
            .env_remove("SAOY_HOME")
            .env("HOME", &desk)
            .output()
            .unwrap()
    };
    assert_eq!(Answer::from(verify(&root)).code, 0, "who trusts the authority trusts the clerk");
    assert_eq!(
        Answer::from(verify(&stranger.put("s.pem", stranger.saoy(["cert"]).stdout).display().to_string()))
            .code,
        3
    );

    let renewed = ca(&["renew", &serial, "--out", &path("next.pem")]).done();
    assert_eq!(renewed["renews"], serial.as_str());
    says(&["verify", "-CAfile", &root, &path("next.pem")]);
    assert_eq!(ca(&["revoke", &serial, "--reason", "superseded"]).done()["why"], "superseded");
    assert_eq!(ca(&["revoke", &serial]).error(), "ca_unknown_certificate", "once is enough");
    assert_eq!(ca(&["renew", &serial, "--out", &path("no.pem")]).error(), "ca_unknown_certificate");
    assert_eq!(ca(&["revoke", "00ff"]).error(), "ca_unknown_certificate");
    let number = ca(&["crl", "--out", &path("list.crl")]).done()["number"].clone();
    assert_eq!(number, 2, "the counter's own has the first");
    assert_eq!(ca(&["crl", "--force", "--out", &path("list.crl")]).done()["number"], 3, "numbers grow");
    let list = says(&["crl", "-in", &path("list.crl"), "-CAfile", &root, "-text", "-noout"]);
    assert!(list.contains(&serial.to_uppercase()) && list.contains("Superseded"), "{list}");
    let both =
        openssl(&["verify", "-CAfile", &root, "-CRLfile", &path("list.crl"), "-crl_check", &path("lan.pem")]);
    assert!(!both.status.success(), "OpenSSL sees the revoked one");
    says(&["verify", "-CAfile", &root, "-CRLfile", &path("list.crl"), "-crl_check", &path("next.pem")]);
    counter.is_sound();
}

#[test]
fn nothing_that_is_there_is_written_over_unless_that_is_said() {
    let counter = Counter::new();
    let kept = counter.put("giữ.pdf", "đã ký");
    let refused = counter.saoy(["key", "csr", "--out", text(&kept)]);
    assert_eq!((refused.code, refused.error()), (2, "output_exists"), "{}", refused.stdout);
    let secrets = [("SAOY_EXPORT_PASSPHRASE", "mat khau dai")];
    let export = ["key", "export", "--format", "pkcs12", "--out", text(&kept)];
    assert_eq!(with(&counter, &secrets, &export).error(), "output_exists");
    let page = counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
    let mut digitize = Counter::birth_certificate(&[page]);
    digitize.extend(["--accept-findings", "--out", text(&kept)].map(str::to_owned));
    assert_eq!(counter.saoy(&digitize).error(), "output_exists");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "đã ký");
    assert_eq!(counter.saoy(["list"]).done()["records"], serde_json::json!([]), "nothing was signed in vain");

    _ = counter.saoy(["ca", "init", "--name", "CA", "--office-name", "UBND"]).done();
    let key = counter.home().join("ca/key.pem");
    let before = fs::read(&key).unwrap();
    assert_eq!(counter.saoy(["ca", "crl", "--out", text(&key)]).error(), "output_exists");
    assert_eq!(fs::read(&key).unwrap(), before, "the authority's key");

    digitize.push("--force".to_owned());
    let made = counter.saoy(&digitize).done();
    assert_eq!(made["pdf"], text(&kept), "now it was said");
    let signed = fs::read(&kept).unwrap();
    let sheet = counter.saoy(["verify", "--force", "--sheet", text(&kept), text(&kept)]);
    assert_eq!(sheet.json["error"]["params"]["reason"], "same_file", "{}", sheet.stdout);
    let refused = counter.saoy(["extend", "--force", "--out", text(&kept), text(&kept)]);
    assert_eq!((refused.code, refused.error()), (2, "output_refused"), "{}", refused.stdout);
    assert_eq!(fs::read(&kept).unwrap(), signed, "what is read is never written over");
}

#[test]
fn an_authority_is_made_only_with_an_address_that_can_be_asked() {
    let counter = Counter::new();
    let path = |name: &str| counter.desk().join(name).display().to_string();
    let init =
        |list: &str| counter.saoy(["ca", "init", "--name", "CA", "--office-name", "UBND", "--crl-url", list]);
    for bad in ["http://xã.example/a.crl", "https://xa.example/a.crl", "http://", "http://a b", "a.crl"] {
        let refused = init(bad);
        assert_eq!((refused.code, refused.error()), (2, "bad_address"), "{bad}: {}", refused.stdout);
    }
    assert!(!counter.home().join("ca").exists());
    _ = init("http://xa.example/a.crl").done();
    _ = counter.saoy(["key", "csr", "--out", &path("a.csr")]).done();
    _ = counter.saoy(["ca", "issue", &path("a.csr"), "--out", &path("a.pem")]).done();
}

#[test]
fn an_authority_that_is_over_or_damaged_is_named_and_many_look_at_it_at_once() {
    let counter = Counter::new();
    let path = |name: &str| counter.desk().join(name).display().to_string();
    _ = counter.saoy(["ca", "init", "--name", "CA", "--office-name", "UBND", "--days", "0"]).done();
    _ = counter.saoy(["key", "csr", "--out", &path("a.csr")]).done();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let issue = ["ca", "issue", &path("a.csr"), "--out", &path("a.pem")];
    let over = counter.saoy(issue);
    assert_eq!((over.code, &over.json["error"]["params"]["reason"]), (2, &"authority_over".into()));
    fs::write(counter.home().join("ca/key.pem"), "x").unwrap();
    let damaged = counter.saoy(issue);
    assert_eq!(damaged.error(), "home_damaged", "it is no clerk's key: {}", damaged.stdout);
    assert_eq!(damaged.json["error"]["params"]["detail"], "ca/key.pem");

    let held = fs::File::options().write(true).open(counter.home().join("ca/lock")).unwrap();
    held.lock().unwrap();
    assert_eq!(counter.saoy(["ca", "list"]).done()["register"]["issued"], serde_json::json!([]));
    assert_eq!(counter.saoy(issue).error(), "home_busy", "one changes it at a time");
}

#[test]
fn a_key_that_no_row_names_goes_or_is_told_of() {
    let counter = Counter::new();
    let folder = counter.home().join("keys");
    let old = fs::read(folder.join("clerk-1.pem")).unwrap();
    assert_eq!(with(&counter, &[("SAOY_NEW_PIN", "13572468")], &["key", "change-pin"]).code, 0);
    fs::write(folder.join("clerk-1.pem"), &old).unwrap();
    fs::write(folder.join("khác.pem"), &old).unwrap();
    let check = counter.saoy(["check"]);
    assert_eq!(check.code, 2, "{}", check.stdout);
    assert!(check.stdout.contains("keys/khác.pem"), "what is not ours is told of: {}", check.stdout);
    assert!(!folder.join("clerk-1.pem").exists(), "what a crash leaves is swept away");
    fs::remove_file(folder.join("khác.pem")).unwrap();
    counter.is_sound();

    // Where rows were tampered with they are not gone by.
    let kept = keys(&counter);
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    db.execute("UPDATE clerk SET left_at = '2026-01-01T00:00:00+07:00'", []).unwrap();
    drop(db);
    assert_eq!(counter.saoy(["check"]).code, 2);
    assert_eq!(keys(&counter), kept, "no key is destroyed for what the journal does not tell");
}

#[test]
fn nobody_else_on_the_machine_reads_a_counter_or_its_backup() {
    use std::os::unix::fs::PermissionsExt as _;
    let counter = Counter::new();
    assert_eq!(signs(&counter, PIN).code, 0);
    let backup = counter.desk().join("sao-luu");
    _ = counter.saoy(["backup", text(&backup)]).done();
    let open = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    for home in [&counter.home(), &backup] {
        for name in ["", "counter.db", "keys", "keys/clerk-1.pem", "keys/station.pem"] {
            assert_eq!(open(&home.join(name)), 0, "{} {name}", home.display());
        }
    }
    // One that was made before is closed when it is next opened.
    for name in ["", "blobs", "keys"] {
        fs::set_permissions(counter.home().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    _ = counter.saoy(["list"]).done();
    for name in ["", "blobs", "keys"] {
        assert_eq!(open(&counter.home().join(name)), 0, "{name}");
    }

    // From its first moment.
    let (home, told) = (counter.desk().join("moi"), counter.desk().join("mo.txt"));
    let init = counter.command(["init", "--office", "H56.14", "--office-name", "UBND", "--clerk", "Lan"]);
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=openat", "-o", text(&told)])
        .arg(init.get_program())
        .args(init.get_args())
        .envs([("SAOY_HOME", text(&home)), ("SAOY_PIN", PIN)])
        .output()
        .expect("`make test` installs strace");
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stderr));
    let told = fs::read_to_string(told).unwrap();
    let made: Vec<_> =
        told.lines().filter(|line| line.contains(".pem") && line.contains("O_CREAT")).collect();
    assert!(made.len() >= 2 && made.iter().all(|line| line.contains("0600")), "{made:?}");
}

#[test]
fn who_else_may_read_what_is_written_out_is_the_users_own_choice() {
    use std::os::unix::fs::PermissionsExt as _;
    let counter = Counter::new();
    let csr = |umask: &str| {
        let out = counter.desk().join(format!("{umask}.csr"));
        let command = counter.command(["key", "csr", "--out", text(&out)]);
        let made = Command::new("sh")
            .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")])
            .arg(command.get_program())
            .args(command.get_args())
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::metadata(out).unwrap().permissions().mode() & 0o777
    };
    assert_eq!((csr("022"), csr("077"), csr("027")), (0o644, 0o600, 0o640));
}

#[test]
fn a_pass_phrase_is_the_same_however_its_letters_are_composed() {
    let counter = Counter::new();
    let (one, apart) = ("mật khẩu dài", "ma\u{323}\u{302}t khẩu dài");
    for (format, locked, opened) in [("pkcs8", apart, one), ("pkcs12", one, apart)] {
        let out = counter.desk().join(format);
        let export = ["key", "export", "--format", format, "--out", text(&out)];
        assert_eq!(with(&counter, &[("SAOY_EXPORT_PASSPHRASE", locked)], &export).code, 0);
        let import = ["key", "import", text(&out)];
        let taken = with(&Counter::new(), &[("SAOY_IMPORT_PASSPHRASE", opened)], &import);
        assert_eq!(taken.code, 0, "{format}: {}", taken.stderr);
    }
}
