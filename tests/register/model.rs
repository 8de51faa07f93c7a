//! The judge of `machine`: all that was taken in, as plain vectors, and everything derived anew from them in the slow way.

use std::collections::{BTreeMap, BTreeSet};

use ijkpunt::baseline::*;
use ijkpunt::limits::Limits;
use ijkpunt::sign::tree::{Frontier, TreeHash};
use ijkpunt::sign::{
    Claim, Ended, Endorsement, Envelope, Genesis, Hearing, KeyId, Line, Log, LogFacts, Motion,
    Place, PublicKey, Said, Signed, SignedCheckpoint, Standing, Verified, What,
};

/// A statement that is held, and the one before it.
#[derive(Clone)]
struct Held {
    before: Option<usize>,
    signed: Signed,
}

#[derive(Clone)]
pub(crate) struct Model {
    genesis: Verified<Genesis>,
    held: Vec<Held>,
    notes: Vec<SignedCheckpoint>,
}

/// A story: its statements, by their indices, from the opening on.
type Story = Vec<usize>;

impl Model {
    pub(crate) fn new(genesis: &Envelope) -> Self {
        Self {
            genesis: Genesis::open(genesis).unwrap(),
            held: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// How much is held.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.held.len(), self.notes.len())
    }

    /// The leaves of all statements.
    pub(crate) fn leaves(&self) -> BTreeSet<TreeHash> {
        self.held.iter().map(|held| held.signed.leaf()).collect()
    }

    /// Takes in a file line by line; gives how many lines were left out.
    pub(crate) fn merge(&mut self, file: &[u8]) -> Option<u64> {
        let mut lines = file.split(|byte| *byte == b'\n');
        let genesis = Envelope::from_json(lines.next()?, &Limits::default()).ok()?;
        if Genesis::open(&genesis).ok()?.id() != self.genesis.id() {
            return None;
        }
        let taken = lines.filter(|line| !line.is_empty()).map(|line| {
            match line.starts_with(b"{\"checkpoint\":") {
                true => self.promise(line),
                false => self.take(line),
            }
        });
        Some(taken.filter(|taken| taken.is_none()).count() as u64)
    }

    fn take(&mut self, line: &[u8]) -> Option<()> {
        let envelope = Envelope::from_json(line, &Limits::default()).ok()?;
        let claim = Claim::read(&envelope).ok()?;
        if self.leaves().contains(&claim.leaf()) {
            return Some(());
        }
        let register = self.genesis.id();
        if let What::Opened(_) = claim.unverified().what {
            let signed = claim.verify(|_| None).ok()?;
            Log::open(&signed, register).ok()?;
            self.held.push(Held {
                before: None,
                signed,
            });
            return Some(());
        }
        for last in 0..self.held.len() {
            let story = self.path(last);
            if self.root(&story) != claim.unverified().before {
                continue;
            }
            let keys: BTreeMap<KeyId, PublicKey> = self
                .keys(&story)
                .into_iter()
                .map(|(_, key)| (key.id(), key))
                .collect();
            let Ok(signed) = claim.clone().verify(|id| keys.get(id).copied()) else {
                continue;
            };
            let (mut log, mut said) = self.replay(&story);
            let topic = signed.statement().topic();
            if log.accept(&signed, said.entry(topic).or_default()).is_ok() {
                self.held.push(Held {
                    before: Some(last),
                    signed,
                });
                return Some(());
            }
        }
        None
    }

    fn promise(&mut self, line: &[u8]) -> Option<()> {
        let json: BTreeMap<String, String> = serde_json::from_slice(line).ok()?;
        let note =
            SignedCheckpoint::from_bytes(json["checkpoint"].as_bytes(), &Limits::default()).ok()?;
        if !self.is_signed(&note) {
            return None;
        }
        if !self
            .notes
            .iter()
            .any(|one| one.unverified() == note.unverified() && self.is_signed(one))
        {
            self.notes.push(note);
        }
        Some(())
    }

    fn path(&self, last: usize) -> Story {
        let mut story = vec![last];
        while let Some(before) = self.held[story[0]].before {
            story.insert(0, before);
        }
        story
    }

    /// Where a story is another one's beginning, the other one alone.
    fn stories(&self) -> Vec<Story> {
        let is_last = |at: &usize| !self.held.iter().any(|held| held.before == Some(*at));
        (0..self.held.len())
            .filter(is_last)
            .map(|last| self.path(last))
            .collect()
    }

    fn log_of(&self, story: &Story) -> KeyId {
        self.replay(&story[..1].to_vec()).0.name()
    }

    fn root(&self, story: &[usize]) -> TreeHash {
        let mut tree = Frontier::default();
        for at in story {
            tree.append(self.held[*at].signed.leaf()).unwrap();
        }
        tree.root()
    }

    fn replay(&self, story: &Story) -> (Log, BTreeMap<ijkpunt::sign::Topic, Said>) {
        let register = self.genesis.id();
        let mut log = Log::open(&self.held[story[0]].signed, register).unwrap();
        let mut said: BTreeMap<_, Said> = BTreeMap::new();
        for (number, at) in story.iter().enumerate() {
            let signed = &self.held[*at].signed;
            let of_topic = said.entry(signed.statement().topic()).or_default();
            if number > 0 {
                log.accept(signed, of_topic).unwrap();
            }
            of_topic.take(signed.statement());
        }
        (log, said)
    }

    /// The keys of a story, each with how many statements there are before it signs.
    fn keys(&self, story: &Story) -> Vec<(u64, PublicKey)> {
        let named = story.iter().zip(0..).filter_map(|(at, number)| {
            match &self.held[*at].signed.statement().what {
                What::Opened(one) => Some((0, one.key)),
                What::Rotated(one) => Some((number + 1, one.key)),
                _ => None,
            }
        });
        named.collect()
    }

    fn is_of(&self, note: &SignedCheckpoint, story: &Story) -> bool {
        let name = format!("register/{}/log/{}", self.genesis.id(), self.log_of(story));
        note.unverified().origin.as_str() == name
    }

    fn is_signed(&self, note: &SignedCheckpoint) -> bool {
        let said = note.unverified();
        self.stories()
            .iter()
            .filter(|story| self.is_of(note, story))
            .any(|story| {
                let keys = self.keys(story);
                let key = keys.iter().rev().find(|(from, _)| *from <= said.size);
                key.is_some_and(|(_, key)| note.verify(&said.origin, key).is_ok())
            })
    }

    fn contradicts(&self, note: &SignedCheckpoint) -> bool {
        let said = note.unverified();
        let size = usize::try_from(said.size).unwrap();
        let stories = self.stories();
        let mut reached = stories
            .iter()
            .filter(|story| self.is_of(note, story) && size <= story.len())
            .peekable();
        reached.peek().is_some() && reached.all(|story| self.root(&story[..size]) != said.root)
    }

    /// The checkpoints that count, and those of them that contradict their log: each as it is written.
    pub(crate) fn promised(&self) -> [BTreeSet<Vec<u8>>; 2] {
        let signed = self.notes.iter().filter(|note| self.is_signed(note));
        let contradict = signed.clone().filter(|note| self.contradicts(note));
        [
            signed.map(SignedCheckpoint::to_bytes).collect(),
            contradict.map(SignedCheckpoint::to_bytes).collect(),
        ]
    }

    /// The facts of all logs, and where each statement stands: on lines in an order of this model's own.
    fn facts(&self) -> (BTreeMap<KeyId, LogFacts>, BTreeMap<usize, Place>) {
        let (mut all, mut places) = (BTreeMap::new(), BTreeMap::new());
        let mut logs: BTreeMap<KeyId, Vec<Story>> = BTreeMap::new();
        for story in self.stories().into_iter().rev() {
            logs.entry(self.log_of(&story)).or_default().push(story);
        }
        for (name, stories) in &logs {
            let (first, _) = self.replay(&stories[0]);
            let mut facts = LogFacts {
                authority: first.authority().clone(),
                state: first.state(),
                lines: Vec::new(),
                forked_at: None,
                kept: BTreeMap::new(),
            };
            for (line, story) in (0..).zip(stories) {
                let shared = story
                    .iter()
                    .take_while(|at| places.contains_key(*at))
                    .count();
                let parent = shared.checked_sub(1).map_or(line, |last| {
                    let place: &Place = &places[&story[last]];
                    place.line
                });
                facts.lines.push(Line {
                    parent,
                    from: first.begins() + shared as u64,
                });
                if line > 0 {
                    let at = first.begins() + shared as u64;
                    facts.forked_at = Some(facts.forked_at.map_or(at, |known: u64| known.min(at)));
                }
                for (sequence, at) in (first.begins()..).zip(story) {
                    places.entry(*at).or_insert(Place {
                        log: *name,
                        line,
                        sequence,
                    });
                }
            }
            for note in &self.notes {
                if self.is_of(note, &stories[0]) && self.is_signed(note) && self.contradicts(note) {
                    let at = first.begins() + note.unverified().size;
                    facts.forked_at = Some(facts.forked_at.map_or(at, |known| known.min(at)));
                }
            }
            for (_, one) in self.endorsements(&places) {
                let Motion::Revoke(revocation) = &one.motion else {
                    continue;
                };
                if revocation.log != *name {
                    continue;
                }
                let size = usize::try_from(revocation.keeps.until - first.begins()).unwrap();
                let leads = (0..).zip(stories).find(|(_, story)| {
                    size <= story.len() && self.root(&story[..size]) == revocation.keeps.root
                });
                let is_open = stories.iter().any(|story| size > story.len());
                match leads {
                    Some((line, _)) => drop(facts.kept.insert(revocation.keeps, Some(line))),
                    None if is_open => drop(facts.kept.insert(revocation.keeps, None)),
                    None => {}
                }
            }
            all.insert(*name, facts);
        }
        (all, places)
    }

    fn endorsements(&self, places: &BTreeMap<usize, Place>) -> Vec<(Option<Place>, &Endorsement)> {
        let said =
            (0..)
                .zip(&self.held)
                .filter_map(|(at, held)| match &held.signed.statement().what {
                    What::Endorsed(one) => Some((places.get(&at).copied(), one)),
                    _ => None,
                });
        said.collect()
    }

    /// As `history::derived` writes it.
    pub(crate) fn derived(&self, now: Time) -> String {
        let (facts, places) = self.facts();
        let endorsements = self.endorsements(&places);
        let endorsements = endorsements
            .into_iter()
            .map(|(place, one)| (place.unwrap(), one));
        let standing = Standing::new(&self.genesis, facts, endorsements, now);
        let events =
            (0..)
                .zip(&self.held)
                .filter_map(|(at, held)| match &held.signed.statement().what {
                    What::Event(event) => Some((places[&at], event)),
                    _ => None,
                });
        let events: Vec<(Place, &Event)> = events.collect();
        let ends = events
            .iter()
            .copied()
            .filter(|(_, event)| event.entry().is_none());
        let ended = Ended::new(ends, &standing);
        let entries: BTreeSet<EntryId> = events
            .iter()
            .filter_map(|(_, event)| event.entry())
            .collect();
        let mut states = BTreeMap::new();
        for id in entries {
            let of_entry = events
                .iter()
                .copied()
                .filter(|(_, event)| event.entry() == Some(id));
            let hearing = Hearing::new(of_entry, &ended, &standing);
            if let (Some(creation), Some(consensus)) =
                (hearing.creation, hearing.consensus(&standing))
            {
                let consensus = serde_json::to_string(&consensus).unwrap();
                states.insert(id, format!("{}: {consensus}", creation.entry.title));
            }
        }
        let members: Vec<_> = standing.members().values().collect();
        let motions: Vec<_> = standing.motions().iter().collect();
        format!("{states:#?}\n{members:#?}\n{motions:#?}")
    }
}
