//! The one list of commands between window and core, and the types that cross.
//!
//! The TypeScript side is generated from here (`make types`) and committed; a test fails when it
//! is stale, and another when this list, the shell's adapters and the window's calls differ.

use serde::{Deserialize, Serialize};

mod keys;
mod wishes;

pub use super::ca::RequestView;
pub use super::card::CardView;
pub use super::case::{CasePaper, CaseView};
pub use super::catalogue::{CatalogueChange, CatalogueVersion, ChangedProcedure, ProcedureLine};
pub use super::clerks::{AddClerk, ChangeClerk, ClerkView};
pub use super::desk::{DeskLine, DraftView, PageView};
pub use super::digitize::Spot;
pub use super::dossier::{DossierView, DueState, MoveWish, PaperView, PaperWish, Reception};
pub use super::edit::Mend;
pub use super::error::{CoreError, ErrorKind};
pub use super::fields::{FieldIssue, FieldIssueKind, FieldName, Fields};
pub use super::forms::FormKind;
pub use super::key::{KeyFinding, KeyFormat, KeyView};
pub use super::land::{ImportReport, Landing};
pub use super::lasting::{LastingView, LongerView, NotLonger};
pub use super::lists::{CopyView, Kept, LeftOut, OutboxItem, OutboxState, StatusView};
pub use super::lock::{Alive, LockReason};
pub use super::progress::{Progress, Stage, Work};
pub use super::results::{AddResult, ResultState, ResultView};
pub use super::review::{
    LeaveOut, NudgeMark, ReviewPaper, ReviewState, ReviewView, ReviewWish, Seen, SignPapers, SignerChoice,
    SignerDoubt, SignerView,
};
pub use super::scan::ScanProfile;
pub use super::setup::SetUp;
pub use super::token::KeyLine;
pub use super::trust::{OfferedTrust, RevocationView, TrustFinding, TrustListView, TrustView, TrustedView};
pub use super::verify::{OurRecord, VerifyView};
pub use super::whereabouts::Whereabouts;
pub use crate::catalogue::{Component, Fact, Level, LineIssue, LineIssueKind, Outcome, Procedure};
pub use crate::dossier::{
    Channel, Exemption, Holder, Move, Paper, PaperState, Party, PartyKind, RESULTS, Request, State, Step,
    Submission, WayOfReturn,
};
pub use crate::isolate::Unstamped;
pub use crate::isolate::token::Tries;
pub use crate::page::edit::Edit;
pub use crate::page::{Colour, Finding, FindingKind, Severity};
pub use crate::pdf::place::Step as MarkStep;
pub use crate::person::{Birth, CardReading, Doubt, Sex};
pub use crate::scan::{Shade, Sides, Source as ScanSource};
pub use crate::sign::Level as SignatureLevel;
pub use crate::sign::authority::RevocationReason;
pub use crate::sign::signer::TokenError;
pub use crate::sign::verify::{
    Alteration, Altered, CertificateSummary, Change, Coverage, How, Reason, Report, SignatureKind,
    SignatureReport, TrustPurpose, Verdict,
};
pub use crate::store::desk::LOOSE;
pub use crate::store::station::Role;
pub use keys::*;
pub use wishes::*;

/// What a change makes stale; the window reads it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// The status line.
    Status,
    /// The desks.
    Draft,
    /// The list of copies.
    Copies,
    /// The outbox.
    Outbox,
    /// The dossiers.
    Dossiers,
    /// The catalogue of procedures.
    Catalogue,
    /// Clerks, keys, certificates and the office's authority.
    Keys,
}

/// The event that tells it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Stale {
    /// Tags.
    pub tags: Vec<Tag>,
}

/// One command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// Name.
    pub name: &'static str,
    /// TypeScript type of the request.
    pub request: &'static str,
    /// TypeScript type of the reply.
    pub reply: &'static str,
    /// What it makes stale when it succeeds.
    pub stale: &'static [Tag],
}

const fn command(
    name: &'static str,
    request: &'static str,
    reply: &'static str,
    stale: &'static [Tag],
) -> Command {
    Command { name, request, reply, stale }
}

/// Every command.
pub const COMMANDS: [Command; 83] = [
    command("status", "null", "StatusView", &[]),
    command(
        "set_up",
        "SetUp",
        "StatusView",
        &[Tag::Status, Tag::Draft, Tag::Copies, Tag::Outbox, Tag::Dossiers, Tag::Catalogue],
    ),
    command("unlock", "Unlock", "StatusView", &[Tag::Status]),
    command("lock", "null", "StatusView", &[Tag::Status]),
    command("clerks", "null", "ClerkView[]", &[]),
    command("add_clerk", "AddClerk", "null", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("change_clerk", "ChangeClerk", "null", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("add_agency_key", "NewPin", "null", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("change_pin", "ChangePin", "null", &[Tag::Outbox, Tag::Status]),
    command("export_key", "ExportKey", "string | null", &[]),
    command("import_key", "ImportKey", "KeyView | null", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("new_key", "OpenKey", "KeyView", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("request_certificate", "OpenKey", "WrittenRequest | null", &[]),
    command("install_certificate", "ClerkId", "KeyView | null", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("register_agency", "RegisterAgency", "KeyView | null", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("tokens", "null", "TokensView", &[]),
    command("authority", "null", "AuthorityInfo | null", &[]),
    command("make_authority", "MakeAuthority", "AuthorityInfo", &[Tag::Keys]),
    command("read_request", "null", "RequestView | null", &[]),
    command("issue_certificate", "Issue", "string | null", &[Tag::Keys]),
    command("certify", "Certify", "KeyView", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("renew_certificate", "Renew", "string | null", &[Tag::Keys]),
    command("revoke_certificate", "Revoke", "IssuedLine", &[Tag::Keys]),
    command("revocation_list", "RevocationList", "string | null", &[]),
    command("trust_list", "null", "TrustView", &[]),
    command("read_trust", "null", "OfferedTrust | null", &[]),
    command("add_trust", "OfferedFile", "TrustView", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("remove_trust", "TrustFile", "TrustView", &[Tag::Keys, Tag::Outbox, Tag::Status]),
    command("alive", "Alive", "StatusView", &[]),
    command("desks", "null", "DeskLine[]", &[]),
    command("open_desk", "OpenDesk", "DraftView", &[Tag::Draft]),
    command("close_desk", "CloseDesk", "null", &[Tag::Draft]),
    command("whereabouts", "null", "Whereabouts | null", &[]),
    command("keep_whereabouts", "Whereabouts", "null", &[]),
    command("import_dialog", "Landing", "ImportReport", &[Tag::Draft, Tag::Status]),
    command("import_clipboard", "Landing", "ImportReport", &[Tag::Draft, Tag::Status]),
    command("scan_profiles", "null", "ScanProfile[]", &[]),
    command("scan", "Scan", "ImportReport", &[Tag::Draft, Tag::Status]),
    command("drop_target", "DropTarget", "null", &[]),
    command("draft", "DeskId", "DraftView", &[]),
    command("rotate_pages", "RotatePages", "DraftView", &[]),
    command("move_page", "MovePage", "DraftView", &[]),
    command("place_pages", "PlacePages", "DraftView", &[]),
    command("delete_pages", "PageIds", "DraftView", &[]),
    command("interleave_pages", "PageIds", "DraftView", &[]),
    command("mark_blank", "MarkBlank", "DraftView", &[]),
    command("accept_pages", "AcceptPages", "DraftView", &[]),
    command("edit_pages", "EditPages", "DraftView", &[]),
    command("mend_pages", "MendPages", "DraftView", &[]),
    command("drop_edit", "DropEdit", "DraftView", &[]),
    command("undo", "DeskId", "DraftView", &[]),
    command("redo", "DeskId", "DraftView", &[]),
    command("set_fields", "SetFields", "DraftView", &[]),
    command("set_request", "SetRequest", "DraftView", &[]),
    command("decide_paper", "DecidePaper", "DraftView", &[Tag::Dossiers, Tag::Outbox]),
    command("receive_dossier", "DeskId", "DraftView", &[Tag::Draft, Tag::Dossiers, Tag::Outbox, Tag::Status]),
    command("add_result", "AddResult", "DraftView", &[Tag::Dossiers, Tag::Outbox]),
    command("review", "ReviewWish", "ReviewView", &[]),
    command("nudge_mark", "NudgeMark", "ReviewPaper", &[]),
    command("leave_out", "LeaveOut", "ReviewView", &[Tag::Draft, Tag::Dossiers, Tag::Outbox]),
    command(
        "sign_papers",
        "SignPapers",
        "ReviewView",
        &[Tag::Draft, Tag::Copies, Tag::Outbox, Tag::Dossiers, Tag::Status],
    ),
    command(
        "forward_dossier",
        "Forward",
        "DossierView",
        &[Tag::Draft, Tag::Dossiers, Tag::Outbox, Tag::Status],
    ),
    command(
        "move_dossier",
        "MoveDossier",
        "DossierView",
        &[Tag::Draft, Tag::Dossiers, Tag::Outbox, Tag::Status],
    ),
    command(
        "name_dossier",
        "NameDossier",
        "DossierView",
        &[Tag::Draft, Tag::Dossiers, Tag::Outbox, Tag::Status],
    ),
    command("print_form", "PrintForm", "null", &[]),
    command("dossiers", "Days", "DossierView[]", &[]),
    command("stored_copies", "Query", "CopyView[]", &[]),
    command("read_card", "CardText", "CardView", &[]),
    command("card_on_page", "OnePage", "CardView", &[]),
    command("find_procedures", "Query", "ProcedureLine[]", &[]),
    command("catalogue_dialog", "null", "CatalogueChange | null", &[]),
    command(
        "import_catalogue",
        "ImportCatalogue",
        "CatalogueChange",
        &[Tag::Catalogue, Tag::Outbox, Tag::Status],
    ),
    command("catalogue_versions", "null", "CatalogueVersion[]", &[]),
    command("back_up", "null", "StatusView", &[Tag::Status]),
    command("cancel", "Cancel", "null", &[]),
    command("copies", "null", "CopyView[]", &[]),
    command("extend_copies", "null", "LastingView", &[Tag::Copies, Tag::Outbox, Tag::Status]),
    command("open_copy", "RecordId", "null", &[]),
    command("verify_copy", "RecordId", "VerifyView", &[]),
    command("print_verdict", "PrintVerdict", "null", &[]),
    command("verify_dialog", "null", "VerifyView | null", &[]),
    command("outbox", "null", "OutboxItem[]", &[]),
    command("paper_types", "null", "PaperType[]", &[]),
];

/// What a command makes stale.
#[must_use]
pub fn stale_after(name: &str) -> &'static [Tag] {
    COMMANDS.iter().find(|command| command.name == name).map_or(&[], |command| command.stale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ts_rs::TS;

    const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/api/generated.ts");

    fn typescript() -> String {
        let config = ts_rs::Config::default();
        let mut text = String::from(
            "// Generated from saoy-core `app::contract`; do not edit. `make types` writes it, a test compares it.\n\n",
        );
        macro_rules! declare {
            ($($type:ty),* $(,)?) => { $(
                let declaration = <$type as TS>::decl(&config);
                text.push_str(&format!("export {declaration}\n"));
            )* };
        }
        declare!(
            LockReason,
            Alive,
            Role,
            StatusView,
            SetUp,
            Unlock,
            KeyFinding,
            KeyView,
            ClerkView,
            AddClerk,
            ChangeClerk,
            ClerkId,
            NewPin,
            OpenKey,
            ChangePin,
            KeyFormat,
            ExportKey,
            ImportKey,
            MakeAuthority,
            WrittenRequest,
            RequestView,
            Issue,
            RevocationList,
            Certify,
            Renew,
            RevocationReason,
            Revoke,
            IssuedLine,
            AuthorityInfo,
            KeyLine,
            TokenInfo,
            ModuleProblem,
            TokensView,
            TrustPurpose,
            TrustFinding,
            TrustListView,
            TrustedView,
            RevocationView,
            TrustView,
            OfferedTrust,
            OfferedFile,
            TrustFile,
            Severity,
            FindingKind,
            Finding,
            ImportReport,
            Colour,
            Edit,
            PageView,
            Fields,
            FieldName,
            FieldIssueKind,
            FieldIssue,
            Doubt,
            Sex,
            Birth,
            CardReading,
            CardView,
            Channel,
            PartyKind,
            Party,
            WayOfReturn,
            Holder,
            Request,
            Submission,
            Exemption,
            PaperState,
            Paper,
            State,
            Move,
            Step,
            PaperView,
            ResultState,
            ResultView,
            DueState,
            DossierView,
            Outcome,
            AddResult,
            CasePaper,
            CaseView,
            DraftView,
            DeskLine,
            Whereabouts,
            Spot,
            DeskId,
            OpenDesk,
            CloseDesk,
            Landing,
            PlacePages,
            EditPages,
            Mend,
            MendPages,
            DropEdit,
            MarkBlank,
            AcceptPages,
            Shade,
            ScanSource,
            Sides,
            ScanProfile,
            Scan,
            SetFields,
            SetRequest,
            PaperWish,
            DecidePaper,
            Forward,
            MoveDossier,
            NameDossier,
            Days,
            FormKind,
            PrintForm,
            PrintVerdict,
            Query,
            CardText,
            Fact,
            ProcedureLine,
            ChangedProcedure,
            CatalogueChange,
            CatalogueVersion,
            ImportCatalogue,
            RotatePages,
            MovePage,
            PageIds,
            OnePage,
            SignatureLevel,
            Unstamped,
            Tries,
            TokenError,
            MarkStep,
            SignerChoice,
            RegisterAgency,
            SignerDoubt,
            SignerView,
            ReviewState,
            ReviewPaper,
            ReviewView,
            ReviewWish,
            NudgeMark,
            LeaveOut,
            Seen,
            SignPapers,
            OutboxState,
            Verdict,
            Kept,
            CopyView,
            RecordId,
            Reason,
            Coverage,
            How,
            Altered,
            Alteration,
            Change,
            CertificateSummary,
            SignatureKind,
            SignatureReport,
            Report,
            VerifyView,
            OurRecord,
            LeftOut,
            OutboxItem,
            PaperType,
            Target,
            Cancel,
            DropTarget,
            Work,
            Stage,
            Progress,
            Tag,
            Stale,
            LineIssueKind,
            LineIssue,
            ErrorKind,
            CoreError,
            LongerView,
            NotLonger,
            LastingView,
        );
        text.push_str("\n/** Name: request and reply. */\nexport type Commands = {\n");
        for Command { name, request, reply, .. } in COMMANDS {
            text.push_str(&format!("  {name}: {{ request: {request}; reply: {reply} }};\n"));
        }
        text.push_str(
            "};\n\n/** Every command by name. */\nexport const COMMAND_NAMES: (keyof Commands)[] = [\n",
        );
        for Command { name, .. } in COMMANDS {
            text.push_str(&format!("  \"{name}\",\n"));
        }
        text.push_str(
            "];\n\n/** Events the core sends to the window. */\nexport type Events = { stale: Stale; progress: Progress; \
imported: ImportReport; verified: VerifyView; unverified: CoreError; failed: CoreError; dragging: boolean };\n",
        );
        text
    }

    #[test]
    fn the_windows_types_are_fresh() {
        let fresh = typescript();
        if std::env::var_os("SAOY_WRITE_TYPES").is_some() {
            std::fs::write(GENERATED, &fresh).unwrap();
        }
        let committed = std::fs::read_to_string(GENERATED).unwrap();
        assert!(committed == fresh, "ui/src/api/generated.ts is stale: run `make types`");
    }

    #[test]
    fn every_command_has_its_own_name() {
        let mut names: Vec<_> = COMMANDS.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len());
        assert_eq!(stale_after("unlock"), [Tag::Status]);
    }
}
