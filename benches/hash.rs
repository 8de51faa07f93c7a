//! Decoded pixels to a hash: `hash/SAMPLES/WIDTHxHEIGHT`, and the oracle beside it. The pixels are decoded before.

use std::error::Error;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use ijkpunt::hash::{Hasher, oracle};
use ijkpunt::picture::{Picture, PictureError};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("hash");
    for (width, height) in [(64, 64), (256, 256), (512, 512), (1920, 1080)] {
        hash(&mut group, "rgb", &rgb(width, height)?)?;
    }
    hash(&mut group, "grey", &grey(512, 512)?)?;
    the_oracle(&mut group, &rgb(512, 512)?);
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn hash(
    group: &mut BenchmarkGroup<'_, WallTime>,
    samples: &str,
    picture: &Picture<'_>,
) -> Result<(), Box<dyn Error>> {
    let mut hasher = Hasher::new();
    let transform = hasher.hash(picture)?;
    let answer = (transform.pdq(), transform.quality());
    assert_eq!(answer, oracle::hash(picture), "{picture:?}");

    let name = format!("{samples}/{}", size(picture));
    group.throughput(Throughput::Elements(pixels(picture)));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            hasher
                .hash(black_box(picture))
                .map(|transform| transform.pdq())
        });
    });
    Ok(())
}

fn the_oracle(group: &mut BenchmarkGroup<'_, WallTime>, picture: &Picture<'_>) {
    group.throughput(Throughput::Elements(pixels(picture)));
    group.bench_function(format!("oracle/rgb/{}", size(picture)), |bencher| {
        bencher.iter(|| oracle::hash(black_box(picture)));
    });
}

fn size(picture: &Picture<'_>) -> String {
    format!("{}x{}", picture.width(), picture.height())
}

fn pixels(picture: &Picture<'_>) -> u64 {
    u64::from(picture.width()) * u64::from(picture.height())
}

fn rgb(width: u32, height: u32) -> Result<Picture<'static>, PictureError> {
    let row = 3 * width as usize;
    Picture::rgb(width, height, row, texture(row * height as usize))
}

fn grey(width: u32, height: u32) -> Result<Picture<'static>, PictureError> {
    let row = width as usize;
    Picture::grey(width, height, row, texture(row * height as usize))
}

/// The same bytes in every run. No branch of the algorithm looks at a pixel, so any content costs the same.
fn texture(length: usize) -> Vec<u8> {
    let mut state = 1u64;
    std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_be_bytes()[0]
    })
    .take(length)
    .collect()
}
