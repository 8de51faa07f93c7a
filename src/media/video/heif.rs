//! The boxes of AVIF and HEIC, as far as they say what the primary picture is: of which size, how it is turned, where it is coded.
//!
//! What is decoded is the primary item and nothing else: it is taken out of its file here, as a bare stream, so that no version of
//! ffmpeg picks another one. Whatever is not one coded picture has a name and no stream.

use crate::media::Format;

use super::streams;
use super::{Container, VideoError};

/// The primary item of a file.
#[derive(Debug)]
pub(super) struct Primary<'a> {
    codec: Codec<'a>,
    /// Width and height before it is turned.
    pub(super) size: [u32; 2],
    /// In their order.
    pub(super) turns: Vec<Turn>,
    data: Vec<&'a [u8]>,
}

#[derive(Debug, Clone, Copy)]
enum Codec<'a> {
    Av1,
    /// With the body of its box `hvcC`.
    Hevc(&'a [u8]),
}

/// What is done to a picture before it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// So many quarters against the clock, 1 to 3.
    Left(u8),
    /// Top and bottom are exchanged.
    UpsideDown,
    /// Left and right are exchanged.
    Mirrored,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Unsupported(&'static str),
    Malformed(&'static str),
}

impl Fault {
    pub(super) fn of(self, format: Format) -> VideoError {
        match self {
            Self::Unsupported(feature) => VideoError::UnsupportedStill { format, feature },
            Self::Malformed(detail) => VideoError::MalformedStill { format, detail },
        }
    }
}

use Fault::{Malformed, Unsupported};

impl<'a> Primary<'a> {
    /// Reads a whole file.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let meta = Meta::read(bytes)?;
        let id = meta.primary()?;
        let kind = meta.kind(id)?;
        let properties = meta.properties(id)?;
        let codec = match &kind {
            b"av01" => Codec::Av1,
            b"hvc1" => Codec::Hevc(configuration(&properties)?),
            b"grid" => return Err(Unsupported("tiled, a grid of several coded pictures")),
            b"iovl" => return Err(Unsupported("tiled, an overlay of several coded pictures")),
            _ => return Err(Unsupported("a primary item of a type that is not known")),
        };
        let (size, turns) = shape(&properties)?;
        if meta.has_alpha(id)? {
            return Err(Unsupported("transparency"));
        }
        let data = meta.data(id, bytes)?;
        Ok(Self {
            codec,
            size,
            turns,
            data,
        })
    }

    pub(super) fn container(&self) -> Container {
        match self.codec {
            Codec::Av1 => Container::Avif,
            Codec::Hevc(_) => Container::Heic,
        }
    }

    /// The coded picture alone, as a bare stream. Its length is at most that of the file and of its marks.
    pub(super) fn stream(&self) -> Result<Vec<u8>, Fault> {
        let data = self.data.concat();
        match self.codec {
            Codec::Av1 => streams::av1(&data),
            Codec::Hevc(configuration) => streams::hevc(configuration, &data),
        }
        .ok_or(Malformed("the coded picture is cut or no such stream"))
    }
}

fn configuration<'a>(properties: &[Property<'a>]) -> Result<&'a [u8], Fault> {
    let all = properties.iter().filter(|(kind, ..)| kind == b"hvcC");
    only(all.map(|(_, body, _)| *body), "two configurations")?.ok_or(Malformed("no configuration"))
}

/// Size and turns. A property that must be understood, and is not, ends it.
fn shape(properties: &[Property<'_>]) -> Result<([u32; 2], Vec<Turn>), Fault> {
    let (mut size, mut turns) = (None, Vec::new());
    for (kind, body, essential) in properties {
        match kind {
            b"ispe" => {
                let mut fields = Fields(body);
                fields.version()?;
                let stated = [fields.number(4)?, fields.number(4)?];
                if size.is_some_and(|other| other != stated) {
                    return Err(Malformed("two sizes of the primary item"));
                }
                size = Some(stated);
            }
            b"irot" => match Fields(body).number(1)? & 3 {
                0 => {}
                quarters => turns.push(Turn::Left(quarters.to_be_bytes()[7])),
            },
            // As decoders have it, and later editions of the standard; the first one had it the other way round.
            b"imir" => turns.push(match Fields(body).number(1)? & 1 {
                0 => Turn::UpsideDown,
                _ => Turn::Mirrored,
            }),
            b"clap" => return Err(Unsupported("cropped by its container")),
            b"a1op" | b"lsel" => return Err(Unsupported("layers")),
            b"av1C" | b"hvcC" | b"pixi" | b"colr" | b"pasp" | b"clli" | b"mdcv" => {}
            _ if *essential => return Err(Unsupported("a property that is not known")),
            _ => {}
        }
    }
    let has_both = |is: fn(&Turn) -> bool| turns.iter().filter(|turn| is(turn)).count() > 1;
    if has_both(|turn| matches!(turn, Turn::Left(_)))
        || has_both(|turn| !matches!(turn, Turn::Left(_)))
    {
        return Err(Malformed("turned twice"));
    }
    let size = size.ok_or(Malformed("no size of the primary item"))?;
    let sides = size.map(|side| u32::try_from(side).unwrap_or(0));
    if sides.contains(&0) {
        return Err(Malformed("a size of nothing"));
    }
    Ok((sides, turns))
}

/// The end of the picture's own boxes: where a second file begins, a motion photo's video, or no box.
pub(in crate::media) fn own_end(bytes: &[u8]) -> usize {
    let mut end = 0;
    for item in Boxes::over(bytes) {
        let Ok(found) = item else { break };
        let is_next = end > 0 && matches!(&found.kind, b"ftyp" | b"mpvd");
        if is_next || !found.kind.iter().all(u8::is_ascii_graphic) {
            break;
        }
        end = found.end;
    }
    end
}

/// The parts of the box `meta` that are needed, each there once.
struct Meta<'a> {
    primary: &'a [u8],
    kinds: &'a [u8],
    places: &'a [u8],
    properties: &'a [u8],
    references: Option<&'a [u8]>,
    inside: Option<&'a [u8]>,
}

type Property<'a> = ([u8; 4], &'a [u8], bool);

impl<'a> Meta<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let own = bytes.get(..own_end(bytes)).unwrap_or(bytes);
        let metas = all(own, b"meta")?;
        let meta = only(metas.into_iter(), "two boxes `meta`")?;
        let mut meta = Fields(meta.ok_or(Malformed(NO_META))?);
        meta.version()?;
        let one = |kind| only(all(meta.0, kind)?.into_iter(), "a box that is there twice");
        let needed = |kind| one(kind)?.ok_or(Malformed("a box of `meta` is missing"));
        Ok(Self {
            primary: needed(b"pitm")?,
            kinds: needed(b"iinf")?,
            places: needed(b"iloc")?,
            properties: needed(b"iprp")?,
            references: one(b"iref")?,
            inside: one(b"idat")?,
        })
    }

    fn primary(&self) -> Result<u64, Fault> {
        let mut fields = Fields(self.primary);
        let (version, _) = fields.version()?;
        fields.number(if version == 0 { 2 } else { 4 })
    }

    fn kind(&self, id: u64) -> Result<[u8; 4], Fault> {
        let mut fields = Fields(self.kinds);
        let (version, _) = fields.version()?;
        fields.number(if version == 0 { 2 } else { 4 })?;
        let mut kinds = Vec::new();
        for entry in all(fields.0, b"infe")? {
            let mut entry = Fields(entry);
            let wide = match entry.version()?.0 {
                2 => 2,
                3 => 4,
                _ => continue, // of before there were pictures
            };
            let of = entry.number(wide)?;
            let is_hidden_by_lock = entry.number(2)? != 0;
            let kind = *entry.take(4)?.first_chunk().ok_or(SHORT)?;
            if of == id {
                kinds.push((kind, is_hidden_by_lock));
            }
        }
        match only(kinds.into_iter(), "an item of two types")? {
            Some((_, true)) => Err(Unsupported("encrypted")),
            Some((kind, false)) => Ok(kind),
            None => Err(Malformed("no primary item")),
        }
    }

    /// In the order in which they are applied, and whether each has to be understood.
    fn properties(&self, id: u64) -> Result<Vec<Property<'a>>, Fault> {
        let known = only(
            all(self.properties, b"ipco")?.into_iter(),
            "two lists of properties",
        )?;
        let known: Vec<_> = Boxes::over(known.ok_or(Malformed("no list of properties"))?)
            .collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        for table in all(self.properties, b"ipma")? {
            let mut table = Fields(table);
            let (version, flags) = table.version()?;
            let (id_bytes, wide) = (if version == 0 { 2 } else { 4 }, flags & 1 == 1);
            for _ in 0..table.number(4)? {
                let of = table.number(id_bytes)?;
                let count = usize::try_from(table.number(1)?).map_err(|_| SHORT)?;
                let places = table.take(count * if wide { 2 } else { 1 })?;
                if of == id {
                    found.push((places, wide));
                }
            }
        }
        let (places, wide) = only(found.into_iter(), "an item with two lists of properties")?
            .ok_or(Malformed("a primary item without properties"))?;
        let place = |place: &[u8]| match place {
            [short] => (usize::from(short & 0x7f), short & 0x80 != 0),
            [high, low] => (
                usize::from(high & 0x7f) << 8 | usize::from(*low),
                high & 0x80 != 0,
            ),
            _ => (0, false),
        };
        let places = places.chunks_exact(if wide { 2 } else { 1 }).map(place);
        // 0 is "none".
        places
            .filter(|(at, _)| *at > 0)
            .map(|(at, essential)| {
                let property = known
                    .get(at - 1)
                    .ok_or(Malformed("a property of no list"))?;
                Ok((property.kind, property.body, essential))
            })
            .collect()
    }

    /// Whether an item says that it is the transparency of this one, or that it belongs to it and not as what.
    fn has_alpha(&self, id: u64) -> Result<bool, Fault> {
        let Some(references) = self.references else {
            return Ok(false);
        };
        let mut fields = Fields(references);
        let (version, _) = fields.version()?;
        let id_bytes = if version == 0 { 2 } else { 4 };
        for list in all(fields.0, b"auxl")? {
            let mut list = Fields(list);
            let from = list.number(id_bytes)?;
            let mut is_to = false;
            for _ in 0..list.number(2)? {
                is_to |= list.number(id_bytes)? == id;
            }
            if is_to {
                let properties = self.properties(from).unwrap_or_default();
                let names = properties.iter().filter(|(kind, ..)| kind == b"auxC");
                let mut other = names.map(|(_, name, _)| {
                    // Depth, and gains for bright displays.
                    let has = |text: &[u8]| name.windows(text.len()).any(|part| part == text);
                    !has(b"alpha") && !has(b"hevc:2015:auxid:1\0")
                });
                if !other.next().unwrap_or(false) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The pieces of an item, together no longer than the file.
    fn data(&self, id: u64, bytes: &'a [u8]) -> Result<Vec<&'a [u8]>, Fault> {
        let mut fields = Fields(self.places);
        let (version, _) = fields.version()?;
        if version > 2 {
            return Err(Unsupported("places of items of a later version"));
        }
        let sizes = fields.take(2)?;
        let nibble = |at: usize, shift: u8| sizes.get(at).map_or(0, |byte| byte >> shift & 15);
        let (offset, length, base) = (nibble(0, 4), nibble(0, 0), nibble(1, 4));
        let index = if version > 0 { nibble(1, 0) } else { 0 };
        let id_bytes = if version < 2 { 2 } else { 4 };
        let mut found = Vec::new();
        for _ in 0..fields.number(id_bytes)? {
            let of = fields.number(id_bytes)?;
            let method = if version > 0 {
                fields.number(2)? & 15
            } else {
                0
            };
            let is_elsewhere = fields.number(2)? != 0;
            let start = fields.number(base)?;
            let mut pieces = Vec::new();
            for _ in 0..fields.number(2)? {
                fields.number(index)?;
                let piece = (fields.number(offset)?, fields.number(length)?);
                if of == id {
                    pieces.push(piece);
                }
            }
            if of == id {
                found.push((method, is_elsewhere, start, pieces));
            }
        }
        let place = only(found.into_iter(), "an item in two places")?;
        let (method, is_elsewhere, start, pieces) =
            place.ok_or(Malformed("a primary item in no place"))?;
        let source = match (method, is_elsewhere) {
            (0, false) => bytes,
            (1, false) => self.inside.ok_or(Malformed("no box `idat`"))?,
            _ => return Err(Unsupported("coded in another item or file")),
        };
        let mut left = bytes.len();
        let piece = |(offset, length): (u64, u64)| {
            let from = usize::try_from(start.checked_add(offset)?).ok()?;
            let rest = source.get(from..)?;
            let piece = match usize::try_from(length).ok()? {
                0 => rest,
                length => rest.get(..length)?,
            };
            left = left.checked_sub(piece.len())?;
            Some(piece)
        };
        pieces
            .into_iter()
            .map(piece)
            .collect::<Option<_>>()
            .ok_or(Malformed(
                "cut short: the coded picture ends behind the file",
            ))
    }
}

/// The bodies of all boxes of a kind.
fn all<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Result<Vec<&'a [u8]>, Fault> {
    let mut bodies = Vec::new();
    for item in Boxes::over(bytes) {
        let item = item?;
        if item.kind == *kind {
            bodies.push(item.body);
        }
    }
    Ok(bodies)
}

/// The only one, if there is any: which of two is meant, decoders may decide differently.
fn only<T>(mut all: impl Iterator<Item = T>, twice: &'static str) -> Result<Option<T>, Fault> {
    let first = all.next();
    match all.next() {
        Some(_) => Err(Malformed(twice)),
        None => Ok(first),
    }
}

/// A box, and where it ends in what is walked.
pub(super) struct Found<'a> {
    pub(super) kind: [u8; 4],
    pub(super) body: &'a [u8],
    pub(super) end: usize,
}

/// The boxes that stand one behind the other. One that is cut is a fault, and the last.
pub(super) struct Boxes<'a> {
    bytes: &'a [u8],
    at: usize,
    left: usize,
}

impl<'a> Boxes<'a> {
    pub(super) fn over(bytes: &'a [u8]) -> Self {
        let (at, left) = (0, MAX_BOXES);
        Self { bytes, at, left }
    }

    fn read(&mut self) -> Result<Found<'a>, Fault> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(Malformed("too many boxes"))?;
        let mut fields = Fields(self.bytes.get(self.at..).unwrap_or_default());
        let whole = fields.0.len();
        let (short, kind) = (fields.number(4)?, fields.take(4)?);
        let size = match short {
            0 => whole,
            1 => usize::try_from(fields.number(8)?).map_err(|_| SHORT)?,
            _ => usize::try_from(short).map_err(|_| SHORT)?,
        };
        let head = whole - fields.0.len();
        let body = fields.take(size.checked_sub(head).ok_or(SHORT)?)?;
        self.at += size;
        Ok(Found {
            kind: *kind.first_chunk().ok_or(SHORT)?,
            body,
            end: self.at,
        })
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = Result<Found<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let item = self.read();
        if item.is_err() {
            self.at = self.bytes.len();
        }
        Some(item)
    }
}

/// Numbers one behind the other, big endian.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Of 0 to 8 bytes; of none it is 0.
    fn number(&mut self, bytes: u8) -> Result<u64, Fault> {
        if bytes > 8 {
            return Err(Malformed("a number of more than 8 bytes"));
        }
        let taken = self.take(usize::from(bytes))?;
        Ok(taken
            .iter()
            .fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
    }

    /// The version of a box and its flags.
    fn version(&mut self) -> Result<(u64, u64), Fault> {
        Ok((self.number(1)?, self.number(3)?))
    }
}

const SHORT: Fault = Malformed("cut short: a box ends behind what it stands in");

/// What a file is told to lack that has no primary picture at all, as sequences may.
pub(super) const NO_META: &str = "no box `meta`";

/// Pictures have some dozen, and collections some hundreds.
const MAX_BOXES: usize = 4096;
