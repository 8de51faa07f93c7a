//! The views and windows of pixels of any size and layout: as every kernel sees them, gated, within the limit.

use ijkpunt::hash::{Hasher, Kernel};
use ijkpunt::limits::Limits;
use ijkpunt::view::{Kind, MINIMUM_QUALITY, View, Viewer, WINDOWS_KEPT};

use super::pixels::picture;

/// Enough for a picture that is looked into at two sizes.
const MOST_PIXELS: u32 = 60_000;

/// As for `pixels`; the padding says too how many views there may be.
pub fn run(bytes: &[u8]) {
    let Some(picture) = picture(bytes, MOST_PIXELS) else {
        return;
    };
    let mut limits = Limits::default();
    limits.views = u64::from(bytes[5]);
    let of = |kernel| Viewer::with_kernel(kernel).views(&picture, &limits);
    let Ok(views) = of(Kernel::best()) else {
        assert!(picture.width().min(picture.height()) < 5, "{picture:?}");
        return;
    };
    assert!(views.len() as u64 <= limits.views.max(1), "{picture:?}");
    let whole = Hasher::new().hash(&picture);
    assert_eq!(views[0].kind(), Kind::Full);
    assert_eq!(
        Ok(views[0].transform().pdq()),
        whole.map(|whole| whole.pdq())
    );
    for view in &views[1..] {
        assert!(view.quality().get() >= MINIMUM_QUALITY, "{view:?}");
        assert!(
            view.place()
                .corners()
                .as_flattened()
                .iter()
                .all(|at| at.is_finite()),
            "{view:?}"
        );
    }
    let seen = |views: &[View]| -> Vec<_> {
        views
            .iter()
            .map(|view| (view.kind(), view.place(), view.transform().forms()))
            .collect()
    };
    let windows = |kernel| {
        let viewer = Viewer::with_kernel(kernel);
        let windows = [
            viewer.windows_to_keep(&picture),
            viewer.windows_to_ask(&picture),
        ];
        let [kept, asked] = &windows;
        assert!(kept.len() <= WINDOWS_KEPT && asked.len() <= 45);
        let mut both = kept.iter().chain(asked);
        assert!(both.all(|view| view.quality().get() >= MINIMUM_QUALITY));
        windows
    };
    let plain = of(Kernel::Portable).unwrap_or_default();
    assert_eq!(seen(&plain), seen(&views), "{picture:?}");
    let (best, plain) = (windows(Kernel::best()), windows(Kernel::Portable));
    assert_eq!(
        plain.each_ref().map(|it| seen(it)),
        best.each_ref().map(|it| seen(it)),
        "{picture:?}"
    );
}
