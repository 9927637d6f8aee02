//! A time-stamp authority (RFC 3161) for tests: `openssl ts` behind a small web server.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::web::listen;

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
    let list = list.map(|url| format!("crlDistributionPoints = URI:{url}\n"));
    authority_with(folder, &list.unwrap_or_default());
}

/// The same; `lines`: further extensions of its certificate, as OpenSSL's settings write them.
pub fn authority_with(folder: &Path, lines: &str) {
    fs::create_dir_all(folder).unwrap();
    let settings = "[req]\ndistinguished_name = dn\n[dn]\n[ca]\nbasicConstraints = critical, CA:true\n\
                    keyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n\
                    [stamp]\nbasicConstraints = critical, CA:false\nkeyUsage = critical, digitalSignature\n\
                    extendedKeyUsage = critical, timeStamping\nLIST\
                    [tsa]\ndefault_tsa = one\n[one]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.crt\n\
                    certs = ca.crt\nsigner_key = tsa.pem\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n\
                    digests = sha256, sha512\naccuracy = secs:1\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";
    fs::write(folder.join("tsa.cnf"), settings.replace("LIST", lines)).unwrap();
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
    certify(folder, 300);
}

/// The authority certifies its key, anew for that many days.
///
/// # Panics
/// Panics when `openssl` fails.
pub fn certify(folder: &Path, days: u32) {
    let signing = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.crt", "-CAkey", "ca.pem", "-CAcreateserial"];
    let what = ["-extfile", "tsa.cnf", "-extensions", "stamp", "-out", "tsa.crt", "-days", &days.to_string()];
    openssl(folder, &[&signing[..], &what].concat());
}

/// Serves the authority until the test ends; address and number of answers.
pub fn serve(folder: &Path, rubbish: bool) -> (String, Arc<AtomicUsize>) {
    let (folder, answers) = (folder.to_path_buf(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&answers);
    let url = listen(move |head, body| {
        assert!(head.contains("application/timestamp-query"), "{head}");
        fs::write(folder.join("query.tsq"), body).unwrap();
        let settings = ["-config", "tsa.cnf", "-section", "one"];
        let files = ["-queryfile", "query.tsq", "-out", "reply.tsr"];
        openssl(&folder, &[&["ts", "-reply"][..], &settings, &files].concat());
        let mut reply = fs::read(folder.join("reply.tsr")).unwrap();
        if rubbish {
            // The token ends with the authority's signature.
            let last = reply.len() - 1;
            reply[last] ^= 1;
        }
        count.fetch_add(1, Ordering::SeqCst);
        Some(reply)
    });
    (url, answers)
}
