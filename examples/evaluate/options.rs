//! What is asked for on the command line.

use std::num::NonZero;
use std::path::PathBuf;

use crate::photos::Half;

pub(crate) const USAGE: &str = "\
usage: evaluate [options]
  --photos DIR               photographs whose names hold numbers; drawn scenes without it
  --out DIR                  where evaluation.json, evaluation.md and three figures are written
  --half tune|report|all     which photos are known: the half to try things on, the one to report (default), or both
  --limit N                  at most N of them, evenly spaced
  --families A,B             these families only
  --settings-per-family N    at most N settings of each, evenly spaced
  --threads N                default: as many as the machine has
  --contact                  write the uploads that are made of the first photo to DIR/contact
  --no-times                 leave CPU times out of the files, which makes them the same in every run";

/// The command line, read.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) photos: Option<PathBuf>,
    pub(crate) out: Option<PathBuf>,
    pub(crate) half: Half,
    pub(crate) limit: usize,
    /// Empty: all.
    pub(crate) families: Vec<String>,
    pub(crate) settings_per_family: usize,
    pub(crate) threads: usize,
    pub(crate) contact: bool,
    pub(crate) times: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            photos: None,
            out: None,
            half: Half::Report,
            limit: usize::MAX,
            families: Vec::new(),
            settings_per_family: usize::MAX,
            threads: std::thread::available_parallelism().map_or(1, NonZero::get),
            contact: false,
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
                "--photos" => options.photos = Some(value()?.into()),
                "--out" => options.out = Some(value()?.into()),
                "--half" => options.half = half(&value()?)?,
                "--limit" => options.limit = count(&argument, &value()?)?,
                "--families" => {
                    options.families = value()?.split(',').map(str::to_owned).collect();
                }
                "--settings-per-family" => {
                    options.settings_per_family = count(&argument, &value()?)?;
                }
                "--threads" => options.threads = count(&argument, &value()?)?,
                "--contact" => options.contact = true,
                "--no-times" => options.times = false,
                "--help" | "-h" => return Ok(None),
                other => return Err(format!("{other}: no such option")),
            }
        }
        if options.contact && options.out.is_none() {
            return Err("--contact needs --out".to_owned());
        }
        Ok(Some(options))
    }
}

fn half(word: &str) -> Result<Half, String> {
    match word {
        "tune" => Ok(Half::Tune),
        "report" => Ok(Half::Report),
        "all" => Ok(Half::All),
        other => Err(format!("--half {other}: neither tune, nor report, nor all")),
    }
}

pub(crate) fn count(argument: &str, value: &str) -> Result<usize, String> {
    match value.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{argument} {value}: not a number above 0")),
    }
}

/// At most `most` of them, evenly spaced, the first among them.
pub(crate) fn spaced<T>(all: Vec<T>, most: usize) -> Vec<T> {
    let (count, taken) = (all.len(), all.len().min(most));
    let is_taken = |place: usize| (place * taken) % count < taken;
    let placed = all.into_iter().enumerate();
    placed
        .filter_map(|(place, item)| is_taken(place).then_some(item))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Options>, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read_and_others_refused() {
        let options = parse("--half tune --limit 3 --families mirror,blur --no-times");
        let options = options.unwrap().unwrap();
        assert_eq!((options.half, options.limit), (Half::Tune, 3));
        assert_eq!(options.families, ["mirror", "blur"]);
        assert!(!options.times);
        for wrong in [
            "--half third",
            "--limit 0",
            "--limit",
            "--colour",
            "--contact",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("--help").unwrap().is_none());
    }

    #[test]
    fn some_are_taken_evenly_and_never_more_than_there_are() {
        let all: Vec<usize> = (0..10).collect();
        assert_eq!(spaced(all.clone(), 5), [0, 2, 4, 6, 8]);
        assert_eq!(spaced(all.clone(), 3).len(), 3);
        assert_eq!(spaced(all.clone(), 1), [0]);
        assert_eq!(spaced(all.clone(), 99), all);
        assert!(spaced(Vec::<u8>::new(), 4).is_empty());
    }
}
