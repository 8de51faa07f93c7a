//! Pictures of something are far from all templates, and asked for normally.
//!
//! With `IJKPUNT_CORPUS` set, photographs, parts of them and the reference's own hashes are tried; `--nocapture` tells how near
//! they come.

#![cfg(feature = "image")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at what it did not expect, and tells what it measured"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::generic::{Asking, asking, nearest};
use ijkpunt::hash::{Hasher, Pdq, Quality};
use ijkpunt::picture::Samples;
use ijkpunt::{Limits, Picture, media};

/// Distances to the nearest template, in ascending order, and how many are not asked for normally.
fn measured(what: &str, codes: &[Pdq]) -> (Vec<u16>, usize) {
    let mut bits: Vec<u16> = codes.iter().map(|&code| nearest(code).0.bits()).collect();
    bits.sort_unstable();
    let flagged = codes.iter().filter(|&&code| asking(code) != Asking::Normal);
    let flagged = flagged.count();
    let nearest = &bits[..bits.len().min(8)];
    eprintln!(
        "{what}: {flagged} of {} flagged, {nearest:?} bits",
        codes.len()
    );
    (bits, flagged)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn frames(folder: &Path) -> Vec<(PathBuf, media::Frame)> {
    let (mut paths, limits) = (Vec::new(), Limits::default());
    files(folder, &mut paths);
    paths.sort();
    let decoded = paths.into_iter().flat_map(|path| {
        let frames: Vec<_> = media::frames(&fs::read(&path).unwrap(), &limits)
            .filter_map(Result::ok)
            .collect();
        frames.into_iter().map(move |frame| (path.clone(), frame))
    });
    decoded.collect()
}

/// The code of a picture with at least this quality.
fn code(picture: &Picture<'_>, least: u8) -> Option<Pdq> {
    let transform = Hasher::new().hash(picture).ok()?;
    (transform.quality() >= Quality::new(least).unwrap()).then(|| transform.pdq())
}

/// The samples of a picture, row behind row, as R, G and B.
fn rgb(picture: &Picture<'_>) -> Vec<u8> {
    let samples = picture.rows().flatten();
    match picture.samples() {
        Samples::Grey => samples.flat_map(|&grey| [grey; 3]).collect(),
        _ => samples.copied().collect(),
    }
}

fn corpus(folder: &str) -> Option<PathBuf> {
    let folder = Path::new(&std::env::var_os("IJKPUNT_CORPUS")?).join(folder);
    assert!(folder.exists(), "no {}", folder.display());
    Some(folder)
}

#[test]
fn drawn_scenes_of_the_test_data_are_asked_for_normally() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    let mut flagged = BTreeMap::new();
    for (path, frame) in frames(&folder) {
        let Some(code) = code(frame.picture(), 50) else {
            continue;
        };
        if asking(code) != Asking::Normal {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            flagged.insert(name, nearest(code));
        }
    }
    eprintln!("{flagged:?}");
    assert!(flagged.is_empty(), "{flagged:?}");
}

#[test]
fn no_photograph_is_flagged() {
    let Some(folder) = corpus("photos") else {
        return;
    };
    let photos = frames(&folder);
    let codes: Vec<Pdq> = photos
        .iter()
        .filter_map(|(_, frame)| code(frame.picture(), 50))
        .collect();
    assert!(codes.len() > 100);
    assert_eq!(measured("photographs", &codes).1, 0);
    let reference = frames(&corpus("pdq/images").unwrap());
    let codes: Vec<Pdq> = reference
        .iter()
        .filter_map(|(_, frame)| code(frame.picture(), 50))
        .collect();
    assert_eq!(measured("pictures of the reference", &codes).1, 0);
}

/// Windows of an entry are asked for as the entry is.
#[test]
fn hardly_any_part_of_a_photograph_is_flagged() {
    let Some(folder) = corpus("photos") else {
        return;
    };
    let mut codes = Vec::new();
    for (_, frame) in frames(&folder) {
        let photo = frame.picture();
        let rgb = rgb(photo);
        for place in 0..128 {
            let side = |side: u32| side * [3, 5][place % 2] / 10;
            let (width, height) = (side(photo.width()), side(photo.height()));
            let left = (photo.width() - width) as usize * (place / 2 % 8) / 7;
            let top = (photo.height() - height) as usize * (place / 16) / 7;
            let row_bytes = 3 * photo.width() as usize;
            let pixels = &rgb[top * row_bytes + 3 * left..];
            let window = Picture::rgb(width, height, row_bytes, pixels).unwrap();
            codes.extend(code(&window, 80));
        }
    }
    let (_, flagged) = measured("parts of photographs", &codes);
    assert!(flagged * 200 < codes.len());
}

#[test]
fn hardly_any_hash_of_the_reference_is_flagged() {
    let Some(folder) = corpus("pdq") else {
        return;
    };
    let text =
        ["haystack.txt", "needles.txt"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
    let codes: Vec<Pdq> = text
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_hexdigit()))
        .filter_map(|word| word.parse().ok())
        .collect();
    assert!(codes.len() > 1400);
    let (_, flagged) = measured("hashes of the reference's tests", &codes);
    assert!(flagged * 200 < codes.len());
}
