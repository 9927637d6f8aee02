//! The hot folder: files that arrive slowly, half-written, renamed, or vanish again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use saoy_core::app::App;
use saoy_core::app::contract::LOOSE;
use saoy_core::isolate::ReaderCommand;
use saoy_tests::{Counter, drawing, program};

fn counter(after: &str) -> (Counter, PathBuf) {
    let counter = Counter::new();
    let folder = counter.desk().join("máy quét");
    fs::create_dir(&folder).unwrap();
    let settings = counter.home().join("counter.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let own = format!("[hot_folder]\npath = \"{}\"\nafter = \"{after}\"\n", folder.display());
    fs::write(&settings, text.replace("[hot_folder]\n", &own)).unwrap();
    (counter, folder)
}

fn on_the_desk(counter: &Counter) -> Vec<String> {
    let reader = ReaderCommand { program: program("saoy"), arguments: vec!["reader".into()] };
    let app = App::at(&counter.home(), reader).unwrap();
    app.desk(LOOSE).unwrap().pages.into_iter().map(|page| page.file).collect()
}

fn page(number: u64) -> Vec<u8> {
    drawing::page(number, 200, 500).jpeg()
}

#[test]
fn a_file_comes_in_once_and_is_left_where_it_lies() {
    let (counter, folder) = counter("leave");
    fs::write(folder.join("a.jpg"), page(1)).unwrap();
    fs::write(folder.join(".b.jpg"), page(2)).unwrap();
    fs::write(folder.join("c.jpg.part"), page(3)).unwrap();
    fs::create_dir(folder.join("d.jpg")).unwrap();
    std::os::unix::fs::symlink(counter.put("e.jpg", page(5)), folder.join("e.jpg")).unwrap();
    assert_eq!(counter.saoy(["hot-folder"]).done()["added"], 1);
    assert_eq!(counter.saoy(["hot-folder"]).done()["added"], 0, "it came in already");
    assert_eq!(on_the_desk(&counter), ["a.jpg"]);
    assert!(folder.join("a.jpg").exists());
    fs::rename(folder.join("c.jpg.part"), folder.join("c.jpg")).unwrap();
    fs::write(folder.join("a.jpg"), page(4)).unwrap();
    assert_eq!(counter.saoy(["hot-folder"]).done()["added"], 2, "renamed, and another page of the same name");
    counter.is_sound();
}

#[test]
fn a_file_that_came_in_is_moved_aside() {
    let (counter, folder) = counter("move");
    for number in [1, 2] {
        fs::write(folder.join("a.jpg"), page(number)).unwrap();
        assert_eq!(counter.saoy(["hot-folder"]).done()["added"], 1);
        assert!(!folder.join("a.jpg").exists());
    }
    let taken: Vec<Vec<u8>> = ["a.jpg", "2-a.jpg"]
        .iter()
        .map(|name| fs::read(folder.join("da-nhan").join(name)).unwrap())
        .collect();
    assert_eq!(taken, [page(1), page(2)], "neither is written over");
    counter.is_sound();
}

#[test]
fn a_slow_file_is_waited_for_and_one_that_vanishes_is_not() {
    let (counter, folder) = counter("leave");
    let bytes = page(5);
    let mut slow = File::create(folder.join("chậm.jpg")).unwrap();
    slow.write_all(&bytes[..1_000]).unwrap();
    fs::write(folder.join("biến mất.jpg"), &bytes[..2_000]).unwrap();
    let writer = std::thread::spawn(move || {
        for part in bytes[1_000..].chunks(bytes.len() / 4) {
            std::thread::sleep(Duration::from_millis(700));
            slow.write_all(part).unwrap();
            slow.flush().unwrap();
        }
    });
    let gone = folder.join("biến mất.jpg");
    let vanishing = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(900));
        fs::remove_file(gone).unwrap();
    });
    let report = counter.saoy(["hot-folder"]).done();
    writer.join().unwrap();
    vanishing.join().unwrap();
    assert_eq!(report["added"], 1, "{report}");
    assert_eq!(on_the_desk(&counter), ["chậm.jpg"], "whole, and only once");
    counter.is_sound();
}

#[test]
fn a_file_that_stays_half_written_is_refused_and_stays() {
    let (counter, folder) = counter("move");
    let bytes = page(6);
    fs::write(folder.join("nửa.jpg"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(folder.join("đủ.jpg"), &bytes).unwrap();
    let answer = counter.saoy(["hot-folder"]);
    assert_eq!(answer.code, 2, "{}", answer.stdout);
    assert_eq!(answer.json["added"], 1);
    assert_eq!(answer.json["refused"][0]["file"], "nửa.jpg");
    assert_eq!(answer.json["refused"][0]["kind"], "damaged");
    assert!(folder.join("nửa.jpg").exists(), "it is nobody's to take away");
    fs::write(folder.join("nửa.jpg"), &bytes).unwrap();
    assert_eq!(counter.saoy(["hot-folder"]).done()["added"], 1, "once it is whole it comes in");
}

#[test]
fn a_folder_that_is_gone_is_told() {
    let (counter, folder) = counter("leave");
    fs::remove_dir(&folder).unwrap();
    let answer = counter.saoy(["hot-folder"]);
    assert_eq!((answer.code, answer.error()), (2, "hot_folder_lost"));
}
