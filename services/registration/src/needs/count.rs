//! Counting needs: each one by itself, never who and never in which combination.

use serde::{Deserialize, Serialize};
use shared_database::column;
use shared_types::registration::needs::{NeedCount, NeedKind, NewNeeds};
use std::collections::{BTreeMap, BTreeSet};

/// The counts of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// People who stated something.
    pub stated_count: i32,
    /// Each need that somebody stated.
    pub counts: Vec<NeedCount>,
}

/// Counts the needs of many people.
pub fn count(all: &[NewNeeds]) -> Counts {
    let mut counts: BTreeMap<(NeedKind, String), i32> = BTreeMap::new();
    for needs in all {
        let diet = needs
            .diets
            .iter()
            .map(|one| (NeedKind::Diet, column::text(one)));
        let access = needs.access_needs.iter();
        let access = access.map(|one| (NeedKind::Accessibility, column::text(one)));
        let lodging = [
            (NeedKind::Nights, column::text(needs.nights)),
            (NeedKind::RoomSharing, column::text(needs.room_sharing)),
        ];
        // A need that somebody names twice is one.
        let own: BTreeSet<_> = diet.chain(access).chain(lodging).collect();
        for need in own {
            *counts.entry(need).or_default() += 1;
        }
    }
    let counts = counts.into_iter();
    Counts {
        stated_count: i32::try_from(all.len()).unwrap_or(i32::MAX),
        counts: counts
            .map(|((kind, value), count)| NeedCount { kind, value, count })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::registration::needs::{Diet, Nights};

    #[test]
    fn a_need_counts_once_a_person_and_the_note_not_at_all() {
        let one = NewNeeds {
            diets: vec![Diet::Vegan, Diet::Vegan, Diet::NutFree],
            note: Some("Celery".into()),
            ..NewNeeds::default()
        };
        let two = NewNeeds {
            diets: vec![Diet::Vegan],
            nights: Nights::None,
            ..NewNeeds::default()
        };
        let counts = count(&[one, two]);
        assert_eq!(counts.stated_count, 2);
        let read: Vec<_> = counts
            .counts
            .iter()
            .map(|one| (one.value.as_str(), one.count))
            .collect();
        assert_eq!(
            read,
            [
                ("nut_free", 1),
                ("vegan", 2),
                ("all", 1),
                ("none", 1),
                ("own_room", 2)
            ]
        );
        assert!(!serde_json::to_string(&counts).unwrap().contains("Celery"));
    }
}
