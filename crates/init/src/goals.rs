//! Proposes measures of the customer base, and goals at their present values.

use crate::block::CommentedLines;
use crate::figures::Figures;
use crate::plan::Plan;
use crate::profile_draft::ProfileDraft;
use crate::subjects::{Amount, ColumnRef};

/// A proposed measure, and a goal for it.
pub(crate) struct ProposedMeasure {
    name: String,
    description: &'static str,
    expression: String,
    goal: Option<ProposedGoal>,
}

struct ProposedGoal {
    name: String,
    /// The factor from the measure to the unit of the target.
    factor: u32,
    unit: &'static str,
}

/// The measures that the data make possible.
pub(crate) fn measures(plan: &Plan, words: &mut ProfileDraft, class: Option<&str>) -> Vec<ProposedMeasure> {
    let mut found = Vec::new();
    let by = class.map_or(String::new(), |class| format!(" by {class}"));
    let mut add = |words: &mut ProfileDraft,
                   name: &str,
                   description,
                   expression: String,
                   goal: Option<(&str, u32, &'static str)>| {
        let name = words.fresh(name);
        let goal = goal.map(|(name, factor, unit)| ProposedGoal { name: words.fresh(name), factor, unit });
        found.push(ProposedMeasure { name, description, expression, goal });
    };
    if let Some(index) = plan.subjects.orders {
        let orders = &plan.tables[index];
        if let Some((before, now)) = words.before_and_now.clone() {
            let expression = format!("retention({} in {before} to {now})", orders.name);
            add(
                words,
                "kept",
                "The share of earlier customers who still buy.",
                expression,
                Some(("keep_our_customers", 100, "%")),
            );
        }
        if let (Some(period), None) = (words.period.clone(), plan.subjects.order_id) {
            if let Some(Amount::Column(amount)) = plan.subjects.amount {
                let expression = format!("mean({}.{} in {period}){by}", orders.name, orders.columns[amount].name);
                add(words, "average_order", "The average amount of an order.", expression, None);
            }
            let expression = format!("repeat_rate({} in {period})", orders.name);
            add(words, "buy_again", "The share of customers who bought more than once.", expression, None);
        }
    }
    if let (Some(margin), Some(revenue)) = (words.margin.clone(), words.revenue.clone()) {
        let expression = format!("sum({margin}) / sum({revenue}){by}");
        add(words, "margin_rate", "Margin as a share of revenue.", expression, None);
    }
    if let (Some(potential), Some(revenue)) = (words.potential.clone(), words.revenue.clone()) {
        let expression = format!("share_of_wallet({revenue}, {potential}){by}");
        add(words, "wallet_share", "The share of what customers buy that they buy from us.", expression, None);
    }
    if let Some(place) = plan.subjects.recommend {
        let expression = format!("nps({})", answer_argument(plan, words, place));
        add(
            words,
            "promoter_score",
            "Would customers recommend us?",
            expression,
            Some(("customers_recommend_us", 1, "")),
        );
    }
    if let Some(place) = plan.subjects.satisfaction.filter(|place| scale(plan, *place) == Some((1, 5))) {
        let expression = format!("csat({})", answer_argument(plan, words, place));
        add(
            words,
            "satisfied",
            "The share of answers that are 4 or 5.",
            expression,
            Some(("customers_are_satisfied", 100, "%")),
        );
    }
    if let Some(place) = plan.subjects.effort {
        words.used.insert((place.table, place.column));
        let expression = format!("ces({})", answer_argument(plan, words, place));
        add(words, "easy", "How easy we are to deal with.", expression, None);
    }
    found
}

fn scale(plan: &Plan, place: ColumnRef) -> Option<(i64, i64)> {
    plan.tables[place.table].columns[place.column].range
}

/// The argument of a measure of answers: events in the period, or a column of the customer.
fn answer_argument(plan: &Plan, words: &ProfileDraft, place: ColumnRef) -> String {
    let (table, column) = (&plan.tables[place.table], &plan.tables[place.table].columns[place.column].name);
    match &words.period {
        _ if plan.customers().is_some_and(|(customers, _)| customers == place.table) => column.clone(),
        Some(period) if plan.date_of(place.table).is_some() => format!("{}.{column} in {period}", table.name),
        _ => format!("{}.{column}", table.name),
    }
}

/// The sections `measures:` and `goals:`. Without figures every target is 0.
pub(crate) fn lines(measures: &[ProposedMeasure], figures: Option<&Figures>) -> CommentedLines {
    let mut block = CommentedLines::default();
    if measures.is_empty() {
        return block;
    }
    block.blank();
    block.line("measures:");
    for measure in measures {
        block.line(format!("  {}:", measure.name));
        block.line(format!("    description: {}", measure.description));
        block.line(format!("    measure: {}", measure.expression));
    }
    let target = |goal: &ProposedGoal| match figures {
        None => Some(("0".to_owned(), String::new())),
        Some(figures) => figures.goal(&goal.name, goal.factor).map(|now| (floor(&now), now)),
    };
    let goals: Vec<_> =
        measures.iter().filter_map(|m| m.goal.as_ref().and_then(|goal| Some((m, goal, target(goal)?)))).collect();
    if goals.is_empty() {
        return block;
    }
    block.blank();
    block.line("goals:");
    for (measure, goal, (target, now)) in goals {
        block.line(format!("  {}:", goal.name));
        block.line(format!("    measure: {}", measure.expression));
        let comment = format!("{now}{} today; set what you want to reach", goal.unit);
        block.line_with_comment(format!("    target: \">= {target}{}\"", goal.unit), Some(&comment));
    }
    block
}

/// The greatest whole number at or below `number`.
fn floor(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    match whole.parse::<i64>() {
        Ok(below) if number.starts_with('-') && fraction != "0" => (below - 1).to_string(),
        Ok(whole) => whole.to_string(),
        Err(_) => whole.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_present_value_meets_its_own_target() {
        for (now, expected) in
            [("65.1", "65"), ("65.0", "65"), ("-5.3", "-6"), ("-5.0", "-5"), ("-0.4", "-1"), ("0.0", "0")]
        {
            assert_eq!(floor(now), expected, "{now}");
        }
    }
}
