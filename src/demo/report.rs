//! What the demo ends with: who is admitted, whether the invariants hold, and what to call
//! next.

use super::{
    client::{Client, text},
    effects::COMPLETING,
    goals::Goal,
    hr,
    interviews::SPEAKING,
    journey::Outcome,
    load::World,
    pairs::{BETWEEN_THE_TWO, members},
    sessions,
};
use crate::{Fault, say};
use serde_json::{Value, json};
use shared_types::PersonId;
use shared_web::{Clock, outgoing::Method};
use std::collections::BTreeMap;

/// Prints the admitted and the invariants; says whether all of them hold.
pub(super) async fn print(
    client: &Client,
    world: &World,
    outcome: &Outcome,
) -> Result<bool, Fault> {
    let path = format!("applications?limit=100&roundId={}", world.round);
    let all = client.list(world.coordinator, &path).await?;
    let mut table: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    let has_seat = |one: &&Value| ["accepted", "completed"].contains(&text(one, "/seat/state"));
    for one in all.iter().filter(has_seat) {
        table
            .entry(text(one, "/municipalityId"))
            .or_default()
            .push(one);
    }
    say::line("");
    say::line(format_args!(
        "{:<24} {:>5} {:>5} {:>5} {:>6}  ranks",
        "municipality", "seats", "women", "men", "other"
    ));
    let mut seats = 0;
    for (municipality, admitted) in &table {
        let gender = |wanted: &str| {
            admitted
                .iter()
                .filter(|one| text(one, "/gender") == wanted)
                .count()
        };
        let (women, men) = (gender("woman"), gender("man"));
        let mut ranks: Vec<String> = admitted.iter().map(|one| rank(one)).collect();
        ranks.sort();
        seats += admitted.len();
        let name = client
            .get(world.coordinator, &format!("organisations/{municipality}"))
            .await?;
        say::line(format_args!(
            "{:<24} {:>5} {women:>5} {men:>5} {:>6}  {}",
            text(&name, "/name"),
            admitted.len(),
            admitted.len() - women - men,
            ranks.join(" ")
        ));
    }
    let report = client
        .get(
            world.coordinator,
            &format!("rounds/{}/invariants", world.round),
        )
        .await?;
    say::line("");
    for invariant in report
        .get("invariants")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let mark = if invariant.get("holds") == Some(&Value::Bool(true)) {
            "holds "
        } else {
            "BROKEN"
        };
        say::line(format_args!(
            "{mark}  {}: {}",
            text(invariant, "/name"),
            text(invariant, "/detail")
        ));
    }
    let holds = report.get("holds") == Some(&Value::Bool(true));
    let complete = seats == 24 && table.len() == 13;
    if !complete {
        say::line(format_args!(
            "BROKEN  {seats} seats in {} municipalities instead of 24 in 13",
            table.len()
        ));
    }
    let handed_on = all
        .iter()
        .any(|one| text(one, "/replaces") == outcome.substitution.to_string());
    let attended = print_days(client, world, outcome).await?;
    let supported = print_pairs(client, world, outcome).await?;
    let completed = print_effects(outcome);
    let reached = print_goals(outcome);
    let left = hr::print(&outcome.employer);
    Ok(holds && complete && handed_on && attended && supported && completed && reached && left)
}

/// Prints each participant's days; says whether everybody has the programme's twelve but those
/// who were missing.
async fn print_days(client: &Client, world: &World, outcome: &Outcome) -> Result<bool, Fault> {
    let path = format!("scheduling/rounds/{}/attendance?limit=100", world.round);
    let all = client.list(world.coordinator, &path).await?;
    let days = |one: &Value, member: &str| {
        let days = one.pointer(&format!("/days/{member}"));
        days.and_then(Value::as_f64).unwrap_or_default()
    };
    say::line("");
    say::line(format_args!(
        "{:<24} {:>5} {:>5} {:>7}",
        "participant", "days", "of", "made up"
    ));
    for one in &all {
        say::line(format_args!(
            "{:<24} {:>5} {:>5} {:>7}  {}",
            text(one, "/name"),
            days(one, "counted"),
            days(one, "total"),
            days(one, "madeUp"),
            text(one, "/outlook")
        ));
    }
    let whole = all
        .iter()
        .filter(|one| days(one, "counted") >= 12.0)
        .count();
    let (expected, missing) = (outcome.meetings.participants.len(), sessions::MISSING);
    let attended = all.len() == expected && whole == expected - missing;
    if !attended {
        say::line(format_args!(
            "BROKEN  {whole} of {} have twelve days instead of {} of {expected}",
            all.len(),
            expected - missing
        ));
    }
    Ok(attended)
}

/// Prints who supports whom, and what a coordinator sees of a pair that has met; says whether
/// everybody has a mentor of another municipality, and whether that is all the coordinator sees.
async fn print_pairs(client: &Client, world: &World, outcome: &Outcome) -> Result<bool, Fault> {
    let path = format!("mentorship/rounds/{}/pairs?limit=100", world.round);
    let all = client.list(world.coordinator, &path).await?;
    let live: Vec<&Value> = all
        .iter()
        .filter(|pair| text(pair, "/state") == "active")
        .collect();
    say::line("");
    say::line(format_args!(
        "{:<24} {:<24} {:<20} {:>4}",
        "participant", "mentor", "chief of", "met"
    ));
    for pair in &live {
        let met = pair.get("meetingsHeld").and_then(Value::as_i64);
        say::line(format_args!(
            "{:<24} {:<24} {:<20} {:>4}",
            text(pair, "/mentee/name"),
            text(pair, "/mentor/name"),
            text(pair, "/mentor/municipality"),
            met.unwrap_or(-1)
        ));
    }
    let path = format!("mentorship/pairs/{}/meetings", outcome.meetings.pair.id);
    let seen = client.get(world.coordinator, &path).await?;
    let meetings = members(&seen, "items");
    for meeting in meetings {
        let minutes = meeting.get("lengthMinutes").and_then(Value::as_i64);
        say::line(format_args!(
            "The coordinator sees of a pair: {} on {}, {} minutes",
            text(meeting, "/state"),
            text(meeting, "/startsAt").get(..10).unwrap_or_default(),
            minutes.unwrap_or(-1)
        ));
    }
    say::line("");
    let distinct = |member: &str| {
        let mut ids: Vec<&str> = live.iter().map(|pair| text(pair, member)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    };
    let elsewhere = |pair: &&&Value| {
        text(pair, "/mentor/municipalityId") != text(pair, "/mentee/municipalityId")
    };
    let expected = outcome.meetings.participants.len();
    let goals = format!("mentorship/pairs/{}/goals", outcome.meetings.pair.id);
    let refused = client
        .call(Method::GET, world.coordinator, &goals, None, None)
        .await?;
    let all = [
        (
            "every participant has a mentor",
            live.len() == expected && distinct("/applicationId") == expected,
        ),
        (
            "every mentor is of another municipality",
            live.iter().filter(elsewhere).count() == expected,
        ),
        (
            "no mentor has more than one participant",
            distinct("/mentorId") == expected,
        ),
        (
            "coordinators see that and when a pair meets, and nothing of what is said",
            meetings.len() == 2
                && refused.status == 403
                && !seen.to_string().contains(BETWEEN_THE_TWO),
        ),
    ];
    for (name, held) in all {
        let mark = if held { "holds " } else { "BROKEN" };
        say::line(format_args!("{mark}  {name}"));
    }
    Ok(all.iter().all(|(_, held)| *held))
}

/// Prints where the reports and a certificate are read; says whether as many completed the round
/// as were to.
fn print_effects(outcome: &Outcome) -> bool {
    let effects = &outcome.meetings.effects;
    for (name, link) in [
        ("The board's report", &effects.board_link),
        ("A director's report", &effects.director_link),
        ("A participant's 360", &outcome.meetings.circle.report_link),
        ("A certificate to check", &effects.verification_link),
    ] {
        say::line(format_args!("{name}: {link}"));
    }
    say::line("");
    let held = effects.completed == COMPLETING;
    let mark = if held { "holds " } else { "BROKEN" };
    say::line(format_args!(
        "{mark}  {} of {} completed the round",
        effects.completed,
        outcome.meetings.participants.len()
    ));
    held
}

/// Prints the programme's goals; says whether each has a status with a reason, and the theme that
/// many spoke of its number.
fn print_goals(outcome: &Outcome) -> bool {
    let goals = &outcome.meetings.goals;
    for goal in goals {
        say::line(format_args!("Goal: {}, {}", goal.name, goal.status));
        for (kind, state, value) in &goal.indicators {
            let value = value.map_or_else(String::new, |value| format!(", {value} hundredths"));
            say::line(format_args!("  {kind}: {state}{value}"));
        }
    }
    let interviews = &outcome.meetings.interviews;
    let spoke = usize::try_from(interviews.people_count) == Ok(SPEAKING);
    let assessed = |goal: &Goal| {
        let drawn = |(_, state, _): &(String, String, Option<i64>)| state != "not_available";
        !goal.reason.is_empty()
            && goal.status != "not_assessed"
            && goal.indicators.iter().any(drawn)
    };
    let held = goals.len() == 2 && goals.iter().all(assessed) && spoke;
    let mark = if held { "holds " } else { "BROKEN" };
    say::line(format_args!(
        "{mark}  {} goals are assessed by their indicators, after {} interviews",
        goals.len(),
        interviews.ids.len()
    ));
    held
}

fn rank(application: &Value) -> String {
    let rank = application
        .pointer("/endorsement/rank")
        .and_then(Value::as_i64);
    rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())
}

/// What scripts go on from: address, tokens by role, ids, pages.
pub(super) fn summary(
    client: &Client,
    clock: &Clock,
    world: &World,
    outcome: &Outcome,
) -> Result<Value, Fault> {
    let token = |person: PersonId| client.token(person);
    let mut tokens = BTreeMap::from([
        ("coordinator", token(world.coordinator)?),
        ("director", token(world.person("linkoping-director")?)?),
        // Somebody with the same office elsewhere, to see what is not shown to her.
        ("neighbour", token(world.person("ydre-director")?)?),
        ("participant", token(outcome.participant)?),
        ("applicant", token(outcome.applicant)?),
        ("mentor", token(outcome.meetings.pair.mentor)?),
        ("mentee", token(outcome.meetings.pair.mentee)?),
        ("biller", token(outcome.billed.coordinator)?),
        (
            "coordinatorElsewhere",
            token(world.run("linkoping-alla-chefer-intresse")?.0)?,
        ),
        // Of the project that the European Social Fund pays for.
        (
            "projectLeader",
            token(world.run("hallbart-ledarskap-2008")?.0)?,
        ),
    ]);
    for (role, person) in &world.staff {
        tokens.insert(role, token(*person)?);
    }
    let url = client.url();
    let page = |name: &str, url: String| json!({ "name": name, "url": url });
    let round = world.round;
    let open = outcome.next_round;
    let list = world
        .rounds
        .get("hallbart-ledarskap-2008")
        .copied()
        .unwrap_or(round);
    Ok(json!({
        "address": url,
        "clock": clock.now(),
        "tokens": tokens,
        "organiser": world.organiser,
        "round": round,
        "openRound": outcome.next_round,
        "rounds": world.rounds,
        "organisations": world.organisations,
        "people": world.people,
        "staff": world.staff,
        "coordinator": world.coordinator,
        "pair": outcome.meetings.pair.id,
        "participation": outcome.meetings.pair.application,
        "feedback": outcome.meetings.circle.feedback,
        "interviews": outcome.meetings.interviews.ids,
        "themes": [outcome.meetings.interviews.theme, outcome.meetings.interviews.seldom],
        "goals": outcome.meetings.goals.iter().map(|goal| &goal.id).collect::<Vec<_>>(),
        "hr": hr::summary(&outcome.employer),
        "invoices": outcome.billed.documents,
        "pages": [
            page("slate", outcome.slate_link.clone()),
            page("offer", outcome.offer_link.clone()),
            page("catalogue", format!("{url}/registration/pages/catalogue")),
            page("round", format!("{url}/registration/pages/rounds/{round}")),
            page("application", format!("{url}/registration/pages/rounds/{open}/application")),
            page("openSlate", outcome.open_slate_link.clone()),
            page("invitation", outcome.meetings.invitation_link.clone()),
            page("proposal", outcome.meetings.pair.proposal_link.clone()),
            page("survey", outcome.meetings.effects.survey_link.clone()),
            page("unsubscribe", outcome.meetings.effects.unsubscribe_link.clone()),
            page("reportOfBoard", outcome.meetings.effects.board_link.clone()),
            page("reportOfDirector", outcome.meetings.effects.director_link.clone()),
            page("rater", outcome.meetings.circle.rater_link.clone()),
            page("reportOfFeedback", outcome.meetings.circle.report_link.clone()),
            page("certificate", outcome.meetings.effects.verification_link.clone()),
            page("openRound", format!("{url}/registration/pages/rounds/{open}")),
            page("interest", format!("{url}/registration/pages/rounds/{list}")),
        ],
    }))
}

/// Prints the address of the API page and a token for each role.
pub(super) fn print_next_steps(client: &Client, summary: &Value) {
    say::line("");
    say::line(format_args!("API page: {}/docs", client.url()));
    say::line("Tokens, good for twelve hours (also in demo.json):");
    for (role, token) in summary
        .get("tokens")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        say::line(format_args!(
            "  {role}: {}",
            token.as_str().unwrap_or_default()
        ));
    }
    say::line("The next call:");
    say::line(format_args!(
        "  curl -H 'Authorization: Bearer {}' {}/registration/v1/rounds/{}/queue",
        text(summary, "/tokens/coordinator"),
        client.url(),
        text(summary, "/round")
    ));
}
