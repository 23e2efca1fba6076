//! Filters as clients write them, and as nobody should.

use super::*;
use crate::scim::schema::{GROUPS, USERS};
use proptest::prelude::*;
use serde_json::json;

fn maja() -> Value {
    json!({
        "id": "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        "userName": "Maja.Lindqvist@kommun.example",
        "externalId": "E1001",
        "active": true,
        "name": { "familyName": "O'Malley", "givenName": "Maja" },
        "title": "Förvaltningschef",
        "emails": [
            { "value": "maja@kommun.example", "type": "work", "primary": true },
            { "value": "maja@hem.example", "type": "home" }
        ],
        "meta": { "lastModified": "2022-04-12T08:00:00Z" },
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "Socialförvaltningen", "manager": { "value": "26118915" }
        }
    })
}

fn fits(text: &str) -> bool {
    parse(&USERS, text).unwrap().fits(&maja())
}

fn refused(text: &str) -> String {
    let problem = parse(&USERS, text).unwrap_err();
    problem.get("scimType").unwrap().to_owned()
}

#[test]
fn the_examples_of_the_rfc_are_read() {
    for text in [
        r#"userName Eq "maja.lindqvist@KOMMUN.example""#,
        r#"name.familyName co "O'Malley""#,
        r#"userName sw "M""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "M""#,
        "title pr",
        r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        r#"meta.lastModified ge "2022-04-12T10:00:00+02:00""#,
        r#"meta.lastModified le "2022-04-12T08:00:00Z""#,
        "title pr and active eq true",
        r#"title pr or userType eq "Intern""#,
        r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
        r#"userType ne "x" and (emails.type eq "work")"#,
        r#"emails[type eq "work" and value co "@kommun.example"]"#,
        r#"emails[type eq "work" and value co "@kommun.example"] or emails[type eq "xmpp" and value co "@foo.com"]"#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department ew "NINGEN""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "26118915""#,
        r#"active eq "True""#,
        r#"externalId eq "E1001" and not (externalId eq "e1001")"#,
        "displayName eq null and title ne null",
        r#"not(title eq "x")"#,
    ] {
        assert!(fits(text), "{text}");
    }
}

#[test]
fn what_does_not_hold_does_not_fit() {
    for text in [
        r#"userName eq "maja""#,
        r#"emails[type eq "home" and value co "@kommun.example"]"#,
        "active eq false",
        "displayName pr",
        r#"title gt "Ö""#,
        r#"externalId eq "e1001""#,
        r#"emails.value ne "maja@kommun.example""#,
        "not (title pr)",
        "title pr and active eq false or displayName pr",
    ] {
        assert!(!fits(text), "{text}");
    }
    // `and` binds more than `or`.
    assert!(fits("title pr or active eq false and displayName pr"));
}

#[test]
fn what_is_none_is_refused_as_invalid() {
    for text in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName eq maja",
        "userName eq 'maja'",
        r#"userName eq "maja"#,
        r#"userName is "maja""#,
        r#"(userName eq "maja""#,
        r#"userName eq "maja")"#,
        r#"userName eq "maja" and"#,
        r#"and userName eq "maja""#,
        r#"shoeSize eq "40""#,
        r#"userName[value eq "x"]"#,
        r#"emails[type eq "work""#,
        r#"emails[colour eq "red"]"#,
        r#"emails[type[x eq "y"]]"#,
        "active gt true",
        "active eq 1",
        "userName eq 1",
        r#"meta.created gt "yesterday""#,
        r#"name eq "Maja""#,
        r#"userName eq "\x""#,
        "userName eq \"a\0\"",
        r#"userName eq "\u0000""#,
        r#"userName eq "x"; DROP TABLE people"#,
        "\u{feff}title pr",
        "not title pr",
    ] {
        assert_eq!(refused(text), "invalidFilter", "{text}");
    }
}

#[test]
fn a_filter_that_would_cost_too_much_is_refused() {
    let deep = format!("{}title pr{}", "(".repeat(500), ")".repeat(500));
    assert_eq!(refused(&deep), "invalidFilter");
    let deep = format!("{}title pr{}", "not (".repeat(300), ")".repeat(300));
    assert_eq!(refused(&deep), "invalidFilter");
    let wide = vec!["title pr"; 101].join(" or ");
    assert_eq!(refused(&wide), "invalidFilter");
    let long = format!("userName eq \"{}\"", "x".repeat(10_000));
    assert_eq!(refused(&long), "invalidFilter");
    let enough = format!("{}title pr{}", "(".repeat(15), ")".repeat(15));
    assert!(fits(&enough));
}

#[test]
fn a_selection_names_its_attribute_its_filter_and_its_part() {
    let selection = |text: &str| parse_selection(&USERS, text);
    let work = selection(r#"emails[type eq "work"].value"#)
        .unwrap()
        .unwrap();
    assert_eq!(work.place.attribute.name, "emails");
    assert_eq!(work.place.part.unwrap().name, "value");
    assert!(work.filter.fits_element(&json!({ "type": "Work" })));
    assert!(!work.filter.fits_element(&json!({ "type": "home" })));
    let bracket = selection(r#"emails[value eq "a]b"]"#).unwrap().unwrap();
    assert!(bracket.filter.fits_element(&json!({ "value": "a]b" })));
    assert_eq!(selection("userName").unwrap(), None);
    assert_eq!(
        selection(r#"addresses[type eq "work"].country"#).unwrap(),
        None
    );
    for text in [
        r#"title[value eq "x"]"#,
        "emails[",
        "emails[]",
        r#"emails[type eq "work"]value"#,
        r#"emails[type eq "work"].colour"#,
        r#"colours[type eq "work"]"#,
    ] {
        assert!(selection(text).is_err(), "{text}");
    }
    let member = parse_selection(&GROUPS, r#"members[value eq "1"]"#);
    assert!(member.unwrap().is_some());
}

proptest! {
    /// Whatever is sent is read or refused.
    #[test]
    fn no_text_breaks_the_parser(text in r#"([a-zA-Z.:"\\()\[\] ]|eq|and|or|not|pr|true|null|emails|userName){0,60}"#) {
        if let Ok(filter) = parse(&USERS, &text) {
            let _ = filter.fits(&maja());
        }
        let _ = parse_selection(&USERS, &text);
        let _ = path::resolve(&USERS, &text);
    }
}
