//! `ijkpunt hash` and `ijkpunt screen`.

use super::*;

fn picture(name: &str) -> Vec<u8> {
    fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("testdata/pictures")
            .join(name),
    )
    .unwrap()
}

fn json_lines(output: &Output) -> Vec<Value> {
    out(output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A folder with a picture, its copies in a list, and things that are no pictures.
fn platform(name: &str) -> (Folder, String) {
    let folder = Folder::new(name);
    let item = folder.put("item.png", picture("png/scene-320x240.png"));
    let list = out(&ijkpunt(&["enrol", "--no-windows", &item]));
    let list = folder.put("list.csv", without_digests(&list));
    folder.put("up/a-copy.png", picture("png/scene-320x240.png"));
    folder.put("up/b-other.png", picture("png/scene-513x300.png"));
    folder.put("up/deep/c-text.jpg", "a text that somebody named .jpg");
    folder.put("up/d-cut.webp", &picture("webp/lossy.webp")[..2000]);
    (folder, list)
}

#[test]
fn a_batch_goes_on_over_bad_files_and_a_match_decides_the_exit_code() {
    let (folder, list) = platform("batch");
    let uploads = format!("{}/up", folder.path());
    let output = ijkpunt(&[
        "screen",
        "--baseline",
        &format!("eu={list}"),
        "--json",
        &uploads,
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let lines = json_lines(&output);
    let verdicts: Vec<_> = lines
        .iter()
        .map(|line| line["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["match", "no_match", "undecided", "undecided"]);
    assert_eq!(lines[2]["reason"], "truncated: the WebP ends early");
    assert_eq!(lines[3]["reason"], "not an image");
    assert!(err(&output).contains("4 files: 1 match, 1 no match, 2 undecided"));
}

#[test]
fn json_has_the_stated_names_and_no_others() {
    let (folder, list) = platform("json");
    let uploads = format!("{}/up", folder.path());
    let output = ijkpunt(&["screen", "--baseline", &list, "--json", &uploads]);
    let lines = json_lines(&output);
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let on_every_line = ["engine", "file", "lists", "matches"];
    let with = |more: [&'static str; 3]| [&on_every_line[..], &more].concat();
    let mut expected = with(["quality", "screened_at", "verdict"]);
    assert_eq!(keys(&lines[0]), expected);
    expected = with(["reason", "screened_at", "verdict"]);
    assert_eq!(keys(&lines[3]), expected);
    let found = &lines[0]["matches"][0];
    expected = vec![
        "class",
        "dihedral",
        "distance",
        "entry",
        "entry_quality",
        "expected_false_rate",
        "frame",
        "frame_ms",
        "frame_size",
        "list",
        "negative",
        "tier",
        "upload_quality",
        "view",
    ];
    assert_eq!(keys(found), expected);
    assert_eq!(found["frame_size"], serde_json::json!([320, 240]));
    assert_eq!(
        (&found["class"], &found["dihedral"]),
        (&"near_duplicate".into(), &"original".into())
    );
    assert_eq!(
        (&found["distance"], &found["frame"], &found["frame_ms"]),
        (&0.into(), &0.into(), &Value::Null)
    );
    assert_eq!(found["tier"], "A");
    assert_eq!(
        keys(&found["expected_false_rate"]),
        ["high", "low", "value"]
    );
    assert_eq!(keys(&lines[0]["lists"][0]), ["digest", "entries", "name"]);
    assert_eq!(lines[0]["lists"][0]["name"], "list");
    assert_eq!(lines[0]["engine"], env!("CARGO_PKG_VERSION"));
}

#[cfg(feature = "review")]
#[test]
fn lines_are_read_as_uploads_that_reviewers_are_shown() {
    use ijkpunt::hash::{Quality, Radius};
    use ijkpunt::limits::Limits;
    use ijkpunt::review::page::Upload;
    use ijkpunt::{List, Policy, Screener, Surface};

    let (folder, list) = platform("page");
    let copy = picture("png/scene-320x240.png");
    let copy = image::load_from_memory(&copy).unwrap().into_rgb8();
    let mut page = image::RgbImage::from_pixel(500, 400, image::Rgb([250; 3]));
    image::imageops::overlay(&mut page, &image::imageops::rotate90(&copy), 90, 40);
    let framed = folder.put("up/e-framed.png", []);
    page.save(framed).unwrap();
    let uploads = format!("{}/up", folder.path());
    let asked = format!("eu={list}");
    let arguments = [
        "screen",
        "--baseline",
        &asked,
        "--json",
        "--evidence",
        &uploads,
    ];
    let output = out(&ijkpunt(&arguments));
    let screener = Screener::builder()
        .surface(Surface::Public)
        .list_with(
            "eu",
            List::from_bytes(&fs::read(&list).unwrap()).unwrap(),
            Policy::default()
                .radius(Radius::DEFAULT)
                .minimum_quality(Quality::DEFAULT_MINIMUM),
        )
        .build()
        .unwrap();
    let mut pairs = 0;
    for line in output.lines() {
        let read = Upload::read(line.as_bytes(), &Limits::default()).unwrap();
        // The same as a pipeline would have made it.
        let bytes = fs::read(&*read.subject).unwrap();
        let mut ours = Upload::of(&read.subject, &screener.screen(&bytes));
        ours.screened_at = read.screened_at;
        assert_eq!(ours.to_json(), read.to_json());
        pairs += read
            .matches
            .iter()
            .filter(|one| one.hashes.is_some())
            .count();
    }
    assert_eq!((output.lines().count(), pairs), (5, 2));
    let plain = out(&ijkpunt(&[&arguments[..4], &arguments[5..]].concat()));
    assert!(!plain.contains("\"hashes\"") && plain.contains("\"matches\":[{"));
}

#[test]
fn a_framed_copy_is_found_in_its_part_unless_effort_is_plain() {
    let (folder, list) = platform("effort");
    let scene = image::load_from_memory(&picture("png/scene-320x240.png")).unwrap();
    let mut page = image::RgbImage::from_pixel(440, 320, image::Rgb([250; 3]));
    image::imageops::overlay(&mut page, &scene.into_rgb8(), 50, 30);
    let framed = format!("{}/framed.png", folder.path());
    page.save(&framed).unwrap();

    let screen =
        |more: &[&str]| ijkpunt(&[&["screen", "--baseline", &list], more, &[&framed]].concat());
    let table = out(&screen(&[]));
    assert!(
        table.contains(" of 256 bits away, in a part of the picture at 50,30 to 370,270\n"),
        "{table}"
    );
    assert_eq!(out(&screen(&["--effort", "standard"])), table);
    let found = json_lines(&screen(&["--json"])).remove(0)["matches"][0].clone();
    assert_eq!(
        (&found["view"], &found["negative"]),
        (&"block".into(), &false.into())
    );
    assert_eq!(found["box"], serde_json::json!([50, 30, 370, 270]));
    assert!(found.get("rotation_deg").is_none(), "{found}");

    let plain = screen(&["--effort", "plain"]);
    assert_eq!(plain.status.code(), Some(0), "{}", err(&plain));
    assert!(out(&plain).starts_with("no match   "), "{}", out(&plain));
    let unknown = screen(&["--effort", "utmost"]);
    assert!(
        err(&unknown).contains("[possible values: plain, standard, thorough]"),
        "{}",
        err(&unknown)
    );
}

#[test]
fn exit_codes_tell_nothing_found_from_undecided_and_failed() {
    let (folder, list) = platform("codes");
    let code = |arguments: &[&str]| ijkpunt(arguments).status.code();
    let other = format!("{}/up/b-other.png", folder.path());
    let text = format!("{}/up/deep/c-text.jpg", folder.path());
    assert_eq!(code(&["screen", "--baseline", &list, &other]), Some(0));
    assert_eq!(
        code(&["screen", "--baseline", &list, &other, &text]),
        Some(2)
    );
    assert_eq!(
        code(&["screen", "--baseline", &list, "/no/such/file.png"]),
        Some(2)
    );
    assert_eq!(
        code(&["screen", "--baseline", "/no/such/list.csv", &other]),
        Some(2)
    );
    assert_eq!(
        code(&["screen", "--baseline", &list, "--radius", "257", &other]),
        Some(2)
    );
    assert_eq!(code(&["screen", &other]), Some(2));
    let empty = Folder::new("empty");
    assert_eq!(
        code(&["screen", "--baseline", &list, empty.path()]),
        Some(2)
    );
}

#[test]
fn one_upload_comes_over_standard_input() {
    let (_folder, list) = platform("stdin");
    let mut child = Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(["screen", "--baseline", &list, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let bytes = picture("png/scene-320x240.png");
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        out(&output).starts_with("MATCH      -: list "),
        "{}",
        out(&output)
    );
}

#[test]
fn what_a_list_does_not_mean_is_said_with_its_place() {
    let (folder, list) = platform("report");
    let mut text = fs::read_to_string(&list).unwrap();
    let columns = text.lines().next().unwrap().split(',').count();
    text += &format!("broken,123{}\n", ",".repeat(columns - 2));
    let list = folder.put("list.csv", text);
    let output = ijkpunt(&[
        "screen",
        "--baseline",
        &list,
        &format!("{}/up/b-other.png", folder.path()),
    ]);
    let report = err(&output);
    assert!(
        report.contains("list list, line 3, column 2: not a PDQ hash: 3 hexadecimal digits"),
        "{report}"
    );
    assert!(report.contains("1 row NOT understood"), "{report}");
}

#[test]
fn two_lists_need_two_names() {
    let (folder, list) = platform("names");
    let item = format!("{}/item.png", folder.path());
    let output = ijkpunt(&["screen", "--baseline", &list, "--baseline", &list, &item]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("--baseline NAME=LIST"),
        "{}",
        err(&output)
    );
    let named = format!("other={list}");
    let output = ijkpunt(&[
        "screen",
        "--baseline",
        &list,
        "--baseline",
        &named,
        "--json",
        &item,
    ]);
    assert_eq!(
        json_lines(&output)[0]["matches"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn the_radius_is_that_of_the_command_line() {
    let folder = Folder::new("radius");
    let item = folder.put("item.png", picture("png/scene-320x240.png"));
    let line = &json_lines(&ijkpunt(&["hash", "--json", &item]))[0];
    let pdq = line["pdq"].as_str().unwrap();
    let flipped: String = pdq
        .chars()
        .map(|c| char::from_digit(c.to_digit(16).unwrap() ^ 1, 16).unwrap())
        .collect();
    let list = folder.put("list.txt", flipped + "\n");
    let code = |radius| {
        ijkpunt(&["screen", "--baseline", &list, "--radius", radius, &item])
            .status
            .code()
    };
    assert_eq!([code("63"), code("64")], [Some(0), Some(1)]);
}

#[test]
fn hash_prints_json_a_frame_a_line() {
    let folder = Folder::new("frames");
    let file = folder.put("animated.gif", picture("gif/animated-repeated.gif"));
    let output = ijkpunt(&["hash", "--json", "--dihedral", &file]);
    assert_eq!(output.status.code(), Some(0));
    let lines = json_lines(&output);
    let frames: Vec<_> = lines
        .iter()
        .map(|l| {
            (
                l["frame"].as_u64().unwrap(),
                l["frame_ms"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(frames, [(0, 0), (2, 70)]);
    assert_eq!(
        (&lines[0]["width"], &lines[0]["height"]),
        (&120.into(), &90.into())
    );
    let forms: Vec<_> = lines[0]["dihedral"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let mut expected = [
        "original",
        "rot90",
        "rot180",
        "rot270",
        "flipx",
        "flipy",
        "flipplus1",
        "flipminus1",
    ];
    expected.sort_unstable();
    assert_eq!(forms, expected);
    assert_eq!(lines[0]["dihedral"]["original"], lines[0]["pdq"]);
}

#[test]
fn hash_says_what_it_could_not_hash() {
    let folder = Folder::new("gaps");
    let text = folder.put("text.jpg", "this is a text and no picture");
    let cut = folder.put("cut.png", &picture("png/scene-320x240.png")[..4000]);
    let output = ijkpunt(&["hash", "--json", &text, &cut]);
    assert_eq!(output.status.code(), Some(2));
    let lines = json_lines(&output);
    assert_eq!(
        (&lines[0]["verdict"], &lines[0]["reason"]),
        (&"undecided".into(), &"not an image".into())
    );
    assert_eq!(lines[1]["partial"], true);
    assert_eq!(lines.last().unwrap()["verdict"], "undecided");
}

#[test]
fn the_list_that_enrol_writes_is_read_by_screen_whatever_files_are_called() {
    let folder = Folder::new("names of files");
    for name in ["a, b.png", "say \"hi\".png", "#1.png", "two\nlines.png"] {
        folder.put(name, picture("png/rgb8.png"));
    }
    let csv = ijkpunt(&["enrol", "--no-windows", folder.path()]);
    let list = folder.put("list.csv", &csv.stdout);
    let output = ijkpunt(&[
        "screen",
        "--baseline",
        &list,
        "--json",
        &format!("{}/#1.png", folder.path()),
    ]);
    assert!(!err(&output).contains("NOT understood"), "{}", err(&output));
    assert_eq!(
        json_lines(&output)[0]["matches"].as_array().unwrap().len(),
        4
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_are_reported() {
    let (folder, list) = platform("links");
    let uploads = folder.0.join("up");
    std::os::unix::fs::symlink(&uploads, uploads.join("loop")).unwrap();
    std::os::unix::fs::symlink(folder.0.join("item.png"), uploads.join("z-link.png")).unwrap();
    let output = ijkpunt(&["screen", "--baseline", &list, uploads.to_str().unwrap()]);
    let table = out(&output);
    assert!(
        table.contains("MATCH      ") && table.contains("z-link.png"),
        "{table}"
    );
    assert!(table.contains("loop: a link back to"), "{table}");
}

#[test]
fn the_very_file_is_found_by_its_digest_without_a_distance() {
    let folder = Folder::new("digest");
    let file = folder.put(
        "no-picture.bin",
        "bytes that nobody can decode, and are listed",
    );
    let digest = ijkpunt::hash::DigestKind::Sha1.of(&fs::read(&file).unwrap());
    let list = folder.put("list.csv", format!("id,sha1\nthe-file,{digest}\n"));
    let output = ijkpunt(&["screen", "--baseline", &list, "--json", &file]);
    assert_eq!(output.status.code(), Some(1));
    let line = &json_lines(&output)[0];
    let found = &line["matches"][0];
    assert_eq!(
        (&found["class"], &found["distance"]),
        (&"exact_bytes".into(), &Value::Null)
    );
    assert_eq!(line["reason"], "not an image");
}
