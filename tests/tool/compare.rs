//! `ijkpunt compare`, held against what `ijkpunt screen` says of the same files.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};

use ijkpunt::hash::DigestKind;

use super::*;

impl Folder {
    /// A list of these files' hashes and windows, whose ids are the files' paths.
    fn list(&self, name: &str, files: &[&str]) -> String {
        let output = ijkpunt(&[&["enrol"], files].concat());
        self.put(name, without_digests(&out(&output)))
    }
}

fn picture(name: &str) -> String {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    pictures.join(name).to_str().unwrap().to_owned()
}

fn scene(change: impl Fn(&DynamicImage) -> DynamicImage) -> Vec<u8> {
    let scene = image::open(picture("png/scene-320x240.png")).unwrap();
    let mut png = Cursor::new(Vec::new());
    change(&scene).write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

fn compare(arguments: &[&str]) -> Output {
    ijkpunt(&[&["compare"], arguments].concat())
}

fn json(arguments: &[&str]) -> Value {
    let output = compare(&[&["--json"], arguments].concat());
    let value: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(&output)));
    let code = match value["verdict"].as_str().unwrap() {
        "match" => 1,
        "no_match" => 0,
        _ => 2,
    };
    assert_eq!(output.status.code(), Some(code), "{value}");
    value
}

fn hash_of(file: &str) -> String {
    let output = ijkpunt(&["hash", "--json", file]);
    let line = out(&output).lines().next().unwrap().to_owned();
    let line: Value = serde_json::from_str(&line).unwrap();
    line["pdq"].as_str().unwrap().to_owned()
}

fn keys(value: &Value) -> Vec<&str> {
    let keys = value.as_object().unwrap().keys();
    keys.map(String::as_str).collect()
}

type Change = fn(&DynamicImage) -> DynamicImage;

#[test]
fn a_mirrored_copy_is_a_match_that_says_how_it_is_mirrored() {
    let folder = Folder::new("mirrored");
    let mirrored = folder.put("mirrored.png", scene(DynamicImage::fliph));
    let output = compare(&[&picture("png/scene-320x240.png"), &mirrored]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let expected = [
        "of 256 bits differ: that is a match (31 or fewer count).\n",
        "the second picture is the first one mirrored (left and right exchanged).\n",
        "does not say that anything is illegal",
        "<- nearest, within the radius",
    ];
    for part in expected {
        assert!(out(&output).contains(part), "{part:?} in {}", out(&output));
    }
}

#[test]
fn every_turned_and_mirrored_copy_is_named_as_it_was_made() {
    let folder = Folder::new("forms");
    let original = picture("png/scene-320x240.png");
    let changes: [(&str, Change); 8] = [
        ("original", DynamicImage::clone),
        ("rot90", DynamicImage::rotate270), // ours are counter-clockwise
        ("rot180", DynamicImage::rotate180),
        ("rot270", DynamicImage::rotate90),
        ("flipx", DynamicImage::flipv),
        ("flipy", DynamicImage::fliph),
        ("flipplus1", |scene| scene.rotate90().fliph()),
        ("flipminus1", |scene| scene.rotate270().fliph()),
    ];
    for (form, change) in changes {
        let copy = folder.put("copy.png", scene(change));
        let exact = json(&[&original, &copy]);
        assert_eq!(
            (&exact["dihedral"], &exact["verdict"]),
            (&form.into(), &"match".into())
        );
        assert_eq!(exact["form_origin"], "picture");
        assert_eq!(exact["forms"][form], exact["distance"]);
        let rough = json(&[&hash_of(&original), &copy]);
        assert_eq!(rough["dihedral"], form);
        let origin = if form == "original" {
            "picture"
        } else {
            "derived_from_hash"
        };
        assert_eq!(rough["form_origin"], origin);
    }
}

#[test]
fn distances_of_two_files_and_of_two_hashes_are_symmetric() {
    let names = [
        "png/scene-320x240.png",
        "png/scene-513x300.png",
        "webp/lossy.webp",
    ];
    for a in names.map(picture) {
        for b in names.map(picture) {
            let (there, back) = (json(&[&a, &b]), json(&[&b, &a]));
            assert_eq!(there["forms"]["original"], back["forms"]["original"]);
            let (a, b) = (hash_of(&a), hash_of(&b));
            let (there, back) = (json(&[&a, &b]), json(&[&b, &a]));
            assert_eq!(there["distance"], back["distance"]);
            assert_eq!(there["forms"]["rot90"], back["forms"]["rot270"]);
        }
    }
}

#[test]
fn screening_says_the_same_of_every_pair() {
    let folder = Folder::new("screening");
    let turned = folder.put("turned.png", scene(DynamicImage::rotate90));
    let cut = fs::read(picture("png/scene-320x240.png")).unwrap();
    let cut = folder.put("cut.png", &cut[..cut.len() / 2]);
    let text = folder.put("text.jpg", "a text that somebody named .jpg");
    let framed = folder.put("framed.png", scene(framed));
    let negative = folder.put("negative.png", scene(negative));
    let tiny = folder.put(
        "tiny.png",
        scene(|scene| scene.resize_exact(9, 4, image::imageops::Nearest)),
    );
    let known = [
        "png/scene-320x240.png",
        "gif/animated-repeated.gif",
        "png/quality-70.png",
    ]
    .map(picture);
    let awkward = [
        "png/quality-49.png",
        "png/quality-50.png",
        "png/flat-160x120.png",
        "png/animated.png",
    ];
    let uploads = [
        &known[..],
        &awkward.map(picture),
        &[turned, cut, text, tiny, framed, negative],
    ]
    .concat();
    for item in &known {
        let list = folder.list("list.csv", &[item]);
        for upload in &uploads {
            let screened = ijkpunt(&["screen", "--json", "--baseline", &list, upload]);
            let screened: Value = serde_json::from_slice(&screened.stdout).unwrap();
            let with_file = json(&[upload, item]);
            let with_entry = json(&[upload, &format!("list:{item}"), "--baseline", &list]);
            for compared in [with_file, with_entry] {
                assert_eq!(compared["verdict"], screened["verdict"], "{upload} {item}");
                let Some(found) = screened["matches"].get(0) else {
                    continue;
                };
                assert_eq!(compared["class"], found["class"]);
                if let Some(part) = compared.get("part") {
                    for key in keys(part) {
                        assert_eq!(part[key], found[key], "{key}");
                    }
                    continue;
                }
                assert_eq!(
                    (&found["view"], &found["negative"]),
                    (&"full".into(), &false.into())
                );
                assert_eq!(compared["distance"], found["distance"]);
                assert_eq!(compared["dihedral"], found["dihedral"]);
                assert_eq!(compared["a"]["frame"], found["frame"]);
                assert_eq!(compared["a"]["frame_ms"], found["frame_ms"]);
            }
        }
    }
}

fn framed(scene: &DynamicImage) -> DynamicImage {
    on_page(scene, 440, 320)
}

fn on_large_page(scene: &DynamicImage) -> DynamicImage {
    on_page(scene, 1100, 900)
}

fn on_page(scene: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    let mut page = image::RgbImage::from_pixel(width, height, image::Rgb([250; 3]));
    image::imageops::overlay(&mut page, &scene.to_rgb8(), 50, 30);
    page.into()
}

fn negative(scene: &DynamicImage) -> DynamicImage {
    let mut negative = scene.clone();
    negative.invert();
    negative
}

#[test]
fn a_part_that_matches_is_told_and_counts_only_in_the_first() {
    let folder = Folder::new("parts");
    let original = picture("png/scene-320x240.png");
    let framed = folder.put("framed.png", scene(framed));
    let negative = folder.put("negative.png", scene(negative));

    let told = out(&compare(&[&framed, &original]));
    let expected = "Yet the second picture is found in the first picture, in a part of the picture at 50,30 to 370,270: ";
    assert!(
        told.contains(expected) && told.contains("As wholes, "),
        "{told}"
    );
    let value = json(&[&framed, &original]);
    assert_eq!(
        (&value["verdict"], &value["class"]),
        (&"match".into(), &"near_duplicate".into())
    );
    assert_eq!(
        keys(&value["part"]),
        ["box", "dihedral", "distance", "frame", "negative", "view"]
    );
    assert!(
        value["distance"].as_u64() > Some(31),
        "of the wholes: {value}"
    );

    // Its windows are found in the original as well.
    let told = out(&compare(&[&original, &framed]));
    let shown =
        "Yet the second picture is found in the first picture, in a part of the picture at ";
    assert!(
        told.contains(shown) && told.contains(", which shows "),
        "{told}"
    );
    let value = json(&[&original, &framed]);
    assert_eq!(value["verdict"], "match");
    let part = keys(&value["part"]);
    assert!(part.contains(&"confirmed_distance") && part.contains(&"entry_part"));

    // Not if it is a small part of a page.
    let page = folder.put("page.png", scene(on_large_page));
    let told = out(&compare(&[&original, &page]));
    let expected = "The other way round, the first picture is found in the second picture, in a part of the picture at ";
    assert!(
        told.contains(expected) && told.contains(": no match "),
        "{told}"
    );
    let value = json(&[&original, &page]);
    assert_eq!(
        (&value["verdict"], value.get("part")),
        (&"no_match".into(), None)
    );
    assert_eq!(value["part_of_b"]["view"], "rectangle");

    let told = out(&compare(&[&negative, &original]));
    assert!(
        told.contains("is found in the first picture, as a negative: "),
        "{told}"
    );
}

#[test]
fn a_digest_finds_the_very_file_and_no_other_as_screening_does() {
    let folder = Folder::new("digests");
    let (one, flat) = (
        picture("png/scene-320x240.png"),
        picture("png/flat-160x120.png"),
    );
    let text = folder.put("text.jpg", "a text that somebody named .jpg");
    let mut rows = "id,sha1,md5,label\n".to_owned();
    for (id, file) in [("one", &one), ("flat", &flat), ("text", &text)] {
        let bytes = fs::read(file).unwrap();
        let digest = |kind: DigestKind| kind.of(&bytes);
        rows += &format!("{id},{},,first\n", digest(DigestKind::Sha1));
        rows += &format!("{id},,{},second\n", digest(DigestKind::Md5));
    }
    let header = rows.lines().next().unwrap().to_owned() + "\n";
    let list = folder.put("eu.csv", &rows);
    for upload in [&one, &flat, &text] {
        for entry in ["one", "flat", "text"] {
            let own = rows.lines().filter(|row| row.starts_with(entry));
            let own = header.clone() + &own.collect::<Vec<_>>().join("\n");
            let alone = folder.put("alone.csv", own);
            let screened = ijkpunt(&["screen", "--json", "--baseline", &alone, upload]);
            let screened: Value = serde_json::from_slice(&screened.stdout).unwrap();
            let compared = json(&[upload, entry, "--baseline", &list]);
            assert_eq!(compared["verdict"], screened["verdict"], "{upload} {entry}");
            assert_eq!(compared.get("class"), screened["matches"][0].get("class"));
            assert_eq!(compared["distance"], Value::Null);
        }
    }
    let told = |upload: &str, entry| out(&compare(&[upload, entry, "--baseline", &list]));
    let very = told(&text, "text");
    assert!(
        very.contains("the very file of the entry (row `first`), byte for byte"),
        "{very}"
    );
    assert!(
        very.contains("The match stands.") && very.contains("A match is information"),
        "{very}"
    );
    assert!(told(&one, "flat").contains("is not that very file"));
    let beside_a_hash = told(&hash_of(&one), "one");
    assert!(beside_a_hash.contains("Undecided") && beside_a_hash.contains("give the file itself"));
}

#[test]
fn json_has_the_stated_names_and_no_others() {
    let folder = Folder::new("json");
    let (one, other) = (
        picture("png/scene-320x240.png"),
        picture("png/scene-513x300.png"),
    );
    let list = folder.list("eu.csv", &[&one]);
    let entry = format!("eu:{one}");
    let value = json(&[
        &other,
        &entry,
        "--baseline",
        &list,
        "--radius",
        "40",
        "--min-quality",
        "60",
    ]);
    let expected = [
        "a",
        "b",
        "dihedral",
        "distance",
        "form_origin",
        "forms",
        "minimum_quality",
        "radius",
        "verdict",
    ];
    assert_eq!(keys(&value), expected);
    assert_eq!(
        keys(&value["a"]),
        ["frame", "frame_ms", "kind", "name", "quality"]
    );
    assert_eq!(
        keys(&value["b"]),
        ["frame", "frame_ms", "kind", "list", "name", "quality"]
    );
    assert_eq!(value["a"]["kind"], "file");
    assert_eq!(
        (&value["b"]["kind"], &value["b"]["list"]),
        (&"entry".into(), &"eu".into())
    );
    assert_eq!(value["b"]["name"], one.as_str());
    assert_eq!(
        (&value["radius"], &value["minimum_quality"]),
        (&40.into(), &60.into())
    );
    assert_eq!(
        (&value["a"]["frame"], &value["b"]["frame"]),
        (&0.into(), &Value::Null)
    );
    assert_eq!(value["forms"].as_object().unwrap().len(), 8);

    let text = folder.put("text.jpg", "a text that somebody named .jpg");
    let value = json(&[&text, &hash_of(&one)]);
    assert_eq!(value["reason"], "first: not an image");
    assert_eq!(
        (&value["distance"], &value["forms"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&value["b"]["kind"], &value["b"]["quality"]),
        (&"hash".into(), &Value::Null)
    );
}

#[test]
fn the_nearest_frame_and_the_nearest_row_are_named() {
    let folder = Folder::new("frames-compared");
    let gif = picture("gif/animated-repeated.gif");
    let frames = ijkpunt(&["hash", "--json", &gif]);
    let last: Value = serde_json::from_str(out(&frames).lines().last().unwrap()).unwrap();
    let pdq = last["pdq"].as_str().unwrap();
    let value = json(&[&gif, pdq]);
    assert_eq!(
        (&value["distance"], &value["a"]["frame"]),
        (&0.into(), &2.into())
    );
    assert_eq!(value["a"]["frame_ms"], 70);
    assert!(out(&compare(&[&gif, pdq])).contains(", frame 2 at 70 ms, quality "));

    let rows = format!(
        "id,pdq,label\nx,{},far\nx,{pdq},near one\n",
        "0f".repeat(32)
    );
    let list = folder.put("list.csv", rows);
    let value = json(&[&gif, "x", "--baseline", &list]);
    assert_eq!(
        (&value["b"]["label"], &value["b"]["quality"]),
        (&"near one".into(), &Value::Null)
    );
    assert!(out(&compare(&[&gif, "x", "--baseline", &list])).contains("row `near one`"));
    let value = json(&[&picture("png/scene-320x240.png"), &gif]);
    assert!(value["b"]["frame"].is_u64() && value["b"]["frame_ms"].is_u64());
}

#[test]
fn exit_codes_tell_a_match_from_none_and_both_from_undecided_and_failed() {
    let folder = Folder::new("codes");
    let (one, other) = (
        picture("png/scene-320x240.png"),
        picture("png/scene-513x300.png"),
    );
    let text = folder.put("text.jpg", "a text that somebody named .jpg");
    let code = |arguments: &[&str]| compare(arguments).status.code();
    assert_eq!(code(&[&one, &one]), Some(1));
    assert_eq!(code(&[&one, &other]), Some(0));
    assert_eq!(code(&[&one, &other, "--radius", "256"]), Some(1));
    assert_eq!(code(&[&text, &one]), Some(2));
    assert_eq!(code(&[&one, &text]), Some(2));
    assert_eq!(code(&[&picture("png/flat-160x120.png"), &one]), Some(2));
    assert_eq!(code(&["/no/such/file.png", &one]), Some(2));
    assert_eq!(
        code(&[&one, "x", "--baseline", "/no/such/list.csv"]),
        Some(2)
    );
    assert_eq!(code(&[&one, &other, "--radius", "257"]), Some(2));
    assert_eq!(code(&[&one, &other, "--min-quality", "101"]), Some(2));
    assert_eq!(code(&[&one]), Some(2));
}

#[test]
fn too_little_detail_is_undecided_until_less_is_asked_for() {
    let (low, scene) = (
        picture("png/quality-49.png"),
        picture("png/scene-320x240.png"),
    );
    let output = compare(&[&low, &low]);
    assert_eq!(output.status.code(), Some(2));
    let told = "The first picture has too little detail (quality 49, 50 is asked for): its hash says little, so \
                screening does not look it up, whatever the distance.";
    assert!(out(&output).contains(told), "{}", out(&output));
    assert_eq!(
        json(&[&low, &low, "--min-quality", "49"])["verdict"],
        "match"
    );
    assert_eq!(
        json(&[&low, &scene])["reason"],
        "first: too little detail (quality 49, 50 is asked for)"
    );
    assert_eq!(json(&[&scene, &low])["verdict"], "undecided");
}

#[test]
fn what_is_cut_short_is_partial_and_undecided_unless_it_matches() {
    let folder = Folder::new("partial");
    let (one, other) = (
        picture("png/scene-320x240.png"),
        picture("png/scene-513x300.png"),
    );
    let bytes = fs::read(&one).unwrap();
    let cut = folder.put("cut.png", &bytes[..bytes.len() - 20]);
    let output = compare(&[&cut, &one]);
    assert_eq!(output.status.code(), Some(1), "{}", out(&output));
    assert!(
        out(&output).contains("The first picture is partial"),
        "{}",
        out(&output)
    );
    assert!(
        out(&output).contains("The match stands."),
        "{}",
        out(&output)
    );
    let output = compare(&[&cut, &other]);
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    assert!(
        out(&output).contains("What is missing may match"),
        "{}",
        out(&output)
    );
    let value = json(&[&cut, &one]);
    assert_eq!(
        (&value["a"]["partial"], &value["verdict"]),
        (&true.into(), &"match".into())
    );
    assert!(
        value["reason"]
            .as_str()
            .unwrap()
            .starts_with("first: truncated")
    );
}

#[test]
fn a_bare_hash_is_said_to_be_rough_where_it_is() {
    let folder = Folder::new("rough");
    let turned = folder.put("turned.png", scene(DynamicImage::rotate90));
    let pdq = hash_of(&picture("png/scene-320x240.png"));
    let told = out(&compare(&[&pdq, &turned]));
    assert!(told.contains("so this distance is rough"), "{told}");
    assert!(told.contains("6 off on average"), "{told}");
    assert!(
        told.contains(&format!("first   hash {}..., quality not known", &pdq[..8])),
        "{told}"
    );
}

#[test]
fn the_hash_of_an_entry_is_never_printed() {
    let folder = Folder::new("secret");
    let item = picture("png/scene-320x240.png");
    let list = folder.list("eu.csv", &[&item]);
    let text = fs::read_to_string(&list).unwrap().replace(&item, "item-1");
    fs::write(&list, text).unwrap();
    let pdq = hash_of(&item);
    let uploads = [
        item,
        picture("png/scene-513x300.png"),
        pdq.clone(),
        "missing".to_owned(),
    ];
    for upload in &uploads {
        for entry in ["item-1", "eu:item-1", "eu:item-2", "nothing like it"] {
            for format in [&[][..], &["--json"]] {
                let output = compare(&[&[upload, entry, "--baseline", &list], format].concat());
                let all = out(&output) + &err(&output);
                assert!(!all.to_lowercase().contains(&pdq[..16]), "{all}");
            }
        }
    }
}

#[test]
fn errors_say_what_to_do() {
    let folder = Folder::new("errors");
    let item = picture("png/scene-320x240.png");
    let list = folder.list("eu.csv", &[&item]);
    let text = fs::read_to_string(&list).unwrap().replace(&item, "item-1");
    fs::write(&list, &text).unwrap();
    let own = folder.put("own.csv", &text);
    let complaint = |arguments: &[&str]| {
        let output = compare(arguments);
        assert_eq!(
            (output.status.code(), out(&output)),
            (Some(2), String::new())
        );
        err(&output)
    };
    let cases: [(&[&str], &[&str]); 8] = [
        (
            &[&item, "/no/such/file.png"],
            &[
                "no file: there is none of this name",
                "add --baseline [NAME=]LIST",
            ],
        ),
        (&[&item, &"a".repeat(63)], &["63 hexadecimal digits"]),
        (
            &[&item, "item-7", "--baseline", &list],
            &[
                "no entry of list eu: near it are `item-1`",
                "1 id in the column `id` of ",
            ],
        ),
        (
            &[&item, "eu:item-7", "--baseline", &list, "--baseline", &own],
            &["no entry of list eu: near it are `item-1`"],
        ),
        (
            &[&item, "item-1", "--baseline", &list, "--baseline", &own],
            &["write eu:item-1 or own:item-1"],
        ),
        (
            &["item-1", &item, "--baseline", &list],
            &["eu:item-1 is an entry: give it second"],
        ),
        (
            &[&item, "item-1", "--baseline", &list, "--baseline", &list],
            &["two lists are named `eu`", "--baseline NAME=LIST"],
        ),
        (&[&item, folder.0.to_str().unwrap()], &["is a folder"]),
    ];
    for (arguments, parts) in cases {
        let complaint = complaint(arguments);
        for part in parts {
            assert!(complaint.contains(part), "{part:?} in {complaint}");
        }
    }
}

#[test]
fn an_id_that_is_a_files_name_too_is_pointed_out() {
    let folder = Folder::new("both");
    let item = picture("png/scene-320x240.png");
    let list = folder.list("eu.csv", &[&item]);
    let output = compare(&[&item, &item, "--baseline", &list]);
    assert!(
        err(&output).contains("note: the file is compared; the entry of the same id is eu:"),
        "{}",
        err(&output)
    );
    assert!(!out(&output).contains("entry "));
    let output = compare(&[
        &item,
        &format!("x:{item}"),
        "--baseline",
        &format!("x={list}"),
    ]);
    assert!(err(&output).is_empty(), "{}", err(&output));
    assert!(
        out(&output).contains("of list x, quality"),
        "{}",
        out(&output)
    );
}

#[test]
fn a_file_comes_over_standard_input() {
    let scene = picture("png/scene-320x240.png");
    let mut child = Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(["compare", "-", &scene])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let bytes = fs::read(&scene).unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        out(&output).starts_with("first   -, quality "),
        "{}",
        out(&output)
    );
}
