//! Bytes of an upload to a verdict, against a list of 10,000: `screen/FORMAT/list10k/VERDICT`, by default effort. Decoding is
//! included. And pictures that match nothing: `screen/SIDES/list10k/EFFORT`; of those with points, against a million codes, which are entries with 26
//! windows each: `screen/stones-SIDES/list1m/EFFORT`.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::Criterion;
use ijkpunt::baseline::{List, NewRow, Part};
use ijkpunt::screen::{Effort, Screener, Screening, Surface};
use ijkpunt::{Pdq, Picture};
use sha2::{Digest as _, Sha256};

/// One JPEG and one PNG of testdata, and their hashes by the reference implementation (`testdata/reference.csv`).
const UPLOADS: [(&str, &str, &str); 2] = [
    (
        "jpeg",
        "jpeg/baseline-420.jpg",
        "45ad3358dd2484f3669a7289e1b6cda4f74ecdcce9685ce1195b873630a5d438",
    ),
    (
        "png",
        "png/scene-513x300.png",
        "129c095b98fc3865ad74003a7d6c00977da2b149124569a7fac3d3d3f693fc6e",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("screen");
    for (format, file, hash) in UPLOADS {
        let bytes = fs::read(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("testdata/pictures")
                .join(file),
        )?;
        for (verdict, known) in [("no_match", None), ("match", Some(hash))] {
            let screener = screener(known, Effort::default())?;
            assert_verdict(&screener.screen(&bytes), verdict);
            group.bench_function(format!("{format}/list10k/{verdict}"), |bencher| {
                bencher.iter(|| screener.screen(black_box(&bytes)));
            });
        }
    }
    for (width, height) in [(320, 240), (512, 512), (1920, 1080), (4000, 3000)] {
        let picture = scene(width, height)?;
        for effort in Effort::ALL {
            let screener = screener(None, effort)?;
            assert_verdict(&screener.screen_picture(&picture), "no_match");
            group.bench_function(format!("{width}x{height}/list10k/{effort}"), |bencher| {
                bencher.iter(|| screener.screen_picture(black_box(&picture)));
            });
        }
    }
    for (width, height) in [(481, 321), (1920, 1080)] {
        let picture = stones(width, height)?;
        for effort in Effort::ALL {
            let screener = build(with_windows(37_000)?, effort)?;
            assert_verdict(&screener.screen_picture(&picture), "no_match");
            group.bench_function(
                format!("stones-{width}x{height}/list1m/{effort}"),
                |bencher| {
                    bencher.iter(|| screener.screen_picture(black_box(&picture)));
                },
            );
        }
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn assert_verdict(screening: &Screening, verdict: &str) {
    assert_eq!(screening.name(), verdict);
    if let Screening::Match(matched) = screening {
        let entries: Vec<&str> = matched.evidence().iter().map(|e| &*e.entry).collect();
        assert_eq!(entries, ["known"]);
    }
}

/// Ten thousand rows that are near to nothing, the last of them the known one, if there is one.
fn screener(known: Option<&str>, effort: Effort) -> Result<Screener, Box<dyn Error>> {
    let mut csv = String::from("id,pdq\n");
    for row in 0..10_000 {
        match known {
            Some(hash) if row == 9_999 => writeln!(csv, "known,{hash}")?,
            _ => writeln!(csv, "row-{row},{}", random(row))?,
        }
    }
    build(List::from_bytes(csv.as_bytes())?, effort)
}

/// So many entries that are near to nothing, each with 26 windows.
fn with_windows(entries: u32) -> Result<List, Box<dyn Error>> {
    let mut rows = Vec::new();
    for entry in 0..entries {
        let id = format!("entry-{entry}");
        for row in 0..27 {
            let digest: [u8; 32] = Sha256::digest((entry * 27 + row).to_be_bytes()).into();
            let whole = NewRow::new(&*id, Pdq::from_bytes(digest));
            rows.push(match row {
                0 => whole,
                _ => whole.window(Part::new([2500, 2500, 7500, 7500])?),
            });
        }
    }
    Ok(List::from_rows(rows)?)
}

fn build(list: List, effort: Effort) -> Result<Screener, Box<dyn Error>> {
    let screener = Screener::builder()
        .list("bench", list)
        .effort(effort)
        .surface(Surface::Public);
    Ok(screener.build()?)
}

/// Waves across each other, with detail everywhere as a photograph has it.
fn scene(width: u32, height: u32) -> Result<Picture<'static>, Box<dyn Error>> {
    let pixel = |k: u32| {
        let [x, y] = [f64::from(k % width), f64::from(k / width)];
        let (x, y) = (x / f64::from(width), y / f64::from(height));
        let wave = |n: u32| {
            let turn = f64::from(n * 7 + 13);
            let finer = f64::from(n).sqrt();
            ((turn.sin() * 9.0 * x + turn.cos() * 11.0 * y) * finer + turn).sin() / finer
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a shade, and `as` saturates"
        )]
        let shade = (128.0 + 30.0 * (1..12).map(wave).sum::<f64>()) as u8;
        [shade, shade / 2 + 60, 255 - shade]
    };
    let pixels: Vec<u8> = (0..width * height).flat_map(pixel).collect();
    Ok(Picture::rgb(width, height, 3 * width as usize, pixels)?)
}

/// Ellipses of all sizes and shades, one on the other: a picture with as many points as a photograph.
fn stones(width: u32, height: u32) -> Result<Picture<'static>, Box<dyn Error>> {
    let mut pixels = vec![128; (width * height) as usize];
    let mut state = 7u32;
    let mut next = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % most
    };
    for stone in 0..400 {
        let (x, y, shade) = (next(width), next(height), next(256));
        let largest = (height / 5).saturating_sub(stone).max(height / 40);
        let (wide, high) = (4 + next(largest), 4 + next(largest));
        for v in y.saturating_sub(high)..(y + high).min(height) {
            for u in x.saturating_sub(wide)..(x + wide).min(width) {
                let (across, down) = (u.abs_diff(x) * high, v.abs_diff(y) * wide);
                if across.pow(2) + down.pow(2) < (wide * high).pow(2) {
                    pixels[(v * width + u) as usize] = u8::try_from(shade)?;
                }
            }
        }
    }
    Ok(Picture::grey(width, height, width as usize, pixels)?)
}

/// Digits without structure, the same in every run.
fn random(row: u32) -> String {
    let digest = Sha256::digest(row.to_be_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
