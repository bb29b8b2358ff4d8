//! What a rule makes of its cut-offs once, for rating many single records.

use std::any::Any;
use std::fmt;

use accolade_parser::Diagnostics;

use crate::set::unfit;

/// Cut-offs as their rule compares records with them; only the rule that made it knows what it holds.
pub struct Prepared(Box<dyn Any + Send + Sync>);

impl Prepared {
    /// Of what a rule has made.
    pub fn of<T: Any + Send + Sync>(made: T) -> Prepared {
        Prepared(Box::new(made))
    }

    /// For a rule that compares with no cut-offs.
    pub fn nothing() -> Prepared {
        Prepared::of(())
    }

    /// What the rule has made.
    ///
    /// # Errors
    /// It is another rule's.
    pub fn made<T: Any>(&self, rule: &str) -> Result<&T, Diagnostics> {
        self.0.downcast_ref().ok_or_else(|| unfit(rule, "were prepared for another rule"))
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared")
    }
}
