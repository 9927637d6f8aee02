//! Pages on a desk: edited, set aside, accepted, scanned again, put in order; and what of it stands in the
//! record of the copy.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use saoy_core::app::App;
use saoy_core::app::contract::{
    CopyView, DraftView, Edit, ErrorKind, Fields, Finding, FindingKind, LOOSE, Landing, Mend, PaperWish,
    PartyKind, ReviewState, ReviewWish, Seen, Severity, SignPapers, Spot, Submission, Whereabouts,
};
use saoy_core::app::progress::Watch;
use saoy_core::isolate::ReaderCommand;
use saoy_core::sign::key::Secret;
use saoy_tests::faults::{Odd, PAPER, odd, rotated, scanned, tone};
use saoy_tests::{Counter, PIN, drawing, program, root};

/// The use cases as the window calls them.
fn app(counter: &Counter) -> App {
    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    App::at(&counter.home(), reader).unwrap()
}

fn loose() -> Spot {
    Spot { desk: LOOSE.into(), place: 0 }
}

fn watched<T>(work: impl FnOnce(&Watch<'_>) -> T) -> T {
    let canceled = AtomicBool::new(false);
    work(&Watch::new(&|_| {}, &canceled))
}

fn import(app: &App, landing: &Landing, files: &[PathBuf]) -> DraftView {
    let report = watched(|watch| app.import(landing, files, watch, &mut || {})).unwrap();
    assert_eq!(report.refused, []);
    app.desk(LOOSE).unwrap()
}

fn page(counter: &Counter, number: u64) -> PathBuf {
    counter.put(&format!("{number}.jpg"), drawing::page(number, 200, 500).jpeg())
}

fn files(draft: &DraftView) -> Vec<&str> {
    draft.pages.iter().map(|page| page.file.as_str()).collect()
}

fn ids(draft: &DraftView) -> Vec<String> {
    draft.pages.iter().map(|page| page.id.clone()).collect()
}

fn kinds(draft: &DraftView, page: usize) -> Vec<(FindingKind, Severity)> {
    draft.pages[page].findings.iter().map(|finding| (finding.kind, finding.severity)).collect()
}

/// Reviews and signs the paper on the desk; what was found on it, and its record, when it was signed.
fn signed(app: &App) -> (Vec<Finding>, CopyView) {
    let session = app.unlock(PIN).unwrap();
    let fields = Fields {
        owner: "001087000001".into(),
        paper_type: "KQ.G15.000031".into(),
        name: "Giấy khai sinh".into(),
        permanent: true,
        ..Fields::default()
    };
    app.set_fields(&loose(), &fields).unwrap();
    let wish = ReviewWish { desk: LOOSE.into(), signer: None, agency: None };
    let view = watched(|watch| app.review(&session, &wish, watch)).unwrap();
    let [paper] = &view.papers[..] else { panic!("{view:?}") };
    assert_eq!(paper.state, ReviewState::Waiting, "{paper:?}");
    let seen = Seen { spot: paper.spot.clone(), picture: paper.picture.clone(), reason: String::new() };
    let wish = SignPapers { papers: vec![seen], pin: Secret::new(PIN.to_owned()) };
    let done = watched(|watch| app.sign_papers(&session, &wish, watch)).unwrap();
    assert_eq!(done.papers[0].state, ReviewState::Signed, "{done:?}");
    (paper.findings.clone(), app.copies().unwrap().remove(0))
}

/// Pages of the only record: file, set aside as blank, why accepted, how often edited.
fn recorded(counter: &Counter) -> Vec<(String, bool, Option<String>, usize)> {
    let db = rusqlite::Connection::open(counter.home().join("counter.db")).unwrap();
    let mut rows = db.prepare("SELECT file, blank, accepted, edits FROM record_page ORDER BY place").unwrap();
    let rows = rows.query_map([], |row| {
        let edits: Vec<Edit> = serde_json::from_str(&row.get::<_, String>(3)?).unwrap();
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, edits.len()))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_page_scanned_again_takes_the_place_of_the_bad_one() {
    let counter = Counter::new();
    let app = app(&counter);
    let draft = import(&app, &loose().into(), &[page(&counter, 1), page(&counter, 2), page(&counter, 3)]);
    let second = Some(draft.pages[1].id.clone());
    let again = Landing { spot: loose(), before: None, replaces: second.clone() };
    let draft = import(&app, &again, &[page(&counter, 4)]);
    assert_eq!(files(&draft), ["1.jpg", "4.jpg", "3.jpg"]);
    let draft = app.undo(LOOSE).unwrap();
    assert_eq!(files(&draft), ["1.jpg", "2.jpg", "3.jpg"], "undo brings the old one back");
    let draft = app.redo(LOOSE).unwrap();
    let before = Landing { spot: loose(), before: Some(draft.pages[0].id.clone()), replaces: None };
    let draft = import(&app, &before, &[page(&counter, 5), page(&counter, 6)]);
    assert_eq!(files(&draft), ["5.jpg", "6.jpg", "1.jpg", "4.jpg", "3.jpg"], "in their order");
    let gone = Landing { spot: loose(), before: second, replaces: None };
    let draft = import(&app, &gone, &[page(&counter, 7)]);
    assert_eq!(files(&draft).last(), Some(&"7.jpg"), "the page is not there any more: nothing is lost");
    counter.is_sound();
}

#[test]
fn the_clerk_comes_back_to_the_same_place() {
    let counter = Counter::new();
    let first = app(&counter);
    assert_eq!(first.whereabouts().unwrap(), None);
    let desk = first.open_desk(None).unwrap().desk;
    let place =
        Whereabouts { desk: desk.clone(), paper: 2, page: Some("p".into()), field: Some("issuer".into()) };
    first.keep_whereabouts(&Whereabouts::default()).unwrap();
    first.keep_whereabouts(&place).unwrap();
    assert_eq!(app(&counter).whereabouts().unwrap(), Some(place), "as another process sees it");
    first.close_desk(&desk, true).unwrap();
    assert_eq!(first.whereabouts().unwrap(), None, "a desk that is gone is no place");
    let long = Whereabouts { desk: "x".repeat(201), ..Whereabouts::default() };
    assert_eq!(first.keep_whereabouts(&long).unwrap_err().kind, ErrorKind::BadWord);
}

#[test]
fn two_passes_through_a_feeder_become_sheets() {
    let counter = Counter::new();
    let app = app(&counter);
    let pages: Vec<PathBuf> = (1..=7).map(|n| page(&counter, n)).collect();
    let draft = import(&app, &loose().into(), &pages);
    let six = &ids(&draft)[1..];
    let draft = app.interleave(LOOSE, six).unwrap();
    assert_eq!(files(&draft), ["1.jpg", "2.jpg", "7.jpg", "3.jpg", "6.jpg", "4.jpg", "5.jpg"]);
    let odd = app.interleave(LOOSE, &ids(&draft)).unwrap();
    assert_eq!(odd.pages, draft.pages, "seven pages are no sheets");
}

#[test]
fn a_page_that_lies_askew_is_made_level_and_the_copy_shows_it() {
    let counter = Counter::new();
    let app = app(&counter);
    let askew = scanned(&rotated(&odd(Odd::Dense, 200, 7), 4.0, PAPER), 200, 85);
    let file = counter.put("nghiêng.jpg", &askew);
    let draft = import(&app, &loose().into(), &[file]);
    assert!(kinds(&draft, 0).contains(&(FindingKind::Skewed, Severity::Warning)), "{:?}", kinds(&draft, 0));
    let pages = ids(&draft);
    let draft = app.mend_pages(LOOSE, &pages, Mend::Straighten).unwrap();
    assert!(kinds(&draft, 0).iter().all(|(kind, _)| *kind != FindingKind::Skewed), "{:?}", kinds(&draft, 0));
    let [Edit::Straighten { mdeg }] = draft.pages[0].edits[..] else { panic!("{:?}", draft.pages[0].edits) };
    assert!((-4_200..=-3_800).contains(&mdeg), "as far as it leans: {mdeg}");
    let crop = Edit::Crop { top: 300, right: 300, bottom: 300, left: 300 };
    let draft = app.edit_pages(LOOSE, &pages, &crop).unwrap();
    let shown = app.page_picture(&pages[0], 800, 0, &draft.pages[0].look).unwrap();
    let plain = app.page_picture(&pages[0], 800, 0, "").unwrap();
    assert_ne!(shown, plain, "the window shows the edited page");
    assert_eq!(app.page_picture(&pages[0], 800, 0, "e1-2").unwrap_err().kind, ErrorKind::NotFound);
    let draft = app.drop_edit(LOOSE, &pages[0], 0).unwrap();
    assert_eq!(draft.pages[0].edits, [crop], "each edit is taken back by itself");
    let _ = app.undo(LOOSE).unwrap();

    let (_, made) = signed(&app);
    assert_eq!(
        recorded(&counter),
        [("nghiêng.jpg".into(), false, None, 2)],
        "what was done to it is recorded"
    );
    let pdf = app.lend_copy(&made.record).unwrap();
    let drawn = Command::new("pdftoppm").args(["-r", "100", "-jpeg"]).arg(&pdf).output().unwrap();
    let copy = counter.put("bản sao.jpg", drawn.stdout);
    let judged = counter.saoy(["judge", copy.to_str().unwrap()]).json;
    let skew = judged["pages"][0]["measures"]["skew_mdeg"].as_i64().unwrap();
    assert!(skew.abs() <= 200, "poppler's picture of the copy is level: {skew}");
    counter.is_sound();
}

#[test]
fn a_pale_page_is_made_clear() {
    let counter = Counter::new();
    let app = app(&counter);
    let mut pale = odd(Odd::Dense, 200, 9);
    tone(&mut pale, |v| 252.0 - (252.0 - v) * 0.11);
    let file = counter.put("nhạt.jpg", scanned(&pale, 200, 90));
    let draft = import(&app, &loose().into(), &[file]);
    let has = |draft: &DraftView| kinds(draft, 0).iter().any(|(kind, _)| *kind == FindingKind::Pale);
    assert!(has(&draft), "{:?}", kinds(&draft, 0));
    let draft = app.mend_pages(LOOSE, &ids(&draft), Mend::Contrast).unwrap();
    assert!(!has(&draft), "{:?}", kinds(&draft, 0));
}

#[test]
fn blank_backs_are_kept_beside_the_copy_and_reasons_are_recorded() {
    let counter = Counter::new();
    let app = app(&counter);
    let blank = counter.put("lưng.jpg", scanned(&odd(Odd::Form, 200, 1), 200, 80));
    let dark = {
        let mut page = odd(Odd::Table, 200, 2);
        tone(&mut page, |v| v * 0.3);
        counter.put("tối.jpg", scanned(&page, 200, 80))
    };
    let draft = import(&app, &loose().into(), &[page(&counter, 1), blank, dark]);
    let pages = ids(&draft);
    assert!(kinds(&draft, 2).contains(&(FindingKind::Dark, Severity::Warning)), "{:?}", kinds(&draft, 2));
    let draft = app.mark_blank(LOOSE, &pages[1..2], true).unwrap();
    assert!(draft.pages[1].blank && draft.pages[1].findings.is_empty());
    let draft = app.accept_pages(LOOSE, &pages[2..], "  Giấy than, bản gốc đã mờ  ").unwrap();
    assert_eq!(draft.pages[2].accepted.as_deref(), Some("Giấy than, bản gốc đã mờ"));
    assert!(
        kinds(&draft, 2).iter().all(|(_, severity)| *severity == Severity::Notice),
        "{:?}",
        kinds(&draft, 2)
    );
    assert_eq!(app.accept_pages(LOOSE, &pages, &"x".repeat(501)).unwrap_err().kind, ErrorKind::BadWord);

    let (found, made) = signed(&app);
    assert!(
        found.iter().all(|finding| finding.severity == Severity::Notice),
        "nothing warns any more: {found:?}"
    );
    assert_eq!(made.pages, 2, "the blank one is no page of the copy");
    let why = Some("Giấy than, bản gốc đã mờ".to_owned());
    assert_eq!(
        recorded(&counter),
        [
            ("1.jpg".into(), false, None, 0),
            ("tối.jpg".into(), false, why, 0),
            ("lưng.jpg".into(), true, None, 0)
        ]
    );
    let told = Command::new("pdfinfo").arg(app.lend_copy(&made.record).unwrap()).output().unwrap();
    assert!(String::from_utf8_lossy(&told.stdout).contains("Pages:           2"));
    assert!(app.desk(LOOSE).unwrap().pages.is_empty());
    counter.is_sound();
    let check = counter.saoy(["check"]).done();
    assert_eq!(check["blobs"], 4, "three originals and the copy are kept");
}

/// A PDF of two pages that poppler wrote.
fn pdf(counter: &Counter, app: &App) -> PathBuf {
    let _ = counter.digitize(&[page(counter, 1), page(counter, 2)]).done();
    let signed = counter.saoy(["list"]).json["records"][0]["record"].as_str().unwrap().to_owned();
    let pdf = counter.desk().join("tài liệu.pdf");
    let drawn =
        Command::new("pdftocairo").arg("-pdf").arg(app.lend_copy(&signed).unwrap()).arg(&pdf).status();
    assert!(drawn.unwrap().success(), "poppler writes a file of its own");
    pdf
}

#[test]
fn single_pages_of_a_pdf_go_where_they_belong() {
    let counter = Counter::new();
    let sample = root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    let app = app(&counter);
    let pdf = pdf(&counter, &app);
    let desk = app.open_desk(None).unwrap();
    let mut request = desk.case.unwrap().request;
    request.procedure = "1.001193".to_owned();
    app.set_request(&desk.desk, &request).unwrap();
    let unsorted = Spot { desk: desk.desk.clone(), place: 0 };
    let report = watched(|watch| app.import(&unsorted.into(), &[pdf], watch, &mut || {})).unwrap();
    assert_eq!(report.added, 2);
    let draft = app.desk(&desk.desk).unwrap();
    let pictures: Vec<Vec<u8>> =
        draft.pages.iter().map(|page| app.page_picture(&page.id, 600, 0, "").unwrap()).collect();
    assert!(pictures[0] != pictures[1] && pictures.iter().all(|picture| picture.starts_with(&[0xFF, 0xD8])));
    let second = Spot { desk: desk.desk.clone(), place: 2 };
    let draft = app.place_pages(&second, &[draft.pages[0].id.clone()]).unwrap();
    let places: Vec<(u32, &str)> = draft.pages.iter().map(|page| (page.place, page.file.as_str())).collect();
    assert_eq!(places.len(), 2);
    assert!(places.contains(&(2, "tài liệu.pdf")) && places.contains(&(0, "tài liệu.pdf")), "{places:?}");
    assert_eq!(draft.case.unwrap().papers[1].pages, 1);
}

#[test]
fn pages_of_a_pdf_are_not_edited() {
    let counter = Counter::new();
    let app = app(&counter);
    let pdf = pdf(&counter, &app);
    let draft = import(&app, &loose().into(), &[pdf]);
    let error = app.mend_pages(LOOSE, &ids(&draft), Mend::Straighten).unwrap_err();
    assert_eq!(error.kind, ErrorKind::PageNotEditable);
    assert_eq!(error.params["file"], "tài liệu.pdf");
}

/// A TIFF of so many small black-and-white pages, each with bars of its own.
fn tiff(pages: u32) -> Vec<u8> {
    const SIDE: u32 = 64;
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for page in 0..pages {
        let bits = file.len() as u32;
        for row in 0..SIDE {
            let shown =
                if row / 4 % 2 == 0 { (page.wrapping_mul(2_654_435_761)) >> (row / 4 % 16) } else { 0 };
            file.extend((u64::from(shown) << 16).to_be_bytes());
        }
        let entry = file.len() as u32;
        file[link..link + 4].copy_from_slice(&entry.to_le_bytes());
        let fields = [
            (256, SIDE),
            (257, SIDE),
            (258, 1),
            (259, 1),
            (262, 0),
            (273, bits),
            (277, 1),
            (278, SIDE),
            (279, SIDE * 8),
        ];
        file.extend((fields.len() as u16).to_le_bytes());
        for (tag, value) in fields {
            file.extend((tag as u16).to_le_bytes());
            file.extend([4, 0, 1, 0, 0, 0]);
            file.extend(value.to_le_bytes());
        }
        link = file.len();
        file.extend([0; 4]);
    }
    file
}

#[test]
fn two_thousand_pages_lie_on_a_desk() {
    let counter = Counter::new();
    let app = app(&counter);
    let stack = counter.put("chồng.tif", tiff(2_000));
    let draft = import(&app, &loose().into(), &[stack]);
    assert_eq!(draft.pages.len(), 2_000);
    let started = Instant::now();
    let draft = app.rotate(LOOSE, &ids(&draft)[1_999..], 1).unwrap();
    let edit = started.elapsed();
    let started = Instant::now();
    for page in draft.pages.iter().step_by(100) {
        assert!(!app.page_picture(&page.id, 240, 0, "").unwrap().is_empty());
    }
    eprintln!("2000 pages: one edit {edit:?}, 20 thumbnails {:?}", started.elapsed());
    assert_eq!(draft.pages[1_999].turns, 1);
    let before = Landing { spot: loose(), before: Some(draft.pages[999].id.clone()), replaces: None };
    let draft = import(&app, &before, &[page(&counter, 1), page(&counter, 2)]);
    assert_eq!((draft.pages.len(), files(&draft)[1_000]), (2_002, "2.jpg"));
    let draft = app.undo(LOOSE).unwrap();
    assert_eq!(draft.pages.len(), 2_000, "one import is one step");
}

#[test]
fn a_program_killed_while_pages_arrive_keeps_those_that_came() {
    let counter = Counter::new();
    let files: Vec<PathBuf> = (1..=8).map(|n| page(&counter, n)).collect();
    let scans = counter.desk().join("hot");
    std::fs::create_dir(&scans).unwrap();
    let settings = counter.home().join("counter.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let own = format!("[hot_folder]\npath = \"{}\"\n", scans.display());
    std::fs::write(&settings, text.replace("[hot_folder]\n", &own)).unwrap();
    for file in &files {
        std::fs::copy(file, scans.join(file.file_name().unwrap())).unwrap();
    }
    let mut arriving =
        counter.command(["hot-folder"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let here = || app(&counter).desk(LOOSE).unwrap().pages.len();
    let deadline = Instant::now() + Duration::from_secs(60);
    while here() < 3 && Instant::now() < deadline {}
    arriving.kill().unwrap();
    arriving.wait().unwrap();
    let kept = here();
    assert!((3..=8).contains(&kept), "{kept}");
    counter.is_sound();
    let rest = counter.saoy(["hot-folder"]).done();
    assert_eq!(rest["added"], 8 - kept as u64, "and the others come in once: {rest}");
    let mut names: Vec<String> =
        app(&counter).desk(LOOSE).unwrap().pages.into_iter().map(|page| page.file).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 8);
}

#[test]
fn another_procedure_is_one_step_and_nothing_typed_is_lost() {
    let counter = Counter::new();
    let sample = root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    let app = app(&counter);
    let draft = app.open_desk(None).unwrap();
    let desk = draft.desk;
    let mut request = draft.case.unwrap().request;
    let mut choose = |procedure: &str| {
        request.procedure = procedure.to_owned();
        app.set_request(&desk, &request).unwrap()
    };
    choose("1.001193");
    let second = Spot { desk: desk.clone(), place: 2 };
    let fields = Fields { number: "45/2026".into(), ..Fields::default() };
    app.set_fields(&second, &fields).unwrap();
    let _ = import(&app, &second.into(), &[page(&counter, 1)]);
    let lies = |draft: DraftView| {
        let case = draft.case.unwrap();
        let typed = case.papers.iter().find(|one| one.paper.place == 2).map(|one| one.fields.number.clone());
        (case.request.procedure, draft.pages[0].place, typed.unwrap())
    };
    let known = |procedure: &str, place, number: &str| (procedure.to_owned(), place, number.to_owned());
    let [first, other] = [known("1.001193", 2, "45/2026"), known("1.000894", 0, "")];
    assert_eq!(lies(app.desk(&desk).unwrap()), first);
    assert_eq!(lies(choose("1.000894")), other, "none of it belongs to a paper of the other procedure");
    assert_eq!(lies(app.undo(&desk).unwrap()), first, "procedure, papers and what was typed go together");
    assert_eq!(lies(app.redo(&desk).unwrap()), other);
    assert_eq!(lies(choose("1.001193")), known("1.001193", 0, "45/2026"), "what was typed waited");

    request.owner.kind = Some(PartyKind::Citizen);
    (request.owner.number, request.owner.name) = ("001087000001".into(), "Nguyễn Văn An".into());
    let before = app.set_request(&desk, &request).unwrap();
    let received = app.receive_desk(&app.unlock(PIN).unwrap(), &desk).unwrap();
    assert!(before.can_undo && !received.can_undo, "no step leads back behind the reception");
}

#[test]
fn a_dossier_handed_over_leaves_its_desk_and_loses_no_page_that_lands_meanwhile() {
    let counter = Counter::new();
    let sample = root().join("assets/samples/procedures.json");
    let _ = counter.saoy(["catalogue", "import", sample.to_str().unwrap()]).done();
    let app = app(&counter);
    let session = app.unlock(PIN).unwrap();
    let received = || {
        let draft = app.open_desk(None).unwrap();
        let mut request = draft.case.unwrap().request;
        request.procedure = "1.001193".to_owned();
        request.owner.kind = Some(PartyKind::Citizen);
        (request.owner.number, request.owner.name) = ("001087000001".into(), "Nguyễn Văn An".into());
        let draft = app.set_request(&draft.desk, &request).unwrap();
        // What was typed about a paper that is not copied in the end, and about one of another procedure.
        let fields = Fields { number: "45/2026".into(), ..Fields::default() };
        app.set_fields(&Spot { desk: draft.desk.clone(), place: 1 }, &fields).unwrap();
        request.procedure = "1.000894".to_owned();
        app.set_request(&draft.desk, &request).unwrap();
        request.procedure = "1.001193".to_owned();
        let draft = app.set_request(&draft.desk, &request).unwrap();
        for paper in draft.case.unwrap().papers {
            let place = paper.paper.place;
            let submission = Some(Submission::Photocopy);
            let wish = PaperWish { place, submission, record: None, count: None, note: None };
            app.decide_paper(None, &draft.desk, &wish).unwrap();
        }
        app.receive_desk(&session, &draft.desk).unwrap()
    };
    let lies = |desk: &str| app.desks().unwrap().iter().any(|line| line.desk == desk);

    let desk = received().desk;
    let landed = Landing::from(Spot { desk: desk.clone(), place: 0 });
    let _ = import(&app, &landed, &[page(&counter, 1)]);
    let early = app.forward_desk(&session, &desk, "Phòng Tư pháp", None).unwrap_err();
    assert_eq!(early.kind, ErrorKind::PagesLeft);
    let draft = app.desk(&desk).unwrap();
    app.delete_pages(&desk, &ids(&draft)).unwrap();
    app.forward_desk(&session, &desk, "Phòng Tư pháp", None).unwrap();
    assert!(!lies(&desk), "what is handed over is in nobody's way");

    // A page lands between the handover and the clearing of the desk.
    let draft = received();
    let (desk, dossier) = (draft.desk, draft.case.unwrap().dossier.unwrap().dossier);
    app.forward(&session, &dossier, "Phòng Tư pháp", None, None).unwrap();
    let _ = import(&app, &Landing::from(Spot { desk: desk.clone(), place: 0 }), &[page(&counter, 2)]);
    assert_eq!(app.close_desk(&desk, false).unwrap_err().kind, ErrorKind::DeskNotEmpty);
    assert_eq!(files(&app.desk(&desk).unwrap()), ["2.jpg"]);
    counter.is_sound();
}

#[test]
fn a_desk_with_what_was_typed_is_closed_only_when_the_clerk_says_so() {
    let counter = Counter::new();
    let app = app(&counter);
    let desk = app.open_desk(None).unwrap().desk;
    app.close_desk(&desk, false).unwrap();
    let desk = app.open_desk(None).unwrap().desk;
    let fields = Fields { number: "45/2026".into(), ..Fields::default() };
    app.set_fields(&Spot { desk: desk.clone(), place: 1 }, &fields).unwrap();
    assert_eq!(app.close_desk(&desk, false).unwrap_err().kind, ErrorKind::DeskNotEmpty);
    app.close_desk(&desk, true).unwrap();
    assert!(app.desks().unwrap().iter().all(|line| line.desk != desk));
}

#[test]
fn pictures_of_pages_that_were_thrown_away_go_with_them() {
    let counter = Counter::new();
    let app = app(&counter);
    let desk = app.open_desk(None).unwrap().desk;
    let _ = import(&app, &Landing::from(Spot { desk: desk.clone(), place: 0 }), &[page(&counter, 1)]);
    let id = ids(&app.desk(&desk).unwrap()).remove(0);
    app.page_picture(&id, 900, 0, "").unwrap();
    let derived = || std::fs::read_dir(counter.home().join("derived")).unwrap().count();
    assert_eq!(derived(), 1);
    app.close_desk(&desk, true).unwrap();
    assert_eq!(derived(), 0, "nobody finds a citizen's paper here any more");
    // A crash may leave some: they go when the counter is next opened alone.
    std::fs::create_dir(counter.home().join("derived").join("ab".repeat(32))).unwrap();
    counter.is_sound();
    assert_eq!(derived(), 0);
}
