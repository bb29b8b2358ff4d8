//! Cut-offs that a rule prepares once, for rating many single records.

use std::any::Any;
use std::fmt;

use accolade_parser::Diagnostics;

use crate::set::unfit;

/// Cut-offs in the form in which their rule compares records with them. Only that rule knows the type inside.
pub struct PreparedCutOffs(Box<dyn Any + Send + Sync>);

impl PreparedCutOffs {
    /// Wraps the cut-offs that a rule has prepared.
    pub fn of<T: Any + Send + Sync>(made: T) -> PreparedCutOffs {
        PreparedCutOffs(Box::new(made))
    }

    /// The value for a rule that has no cut-offs.
    pub fn nothing() -> PreparedCutOffs {
        PreparedCutOffs::of(())
    }

    /// The cut-offs that the rule has prepared.
    ///
    /// # Errors
    /// Fails with E0710 when another rule has prepared them.
    pub fn made<T: Any>(&self, rule: &str) -> Result<&T, Diagnostics> {
        self.0.downcast_ref().ok_or_else(|| unfit(rule, "were prepared for another rule"))
    }
}

impl fmt::Debug for PreparedCutOffs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared")
    }
}
