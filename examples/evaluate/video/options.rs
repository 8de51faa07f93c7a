//! What is asked for on the command line, behind `videos`.

use std::num::NonZero;
use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
usage: evaluate videos [options]
  --clips DIR    videos that are known and edited; drawn films without it
  --work DIR     where videos are made, and kept for the next run; a temporary folder without it
  --out DIR      where videos.md, videos.json, pairs.csv and timeline.svg are written
  --limit N      at most N of the known videos
  --edits A,B    these edits only, and no stock shots
  --threads N    default: as many as the machine has
  --no-times     leave times out of the files";

#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) clips: Option<PathBuf>,
    pub(crate) work: Option<PathBuf>,
    pub(crate) out: Option<PathBuf>,
    pub(crate) limit: usize,
    /// Empty: all.
    pub(crate) edits: Vec<String>,
    pub(crate) threads: usize,
    pub(crate) times: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clips: None,
            work: None,
            out: None,
            limit: usize::MAX,
            edits: Vec::new(),
            threads: std::thread::available_parallelism().map_or(1, NonZero::get),
            times: true,
        }
    }
}

impl Options {
    /// `None` where help is asked for.
    pub(crate) fn parse(
        mut arguments: impl Iterator<Item = String>,
    ) -> Result<Option<Self>, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--clips" => options.clips = Some(value()?.into()),
                "--work" => options.work = Some(value()?.into()),
                "--out" => options.out = Some(value()?.into()),
                "--limit" => options.limit = crate::options::count(&argument, &value()?)?,
                "--edits" => options.edits = value()?.split(',').map(str::to_owned).collect(),
                "--threads" => options.threads = crate::options::count(&argument, &value()?)?,
                "--no-times" => options.times = false,
                "--help" | "-h" => return Ok(None),
                other => return Err(format!("{other}: no such option")),
            }
        }
        Ok(Some(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_others_refused() {
        let parse = |line: &str| Options::parse(line.split_whitespace().map(str::to_owned));
        let options = parse("--edits trim,logo+ticker --limit 3 --no-times")
            .unwrap()
            .unwrap();
        assert_eq!((options.limit, options.times), (3, false));
        assert_eq!(options.edits, ["trim", "logo+ticker"]);
        for wrong in ["--limit 0", "--work", "--photos x"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("--help").unwrap().is_none());
    }
}
