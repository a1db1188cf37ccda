//! Draws the figures: bars for what stands side by side, lines for what grows.

use std::{error::Error, path::Path};

use plotters::{
    coord::Shift,
    prelude::{
        ChartBuilder, Circle, Color, DrawingArea, DrawingBackend, IntoDrawingArea, IntoFont, IntoLogRange, LineSeries,
        PathElement, RGBColor, Rectangle, SVGBackend, SeriesLabelPosition, Text, WHITE,
    },
};

use crate::scale::Curve;

const SIZE: (u32, u32) = (1_000, 860);
/// The height of the bars; the lines have the rest.
const BARS: u32 = 300;
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(40, 40, 40);
/// Told apart by people who see few colours as well (Okabe and Ito).
const COLOURS: [RGBColor; 5] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
];

/// One figure of several programs.
#[derive(Debug)]
pub(crate) struct Bars {
    pub(crate) title: &'static str,
    /// Digits behind the full stop.
    pub(crate) digits: usize,
    /// Name and figure of each.
    pub(crate) bars: Vec<(String, f64)>,
}

/// Draws everything into an SVG file.
///
/// # Panics
/// Where the file cannot be written.
pub(crate) fn draw(file: &Path, panels: &[Bars], curves: &[Curve]) {
    let root = SVGBackend::new(file, SIZE).into_drawing_area();
    root.fill(&WHITE).expect("a drawing is filled");
    let (top, bottom) = root.split_vertically(BARS);
    for (area, panel) in top.split_evenly((1, panels.len())).iter().zip(panels) {
        bars(area, panel).expect("bars are drawn");
    }
    lines(&bottom, curves).expect("lines are drawn");
    root.present().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

fn bars<B: DrawingBackend>(area: &DrawingArea<B, Shift>, panel: &Bars) -> Result<(), Box<dyn Error + Send + Sync>>
where
    B::ErrorType: 'static,
{
    const LEFT: i32 = 20;
    const ROW: i32 = 46;
    // Room for a figure behind the longest bar.
    const FIGURE: u32 = 60;
    let room = f64::from(area.dim_in_pixel().0.saturating_sub(FIGURE)) - f64::from(LEFT);
    let longest = panel.bars.iter().map(|(_, figure)| *figure).fold(f64::MIN_POSITIVE, f64::max);
    area.draw(&Text::new(panel.title, (LEFT, 18), (FONT, 20).into_font().color(&INK)))?;
    for ((top, (name, figure)), colour) in (54..).step_by(ROW as usize).zip(&panel.bars).zip(COLOURS) {
        let right = LEFT + ((room * figure / longest) as i32).max(1);
        let small = (FONT, 16).into_font().color(&INK);
        area.draw(&Text::new(name.as_str(), (LEFT, top), small.clone()))?;
        area.draw(&Rectangle::new([(LEFT, top + 16), (right, top + 32)], colour.filled()))?;
        area.draw(&Text::new(format!("{figure:.*}", panel.digits), (right + 6, top + 17), small))?;
    }
    Ok(())
}

fn lines<B: DrawingBackend>(area: &DrawingArea<B, Shift>, curves: &[Curve]) -> Result<(), Box<dyn Error + Send + Sync>>
where
    B::ErrorType: 'static,
{
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let sizes =
        points().map(|(size, _)| *size).fold((f64::MAX, 0.0_f64), |ends, size| (ends.0.min(size), ends.1.max(size)));
    let costs =
        points().map(|(_, cost)| *cost).fold((f64::MAX, 0.0_f64), |ends, cost| (ends.0.min(cost), ends.1.max(cost)));
    let mut chart = ChartBuilder::on(area)
        .caption("Processor time against size", (FONT, 20).into_font().color(&INK))
        .margin(20)
        .x_label_area_size(45)
        .y_label_area_size(65)
        .build_cartesian_2d((sizes.0..sizes.1 * 1.2).log_scale(), (costs.0 / 1.5..costs.1 * 2.0).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("size")
        .y_desc("ms")
        .label_style((FONT, 16).into_font().color(&INK))
        .light_line_style(WHITE)
        .draw()?;
    for (curve, colour) in curves.iter().zip(COLOURS) {
        chart
            .draw_series(LineSeries::new(curve.points.iter().copied(), colour.stroke_width(2)))?
            .label(format!("{} (exponent {:.2})", curve.what.replace('`', ""), curve.exponent()))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        chart.draw_series(curve.points.iter().map(|point| Circle::new(*point, 3, colour.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE)
        .border_style(INK)
        .label_font((FONT, 16).into_font().color(&INK))
        .draw()?;
    Ok(())
}
