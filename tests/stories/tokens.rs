//! A clerk's token at the counter, played by SoftHSM2: the token signs the copy, the journal stays
//! signed by the station's key. Wrong PINs, lost tokens, and a vendor's library that dies or hangs.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use saoy_tests::Answer;
use saoy_tests::token::{TOKEN_PIN, TokenDesk, run};

#[test]
fn every_kind_of_token_key_signs_and_the_copy_is_valid() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    let mut made = Vec::new();
    for kind in ["rsa2048", "rsa3072", "p256", "p384", "ed25519"] {
        desk.token(kind, kind, "goc");
        let answer = desk.digitize(TOKEN_PIN, &["--token", kind]);
        assert_eq!(answer.code, 0, "{kind}: {}", answer.stderr);
        let pdf = answer.json["pdf"].as_str().unwrap().to_owned();
        let home = desk.counter.home();
        let verdict = desk.saoy("", &["verify", "--home", home.to_str().unwrap(), &pdf]);
        assert_eq!(verdict.code, 0, "{kind}: {}", verdict.stdout);
        assert_eq!(verdict.json["signatures"][0]["signer"], format!("Pham Thi Hoa {kind}"));
        assert_eq!(verdict.json["code"], answer.json["code"], "{kind}");
        made.push(pdf);
    }
    let list = desk.saoy("", &["token", "list"]).done();
    assert_eq!(list["tokens"].as_array().unwrap().len(), 5, "{list}");
    let status = desk.saoy("", &["token", "status", "p384"]).done();
    assert_eq!((&status["tries"], &status["keys"][0]["algorithm"]), (&"all".into(), &"ecdsa-p384".into()));
    assert_eq!(status["keys"][0]["usable"], true);

    // RSA opens everywhere: poppler judges the same file.
    run(Command::new("pdfsig").args(["-nocert", &made[0]]));
    let said = run(Command::new("pdfsig").args(["-nocert", &made[0]]));
    assert!(
        said.contains("Signature is Valid") && said.contains("total document signed")
            || said.contains("Total document signed"),
        "{said}"
    );
    // The journal is the station's, whoever signs.
    desk.counter.is_sound();
}

#[test]
fn a_wrong_pin_is_tried_once_and_a_missing_token_is_named() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "p256", "goc");
    let before = desk.counter.holds();
    let wrong = desk.digitize("000000", &["--token", "hoa"]);
    assert_eq!((wrong.code, wrong.error()), (2, "token_pin_wrong"), "{}", wrong.stderr);
    assert_eq!(wrong.json["error"]["params"]["tries"], "few", "the token says that a try is used");
    let unknown = desk.digitize(TOKEN_PIN, &["--token", "khác"]);
    assert_eq!(
        (unknown.error(), &unknown.json["error"]["params"]["reason"]),
        ("token_failed", &"no_token".into())
    );
    let mut bare =
        desk.counter.command(["digitize", "--token", "hoa", "--type", "x", "--name", "x", "x.jpg"]);
    let bare = Answer::from(bare.output().unwrap());
    assert_eq!((bare.code, bare.error()), (64, "pin_missing"), "a token has a PIN of its own");
    assert_eq!(desk.counter.holds(), before, "nothing was signed, nothing is kept");
    assert!(!wrong.stdout.contains("000000") && !wrong.stderr.contains("000000"), "no PIN is printed");

    // A second key: one must be chosen.
    desk.key("hoa", "rsa2048", "02", "goc");
    let several = desk.digitize(TOKEN_PIN, &["--token", "hoa"]);
    assert_eq!(several.json["error"]["params"]["reason"], "several_keys");
    assert_eq!(desk.digitize(TOKEN_PIN, &["--token", "hoa", "--token-key", "02"]).code, 0);
    let none = desk.digitize(TOKEN_PIN, &["--token", "hoa", "--token-key", "03"]);
    assert_eq!(none.json["error"]["params"]["reason"], "no_key");
    // The token is pulled out.
    fs::rename(desk.counter.desk().join("tokens"), desk.counter.desk().join("away")).unwrap();
    fs::create_dir(desk.counter.desk().join("tokens")).unwrap();
    let gone = desk.saoy("", &["token", "status", "hoa"]);
    assert_eq!((gone.code, gone.error()), (2, "token_failed"));
    desk.counter.is_sound();
}

/// A vendor's library, written to misbehave.
fn library(desk: &TokenDesk, name: &str, body: &str) -> PathBuf {
    let source = desk.counter.put(
        &format!("{name}.c"),
        format!("#include <stdlib.h>\n#include <unistd.h>\nunsigned long C_GetFunctionList(void **list) {{ {body} return 0; }}\n"),
    );
    let made = desk.counter.desk().join(format!("{name}.so"));
    run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&made).arg(&source));
    made
}

#[test]
fn a_library_that_dies_or_hangs_takes_nothing_along() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "p256", "goc");
    let dies = library(&desk, "dies", "abort();");
    let hangs = library(&desk, "hangs", "for (;;) sleep(1);");
    let missing = desk.counter.desk().join("missing.so");
    desk.use_modules(&[&dies, &hangs, &missing, &desk.module]);
    let list = desk.saoy("", &["token", "list"]).done();
    let problems: Vec<_> =
        list["modules"].as_array().unwrap().iter().map(|one| one["problem"].clone()).collect();
    assert_eq!(problems, ["crashed".into(), "hung".into(), "no_module".into(), serde_json::Value::Null]);
    assert_eq!(list["tokens"][0]["label"], "hoa", "the good library is asked all the same");

    desk.use_modules(&[&dies]);
    let before = desk.counter.holds();
    let answer = desk.digitize(TOKEN_PIN, &["--token", "hoa"]);
    assert_eq!((answer.code, answer.error()), (2, "token_failed"));
    assert_eq!(answer.json["error"]["params"]["reason"], "crashed");
    assert_eq!(desk.counter.holds(), before);
    desk.counter.is_sound();
}
