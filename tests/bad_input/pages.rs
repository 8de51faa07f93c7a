//! TIFF: pages of every kind, loops, bombs.

use super::*;

/// A TIFF of one page, and what its frames show.
fn page(fields: Vec<hostile::tiff::Field>, data: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let bytes = hostile::tiff::file(&[(fields, data.to_vec())]);
    let items: Result<Vec<Frame>, MediaError> = items(&bytes).into_iter().collect();
    let rows = |f: &Frame| f.picture().rows().flatten().copied().collect();
    items
        .map(|frames| frames.iter().map(rows).collect())
        .map_err(|error| error.to_string())
}

#[test]
fn pages_of_every_kind_are_read_by_the_rule() {
    use hostile::tiff::fields;
    let with = |mut fields: Vec<hostile::tiff::Field>, more: &[(u16, u32)]| {
        fields.extend(more.iter().map(|&(tag, value)| (tag, vec![value])));
        fields
    };
    let one = |fields, data: &[u8]| {
        let mut frames = page(fields, data).unwrap();
        assert_eq!(frames.len(), 1);
        frames.remove(0)
    };
    assert_eq!(one(fields(2, 1, 8, 1, 1), &[7, 9]), [7, 9]);
    assert_eq!(
        one(fields(2, 1, 8, 0, 1), &[7, 9]),
        [248, 246],
        "white is 0"
    );
    assert_eq!(one(fields(3, 1, 1, 0, 1), &[0b1010_0000]), [0, 255, 0]);
    assert_eq!(one(fields(3, 1, 1, 1, 1), &[0b1010_0000]), [255, 0, 255]);
    assert_eq!(one(fields(1, 1, 16, 1, 1), &[0, 0xff]), [254]);
    assert_eq!(one(fields(1, 1, 8, 2, 3), &[1, 2, 3]), [1, 2, 3]);
    assert_eq!(
        one(fields(1, 1, 8, 2, 4), &[1, 2, 3, 4]),
        [1, 2, 3],
        "nobody says what the 4th is"
    );
    assert_eq!(one(fields(1, 1, 8, 5, 4), &[255, 0, 0, 0]), [0, 255, 255]);
    let turned = with(fields(2, 1, 8, 1, 1), &[(274, 3)]);
    assert_eq!(one(turned, &[7, 9]), [9, 7]);
    let mut palette = fields(2, 1, 4, 3, 1);
    palette.push((320, (0..48).map(|i| i * 257).collect()));
    assert_eq!(one(palette, &[0x1f]), [1, 17, 33, 15, 31, 47]);
    let straight = with(fields(1, 1, 8, 2, 4), &[(338, 2)]);
    assert_eq!(
        page(straight, &[200, 100, 0, 128]).unwrap(),
        [[100, 50, 0], [227, 177, 127]]
    );
    let associated = with(fields(1, 1, 8, 2, 4), &[(338, 1)]);
    assert_eq!(
        page(associated, &[100, 50, 0, 128]).unwrap(),
        [[100, 50, 0], [227, 177, 127]]
    );
    let grey_alpha = with(fields(1, 1, 8, 1, 2), &[(338, 2)]);
    assert_eq!(page(grey_alpha, &[200, 128]).unwrap(), [[100], [227]]);
    let packed = with(fields(3, 1, 8, 1, 1), &[(259, 32773)]);
    assert_eq!(one(packed, &[0xfe, 7]), [7, 7, 7]);
    let deflated = with(fields(3, 1, 8, 1, 1), &[(259, 8)]);
    assert_eq!(one(deflated, &hostile::png::stored(&[1, 2, 3])), [1, 2, 3]);
    let mut tiles = with(fields(3, 1, 8, 1, 1), &[(322, 16), (323, 16), (325, 256)]);
    tiles.push((324, vec![8]));
    let mut tile = [0; 256];
    tile[..4].copy_from_slice(&[5, 6, 7, 8]);
    assert_eq!(one(tiles, &tile), [5, 6, 7]);
}

#[test]
fn pages_that_are_not_decoded_are_named_and_the_others_looked_at() {
    use hostile::tiff::fields;
    let reason = |fields| page(fields, &[0; 64]).unwrap_err();
    let mut old_jpeg = fields(4, 4, 8, 1, 1);
    old_jpeg.push((259, vec![6]));
    assert_eq!(
        reason(old_jpeg.clone()),
        "unsupported TIFF: JPEG compression of the old kind"
    );
    assert_eq!(
        reason(fields(4, 4, 8, 8, 3)),
        "unsupported TIFF: Lab colours"
    );
    assert_eq!(
        reason(fields(4, 4, 12, 1, 1)),
        "unsupported TIFF: samples of other than 1, 2, 4, 8 or 16 bits"
    );
    let good = |seed| (fields(4, 4, 8, 1, 1), noise(seed, 16));
    let bytes = hostile::tiff::file(&[good(1), (old_jpeg, vec![0; 16]), good(2)]);
    assert_eq!(
        gap_after(&bytes, &[0, 2]),
        "unsupported TIFF: JPEG compression of the old kind"
    );
}

#[test]
fn pages_before_a_cut_are_looked_at() {
    let whole = picture("tiff/two-pages.tiff");
    let reason = gap_after(&whole[..whole.len() - 50], &[0]);
    assert_eq!(reason, "truncated: the TIFF ends early");
}

#[test]
fn directories_that_lead_back_or_down_for_ever_end() {
    use hostile::tiff::{fields, file, first_link};
    let pages = [
        (fields(8, 8, 8, 1, 1), noise(1, 64)),
        (fields(8, 8, 8, 1, 1), noise(2, 64)),
    ];
    let mut bytes = file(&pages);
    let link = first_link(&bytes);
    let first: [u8; 4] = bytes[4..8].try_into().unwrap();
    bytes[link..link + 4].copy_from_slice(&first);
    assert!(gap_after(&bytes, &[0]).contains("leads back"));
    undecided("TIFF that leads back", &bytes);

    // A page whose SubIFDs are itself, again and again.
    let mut below = fields(8, 8, 8, 1, 1);
    below.push((330, vec![0x48; 100_000]));
    let deep = file(&[(below, noise(1, 64))]);
    assert_eq!(first_link(&deep) % 2, 0);
    undecided("TIFF with 100,000 SubIFDs", &deep);

    // A chain of 600 pages that share a strip.
    let mut shared = fields(8, 8, 8, 1, 1);
    shared.extend([(273, vec![8]), (279, vec![64])]);
    let mut many = vec![(fields(8, 8, 8, 1, 1), noise(1, 64))];
    many.extend((0..600).map(|_| (shared.clone(), Vec::new())));
    let (kind, reason) = undecided("TIFF of 601 equal pages", &file(&many));
    assert_eq!(
        (kind, &*reason),
        (
            UndecidedKind::Limit,
            "limit: 513 distinct frames, at most 512 allowed"
        )
    );
}

#[test]
fn a_jpeg_inside_that_was_cut_and_ended_is_a_gap() {
    let mut fields = hostile::tiff::fields(160, 120, 8, 1, 1);
    fields.push((259, vec![7]));
    let whole = picture("jpeg/grey.jpg");
    let tiff = |part: &[u8]| hostile::tiff::file(&[(fields.clone(), part.to_vec())]);
    let found = screen_within("TIFF of a JPEG", &tiff(&whole), list_of(&frames(&whole)));
    let Screening::Match(found) = found else {
        panic!("{found:?}");
    };
    assert!(found.gaps().is_empty(), "{:?}", found.gaps());
    for percent in [50, 70, 90] {
        let mut cut = whole[..whole.len() * percent / 100].to_vec();
        cut.extend([0xff, 0xd9]);
        let (kind, reason) = undecided("TIFF of a cut JPEG", &tiff(&cut));
        assert_eq!(kind, UndecidedKind::Malformed, "{percent} %: {reason}");
    }
}

#[test]
fn tiff_bombs_stay_within_the_budget() {
    use hostile::tiff::{fields, file};
    let one = |fields, data: Vec<u8>| file(&[(fields, data)]);
    let (kind, _) = undecided(
        "TIFF of 60,000 x 60,000",
        &one(fields(60_000, 60_000, 8, 2, 3), vec![0; 64]),
    );
    assert_eq!(kind, UndecidedKind::Limit);
    let mut inflated = fields(8000, 8000, 8, 2, 3);
    inflated.push((259, vec![8]));
    let data = hostile::png::zeros(8000 * 8000 * 3 / 258 + 1);
    let (kind, reason) = undecided("TIFF of 8000 x 8000 that inflates", &one(inflated, data));
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
    let mut jpeg = fields(64, 64, 8, 1, 1);
    jpeg.push((259, vec![7]));
    let part = hostile::progressive(16_000, 16_000, 5, None);
    let (kind, reason) = undecided("TIFF with a larger JPEG inside", &one(jpeg.clone(), part));
    assert_eq!(kind, UndecidedKind::Malformed, "{reason}");
    let fits = one(jpeg, hostile::progressive(64, 64, 1, None));
    let (kind, reason) = undecided("TIFF with a JPEG inside", &fits);
    assert_eq!(kind, UndecidedKind::TooLittleDetail, "{reason}");
    let mut tiles = fields(8, 8, 8, 1, 1);
    tiles.extend([
        (322, vec![4_000_000_000]),
        (323, vec![16]),
        (324, vec![8]),
        (325, vec![64]),
    ]);
    let (kind, reason) = undecided("TIFF with a tile of 64 GB", &one(tiles, vec![0; 64]));
    assert_eq!(kind, UndecidedKind::Limit, "{reason}");
}
