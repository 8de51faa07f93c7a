//! From JSON to a draft: everything about shape, and nothing about sense.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::field::NOT_USED;
use super::{Broken, Draft, Field};
use crate::limits::{Limits, Resource};

/// What could be taken, and what could not.
pub(super) fn draft(json: &[u8], limits: &Limits) -> Result<(Draft, Vec<Broken>), Broken> {
    limits
        .check(Resource::RecordBytes, json.len() as u64)
        .map_err(Broken::Bytes)?;
    let Pairs(pairs) = serde_json::from_slice(json).map_err(|error| match error.classify() {
        Category::Data => Broken::Object,
        _ => Broken::Json {
            line: error.line(),
            column: error.column(),
        },
    })?;
    let (mut draft, mut broken) = (Draft::default(), Vec::new());
    for (place, (name, value)) in (1..).zip(pairs) {
        if let Err(rule) = take(&mut draft, place, &name, value) {
            broken.push(rule);
        }
    }
    Ok((draft, broken))
}

fn take(draft: &mut Draft, place: usize, name: &str, value: Value) -> Result<(), Broken> {
    let is_left_out = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    let Some(field) = Field::named(name) else {
        return match NOT_USED.into_iter().find(|&known| known == name) {
            Some(_) if is_left_out => Ok(()),
            Some(name) => Err(Broken::NotUsed { name }),
            None => Err(Broken::UnknownField { place }),
        };
    };
    if draft.has(field) {
        return Err(Broken::FieldTwice { field });
    }
    match value {
        _ if is_left_out => {}
        Value::String(text) if !field.is_list() => {
            draft.texts.insert(field, text);
        }
        Value::Array(values) if field.is_list() => {
            draft.lists.insert(field, texts(field, values)?);
        }
        _ => return Err(Broken::Type { field }),
    }
    Ok(())
}

fn texts(field: Field, values: Vec<Value>) -> Result<Vec<String>, Broken> {
    let texts = values.into_iter().map(|value| match value {
        Value::String(text) => Ok(text),
        _ => Err(Broken::Type { field }),
    });
    texts.collect()
}

/// The fields of an object in their order, equal ones too, of which `serde_json` would keep one.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}
