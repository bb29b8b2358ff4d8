//! The dependency label, the share and the rank of customers.

use accolade_core::frame::column;
use accolade_core::model::{SlotId, Type, Value};
use accolade_core::numbers::domain::KeyColumn;
use accolade_core::show;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use accolade_rules::set::{Calibration, Customers, PreparedCutOffs, Rate, RuleContext, RuleOutput, unfit};
use accolade_rules::thresholds::cutoffs::{Bound, CutOffs, Edge};
use accolade_rules::thresholds::ranking::Ranking;
use arrow::array::ArrayRef;

use super::{Concentration, FULL_SHARE, LABELS, label_index};
use crate::labels;

impl Rate for Concentration {
    fn outputs(&self) -> Vec<RuleOutput> {
        vec![
            RuleOutput::label("dependency", self.labels.to_vec(), self.nullable),
            RuleOutput::new("share", Type::Percent),
            RuleOutput::new("rank", Type::Integer),
        ]
    }

    fn calibrate(&self, population: &Customers, out: &mut Diagnostics) -> Result<Calibration, Diagnostics> {
        let (frame, rule) = (population.frame, population.context.rule);
        let Some(ranked) = self.ranked(column(frame, self.of.slot)?, frame.rows) else {
            return Err(unfit(rule, "need a numeric metric"));
        };
        let edge = ranked.least_above(self.warn_above, FULL_SHARE);
        match edge {
            Some(edge) => out.extend(self.warn(&ranked, edge, column(frame, 0)?, rule)),
            None => {
                let message = format!("`{rule}`: no customer has a positive value, so there is no total to share");
                out.push(Diagnostic::new(Code::W0704, message));
            }
        }
        let edges = edge.map(|key| Edge::Value(Bound::of_key(self.domain, key))).into_iter().collect();
        let [rank, share, _] = ranked.positions(frame.rows);
        Ok(Calibration {
            cut_offs: CutOffs([(LABELS[0].to_owned(), edges)].into_iter().collect()),
            population: vec![share, rank],
        })
    }

    fn rate(&self, batch: &Customers, cut_offs: &CutOffs) -> Result<Vec<ArrayRef>, Diagnostics> {
        let values = column(batch.frame, self.of.slot)?;
        let edge = self.edge(cut_offs, batch.context.rule)?;
        let Some(keys) = KeyColumn::of(values) else { return Err(unfit(batch.context.rule, "need a numeric metric")) };
        let labels = (0..batch.frame.rows).map(|row| label_index(keys.get(row), edge));
        Ok(vec![labels::label_column(&self.labels, labels)])
    }

    fn prepare(&self, cut_offs: &CutOffs, name: &str) -> Result<PreparedCutOffs, Diagnostics> {
        Ok(PreparedCutOffs::of(self.edge(cut_offs, name)?))
    }

    fn rate_row(
        &self,
        record: &[Value],
        context: &RuleContext,
        prepared: &PreparedCutOffs,
    ) -> Result<Vec<Value>, Diagnostics> {
        let edge: &Option<i128> = prepared.made(context.rule)?;
        Ok(vec![self.labels.value(label_index(self.key(record), *edge))])
    }

    fn reads(&self) -> Vec<SlotId> {
        vec![self.of.slot]
    }
}

impl Concentration {
    /// The warning that names the customers from `edge` on, largest first.
    fn warn(&self, ranked: &Ranking, edge: i128, customers: &ArrayRef, rule: &str) -> Option<Diagnostic> {
        let mut above: Vec<_> = ranked.order.iter().take_while(|c| c.key >= edge).collect();
        above.sort_unstable_by_key(|c| (std::cmp::Reverse(c.key), c.row));
        let percent = |key: i128| format!("{:.1}%", ranked.amount(key) as f64 / ranked.total as f64 * 100.0);
        let name = |row: u32| show::value(&accolade_core::frame::value_at(customers, row as usize));
        let (first, others) = above.split_first()?;
        let more = others.iter().take(2).map(|c| format!(", `{}` {}", name(c.row), percent(c.key)));
        let more: String = more.collect();
        let rest = if others.len() > 2 { format!(" and {} more customers", others.len() - 2) } else { String::new() };
        let message = format!(
            "`{rule}`: `{}` alone brings {} of {}{more}{rest}",
            name(first.row),
            percent(first.key),
            self.of.name
        );
        let help = format!(
            "a customer above {} of the total is warned about; `warn_above` sets this share",
            self.written.text
        );
        Some(Diagnostic::new(Code::W0713, message).help(help))
    }
}
