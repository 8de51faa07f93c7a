//! The bytes of an index: borrowed, a part of what many share, or its own, in large pages where the system has them.

use std::fmt;
use std::io;
use std::ops::{Deref, Range};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// Bytes that are only read, and lie where they are as long as somebody holds a part of them: a file in memory, or a mapped one.
#[derive(Clone)]
pub struct Shared {
    owner: Arc<dyn Owner>,
    range: Range<usize>,
}

/// Whatever holds bytes. They are the same at every call.
trait Owner: AsRef<[u8]> + Send + Sync + UnwindSafe + RefUnwindSafe {}

impl<T: AsRef<[u8]> + Send + Sync + UnwindSafe + RefUnwindSafe> Owner for T {}

impl Shared {
    /// All bytes of what holds some, such as a `Vec` or a mapped file. They must be the same at every look: an index that was
    /// checked in bytes that change later may answer wrongly, and may panic.
    pub fn new(
        owner: impl AsRef<[u8]> + Send + Sync + UnwindSafe + RefUnwindSafe + 'static,
    ) -> Self {
        let range = 0..owner.as_ref().len();
        Self {
            owner: Arc::new(owner),
            range,
        }
    }

    /// So many bytes that are not read yet, handed to `read` once; in large pages where the system has them, for which an index is faster by a
    /// fifth.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn read(length: usize, read: impl FnOnce(&mut [u8]) -> io::Result<()>) -> io::Result<Self> {
        let mut done = Ok(());
        let memory: Memory<'static> = Memory::written(length, |bytes| done = read(bytes));
        done.map(|()| Self::new(memory))
    }

    /// A part of them.
    ///
    /// # Panics
    /// Where it does not lie in them.
    #[must_use]
    pub fn part(&self, part: Range<usize>) -> Self {
        assert!(part.start <= part.end && part.end <= self.range.len());
        let first = self.range.start;
        Self {
            owner: self.owner.clone(),
            range: first + part.start..first + part.end,
        }
    }
}

impl Deref for Shared {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &(*self.owner).as_ref()[self.range.clone()]
    }
}

/// Shows how many bytes there are, none of them.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shared({} bytes)", self.range.len())
    }
}

pub(super) enum Memory<'a> {
    Borrowed(&'a [u8]),
    Shared(Shared),
    Own {
        bytes: Vec<u8>,
        /// The first that is aligned to a line.
        begin: usize,
        length: usize,
    },
    #[cfg(target_os = "linux")]
    Pages(memmap2::MmapMut),
}

/// From where on large pages are asked for: some of them.
#[cfg(target_os = "linux")]
const LARGE: usize = 4 << 20;

impl Memory<'_> {
    /// So many zeros, handed to `write` once, and from then on only read.
    ///
    /// A lookup reads a few hundred lines from all over an index. In pages of 4 KiB, finding out where each page lies takes as
    /// long as reading: of a million codes, a lookup takes a fifth longer.
    pub(super) fn written(length: usize, write: impl FnOnce(&mut [u8])) -> Self {
        #[cfg(target_os = "linux")]
        if length >= LARGE
            && let Ok(mut pages) = memmap2::MmapMut::map_anon(length)
        {
            // Where the system is set up not to have them, pages are as they are.
            let _ = pages.advise(memmap2::Advice::HugePage);
            write(&mut pages);
            return Self::Pages(pages);
        }
        let mut bytes = vec![0; length + 63];
        let begin = bytes.as_ptr().align_offset(64).min(63);
        write(&mut bytes[begin..][..length]);
        Self::Own {
            bytes,
            begin,
            length,
        }
    }
}

impl Deref for Memory<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(bytes) => bytes,
            Self::Own {
                bytes,
                begin,
                length,
            } => &bytes[*begin..][..*length],
            #[cfg(target_os = "linux")]
            Self::Pages(pages) => pages,
        }
    }
}

impl AsRef<[u8]> for Memory<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}
