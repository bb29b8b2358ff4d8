//! Checks of periods: a reference must name a period and must not lead back to itself.

use std::ops::RangeInclusive;

use accolade_core::model::aggregate::AggregatePeriod;
use accolade_core::model::period::{resolve, whole_months};
use accolade_core::model::{DayRange, Period};
use accolade_parser::expr::ast::PeriodSpec;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::file::{PeriodDecl as Written, RuleFile};
use accolade_parser::yaml::node::Node;
use accolade_parser::{Code, Diagnostic, Diagnostics};

use super::Analyser;
use super::names::with_suggestion;

/// The most names of a circle that a message holds.
const MOST_NAMES: usize = 10;

/// A period cut into slices of equal numbers of months.
#[derive(Clone, Debug)]
pub struct Slices {
    /// Index of the period.
    pub whole: usize,
    /// How many months long each slice is.
    pub months: u32,
    /// How many slices there are.
    pub count: u32,
    periods: Vec<Period>,
}

impl Slices {
    /// The period of a slice; 0 is the earliest.
    pub fn period(&self, index: u32) -> AggregatePeriod {
        AggregatePeriod::Slice { period: self.whole, index, months: self.months }
    }

    /// A slice in words.
    pub fn name(&self, index: u32) -> String {
        format!("slice {} of {} of {}", index + 1, self.count, self.whole_name())
    }

    /// The name of the period.
    pub fn whole_name(&self) -> &str {
        &self.periods[self.whole].name
    }

    /// The days of the slices that have begun at `as_of`, earliest first.
    ///
    /// # Errors
    /// Fails with E0701 when the period reaches beyond the calendar.
    pub fn begun(&self, as_of: i32) -> Result<Vec<DayRange>, Diagnostics> {
        let days = resolve(&self.periods, as_of).and_then(|periods| {
            let slice = |index| periods[self.whole].slice(index, self.months);
            (0..self.count).map(slice).collect::<Option<Vec<DayRange>>>()
        });
        let beyond = || Diagnostic::new(Code::E0701, "a period reaches beyond the calendar");
        let mut days = days.ok_or_else(|| Diagnostics::from(beyond()))?;
        days.retain(|slice| slice.first <= as_of);
        Ok(days)
    }
}

impl Analyser<'_> {
    /// The slices of a period that is named in a scalar and selects events of a source. The period must consist of
    /// whole slices of `months` months, and `counts` must contain their number.
    pub fn slices(&mut self, source: usize, node: &Node, months: u32, counts: RangeInclusive<u32>) -> Option<Slices> {
        let named = fields::text(node, self.out)?;
        let name = named.text.trim().to_owned();
        let whole = self.dated_period(source, &name, named.span)?;
        let count = whole_months(&self.period(whole).spec).filter(|n| n % months == 0).map(|n| n / months);
        if let Some(count) = count.filter(|count| counts.contains(count)) {
            return Some(Slices { whole, months, count, periods: self.periods().to_vec() });
        }
        let unit = match months {
            1 => "months",
            3 => "quarters",
            _ => "years",
        };
        match count {
            Some(count) if count > *counts.end() => {
                let message = format!("the period is {count} {unit} long; at most {} are possible", counts.end());
                self.out_of_range(named.span, message, "use a shorter period or longer parts of it");
            }
            _ => {
                let few = if *counts.start() > 1 { "two or more whole" } else { "whole" };
                let help = "use a period such as `last 12 months`";
                self.out_of_range(named.span, format!("the period is not {few} {unit}"), help);
            }
        }
        None
    }
}

/// The analysed periods, one for each written, in file order.
pub(super) fn periods(file: &RuleFile, out: &mut Diagnostics) -> Vec<Period> {
    for period in file.periods.values() {
        check(file, period, out);
    }
    report_circles(file, out);
    file.periods.values().map(|p| Period { name: p.name.value.clone(), spec: p.spec.value.clone() }).collect()
}

fn check(file: &RuleFile, period: &Written, out: &mut Diagnostics) {
    match &period.spec.value {
        PeriodSpec::Before(_, _, name) if !file.periods.contains_key(&name.value) => {
            let known: Vec<&str> = file.periods.keys().map(String::as_str).collect();
            let diagnostic = Diagnostic::new(Code::E0304, format!("unknown period `{}`", name.value)).at(name.span);
            out.push(with_suggestion(diagnostic, &name.value, &known));
        }
        PeriodSpec::Between { from, to, closed } => {
            let turned = PeriodSpec::Between { from: *to, to: *from, closed: *closed };
            let range = DayRange {
                first: accolade_core::model::period::day_number(*from),
                last: accolade_core::model::period::day_number(*to) - i32::from(!closed),
            };
            if range.first > range.last {
                out.push(
                    Diagnostic::new(Code::E0508, format!("the period `{}` is empty", period.name.value))
                        .at(period.spec.span)
                        .help("write the earlier date first")
                        .fix(period.spec.span, turned.to_string()),
                );
            }
        }
        PeriodSpec::Before(..) | PeriodSpec::Last(..) => {}
    }
}

/// Reports each circle of periods once, at the first of them.
fn report_circles(file: &RuleFile, out: &mut Diagnostics) {
    let next = |place: usize| match &file.periods[place].spec.value {
        PeriodSpec::Before(_, _, name) => file.periods.get_index_of(&name.value),
        PeriodSpec::Last(..) | PeriodSpec::Between { .. } => None,
    };
    // The period from which each was first reached.
    let mut reached: Vec<Option<usize>> = vec![None; file.periods.len()];
    for start in 0..file.periods.len() {
        let mut at = Some(start);
        while let Some(place) = at.filter(|place| reached[*place].is_none()) {
            reached[place] = Some(start);
            at = next(place);
        }
        let Some(known) = at.filter(|place| reached[*place] == Some(start)) else { continue };
        let circle: Vec<usize> =
            std::iter::successors(Some(known), |place| next(*place).filter(|place| *place != known)).collect();
        let earliest = circle.iter().enumerate().min_by_key(|(_, place)| **place).map_or(0, |(index, _)| index);
        let names = circle[earliest..].iter().chain(&circle[..=earliest]).map(|place| {
            let name = &file.periods[*place].name.value;
            format!("`{name}`")
        });
        let mut names: Vec<String> = names.collect();
        if names.len() > MOST_NAMES {
            let left_out = names.len() - MOST_NAMES;
            names.splice(MOST_NAMES - 1..names.len() - 1, [format!("{left_out} more")]);
        }
        out.push(
            Diagnostic::new(Code::E0504, format!("definitions depend on each other: {}", names.join(" → ")))
                .at(file.periods[circle[earliest]].spec.span)
                .help("let one of the periods be `last …` or a range of dates"),
        );
    }
}
