//! What makes a policy, and what does not.

use super::*;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn designated(states: &[&str]) -> Vec<Designation> {
    let since = time("2025-01-01T00:00:00Z");
    let one = |state: &&str| Designation {
        state: state.parse().unwrap(),
        since,
    };
    states.iter().map(one).collect()
}

fn terms() -> Terms {
    Policy::baseline(designated(&["XA", "XB", "XC"]))
        .unwrap()
        .into()
}

#[test]
fn terms_that_make_no_policy_are_refused_when_read_too() {
    let fraction = |numerator, denominator| Rule::Fraction {
        numerator,
        denominator,
    };
    let explicit = |states: &[&str]| {
        Denominator::Explicit(states.iter().map(|state| state.parse().unwrap()).collect())
    };
    let xa = "XA".parse().unwrap();
    let too_many = |needed, n| PolicyError::TooMany { needed, n };
    let cases = [
        (
            Terms {
                denominator: explicit(&[]),
                ..terms()
            },
            PolicyError::NoStates,
        ),
        (
            Terms {
                denominator: explicit(&["XA", "XB", "XA"]),
                ..terms()
            },
            PolicyError::Twice(xa),
        ),
        (
            Terms {
                denominator: explicit(&["XA"]),
                ..terms()
            },
            too_many(2, 1),
        ),
        (
            Terms {
                rule: Rule::AtLeast(0),
                ..terms()
            },
            PolicyError::NobodyNeeded,
        ),
        (
            Terms {
                rule: Rule::AtLeast(4),
                ..terms()
            },
            too_many(4, 3),
        ),
        (
            Terms {
                rule: fraction(0, 3),
                ..terms()
            },
            PolicyError::Fraction,
        ),
        (
            Terms {
                rule: fraction(4, 3),
                ..terms()
            },
            PolicyError::Fraction,
        ),
        (
            Terms {
                rule: fraction(1, 0),
                ..terms()
            },
            PolicyError::Fraction,
        ),
        (
            Terms {
                silence: Silence::TacitAfterDays(0),
                ..terms()
            },
            PolicyError::NoDays,
        ),
        (
            Terms {
                expiry_days: Some(0),
                ..terms()
            },
            PolicyError::NoDays,
        ),
        (
            Terms {
                silence: Silence::TacitAfterDays(9),
                denominator: Denominator::Responding,
                ..terms()
            },
            PolicyError::SilenceOfResponding,
        ),
    ];
    for (terms, error) in cases {
        let json = serde_json::to_string(&terms).unwrap();
        let read = serde_json::from_str::<Policy>(&json).unwrap_err();
        assert!(read.to_string().contains(&error.to_string()), "{read}");
        assert_eq!(Policy::new(terms), Err(error));
    }
}

#[test]
fn terms_at_the_bounds_are_a_policy() {
    for rule in [
        Rule::AtLeast(1),
        Rule::AtLeast(3),
        Rule::Fraction {
            numerator: 3,
            denominator: 3,
        },
        Rule::Fraction {
            numerator: 1,
            denominator: u32::MAX,
        },
    ] {
        assert!(Policy::new(Terms { rule, ..terms() }).is_ok(), "{rule:?}");
    }
    let one = Denominator::Explicit(vec!["XA".parse().unwrap()]);
    assert!(
        Policy::new(Terms {
            rule: Rule::AtLeast(1),
            denominator: one,
            ..terms()
        })
        .is_ok()
    );
}

#[test]
fn fractions_round_up_and_one_state_is_never_enough_for_them() {
    let needed = |numerator, denominator, n| {
        Rule::Fraction {
            numerator,
            denominator,
        }
        .needed(n)
    };
    assert_eq!(needed(2, 3, 23), 16);
    assert_eq!(needed(2, 3, 24), 16);
    assert_eq!(needed(1, 100, 3), 2);
    assert_eq!(needed(u32::MAX, u32::MAX, u32::MAX), u32::MAX);
    assert_eq!(
        (
            Rule::All.needed(0),
            Rule::All.needed(1),
            Rule::All.needed(9)
        ),
        (2, 2, 9)
    );
}

#[test]
fn a_policy_has_one_id_however_its_states_are_listed() {
    let policy = Policy::new(terms()).unwrap();
    let again = Policy::baseline(designated(&["XC", "XA", "XB"])).unwrap();
    assert_eq!(again.id(), policy.id());
    assert_eq!(
        policy.id().to_string(),
        "875c62453c68504a7022674b996fcf767ad32713c0db78d49e335847e1163242"
    );
    assert_ne!(
        Policy::working(designated(&["XA", "XB", "XC"]))
            .unwrap()
            .id(),
        policy.id()
    );
    let json = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
    let bytes = postcard::to_stdvec(&policy).unwrap();
    assert_eq!(postcard::from_bytes::<Policy>(&bytes).unwrap(), policy);
    let error = serde_json::from_str::<Policy>(&json.replace("\"all\"", "\"most\"")).unwrap_err();
    assert!(error.to_string().contains("`most`"), "{error}");
}
