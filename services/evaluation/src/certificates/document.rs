//! The certificate as a PDF: one A4 page, tagged (PDF/UA-1) so that it is read aloud in order, its
//! fonts embedded, its text found by searching. The same certificate is the same bytes.

mod paper;

use super::{badge::Addresses, code, entity, words};
use chrono::{Datelike as _, Timelike as _};
use krilla::{
    Document, SerializeSettings,
    configure::{Accessibility, ConfigurationBuilder, PdfVersion},
    destination::XyzDestination,
    geom::Point,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
};
use paper::{Face, Paper, Style};
use shared_database::column;
use shared_types::{Language, LocalizedText, Problem};
use shared_web::page::figure::{date, dates};

/// Size of the page.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;

/// Writes a certificate in a language.
pub fn write(
    row: &entity::Model,
    language: Language,
    at: Addresses<'_>,
) -> Result<Vec<u8>, Problem> {
    let programme: LocalizedText = column::from_json(row.programme_name.clone())?;
    let round: LocalizedText = column::from_json(row.round_name.clone())?;
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .with_version(PdfVersion::Pdf17)
        .finish()
        .map_err(|_| Problem::internal("no such kind of PDF"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let settings = PageSettings::from_wh(WIDTH, HEIGHT);
    let settings = settings.ok_or_else(|| Problem::internal("a page without a size"))?;
    let mut page = document.start_page_with(settings);
    let mut paper = Paper::new(language)?;
    let title = words::TITLE.get(language);
    let url = at.verification(&row.code);
    let link = {
        let mut surface = page.surface();
        Paper::rule(&mut surface);
        let organiser = Style::new(Face::Bold, 13.0).before(0.0);
        let fitted = organiser.fitting(&row.organiser_name, 2);
        paper.paragraph(&mut surface, &row.organiser_name, fitted);
        let heading = Style::new(Face::Bold, 40.0).before(52.0);
        paper.heading(&mut surface, title, heading);
        let plain = |before| Style::new(Face::Regular, 14.0).before(before);
        paper.paragraph(&mut surface, words::CERTIFIES.get(language), plain(36.0));
        let name = Style::new(Face::Bold, 28.0).before(10.0);
        paper.paragraph(&mut surface, &row.name, name.fitting(&row.name, 2));
        paper.paragraph(
            &mut surface,
            words::HAS_COMPLETED.get(language),
            plain(20.0),
        );
        let large = Style::new(Face::Bold, 20.0).before(10.0);
        let fitted = large.fitting(programme.best(language), 2);
        paper.localized(&mut surface, &programme, fitted);
        let fitted = plain(12.0).fitting(round.best(language), 2);
        paper.localized(&mut surface, &round, fitted);
        if let Some((from, to)) = row.starts_on.zip(row.ends_on) {
            paper.paragraph(&mut surface, &dates(from, to, language), plain(4.0));
        }
        let values = [
            ("date", date(row.issued_on, language)),
            ("organiser", row.organiser_name.clone()),
        ];
        let issued = words::ISSUED.fill(language, &values);
        let fitted = plain(28.0).fitting(&issued, 2);
        paper.paragraph(&mut surface, &issued, fitted);
        let alternative = words::QR.fill(language, &[("url", url.clone())]);
        paper.qr(&mut surface, &url, alternative)?;
        let values = [("code", code::shown(&row.code))];
        let number = words::NUMBER.fill(language, &values);
        let small = Style::new(Face::Regular, 11.0).before(0.0);
        paper.beside_qr(&mut surface, &number, small);
        paper.beside_qr(&mut surface, words::CHECK.get(language), small.before(6.0));
        let link = paper.link(&mut surface, &url, Style::new(Face::Regular, 9.0));
        surface.finish();
        link
    };
    paper.annotate(&mut page, link, &url);
    page.finish();
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(title.to_owned(), top));
    document.set_outline(outline);
    document.set_tag_tree(paper.into_tree());
    document.set_metadata(metadata(row, language, title));
    let written = document.finish();
    written.map_err(|error| Problem::internal(format!("a certificate: {error:?}")))
}

fn metadata(row: &entity::Model, language: Language, title: &str) -> Metadata {
    let at = row.issued_at;
    let small = |number: u32| u8::try_from(number).unwrap_or(0);
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("{title}: {}", row.name))
        .language(language.tag().to_owned())
        .creator("Akademi".to_owned())
        .authors(vec![row.organiser_name.clone()])
        .creation_date(made)
        .document_id(format!("{}-{}", row.id, language.tag()))
}
