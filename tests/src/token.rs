//! Tokens without hardware: a counter whose PKCS#11 module is SoftHSM2, with tokens and certificates
//! made by the usual tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Answer, Counter, drawing};

const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
/// PIN of every token made here.
pub const TOKEN_PIN: &str = "654321";

/// Runs a program that must work; all it said.
///
/// # Panics
/// When it does not.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}; `make test` installs it"));
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

/// A counter with tokens of its own.
#[derive(Debug)]
pub struct TokenDesk {
    /// The counter.
    pub counter: Counter,
    /// SoftHSM2's library.
    pub module: PathBuf,
}

impl TokenDesk {
    /// A counter that asks SoftHSM2.
    ///
    /// # Panics
    /// When it is not installed.
    pub fn new() -> Self {
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

    /// Names the modules in the settings.
    ///
    /// # Panics
    /// When the disk refuses.
    pub fn use_modules(&self, modules: &[&Path]) {
        let names: Vec<String> = modules.iter().map(|path| format!("\"{}\"", path.display())).collect();
        let settings = format!("[tokens]\nmodules = [{}]\n", names.join(", "));
        fs::write(self.counter.home().join("counter.toml"), settings).unwrap();
    }

    /// A program that sees these tokens.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("SOFTHSM2_CONF", self.counter.desk().join("softhsm2.conf"))
            .current_dir(self.counter.desk());
        command
    }

    /// Runs `saoy` with the PIN of a token.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn saoy(&self, token_pin: &str, arguments: &[&str]) -> Answer {
        let mut command = self.counter.command(arguments);
        command
            .env("SOFTHSM2_CONF", self.counter.desk().join("softhsm2.conf"))
            .env("SAOY_TOKEN_PIN", token_pin);
        command.output().unwrap().into()
    }

    /// A new token with a key of a kind and a certificate by `ca`.
    pub fn token(&self, label: &str, kind: &str, ca: &str) {
        self.empty(label);
        self.key(label, kind, "01", ca);
    }

    /// A new token with nothing on it.
    pub fn empty(&self, label: &str) {
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
    }

    /// A further key, made outside so that OpenSSL can certify it, and imported.
    pub fn key(&self, label: &str, kind: &str, id: &str, ca: &str) {
        self.key_of(label, kind, (id, ca), &format!("Pham Thi Hoa {label}"));
    }

    /// The same for somebody of that name.
    pub fn key_of(&self, label: &str, kind: &str, (id, ca): (&str, &str), holder: &str) {
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
        let subject = format!("/C=VN/O=UBND xa Thu Nghiem/CN={holder}");
        let request = ["req", "-new", "-utf8", "-key", &pem, "-subj", &subject, "-out", &csr];
        run(self.command("openssl").args(request));
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
    ///
    /// # Panics
    /// When a tool refuses.
    pub fn authority(&self, name: &str) {
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

    /// Digitizes a page.
    pub fn digitize(&self, token_pin: &str, more: &[&str]) -> Answer {
        let page = self.counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
        let mut arguments = Counter::birth_certificate(&[page]);
        arguments.push("--accept-findings".to_owned());
        let all: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        self.saoy(token_pin, &all)
    }
}

impl Default for TokenDesk {
    fn default() -> Self {
        Self::new()
    }
}
