//! The tool as a person or a script uses it: what it prints, what it exits with.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]

#[cfg(all(feature = "authority", feature = "sync"))]
mod authorities;
#[cfg(feature = "authority")]
mod authority;
mod baseline;
mod compare;
mod enrol;
mod folder;
mod hash_and_screen;
#[cfg(feature = "authority")]
mod platform;
#[cfg(all(feature = "authority", feature = "sync"))]
mod publish;
#[cfg(feature = "review")]
mod review;
#[cfg(feature = "authority")]
mod verify;
#[cfg(all(feature = "video", unix))]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::print_stderr,
    reason = "shades of drawn frames, and what was skipped"
)]
mod videos;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A list without its digests, by which the very files would be found. No id has a comma.
fn without_digests(csv: &str) -> String {
    let has_hash = |line: &&str| line.split(',').nth(1) != Some("");
    let kept = csv.lines().filter(has_hash);
    kept.map(|line| format!("{line}\n")).collect()
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ijkpunt-tool-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn ijkpunt(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ijkpunt"))
        .args(arguments)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
