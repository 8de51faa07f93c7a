use super::super::plan::Sizes;
use super::super::{Args, run_sized};
use super::*;

#[test]
fn people_decide_and_everything_that_is_told_of_is_there() {
    let dir = std::env::temp_dir().join(format!("ijkpunt-demo-review-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    let args = Args {
        dir: dir.clone(),
        photos: None,
    };
    let sizes = Sizes {
        items: 3,
        unchanged: 6,
        each_edit: 2,
        cut_short: 1,
        unrelated: 6,
        each_family: 1,
    };
    let invocation = Invocation::current();
    run_sized(&args, sizes, &invocation, &mut Vec::new()).unwrap();
    let folder = Folder::admit(&dir).unwrap();
    let mut out = Vec::new();
    run(&folder, &invocation, &mut out).unwrap();
    let told = String::from_utf8(out).unwrap();

    assert!(told.contains("the breaker switches it off"), "{told}");
    assert!(told.contains("1 entry off in the list"), "{told}");
    assert!(
        told.contains("r-23 upholds it, and it is put back"),
        "{told}"
    );
    for file in [
        "page.en.html",
        "page.nl.html",
        "notice-removed.nl.txt",
        "notice-put-back.en.txt",
        "statements.json",
        "means.en.md",
        "year.nl.md",
        "feedback.json",
        "export.jsonl",
    ] {
        assert!(
            fs::metadata(folder.review().join(file)).is_ok_and(|file| file.len() > 100),
            "{file}: {told}"
        );
    }
    let reviews = Reviews::read(folder.review().join("cases.ijkpunt")).unwrap();
    reviews.verify(|_, _| ()).unwrap();
    assert_eq!(reviews.tripped().count(), 1);
    // Once more: the folder is made anew.
    folder.clear().unwrap();
    assert!(!folder.review().exists());
    fs::remove_dir_all(dir).unwrap();
}
