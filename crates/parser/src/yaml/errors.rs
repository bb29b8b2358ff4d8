//! Errors of a file as YAML.

use granit_parser::{ErrorKind, ScanError};

use super::node::{Node, Scalar};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::quote::quote;
use crate::span::{SourceId, Span};

pub(super) fn too_large(source: SourceId, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::E0004, format!("the file is larger than {} MiB", limit >> 20)).at(Span::new(source, 0..0))
}

pub(super) fn too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::E0004, format!("collections are nested more than {limit} levels deep")).at(span)
}

pub(super) fn second_document(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0001, "a second document begins here")
        .at(span)
        .help("write one document per file; others can be named under `include:`")
}

pub(super) fn anchor(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0003, "anchors are not allowed").at(span).help("write the value out where it is used")
}

pub(super) fn alias(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0003, "aliases are not allowed")
        .at(span)
        .help("write the value out, or in quotes if it is a text that starts with `*`")
}

pub(super) fn tag(span: Span, text: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::E0003, "tags are not allowed").at(span);
    // `!= x` and `!x` without quotes are operators to the author and tags to YAML.
    diagnostic.help(if text == "!=" {
        "write a value that starts with `!=` in quotes"
    } else {
        "leave it out, or write the value in quotes if it starts with `!`"
    })
}

pub(super) fn key(span: Span, node: &Node) -> Diagnostic {
    let found = match node {
        Node::Scalar(_) => "nothing",
        Node::Sequence(_) => "a list",
        Node::Mapping(_) => "a mapping",
    };
    Diagnostic::new(Code::E0103, format!("expected a text as key, found {found}")).at(span)
}

/// The most characters of a key as it is written. YAML reads no key of more than 1,024 characters on a line of its own.
const LONGEST_KEY: usize = 1_000;

/// Whether a key could be too long when it is written in quotes, where a sign may take ten characters.
pub(super) fn is_too_long(key: &str) -> bool {
    let written = |c: char| match c {
        '"' | '\\' => 2,
        ' '..='~' => 1,
        c if c.is_alphanumeric() => 1,
        _ => 10,
    };
    key.len() > LONGEST_KEY / 10 && key.chars().map(written).sum::<usize>() > LONGEST_KEY
}

pub(super) fn long_key(span: Span) -> Diagnostic {
    let message = format!("a key has more than {LONGEST_KEY} characters");
    Diagnostic::new(Code::E0004, message).at(span).help("is a quote missing before it?")
}

pub(super) fn duplicate(key: &Scalar, first: Span) -> Diagnostic {
    Diagnostic::new(Code::E0002, format!("the key {} is written twice", quote(&key.text)))
        .label(key.span, "again here")
        .label(first, "first here")
}

/// The error for a control character, which no editor shows. A NUL would end the file for the YAML parser.
pub(super) fn control_character(source: SourceId, text: &str) -> Option<Diagnostic> {
    let (at, c) = text.char_indices().find(|(_, c)| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r'))?;
    let message = format!("a control character (U+{:04X})", u32::from(c));
    let span = Span::new(source, at..at + 1);
    Some(Diagnostic::new(Code::E0001, message).at(span).help("remove it").fix(span, ""))
}

/// An error of the YAML parser, at the character it stopped at.
pub(super) fn syntax(source: SourceId, text: &str, error: &ScanError, depth: usize) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let at = (0..=at).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let length = text[at..].chars().next().filter(|c| !matches!(c, '\r' | '\n')).map_or(0, char::len_utf8);
    let span = Span::new(source, at..at + length);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return too_deep(span, depth);
    }
    let (message, help) = describe(error.kind());
    let span =
        if help == Some(TAB) { first_tab(text, at).map_or(span, |tab| Span::new(source, tab..tab + 1)) } else { span };
    let diagnostic = Diagnostic::new(Code::E0001, message).at(span);
    match help {
        Some(help) if text[span.range()].starts_with('\t') => diagnostic.help(help).fix(span, "  "),
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

const TAB: &str = "use spaces: two before a line for each level, and one after `:`";

/// The offset of the tab that stopped the YAML parser, which may report a place before or after it.
fn first_tab(text: &str, at: usize) -> Option<usize> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..].find('\t').map(|tab| line + tab)
}

fn describe(kind: &ErrorKind) -> (String, Option<&'static str>) {
    use ErrorKind as K;
    const QUOTE: &str = "write a text with `: ` in it in quotes, and check the indentation of the line";
    let (message, help) = match kind {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabInPlainScalar
        | K::TabAtBlockScalarStart => ("a tab where only spaces are allowed", Some(TAB)),
        K::InvalidBlockScalarHeader => (
            "unexpected text after `>` or `|`",
            Some("write a value that starts with `>` or `|` in quotes, as in `\">= 8\"`"),
        ),
        K::MappingValueNotAllowed | K::InvalidColonPlacement => ("unexpected `:`", Some(QUOTE)),
        K::SimpleKeyExpected | K::InvalidSimpleKey => ("expected `:` after the key", Some("write `key: value`")),
        K::UnclosedQuotedScalar => ("a quoted text is not closed", None),
        K::UnclosedFlowCollection { open } => {
            return (format!("`{open}` is not closed"), None);
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{open}` is closed by `{close}`"), None);
        }
        K::MisplacedFlowCollectionEnd => ("a closing bracket without an opening one", None),
        K::ExpectedFlowMappingSeparator => ("expected `,` or `}`", None),
        K::ExpectedFlowSequenceSeparator => ("expected `,` or `]`", None),
        K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry | K::InvalidIndentation => {
            ("the line does not fit the lines above it", Some("check its indentation"))
        }
        K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => {
            ("unexpected text after a quoted text", Some("write the whole value in quotes, as in `'\"A\" or \"B\"'`"))
        }
        K::UnknownQuotedScalarEscape => {
            ("an unknown escape", Some("write `\\\\` for a backslash, or use single quotes"))
        }
        K::UnexpectedCharacter { character } => {
            return (
                format!("a value cannot start with `{character}`"),
                Some("write a value that starts with it in quotes"),
            );
        }
        other => return (other.to_string().to_lowercase(), None),
    };
    (message.to_owned(), help)
}
