//! One adapter a command of the contract. Nothing is decided here.

use std::path::Path;

use saoy_core::app::catalogue::CatalogueWish;
use saoy_core::app::contract::{
    AcceptPages, AddResult, Alive, Cancel, CardText, CardView, CatalogueChange, CatalogueVersion, CloseDesk,
    CopyView, CoreError, Days, DecidePaper, DeskId, DeskLine, DossierView, DraftView, DropEdit, DropTarget,
    EditPages, ErrorKind, Forward, ImportCatalogue, ImportReport, Landing, LastingView, LeaveOut, MarkBlank,
    MendPages, MoveDossier, MovePage, MoveWish, NameDossier, NudgeMark, OnePage, OpenDesk, OutboxItem,
    PageIds, PaperType, PlacePages, PrintForm, PrintVerdict, ProcedureLine, Query, RecordId, ReviewPaper,
    ReviewView, ReviewWish, RotatePages, Scan, ScanProfile, SetFields, SetRequest, SetUp, SignPapers,
    StatusView, Unlock, VerifyView, Whereabouts, Work,
};
use tauri::ipc::Invoke;
use tauri::{AppHandle, State, Wry};
use tauri_plugin_dialog::DialogExt as _;
use tauri_plugin_opener::OpenerExt as _;

use crate::keys;
use crate::shell::{Shell, stale};

pub(crate) type Reply<T> = Result<T, CoreError>;
pub(crate) type Held<'a> = State<'a, Shell>;

/// All commands.
pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        status,
        set_up,
        unlock,
        lock,
        keys::clerks,
        keys::add_clerk,
        keys::change_clerk,
        keys::add_agency_key,
        keys::change_pin,
        keys::export_key,
        keys::import_key,
        keys::new_key,
        keys::request_certificate,
        keys::install_certificate,
        keys::register_agency,
        keys::tokens,
        keys::authority,
        keys::make_authority,
        keys::read_request,
        keys::issue_certificate,
        keys::certify,
        keys::renew_certificate,
        keys::revoke_certificate,
        keys::revocation_list,
        keys::trust_list,
        keys::read_trust,
        keys::add_trust,
        keys::remove_trust,
        alive,
        desks,
        open_desk,
        close_desk,
        whereabouts,
        keep_whereabouts,
        import_dialog,
        import_clipboard,
        scan_profiles,
        scan,
        drop_target,
        draft,
        rotate_pages,
        move_page,
        place_pages,
        delete_pages,
        interleave_pages,
        mark_blank,
        accept_pages,
        edit_pages,
        mend_pages,
        drop_edit,
        undo,
        redo,
        set_fields,
        set_request,
        decide_paper,
        receive_dossier,
        add_result,
        review,
        nudge_mark,
        leave_out,
        sign_papers,
        forward_dossier,
        move_dossier,
        name_dossier,
        print_form,
        dossiers,
        stored_copies,
        read_card,
        card_on_page,
        find_procedures,
        catalogue_dialog,
        import_catalogue,
        catalogue_versions,
        back_up,
        cancel,
        copies,
        extend_copies,
        open_copy,
        verify_copy,
        print_verdict,
        verify_dialog,
        outbox,
        paper_types
    ]
}

#[tauri::command]
async fn status(shell: Held<'_>, app: AppHandle) -> Reply<StatusView> {
    shell.run(app, "status", |shell, _| shell.status()).await
}

#[tauri::command]
async fn set_up(shell: Held<'_>, app: AppHandle, request: SetUp) -> Reply<StatusView> {
    shell
        .run(app, "set_up", move |shell, _| {
            shell.app()?.set_up(&request)?;
            opened(shell, None, &request.pin)
        })
        .await
}

#[tauri::command]
async fn unlock(shell: Held<'_>, app: AppHandle, request: Unlock) -> Reply<StatusView> {
    shell.run(app, "unlock", move |shell, _| opened(shell, request.clerk, &request.pin)).await
}

/// Opens the key of a clerk, by row, or of the only one.
fn opened(shell: &Shell, clerk: Option<i64>, pin: &str) -> Reply<StatusView> {
    let app = shell.app()?;
    let clerk = clerk.map_or_else(|| app.clerk_named(None), Ok)?;
    shell.set_session(Some(app.unlock_as(clerk, pin)?));
    // A reader that cannot be started now is started, or complained of, at the import.
    _ = app.warm_readers();
    shell.status()
}

#[tauri::command]
async fn lock(shell: Held<'_>, app: AppHandle) -> Reply<StatusView> {
    shell
        .run(app, "lock", |shell, _| {
            shell.set_session(None);
            shell.status()
        })
        .await
}

#[tauri::command]
async fn alive(shell: Held<'_>, app: AppHandle, request: Alive) -> Reply<StatusView> {
    shell
        .run(app, "alive", move |shell, _| {
            if let Some(session) = shell.session().filter(|_| request.active) {
                shell.app()?.touch(&session);
            }
            shell.status()
        })
        .await
}

#[tauri::command]
async fn desks(shell: Held<'_>, app: AppHandle) -> Reply<Vec<DeskLine>> {
    shell.run(app, "desks", |shell, _| shell.app()?.desks()).await
}

#[tauri::command]
async fn open_desk(shell: Held<'_>, app: AppHandle, request: OpenDesk) -> Reply<DraftView> {
    shell.run(app, "open_desk", move |shell, _| shell.app()?.open_desk(request.dossier.as_deref())).await
}

#[tauri::command]
async fn close_desk(shell: Held<'_>, app: AppHandle, request: CloseDesk) -> Reply<()> {
    shell
        .run(app, "close_desk", move |shell, _| shell.app()?.close_desk(&request.desk, request.discard))
        .await
}

#[tauri::command]
async fn whereabouts(shell: Held<'_>, app: AppHandle) -> Reply<Option<Whereabouts>> {
    shell.run(app, "whereabouts", |shell, _| shell.app()?.whereabouts()).await
}

#[tauri::command]
async fn keep_whereabouts(shell: Held<'_>, app: AppHandle, request: Whereabouts) -> Reply<()> {
    shell.run(app, "keep_whereabouts", move |shell, _| shell.app()?.keep_whereabouts(&request)).await
}

#[tauri::command]
async fn import_dialog(shell: Held<'_>, app: AppHandle, request: Landing) -> Reply<ImportReport> {
    let run = shell.begin(Work::Arrival);
    shell
        .run(app, "import_dialog", move |shell, app| {
            let mut dialog = app.dialog().file().set_title("Chọn tệp quét · Choose scanned files");
            if let Some(folder) = shell.scans_folder() {
                dialog = dialog.set_directory(folder);
            }
            let picked = dialog
                .add_filter(
                    "JPEG, PNG, TIFF, BMP, WebP, PDF",
                    &["jpg", "jpeg", "png", "tif", "tiff", "bmp", "webp", "pdf"],
                )
                .add_filter("*", &["*"])
                .blocking_pick_files();
            let files: Vec<_> =
                picked.into_iter().flatten().filter_map(|file| file.into_path().ok()).collect();
            if let Some(folder) = files.first().and_then(|file| file.parent()) {
                shell.set_scans_folder(folder.to_path_buf());
            }
            let landed = &mut || stale(app, "import_dialog");
            shell.watched(app, &run, |watch| shell.app()?.import(&request, &files, watch, landed))
        })
        .await
}

#[tauri::command]
async fn import_clipboard(shell: Held<'_>, app: AppHandle, request: Landing) -> Reply<ImportReport> {
    let run = shell.begin(Work::Arrival);
    shell
        .run(app, "import_clipboard", move |shell, app| {
            let work = tempfile::tempdir()?;
            let files = crate::clipboard::files(app, work.path())?;
            let landed = &mut || stale(app, "import_clipboard");
            shell.watched(app, &run, |watch| shell.app()?.import(&request, &files, watch, landed))
        })
        .await
}

#[tauri::command]
async fn scan_profiles(shell: Held<'_>, app: AppHandle) -> Reply<Vec<ScanProfile>> {
    shell.run(app, "scan_profiles", |shell, _| Ok(shell.app()?.scan_profiles())).await
}

#[tauri::command]
async fn scan(shell: Held<'_>, app: AppHandle, request: Scan) -> Reply<ImportReport> {
    let run = shell.begin(Work::Arrival);
    shell
        .run(app, "scan", move |shell, app| {
            let landed = &mut || stale(app, "scan");
            shell.watched(app, &run, |watch| {
                shell.app()?.scan(&request.landing, &request.profile, watch, landed)
            })
        })
        .await
}

#[tauri::command]
async fn drop_target(shell: Held<'_>, request: DropTarget) -> Reply<()> {
    shell.set_target(request);
    Ok(())
}

#[tauri::command]
async fn draft(shell: Held<'_>, app: AppHandle, request: DeskId) -> Reply<DraftView> {
    shell.run(app, "draft", move |shell, _| shell.app()?.desk(&request.desk)).await
}

#[tauri::command]
async fn rotate_pages(shell: Held<'_>, app: AppHandle, request: RotatePages) -> Reply<DraftView> {
    shell
        .run(app, "rotate_pages", move |shell, _| {
            shell.app()?.rotate(&request.desk, &request.pages, request.quarter_turns)
        })
        .await
}

#[tauri::command]
async fn move_page(shell: Held<'_>, app: AppHandle, request: MovePage) -> Reply<DraftView> {
    shell
        .run(app, "move_page", move |shell, _| {
            shell.app()?.move_page(&request.desk, &request.page, request.to as usize)
        })
        .await
}

#[tauri::command]
async fn place_pages(shell: Held<'_>, app: AppHandle, request: PlacePages) -> Reply<DraftView> {
    shell
        .run(app, "place_pages", move |shell, _| shell.app()?.place_pages(&request.spot, &request.pages))
        .await
}

#[tauri::command]
async fn delete_pages(shell: Held<'_>, app: AppHandle, request: PageIds) -> Reply<DraftView> {
    shell
        .run(app, "delete_pages", move |shell, _| shell.app()?.delete_pages(&request.desk, &request.pages))
        .await
}

#[tauri::command]
async fn interleave_pages(shell: Held<'_>, app: AppHandle, request: PageIds) -> Reply<DraftView> {
    shell
        .run(app, "interleave_pages", move |shell, _| shell.app()?.interleave(&request.desk, &request.pages))
        .await
}

#[tauri::command]
async fn mark_blank(shell: Held<'_>, app: AppHandle, request: MarkBlank) -> Reply<DraftView> {
    shell
        .run(app, "mark_blank", move |shell, _| {
            shell.app()?.mark_blank(&request.desk, &request.pages, request.blank)
        })
        .await
}

#[tauri::command]
async fn accept_pages(shell: Held<'_>, app: AppHandle, request: AcceptPages) -> Reply<DraftView> {
    shell
        .run(app, "accept_pages", move |shell, _| {
            shell.app()?.accept_pages(&request.desk, &request.pages, &request.reason)
        })
        .await
}

#[tauri::command]
async fn edit_pages(shell: Held<'_>, app: AppHandle, request: EditPages) -> Reply<DraftView> {
    shell
        .run(app, "edit_pages", move |shell, _| {
            shell.app()?.edit_pages(&request.desk, &request.pages, &request.edit)
        })
        .await
}

#[tauri::command]
async fn mend_pages(shell: Held<'_>, app: AppHandle, request: MendPages) -> Reply<DraftView> {
    shell
        .run(app, "mend_pages", move |shell, _| {
            shell.app()?.mend_pages(&request.desk, &request.pages, request.how)
        })
        .await
}

#[tauri::command]
async fn drop_edit(shell: Held<'_>, app: AppHandle, request: DropEdit) -> Reply<DraftView> {
    shell
        .run(app, "drop_edit", move |shell, _| {
            shell.app()?.drop_edit(&request.desk, &request.page, request.edit as usize)
        })
        .await
}

#[tauri::command]
async fn undo(shell: Held<'_>, app: AppHandle, request: DeskId) -> Reply<DraftView> {
    shell.run(app, "undo", move |shell, _| shell.app()?.undo(&request.desk)).await
}

#[tauri::command]
async fn redo(shell: Held<'_>, app: AppHandle, request: DeskId) -> Reply<DraftView> {
    shell.run(app, "redo", move |shell, _| shell.app()?.redo(&request.desk)).await
}

#[tauri::command]
async fn set_fields(shell: Held<'_>, app: AppHandle, request: SetFields) -> Reply<DraftView> {
    shell
        .run(app, "set_fields", move |shell, _| shell.app()?.set_fields(&request.spot, &request.fields))
        .await
}

#[tauri::command]
async fn set_request(shell: Held<'_>, app: AppHandle, request: SetRequest) -> Reply<DraftView> {
    shell
        .run(app, "set_request", move |shell, _| shell.app()?.set_request(&request.desk, &request.request))
        .await
}

#[tauri::command]
async fn decide_paper(shell: Held<'_>, app: AppHandle, request: DecidePaper) -> Reply<DraftView> {
    shell
        .run(app, "decide_paper", move |shell, _| {
            shell.app()?.decide_paper(shell.session().as_deref(), &request.desk, &request.paper)
        })
        .await
}

#[tauri::command]
async fn receive_dossier(shell: Held<'_>, app: AppHandle, request: DeskId) -> Reply<DraftView> {
    shell
        .run(app, "receive_dossier", move |shell, _| {
            shell.app()?.receive_desk(&*shell.open_key()?, &request.desk)
        })
        .await
}

#[tauri::command]
async fn add_result(shell: Held<'_>, app: AppHandle, request: AddResult) -> Reply<DraftView> {
    shell
        .run(app, "add_result", move |shell, _| shell.app()?.add_result_at(&*shell.open_key()?, &request))
        .await
}

#[tauri::command]
async fn review(shell: Held<'_>, app: AppHandle, request: ReviewWish) -> Reply<ReviewView> {
    let run = shell.begin(Work::Review);
    shell
        .run(app, "review", move |shell, app| {
            let session = shell.open_key()?;
            shell.watched(app, &run, |watch| shell.app()?.review(&session, &request, watch))
        })
        .await
}

#[tauri::command]
async fn nudge_mark(shell: Held<'_>, app: AppHandle, request: NudgeMark) -> Reply<ReviewPaper> {
    shell.run(app, "nudge_mark", move |shell, _| shell.app()?.nudge_mark(&request)).await
}

#[tauri::command]
async fn leave_out(shell: Held<'_>, app: AppHandle, request: LeaveOut) -> Reply<ReviewView> {
    shell.run(app, "leave_out", move |shell, _| shell.app()?.leave_out(&*shell.open_key()?, &request)).await
}

#[tauri::command]
async fn sign_papers(shell: Held<'_>, app: AppHandle, request: SignPapers) -> Reply<ReviewView> {
    let run = shell.begin(Work::Review);
    shell
        .run(app, "sign_papers", move |shell, app| {
            let session = shell.open_key()?;
            shell.watched(app, &run, |watch| shell.app()?.sign_papers(&session, &request, watch))
        })
        .await
}

#[tauri::command]
async fn forward_dossier(shell: Held<'_>, app: AppHandle, request: Forward) -> Reply<DossierView> {
    shell
        .run(app, "forward_dossier", move |shell, _| {
            let Forward { desk, unit, holder } = request;
            Ok(shell.app()?.forward_desk(&*shell.open_key()?, &desk, &unit, holder)?.dossier)
        })
        .await
}

#[tauri::command]
async fn move_dossier(shell: Held<'_>, app: AppHandle, request: MoveDossier) -> Reply<DossierView> {
    shell
        .run(app, "move_dossier", move |shell, _| {
            let MoveDossier { dossier, moved, reason, holder } = request;
            let wish = MoveWish { moved, reason, unit: None, holder };
            shell.app()?.move_dossier(&*shell.open_key()?, &dossier, &wish)
        })
        .await
}

#[tauri::command]
async fn name_dossier(shell: Held<'_>, app: AppHandle, request: NameDossier) -> Reply<DossierView> {
    shell
        .run(app, "name_dossier", move |shell, _| {
            shell.app()?.number_dossier(&*shell.open_key()?, &request.dossier, &request.code)
        })
        .await
}

#[cfg(target_os = "linux")]
#[tauri::command]
async fn print_form(shell: Held<'_>, app: AppHandle, request: PrintForm) -> Reply<()> {
    shell
        .run(app, "print_form", move |shell, app| {
            let form = shell.app()?.form_pages(request.form, &request.of)?;
            crate::print::print(app, "Sao Y", form)
                .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))
        })
        .await
}

#[cfg(not(target_os = "linux"))]
#[tauri::command]
async fn print_form(shell: Held<'_>, app: AppHandle, request: PrintForm) -> Reply<()> {
    shell
        .run(app, "print_form", move |shell, app| {
            open_file(app, &shell.app()?.lend_form(request.form, &request.of)?)
        })
        .await
}

#[tauri::command]
async fn dossiers(shell: Held<'_>, app: AppHandle, request: Days) -> Reply<Vec<DossierView>> {
    shell
        .run(app, "dossiers", move |shell, _| shell.app()?.dossiers_between(&request.from, &request.until))
        .await
}

#[tauri::command]
async fn stored_copies(shell: Held<'_>, app: AppHandle, request: Query) -> Reply<Vec<CopyView>> {
    shell.run(app, "stored_copies", move |shell, _| shell.app()?.stored_copies(&request.text)).await
}

#[tauri::command]
async fn read_card(shell: Held<'_>, app: AppHandle, request: CardText) -> Reply<CardView> {
    shell.run(app, "read_card", move |shell, _| shell.app()?.read_card(request.text.as_bytes())).await
}

#[tauri::command]
async fn card_on_page(shell: Held<'_>, app: AppHandle, request: OnePage) -> Reply<CardView> {
    shell.run(app, "card_on_page", move |shell, _| shell.app()?.card_on_page(&request.page)).await
}

#[tauri::command]
async fn find_procedures(shell: Held<'_>, app: AppHandle, request: Query) -> Reply<Vec<ProcedureLine>> {
    shell.run(app, "find_procedures", move |shell, _| shell.app()?.find_procedures(&request.text, 30)).await
}

#[tauri::command]
async fn catalogue_dialog(shell: Held<'_>, app: AppHandle) -> Reply<Option<CatalogueChange>> {
    shell
        .run(app, "catalogue_dialog", |shell, app| {
            let picked = app
                .dialog()
                .file()
                .set_title("Chọn tệp danh mục · Choose a catalogue")
                .add_filter("CSV, JSON", &["csv", "json", "txt"])
                .blocking_pick_file();
            let Some(file) = picked.and_then(|file| file.into_path().ok()) else { return Ok(None) };
            let wish = CatalogueWish { file: &file, effective_from: None };
            let change = shell.app()?.preview_catalogue(&wish)?;
            shell.set_previewed(file);
            Ok(Some(change))
        })
        .await
}

#[tauri::command]
async fn import_catalogue(
    shell: Held<'_>,
    app: AppHandle,
    request: ImportCatalogue,
) -> Reply<CatalogueChange> {
    shell
        .run(app, "import_catalogue", move |shell, _| {
            let file = shell.previewed().ok_or_else(|| CoreError::new(ErrorKind::NotFound))?;
            let from = Some(request.effective_from.as_str()).filter(|day| !day.is_empty());
            let wish = CatalogueWish { file: &file, effective_from: from };
            shell.app()?.import_previewed(&*shell.open_key()?, &wish, &request.sha256)
        })
        .await
}

#[tauri::command]
async fn catalogue_versions(shell: Held<'_>, app: AppHandle) -> Reply<Vec<CatalogueVersion>> {
    shell.run(app, "catalogue_versions", |shell, _| shell.app()?.catalogue_versions()).await
}

#[tauri::command]
async fn back_up(shell: Held<'_>, app: AppHandle) -> Reply<StatusView> {
    let run = shell.begin(Work::Backup);
    shell
        .run(app, "back_up", move |shell, app| {
            let before =
                shell.app()?.last_backup().map(|backup| backup.folder).filter(|folder| folder.is_dir());
            let asked = || {
                app.dialog()
                    .file()
                    .set_title("Chọn nơi sao lưu quầy · Choose where to back the counter up")
                    .blocking_pick_folder()
                    .and_then(|folder| folder.into_path().ok())
            };
            if let Some(folder) = before.or_else(asked) {
                shell.watched(app, &run, |watch| shell.app()?.back_up(&folder, watch))?;
            }
            shell.status()
        })
        .await
}

#[tauri::command]
async fn cancel(shell: Held<'_>, request: Cancel) -> Reply<()> {
    shell.cancel(request.work);
    Ok(())
}

#[tauri::command]
async fn copies(shell: Held<'_>, app: AppHandle) -> Reply<Vec<CopyView>> {
    shell.run(app, "copies", |shell, _| shell.app()?.copies()).await
}

#[tauri::command]
async fn extend_copies(shell: Held<'_>, app: AppHandle) -> Reply<LastingView> {
    let run = shell.begin(Work::Lasting);
    shell
        .run(app, "extend_copies", move |shell, app| {
            let session = shell.open_key()?;
            shell.watched(app, &run, |watch| shell.app()?.extend_copies(&session, watch))
        })
        .await
}

#[tauri::command]
async fn open_copy(shell: Held<'_>, app: AppHandle, request: RecordId) -> Reply<()> {
    shell
        .run(app, "open_copy", move |shell, app| {
            let path = shell.app()?.lend_copy(&request.record)?;
            open_file(app, &path)
        })
        .await
}

#[tauri::command]
async fn verify_copy(shell: Held<'_>, app: AppHandle, request: RecordId) -> Reply<VerifyView> {
    shell.run(app, "verify_copy", move |shell, _| shell.app()?.verify_copy(&request.record)).await
}

#[cfg(target_os = "linux")]
#[tauri::command]
async fn print_verdict(shell: Held<'_>, app: AppHandle, request: PrintVerdict) -> Reply<()> {
    shell
        .run(app, "print_verdict", move |shell, app| {
            let sheet = shell.app()?.verdict_pages(&shell.judged(request.record.as_deref())?)?;
            crate::print::print(app, "Sao Y", sheet)
                .map_err(|e| CoreError::new(ErrorKind::Internal).with("detail", e))
        })
        .await
}

#[cfg(not(target_os = "linux"))]
#[tauri::command]
async fn print_verdict(shell: Held<'_>, app: AppHandle, request: PrintVerdict) -> Reply<()> {
    shell
        .run(app, "print_verdict", move |shell, app| {
            open_file(app, &shell.app()?.lend_verdict_sheet(&shell.judged(request.record.as_deref())?)?)
        })
        .await
}

#[tauri::command]
async fn verify_dialog(shell: Held<'_>, app: AppHandle) -> Reply<Option<VerifyView>> {
    shell
        .run(app, "verify_dialog", |shell, app| {
            let picked = app
                .dialog()
                .file()
                .set_title("Chọn tệp PDF để kiểm tra · Choose a PDF to verify")
                .add_filter("PDF", &["pdf"])
                .blocking_pick_file();
            match picked.and_then(|file| file.into_path().ok()) {
                Some(file) => {
                    let view = shell.app()?.verify(&file, &[], true)?;
                    shell.set_verified(file);
                    Ok(Some(view))
                }
                None => Ok(None),
            }
        })
        .await
}

#[tauri::command]
async fn outbox(shell: Held<'_>, app: AppHandle) -> Reply<Vec<OutboxItem>> {
    shell.run(app, "outbox", |shell, _| shell.app()?.outbox()).await
}

#[tauri::command]
async fn paper_types(shell: Held<'_>, app: AppHandle) -> Reply<Vec<PaperType>> {
    shell.run(app, "paper_types", |shell, _| shell.app()?.paper_types()).await
}

/// Opens a file in the system's viewer.
fn open_file(app: &AppHandle, path: &Path) -> Reply<()> {
    app.opener()
        .open_path(path.display().to_string(), None::<&str>)
        .map_err(|e| CoreError::new(ErrorKind::NotFound).with("what", e))
}
