//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Sao Y: scans in, signed and coded electronic copies out.
#[derive(Debug, Parser)]
#[command(name = "saoy", version, about, long_about = None)]
pub struct Arguments {
    /// One JSON object on stdout; prose goes to stderr. Also the form when stdout is no terminal.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The counter's folder.
#[derive(Debug, Args)]
pub struct Home {
    /// Folder of the counter; default the platform's data folder.
    #[arg(long, env = "SAOY_HOME")]
    pub home: Option<PathBuf>,
}

/// Where the PIN comes from: never from an argument.
#[derive(Debug, Args)]
pub struct Pin {
    /// Read the PIN from the first line of stdin (else from SAOY_PIN).
    #[arg(long)]
    pub pin_stdin: bool,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a counter.
    Init {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// PIN.
        #[command(flatten)]
        pin: Pin,
        /// Code of the office, e.g. H56.14.
        #[arg(long)]
        office: String,
        /// Name of the office.
        #[arg(long)]
        office_name: String,
        /// Name of the clerk.
        #[arg(long)]
        clerk: String,
        /// A counter for training: everything it makes says so.
        #[arg(long)]
        training: bool,
    },
    /// Turn pages into a signed, coded copy.
    Digitize(Box<Digitize>),
    /// Verify the signatures of a file.
    Verify {
        /// Folder of a counter whose clerks are trusted and whose records are compared.
        #[command(flatten)]
        home: Home,
        /// Trusted certificates, PEM or DER.
        #[arg(long)]
        trust: Vec<PathBuf>,
        /// File.
        file: PathBuf,
    },
    /// List the records.
    List(Home),
    /// List the outbox.
    Outbox(Home),
    /// Check database, blobs and journal.
    Check(Home),
    /// The clerk's certificate, PEM.
    Cert(Home),
    /// When a dossier is due.
    Due {
        /// Folder of the counter whose calendar holds; without a counter, the shipped calendar.
        #[command(flatten)]
        home: Home,
        /// Received at, e.g. 2026-02-12T09:00 or 12/02/2026 09:00.
        #[arg(long)]
        from: String,
        /// Term, e.g. "5 ngày làm việc".
        #[arg(long)]
        term: String,
        /// Same-day procedures: received later than this hour (hh:mm) is received the next working day.
        #[arg(long)]
        cutoff: Option<String>,
        /// A supplement was awaited, FROM/TO; may be given again.
        #[arg(long)]
        pause: Vec<String>,
        /// A calendar instead of the counter's own.
        #[arg(long)]
        calendar: Option<PathBuf>,
    },
    /// What the QR code of an identity card says, and what is odd about it; its text on stdin, never
    /// in an argument.
    Card(Home),
    /// The office's procedures.
    Catalogue {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// What to do.
        #[command(subcommand)]
        command: Catalogue,
    },
    /// The isolated reader; started by the program itself.
    #[command(hide = true)]
    Reader,
}

/// Commands on the catalogue.
#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// Import a CSV or JSON file as a new version, whole or not at all.
    Import {
        /// PIN.
        #[command(flatten)]
        pin: Pin,
        /// First day it holds, yyyy-mm-dd; without it, from today.
        #[arg(long)]
        effective: Option<String>,
        /// Only tell what would change.
        #[arg(long)]
        preview: bool,
        /// File.
        file: PathBuf,
    },
    /// Find procedures by code, name, field or first letters, with or without diacritics.
    Search {
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// What to look for.
        #[arg(required = true)]
        query: Vec<String>,
    },
    /// One procedure with its papers, as it is in force today.
    Show {
        /// Code, e.g. 1.001193.
        code: String,
    },
    /// All versions, newest first.
    Versions,
}

/// The arguments of `digitize`.
#[derive(Debug, Args)]
pub struct Digitize {
    /// Folder.
    #[command(flatten)]
    pub home: Home,
    /// PIN.
    #[command(flatten)]
    pub pin: Pin,
    /// Owner's number: personal number, tax code or other id.
    #[arg(long, default_value = "")]
    pub owner: String,
    /// Paper-type code, e.g. KQ.G15.000031.
    #[arg(long = "type")]
    pub paper_type: String,
    /// Name of the paper.
    #[arg(long)]
    pub name: String,
    /// Number and symbol of the paper.
    #[arg(long, default_value = "")]
    pub number: String,
    /// Date of issue, yyyy-mm-dd.
    #[arg(long, default_value = "")]
    pub issued: String,
    /// Issuer.
    #[arg(long, default_value = "")]
    pub issuer: String,
    /// Abstract.
    #[arg(long = "abstract", default_value = "")]
    pub abstract_text: String,
    /// Last day of validity, yyyy-mm-dd.
    #[arg(long, default_value = "", conflicts_with = "permanent")]
    pub valid_until: String,
    /// Valid for ever.
    #[arg(long)]
    pub permanent: bool,
    /// Also put the copy here.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Accept findings that warn; the acceptance is recorded.
    #[arg(long)]
    pub accept_findings: bool,
    /// Pages, in order: JPEG, PNG, TIFF, BMP, WebP or PDF files.
    #[arg(required = true)]
    pub pages: Vec<PathBuf>,
}
