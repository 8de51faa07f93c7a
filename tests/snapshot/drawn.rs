//! Small snapshots with something of everything.

use ijkpunt::baseline::{
    Authority, AuthorityId, ConsensusState, ContextDependence, FrameRole, List, MediaKind, Method,
    NewRow, Part, Shown, Source, TcoType, TcoTypes, Text, Time, Verdict,
};
use ijkpunt::baseline::{Commitment, EntryId, Profile};
use ijkpunt::hash::{DigestKind, Pdq, Quality};
use ijkpunt::snapshot::{Draft, Log, NewEntry, Print, Said};

pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// A hash that is near to no other.
pub(crate) fn pdq(seed: u32) -> Pdq {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Pdq::from_bytes(std::array::from_fn(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    }))
}

pub(crate) fn authority(number: u8) -> AuthorityId {
    format!("x{}-office", (b'a' + number) as char)
        .parse()
        .unwrap()
}

/// An entry of so many windows, of which so many states have said something. Those of videos have two or three frames, not in the order of
/// their times.
pub(crate) fn entry(seed: u32, windows: u32, states: u8) -> NewEntry {
    let print = |seed: u32, part: Option<Part>| Print {
        code: pdq(seed).into(),
        quality: Quality::new((seed % 101) as u8)
            .ok()
            .filter(|_| !seed.is_multiple_of(3)),
        profile: part.map_or(Profile::Full, |_| Profile::Windows),
        part,
        shown: None,
        label: seed
            .is_multiple_of(2)
            .then(|| format!("frame {}", seed % 5)),
    };
    let part = |k: u32| Part::new([k as u16 * 10, 20, k as u16 * 10 + 4000, 4020]).unwrap();
    let mut prints = vec![print(seed, None)];
    prints.extend((0..windows).map(|k| print(seed + 1000 * (k + 1), Some(part(k)))));
    prints.push(Print {
        code: DigestKind::ALL[seed as usize % 3]
            .of(&seed.to_le_bytes())
            .into(),
        quality: None,
        profile: Profile::Unstated,
        part: None,
        shown: None,
        label: None,
    });
    let media = [MediaKind::Image, MediaKind::AnimatedImage, MediaKind::Video][seed as usize % 3];
    if media == MediaKind::Video {
        prints.extend((0..2 + seed % 2).rev().map(|k| Print {
            shown: Some(frame(seed, k)),
            ..print(seed + 100_000 * (k + 1), None)
        }));
    }
    let said = |number: u8| Said {
        authority: authority(number),
        verdict: match number % 3 {
            2 => Verdict::Abstain,
            _ => Verdict::Terrorist(TcoTypes::from(TcoType::A)),
        },
        method: match number % 4 {
            3 => Method::Adopted { from: authority(0) },
            _ => Method::ViewedByTwo,
        },
        made_at: Time::from_unix_seconds(
            1_700_000_000 + i64::from(seed + 86_400 * u32::from(number)),
        )
        .unwrap(),
        valid_until: number
            .is_multiple_of(2)
            .then(|| time("2030-01-01T00:00:00Z")),
    };
    NewEntry {
        id: EntryId::from_bytes(*blake3::hash(&seed.to_le_bytes()).as_bytes()),
        media,
        title: format!("drawn item {seed}"),
        source: (seed % 2 == 1).then(|| Source {
            sha256: Commitment::to(&seed.to_le_bytes()),
            size: u64::from(seed),
            mime: Text::new("image/png").unwrap(),
        }),
        context: [
            None,
            Some(ContextDependence::Independent),
            Some(ContextDependence::Dependent),
            Some(ContextDependence::Unknown),
        ][seed as usize % 4],
        created_at: (!seed.is_multiple_of(4))
            .then(|| Time::from_unix_seconds(1_690_000_000 + i64::from(seed)).unwrap()),
        prints,
        state: match seed % 4 {
            0 => None,
            1 => Some(ConsensusState::Baseline),
            2 => Some(ConsensusState::Emerging { k: seed, n: 300 }),
            _ => Some(ConsensusState::BaselineBySilence),
        },
        types: (states > 0).then(|| TcoTypes::from(TcoType::A)),
        said: (0..states).map(said).collect(),
    }
}

/// When a frame of a drawn video shows: the first two begin at once.
fn frame(seed: u32, k: u32) -> Shown {
    let role = FrameRole::ALL[(seed + k) as usize % FrameRole::ALL.len()];
    Shown::new(k / 2 * 500, 30 + k as u16, role)
}

/// Entries of these seeds in this order.
pub(crate) fn draft(seeds: impl IntoIterator<Item = u32>) -> Draft {
    let mut draft = Draft::new(7, time("2026-11-22T10:00:00Z"));
    draft.valid_until(time("2026-12-22T10:00:00Z"));
    for number in (0..5).rev() {
        draft.authority(Authority {
            id: authority(number),
            state: format!("X{}", (b'A' + number) as char).parse().unwrap(),
            name: Text::new("An office").unwrap(),
            roles: [].into(),
        });
        draft.log(Log {
            authority: authority(number),
            name: [number; 32],
            begins: 0,
            size: 100 + u64::from(number),
            root: [number; 32],
            key: Some([9; 32]),
        });
    }
    // One was closed, and went on by another key.
    draft.log(Log {
        authority: authority(3),
        name: [30; 32],
        begins: 0,
        size: 2,
        root: [31; 32],
        key: None,
    });
    for seed in seeds {
        draft
            .entry(entry(seed, seed % 4, (seed % 6) as u8))
            .unwrap();
    }
    draft
}

/// A list of one's own.
pub(crate) fn list(rows: u32) -> List {
    let row = |k: u32| {
        let row = NewRow::new(format!("item-{}", k / 2), pdq(k));
        match k % 4 {
            1 => row.window(Part::new([0, 0, 5000, 5000]).unwrap()),
            2 => row.label("front").quality(Quality::new(90).unwrap()),
            3 if k % 8 == 7 => row.shown(frame(k, k % 3)),
            _ => row,
        }
    };
    List::from_rows((0..rows).map(row)).unwrap()
}
