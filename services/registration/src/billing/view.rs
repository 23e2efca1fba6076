//! Invoices as the API shows them.

use super::{
    entity, line_entity,
    model::{Case, EDGES, Who},
    store,
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    InvoiceId, Links, Money, Problem,
    registration::billing::{Invoice, InvoiceLine, InvoiceState, NewBillingDetails, VatSubtotal},
    transition,
};
use shared_web::Context;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What the transitions of some documents look at beside their rows.
#[derive(Debug, Default)]
pub struct Around {
    details: HashMap<Uuid, NewBillingDetails>,
    rates: HashMap<Uuid, Vec<i32>>,
}

impl Around {
    /// Reads it; only drafts need any.
    pub async fn read(
        connection: &impl ConnectionTrait,
        rows: &[entity::Model],
    ) -> Result<Self, DatabaseError> {
        let draft = column::text(InvoiceState::Draft);
        let drafts: Vec<&entity::Model> = rows.iter().filter(|row| row.state == draft).collect();
        let parties: HashSet<Uuid> = drafts
            .iter()
            .flat_map(|row| [row.organiser_id, row.organisation_id])
            .collect();
        let ids: Vec<Uuid> = drafts.iter().map(|row| row.id).collect();
        Ok(Self {
            details: store::details_of(connection, parties).await?,
            rates: store::rates(connection, &ids).await?,
        })
    }

    /// The case of one of them.
    pub fn case(&self, row: &entity::Model, context: &Context) -> Result<Case, DatabaseError> {
        let who = if context.caller.coordinates(row.organiser_id.into()) {
            Who::Coordinator
        } else {
            Who::Buyer
        };
        let rates = self.rates.get(&row.id).map_or(&[] as &[i32], Vec::as_slice);
        let details = |id| self.details.get(&id);
        let (seller, buyer) = (details(row.organiser_id), details(row.organisation_id));
        Case::of(row, who, seller, buyer, rates)
    }

    /// One of them as it is shown.
    pub fn wire(&self, row: &entity::Model, context: &Context) -> Result<Invoice, Problem> {
        let case = self.case(row, context)?;
        let subtotals: Vec<VatSubtotal> = column::from_json(row.vat_subtotals.clone())?;
        let vat_minor: i64 = subtotals.iter().map(|one| one.vat.amount_minor).sum();
        let money = |minor| money(minor, &row.currency);
        let href = context.href(format!("invoices/{}", row.id));
        let mut links = Links::to_self(&href).with("lines", "GET", format!("{href}/lines"));
        if row.number.is_some() {
            links = links.with("peppol", "GET", format!("{href}/peppol"));
        }
        if let Some(credits) = row.credits_id {
            let invoice = context.href(format!("invoices/{credits}"));
            links = links.with("credits", "GET", invoice);
        }
        let party =
            |party: &Option<serde_json::Value>| party.clone().map(column::from_json).transpose();
        Ok(Invoice {
            id: row.id.into(),
            kind: case.kind,
            state: case.state,
            organiser_id: row.organiser_id.into(),
            organisation_id: row.organisation_id.into(),
            number: row.number.clone(),
            credits_id: row.credits_id.map(InvoiceId::from),
            reason: row.reason.clone(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            issued_on: row.issued_on,
            due_on: row.due_on,
            lines_count: row.lines_count,
            net: money(row.net_minor),
            vat: money(vat_minor),
            gross: money(row.net_minor + vat_minor),
            credited: money(row.credited_minor),
            vat_subtotals: subtotals,
            seller: party(&row.seller)?,
            buyer: party(&row.buyer)?,
            links: transition::allowed(&EDGES, &case, &href, links),
            transitions: transition::refused(&EDGES, &case, context.language),
        })
    }
}

/// A line as it is shown.
pub fn line(row: line_entity::Model, currency: &str, context: &Context) -> InvoiceLine {
    let money = |minor| money(minor, currency);
    let invoice = context.href(format!("invoices/{}", row.invoice_id));
    let participation = context.href(format!("applications/{}", row.participation_id));
    InvoiceLine {
        id: row.id.into(),
        invoice_id: row.invoice_id.into(),
        position: row.position,
        round_id: row.round_id.into(),
        participation_id: row.participation_id.into(),
        credits_line_id: row.credits_line_id.map(Into::into),
        name: row.name,
        quantity: row.quantity,
        price: money(row.price_minor),
        net: money(row.net_minor),
        credited: money(row.credited_minor),
        vat_permille: row.vat_permille,
        links: Links::to_self(format!("{invoice}/lines"))
            .with("invoice", "GET", invoice)
            .with("participation", "GET", participation),
    }
}

/// An amount.
pub fn money(amount_minor: i64, currency: &str) -> Money {
    Money {
        amount_minor,
        currency: currency.to_owned(),
    }
}
