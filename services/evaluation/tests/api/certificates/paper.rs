//! The PDF, read by a library that did not write it.

use evaluation::certificates::{badge::Addresses, document, entity};
use lopdf::{Dictionary, Document, Object, content::Operation};
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

/// What is drawn in one go, as boxes: left, top, right, bottom in points from the page's top left.
type Boxes = Vec<[f32; 4]>;

/// Everything that is filled on a page.
fn fillings(operations: &[Operation]) -> Vec<Boxes> {
    let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let (mut kept, mut all) = (Vec::new(), Vec::new());
    let mut boxes: Boxes = Vec::new();
    for operation in operations {
        let numbers: Vec<f32> = operation
            .operands
            .iter()
            .filter_map(|one| one.as_float().ok())
            .collect();
        // Of the matrix: what x does to x and to y, what y does, and the way from the corner.
        let [right_x, right_y, down_x, down_y, from_x, from_y] = matrix;
        let at = |x: f32, y: f32| {
            let down = right_y * x + down_y * y + from_y;
            (right_x * x + down_x * y + from_x, 842.0 - down)
        };
        let reach = |boxes: &mut Boxes, (x, y): (f32, f32), is_new: bool| {
            if is_new {
                boxes.push([x, y, x, y]);
            }
            let [left, top, right, bottom] = boxes.last_mut().unwrap();
            (*left, *top) = (left.min(x), top.min(y));
            (*right, *bottom) = (right.max(x), bottom.max(y));
        };
        match (operation.operator.as_str(), numbers.as_slice()) {
            ("q", _) => kept.push(matrix),
            ("Q", _) => matrix = kept.pop().unwrap(),
            ("cm", [xx, xy, yx, yy, x, y]) => {
                matrix = [
                    xx * right_x + xy * down_x,
                    xx * right_y + xy * down_y,
                    yx * right_x + yy * down_x,
                    yx * right_y + yy * down_y,
                    x * right_x + y * down_x + from_x,
                    x * right_y + y * down_y + from_y,
                ];
            }
            ("m", [x, y]) => reach(&mut boxes, at(*x, *y), true),
            ("l", [x, y]) => reach(&mut boxes, at(*x, *y), false),
            ("re", [x, y, width, height]) => {
                reach(&mut boxes, at(*x, *y), true);
                reach(&mut boxes, at(x + width, y + height), false);
            }
            ("f" | "f*" | "n", _) => all.push(std::mem::take(&mut boxes)),
            _ => {}
        }
    }
    all
}

/// What a telephone reads in the square on a certificate, by a library that did not draw it.
pub(super) fn scanned(pdf: &[u8]) -> String {
    const MARGIN: f32 = 16.0;
    const DOTS: f32 = 4.0;
    let document = Document::load_mem(pdf).unwrap();
    let page = document.page_iter().next().unwrap();
    let content = document.get_and_decode_page_content(page).unwrap();
    let drawn = fillings(&content.operations);
    let square = drawn.iter().max_by_key(|boxes| boxes.len()).unwrap();
    assert!(square.len() > 100, "{}", square.len());
    let edge = |at: usize, pick: fn(f32, f32) -> f32| {
        square.iter().map(|one| one[at]).reduce(pick).unwrap()
    };
    let (left, top) = (edge(0, f32::min) - MARGIN, edge(1, f32::min) - MARGIN);
    let (right, bottom) = (edge(2, f32::max) + MARGIN, edge(3, f32::max) + MARGIN);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred dots"
    )]
    let dots = |points: f32| (points * DOTS).round() as usize;
    let (width, height) = (dots(right - left), dots(bottom - top));
    let mut picture = vec![255_u8; width * height];
    for [from, above, to, below] in square {
        for row in dots(above - top)..dots(below - top) {
            for column in dots(from - left)..dots(to - left) {
                picture[row * width + column] = 0;
            }
        }
    }
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| picture[y * width + x]);
    let found = picture.detect_grids();
    assert_eq!(found.len(), 1);
    found[0].decode().unwrap().1
}

#[test]
fn the_square_is_read_as_the_address_that_stands_beside_it_and_is_linked() {
    let bytes = written("Anna Andersson", Language::Swedish);
    let address = "https://akademi.example/evaluation/pages/certificates/7Q4M-ZK2W-9D3T-XB6R";
    assert_eq!(scanned(&bytes), address);
    let document = Document::load_mem(&bytes).unwrap();
    let dictionaries = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok());
    let links: Vec<&[u8]> = dictionaries
        .filter_map(|one| one.get(b"URI").ok()?.as_str().ok())
        .collect();
    let actions = document.objects.values().filter_map(|object| {
        let action = object.as_dict().ok()?.get(b"A").ok()?;
        let action = document.dereference(action).ok()?.1;
        action.as_dict().ok()?.get(b"URI").ok()?.as_str().ok()
    });
    let links: Vec<&[u8]> = links.into_iter().chain(actions).collect();
    assert!(!links.is_empty());
    assert!(links.iter().all(|one| *one == address.as_bytes()));
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
