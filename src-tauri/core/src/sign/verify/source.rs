//! Reading a file by windows: the verifier never holds more of it than it is looking at.
//!
//! Touches only the `Read + Seek` it is given.

use std::{
    cell::Cell,
    collections::HashMap,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

use super::{crypto::Digester, syntax::Numbered};

/// Anything that can be read at a place.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// How much is read at a time when the whole file goes by, bytes.
const CHUNK: usize = 1 << 20;
/// Pieces that may wait for the digest.
const QUEUE: usize = 4;
/// Most bytes of objects and of decoded streams read in all, over every revision that is compared.
const MAX_SYNTAX: u64 = 256 << 20;
/// The same for naming what changed, which decides nothing.
const MAX_NAMING: u64 = 64 << 20;
/// Most bytes looked at for heads of objects.
const MAX_SIGHT: usize = 100_000_000;
/// What every signature dictionary holds.
const TRACE: &[u8] = b"/ByteRange";
/// Most places of [`TRACE`] remembered.
const MAX_TRACES: usize = 1_000;
/// What is read around a small request, so that a walk over objects is not a walk over system calls.
const BLOCK: u64 = 64 << 10;

/// Asked about a place of a word: its offset, what stands before it, what behind.
pub(super) type Fits<'a> = &'a mut dyn FnMut(u64, &[u8], &[u8]) -> bool;

/// A file under verification.
pub(super) struct Source<'a> {
    file: &'a mut dyn ReadSeek,
    /// Length of the file, bytes.
    pub(super) len: u64,
    /// Blocks of the file that were read, by their number.
    blocks: HashMap<u64, Vec<u8>>,
    /// Bytes of syntax that may still be read: a file that names one place over and over must not take for ever.
    room: u64,
    /// What may be read besides, by [`Source::aside`].
    spare: u64,
    /// Bytes that may still be looked at for heads of objects that no table names: a file with more of what could be one
    /// is no honest one.
    pub(super) sight: Rc<Cell<usize>>,
    /// Objects that were read, by offset, number and generation, and the bytes of syntax that they are.
    parsed: HashMap<(u64, u32, u16), Rc<Numbered>>,
    parsed_bytes: u64,
    /// Offsets of `/ByteRange`, once the whole file has gone by.
    traces: Option<Vec<u64>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a mut dyn ReadSeek) -> io::Result<Self> {
        let len = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file,
            len,
            blocks: HashMap::new(),
            room: MAX_SYNTAX,
            spare: MAX_NAMING,
            sight: Rc::new(Cell::new(MAX_SIGHT)),
            parsed: HashMap::new(),
            parsed_bytes: 0,
            traces: None,
        })
    }

    /// An object that was read already in whatever revision, where it ends before `end`: it is then the same there, for a
    /// revision ends with a mark of its end and white space (`xref::start`).
    pub(super) fn parsed(&mut self, place: (u64, u32, u16), end: u64) -> Option<Rc<Numbered>> {
        /// How much faster it is to copy an object than to read it.
        const FASTER: u64 = 4;
        let found = self.parsed.get(&place).filter(|found| found.end < end).map(Rc::clone)?;
        self.spend(found.end.saturating_sub(place.0) / FASTER).then_some(found)
    }

    /// Remembers one; false when too much was read.
    pub(super) fn remember(&mut self, place: (u64, u32, u16), found: &Rc<Numbered>) -> bool {
        /// Most bytes of syntax remembered.
        const MOST: u64 = 16 << 20;
        /// Largest that is.
        const LARGEST: u64 = 64 << 10;
        let bytes = found.end.saturating_sub(place.0);
        if bytes <= LARGEST {
            if self.parsed_bytes + bytes > MOST {
                self.parsed.clear();
                self.parsed_bytes = 0;
            }
            self.parsed_bytes += bytes;
            self.parsed.insert(place, Rc::clone(found));
        }
        self.spend(bytes)
    }

    /// Counts bytes of objects that were read, or decoded; false when it is too many.
    pub(super) fn spend(&mut self, bytes: u64) -> bool {
        self.room = self.room.saturating_sub(bytes.max(64));
        self.room > 0
    }

    /// Whether there is no more room: what could not be read for that is not therefore bad.
    pub(super) fn is_spent(&self) -> bool {
        self.room == 0
    }

    /// Looks at something on an allowance of its own: what decides must not be short of room for it.
    pub(super) fn aside<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        std::mem::swap(&mut self.room, &mut self.spare);
        let seen = look(self);
        std::mem::swap(&mut self.room, &mut self.spare);
        seen
    }

    /// Up to `len` bytes at `offset`; fewer only at the end of the file.
    pub(super) fn read(&mut self, offset: u64, len: u64) -> io::Result<Vec<u8>> {
        let len = len.min(self.len.saturating_sub(offset));
        if len == 0 {
            return Ok(Vec::new());
        }
        if len > BLOCK {
            return self.fetch(offset, len);
        }
        let mut bytes = Vec::with_capacity(len as usize);
        while (bytes.len() as u64) < len {
            let at = offset + bytes.len() as u64;
            let block = self.block(at / BLOCK)?;
            let from = (at % BLOCK) as usize;
            let missing = (len as usize - bytes.len()).min(block.len().saturating_sub(from));
            if missing == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.extend_from_slice(block.get(from..from + missing).unwrap_or_default());
        }
        Ok(bytes)
    }

    fn block(&mut self, number: u64) -> io::Result<&[u8]> {
        /// Most blocks kept.
        const MOST: usize = 256;
        if !self.blocks.contains_key(&number) {
            if self.blocks.len() >= MOST {
                self.blocks.clear();
            }
            let start = number * BLOCK;
            let block = self.fetch(start, BLOCK.min(self.len.saturating_sub(start)))?;
            self.blocks.insert(number, block);
        }
        Ok(self.blocks.get(&number).map(Vec::as_slice).unwrap_or_default())
    }

    /// True when nothing but a little white space follows.
    pub(super) fn is_blank_after(&mut self, offset: u64) -> io::Result<bool> {
        const LITTLE: u64 = 16;
        let tail = self.read(offset, LITTLE + 1)?;
        Ok(tail.len() as u64 <= LITTLE && tail.iter().all(u8::is_ascii_whitespace))
    }

    /// The digest of two ranges of the file, as [`Digester`] makes it.
    ///
    /// Reading goes on while a second thread digests; when the ranges are the whole file but for a
    /// signature's gap, traces are looked for on the way, so that the file goes by once.
    pub(super) fn digest(&mut self, ranges: [(u64, u64); 2], running: Digester) -> io::Result<Vec<u8>> {
        let mut scan = Scan::default();
        let digest = std::thread::scope(|scope| {
            let (give, take) = std::sync::mpsc::sync_channel::<Vec<u8>>(QUEUE);
            let worker = scope.spawn(move || {
                let mut running = running;
                for piece in take {
                    running.update(&piece);
                }
                running.finish()
            });
            for (from, to) in ranges {
                self.stream(from, to, &mut |at, piece| {
                    scan.see(at, &piece);
                    // The worker ends only when this end is dropped.
                    let _ = give.send(piece);
                })?;
            }
            drop(give);
            worker.join().map_err(|_| io::Error::from(io::ErrorKind::Other))
        })?;
        if matches!(ranges, [(0, _), (_, end)] if end == self.len) {
            self.traces = Some(scan.places);
        }
        Ok(digest)
    }

    /// Offsets of `/ByteRange` anywhere in the file.
    pub(super) fn traces(&mut self) -> io::Result<Vec<u64>> {
        if let Some(places) = &self.traces {
            return Ok(places.clone());
        }
        let mut scan = Scan::default();
        self.stream(0, self.len, &mut |at, piece| scan.see(at, &piece))?;
        self.traces = Some(scan.places.clone());
        Ok(scan.places)
    }

    /// Whether `fits` holds for every place of a word before `end`.
    pub(super) fn every(&mut self, end: u64, word: &[u8], fits: Fits<'_>) -> io::Result<bool> {
        /// Bytes around a word that are shown.
        const AROUND: u64 = 2_048;
        let finder = memchr::memmem::Finder::new(word);
        let mut at = 0;
        while at < end {
            let from = at.saturating_sub(AROUND);
            let stop = (at + CHUNK as u64).min(end);
            let bytes = self.read(from, (stop + AROUND).min(end) - from)?;
            for place in finder.find_iter(&bytes) {
                let offset = from + place as u64;
                let (before, behind) = bytes.split_at(place);
                let behind = behind.get(word.len()..).unwrap_or_default();
                if (at..stop).contains(&offset) && !fits(offset, before, behind) {
                    return Ok(false);
                }
            }
            at = stop;
        }
        Ok(true)
    }

    /// Hands every byte of `from..to` to `take`, in order, in large pieces with their offsets.
    fn stream(&mut self, from: u64, to: u64, take: &mut dyn FnMut(u64, Vec<u8>)) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(from))?;
        let mut at = from;
        while at < to {
            let mut piece = vec![0_u8; usize::try_from(to - at).unwrap_or(CHUNK).min(CHUNK)];
            self.file.read_exact(&mut piece)?;
            let read = piece.len() as u64;
            take(at, piece);
            at += read;
        }
        Ok(())
    }

    fn fetch(&mut self, offset: u64, len: u64) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Looks for a signature's traces in pieces that go by.
struct Scan {
    finder: memchr::memmem::Finder<'static>,
    /// The last bytes of the piece before, and where the next one should begin.
    carry: Vec<u8>,
    next: u64,
    places: Vec<u64>,
}

impl Default for Scan {
    fn default() -> Self {
        Self { finder: memchr::memmem::Finder::new(TRACE), carry: Vec::new(), next: 0, places: Vec::new() }
    }
}

impl Scan {
    fn see(&mut self, at: u64, piece: &[u8]) {
        if at != self.next {
            self.carry.clear();
        }
        let edge = TRACE.len() - 1;
        // The word may lie across two pieces.
        let start = at - self.carry.len() as u64;
        self.carry.extend_from_slice(piece.get(..piece.len().min(edge)).unwrap_or_default());
        let across = self.finder.find_iter(&self.carry).map(|i| start + i as u64);
        let within = self.finder.find_iter(piece).map(|i| at + i as u64);
        for place in across.chain(within) {
            if self.places.len() < MAX_TRACES && !self.places.contains(&place) {
                self.places.push(place);
            }
        }
        self.carry = piece.get(piece.len().saturating_sub(edge)..).unwrap_or_default().to_vec();
        self.next = at + piece.len() as u64;
    }
}
