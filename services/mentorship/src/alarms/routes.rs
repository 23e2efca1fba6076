//! Operations of alarms.

use super::entity;
use crate::{State, known};
use actix_web::{
    get,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{column, page};
use shared_types::{
    Links, Problem, RoundId, Words,
    mentorship::alarms::{Alarm, AlarmKind, AlarmPage},
};
use shared_web::{Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(list_alarms);
}

/// List a round's alarms
///
/// For the coordinators of the round's organiser: silent pairs, proposals that nobody answers,
/// mentors over capacity, pairs that break a hard rule. An alarm goes when its cause does.
#[utoipa::path(tag = "alarms", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of alarms.", body = AlarmPage)))]
#[get("/rounds/{roundId}/alarms")]
async fn list_alarms(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::coordinated(connection, &context, *id).await?;
    let select = entity::Entity::find().filter(entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| wire(row, &context));
    Ok(Reply::ok(&AlarmPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

fn wire(row: &entity::Model, context: &Context) -> Result<Alarm, Problem> {
    let kind: AlarmKind = column::parse(&row.kind)?;
    let is_mentor = kind == AlarmKind::MentorOverCapacity;
    let thing = row.thing_id;
    let href = if is_mentor {
        context.href(format!("mentors/{thing}"))
    } else {
        context.href(format!("pairs/{thing}"))
    };
    let list = context.href(format!("rounds/{}/alarms", row.round_id));
    Ok(Alarm {
        id: row.id.into(),
        round_id: row.round_id.into(),
        kind,
        words: words(kind).get(context.language).to_owned(),
        pair_id: (!is_mentor).then(|| thing.into()),
        mentor_id: is_mentor.then(|| thing.into()),
        raised_at: row.raised_at,
        links: Links::default()
            .with("list", "GET", list)
            .with("about", "GET", href),
    })
}

const fn words(kind: AlarmKind) -> Words {
    match kind {
        AlarmKind::PairSilent => Words {
            en: "The pair has not met, and half of the round is over.",
            sv: "Paret har inte träffats, och halva omgången har gått.",
            da: "Parret har ikke mødtes, og halvdelen af holdet er gået.",
        },
        AlarmKind::ProposalUnanswered => Words {
            en: "The proposal is not answered, and half of its time is over.",
            sv: "Förslaget är inte besvarat, och halva svarstiden har gått.",
            da: "Forslaget er ikke besvaret, og halvdelen af fristen er gået.",
        },
        AlarmKind::MentorOverCapacity => Words {
            en: "The mentor has more mentees than the capacity.",
            sv: "Mentorn har fler adepter än kapaciteten.",
            da: "Mentoren har flere mentees end kapaciteten.",
        },
        AlarmKind::PairFlagged => Words {
            en: "A hard rule no longer holds for the pair.",
            sv: "En hård regel gäller inte längre för paret.",
            da: "En hård regel gælder ikke længere for parret.",
        },
    }
}
