//! Inverse cosine transform of one 8×8 block (Arai, Agui, Nakajima in single precision, eight
//! columns side by side so that the compiler can use vectors). Arithmetic only.

/// Zigzag position to natural position in a block.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Quantisation steps in natural order with the transform's own factors multiplied in.
pub(super) type Steps = [f32; 64];

/// Prepares quantisation values (natural order) for [`inverse`].
pub(super) fn steps(quant: &[u16; 64]) -> Steps {
    const F: [f32; 8] =
        [1.0, 1.387_039_9, 1.306_563, 1.175_875_6, 1.0, 0.785_694_96, 0.541_196_1, 0.275_899_38];
    let mut out = [0.0; 64];
    let factors = F.iter().flat_map(|a| F.iter().map(move |b| a * b / 8.0));
    for ((o, q), f) in out.iter_mut().zip(quant).zip(factors) {
        *o = f32::from(*q) * f;
    }
    out
}

type Lanes = [f32; 8];

#[inline(always)]
fn add(a: &Lanes, b: &Lanes) -> Lanes {
    let mut o = *a;
    o.iter_mut().zip(b).for_each(|(o, b)| *o += b);
    o
}

#[inline(always)]
fn sub(a: &Lanes, b: &Lanes) -> Lanes {
    let mut o = *a;
    o.iter_mut().zip(b).for_each(|(o, b)| *o -= b);
    o
}

#[inline(always)]
fn mul(a: &Lanes, k: f32) -> Lanes {
    let mut o = *a;
    o.iter_mut().for_each(|o| *o *= k);
    o
}

/// One dimension over the eight rows, for all eight columns at once.
#[inline(always)]
fn pass(r: &[Lanes; 8]) -> [Lanes; 8] {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = r;
    let (t10, t11) = (add(r0, r4), sub(r0, r4));
    let t13 = add(r2, r6);
    let t12 = sub(&mul(&sub(r2, r6), std::f32::consts::SQRT_2), &t13);
    let (e0, e3) = (add(&t10, &t13), sub(&t10, &t13));
    let (e1, e2) = (add(&t11, &t12), sub(&t11, &t12));
    let (z13, z10) = (add(r5, r3), sub(r5, r3));
    let (z11, z12) = (add(r1, r7), sub(r1, r7));
    let o7 = add(&z11, &z13);
    let t11 = mul(&sub(&z11, &z13), std::f32::consts::SQRT_2);
    let z5 = mul(&add(&z10, &z12), 1.847_759_1);
    let t10 = sub(&z5, &mul(&z12, 1.082_392_2));
    let t12 = sub(&z5, &mul(&z10, 2.613_126));
    let o6 = sub(&t12, &o7);
    let o5 = sub(&t11, &o6);
    let o4 = sub(&t10, &o5);
    [
        add(&e0, &o7),
        add(&e1, &o6),
        add(&e2, &o5),
        add(&e3, &o4),
        sub(&e3, &o4),
        sub(&e2, &o5),
        sub(&e1, &o6),
        sub(&e0, &o7),
    ]
}

#[inline(always)]
fn transpose(m: &[Lanes; 8]) -> [Lanes; 8] {
    let [a, b, c, d, e, f, g, h] = m;
    let mut out = [[0.0; 8]; 8];
    for (i, o) in out.iter_mut().enumerate() {
        let at = |l: &Lanes| l.get(i).copied().unwrap_or(0.0);
        *o = [at(a), at(b), at(c), at(d), at(e), at(f), at(g), at(h)];
    }
    out
}

/// Samples of a block of coefficients (natural order), row by row, 0–255.
#[inline]
pub(super) fn inverse(coefficients: &[i16; 64], steps: &Steps) -> [[u8; 8]; 8] {
    let mut rows = [[0.0f32; 8]; 8];
    for ((row, c), q) in rows.iter_mut().zip(coefficients.as_chunks::<8>().0).zip(steps.as_chunks::<8>().0) {
        for ((o, c), q) in row.iter_mut().zip(c).zip(q) {
            *o = f32::from(*c) * q;
        }
    }
    let rows = transpose(&pass(&transpose(&pass(&rows))));
    let mut out = [[0; 8]; 8];
    for (out, row) in out.iter_mut().zip(&rows) {
        // The conversion stops at 0 and 255 of itself.
        out.iter_mut().zip(row).for_each(|(o, v)| *o = (v + 128.5) as u8);
    }
    out
}

/// The one value of a block that has only its mean.
pub(super) fn flat(dc: i16, steps: &Steps) -> u8 {
    let [q, ..] = steps;
    (((f32::from(dc) * q) + 128.5) as i32).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_definition() {
        let mut c = [0i16; 64];
        for (i, k) in [(0, 300), (1, -40), (8, 25), (9, 31), (18, -77), (63, 12), (35, 60)] {
            c[i] = k;
        }
        let got = inverse(&c, &steps(&[1; 64]));
        for (y, row) in got.iter().enumerate() {
            for (x, sample) in row.iter().enumerate() {
                let mut sum = 0.0f64;
                for v in 0..8 {
                    for u in 0..8 {
                        let k = |n: usize| if n == 0 { 0.5f64.sqrt() } else { 1.0 };
                        let cos = |p: usize, n: usize| {
                            ((2 * p + 1) as f64 * n as f64 * std::f64::consts::PI / 16.0).cos()
                        };
                        sum += k(u) * k(v) * f64::from(c[v * 8 + u]) * cos(x, u) * cos(y, v) / 4.0;
                    }
                }
                let want = (sum + 128.0).clamp(0.0, 255.0);
                assert!((f64::from(*sample) - want).abs() <= 0.51, "sample {x},{y}: {sample} for {want}");
            }
        }
    }
}
