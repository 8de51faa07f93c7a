//! The bytes of an index: borrowed, or its own, in large pages where the system has them.

use std::ops::Deref;

pub(super) enum Memory<'a> {
    Borrowed(&'a [u8]),
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
