//! Pages and inner doors: what opens them is not a role but what is presented.

use super::{Api, Outcome, judge};
use crate::Reply;

/// How each row of the table of pages and doors is asked.
pub trait Doors {
    /// What a row is about: ids, links.
    type Keys;

    /// Makes what a row is about.
    fn keys(&self, row: &str) -> impl Future<Output = Self::Keys>;

    /// Asks for it and presents what the letter says. `v`, what was revoked, comes last in its
    /// row; `f`, what is forged, is what hidden doors are compared with.
    fn knock(&self, row: &str, keys: &Self::Keys, presented: char) -> impl Future<Output = Reply>;
}

impl Api<'_> {
    /// Asks every cell of the table of pages and doors, and stops where one is otherwise. Says
    /// how many there are.
    pub async fn check_doors(&self, doors: &impl Doors) -> usize {
        let (mut cells, mut wrong) = (0, Vec::new());
        let table = self.doors();
        for (row, marks) in &table.rows {
            let mut all = table.cells(row);
            assert_eq!(all.len(), marks.iter().map(String::len).sum::<usize>());
            all.sort_by_key(|cell| cell.relation == 'v');
            let keys = doors.keys(row).await;
            for cell in all {
                let reply = doors.knock(row, &keys, cell.relation).await;
                cells += 1;
                let unknown = match cell.outcome {
                    Outcome::Hidden => Some(doors.knock(row, &keys, 'f').await),
                    _ => None,
                };
                if let Err(what) = judge(cell.outcome, &reply, None, unknown.as_ref()) {
                    wrong.push(format!("{cell}: {what}"));
                }
                assert_ne!(cell.outcome, Outcome::Without, "{row}");
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        cells
    }
}
