//! What the stories share: a counter in a folder of its own, driven by the built `saoy` program
//! as a script would, and pages drawn like scans. Knows nothing of the core's inside.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop loudly"
)]

pub mod drawing;
pub mod escl;
pub mod faults;
pub mod ocsp;
pub mod office;
pub mod token;
pub mod tsa;
pub mod web;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// PIN of every counter made here.
pub const PIN: &str = "24681357";

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A program of the workspace, built beforehand in the same target folder and profile.
///
/// # Panics
/// When it was not built: `make test` builds it first.
pub fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let folder = here.ancestors().find(|folder| folder.join(name).is_file());
    folder
        .unwrap_or_else(|| panic!("{name} is not built: cargo build -p saoy-cli -p saoy-desktop"))
        .join(name)
}

/// The folder of third-party inputs, when `SAOY_INPUTS` names one.
pub fn inputs() -> Option<PathBuf> {
    std::env::var_os("SAOY_INPUTS").map(PathBuf::from).filter(|folder| folder.is_dir())
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// Exit code; -1 when killed by a signal.
    pub code: i32,
    /// The JSON object on stdout, `Null` when there was none.
    pub json: Value,
    /// Stdout as it came.
    pub stdout: String,
    /// Prose for people.
    pub stderr: String,
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        Self {
            code: output.status.code().unwrap_or(-1),
            json: serde_json::from_str(&stdout).unwrap_or_default(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            stdout,
        }
    }
}

impl Answer {
    /// The tag of the error, empty when there was none.
    pub fn error(&self) -> &str {
        self.json["error"]["kind"].as_str().unwrap_or_default()
    }

    /// The answer of a command that must have worked.
    ///
    /// # Panics
    /// With everything it said, when it did not.
    #[must_use]
    pub fn done(self) -> Value {
        assert_eq!(self.code, 0, "{}\n{}", self.stdout, self.stderr);
        self.json
    }
}

/// A counter in a folder of its own.
#[derive(Debug)]
pub struct Counter {
    folder: tempfile::TempDir,
}

impl Counter {
    /// A real (not a training) counter of a fictitious office.
    pub fn new() -> Self {
        Self::of("Nguyễn Thị Lan")
    }

    /// The same of another clerk.
    pub fn of(clerk: &str) -> Self {
        let counter = Self { folder: tempfile::tempdir().unwrap() };
        let made = counter.saoy([
            "init",
            "--office",
            "H56.14",
            "--office-name",
            "UBND xã Thử Nghiệm",
            "--clerk",
            clerk,
        ]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        counter
    }

    /// The counter's folder.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A folder beside the home, for scans and copies.
    pub fn desk(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file on the desk.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.desk().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The command, ready to be run or changed: home and PINs are in its environment.
    pub fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::new(program("saoy"));
        command.args(arguments).env("SAOY_HOME", self.home()).env("SAOY_PIN", PIN);
        command.env("SAOY_CA_PIN", PIN);
        command
    }

    /// Runs `saoy`.
    pub fn saoy(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Answer {
        self.command(arguments).output().unwrap().into()
    }

    /// The arguments of `digitize` for a birth certificate with everything filled in.
    pub fn birth_certificate(pages: &[PathBuf]) -> Vec<String> {
        let fields = [
            "digitize",
            "--owner",
            "001087000001",
            "--type",
            "KQ.G15.000031",
            "--name",
            "Giấy khai sinh",
            "--number",
            "45/2025",
            "--issued",
            "2025-03-01",
            "--issuer",
            "UBND xã Thử Nghiệm",
            "--permanent",
        ];
        let pages = pages.iter().map(|page| page.display().to_string());
        fields.map(str::to_owned).into_iter().chain(pages).collect()
    }

    /// Digitizes the pages as a birth certificate.
    pub fn digitize(&self, pages: &[PathBuf]) -> Answer {
        self.saoy(Self::birth_certificate(pages))
    }

    /// Digitizes and accepts findings that warn.
    pub fn digitize_anyway(&self, pages: &[PathBuf]) -> Answer {
        let mut arguments = Self::birth_certificate(pages);
        arguments.push("--accept-findings".to_owned());
        self.saoy(arguments)
    }

    /// Everything the home holds: each file but the database by its hash, each row of each table.
    pub fn holds(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        let home = self.home();
        let mut folders = vec![home.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&home).unwrap().display().to_string();
                if path.is_dir() {
                    folders.push(path);
                } else if !name.starts_with("counter.db") && !name.ends_with("lock") {
                    all.insert(name, sha256(&fs::read(&path).unwrap()));
                }
            }
        }
        let db = rusqlite::Connection::open(home.join("counter.db")).unwrap();
        let mut tables =
            db.prepare("SELECT name FROM sqlite_schema WHERE type='table' ORDER BY name").unwrap();
        let names: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        for table in names {
            let mut rows = db.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
            let columns = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            let mut number = 0;
            while let Some(row) = rows.next().unwrap() {
                let cells: Vec<String> =
                    (0..columns).map(|i| format!("{:?}", row.get_ref(i).unwrap())).collect();
                all.insert(format!("{table}#{number}"), cells.join("|"));
                number += 1;
            }
        }
        all
    }

    /// `check` finds nothing wrong.
    ///
    /// # Panics
    /// When it does.
    pub fn is_sound(&self) {
        let check = self.saoy(["check"]);
        assert_eq!(check.code, 0, "check must find nothing: {}", check.stdout);
        assert_eq!(check.json["ok"], true);
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::new()
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
