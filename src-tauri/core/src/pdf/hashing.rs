//! A file being written and hashed at once: SHA-256 of the whole for the store, and the digest of the
//! signed ranges that the signature wants. The bytes are touched once, by two cores.

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

/// Both hashes of a finished file.
#[derive(Debug, Clone, Copy)]
pub struct Digests {
    /// SHA-256 of every byte.
    pub whole: [u8; 32],
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

    /// Ends the signed part before a hole: `after` are the bytes behind the hole that are signed
    /// too; `fill` turns their common digest into the hole's bytes. Writes hole and rest.
    ///
    /// # Errors
    /// When the sink fails or `fill` does.
    pub fn close_around<E: From<io::Error>>(
        mut self,
        after: &[u8],
        fill: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<(W, Digests), E> {
        self.send()?;
        drop(self.sender);
        let mut signed = self.signed.join().map_err(|_| io::Error::other("hashing stopped"))?;
        signed.update(after);
        let hole = fill(&signed.finish())?;
        for bytes in [hole.as_slice(), after] {
            self.whole.update(bytes);
            self.sink.write_all(bytes)?;
        }
        self.sink.flush()?;
        Ok((self.sink, Digests { whole: self.whole.finalize().into() }))
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
