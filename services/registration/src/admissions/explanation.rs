//! "Why am I not promoted?": what stands in the way of one who waits, and what would help.

use super::{
    inputs,
    propose::{self, Outlook, Reason},
    queue,
    words::KeptReason,
};
use crate::{
    applications::{self, choices},
    rounds::model::Terms,
};
use sea_orm::ConnectionTrait;
use shared_database::DatabaseError;
use shared_types::{
    ApplicationId, Language, Links, Problem,
    registration::{
        admissions::{AdmissionReason, PassOver, QueueExplanation},
        codes::QUEUE_NOT_JOINED,
    },
};

/// Explains how an application stands in its round's queue.
pub async fn explain(
    connection: &impl ConnectionTrait,
    application: &applications::entity::Model,
    terms: &Terms,
    language: Language,
    links: Links,
) -> Result<QueueExplanation, Problem> {
    let id = ApplicationId::from(application.id);
    let waiting = applications::store::queue(connection, terms.id).await?;
    let taken = inputs::taken(connection, terms).await?;
    let mut barred = choices::barred(connection, &waiting).await?;
    // Whoever can't be offered a seat now stands in nobody's way; the reader is looked at all the
    // same.
    let bar = barred.remove(&application.id);
    let able: Vec<_> = waiting
        .iter()
        .filter(|row| !barred.contains_key(&row.id))
        .cloned()
        .collect();
    let candidates = inputs::candidates(connection, &able).await?;
    let held = number(taken.len());
    let rules = inputs::rules(terms, terms.seats - held);
    let Some(outlook) = propose::outlook(&rules, &taken, &candidates, id) else {
        return Err(Problem::of(&QUEUE_NOT_JOINED)
            .value("admission", &application.admission)
            .value("seat", &application.seat));
    };
    let moves = terms.seats_move() && bar.is_none();
    let helping = if moves { wide(outlook.helping) } else { 0 };
    let next_if_added = moves && outlook.next_if_added;
    let ceiling = rules.ceiling_of(inputs::municipality(application));
    let (obstacles, remedies) = match bar {
        Some(bar) => (vec![KeptReason::bare(bar.code())], Vec::new()),
        None => words(&outlook, moves, held, ceiling),
    };
    let wired = |reasons: Vec<KeptReason>| -> Vec<AdmissionReason> {
        reasons.iter().map(|one| one.wire(language)).collect()
    };
    Ok(QueueExplanation {
        application_id: id,
        round_id: terms.id,
        position: wide(outlook.position),
        ahead_count: wide(outlook.position) - 1,
        waiting_count: number(waiting.len()),
        held_count: held,
        helping_count: helping,
        next_if_added,
        next: next_if_added && helping == held,
        seats_needed: outlook.seats_needed.filter(|_| moves).map(wide),
        municipality_seats: wide(outlook.municipality_seats),
        municipality_ceiling: ceiling.map(wide),
        obstacles: wired(obstacles),
        remedies: wired(remedies),
        pass_overs: pass_overs(connection, id, language).await?,
        links,
    })
}

/// What stands in the way, and what would help, as reasons that can be put into words.
fn words(
    outlook: &Outlook,
    moves: bool,
    held: i32,
    ceiling: Option<u32>,
) -> (Vec<KeptReason>, Vec<KeptReason>) {
    let reason = |code: &str, value: String| KeptReason {
        code: code.to_owned(),
        value,
    };
    if !moves {
        return (vec![reason("seats_do_not_move", String::new())], Vec::new());
    }
    let mut obstacles = Vec::new();
    if let Some(passed_over) = &outlook.passed_over {
        obstacles.push(KeptReason::from(passed_over));
    } else if outlook.position > 1 && !outlook.next_if_added {
        obstacles.push(reason("others_ahead", (outlook.position - 1).to_string()));
    } else {
        obstacles.push(reason("no_seat_free", held.to_string()));
    }
    let mut remedies = Vec::new();
    let helping = wide(outlook.helping);
    if outlook.next_if_added && helping == held {
        remedies.push(reason("next_seat", String::new()));
    } else if helping > 0 {
        remedies.push(reason("seat_of_some", format!("{helping}/{held}")));
    }
    let at_ceiling = ceiling.is_some_and(|ceiling| outlook.municipality_seats >= ceiling);
    if at_ceiling || matches!(outlook.passed_over, Some(Reason::CeilingReached { .. })) {
        remedies.push(reason("seat_of_own_municipality", String::new()));
    }
    match outlook.seats_needed {
        Some(seats) if !outlook.next_if_added => {
            remedies.push(reason("more_seats", seats.to_string()));
        }
        _ => {}
    }
    (obstacles, remedies)
}

async fn pass_overs(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
    language: Language,
) -> Result<Vec<PassOver>, DatabaseError> {
    let noted = queue::passed_over_at(connection, id).await?.into_iter();
    Ok(noted
        .map(|(at, reason)| PassOver {
            at,
            reason: reason.wire(language),
        })
        .collect())
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn wide(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
