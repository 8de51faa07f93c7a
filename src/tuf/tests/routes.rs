use super::*;

fn at(number: u64) -> Sha256 {
    sha(&format!("full {number}"))
}

fn names(pairs: &[(u64, u64)]) -> Route {
    let names = pairs
        .iter()
        .map(|(from, to)| TargetName::delta(*from, *to).unwrap());
    Route::Deltas(names.collect())
}

fn whole(number: u64) -> Route {
    Route::Full(TargetName::full(number).unwrap())
}

#[test]
fn the_newest_needs_nothing_and_a_stranger_the_whole() {
    let targets = targets();
    assert_eq!(targets.route(&at(42)), Route::Current);
    assert_eq!(targets.route(&at(41)), names(&[(41, 42)]));
    assert_eq!(targets.route(&at(40)), whole(42));
    assert_eq!(targets.route(&sha("own")), whole(42));
    assert_eq!(targets.newest().0, TargetName::full(42).unwrap());
}

#[test]
fn the_fewest_deltas_win_and_then_the_fewest_bytes() {
    let targets = targets_of([
        full(5, 1000),
        delta(1, 2, 1),
        delta(2, 3, 1),
        delta(3, 5, 1),
        delta(1, 4, 100),
        delta(4, 5, 100),
        delta(1, 3, 50),
    ]);
    assert_eq!(targets.route(&at(1)), names(&[(1, 3), (3, 5)]));
    assert_eq!(targets.route(&at(2)), names(&[(2, 3), (3, 5)]));
    assert_eq!(targets.route(&at(4)), names(&[(4, 5)]));
}

#[test]
fn a_chain_of_thirty_two_is_taken_and_one_of_thirty_three_is_not() {
    let chain = (0..33).map(|from| delta(from, from + 1, 1));
    let targets = targets_of(chain.chain([full(33, 1000)]));
    assert_eq!(targets.route(&at(0)), whole(33));
    let Route::Deltas(names) = targets.route(&at(1)) else {
        panic!("thirty-two deltas");
    };
    assert_eq!(names.len(), 32);
}

#[test]
fn half_of_the_whole_in_deltas_is_taken_and_a_byte_more_is_not() {
    for (bytes, expected) in [(500, names(&[(41, 42)])), (501, whole(42))] {
        let targets = targets_of([full(42, 1000), delta(41, 42, bytes)]);
        assert_eq!(targets.route(&at(41)), expected);
    }
    let targets = targets_of([full(3, 1000), delta(1, 2, u64::MAX), delta(2, 3, u64::MAX)]);
    assert_eq!(targets.route(&at(1)), whole(3));
}

#[test]
fn a_chain_that_does_not_reach_the_newest_is_none() {
    let targets = targets_of([full(42, 1000), delta(39, 40, 1), delta(41, 42, 1)]);
    assert_eq!(targets.route(&at(39)), whole(42));
}

/// Slowly and obviously: all chains.
fn all_chains(targets: &Targets, from: Sha256, to: Sha256) -> Vec<(usize, u64)> {
    let mut found = Vec::new();
    for file in targets.files().values() {
        let Some(leap) = file.leap.filter(|leap| leap.from_sha256 == from) else {
            continue;
        };
        if leap.sha256 == to {
            found.push((1, file.length));
        }
        let rest = all_chains(targets, leap.sha256, to);
        found.extend(
            rest.iter()
                .map(|(steps, bytes)| (steps + 1, bytes + file.length)),
        );
    }
    found
}

proptest::proptest! {
    #[test]
    fn a_route_is_the_best_of_all_chains(
        deltas in proptest::collection::btree_map((0_u64..8, 1_u64..8), 1_u64..300, 0..20),
    ) {
        let deltas = deltas.into_iter().map(|((from, more), bytes)| delta(from, (from + more).min(8), bytes));
        let targets = targets_of(deltas.filter(|(name, _)| name.from() < Some(name.to())).chain([full(8, 1000)]));
        for start in 0..8 {
            let best = all_chains(&targets, at(start), at(8)).into_iter().min();
            let best = best.filter(|(_, bytes)| *bytes <= 500);
            let route = match targets.route(&at(start)) {
                Route::Deltas(names) => {
                    let bytes = names.iter().map(|name| targets.files()[name].length).sum();
                    Some((names.len(), bytes))
                }
                _ => None,
            };
            proptest::prop_assert_eq!(route, best);
        }
    }
}

#[test]
fn files_that_contradict_each_other_are_refused() {
    let new = |all: Vec<_>| Targets::new(version(1), expires(), files(all)).map(|_| ());
    assert_eq!(new(vec![]), Err(TargetsError::None));
    assert_eq!(
        new(vec![full(1, 0)]),
        Err(TargetsError::Empty(full(1, 0).0))
    );
    assert_eq!(
        new(vec![full(41, 1), delta(41, 42, 1)]),
        Err(TargetsError::NoWhole(42))
    );
    assert_eq!(
        new(vec![full(42, 999), delta(41, 42, 1)]),
        Err(TargetsError::Contradiction(42))
    );
    let (name, mut file) = full(42, 1000);
    file.sha256 = sha("another");
    assert_eq!(
        new(vec![(name, file), delta(41, 42, 1)]),
        Err(TargetsError::Contradiction(42))
    );
    file.sha256 = sha("full 41");
    assert_eq!(
        new(vec![full(41, 1000), (name, file)]),
        Err(TargetsError::Contradiction(42))
    );
    let (name, mut file) = delta(41, 42, 1);
    file.leap = None;
    assert_eq!(
        new(vec![full(42, 1000), (name, file)]),
        Err(TargetsError::Kind(name))
    );
    let (name, mut file) = full(42, 1000);
    file.leap = delta(41, 42, 1).1.leap;
    assert_eq!(new(vec![(name, file)]), Err(TargetsError::Kind(name)));
}
