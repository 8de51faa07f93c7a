//! A word that falls with the order that it rests on, and a suspension.

use std::path::Path;

use ijkpunt::baseline::{Event, Finality, InstrumentKind, LegalInstrument, Scrutiny, Text, Time};

use crate::Failure;

use super::agreeing::{all_say, says, tell};
use super::page::Page;
use super::pictures::{self, Picture};
use super::union::{Union, Who};
use super::words::{self, Word};

/// A removal order of XD.
pub(super) fn order(reference: &str, issued_at: Time) -> Result<LegalInstrument, Failure> {
    Ok(LegalInstrument {
        kind: InstrumentKind::RemovalOrder,
        issued_by: Who::Xd.authority()?.state,
        reference: Text::new(reference)?,
        issued_at,
        finality: Finality::Appealable,
        scrutiny: Scrutiny::NotScrutinised,
    })
}

/// The order on which XD's word rests is annulled.
pub(super) fn annul(
    page: &mut Page<'_>,
    union: &mut Union,
    dir: &Path,
) -> Result<Picture, Failure> {
    page.step("An order of XD is annulled, and XD's word falls with it")?;
    union.hours_later(20)?;
    let order = order("17/2026", union.now)?;
    let picture = pictures::propose(union, dir, Who::Xd, 4)?;
    page.say(
        "XD proposes picture 4. Its word rests on a removal order, by which it told a platform to take \
         the picture down (article 3 TCO). The other states have looked for themselves:",
    )?;
    let word = Word::terrorist("threatens with an attack")?;
    says(
        union,
        Who::Xd,
        word.clone().based_on(order.clone()),
        &picture,
    )?;
    all_say(
        union,
        &[Who::Xa, Who::Xb, Who::Xc, Who::Xe],
        &word,
        &picture,
    )?;
    tell(page, union, Who::Xb, &picture)?;
    page.say(
        "A week later a court of XD annuls the order, and XD tells so. It does not have to take back \
         its words one by one: each that rests on the order falls, by rule, and the others stand.",
    )?;
    union.hours_later(7 * 24)?;
    union.say(Who::Xd, words::annulled(&order))?;
    union.send(&[Who::Xd])?;
    tell(page, union, Who::Xb, &picture)?;
    put_back(page, union, &picture)?;
    Ok(picture)
}

/// What fell, and whether something has to be put back.
fn put_back(page: &mut Page<'_>, union: &Union, picture: &Picture) -> Result<(), Failure> {
    let account = union.account(Who::Xb, picture.entry)?;
    for one in &account.consensus.explanation.fallen {
        page.fact(&format!(
            "fallen: the statement at place {} in the log of {} ({}), which rested on {}; {}, as {} ({}) tells",
            one.sequence,
            one.authority,
            one.state,
            one.instrument,
            one.reason,
            one.ended_by,
            one.ended_in
        ))?;
    }
    let ends = account.counted.iter().filter_map(|event| match event {
        Event::InstrumentEnded(end) => Some(end),
        _ => None,
    });
    for end in ends {
        let needed = if end.reinstatement_required {
            "yes"
        } else {
            "no"
        };
        page.fact(&format!("to be put back what was removed for it: {needed}"))?;
    }
    page.say(
        "To put it back is for the platform that took it down because of the order. For the entry to \
         come back, XD has to say so anew, on grounds that hold; nobody else can say it for XD.",
    )?;
    Ok(())
}

/// A complaint stops the first entry for a day.
pub(super) fn suspend(
    page: &mut Page<'_>,
    union: &mut Union,
    picture: &Picture,
) -> Result<(), Failure> {
    page.step("XE suspends picture 1 for a day")?;
    union.hours_later(2)?;
    page.say(
        "XE gets a complaint about picture 1, on which all agree, and suspends it until it has looked \
         again. Any state can, and needs nobody's consent: the entry is off at once, for everybody.",
    )?;
    let suspended = words::suspends(picture.entry, "a complaint is looked into")?;
    let place = union.say(Who::Xe, suspended)?;
    union.send(&[Who::Xe])?;
    tell(page, union, Who::Xa, picture)?;
    page.say(
        "The next day the complaint has turned out to be unfounded, and XE lifts its suspension:",
    )?;
    union.hours_later(24)?;
    union.say(Who::Xe, words::lifts(picture.entry, place.sequence))?;
    union.send(&[Who::Xe])?;
    tell(page, union, Who::Xa, picture)
}
