//! The head of a rule file: version, name, currency, date and included files.

use super::fields;
use super::fields::Fields;
use super::file::RuleFile;
use super::key::{NameKind, Shape};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr;
use crate::quote::quote;
use crate::span::{Name, Span, Spanned};
use crate::yaml::node::Node;

/// The version of the language this crate reads.
const VERSION: u32 = 1;

pub(super) const FILES: Shape = Shape::Either(&[Shape::File, Shape::List(&Shape::File)]);
pub(super) const OVERRIDES: Shape =
    Shape::Either(&[Shape::Name(NameKind::Entry), Shape::List(&Shape::Name(NameKind::Entry))]);

pub(super) fn read(fields: &Fields<'_>, file: &mut RuleFile, out: &mut Diagnostics) {
    file.version = version(fields, out);
    file.name = optional_text(fields, "name", out);
    file.description = optional_text(fields, "description", out);
    file.currency = optional_text(fields, "currency", out).filter(|currency| is_currency(currency, out));
    file.time_zone = optional_text(fields, "time_zone", out);
    file.as_of = fields.optional("as_of").and_then(|node| fields::text(node, out)).and_then(|s| expr::date(s, out));
    file.include = fields.optional("include").map(|node| texts(node, out)).unwrap_or_default();
    file.overrides = fields.optional("override").map(|node| texts(node, out)).unwrap_or_default();
}

fn version(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Spanned<u32>> {
    let Some(node) = fields.optional("accolade") else {
        // The key belongs at the head of the file.
        let head = Span { end: fields.span().start, ..fields.span() };
        let diagnostic = Diagnostic::new(Code::E0102, "the key `accolade` is missing in a rule file");
        let help = "begin the file with `accolade: 1`, the version of the language";
        out.push(
            diagnostic.at(head).help(help).fix(Span { start: 0, end: 0, ..head }, format!("accolade: {VERSION}\n")),
        );
        return None;
    };
    let written = fields::integer(node, out)?;
    let version = u32::try_from(written.value).ok().filter(|version| *version == VERSION);
    if version.is_none() {
        let message = format!("unknown language version {}", written.value);
        let diagnostic = Diagnostic::new(Code::E0104, message).at(written.span);
        out.push(diagnostic.help(format!("write `accolade: {VERSION}`")).fix(written.span, VERSION.to_string()));
    }
    version.map(|version| Spanned::new(version, written.span))
}

/// The text of `key`, if the key is there.
pub(super) fn optional_text(fields: &Fields<'_>, key: &str, out: &mut Diagnostics) -> Option<Name> {
    fields.optional(key).and_then(|node| fields::text(node, out)).map(|scalar| scalar.name())
}

fn is_currency(currency: &Name, out: &mut Diagnostics) -> bool {
    let valid = currency.value.len() == 3 && currency.value.bytes().all(|b| b.is_ascii_uppercase());
    if !valid {
        let message = format!("{} is not a currency", quote(&currency.value));
        let diagnostic = Diagnostic::new(Code::E0106, message).at(currency.span);
        let helped = diagnostic.help("write a code of three capitals, as in `EUR`");
        let capitals = currency.value.to_uppercase();
        let code = capitals.len() == 3 && capitals.bytes().all(|b| b.is_ascii_uppercase());
        out.push(if code { helped.fix(currency.span, capitals) } else { helped });
    }
    valid
}

/// One text or a list of them.
pub(super) fn texts(node: &Node, out: &mut Diagnostics) -> Vec<Name> {
    let items = match node {
        Node::Sequence(sequence) => sequence.items.as_slice(),
        one => std::slice::from_ref(one),
    };
    items.iter().filter_map(|item| fields::text(item, out)).map(|scalar| scalar.name()).collect()
}
