//! Which customers a command is about.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Customers {
    /// The customers, each by its key or its name; leading zeros of a key may be left out
    #[arg(value_name = "KEY", required_unless_present = "by_option")]
    keys: Vec<String>,
    /// A customer, as after the rule file
    #[arg(long = "customer", id = "by_option", value_name = "KEY", hide = true)]
    by_option: Vec<String>,
}

impl Customers {
    /// Every customer that is asked for.
    pub(crate) fn all(&self) -> Vec<String> {
        self.keys.iter().chain(&self.by_option).cloned().collect()
    }
}
