//! What views take, as `Viewer::views` states it and a screener asks its limits for it.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it did not expect"
)]

use ijkpunt::view::Viewer;
use ijkpunt::{Hasher, Limits, Picture};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that is held while `work` is done, beside what was there.
fn peak(mut work: impl FnMut()) -> usize {
    let mut once = || {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        work();
        MEMORY.peak_usage() - before
    };
    (0..3).map(|_| once()).min().unwrap()
}

/// Blocks of noise on a page: something to find everywhere.
fn busy(width: u32, height: u32) -> Picture<'static> {
    let pixel = |k: u32| {
        let (x, y) = (k % width, k / width);
        let is_page = x % (width / 5).max(2) < 2 || y % (height / 5).max(2) < 2;
        let noise = k.wrapping_mul(2_654_435_761).to_be_bytes()[1];
        if is_page { 255 } else { noise }
    };
    let pixels: Vec<u8> = (0..width * height).map(pixel).collect();
    Picture::grey(width, height, width as usize, pixels).unwrap()
}

/// One test, so that no other allocates meanwhile.
#[test]
fn views_take_no_more_than_is_asked_for_them() {
    for (width, height) in [
        (5, 5),
        (64, 64),
        (320, 240),
        (512, 512),
        (1024, 1024),
        (1025, 1025),
        (2048, 2048),
        (4000, 3000),
        (9, 20_000),
        (20_000, 9),
    ] {
        let picture = busy(width, height);
        let mut hasher = Hasher::new();
        let hashing = peak(|| drop(hasher.hash(&picture)));
        let mut viewer = Viewer::new();
        let limits = Limits::default();
        let views = peak(|| drop(viewer.views(&picture, &limits)));
        let windows = peak(|| drop(viewer.windows_to_keep(&picture)));
        let all = views.max(hashing + windows);
        let (across, down) = (width.div_ceil(1024), height.div_ceil(1024));
        let samples = (width / across).next_multiple_of(16) * (height / down);
        let stated = samples * 4 * 4 / 3 + (width + 15) * 4 + (4 << 20);
        let used = all.saturating_sub(hashing);
        println!("{width} x {height}: {used} of {stated} bytes");
        assert!(
            used <= stated as usize,
            "{width} x {height}: {used}, not {stated}"
        );
    }
}
