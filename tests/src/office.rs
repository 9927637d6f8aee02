//! A counter whose clerk, time-stamp authority and OCSP responder have certificates by one authority.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::ocsp::{knows, responder};
use crate::tsa::{authority_with, openssl, serve};
use crate::{Answer, Counter};

/// The counter, and beside it a folder with the authority's keys and certificates.
#[derive(Debug)]
pub struct Office {
    /// The counter.
    pub counter: Counter,
}

impl Office {
    /// A counter still without certificates.
    #[expect(clippy::new_without_default, reason = "makes files")]
    pub fn new() -> Self {
        Self { counter: Counter::new() }
    }

    /// Folder of keys and certificates: `ca`, `tsa`, `ocsp`, `lan`, each `.crt` and `.pem`.
    pub fn folder(&self) -> PathBuf {
        self.counter.desk().join("tsa")
    }

    /// Makes them all, installs the clerk's, trusts the authority and has the time-stamp authority asked; `lines`:
    /// further extensions of the clerk's and the time-stamp authority's certificates.
    pub fn certify(&self, lines: &str) {
        let (folder, home) = (self.folder(), self.counter.home());
        authority_with(&folder, lines);
        responder(&folder);
        let place = |name: &str| folder.join(name).display().to_string();
        let _ = self.counter.saoy(["key", "csr", "--out", &place("lan.csr")]).done();
        let usage = format!("[lan]\nkeyUsage = digitalSignature, nonRepudiation\n{lines}");
        fs::write(folder.join("lan.cnf"), usage).unwrap();
        let issue =
            ["x509", "-req", "-in", "lan.csr", "-CA", "ca.crt", "-CAkey", "ca.pem", "-CAcreateserial"];
        let details = ["-days", "300", "-extfile", "lan.cnf", "-extensions", "lan", "-out", "lan.crt"];
        openssl(&folder, &[&issue[..], &details].concat());
        let chain = ["lan.crt", "ca.crt"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
        fs::write(folder.join("lan.chain"), chain.concat()).unwrap();
        let _ = self.counter.saoy(["key", "certificate", &place("lan.chain")]).done();
        knows(&folder, &[("lan.crt", None), ("tsa.crt", None)]);
        let (url, _) = serve(&folder, false);
        fs::write(home.join("counter.toml"), format!("[timestamp]\nurl = \"{url}\"\n")).unwrap();
        fs::create_dir_all(home.join("trust")).unwrap();
        fs::copy(folder.join("ca.crt"), home.join("trust/ca.crt")).unwrap();
    }

    /// What is said of a file by a stranger who trusts the authority alone and has no network.
    pub fn stranger(&self, file: &Path) -> Value {
        let mut command = self.counter.command(["verify", "--json", "--no-counter", "--trust"]);
        command.arg(self.folder().join("ca.crt")).arg(file).env_remove("SAOY_HOME");
        Answer::from(command.env("HOME", self.counter.desk()).output().unwrap()).json
    }
}
