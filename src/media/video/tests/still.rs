//! Stills as ffmpeg's own encoders write them, and in boxes that are put together here.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::media::Format;
use crate::media::video::Still;
use crate::picture::Picture;

const SIZE: [u32; 2] = [128, 96];
const SOURCE: &str = "testsrc2=s=128x96";

/// Any still that encoders here wrote, or none where one is missing.
fn written(folder: &Folder, name: &str, options: &str) -> Option<Vec<u8>> {
    let path = folder.path(name);
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", SOURCE])
        .args(options.split_whitespace())
        .arg(&path)
        .status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: ffmpeg does not write {name}");
        return None;
    }
    fs::read(path).ok()
}

fn avif(folder: &Folder) -> Option<Vec<u8>> {
    let options =
        "-frames:v 1 -pix_fmt yuv420p -c:v libaom-av1 -still-picture 1 -crf 20 -cpu-used 8";
    written(folder, "a.avif", options)
}

fn jxl(folder: &Folder) -> Option<Vec<u8>> {
    written(folder, "a.jxl", "-frames:v 1 -c:v libjxl -distance 0.1")
}

/// The configuration and the unit of a picture in HEVC.
fn hevc(folder: &Folder) -> Option<(Vec<u8>, Vec<u8>)> {
    let options = "-frames:v 1 -pix_fmt yuv420p -c:v libx265 -x265-params log-level=none:keyint=1:info=0 -tag:v hvc1";
    let file = written(folder, "a.mp4", options)?;
    let find = |name: &[u8]| file.windows(4).position(|four| four == name).unwrap();
    let body = |name: &[u8]| {
        let at = find(name);
        let length = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
        file[at + 4..at - 4 + length].to_vec()
    };
    Some((body(b"hvcC"), body(b"mdat")))
}

/// What was encoded.
fn source(folder: &Folder) -> Picture<'static> {
    let path = folder.path("source.rgb");
    make(SOURCE, "-frames:v 1 -pix_fmt rgb24 -f rawvideo", &path);
    Picture::rgb(128, 96, 3 * 128, fs::read(path).unwrap()).unwrap()
}

/// How far the samples of two pictures are apart, on average, in the nearest of the eight forms of the second, and which that is.
fn nearest(a: &Picture<'_>, b: &Picture<'_>) -> (usize, usize) {
    let (width, height) = (b.width() as usize, b.height() as usize);
    let far = |form: usize| {
        let sides = if form < 4 {
            [width, height]
        } else {
            [height, width]
        };
        if [a.width() as usize, a.height() as usize] != sides {
            return None;
        }
        let mut sum = 0;
        for (y, row) in a.rows().enumerate() {
            for (x, pixel) in row.chunks(3).take(sides[0]).enumerate() {
                let (x, y) = if form < 4 { (x, y) } else { (y, x) };
                let x = if form & 1 == 0 { x } else { width - 1 - x };
                let y = if form & 2 == 0 { y } else { height - 1 - y };
                let other = &b.below(y)[3 * x..];
                let pairs = pixel.iter().zip(other);
                sum += pairs
                    .map(|(a, b)| usize::from(a.abs_diff(*b)))
                    .sum::<usize>();
            }
        }
        Some((sum / (3 * width * height), form))
    };
    (0..8).filter_map(far).min().unwrap()
}

fn in_box(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(8 + body.len()).unwrap();
    [&length.to_be_bytes()[..], kind, body].concat()
}

/// A file of one item, id 1, of this type, with these properties, all of which are its own and essential.
fn heif(brand: &[u8; 4], kind: &[u8; 4], properties: &[Vec<u8>], data: &[u8]) -> Vec<u8> {
    heif_with(brand, kind, properties, data, &[])
}

fn heif_with(
    brand: &[u8; 4],
    kind: &[u8; 4],
    properties: &[Vec<u8>],
    data: &[u8],
    more: &[u8],
) -> Vec<u8> {
    let own = (1..=u8::try_from(properties.len()).unwrap()).map(|place| place | 0x80);
    let own: Vec<u8> = own.collect();
    let table = [
        &[0; 7][..],
        &[1, 0, 1, u8::try_from(own.len()).unwrap()],
        &own,
    ]
    .concat();
    let list = in_box(b"ipco", &properties.concat());
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let entry = in_box(
        b"infe",
        &[&[2, 0, 0, 0, 0, 1, 0, 0][..], kind, &[0]].concat(),
    );
    let ftyp = in_box(b"ftyp", &[&brand[..], &[0; 4], brand, b"mif1"].concat());
    let meta = |at: u32| {
        let place = [
            &[0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1][..],
            &at.to_be_bytes(),
            &length,
        ];
        let boxes = [
            &[0; 4][..],
            &in_box(b"pitm", &[0, 0, 0, 0, 0, 1]),
            &in_box(b"iloc", &place.concat()),
            &in_box(b"iinf", &[&[0, 0, 0, 0, 0, 1][..], &entry].concat()),
            &in_box(b"iprp", &[list.clone(), in_box(b"ipma", &table)].concat()),
            more,
        ];
        in_box(b"meta", &boxes.concat())
    };
    let at = ftyp.len() + meta(0).len() + 8;
    let meta = meta(u32::try_from(at).unwrap());
    [ftyp, meta, in_box(b"mdat", data)].concat()
}

fn ispe([width, height]: [u32; 2]) -> Vec<u8> {
    in_box(
        b"ispe",
        &[[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat(),
    )
}

/// The picture of an AVIF as ffmpeg wrote it: its `mdat` and nothing else.
fn av1(avif: &[u8]) -> Vec<u8> {
    let at = avif.windows(4).position(|four| four == b"mdat").unwrap();
    avif[at + 4..].to_vec()
}

fn av1_with(avif: &[u8], properties: &[Vec<u8>]) -> Vec<u8> {
    let all = [
        &[ispe(SIZE), in_box(b"av1C", &[0x81, 0, 0x0c, 0])][..],
        properties,
    ]
    .concat();
    heif(b"avif", b"av01", &all, &av1(avif))
}

fn feature(result: Result<Picture<'static>, VideoError>) -> &'static str {
    match result {
        Err(VideoError::UnsupportedStill { feature, .. }) => feature,
        other => panic!("{other:?}"),
    }
}

#[test]
fn stills_show_what_was_encoded() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("stills");
    let source = source(&folder);
    let in_heic = |(configuration, data): (Vec<u8>, Vec<u8>)| {
        let properties = [ispe(SIZE), in_box(b"hvcC", &configuration)];
        heif(b"heic", b"hvc1", &properties, &data)
    };
    let files = [
        (Format::Avif, avif(&folder)),
        (Format::Avif, avif(&folder).map(|avif| av1_with(&avif, &[]))),
        (Format::JpegXl, jxl(&folder)),
        (Format::Heic, hevc(&folder).map(in_heic)),
    ];
    for (format, bytes) in files {
        let Some(bytes) = bytes else { continue };
        let still = Still::of(&bytes).unwrap();
        assert_eq!((still.format(), still.size()), (format, SIZE));
        let picture = ffmpeg.still(&bytes, &Limits::default()).unwrap();
        let (far, form) = nearest(&source, &picture);
        assert!(far <= 12 && form == 0, "{format}: {far}, form {form}");
    }
}

#[test]
fn a_size_that_is_not_the_decoded_one_gives_no_picture() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("size");
    let Some(avif) = avif(&folder) else { return };
    let at = avif.windows(4).position(|four| four == b"ispe").unwrap() + 8;
    for (byte, value) in [(3, 64), (7, 95), (6, 1)] {
        let mut bytes = avif.clone();
        bytes[at + byte] = value;
        let error = ffmpeg.still(&bytes, &Limits::default()).unwrap_err();
        let VideoError::OtherSize {
            stated, decoded, ..
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!(decoded, SIZE);
        assert_ne!(stated, SIZE);
    }
}

#[test]
fn turns_of_the_container_are_applied_in_their_order() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("turns");
    let Some(avif) = avif(&folder) else { return };
    let plain = ffmpeg
        .still(&av1_with(&avif, &[]), &Limits::default())
        .unwrap();
    let shown = |properties: &[Vec<u8>]| {
        let bytes = av1_with(&avif, properties);
        let picture = ffmpeg.still(&bytes, &Limits::default()).unwrap();
        assert_eq!(
            Still::of(&bytes).unwrap().size(),
            [picture.width(), picture.height()]
        );
        picture
    };
    let pixel = |picture: &Picture<'_>, x: usize, y: usize| {
        let row = picture.rows().nth(y).unwrap();
        <[u8; 3]>::try_from(&row[3 * x..3 * x + 3]).unwrap()
    };
    let left = shown(&[in_box(b"irot", &[1])]);
    assert_eq!((left.width(), left.height()), (96, 128));
    assert_eq!(pixel(&left, 5, 7), pixel(&plain, 127 - 7, 5));
    let mirrored = shown(&[in_box(b"imir", &[1])]);
    assert_eq!(pixel(&mirrored, 5, 7), pixel(&plain, 127 - 5, 7));
    let flipped = shown(&[in_box(b"imir", &[0])]);
    assert_eq!(pixel(&flipped, 5, 7), pixel(&plain, 5, 95 - 7));
    let both = shown(&[in_box(b"irot", &[1]), in_box(b"imir", &[1])]);
    assert_eq!(pixel(&both, 5, 7), pixel(&left, 95 - 5, 7));
    assert!(shown(&[in_box(b"irot", &[0])]) == plain);
}

#[test]
fn the_header_of_a_jpeg_xl_turns_it_and_its_sides() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("turned-jxl");
    let Some(jxl) = jxl(&folder) else { return };
    assert_eq!(jxl[2..4], [0xd7, 0x06], "a header as it was");
    let source = source(&folder);
    for orientation in 0..8u8 {
        // The size as it is, then all that was by default before, in bits.
        let bits = (0..9).map(|at| jxl[2 + at / 8] >> (at % 8) & 1);
        let turn = [
            0,
            1,
            orientation & 1,
            orientation >> 1 & 1,
            orientation >> 2,
        ];
        let rest = [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1];
        let bits: Vec<u8> = bits.chain(turn).chain(rest).collect();
        let byte = |bits: &[u8]| bits.iter().rev().fold(0, |sum, bit| sum << 1 | bit);
        let header: Vec<u8> = bits.chunks(8).map(byte).collect();
        let bytes = [&[0xff, 0x0a][..], &header, &jxl[4..]].concat();
        let picture = ffmpeg.still(&bytes, &Limits::default()).unwrap();
        let sides = [picture.width(), picture.height()];
        assert_eq!(sides, if orientation < 4 { SIZE } else { [96, 128] });
        let (far, form) = nearest(&source, &picture);
        assert!(
            far <= 12 && (form == 0) == (orientation == 0),
            "{orientation}: {far}, {form}"
        );
    }
}

#[test]
fn what_is_not_one_coded_picture_is_named() {
    // Nothing is started for these.
    let ffmpeg = Ffmpeg::at("/bin/false").unwrap();
    let still = |bytes: &[u8]| ffmpeg.still(bytes, &Limits::default());
    let of = |kind: &[u8; 4], more: &[Vec<u8>]| {
        let properties = [&[ispe(SIZE), in_box(b"hvcC", &[0; 23])][..], more].concat();
        heif(b"heic", kind, &properties, &[0; 40])
    };
    assert!(feature(still(&of(b"grid", &[]))).contains("tiled"));
    assert!(feature(still(&of(b"iovl", &[]))).contains("tiled"));
    assert!(feature(still(&of(b"vvc1", &[]))).contains("type that is not known"));
    assert!(feature(still(&of(b"hvc1", &[in_box(b"clap", &[0; 32])]))).contains("cropped"));
    assert!(feature(still(&of(b"hvc1", &[in_box(b"lsel", &[0; 2])]))).contains("layers"));
    assert!(feature(still(&of(b"hvc1", &[in_box(b"what", &[])]))).contains("property"));
    for contradiction in [
        of(b"hvc1", &[ispe([96, 128])]),
        of(b"hvc1", &[in_box(b"irot", &[1]), in_box(b"irot", &[3])]),
        of(b"hvc1", &[in_box(b"imir", &[1]), in_box(b"imir", &[0])]),
        of(b"hvc1", &[in_box(b"hvcC", &[1; 23])]),
        heif(b"heic", b"hvc1", &[in_box(b"hvcC", &[0; 23])], &[0; 40]),
        heif(b"heic", b"hvc1", &[ispe(SIZE)], &[0; 40]),
        heif(b"avif", b"av01", &[ispe([0, 96])], &[0; 40]),
    ] {
        let error = still(&contradiction).unwrap_err();
        assert!(
            matches!(error, VideoError::MalformedStill { .. }),
            "{error}"
        );
    }
    let error = still(b"\x89PNG\r\n\x1a\n, which is decoded elsewhere").unwrap_err();
    assert!(matches!(error, VideoError::NotAStill));
}

#[test]
fn transparency_is_told_and_depth_is_none() {
    let ffmpeg = Ffmpeg::at("/bin/false").unwrap();
    // Item 2, which has no properties, and so no name, belongs to item 1.
    let auxiliary = in_box(b"auxl", &[0, 2, 0, 1, 0, 1]);
    let references = in_box(b"iref", &[&[0; 4][..], &auxiliary].concat());
    let bytes = heif_with(b"avif", b"av01", &[ispe(SIZE)], &[0; 40], &references);
    assert_eq!(
        feature(ffmpeg.still(&bytes, &Limits::default())),
        "transparency"
    );
    let other = in_box(
        b"iref",
        &[&[0; 4][..], &in_box(b"thmb", &[0, 2, 0, 1, 0, 1])].concat(),
    );
    let bytes = heif_with(b"avif", b"av01", &[ispe(SIZE)], &[0x12, 0, 0x0a, 0], &other);
    assert!(Still::of(&bytes).is_ok());
}

#[test]
fn limits_hold_before_anything_is_started() {
    let ffmpeg = Ffmpeg::at("/bin/false").unwrap();
    let big = heif(b"avif", b"av01", &[ispe([100_000, 100_000])], &[0x0a, 0]);
    let error = ffmpeg.still(&big, &Limits::default()).unwrap_err();
    assert!(matches!(error, VideoError::Limit(_)), "{error}");
    let limits = Limits {
        bytes: 100,
        ..Limits::default()
    };
    let error = ffmpeg.still(&big, &limits).unwrap_err();
    assert!(matches!(error, VideoError::Limit(_)), "{error}");
}

#[test]
fn a_cut_still_is_no_picture_of_another_size_and_no_panic() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("cut-stills");
    for bytes in [avif(&folder), jxl(&folder)].into_iter().flatten() {
        let step = (bytes.len() / 120).max(10);
        for end in (0..bytes.len()).step_by(step) {
            let picture = ffmpeg.still(&bytes[..end], &Limits::default());
            assert!(picture.is_err(), "{end} of {}", bytes.len());
        }
    }
}

#[test]
fn flipped_bytes_give_the_stated_size_or_an_error_that_was_foreseen() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("flipped-stills");
    for bytes in [avif(&folder), jxl(&folder)].into_iter().flatten() {
        let dense = 0..bytes.len().min(360);
        for at in dense.step_by(6).chain((360..bytes.len()).step_by(97)) {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0xa5;
            let stated = Still::of(&bytes).map(|still| still.size());
            match ffmpeg.still(&bytes, &Limits::default()) {
                Ok(picture) => {
                    assert_eq!(stated.unwrap(), [picture.width(), picture.height()], "{at}");
                }
                Err(VideoError::NotUnderstood { what, .. }) => panic!("byte {at}: {what}"),
                Err(_) => {}
            }
        }
    }
}

#[test]
fn an_animated_avif_is_a_video() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("animated");
    let Some(bytes) = written(
        &folder,
        "a.avif",
        "-t 1 -c:v libaom-av1 -crf 40 -cpu-used 8 -g 5",
    ) else {
        return;
    };
    let frames = ffmpeg
        .read(&bytes, &Sampling::default(), &Limits::default())
        .unwrap();
    let (frames, error) = drain(frames);
    assert!(error.is_none(), "{error:?}");
    assert!(frames.len() >= 2);
    let picture = frames[0].picture();
    assert_eq!([picture.width(), picture.height()], SIZE);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(rest in proptest::collection::vec(any::<u8>(), 0..400)) {
        for start in [&b"\0\0\0\x18ftypavif\0\0\0\0mif1avif"[..], b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\0meta\0\0\0\0", b""] {
            if let Ok(still) = Still::of(&[start, &rest].concat()) {
                prop_assert!(still.size().iter().all(|side| *side > 0));
            }
        }
    }

    #[test]
    fn changed_boxes_are_read_without_a_panic(changes in proptest::collection::vec((0usize..240, any::<u8>()), 1..6)) {
        let properties = [ispe(SIZE), in_box(b"av1C", &[0x81, 0, 0x0c, 0]), in_box(b"irot", &[1])];
        let mut bytes = heif(b"avif", b"av01", &properties, &[0x0a, 3, 1, 2, 3]);
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Ok(still) = Still::of(&bytes) {
            prop_assert!(still.size().iter().all(|side| *side > 0));
        }
    }
}
