//! The command line. `run` adds `--scratch`, `--python` and `--reference` itself.

use std::collections::HashMap;
use std::path::PathBuf;

use ijkpunt::hash::{self, Radius};
use ijkpunt::index;

use crate::lookups::Set;

pub const USAGE: &str = "\
usage: benches/peers/run hash [--sizes 512,1080p,12mp,WxH] [--peers NAME,NAME] [--kernels avx2,portable]
                             [--rounds 9] [--photo FILE]
       benches/peers/run decode-hash [--rounds 9] [--photo FILE]
       benches/peers/run index [--codes 10k,100k,1m] [--sets uniform,realistic] [--peers NAME,NAME]
                             [--kernels avx2,portable] [--radius 31] [--rounds 5] [--queries 1000]
       benches/peers/run plot FILE.svg <LINES.jsonl
       benches/peers/run card [--codes 100k]

kernels: those that this CPU has, of portable, neon, avx2, avx512; by default the fastest.
peers of hash: pdqhash-pypi, imagehash-pypi, pdqhash-crates, image_hasher, img_hash;
and pdq-cpp, where IJKPUNT_PDQ_CPP names the folder pdq/cpp of ThreatExchange's sources.
peers of index: faiss-flat, faiss-multihash, usearch, pynear-mih, pynear-bk, bk-tree, scan, ours-prefixes.
plot reads the lines that index wrote, draws misses in the realistic set, and prints tables as Markdown.";

pub struct Arguments {
    pub bench: Bench,
    pub rounds: usize,
    pub photo: Option<PathBuf>,
    /// A folder for files that are written once and large.
    pub scratch: PathBuf,
    /// The interpreter that has the peers of PyPI.
    pub python: Option<PathBuf>,
    /// The built driver of the C++ reference.
    pub reference: Option<PathBuf>,
}

pub enum Bench {
    /// Decoded pixels to a hash.
    Hash {
        sizes: Vec<(u32, u32)>,
        peers: Vec<&'static str>,
        kernels: Vec<hash::Kernel>,
    },
    /// A JPEG's bytes to a hash.
    DecodeHash,
    /// A hash to the rows near it.
    Index {
        codes: Vec<usize>,
        sets: Vec<Set>,
        peers: Vec<&'static str>,
        kernels: Vec<index::Kernel>,
        radius: Radius,
        queries: usize,
    },
    /// Lines of `Index` to a figure.
    Plot { file: PathBuf },
}

/// What `--peers` may name for `hash`; the last only with a reference.
pub const PEERS: [&str; 6] = [
    "pdqhash-pypi",
    "imagehash-pypi",
    "pdqhash-crates",
    "image_hasher",
    "img_hash",
    REFERENCE,
];

pub const REFERENCE: &str = "pdq-cpp";

/// What `--peers` may name for `index`.
pub const INDEX_PEERS: [&str; 8] = [
    "faiss-flat",
    "faiss-multihash",
    "usearch",
    "pynear-mih",
    "pynear-bk",
    "bk-tree",
    "scan",
    "ours-prefixes",
];

const SIZES: [(&str, (u32, u32)); 3] = [
    ("512", (512, 512)),
    ("1080p", (1920, 1080)),
    ("12mp", (4000, 3000)),
];

impl Arguments {
    /// None where help is asked for.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut arguments = arguments.into_iter();
        let (mut words, mut options) = (Vec::new(), Options::default());
        while let Some(argument) = arguments.next() {
            if argument == "--help" || argument == "-h" {
                return Ok(None);
            } else if argument.starts_with("--") {
                let value = arguments.next();
                let value = value.ok_or_else(|| format!("{argument} needs a value"))?;
                options.0.insert(argument, value);
            } else {
                words.push(argument);
            }
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let arguments = Self::of(&words, &mut options)?;
        match options.0.keys().next() {
            Some(option) => Err(format!("not understood here: {option}")),
            None => Ok(Some(arguments)),
        }
    }

    /// Takes from `options` what the bench knows.
    fn of(words: &[&str], options: &mut Options) -> Result<Self, String> {
        let reference = options.path("--reference");
        let mut photo = None;
        let mut rounds = HASH_ROUNDS;
        let bench = match words {
            ["hash"] => {
                photo = options.path("--photo");
                Bench::Hash {
                    sizes: options
                        .each("--sizes", size)?
                        .unwrap_or_else(|| SIZES.map(|(_, size)| size).to_vec()),
                    peers: options
                        .each("--peers", |text| known(text, &PEERS))?
                        .unwrap_or_else(|| default_peers(reference.is_some())),
                    kernels: options
                        .each("--kernels", hash_kernel)?
                        .unwrap_or_else(|| vec![hash::Kernel::best()]),
                }
            }
            ["decode-hash"] => {
                photo = options.path("--photo");
                Bench::DecodeHash
            }
            ["index"] => {
                rounds = INDEX_ROUNDS;
                Self::index(options)?
            }
            ["plot", file] => Bench::Plot { file: file.into() },
            [] => return Err("which bench?".to_owned()),
            words => return Err(format!("not understood: {}", words.join(" "))),
        };
        Ok(Self {
            bench,
            rounds: options.one("--rounds", number)?.unwrap_or(rounds),
            photo,
            scratch: options.path("--scratch").unwrap_or_else(std::env::temp_dir),
            python: options.path("--python"),
            reference,
        })
    }

    fn index(options: &mut Options) -> Result<Bench, String> {
        Ok(Bench::Index {
            codes: options
                .each("--codes", number)?
                .unwrap_or_else(|| vec![10_000, 100_000, 1_000_000]),
            sets: options
                .each("--sets", Set::named)?
                .unwrap_or_else(|| Set::ALL.to_vec()),
            peers: options
                .each("--peers", |text| known(text, &INDEX_PEERS))?
                .unwrap_or_else(|| INDEX_PEERS.to_vec()),
            kernels: options
                .each("--kernels", index_kernel)?
                .unwrap_or_else(|| vec![index::Kernel::best()]),
            radius: options.one("--radius", radius)?.unwrap_or_default(),
            queries: options.one("--queries", number)?.unwrap_or(1000),
        })
    }
}

/// Options that nobody has asked for yet.
#[derive(Default)]
struct Options(HashMap<String, String>);

impl Options {
    fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.0.remove(name).map(PathBuf::from)
    }

    fn one<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        self.0.remove(name).map(|text| parse(&text)).transpose()
    }

    fn each<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Vec<T>>, String> {
        self.one(name, |list| list.split(',').map(&parse).collect())
    }
}

fn default_peers(with_reference: bool) -> Vec<&'static str> {
    let mut peers = PEERS.to_vec();
    peers.retain(|&peer| peer != REFERENCE || with_reference);
    peers
}

fn size(text: &str) -> Result<(u32, u32), String> {
    if let Some((_, size)) = SIZES.iter().find(|(name, _)| *name == text) {
        return Ok(*size);
    }
    let sides = text
        .split_once('x')
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let (width, height): (u32, u32) =
        sides.ok_or(format!("no size: {text}; 512, 1080p, 12mp or WxH"))?;
    if width.min(height) < SMALLEST_PX || width.max(height) > LARGEST_PX {
        return Err(format!(
            "{text}: sides of {SMALLEST_PX} to {LARGEST_PX} pixels"
        ));
    }
    Ok((width, height))
}

fn known(text: &str, peers: &[&'static str]) -> Result<&'static str, String> {
    let known = peers.iter().find(|peer| **peer == text).copied();
    known.ok_or_else(|| format!("no peer: {text}; {}", peers.join(", ")))
}

fn hash_kernel(text: &str) -> Result<hash::Kernel, String> {
    let mut all = hash::Kernel::ALL.into_iter();
    let kernel = all.find(|kernel| kernel.name() == text && kernel.is_supported());
    kernel.ok_or(format!("no kernel of hash on this CPU: {text}"))
}

fn index_kernel(text: &str) -> Result<index::Kernel, String> {
    let mut all = index::Kernel::ALL.into_iter();
    let kernel = all.find(|kernel| kernel.name() == text && kernel.is_supported());
    kernel.ok_or(format!("no kernel of index on this CPU: {text}"))
}

fn radius(text: &str) -> Result<Radius, String> {
    let bits = text.parse().map_err(|_| format!("no radius: {text}"))?;
    Radius::new(bits).map_err(|error| error.to_string())
}

/// Above 0; `k` and `m` stand for thousands and millions.
fn number(text: &str) -> Result<usize, String> {
    let (digits, unit) = match text.strip_suffix(['k', 'm']) {
        Some(digits) if text.ends_with('k') => (digits, 1_000),
        Some(digits) => (digits, 1_000_000),
        None => (text, 1),
    };
    let number = digits.parse().ok();
    let number = number.and_then(|number: usize| number.checked_mul(unit));
    number
        .filter(|&number| number > 0)
        .ok_or(format!("no number above 0: {text}"))
}

const HASH_ROUNDS: usize = 9;
const INDEX_ROUNDS: usize = 5;

/// Above 64 x 64, which implementations disagree on (copied or filtered).
const SMALLEST_PX: u32 = 65;

/// 8192 x 8192 pixels in several types are a gigabyte.
const LARGEST_PX: u32 = 8192;
