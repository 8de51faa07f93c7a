//! The command line. `run` adds the first three options itself.

use std::path::PathBuf;

use ijkpunt::hash::Kernel;

pub const USAGE: &str = "\
usage: benches/peers/run hash [--sizes 512,1080p,12mp,WxH] [--peers NAME,NAME] [--kernels avx2,portable]
                             [--rounds 9] [--photo FILE]
       benches/peers/run decode-hash [--rounds 9] [--photo FILE]

kernels: those that this CPU has, of portable, neon, avx2, avx512; by default the fastest.
peers of hash: pdqhash-pypi, imagehash-pypi, pdqhash-crates, image_hasher, img_hash;
and pdq-cpp, where IJKPUNT_PDQ_CPP names the folder pdq/cpp of ThreatExchange's sources.";

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
        kernels: Vec<Kernel>,
    },
    /// A JPEG's bytes to a hash.
    DecodeHash,
}

/// What `--peers` may name; the last only with a reference.
pub const PEERS: [&str; 6] = [
    "pdqhash-pypi",
    "imagehash-pypi",
    "pdqhash-crates",
    "image_hasher",
    "img_hash",
    REFERENCE,
];

pub const REFERENCE: &str = "pdq-cpp";

const SIZES: [(&str, (u32, u32)); 3] = [
    ("512", (512, 512)),
    ("1080p", (1920, 1080)),
    ("12mp", (4000, 3000)),
];

impl Arguments {
    /// None where help is asked for.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut arguments = arguments.into_iter();
        let (mut bench, mut sizes, mut peers, mut kernels) = (None, None, None, None);
        let (mut scratch, mut python, mut reference, mut photo) = (None, None, None, None);
        let mut rounds = 9;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--help" | "-h" => return Ok(None),
                "--scratch" => scratch = Some(PathBuf::from(value()?)),
                "--python" => python = Some(PathBuf::from(value()?)),
                "--reference" => reference = Some(PathBuf::from(value()?)),
                "--photo" => photo = Some(PathBuf::from(value()?)),
                "--sizes" => sizes = Some(each(&value()?, size)?),
                "--peers" => peers = Some(each(&value()?, peer)?),
                "--kernels" => kernels = Some(each(&value()?, kernel)?),
                "--rounds" => rounds = number(&value()?)?,
                "hash" | "decode-hash" if bench.is_none() => bench = Some(argument),
                _ => return Err(format!("not understood: {argument}")),
            }
        }
        let bench = match bench.as_deref() {
            Some("hash") => Bench::Hash {
                sizes: sizes.unwrap_or_else(|| SIZES.map(|(_, size)| size).to_vec()),
                peers: peers.unwrap_or_else(|| default_peers(reference.is_some())),
                kernels: kernels.unwrap_or_else(|| vec![Kernel::best()]),
            },
            Some(_) if sizes.is_some() || peers.is_some() || kernels.is_some() => {
                return Err("decode-hash has one size, one peer and the fastest kernel".to_owned());
            }
            Some(_) => Bench::DecodeHash,
            None => return Err("which bench?".to_owned()),
        };
        Ok(Some(Self {
            bench,
            rounds: rounds as usize,
            photo,
            scratch: scratch.unwrap_or_else(std::env::temp_dir),
            python,
            reference,
        }))
    }
}

fn default_peers(with_reference: bool) -> Vec<&'static str> {
    let mut peers = PEERS.to_vec();
    peers.retain(|&peer| peer != REFERENCE || with_reference);
    peers
}

fn each<T>(list: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    list.split(',').map(one).collect()
}

fn size(text: &str) -> Result<(u32, u32), String> {
    if let Some((_, size)) = SIZES.iter().find(|(name, _)| *name == text) {
        return Ok(*size);
    }
    let (width, height) = text
        .split_once('x')
        .ok_or(format!("no size: {text}; 512, 1080p, 12mp or WxH"))?;
    let (width, height) = (number(width)?, number(height)?);
    if width.min(height) < SMALLEST_PX || width.max(height) > LARGEST_PX {
        return Err(format!(
            "{text}: sides of {SMALLEST_PX} to {LARGEST_PX} pixels"
        ));
    }
    Ok((width, height))
}

fn peer(text: &str) -> Result<&'static str, String> {
    let known = PEERS.iter().find(|peer| **peer == text).copied();
    known.ok_or(format!("no peer: {text}; {}", PEERS.join(", ")))
}

fn kernel(text: &str) -> Result<Kernel, String> {
    let known = Kernel::ALL.into_iter().find(|kernel| kernel.name() == text);
    let kernel = known.ok_or(format!("no kernel: {text}"))?;
    if !kernel.is_supported() {
        return Err(format!("this CPU has no {text}"));
    }
    Ok(kernel)
}

fn number(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("no number above 0: {text}")),
    }
}

/// Above 64 x 64, which implementations disagree on (copied or filtered).
const SMALLEST_PX: u32 = 65;

/// 8192 x 8192 pixels in several types are a gigabyte.
const LARGEST_PX: u32 = 8192;
