//! Operations of retention.

use super::{
    due,
    store::{self, Rule},
};
use crate::{State, feeds::store::audits_all};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use shared_database::{Change, column};
use shared_types::{
    Answer, Links, Problem, codes,
    registration::privacy::{
        NewRetention, RetentionKind, RetentionPreview, RetentionRule, RetentionRules,
    },
};
use shared_web::{Command, Context, Outcome, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Things that a preview names.
const MOST_SHOWN: u32 = 100;
/// Under what the history of rules stands: there is one set of them.
const RULES: Uuid = Uuid::from_u128(0x0192_f0c1_0000_7000_8000_7265_7465_6e74);

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_retention_rules)
        .service(get_retention_rule)
        .service(replace_retention_rule)
        .service(preview_retention);
}

/// List retention rules
///
/// For how many days each kind of data is kept that ends by itself. Open to every known caller:
/// whose data it is may know.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "A rule for each kind.", body = RetentionRules)))]
#[get("/retention-rules")]
async fn list_retention_rules(state: Data<State>, context: Context) -> Outcome {
    let rules = store::all(state.database.read()).await?;
    Ok(Reply::ok(&RetentionRules {
        items: rules.iter().map(|rule| wire(rule, &context)).collect(),
        links: Links::to_self(context.href("retention-rules")),
    })?)
}

/// Get a retention rule
#[utoipa::path(tag = "privacy", params(("kind" = RetentionKind, Path, description = "What is kept.")), responses((status = 200, description = "The rule.", body = RetentionRule)))]
#[get("/retention-rules/{kind}")]
async fn get_retention_rule(
    state: Data<State>,
    context: Context,
    kind: Path<RetentionKind>,
) -> Outcome {
    let rule = store::find(state.database.read(), *kind).await?;
    Ok(Reply::resource(&wire(&rule, &context), rule.version)?)
}

/// Change a retention rule
///
/// For operators. A shorter time ends within the hour what is over by it: look at the preview
/// with the new number of days first.
#[utoipa::path(tag = "privacy", params(("kind" = RetentionKind, Path, description = "What is kept.")), request_body = NewRetention, responses((status = 200, description = "The rule.", body = RetentionRule)))]
#[put("/retention-rules/{kind}")]
async fn replace_retention_rule(
    state: Data<State>,
    kind: Path<RetentionKind>,
    command: Command<NewRetention>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            if !context.caller.is_operator() {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let before = store::find(change.tx(), *kind).await?;
            expected.check(before.version)?;
            let rule = store::set(change, before, body.days).await?;
            let edge = format!("retention.{}_changed", column::text(*kind));
            change.record("retention", RULES, &edge, Some(&body.reason));
            Ok(Answer::ok(&wire(&rule, &context))?.version(rule.version))
        },
    );
    Ok(answer.await?.into())
}

/// Preview a retention rule
///
/// What is over now, or would be if it were kept for another number of days: how many, and the
/// ids of the oldest. For operators and for auditors of the whole installation.
#[utoipa::path(
    tag = "privacy",
    params(
        ("kind" = RetentionKind, Path, description = "What is kept."),
        ("days" = Option<i32>, Query, description = "As if it were kept for so many days; as the rule says when nothing is said.", minimum = 1, maximum = 36500)
    ),
    responses((status = 200, description = "What is due.", body = RetentionPreview))
)]
#[get("/retention-rules/{kind}/preview")]
async fn preview_retention(
    state: Data<State>,
    context: Context,
    kind: Path<RetentionKind>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    if !context.caller.is_operator() && !audits_all(&context.caller) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let rule = store::find(connection, *kind).await?;
    let days = query.get("days").unwrap_or(rule.days);
    let due_count = due::count(connection, *kind, days, context.now).await?;
    let items = due::oldest(connection, *kind, days, context.now, MOST_SHOWN).await?;
    let rule = wire(&rule, &context);
    let preview = format!("{}/preview", rule.links.own());
    Ok(Reply::ok(&RetentionPreview {
        kind: *kind,
        days,
        due_count,
        items,
        links: Links::to_self(preview).with("rule", "GET", rule.links.own()),
    })?)
}

fn wire(rule: &Rule, context: &Context) -> RetentionRule {
    let href = context.href(format!("retention-rules/{}", column::text(rule.kind)));
    RetentionRule {
        kind: rule.kind,
        days: rule.days,
        links: Links::to_self(&href).with("preview", "GET", format!("{href}/preview")),
    }
}
