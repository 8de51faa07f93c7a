//! The file: opened, added to, verified.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use crate::baseline::Time;
use crate::ledger::{Append, Head, Kind, Ledger, NewRecord};
use crate::limits::Limits;

use super::case::{Case, CaseId};
use super::derive::{Derived, read_house};
use super::error::ReviewError;
use super::event::{self, Happened, House, HouseRecord, Kept, What};
use super::house::Known;
use super::people::{Person, PersonNumber, Pseudonym, Role};
use super::policy::Policy;
use super::rows::{self, Finder, Pages};
use super::switch::Switches;

/// A file of cases that people decide: a connection to one [ledger](Ledger). Each thread or process opens its own; what one adds, the others see.
pub struct Reviews {
    pub(super) ledger: Ledger,
    pub(super) house: Known,
    /// Up to which record `house` knows.
    house_records: u64,
    pub(super) finder: Option<Finder>,
    key: [u8; 32],
    pub(super) switches: Switches,
}

impl Reviews {
    /// Makes a file without cases. `first` is the first person, with all roles, who enrols the others.
    ///
    /// # Errors
    /// [`ReviewError::Policy`]; [`ReviewError::Ledger`] where something is already there, or it cannot be written.
    pub fn create(
        path: impl AsRef<Path>,
        policy: &Policy,
        first: &Pseudonym,
        now: Time,
    ) -> Result<Self, ReviewError> {
        if let Some(flaw) = policy.flaw() {
            return Err(ReviewError::Policy(flaw));
        }
        let mut secrets = [0; 48];
        getrandom::fill(&mut secrets).map_err(|_| crate::ledger::LedgerError::NoRandomness)?;
        let (file, key) = secrets.split_at(16);
        let (file, key): ([u8; 16], [u8; 32]) = (
            file.try_into().unwrap_or_default(),
            key.try_into().unwrap_or_default(),
        );
        let (policy, first) = (policy.clone(), first.clone());
        let begun = HouseRecord {
            at: now,
            by: None,
            what: House::Begun {
                file,
                policy,
                first,
            },
        };
        let mut ledger = Ledger::create(&path, KIND)?;
        let mut append = ledger.begin()?;
        add(&mut append, house_topic(), &begun)?;
        append.keep(KEY, &key)?;
        append.commit()?;
        drop(ledger);
        Self::open(path)
    }

    /// Opens a file to read it and to add to it.
    ///
    /// # Errors
    /// [`ReviewError`]: it is not there, no file of reviews, or damaged. Records are not verified: [`Reviews::verify`] does.
    ///
    /// # Cost
    /// That of [`Ledger::open`], and reading what concerns the file as a whole. What finds cases by subject or entry is read when it is first needed: see the
    /// room's costs.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ReviewError> {
        Self::over(Ledger::open(path, KIND)?)
    }

    /// Opens a file for reading only.
    ///
    /// # Errors
    /// As [`Reviews::open`].
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ReviewError> {
        Self::over(Ledger::read(path, KIND)?)
    }

    /// The same, with these limits for what is added.
    #[must_use]
    pub fn within(mut self, limits: &Limits) -> Self {
        self.ledger = self.ledger.within(limits);
        self
    }

    fn over(ledger: Ledger) -> Result<Self, ReviewError> {
        let records = ledger.head()?.records;
        let house = read_house(&ledger)?;
        let key = ledger.kept(KEY)?.and_then(|key| key.try_into().ok());
        Ok(Self {
            house,
            house_records: records,
            finder: None,
            key: key.ok_or(ReviewError::Kept("the key of subjects is missing"))?,
            switches: Switches::default(),
            ledger,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.ledger.path()
    }

    /// How many records there are, and what they come to: keep it where others see it, and they can tell later whether something was taken away.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`]: it cannot be read.
    pub fn head(&self) -> Result<Head, ReviewError> {
        Ok(self.ledger.head()?)
    }

    /// Whether an earlier head, kept elsewhere, is still part of it.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`]: it cannot be read.
    pub fn holds(&self, head: &Head) -> Result<bool, ReviewError> {
        Ok(self.ledger.holds(head)?)
    }

    /// How many cases there are.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`]: it cannot be read.
    pub fn len(&self) -> Result<u32, ReviewError> {
        count(&self.ledger)
    }

    /// Whether there is no case.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`]: it cannot be read.
    pub fn is_empty(&self) -> Result<bool, ReviewError> {
        Ok(self.len()? == 0)
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.house.policy
    }

    /// Who is enrolled, with their roles; without those who have left.
    pub fn people(&self) -> impl Iterator<Item = (&Pseudonym, &BTreeSet<Role>)> {
        let there = self.house.people.iter().filter(|person| !person.has_left);
        there.map(|person| (&person.pseudonym, &person.roles))
    }

    /// The person who is enrolled under this pseudonym: what every decision takes.
    ///
    /// Who may use a pseudonym is for the platform to know: it logs its people in, and hands in whom it has there.
    ///
    /// # Errors
    /// [`ReviewError::NotEnrolled`].
    pub fn person(&self, pseudonym: &str) -> Result<Person, ReviewError> {
        let mut all = (0..).zip(&self.house.people);
        let found =
            all.find(|(_, person)| !person.has_left && person.pseudonym.as_str() == pseudonym);
        let Some((number, person)) = found else {
            return Err(ReviewError::NotEnrolled(
                pseudonym.chars().take(64).collect(),
            ));
        };
        Ok(Person {
            number: PersonNumber(number),
            file: self.house.file,
            pseudonym: person.pseudonym.clone(),
            roles: person.roles.clone(),
        })
    }

    /// Enrols somebody, or gives somebody other roles. The records hold the pseudonym, so let it be no name.
    ///
    /// # Errors
    /// [`ReviewError::Role`] without [`Role::Supervisor`]; [`ReviewError::LastSupervisor`].
    pub fn enrol(
        &mut self,
        by: &Person,
        pseudonym: &Pseudonym,
        roles: &BTreeSet<Role>,
        now: Time,
    ) -> Result<Person, ReviewError> {
        let what = House::Enrolled {
            pseudonym: pseudonym.clone(),
            roles: roles.iter().copied().collect(),
        };
        self.supervise(by, what, now)?;
        self.person(pseudonym.as_str())
    }

    /// Takes away all roles of somebody.
    ///
    /// # Errors
    /// As [`Reviews::enrol`], and [`ReviewError::NotEnrolled`].
    pub fn has_left(&mut self, by: &Person, pseudonym: &str, now: Time) -> Result<(), ReviewError> {
        let number = self.person(pseudonym)?.number;
        self.supervise(by, House::Left { number }, now)
    }

    /// Changes the policy, from now on.
    ///
    /// # Errors
    /// [`ReviewError::Role`] without [`Role::Supervisor`]; [`ReviewError::Policy`].
    pub fn set_policy(
        &mut self,
        by: &Person,
        policy: &Policy,
        now: Time,
    ) -> Result<(), ReviewError> {
        self.supervise(by, House::PolicySet(policy.clone()), now)
    }

    fn supervise(&mut self, by: &Person, what: House, now: Time) -> Result<(), ReviewError> {
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Supervisor)?;
        change.house(Some(number), what, now)?;
        change.commit()
    }

    /// Makes what is kept beside the records anew from them.
    ///
    /// # Errors
    /// [`ReviewError::Damaged`] where a record cannot have been added by this room; [`ReviewError::Ledger`].
    ///
    /// # Cost
    /// Reading all records, and writing all pages in one transaction.
    pub fn rebuild(&mut self) -> Result<(), ReviewError> {
        let derived = Derived::of(&self.ledger, &self.key)?;
        let mut append = self.ledger.begin()?;
        derived.pages.drop_others(&mut append)?;
        derived.pages.keep(&mut append)?;
        append.commit()?;
        (self.finder, self.house_records) = (None, 0);
        self.catch_up()
    }

    /// Looks at everything: the chain, as [`Ledger::verify`]; whether every record follows from those before it by the rules of this room; and whether what is
    /// kept beside is what they come to.
    ///
    /// # Errors
    /// [`ReviewError::Damaged`] and [`ReviewError::Ledger`] name the first record that is wrong; [`ReviewError::Kept`].
    ///
    /// # Cost
    /// Reading everything three times.
    pub fn verify(&self, progress: impl FnMut(u64, u64)) -> Result<Head, ReviewError> {
        let head = self.ledger.verify(progress)?;
        read_house(&self.ledger)?;
        let derived = Derived::of(&self.ledger, &self.key)?;
        let mut expected = derived.pages.all();
        rows::each(&self.ledger, |number, case| match expected.next() {
            Some((same, derived)) if same == number && case == *derived => Ok(true),
            _ => Err(ReviewError::Kept("a case is not what its records say")),
        })?;
        if expected.next().is_some() {
            return Err(ReviewError::Kept("a case is missing"));
        }
        match rows::are_named(&self.ledger, &derived.pages.names)? {
            true => Ok(head),
            false => Err(ReviewError::Kept("the names of entries are others")),
        }
    }

    /// Learns what others have added.
    pub(super) fn catch_up(&mut self) -> Result<(), ReviewError> {
        let records = self.ledger.head()?.records;
        if records != self.house_records {
            self.house = read_house(&self.ledger)?;
            self.house_records = records;
        }
        if self
            .finder
            .as_ref()
            .is_some_and(|finder| finder.records != records)
        {
            self.finder = None;
        }
        Ok(())
    }

    /// What finds cases by subject and entry, of now.
    pub(super) fn finder(&mut self) -> Result<&Finder, ReviewError> {
        self.catch_up()?;
        if self.finder.is_none() {
            self.finder = Some(Finder::read(&self.ledger)?);
        }
        self.finder
            .as_ref()
            .ok_or(ReviewError::Kept("what finds cases"))
    }

    /// Begins to change something: nobody else changes anything until it is done.
    pub(super) fn begin(&mut self) -> Result<Change<'_>, ReviewError> {
        let append = self.ledger.begin()?;
        let records = append.head()?.records;
        if records != self.house_records {
            self.house = read_house(&append)?;
            self.house_records = records;
        }
        let known = self
            .finder
            .take()
            .filter(|finder| finder.records == records);
        let finder = match known {
            Some(finder) => finder,
            None => Finder::read(&append)?,
        };
        Ok(Change {
            append,
            known: self.house.clone(),
            house: &mut self.house,
            house_records: &mut self.house_records,
            finder: self.finder.insert(finder),
            key: &self.key,
            pages: Pages::default(),
            begun: BTreeSet::new(),
        })
    }
}

/// A transaction.
pub(super) struct Change<'r> {
    append: Append<'r>,
    /// The file as it will be.
    pub(super) known: Known,
    house: &'r mut Known,
    house_records: &'r mut u64,
    pub(super) finder: &'r mut Finder,
    key: &'r [u8; 32],
    pages: Pages,
    /// Cases that begin in this transaction.
    begun: BTreeSet<u32>,
}

impl Change<'_> {
    /// The number of a person who has this role, and still has it.
    pub(super) fn authorise(
        &self,
        person: &Person,
        needs: Role,
    ) -> Result<PersonNumber, ReviewError> {
        let there = self.known.pseudonym(person.number);
        let there = there.filter(|there| person.file == self.known.file && !there.has_left);
        let Some(there) = there else {
            return Err(ReviewError::OtherFile);
        };
        match there.roles.contains(&needs) {
            true => Ok(person.number),
            false => Err(ReviewError::Role {
                who: there.pseudonym.as_str().into(),
                needs,
            }),
        }
    }

    /// Keeps a text beside the chain, where there is one.
    pub(super) fn text(&mut self, text: Option<&str>) -> Result<Option<Kept>, ReviewError> {
        let kept = text.map(|text| self.append.refer(text)).transpose()?;
        Ok(kept.map(crate::ledger::Reference::to_bytes))
    }

    pub(super) fn len(&self) -> Result<u32, ReviewError> {
        count(&self.append)
    }

    pub(super) fn case(&mut self, id: CaseId) -> Result<Case, ReviewError> {
        let found = match id.0 {
            0 => None,
            number => self.pages.case(&self.append, number)?,
        };
        let last = self.len()?;
        found.ok_or(ReviewError::NoCase { case: id, last })
    }

    /// Lets something happen to a case.
    pub(super) fn happen(
        &mut self,
        id: CaseId,
        by: Option<PersonNumber>,
        what: What,
        at: Time,
    ) -> Result<Case, ReviewError> {
        let mut case = self.case(id)?;
        let happened = Happened { at, by, what };
        case.take(&happened)
            .map_err(|why| ReviewError::Misfit { case: id, why })?;
        add(&mut self.append, case_topic(id.0), &happened)?;
        self.pages.put(&self.append, id.0, case.clone())?;
        Ok(case)
    }

    /// Begins a case.
    pub(super) fn open(
        &mut self,
        opened: event::Opened,
        subject: &str,
        at: Time,
    ) -> Result<CaseId, ReviewError> {
        let number = self
            .len()?
            .checked_add(1)
            .filter(|number| *number <= MOST_CASES);
        let number = number.ok_or(ReviewError::Full("16 million cases"))?;
        let mut entries = Vec::with_capacity(opened.found.len());
        for found in &opened.found {
            entries.push(self.entry(&found.name));
        }
        let happened = Happened {
            at,
            by: None,
            what: What::Opened(opened),
        };
        let Some(case) = Case::begin(&happened, entries, keyed(self.key, subject)) else {
            return Err(ReviewError::Match(
                "a case begins with a match, an order or a sample",
            ));
        };
        add(&mut self.append, case_topic(number), &happened)?;
        self.pages.put(&self.append, number, case)?;
        self.begun.insert(number);
        Ok(CaseId(number))
    }

    fn entry(&mut self, name: &event::EntryName) -> u32 {
        if let Some(number) = self.finder.number(name) {
            return number;
        }
        let new = self.pages.names.iter().find(|(_, new)| new == name);
        if let Some((number, _)) = new {
            return *number;
        }
        let number =
            self.finder.names() + u32::try_from(self.pages.names.len()).unwrap_or(u32::MAX);
        self.pages.names.push((number, name.clone()));
        number
    }

    /// Lets something happen to the file.
    pub(super) fn house(
        &mut self,
        by: Option<PersonNumber>,
        what: House,
        at: Time,
    ) -> Result<(), ReviewError> {
        let record = HouseRecord { at, by, what };
        self.known.take(&record)?;
        add(&mut self.append, house_topic(), &record)?;
        Ok(())
    }

    /// Cases of a subject that was seen before, in their order.
    pub(super) fn of_subject(&self, subject: &str) -> &[u32] {
        self.finder.of_subject(keyed(self.key, subject))
    }

    pub(super) fn name(&self, entry: u32) -> Option<event::EntryName> {
        let new = self.pages.names.iter().find(|(number, _)| *number == entry);
        self.finder
            .name(entry)
            .or(new.map(|(_, name)| name))
            .cloned()
    }

    /// Makes all of it last.
    pub(super) fn commit(mut self) -> Result<(), ReviewError> {
        self.pages.keep(&mut self.append)?;
        let head = self.append.commit()?;
        // Only now: what is not on the disk has not happened.
        *self.house = self.known;
        *self.house_records = head.records;
        for (_, name) in std::mem::take(&mut self.pages.names) {
            self.finder.add_name(name);
        }
        for (number, case) in self.pages.changed() {
            self.finder.set(number, case, self.begun.contains(&number));
        }
        self.finder.records = head.records;
        Ok(())
    }
}

/// Adds a record behind the last one.
fn add(
    append: &mut Append<'_>,
    topic: [u8; 32],
    record: &impl serde::Serialize,
) -> Result<u64, ReviewError> {
    let body =
        event::to_bytes(record).ok_or(ReviewError::Kept("a record that cannot be written"))?;
    let place = append.head()?.records;
    Ok(append.add(&NewRecord {
        stream: STREAM,
        place,
        topic,
        body: &body,
    })?)
}

/// All topics but the first are cases.
fn count(ledger: &Ledger) -> Result<u32, ReviewError> {
    let topics = ledger.topics()?.saturating_sub(1);
    u32::try_from(topics).map_err(|_| ReviewError::Full("16 million cases"))
}

pub(super) fn house_topic() -> [u8; 32] {
    *b"ijkpunt review: the file as such"
}

pub(super) fn case_topic(number: u32) -> [u8; 32] {
    let mut topic = *b"ijkpunt review: case number 0000";
    let (_, last) = topic.split_at_mut(28);
    last.copy_from_slice(&number.to_be_bytes());
    topic
}

/// By what a subject is found again, without the subject: of no use without the file's key.
pub(super) fn keyed(key: &[u8; 32], subject: &str) -> [u8; 16] {
    let hash = blake3::keyed_hash(key, subject.as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(hash.as_bytes().split_at(16).0);
    short
}

impl fmt::Debug for Reviews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Reviews");
        told.field("path", &self.ledger.path())
            .field("records", &self.house_records);
        told.finish_non_exhaustive()
    }
}

/// Of what kind the ledger is.
pub(super) const KIND: Kind = match Kind::new("reviews") {
    Ok(kind) => kind,
    Err(_) => panic!("small letters"),
};
/// The only stream: the records of a file come one after the other.
pub(super) const STREAM: [u8; 32] = *b"ijkpunt review: records in order";
const KEY: &[u8] = b"key of subjects";
/// As the ledger's topics can be numbered with room to spare.
const MOST_CASES: u32 = 1 << 24;
