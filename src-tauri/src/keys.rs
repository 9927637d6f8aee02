//! Adapters of the commands about clerks, keys and certificates. Files are picked and named here: no path
//! crosses to the window. While a dialog is open the key may lock itself: it is asked for again afterwards.

use std::path::{Path, PathBuf};

use saoy_core::app::clerks::Right;
use saoy_core::app::contract::{
    AddClerk, AuthorityInfo, Certify, ChangeClerk, ChangePin, ClerkId, ClerkView, ErrorKind, ExportKey,
    ImportKey, Issue, IssuedLine, KeyFormat, KeyView, MakeAuthority, NewPin, OfferedFile, OfferedTrust,
    OpenKey, RegisterAgency, Renew, RequestView, RevocationList, Revoke, TokensView, TrustFile, TrustView,
    WrittenRequest,
};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt as _;

use crate::commands::{Held, Reply};

/// A file to be read; `None` when the clerk closes the dialog. The system draws it, so its title is in both languages.
fn pick(app: &AppHandle, title: &str, kind: &str, endings: &[&str]) -> Option<PathBuf> {
    let dialog = app.dialog().file().set_title(title).add_filter(kind, endings).add_filter("*", &["*"]);
    dialog.blocking_pick_file()?.into_path().ok()
}

/// Writes a file where the clerk wants it, under a name that can be changed; answers the name.
fn saved(app: &AppHandle, name: &str, write: impl FnOnce(&Path) -> Reply<PathBuf>) -> Reply<Option<String>> {
    let wanted =
        app.dialog().file().set_title("Ghi tệp · Save the file").set_file_name(name).blocking_save_file();
    let Some(path) = wanted.and_then(|path| path.into_path().ok()) else { return Ok(None) };
    let path = write(&path)?;
    Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()))
}

/// Asks for a certificate in a file.
fn pick_certificate(app: &AppHandle) -> Option<PathBuf> {
    pick(app, "Chọn tệp chứng thư · Choose a certificate", "PEM, DER", &["pem", "crt", "cer", "der"])
}

#[tauri::command]
pub async fn clerks(shell: Held<'_>, app: AppHandle) -> Reply<Vec<ClerkView>> {
    shell.run(app, "clerks", |shell, _| shell.app()?.clerks()).await
}

#[tauri::command]
pub async fn add_clerk(shell: Held<'_>, app: AppHandle, request: AddClerk) -> Reply<()> {
    shell
        .run(app, "add_clerk", move |shell, _| {
            shell.app()?.add_clerk(&*shell.open_key()?, &request).map(|_| ())
        })
        .await
}

#[tauri::command]
pub async fn change_clerk(shell: Held<'_>, app: AppHandle, request: ChangeClerk) -> Reply<()> {
    shell
        .run(app, "change_clerk", move |shell, _| shell.app()?.change_clerk(&*shell.open_key()?, &request))
        .await
}

#[tauri::command]
pub async fn add_agency_key(shell: Held<'_>, app: AppHandle, request: NewPin) -> Reply<()> {
    shell
        .run(app, "add_agency_key", move |shell, _| {
            shell.app()?.add_agency_key(&*shell.open_key()?, &request.pin).map(|_| ())
        })
        .await
}

#[tauri::command]
pub async fn change_pin(shell: Held<'_>, app: AppHandle, request: ChangePin) -> Reply<()> {
    shell
        .run(app, "change_pin", move |shell, _| {
            let ChangePin { key, new } = request;
            shell.app()?.change_pin(shell.session().as_deref(), key.clerk, &key.pin, &new)
        })
        .await
}

#[tauri::command]
pub async fn export_key(shell: Held<'_>, app: AppHandle, request: ExportKey) -> Reply<Option<String>> {
    shell
        .run(app, "export_key", move |shell, app| {
            let ExportKey { key, format, passphrase } = request;
            let name = match format {
                KeyFormat::Pkcs8 => "khoa-ky.pem",
                KeyFormat::Pkcs12 => "khoa-ky.p12",
            };
            shell.app()?.try_pin(shell.session().as_deref(), (key.clerk, &key.pin), Some(Right::Agency))?;
            saved(app, name, |out| {
                let session = shell.session();
                shell.app()?.export_key(session.as_deref(), (key.clerk, &key.pin), format, &passphrase, out)
            })
        })
        .await
}

#[tauri::command]
pub async fn import_key(shell: Held<'_>, app: AppHandle, request: ImportKey) -> Reply<Option<KeyView>> {
    shell
        .run(app, "import_key", move |shell, app| {
            let ImportKey { key, passphrase } = request;
            shell.app()?.try_pin(shell.session().as_deref(), (key.clerk, &key.pin), Some(Right::Manage))?;
            let passphrase = Some(passphrase.as_str()).filter(|text| !text.is_empty());
            let picked = pick(
                app,
                "Chọn tệp khóa · Choose a key",
                "PKCS#8, PKCS#12",
                &["pem", "p12", "pfx", "der", "key"],
            );
            let import = |file: PathBuf| {
                let session = shell.session();
                shell.app()?.import_key(session.as_deref(), (key.clerk, &key.pin), &file, passphrase)
            };
            picked.map(import).transpose()
        })
        .await
}

#[tauri::command]
pub async fn new_key(shell: Held<'_>, app: AppHandle, request: OpenKey) -> Reply<KeyView> {
    shell
        .run(app, "new_key", move |shell, _| {
            shell.app()?.new_key(shell.session().as_deref(), (request.clerk, &request.pin))
        })
        .await
}

#[tauri::command]
pub async fn request_certificate(
    shell: Held<'_>,
    app: AppHandle,
    request: OpenKey,
) -> Reply<Option<WrittenRequest>> {
    shell
        .run(app, "request_certificate", move |shell, app| {
            shell.app()?.try_pin(None, (request.clerk, &request.pin), None)?;
            let mut sha256 = String::new();
            let file = saved(app, "yeu-cau-chung-thu.csr", |out| {
                let out = shell.app()?.request_certificate(request.clerk, &request.pin, out)?;
                // Of what lies on the disk, as whoever issues will read it.
                sha256 = shell.app()?.read_request(&out)?.fingerprint;
                Ok(out)
            })?;
            Ok(file.map(|file| WrittenRequest { file, sha256 }))
        })
        .await
}

#[tauri::command]
pub async fn install_certificate(
    shell: Held<'_>,
    app: AppHandle,
    request: ClerkId,
) -> Reply<Option<KeyView>> {
    shell
        .run(app, "install_certificate", move |shell, app| {
            shell.open_key()?;
            let install =
                |file: PathBuf| shell.app()?.install_certificate(&*shell.open_key()?, request.clerk, &file);
            pick_certificate(app).map(install).transpose()
        })
        .await
}

#[tauri::command]
pub async fn register_agency(
    shell: Held<'_>,
    app: AppHandle,
    request: RegisterAgency,
) -> Reply<Option<KeyView>> {
    shell
        .run(app, "register_agency", move |shell, app| {
            shell.open_key()?;
            if let Some(choice) = request.token {
                return shell.app()?.register_agencys_token(&*shell.open_key()?, &choice).map(Some);
            }
            let register = |file: PathBuf| shell.app()?.register_agency(&*shell.open_key()?, &file);
            pick_certificate(app).map(register).transpose()
        })
        .await
}

#[tauri::command]
pub async fn tokens(shell: Held<'_>, app: AppHandle) -> Reply<TokensView> {
    shell.run(app, "tokens", |shell, _| Ok(shell.app()?.tokens().into())).await
}

#[tauri::command]
pub async fn authority(shell: Held<'_>, app: AppHandle) -> Reply<Option<AuthorityInfo>> {
    shell.run(app, "authority", |shell, _| Ok(shell.app()?.own_authority()?.map(AuthorityInfo::from))).await
}

#[tauri::command]
pub async fn make_authority(shell: Held<'_>, app: AppHandle, request: MakeAuthority) -> Reply<AuthorityInfo> {
    shell
        .run(app, "make_authority", move |shell, _| {
            let MakeAuthority { name, pin, days } = request;
            Ok(shell.app()?.make_own_authority(&*shell.open_key()?, &name, pin, days)?.into())
        })
        .await
}

#[tauri::command]
pub async fn read_request(shell: Held<'_>, app: AppHandle) -> Reply<Option<RequestView>> {
    shell
        .run(app, "read_request", |shell, app| {
            shell.managed_authority()?;
            let Some(asked) =
                pick(app, "Chọn tệp yêu cầu · Choose a request", "PKCS#10", &["csr", "pem", "req", "der"])
            else {
                return Ok(None);
            };
            let view = shell.app()?.read_request(&asked)?;
            shell.set_asked(asked);
            Ok(Some(view))
        })
        .await
}

#[tauri::command]
pub async fn issue_certificate(shell: Held<'_>, app: AppHandle, request: Issue) -> Reply<Option<String>> {
    shell
        .run(app, "issue_certificate", move |shell, app| {
            shell.managed_authority()?;
            let asked = shell.asked().ok_or(ErrorKind::NotFound)?;
            saved(app, "chung-thu.pem", |out| {
                let (session, folder) = shell.managed_authority()?;
                let Issue { pin, days, fingerprint } = request;
                let asked = (asked.as_path(), Some(fingerprint.as_str()));
                shell.app()?.issue_certificate(Some(&session), &folder, &pin, asked, days, out)?;
                Ok(out.to_path_buf())
            })
        })
        .await
}

#[tauri::command]
pub async fn certify(shell: Held<'_>, app: AppHandle, request: Certify) -> Reply<KeyView> {
    shell
        .run(app, "certify", move |shell, _| {
            let Certify { key, authority_pin, days } = request;
            shell.app()?.certify(&*shell.open_key()?, (key.clerk, &key.pin), &authority_pin, days)
        })
        .await
}

#[tauri::command]
pub async fn renew_certificate(shell: Held<'_>, app: AppHandle, request: Renew) -> Reply<Option<String>> {
    shell
        .run(app, "renew_certificate", move |shell, app| {
            shell.managed_authority()?;
            saved(app, "chung-thu.pem", |out| {
                let (session, folder) = shell.managed_authority()?;
                let Renew { pin, serial, days } = request;
                shell.app()?.renew_certificate(Some(&session), &folder, &pin, &serial, days, out)?;
                Ok(out.to_path_buf())
            })
        })
        .await
}

#[tauri::command]
pub async fn revoke_certificate(shell: Held<'_>, app: AppHandle, request: Revoke) -> Reply<IssuedLine> {
    shell
        .run(app, "revoke_certificate", move |shell, _| {
            let Revoke { pin, serial, why } = request;
            let (session, folder) = shell.managed_authority()?;
            Ok(shell.app()?.revoke_certificate(Some(&session), &folder, &pin, &serial, why)?.into())
        })
        .await
}

#[tauri::command]
pub async fn revocation_list(
    shell: Held<'_>,
    app: AppHandle,
    request: RevocationList,
) -> Reply<Option<String>> {
    shell
        .run(app, "revocation_list", move |shell, app| {
            shell.managed_authority()?;
            saved(app, "thu-hoi.crl", |out| {
                let (session, folder) = shell.managed_authority()?;
                let RevocationList { pin, days } = &request;
                shell.app()?.revocation_list(Some(&session), &folder, pin, *days, out)?;
                Ok(out.to_path_buf())
            })
        })
        .await
}

#[tauri::command]
pub async fn trust_list(shell: Held<'_>, app: AppHandle) -> Reply<TrustView> {
    shell.run(app, "trust_list", |shell, _| shell.app()?.trust_view()).await
}

#[tauri::command]
pub async fn read_trust(shell: Held<'_>, app: AppHandle) -> Reply<Option<OfferedTrust>> {
    shell
        .run(app, "read_trust", |shell, app| {
            shell.open_key()?.may(Right::Manage)?;
            let endings = ["toml", "pem", "crt", "cer", "der", "crl"];
            let Some(file) = pick(
                app,
                "Chọn chứng thư hoặc danh sách · Choose a certificate or a list",
                "TOML, PEM, DER, CRL",
                &endings,
            ) else {
                return Ok(None);
            };
            let offered = shell.app()?.read_trust(&file)?;
            shell.set_offered(file);
            Ok(Some(offered))
        })
        .await
}

#[tauri::command]
pub async fn add_trust(shell: Held<'_>, app: AppHandle, request: OfferedFile) -> Reply<TrustView> {
    shell
        .run(app, "add_trust", move |shell, _| {
            let session = shell.open_key()?;
            let file = shell.offered().ok_or(ErrorKind::NotFound)?;
            shell.app()?.add_trust(&session, &file, Some(&request.sha256))?;
            shell.app()?.trust_view()
        })
        .await
}

#[tauri::command]
pub async fn remove_trust(shell: Held<'_>, app: AppHandle, request: TrustFile) -> Reply<TrustView> {
    shell
        .run(app, "remove_trust", move |shell, _| {
            shell.app()?.remove_trust(&*shell.open_key()?, &request.file)?;
            shell.app()?.trust_view()
        })
        .await
}
