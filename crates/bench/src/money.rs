//! Amounts of money as whole cents.

use std::fmt;

/// An amount in cents, shown with two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub i64);

impl Cents {
    /// The nearest whole cent.
    pub fn of(amount: f64) -> Self {
        Cents(libm::round(amount * 100.0) as i64)
    }

    /// The amount as a float, for further drawing only.
    pub fn amount(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// The opposite amount.
    pub fn negated(self) -> Self {
        Cents(-self.0)
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_with_two_decimals() {
        let shown: Vec<String> = [0, 5, -5, 123_456, -100].map(|c| Cents(c).to_string()).to_vec();
        assert_eq!(shown, ["0.00", "0.05", "-0.05", "1234.56", "-1.00"]);
        assert_eq!(Cents::of(-1.236), Cents(-124));
    }
}
