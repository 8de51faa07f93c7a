//! A comparison as one JSON object. It holds no hash.

use std::io::{self, Write};

use ijkpunt::hash::{Dihedral, Distance, Quality, Radius};
use ijkpunt::screen::{Evidence, FormOrigin, MatchClass};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::found::Part;

use super::comparison::{Comparison, Verdict};
use super::side::{Hashed, Kind, Side};

#[derive(Serialize)]
struct Line<'a> {
    a: Shown<'a>,
    b: Shown<'a>,
    /// Null, as the next three, where a side has no hash.
    distance: Option<Distance>,
    radius: Radius,
    minimum_quality: Quality,
    dihedral: Option<Dihedral>,
    /// Of the form that `dihedral` names.
    form_origin: Option<&'static str>,
    forms: Option<Forms>,
    /// Where in `a` a part matches `b`, if they match so and not as wholes.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<FoundPart>,
    /// The other way round, which does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    part_of_b: Option<FoundPart>,
    verdict: Verdict,
    /// Of a match, as `ijkpunt screen` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<MatchClass>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct FoundPart {
    distance: Option<Distance>,
    dihedral: Dihedral,
    frame: u32,
    #[serde(flatten)]
    part: Part,
}

impl From<&Evidence> for FoundPart {
    fn from(found: &Evidence) -> Self {
        Self {
            distance: found.distance,
            dihedral: found.dihedral,
            frame: found.frame,
            part: Part::from(found),
        }
    }
}

/// One side, with the frame or row that is nearest.
#[derive(Serialize)]
struct Shown<'a> {
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    quality: Option<Quality>,
    frame: Option<u32>,
    frame_ms: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
}

/// The eight distances under the names of their forms.
struct Forms([Distance; 8]);

impl Serialize for Forms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(8))?;
        for (form, distance) in Dihedral::ALL.iter().zip(&self.0) {
            map.serialize_entry(form, distance)?;
        }
        map.end()
    }
}

pub(super) fn write(comparison: &Comparison<'_>, out: &mut impl Write) -> io::Result<()> {
    let nearest = comparison.nearest.as_ref();
    let reasons = comparison.reasons();
    let line = Line {
        a: shown(comparison.a, nearest.map(|nearest| nearest.a)),
        b: shown(comparison.b, nearest.map(|nearest| nearest.b)),
        distance: nearest.map(|nearest| nearest.distance),
        radius: comparison.rule.radius,
        minimum_quality: comparison.rule.minimum_quality,
        dihedral: nearest.map(|nearest| nearest.form),
        form_origin: nearest.map(|nearest| origin(nearest.a.origin(nearest.form))),
        forms: nearest.map(|nearest| Forms(nearest.distances())),
        part: comparison.parts.first().map(FoundPart::from),
        part_of_b: comparison.parts.second().map(FoundPart::from),
        verdict: comparison.verdict,
        class: class(comparison),
        reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)
}

fn class(comparison: &Comparison<'_>) -> Option<MatchClass> {
    match (comparison.verdict, comparison.exact) {
        (Verdict::Match, Some(_)) => Some(MatchClass::ExactBytes),
        (Verdict::Match, None) => Some(MatchClass::NearDuplicate),
        (Verdict::NoMatch | Verdict::Undecided, _) => None,
    }
}

fn shown<'a>(side: &'a Side, nearest: Option<&'a Hashed>) -> Shown<'a> {
    // Where the other side has no hash, none is nearest: a still, a hash or a single row is shown all the same.
    let hashed = nearest.or(match &side.hashed[..] {
        [only] => Some(only),
        _ => None,
    });
    Shown {
        kind: side.kind,
        list: side.list.as_deref(),
        name: &side.name,
        label: hashed.and_then(|hashed| hashed.label.as_deref()),
        quality: hashed.and_then(|hashed| hashed.quality),
        frame: hashed.and_then(|hashed| hashed.frame),
        frame_ms: hashed.and_then(|hashed| hashed.frame_ms),
        partial: hashed.is_some_and(|hashed| hashed.partial),
    }
}

fn origin(origin: FormOrigin) -> &'static str {
    match origin {
        FormOrigin::Picture => "picture",
        _ => "derived_from_hash",
    }
}
