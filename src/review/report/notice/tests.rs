use super::*;
use crate::baseline::TcoType;
use crate::review::report::golden;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn text<const MOST: usize>(text: &str) -> Text<MOST> {
    Text::new(text).unwrap()
}

fn notice(kind: Kind) -> Notice {
    Notice {
        platform: text("Example Videos"),
        subject: text("upload V-4711"),
        at: time("2026-11-22T12:00:00Z"),
        complaints: text("the page \"Complaints\" of your account"),
        kind,
    }
}

fn removed() -> Removed {
    Removed {
        action: Action::Removed,
        decided_at: time("2026-11-22T10:00:00Z"),
        scope: Scope::Everywhere,
        types: [TcoType::A, TcoType::C].try_into().unwrap(),
        basis: Basis::OwnDecision,
        explanation: text("The video praises an attack and asks viewers to join the group."),
        found: Found::Automated,
        was_held: true,
    }
}

fn order(is_cross_border: bool) -> Removed {
    let [the_netherlands, austria] = ["NL", "AT"].map(|code| code.parse().unwrap());
    Removed {
        action: Action::Disabled,
        scope: Scope::Countries([the_netherlands, austria].into()),
        basis: Basis::Order(OrderFacts {
            authority: text("Federal Office"),
            country: austria,
            reference: text("R-17/2026"),
            issued_at: time("2026-11-22T09:30:00Z"),
            is_cross_border,
        }),
        found: Found::ByAuthority,
        was_held: false,
        ..removed()
    }
}

fn put_back(because: Because) -> Kind {
    Kind::PutBack(PutBack {
        at: time("2026-11-22T11:00:00Z"),
        decided_at: time("2026-11-02T10:00:00Z"),
        because,
    })
}

fn rejected() -> Rejected {
    Rejected {
        complained_at: time("2026-11-12T10:00:00Z"),
        decided_at: time("2026-11-22T10:00:00Z"),
        reasons: text("You wrote that it is news. It has no report, only the group's own film."),
    }
}

fn held() -> Held {
    Held {
        since: time("2026-11-22T11:59:00Z"),
        until: Some(time("2026-11-24T11:59:00Z")),
    }
}

fn kinds() -> Vec<(&'static str, Kind)> {
    let measure = Removed {
        basis: Basis::SpecificMeasure,
        scope: Scope::Union,
        was_held: false,
        ..removed()
    };
    let by_person = Removed {
        types: TcoType::E.into(),
        found: Found::ByPerson,
        ..measure.clone()
    };
    vec![
        ("removed-own", Kind::Removed(removed())),
        ("removed-measure", Kind::Removed(measure)),
        ("removed-person", Kind::Removed(by_person)),
        ("removed-order", Kind::Removed(order(false))),
        ("removed-order-cross-border", Kind::Removed(order(true))),
        ("back-complaint", put_back(Because::ComplaintUpheld)),
        ("back-order", put_back(Because::OrderEnded)),
        ("back-withdrawn", put_back(Because::AssessmentWithdrawn)),
        ("back-own", put_back(Because::OwnReview)),
        ("rejected", Kind::Rejected(rejected())),
        ("held", Kind::Held(held())),
        (
            "held-open",
            Kind::Held(Held {
                until: None,
                ..held()
            }),
        ),
    ]
}

#[test]
fn each_kind_is_written_in_each_language() {
    for (name, kind) in kinds() {
        for language in Language::ALL {
            let text = notice(kind.clone()).text(language).unwrap();
            assert_eq!(Tells::of(&text), None, "{name}");
            assert!(!text.contains("\n\n\n") && !text.contains("{"), "{text}");
            golden::compare(&format!("notice-{name}.{language}.txt"), &text);
        }
    }
}

#[test]
fn only_orders_are_taken_to_the_authority_and_only_decisions_complained_about() {
    for (name, kind) in kinds() {
        let Kind::Removed(removed) = &kind else {
            continue;
        };
        let text = notice(kind.clone()).text(Language::English).unwrap();
        let is_order = removed.basis.is_order();
        assert_eq!(text.contains("copy of the order"), is_order, "{name}");
        assert_eq!(text.contains("within six months"), !is_order, "{name}");
        assert_eq!(text.contains("48 hours"), name.ends_with("cross-border"));
        let is_automated = removed.found == Found::Automated;
        assert_eq!(text.contains("Automated means were used"), is_automated);
    }
}

#[test]
fn what_would_tell_how_content_is_recognised_is_not_written() {
    let mut told = removed();
    told.explanation = text("It lies within 12 bits of a known one.");
    let error = notice(Kind::Removed(told)).text(Language::Dutch);
    let field = "explanation";
    let tells = Tells::Distance;
    assert_eq!(error, Err(NoticeError::Tells { field, tells }));
    let mut told = rejected();
    told.reasons = text("Ask a.b@example.org");
    let error = notice(Kind::Rejected(told)).text(Language::Dutch);
    assert!(matches!(
        error,
        Err(NoticeError::Tells {
            field: "reasons",
            tells: Tells::Mail
        })
    ));
}

#[test]
fn what_does_not_fit_together_is_not_written() {
    let english = |kind| notice(kind).text(Language::English).unwrap_err();
    let nowhere = Removed {
        scope: Scope::Countries(BTreeSet::new()),
        ..removed()
    };
    assert_eq!(english(Kind::Removed(nowhere)), NoticeError::Nowhere);
    for (basis, found) in [
        (Basis::OwnDecision, Found::ByAuthority),
        (order(true).basis, Found::Automated),
    ] {
        let unfit = Removed {
            basis,
            found,
            ..removed()
        };
        assert_eq!(english(Kind::Removed(unfit)), NoticeError::Finder);
    }
    let (early, late) = (time("2026-11-01T00:00:00Z"), time("2026-12-01T00:00:00Z"));
    let removed = Removed {
        decided_at: late,
        ..removed()
    };
    let back = PutBack {
        at: early,
        decided_at: late,
        because: Because::OwnReview,
    };
    let rejected = Rejected {
        decided_at: early,
        ..rejected()
    };
    let held = Held {
        until: Some(early),
        ..held()
    };
    for kind in [
        Kind::Removed(removed),
        Kind::PutBack(back),
        Kind::Rejected(rejected),
        Kind::Held(held),
    ] {
        assert!(matches!(english(kind), NoticeError::Days { .. }));
    }
}
