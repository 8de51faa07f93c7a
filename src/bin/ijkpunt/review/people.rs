//! `ijkpunt review init`, `policy`, `enrol`, `left`, `people`: the file, and who may decide.

use std::collections::BTreeSet;
use std::io::Write;

use ijkpunt::baseline::Text;
use ijkpunt::review::{Policy, Pseudonym, Reviews, Role, Second};

use super::home::{Hand, Home};
use crate::Failure;
use crate::table::Table;
use crate::words::text;

#[derive(clap::Args)]
pub(crate) struct InitArgs {
    /// The platform's name, as uploaders and authorities know it
    #[arg(long, value_name = "NAME", value_parser = text::<120>)]
    platform: Text<120>,
    /// The pseudonym of the first person, who has all roles and enrols the others
    #[arg(long, value_name = "PERSON", value_parser = text::<64>)]
    first: Pseudonym,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    home: Home,
}

#[derive(clap::Args)]
pub(crate) struct PolicyArgs {
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    hand: Hand,
}

/// What of the policy is set.
#[derive(clap::Args)]
struct Rules {
    /// Which findings need a second person who finds the same: never, removals, always
    #[arg(long, value_name = "WHICH", value_parser = second)]
    second: Option<Second>,
    /// Hold uploads until somebody has looked, for so many hours at most; 0 for no hold, which is the default
    #[arg(long, value_name = "HOURS")]
    hold_hours: Option<u32>,
    /// Within how many hours matches should be looked at; 0 for no such time, which is the default
    #[arg(long, value_name = "HOURS")]
    review_hours: Option<u32>,
    /// Screening is a specific measure under article 5 TCO, and not voluntary: true or false
    #[arg(long, value_name = "BOOL")]
    specific_measure: Option<bool>,
    /// The breaker: how many decisions on an entry there have to be
    #[arg(long, value_name = "NUMBER")]
    breaker_reviews: Option<u32>,
    /// The breaker: the share of them against the entry that is too much, in percent
    #[arg(long, value_name = "PERCENT")]
    breaker_percent: Option<u8>,
    /// The breaker: how many people have to have found against it
    #[arg(long, value_name = "NUMBER")]
    breaker_people: Option<u32>,
    /// The breaker: how many days count
    #[arg(long, value_name = "DAYS")]
    breaker_days: Option<u32>,
}

fn second(word: &str) -> Result<Second, String> {
    let mut all = Second::ALL.into_iter();
    all.find(|second| second.name() == word)
        .ok_or_else(|| "it is never, removals or always".to_owned())
}

impl Rules {
    fn apply(&self, policy: &mut Policy) {
        let hours = |hours: u32| (hours > 0).then_some(hours);
        policy.second = self.second.unwrap_or(policy.second);
        policy.hold_hours = self.hold_hours.map_or(policy.hold_hours, hours);
        policy.review_hours = self.review_hours.map_or(policy.review_hours, hours);
        policy.is_specific_measure = self.specific_measure.unwrap_or(policy.is_specific_measure);
        let wire = &mut policy.tripwire;
        wire.least_reviewed = self.breaker_reviews.unwrap_or(wire.least_reviewed);
        wire.share_percent = self.breaker_percent.unwrap_or(wire.share_percent);
        wire.least_people = self.breaker_people.unwrap_or(wire.least_people);
        wire.window_days = self.breaker_days.unwrap_or(wire.window_days);
    }
}

pub(super) fn init(args: &InitArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut policy = Policy::new(args.platform.clone());
    args.rules.apply(&mut policy);
    let reviews = Reviews::create(&args.home.cases, &policy, &args.first, args.home.now())?;
    writeln!(
        out,
        "{}: a file of cases for {}.",
        reviews.path().display(),
        policy.platform
    )?;
    writeln!(
        out,
        "{} has all roles; enrol the others by `ijkpunt review enrol`.\n",
        args.first
    )?;
    show(&policy, out)
}

pub(super) fn policy(args: &PolicyArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, person) = args.hand.open()?;
    let mut policy = reviews.policy().clone();
    args.rules.apply(&mut policy);
    if policy == *reviews.policy() {
        return show(&policy, out);
    }
    reviews.set_policy(&person, &policy, args.hand.now())?;
    show(&policy, out)
}

fn show(policy: &Policy, out: &mut impl Write) -> Result<(), Failure> {
    let hours = |hours: Option<u32>, none: &str| {
        hours.map_or_else(|| none.to_owned(), |hours| format!("{hours} hours"))
    };
    let wire = &policy.tripwire;
    let mut table = Table::of(["platform".to_owned(), policy.platform.to_string()]);
    table.row(["second person".to_owned(), policy.second.name().to_owned()]);
    table.row([
        "hold".to_owned(),
        hours(
            policy.hold_hours,
            "none: uploads are seen until a person decides",
        ),
    ]);
    table.row([
        "look within".to_owned(),
        hours(policy.review_hours, "no time set"),
    ]);
    let source = if policy.is_specific_measure {
        "a specific measure (article 5 TCO)"
    } else {
        "voluntary"
    };
    table.row(["screening is".to_owned(), source.to_owned()]);
    let breaker = format!(
        "{} decisions or more in {} days, {} people or more against it, surely more than {} %",
        wire.least_reviewed, wire.window_days, wire.least_people, wire.share_percent
    );
    table.row(["breaker".to_owned(), breaker]);
    Ok(table.write("", out)?)
}

#[derive(clap::Args)]
pub(crate) struct EnrolArgs {
    /// The pseudonym, which stays in the records: no name
    #[arg(value_name = "PERSON", value_parser = text::<64>)]
    person: Pseudonym,
    /// What they are trusted to do, separated by commas: reviewer, complaints, supervisor
    #[arg(long, value_name = "ROLES", value_delimiter = ',', required = true)]
    roles: Vec<Role>,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn enrol(args: &EnrolArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, by) = args.hand.open()?;
    let roles: BTreeSet<Role> = args.roles.iter().copied().collect();
    let person = reviews.enrol(&by, &args.person, &roles, args.hand.now())?;
    Ok(writeln!(
        out,
        "{}: {}",
        person.pseudonym(),
        names(person.roles())
    )?)
}

#[derive(clap::Args)]
pub(crate) struct LeftArgs {
    /// Who has left
    #[arg(value_name = "PERSON")]
    person: String,
    #[command(flatten)]
    hand: Hand,
}

pub(super) fn left(args: &LeftArgs, out: &mut impl Write) -> Result<(), Failure> {
    let (mut reviews, by) = args.hand.open()?;
    reviews.has_left(&by, &args.person, args.hand.now())?;
    Ok(writeln!(
        out,
        "{} may do nothing here any more; what they decided stands",
        args.person
    )?)
}

#[derive(clap::Args)]
pub(crate) struct PeopleArgs {
    #[command(flatten)]
    home: Home,
}

pub(super) fn people(args: &PeopleArgs, out: &mut impl Write) -> Result<(), Failure> {
    let reviews = args.home.read()?;
    let mut table = Table::new(["PERSON", "ROLES"]);
    for (person, roles) in reviews.people() {
        table.row([person.to_string(), names(roles)]);
    }
    Ok(table.write("", out)?)
}

fn names(roles: &BTreeSet<Role>) -> String {
    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    names.join(", ")
}
