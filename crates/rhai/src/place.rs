//! From a script's line and column to a place in its file.

use accolade_engine::plugins::ScriptText;
use accolade_parser::Span;
use rhai::Position;

/// The character at `position`; the whole script where there is no position.
pub(crate) fn span(script: ScriptText, position: Position) -> Span {
    let start = offset(script.text, position).unwrap_or(0);
    let end = match position.line() {
        Some(_) => start + script.text.get(start..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8),
        None => script.text.len(),
    };
    let at = |i: usize| script.offsets.get(i).or(script.offsets.last()).copied().unwrap_or(0);
    Span { source: script.source, start: at(start), end: at(end) }
}

fn offset(text: &str, position: Position) -> Option<usize> {
    let line = position.line()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let column = position.position().unwrap_or(1).saturating_sub(1);
    let rest = text.get(start..)?;
    Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(i, _)| i))
}
