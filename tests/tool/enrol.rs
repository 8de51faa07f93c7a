//! `ijkpunt enrol`, and what `ijkpunt screen` finds with its lists.

use super::*;

fn picture(name: &str) -> Vec<u8> {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/pictures");
    fs::read(pictures.join(name)).unwrap()
}

/// A folder with two scenes and a text.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("items/a.png", picture("png/scene-320x240.png"));
    folder.put("items/b.png", picture("png/scene-513x300.png"));
    folder
}

fn items(folder: &Folder) -> String {
    format!("{}/items", folder.path())
}

#[test]
fn a_list_with_windows_finds_what_is_left_of_a_cropped_copy() {
    let folder = folder("enrol");
    let enrolled = ijkpunt(&["enrol", &items(&folder)]);
    assert_eq!(enrolled.status.code(), Some(0), "{}", err(&enrolled));
    assert!(
        err(&enrolled).starts_with("2 entries: "),
        "{}",
        err(&enrolled)
    );
    assert!(
        err(&enrolled).contains(" of them of windows\n"),
        "{}",
        err(&enrolled)
    );
    let list = folder.put("own.csv", &enrolled.stdout);
    let bare = ijkpunt(&["enrol", "--no-windows", &items(&folder)]);
    assert!(!err(&bare).contains("window"), "{}", err(&bare));
    let bare = folder.put("bare.csv", &bare.stdout);

    let item = image::load_from_memory(&picture("png/scene-320x240.png")).unwrap();
    let crop = format!("{}/crop.png", folder.path());
    item.crop_imm(64, 48, 192, 144).save(&crop).unwrap();
    let screen = |list: &str, more: &[&str]| {
        ijkpunt(&[&["screen", "--baseline", list], more, &[&crop]].concat())
    };
    assert_eq!(screen(&bare, &[]).status.code(), Some(0));
    let found = screen(&list, &[]);
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    let words = ", as a whole it shows 20,20 to 80,80 % of the item";
    assert!(out(&found).contains(words), "{}", out(&found));
    assert!(err(&found).contains(" windows"), "{}", err(&found));
    let json: Value = serde_json::from_str(&out(&screen(&list, &["--json"]))).unwrap();
    let found = &json["matches"][0];
    assert_eq!(found["entry_part"], serde_json::json!([0.2, 0.2, 0.8, 0.8]));
    assert_eq!(
        (&found["view"], &found["tier"]),
        (&"full".into(), &"A".into())
    );
    // No level finds it in a list without windows.
    assert_eq!(
        screen(&bare, &["--effort", "thorough"]).status.code(),
        Some(0)
    );
}

#[test]
fn what_is_near_to_another_or_listed_already_is_told() {
    let folder = folder("enrol near");
    let list = ijkpunt(&["enrol", &items(&folder)]);
    let list = folder.put("eu.csv", &list.stdout);
    let again = image::load_from_memory(&picture("png/scene-320x240.png")).unwrap();
    let path = format!("{}/items/c.jpg", folder.path());
    again.fliph().into_rgb8().save(&path).unwrap();
    let output = ijkpunt(&["enrol", "--known", &list, &items(&folder)]);
    assert_eq!(output.status.code(), Some(0));
    let told = err(&output);
    let near = format!("c.jpg: near to {}/a.png (", items(&folder));
    assert!(
        told.contains(&near) && told.contains(" of 256 bits away)"),
        "{told}"
    );
    let listed = format!(
        "b.png: listed by eu as {}/b.png (the very file)",
        items(&folder)
    );
    assert!(told.contains(&listed), "{told}");
    let missing = ijkpunt(&["enrol", "--known", "nowhere.csv", &items(&folder)]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(err(&missing).contains("nowhere.csv: "), "{}", err(&missing));
}

#[test]
fn what_cannot_be_listed_is_left_out_or_told() {
    let folder = folder("enrol bad");
    folder.put("items/c.jpg", "a text");
    let jpeg = picture("jpeg/baseline-420-97x61.jpg");
    folder.put("items/d.jpg", &jpeg[..jpeg.len() * 3 / 4]);
    folder.put("items/e.png", picture("png/flat-160x120.png"));
    let output = ijkpunt(&["enrol", &items(&folder)]);
    assert_eq!(output.status.code(), Some(2));
    let told = err(&output);
    assert!(told.contains("c.jpg: left out: not an image"), "{told}");
    assert!(told.contains("d.jpg: not all of it: truncated"), "{told}");
    let flat = "e.png: too little detail: only the very file will be found";
    assert!(told.contains(flat), "{told}");
    assert!(
        told.contains("4 entries: ") && told.contains("; 1 file left out"),
        "{told}"
    );
    assert!(!out(&output).contains("c.jpg"));
    let list = folder.put("own.csv", &output.stdout);
    let screened = ijkpunt(&["screen", "--baseline", &list, &items(&folder)]);
    assert!(
        err(&screened).contains("5 files: 4 match"),
        "{}",
        err(&screened)
    );
    let nothing = Folder::new("enrol nothing");
    let nothing = ijkpunt(&["enrol", nothing.path()]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(
        err(&nothing).contains("there is no file"),
        "{}",
        err(&nothing)
    );
}

#[test]
fn a_plain_picture_is_listed_with_a_warning() {
    let folder = Folder::new("enrol plain");
    let disc = image::RgbImage::from_fn(240, 240, |x, y| {
        let is_inside = (f64::from(x) - 113.0).hypot(f64::from(y) - 113.0) < 72.0;
        image::Rgb([if is_inside { 20 } else { 235 }; 3])
    });
    disc.save(format!("{}/disc.png", folder.path())).unwrap();
    folder.put("scene.png", picture("png/scene-320x240.png"));
    let output = ijkpunt(&["enrol", folder.path()]);
    assert_eq!(output.status.code(), Some(0));
    let told = err(&output);
    assert_eq!(told.matches("harmless picture").count(), 1, "{told}");
    assert!(told.contains("disc.png: the hash is "), "{told}");
}
