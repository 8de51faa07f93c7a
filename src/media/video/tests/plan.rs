//! The right frames, at the right times, upright and whole.

use super::*;

#[test]
fn frames_come_at_the_times_that_they_show_at() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("times");
    let clip = folder.path("clip.mkv");
    make_numbered(200, "N*40", &clip);
    let (frames, error) = look(&ffmpeg, &clip);
    assert!(error.is_none(), "{error:?}");
    for frame in &frames {
        assert_eq!(milliseconds(frame), u64::from(number(frame)) * 40);
        assert_eq!(frame.is_key(), number(frame).is_multiple_of(50));
        assert_eq!(
            (frame.picture().width(), frame.picture().height()),
            (64, 48)
        );
    }
    // Half a second is twelve frames and a half.
    let numbers: Vec<u32> = frames.iter().map(number).collect();
    assert_eq!(numbers[..8], [0, 13, 25, 38, 50, 63, 75, 88]);
    assert!(
        numbers.iter().all(|n| matches!(n % 25, 0 | 13)),
        "{numbers:?}"
    );
    assert_eq!(numbers.len(), 16);
}

#[test]
fn times_of_a_variable_rate_are_those_of_the_file() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("variable");
    let clip = folder.path("clip.mkv");
    // Three frames close together, then a pause that is longer than the step.
    make_numbered(90, "floor(N/3)*700+mod(N,3)*50", &clip);
    let (frames, error) = look(&ffmpeg, &clip);
    assert!(error.is_none(), "{error:?}");
    for frame in &frames {
        let n = u64::from(number(frame));
        let told = n / 3 * 700 + n % 3 * 50;
        assert!(milliseconds(frame).abs_diff(told) <= 1, "{n}: {frame:?}");
    }
    let bursts: std::collections::HashSet<u32> = frames.iter().map(|f| number(f) / 3).collect();
    assert_eq!(bursts.len(), 30, "each burst begins behind the step");
}

#[test]
fn gaps_are_shorter_than_the_step_of_their_place_and_a_frame() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("gaps");
    let clip = folder.path("clip.mkv");
    // A frame each quarter of a second, on both sides of ten minutes and of an hour.
    make_numbered(
        200,
        "if(eq(N,0),0,if(lt(N,100),585000+N*250,3565000+N*250))",
        &clip,
    );
    let (frames, error) = look(&ffmpeg, &clip);
    assert!(error.is_none(), "{error:?}");
    let plan = Sampling::default();
    let mut steps = Vec::new();
    for pair in frames.windows(2) {
        let (gap, step) = (pair[1].at() - pair[0].at(), plan.step_at(pair[1].at()));
        let is_jump = matches!(number(&pair[1]), 1 | 100);
        assert!(
            is_jump || gap < step + Duration::from_millis(251),
            "{pair:?}"
        );
        let is_step = !pair[1].is_key() && !pair[0].is_key();
        if is_step && !is_jump && gap >= step {
            steps.push(step.as_millis());
        }
    }
    steps.dedup();
    assert_eq!(steps, [500, 1000, 2000]);
}

#[test]
fn no_more_than_the_plans_share_of_a_codec_of_key_frames_is_taken() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("intra");
    let clip = folder.path("clip.avi");
    make("testsrc2=s=64x48:r=25:d=8", "-c:v mjpeg", &clip);
    let (frames, error) = look(&ffmpeg, &clip);
    assert!(error.is_none(), "{error:?}");
    assert!(frames.iter().all(VideoFrame::is_key));
    assert_eq!(
        frames.len(),
        50,
        "one each eighth of a second, which is each fourth"
    );
}

#[test]
fn times_that_stand_still_hide_no_more_than_sixty_frames() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("still");
    let clip = folder.path("clip.mkv");
    make_numbered(200, "N", &clip);
    let (frames, error) = look(&ffmpeg, &clip);
    assert!(error.is_none(), "{error:?}");
    let numbers: Vec<u32> = frames.iter().map(number).collect();
    assert!(
        numbers.windows(2).all(|pair| pair[1] - pair[0] <= 60),
        "{numbers:?}"
    );
    assert!(numbers.last().unwrap() + 60 >= 199, "{numbers:?}");
}

#[test]
fn the_rotation_of_the_file_is_applied() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("rotated");
    let clip = folder.path("clip.mp4");
    let source = "color=red:s=64x64:d=1[a];color=blue:s=64x64:d=1[b];[a][b]hstack";
    make(source, "-c:v mpeg4 -q:v 2", &clip);
    let mut bytes = std::fs::read(&clip).unwrap();
    let header = bytes.windows(4).position(|four| four == b"tkhd").unwrap();
    // A quarter turn clockwise, as phones write it: what was left is on top.
    for (place, value) in [0, 0x1_0000, 0, -0x1_0000i32, 0].into_iter().enumerate() {
        let at = header + 44 + 4 * place;
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    let frames = ffmpeg
        .read(&bytes, &Sampling::default(), &Limits::default())
        .unwrap();
    let (frames, error) = drain(frames);
    assert!(error.is_none(), "{error:?}");
    let picture = frames[0].picture();
    assert_eq!((picture.width(), picture.height()), (64, 128));
    let pixel = |y: usize| picture.rows().nth(y).unwrap()[96..99].to_vec();
    let (top, bottom) = (pixel(10), pixel(118));
    assert!(top[0] > 200 && top[2] < 60, "{top:?}");
    assert!(bottom[2] > 200 && bottom[0] < 60, "{bottom:?}");
}

#[test]
fn a_size_that_changes_in_the_middle_is_the_size_of_its_frames() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("sizes");
    let mut both = Vec::new();
    for size in ["64x48", "96x80", "64x48"] {
        let part = folder.path(&format!("{size}.ts"));
        make(
            &format!("testsrc2=s={size}:r=25:d=2"),
            "-c:v mpeg2video",
            &part,
        );
        both.extend(std::fs::read(part).unwrap());
    }
    let frames = ffmpeg
        .read(&both, &Sampling::default(), &Limits::default())
        .unwrap();
    let (frames, error) = drain(frames);
    assert!(error.is_none(), "{error:?}");
    let mut widths: Vec<u32> = frames.iter().map(|frame| frame.picture().width()).collect();
    widths.dedup();
    assert_eq!(widths, [64, 96, 64]);
}

#[test]
fn bytes_whose_index_is_at_the_end_give_what_the_file_gives() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("bytes");
    let clip = folder.path("-i clip;'$(x).mp4"); // a name that is nothing but a name
    make("testsrc2=s=96x64:r=25:d=3", "-c:v mpeg4", &clip);
    let bytes = std::fs::read(&clip).unwrap();
    let place = |name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap();
    assert!(place(b"moov") > place(b"mdat"));
    let (of_file, error) = look(&ffmpeg, &clip);
    assert!(error.is_none(), "{error:?}");
    let of_bytes = ffmpeg
        .read(&bytes, &Sampling::default(), &Limits::default())
        .unwrap();
    let (of_bytes, error) = drain(of_bytes);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(of_file.len(), of_bytes.len());
    assert!(of_file.len() >= 6);
    for (a, b) in of_file.iter().zip(&of_bytes) {
        assert!(a.picture() == b.picture() && a.at() == b.at());
    }
}

#[test]
fn each_container_is_opened_by_its_own_demuxer() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("containers");
    for (name, codec) in [
        ("a.mp4", "mpeg4"),
        ("a.mov", "mjpeg"),
        ("a.3gp", "mpeg4"),
        ("a.mkv", "mpeg4"),
        ("a.avi", "mpeg4"),
        ("a.ts", "mpeg2video"),
        ("a.mpg", "mpeg2video"),
        ("a.flv", "flv"),
        ("a.ogv", "ffv1 -f ogg -c:v libtheora"),
        ("a.wmv", "wmv2"),
    ] {
        let clip = folder.path(name);
        make("testsrc2=s=96x64:r=25:d=1", &format!("-c:v {codec}"), &clip);
        let (frames, error) = look(&ffmpeg, &clip);
        assert!(error.is_none(), "{name}: {error:?}");
        assert!(frames.len() >= 2, "{name}");
        // Hidden behind another name it is the same.
        let renamed = folder.path("a.txt");
        std::fs::rename(clip, &renamed).unwrap();
        assert_eq!(look(&ffmpeg, &renamed).0.len(), frames.len(), "{name}");
    }
}
