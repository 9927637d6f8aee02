//! Somebody changes a signed copy. Whatever was changed and however, `verify` says so.

use saoy_tests::{Counter, drawing};

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes
        .windows(what.len())
        .position(|window| window == what)
        .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(what)))
}

fn replaced(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    assert_eq!(what.len(), with.len(), "the file keeps its length");
    let at = find(bytes, what);
    let mut bytes = bytes.to_vec();
    bytes[at..at + with.len()].copy_from_slice(with);
    bytes
}

/// An incremental revision after the signature: the given objects and a classic cross-reference.
fn appended(bytes: &[u8], objects: &[(u32, String)]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let previous: usize =
        text.rsplit("startxref").next().unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let trailer = text.rsplit("trailer").next().unwrap();
    let entry = |key: &str| {
        let rest = trailer.split(key).nth(1).unwrap_or_else(|| panic!("{key} in {trailer}"));
        rest.split_whitespace().take(3).collect::<Vec<_>>().join(" ").trim_end_matches(['/', '>']).to_owned()
    };
    let mut out = bytes.to_vec();
    let mut table = String::from("xref\n");
    for (number, body) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len() + 1));
        out.extend_from_slice(format!("\n{number} 0 obj\n{body}\nendobj").as_bytes());
    }
    let at = out.len() + 1;
    let size = entry("/Size").split_whitespace().next().unwrap().to_owned();
    let size = size.trim_end_matches(|c: char| !c.is_ascii_digit());
    let tail = format!(
        "\n{table}trailer\n<</Size {size} /Root {} /Prev {previous}>>\nstartxref\n{at}\n%%EOF\n",
        entry("/Root")
    );
    out.extend_from_slice(tail.as_bytes());
    out
}

#[test]
fn every_alteration_is_found() {
    let counter = Counter::new();
    let page = counter.put("page.jpg", drawing::page(1, 100, 9).jpeg());
    let made = counter.digitize_anyway(&[page]).done();
    let good = std::fs::read(made["pdf"].as_str().unwrap()).unwrap();
    let home = counter.home().display().to_string();
    let verify = |bytes: &[u8]| {
        let file = counter.put("copy.pdf", bytes);
        counter.saoy(["verify", "--home", &home, file.to_str().unwrap()])
    };
    assert_eq!(verify(&good).code, 0, "the copy itself is valid");

    let flip = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let range = find(&good, b"/ByteRange");
    let contents = find(&good, b"/Contents <") + 11;
    let catalog: u32 = {
        let text = String::from_utf8_lossy(&good).into_owned();
        let root = text.rsplit("/Root").next().unwrap().split_whitespace().next().unwrap().to_owned();
        root.parse().unwrap()
    };
    let picture = find(&good, b"\xff\xda") + 500;
    let mut cut = good.clone();
    cut.truncate(good.len() - 200);
    let mut longer = good.clone();
    longer.extend_from_slice(b"\n% one line more\n");
    let mut short_range = good.clone();
    let digits = range + good[range..].iter().position(|b| *b == b'[').unwrap();
    let last = digits + good[digits..].iter().position(|b| *b == b']').unwrap();
    let last_digit = (digits..last).rev().find(|at| good[*at].is_ascii_digit()).unwrap();
    short_range[last_digit] =
        if short_range[last_digit] == b'0' { b'1' } else { short_range[last_digit] - 1 };

    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("a bit of the picture", flip(picture)),
        ("a bit of the first page's object", flip(find(&good, b"/MediaBox") + 12)),
        ("a bit of the metadata", flip(find(&good, b"<rdf:RDF") + 40)),
        ("a bit of the header", flip(6)),
        ("a bit of the last line", flip(good.len() - 3)),
        ("the byte range one shorter", short_range),
        ("a bit of the certificate", flip(contents + 600)),
        ("a bit of the signature value", {
            let end = good[contents..].iter().position(|b| *b == b'>').unwrap() + contents;
            let mut at = end - 1;
            while good[at] == b'0' {
                at -= 1;
            }
            let mut bytes = good.clone();
            bytes[at - 4] = if bytes[at - 4] == b'1' { b'2' } else { b'1' };
            bytes
        }),
        ("the signature wiped", {
            let end = good[contents..].iter().position(|b| *b == b'>').unwrap() + contents;
            let mut bytes = good.clone();
            bytes[contents..end].fill(b'0');
            bytes
        }),
        ("the end cut off", cut),
        ("a comment after the end", longer),
        ("the signing time in the dictionary", replaced(&good, b"/M (D:20", b"/M (D:19")),
        ("the kind of signature", replaced(&good, b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached")),
        (
            "a new catalog appended",
            appended(&good, &[(catalog, "<</Type/Catalog /Pages 999 0 R>>".to_owned())]),
        ),
        (
            "an action appended",
            appended(
                &good,
                &[(
                    catalog,
                    "<</Type/Catalog /OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>".to_owned(),
                )],
            ),
        ),
        ("an object that nothing shows appended", appended(&good, &[(9000, "<</Title(x)>>".to_owned())])),
        ("two files in one", [good.clone(), good.clone()].concat()),
        ("bytes before the header", [b"junk\n".to_vec(), good.clone()].concat()),
    ];
    assert!(cases.len() >= 16);
    for (what, bytes) in cases {
        assert_ne!(bytes, good, "{what}: something was changed");
        let answer = verify(&bytes);
        assert_eq!(answer.code, 2, "{what}: {} {}", answer.stdout, answer.stderr);
    }
}

#[test]
fn without_trust_the_answer_is_unknown_and_without_signature_unsigned() {
    let counter = Counter::new();
    let page = counter.put("page.jpg", drawing::page(1, 200, 9).jpeg());
    let made = counter.digitize(&[page]).done();
    let pdf = made["pdf"].as_str().unwrap();
    let bare = |arguments: &[&str]| {
        let mut command = counter.command(arguments);
        command.env_remove("SAOY_HOME").env("HOME", counter.desk());
        saoy_tests::Answer::from(command.output().unwrap())
    };
    let unknown = bare(&["verify", "--no-counter", pdf]);
    assert_eq!(
        (unknown.code, unknown.json["verdict"].as_str().unwrap()),
        (3, "unknown"),
        "{}",
        unknown.stdout
    );
    let certificate = counter.put("clerk.pem", counter.saoy(["cert"]).stdout);
    assert_eq!(bare(&["verify", "--no-counter", "--trust", certificate.to_str().unwrap(), pdf]).code, 0);
    let stranger = Counter::new();
    let other = stranger.put("other.pem", stranger.saoy(["cert"]).stdout);
    assert_eq!(
        bare(&["verify", "--no-counter", "--trust", other.to_str().unwrap(), pdf]).code,
        3,
        "another clerk's key proves nothing"
    );
}
