//! What is left out, and a log that tells two stories.

use std::fs::File;
use std::path::Path;

use ijkpunt::baseline::{Event, Time, Verdict};
use ijkpunt::limits::Limits;
use ijkpunt::register::{Evidence, ForkProof};
use ijkpunt::sign::{Claim, Envelope, Signer, Statement, What};

use crate::Failure;

use super::acts;
use super::agreeing::tell;
use super::page::Page;
use super::pictures::Picture;
use super::union::{Union, Who, log_of};
use super::words::{Word, count};

/// XD's next statement comes in four spellings, of which one is right.
pub(super) fn refuse(
    page: &mut Page<'_>,
    union: &mut Union,
    picture: &Picture,
) -> Result<(), Failure> {
    page.step("Three files are not what XD said, and are left out")?;
    union.hours_later(24)?;
    page.say(
        "XD issues another order and says \"terrorist\" of picture 4 anew. On the way to XA its file is \
         exchanged for others, one after the other. In the first one character was changed:",
    )?;
    let order = acts::order("31/2026", union.now)?;
    let word = Word::terrorist("threatens with an attack")?.based_on(order);
    union.say(Who::Xd, word.of(picture))?;
    let before = all_of(union, Who::Xa)?;
    let log = String::from_utf8(log_of(union.register(Who::Xd), Who::Xd)?)?;
    let (rest, last) = log.trim_end().rsplit_once('\n').ok_or("an empty log")?;
    let forged = |line: &str| format!("{rest}\n{line}\n");
    take(
        page,
        union,
        "xd-changed",
        &forged(&changed(last, "\"payload\":\"")),
    )?;
    page.say(
        "In the second the statement is the same, and signed with the key of XC instead of XD's:",
    )?;
    let statement = read(last)?;
    take(
        page,
        union,
        "xd-wrong-key",
        &forged(&signed(&statement, Who::Xc)?),
    )?;
    page.say(
        "The third is signed with the right key, and claims to have been said a week earlier:",
    )?;
    let early = back_dated(statement, union.now)?;
    take(
        page,
        union,
        "xd-back-dated",
        &forged(&signed(&early, Who::Xd)?),
    )?;
    let is_same = all_of(union, Who::Xa)? == before;
    page.say(if is_same {
        "XA's register holds what it held before, to the byte. Then XD's own file arrives:"
    } else {
        "XA's register holds something else than before. Then XD's own file arrives:"
    })?;
    union.send(&[Who::Xd])?;
    tell(page, union, Who::Xa, picture)
}

/// XA takes a file in, and tells what it left out.
fn take(page: &mut Page<'_>, union: &mut Union, name: &str, file: &str) -> Result<(), Failure> {
    let number = union.write(name, file.as_bytes())?;
    let merged = union.merge(Who::Xa, number)?;
    let (added, known) = merged.logs.values().fold((0, 0), |(added, known), log| {
        (added + log.added, known + log.known)
    });
    let known = count(known, "statement");
    page.fact(&format!(
        "{known} that XA has, {added} new, {} left out",
        merged.lines_left_out
    ))?;
    for (line, why) in &merged.left_out {
        page.fact(&format!("line {line} is left out: {why}"))?;
    }
    Ok(())
}

fn all_of(union: &Union, who: Who) -> Result<Vec<u8>, Failure> {
    let mut all = Vec::new();
    union.register(who).export(|_| true, &mut all)?;
    Ok(all)
}

fn read(line: &str) -> Result<Statement, Failure> {
    let envelope = Envelope::from_json(line.as_bytes(), &Limits::default())?;
    Ok(Claim::read(&envelope)?.unverified().clone())
}

fn signed(statement: &Statement, by: Who) -> Result<String, Failure> {
    let key = by.key();
    Ok(Envelope::of(statement, &[&key as &dyn Signer])?.to_json())
}

fn back_dated(mut statement: Statement, now: Time) -> Result<Statement, Failure> {
    const WEEK: i64 = 7 * 24 * 3600;
    if let What::Event(Event::Assessed(one)) = &mut statement.what {
        one.made_at = Time::from_unix_seconds(now.unix_seconds() - WEEK)?;
    }
    Ok(statement)
}

/// The same text with another character in the middle of the JSON string behind a mark.
pub(super) fn changed(text: &str, mark: &str) -> String {
    let begin = text.find(mark).map(|at| at + mark.len());
    let at = begin.and_then(|begin| Some(begin + text.get(begin..)?.find('"')? / 2));
    let other = |(place, old): (usize, char)| match (Some(place) == at, old) {
        (true, 'a') => 'b',
        (true, _) => 'a',
        (false, old) => old,
    };
    text.char_indices().map(other).collect()
}

/// XC says one thing to XA and another to XB.
pub(super) fn fork(
    page: &mut Page<'_>,
    union: &mut Union,
    dir: &Path,
    picture: &Picture,
) -> Result<(), Failure> {
    page.step("XC tells two stories, and all can prove it")?;
    union.hours_later(24)?;
    page.say(
        "Somebody at XC puts a copy of its register back from a backup, and both are used, with one \
         key. To XA it says that picture 2, to which it objected, is terrorist content after all; to \
         XB it says that it cannot tell. Each story alone is well signed and in order, so XA and XB \
         are told different things:",
    )?;
    let (to_xa, to_xb) = two_stories(union, picture)?;
    union.merge(Who::Xa, to_xa)?;
    union.merge(Who::Xb, to_xb)?;
    for (who, name) in [(Who::Xa, "XA"), (Who::Xb, "XB")] {
        page.say(&format!("{name}'s register:"))?;
        tell(page, union, who, picture)?;
    }
    meet(page, union, dir, picture, [to_xa, to_xb])
}

/// All get both files, in different orders.
fn meet(
    page: &mut Page<'_>,
    union: &mut Union,
    dir: &Path,
    picture: &Picture,
    [one, other]: [usize; 2],
) -> Result<(), Failure> {
    page.say(
        "As soon as the files meet, there are two statements of XC at one place of its log. Nobody \
         else can have made them: only XC's key signs both. That is called a fork. Everybody keeps \
         both as the proof (it is also in fork.jsonl), and XC's log counts up to there:",
    )?;
    let orders = Who::ALL.map(|who| match who as usize % 2 {
        0 => vec![one, other],
        _ => vec![other, one],
    });
    union.take_in(&orders)?;
    tell_forks(page, union, dir)?;
    for who in [Who::Xa, Who::Xb] {
        tell(page, union, who, picture)?;
    }
    for (place, why) in union.account(Who::Xa, picture.entry)?.void {
        let (at, story) = (place.sequence, place.line + 1);
        page.fact(&format!(
            "the statement at place {at} in story {story} does not count: {why}"
        ))?;
    }
    page.say(
        "So the objection of XC stands, which both stories have before they part. Two states can say \
         together which story is kept, and with which new key XC goes on; here they have not yet.",
    )?;
    Ok(())
}

/// The numbers of two files.
fn two_stories(union: &mut Union, picture: &Picture) -> Result<(usize, usize), Failure> {
    let mut copy = union.copied(Who::Xc, COPY)?;
    let after_all = Word::terrorist("it was no newspaper that showed it")?;
    union.say(Who::Xc, after_all.of(picture))?;
    let cannot_tell = Word::new(
        Verdict::InsufficientInformation,
        "it is not known who showed it",
    )?;
    copy.say(&Who::Xc.key(), union.now, cannot_tell.of(picture))?;
    let [one, other] = [union.register(Who::Xc), &copy].map(|register| log_of(register, Who::Xc));
    Ok((union.write("xc", &one?)?, union.write(COPY, &other?)?))
}

fn tell_forks(page: &mut Page<'_>, union: &Union, dir: &Path) -> Result<(), Failure> {
    let held = Who::ALL.map(|who| Ok(union.register(who).forks()?));
    let held = held.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let all = held.len();
    for proof in held.first().into_iter().flatten() {
        // Of the two statements each register shows that one first which it got first.
        let is_it = |one: &ForkProof| (one.log, one.at) == (proof.log, proof.at);
        let have = held.iter().filter(|proofs| proofs.iter().any(is_it));
        let have = have.count();
        proof.write(&mut File::create(dir.join(FORK))?)?;
        let shown = match &proof.evidence {
            Evidence::Statements(both) => count(both.len() as u64, "statement"),
            Evidence::Checkpoint(..) => "a promise".to_owned(),
        };
        page.fact(&format!(
            "the log of {} tells two stories: {shown} at place {}; {have} of {all} registers hold the proof",
            proof.authority, proof.at
        ))?;
    }
    Ok(())
}

/// The folder of the copy.
pub(super) const COPY: &str = "xc-copy";

/// The file of the proof.
pub(super) const FORK: &str = "fork.jsonl";
