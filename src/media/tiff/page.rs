//! One page: what its directory says is checked first, then the decoder is let at it.

use image::metadata::Orientation;
use tiff::TiffError;
use tiff::decoder::{Decoder, Limits as DecoderLimits};

use crate::limits::{Limits, Resource};

use super::super::colour::{Alpha, Depth, Ink, Layout};
use super::super::patched::Patched;
use super::super::still::{Canvas, pixels as area};
use super::super::{MediaError, jpeg};
use super::ifd::{Directories, Directory};
use super::{FORMAT, pixels, too_much, unsupported};

/// What a page's directory says of its pixels.
struct Page {
    width: u32,
    height: u32,
    bits: usize,
    samples: u64,
    colours: Colours,
    alpha: Alpha,
    compression: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Colours {
    Grey,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
}

pub(super) fn decode(
    bytes: &[u8],
    file: &Directories<'_>,
    at: u64,
    directory: &Directory<'_>,
    limits: &Limits,
) -> Result<Canvas, MediaError> {
    let page = Page::read(directory)?;
    let beside = admit_parts(bytes, &page, directory, limits)?;
    let held = page.admit(beside, limits)?;
    let samples = read(bytes, file, at, directory, &page, held, limits)?;
    let (pixels, layout) = page.converted(samples, directory);
    let orientation = directory.number(tag::ORIENTATION);
    let orientation = orientation.and_then(|value| u8::try_from(value).ok());
    Ok(Canvas {
        width: page.width,
        height: page.height,
        pixels,
        layout,
        orientation: orientation
            .and_then(Orientation::from_exif)
            .unwrap_or(Orientation::NoTransforms),
    })
}

impl Page {
    fn read(directory: &Directory<'_>) -> Result<Self, MediaError> {
        let side = |tag| {
            let side = directory.number(tag).and_then(|n| u32::try_from(n).ok());
            let missing = || MediaError::malformed(FORMAT, &"a page without a width or height");
            side.filter(|&side| side > 0).ok_or_else(missing)
        };
        let or = |tag, default| directory.number(tag).unwrap_or(default);
        let page = Self {
            width: side(tag::WIDTH)?,
            height: side(tag::HEIGHT)?,
            bits: bits(directory)?,
            samples: or(tag::SAMPLES, 1),
            colours: colours(directory)?,
            alpha: Alpha::None,
            compression: compression(or(tag::COMPRESSION, 1))?,
        };
        let alpha = page.alpha(directory)?;
        let page = Self { alpha, ..page };
        page.check(directory)?;
        Ok(page)
    }

    /// What the samples behind the colours are. A fourth one beside RGB that nobody names is passed over.
    fn alpha(&self, directory: &Directory<'_>) -> Result<Alpha, MediaError> {
        let extra = self.samples.checked_sub(self.colours.samples());
        match (extra, directory.number(tag::EXTRA_SAMPLES)) {
            (Some(0), _) => Ok(Alpha::None),
            (Some(1), Some(1)) => Ok(Alpha::Associated),
            (Some(1), Some(2)) => Ok(Alpha::Straight),
            (Some(1), None) if self.colours == Colours::Rgb => Ok(Alpha::Ignored),
            _ => Err(unsupported("samples that are neither colour nor alpha")),
        }
    }

    /// What the decoder does not do, or would do wrongly without a word.
    fn check(&self, directory: &Directory<'_>) -> Result<(), MediaError> {
        let or = |tag, default| directory.number(tag).unwrap_or(default);
        let small = self.bits < 8;
        let of_one = matches!(self.colours, Colours::Grey | Colours::Palette);
        let is_jpeg = self.compression == JPEG;
        let refusals = [
            (
                or(tag::SAMPLE_FORMAT, 1) != 1,
                "samples that are not whole numbers",
            ),
            (
                or(tag::PLANES, 1) != 1 && self.samples > 1,
                "colours in separate planes",
            ),
            (or(tag::FILL_ORDER, 1) != 1, "bits in reverse order"),
            (
                small && (!of_one || self.samples != 1),
                "colours of fewer than 8 bits",
            ),
            (
                small && or(tag::PREDICTOR, 1) != 1,
                "a predictor of fewer than 8 bits",
            ),
            (or(tag::PREDICTOR, 1) > 2, "a predictor of floating point"),
            (
                self.colours == Colours::Palette && self.bits > 8,
                "a palette of 16 bits",
            ),
            (
                self.colours == Colours::Cmyk && or(tag::INKS, 1) != 1,
                "inks other than CMYK",
            ),
            (self.colours == Colours::Cmyk && is_jpeg, "CMYK in JPEG"),
            (
                self.colours == Colours::YCbCr && !is_jpeg,
                "YCbCr outside JPEG",
            ),
            (is_jpeg && self.bits != 8, "JPEG of other than 8 bits"),
            (
                self.compression == FAX_4 && self.bits != 1,
                "fax of more than one bit",
            ),
            (
                self.alpha != Alpha::None && or(tag::COLOURS, 0) == 0,
                "alpha where white is 0",
            ),
        ];
        let refused = refusals.into_iter().find(|(refused, _)| *refused);
        refused.map_or(Ok(()), |(_, feature)| Err(unsupported(feature)))
    }

    /// Bytes of the samples as decoded, once the limits have seen all that the page will take.
    fn admit(&self, beside: u64, limits: &Limits) -> Result<u64, MediaError> {
        let pixels = area(self.width, self.height, limits)?;
        let row = (u64::from(self.width) * self.samples * self.bits as u64).div_ceil(8);
        let held = row.saturating_mul(self.height.into());
        let converted = match self.colours {
            Colours::Palette => pixels * 3,
            Colours::Grey if self.bits < 8 => pixels,
            _ => 0,
        };
        // Rows being unpacked, and the table of parts.
        let total = held.saturating_add(converted).saturating_add(beside);
        limits.check(Resource::MemoryBytes, total.saturating_add(row * 4))?;
        Ok(held)
    }

    fn converted(&self, mut samples: Vec<u8>, directory: &Directory<'_>) -> (Vec<u8>, Layout) {
        let (width, bits) = (self.width as usize, self.bits);
        let area = width * self.height as usize;
        let depth = match bits {
            16 => Depth::SixteenNative,
            _ => Depth::Eight,
        };
        let layout = |ink| Layout {
            ink,
            alpha: self.alpha,
            depth,
        };
        match self.colours {
            Colours::Grey if bits < 8 => {
                (pixels::grey(&samples, width, bits, area), layout(Ink::Grey))
            }
            Colours::Grey => (samples, layout(Ink::Grey)),
            Colours::Rgb => (samples, layout(Ink::Rgb)),
            Colours::Palette => {
                let map = directory.numbers(tag::COLOUR_MAP).take(3 << bits);
                let map: Vec<u16> = map.filter_map(|v| u16::try_from(v).ok()).collect();
                let indices = pixels::unpacked(&samples, width, bits);
                (pixels::coloured(indices, &map, area), layout(Ink::Rgb))
            }
            Colours::Cmyk => (samples, layout(Ink::Cmyk { inverted: false })),
            Colours::YCbCr => {
                pixels::ycbcr_to_rgb(&mut samples);
                (samples, layout(Ink::Rgb))
            }
        }
    }
}

impl Colours {
    fn samples(self) -> u64 {
        match self {
            Self::Grey | Self::Palette => 1,
            Self::Rgb | Self::YCbCr => 3,
            Self::Cmyk => 4,
        }
    }
}

fn colours(directory: &Directory<'_>) -> Result<Colours, MediaError> {
    match directory.number(tag::COLOURS) {
        Some(0 | 1) => Ok(Colours::Grey),
        Some(2) => Ok(Colours::Rgb),
        Some(3) => Ok(Colours::Palette),
        Some(4) => Err(unsupported("a mask")),
        Some(5) => Ok(Colours::Cmyk),
        Some(6) => Ok(Colours::YCbCr),
        Some(8..=10) => Err(unsupported("Lab colours")),
        Some(32803 | 34892) => Err(unsupported("a sensor's raw picture")),
        _ => Err(unsupported("colours of another kind")),
    }
}

fn bits(directory: &Directory<'_>) -> Result<usize, MediaError> {
    let mut all = directory.numbers(tag::BITS);
    let bits = all.next().unwrap_or(1);
    let alike = all.len() < 8 && all.all(|other| other == bits);
    let bits = usize::try_from(bits).unwrap_or(0);
    if alike && matches!(bits, 1 | 2 | 4 | 8 | 16) {
        Ok(bits)
    } else {
        Err(unsupported("samples of other than 1, 2, 4, 8 or 16 bits"))
    }
}

fn compression(value: u64) -> Result<u64, MediaError> {
    Err(unsupported(match value {
        1 | 5 | 8 | 32946 | 32773 | FAX_4 | JPEG => return Ok(value),
        2 | 3 => "fax compression of group 3",
        6 => "JPEG compression of the old kind",
        34712 => "JPEG 2000 compression",
        34925 => "LZMA compression",
        50000 => "Zstandard compression",
        50001 => "WebP compression",
        50002 => "JPEG XL compression",
        _ => "a compression that the decoder does not know",
    }))
}

/// Looks at strips or tiles before any is decoded: what the decoder takes beside the picture.
fn admit_parts(
    bytes: &[u8],
    page: &Page,
    directory: &Directory<'_>,
    limits: &Limits,
) -> Result<u64, MediaError> {
    let tiled = directory.number(tag::TILE_WIDTH).is_some();
    let (offsets, lengths) = match tiled {
        true => (tag::TILE_OFFSETS, tag::TILE_LENGTHS),
        false => (tag::STRIP_OFFSETS, tag::STRIP_LENGTHS),
    };
    let side = |tag, default| {
        let side = directory.number(tag).and_then(|n| u32::try_from(n).ok());
        side.unwrap_or(default)
    };
    let size = match tiled {
        true => (side(tag::TILE_WIDTH, 0), side(tag::TILE_HEIGHT, 0)),
        false => (
            page.width,
            side(tag::STRIP_ROWS, page.height).min(page.height),
        ),
    };
    // Tiles may be larger than the picture: what is decoded of them is not.
    area(size.0, size.1, limits)?;
    let table = directory.numbers(offsets).len() as u64 * 32;
    let jpeg_tables = directory.bytes(tag::JPEG_TABLES).unwrap_or(&[]);
    if page.compression == JPEG && declares_a_frame(jpeg_tables) {
        let detail = "JPEG tables that hold a frame header";
        return Err(MediaError::malformed(FORMAT, &detail));
    }
    let parts = directory.numbers(offsets).zip(directory.numbers(lengths));
    let (mut total, mut beside) = (0u64, 0);
    for (offset, length) in parts {
        // Parts may share bytes, and then cost as if they did not.
        total = total.saturating_add(length);
        limits.check(Resource::Bytes, total)?;
        if page.compression == JPEG {
            let part = usize::try_from(offset)
                .ok()
                .zip(usize::try_from(length).ok());
            let part = part.and_then(|(at, n)| bytes.get(at..at.checked_add(n)?));
            let part = part.ok_or(MediaError::Truncated { format: FORMAT })?;
            beside = jpeg::admit_part(part, jpeg_tables, size, limits)?.max(beside);
        }
    }
    Ok(beside + table)
}

/// Tables go before every part: a frame header among them would stand for that of the part, which was checked.
fn declares_a_frame(tables: &[u8]) -> bool {
    let is_frame = |two: &[u8]| two[0] == 0xff && matches!(two[1], 0xc0..=0xcf if two[1] != 0xc4);
    tables.windows(2).any(is_frame)
}

fn read(
    bytes: &[u8],
    file: &Directories<'_>,
    at: u64,
    directory: &Directory<'_>,
    page: &Page,
    held: u64,
    limits: &Limits,
) -> Result<Vec<u8>, MediaError> {
    // The chain is walked elsewhere: to the decoder this page is the only one.
    let mut instead = vec![(0, file.header(at)), directory.no_link()];
    if page.colours == Colours::Palette {
        // The decoder knows no palettes: it is told that the indices are grey.
        let value = directory.place(tag::COLOURS).map(|(_, value)| value);
        instead.extend(value.map(|at| (at, file.short(1).to_vec())));
    }
    let fail = |error| from_tiff(error, limits);
    let memory = usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX);
    let mut bounds = DecoderLimits::default();
    bounds.decoding_buffer_size = memory;
    bounds.intermediate_buffer_size = memory;
    let decoder = Decoder::new(Patched::new(bytes, instead)).map_err(fail)?;
    let mut decoder = decoder.with_limits(bounds);
    let layout = decoder.image_buffer_layout().map_err(fail)?;
    if layout.complete_len as u64 != held {
        // Two readers that disagree: what the limits admitted is not what would be decoded.
        return Err(MediaError::malformed(FORMAT, &"two readings of one page"));
    }
    let mut samples = vec![0; layout.complete_len];
    decoder.read_image_bytes(&mut samples).map_err(fail)?;
    Ok(samples)
}

fn from_tiff(error: TiffError, limits: &Limits) -> MediaError {
    match error {
        TiffError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            MediaError::Truncated { format: FORMAT }
        }
        TiffError::UnsupportedError(_) => unsupported("a variant that the decoder does not know"),
        TiffError::LimitsExceeded => too_much(limits),
        error => MediaError::malformed(FORMAT, &error),
    }
}

const JPEG: u64 = 7;
const FAX_4: u64 = 4;

/// TIFF 6.0, in the order of their numbers.
mod tag {
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const BITS: u16 = 258;
    pub(super) const COMPRESSION: u16 = 259;
    pub(super) const COLOURS: u16 = 262;
    pub(super) const FILL_ORDER: u16 = 266;
    pub(super) const STRIP_OFFSETS: u16 = 273;
    pub(super) const ORIENTATION: u16 = 274;
    pub(super) const SAMPLES: u16 = 277;
    pub(super) const STRIP_ROWS: u16 = 278;
    pub(super) const STRIP_LENGTHS: u16 = 279;
    pub(super) const PLANES: u16 = 284;
    pub(super) const PREDICTOR: u16 = 317;
    pub(super) const COLOUR_MAP: u16 = 320;
    pub(super) const TILE_WIDTH: u16 = 322;
    pub(super) const TILE_HEIGHT: u16 = 323;
    pub(super) const TILE_OFFSETS: u16 = 324;
    pub(super) const TILE_LENGTHS: u16 = 325;
    pub(super) const INKS: u16 = 332;
    pub(super) const EXTRA_SAMPLES: u16 = 338;
    pub(super) const SAMPLE_FORMAT: u16 = 339;
    pub(super) const JPEG_TABLES: u16 = 347;
}
