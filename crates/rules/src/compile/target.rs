//! Checking the target of a measure.

use accolade_core::model::Type;
use accolade_core::numbers::exact::{Exact, decimal, whole};
use accolade_parser::expr::ast::{BinaryOp, Literal, Pattern};
use accolade_parser::{Code, Diagnostic, Span, Spanned};
use num_traits::Signed;
use rust_decimal::Decimal;

use crate::analysis::Analyser;
use crate::measures::{GoalTarget, Measure};

impl GoalTarget {
    /// Checks the target of a measure.
    pub fn compile(written: &Spanned<Pattern>, measure: &Measure, analyser: &mut Analyser) -> Option<GoalTarget> {
        let literals = match &written.value {
            Pattern::Compare(_, literal) => vec![literal],
            Pattern::Range { low, high, .. } => vec![low, high],
            _ => Vec::new(),
        };
        let numbers: Vec<Decimal> = literals.iter().filter_map(|literal| number(&literal.value)).collect();
        if literals.is_empty() || numbers.len() != literals.len() {
            let diagnostic = Diagnostic::new(Code::E0406, "a target is a range of the measure").at(written.span);
            analyser.out.push(diagnostic.help("write `>= 90%`"));
            return None;
        }
        let percent = |literal: &&&Spanned<Literal>| matches!(literal.value, Literal::Percent(_));
        if let (Type::Money | Type::Integer | Type::Duration, Some(literal)) =
            (measure.ty, literals.iter().find(percent))
        {
            let what = accolade_core::literals::with_article(measure.ty);
            let message = format!("the measure is {what}, and its target a percentage");
            let diagnostic = Diagnostic::new(Code::E0404, message).at(literal.span);
            analyser.out.push(diagnostic.help("write an amount, or measure a share"));
            return None;
        }
        let ends = |op: BinaryOp, limit: Exact| match op {
            BinaryOp::Less => (None, Some((limit, false))),
            BinaryOp::LessEqual => (None, Some((limit, true))),
            BinaryOp::Greater => (Some((limit, false)), None),
            BinaryOp::GreaterEqual => (Some((limit, true)), None),
            _ => (Some((limit.clone(), true)), Some((limit, true))),
        };
        let (low, high) = match (&written.value, numbers.as_slice()) {
            (Pattern::Compare(op, _), [limit]) => ends(*op, decimal(*limit)),
            (Pattern::Range { closed, .. }, [low, high]) => {
                (Some((decimal(*low), true)), Some((decimal(*high), *closed)))
            }
            _ => return None,
        };
        let target = GoalTarget { text: written.value.to_string(), low, high };
        target.within(measure, written.span, literals.iter().any(|l| percent(&l)), analyser)?;
        Some(target)
    }

    /// Reports a target that the measure can never meet.
    fn within(&self, measure: &Measure, span: Span, percent: bool, analyser: &mut Analyser) -> Option<()> {
        let share = measure.ty == Type::Percent;
        let ends = || self.low.iter().chain(&self.high).map(|(end, _)| end);
        let Some((least, most)) = measure.bounds else {
            // A plain number above one is most likely meant in percent.
            if share && !percent && ends().any(|end| end.abs() > whole(1)) {
                let message = "the measure is a percentage, and its target a number above one";
                analyser.out_of_range(span, message, "write the target with a percent sign, such as `>= 5%`");
                return None;
            }
            return Some(());
        };
        let (least, most) = (whole(least), whole(most));
        let above = self.low.as_ref().is_some_and(|(low, _)| *low > most);
        let below = self.high.as_ref().is_some_and(|(high, _)| *high < least);
        if !above && !below {
            return Some(());
        }
        if share {
            let help = "write the target with a percent sign, such as `>= 90%`";
            analyser.out_of_range(span, "a share is between 0% and 100%", help);
        } else {
            let message = format!("the measure is between {least} and {most}");
            analyser.out_of_range(span, message, "write a target that it can reach");
        }
        None
    }
}

fn number(literal: &Literal) -> Option<Decimal> {
    match literal {
        Literal::Number(number) | Literal::Percent(number) => Some(*number),
        _ => None,
    }
}
