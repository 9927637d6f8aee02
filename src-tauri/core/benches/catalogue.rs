//! A province's catalogue: 2,500 procedures read, and searched as one types. `make bench` runs it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that cannot go on should stop loudly"
)]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use saoy_core::catalogue::{Index, read};

fn province() -> String {
    let mut text = String::from("code;name;field;term;paper_code;paper_name;required\n");
    let verbs = ["Đăng ký", "Cấp", "Cấp lại", "Gia hạn", "Thu hồi", "Xác nhận", "Chuyển đổi"];
    let things =
        ["giấy phép xây dựng", "khai sinh", "quyền sử dụng đất", "hộ kinh doanh", "bản sao từ sổ gốc"];
    for n in 0..2500 {
        let (verb, thing) = (verbs[n % verbs.len()], things[n % things.len()]);
        writeln!(
            text,
            "1.{n:06};{verb} {thing} số {n};Lĩnh vực {};5 ngày làm việc;P.{n};Đơn đề nghị;x",
            n % 40
        )
        .unwrap();
    }
    text
}

fn catalogue(c: &mut Criterion) {
    let text = province();
    c.bench_function("catalogue: read 2,500 rows", |b| b.iter(|| read(black_box(text.as_bytes()))));
    let all = read(text.as_bytes()).procedures;
    let index = Index::new(all.iter().map(|p| (p.code.as_str(), p.name.as_str(), p.field.as_str())));
    for query in ["k", "khai sinh", "cap lai giay phep so 12", "1.0012", "đất"] {
        c.bench_function(&format!("catalogue: search {query:?} in 2,500"), |b| {
            b.iter(|| index.search(black_box(query), 50));
        });
    }
}

criterion_group!(benches, catalogue);
criterion_main!(benches);
