//! Documents for Peppol: the committed ones are what the code writes, and the rules that can be
//! looked at here hold for whatever is billed. The gate's step `invoices` asks the official
//! schemas and rules about the same files.

use crate::world::at;
use proptest::prelude::*;
use registration::billing::{
    peppol::{self, Document, Line},
    tally,
};
use roxmltree::{Document as Tree, Node};
use shared_types::{
    Language,
    registration::billing::{
        AccountKind, InvoiceKind, InvoiceParty, NewBillingDetails, PaymentAccount,
    },
    scheduling::venues::PostalAddress,
};
use std::{collections::BTreeMap, env, fs, path::PathBuf};

/// What a document is made of.
struct Sample {
    kind: InvoiceKind,
    language: Language,
    currency: &'static str,
    seller: InvoiceParty,
    buyer: InvoiceParty,
    lines: Vec<Line>,
}

impl Sample {
    fn write(&self) -> String {
        let day = |text: &str| at(&format!("{text}T08:00:00Z")).date_naive();
        let is_note = self.kind == InvoiceKind::CreditNote;
        let reason = "Avbokad i tid <1/8> & \"enligt villkor\"";
        let rates = self
            .lines
            .iter()
            .map(|line| (line.vat_permille, line.net_minor));
        peppol::write(&Document {
            kind: self.kind,
            number: if is_note { "K2022-00001" } else { "2022-00001" },
            issued_on: day("2022-09-01"),
            due_on: day("2022-10-01"),
            period: (day("2022-07-01"), day("2022-12-31")),
            currency: self.currency,
            language: self.language,
            seller: &self.seller,
            buyer: &self.buyer,
            credits: is_note.then_some(("2022-00001", day("2022-09-01"), reason)),
            lines: &self.lines,
            subtotals: &tally::subtotals(rates),
        })
    }
}

fn party(name: &str, country: &str, number: &str) -> InvoiceParty {
    InvoiceParty {
        name: name.to_owned(),
        details: NewBillingDetails {
            legal_name: None,
            organisation_number: number.to_owned(),
            vat_number: Some(match country {
                "SE" => format!("SE{number}01"),
                _ => format!("DK{number}"),
            }),
            gln: None,
            peppol_id: None,
            buyer_reference: Some("ZZ4711".to_owned()),
            order_number: None,
            email: Some("faktura@kommun.example".to_owned()),
            address: PostalAddress {
                street: "Storgatan 1".to_owned(),
                postal_code: "582 23".to_owned(),
                town: "Linköping".to_owned(),
                country: country.to_owned(),
            },
            account: Some(PaymentAccount {
                kind: AccountKind::Bankgiro,
                number: "50501055".to_owned(),
            }),
            payment_days: 30,
        },
    }
}

fn line(position: i32, quantity: i32, price_minor: i64, vat_permille: i32) -> Line {
    Line {
        position,
        name: "Deltagaravgift, Fördjupningsprogram 2020".to_owned(),
        reference: "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60".to_owned(),
        quantity,
        price_minor,
        net_minor: price_minor * i64::from(quantity),
        vat_permille,
    }
}

/// A Swedish invoice to a municipality: the example of the announcement.
fn example() -> Sample {
    Sample {
        kind: InvoiceKind::Invoice,
        language: Language::Swedish,
        currency: "SEK",
        seller: party("Sveriges Kommuner och Landsting", "SE", "2120009010"),
        buyer: party("Linköpings kommun", "SE", "2120009002"),
        lines: vec![line(1, 1, 2_400_000, 250), line(2, 3, 300_000, 120)],
    }
}

fn samples() -> Vec<(&'static str, Sample)> {
    let note = Sample {
        kind: InvoiceKind::CreditNote,
        lines: vec![line(1, 1, 150_000, 120)],
        ..example()
    };
    let mut mixed = example();
    mixed.lines = vec![
        line(1, 7, 33_333, 250),
        line(2, 3, 1, 60),
        line(3, 1, 10_005, 120),
        line(4, 2, 99_999, 0),
    ];
    "Ö & \"Å\" <kommun>".clone_into(&mut mixed.buyer.name);
    mixed.buyer.details.gln = Some("7300010000001".to_owned());
    mixed.buyer.details.order_number = Some("PO-17".to_owned());
    mixed.buyer.details.buyer_reference = None;
    let mut dane = example();
    dane.currency = "DKK";
    dane.language = Language::Danish;
    dane.seller = party("Ledelsesakademiet", "DK", "12345674");
    dane.seller.details.account = Some(PaymentAccount {
        kind: AccountKind::Iban,
        number: "DK5000400440116243".to_owned(),
    });
    dane.buyer = party("Aabenraa Kommune", "DK", "12345682");
    dane.lines = vec![line(1, 2, 1_250_000, 250)];
    let mut iban = example();
    iban.seller.details.peppol_id = Some("0088:7300010000001".to_owned());
    iban.seller.details.account = Some(PaymentAccount {
        kind: AccountKind::Iban,
        number: "SE4550000000058398257466".to_owned(),
    });
    iban.lines = vec![line(1, 1, 100_000, 0)];
    vec![
        ("example", example()),
        ("credit-note", note),
        ("mixed", mixed),
        ("danish", dane),
        ("exempt", iban),
    ]
}

/// Writes the files where `AKADEMI_WRITE_INVOICES` is set; else compares.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "no setting of Akademi: who changes what is written asks for it once"
)]
fn the_committed_documents_are_what_the_code_writes() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/invoices");
    for (name, sample) in samples() {
        let path = folder.join(format!("{name}.xml"));
        let written = sample.write();
        assert_eq!(broken(&written), Vec::<&str>::new(), "{name}");
        if env::var_os("AKADEMI_WRITE_INVOICES").is_some() {
            fs::write(&path, &written).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap();
        assert_eq!(written, committed, "{name}");
    }
}

/// Every rule below is broken by one change of a document, so that none of them is always content.
#[expect(clippy::too_many_lines, reason = "a line for each rule")]
#[test]
fn each_rule_notices_what_it_is_for() {
    let (invoice, note) = (example().write(), samples()[1].1.write());
    let exempt = samples()[4].1.write();
    let id = "<cbc:ID>2022-00001</cbc:ID>";
    let reference = "<cbc:BuyerReference>ZZ4711</cbc:BuyerReference>";
    let line = "<cbc:LineExtensionAmount currencyID=\"SEK\">9000.00";
    for (rule, document, from, to) in [
        ("BR-02", &invoice, id, ""),
        (
            "BR-03",
            &invoice,
            "<cbc:IssueDate>2022-09-01</cbc:IssueDate>",
            "",
        ),
        (
            "BR-CO-25",
            &invoice,
            "<cbc:DueDate>2022-10-01</cbc:DueDate>",
            "",
        ),
        (
            "BR-55",
            &note,
            "<cac:InvoiceDocumentReference><cbc:ID>2022-00001</cbc:ID>",
            "<cac:InvoiceDocumentReference>",
        ),
        (
            "BR-CO-10",
            &invoice,
            "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID=\"SEK\">33000.00",
            "<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID=\"SEK\">33000.01",
        ),
        (
            "BR-CO-13",
            &invoice,
            "<cbc:TaxExclusiveAmount currencyID=\"SEK\">33000.00",
            "<cbc:TaxExclusiveAmount currencyID=\"SEK\">33000.01",
        ),
        (
            "BR-CO-14",
            &invoice,
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">7080.00",
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">7080.01",
        ),
        (
            "BR-CO-15",
            &invoice,
            "<cbc:TaxInclusiveAmount currencyID=\"SEK\">40080.00",
            "<cbc:TaxInclusiveAmount currencyID=\"SEK\">40080.01",
        ),
        (
            "BR-CO-16",
            &invoice,
            "<cbc:PayableAmount currencyID=\"SEK\">40080.00",
            "<cbc:PayableAmount currencyID=\"SEK\">40080.01",
        ),
        (
            "BR-CO-17",
            &invoice,
            "<cbc:TaxAmount currencyID=\"SEK\">1080.00",
            "<cbc:TaxAmount currencyID=\"SEK\">1082.00",
        ),
        (
            "BR-S-08",
            &invoice,
            "<cbc:TaxableAmount currencyID=\"SEK\">9000.00",
            "<cbc:TaxableAmount currencyID=\"SEK\">9000.01",
        ),
        (
            "BR-E-10",
            &exempt,
            "<cbc:TaxExemptionReason>Undantaget från mervärdesskatt</cbc:TaxExemptionReason>",
            "",
        ),
        (
            "BR-DEC-23",
            &invoice,
            line,
            "<cbc:LineExtensionAmount currencyID=\"SEK\">9000.000",
        ),
        ("PEPPOL-EN16931-R003", &invoice, reference, ""),
        (
            "PEPPOL-EN16931-R008",
            &invoice,
            reference,
            "<cbc:BuyerReference></cbc:BuyerReference>",
        ),
        (
            "PEPPOL-EN16931-R051",
            &invoice,
            line,
            "<cbc:LineExtensionAmount currencyID=\"EUR\">9000.00",
        ),
        (
            "PEPPOL-EN16931-R120",
            &invoice,
            "<cbc:InvoicedQuantity unitCode=\"C62\">3",
            "<cbc:InvoicedQuantity unitCode=\"C62\">4",
        ),
    ] {
        assert_eq!(broken(document), Vec::<&str>::new());
        let changed = document.replacen(from, to, 1);
        assert_ne!(&changed, document, "{rule}");
        assert!(
            broken(&changed).contains(&rule),
            "{rule}: {:?}",
            broken(&changed)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_billed_adds_up_by_the_rules(
        lines in prop::collection::vec(
            (1..200, 1_i64..5_000_000, prop::sample::select(vec![0, 60, 120, 250])), 1..40
        ),
        name in "[^\u{0}-\u{1f}]{1,40}",
        is_note in any::<bool>(),
    ) {
        prop_assume!(!name.trim().is_empty());
        let mut sample = example();
        sample.buyer.name = name;
        if is_note {
            sample.kind = InvoiceKind::CreditNote;
        }
        sample.lines = (1..)
            .zip(lines)
            .map(|(position, (quantity, price, rate))| line(position, quantity, price, rate))
            .collect();
        prop_assert_eq!(broken(&sample.write()), Vec::<&str>::new());
    }
}

/// The rules of EN 16931 and Peppol that a document breaks, of those that are about what is
/// counted here or may be missing.
#[expect(clippy::too_many_lines, reason = "a line for each rule")]
pub(crate) fn broken(document: &str) -> Vec<&'static str> {
    let tree = Tree::parse(document).unwrap();
    let root = tree.root_element();
    let is_note = root.has_tag_name((
        "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
        "CreditNote",
    ));
    let mut broken = Vec::new();
    let mut rule = |id: &'static str, holds: bool| {
        if !holds {
            broken.push(id);
        }
    };
    for (id, path) in [
        ("BR-01", "CustomizationID"),
        ("BR-02", "ID"),
        ("BR-03", "IssueDate"),
        (
            "BR-04",
            if is_note {
                "CreditNoteTypeCode"
            } else {
                "InvoiceTypeCode"
            },
        ),
        ("BR-05", "DocumentCurrencyCode"),
        (
            "BR-06",
            "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName",
        ),
        (
            "BR-07",
            "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName",
        ),
        ("BR-08", "AccountingSupplierParty/Party/PostalAddress"),
        (
            "BR-09",
            "AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode",
        ),
        ("BR-10", "AccountingCustomerParty/Party/PostalAddress"),
        (
            "BR-11",
            "AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode",
        ),
        (
            "BR-CO-26",
            "AccountingSupplierParty/Party/PartyTaxScheme/CompanyID",
        ),
        ("PEPPOL-EN16931-R001", "ProfileID"),
        (
            "PEPPOL-EN16931-R010",
            "AccountingCustomerParty/Party/EndpointID",
        ),
        (
            "PEPPOL-EN16931-R020",
            "AccountingSupplierParty/Party/EndpointID",
        ),
    ] {
        rule(id, find(root, path).is_some());
    }
    let reference = find(root, "BuyerReference").or_else(|| find(root, "OrderReference/ID"));
    rule("PEPPOL-EN16931-R003", reference.is_some());
    rule("BR-CO-25", is_note || find(root, "DueDate").is_some());
    rule(
        "BR-55",
        !is_note || find(root, "BillingReference/InvoiceDocumentReference/ID").is_some(),
    );
    let empty = root.descendants().filter(Node::is_element).any(|node| {
        node.first_element_child().is_none() && node.text().unwrap_or_default().trim().is_empty()
    });
    rule("PEPPOL-EN16931-R008", !empty);

    let currency = find(root, "DocumentCurrencyCode").and_then(|node| node.text());
    let mut marked = root
        .descendants()
        .filter(|node| node.has_attribute("currencyID"));
    let same = |node: Node<'_, '_>| node.attribute("currencyID") == currency;
    rule("PEPPOL-EN16931-R051", marked.clone().all(same));
    let two_decimals = |node: Node<'_, '_>| {
        let text = node.text().unwrap_or_default();
        text.split_once('.')
            .is_none_or(|(_, decimals)| decimals.len() <= 2)
    };
    rule("BR-DEC-23", marked.all(two_decimals));

    let amount = |node: Node<'_, '_>, path: &str| find(node, path).map_or(i64::MIN, minor);
    let (element, quantity) = if is_note {
        ("CreditNoteLine", "CreditedQuantity")
    } else {
        ("InvoiceLine", "InvoicedQuantity")
    };
    let lines: Vec<Node<'_, '_>> = children(root, element).collect();
    rule("BR-16", !lines.is_empty());
    let mut by_category: BTreeMap<(String, String), i64> = BTreeMap::new();
    for line in &lines {
        let net = amount(*line, "LineExtensionAmount");
        let count: i64 = text(*line, quantity).parse().unwrap_or(0);
        rule(
            "PEPPOL-EN16931-R120",
            count * amount(*line, "Price/PriceAmount") == net,
        );
        for (id, path) in [
            ("BR-21", "ID"),
            ("BR-25", "Item/Name"),
            ("BR-CO-04", "Item/ClassifiedTaxCategory/ID"),
        ] {
            rule(id, find(*line, path).is_some());
        }
        let category = |name: &str| text(*line, &format!("Item/ClassifiedTaxCategory/{name}"));
        *by_category
            .entry((category("ID"), category("Percent")))
            .or_insert(0) += net;
    }
    let totals = find(root, "LegalMonetaryTotal").unwrap();
    let [lines_total, exclusive, inclusive, payable] = [
        "LineExtensionAmount",
        "TaxExclusiveAmount",
        "TaxInclusiveAmount",
        "PayableAmount",
    ]
    .map(|name| amount(totals, name));
    let tax = amount(root, "TaxTotal/TaxAmount");
    rule("BR-CO-10", by_category.values().sum::<i64>() == lines_total);
    rule("BR-CO-13", exclusive == lines_total);
    rule("BR-CO-15", inclusive == exclusive + tax);
    rule("BR-CO-16", payable == inclusive);
    let mut taxed = 0;
    let subtotals: Vec<Node<'_, '_>> =
        children(find(root, "TaxTotal").unwrap(), "TaxSubtotal").collect();
    rule("BR-CO-18", !subtotals.is_empty());
    for one in &subtotals {
        let (taxable, vat) = (amount(*one, "TaxableAmount"), amount(*one, "TaxAmount"));
        let category = (
            text(*one, "TaxCategory/ID"),
            text(*one, "TaxCategory/Percent"),
        );
        let is_exempt = category.0 == "E";
        let own = by_category.remove(&category);
        rule(
            if is_exempt { "BR-E-08" } else { "BR-S-08" },
            own == Some(taxable),
        );
        let percent: i64 = category.1.parse().unwrap_or(-1);
        let off = vat * 100 - taxable * percent;
        rule("BR-CO-17", off.abs() <= 50);
        rule(
            if is_exempt { "BR-E-09" } else { "BR-S-09" },
            off.abs() <= 100,
        );
        let reason = find(*one, "TaxCategory/TaxExemptionReason").is_some();
        rule(
            if is_exempt { "BR-E-10" } else { "BR-S-10" },
            reason == is_exempt,
        );
        taxed += vat;
    }
    rule("BR-CO-14", taxed == tax);
    rule("BR-S-01", by_category.is_empty());
    broken
}

/// An element below another by the local names on the way.
fn find<'a, 'b>(node: Node<'a, 'b>, path: &str) -> Option<Node<'a, 'b>> {
    path.split('/')
        .try_fold(node, |node, name| children(node, name).next())
}

fn children<'a, 'b>(node: Node<'a, 'b>, name: &str) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name)
}

fn text(node: Node<'_, '_>, path: &str) -> String {
    let found = find(node, path).and_then(|node| node.text());
    found.unwrap_or_default().to_owned()
}

/// An amount in hundredths; a further decimal is none of ours.
fn minor(node: Node<'_, '_>) -> i64 {
    let text = node.text().unwrap_or_default();
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let hundredths: String = decimals.chars().chain("00".chars()).take(2).collect();
    let whole: i64 = whole.parse().unwrap_or(i64::MIN / 1000);
    whole * 100 + hundredths.parse::<i64>().unwrap_or(0)
}
