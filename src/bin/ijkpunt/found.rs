//! What was found of a listed item in an upload: in words, and as JSON.

use std::collections::BTreeSet;

use ijkpunt::baseline::{EntryId, Verdict};
use ijkpunt::hash::{Dihedral, Distance, Pdq, Quality};
use ijkpunt::media::Background;
use ijkpunt::screen::{Basis, Evidence, FalseRate, MatchClass, Tier};
use ijkpunt::view::{self, Place};
use serde::Serialize;

use crate::segments;

/// One entry that was found, as the JSON shows it.
#[derive(Serialize)]
pub(crate) struct Found<'a> {
    list: &'a str,
    entry: &'a str,
    /// Of an entry of a snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_id: Option<EntryId>,
    distance: Option<Distance>,
    dihedral: Dihedral,
    frame: u32,
    frame_ms: Option<u64>,
    class: MatchClass,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<Tier>,
    /// How often chance does as much, of one upload that has nothing to do with the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_false_rate: Option<FalseRate>,
    /// Which states say what of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<&'a Basis>,
    /// What the list says of the row that was nearest.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    /// Of the frame, or of its part.
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_quality: Option<Quality>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_quality: Option<Quality>,
    /// Whether the frame was cut short or damaged; absent where it was not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
    /// Width and height of the frame, in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame_size: Option<[u32; 2]>,
    /// The corners of a part that does not stand upright, in pixels: its own top left, top right, bottom right, bottom left.
    #[serde(skip_serializing_if = "Option::is_none")]
    quad: Option<[[f64; 2]; 4]>,
    /// As sensitive as the list: only where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    hashes: Option<Hashes>,
    #[serde(flatten)]
    part: Part,
}

/// What was compared.
#[derive(Serialize)]
struct Hashes {
    upload: Pdq,
    entry: Pdq,
}

/// Which part of a frame it is, and whether as a negative.
#[derive(Serialize)]
pub(crate) struct Part {
    view: view::Kind,
    /// Left, top, right, bottom in pixels of the frame, beyond its edges too; absent where it is the whole.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    bounds: Option<[i64; 4]>,
    /// Clockwise, to a tenth; absent where it is not turned.
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_deg: Option<f64>,
    negative: bool,
    /// The part of the item that it shows: left, top, right, bottom in sides of the item's picture; absent where it is the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_part: Option<[f64; 4]>,
    /// How far another part of the item is, in its place; absent where none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_distance: Option<Distance>,
}

impl<'a> From<&'a Evidence> for Found<'a> {
    fn from(found: &'a Evidence) -> Self {
        Self {
            list: &found.list,
            entry: &found.entry,
            entry_id: found.entry_id,
            distance: found.distance,
            dihedral: found.dihedral,
            frame: found.frame,
            frame_ms: frame_ms(found),
            class: found.class,
            tier: found.tier(),
            expected_false_rate: found.expected_false_rate,
            basis: found.basis.as_ref(),
            label: found.label.as_deref(),
            upload_quality: found.upload_quality,
            entry_quality: found.entry_quality,
            partial: found.partial,
            frame_size: found.frame_size,
            quad: quad(found),
            hashes: None,
            part: Part::from(found),
        }
    }
}

impl<'a> Found<'a> {
    /// With the two hashes, for the page that reviewers see.
    pub(crate) fn with_hashes(found: &'a Evidence) -> Self {
        let hashes = found.hashes();
        Self {
            hashes: hashes.map(|(upload, entry)| Hashes { upload, entry }),
            ..Self::from(found)
        }
    }
}

impl From<&Evidence> for Part {
    fn from(found: &Evidence) -> Self {
        Self {
            view: found.view,
            bounds: found.place.map(bounds),
            rotation_deg: rotation_deg(found),
            negative: found.negative,
            entry_part: found
                .entry_part
                .map(|part| part.sides().map(|side| f64::from(side) / 10_000.0)),
            confirmed_distance: found.confirmed,
        }
    }
}

/// To whole pixels.
fn bounds(place: Place) -> [i64; 4] {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "pixels of a picture, rounded"
    )]
    place.bounds().map(|side| side.round() as i64)
}

/// To a tenth of a pixel; none for what stands upright, of which the box says all.
fn quad(found: &Evidence) -> Option<[[f64; 2]; 4]> {
    let is_askew = matches!(
        found.view,
        view::Kind::Quad | view::Kind::Rotated | view::Kind::Sheared
    );
    let corners = found.place.filter(|_| is_askew)?.corners();
    let tenth = |side: f32| f64::from((side * 10.0).round()) / 10.0;
    Some(corners.map(|corner| corner.map(tenth)))
}

/// To a tenth of a degree; none for less.
fn rotation_deg(found: &Evidence) -> Option<f64> {
    let tenths = f64::from(found.rotation_deg() * 10.0).round();
    (tenths != 0.0).then_some(tenths / 10.0)
}

fn frame_ms(found: &Evidence) -> Option<u64> {
    let time = found.frame_time?;
    u64::try_from(time.as_millis()).ok()
}

/// `eu item-7, 4 of 256 bits away, in a part of the picture at 40,60 to 520,400, as rot90, frame 3 at 120 ms`
pub(crate) fn in_words(found: &Evidence) -> String {
    let Evidence { list, entry, .. } = found;
    if let (MatchClass::VideoSegment, [first, ..]) = (found.class, &found.segments[..]) {
        let mut words = vec![format!(
            "runs like {list} {entry}: {}",
            segments::in_words(first)
        )];
        words.extend(found.basis.as_ref().map(standing));
        return words.join(", ");
    }
    let how = match found.distance {
        None => "the very file, byte for byte".to_owned(),
        Some(distance) => format!("{distance} of 256 bits away"),
    };
    let mut words = vec![format!("{list} {entry}"), how];
    words.extend(disguise(found));
    if let (1.., Some(time)) = (found.frame, frame_ms(found)) {
        words.push(format!("frame {} at {time} ms", found.frame));
    }
    if found.background == Background::White {
        words.push("on white".to_owned());
    }
    if found.partial {
        words.push("in a damaged file".to_owned());
    }
    words.extend(found.basis.as_ref().map(standing));
    words.join(", ")
}

/// The segments of which nothing is said yet, each in a line.
pub(crate) fn more_segments(found: &Evidence) -> Vec<String> {
    let told = usize::from(found.class == MatchClass::VideoSegment);
    let more = found.segments.iter().skip(told);
    more.map(segments::in_words).collect()
}

/// `baseline, types A and D, terrorist by XA, XB`
fn standing(basis: &Basis) -> String {
    let mut words: Vec<String> = basis.state.iter().map(ToString::to_string).collect();
    if let Some(types) = basis.types {
        let noun = if types.iter().count() == 1 {
            "type"
        } else {
            "types"
        };
        words.push(format!("{noun} {types}"));
    }
    let is_terrorist = |verdict| matches!(verdict, Verdict::Terrorist(_));
    let terrorist = basis
        .assessments
        .iter()
        .filter(|one| is_terrorist(one.verdict));
    let states: BTreeSet<String> = terrorist.map(|one| one.state.to_string()).collect();
    if !states.is_empty() {
        let states: Vec<String> = states.into_iter().collect();
        words.push(format!("terrorist by {}", states.join(", ")));
    }
    words.join(", ")
}

/// What was done to the item, as far as the match tells; nothing where it is there as it is.
pub(crate) fn disguise(found: &Evidence) -> Vec<String> {
    let at = found.place.map(|place| {
        let [left, top, right, bottom] = bounds(place);
        format!("{left},{top} to {right},{bottom}")
    });
    let part = match (found.view, at) {
        (view::Kind::Full, _) | (_, None) => None,
        // Turned back as a whole, or more: where it lies says nothing.
        (view::Kind::Rotated, _) => None,
        (view::Kind::Sheared, _) => Some("sheared".to_owned()),
        (view::Kind::Uncropped, Some(at)) => {
            Some(format!("cropped from a picture that reached from {at}"))
        }
        (_, Some(at)) => Some(format!("in a part of the picture at {at}")),
    };
    let turned = rotation_deg(found).map(|degrees| {
        let side = if degrees > 0.0 { "" } else { "counter-" };
        format!("turned by about {} degrees {side}clockwise", degrees.abs())
    });
    let form = (found.dihedral != Dihedral::Original).then(|| format!("as {}", found.dihedral));
    let negative = found.negative.then(|| "as a negative".to_owned());
    let shown = found.entry_part.map(|part| {
        let [left, top, right, bottom] = part.sides().map(|side| (side + 50) / 100);
        let shows = match found.view {
            view::Kind::Full => "as a whole it shows",
            _ => "which shows",
        };
        format!("{shows} {left},{top} to {right},{bottom} % of the item")
    });
    let confirmed = found
        .confirmed
        .map(|distance| format!("confirmed by another part of it, {distance} bits away"));
    [part, turned, form, negative, shown, confirmed]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shades and places in small pictures"
)]
mod tests {
    use ijkpunt::{Hasher, List, Picture, Screener, Screening, Surface};

    use super::*;

    /// Blocks without a pattern, as wide as they are said to be.
    fn scene(width: usize, height: usize) -> Vec<u8> {
        let block = |k: usize| (k % width * 16 / width, k / width * 12 / height);
        let shade = |k: usize| {
            let (x, y) = block(k);
            (x * 71 + y * 157 + x * y * 29 + x * x * y * 3) as u8
        };
        (0..width * height).map(shade).collect()
    }

    /// What is found of the scene in a picture.
    fn found(width: u32, height: u32, pixels: Vec<u8>) -> Evidence {
        let of =
            |width, height, pixels| Picture::grey(width, height, width as usize, pixels).unwrap();
        let item = Hasher::new().hash(&of(320, 240, scene(320, 240))).unwrap();
        let csv = format!("id,pdq\nitem-7,{}\n", item.pdq());
        let screener = Screener::builder()
            .list("eu", List::from_bytes(csv.as_bytes()).unwrap())
            .surface(Surface::Public);
        match screener
            .build()
            .unwrap()
            .screen_picture(&of(width, height, pixels))
        {
            Screening::Match(matched) => matched.evidence()[0].clone(),
            other => panic!("{other:?}"),
        }
    }

    fn json(found: &Evidence) -> serde_json::Value {
        serde_json::to_value(Found::from(found)).unwrap()
    }

    #[test]
    fn the_whole_has_no_box_and_needs_no_words() {
        let found = found(320, 240, scene(320, 240));
        assert_eq!(in_words(&found), "eu item-7, 0 of 256 bits away");
        let json = json(&found);
        assert_eq!(
            (&json["view"], &json["negative"]),
            (&"full".into(), &false.into())
        );
        assert!(json.get("box").is_none() && json.get("rotation_deg").is_none());
    }

    #[test]
    fn a_negative_is_called_one() {
        let negative = scene(320, 240).iter().map(|shade| 255 - shade).collect();
        let found = found(320, 240, negative);
        assert!(in_words(&found).ends_with(" of 256 bits away, as a negative"));
        assert_eq!(json(&found)["negative"], true);
    }

    #[test]
    fn a_part_is_told_with_its_place() {
        let mut page = vec![255; 500 * 400];
        for (row, from) in scene(320, 240).chunks(320).enumerate() {
            page[(row + 60) * 500 + 40..][..320].copy_from_slice(from);
        }
        let found = found(500, 400, page);
        let words = in_words(&found);
        assert!(
            words.ends_with("in a part of the picture at 40,60 to 360,300"),
            "{words}"
        );
        let json = json(&found);
        assert_eq!(json["box"], serde_json::json!([40, 60, 360, 300]));
        assert!(json.get("rotation_deg").is_none(), "{json}");
    }

    #[test]
    fn what_is_turned_is_told_by_how_much_and_whereto() {
        for (degrees, side) in [(6.0f32, "clockwise"), (-6.0, "counter-clockwise")] {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            let scene = scene(320, 240);
            let pixel = |k: usize| {
                let (x, y) = ((k % 320) as f32 - 159.5, (k / 320) as f32 - 119.5);
                let u = (x * cosine + y * sine + 160.0).clamp(0.0, 319.0);
                let v = (y * cosine - x * sine + 120.0).clamp(0.0, 239.0);
                scene[v as usize * 320 + u as usize]
            };
            let found = found(320, 240, (0..320 * 240).map(pixel).collect());
            let words = in_words(&found);
            let turned = format!("turned by about 6 degrees {side}");
            assert!(words.ends_with(&turned), "{words}");
            assert_eq!(json(&found)["rotation_deg"], f64::from(degrees));
        }
    }
}
