//! Bytes to a proposal, and what a list of it finds in the very same bytes.

use ijkpunt::baseline::{Code, List, NewRow, Row};
use ijkpunt::enrol::{Enroller, Known, Proposal};
use ijkpunt::hash::Quality;
use ijkpunt::screen::{Effort, Screener, Screening, Surface};
use ijkpunt::view::{MINIMUM_QUALITY, WINDOWS_KEPT};

/// Any bytes; panics where something is not as promised.
pub fn run(bytes: &[u8]) {
    let proposal = Enroller::new().propose(bytes, &super::upload_limits());
    for frame in proposal.fingerprints() {
        assert!(frame.windows.len() <= WINDOWS_KEPT, "too many windows");
        let is_good = |quality: Quality| quality.get() >= MINIMUM_QUALITY;
        assert!(
            frame.windows.iter().all(|it| is_good(it.quality)),
            "a flat window"
        );
    }
    let list = list(proposal.rows("item"));
    assert_eq!(list.windows(), windows(&proposal), "a window is lost");
    let near = Known::new(&list).near(&proposal);
    assert_eq!(near.len(), 1, "it is not near to itself");
    assert_eq!(near[0].distance, None, "its bytes are not its own");

    // Without the digest, which would find it by itself.
    let rows = proposal.rows("item");
    let list = self::list(rows.filter(|row| matches!(row.code(), Code::Pdq(_))));
    if list.rows().is_empty() {
        return;
    }
    let has_detail = |frame: &Row| {
        frame.part().is_none()
            && frame
                .quality()
                .is_some_and(|it| it >= Quality::DEFAULT_MINIMUM)
    };
    let is_findable = list.rows().iter().any(has_detail);
    for effort in Effort::ALL {
        let screening = screen(list.clone(), effort, bytes);
        let is_found = matches!(&screening, Screening::Match(matched)
            if matched.evidence()[0].distance.is_some_and(|it| it.bits() == 0));
        assert!(is_found || !is_findable, "{effort}: {screening:?}");
    }
    // Of windows alone nothing is promised, but that it ends.
    let windows = proposal.rows("item").filter(NewRow::is_window);
    let _ = screen(self::list(windows), Effort::Thorough, bytes);
}

fn windows(proposal: &Proposal) -> usize {
    let frames = proposal.fingerprints().iter();
    frames.map(|frame| frame.windows.len()).sum()
}

fn list(rows: impl Iterator<Item = NewRow>) -> List {
    List::from_rows(rows).unwrap_or_else(|error| panic!("{error}"))
}

fn screen(list: List, effort: Effort, bytes: &[u8]) -> Screening {
    let builder = Screener::builder().list("own", list).effort(effort);
    let builder = builder.surface(Surface::Public);
    let built = builder.limits(super::upload_limits()).build();
    let screener = built.unwrap_or_else(|error| panic!("{error}"));
    screener.screen(bytes)
}
