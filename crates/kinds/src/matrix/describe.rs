//! A matrix in words.

use accolade_rules::describe::{Block, bound, code};
use accolade_rules::set::{Describe, DescribeContext};

use super::Matrix;
use super::axis::{Cuts, MatrixAxis};

impl Describe for Matrix {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let mut blocks = vec![Block::List(vec![self.rows.describe(about), self.columns.describe(about)])];
        let columns: Vec<String> =
            std::iter::once(String::new()).chain(self.columns.labels.iter().map(|l| code(l))).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let rows = self.rows.labels.iter().zip(&self.cells).map(|(row, cells)| {
            std::iter::once(code(row)).chain(cells.iter().map(|cell| code(&self.labels[*cell]))).collect()
        });
        blocks.push(Block::table(&columns, rows));
        if let Some(advice) = &self.advice {
            let places = self.rows.labels.iter().zip(&self.cells).flat_map(|(row, cells)| {
                cells.iter().zip(self.columns.labels.iter()).map(move |(cell, column)| (row, column, *cell))
            });
            let rows = places.zip(advice).filter_map(|((row, column, cell), advice)| {
                Some(vec![code(&self.labels[cell]), code(row), code(column), advice.clone()?])
            });
            blocks.push(Block::table(&["cell", "row", "column", "what to do"], rows.collect::<Vec<_>>()));
        }
        if self.rows.nullable || self.columns.nullable {
            blocks.push(Block::paragraph("A customer who lacks one of the two is in no cell."));
        }
        blocks
    }
}

impl MatrixAxis {
    /// "The rows are by `satisfaction`: `unsatisfied` below 4, `satisfied` from 4."
    fn describe(&self, about: &DescribeContext) -> String {
        let field = about.field(self.slot());
        let cuts: Vec<String> = match &self.cuts {
            Cuts::Class => return format!("The {} are the classes of {field}.", self.name),
            Cuts::Fixed(_, bounds) => bounds.iter().map(bound).collect(),
            Cuts::Median(_) => match about.edges(self.name).as_deref() {
                Some([median]) => vec![format!("the median of all customers, {median}")],
                _ => vec!["the median of all customers".to_owned()],
            },
        };
        let stretch = |(i, label): (usize, &String)| {
            let from = i.checked_sub(1).and_then(|i| cuts.get(i)).map(|cut| format!("from {cut}"));
            let to = cuts.get(i).map(|cut| format!("below {cut}"));
            let ends: Vec<String> = from.into_iter().chain(to).collect();
            format!("{} {}", code(label), ends.join(" and "))
        };
        let stretches: Vec<String> = self.labels.iter().enumerate().map(stretch).collect();
        format!("The {} are by {field}: {}.", self.name, stretches.join(", "))
    }
}
