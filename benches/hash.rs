//! Pixels to a hash, and files to a hash.
//!
//! - `hash/KERNEL/SAMPLES/WIDTHxHEIGHT`: decoded pixels to one hash, by each kernel of this CPU; `hash/oracle/…` beside it.
//! - `hash/reading/WIDTHxHEIGHT`: the same bytes added up, which is what memory alone costs.
//! - `hash/forms/…`: what a transform costs to read once, and in all eight forms.
//! - `hash/threads/N`: N threads with a hasher and a picture each, full HD; the throughput is that of all.
//! - `decode-and-hash/FORMAT`: a file's bytes to the hash of its first frame.

use std::error::Error;
use std::hint::black_box;
use std::num::NonZero;
use std::thread;
use std::time::Instant;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use ijkpunt::hash::{Hasher, Kernel, oracle};
use ijkpunt::picture::{Picture, PictureError};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("hash");
    for (width, height) in SIZES {
        let picture = rgb(width, height)?;
        judge(&picture)?;
        every_kernel(&mut group, "rgb", &picture);
    }
    for (width, height) in [(512, 512), (1920, 1080)] {
        every_kernel(&mut group, "grey", &grey(width, height)?);
    }
    the_oracle(&mut group, &rgb(512, 512)?);
    reading(&mut group, &rgb(4000, 3000)?);
    forms(&mut group, &rgb(64, 64)?)?;
    threads(&mut group)?;
    group.finish();
    #[cfg(feature = "image")]
    files(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

/// The last is a camera's, of 12 megapixels.
const SIZES: [(u32, u32); 5] = [(64, 64), (256, 256), (512, 512), (1920, 1080), (4000, 3000)];

fn kernels() -> impl Iterator<Item = Kernel> {
    Kernel::ALL
        .into_iter()
        .filter(|kernel| kernel.is_supported())
}

/// Nothing is timed that is wrong.
fn judge(picture: &Picture<'_>) -> Result<(), Box<dyn Error>> {
    for kernel in kernels() {
        oracle::judge(&mut Hasher::with_kernel(kernel), picture)?;
    }
    Ok(())
}

fn every_kernel(group: &mut Group<'_>, samples: &str, picture: &Picture<'_>) {
    group.throughput(Throughput::Elements(pixels(picture)));
    for kernel in kernels() {
        let mut hasher = Hasher::with_kernel(kernel);
        let name = format!("{}/{samples}/{}", kernel.name(), size(picture));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                hasher
                    .hash(black_box(picture))
                    .map(|transform| transform.pdq())
            });
        });
    }
}

fn the_oracle(group: &mut Group<'_>, picture: &Picture<'_>) {
    group.throughput(Throughput::Elements(pixels(picture)));
    group.bench_function(format!("oracle/rgb/{}", size(picture)), |bencher| {
        bencher.iter(|| oracle::hash(black_box(picture)));
    });
}

fn reading(group: &mut Group<'_>, picture: &Picture<'_>) {
    group.throughput(Throughput::Elements(pixels(picture)));
    group.bench_function(format!("reading/{}", size(picture)), |bencher| {
        bencher.iter(|| {
            let mut sums = [0u64; 8];
            for row in black_box(picture).rows() {
                let (words, _) = row.as_chunks::<8>();
                for (i, word) in words.iter().enumerate() {
                    sums[i % 8] = sums[i % 8].wrapping_add(u64::from_le_bytes(*word));
                }
            }
            sums
        });
    });
}

fn forms(group: &mut Group<'_>, picture: &Picture<'_>) -> Result<(), Box<dyn Error>> {
    let transform = Hasher::new().hash(picture)?;
    group.throughput(Throughput::Elements(1));
    group.bench_function("forms/one", |bencher| {
        bencher.iter(|| black_box(&transform).pdq());
    });
    group.throughput(Throughput::Elements(8));
    group.bench_function("forms/all", |bencher| {
        bencher.iter(|| black_box(&transform).forms());
    });
    Ok(())
}

fn threads(group: &mut Group<'_>) -> Result<(), Box<dyn Error>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let picture = rgb(1920, 1080)?;
    let mut workers = 1;
    while workers <= cores {
        group.throughput(Throughput::Elements(workers as u64 * pixels(&picture)));
        group.bench_function(format!("threads/{workers}"), |bencher| {
            bencher.iter_custom(|times| {
                let begin = Instant::now();
                thread::scope(|scope| {
                    for _ in 0..workers {
                        let mut picture = picture.clone();
                        scope.spawn(move || {
                            let mut hasher = Hasher::new();
                            for _ in 0..times {
                                let picture = black_box(&mut picture);
                                black_box(hasher.hash(picture).map(|t| t.pdq()).ok());
                            }
                        });
                    }
                });
                begin.elapsed()
            });
        });
        workers *= 2;
    }
    Ok(())
}

#[cfg(feature = "image")]
fn files(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    use ijkpunt::{Limits, media};

    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    let mut group = criterion.benchmark_group("decode-and-hash");
    for (format, file) in [
        ("jpeg-baseline", "jpeg/baseline-420.jpg"),
        ("jpeg-progressive", "jpeg/progressive-422.jpg"),
        ("png", "png/scene-513x300.png"),
        ("webp-lossy", "webp/lossy.webp"),
    ] {
        let bytes = std::fs::read(folder.join(file))?;
        let limits = Limits::default();
        let mut hasher = Hasher::new();
        let mut hash = |bytes: &[u8]| -> Result<_, Box<dyn Error>> {
            let mut frames = media::frames(bytes, &limits);
            let frame = frames.next().ok_or("no frame")??;
            let pdq = hasher.hash(frame.picture())?.pdq();
            Ok((pdq, pixels(frame.picture())))
        };
        let (_, pixels) = hash(&bytes)?;
        group.throughput(Throughput::Elements(pixels));
        group.bench_function(format, |bencher| {
            bencher.iter(|| hash(black_box(&bytes)).map(|(pdq, _)| pdq).ok());
        });
    }
    group.finish();
    Ok(())
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
