//! Videos, wherever the tool takes files: short clips of a moving texture, which ffmpeg codes.

use std::process::ChildStdin;

use ijkpunt::hash::frames::vpdq;
use ijkpunt::limits::Limits;
use ijkpunt::media::video::Ffmpeg;

use super::*;

const WIDTH: usize = 160;
const HEIGHT: usize = 120;
const A_SECOND: usize = 10;

/// Whether there is an ffmpeg; else says so.
fn ffmpeg() -> bool {
    match Ffmpeg::find() {
        Ok(_) => true,
        Err(error) => {
            eprintln!("skipped: {error}");
            false
        }
    }
}

/// A value that looks drawn by chance, from 0 to 1.
fn noise(seed: u64, x: i64, y: i64) -> f64 {
    let mut state = seed ^ (x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (y as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
        .wrapping_mul(0xff51_afd7_ed55_8ccd);
    state = (state ^ (state >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    ((state ^ (state >> 33)) % 1024) as f64 / 1024.0
}

/// Hills of 20 pixels, smoothly from one to the next.
fn hills(seed: u64, x: f64, y: f64) -> f64 {
    let (x, y) = (x / 20.0, y / 20.0);
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - left), ease(y - top));
    let at = |dx: i64, dy: i64| noise(seed, left as i64 + dx, top as i64 + dy);
    let upper = at(0, 0) * (1.0 - u) + at(1, 0) * u;
    let lower = at(0, 1) * (1.0 - u) + at(1, 1) * u;
    upper * (1.0 - v) + lower * v
}

/// Frame `number` of film `seed`: a texture that moves, and another every two seconds.
fn frame(seed: u64, number: usize, mirrored: bool) -> Vec<u8> {
    let scene = seed * 1000 + (number / (2 * A_SECOND)) as u64;
    let shift = 3.0 * number as f64;
    let pixel = |k: usize| {
        let (x, y) = (k % WIDTH, k / WIDTH);
        let x = if mirrored { WIDTH - 1 - x } else { x };
        (255.0 * hills(scene, x as f64 + shift, y as f64 + shift / 2.0)) as u8
    };
    (0..WIDTH * HEIGHT).map(pixel).collect()
}

/// Codes these seconds of a film.
fn clip(
    folder: &Folder,
    name: &str,
    seed: u64,
    seconds: std::ops::Range<usize>,
    mirrored: bool,
) -> String {
    let path = format!("{}/{name}", folder.path());
    let size = format!("{WIDTH}x{HEIGHT}");
    let raw = [
        "-f", "rawvideo", "-pix_fmt", "gray", "-s", &size, "-r", "10", "-i", "-",
    ];
    let coded = ["-c:v", "mpeg4", "-q:v", "3", "-g", "20", "-bitexact", &path];
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-y"])
        .args(raw)
        .args(coded)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin: ChildStdin = child.stdin.take().unwrap();
    for number in seconds.start * A_SECOND..seconds.end * A_SECOND {
        stdin.write_all(&frame(seed, number, mirrored)).unwrap();
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    path
}

fn film(folder: &Folder) -> String {
    clip(folder, "film.mp4", 1, 0..8, false)
}

fn lines(output: &Output) -> Vec<Value> {
    let text = out(output);
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_frames_that_are_kept_are_told_with_their_times() {
    if !ffmpeg() {
        return;
    }
    let folder = Folder::new("video hash");
    let film = film(&folder);
    let table = ijkpunt(&["hash", &film]);
    assert_eq!(table.status.code(), Some(0), "{}", out(&table));
    assert!(
        out(&table).contains("film.mp4 (frame 0 at 0:00.0)"),
        "{}",
        out(&table)
    );
    assert!(out(&table).contains(" at 0:07."), "{}", out(&table));

    let json = ijkpunt(&["hash", "--json", "--dihedral", &film]);
    let json = lines(&json);
    assert!(json.len() >= 12, "{}", json.len());
    let first = &json[0];
    assert_eq!(
        (&first["frame"], &first["frame_ms"]),
        (&0.into(), &0.into())
    );
    assert_eq!(
        (&first["width"], &first["height"]),
        (&160.into(), &120.into())
    );
    assert!(first["lasts_ms"].as_u64().unwrap() >= 100, "{first}");
    assert_eq!(first["dihedral"]["original"], first["pdq"]);

    let text = ijkpunt(&["hash", "--vpdq", &film]);
    let read = vpdq::read(&text.stdout, &Limits::default()).unwrap();
    assert_eq!(read.len(), json.len());
    for (read, json) in read.iter().zip(&json) {
        assert_eq!(u64::from(read.at_ms), json["frame_ms"].as_u64().unwrap());
        assert_eq!(read.pdq.to_string(), json["pdq"].as_str().unwrap());
    }
    assert_eq!(vpdq::write(&read), out(&text));
    let several = ijkpunt(&["hash", "--vpdq", &film, &film]);
    assert!(err(&several).contains("a single file"), "{}", err(&several));
}

#[test]
fn a_stretch_of_a_listed_video_is_found_and_another_video_is_not() {
    if !ffmpeg() {
        return;
    }
    let folder = Folder::new("video screen");
    let film = film(&folder);
    let enrolled = ijkpunt(&["enrol", &film]);
    assert_eq!(enrolled.status.code(), Some(0), "{}", err(&enrolled));
    let told = err(&enrolled);
    assert!(
        told.contains(" frames over 0:0") && told.contains(" kept, 0 dropped"),
        "{told}"
    );
    assert!(told.contains(" of them of frames of videos"), "{told}");
    let list = folder.put("own.csv", without_digests(&out(&enrolled)));

    let copy = clip(&folder, "copy.mkv", 1, 2..7, true);
    let other = clip(&folder, "other.mp4", 9, 0..8, false);
    let screened = ijkpunt(&[
        "screen",
        "--json",
        "--memory",
        "1",
        "--baseline",
        &list,
        &copy,
        &other,
    ]);
    assert_eq!(screened.status.code(), Some(1), "{}", err(&screened));
    let json = lines(&screened);
    assert_eq!(
        (&json[0]["verdict"], &json[1]["verdict"]),
        (&"match".into(), &"no_match".into())
    );
    assert_eq!(json[0]["matches"][0]["class"], "video_segment");
    let segment = &json[0]["segments"][0];
    assert_eq!(
        (&segment["list"], &segment["mirrored"]),
        (&"own".into(), &true.into())
    );
    assert_eq!(segment["entry"].as_str().unwrap(), film);
    let ms = |side: &str, place: usize| segment[side][place].as_u64().unwrap();
    assert!(
        ms("entry_ms", 0).abs_diff(ms("query_ms", 0) + 2000) < 500,
        "{segment}"
    );
    assert!(ms("query_ms", 1) - ms("query_ms", 0) > 3000, "{segment}");
    assert!(
        (0.9..1.1).contains(&segment["speed"].as_f64().unwrap()),
        "{segment}"
    );
    assert!(
        (0.5..=1.0).contains(&segment["coverage_query"].as_f64().unwrap()),
        "{segment}"
    );
    assert!(
        segment["coverage_entry"].as_f64().unwrap() < 0.8,
        "{segment}"
    );
    assert!(json[1].get("segments").is_none());

    let words = ijkpunt(&["screen", "--baseline", &list, &copy]);
    let told = out(&words);
    assert!(
        told.contains(&format!("copy.mkv: runs like own {film}: 0:0")),
        "{told}"
    );
    assert!(
        told.contains(" is its 0:02.") && told.contains(", mirrored)"),
        "{told}"
    );
    let alone = ijkpunt(&["screen", "--baseline", &list, &other]);
    assert_eq!(alone.status.code(), Some(0), "{}", out(&alone));

    let stdin = fs::File::open(&copy).unwrap();
    let piped = Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(["screen", "--baseline", &list, "-"])
        .stdin(stdin)
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(1), "{}", err(&piped));

    let snapshot = format!("{}/own.snapshot", folder.path());
    let built = ijkpunt(&["baseline", "build", &film, "-o", &snapshot]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    let found = ijkpunt(&["screen", "--baseline", &snapshot, &copy]);
    assert_eq!(found.status.code(), Some(1), "{}", out(&found));
}

#[test]
fn what_of_a_video_cannot_be_looked_at_is_undecided() {
    if !ffmpeg() {
        return;
    }
    let folder = Folder::new("video undecided");
    let film = film(&folder);
    let other = clip(&folder, "other.mkv", 9, 0..8, false);
    let list = folder.put("own.csv", ijkpunt(&["enrol", &other]).stdout);
    let bytes = fs::read(&film).unwrap();
    let whole = fs::read(&other).unwrap();
    let cut = folder.put("cut.mkv", &whole[..whole.len() / 2]);
    let junk = [&bytes[..32], &[b'x'; 5000]].concat();
    let junk = folder.put("junk.mp4", junk);
    let text = folder.put("text.mp4", "a text that somebody named .mp4");

    let of_cut = lines(&ijkpunt(&["screen", "--json", "--baseline", &list, &cut]));
    assert_ne!(of_cut[0]["verdict"], "no_match", "{}", of_cut[0]);
    assert!(
        of_cut[0]["reason"].as_str().unwrap().contains("broke off"),
        "{}",
        of_cut[0]
    );
    let hashed = ijkpunt(&["hash", &cut]);
    assert_eq!(hashed.status.code(), Some(2));
    assert!(
        out(&hashed).contains("(frame 0 at 0:00.0)"),
        "{}",
        out(&hashed)
    );
    assert!(out(&hashed).contains("\nundecided "), "{}", out(&hashed));
    for file in [&junk, &text] {
        for command in [&["screen", "--baseline", &list][..], &["hash"], &["enrol"]] {
            let output = ijkpunt(&[command, &[file]].concat());
            assert_eq!(
                output.status.code(),
                Some(2),
                "{command:?} {file}: {}",
                out(&output)
            );
        }
    }

    let nowhere = ["--ffmpeg", "/nowhere/ffmpeg"];
    for command in [&["screen", "--baseline", &list][..], &["hash"], &["enrol"]] {
        let output = ijkpunt(&[command, &nowhere, &[&film]].concat());
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        let told = out(&output) + &err(&output);
        assert!(
            told.contains("install the package ffmpeg"),
            "{command:?}: {told}"
        );
    }
    let output = Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(["screen", "--baseline", &list, &film, &other])
        .env("PATH", "")
        .output()
        .unwrap();
    let told = out(&output);
    assert!(told.contains("film.mp4: unopened video"), "{told}");
    assert!(told.contains("install the package ffmpeg"), "{told}");
    // The very file needs no ffmpeg.
    assert!(told.contains("other.mkv: own "), "{told}");
}

#[test]
fn a_stretch_that_is_not_its_core_is_not_matched() {
    if !ffmpeg() {
        return;
    }
    let folder = Folder::new("video segment");
    let film = film(&folder);
    let enrol = |more: &[&str]| ijkpunt(&[&["enrol", &film], more].concat());
    let marked = enrol(&["--segment", "intro=0-6", "--segment", "news=7.5-0:08"]);
    assert_eq!(marked.status.code(), Some(0), "{}", err(&marked));
    assert!(
        err(&marked).contains(" of the kept not of its core"),
        "{}",
        err(&marked)
    );
    assert!(out(&marked).contains(" intro"), "{}", out(&marked));
    let list = folder.put("own.csv", without_digests(&out(&marked)));
    let intro = clip(&folder, "intro.mp4", 1, 0..6, false);
    let screened = ijkpunt(&["screen", "--baseline", &list, &intro]);
    assert_eq!(screened.status.code(), Some(0), "{}", out(&screened));

    let none = enrol(&["--segment", "blank=0-1:00"]);
    assert!(
        err(&none).contains("list its pictures as stills"),
        "{}",
        err(&none)
    );
    let late = enrol(&["--segment", "credits=1:00-1:10"]);
    assert!(
        err(&late).contains("nothing is marked as credits"),
        "{}",
        err(&late)
    );
    let two = enrol(&["--segment", "intro=0-1", &intro]);
    assert_eq!(two.status.code(), Some(2));
    assert!(err(&two).contains("one video"), "{}", err(&two));
    let role = enrol(&["--segment", "core=0-1"]);
    assert!(
        err(&role).contains("intro, credits, blank"),
        "{}",
        err(&role)
    );
    let few = enrol(&["--step", "4"]);
    assert!(err(&few).contains("over 0:0"), "{}", err(&few));
}

#[test]
fn two_videos_are_compared_by_their_stretches() {
    if !ffmpeg() {
        return;
    }
    let folder = Folder::new("video compare");
    let film = film(&folder);
    let copy = clip(&folder, "copy.mp4", 1, 2..7, true);
    let other = clip(&folder, "other.mp4", 9, 0..8, false);
    let words = ijkpunt(&["compare", &copy, &film]);
    assert_eq!(words.status.code(), Some(1), "{}", err(&words));
    let told = out(&words);
    assert!(
        told.contains("The first runs like the second: that is a match."),
        "{told}"
    );
    assert!(told.contains("###") && told.contains("..."), "{told}");
    assert!(
        told.contains("does not say that anything is illegal"),
        "{told}"
    );
    let json = &lines(&ijkpunt(&["compare", "--json", &copy, &film]))[0];
    assert_eq!(json["verdict"], "match");
    assert_eq!(json["segments"][0]["mirrored"], true);
    let none = ijkpunt(&["compare", &other, &film]);
    assert_eq!(none.status.code(), Some(0), "{}", out(&none));
    assert!(out(&none).contains(&".".repeat(60)), "{}", out(&none));

    let still =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures/png/scene-320x240.png");
    let still = still.to_str().unwrap();
    let refused = ijkpunt(&["compare", still, &film]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).contains("a still is compared with pictures"),
        "{}",
        err(&refused)
    );
    let in_film = ijkpunt(&["compare", &film, still]);
    assert_eq!(in_film.status.code(), Some(0), "{}", out(&in_film));
    let missing = ijkpunt(&["compare", "--ffmpeg", "/nowhere/ffmpeg", &copy, &film]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        out(&missing).contains("install the package ffmpeg"),
        "{}",
        out(&missing)
    );

    let piped = Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(["compare", "-", still])
        .stdin(fs::File::open(&film).unwrap())
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(2));
    assert!(out(&piped).contains("give its path"), "{}", out(&piped));

    let list = folder.put("own.csv", ijkpunt(&["enrol", &film]).stdout);
    let entry = format!("own:{film}");
    let with_entry = ijkpunt(&["compare", &copy, &entry, "--baseline", &list]);
    assert_eq!(with_entry.status.code(), Some(1), "{}", err(&with_entry));
    let refused = ijkpunt(&["compare", still, &entry, "--baseline", &list]);
    assert!(
        err(&refused).contains("a still is compared"),
        "{}",
        err(&refused)
    );
}

#[cfg(feature = "authority")]
#[test]
fn an_authority_proposes_a_video_and_knows_its_copies() {
    use crate::authority::Union;

    if !ffmpeg() {
        return;
    }
    let union = Union::new("video propose");
    let film = film(&union.folder);
    let copy = clip(&union.folder, "copy.mp4", 1, 0..8, true);
    let marked = [
        "propose",
        &film,
        "--title",
        "a film",
        "--segment",
        "intro=0-1",
        "--json",
    ];
    let told = union.says("a", "2026-02-01", &marked);
    let json: Value = serde_json::from_str(&told).unwrap();
    assert!(json["frames"].as_u64().unwrap() >= 12, "{json}");
    assert!(
        json["kept"].as_str().unwrap().contains("not of its core"),
        "{json}"
    );
    let entry = json["entry"].as_str().unwrap();

    let check = |file: &str| union.run(&["check", entry, file, "-r", "a", "--at", "2026-02-02"]);
    let same = check(&film);
    assert_eq!(same.status.code(), Some(0), "{}", err(&same));
    assert!(out(&same).contains("the very file"), "{}", out(&same));
    let same = check(&copy);
    assert!(out(&same).contains("what was proposed"), "{}", out(&same));
    assert!(!out(&same).contains("something else"), "{}", out(&same));

    let key = [
        "-r",
        "a",
        "-k",
        "a.key",
        "--passphrase",
        "pass",
        "--at",
        "2026-02-03",
    ];
    let again = ["propose", &copy, "--title", "again"];
    let told = union.refused(&[&again[..], &key].concat());
    assert!(
        told.contains("Not proposed") && told.contains("a film"),
        "{told}"
    );
    let many = [
        "propose", &copy, "--title", "many", "--anyway", "--step", "0.01",
    ];
    let told = union.done(&[&many[..], &key].concat());
    assert!(told.contains("Proposed as"), "{told}");
}
