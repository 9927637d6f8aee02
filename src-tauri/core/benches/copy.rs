//! The hot path of one copy, stage by stage, without processes and database: a page read and judged,
//! and ten pages assembled, marked, signed and verified. `make bench` runs it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that cannot go on should stop loudly"
)]

mod shared;

use std::fs;
use std::hint::black_box;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use saoy_core::page::read::read_raster;
use saoy_core::page::{FileKind, Limits, ReadFile};
use saoy_core::pdf::assemble::{CopyPage, assemble};
use saoy_core::pdf::emit::{SignatureField, unsigned};
use saoy_core::pdf::hashing::SignedDigest;
use saoy_core::pdf::mark::{Layout, MarkText, mark};
use saoy_core::pdf::xmp::About;
use saoy_core::sign::authority::self_signed;
use saoy_core::sign::certificate::{Certificate, Subject};
use saoy_core::sign::cms;
use saoy_core::sign::key::SigningKey;
use saoy_core::sign::signer::LocalSigner;
use saoy_core::sign::verify::{Verdict, VerifyOptions, verify};
use saoy_core::time::Clock as _;
use shared::{Standing, scan};

fn read(file: &Path, side: &Path) -> ReadFile {
    read_raster(file, FileKind::Jpeg, side, &Limits::default(), &mut |_| {})
}

fn pages(bench: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    for dpi in [200, 300] {
        let file = folder.path().join(format!("{dpi}.jpg"));
        fs::write(&file, scan(dpi, 3)).unwrap();
        assert_eq!(read(&file, folder.path()).findings, [], "a good page is taken in");
        bench.bench_function(&format!("read and judge an A4 page at {dpi} dpi"), |b| {
            b.iter(|| black_box(read(&file, folder.path())));
        });
    }
}

fn copies(bench: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let sources: Vec<(PathBuf, PathBuf, ReadFile)> = (0..10)
        .map(|number| {
            let (file, side) =
                (folder.path().join(format!("{number}.jpg")), folder.path().join(number.to_string()));
            fs::create_dir(&side).unwrap();
            fs::write(&file, scan(200, number + 2)).unwrap();
            let found = read(&file, &side);
            (file, side, found)
        })
        .collect();
    let key = SigningKey::make(&Standing).unwrap();
    let subject = Subject {
        name: "Nguyễn Thị Lan".into(),
        office: "UBND xã Thử Nghiệm".into(),
        unit: "khóa ký cục bộ".into(),
    };
    let der = self_signed(&key, &subject, [5; 16], Standing.now()).unwrap();
    let certificate = Certificate::from_der(&der).unwrap();

    let make = || {
        let pages: Vec<CopyPage<'_>> = sources
            .iter()
            .map(|(original, side, found)| CopyPage { read: &found.pages[0], turns: 0, original, side })
            .collect();
        let code = "001087000001.KQ.G15.000031.45/2025.7K3Q-000001";
        let about = About {
            title: "Giấy khai sinh".into(),
            author: subject.name.clone(),
            office: subject.office.clone(),
            code: Some(code.into()),
            at: Standing.now(),
            pdfa: true,
        };
        let text = MarkText {
            layout: Layout::Clerk,
            lines: vec![format!("Người sao chụp: {}", subject.name)],
            code: code.into(),
            watermark: None,
        };
        let marked = mark(assemble(&pages, about).unwrap(), &text, None).unwrap();
        let field = SignatureField {
            name: subject.name.clone(),
            reason: "Ký số bản sao điện tử".into(),
            at: Standing.now(),
            room: cms::room(&certificate),
            digest: SignedDigest::Sha512,
        };
        let (mut file, open) = unsigned(&marked, &field, Cursor::new(Vec::new())).unwrap();
        let signer = LocalSigner { key: &key, certificate: &certificate };
        let container = cms::detached(&signer, open.digest(), &mut |_| None).unwrap();
        open.fill(&mut file, &container).unwrap();
        file.into_inner()
    };
    let options = VerifyOptions { trust: vec![der.clone().into()], revoked: Vec::new(), now: Standing.now() };
    let copy = make();
    assert_eq!(verify(&mut Cursor::new(&copy), &options).verdict, Verdict::Valid);
    bench.bench_function("assemble, mark and sign ten pages", |b| b.iter(|| black_box(make())));
    bench.bench_function("verify a copy of ten pages", |b| {
        b.iter(|| black_box(verify(&mut Cursor::new(&copy), &options)));
    });
}

criterion_group!(benches, pages, copies);
criterion_main!(benches);
