//! The made-up states: their authorities, the register file of each, and the files that they exchange.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::thread;

use ijkpunt::baseline::{Authority, Designation, EntryId, MemberState, Policy, Role, Text, Time};
use ijkpunt::limits::Limits;
use ijkpunt::register::{Account, Merged, Register, RegisterError, Slot};
use ijkpunt::sign::{
    Envelope, Founder, Founding, Genesis, Place, Signer, SigningKey, Standing, What,
};

use crate::Failure;

/// An authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Xa,
    Xb,
    /// The other authority of XB.
    XbProsecutor,
    Xc,
    Xd,
    Xe,
}

impl Who {
    pub(super) const ALL: [Self; 6] = [
        Self::Xa,
        Self::Xb,
        Self::XbProsecutor,
        Self::Xc,
        Self::Xd,
        Self::Xe,
    ];

    /// Those by which the register is founded.
    const FOUNDERS: [Self; 5] = [Self::Xa, Self::Xb, Self::XbProsecutor, Self::Xc, Self::Xd];

    /// One for each state.
    pub(super) const STATES: [Self; 5] = [Self::Xa, Self::Xb, Self::Xc, Self::Xd, Self::Xe];

    /// What its folder and its files are called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Xa => "xa",
            Self::Xb => "xb",
            Self::XbProsecutor => "xb-prosecutor",
            Self::Xc => "xc",
            Self::Xd => "xd",
            Self::Xe => "xe",
        }
    }

    pub(super) fn state_name(self) -> &'static str {
        match self {
            Self::Xa => "XA",
            Self::Xb | Self::XbProsecutor => "XB",
            Self::Xc => "XC",
            Self::Xd => "XD",
            Self::Xe => "XE",
        }
    }

    fn state(self) -> Result<MemberState, Failure> {
        Ok(self.state_name().parse()?)
    }

    pub(super) fn authority(self) -> Result<Authority, Failure> {
        let (id, office) = match self {
            Self::XbProsecutor => ("xb-prosecutor".to_owned(), "Prosecutor"),
            _ => (format!("{}-police", self.name()), "Police"),
        };
        Ok(Authority {
            id: id.parse()?,
            state: self.state()?,
            name: Text::new(format!("{office} of {}", self.state_name()))?,
            roles: [Role::IssueOrders, Role::Scrutinise, Role::OverseeMeasures].into(),
        })
    }

    /// Made of a number that everybody knows, so that the same is signed on every machine.
    pub(super) fn key(self) -> SigningKey {
        SigningKey::from_seed(&[self as u8 + 1; 32])
    }
}

/// All of them, with what they have, at one moment.
pub(super) struct Union {
    dir: PathBuf,
    genesis: Envelope,
    registers: Vec<Register>,
    /// Which files each register has taken in, by their numbers.
    taken: Vec<Vec<usize>>,
    /// The files that were exchanged, in their order.
    pub(super) files: Vec<PathBuf>,
    pub(super) now: Time,
}

impl Union {
    /// Founded by four states; XE has a register, and no say.
    pub(super) fn found(dir: &Path) -> Result<Self, Failure> {
        let now: Time = BEGIN.parse()?;
        let genesis = genesis(now)?;
        let mut union = Self {
            dir: dir.into(),
            genesis,
            registers: Vec::new(),
            taken: vec![Vec::new(); Who::ALL.len()],
            files: Vec::new(),
            now,
        };
        fs::create_dir(dir.join("exchange"))?;
        for who in Who::ALL {
            let register = union.new_register(who.name())?;
            union.registers.push(register);
        }
        for who in Who::FOUNDERS {
            union.open_log(who)?;
        }
        union.send(&Who::FOUNDERS)?;
        Ok(union)
    }

    /// A register of the same genesis in a folder of its own.
    pub(super) fn new_register(&self, name: &str) -> Result<Register, Failure> {
        let dir = self.dir.join(name);
        fs::create_dir(&dir)?;
        Ok(Register::create(dir.join("register"), &self.genesis)?)
    }

    /// A copy of a register's file, as if it were put back from a backup.
    pub(super) fn copied(&self, who: Who, name: &str) -> Result<Register, Failure> {
        let dir = self.dir.join(name);
        fs::create_dir(&dir)?;
        fs::copy(self.register(who).path(), dir.join("register"))?;
        Ok(Register::open(dir.join("register"))?)
    }

    pub(super) fn open_log(&mut self, who: Who) -> Result<(), Failure> {
        let Authority { id, state, .. } = who.authority()?;
        let now = self.minute_later()?;
        self.registers[who as usize].open_log(&id, state, &who.key(), now)?;
        Ok(())
    }

    pub(super) fn register(&self, who: Who) -> &Register {
        &self.registers[who as usize]
    }

    /// Which files an authority has taken in, by their numbers, in its order.
    pub(super) fn taken(&self, who: Who) -> &[usize] {
        &self.taken[who as usize]
    }

    /// An authority says something in its own register.
    pub(super) fn say(
        &mut self,
        who: Who,
        what: impl FnOnce(Slot) -> What,
    ) -> Result<Place, Failure> {
        Ok(self.try_to_say(who, what)??)
    }

    /// The same where the register may refuse it.
    pub(super) fn try_to_say(
        &mut self,
        who: Who,
        what: impl FnOnce(Slot) -> What,
    ) -> Result<Result<Place, RegisterError>, Failure> {
        let now = self.minute_later()?;
        Ok(self.registers[who as usize].say(&who.key(), now, what))
    }

    /// Each sends its log to all others, who take the files in, each in an order of its own.
    pub(super) fn send(&mut self, senders: &[Who]) -> Result<(), Failure> {
        let mut sent = Vec::new();
        for who in senders {
            let log = log_of(self.register(*who), *who)?;
            sent.push((*who, self.write(who.name(), &log)?));
        }
        let orders = Who::ALL.map(|to| {
            let mut files = sent.clone();
            files.rotate_left(to as usize % sent.len().max(1));
            files.retain(|(from, _)| *from != to);
            files
                .into_iter()
                .map(|(_, number)| number)
                .collect::<Vec<_>>()
        });
        self.take_in(&orders)
    }

    /// Each takes in files of its own, all at once: a register waits for its disk most of the time.
    pub(super) fn take_in(&mut self, orders: &[Vec<usize>]) -> Result<(), Failure> {
        let files = &self.files;
        let merge_all = |(register, order): (&mut Register, &Vec<usize>)| {
            let each = |number: &usize| merge(register, &files[number - 1]).map(|_| ());
            order.iter().try_for_each(each)
        };
        let merge_all = &merge_all;
        thread::scope(|scope| {
            let both = self.registers.iter_mut().zip(orders);
            let workers: Vec<_> = both
                .map(|both| scope.spawn(move || merge_all(both)))
                .collect();
            let results = workers.into_iter().map(|worker| match worker.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            results.collect::<Result<(), _>>()
        })?;
        for (taken, order) in self.taken.iter_mut().zip(orders) {
            taken.extend(order);
        }
        Ok(())
    }

    /// Writes a file to be exchanged; gives its number.
    pub(super) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<usize, Failure> {
        let number = self.files.len() + 1;
        let name = format!("exchange/{number:02}-{name}.jsonl");
        let path = self.dir.join(name);
        fs::write(&path, bytes)?;
        self.files.push(path);
        Ok(number)
    }

    /// Takes a file in, by its number.
    pub(super) fn merge(&mut self, to: Who, number: usize) -> Result<Merged, Failure> {
        let merged = merge(&mut self.registers[to as usize], &self.files[number - 1])?;
        self.taken[to as usize].push(number);
        Ok(merged)
    }

    /// Who there is, as the register of an authority tells it now.
    pub(super) fn standing(&self, who: Who) -> Result<Standing, Failure> {
        Ok(self.register(who).standing(self.now)?)
    }

    /// What the register of an authority tells of an entry now.
    pub(super) fn account(&self, who: Who, entry: EntryId) -> Result<Account, Failure> {
        let account = self.register(who).account(entry, self.now)?;
        account.ok_or_else(|| format!("{} knows no such entry", who.name()).into())
    }

    pub(super) fn hours_later(&mut self, hours: i64) -> Result<(), Failure> {
        self.now = Time::from_unix_seconds(self.now.unix_seconds() + hours * 3600)?;
        Ok(())
    }

    fn minute_later(&mut self) -> Result<Time, Failure> {
        self.now = Time::from_unix_seconds(self.now.unix_seconds() + 60)?;
        Ok(self.now)
    }
}

/// A register takes a file in.
pub(super) fn merge(register: &mut Register, path: &Path) -> Result<Merged, RegisterError> {
    let file = BufReader::new(File::open(path)?);
    register.merge(file, &Limits::default(), |_| ())
}

/// The log of an authority, as it stands in a register, as a file to be exchanged.
pub(super) fn log_of(register: &Register, who: Who) -> Result<Vec<u8>, Failure> {
    let (id, mut file) = (who.authority()?.id, Vec::new());
    register.export(|of| *of == id, &mut file)?;
    Ok(file)
}

/// When the story begins.
const BEGIN: &str = "2026-01-05T09:00:00Z";

fn genesis(at: Time) -> Result<Envelope, Failure> {
    let designated = Who::STATES.map(|who| {
        Ok(Designation {
            state: who.state()?,
            since: at,
        })
    });
    let designated = designated
        .into_iter()
        .collect::<Result<Vec<_>, Failure>>()?;
    let founders = Who::FOUNDERS.map(|who| {
        Ok(Founder {
            authority: who.authority()?,
            key: who.key().public_key(),
        })
    });
    let genesis = Genesis::new(Founding {
        name: Text::new("demonstration")?,
        at,
        needed_states: 2,
        policy: Policy::baseline(designated)?,
        founders: founders.into_iter().collect::<Result<Vec<_>, Failure>>()?,
    })?;
    let keys = Who::FOUNDERS.map(Who::key);
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| key as &dyn Signer).collect();
    Ok(Envelope::of(&genesis, &signers)?)
}
