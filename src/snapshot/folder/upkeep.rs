//! What is known of how new the installed snapshot is: a small file beside `current`, replaced as a whole.

use std::fmt::Write as _;
use std::io::{self, Read};

use crate::baseline::Time;

use super::{Folder, FolderError, at};

/// The file.
const UPKEEP: &str = "upkeep";

/// Bytes of the longest one.
const MOST: usize = 2048;

/// Bytes of the longest trouble that is kept; the rest is cut off.
const MOST_TROUBLE: usize = 1024;

/// What a client that keeps a folder up, such as that of `sync`, knew when it last asked. A folder in which people install by hand has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upkeep {
    /// Until when what is installed is known to be the newest; none where that was never known.
    pub newest_until: Option<Time>,
    /// What was in the way when it was asked last, on one line.
    pub trouble: Option<String>,
}

impl Upkeep {
    /// What is known until then.
    #[must_use]
    pub fn newest_until(until: Time) -> Self {
        Self {
            newest_until: Some(until),
            trouble: None,
        }
    }

    /// As before, and that something was in the way. Line breaks and other control characters become spaces; over 1024 bytes it is cut off.
    #[must_use]
    pub fn with_trouble(mut self, trouble: &str) -> Self {
        let mut line: String = trouble
            .chars()
            .map(|one| if one.is_control() { ' ' } else { one })
            .collect();
        let whole = |end: &usize| line.is_char_boundary(*end);
        let end = (0..=MOST_TROUBLE.min(line.len())).rev().find(whole);
        line.truncate(end.unwrap_or(0));
        self.trouble = Some(line);
        self
    }

    /// Why what is installed may not be the newest at this moment; none where it is known to be.
    #[must_use]
    pub fn stale(&self, now: Time) -> Option<String> {
        let known = match self.newest_until {
            Some(until) if until > now => None,
            Some(until) => Some(format!("known to be the newest only until {until}")),
            None => Some("never known to be the newest".to_owned()),
        };
        match (known, &self.trouble) {
            (known, None) => known,
            (None, Some(trouble)) => Some(format!("nothing newer can be had: {trouble}")),
            (Some(known), Some(trouble)) => Some(format!("{known}: {trouble}")),
        }
    }

    /// Lines that end in a line break each; the last is the digest of those before.
    fn to_text(&self) -> String {
        let mut text = String::from("ijkpunt upkeep 0\nnewest");
        // Writing to a string does not fail.
        let _ = match self.newest_until {
            Some(until) => writeln!(text, " {until}"),
            None => writeln!(text),
        };
        if let Some(trouble) = &self.trouble {
            let _ = writeln!(text, "trouble {trouble}");
        }
        let digest = blake3::hash(text.as_bytes());
        let _ = writeln!(text, "digest {}", digest.to_hex());
        text
    }

    /// Exactly what [`Upkeep::to_text`] writes; none for anything else.
    fn of_text(bytes: &[u8]) -> Option<Self> {
        let text = str::from_utf8(bytes).ok()?;
        let mut lines = text.split('\n').skip(1);
        let newest = lines.next()?.strip_prefix("newest")?;
        let newest_until = match newest.strip_prefix(' ') {
            Some(until) => Some(until.parse().ok()?),
            None => None,
        };
        let trouble = lines.next()?.strip_prefix("trouble ").map(str::to_owned);
        let upkeep = Self {
            newest_until,
            trouble,
        };
        (upkeep.to_text() == text).then_some(upkeep)
    }
}

impl Folder {
    /// What the client that keeps this folder up knew last; none where there is none.
    ///
    /// # Errors
    /// [`FolderError::Upkeep`]: it is damaged; [`FolderError::Io`].
    pub fn upkeep(&self) -> Result<Option<Upkeep>, FolderError> {
        let path = self.dir.join(UPKEEP);
        let mut file = match self.files.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&path, "opening it")(error)),
        };
        let mut bytes = Vec::new();
        let read = (&mut file).take(MOST as u64 + 1).read_to_end(&mut bytes);
        read.map_err(at(&path, "reading it"))?;
        let upkeep = Upkeep::of_text(&bytes).ok_or(FolderError::Upkeep { path })?;
        Ok(Some(upkeep))
    }

    /// Tells those who follow the folder what is known of how new its snapshot is: for whoever keeps it up. Every answer by the folder shows it.
    ///
    /// # Errors
    /// [`FolderError`]: nothing is installed, or it could not be written; what was said before stays.
    ///
    /// # Cost
    /// A small file is read, and where something has changed written.
    pub fn keep_up(&self, upkeep: &Upkeep) -> Result<(), FolderError> {
        self.pointer()?; // where nothing is installed, nothing is made
        let _lock = self.lock()?;
        if self.upkeep().is_ok_and(|now| now.as_ref() == Some(upkeep)) {
            return Ok(());
        }
        self.put_in_place(UPKEEP, &upkeep.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Upkeep> {
        let until: Time = "2026-11-22T10:00:00Z".parse().unwrap();
        let long = "é".repeat(MOST);
        let troubles = ["", "a mirror: \n is away", "digest 0", &long];
        let none = [Upkeep::default(), Upkeep::newest_until(until)];
        let with = none
            .iter()
            .flat_map(|one| troubles.map(|trouble| one.clone().with_trouble(trouble)));
        with.chain(none.clone()).collect()
    }

    #[test]
    fn only_what_was_written_is_read() {
        for upkeep in all() {
            let text = upkeep.to_text();
            assert!(text.len() <= MOST);
            assert_eq!(Upkeep::of_text(text.as_bytes()), Some(upkeep));
            for end in 0..text.len() {
                assert_eq!(Upkeep::of_text(&text.as_bytes()[..end]), None, "{end}");
            }
            for at in 0..text.len() {
                for mask in [1, 0x20, 0xff] {
                    let mut changed = text.clone().into_bytes();
                    changed[at] ^= mask;
                    assert_eq!(Upkeep::of_text(&changed), None, "{at}, {mask}");
                }
            }
            for more in ["\n", " ", "x"] {
                assert_eq!(Upkeep::of_text((text.clone() + more).as_bytes()), None);
            }
        }
    }

    #[test]
    fn what_is_known_ends_by_itself() {
        let at = |time: &str| time.parse::<Time>().unwrap();
        let known = Upkeep::newest_until(at("2026-11-22T10:00:00Z"));
        assert_eq!(known.stale(at("2026-11-22T09:59:59Z")), None);
        let later = at("2026-11-22T10:00:00Z");
        let said = "known to be the newest only until 2026-11-22T10:00:00Z";
        assert_eq!(known.stale(later).unwrap(), said);
        let away = known.with_trouble("the mirror\nis away");
        let earlier = away.stale(at("2026-11-22T09:59:59Z")).unwrap();
        assert_eq!(earlier, "nothing newer can be had: the mirror is away");
        let said = format!("{said}: the mirror is away");
        assert_eq!(away.stale(later).unwrap(), said);
        let never = Upkeep::default().stale(later).unwrap();
        assert_eq!(never, "never known to be the newest");
    }
}
