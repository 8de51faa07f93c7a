//! Orders and answers, made up: `XA` and `XB` are nobody's states, and `.example` nobody's domain.

mod clocks;
mod fields;
mod forms;
mod reading;

use std::num::NonZeroU32;

use crate::baseline::{MediaKind, TcoType, Text, Time};
use crate::hash::Pdq;

use super::*;

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn text<const MOST: usize>(text: &str) -> Text<MOST> {
    Text::new(text).unwrap()
}

fn prose<const MOST: usize>(text: &str) -> Prose<MOST> {
    Prose::new(text).unwrap()
}

fn item(place: u32) -> NonZeroU32 {
    NonZeroU32::new(place).unwrap()
}

const URLS: [&str; 2] = [
    "https://host.example/watch?v=1&t=2",
    "https://host.example/a_b*c",
];

pub(in crate::review) fn order() -> RemovalOrder {
    let urls = URLS.map(|url| Address::new(url).unwrap()).to_vec();
    let media = Media::new(
        MediaKind::Video,
        Some(Pdq::from_bytes([0xab; 32])),
        Some([0xcd; 32]),
        Some([0xef; 16]),
    );
    RemovalOrder {
        issued_by: Issuer {
            name: text("Authority of XA"),
            state: "XA".parse().unwrap(),
            kind: IssuerKind::Other,
            contact: text("orders desk, +00 000"),
        },
        reference: text("R-17/2024"),
        issued_at: time("2024-02-28T23:30:00Z"),
        addressee: Addressee {
            host: text("Example Hosting"),
            representative: Some(text("Example Representatives")),
            state: "XB".parse().unwrap(),
            contact_point: Some(text("the contact point of article 15")),
        },
        language: "nl".parse().unwrap(),
        addresses: Addresses::Listed(urls.try_into().unwrap()),
        whereabouts: Some(prose("From minute 2 on.")),
        types: [TcoType::A, TcoType::D].try_into().unwrap(),
        reasons: prose("It praises an attack.\n\n1. It names *weapons*.\n- And <how>."),
        non_disclosure: Some(non_disclosure()),
        copy_to: Some(text("Authority of XB")),
        announcement: Announcement::At(time("2024-02-28T11:30:00Z")),
        redress: Redress {
            body: text("Court of XA"),
            procedure: prose("In writing, under the law of XA."),
            deadline: text("six weeks from receipt"),
            until: Some(time("2024-04-11T00:00:00Z")),
        },
        media: Some(vec![media.unwrap()].try_into().unwrap()),
    }
}

fn non_disclosure() -> NonDisclosure {
    NonDisclosure {
        reason: text("an investigation is under way"),
        decided_at: time("2024-01-31T12:00:00Z"),
        until: time("2024-03-13T12:00:00Z"),
        prolonged: Some(Prolongation {
            decided_at: time("2024-03-01T00:00:00Z"),
            until: time("2024-04-24T12:00:00Z"),
        }),
    }
}

fn responder() -> Responder {
    Responder {
        host: text("Example Hosting"),
        representative: Some(text("Example Representatives")),
        state: "XB".parse().unwrap(),
        by: text("trust & safety, reviewer 4"),
        contact: Some(text("the contact point of article 15")),
    }
}

fn feedback() -> Feedback {
    let taken = vec![
        Taken {
            item: item(2),
            measure: Measure::AccessDisabled,
            at: time("2024-02-29T00:10:00Z"),
        },
        Taken {
            item: item(1),
            measure: Measure::Removed,
            at: time("2024-02-28T23:55:00Z"),
        },
    ];
    Feedback {
        order: order().name(),
        own_reference: Some(text("T-4")),
        received_at: time("2024-02-28T23:31:00Z"),
        taken: taken.try_into().unwrap(),
        responder: responder(),
        written_at: time("2024-02-29T00:12:00Z"),
    }
}

fn impossibility() -> Impossibility {
    Impossibility {
        order: order().name(),
        own_reference: None,
        received_at: time("2024-02-28T23:31:00Z"),
        ground: Ground::InsufficientInformation {
            explanation: prose("The second address is cut off.\nNothing is there."),
            needed: prose("The whole address."),
        },
        responder: Responder {
            representative: None,
            contact: None,
            ..responder()
        },
        written_at: time("2024-02-28T23:50:00Z"),
    }
}
