//! Empathy maps: what customers see, say, do, hear, think and feel, from notes that were taken of them.
//!
//! Dave Gray, Sunni Brown and James Macanufo, "Gamestorming" (2010).

mod describe;
mod map;
mod notes;
mod sql;

use std::sync::Arc;

use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::Rule;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use arrow::array::{ArrayRef, Int64Array, StringViewArray};

use self::notes::{Notes, Of};
use accolade_core::frame::column;
use accolade_core::literals;
use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::sql::tree::Expr;
use accolade_rules::analysis::{Analyser, Key, Kind, Scope, Shape, Sort};
use accolade_rules::describe::Block;
use accolade_rules::explain::{Branch, Course, Derivation, Field, Input, Reason, Verdict, Written};
use accolade_rules::present::Section;
use accolade_rules::present::chart::Chart;
use accolade_rules::set::{
    About, Batch, Calibration, CompiledRule, Context, Lever, Output, Population, Prepared, View, unfit,
};
use accolade_rules::sql::Lowering;
use accolade_rules::thresholds::cutoffs::CutOffs;

pub(super) static KIND: Kind = Kind {
    name: "empathy_map",
    summary: "collects notes of what customers see, say, do, hear, think and feel",
    keys: &[
        Key::required("quadrant", Shape::EXPRESSION, "the column of events that says which of the six a note is about"),
        Key::required("text", Shape::EXPRESSION, "the column of the same table with the note"),
        Key::optional("period", Shape::Name(Sort::Period), "the period in which the note was taken"),
        Key::optional("by", Shape::EXPRESSION, "a class, segment or the like by which the summary groups customers"),
    ],
    compile,
};

/// What a note can be about, in the order of the outputs.
pub(super) const QUADRANTS: [&str; 6] = ["sees", "says", "does", "hears", "thinks", "feels"];

#[derive(Debug)]
struct EmpathyMap {
    /// The slot of a customer's notes.
    rows: SlotId,
    notes: Notes,
    /// What the summary groups by, and its labels.
    by: Option<(Field, Vec<String>)>,
}

fn compile(rule: &Rule, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let quadrant = parameters.required("quadrant", analyser.out);
    let text = parameters.required("text", analyser.out);
    let (quadrant, text) = (event_column(quadrant?, analyser), event_column(text?, analyser));
    let ((source, quadrant, span), (other, text, text_span)) = (quadrant?, text?);
    if other != source {
        let message = "the quadrant and the text of a note are columns of one table";
        analyser.out.push(Diagnostic::new(Code("E0405"), message).at(text_span).label(span, "this is of another"));
        return None;
    }
    let why = format!("`empathy_map` needs one of {}", QUADRANTS.join(", "));
    analyser.narrow_texts(source, quadrant, &QUADRANTS, span, &why)?;
    let declared = &analyser.sources()[source].columns[text];
    if declared.ty != Type::Text {
        let message = format!("a note is text, not {}", literals::article(declared.ty));
        let diagnostic = Diagnostic::new(Code("E0406"), message).at(text_span).label(declared.span, "declared here");
        analyser.out.push(diagnostic);
        return None;
    }
    let period = match parameters.optional("period") {
        Some(node) => {
            let name = fields::text(node, analyser.out)?;
            Some(analyser.dated_period(source, name.text.trim(), name.span)?)
        }
        None => None,
    };
    let by = match parameters.optional("by") {
        Some(node) => {
            let (slot, labels) = analyser.classes(node, "")?;
            Some((analyser.named(slot), labels))
        }
        None => None,
    };
    let date = analyser.sources()[source].date_column();
    let columns = date.into_iter().chain([quadrant, text]).collect();
    let rows = analyser.rows_of(source, columns, period.map(AggregatePeriod::Whole));
    Some(Box::new(EmpathyMap { rows, notes: Notes { dated: date.is_some() }, by }))
}

/// The source and the index of the column of events that a scalar names.
fn event_column(node: &Node, analyser: &mut Analyser) -> Option<(usize, usize, Span)> {
    let expr = analyser.parse_expression(node)?;
    if let Some((source, column)) = analyser.event_column(&expr) {
        // The names are noted as used.
        analyser.expression(&expr, Scope::Events(source), None)?;
        return Some((source, column, expr.span));
    }
    let source = analyser.source_of(&expr, KIND.name)?;
    analyser.expression(&expr, Scope::Events(source), None)?;
    let message = "a column of events is needed here, not something computed from it";
    analyser.out.push(Diagnostic::new(Code("E0405"), message).at(expr.span).help("name the column alone"));
    None
}

impl CompiledRule for EmpathyMap {
    fn outputs(&self) -> Vec<Output> {
        let count = Output { nullable: false, ..Output::new("quadrants", Type::Integer) };
        std::iter::once(count).chain(QUADRANTS.map(|quadrant| Output::new(quadrant, Type::Text))).collect()
    }

    fn calibrate(&self, population: &Population, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let rule = population.context.rule;
        let lists = self.notes.lists(column(population.frame, self.rows)?, rule)?;
        let incomplete: usize = (0..population.frame.rows).map(|row| lists.of(row).incomplete).sum();
        if incomplete > 0 {
            let (notes, have) = if incomplete == 1 { ("note", "has") } else { ("notes", "have") };
            let message = format!("`{rule}`: {incomplete} {notes} {have} no quadrant or no text and {have} no place");
            out.push(Diagnostic::new(Code("W0711"), message).help("declare the columns without `?` to find them"));
        }
        Ok(Calibration::default())
    }

    fn rate(&self, batch: &Batch, _: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let lists = self.notes.lists(column(batch.frame, self.rows)?, batch.context.rule)?;
        let all: Vec<Of> = (0..batch.frame.rows).map(|row| lists.of(row)).collect();
        let counts: Int64Array = all.iter().map(|of| Some(of.quadrants())).collect();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(counts)];
        for quadrant in 0..QUADRANTS.len() {
            let texts: StringViewArray = all.iter().map(|of| of.text(quadrant)).collect();
            columns.push(Arc::new(texts));
        }
        Ok(columns)
    }

    fn rate_row(&self, record: &[Value], context: &Context, _: &Prepared) -> Result<Vec<Value>, Diagnostics> {
        let of = self.of(record, context.rule)?;
        let text = |quadrant: usize| of.text(quadrant).map_or(Value::Null, |text| Value::text(&text));
        Ok(std::iter::once(Value::Integer(of.quadrants())).chain((0..QUADRANTS.len()).map(text)).collect())
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.rows]
    }

    fn branches(&self) -> Vec<Branch> {
        QUADRANTS.iter().map(|quadrant| Branch::new("quadrant", *quadrant, None)).collect()
    }

    fn explain(&self, record: &[Value], context: &Context, _: &CutOffs) -> Result<Derivation, Diagnostics> {
        let of = self.of(record, context.rule)?;
        let reason = |(index, quadrant): (usize, &&str)| {
            let value = of.text(index).map_or(Value::Null, |text| Value::text(&text));
            let verdict = Verdict::known(!value.is_null());
            let input = Input { name: "notes".to_owned(), ty: Type::Text, value };
            Reason::new(*quadrant, vec![input], Written::nowhere("any note"), verdict)
        };
        let reasons = QUADRANTS.iter().enumerate().map(reason).collect();
        let reached = (0..QUADRANTS.len()).filter(|index| !of.notes[*index].is_empty()).collect();
        Ok(Derivation { decided_by: None, reasons, reached })
    }

    fn course(&self, _: usize, _: &[SlotId], _: &CutOffs, lever: &Lever) -> Option<Course> {
        // Notes are no lever, and nothing else is read.
        Some(lever.constant())
    }

    fn why(&self, batch: &Batch, _: &[SlotId], _: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let lists = self.notes.lists(column(batch.frame, self.rows)?, batch.context.rule)?;
        let why = |row: usize| {
            let of = lists.of(row);
            let filled = QUADRANTS.iter().zip(&of.notes).filter(|(_, notes)| !notes.is_empty());
            let names: Vec<&str> = filled.map(|(quadrant, _)| *quadrant).collect();
            (!names.is_empty()).then(|| format!("notes under {}", names.join(", ")))
        };
        Ok(Arc::new((0..batch.frame.rows).map(why).collect::<StringViewArray>()))
    }

    fn words(&self, about: &About) -> Vec<Block> {
        self.in_words(about)
    }

    fn sql(&self, sql: &mut Lowering) -> Result<Vec<Expr>, Diagnostics> {
        self.as_sql(sql)
    }

    fn summarise(&self, view: &View) -> Vec<Section> {
        map::sections(self, view).unwrap_or_default()
    }

    fn charts(&self, view: &View, _: &Batch, _: &CutOffs) -> Vec<Chart> {
        map::chart(self, view).into_iter().collect()
    }
}

impl EmpathyMap {
    /// The notes of one record.
    fn of(&self, record: &[Value], rule: &str) -> Result<Of, Diagnostics> {
        match record.get(self.rows) {
            Some(Value::Rows(rows)) => self.notes.of_rows(rows).ok_or_else(|| unfit(rule, "need notes")),
            _ => Ok(Of::default()),
        }
    }
}
