//! Reading: which of the lines of many files are good.

use std::collections::BTreeMap;

use crate::limits::{Limits, Resource};
use crate::sign::{GenesisId, KeyId, PublicKey, Refused, Signature, What};

use super::file::Waiting;
use super::{FileError, Kept, LeftOut, Slot, Speaker, SpeakerTwice, SuspensionList, Why};

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The union of what is good in all files.
    pub list: SuspensionList,
    /// Of each file, in their order, the lines that were left out, in theirs; or why nothing was read of it. Another file loses nothing by it.
    pub files: Vec<Result<Vec<LeftOut>, FileError>>,
}

/// A line of many: the same words and signatures once, in the order in which they are looked at.
type Lines = BTreeMap<(Slot, Vec<(KeyId, Signature)>), (Waiting, Vec<(usize, u64)>)>;

impl SuspensionList {
    /// Reads the files of all mirrors, and the one that was kept from the last time, together. The list is the same in whatever order they come.
    ///
    /// ```
    /// use ijkpunt::limits::Limits;
    /// use ijkpunt::sign::{GenesisId, SuspensionList};
    ///
    /// let register = GenesisId::from_bytes([7; 32]); // both from the installed snapshot
    /// let speakers = [];
    /// let kept = SuspensionList::new(register, &speakers)?.to_bytes();
    /// let of_mirrors = [b"not a list".to_vec()];
    /// let files = [kept.as_slice()].into_iter().chain(of_mirrors.iter().map(Vec::as_slice));
    /// let read = SuspensionList::read(register, &speakers, files, &Limits::default())?;
    /// assert!(read.files[0].is_ok() && read.files[1].is_err());
    /// assert_eq!(read.list.to_bytes(), kept); // to be kept for the next time
    /// # Ok::<(), ijkpunt::sign::suspensions::SpeakerTwice>(())
    /// ```
    ///
    /// # Errors
    /// [`SpeakerTwice`]: two speakers of one log or authority. What is wrong with a file or a line stands in the [`Reading`]: a limit was reached
    /// ([`Limits::suspension_list_bytes`], [`Limits::suspension_list_lines`] of a file, [`Limits::suspension_list_statements`],
    /// [`Limits::envelope_bytes`] and [`Limits::signatures`] of a line), or it is not as it is written here.
    ///
    /// # Cost
    /// A verification for each distinct line, of a rotation two, and for the same words signed again only where nothing good of them was found.
    /// Memory for about three times the bytes of distinct lines.
    pub fn read<'f>(
        register: GenesisId,
        speakers: &[Speaker],
        files: impl IntoIterator<Item = &'f [u8]>,
        limits: &Limits,
    ) -> Result<Reading, SpeakerTwice> {
        let mut list = Self::new(register, speakers)?;
        let mut lines = Lines::new();
        let mut read: Vec<_> = files
            .into_iter()
            .enumerate()
            .map(|(number, file)| list.gather(number, file, limits, &mut lines))
            .collect();
        for (places, why) in list.judge(lines, limits) {
            for (number, line) in places {
                if let Some(Ok(left_out)) = read.get_mut(number) {
                    let why = why.clone();
                    left_out.push(LeftOut { line, why });
                }
            }
        }
        for left_out in read.iter_mut().flatten() {
            left_out.sort_by_key(|one| one.line);
        }
        Ok(Reading { list, files: read })
    }

    /// The lines of a file that may be good; gives those that are not.
    fn gather(
        &self,
        number: usize,
        file: &[u8],
        limits: &Limits,
        lines: &mut Lines,
    ) -> Result<Vec<LeftOut>, FileError> {
        let mut left_out = Vec::new();
        for (line, bytes) in self.lines(file, limits)? {
            match self.line(bytes, limits) {
                Ok(waiting) => {
                    let key = (waiting.slot, waiting.envelope.signatures.clone());
                    let there = lines.entry(key).or_insert_with(|| (waiting, Vec::new()));
                    there.1.push((number, line));
                }
                Err(why) => left_out.push(LeftOut { line, why }),
            }
        }
        Ok(left_out)
    }

    /// Takes what is good. A rotation gives a key that is good behind it only, so that in the order of places each line is looked at once, and all
    /// that it may depend on before it.
    fn judge(&mut self, lines: Lines, limits: &Limits) -> Vec<(Vec<(usize, u64)>, Why)> {
        let of = self.speakers.values().map(|one| (one.log, one.key));
        let mut keys: BTreeMap<KeyId, BTreeMap<KeyId, (PublicKey, u64)>> = of
            .map(|(log, key)| (log, BTreeMap::from([(key.id(), (key, 0))])))
            .collect();
        let mut counts: BTreeMap<KeyId, u64> = BTreeMap::new();
        let mut refused = Vec::new();
        for ((slot, _), (waiting, places)) in lines {
            // Its least signature was good, so that this one adds nothing, whether or not it is good.
            if self.said.contains_key(&slot) {
                continue;
            }
            let of_log = keys.entry(slot.log).or_default();
            let count = counts.entry(slot.log).or_default();
            let allowed = limits.check(Resource::SuspensionListStatements, *count + 1);
            let taken = allowed.map_err(Why::from);
            match taken.and_then(|()| Ok(verify(&slot, waiting, of_log)?)) {
                Ok(kept) => {
                    *count += 1;
                    if let What::Rotated(rotation) = &kept.statement.what {
                        // A rotation at the last place of all has none behind it.
                        if let Some(from) = slot.sequence.checked_add(1) {
                            let key = rotation.key;
                            of_log.entry(key.id()).or_insert((key, from));
                        }
                    }
                    self.keep(slot, kept);
                }
                Err(why) => refused.push((places, why)),
            }
        }
        refused
    }
}

/// Verifies a line by the keys that are known of its log, and the places from which on they are good.
fn verify(
    slot: &Slot,
    waiting: Waiting,
    keys: &BTreeMap<KeyId, (PublicKey, u64)>,
) -> Result<Kept, Refused> {
    let good = |id: &KeyId| {
        let (key, from) = keys.get(id)?;
        (*from <= slot.sequence).then_some(*key)
    };
    // That of a rotation's next key is verified by the key that it names; this is the one that has to be known.
    good(&slot.signer).ok_or(Refused::UnknownKey(slot.signer))?;
    let signed = waiting.claim.verify(good)?;
    Ok(Kept {
        statement: signed.into_statement(),
        envelope: waiting.envelope,
    })
}
