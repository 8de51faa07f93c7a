//! A list and a snapshot of it find the same; one that is out of date is no reason to say "no match".

use std::sync::Arc;

use ijkpunt::baseline::Time;
use ijkpunt::enrol::Enroller;
use ijkpunt::screen::{Gap, ListVersion};
use ijkpunt::snapshot::{Draft, Snapshot};

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
