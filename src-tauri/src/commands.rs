//! One adapter a command of the contract. Nothing is decided here.

use saoy_core::app::contract::{
    CopyView, CoreError, Digitize, DraftView, DropTarget, ErrorKind, Fields, ImportReport, MovePage,
    OutboxItem, PageIds, PaperType, RecordId, RotatePages, SetUp, StatusView, Unlock, VerifyView,
};
use tauri::ipc::Invoke;
use tauri::{AppHandle, State, Wry};
use tauri_plugin_dialog::DialogExt as _;
use tauri_plugin_opener::OpenerExt as _;

use crate::shell::{Shell, stale};

type Reply<T> = Result<T, CoreError>;
type Held<'a> = State<'a, Shell>;

/// All commands.
pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        status,
        set_up,
        unlock,
        lock,
        import_dialog,
        drop_target,
        draft,
        rotate_pages,
        move_page,
        delete_pages,
        undo,
        redo,
        set_fields,
        digitize,
        cancel,
        copies,
        open_copy,
        verify_copy,
        verify_dialog,
        outbox,
        paper_types
    ]
}

#[tauri::command]
async fn status(shell: Held<'_>, app: AppHandle) -> Reply<StatusView> {
    shell.run(app, "status", |shell, _| shell.app().status(shell.session().as_deref())).await
}

#[tauri::command]
async fn set_up(shell: Held<'_>, app: AppHandle, request: SetUp) -> Reply<StatusView> {
    shell
        .run(app, "set_up", move |shell, _| {
            shell.app().set_up(&request)?;
            shell.app().status(None)
        })
        .await
}

#[tauri::command]
async fn unlock(shell: Held<'_>, app: AppHandle, request: Unlock) -> Reply<StatusView> {
    shell
        .run(app, "unlock", move |shell, _| {
            shell.set_session(Some(shell.app().unlock(&request.pin)?));
            shell.app().status(shell.session().as_deref())
        })
        .await
}

#[tauri::command]
async fn lock(shell: Held<'_>, app: AppHandle) -> Reply<StatusView> {
    shell
        .run(app, "lock", |shell, _| {
            shell.set_session(None);
            shell.app().status(None)
        })
        .await
}

#[tauri::command]
async fn import_dialog(shell: Held<'_>, app: AppHandle) -> Reply<ImportReport> {
    shell
        .run(app, "import_dialog", |shell, app| {
            let picked = app
                .dialog()
                .file()
                .add_filter(
                    "JPEG, PNG, TIFF, BMP, WebP, PDF",
                    &["jpg", "jpeg", "png", "tif", "tiff", "bmp", "webp", "pdf"],
                )
                .add_filter("*", &["*"])
                .blocking_pick_files();
            let files: Vec<_> =
                picked.into_iter().flatten().filter_map(|file| file.into_path().ok()).collect();
            shell.watched(app, |watch| shell.app().import(&files, watch, &mut || stale(app, "import_dialog")))
        })
        .await
}

#[tauri::command]
async fn drop_target(shell: Held<'_>, request: DropTarget) -> Reply<()> {
    shell.set_target(request.target);
    Ok(())
}

#[tauri::command]
async fn draft(shell: Held<'_>, app: AppHandle) -> Reply<DraftView> {
    shell.run(app, "draft", |shell, _| shell.app().desk()).await
}

#[tauri::command]
async fn rotate_pages(shell: Held<'_>, app: AppHandle, request: RotatePages) -> Reply<DraftView> {
    shell
        .run(app, "rotate_pages", move |shell, _| shell.app().rotate(&request.pages, request.quarter_turns))
        .await
}

#[tauri::command]
async fn move_page(shell: Held<'_>, app: AppHandle, request: MovePage) -> Reply<DraftView> {
    shell
        .run(app, "move_page", move |shell, _| shell.app().move_page(&request.page, request.to as usize))
        .await
}

#[tauri::command]
async fn delete_pages(shell: Held<'_>, app: AppHandle, request: PageIds) -> Reply<DraftView> {
    shell.run(app, "delete_pages", move |shell, _| shell.app().delete_pages(&request.pages)).await
}

#[tauri::command]
async fn undo(shell: Held<'_>, app: AppHandle) -> Reply<DraftView> {
    shell.run(app, "undo", |shell, _| shell.app().undo()).await
}

#[tauri::command]
async fn redo(shell: Held<'_>, app: AppHandle) -> Reply<DraftView> {
    shell.run(app, "redo", |shell, _| shell.app().redo()).await
}

#[tauri::command]
async fn set_fields(shell: Held<'_>, app: AppHandle, request: Fields) -> Reply<DraftView> {
    shell.run(app, "set_fields", move |shell, _| shell.app().set_fields(&request)).await
}

#[tauri::command]
async fn digitize(shell: Held<'_>, app: AppHandle, request: Digitize) -> Reply<CopyView> {
    shell
        .run(app, "digitize", move |shell, app| {
            let session = shell.session().ok_or(ErrorKind::Locked)?;
            let made = shell
                .watched(app, |watch| shell.app().digitize_desk(&session, request.accept_findings, watch))?;
            Ok(made.record.into())
        })
        .await
}

#[tauri::command]
async fn cancel(shell: Held<'_>) -> Reply<()> {
    shell.cancel();
    Ok(())
}

#[tauri::command]
async fn copies(shell: Held<'_>, app: AppHandle) -> Reply<Vec<CopyView>> {
    shell.run(app, "copies", |shell, _| shell.app().copies()).await
}

#[tauri::command]
async fn open_copy(shell: Held<'_>, app: AppHandle, request: RecordId) -> Reply<()> {
    shell
        .run(app, "open_copy", move |shell, app| {
            let path = shell.app().lend_copy(&request.record)?;
            app.opener()
                .open_path(path.display().to_string(), None::<&str>)
                .map_err(|e| CoreError::new(ErrorKind::NotFound).with("what", e))
        })
        .await
}

#[tauri::command]
async fn verify_copy(shell: Held<'_>, app: AppHandle, request: RecordId) -> Reply<VerifyView> {
    shell.run(app, "verify_copy", move |shell, _| shell.app().verify_copy(&request.record)).await
}

#[tauri::command]
async fn verify_dialog(shell: Held<'_>, app: AppHandle) -> Reply<Option<VerifyView>> {
    shell
        .run(app, "verify_dialog", |shell, app| {
            let picked = app.dialog().file().add_filter("PDF", &["pdf"]).blocking_pick_file();
            match picked.and_then(|file| file.into_path().ok()) {
                Some(file) => shell.app().verify(&file, &[], true).map(Some),
                None => Ok(None),
            }
        })
        .await
}

#[tauri::command]
async fn outbox(shell: Held<'_>, app: AppHandle) -> Reply<Vec<OutboxItem>> {
    shell.run(app, "outbox", |shell, _| shell.app().outbox()).await
}

#[tauri::command]
async fn paper_types(shell: Held<'_>, app: AppHandle) -> Reply<Vec<PaperType>> {
    shell.run(app, "paper_types", |shell, _| shell.app().paper_types()).await
}
