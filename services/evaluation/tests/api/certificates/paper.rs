//! The PDF, read by a library that did not write it.

use evaluation::certificates::{badge::Addresses, document, entity};
use lopdf::{Dictionary, Document, Object};
use serde_json::json;
use shared_types::Language;
use uuid::Uuid;

fn certificate(name: &str) -> entity::Model {
    let at = "2023-06-01T08:00:00Z".parse().unwrap();
    entity::Model {
        id: Uuid::nil(),
        application_id: Uuid::nil(),
        round_id: Uuid::nil(),
        programme_id: Uuid::nil(),
        organiser_id: Uuid::nil(),
        person_id: Uuid::nil(),
        code: "7Q4MZK2W9D3TXB6R".to_owned(),
        name: name.to_owned(),
        programme_name: json!({ "sv": "Ledarskap i kommuner", "en": "Leadership in municipalities" }),
        round_name: json!({ "sv": "Omgången 2022–2023" }),
        organiser_name: "Centrum för kommunstrategiska studier".to_owned(),
        starts_on: Some("2022-08-22".parse().unwrap()),
        ends_on: Some("2023-05-31".parse().unwrap()),
        language: "sv".to_owned(),
        issued_on: "2023-06-01".parse().unwrap(),
        issued_at: at,
        status_list_id: Uuid::nil(),
        status_index: 0,
        state: "valid".to_owned(),
        ended_at: None,
        replaced_by: None,
        modified_at: at,
        version: 1,
    }
}

fn written(name: &str, language: Language) -> Vec<u8> {
    let at = Addresses {
        origin: "https://akademi.example",
    };
    document::write(&certificate(name), language, at).unwrap()
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> &'a Dictionary {
    document.dereference(object).unwrap().1.as_dict().unwrap()
}

fn read(document: &Document) -> String {
    let text = document.extract_text(&[1]).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn its_text_can_be_taken_out_with_every_letter_in_each_language() {
    let name = "Åsa Öberg-Sørensen Ærø";
    for (language, expected) in [
        (
            Language::Swedish,
            [
                "Intyg",
                "har slutfört utbildningen",
                "Ledarskap i kommuner",
                "1 juni 2023",
            ],
        ),
        (
            Language::Danish,
            [
                "Bevis",
                "har gennemført uddannelsen",
                "Leadership in municipalities",
                "1. juni 2023",
            ],
        ),
        (
            Language::English,
            [
                "Certificate",
                "has completed the programme",
                "Leadership in municipalities",
                "1 June 2023",
            ],
        ),
    ] {
        let bytes = written(name, language);
        let document = Document::load_mem(&bytes).unwrap();
        let text = read(&document);
        for words in expected.iter().copied().chain([
            name,
            "Centrum för kommunstrategiska studier",
            "7Q4M-ZK2W-9D3T-XB6R",
            "Omgången 2022–2023",
        ]) {
            assert!(text.contains(words), "{words}: {text}");
        }
        let address = "https://akademi.example/evaluation/pages/certificates/7Q4M-ZK2W-9D3T-XB6R";
        assert!(text.replace(' ', "").contains(address), "{text}");
        let catalog = document.catalog().unwrap();
        let tag = catalog.get(b"Lang").unwrap().as_str().unwrap();
        assert_eq!(tag, language.tag().as_bytes());
    }
}

#[test]
fn it_is_tagged_its_fonts_are_embedded_and_it_says_that_it_is_accessible() {
    let bytes = written("Anna Andersson", Language::Swedish);
    let document = Document::load_mem(&bytes).unwrap();
    let catalog = document.catalog().unwrap();
    let marked = dictionary(&document, catalog.get(b"MarkInfo").unwrap());
    assert!(marked.get(b"Marked").unwrap().as_bool().unwrap());
    let preferences = dictionary(&document, catalog.get(b"ViewerPreferences").unwrap());
    let title = preferences.get(b"DisplayDocTitle").unwrap();
    assert!(title.as_bool().unwrap());
    assert!(catalog.has(b"StructTreeRoot"));
    let names = |wanted: &str| {
        let objects = document
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok());
        let kind = |one: &&Dictionary| {
            one.get(b"S").and_then(Object::as_name).ok() == Some(wanted.as_bytes())
        };
        objects.filter(kind).count()
    };
    assert_eq!((names("H1"), names("Figure"), names("Link")), (1, 1, 1));
    assert!(names("P") >= 6);
    let figure = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok());
    let mut figure =
        figure.filter(|one| one.get(b"S").and_then(Object::as_name).ok() == Some(b"Figure"));
    assert!(figure.next().unwrap().has(b"Alt"));
    let descriptors: Vec<&Dictionary> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|one| one.has_type(b"FontDescriptor"))
        .collect();
    assert_eq!(descriptors.len(), 2);
    for descriptor in descriptors {
        assert!(descriptor.has(b"FontFile3") || descriptor.has(b"FontFile2"));
    }
    let page = document.page_iter().next().unwrap();
    let fonts = document.get_page_fonts(page).unwrap();
    assert!(!fonts.is_empty() && fonts.values().all(|font| font.has(b"ToUnicode")));
    assert_eq!(document.get_pages().len(), 1);
    let whole = String::from_utf8_lossy(&bytes);
    assert!(whole.contains("pdfuaid:part"), "PDF/UA is claimed");
}

#[test]
fn the_same_certificate_is_the_same_bytes_and_another_name_is_not() {
    let first = written("Anna Andersson", Language::Swedish);
    assert_eq!(first, written("Anna Andersson", Language::Swedish));
    assert_ne!(first, written("Anna Berg", Language::Swedish));
    assert_ne!(first, written("Anna Andersson", Language::Danish));
}

#[test]
fn long_names_and_letters_without_a_sign_are_written_all_the_same() {
    let long = "Maximiliane-Theodora ".repeat(9);
    let document = Document::load_mem(&written(&long, Language::Swedish)).unwrap();
    assert!(read(&document).contains("Maximiliane-Theodora Maximiliane-Theodora"));
    let document = Document::load_mem(&written("王 Wang", Language::Swedish)).unwrap();
    assert!(read(&document).contains("? Wang"));
}
