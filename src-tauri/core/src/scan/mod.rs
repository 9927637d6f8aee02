//! Scanners: those that SANE drives, through its program `scanimage` as a child process, so that a driver
//! that crashes takes nothing along; and those of the network that speak eSCL ([`escl`]). Pages become
//! whole files in a folder, or nothing; a fault is told by its kind. Knows neither desks nor stores.

pub mod escl;
mod options;

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use options::Options;

/// How a button scans. The administrator writes profiles into `counter.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name, as shown and asked for.
    pub name: String,
    /// SANE's name of the device, as `scanimage -L` lists it; or the address of a network scanner that
    /// speaks eSCL, `http://…/eSCL`.
    pub device: String,
    /// Resolution, dpi; at least 200 (Decree 30/2020, Annex I).
    #[serde(default = "usual_dpi")]
    pub dpi: u32,
    /// Colour or grey.
    #[serde(default)]
    pub colour: Shade,
    /// Where the paper lies.
    #[serde(default)]
    pub source: Source,
    /// Which sides of each sheet.
    #[serde(default)]
    pub sides: Sides,
    /// Longest wait for one page, seconds.
    #[serde(default = "usual_patience")]
    pub max_seconds: u64,
}

fn usual_dpi() -> u32 {
    300
}

fn usual_patience() -> u64 {
    120
}

/// What the scanner sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Shade {
    /// Colour, as the law asks for.
    #[default]
    Colour,
    /// Shades of grey.
    Grey,
}

/// Where the paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, ts(rename = "ScanSource"))]
pub enum Source {
    /// On the glass: one page.
    #[default]
    Flatbed,
    /// In the feeder: until it is empty.
    Feeder,
}

/// Which sides of a sheet are scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Sides {
    /// The front.
    #[default]
    One,
    /// Both, by a feeder that sees both.
    Both,
    /// Both, by feeding the stack twice: the fronts, then, turned over, the backs.
    Manual,
}

/// Least resolution, dpi. Decree 30/2020, Annex I.
const LEAST_DPI: u32 = 200;
/// Most a profile may ask for, dpi.
const MOST_DPI: u32 = 1_200;
/// Most sheets of one feeding.
const MOST_PAGES: usize = 2_000;
/// How long a child that was asked to stop may take to leave the scanner in order.
const GRACE: Duration = Duration::from_secs(3);
/// How often it is asked whether to go on.
const PACE: Duration = Duration::from_millis(100);

impl Profile {
    /// The scanner speaks eSCL; else SANE drives it.
    #[must_use]
    pub fn is_escl(&self) -> bool {
        self.device.starts_with("http://")
    }

    /// What is wrong with it, as the name of the key.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        // A device that begins with a dash would be an option of the program.
        let bad_device = self.device.is_empty() || self.device.starts_with('-');
        match self {
            _ if self.name.trim().is_empty() => Some("name"),
            _ if bad_device => Some("device"),
            _ if !(LEAST_DPI..=MOST_DPI).contains(&self.dpi) => Some("dpi"),
            _ if self.sides != Sides::One && self.source == Source::Flatbed => Some("sides"),
            _ if self.max_seconds == 0 => Some("max_seconds"),
            _ => None,
        }
    }
}

/// Why there are no (more) pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ScanError {
    /// `scanimage` is not installed.
    #[error("missing")]
    Missing,
    /// No such device, unplugged, or it does not answer as it should.
    #[error("gone: {0}")]
    Gone(String),
    /// Another program uses it.
    #[error("busy")]
    Busy,
    /// The paper is jammed.
    #[error("jammed")]
    Jammed,
    /// There is no paper in the feeder.
    #[error("empty")]
    Empty,
    /// The cover is open.
    #[error("open")]
    Open,
    /// It has no such resolution, colour, feeder; or access is denied.
    #[error("refused: {0}")]
    Refused(String),
    /// It gave no page in time.
    #[error("silent for {0} s")]
    Silent(u64),
    /// The clerk stopped it.
    #[error("canceled")]
    Canceled,
    /// The disk.
    #[error("{0}")]
    Disk(String),
}

impl From<io::Error> for ScanError {
    fn from(error: io::Error) -> Self {
        Self::Disk(error.to_string())
    }
}

/// A device SANE sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// SANE's name of it, for a profile.
    pub device: String,
    /// Maker and model.
    pub name: String,
}

/// How long devices are looked for, seconds.
const LOOKING: u64 = 60;

/// The devices SANE sees.
///
/// # Errors
/// [`ScanError`].
pub fn devices(stop: &dyn Fn() -> bool) -> Result<Vec<Device>, ScanError> {
    let mut command = crate::child("scanimage");
    command.args(["-f", "%d\t%v %m%n"]).env("LC_ALL", "C").stdin(Stdio::null());
    let told = finished(&mut command, LOOKING, stop)?;
    let lines = String::from_utf8_lossy(&told.stdout);
    let devices = lines.lines().filter_map(|line| line.split_once('\t'));
    Ok(devices.map(|(device, name)| Device { device: device.into(), name: name.trim().into() }).collect())
}

/// Scans into `folder`, which must be empty and is the caller's: `page` is called for each page that
/// is whole, with its file. `stop` is asked ten times a second.
///
/// # Errors
/// [`ScanError`]; pages told before it are whole, and nothing else is in the folder.
pub fn scan(
    profile: &Profile,
    folder: &Path,
    stop: &dyn Fn() -> bool,
    page: &mut dyn FnMut(PathBuf) -> io::Result<()>,
) -> Result<(), ScanError> {
    let told = finished(base(profile).arg("-A"), profile.max_seconds, stop)?;
    if !told.status.success() {
        return Err(fault(told.status.code(), &String::from_utf8_lossy(&told.stderr)));
    }
    let options = Options::read(&String::from_utf8_lossy(&told.stdout));
    let mut command = base(profile);
    command.args(options.arguments(profile).map_err(|what| ScanError::Refused(what.to_owned()))?);
    command.args(["--format=jpeg", "--batch-print"]);
    command.arg(format!("--batch={}", folder.join("quet-%05d.jpg").display()));
    let most = if profile.source == Source::Flatbed { 1 } else { MOST_PAGES };
    command.arg(format!("--batch-count={most}"));
    let made = pages(command, profile.max_seconds, stop, page);
    for entry in fs::read_dir(folder)? {
        // Whatever was not told as whole is not.
        fs::remove_file(entry?.path())?;
    }
    made
}

fn base(profile: &Profile) -> Command {
    let mut command = crate::child("scanimage");
    command.arg("-d").arg(&profile.device);
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

fn start(command: &mut Command) -> Result<Child, ScanError> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => ScanError::Missing,
        _ => e.into(),
    })
}

/// Runs a child to its end.
fn finished(command: &mut Command, seconds: u64, stop: &dyn Fn() -> bool) -> Result<Output, ScanError> {
    let mut child = Stopped(start(command)?);
    let (mut out, mut err) = (child.0.stdout.take(), child.0.stderr.take());
    let reads = |pipe: &mut Option<_>| -> Vec<u8> { read_all(pipe.take()) };
    let deadline = Instant::now() + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        let stdout = scope.spawn(move || out.as_mut().map(|pipe| read_all(Some(pipe))).unwrap_or_default());
        let stderr = scope.spawn(move || reads(&mut err));
        let status = loop {
            match child.0.try_wait()? {
                Some(status) => break Ok(status),
                None if stop() => break Err(ScanError::Canceled),
                None if Instant::now() > deadline => break Err(ScanError::Silent(seconds)),
                None => std::thread::sleep(PACE / 4),
            }
        };
        if status.is_err() {
            child.end();
        }
        let (stdout, stderr) = (stdout.join().unwrap_or_default(), stderr.join().unwrap_or_default());
        Ok(Output { status: status?, stdout, stderr })
    })
}

fn read_all(pipe: Option<impl io::Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What breaks off is judged by the exit code.
        _ = pipe.take(1 << 20).read_to_end(&mut bytes);
    }
    bytes
}

/// Runs the scanning child; each line it prints is a page that is whole.
fn pages(
    mut command: Command,
    seconds: u64,
    stop: &dyn Fn() -> bool,
    page: &mut dyn FnMut(PathBuf) -> io::Result<()>,
) -> Result<(), ScanError> {
    let mut child = Stopped(start(&mut command)?);
    let (out, mut err) = (child.0.stdout.take(), child.0.stderr.take());
    let (sender, lines) = channel();
    let listener = std::thread::spawn(move || {
        for line in out.into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let complaints = std::thread::spawn(move || read_all(err.take()));
    let mut deadline = Instant::now() + Duration::from_secs(seconds);
    let mut count = 0;
    let ended = loop {
        match lines.recv_timeout(PACE) {
            Ok(line) => {
                count += 1;
                deadline = Instant::now() + Duration::from_secs(seconds);
                if let Err(e) = page(PathBuf::from(line)) {
                    break Err(e.into());
                }
            }
            Err(RecvTimeoutError::Disconnected) => break Ok(()),
            Err(RecvTimeoutError::Timeout) if stop() => break Err(ScanError::Canceled),
            Err(RecvTimeoutError::Timeout) if Instant::now() > deadline => {
                break Err(ScanError::Silent(seconds));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    if ended.is_err() {
        child.end();
    }
    let status = child.0.wait()?;
    drop(lines);
    _ = listener.join();
    let complaints = complaints.join().unwrap_or_default();
    ended?;
    match (status.code(), count) {
        (Some(0), 1..) => Ok(()),
        // An empty feeder ends a batch; it is a fault only when nothing came out of it.
        (Some(EMPTY), 1..) => Ok(()),
        (Some(0), 0) => Err(ScanError::Empty),
        (code, _) => Err(fault(code, &String::from_utf8_lossy(&complaints))),
    }
}

/// SANE's status for an empty feeder, which is also the exit code (SANE Standard 1.06, 4.2.7).
const EMPTY: i32 = 7;

/// What an exit code says; SANE's status where it is one, else the words.
fn fault(code: Option<i32>, words: &str) -> ScanError {
    let said = words.lines().rev().find(|line| line.starts_with("scanimage:")).unwrap_or_default();
    let said: String = said.trim_start_matches("scanimage:").trim().chars().take(120).collect();
    let has = |word: &str| words.contains(word);
    match code {
        Some(3) => ScanError::Busy,
        Some(6) => ScanError::Jammed,
        Some(EMPTY) => ScanError::Empty,
        Some(8) => ScanError::Open,
        Some(1) if has("Device busy") => ScanError::Busy,
        Some(1) if has("Access to resource has been denied") => ScanError::Refused(said),
        Some(1) => ScanError::Gone(said),
        Some(4 | 10 | 11) => ScanError::Refused(said),
        _ => ScanError::Gone(said),
    }
}

/// A child that does not outlive its use.
struct Stopped(Child);

impl Stopped {
    /// Asks it to leave the scanner in order, and ends it when it does not.
    fn end(&mut self) {
        #[cfg(unix)]
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // It may be gone already.
            _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
        }
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline && matches!(self.0.try_wait(), Ok(None)) {
            std::thread::sleep(PACE / 4);
        }
        _ = self.0.kill();
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // Both only fail when it is gone already.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        Profile {
            name: "Màu".into(),
            device: "test:0".into(),
            dpi: 300,
            colour: Shade::Colour,
            source: Source::Flatbed,
            sides: Sides::One,
            max_seconds: 5,
        }
    }

    #[test]
    fn a_profile_that_breaks_the_law_or_the_machine_is_named() {
        assert_eq!(profile().fault(), None);
        assert_eq!(Profile { dpi: 150, ..profile() }.fault(), Some("dpi"), "200 dpi at least");
        assert_eq!(Profile { device: "--help".into(), ..profile() }.fault(), Some("device"));
        assert_eq!(Profile { sides: Sides::Both, ..profile() }.fault(), Some("sides"), "glass has one side");
        let read: Profile = toml::from_str("name = \"Màu\"\ndevice = \"test:0\"").unwrap();
        assert_eq!((read.dpi, read.colour, read.source), (300, Shade::Colour, Source::Flatbed));
    }

    #[test]
    fn exit_codes_are_told_apart() {
        assert_eq!(fault(Some(6), ""), ScanError::Jammed);
        assert_eq!(fault(Some(8), ""), ScanError::Open);
        assert_eq!(fault(Some(1), "scanimage: open of device x failed: Device busy"), ScanError::Busy);
        let gone = "scanimage: open of device test:9 failed: Invalid argument";
        assert_eq!(
            fault(Some(1), gone),
            ScanError::Gone("open of device test:9 failed: Invalid argument".into())
        );
        assert_eq!(fault(None, ""), ScanError::Gone(String::new()), "killed by somebody else");
    }
}
