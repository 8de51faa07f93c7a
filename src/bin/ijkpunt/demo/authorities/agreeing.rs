//! Agreement, an objection, and a state that is divided.

use std::path::Path;

use ijkpunt::baseline::{Event, Verdict};

use crate::Failure;

use super::page::Page;
use super::pictures::{self, Picture};
use super::union::{Union, Who};
use super::words::{Word, state_of};

/// What an authority says of a picture, and the others get it.
pub(super) fn says(
    union: &mut Union,
    who: Who,
    word: Word,
    picture: &Picture,
) -> Result<(), Failure> {
    union.say(who, word.of(picture))?;
    union.send(&[who])
}

/// Several say the same, before any of them has heard the others.
pub(super) fn all_say(
    union: &mut Union,
    all: &[Who],
    word: &Word,
    picture: &Picture,
) -> Result<(), Failure> {
    for who in all {
        union.say(*who, word.clone().of(picture))?;
    }
    union.send(all)
}

/// The state of a picture's entry, as the register of an authority tells it.
pub(super) fn tell(
    page: &mut Page<'_>,
    union: &Union,
    who: Who,
    picture: &Picture,
) -> Result<(), Failure> {
    Ok(page.fact(&state_of(picture, &union.account(who, picture.entry)?))?)
}

/// All five say the same of the first picture.
pub(super) fn agree(
    page: &mut Page<'_>,
    union: &mut Union,
    dir: &Path,
) -> Result<Picture, Failure> {
    page.step("XA proposes a picture, and all five states agree")?;
    union.hours_later(1)?;
    let picture = pictures::propose(union, dir, Who::Xa, 1)?;
    page.say(
        "The picture is media/picture-1.png. It stays with the authorities: what XA adds to its log, \
         as an entry, is a title and hashes, that is numbers by which the file, or a copy that looks \
         alike, is known again. They are kept from the public all the same: they tell those who evade what to \
         change.",
    )?;
    page.fact(&pictures::hashes(
        &union.account(Who::Xa, picture.entry)?.entry,
    ))?;
    page.say(
        "So far it is a candidate. Then one authority after the other looks at it, and says \
         \"terrorist\" of type A (article 2(7) TCO, point a: it incites to terrorist offences). By one \
         state it is national, by several it is emerging, and by all it is in the baseline: what all \
         states agree on. Each line is told by the register of another authority:",
    )?;
    tell(page, union, Who::Xe, &picture)?;
    let word = Word::terrorist("calls for attacks")?;
    for (who, reader) in Who::STATES.into_iter().zip(Who::STATES.into_iter().rev()) {
        says(union, who, word.clone(), &picture)?;
        tell(page, union, reader, &picture)?;
    }
    Ok(picture)
}

/// Four agree, and one objects.
pub(super) fn object(
    page: &mut Page<'_>,
    union: &mut Union,
    dir: &Path,
) -> Result<Picture, Failure> {
    page.step("XC objects to the second picture")?;
    union.hours_later(20)?;
    let picture = pictures::propose(union, dir, Who::Xb, 2)?;
    page.say("XB proposes picture 2. Four states say \"terrorist\":")?;
    let word = Word::terrorist("praises an attack")?;
    let four = [Who::Xa, Who::Xb, Who::Xd, Who::Xe];
    all_say(union, &four, &word, &picture)?;
    tell(page, union, Who::Xa, &picture)?;
    page.say("XC says that it is not, and why. One such objection keeps it out of the baseline:")?;
    let why = "a newspaper shows it to report on the attack: journalism, article 1(3)";
    says(
        union,
        Who::Xc,
        Word::new(Verdict::NotTerrorist, why)?,
        &picture,
    )?;
    tell(page, union, Who::Xa, &picture)?;
    last_word(page, union, Who::Xc, &picture)?;
    Ok(picture)
}

/// What an authority has said of a picture last, as XA's register has it.
fn last_word(
    page: &mut Page<'_>,
    union: &Union,
    who: Who,
    picture: &Picture,
) -> Result<(), Failure> {
    let (account, id) = (union.account(Who::Xa, picture.entry)?, who.authority()?.id);
    let words = account
        .counted
        .iter()
        .rev()
        .filter_map(|event| match event {
            Event::Assessed(one) if one.authority == id => Some(one),
            _ => None,
        });
    for one in words.take(1) {
        let (by, verdict, why) = (&one.authority, one.verdict, &one.reasons.short);
        page.fact(&format!("{by} says \"{verdict}\": {why}"))?;
    }
    Ok(())
}

/// Two authorities of one state contradict each other.
pub(super) fn divide(
    page: &mut Page<'_>,
    union: &mut Union,
    dir: &Path,
) -> Result<Picture, Failure> {
    page.step("Two authorities of XB contradict each other")?;
    union.hours_later(3)?;
    let picture = pictures::propose(union, dir, Who::Xc, 3)?;
    page.say("XC proposes picture 3, and the police of all five states say \"terrorist\":")?;
    let word = Word::terrorist("asks to join a group")?;
    all_say(union, &Who::STATES, &word, &picture)?;
    tell(page, union, Who::Xd, &picture)?;
    page.say(
        "Then the prosecutor of XB says that it is not. A state cannot say two things: XB is divided, \
         and counts neither for the picture nor against it until its authorities agree:",
    )?;
    let why = "the group is not a terrorist one";
    let word = Word::new(Verdict::NotTerrorist, why)?;
    says(union, Who::XbProsecutor, word, &picture)?;
    tell(page, union, Who::Xd, &picture)?;
    Ok(picture)
}
