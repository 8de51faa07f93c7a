//! What is read is what was written, and nothing else is.

use std::fmt::Debug;

use crate::limits::{Limits, Resource};

use super::*;

fn limits() -> Limits {
    Limits::default()
}

/// Cuts a JSON at each byte and turns each bit: refused, or read as something else, which is then what stands there.
fn tortured<T: PartialEq + Debug>(
    value: &T,
    json: &str,
    read: impl Fn(&[u8]) -> Result<T, OrderError>,
) {
    let json = json.as_bytes();
    assert_eq!(read(json).as_ref(), Ok(value));
    for length in 0..json.len() {
        assert!(read(&json[..length]).is_err(), "{length}");
    }
    for place in 0..json.len() {
        for bit in 0..8 {
            let mut changed = json.to_vec();
            changed[place] ^= 1 << bit;
            if let Ok(other) = read(&changed) {
                assert_ne!(other, *value, "{place}: bit {bit} is not seen");
            }
        }
    }
    let doubled = [json, json].concat();
    assert!(read(&doubled).is_err());
}

#[test]
fn an_order_goes_round_and_no_changed_byte_is_overlooked() {
    let order = order();
    tortured(&order, &order.to_json(), |json| {
        RemovalOrder::read(json, &limits())
    });
}

#[test]
fn answers_go_round_and_no_changed_byte_is_overlooked() {
    let answer = feedback();
    tortured(&answer, &answer.to_json(), |json| {
        Feedback::read(json, &limits())
    });
    let explanation = prose("The power is out.");
    let needed = prose("Which of the two?");
    let grounds = [
        impossibility().ground,
        Ground::Impossible {
            explanation: explanation.clone(),
        },
        Ground::ManifestErrors {
            explanation,
            needed,
        },
    ];
    for ground in grounds {
        let answer = Impossibility {
            ground,
            ..impossibility()
        };
        tortured(&answer, &answer.to_json(), |json| {
            Impossibility::read(json, &limits())
        });
    }
}

#[test]
fn a_field_too_many_is_refused_and_one_too_few() {
    let json = order().to_json();
    let more = json.replacen('{', r#"{"uploader":"x","#, 1);
    assert!(RemovalOrder::read(more.as_bytes(), &limits()).is_err());
    let fewer = json.replacen(r#""reference":"R-17/2024","#, "", 1);
    assert_ne!(fewer, json);
    assert!(RemovalOrder::read(fewer.as_bytes(), &limits()).is_err());
    let json = impossibility().to_json();
    let other = json.replacen("insufficient_information", "impossible", 1);
    let refused = Impossibility::read(other.as_bytes(), &limits());
    assert!(refused.is_err(), "nothing is needed of the authority there");
    let more = json.replacen(r#""needed""#, r#""who":"x","needed""#, 1);
    assert!(Impossibility::read(more.as_bytes(), &limits()).is_err());
}

#[test]
fn documents_are_read_up_to_the_limit() {
    let order = order().to_json();
    let mut limits = limits();
    limits.record_bytes = order.len() as u64 + 1;
    assert!(RemovalOrder::read(order.as_bytes(), &limits).is_ok());
    limits.record_bytes = order.len() as u64;
    assert!(RemovalOrder::read(order.as_bytes(), &limits).is_ok());
    limits.record_bytes = order.len() as u64 - 1;
    for refused in [
        RemovalOrder::read(order.as_bytes(), &limits).err(),
        SealedOrder::read(order.as_bytes(), &limits).err(),
        Feedback::read(order.as_bytes(), &limits).err(),
        Impossibility::read(order.as_bytes(), &limits).err(),
    ] {
        let Some(OrderError::Limit(exceeded)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(exceeded.what, Resource::RecordBytes);
        assert_eq!(exceeded.asked, order.len() as u64);
    }
}

#[test]
fn a_refusal_repeats_nothing_of_the_document() {
    let json = order().to_json().replacen("https://host", "host", 1);
    let error = RemovalOrder::read(json.as_bytes(), &limits()).unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(told.contains("removal order"), "{told}");
    assert!(!told.contains("host"), "{told}");
}

#[test]
fn a_sealed_order_leads_nowhere_and_keeps_the_count() {
    let whole = order();
    let sealed = whole.clone().sealed();
    assert_eq!(sealed.addresses.count(), 2);
    assert_eq!(sealed.addresses, Addresses::Dropped(item(2)));
    let json = sealed.to_json();
    assert!(
        !json.contains("://") && !json.contains("minute 2"),
        "{json}"
    );
    assert_eq!(sealed.reasons, whole.reasons);
    tortured(&sealed, &json, |json| SealedOrder::read(json, &limits()));
    let unsealed = whole.to_json();
    assert!(SealedOrder::read(unsealed.as_bytes(), &limits()).is_err());
    let half = RemovalOrder {
        whereabouts: whole.whereabouts,
        ..RemovalOrder::from(sealed)
    };
    assert_eq!(SealedOrder::try_from(half), Err(FieldError::Unsealed));
}

#[test]
fn debug_shows_no_addresses_reasons_or_hashes() {
    let told = format!("{:?} {:?}", order(), impossibility());
    for hidden in [
        "host.example",
        "praises",
        "minute 2",
        "abab",
        "cdcd",
        "171",
        "cut off",
    ] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
}

#[test]
fn an_order_is_an_act_to_rest_on() {
    use crate::baseline::{Finality, Scrutiny};
    let order = order();
    let act = order.instrument(Finality::Appealable, Scrutiny::Pending);
    assert_eq!(act.name(), order.name().instrument());
    assert_eq!(act.name().to_string(), "removal order R-17/2024 of XA");
    assert!(order.is_cross_border());
}

#[test]
fn items_of_which_nothing_is_said_are_found() {
    let told = feedback();
    assert_eq!(told.done_at(), time("2024-02-29T00:10:00Z"));
    assert_eq!(told.missing(2).next(), None);
    assert_eq!(told.missing(4).collect::<Vec<_>>(), [item(3), item(4)]);
}
