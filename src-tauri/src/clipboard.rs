//! What is on the clipboard as files: those that were copied, or a picture.

use std::path::{Path, PathBuf};

use saoy_core::app::contract::{CoreError, ErrorKind};
use tauri::AppHandle;

/// Files on the clipboard; a picture becomes one in `folder`.
#[cfg(target_os = "linux")]
pub fn files(app: &AppHandle, folder: &Path) -> Result<Vec<PathBuf>, CoreError> {
    let (told, wait) = std::sync::mpsc::channel();
    let folder = folder.to_path_buf();
    let internal = |e: String| CoreError::new(ErrorKind::Internal).with("detail", e);
    // The toolkit's clipboard answers on the window's thread only.
    app.run_on_main_thread(move || {
        // Nobody waits when the program is closing.
        _ = told.send(taken(&folder));
    })
    .map_err(|e| internal(e.to_string()))?;
    let files = wait.recv().map_err(|e| internal(e.to_string()))?;
    if files.is_empty() { Err(ErrorKind::ClipboardEmpty.into()) } else { Ok(files) }
}

#[cfg(target_os = "linux")]
fn taken(folder: &Path) -> Vec<PathBuf> {
    let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
    let copied = clipboard.wait_for_uris();
    let copied = copied.iter().filter_map(|uri| gtk::glib::filename_from_uri(uri).ok());
    let files: Vec<PathBuf> = copied.map(|(path, _)| path).collect();
    if !files.is_empty() {
        return files;
    }
    let picture = folder.join("clipboard.png");
    match clipboard.wait_for_image().map(|image| image.savev(&picture, "png", &[])) {
        Some(Ok(())) => vec![picture],
        Some(Err(_)) | None => Vec::new(),
    }
}

/// The clipboard is asked on Linux only.
#[cfg(not(target_os = "linux"))]
pub fn files(_: &AppHandle, _: &Path) -> Result<Vec<PathBuf>, CoreError> {
    Err(ErrorKind::ClipboardEmpty.into())
}
