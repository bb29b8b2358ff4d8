//! Suggested cases: a customer just below, at and just above every threshold, and for every test in a condition two
//! customers that differ only in it. They expect the present results of the rules, for the author to review.

mod labels;
mod thresholds;
mod write;

use std::path::Path;

use accolade_engine::explain::changeable_fields;
use accolade_engine::model::Origin;
use accolade_engine::rules::set::Step;
use accolade_engine::rules::thresholds::cutoffs::CutOffs;
use accolade_engine::run::Outcome;
use accolade_engine::{FileSystem, Plugins, RuleSet, Type, Value, show};
use accolade_parser::format::format;
use accolade_parser::{Diagnostics, SourceId, Spanned};
use indexmap::IndexMap;

use crate::read::KEYS;
use crate::run::{prepare, rate_case};
use crate::suite::{Case, Expectations, GivenCell, GivenData, GivenRow, Suite};

/// Customers for one case, each with some fields set.
struct CustomerGroup {
    /// The name of the case.
    name: String,
    /// The fields that each customer sets, and their values.
    rows: Vec<Vec<(usize, Value)>>,
    /// The fields whose values are expected.
    shown: Vec<usize>,
    /// The goal whose outcome is expected.
    goal: Option<String>,
    /// Whether cut-offs are computed from these customers.
    computed: bool,
}

impl CustomerGroup {
    fn new(name: String) -> CustomerGroup {
        CustomerGroup { name, rows: Vec::new(), shown: Vec::new(), goal: None, computed: false }
    }
}

/// A test file with cases for the rule set in `rules`. The cut-offs and a typical customer come from `run`, a run over
/// real data.
///
/// # Errors
/// Fails when a case cannot be rated.
pub fn suggest(rules: &Path, set: &RuleSet, run: &Outcome, plugins: &Plugins) -> Result<String, Diagnostics> {
    let base = base(set, run);
    let mut suite = suite(rules, set, run, &base);
    let prepared = prepare(&suite, "", &FileSystem, plugins).map_err(|wrong| wrong.0)?;
    let (alone, _) = rate_case(&suite, &suite.cases[0], &prepared.set)?;
    suite.cut_offs = population_cut_offs(run, &alone);
    let (typical, _) = rate_case(&suite, &suite.cases[0], &prepared.set)?;
    let mut groups = thresholds::groups(set, &typical);
    groups.extend(labels::groups(set, &typical));
    groups.extend(conditions(set));
    groups.extend(population_groups(set));
    suite.cases = groups.iter().map(|group| case(set, group)).collect();
    let mut cases = Vec::new();
    for (group, case) in groups.iter().zip(&suite.cases) {
        let (outcome, keys) = rate_case(&suite, case, &prepared.set)?;
        cases.push(write::case(set, group, case, &outcome, &keys));
    }
    format(SourceId(0), &write::suite(rules, run, &suite, &cases), KEYS, &|_| None)
}

/// The record of the median customer among those that have a value for every changeable field.
fn base(set: &RuleSet, run: &Outcome) -> Vec<Value> {
    let fields = changeable_fields(set);
    let complete = |record: &Vec<Value>| fields.iter().all(|f| f.ty == Type::Text || !record[f.slot].is_null());
    let records: Vec<Vec<Value>> = (0..run.frame.rows).map(|row| run.frame.record(row)).filter(complete).collect();
    let amount = |record: &Vec<Value>| match set.headline().map(|slot| &record[slot]) {
        Some(Value::Money(v)) => *v,
        Some(Value::Integer(v)) => i128::from(*v),
        _ => 0,
    };
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|i| amount(&records[*i]));
    match order.get(order.len() / 2) {
        Some(middle) => records[*middle].clone(),
        None => vec![Value::Null; set.demand.slots.len()],
    }
}

/// A suite of one case with the typical customer, whose values are the defaults of all others.
fn suite(rules: &Path, set: &RuleSet, run: &Outcome, base: &[Value]) -> Suite {
    let cell = |slot: usize| GivenCell { text: text(&base[slot]), span: Default::default() };
    let mut defaults = IndexMap::new();
    if let Some((_, customers)) = set.customers() {
        let columns = set.demand.slots.iter().enumerate().filter(|(_, s)| matches!(s.origin, Origin::Column(_)));
        let cells = columns.map(|(slot, s)| (s.name.clone(), cell(slot))).collect();
        defaults.insert(customers.name.clone(), GivenRow { cells, span: Default::default() });
    }
    let fields =
        changeable_fields(set).into_iter().filter(|f| !matches!(set.demand.slots[f.slot].origin, Origin::Column(_)));
    let cells = fields.map(|f| (f.name.clone(), cell(f.slot))).collect();
    defaults.insert("profile".to_owned(), GivenRow { cells, span: Default::default() });
    let typical = CustomerGroup { rows: vec![Vec::new()], ..CustomerGroup::new("a typical customer".to_owned()) };
    Suite {
        path: rules.with_file_name("suggested.tests.yaml"),
        rules: rules.to_owned(),
        as_of: Some(run.as_of),
        defaults,
        cut_offs: IndexMap::new(),
        saved: Vec::new(),
        cases: vec![case(set, &typical)],
    }
}

/// The cut-offs that come from the population: those that differ when a single customer is rated alone.
fn population_cut_offs(run: &Outcome, alone: &Outcome) -> IndexMap<String, CutOffs> {
    let lists = run.cut_offs.iter().map(|(rule, lists)| {
        let own = alone.cut_offs.get(rule);
        let differs = |name: &String, edges: &Vec<_>| own.is_none_or(|own| own.get(name) != edges.as_slice());
        let lists = lists.0.iter().filter(|(name, edges)| differs(name, edges));
        (rule.clone(), CutOffs(lists.map(|(name, edges)| (name.clone(), edges.clone())).collect()))
    });
    lists.filter(|(_, lists)| !lists.0.is_empty()).collect()
}

/// A value as an exact text for a test file; none if it is missing.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Score(v) => Some(show::decimal(*v, accolade_engine::model::types::SCORE_SCALE, 0)),
        other => Some(show::value(other)),
    }
}

/// The most fields that a customer is named after; with more, customers are numbered.
const FEW: usize = 6;

/// The case of a group, without expectations.
fn case(set: &RuleSet, group: &CustomerGroup) -> Case {
    let nowhere = |text: &str| Spanned::new(text.to_owned(), Default::default());
    let cell = |value: &Value| GivenCell { text: text(value), span: Default::default() };
    let rows = group.rows.iter().enumerate().map(|(i, fields)| {
        let number = group.goal.is_some() || fields.len() > FEW;
        let key = if number { format!("K{}", i + 1) } else { key(set, fields) };
        let key = if set.demand.slots[0].ty == Type::Integer { (i + 1).to_string() } else { key };
        let key = GivenCell { text: Some(key), span: Default::default() };
        let cells = fields.iter().map(|(slot, value)| (field_name(set, *slot), cell(value)));
        GivenRow {
            cells: std::iter::once((set.demand.slots[0].name.clone(), key)).chain(cells).collect(),
            span: Default::default(),
        }
    });
    let given = GivenData::Rows(rows.collect(), Default::default());
    Case {
        name: nowhere(&group.name),
        as_of: None,
        given: IndexMap::from([("profile".to_owned(), given)]),
        table: None,
        cut_offs: IndexMap::new(),
        computed: group.computed,
        before: None,
        expect: Expectations::default(),
    }
}

/// The name by which a field is set: for an aggregate, that of the metric which only names it.
fn field_name(set: &RuleSet, slot: usize) -> String {
    changeable_fields(set)
        .into_iter()
        .find(|f| f.slot == slot)
        .map_or_else(|| set.demand.slots[slot].name.clone(), |f| f.name)
}

/// A customer's key, made of the fields that it sets.
fn key(set: &RuleSet, fields: &[(usize, Value)]) -> String {
    let shown: Vec<String> = fields
        .iter()
        .map(|(slot, value)| {
            format!("{}={}", field_name(set, *slot), text(value).unwrap_or_else(|| "missing".to_owned()))
        })
        .collect();
    match shown.is_empty() {
        true => "typical".to_owned(),
        false => shown.join(" "),
    }
}

/// A group for each rule whose conditions can be tested one by one.
fn conditions(set: &RuleSet) -> Vec<CustomerGroup> {
    let of = |step: &Step| match step {
        Step::Rule { name, rule, slots, .. } => {
            let rows = rule.test_records();
            let shown = slots.first().copied().into_iter().collect();
            (!rows.is_empty()).then(|| CustomerGroup {
                rows,
                shown,
                ..CustomerGroup::new(format!("conditions of {name}"))
            })
        }
        Step::Metric { .. } => None,
    };
    set.steps.iter().filter_map(of).collect()
}

/// A group for each small customer base that tests a share of a total or the target of a goal.
fn population_groups(set: &RuleSet) -> Vec<CustomerGroup> {
    let mut groups = Vec::new();
    for step in &set.steps {
        let Step::Rule { name, rule, slots, .. } = step else { continue };
        for (number, rows) in (1..).zip(rule.test_populations()) {
            let shown = slots.first().copied().into_iter().collect();
            groups.push(CustomerGroup {
                rows,
                shown,
                computed: true,
                ..CustomerGroup::new(format!("shares of {name}, base {number}"))
            });
        }
    }
    for goal in &set.goals {
        for (number, rows) in (1..).zip(goal.test_populations()) {
            let name = format!("target of {}, base {number}", goal.name);
            groups.push(CustomerGroup { rows, goal: Some(goal.name.clone()), ..CustomerGroup::new(name) });
        }
    }
    groups
}
