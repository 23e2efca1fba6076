//! How far an experiment is.

use shared_types::mentorship::experiments::{ExperimentStep, NewExperiment};

/// The last step of which something is written.
pub fn step(experiment: &NewExperiment) -> ExperimentStep {
    let written = [
        (ExperimentStep::Next, experiment.next.is_some()),
        (ExperimentStep::Reflect, experiment.reflect.is_some()),
        (ExperimentStep::Observe, experiment.observe.is_some()),
        (ExperimentStep::Try, experiment.tried.is_some()),
    ];
    let last = written.into_iter().find(|(_, is_written)| *is_written);
    last.map_or(ExperimentStep::Plan, |(step, _)| step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::mentorship::{
        challenges::{Piece, Readership},
        experiments::Track,
    };

    #[test]
    fn an_experiment_is_as_far_as_its_last_written_step() {
        let piece = Piece {
            text: "Something".into(),
            audience: Readership::Private,
        };
        let mut experiment = NewExperiment {
            track: Track::Relations,
            practice_period_id: None,
            plan: piece.clone(),
            tried: None,
            observe: None,
            reflect: None,
            next: None,
        };
        assert_eq!(step(&experiment), ExperimentStep::Plan);
        experiment.tried = Some(piece.clone());
        assert_eq!(step(&experiment), ExperimentStep::Try);
        experiment.reflect = Some(piece.clone());
        assert_eq!(step(&experiment), ExperimentStep::Reflect);
        experiment.next = Some(piece);
        assert_eq!(step(&experiment), ExperimentStep::Next);
    }
}
