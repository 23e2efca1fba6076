//! The operation that tells what participations cost.

use super::{
    basis::{Costing, Priced},
    charge_entity,
    charges::Due,
    line_entity, store, view,
};
use crate::{State, applications, rounds};
use actix_web::{
    get,
    web::{Data, Path},
};
use shared_database::{column, page};
use shared_types::{
    Links, Problem, RoundId, codes,
    page::PlainSort,
    registration::billing::{Charge, CreditDue, InvoiceBasis, InvoiceBasisPage},
};
use shared_web::{Context, Outcome, PageParameters, Query, Reply};
use std::collections::HashMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(list_invoice_basis);
}

/// List what participations cost
///
/// For the coordinators of the round's organiser: each participation with its charges by the
/// round's price lines and cancellation terms, what is billed of them, and what is to be credited.
#[utoipa::path(tag = "billing", params(("roundId" = RoundId, Path, description = "The round."), PageParameters, ("sort" = inline(Option<PlainSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of participations.", body = InvoiceBasisPage)))]
#[get("/rounds/{roundId}/invoice-basis")]
async fn list_invoice_basis(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let round = rounds::store::find(connection, &context.caller, *id).await?;
    let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    if !context.caller.coordinates(round.organiser_id.into()) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let select = store::participations(*id);
    let by_id = applications::entity::Column::Id;
    let slice = page::read(connection, select, by_id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let ids: Vec<Uuid> = slice.items.iter().map(|row| row.id).collect();
    let priced = Priced::read(connection, &round).await?;
    let costings = priced.cost(connection, slice.items).await?;
    let billed = store::invoiced_lines(connection, &ids).await?;
    let line_ids: Vec<Uuid> = billed.iter().map(|line| line.id).collect();
    let charges = store::charges_of(connection, &line_ids).await?;
    let mut by_line: HashMap<Uuid, Vec<&charge_entity::Model>> = HashMap::new();
    for (line, charge) in &charges {
        by_line.entry(*line).or_default().push(charge);
    }
    let items = costings
        .iter()
        .map(|costing| wire(costing, &billed, &by_line, &context))
        .collect::<Result<_, Problem>>()?;
    Ok(Reply::ok(&InvoiceBasisPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

fn wire(
    costing: &Costing,
    lines: &[line_entity::Model],
    by_line: &HashMap<Uuid, Vec<&charge_entity::Model>>,
    context: &Context,
) -> Result<InvoiceBasis, Problem> {
    let currency = |price_key: &str| {
        let same = |due: &&Due| due.price_key == price_key;
        let found = costing.dues.iter().find(same).or(costing.dues.first());
        found.map_or_else(String::new, |due| due.currency.clone())
    };
    let own = lines
        .iter()
        .filter(|line| line.participation_id == costing.first.id);
    let credits = own.filter_map(|line| {
        let charges = by_line.get(&line.id)?;
        let beyond = costing.beyond(line, charges);
        (beyond > 0).then(|| CreditDue {
            invoice_id: line.invoice_id.into(),
            line_id: line.id.into(),
            amount: view::money(beyond, &currency(&line.price_key)),
        })
    });
    let href = context.href(format!("applications/{}", costing.holder.id));
    Ok(InvoiceBasis {
        id: costing.first.id.into(),
        holder_id: costing.holder.id.into(),
        seat: column::parse(&costing.holder.seat)?,
        organisation_id: costing.first.organisation_id.into(),
        charges: costing
            .dues
            .iter()
            .map(|due| charge(costing, due))
            .collect(),
        credits_due: credits.collect(),
        links: Links::to_self(
            context.href(format!("rounds/{}/invoice-basis", costing.first.round_id)),
        )
        .with("participation", "GET", href),
    })
}

fn charge(costing: &Costing, due: &Due) -> Charge {
    Charge {
        kind: due.kind,
        per: due.per,
        number: due.number,
        falls_on: due.falls_on,
        share_permille: due.share_permille,
        amount: view::money(due.amount_minor, &due.currency),
        billed: view::money(costing.billed(due), &due.currency),
        vat_permille: due.vat_permille,
    }
}
