//! The given data of a case, by source.

use std::path::PathBuf;

use accolade_engine::RuleSet;
use accolade_engine::model::Source;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use indexmap::IndexMap;

use super::hint::hinted;
use crate::suite::{Case, GivenData, GivenRow};

/// The table of fields that are given instead of computed.
pub(super) const PROFILE: &str = "profile";

/// The given data of one source.
#[derive(Default)]
pub(super) struct GivenTable {
    pub(super) rows: Vec<GivenRow>,
    pub(super) file: Option<PathBuf>,
}

/// The given data by source. The columns of a case's `table` are split between the customers and the profile.
pub(super) fn tables(case: &Case, set: &RuleSet, out: &mut Diagnostics) -> IndexMap<String, GivenTable> {
    let mut tables: IndexMap<String, GivenTable> = IndexMap::new();
    let customers = set.customers().map(|(_, source)| source);
    for (name, given) in &case.given {
        if name == "table" {
            let GivenData::Rows(rows, _) = given else { continue };
            for row in rows {
                let (mut own, mut other) = (
                    GivenRow { span: row.span, ..GivenRow::default() },
                    GivenRow { span: row.span, ..GivenRow::default() },
                );
                for (i, (column, cell)) in row.cells.iter().enumerate() {
                    let declared = customers.is_some_and(|c| c.columns.iter().any(|d| d.name == *column));
                    if declared || i == 0 {
                        own.cells.insert(column.clone(), cell.clone());
                    }
                    if !declared || i == 0 {
                        other.cells.insert(column.clone(), cell.clone());
                    }
                }
                if let Some(customers) = customers {
                    tables.entry(customers.name.clone()).or_default().rows.push(own);
                }
                tables.entry(PROFILE.to_owned()).or_default().rows.push(other);
            }
            continue;
        }
        let span = match given {
            GivenData::Rows(_, span) | GivenData::File(_, span) => *span,
        };
        let source = set.demand.sources.iter().find(|s| s.name == *name);
        if source.is_none() && name != PROFILE {
            let names = set.demand.sources.iter().map(|s| s.name.as_str()).chain([PROFILE]);
            let diagnostic = Diagnostic::new(Code::E0805, format!("there is no source `{name}`")).at(span);
            out.push(hinted(diagnostic, name, names));
            continue;
        }
        match given {
            GivenData::File(path, _) => tables.entry(name.clone()).or_default().file = Some(path.clone()),
            GivenData::Rows(rows, _) => {
                if let Some(source) = source {
                    rows.iter().for_each(|row| unknown_columns(source, row, out));
                }
                tables.entry(name.clone()).or_default().rows.extend(rows.iter().cloned());
            }
        }
    }
    tables
}

fn unknown_columns(source: &Source, row: &GivenRow, out: &mut Diagnostics) {
    for (name, cell) in &row.cells {
        if source.columns.iter().all(|c| c.name != *name) {
            let message = format!("`{}` has no column `{name}`", source.name);
            let diagnostic = Diagnostic::new(Code::E0805, message).at(cell.span);
            out.push(hinted(diagnostic, name, source.columns.iter().map(|c| c.name.as_str())));
        }
    }
}
