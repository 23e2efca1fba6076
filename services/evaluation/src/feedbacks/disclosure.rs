//! What may be shown of a group's answers to a question: the one gate of a 360.
//!
//! # What is promised
//!
//! Of an anonymous group nothing is shown unless at least `least` of it (never fewer than
//! [`LEAST`]) answered the question; and whatever is shown, each of them may still have given
//! every answer of the scale, and how many of any two of them gave an answer can't be found
//! either. It holds for a reader who knows who was asked, who answered, all the rest of the
//! report, and these rules. It does not hold among raters who tell each other what they answered:
//! with groups of three no mean could.
//!
//! # Why it holds
//!
//! All that is shown of the answers is where their sum lies. With `n` answers of 0 to `w` steps a
//! person may have given any of them if the others can make up for it: if the sum is at least `w`
//! and at most `(n - 1)w`. Sums below that are shown as the one span from the lowest sum to `w`,
//! those above as the one from `(n - 1)w` to the highest; each span holds a sum with which every
//! answer is possible. Between them the sum itself is told. The spans follow from `n` and the
//! scale alone, so that a reader who knows the rule learns nothing from which of them it is.
//!
//! Groups are apart: each answer is in one of them, and each is shown or left out by its own
//! number of answers. A group that is left out is left out everywhere: the mean of all others is
//! made of what is shown of the groups alone ([`together`]), and the gap of that, so that
//! subtracting the shown groups leaves nothing. Small groups are not put together either: peers
//! and staff see different sides, and two groups of two put together would tell each of the two
//! who answered together what the others did.

/// Fewest answers of which anything is shown, peers' and staff's alike. Staff get no smaller
/// number: they depend on whom they rate.
pub const LEAST: usize = 3;

/// How many answered, and between which hundredths their mean lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// How many.
    pub count: usize,
    /// The least that the mean can be, in hundredths.
    pub lowest: i32,
    /// The most.
    pub highest: i32,
}

/// The sums, counted from the lowest answer, of which one is told where the sum is this: one, or a
/// span.
pub const fn span(count: usize, width: usize, sum: usize) -> (usize, usize) {
    let free = count.saturating_sub(1) * width;
    if sum <= width {
        (0, width)
    } else if sum >= free {
        (free, count * width)
    } else {
        (sum, sum)
    }
}

/// What is shown of an anonymous group's answers on a scale.
pub fn group(answers: &[i32], (lowest, highest): (i32, i32), least: usize) -> Option<Shown> {
    let count = answers.len();
    if count < least.max(LEAST) {
        return None;
    }
    let steps = |answer: i32| usize::try_from(answer - lowest).unwrap_or(0);
    let sum = answers.iter().copied().map(steps).sum();
    let (from, to) = span(count, steps(highest), sum);
    // A mean that is told is rounded; a span is widened.
    let hundredths = |sum: usize, up: usize| {
        let mean = (100 * sum + up) / count;
        100 * lowest + i32::try_from(mean).unwrap_or(i32::MAX)
    };
    let (down, up) = if from == to {
        (count / 2, count / 2)
    } else {
        (0, count - 1)
    };
    Some(Shown {
        count,
        lowest: hundredths(from, down),
        highest: hundredths(to, up),
    })
}

/// What is shown of one who answers by name.
pub const fn by_name(answer: i32) -> Shown {
    Shown {
        count: 1,
        lowest: 100 * answer,
        highest: 100 * answer,
    }
}

/// The mean of several groups, from what is shown of them.
pub fn together(groups: impl Iterator<Item = Shown>) -> Option<Shown> {
    let (mut count, mut low, mut high) = (0_usize, 0_i64, 0_i64);
    for one in groups {
        let people = i64::try_from(one.count).unwrap_or(i64::MAX);
        count += one.count;
        low += people * i64::from(one.lowest);
        high += people * i64::from(one.highest);
    }
    let people = i64::try_from(count).ok().filter(|people| *people > 0)?;
    let (lowest, highest) = if low == high {
        let mean = (low + people / 2).div_euclid(people);
        (mean, mean)
    } else {
        (low.div_euclid(people), -(-high).div_euclid(people))
    };
    Some(Shown {
        count,
        lowest: i32::try_from(lowest).ok()?,
        highest: i32::try_from(highest).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// All ways in which some people can answer.
    fn ways(people: usize, width: i32) -> Vec<Vec<i32>> {
        let mut all = vec![Vec::new()];
        for _ in 0..people {
            let longer = |way: &Vec<i32>| -> Vec<Vec<i32>> {
                (0..=width)
                    .map(|own| [way.as_slice(), &[own]].concat())
                    .collect()
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    #[test]
    fn whatever_is_shown_each_may_have_given_every_answer_and_no_two_can_be_counted() {
        for (people, width) in [
            (3, 1),
            (3, 2),
            (3, 4),
            (3, 6),
            (4, 2),
            (4, 4),
            (5, 3),
            (6, 2),
        ] {
            let mut by_table: BTreeMap<(i32, i32), Vec<Vec<i32>>> = BTreeMap::new();
            for answers in ways(people, width) {
                let shown = group(&answers, (0, width), LEAST).unwrap();
                let sum: i32 = answers.iter().sum();
                let mean = 100.0 * f64::from(sum) / f64::from(u8::try_from(people).unwrap());
                assert!(f64::from(shown.lowest) <= mean + 0.5);
                assert!(mean - 0.5 <= f64::from(shown.highest));
                let table = (shown.lowest, shown.highest);
                by_table.entry(table).or_default().push(answers);
            }
            for (table, ways) in by_table {
                for answer in 0..=width {
                    let can = ways.iter().any(|way| way[0] == answer);
                    assert!(can, "{people} of {width}: {table:?} rules {answer} out");
                    let of_two =
                        |way: &Vec<i32>| i32::from(way[0] == answer) + i32::from(way[1] == answer);
                    let first = of_two(&ways[0]);
                    assert!(
                        ways.iter().any(|way| of_two(way) != first),
                        "{people} of {width}: {table:?} counts {answer} among two"
                    );
                }
            }
        }
    }

    #[test]
    fn the_mean_itself_would_tell() {
        // What the test above would find without the spans.
        let same: Vec<Vec<i32>> = ways(3, 4)
            .into_iter()
            .filter(|way| way.iter().sum::<i32>() == 12)
            .collect();
        assert_eq!(same, [[4, 4, 4]]);
    }

    #[test]
    fn fewer_than_three_are_never_shown_and_ends_are_spans() {
        assert_eq!(group(&[4, 5], (1, 5), 3), None);
        assert_eq!(group(&[4, 5], (1, 5), 0), None);
        assert_eq!(group(&[4, 5, 3, 3], (1, 5), 5), None);
        let shown = |count, lowest, highest| {
            Some(Shown {
                count,
                lowest,
                highest,
            })
        };
        assert_eq!(group(&[5, 5, 5], (1, 5), 3), shown(3, 366, 500));
        assert_eq!(group(&[1, 1, 2], (1, 5), 3), shown(3, 100, 234));
        assert_eq!(group(&[2, 3, 5], (1, 5), 3), shown(3, 333, 333));
        assert_eq!(group(&[-2, 0, 3, 1], (-5, 5), 3), shown(4, 50, 50));
    }

    #[test]
    fn others_are_made_of_what_is_shown() {
        let group = Shown {
            count: 3,
            lowest: 366,
            highest: 500,
        };
        let both = together([by_name(2), group].into_iter()).unwrap();
        assert_eq!((both.count, both.lowest, both.highest), (4, 324, 425));
        assert_eq!(together(std::iter::empty()), None);
    }
}
