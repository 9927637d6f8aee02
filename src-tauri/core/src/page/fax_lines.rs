//! CCITT Group 3 (one- and two-dimensional) and Group 4 to lines, strict: a line that does not come
//! out at the width is a fault, not a thing to paint over. Code tables are those of the `fax` crate.

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, Bits};

/// Which of the three codings (TIFF compression 2, 3, 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Modified Huffman, each line starts a byte.
    Huffman,
    /// T.4 with end-of-line codes; `two` when lines may refer to the line above.
    T4 { two: bool },
    /// T.6.
    T6,
}

struct Reader<'a> {
    data: &'a [u8],
    bit: usize,
}

impl BitReader for Reader<'_> {
    type Error = ();

    fn peek(&self, bits: u8) -> Option<u16> {
        // Zeros stand in behind the end, so that the last codes can be looked up; `consume` is strict.
        let at = self.bit / 8;
        let byte = |i: usize| u32::from(self.data.get(at + i).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        let shift = 24 - self.bit % 8 - usize::from(bits.min(16));
        Some((word >> shift & ((1 << bits.min(16)) - 1)) as u16)
    }

    fn consume(&mut self, bits: u8) -> Result<(), ()> {
        self.bit += usize::from(bits);
        if self.bit <= self.data.len() * 8 { Ok(()) } else { Err(()) }
    }

    fn bits_to_byte_boundary(&self) -> u8 {
        ((8 - self.bit % 8) % 8) as u8
    }
}

/// Decodes `rows` lines of `width` pixels, packed eight to a byte, black as 1.
///
/// # Errors
/// The number of whole lines before the fault.
pub(super) fn decode(data: &[u8], coding: Coding, width: usize, rows: usize) -> Result<Vec<u8>, usize> {
    let mut reader = Reader { data, bit: 0 };
    let stride = width.div_ceil(8);
    let mut out = Vec::new();
    let (mut above, mut line): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for row in 0..rows {
        line.clear();
        let done = match coding {
            Coding::Huffman => {
                reader.bit = reader.bit.next_multiple_of(8);
                plain(&mut reader, width, &mut line)
            }
            Coding::T4 { two } => match end_of_line(&mut reader) {
                0 | 1 if !two => plain(&mut reader, width, &mut line),
                1 => {
                    let tag = reader.expect(Bits { data: 1, len: 1 }).is_ok();
                    let ok = reader.consume(1).ok();
                    let coded = if tag {
                        plain(&mut reader, width, &mut line)
                    } else {
                        referring(&mut reader, width, &above, &mut line)
                    };
                    ok.and(coded)
                }
                _ => None,
            },
            Coding::T6 => referring(&mut reader, width, &above, &mut line),
        };
        done.ok_or(row)?;
        let start = out.len();
        out.resize(start + stride, 0);
        for pair in line.chunks(2) {
            let (from, to) = (pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(width));
            blacken(out.get_mut(start..).unwrap_or_default(), from, to);
        }
        std::mem::swap(&mut above, &mut line);
    }
    Ok(out)
}

fn blacken(row: &mut [u8], from: usize, to: usize) {
    for (i, byte) in row.iter_mut().enumerate().take(to.div_ceil(8)).skip(from / 8) {
        let low = from.saturating_sub(i * 8).min(8);
        let high = (to - i * 8).min(8);
        *byte |= (0xFFu16 >> low) as u8 & !(0xFFu16 >> high) as u8;
    }
}

/// Skips end-of-line codes with their fill; how many there were.
fn end_of_line(reader: &mut Reader<'_>) -> usize {
    let mut count = 0;
    loop {
        let start = reader.bit;
        let mut zeros = 0usize;
        while reader.bit < reader.data.len() * 8 && reader.peek(1) == Some(0) {
            zeros += 1;
            reader.bit += 1;
        }
        if zeros < 11 || reader.consume(1).is_err() {
            reader.bit = start;
            return count;
        }
        count += 1;
        // Two-dimensional streams carry a tag bit behind each code, also between the codes that end
        // the page; a run of codes is the end either way.
        if reader.peek(13) == Some(1 | 1 << 12) {
            return 2;
        }
    }
}

/// A change of colour at `at`; two at one place cancel out.
fn change(line: &mut Vec<usize>, at: usize) {
    if line.last() == Some(&at) {
        line.pop();
    } else {
        line.push(at);
    }
}

fn run(reader: &mut Reader<'_>, dark: bool) -> Option<usize> {
    let mut total = 0;
    loop {
        let n = usize::from(if dark { black::decode(reader) } else { white::decode(reader) }?);
        total += n;
        if n < 64 {
            return Some(total);
        }
    }
}

fn plain(reader: &mut Reader<'_>, width: usize, line: &mut Vec<usize>) -> Option<()> {
    let (mut at, mut dark) = (0, false);
    while at < width {
        at += run(reader, dark)?;
        if at > width {
            return None;
        }
        change(line, at);
        dark = !dark;
    }
    while line.last().is_some_and(|p| *p >= width) {
        line.pop();
    }
    Some(())
}

fn referring(reader: &mut Reader<'_>, width: usize, above: &[usize], line: &mut Vec<usize>) -> Option<()> {
    let (mut at, mut dark, mut started, mut next) = (0usize, false, false, 0usize);
    while at < width {
        // First change above, right of here, to the other colour.
        while next > 0 && above.get(next - 1).is_some_and(|p| *p > at || !started) {
            next -= 1;
        }
        while above.get(next).is_some_and(|p| if started { *p <= at } else { false })
            || next % 2 != usize::from(dark)
        {
            if next >= above.len() {
                break;
            }
            next += 1;
        }
        let b1 = above.get(next).copied().unwrap_or(width);
        match mode::decode(reader)? {
            Mode::Pass => at = above.get(next + 1).copied().unwrap_or(width),
            Mode::Horizontal => {
                let first = at + run(reader, dark)?;
                let second = first + run(reader, !dark)?;
                if second > width {
                    return None;
                }
                change(line, first);
                change(line, second);
                at = second;
            }
            Mode::Vertical(delta) => {
                let to = b1.checked_add_signed(delta.into())?;
                if to > width || to < at {
                    return None;
                }
                change(line, to);
                at = to;
                dark = !dark;
            }
            Mode::Extension | Mode::EOF => return None,
        }
        started = true;
    }
    while line.last().is_some_and(|p| *p >= width) {
        line.pop();
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fax::{Color, VecWriter, encoder::Encoder};

    #[test]
    fn what_the_encoder_writes_comes_back_and_a_cut_is_seen() {
        let mut seed = 7u32;
        for (width, height) in [(1, 90), (37, 40), (400, 60), (5000, 7)] {
            let mut rows: Vec<Vec<bool>> = Vec::new();
            for y in 0..height {
                let mut row = vec![false; width];
                let mut dark = false;
                for cell in &mut row {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if seed >> 28 == 0 {
                        dark = !dark;
                    }
                    *cell = dark;
                }
                rows.push(if y % 3 == 1 { rows[y - 1].clone() } else { row });
            }
            let mut encoder = Encoder::new(VecWriter::new());
            for row in &rows {
                let pels = row.iter().map(|d| if *d { Color::Black } else { Color::White });
                encoder.encode_line(pels, width as u32).unwrap();
            }
            let data = encoder.finish().unwrap().finish();
            let got = decode(&data, Coding::T6, width, height).unwrap();
            for (y, row) in rows.iter().enumerate() {
                for (x, dark) in row.iter().enumerate() {
                    let bit = got[y * width.div_ceil(8) + x / 8] & (0x80 >> (x % 8)) != 0;
                    assert_eq!(bit, *dark, "pixel {x},{y} of {width}x{height}");
                }
            }
            assert!(
                decode(&data[..data.len() / 2], Coding::T6, width, height).is_err(),
                "half a stream is no page"
            );
        }
    }
}
