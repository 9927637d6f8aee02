//! A time-stamp authority (RFC 3161), played by `openssl ts` behind a small web server: reachable,
//! out of reach, untrusted, or answering rubbish. A copy is signed in every case, and says how far.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use saoy_tests::{Answer, Counter, drawing};

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Keys and settings of an authority in a folder.
fn authority(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let settings = "[req]\ndistinguished_name = dn\n[dn]\n[ca]\nbasicConstraints = critical, CA:true\n\
                    keyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n\
                    [stamp]\nbasicConstraints = critical, CA:false\nkeyUsage = critical, digitalSignature\n\
                    extendedKeyUsage = critical, timeStamping\n\
                    [tsa]\ndefault_tsa = one\n[one]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.crt\n\
                    certs = ca.crt\nsigner_key = tsa.pem\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n\
                    digests = sha256, sha512\naccuracy = secs:1\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";
    fs::write(folder.join("tsa.cnf"), settings).unwrap();
    openssl(
        folder,
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "ca.pem",
            "-out",
            "ca.crt",
            "-days",
            "900",
            "-subj",
            "/CN=CA thoi gian",
            "-config",
            "tsa.cnf",
            "-extensions",
            "ca",
        ],
    );
    openssl(
        folder,
        &[
            "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.pem", "-out", "tsa.csr", "-subj",
            "/CN=TSA", "-config", "tsa.cnf",
        ],
    );
    openssl(
        folder,
        &[
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.pem",
            "-CAcreateserial",
            "-days",
            "300",
            "-extfile",
            "tsa.cnf",
            "-extensions",
            "stamp",
            "-out",
            "tsa.crt",
        ],
    );
}

/// Serves the authority until the test ends; address and number of answers.
fn serve(folder: &Path, rubbish: bool) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (folder, answers) = (folder.to_path_buf(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&answers);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            let body = loop {
                let read = stream.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..read]);
                let Some(head) = request.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
                let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
                let length = text.split("content-length:").nth(1).unwrap().split_whitespace().next().unwrap();
                if request.len() >= head + 4 + length.parse::<usize>().unwrap() {
                    assert!(text.contains("application/timestamp-query"), "{text}");
                    break request[head + 4..].to_vec();
                }
            };
            fs::write(folder.join("query.tsq"), body).unwrap();
            openssl(
                &folder,
                &[
                    "ts",
                    "-reply",
                    "-config",
                    "tsa.cnf",
                    "-section",
                    "one",
                    "-queryfile",
                    "query.tsq",
                    "-out",
                    "reply.tsr",
                ],
            );
            let mut reply = fs::read(folder.join("reply.tsr")).unwrap();
            if rubbish {
                // The token ends with the authority's signature.
                let last = reply.len() - 1;
                reply[last] ^= 1;
            }
            count.fetch_add(1, Ordering::SeqCst);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                reply.len()
            );
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&reply)).unwrap();
        }
    });
    (url, answers)
}

fn configure(counter: &Counter, url: &str) {
    fs::write(counter.home().join("counter.toml"), format!("[timestamp]\nurl = \"{url}\"\n")).unwrap();
}

fn sign(counter: &Counter) -> serde_json::Value {
    let page = counter.put("page.jpg", drawing::page(1, 100, 5).jpeg());
    counter.digitize_anyway(&[page]).done()
}

fn verify(counter: &Counter, pdf: &str) -> Answer {
    let home = counter.home();
    counter.saoy(["verify", "--home", home.to_str().unwrap(), pdf])
}

#[test]
fn a_reachable_authority_vouches_for_the_time_and_an_absent_one_stops_nobody() {
    let counter = Counter::new();
    let tsa = counter.desk().join("tsa");
    authority(&tsa);
    let (url, answers) = serve(&tsa, false);
    configure(&counter, &url);

    // Nobody here trusts that authority: its word is not taken, the copy is signed without.
    let plain = sign(&counter);
    assert_eq!(plain["level"], "B-B");
    assert_eq!(answers.load(Ordering::SeqCst), 1, "it was asked, once");
    assert_eq!(verify(&counter, plain["pdf"].as_str().unwrap()).code, 0);

    fs::create_dir(counter.home().join("trust")).unwrap();
    fs::copy(tsa.join("ca.crt"), counter.home().join("trust/tsa.crt")).unwrap();
    let stamped = sign(&counter);
    assert_eq!(stamped["level"], "B-T");
    let verdict = verify(&counter, stamped["pdf"].as_str().unwrap());
    assert_eq!(verdict.code, 0, "{}", verdict.stdout);
    let one = &verdict.json["signatures"][0];
    let time = |name: &str| one[name].as_str().unwrap().parse::<String>().unwrap();
    assert!(!time("claimed_time").is_empty() && !time("trusted_time").is_empty(), "told apart: {one}");

    // The line is cut; a port nobody listens on.
    configure(&counter, "http://127.0.0.1:9/");
    let offline = sign(&counter);
    assert_eq!(offline["level"], "B-B", "work goes on without network");
    assert_eq!(verify(&counter, offline["pdf"].as_str().unwrap()).code, 0);

    let (url, answers) = serve(&tsa, true);
    configure(&counter, &url);
    let damaged = sign(&counter);
    assert_eq!(
        (&damaged["level"], answers.load(Ordering::SeqCst)),
        (&"B-B".into(), 1),
        "rubbish is not put in"
    );
    counter.is_sound();

    // A stamp that is altered afterwards is noticed: it lies in no signed byte, so only it can tell.
    let pdf = stamped["pdf"].as_str().unwrap();
    let mut bytes = fs::read(pdf).unwrap();
    let end = bytes.windows(9).rposition(|w| w == b">>\nendobj").unwrap();
    let mut at = end;
    while bytes[at - 1] == b'0' || bytes[at - 1] == b'>' {
        at -= 1;
    }
    bytes[at - 40] = if bytes[at - 40] == b'1' { b'2' } else { b'1' };
    let altered = counter.put("altered.pdf", bytes);
    let verdict = verify(&counter, altered.to_str().unwrap());
    assert_ne!(verdict.code, 0, "{}", verdict.stdout);
    assert!(
        verdict.stdout.contains("bad_timestamp") || verdict.stdout.contains("malformed"),
        "{}",
        verdict.stdout
    );
}
