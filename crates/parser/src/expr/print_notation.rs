//! Canonical printing of the small notations.

use std::fmt::{Display, Formatter, Result};

use rust_decimal::Decimal;

use super::ast::{BinRule, BinaryOp, Bins, ClassCut, ColumnType, Literal, MeasureSpec, Pattern, PeriodSpec};
use super::pattern::BASE_TYPES;
use super::print::{duration, number, range_operator, to_percentage};
use crate::span::{Name, Spanned};

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            // A bare literal asks for equality.
            Pattern::Compare(BinaryOp::Equal, literal) => literal.value.fmt(f),
            Pattern::Compare(op, literal) => write!(f, "{op} {}", literal.value),
            Pattern::Range { low, high, closed } => {
                write!(f, "{}{}{}", low.value, range_operator(*closed), high.value)
            }
            Pattern::OneOf(members) => one_of(f, members),
            Pattern::Missing => f.write_str("missing"),
            Pattern::Rest => f.write_str("rest"),
        }
    }
}

fn one_of(f: &mut Formatter<'_>, members: &[Spanned<Literal>]) -> Result {
    f.write_str("in [")?;
    for (i, member) in members.iter().enumerate() {
        write!(f, "{}{}", if i > 0 { ", " } else { "" }, member.value)?;
    }
    f.write_str("]")
}

impl Display for ClassCut {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            ClassCut::TopShare(share, of) => share_of(f, "top", *share, of.as_ref()),
            ClassCut::NextShare(share, of) => share_of(f, "next", *share, of.as_ref()),
            ClassCut::OwnShare(share, of) => share_of(f, "own", *share, of.as_ref()),
            ClassCut::TopCustomersShare(share) => {
                share_of(f, "top", *share, None)?;
                f.write_str(" of customers")
            }
            ClassCut::NextCustomersShare(share) => {
                share_of(f, "next", *share, None)?;
                f.write_str(" of customers")
            }
            ClassCut::TopCustomers(count) => customers(f, "top", *count),
            ClassCut::NextCustomers(count) => customers(f, "next", *count),
            ClassCut::Test(pattern) => pattern.fmt(f),
            ClassCut::Rest => f.write_str("rest"),
        }
    }
}

fn share_of(f: &mut Formatter<'_>, cut: &str, share: Decimal, of: Option<&Name>) -> Result {
    write!(f, "{cut} ")?;
    number(f, to_percentage(share))?;
    match of {
        Some(of) => write!(f, "% of {}", of.value),
        None => f.write_str("%"),
    }
}

fn customers(f: &mut Formatter<'_>, cut: &str, count: u64) -> Result {
    write!(f, "{cut} ")?;
    number(f, Decimal::from(count))?;
    f.write_str(" customers")
}

impl Display for Bins {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let by = match self.by {
            BinRule::Value => "value",
            BinRule::Rank => "rank",
            BinRule::RPackage => "r_package",
        };
        number(f, Decimal::from(self.count))?;
        write!(f, " by {by}{}", if self.nested { " nested" } else { "" })
    }
}

impl Display for PeriodSpec {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            PeriodSpec::Last(amount, unit) => {
                f.write_str("last ")?;
                duration(f, *amount, *unit)
            }
            PeriodSpec::Before(amount, unit, period) => {
                duration(f, *amount, *unit)?;
                write!(f, " before {}", period.value)
            }
            PeriodSpec::Between { from, to, closed } => write!(f, "{from}{}{to}", range_operator(*closed)),
        }
    }
}

impl Display for MeasureSpec {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.expr.fmt(f)?;
        for (i, field) in self.by.iter().enumerate() {
            let names: Vec<&str> = field.value.iter().map(|name| name.value.as_str()).collect();
            write!(f, "{}{}", if i > 0 { ", " } else { " by " }, names.join("."))?;
        }
        Ok(())
    }
}

impl Display for ColumnType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let name = BASE_TYPES.iter().find(|(_, base)| *base == self.base).map_or("", |(name, _)| name);
        write!(f, "{name}{}", if self.nullable { "?" } else { "" })?;
        if let Some((low, high)) = &self.range {
            write!(f, " {}{}{}", low.value, range_operator(true), high.value)?;
        }
        match &self.allowed {
            Some(allowed) => {
                f.write_str(" ")?;
                one_of(f, allowed)
            }
            None => Ok(()),
        }
    }
}
