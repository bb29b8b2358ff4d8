//! The accolade program with the rule kind `regional_abc`.

use std::process::ExitCode;

fn main() -> ExitCode {
    accolade::main_with(|plugins| plugins.add_kind(&accolade_example_regions::KIND))
}
