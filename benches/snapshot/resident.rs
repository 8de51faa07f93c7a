//! How much memory processes take together that follow the same folder: `resident`, as parts of the file's length.

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;

/// Tells a process that this bench starts what to follow; nothing, if it is empty.
const FOLLOW: &str = "IJKPUNT_BENCH_FOLLOW";

/// What this process is to follow, if it is one of those.
pub(crate) fn is_told() -> Option<OsString> {
    std::env::var_os(FOLLOW)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn measured(name: &str, _: &Path, _: u64) -> Result<(), Box<dyn Error>> {
    println!("{name}/resident: left out: what processes share is known on Linux only");
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn follow(_: &OsString) -> Result<(), Box<dyn Error>> {
    Ok(())
}

#[cfg(target_os = "linux")]
pub(crate) use linux::{follow, measured};

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, Command, Stdio};

    use ijkpunt::hash::Radius;
    use ijkpunt::snapshot::Live;

    use super::{Error, FOLLOW, OsString, Path};
    use crate::content::codes;

    const PROCESSES: usize = 8;
    const LOOKUPS: usize = 1000;

    /// Follows, looks codes up, says so, and stays until its input ends.
    pub(crate) fn follow(folder: &OsString) -> Result<(), Box<dyn Error>> {
        let live = (!folder.is_empty())
            .then(|| Live::follow(folder))
            .transpose()?;
        if let Some(live) = &live {
            looked_up(live)?;
        }
        println!("ready");
        std::io::stdin().read_to_end(&mut Vec::new())?;
        Ok(())
    }

    /// Every second code is one of the list, whose entry is then read.
    fn looked_up(live: &Live) -> Result<(), Box<dyn Error>> {
        let mut strange = codes(3);
        for number in 0..LOOKUPS {
            let edition = live.current();
            let snapshot = edition.snapshot();
            let wholes = snapshot.wholes();
            let is_listed = number % 2 == 0;
            let row = number * wholes.len() / LOOKUPS;
            let code = if is_listed {
                wholes.code(row)
            } else {
                strange()
            };
            let hits = wholes.search(code, Radius::DEFAULT);
            let windows = snapshot.windows().search(code, Radius::DEFAULT);
            let found = hits.iter().any(|hit| hit.row == row);
            let entry = snapshot.entry(snapshot.whole(row).entry);
            if found != is_listed || !windows.is_empty() || entry.is_none() {
                return Err("a lookup went wrong".into());
            }
        }
        Ok(())
    }

    /// What processes that follow a folder hold of its snapshot, and what they hold more than as many that follow nothing.
    ///
    /// What processes share counts for each in part (`Pss`): the sum is what they hold together. That of those that follow nothing is taken of
    /// as many, since the program itself is shared as well.
    pub(crate) fn measured(name: &str, folder: &Path, length: u64) -> Result<(), Box<dyn Error>> {
        let folder = fs::canonicalize(folder)?;
        let [_, nothing] = held("".as_ref(), &folder)?;
        let [mapped, whole] = held(&folder, &folder)?;
        let ratio = |bytes: u64| bytes as f64 / length as f64;
        let more = whole.saturating_sub(nothing);
        println!(
            "{name}/resident: {:.3} of the file mapped by {PROCESSES} processes together, {:.3} with all that they hold beyond as many that follow nothing, which hold {:.1} MB",
            ratio(mapped),
            ratio(more),
            nothing as f64 / 1e6
        );
        Ok(())
    }

    /// What processes that follow this hold together, in bytes: of files in a folder, and altogether.
    fn held(follow: &Path, folder: &Path) -> Result<[u64; 2], Box<dyn Error>> {
        let mut children = Vec::new();
        for _ in 0..PROCESSES {
            children.push(Follower::start(follow)?);
        }
        for child in &mut children {
            child.wait_until_ready()?;
        }
        let mut sums = [0; 2];
        for child in &children {
            let process = format!("/proc/{}", child.0.id());
            let maps = fs::read_to_string(format!("{process}/smaps"))?;
            sums[0] += pss(&maps, |path| Path::new(path).starts_with(folder))?;
            let all = fs::read_to_string(format!("{process}/smaps_rollup"))?;
            sums[1] += pss(&all, |_| true)?;
        }
        Ok(sums)
    }

    /// The bytes of mappings of paths.
    fn pss(maps: &str, is_meant: impl Fn(&str) -> bool) -> Result<u64, Box<dyn Error>> {
        let (mut sum, mut counts) = (0, false);
        for line in maps.lines() {
            let first = line.split_whitespace().next().unwrap_or_default();
            if !first.ends_with(':') {
                // Addresses, rights, offset, device, inode, path.
                counts = is_meant(line.splitn(6, ' ').last().unwrap_or_default().trim());
            } else if let Some(size) = line.strip_prefix("Pss:").filter(|_| counts) {
                let size = size.trim().strip_suffix(" kB").ok_or("no size in kB")?;
                sum += 1024 * size.parse::<u64>()?;
            }
        }
        Ok(sum)
    }

    /// A process that ends with this.
    struct Follower(Child);

    impl Follower {
        fn start(follow: &Path) -> Result<Self, Box<dyn Error>> {
            let mut command = Command::new(std::env::current_exe()?);
            command.env(FOLLOW, follow);
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
            Ok(Self(command.spawn()?))
        }

        fn wait_until_ready(&mut self) -> Result<(), Box<dyn Error>> {
            let mut line = String::new();
            let output = self.0.stdout.as_mut().ok_or("no output")?;
            BufReader::new(output).read_line(&mut line)?;
            if line == "ready\n" {
                Ok(())
            } else {
                Err("a process that follows the folder ended".into())
            }
        }
    }

    impl Drop for Follower {
        fn drop(&mut self) {
            drop(self.0.stdin.take());
            let _ = self.0.wait();
        }
    }
}
