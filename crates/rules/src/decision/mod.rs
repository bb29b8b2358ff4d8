//! Decision lists: labelled conditions of which one decides, and what can be proved about them.

mod candidates;
mod condition;
mod describe;
mod held_values;
pub mod labelled_ranges;
mod readable;
mod search;
mod sql;
mod test_records;

use accolade_core::eval::{Env, Faults, column, row};
use accolade_core::frame::Frame;
use accolade_core::model::{SlotId, TypedExpr, Value};
use accolade_core::show;
use accolade_parser::yaml::node::{Mapping, Node};
use accolade_parser::{Code, Diagnostic, Span};
use arrow::array::{Array, BooleanArray};

use self::candidates::Variable;
use self::search::{Assignment, Proof, Proofs};
use crate::analysis::{Analyser, LocalField, is_rest};
use crate::explain::{Branch, Field, Reason, Response, SourceText, Verdict};
use crate::set::{ChangeableField, Customers, RuleContext};
use crate::thresholds::labels::Labels;

/// The most overlaps of a list that are reported.
const MOST_OVERLAPS: usize = 20;

/// Which condition decides when several hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitPolicy {
    /// The first that holds.
    First,
    /// No two may hold.
    Unique,
}

/// Labelled conditions in order; `rest` has none.
#[derive(Debug)]
pub struct DecisionList {
    labels: Labels,
    conditions: Vec<Option<TypedExpr>>,
    /// Each row's condition as written and the fields it reads.
    rows: Vec<(SourceText, Vec<Field>)>,
    hit: HitPolicy,
    /// The variables of its conditions, for finding records worth a test.
    variables: Vec<Variable>,
}

/// A row of a list.
#[derive(Debug)]
pub struct ListRow {
    /// Its label.
    pub label: String,
    /// Its condition; `rest` has none.
    pub condition: Option<TypedExpr>,
    /// The condition as written.
    pub written: SourceText,
    /// The fields it reads.
    pub fields: Vec<Field>,
}

/// The options of compiling a list.
#[derive(Clone, Copy, Debug)]
pub struct ListSpec<'s> {
    /// What a row is called in messages.
    pub what: &'s str,
    /// Which row decides.
    pub hit: HitPolicy,
    /// The only fields a condition may use, each with all its values; the customer's record if absent.
    pub locals: Option<(&'s [LocalField], &'s [Vec<Value>])>,
}

/// Two rows of a list with `hit: unique` that hold for one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The record's row in the batch.
    pub row: usize,
    /// The two labels.
    pub labels: (String, String),
}

impl DecisionList {
    /// Makes a list without checking it.
    pub fn new(rows: Vec<ListRow>, hit: HitPolicy) -> Self {
        let mut list = DecisionList {
            labels: Labels::default(),
            conditions: Vec::new(),
            rows: Vec::new(),
            hit,
            variables: Vec::new(),
        };
        for row in rows {
            list.labels.push(row.label);
            list.conditions.push(row.condition);
            list.rows.push((row.written, row.fields));
        }
        list
    }

    /// The labels in order.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Reads a mapping of label: condition and proves what it can: rows never reached, overlaps, gaps.
    pub fn compile(mapping: &Mapping, spec: &ListSpec, analyser: &mut Analyser) -> Option<Self> {
        let mut rows = Vec::new();
        let mut spans = Vec::new();
        let mut sound = true;
        for (i, entry) in mapping.entries.iter().enumerate() {
            spans.push(entry.key.span);
            if is_rest(&entry.value) {
                if i + 1 < mapping.entries.len() {
                    let message = format!("`rest` must be the last {}", spec.what);
                    analyser.out.push(
                        Diagnostic::new(Code::E0507, message)
                            .at(entry.value.span())
                            .help("nothing after it can be reached"),
                    );
                    sound = false;
                }
                let written = SourceText::at("rest", entry.key.span);
                rows.push(ListRow { label: entry.key.text.clone(), condition: None, written, fields: Vec::new() });
                continue;
            }
            let condition = match spec.locals {
                Some((locals, _)) => analyser.local_condition(&entry.value, locals),
                None => analyser.condition_of(&entry.value),
            };
            match condition {
                Some(condition) => {
                    let written = SourceText::at(one_line(&entry.value), entry.key.span);
                    let fields = match spec.locals {
                        Some((locals, _)) => local_fields(locals, &condition),
                        None => analyser.fields_of(&condition),
                    };
                    rows.push(ListRow { label: entry.key.text.clone(), condition: Some(condition), written, fields });
                }
                None => sound = false,
            }
        }
        if mapping.entries.is_empty() {
            let message = format!("at least one {} is needed", spec.what);
            analyser.out.push(Diagnostic::new(Code::E0507, message).at(Node::Mapping(mapping.clone()).span()));
            sound = false;
        }
        if !sound {
            return None;
        }
        DecisionList::checked(rows, &spans, mapping.span, spec, analyser)
    }

    /// Makes a list of rows that are written at `spans`, within `whole`, and reports what can be proved of it.
    pub fn checked(
        rows: Vec<ListRow>,
        spans: &[Span],
        whole: Span,
        spec: &ListSpec,
        analyser: &mut Analyser,
    ) -> Option<Self> {
        let mut list = DecisionList::new(rows, spec.hit);
        let conditions: Vec<&TypedExpr> = list.conditions.iter().flatten().collect();
        list.variables = candidates::variables(&conditions, spec.locals, analyser);
        list.prove(spans, whole, spec, analyser).then_some(list)
    }

    /// Reports what can be proved, and returns whether the list may be used.
    fn prove(&self, spans: &[Span], whole: Span, spec: &ListSpec, analyser: &mut Analyser) -> bool {
        let conditions: Vec<&TypedExpr> = self.conditions.iter().flatten().collect();
        let proofs = Proofs::new(&self.variables, conditions.iter().copied());
        let mut usable = true;
        for (i, span) in spans.iter().enumerate().take(conditions.len()) {
            if matches!(proofs.reaches(i), Proof::Impossible) {
                let never = matches!(proofs.holds(i), Proof::Impossible);
                if self.hit == HitPolicy::Unique && !never {
                    // Rows before it that take its cases overlap with it, which is reported below.
                    continue;
                }
                let why = if never { "its condition never holds" } else { "the rows before it take every case" };
                let message = format!("the {} `{}` can never be reached: {why}", spec.what, self.labels[i]);
                analyser.out.push(Diagnostic::new(Code::W0501, message).at(*span));
            }
        }
        if self.hit == HitPolicy::Unique {
            let overlap = |(j, i): (usize, usize)| match proofs.overlaps(i, j) {
                Proof::Witness(witness) => Some((j, i, witness)),
                Proof::Impossible | Proof::Undecided => None,
            };
            let found: Vec<_> = proofs.possible_overlaps().filter_map(overlap).take(MOST_OVERLAPS + 1).collect();
            for (number, (j, i, witness)) in (1..=MOST_OVERLAPS).zip(&found) {
                let message = format!("the {}s `{}` and `{}` overlap", spec.what, self.labels[*i], self.labels[*j]);
                let diagnostic = Diagnostic::new(Code::E0506, message)
                    .label(spans[*j], format!("both hold where {}", describe(witness)))
                    .label(spans[*i], "the other one")
                    .help("make the conditions exclude each other, or write `hit: first`");
                let more = number == MOST_OVERLAPS && found.len() > MOST_OVERLAPS;
                let but_not_all = || format!("more {}s overlap; they are shown once these do not", spec.what);
                analyser.out.push(if more { diagnostic.help(but_not_all()) } else { diagnostic });
            }
            usable &= found.is_empty();
        }
        let has_rest = self.has_rest();
        match proofs.uncovered() {
            Proof::Impossible if has_rest => {
                let label = self.labels.last().map_or("rest", String::as_str);
                let message =
                    format!("the {} `{label}` can never be reached: the rows before it take every case", spec.what);
                analyser.out.push(Diagnostic::new(Code::W0501, message).at(spans.last().copied().unwrap_or(whole)));
            }
            Proof::Impossible => {}
            _ if has_rest => {}
            Proof::Witness(witness) => {
                let message = format!("the {}s leave a gap: none holds where {}", spec.what, describe(&witness));
                analyser.out.push(Diagnostic::new(Code::E0507, message).at(whole).help("end with `LABEL: rest`"));
                usable = false;
            }
            Proof::Undecided => {
                let message = format!("the {}s are not proved to cover every case", spec.what);
                analyser.out.push(Diagnostic::new(Code::E0507, message).at(whole).help("end with `LABEL: rest`"));
                usable = false;
            }
        }
        usable
    }

    /// The index of the deciding row of each record, or the first overlap.
    ///
    /// # Errors
    /// Fails when two rows of a list with `hit: unique` hold for one record.
    pub fn decide(&self, batch: &Customers) -> Result<Vec<Option<usize>>, Overlap> {
        self.decide_where(batch, |_| true)
    }

    /// As [`decide`](Self::decide), for the records that `asked` selects; the others have no row.
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    pub fn decide_where(
        &self,
        batch: &Customers,
        asked: impl Fn(usize) -> bool,
    ) -> Result<Vec<Option<usize>>, Overlap> {
        let Frame { rows, columns } = batch.frame;
        let mut chosen: Vec<Option<usize>> = vec![None; *rows];
        for (i, condition) in self.conditions.iter().enumerate() {
            let Some(condition) = condition else {
                let open = chosen.iter_mut().enumerate().filter(|(row, c)| c.is_none() && asked(*row));
                open.for_each(|(_, c)| *c = Some(i));
                continue;
            };
            // Faults and unknowns count only for records that the row evaluator would test with this condition.
            let is_open =
                |(row, c): (usize, &Option<usize>)| asked(row) && (self.hit == HitPolicy::Unique || c.is_none());
            let open: Vec<bool> = chosen.iter().enumerate().map(is_open).collect();
            let open = BooleanArray::from(open);
            let truth = column::condition_where(condition, columns, *rows, batch.context.env, &open);
            let mut unknown = 0;
            for (row, chosen) in chosen.iter_mut().enumerate().filter(|(row, _)| open.value(*row)) {
                if truth.is_null(row) {
                    unknown += 1;
                } else if truth.value(row) {
                    if let Some(first) = *chosen {
                        return Err(Overlap { row, labels: (self.labels[first].clone(), self.labels[i].clone()) });
                    }
                    *chosen = Some(i);
                }
            }
            batch.context.unknown.add(&self.labels[i], unknown);
        }
        Ok(chosen)
    }

    /// The index of the deciding row of one record; the first, should two hold.
    pub fn decide_row(&self, record: &[Value], context: &RuleContext) -> Option<usize> {
        self.search_row(record, context, HitPolicy::First).unwrap_or_else(|(first, _)| Some(first))
    }

    /// The index of the deciding row of one record.
    ///
    /// # Errors
    /// Fails with the two rows that hold, in a list with `hit: unique`.
    pub fn try_decide_row(&self, record: &[Value], context: &RuleContext) -> Result<Option<usize>, (usize, usize)> {
        self.search_row(record, context, self.hit)
    }

    fn search_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        hit: HitPolicy,
    ) -> Result<Option<usize>, (usize, usize)> {
        let mut chosen = None;
        for (i, condition) in self.conditions.iter().enumerate() {
            let Some(condition) = condition else { return Ok(chosen.or(Some(i))) };
            match row::truth(condition, record, context.env) {
                Some(true) => match (chosen, hit) {
                    (Some(first), _) => return Err((first, i)),
                    (None, HitPolicy::First) => return Ok(Some(i)),
                    (None, HitPolicy::Unique) => chosen = Some(i),
                },
                Some(false) => {}
                None => context.unknown.add(&self.labels[i], 1),
            }
        }
        Ok(chosen)
    }
}

impl DecisionList {
    /// The fields its conditions read.
    pub fn reads(&self) -> Vec<SlotId> {
        self.rows.iter().flat_map(|(_, fields)| fields.iter().map(|f| f.slot)).collect()
    }

    /// Whether its last row is `rest`.
    pub fn has_rest(&self) -> bool {
        self.conditions.last().is_some_and(Option::is_none)
    }

    /// A branch for each row.
    pub fn branches(&self, what: &'static str) -> Vec<Branch> {
        let rows = self.labels.iter().zip(&self.rows);
        rows.map(|(label, (written, _))| Branch::new(what, label.clone(), written.span)).collect()
    }

    /// The row's condition as written.
    pub fn written(&self, row: usize) -> &SourceText {
        &self.rows[row].0
    }

    /// A reason for every row up to the deciding one, and the index of the deciding row.
    pub fn explain(&self, record: &[Value], context: &RuleContext) -> (Vec<Reason>, Option<usize>) {
        let chosen = self.try_decide_row(record, context).unwrap_or_else(|(first, _)| Some(first));
        let tried = chosen.map_or(self.labels.len(), |chosen| chosen + 1);
        let reasons = (0..tried).map(|i| {
            let (written, fields) = &self.rows[i];
            let verdict = match &self.conditions[i] {
                Some(condition) => Verdict::of(&row::evaluate(condition, record, context.env)),
                None => Verdict::Holds,
            };
            let inputs = fields.iter().map(|f| f.of(record)).collect();
            Reason::new(self.labels[i].clone(), inputs, written.clone(), verdict)
        });
        (reasons.collect(), chosen)
    }

    /// How the deciding row follows a changeable field.
    pub fn response(&self, changeable: &ChangeableField) -> Option<Response> {
        let conditions = self.conditions.iter().flatten();
        conditions.map(|c| changeable.truth(c)).try_fold(changeable.constant(), |all, one| all.both_constant(&one?))
    }
}

/// Field values for which a condition holds, if any can be found.
pub fn witness(condition: &TypedExpr, analyser: &Analyser) -> Option<Vec<(SlotId, Value)>> {
    let variables = candidates::variables(&[condition], None, analyser);
    match Proofs::new(&variables, [condition]).holds(0) {
        Proof::Witness(assigned) => Some(assigned.into_iter().map(|a| (a.field, a.value)).collect()),
        Proof::Impossible | Proof::Undecided => None,
    }
}

/// A condition as one line.
fn one_line(node: &Node) -> String {
    match node {
        Node::Scalar(scalar) => scalar.text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

fn local_fields(locals: &[LocalField], condition: &TypedExpr) -> Vec<Field> {
    let mut read = Vec::new();
    condition.for_each_field(&mut |index| read.push(index));
    let local = |(slot, local): (usize, &LocalField)| Field { slot, name: local.name.to_owned(), ty: local.ty };
    locals.iter().enumerate().filter(|(i, _)| read.contains(i)).map(local).collect()
}

/// A witness in words: `order_count = 0, customer_class = "A"`.
fn describe(assignment: &[Assignment]) -> String {
    let parts: Vec<String> = assignment
        .iter()
        .map(|assigned| match &assigned.shown {
            Value::Null => format!("{} is missing", assigned.name),
            value => format!("{} = {}", assigned.name, in_few_characters(value)),
        })
        .collect();
    if parts.is_empty() { "anything".to_owned() } else { parts.join(", ") }
}

/// A value as an expression would write it, a float of many digits in powers of ten and control characters as escapes.
fn in_few_characters(value: &Value) -> String {
    const MOST_DIGITS: usize = 20;
    let text = show::quoted(value);
    match value {
        Value::Number(number) if text.len() > MOST_DIGITS => format!("{number:e}"),
        _ => text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect(),
    }
}

/// An environment for evaluating conditions over generated records; nobody reads its faults.
fn silent_env(faults: &Faults) -> Env<'_> {
    Env { as_of: 0, faults }
}
