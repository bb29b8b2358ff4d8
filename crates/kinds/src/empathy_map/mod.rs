//! Empathy maps: what customers see, say, do, hear, think and feel, from notes about them.
//!
//! Dave Gray, Sunni Brown and James Macanufo, "Gamestorming" (2010).

mod describe;
mod explain;
mod map;
mod notes;
mod present;
mod rate;
mod sql;

use accolade_core::literals;
use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::{SlotId, Type, Value};
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::RuleDecl;
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use accolade_rules::analysis::{Analyser, Key, NameKind, RuleKind, Scope, Shape};
use accolade_rules::explain::Field;
use accolade_rules::set::{CompiledRule, unfit};

use self::notes::{CustomerNotes, NoteLayout};

pub(super) static KIND: RuleKind = RuleKind {
    name: "empathy_map",
    summary: "collects notes of what customers see, say, do, hear, think and feel",
    keys: &[
        Key::required("quadrant", Shape::EXPRESSION, "the column of events that says which of the six a note is about"),
        Key::required("text", Shape::EXPRESSION, "the column of the same table with the note"),
        Key::optional("period", Shape::Name(NameKind::Period), "the period in which the note was taken"),
        Key::optional("by", Shape::EXPRESSION, "a rule with labels by which the summary groups customers"),
    ],
    labels: |_| Vec::new(),
    compile,
};

/// What a note can be about, in the order of the outputs.
pub(super) const QUADRANTS: [&str; 6] = ["sees", "says", "does", "hears", "thinks", "feels"];

#[derive(Debug)]
struct EmpathyMap {
    /// The slot of a customer's notes.
    rows: SlotId,
    layout: NoteLayout,
    /// The field that the summary groups by, and its labels.
    by: Option<(Field, Vec<String>)>,
}

fn compile(rule: &RuleDecl, analyser: &mut Analyser) -> Option<Box<dyn CompiledRule>> {
    let parameters = analyser.parameters(rule, &KIND);
    let quadrant = parameters.required("quadrant", analyser.out);
    let text = parameters.required("text", analyser.out);
    let (quadrant, text) = (event_column(quadrant?, analyser), event_column(text?, analyser));
    let ((source, quadrant, span), (other, text, text_span)) = (quadrant?, text?);
    if other != source {
        let message = "the quadrant and the text of a note must be columns of the same table";
        analyser
            .out
            .push(Diagnostic::new(Code::E0405, message).at(text_span).label(span, "this is a column of another table"));
        return None;
    }
    let why = format!("`empathy_map` needs one of {}", QUADRANTS.join(", "));
    analyser.narrow_texts(source, quadrant, &QUADRANTS, span, &why)?;
    let declared = &analyser.sources()[source].columns[text];
    if declared.ty != Type::Text {
        let message = format!("a note is text, not {}", literals::with_article(declared.ty));
        let diagnostic = Diagnostic::new(Code::E0406, message).at(text_span).label(declared.span, "declared here");
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
            Some((analyser.field_of_slot(slot), labels))
        }
        None => None,
    };
    let date = analyser.sources()[source].date_column();
    let columns = date.into_iter().chain([quadrant, text]).collect();
    let rows = analyser.rows_of(source, columns, period.map(AggregatePeriod::Whole));
    Some(Box::new(EmpathyMap { rows, layout: NoteLayout { dated: date.is_some() }, by }))
}

/// The source and the index of the column of events that a scalar names.
fn event_column(node: &Node, analyser: &mut Analyser) -> Option<(usize, usize, Span)> {
    let expr = analyser.parse_expression(node)?;
    if let Some((source, column)) = analyser.event_column(&expr) {
        // Marks the names as used.
        analyser.expression(&expr, Scope::Events(source), None)?;
        return Some((source, column, expr.span));
    }
    let source = analyser.source_of(&expr, KIND.name)?;
    analyser.expression(&expr, Scope::Events(source), None)?;
    let message = "a column of events is needed here, not something computed from it";
    analyser.out.push(Diagnostic::new(Code::E0405, message).at(expr.span).help("name the column alone"));
    None
}

impl EmpathyMap {
    /// The notes of one record.
    fn notes_of(&self, record: &[Value], rule: &str) -> Result<CustomerNotes, Diagnostics> {
        match record.get(self.rows) {
            Some(Value::Rows(rows)) => self.layout.of_rows(rows).ok_or_else(|| unfit(rule, "need notes")),
            _ => Ok(CustomerNotes::default()),
        }
    }
}
