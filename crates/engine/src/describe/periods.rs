//! The periods of a rule set.

use accolade_core::model::Period;
use accolade_core::model::period::{ResolvedPeriod, resolve};
use accolade_core::show;
use accolade_parser::expr::ast::PeriodSpec;
use accolade_rules::describe::{Block, DescriptionPart, code};
use accolade_rules::set::RuleSet;

/// The periods in words, with their days where the date of the run is known.
pub(super) fn part(set: &RuleSet) -> DescriptionPart {
    let title = "Periods";
    if set.demand.periods.is_empty() {
        return DescriptionPart::new(title, Vec::new());
    }
    let resolved: Option<Vec<ResolvedPeriod>> = set.as_of.and_then(|as_of| resolve(&set.demand.periods, as_of));
    let line = |(index, period): (usize, &Period)| {
        let name = code(&period.name);
        match resolved.as_ref().and_then(|all| all.get(index)).map(|period| period.days) {
            Some(days) => format!("{name}: {}: {} to {}", words(period), show::date(days.first), show::date(days.last)),
            None => format!("{name}: {}", words(period)),
        }
    };
    DescriptionPart::new(title, vec![Block::List(set.demand.periods.iter().enumerate().map(line).collect())])
}

fn words(period: &Period) -> String {
    match &period.spec {
        PeriodSpec::Last(..) => format!("the {} up to the date of the run", period.spec),
        PeriodSpec::Before(_, _, next) => {
            let written = period.spec.to_string();
            let length = written.split(" before ").next().unwrap_or_default();
            format!("the {length} before {}", code(&next.value))
        }
        PeriodSpec::Between { closed: true, .. } => "fixed days".to_owned(),
        PeriodSpec::Between { to, closed: false, .. } => format!("fixed days before {to}"),
    }
}
