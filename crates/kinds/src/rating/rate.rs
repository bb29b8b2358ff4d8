//! Points, score and grade.

use accolade_core::frame::{array_of, column};
use accolade_core::model::script::ScriptExecution;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::Domain;
use accolade_core::show;
use accolade_parser::{Code, Diagnostic, Diagnostics, Span};
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, customer_names};
use accolade_rules::thresholds::cutoffs::{CutOffs, Edge};
use accolade_rules::thresholds::quantile;
use arrow::array::{Array, ArrayRef};

use super::score::{MissingPolicy, WeightedScore};
use super::{MISSING_HELP, PreparedRating, Rating, points};
use crate::labels;

impl Rate for Rating {
    fn outputs(&self) -> Vec<RuleOutput> {
        let mut outputs = vec![RuleOutput::new("score", Type::Score)];
        if let Some(grades) = &self.grades {
            outputs.push(RuleOutput::label("grade", grades.labels.to_vec(), true));
        }
        outputs.push(RuleOutput { part: "coverage", ty: Type::Percent, nullable: false, labels: None });
        outputs
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let mut cut_offs = CutOffs::default();
        for criterion in &self.criteria {
            criterion.calibrate(population, &mut cut_offs)?;
        }
        if self.missing == MissingPolicy::Error {
            // All customers are checked first, so that the message counts all of them and names every criterion.
            let mut wrong = Diagnostics::new();
            for (i, criterion) in self.criteria.iter().enumerate().filter(|(_, c)| c.nullable) {
                let points = criterion.points(population, &cut_offs, self.scale)?;
                if points.iter().any(Option::is_none) {
                    wrong.extend(self.report_missing(population, &points, i)?);
                }
            }
            if wrong.has_errors() {
                return Err(wrong);
            }
        }
        if self.missing == MissingPolicy::Median {
            for criterion in self.criteria.iter().filter(|c| c.nullable) {
                let points = criterion.points(population, &cut_offs, self.scale)?;
                let present = points.iter().filter_map(|points| points.map(i128::from));
                // Points are counted in millionths; a median between two of them is rounded to one.
                let domain = Domain::Exact { ty: Type::Integer, scale: points::PLACES };
                match quantile::median(present, domain) {
                    Some(median) => {
                        cut_offs.0.insert(criterion.median_list(), vec![Edge::Value(median)]);
                    }
                    None => {
                        cut_offs.0.insert(criterion.median_list(), Vec::new());
                        let message =
                            format!("`{}`: nobody has a value for `{}`", population.context.rule, criterion.name);
                        out.push(Diagnostic::new(Code::W0704, message));
                    }
                }
            }
        }
        Ok(Calibration { cut_offs, population: Vec::new() })
    }

    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let medians = self.medians(cut_offs);
        let points: Vec<Vec<Option<i64>>> =
            self.criteria.iter().map(|c| c.points(batch, cut_offs, self.scale)).collect::<Result<_, _>>()?;
        let mut weighed = Vec::with_capacity(batch.frame.rows);
        let mut row_points = vec![None; self.criteria.len()];
        for row in 0..batch.frame.rows {
            for (of_row, column) in row_points.iter_mut().zip(&points) {
                *of_row = column[row];
            }
            match self.weigh(&row_points, &medians) {
                Ok(result) => weighed.push(result),
                Err(missing) => return Err(self.report_missing(batch, &points[missing], missing)?),
            }
        }
        let score = |w: &WeightedScore| w.score.map_or(Value::Null, Value::Score);
        let mut columns = vec![array_of(Type::Score, weighed.iter().map(score))];
        if let Some(grades) = &self.grades {
            columns
                .push(labels::label_column(&grades.labels, weighed.iter().map(|w| w.score.and_then(|s| grades.of(s)))));
        }
        columns.push(array_of(Type::Percent, weighed.iter().map(|w| Value::Number(w.coverage))));
        Ok(columns)
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        let percentiles = self.criteria.iter().map(|c| c.percentiles(cut_offs, name)).collect::<Result<_, _>>()?;
        Ok(PreparedCutOffs::of(PreparedRating { percentiles, medians: self.medians(cut_offs) }))
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let PreparedRating { percentiles, medians } = prepared.made(context.rule)?;
        let mut points = Vec::with_capacity(self.criteria.len());
        for (criterion, percentiles) in self.criteria.iter().zip(percentiles) {
            points.push(criterion.points_row(record, context, percentiles, self.scale)?);
        }
        let weighed = self.weigh(&points, medians).map_err(|missing| {
            let customer = show::quoted(record.first().unwrap_or(&Value::Null));
            let message = format!(
                "`{}`: criterion `{}` has no value for customer {customer}",
                context.rule, self.criteria[missing].name
            );
            Diagnostics::from(Diagnostic::new(Code::E0711, message).help(MISSING_HELP))
        })?;
        let mut values = Vec::with_capacity(3);
        values.extend([weighed.score.map_or(Value::Null, Value::Score)]);
        if let Some(grades) = &self.grades {
            values.push(grades.labels.value(weighed.score.and_then(|s| grades.of(s))));
        }
        values.push(Value::Number(weighed.coverage));
        Ok(values)
    }

    fn reads(&self) -> Vec<SlotId> {
        self.criteria.iter().flat_map(|c| c.fields().iter().map(|f| f.slot)).collect()
    }

    fn calibrates_by(&self) -> Vec<SlotId> {
        let all_looked_at = matches!(self.missing, MissingPolicy::Error | MissingPolicy::Median);
        let looked_at = self.criteria.iter().filter(|c| c.is_calibrated() || (c.nullable && all_looked_at));
        looked_at.flat_map(|c| c.fields().iter().map(|f| f.slot)).collect()
    }

    fn scripts(&self) -> Vec<(String, Span, ScriptExecution<'_>)> {
        self.criteria.iter().filter_map(|c| Some((c.name.clone(), c.span, c.lowering()?))).collect()
    }
}

impl Rating {
    /// The error for the customers that have no points for a criterion.
    fn report_missing(
        &self,
        batch: &Customers,
        points: &[Option<i64>],
        criterion: usize,
    ) -> Result<Diagnostics, Diagnostics> {
        let customers = column(batch.frame, 0)?;
        let without: Vec<usize> = (0..customers.len()).filter(|row| points[*row].is_none()).collect();
        let name = &self.criteria[criterion].name;
        let named = customer_names(customers, &without);
        let message = format!("`{}`: criterion `{name}` has no value for customer {named}", batch.context.rule);
        Ok(Diagnostics::from(
            Diagnostic::new(Code::E0711, message)
                .label(self.criteria[criterion].span, "this criterion")
                .help(MISSING_HELP),
        ))
    }
}
