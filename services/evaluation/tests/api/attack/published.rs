//! The same of what is published: surveys close as the service closes them, and a coordinator reads
//! their reports over HTTP.

use super::{Attack, Background, Dice, Person, effects, questions, round, sheet};
use crate::{
    answered::Asked,
    world::{World, on_each_database},
};
use evaluation::{
    effects::{freeze::FrozenEffect, joint::Part},
    reports::tables::{Frozen, FrozenQuestion},
};
use serde_json::{Value, json};
use shared_types::{
    RoundId, SurveyId,
    evaluation::{
        effects::EffectQuestion,
        reports::{ReportDimension, ReportQuestion, ReportShowing, RoundReport, SurveyReport},
    },
};
use uuid::Uuid;

const SURVEYS: usize = 4;
const FAMILIES: usize = 6;

/// What is frozen, as far as it is told.
fn frozen(questions: &[ReportQuestion]) -> Frozen {
    let total = |one: &ReportQuestion| FrozenQuestion {
        key: one.key.clone(),
        showing: one.showing,
        asked_count: one.asked_count,
        cells: one.cells.clone(),
        choices: one.choices.clone(),
        mean: one.mean,
    };
    let breakdowns = questions.iter().filter(|one| !one.breakdowns.is_empty());
    Frozen {
        totals: questions.iter().map(total).collect(),
        breakdowns: breakdowns
            .map(|one| (one.key.clone(), one.breakdowns.clone()))
            .collect(),
        ..Frozen::default()
    }
}

fn effect(one: &EffectQuestion) -> FrozenEffect {
    FrozenEffect {
        question: FrozenQuestion {
            key: one.key.clone(),
            showing: one.showing,
            asked_count: None,
            cells: one.cells.clone(),
            choices: Vec::new(),
            mean: None,
        },
        size: one.size,
        breakdowns: one.breakdowns.clone(),
    }
}

/// Departments have ids where they are stored.
fn stored(background: &Background) -> Background {
    let [gender, kind, municipality, department] = background.clone();
    let id = |name: String| Uuid::new_v5(&Uuid::nil(), name.as_bytes()).to_string();
    [gender, kind, municipality, department.map(id)]
}

impl World {
    async fn tells(
        &self,
        survey: SurveyId,
        background: &Background,
        code: Option<&str>,
        answers: Value,
    ) {
        let [gender, kind, municipality, department] = background;
        let id = |one: &Option<String>| one.as_ref().map(|id| id.parse::<Uuid>().unwrap());
        let background = (
            gender.as_deref().unwrap(),
            kind.as_deref().unwrap(),
            id(municipality).map(Into::into),
            id(department),
        );
        self.answered(survey, background, code, answers).await;
    }

    async fn other_round(&self) -> RoundId {
        let round = RoundId::new();
        self.tell_round(round, json!({})).await;
        round
    }
}

#[actix_web::test]
async fn nothing_follows_from_what_a_coordinator_reads_of_a_survey() {
    on_each_database(async |world| {
        let questions = questions();
        let instrument = world.asking(&json!(questions)).await;
        let (mut dice, mut told_count) = (Dice(36), 0);
        for number in 0..SURVEYS {
            let people: Vec<Person> = round(&mut dice, 24, 13)
                .iter()
                .map(|(background, answers)| (stored(background), answers.clone()))
                .collect();
            let survey = world.asked(instrument, &Asked::default()).await;
            for (background, answers) in &people {
                world.tells(survey, background, None, sheet(answers)).await;
            }
            world.close(survey).await;
            let path = format!("surveys/{survey}/report");
            let report: SurveyReport = world.coordinator.get(&path).await.ok().read();
            assert_eq!(report.answered_count, Some(24));
            let told = frozen(&report.questions);
            let named = told.breakdowns.values().flatten();
            for breakdown in named {
                assert_ne!(breakdown.dimension, ReportDimension::Municipality);
            }
            let is_shown = |one: &&FrozenQuestion| one.showing == ReportShowing::Shown;
            told_count += told.totals.iter().filter(is_shown).count();
            // The wide ones take longer.
            let asked = [&[0][..], &[1, 2], &[super::GRADE], &[super::MET]];
            let most = if number == 0 { 4 } else { 2 };
            for asked in asked.into_iter().take(most) {
                let mut attack = Attack::new(std::slice::from_ref(&people), asked);
                attack.read(0, &told, &questions);
                assert_eq!(attack.determined(), 0, "survey {number}: {told:#?}");
            }
        }
        // Reports from which nothing follows because they are empty would be no reports.
        assert!(told_count > SURVEYS, "{told_count}");
    })
    .await;
}

#[actix_web::test]
async fn nothing_follows_from_what_a_coordinator_reads_of_a_family_of_surveys() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!(effects::questions(3))).await;
        let (mut dice, mut told) = (Dice(37), 0);
        for number in 0..FAMILIES {
            let surveys_count = if number == 0 { 3 } else { 2 };
            let mut people = effects::people(&mut dice, surveys_count);
            for one in &mut people {
                one.background = stored(&one.background);
            }
            let parts = published(world, instrument, &people, surveys_count).await;
            told += effects::shown(&parts);
            let mut attack = effects::Attack::new(&people, 3);
            attack.read(&parts);
            let found = attack.determined(&people, &mut dice);
            assert_eq!(found, 0, "family {number}: {parts:#?}");
        }
        println!("{told} changes shown");
        assert!(told > 0);
    })
    .await;
}

/// Has a family of surveys answered and closed, and reads what is told of it.
async fn published(
    world: &World,
    instrument: shared_types::InstrumentId,
    people: &[effects::One],
    surveys_count: usize,
) -> Vec<Part> {
    let round = world.other_round().await;
    let family = Uuid::now_v7();
    let mut surveys = Vec::new();
    for place in 0..surveys_count {
        let asked = Asked {
            round: Some(round),
            family: Some((family, ["before", "after", "follow_up"][place])),
        };
        surveys.push(world.asked(instrument, &asked).await);
    }
    for (who, one) in people.iter().enumerate() {
        let code = format!("{family} {who}");
        for (survey, slot) in surveys.iter().zip(&one.record) {
            if let Some(slot) = slot {
                let answers = json!(effects::sheet(*slot));
                world
                    .tells(*survey, &one.background, Some(&code), answers)
                    .await;
            }
        }
    }
    for survey in &surveys {
        world.close(*survey).await;
    }
    let path = format!("rounds/{round}/report");
    let report: RoundReport = world.coordinator.get(&path).await.ok().read();
    let part = |id: &SurveyId| {
        let own = report.surveys.iter().find(|one| one.survey_id == *id);
        let told = frozen(&own.unwrap().questions);
        let changes = report
            .effects
            .iter()
            .filter(|one| one.after_survey_id == *id);
        let changes: Vec<FrozenEffect> =
            changes.flat_map(|one| &one.questions).map(effect).collect();
        assert!(changes.iter().all(|one| {
            one.question.showing != ReportShowing::Shown
                || one
                    .size
                    .is_none_or(|size| size.effect_from_tenths <= size.effect_to_tenths)
        }));
        Part {
            totals: told.totals,
            breakdowns: told.breakdowns,
            effects: changes,
        }
    };
    surveys.iter().map(part).collect()
}
