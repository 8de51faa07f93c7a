//! Ids that somebody may have meant.

/// At most three ids that are like `wanted`, the likest first.
pub(super) fn ids<'a>(wanted: &str, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut near: Vec<(usize, &str)> = ids
        .filter_map(|id| Some((unlikeness(wanted, id)?, id)))
        .collect();
    near.sort_by_key(|&(unlikeness, _)| unlikeness);
    near.into_iter().take(3).map(|(_, id)| id).collect()
}

/// How unlike two ids are, none where nobody would take one for the other: 0 for those that differ in case, then those
/// with one or two slips, then those of which one ends or begins with the other.
fn unlikeness(wanted: &str, id: &str) -> Option<usize> {
    let (wanted, id) = (wanted.to_lowercase(), id.to_lowercase());
    if wanted == id {
        return Some(0);
    }
    let within = |long: &str, short: &str| {
        short.len() >= 3 && (long.starts_with(short) || long.ends_with(short))
    };
    let longest = wanted.len().max(id.len());
    let slips = (longest <= 256 && wanted.len().abs_diff(id.len()) <= 2)
        .then(|| slips(&wanted, &id))
        .filter(|&slips| slips <= 2 && 3 * slips <= longest);
    slips.or((within(&id, &wanted) || within(&wanted, &id)).then_some(3))
}

/// Characters to put in, leave out or change to make one text of the other.
fn slips(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        let cases = [
            ("", "abc", 3),
            ("abc", "", 3),
            ("item", "item", 0),
            ("item-1", "item-12", 1),
            ("brigde", "bridge", 2),
            ("kitten", "sitting", 3),
        ];
        for (a, b, expected) in cases {
            assert_eq!((slips(a, b), slips(b, a)), (expected, expected), "{a} {b}");
        }
    }

    #[test]
    fn the_likest_come_first_and_the_unlike_not_at_all() {
        let all = [
            "known/bridge.jpg",
            "BRIDGE.jpg",
            "bridges.jpg",
            "x",
            "cat.jpg",
        ];
        let near = ids("bridge.jpg", all.into_iter());
        assert_eq!(near, ["BRIDGE.jpg", "bridges.jpg", "known/bridge.jpg"]);
        assert!(ids("", all.into_iter()).is_empty());
        assert!(ids("y", all.into_iter()).is_empty());
    }
}
