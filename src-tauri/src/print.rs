//! Prints pages through the system's dialog (GTK; elsewhere the caller opens a viewer).

use gtk::gdk::prelude::GdkContextExt as _;
use gtk::gdk_pixbuf::prelude::PixbufLoaderExt as _;
use gtk::prelude::PrintOperationExt as _;
use tauri::{AppHandle, Manager as _};

/// Pages to print: JPEG pictures, each filling a sheet of A4.
pub type Pages = Vec<Vec<u8>>;

/// Shows the dialog and prints; returns when the person has printed or turned away.
pub fn print(app: &AppHandle, name: &str, pages: Pages) -> tauri::Result<()> {
    let (finished, wait) = std::sync::mpsc::channel();
    let (handle, name) = (app.clone(), name.to_owned());
    app.run_on_main_thread(move || {
        let parent = handle.get_webview_window("main").and_then(|window| window.gtk_window().ok());
        show(parent.as_ref(), &name, pages);
        // Nobody waits when the program is closing.
        _ = finished.send(());
    })?;
    // An error means the same.
    _ = wait.recv();
    Ok(())
}

fn show(parent: Option<&gtk::ApplicationWindow>, name: &str, pages: Pages) {
    let operation = gtk::PrintOperation::new();
    operation.set_job_name(name);
    operation.set_n_pages(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    operation.set_use_full_page(true);
    let sheet = gtk::PageSetup::new();
    sheet.set_paper_size(&gtk::PaperSize::new(Some("iso_a4")));
    operation.set_default_page_setup(Some(&sheet));
    operation.connect_draw_page(move |_, context, place| {
        let jpeg = usize::try_from(place).ok().and_then(|place| pages.get(place));
        let (Some(jpeg), Some(paper)) = (jpeg, context.cairo_context()) else { return };
        let loader = gtk::gdk_pixbuf::PixbufLoader::new();
        if loader.write(jpeg).and_then(|()| loader.close()).is_err() {
            return;
        }
        let Some(picture) = loader.pixbuf() else { return };
        let scale = context.width() / f64::from(picture.width());
        paper.scale(scale, scale);
        paper.set_source_pixbuf(&picture, 0.0, 0.0);
        // A printer that refuses a page says so itself.
        _ = paper.paint();
    });
    // What the dialog could not do it has told the person.
    _ = operation.run(gtk::PrintOperationAction::PrintDialog, parent);
}
