//! The declared range or list of values of a column.

use accolade_core::eval::column::repeat;
use accolade_core::model::{Column, Type, Value};
use accolade_core::show;
use accolade_parser::{Code, suggest};
use arrow::array::{ArrayRef, AsArray, BooleanArray, Scalar};
use arrow::compute::kernels::cmp;
use arrow::compute::or_kleene;

use super::convert::{ValueProblem, excerpt};

/// The most values that a help line lists.
const LISTED: usize = 12;

/// The allowed range or texts of a column.
#[derive(Clone, Debug)]
pub(super) struct ColumnLimits {
    ty: Type,
    range: Option<(Value, Value)>,
    allowed: Option<Vec<String>>,
    /// The help that names what requires the limits, if it is not the declaration.
    needed: Option<String>,
}

impl ColumnLimits {
    pub(super) fn new(column: &Column) -> ColumnLimits {
        let Column { ty, range, allowed, narrowing_reason: needed, .. } = column;
        ColumnLimits { ty: *ty, range: range.clone(), allowed: allowed.clone(), needed: needed.clone() }
    }

    /// Marks the values that are not allowed; `None` if the column has no limits.
    pub(super) fn outside(&self, values: &ArrayRef) -> Option<BooleanArray> {
        if let Some(allowed) = &self.allowed {
            let texts = values.as_string_view_opt()?;
            let unknown = |text: &str| allowed.iter().all(|a| a != text);
            return Some(texts.iter().map(|text| text.map(unknown)).collect());
        }
        let (low, high) = self.range.as_ref()?;
        let bound = |value: &Value| Scalar::new(repeat(value, self.ty, 1));
        let below = cmp::lt(values, &bound(low)).ok()?;
        or_kleene(&below, &cmp::gt(values, &bound(high)).ok()?).ok()
    }

    /// The problem of a value that is not allowed.
    pub(super) fn problem(&self, value: &Value) -> ValueProblem {
        let text = show::value(value);
        let (message, help) = match (&self.allowed, &self.range) {
            (Some(allowed), _) => {
                let close = suggest(&text, allowed.iter().map(String::as_str));
                let close = close.map(|word| format!("did you mean `{word}`?"));
                let parts: Vec<String> =
                    close.into_iter().chain(self.needed.clone().or_else(|| list(allowed))).collect();
                (format!("`{}` is not one of the column's values", excerpt(&text)), Some(parts.join(" ")))
            }
            (None, Some((low, high))) => {
                let range = format!("{}..{}", show::value(low), show::value(high));
                (format!("{} is outside {range}", excerpt(&text)), self.needed.clone())
            }
            (None, None) => (format!("{} cannot be used", excerpt(&text)), None),
        };
        ValueProblem { code: Code::E0704, message, help: help.filter(|h| !h.is_empty()) }
    }
}

/// The help that lists the allowed texts, if there are few.
fn list(allowed: &[String]) -> Option<String> {
    let quoted: Vec<String> = allowed.iter().map(|text| format!("`{}`", excerpt(text))).collect();
    match quoted.split_last()? {
        _ if quoted.len() > LISTED => None,
        (only, []) => Some(format!("the only value is {only}")),
        (last, others) => Some(format!("the values are {} and {last}", others.join(", "))),
    }
}
