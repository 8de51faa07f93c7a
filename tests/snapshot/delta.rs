//! From one snapshot to the next by what changed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ijkpunt::baseline::{Designation, FrameRole, Policy, Shown, Text};
use ijkpunt::snapshot::{Delta, DeltaError, Draft, Snapshot};

use super::drawn::{authority, draft, entry, time};

fn snapshot(draft: &Draft) -> Snapshot {
    Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap()
}

/// As it travels.
fn between(old: &Snapshot, new: &Snapshot) -> (Delta, usize) {
    let bytes = Delta::between(old, new).unwrap().to_bytes();
    (Delta::from_bytes(&bytes).unwrap(), bytes.len())
}

fn policy() -> Policy {
    let since = time("2020-01-01T00:00:00Z");
    let designated = ["XA", "XB"].map(|state| Designation {
        state: state.parse().unwrap(),
        since,
    });
    Policy::baseline(designated.to_vec()).unwrap()
}

/// Versions of one baseline, each after the one before.
fn versions() -> Vec<Draft> {
    let first = draft(0..40);
    let mut more = draft(0..43);
    more.remove(entry(7, 3, 1).id);
    let mut changed = more.clone();
    let mut other = entry(11, 3, 5);
    other.title = "another title".into();
    other.prints.truncate(2);
    changed.remove(other.id);
    changed.entry(other).unwrap();
    let mut recut = changed.clone();
    let mut video = entry(14, 2, 2);
    let mut frames = video.prints.iter_mut().filter_map(|it| it.shown.as_mut());
    frames.all(|it| {
        *it = Shown::new(it.at_ms() + 40, it.lasts_cs(), FrameRole::Stock);
        true
    });
    recut.remove(video.id);
    recut.entry(video).unwrap();
    let mut by_policy = changed.clone();
    by_policy.policy(policy());
    let mut renamed = by_policy.clone();
    let mut office = snapshot(&draft([])).authorities()[0].clone();
    office.name = Text::new("The same office").unwrap();
    assert_eq!(office.id, authority(0));
    renamed.authority(office);
    let mut without_end = Draft::new(9, time("2026-12-01T00:00:00Z"));
    without_end.list(&super::drawn::list(5)).unwrap();
    vec![
        first,
        more,
        changed,
        recut,
        by_policy,
        renamed.clone(),
        renamed,
        without_end,
    ]
}

#[test]
fn a_delta_gives_the_bytes_of_the_next_snapshot_and_so_does_a_chain() {
    let versions: Vec<Snapshot> = versions().iter().map(snapshot).collect();
    for old in &versions {
        for new in &versions {
            let (delta, _) = between(old, new);
            assert_eq!((delta.base(), delta.target()), (old.id(), new.id()));
            assert!(delta.apply(old).unwrap() == new.as_bytes());
        }
    }
    let mut bytes = versions[0].as_bytes().to_vec();
    for pair in versions.windows(2) {
        let held = Snapshot::from_bytes(bytes).unwrap();
        bytes = between(&pair[0], &pair[1]).0.apply(&held).unwrap();
    }
    assert!(bytes == versions[versions.len() - 1].as_bytes());
}

/// Some of eighty entries, in one of three wordings each, of some authorities.
fn some(random: &mut impl FnMut(u32) -> u32) -> Draft {
    let mut some = draft([]);
    for seed in 0..80 {
        if random(3) == 0 {
            continue;
        }
        let mut one = entry(seed, seed % 4, (seed % 6) as u8);
        match random(12) {
            0 => one.title = format!("another {}", random(5)),
            1 => one.said.truncate(1),
            2 => one.prints.truncate(1),
            4 => one
                .prints
                .retain(|print| print.shown.is_none_or(|it| it.at_ms() > 0)),
            3 => one.prints.iter_mut().for_each(|print| print.label = None),
            _ => {}
        }
        some.entry(one).unwrap();
    }
    // One before and one behind those who say something, so that all have other numbers.
    for (id, state) in [("aa-office", "XX"), ("zz-office", "XY")] {
        if random(2) > 0 {
            let mut authority = snapshot(&draft([])).authorities()[0].clone();
            authority.id = id.parse().unwrap();
            authority.state = state.parse().unwrap();
            some.authority(authority);
        }
    }
    if random(2) > 0 {
        some.policy(policy());
    }
    if random(4) == 0 {
        some.list(&super::drawn::list(random(9))).unwrap();
    }
    some
}

#[test]
fn whatever_changes_the_bytes_are_those_of_a_draft() {
    let mut state = 7u64;
    let mut random = |below: u32| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as u32 % below
    };
    let mut old = snapshot(&some(&mut random));
    for round in 0..60 {
        let new = snapshot(&some(&mut random));
        let (delta, _) = between(&old, &new);
        assert!(delta.apply(&old).unwrap() == new.as_bytes(), "{round}");
        old = new;
    }
}

#[test]
fn its_length_is_that_of_what_changed() {
    let old = snapshot(&draft(0..600));
    let length = |seeds: std::ops::Range<u32>| between(&old, &snapshot(&draft(seeds))).1;
    let (none, ten, hundred) = (length(0..600), length(0..610), length(0..700));
    assert!(none < 200, "{none}");
    assert!(ten < none + 10 * 400, "{ten}");
    assert!(
        hundred < none + 100 * 400 && hundred > 50 * none / 2,
        "{hundred}"
    );
    assert!(length(10..600) < none + 10 * 40);
}

#[test]
fn it_applies_to_its_own_snapshot_only() {
    let versions: Vec<Snapshot> = versions().iter().take(3).map(snapshot).collect();
    let (delta, _) = between(&versions[0], &versions[1]);
    let refused = delta.apply(&versions[2]).unwrap_err();
    let expected = DeltaError::OtherBase {
        expected: versions[0].id(),
        found: versions[2].id(),
    };
    assert_eq!(refused, expected);
    assert!(
        refused.to_string().ends_with("get the whole snapshot"),
        "{refused}"
    );
}

#[test]
fn nothing_of_a_damaged_one_is_used() {
    let (old, new) = (snapshot(&draft(0..5)), snapshot(&draft(3..7)));
    let whole = Delta::between(&old, &new).unwrap().to_bytes();
    let applied = |bytes: &[u8]| {
        let applied =
            AssertUnwindSafe(|| Delta::from_bytes(bytes).and_then(|delta| delta.apply(&old)));
        catch_unwind(applied).unwrap_or_else(|_| panic!("a damaged delta panicked"))
    };
    assert!(applied(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(applied(&whole[..length]).is_err(), "{length}");
    }
    for more in 1..=64 {
        let longer = [&whole[..], &[0xa5; 64][..more]].concat();
        assert!(applied(&longer).is_err(), "{more} more");
    }
    let (head, end) = (76, whole.len() - 32);
    for at in 0..whole.len() {
        for mask in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= mask;
            assert!(applied(&bytes).is_err(), "byte {at}, {mask:#x}");
            // The same, sealed again by somebody who knows how.
            if (head..end).contains(&at) {
                let digest = *blake3::hash(&bytes[..end]).as_bytes();
                bytes[end..].copy_from_slice(&digest);
                // It gives the snapshot that it names, or nothing.
                let other = applied(&bytes).is_ok_and(|bytes| bytes != new.as_bytes());
                assert!(!other, "byte {at}, {mask:#x}, sealed");
            }
        }
    }
}

#[test]
fn refusals_say_what_to_do() {
    let refused = |bytes: &[u8]| Delta::from_bytes(bytes).unwrap_err().to_string();
    assert!(refused(b"ijksnap\0").contains("not a delta"));
    assert!(refused(b"ijkdelt\0\x07\0\0\0").contains("version 7"));
    assert!(refused(b"ijkdelt\0\0\0\0\0").contains("version 0"));
    assert!(refused(b"ijkdelt\0\x01\0\0\0").contains("get it anew"));
}
