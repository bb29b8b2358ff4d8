//! Compares figures of measures, programmes and goals with the expected ones.

use accolade_engine::numbers::exact::{Exact, float};
use accolade_engine::rules::measures::{Figure, group_text};
use accolade_engine::run::Outcome;
use accolade_engine::{Type, Value};
use accolade_parser::{Code, Diagnostic, Diagnostics, Name};

use super::checks::mismatch;
use super::evaluate::ExpectationFailure;
use super::expected;
use super::hint::hinted;
use crate::suite::{Expectations, ExpectedFigure};

/// Adds the differences to `failures` and returns how many figures were compared.
pub(super) fn check(
    outcome: &Outcome,
    expect: &Expectations,
    failures: &mut Vec<ExpectationFailure>,
    out: &mut Diagnostics,
) -> usize {
    let mut compare = |all: &[ExpectedFigure],
                       of: fn(&Outcome, &ExpectedFigure) -> Result<ActualFigure, UnknownName>| {
        for wanted in all {
            match of(outcome, wanted) {
                Ok(found) => compare(wanted, &found, failures, out),
                Err(unknown) => out.push(unknown.diagnostic()),
            }
        }
    };
    compare(&expect.measures, measure);
    compare(&expect.programmes, programme);
    compare(&expect.goals, goal);
    expect.measures.len() + expect.programmes.len() + expect.goals.len()
}

/// A figure, and for a goal its verdict.
struct ActualFigure {
    value: Option<Exact>,
    ty: Type,
    verdict: Option<&'static str>,
    why: String,
}

/// A name that does not exist.
struct UnknownName {
    what: &'static str,
    name: Name,
    known: Vec<String>,
}

impl UnknownName {
    fn diagnostic(&self) -> Diagnostic {
        let message = format!("there is no {} `{}`", self.what, self.name.value);
        let diagnostic = Diagnostic::new(Code::E0802, message).at(self.name.span);
        hinted(diagnostic, &self.name.value, self.known.iter().map(String::as_str))
    }
}

const VERDICTS: [&str; 3] = ["met", "not met", "no data"];

fn compare(
    wanted: &ExpectedFigure,
    found: &ActualFigure,
    failures: &mut Vec<ExpectationFailure>,
    out: &mut Diagnostics,
) {
    let text = wanted.expected.text.as_deref();
    let verdict = found.verdict.filter(|_| text.is_some_and(|text| VERDICTS.contains(&text)));
    let value = found.value.as_ref().map_or(Value::Null, |value| Value::Number(float(value)));
    let ty = if found.ty == Type::Percent { Type::Percent } else { Type::Number };
    let same = match verdict {
        Some(verdict) => Some(text == Some(verdict)),
        None => expected::matches(text, &value, ty),
    };
    match same {
        Some(true) => {}
        Some(false) => {
            let shown = verdict.map_or_else(|| expected::number_text(&value, ty), str::to_owned);
            let path = wanted.path.iter().map(|name| format!(" {}", name.value));
            let field = std::iter::once(wanted.of.value.clone()).chain(path).collect();
            failures.push(mismatch(field, &wanted.expected, shown, found.why.clone()));
        }
        None => {
            let message = format!("`{}` is not a figure that can be compared", text.unwrap_or("missing"));
            let help = "write a number, a percentage or `missing`; for a goal also `met`, `not met` or `no data`";
            out.push(Diagnostic::new(Code::E0804, message).at(wanted.of.span).help(help));
        }
    }
}

/// A group as test files write it: `A`, `A, Utrecht`, or `total` for everyone.
fn written(group: &[Value]) -> String {
    let labels: Vec<String> = group.iter().map(group_text).collect();
    if labels.is_empty() { "total".to_owned() } else { labels.join(", ") }
}

/// Whether a group has this name; without a name, whether it is everyone.
fn is_group(group: &[Value], name: Option<&Name>) -> bool {
    name.map_or(group.is_empty(), |name| name.value == written(group))
}

/// The names of groups, for a hint.
fn known<'g>(groups: impl Iterator<Item = &'g [Value]>) -> Vec<String> {
    groups.map(written).collect()
}

fn figure(figure: &Figure, ty: Type, verdict: Option<&'static str>) -> ActualFigure {
    let why = match figure.hits {
        Some(hits) => format!("{hits} of {}", figure.n),
        None => format!("of {}", figure.n),
    };
    ActualFigure { value: figure.value.clone(), ty, verdict, why }
}

fn measure(outcome: &Outcome, wanted: &ExpectedFigure) -> Result<ActualFigure, UnknownName> {
    let names = || outcome.measures.iter().map(|m| m.name.clone()).collect();
    let table = outcome.measures.iter().find(|table| table.name == wanted.of.value);
    let table = table.ok_or_else(|| UnknownName { what: "measure", name: wanted.of.clone(), known: names() })?;
    let group = wanted.path.first();
    match (table.rows.iter().find(|row| is_group(&row.group, group)), wanted.path.get(1)) {
        (Some(row), None) => Ok(figure(&row.figure, table.ty, None)),
        (_, deeper) => {
            let name = deeper.or(group).unwrap_or(&wanted.of).clone();
            Err(UnknownName { what: "group", name, known: known(table.rows.iter().map(|row| row.group.as_slice())) })
        }
    }
}

fn goal(outcome: &Outcome, wanted: &ExpectedFigure) -> Result<ActualFigure, UnknownName> {
    let names = || outcome.goals.iter().map(|g| g.name.clone()).collect();
    let standing = outcome.goals.iter().find(|goal| goal.name == wanted.of.value);
    let standing = standing.ok_or_else(|| UnknownName { what: "goal", name: wanted.of.clone(), known: names() })?;
    let verdict = |met: Option<bool>| match met {
        Some(true) => Some(VERDICTS[0]),
        Some(false) => Some(VERDICTS[1]),
        None => Some(VERDICTS[2]),
    };
    let Some(group) = wanted.path.first() else {
        return Ok(figure(&standing.figure, standing.ty, verdict(standing.met)));
    };
    if group.value == "control"
        && let Some(control) = &standing.control
    {
        return Ok(figure(&control.figure, standing.ty, None));
    }
    match standing.groups.iter().find(|g| is_group(&g.row.group, Some(group))) {
        Some(found) => Ok(figure(&found.row.figure, standing.ty, verdict(found.met))),
        None if group.value == "total" => Ok(figure(&standing.figure, standing.ty, verdict(standing.met))),
        None => {
            let known = known(standing.groups.iter().map(|g| g.row.group.as_slice()));
            Err(UnknownName { what: "group", name: group.clone(), known })
        }
    }
}

fn programme(outcome: &Outcome, wanted: &ExpectedFigure) -> Result<ActualFigure, UnknownName> {
    let names = || outcome.programmes.iter().map(|p| p.name.clone()).collect();
    let found = outcome.programmes.iter().find(|programme| programme.name == wanted.of.value);
    let found = found.ok_or_else(|| UnknownName { what: "programme", name: wanted.of.clone(), known: names() })?;
    let (group, name) = match wanted.path.as_slice() {
        [name] => (None, name),
        [group, name] => (Some(group), name),
        _ => return Err(UnknownName { what: "figure", name: wanted.of.clone(), known: Vec::new() }),
    };
    let Some(row) = found.rows.iter().find(|row| is_group(&row.group, group)) else {
        let known = known(found.rows.iter().map(|row| row.group.as_slice()));
        return Err(UnknownName { what: "segment", name: group.unwrap_or(name).clone(), known });
    };
    let figures = row.effect.figures();
    let known = || figures.iter().map(|(name, ..)| (*name).to_owned()).collect();
    match figures.iter().find(|(figure, ..)| *figure == name.value) {
        Some((_, ty, value)) => Ok(ActualFigure { value: value.clone(), ty: *ty, verdict: None, why: String::new() }),
        None => Err(UnknownName { what: "figure", name: name.clone(), known: known() }),
    }
}
