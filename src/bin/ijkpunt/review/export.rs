//! `ijkpunt review export`, `verify`, `verify-export`, `rebuild`.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;

use ijkpunt::limits::Limits;
use ijkpunt::review::verify_export as verify;

use super::home::Home;
use crate::Failure;
use crate::output::count;

#[derive(clap::Args)]
pub(crate) struct ExportArgs {
    /// Where to write; it is made anew
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    home: Home,
}

pub(super) fn export(args: &ExportArgs, out: &mut impl Write) -> Result<(), Failure> {
    let reviews = args.home.read()?;
    let path = args.output.display();
    let file = File::create_new(&args.output)
        .map_err(|error| format!("{path}: {error}: name a file that is not there yet"))?;
    let mut file = BufWriter::new(file);
    let head = reviews
        .export(&mut file)?
        .and_then(|head| file.flush().map(|()| head));
    let head = head.map_err(|error| format!("{path}: {error}"))?;
    Ok(writeln!(
        out,
        "{path}: {}, no text about a person\nhead {} {}",
        count(head.records, "record"),
        head.records,
        head.chain
    )?)
}

#[derive(clap::Args)]
pub(crate) struct VerifyExportArgs {
    /// What `export` wrote
    export: PathBuf,
    /// The head that was told earlier, elsewhere: its number and its 64 digits
    #[arg(long, value_names = ["NUMBER", "DIGITS"], num_args = 2)]
    head: Option<Vec<String>>,
}

pub(super) fn verify_export(args: &VerifyExportArgs, out: &mut impl Write) -> Result<(), Failure> {
    let path = args.export.display();
    let file = File::open(&args.export).map_err(|error| format!("{path}: {error}"))?;
    let head = verify(BufReader::new(file), &Limits::default())
        .map_err(|error| format!("{path}: {error}"))?;
    let found = [head.records.to_string(), head.chain.to_string()];
    match &args.head {
        Some(told) if **told != found => Err(format!(
            "{path}: another head ({} {}): it is not the file of which that head was told",
            found[0], found[1]
        )
        .into()),
        _ => Ok(writeln!(
            out,
            "{path}: {}, unbroken\nhead {} {}",
            count(head.records, "record"),
            head.records,
            head.chain
        )?),
    }
}

#[derive(clap::Args)]
pub(crate) struct VerifyArgs {
    /// Make anew what is kept beside the records, before it is verified
    #[arg(long)]
    rebuild: bool,
    #[command(flatten)]
    home: Home,
}

pub(super) fn verify_file(args: &VerifyArgs, out: &mut impl Write) -> Result<(), Failure> {
    let reviews = if args.rebuild {
        let mut reviews = args.home.open()?;
        reviews.rebuild()?;
        reviews
    } else {
        args.home.read()?
    };
    let head = reviews.verify(|_, _| ())?;
    writeln!(
        out,
        "{}: {} of {}, each as it was added, and each follows from those before it",
        reviews.path().display(),
        count(head.records, "record"),
        count(reviews.len()?.into(), "case")
    )?;
    Ok(writeln!(
        out,
        "head {} {}\nKeep it where others see it: with it `verify-export` tells whether something was taken away.",
        head.records, head.chain
    )?)
}
