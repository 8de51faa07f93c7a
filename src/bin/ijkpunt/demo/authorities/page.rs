//! The text that is printed: numbered steps of short paragraphs, what the library tells set apart, no line too long.

use std::io::{self, Write};

use crate::demo::table::WIDTH;

/// Where the text goes.
pub(super) struct Page<'o> {
    out: &'o mut dyn Write,
    step: u32,
}

/// Behind the number of a step.
const INDENT: &str = "    ";

/// In front of what the library tells, first and further lines, and of what another process prints.
const FACT: [&str; 2] = ["    > ", "      "];
const PRINTED: [&str; 2] = ["    | "; 2];

impl<'o> Page<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        Self { out, step: 0 }
    }

    /// The next step, by what happens in it.
    pub(super) fn step(&mut self, title: &str) -> io::Result<()> {
        self.step += 1;
        writeln!(self.out, "\n{:<4}{title}", format!("{}.", self.step))
    }

    /// A paragraph of ours.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.wrapped([INDENT; 2], text)
    }

    /// A paragraph outside of the steps.
    pub(super) fn plain(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.wrapped([""; 2], text)
    }

    /// Something that the library tells.
    pub(super) fn fact(&mut self, text: &str) -> io::Result<()> {
        self.wrapped(FACT, text)
    }

    /// What another process printed, line by line.
    pub(super) fn printed(&mut self, text: &str) -> io::Result<()> {
        text.lines()
            .try_for_each(|line| self.wrapped(PRINTED, line))
    }

    /// A line as it is.
    pub(super) fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    /// The first line stands behind the first of `before`, all others behind the second, which is as long.
    fn wrapped(&mut self, before: [&str; 2], text: &str) -> io::Result<()> {
        for (number, line) in wrap(text, WIDTH - before[0].len()).iter().enumerate() {
            let before = before[number.min(1)];
            writeln!(self.out, "{}", format!("{before}{line}").trim_end())?;
        }
        Ok(())
    }
}

/// Breaks a text between words. What follows the first line stands a little to the right if the first one does.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let lead = text.len() - text.trim_start().len();
    let (mut lines, mut line) = (Vec::new(), text[..lead].to_owned());
    let mut gap = 0; // columns of a table stay where they are
    for word in text[lead..].split(' ') {
        if word.is_empty() {
            gap += 1;
            continue;
        }
        let is_first = line.trim().is_empty();
        let between = if is_first { 0 } else { gap + 1 };
        gap = 0;
        if !is_first && line.len() + between + word.len() > width {
            let next = if lead == 0 { 0 } else { lead + 2 };
            lines.push(std::mem::replace(&mut line, " ".repeat(next)));
            line.push_str(word);
        } else {
            line.push_str(&" ".repeat(between));
            line.push_str(word);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_keep_their_columns() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("  a   b cc dd", 9), ["  a   b", "    cc dd"]);
        assert_eq!(wrap("", 9), [""]);
        assert_eq!(wrap("longer-than-it", 4), ["longer-than-it"]);
    }

    #[test]
    fn steps_are_numbered_and_facts_set_apart() {
        let mut out = Vec::new();
        let mut page = Page::new(&mut out);
        page.step("Something happens").unwrap();
        page.say("In short.").unwrap();
        page.fact("so it is").unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "\n1.  Something happens\n\n    In short.\n    > so it is\n"
        );
    }
}
