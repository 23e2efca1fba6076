//! What is due by itself. Nothing relies on the sweep being in time: every request judges dates by
//! its own clock. Any number of replicas may sweep; each step takes its lock and looks again.

use crate::{State, reports};
use actix_web::web::Data;
use shared_database::idempotency;
use shared_types::Problem;
use std::time::Duration;

/// Sweeps again and again.
pub async fn keep_sweeping(state: Data<State>, every: Duration) {
    loop {
        if let Err(problem) = once(&state).await {
            note("sweep", &problem);
        }
        tokio::time::sleep(every).await;
    }
}

/// Does everything that is due. What fails keeps nothing else from being done; the first error
/// is the result.
pub async fn once(state: &State) -> Result<(), Problem> {
    let done = [
        (
            "answers",
            idempotency::forget_expired(&state.database)
                .await
                .map_err(Problem::from),
        ),
        ("municipalities", reports::reserve::release_all(state).await),
    ];
    let mut first = Ok(());
    for (step, done) in done {
        if let Err(problem) = done {
            note(step, &problem);
            first = first.and(Err(problem));
        }
    }
    first
}

fn note(step: &str, problem: &Problem) {
    let (code, cause) = (problem.code().name, problem.cause());
    tracing::error!(code, cause, step, "a step of the sweep failed");
}
