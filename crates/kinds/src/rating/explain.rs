//! Explanations: the score, criterion by criterion, and how it responds to a changed field.

use std::sync::Arc;

use accolade_core::model::types::SCORE_SCALE;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::ops::divide_half_even;
use accolade_core::show;
use accolade_parser::Diagnostics;
use accolade_rules::explain::{
    Branch, Contribution, Derivation, FieldValue, Reason, Response, SourceText, Trend, Verdict,
};
use accolade_rules::set::{ChangeableField, Customers, Explain, Rate, RuleContext, RuleOutput};
use accolade_rules::thresholds::cutoffs::CutOffs;
use arrow::array::{ArrayRef, StringViewBuilder};

use super::criterion::{Criterion, FULL_WEIGHT};
use super::points::score_key;
use super::score::MissingPolicy;
use super::{MISSING_POLICIES, Rating};

impl Explain for Rating {
    // The bands of each criterion, the policy for its missing values, and the grades.
    fn branches(&self) -> Vec<Branch> {
        let mut branches = Vec::new();
        for criterion in &self.criteria {
            let name = &criterion.name;
            for (what, written) in criterion.branches() {
                let full = if what == "band" { format!("{name}: {}", written.text) } else { name.clone() };
                branches.push(Branch::new(what, full, written.span));
            }
            if self.branches_on_missing(criterion) {
                let full = format!("{name}: {}", self.missing_policy_name());
                branches.push(Branch::new("missing value", full, Some(criterion.span)));
            }
        }
        branches.extend(self.grades.iter().flat_map(|grades| grades.branches("grade")));
        branches
    }

    fn explain(&self, record: &[Value], context: &RuleContext, cut_offs: &CutOffs) -> Result<Derivation, Diagnostics> {
        let of = |c: &Criterion| c.points_row(record, context, &c.percentiles(cut_offs, context.rule)?, self.scale);
        let points: Vec<Option<i64>> = self.criteria.iter().map(of).collect::<Result<_, _>>()?;
        let medians = self.medians(cut_offs);
        let counted: Vec<Option<i64>> = points.iter().zip(&medians).map(|(p, m)| self.counted_points(*p, *m)).collect();
        let all: i128 = self.criteria.iter().map(|c| c.weight).sum();
        let weights: i128 =
            self.criteria.iter().zip(&counted).filter(|(_, p)| p.is_some()).map(|(c, _)| c.weight).sum();
        let (mut reasons, mut reached, mut first) = (Vec::new(), Vec::new(), 0);
        for ((criterion, own), counted) in self.criteria.iter().zip(&points).zip(&counted) {
            let ways = criterion.branches();
            let way = criterion.reached_branch(record).filter(|_| own.is_some());
            let test =
                way.and_then(|way| ways.get(way)).map_or_else(SourceText::default, |(_, written)| written.clone());
            // For a script, the line that returned the points is a better place than the key that names the script.
            let test = match criterion.returned_at(record) {
                Some(line) if own.is_some() => SourceText::at(test.text, line),
                _ => test,
            };
            let inputs = criterion.fields().iter().map(|f| f.of(record)).collect();
            let mut reason = Reason::new(criterion.name.clone(), inputs, test, Verdict::known(own.is_some()));
            let contribution = counted.map(|p| divide_half_even(score_key(p) * criterion.weight, weights.max(1)));
            reason.contribution = Some(Contribution {
                points: counted.map(score_key),
                weight: divide_half_even(criterion.weight * FULL_WEIGHT, all.max(1)),
                contribution,
                missing: own.is_none().then(|| self.missing_policy_name()),
            });
            reasons.push(reason);
            reached.extend(way.map(|way| first + way));
            first += ways.len();
            if self.branches_on_missing(criterion) {
                reached.extend(own.is_none().then_some(first));
                first += 1;
            }
        }
        let mut decided_by = None;
        if let Some(grades) = &self.grades
            && let Ok(super::score::WeightedScore { score: Some(score), .. }) = self.weigh(&points, &medians)
            && let Some(grade) = grades.of(score)
        {
            let input = FieldValue { name: "score".to_owned(), ty: Type::Score, value: Value::Score(score) };
            reasons.extend(grades.explain(&input, score));
            decided_by = Some(grades.written(grade));
            reached.push(first + grade);
        }
        Ok(Derivation { decided_by, reasons, reached })
    }

    fn is_tested(&self, index: usize, output: &RuleOutput) -> bool {
        // The score comes first and is expected too, as it decides the grade.
        index == 0 || output.labels.is_some()
    }

    fn response(
        &self,
        output: usize,
        slots: &[SlotId],
        cut_offs: &CutOffs,
        changeable: &ChangeableField,
    ) -> Option<Response> {
        let part = self.outputs().get(output)?.part;
        let criteria = self.criteria.iter().map(|c| c.response(cut_offs, changeable));
        if part == "coverage" {
            // Within a segment of the response no criterion gains or loses its value.
            let still = |response: Response| response.map(|_, _| Trend::Constant);
            return criteria.into_iter().try_fold(changeable.constant(), |all, one| all.both_constant(&still(one?)));
        }
        // Weights are positive, so the score moves with its criteria; `None` if they move in opposite directions.
        let score = criteria.into_iter().try_fold(changeable.constant(), |all, one| all.plus(&one?))?;
        match &self.grades {
            Some(grades) if part == "grade" => {
                let at = |key| match changeable.value_of(slots[0], key) {
                    Value::Score(score) => Some(score),
                    _ => None,
                };
                Some(changeable.cut(&score, at, &grades.boundaries())?.map(|_, _| Trend::Constant))
            }
            _ => Some(score),
        }
    }

    // What each criterion adds, for every record of a batch: `revenue 3.00 + margin 1.25`.
    fn reasons(&self, batch: &Customers, _: &[SlotId], cut_offs: &CutOffs) -> Result<ArrayRef, Diagnostics> {
        let medians = self.medians(cut_offs);
        let points: Vec<Vec<Option<i64>>> =
            self.criteria.iter().map(|c| c.points(batch, cut_offs, self.scale)).collect::<Result<_, _>>()?;
        let hundredth = 10i128.pow(u32::from((SCORE_SCALE - 2).unsigned_abs()));
        let mut builder = StringViewBuilder::with_capacity(batch.frame.rows);
        for row in 0..batch.frame.rows {
            let counted = points.iter().zip(&medians).map(|(column, median)| self.counted_points(column[row], *median));
            let counted: Vec<(&Criterion, Option<i64>)> = self.criteria.iter().zip(counted).collect();
            let weights: i128 = counted.iter().filter(|(_, p)| p.is_some()).map(|(c, _)| c.weight).sum();
            let parts = counted.iter().map(|(criterion, points)| match points {
                Some(points) => {
                    let sum = score_key(*points) * criterion.weight;
                    let share = divide_half_even(divide_half_even(sum, weights.max(1)), hundredth);
                    format!("{} {}", criterion.name, show::decimal(share, 2, 2))
                }
                None => format!("{} missing", criterion.name),
            });
            builder.append_value(parts.collect::<Vec<_>>().join(" + "));
        }
        Ok(Arc::new(builder.finish()))
    }
}

impl Rating {
    fn branches_on_missing(&self, criterion: &Criterion) -> bool {
        criterion.nullable && self.missing != MissingPolicy::Error
    }

    fn missing_policy_name(&self) -> &'static str {
        MISSING_POLICIES.iter().find(|(_, missing)| *missing == self.missing).map_or("", |(name, _)| name)
    }

    /// The points that count for a criterion, after the policy for missing values.
    pub(super) fn counted_points(&self, points: Option<i64>, median: Option<i64>) -> Option<i64> {
        points.or(self.substitute(median))
    }
}
