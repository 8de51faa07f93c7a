//! Random days against a few rules that were written down once more, without a file.

use proptest::prelude::*;

use crate::review::{Duty, Loss, Opening, OrderEnd, OrderGround, Origin, Second, Stage, clock};

use super::*;

/// Who acts, by number: the first has all roles.
const NAMES: [&str; 4] = ["lead", "ada", "ben", "kim"];

fn outcomes() -> [Outcome; 6] {
    [
        terrorist(),
        Outcome::ImminentThreat(types()),
        Outcome::NotAMatch,
        Outcome::WrongEntry,
        Outcome::Legal,
        Outcome::Undecided,
    ]
}

/// One operation: which, three numbers that it makes something of, and how many seconds after the one before.
type Operation = (u8, u8, u8, u8, i64);

#[derive(Debug, Clone, Default)]
struct Simple {
    order: bool,
    subject: u8,
    entries: Vec<u8>,
    opened: i64,
    hold: Option<i64>,
    held: bool,
    /// Who found what.
    found: Vec<(u8, Outcome, Action)>,
    decided: Option<Judged>,
    reopened: Option<i64>,
    down: bool,
    /// Since when it is to be put back, and whether others say so.
    back: Option<(i64, bool)>,
    tell: Option<i64>,
    police: Option<i64>,
    /// When, and what was decided.
    complaints: Vec<(i64, Option<Answer>)>,
    /// From when an order's hour runs, as long as it waits.
    runs: Option<i64>,
    refused: bool,
    ended: bool,
    preserved: Option<Time>,
}

/// Who decided on a complaint, when, and whether it was right.
type Answer = (u8, i64, bool);

#[derive(Debug, Clone)]
struct Judged {
    at: i64,
    outcome: Outcome,
    by: Vec<u8>,
    overturned: bool,
}

impl Simple {
    fn complained(&self) -> bool {
        self.complaints.iter().any(|(_, decided)| decided.is_none())
    }

    fn stage(&self) -> Stage {
        let differs = |found: &[(u8, Outcome, Action)]| {
            let told: Vec<_> = found
                .iter()
                .filter(|(_, outcome, _)| *outcome != Outcome::Undecided)
                .map(|(_, outcome, action)| (outcome, action))
                .collect();
            told.iter().any(|one| *one != told[0])
        };
        if self.complained() {
            Stage::Complaint
        } else if self.refused {
            Stage::Refused
        } else if self.runs.is_some() {
            Stage::Order
        } else if self.order {
            Stage::Decided
        } else if differs(&self.found) {
            Stage::Divided
        } else if !self.found.is_empty() {
            Stage::Second
        } else if self.reopened.is_some() {
            Stage::Reopened
        } else if self.decided.is_some() {
            Stage::Decided
        } else {
            Stage::Waiting
        }
    }

    fn excepts(&self) -> bool {
        let left = |judged: &Judged| judged.overturned || !judged.outcome.is_terrorist();
        !self.order && self.stage() == Stage::Decided && self.decided.as_ref().is_some_and(left)
    }

    fn goes_down(&mut self, now: i64) {
        (self.down, self.tell) = (true, Some(now));
        self.preserved = Some(clock::preserved_until(at(now)));
    }

    fn goes_back(&mut self, now: i64, binds: bool) {
        let was_bound = self.back.is_some_and(|(_, bound)| bound);
        if self.down && (self.back.is_none() || (binds && !was_bound)) {
            self.back = Some((now, binds));
        }
    }

    fn due(&self, id: u32) -> Vec<(CaseId, Duty, Time)> {
        let stage = self.stage();
        let mut due = Vec::new();
        let mut add = |duty, time: Option<Time>| {
            due.extend(time.map(|time| (CaseId(id), duty, time)));
        };
        let hour = self.runs.filter(|_| stage == Stage::Order);
        add(Duty::TellPolice, self.police.map(at));
        add(Duty::CarryOut, hour.map(|runs| at(runs + HOUR)));
        add(Duty::PutBack, self.back.map(|(since, _)| at(since)));
        add(Duty::ReleaseHold, self.hold.filter(|_| self.held).map(at));
        for (received, _) in self
            .complaints
            .iter()
            .filter(|(_, decided)| decided.is_none())
        {
            add(Duty::DecideComplaint, Some(at(received + 14 * DAY)));
        }
        add(Duty::TellUploader, self.tell.map(at));
        let looks = [
            Stage::Waiting,
            Stage::Second,
            Stage::Divided,
            Stage::Reopened,
        ];
        if looks.contains(&stage) {
            let since = self.reopened.unwrap_or(self.opened);
            add(Duty::Review, Some(at(since + 48 * HOUR)));
        }
        add(
            Duty::Delete,
            self.preserved
                .filter(|_| !self.complained() && self.back.is_none()),
        );
        due
    }
}

/// All of it.
#[derive(Default)]
struct World {
    cases: Vec<Simple>,
    tripped: BTreeSet<u8>,
    resets: [Option<i64>; 4],
    lost: BTreeSet<u8>,
    now: i64,
}

impl World {
    /// What was found of an entry: how often, how often against it, and who did.
    fn counts(&self, entry: u8) -> (u32, u32, BTreeSet<u8>) {
        let from = self.resets[usize::from(entry)].unwrap_or(i64::MIN);
        let (mut all, mut against, mut people) = (0, 0, BTreeSet::new());
        for case in self
            .cases
            .iter()
            .filter(|case| !case.order && case.entries.contains(&entry))
        {
            if let Some(judged) = case.decided.as_ref().filter(|judged| judged.at >= from) {
                all += 1;
                if matches!(judged.outcome, Outcome::NotAMatch | Outcome::WrongEntry) {
                    against += 1;
                    people.extend(&judged.by);
                }
            }
            for (_, decided) in &case.complaints {
                if let Some((by, _, upheld)) = decided.filter(|(_, at, _)| *at >= from) {
                    all += 1;
                    if upheld {
                        against += 1;
                        people.insert(by);
                    }
                }
            }
        }
        (all, against, people)
    }

    /// The breaker, for the entries of a case: more than a fifth against it surely, of three or more, by two people.
    fn trip(&mut self, case: usize) {
        for entry in self.cases[case].entries.clone() {
            let (all, against, people) = self.counts(entry);
            let (n, p, z) = (f64::from(all), f64::from(against) / f64::from(all), 1.64);
            let low = (p + z * z / (2.0 * n)
                - z * ((p * (1.0 - p) + z * z / (4.0 * n)) / n).sqrt())
                / (1.0 + z * z / n);
            if all >= 3 && people.len() >= 2 && low > 0.2 {
                self.tripped.insert(entry);
            }
        }
    }

    /// Where it leads, in the model and in the file: the file agrees on whether it can be, and on what comes of it.
    fn step(&mut self, reviews: &mut Reviews, operation: Operation) {
        let (which, one, two, three, seconds) = operation;
        self.now += seconds;
        let (now, len) = (self.now, self.cases.len());
        if which < 4 || len == 0 {
            return self.open(reviews, one, two);
        }
        let index = usize::from(one) % len;
        let id = CaseId(index as u32 + 1);
        let person = who(reviews, NAMES[usize::from(two) % 4]);
        let number = two % 4;
        let case = &mut self.cases[index];
        let stage = case.stage();
        let may = |roles: &[u8]| roles.contains(&number);
        let (expected, was) = match which {
            4..=9 => {
                let outcome = outcomes()[usize::from(three) % 6];
                let action = Action::ALL[usize::from(three / 6) % 3];
                let expected = may(&[0, 1, 2]) && self.decide(index, number, outcome, action);
                let decision = person.finds(outcome).and(action);
                (expected, reviews.decide(id, &decision, at(now)).is_ok())
            }
            10 => {
                let expected = case.down && !case.complained();
                if expected {
                    case.complaints.push((now, None));
                }
                (
                    expected,
                    reviews.complain(id, None, at(now), at(now)).is_ok(),
                )
            }
            11 | 12 => {
                let upheld = which == 11;
                let own = case
                    .decided
                    .as_ref()
                    .is_some_and(|judged| judged.by.contains(&number));
                let expected = may(&[0, 3]) && case.complained() && !own;
                if expected {
                    self.answer(index, number, upheld);
                }
                let answered = match upheld {
                    true => reviews.uphold(id, &person, None, at(now)),
                    false => reviews.reject(id, &person, None, at(now)),
                };
                (expected, answered.is_ok())
            }
            13 => {
                let expected = case.back.is_some();
                if expected {
                    (case.back, case.down, case.tell) = (None, false, Some(now));
                }
                (expected, reviews.reinstated(id, &person, at(now)).is_ok())
            }
            14 => {
                let expected = case.tell.take().is_some();
                (expected, reviews.informed(id, &person, at(now)).is_ok())
            }
            15 => {
                let expected = may(&[0]) && case.decided.is_some();
                if expected {
                    case.found.clear();
                    case.reopened = Some(now);
                }
                (expected, reviews.reopen(id, &person, None, at(now)).is_ok())
            }
            16 => {
                let entry = three % 3;
                let known = self.cases.iter().any(|case| case.entries.contains(&entry));
                let expected = may(&[0]) && known;
                let loss = Loss::ALL[usize::from(three) % Loss::ALL.len()];
                if expected {
                    self.lose(entry, loss);
                }
                let name = super::entry(entry);
                let lost = reviews.lose(&name, loss, at(0), &person, at(now));
                (expected, lost.is_ok())
            }
            17 => {
                let entry = three % 3;
                let expected = may(&[0]) && self.tripped.remove(&entry);
                if expected {
                    self.resets[usize::from(entry)] = Some(now);
                }
                let name = super::entry(entry);
                (
                    expected,
                    reviews.reset(&name, &person, None, at(now)).is_ok(),
                )
            }
            18 => {
                let expected = may(&[0, 1, 2]);
                if expected {
                    self.cases.push(Simple {
                        order: true,
                        subject: three,
                        opened: now,
                        runs: Some(now),
                        ..Simple::default()
                    });
                }
                let order = reviews.receive_order(
                    "post",
                    MediaKind::Image,
                    &ordered(),
                    at(now),
                    &person,
                    at(now),
                );
                (expected, order.is_ok())
            }
            19 => {
                let expected = matches!(stage, Stage::Order | Stage::Refused);
                if expected {
                    (case.runs, case.refused) = (None, false);
                    case.goes_down(now);
                }
                let done = reviews.order_done(id, &person, Action::Disable, at(now));
                (expected, done.is_ok())
            }
            20 => {
                let expected = stage == Stage::Order && may(&[0, 1, 2]);
                case.refused |= expected;
                let ground = OrderGround::Impossibility;
                let refused = reviews.order_refused(id, &person, ground, None, at(now));
                (expected, refused.is_ok())
            }
            21 => {
                let expected = stage == Stage::Refused;
                if expected {
                    (case.refused, case.runs) = (false, Some(now));
                }
                (
                    expected,
                    reviews.order_cleared(id, &person, at(now)).is_ok(),
                )
            }
            22 => {
                let expected = case.order && !case.ended;
                if expected {
                    (case.ended, case.runs, case.refused) = (true, None, false);
                    case.goes_back(now, true);
                }
                let ended = reviews.order_ended(id, &person, OrderEnd::Annulled, at(now));
                (expected, ended.is_ok())
            }
            23 => {
                let expected = case.police.is_some_and(|since| since >= 0);
                if expected {
                    case.police = None;
                    case.subject |= 0x80; // the police know
                }
                let told = reviews.police_informed(id, &person, at(now));
                (expected, told.is_ok())
            }
            _ => {
                let over =
                    |case: &&mut Simple| case.held && case.hold.is_some_and(|hold| hold <= now);
                let over: Vec<_> = self.cases.iter_mut().filter(over).collect();
                let expected = over.len();
                over.into_iter().for_each(|case| case.held = false);
                let released = reviews.release_holds(at(now)).unwrap();
                (true, released.len() == expected)
            }
        };
        assert_eq!(
            was,
            expected,
            "{operation:?} of {:?}",
            self.cases.get(index)
        );
    }

    fn open(&mut self, reviews: &mut Reviews, one: u8, two: u8) {
        let now = self.now;
        let entries: Vec<u8> = (0..3)
            .filter(|entry| (two % 7 + 1) >> entry & 1 == 1)
            .collect();
        let subject = one % 5;
        let last = self.cases.len() as u32;
        let newest_first = (1..=last).rev().zip(self.cases.iter().rev());
        let mut earlier = newest_first.filter(|(_, case)| {
            let covers = entries.iter().all(|entry| case.entries.contains(entry));
            !case.order && case.subject & 0x7f == subject && covers
        });
        let same = earlier.find_map(|(id, case)| match case.stage() {
            _ if case.excepts() => Some(Opening::Excepted(CaseId(id))),
            Stage::Decided => None,
            _ => Some(Opening::Waits(CaseId(id))),
        });
        let expected = same.unwrap_or(Opening::Opened(CaseId(self.cases.len() as u32 + 1)));
        let found = matched(&format!("upload-{subject}"), &entries);
        assert_eq!(reviews.open_case(&found, at(now)).unwrap(), expected);
        if same.is_none() {
            self.cases.push(Simple {
                subject,
                entries,
                opened: now,
                hold: Some(now + 24 * HOUR),
                held: true,
                ..Simple::default()
            });
        }
    }

    /// Whether it was taken.
    fn decide(&mut self, index: usize, person: u8, outcome: Outcome, action: Action) -> bool {
        let now = self.now;
        let case = &mut self.cases[index];
        let waits = [
            Stage::Waiting,
            Stage::Second,
            Stage::Divided,
            Stage::Reopened,
        ];
        let down = action != Action::Leave;
        let terrorist = matches!(
            outcome,
            Outcome::ConfirmedTerrorist(_) | Outcome::ImminentThreat(_)
        );
        let again = case.found.iter().any(|(by, ..)| *by == person);
        let bound = down && case.back.is_some_and(|(_, binds)| binds);
        if !waits.contains(&case.stage()) || (down && !terrorist) || again || bound {
            return false;
        }
        // Bit 7 of the subject says that the police know.
        if matches!(outcome, Outcome::ImminentThreat(_))
            && case.police.is_none()
            && case.subject & 0x80 == 0
        {
            case.police = Some(now);
        }
        let mut same = vec![];
        let mut others = 0;
        for (by, found, what) in &case.found {
            match (*found, *what) == (outcome, action) {
                true => same.push(*by),
                false => others += u32::from(*found != Outcome::Undecided),
            }
        }
        case.found.push((person, outcome, action));
        let needed = if down || others > 0 { 2 } else { 1 };
        if outcome == Outcome::Undecided || same.len() + 1 < needed {
            return true;
        }
        same.push(person);
        case.found.clear();
        (case.reopened, case.held) = (None, false);
        case.decided = Some(Judged {
            at: now,
            outcome,
            by: same,
            overturned: false,
        });
        match (down, case.down) {
            (true, false) => case.goes_down(now),
            (true, true) => case.back = None,
            (false, true) => case.goes_back(now, false),
            (false, false) => {}
        }
        self.trip(index);
        true
    }

    fn answer(&mut self, index: usize, person: u8, upheld: bool) {
        let now = self.now;
        let case = &mut self.cases[index];
        let last = case.complaints.last_mut().unwrap();
        last.1 = Some((person, now, upheld));
        if !upheld {
            case.tell = Some(now);
            return;
        }
        if let Some(judged) = &mut case.decided {
            judged.overturned = true;
        }
        case.found.clear();
        case.reopened = None;
        case.goes_back(now, true);
        if !case.order {
            self.trip(index);
        }
    }

    fn lose(&mut self, entry: u8, loss: Loss) {
        self.lost.insert(entry);
        for case in self.cases.iter_mut().filter(|case| !case.order) {
            let rests = case
                .decided
                .as_ref()
                .is_some_and(|judged| judged.outcome.is_terrorist() && !judged.overturned);
            let alone = case.entries.iter().all(|entry| self.lost.contains(entry));
            let looked_at = case.reopened.is_some() && !loss.reinstates_at_once();
            if case.entries.contains(&entry) && alone && rests && case.down && !looked_at {
                case.found.clear();
                case.reopened = Some(self.now);
                if loss.reinstates_at_once() {
                    case.goes_back(self.now, true);
                }
            }
        }
    }

    /// The file says the same.
    fn compare(&self, reviews: &mut Reviews) {
        reviews.catch_up().unwrap();
        let (open, all) = reviews.open_list(1000).unwrap();
        let open: BTreeSet<(CaseId, String)> = open
            .into_iter()
            .map(|(id, case)| (id, case.stage().to_string()))
            .collect();
        let expected: BTreeSet<(CaseId, String)> = (1..)
            .zip(&self.cases)
            .filter(|(_, case)| case.stage() != Stage::Decided)
            .map(|(id, case)| (CaseId(id), case.stage().to_string()))
            .collect();
        assert_eq!((all as usize, &open), (expected.len(), &expected));
        let (due, _) = reviews.due(Time::MAX, 1000).unwrap();
        let times: Vec<Time> = due.iter().map(|due| due.until).collect();
        assert!(times.is_sorted());
        let due: BTreeSet<_> = due
            .into_iter()
            .map(|due| (due.case, due.what, due.until))
            .collect();
        let expected: BTreeSet<_> = (1..)
            .zip(&self.cases)
            .flat_map(|(id, case)| case.due(id))
            .collect();
        assert_eq!(due, expected);
        let tripped: BTreeSet<EntryName> =
            reviews.tripped().map(|(entry, _)| entry.clone()).collect();
        let expected: BTreeSet<EntryName> =
            self.tripped.iter().map(|number| entry(*number)).collect();
        assert_eq!(tripped, expected);
        let back: Vec<_> = reviews
            .reinstatements()
            .unwrap()
            .into_iter()
            .map(|(id, since, _)| (id, since))
            .collect();
        let expected: Vec<_> = (1..)
            .zip(&self.cases)
            .filter_map(|(id, case)| Some((CaseId(id), at(case.back?.0))))
            .collect();
        assert_eq!(back, expected);
        for number in 0..3 {
            let (name, known) = (entry(number), self.cases.iter());
            if known.clone().any(|case| case.entries.contains(&number)) {
                let from = self.resets[usize::from(number)].unwrap_or(0);
                let counts = reviews.counts(&name, at(from), Time::MAX).unwrap();
                let (all, against, _) = self.counts(number);
                assert_eq!((counts.reviewed(), counts.against()), (all, against));
            }
        }
        let origins = reviews
            .case(CaseId(1))
            .is_ok_and(|case| (case.origin == Origin::Order) == self.cases[0].order);
        assert!(origins || self.cases.is_empty());
    }
}

fn operation() -> impl Strategy<Value = Operation> {
    // Seldom at the same moment, seldom after a hold is over.
    let seconds = prop_oneof![1 => Just(0), 6 => 1..2000i64, 2 => 10_000..60_000i64];
    (0..25u8, any::<u8>(), any::<u8>(), any::<u8>(), seconds)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_connections_and_a_model_agree_after_each_step(operations in prop::collection::vec(operation(), 20..90)) {
        let place = Place::new();
        let mut rule = policy();
        (rule.second, rule.hold_hours, rule.review_hours) = (Second::Removals, Some(24), Some(48));
        rule.tripwire.least_reviewed = 3;
        let mut connections = [place.reviews(&rule), place.open()];
        let mut world = World::default();
        for (number, operation) in operations.into_iter().enumerate() {
            let [one, other] = &mut connections;
            let reviews = if number % 3 == 0 { one } else { other };
            world.step(reviews, operation);
            world.compare(reviews);
        }
        connections.iter_mut().for_each(|reviews| world.compare(reviews));
        let mut reviews = place.open();
        world.compare(&mut reviews);
        let head = reviews.verify(|_, _| ()).unwrap();
        reviews.rebuild().unwrap();
        world.compare(&mut reviews);
        prop_assert_eq!(reviews.verify(|_, _| ()).unwrap(), head);
        // Also a connection that was open all along.
        connections.iter_mut().for_each(|reviews| world.compare(reviews));
        world.compare(&mut place.open());
    }
}
