use super::*;
use crate::sign::{Envelope, GENESIS, GenesisError, OpenError, Statement, Why};

fn change(change: impl FnOnce(&mut Founding)) -> Result<Genesis, GenesisError> {
    let mut founding = genesis().founding().clone();
    change(&mut founding);
    Genesis::new(founding)
}

fn third(number: u8, id: &str, state: &str) -> Founder {
    Founder {
        authority: authority(id, state, &[Role::Scrutinise]),
        key: key(number).public_key(),
    }
}

#[test]
fn an_authority_founds_once() {
    let twice = change(|founding| founding.founders.push(third(3, "a", "XC")));
    assert_eq!(twice, Err(GenesisError::Twice("a".parse().unwrap())));
}

#[test]
fn a_key_is_of_one_founder() {
    let shared = change(|founding| founding.founders.push(third(1, "c", "XC")));
    assert_eq!(shared, Err(GenesisError::Key("c".parse().unwrap())));
}

#[test]
fn neither_one_state_nor_more_than_there_are_can_be_asked_for() {
    for (needed_states, expected) in [
        (0, Some(GenesisError::TooFew)),
        (1, Some(GenesisError::TooFew)),
        (2, None),
        (
            3,
            Some(GenesisError::TooMany {
                needed: 3,
                states: 2,
            }),
        ),
    ] {
        let made = change(|founding| {
            // Of one of the two states.
            founding.founders.push(third(3, "c", "XB"));
            founding.needed_states = needed_states;
        });
        assert_eq!(made.err(), expected, "{needed_states}");
    }
    let nobody = change(|founding| founding.founders.clear());
    let refused = GenesisError::TooMany {
        needed: 2,
        states: 0,
    };
    assert_eq!(nobody, Err(refused));
}

#[test]
fn what_is_read_is_checked_too() {
    let mut founding = genesis().founding().clone();
    founding.needed_states = 1;
    let payload = postcard::to_stdvec(&founding).unwrap();
    let envelope = Envelope::sign(GENESIS, payload, &[&key(1), &key(2)]).unwrap();
    assert_eq!(Genesis::open(&envelope), Err(OpenError::Payload));
}

#[test]
fn the_order_of_founders_changes_nothing() {
    let other = change(|founding| founding.founders.reverse()).unwrap();
    assert_eq!((other.id(), &other), (genesis().id(), &genesis()));
    assert_eq!(Founding::from(other), *genesis().founding());
    // In another order than it is written in, the bytes are no genesis.
    let mut founding = genesis().founding().clone();
    founding.founders.reverse();
    let payload = postcard::to_stdvec(&founding).unwrap();
    let envelope = Envelope::sign(GENESIS, payload, &[&key(1), &key(2)]).unwrap();
    assert_eq!(Genesis::open(&envelope), Err(OpenError::Payload));
}

#[test]
fn everything_else_changes_the_id() {
    let ids = [
        change(|founding| founding.name = Text::new("real").unwrap()),
        change(|founding| founding.at = now()),
        change(|founding| founding.founders.push(third(3, "c", "XC"))),
        change(|founding| founding.founders[0].key = key(3).public_key()),
        change(|founding| founding.founders[0].authority.roles.clear()),
    ]
    .map(|made| made.unwrap().id());
    let distinct: std::collections::BTreeSet<_> = ids.into_iter().chain([genesis().id()]).collect();
    assert_eq!(distinct.len(), 6);
}

#[test]
fn all_founders_sign() {
    let of_one_state = change(|founding| founding.founders.push(third(3, "c", "XB"))).unwrap();
    let mut envelope = Envelope::of(&of_one_state, &[&key(1), &key(2)]).unwrap();
    let OpenError::TooFew(tally) = Genesis::open(&envelope).unwrap_err() else {
        panic!("c has not signed, though its state has");
    };
    assert_eq!(
        (tally.authorities.len(), tally.needed.authorities()),
        (2, 3)
    );
    envelope.add(&key(3)).unwrap();
    let opened = Genesis::open(&envelope).unwrap();
    assert_eq!(*opened, of_one_state);
    assert_eq!((opened.authorities().len(), opened.states().len()), (3, 2));
}

#[test]
fn a_signature_of_nobody_on_the_list_does_not_count() {
    let envelope = Envelope::of(&genesis(), &[&key(1), &key(3)]).unwrap();
    let OpenError::TooFew(tally) = Genesis::open(&envelope).unwrap_err() else {
        panic!("b has not signed");
    };
    assert_eq!(tally.refused, [(key(3).public_key().id(), Why::Unknown)]);
}

#[test]
fn what_is_no_genesis_is_not_opened() {
    let statement = history::opening(genesis().id());
    let envelope = Envelope::of::<Statement>(&statement, &[&key(1)]).unwrap();
    assert_eq!(Genesis::open(&envelope), Err(OpenError::Type));
}

#[test]
fn people_read_who_founds() {
    let text =
        "rehearsal of 2026-01-01T00:00:00Z: a (XA), b (XB); 2 states admit, revoke and change";
    assert_eq!(genesis().to_string(), text);
}
