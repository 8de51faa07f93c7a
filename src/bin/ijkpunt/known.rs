//! What is known, as it is named on the command line: a list, a snapshot, or a folder in which snapshots are installed.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ijkpunt::baseline::List;
use ijkpunt::limits::Limits;
use ijkpunt::screen::Source;
use ijkpunt::snapshot::{Live, Snapshot};

use crate::Failure;

pub(crate) enum Known {
    List(List),
    Snapshot(Arc<Snapshot>),
    Live(Live),
}

impl Known {
    /// A folder is followed; a snapshot is told by how it begins; anything else is read as a list.
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, Failure> {
        if path.is_dir() {
            return Ok(Self::Live(Live::follow_within(path, limits)?)); // its errors name the path
        }
        let opened = Self::open_file(path, limits);
        Ok(opened.map_err(|error| format!("{}: {error}", path.display()))?)
    }

    fn open_file(path: &Path, limits: &Limits) -> Result<Self, Failure> {
        let mut begin = [0; 8];
        let is_whole = File::open(path)?.read_exact(&mut begin).is_ok();
        if is_whole && Snapshot::begins(&begin) {
            return Ok(Self::Snapshot(Arc::new(Snapshot::read_within(
                path, limits,
            )?)));
        }
        Ok(Self::List(List::open_within(path, limits)?))
    }

    /// The hashes as a list, whatever is switched off.
    pub(crate) fn into_list(self) -> Result<List, Failure> {
        Ok(match self {
            Self::List(list) => list,
            Self::Snapshot(snapshot) => snapshot.to_list()?,
            Self::Live(live) => live.current().snapshot().to_list()?,
        })
    }
}

impl From<Known> for Source {
    fn from(known: Known) -> Self {
        match known {
            Known::List(list) => list.into(),
            Known::Snapshot(snapshot) => snapshot.into(),
            Known::Live(live) => live.into(),
        }
    }
}
