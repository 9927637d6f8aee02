//! An OCSP responder (RFC 6960) for tests: `openssl ocsp` behind a small web server.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::tsa::openssl;
use crate::web::listen;

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Sound,
    /// tryLater.
    Busy,
    /// Its signature does not hold.
    Damaged,
    /// Not in the language of responders.
    Nonsense,
}

/// Makes the responder's key and certificate beside its authority's (`ca.crt`, `ca.pem`).
pub fn responder(folder: &Path) {
    let purpose = "[answer]\nbasicConstraints = CA:false\nkeyUsage = digitalSignature\n\
                   extendedKeyUsage = OCSPSigning\nnoCheck = yes\n";
    fs::write(folder.join("ocsp.cnf"), purpose).unwrap();
    let key = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "ocsp.pem", "-out", "ocsp.csr"];
    openssl(folder, &[&key[..], &["-subj", "/CN=OCSP", "-config", "tsa.cnf"]].concat());
    let issue = ["x509", "-req", "-in", "ocsp.csr", "-CA", "ca.crt", "-CAkey", "ca.pem", "-CAcreateserial"];
    let details = ["-days", "20", "-extfile", "ocsp.cnf", "-extensions", "answer", "-out", "ocsp.crt"];
    openssl(folder, &[&issue[..], &details].concat());
}

/// What the responder knows: certificates, and since when (yyMMddHHmmssZ, reason) each is revoked.
pub fn knows(folder: &Path, certificates: &[(&str, Option<&str>)]) {
    let mut lines = String::new();
    for (certificate, revoked) in certificates {
        let file = folder.join(certificate);
        let said =
            Command::new("openssl").args(["x509", "-noout", "-serial", "-in"]).arg(file).output().unwrap();
        let serial = String::from_utf8(said.stdout).unwrap().trim().replace("serial=", "");
        let (state, at) = revoked.map_or(("V", ""), |at| ("R", at));
        lines += &format!("{state}\t400101000000Z\t{at}\t{serial}\tunknown\t/CN={certificate}\n");
    }
    fs::write(folder.join("known.txt"), lines).unwrap();
}

/// Serves it until the test ends; address and number of questions.
pub fn serve(folder: &Path, mood: Mood) -> (String, Arc<AtomicUsize>) {
    let (folder, questions) = (folder.to_path_buf(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&questions);
    let url = listen(move |head, body| {
        assert!(head.starts_with("post ") && head.contains("application/ocsp-request"), "{head}");
        count.fetch_add(1, Ordering::SeqCst);
        match mood {
            Mood::Busy => return Some(vec![0x30, 3, 10, 1, 3]),
            Mood::Nonsense => return Some(b"<html>welcome</html>".to_vec()),
            Mood::Sound | Mood::Damaged => {}
        }
        fs::write(folder.join("question.der"), body).unwrap();
        let who =
            ["ocsp", "-index", "known.txt", "-rsigner", "ocsp.crt", "-rkey", "ocsp.pem", "-CA", "ca.crt"];
        let what = ["-ndays", "7", "-reqin", "question.der", "-respout", "answer.der"];
        openssl(&folder, &[&who[..], &what].concat());
        let mut answer = fs::read(folder.join("answer.der")).unwrap();
        if mood == Mood::Damaged {
            // Within what is signed.
            answer[100] ^= 1;
        }
        Some(answer)
    });
    (url, questions)
}
