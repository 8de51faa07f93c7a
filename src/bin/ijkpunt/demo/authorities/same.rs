//! That all registers say the same, in whatever order they took the files in.

use ijkpunt::baseline::{Commitment, Time};
use ijkpunt::register::Register;

use crate::Failure;

use super::page::Page;
use super::pictures::Picture;
use super::union::{Union, Who, merge};
use super::words::beginning;

pub(super) fn compare(
    page: &mut Page<'_>,
    union: &Union,
    pictures: &[&Picture],
) -> Result<(), Failure> {
    page.step("All registers say the same")?;
    page.say(
        "Each register has taken the files in in an order of its own, and a newcomer takes all of them \
         in now, the last one first, the three forged ones too. Beside each stands a \
         short name of all that it holds and of all that follows from it (SHA-256, shortened):",
    )?;
    let mut rows = Vec::new();
    for who in Who::ALL {
        let said = said(union.register(who), pictures, union.now)?;
        rows.push((who.name(), numbers(union.taken(who)), said));
    }
    let (newcomer, order) = newcomer(union)?;
    let said = said(&newcomer, pictures, union.now)?;
    rows.push((NEWCOMER, numbers(&order), said));
    page.fact("register       statements  holds         what follows  files, in this order")?;
    for (
        name,
        order,
        Said {
            statements,
            held,
            follows,
        },
    ) in &rows
    {
        page.fact(&format!(
            "{name:<13}  {statements:<10}  {held}  {follows}  {order}"
        ))?;
    }
    let is_same = rows.windows(2).all(|two| two[0].2 == two[1].2);
    page.say(if is_same {
        "They are equal to the byte. What follows depends on what was said, and not on the order in \
         which it arrived, so nobody has to be in the middle."
    } else {
        "They are not equal: report this as a bug."
    })?;
    Ok(())
}

/// What a register holds, and what follows from it, by short names.
#[derive(PartialEq, Eq)]
struct Said {
    statements: u64,
    held: String,
    follows: String,
}

fn said(register: &Register, pictures: &[&Picture], now: Time) -> Result<Said, Failure> {
    let (mut held, mut follows) = (Vec::new(), String::new());
    register.export(|_| true, &mut held)?;
    for picture in pictures {
        let account = register.account(picture.entry, now)?;
        let account = account.ok_or("an entry is missing")?;
        follows += &serde_json::to_string(&(account.entry, account.consensus, account.counted))?;
        follows += &format!("{:?}\n", account.void);
    }
    Ok(Said {
        statements: register.verify(|_| ())?.statements,
        held: beginning(&Commitment::to(&held)),
        follows: beginning(&Commitment::to(follows.as_bytes())),
    })
}

/// A register that takes in all files that were exchanged, the last one first.
fn newcomer(union: &Union) -> Result<(Register, Vec<usize>), Failure> {
    let mut register = union.new_register(NEWCOMER)?;
    let order: Vec<usize> = (1..=union.files.len()).rev().collect();
    for path in union.files.iter().rev() {
        merge(&mut register, path)?;
    }
    Ok((register, order))
}

/// The first of them.
fn numbers(files: &[usize]) -> String {
    let first = files.iter().take(8).map(usize::to_string);
    first.collect::<Vec<_>>().join(" ") + " ..."
}

/// The folder of the newcomer.
pub(super) const NEWCOMER: &str = "newcomer";
