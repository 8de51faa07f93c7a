//! What is measured: entries of which 23 states have said something, with codes that were drawn.

use std::error::Error;

use ijkpunt::baseline::{
    Authority, Commitment, ContextDependence, EntryId, MediaKind, Method, Part, Profile, Source,
    TcoType, TcoTypes, Text, Time, Verdict,
};
use ijkpunt::hash::{Pdq, Quality};
use ijkpunt::snapshot::{Draft, NewEntry, Print, Said};

pub(crate) const STATES: u8 = 23;

/// Draws codes; those of another seed are others.
pub(crate) fn codes(seed: u64) -> impl FnMut() -> Pdq {
    let mut state = seed;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut z = state ^ state >> 31;
        z = z.wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 29
    };
    move || Pdq::from_bytes(std::array::from_fn(|_| next().to_le_bytes()[4]))
}

/// Entries with so many windows each. Another seed gives other codes.
pub(crate) fn draft(
    entries: usize,
    windows: usize,
    seed: u64,
    sequence: u64,
) -> Result<Draft, Box<dyn Error>> {
    let mut code = codes(seed);
    let created_at: Time = "2026-11-22T10:00:00Z".parse()?;
    let mut draft = Draft::new(sequence, created_at);
    for number in 0..STATES {
        draft.authority(Authority {
            id: format!("office-{number}").parse()?,
            state: [b'X', b'A' + number].try_into()?,
            name: Text::new("An office")?,
            roles: [].into(),
        });
    }
    for number in 0..entries {
        let print = |code: Pdq, part: Option<Part>| Print {
            code: code.into(),
            quality: Quality::new(100).ok(),
            profile: part.map_or(Profile::Full, |_| Profile::Windows),
            part,
            shown: None,
            label: None,
        };
        let mut prints = vec![print(code(), None)];
        for window in 0..u16::try_from(windows)? {
            prints.push(print(
                code(),
                Part::new([window, 0, window + 3000, 4000]).ok(),
            ));
        }
        let id = *code().to_bytes().first_chunk().unwrap_or(&[0; 32]);
        let said = (0..STATES).map(|state| {
            // Within a week or two of one another, as states answer, and some for five years only.
            let day = i64::try_from(number % 1000)? + 17 * i64::from(state) % 14;
            let made_at =
                Time::from_unix_seconds(1_700_000_000 + 86_400 * day + i64::from(state) * 997)?;
            Ok(Said {
                authority: format!("office-{state}").parse()?,
                verdict: Verdict::Terrorist(TcoTypes::from(TcoType::ALL[number % 5])),
                method: Method::ViewedByTwo,
                made_at,
                valid_until: made_at.plus_days(1826).filter(|_| state % 2 == 0),
            })
        });
        draft.entry(NewEntry {
            id: EntryId::from_bytes(id),
            media: MediaKind::Image,
            title: format!("item {number}"),
            source: Some(Source {
                sha256: Commitment::from_bytes(id),
                size: 100_000,
                mime: Text::new("image/jpeg")?,
            }),
            context: Some(ContextDependence::Independent),
            created_at: Some(created_at),
            prints,
            state: None,
            types: Some(TcoTypes::from(TcoType::A)),
            said: said.collect::<Result<_, Box<dyn Error>>>()?,
        })?;
    }
    Ok(draft)
}
