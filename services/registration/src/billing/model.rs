//! What may happen to an invoice, and who may do it.

use super::{details, entity};
use shared_database::{DatabaseError, column};
use shared_types::{
    Refusal,
    registration::{
        billing::{InvoiceKind, InvoiceState, NewBillingDetails},
        codes::{BILLING_DETAILS_MISSING, INVOICE_NOT_INVOICE, INVOICE_STATE, INVOICE_VAT_RATE},
    },
    transition::Edge,
};

/// Who acts on an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A coordinator of the organiser that bills.
    Coordinator,
    /// Somebody of the organisation that pays.
    Buyer,
}

/// What the edges of an invoice look at.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the document is.
    pub kind: InvoiceKind,
    /// State.
    pub state: InvoiceState,
    /// Who acts.
    pub who: Who,
    /// What its parties lack; looked up for drafts only.
    pub missing: Vec<&'static str>,
    /// Country of the seller and a rate that it does not have.
    pub foreign_rate: Option<(String, i32)>,
}

impl Case {
    /// The case of a row; the parties' details as they stand now, for a draft.
    pub fn of(
        row: &entity::Model,
        who: Who,
        seller: Option<&NewBillingDetails>,
        buyer: Option<&NewBillingDetails>,
        rates: &[i32],
    ) -> Result<Self, DatabaseError> {
        let country = seller.map(|seller| seller.address.country.as_str());
        let foreign_rate = country.and_then(|country| {
            let mut rates = rates.iter();
            let rate = rates.find(|rate| !details::has_rate(country, **rate))?;
            Some((country.to_owned(), *rate))
        });
        Ok(Self {
            kind: column::parse(&row.kind)?,
            state: column::parse(&row.state)?,
            who,
            missing: details::missing(seller, buyer),
            foreign_rate,
        })
    }
}

fn is_draft(case: &Case) -> Result<(), Refusal> {
    in_state(case, InvoiceState::Draft)
}

fn is_issued(case: &Case) -> Result<(), Refusal> {
    in_state(case, InvoiceState::Issued)
}

fn in_state(case: &Case, wanted: InvoiceState) -> Result<(), Refusal> {
    if case.state == wanted {
        Ok(())
    } else {
        Err(Refusal::of(&INVOICE_STATE).value("state", column::text(case.state)))
    }
}

fn is_invoice(case: &Case) -> Result<(), Refusal> {
    match case.kind {
        InvoiceKind::Invoice => Ok(()),
        InvoiceKind::CreditNote => Err(Refusal::of(&INVOICE_NOT_INVOICE)),
    }
}

fn parties_are_known(case: &Case) -> Result<(), Refusal> {
    if case.missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::of(&BILLING_DETAILS_MISSING).value("missing", case.missing.join(", ")))
    }
}

fn rates_are_the_countrys(case: &Case) -> Result<(), Refusal> {
    match &case.foreign_rate {
        None => Ok(()),
        Some((country, permille)) => Err(Refusal::of(&INVOICE_VAT_RATE)
            .value("country", country)
            .value("permille", permille)),
    }
}

fn coordinates(case: &Case) -> bool {
    case.who == Who::Coordinator
}

/// Every transition of an invoice that a caller can take.
pub static EDGES: [Edge<Case>; 2] = [
    Edge {
        name: "issuing",
        who: coordinates,
        conditions: &[is_draft, parties_are_known, rates_are_the_countrys],
    },
    Edge {
        name: "credit-notes",
        who: coordinates,
        conditions: &[is_invoice, is_issued],
    },
];

/// A draft is thrown away.
pub static DISCARD: Edge<Case> = Edge {
    name: "discard",
    who: coordinates,
    conditions: &[is_draft],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn case(kind: InvoiceKind, state: InvoiceState) -> Case {
        Case {
            kind,
            state,
            who: Who::Coordinator,
            missing: Vec::new(),
            foreign_rate: None,
        }
    }

    fn refusal(edge: &Edge<Case>, case: &Case) -> &'static str {
        edge.judge(case).map_or_else(|no| no.code.name, |()| "")
    }

    #[test]
    fn every_state_allows_what_the_table_says() {
        use InvoiceKind::{CreditNote, Invoice};
        use InvoiceState::{Credited, Draft, Issued};
        let [issuing, crediting] = &EDGES;
        for (kind, state, expected) in [
            (Invoice, Draft, ["", "invoice_state_forbids", ""]),
            (
                Invoice,
                Issued,
                ["invoice_state_forbids", "", "invoice_state_forbids"],
            ),
            (Invoice, Credited, ["invoice_state_forbids"; 3]),
            (
                CreditNote,
                Issued,
                [
                    "invoice_state_forbids",
                    "invoice_is_credit_note",
                    "invoice_state_forbids",
                ],
            ),
        ] {
            let case = case(kind, state);
            let found = [issuing, crediting, &DISCARD].map(|edge| refusal(edge, &case));
            assert_eq!(found, expected, "{kind:?} {state:?}");
        }
    }

    #[test]
    fn an_invoice_needs_both_parties_and_rates_that_there_are() {
        let mut draft = case(InvoiceKind::Invoice, InvoiceState::Draft);
        draft.foreign_rate = Some(("SE".to_owned(), 190));
        assert_eq!(refusal(&EDGES[0], &draft), "invoice_vat_rate_unknown");
        draft.missing = vec!["buyer"];
        assert_eq!(refusal(&EDGES[0], &draft), "billing_details_missing");
    }

    #[test]
    fn only_who_bills_acts() {
        let mut draft = case(InvoiceKind::Invoice, InvoiceState::Draft);
        for (who, may) in [(Who::Coordinator, true), (Who::Buyer, false)] {
            draft.who = who;
            for edge in EDGES.iter().chain([&DISCARD]) {
                assert_eq!((edge.who)(&draft), may, "{who:?} {}", edge.name);
            }
        }
    }
}
