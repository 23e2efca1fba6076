//! A page that is written from the top down: text broken into lines, each piece with its tag.

use krilla::{
    action::LinkAction,
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    num::NormalizedF32,
    page::Page,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, SpanTag, Tag, TagGroup, TagKind, TagTree},
    text::{Font, TextDirection},
};
use qrcode::{Color, EcLevel, QrCode};
use shared_types::{Language, LocalizedText, Problem};
use std::num::NonZeroU16;
use ttf_parser::Face as Measure;

const REGULAR: &[u8] = include_bytes!("../../../fonts/LibertinusSerif-Regular.otf");
const BOLD: &[u8] = include_bytes!("../../../fonts/LibertinusSerif-Bold.otf");
const LEFT: f32 = 72.0;
const TOP: f32 = 84.0;
const TEXT_WIDTH: f32 = 451.0;
/// Where the square stands, and how large it is.
const QR_TOP: f32 = 660.0;
const QR_SIDE: f32 = 96.0;
const BESIDE: f32 = LEFT + QR_SIDE + 20.0;
/// The smallest letters, and how much smaller the next try is.
const LEAST_SIZE: f32 = 9.0;
const SHRINKING: f32 = 0.9;
/// Height of a line, of the size of its letters.
const LEADING: f32 = 1.25;
const INK: (u8, u8, u8) = (23, 42, 69);

/// A weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
}

/// How a paragraph looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    face: Face,
    size: f32,
    before: f32,
}

impl Style {
    pub(super) fn new(face: Face, size: f32) -> Self {
        Self {
            face,
            size,
            before: 0.0,
        }
    }

    /// As large as lets a text take no more lines than this; never too small to be read.
    pub(super) fn fitting(mut self, text: &str, most_lines: usize) -> Self {
        while self.size > LEAST_SIZE && lines(text, self, TEXT_WIDTH).len() > most_lines {
            self.size = (self.size * SHRINKING).max(LEAST_SIZE);
        }
        self
    }

    /// With so much room above it.
    pub(super) fn before(self, before: f32) -> Self {
        Self { before, ..self }
    }
}

/// Where a link stands, and its place in the tree.
#[derive(Debug)]
pub(super) struct Placed {
    rect: Option<Rect>,
    group: TagGroup,
}

/// The page.
pub(super) struct Paper {
    regular: Font,
    bold: Font,
    language: Language,
    tree: TagTree,
    /// Where the next line may begin.
    top: f32,
    beside: f32,
}

impl Paper {
    pub(super) fn new(language: Language) -> Result<Self, Problem> {
        let font = |bytes: &'static [u8]| Font::new(bytes.to_vec().into(), 0);
        let missing = || Problem::internal("a font that can't be read");
        Ok(Self {
            regular: font(REGULAR).ok_or_else(missing)?,
            bold: font(BOLD).ok_or_else(missing)?,
            language,
            tree: TagTree::new().with_lang(Some(language.tag().to_owned())),
            top: TOP,
            beside: QR_TOP,
        })
    }

    /// The line at the top, which means nothing.
    pub(super) fn rule(surface: &mut Surface<'_>) {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
            ArtifactType::Layout,
        )));
        surface.set_fill(Some(ink()));
        let mut path = PathBuilder::new();
        if let Some(rect) = Rect::from_xywh(LEFT, TOP - 26.0, TEXT_WIDTH, 3.0) {
            path.push_rect(rect);
        }
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
        surface.end_tagged();
    }

    pub(super) fn heading(&mut self, surface: &mut Surface<'_>, text: &str, style: Style) {
        let tag = Tag::Hn(NonZeroU16::MIN, Some(text.to_owned()));
        self.block(surface, tag.into(), (text, None), style);
    }

    pub(super) fn paragraph(&mut self, surface: &mut Surface<'_>, text: &str, style: Style) {
        self.block(surface, Tag::P.into(), (text, None), style);
    }

    /// A text that somebody wrote: marked with its language where it is another one than the
    /// page's.
    pub(super) fn localized(
        &mut self,
        surface: &mut Surface<'_>,
        text: &LocalizedText,
        style: Style,
    ) {
        let shown = text.best(self.language);
        let tag = text.0.iter().find(|(_, words)| words.as_str() == shown);
        let other = tag.map(|(tag, _)| tag.as_str());
        let other = other.filter(|tag| *tag != self.language.tag());
        self.block(surface, Tag::P.into(), (shown, other), style);
    }

    /// A paragraph at the right of the square.
    pub(super) fn beside_qr(&mut self, surface: &mut Surface<'_>, text: &str, style: Style) {
        let mut group = TagGroup::new(Tag::P);
        let width = LEFT + TEXT_WIDTH - BESIDE;
        self.beside += style.before;
        for line in lines(text, style, width) {
            self.beside += style.size * LEADING;
            let place = Point::from_xy(BESIDE, self.beside);
            group.push(self.line(surface, (&line, None), style, place));
        }
        self.tree.push(group);
    }

    /// The address at the right of the square, in as many lines as it needs.
    pub(super) fn link(&mut self, surface: &mut Surface<'_>, url: &str, style: Style) -> Placed {
        let mut group = TagGroup::new(Tag::Link);
        let from = self.beside + 4.0;
        self.beside = from;
        let width = LEFT + TEXT_WIDTH - BESIDE;
        for line in lines(url, style, width) {
            self.beside += style.size * LEADING;
            let place = Point::from_xy(BESIDE, self.beside);
            group.push(self.line(surface, (&line, None), style, place));
        }
        Placed {
            rect: Rect::from_ltrb(BESIDE, from, LEFT + TEXT_WIDTH, self.beside + 3.0),
            group,
        }
    }

    /// Makes a link of where an address stands.
    pub(super) fn annotate(&mut self, page: &mut Page<'_>, placed: Placed, url: &str) {
        let Placed { rect, mut group } = placed;
        if let Some(rect) = rect {
            let target = Target::Action(LinkAction::new(url.to_owned()).into());
            let link = LinkAnnotation::new(rect, target);
            let annotation = Annotation::new_link(link, Some(url.to_owned()));
            group.push(page.add_tagged_annotation(annotation));
        }
        let mut paragraph = TagGroup::new(Tag::P);
        paragraph.push(group);
        self.tree.push(paragraph);
    }

    /// A square that telephones read.
    pub(super) fn qr(
        &mut self,
        surface: &mut Surface<'_>,
        text: &str,
        alternative: String,
    ) -> Result<(), Problem> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M);
        let code = code.map_err(|error| Problem::internal(error.to_string()))?;
        let width = u16::try_from(code.width()).unwrap_or(1).max(1);
        let side = QR_SIDE / f32::from(width);
        let colors = code.to_colors();
        let mut path = PathBuilder::new();
        let (mut row, mut column) = (0u16, 0u16);
        for color in colors {
            if color == Color::Dark {
                let (x, y) = (f32::from(column) * side, f32::from(row) * side);
                let rect = Rect::from_xywh(LEFT + x, QR_TOP + y, side, side);
                if let Some(rect) = rect {
                    path.push_rect(rect);
                }
            }
            column += 1;
            if column == width {
                (row, column) = (row + 1, 0);
            }
        }
        let id = surface.start_tagged(ContentTag::Other);
        surface.set_fill(Some(Fill {
            paint: rgb::Color::new(0, 0, 0).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }));
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
        surface.end_tagged();
        let mut group = TagGroup::new(Tag::Figure(Some(alternative)));
        group.push(id);
        self.tree.push(group);
        Ok(())
    }

    pub(super) fn into_tree(self) -> TagTree {
        self.tree
    }

    fn block(
        &mut self,
        surface: &mut Surface<'_>,
        tag: TagKind,
        (text, language): (&str, Option<&str>),
        style: Style,
    ) {
        let mut group = TagGroup::new(tag);
        self.top += style.before;
        for line in lines(text, style, TEXT_WIDTH) {
            self.top += style.size * LEADING;
            let place = Point::from_xy(LEFT, self.top);
            group.push(self.line(surface, (&line, language), style, place));
        }
        self.tree.push(group);
    }

    fn line(
        &self,
        surface: &mut Surface<'_>,
        (text, language): (&str, Option<&str>),
        style: Style,
        place: Point,
    ) -> krilla::tagging::Identifier {
        let span = SpanTag::empty().with_lang(language);
        let id = surface.start_tagged(ContentTag::Span(span));
        surface.set_fill(Some(ink()));
        let font = match style.face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        };
        surface.draw_text(
            place,
            font.clone(),
            style.size,
            text,
            false,
            TextDirection::Auto,
        );
        surface.end_tagged();
        id
    }
}

fn ink() -> Fill {
    let (red, green, blue) = INK;
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

/// A text as lines that fit. A word that does not is broken; each line but the last ends in the
/// space that stood there, so that words stay apart when the text is taken out again. What the
/// font has no sign for becomes a question mark.
fn lines(text: &str, style: Style, width: f32) -> Vec<String> {
    let bytes = match style.face {
        Face::Regular => REGULAR,
        Face::Bold => BOLD,
    };
    let Ok(face) = Measure::parse(bytes, 0) else {
        return vec![text.to_owned()];
    };
    let unit = style.size / f32::from(face.units_per_em());
    let advance = |letter: char| {
        let glyph = face.glyph_index(letter).unwrap_or_default();
        f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * unit
    };
    let known = |letter: char| match letter {
        letter if letter.is_whitespace() || letter.is_control() => ' ',
        letter if face.glyph_index(letter).is_some() => letter,
        _ => '?',
    };
    let text: String = text.chars().map(known).collect();
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length: f32 = word.chars().map(advance).sum();
        let space = if line.is_empty() { 0.0 } else { advance(' ') };
        if !line.is_empty() && used + space + length > width {
            line.push(' ');
            lines.push(std::mem::take(&mut line));
            used = 0.0;
        } else if !line.is_empty() {
            line.push(' ');
            used += space;
        }
        for letter in word.chars() {
            let length = advance(letter);
            if used + length > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push(letter);
            used += length;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole_where_they_fit_and_nothing_is_lost() {
        let style = Style::new(Face::Regular, 20.0);
        let text = "Ledarskap i kommuner för chefer och förtroendevalda i tretton kommuner";
        let broken = lines(text, style, 200.0);
        assert!(broken.len() > 2);
        assert_eq!(broken.concat(), text);
        let long = "x".repeat(200);
        let broken = lines(&long, style, 200.0);
        assert!(broken.len() > 5);
        assert_eq!(broken.concat(), long);
        assert_eq!(lines("", style, 200.0), [""]);
    }

    #[test]
    fn the_longest_texts_leave_room_for_what_stands_below() {
        let style = Style::new(Face::Bold, 28.0);
        assert!((style.fitting("Anna Andersson", 2).size - 28.0).abs() < f32::EPSILON);
        for (letters, most) in [(200, 4), (500, 8)] {
            let long = "Maximiliane ".repeat(letters / 12);
            let fitted = style.fitting(&long, 2);
            assert!(lines(&long, fitted, TEXT_WIDTH).len() <= most);
            let height = fitted.size * LEADING * f32::from(u8::try_from(most).unwrap());
            assert!(height < 100.0, "{height}");
        }
    }

    #[test]
    fn every_nordic_letter_has_a_sign_and_what_has_none_is_marked() {
        for style in [
            Style::new(Face::Regular, 10.0),
            Style::new(Face::Bold, 10.0),
        ] {
            let nordic = "ÅÄÖØÆåäöøæéÉüðþŠšŽžćč–’";
            assert_eq!(lines(nordic, style, 1000.0), [nordic]);
            assert_eq!(lines("王\n芳", style, 1000.0), ["? ?"]);
        }
    }
}
