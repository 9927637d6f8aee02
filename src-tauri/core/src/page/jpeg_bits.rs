//! Bits and Huffman codes of a JPEG scan, strict: asking for a bit that is not there is a fault.

use super::jpeg::Fault;

/// Reads the entropy-coded bytes of one scan up to the next marker.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    pos: usize,
    /// Next bits, left-aligned.
    acc: u64,
    /// How many of them are real.
    have: u32,
}

impl<'a> Bits<'a> {
    /// Starts at the first entropy-coded byte.
    pub fn new(data: &'a [u8], pos: usize) -> Self {
        Self { data, pos, acc: 0, have: 0 }
    }

    #[inline(always)]
    fn fill(&mut self) {
        // Four bytes at once when none of them is 0xFF, the escape of the format.
        if let Some(word) = self.data.get(self.pos..self.pos + 4).and_then(|b| <[u8; 4]>::try_from(b).ok()) {
            let word = u32::from_be_bytes(word);
            let inverse = !word;
            if inverse.wrapping_sub(0x0101_0101) & word & 0x8080_8080 == 0 {
                self.acc |= u64::from(word) << (32 - self.have);
                self.have += 32;
                self.pos += 4;
                return;
            }
        }
        self.fill_slowly();
    }

    #[cold]
    fn fill_slowly(&mut self) {
        while self.have <= 32 {
            let Some(&byte) = self.data.get(self.pos) else { return };
            let mut next = self.pos + 1;
            if byte == 0xFF {
                while self.data.get(next) == Some(&0xFF) {
                    next += 1;
                }
                if self.data.get(next) != Some(&0) {
                    return;
                }
                next += 1;
            }
            self.acc |= u64::from(byte) << (56 - self.have);
            self.have += 8;
            self.pos = next;
        }
    }

    /// Makes at least 32 bits available, or all that are left.
    #[inline(always)]
    pub fn ready(&mut self) {
        if self.have < 32 {
            self.fill();
        }
    }

    #[inline(always)]
    fn take(&mut self, n: u32) -> Result<(), Fault> {
        if n > self.have {
            return Err(Fault::damaged("scan data ends"));
        }
        self.acc <<= n;
        self.have -= n;
        Ok(())
    }

    /// `n` ≤ 16 raw bits.
    #[inline(always)]
    pub fn bits(&mut self, n: u32) -> Result<i32, Fault> {
        if n == 0 {
            return Ok(0);
        }
        let v = (self.acc >> (64 - n)) as i32;
        self.take(n)?;
        Ok(v)
    }

    /// One bit.
    #[inline(always)]
    pub fn bit(&mut self) -> Result<bool, Fault> {
        self.ready();
        Ok(self.bits(1)? != 0)
    }

    /// A signed value of `n` bits in the format's own coding (ITU T.81, F.2.2.1).
    #[inline(always)]
    pub fn signed(&mut self, n: u32) -> Result<i32, Fault> {
        let v = self.bits(n)?;
        Ok(if n > 0 && v < 1 << (n - 1) { v - (1 << n) + 1 } else { v })
    }

    /// The next code's symbol; 32 bits are ready afterwards minus the code's length.
    #[inline(always)]
    pub fn symbol(&mut self, table: &Huffman) -> Result<u32, Fault> {
        self.ready();
        let quick = table.quick.get((self.acc >> (64 - QUICK)) as usize).copied().unwrap_or(0);
        if quick != 0 {
            self.take(u32::from(quick >> 8))?;
            return Ok(u32::from(quick & 0xFF));
        }
        let code = (self.acc >> 48) as u32;
        let long = table.limits.iter().zip(&table.offsets).zip(1u32..).find(|((limit, _), _)| code < **limit);
        let Some(((_, offset), length)) = long else {
            // Zeros stand in for missing bits; an unfinished code is a cut, not a wrong code.
            let why = if self.have < 16 { "scan data ends" } else { "no such code" };
            return Err(Fault::damaged(why));
        };
        self.take(length)?;
        let place = (code >> (16 - length)) as i32 + offset;
        let symbol = usize::try_from(place).ok().and_then(|p| table.symbols.get(p));
        symbol.map(|s| u32::from(*s)).ok_or_else(|| Fault::damaged("no such code"))
    }

    /// Ends the run of bits; the position of the marker behind it.
    ///
    /// # Errors
    /// Whole bytes left over: more data than the picture has blocks.
    pub fn finish(mut self) -> Result<usize, Fault> {
        if self.have >= 8 {
            return Err(Fault::damaged("extra data in scan"));
        }
        self.have = 0;
        let rest = self.data.get(self.pos..).unwrap_or_default();
        match rest.iter().position(|b| *b != 0xFF) {
            None => Err(Fault::damaged("scan data ends")),
            Some(0) => Err(Fault::damaged("extra data in scan")),
            Some(n) if rest.get(n) == Some(&0) => Err(Fault::damaged("extra data in scan")),
            Some(n) => Ok(self.pos + n - 1),
        }
    }

    /// Passes the restart marker number `n` (0–7), which must stand here.
    pub fn restart(self, n: u8) -> Result<Self, Fault> {
        let data = self.data;
        let at = self.finish()?;
        match data.get(at + 1) {
            Some(m) if *m == 0xD0 + n => Ok(Self::new(data, at + 2)),
            _ => Err(Fault::damaged("restart marker")),
        }
    }
}

const QUICK: u32 = 9;

/// A Huffman table ready for reading.
#[derive(Clone)]
pub(super) struct Huffman {
    /// Length in the high byte, symbol in the low one; 0 = longer code.
    quick: [u16; 1 << QUICK],
    /// For each length 1–16: first code, left-aligned to 16 bits, that is too high for it.
    limits: [u32; 16],
    offsets: [i32; 16],
    symbols: Vec<u8>,
}

impl Huffman {
    /// Builds the table from the 16 counts and the symbols of a DHT segment.
    pub fn new(counts: &[u8], symbols: &[u8]) -> Result<Self, Fault> {
        let mut t =
            Self { quick: [0; 1 << QUICK], limits: [0; 16], offsets: [0; 16], symbols: symbols.to_vec() };
        let (mut code, mut place) = (0u32, 0u32);
        let lengths = counts.iter().zip(1u32..).zip(t.limits.iter_mut().zip(t.offsets.iter_mut()));
        for ((count, length), (limit, offset)) in lengths {
            *offset = place as i32 - code as i32;
            for _ in 0..*count {
                if code >= 1 << length {
                    return Err(Fault::damaged("huffman table"));
                }
                let symbol =
                    symbols.get(place as usize).copied().ok_or_else(|| Fault::damaged("huffman table"))?;
                if length <= QUICK {
                    let first = (code << (QUICK - length)) as usize;
                    for entry in t.quick.iter_mut().skip(first).take(1 << (QUICK - length)) {
                        *entry = (length as u16) << 8 | u16::from(symbol);
                    }
                }
                code += 1;
                place += 1;
            }
            *limit = code << (16 - length);
            code <<= 1;
        }
        Ok(t)
    }

    /// The largest symbol, to check direct-current tables.
    pub fn largest(&self) -> u8 {
        self.symbols.iter().copied().max().unwrap_or(0)
    }
}
