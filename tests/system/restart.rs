//! Killed between two steps, again and again, and started anew, nothing that was acknowledged is lost.

use crate::program::Place;

#[actix_web::test]
async fn a_demo_that_is_killed_between_its_steps_still_reaches_its_end() {
    for place in Place::all().await {
        let mut steps = if place.is_sqlite() { 1 } else { 5 };
        // What is printed after the journey reads only.
        loop {
            let mut program = place.demo(&["--exit"]);
            let said: Vec<String> = std::iter::from_fn(|| program.line()).take(steps).collect();
            if said.len() < steps || said.iter().any(|line| line.starts_with("municipality")) {
                program.rest();
                assert!(program.ended().success(), "after {steps} steps: {said:#?}");
                break;
            }
            program.kill();
            // The more has been played the longer each run takes, and on the server all is slower.
            steps += match (place.is_sqlite(), steps) {
                (true, ..12) => 2,
                (true, _) => 12,
                (false, _) => 30,
            };
        }
        assert!(steps > 16, "only {steps} steps were played");
        let summary = place.summary();
        assert!(summary["tokens"]["coordinator"].is_string());
    }
}
