//! FORMAT.md says what the bytes are: its tables are read here and compared with a file.

use ijkpunt::snapshot::{Delta, Section, Snapshot, VERSION};

use super::drawn::draft;

const FORMAT: &str = include_str!("../../src/snapshot/FORMAT.md");

/// The cells of the rows of the table with this head.
fn table(head: &str) -> Vec<Vec<&'static str>> {
    let mut lines = FORMAT.lines().skip_while(|line| *line != head).skip(2);
    let rows = lines.by_ref().take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

fn first_number(text: &str) -> Option<usize> {
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|digits| digits.parse().ok()).next()
}

#[test]
fn the_head_of_a_file_is_as_the_table_says() {
    let rows = table("| at | bytes | what |");
    let [fields @ .., sections, digest] = &rows[..] else {
        panic!("a table of sections and a digest behind the fields")
    };
    let fields: Vec<[usize; 2]> = fields
        .iter()
        .map(|row| [row[0], row[1]].map(|cell| cell.parse().unwrap()))
        .collect();
    for pair in fields.windows(2) {
        assert_eq!(pair[0][0] + pair[0][1], pair[1][0], "no gap between fields");
    }
    let bytes = draft(0..6).to_bytes().unwrap();
    let snapshot = Snapshot::from_bytes(&*bytes).unwrap();
    let at = |what: &str| {
        let place = rows.iter().position(|row| row[2].starts_with(what));
        let [at, length] = fields[place.unwrap_or_else(|| panic!("no field {what}"))];
        &bytes[at..at + length]
    };
    assert_eq!(at("`ijksnap` and a zero"), b"ijksnap\0");
    assert_eq!(at(&format!("version: {VERSION}")), VERSION.to_le_bytes());
    assert_eq!(at("number of sections, 10"), 10u32.to_le_bytes());
    assert_eq!(at("length of the file"), (bytes.len() as u64).to_le_bytes());
    assert_eq!(at("sequence"), snapshot.sequence().to_le_bytes());
    let time = |time: ijkpunt::baseline::Time| time.unix_seconds().to_le_bytes();
    assert_eq!(at("created at"), time(snapshot.created_at()));
    assert_eq!(at("valid until"), time(snapshot.valid_until().unwrap()));
    assert_eq!(at("how hashes"), b"pdq/full\0\0\0\0\0\0\0\0");
    assert_eq!(at("how windows"), b"windows/1\0\0\0\0\0\0\0");
    // The table of sections begins where the fields end, and the digest is behind it.
    let (begin, each) = (first_number(sections[0]), first_number(sections[1]));
    assert_eq!(fields.last().map(|[at, length]| at + length), begin);
    let end = begin.unwrap() + each.unwrap() * Section::ALL.len();
    let digest = &bytes[end..end + first_number(digest[1]).unwrap()];
    assert_eq!(digest, blake3::hash(&bytes[..end]).as_bytes());
    assert_eq!(digest, snapshot.id().to_bytes());
}

#[test]
fn sections_are_as_the_table_says() {
    let rows = table("| number | section | holds |");
    let told: Vec<(usize, &str)> = rows
        .iter()
        .map(|row| (row[0].parse().unwrap(), row[1]))
        .collect();
    let known: Vec<String> = Section::ALL.map(|kind| kind.to_string()).into();
    assert_eq!(
        told,
        (1..)
            .zip(known.iter().map(String::as_str))
            .collect::<Vec<_>>()
    );
    // So many bytes for each of what has one length.
    let snapshot = Snapshot::from_bytes(draft(0..6).to_bytes().unwrap()).unwrap();
    let each = |section: Section| {
        let row = rows.iter().find(|row| row[1] == section.to_string());
        first_number(row.unwrap()[2]).unwrap()
    };
    let hashes = [snapshot.wholes(), snapshot.windows(), snapshot.frames()];
    let hashes: usize = hashes.iter().map(|index| index.len()).sum();
    for (section, count) in [
        (Section::Logs, snapshot.logs().len()),
        (Section::Rows, hashes),
        (Section::Digests, snapshot.digests()),
        (Section::Offsets, snapshot.entries() + 1),
    ] {
        let expected = count * each(section);
        assert_eq!(snapshot.section_bytes(section), expected, "{section}");
    }
}

#[test]
fn a_delta_is_of_the_version_that_the_format_says() {
    let [old, new] =
        [0..5, 3..7].map(|seeds| Snapshot::from_bytes(draft(seeds).to_bytes().unwrap()).unwrap());
    let bytes = Delta::between(&old, &new).unwrap().to_bytes();
    assert_eq!(bytes[8..12], VERSION.to_le_bytes());
    assert!(FORMAT.contains(&format!("the version (4 bytes, {VERSION})")));
    assert!(FORMAT.starts_with(&format!("# The snapshot format, version {VERSION}\n")));
}
