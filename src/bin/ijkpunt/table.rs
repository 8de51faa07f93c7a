//! Rows with cells below each other.

use std::io::{self, Write};

/// A table for people; the last column may be of any width.
pub(crate) struct Table<const N: usize>(Vec<[String; N]>);

impl<const N: usize> Table<N> {
    pub(crate) fn new(heads: [&str; N]) -> Self {
        Self(vec![heads.map(str::to_owned)])
    }

    /// Without heads.
    pub(crate) fn of(row: [String; N]) -> Self {
        Self(vec![row])
    }

    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.0.push(cells);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.len() == 1
    }

    /// Each line behind `indent`.
    pub(crate) fn write(&self, indent: &str, out: &mut impl Write) -> io::Result<()> {
        let mut widths = [0; N];
        for row in &self.0 {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in &self.0 {
            let cells = row.iter().zip(widths);
            let cells: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            writeln!(out, "{indent}{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}
