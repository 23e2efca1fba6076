//! What stands on invoices of two parties: whether a number can be one, and what is missing.

use shared_types::{
    FieldProblem, Problem, codes,
    registration::billing::{AccountKind, NewBillingDetails},
};

/// Refuses numbers that can't be what they are said to be: their check digits tell.
pub fn check(details: &NewBillingDetails) -> Result<(), Problem> {
    let country = details.address.country.as_str();
    let number = details.organisation_number.as_str();
    let mut wrong = Vec::new();
    let mut refuse = |pointer, words: &'static str| {
        wrong.push(FieldProblem::pointer(pointer, "check_digit", words));
    };
    let number_holds = match country {
        "SE" => number.len() == 10 && luhn(number),
        "DK" => number.len() == 8 && weighted(number, &[2, 7, 6, 5, 4, 3, 2, 1], 11),
        _ => true,
    };
    if !number_holds {
        refuse(
            "/organisationNumber",
            "This is no number of the country's register.",
        );
    }
    if details.gln.as_deref().is_some_and(|gln| !is_gln(gln)) {
        refuse("/gln", "The last digit of the GLN does not fit the others.");
    }
    if let Some(vat) = &details.vat_number {
        let holds = match country {
            "SE" => vat.strip_prefix("SE").is_some_and(|digits| {
                digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit())
            }),
            "DK" => vat.strip_prefix("DK").is_some_and(|digits| {
                digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())
            }),
            _ => true,
        };
        if !holds {
            refuse("/vatNumber", "This is no VAT number of the country.");
        }
    }
    if let Some((scheme, id)) = details
        .peppol_id
        .as_deref()
        .and_then(|id| id.split_once(':'))
    {
        let holds = match scheme {
            "0007" => id.len() == 10 && luhn(id),
            "0088" => is_gln(id),
            "0184" => id.strip_prefix("DK").is_some_and(|digits| {
                digits.len() == 8 && weighted(digits, &[2, 7, 6, 5, 4, 3, 2, 1], 11)
            }),
            _ => true,
        };
        if !holds {
            refuse("/peppolId", "The identifier is not one of its scheme.");
        }
    }
    if let Some(account) = &details.account {
        let digits = account.number.bytes().all(|byte| byte.is_ascii_digit());
        let holds = match account.kind {
            AccountKind::Bankgiro => digits && (7..=8).contains(&account.number.len()),
            AccountKind::Plusgiro => digits && (2..=8).contains(&account.number.len()),
            AccountKind::Iban => is_iban(&account.number),
        };
        if !holds {
            refuse("/account/number", "This is no account number of its kind.");
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(wrong))
    }
}

/// What a seller and a buyer lack for an invoice between them, in the API's words.
pub fn missing(
    seller: Option<&NewBillingDetails>,
    buyer: Option<&NewBillingDetails>,
) -> Vec<&'static str> {
    let mut missing = Vec::new();
    match seller {
        None => missing.push("seller"),
        Some(seller) => {
            if seller.vat_number.is_none() {
                missing.push("seller.vatNumber");
            }
            if seller.account.is_none() {
                missing.push("seller.account");
            }
            if electronic_address(seller).is_none() {
                missing.push("seller.peppolId");
            }
        }
    }
    match buyer {
        None => missing.push("buyer"),
        Some(buyer) => {
            if buyer.buyer_reference.is_none() && buyer.order_number.is_none() {
                missing.push("buyer.buyerReference");
            }
            if electronic_address(buyer).is_none() {
                missing.push("buyer.peppolId");
            }
        }
    }
    missing
}

/// The scheme and the identifier under which a party is reached: what it said, its GLN, or its
/// number in the register.
pub fn electronic_address(details: &NewBillingDetails) -> Option<(String, String)> {
    if let Some((scheme, id)) = details
        .peppol_id
        .as_deref()
        .and_then(|id| id.split_once(':'))
    {
        return Some((scheme.to_owned(), id.to_owned()));
    }
    if let Some(gln) = &details.gln {
        return Some(("0088".to_owned(), gln.clone()));
    }
    let (scheme, id) = registered(details)?;
    Some((scheme.to_owned(), id))
}

/// The scheme of the country's register, and the number as it is written under it.
pub fn registered(details: &NewBillingDetails) -> Option<(&'static str, String)> {
    let number = &details.organisation_number;
    match details.address.country.as_str() {
        "SE" => Some(("0007", number.clone())),
        "DK" => Some(("0184", format!("DK{number}"))),
        "NO" => Some(("0192", number.clone())),
        _ => None,
    }
}

/// Whether a seller of the country can charge VAT at this rate.
pub fn has_rate(country: &str, vat_permille: i32) -> bool {
    match country {
        "SE" => [0, 60, 120, 250].contains(&vat_permille),
        "DK" => [0, 250].contains(&vat_permille),
        _ => true,
    }
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|letter| letter.to_digit(10)).collect()
}

/// The check digit of Swedish numbers, by the method of Luhn.
fn luhn(text: &str) -> bool {
    let Some(digits) = digits(text) else {
        return false;
    };
    let doubled = digits.iter().rev().zip([1, 2].into_iter().cycle());
    let sum: u32 = doubled
        .map(|(digit, factor)| {
            let product = digit * factor;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

fn weighted(text: &str, weights: &[u32], modulus: u32) -> bool {
    let Some(digits) = digits(text) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip(weights)
        .map(|(one, weight)| one * weight)
        .sum();
    digits.len() == weights.len() && sum.is_multiple_of(modulus)
}

fn is_gln(text: &str) -> bool {
    weighted(text, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1], 10)
}

/// Check digits of ISO 13616: the country in front moved to the end, modulo 97.
fn is_iban(text: &str) -> bool {
    let Some((country, rest)) = text.split_at_checked(4) else {
        return false;
    };
    if rest.len() < 8 || !text.is_ascii() {
        return false;
    }
    let left = rest
        .chars()
        .chain(country.chars())
        .try_fold(0_u32, |left, letter| {
            let value = letter.to_digit(36)?;
            let shift = if value > 9 { 100 } else { 10 };
            Some((left * shift + value) % 97)
        });
    left == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::{registration::billing::PaymentAccount, scheduling::venues::PostalAddress};

    fn details(country: &str, number: &str) -> NewBillingDetails {
        NewBillingDetails {
            legal_name: None,
            organisation_number: number.to_owned(),
            vat_number: None,
            gln: None,
            peppol_id: None,
            buyer_reference: None,
            order_number: None,
            email: None,
            address: PostalAddress {
                street: "Storgatan 1".to_owned(),
                postal_code: "582 23".to_owned(),
                town: "Linköping".to_owned(),
                country: country.to_owned(),
            },
            account: None,
            payment_days: 30,
        }
    }

    fn wrong(details: &NewBillingDetails) -> Vec<String> {
        let problem = check(details).err();
        let violations = problem.iter().flat_map(shared_types::Problem::violations);
        violations
            .filter_map(|one| one.pointer.clone())
            .map(String::from)
            .collect()
    }

    #[test]
    fn numbers_are_known_by_their_check_digits() {
        for (country, number, holds) in [
            ("SE", "5560360794", false),
            ("SE", "5560360793", true),
            ("SE", "55603607", false),
            ("DK", "13585628", true),
            ("DK", "13585629", false),
            ("FI", "12345678", true),
        ] {
            let is_wrong = !wrong(&details(country, number)).is_empty();
            assert_eq!(is_wrong, !holds, "{country} {number}");
        }
        for (iban, holds) in [
            ("SE4550000000058398257466", true),
            ("SE4550000000058398257467", false),
            ("SE45", false),
        ] {
            assert_eq!(is_iban(iban), holds, "{iban}");
        }
        assert!(is_gln("7300010000001") && !is_gln("7300010000002"));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let all = NewBillingDetails {
            vat_number: Some("SE1".to_owned()),
            gln: Some("7300010000009".to_owned()),
            peppol_id: Some("0088:7300010000009".to_owned()),
            account: Some(PaymentAccount {
                kind: AccountKind::Bankgiro,
                number: "123".to_owned(),
            }),
            ..details("SE", "1")
        };
        assert_eq!(
            wrong(&all),
            [
                "/organisationNumber",
                "/gln",
                "/vatNumber",
                "/peppolId",
                "/account/number"
            ]
        );
    }

    #[test]
    fn the_electronic_address_is_what_was_said_or_else_a_number() {
        let mut one = details("SE", "5560360793");
        let of = |one: &NewBillingDetails| electronic_address(one).unwrap();
        assert_eq!(of(&one), ("0007".to_owned(), "5560360793".to_owned()));
        one.gln = Some("7300010000001".to_owned());
        assert_eq!(of(&one).0, "0088");
        one.peppol_id = Some("0007:5560360793".to_owned());
        assert_eq!(of(&one).0, "0007");
        let dane = details("DK", "13585628");
        assert_eq!(of(&dane), ("0184".to_owned(), "DK13585628".to_owned()));
        assert_eq!(electronic_address(&details("FI", "12345678")), None);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(missing(None, None), ["seller", "buyer"]);
        let bare = details("FI", "12345678");
        assert_eq!(
            missing(Some(&bare), Some(&bare)),
            [
                "seller.vatNumber",
                "seller.account",
                "seller.peppolId",
                "buyer.buyerReference",
                "buyer.peppolId"
            ]
        );
    }
}
