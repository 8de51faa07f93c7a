//! Orders and answers as people read them: one template a form and language says what stands where, and here it is set.

use std::fmt::Display;

use askama::Template;

use crate::baseline::TcoType;
use crate::review::Language;

use super::{
    Addresses, Announcement, Feedback, Ground, Impossibility, IssuerKind, Measure, OrderError,
    RemovalOrder,
};

/// How a form is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Plain text, UTF-8, lines of any length.
    Plain,
    /// Markdown: CommonMark with task lists. What people wrote is escaped.
    Markdown,
}

pub(super) fn order(
    order: &RemovalOrder,
    language: Language,
    f: Format,
) -> Result<String, OrderError> {
    let ticks = TcoType::ALL.map(|kind| order.types.contains(kind));
    match language {
        Language::English => finished(&OrderEn { f, order, ticks }),
        Language::Dutch => finished(&OrderNl { f, order, ticks }),
    }
}

pub(super) fn feedback(
    feedback: &Feedback,
    language: Language,
    f: Format,
) -> Result<String, OrderError> {
    match language {
        Language::English => finished(&FeedbackEn { f, feedback }),
        Language::Dutch => finished(&FeedbackNl { f, feedback }),
    }
}

pub(super) fn impossibility(
    answer: &Impossibility,
    language: Language,
    f: Format,
) -> Result<String, OrderError> {
    let ticks = match answer.ground {
        Ground::Impossible { .. } => [true, false, false],
        Ground::ManifestErrors { .. } => [false, true, false],
        Ground::InsufficientInformation { .. } => [false, false, true],
    };
    match language {
        Language::English => finished(&ImpossibilityEn { f, answer, ticks }),
        Language::Dutch => finished(&ImpossibilityNl { f, answer, ticks }),
    }
}

#[derive(Template)]
#[template(path = "review/order/order.en.txt")]
struct OrderEn<'a> {
    f: Format,
    order: &'a RemovalOrder,
    ticks: [bool; 5],
}

#[derive(Template)]
#[template(path = "review/order/order.nl.txt")]
struct OrderNl<'a> {
    f: Format,
    order: &'a RemovalOrder,
    ticks: [bool; 5],
}

#[derive(Template)]
#[template(path = "review/order/feedback.en.txt")]
struct FeedbackEn<'a> {
    f: Format,
    feedback: &'a Feedback,
}

#[derive(Template)]
#[template(path = "review/order/feedback.nl.txt")]
struct FeedbackNl<'a> {
    f: Format,
    feedback: &'a Feedback,
}

#[derive(Template)]
#[template(path = "review/order/impossibility.en.txt")]
struct ImpossibilityEn<'a> {
    f: Format,
    answer: &'a Impossibility,
    ticks: [bool; 3],
}

#[derive(Template)]
#[template(path = "review/order/impossibility.nl.txt")]
struct ImpossibilityNl<'a> {
    f: Format,
    answer: &'a Impossibility,
    ticks: [bool; 3],
}

/// Templates hand over references to references.
trait Known {
    fn is_so(&self) -> bool;
}

impl Known for bool {
    fn is_so(&self) -> bool {
        *self
    }
}

impl<T: Known> Known for &T {
    fn is_so(&self) -> bool {
        (*self).is_so()
    }
}

/// Ends in one line feed, however the template ends.
fn finished(form: &impl Template) -> Result<String, OrderError> {
    let text = form.render().map_err(|_| OrderError::Form)?;
    Ok(format!("{}\n", text.trim_end()))
}

/// What templates call. Each gives one block, without a line feed at its end; labels are the template's own, values are not.
impl Format {
    fn title(self, text: impl Display) -> String {
        match self {
            Self::Plain => underlined(&text.to_string(), "="),
            Self::Markdown => format!("# {text}"),
        }
    }

    fn section(self, letter: impl Display, text: impl Display) -> String {
        match self {
            Self::Plain => format!("\n{}", underlined(&format!("{letter}. {text}"), "-")),
            Self::Markdown => format!("\n## {letter}. {text}\n"),
        }
    }

    fn row(self, label: impl Display, value: impl Display) -> String {
        let value = value.to_string();
        match self {
            Self::Plain => format!("{label}: {}", indented(&value)),
            Self::Markdown => format!("- **{label}:** {}", escaped(&value)),
        }
    }

    fn tick(self, is_so: impl Known, text: impl Display) -> String {
        let mark = if is_so.is_so() { 'x' } else { ' ' };
        match self {
            Self::Plain => format!("[{mark}] {text}"),
            Self::Markdown => format!("- [{mark}] {text}"),
        }
    }
}

fn underlined(text: &str, with: &str) -> String {
    format!("{text}\n{}", with.repeat(text.chars().count()))
}

/// Its other lines stand in: none of them passes for a line of the form.
fn indented(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for (place, line) in value.split('\n').map(str::trim_end).enumerate() {
        let before = match place {
            0 => "",
            _ if line.is_empty() => "\n",
            _ => "\n    ",
        };
        text.push_str(before);
        text.push_str(line);
    }
    text
}

/// A value within an item of a list: nothing of it is markup, and its lines and paragraphs stay in the item.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut follows_text = false;
    for (place, line) in value.split('\n').map(str::trim).enumerate() {
        if place > 0 {
            let is_break = follows_text && !line.is_empty();
            text.push_str(if is_break { "\\\n" } else { "\n" });
            if !line.is_empty() {
                text.push_str("  ");
            }
        }
        escape_line(line, &mut text);
        follows_text = !line.is_empty();
    }
    text
}

fn escape_line(line: &str, text: &mut String) {
    // What begins a list, a heading or a rule at the start of a line: `-`, `+`, `=` and `1.`.
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (place, one) in line.char_indices() {
        let is_first = place == 0 && matches!(one, '-' | '+' | '=');
        let is_number = digits > 0 && place == digits && matches!(one, '.' | ')');
        if is_first || is_number || MARKUP.contains(one) {
            text.push('\\');
        }
        text.push(one);
    }
}

/// What means something in Markdown anywhere in a line.
const MARKUP: &str = "\\`*_[]<>#|~&!$";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_no_markup() {
        assert_eq!(escaped("a *b* <i>[c](d)"), r"a \*b\* \<i\>\[c\](d)");
        assert_eq!(
            escaped("1. a\n- b\n12) c"),
            "1\\. a\\\n  \\- b\\\n  12\\) c"
        );
        assert_eq!(escaped("a\n\n  # b"), "a\n\n  \\# b");
        assert_eq!(escaped("2026-11-22"), "2026-11-22");
        assert_eq!(Format::Plain.row("a", "b\n\nc"), "a: b\n\n    c");
    }
}
