//! Each limit is reached, is told, and leaves no process behind.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::{Pid, test_kill_process, test_kill_process_group};

use super::*;
use crate::limits::{Exceeded, Resource};

/// A program of ours in the place of ffmpeg.
fn script(folder: &Folder, text: &str) -> Ffmpeg {
    let path = folder.path("program");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    Ffmpeg::at(path).unwrap()
}

const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1\0\0\0\x08free";

fn run(ffmpeg: &Ffmpeg, bytes: &[u8], limits: &Limits) -> VideoFrames {
    loop {
        match ffmpeg.read(bytes, &Sampling::default(), limits) {
            // Another test has started a process while the script was open for writing.
            Err(VideoError::Io { source, .. })
                if source.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
            frames => return frames.unwrap(),
        }
    }
}

/// Neither the process nor its entry in the table, nor one of its group but for those that wait for the system to be buried.
fn is_gone(process: u32) -> bool {
    let id = Pid::from_raw(i32::try_from(process).unwrap()).unwrap();
    let gone = Err(rustix::io::Errno::SRCH);
    let waits = (0..200).map(|_| std::thread::sleep(Duration::from_millis(10)));
    test_kill_process(id) == gone
        && std::iter::once(())
            .chain(waits)
            .any(|()| test_kill_process_group(id) == gone || only_dead(process))
}

/// Whether all of the group, of which there are some, are dead: nobody but the first of all processes can bury them.
fn only_dead(group: u32) -> bool {
    let of_group = |stat: String| {
        let (_, rest) = stat.rsplit_once(')')?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        (words[2] == group.to_string()).then(|| words[0] == "Z")
    };
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = entries.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    let dead: Vec<bool> = stats.filter_map(of_group).collect();
    !dead.is_empty() && dead.into_iter().all(|dead| dead)
}

/// A clip of 64 x 48 with eight frames of the plan.
fn clip(folder: &Folder) -> Vec<u8> {
    let path = folder.path("clip.mp4");
    make("testsrc2=s=64x48:r=20:d=4", "-c:v mpeg4 -g 600", &path);
    fs::read(path).unwrap()
}

fn with(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

/// Frames that came, and the limit, at these limits.
fn limited(ffmpeg: &Ffmpeg, bytes: &[u8], limits: &Limits) -> (usize, Option<Exceeded>) {
    let frames = run(ffmpeg, bytes, limits);
    let process = frames.process();
    let (frames, error) = drain(frames);
    assert!(is_gone(process));
    let exceeded = error.map(|error| match error {
        VideoError::Limit(exceeded) => exceeded,
        other => panic!("{other}"),
    });
    (frames.len(), exceeded)
}

#[test]
fn one_over_a_limit_is_told_and_at_the_limit_is_not() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("limits");
    let bytes = clip(&folder);
    let (pixels, frame) = (64 * 48, 64 * 48 * 3);
    type Change = fn(&mut Limits, u64);
    let cases: [(Resource, u64, usize, Change); 4] = [
        (Resource::VideoFrames, 8, 7, |limits, n| {
            limits.video_frames = n;
        }),
        (Resource::Pixels, pixels, 0, |limits, n| {
            limits.pixels = n;
        }),
        (Resource::MemoryBytes, frame, 0, |limits, n| {
            limits.memory_bytes = n;
        }),
        (Resource::VideoOutputBytes, 8 * frame, 7, |limits, n| {
            limits.video_output_bytes = n;
        }),
    ];
    for (what, enough, before, change) in cases {
        for allowed in [enough, enough + 1] {
            let limits = with(|limits| change(limits, allowed));
            assert_eq!(limited(&ffmpeg, &bytes, &limits), (8, None), "{what}");
        }
        let limits = with(|limits| change(limits, enough - 1));
        let (frames, exceeded) = limited(&ffmpeg, &bytes, &limits);
        let exceeded = exceeded.unwrap();
        assert_eq!(
            (frames, exceeded.what, exceeded.asked),
            (before, what, enough)
        );
    }
}

#[test]
fn a_file_over_the_limit_starts_no_process() {
    let folder = Folder::new("long");
    let path = folder.path("a.mp4");
    fs::write(&path, MP4).unwrap();
    let ffmpeg = Ffmpeg::at("/bin/false").unwrap();
    let limits = with(|limits| limits.video_bytes = MP4.len() as u64 - 1);
    let plan = Sampling::default();
    for opened in [
        ffmpeg.open(&path, &plan, &limits),
        ffmpeg.read(MP4, &plan, &limits),
    ] {
        let Err(VideoError::Limit(exceeded)) = opened else {
            panic!("{opened:?}");
        };
        assert_eq!(
            (exceeded.what, exceeded.asked),
            (Resource::VideoBytes, MP4.len() as u64)
        );
    }
    let limits = with(|limits| limits.video_bytes = MP4.len() as u64);
    assert!(ffmpeg.open(&path, &plan, &limits).is_ok());
}

#[test]
fn a_program_that_hangs_is_ended_with_all_that_it_started() {
    let folder = Folder::new("hangs");
    let ffmpeg = script(&folder, "sleep 60 & sleep 61 & wait");
    let limits = with(|limits| limits.video_time = Duration::from_millis(200));
    let begun = std::time::Instant::now();
    let (frames, exceeded) = limited(&ffmpeg, MP4, &limits);
    assert_eq!(
        (frames, exceeded.unwrap().what),
        (0, Resource::VideoMilliseconds)
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_program_that_closes_its_output_and_hangs_is_ended() {
    let folder = Folder::new("closes");
    let ffmpeg = script(&folder, "exec sleep 60 >&- 2>&-");
    let limits = with(|limits| limits.video_time = Duration::from_millis(200));
    let (frames, exceeded) = limited(&ffmpeg, MP4, &limits);
    assert_eq!(
        (frames, exceeded.unwrap().what),
        (0, Resource::VideoMilliseconds)
    );
}

#[test]
fn a_caller_that_takes_its_time_is_within_the_same_limit() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("slow");
    let limits = with(|limits| limits.video_time = Duration::from_secs(2));
    let mut frames = run(&ffmpeg, &clip(&folder), &limits);
    assert!(matches!(frames.next(), Some(Ok(_))));
    std::thread::sleep(Duration::from_millis(2100));
    let Some(Err(VideoError::Limit(exceeded))) = frames.next() else {
        panic!("not too late");
    };
    assert_eq!(exceeded.what, Resource::VideoMilliseconds);
    assert!(frames.next().is_none());
}

#[test]
#[cfg(target_os = "linux")]
fn a_program_that_spins_runs_out_of_its_time_on_a_core() {
    let folder = Folder::new("spins");
    let ffmpeg = script(&folder, "while :; do :; done");
    let limits = with(|limits| limits.video_cpu_time = Duration::from_secs(1));
    let (frames, exceeded) = limited(&ffmpeg, MP4, &limits);
    assert_eq!(
        (frames, exceeded.unwrap().what),
        (0, Resource::VideoCpuMilliseconds)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_process_that_needs_more_memory_than_it_may_have_is_told_as_such() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("memory");
    let limits = with(|limits| limits.video_memory_bytes = 64 << 20);
    let (frames, exceeded) = limited(&ffmpeg, &clip(&folder), &limits);
    assert_eq!(
        (frames, exceeded.unwrap().what),
        (0, Resource::VideoMemoryBytes)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_process_has_the_limits_of_the_system() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("system");
    let limits = with(|limits| limits.video_memory_bytes = 777 << 20);
    let frames = run(&ffmpeg, &clip(&folder), &limits);
    let told = fs::read_to_string(format!("/proc/{}/limits", frames.process())).unwrap();
    let most = |name: &str| {
        let line = told.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..]
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(most("Max address space"), (777 << 20).to_string());
    assert_eq!(most("Max cpu time"), "1200");
    for nothing in ["Max file size", "Max core file size"] {
        assert_eq!(most(nothing), "0", "{nothing}");
    }
}

#[test]
fn frames_that_are_dropped_end_the_process() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let folder = Folder::new("dropped");
    let bytes = clip(&folder);
    for taken in 0..3 {
        let mut frames = run(&ffmpeg, &bytes, &Limits::default());
        let process = frames.process();
        for _ in 0..taken {
            assert!(frames.next().unwrap().is_ok());
        }
        assert!(!is_gone(process));
        drop(frames);
        assert!(is_gone(process));
    }
}

#[test]
fn pixels_that_nothing_was_said_of_are_not_taken() {
    let folder = Folder::new("unsaid");
    let ffmpeg = script(&folder, "echo pixels");
    let (frames, error) = drain(run(&ffmpeg, MP4, &Limits::default()));
    assert!(frames.is_empty());
    assert!(
        matches!(error, Some(VideoError::NotUnderstood { frames: 0, .. })),
        "{error:?}"
    );
}

#[test]
fn a_program_that_somebody_else_ended_is_told_with_its_signal() {
    let folder = Folder::new("ended");
    let ffmpeg = script(&folder, "kill -9 $$");
    let (_, error) = drain(run(&ffmpeg, MP4, &Limits::default()));
    assert!(
        matches!(error, Some(VideoError::Ended { signal: 9, .. })),
        "{error:?}"
    );
}

#[test]
fn what_a_program_said_last_is_told_without_what_a_terminal_obeys() {
    let folder = Folder::new("said");
    let ffmpeg = script(
        &folder,
        "printf '[error] bad \\033[2J\\007 %0300d\\n' 1 >&2; exit 1",
    );
    let (_, error) = drain(run(&ffmpeg, MP4, &Limits::default()));
    let Some(VideoError::NothingDecoded { said, .. }) = error else {
        panic!("{error:?}");
    };
    assert_eq!(said.len(), 120);
    assert!(said.starts_with("bad  [2J  0000"), "{said}");
}
