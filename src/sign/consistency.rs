//! That logs which have grown hold what they held: proofs in a plain file that anybody may copy.
//!
//! In: files of mirrors that nobody trusts. Out: a [`ConsistencyList`] of lines that were verified, and whether they show that a log with one root has become
//! one with another ([`ConsistencyList::shows`]). No clock, no files.
//!
//! - A file has a first line, `ijkpunt consistency list 0`, and then a JSON object a line: the log by the id of its first key, a size and the root
//!   that it had then, a larger size and the root that it had then, and the proof of RFC 6962 that the first tree is the beginning of the second. It
//!   is written in this order, each line in one spelling; it is read in any order. A wrong line is left out and never takes another one with it.
//! - Nothing is signed, and nothing need be: a line says of two roots what is true of them, whoever wrote it. Which roots count, snapshots say, which
//!   states have signed. So a mirror can hold a line back, and can neither forge one nor undo one: what it adds counts for nobody who has not seen its
//!   roots.
//! - A root does not tell of how many events it is. So what leads to a root is shown if it has the size that is said of it, as snapshots do; then each
//!   root on the way has the size that its lines say, else none of them would lead there.
//! - Lines go from one published root to the next. Whoever was away for several publications goes along the chain of them.
//!
//! Cost: reading verifies each line once, two hashes for each of its proof, 130 at most; a line takes 0.4 KB and 67 bytes for each hash of its
//! proof. Asking is some comparisons for each line of the log.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::limits::{Exceeded, Limits, Resource};

use super::KeyId;
use super::tree::{ProofError, TreeHash, verify_consistency};

/// How the first line reads: what the file is, and the version of its form.
const FIRST: &str = "ijkpunt consistency list 0\n";

/// Bytes of the longest line that can be right, and some more: 65 hashes of a proof, with quotes and commas, and the rest of it.
const LONGEST: usize = 65 * 67 + 512;

/// A size of a log, and the root that it had then.
type Head = (u64, TreeHash);

/// Proofs that logs have grown and hold what they held, each verified; see the [module](self).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsistencyList {
    /// Two roots have one proof, so that no other one could stand in its place.
    lines: BTreeMap<(KeyId, Head, Head), Vec<TreeHash>>,
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// What is good in it.
    pub list: ConsistencyList,
    /// The lines that were left out, in their order.
    pub left_out: Vec<LeftOut>,
}

/// A file of which nothing was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// A limit was reached.
    #[error(transparent)]
    Limit(#[from] Exceeded),
    /// The first line is another one.
    #[error(
        "no list of consistency proofs: the first line has to be \"{}\"",
        FIRST.trim_end()
    )]
    FirstLine,
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which, counted from 1.
    pub line: u64,
    /// Why.
    pub why: Why,
}

/// Why a line was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// No line as it is written here.
    #[error("not as such a line is written, in its one spelling")]
    Form,
    /// A log of nothing, or one that has not grown: what needs no proof.
    #[error("from {from} events to {to}: that needs no proof")]
    NotGrown {
        /// The first size.
        from: u64,
        /// The second one.
        to: u64,
    },
    /// It shows nothing.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// A line as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    log: KeyId,
    from_size: u64,
    from_root: TreeHash,
    to_size: u64,
    to_root: TreeHash,
    proof: Vec<TreeHash>,
}

impl ConsistencyList {
    /// Reads a file. The union of what several mirrors have is the same in whatever order they come.
    ///
    /// ```
    /// use ijkpunt::limits::Limits;
    /// use ijkpunt::sign::{ConsistencyList, KeyId, tree::TreeHash};
    ///
    /// let [first, second] = [b"one", b"two"].map(|event| TreeHash::leaf(event));
    /// let (old, new) = ((1, first), (2, TreeHash::node(first, second)));
    /// let log = KeyId::from_bytes([7; 32]);
    /// let mut list = ConsistencyList::default();
    /// list.insert(log, old, new, vec![second])?;
    ///
    /// let read = ConsistencyList::read(&list.to_bytes(), &Limits::default())?;
    /// assert!(read.left_out.is_empty() && read.list.shows(log, old, new));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`FileError`]: [`Limits::consistency_list_bytes`] or [`Limits::consistency_list_lines`], the first line among them, is passed, or the
    /// first line is another one. What is wrong with a line stands in the [`Reading`].
    pub fn read(file: &[u8], limits: &Limits) -> Result<Reading, FileError> {
        limits.check(Resource::ConsistencyListBytes, file.len() as u64)?;
        let all = || file.split_inclusive(|byte| *byte == b'\n');
        limits.check(Resource::ConsistencyListLines, all().count() as u64)?;
        if all().next() != Some(FIRST.as_bytes()) {
            return Err(FileError::FirstLine);
        }
        let (mut list, mut left_out) = (Self::default(), Vec::new());
        for (line, bytes) in (1..).zip(all()).skip(1) {
            if let Err(why) = list.take(bytes) {
                left_out.push(LeftOut { line, why });
            }
        }
        Ok(Reading { list, left_out })
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Why> {
        if bytes.len() > LONGEST {
            return Err(Why::Form);
        }
        let line: Line = serde_json::from_slice(bytes).map_err(|_| Why::Form)?;
        if line.to_text().as_bytes() != bytes {
            return Err(Why::Form);
        }
        let from = (line.from_size, line.from_root);
        let to = (line.to_size, line.to_root);
        self.insert(line.log, from, to, line.proof)
    }

    /// Adds that a log of one size and root has become that of a larger size and another root, with the proof.
    ///
    /// # Errors
    /// [`Why`]: it needs no proof, or the proof proves something else. Then the list is as before.
    ///
    /// # Cost
    /// Two hashes for each of the proof.
    pub fn insert(
        &mut self,
        log: KeyId,
        from: (u64, TreeHash),
        to: (u64, TreeHash),
        proof: Vec<TreeHash>,
    ) -> Result<(), Why> {
        if from.0 == 0 || from.0 >= to.0 {
            let (from, to) = (from.0, to.0);
            return Err(Why::NotGrown { from, to });
        }
        verify_consistency(from, to, &proof)?;
        self.lines.insert((log, from, to), proof);
        Ok(())
    }

    /// Adds what another list has. Nothing is dropped: who unites lists of many mirrors has as much of them as they were allowed.
    pub fn union(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    /// Whether the lines show that a log with the first size and root has become one with the second size and root, by a line or along a chain of
    /// them. Of a log without events, and of one that is as it was, nothing has to be shown.
    ///
    /// # Cost
    /// A look at each line of the log.
    #[must_use]
    pub fn shows(&self, log: KeyId, from: (u64, TreeHash), to: (u64, TreeHash)) -> bool {
        if from == to || from == (0, TreeHash::empty()) {
            return true;
        }
        // Sizes rise along each line, and lines stand in the order of the sizes from which they go: so each is looked at once, behind all that lead there.
        let least = TreeHash::from_bytes([0; 32]);
        let first = (log, (from.0, least), (0, least));
        let of_log = self.lines.range(first..).map(|(line, _)| line);
        let mut reached = BTreeSet::from([from]);
        for (_, older, newer) in of_log.take_while(|(name, ..)| *name == log) {
            if reached.contains(older) {
                reached.insert(*newer);
            }
        }
        reached.contains(&to)
    }

    /// As it is written: the same bytes for the same lines.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = FIRST.to_owned();
        for (line, proof) in &self.lines {
            text += &Line::of(line, proof).to_text();
        }
        text.into()
    }

    /// How many lines there are behind the first one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Drops beginnings of chains until the file is within limits: of the log with the most lines the one that goes from the smallest size, again and again.
    /// Whoever has seen nothing newer than such a beginning is shown nothing any more.
    ///
    /// # Cost
    /// That of [`Self::to_bytes`], and a look at each log for each line that is dropped.
    pub fn cut(&mut self, limits: &Limits) {
        let mut bytes = self.to_bytes().len() as u64;
        let mut of_logs: BTreeMap<KeyId, u64> = BTreeMap::new();
        for (log, ..) in self.lines.keys() {
            *of_logs.entry(*log).or_default() += 1;
        }
        while limits.check(Resource::ConsistencyListBytes, bytes).is_err()
            || limits
                .check(Resource::ConsistencyListLines, self.lines.len() as u64 + 1)
                .is_err()
        {
            let most = of_logs.iter_mut().max_by_key(|(_, count)| **count);
            let Some((log, count)) = most else {
                break;
            };
            let least = TreeHash::from_bytes([0; 32]);
            let mut of_log = self.lines.range((*log, (0, least), (0, least))..);
            let Some((line, proof)) = of_log.next() else {
                break;
            };
            bytes = bytes.saturating_sub(Line::of(line, proof).to_text().len() as u64);
            *count = count.saturating_sub(1);
            let line = *line;
            self.lines.remove(&line);
        }
    }
}

impl Line {
    fn of((log, from, to): &(KeyId, Head, Head), proof: &[TreeHash]) -> Self {
        Self {
            log: *log,
            from_size: from.0,
            from_root: from.1,
            to_size: to.0,
            to_root: to.1,
            proof: proof.to_vec(),
        }
    }

    fn to_text(&self) -> String {
        let Ok(text) = serde_json::to_string(self) else {
            unreachable!("numbers and text, which have a JSON");
        };
        text + "\n"
    }
}
