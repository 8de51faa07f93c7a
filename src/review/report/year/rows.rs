//! The rows of the report, in both languages.

use std::collections::BTreeMap;

use super::flaw::total;
use super::{Basis, Court, Items, Outcome, Refusal, Reinstated, Year};
use crate::baseline::TcoType;
use crate::review::Language;
use crate::review::report::table::Cell;
use crate::review::report::words::either;

/// A text in English and in Dutch.
type Both = [&'static str; 2];

/// Some rows under a title.
pub(super) struct Section {
    title: Both,
    pub(super) rows: Vec<Row>,
}

/// A count by name.
pub(super) struct Row {
    pub(super) key: String,
    names: [String; 2],
    count: Option<u64>,
}

impl Section {
    pub(super) fn title(&self, language: Language) -> &'static str {
        let [english, dutch] = self.title;
        either(language, english, dutch)
    }

    fn add(&mut self, key: impl Into<String>, names: [impl Into<String>; 2], count: Option<u64>) {
        let (key, names) = (key.into(), names.map(Into::into));
        self.rows.push(Row { key, names, count });
    }
}

impl Row {
    pub(super) fn name(&self, language: Language) -> &str {
        let [english, dutch] = &self.names;
        either(language, english, dutch)
    }

    pub(super) fn cell(&self) -> Cell {
        self.count.map_or(Cell::Empty, Cell::count)
    }
}

pub(super) fn sections(year: &Year) -> [Section; 6] {
    [
        removed(year),
        orders(year),
        complaints(year),
        proceedings(year),
        reinstated(year),
        others(year),
    ]
}

const BASES: [(Basis, &str, Both); 3] = [
    (
        Basis::Order,
        "order",
        [
            "by removal order (article 3)",
            "door een verwijderingsbevel (artikel 3)",
        ],
    ),
    (
        Basis::SpecificMeasure,
        "specific_measure",
        [
            "by specific measure (article 5)",
            "door een specifieke maatregel (artikel 5)",
        ],
    ),
    (
        Basis::OwnDecision,
        "own_decision",
        ["by own decision", "door een eigen beslissing"],
    ),
];

fn removed(year: &Year) -> Section {
    let title = [
        "Items removed or made inaccessible",
        "Verwijderde of ontoegankelijk gemaakte items",
    ];
    let mut section = Section {
        title,
        rows: Vec::new(),
    };
    let none = Items::default();
    for (basis, key, [english, dutch]) in BASES {
        let removed = year.removed.get(&basis).unwrap_or(&none);
        section.add(
            format!("removed.{key}"),
            [english, dutch],
            Some(removed.items),
        );
        for kind in TcoType::ALL {
            let point = kind.to_string().to_lowercase();
            let names = [
                format!("{english}: type ({point}) of article 2(7)"),
                format!("{dutch}: soort {point} van artikel 2, lid 7"),
            ];
            section.add(
                format!("removed.{key}.{point}"),
                names,
                Some(count(&removed.types, &kind)),
            );
        }
    }
    let all = total(year.removed.values().map(|removed| removed.items));
    section.add("removed", ["Total", "Totaal"], Some(all));
    section
}

const REFUSALS: [(Refusal, &str, Both); 3] = [
    (
        Refusal::Impossible,
        "impossible",
        [
            "Not carried out: force majeure or impossible (article 3(7))",
            "Niet uitgevoerd: overmacht of onmogelijk (artikel 3, lid 7)",
        ],
    ),
    (
        Refusal::ManifestError,
        "manifest_error",
        [
            "Not carried out: manifest errors (article 3(8))",
            "Niet uitgevoerd: kennelijke fouten (artikel 3, lid 8)",
        ],
    ),
    (
        Refusal::LackOfInformation,
        "lack_of_information",
        [
            "Not carried out: not enough information (article 3(8))",
            "Niet uitgevoerd: onvoldoende informatie (artikel 3, lid 8)",
        ],
    ),
];

fn orders(year: &Year) -> Section {
    let orders = &year.orders;
    let title = ["Removal orders", "Verwijderingsbevelen"];
    let mut section = Section {
        title,
        rows: Vec::new(),
    };
    section.add(
        "orders.received",
        ["Received", "Ontvangen"],
        Some(orders.received),
    );
    section.add(
        "orders.carried_out",
        ["Carried out", "Uitgevoerd"],
        Some(orders.carried_out),
    );
    for (refusal, key, names) in REFUSALS {
        section.add(
            format!("orders.refused.{key}"),
            names,
            Some(count(&orders.refused, &refusal)),
        );
    }
    let refused = total(orders.refused.values().copied());
    section.add(
        "orders.refused",
        ["Not carried out, together", "Niet uitgevoerd, samen"],
        Some(refused),
    );
    section.add(
        "orders.pending",
        [
            "Open when the year ended",
            "Open aan het einde van het jaar",
        ],
        Some(orders.pending),
    );
    section
}

fn complaints(year: &Year) -> Section {
    let complaints = &year.complaints;
    let title = ["Complaints (article 10)", "Klachten (artikel 10)"];
    let mut section = Section {
        title,
        rows: Vec::new(),
    };
    for (key, names, count) in [
        (
            "pending_before",
            [
                "Open when the year began",
                "Open aan het begin van het jaar",
            ],
            Some(complaints.pending_before),
        ),
        (
            "received",
            ["Received", "Ontvangen"],
            Some(complaints.received),
        ),
        ("upheld", ["Upheld", "Gegrond"], Some(complaints.upheld)),
        (
            "rejected",
            ["Rejected", "Ongegrond"],
            Some(complaints.rejected),
        ),
        (
            "pending",
            [
                "Open when the year ended",
                "Open aan het einde van het jaar",
            ],
            Some(complaints.pending),
        ),
        (
            "median_hours",
            [
                "Median hours to a decision",
                "Mediaan van de uren tot een beslissing",
            ],
            complaints.median_hours,
        ),
    ] {
        section.add(format!("complaints.{key}"), names, count);
    }
    section
}

const COURTS: [(Court, &str, Both); 2] = [
    (
        Court::Administrative,
        "administrative",
        ["Administrative review", "Administratieve toetsing"],
    ),
    (
        Court::Judicial,
        "judicial",
        ["Judicial review", "Rechterlijke toetsing"],
    ),
];

const OUTCOMES: [(Outcome, &str, Both); 4] = [
    (
        Outcome::Confirmed,
        "confirmed",
        [
            "order or decision stands",
            "bevel of beslissing blijft staan",
        ],
    ),
    (
        Outcome::Annulled,
        "annulled",
        ["annulled, wholly or in part", "geheel of deels vernietigd"],
    ),
    (
        Outcome::Ended,
        "ended",
        ["ended otherwise", "anders geëindigd"],
    ),
    (
        Outcome::Pending,
        "pending",
        [
            "open when the year ended",
            "open aan het einde van het jaar",
        ],
    ),
];

fn proceedings(year: &Year) -> Section {
    let title = [
        "Review proceedings brought by the platform",
        "Toetsingsprocedures van het platform",
    ];
    let mut section = Section {
        title,
        rows: Vec::new(),
    };
    for (court, key, [english, dutch]) in COURTS {
        let found = year.proceedings.get(&court);
        let brought = found.map_or(0, |proceedings| proceedings.brought);
        section.add(
            format!("proceedings.{key}"),
            [english, dutch],
            Some(brought),
        );
        for (outcome, name, [in_english, in_dutch]) in OUTCOMES {
            let names = [
                format!("{english}: {in_english}"),
                format!("{dutch}: {in_dutch}"),
            ];
            let outcomes = found.map_or(0, |proceedings| count(&proceedings.outcomes, &outcome));
            section.add(format!("proceedings.{key}.{name}"), names, Some(outcomes));
        }
    }
    section
}

const REASONS: [(Reinstated, &str, Both); 5] = [
    (
        Reinstated::Complaint,
        "complaint",
        ["After a complaint", "Na een klacht"],
    ),
    (
        Reinstated::Proceedings,
        "proceedings",
        [
            "After administrative or judicial review",
            "Na administratieve of rechterlijke toetsing",
        ],
    ),
    (
        Reinstated::OrderEnded,
        "order_ended",
        ["The order ended otherwise", "Het bevel eindigde anders"],
    ),
    (
        Reinstated::EntryWithdrawn,
        "entry_withdrawn",
        [
            "The authorities' assessment was withdrawn",
            "De beoordeling van de autoriteiten is ingetrokken",
        ],
    ),
    (
        Reinstated::OwnReview,
        "own_review",
        ["Own review", "Eigen heroverweging"],
    ),
];

fn reinstated(year: &Year) -> Section {
    let title = ["Items put back", "Teruggezette items"];
    let mut section = Section {
        title,
        rows: Vec::new(),
    };
    for (reason, key, names) in REASONS {
        section.add(
            format!("reinstated.{key}"),
            names,
            Some(count(&year.reinstated, &reason)),
        );
    }
    let all = total(year.reinstated.values().copied());
    section.add("reinstated", ["Total", "Totaal"], Some(all));
    section
}

fn others(year: &Year) -> Section {
    let title = ["Other counts", "Andere tellingen"];
    let mut section = Section {
        title,
        rows: Vec::new(),
    };
    let threats = [
        "Imminent threats to life told to the police (article 14(5))",
        "Aan de politie gemelde acute levensbedreigingen (artikel 14, lid 5)",
    ];
    section.add("escalations", threats, Some(year.escalations));
    let holds = [
        "Holds that ended without a decision",
        "Tegengehouden uploads die zonder beslissing zijn vrijgegeven",
    ];
    section.add(
        "holds_released_undecided",
        holds,
        Some(year.holds_released_undecided),
    );
    section
}

fn count<K: Ord>(counts: &BTreeMap<K, u64>, key: &K) -> u64 {
    counts.get(key).copied().unwrap_or(0)
}
