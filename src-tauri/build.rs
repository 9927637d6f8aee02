//! Puts every command under Tauri's access control: what is not listed, the page cannot call.

/// The commands of `saoy_core::app::contract`; a test compares.
const COMMANDS: [&str; 21] = [
    "status",
    "set_up",
    "unlock",
    "lock",
    "import_dialog",
    "drop_target",
    "draft",
    "rotate_pages",
    "move_page",
    "delete_pages",
    "undo",
    "redo",
    "set_fields",
    "digitize",
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
