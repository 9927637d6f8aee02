//! Files held over the window or dropped on it: their paths stay on this side; the window hears only
//! that something is held over it, and what came of it.

use std::path::PathBuf;

use saoy_core::app::contract::{DropTarget, Target, Work};
use tauri::{AppHandle, DragDropEvent, Emitter as _, Manager as _, Window, WindowEvent};

use crate::shell::{Shell, stale};

/// Takes dropped files where the window says they belong.
pub fn on_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::DragDrop(event) = event else { return };
    if !matches!(event, DragDropEvent::Over { .. }) {
        // A window that is closing hears nothing.
        _ = window.emit("dragging", matches!(event, DragDropEvent::Enter { .. }));
    }
    let DragDropEvent::Drop { paths, .. } = event else { return };
    let (app, paths) = (window.app_handle().clone(), paths.clone());
    let shell = app.state::<Shell>().inner().clone();
    tauri::async_runtime::spawn_blocking(move || take(&shell, &app, &paths));
}

fn take(shell: &Shell, app: &AppHandle, paths: &[PathBuf]) {
    let DropTarget { target, landing } = shell.target();
    let landed = &mut || stale(app, "import_dialog");
    let told = match target {
        Target::Pages => shell
            .watched(app, &shell.begin(Work::Arrival), |watch| {
                shell.app()?.import(&landing, paths, watch, landed)
            })
            .map(|report| app.emit("imported", report)),
        Target::Verify => match paths.first() {
            Some(file) => shell.app().and_then(|app| app.verify(file, &[], true)).map(|view| {
                shell.set_verified(file.clone());
                app.emit("verified", view)
            }),
            None => return,
        },
    };
    let failed = match target {
        Target::Pages => "failed",
        Target::Verify => "unverified",
    };
    // A window that is closing hears nothing.
    _ = told.unwrap_or_else(|error| app.emit(failed, error));
    stale(app, "import_dialog");
}
