//! Rows out of the text of a table: RFC 4180, and what Excel makes of it.
//!
//! Excel writes semicolons where the comma is the decimal sign, puts `sep=;` in front of the
//! heading, fills the end with empty cells and empty rows, keeps leading zeros as `="0123"`, and
//! lets a cell go over several lines. A table is read as it comes; of a row that does not end
//! there is never more than its limit in memory.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use shared_types::{
    Problem,
    imports::codes::{IMPORT_ROW_TOO_LONG, IMPORT_UNREADABLE},
};

/// Longest row in bytes.
pub const MOST_ROW_BYTES: usize = 64 * 1024;
/// Most cells of a row; empty ones at its end count.
const MOST_CELLS: usize = 1000;
/// What may stand between two cells, the likelier first.
const SEPARATORS: [char; 4] = [';', ',', '\t', '|'];

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: i32,
    /// What stands in its cells.
    pub cells: Vec<String>,
}

/// Takes rows out of text, piece by piece.
pub struct Table {
    separator: Option<char>,
    /// The beginning, until it shows what stands between two cells.
    start: String,
    core: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    cells: usize,
    line: i32,
    begun_on: Option<i32>,
    quotes: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            separator: None,
            start: String::new(),
            core: Reader::new(),
            bytes: vec![0; MOST_ROW_BYTES],
            ends: vec![0; MOST_CELLS],
            filled: 0,
            cells: 0,
            line: 1,
            begun_on: None,
            quotes: 0,
        }
    }
}

impl Table {
    /// What stands between two cells, once it is known.
    pub fn separator(&self) -> Option<char> {
        self.separator
    }

    /// Appends the rows that end in some text; those without anything in them are left out.
    pub fn push(&mut self, text: &str, out: &mut Vec<Record>) -> Result<(), Problem> {
        if self.separator.is_some() {
            return self.read(text, out);
        }
        self.start.push_str(text);
        if first_line(&self.start).is_some() || self.start.len() > MOST_ROW_BYTES {
            self.begin(out)
        } else {
            Ok(())
        }
    }

    /// Appends the row that no end of a line has ended.
    pub fn end(&mut self, out: &mut Vec<Record>) -> Result<(), Problem> {
        if self.separator.is_none() {
            self.begin(out)?;
        }
        let Some(line) = self.begun_on else {
            return Ok(());
        };
        // A cell that was opened on another line and never closed has swallowed all the rest.
        if self.quotes % 2 == 1 && self.line > line {
            return Err(Problem::of(&IMPORT_UNREADABLE).value("line", line));
        }
        // No input says that there is no more.
        self.step(&[], out)?;
        Ok(())
    }

    /// Finds out what stands between two cells, and reads what was put by.
    fn begin(&mut self, out: &mut Vec<Record>) -> Result<(), Problem> {
        let start = std::mem::take(&mut self.start);
        let (first, rest) = first_line(&start).unwrap_or((&start, ""));
        let said = said_separator(first);
        let separator = said.unwrap_or_else(|| likeliest(first));
        self.separator = Some(separator);
        self.core = ReaderBuilder::new()
            .delimiter(u8::try_from(separator).unwrap_or(b','))
            .build();
        if said.is_none() {
            return self.read(&start, out);
        }
        self.line += 1;
        self.read(rest, out)
    }

    fn read(&mut self, text: &str, out: &mut Vec<Record>) -> Result<(), Problem> {
        let mut input = text.as_bytes();
        while !input.is_empty() {
            if self.begun_on.is_none() {
                let empty = input
                    .iter()
                    .take_while(|byte| matches!(byte, b'\n' | b'\r'))
                    .count();
                let (lines, rest) = input.split_at_checked(empty).unwrap_or((input, &[]));
                self.line += ends_of_lines(lines);
                input = rest;
                if input.is_empty() {
                    return Ok(());
                }
                self.begun_on = Some(self.line);
            }
            let read = self.step(input, out)?;
            input = input.get(read..).unwrap_or_default();
        }
        Ok(())
    }

    /// Reads to the end of the input or of the row; says how far.
    fn step(&mut self, input: &[u8], out: &mut Vec<Record>) -> Result<usize, Problem> {
        let bytes = self.bytes.get_mut(self.filled..).unwrap_or_default();
        let ends = self.ends.get_mut(self.cells..).unwrap_or_default();
        let (what, read, filled, cells) = self.core.read_record(input, bytes, ends);
        self.filled += filled;
        self.cells += cells;
        let taken = input.get(..read).unwrap_or_default();
        self.line += ends_of_lines(taken);
        self.quotes += taken.iter().filter(|byte| **byte == b'"').count();
        match what {
            ReadRecordResult::InputEmpty => {}
            // Most often it is a cell that was opened and not closed: what comes after it can't be
            // told apart from it.
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                let problem = Problem::of(&IMPORT_ROW_TOO_LONG).value("most", MOST_ROW_BYTES);
                return Err(problem.value("line", self.begun_on.unwrap_or(self.line)));
            }
            ReadRecordResult::Record | ReadRecordResult::End => self.take(out),
        }
        Ok(read)
    }

    fn take(&mut self, out: &mut Vec<Record>) {
        let line = self.begun_on.take().unwrap_or(self.line);
        let mut from = 0;
        let mut cells = Vec::with_capacity(self.cells);
        for end in self.ends.iter().take(self.cells) {
            let bytes = self.bytes.get(from..*end).unwrap_or_default();
            cells.push(cell(&String::from_utf8_lossy(bytes)));
            from = *end;
        }
        (self.filled, self.cells, self.quotes) = (0, 0, 0);
        if cells.iter().any(|cell| !cell.is_empty()) {
            out.push(Record { line, cells });
        }
    }
}

fn ends_of_lines(bytes: &[u8]) -> i32 {
    let count = bytes.iter().filter(|byte| **byte == b'\n').count();
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The first line and what comes after it; ends of lines within quotes are none.
fn first_line(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = text.find(|letter| {
        quoted ^= letter == '"';
        letter == '\n' && !quoted
    })?;
    let (line, rest) = text.split_at_checked(end)?;
    Some((line, rest.strip_prefix('\n').unwrap_or(rest)))
}

/// What Excel's own first line says.
fn said_separator(line: &str) -> Option<char> {
    let line = line.trim_end_matches('\r').trim_matches('"');
    let start = line.get(..4)?;
    let mut rest = line.get(4..)?.chars();
    let separator = rest.next().filter(|one| SEPARATORS.contains(one))?;
    (start.eq_ignore_ascii_case("sep=") && rest.next().is_none()).then_some(separator)
}

/// What stands most often in the heading, outside quotes.
fn likeliest(heading: &str) -> char {
    let mut quoted = false;
    let mut counts = [0_usize; SEPARATORS.len()];
    for letter in heading.chars() {
        quoted ^= letter == '"';
        let place = SEPARATORS.iter().position(|one| *one == letter);
        if let Some(count) = place.filter(|_| !quoted).and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    let pairs = SEPARATORS.iter().zip(counts);
    let best = pairs.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.filter(|(_, count)| *count > 0)
        .map_or(',', |(one, _)| *one)
}

/// What somebody reads in a cell: without space around it, a text that Excel keeps as a formula
/// (`="0123"`) as that text, and without the apostrophe by which our own tables keep a text from
/// being taken for a formula.
fn cell(text: &str) -> String {
    let text = text.trim();
    let kept = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(kept) = kept.filter(|kept| !kept.contains('"')) {
        return kept.trim().to_owned();
    }
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) => {
            rest.to_owned()
        }
        _ => text.to_owned(),
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("separator", &self.separator)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, pieces: usize) -> Result<(Vec<(i32, Vec<String>)>, Option<char>), String> {
        let (mut table, mut out) = (Table::default(), Vec::new());
        let letters: Vec<char> = text.chars().collect();
        let mut all = || {
            for piece in letters.chunks(pieces) {
                table.push(&piece.iter().collect::<String>(), &mut out)?;
            }
            table.end(&mut out)
        };
        let done: Result<(), Problem> = all();
        done.map_err(|problem| {
            let line = problem.get("line").unwrap_or_default();
            format!("{} {line}", problem.code().name)
        })?;
        let rows = out.into_iter().map(|record| (record.line, record.cells));
        Ok((rows.collect(), table.separator()))
    }

    fn row(line: i32, cells: &[&str]) -> (i32, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn a_table_is_read_whatever_separates_its_cells_and_wherever_the_pieces_end() {
        for pieces in [1, 2, 3, 1000] {
            for separator in SEPARATORS {
                let text = "key;name\r\n1;\"Åsa; Öberg\"\r\n2;\"a \"\"b\"\" c\"\n"
                    .replace(';', &separator.to_string());
                let quoted = format!("Åsa{separator} Öberg");
                let expected = vec![
                    row(1, &["key", "name"]),
                    row(2, &["1", &quoted]),
                    row(3, &["2", "a \"b\" c"]),
                ];
                assert_eq!(read(&text, pieces), Ok((expected, Some(separator))));
            }
        }
    }

    #[test]
    fn excels_ways_are_understood() {
        let text = "sep=;\r\nkey;name;note;;\r\n\r\n=\"0123\";\"two\r\nlines\";a, b;;\r\n;;;;\r\n'+46;'=1+1;=1+1;;\r\n;;;;\r\n";
        let expected = vec![
            row(2, &["key", "name", "note", "", ""]),
            row(4, &["0123", "two\r\nlines", "a, b", "", ""]),
            row(7, &["+46", "=1+1", "=1+1", "", ""]),
        ];
        for pieces in [1, 5, 1000] {
            assert_eq!(
                read(text, pieces),
                Ok((expected.clone(), Some(';'))),
                "{pieces}"
            );
        }
    }

    #[test]
    fn a_heading_alone_and_a_last_row_without_an_end_are_rows() {
        let heading = Ok((vec![row(1, &["key"])], Some(',')));
        assert_eq!(read("key", 1), heading);
        let two = Ok((vec![row(1, &["a", "b"]), row(2, &["1", "2"])], Some(',')));
        assert_eq!(read("a,b\n1,2", 1), two);
        assert_eq!(read("", 1), Ok((vec![], Some(','))));
        assert_eq!(read("\r\n\n  \n", 1), Ok((vec![], Some(','))));
    }

    #[test]
    fn a_row_without_end_is_given_up_at_its_limit() {
        let mut table = Table::default();
        let mut out = Vec::new();
        table.push("key;name\n1;\"", &mut out).unwrap();
        let piece = "x".repeat(16 * 1024);
        // As much as a gigabyte would be refused by its fifth piece.
        let given_up = (0..65_536).find_map(|_| table.push(&piece, &mut out).err());
        let problem = given_up.unwrap();
        assert_eq!(problem.code().name, "import_row_too_long");
        assert_eq!(problem.get("line"), Some("2"));
        assert_eq!(out.len(), 1);
        let many = format!("key\n{}", ";".repeat(5000));
        assert!(read(&many, 1000).is_ok_and(|(rows, _)| rows.len() == 2));
        let many = format!("a;b\n{}", "1;".repeat(5000));
        assert_eq!(read(&many, 1000), Err("import_row_too_long 2".to_owned()));
    }

    #[test]
    fn a_cell_that_is_never_closed_does_not_swallow_the_rest_unseen() {
        let text = "key;name\n1;\"Åsa\n2;Bo\n3;Cy\n";
        assert_eq!(read(text, 1000), Err("import_unreadable 2".to_owned()));
        let inch = "key;name\n1;5\" screen\n";
        let expected = vec![row(1, &["key", "name"]), row(2, &["1", "5\" screen"])];
        assert_eq!(read(inch, 1), Ok((expected, Some(';'))));
    }

    proptest! {
        #[test]
        fn the_pieces_make_no_difference(text in "[a;\"\n\r,é\0]{0,60}", pieces in 1..9_usize) {
            prop_assert_eq!(read(&text, pieces), read(&text, 1000));
        }
    }
}
