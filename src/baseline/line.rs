//! One line of CSV to fields: RFC 4180, except that a quoted field ends on its line.

use std::borrow::Cow;

/// The fields of a line, which has no line end; or the number, from 1, of the field whose quotes are wrong.
pub(super) fn fields(line: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, usize> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest {
            [b'"', quoted @ ..] => unquote(quoted).ok_or(fields.len() + 1)?,
            _ => plain(rest),
        };
        if matches!(field, Cow::Borrowed(field) if !rest.starts_with(b"\"") && field.contains(&b'"'))
        {
            return Err(fields.len() + 1);
        }
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return Ok(fields),
        }
    }
}

/// A field as it is written, in quotes where it needs them: a line that begins with `#` would be a comment.
pub(super) fn quoted(field: &str) -> Cow<'_, str> {
    if field.starts_with('#') || field.contains([',', '"']) {
        return format!("\"{}\"", field.replace('"', "\"\"")).into();
    }
    field.into()
}

/// A field, and what stands behind the comma after it.
type Field<'a> = (Cow<'a, [u8]>, Option<&'a [u8]>);

fn plain(rest: &[u8]) -> Field<'_> {
    match rest.iter().position(|&c| c == b',') {
        Some(comma) => (Cow::Borrowed(&rest[..comma]), Some(&rest[comma + 1..])),
        None => (Cow::Borrowed(rest), None),
    }
}

/// `quoted` begins behind the opening quote. A doubled quote stands for one.
fn unquote(quoted: &[u8]) -> Option<Field<'_>> {
    let mut field = Vec::new();
    let mut rest = quoted;
    loop {
        let quote = rest.iter().position(|&c| c == b'"')?;
        field.extend_from_slice(&rest[..quote]);
        match &rest[quote + 1..] {
            [] => return Some((Cow::Owned(field), None)),
            [b',', after @ ..] => return Some((Cow::Owned(field), Some(after))),
            [b'"', after @ ..] => {
                field.push(b'"');
                rest = after;
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn read(line: &str) -> Result<Vec<String>, usize> {
        let fields = fields(line.as_bytes())?;
        Ok(fields
            .iter()
            .map(|field| String::from_utf8_lossy(field).into_owned())
            .collect())
    }

    proptest! {
        #[test]
        fn quoted_fields_go_round(written in vec("[ -~]{0,12}", 1..6)) {
            let line: Vec<String> = written
                .iter()
                .map(|field| format!("\"{}\"", field.replace('"', "\"\"")))
                .collect();
            prop_assert_eq!(read(&line.join(",")), Ok(written));
        }

        #[test]
        fn plain_fields_go_round(written in vec("[ !#-+.-~-]{0,12}", 1..6)) {
            prop_assert_eq!(read(&written.join(",")), Ok(written));
        }

        #[test]
        fn no_line_makes_it_panic(line: Vec<u8>) {
            if let Ok(fields) = fields(&line) {
                prop_assert!(!fields.is_empty());
            }
        }
    }

    #[test]
    fn a_line_always_has_a_field_and_a_comma_makes_two() {
        assert_eq!(read(""), Ok(vec![String::new()]));
        assert_eq!(read(","), Ok(vec![String::new(); 2]));
        assert_eq!(read("\"a,\"\"b\",c"), Ok(vec!["a,\"b".into(), "c".into()]));
    }

    #[test]
    fn a_stray_quote_is_a_mistake_in_its_own_field() {
        assert_eq!(read("a,\"b"), Err(2));
        assert_eq!(read("a,\"b\"c"), Err(2));
        assert_eq!(read("a,b\"c,d"), Err(2));
        assert_eq!(read("\""), Err(1));
    }
}
