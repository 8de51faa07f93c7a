//! What the register has of a file already.

use ijkpunt::baseline::{
    Code, ConsensusState, EntryId, Fingerprint, FrameRole, List, NewRow, Text, Time,
};
use ijkpunt::enrol::{Known, Proposal};
use ijkpunt::hash::{Digest, Dihedral, Distance, Pdq, Radius};
use ijkpunt::register::Register;

use crate::{Failure, work};

/// An entry that is near to a file.
pub(super) struct NearEntry {
    pub(super) entry: EntryId,
    pub(super) title: Text<200>,
    pub(super) state: ConsensusState,
    /// None: the very file.
    pub(super) distance: Option<Distance>,
}

/// The entries of a register, withdrawn ones too, that are near to a proposal: the nearest first.
///
/// # Cost
/// All entries are looked through: two seconds for 100,000 with what 23 states say of them.
pub(super) fn near(
    register: &Register,
    proposal: &Proposal,
    now: Time,
) -> Result<Vec<NearEntry>, Failure> {
    let entries = register.states(now, work::cores(), |case| {
        let id = case.entry.id().to_string();
        let rows: Vec<NewRow> = wholes(&case.entry.fingerprints)
            .chain(frames(&case.entry.fingerprints))
            .map(|one| one.row(&*id))
            .collect();
        (case.entry.title.clone(), case.consensus.state, rows)
    })?;
    let rows = entries
        .iter()
        .flat_map(|(_, (_, _, rows))| rows.iter().cloned());
    let list = List::from_rows(rows)?;
    let known = Known::new(&list);
    let mut found = Vec::new();
    for near in known.near(proposal) {
        let entry: EntryId = near.entry.parse()?;
        if let Some((title, state, _)) = entries.get(&entry) {
            found.push(NearEntry {
                entry,
                title: title.clone(),
                state: *state,
                distance: near.distance,
            });
        }
    }
    Ok(found)
}

/// The hashes of whole frames, and of the file.
fn wholes(fingerprints: &[Fingerprint]) -> impl Iterator<Item = &Fingerprint> {
    let is_whole = |one: &&Fingerprint| one.part.is_none() && one.shown.is_none();
    fingerprints.iter().filter(is_whole)
}

/// The frames of a video that count towards a match.
fn frames(fingerprints: &[Fingerprint]) -> impl Iterator<Item = &Fingerprint> {
    let is_core = |one: &&Fingerprint| {
        one.shown
            .is_some_and(|shown| shown.role() == FrameRole::Core)
    };
    fingerprints.iter().filter(is_core)
}

/// Whether a file is the one that an entry was made of.
pub(super) enum Same {
    /// Byte by byte.
    File,
    /// All its frames are near to frames of the file, the farthest at this distance.
    Copy(Distance),
    /// So many of so many frames are.
    Part(usize, usize),
    /// None is; the nearest at this distance.
    Other(Distance),
    /// It cannot be told, because of this.
    Unknown(String),
}

impl Same {
    pub(super) fn of(entry: &[Fingerprint], proposal: &Proposal) -> Self {
        let digest: Option<Digest> = proposal.sha256();
        let is_file = |code: Code| matches!(code, Code::Digest(known) if Some(known) == digest);
        let codes = || wholes(entry).map(|one| one.code);
        if codes().any(is_file) {
            return Self::File;
        }
        let frames = frames(entry).map(|one| one.code);
        let listed: Vec<Pdq> = codes()
            .chain(frames)
            .filter_map(|code| match code {
                Code::Pdq(pdq) => Some(pdq),
                _ => None,
            })
            .collect();
        let nearest = |pdq: Pdq| {
            let pictures = proposal.fingerprints().iter().map(|frame| frame.pdq);
            let frames = proposal.frames().as_slice().iter().map(|frame| frame.pdq);
            let all = pictures.chain(frames);
            let forms = all.flat_map(|pdq| Dihedral::ALL.map(|form| pdq.derived(form)));
            forms.map(|form| form.distance(pdq)).min()
        };
        let distances: Vec<Distance> = listed.iter().filter_map(|pdq| nearest(*pdq)).collect();
        let near = distances
            .iter()
            .filter(|distance| Radius::DEFAULT.covers(**distance))
            .count();
        match (distances.iter().max(), distances.iter().min()) {
            _ if listed.is_empty() => Self::Unknown(
                "the entry has no hash of what it looks like, and this is another file".to_owned(),
            ),
            (Some(farthest), _) if near == listed.len() => Self::Copy(*farthest),
            (_, Some(_)) if near > 0 => Self::Part(near, listed.len()),
            (_, Some(nearest)) => Self::Other(*nearest),
            _ => {
                let gaps: Vec<String> = proposal.gaps().iter().map(ToString::to_string).collect();
                Self::Unknown(format!(
                    "the file could not be looked at: {}",
                    gaps.join("; ")
                ))
            }
        }
    }

    pub(super) fn is_it(&self) -> bool {
        matches!(self, Self::File | Self::Copy(_))
    }
}

impl std::fmt::Display for Same {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File => f.write_str("the very file that was proposed"),
            Self::Copy(distance) => write!(
                f,
                "a copy of what was proposed, {distance} of 256 bits away at most"
            ),
            Self::Part(near, all) => write!(
                f,
                "in part what was proposed: {near} of its {all} frames are there"
            ),
            Self::Other(distance) => write!(
                f,
                "something else than was proposed: {distance} of 256 bits away, and copies are within {}",
                Radius::DEFAULT.bits()
            ),
            Self::Unknown(why) => write!(f, "not known whether it is what was proposed: {why}"),
        }
    }
}
