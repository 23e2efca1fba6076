//! The table as it stands in a file: rows of operations, columns of roles, marks.

use std::{collections::BTreeSet, fmt};

/// What a caller gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `+`: it is done or shown; of a list, the thing stands in it.
    Allowed,
    /// `.`: an answer from which the thing is missing.
    Without,
    /// `1`: 401.
    Unauthenticated,
    /// `3`: 403.
    Forbidden,
    /// `4`: refused as if there were no such thing.
    Hidden,
}

/// One cell: who, in which relation to the thing, gets what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The row's first column: an operation and, where one row is not enough, a case of it.
    pub row: String,
    /// The column.
    pub role: String,
    /// What the caller is to the thing, as the column's letter.
    pub relation: char,
    /// What has to come.
    pub outcome: Outcome,
}

/// A table of who may what.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Columns with the letters of their relations.
    pub columns: Vec<(String, String)>,
    /// The rows in their order.
    pub rows: Vec<(String, Vec<String>)>,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} as {} ({})",
            self.row.replace('/', " "),
            self.role,
            self.relation
        )
    }
}

impl Outcome {
    fn read(mark: char) -> Option<Self> {
        Some(match mark {
            '+' => Self::Allowed,
            '.' => Self::Without,
            '1' => Self::Unauthenticated,
            '3' => Self::Forbidden,
            '4' => Self::Hidden,
            _ => return None,
        })
    }

    /// Whether the caller gets something.
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Allowed | Self::Without)
    }
}

impl Table {
    /// The table whose header begins with `first`, and what is wrong with its form.
    pub fn read(text: &str, first: &str) -> (Self, Vec<String>) {
        let mut table = Self::default();
        let mut wrong = Vec::new();
        let mut lines = text
            .lines()
            .skip_while(|line| line.split_whitespace().next() != Some(first))
            .take_while(|line| !line.starts_with("```"));
        let header: Vec<&str> = lines
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let letters: Vec<&str> = lines
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        if header.len() != letters.len() + 1 {
            wrong.push(format!(
                "the header of {first} has columns without relations"
            ));
        }
        for (name, letters) in header.iter().skip(1).zip(&letters) {
            table
                .columns
                .push(((*name).to_owned(), (*letters).to_owned()));
        }
        for line in lines.filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace().map(str::to_owned);
            let name = words.next().unwrap_or_default();
            let cells: Vec<String> = words.collect();
            if table.rows.iter().any(|(known, _)| *known == name) {
                wrong.push(format!("{name} has two rows"));
            }
            if cells.len() != table.columns.len() {
                wrong.push(format!(
                    "{name} has {} columns of {}",
                    cells.len(),
                    table.columns.len()
                ));
            }
            for ((role, letters), cell) in table.columns.iter().zip(&cells) {
                let marks: Vec<char> = cell.chars().collect();
                if marks.len() != letters.chars().count() {
                    wrong.push(format!("{name}, {role}: {cell} does not fit {letters}"));
                }
                if marks.iter().any(|mark| Outcome::read(*mark).is_none()) {
                    wrong.push(format!("{name}, {role}: {cell} has an unknown mark"));
                }
            }
            table.rows.push((name, cells));
        }
        (table, wrong)
    }

    /// Every cell of a row.
    pub fn cells(&self, row: &str) -> Vec<Cell> {
        let found = self.rows.iter().find(|(name, _)| name == row);
        let Some((name, cells)) = found else {
            return Vec::new();
        };
        let columns = self.columns.iter().zip(cells);
        columns
            .flat_map(|((role, letters), marks)| {
                letters
                    .chars()
                    .zip(marks.chars())
                    .filter_map(|(relation, mark)| {
                        Some(Cell {
                            row: name.clone(),
                            role: role.clone(),
                            relation,
                            outcome: Outcome::read(mark)?,
                        })
                    })
            })
            .collect()
    }

    /// What the rows and what there is have not in common; `file` is named to whoever reads it.
    pub fn differences(&self, there: &BTreeSet<String>, file: &str) -> Vec<String> {
        let named: BTreeSet<String> = self
            .rows
            .iter()
            .map(|(name, _)| operation(name).to_owned())
            .collect();
        let missing = there.difference(&named).map(|name| {
            format!("{name} has no row in {file}: add one, with a mark for every role and relation")
        });
        let extra = named
            .difference(there)
            .map(|name| format!("{file} has a row for {name}, which is not there: take it out"));
        missing.chain(extra).collect()
    }
}

/// The operation of a row: what stands before the slash, where the row is a case of it.
/// Addresses begin with a slash and are whole.
pub fn operation(row: &str) -> &str {
    if row.starts_with('/') {
        return row;
    }
    row.split('/').next().unwrap_or(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Words.\n```text\noperation anonymous person\n          n         in\ngetThing 1 +4\ngetThing/draft 1 44\n```\n";

    #[test]
    fn a_table_has_a_cell_for_every_relation() {
        let (table, wrong) = Table::read(TEXT, "operation");
        assert_eq!(wrong, Vec::<String>::new());
        let cells = table.cells("getThing");
        let marks: Vec<_> = cells
            .iter()
            .map(|cell| (cell.relation, cell.outcome))
            .collect();
        let expected = [
            ('n', Outcome::Unauthenticated),
            ('i', Outcome::Allowed),
            ('n', Outcome::Hidden),
        ];
        assert_eq!(marks, expected);
    }

    #[test]
    fn what_is_missing_doubled_or_unknown_is_told() {
        let (_, wrong) = Table::read(&TEXT.replace("1 +4", "1 +"), "operation");
        assert_eq!(wrong, ["getThing, person: + does not fit in"]);
        let (_, wrong) = Table::read(&TEXT.replace("1 +4", "1 +?"), "operation");
        assert_eq!(wrong.len(), 1);
        let (_, wrong) = Table::read(&TEXT.replace("getThing 1 +4", "getThing +4"), "operation");
        assert!(wrong[0].contains("1 columns of 2"), "{wrong:?}");
        let (_, wrong) = Table::read(&TEXT.replace("getThing/draft", "getThing"), "operation");
        assert_eq!(wrong, ["getThing has two rows"]);
    }

    #[test]
    fn an_operation_without_a_row_and_a_row_without_an_operation_are_told() {
        let (table, _) = Table::read(TEXT, "operation");
        let there = BTreeSet::from(["getThing".to_owned()]);
        assert!(table.differences(&there, "file").is_empty());
        let there = BTreeSet::from(["getOther".to_owned()]);
        assert_eq!(table.differences(&there, "file").len(), 2);
    }
}
