//! The accolade program: the command line with the shipped plugins.

use std::process::ExitCode;

fn main() -> ExitCode {
    accolade::main_with(|_| {})
}
