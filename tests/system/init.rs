//! A real installation, without the demo: from nothing to its first published round.

use crate::program::{Api, Place, Program};
use serde_json::json;
use std::process::Command;

fn akademi(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments).arg("--data-dir").arg(&place.folder);
    command
}

#[actix_web::test]
async fn init_makes_a_key_that_publishes_the_first_round() {
    let place = Place::sqlite();
    let arguments = [
        "init",
        "--organiser",
        "Linköpings kommun",
        "--code",
        "SE-0580",
        "--coordinator",
        "eva@linkoping.example",
    ];
    let mut init = Program::start(akademi(&place, &arguments));
    let organiser = init
        .until("organisation")
        .rsplit(' ')
        .next()
        .unwrap()
        .to_owned();
    let key = init.until("ak_").rsplit(' ').next().unwrap().to_owned();
    init.rest();
    assert!(init.ended().success());

    let mut served = Program::start(akademi(&place, &["serve", "--listen", "127.0.0.1:0"]));
    let url = served.address();
    let api = Api::new(&url);
    let text = |words: &str| json!({ "sv": words });
    let programme = json!({
        "organiserId": organiser, "name": text("Chefsprogram"), "purpose": text("Gemensam plattform"),
        "audience": text("Alla chefer"),
    });
    let (status, programme) = api
        .post(&key, "/registration/v1/programmes", &programme)
        .await;
    assert_eq!(status, 201, "{programme}");
    let path = format!(
        "/registration/v1/programmes/{}/publication",
        programme["id"].as_str().unwrap()
    );
    assert_eq!(api.post(&key, &path, &json!({})).await.0, 200);
    let round = json!({
        "programmeId": programme["id"], "name": text("Hösten"), "seats": 20, "language": "sv",
        "timeZone": "Europe/Stockholm", "opensOn": "2027-01-11", "closesOn": "2027-02-12",
    });
    let (status, round) = api.post(&key, "/registration/v1/rounds", &round).await;
    assert_eq!(status, 201, "{round}");
    let round = round["id"].as_str().unwrap();
    assert_eq!(
        api.get(None, &format!("/registration/v1/rounds/{round}"))
            .await
            .0,
        404,
        "a draft is not public"
    );
    let path = format!("/registration/v1/rounds/{round}/publication");
    assert_eq!(api.post(&key, &path, &json!({})).await.0, 200);
    let (status, public) = api
        .get(None, &format!("/registration/v1/rounds/{round}"))
        .await;
    assert_eq!((status, public["state"].as_str()), (200, Some("published")));
    assert!(served.terminate().success());
}

/// On the data of a demo, served in earnest, its tokens say nothing.
pub(crate) async fn tokens_of_the_demo_count_no_more(demo: &Place, token: &str) {
    let mut served = Program::start(akademi(demo, &["serve", "--listen", "127.0.0.1:0"]));
    let url = served.address();
    let (status, _) = Api::new(&url).get(Some(token), "/registration/v1/me").await;
    assert_eq!(status, 401);
    assert!(served.terminate().success());
}
