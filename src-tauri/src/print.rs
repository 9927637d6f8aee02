//! Prints pages through the system's dialog (GTK; elsewhere the caller opens a viewer).

use gtk::gdk::prelude::GdkContextExt as _;
use gtk::gdk_pixbuf::prelude::PixbufLoaderExt as _;
use gtk::prelude::PrintOperationExt as _;
use saoy_core::app::forms::{PrintedForm, Sheet};
use tauri::{AppHandle, Manager as _};

/// Shows the dialog and prints; returns when the person has printed or turned away.
pub fn print(app: &AppHandle, name: &str, form: PrintedForm) -> tauri::Result<()> {
    let (finished, wait) = std::sync::mpsc::channel();
    let (handle, name) = (app.clone(), name.to_owned());
    app.run_on_main_thread(move || {
        let parent = handle.get_webview_window("main").and_then(|window| window.gtk_window().ok());
        show(parent.as_ref(), &name, form);
        // Nobody waits when the program is closing.
        _ = finished.send(());
    })?;
    // An error means the same.
    _ = wait.recv();
    Ok(())
}

fn show(parent: Option<&gtk::ApplicationWindow>, name: &str, form: PrintedForm) {
    let PrintedForm { sheet: size, pages } = form;
    let operation = gtk::PrintOperation::new();
    operation.set_job_name(name);
    operation.set_n_pages(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    operation.set_use_full_page(true);
    let sheet = gtk::PageSetup::new();
    let size = match size {
        Sheet::A4 => "iso_a4",
        Sheet::A5 => "iso_a5",
    };
    sheet.set_paper_size(&gtk::PaperSize::new(Some(size)));
    if pages.first().and_then(|page| picture(page)).is_some_and(|page| page.width() > page.height()) {
        sheet.set_orientation(gtk::PageOrientation::Landscape);
    }
    operation.set_default_page_setup(Some(&sheet));
    operation.connect_draw_page(move |_, context, place| {
        let jpeg = usize::try_from(place).ok().and_then(|place| pages.get(place));
        let (Some(jpeg), Some(paper)) = (jpeg, context.cairo_context()) else { return };
        let Some(picture) = picture(jpeg) else { return };
        let scale = context.width() / f64::from(picture.width());
        paper.scale(scale, scale);
        paper.set_source_pixbuf(&picture, 0.0, 0.0);
        // A printer that refuses a page says so itself.
        _ = paper.paint();
    });
    // What the dialog could not do it has told the person.
    _ = operation.run(gtk::PrintOperationAction::PrintDialog, parent);
}

fn picture(jpeg: &[u8]) -> Option<gtk::gdk_pixbuf::Pixbuf> {
    let loader = gtk::gdk_pixbuf::PixbufLoader::new();
    loader.write(jpeg).and_then(|()| loader.close()).ok()?;
    loader.pixbuf()
}
