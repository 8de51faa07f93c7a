//! `ijkpunt verify`: a proof from a register, checked by somebody who has none.

use ijkpunt::baseline::*;
use ijkpunt::register::Register;
use ijkpunt::sign::*;

use super::*;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// Two states agree on an entry; its proof, and the name of their register.
fn proof(folder: &Folder) -> (String, String) {
    let keys = [1, 2].map(|number| SigningKey::from_seed(&[number; 32]));
    let [first, second] = ["XA", "XB"].map(|state| Authority {
        id: format!("{}-police", state.to_lowercase()).parse().unwrap(),
        state: state.parse().unwrap(),
        name: Text::new("Police").unwrap(),
        roles: [Role::IssueOrders].into(),
    });
    let since = time("2026-01-01T00:00:00Z");
    let designated = [first.state, second.state].map(|state| Designation { state, since });
    let founders = [&first, &second].into_iter().zip(&keys);
    let genesis = Genesis::new(Founding {
        name: Text::new("rehearsal").unwrap(),
        at: since,
        needed_states: 2,
        policy: Policy::baseline(designated.to_vec()).unwrap(),
        founders: founders
            .map(|(authority, key)| Founder {
                authority: authority.clone(),
                key: key.public_key(),
            })
            .collect(),
    })
    .unwrap();
    let envelope = Envelope::of(&genesis, &[&keys[0], &keys[1]]).unwrap();
    let mut register = Register::create(format!("{}/register", folder.path()), &envelope).unwrap();
    let now = time("2026-02-01T00:00:00Z");
    for (authority, key) in [&first, &second].into_iter().zip(&keys) {
        register
            .open_log(&authority.id, authority.state, key, now)
            .unwrap();
    }
    let entry = Entry {
        media: MediaKind::Image,
        source: None,
        fingerprints: Vec::new(),
        title: Text::new("a banner").unwrap(),
        producer: None,
        labels: [].into(),
        context: ContextDependence::Independent,
        created_by: first.id.clone(),
        created_at: now,
        review_by: None,
    };
    let id = entry.id();
    register
        .say(&keys[0], now, |slot| {
            let sequence = slot.sequence;
            What::Event(Event::EntryCreated(Creation { sequence, entry }))
        })
        .unwrap();
    for key in &keys {
        let assessed = register.say(key, now, |slot| {
            What::Event(Event::Assessed(Assessment {
                entry: id,
                authority: slot.by,
                state: slot.state,
                sequence: slot.sequence,
                verdict: Verdict::Terrorist(TcoType::A.into()),
                reasons: Reasons {
                    short: Text::new("calls for attacks").unwrap(),
                    long: None,
                },
                exempt_purpose_considered: true,
                method: Method::ViewedByOne,
                viewed: Some(Commitment::to(b"a file")),
                based_on: None,
                made_at: slot.at,
                valid_until: None,
            }))
        });
        assessed.unwrap();
    }
    let proof = register
        .proof(id, time("2026-03-01T00:00:00Z"))
        .unwrap()
        .unwrap();
    (proof.to_json(), register.id().to_string())
}

#[test]
fn a_proof_is_checked_by_whoever_has_nothing_else() {
    let folder = Folder::new("verify");
    let (json, id) = proof(&folder);
    let path = &*folder.put("proof.json", &json);
    let output = ijkpunt(&["verify", path]);
    let said = out(&output);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    for part in [
        "The proof holds: at 2026-03-01T00:00:00Z the entry is \"baseline\".",
        "2 of 2 designated states say terrorist",
        "\"a banner\"",
        "compare it with the id that its founders publish",
        "3 statements that count:",
        "XB xb-police 1: terrorist, type A: calls for attacks",
        "  XA xa-police: 3 statements, root ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = out(&ijkpunt(&["verify", path, "--register", &id]));
    assert!(said.contains("the one that was asked for"), "{said}");
    let json: Value = serde_json::from_str(&out(&ijkpunt(&[
        "verify",
        "--json",
        "--register",
        &id,
        path,
    ])))
    .unwrap();
    assert_eq!(json["register"], *id);
    assert_eq!(json["register_is_expected"], true);
    assert_eq!(json["state"], "baseline");
    assert_eq!(json["statements"].as_array().unwrap().len(), 3);
    assert_eq!(
        json["logs"][0]["size"].as_u64().unwrap() + json["logs"][1]["size"].as_u64().unwrap(),
        5
    );
}

#[test]
fn what_does_not_hold_is_told_and_is_no_success() {
    let folder = Folder::new("verify-refused");
    let (json, id) = proof(&folder);
    let refused = |name: &str, bytes: &str, more: &[&str], expected: &str| {
        let path = folder.put(name, bytes);
        let output = ijkpunt(&[&["verify", &path], more].concat());
        let said = err(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains(expected) && said.contains(name),
            "{expected}: {said}"
        );
        assert_eq!(out(&output), "");
    };
    let claimed = json.replace("\"state\":\"baseline\"", "\"state\":\"national\"");
    refused(
        "claimed",
        &claimed,
        &[],
        "\"baseline\" follows from what it shows",
    );
    let other = id.replace(&id[..4], if &id[..4] == "0000" { "1111" } else { "0000" });
    refused(
        "other",
        &json,
        &["--register", &other],
        "anybody can found a register",
    );
    refused(
        "cut",
        &json[..json.len() / 2],
        &[],
        "no proof as this version writes it",
    );
    refused(
        "list",
        "id,pdq\n",
        &[],
        "no proof as this version writes it",
    );
    let output = ijkpunt(&["verify", &format!("{}/missing", folder.path())]);
    assert_eq!(output.status.code(), Some(2));
}
