//! Tables as Markdown and CSV, into which no cell can write more than itself.

/// A table: one head a column, and rows of as many cells.
#[derive(Debug, Clone)]
pub(super) struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// Words, which somebody else may have written.
    Text(String),
    /// A number as we write it.
    Number(String),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A count.
    pub(super) fn count(count: u64) -> Self {
        Self::Number(count.to_string())
    }

    /// A share or a bound, 0 to 1, with a point and as many digits as it needs.
    pub(super) fn share(share: f64) -> Self {
        Self::Number(share.to_string())
    }
}

impl Table {
    /// A table with these heads.
    pub(super) fn new<const N: usize>(heads: [&str; N]) -> Self {
        Self {
            heads: heads.map(str::to_owned).to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(super) fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }

    /// As Markdown; columns of numbers are aligned to the right.
    pub(super) fn markdown(&self) -> String {
        let mut text = line(self.heads.iter().map(|head| markdown(head)));
        let is_number = |column| {
            let mut cells = self.rows.iter().filter_map(move |row| row.get(column));
            cells.all(|cell| !matches!(cell, Cell::Text(_)))
        };
        let rule = |column| if is_number(column) { "---:" } else { "---" };
        text += &line((0..self.heads.len()).map(|column| rule(column).to_owned()));
        for row in &self.rows {
            text += &line(row.iter().map(|cell| match cell {
                Cell::Text(text) => markdown(text),
                Cell::Number(number) => number.clone(),
                Cell::Empty => String::new(),
            }));
        }
        text
    }

    /// As CSV (RFC 4180, lines ended by `\n`).
    pub(super) fn csv(&self) -> String {
        let mut text = joined(self.heads.iter().map(|head| csv(head)));
        for row in &self.rows {
            text += &joined(row.iter().map(|cell| match cell {
                Cell::Text(text) => csv(text),
                Cell::Number(number) => number.clone(),
                Cell::Empty => String::new(),
            }));
        }
        text
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

fn joined(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("{}\n", cells.join(","))
}

/// A text on one line of Markdown that neither ends its cell nor becomes markup.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' => escaped.extend(['\\', c]),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A text of CSV that no spreadsheet takes for a formula.
fn csv(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    if text.contains(['"', ',', ';', '\n', '\r']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let mut table = Table::new(["what", "how many"]);
        table.row([Cell::text(text), Cell::count(3)]);
        table
    }

    #[test]
    fn a_cell_of_markdown_stays_one_cell() {
        let head = "| what | how many |\n| --- | ---: |\n";
        for (text, cell) in [
            ("plain", "plain"),
            ("a|b", "a\\|b"),
            ("a\\|b", "a\\\\\\|b"),
            ("a\nb\r", "a b "),
            ("<b>&", "&lt;b>&amp;"),
            ("[x](y) *z* `c`", "\\[x\\](y) \\*z\\* \\`c\\`"),
        ] {
            let markdown = table(text).markdown();
            assert_eq!(markdown, format!("{head}| {cell} | 3 |\n"), "{text}");
        }
    }

    #[test]
    fn a_cell_of_csv_is_no_formula_and_stays_one_cell() {
        for (text, cell) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("a=b", "a=b"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("=a,\nb", "\"'=a,\nb\""),
            ("\r", "\"'\r\""),
        ] {
            let csv = table(text).csv();
            assert_eq!(csv, format!("what,how many\n{cell},3\n"), "{text:?}");
        }
    }

    #[test]
    fn empty_cells_and_shares_are_written_in_both() {
        let mut table = Table::new(["a", "b"]);
        table.row([Cell::Empty, Cell::share(0.25)]);
        assert_eq!(table.csv(), "a,b\n,0.25\n");
        assert!(table.markdown().ends_with("|  | 0.25 |\n"));
    }
}
