//! Looks into the hot folder while a key is open, and tells the window what came.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use saoy_core::app::contract::{CoreError, ErrorKind, Landing, Progress};
use saoy_core::app::hot_folder::HotFolder;
use saoy_core::app::progress::Watch;
use tauri::{AppHandle, Emitter as _, Manager as _};

use crate::shell::{Shell, stale};

/// How often it is looked into.
const PACE: Duration = Duration::from_millis(700);

/// Starts looking; ends where no hot folder is set.
pub fn watch(app: &AppHandle) -> std::io::Result<()> {
    let (app, shell) = (app.clone(), app.state::<Shell>().inner().clone());

    std::thread::Builder::new().name("hot-folder".into()).spawn(move || {
        let mut hot = HotFolder::default();
        let mut told: Option<CoreError> = None;
        loop {
            std::thread::sleep(PACE);
            // Without an open key nobody sees what comes.
            if shell.session().is_none() {
                continue;
            }
            if !shell.app().is_ok_and(|app| app.hot_folder().is_some()) {
                return;
            }
            let failed = look(&shell, &app, &mut hot).err();
            if failed != told {
                if let Some(error) = failed.clone().filter(|error| error.kind != ErrorKind::NotReady) {
                    // A window that is closing hears nothing.
                    _ = app.emit("failed", error);
                }
                told = failed;
            }
        }
    })?;
    Ok(())
}

fn look(shell: &Shell, app: &AppHandle, hot: &mut HotFolder) -> Result<(), CoreError> {
    // What comes shows on the desk page by page; it neither holds the desk nor turns the clerk to it.
    let tell = |_: Progress| {};
    let go_on = AtomicBool::new(false);
    let landing = Landing::from(shell.target().landing.spot);
    let landed = &mut || stale(app, "import_dialog");
    let report = shell.app()?.take_hot(hot, &landing, Instant::now(), &Watch::new(&tell, &go_on), landed)?;
    if !report.refused.is_empty() || !report.desks.is_empty() {
        // As above.
        _ = app.emit("imported", report);
    }
    Ok(())
}
