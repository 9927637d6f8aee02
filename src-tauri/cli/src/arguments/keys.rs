//! What can be typed after `saoy clerk`, `saoy key`, `saoy ca`, `saoy token` and `saoy trust`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{By, Pin};

/// Commands on who works at this counter.
#[derive(Debug, Subcommand)]
pub enum Clerk {
    /// Everybody, with roles and keys.
    List,
    /// Add a clerk, whose PIN is SAOY_NEW_PIN or the second line of stdin.
    Add {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Name of the new clerk.
        #[arg(long)]
        name: String,
        /// What the clerk may do: clerk, signer, head, administrator; may be given again.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
    /// Give a clerk other roles.
    Change {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// The role, in the place of those before; may be given again.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Name of the clerk.
        name: String,
    },
    /// Let a clerk leave: the key is destroyed, what it signed stays verifiable.
    Leave {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Name of the clerk.
        name: String,
    },
    /// End the agency's local key here, or what is known of a token of the agency's: the key is destroyed or the
    /// certificate no longer the agency's; what was signed stays verifiable.
    EndAgencyKey {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Serial number of the certificate; without one, that of the local key.
        serial: Option<String>,
    },
    /// Make the agency's key, under a PIN of its own: SAOY_NEW_PIN, or the second line of stdin.
    AddAgencyKey {
        /// An administrator.
        #[command(flatten)]
        by: By,
    },
}

/// Commands on the clerk's key. Pass phrases of files come from the environment, or with --pin-stdin
/// from the second line of stdin.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Algorithm, certificate and how long it holds.
    Status,
    /// Keep the key under another PIN: SAOY_NEW_PIN, or the second line of stdin.
    ChangePin {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
    },
    /// Write the key for another program, under a pass phrase: SAOY_EXPORT_PASSPHRASE, or the second
    /// line of stdin.
    Export {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
        /// pkcs8 (the key, PEM) or pkcs12 (key and certificates).
        #[arg(long)]
        format: String,
        /// File.
        #[arg(long)]
        out: PathBuf,
    },
    /// Make a new key instead of the clerk's, under the same PIN: whoever may have the old one signs no more.
    New {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
    },
    /// Use a key made elsewhere (PKCS#8 or PKCS#12, Ed25519) instead of the clerk's, under the same PIN.
    /// Its pass phrase: SAOY_IMPORT_PASSPHRASE, or the second line of stdin.
    Import {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
        /// File.
        file: PathBuf,
    },
    /// Write a request for a certificate (PKCS#10).
    Csr {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
        /// File.
        #[arg(long)]
        out: PathBuf,
    },
    /// Install a certificate issued for this key, with those of its issuers.
    Certificate {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
        /// File, PEM or DER.
        file: PathBuf,
    },
    /// Make a certificate known as the agency's, whose key lies on a token; results may be signed with it.
    Register {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
        /// A token that is plugged in, by its label or serial number.
        #[arg(long, required_unless_present = "certificate", conflicts_with = "certificate")]
        token: Option<String>,
        /// Which of its keys, by id, where several may sign.
        #[arg(long, requires = "token")]
        token_key: Option<String>,
        /// File, PEM or DER.
        certificate: Option<PathBuf>,
    },
}

/// Commands on the office's authority. In the counter's own folder an administrator answers, and the authority's own PIN
/// is SAOY_CA_PIN or the second line of stdin; for one that lies elsewhere (--ca) SAOY_PIN is the authority's.
#[derive(Debug, Subcommand)]
pub enum Ca {
    /// Make the authority.
    Init {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Its name, shown as issuer.
        #[arg(long)]
        name: String,
        /// Name of the office.
        #[arg(long)]
        office_name: String,
        /// Days it holds.
        #[arg(long, default_value_t = 3650)]
        days: u32,
        /// Address under which its list of revoked certificates will be found.
        #[arg(long)]
        crl_url: Option<String>,
    },
    /// Who asks for a certificate in a file (PKCS#10).
    Request {
        /// Request, PEM or DER.
        request: PathBuf,
    },
    /// Issue a certificate for a request (PKCS#10).
    Issue {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Days it holds; never longer than the authority.
        #[arg(long, default_value_t = 730)]
        days: u32,
        /// Only if the request has this fingerprint, as `ca request` and `key csr` show it.
        #[arg(long)]
        fingerprint: Option<String>,
        /// File for the certificate and the authority's.
        #[arg(long)]
        out: PathBuf,
        /// Request, PEM or DER.
        request: PathBuf,
    },
    /// Issue the next certificate for the same person and key.
    Renew {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Days it holds; never longer than the authority.
        #[arg(long, default_value_t = 730)]
        days: u32,
        /// File for the certificate and the authority's.
        #[arg(long)]
        out: PathBuf,
        /// Serial number of the old one.
        serial: String,
    },
    /// Revoke a certificate; then write a new list with `ca crl`.
    Revoke {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Why: unspecified, key_compromise, affiliation_changed, superseded, cessation_of_operation.
        #[arg(long, default_value = "unspecified")]
        reason: String,
        /// Serial number.
        serial: String,
    },
    /// Write the list of revoked certificates (CRL).
    Crl {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Days until counters ask for a newer one.
        #[arg(long, default_value_t = 30)]
        days: u32,
        /// File.
        #[arg(long)]
        out: PathBuf,
    },
    /// The authority and what it issued.
    List,
    /// A certificate, PEM: that of a serial number, else the authority's own.
    Certificate {
        /// Serial number.
        serial: Option<String>,
    },
}

/// Commands on tokens. None of them needs a PIN.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Which are plugged in, and what is on them.
    List,
    /// One of them: tries of its PIN that are left, its certificates.
    Status {
        /// Label or serial number.
        token: String,
    },
}

/// Commands on the folder `trust`.
#[derive(Debug, Subcommand)]
pub enum Trust {
    /// Who is trusted, for what, since when and until when; whether a list of the province is overdue.
    List,
    /// Check a list of authorities (TOML), a certificate or a list of revoked ones and copy it in.
    Add {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// File.
        file: PathBuf,
    },
    /// Trust a file of the folder no more.
    Remove {
        /// An administrator.
        #[command(flatten)]
        by: By,
        /// Its name.
        file: String,
    },
}
