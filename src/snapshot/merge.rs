//! A snapshot of entries of two others, without taking those apart: texts, verdicts, rows and records get other numbers, the rest stays as it is. What comes of
//! it is what a [`Draft`](super::Draft) of the same entries gives, byte for byte; that takes ten times as long where states have said much.

use std::collections::{BTreeMap, HashMap};

use crate::baseline::{Authority, EntryId, Policy};
use crate::hash::{Digest, Pdq};
use crate::index::{Index, parallel};

use super::Snapshot;
use super::draft::DraftError;
use super::head::{self, About, Kind};
use super::record::{Beside, Common, Log};
use super::records::{Visit, visited};
use super::rows::{DIGEST, ROW, Table, write_digest};
use super::strings::{NONE, four};

/// A snapshot, and which of its entries go in.
pub(super) struct Part<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) keep: Vec<bool>,
}

/// What stands around the entries.
pub(super) struct Around<'a> {
    pub(super) about: About,
    pub(super) policy: Option<&'a Policy>,
    /// In the order of their ids.
    pub(super) authorities: &'a [Authority],
    pub(super) logs: &'a [Log],
}

/// The numbers that things of a part have in the whole.
struct Renumbered {
    texts: Vec<u32>,
    common: Vec<u32>,
    authorities: Vec<u32>,
    entries: Vec<u32>,
}

/// So many records are written at a time.
const AT_ONCE: usize = 4096;

/// In so many shares it is looked what is used; each has its own account of all texts.
const LOOKS: usize = 8;

/// The file of the kept entries; no id is in both parts.
///
/// # Errors
/// As [`Draft::to_bytes`](super::Draft::to_bytes).
pub(super) fn merged(parts: &[Part<'_>; 2], around: &Around<'_>) -> Result<Vec<u8>, DraftError> {
    let used = [used(&parts[0]), used(&parts[1])];
    let (strings, texts) = strings(parts, &used)?;
    let (common, numbers) = common(parts, &used)?;
    let order = order(parts);
    let mut renumbered = Vec::new();
    for ((part, texts), common) in parts.iter().zip(texts).zip(numbers) {
        renumbered.push(Renumbered {
            texts,
            common,
            authorities: authorities(part, around)?,
            entries: vec![NONE; part.snapshot.entries()],
        });
    }
    for (&(part, entry), number) in order.iter().zip(0..) {
        renumbered[part].entries[entry] = number;
    }
    let mut rows = Vec::new();
    let hashes = Table::ALL.map(|of| {
        let (codes, own) = table(parts, of, &order, &renumbered);
        rows.extend(own);
        codes
    });
    if hashes.iter().any(|hashes| hashes.len() > 1 << 30) {
        let what = "hashes, above 2^30";
        return Err(DraftError::TooMuch { what });
    }
    let [wholes, windows, frames] =
        hashes.map(|codes| codes.into_iter().collect::<Index<'static>>());
    let digests = digests(parts, &renumbered);
    let (offsets, records) = records(parts, &order, &renumbered)?;
    let mut logs = Vec::new();
    around.logs.iter().for_each(|log| log.write(&mut logs));
    let beside = Beside {
        authorities: around.authorities.to_vec(),
        common,
        policy: around.policy.cloned(),
    };
    let too_long = |_| DraftError::TooMuch { what: "one entry" };
    let beside = postcard::to_stdvec(&beside).map_err(too_long)?;
    let sections = [
        &logs,
        &beside,
        &strings,
        wholes.as_bytes(),
        windows.as_bytes(),
        frames.as_bytes(),
        &rows,
        &digests,
        &offsets,
        &records,
    ];
    let _: [Kind; 10] = Kind::ALL; // in whose order they stand
    Ok(head::written(&around.about, &sections))
}

/// Which texts and verdicts the kept entries of a part have.
struct Used {
    texts: Vec<bool>,
    common: Vec<bool>,
}

impl Visit for Used {
    fn title(&mut self, number: u32) {
        if let Some(is_used) = self.texts.get_mut(number as usize) {
            *is_used = true;
        }
    }

    fn mime(&mut self, number: u32) {
        self.title(number);
    }

    fn said(&mut self, _: u32, common: u32, _: i64) {
        if let Some(is_used) = self.common.get_mut(common as usize) {
            *is_used = true;
        }
    }
}

fn used(part: &Part<'_>) -> Used {
    let snapshot = part.snapshot;
    let none = || Used {
        texts: vec![false; snapshot.strings().len()],
        common: vec![false; snapshot.beside().common.len()],
    };
    let all = snapshot.entries();
    let length = all.div_ceil(LOOKS).max(1);
    let shares = (0..all)
        .step_by(length)
        .map(|from| from..all.min(from + length));
    let looked = parallel(all, shares.collect(), |share| {
        let mut used = none();
        let kept = share.filter(|entry| part.keep[*entry]);
        kept.for_each(|entry| visit(snapshot.record_bytes(entry), &mut used));
        used
    });
    let mut used = none();
    for share in looked {
        let pairs = used.texts.iter_mut().zip(share.texts);
        let pairs = pairs.chain(used.common.iter_mut().zip(share.common));
        pairs.for_each(|(is_used, also)| *is_used |= also);
    }
    let rows = snapshot.rows().all().iter();
    let of_rows = rows.map(|row| (four(row, 0), four(row, 4)));
    let of_digests = snapshot.all_digests_numbered();
    let labels = of_rows.chain(of_digests.map(|(_, entry, label)| (entry, label)));
    for (entry, label) in labels {
        if label != NONE && part.keep[entry as usize] {
            used.title(label);
        }
    }
    used
}

/// The texts of both, each once and in order, as a section; and the numbers that those of each part have there.
fn strings(
    parts: &[Part<'_>; 2],
    used: &[Used; 2],
) -> Result<(Vec<u8>, [Vec<u32>; 2]), DraftError> {
    let texts = |part: usize| {
        let strings = parts[part].snapshot.strings();
        let all = used[part].texts.iter().zip(0u32..);
        all.filter(|(is_used, _)| **is_used)
            .map(move |(_, number)| (strings.get(number), number))
    };
    let mut numbers = [0, 1].map(|part: usize| vec![NONE; used[part].texts.len()]);
    let (mut one, mut other) = (texts(0).peekable(), texts(1).peekable());
    let (mut ends, mut bytes, mut count) = (vec![0; 4], Vec::new(), 0u32);
    loop {
        let order = match (one.peek(), other.peek()) {
            (None, None) => break,
            (Some((one, _)), Some((other, _))) => one.cmp(other),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
        };
        let mut text = "";
        if let Some((found, number)) = one.next_if(|_| order.is_le()) {
            (text, numbers[0][number as usize]) = (found, count);
        }
        if let Some((found, number)) = other.next_if(|_| order.is_ge()) {
            (text, numbers[1][number as usize]) = (found, count);
        }
        bytes.extend(text.bytes());
        let what = "texts, above 4 GiB";
        let end = u32::try_from(bytes.len()).map_err(|_| DraftError::TooMuch { what })?;
        ends.extend(end.to_le_bytes());
        count += 1;
    }
    let mut section = Vec::from(count.to_le_bytes());
    section.extend(ends);
    section.extend(bytes);
    Ok((section, numbers))
}

/// What verdicts of both have in common, in the order of its bytes; and the numbers that those of each part have there.
fn common(
    parts: &[Part<'_>; 2],
    used: &[Used; 2],
) -> Result<(Vec<Common>, [Vec<u32>; 2]), DraftError> {
    let mut all: BTreeMap<Vec<u8>, (&Common, [Option<usize>; 2])> = BTreeMap::new();
    for (part, used) in used.iter().enumerate() {
        let known = parts[part].snapshot.beside().common.iter().enumerate();
        for (number, common) in known.filter(|(number, _)| used.common[*number]) {
            let too_long = |_| DraftError::TooMuch { what: "one entry" };
            let bytes = postcard::to_stdvec(common).map_err(too_long)?;
            let (_, places) = all.entry(bytes).or_insert((common, [None; 2]));
            places[part] = Some(number);
        }
    }
    let mut numbers = [0, 1].map(|part: usize| vec![NONE; used[part].common.len()]);
    for ((_, places), number) in all.values().zip(0..) {
        for (numbers, place) in numbers.iter_mut().zip(places) {
            if let Some(place) = place {
                numbers[*place] = number;
            }
        }
    }
    let common = all.into_values().map(|(common, _)| common.clone());
    Ok((common.collect(), numbers))
}

/// The numbers that the authorities of a part have; each that said something of a kept entry has to be there.
fn authorities(part: &Part<'_>, around: &Around<'_>) -> Result<Vec<u32>, DraftError> {
    let places: HashMap<_, u32> = around
        .authorities
        .iter()
        .map(|one| &one.id)
        .zip(0..)
        .collect();
    let known = part.snapshot.authorities();
    let numbers: Vec<u32> = known
        .iter()
        .map(|one| places.get(&one.id).copied().unwrap_or(NONE))
        .collect();
    if numbers.contains(&NONE) {
        let kept = (0..part.snapshot.entries()).filter(|entry| part.keep[*entry]);
        let entries = kept.filter_map(|entry| part.snapshot.entry(entry));
        let mut said = entries.flat_map(|entry| entry.said);
        if let Some(said) = said.find(|said| !places.contains_key(&said.authority)) {
            let authority = said.authority;
            return Err(DraftError::UnknownAuthority { authority });
        }
    }
    Ok(numbers)
}

/// The kept entries of both in the order of their ids: of which part, and their numbers there.
fn order(parts: &[Part<'_>; 2]) -> Vec<(usize, usize)> {
    let kept = |part: usize| {
        let of = &parts[part];
        let entries = (0..of.snapshot.entries()).filter(|entry| of.keep[*entry]);
        entries.filter_map(move |entry| Some((of.snapshot.entry_id(entry)?, part, entry)))
    };
    let mut all: Vec<(EntryId, usize, usize)> = kept(0).chain(kept(1)).collect();
    all.sort(); // two runs, which are merged
    all.into_iter()
        .map(|(_, part, entry)| (part, entry))
        .collect()
}

/// The hashes of a table in the order of the entries, and their rows.
fn table(
    parts: &[Part<'_>; 2],
    of: Table,
    order: &[(usize, usize)],
    renumbered: &[Renumbered],
) -> (Vec<Pdq>, Vec<u8>) {
    let tables = [0, 1].map(|part: usize| {
        let snapshot = parts[part].snapshot;
        let index = match of {
            Table::Wholes => snapshot.wholes(),
            Table::Windows => snapshot.windows(),
            Table::Frames => snapshot.frames(),
        };
        (snapshot.rows().table(of), index)
    });
    let mut at = [0, 0];
    let (mut codes, mut rows) = (Vec::new(), Vec::new());
    for &(part, entry) in order {
        let (table, index) = &tables[part];
        let numbers = &renumbered[part];
        let at = &mut at[part];
        // Rows are in the order of entries, and so are the kept ones of a part.
        while let Some(row) = table.get(*at).filter(|row| four(*row, 0) as usize <= entry) {
            if four(row, 0) as usize == entry {
                codes.push(index.code(*at));
                let mut row: [u8; ROW] = *row;
                row[..4].copy_from_slice(&numbers.entries[entry].to_le_bytes());
                let label = numbers.text_of(four(&row, 4));
                row[4..8].copy_from_slice(&label.to_le_bytes());
                rows.extend(row);
            }
            *at += 1;
        }
    }
    (codes, rows)
}

fn digests(parts: &[Part<'_>; 2], renumbered: &[Renumbered]) -> Vec<u8> {
    let mut all: Vec<(Digest, u32, u32)> = Vec::new();
    for (part, numbers) in parts.iter().zip(renumbered) {
        for (digest, entry, label) in part.snapshot.all_digests_numbered() {
            if part.keep[entry as usize] {
                let entry = numbers.entries[entry as usize];
                all.push((digest, entry, numbers.text_of(label)));
            }
        }
    }
    all.sort_unstable();
    let mut bytes = Vec::with_capacity(DIGEST * all.len());
    for (digest, entry, label) in all {
        write_digest(digest, entry, label, &mut bytes);
    }
    bytes
}

/// Where records begin, and they themselves.
fn records(
    parts: &[Part<'_>; 2],
    order: &[(usize, usize)],
    renumbered: &[Renumbered],
) -> Result<(Vec<u8>, Vec<u8>), DraftError> {
    let chunks: Vec<_> = order.chunks(AT_ONCE).collect();
    let written = parallel(order.len(), chunks, |chunk| {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for &(part, entry) in chunk {
            let mut writer = Writer {
                numbers: &renumbered[part],
                bytes,
            };
            visit(parts[part].snapshot.record_bytes(entry), &mut writer);
            bytes = writer.bytes;
            ends.push(bytes.len());
        }
        (bytes, ends)
    });
    let (mut offsets, mut records) = (vec![0; 4], Vec::new());
    for (bytes, ends) in written {
        for end in ends {
            let what = "records, above 4 GiB";
            let end = u32::try_from(records.len() + end);
            let end = end.map_err(|_| DraftError::TooMuch { what })?;
            offsets.extend(end.to_le_bytes());
        }
        records.extend(bytes);
    }
    Ok((offsets, records))
}

impl Renumbered {
    fn text_of(&self, number: u32) -> u32 {
        if number == NONE {
            NONE
        } else {
            self.texts[number as usize]
        }
    }
}

/// Writes records with other numbers.
struct Writer<'a> {
    numbers: &'a Renumbered,
    bytes: Vec<u8>,
}

impl Writer<'_> {
    /// As postcard does.
    fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }
}

impl Visit for Writer<'_> {
    fn title(&mut self, number: u32) {
        self.number(self.numbers.texts[number as usize]);
    }

    fn mime(&mut self, number: u32) {
        self.title(number);
    }

    fn said(&mut self, authority: u32, common: u32, _: i64) {
        self.number(self.numbers.authorities[authority as usize]);
        self.number(self.numbers.common[common as usize]);
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

fn visit(record: &[u8], visit: &mut impl Visit) {
    let Some(()) = visited(record, visit) else {
        unreachable!("a record that was checked");
    };
}
