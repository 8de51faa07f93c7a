//! JSON that every program reads in one way.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::MetadataError;

/// Reads JSON in which no member is there twice, no number is negative or has a fraction, and all text is printable ASCII: other
/// programs read the first or the last of two members, round, or normalise letters, and then see something else than was signed.
pub(super) fn read(bytes: &[u8]) -> Result<Value, MetadataError> {
    let place = |error: serde_json::Error| MetadataError::Json {
        line: error.line(),
        column: error.column(),
    };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut reader).map_err(place)?;
    reader.end().map_err(place)?;
    Ok(value)
}

/// The one way in which a value is written: members in the order of their names, no white space.
pub(super) fn written(mut value: Value) -> Vec<u8> {
    // Sorted already, unless another crate of the program asks serde_json to keep the order.
    value.sort_all_objects();
    value.to_string().into_bytes()
}

/// The same for people: on lines, ending in one.
pub(super) fn written_for_people(mut value: Value) -> Vec<u8> {
    value.sort_all_objects();
    format!("{value:#}\n").into_bytes()
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions, in ASCII")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        text(value).map(Value::from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element_seed(Self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Self)?;
            if map.insert(text(&name)?, value).is_some() {
                return Err(A::Error::custom("a member is there twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

fn text<E: Error>(text: &str) -> Result<String, E> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Ok(text.to_owned())
    } else {
        Err(E::custom("not printable ASCII"))
    }
}
