//! Compares the library call and the service with zen-engine's on the same decision; see `crates/bench/README.md`.

mod call;
mod decision;
mod records;
mod serve;

use std::error::Error;

const USAGE: &str = "usage: accolade-bench-zen call [ROUNDS [NAME]] | records COUNT | serve ADDRESS";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["call"] => call::compare(41, ""),
        ["call", rounds] => call::compare(rounds.parse()?, ""),
        ["call", rounds, only] => call::compare(rounds.parse()?, only),
        ["records", count] => records::print(count.parse()?),
        ["serve", address] => serve::serve(address.parse()?),
        _ => Err(USAGE.into()),
    }
}
