//! A clerk's token at the counter, played by SoftHSM2: the token signs the copy, the journal stays
//! signed by the station's key. Wrong PINs, lost tokens, and a vendor's library that dies or hangs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use saoy_tests::{Answer, Counter, drawing};

const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
const TOKEN_PIN: &str = "654321";

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}; `make test` installs it"));
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// A counter with tokens of its own.
struct Desk {
    counter: Counter,
    module: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let counter = Counter::new();
        let module = MODULES.iter().map(PathBuf::from).find(|path| path.is_file());
        let module = module.expect("`make test` installs softhsm2");
        let tokens = counter.desk().join("tokens");
        fs::create_dir(&tokens).unwrap();
        counter.put(
            "softhsm2.conf",
            format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display()),
        );
        let desk = Self { counter, module };
        desk.use_modules(&[&desk.module]);
        desk
    }

    fn use_modules(&self, modules: &[&Path]) {
        let names: Vec<String> = modules.iter().map(|path| format!("\"{}\"", path.display())).collect();
        let settings = format!("[tokens]\nmodules = [{}]\n", names.join(", "));
        fs::write(self.counter.home().join("counter.toml"), settings).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("SOFTHSM2_CONF", self.counter.desk().join("softhsm2.conf"))
            .current_dir(self.counter.desk());
        command
    }

    fn saoy(&self, token_pin: &str, arguments: &[&str]) -> Answer {
        let mut command = self.counter.command(arguments);
        command
            .env("SOFTHSM2_CONF", self.counter.desk().join("softhsm2.conf"))
            .env("SAOY_TOKEN_PIN", token_pin);
        command.output().unwrap().into()
    }

    /// A new token with a key of a kind and a certificate by `ca`.
    fn token(&self, label: &str, kind: &str, ca: &str) {
        run(self.command("softhsm2-util").args([
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            "12345678",
            "--pin",
            TOKEN_PIN,
        ]));
        self.key(label, kind, "01", ca);
    }

    /// A further key, made outside so that OpenSSL can certify it, and imported.
    fn key(&self, label: &str, kind: &str, id: &str, ca: &str) {
        let name = format!("{label}-{id}");
        let [pem, csr, crt] = ["key.pem", "csr", "crt"].map(|end| format!("{name}.{end}"));
        let options: &[&str] = match kind {
            "rsa2048" => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            "rsa3072" => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
            "p256" => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            "p384" => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            _ => &["-algorithm", "ed25519"],
        };
        run(self.command("openssl").args(["genpkey", "-out", &pem]).args(options));
        let subject = format!("/C=VN/O=UBND xa Thu Nghiem/CN=Pham Thi Hoa {label}");
        run(self.command("openssl").args(["req", "-new", "-key", &pem, "-subj", &subject, "-out", &csr]));
        self.counter.put(
            "ext.cnf",
            "keyUsage=critical,digitalSignature,nonRepudiation\nbasicConstraints=critical,CA:false\n",
        );
        run(self.command("openssl").args([
            "x509",
            "-req",
            "-in",
            &csr,
            "-CA",
            &format!("{ca}.crt"),
            "-CAkey",
            &format!("{ca}.pem"),
            "-CAcreateserial",
            "-days",
            "300",
            "-extfile",
            "ext.cnf",
            "-outform",
            "DER",
            "-out",
            &crt,
        ]));
        run(self.command("openssl").args([
            "pkcs8",
            "-topk8",
            "-nocrypt",
            "-in",
            &pem,
            "-out",
            &format!("{pem}.p8"),
        ]));
        run(self.command("softhsm2-util").args([
            "--import",
            &format!("{pem}.p8"),
            "--token",
            label,
            "--label",
            "ky",
            "--id",
            id,
            "--pin",
            TOKEN_PIN,
        ]));
        run(self.command("pkcs11-tool").arg("--module").arg(&self.module).args([
            "--token-label",
            label,
            "--login",
            "--pin",
            TOKEN_PIN,
            "--write-object",
            &crt,
            "--type",
            "cert",
            "--id",
            id,
        ]));
    }

    /// An authority made by OpenSSL, trusted by the counter.
    fn authority(&self, name: &str) {
        let (pem, crt) = (format!("{name}.pem"), format!("{name}.crt"));
        run(self.command("openssl").args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            &pem,
            "-out",
            &crt,
            "-days",
            "900",
            "-subj",
            "/CN=CA chuyen dung thu nghiem",
        ]));
        let trust = self.counter.home().join("trust");
        fs::create_dir_all(&trust).unwrap();
        fs::copy(self.counter.desk().join(&crt), trust.join(&crt)).unwrap();
    }

    fn digitize(&self, token_pin: &str, more: &[&str]) -> Answer {
        let page = self.counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
        let mut arguments = Counter::birth_certificate(&[page]);
        arguments.push("--accept-findings".to_owned());
        let all: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        self.saoy(token_pin, &all)
    }
}

#[test]
fn every_kind_of_token_key_signs_and_the_copy_is_valid() {
    let desk = Desk::new();
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
    let desk = Desk::new();
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
fn library(desk: &Desk, name: &str, body: &str) -> PathBuf {
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
    let desk = Desk::new();
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
