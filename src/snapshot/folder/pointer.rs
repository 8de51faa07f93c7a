//! The file that says what is installed: one snapshot and one set of suspensions, both named by their content.

use blake3::Hash;

use crate::snapshot::Id;

/// What is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::snapshot) struct Pointer {
    pub(super) snapshot: Id,
    /// The snapshot's number, so that a lower one is refused even where the snapshot itself is lost.
    pub(super) sequence: u64,
    /// The digest of the suspensions' bytes.
    pub(super) suspensions: Hash,
}

/// Bytes of the longest one.
pub(super) const MOST: usize = 512;

impl Pointer {
    pub(in crate::snapshot) fn has_snapshot_of(&self, other: &Self) -> bool {
        (self.snapshot, self.sequence) == (other.snapshot, other.sequence)
    }

    pub(in crate::snapshot) fn has_suspensions_of(&self, other: &Self) -> bool {
        self.suspensions == other.suspensions
    }

    /// This snapshot, with the suspensions of another pointer.
    pub(in crate::snapshot) fn with_suspensions_of(&self, other: &Self) -> Self {
        let suspensions = other.suspensions;
        Self {
            suspensions,
            ..*self
        }
    }

    /// Four lines, which end in a line break each; the last is the digest of those before.
    pub(super) fn to_text(self) -> String {
        let Self {
            snapshot,
            sequence,
            suspensions,
        } = self;
        let text = format!(
            "ijkpunt folder 0\nsnapshot {snapshot} {sequence}\nsuspensions {}\n",
            suspensions.to_hex()
        );
        let digest = blake3::hash(text.as_bytes());
        format!("{text}digest {}\n", digest.to_hex())
    }

    /// Exactly what [`Pointer::to_text`] writes; none for anything else.
    pub(super) fn of_text(bytes: &[u8]) -> Option<Self> {
        let text = str::from_utf8(bytes).ok()?;
        let mut lines = text.lines().skip(1);
        let (snapshot, sequence) = lines.next()?.strip_prefix("snapshot ")?.split_once(' ')?;
        let suspensions = lines.next()?.strip_prefix("suspensions ")?;
        let pointer = Self {
            snapshot: Id::from_bytes(*Hash::from_hex(snapshot).ok()?.as_bytes()),
            sequence: sequence.parse().ok()?,
            suspensions: Hash::from_hex(suspensions).ok()?,
        };
        (pointer.to_text() == text).then_some(pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_is_read() {
        let pointer = Pointer {
            snapshot: Id::from_bytes([0xab; 32]),
            sequence: 41,
            suspensions: blake3::hash(b""),
        };
        let text = pointer.to_text();
        assert!(text.len() <= MOST);
        assert_eq!(Pointer::of_text(text.as_bytes()), Some(pointer));
        for end in 0..text.len() {
            assert_eq!(Pointer::of_text(&text.as_bytes()[..end]), None, "{end}");
        }
        for at in 0..text.len() {
            for mask in [1, 0x20, 0xff] {
                let mut changed = text.clone().into_bytes();
                changed[at] ^= mask;
                assert_eq!(Pointer::of_text(&changed), None, "{at}, {mask}");
            }
        }
        for more in ["\n", " ", "x"] {
            assert_eq!(Pointer::of_text((text.clone() + more).as_bytes()), None);
        }
    }
}
