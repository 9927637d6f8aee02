//! A morning's papers: fifty of two pages each, on one dossier's desk, prepared, signed by the local key,
//! read again, verified and kept, as the window does it. `make bench` runs it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that cannot go on should stop loudly"
)]

mod shared;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use criterion::{BatchSize, Criterion};
use saoy_core::app::App;
use saoy_core::app::catalogue::CatalogueWish;
use saoy_core::app::contract::{
    Landing, ReviewState, ReviewWish, Seen, SetUp, SignPapers, SignerChoice, Spot, Submission,
};
use saoy_core::app::contract::{PaperWish, Party, Reception, Request};
use saoy_core::app::progress::Watch;
use saoy_core::app::session::Session;
use saoy_core::app::settings::Settings;
use saoy_core::isolate::{self, ReaderCommand};
use saoy_core::sign::key::Secret;
use saoy_core::time::{Clock, Timestamp};

const PAPERS: u32 = 50;
const PIN: &str = "24681357";
/// As the first argument it makes this program the isolated reader.
const READER: &str = "saoy-reader";

/// The standing clock with dice of its own: ids differ.
#[derive(Default)]
struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        shared::Standing.now()
    }

    fn random(&self, buffer: &mut [u8]) -> io::Result<()> {
        for byte in buffer {
            *byte = (self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed) >> 56) as u8;
        }
        Ok(())
    }
}

fn app(home: &Path) -> App {
    let reader = ReaderCommand { program: std::env::current_exe().unwrap(), arguments: vec![READER.into()] };
    App::with_clock(home, Settings::default(), reader, Arc::new(Ticking::default()))
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// A counter with a received dossier, two scans on each of its papers.
fn laid(home: &Path, scans: &Path) -> String {
    let app = app(home);
    let wish = SetUp {
        office: "H56.14".into(),
        office_name: "UBND xã Thử Nghiệm".into(),
        clerk: "Nguyễn Thị Lan".into(),
        pin: secret(PIN),
        training: false,
    };
    app.set_up(&wish).unwrap();
    let session = app.unlock(PIN).unwrap();
    let rows: Vec<String> =
        (1..=PAPERS).map(|n| format!("9.000001;Thủ tục thử;Thử;9.000001.{n:02};Giấy {n};x")).collect();
    let file = scans.join("thu-tuc.csv");
    fs::write(&file, format!("code;name;field;paper_code;paper_name;required\n{}\n", rows.join("\n")))
        .unwrap();
    app.import_catalogue(&session, &CatalogueWish { file: &file, effective_from: None }).unwrap();
    let papers = (1..=PAPERS)
        .map(|place| PaperWish {
            place,
            submission: Some(Submission::Original),
            record: None,
            count: None,
            note: None,
        })
        .collect();
    let owner = Party { number: "001087000001".into(), name: "Nguyễn Văn An".into(), ..Party::default() };
    let request = Request { procedure: "9.000001".into(), owner, sets: 1, ..Request::default() };
    let received = app.receive(&session, &Reception { request, papers, code: None }).unwrap();
    let desk = app.open_desk(Some(&received.dossier)).unwrap().desk;
    let canceled = AtomicBool::new(false);
    for place in 1..=PAPERS {
        let files: Vec<PathBuf> = (0..2)
            .map(|side| {
                let file = scans.join(format!("{place}-{side}.jpg"));
                fs::write(&file, shared::scan(200, place * 2 + side)).unwrap();
                file
            })
            .collect();
        let spot = Spot { desk: desk.clone(), place };
        app.import(&Landing::from(spot), &files, &Watch::new(&|_| {}, &canceled), &mut || {}).unwrap();
    }
    desk
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn prepare(app: &App, session: &Session, desk: &str) -> Vec<Seen> {
    let canceled = AtomicBool::new(false);
    let wish = ReviewWish { desk: desk.to_owned(), signer: Some(SignerChoice::default()), agency: None };
    let view = app.review(session, &wish, &Watch::new(&|_| {}, &canceled)).unwrap();
    assert_eq!(view.papers.len(), PAPERS as usize);
    view.papers
        .into_iter()
        .map(|one| Seen { spot: one.spot, picture: one.picture, reason: String::new() })
        .collect()
}

fn sign(app: &App, session: &Session, papers: Vec<Seen>) {
    let canceled = AtomicBool::new(false);
    let wish = SignPapers { papers, pin: secret(PIN) };
    let view = app.sign_papers(session, &wish, &Watch::new(&|_| {}, &canceled)).unwrap();
    assert!(view.papers.iter().all(|paper| paper.state == ReviewState::Signed));
}

fn batch(bench: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("home");
    let desk = laid(&template, folder.path());
    let number = AtomicU64::new(0);
    let fresh = || {
        let home = folder.path().join(number.fetch_add(1, Ordering::Relaxed).to_string());
        copied(&template, &home);
        let app = app(&home);
        let session = app.unlock(PIN).unwrap();
        app.warm_readers().unwrap();
        (app, session)
    };
    let mut group = bench.benchmark_group("fifty papers of two pages");
    group.sample_size(10);
    group.bench_function("prepared", |b| {
        b.iter_batched(fresh, |(app, session)| prepare(&app, &session, &desk), BatchSize::PerIteration);
    });
    group.bench_function("signed, verified and kept", |b| {
        let ready = || {
            let (app, session) = fresh();
            let papers = prepare(&app, &session, &desk);
            (app, session, papers)
        };
        b.iter_batched(ready, |(app, session, papers)| sign(&app, &session, papers), BatchSize::PerIteration);
    });
    group.finish();
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some(READER) {
        isolate::serve(&mut io::stdin().lock(), &mut io::stdout()).unwrap();
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    batch(&mut criterion);
    criterion.final_summary();
}
