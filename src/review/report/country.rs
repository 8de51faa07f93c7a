//! The countries in which a decision has effect.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::review::Language;

/// A country of the European Economic Area, by its code (ISO 3166-1 alpha-2): the 27 of the Union, Iceland, Liechtenstein and Norway.
///
/// Serde gives the code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(&'static str);

/// Code, whether in the Union, name in English and in Dutch; sorted by code.
const COUNTRIES: [(&str, bool, &str, &str); 30] = [
    ("AT", true, "Austria", "Oostenrijk"),
    ("BE", true, "Belgium", "België"),
    ("BG", true, "Bulgaria", "Bulgarije"),
    ("CY", true, "Cyprus", "Cyprus"),
    ("CZ", true, "Czechia", "Tsjechië"),
    ("DE", true, "Germany", "Duitsland"),
    ("DK", true, "Denmark", "Denemarken"),
    ("EE", true, "Estonia", "Estland"),
    ("ES", true, "Spain", "Spanje"),
    ("FI", true, "Finland", "Finland"),
    ("FR", true, "France", "Frankrijk"),
    ("GR", true, "Greece", "Griekenland"),
    ("HR", true, "Croatia", "Kroatië"),
    ("HU", true, "Hungary", "Hongarije"),
    ("IE", true, "Ireland", "Ierland"),
    ("IS", false, "Iceland", "IJsland"),
    ("IT", true, "Italy", "Italië"),
    ("LI", false, "Liechtenstein", "Liechtenstein"),
    ("LT", true, "Lithuania", "Litouwen"),
    ("LU", true, "Luxembourg", "Luxemburg"),
    ("LV", true, "Latvia", "Letland"),
    ("MT", true, "Malta", "Malta"),
    ("NL", true, "the Netherlands", "Nederland"),
    ("NO", false, "Norway", "Noorwegen"),
    ("PL", true, "Poland", "Polen"),
    ("PT", true, "Portugal", "Portugal"),
    ("RO", true, "Romania", "Roemenië"),
    ("SE", true, "Sweden", "Zweden"),
    ("SI", true, "Slovenia", "Slovenië"),
    ("SK", true, "Slovakia", "Slowakije"),
];

impl Country {
    /// All 30, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.iter().map(|(code, ..)| Self(code))
    }

    /// The 27 Member States of the Union, by code.
    pub fn union() -> impl Iterator<Item = Self> {
        let states = COUNTRIES.iter().filter(|(_, is_member, ..)| *is_member);
        states.map(|(code, ..)| Self(code))
    }

    /// Its code: two capital letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// Its name, as it stands in a sentence: `the Netherlands`.
    #[must_use]
    pub fn name(self, language: Language) -> &'static str {
        let found = COUNTRIES.iter().find(|(code, ..)| *code == self.0);
        found.map_or(self.0, |(_, _, english, dutch)| match language {
            Language::English => english,
            Language::Dutch => dutch,
        })
    }
}

impl FromStr for Country {
    type Err = NoCountry;

    fn from_str(code: &str) -> Result<Self, NoCountry> {
        Self::all().find(|it| it.0 == code).ok_or(NoCountry)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        code.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Not a country of the European Economic Area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a country of the European Economic Area: write its two capital letters, such as NL (Greece is GR)"
)]
#[non_exhaustive]
pub struct NoCountry;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_thirty_countries_of_which_twenty_seven_are_in_the_union() {
        let all: Vec<Country> = Country::all().collect();
        assert!(all.is_sorted() && all.len() == 30);
        assert_eq!(Country::union().count(), 27);
        for country in all {
            assert_eq!(country.code().parse(), Ok(country));
            let json = serde_json::to_string(&country).unwrap();
            assert_eq!(serde_json::from_str::<Country>(&json).unwrap(), country);
        }
    }

    #[test]
    fn other_countries_and_spellings_are_refused() {
        for code in ["", "nl", "EL", "UK", "GB", "CH", "EU", "NLD", "N"] {
            assert_eq!(code.parse::<Country>(), Err(NoCountry), "{code}");
        }
    }
}
