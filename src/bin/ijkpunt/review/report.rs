//! `ijkpunt review report`: what uploaders, the public, the Commission's database and the authorities are told.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::{Text, Time};
use ijkpunt::review::report::means::Figures;
use ijkpunt::review::report::statement::batches;
use ijkpunt::review::report::{Country, year};
use ijkpunt::review::{CaseId, Language, Traffic};
use ijkpunt::sign::{FeedbackReason, Signer, SigningKey};

use super::home::{self, Home, case};
use crate::Failure;
use crate::keys::{Key, Passphrase, check_new, write_new};
use crate::output::count;
use crate::words::{named, text, time};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// The counts of a year for the transparency report (article 7 TCO)
    Year(YearArgs),
    /// How well the automated means did: precision, and what a sample tells of what is missed (Implementing Regulation (EU) 2024/2835)
    Means(MeansArgs),
    /// Statements of reasons for the DSA Transparency Database, in batches of 100
    Statements(StatementsArgs),
    /// What the uploader of a case is told
    Notice(NoticeArgs),
}

pub(super) fn run(command: &Command, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        Command::Year(args) => counts(args, out),
        Command::Means(args) => means(args, out),
        Command::Statements(args) => statements(args, out),
        Command::Notice(args) => notice(args, out),
    }
}

/// In which form, and in which language.
#[derive(clap::Args)]
struct Form {
    /// The language: en or nl
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::English)]
    language: Language,
    /// A table for people, csv for spreadsheets, or json
    #[arg(long, value_name = "FORM", default_value = "table", value_parser = ["table", "csv", "json"])]
    form: String,
}

#[derive(clap::Args)]
pub(crate) struct YearArgs {
    /// Which year
    year: u16,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    home: Home,
}

fn counts(args: &YearArgs, out: &mut impl Write) -> Result<(), Failure> {
    let counted = args.home.read()?.year(args.year)?;
    let report = year::Report::new(counted).map_err(|flaws| {
        let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        format!(
            "the counts do not add up ({}): verify the file",
            flaws.join("; ")
        )
    })?;
    let text = match args.form.form.as_str() {
        "csv" => report.csv(args.form.language),
        "json" => report.json(),
        _ => report.markdown(args.form.language),
    };
    Ok(out.write_all(text.as_bytes())?)
}

#[derive(clap::Args)]
pub(crate) struct MeansArgs {
    /// The first day, or second
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Time,
    /// The first day, or second, that is not counted any more
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Time,
    /// How many uploads were screened in this time
    #[arg(long, value_name = "NUMBER")]
    screened: u64,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    home: Home,
}

fn means(args: &MeansArgs, out: &mut impl Write) -> Result<(), Failure> {
    let traffic = Traffic {
        from: args.from,
        until: args.until,
        screened: args.screened,
    };
    let figures = Figures::new(&args.home.read()?.means(traffic)?)?;
    let text = match args.form.form.as_str() {
        "csv" => figures.csv(args.form.language),
        "json" => figures.json(),
        _ => figures.markdown(args.form.language),
    };
    Ok(out.write_all(text.as_bytes())?)
}

#[derive(clap::Args)]
pub(crate) struct StatementsArgs {
    /// The first day, or second, of the decisions
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Time,
    /// The first day, or second, that is not told of any more
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Time,
    /// Where the decisions have effect: two-letter codes separated by commas; without it, the European Economic Area
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    scope: Vec<Country>,
    /// The folder to write the batches to, `statements-001.json` and on: each is the body of one call
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    #[command(flatten)]
    home: Home,
}

fn statements(args: &StatementsArgs, out: &mut impl Write) -> Result<(), Failure> {
    let reviews = args.home.read()?;
    let scope: BTreeSet<Country> = match args.scope.is_empty() {
        true => Country::all().collect(),
        false => args.scope.iter().copied().collect(),
    };
    let told = reviews.statements(args.from, args.until, &scope, args.home.now())?;
    std::fs::create_dir_all(&args.output)
        .map_err(|error| format!("{}: {error}", args.output.display()))?;
    for (number, batch) in (1..).zip(batches(&told.statements)?) {
        let path = args.output.join(format!("statements-{number:03}.json"));
        write_new(&path, &serde_json::to_vec_pretty(&batch)?, false)?;
        writeln!(out, "{}", path.display())?;
    }
    writeln!(
        out,
        "{}, one for each decision by which something was taken down; removal orders need none",
        count(told.statements.len() as u64, "statement")
    )?;
    match told.untold.as_slice() {
        [] => Ok(()),
        untold => {
            let cases: Vec<String> = untold
                .iter()
                .map(|(case, broken)| format!("case {case}: {broken}"))
                .collect();
            Err(format!(
                "{} could not be stated: {}",
                count(untold.len() as u64, "decision"),
                cases.join("; ")
            )
            .into())
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct NoticeArgs {
    /// Which case
    #[arg(value_parser = case)]
    case: CaseId,
    /// Where the uploader can complain, in words of that language
    #[arg(long, value_name = "TEXT", value_parser = text::<300>)]
    complaints: Option<Text<300>>,
    /// The language: en or nl
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::English)]
    language: Language,
    #[command(flatten)]
    home: Home,
}

fn notice(args: &NoticeArgs, out: &mut impl Write) -> Result<(), Failure> {
    let complaints = match &args.complaints {
        Some(complaints) => complaints.clone(),
        None => where_to_complain(args.language)?,
    };
    let reviews = args.home.read()?;
    let notice = reviews.notice(args.case, &complaints, args.language, args.home.now())?;
    Ok(out.write_all(notice.text(args.language)?.as_bytes())?)
}

/// Where most platforms have it.
pub(crate) fn where_to_complain(language: Language) -> Result<Text<300>, Failure> {
    Ok(Text::new(match language {
        Language::Dutch => "in de app, bij deze upload, onder \"klagen\"",
        _ => "in the app, at this upload, under \"complain\"",
    })?)
}

#[derive(clap::Args)]
pub(crate) struct FeedbackArgs {
    /// The entry: LIST/ENTRY, or its name, or the first digits of its id
    entry: String,
    /// The first day, or second, that is counted
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Time,
    /// The first day, or second, that is not counted any more; without it, now
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Time>,
    /// Why: tripped, withdrawn, periodic
    #[arg(long, value_name = "REASON", value_parser = named::<FeedbackReason>, default_value = "periodic")]
    why: FeedbackReason,
    /// Where to write it; nothing is overwritten
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    home: Home,
}

pub(super) fn feedback(args: &FeedbackArgs, out: &mut impl Write) -> Result<(), Failure> {
    check_new(&args.output)?;
    let mut reviews = args.home.open()?;
    let entry = home::entry(&reviews, &args.entry)?;
    let until = args.until.unwrap_or_else(|| args.home.now());
    let feedback = reviews.feedback(&entry, args.from, until, args.why)?;
    let signed = feedback.sign(&args.key.read()?)?;
    let mut json = signed.to_json();
    json.push('\n');
    write_new(&args.output, json.as_bytes(), false)?;
    let (reviewed, against) = (feedback.reviews.reviewed(), feedback.reviews.against());
    let path = args.output.display();
    Ok(writeln!(
        out,
        "{path}: {} of {entry}, {against} against the match; signed, and nothing of users in it. Send it to an authority.",
        count(reviewed.into(), "decision")
    )?)
}

#[derive(clap::Args)]
pub(crate) struct KeygenArgs {
    /// Where to write the key; its public half goes beside it, as FILE.pub
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

pub(super) fn keygen(args: &KeygenArgs, out: &mut impl Write) -> Result<(), Failure> {
    let public = public_file(&args.file);
    check_new(&args.file)?;
    check_new(&public)?;
    let passphrase = args.passphrase.choose()?;
    let key = SigningKey::generate()?;
    write_new(
        &args.file,
        key.to_pem(passphrase.as_bytes())?.as_bytes(),
        true,
    )?;
    write_new(&public, format!("{}\n", key.public_key()).as_bytes(), false)?;
    writeln!(
        out,
        "{}: the platform's key, encrypted. Keep it, a copy of it, and its passphrase.",
        args.file.display()
    )?;
    Ok(writeln!(
        out,
        "{}: its public half. Give it to the authorities, by a way that they trust.",
        public.display()
    )?)
}

fn public_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}
