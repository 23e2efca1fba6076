//! Every edge of a session's table, and what no session can be.

use super::*;
use serde_json::{Value, json};

fn session(members: &Value) -> NewSession {
    let mut body = json!({
        "kind": "residential", "form": "on_site", "name": { "sv": "Internat 1" },
        "days": [
            { "date": "2022-09-01", "startsAt": "10:00", "endsAt": "17:00" },
            { "date": "2022-09-02", "startsAt": "09:00", "endsAt": "16:00" },
        ],
    });
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    serde_json::from_value(body).unwrap()
}

fn pointers(members: &Value) -> Vec<String> {
    let Err(problem) = check(&session(members), "Europe/Stockholm") else {
        return Vec::new();
    };
    let language = shared_types::Language::English;
    let body = problem.body(language, String::new(), String::new(), String::new());
    let found = body.errors.into_iter();
    found
        .map(|one| one.pointer.unwrap_or_default().into_owned())
        .collect()
}

#[test]
fn a_plain_session_is_one() {
    assert_eq!(pointers(&json!({})), Vec::<String>::new());
}

#[test]
fn every_violation_is_named_at_once() {
    let day = |date: &str, starts: &str, ends: &str| json!({ "date": date, "startsAt": starts, "endsAt": ends });
    let found = pointers(&json!({
        "kind": "seminar", "form": "digital", "venueId": "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        "choice": "x", "heldUntil": "2022-01-01",
        "days": [day("2027-03-28", "02:30", "05:00"), day("2027-03-28", "04:00", "03:00")],
    }));
    let expected = [
        "/choice",
        "/heldUntil",
        "/venueId",
        "/days/0/startsAt",
        "/days/1/endsAt",
        "/days/1",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_doubled_hour_is_taken_and_the_skipped_one_is_not() {
    let day =
        |date: &str| json!({ "days": [{ "date": date, "startsAt": "02:30", "endsAt": "04:00" }] });
    assert_eq!(pointers(&day("2026-10-25")), Vec::<String>::new());
    assert_eq!(pointers(&day("2027-03-28")), ["/days/0/startsAt"]);
    let elsewhere = json!({
        "timeZone": "Atlantic/Reykjavik",
        "days": [{ "date": "2027-03-28", "startsAt": "02:30", "endsAt": "04:00" }],
    });
    assert_eq!(pointers(&elsewhere), Vec::<String>::new());
}

#[test]
fn only_practice_has_a_period_and_nobody_meets_in_it() {
    let period = json!({ "startsOn": "2022-09-03", "endsOn": "2022-09-02" });
    let both = json!({ "kind": "practice_period", "period": period });
    assert_eq!(pointers(&both), ["/days", "/period/endsOn"]);
    assert_eq!(
        pointers(&json!({ "kind": "practice_period" })),
        ["/period", "/days"]
    );
    assert_eq!(
        pointers(&json!({ "period": period })),
        ["/period", "/period/endsOn"]
    );
}

#[test]
fn the_agenda_stays_within_its_day() {
    let item = |day: i32, starts: &str, ends: &str| {
        json!({ "day": day, "startsAt": starts, "endsAt": ends, "form": "lecture",
                "title": { "sv": "Kommunens uppdrag" } })
    };
    let agenda = json!({ "agenda": [
        item(1, "10:00", "17:00"), item(2, "08:59", "10:00"), item(3, "10:00", "11:00"),
        item(2, "15:00", "16:01"), item(2, "15:00", "15:00"),
    ] });
    let expected = [
        "/agenda/1/startsAt",
        "/agenda/2/day",
        "/agenda/3/endsAt",
        "/agenda/4/endsAt",
    ];
    assert_eq!(pointers(&agenda), expected);
}

#[test]
fn the_table_of_transitions_holds_on_every_edge() {
    use SessionKind::{Reserve, Seminar};
    use SessionState::{Activated, Cancelled, Lapsed, Planned};
    for (state, kind, open) in [
        (
            Planned,
            Reserve,
            vec!["cancellation", "activation", "lapse"],
        ),
        (Activated, Reserve, vec!["cancellation"]),
        (Cancelled, Reserve, vec![]),
        (Lapsed, Reserve, vec![]),
        (Planned, Seminar, vec!["cancellation"]),
        (Cancelled, Seminar, vec![]),
    ] {
        let case = Case {
            state,
            kind,
            coordinator: true,
        };
        let found: Vec<_> = EDGES
            .iter()
            .filter(|edge| (edge.who)(&case) && edge.judge(&case).is_ok())
            .map(|edge| edge.name)
            .collect();
        assert_eq!(found, open, "{state:?} {kind:?}");
        let reader = Case {
            coordinator: false,
            ..case
        };
        assert!(EDGES.iter().all(|edge| !(edge.who)(&reader)));
    }
}

#[test]
fn a_reserve_date_counts_once_it_stands_in_and_practice_never() {
    let reserve = session(&json!({ "kind": "reserve" }));
    assert!(!counts(SessionState::Planned, &reserve));
    assert!(counts(SessionState::Activated, &reserve));
    let practice = session(&json!({ "kind": "practice_period" }));
    assert!(!counts(SessionState::Planned, &practice));
    let plain = session(&json!({}));
    assert!(counts(SessionState::Planned, &plain));
    assert!(!counts(SessionState::Cancelled, &plain));
    let guests = session(&json!({ "audience": ["directors"] }));
    assert!(!counts(SessionState::Planned, &guests));
}
