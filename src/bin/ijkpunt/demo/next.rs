//! What to try next: commands that run as they stand, spelled the way in which this one was run.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::platform::Written;

/// How this program is called here.
#[derive(Debug)]
pub(super) struct Invocation(String);

impl Invocation {
    /// From how this process was started.
    pub(super) fn current() -> Self {
        let program = env::args_os().next().map(PathBuf::from);
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from); // there under `cargo run`
        let here = env::current_dir().unwrap_or_default();
        Self::new(program.as_deref(), package.as_deref(), &here)
    }

    fn new(program: Option<&Path>, package: Option<&Path>, here: &Path) -> Self {
        match (program, package) {
            (_, Some(package)) => {
                let release = if cfg!(debug_assertions) {
                    ""
                } else {
                    " --release"
                };
                let manifest = if here.starts_with(package) {
                    String::new()
                } else {
                    format!(" --manifest-path {}", quoted(&package.join("Cargo.toml")))
                };
                Self(format!("cargo run{release} --features cli{manifest} --"))
            }
            (Some(program), None) => Self(quoted(program)),
            (None, None) => Self("ijkpunt".into()),
        }
    }
}

/// Prints three commands.
pub(super) fn print(
    out: &mut impl Write,
    invocation: &Invocation,
    folder: &Folder,
    written: &[Written],
) -> io::Result<()> {
    let Invocation(program) = invocation;
    let (list, uploads) = (quoted(&folder.list()), quoted(&folder.uploads()));
    let example = |part: &str| {
        let named = written.iter().find(|written| written.name.contains(part));
        named.map_or_else(
            || uploads.clone(),
            |named| quoted(&folder.uploads().join(&named.name)),
        )
    };
    let (mirrored, hidden) = (example("-mirrored."), example("-hidden."));
    writeln!(out, "\nWhat to try next:")?;
    writeln!(out, "\n  # every upload with its verdict and the reason")?;
    writeln!(out, "  {program} screen --baseline demo={list} {uploads}")?;
    writeln!(
        out,
        "\n  # the hash of one picture, as it is, turned and mirrored"
    )?;
    writeln!(out, "  {program} hash --dihedral {mirrored}")?;
    writeln!(
        out,
        "\n  # one verdict for machines: which item, how near, in which frame"
    )?;
    writeln!(
        out,
        "  {program} screen --baseline demo={list} --json {hidden}"
    )
}

/// As a POSIX shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        return text;
    }
    let dashed = if text.starts_with('-') { "./" } else { "" };
    format!("'{dashed}{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_spelled_as_this_one_was_run() {
        let spelled = |program: &str, package: Option<&str>| {
            let package = package.map(Path::new);
            Invocation::new(
                Some(Path::new(program)),
                package,
                Path::new("/home/me/ijkpunt"),
            )
            .0
        };
        assert_eq!(spelled("ijkpunt", None), "ijkpunt");
        assert_eq!(
            spelled("target/release/ijkpunt", None),
            "target/release/ijkpunt"
        );
        let inside = spelled("target/debug/ijkpunt", Some("/home/me/ijkpunt"));
        assert!(
            inside.starts_with("cargo run") && inside.ends_with("--features cli --"),
            "{inside}"
        );
        let outside = spelled("ijkpunt", Some("/src/ijk punt"));
        assert!(
            outside.ends_with("--manifest-path '/src/ijk punt/Cargo.toml' --"),
            "{outside}"
        );
    }

    #[test]
    fn paths_are_quoted_where_a_shell_would_split_them() {
        assert_eq!(quoted(Path::new("a/b-1.jpg")), "a/b-1.jpg");
        assert_eq!(quoted(Path::new("my photos")), "'my photos'");
        assert_eq!(quoted(Path::new("it's")), r"'it'\''s'");
        assert_eq!(quoted(Path::new("-x")), "'./-x'");
        assert_eq!(quoted(Path::new("$HOME")), "'$HOME'");
    }
}
