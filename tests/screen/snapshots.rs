//! A list and a snapshot of it find the same; one that is out of date is no reason to say "no match".

use std::sync::Arc;

use ijkpunt::baseline::{
    Authority, ConsensusState, ContextDependence, EntryId, MediaKind, Method, Profile, TcoType,
    TcoTypes, Text, Time, Verdict,
};
use ijkpunt::enrol::Enroller;
use ijkpunt::screen::{Gap, ListVersion};
use ijkpunt::snapshot::{Draft, Folder, Live, NewEntry, Print, Said, Snapshot, Switched};

use super::*;

/// Two pictures with their windows and digests, and a bare hash.
fn listed() -> List {
    let propose = |name: &str| Enroller::new().propose(&bytes_of(name), &Limits::default());
    let proposals = [SCENE, OTHER].map(propose);
    let rows = [("first", &proposals[0]), ("second", &proposals[1])];
    let rows = rows
        .into_iter()
        .flat_map(|(id, proposal)| proposal.rows(id));
    let bare = NewRow::new("bare", away(transform_of(SCENE).pdq(), 12));
    List::from_rows(rows.chain([bare])).unwrap()
}

fn snapshot(valid_until: Option<&str>) -> Arc<Snapshot> {
    let mut draft = Draft::new(3, "2026-01-01T00:00:00Z".parse().unwrap());
    draft.list(&listed()).unwrap();
    if let Some(until) = valid_until {
        draft.valid_until(until.parse().unwrap());
    }
    Arc::new(Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap())
}

/// Uploads of all kinds: what is listed, parts of it, something else, nothing.
fn uploads() -> Vec<Vec<u8>> {
    let scene = image::load_from_memory(&bytes_of(SCENE)).unwrap();
    let mut cropped = Vec::new();
    let crop = scene.crop_imm(64, 48, 192, 144);
    let mut out = std::io::Cursor::new(&mut cropped);
    crop.write_to(&mut out, image::ImageFormat::Png).unwrap();
    let names = [SCENE, OTHER, "png/scene-97x61.png"];
    let files = names.map(bytes_of).into_iter();
    files
        .chain([cropped, b"no picture at all".to_vec()])
        .collect()
}

#[test]
fn a_snapshot_of_a_list_finds_what_the_list_finds() {
    let snapshot = snapshot(None);
    for effort in Effort::ALL {
        let builder = || Screener::builder().surface(Surface::Public).effort(effort);
        let by_list = builder().list("test", listed()).build().unwrap();
        let by_snapshot = builder().list("test", snapshot.clone()).build().unwrap();
        let mut matched = 0;
        for upload in uploads() {
            let [one, other] = [&by_list, &by_snapshot].map(|screener| screener.screen(&upload));
            assert_eq!(one.name(), other.name());
            if let (Screening::Match(one), Screening::Match(other)) = (&one, &other) {
                matched += 1;
                let told = |evidence: &[Evidence]| {
                    let told = evidence.iter().map(|found| {
                        let mut found = found.clone();
                        found.entry_id = None;
                        format!("{found:?}")
                    });
                    let mut told: Vec<String> = told.collect();
                    told.sort(); // equally near ones are in the order of their entries, which differs
                    told
                };
                assert_eq!(told(one.evidence()), told(other.evidence()));
                for found in other.evidence() {
                    let number = snapshot.find(found.entry_id.unwrap()).unwrap();
                    assert_eq!(&*found.entry, snapshot.title(number));
                }
            }
        }
        assert!(
            matched >= 2 + usize::from(effort > Effort::Plain),
            "{effort:?}: {matched}"
        );
        let [one, other] = [&by_list, &by_snapshot].map(|screener| screener.lists()[0].clone());
        let id = snapshot.id();
        assert!(
            matches!(other.version, ListVersion::Snapshot { id: found, sequence: 3, .. } if found == id)
        );
        assert_eq!(
            (one.rows, one.windows, one.exact_rows),
            (other.rows, other.windows, other.exact_rows)
        );
        assert_eq!(
            (one.entries, one.low_quality_rows),
            (other.entries, other.low_quality_rows)
        );
        assert_eq!(one.profile, other.profile);
    }
}

#[test]
fn a_snapshot_says_how_its_hashes_were_made_as_its_list_does() {
    let hash = "0123456789abcdef".repeat(4);
    let whole = |id: &str, profile: &str| format!("{id},{hash},,{profile},\n");
    let window = format!("w,{hash},,windows/1,0 0 5000 5000\n");
    let digest = format!("d,,{hash},,\n");
    for rows in [
        vec![whole("a", "pdq/full"), window.clone()],
        vec![window.clone(), whole("a", "pdq/512")],
        vec![
            whole("a", "pdq/full"),
            whole("b", "pdq/512"),
            window.clone(),
        ],
        vec![whole("a", ""), window.clone()],
        vec![window],
        vec![digest],
    ] {
        let csv = format!("id,pdq,sha256,profile,part\n{}", rows.concat());
        let list = List::from_bytes(csv.as_bytes()).unwrap();
        let mut draft = Draft::new(1, "2026-01-01T00:00:00Z".parse().unwrap());
        let bytes = draft.list(&list).unwrap().to_bytes().unwrap();
        let snapshot = Snapshot::from_bytes(bytes).unwrap();
        let screener = Screener::builder().list("snapshot", snapshot);
        let screener = screener.surface(Surface::Public).build().unwrap();
        assert_eq!(screener.lists()[0].profile, list.profile(), "{csv}");
    }
}

#[derive(Debug)]
struct At(SystemTime);

impl Clock for At {
    fn now(&self) -> SystemTime {
        self.0
    }
}

fn at(text: &str) -> At {
    let time: Time = text.parse().unwrap();
    let seconds = u64::try_from(time.unix_seconds()).unwrap();
    At(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

#[test]
fn an_expired_snapshot_says_no_match_no_more_and_matches_with_a_warning() {
    let until = "2026-02-01T00:00:00Z";
    let screener = |now: &str| {
        let builder = Screener::builder()
            .list("eu", snapshot(Some(until)))
            .clock(at(now));
        builder.surface(Surface::Public).build().unwrap()
    };
    let expected = Gap::ListExpired {
        list: "eu".into(),
        until: until.parse().unwrap(),
    };
    let other = bytes_of("png/scene-97x61.png");
    let (before, after) = (screener("2026-01-31T23:59:59Z"), screener(until));
    assert!(matches!(before.screen(&other), Screening::NoMatch(_)));
    match after.screen(&other) {
        Screening::Undecided(undecided) => {
            assert_eq!(undecided.gaps(), std::slice::from_ref(&expected));
            assert_eq!(undecided.kind(), UndecidedKind::ListExpired);
        }
        other => panic!("{other:?}"),
    }
    for (screener, gaps) in [(before, &[][..]), (after, &[expected])] {
        match screener.screen(&bytes_of(SCENE)) {
            Screening::Match(matched) => assert_eq!(matched.gaps(), gaps),
            other => panic!("{other:?}"),
        }
        // What is wrong with the upload comes first.
        match screener.screen(b"no picture at all") {
            Screening::Undecided(undecided) => {
                assert_eq!(undecided.kind(), UndecidedKind::NotAnImage);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_match_tells_who_assessed_the_entry_and_what_is_off_does_not_match() {
    let created_at: Time = "2026-01-01T00:00:00Z".parse().unwrap();
    let mut draft = Draft::new(1, created_at);
    for (id, state) in [("xa-office", "XA"), ("xb-office", "XB")] {
        draft.authority(Authority {
            id: id.parse().unwrap(),
            state: state.parse().unwrap(),
            name: Text::new("An office").unwrap(),
            roles: [].into(),
        });
    }
    let said = |authority: &str, verdict: Verdict| Said {
        authority: authority.parse().unwrap(),
        verdict,
        method: Method::ViewedByTwo,
        made_at: created_at,
        valid_until: None,
    };
    let types = TcoTypes::from(TcoType::D);
    let of = |state| NewEntry {
        id: EntryId::from_bytes([7; 32]),
        media: MediaKind::Image,
        title: "item".to_owned(),
        source: None,
        context: Some(ContextDependence::Dependent),
        created_at: Some(created_at),
        prints: vec![Print {
            code: transform_of(SCENE).pdq().into(),
            quality: None,
            profile: Profile::Full,
            part: None,
            shown: None,
            label: None,
        }],
        state: Some(state),
        types: Some(types),
        said: vec![
            said("xa-office", Verdict::Terrorist(types)),
            said("xb-office", Verdict::Abstain),
        ],
    };
    // What is not to be looked for does not get in.
    for state in [
        ConsensusState::Withdrawn,
        ConsensusState::Suspended,
        ConsensusState::UnderAssessment,
    ] {
        let refused = draft.entry(of(state)).unwrap_err();
        assert!(
            refused.to_string().contains(&format!("is {state}")),
            "{refused}"
        );
    }
    draft.entry(of(ConsensusState::National)).unwrap();
    let snapshot = Snapshot::from_bytes(draft.to_bytes().unwrap()).unwrap();

    let dir = std::env::temp_dir().join(format!("ijkpunt-screen-live-{}", std::process::id()));
    Folder::at(&dir).install(&snapshot).unwrap();
    let live = Live::follow(&dir).unwrap();
    let builder = Screener::builder().surface(Surface::Public);
    let screener = builder.list("eu", live.clone()).build().unwrap();
    let Screening::Match(matched) = screener.screen(&bytes_of(SCENE)) else {
        panic!("no match");
    };
    let basis = matched.evidence()[0].basis.as_ref().unwrap();
    assert_eq!(
        (basis.state, basis.types),
        (Some(ConsensusState::National), Some(types))
    );
    assert_eq!(basis.title.as_deref(), Some("item"));
    assert_eq!(
        (basis.context, basis.created_at),
        (Some(ContextDependence::Dependent), Some(created_at))
    );
    let told: Vec<(&str, String, Verdict)> = basis
        .assessments
        .iter()
        .map(|one| (one.authority.as_str(), one.state.to_string(), one.verdict))
        .collect();
    let expected = [
        ("xa-office", "XA".to_owned(), Verdict::Terrorist(types)),
        ("xb-office", "XB".to_owned(), Verdict::Abstain),
    ];
    assert_eq!(told, expected);

    // What a screening began with, it ends with; the next one has what is off.
    let entry = matched.evidence()[0].entry_id.unwrap();
    let why = Switched {
        at: created_at,
        reason: Text::new("wrong medium").unwrap(),
    };
    assert!(
        live.suspend(entry, &Text::new("platform").unwrap(), why.clone())
            .unwrap()
    );
    let screening = screener.screen(&bytes_of(SCENE));
    assert!(matches!(screening, Screening::NoMatch(_)), "{screening:?}");
    assert_eq!(screening.lists()[0].switched_off, 1);
    assert!(
        live.resume(entry, &Text::new("platform").unwrap(), why)
            .unwrap()
    );
    assert!(matches!(
        screener.screen(&bytes_of(SCENE)),
        Screening::Match(_)
    ));

    // A folder that cannot be read is told with every answer, and what was there is asked on.
    assert_eq!(screener.lists()[0].trouble, None);
    fs::remove_file(dir.join("current")).unwrap();
    assert!(live.refresh().is_err());
    let screening = screener.screen(&bytes_of(SCENE));
    assert!(matches!(screening, Screening::Match(_)));
    let trouble = screening.lists()[0].trouble.clone().unwrap();
    assert!(
        trouble.contains("gone, though something was installed"),
        "{trouble}"
    );
    fs::remove_dir_all(dir).unwrap();
}
