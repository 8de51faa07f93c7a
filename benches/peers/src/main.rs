//! Times other implementations and ours in turn, on the same pixels or codes. `README.md` says how, and what is not fair.

mod arguments;
mod clock;
mod contest;
mod lookups;
mod ours;
mod pictures;
mod plot;
mod report;
mod rust_peers;
#[path = "../../sets/mod.rs"]
mod sets;
mod worker;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arguments::{Arguments, Bench, USAGE};
use contest::{Contestant, Kinship};
use ijkpunt::hash::Kernel;
use lookups::Plan;
use pictures::{Raw, Scene};
use report::Row;
use serde::Serialize;
use worker::Worker;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n{USAGE}");
            return ExitCode::from(64);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints each row as JSON when it is there, and all as a table in the end.
fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    match &arguments.bench {
        Bench::Hash {
            sizes,
            peers,
            kernels,
        } => {
            let mut rows = Vec::new();
            for &size in sizes {
                let of_size = hash(arguments, size, peers, kernels)?;
                of_size.iter().try_for_each(print_json)?;
                rows.extend(of_size);
            }
            eprintln!("\n{}", report::table(&rows));
        }
        Bench::DecodeHash => {
            let row = decode_hash(arguments)?;
            print_json(&row)?;
            eprintln!("\n{}", report::table(&[row]));
        }
        Bench::Index {
            codes,
            sets,
            peers,
            kernels,
            radius,
            queries,
        } => {
            let plan = Plan {
                peers,
                kernels,
                radius: *radius,
                queries: *queries,
                rounds: arguments.rounds,
                scratch: &arguments.scratch,
                python: arguments.python.as_deref(),
            };
            let mut rows = Vec::new();
            for &set in sets {
                for &codes in codes {
                    plan.run(set, codes, |row| {
                        print_json(&row)?;
                        rows.push(row);
                        Ok(())
                    })?;
                }
            }
            eprintln!("\n{}", lookups::table(&rows));
        }
        Bench::Plot { file } => {
            let rows = plot::read(std::io::stdin().lock())?;
            plot::draw(&rows, file)?;
            println!("{}", lookups::markdown(&rows));
        }
    }
    Ok(())
}

fn print_json(row: &impl Serialize) -> Result<(), Box<dyn Error>> {
    println!("{}", serde_json::to_string(row)?);
    Ok(())
}

/// Decoded pixels to a hash, at one size: a row for each kernel of ours and each peer.
fn hash(
    arguments: &Arguments,
    (width, height): (u32, u32),
    peers: &[&'static str],
    kernels: &[Kernel],
) -> Result<Vec<Row>, Box<dyn Error>> {
    let scene = Scene::of(arguments.photo.as_deref(), width, height)?;
    let mut contestants = Vec::new();
    for &kernel in kernels {
        contestants.push(ours::hash(&scene, kernel)?);
    }
    {
        let raw = Raw::write(&scene, &arguments.scratch)?;
        for peer in peers {
            contestants.push(contestant(peer, arguments, &scene, &raw)?);
        }
    }

    // Whoever is chosen, our bits are judged by an implementation that is not ours.
    let judged = contestants.len();
    if !peers.contains(&"pdqhash-crates") {
        contestants.push(rust_peers::pdqhash(&scene)?);
    }
    let distances = contest::check(&mut contestants)?;
    contestants.truncate(judged);

    let size = format!("{width}x{height}");
    eprintln!(
        "{size}: our hash is that of pdqhash-crates; {} rounds",
        arguments.rounds
    );
    let times = contest::rounds(&mut contestants, arguments.rounds)?;
    let mut rows = Vec::new();
    for (kernel, ours) in kernels.iter().zip(&times) {
        let theirs = contestants.iter().zip(&times).zip(&distances);
        rows.extend(
            theirs
                .skip(kernels.len())
                .map(|((peer, theirs), &bits)| Row {
                    distance_bits: bits,
                    version: peer.description().to_owned(),
                    ..Row::of("hash", &size, peer.name(), kernel.name(), ours, theirs)
                }),
        );
    }
    Ok(rows)
}

fn contestant(
    peer: &'static str,
    arguments: &Arguments,
    scene: &Scene,
    raw: &Raw,
) -> Result<Box<dyn Contestant>, Box<dyn Error>> {
    let mut worker = match peer {
        "pdqhash-crates" => return rust_peers::pdqhash(scene),
        "image_hasher" => return rust_peers::image_hasher(scene),
        "img_hash" => return rust_peers::img_hash(scene),
        arguments::REFERENCE => {
            let program = arguments.reference.as_deref();
            Worker::reference(program.ok_or("pdq-cpp: set IJKPUNT_PDQ_CPP")?, peer)?
        }
        "pdqhash-pypi" => Worker::python(python(arguments)?, peer, Kinship::Near)?,
        _ => Worker::python(python(arguments)?, peer, Kinship::Other)?,
    };
    worker.load(raw)?;
    Ok(Box::new(worker))
}

fn python(arguments: &Arguments) -> Result<&Path, Box<dyn Error>> {
    let python = arguments.python.as_deref();
    Ok(python.ok_or("peers of PyPI: start this by benches/peers/run, which installs them")?)
}

/// A JPEG of 12 megapixels to its hash.
fn decode_hash(arguments: &Arguments) -> Result<Row, Box<dyn Error>> {
    let (width, height) = (4000, 3000);
    let photo = arguments.photo.clone().or_else(photo_of_the_corpus);
    let mut peer = Worker::python(python(arguments)?, "pillow+pdqhash-pypi", Kinship::Near)?;
    let jpeg = arguments.scratch.join("decode-hash.jpg");
    {
        let scene = Scene::of(photo.as_deref(), width, height)?;
        let raw = Raw::write(&scene, &arguments.scratch)?;
        peer.load(&raw)?;
        peer.jpeg(&jpeg)?; // Pillow writes it: the encoder of crate `image` does not halve chroma
        peer.file(&jpeg)?;
    }
    let bytes = fs::read(&jpeg).map_err(|error| format!("{}: {error}", jpeg.display()))?;
    let source = photo.as_deref().and_then(Path::file_name);
    eprintln!(
        "{width}x{height} baseline JPEG, quality 85, 4:2:0, {} bytes, of {}; {} rounds",
        bytes.len(),
        source.map_or("the drawn scene".into(), |name| name.to_string_lossy()),
        arguments.rounds
    );

    let mut contestants: Vec<Box<dyn Contestant + '_>> = vec![
        ours::decode_and_hash(&bytes),
        Box::new(peer),
        ours::decode(&bytes),
    ];
    let distances = contest::check(&mut contestants)?;
    let times = contest::rounds(&mut contestants, arguments.rounds)?;
    let [ours, theirs, decoding] = &times[..] else {
        return Err("three contestants, and not three times".into());
    };
    let (total_ms, decode_ms) = (clock::median(ours), clock::median(decoding));
    let hash_share = (total_ms - decode_ms) / total_ms;
    eprintln!(
        "ours: {total_ms:.1} ms, of which decoding {decode_ms:.1} ms; hashing is {:.0} %",
        100.0 * hash_share
    );
    let peer = &contestants[1];
    Ok(Row {
        distance_bits: distances[1],
        version: peer.description().to_owned(),
        ours_decode_ms: Some(report::rounded(decode_ms)),
        ours_hash_share: Some(report::rounded(hash_share)),
        ..Row::of(
            "decode-hash",
            &format!("{width}x{height}"),
            peer.name(),
            Kernel::best().name(),
            ours,
            theirs,
        )
    })
}

/// The largest picture of the corpus that the tests use, if there is one.
fn photo_of_the_corpus() -> Option<PathBuf> {
    let corpus = PathBuf::from(std::env::var_os("IJKPUNT_CORPUS")?);
    let photo = corpus.join("pdq/lossless/bridge-mods_aaa-orig.png");
    photo.is_file().then_some(photo)
}
