//! Snapshots drawn by a seed.

use ijkpunt::baseline::{EntryId, MediaKind, Profile, Text};
use ijkpunt::hash::Pdq;
use ijkpunt::snapshot::{Draft, NewEntry, Print, Snapshot, Suspender, Switched};

/// Numbers that look random and are the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

pub(crate) fn pdq(seed: u64) -> Pdq {
    let mut random = Random(seed);
    let words: [[u8; 8]; 4] = std::array::from_fn(|_| random.next().to_le_bytes());
    Pdq::from_bytes(words.concat().try_into().unwrap())
}

/// A hash with so many bits changed.
pub(crate) fn away(pdq: Pdq, bits: u64, random: &mut Random) -> Pdq {
    let mut bytes = pdq.to_bytes();
    let mut places: Vec<usize> = (0..256).collect();
    for _ in 0..bits {
        let bit = places.swap_remove(random.below(places.len() as u64) as usize);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    Pdq::from_bytes(bytes)
}

/// In how many bits two hashes differ: not by the library's own code, which is judged by it.
pub(crate) fn apart(one: Pdq, other: Pdq) -> u32 {
    let pairs = one.to_bytes().into_iter().zip(other.to_bytes());
    pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
}

pub(crate) fn id(seed: u64) -> EntryId {
    EntryId::from_bytes(*blake3::hash(&seed.to_le_bytes()).as_bytes())
}

/// An entry of this id with these hashes of whole pictures.
pub(crate) fn entry(seed: u64, codes: impl IntoIterator<Item = Pdq>) -> NewEntry {
    let print = |code: Pdq| Print {
        code: code.into(),
        quality: None,
        profile: Profile::Full,
        part: None,
        shown: None,
        label: None,
    };
    NewEntry {
        id: id(seed),
        media: MediaKind::Image,
        title: format!("drawn {seed}"),
        source: None,
        context: None,
        created_at: None,
        prints: codes.into_iter().map(print).collect(),
        state: None,
        types: None,
        said: Vec::new(),
    }
}

pub(crate) fn draft(sequence: u64, entries: impl IntoIterator<Item = NewEntry>) -> Draft {
    let mut draft = Draft::new(sequence, "2026-11-22T10:00:00Z".parse().unwrap());
    for entry in entries {
        draft.entry(entry).unwrap();
    }
    draft
}

pub(crate) fn opened(draft: &Draft) -> Snapshot {
    Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap()
}

/// One of so many entries, with a hash each. Those of two numbers share their entries, and of the later half the hashes differ.
pub(crate) fn snapshot(sequence: u64, entries: u64) -> Snapshot {
    let code = |seed: u64| match seed < entries / 2 {
        true => pdq(seed),
        false => pdq(seed + (sequence << 32)),
    };
    let all = (0..entries).map(|seed| entry(seed, [code(seed)]));
    opened(&draft(sequence, all))
}

pub(crate) fn by(name: &str) -> Suspender {
    Suspender::new(name).unwrap()
}

pub(crate) fn why() -> Switched {
    Switched {
        at: "2026-11-22T10:00:00Z".parse().unwrap(),
        reason: Text::new("a harmless picture").unwrap(),
    }
}
