//! Proposes rules with cut-offs from the data.

use crate::block::{CommentedLines, count};
use crate::figures::{Figures, ONE, cuts, friendly, literal, quantile, shown};
use crate::plan::Plan;
use crate::profile_draft::{AnswerField, ProfileDraft};

/// The figures that rules are proposed from.
pub(crate) struct RuleInputs<'a> {
    /// The figures of a draft with a profile only.
    pub(crate) profile: &'a Figures,
    /// The figures of a draft with rules but without grades, after the first draft.
    pub(crate) rated: Option<&'a Figures>,
    /// The bins of RFM, as the rule file declares them.
    pub(crate) bins: &'a str,
}

/// The names of the proposed rules; none for a rule that is not proposed.
pub(crate) struct RuleNames {
    pub(crate) class: Option<String>,
    pub(crate) behaviour: Option<String>,
    pub(crate) rating: Option<String>,
    relation: Option<String>,
    promoters: Option<String>,
    contact: Option<String>,
}

impl RuleNames {
    pub(crate) fn new(words: &mut ProfileDraft) -> RuleNames {
        let class = words.revenue.is_some();
        let behaviour = words.revenue.is_some() && words.days_since_order.is_some();
        let rating = words.margin.is_some() || words.satisfaction.is_some() || !words.judgements.is_empty();
        let relation = words.satisfaction.is_some() && (words.margin.is_some() || words.revenue.is_some());
        let promoters = words.recommend.is_some();
        let contact = class && words.days_since_order.is_some();
        let mut name = |wanted: bool, name: &str| wanted.then(|| words.fresh(name));
        RuleNames {
            class: name(class, "customer_class"),
            behaviour: name(behaviour, "behaviour"),
            rating: name(rating, "rating"),
            relation: name(relation, "relationship"),
            promoters: name(promoters, "promoters"),
            contact: name(contact, "contact"),
        }
    }
}

/// The section `rules:`; empty if no rule is proposed.
pub(crate) fn rules(plan: &Plan, words: &ProfileDraft, names: &RuleNames, stage: &RuleInputs) -> CommentedLines {
    let mut rules: Vec<CommentedLines> = Vec::new();
    if let (Some(name), Some(revenue)) = (&names.class, &words.revenue) {
        rules.push(abc(name, revenue));
    }
    if let Some(name) = &names.behaviour {
        rules.extend(rfm(name, words, stage));
    }
    if let Some(name) = &names.rating {
        rules.extend(rating(name, words, stage));
    }
    if let (Some(name), Some(satisfaction)) = (&names.relation, &words.satisfaction) {
        rules.extend(relation(name, satisfaction, words, stage));
    }
    if let (Some(name), Some(recommend)) = (&names.promoters, &words.recommend) {
        rules.push(promoters_rule(name, recommend, plan, words));
    }
    if let (Some(name), Some(class), Some(days)) = (&names.contact, &names.class, &words.days_since_order) {
        rules.extend(contact(name, class, days, words, stage));
    }
    section(rules)
}

/// The rules that need no figures.
pub(crate) fn first_rules(plan: &Plan, words: &ProfileDraft, names: &RuleNames) -> CommentedLines {
    let class = names.class.as_ref().zip(words.revenue.as_ref()).map(|(name, revenue)| abc(name, revenue));
    let promoters = names.promoters.as_ref().zip(words.recommend.as_ref());
    let promoters = promoters.map(|(name, recommend)| promoters_rule(name, recommend, plan, words));
    section(class.into_iter().chain(promoters))
}

fn section(rules: impl IntoIterator<Item = CommentedLines>) -> CommentedLines {
    let mut block = CommentedLines::default();
    for (i, rule) in rules.into_iter().enumerate() {
        block.blank();
        if i == 0 {
            block.line("rules:");
        }
        block.append(rule);
    }
    block
}

fn entry(name: &str, kind: &str, description: &str) -> CommentedLines {
    let mut block = CommentedLines::default();
    block.line(format!("  {name}:"));
    block.line(format!("    kind: {kind}"));
    block.line(format!("    description: {description}"));
    block
}

fn abc(name: &str, revenue: &str) -> CommentedLines {
    let mut block = entry(name, "abc", "A customers bring in the first 80% of revenue.");
    block.line(format!("    by: {revenue}"));
    block.line_with_comment(
        format!("    classes: {{A: top 80% of {revenue}, B: next 15% of {revenue}, C: rest}}"),
        Some("the usual cut"),
    );
    block.line("    none: no_revenue");
    block
}

/// The RFM rule; none with fewer than five customers, because it has five bins.
fn rfm(name: &str, words: &ProfileDraft, stage: &RuleInputs) -> Option<CommentedLines> {
    let (revenue, days, orders) =
        (words.revenue.as_ref()?, words.days_since_order.as_ref()?, words.order_count.as_ref()?);
    if buyer_values(revenue, words, stage.profile).len() < 5 {
        return None;
    }
    let mut block = entry(name, "rfm", "How recently, how often and for how much a customer buys.");
    block.line(format!("    recency: {days}"));
    block.line(format!("    frequency: {orders}"));
    block.line(format!("    monetary: {revenue}"));
    let why = (stage.bins == "5 by rank")
        .then_some("`5 by value` would leave some bins empty: many customers have the same value");
    block.line_with_comment(format!("    bins: {}", stage.bins), why);
    block.line("    segments: standard");
    Some(block)
}

/// The values of a field of customers with orders; cut-offs must not depend on customers without.
fn buyer_values(field: &str, words: &ProfileDraft, figures: &Figures) -> Vec<i128> {
    let Some(orders) = &words.order_count else { return figures.values(field) };
    let buyers = figures.positive(orders);
    figures.values_where(field, |row| buyers[row])
}

/// A criterion: its parts of the weight, its points, and a comment on where these come from.
struct ProposedCriterion {
    name: String,
    parts: u32,
    value: String,
    points: String,
    comment: String,
    nullable: bool,
}

fn rating(name: &str, words: &ProfileDraft, stage: &RuleInputs) -> Option<CommentedLines> {
    let mut criteria: Vec<ProposedCriterion> = Vec::new();
    for (field, parts) in [(&words.revenue, 4), (&words.margin, 3)] {
        if let Some(field) = field {
            criteria.extend(banded(field, parts, words, stage.profile));
        }
    }
    // Satisfaction and recommendation measure much the same, so one of them is enough.
    let opinion = words.satisfaction.as_ref().or(words.recommend.as_ref());
    criteria.extend(opinion.map(|answer| judged(answer, 3)));
    criteria.extend(words.judgements.iter().take(3).map(|answer| judged(answer, 2)));
    if criteria.len() < 2 {
        return None;
    }
    let mut block = entry(name, "rating", "How good a customer is, from 0 to 10.");
    block.line("    scale: 0..10");
    if criteria.iter().any(|criterion| criterion.nullable) {
        block.line_with_comment("    missing: renormalise", Some("a customer without an answer is rated on the rest"));
    }
    block.comment(4, "The weights are a starting point. Set them to what matters to you, which no data show.");
    block.line("    criteria:");
    let parts: u32 = criteria.iter().map(|criterion| criterion.parts).sum();
    let shares: Vec<u32> = criteria.iter().map(|criterion| 100 * criterion.parts / parts).collect();
    let left = 100 - shares.iter().sum::<u32>();
    for (i, criterion) in criteria.iter().enumerate() {
        let weight = shares[i] + if i == 0 { left } else { 0 };
        block.comment(6, &criterion.comment);
        let ProposedCriterion { name, value, points, .. } = criterion;
        block.line(format!("      {name}: {{weight: {weight}%, value: {value}, {points}}}"));
    }
    if let Some(grades) = stage.rated.and_then(|figures| grades(name, figures)) {
        block.append(grades);
    }
    Some(block)
}

fn banded(field: &str, parts: u32, words: &ProfileDraft, figures: &Figures) -> Option<ProposedCriterion> {
    let values = buyer_values(field, words, figures);
    let cuts = cuts(&values);
    let points: &[u32] = match cuts.len() {
        3 => &[1, 4, 7, 10],
        2 => &[1, 5, 10],
        1 => &[1, 10],
        _ => return None,
    };
    let texts: Vec<String> = cuts.iter().map(|cut| literal(*cut)).collect();
    let mut bands = vec![format!("\"< {}\": {}", texts[0], points[0])];
    bands.extend(
        texts.windows(2).zip(&points[1..]).map(|(pair, points)| format!("\"{} ..< {}\": {points}", pair[0], pair[1])),
    );
    bands.push(format!("\">= {}\": {}", texts[texts.len() - 1], points[points.len() - 1]));
    let quartiles: Vec<String> = (1..4).filter_map(|part| quantile(&values, part, 4)).map(shown).collect();
    let comment = format!(
        "Quartiles of {} with orders, rounded: {}.",
        count(values.len() as u64, "customer"),
        quartiles.join(", ")
    );
    let points = format!("bands: {{{}}}", bands.join(", "));
    Some(ProposedCriterion { name: field.to_owned(), parts, value: field.to_owned(), points, comment, nullable: false })
}

fn judged(answer: &AnswerField, parts: u32) -> ProposedCriterion {
    let (low, high) = answer.scale;
    ProposedCriterion {
        name: answer.field.clone(),
        parts,
        value: answer.field.clone(),
        points: format!("linear: {low}..{high}"),
        comment: format!("Answers are on a scale from {low} to {high}."),
        nullable: answer.nullable,
    }
}

/// Grades that about a fifth and half of the customers reach.
fn grades(name: &str, figures: &Figures) -> Option<CommentedLines> {
    let scores = figures.values(name);
    let half = |value: i128| (value + ONE / 4) / (ONE / 2) * (ONE / 2);
    let (median, fifth) = (quantile(&scores, 1, 2)?, quantile(&scores, 4, 5)?);
    let (core, key) = (half(median), half(fifth));
    if core <= 0 || key <= core {
        return None;
    }
    let mut block = CommentedLines::default();
    block.comment(
        4,
        &format!(
            "Half of {} score {} or more, a fifth {} or more.",
            count(scores.len() as u64, "customer"),
            rounded(median),
            rounded(fifth)
        ),
    );
    block.line(format!("    grades: {{key: \">= {}\", core: \">= {}\", basic: rest}}", literal(key), literal(core)));
    Some(block)
}

/// A score with two decimals.
fn rounded(score: i128) -> String {
    shown((score + 50) / 100 * 100)
}

fn relation(
    name: &str,
    satisfaction: &AnswerField,
    words: &ProfileDraft,
    stage: &RuleInputs,
) -> Option<CommentedLines> {
    let (field, what) = match (&words.margin, &words.revenue) {
        (Some(margin), _) => (margin, "do we earn on the customer"),
        (None, Some(revenue)) => (revenue, "does the customer buy much"),
        (None, None) => return None,
    };
    let values = buyer_values(field, words, stage.profile);
    let median = quantile(&values, 1, 2)?;
    let (low, high) = satisfaction.scale;
    // Three quarters of the scale, rounded up: 4 of 1..5, 6 of 1..7, 8 of 0..10.
    let cut = low + (high - low) * 3 / 4 + i64::from((high - low) * 3 % 4 > 0);
    let mut block = entry(name, "matrix", &format!("Is the customer satisfied, and {what}?"));
    block.line(format!("    rows: {{value: {}, cuts: [{cut}], labels: [unsatisfied, satisfied]}}", satisfaction.field));
    let comment = format!("Median of {} with orders: {}.", count(values.len() as u64, "customer"), shown(median));
    block.comment(4, &comment);
    block.line(format!("    columns: {{value: {field}, cuts: [{}], labels: [low, high]}}", literal(friendly(median))));
    block.line("    cells:");
    block.line("      satisfied: {low: develop, high: keep}");
    block.line("      unsatisfied: {low: reconsider, high: repair}");
    Some(block)
}

fn promoters_rule(name: &str, recommend: &AnswerField, plan: &Plan, words: &ProfileDraft) -> CommentedLines {
    let mut block = entry(name, "nps", "Would the customer recommend us?");
    let table = &plan.tables[recommend.place.table];
    let dated = plan.date_of(recommend.place.table).is_some();
    match (&words.period, dated) {
        (Some(period), true) => {
            let column = &table.columns[recommend.place.column].name;
            block.line(format!("    answer: {}.{column}", table.name));
            block.line(format!("    period: {period}"));
        }
        _ => block.line(format!("    answer: {}", recommend.field)),
    }
    block
}

fn contact(name: &str, class: &str, days: &str, words: &ProfileDraft, stage: &RuleInputs) -> Option<CommentedLines> {
    let values = buyer_values(days, words, stage.profile);
    let late = quantile(&values, 3, 4).map(friendly).filter(|late| *late > 0)?;
    let mut block = entry(name, "segments", "Whom to contact first; the first segment that holds decides.");
    block.line("    hit: first");
    block.line("    segments:");
    block.comment(
        6,
        &format!(
            "Three quarters of {} with orders ordered in the last {} days.",
            count(values.len() as u64, "customer"),
            shown(quantile(&values, 3, 4)?)
        ),
    );
    block.line(format!("      win_back: {class} in [\"A\", \"B\"] and {days} > {}", literal(late)));
    block.line(format!("      look_after: {class} = \"A\""));
    block.line(format!("      develop: {class} = \"B\""));
    block.line("      serve: rest");
    Some(block)
}
