//! Measures, programmes and goals.

use accolade_kinds::measures::FUNCTIONS;
use accolade_parser::expr::ast::{Expr, ExprKind};
use accolade_parser::syntax::file::{GoalDecl, MeasureDecl, ProgrammeDecl};
use accolade_parser::{Name, Spanned};
use accolade_rules::describe::{Block, DescriptionPart, all_of, code, condition, formula, pattern};
use accolade_rules::set::RuleSet;

/// The measures of the customer base.
pub(super) fn measures(set: &RuleSet) -> DescriptionPart {
    let measures = &set.written.measures;
    if measures.is_empty() {
        return DescriptionPart::default();
    }
    let row = |(name, measure): (&String, &MeasureDecl)| {
        let by = match measure.measure.value.by.as_slice() {
            [] => String::new(),
            by => format!(", in all and by {}", fields(by)),
        };
        let words = format!("{}{by}", formula(&measure.measure.value.expr));
        vec![code(name), words, text(measure.description.as_ref()), code(&measure.measure.value.to_string())]
    };
    let table = Block::table(&["measure", "is", "for", "as written"], measures.iter().map(row));
    DescriptionPart::new(
        "Measures",
        vec![table].into_iter().chain(functions(measures.values().map(|m| &m.measure.value.expr))).collect(),
    )
}

/// The programmes: members, control group, periods, margin and costs.
pub(super) fn programmes(set: &RuleSet) -> DescriptionPart {
    let parts = set.written.programmes.values().map(programme).collect();
    DescriptionPart { title: "Programmes".to_owned(), blocks: Vec::new(), parts }
}

fn programme(programme: &ProgrammeDecl) -> DescriptionPart {
    let mut blocks: Vec<Block> = programme.description.iter().map(|d| Block::paragraph(&d.value)).collect();
    let mut lines = vec![format!("A customer is a `member` if {}.", condition(&programme.members))];
    match &programme.control {
        Some(control) => lines.push(format!(
            "It is in the `control` group where {}: customers who could have been members, with whom they are compared.",
            condition(control)
        )),
        None => lines.push("There is no control group, so every change counts as the programme's.".to_owned()),
    }
    lines.push("All others are `other`.".to_owned());
    lines.push(format!(
        "It ran in {} and is compared with {}.",
        code(&programme.period.value),
        code(&programme.before.value)
    ));
    lines.push(format!("The margin of a purchase is {}.", formula(&programme.margin)));
    let costs = [("in all", &programme.fixed_cost), ("for each member", &programme.member_cost)];
    let costs = costs.into_iter().filter_map(|(what, cost)| Some(format!("{} {what}", formula(cost.as_ref()?))));
    let costs: Vec<String> = costs.collect();
    if !costs.is_empty() {
        lines.push(format!("It cost {}.", all_of(&costs)));
    }
    if !programme.by.is_empty() {
        lines.push(format!("Its effect is shown in all and by {}.", fields(&programme.by)));
    }
    blocks.push(Block::List(lines));
    DescriptionPart::new(code(&programme.name.value), blocks)
}

/// The goals and their targets.
pub(super) fn goals(set: &RuleSet) -> DescriptionPart {
    let goals = &set.written.goals;
    if goals.is_empty() {
        return DescriptionPart::default();
    }
    let row = |(name, goal): (&String, &GoalDecl)| {
        let of =
            goal.programme.as_ref().map_or_else(String::new, |p| format!(", of the members of {}", code(&p.value)));
        let measure = &goal.measure.value;
        let by = if measure.by.is_empty() { String::new() } else { format!(", for each {}", fields(&measure.by)) };
        let words = format!("{}{of}{by}", formula(&measure.expr));
        vec![code(name), words, pattern(&goal.target.value), text(goal.description.as_ref())]
    };
    let table = Block::table(&["goal", "what is measured", "should be", "for"], goals.iter().map(row));
    let named: Vec<&str> = set.written.measures.values().flat_map(|m| calls(&m.measure.value.expr)).collect();
    let functions = goals.values().map(|goal| &goal.measure.value.expr);
    let others = functions.filter(|expr| calls(expr).iter().any(|call| !named.contains(call)));
    DescriptionPart::new("Goals", vec![table].into_iter().chain(self::functions(others)).collect())
}

/// The functions that some measures call, each once, with what they return.
fn functions<'a>(measures: impl Iterator<Item = &'a Expr>) -> Option<Block> {
    let named: Vec<&str> = measures.flat_map(calls).collect();
    let used: Vec<_> = FUNCTIONS.iter().filter(|function| named.contains(&function.name)).collect();
    let rows = used.iter().map(|function| vec![code(function.name), function.doc.to_owned()]);
    (!used.is_empty()).then(|| Block::table(&["function", "gives"], rows))
}

/// The functions over customers that a measure calls.
fn calls(expr: &Expr) -> Vec<&str> {
    match &expr.kind {
        ExprKind::Call(call) => vec![call.function.value.as_str()],
        ExprKind::Unary(_, inner) => calls(inner),
        ExprKind::Binary(_, a, b) => [calls(a), calls(b)].concat(),
        _ => Vec::new(),
    }
}

fn fields(by: &[Spanned<Vec<Name>>]) -> String {
    let name = |field: &Spanned<Vec<Name>>| {
        code(&field.value.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join("."))
    };
    all_of(&by.iter().map(name).collect::<Vec<_>>())
}

fn text(description: Option<&Name>) -> String {
    description.map_or_else(String::new, |description| description.value.clone())
}
