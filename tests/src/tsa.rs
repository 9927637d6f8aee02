//! A time-stamp authority (RFC 3161) for tests: `openssl ts` behind a small web server.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `openssl` in a folder.
///
/// # Panics
/// When it fails.
pub fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Keys and settings of an authority in a folder; `list`: where its certificate says that its authority's
/// list of revoked ones is.
pub fn authority(folder: &Path, list: Option<&str>) {
    fs::create_dir_all(folder).unwrap();
    let list = list.map(|url| format!("crlDistributionPoints = URI:{url}\n")).unwrap_or_default();
    let settings = "[req]\ndistinguished_name = dn\n[dn]\n[ca]\nbasicConstraints = critical, CA:true\n\
                    keyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n\
                    [stamp]\nbasicConstraints = critical, CA:false\nkeyUsage = critical, digitalSignature\n\
                    extendedKeyUsage = critical, timeStamping\nLIST\
                    [tsa]\ndefault_tsa = one\n[one]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.crt\n\
                    certs = ca.crt\nsigner_key = tsa.pem\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n\
                    digests = sha256, sha512\naccuracy = secs:1\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";
    fs::write(folder.join("tsa.cnf"), settings.replace("LIST", &list)).unwrap();
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
pub fn serve(folder: &Path, rubbish: bool) -> (String, Arc<AtomicUsize>) {
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
