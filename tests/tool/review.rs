//! What the people of a platform do by hand.

use std::fs;

use super::{Folder, err, ijkpunt, out};

/// A platform with its file of cases, and the lines of four uploads that matched.
struct Platform {
    folder: Folder,
    cases: String,
}

const MATCHES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/testdata/review/page/uploads.jsonl"
);
const MORNING: &str = "2026-11-23T09:00:00Z";

impl Platform {
    fn new(name: &str, options: &[&str]) -> Self {
        let folder = Folder::new(name);
        let cases = format!("{}/cases.ijkpunt", folder.path());
        let platform = Self { folder, cases };
        let begin = ["init", "--platform", "Voorbeeld", "--first", "lead-1"];
        platform.does(&[&begin[..], options].concat(), MORNING);
        for (person, roles) in [("r-17", "reviewer"), ("r-23", "reviewer,complaints")] {
            platform.does(
                &["enrol", person, "--roles", roles, "--as", "lead-1"],
                MORNING,
            );
        }
        platform.does(&["open", MATCHES], MORNING);
        platform
    }

    fn run(&self, arguments: &[&str], at: &str) -> std::process::Output {
        let mut all = vec!["review"];
        all.extend(arguments);
        all.extend(["--cases", self.cases.as_str(), "--at", at]);
        ijkpunt(&all)
    }

    /// What it says when it does something.
    fn does(&self, arguments: &[&str], at: &str) -> String {
        let output = self.run(arguments, at);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}{}",
            out(&output),
            err(&output)
        );
        out(&output)
    }

    /// What it says when it does not.
    fn refuses(&self, arguments: &[&str], at: &str) -> String {
        let output = self.run(arguments, at);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            out(&output)
        );
        err(&output)
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder.path())
    }
}

#[test]
fn a_case_goes_from_a_match_to_a_complaint_that_is_upheld() {
    let platform = Platform::new("review-story", &[]);
    let list = platform.does(&["list"], MORNING);
    assert!(
        list.contains("waiting") && list.contains("near_duplicate"),
        "{list}"
    );
    let again = platform.does(&["open", MATCHES], MORNING);
    assert!(
        again.contains("is about it already") && again.contains("0 cases opened"),
        "{again}"
    );

    let remove = [
        "decide",
        "1",
        "terrorist",
        "--types",
        "a,c",
        "--action",
        "remove",
        "--note",
        "no context",
    ];
    let unnamed = platform.run(&remove, MORNING);
    assert!(err(&unnamed).contains("--as <PERSON>"), "{}", err(&unnamed));
    let unknown = platform.refuses(&[&remove[..], &["--as", "r-99"]].concat(), MORNING);
    assert!(
        unknown.contains("nobody is enrolled here as r-99"),
        "{unknown}"
    );
    let decided = platform.does(&[&remove[..], &["--as", "r-23"]].concat(), MORNING);
    assert!(decided.contains("tell the uploader"), "{decided}");
    let twice = platform.refuses(&[&remove[..], &["--as", "r-17"]].concat(), MORNING);
    assert!(
        twice.contains("case 1") && twice.contains("reopen it"),
        "{twice}"
    );

    let notice = platform.does(&["report", "notice", "1", "--language", "nl"], MORNING);
    assert!(
        notice.contains("Voorbeeld") && !notice.contains("looked at it"),
        "{notice}"
    );
    let late = platform.run(&["due"], "2026-11-23T10:00:00Z");
    assert_eq!(late.status.code(), Some(1), "{}", out(&late));
    platform.does(&["informed", "1", "--as", "r-17"], "2026-11-23T10:00:00Z");
    assert_eq!(
        platform.run(&["due"], "2026-11-23T11:00:00Z").status.code(),
        Some(0)
    );

    let noon = "2026-11-23T12:00:00Z";
    let complaint = platform.does(&["complain", "1", "--text", "it is news"], noon);
    assert!(
        complaint.contains("until 2026-12-07T12:00:00Z: decide on the complaint"),
        "{complaint}"
    );
    let own = platform.refuses(&["uphold", "1", "--as", "r-23"], noon);
    assert!(own.contains("somebody else has to decide"), "{own}");
    let no_role = platform.refuses(&["uphold", "1", "--as", "r-17"], noon);
    assert!(no_role.contains("takes the role complaints"), "{no_role}");
    let upheld = platform.does(&["uphold", "1", "--as", "lead-1", "--note", "it is"], noon);
    assert!(upheld.contains("put the content back"), "{upheld}");
    assert!(
        platform
            .does(&["reinstatements"], noon)
            .contains("complaint")
    );
    platform.does(&["put-back", "1", "--as", "r-17"], noon);
    assert!(
        platform
            .does(&["reinstatements"], noon)
            .contains("nothing is to be put back")
    );
    let story = platform.does(&["show", "1"], noon);
    assert!(
        story.contains("\"it is news\"") && story.contains("put back, by r-17"),
        "{story}"
    );
}

#[test]
fn two_people_agree_where_the_policy_asks_for_it() {
    let platform = Platform::new("review-second", &["--second", "removals"]);
    let remove = [
        "decide",
        "2",
        "terrorist",
        "--types",
        "a",
        "--action",
        "remove",
        "--as",
    ];
    let first = platform.does(&[&remove[..], &["r-17"]].concat(), MORNING);
    assert!(first.contains("somebody else has to look, too"), "{first}");
    let same = platform.refuses(&[&remove[..], &["r-17"]].concat(), MORNING);
    assert!(same.contains("somebody else has to"), "{same}");
    let second = platform.does(&[&remove[..], &["r-23"]].concat(), MORNING);
    assert!(second.contains("confirmed terrorist"), "{second}");
    let legal = platform.refuses(
        &["decide", "3", "legal", "--action", "remove", "--as", "r-17"],
        MORNING,
    );
    assert!(
        legal.contains("only where a person finds it terrorist"),
        "{legal}"
    );
}

#[test]
fn reports_the_page_and_the_export_come_out_of_the_records() {
    let platform = Platform::new("review-reports", &[]);
    platform.does(
        &[
            "decide",
            "1",
            "terrorist",
            "--types",
            "a",
            "--action",
            "remove",
            "--as",
            "r-17",
        ],
        MORNING,
    );
    let statements = platform.path("statements");
    let times = ["--from", "2026-11-23", "--until", "2026-11-24"];
    let told = platform.does(
        &[
            &["report", "statements", "--output", &statements],
            &times[..],
        ]
        .concat(),
        MORNING,
    );
    assert!(told.contains("1 statement"), "{told}");
    let json = fs::read_to_string(format!("{statements}/statements-001.json")).unwrap();
    assert!(
        json.contains("AUTOMATED_DECISION_NOT_AUTOMATED")
            && json.contains("KEYWORD_TERRORIST_CONTENT"),
        "{json}"
    );
    let means = platform.does(
        &[
            &["report", "means", "--screened", "1000"],
            &["--from", "2026-11-01", "--until", "2026-12-01"][..],
        ]
        .concat(),
        MORNING,
    );
    assert!(means.contains("not measured"), "{means}");
    let year = platform.does(&["report", "year", "2026", "--form", "json"], MORNING);
    assert!(year.contains("\"own_decision\""), "{year}");

    let page = platform.path("page.html");
    platform.does(
        &["page", "1", "2", "--output", &page, "--language", "nl"],
        MORNING,
    );
    let html = fs::read_to_string(&page).unwrap();
    assert!(
        html.contains("lang=\"nl\"") && html.contains("Content-Security-Policy"),
        "{}",
        &html[..500]
    );

    let export = platform.path("export.jsonl");
    let exported = platform.does(&["export", "--output", &export], MORNING);
    let head = exported.lines().last().unwrap().to_owned();
    let verified = ijkpunt(&["review", "verify-export", &export]);
    assert!(
        out(&verified).ends_with(&format!("{head}\n")),
        "{}{}",
        out(&verified),
        err(&verified)
    );
    let changed = fs::read_to_string(&export)
        .unwrap()
        .replacen("remove", "leave", 1);
    fs::write(&export, changed).unwrap();
    let noticed = ijkpunt(&["review", "verify-export", &export]);
    assert!(
        err(&noticed).contains("does not follow from its record"),
        "{}",
        err(&noticed)
    );
    assert!(
        platform
            .does(&["verify"], MORNING)
            .contains("each follows from those before it")
    );
}

#[test]
fn an_order_is_refused_cleared_carried_out_and_ended() {
    let platform = Platform::new("review-order", &[]);
    let order = platform.folder.put("order.json", ORDER);
    let entered = platform.does(
        &[
            "order",
            "enter",
            &order,
            "--subject",
            "upload-9",
            "--as",
            "r-17",
        ],
        MORNING,
    );
    assert!(
        entered.contains("until 2026-11-23T10:00:00Z: carry out the order"),
        "{entered}"
    );
    let case = entered.split([' ', ':']).nth(1).unwrap();
    let who = ["--established", "XB", "--as", "r-17"];
    let refusal = [
        "order",
        "refuse",
        case,
        "--ground",
        "insufficient-information",
        "--reasons",
        "no such upload",
        "--needed",
        "the address",
    ];
    let answer = platform.does(&[&refusal[..], &who].concat(), "2026-11-23T09:10:00Z");
    assert!(
        answer.contains("no such upload") && answer.contains("R-17/2026"),
        "{answer}"
    );
    platform.does(
        &["order", "clear", case, "--as", "r-17"],
        "2026-11-23T12:00:00Z",
    );
    let due = platform.does(&["due"], "2026-11-23T12:00:00Z");
    assert!(due.contains("2026-11-23T13:00:00Z"), "{due}");
    let done = platform.does(
        &[&["order", "done", case], &who[..]].concat(),
        "2026-11-23T12:30:00Z",
    );
    assert!(
        done.contains("2026-11-23T12:30:00Z") || done.contains("12:30"),
        "{done}"
    );
    let ended = platform.does(
        &["order", "end", case, "--why", "annulled", "--as", "r-17"],
        "2026-11-24T00:00:00Z",
    );
    assert!(ended.contains("put the content back"), "{ended}");
    let stored = fs::read(&platform.cases).unwrap();
    let address = b"host.example";
    assert!(
        !stored.windows(address.len()).any(|bytes| bytes == address),
        "the address was kept"
    );
}

const ORDER: &str = r#"{"issued_by":{"name":"Authority of XA","state":"XA","kind":"other","contact":"orders desk"},"reference":"R-17/2026","issued_at":"2024-02-28T23:30:00Z","addressee":{"host":"Example Hosting","representative":"Example Representatives","state":"XB","contact_point":null},"language":"nl","addresses":{"listed":["https://host.example/watch?v=1&t=2","https://host.example/a"]},"whereabouts":"From minute 2 on.","types":["A","D"],"reasons":"It praises an attack.\n\n- And *names* <it>.","non_disclosure":null,"copy_to":"Authority of XB","announcement":{"at":"2024-02-28T11:30:00Z"},"redress":{"body":"Court of XA","procedure":"In writing.","deadline":"six weeks from receipt","until":"2024-04-11T00:00:00Z"},"media":[{"kind":"video","pdq":"abababababababababababababababababababababababababababababababab","sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"}]}"#;
