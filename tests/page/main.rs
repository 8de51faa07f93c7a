//! The evidence page in a real browser: Chromium, driven by `chromedriver` and `drive.mjs`, a script for Node without packages.
//!
//! Skipped, which is printed, where one of the three is not installed; with `IJKPUNT_BROWSER=1` that is a failure. With
//! `IJKPUNT_SHOTS=<folder>` pictures of the pages are put there, to be looked at.

#![cfg(feature = "review")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test may stop at what it did not expect, and says what it skipped"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::review::Language;
use ijkpunt::review::page::{self, Shown, Upload};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program by any of its names, where the system looks for programs.
fn program(names: &[&str]) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let all: Vec<PathBuf> = env::split_paths(&folders).collect();
    let found = names
        .iter()
        .flat_map(|name| all.iter().map(move |folder| folder.join(name)));
    found.into_iter().find(|path| path.is_file())
}

/// Writes a page of all uploads, each with a picture.
fn write_page(folder: &Path, language: Language) {
    let limits = Limits::default();
    let lines = fs::read(root().join("testdata/review/page/uploads.jsonl")).unwrap();
    let picture = fs::read(root().join("testdata/pictures/png/scene-320x240.png")).unwrap();
    let lines = lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let uploads: Vec<Upload> = lines
        .map(|line| Upload::read(line, &limits).unwrap())
        .collect();
    let shown: Vec<Shown<'_>> = uploads
        .iter()
        .map(|upload| Shown::new(upload).with_preview(&picture, &limits).unwrap())
        .collect();
    let now: Time = "2026-11-23T09:00:00Z".parse().unwrap();
    let mut file = fs::File::create(folder.join(format!("{language}.html"))).unwrap();
    page::write(&shown, language, now, &mut file).unwrap();
}

#[test]
fn a_browser_shows_the_page_and_asks_nobody_for_anything() {
    let programs = [
        program(&["node", "nodejs"]),
        program(&["chromedriver"]),
        program(&["chromium", "chromium-browser", "google-chrome"]),
    ];
    let [Some(node), Some(driver), Some(browser)] = programs else {
        assert!(
            env::var_os("IJKPUNT_BROWSER").is_none_or(|value| value != "1"),
            "node, chromedriver or chromium is not installed"
        );
        eprintln!("skipped: node, chromedriver or chromium is not installed");
        return;
    };
    let folder = env::temp_dir().join(format!("ijkpunt-page-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for language in Language::ALL {
        write_page(&folder, language);
    }
    let output = Command::new(node)
        .arg(root().join("tests/page/drive.mjs"))
        .args([&driver, &browser, &folder])
        .output()
        .unwrap();
    let _ = fs::remove_dir_all(&folder);
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
