//! From a script's line and column to a place in its file.

use accolade_engine::plugins::ScriptText;
use accolade_parser::Span;
use rhai::Position;

/// The name or character at `position`; the whole script where there is no position.
pub(crate) fn span(script: ScriptText, position: Position) -> Span {
    let start = offset(script.text, position).unwrap_or(0);
    let end = match position.line() {
        Some(_) => start + word(script.text.get(start..).unwrap_or("")),
        None => script.text.len(),
    };
    let at = |i: usize| script.offsets.get(i).or(script.offsets.last()).copied().unwrap_or(0);
    Span { source: script.source, start: at(start), end: at(end) }
}

/// The length of the name at the start of `text`, or of its first character.
fn word(text: &str) -> usize {
    let name: usize = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
    if name > 0 { name } else { text.chars().next().map_or(0, char::len_utf8) }
}

fn offset(text: &str, position: Position) -> Option<usize> {
    let line = position.line()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let column = position.position().unwrap_or(1).saturating_sub(1);
    let rest = text.get(start..)?;
    Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(i, _)| i))
}
