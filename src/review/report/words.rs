//! Days, numbers and types of terrorist content in the words of a language.

use crate::baseline::{TcoType, Time};
use crate::review::Language;

/// The day in UTC: `2026-11-22`.
pub(super) fn date(time: Time) -> String {
    time.to_string().chars().take("YYYY-MM-DD".len()).collect()
}

const MONTHS: [[&str; 2]; 12] = [
    ["January", "januari"],
    ["February", "februari"],
    ["March", "maart"],
    ["April", "april"],
    ["May", "mei"],
    ["June", "juni"],
    ["July", "juli"],
    ["August", "augustus"],
    ["September", "september"],
    ["October", "oktober"],
    ["November", "november"],
    ["December", "december"],
];

/// The day in UTC as people write it: `22 November 2026`.
pub(super) fn day(time: Time, language: Language) -> String {
    let date = date(time);
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return date;
    };
    let month = month.parse::<usize>().ok();
    let names = month.and_then(|month| MONTHS.get(month.checked_sub(1)?));
    match names {
        Some([english, dutch]) => {
            let name = either(language, english, dutch);
            format!("{} {name} {year}", day.trim_start_matches('0'))
        }
        None => date,
    }
}

/// The text in the language.
pub(super) const fn either<T: Copy>(language: Language, english: T, dutch: T) -> T {
    match language {
        Language::English => english,
        Language::Dutch => dutch,
    }
}

/// A type of terrorist content, as what the content does: `incites ...`, with the point of article 2(7) TCO.
pub(super) const fn tco_type(kind: TcoType, language: Language) -> &'static str {
    match kind {
        TcoType::A => either(
            language,
            "incites to terrorist offences, for instance by glorifying them (point (a))",
            "zet aan tot terroristische misdrijven, bijvoorbeeld door die te verheerlijken (punt a)",
        ),
        TcoType::B => either(
            language,
            "asks people to commit terrorist offences or to contribute to them (point (b))",
            "roept mensen op om terroristische misdrijven te plegen of daaraan bij te dragen (punt b)",
        ),
        TcoType::C => either(
            language,
            "asks people to take part in the activities of a terrorist group (point (c))",
            "roept mensen op om deel te nemen aan de activiteiten van een terroristische groep (punt c)",
        ),
        TcoType::D => either(
            language,
            "instructs in making or using weapons or other methods for terrorist offences (point (d))",
            "geeft instructies voor het maken of gebruiken van wapens of andere methoden voor terroristische misdrijven (punt d)",
        ),
        TcoType::E => either(
            language,
            "threatens to commit a terrorist offence (point (e))",
            "dreigt met het plegen van een terroristisch misdrijf (punt e)",
        ),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[&str], language: Language) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => {
            let and = either(language, "and", "en");
            format!("{} {and} {last}", first.join(", "))
        }
    }
}

/// A share in percent, with so many digits that nothing but 0 and 1 looks like 0 or 100 %.
pub(super) fn percent(share: f64, language: Language) -> String {
    let percent = share * 100.0;
    let from_end = percent.min(100.0 - percent);
    let fits =
        |&decimals: &usize| from_end <= 0.0 || from_end * 10_f64.powi(power(decimals)) > 9.99; // two digits, but for rounding
    let decimals = (1..MOST_DECIMALS).find(fits).unwrap_or(MOST_DECIMALS);
    let text = format!("{percent:.decimals$}");
    match language {
        Language::English => text,
        Language::Dutch => text.replace('.', ","),
    }
}

const MOST_DECIMALS: usize = 12;

fn power(decimals: usize) -> i32 {
    i32::try_from(decimals).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_people_write_them() {
        for (text, english, dutch) in [
            ("2026-11-02T23:59:59Z", "2 November 2026", "2 november 2026"),
            ("2027-03-30T00:00:00Z", "30 March 2027", "30 maart 2027"),
        ] {
            let time: Time = text.parse().unwrap();
            assert_eq!(day(time, Language::English), english);
            assert_eq!(day(time, Language::Dutch), dutch);
        }
    }

    #[test]
    fn only_nothing_and_all_look_like_it() {
        for (share, text) in [
            (0.0, "0.0"),
            (1.0, "100.0"),
            (0.075, "7.5"),
            (0.999, "99.90"),
            (0.999_93, "99.9930"),
            (0.000_000_4, "0.000040"),
            (0.999_999_996, "99.99999960"),
        ] {
            assert_eq!(percent(share, Language::English), text);
        }
        assert_eq!(percent(0.075, Language::Dutch), "7,5");
    }

    #[test]
    fn lists_end_with_and() {
        let list = |items: &[&str]| listed(items, Language::Dutch);
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a en b");
        assert_eq!(list(&["a", "b", "c"]), "a, b en c");
    }
}
