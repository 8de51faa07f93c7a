//! A judge of the payloads: a reader that knows nothing but the tables of the README, and no serde.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Value, json};

use super::expected::hex;

/// What the README says of a type.
enum Table {
    /// Fields in their order, and their types.
    Fields(Vec<(String, String)>),
    /// Names by their numbers, and what each holds.
    Choices(Vec<(String, Option<String>)>),
}

/// All tables of the README that stand below the name of a type.
pub(super) struct Tables(BTreeMap<String, Table>);

impl Tables {
    pub(super) fn of(readme: &str) -> Self {
        let mut tables = BTreeMap::new();
        for section in readme.split("\n### ").skip(1) {
            let (name, text) = section.split_once('\n').unwrap();
            let lines = text.lines().take_while(|line| line.starts_with('|'));
            let rows: Vec<[String; 3]> = lines.map(cells).collect();
            let body = rows.iter().skip(2);
            let table = match rows[0][0].as_str() {
                "field" => {
                    let fields = body.map(|[field, of, _]| (field.clone(), of.clone()));
                    Table::Fields(fields.collect())
                }
                "number" => {
                    let choices = body.enumerate().map(|(at, [number, name, holds])| {
                        assert_eq!(*number, at.to_string(), "{name}");
                        (name.clone(), (!holds.is_empty()).then(|| holds.clone()))
                    });
                    Table::Choices(choices.collect())
                }
                other => panic!("{name}: {other}"),
            };
            tables.insert(bare(name), table);
        }
        Self(tables)
    }

    /// The names of the types, with how many rows each has.
    pub(super) fn rows(&self) -> BTreeMap<&str, usize> {
        let rows = self.0.iter().map(|(name, table)| match table {
            Table::Fields(fields) => (name.as_str(), fields.len()),
            Table::Choices(choices) => (name.as_str(), choices.len()),
        });
        rows.collect()
    }

    /// The names of choices in the order of their numbers; none in the place of one that holds something.
    pub(super) fn names(&self, of: &str) -> Vec<Option<&str>> {
        let Some(Table::Choices(choices)) = self.0.get(of) else {
            panic!("no choices of {of}");
        };
        let names = choices.iter();
        let names = names.map(|(name, holds)| holds.is_none().then_some(name.as_str()));
        names.collect()
    }

    /// Reads a value, all of the bytes. None for what does not read.
    pub(super) fn read<'b>(&self, of: &str, bytes: &'b [u8]) -> Option<Read<'b>> {
        let mut reader = Reader {
            tables: self,
            bytes,
            at: 0,
            parts: Vec::new(),
        };
        let value = reader.value(of)?;
        (reader.at == bytes.len()).then_some(Read {
            value,
            bytes,
            parts: reader.parts,
        })
    }
}

fn cells(line: &str) -> [String; 3] {
    let cells: Vec<String> = line.trim_matches('|').split('|').map(bare).collect();
    cells.try_into().unwrap()
}

fn bare(cell: &str) -> String {
    cell.trim().replace('`', "")
}

/// What was read.
pub(super) struct Read<'b> {
    pub(super) value: Value,
    bytes: &'b [u8],
    /// Where values of named types stand, and which choices were met.
    parts: Vec<(String, Range<usize>)>,
}

impl<'b> Read<'b> {
    /// The bytes of all values of a type in it.
    pub(super) fn parts(&self, of: &str) -> impl Iterator<Item = &'b [u8]> {
        let parts = self.parts.iter().filter(move |(name, _)| name == of);
        parts.map(|(_, range)| &self.bytes[range.clone()])
    }

    /// Which types, and which choices of them, were met.
    pub(super) fn met(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }
}

struct Reader<'t, 'b> {
    tables: &'t Tables,
    bytes: &'b [u8],
    at: usize,
    parts: Vec<(String, Range<usize>)>,
}

impl<'b> Reader<'_, 'b> {
    fn value(&mut self, of: &str) -> Option<Value> {
        if let Some(of) = of.strip_prefix("option of ") {
            return match self.byte()? {
                0 => Some(Value::Null),
                1 => self.value(of),
                _ => None,
            };
        }
        if let Some(of) = of.strip_prefix("list of ") {
            let count = self.number(64)?;
            return (0..count).map(|_| self.value(of)).collect();
        }
        if let Some(of) = of.strip_prefix("set of ") {
            return self.set(of);
        }
        Some(match of {
            "u16" => json!(self.number(16)?),
            "u32" => json!(self.number(32)?),
            "u64" => json!(self.number(64)?),
            "time" => json!(self.time()?),
            "bool" => match self.byte()? {
                0 => json!(false),
                1 => json!(true),
                _ => return None,
            },
            "hash" => json!(hex(self.take(32)?)),
            "digest" => {
                let length = self.number(64)?;
                json!(hex(self.take(length)?))
            }
            "text" => {
                let length = self.number(64)?;
                json!(str::from_utf8(self.take(length)?).ok()?)
            }
            "state" => json!(str::from_utf8(self.take(2)?).ok()?),
            "types" => {
                let bits = self.byte()?;
                if !(1..32).contains(&bits) {
                    return None;
                }
                let letters = "ABCDE".chars().enumerate();
                let letters = letters.filter(|(bit, _)| (bits >> bit) & 1 == 1);
                let letters = letters.map(|(_, letter)| letter.to_string());
                json!(letters.collect::<Vec<_>>())
            }
            "part" => {
                let sides = (0..4).map(|_| Some(self.number(16)?.to_string()));
                json!(sides.collect::<Option<Vec<String>>>()?.join(" "))
            }
            "shown" => {
                let (from, lasts) = (self.number(32)?, self.number(16)?);
                let role = usize::try_from(self.number(32)?).ok()?;
                let roles = ["", " intro", " credits", " blank", " news", " stock"];
                json!(format!("{from} {}{}", from + 10 * lasts, roles.get(role)?))
            }
            of => return self.named(of),
        })
    }

    fn named(&mut self, of: &str) -> Option<Value> {
        let (from, tables) = (self.at, self.tables);
        let Some(table) = tables.0.get(of) else {
            panic!("no table of {of}");
        };
        let value = match table {
            Table::Fields(fields) => {
                let mut object = Map::new();
                for (field, of) in fields {
                    object.insert(field.clone(), self.value(of)?);
                }
                Value::Object(object)
            }
            Table::Choices(choices) => {
                let number = usize::try_from(self.number(32)?).ok()?;
                let (name, holds) = choices.get(number)?;
                self.parts.push((format!("{of} {name}"), from..self.at));
                match holds {
                    Some(holds) => {
                        let held = self.value(holds)?;
                        json!({ name.as_str(): held })
                    }
                    None => json!(name),
                }
            }
        };
        self.parts.push((of.to_owned(), from..self.at));
        Some(value)
    }

    /// Texts rise by their bytes, what has a number by that.
    fn set(&mut self, of: &str) -> Option<Value> {
        let (mut items, mut last) = (Vec::new(), None);
        for _ in 0..self.number(64)? {
            let from = self.at;
            let item = self.value(of)?;
            let key = match (of, &item) {
                ("text", Value::String(text)) => text.as_bytes().to_vec(),
                _ => self.bytes[from..self.at].to_vec(),
            };
            if last.is_some_and(|last| last >= key) {
                return None;
            }
            last = Some(key);
            items.push(item);
        }
        Some(Value::Array(items))
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn take(&mut self, count: u64) -> Option<&'b [u8]> {
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// In no more bytes than it needs, and of no more bits than it may have.
    fn number(&mut self, bits: u32) -> Option<u64> {
        let mut number: u128 = 0;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                let is_short = byte != 0 || place == 0;
                let fits = number >> bits == 0;
                return u64::try_from(number).ok().filter(|_| is_short && fits);
            }
        }
        None
    }

    /// Seconds since 1970 as a date of the Gregorian calendar, year by year and month by month.
    fn time(&mut self) -> Option<String> {
        let written = i64::try_from(self.number(64)?).ok()?;
        let seconds = match written % 2 {
            0 => written / 2,
            _ => -(written / 2) - 1,
        };
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (mut year, mut left) = (1970, day);
        let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = |year| if is_leap(year) { 366 } else { 365 };
        while left < 0 {
            year -= 1;
            left += days(year);
        }
        while left >= days(year) {
            left -= days(year);
            year += 1;
        }
        let february = if is_leap(year) { 29 } else { 28 };
        let mut month = 1;
        for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            if left < length {
                break;
            }
            left -= length;
            month += 1;
        }
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let day = left + 1;
        Some(format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        ))
    }
}
