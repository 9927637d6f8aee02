//! The scans of a JPEG, decoded to the letter: every code must exist, every block must be there,
//! every marker must stand where it belongs. Common decoders paint over a damaged scan; a page
//! that goes under a signature may not be painted over. Works on bytes in memory.

use super::jpeg::{Component, Fault, Head, segment};
use super::jpeg_bits::{Bits, Huffman};
use super::jpeg_dct::{self, Steps, ZIGZAG};
use super::jpeg_tables::{huffman_tables, quant_tables};

/// Takes rows of samples: component, row in the component's own raster, samples.
pub(super) type Sink<'a> = dyn FnMut(usize, usize, &[u8]) + 'a;

/// No honest file comes near this; each scan costs a walk over the whole picture.
const MOST_SCANS: usize = 200;

/// Size of a component in samples.
pub(super) fn extent(head: &Head, c: &Component) -> (usize, usize) {
    let (hmax, vmax) = head.sampling();
    ((head.width as usize * c.h).div_ceil(hmax), (head.height as usize * c.v).div_ceil(vmax))
}

struct Plane {
    component: Component,
    /// Samples that count.
    width: usize,
    height: usize,
    /// Blocks across and down, up to whole MCUs.
    across: usize,
    down: usize,
    /// All coefficients, only for progressive files.
    store: Vec<i16>,
    steps: Option<Steps>,
    quant: [u16; 64],
    /// Progressive: the bit each coefficient is known down to; -1 = not yet.
    known: [i8; 64],
    prediction: i32,
    seen: bool,
}

#[derive(Clone, Copy)]
struct Spectral {
    start: usize,
    end: usize,
    high: u32,
    low: u32,
}

/// One component of a scan: its plane and its tables.
struct Part {
    plane: usize,
    dc: usize,
    ac: usize,
}

/// Decodes all scans of `data`, whose header is `head`, and hands the rows of each component to
/// `sink` from top to bottom (components interleave in bands, or follow each other).
///
/// # Errors
/// The first fault in the data. Rows already handed out are then worthless.
pub(super) fn decode(data: &[u8], head: &Head, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let (hmax, vmax) = head.sampling();
    let (mcus_x, mcus_y) =
        ((head.width as usize).div_ceil(8 * hmax), (head.height as usize).div_ceil(8 * vmax));
    let mut planes: Vec<Plane> = Vec::new();
    for c in &head.components {
        let (width, height) = extent(head, c);
        let (across, down) = (mcus_x * c.h, mcus_y * c.v);
        let store = if head.progressive { vec![0; across * down * 64] } else { Vec::new() };
        planes.push(Plane {
            component: *c,
            width,
            height,
            across,
            down,
            store,
            steps: None,
            quant: [0; 64],
            known: [-1; 64],
            prediction: 0,
            seen: false,
        });
    }
    let mut quant: [Option<[u16; 64]>; 4] = [None; 4];
    let mut dc: [Option<Huffman>; 4] = Default::default();
    let mut ac: [Option<Huffman>; 4] = Default::default();
    let mut interval = 0usize;
    let mut scans = 0;
    let mut at = 2;
    loop {
        let (marker, payload, next) = segment(data, at)?;
        at = next;
        match marker {
            0xC4 => huffman_tables(payload, &mut dc, &mut ac)?,
            0xDB => quant_tables(payload, &mut quant)?,
            0xDD => match payload {
                [a, b] => interval = usize::from(u16::from_be_bytes([*a, *b])),
                _ => return Err(Fault::damaged("restart interval")),
            },
            0xD9 => break,
            0xD8 => return Err(Fault::damaged("second start marker")),
            0xC0..=0xC2 if scans > 0 => return Err(Fault::damaged("second frame")),
            0xDA => {
                scans += 1;
                if scans > MOST_SCANS {
                    return Err(Fault::damaged("too many scans"));
                }
                let (parts, spectral) = scan_header(payload, head, &mut planes)?;
                for part in &parts {
                    let plane = planes.get_mut(part.plane).ok_or_else(|| Fault::damaged("scan header"))?;
                    if plane.steps.is_none() {
                        let table = quant.get(plane.component.table).copied().flatten();
                        plane.quant = table.ok_or_else(|| Fault::damaged("no quantisation table"))?;
                        plane.steps = Some(jpeg_dct::steps(&plane.quant));
                    }
                    plane.prediction = 0;
                }
                let mut scan = Scan { parts: &parts, spectral, dc: &dc, ac: &ac, eob_run: 0 };
                at = scan.run(Bits::new(data, at), head, &mut planes, (mcus_x, mcus_y), interval, sink)?;
            }
            _ => {}
        }
    }
    if let Some(n) = planes.iter().position(|p| !p.seen) {
        return Err(Fault::Damaged(format!("component {} missing", n + 1)));
    }
    if head.progressive {
        for (n, plane) in planes.iter().enumerate() {
            paint_stored(n, plane, sink);
        }
    }
    Ok(())
}

fn scan_header(payload: &[u8], head: &Head, planes: &mut [Plane]) -> Result<(Vec<Part>, Spectral), Fault> {
    let wrong = || Fault::damaged("scan header");
    let (count, rest) = payload.split_first().ok_or_else(wrong)?;
    let (list, tail) = rest.split_at_checked(usize::from(*count) * 2).ok_or_else(wrong)?;
    let &[start, end, approximation] = tail else { return Err(wrong()) };
    let mut parts: Vec<Part> = Vec::new();
    for &[id, tables] in list.as_chunks::<2>().0 {
        let plane = planes.iter().position(|p| p.component.id == id).ok_or_else(wrong)?;
        let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
        if dc > 3 || ac > 3 || parts.iter().any(|p| p.plane == plane) {
            return Err(wrong());
        }
        parts.push(Part { plane, dc, ac });
    }
    let blocks = |p: &Part| planes.get(p.plane).map_or(1, |p| p.component.h * p.component.v);
    if parts.is_empty() || parts.len() > 1 && parts.iter().map(blocks).sum::<usize>() > 10 {
        return Err(wrong());
    }
    let (start, end) = (usize::from(start), usize::from(end));
    let (high, low) = (u32::from(approximation >> 4), u32::from(approximation & 15));
    for part in &parts {
        let Some(plane) = planes.get_mut(part.plane) else { return Err(wrong()) };
        if head.progressive {
            let span = if start == 0 { end == 0 } else { start <= end && end < 64 && parts.len() == 1 };
            let [known_dc, ..] = plane.known;
            if !span || low > 13 || (high != 0 && high != low + 1) || (start > 0 && known_dc < 0) {
                return Err(wrong());
            }
            for known in plane.known.iter_mut().take(end + 1).skip(start) {
                // Each scan must continue where the last one of these coefficients stopped.
                if i32::from(*known).max(0) != high as i32 || (high == 0 && *known >= 0 && low > 0) {
                    return Err(Fault::damaged("order of scans"));
                }
                *known = low as i8;
            }
            plane.seen |= start == 0;
        } else {
            if start != 0 || end != 63 || high != 0 || low != 0 {
                return Err(wrong());
            }
            if std::mem::replace(&mut plane.seen, true) {
                return Err(Fault::damaged("component twice"));
            }
        }
    }
    Ok((parts, Spectral { start, end, high, low }))
}

struct Scan<'t> {
    parts: &'t [Part],
    spectral: Spectral,
    dc: &'t [Option<Huffman>; 4],
    ac: &'t [Option<Huffman>; 4],
    eob_run: u32,
}

impl Scan<'_> {
    /// Reads one scan; where the marker behind it stands.
    fn run(
        &mut self,
        mut bits: Bits<'_>,
        head: &Head,
        planes: &mut [Plane],
        mcus: (usize, usize),
        interval: usize,
        sink: &mut Sink<'_>,
    ) -> Result<usize, Fault> {
        let alone = self.parts.len() == 1;
        let (across, down) = match (self.parts, alone) {
            ([part], true) => {
                planes.get(part.plane).map_or((0, 0), |p| (p.width.div_ceil(8), p.height.div_ceil(8)))
            }
            _ => mcus,
        };
        let mut bands: Vec<Vec<u8>> = planes.iter().map(|_| Vec::new()).collect();
        if !head.progressive {
            for part in self.parts {
                if let (Some(band), Some(p)) = (bands.get_mut(part.plane), planes.get(part.plane)) {
                    band.resize(p.across * 8 * 8 * if alone { 1 } else { p.component.v }, 0);
                }
            }
        }
        let (mut until_restart, mut restart) = (interval, 0u8);
        for y in 0..down {
            let row = |fault: Fault| match fault {
                Fault::Damaged(what) => {
                    let total = head.height as usize;
                    Fault::Damaged(format!("{what}: row {}/{total}", (y * total / down.max(1)).min(total)))
                }
                other => other,
            };
            for x in 0..across {
                if interval > 0 {
                    if until_restart == 0 {
                        bits = bits.restart(restart).map_err(row)?;
                        restart = (restart + 1) & 7;
                        until_restart = interval;
                        self.eob_run = 0;
                        planes.iter_mut().for_each(|p| p.prediction = 0);
                    }
                    until_restart -= 1;
                }
                for part in self.parts {
                    let Some(plane) = planes.get_mut(part.plane) else { continue };
                    let (h, v) = if alone { (1, 1) } else { (plane.component.h, plane.component.v) };
                    for by in 0..v {
                        for bx in 0..h {
                            let (bx, by_all) = (x * h + bx, y * v + by);
                            if head.progressive {
                                self.progressive(&mut bits, plane, part, bx, by_all).map_err(row)?;
                            } else if let Some(band) = bands.get_mut(part.plane) {
                                self.sequential(&mut bits, plane, part, band, bx, by).map_err(row)?;
                            }
                        }
                    }
                }
            }
            if !head.progressive {
                for part in self.parts {
                    if let (Some(band), Some(p)) = (bands.get(part.plane), planes.get(part.plane)) {
                        let first = y * 8 * if alone { 1 } else { p.component.v };
                        hand_out(part.plane, p, first, band, sink);
                    }
                }
            }
        }
        let total = head.height;
        bits.finish().map_err(|f| match f {
            Fault::Damaged(what) => Fault::Damaged(format!("{what}: row {total}/{total}")),
            other => other,
        })
    }

    #[inline]
    fn sequential(
        &self,
        bits: &mut Bits<'_>,
        plane: &mut Plane,
        part: &Part,
        band: &mut [u8],
        bx: usize,
        by: usize,
    ) -> Result<(), Fault> {
        let tables =
            self.dc.get(part.dc).and_then(Option::as_ref).zip(self.ac.get(part.ac).and_then(Option::as_ref));
        let Some(((dc, ac), steps)) = tables.zip(plane.steps.as_ref()) else {
            return Err(Fault::damaged("no huffman table"));
        };
        let mut block = [0i16; 64];
        plane.prediction += difference(bits, dc)?;
        let [step, ..] = plane.quant;
        plausible(plane.prediction, step)?;
        let [first, ..] = &mut block;
        *first = plane.prediction as i16;
        let (mut k, mut last) = (1usize, 0usize);
        while k < 64 {
            let symbol = bits.symbol(ac)?;
            let (run, size) = ((symbol >> 4) as usize, symbol & 15);
            if size == 0 {
                if run != 15 {
                    break;
                }
                k += 16;
                continue;
            }
            k += run;
            let value = bits.signed(size)?;
            let Some(slot) = ZIGZAG.get(k).and_then(|z| block.get_mut(usize::from(*z))) else {
                return Err(Fault::damaged("block too long"));
            };
            *slot = value as i16;
            last = k;
            k += 1;
        }
        if k > 64 {
            return Err(Fault::damaged("block too long"));
        }
        paint(&block, last == 0, steps, band, plane.across * 8, bx, by);
        Ok(())
    }

    fn progressive(
        &mut self,
        bits: &mut Bits<'_>,
        plane: &mut Plane,
        part: &Part,
        bx: usize,
        by: usize,
    ) -> Result<(), Fault> {
        let at = (by * plane.across + bx) * 64;
        let Some(block) = plane.store.get_mut(at..at + 64).and_then(|b| <&mut [i16; 64]>::try_from(b).ok())
        else {
            return Err(Fault::damaged("block outside"));
        };
        let Spectral { start, high, low, .. } = self.spectral;
        let [first, ..] = &mut *block;
        if start == 0 && high == 0 {
            let dc = self.dc.get(part.dc).and_then(Option::as_ref);
            plane.prediction += difference(bits, dc.ok_or_else(|| Fault::damaged("no huffman table"))?)?;
            let value = plane.prediction << low;
            let [step, ..] = plane.quant;
            plausible(value, step)?;
            *first = value as i16;
            return Ok(());
        }
        if start == 0 {
            if bits.bit()? {
                *first |= 1 << low;
            }
            return Ok(());
        }
        let ac = self
            .ac
            .get(part.ac)
            .and_then(Option::as_ref)
            .ok_or_else(|| Fault::damaged("no huffman table"))?;
        if high == 0 { self.ac_first(bits, block, ac) } else { self.ac_refine(bits, block, ac) }
    }

    fn ac_first(&mut self, bits: &mut Bits<'_>, block: &mut [i16; 64], ac: &Huffman) -> Result<(), Fault> {
        if self.eob_run > 0 {
            self.eob_run -= 1;
            return Ok(());
        }
        let Spectral { start, end, low, .. } = self.spectral;
        let mut k = start;
        while k <= end {
            let symbol = bits.symbol(ac)?;
            let (run, size) = (symbol >> 4, symbol & 15);
            if size == 0 {
                if run != 15 {
                    self.eob_run = (1 << run) - 1 + bits.bits(run)? as u32;
                    return Ok(());
                }
                k += 16;
                continue;
            }
            k += run as usize;
            let value = bits.signed(size)? << low;
            let slot = ZIGZAG.get(k).filter(|_| k <= end).and_then(|z| block.get_mut(usize::from(*z)));
            *slot.ok_or_else(|| Fault::damaged("block too long"))? = value as i16;
            k += 1;
        }
        if k > end + 1 { Err(Fault::damaged("block too long")) } else { Ok(()) }
    }

    fn ac_refine(&mut self, bits: &mut Bits<'_>, block: &mut [i16; 64], ac: &Huffman) -> Result<(), Fault> {
        let Spectral { start, end, low, .. } = self.spectral;
        let unit = 1i16 << low;
        let correct = |bits: &mut Bits<'_>, c: &mut i16| -> Result<(), Fault> {
            if bits.bit()? && *c & unit == 0 {
                *c = c.wrapping_add(if *c > 0 { unit } else { -unit });
            }
            Ok(())
        };
        let mut k = start;
        if self.eob_run == 0 {
            while k <= end {
                let symbol = bits.symbol(ac)?;
                let (mut run, size) = (symbol >> 4, symbol & 15);
                let mut value = 0;
                if size == 0 {
                    if run != 15 {
                        self.eob_run = (1 << run) + bits.bits(run)? as u32;
                        break;
                    }
                } else if size == 1 {
                    value = if bits.bit()? { unit } else { -unit };
                } else {
                    return Err(Fault::damaged("no such code"));
                }
                let mut placed = false;
                while k <= end {
                    let Some(c) = ZIGZAG.get(k).and_then(|z| block.get_mut(usize::from(*z))) else { break };
                    k += 1;
                    if *c != 0 {
                        correct(bits, c)?;
                    } else if run == 0 {
                        *c = value;
                        placed = true;
                        break;
                    } else {
                        run -= 1;
                    }
                }
                if value != 0 && !placed {
                    return Err(Fault::damaged("block too long"));
                }
            }
        }
        if self.eob_run > 0 {
            for z in ZIGZAG.iter().take(end + 1).skip(k) {
                if let Some(c) = block.get_mut(usize::from(*z)).filter(|c| **c != 0) {
                    correct(bits, c)?;
                }
            }
            self.eob_run -= 1;
        }
        Ok(())
    }
}

#[inline(always)]
fn difference(bits: &mut Bits<'_>, dc: &Huffman) -> Result<i32, Fault> {
    let size = bits.symbol(dc)?;
    if size > 11 {
        return Err(Fault::damaged("no such code"));
    }
    bits.signed(size)
}

/// A mean far outside what 8-bit samples can have: the codes have lost step, though each exists.
#[inline(always)]
fn plausible(dc: i32, step: u16) -> Result<(), Fault> {
    const MOST: u32 = 4 * 1024;
    let lost = dc.unsigned_abs() > MOST || dc.unsigned_abs().saturating_mul(step.into()) > MOST;
    if lost { Err(Fault::damaged("value out of range")) } else { Ok(()) }
}

#[inline(always)]
fn paint(block: &[i16; 64], flat: bool, steps: &Steps, out: &mut [u8], stride: usize, bx: usize, by: usize) {
    let start = by * 8 * stride + bx * 8;
    let [dc, ..] = block;
    let samples = if flat { [[jpeg_dct::flat(*dc, steps); 8]; 8] } else { jpeg_dct::inverse(block, steps) };
    for (i, row) in samples.iter().enumerate() {
        if let Some(target) = out.get_mut(start + i * stride..start + i * stride + 8) {
            target.copy_from_slice(row);
        }
    }
}

fn hand_out(n: usize, p: &Plane, first: usize, band: &[u8], sink: &mut Sink<'_>) {
    for (row, samples) in (first..p.height).zip(band.chunks_exact(p.across * 8)) {
        sink(n, row, samples.get(..p.width).unwrap_or(samples));
    }
}

fn paint_stored(n: usize, p: &Plane, sink: &mut Sink<'_>) {
    let Some(steps) = p.steps.as_ref() else { return };
    let mut band = vec![0u8; p.across * 64];
    let rows = p.store.chunks_exact((p.across * 64).max(1)).take(p.down);
    for (y, blocks) in rows.enumerate() {
        for (x, block) in blocks.as_chunks::<64>().0.iter().enumerate() {
            let flat = block.iter().skip(1).all(|c| *c == 0);
            paint(block, flat, steps, &mut band, p.across * 8, x, 0);
        }
        hand_out(n, p, y * 8, &band, sink);
    }
}
