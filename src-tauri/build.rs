//! Puts every command under Tauri's access control: what is not listed, the page cannot call.

/// The commands of `saoy_core::app::contract`; a test compares.
const COMMANDS: [&str; 44] = [
    "status",
    "set_up",
    "unlock",
    "lock",
    "alive",
    "desks",
    "open_desk",
    "close_desk",
    "import_dialog",
    "drop_target",
    "draft",
    "rotate_pages",
    "move_page",
    "place_pages",
    "delete_pages",
    "undo",
    "redo",
    "set_fields",
    "set_request",
    "decide_paper",
    "receive_dossier",
    "review",
    "nudge_mark",
    "leave_out",
    "sign_papers",
    "forward_dossier",
    "move_dossier",
    "print_form",
    "dossiers",
    "stored_copies",
    "read_card",
    "card_on_page",
    "find_procedures",
    "catalogue_dialog",
    "import_catalogue",
    "catalogue_versions",
    "back_up",
    "cancel",
    "copies",
    "open_copy",
    "verify_copy",
    "verify_dialog",
    "outbox",
    "paper_types",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        panic!("tauri build: {error:#}");
    }
}
