//! A clerk's token at the counter, played by SoftHSM2: the token signs the copy, the journal stays
//! signed by the station's key. Wrong PINs, lost tokens, and a vendor's library that dies or hangs.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use saoy_core::app::App;
use saoy_core::app::contract::{
    ErrorKind, Fields, LOOSE, Landing, ReviewWish, SignerChoice, SignerDoubt, Spot,
};
use saoy_core::app::progress::Watch;
use saoy_core::isolate::ReaderCommand;
use saoy_tests::token::{TOKEN_PIN, TokenDesk, run};
use saoy_tests::{Answer, PIN, drawing, program};

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
    let said = run(Command::new("pdfsig").args(["-nocert", &made[0]]));
    assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{said}");
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

/// The desk's own library, but for what it tells of a token (`C_GetTokenInfo`): `body` may ask `info`.
fn telling(desk: &TokenDesk, name: &str, body: &str) -> PathBuf {
    let more = format!(
        "struct list {{ unsigned char version[2]; void *call[68]; }};
static struct list mine;
static unsigned long (*info)(unsigned long, unsigned char *);
static unsigned long tell(unsigned long slot, unsigned char *told) {{
  {body}
}}"
    );
    let start = format!(
        r#"
  void *library = dlopen("{}", RTLD_NOW);
  unsigned long (*get)(struct list **) = dlsym(library, "C_GetFunctionList");
  struct list *theirs;
  get(&theirs);
  memcpy(&mine, theirs, sizeof mine);
  info = theirs->call[6];
  mine.call[6] = tell;
  *list = &mine;"#,
        desk.module.display()
    );
    library(desk, name, &more, &start)
}

/// A vendor's library, written to misbehave; `more` stands before what it begins with.
fn library(desk: &TokenDesk, name: &str, more: &str, body: &str) -> PathBuf {
    let source = desk.counter.put(
        &format!("{name}.c"),
        format!("#include <dlfcn.h>\n#include <string.h>\n#include <stdlib.h>\n#include <unistd.h>\n{more}\nunsigned long C_GetFunctionList(void **list) {{ {body} return 0; }}\n"),
    );
    let made = desk.counter.desk().join(format!("{name}.so"));
    run(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&made).arg(&source).arg("-ldl"));
    made
}

#[test]
fn of_two_tokens_with_one_serial_number_the_named_one_is_opened() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "p256", "goc");
    desk.token("mai", "p256", "goc");
    let alike = telling(
        &desk,
        "alike",
        "unsigned long answer = info(slot, told);
  memset(told + 80, '7', 16);
  return answer;",
    );
    desk.use_modules(&[&alike]);
    let home = desk.counter.home().display().to_string();
    for name in ["hoa", "mai"] {
        let made = desk.digitize(TOKEN_PIN, &["--token", name]).done();
        let verdict = desk.saoy("", &["verify", "--home", &home, made["pdf"].as_str().unwrap()]).done();
        assert_eq!(verdict["signatures"][0]["signer"], format!("Pham Thi Hoa {name}"));
    }
    let number = "7777777777777777";
    let refused = desk.digitize(TOKEN_PIN, &["--token", number]);
    assert_eq!(refused.json["error"]["params"]["reason"], "several_tokens", "{}", refused.stdout);
}

#[test]
fn nobody_signs_with_another_clerks_token_unasked() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "p256", "goc");
    let page = desk.counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
    // The reader asks the tokens of this desk.
    let arguments = [format!("SOFTHSM2_CONF={}", desk.counter.desk().join("softhsm2.conf").display())];
    let arguments = arguments.into_iter().chain([program("saoy").display().to_string(), "reader".to_owned()]);
    let reader = ReaderCommand { program: "env".into(), arguments: arguments.collect() };
    let app = App::at(&desk.counter.home(), reader).unwrap();
    let session = app.unlock(PIN).unwrap();
    let canceled = AtomicBool::new(false);
    let watch = Watch::new(&|_| {}, &canceled);
    let loose = Landing::from(Spot { desk: LOOSE.to_owned(), place: 0 });
    _ = app.import(&loose, &[page], &watch, &mut || {}).unwrap();
    let fields = Fields {
        owner: "001087000001".into(),
        paper_type: "KQ.G15.000031".into(),
        name: "Giấy khai sinh".into(),
        permanent: true,
        ..Fields::default()
    };
    app.set_fields(&Spot { desk: LOOSE.to_owned(), place: 0 }, &fields).unwrap();
    let wish = ReviewWish { desk: LOOSE.to_owned(), signer: None, agency: None };
    let view = app.review(&session, &wish, &watch).unwrap();
    assert_eq!(view.signer, SignerChoice::default(), "Hoa's token is plugged in, and Lan works: {view:?}");
    let hoas = view.signers.iter().find(|one| one.label == "hoa").unwrap();
    assert_eq!((hoas.usable, hoas.doubt), (true, Some(SignerDoubt::AnotherName)), "she may choose it");

    desk.empty("lan");
    desk.key_of("lan", "p256", ("01", "goc"), "NGUYỄN THỊ LAN");
    let view = app.review(&session, &wish, &watch).unwrap();
    let lans = view.signers.iter().find(|one| one.label == "lan").unwrap();
    assert_eq!((&view.signer, lans.doubt), (&lans.choice, None), "her own goes first");
    let refused = app.register_agencys_token(&session, &lans.choice).unwrap_err();
    assert_eq!((refused.kind, refused.params["reason"].as_str()), (ErrorKind::BadCertificate, "a_clerks"));

    fs::remove_file(desk.counter.home().join("trust").join("goc.crt")).unwrap();
    let view = app.review(&session, &wish, &watch).unwrap();
    let lans = view.signers.iter().find(|one| one.label == "lan").unwrap();
    assert_eq!(
        (lans.usable, lans.doubt),
        (true, Some(SignerDoubt::Untrusted)),
        "nobody here knows her issuer"
    );
    assert_eq!(&view.signer, &lans.choice, "hers all the same");
}

#[test]
fn a_library_that_dies_or_hangs_takes_nothing_along() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hoa", "p256", "goc");
    let dies = library(&desk, "dies", "", "abort();");
    let hangs = library(&desk, "hangs", "", "for (;;) sleep(1);");
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

#[test]
fn a_library_has_its_bounds_and_leaves_no_core_behind() {
    let desk = TokenDesk::new();
    let told = desk.counter.desk().join("told");
    let says = format!(
        r#"
  struct rlimit core, memory;
  getrlimit(RLIMIT_CORE, &core);
  getrlimit(RLIMIT_AS, &memory);
  FILE *file = fopen("{}", "w");
  fprintf(file, "%lu %lu", core.rlim_max, memory.rlim_max);
  fclose(file);
  abort();"#,
        told.display()
    );
    let library = library(&desk, "says", "#include <stdio.h>\n#include <sys/resource.h>", &says);
    desk.use_modules(&[&library]);
    assert_eq!(desk.saoy("", &["token", "list"]).done()["modules"][0]["problem"], "crashed");
    assert_eq!(fs::read_to_string(told).unwrap(), format!("0 {}", 2u64 << 30));
}

#[test]
fn a_faulty_slot_hides_no_other_and_an_absent_token_is_no_fault_of_another_library() {
    let desk = TokenDesk::new();
    desk.authority("goc");
    desk.token("hong", "p256", "goc");
    desk.token("hoa", "p256", "goc");
    let faulty = telling(
        &desk,
        "faulty",
        "unsigned long answer = info(slot, told);
  return memcmp(told, \"hong\", 4) ? answer : 0x30; /* CKR_DEVICE_ERROR */",
    );
    let missing = desk.counter.desk().join("missing.so");
    desk.use_modules(&[&missing, &faulty]);
    let list = desk.saoy("", &["token", "list"]).done();
    let labels: Vec<_> = list["tokens"].as_array().unwrap().iter().map(|one| one["label"].clone()).collect();
    assert_eq!(labels, ["hoa"], "{list}");
    _ = desk.digitize(TOKEN_PIN, &["--token", "hoa"]).done();

    for absent in [
        desk.saoy("", &["token", "status", "mai"]),
        desk.digitize(TOKEN_PIN, &["--token", "mai"]),
        desk.saoy(TOKEN_PIN, &["sign", "--token", "mai"]),
    ] {
        assert_eq!(absent.json["error"]["params"]["reason"], "no_token", "{}", absent.stdout);
    }
    desk.use_modules(&[&missing]);
    let none = desk.saoy("", &["token", "status", "hoa"]);
    assert_eq!(none.json["error"]["params"]["reason"], "no_module", "no library works: {}", none.stdout);
}
