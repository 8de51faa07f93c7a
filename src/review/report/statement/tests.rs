//! Every rule has a statement that breaks it alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::baseline::TcoType;
use crate::limits::Resource;
use crate::review::report::{Country, golden};

/// The rules by name, and which one it is: a rule that is not listed here does not compile.
macro_rules! rules {
    ($($rule:ident)*) => {
        const RULES: &[&str] = &[$(stringify!($rule)),*];

        fn rule(broken: &Broken) -> &'static str {
            match broken {
                $(Broken::$rule { .. } => stringify!($rule),)*
            }
        }
    };
}

rules! {
    Bytes Json Object UnknownField NotUsed FieldTwice Missing Type Empty Long Control PuidCharacter Value ValueTwice NoDecision
    OtherWithoutText TextWithoutOther NotIllegal GroundWithoutReasons OtherLegalGround OtherCategory NoKeyword FullyAutomated SourceUnnamed
    VoluntaryIdentity DateForm DateRange AppliedBeforeContent AppliedInFuture EndBeforeApplied NoScope TellsHash TellsDistance TellsMail
    TellsAddress PuidTwice
}

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn facts() -> Facts {
    Facts {
        puid: "sor-2026_000017".to_owned(),
        visibility: [
            Visibility::Removed,
            Visibility::Other("Not in search".into()),
        ]
        .into(),
        types: [TcoType::A, TcoType::C].try_into().unwrap(),
        explanation: "The video praises an attack and asks viewers to join the group.".to_owned(),
        facts: "Found by comparison with known material.\nA person watched it and decided."
            .to_owned(),
        content: [ContentType::Video, ContentType::Other("Subtitles".into())].into(),
        content_date: time("2026-11-20T23:59:59Z"),
        application_date: time("2026-11-22T10:00:00Z"),
        end_date: Some(time("2027-11-22T10:00:00Z")),
        scope: Country::all().collect(),
        content_language: Some("NL".to_owned()),
        detection: Detection::Automated,
        decision: Decision::HeldAutomatically,
        source: SourceOf::Article5Measure,
        now: Some(time("2026-11-22T10:00:00Z")),
    }
}

fn good() -> Value {
    serde_json::to_value(Statement::new(facts()).unwrap()).unwrap()
}

fn read(json: &Value) -> Result<Statement, Vec<Broken>> {
    let bytes = serde_json::to_vec(json).unwrap();
    Statement::read(&bytes, facts().now, &Limits::default())
}

/// The good statement with some fields set otherwise; `null` leaves a field out.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut json = good();
    for (name, value) in changes {
        json[*name] = value.clone();
    }
    json
}

/// Statements with what alone is wrong with them.
fn single_rules() -> Vec<(Value, Broken)> {
    use Broken as B;
    use Field as F;

    let mut cases = Vec::new();
    let mut case = |changes: &[(&str, Value)], broken: Broken| cases.push((with(changes), broken));
    case(&[("x", json!("y"))], B::UnknownField { place: 21 });
    for name in field::NOT_USED {
        case(&[(name, json!("x"))], B::NotUsed { name });
    }
    for field in F::ALL {
        let name = field.name();
        if field.is_required() {
            case(&[(name, Value::Null)], B::Missing { field });
        }
        case(&[(name, json!(7))], B::Type { field });
        match field.form() {
            field::Form::Words(most) => {
                case(&[(name, json!(" \n"))], B::Empty { field });
                let (length, text) = (most + 1, json!("ä".repeat(most + 1)));
                case(
                    &[(name, text)],
                    B::Long {
                        field,
                        length,
                        most,
                    },
                );
                let text = |more: &str| json!(format!("article 2(7) of 2021/784 {more}"));
                case(&[(name, text("\u{1b}[1m"))], B::Control { field });
                let hash = "0123456789abcdef".repeat(2);
                case(&[(name, text(&hash))], B::TellsHash { field });
                case(
                    &[(name, text("within 12 bits"))],
                    B::TellsDistance { field },
                );
                case(&[(name, text("by a@b.example"))], B::TellsMail { field });
                case(&[(name, text("ftp://b"))], B::TellsAddress { field });
            }
            field::Form::Name(most) => {
                case(&[(name, json!(""))], B::Empty { field });
                let (length, text) = (most + 1, json!("z".repeat(most + 1)));
                case(
                    &[(name, text)],
                    B::Long {
                        field,
                        length,
                        most,
                    },
                );
                case(&[(name, json!("ab.c"))], B::PuidCharacter { place: 3 });
                case(&[(name, json!("0".repeat(32)))], B::TellsHash { field });
            }
            field::Form::Date => {
                for text in [
                    "2026-2-01",
                    "2026-02-30",
                    "20260201",
                    "2026-02-01T",
                    "ä026-02-1",
                ] {
                    case(&[(name, json!(text))], B::DateForm { field });
                }
                let from = if field == F::ContentDate {
                    "2000-01-01"
                } else {
                    "2020-01-01"
                };
                for text in ["1999-12-31", "2038-01-02"] {
                    let until = "2038-01-01";
                    case(&[(name, json!(text))], B::DateRange { field, from, until });
                }
            }
            field::Form::One(_) | field::Form::Language => {
                for text in ["", "yes", "nl", "NLD"] {
                    case(&[(name, json!(text))], B::Value { field, place: 1 });
                }
            }
            field::Form::Some(_) | field::Form::Countries => {
                case(&[(name, json!("AT"))], B::Type { field });
                case(&[(name, json!([7]))], B::Type { field });
                let mut values = good()[name].clone();
                let place = values.as_array().unwrap().len() + 1;
                values.as_array_mut().unwrap().push(json!("EU"));
                case(&[(name, values.clone())], B::Value { field, place });
                values[place - 1] = values[0].clone();
                case(&[(name, values)], B::ValueTwice { field, place });
            }
        }
    }
    for none in [Value::Null, json!([])] {
        let other = ("decision_visibility_other", Value::Null);
        case(
            &[("decision_visibility", none.clone()), other],
            B::NoDecision,
        );
        case(&[("territorial_scope", none.clone())], B::NoScope);
        case(&[("category_specification", none)], B::NoKeyword);
    }
    case(
        &[(
            "category_specification",
            json!(["KEYWORD_RISK_PUBLIC_HEALTH"]),
        )],
        B::NoKeyword,
    );
    for (list, value, field) in [
        (
            "decision_visibility",
            "DECISION_VISIBILITY_CONTENT_REMOVED",
            F::DecisionVisibilityOther,
        ),
        ("content_type", "CONTENT_TYPE_VIDEO", F::ContentTypeOther),
    ] {
        case(
            &[(field.name(), Value::Null)],
            B::OtherWithoutText { field },
        );
        case(&[(list, json!([value]))], B::TextWithoutOther { field });
    }
    case(
        &[(
            "decision_ground",
            json!("DECISION_GROUND_INCOMPATIBLE_CONTENT"),
        )],
        B::NotIllegal,
    );
    for field in [F::IllegalContentLegalGround, F::IllegalContentExplanation] {
        case(
            &[(field.name(), Value::Null)],
            B::GroundWithoutReasons { field },
        );
    }
    for ground in ["our terms", "Regulation (EU) 2021/784", "article 2(7)"] {
        case(
            &[("illegal_content_legal_ground", json!(ground))],
            B::OtherLegalGround,
        );
    }
    case(
        &[("category", json!("STATEMENT_CATEGORY_VIOLENCE"))],
        B::OtherCategory,
    );
    case(
        &[("automated_decision", json!("AUTOMATED_DECISION_FULLY"))],
        B::FullyAutomated,
    );
    case(&[("source_identity", Value::Null)], B::SourceUnnamed);
    case(
        &[("source_type", json!("SOURCE_VOLUNTARY"))],
        B::VoluntaryIdentity,
    );
    case(
        &[("content_date", json!("2026-11-23"))],
        B::AppliedBeforeContent,
    );
    case(
        &[("application_date", json!("2026-11-23"))],
        B::AppliedInFuture,
    );
    case(
        &[("end_date_visibility_restriction", json!("2026-11-21"))],
        B::EndBeforeApplied,
    );
    cases
}

/// Bytes that are no statement at all, and what is wrong with them.
fn single_forms() -> Vec<(Vec<u8>, Broken)> {
    let good = serde_json::to_string(&good()).unwrap();
    let twice = format!("{},\"puid\":\"b\"}}", good.strip_suffix('}').unwrap());
    let most = Limits::default().record_bytes;
    let long = vec![b' '; usize::try_from(most).unwrap() + 1];
    let exceeded = Limits::default()
        .check(Resource::RecordBytes, most + 1)
        .unwrap_err();
    vec![
        (long, Broken::Bytes(exceeded)),
        (b"{\"puid\":".to_vec(), Broken::Json { line: 1, column: 8 }),
        (b"{}{}".to_vec(), Broken::Json { line: 1, column: 3 }),
        (format!("[{good}]").into_bytes(), Broken::Object),
        (b"7".to_vec(), Broken::Object),
        (
            twice.into_bytes(),
            Broken::FieldTwice { field: Field::Puid },
        ),
    ]
}

#[test]
fn each_rule_is_broken_alone_and_refused_by_its_name() {
    for (json, broken) in single_rules() {
        assert_eq!(read(&json), Err(vec![broken.clone()]), "{broken:?}");
    }
    for (bytes, broken) in single_forms() {
        let read = Statement::read(&bytes, None, &Limits::default());
        assert_eq!(read, Err(vec![broken.clone()]), "{broken:?}");
    }
}

#[test]
fn no_rule_is_without_a_statement_that_breaks_it() {
    let singles = single_rules().into_iter().map(|(_, broken)| broken);
    let forms = single_forms().into_iter().map(|(_, broken)| broken);
    let twice = batches(&[
        Statement::new(facts()).unwrap(),
        Statement::new(facts()).unwrap(),
    ])
    .err();
    let all: Vec<Broken> = singles.chain(forms).chain(twice).collect();
    let seen: BTreeSet<&str> = all.iter().map(rule).collect();
    assert_eq!(seen, RULES.iter().copied().collect());
    for broken in all {
        let message = broken.to_string();
        let begins = message.chars().next().unwrap();
        assert!(
            !begins.is_uppercase() || message.starts_with("JSON"),
            "{message}"
        );
        assert!(
            !message.ends_with('.') && message.contains([':', ' ']),
            "{message}"
        );
    }
}

#[test]
fn what_is_stated_is_what_the_api_takes() {
    let text = serde_json::to_string_pretty(&Statement::new(facts()).unwrap()).unwrap();
    golden::compare("statement.json", &format!("{text}\n"));
    assert_eq!(read(&good()), Ok(Statement::new(facts()).unwrap()));
}

#[test]
fn all_rules_that_are_broken_are_told_at_once() {
    let json = with(&[
        ("puid", json!("a b")),
        ("category", json!("STATEMENT_CATEGORY_VIOLENCE")),
        ("territorial_scope", json!(["UK"])),
    ]);
    let scope = Field::TerritorialScope;
    assert_eq!(
        read(&json),
        Err(vec![
            Broken::Value {
                field: scope,
                place: 1
            },
            Broken::PuidCharacter { place: 2 },
            Broken::OtherCategory,
        ])
    );
    let all: BTreeSet<&str> = read(&json!({})).unwrap_err().iter().map(rule).collect();
    assert_eq!(
        all,
        ["Missing", "NoDecision", "NoKeyword", "NoScope"].into()
    );
}

#[test]
fn facts_are_held_to_the_rules_of_what_is_read() {
    type Change = fn(&mut Facts);
    let refused: [(Change, &str); 12] = [
        (|facts| facts.puid = "ä".to_owned(), "PuidCharacter"),
        (|facts| facts.puid = String::new(), "Empty"),
        (|facts| facts.visibility.clear(), "NoDecision"),
        (|facts| facts.content.clear(), "Missing"),
        (|facts| facts.scope.clear(), "NoScope"),
        (|facts| facts.explanation = "x".repeat(2001), "Long"),
        (
            |facts| facts.facts = "at a distance of 30".to_owned(),
            "TellsDistance",
        ),
        (
            |facts| facts.content_language = Some("nl".to_owned()),
            "Value",
        ),
        (
            |facts| facts.content_date = time("2026-11-23T00:00:00Z"),
            "AppliedBeforeContent",
        ),
        (
            |facts| facts.now = Some(time("2026-11-21T23:59:59Z")),
            "AppliedInFuture",
        ),
        (
            |facts| facts.end_date = Some(time("2026-11-21T23:59:59Z")),
            "EndBeforeApplied",
        ),
        (
            |facts| facts.visibility.extend([Visibility::Other("more".into())]),
            "ValueTwice",
        ),
    ];
    for (change, name) in refused {
        let mut facts = facts();
        change(&mut facts);
        assert_eq!(rule(&Statement::new(facts).unwrap_err()), name);
    }
    let mut without = facts();
    (without.now, without.end_date, without.content_language) = (None, None, None);
    without.application_date = time("2030-01-01T00:00:00Z");
    assert!(Statement::new(without).is_ok());
}

#[test]
fn nobody_can_state_that_a_machine_decided() {
    for (decision, word) in [
        (Decision::ByPerson, "AUTOMATED_DECISION_NOT_AUTOMATED"),
        (Decision::HeldAutomatically, "AUTOMATED_DECISION_PARTIALLY"),
    ] {
        let statement = Statement::new(Facts {
            decision,
            ..facts()
        })
        .unwrap();
        let json = serde_json::to_value(statement).unwrap();
        assert_eq!(json["automated_decision"], word);
    }
}

#[test]
fn only_what_is_done_on_own_initiative_is_voluntary() {
    let other = "SOURCE_TYPE_OTHER_NOTIFICATION";
    let by = || Some("A hotline".to_owned());
    for (source, word, identity) in [
        (SourceOf::OwnInitiative, "SOURCE_VOLUNTARY", false),
        (SourceOf::Article5Measure, other, true),
        (SourceOf::Complaint("A complaint".into()), other, true),
        (SourceOf::Notice(None), "SOURCE_ARTICLE_16", false),
        (SourceOf::Notice(by()), "SOURCE_ARTICLE_16", true),
        (
            SourceOf::TrustedFlagger(by()),
            "SOURCE_TRUSTED_FLAGGER",
            true,
        ),
    ] {
        let json =
            serde_json::to_value(Statement::new(Facts { source, ..facts() }).unwrap()).unwrap();
        assert_eq!(json["source_type"], word);
        assert_eq!(json.get("source_identity").is_some(), identity);
    }
}

#[test]
fn lengths_hold_at_their_bounds() {
    for field in Field::ALL {
        let (most, one) = match field.form() {
            field::Form::Words(most) => (most, "ä"),
            field::Form::Name(most) => (most, "z"),
            _ => continue,
        };
        let begin = if field == Field::IllegalContentLegalGround {
            "2021/784 2(7) "
        } else {
            ""
        };
        let text = format!("{begin}{}", one.repeat(most - begin.len()));
        assert!(
            read(&with(&[(field.name(), json!(text))])).is_ok(),
            "{field}"
        );
    }
}

#[test]
fn nulls_and_empty_lists_are_left_out() {
    let json = with(&[
        ("decision_monetary", Value::Null),
        ("category_addition", json!([])),
        ("end_date_visibility_restriction", Value::Null),
    ]);
    let read = serde_json::to_value(read(&json).unwrap()).unwrap();
    assert_eq!(
        read.as_object().unwrap().len(),
        good().as_object().unwrap().len() - 1
    );
}

#[test]
fn batches_hold_a_hundred_and_every_statement_once() {
    let statement = |place: usize| {
        let puid = format!("p-{place}");
        Statement::new(Facts { puid, ..facts() }).unwrap()
    };
    for (count, sizes) in [
        (0, vec![]),
        (1, vec![1]),
        (100, vec![100]),
        (201, vec![100, 100, 1]),
    ] {
        let all: Vec<Statement> = (0..count).map(statement).collect();
        let batches: Vec<Batch<'_>> = batches(&all).unwrap().collect();
        let found: Vec<usize> = batches
            .iter()
            .map(|batch| batch.statements().len())
            .collect();
        assert_eq!(found, sizes);
        let sent: Vec<&Statement> = batches.iter().flat_map(Batch::statements).collect();
        assert!(sent.into_iter().eq(&all));
    }
    let mut all: Vec<Statement> = (0..150).map(statement).collect();
    let json = serde_json::to_value(batches(&all[..2]).unwrap().next().unwrap()).unwrap();
    assert_eq!(json["statements"].as_array().unwrap().len(), 2);
    all.push(statement(7)); // in the other batch
    let twice = Broken::PuidTwice {
        first: 8,
        second: 151,
    };
    assert_eq!(batches(&all).err(), Some(twice));
}

#[test]
fn cut_statements_are_refused_and_flipped_ones_say_what_stands_there() {
    let mut facts = facts();
    facts.scope = [Country::all().next().unwrap()].into();
    let statement = Statement::new(facts).unwrap();
    let bytes = serde_json::to_vec(&statement).unwrap();
    let read = |bytes: &[u8]| Statement::read(bytes, None, &Limits::default());
    assert_eq!(read(&bytes).as_ref(), Ok(&statement));
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).is_err(), "cut at {end}");
    }
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1 << bit;
            let Ok(other) = read(&bytes) else { continue };
            let stands: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(serde_json::to_value(&other).unwrap(), stands);
            for field in Field::ALL {
                if matches!(field.form(), field::Form::One(_) | field::Form::Some(_)) {
                    assert_eq!(other.0.text(field), statement.0.text(field));
                    assert_eq!(other.0.list(field), statement.0.list(field));
                }
            }
        }
    }
}
