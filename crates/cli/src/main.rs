//! The accolade program: the command line with what is shipped.

use std::process::ExitCode;

fn main() -> ExitCode {
    accolade::main_with(|_| {})
}
