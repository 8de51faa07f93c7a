//! `ijkpunt review page`: what a person decides by, as one file of HTML.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use ijkpunt::limits::Limits;
use ijkpunt::review::page::{self, Shown, Upload};
use ijkpunt::review::{CaseId, Language, Reviews};

use super::home::Home;
use crate::Failure;
use crate::output::count;

#[derive(clap::Args)]
pub(crate) struct PageArgs {
    /// Cases by their numbers, or a file of lines that `ijkpunt screen --json --evidence` wrote
    #[arg(value_name = "CASE|MATCHES.jsonl", required = true)]
    of: Vec<String>,
    /// Where to write the page; it replaces what is there
    #[arg(short, long, value_name = "FILE.html")]
    output: PathBuf,
    /// A picture of the upload, where there is one case: blurred until it is clicked
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
    /// The language: en or nl
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::English)]
    language: Language,
    #[command(flatten)]
    home: Home,
}

pub(super) fn write(args: &PageArgs, out: &mut impl Write) -> Result<(), Failure> {
    let limits = Limits::default();
    let uploads = uploads(args, &limits)?;
    let mut shown: Vec<Shown<'_>> = uploads.iter().map(Shown::new).collect();
    let preview = args
        .preview
        .as_deref()
        .map(|path| fs::read(path).map_err(|error| format!("{}: {error}", path.display())));
    let preview = preview.transpose()?;
    if let Some(preview) = &preview {
        let [upload] = uploads.as_slice() else {
            return Err("a preview is of one upload: name one case".into());
        };
        shown = vec![Shown::new(upload).with_preview(preview, &limits)?];
    }
    let mut html = Vec::new();
    page::write(&shown, args.language, args.home.now(), &mut html)?;
    fs::write(&args.output, &html)
        .map_err(|error| format!("{}: {error}", args.output.display()))?;
    let path = args.output.display();
    Ok(writeln!(
        out,
        "{path}: {} in {} KB. It is as sensitive as the list: keep it among those who review.",
        count(uploads.len() as u64, "upload"),
        html.len().div_ceil(1000)
    )?)
}

fn uploads(args: &PageArgs, limits: &Limits) -> Result<Vec<Upload>, Failure> {
    let cases: Result<Vec<u32>, _> = args.of.iter().map(|of| of.parse()).collect();
    if let Ok(cases) = cases {
        let reviews = args.home.read()?;
        return cases
            .into_iter()
            .map(|case| of_case(&reviews, CaseId(case), limits))
            .collect();
    }
    let [file] = args.of.as_slice() else {
        return Err("name cases by their numbers, or one file".into());
    };
    let bytes = Home::bytes(file.as_ref())?;
    let lines = (1..)
        .zip(bytes.split(|byte| *byte == b'\n'))
        .filter(|(_, line)| !line.is_empty());
    let mut uploads = Vec::new();
    for (number, line) in lines {
        let upload = Upload::read(line, limits)
            .map_err(|error| format!("{file}, line {number}: {error}"))?;
        if !upload.matches.is_empty() {
            uploads.push(upload);
        }
    }
    match uploads.is_empty() {
        true => {
            Err(format!("{file}: nothing matched in it, so there is nothing to decide by").into())
        }
        false => Ok(uploads),
    }
}

/// What was handed in with a case.
pub(super) fn of_case(reviews: &Reviews, case: CaseId, limits: &Limits) -> Result<Upload, Failure> {
    let story = reviews.story(case)?;
    let Some(evidence) = story.evidence.filter(|_| !story.entries.is_empty()) else {
        return Err(format!("case {case}: there is no evidence with it: it comes of an order or a sample, was opened without, or it was erased").into());
    };
    Ok(Upload::read(evidence.as_bytes(), limits)
        .map_err(|error| format!("case {case}: {error}"))?)
}
