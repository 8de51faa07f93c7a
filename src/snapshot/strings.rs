//! All texts of a snapshot, each once, in order.

use std::collections::BTreeMap;

use crate::index::Shared;

use super::error::{Damage, damage};
use super::head::Kind;

/// Gives texts their numbers.
#[derive(Default)]
pub(super) struct Dictionary<'a>(BTreeMap<&'a str, u32>);

impl<'a> Dictionary<'a> {
    /// Of these texts, in the order of their bytes.
    pub(super) fn of(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all: BTreeMap<&str, u32> = texts.into_iter().map(|text| (text, 0)).collect();
        for (number, (_, place)) in (0..).zip(&mut all) {
            *place = number;
        }
        Self(all)
    }

    /// The number of a text that is there.
    pub(super) fn number(&self, text: &str) -> u32 {
        self.0.get(text).copied().unwrap_or(NONE)
    }

    /// How many bytes they have together.
    pub(super) fn bytes(&self) -> usize {
        self.0.keys().map(|text| text.len()).sum()
    }

    /// The section: how many, where each begins and the last ends, all of them.
    pub(super) fn written(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let number = |number: usize| u32::try_from(number).unwrap_or(NONE).to_le_bytes();
        bytes.extend(number(self.0.len()));
        let mut end = 0;
        bytes.extend(number(end));
        for text in self.0.keys() {
            end += text.len();
            bytes.extend(number(end));
        }
        bytes.extend(self.0.keys().flat_map(|text| text.bytes()));
        bytes
    }
}

/// Stands where there is no text.
pub(super) const NONE: u32 = u32::MAX;

/// Texts that were checked.
pub(super) struct Strings {
    bytes: Shared,
    count: usize,
}

impl Strings {
    /// Checks that all of them are there, whole, in UTF-8 and in order. `begin` is where they lie in the file.
    pub(super) fn open(bytes: Shared, begin: usize) -> Result<Self, Damage> {
        let wrong = |at: usize, expected: &str, found: &dyn std::fmt::Display| {
            damage(Kind::Strings, begin + at, expected, found)
        };
        let count = four(&bytes, 0) as usize;
        let strings = Self { bytes, count };
        let texts = count.checked_mul(4).and_then(|ends| ends.checked_add(8));
        let Some(texts) = texts.filter(|&texts| texts <= strings.bytes.len()) else {
            return Err(wrong(0, "as many texts as there is room for", &count));
        };
        let mut end = 0;
        let mut before: Option<&str> = None;
        if four(&strings.bytes, 4) != 0 {
            return Err(wrong(4, "0", &four(&strings.bytes, 4)));
        }
        for number in 0..count {
            let at = 8 + 4 * number;
            let next = four(&strings.bytes, at) as usize;
            let text = strings.bytes[texts..].get(end..next);
            let Some(text) = text else {
                return Err(wrong(at, "the end of a text", &next));
            };
            let Ok(text) = str::from_utf8(text) else {
                return Err(wrong(texts + end, "UTF-8", &"other bytes"));
            };
            if before.is_some_and(|before| before >= text) {
                return Err(wrong(
                    texts + end,
                    "texts in order, each once",
                    &"one that is not behind the one before",
                ));
            }
            (end, before) = (next, Some(text));
        }
        if texts + end != strings.bytes.len() {
            return Err(wrong(texts + end, "the end of the section", &"more bytes"));
        }
        Ok(strings)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// A text by its number; empty where there is none.
    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        if number >= self.count {
            return "";
        }
        let [from, to] = [4, 8].map(|first| four(&self.bytes, first + 4 * number) as usize);
        let texts = self.bytes.get(8 + 4 * self.count..);
        let text = texts.and_then(|texts| texts.get(from..to));
        text.and_then(|text| str::from_utf8(text).ok())
            .unwrap_or_default()
    }
}

/// A number; 0 where there is none.
pub(super) fn four(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk());
    u32::from_le_bytes(four.copied().unwrap_or_default())
}
