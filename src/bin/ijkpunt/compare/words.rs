//! A comparison in words that a moderator understands, and as a small table.

use std::io::{self, Write};

use ijkpunt::hash::{Dihedral, Quality};
use ijkpunt::screen::{Evidence, FormOrigin};

use crate::found;
use crate::output::printable;

use super::comparison::{Comparison, Nearest, Rule, Verdict};
use super::side::{Exact, Hashed, Kind, Position, Side};

pub(super) fn write(comparison: &Comparison<'_>, out: &mut impl Write) -> io::Result<()> {
    let Comparison { a, b, nearest, .. } = comparison;
    let nearest = nearest.as_ref();
    writeln!(out, "first   {}", heading(a, nearest.map(|n| n.a)))?;
    writeln!(out, "second  {}", heading(b, nearest.map(|n| n.b)))?;
    writeln!(out)?;
    for sentence in sentences(comparison) {
        writeln!(out, "{sentence}")?;
    }
    match nearest {
        Some(nearest) => write_table(nearest, comparison.rule, out),
        None => Ok(()),
    }
}

/// `photos/a.gif, frame 2 at 70 ms, quality 100`
fn heading(side: &Side, nearest: Option<&Hashed>) -> String {
    let mut parts = vec![match &side.list {
        Some(list) => format!(
            "entry {} of list {}",
            printable(&side.name),
            printable(list)
        ),
        None if side.kind == Kind::Hash => format!("hash {}", side.name),
        None => printable(&side.name),
    }];
    if let Some(hashed) = nearest {
        parts.extend(which(side, hashed));
        parts.push(quality(side.kind, hashed.quality));
    } else if side.has_only_digests() {
        parts.push("digests only".to_owned());
    } else if side.hashed.is_empty() {
        parts.push("no hash".to_owned());
    }
    parts.join(", ")
}

/// Which frame of an animation, which row of an entry.
fn which(side: &Side, hashed: &Hashed) -> Option<String> {
    if let Some(label) = &hashed.label {
        return Some(format!("row `{}`", printable(label)));
    }
    let several = side.hashed.len() > 1;
    match (hashed.frame?, hashed.frame_ms) {
        (number, Some(ms)) if several || number > 0 => Some(format!("frame {number} at {ms} ms")),
        _ => None,
    }
}

fn quality(kind: Kind, quality: Option<Quality>) -> String {
    match (quality, kind) {
        (Some(quality), _) => format!("quality {quality}"),
        (None, Kind::Entry) => "quality not stated by the list".to_owned(),
        (None, Kind::File | Kind::Hash) => "quality not known".to_owned(),
    }
}

/// All that there is to say, one thought a line.
fn sentences(comparison: &Comparison<'_>) -> Vec<String> {
    let mut all = Vec::new();
    all.extend(about_bytes(comparison));
    if let Some(nearest) = &comparison.nearest {
        all.push(about_distance(comparison, nearest));
        all.extend(about_form(comparison, nearest));
        all.extend(beside_chance(comparison, nearest).map(str::to_owned));
        all.extend(about_bare_hash(comparison, nearest));
    }
    all.extend(about_parts(comparison));
    for side in [comparison.a, comparison.b] {
        all.extend(about_gaps(side, &comparison.gaps(side), comparison.verdict));
        all.extend(about_quality(side, comparison));
    }
    all.extend(about_damage(comparison));
    all.push(what_it_means(comparison.verdict).to_owned());
    all
}

/// What digests have to say.
fn about_bytes(comparison: &Comparison<'_>) -> Option<String> {
    if let Some(Exact { label, .. }) = comparison.exact {
        let row = label
            .as_ref()
            .map(|label| format!(" (row `{}`)", printable(label)));
        let row = row.unwrap_or_default();
        return Some(format!(
            "The first is the very file of the entry{row}, byte for byte: that is a match."
        ));
    }
    if !comparison.b.has_only_digests() {
        return None;
    }
    Some(if comparison.is_hash_beside_digests() {
        "The entry has only digests of its file, which no hash of a picture can be compared with: give the file itself."
    } else {
        "The entry has only digests of its file, and the first is not that very file. A copy that was changed in any \
         way, even only saved again, cannot be found by it."
    }
    .to_owned())
}

fn about_distance(comparison: &Comparison<'_>, nearest: &Nearest<'_>) -> String {
    let Rule { radius, .. } = comparison.rule;
    let differ = match nearest.distance.bits() {
        1 => "1 of 256 bits differs".to_owned(),
        bits => format!("{bits} of 256 bits differ"),
    };
    let count = match radius.bits() {
        0 => "only 0 counts".to_owned(),
        bits => format!("{bits} or fewer count"),
    };
    match comparison.verdict {
        Verdict::Match if comparison.exact.is_some() => {
            format!("By their pictures, {differ} ({count}).")
        }
        Verdict::Match if !comparison.match_as_wholes() => {
            format!("As wholes, {differ}: no match ({count}).")
        }
        Verdict::Match => format!("{differ}: that is a match ({count})."),
        Verdict::NoMatch => format!("{differ}: no match ({count})."),
        Verdict::Undecided if radius.covers(nearest.distance) => {
            format!("{differ}, which is near enough ({count}); yet it is undecided.")
        }
        Verdict::Undecided => format!("{differ} ({count}); yet it is undecided."),
    }
}

/// Whether one is a part of the other, or its negative.
fn about_parts(comparison: &Comparison<'_>) -> Vec<String> {
    let (a, b, parts) = (comparison.a, comparison.b, &comparison.parts);
    let told = |inner: &Side, outer: &Side, found: &Evidence| {
        let bits = found.distance.map_or(0, |distance| distance.bits());
        let (inner, outer) = (noun(inner), noun(outer));
        let disguise = found::disguise(found).join(", ");
        format!("{inner} is found in {outer}, {disguise}: {bits} of 256 bits differ")
    };
    let first = parts.first().map(|found| {
        let told = told(b, a, found);
        format!("Yet {told}, and that is a match.")
    });
    let second = parts.second().map(|found| {
        let told = told(a, b, found);
        format!("The other way round, {told}: a match, were the second the upload.")
    });
    [first, second].into_iter().flatten().collect()
}

/// What a distance says beside those of unrelated pictures.
fn beside_chance(comparison: &Comparison<'_>, nearest: &Nearest<'_>) -> Option<&'static str> {
    if comparison.exact.is_some() || comparison.parts.first().is_some() {
        return None;
    }
    match (comparison.verdict, nearest.could_be_chance()) {
        (Verdict::Match, false) | (Verdict::Undecided, _) => None,
        (Verdict::Match, true) => Some("So large a radius calls unrelated pictures a match too."),
        (Verdict::NoMatch, false) => Some(
            "Unrelated pictures seldom come so near (about 128 bits as they are, about 116 in the nearest of eight \
             forms): one may be a changed copy of the other, such as cropped, framed or written on. Look at both.",
        ),
        (Verdict::NoMatch, true) => Some(
            "Unrelated pictures are as far apart: about 128 bits on average as they are (two thirds of pairs between \
             120 and 136), about 116 in the nearest of eight forms. Copies that were cropped or framed can be, too.",
        ),
    }
}

/// How the two stand to each other. Where they are as far apart as any two, the nearest form is chance.
fn about_form(comparison: &Comparison<'_>, nearest: &Nearest<'_>) -> Option<String> {
    let (a, b, words) = (comparison.a, comparison.b, in_words(nearest.form));
    if nearest.could_be_chance() {
        return None;
    }
    if comparison.rule.radius.covers(nearest.distance) {
        let (first, second) = (noun(a), noun(b));
        let first = if a.kind == b.kind {
            "the first one"
        } else {
            &first
        };
        return Some(format!("By their hashes, {second} is {first} {words}."));
    }
    if nearest.form == Dihedral::Original {
        return None;
    }
    let (first, as_it_is) = (noun(a), nearest.a.pdq().distance(nearest.b.pdq()));
    Some(format!(
        "That is with {first} {words}; as it is, {as_it_is} bits differ."
    ))
}

/// Forms of a bare hash are estimates, which matters where one is the nearest or could have been nearer.
fn about_bare_hash(comparison: &Comparison<'_>, nearest: &Nearest<'_>) -> Option<String> {
    if !nearest.a.is_bare() {
        return None;
    }
    let rough = nearest.a.origin(nearest.form) == FormOrigin::DerivedFromHash;
    let form = if rough {
        "The first is a bare hash, so this distance is rough: turned and mirrored forms are estimated from its bits, \
         6 off on average, up to 20."
    } else if comparison.verdict == Verdict::Match {
        "The first is a bare hash: the distances of its turned and mirrored forms are rough."
    } else {
        "The first is a bare hash: its turned and mirrored forms are estimated from its bits, 6 off on average, up to \
         20, so a turned copy may be nearer than it looks."
    };
    Some(format!(
        "{form} Give the picture itself, as the first, for exact forms and its quality."
    ))
}

fn about_gaps(side: &Side, gaps: &[String], verdict: Verdict) -> Option<String> {
    if gaps.is_empty() {
        return None;
    }
    let (noun, gaps) = (capital(&noun(side)), gaps.join("; "));
    Some(match (side.hashed.is_empty(), verdict) {
        (true, Verdict::NoMatch | Verdict::Undecided) => {
            format!("{noun} has no hash, so there is nothing to compare: {gaps}.")
        }
        (_, Verdict::Match) => {
            format!("{noun} could not be looked at completely: {gaps}. The match stands.")
        }
        (false, Verdict::NoMatch | Verdict::Undecided) => format!(
            "{noun} could not be looked at completely: {gaps}. What is missing may match, so it is not 'no match'."
        ),
    })
}

fn about_quality(side: &Side, comparison: &Comparison<'_>) -> Option<String> {
    let (best, minimum) = (
        comparison.lacks_detail(side)?,
        comparison.rule.minimum_quality,
    );
    let noun = capital(&noun(side));
    let asked = format!("{noun} has too little detail (quality {best}, {minimum} is asked for)");
    Some(match side.position {
        _ if comparison.exact.is_some() => format!("{asked}: only its bytes make the match."),
        Position::First => format!(
            "{asked}: its hash says little, so screening does not look it up, whatever the distance."
        ),
        Position::Second => format!(
            "{asked}: its hash says little, so screening leaves it out of a list and would never find it."
        ),
    })
}

fn about_damage(comparison: &Comparison<'_>) -> Vec<String> {
    let Some(nearest) = &comparison.nearest else {
        return Vec::new();
    };
    let sides = [(comparison.a, nearest.a), (comparison.b, nearest.b)];
    let partial = sides.into_iter().filter(|(_, hashed)| hashed.partial);
    partial
        .map(|(side, _)| {
            let noun = capital(&noun(side));
            format!("{noun} is partial: its file is cut short or damaged, and only a part of it was compared.")
        })
        .collect()
}

pub(super) fn what_it_means(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Match => {
            "A match is information for a person, who looks at both and decides; it does not say that anything is illegal."
        }
        Verdict::NoMatch => {
            "No match says that these two are not near, and nothing else about either."
        }
        Verdict::Undecided => "Undecided: neither a match nor 'no match'; a person has to look.",
    }
}

fn noun(side: &Side) -> String {
    let position = side.position.name();
    match side.kind {
        Kind::File => format!("the {position} picture"),
        Kind::Hash => format!("the {position} hash"),
        Kind::Entry => "the entry".to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn in_words(form: Dihedral) -> &'static str {
    match form {
        Dihedral::Original => "as it is (neither turned nor mirrored)",
        Dihedral::Rot90 => "turned a quarter to the left (counter-clockwise)",
        Dihedral::Rot180 => "turned by a half (upside down)",
        Dihedral::Rot270 => "turned a quarter to the right (clockwise)",
        Dihedral::FlipX => "mirrored (top and bottom exchanged)",
        Dihedral::FlipY => "mirrored (left and right exchanged)",
        Dihedral::FlipPlus1 => "mirrored in the diagonal from top left to bottom right",
        Dihedral::FlipMinus1 => "mirrored in the diagonal from top right to bottom left",
    }
}

fn write_table(nearest: &Nearest<'_>, rule: Rule, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nbits  form of the first")?;
    for (form, distance) in Dihedral::ALL.into_iter().zip(nearest.distances()) {
        let mark = match (form == nearest.form, rule.radius.covers(distance)) {
            (true, true) => "  <- nearest, within the radius",
            (true, false) => "  <- nearest",
            (false, true) => "  within the radius",
            (false, false) => "",
        };
        let words = in_words(form);
        writeln!(out, "{distance:>4}  {:<10}  {words}{mark}", form.name())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ijkpunt::hash::{Pdq, Radius};

    use super::*;

    const RULE: Rule = Rule {
        radius: Radius::DEFAULT,
        minimum_quality: Quality::DEFAULT_MINIMUM,
    };

    fn hash(byte: u8, quality: Option<u8>) -> Vec<Hashed> {
        vec![Hashed::of([byte; 32], quality)]
    }

    fn told(a: &Side, b: &Side) -> String {
        let mut out = Vec::new();
        write(&Comparison::new(a, b, RULE), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_match_is_information_for_a_person() {
        let a = Side::of(Position::First, Kind::File, hash(7, Some(100)));
        let b = Side::of(Position::Second, Kind::Entry, hash(7, None));
        let told = told(&a, &b);
        let expected = [
            "second  entry x of list eu, quality not stated by the list\n",
            "0 of 256 bits differ: that is a match (31 or fewer count).\n",
            "By their hashes, the entry is the first picture as it is (neither turned nor mirrored).\n",
            "A match is information for a person",
            "does not say that anything is illegal",
        ];
        for part in expected {
            assert!(told.contains(part), "{part:?} in {told}");
        }
    }

    #[test]
    fn too_little_detail_is_told_by_what_screening_would_do() {
        let flat = Side::of(Position::First, Kind::File, hash(7, Some(12)));
        let good = Side::of(Position::Second, Kind::File, hash(7, Some(90)));
        let expected = "The first picture has too little detail (quality 12, 50 is asked for): its hash says little, \
                        so screening does not look it up, whatever the distance.";
        let text = told(&flat, &good);
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("which is near enough (31 or fewer count); yet it is undecided."));
        let good = Side::of(Position::First, Kind::File, hash(7, Some(90)));
        let flat = Side::of(Position::Second, Kind::File, hash(7, Some(12)));
        assert!(told(&good, &flat).contains("screening leaves it out of a list"));
    }

    #[test]
    fn a_side_without_a_hash_says_why_and_shows_no_table() {
        let mut a = Side::of(Position::First, Kind::File, Vec::new());
        a.gaps.push("not an image".to_owned());
        let b = Side::of(Position::Second, Kind::File, hash(7, None));
        let told = told(&a, &b);
        assert!(told.contains(
            "The first picture has no hash, so there is nothing to compare: not an image."
        ));
        assert!(told.contains("first   x, no hash") && !told.contains("bits  form"));
    }

    #[test]
    fn an_estimated_form_is_called_rough() {
        let turned = Pdq::from_bytes([0x35; 32]).derived(Dihedral::Rot90);
        let a = Side::of(Position::First, Kind::Hash, hash(0x35, None));
        let b = Side::of(
            Position::Second,
            Kind::Hash,
            vec![Hashed::of(turned.to_bytes(), None)],
        );
        let told = told(&a, &b);
        assert!(told.contains("so this distance is rough"), "{told}");
        assert!(told.contains("the second hash is the first one turned a quarter to the left"));
    }

    #[test]
    fn a_distance_above_the_radius_is_told_beside_those_of_unrelated_pictures() {
        let at = |bytes: usize| {
            let far = std::array::from_fn(|i| if i < bytes { 0xff } else { 0 });
            let a = Side::of(Position::First, Kind::File, hash(0, Some(99)));
            let far = vec![Hashed::of(far, None)];
            told(&a, &Side::of(Position::Second, Kind::File, far))
        };
        assert!(
            at(8).contains("64 of 256 bits differ: no match"),
            "{}",
            at(8)
        );
        assert!(at(8).contains("seldom come so near"));
        assert!(at(16).contains("are as far apart"), "{}", at(16));
    }

    #[test]
    fn no_sentence_calls_anything_clean() {
        for byte in [0, 1, 0x0f, 0x55, 0xff] {
            let a = Side::of(Position::First, Kind::Hash, hash(7, None));
            let b = Side::of(Position::Second, Kind::Hash, hash(byte, None));
            let told = told(&a, &b).to_lowercase();
            assert!(!told.contains("clean") && !told.contains(&format!("{byte:02x}").repeat(32)));
        }
    }
}
