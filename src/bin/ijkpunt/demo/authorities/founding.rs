//! Who takes part: four states found a register, and a fifth is admitted.

use std::path::Path;

use ijkpunt::baseline::Denominator;
use ijkpunt::sign::{Admission, Motion, Signer};

use crate::Failure;

use super::page::Page;
use super::pictures;
use super::union::{Union, Who};
use super::words::endorses;

pub(super) fn found(page: &mut Page<'_>, dir: &Path) -> Result<Union, Failure> {
    page.step("Four states found a register")?;
    let union = Union::found(dir)?;
    page.say(
        "XA, XB, XC and XD write down with which authorities and keys they begin, and all of these \
         authorities sign it. It is called the genesis. XB has two authorities, its police and its \
         prosecutor; they speak for one state, and together they count as one.",
    )?;
    let genesis = union.register(Who::Xa).genesis();
    page.fact(&genesis.to_string())?;
    page.say(
        "The register's id is made of all that the genesis says. Anybody could found another \
         register, so whoever gets a file compares the id with what the founders publish:",
    )?;
    page.fact(&union.register(Who::Xa).id().to_string())?;
    page.say(
        "The genesis also says when the states agree; this is the policy. Here all five states have \
         to say that a picture is terrorist content, and name a common type; if one says that it is \
         not, the picture is kept out. They are asked because each has designated an authority, that \
         is named it as article 12 TCO asks. XE has, too, so it is asked from the beginning, though it \
         has no key here yet: until it has, no picture has the word of all.",
    )?;
    let terms = genesis.founding().policy.terms();
    let asked = union
        .standing(Who::Xa)?
        .policy()
        .terms()
        .denominator
        .clone();
    page.fact(&format!(
        "policy \"{}\", version {}; {}",
        terms.name,
        terms.version,
        asked_of(&asked)
    ))?;
    Ok(union)
}

fn asked_of(asked: &Denominator) -> String {
    match asked {
        Denominator::Designated(list) => {
            let states: Vec<String> = list.iter().map(|one| one.state.to_string()).collect();
            format!("designated states: {}", states.join(", "))
        }
        _ => "other states".to_owned(),
    }
}

pub(super) fn admit(page: &mut Page<'_>, union: &mut Union) -> Result<(), Failure> {
    page.step("XE is admitted, by two states")?;
    union.hours_later(1)?;
    union.open_log(Who::Xe)?;
    page.say(
        "XE has a key and opens a log in a register of its own. What it says there is heard by nobody \
         yet, so its own register refuses to add anything:",
    )?;
    let refused = pictures::try_to_propose(union, Who::Xe)?;
    page.fact(&refused.map_or_else(|why| why.to_string(), |_| "it is added".to_owned()))?;
    page.say(
        "Both authorities of XB sign that XE is admitted. That is two signatures, and one state:",
    )?;
    for who in [Who::Xb, Who::XbProsecutor] {
        union.say(who, endorses(admission()?))?;
    }
    union.send(&[Who::Xe, Who::Xb, Who::XbProsecutor])?;
    motions(page, union)?;
    page.say("XA signs the very same. Now there are two states, as many as the genesis asks for:")?;
    union.say(Who::Xa, endorses(admission()?))?;
    union.send(&[Who::Xa])?;
    motions(page, union)
}

fn admission() -> Result<Motion, Failure> {
    Ok(Motion::Admit(Admission {
        authority: Who::Xe.authority()?,
        key: Who::Xe.key().public_key(),
    }))
}

/// What authorities have signed together, as XE's register has it.
fn motions(page: &mut Page<'_>, union: &Union) -> Result<(), Failure> {
    for report in union.standing(Who::Xe)?.motions().values() {
        let signed = report.signed.iter();
        let signed: Vec<String> = signed
            .map(|(who, (state, _))| format!("{who} ({state})"))
            .collect();
        page.fact(&format!(
            "{}: {}; signed by {}",
            report.motion,
            report.outcome,
            signed.join(", ")
        ))?;
    }
    Ok(())
}
