//! A file being written and hashed at once: SHA-256 of the whole for the store, and the digest of the
//! signed ranges that the signature wants. The bytes are touched once, by two cores. The hole for the
//! signature may be filled later; nothing is read again for that.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256, Sha384, Sha512};

const CHUNK: usize = 1 << 20;

/// A sink that hashes what it writes.
#[derive(Debug)]
pub struct HashingSink<W> {
    sink: W,
    chunk: Vec<u8>,
    whole: Sha256,
    sender: SyncSender<Arc<Vec<u8>>>,
    signed: JoinHandle<Running>,
}

/// Digest of the signed ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedDigest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

#[derive(Debug)]
enum Running {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Running {
    fn new(digest: SignedDigest) -> Self {
        match digest {
            SignedDigest::Sha256 => Self::Sha256(Sha256::new()),
            SignedDigest::Sha384 => Self::Sha384(Sha384::new()),
            SignedDigest::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha384(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha256(hash) => hash.finalize().to_vec(),
            Self::Sha384(hash) => hash.finalize().to_vec(),
            Self::Sha512(hash) => hash.finalize().to_vec(),
        }
    }
}

/// Hashes of a file that is written but for the content of a hole.
#[derive(Debug)]
pub struct Around {
    /// Digest of everything but the hole.
    pub signed: Vec<u8>,
    /// SHA-256 of what stands before the hole.
    before: Sha256,
}

impl Around {
    /// SHA-256 of every byte, once the hole holds `hole` and `after` stands behind it.
    #[must_use]
    pub fn whole(self, hole: &[u8], after: &[u8]) -> [u8; 32] {
        self.before.chain_update(hole).chain_update(after).finalize().into()
    }
}

impl<W: Write> HashingSink<W> {
    /// Starts hashing beside the sink.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn new(sink: W, digest: SignedDigest) -> io::Result<Self> {
        let (sender, receiver) = sync_channel::<Arc<Vec<u8>>>(4);
        let signed = std::thread::Builder::new().name("digest".into()).spawn(move || {
            let mut hash = Running::new(digest);
            while let Ok(chunk) = receiver.recv() {
                hash.update(chunk.as_slice());
            }
            hash
        })?;
        Ok(Self { sink, chunk: Vec::with_capacity(CHUNK), whole: Sha256::new(), sender, signed })
    }

    fn send(&mut self) -> io::Result<()> {
        let chunk = Arc::new(std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK)));
        self.sender.send(Arc::clone(&chunk)).map_err(|_| io::Error::other("hashing stopped"))?;
        self.whole.update(chunk.as_slice());
        self.sink.write_all(&chunk)
    }

    /// Ends the signed part before a hole, writes the hole as it is for now, and `after` it, which is
    /// signed too.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn close_around(mut self, hole: &[u8], after: &[u8]) -> io::Result<(W, Around)> {
        self.send()?;
        drop(self.sender);
        let mut signed = self.signed.join().map_err(|_| io::Error::other("hashing stopped"))?;
        signed.update(after);
        for bytes in [hole, after] {
            self.sink.write_all(bytes)?;
        }
        self.sink.flush()?;
        Ok((self.sink, Around { signed: signed.finish(), before: self.whole }))
    }
}

impl<W: Write> Write for HashingSink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        if self.chunk.len() == CHUNK {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
