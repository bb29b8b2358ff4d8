//! Charts of a run as plain data; the caller draws them.

use crate::present::{Cell, SummaryTable};

/// One chart, and its figures as a table for readers who cannot see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What a reader should know to read it.
    pub note: Option<String>,
    /// The data that is drawn.
    pub plot: Plot,
    /// The figures as a table.
    pub table: SummaryTable,
}

/// The data that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Plot {
    /// Customers and an amount by class.
    Classes(Classes),
    /// Two running shares.
    Curve(Curve),
    /// A colour for each cell of two axes.
    Heat(HeatMap),
    /// A bar for each stretch of a scale.
    Histogram(Histogram),
    /// What each criterion adds to a score on average, and the most it could add.
    Weights(CriterionBars),
    /// A point for each customer, or for customers that are close together.
    Scatter(Scatter),
    /// A figure on a scale that goes below zero.
    Gauge(Gauge),
    /// Notes under headings.
    Notes(Notes),
    /// Figures with their intervals and targets, each on a scale of its own.
    Figures(Vec<FigureBar>),
    /// Customers who moved from one class to another.
    Flow(Flow),
}

/// Customers by class.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// The name of the amount, if there is one.
    pub amount: Option<String>,
    /// Whether they are ranks of one pyramid, best first.
    pub pyramid: bool,
    /// The classes.
    pub rows: Vec<Class>,
}

/// The customers of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its label.
    pub label: String,
    /// How many customers it has.
    pub customers: u64,
    /// Their share of all customers, 1 being all.
    pub share: f64,
    /// Their amount, and its share of all.
    pub amount: Option<(Cell, f64)>,
}

/// A running share of an amount over customers from the largest to the smallest.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The name of the amount.
    pub amount: String,
    /// Shares of customers and of the amount, from (0, 0) to (1, 1).
    pub points: Vec<(f64, f64)>,
    /// Where a class ends: its label, and the shares up to there.
    pub cuts: Vec<(String, f64, f64)>,
}

/// Two axes with a figure in each cell.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// The meaning of the rows.
    pub row: String,
    /// The meaning of the columns.
    pub column: String,
    /// The meaning of the figure.
    pub value: String,
    /// The rows, first at the top.
    pub rows: Vec<String>,
    /// The columns.
    pub columns: Vec<String>,
    /// The figures by row; none where there is nothing to show.
    pub cells: Vec<Vec<Option<Cell>>>,
    /// The name of each cell, by row, if cells have names.
    pub names: Option<Vec<Vec<String>>>,
}

/// Bars that follow each other on a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The name of the scale.
    pub scale: String,
    /// Each stretch and how many customers it has.
    pub bars: Vec<(String, u64)>,
}

/// What the criteria of a score add on average.
#[derive(Clone, Debug, PartialEq)]
pub struct CriterionBars {
    /// The most points that are possible.
    pub most: f64,
    /// The criteria.
    pub criteria: Vec<CriterionBar>,
}

/// What one criterion adds on average.
#[derive(Clone, Debug, PartialEq)]
pub struct CriterionBar {
    /// Its name.
    pub name: String,
    /// Its share of all weights.
    pub weight: f64,
    /// Mean points of the customers who have any; none if nobody has.
    pub points: Option<f64>,
    /// Weight × mean points.
    pub adds: Option<f64>,
}

/// Customers by two values.
#[derive(Clone, Debug, PartialEq)]
pub struct Scatter {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The points, sorted by x, then y.
    pub points: Vec<Point>,
    /// The names of the cells between the cuts: a row for each stretch of y, lowest first, with its stretches of x.
    pub names: Vec<Vec<String>>,
}

/// One axis of a scatter plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The name of its value.
    pub name: String,
    /// The stretches it is cut in, lowest first.
    pub labels: Vec<String>,
    /// Where it is cut, in units of the points.
    pub cuts: Vec<f64>,
    /// Whether the points are shares, shown in percent.
    pub percent: bool,
}

/// Customers at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The horizontal position.
    pub x: f64,
    /// The vertical position.
    pub y: f64,
    /// How many customers are at this place.
    pub customers: u64,
    /// The key of the first of them.
    pub customer: String,
    /// The cell it is in: row and column of `names`.
    pub cell: (usize, usize),
}

/// A score between a negative and a positive end, such as detractors and promoters.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// The name of the score.
    pub name: String,
    /// The score; none without data.
    pub value: Option<f64>,
    /// Its 95% confidence interval.
    pub interval: Option<(f64, f64)>,
    /// The least and most it can be.
    pub scale: (f64, f64),
    /// The groups that it is made of and their sizes, best first.
    pub parts: Vec<(String, u64)>,
}

/// Notes by group and heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Notes {
    /// Each group that has notes.
    pub groups: Vec<NoteGroup>,
}

/// The notes of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteGroup {
    /// Its label.
    pub label: String,
    /// Customers with notes.
    pub customers: u64,
    /// The notes under each heading.
    pub headings: Vec<NoteHeading>,
}

/// The notes under one heading.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteHeading {
    /// What they are about.
    pub name: &'static str,
    /// How many there are.
    pub count: u64,
    /// The latest notes, each with its customer.
    pub latest: Vec<(String, String)>,
}

/// One figure, its interval and its target.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureBar {
    /// The name of the figure.
    pub label: String,
    /// The figure as a number to draw, and as text; none without data.
    pub value: Option<(f64, String)>,
    /// Its 95% confidence interval.
    pub interval: Option<(f64, f64)>,
    /// The target as written, and its ends as numbers to draw.
    pub target: Option<(String, [Option<f64>; 2])>,
    /// Whether the target is met; none without data or target.
    pub met: Option<bool>,
    /// Whether it is a share, drawn in percent.
    pub percent: bool,
}

/// Customers who moved between classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The classes before.
    pub old: Vec<String>,
    /// The classes now.
    pub new: Vec<String>,
    /// Class before, class now, and how many customers, in the order of the classes.
    pub links: Vec<(usize, usize, u64)>,
}
