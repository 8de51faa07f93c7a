//! What is to be read: files, folders with all that is in them, standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ijkpunt::limits::{Limits, Resource};
use walkdir::WalkDir;

/// One upload to look at.
#[derive(Debug)]
pub(crate) enum Input {
    /// The bytes on standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// Something that stands where a file could stand and cannot be looked at; it is reported, never passed over.
    Unreadable(PathBuf, String),
}

impl Input {
    /// How the input is called in output.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) | Self::Unreadable(path, _) => path.display().to_string(),
        }
    }

    /// Its bytes, up to one more than the limit allows: enough for the library to refuse them by itself.
    pub(crate) fn read(&self, limits: &Limits) -> Result<Vec<u8>, String> {
        let most = limits.bytes.saturating_add(1);
        let read = |source: &mut dyn Read| {
            let mut bytes = Vec::new();
            source.take(most).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes: io::Result<Vec<u8>> = match self {
            Self::Stdin => read(&mut io::stdin().lock()),
            Self::File(path) => File::open(path).and_then(|mut file| read(&mut file)),
            Self::Unreadable(_, why) => return Err(why.clone()),
        };
        bytes.map_err(|error| format!("cannot be read: {error}"))
    }
}

/// Everything below the paths, in order of name. Symbolic links are followed; loops are reported.
pub(crate) fn collect(paths: &[PathBuf], limits: &Limits) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            inputs.push(Input::Stdin);
        } else if path.is_dir() {
            walk(path, limits, &mut inputs);
        } else {
            inputs.push(Input::File(path.clone()));
        }
    }
    inputs
}

fn walk(folder: &Path, limits: &Limits, inputs: &mut Vec<Input>) {
    let mut entries = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let why = match error.loop_ancestor() {
                    Some(above) => format!("a link back to {}", above.display()),
                    None => format!("cannot be read: {error}"),
                };
                inputs.push(Input::Unreadable(path, why));
                continue;
            }
        };
        let (depth, kind) = (entry.depth() as u64, entry.file_type());
        if kind.is_file() {
            inputs.push(Input::File(entry.into_path()));
        } else if !kind.is_dir() {
            let why = "not a regular file".to_owned();
            inputs.push(Input::Unreadable(entry.into_path(), why));
        } else if let Err(exceeded) = limits.check(Resource::Depth, depth) {
            inputs.push(Input::Unreadable(entry.into_path(), exceeded.to_string()));
            entries.skip_current_dir();
        }
    }
}

/// `NAME=LIST`, or a path, whose name without ending is the list's name.
pub(crate) fn name_and_path(baseline: &str) -> (String, &Path) {
    if let Some((name, path)) = baseline.split_once('=')
        && !name.is_empty()
        && !Path::new(baseline).exists()
    {
        return (name.to_owned(), Path::new(path));
    }
    let path = Path::new(baseline);
    let stem = path.file_stem().unwrap_or(path.as_os_str());
    (stem.to_string_lossy().into_owned(), path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_named_by_its_argument_or_its_file() {
        let path = Path::new("folder/list.csv");
        assert_eq!(name_and_path("eu=folder/list.csv"), ("eu".into(), path));
        assert_eq!(name_and_path("folder/list.csv"), ("list".into(), path));
    }
}
