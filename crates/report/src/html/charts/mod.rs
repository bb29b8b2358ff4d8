//! Charts as options for ECharts, which draws them in the browser.
//!
//! A colour is the name of a role, such as `@ink`, which the page's script looks up in the style sheet. The label of a
//! mark and its tooltip are `text` and `tip` of its datum, so that text of the data is never read as markup.

mod classes;
mod curve;
mod figures;
mod flow;
mod gauge;
mod heat;
mod histogram;
mod scatter;
mod weights;

use accolade_engine::rules::present::chart::{Chart, Plot};
use serde_json::{Value as Json, json};

use super::{escaped, notes, section};

/// The charts of a page so far.
#[derive(Debug, Default)]
pub(super) struct Charts(Vec<Json>);

/// The options of one chart, and its height in pixels.
#[derive(Debug)]
struct ChartOption {
    option: Json,
    height: usize,
    /// Whether it needs the whole width of the page.
    wide: bool,
}

impl ChartOption {
    fn new(height: usize, option: Json) -> ChartOption {
        ChartOption { option, height, wide: false }
    }
}

impl Charts {
    /// Adds a chart. Returns its `<figure>` element, which holds its figures as a table too.
    pub(super) fn add(&mut self, chart: &Chart) -> String {
        let (content, wide) = match draw(&chart.plot) {
            Some(drawn) => (self.placeholder(chart, &drawn), drawn.wide),
            None => (text_plot(&chart.plot), true),
        };
        let class = if wide { " class=\"wide\"" } else { "" };
        let note = chart.note.as_deref().map_or(String::new(), |note| format!("<small>{}</small>", escaped(note)));
        let title = escaped(&chart.title);
        let table = section::table(&chart.table, &chart.title);
        format!(
            "<figure{class}>\n<figcaption><h3>{title}</h3>{note}</figcaption>\n{content}<details>\n\
             <summary>Figures as a table</summary>\n{table}</details>\n</figure>\n"
        )
    }

    fn placeholder(&mut self, chart: &Chart, drawn: &ChartOption) -> String {
        let number = self.0.len();
        self.0.push(drawn.option.clone());
        let (title, height) = (escaped(&chart.title), drawn.height);
        format!(
            "<div class=\"plot\" data-chart=\"{number}\" role=\"img\" aria-label=\"{title}; the figures are in the table \
             below\" style=\"height:{height}px\"></div>\n"
        )
    }

    /// The options of all charts, by number.
    pub(super) fn json(&self) -> Json {
        json!(self.0)
    }
}

/// The options of a plot. `None` for one that is written as text.
fn draw(plot: &Plot) -> Option<ChartOption> {
    Some(match plot {
        Plot::Classes(classes) => classes::draw(classes),
        Plot::Curve(curve) => curve::draw(curve),
        Plot::Heat(heat) => heat::draw(heat),
        Plot::Histogram(bars) => histogram::draw(bars),
        Plot::Weights(weights) => weights::draw(weights),
        Plot::Scatter(scatter) => scatter::draw(scatter),
        Plot::Gauge(gauge) => gauge::draw(gauge),
        Plot::Figures(bars) => figures::draw(bars),
        Plot::Flow(flow) => flow::draw(flow),
        Plot::Notes(_) => return None,
    })
}

fn text_plot(plot: &Plot) -> String {
    match plot {
        Plot::Notes(all) => notes::notes(all),
        _ => String::new(),
    }
}

/// An axis of numbers, shares with a percent sign.
fn number_axis(name: &str, percent: bool) -> Json {
    let mut axis = json!({
        "type": "value", "name": name, "nameLocation": "middle", "nameGap": 28,
        "nameTextStyle": {"color": "@soft"}, "splitLine": {"lineStyle": {"color": "@line"}},
        "axisLabel": {"color": "@soft", "hideOverlap": true},
    });
    if percent {
        axis["axisLabel"]["formatter"] = json!("{value}%");
    }
    axis
}

/// An axis of labels without lines.
fn label_axis(labels: &[String], width: usize) -> Json {
    json!({
        "type": "category", "data": labels, "axisLine": {"show": false}, "axisTick": {"show": false},
        "axisLabel": {"color": "@ink", "width": width, "overflow": "truncate", "interval": 0},
    })
}

/// About how many pixels the longest of some labels needs.
fn width_of<'a>(labels: impl Iterator<Item = &'a String>) -> usize {
    let longest = labels.map(|label| label.chars().count()).max().unwrap_or(0);
    (longest * 7 + 8).clamp(24, 140)
}

/// A share in percent with one decimal.
fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}
