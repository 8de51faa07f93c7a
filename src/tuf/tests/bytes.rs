use proptest::prelude::*;

use super::*;

/// Files are signed and written in one and the same form: that of canonical JSON, for what stands in them.
#[test]
fn what_is_signed_is_what_is_written() {
    for file in repository() {
        let part = value(&file)["signed"].take();
        let role = Role::of_name(part["_type"].as_str().unwrap()).unwrap();
        let content = Content::of_value(role, &part, &limits()).unwrap();
        assert_eq!(content.signed_bytes(), json::written(part));
    }
}

#[test]
fn the_same_value_gives_the_same_bytes_and_any_order_the_same_value() {
    assert_eq!(repository(), repository());
    let root = first();
    let targets = &repository()[1];
    let turned = turned(&value(targets));
    assert_ne!(turned.as_bytes(), targets);
    let read = verify_targets(&root, turned.as_bytes(), &limits()).unwrap();
    assert_eq!(*read, super::targets());
}

/// The same JSON with members in the opposite order, and white space.
fn turned(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            let written = members.map(|(name, value)| format!(" \"{name}\" :\n{}", turned(value)));
            format!("{{{}}}", written.collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => {
            let written: Vec<_> = values.iter().map(turned).collect();
            format!("[{}]", written.join(" , "))
        }
        other => other.to_string(),
    }
}

/// What each file says, if it is trusted.
fn said(root: &Trusted<Root>, number: usize, file: &[u8]) -> Option<Content> {
    let limits = limits();
    Some(match number {
        0 => verify_root(file, &limits).ok()?.into_inner().into(),
        1 => verify_targets(root, file, &limits)
            .ok()?
            .into_inner()
            .into(),
        2 => verify_snapshot(root, file, &limits)
            .ok()?
            .into_inner()
            .into(),
        _ => verify_timestamp(root, file, &limits)
            .ok()?
            .into_inner()
            .into(),
    })
}

#[test]
fn a_file_that_is_cut_is_never_trusted() {
    let root = first();
    for (number, file) in repository().iter().enumerate() {
        for length in 0..file.len() {
            assert_eq!(said(&root, number, &file[..length]), None);
        }
    }
}

#[test]
fn a_changed_byte_never_gives_another_value() {
    let root = first();
    for (number, file) in repository().iter().enumerate() {
        let good = said(&root, number, file);
        assert!(good.is_some());
        for place in 0..file.len() {
            let mut changed = file.clone();
            changed[place] ^= 1 << (place % 8);
            let read = said(&root, number, &changed);
            assert!(read.is_none() || read == good, "{number} at {place}");
        }
    }
}

#[test]
fn a_changed_request_is_never_another_one_that_reads_as_this() {
    let request = Request::new(targets());
    let file = request.to_json();
    for place in 0..file.len() {
        assert!(Request::read(&file[..place], &limits()).is_err() || place + 1 == file.len());
        let mut changed = file.clone();
        changed[place] ^= 1;
        if let Ok(read) = Request::read(&changed, &limits()) {
            assert_eq!(
                read.content().lines(),
                Request::read(&read.to_json(), &limits())
                    .unwrap()
                    .content()
                    .lines()
            );
        }
    }
}

#[test]
fn json_that_two_programs_could_read_in_two_ways_is_refused() {
    assert!(json::read(br#"{"a":1,"b":[true,"x"]}"#).is_ok());
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":1,"\u0061":1}"#,
        "1.0",
        "1e3",
        "-1",
        "-0",
        "18446744073709551616",
        "null",
        "\"\u{e9}\"",
        r#""\u00e9""#,
        r#""\n""#,
        r#"{"\t":1}"#,
        "[1] 2",
        "[1,]",
        "",
    ] {
        assert!(json::read(text.as_bytes()).is_err(), "{text}");
    }
    assert!(json::read("[".repeat(100_000).as_bytes()).is_err());
}

fn any_root() -> impl Strategy<Value = RootTerms> {
    let numbers = (2_u8..12, 2_usize..12, 1_u64..9, 0_i64..250_000_000_000);
    numbers.prop_map(|(states, threshold, number, seconds)| RootTerms {
        version: version(number),
        expires: Time::from_unix_seconds(seconds).unwrap(),
        root: super::states(threshold.min(states.into()), states),
        targets: super::states(2, states),
        snapshot: vec![public(100), public(101)],
        timestamp: vec![public(102)],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_root_goes_round(terms in any_root()) {
        let content = Content::from(Root::new(terms).unwrap());
        let request = Request::new(content.clone());
        let read = Request::read(&request.to_json(), &limits()).unwrap();
        prop_assert_eq!(read.content(), &content);
        prop_assert_eq!(read.content().signed_bytes(), content.signed_bytes());
    }

    #[test]
    fn any_targets_go_round(
        number in 1_u64..,
        deltas in proptest::collection::btree_map(0_u64..9_000_000_000, 1_u64.., 0..20),
    ) {
        let deltas = deltas.into_iter().map(|(from, length)| delta(from, from + 1, length));
        let all = deltas.chain([full(9_999_999_999, 5)]);
        let targets = Targets::new(version(number), expires(), files(all)).unwrap();
        let request = Request::new(targets.clone());
        let read = Request::read(&request.to_json(), &limits()).unwrap();
        prop_assert_eq!(read.content(), &Content::Targets(targets));
    }
}
