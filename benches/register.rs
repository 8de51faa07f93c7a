//! Registers: merging what 23 states have said, the states of all entries, one explanation, a release. One line each: `ENTRIES/STATES/WHAT`, the median in
//! milliseconds where nothing else is said.
//!
//! `cargo bench --bench register` signs, merges and verifies 2.4 million statements, which takes some ten minutes; `IJKPUNT_ENTRIES=10000` takes
//! fewer entries than 100,000. Run as a test, few are made. Files are written into the folder for temporary ones, and read from memory, where the
//! system keeps them.

#![expect(clippy::print_stdout, reason = "what it is for")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use ijkpunt::baseline::{
    Assessment, Authority, AuthorityId, Commitment, ConsensusState, ContextDependence, Creation,
    Designation, Entry, EntryId, Event, Fingerprint, MediaKind, MemberState, Method, NewRow,
    Policy, Reasons, Role, Suspension, TcoType, TcoTypes, Text, Time, Verdict,
};
use ijkpunt::hash::{Digest, DigestKind, Pdq};
use ijkpunt::limits::Limits;
use ijkpunt::publish::{Least, Release, Terms};
use ijkpunt::register::Register;
use ijkpunt::sign::tree::Frontier;
use ijkpunt::sign::{
    Claim, Envelope, Founder, Founding, Genesis, Opening, Signer, SigningKey, Statement, What,
};
use ijkpunt::snapshot::Snapshot;

const STATES: u8 = 23;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let asked = std::env::var("IJKPUNT_ENTRIES").ok();
    let entries = match (is_bench, asked) {
        (false, _) => 40,
        (true, Some(asked)) => asked.parse()?,
        (true, None) => 100_000,
    };
    let rounds = if is_bench { 9 } else { 1 };
    let folder = std::env::temp_dir().join(format!("ijkpunt-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measured(&folder, entries, rounds);
    fs::remove_dir_all(&folder)?;
    measured
}

fn measured(folder: &Path, entries: u32, rounds: usize) -> Outcome<()> {
    let name = format!("{entries}/{STATES}");
    let genesis = genesis()?;
    let begin = Instant::now();
    let files = written(folder, &genesis, entries)?;
    println!("{name}/sign: {:.0} ms", milliseconds(begin));

    let forth: Vec<usize> = (0..files.len()).collect();
    let back: Vec<usize> = forth.iter().rev().copied().collect();
    let mut registers = Vec::new();
    for (number, order) in [forth, back].iter().enumerate() {
        let path = folder.join(format!("register-{number}"));
        let mut register = Register::create(&path, &genesis)?;
        let begin = Instant::now();
        for file in order {
            let file = BufReader::new(File::open(&files[*file])?);
            let merged = register.merge(file, &Limits::default(), |_| ())?;
            assert_eq!(merged.lines_left_out, 0, "{:?}", merged.left_out.first());
        }
        let statements = u64::from(entries) * u64::from(STATES + 1) + u64::from(STATES);
        let (time, bytes) = (milliseconds(begin), fs::metadata(&path)?.len());
        println!(
            "{name}/merge: {time:.0} ms, {statements} statements, {} bytes each",
            bytes / statements
        );
        registers.push(register);
    }
    let [register, other] = &registers[..] else {
        return Err("two registers".into());
    };
    let again = Instant::now();
    let mut copy = Register::open(register.path())?;
    copy.merge(
        BufReader::new(File::open(&files[0])?),
        &Limits::default(),
        |_| (),
    )?;
    println!("{name}/merge-known-log: {:.0} ms", milliseconds(again));
    states(&name, register, other, rounds)?;
    one(&name, register, rounds)?;
    release(&name, register, other)?;
    let begin = Instant::now();
    let verified = register.verify(|_| ())?;
    println!(
        "{name}/verify: {:.0} ms, {} statements",
        milliseconds(begin),
        verified.statements
    );
    Ok(())
}

/// The states of all entries, the same by any number of threads and from either order of merges.
fn states(name: &str, register: &Register, other: &Register, rounds: usize) -> Outcome<()> {
    let cores = thread::available_parallelism()?.get();
    let at = now()?;
    let derived = |register: &Register, threads| {
        register.states(at, threads, |case| {
            serde_json::to_string(case.consensus).ok()
        })
    };
    let all = derived(register, 1)?;
    assert!(all.values().all(Option::is_some));
    assert_eq!(derived(register, 4)?, all);
    assert_eq!(derived(other, cores)?, all);
    for threads in [1, cores] {
        let mut times = Vec::new();
        for _ in 0..rounds {
            let begin = Instant::now();
            let states = register.states(now()?, threads, |case| case.consensus.state)?;
            times.push(milliseconds(begin));
            assert_eq!(states.len(), all.len());
        }
        println!("{name}/states-{threads}: {:.0} ms", median(times));
    }
    Ok(())
}

/// A release and its snapshot: the same bytes in two runs, by any number of threads, and from either order of merges.
fn release(name: &str, register: &Register, other: &Register) -> Outcome<()> {
    let cores = thread::available_parallelism()?.get();
    let at = now()?;
    let terms = Terms {
        sequence: 1,
        at,
        valid_until: at.plus_days(30).ok_or("a later time")?,
        least: Least::Baseline,
    };
    let mut snapshots = Vec::new();
    for (register, threads) in [(register, cores), (register, 1), (other, cores)] {
        let begin = Instant::now();
        let release = Release::new(register, terms)?;
        let bytes = release.draft(register, threads)?.draft.to_bytes()?;
        let time = milliseconds(begin);
        println!(
            "{name}/release-{threads}: {time:.0} ms, {} bytes",
            bytes.len()
        );
        snapshots.push(bytes);
    }
    assert!(snapshots.iter().all(|one| *one == snapshots[0]));
    let begin = Instant::now();
    let snapshot = Snapshot::from_bytes(snapshots.swap_remove(0))?;
    let listed = register.states(at, cores, |case| case.consensus.state)?;
    let listed = listed
        .values()
        .filter(|state| **state >= ConsensusState::BaselineBySilence);
    assert_eq!(snapshot.entries(), listed.count());
    println!(
        "{name}/release-opened: {:.0} ms, {} entries",
        milliseconds(begin),
        snapshot.entries()
    );
    Ok(())
}

/// One explanation, from a register that is opened for it.
fn one(name: &str, register: &Register, rounds: usize) -> Outcome<()> {
    let ids: Vec<EntryId> = register.states(now()?, 1, |_| ())?.into_keys().collect();
    let (mut opened, mut explained) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let id = ids[round * 7919 % ids.len()];
        let begin = Instant::now();
        let register = Register::read(register.path())?;
        opened.push(milliseconds(begin));
        let account = register.account(id, now()?)?.ok_or("it is there")?;
        assert!(account.counted.len() > usize::from(STATES));
        explained.push(milliseconds(begin));
    }
    println!("{name}/open: {:.2} ms", median(opened));
    println!("{name}/open-and-explain: {:.2} ms", median(explained));
    let mut path = register.path().to_owned();
    let key = key(0);
    path.set_extension("appended");
    fs::copy(register.path(), &path)?;
    let mut times = Vec::new();
    let mut copy = Register::open(&path)?;
    let reason = Text::new("a complaint was upheld")?;
    for _ in 0..rounds {
        let entry = ids[times.len() % ids.len()];
        let begin = Instant::now();
        copy.say(&key, now()?, |slot| {
            What::Event(Event::Suspended(Suspension {
                entry,
                by: slot.by,
                state: slot.state,
                sequence: slot.sequence,
                reason: reason.clone(),
                at: slot.at,
            }))
        })?;
        times.push(milliseconds(begin));
    }
    println!("{name}/say: {:.2} ms", median(times));
    Ok(())
}

/// A merge file for each state: its log, in which it assesses every entry. Entries are made in turn.
fn written(folder: &Path, genesis: &Envelope, entries: u32) -> Outcome<Vec<PathBuf>> {
    let made: Vec<Entry> = (0..entries).map(entry).collect::<Outcome<_>>()?;
    let ids: Vec<EntryId> = made.iter().map(Entry::id).collect();
    let write = |number: u8| -> Outcome<PathBuf> {
        let path = folder.join(format!("log-{number}.jsonl"));
        let mut out = BufWriter::new(File::create(&path)?);
        let mut log = OwnLog {
            key: key(number),
            tree: Frontier::default(),
            out: &mut out,
        };
        let Authority { id, state, .. } = authority(number)?;
        io_line(log.out, genesis)?;
        log.say(|sequence| {
            Ok(What::Opened(Opening {
                register: Genesis::open(genesis)?.id(),
                by: id.clone(),
                state,
                sequence,
                at: founded()?,
                key: key(number).public_key(),
            }))
        })?;
        for (at, entry) in made.iter().enumerate() {
            if at % usize::from(STATES) == usize::from(number) {
                log.say(|sequence| {
                    let entry = entry.clone();
                    Ok(What::Event(Event::EntryCreated(Creation {
                        sequence,
                        entry,
                    })))
                })?;
            }
        }
        for id_of in &ids {
            log.say(|sequence| {
                let said = assessment(*id_of, id.clone(), state, sequence, said_at()?)?;
                Ok(What::Event(Event::Assessed(said)))
            })?;
        }
        Ok(path)
    };
    let cores = u8::try_from(thread::available_parallelism()?.get().min(23))?;
    let mut files = Vec::new();
    thread::scope(|scope| {
        let of = |core| (0..STATES).filter(move |number| number % cores == core);
        let workers: Vec<_> = (0..cores)
            .map(|core| scope.spawn(move || of(core).map(write).collect::<Outcome<Vec<_>>>()))
            .collect();
        for worker in workers {
            files.extend(worker.join().map_err(|_| "a worker panicked")??);
        }
        Outcome::Ok(())
    })?;
    Ok(files)
}

/// A log as another program might write it.
struct OwnLog<'o> {
    key: SigningKey,
    tree: Frontier,
    out: &'o mut BufWriter<File>,
}

impl OwnLog<'_> {
    fn say(&mut self, what: impl FnOnce(u64) -> Outcome<What>) -> Outcome<()> {
        let statement = Statement {
            before: self.tree.root(),
            what: what(self.tree.size())?,
        };
        let envelope = Envelope::of(&statement, &[&self.key])?;
        self.tree.append(Claim::read(&envelope)?.leaf())?;
        io_line(self.out, &envelope)
    }
}

fn io_line(out: &mut BufWriter<File>, envelope: &Envelope) -> Outcome<()> {
    use std::io::Write;
    Ok(writeln!(out, "{}", envelope.to_json())?)
}

fn genesis() -> Outcome<Envelope> {
    let authorities: Vec<Authority> = (0..STATES).map(authority).collect::<Outcome<_>>()?;
    let since = founded()?;
    let designated = authorities.iter().map(|one| Designation {
        state: one.state,
        since,
    });
    let founders = (0..).zip(&authorities).map(|(number, authority)| Founder {
        authority: authority.clone(),
        key: key(number).public_key(),
    });
    let genesis = Genesis::new(Founding {
        name: Text::new("bench")?,
        at: since,
        needed_states: 12,
        policy: Policy::baseline(designated.collect())?,
        founders: founders.collect(),
    })?;
    let keys: Vec<SigningKey> = (0..STATES).map(key).collect();
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| key as &dyn Signer).collect();
    Ok(Envelope::of(&genesis, &signers)?)
}

fn authority(number: u8) -> Outcome<Authority> {
    let letter = char::from(b'a' + number);
    Ok(Authority {
        id: format!("x{letter}-police").parse()?,
        state: format!("X{}", letter.to_ascii_uppercase()).parse()?,
        name: Text::new(format!("Police of X{}", letter.to_ascii_uppercase()))?,
        roles: [Role::IssueOrders].into(),
    })
}

/// A picture without windows.
fn entry(number: u32) -> Outcome<Entry> {
    let Digest::Sha256(code) = DigestKind::Sha256.of(&number.to_le_bytes()) else {
        return Err("the kind that was asked for".into());
    };
    let row = NewRow::new("item", Pdq::from_bytes(code));
    Ok(Entry {
        media: MediaKind::Image,
        source: None,
        fingerprints: vec![Fingerprint::from(&row)],
        title: Text::new(format!("item {number}"))?,
        producer: None,
        labels: [].into(),
        context: ContextDependence::Independent,
        created_by: authority(u8::try_from(number % u32::from(STATES))?)?.id,
        created_at: founded()?,
        review_by: None,
    })
}

fn assessment(
    entry: EntryId,
    authority: AuthorityId,
    state: MemberState,
    sequence: u64,
    made_at: Time,
) -> Outcome<Assessment> {
    Ok(Assessment {
        entry,
        authority,
        state,
        sequence,
        verdict: Verdict::Terrorist(TcoTypes::from(TcoType::A)),
        reasons: Reasons {
            short: Text::new("Calls for attacks, with the emblem of a listed group.")?,
            long: Some(Commitment::from_bytes([7; 32])),
        },
        exempt_purpose_considered: true,
        method: Method::ViewedByTwo,
        viewed: Some(Commitment::to(b"a file")),
        based_on: None,
        made_at,
        valid_until: None,
    })
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number + 1; 32])
}

fn time(text: &str) -> Outcome<Time> {
    Ok(text.parse()?)
}

fn founded() -> Outcome<Time> {
    time("2026-01-01T00:00:00Z")
}

fn said_at() -> Outcome<Time> {
    time("2026-02-01T00:00:00Z")
}

fn now() -> Outcome<Time> {
    time("2026-11-22T10:00:00Z")
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
