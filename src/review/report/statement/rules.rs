//! The rules about what a statement says: the same for those made here and elsewhere.

use super::field::{
    FULLY, Form, ILLEGAL, OTHER_NOTIFICATION, OTHERS, PUBLIC_SECURITY, TERRORIST_CONTENT, VOLUNTARY,
};
use super::{Broken, Draft, Field};
use crate::baseline::Time;
use crate::review::report::tells::has_hash;
use crate::review::report::{Tells, words};

/// Every rule that a draft breaks, first those of single fields.
pub(super) fn broken(draft: &Draft, now: Option<Time>) -> Vec<Broken> {
    let mut broken: Vec<Broken> = Field::ALL
        .into_iter()
        .filter_map(|field| of_field(draft, field))
        .collect();
    broken.extend(of_others(draft));
    broken.extend(of_ground(draft));
    broken.extend(of_kind(draft));
    broken.extend(of_source(draft));
    broken.extend(of_order(draft, now));
    broken
}

/// The first rule that the field breaks by itself.
fn of_field(draft: &Draft, field: Field) -> Option<Broken> {
    if !draft.has(field) {
        return match field {
            Field::DecisionVisibility => Some(Broken::NoDecision),
            Field::TerritorialScope => Some(Broken::NoScope),
            Field::CategorySpecification => Some(Broken::NoKeyword),
            _ => field.is_required().then_some(Broken::Missing { field }),
        };
    }
    let values = draft.list(field);
    if field.is_list() {
        return of_list(field, values);
    }
    let text = draft.text(field)?;
    match field.form() {
        Form::Words(most) => of_text(field, text, most).or_else(|| of_words(field, text)),
        Form::Name(most) => of_text(field, text, most).or_else(|| of_puid(field, text)),
        Form::Date => of_date(field, text),
        _ => (!field.knows(text)).then_some(Broken::Value { field, place: 1 }),
    }
}

fn of_list(field: Field, values: &[String]) -> Option<Broken> {
    let mut places = (1..).zip(values);
    places.find_map(|(place, value)| {
        let before = values.iter().take(place - 1);
        if !field.knows(value) {
            Some(Broken::Value { field, place })
        } else if before.into_iter().any(|earlier| earlier == value) {
            Some(Broken::ValueTwice { field, place })
        } else {
            None
        }
    })
}

fn of_text(field: Field, text: &str, most: usize) -> Option<Broken> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Some(Broken::Empty { field })
    } else if length > most {
        Some(Broken::Long {
            field,
            length,
            most,
        })
    } else {
        None
    }
}

fn of_words(field: Field, text: &str) -> Option<Broken> {
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Some(Broken::Control { field });
    }
    Tells::of(text).map(|tells| Broken::tells(field, tells))
}

fn of_puid(field: Field, text: &str) -> Option<Broken> {
    let is_of_it = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match text.chars().position(|c| !is_of_it(c)) {
        Some(before) => Some(Broken::PuidCharacter { place: before + 1 }),
        None => has_hash(text).then_some(Broken::TellsHash { field }),
    }
}

fn of_date(field: Field, text: &str) -> Option<Broken> {
    if !is_date(text) {
        return Some(Broken::DateForm { field });
    }
    let from = match field {
        Field::ContentDate => "2000-01-01",
        _ => "2020-01-01",
    };
    let until = "2038-01-01";
    let is_inside = (from..=until).contains(&text);
    (!is_inside).then_some(Broken::DateRange { field, from, until })
}

fn is_date(text: &str) -> bool {
    text.len() == "YYYY-MM-DD".len() && format!("{text}T00:00:00Z").parse::<Time>().is_ok()
}

fn of_others(draft: &Draft) -> impl Iterator<Item = Broken> {
    let others = OTHERS.into_iter();
    others.filter_map(|(list, other, field)| {
        let is_other = draft.list(list).iter().any(|value| value == other);
        match (is_other, draft.has(field)) {
            (true, false) => Some(Broken::OtherWithoutText { field }),
            // Without a list that is the rule that is broken.
            (false, true) if draft.has(list) => Some(Broken::TextWithoutOther { field }),
            _ => None,
        }
    })
}

fn of_ground(draft: &Draft) -> Vec<Broken> {
    let reasons = [
        Field::IllegalContentLegalGround,
        Field::IllegalContentExplanation,
    ];
    let mut broken = Vec::new();
    match draft.text(Field::DecisionGround) {
        Some(ground) if ground == ILLEGAL => {
            let missing = reasons.into_iter().filter(|&field| !draft.has(field));
            broken.extend(missing.map(|field| Broken::GroundWithoutReasons { field }));
        }
        Some(ground) if Field::DecisionGround.knows(ground) => broken.push(Broken::NotIllegal),
        _ => {}
    }
    let ground = draft.text(Field::IllegalContentLegalGround);
    let is_other = |text: &str| !(text.contains("2021/784") && text.contains("2(7)"));
    if ground.is_some_and(|text| of_field_is_fine(draft, reasons[0]) && is_other(text)) {
        broken.push(Broken::OtherLegalGround);
    }
    broken
}

fn of_field_is_fine(draft: &Draft, field: Field) -> bool {
    of_field(draft, field).is_none()
}

fn of_kind(draft: &Draft) -> Vec<Broken> {
    let mut broken = Vec::new();
    let known = |field| {
        draft
            .text(field)
            .filter(|&value| Field::knows(field, value))
    };
    if known(Field::Category).is_some_and(|category| category != PUBLIC_SECURITY) {
        broken.push(Broken::OtherCategory);
    }
    let keywords = Field::CategorySpecification;
    let has_keyword = draft
        .list(keywords)
        .iter()
        .any(|keyword| keyword == TERRORIST_CONTENT);
    if of_field_is_fine(draft, keywords) && !has_keyword {
        broken.push(Broken::NoKeyword);
    }
    if known(Field::AutomatedDecision) == Some(FULLY) {
        broken.push(Broken::FullyAutomated);
    }
    broken
}

fn of_source(draft: &Draft) -> Option<Broken> {
    let is_named = draft.has(Field::SourceIdentity);
    match draft.text(Field::SourceType)? {
        OTHER_NOTIFICATION if !is_named => Some(Broken::SourceUnnamed),
        VOLUNTARY if is_named => Some(Broken::VoluntaryIdentity),
        _ => None,
    }
}

/// Days of four digits a year are in order where their texts are.
fn of_order(draft: &Draft, now: Option<Time>) -> Vec<Broken> {
    let day = |field| {
        let text = draft.text(field);
        text.filter(|text| of_date(field, text).is_none())
    };
    let mut broken = Vec::new();
    let Some(applied) = day(Field::ApplicationDate) else {
        return broken;
    };
    if day(Field::ContentDate).is_some_and(|content| applied < content) {
        broken.push(Broken::AppliedBeforeContent);
    }
    if now.is_some_and(|now| applied > words::date(now).as_str()) {
        broken.push(Broken::AppliedInFuture);
    }
    if day(Field::EndDateVisibilityRestriction).is_some_and(|end| end < applied) {
        broken.push(Broken::EndBeforeApplied);
    }
    broken
}
