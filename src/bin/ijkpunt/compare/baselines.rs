//! The lists that entries may come from.

use std::path::PathBuf;

use ijkpunt::baseline::{List, Row};
use ijkpunt::limits::Limits;

use crate::Failure;
use crate::files::name_and_path;
use crate::known::Known;
use crate::output::{complain, count, printable};

/// A list under its name.
pub(super) struct Baseline {
    pub(super) name: String,
    path: PathBuf,
    list: List,
}

/// All lists of the command line, each under a name of its own.
pub(super) struct Baselines(Vec<Baseline>);

/// One entry of one list.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) list: &'a Baseline,
    number: usize,
}

impl<'a> Found<'a> {
    pub(super) fn id(self) -> &'a str {
        self.list.list.entries()[self.number].id()
    }

    pub(super) fn rows(self) -> impl Iterator<Item = &'a Row> {
        let rows = self.list.list.rows().iter();
        rows.filter(move |row| row.entry() == self.number)
    }

    /// `eu:item-7`: what names it whatever else there is.
    pub(super) fn full_name(self) -> String {
        format!("{}:{}", self.list.name, self.id())
    }
}

impl Baseline {
    fn open(argument: &str, limits: &Limits) -> Result<Self, Failure> {
        let (name, path) = name_and_path(argument);
        let list = Known::open(path, limits)?.into_list()?;
        let refused = list.reading().refused();
        if refused > 0 {
            let rows = count(refused, "row");
            complain(&format_args!("list {name}: {rows} NOT understood"));
        }
        let path = path.to_owned();
        Ok(Self { name, path, list })
    }

    pub(super) fn find(&self, id: &str) -> Option<Found<'_>> {
        let mut entries = self.list.entries().iter();
        let number = entries.position(|entry| entry.id() == id)?;
        let list = self;
        Some(Found { list, number })
    }

    /// The ids that may be shown to somebody who did not name them: those that could be hashes stay in the list.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        let ids = self.list.entries().iter().map(|entry| entry.id());
        ids.filter(|id| id.len() < 32 || id.bytes().any(|digit| !digit.is_ascii_hexdigit()))
    }

    /// The rest of `NAME:ID`, where the name is this list's.
    pub(super) fn own_part<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(&self.name)?.strip_prefix(':')
    }

    /// Where all ids can be read.
    pub(super) fn where_ids_stand(&self) -> String {
        let ids = count(self.list.entries().len() as u64, "id");
        let path = printable(&self.path.display().to_string());
        format!("{ids} in the column `id` of {path} (line N without an id is line-N)")
    }
}

impl Baselines {
    /// Opens every list.
    pub(super) fn open(arguments: &[String], limits: &Limits) -> Result<Self, Failure> {
        let mut lists: Vec<Baseline> = Vec::new();
        for argument in arguments {
            let list = Baseline::open(argument, limits)?;
            if lists.iter().any(|other| other.name == list.name) {
                let name = list.name;
                let what_to_do = "give each its own: --baseline NAME=LIST";
                return Err(format!("two lists are named `{name}`; {what_to_do}").into());
            }
            lists.push(list);
        }
        Ok(Self(lists))
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Baseline> {
        self.0.iter()
    }

    /// The entry that `NAME:ID` names.
    pub(super) fn by_full_name(&self, text: &str) -> Option<Found<'_>> {
        self.iter().find_map(|list| list.find(list.own_part(text)?))
    }

    /// The entries of all lists with this id.
    pub(super) fn by_id(&self, id: &str) -> Vec<Found<'_>> {
        self.iter().filter_map(|list| list.find(id)).collect()
    }
}

#[cfg(test)]
impl Baseline {
    pub(super) fn of(name: &str, csv: &str) -> Self {
        Self {
            name: name.to_owned(),
            path: format!("{name}.csv").into(),
            list: List::from_bytes(csv.as_bytes()).unwrap(),
        }
    }
}

#[cfg(test)]
impl Baselines {
    pub(super) fn of(lists: impl IntoIterator<Item = Baseline>) -> Self {
        Self(lists.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> Baselines {
        let hash = "0f".repeat(32);
        let eu = format!("id,pdq,label\na,{hash},x\nb:c,{hash},y\na,{hash},z\n");
        let own = format!("id,pdq\neu:a,{hash}\na,{hash}\n");
        Baselines::of([Baseline::of("eu", &eu), Baseline::of("own", &own)])
    }

    #[test]
    fn an_entry_is_found_with_all_its_rows() {
        let lists = lists();
        let found = lists.by_full_name("eu:a").unwrap();
        let labels: Vec<_> = found.rows().filter_map(Row::label).collect();
        assert_eq!((found.id(), labels), ("a", vec!["x", "z"]));
    }

    #[test]
    fn ids_with_colons_are_found_by_either_name() {
        let lists = lists();
        assert_eq!(lists.by_full_name("eu:b:c").unwrap().id(), "b:c");
        assert_eq!(lists.by_full_name("own:eu:a").unwrap().list.name, "own");
        assert_eq!(lists.by_full_name("eu:a").unwrap().list.name, "eu");
        assert_eq!(lists.by_id("eu:a").len(), 1);
        assert_eq!(lists.by_id("a").len(), 2);
        assert!(lists.by_full_name("a").is_none() && lists.by_id("c").is_empty());
    }
}
