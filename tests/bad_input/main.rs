//! Bad and awkward uploads: each within 256 MiB and 4 s, without a panic that gets out, and never "no match" when it was
//! not looked at.

#![cfg(feature = "image")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]
#![allow(
    clippy::print_stdout,
    reason = "time and memory of each case, shown with --nocapture"
)]

#[path = "../hostile/mod.rs"]
mod hostile;

mod animations;
mod awkward;
mod behind;
mod cut;
mod every_byte;
mod pages;
mod refused;

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use ijkpunt::hash::{DigestKind, Hasher};
use ijkpunt::media::{self, Background, Frame, MediaError};
use ijkpunt::screen::UndecidedKind;
use ijkpunt::{Dihedral, Effort, Limits, List, Screener, Screening, Surface};
use image::{DynamicImage, ImageFormat};
use peak_alloc::PeakAlloc;
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Memory is measured for the whole process, so one upload is looked at at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Below the 5 s of `Limits::time`. The dearest file, a GIF of 100,000 frames at both of its limits, takes 1.8 s of a core in a release
/// build, and in this one, which is optimised less and counts its memory, 2.3 to 2.7 s on the same core. What has no limit takes minutes.
const TIME: Duration = Duration::from_secs(4);

/// What this thread has had of a core: on a busy machine, wall time says nothing about the decoder.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

/// A list of the hashes of these frames.
fn list_of(frames: &[Frame]) -> List {
    let mut csv = String::from("id,pdq\n");
    for frame in frames {
        let pdq = Hasher::new().hash(frame.picture()).unwrap().pdq();
        csv += &format!("frame-{}-{:?},{pdq}\n", frame.number(), frame.background());
    }
    List::from_bytes(csv.as_bytes()).unwrap()
}

/// A list with one hash that nothing here comes near to. It has no pattern: those of stripes have hashes as regular as they are.
fn list_of_nothing() -> List {
    let csv = format!("id,pdq\nnothing,{}\n", DigestKind::Sha256.of(b"nothing"));
    List::from_bytes(csv.as_bytes()).unwrap()
}

fn screener(list: List) -> Screener {
    let builder = Screener::builder().list("test", list);
    builder.surface(Surface::Public).build().unwrap()
}

/// For very many files of which only the decoding matters.
fn plain_screener(list: List) -> Screener {
    let builder = Screener::builder().list("test", list).effort(Effort::Plain);
    builder.surface(Surface::Public).build().unwrap()
}

/// The verdict, within the time and memory that every upload gets.
fn screen_within(name: &str, bytes: &[u8], list: List) -> Screening {
    measure(name, bytes, list).0
}

/// The verdict, and the bytes of memory that it took.
fn measure(name: &str, bytes: &[u8], list: List) -> (Screening, usize) {
    let alone = ALONE
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let screener = screener(list);
    // Other tests make their files meanwhile, which counts as well: what is too much must be so each time.
    let mut used = usize::MAX;
    let (mut verdict, mut took) = (None, Duration::MAX);
    for _ in 0..6 {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = cpu_time();
        verdict = Some(screener.screen(bytes));
        took = took.min(cpu_time() - start);
        used = used.min(MEMORY.peak_usage().saturating_sub(before));
        let is_cheap = took < Duration::from_millis(50);
        if took < TIME && (used < 4 << 20 || (used <= 256 << 20 && !is_cheap)) {
            break;
        }
    }
    let verdict = verdict.unwrap();
    drop(alone);
    println!("{name}: {} in {took:?}, {} KiB", verdict.name(), used >> 10);
    assert!(used <= 256 << 20, "{name}: {used} bytes");
    assert!(took < TIME, "{name}: {took:?}");
    (verdict, used)
}

fn undecided(name: &str, bytes: &[u8]) -> (UndecidedKind, String) {
    match screen_within(name, bytes, list_of_nothing()) {
        Screening::Undecided(undecided) => (undecided.kind(), undecided.reason()),
        other => panic!("{name}: {other:?}"),
    }
}

fn picture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    fs::read(folder.join(name)).unwrap()
}

fn frames(bytes: &[u8]) -> Vec<Frame> {
    let limits = Limits::default();
    media::frames(bytes, &limits)
        .filter_map(Result::ok)
        .collect()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn items(bytes: &[u8]) -> Vec<Result<Frame, MediaError>> {
    media::frames(bytes, &Limits::default()).collect()
}

/// The reason at the end, after frames of these numbers.
fn gap_after(bytes: &[u8], numbers: &[u32]) -> String {
    let mut items = items(bytes);
    let reason = items.pop().unwrap().unwrap_err().to_string();
    let given: Vec<u32> = items.iter().map(|f| f.as_ref().unwrap().number()).collect();
    assert_eq!(given, numbers, "{reason}");
    reason
}

/// An animated PNG with this many frames announced, of which it has those whose data is given.
fn animated(announced: u32, default_is_frame: bool, frames: &[Vec<u8>]) -> Vec<u8> {
    let side = 24;
    let mut chunks = vec![(*b"IHDR", hostile::png::header(side, side, 8, 0))];
    chunks.push(hostile::png::animation_control(announced));
    let mut sequence = 0;
    let mut control = || {
        sequence += 1;
        sequence - 1
    };
    for (i, samples) in frames.iter().enumerate() {
        let rows = samples.chunks(side as usize);
        let filtered: Vec<u8> = rows.flat_map(|row| [&[0], row].concat()).collect();
        let data = hostile::png::stored(&filtered);
        if i > 0 || default_is_frame {
            chunks.push(hostile::png::frame_control(control(), side, side));
        }
        if i > 0 {
            chunks.push(hostile::png::frame_data(control(), &data));
        } else {
            chunks.push((*b"IDAT", data));
        }
    }
    chunks.push((*b"IEND", Vec::new()));
    hostile::png::file(&chunks)
}

/// Pixels with some structure, other ones for each seed.
fn noise(seed: u32, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

fn three_frames() -> Vec<Vec<u8>> {
    (1..4).map(|seed| noise(seed, 24 * 24)).collect()
}
