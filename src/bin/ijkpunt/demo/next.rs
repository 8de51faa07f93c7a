//! What to try next: commands that run as they stand, spelled the way in which this one was run.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::platform::{Written, item_id};
use super::table::WIDTH;

/// How this program is called here.
#[derive(Debug)]
pub(super) struct Invocation(String);

impl Invocation {
    /// From how this process was started.
    pub(super) fn current() -> Self {
        Self::started(Self::new)
    }

    /// The same, for commands that need registers.
    #[cfg(all(feature = "authority", feature = "sync"))]
    pub(super) fn current_with_registers() -> Self {
        Self::started(|program, package, here| {
            Self::spelled("cli,authority,sync", program, package, here)
        })
    }

    fn started(as_told: impl Fn(Option<&Path>, Option<&Path>, &Path) -> Self) -> Self {
        let program = env::args_os().next().map(PathBuf::from);
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from); // there under `cargo run`
        let here = env::current_dir().unwrap_or_default();
        as_told(program.as_deref(), package.as_deref(), &here)
    }

    fn new(program: Option<&Path>, package: Option<&Path>, here: &Path) -> Self {
        Self::spelled(FEATURES, program, package, here)
    }

    fn spelled(
        features: &str,
        program: Option<&Path>,
        package: Option<&Path>,
        here: &Path,
    ) -> Self {
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
                Self(format!(
                    "cargo run{release} --features {features}{manifest} --"
                ))
            }
            (Some(program), None) => Self(quoted(program)),
            (None, None) => Self("ijkpunt".into()),
        }
    }

    /// A command, on two lines where one would be too long.
    pub(super) fn with(&self, rest: &str) -> String {
        let Self(program) = self;
        let line = format!("  {program} {rest}");
        if line.len() <= WIDTH {
            return line;
        }
        format!("  {program} \\\n    {rest}")
    }
}

/// With what this program was built, as far as the commands here need it.
const FEATURES: &str = if cfg!(feature = "review") {
    "cli,review"
} else {
    "cli"
};

/// Prints five commands.
pub(super) fn print(
    out: &mut impl Write,
    invocation: &Invocation,
    folder: &Folder,
    written: &[Written],
) -> io::Result<()> {
    writeln!(out, "\nWhat to try next:")?;
    let (list, uploads) = (quoted(&folder.installed()), quoted(&folder.uploads()));
    let example = |part: &str| written.iter().find(|written| written.name.contains(part));
    let file = |example: Option<&Written>| {
        let path = |written: &Written| quoted(&folder.uploads().join(&written.name));
        example.map_or_else(|| uploads.clone(), path)
    };
    let (mirrored, posted) = (file(example("-mirrored.")), file(example("-post.")));
    let mut commands = vec![
        (
            "every upload with its verdict and the reason",
            format!("screen --baseline demo={list} {uploads}"),
        ),
        (
            "the hash of one picture, as it is, turned and mirrored",
            format!("hash --dihedral {mirrored}"),
        ),
        (
            "one verdict for machines: which item, how near, in which part of a post",
            format!("screen --baseline demo={list} --json {posted}"),
        ),
    ];
    let cropped = example("-cropped.");
    commands.extend(
        cropped
            .and_then(|cropped| cropped.upload.item())
            .map(|item| {
                let entry = format!("demo:{} --baseline demo={list}", item_id(item));
                let why = "why a copy was found: which part of its item a cropped one shows";
                (why, format!("compare {} {entry}", file(cropped)))
            }),
    );
    let item = cropped.and_then(|cropped| cropped.upload.item());
    let item = item_id(item.unwrap_or(0));
    commands.push((
        "switch an item off, here and in every process that screens: its copies match no more",
        format!("baseline suspend {item} --dir {list} --reason 'to see what happens'"),
    ));
    for (why, rest) in commands {
        writeln!(out, "\n  # {why}\n{}", invocation.with(&rest))?;
    }
    Ok(())
}

/// As a POSIX shell takes it.
pub(super) fn quoted(path: &Path) -> String {
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
            inside.starts_with("cargo run")
                && inside.ends_with(&format!("--features {FEATURES} --")),
            "{inside}"
        );
        let outside = spelled("ijkpunt", Some("/src/ijk punt"));
        assert!(
            outside.ends_with("--manifest-path '/src/ijk punt/Cargo.toml' --"),
            "{outside}"
        );
    }

    #[test]
    fn a_command_that_is_too_long_goes_on_in_the_next_line() {
        let invocation = Invocation("ijkpunt".into());
        assert_eq!(invocation.with("hash a"), "  ijkpunt hash a");
        let long = "a".repeat(WIDTH);
        let expected = format!("  ijkpunt \\\n    {long}");
        assert_eq!(invocation.with(&long), expected);
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
