//! Fifty colour A4 pages at 300 dpi land on a desk: judged, thumbnailed, synced. How soon the first shows,
//! how soon all lie there, and how much memory program and readers hold together at most.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on should stop loudly; it prints"
)]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use saoy_core::app::App;
use saoy_core::app::contract::{LOOSE, Landing, Spot};
use saoy_core::app::progress::Watch;
use saoy_core::isolate::ReaderCommand;
use saoy_tests::{Counter, drawing, program};

const PAGES: u64 = 50;

/// Proportional set size of a process and all it started, kB.
fn held(process: u32) -> u64 {
    let own = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let pss = own.lines().find_map(|line| line.strip_prefix("Pss:"));
    let own: u64 = pss.and_then(|text| text.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or(0);
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let children = tasks.flat_map(|task| {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        children.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()
    });
    own + children.map(held).sum::<u64>()
}

fn main() {
    // `cargo test --benches` asks only whether it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let counter = Counter::new();
    let files: Vec<PathBuf> =
        (0..PAGES).map(|n| counter.put(&format!("{n:02}.jpg"), drawing::page(n, 300, 42).jpeg())).collect();
    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    let app = App::at(&counter.home(), reader).unwrap();
    app.warm_readers().unwrap();
    let landing = Landing::from(Spot { desk: LOOSE.into(), place: 0 });
    let (over, most) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                most.fetch_max(held(std::process::id()), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        for round in 1..=3 {
            let go_on = AtomicBool::new(false);
            let started = Instant::now();
            let mut first = None;
            let landed = &mut || _ = first.get_or_insert_with(|| started.elapsed());
            let report = app.import(&landing, &files, &Watch::new(&|_| {}, &go_on), landed).unwrap();
            assert_eq!(u64::from(report.added), PAGES);
            println!(
                "round {round}: first page after {:.0} ms, all {PAGES} after {:.2} s",
                first.unwrap().as_secs_f64() * 1000.0,
                started.elapsed().as_secs_f64()
            );
            app.close_desk(LOOSE, true).unwrap();
        }
        over.store(true, Ordering::Relaxed);
    });
    println!("at most {} MB held by program and readers", most.load(Ordering::Relaxed) / 1024);
}
