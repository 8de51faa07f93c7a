//! What is done when a decision was wrong, or lost its ground.

use crate::baseline::{Reviews as Counts, Time};

use super::breaker::Trip;
use super::case::{Case, CaseId};
use super::error::ReviewError;
use super::event::{EntryName, House, Reopening, What};
use super::fold::Misfit;
use super::grounds::{Loss, Proceedings, PutBack};
use super::house::Lost;
use super::people::{Person, Role};
use super::reviews::Reviews;
use super::rows::{self, Finder};

/// A decision that rests on an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Affected {
    /// Which case.
    pub id: CaseId,
    /// How it stands.
    pub case: Case,
    /// Whether it rests on nothing else: every entry that it was about is lost, or this one.
    pub alone: bool,
}

/// What came of a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Complained {
    /// The case as it stands now.
    pub case: Case,
    /// Entries that the breaker switched off with it.
    pub trips: Vec<(EntryName, Trip)>,
}

impl Reviews {
    /// Records a complaint of an uploader, which is decided within two weeks of its receipt (article 10(2) TCO).
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where nothing was taken down when it was received, where that is to come, or where a complaint waits already; then nothing was
    /// recorded.
    pub fn complain(
        &mut self,
        id: CaseId,
        text: Option<&str>,
        received_at: Time,
        now: Time,
    ) -> Result<Case, ReviewError> {
        let mut change = self.begin()?;
        let text = change.text(text)?;
        let what = What::Complained { text, received_at };
        let case = change.happen(id, None, what, now)?;
        change.commit()?;
        Ok(case)
    }

    /// Decides on a complaint. It is upheld: the content is to be put back, and the decision counts against its entries.
    ///
    /// # Errors
    /// [`ReviewError::Role`] without [`Role::Complaints`]; [`ReviewError::Misfit`], also where this person made the decision; [`ReviewError::Switch`].
    pub fn uphold(
        &mut self,
        id: CaseId,
        by: &Person,
        note: Option<&str>,
        now: Time,
    ) -> Result<Complained, ReviewError> {
        self.answer(id, by, true, note, now)
    }

    /// Decides on a complaint. It is rejected, and the uploader is told why.
    ///
    /// # Errors
    /// As [`Reviews::uphold`].
    pub fn reject(
        &mut self,
        id: CaseId,
        by: &Person,
        note: Option<&str>,
        now: Time,
    ) -> Result<Complained, ReviewError> {
        self.answer(id, by, false, note, now)
    }

    fn answer(
        &mut self,
        id: CaseId,
        by: &Person,
        upheld: bool,
        note: Option<&str>,
        now: Time,
    ) -> Result<Complained, ReviewError> {
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Complaints)?;
        let before = change.case(id)?;
        let note = change.text(note)?;
        let case = change.happen(
            id,
            Some(number),
            What::ComplaintDecided { upheld, note },
            now,
        )?;
        let trips = if upheld {
            change.trips(id, &before, &case, now)?
        } else {
            Vec::new()
        };
        change.commit()?;
        self.switched_off(&trips)?;
        Ok(Complained { case, trips })
    }

    /// Records that content was put back.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where nothing is to be put back.
    pub fn reinstated(&mut self, id: CaseId, by: &Person, now: Time) -> Result<Case, ReviewError> {
        self.record(id, by, What::Reinstated, now)
    }

    /// Records that the uploader was told what there was to tell.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where there is nothing to tell, or an authority asked not to tell yet.
    pub fn informed(&mut self, id: CaseId, by: &Person, now: Time) -> Result<Case, ReviewError> {
        self.record(id, by, What::Informed, now)
    }

    /// Records that the police were told of an imminent threat (article 14(5) TCO).
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where nobody found one, or they know.
    pub fn police_informed(
        &mut self,
        id: CaseId,
        by: &Person,
        now: Time,
    ) -> Result<Case, ReviewError> {
        self.record(id, by, What::PoliceInformed, now)
    }

    /// Has what was removed preserved for longer, as an authority or a court asks (article 6(2) TCO).
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where nothing is preserved, or `until` is not later.
    pub fn preserve(
        &mut self,
        id: CaseId,
        by: &Person,
        until: Time,
        note: Option<&str>,
        now: Time,
    ) -> Result<Case, ReviewError> {
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Supervisor)?;
        let note = change.text(note)?;
        let case = change.happen(id, Some(number), What::Preserved { until, note }, now)?;
        change.commit()?;
        Ok(case)
    }

    /// Records that what was preserved is deleted, its time being over.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] before its time is over, while it is to be put back, and while a complaint or proceedings go on.
    pub fn deleted(&mut self, id: CaseId, by: &Person, now: Time) -> Result<Case, ReviewError> {
        self.record(id, by, What::Deleted, now)
    }

    /// Records that proceedings against the decision began.
    ///
    /// # Errors
    /// [`ReviewError`]; then nothing was recorded.
    pub fn proceedings(
        &mut self,
        id: CaseId,
        by: &Person,
        kind: Proceedings,
        now: Time,
    ) -> Result<Case, ReviewError> {
        self.record(id, by, What::Proceedings { kind }, now)
    }

    /// Records that the oldest proceedings that go on have ended, and whether the content is to be put back.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where none go on.
    pub fn proceedings_ended(
        &mut self,
        id: CaseId,
        by: &Person,
        reinstated: bool,
        now: Time,
    ) -> Result<Case, ReviewError> {
        self.record(id, by, What::ProceedingsEnded { reinstated }, now)
    }

    /// Records something that any reviewer or decider of complaints may do.
    pub(super) fn record(
        &mut self,
        id: CaseId,
        by: &Person,
        what: What,
        now: Time,
    ) -> Result<Case, ReviewError> {
        let mut change = self.begin()?;
        let mut may = [Role::Reviewer, Role::Complaints, Role::Supervisor].into_iter();
        let number = may.find_map(|role| change.authorise(by, role).ok());
        let number = match number {
            Some(number) => number,
            None => change.authorise(by, Role::Reviewer)?,
        };
        let case = change.happen(id, Some(number), what, now)?;
        change.commit()?;
        Ok(case)
    }

    /// The decisions that rest on an entry, made since a moment, by the numbers of their cases.
    ///
    /// # Errors
    /// [`ReviewError::NoEntry`] where no case is about it; [`ReviewError::Ledger`].
    ///
    /// # Cost
    /// Reading the cases of the entry.
    pub fn affected(
        &mut self,
        entry: &EntryName,
        since: Time,
    ) -> Result<Vec<Affected>, ReviewError> {
        self.finder()?;
        let lost = &self.house.lost;
        let finder = self
            .finder
            .as_ref()
            .ok_or(ReviewError::Kept("what finds cases"))?;
        let resting = Resting::on(entry, finder, lost)?;
        resting.affected(since, |id| self.case(id))
    }

    /// Tells that nobody can rest on an entry any more, since a moment. The decisions to take something down that rest on nothing else are reopened; where a
    /// court or the end of an order asks for it, their content is to be put back at once. Gives the cases that were reopened.
    ///
    /// # Errors
    /// [`ReviewError::Role`] without [`Role::Supervisor`]; [`ReviewError::NoEntry`]; then nothing was recorded.
    pub fn lose(
        &mut self,
        entry: &EntryName,
        why: Loss,
        since: Time,
        by: &Person,
        now: Time,
    ) -> Result<Vec<CaseId>, ReviewError> {
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Supervisor)?;
        let resting = Resting::on(entry, change.finder, &change.known.lost)?;
        let affected = resting.affected(since, |id| change.case(id))?;
        change.house(
            Some(number),
            House::Lost {
                entry: entry.clone(),
                why,
                since,
            },
            now,
        )?;
        let mut reopened = Vec::new();
        for one in affected {
            let case = one.case;
            let rests = case.decision.as_ref().is_some_and(|decision| {
                decision.outcome.is_terrorist() && decision.overturned_at.is_none()
            });
            // Who looks at it again already has looked at what is left of it; but what a court says is recorded.
            let is_known = case.reopened.is_some() && !why.reinstates_at_once();
            if one.alone && rests && case.down_since.is_some() && !is_known {
                let why = Reopening::EntryLost(why);
                let what = What::Reopened { why, note: None };
                change.happen(one.id, Some(number), what, now)?;
                reopened.push(one.id);
            }
        }
        change.commit()?;
        Ok(reopened)
    }

    /// What is to be put back, and since when and why, by the numbers of the cases.
    ///
    /// # Errors
    /// [`ReviewError::Ledger`].
    ///
    /// # Cost
    /// Reading all cases.
    pub fn reinstatements(&self) -> Result<Vec<(CaseId, Time, PutBack)>, ReviewError> {
        let mut all = Vec::new();
        rows::each(&self.ledger, |number, case| {
            all.extend(
                case.put_back
                    .map(|(since, why)| (CaseId(number), since, why)),
            );
            Ok(true)
        })?;
        Ok(all)
    }

    /// What people found of an entry from one moment on until another: counts, which can be told to the authorities.
    ///
    /// # Errors
    /// [`ReviewError::NoEntry`].
    pub fn counts(
        &mut self,
        entry: &EntryName,
        from: Time,
        until: Time,
    ) -> Result<Counts, ReviewError> {
        let finder = self.finder()?;
        let number = finder
            .number(entry)
            .ok_or_else(|| ReviewError::NoEntry(entry.to_string().into()))?;
        let window = finder.tallies.window(number, from, until);
        let counts = Counts::new(window.reviewed, window.overturned, window.complaints_upheld);
        counts.map_err(|_| ReviewError::Kept("counts that cannot be"))
    }

    /// Erases the texts of a case: the platform's reference of the upload, the evidence, notes and complaints. The chain still verifies, and what was decided
    /// still counts; the upload is not known again. Gives how many texts there were.
    ///
    /// # Errors
    /// [`ReviewError::Role`] without [`Role::Supervisor`]; [`ReviewError::Misfit`] while the case is open, something is preserved for it, proceedings go on,
    /// or the police are to be told.
    ///
    /// # Cost
    /// A commit for each text.
    pub fn erase(&mut self, id: CaseId, by: &Person, now: Time) -> Result<usize, ReviewError> {
        let texts = self.story(id)?.texts();
        let mut change = self.begin()?;
        let number = change.authorise(by, Role::Supervisor)?;
        let case = change.case(id)?;
        let is_needed =
            case.is_open() || case.put_back.is_some() || case.tell.is_some() || case.is_held();
        let is_preserved =
            case.preserve_until.is_some_and(|until| until > now) && case.deleted_at.is_none();
        let goes_on =
            case.is_contested() || (case.police_since.is_some() && case.police_at.is_none());
        if is_needed || is_preserved || goes_on {
            let why = Misfit::Nothing(
                "its texts are needed until it is decided, told, put back, its proceedings ended and its preservation over",
            );
            return Err(ReviewError::Misfit { case: id, why });
        }
        change.happen(id, Some(number), What::Erased, now)?;
        change.commit()?;
        let mut erased = 0;
        for text in texts {
            erased += usize::from(self.ledger.erase(&text)?);
        }
        Ok(erased)
    }
}

/// The cases that are about an entry.
struct Resting {
    entry: u32,
    /// Entries that are lost already.
    lost: Vec<u32>,
    cases: Vec<u32>,
}

impl Resting {
    fn on(entry: &EntryName, finder: &Finder, lost: &[Lost]) -> Result<Self, ReviewError> {
        let Some(number) = finder.number(entry) else {
            return Err(ReviewError::NoEntry(entry.to_string().into()));
        };
        let lost = lost.iter().filter_map(|lost| finder.number(&lost.entry));
        let mut cases: Vec<u32> = finder.tallies.cases(number).collect();
        cases.sort_unstable();
        cases.dedup();
        Ok(Self {
            entry: number,
            lost: lost.collect(),
            cases,
        })
    }

    fn affected(
        &self,
        since: Time,
        mut case: impl FnMut(CaseId) -> Result<Case, ReviewError>,
    ) -> Result<Vec<Affected>, ReviewError> {
        let mut affected = Vec::new();
        for id in self.cases.iter().map(|id| CaseId(*id)) {
            let case = case(id)?;
            let decision = case.decision.as_ref();
            let is_since = decision.is_some_and(|decision| decision.at >= since);
            let is_lost = |entry: &u32| *entry == self.entry || self.lost.contains(entry);
            let alone = case.entries.iter().all(is_lost);
            if is_since {
                affected.push(Affected { id, case, alone });
            }
        }
        Ok(affected)
    }
}
