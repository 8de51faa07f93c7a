//! `ijkpunt demo`: a small platform to try things on, with what is found, missed and undecided.
//!
//! In: a folder to write to and, if wanted, one of photos. Out: files (a list of hashes, the snapshot that is installed of it, uploads, the truth about them)
//! and a report. The same command writes the same files on every machine, however many cores it has. Nothing comes from
//! the network, and nothing is shown but made-up scenes, or the caller's own photos.
//!
//! The report is honest by construction: the files are read back from the disk and screened through the public door,
//! knowing nothing of how they were made, and only then compared with the truth.
//!
//! `ijkpunt demo --authorities` is another one, of how entries come to be listed: authorities of made-up states agree on them, and what
//! they publish reaches two platforms.

mod album;
#[cfg(all(feature = "authority", feature = "sync"))]
mod authorities;
mod awkward;
mod brush;
mod chunks;
mod dice;
mod edits;
mod effort;
mod encode;
mod error;
mod folder;
mod next;
mod notes;
mod photos;
mod plan;
mod platform;
#[cfg(feature = "review")]
mod reviewing;
mod scene;
mod screening;
mod table;
mod variant;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::Failure;

use album::Album;
use error::DemoError;
use folder::Folder;
use next::Invocation;
use plan::Sizes;

/// What `ijkpunt demo` is told.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Told {
    #[command(flatten)]
    args: Args,

    /// Show instead how authorities of made-up states agree on what is listed, and how it reaches platforms (in a build with `--features cli,authority,sync`)
    #[arg(long, conflicts_with = "photos")]
    authorities: bool,
}

/// What the demo of the platform is told.
#[derive(Debug, Clone, clap::Args)]
struct Args {
    /// Folder to write to; made anew if an earlier demo made it, refused if it holds anything else; with --authorities it is
    /// `ijkpunt-authorities` unless you name one
    #[arg(
        long,
        value_name = "DIR",
        default_value = "ijkpunt-demo",
        default_value_if("authorities", "true", "ijkpunt-authorities")
    )]
    dir: PathBuf,

    /// Make the platform of your own photos (at least 4, any depth of folders) instead of made-up scenes
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
}

/// Makes the platform or the registers, and tells of it.
///
/// # Errors
/// [`Failure`]: the folder is not the demo's, there are too few photos, reading or writing fails, or this build has no
/// registers. What is missed, undecided or refused in a demo is no error.
///
/// # Cost
/// A few seconds on two cores and 70 MB of disk for scenes; every photo is decoded twice. The authorities take a few seconds and 2 MB.
pub(crate) fn run(told: &Told, out: &mut impl Write) -> Result<(), Failure> {
    if told.authorities {
        return authorities(&told.args.dir, out);
    }
    let invocation = Invocation::current();
    run_sized(&told.args, Sizes::FULL, &invocation, out)?;
    #[cfg(feature = "review")]
    reviewing::run(&Folder::admit(&told.args.dir)?, &invocation, out)?;
    Ok(())
}

#[cfg(all(feature = "authority", feature = "sync"))]
fn authorities(dir: &Path, out: &mut impl Write) -> Result<(), Failure> {
    authorities::run(dir, out)
}

#[cfg(not(all(feature = "authority", feature = "sync")))]
fn authorities(_: &Path, _: &mut impl Write) -> Result<(), Failure> {
    Err("this build has no registers, or no client: build it with `--features cli,authority,sync` to see authorities agree".into())
}

/// Writes the platform, screens it, reports.
fn run_sized(
    args: &Args,
    most: Sizes,
    invocation: &Invocation,
    out: &mut impl Write,
) -> Result<(), DemoError> {
    let started = Instant::now();
    let folder = Folder::admit(&args.dir)?;
    let album = album(args.photos.as_deref(), &folder, &most)?;
    let sizes = album.sizes(most);
    folder.clear()?;
    let written = platform::write(&folder, &album, &sizes)?;
    let seconds = started.elapsed().as_secs_f64();
    let results = screening::screen(&folder, &written)?;

    let dir = folder.dir.display();
    writeln!(
        out,
        "A small platform{}, made in {seconds:.1} s in `{dir}`:\n",
        whose(&album)
    )
    .and_then(|()| contents(out, &album, &sizes, most, written.len()))
    .and_then(|()| table::print(out, &results))
    .and_then(|()| next::print(out, invocation, &folder, &written))
    .map_err(DemoError::Out)
}

fn album(photos: Option<&Path>, folder: &Folder, most: &Sizes) -> Result<Album, DemoError> {
    let Some(photos) = photos else {
        return Ok(Album::Scenes);
    };
    folder.keep_out(photos)?;
    Album::of_photos(photos, most)
}

fn whose(album: &Album) -> String {
    match album {
        Album::Scenes => " of made-up pictures".into(),
        Album::Photos(own) => format!(" of the photos in `{}`", own.dir.display()),
    }
}

fn contents(
    out: &mut impl Write,
    album: &Album,
    sizes: &Sizes,
    most: Sizes,
    uploads: usize,
) -> std::io::Result<()> {
    let items = sizes.items;
    writeln!(
        out,
        "  list.csv   {items} listed items: of each a name, a hash (256 bits for what it looks like), and\n\
             \x20            hashes of up to 26 parts of it"
    )?;
    writeln!(
        out,
        "  installed/ the same as a snapshot, one file with its index, which is what is screened against"
    )?;
    writeln!(
        out,
        "  uploads/   {uploads} files, as users might send them"
    )?;
    writeln!(
        out,
        "  truth.csv  what each of them really is; screening does not look at it\n"
    )?;
    let Album::Photos(own) = album else {
        return Ok(());
    };
    if *sizes != most {
        let (all_items, all_uploads) = (most.items, plan::uploads(&most).len());
        writeln!(
            out,
            "Fewer photos, fewer files: with made-up pictures it is {all_items} items and {all_uploads} uploads."
        )?;
    }
    if own.passed_over > 0 {
        let passed_over = own.passed_over;
        writeln!(
            out,
            "Passed over: {passed_over} (not decodable, flat, tiny, or like another photo)."
        )?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests;
