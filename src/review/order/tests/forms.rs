//! Forms against golden files, which `IJKPUNT_GOLDEN=write` writes.

use std::fs;
use std::path::Path;

use crate::review::Language;

use super::*;

fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/review/order")
        .join(name);
    if std::env::var_os("IJKPUNT_GOLDEN").is_some_and(|word| word == "write") {
        fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert!(kept == text, "{name} is not as it was:\n{text}");
}

fn all(name: &str, form: impl Fn(Language, Format) -> Result<String, OrderError>) {
    for language in Language::ALL {
        for (format, ending) in [(Format::Plain, "txt"), (Format::Markdown, "md")] {
            let text = form(language, format).unwrap();
            golden(&format!("{name}.{language}.{ending}"), &text);
        }
    }
}

#[test]
fn forms_are_as_they_were() {
    let (order, told, cannot) = (order(), feedback(), impossibility());
    all("order", |language, format| order.form(language, format));
    let sealed = order.clone().sealed();
    all("sealed", |language, format| sealed.form(language, format));
    all("feedback", |language, format| told.form(language, format));
    all("impossibility", |language, format| {
        cannot.form(language, format)
    });
}

#[test]
fn forms_show_no_hashes_and_sealed_ones_no_addresses() {
    let sealed = order().sealed();
    for language in Language::ALL {
        let shown = order().form(language, Format::Plain).unwrap();
        assert!(shown.contains(URLS[0]) && shown.contains(URLS[1]));
        assert!(!shown.contains("abab") && !shown.contains("cdcd"));
        let shown = sealed.form(language, Format::Plain).unwrap();
        assert!(!shown.contains("host.example") && !shown.contains("minute 2"));
    }
}

#[test]
fn one_box_is_ticked_for_each_ground() {
    let explanation = || prose("The power is out.");
    let needed = || prose("Which?");
    let grounds = [
        Ground::Impossible {
            explanation: explanation(),
        },
        Ground::ManifestErrors {
            explanation: explanation(),
            needed: needed(),
        },
        Ground::InsufficientInformation {
            explanation: explanation(),
            needed: needed(),
        },
    ];
    for (place, ground) in grounds.into_iter().enumerate() {
        let answer = Impossibility {
            ground,
            ..impossibility()
        };
        for language in Language::ALL {
            let text = answer.form(language, Format::Plain).unwrap();
            let boxes = text.lines().filter(|line| line.starts_with('['));
            let ticked: Vec<bool> = boxes.map(|line| line.starts_with("[x]")).collect();
            assert_eq!(ticked.len(), 3);
            assert!(ticked.iter().enumerate().all(|(i, &x)| x == (i == place)));
            assert_eq!(text.contains("Which?"), place > 0);
        }
    }
}
