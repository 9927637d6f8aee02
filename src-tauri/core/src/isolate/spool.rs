//! Lists of revoked certificates on their way to children. Some are megabytes, and each paper is judged by a child of its
//! own: so they go by a file, which is written once for as long as they are the same.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempPath};

use crate::sign::verify::{TrustAnchor, VerifyOptions};
use crate::time::Timestamp;

/// What a child is told that judges: [`VerifyOptions`], its lists in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Known {
    trust: Vec<TrustAnchor>,
    now: Timestamp,
    /// One list behind the other; none when there are none.
    lists: Option<PathBuf>,
    /// Bytes of each.
    sizes: Vec<usize>,
}

impl Known {
    /// # Errors
    /// When the file is not there, or not as it was written: nobody then knows whom it revokes.
    pub(super) fn options(self) -> io::Result<VerifyOptions> {
        let bytes = self.lists.map(fs::read).transpose()?.unwrap_or_default();
        let (mut revoked, mut rest) = (Vec::new(), bytes.as_slice());
        for size in self.sizes {
            let (list, behind) = rest.split_at_checked(size).ok_or(io::ErrorKind::UnexpectedEof)?;
            revoked.push(list.to_vec());
            rest = behind;
        }
        Ok(VerifyOptions { trust: self.trust, revoked, now: self.now })
    }
}

/// Lists in a file, for as long as somebody holds this.
#[derive(Debug)]
pub(super) struct Spooled {
    lists: Vec<Vec<u8>>,
    file: Option<TempPath>,
}

impl Spooled {
    fn write(lists: &[Vec<u8>]) -> io::Result<Self> {
        let mut file = None;
        if !lists.is_empty() {
            let mut made = NamedTempFile::new()?;
            for list in lists {
                made.write_all(list)?;
            }
            file = Some(made.into_temp_path());
        }
        Ok(Self { lists: lists.to_vec(), file })
    }

    pub(super) fn known(&self, trust: &[TrustAnchor], now: Timestamp) -> Known {
        let sizes = self.lists.iter().map(Vec::len).collect();
        Known { trust: trust.to_vec(), now, lists: self.file.as_ref().map(|file| file.to_path_buf()), sizes }
    }
}

/// The lists that were written last.
#[derive(Debug, Default)]
pub(super) struct Spool(Mutex<Option<Arc<Spooled>>>);

impl Spool {
    /// Lists in a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn put(&self, lists: &[Vec<u8>]) -> io::Result<Arc<Spooled>> {
        let mut last = self.0.lock().map_err(|_| io::Error::other("spool"))?;
        match &*last {
            Some(known) if known.lists == lists => Ok(Arc::clone(known)),
            _ => Ok(Arc::clone(last.insert(Arc::new(Spooled::write(lists)?)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_once_and_read_whole_or_not_at_all() {
        let spool = Spool::default();
        let now = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        let lists = vec![vec![1; 5], Vec::new(), vec![2; 3]];
        let first = spool.put(&lists).unwrap();
        let known = first.known(&[], now);
        assert_eq!(known.clone().options().unwrap().revoked, lists);
        assert_eq!(spool.put(&lists).unwrap().known(&[], now).lists, known.lists, "the same file");
        let other = spool.put(&lists[..1]).unwrap();
        assert_eq!(other.known(&[], now).options().unwrap().revoked, lists[..1]);
        assert_eq!(known.clone().options().unwrap().revoked, lists, "there while somebody holds it");
        fs::write(known.lists.as_ref().unwrap(), [1; 7]).unwrap();
        assert!(known.clone().options().is_err(), "cut");
        drop(first);
        assert!(known.options().is_err(), "gone");
        assert_eq!(spool.put(&[]).unwrap().known(&[], now).lists, None);
    }
}
