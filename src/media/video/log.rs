//! The log of ffmpeg, read by a thread of its own in bounded memory, so that it never stands full.

use std::io::Read;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::showinfo::{self, Line};

/// Lines of the filter come one by one; the rest is read away but for the last complaint.
pub(super) struct Log {
    lines: Receiver<Line>,
    thread: Option<JoinHandle<Complaint>>,
}

/// What else of the log is told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The last error, cut to 120 printable characters.
    pub(super) said: String,
    /// Whether ffmpeg found no stream to look at. This, and the next, only choose the name of a failure.
    pub(super) no_stream: bool,
    /// Whether ffmpeg, or the loader of its libraries, found no memory.
    pub(super) no_memory: bool,
    /// How many streams of the file are videos and no covers.
    pub(super) streams: u32,
    /// Whether what it says of the file is over, and that of what it writes begins.
    is_told: bool,
}

/// What came of waiting for a line.
pub(super) enum Heard {
    Line(Line),
    End,
    TooLate,
}

impl Log {
    pub(super) fn follow(
        stderr: impl Read + Send + 'static,
        name: String,
    ) -> std::io::Result<Self> {
        let (sender, lines) = sync_channel(LINES_AHEAD);
        let thread = std::thread::Builder::new()
            .name("ffmpeg's log".to_owned())
            .spawn(move || read(stderr, &name, &sender))?;
        Ok(Self {
            lines,
            thread: Some(thread),
        })
    }

    pub(super) fn next(&self, deadline: Instant) -> Heard {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.lines.recv_timeout(left) {
            Ok(line) => Heard::Line(line),
            Err(RecvTimeoutError::Disconnected) => Heard::End,
            Err(RecvTimeoutError::Timeout) => Heard::TooLate,
        }
    }

    /// Once all who could write to it have ended.
    pub(super) fn close(&mut self) -> Complaint {
        // Nobody takes lines any more: a thread that waits to hand one over must not wait for ever.
        let heard = loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(why) => break why,
            }
        };
        // A program that left the group and kept the log open is not waited for.
        let ended = heard == RecvTimeoutError::Disconnected;
        let thread = self.thread.take().filter(|_| ended);
        thread
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default()
    }
}

fn read(mut stderr: impl Read, name: &str, lines: &SyncSender<Line>) -> Complaint {
    let (mut complaint, mut line, mut buffer) = (Complaint::default(), Vec::new(), vec![0; 8192]);
    while let Ok(got @ 1..) = stderr.read(&mut buffer) {
        for &byte in buffer.get(..got).unwrap_or_default() {
            if byte == b'\n' {
                take(&line, name, lines, &mut complaint);
                line.clear();
            } else if line.len() < LINE_BYTES {
                line.push(byte);
            }
        }
    }
    take(&line, name, lines, &mut complaint);
    complaint
}

fn take(line: &[u8], name: &str, lines: &SyncSender<Line>, complaint: &mut Complaint) {
    match showinfo::read(line, name) {
        Line::Other => complaint.hear(line),
        // Nobody listens any more where the frames were dropped; the log is read to its end nevertheless.
        line => drop(lines.send(line)),
    }
}

impl Complaint {
    fn hear(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        self.is_told |= line.starts_with("[info] Stream mapping:");
        let is_stream = line.starts_with("[info]   Stream #0:") && line.contains(": Video: ");
        let is_cover = line.ends_with(" (attached pic)") || line.ends_with(" (timed thumbnails)");
        if is_stream && !is_cover && !self.is_told {
            self.streams = self.streams.saturating_add(1);
        }
        self.no_stream |=
            line.starts_with("[fatal] Stream map '") && line.ends_with(" matches no streams.");
        self.no_memory |= NO_MEMORY.iter().any(|words| line.contains(words));
        let behind = |level| line.split_once(level).map(|(_, rest)| rest);
        if let Some(text) = behind("[error] ").or_else(|| behind("[fatal] ")) {
            self.said = printable(text);
        }
    }
}

/// Text of a file may stand in it, and must not reach a terminal or fill a log.
fn printable(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_graphic() { c } else { ' ' };
    text.trim().chars().map(safe).take(120).collect()
}

/// How ffmpeg and the loader of its libraries say that they got no memory. More ways may exist: then it is nothing decoded, or
/// damage.
const NO_MEMORY: [&str; 5] = [
    "Cannot allocate memory",
    "Failed to allocate",
    "failed to map segment",
    "get_encode_buffer() failed",
    "get_buffer() failed",
];

/// ffmpeg says a line before it writes the frame, and is few frames ahead; with more lines than this it waits.
const LINES_AHEAD: usize = 256;
/// A line is cut here. Those of the filter have 200.
const LINE_BYTES: usize = 2048;
/// How long the last lines may take once the writer has ended.
const PATIENCE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str =
        "[showinfo@1 @ 0xab] [info] n:   0 pts:      5 pts_time:0 fmt:rgb24 s:4x2 iskey:1\n";

    fn follow(text: &str) -> (Vec<Line>, Complaint) {
        let bytes = std::io::Cursor::new(text.as_bytes().to_vec());
        let mut log = Log::follow(bytes, "showinfo@1".to_owned()).unwrap();
        let mut lines = Vec::new();
        while let Heard::Line(line) = log.next(Instant::now() + Duration::from_secs(5)) {
            lines.push(line);
        }
        (lines, log.close())
    }

    #[test]
    fn frames_come_in_order_and_the_last_complaint_is_told() {
        let text = format!(
            "[info] Input #0\n{FRAME}[h264 @ 0x1] [error] first\n{FRAME}[error] last \x1b[31mred\x07\n[info] bye"
        );
        let (lines, complaint) = follow(&text);
        assert!(matches!(lines[..], [Line::Frame(_), Line::Frame(_)]));
        assert_eq!(complaint.said, "last  [31mred ");
        assert!(!complaint.no_stream && !complaint.no_memory);
    }

    #[test]
    fn a_line_without_end_takes_no_more_memory_and_hides_no_other() {
        let long = "x".repeat(1 << 20);
        let (lines, complaint) = follow(&format!("[error] {long}\n{FRAME}{long}"));
        assert_eq!((lines.len(), complaint.said.len()), (1, 120));
    }

    #[test]
    fn more_lines_than_anybody_takes_do_not_keep_the_thread() {
        let bytes = std::io::Cursor::new(FRAME.repeat(5000).into_bytes());
        let mut log = Log::follow(bytes, "showinfo@1".to_owned()).unwrap();
        assert_eq!(log.close(), Complaint::default());
    }

    #[test]
    fn streams_of_the_file_are_counted_but_for_covers() {
        let text = "[info]   Stream #0:0[0x1](und): Video: h264 (High), 160x120 (default)\n\
                    [info]     title           : Stream #0:7: Video: none\n\
                    [info]   Stream #0:1: Audio: aac\n[info]   Stream #0:2[0x3]: Video: vp9, 10 fps\n\
                    [info]   Stream #0:3: Video: png, 90k tbn (attached pic)\n\
                    [info] Stream mapping:\n[info]   Stream #0:0 -> #0:0\n[info]   Stream #0:0: Video: rawvideo\n";
        assert_eq!(follow(text).1.streams, 2);
    }

    #[test]
    fn a_missing_stream_and_missing_memory_are_named() {
        let (_, complaint) = follow("[fatal] Stream map '0:V:0' matches no streams.\n");
        assert!(complaint.no_stream);
        for words in NO_MEMORY {
            let (_, complaint) = follow(&format!("[error] pipe:1: {words}\n"));
            assert!(complaint.no_memory && !complaint.no_stream);
        }
    }
}
