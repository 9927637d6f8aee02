//! A scanner of the network for tests: eSCL over plain HTTP on a port of this machine, with the faults real
//! ones have.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the scanner does beyond giving its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Nothing.
    Good,
    /// Says "not ready" twice before each page.
    Slow,
    /// Its feeder is empty.
    Empty,
    /// Somebody else scans.
    Busy,
    /// Paper jams after its pages.
    Jams,
    /// Breaks off in the middle of its last page.
    BreaksOff,
    /// Gives no page until its job is deleted.
    Hangs,
    /// Names a job on another machine.
    PointsElsewhere,
    /// Answers in entities that grow.
    Bomb,
}

/// A running scanner; it stops with the test's process.
#[derive(Debug, Clone)]
pub struct Scanner {
    port: u16,
    inside: Arc<Inside>,
}

#[derive(Debug)]
struct Inside {
    mood: Mood,
    pages: Vec<Vec<u8>>,
    given: AtomicUsize,
    asked: AtomicUsize,
    deleted: AtomicUsize,
    settings: Mutex<String>,
}

impl Scanner {
    /// Starts one that has these JPEG files in its feeder.
    pub fn start(mood: Mood, pages: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let zero = AtomicUsize::default;
        let inside =
            Inside { mood, pages, given: zero(), asked: zero(), deleted: zero(), settings: Mutex::default() };
        let scanner = Self { port, inside: Arc::new(inside) };
        let answering = scanner.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let scanner = answering.clone();
                thread::spawn(move || scanner.serve(stream));
            }
        });
        scanner
    }

    /// Its address for a profile.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/eSCL", self.port)
    }

    /// The settings it was sent last.
    pub fn settings(&self) -> String {
        self.inside.settings.lock().unwrap().clone()
    }

    /// How many jobs were deleted.
    pub fn deleted(&self) -> usize {
        self.inside.deleted.load(Ordering::SeqCst)
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        loop {
            let Some((method, path, body)) = request(&mut reader) else { return };
            // A client that hung up has heard enough.
            if self.answer(&mut stream, &method, &path, &body).is_none() {
                return;
            }
        }
    }

    fn answer(&self, stream: &mut TcpStream, method: &str, path: &str, body: &str) -> Option<()> {
        let all = &self.inside;
        match (method, path) {
            ("GET", "/eSCL/ScannerStatus") => reply(stream, "200 OK", "text/xml", self.status().as_bytes()),
            ("GET", "/eSCL/ScannerCapabilities") => {
                reply(stream, "200 OK", "text/xml", CAPABILITIES.as_bytes())
            }
            ("POST", "/eSCL/ScanJobs") => {
                body.clone_into(&mut all.settings.lock().unwrap());
                let host = if all.mood == Mood::PointsElsewhere {
                    "192.0.2.1".into()
                } else {
                    format!("127.0.0.1:{}", self.port)
                };
                let head = format!(
                    "HTTP/1.1 201 Created\r\nLocation: http://{host}/eSCL/ScanJobs/7\r\nContent-Length: 0\r\n\r\n"
                );
                stream.write_all(head.as_bytes()).ok()
            }
            ("DELETE", "/eSCL/ScanJobs/7") => {
                all.deleted.fetch_add(1, Ordering::SeqCst);
                reply(stream, "200 OK", "text/plain", b"")
            }
            ("GET", "/eSCL/ScanJobs/7/NextDocument") => self.page(stream),
            _ => reply(stream, "404 Not Found", "text/plain", b""),
        }
    }

    fn page(&self, stream: &mut TcpStream) -> Option<()> {
        let all = &self.inside;
        if all.mood == Mood::Hangs {
            while self.deleted() == 0 {
                thread::sleep(Duration::from_millis(20));
            }
            return reply(stream, "404 Not Found", "text/plain", b"");
        }
        if all.mood == Mood::Slow && !all.asked.fetch_add(1, Ordering::SeqCst).is_multiple_of(3) {
            return reply(stream, "503 Service Unavailable", "text/plain", b"");
        }
        let number = all.given.fetch_add(1, Ordering::SeqCst);
        let Some(page) = all.pages.get(number) else {
            return reply(stream, "404 Not Found", "text/plain", b"");
        };
        if all.mood == Mood::BreaksOff && number + 1 == all.pages.len() {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
                page.len()
            );
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(&page[..page.len() / 2]).ok()?;
            return None;
        }
        reply(stream, "200 OK", "image/jpeg", page)
    }

    fn status(&self) -> String {
        let all = &self.inside;
        if all.mood == Mood::Bomb {
            let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE s [<!ENTITY a \"aaaaaaaaaa\">");
            for (from, to) in "abcdefghi".chars().zip("bcdefghij".chars()) {
                text.push_str(&format!("<!ENTITY {to} \"{}\">", format!("&{from};").repeat(10)));
            }
            return text + "]><s>&j;</s>";
        }
        let through = all.given.load(Ordering::SeqCst) > all.pages.len();
        let feeder = match all.mood {
            Mood::Empty => "ScannerAdfEmpty",
            Mood::Jams if through => "ScannerAdfJam",
            _ if through => "ScannerAdfEmpty",
            _ => "ScannerAdfLoaded",
        };
        let state = if all.mood == Mood::Busy { "Processing" } else { "Idle" };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><scan:ScannerStatus {NAMES}><pwg:Version>2.6</pwg:Version>\
<pwg:State>{state}</pwg:State><scan:AdfState>{feeder}</scan:AdfState></scan:ScannerStatus>"
        )
    }
}

const NAMES: &str = "xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\"";

const CAPABILITIES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.6</pwg:Version><pwg:MakeAndModel>Test Scanner</pwg:MakeAndModel><pwg:SerialNumber>1</pwg:SerialNumber>
<scan:Platen><scan:PlatenInputCaps></scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>4200</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions>
<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions><scan:DiscreteResolution><scan:XResolution>200</scan:XResolution><scan:YResolution>200</scan:YResolution></scan:DiscreteResolution>
<scan:DiscreteResolution><scan:XResolution>300</scan:XResolution><scan:YResolution>300</scan:YResolution></scan:DiscreteResolution></scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles></scan:AdfSimplexInputCaps></scan:Adf></scan:ScannerCapabilities>"#;

/// Method, path and body of the next request; `None` when the client hung up.
fn request(reader: &mut BufReader<TcpStream>) -> Option<(String, String, String)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    while chunked {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        let mut part = vec![0; size + 2];
        reader.read_exact(&mut part).ok()?;
        body.extend(&part[..size]);
        chunked = size > 0;
    }
    Some((method, path, String::from_utf8_lossy(&body).into_owned()))
}

fn reply(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> Option<()> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok()
}
