//! Invoices as files: for the Peppol network, and for an accounting system.

use super::{entity, peppol, routes, store, tally};
use crate::State;
use actix_web::{
    HttpResponse, get,
    web::{Data, Path},
};
use chrono::NaiveDate;
use sea_orm::QuerySelect as _;
use shared_database::{DatabaseError, column};
use shared_types::{
    InvoiceId, OrganisationId, Problem, codes,
    registration::{
        billing::{CsvTable, InvoiceParty, InvoiceState, PeppolDocument, VatSubtotal},
        codes::INVOICE_STATE,
    },
};
use shared_web::{Context, Error, Query, csv};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Documents that are read at a time.
const AT_A_TIME: u64 = 500;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_invoice_peppol).service(export_invoices);
}

/// Get an invoice as Peppol BIS Billing 3
///
/// For whoever may read the invoice, once it is issued: UBL 2.1 by the rules of EN 16931 and
/// Peppol, ready for an access point. The same document gives the same bytes.
#[utoipa::path(tag = "billing", params(("invoiceId" = InvoiceId, Path, description = "The document.")), responses((status = 200, description = "The UBL document.", content_type = "application/xml", body = PeppolDocument, example = "<Invoice/>")))]
#[get("/invoices/{invoiceId}/peppol")]
async fn get_invoice_peppol(
    state: Data<State>,
    context: Context,
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Error> {
    let connection = state.database.read();
    let row = routes::known(connection, &context, *id).await?;
    let (Some(number), Some(issued_on), Some(due_on)) = (&row.number, row.issued_on, row.due_on)
    else {
        let draft = column::text(InvoiceState::Draft);
        return Err(Problem::of(&INVOICE_STATE).value("state", draft).into());
    };
    let lines = store::all_lines(connection, row.id).await?;
    let credited = match row.credits_id {
        Some(id) => store::by_id(connection, [id]).await?.remove(&id),
        None => None,
    };
    let credits = credited.as_ref().and_then(|invoice| {
        let reason = row.reason.as_deref().unwrap_or_default();
        Some((invoice.number.as_deref()?, invoice.issued_on?, reason))
    });
    let xml = peppol::write(&peppol::Document {
        kind: column::parse(&row.kind).map_err(Problem::from)?,
        number,
        issued_on,
        due_on,
        period: (row.starts_on, row.ends_on),
        currency: &row.currency,
        language: column::parse(&row.language).map_err(Problem::from)?,
        seller: &party(row.seller.as_ref())?,
        buyer: &party(row.buyer.as_ref())?,
        credits,
        lines: &lines.into_iter().map(line).collect::<Vec<_>>(),
        subtotals: &subtotals(&row)?,
    });
    let name = format!("{number}.xml");
    Ok(csv::file("application/xml", &name).body(xml))
}

fn line(row: super::line_entity::Model) -> peppol::Line {
    peppol::Line {
        position: row.position,
        name: row.name,
        reference: row.participation_id.to_string(),
        quantity: row.quantity,
        price_minor: row.price_minor,
        net_minor: row.net_minor,
        vat_permille: row.vat_permille,
    }
}

fn party(party: Option<&serde_json::Value>) -> Result<InvoiceParty, Problem> {
    let party = party.ok_or_else(|| Problem::internal("an issued invoice without its parties"))?;
    Ok(column::from_json(party.clone())?)
}

fn subtotals(row: &entity::Model) -> Result<Vec<tally::Subtotal>, Problem> {
    let kept: Vec<VatSubtotal> = column::from_json(row.vat_subtotals.clone())?;
    let one = |one: VatSubtotal| tally::Subtotal {
        vat_permille: one.vat_permille,
        taxable_minor: one.taxable.amount_minor,
        vat_minor: one.vat.amount_minor,
    };
    Ok(kept.into_iter().map(one).collect())
}

/// Export invoices for an accounting system
///
/// For the organiser's coordinators: what was issued in the period as a table, in the order of the
/// numbers, a row for each document and VAT rate. Credit notes stand with their sign: their
/// amounts are below zero.
#[utoipa::path(
    tag = "billing",
    params(
        ("organisationId" = OrganisationId, Path, description = "The organiser."),
        ("from" = Option<NaiveDate>, Query, description = "First day of issue; from the beginning when nothing is said.", example = "2022-01-01"),
        ("until" = Option<NaiveDate>, Query, description = "Last day of issue; to the end when nothing is said.", example = "2022-12-31"),
    ),
    responses((status = 200, description = "The table.", content_type = "text/csv", body = CsvTable, example = "number,kind\r\n"))
)]
#[get("/organisations/{organisationId}/invoice-journal")]
async fn export_invoices(
    state: Data<State>,
    context: Context,
    id: Path<OrganisationId>,
    query: Query,
) -> Result<HttpResponse, Error> {
    if !context.caller.coordinates(*id) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let day = |name, otherwise| query.get::<NaiveDate>(name).or(otherwise);
    let from = day("from", NaiveDate::from_ymd_opt(1, 1, 1));
    let until = day("until", NaiveDate::from_ymd_opt(9999, 12, 31));
    let (Some(from), Some(until)) = (from, until) else {
        return Err(Problem::of(&codes::INVALID_PARAMETER).into());
    };
    let connection = state.database.read();
    let mut table = csv::Table::new(&HEAD);
    let select = store::issued(*id, from, until);
    for start in (0..).step_by(usize::try_from(AT_A_TIME).unwrap_or(1)) {
        let rows = select.clone().offset(start).limit(AT_A_TIME);
        let rows = rows
            .all(connection)
            .await
            .map_err(DatabaseError::from)
            .map_err(Problem::from)?;
        let credited = rows.iter().filter_map(|row| row.credits_id);
        let credited = store::by_id(connection, credited)
            .await
            .map_err(Problem::from)?;
        let is_last = rows.len() < usize::try_from(AT_A_TIME).unwrap_or(1);
        for row in &rows {
            let about = row
                .credits_id
                .and_then(|id: Uuid| credited.get(&id)?.number.clone());
            journal(&mut table, row, about.as_deref())?;
        }
        if is_last {
            break;
        }
    }
    Ok(csv::file(csv::MEDIA_TYPE, "invoices.csv").body(table.finish()))
}

const HEAD: [&str; 15] = [
    "number",
    "kind",
    "issuedOn",
    "dueOn",
    "startsOn",
    "endsOn",
    "buyer",
    "organisationNumber",
    "buyerReference",
    "orderNumber",
    "credits",
    "currency",
    "vatPermille",
    "net",
    "vat",
];

fn journal(
    table: &mut csv::Table,
    row: &entity::Model,
    about: Option<&str>,
) -> Result<(), Problem> {
    let buyer = party(row.buyer.as_ref())?;
    let sign = if row.credits_id.is_some() { -1 } else { 1 };
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    for one in subtotals(row)? {
        let amount = |minor: i64| tally::decimal(sign * minor, &row.currency);
        table.row([
            csv::Cell::Text(row.number.as_deref().unwrap_or_default()),
            csv::Cell::Text(&row.kind),
            csv::Cell::Plain(day(row.issued_on)),
            csv::Cell::Plain(day(row.due_on)),
            csv::Cell::Plain(row.starts_on.to_string()),
            csv::Cell::Plain(row.ends_on.to_string()),
            csv::Cell::Text(&buyer.name),
            csv::Cell::Text(&buyer.details.organisation_number),
            csv::Cell::Text(buyer.details.buyer_reference.as_deref().unwrap_or_default()),
            csv::Cell::Text(buyer.details.order_number.as_deref().unwrap_or_default()),
            csv::Cell::Text(about.unwrap_or_default()),
            csv::Cell::Text(&row.currency),
            csv::Cell::Plain(one.vat_permille.to_string()),
            csv::Cell::Plain(amount(one.taxable_minor)),
            csv::Cell::Plain(amount(one.vat_minor)),
        ]);
    }
    Ok(())
}
