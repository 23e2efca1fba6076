//! Tables for spreadsheets (RFC 4180): UTF-8 with a mark at the beginning, without which Excel
//! takes it for something older, and no text that a spreadsheet would take for a formula.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION},
};

/// Media type of a table.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8; header=present";
/// What tells Excel that the table is UTF-8.
pub const MARK: &str = "\u{feff}";

/// A cell.
#[derive(Clone, Debug)]
pub enum Cell<'a> {
    /// What somebody may have typed: a formula gets an apostrophe in front.
    Text(&'a str),
    /// What was counted or computed here: numbers below zero stay numbers.
    Plain(String),
}

/// A table that grows row by row.
#[derive(Debug)]
pub struct Table {
    text: String,
}

impl Table {
    /// A table with its heading alone.
    pub fn new(head: &[&str]) -> Self {
        let mut table = Self {
            text: MARK.to_owned(),
        };
        table.row(head.iter().map(|name| Cell::Text(name)));
        table
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        row(&mut self.text, cells);
    }

    /// The whole.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Writes one row.
pub fn row<'a>(into: &mut String, cells: impl IntoIterator<Item = Cell<'a>>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            into.push(',');
        }
        match cell {
            Cell::Text(text) => write_text(into, text),
            Cell::Plain(text) => quote(into, &text, false),
        }
    }
    into.push_str("\r\n");
}

fn write_text(into: &mut String, text: &str) {
    let is_formula =
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    quote(into, text, is_formula);
}

fn quote(into: &mut String, text: &str, apostrophe: bool) {
    let quoted = text.contains([',', ';', '"', '\r', '\n', '\t'])
        || text.starts_with(' ')
        || text.ends_with(' ');
    if quoted {
        into.push('"');
    }
    if apostrophe {
        into.push('\'');
    }
    if quoted {
        into.push_str(&text.replace('"', "\"\""));
        into.push('"');
    } else {
        into.push_str(text);
    }
}

/// The answer that is a file with a name.
pub fn file(media_type: &str, name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(media_type)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_texts_and_numbers_stay_numbers() {
        let mut table = Table::new(&["name", "sum"]);
        for name in ["=1+1", "+46 13", "-x", "@SUM(A1)", "\tx", "＝1", "Åsa"] {
            table.row([Cell::Text(name), Cell::Plain("-1.50".to_owned())]);
        }
        let whole = table.finish();
        let rows: Vec<&str> = whole.trim_start_matches(MARK).split("\r\n").collect();
        assert_eq!(
            rows,
            [
                "name,sum",
                "'=1+1,-1.50",
                "'+46 13,-1.50",
                "'-x,-1.50",
                "'@SUM(A1),-1.50",
                "\"'\tx\",-1.50",
                "'＝1,-1.50",
                "Åsa,-1.50",
                ""
            ]
        );
    }

    #[test]
    fn what_would_end_a_cell_is_quoted() {
        let mut text = String::new();
        let cells = ["a,b", "say \"x\"", "two\nlines", " x", ""];
        row(&mut text, cells.map(Cell::Text));
        assert_eq!(text, "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" x\",\r\n");
    }
}
