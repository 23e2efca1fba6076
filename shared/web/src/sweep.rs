//! What a service does by itself, again and again, whatever becomes of its single steps.

use crate::clock;
use metrics::{counter, gauge};
use shared_types::Problem;
use std::time::{Duration, Instant};

/// Sweeps until the process ends; an error is logged, and the next time comes all the same.
pub async fn again_and_again<Once>(part: &'static str, every: Duration, once: impl Fn() -> Once)
where
    Once: Future<Output = Result<(), Problem>>,
{
    loop {
        let started = Instant::now();
        match once().await {
            Ok(()) => {
                let done = gauge!("sweep_last_success_timestamp_seconds", "part" => part);
                done.set(seconds());
            }
            Err(problem) => {
                let (code, cause) = (problem.code().name, problem.cause());
                tracing::error!(code, cause, "the sweep failed");
                counter!("sweep_failures_total", "part" => part).increment(1);
            }
        }
        gauge!("sweep_duration_seconds", "part" => part).set(started.elapsed().as_secs_f64());
        tokio::time::sleep(every).await;
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of this century are exact"
)]
fn seconds() -> f64 {
    clock::system_seconds() as f64
}

/// Steps that are done whatever becomes of one another.
#[derive(Debug, Default)]
pub struct Steps(Option<Problem>);

impl Steps {
    /// Logs a step's error.
    pub fn note(&mut self, step: &str, done: Result<(), Problem>) {
        if let Err(problem) = done {
            let (code, cause) = (problem.code().name, problem.cause());
            tracing::error!(code, cause, step, "a step of the sweep failed");
            self.0.get_or_insert(problem);
        }
    }

    /// The first error.
    pub fn end(self) -> Result<(), Problem> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::codes;

    #[test]
    fn the_first_error_is_the_result_and_the_steps_after_it_are_done() {
        let mut steps = Steps::default();
        steps.note("one", Ok(()));
        steps.note("two", Err(Problem::of(&codes::NOT_FOUND)));
        steps.note("three", Err(Problem::of(&codes::CONFLICT)));
        assert_eq!(steps.end().unwrap_err().code().name, "not_found");
        Steps::default().end().unwrap();
    }
}
