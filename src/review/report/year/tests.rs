use super::*;
use crate::review::report::golden;

fn items<const N: usize>(items: u64, types: [(TcoType, u64); N]) -> Items {
    Items {
        items,
        types: types.into(),
    }
}

fn year() -> Year {
    Year {
        platform: Text::new("=Example | Videos").unwrap(),
        year: 2026,
        removed: [
            (Basis::Order, items(7, [(TcoType::A, 5), (TcoType::D, 2)])),
            (
                Basis::SpecificMeasure,
                items(40, [(TcoType::A, 40), (TcoType::C, 13)]),
            ),
            (Basis::OwnDecision, items(3, [(TcoType::E, 3)])),
        ]
        .into(),
        orders: Orders {
            received: 9,
            carried_out: 5,
            refused: [(Refusal::Impossible, 1), (Refusal::LackOfInformation, 2)].into(),
            pending: 1,
        },
        complaints: Complaints {
            pending_before: 2,
            received: 11,
            upheld: 4,
            rejected: 8,
            pending: 1,
            median_hours: Some(61),
        },
        proceedings: [(
            Court::Judicial,
            Proceedings {
                brought: 2,
                outcomes: [(Outcome::Annulled, 1), (Outcome::Pending, 1)].into(),
            },
        )]
        .into(),
        reinstated: [(Reinstated::Complaint, 4), (Reinstated::EntryWithdrawn, 2)].into(),
        escalations: 1,
        holds_released_undecided: 3,
    }
}

#[test]
fn a_year_is_written_in_each_form_and_language() {
    let report = Report::new(year()).unwrap();
    golden::compare("year.json", &report.json());
    assert_eq!(
        serde_json::from_str::<Year>(&report.json()).unwrap(),
        year()
    );
    for language in Language::ALL {
        golden::compare(&format!("year.{language}.md"), &report.markdown(language));
        golden::compare(&format!("year.{language}.csv"), &report.csv(language));
    }
}

#[test]
fn what_does_not_add_up_is_no_report() {
    type Change = fn(&mut Year);
    let changes: [(Change, Flaw); 10] = [
        (|year| year.year = 2021, Flaw::Year(2021)),
        (
            |year| year.orders.received = 10,
            Flaw::Sum {
                part: "orders carried out, refused and pending",
                sum: 9,
                whole: "orders received",
                count: 10,
            },
        ),
        (
            |year| year.complaints.pending = 0,
            Flaw::Sum {
                part: "complaints upheld, rejected and pending",
                sum: 12,
                whole: "complaints of before and of the year",
                count: 13,
            },
        ),
        (
            |year| {
                year.proceedings.extend([(
                    Court::Administrative,
                    Proceedings {
                        brought: 1,
                        ..Proceedings::default()
                    },
                )]);
            },
            Flaw::Sum {
                part: "outcomes",
                sum: 0,
                whole: "proceedings brought",
                count: 1,
            },
        ),
        (
            |year| {
                year.removed
                    .extend([(Basis::Order, items(1, [(TcoType::B, 2)]))]);
            },
            Flaw::Type {
                kind: TcoType::B,
                of: 2,
                items: 1,
            },
        ),
        (
            |year| {
                year.removed
                    .extend([(Basis::Order, items(3, [(TcoType::B, 2)]))]);
            },
            Flaw::Untyped { items: 3, types: 2 },
        ),
        (|year| year.complaints.median_hours = None, Flaw::Median),
        (
            |year| {
                year.complaints = Complaints {
                    median_hours: Some(1),
                    ..Complaints::default()
                }
            },
            Flaw::Median,
        ),
        (|year| year.orders = Orders::default(), Flaw::NoOrder),
        (
            |year| (year.complaints.upheld, year.complaints.rejected) = (0, 12),
            Flaw::NoComplaint,
        ),
    ];
    for (change, flaw) in changes {
        let mut year = year();
        change(&mut year);
        let flaws = Report::new(year).unwrap_err();
        assert!(flaws.contains(&flaw), "{flaw:?}: {flaws:?}");
    }
}

#[test]
fn the_totals_are_those_of_their_rows() {
    let report = Report::new(year()).unwrap();
    let csv = report.csv(Language::English);
    let of = |key: &str| {
        let line = csv.lines().find(|line| line.split(',').next() == Some(key));
        line.and_then(|line| line.rsplit(',').next()?.parse::<u64>().ok())
    };
    assert_eq!(of("removed"), Some(50));
    assert_eq!(of("removed.order.a"), Some(5));
    assert_eq!(of("orders.refused"), Some(3));
    assert_eq!(of("reinstated"), Some(6));
}

#[test]
fn fields_that_nobody_knows_are_refused() {
    let json = Report::new(year()).unwrap().json();
    for (from, to) in [
        ("escalations", "escalation"),
        ("\"items\"", "\"item\""),
        ("manifest", "x"),
    ] {
        let changed = json.replace(from, to);
        assert_eq!(
            serde_json::from_str::<Year>(&changed).is_err(),
            changed != json
        );
    }
    let unknown = json.replace("lack_of_information", "unwilling");
    assert!(serde_json::from_str::<Year>(&unknown).is_err());
}
