//! What the golden files were made from. It never changes, as they do not.

use ijkpunt::baseline::{
    Authority, Code, Commitment, ConsensusState, ContextDependence, Denominator, Designation,
    EntryId, FrameRole, List, MediaKind, Method, NewRow, Objection, Part, Policy, Profile, Role,
    Rule, Shown, Silence, Source, TcoType, TcoTypes, Terms, Text, Time, Verdict,
};
use ijkpunt::hash::{DigestKind, Pdq, Quality};
use ijkpunt::snapshot::{Draft, Log, NewEntry, Print, Said};

pub(super) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn pdq(seed: u8) -> Pdq {
    let byte = |k: u8| seed.wrapping_mul(73) ^ k.wrapping_mul(seed | 1).wrapping_mul(29);
    Pdq::from_bytes(std::array::from_fn(|k| byte(u8::try_from(k).unwrap())))
}

fn quality(quality: u8) -> Quality {
    Quality::new(quality).unwrap()
}

fn part(sides: [u16; 4]) -> Part {
    Part::new(sides).unwrap()
}

/// Of a picture, of one with windows, of a video, and of a file of which nothing is known but its digests.
pub(super) fn rows() -> List {
    let windows = [
        [0, 0, 5000, 5000],
        [2500, 1250, 10_000, 8750],
        [1, 2, 3333, 9999],
    ];
    let windows = windows.into_iter().zip(10..).map(|(sides, seed)| {
        let row = NewRow::new("cropped", pdq(seed)).window(part(sides));
        row.quality(quality(seed * 8))
    });
    let frames = FrameRole::ALL.into_iter().zip(0u8..).map(|(role, k)| {
        let shown = Shown::new(u32::from(k) * 86_399_999, 65_535 - u16::from(k), role);
        let row = NewRow::new("film", pdq(20 + k)).shown(shown);
        row.label(format!("frame {k}"))
    });
    let digests = DigestKind::ALL.map(|kind| NewRow::new("file", kind.of(b"file")).label("file"));
    let still = NewRow::new("still", pdq(1)).quality(quality(100));
    let cropped = NewRow::new("cropped", pdq(2)).profile(Profile::Shrunk512);
    let rows = [still, cropped].into_iter();
    List::from_rows(rows.chain(windows).chain(frames).chain(digests)).unwrap()
}

pub(super) fn list() -> Draft {
    let mut draft = Draft::new(1, time("2026-11-24T00:00:00Z"));
    draft.list(&rows()).unwrap();
    draft
}

pub(super) fn policy() -> Policy {
    let designated = [
        ("XA", "2022-06-07"),
        ("XB", "2023-01-01"),
        ("XC", "2026-11-01"),
    ];
    let designation = |(state, since): (&str, &str)| Designation {
        state: state.parse().unwrap(),
        since: time(&format!("{since}T00:00:00Z")),
    };
    Policy::new(Terms {
        name: Text::new("two thirds").unwrap(),
        version: 3,
        rule: Rule::Fraction {
            numerator: 2,
            denominator: 3,
        },
        denominator: Denominator::Designated(designated.map(designation).into()),
        objection: Objection::Disputes,
        silence: Silence::TacitAfterDays(30),
        expiry_days: Some(1826),
        grace_days: 90,
        types_must_overlap: true,
        counts_adopted: false,
    })
    .unwrap()
}

pub(super) fn next_policy() -> Policy {
    let states = ["XA", "XB", "XD"].map(|state| state.parse().unwrap());
    Policy::new(Terms {
        name: Text::new("beschluß").unwrap(),
        version: 300,
        rule: Rule::AtLeast(2),
        denominator: Denominator::Explicit(states.into()),
        objection: Objection::Blocks,
        silence: Silence::None,
        expiry_days: None,
        grace_days: 0,
        types_must_overlap: false,
        counts_adopted: true,
    })
    .unwrap()
}

const LONGEST: &str = "xc-office-of-which-the-name-is-as-long-as-a-name-can-be-64-bytes";

fn authority(id: &str, state: &str, name: &str, roles: &[Role]) -> Authority {
    Authority {
        id: id.parse().unwrap(),
        state: state.parse().unwrap(),
        name: Text::new(name).unwrap(),
        roles: roles.iter().copied().collect(),
    }
}

pub(super) fn authorities() -> Vec<Authority> {
    let all = [
        Role::IssueOrders,
        Role::Scrutinise,
        Role::OverseeMeasures,
        Role::ImposePenalties,
    ];
    vec![
        authority("xa-office", "XA", "Office of Xa", &all),
        authority("xb-police", "XB", "Büro der Polizei", &all[..1]),
        authority(LONGEST, "XC", "Third office", &[]),
    ]
}

pub(super) fn next_authorities() -> Vec<Authority> {
    let mut all = authorities();
    all[1] = authority("xb-police", "XB", "Police of Xb", &[Role::Scrutinise]);
    all.push(authority("xd-office", "XD", "Fourth office", &[]));
    all
}

fn log(of: &str, name: u8, size: u64, key: Option<u8>) -> Log {
    Log {
        authority: of.parse().unwrap(),
        name: [name; 32],
        begins: 0,
        size,
        root: [name ^ 0xff; 32],
        key: key.map(|key| [key; 32]),
    }
}

/// One of which a part went in only, one that was closed, and the one that went on from there.
pub(super) fn logs() -> Vec<Log> {
    vec![
        log("xa-office", 1, 12, Some(1)),
        log("xb-police", 2, 5, None),
        Log {
            begins: 5,
            ..log("xb-police", 3, 1 << 40, Some(4))
        },
        log(LONGEST, 1, 0, Some(1)),
    ]
}

pub(super) fn next_logs() -> Vec<Log> {
    let mut all = logs();
    all[0] = log("xa-office", 1, 20, Some(9));
    all.push(log("xd-office", 7, 1, Some(7)));
    all
}

fn print(code: impl Into<Code>) -> Print {
    Print {
        code: code.into(),
        quality: None,
        profile: Profile::Full,
        part: None,
        shown: None,
        label: None,
    }
}

fn digest(kind: DigestKind, of: &str, label: Option<&str>) -> Print {
    Print {
        profile: Profile::Unstated,
        label: label.map(Into::into),
        ..print(kind.of(of.as_bytes()))
    }
}

fn said(authority: &str, verdict: Verdict, method: Method, made_at: &str) -> Said {
    Said {
        authority: authority.parse().unwrap(),
        verdict,
        method,
        made_at: time(made_at),
        valid_until: None,
    }
}

fn source(of: &str, size: u64, mime: &str) -> Source {
    Source {
        sha256: Commitment::to(of.as_bytes()),
        size,
        mime: Text::new(mime).unwrap(),
    }
}

/// One of each state that may be listed, and one of which nothing is said; with every verdict, method, context, kind of media, profile and role.
pub(super) fn entries() -> [NewEntry; 6] {
    [agreed(), silent(), emerging(), national(), many(), unsaid()]
}

fn types(types: &[TcoType]) -> TcoTypes {
    TcoTypes::try_from(types).unwrap()
}

fn agreed() -> NewEntry {
    let (a, all) = (types(&[TcoType::A]), types(&TcoType::ALL));
    let still = Print {
        quality: Some(quality(100)),
        label: Some("the whole".into()),
        ..print(pdq(41))
    };
    let window = |seed, sides, label: Option<&str>| Print {
        profile: Profile::Windows,
        part: Some(part(sides)),
        quality: Some(quality(seed)),
        label: label.map(Into::into),
        ..print(pdq(seed))
    };
    NewEntry {
        id: EntryId::from_bytes([0x11; 32]),
        media: MediaKind::Image,
        title: "Plakat über der Wüste".into(),
        source: Some(source("agreed", 123_456, "image/jpeg")),
        context: Some(ContextDependence::Independent),
        created_at: Some(time("2026-05-01T09:30:00Z")),
        prints: vec![
            still,
            window(42, [0, 0, 5000, 5000], None),
            window(43, [100, 200, 9999, 10_000], Some("Plakat über der Wüste")),
            digest(DigestKind::Sha256, "agreed", None),
        ],
        state: Some(ConsensusState::Baseline),
        types: Some(a),
        said: vec![
            Said {
                valid_until: Some(time("2031-05-02T00:00:00Z")),
                ..said(
                    "xa-office",
                    Verdict::Terrorist(all),
                    Method::ViewedByTwo,
                    "2026-05-02T00:00:00Z",
                )
            },
            said(
                "xb-police",
                Verdict::Terrorist(a),
                Method::ViewedByOne,
                "2026-06-01T12:00:00Z",
            ),
            said(
                LONGEST,
                Verdict::Terrorist(a),
                Method::Adopted {
                    from: "xa-office".parse().unwrap(),
                },
                "2026-06-01T12:00:00Z",
            ),
        ],
    }
}

fn silent() -> NewEntry {
    let b = types(&[TcoType::B, TcoType::E]);
    NewEntry {
        id: EntryId::from_bytes([0x22; 32]),
        media: MediaKind::AnimatedImage,
        title: "Animated flag".into(),
        source: Some(source("silent", u64::MAX, "image/gif")),
        context: Some(ContextDependence::Dependent),
        created_at: Some(time("1969-12-31T23:59:59Z")),
        prints: vec![
            Print {
                profile: Profile::Shrunk512,
                ..print(pdq(44))
            },
            digest(DigestKind::Sha1, "silent", Some("as it was sent")),
        ],
        state: Some(ConsensusState::BaselineBySilence),
        types: Some(b),
        said: vec![
            said(
                "xb-police",
                Verdict::TerroristOnlyInContext(b),
                Method::ViewedByTwo,
                "1969-12-31T23:59:58Z",
            ),
            said(
                "xa-office",
                Verdict::Terrorist(b),
                Method::ViewedByTwo,
                "2026-06-02T00:00:00Z",
            ),
        ],
    }
}

/// A video with a frame of each role; two begin at once.
fn emerging() -> NewEntry {
    let frames = FrameRole::ALL
        .into_iter()
        .zip(0u8..)
        .map(|(role, k)| Print {
            shown: Some(Shown::new(
                u32::from(k / 2) * 40_000,
                u16::from(k) * 250,
                role,
            )),
            label: (k > 3).then(|| format!("frame {k}")),
            quality: (k != 1).then(|| quality(k * 20)),
            ..print(pdq(50 + k))
        });
    let still = Print {
        profile: Profile::Unstated,
        ..print(pdq(56))
    };
    NewEntry {
        id: EntryId::from_bytes([0x33; 32]),
        media: MediaKind::Video,
        title: "Film, 2:03".into(),
        source: None,
        context: Some(ContextDependence::Unknown),
        created_at: Some(time("2026-11-23T23:59:59Z")),
        prints: frames.chain([still]).collect(),
        state: Some(ConsensusState::Emerging { k: 2, n: 3 }),
        types: Some(types(&[TcoType::C])),
        said: vec![
            said(
                "xa-office",
                Verdict::Terrorist(types(&[TcoType::C])),
                Method::ViewedByTwo,
                "2026-11-24T00:00:00Z",
            ),
            said(
                "xb-police",
                Verdict::InsufficientInformation,
                Method::ViewedByOne,
                "2026-11-24T00:00:00Z",
            ),
        ],
    }
}

fn national() -> NewEntry {
    NewEntry {
        id: EntryId::from_bytes([0x44; 32]),
        title: "Leaflet".into(),
        source: Some(source("national", 0, "image/png")),
        prints: vec![digest(DigestKind::Md5, "national", None)],
        state: Some(ConsensusState::National),
        types: Some(types(&[TcoType::D])),
        said: vec![
            said(
                "xa-office",
                Verdict::Terrorist(types(&[TcoType::D])),
                Method::ViewedByOne,
                "2026-10-01T00:00:00Z",
            ),
            said(
                "xb-police",
                Verdict::NotTerrorist,
                Method::ViewedByTwo,
                "2026-10-02T00:00:00Z",
            ),
            said(
                LONGEST,
                Verdict::Abstain,
                Method::ViewedByOne,
                "2026-10-03T00:00:00Z",
            ),
        ],
        ..agreed()
    }
}

/// Of more states than a byte counts; its title is that of another.
fn many() -> NewEntry {
    NewEntry {
        id: EntryId::from_bytes([0x55; 32]),
        title: "Leaflet".into(),
        source: None,
        prints: vec![
            print(pdq(60)),
            digest(DigestKind::Md5, "many", Some("Leaflet")),
        ],
        state: Some(ConsensusState::Emerging { k: 300, n: 70_000 }),
        types: None,
        said: Vec::new(),
        ..silent()
    }
}

fn unsaid() -> NewEntry {
    NewEntry {
        id: EntryId::from_bytes([0x66; 32]),
        media: MediaKind::Image,
        title: String::new(),
        source: None,
        context: None,
        created_at: None,
        prints: vec![print(pdq(61))],
        state: None,
        types: None,
        said: Vec::new(),
    }
}

/// One is gone, one changed in all that an entry may change in, one is new.
pub(super) fn next_entries() -> [NewEntry; 6] {
    let mut changed = emerging();
    changed.title = "Film, 2:04".into();
    changed.source = Some(source("emerging", 77, "video/mp4"));
    changed.context = Some(ContextDependence::Independent);
    changed.created_at = Some(time("2026-11-23T00:00:00Z"));
    changed.prints.remove(1);
    changed.state = Some(ConsensusState::Baseline);
    changed.said.truncate(1);
    changed.said[0].valid_until = Some(time("2027-11-24T00:00:00Z"));
    let abstains = said(
        "xd-office",
        Verdict::Abstain,
        Method::ViewedByOne,
        "2026-11-24T00:00:01Z",
    );
    changed.said.push(abstains);
    let new = NewEntry {
        id: EntryId::from_bytes([0x01; 32]),
        title: "New today".into(),
        created_at: Some(time("2026-11-24T10:00:00Z")),
        prints: vec![
            print(pdq(70)),
            digest(DigestKind::Sha256, "new", Some("Leaflet")),
        ],
        said: Vec::new(),
        ..agreed()
    };
    [new, agreed(), silent(), changed, many(), unsaid()]
}

fn draft<const N: usize>(
    mut draft: Draft,
    (policy, authorities, logs): (Policy, Vec<Authority>, Vec<Log>),
    entries: [NewEntry; N],
) -> Draft {
    draft.policy(policy);
    for authority in authorities {
        draft.authority(authority);
    }
    for log in logs {
        draft.log(log);
    }
    for entry in entries {
        draft.entry(entry).unwrap();
    }
    draft
}

pub(super) fn consensus() -> Draft {
    let mut first = Draft::new(1_795_478_400, time("2026-11-24T00:00:00Z"));
    first.valid_until(time("2026-12-24T00:00:00Z"));
    draft(first, (policy(), authorities(), logs()), entries())
}

pub(super) fn next() -> Draft {
    let second = Draft::new(1_795_564_800, time("2026-11-25T00:00:00Z"));
    let around = (next_policy(), next_authorities(), next_logs());
    draft(second, around, next_entries())
}
