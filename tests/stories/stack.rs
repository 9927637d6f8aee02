//! A stack that sorts itself: the program prints separator sheets, the feeder pulls them through with
//! the papers, and every page comes to its place.

use std::path::{Path, PathBuf};
use std::process::Command;

use image::{Rgb, RgbImage, imageops};
use saoy_core::app::App;
use saoy_core::app::contract::{LOOSE, Landing};
use saoy_core::app::digitize::Spot;
use saoy_core::app::progress::Watch;
use saoy_core::isolate::ReaderCommand;
use saoy_tests::faults::{PAPER, rotated, scanned, tone};
use saoy_tests::{Counter, drawing, program, root};
use serde_json::Value;

const BIRTH: &str = "1.001193";

fn counter() -> Counter {
    let counter = Counter::new();
    let sample = root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    counter
}

/// The sheets of a procedure, printed and drawn at a resolution: the cover first, then its papers.
fn sheets(counter: &Counter, procedure: &str, dpi: u32) -> Vec<RgbImage> {
    let pdf = counter.desk().join(format!("ngan-{procedure}.pdf"));
    let asked = ["separators", "--procedure", procedure, "--force", "--out", pdf.to_str().unwrap()];
    let _ = counter.saoy(asked).done();
    let folder = tempfile::tempdir().unwrap();
    let drawn = Command::new("pdftoppm")
        .args(["-png", "-r", &dpi.to_string()])
        .arg(&pdf)
        .arg(folder.path().join("s"))
        .status();
    assert!(drawn.unwrap().success(), "poppler draws the sheets");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| image::open(file).unwrap().to_rgb8()).collect()
}

/// As a feeder sees a sheet: a little dark, with grain, turned by `degrees`.
fn fed(sheet: &RgbImage, degrees: f32, seed: u64) -> RgbImage {
    let mut rng = fastrand::Rng::with_seed(seed);
    let upright = match (degrees / 90.0).round() as i32 {
        1 => imageops::rotate90(sheet),
        2 => imageops::rotate180(sheet),
        3 => imageops::rotate270(sheet),
        _ => sheet.clone(),
    };
    let mut page = rotated(&upright, degrees - (degrees / 90.0).round() * 90.0, PAPER);
    tone(&mut page, |v| 18.0 + v * 0.88);
    for pixel in page.pixels_mut() {
        let grain = rng.i16(-22..23);
        pixel.0.iter_mut().for_each(|v| *v = (i16::from(*v) + grain).clamp(0, 255) as u8);
    }
    page
}

fn put(counter: &Counter, name: &str, page: &RgbImage, dpi: u32) -> PathBuf {
    counter.put(name, scanned(page, dpi, 75))
}

fn page(counter: &Counter, name: &str, number: u64) -> PathBuf {
    counter.put(name, drawing::page(number, 200, 500).jpeg())
}

fn names(pages: &Value) -> Vec<&str> {
    pages.as_array().unwrap().iter().map(|page| page["file"].as_str().unwrap()).collect()
}

#[test]
fn a_stack_of_two_dossiers_sorts_itself() {
    let counter = counter();
    let [cover, form, certificate, ..] = &sheets(&counter, BIRTH, 200)[..] else {
        panic!("a cover and papers")
    };
    let stack = [
        page(&counter, "01-lac.jpg", 1),
        put(&counter, "02-bia.jpg", &fed(cover, 0.0, 1), 200),
        put(&counter, "03-ngan-2.jpg", &fed(certificate, 181.5, 2), 200),
        page(&counter, "04.jpg", 2),
        page(&counter, "05.jpg", 3),
        put(&counter, "06-ngan-1.jpg", &fed(form, 88.0, 3), 200),
        page(&counter, "07.jpg", 4),
        put(&counter, "08-bia.jpg", &fed(cover, 272.0, 4), 200),
        page(&counter, "09.jpg", 5),
    ];
    let arguments = ["sort".to_owned()].into_iter().chain(stack.iter().map(|p| p.display().to_string()));
    let sorted = counter.saoy(arguments).done();
    assert_eq!(
        names(&sorted["unsorted"]),
        ["01-lac.jpg"],
        "what lies before the first separator belongs to nobody"
    );
    assert_eq!(names(&sorted["separators"]), ["02-bia.jpg", "03-ngan-2.jpg", "06-ngan-1.jpg", "08-bia.jpg"]);
    let dossiers = sorted["dossiers"].as_array().unwrap();
    assert_eq!(dossiers.len(), 2);
    assert_eq!(dossiers[0]["procedure_name"], "Đăng ký khai sinh");
    let papers: Vec<(u64, Vec<&str>)> = dossiers[0]["papers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|paper| (paper["place"].as_u64().unwrap(), names(&paper["pages"])))
        .filter(|(_, pages)| !pages.is_empty())
        .collect();
    assert_eq!(papers, [(2, vec!["04.jpg", "05.jpg"]), (1, vec!["07.jpg"])]);
    assert_eq!(dossiers[0]["papers"][1]["name"], "Giấy chứng sinh", "the catalogue names the paper");
    assert_eq!(
        names(&dossiers[1]["papers"][0]["pages"]),
        ["09.jpg"],
        "the second cover begins a second dossier"
    );
    assert_eq!(dossiers[1]["papers"][0]["place"], 0, "and no paper of it is named yet");
}

#[test]
fn sheets_are_read_at_every_angle_and_resolution() {
    let counter = counter();
    let mut paths = Vec::new();
    let angles = [-4.0, 2.5, 86.0, 91.0, 176.5, 183.0, 267.0, 274.0];
    for (n, dpi) in [150, 200, 300, 600].into_iter().enumerate() {
        let sheets = sheets(&counter, BIRTH, dpi);
        let angles = if dpi == 600 { &angles[..2] } else { &angles[..] };
        for (m, degrees) in angles.iter().enumerate() {
            let sheet = &sheets[(n + m) % sheets.len()];
            paths.push(put(
                &counter,
                &format!("{dpi}-{degrees}.jpg"),
                &fed(sheet, *degrees, (n * 10 + m) as u64),
                dpi,
            ));
        }
    }
    let arguments = ["sort".to_owned()].into_iter().chain(paths.iter().map(|p| p.display().to_string()));
    let sorted = counter.saoy(arguments).done();
    let read = names(&sorted["separators"]);
    let missed: Vec<_> =
        paths.iter().filter(|p| !read.contains(&p.file_name().unwrap().to_str().unwrap())).collect();
    assert!(missed.is_empty(), "every sheet is read: {missed:?}");
}

#[test]
fn another_reader_reads_the_sheets_too() {
    let counter = counter();
    let sheets = sheets(&counter, BIRTH, 150);
    let texts: Vec<String> = sheets
        .iter()
        .enumerate()
        .map(|(n, sheet)| {
            let file = counter.put(&format!("{n}.jpg"), scanned(sheet, 150, 80));
            let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(file).output().unwrap();
            String::from_utf8(read.stdout).unwrap().trim().to_owned()
        })
        .collect();
    assert!(texts[0].starts_with("SAOY1|D|1.001193|"), "the cover: {texts:?}");
    for (place, text) in texts.iter().enumerate().skip(1) {
        assert!(text.starts_with(&format!("SAOY1|P|1.001193|{place}|")), "{text}");
    }
    let unknown = counter.saoy(["separators", "--procedure", "9.999999", "--out", "x.pdf"]);
    assert_eq!(
        (unknown.code, unknown.error()),
        (2, "not_found"),
        "nothing is printed for a procedure nobody knows"
    );
}

#[test]
fn a_separator_of_a_later_program_is_not_guessed_at() {
    let counter = counter();
    let code = qr("SAOY9|P|1.001193|2|zz", 14, 200);
    let stack = [put(&counter, "la.jpg", &code, 200), page(&counter, "01.jpg", 1)];
    let arguments = ["sort".to_owned()].into_iter().chain(stack.iter().map(|p| p.display().to_string()));
    let sorted = counter.saoy(arguments);
    assert_eq!(sorted.code, 3, "it cannot be decided: {}", sorted.stdout);
    assert_eq!(names(&sorted.json["not_understood"]), ["la.jpg"]);
    assert_eq!(
        names(&sorted.json["unsorted"]),
        ["la.jpg", "01.jpg"],
        "no page is dropped for what it might mean"
    );
}

/// An A4 sheet with a code of squares of `side` px.
fn qr(text: &str, side: u32, dpi: u32) -> RgbImage {
    let code = qrcode::QrCode::new(text).unwrap();
    let mut sheet = drawing::Sheet::a4(dpi);
    sheet.text(70.0, 700.0, 12.0, [30; 3], "Trang có mã");
    let width = code.width() as u32;
    let dark: Vec<bool> = code.to_colors().into_iter().map(|c| c == qrcode::Color::Dark).collect();
    for (n, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
        let (x, y) = (n as u32 % width * side + 300, n as u32 / width * side + 300);
        imageops::overlay(
            &mut sheet.pixels,
            &RgbImage::from_pixel(side, side, Rgb([25; 3])),
            x.into(),
            y.into(),
        );
    }
    sheet.pixels
}

#[test]
fn the_card_of_a_citizen_is_read_from_its_picture() {
    let counter = counter();
    let text = "001300012345|012345678|Nguyễn Thị Ỷ|01022000|Nữ|Thôn Mẫu, xã Thử Nghiệm, tỉnh Ví Dụ|01032021";
    for (name, page) in
        [("thang.jpg", qr(text, 5, 300)), ("nghieng.jpg", rotated(&qr(text, 5, 300), 6.0, PAPER))]
    {
        let file = put(&counter, name, &page, 300);
        let card = counter.saoy(["card", file.to_str().unwrap()]).done();
        assert_eq!(
            (card["number"].as_str(), card["name"].as_str()),
            (Some("001300012345"), Some("Nguyễn Thị Ỷ")),
            "{name}"
        );
    }
    let mut typed = counter.command(["card"]);
    typed.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut typed = typed.spawn().unwrap();
    std::io::Write::write_all(&mut typed.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let typed: Value = serde_json::from_slice(&typed.wait_with_output().unwrap().stdout).unwrap();
    let file = put(&counter, "lai.jpg", &qr(text, 5, 300), 300);
    assert_eq!(counter.saoy(["card", file.to_str().unwrap()]).done(), typed, "as if the reader had typed it");

    let none = counter.saoy(["card", page(&counter, "khong.jpg", 1).to_str().unwrap()]);
    assert_eq!((none.code, none.error()), (2, "bad_card"));
    assert_eq!(none.json["error"]["params"]["reason"], "no_code");
    let other = put(&counter, "khac.jpg", &qr("https://example.vn", 8, 300), 300);
    assert_eq!(counter.saoy(["card", other.to_str().unwrap()]).error(), "bad_card");
    let gone = counter.saoy(["card", "/nowhere/the.jpg"]);
    assert_eq!((gone.code, gone.error()), (2, "not_found"));
}

/// The use cases as the window calls them.
fn app(home: &Path) -> App {
    App::at(home, ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] }).unwrap()
}

#[test]
fn an_imported_stack_lays_its_pages_on_the_right_papers() {
    let counter = counter();
    let [cover, form, certificate, ..] = &sheets(&counter, BIRTH, 200)[..] else {
        panic!("a cover and papers")
    };
    let other = &sheets(&counter, "2.000635", 200);
    let stack = [
        page(&counter, "01.jpg", 1),
        put(&counter, "02.jpg", &fed(certificate, 1.0, 5), 200),
        page(&counter, "03.jpg", 2),
        put(&counter, "04.jpg", &fed(form, 179.0, 6), 200),
        page(&counter, "05.jpg", 3),
        put(&counter, "06.jpg", &fed(&other[0], 0.5, 7), 200),
        page(&counter, "07.jpg", 4),
        put(&counter, "08.jpg", &fed(&other[1], 0.0, 8), 200),
        page(&counter, "09.jpg", 5),
        put(&counter, "10.jpg", &fed(cover, 0.0, 9), 200),
    ];
    let app = app(&counter.home());
    let desk = app.open_desk(None).unwrap();
    let mut request = desk.case.unwrap().request;
    request.procedure = BIRTH.to_owned();
    app.set_request(&desk.desk, &request).unwrap();
    let canceled = std::sync::atomic::AtomicBool::new(false);
    let watch = Watch::new(&|_| {}, &canceled);
    let spot = Spot { desk: desk.desk.clone(), place: 0 };
    let report = app.import(&Landing::from(spot), &stack, &watch, &mut || {}).unwrap();
    assert_eq!((report.added, report.refused.len()), (5, 0), "five papers landed, five sheets did not");

    let lies = |desk: &str| -> Vec<(String, u32)> {
        app.desk(desk).unwrap().pages.iter().map(|page| (page.file.clone(), page.place)).collect()
    };
    let own = lies(&desk.desk);
    assert_eq!(own, [("01.jpg".into(), 0), ("03.jpg".into(), 2), ("05.jpg".into(), 1)]);
    let desks = app.desks().unwrap();
    assert_eq!(desks.len(), 3, "the loose desk, this one, and one for the dossier of the other procedure");
    let second = desks.iter().find(|line| line.desk != LOOSE && line.desk != desk.desk).unwrap();
    assert_eq!(lies(&second.desk), [("07.jpg".into(), 0), ("09.jpg".into(), 1)]);
    assert!(!second.procedure_name.is_empty(), "its procedure is chosen already");
    assert!(lies(LOOSE).is_empty());
    counter.is_sound();
}
