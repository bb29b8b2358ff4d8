//! A plugin of accolade, as an example to copy: two functions of bank account numbers, written in Rust.
//!
//! A plugin is a table of [`Function`]s, as the engine's own are. What it registers is known to the checker, to
//! expressions in rule files and to scripts, with its types and its documentation:
//!
//! ```
//! use accolade_engine::Plugins;
//!
//! let mut plugins = Plugins::standard();
//! accolade_example_iban::register(&mut plugins);
//! assert!(plugins.functions().iter().any(|f| f.name == "iban_valid"));
//! ```
//!
//! The tests rate customers by a rule file and a script that call them.

use accolade_engine::functions::{Function, Signature};
use accolade_engine::ops::Outcome;
use accolade_engine::{Plugins, Type, Value};

/// The functions of this plugin.
pub static FUNCTIONS: &[Function] = &[
    Function {
        name: "iban_valid",
        signatures: &[Signature { arguments: &[Type::Text], variadic: false, returns: Type::Boolean }],
        doc: "Whether the text is an IBAN whose check digits are right (ISO 13616, by ISO 7064 MOD 97-10); spaces do \
              not count. The lengths of countries are not checked.",
        examples: &[("iban_valid(\"GB82 WEST 1234 5698 7654 32\")", "true")],
        kernel: |arguments| with_text(arguments, |iban| Value::Boolean(is_valid(iban))),
    },
    Function {
        name: "iban_country",
        signatures: &[Signature { arguments: &[Type::Text], variadic: false, returns: Type::Text }],
        doc: "The country code (ISO 3166, two letters) of an IBAN; missing if it is not valid.",
        examples: &[("iban_country(\"BE68 5390 0754 7034\")", "BE")],
        kernel: |arguments| {
            with_text(arguments, |iban| match iban.get(..2) {
                Some(country) if is_valid(iban) => Value::text(country),
                _ => Value::Null,
            })
        },
    },
];

/// Makes the functions known.
pub fn register(plugins: &mut Plugins) {
    FUNCTIONS.iter().for_each(|function| plugins.add_function(function));
}

fn with_text(arguments: &[Value], give: impl Fn(&str) -> Value) -> Outcome<Value> {
    Ok(match arguments {
        [Value::Text(text)] => give(&text.split_whitespace().collect::<String>().to_uppercase()),
        // The checker lets no other arguments through.
        _ => Value::Null,
    })
}

/// Country, two check digits and an account: read with the first four behind the rest and letters as 10 to 35, the
/// number leaves 1 when divided by 97.
fn is_valid(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    let well_formed = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    let digit = |byte: &u8| u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 });
    let step = |rest: u32, value: u32| (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    well_formed && bytes[4..].iter().chain(&bytes[..4]).map(digit).fold(0, step) == 1
}
