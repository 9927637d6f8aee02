//! One page judged: what the measures cost beside the decoding of an A4 page at 300 dpi in colour.
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop loudly")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use saoy_core::page::judge::of_grey;

/// Lightness of an A4 page: lines of small strokes on paper that is not quite even.
fn page(dpi: usize) -> (usize, usize, Vec<u8>) {
    let (width, height) = (dpi * 827 / 100, dpi * 1169 / 100);
    let mut noise = 7u32;
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let inside = x > width / 10 && x < width * 9 / 10 && y > height / 10 && y < height * 9 / 10;
            let ink = inside && (y * 200 / dpi) % 30 < 14 && (x * 200 / dpi * 7 + y / 9) % 23 < 7;
            pixels.push(if ink { 30 } else { 240 } + (noise >> 29) as u8);
        }
    }
    (width, height, pixels)
}

fn judged(c: &mut Criterion) {
    let mut group = c.benchmark_group("judge");
    group.sample_size(20);
    for dpi in [200, 300] {
        let (width, height, pixels) = page(dpi);
        group.bench_function(format!("A4 {dpi} dpi, beyond decoding"), |b| {
            b.iter(|| of_grey(black_box(&pixels), width, height, dpi as f64));
        });
    }
    group.finish();
}

criterion_group!(benches, judged);
criterion_main!(benches);
