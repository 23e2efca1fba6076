//! Charts as SVG, narrow enough for a telephone. Each value is written beside its bar, so that
//! nothing is told by colour alone; the colours are Okabe and Ito's, which differ for everybody.

use super::sections::decimal;
use crate::networks::draw::{Drawing, SIDE};
use maud::{Markup, PreEscaped, html};
use plotters::prelude::*;
use shared_types::Language;

/// Width of every chart; pages scale it to the space there is.
const WIDTH: u32 = 340;
/// Height of a bar with its label.
const ROW: i32 = 40;
const BLUE: RGBColor = RGBColor(0, 114, 178);
const ORANGE: RGBColor = RGBColor(213, 94, 0);
const INK: RGBColor = RGBColor(27, 31, 36);
const LINE: RGBColor = RGBColor(112, 123, 138);
/// Size of letters; the library draws them a quarter smaller.
const LETTERS: i32 = 17;
/// Longest label that fits; the table beside has all of it.
const LABEL_CHARACTERS: usize = 42;

/// Bars: label, value, and what is written beside it.
pub(super) fn bars(about: &str, rows: &[(String, u32)]) -> Markup {
    let most = rows
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0)
        .max(1);
    let room = f64::from(WIDTH - 50);
    chart(about, height(rows.len()), |area| {
        for (row, (label, count)) in (0..).zip(rows) {
            let top = row * ROW;
            write(area, label, (0, top + 2))?;
            let end = pixels(f64::from(*count) / f64::from(most) * room).max(1);
            area.draw(&Rectangle::new(
                [(0, top + 20), (end, top + 34)],
                BLUE.filled(),
            ))?;
            write(area, &count.to_string(), (end + 6, top + 19))?;
        }
        Ok(())
    })
}

/// Intervals on one line each, from the lowest to the highest value that can be; a line marks zero
/// where it lies between.
pub(super) fn intervals(
    about: &str,
    rows: &[(String, f64, f64)],
    (from, to): (f64, f64),
    language: Language,
) -> Markup {
    let room = f64::from(WIDTH - 12);
    let place =
        |value: f64| 6 + pixels((value.clamp(from, to) - from) / (to - from).max(1e-9) * room);
    let height = height(rows.len()) + 18;
    chart(about, height, |area| {
        let bottom = i32::try_from(height).unwrap_or(0) - 18;
        let ends = [(place(from), bottom), (place(to), bottom)];
        area.draw(&PathElement::new(ends.to_vec(), LINE.stroke_width(1)))?;
        if from < 0.0 && to > 0.0 {
            let zero = [(place(0.0), 0), (place(0.0), bottom)];
            area.draw(&PathElement::new(zero.to_vec(), LINE.stroke_width(1)))?;
        }
        write(area, &number(from, language), (0, bottom + 3))?;
        write(
            area,
            &number(to, language),
            (i32::try_from(WIDTH).unwrap_or(0) - 26, bottom + 3),
        )?;
        for (row, (label, low, high)) in (0..).zip(rows) {
            let top = row * ROW;
            write(area, label, (0, top + 2))?;
            let (low, high) = (place(*low), place(*high).max(place(*low) + 2));
            area.draw(&Rectangle::new(
                [(low, top + 24), (high, top + 30)],
                BLUE.filled(),
            ))?;
            for end in [low, high] {
                area.draw(&Circle::new((end, top + 27), 4, ORANGE.filled()))?;
            }
        }
        Ok(())
    })
}

/// A network without names.
pub(super) fn network(about: &str, drawing: &Drawing) -> Markup {
    let scale = |at: i32| at * (i32::try_from(WIDTH).unwrap_or(0) - 16) / SIDE + 8;
    let point = |at: usize| drawing.places.get(at).map(|(x, y)| (scale(*x), scale(*y)));
    chart(about, WIDTH, |area| {
        for (one, other) in &drawing.lines {
            if let (Some(one), Some(other)) = (point(*one), point(*other)) {
                area.draw(&PathElement::new(
                    vec![one, other],
                    LINE.mix(0.6).stroke_width(1),
                ))?;
            }
        }
        for at in 0..drawing.places.len() {
            if let Some(point) = point(at) {
                area.draw(&Circle::new(point, 5, BLUE.filled()))?;
            }
        }
        Ok(())
    })
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

fn height(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(0) * u32::try_from(ROW).unwrap_or(0)
}

fn chart(about: &str, height: u32, draw: impl Fn(&Area<'_>) -> Drawn) -> Markup {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    let drawn = draw(&area).and_then(|()| Ok(area.present()?));
    drop(area);
    html! {
        @if drawn.is_ok() {
            div class="chart" role="img" aria-label=(about) { (PreEscaped(svg)) }
        }
    }
}

fn write(area: &Area<'_>, text: &str, at: (i32, i32)) -> Drawn {
    let mut shown: String = text.chars().take(LABEL_CHARACTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    Ok(area.draw(&Text::new(
        shown,
        at,
        ("sans-serif", LETTERS).into_font().color(&INK),
    ))?)
}

fn number(value: f64, language: Language) -> String {
    decimal(value, usize::from(value.fract() != 0.0), language)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "places in a chart are small"
)]
fn pixels(value: f64) -> i32 {
    value.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_loads_nothing_and_sets_no_style() {
        let rows = [("Så <b>gott</b>".to_owned(), 12), ("Mycket".to_owned(), 0)];
        let svg = bars("Svar", &rows).into_string();
        assert!(
            svg.contains("<svg") && svg.contains("Så &lt;b&gt;gott"),
            "{svg}"
        );
        for never in ["style=", "<script", "href", "<image", "url("] {
            assert!(!svg.contains(never), "{never}: {svg}");
        }
        assert!(
            intervals(
                "x",
                &[("a".into(), -0.5, 1.0)],
                (-1.5, 2.0),
                Language::Swedish
            )
            .into_string()
            .contains("−1,5")
        );
    }
}
