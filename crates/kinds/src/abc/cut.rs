//! The cuts between the classes of an ABC analysis.

use accolade_core::literals;
use accolade_core::model::SlotId;
use accolade_core::numbers::domain::Domain;
use accolade_parser::expr::ast::{BinaryOp, ClassCut, Pattern};
use accolade_parser::yaml::node::{Mapping, Node};
use accolade_parser::{Code, Diagnostic, Name, Span, Spanned, expr};
use accolade_rules::analysis::Analyser;
use accolade_rules::explain::SourceText;
use accolade_rules::thresholds::ranking::Ranking;
use rust_decimal::Decimal;

/// Decimal places of a share: with eight, its product with any total fits in 128 bits.
pub(super) const SHARE_PLACES: i8 = 8;
pub(super) const FULL_SHARE: i128 = 100_000_000;

/// A class and its cut.
#[derive(Clone, Debug)]
pub(super) struct AbcClass {
    pub(super) label: String,
    /// The cut as written.
    pub(super) written: SourceText,
    pub(super) cut: Cut,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    /// Up to this share of the total, counted from the top.
    Share(i128),
    /// This share of the total, counted from where the class before it ended.
    OwnShare(i128),
    /// Up to this share of the customers that are classed (a metric that is neither zero nor missing), counted from
    /// the top.
    CustomersShare(i128),
    /// Up to this many customers, counted from the top.
    Customers(u64),
    /// At least this key.
    AtLeast(i128),
    Rest,
}

impl Cut {
    /// Whether it is a share of the total.
    pub(super) fn is_of_total(self) -> bool {
        matches!(self, Cut::Share(_) | Cut::OwnShare(_))
    }
}

impl AbcClass {
    /// The class of the next `percent` of the customers, up to `reached` percent in all.
    pub(super) fn of_customers(label: &str, percent: u8, reached: u8) -> AbcClass {
        let which = if percent == reached { "top" } else { "next" };
        let written = SourceText::without_span(format!("{which} {percent}% of customers"));
        AbcClass { label: label.to_owned(), written, cut: Cut::CustomersShare(i128::from(reached) * FULL_SHARE / 100) }
    }

    /// The last class.
    pub(super) fn rest(label: &str) -> AbcClass {
        AbcClass { label: label.to_owned(), written: SourceText::without_span("rest"), cut: Cut::Rest }
    }

    pub(super) fn is_rest(&self) -> bool {
        matches!(self.cut, Cut::Rest)
    }
}

/// Reads and checks the `classes:` of a rule.
pub(super) fn compile_classes(
    mapping: &Mapping,
    by_span: Option<Span>,
    by: SlotId,
    domain: Domain,
    analyser: &mut Analyser,
) -> Option<Vec<AbcClass>> {
    let mut classes: Vec<AbcClass> = Vec::new();
    let mut sound = true;
    for (i, entry) in mapping.entries.iter().enumerate() {
        let Node::Scalar(scalar) = &entry.value else {
            analyser.out.push(
                Diagnostic::new(Code::E0103, "the cut of a class is a text such as `top 80%`").at(entry.value.span()),
            );
            sound = false;
            continue;
        };
        let Some(written) = expr::class_cut(scalar, analyser.out) else {
            sound = false;
            continue;
        };
        let last = i + 1 == mapping.entries.len();
        if last != matches!(written.value, ClassCut::Rest | ClassCut::Test(Pattern::Rest)) {
            let message = if last { "the last class must be `rest`" } else { "`rest` must be the last class" };
            analyser.out.push(
                Diagnostic::new(Code::E0505, message)
                    .at(written.span)
                    .help("the classes must take every customer: end with `LABEL: rest`"),
            );
            sound = false;
            continue;
        }
        match compile_cut(&written, classes.last().map(|c| c.cut), by_span, by, domain, analyser) {
            Some(cut) => {
                let written = SourceText::at(scalar.text.trim(), entry.key.span);
                classes.push(AbcClass { label: entry.key.text.clone(), written, cut });
            }
            None => sound = false,
        }
    }
    if mapping.entries.is_empty() {
        analyser.out.push(Diagnostic::new(Code::E0505, "at least one class is needed").at(mapping.span));
        sound = false;
    }
    sound.then_some(classes)
}

fn compile_cut(
    written: &Spanned<ClassCut>,
    previous: Option<Cut>,
    by_span: Option<Span>,
    by: SlotId,
    domain: Domain,
    analyser: &mut Analyser,
) -> Option<Cut> {
    let span = written.span;
    let disorder = |analyser: &mut Analyser, message: &str, help: &str| {
        analyser.out.push(Diagnostic::new(Code::E0505, message).at(span).help(help));
        None
    };
    let of = match &written.value {
        ClassCut::TopShare(_, of) | ClassCut::NextShare(_, of) | ClassCut::OwnShare(_, of) => of.as_ref(),
        _ => None,
    };
    check_metric(of, by_span, by, analyser)?;
    of.iter().for_each(|name| analyser.add_reference(&name.value, name.span));
    let next = match &written.value {
        ClassCut::Rest | ClassCut::Test(Pattern::Rest) => return Some(Cut::Rest),
        ClassCut::TopShare(p, _) => Cut::Share(parse_share(*p, span, analyser)?),
        ClassCut::OwnShare(p, _) => Cut::OwnShare(parse_share(*p, span, analyser)?),
        ClassCut::TopCustomersShare(p) => Cut::CustomersShare(parse_share(*p, span, analyser)?),
        ClassCut::TopCustomers(0) | ClassCut::NextCustomers(0) => {
            analyser.out_of_range(span, "no customer is in this class", "a class takes at least one customer");
            return None;
        }
        ClassCut::TopCustomers(n) => Cut::Customers(*n),
        ClassCut::NextShare(p, _) => match previous {
            Some(Cut::Share(before)) => Cut::Share(before + parse_share(*p, span, analyser)?),
            _ => {
                return disorder(
                    analyser,
                    "`next …%` continues a `top …%` of the same metric",
                    "write `top 80%` first, or `own 15%` for a share that is counted from this class on",
                );
            }
        },
        ClassCut::NextCustomersShare(p) => match previous {
            Some(Cut::CustomersShare(before)) => Cut::CustomersShare(before + parse_share(*p, span, analyser)?),
            _ => {
                return disorder(
                    analyser,
                    "`next …% of customers` continues a `top …% of customers`",
                    "write `top 20% of customers` first",
                );
            }
        },
        ClassCut::NextCustomers(n) => match previous {
            Some(Cut::Customers(before)) => Cut::Customers(before.saturating_add(*n)),
            _ => {
                return disorder(
                    analyser,
                    "`next … customers` continues a `top … customers`",
                    "write `top 50 customers` first",
                );
            }
        },
        ClassCut::Test(Pattern::Compare(op @ (BinaryOp::GreaterEqual | BinaryOp::Greater), literal)) => {
            literals::value(&literal.value, domain.ty(), literal.span, analyser.out)?;
            let (floor, ceiling) = domain.nearest_keys(&literal.value)?;
            let key = if *op == BinaryOp::Greater { floor + 1 } else { ceiling };
            if key <= 0 {
                return disorder(
                    analyser,
                    "a class must begin above zero",
                    "customers with zero are not classed, and those below zero are in the last class",
                );
            }
            Cut::AtLeast(key)
        }
        ClassCut::Test(_) => {
            return disorder(analyser, "a class is cut from the top", "write `>= 100_000` or `> 100_000`");
        }
    };
    if let Some(previous) = previous {
        let ascends = match (previous, next) {
            (Cut::Share(a), Cut::Share(b)) | (Cut::CustomersShare(a), Cut::CustomersShare(b)) => a < b,
            (Cut::Customers(a), Cut::Customers(b)) => a < b,
            (Cut::AtLeast(a), Cut::AtLeast(b)) => a > b,
            _ => true,
        };
        if !ascends {
            return disorder(
                analyser,
                "this class is always empty: the class before it reaches as far",
                "list the classes from best to worst",
            );
        }
    }
    let over = match next {
        Cut::Share(p) | Cut::OwnShare(p) | Cut::CustomersShare(p) => p > FULL_SHARE,
        _ => false,
    };
    if over {
        return disorder(
            analyser,
            "the classes reach beyond 100%",
            "shares are counted from the top and must stay within 100%",
        );
    }
    Some(next)
}

fn check_metric(of: Option<&Name>, by_span: Option<Span>, by: SlotId, analyser: &mut Analyser) -> Option<()> {
    let Some(of) = of else { return Some(()) };
    let expected = analyser.slot(by).name.clone();
    if of.value == expected {
        return Some(());
    }
    let mut diagnostic = Diagnostic::new(
        Code::E0505,
        format!("the share is of `{}`, but customers are ranked by `{expected}`", of.value),
    )
    .at(of.span);
    if let Some(span) = by_span {
        diagnostic = diagnostic.label(span, "ranked by this");
    }
    let helped = diagnostic.help(format!("write `of {expected}`, or leave it out"));
    analyser.out.push(helped.fix(of.span, expected));
    None
}

fn parse_share(p: Decimal, span: Span, analyser: &mut Analyser) -> Option<i128> {
    match literals::unscaled(p, SHARE_PLACES).filter(|p| 0 < *p && *p <= FULL_SHARE) {
        Some(share) => Some(share),
        None => {
            analyser.out_of_range(
                span,
                "a share is above 0% and at most 100%, with at most six decimals",
                "write it as `80%`",
            );
            None
        }
    }
}

/// The least key in each class, in the order of `classes`; `None` for a class nobody is in.
///
/// Customers of equal value are in one class, the better one: a group goes where its first member goes.
pub(super) fn least_keys(ranked: &Ranking, classes: &[AbcClass], include: bool) -> Vec<Option<i128>> {
    let mut lowest = vec![None; classes.len()];
    let customers = i128::try_from(ranked.order.len()).unwrap_or(i128::MAX);
    let (mut class, mut begun, mut before, mut start) = (0, 0i128, 0i128, 0usize);
    while start < ranked.order.len() && ranked.order[start].key > 0 {
        let group = ranked.group(start);
        let first = ranked.order[start];
        let amount = ranked.amount(first.key);
        let count = i128::try_from(start).unwrap_or(i128::MAX);
        let admits = |cut: Cut, begun: i128| {
            // The limit is compared with the total before the customer for `include`, and after it for `exclude`.
            let within =
                |reached: i128, own: i128, limit: i128| if include { reached < limit } else { reached + own <= limit };
            match cut {
                Cut::Share(p) => within(before * FULL_SHARE, amount * FULL_SHARE, p * ranked.total),
                Cut::OwnShare(p) => within((before - begun) * FULL_SHARE, amount * FULL_SHARE, p * ranked.total),
                Cut::CustomersShare(p) => within(count * FULL_SHARE, FULL_SHARE, p * customers),
                Cut::Customers(n) => count < i128::from(n),
                Cut::AtLeast(key) => first.key >= key,
                Cut::Rest => true,
            }
        };
        while class + 1 < classes.len() && !admits(classes[class].cut, begun) {
            class += 1;
            begun = before;
        }
        lowest[class] = Some(first.key);
        before += amount * i128::try_from(group.len()).unwrap_or(0);
        start = group.end;
    }
    lowest
}
