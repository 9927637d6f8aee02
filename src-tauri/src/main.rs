//! The shell of Sao Y: a window around the core. Adapters only.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod clipboard;
mod commands;
mod drops;
mod hot_folder;
mod keys;
mod pictures;
#[cfg(target_os = "linux")]
mod print;
mod shell;

use std::process::ExitCode;

use saoy_core::isolate;
use tauri::Manager as _;

use shell::Shell;

/// The argument that makes this program the isolated reader.
const READER: &str = "reader";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(READER) {
        return match isolate::serve(&mut std::io::stdin().lock(), &mut std::io::stdout()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(70),
        };
    }
    steady_environment();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(70),
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .manage(Shell::new())
        .register_asynchronous_uri_scheme_protocol("saoy", pictures::serve)
        .invoke_handler(commands::handler())
        .on_window_event(drops::on_event)
        .setup(|app| {
            if let Some(window) = app.get_webview_window("main") {
                allow_preedit(&window);
            }
            hot_folder::watch(app.handle())?;
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}

/// Environment the system's parts of the window need. It must stand before the first thread, so the
/// program starts itself again with it.
///
/// WebKitGTK's DMA-BUF renderer shows nothing on many office PCs and in virtual screens. The file
/// dialog speaks Vietnamese unless the person chose otherwise; gettext does not translate in the "C"
/// locale.
#[cfg(target_os = "linux")]
fn steady_environment() {
    use std::os::unix::process::CommandExt as _;
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    const LANGUAGE: &str = "LANGUAGE";
    let missing = |name: &str| std::env::var_os(name).is_none();
    if !missing(RENDERER) && !missing(LANGUAGE) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1));
    for (name, value) in [(RENDERER, "1"), (LANGUAGE, "vi")] {
        if missing(name) {
            again.env(name, value);
        }
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(std::env::var_os).unwrap_or_default();
    if locale.is_empty() || locale == "C" || locale == "POSIX" {
        again.env("LC_ALL", "C.UTF-8");
    }
    // Returns only when it could not start; then this process goes on as it is.
    let _ = again.exec();
}

#[cfg(not(target_os = "linux"))]
fn steady_environment() {}

/// Vietnamese input methods compose letters in place; the web view must show what is composed.
#[cfg(target_os = "linux")]
fn allow_preedit(window: &tauri::WebviewWindow) {
    use webkit2gtk::{InputMethodContextExt as _, WebViewExt as _};
    // If the web view is gone there is nothing to type into.
    _ = window.with_webview(|webview| {
        if let Some(context) = webview.inner().input_method_context() {
            context.set_enable_preedit(true);
        }
    });
}

#[cfg(not(target_os = "linux"))]
fn allow_preedit(_: &tauri::WebviewWindow) {}
