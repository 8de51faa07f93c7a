//! What no text for others may tell.

/// What a text tells that it must not: it would help whoever tries how far a copy must be changed, or it is about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Tells {
    /// A run of 32 or more hexadecimal digits, or of 40 or more letters and digits with a digit among them (base64).
    #[error("what may be a hash: leave it out, and write UUIDs with their hyphens")]
    Hash,
    /// The word `bits`, or `bit`, `distance` or `afstand` with a number.
    #[error("what may be a distance between hashes: say in words what was seen")]
    Distance,
    /// A mailbox.
    #[error("an e-mail address: name the role, not the person")]
    Mail,
    /// A URL, or what a browser would take for one.
    #[error("an address: name what is meant instead")]
    Address,
}

/// Whether a text in small letters tells something.
type Check = fn(&str) -> bool;

/// Hexadecimal digits of the shortest hash that is in use: MD5.
const HASH_DIGITS: usize = 32;
/// Letters and digits of a text that holds bytes as base64: more than a word has, less than the 43 of 32 bytes.
const BASE64_LETTERS: usize = 40;

impl Tells {
    /// The first thing that a text tells, if any, in the order of the variants.
    ///
    /// # Cost
    /// A copy of the text in small letters.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let checks: [(Check, Self); 4] = [
            (|text| has_hash(text) || has_base64(text), Self::Hash),
            (has_distance, Self::Distance),
            (has_mail, Self::Mail),
            (has_address, Self::Address),
        ];
        let found = checks.into_iter().find(|(is_told, _)| is_told(&text));
        found.map(|(_, tells)| tells)
    }
}

/// Whether there are so many hexadecimal digits in a row that it may be a hash.
pub(super) fn has_hash(text: &str) -> bool {
    let mut runs = text.split(|c: char| !c.is_ascii_hexdigit());
    runs.any(|run| run.len() >= HASH_DIGITS)
}

fn has_base64(text: &str) -> bool {
    let is_of_it = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_');
    let mut runs = text.split(|c: char| !is_of_it(c));
    runs.any(|run| run.len() >= BASE64_LETTERS && run.bytes().any(|b| b.is_ascii_digit()))
}

/// Words and numbers alone: `distance: 12` and `12-bit` are two of them each.
fn has_distance(text: &str) -> bool {
    let spaced = text.replace(|c: char| !c.is_alphanumeric(), " ");
    let mut before: [&str; 2] = [""; 2]; // the last two words
    for word in spaced.split(' ').filter(|word| !word.is_empty()) {
        let [earlier, last] = before;
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        let is_of = matches!(last, "of" | "van" | "is" | "was");
        let named = if is_of { earlier } else { last };
        let is_distance = is_number && matches!(named, "distance" | "afstand");
        let is_bit = word == "bit" && last.ends_with(|c: char| c.is_ascii_digit());
        let is_glued = is_number && (word.ends_with("bit") || word.ends_with("bits"));
        if word == "bits" || is_distance || is_bit || is_glued {
            return true;
        }
        before = [last, word];
    }
    false
}

fn has_mail(text: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut parts = text.match_indices('@');
    parts.any(|(at, _)| {
        let (before, after) = text.split_at(at);
        is_word(before.chars().next_back()) && is_word(after.chars().nth(1))
    }) || text.contains("mailto:")
}

fn has_address(text: &str) -> bool {
    let is_named = ["://", "www.", ".onion", "[.]"].iter();
    is_named.clone().any(|part| text.contains(part)) || text.split_whitespace().any(has_path)
}

/// Whether a word is a host with a path: `example.org/x`.
fn has_path(word: &str) -> bool {
    let Some((host, _)) = word.split_once('/') else {
        return false;
    };
    let Some((name, ending)) = host.rsplit_once('.') else {
        return false;
    };
    let is_ending = ending.len() >= 2 && ending.chars().all(char::is_alphabetic);
    is_ending && name.chars().filter(|c| c.is_alphanumeric()).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_help_an_evader_or_names_a_person_is_seen() {
        let hash = "0123456789abcdef0123456789ABCDEF";
        for (text, tells) in [
            (format!("x {hash} y"), Tells::Hash),
            (
                format!("({}Zz9+/{})", "aQ".repeat(16), "Yx".repeat(2)),
                Tells::Hash,
            ),
            ("within 12 bits of it".to_owned(), Tells::Distance),
            ("a 31-bit radius".to_owned(), Tells::Distance),
            ("8bit".to_owned(), Tells::Distance),
            ("Distance: 12".to_owned(), Tells::Distance),
            ("at a distance of 12".to_owned(), Tells::Distance),
            ("afstand van 12".to_owned(), Tells::Distance),
            ("write to A.b@example.org now".to_owned(), Tells::Mail),
            ("https://example.org".to_owned(), Tells::Address),
            ("WWW.example.org".to_owned(), Tells::Address),
            ("see example.org/path".to_owned(), Tells::Address),
            ("example[.]org".to_owned(), Tells::Address),
        ] {
            assert_eq!(Tells::of(&text), Some(tells), "{text}");
        }
    }

    #[test]
    fn plain_sentences_tell_nothing() {
        for text in [
            "",
            "Regulation (EU) 2021/784, article 2(7)(a), (c)",
            "0123456789abcdef0123456789abcde", // one digit fewer
            "Case 6bf8beb0-765c-4e79-8cb1-dc93fc7478bb",
            "a bit of it, seen from a distance, in 12 places",
            "Filmed 12 m away @ night, and/or by day; art. 17 DSA",
            "gemeenteraadsledenverkiezingsuitslagenbord", // long, and a word
        ] {
            assert_eq!(Tells::of(text), None, "{text}");
        }
    }
}
