//! The equations of an attack, and what an integer solver makes of them.

use good_lp::{
    Expression, ResolutionError, Solution as _, SolverModel as _, Variable, constraint, microlp,
    variable, variables,
};

/// Whole numbers that nobody knows, and what is known of their sums.
pub(super) struct Program<'a> {
    /// The most that each number can be; none is below nothing.
    pub(super) most: Vec<i32>,
    /// Sums of numbers, by their places.
    pub(super) known: &'a [(Vec<usize>, i32)],
}

/// What the numbers at some places come to.
pub(super) fn sum(solution: &[i32], places: &[usize]) -> i32 {
    places.iter().map(|place| solution[*place]).sum()
}

impl Program<'_> {
    /// How many of the targets follow: whatever is known, they come to one sum only. The first of
    /// the solutions that are known before is the truth.
    pub(super) fn determined(
        &self,
        mut solutions: Vec<Vec<i32>>,
        targets: impl IntoIterator<Item = Vec<usize>>,
    ) -> usize {
        let mut determined = 0;
        for places in targets {
            let first = sum(&solutions[0], &places);
            if solutions.iter().any(|one| sum(one, &places) != first) {
                continue;
            }
            let moved = [true, false].into_iter().any(|most| {
                let found = self.solve(&places, most);
                let moved = sum(&found, &places) != first;
                solutions.push(found);
                moved
            });
            determined += usize::from(!moved);
        }
        determined
    }

    fn solve(&self, places: &[usize], most: bool) -> Vec<i32> {
        let mut all = variables!();
        let unknown: Vec<Variable> = self
            .most
            .iter()
            .map(|most| all.add(variable().integer().min(0).max(*most)))
            .collect();
        let total = |places: &[usize]| places.iter().map(|at| unknown[*at]).sum::<Expression>();
        let sought = total(places);
        let mut model = if most {
            all.maximise(sought)
        } else {
            all.minimise(sought)
        }
        .using(microlp);
        for (places, count) in self.known {
            model = model.with(constraint!(total(places) == *count));
        }
        let solution: Result<_, ResolutionError> = model.solve();
        let solution = solution.unwrap();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole numbers below a hundred"
        )]
        let whole = |at: &Variable| solution.value(*at).round() as i32;
        let solution: Vec<i32> = unknown.iter().map(whole).collect();
        for (places, count) in self.known {
            assert_eq!(sum(&solution, places), *count);
        }
        solution
    }
}
