//! Pictures to views, from decoded pixels on, one thread: `views/WHAT/OF`.
//!
//! - `hash`: the picture as it is, by [`Hasher`]; all the others do more.
//! - `views`: [`Viewer::views`], the picture and all that may be another one in it.
//! - `windows_to_ask`, `windows_to_keep`: what an upload and an entry have beside.
//!
//! Of drawn pictures, by content and size. With `IJKPUNT_CORPUS` set, of `photos/`, one behind the other: a time is that of a photograph.

use std::error::Error;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use ijkpunt::view::{Kind, Viewer};
use ijkpunt::{Hasher, Limits, Picture};

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("views");
    for (width, height) in [(320, 240), (481, 321), (1024, 768), (1920, 1080)] {
        for (content, picture) in [
            ("scene", scene(width, height)?),
            ("collage", collage(width, height)?),
        ] {
            judge(content, &picture)?;
            every_step(
                &mut group,
                &format!("{content}-{width}x{height}"),
                &[picture],
            );
        }
    }
    #[cfg(feature = "image")]
    if let Some(photos) = photos()? {
        every_step(&mut group, "photos", &photos);
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// Nothing is timed that is not looked into.
fn judge(content: &str, picture: &Picture<'_>) -> Result<(), Box<dyn Error>> {
    let mut viewer = Viewer::new();
    let views = viewer.views(picture, &Limits::default())?;
    assert_eq!(views[0].kind(), Kind::Full);
    assert_eq!(
        views[0].transform().pdq(),
        Hasher::new().hash(picture)?.pdq()
    );
    let is_framed = views.iter().any(|view| view.kind() == Kind::Rectangle);
    assert!(
        content == "scene" || is_framed,
        "no picture was found in it"
    );
    assert!(!viewer.windows_to_ask(picture).is_empty());
    assert!(!viewer.windows_to_keep(picture).is_empty());
    Ok(())
}

fn every_step(group: &mut Group<'_>, of: &str, pictures: &[Picture<'_>]) {
    let (mut hasher, mut viewer) = (Hasher::new(), Viewer::new());
    let limits = Limits::default();
    time(group, "hash", of, pictures, |picture| {
        hasher
            .hash(picture)
            .map_or(0, |it| it.quality().get().into())
    });
    time(group, "views", of, pictures, |picture| {
        viewer
            .views(picture, &limits)
            .map_or(0, |views| views.len())
    });
    time(group, "windows_to_ask", of, pictures, |picture| {
        viewer.windows_to_ask(picture).len()
    });
    time(group, "windows_to_keep", of, pictures, |picture| {
        viewer.windows_to_keep(picture).len()
    });
}

/// One picture after another, in turn.
fn time(
    group: &mut Group<'_>,
    what: &str,
    of: &str,
    pictures: &[Picture<'_>],
    mut step: impl FnMut(&Picture<'_>) -> usize,
) {
    let mut turn = pictures.iter().cycle();
    group.bench_function(format!("{what}/{of}"), |bencher| {
        bencher.iter(|| turn.next().map(|picture| step(black_box(picture))));
    });
}

/// Hills, and stones of all sizes on them.
fn scene(width: u32, height: u32) -> Result<Picture<'static>, Box<dyn Error>> {
    let mut pixels: Vec<u8> = (0..width * height)
        .map(|k| {
            let (x, y) = (k % width, k / width);
            let noise = k.wrapping_mul(2_654_435_761).to_be_bytes()[0] / 32;
            let hill = (x * 300 / width) ^ (y * 200 / height);
            (60 + hill / 4).to_le_bytes()[0] + noise
        })
        .collect();
    for stone in 0..120u32 {
        let [a, b, shade, size] = stone
            .wrapping_mul(2_654_435_761)
            .to_be_bytes()
            .map(u32::from);
        let radius = (4 + size * height / 4000) as usize;
        let (x, y) = ((a * width / 256) as usize, (b * height / 256) as usize);
        for (row, pixels) in pixels.chunks_mut(width as usize).enumerate() {
            let down = row.abs_diff(y);
            if down < radius {
                let half = (radius * radius - down * down).isqrt();
                let end = (x + half).min(pixels.len());
                pixels[x.saturating_sub(half)..end].fill(shade.to_le_bytes()[0]);
            }
        }
    }
    Ok(Picture::grey(width, height, width as usize, pixels)?)
}

/// A scene, and another one in a corner of it.
fn collage(width: u32, height: u32) -> Result<Picture<'static>, Box<dyn Error>> {
    let (ground, inner) = (scene(width, height)?, scene(width / 2, height / 2)?);
    let mut pixels: Vec<u8> = ground.rows().flatten().copied().collect();
    let rows = pixels.chunks_mut(width as usize).skip(height as usize / 5);
    for (row, from) in rows.zip(inner.rows()) {
        let left = width as usize / 6;
        for (pixel, from) in row[left..].iter_mut().zip(from) {
            *pixel = 255 - from;
        }
    }
    Ok(Picture::grey(width, height, width as usize, pixels)?)
}

#[cfg(feature = "image")]
fn photos() -> Result<Option<Vec<Picture<'static>>>, Box<dyn Error>> {
    let Some(corpus) = std::env::var_os("IJKPUNT_CORPUS") else {
        return Ok(None);
    };
    let folder = std::path::Path::new(&corpus).join("photos");
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let limits = Limits::default();
    let mut photos = Vec::new();
    for file in files {
        let bytes = std::fs::read(file)?;
        let mut frames = ijkpunt::media::frames(&bytes, &limits);
        let frame = frames.next().ok_or("no frame")??;
        photos.push(frame.picture().clone());
    }
    Ok(Some(photos))
}
