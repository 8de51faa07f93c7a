//! The stack that one would pick from a list of well-known crates, and ours, on the same drawn pictures: what hashing, building,
//! opening and a lookup take, and which copies are found. `benches/peers/run card [--codes 100k]`; `../README.md` says more.

#[path = "../../src/clock.rs"]
mod clock;
#[path = "../../../sets/mod.rs"]
mod sets;
mod stacks;

use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

use ijkpunt::hash::{Hasher, Quality};
use ijkpunt::picture::Picture;
use img_hash::image::imageops::{FilterType, resize};
use img_hash::image::{Rgb, RgbImage};
use peak_alloc::PeakAlloc;
use serde::Serialize;

use clock::{cpu_nanoseconds, median};
use sets::{Dice, Edit};
use stacks::{Card, Code, Mapped, Ours, Read, Stack};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() -> ExitCode {
    match entries().and_then(|entries| run(&Pictures::new(entries)?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("card: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How many, from the command line.
fn entries() -> Result<usize, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(100_000),
        ["--codes", count] => Ok(count.replace('k', "000").parse::<usize>()?.max(COPIED)),
        _ => Err("usage: benches/peers/run card [--codes 100k]".into()),
    }
}

fn run(pictures: &Pictures) -> Result<(), Box<dyn Error>> {
    let rows = [
        measured::<Card>(pictures)?,
        measured::<Ours>(pictures)?,
        measured::<Read>(pictures)?,
        measured::<Mapped>(pictures)?,
    ];
    for row in &rows {
        println!("{}", serde_json::to_string(row)?);
    }
    eprintln!("\n{}", table(&rows));
    Ok(())
}

/// What both are given.
struct Pictures {
    /// Of which the first have copies.
    listed: Vec<RgbImage>,
    /// An edit's name, and copies of the first that are listed, in their order.
    copies: Vec<(&'static str, Vec<RgbImage>)>,
    strangers: Vec<RgbImage>,
    /// One of a usual size.
    upload: RgbImage,
}

impl Pictures {
    fn new(entries: usize) -> Result<Self, Box<dyn Error>> {
        eprintln!("drawing {entries} pictures");
        let mut listed = drawn(1, COPIED, 256)?;
        listed.extend(drawn(2, entries - COPIED, 64)?);
        let originals = &listed[..COPIED];
        let scaled = |picture: &RgbImage| resize(picture, 160, 160, FilterType::Triangle);
        let mut copies = vec![
            ("same", originals.to_vec()),
            ("scaled", originals.iter().map(scaled).collect()),
        ];
        for edit in Edit::ALL {
            let mut dice = Dice::new(4, 0);
            let edited = originals
                .iter()
                .map(|picture| copy(picture, edit, &mut dice));
            copies.push((edit.name(), edited.collect()));
        }
        Ok(Self {
            copies,
            strangers: drawn(3, STRANGERS, 64)?,
            upload: drawn(5, 1, 512)?.remove(0),
            listed,
        })
    }
}

/// Scenes with enough detail for a list.
fn drawn(seed: u64, count: usize, side: u32) -> Result<Vec<RgbImage>, Box<dyn Error>> {
    let (mut pictures, mut grey, mut hasher) = (Vec::new(), Vec::new(), Hasher::new());
    let mut number = 0;
    while pictures.len() < count {
        number += 1;
        sets::draw(&mut Dice::new(seed, number), side as usize, &mut grey);
        let picture = Picture::grey(side, side, side as usize, &grey[..])?;
        if hasher.hash(&picture)?.quality() >= Quality::DEFAULT_MINIMUM {
            pictures.push(rgb(side, &grey));
        }
    }
    Ok(pictures)
}

fn copy(picture: &RgbImage, edit: Edit, dice: &mut Dice) -> RgbImage {
    let side = picture.width();
    let mut grey = picture.pixels().map(|pixel| pixel[0]).collect();
    edit.apply(dice, side as usize, &mut grey);
    rgb(side, &grey)
}

fn rgb(side: u32, grey: &[u8]) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| Rgb([grey[(y * side + x) as usize]; 3]))
}

/// Seconds and microseconds are CPU time.
#[derive(Serialize)]
struct Row {
    bench: &'static str,
    stack: &'static str,
    codes: usize,
    /// One RGB picture of 512 x 512.
    hash_us: f64,
    build_s: f64,
    /// The median of several; the file is in memory already, where the system keeps those that were read.
    open_s: f64,
    file_bytes: u64,
    /// Allocated, or mapped, by what was opened. What is mapped of a file, processes share.
    memory_bytes: usize,
    /// A lookup of a picture that is not listed.
    miss_us: f64,
    /// Entries that were found for those.
    miss_strangers: usize,
    /// By edit: the part of copies whose original was found, and how many other entries were found with them.
    copies: Vec<(&'static str, f64, usize)>,
}

fn measured<S: Stack>(pictures: &Pictures) -> Result<Row, Box<dyn Error>> {
    eprintln!("{}", S::NAME);
    let mut hasher = S::hasher();
    let mut hashed = |pictures: &[RgbImage]| {
        pictures
            .iter()
            .map(&mut hasher)
            .collect::<Result<Vec<Code>, _>>()
    };
    let codes = hashed(&pictures.listed)?;
    let strangers = hashed(&pictures.strangers)?;
    let upload = vec![pictures.upload.clone(); 20];
    let (_, hash_s) = timed(|| hashed(&upload));

    let file = env::temp_dir().join(format!("{}.card", std::process::id()));
    let (list, build_s) = timed(|| S::build(&codes));
    let list = list?;
    list.store(&file)?;
    drop(list);
    let before = MEMORY.current_usage();
    let (opened, open_s) = timed(|| S::open(&file));
    let opened = opened?;
    let memory_bytes = MEMORY.current_usage() - before + opened.paged();
    let mut opens = vec![open_s];
    for _ in 1..ROUNDS {
        let (again, open_s) = timed(|| S::open(&file));
        drop(again?);
        opens.push(open_s);
    }
    let file_bytes = fs::metadata(&file)?.len();
    fs::remove_file(&file)?;

    let (mut times, mut miss_strangers) = (Vec::new(), 0);
    for round in 0..ROUNDS {
        for &code in &strangers {
            let (found, seconds) = timed(|| opened.find(code));
            times.push(1e6 * seconds);
            miss_strangers += if round == 0 { found.len() } else { 0 };
        }
    }
    let mut copies = Vec::new();
    for (edit, pictures) in &pictures.copies {
        let (mut found, mut others) = (0, 0);
        for (original, code) in hashed(pictures)?.into_iter().enumerate() {
            let entries = opened.find(code);
            let is_found = entries.contains(&original);
            found += usize::from(is_found);
            others += entries.len() - usize::from(is_found);
        }
        copies.push((*edit, ratio(found, COPIED), others));
    }
    Ok(Row {
        bench: "card",
        stack: S::NAME,
        codes: codes.len(),
        hash_us: rounded(1e6 * hash_s / 20.0),
        build_s: rounded(build_s),
        open_s: rounded(median(&opens)),
        file_bytes,
        memory_bytes,
        miss_us: rounded(median(&times)),
        miss_strangers,
        copies,
    })
}

fn table(rows: &[Row]) -> String {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    let mut line = |name: &str, value: &dyn Fn(&Row) -> String| {
        lines.push((name.to_owned(), rows.iter().map(value).collect()));
    };
    line("", &|row| row.stack.to_owned());
    line("hash 512 x 512, us", &|row| format!("{:.0}", row.hash_us));
    line("build, s", &|row| format!("{:.3}", row.build_s));
    line("open the file, ms", &|row| {
        format!("{:.1}", 1e3 * row.open_s)
    });
    line("file, bytes a code", &|row| row.each(row.file_bytes));
    line("memory, bytes a code", &|row| {
        row.each(row.memory_bytes as u64)
    });
    line("lookup of a miss, us", &|row| format!("{:.1}", row.miss_us));
    line("entries found for misses", &|row| {
        row.miss_strangers.to_string()
    });
    for place in 0..rows.first().map_or(0, |row| row.copies.len()) {
        line(rows[0].copies[place].0, &|row| {
            let (_, found, others) = row.copies[place];
            format!("{:.1} %, {others} others", 100.0 * found)
        });
    }
    let width = |values: &[String]| {
        let values = values.iter().map(|value| format!("{value:>28}"));
        values.collect::<Vec<_>>().join(" ")
    };
    let lines = lines
        .iter()
        .map(|(name, values)| format!("{name:<26}{}", width(values)));
    let head = format!(
        "{} codes, {STRANGERS} misses, {COPIED} copies an edit\n",
        rows[0].codes
    );
    head + &lines.collect::<Vec<_>>().join("\n")
}

impl Row {
    fn each(&self, bytes: u64) -> String {
        (bytes / self.codes as u64).to_string()
    }
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[expect(clippy::cast_precision_loss, reason = "for a table")]
fn ratio(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "2^53 nanoseconds are a hundred days"
)]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begin = cpu_nanoseconds();
    let done = work();
    let end = cpu_nanoseconds();
    (done, (end - begin) as f64 / 1e9)
}

const COPIED: usize = 500;
const STRANGERS: usize = 200;
const ROUNDS: usize = 5;
