//! `draw-scans FOLDER COUNT [DPI] [SEED]`: sample scans for a training counter, as JPEG files
//! `giay-to-01.jpg`, …. Files that are there already stay as they are.
#![expect(clippy::print_stderr, reason = "this is a command")]

use std::path::PathBuf;
use std::process::ExitCode;

use saoy_tests::drawing;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: u64| match arguments.get(at) {
        Some(text) => text.parse().ok(),
        None => Some(otherwise),
    };
    let (Some(folder), Some(count), Some(dpi), Some(seed)) =
        (arguments.first().map(PathBuf::from), number(1, 6), number(2, 200), number(3, 1))
    else {
        eprintln!("draw-scans FOLDER COUNT [DPI] [SEED]");
        return ExitCode::from(64);
    };
    let drawn = std::fs::create_dir_all(&folder).and_then(|()| {
        for page in 0..count {
            let path = folder.join(format!("giay-to-{:02}.jpg", page + 1));
            if !path.exists() {
                std::fs::write(path, drawing::page(page, u32::try_from(dpi).unwrap_or(200), seed).jpeg())?;
            }
        }
        Ok(())
    });
    match drawn {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
