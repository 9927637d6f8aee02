//! The core of Sao Y: everything that matters, without window, terminal or environment.
pub mod app;
pub mod calendar;
pub mod catalogue;
pub mod code;
pub mod dossier;
pub mod form;
pub mod hex;
pub mod isolate;
pub mod page;
pub mod pdf;
pub mod person;
pub mod scan;
pub mod separator;
pub mod sign;
pub mod store;
pub mod time;
pub mod words;

/// Variables of the environment that may hold secrets; no child process gets them.
const SECRETS: [&str; 7] = [
    "SAOY_PIN",
    "SAOY_TOKEN_PIN",
    "SAOY_AGENCY_PIN",
    "SAOY_CA_PIN",
    "SAOY_NEW_PIN",
    "SAOY_EXPORT_PASSPHRASE",
    "SAOY_IMPORT_PASSPHRASE",
];

/// A child process without the secrets of this one.
fn child(program: impl AsRef<std::ffi::OsStr>) -> std::process::Command {
    let mut command = std::process::Command::new(program);
    for name in SECRETS {
        command.env_remove(name);
    }
    command
}

/// The folder of a counter when none is named: `SAOY_HOME`, else the platform's data folder.
/// `variable` reads the environment, which the core itself does not.
#[must_use]
pub fn default_home(variable: &dyn Fn(&str) -> Option<std::ffi::OsString>) -> Option<std::path::PathBuf> {
    let folder = |name: &str| variable(name).filter(|v| !v.is_empty()).map(std::path::PathBuf::from);
    folder("SAOY_HOME")
        .or_else(|| folder("XDG_DATA_HOME").map(|data| data.join("saoy")))
        .or_else(|| folder("APPDATA").map(|data| data.join("SaoY")))
        .or_else(|| folder("HOME").map(|home| home.join(".local/share/saoy")))
}
