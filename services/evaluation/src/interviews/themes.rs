//! Operations of a round's code book.

use super::{
    counts::{self, Shown},
    store, theme_entity,
};
use crate::{
    State,
    parts::{self, Round},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column, page, row};
use shared_types::{
    Answer, Links, Problem, RoundId, ThemeId, codes,
    evaluation::interviews::{NewTheme, Theme, ThemePage},
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_themes)
        .service(create_theme)
        .service(get_theme);
}

/// List a round's themes
///
/// For who evaluates or runs the round: the code book, with how often each theme came up. That is
/// counted once, when all interviews of the round are held and nothing was changed in them for a
/// week. Numbers that could be somebody's are left out.
#[utoipa::path(tag = "interviews", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of themes.", body = ThemePage)))]
#[get("/rounds/{roundId}/themes")]
async fn list_themes(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    readable(connection, &context, *id).await?;
    let select = store::themes(*id);
    let slice = page::read(connection, select, theme_entity::Column::Id, &query.page()?).await?;
    let counts = counts::published(connection, *id).await?;
    let links = query.links(&context, &slice);
    let shown = |row: &theme_entity::Model| counts.get(&row.id).copied().unwrap_or_default();
    let items = slice
        .items
        .iter()
        .map(|row| wire(row, shown(row), &context));
    Ok(Reply::ok(&ThemePage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Add a theme to a round's code book
///
/// For the evaluators of the round's organiser.
#[utoipa::path(tag = "interviews", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewTheme, responses((status = 201, description = "The theme.", body = Theme)))]
#[post("/rounds/{roundId}/themes")]
async fn create_theme(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewTheme>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = parts::visible(change.tx(), &context.caller, *id).await?;
            if !round.staff(&context.caller).evaluator {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let theme = theme_entity::Model {
                id: ThemeId::new().uuid(),
                round_id: round.id.uuid(),
                organiser_id: round.organiser_id.uuid(),
                name: column::json(&body.name),
                description: body.description.as_ref().map(column::json),
                made_at: change.actor.at,
            };
            let theme = row::insert::<theme_entity::Entity>(change.tx(), theme).await?;
            change.record("theme", theme.id, "theme.added", None);
            let theme = wire(&theme, Shown::default(), &context)?;
            Ok(Answer::created(theme.links.own(), &theme)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a theme
///
/// For who evaluates or runs the round.
#[utoipa::path(tag = "interviews", params(("themeId" = ThemeId, Path, description = "The theme.")), responses((status = 200, description = "The theme.", body = Theme)))]
#[get("/themes/{themeId}")]
async fn get_theme(state: Data<State>, context: Context, id: Path<ThemeId>) -> Outcome {
    let connection = state.database.read();
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::theme(connection, *id).await?.ok_or_else(missing)?;
    let round = row.round_id.into();
    // Who may not read the code book does not learn of a theme by its id.
    let readable = readable(connection, &context, round).await;
    readable.map_err(|problem| match problem.code() {
        code if code == &codes::FORBIDDEN => missing(),
        _ => problem,
    })?;
    let counts = counts::published(connection, round).await?;
    let shown = counts.get(&row.id).copied().unwrap_or_default();
    Ok(Reply::ok(&wire(&row, shown, &context)?)?)
}

async fn readable(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<Round, Problem> {
    let round = parts::visible(connection, &context.caller, id).await?;
    let staff = round.staff(&context.caller);
    if staff.evaluator || staff.coordinator {
        Ok(round)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

fn wire(row: &theme_entity::Model, shown: Shown, context: &Context) -> Result<Theme, Problem> {
    let href = context.href(format!("themes/{}", row.id));
    let list = context.href(format!("rounds/{}/themes", row.round_id));
    Ok(Theme {
        id: row.id.into(),
        round_id: row.round_id.into(),
        name: column::from_json(row.name.clone())?,
        description: row.description.clone().map(column::from_json).transpose()?,
        interviews_count: shown.interviews,
        people_count: shown.people,
        by_gender: shown.by_gender,
        links: Links::to_self(href).with("themes", "GET", list),
    })
}
