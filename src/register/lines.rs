//! The logs of a register, and the stories that each tells.

use std::collections::HashMap;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::baseline::{AuthorityId, MemberState, Time};
use crate::ledger::{Append, Ledger, NewRecord};
use crate::limits::Limits;
use crate::sign::tree::TreeHash;
use crate::sign::{
    Claim, Envelope, KeyId, Line, Log, Place, PublicKey, Refused, STATEMENT, Said, Signed,
    Statement, Topic, What, from_compact,
};

use super::RegisterError;
use super::list::List;
use super::tiles::Tiles;

/// Topics of which is remembered what a line says.
const MOST_SAID: usize = 1 << 18;

/// A story of a log, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LineRow {
    pub(super) log: KeyId,
    pub(super) line: u32,
    /// The line that it parts from; itself where it begins with an opening of its own.
    pub(super) parent: u32,
    pub(super) from: u64,
    pub(super) begins: u64,
    pub(super) authority: AuthorityId,
    pub(super) state: MemberState,
    /// The least size of which a checkpoint says something else than every line that is so long; stands in the first line of a log only.
    pub(super) contradicted: Option<u64>,
}

impl LineRow {
    /// What its records are filed under: the log's name, of the first line, which is nearly always the only one.
    pub(super) fn stream(&self) -> [u8; 32] {
        stream(self.log, self.line)
    }

    pub(super) fn facts(&self) -> Line {
        Line {
            parent: self.parent,
            from: self.from,
        }
    }
}

fn stream(log: KeyId, line: u32) -> [u8; 32] {
    if line == 0 {
        return log.to_bytes();
    }
    let named = [log.to_bytes().as_slice(), &line.to_be_bytes()].concat();
    blake3::derive_key("ijkpunt 2026 line of a log v0", &named)
}

/// What a statement is filed under: the entry that it is about; what is about none, under its log, so that nobody who asks for an entry looks
/// at the logs of strangers. No entry has such a name but by breaking BLAKE3.
pub(super) fn filed_under(log: KeyId, topic: Topic) -> [u8; 32] {
    match topic {
        Topic::Register => blake3::derive_key(
            "ijkpunt 2026 what a log says of no entry v0",
            &log.to_bytes(),
        ),
        Topic::Entry(entry) => entry.to_bytes(),
    }
}

/// A line that is open for more.
#[derive(Debug)]
pub(super) struct OpenLine {
    pub(super) row: LineRow,
    pub(super) log: Log,
    pub(super) tiles: Tiles,
    /// What the line says of topics, those that were asked for.
    said: HashMap<[u8; 32], Said>,
    /// Whether `said` holds all topics of the line.
    is_all_said: bool,
    is_changed: bool,
}

impl OpenLine {
    /// Opens a line where it ended. The end is compared with what its last statement was signed with.
    pub(super) fn open(row: &LineRow, ledger: &Ledger) -> Result<Self, RegisterError> {
        let kept = ledger.kept(&end_key(&row.stream()))?;
        let kept = kept.ok_or(RegisterError::Damaged("the end of a log is missing"))?;
        let log = Log::from_bytes(&kept);
        let log = log.map_err(|_| RegisterError::Damaged("the end of a log"))?;
        let size = log.tree().size();
        let mut tiles = Tiles::new(row.stream(), size);
        let last = log.ends().saturating_sub(1);
        let last = envelope_at(&row.stream(), last, ledger)?;
        let last = last.ok_or(RegisterError::Damaged("a log is empty"))?;
        let (last, leaf) = (claim_of(&last)?, TreeHash::leaf(&last.message()));
        let last = last.unverified();
        let is_whole = log.name() == row.log
            && log.begins() == row.begins
            && *log.authority() == row.authority
            && log.state() == row.state
            && last.sequence().checked_add(1) == Some(log.ends())
            && size > 0
            && tiles.root(size - 1, ledger)? == last.before
            && tiles.leaf(size - 1, ledger)? == leaf
            && tiles.root(size, ledger)? == log.tree().root()
            && envelope_at(&row.stream(), log.ends(), ledger)?.is_none();
        if !is_whole {
            return Err(RegisterError::Damaged("the end of a log is another one's"));
        }
        Ok(Self {
            row: row.clone(),
            log,
            tiles,
            said: HashMap::new(),
            is_all_said: false,
            is_changed: false,
        })
    }

    /// A line that begins with this opening.
    pub(super) fn new(row: LineRow, log: Log) -> Self {
        Self {
            tiles: Tiles::new(row.stream(), 0),
            row,
            log,
            said: HashMap::new(),
            is_all_said: true,
            is_changed: true,
        }
    }

    /// Takes the next statement, and files it.
    pub(super) fn accept(
        &mut self,
        signed: &Signed,
        envelope: &Envelope,
        append: &mut Append<'_>,
        list: &List,
    ) -> Result<(), RegisterError> {
        let topic = signed.statement().topic();
        self.remember(topic, append, list)?;
        let said = self.said.entry(topic.to_bytes()).or_default();
        self.log.accept(signed, said)?;
        said.take(signed.statement());
        self.file(signed, envelope, append)
    }

    /// Files a statement that the log has taken.
    pub(super) fn file(
        &mut self,
        signed: &Signed,
        envelope: &Envelope,
        append: &mut Append<'_>,
    ) -> Result<(), RegisterError> {
        let statement = signed.statement();
        append.add(&NewRecord {
            stream: self.row.stream(),
            place: statement.sequence(),
            topic: filed_under(self.row.log, statement.topic()),
            body: &envelope.to_compact()?,
        })?;
        match &statement.what {
            What::Opened(one) => keep_key(append, self.row.log, one.key)?,
            What::Rotated(one) => keep_key(append, self.row.log, one.key)?,
            What::Endorsed(_) | What::Event(_) => {}
        }
        self.tiles.append(signed.leaf(), append)?;
        self.is_changed = true;
        Ok(())
    }

    /// Lets the log have been another line's up to a place: that from which this one parts. What was filed there was verified.
    pub(super) fn resume(&mut self, signed: &Signed, ledger: &Ledger) -> Result<(), RegisterError> {
        let topic = signed.statement().topic();
        let said = self.said.entry(topic.to_bytes()).or_default();
        if signed.statement().sequence() > self.log.begins() {
            self.log.accept(signed, said)?;
        }
        said.take(signed.statement());
        self.tiles.append(signed.leaf(), ledger)
    }

    /// Keeps where it ends.
    pub(super) fn keep(&mut self, append: &mut Append<'_>) -> Result<(), RegisterError> {
        if self.is_changed {
            self.tiles.keep(append)?;
            append.keep(&end_key(&self.row.stream()), &self.log.to_bytes())?;
            self.is_changed = false;
        }
        if self.said.len() > MOST_SAID {
            self.said.clear();
            self.is_all_said = false;
        }
        Ok(())
    }

    /// Looks up what the line says of a topic.
    fn remember(
        &mut self,
        topic: Topic,
        ledger: &Ledger,
        list: &List,
    ) -> Result<(), RegisterError> {
        if self.is_all_said || self.said.contains_key(&topic.to_bytes()) {
            return Ok(());
        }
        let rows: Vec<LineRow> = list.of_log(self.row.log).cloned().collect();
        let (filed, mut own) = (filed_under(self.row.log, topic), Vec::new());
        each_of_topic(ledger, &rows, filed, |place, body| {
            if is_on(&rows, &place, self.row.line) {
                own.push((place.sequence, statement_of(body)?));
            }
            Ok(())
        })?;
        own.sort_by_key(|(sequence, _)| *sequence);
        let mut said = Said::default();
        own.iter().for_each(|(_, statement)| said.take(statement));
        self.said.insert(topic.to_bytes(), said);
        Ok(())
    }
}

/// Whether a statement stands on a line, or on what that parts from.
fn is_on(rows: &[LineRow], place: &Place, line: u32) -> bool {
    let of_log = rows.iter().filter(|row| row.log == place.log);
    let lines: Vec<Line> = of_log.map(LineRow::facts).collect();
    Line::is_on(&lines, place, line)
}

fn end_key(stream: &[u8; 32]) -> Vec<u8> {
    [b"end ".as_slice(), stream].concat()
}

/// The envelope at a place of a stream.
pub(super) fn envelope_at(
    stream: &[u8; 32],
    place: u64,
    ledger: &Ledger,
) -> Result<Option<Envelope>, RegisterError> {
    let found = ledger.of_stream(stream, place, |record| {
        ControlFlow::Break((record.place == place).then(|| envelope_of(record.body)))
    })?;
    found.break_value().flatten().transpose()
}

/// When the statement at a place of a line was made. `rows` are the lines of the log.
pub(super) fn time_at(
    ledger: &Ledger,
    rows: &[LineRow],
    row: &LineRow,
    place: u64,
) -> Result<Time, RegisterError> {
    let mut row = row;
    while place < row.from && row.parent != row.line {
        row = parent_of(rows, row)?;
    }
    let envelope = envelope_at(&row.stream(), place, ledger)?;
    let envelope = envelope.ok_or(RegisterError::Damaged("a log has a gap"))?;
    Ok(claim_of(&envelope)?.unverified().at())
}

/// What an envelope that was filed claims.
pub(super) fn claim_of(envelope: &Envelope) -> Result<Claim, RegisterError> {
    Claim::read(envelope).map_err(|_| RegisterError::Damaged("a record is no statement"))
}

/// All envelopes of a line, from where its log begins up to a place: those of the lines that it parts from first.
pub(super) fn each_of_line(
    ledger: &Ledger,
    rows: &[LineRow],
    row: &LineRow,
    until: u64,
    visit: &mut dyn FnMut(Envelope) -> Result<(), RegisterError>,
) -> Result<(), RegisterError> {
    if row.parent != row.line {
        let parent = parent_of(rows, row)?;
        each_of_line(ledger, rows, parent, until.min(row.from), visit)?;
    }
    each_own(ledger, row, until, visit)
}

/// The envelopes that are a line's own, up to a place.
pub(super) fn each_own(
    ledger: &Ledger,
    row: &LineRow,
    until: u64,
    visit: &mut dyn FnMut(Envelope) -> Result<(), RegisterError>,
) -> Result<(), RegisterError> {
    each_own_from(ledger, row, row.from, until, visit)
}

/// Those from one place on, up to another.
pub(super) fn each_own_from(
    ledger: &Ledger,
    row: &LineRow,
    from: u64,
    until: u64,
    visit: &mut dyn FnMut(Envelope) -> Result<(), RegisterError>,
) -> Result<(), RegisterError> {
    let walked = ledger.of_stream(&row.stream(), from.max(row.from), |record| {
        if record.place >= until {
            return ControlFlow::Break(Ok(()));
        }
        match envelope_of(record.body).and_then(&mut *visit) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(Err(error)),
        }
    })?;
    walked.break_value().unwrap_or(Ok(()))
}

/// The statement of a record.
pub(super) fn statement_of(body: &[u8]) -> Result<Statement, RegisterError> {
    from_compact(body).map_err(|_| RegisterError::Damaged("a record is no statement"))
}

/// The envelope of a record.
pub(super) fn envelope_of(body: &[u8]) -> Result<Envelope, RegisterError> {
    let envelope = Envelope::from_compact(STATEMENT, body, &Limits::default());
    envelope.map_err(|_| RegisterError::Damaged("a record is no envelope"))
}

/// The bodies of all statements of these lines that are filed under a topic, in the order in which they came.
pub(super) fn each_of_topic(
    ledger: &Ledger,
    rows: &[LineRow],
    topic: [u8; 32],
    visit: impl FnMut(Place, &[u8]) -> Result<(), RegisterError>,
) -> Result<(), RegisterError> {
    Places::new(rows).each_of_topic(ledger, topic, visit)
}

/// From the streams of records to places.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<[u8; 32], Piece>);

/// As which line of which log a stream is looked at, and up to which place.
#[derive(Debug, Clone, Copy)]
struct Piece {
    log: KeyId,
    line: u32,
    until: u64,
}

impl Places {
    pub(super) fn new(rows: &[LineRow]) -> Self {
        let piece = |row: &LineRow| Piece {
            log: row.log,
            line: row.line,
            until: u64::MAX,
        };
        let named = rows.iter().map(|row| (row.stream(), piece(row)));
        Self(named.collect())
    }

    /// The story that a line tells up to a place, as if its log had told no other. `rows` are the lines of the log.
    pub(super) fn add_story(
        &mut self,
        rows: &[LineRow],
        row: &LineRow,
        until: u64,
    ) -> Result<(), RegisterError> {
        let (mut row, mut until) = (row, until);
        loop {
            let piece = Piece {
                log: row.log,
                line: 0,
                until,
            };
            self.0.insert(row.stream(), piece);
            if row.parent == row.line {
                return Ok(());
            }
            until = until.min(row.from);
            row = parent_of(rows, row)?;
        }
    }

    /// None for records that are no statements, or behind what is looked at.
    pub(super) fn of(&self, stream: &[u8; 32], sequence: u64) -> Option<Place> {
        let Piece { log, line, until } = *self.0.get(stream)?;
        (sequence < until).then_some(Place {
            log,
            line,
            sequence,
        })
    }

    /// The bodies of all statements at these places that are filed under a topic, in the order in which they came.
    pub(super) fn each_of_topic(
        &self,
        ledger: &Ledger,
        topic: [u8; 32],
        mut visit: impl FnMut(Place, &[u8]) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        let walked = ledger.of_topic(&topic, |record| {
            let Some(place) = self.of(&record.stream, record.place) else {
                return ControlFlow::Continue(());
            };
            match visit(place, record.body) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        })?;
        match walked {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(error) => Err(error),
        }
    }
}

/// The line that another one parts from.
fn parent_of<'r>(rows: &'r [LineRow], row: &LineRow) -> Result<&'r LineRow, RegisterError> {
    let is_parent = |other: &&LineRow| other.log == row.log && other.line == row.parent;
    let parent = rows
        .iter()
        .find(is_parent)
        .filter(|parent| parent.line < row.line);
    parent.ok_or(RegisterError::Damaged("a line parts from none"))
}

/// The keys that sign a log, in their order, each with the place from which on it does. `rows` are the lines of the log.
pub(super) fn keys_of(
    ledger: &Ledger,
    rows: &[LineRow],
    row: &LineRow,
) -> Result<Vec<(u64, PublicKey)>, RegisterError> {
    let mut keys = Vec::new();
    let filed = filed_under(row.log, Topic::Register);
    each_of_topic(ledger, rows, filed, |place, body| {
        if is_on(rows, &place, row.line) {
            match statement_of(body)?.what {
                What::Opened(one) => keys.push((one.sequence, one.key)),
                What::Rotated(one) => keys.push((one.sequence + 1, one.key)),
                What::Endorsed(_) | What::Event(_) => {}
            }
        }
        Ok(())
    })?;
    keys.sort_by_key(|(from, _)| *from);
    Ok(keys)
}

/// A key that signs a log, and the first such log; none of an id that no log has named.
pub(super) fn key_of(
    ledger: &Ledger,
    id: KeyId,
) -> Result<Option<(PublicKey, KeyId)>, RegisterError> {
    let Some(bytes) = ledger.kept(&key_key(id))? else {
        return Ok(None);
    };
    let (key, log): (PublicKey, KeyId) =
        postcard::from_bytes(&bytes).map_err(|_| RegisterError::Damaged("a key"))?;
    match key.id() == id {
        true => Ok(Some((key, log))),
        false => Err(RegisterError::Damaged("a key is another one")),
    }
}

/// Remembers a key, so that nobody has to look through all logs for it. The first log that names it stays: there may be any number.
fn keep_key(append: &mut Append<'_>, log: KeyId, key: PublicKey) -> Result<(), RegisterError> {
    let name = key_key(key.id());
    if append.kept(&name)?.is_some() {
        return Ok(());
    }
    let bytes = postcard::to_stdvec(&(key, log));
    let bytes = bytes.map_err(|_| RegisterError::Damaged("a key"))?;
    Ok(append.keep(&name, &bytes)?)
}

fn key_key(id: KeyId) -> Vec<u8> {
    [b"key ".as_slice(), &id.to_bytes()].concat()
}

/// What is refused, as the rules of the log say; every other error stops the work.
pub(super) fn refused(error: RegisterError) -> Result<Refused, RegisterError> {
    match error {
        RegisterError::Refused(refused) => Ok(refused),
        error => Err(error),
    }
}
