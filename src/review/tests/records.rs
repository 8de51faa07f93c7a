//! Records and kept pages that are not what this room writes.

use std::ops::ControlFlow;

use crate::ledger::{Kind, Ledger, NewRecord};
use crate::review::case::Case;
use crate::review::event::{self, Happened, House, HouseRecord, What};
use crate::review::people::PersonNumber;
use crate::review::reviews::{STREAM, case_topic, house_topic};
use crate::review::{
    Loss, OrderEnd, OrderGround, Proceedings, Reopening, ReviewError, Sampler, Second,
};

use super::*;

const KIND: Kind = match Kind::new("reviews") {
    Ok(kind) => kind,
    Err(_) => panic!(),
};

/// A file in which everything has happened that leaves a record.
fn eventful(place: &Place) -> Reviews {
    let mut rule = policy();
    rule.hold_hours = Some(1);
    let mut reviews = place.reviews(&rule);
    let [lead, ada, kim] = ["lead", "ada", "kim"].map(|name| who(&reviews, name));
    let found = matched("upload-1", &[1]).with_evidence("{}");
    let id = reviews.open_case(&found, at(1)).unwrap().case();
    let threat = Outcome::ImminentThreat(types());
    let decision = ada.finds(threat).and(Action::Remove).because("a note");
    reviews.decide(id, &decision, at(2)).unwrap();
    reviews.police_informed(id, &ada, at(3)).unwrap();
    reviews.informed(id, &ada, at(4)).unwrap();
    reviews.complain(id, Some("why"), at(5), at(5)).unwrap();
    reviews.reject(id, &kim, Some("so"), at(6)).unwrap();
    reviews
        .proceedings(id, &ada, Proceedings::Judicial, at(7))
        .unwrap();
    reviews.proceedings_ended(id, &ada, true, at(8)).unwrap();
    reviews.reinstated(id, &ada, at(9)).unwrap();
    reviews.reopen(id, &lead, Some("again"), at(10)).unwrap();
    opened(&mut reviews, "upload-2", &[1, 2], 11);
    reviews.release_holds(at(2 * HOUR)).unwrap();
    let id = removed(&mut reviews, "upload-3", &[2], "ada", 3 * HOUR);
    let court = Loss::CourtOrder;
    reviews
        .lose(&entry(2), court, at(0), &lead, at(3 * HOUR))
        .unwrap();
    reviews
        .preserve(id, &lead, at(400 * DAY), None, at(4 * HOUR))
        .unwrap();
    let order = reviews
        .receive_order("post", MediaKind::Image, &ordered(), at(0), &ada, at(1))
        .unwrap();
    let ground = OrderGround::ManifestErrors;
    reviews
        .order_refused(order, &ada, ground, Some("two"), at(2))
        .unwrap();
    reviews.order_cleared(order, &ada, at(3)).unwrap();
    reviews.withhold(order, &ada, at(DAY), at(4)).unwrap();
    reviews
        .order_done(order, &ada, Action::Disable, at(5))
        .unwrap();
    reviews
        .order_ended(order, &ada, OrderEnd::Revoked, at(6))
        .unwrap();
    for upload in 0..5u8 {
        let id = opened(&mut reviews, &format!("{upload}"), &[7], 5 * HOUR);
        let name = if upload == 0 { "ben" } else { "ada" };
        let decision = who(&reviews, name).finds(Outcome::WrongEntry);
        reviews.decide(id, &decision, at(5 * HOUR)).unwrap();
    }
    reviews
        .reset(&entry(7), &lead, Some("fine"), at(6 * HOUR))
        .unwrap();
    reviews.has_left(&lead, "cy", at(6 * HOUR)).unwrap();
    rule.second = Second::Always;
    reviews.set_policy(&lead, &rule, at(6 * HOUR)).unwrap();
    let mut sampler = Sampler::new(1).unwrap();
    sampler.offer("clean", MediaKind::Image, at(0)).unwrap();
    reviews.draw(sampler, &lead, at(6 * HOUR)).unwrap();
    reviews
}

/// The topics and bodies of all records.
fn bodies(place: &Place) -> Vec<([u8; 32], Vec<u8>)> {
    let mut all = Vec::new();
    let ledger = Ledger::read(place.path(), KIND).unwrap();
    let _: ControlFlow<()> = ledger
        .records(1, |record| {
            all.push((record.topic, record.body.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

/// Adds a record as another program would.
fn add(place: &Place, topic: [u8; 32], body: &[u8]) {
    let mut ledger = Ledger::open(place.path(), KIND).unwrap();
    let place = ledger.head().unwrap().records;
    let mut append = ledger.begin().unwrap();
    append
        .add(&NewRecord {
            stream: STREAM,
            place,
            topic,
            body,
        })
        .unwrap();
    append.commit().unwrap();
}

/// Keeps another first page, with the right digest.
fn keep(place: &Place, what: &[u8; 5], value: &(impl serde::Serialize + ?Sized)) {
    keep_page(place, what, 0, value);
}

fn keep_page(place: &Place, what: &[u8; 5], page: u8, value: &(impl serde::Serialize + ?Sized)) {
    let mut ledger = Ledger::open(place.path(), KIND).unwrap();
    let mut append = ledger.begin().unwrap();
    let key = [what.as_slice(), &[0, 0, 0, page]].concat();
    append
        .keep(&key, &postcard::to_stdvec(value).unwrap())
        .unwrap();
    append.commit().unwrap();
}

fn page<T: serde::de::DeserializeOwned>(place: &Place, what: &[u8; 5]) -> Vec<T> {
    let ledger = Ledger::read(place.path(), KIND).unwrap();
    let key = [what.as_slice(), &[0; 4]].concat();
    postcard::from_bytes(&ledger.kept(&key).unwrap().unwrap()).unwrap()
}

#[test]
fn all_that_happens_is_read_as_it_was_written_and_verifies() {
    let place = Place::new();
    let reviews = eventful(&place);
    reviews.verify(|_, _| ()).unwrap();
    let mut kinds = BTreeSet::new();
    for (topic, body) in bodies(&place) {
        let again = match topic == house_topic() {
            true => event::to_bytes(&event::from_bytes::<HouseRecord>(&body).unwrap()),
            false => {
                let happened = event::from_bytes::<Happened>(&body).unwrap();
                let told = format!("{:?}", happened.what);
                kinds.insert(told.split([' ', '(']).next().unwrap().to_owned());
                event::to_bytes(&happened)
            }
        };
        assert_eq!(again, Some(body));
    }
    assert_eq!(kinds.len(), 17, "{kinds:?}"); // all but what takes six months
}

/// Whether these bytes are a record of such a topic.
fn is_read(topic: [u8; 32], body: &[u8]) -> bool {
    match topic == house_topic() {
        true => event::from_bytes::<HouseRecord>(body).is_some(),
        false => event::from_bytes::<Happened>(body).is_some(),
    }
}

#[test]
fn a_record_that_is_cut_or_longer_is_none() {
    let place = Place::new();
    drop(eventful(&place));
    for (topic, body) in bodies(&place) {
        assert!(is_read(topic, &body));
        for length in 0..body.len() {
            assert!(!is_read(topic, &body[..length]), "{length}");
        }
        for more in [0, 1, 255] {
            assert!(!is_read(topic, &[body.as_slice(), &[more]].concat()));
        }
    }
}

#[test]
fn a_record_with_another_byte_is_none_or_another_record() {
    let place = Place::new();
    drop(eventful(&place));
    let (mut none, mut other) = (0, 0);
    for (topic, body) in bodies(&place) {
        let is_house = topic == house_topic();
        let case = event::from_bytes::<Happened>(&body);
        let house = event::from_bytes::<HouseRecord>(&body);
        for byte in 0..body.len() {
            for mask in [1, 2, 0x10, 0x80, 0xff] {
                let mut flipped = body.clone();
                flipped[byte] ^= mask;
                let is_none = if is_house {
                    let read = event::from_bytes::<HouseRecord>(&flipped);
                    assert_ne!(read, house);
                    read.is_none()
                } else {
                    let read = event::from_bytes::<Happened>(&flipped);
                    assert_ne!(read, case);
                    read.is_none()
                };
                match is_none {
                    true => none += 1,
                    false => other += 1,
                }
                assert!(byte > 0 || is_none, "a version that is not known");
            }
        }
    }
    assert!(none > 0 && other > 0, "{none} {other}");
}

#[test]
fn a_record_that_another_program_added_is_noticed_whatever_it_says() {
    let place = Place::new();
    drop(eventful(&place));
    let file = fs::read(place.path()).unwrap();
    let (mut damaged, mut kept) = (0, 0);
    for (number, (topic, body)) in bodies(&place).into_iter().enumerate() {
        if topic == house_topic() {
            continue;
        }
        let mut flipped = body.clone();
        let byte = number * 7 % body.len();
        flipped[byte] ^= 1 << (number % 8);
        for changed in [&body, &flipped, &body[..body.len() - 1].to_vec()] {
            fs::write(place.path(), &file).unwrap();
            add(&place, topic, changed);
            let reviews = place.open();
            match reviews.verify(|_, _| ()) {
                Err(ReviewError::Damaged { .. }) => damaged += 1,
                Err(ReviewError::Kept(_)) => kept += 1,
                // Said once more with another note, it changes nothing of the case.
                Ok(_) => {
                    let what = event::from_bytes::<Happened>(changed).unwrap().what;
                    assert!(matches!(what, What::Reopened { .. }), "{what:?}");
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
    assert!(damaged > 0 && kept > 0, "{damaged} {kept}");
}

#[test]
fn what_is_no_record_is_damage_and_says_where() {
    let place = Place::new();
    drop(eventful(&place));
    let records = bodies(&place).len() as u64;
    let file = fs::read(place.path()).unwrap();
    add(&place, case_topic(1), b"nothing");
    let mut reviews = place.open();
    for error in [
        reviews.verify(|_, _| ()).unwrap_err(),
        reviews.rebuild().unwrap_err(),
        reviews.story(CaseId(1)).unwrap_err(),
    ] {
        let told = matches!(error, ReviewError::Damaged { record, .. } if record == records + 1);
        assert!(told, "{error}");
    }
    fs::write(place.path(), &file).unwrap();
    add(&place, house_topic(), b"nothing");
    let error = Reviews::open(place.path()).unwrap_err();
    assert!(matches!(error, ReviewError::Damaged { .. }), "{error}");
    // A case that did not begin, and one that begins twice.
    let begins = bodies(&place)
        .into_iter()
        .find(|(topic, _)| *topic == case_topic(1));
    for topic in [case_topic(1), case_topic(99), [9; 32]] {
        fs::write(place.path(), &file).unwrap();
        add(&place, topic, &begins.as_ref().unwrap().1);
        let error = place.open().verify(|_, _| ()).unwrap_err();
        assert!(matches!(error, ReviewError::Damaged { .. }), "{error}");
    }
}

/// A record that could have happened to the waiting case 2, but for who says so.
fn decided(by: Option<u16>, decides: bool) -> Vec<u8> {
    let what = What::Found {
        outcome: terrorist(),
        action: Action::Remove,
        note: None,
        decides,
    };
    let (at, by) = (at(9 * HOUR), by.map(PersonNumber));
    event::to_bytes(&Happened { at, by, what }).unwrap()
}

#[test]
fn a_decision_in_the_file_is_one_of_a_person_who_was_there_and_had_the_role() {
    let place = Place::new();
    drop(eventful(&place));
    let file = fs::read(place.path()).unwrap();
    // 0 is lead, 1 ada, 3 cy, who has left, 4 kim, who decides on complaints, and 5 nobody.
    for (by, is_right) in [
        (Some(0), true),
        (Some(1), true),
        (Some(3), false),
        (Some(4), false),
        (Some(5), false),
        (None, false),
    ] {
        fs::write(place.path(), &file).unwrap();
        add(&place, case_topic(2), &decided(by, false));
        let mut reviews = place.open();
        let rebuilt = reviews.rebuild();
        assert_eq!(rebuilt.is_ok(), is_right, "{by:?} {rebuilt:?}");
        let damaged = matches!(reviews.verify(|_, _| ()), Err(ReviewError::Damaged { .. }));
        assert_eq!(damaged, !is_right, "{by:?}");
    }
}

#[test]
fn a_removal_in_the_file_was_found_by_as_many_as_the_policy_asked_for() {
    let place = Place::new();
    drop(eventful(&place)); // its policy has become to ask for two
    let file = fs::read(place.path()).unwrap();
    for (people, decides, is_right) in [
        (&[1][..], false, true),
        (&[1], true, false),
        (&[1, 2], true, true),
        (&[1, 2], false, false),
    ] {
        fs::write(place.path(), &file).unwrap();
        for (number, by) in people.iter().enumerate() {
            let is_last = number + 1 == people.len();
            let body = decided(Some(*by), decides && is_last);
            add(&place, case_topic(2), &body);
        }
        let rebuilt = place.open().rebuild();
        assert_eq!(
            rebuilt.is_ok(),
            is_right,
            "{people:?} {decides} {rebuilt:?}"
        );
    }
}

#[test]
fn a_house_record_is_one_of_a_supervisor() {
    let place = Place::new();
    drop(eventful(&place));
    let file = fs::read(place.path()).unwrap();
    for (by, is_right) in [
        (Some(0), true),
        (Some(1), false),
        (Some(3), false),
        (None, false),
    ] {
        fs::write(place.path(), &file).unwrap();
        let record = HouseRecord {
            at: at(9 * HOUR),
            by: by.map(PersonNumber),
            what: House::Enrolled {
                pseudonym: text("eve"),
                roles: Role::ALL.to_vec(),
            },
        };
        add(&place, house_topic(), &event::to_bytes(&record).unwrap());
        let opened = Reviews::open(place.path());
        assert_eq!(opened.is_ok(), is_right, "{by:?}");
    }
}

#[test]
fn a_trip_in_the_file_follows_from_what_was_decided() {
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    assert_eq!(doubted(&mut reviews, 1, ["ben", "ben", "cy"], 0), 1);
    let (_, trip) = reviews.tripped().next().unwrap();
    let trip = trip.clone();
    reviews.verify(|_, _| ()).unwrap();
    drop(reviews);
    let file = fs::read(place.path()).unwrap();
    // Of an entry that is off, of one that nobody doubted, and of none.
    for number in [1, 2, 9] {
        fs::write(place.path(), &file).unwrap();
        let what = House::Tripped {
            entry: entry(number),
            trip: trip.clone(),
        };
        let at = at(9 * DAY);
        let record = HouseRecord { at, by: None, what };
        add(&place, house_topic(), &event::to_bytes(&record).unwrap());
        let found = place.open().verify(|_, _| ()).unwrap_err();
        assert!(matches!(found, ReviewError::Damaged { .. }), "{found}");
    }
}

#[test]
fn a_wrong_page_of_cases_is_noticed_and_made_anew() {
    let place = Place::new();
    drop(eventful(&place));
    let right: Vec<Case> = page(&place, b"cases");
    let mut up = right.clone();
    let down = up.iter_mut().find(|case| case.down_since.is_some());
    down.unwrap().down_since = None;
    let mut short = right.clone();
    short.pop();
    let mut long = right.clone();
    long.push(right[0].clone());
    for wrong in [up, short, long, Vec::new()] {
        keep(&place, b"cases", &wrong);
        let mut reviews = place.open();
        let noticed = reviews.verify(|_, _| ()).unwrap_err();
        assert!(matches!(noticed, ReviewError::Kept(_)), "{noticed}");
        reviews.rebuild().unwrap();
        reviews.verify(|_, _| ()).unwrap();
        assert_eq!(page::<Case>(&place, b"cases"), right);
    }
    keep(&place, b"cases", &"no page at all");
    let mut reviews = place.open();
    assert!(matches!(
        reviews.verify(|_, _| ()),
        Err(ReviewError::Kept(_))
    ));
    reviews.rebuild().unwrap();
    reviews.verify(|_, _| ()).unwrap();
}

#[test]
fn a_wrong_page_of_names_is_noticed_and_made_anew() {
    let place = Place::new();
    drop(eventful(&place));
    let right: Vec<EntryName> = page(&place, b"names");
    assert_eq!(right, [entry(1), entry(2), entry(7)]);
    let mut turned = right.clone();
    turned.swap(0, 1);
    let twice = [right.clone(), right.clone()].concat();
    for wrong in [turned, twice, right[..1].to_vec()] {
        keep(&place, b"names", &wrong);
        let mut reviews = place.open();
        let noticed = reviews.verify(|_, _| ()).unwrap_err();
        assert!(matches!(noticed, ReviewError::Kept(_)), "{noticed}");
        reviews.rebuild().unwrap();
        reviews.verify(|_, _| ()).unwrap();
        assert_eq!(page::<EntryName>(&place, b"names"), right);
    }
}

#[test]
fn a_page_behind_the_last_one_is_noticed_and_taken_away() {
    // 64 fill a page of cases, and 128 one of names: what lies behind looks like the next.
    let place = Place::new();
    let mut reviews = place.reviews(&policy());
    let matches: Vec<Match> = (0..64)
        .map(|number| matched(&format!("upload {number}"), &[number * 2, number * 2 + 1]))
        .collect();
    reviews.open_cases(&matches, at(0)).unwrap();
    drop(reviews);
    let cases: Vec<Case> = page(&place, b"cases");
    let names: Vec<EntryName> = page(&place, b"names");
    assert_eq!((cases.len(), names.len()), (64, 128));
    for number in [1, 2] {
        for what in [b"cases", b"names"] {
            match what {
                b"cases" => keep_page(&place, what, number, &cases[..1]),
                _ => keep_page(&place, what, number, &names[..1]),
            }
            let mut reviews = place.open();
            let noticed = reviews.verify(|_, _| ()).unwrap_err();
            assert!(matches!(noticed, ReviewError::Kept(_)), "{noticed}");
            reviews.rebuild().unwrap();
            reviews.verify(|_, _| ()).unwrap();
        }
    }
}

#[test]
fn what_was_made_anew_counts_as_before() {
    let place = Place::new();
    let mut reviews = eventful(&place);
    let counts = |reviews: &mut Reviews| {
        [1, 2, 7].map(|number| reviews.counts(&entry(number), at(0), at(DAY)).unwrap())
    };
    let before = counts(&mut reviews);
    reviews.rebuild().unwrap();
    assert_eq!(counts(&mut reviews), before);
    let mut reviews = place.open();
    assert_eq!(counts(&mut reviews), before);
    assert!(before[2].reviewed() == 5);
}

#[test]
fn a_record_begins_with_its_version() {
    let happened = Happened {
        at: at(0),
        by: Some(PersonNumber(3)),
        what: What::Reopened {
            why: Reopening::EntryLost(Loss::Suspended),
            note: None,
        },
    };
    let bytes = event::to_bytes(&happened).unwrap();
    assert_eq!(event::from_bytes(&bytes), Some(happened));
    assert_eq!(bytes[0], 1);
}
