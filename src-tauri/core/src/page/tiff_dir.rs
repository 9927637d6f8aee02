//! The directories of a TIFF or BigTIFF: which pages there are and what their tags say. Every number
//! in the file is a claim; nothing is read outside the bytes, nothing is allocated on a claim alone.

use std::collections::BTreeMap;

use super::read::Refusal;
use super::{FindingKind, Limits};

/// A TIFF file in memory.
pub(super) struct Tiff<'a> {
    data: &'a [u8],
    big_endian: bool,
    /// BigTIFF: eight-byte offsets.
    wide: bool,
}

/// One directory: tag to (type, count, place of the value).
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    entries: BTreeMap<u16, (u16, u64, usize)>,
}

impl<'a> Tiff<'a> {
    /// Reads the header.
    pub fn open(data: &'a [u8]) -> Result<Self, Refusal> {
        let (big_endian, wide) = match data.get(..4) {
            Some(b"II*\0") => (false, false),
            Some(b"MM\0*") => (true, false),
            Some(b"II+\0") => (false, true),
            Some(b"MM\0+") => (true, true),
            _ => return Err(Refusal::damaged("TIFF header")),
        };
        Ok(Self { data, big_endian, wide })
    }

    /// Samples of more than one byte are stored most significant first.
    pub fn big_endian(&self) -> bool {
        self.big_endian
    }

    /// `n` ≤ 8 bytes at `at` as a number.
    fn number(&self, at: usize, n: usize) -> Option<u64> {
        let bytes = self.data.get(at..at.checked_add(n)?)?;
        let fold = |sum: u64, b: &u8| sum << 8 | u64::from(*b);
        Some(if self.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) })
    }

    fn place(&self, at: usize) -> Option<usize> {
        usize::try_from(self.number(at, if self.wide { 8 } else { 4 })?).ok()
    }

    /// The bytes `offset..offset + length`, as far as the file goes.
    pub fn bytes(&self, offset: u64, length: u64) -> &'a [u8] {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.data.len());
        let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(self.data.len());
        self.data.get(start..end).unwrap_or_default()
    }

    /// All directories of the chain; in place of one that cannot be read, why.
    ///
    /// # Errors
    /// More pages than the limits allow.
    pub fn chain(&self, limits: &Limits) -> Result<Vec<Result<Directory, Refusal>>, Refusal> {
        let mut found = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        let mut at = self.place(if self.wide { 8 } else { 4 });
        while let Some(offset) = at.filter(|o| *o != 0) {
            if !seen.insert(offset) {
                found.push(Err(Refusal::damaged("directory loop")));
                break;
            }
            if found.len() as u64 > u64::from(limits.max_pages) * 2 {
                return Err(Refusal::new(FindingKind::TooLarge, format!("> {} pages", limits.max_pages)));
            }
            match self.directory(offset) {
                Some((directory, next)) => {
                    found.push(Ok(directory));
                    at = next;
                    if at.is_none() {
                        found.push(Err(Refusal::damaged("directory cut")));
                    }
                }
                None => {
                    found.push(Err(Refusal::damaged(format!("directory at {offset}/{}", self.data.len()))));
                    break;
                }
            }
        }
        if found.is_empty() { Err(Refusal::damaged("no page")) } else { Ok(found) }
    }

    /// The directory at `at`, and the place of the next one (0 = none, `None` = cut off).
    fn directory(&self, at: usize) -> Option<(Directory, Option<usize>)> {
        let (head, size, room) = if self.wide { (8, 20, 8) } else { (2, 12, 4) };
        let count = usize::try_from(self.number(at, head)?).ok()?;
        let start = at.checked_add(head)?;
        let end = start.checked_add(count.checked_mul(size)?)?;
        self.data.get(start..end)?;
        let mut directory = Directory::default();
        for entry in (start..end).step_by(size) {
            let tag = u16::try_from(self.number(entry, 2)?).ok()?;
            let kind = u16::try_from(self.number(entry + 2, 2)?).ok()?;
            let many = self.number(entry + 4, room)?;
            let value = entry + 4 + room;
            let bytes = many.saturating_mul(width_of(kind) as u64);
            let place = if bytes <= room as u64 { value } else { self.place(value)? };
            directory.entries.entry(tag).or_insert((kind, many, place));
        }
        Some((directory, self.place(end)))
    }

    /// Whole numbers of a tag; empty when it is missing or of another type. Stops at the file's end.
    pub fn numbers(&self, directory: &Directory, tag: u16) -> Vec<u64> {
        let Some(&(kind, count, at)) = directory.entries.get(&tag) else { return Vec::new() };
        let width = width_of(kind);
        if !matches!(kind, 1 | 3 | 4 | 6 | 8 | 9 | 13 | 16 | 17 | 18 | 2 | 7) {
            return Vec::new();
        }
        let most = self.data.len().saturating_sub(at) / width;
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(most);
        (0..count).map_while(|i| self.number(at + i * width, width)).collect()
    }

    /// First whole number of a tag.
    pub fn number_of(&self, directory: &Directory, tag: u16) -> Option<u64> {
        self.numbers(directory, tag).first().copied()
    }

    /// First value of a tag as a fraction.
    pub fn fraction(&self, directory: &Directory, tag: u16) -> Option<f64> {
        let &(kind, _, at) = directory.entries.get(&tag)?;
        match kind {
            5 | 10 => {
                let (a, b) = (self.number(at, 4)? as f64, self.number(at + 4, 4)? as f64);
                (b > 0.0).then(|| a / b)
            }
            11 => Some(f32::from_bits(self.number(at, 4)? as u32).into()),
            12 => Some(f64::from_bits(self.number(at, 8)?)),
            _ => Some(self.number_of(directory, tag)? as f64),
        }
    }

    /// The bytes of a tag.
    pub fn blob(&self, directory: &Directory, tag: u16) -> &'a [u8] {
        directory.entries.get(&tag).map_or(&[], |(kind, count, at)| {
            self.bytes(*at as u64, count.saturating_mul(width_of(*kind) as u64))
        })
    }
}

fn width_of(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}
