//! The file of cases that is worked on, who does it, and the clock.

use std::fs;
use std::path::PathBuf;

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::review::{CaseId, EntryName, Person, Reviews};
use ijkpunt::snapshot::Folder;

use crate::Failure;
use crate::now::Now;

#[derive(clap::Args)]
pub(crate) struct Home {
    /// The file of cases
    #[arg(long, short, value_name = "FILE", default_value = "cases.ijkpunt")]
    pub(super) cases: PathBuf,
    #[command(flatten)]
    now: Now,
}

/// Somebody who does something.
#[derive(clap::Args)]
pub(crate) struct Hand {
    /// Who you are: the pseudonym under which you were enrolled
    #[arg(id = "as", long = "as", value_name = "PERSON")]
    person: String,
    #[command(flatten)]
    pub(super) home: Home,
}

/// A folder in which snapshots are installed, whose entries the breaker switches off.
#[derive(clap::Args)]
pub(crate) struct Lists {
    /// A list that the breaker switches entries off in: the folder in which its snapshots are installed; may be given several times
    #[arg(long = "baseline", value_name = "NAME=DIR")]
    lists: Vec<String>,
}

impl Home {
    pub(super) fn now(&self) -> Time {
        self.now.now()
    }

    /// To read it.
    pub(super) fn read(&self) -> Result<Reviews, Failure> {
        self.exists()?;
        Ok(Reviews::read(&self.cases)?)
    }

    /// To add to it.
    pub(super) fn open(&self) -> Result<Reviews, Failure> {
        self.exists()?;
        Ok(Reviews::open(&self.cases)?)
    }

    fn exists(&self) -> Result<(), Failure> {
        if self.cases.exists() {
            return Ok(());
        }
        let path = self.cases.display();
        Err(format!("{path}: there is no file of cases: make one by `ijkpunt review init`, or name yours by --cases").into())
    }

    /// A file in the arguments, read whole.
    pub(super) fn bytes(path: &std::path::Path) -> Result<Vec<u8>, Failure> {
        let most = Limits::default().list_bytes;
        let size = fs::metadata(path)
            .map_err(|error| format!("{}: {error}", path.display()))?
            .len();
        if size > most {
            return Err(format!("{}: {size} bytes, and {most} are allowed", path.display()).into());
        }
        Ok(fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)
    }
}

impl Hand {
    /// The file to add to, and the person.
    pub(super) fn open(&self) -> Result<(Reviews, Person), Failure> {
        let reviews = self.home.open()?;
        let person = reviews.person(&self.person)?;
        Ok((reviews, person))
    }

    pub(super) fn now(&self) -> Time {
        self.home.now()
    }
}

impl Lists {
    /// Has the breaker switch entries off in all of them.
    pub(super) fn follow(&self, reviews: &mut Reviews) -> Result<(), Failure> {
        for list in &self.lists {
            let Some((name, path)) = list.split_once('=') else {
                return Err(format!(
                    "`{list}`: give the list's name and its folder: --baseline NAME=DIR"
                )
                .into());
            };
            let folder = PathBuf::from(path);
            if !Folder::is_at(&folder) {
                return Err(format!("{path}: no snapshot is installed there").into());
            }
            reviews.switching(name, Folder::at(folder))?;
        }
        Ok(())
    }

    /// How to tell of an entry that is off in the records only.
    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }
}

pub(super) fn case(text: &str) -> Result<CaseId, String> {
    let number = text
        .parse()
        .map_err(|_| "a case is named by its number, as `list` shows it".to_owned())?;
    Ok(CaseId(number))
}

/// `LIST/ENTRY`, or the entry alone where one list has it: by its name, or by the first digits of its id.
pub(super) fn entry(reviews: &Reviews, text: &str) -> Result<EntryName, Failure> {
    let mut found = Vec::new();
    reviews.entries(|name| {
        let named = format!("{}/{}", name.list, name.entry);
        let id = name.id().map(|id| id.to_string());
        let begins = text.len() >= 4 && id.is_some_and(|id| id.starts_with(text));
        if named == text || *name.entry == *text || begins {
            found.push(name.clone());
        }
    })?;
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(format!(
            "{text}: no case is about such an entry: name it as `show` does, LIST/ENTRY"
        )
        .into()),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|name| format!("{}/{}", name.list, name.entry))
                .collect();
            Err(format!(
                "{text}: several entries are called so ({}): name the list, too, or more digits",
                names.join(", ")
            )
            .into())
        }
    }
}
