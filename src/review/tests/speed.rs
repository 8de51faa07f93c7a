//! How fast it is with a million cases; run by hand:
//! `cargo test --release --features review --lib review::tests::speed -- --ignored --nocapture`.

use std::time::Instant;

use super::*;

/// How many cases, ten thousands; fewer by hand.
const CASES: &str = "IJKPUNT_REVIEW_CASES";

/// What it gives, and prints how long it took.
fn timed<T>(what: &str, with: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let made = with();
    println!("{what}: {:.3} s", begin.elapsed().as_secs_f64());
    made
}

/// Many decisions in one transaction, as the public interface does not: as fast as the disk takes them.
fn decide_many(reviews: &mut Reviews, cases: impl Iterator<Item = u32>) {
    use crate::review::event::What;

    let [ada, ben] = ["ada", "ben"].map(|name| who(reviews, name).number);
    let mut change = reviews.begin().unwrap();
    for number in cases {
        let (outcome, action) = match number % 10 {
            0 => (Outcome::NotAMatch, Action::Leave),
            _ => (terrorist(), Action::Remove),
        };
        let what = What::Found {
            outcome,
            action,
            note: None,
            decides: true,
        };
        let by = if number % 3 == 0 { ben } else { ada };
        change
            .happen(CaseId(number), Some(by), what, at(HOUR))
            .unwrap();
    }
    change.commit().unwrap();
}

#[test]
#[ignore = "writes a gigabyte; for figures"]
fn figures_of_a_million_cases() {
    let cases = std::env::var(CASES).map_or(1_000_000, |cases| cases.parse().unwrap());
    let place = Place::new();
    let mut rule = policy();
    rule.review_hours = Some(48);
    let mut reviews = place.reviews(&rule);
    timed("cases in batches of 5000", || {
        for batch in 0..cases / 5000 {
            let matches: Vec<Match> = (0..5000)
                .map(|number| {
                    let number = batch * 5000 + number;
                    let names = [number % 9973, number % 997 + 10_000];
                    let found = names.map(|name| {
                        Found::new(
                            EntryName::new("eu", &format!("{name:064x}")),
                            MatchClass::NearDuplicate,
                        )
                    });
                    let subject = format!("upload-{number}");
                    let found = found.to_vec();
                    Match::new(&subject, Surface::Public, MediaKind::Image, at(0), found).unwrap()
                })
                .collect();
            reviews.open_cases(&matches, at(0)).unwrap();
        }
    });
    timed("half of them decided in batches of 5000", || {
        for batch in 0..cases / 2 / 5000 {
            decide_many(&mut reviews, batch * 5000 + 1..=batch * 5000 + 5000);
        }
    });
    drop(reviews);
    let length = fs::metadata(place.path()).unwrap().len();
    println!("{} bytes a case", length / u64::from(cases));
    let mut reviews = timed("open", || place.open());
    let (_, open) = timed("open_list", || reviews.open_list(100).unwrap());
    assert_eq!(open, u64::from(cases / 2));
    let (_, due) = timed("due", || reviews.due(at(90 * DAY), 100).unwrap());
    println!("{due} are due");
    timed("reinstatements", || reviews.reinstatements().unwrap());
    timed("what finds cases", || reviews.finder().map(|_| ()).unwrap());
    let mut times = Vec::new();
    for number in 0..200 {
        let id = CaseId(cases / 2 + 1 + number * (cases / 2000));
        let decision = who(&reviews, "ada").finds(terrorist()).and(Action::Remove);
        let begin = Instant::now();
        reviews.decide(id, &decision, at(2 * HOUR)).unwrap();
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    println!(
        "a decision: median {:?}, slowest {:?}",
        times[100], times[199]
    );
    let begin = Instant::now();
    let upload = matched("one more", &[1]);
    reviews.open_case(&upload, at(2 * HOUR)).unwrap();
    println!("a case: {:?}", begin.elapsed());
    timed("verify", || reviews.verify(|_, _| ()).unwrap());
    timed("rebuild", || reviews.rebuild().unwrap());
}
