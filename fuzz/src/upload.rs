//! Bytes as a screened upload, as the tool writes one in a line: what is read is written so that it is read as the same, and the page on which
//! it is reviewed takes nothing of it for markup.

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::review::Language;
use ijkpunt::review::page::{Shown, Upload, write};

/// As much as a record may have.
pub fn run(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(mut upload) = Upload::read(bytes, &limits) else {
        return;
    };
    let Ok(written) = upload.to_json() else {
        panic!("what was read can be written");
    };
    let mut wide = limits.clone();
    wide.record_bytes *= 6; // an escape in a string can be longer than what it stands for
    let again = Upload::read(written.as_bytes(), &wide);
    assert_eq!(again.as_ref(), Ok(&upload));
    let bare = upload.clone().without_hashes();
    assert!(bare.matches.iter().all(|found| found.hashes.is_none()));

    // Whatever it is called, its names are made worse.
    worse(&mut upload.subject);
    upload.reason.iter_mut().for_each(worse);
    for list in &mut upload.lists {
        worse(&mut list.name);
        list.trouble.iter_mut().for_each(worse);
        list.stale.iter_mut().for_each(worse);
    }
    for found in &mut upload.matches {
        worse(&mut found.list);
        worse(&mut found.entry);
        found.label.iter_mut().for_each(worse);
    }
    for run in &mut upload.segments {
        worse(&mut run.list);
        worse(&mut run.entry);
    }
    for language in Language::ALL {
        let (page, empty) = (page(&[Shown::new(&upload)], language), page(&[], language));
        let scripts = |page: &str| page.to_lowercase().matches("<script").count();
        assert_eq!(scripts(&page), scripts(&empty));
        assert!(!page.contains(WORSE));
    }
}

fn worse(text: &mut Box<str>) {
    *text = format!("{WORSE}{text}").into();
}

fn page(uploads: &[Shown<'_>], language: Language) -> String {
    let mut page = Vec::new();
    assert!(write(uploads, language, Time::MIN, &mut page).is_ok());
    let Ok(page) = String::from_utf8(page) else {
        panic!("a page is text");
    };
    page
}

const WORSE: &str = "'\"--></title><script>";
