//! What stands behind the end of a picture, or among its chunks.

use super::*;

#[test]
fn what_hides_behind_a_picture_is_named() {
    let zip: &[u8] =
        b"PK\x03\x04....PK\x01\x02....PK\x05\x06\0\0\0\0\x01\0\x01\0\x08\0\0\0\x08\0\0\0\0\0";
    let video: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1 and its data";
    let rar: &[u8] = b"Rar!\x1a\x07\x01\0 and its data";
    let png = picture("png/scene-64x64.png");
    let pictures = [
        ("JPEG", picture("jpeg/baseline-420-97x61.jpg")),
        ("PNG", png.clone()),
        ("GIF", picture("gif/single.gif")),
        ("WebP", picture("webp/lossy.webp")),
        ("BMP", picture("bmp/rgb24.bmp")),
        ("TIFF", picture("tiff/two-pages.tiff")),
    ];
    for (name, whole) in &pictures {
        let with = |behind: &[u8]| [whole, behind].concat();
        let reason = |behind: &[u8]| undecided(name, &with(behind));
        for padding in [&b""[..], b"\0\0\0\0\0\0", b"\r\na note by the maker"] {
            let padded = |behind: &[u8]| reason(&[padding, behind].concat());
            let kind = UndecidedKind::Unsupported;
            let told = |what: &str| (kind, format!("unopened {what} behind the {name}"));
            assert_eq!(padded(zip), told("archive (ZIP)"));
            assert_eq!(padded(video), told("video (MP4 or QuickTime)"));
            assert_eq!(padded(rar), told("archive (RAR)"));
            let second = (
                kind,
                format!("unsupported PNG: a second file behind the {name}"),
            );
            assert_eq!(padded(&png), second);
        }
        let nothing: [&[u8]; 4] = [
            &[0; 5000],
            &[0xff; 9],
            b"a note, PK and ftyp",
            &noise(1, 5000),
        ];
        for padding in nothing {
            let found = screen_within(name, &with(padding), list_of_nothing());
            assert!(matches!(found, Screening::NoMatch(_)), "{name}: {found:?}");
        }
    }
}

/// A JPEG with this segment behind its start.
fn jpeg_with(marker: u8, content: &[u8]) -> Vec<u8> {
    let whole = picture("jpeg/baseline-420-97x61.jpg");
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&whole[..2], &[0xff, marker], &length, content, &whole[2..]].concat()
}

#[test]
fn pictures_that_a_jpeg_declares_are_no_gap_and_others_are() {
    let second = picture("jpeg/grey.jpg");
    let video: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp41avc1 and its data";
    let name = "JPEG";
    let is_whole = |bytes: &[u8]| {
        let verdict = screen_within(name, bytes, list_of_nothing());
        matches!(verdict, Screening::NoMatch(_))
    };
    let plain = [picture("jpeg/baseline-420-97x61.jpg"), second.clone()].concat();
    assert_eq!(
        undecided(name, &plain).1,
        "unsupported JPEG: a second file behind the JPEG"
    );

    let xmp = b"http://ns.adobe.com/xap/1.0/\0<Item:Semantic>GainMap</Item:Semantic>";
    let gain_map = [jpeg_with(0xe1, xmp), second.clone()].concat();
    assert!(is_whole(&gain_map));
    let moving = [&gain_map[..], video].concat();
    assert_eq!(
        undecided(name, &moving).1,
        "unopened video (MP4 or QuickTime) behind the JPEG"
    );
    let one_more = [&gain_map[..], &second].concat();
    assert_eq!(
        undecided(name, &one_more).1,
        "unsupported JPEG: a second file behind the JPEG"
    );

    let index = |place: u32| {
        let mut content =
            b"MPF\0MM\0*\0\0\0\x08\0\x01\xb0\x02\0\x07\0\0\0\x20\0\0\0\x1a\0\0\0\0".to_vec();
        content.extend([0; 16]);
        content.extend([[0; 4], [0; 4], place.to_be_bytes(), [0; 4]].concat());
        jpeg_with(0xe2, &content)
    };
    let length = u32::try_from(index(0).len()).unwrap();
    let declared = [index(length - 10), second.clone()].concat();
    assert!(is_whole(&declared));
    let elsewhere = [index(length - 11), second].concat();
    assert!(!is_whole(&elsewhere));

    let samsung = [
        &picture("jpeg/grey.jpg")[..],
        b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data....",
    ]
    .concat();
    assert_eq!(
        undecided(name, &samsung).1,
        "unopened video (MP4 or QuickTime) behind the JPEG"
    );
}

#[test]
fn png_chunk_bombs_stay_within_the_budget() {
    let with = |added: Vec<hostile::png::Chunk>| {
        let mut chunks = hostile::png::chunks(&picture("png/scene-64x64.png"));
        chunks.splice(1..1, added);
        hostile::png::file(&chunks)
    };
    let tiny = vec![(*b"tEXt", b"a\0b".to_vec()); 200_000];
    let _ = screen_within("PNG with 200,000 tEXt", &with(tiny), list_of_nothing());
    let unknown = vec![(*b"abCd", Vec::new()); 500_000];
    let _ = screen_within(
        "PNG with 500,000 unknown chunks",
        &with(unknown),
        list_of_nothing(),
    );
    let giant = vec![(*b"tEXt", [&b"a\0"[..], &vec![b'b'; 8 << 20]].concat())];
    let _ = screen_within("PNG with 8 MiB of tEXt", &with(giant), list_of_nothing());
    let zeros = hostile::png::zeros(2_000_000); // 516 MB
    let packed = |kind: &[u8; 4], start: &[u8]| vec![(*kind, [start, &zeros].concat())];
    for (name, added) in [
        ("PNG with 516 MB in zTXt", packed(b"zTXt", b"a\0\0")),
        (
            "PNG with 516 MB in iTXt",
            packed(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
        ),
        ("PNG with 516 MB in iCCP", packed(b"iCCP", b"a\0\0")),
    ] {
        let _ = screen_within(name, &with(added), list_of_nothing());
    }
}

#[test]
fn webp_of_odd_chunks_stays_within_the_budget() {
    let whole = picture("webp/animated.webp");
    let with = |count: usize, chunk: &[u8]| {
        // Behind the header of the extended format, before the frames.
        let at = 12 + 8 + 10;
        let mut bytes = [&whole[..at], &chunk.repeat(count), &whole[at..]].concat();
        let length = u32::try_from(bytes.len() - 8).unwrap();
        bytes[4..8].copy_from_slice(&length.to_le_bytes());
        bytes
    };
    let inside = b"ANMF\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let cases: [(&str, &[u8], usize); 4] = [
        ("WebP with 200,000 unknown chunks", b"abcd\0\0\0\0", 200_000),
        ("WebP with 200,000 empty frames", inside, 200_000),
        ("WebP with an odd chunk", b"abcd\x03\0\0\0xyz\0", 1),
        (
            "WebP with a chunk that is too long",
            b"abcd\xff\xff\xff\xff",
            1,
        ),
    ];
    for (name, chunk, count) in cases {
        let _ = screen_within(name, &with(count, chunk), list_of_nothing());
    }
}
