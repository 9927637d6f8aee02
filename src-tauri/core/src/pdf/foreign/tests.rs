//! Tests: small PDFs made here, taken apart.

use super::*;

/// A file of these objects, numbered from 1.
fn pdf(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (i, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let at = out.len();
    let size = objects.len() + 1;
    out.extend(
        format!("{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{at}\n%%EOF\n").bytes(),
    );
    out
}

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const TREE: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595.276 841.89] >>";
const INK: &str = "<< /Length 27 >>\nstream\n0 0 0 rg 100 700 200 50 re f\nendstream";

fn read(bytes: &[u8]) -> (ReadFile, Option<PdfParts>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("in.pdf");
    fs::write(&path, bytes).expect("room");
    let file = read_pdf(&path, folder.path(), &Limits::default(), &mut |_| {});
    let parts =
        fs::read(folder.path().join(PARTS)).ok().map(|json| serde_json::from_slice(&json).expect("parts"));
    (file, parts, folder)
}

fn kinds(file: &ReadFile) -> Vec<FindingKind> {
    file.findings.iter().map(|f| f.kind).collect()
}

#[test]
fn a_page_comes_in_with_what_it_inherits_and_without_what_it_could_do() {
    let page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Rotate 90 /AA << /O 5 0 R >> \
                /Resources << /ExtGState << /AA << /CA 1 /Evil 5 0 R /Name (a\\)b) >> >> >> >>";
    let script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
    let (file, parts, folder) = read(&pdf(&[CATALOG, TREE, page, INK, script], ""));
    assert_eq!(kinds(&file), [FindingKind::ActiveContentRemoved], "{file:?}");
    let page = &file.pages[0];
    assert_eq!((page.orientation, page.width_px, page.height_px), (6, 595, 842));
    let ink = page.ink.as_ref().expect("drawn");
    assert_eq!((ink.cols, ink.rows), (297, 210), "upright, cells of a millimetre");
    assert!(folder.path().join("0.thumb.jpg").exists());
    let parts = parts.expect("written");
    assert_eq!((parts.pages[0].rotate, parts.pages[0].box_mpt), (90, [0, 0, 595_276, 841_890]));
    let text = serde_json::to_string(&parts).expect("JSON");
    assert!(!text.contains("JavaScript") && text.contains("/AA <<"), "a resource may have any name: {text}");
    assert!(text.contains("<612962>") || text.contains("<61296"), "strings in hexadecimal: {text}");
}

#[test]
fn a_note_that_shows_becomes_part_of_the_page() {
    let page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [5 0 R] >>";
    let stamp = "<< /Type /Annot /Subtype /Stamp /Rect [10 10 110 60] /AP << /N 6 0 R >> >>";
    let form = "<< /BBox [0 0 10 10] /Length 26 >>\nstream\n1 0 0 rg 0 0 10 10 re f   \nendstream";
    let (file, parts, _folder) = read(&pdf(&[CATALOG, TREE, page, INK, stamp, form], ""));
    assert!(kinds(&file).is_empty(), "nothing lost: {file:?}");
    let parts = parts.expect("written");
    assert_eq!(parts.pages[0].contents.len(), 3, "q, the page, Q and the stamp");
    assert!(serde_json::to_string(&parts).expect("JSON").contains("/Subtype /Form"));
}

#[test]
fn signed_and_locked_and_broken_files_are_told_apart() {
    let page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>";
    let signature = "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>";
    let (signed, parts, _folder) = read(&pdf(&[CATALOG, TREE, page, INK, signature], ""));
    assert!(signed.signed && parts.is_none() && signed.pages.len() == 1, "kept whole: {signed:?}");
    let locked = pdf(&[CATALOG, TREE, page, INK], "/Encrypt << /Filter /Standard /V 5 /R 6 >>");
    assert_eq!(kinds(&read(&locked).0), [FindingKind::Encrypted]);
    let wrong_count = TREE.replace("/Count 1", "/Count 3").replace("[3 0 R]", "[3 0 R 9 0 R]");
    assert_eq!(kinds(&read(&pdf(&[CATALOG, &wrong_count, page, INK], "")).0), [FindingKind::Damaged]);
    assert_eq!(kinds(&read(b"not a PDF at all").0), [FindingKind::Damaged]);
    let whole = pdf(&[CATALOG, TREE, page, INK], "");
    for cut in (0..whole.len()).step_by(41) {
        let (file, ..) = read(&whole[..cut]);
        assert!(file.pages.len() <= 1, "never more than there is");
        assert_eq!(file.pages.is_empty(), !file.findings.is_empty(), "pages, or a reason");
    }
    let junk = [b"junk\r\n".as_slice(), &whole].concat();
    assert_eq!(read(&junk).0.pages.len(), 1, "bytes before the header do no harm");
}

#[test]
fn bombs_are_refused() {
    let page = "<< /Type /Page /Parent 2 0 R /Resources << /XObject << /I 4 0 R >> >> >>";
    let huge =
        "<< /Type /XObject /Subtype /Image /Width 99999 /Height 99999 /Length 1 >>\nstream\n0\nendstream";
    assert_eq!(kinds(&read(&pdf(&[CATALOG, TREE, page, huge], "")).0), [FindingKind::TooLarge]);
    let outside = "<< /F (/etc/passwd) /Length 0 >>\nstream\n\nendstream";
    assert_eq!(kinds(&read(&pdf(&[CATALOG, TREE, page, outside], "")).0), [FindingKind::Unsupported]);
}
