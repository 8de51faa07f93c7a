//! One budget for everything that comes from outside.
//!
//! In: what an untrusted file claims or costs. Out: leave to go on, or [`Exceeded`] with the number that was asked
//! for and the number that is allowed. Every door that takes untrusted bytes is handed the same [`Limits`] and asks
//! *before* it allocates. This room knows no formats, and costs nothing.

use std::time::Duration;

/// The budget for untrusted input. Change single fields of [`Limits::default`]:
///
/// ```
/// use ijkpunt::limits::Limits;
///
/// let mut limits = Limits::default();
/// limits.pixels = 20_000_000; // avatars: nothing larger is worth decoding
/// ```
///
/// A raised limit can turn "undecided" into a verdict; no limit ever changes a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one upload. Default 128 MiB.
    pub bytes: u64,
    /// Pixels of one picture or frame, width times height. Default 64 Mi (8192 x 8192).
    pub pixels: u64,
    /// Bytes of memory that decoding one upload and looking at its views may take, beside the upload itself. Default 256 MiB.
    ///
    /// A picture costs 3 bytes a pixel, 6 where EXIF asks for a quarter turn, about 6 in a progressive JPEG, 7 with
    /// alpha (of which 3 for the same on white), 15 in an animation, 44 in an animated PNG. So the default admits a
    /// 64-megapixel baseline JPEG, a GIF of 17 megapixels, and an animated PNG of 5. Views take up to 9 MiB beside the picture
    /// that they are of; where there is no room for them, the picture is looked at as a whole, and that is a gap.
    pub memory_bytes: u64,
    /// Distinct frames of one animation, or pages of one TIFF, distinct or not. A frame on black and on white is one.
    /// Default 512.
    pub frames: u64,
    /// Pixels times frames of one animation, equal frames too, each of which counts as 256 pixels more. Default 256 Mi,
    /// about a second: 280 frames of 1280 x 720.
    pub frame_pixels: u64,
    /// Scans of one JPEG (a progressive one usually has about 10). Default 100.
    pub scans: u64,
    /// Pixels times scans of one progressive JPEG: the work that a decoder does without a pause in which it could
    /// be stopped. Default 640 Mi, about a second.
    pub scan_pixels: u64,
    /// Views of one picture, the picture itself among them; the likeliest come first. Default 120. Who lowers it chooses to look
    /// less: what is cut is no gap. Windows, where a list has some, come beside them, 45 at most; below 2 there are none.
    pub views: u64,
    /// Pixels in which views are looked for, of all frames of one upload together: at most 256 Ki a frame, and each counts as 64 Ki
    /// more. Default 24 Mi, half a second: 75 frames of 512 x 512 or more, 175 of 320 x 240. Frames beyond are looked at as a
    /// whole, and that is a gap. Frames of which views need not be asked cost nothing.
    pub view_pixels: u64,
    /// How deep folders may nest below one that the tool was told to screen. Default 32.
    pub depth: u64,
    /// Time for one upload, looked at between frames (a frame cannot be interrupted). Default 5 s.
    pub time: Duration,
    /// Bytes of one video. Default 4 GiB.
    pub video_bytes: u64,
    /// Time for one video, from the start of the process that decodes it, with what is done between frames. Default 20 minutes.
    pub video_time: Duration,
    /// Time on a core that the process may take, in whole seconds. Default 20 minutes: some hours of full HD. On Linux only.
    pub video_cpu_time: Duration,
    /// Bytes of addresses that the process may take, libraries among them (up to 300 MiB). Default 1 GiB. On Linux only.
    pub video_memory_bytes: u64,
    /// Frames of one video that are looked at. Default 32 Ki: 9 hours at the plan's rate, with as many key frames again.
    pub video_frames: u64,
    /// Bytes of all frames of one video together, 3 a pixel. Default 256 GiB: 41,000 frames of full HD.
    pub video_output_bytes: u64,
    /// Bytes of one list. Default 1 GiB.
    pub list_bytes: u64,
    /// Rows of one list. Default 16 Mi.
    pub list_rows: u64,
    /// Bytes of one line of a list. Default 64 KiB.
    pub line_bytes: u64,
    /// Bytes of one snapshot. Default 16 GiB: a hundred million hashes.
    pub snapshot_bytes: u64,
    /// Bytes of one signed envelope, or of a signed checkpoint. Default 1 MiB.
    pub envelope_bytes: u64,
    /// Signatures of one envelope, checkpoint or file of metadata, each of which may have to be verified. Default 64.
    pub signatures: u64,
    /// Bytes of the body of one record of a ledger, of a text that it refers to, or of a value that is kept beside. Default 1 MiB.
    pub record_bytes: u64,
    /// Bytes of the proof of an entry's state. Default 64 MiB.
    pub proof_bytes: u64,
    /// Bytes of one list of states' suspensions. Default 256 MiB.
    pub suspension_list_bytes: u64,
    /// Lines of one list of states' suspensions, junk among them. Default 512 Ki.
    pub suspension_list_lines: u64,
    /// Statements that are kept of one log in a list of states' suspensions. Default 16 Ki, up to 3.5 KB each.
    pub suspension_list_statements: u64,
    /// Bytes of one list of proofs that logs hold what they held. Default 32 MiB.
    pub consistency_list_bytes: u64,
    /// Lines of such a list, junk among them, each of which is verified. Default 32 Ki: three years of daily publications of 27 logs.
    pub consistency_list_lines: u64,
    /// Bytes of `root.json` of a TUF repository. Default 512 KiB; each key takes some 300.
    pub root_metadata_bytes: u64,
    /// Bytes of `targets.json`. Default 4 MiB.
    pub targets_metadata_bytes: u64,
    /// Bytes of `snapshot.json`. Default 64 KiB.
    pub snapshot_metadata_bytes: u64,
    /// Bytes of `timestamp.json`, which a client fetches without knowing how long it is. Default 64 KiB.
    pub timestamp_metadata_bytes: u64,
    /// Keys in `root.json`, each of which is checked at the price of a verification. Default 256.
    pub metadata_keys: u64,
    /// Files that `targets.json` lists. Default 4096.
    pub targets: u64,
    /// Bytes of a request to sign metadata, which holds it together with its description. Default 16 MiB.
    pub request_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 128 * MEBI,
            pixels: 64 * MEBI,
            memory_bytes: 256 * MEBI,
            frames: 512,
            frame_pixels: 256 * MEBI,
            scans: 100,
            scan_pixels: 640 * MEBI,
            views: 120,
            view_pixels: 24 * MEBI,
            depth: 32,
            time: Duration::from_secs(5),
            video_bytes: 4 * 1024 * MEBI,
            video_time: Duration::from_secs(20 * 60),
            video_cpu_time: Duration::from_secs(20 * 60),
            video_memory_bytes: 1024 * MEBI,
            video_frames: 32 * 1024,
            video_output_bytes: 256 * 1024 * MEBI,
            list_bytes: 1024 * MEBI,
            list_rows: 16 * MEBI,
            line_bytes: 64 * 1024,
            snapshot_bytes: 16 * 1024 * MEBI,
            envelope_bytes: MEBI,
            signatures: 64,
            record_bytes: MEBI,
            proof_bytes: 64 * MEBI,
            suspension_list_bytes: 256 * MEBI,
            suspension_list_lines: 512 * 1024,
            suspension_list_statements: 16 * 1024,
            consistency_list_bytes: 32 * MEBI,
            consistency_list_lines: 32 * 1024,
            root_metadata_bytes: 512 * 1024,
            targets_metadata_bytes: 4 * MEBI,
            snapshot_metadata_bytes: 64 * 1024,
            timestamp_metadata_bytes: 64 * 1024,
            metadata_keys: 256,
            targets: 4096,
            request_bytes: 16 * MEBI,
        }
    }
}

impl Limits {
    /// Asks for leave to use `asked` of `what`.
    ///
    /// # Errors
    /// [`Exceeded`] where `asked` is above the limit; at the limit is allowed.
    pub fn check(&self, what: Resource, asked: u64) -> Result<(), Exceeded> {
        let allowed = self.allowed(what);
        if asked <= allowed {
            Ok(())
        } else {
            Err(Exceeded {
                what,
                asked,
                allowed,
            })
        }
    }

    fn allowed(&self, what: Resource) -> u64 {
        match what {
            Resource::Bytes => self.bytes,
            Resource::Pixels => self.pixels,
            Resource::MemoryBytes => self.memory_bytes,
            Resource::Frames => self.frames,
            Resource::FramePixels => self.frame_pixels,
            Resource::Scans => self.scans,
            Resource::ScanPixels => self.scan_pixels,
            Resource::Views => self.views,
            Resource::ViewPixels => self.view_pixels,
            Resource::Depth => self.depth,
            Resource::Milliseconds => milliseconds(self.time),
            Resource::VideoBytes => self.video_bytes,
            Resource::VideoMilliseconds => milliseconds(self.video_time),
            Resource::VideoCpuMilliseconds => milliseconds(self.video_cpu_time),
            Resource::VideoMemoryBytes => self.video_memory_bytes,
            Resource::VideoFrames => self.video_frames,
            Resource::VideoOutputBytes => self.video_output_bytes,
            Resource::ListBytes => self.list_bytes,
            Resource::ListRows => self.list_rows,
            Resource::LineBytes => self.line_bytes,
            Resource::SnapshotBytes => self.snapshot_bytes,
            Resource::EnvelopeBytes => self.envelope_bytes,
            Resource::Signatures => self.signatures,
            Resource::RecordBytes => self.record_bytes,
            Resource::ProofBytes => self.proof_bytes,
            Resource::SuspensionListBytes => self.suspension_list_bytes,
            Resource::SuspensionListLines => self.suspension_list_lines,
            Resource::SuspensionListStatements => self.suspension_list_statements,
            Resource::ConsistencyListBytes => self.consistency_list_bytes,
            Resource::ConsistencyListLines => self.consistency_list_lines,
            Resource::RootMetadataBytes => self.root_metadata_bytes,
            Resource::TargetsMetadataBytes => self.targets_metadata_bytes,
            Resource::SnapshotMetadataBytes => self.snapshot_metadata_bytes,
            Resource::TimestampMetadataBytes => self.timestamp_metadata_bytes,
            Resource::MetadataKeys => self.metadata_keys,
            Resource::Targets => self.targets,
            Resource::RequestBytes => self.request_bytes,
        }
    }
}

/// What a limit counts; the fields of [`Limits`] in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// Bytes of one upload.
    Bytes,
    /// Pixels of one picture.
    Pixels,
    /// Bytes of memory for one upload.
    MemoryBytes,
    /// Distinct frames of one animation.
    Frames,
    /// Pixels times frames of one animation.
    FramePixels,
    /// Scans of one JPEG.
    Scans,
    /// Pixels times scans of one progressive JPEG.
    ScanPixels,
    /// Views of one picture.
    Views,
    /// Pixels in which views are looked for.
    ViewPixels,
    /// Nesting of folders.
    Depth,
    /// Milliseconds for one upload.
    Milliseconds,
    /// Bytes of one video.
    VideoBytes,
    /// Milliseconds for one video.
    VideoMilliseconds,
    /// Milliseconds on a core for one video.
    VideoCpuMilliseconds,
    /// Bytes of memory of the process that decodes a video.
    VideoMemoryBytes,
    /// Frames of one video.
    VideoFrames,
    /// Bytes of all frames of one video.
    VideoOutputBytes,
    /// Bytes of one list.
    ListBytes,
    /// Rows of one list.
    ListRows,
    /// Bytes of one line of a list.
    LineBytes,
    /// Bytes of one snapshot.
    SnapshotBytes,
    /// Bytes of one signed envelope.
    EnvelopeBytes,
    /// Signatures of one envelope.
    Signatures,
    /// Bytes of one record of a ledger.
    RecordBytes,
    /// Bytes of the proof of an entry's state.
    ProofBytes,
    /// Bytes of one list of states' suspensions.
    SuspensionListBytes,
    /// Lines of one list of states' suspensions.
    SuspensionListLines,
    /// Statements of one log in a list of states' suspensions.
    SuspensionListStatements,
    /// Bytes of one list of consistency proofs.
    ConsistencyListBytes,
    /// Lines of one list of consistency proofs.
    ConsistencyListLines,
    /// Bytes of `root.json`.
    RootMetadataBytes,
    /// Bytes of `targets.json`.
    TargetsMetadataBytes,
    /// Bytes of `snapshot.json`.
    SnapshotMetadataBytes,
    /// Bytes of `timestamp.json`.
    TimestampMetadataBytes,
    /// Keys in `root.json`.
    MetadataKeys,
    /// Files that `targets.json` lists.
    Targets,
    /// Bytes of a request to sign metadata.
    RequestBytes,
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Pixels => "pixels",
            Self::MemoryBytes => "bytes of memory",
            Self::Frames => "distinct frames",
            Self::FramePixels => "pixels times frames",
            Self::Scans => "scans",
            Self::ScanPixels => "pixels times scans",
            Self::Views => "views",
            Self::ViewPixels => "pixels to look for views in",
            Self::Depth => "nested folders",
            Self::Milliseconds => "milliseconds",
            Self::VideoBytes => "bytes of video",
            Self::VideoMilliseconds => "milliseconds for a video",
            Self::VideoCpuMilliseconds => "milliseconds on a core for a video",
            Self::VideoMemoryBytes => "bytes of memory for decoding a video",
            Self::VideoFrames => "frames of a video",
            Self::VideoOutputBytes => "bytes of all frames of a video",
            Self::ListBytes => "bytes of list",
            Self::ListRows => "rows of list",
            Self::LineBytes => "bytes in one line",
            Self::SnapshotBytes => "bytes of snapshot",
            Self::EnvelopeBytes => "bytes of envelope",
            Self::Signatures => "signatures",
            Self::RecordBytes => "bytes of record",
            Self::ProofBytes => "bytes of proof",
            Self::SuspensionListBytes => "bytes of a list of suspensions",
            Self::SuspensionListLines => "lines of a list of suspensions",
            Self::SuspensionListStatements => "statements of one log in a list of suspensions",
            Self::ConsistencyListBytes => "bytes of a list of consistency proofs",
            Self::ConsistencyListLines => "lines of a list of consistency proofs",
            Self::RootMetadataBytes => "bytes of root metadata",
            Self::TargetsMetadataBytes => "bytes of targets metadata",
            Self::SnapshotMetadataBytes => "bytes of snapshot metadata",
            Self::TimestampMetadataBytes => "bytes of timestamp metadata",
            Self::MetadataKeys => "keys of metadata",
            Self::Targets => "targets",
            Self::RequestBytes => "bytes of request",
        })
    }
}

/// A limit was reached: what, how much was asked for, how much is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("limit: {asked} {what}, at most {allowed} allowed")]
#[non_exhaustive]
pub struct Exceeded {
    /// The resource.
    pub what: Resource,
    /// How much the input asked for; for streams that were cut, the least it must have been.
    pub asked: u64,
    /// How much [`Limits`] allows.
    pub allowed: u64,
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

const MEBI: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Resource; 37] = [
        Resource::Bytes,
        Resource::Pixels,
        Resource::MemoryBytes,
        Resource::Frames,
        Resource::FramePixels,
        Resource::Scans,
        Resource::ScanPixels,
        Resource::Views,
        Resource::ViewPixels,
        Resource::Depth,
        Resource::Milliseconds,
        Resource::VideoBytes,
        Resource::VideoMilliseconds,
        Resource::VideoCpuMilliseconds,
        Resource::VideoMemoryBytes,
        Resource::VideoFrames,
        Resource::VideoOutputBytes,
        Resource::ListBytes,
        Resource::ListRows,
        Resource::LineBytes,
        Resource::SnapshotBytes,
        Resource::EnvelopeBytes,
        Resource::Signatures,
        Resource::RecordBytes,
        Resource::ProofBytes,
        Resource::SuspensionListBytes,
        Resource::SuspensionListLines,
        Resource::SuspensionListStatements,
        Resource::ConsistencyListBytes,
        Resource::ConsistencyListLines,
        Resource::RootMetadataBytes,
        Resource::TargetsMetadataBytes,
        Resource::SnapshotMetadataBytes,
        Resource::TimestampMetadataBytes,
        Resource::MetadataKeys,
        Resource::Targets,
        Resource::RequestBytes,
    ];

    #[test]
    fn one_under_and_at_the_limit_pass_and_one_over_does_not() {
        let limits = Limits::default();
        for what in ALL {
            let allowed = limits.allowed(what);
            assert_eq!(limits.check(what, allowed - 1), Ok(()));
            assert_eq!(limits.check(what, allowed), Ok(()));
            let refused = limits.check(what, allowed + 1).unwrap_err();
            assert_eq!((refused.asked, refused.allowed), (allowed + 1, allowed));
        }
    }

    #[test]
    fn a_refusal_says_what_was_asked_and_what_is_allowed() {
        let refused = Limits::default().check(Resource::Frames, 600).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "limit: 600 distinct frames, at most 512 allowed"
        );
    }
}
