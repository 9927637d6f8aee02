//! The four facts we need from an EXIF block: orientation, resolution, whether it holds a place,
//! and whether it can be read at all. Looks at the first directory only; tolerates the rest.

/// What an EXIF (TIFF-structured) block says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Exif {
    /// 1–8 when present and legal.
    pub orientation: Option<u8>,
    /// Resolution across and down, dpi.
    pub dpi: Option<(f64, f64)>,
    /// There is a GPS directory.
    pub gps: bool,
    /// The structure breaks off or points outside.
    pub damaged: bool,
}

/// Reads the first directory of `block`, which starts with the byte-order mark.
pub(super) fn read(block: &[u8]) -> Exif {
    let mut exif = Exif::default();
    let big = match block.get(..4) {
        Some(b"MM\0*") => true,
        Some(b"II*\0") => false,
        _ => return Exif { damaged: true, ..exif },
    };
    let u16_at = |at: usize| -> Option<u16> {
        let b: [u8; 2] = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(b) } else { u16::from_le_bytes(b) })
    };
    let u32_at = |at: usize| -> Option<u32> {
        let b: [u8; 4] = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big { u32::from_be_bytes(b) } else { u32::from_le_bytes(b) })
    };
    let place = |at: usize| u32_at(at).and_then(|n| usize::try_from(n).ok());
    let rational = |entry: usize| -> Option<f64> {
        // Type 5 is an unsigned rational; its eight bytes never fit the entry itself.
        (u16_at(entry + 2)? == 5).then_some(())?;
        let at = place(entry + 8)?;
        let (a, b) = (u32_at(at)?, u32_at(at + 4)?);
        (b != 0).then(|| f64::from(a) / f64::from(b))
    };
    let Some((start, count)) = place(4).and_then(|at| Some((at.checked_add(2)?, u16_at(at)?))) else {
        return Exif { damaged: true, ..exif };
    };
    let (mut x, mut y, mut unit) = (None, None, 2u16);
    for entry in (0..usize::from(count)).map(|i| start + i * 12) {
        let Some(tag) = u16_at(entry).filter(|_| u32_at(entry + 8).is_some()) else {
            exif.damaged = true;
            break;
        };
        match tag {
            0x0112 => match u16_at(entry + 8) {
                Some(v @ 1..=8) if u16_at(entry + 2) == Some(3) => exif.orientation = u8::try_from(v).ok(),
                Some(0) => {}
                _ => exif.damaged = true,
            },
            0x011A => x = rational(entry),
            0x011B => y = rational(entry),
            0x0128 => unit = u16_at(entry + 8).unwrap_or(2),
            0x8825 => exif.gps = true,
            _ => {}
        }
    }
    let factor = match unit {
        2 => 1.0,
        3 => 2.54,
        _ => 0.0,
    };
    if let (Some(x), Some(y)) = (x, y.or(x))
        && factor > 0.0
    {
        exif.dpi = Some((x * factor, y * factor));
    }
    exif
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A little-endian block with orientation, 300 dpi and, if wanted, a GPS directory pointer.
    pub(crate) fn block(orientation: u16, gps: bool) -> Vec<u8> {
        let mut b = b"II*\0\x08\0\0\0".to_vec();
        let n: u16 = if gps { 5 } else { 4 };
        let data = 8 + 2 + u32::from(n) * 12 + 4;
        b.extend(n.to_le_bytes());
        let mut entry = |tag: u16, kind: u16, value: u32| {
            b.extend(tag.to_le_bytes());
            b.extend(kind.to_le_bytes());
            b.extend(1u32.to_le_bytes());
            b.extend(value.to_le_bytes());
        };
        entry(0x0112, 3, orientation.into());
        entry(0x011A, 5, data);
        entry(0x011B, 5, data);
        entry(0x0128, 3, 2);
        if gps {
            entry(0x8825, 4, 0);
        }
        b.extend([0; 4]);
        b.extend(300u32.to_le_bytes());
        b.extend(1u32.to_le_bytes());
        b
    }

    #[test]
    fn a_phone_tells_how_it_was_held_and_where() {
        let e = read(&block(6, true));
        assert_eq!(e, Exif { orientation: Some(6), dpi: Some((300.0, 300.0)), gps: true, damaged: false });
    }

    #[test]
    fn any_cut_is_survived_and_said() {
        let whole = block(6, true);
        for n in 0..whole.len() {
            let e = read(&whole[..n]);
            assert!(n >= 10 + 60 || e.damaged, "cut at {n} inside the directory must be seen");
        }
    }
}
