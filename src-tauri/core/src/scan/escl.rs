//! Scanners of the network that speak eSCL (Mopria eSCL 2.9) over HTTP: status, a job, its pages, its end.
//! What a device answers is foreign: this runs in the isolated reader.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use roxmltree::{Document, Node};
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::{Agent, Body};

use super::{MOST_PAGES, Profile, ScanError, Shade, Sides, Source};

/// Units of lengths, an inch.
const UNIT: f64 = 300.0;
/// A4, mm.
const SHEET: (f64, f64) = (210.0, 297.0);
/// Most of an answer that is text, bytes.
const MOST_TEXT: u64 = 1 << 20;
/// How long is waited before a page that is not ready is asked for again.
const AGAIN: Duration = Duration::from_millis(500);
/// How often it is asked whether to go on.
const PACE: Duration = Duration::from_millis(100);

/// What an input of the scanner can do.
#[derive(Debug, PartialEq)]
struct Input {
    /// Widest and longest scan, units.
    most: (u32, u32),
    colours: Vec<String>,
    resolutions: Vec<u32>,
    /// From and to, where it takes any.
    range: Option<(u32, u32)>,
}

/// Scans into `folder`: `page` is called for each page that is whole, with its file. `stop` is asked ten
/// times a second; a page may be at most `most_bytes` large.
///
/// # Errors
/// [`ScanError`]; pages told before it are whole.
pub fn scan(
    profile: &Profile,
    folder: &Path,
    most_bytes: u64,
    stop: &(dyn Fn() -> bool + Sync),
    page: &mut dyn FnMut(PathBuf) -> io::Result<()>,
) -> Result<(), ScanError> {
    let scanner = Scanner::at(profile)?;
    let feeder = profile.source == Source::Feeder;
    scanner.ready(feeder)?;
    let settings = settings(profile, &scanner.text("ScannerCapabilities")?)?;
    let job = scanner.start(&settings)?;
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // A page that is being waited for comes to its end when its job is deleted.
            while !ended.load(Ordering::Relaxed) {
                if stop() {
                    scanner.delete(&job);
                    return;
                }
                std::thread::sleep(PACE);
            }
        });
        let made = scanner.pages(&job, folder, most_bytes, stop, page);
        ended.store(true, Ordering::Relaxed);
        if made.is_err() && !stop() {
            scanner.delete(&job);
        }
        made
    })
}

struct Scanner<'a> {
    agent: Agent,
    profile: &'a Profile,
    base: &'a str,
}

impl<'a> Scanner<'a> {
    fn at(profile: &'a Profile) -> Result<Self, ScanError> {
        let wait = Duration::from_secs(profile.max_seconds);
        let config =
            Agent::config_builder().timeout_global(Some(wait)).http_status_as_error(false).max_redirects(0);
        Ok(Self { agent: config.build().into(), profile, base: profile.device.trim_end_matches('/') })
    }

    fn get(&self, address: &str) -> Result<Response<Body>, ScanError> {
        self.agent.get(address).call().map_err(|e| self.gone(&e))
    }

    fn gone(&self, error: &ureq::Error) -> ScanError {
        match error {
            ureq::Error::Timeout(_) => ScanError::Silent(self.profile.max_seconds),
            other => ScanError::Gone(short(&other.to_string())),
        }
    }

    /// An answer in XML.
    fn text(&self, name: &str) -> Result<String, ScanError> {
        let mut answer = self.get(&format!("{}/{name}", self.base))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(ScanError::Refused(name.into())),
            status => return Err(ScanError::Gone(format!("{name}: {status}"))),
        }
        let read = answer.body_mut().with_config().limit(MOST_TEXT).read_to_string();
        read.map_err(|e| self.gone(&e))
    }

    /// The scanner is idle, and there is paper where it is to come from.
    fn ready(&self, feeder: bool) -> Result<(), ScanError> {
        let text = self.text("ScannerStatus")?;
        let status = parsed(&text)?;
        let word = |name: &str| first(status.root(), name).unwrap_or_default();
        match word("AdfState") {
            _ if !feeder => {}
            "ScannerAdfEmpty" => return Err(ScanError::Empty),
            "ScannerAdfJam" | "ScannerAdfMispick" => return Err(ScanError::Jammed),
            "ScannerAdfHatchOpen" => return Err(ScanError::Open),
            _ => {}
        }
        match word("State") {
            "Idle" => Ok(()),
            "Stopped" => Err(ScanError::Gone("Stopped".into())),
            _ => Err(ScanError::Busy),
        }
    }

    /// Starts a job; its path on the scanner.
    fn start(&self, settings: &str) -> Result<String, ScanError> {
        let post = self.agent.post(format!("{}/ScanJobs", self.base)).header("Content-Type", "text/xml");
        let answer = post.send(settings).map_err(|e| self.gone(&e))?;
        match answer.status() {
            StatusCode::CREATED => {}
            StatusCode::SERVICE_UNAVAILABLE => return Err(ScanError::Busy),
            StatusCode::CONFLICT | StatusCode::BAD_REQUEST => {
                return Err(ScanError::Refused("ScanJobs".into()));
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(ScanError::Refused("ScanJobs".into()));
            }
            status => return Err(ScanError::Gone(format!("ScanJobs: {status}"))),
        }
        let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let no_job = || ScanError::Gone("ScanJobs: no Location".into());
        let location: Uri = location.ok_or_else(no_job)?.parse().map_err(|_| no_job())?;
        let base: Uri = self.base.parse().map_err(|_| no_job())?;
        // Whatever host it names, the job is on the scanner itself.
        let host = base.authority().ok_or_else(no_job)?;
        Ok(format!("http://{host}{}", location.path().trim_end_matches('/')))
    }

    fn delete(&self, job: &str) {
        // The scanner ends its job after a while of itself.
        _ = self.agent.delete(job).call();
    }

    fn pages(
        &self,
        job: &str,
        folder: &Path,
        most_bytes: u64,
        stop: &(dyn Fn() -> bool + Sync),
        page: &mut dyn FnMut(PathBuf) -> io::Result<()>,
    ) -> Result<(), ScanError> {
        let most = if self.profile.source == Source::Flatbed { 1 } else { MOST_PAGES };
        let patience = Duration::from_secs(self.profile.max_seconds);
        for number in 1..=most {
            let asked = Instant::now();
            let mut answer = loop {
                let answer = self.get(&format!("{job}/NextDocument"));
                if stop() {
                    return Err(ScanError::Canceled);
                }
                let answer = answer?;
                match answer.status() {
                    StatusCode::OK => break answer,
                    StatusCode::SERVICE_UNAVAILABLE if asked.elapsed() < patience => {
                        std::thread::sleep(AGAIN)
                    }
                    StatusCode::SERVICE_UNAVAILABLE => {
                        return Err(ScanError::Silent(self.profile.max_seconds));
                    }
                    StatusCode::NOT_FOUND | StatusCode::GONE => return self.ended(number - 1),
                    status => {
                        self.ended(number - 1)?;
                        return Err(ScanError::Gone(format!("NextDocument: {status}")));
                    }
                }
            };
            let path = folder.join(format!("quet-{number:05}.jpg"));
            let part = folder.join(format!("quet-{number:05}.part"));
            let mut body = answer.body_mut().with_config().limit(most_bytes).reader();
            let copied = io::copy(&mut body, &mut File::create(&part)?);
            if stop() {
                return Err(ScanError::Canceled);
            }
            // What breaks off within a page is no page; the paper lies in the tray and can be fed again.
            copied.map_err(|e| ScanError::Gone(short(&e.to_string())))?;
            std::fs::rename(&part, &path)?;
            page(path)?;
        }
        Ok(())
    }

    /// The job has no more pages: is the paper through, or did something stop it?
    fn ended(&self, pages: usize) -> Result<(), ScanError> {
        let text = self.text("ScannerStatus")?;
        let status = parsed(&text)?;
        match first(status.root(), "AdfState").unwrap_or_default() {
            "ScannerAdfJam" | "ScannerAdfMispick" => Err(ScanError::Jammed),
            "ScannerAdfHatchOpen" => Err(ScanError::Open),
            _ if pages == 0 => Err(ScanError::Empty),
            _ => Ok(()),
        }
    }
}

fn parsed(text: &str) -> Result<Document<'_>, ScanError> {
    Document::parse(text).map_err(|e| ScanError::Gone(short(&e.to_string())))
}

fn short(text: &str) -> String {
    text.chars().take(120).collect()
}

/// The text of the first element of a name, whatever its namespace: devices differ in theirs.
fn first<'a>(within: Node<'a, '_>, name: &str) -> Option<&'a str> {
    within
        .descendants()
        .find(|node| node.tag_name().name() == name)
        .and_then(|node| node.text())
        .map(str::trim)
}

fn input(capabilities: Node<'_, '_>, profile: &Profile) -> Result<Input, &'static str> {
    let names: &[&str] = match (profile.source, profile.sides) {
        (Source::Flatbed, _) => &["PlatenInputCaps"],
        (Source::Feeder, Sides::Both) => &["AdfDuplexInputCaps"],
        (Source::Feeder, _) => &["AdfSimplexInputCaps"],
    };
    let missing = if profile.sides == Sides::Both { "sides" } else { "source" };
    let caps =
        capabilities.descendants().find(|node| names.contains(&node.tag_name().name())).ok_or(missing)?;
    let number =
        |within: Node<'_, '_>, name: &str| first(within, name).and_then(|text| text.parse::<u32>().ok());
    let all = |name: &'static str| caps.descendants().filter(move |node| node.tag_name().name() == name);
    let range =
        all("XResolutionRange").next().and_then(|node| Some((number(node, "Min")?, number(node, "Max")?)));
    Ok(Input {
        most: (number(caps, "MaxWidth").ok_or("source")?, number(caps, "MaxHeight").ok_or("source")?),
        colours: all("ColorMode").filter_map(|node| node.text()).map(|text| text.trim().to_owned()).collect(),
        resolutions: all("XResolution").filter_map(|node| node.text()?.trim().parse().ok()).collect(),
        range,
    })
}

/// What is asked of the scanner.
///
/// # Errors
/// [`ScanError::Refused`] with the key of the profile it cannot do.
fn settings(profile: &Profile, capabilities: &str) -> Result<String, ScanError> {
    let refused = |what: &str| ScanError::Refused(what.to_owned());
    let document = parsed(capabilities)?;
    let input = input(document.root(), profile).map_err(refused)?;
    let colour = match profile.colour {
        Shade::Colour => "RGB24",
        Shade::Grey => "Grayscale8",
    };
    if !input.colours.is_empty() && !input.colours.iter().any(|known| known == colour) {
        return Err(refused("colour"));
    }
    let any = input.range.is_some_and(|(from, to)| (from..=to).contains(&profile.dpi));
    let told = !input.resolutions.is_empty() || input.range.is_some();
    if told && !any && !input.resolutions.contains(&profile.dpi) {
        return Err(refused("dpi"));
    }
    let units = |mm: f64, most: u32| ((mm / 25.4 * UNIT).round() as u32).min(most);
    let (width, height) = (units(SHEET.0, input.most.0), units(SHEET.1, input.most.1));
    let source = match profile.source {
        Source::Flatbed => "<pwg:InputSource>Platen</pwg:InputSource>".to_owned(),
        Source::Feeder => format!(
            "<pwg:InputSource>Feeder</pwg:InputSource><scan:Duplex>{}</scan:Duplex>",
            profile.sides == Sides::Both
        ),
    };
    let dpi = profile.dpi;
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<scan:ScanSettings xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\"><pwg:Version>2.0</pwg:Version>\
<scan:Intent>Document</scan:Intent><pwg:ScanRegions><pwg:ScanRegion>\
<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>\
<pwg:Height>{height}</pwg:Height><pwg:Width>{width}</pwg:Width>\
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset></pwg:ScanRegion></pwg:ScanRegions>\
{source}<scan:ColorMode>{colour}</scan:ColorMode><scan:XResolution>{dpi}</scan:XResolution>\
<scan:YResolution>{dpi}</scan:YResolution><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:ScanSettings>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPABILITIES: &str = r#"<?xml version="1.0"?>
<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<scan:Platen><scan:PlatenInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>3300</scan:MaxHeight>
<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
<scan:SupportedResolutions><scan:DiscreteResolutions><scan:DiscreteResolution><scan:XResolution>300</scan:XResolution>
<scan:YResolution>300</scan:YResolution></scan:DiscreteResolution></scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles></scan:PlatenInputCaps></scan:Platen></scan:ScannerCapabilities>"#;

    fn wish(text: &str) -> Profile {
        toml::from_str(&format!("name = \"a\"\ndevice = \"http://10.0.0.9/eSCL\"\n{text}")).unwrap()
    }

    #[test]
    fn a_sheet_is_asked_for_as_large_as_the_glass_allows() {
        let made = settings(&wish(""), CAPABILITIES).unwrap();
        assert!(made.contains("<pwg:Width>2480</pwg:Width>"), "{made}");
        assert!(made.contains("<pwg:Height>3300</pwg:Height>"), "the glass is shorter than A4: {made}");
        assert!(made.contains("Platen") && made.contains("RGB24") && made.contains(">300<"), "{made}");
        Document::parse(&made).unwrap();
    }

    #[test]
    fn what_the_scanner_cannot_do_is_named() {
        let refused = |text: &str| match settings(&wish(text), CAPABILITIES) {
            Err(ScanError::Refused(what)) => what,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused("dpi = 600"), "dpi");
        assert_eq!(refused("colour = \"grey\""), "colour");
        assert_eq!(refused("source = \"feeder\""), "source");
        assert_eq!(refused("source = \"feeder\"\nsides = \"both\""), "sides");
        assert!(matches!(settings(&wish(""), "<html>"), Err(ScanError::Gone(_))), "no scanner answers so");
    }
}
