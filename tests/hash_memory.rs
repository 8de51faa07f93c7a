//! What a `Hasher` allocates: a window of rows for its first picture, and nothing for the next ones.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use ijkpunt::Picture;
use ijkpunt::hash::{Hasher, Kernel};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What `work` holds at most beside what was there, and what it leaves behind. Memory is measured for the whole process, in
/// which the test harness does something now and then: what is too much must be so each time.
fn measured<T>(mut work: impl FnMut() -> T) -> (usize, usize) {
    let once = |work: &mut dyn FnMut() -> T| {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let value = work();
        let used = (
            MEMORY.peak_usage() - before,
            MEMORY.current_usage().saturating_sub(before),
        );
        drop(value);
        used
    };
    (0..5).map(|_| once(&mut work)).min().unwrap()
}

fn grey(width: u32, height: u32) -> Picture<'static> {
    let pixels = (0..width * height)
        .map(|i| i.wrapping_mul(i).to_be_bytes()[2])
        .collect::<Vec<_>>();
    Picture::grey(width, height, width as usize, pixels).unwrap()
}

/// One test, so that no other allocates meanwhile.
#[test]
fn a_hasher_takes_a_window_of_rows_once_and_nothing_afterwards() {
    let sizes = [
        (5, 5),
        (64, 64),
        (512, 512),
        (1920, 1080),
        (4000, 3000),
        (3000, 4000),
        (9, 20_000),
        (20_000, 9),
    ];
    let pictures = sizes.map(|(width, height)| grey(width, height));
    for kernel in Kernel::ALL {
        for picture in &pictures {
            let (width, height) = (picture.width() as usize, picture.height() as usize);
            let (peak, kept) = measured(|| {
                let mut hasher = Hasher::with_kernel(kernel);
                hasher.hash(picture).unwrap();
                hasher
            });
            // As `Hasher::hash` documents.
            let stated =
                4 * (width + 100) * (height / 128 + 2) + 13 * (width + height) + (32 << 10);
            println!("{kernel:?} {width} x {height}: {peak} of {stated} bytes, {kept} kept");
            assert!(
                peak <= stated,
                "{kernel:?} {picture:?}: {peak} bytes, not {stated}"
            );
            assert!(
                kept <= stated,
                "{kernel:?} {picture:?}: {kept} bytes are kept"
            );
        }

        let mut hasher = Hasher::with_kernel(kernel);
        for picture in &pictures {
            hasher.hash(picture).unwrap();
        }
        let (peak, _) = measured(|| {
            for picture in &pictures {
                let transform = hasher.hash(picture).unwrap();
                std::hint::black_box((transform.pdq(), transform.forms(), transform.quality()));
            }
        });
        assert_eq!(peak, 0, "{kernel:?} allocates for pictures that it has had");
    }
}
