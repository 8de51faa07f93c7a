//! The words that ffmpeg is started with: each an argument of its own, no shell.

use super::{Container, Sampling};

/// Nothing of a file or of its name is in them: the input is the standard input, opened again by its place, so that it can be
/// sought in. Of a still, all frames are taken. `name` names the filter whose lines in the log are believed.
pub(super) fn arguments(
    container: Container,
    sampling: Option<&Sampling>,
    threads: u32,
    name: &str,
) -> Vec<String> {
    let threads = threads.to_string();
    // Last, behind the conversion: it tells the size of what is written.
    let picked = sampling.map_or_else(String::new, |sampling| sampling.filter() + ",");
    let filters = format!("{picked}format=rgb24,{name}=checksum=0");
    // Stills are turned by what their boxes say, and not by a note in the stream, but for JPEG XL, where some versions turn it by
    // its header and others make a note of that.
    let autorotate = match container {
        Container::Avif | Container::Heic => "0",
        _ => "1",
    };
    [
        // Of the program.
        &["-nostdin", "-hide_banner", "-nostats"][..],
        &["-loglevel", "level+info", "-filter_threads", "1"],
        // Any error of the decoder is told by the exit code, not only where two thirds fail.
        &["-max_error_rate", "0"],
        // Of the input: one demuxer, files only (the output needs no leave), turned as its metadata says.
        &["-protocol_whitelist", "file", "-threads", &threads],
        &[
            "-autorotate",
            autorotate,
            "-f",
            container.demuxer(),
            "-i",
            INPUT,
        ],
        // The first stream that is a video and not a cover; nothing of the file is copied.
        &[
            "-map",
            "0:V:0",
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
        ],
        // Frames as they are: none doubled or dropped to keep a rate, none scaled to the size of the first.
        &[
            "-vf",
            &filters,
            "-fps_mode",
            "passthrough",
            "-autoscale",
            "0",
        ],
        &["-c:v", "rawvideo", "-f", "rawvideo", "pipe:1"],
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .collect()
}

/// A file with a fixed name, whatever the video is called: neither an option nor another protocol.
const INPUT: &str = "file:/dev/fd/0";

#[cfg(test)]
mod tests {
    use super::*;

    fn of(container: Container) -> Vec<String> {
        arguments(container, Some(&Sampling::default()), 2, "showinfo@7")
    }

    #[test]
    fn the_input_is_a_file_and_its_demuxer_is_forced() {
        let words = of(Container::Matroska);
        let at = words.iter().position(|word| word == "-i").unwrap();
        assert_eq!(
            words[at - 2..=at + 1],
            ["-f", "matroska", "-i", "file:/dev/fd/0"]
        );
        let protocols = words
            .iter()
            .position(|word| word == "-protocol_whitelist")
            .unwrap();
        assert!(protocols < at);
        assert_eq!(words[protocols + 1], "file");
    }

    #[test]
    fn stills_are_not_picked_from_and_not_turned_by_their_stream() {
        let words = arguments(Container::Heic, None, 1, "showinfo@7");
        let behind = |name| &words[words.iter().position(|word| word == name).unwrap() + 1];
        assert_eq!(behind("-autorotate"), "0");
        assert_eq!(behind("-vf"), "format=rgb24,showinfo@7=checksum=0");
    }

    #[test]
    fn the_log_is_told_by_the_last_filter() {
        let words = of(Container::Mp4);
        let at = words.iter().position(|word| word == "-vf").unwrap();
        assert!(
            words[at + 1].ends_with(",format=rgb24,showinfo@7=checksum=0"),
            "{words:?}"
        );
        assert_eq!(words.last().unwrap(), "pipe:1");
    }
}
