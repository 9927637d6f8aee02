//! The table segments of a JPEG: Huffman codes and quantisation. Looks at bytes only.

use super::jpeg::Fault;
use super::jpeg_bits::Huffman;
use super::jpeg_dct::ZIGZAG;

/// Takes in a DHT segment.
pub(super) fn huffman_tables(
    mut p: &[u8],
    dc: &mut [Option<Huffman>; 4],
    ac: &mut [Option<Huffman>; 4],
) -> Result<(), Fault> {
    let wrong = || Fault::damaged("huffman table");
    while let Some((class, rest)) = p.split_first() {
        let (counts, rest) = rest.split_at_checked(16).ok_or_else(wrong)?;
        let total = counts.iter().map(|c| usize::from(*c)).sum();
        let (symbols, rest) = rest.split_at_checked(total).ok_or_else(wrong)?;
        let table = Huffman::new(counts, symbols)?;
        if class >> 4 == 0 && table.largest() > 15 {
            return Err(wrong());
        }
        let set = match class >> 4 {
            0 => &mut *dc,
            1 => &mut *ac,
            _ => return Err(wrong()),
        };
        *set.get_mut(usize::from(class & 15)).ok_or_else(wrong)? = Some(table);
        p = rest;
    }
    Ok(())
}

/// Takes in a DQT segment; values in natural order.
pub(super) fn quant_tables(mut p: &[u8], tables: &mut [Option<[u16; 64]>; 4]) -> Result<(), Fault> {
    let wrong = || Fault::damaged("quantisation table");
    while let Some((class, rest)) = p.split_first() {
        let wide = class >> 4 != 0;
        let (values, rest) = rest.split_at_checked(if wide { 128 } else { 64 }).ok_or_else(wrong)?;
        let mut table = [0u16; 64];
        for (i, z) in ZIGZAG.iter().enumerate() {
            let value = if wide {
                values.get(2 * i..2 * i + 2).and_then(|b| <[u8; 2]>::try_from(b).ok()).map(u16::from_be_bytes)
            } else {
                values.get(i).map(|v| u16::from(*v))
            };
            if let (Some(slot), Some(value)) = (table.get_mut(usize::from(*z)), value) {
                *slot = value;
            }
        }
        *tables.get_mut(usize::from(class & 15)).ok_or_else(wrong)? = Some(table);
        p = rest;
    }
    Ok(())
}
