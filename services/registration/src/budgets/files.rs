//! A budget as a table, for whoever funds the round.

use super::{model, routes, store};
use crate::{State, billing::tally};
use actix_web::{
    HttpResponse, get,
    web::{Data, Path},
};
use shared_database::column;
use shared_types::{
    Language, Problem, RoundId, Words,
    registration::{
        billing::CsvTable,
        budgets::{CostKind, NewBudget},
    },
};
use shared_web::{
    Context, Error,
    csv::{self, Cell},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(export_budget);
}

/// Export a round's budget
///
/// For the coordinators of the round's organiser: funding, costs as planned and as they are, each
/// outlay, and what a participant costs, as a table in the language of the request.
#[utoipa::path(tag = "budgets", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The table.", content_type = "text/csv", body = CsvTable, example = "part,kind\r\n")))]
#[get("/rounds/{roundId}/budget/export")]
async fn export_budget(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
) -> Result<HttpResponse, Error> {
    let connection = state.database.read();
    let row = routes::known(connection, &context, *id).await?;
    let budget: NewBudget = column::from_json(row.budget).map_err(Problem::from)?;
    let participants = store::participants(connection, *id)
        .await
        .map_err(Problem::from)?;
    let table = written(&budget, participants, context.language);
    Ok(csv::file(csv::MEDIA_TYPE, "budget.csv").body(table))
}

const fn words(en: &'static str, sv: &'static str, da: &'static str) -> Words {
    Words { en, sv, da }
}

const HEAD: [Words; 6] = [
    words("part", "del", "del"),
    words("kind", "slag", "slags"),
    words("name", "benämning", "betegnelse"),
    words("booked on", "bokförd", "bogført"),
    words("planned", "planerat", "planlagt"),
    words("actual", "utfall", "faktisk"),
];
const FUNDING: Words = words("funding", "finansiering", "finansiering");
const COST: Words = words("cost", "kostnad", "omkostning");
const OUTLAY: Words = words("outlay", "utlägg", "udgift");
const SUM: Words = words("sum", "summa", "sum");
const DEVELOPMENT: Words = words("development", "utveckling", "udvikling");
const DELIVERY: Words = words("delivery", "genomförande", "gennemførelse");
const TOTAL: Words = words("total", "totalt", "i alt");
const LEFT: Words = words("left", "återstår", "tilbage");
const PARTICIPANTS: Words = words("participants", "deltagare", "deltagere");
const A_PARTICIPANT: Words = words(
    "delivery a participant",
    "genomförande per deltagare",
    "gennemførelse pr. deltager",
);

fn written(budget: &NewBudget, participants: i32, language: Language) -> String {
    let word = |words: Words| words.get(language);
    let money = |minor: i64| tally::decimal(minor, &budget.currency);
    let mut table = csv::Table::new(&HEAD.map(word));
    let mut line = |part: Words, kind: &str, name: &str, day: String, sums: [Option<String>; 2]| {
        let [planned, actual] = sums.map(Option::unwrap_or_default);
        table.row([
            Cell::Text(word(part)),
            Cell::Text(kind),
            Cell::Text(name),
            Cell::Plain(day),
            Cell::Plain(planned),
            Cell::Plain(actual),
        ]);
    };
    let none = String::new;
    for one in &budget.funding {
        let kind = column::text(one.kind);
        let sums = [Some(money(one.amount_minor)), None];
        line(FUNDING, &kind, &one.name, none(), sums);
    }
    for cost in &budget.costs {
        let kind = word(match cost.kind {
            CostKind::Development => DEVELOPMENT,
            CostKind::Delivery => DELIVERY,
        });
        let sums = [cost.planned_minor, model::spent(cost)].map(|minor| Some(money(minor)));
        line(COST, kind, &cost.name, none(), sums);
        for outlay in &cost.outlays {
            let day = outlay.booked_on.to_string();
            let sums = [None, Some(money(outlay.amount_minor))];
            line(OUTLAY, kind, &outlay.note, day, sums);
        }
    }
    let result = model::result(budget, participants);
    for (name, sums) in [
        (DEVELOPMENT, result.development),
        (DELIVERY, result.delivery),
        (TOTAL, result.total),
        (LEFT, result.left),
        (A_PARTICIPANT, result.a_participant),
    ] {
        let sums = [sums.planned_minor, sums.actual_minor].map(|minor| Some(money(minor)));
        line(SUM, "", word(name), none(), sums);
    }
    let counts = [budget.participants, result.participants].map(|count| Some(count.to_string()));
    line(SUM, "", word(PARTICIPANTS), none(), counts);
    table.finish()
}
