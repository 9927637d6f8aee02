//! What can be typed.

mod keys;
mod sign;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

pub use keys::{Ca, Clerk, Key, Token, Trust};
pub use sign::Sign;

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
    /// Replace files that are there already and are named for the answer.
    #[arg(long, global = true)]
    pub force: bool,
}

/// Where the PIN comes from: never from an argument.
#[derive(Debug, Args)]
pub struct Pin {
    /// Read the PIN from the first line of stdin (else from SAOY_PIN).
    #[arg(long)]
    pub pin_stdin: bool,
}

/// Who works, and the PIN.
#[derive(Debug, Args)]
pub struct By {
    /// PIN.
    #[command(flatten)]
    pub pin: Pin,
    /// Name of the clerk, where several work at this counter.
    #[arg(long, env = "SAOY_CLERK")]
    pub clerk: Option<String>,
}

/// A key of the counter.
#[derive(Debug, Args)]
pub struct KeySelector {
    /// Name of the clerk, where several work at this counter.
    #[arg(long, env = "SAOY_CLERK")]
    pub clerk: Option<String>,
    /// The agency's key. Its PIN is SAOY_AGENCY_PIN, or a line of stdin after that of the clerk where one
    /// is asked for.
    #[arg(long)]
    pub agency: bool,
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
    /// Sign every paper that waits on the desks, by one PIN.
    Sign(Box<Sign>),
    /// Verify the signatures of a file.
    Verify {
        /// Folder of the counter whose clerks are trusted and whose records are compared.
        #[command(flatten)]
        home: Home,
        /// Ask no counter, though there is one: trust only what --trust names.
        #[arg(long)]
        no_counter: bool,
        /// Trusted certificates and lists of revoked ones, PEM or DER, or a list of authorities (`.toml`).
        #[arg(long)]
        trust: Vec<PathBuf>,
        /// Make a sheet of the result, PDF/A.
        #[arg(long)]
        sheet: Option<PathBuf>,
        /// File.
        file: PathBuf,
    },
    /// Make a signed file last (PAdES B-T, B-LT, B-LTA): keep certificates, lists of revoked ones and trusted
    /// times with it, as far as they can be had now.
    Extend {
        /// Folder of the counter whose clerks and folder `trust` are known, and whose settings name a
        /// time-stamp authority.
        #[command(flatten)]
        home: Home,
        /// Know no clerks and no folder `trust`, though there is a counter.
        #[arg(long, conflicts_with = "stored")]
        no_counter: bool,
        /// Further certificates and lists of revoked ones, PEM or DER.
        #[arg(long)]
        trust: Vec<PathBuf>,
        /// Clerk, for --stored.
        #[command(flatten)]
        by: By,
        /// Every copy of this counter that was signed here; the longer files are kept beside those signed.
        #[arg(long, conflicts_with_all = ["trust", "out", "file"])]
        stored: bool,
        /// The extended file.
        #[arg(long, required_unless_present = "stored")]
        out: Option<PathBuf>,
        /// File.
        #[arg(required_unless_present = "stored")]
        file: Option<PathBuf>,
    },
    /// Who is trusted besides the counter's own clerks.
    Trust {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// What to do.
        #[command(subcommand)]
        command: Trust,
    },
    /// Judge scanned pages: blur, light, cut edges, skew, blank, upside down, resolution, scale,
    /// duplicates. Needs no counter.
    Judge {
        /// Folder of the counter whose thresholds hold; without a counter, the shipped ones.
        #[command(flatten)]
        home: Home,
        /// Files.
        #[arg(required = true)]
        pages: Vec<PathBuf>,
    },
    /// Say which pages of a stack go to which dossier and paper, by the separator sheets in it.
    Sort {
        /// Folder of the counter whose catalogue names the papers.
        #[command(flatten)]
        home: Home,
        /// Files, in the order of the stack.
        #[arg(required = true)]
        pages: Vec<PathBuf>,
    },
    /// Print the separator sheets of a procedure: a cover for the dossier, a sheet for each paper.
    Separators {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// Code of the procedure.
        #[arg(long)]
        procedure: String,
        /// PDF file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Scan: onto the desk for single papers, or into a folder.
    Scan {
        /// Folder of the counter, whose settings hold the profiles.
        #[command(flatten)]
        home: Home,
        /// Name of the profile.
        #[arg(long, required_unless_present = "list")]
        profile: Option<String>,
        /// Put the pages into this folder as JPEG files, and not on the desk.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Only tell which devices there are.
        #[arg(long, conflicts_with_all = ["profile", "out"])]
        list: bool,
    },
    /// Take what lies in the hot folder onto the desk for single papers; waits for files still being
    /// written.
    HotFolder(Home),
    /// List the records.
    List(Home),
    /// List the outbox.
    Outbox(Home),
    /// Check database, blobs and journal.
    Check(Home),
    /// The clerk's certificate, PEM.
    Cert {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// KeySelector.
        #[command(flatten)]
        whose: KeySelector,
    },
    /// Copy the whole counter into another folder; that folder is then a counter's, and `check` checks it.
    Backup {
        /// Folder of the counter.
        #[command(flatten)]
        home: Home,
        /// Where to; without it, where the last backup is.
        folder: Option<PathBuf>,
    },
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
    /// in an argument, or the code in a picture of the card.
    Card {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// A scan or photo of the card; without it, the text comes on stdin.
        #[arg(value_parser = picture)]
        page: Option<PathBuf>,
    },
    /// The office's procedures.
    Catalogue {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// What to do.
        #[command(subcommand)]
        command: Catalogue,
    },
    /// Dossiers of citizens.
    Dossier {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// What to do.
        #[command(subcommand)]
        command: Box<Dossier>,
    },
    /// Who works at this counter: clerks, their roles, and the agency's key.
    Clerk {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// What to do.
        #[command(subcommand)]
        command: Clerk,
    },
    /// A clerk's key and certificate, or the agency's.
    Key {
        /// Folder.
        #[command(flatten)]
        home: Home,
        /// KeySelector.
        #[command(flatten)]
        whose: KeySelector,
        /// What to do.
        #[command(subcommand)]
        command: Key,
    },
    /// Tokens (PKCS#11).
    Token {
        /// Folder of the counter, whose settings name the modules.
        #[command(flatten)]
        home: Home,
        /// What to do.
        #[command(subcommand)]
        command: Token,
    },
    /// The office's own certification authority, for offices that have none.
    Ca {
        /// Folder of the counter, whose folder `ca` holds the authority.
        #[command(flatten)]
        home: Home,
        /// Folder of the authority, where it lies elsewhere.
        #[arg(long, env = "SAOY_CA", global = true)]
        ca: Option<PathBuf>,
        /// What to do.
        #[command(subcommand)]
        command: Ca,
    },
    /// The isolated reader; started by the program itself.
    #[command(hide = true)]
    Reader,
}

/// A file; the text of a card, which stands in the list of processes for all to read, is none.
fn picture(text: &str) -> Result<PathBuf, &'static str> {
    if text.contains('|') { Err("a picture of the card; its text comes on stdin") } else { Ok(text.into()) }
}

/// Commands on the catalogue.
#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// Import a CSV or JSON file as a new version, whole or not at all.
    Import {
        /// Clerk.
        #[command(flatten)]
        by: By,
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

/// Commands on dossiers. DOSSIER is its id or code.
#[derive(Debug, Subcommand)]
pub enum Dossier {
    /// Take a dossier in.
    Receive(Box<Receive>),
    /// How a dossier stands; without one, those received in a time.
    Status {
        /// Dossier.
        dossier: Option<String>,
        /// First day of receipt, yyyy-mm-dd.
        #[arg(long)]
        from: Option<NaiveDate>,
        /// Last day of receipt, yyyy-mm-dd.
        #[arg(long)]
        until: Option<NaiveDate>,
    },
    /// The papers of a dossier; decide about them.
    Papers {
        /// PIN, where something is decided.
        #[command(flatten)]
        by: By,
        /// Dossier.
        dossier: String,
        /// What is handed in: PLACE=original|certified_copy|photocopy|electronic|shown|secret,
        /// PLACE=in_store:RECORD for a stored copy, PLACE=none; may be given again.
        #[arg(long = "set")]
        set: Vec<PaperArgument>,
        /// A note about a paper, PLACE=TEXT; may be given again.
        #[arg(long = "note")]
        notes: Vec<String>,
    },
    /// Lay pages on a paper of a dossier that was received; `saoy sign` signs what waits.
    Lay {
        /// Its place in the dossier, from 1; 0 = not sorted yet.
        #[arg(long, required_unless_present = "result", conflicts_with = "result")]
        place: Option<u32>,
        /// On a result, by its number from 1.
        #[arg(long)]
        result: Option<u32>,
        /// Dossier.
        dossier: String,
        /// Pages, in order.
        #[arg(required = true)]
        pages: Vec<PathBuf>,
    },
    /// Enter a result that came from the department; then lay its pages (lay --result) and sign them
    /// (sign --agency).
    Result {
        /// Clerk.
        #[command(flatten)]
        by: By,
        /// Code of the result, e.g. KQ.G15.000031.
        #[arg(long)]
        code: String,
        /// Its name, where the procedure names no result of that code.
        #[arg(long, default_value = "")]
        name: String,
        /// Dossier.
        dossier: String,
    },
    /// Move a dossier: refuse, ask_supplement, supplement, ask_fee, pay_fee, withdraw, stop, finish, return.
    Move {
        /// Clerk.
        #[command(flatten)]
        by: By,
        /// Why.
        #[arg(long, default_value = "")]
        reason: String,
        /// Who has the papers from now on: citizen, counter, department.
        #[arg(long)]
        originals: Option<String>,
        /// Dossier.
        dossier: String,
        /// Move.
        r#move: String,
    },
    /// Give a dossier its official code.
    Number {
        /// Clerk.
        #[command(flatten)]
        by: By,
        /// Dossier.
        dossier: String,
        /// Code, e.g. H56.14-240823-0001.
        code: String,
    },
    /// Print a form: receipt (01), supplement (02), refusal (03), control_sheet (06), register (07),
    /// stored_papers.
    Form {
        /// Which.
        form: String,
        /// Dossier; for the register its day, yyyy-mm-dd.
        of: String,
        /// Size of the sheet: a4, a5.
        #[arg(long, default_value = "a4")]
        sheet: String,
        /// PDF file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Hand a dossier over to a department, with a package of its signed copies.
    Forward {
        /// Clerk.
        #[command(flatten)]
        by: By,
        /// Department.
        #[arg(long)]
        to: String,
        /// Who has the papers from now on: citizen, counter, department.
        #[arg(long)]
        originals: Option<String>,
        /// Also put the package here, a folder that is not there yet.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Dossier.
        dossier: String,
    },
}

/// What is handed in at a place.
#[derive(Debug, Clone)]
pub struct PaperArgument {
    /// Place, from 1.
    pub place: u32,
    /// Word for what is handed in.
    pub word: String,
    /// Stored copy.
    pub record: Option<String>,
}

impl std::str::FromStr for PaperArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (place, word) = text.split_once('=').ok_or("PLACE=WORD")?;
        let (word, record) = word.split_once(':').map_or((word, None), |(w, r)| (w, Some(r.to_owned())));
        let place = place.trim().parse().map_err(|_| "PLACE is a number from 1")?;
        Ok(Self { place, word: word.to_owned(), record })
    }
}

/// The arguments of `dossier receive`.
#[derive(Debug, Args)]
pub struct Receive {
    /// Clerk.
    #[command(flatten)]
    pub by: By,
    /// Code of the procedure.
    #[arg(long)]
    pub procedure: String,
    /// Owner's number: personal number, tax code or agency code.
    #[arg(long, default_value = "")]
    pub owner: String,
    /// Owner's name.
    #[arg(long)]
    pub owner_name: String,
    /// What the owner is: citizen, enterprise, agency, other.
    #[arg(long)]
    pub owner_kind: Option<String>,
    /// Owner's birth: yyyy-mm-dd, yyyy-mm or yyyy.
    #[arg(long, default_value = "")]
    pub birth: String,
    /// Owner's sex: male, female.
    #[arg(long, default_value = "")]
    pub sex: String,
    /// Owner's address.
    #[arg(long, default_value = "")]
    pub address: String,
    /// Owner's telephone.
    #[arg(long, default_value = "")]
    pub phone: String,
    /// Owner's e-mail.
    #[arg(long, default_value = "")]
    pub email: String,
    /// Name of an authorised submitter.
    #[arg(long)]
    pub submitter_name: Option<String>,
    /// Number of the submitter.
    #[arg(long, default_value = "", requires = "submitter_name")]
    pub submitter: String,
    /// How it came: in_person, online, post.
    #[arg(long, default_value = "in_person")]
    pub channel: String,
    /// Abstract.
    #[arg(long = "abstract", default_value = "")]
    pub abstract_text: String,
    /// Sets of papers.
    #[arg(long, default_value_t = 1)]
    pub sets: u32,
    /// How the result goes back: counter, post, online.
    #[arg(long)]
    pub way_of_return: Option<String>,
    /// Official code, where the agency has given one.
    #[arg(long)]
    pub code: Option<String>,
    /// What is handed in, as in `dossier papers --set`; may be given again.
    #[arg(long = "paper")]
    pub papers: Vec<PaperArgument>,
}

/// The arguments of `digitize`.
#[derive(Debug, Args)]
pub struct Digitize {
    /// Folder.
    #[command(flatten)]
    pub home: Home,
    /// Clerk.
    #[command(flatten)]
    pub by: By,
    /// Owner's number: personal number, tax code or other id.
    #[arg(long, default_value = "")]
    pub owner: String,
    /// Paper-type code, e.g. KQ.G15.000031.
    #[arg(long = "type", default_value = "", required_unless_present = "dossier")]
    pub paper_type: String,
    /// Name of the paper.
    #[arg(long, default_value = "", required_unless_present = "dossier")]
    pub name: String,
    /// Dossier the paper belongs to, by id or code; owner, type and name then come from it.
    #[arg(long)]
    pub dossier: Option<String>,
    /// Its place in the dossier, from 1; else the place of its type.
    #[arg(long, requires = "dossier")]
    pub place: Option<u32>,
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
    /// Sign with a token, by its label or serial number; its PIN: SAOY_TOKEN_PIN, or the second line
    /// of stdin.
    #[arg(long)]
    pub token: Option<String>,
    /// Which of its keys, by id, where several may sign.
    #[arg(long, requires = "token")]
    pub token_key: Option<String>,
    /// A "SAO Y" copy of the agency: its mark at the top right instead of the clerk's, and its key: the
    /// token named, else the agency's local key (PIN: SAOY_AGENCY_PIN, or the second line of stdin).
    #[arg(long)]
    pub agency: bool,
    /// Also put the copy here.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Accept findings that warn; the acceptance is recorded.
    #[arg(long)]
    pub accept_findings: bool,
    /// Make pages level that lie askew; the originals stay as they are.
    #[arg(long)]
    pub straighten: bool,
    /// Pages, in order: JPEG, PNG, TIFF, BMP, WebP or PDF files.
    #[arg(required = true)]
    pub pages: Vec<PathBuf>,
}
