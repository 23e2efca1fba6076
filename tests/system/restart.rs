//! Killed between any two steps and started again, nothing that was acknowledged is lost.

use crate::program::Place;

#[actix_web::test]
async fn a_demo_that_is_killed_after_every_single_step_still_reaches_its_end() {
    for place in Place::all().await {
        let mut steps = 1;
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
            // On the server, where all is slower, between every third.
            steps += if place.is_sqlite() { 1 } else { 3 };
        }
        assert!(steps > 16, "only {steps} steps were played");
        let summary = place.summary();
        assert!(summary["tokens"]["coordinator"].is_string());
    }
}
