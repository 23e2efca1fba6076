//! How one who waits stands: what each seat that might be freed would mean, by the rules that move
//! the queue and no others.

use std::collections::BTreeMap;

use shared_types::ApplicationId;

use super::{Candidate, Reason, Rules, Taken, move_queue};

/// How one who waits stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The place in the queue, from 1.
    pub position: u32,
    /// Seats held now of which any one, given up, would come to this person.
    pub helping: u32,
    /// Whether one more seat, with nobody leaving, would.
    pub next_if_added: bool,
    /// Seats that would have to be added until one comes to this person; `None` if none would.
    pub seats_needed: Option<u32>,
    /// Seats that the person's municipality holds.
    pub municipality_seats: u32,
    /// Why this person would be passed over for one more seat.
    pub passed_over: Option<Reason>,
}

/// How the person of an id stands; `None` for whoever is not in the queue. `rules.seats` are those
/// free now, which nobody in the queue can take.
pub fn outlook(
    rules: &Rules,
    taken: &[Taken],
    queue: &[Candidate],
    id: ApplicationId,
) -> Option<Outlook> {
    let place = queue.iter().position(|candidate| candidate.id == id)?;
    let municipality = queue.get(place)?.municipality;
    let with = |more: usize| Rules {
        seats: rules.seats.saturating_add(count(more)),
        ..rules.clone()
    };
    let one_more = with(1);
    let added = move_queue(&one_more, taken, queue);
    // Seats are given one by one, so that the place among all offers is the number needed.
    let all = move_queue(&with(queue.len()), taken, queue);
    let turn = all.offers.iter().position(|offered| *offered == id);
    let passed_over = added.passed_over.into_iter().chain(all.passed_over);
    let held = taken
        .iter()
        .filter(|seat| seat.municipality == municipality);
    Some(Outlook {
        position: count(place + 1),
        helping: helping(&one_more, taken, queue, id),
        next_if_added: added.offers.contains(&id),
        seats_needed: turn.map(|turn| count(turn + 1).saturating_sub(rules.seats).max(1)),
        municipality_seats: count(held.count()),
        passed_over: passed_over
            .filter(|(passed, _)| *passed == id)
            .map(|(_, reason)| reason)
            .next(),
    })
}

/// Seats that would come to the person if they alone were given up. Seats of one municipality
/// and gender are alike to the rules, so each kind is tried once.
fn helping(rules: &Rules, taken: &[Taken], queue: &[Candidate], id: ApplicationId) -> u32 {
    let mut kinds: BTreeMap<Taken, (usize, usize)> = BTreeMap::new();
    for (place, seat) in taken.iter().enumerate() {
        kinds.entry(*seat).or_insert((place, 0)).1 += 1;
    }
    let helps = |place: usize| {
        let mut left = taken.to_vec();
        left.swap_remove(place);
        move_queue(rules, &left, queue).offers.contains(&id)
    };
    let kinds = kinds.into_values();
    count(
        kinds
            .filter(|(place, _)| helps(*place))
            .map(|(_, seats)| seats)
            .sum(),
    )
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
