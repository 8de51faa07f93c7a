//! Figures of the means, by hand and by properties.

use super::*;
use crate::review::report::golden;

fn means() -> Means {
    Means {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        until: "2027-01-01T00:00:00Z".parse().unwrap(),
        screened: 1_000_500,
        matches: 500,
        reviewed_matches: 480,
        confirmed: 450,
        sample: Some(Sample {
            drawn: 5_000,
            reviewed: 4_000,
            missed: 1,
        }),
    }
}

#[test]
fn figures_are_written_in_each_form_and_language() {
    let unmeasured = Means {
        sample: None,
        reviewed_matches: 0,
        confirmed: 0,
        ..means()
    };
    for (name, means) in [("means", means()), ("means-unmeasured", unmeasured)] {
        let figures = Figures::new(&means).unwrap();
        golden::compare(&format!("{name}.json"), &figures.json());
        for language in Language::ALL {
            golden::compare(
                &format!("{name}.{language}.md"),
                &figures.markdown(language),
            );
            golden::compare(&format!("{name}.{language}.csv"), &figures.csv(language));
        }
    }
}

#[test]
fn recall_and_accuracy_follow_the_table() {
    let figures = Figures::new(&means()).unwrap();
    let missed = Share::new(1, 4000).unwrap();
    let near = |figure: Figure, wanted: [f64; 3]| {
        let (numbers, sample) = figure.numbers().unwrap();
        assert_eq!(sample, 4000);
        for (number, wanted) in numbers.into_iter().zip(wanted) {
            assert!((number - wanted).abs() < 1e-12, "{number} {wanted}");
        }
    };
    let (n, low, high) = (1e6, missed.low(), missed.high());
    near(
        figures.recall(),
        [
            450.0 / 700.0,
            450.0 / (450.0 + n * high),
            470.0 / (470.0 + n * low),
        ],
    );
    let right = |confirmed: f64, share: f64| confirmed + n * (1.0 - share);
    let value = right(450.0, 1.0 / 4000.0) / 1_000_480.0;
    near(
        figures.accuracy(),
        [
            value,
            right(450.0, high) / 1_000_500.0,
            right(470.0, low) / 1_000_500.0,
        ],
    );
}

#[test]
fn the_bounds_hold_the_value_for_all_small_counts() {
    for matches in 0..4 {
        for reviewed_matches in 0..=matches {
            for confirmed in 0..=reviewed_matches {
                for reviewed in 0..4 {
                    for missed in 0..=reviewed {
                        let sample = Some(Sample {
                            drawn: 4,
                            reviewed,
                            missed,
                        });
                        let counts = Means {
                            screened: 9,
                            matches,
                            reviewed_matches,
                            confirmed,
                            sample,
                            ..means()
                        };
                        let figures = Figures::new(&counts).unwrap();
                        for (_, name, figure) in figures.named(Language::English) {
                            let Some(([value, low, high], _)) = figure.numbers() else {
                                continue;
                            };
                            let is_inside =
                                0.0 <= low && low <= value && value <= high && high <= 1.0;
                            assert!(is_inside, "{name} {counts:?} {figure:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_is_said_of_what_nobody_looked_at() {
    let unsampled = Figures::new(&Means {
        sample: None,
        ..means()
    })
    .unwrap();
    let [recall, accuracy] = [unsampled.recall(), unsampled.accuracy()];
    assert_eq!(
        [recall, accuracy, unsampled.missed_share()],
        [Figure::NotMeasured; 3]
    );
    assert!(matches!(unsampled.precision(), Figure::Share(_)));
    let sample = Some(Sample {
        drawn: 9,
        reviewed: 0,
        missed: 0,
    });
    let unseen = Figures::new(&Means { sample, ..means() }).unwrap();
    assert_eq!(unseen.recall(), Figure::NotMeasured);
    let sample = Some(Sample {
        drawn: 9,
        reviewed: 9,
        missed: 0,
    });
    let none = Means {
        sample,
        reviewed_matches: 0,
        confirmed: 0,
        ..means()
    };
    assert_eq!(Figures::new(&none).unwrap().recall(), Figure::NotMeasured);
}

#[test]
fn a_part_is_no_more_than_its_whole() {
    let sample = Sample {
        drawn: 1,
        reviewed: 1,
        missed: 1,
    };
    let with = |sample| Means {
        sample: Some(sample),
        ..means()
    };
    for (counts, part) in [
        (
            Means {
                matches: 1_000_501,
                ..means()
            },
            "matches",
        ),
        (
            Means {
                reviewed_matches: 501,
                ..means()
            },
            "reviewed_matches",
        ),
        (
            Means {
                confirmed: 481,
                ..means()
            },
            "confirmed",
        ),
        (
            with(Sample {
                drawn: 1_000_001,
                ..sample
            }),
            "sample.drawn",
        ),
        (
            with(Sample {
                reviewed: 2,
                ..sample
            }),
            "sample.reviewed",
        ),
        (
            with(Sample {
                missed: 2,
                ..sample
            }),
            "sample.missed",
        ),
        (
            Means {
                from: Time::MAX,
                ..means()
            },
            "from",
        ),
    ] {
        assert_eq!(Figures::new(&counts).unwrap_err().part, part);
    }
}
