//! Writing a rule set as one SQL statement.

use std::collections::HashMap;

use accolade_core::model::{Operation, SlotId, TypedExpr};
use accolade_core::sql::tree::SqlType;
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};

use crate::set::{RuleSet, Step};
use crate::sql::lower::{SqlLowering, exact};
use crate::sql::statement::Writer;
use crate::sql::{SqlOptions, unsupported};

/// A rule set written as SQL.
#[derive(Debug)]
pub struct SqlStatement {
    /// The text of the statement.
    pub text: String,
    /// A warning (W0901) for each field or rule that was left out.
    pub findings: Diagnostics,
}

/// Writes a rule set as one SQL statement.
///
/// # Errors
/// Fails with E0901 when something has no SQL and is not to be left out, with E0710 when cut-offs do not fit, and with
/// E0701 when a period reaches beyond the calendar.
pub fn sql_statement(set: &RuleSet, request: &SqlOptions) -> Result<SqlStatement, Diagnostics> {
    let SqlOptions { dialect, as_of, cut_offs, leave_out, .. } = *request;
    let beyond = || Diagnostics::from(Diagnostic::new(Code::E0701, "a period reaches beyond the calendar"));
    let mut sql = SqlLowering::new(&set.demand, naming(set), as_of, dialect, cut_offs).ok_or_else(beyond)?;
    sql.select_rows()?;
    let mut missing: Vec<UnsupportedStep> = Vec::new();
    sql.layers.begin("metrics".to_owned());
    for step in &set.steps {
        let name = step.name(set).to_owned();
        sql.step = (name.clone(), place(step));
        sql.follows = false;
        let before = sql.clone();
        if let Err(wrong) = lower(&mut sql, step) {
            if wrong.iter().any(|d| d.code != Code::E0901) {
                return Err(wrong);
            }
            missing.push(UnsupportedStep { name, wrong, follows: sql.follows });
            sql = before;
        }
    }
    let mut output = Vec::new();
    for slot in &set.output {
        let described = &set.demand.slots[*slot];
        sql.step = (described.name.clone(), None);
        let (Ok(column), Some(ty)) = (sql.field(*slot), SqlType::of(described.ty)) else { continue };
        if described.name.len() > dialect.longest_name() {
            let why = format!("`{}` is longer than the names of {}", described.name, dialect.name());
            let (name, wrong) = (described.name.clone(), unsupported(why, None));
            missing.push(UnsupportedStep { name, wrong, follows: false });
        }
        output.push((described.name.clone(), column, ty));
    }
    if !leave_out && !missing.is_empty() {
        // A step that has no SQL only because of what it reads is not reported itself.
        let own = missing.into_iter().filter(|m| !m.follows).flat_map(|m| m.wrong);
        let help = "leave it out, with all that reads it: `--skip-unsupported`";
        return Err(own.map(|d| d.help(help)).collect());
    }
    let mut findings = Diagnostics::new();
    for diagnostic in missing.iter().flat_map(|m| &m.wrong) {
        let mut warning = Diagnostic::new(Code::W0901, diagnostic.message.clone());
        warning.labels.clone_from(&diagnostic.labels);
        findings.push(warning);
    }
    let left_out: Vec<String> = missing.into_iter().map(|m| m.name).collect();
    let text = Writer::new(&sql, request, &set.name).statement(&output, &left_out);
    Ok(SqlStatement { text, findings })
}

/// A field or rule that has no SQL.
struct UnsupportedStep {
    name: String,
    wrong: Diagnostics,
    /// Whether the cause is something it reads.
    follows: bool,
}

/// Where a step is written.
fn place(step: &Step) -> Option<Span> {
    match step {
        Step::Metric { written, .. } => written.span,
        Step::Rule { span, .. } => Some(*span),
    }
}

fn lower(sql: &mut SqlLowering, step: &Step) -> Result<(), Diagnostics> {
    match step {
        Step::Metric { slot, expr, .. } => {
            let ty = sql.demand.slots[*slot].ty;
            let lowered = exact(sql.expression(expr)?, ty);
            let shares = matches!(expr.operation, Operation::Field(_));
            let name = sql.name().to_owned();
            // A metric that is an alias of a field shares its column.
            let column = if shares { lowered } else { sql.bind(&name, lowered) };
            sql.slots[*slot] = Some(column);
        }
        Step::Rule { name, kind, description, rule, slots, .. } => {
            let about = description.as_ref().map_or(String::new(), |text| format!(": {}", text.trim()));
            sql.layers.begin(format!("{name} ({kind}){about}"));
            let outputs = rule.to_sql(sql)?;
            for (slot, expr) in slots.iter().zip(outputs) {
                let described = &sql.demand.slots[*slot];
                let column = sql.bind(&described.name, exact(expr, described.ty));
                sql.slots[*slot] = Some(column);
            }
            sql.layers.begin("metrics".to_owned());
        }
    }
    Ok(())
}

/// The name of the metric that is an alias of a slot, by slot.
fn naming(set: &RuleSet) -> HashMap<SlotId, String> {
    let named = |step: &Step| match step {
        Step::Metric { slot, expr: TypedExpr { operation: Operation::Field(named), .. }, .. } => {
            Some((*named, set.demand.slots[*slot].name.clone()))
        }
        _ => None,
    };
    // The first of several aliases wins.
    set.steps.iter().rev().filter_map(named).collect()
}
