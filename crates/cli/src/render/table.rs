//! Tables without borders or trailing blanks, on a terminal no wider than it is.

use comfy_table::{Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, presets};

use crate::terminal::visible;

/// The length below which the longest bar says nothing.
const SHORTEST: usize = 4;

/// One cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) text: String,
    /// Numbers are aligned to the right and never broken into lines.
    pub(crate) number: bool,
    /// A bar is shortened, with those of the other rows, where there is no room for it.
    pub(crate) bar: bool,
    /// Whether a goal or a condition is met, shown in colour.
    pub(crate) met: Option<bool>,
}

impl Field {
    pub(crate) fn text(text: impl Into<String>) -> Field {
        Field { text: text.into(), ..Field::default() }
    }

    pub(crate) fn number(text: impl Into<String>) -> Field {
        Field { number: true, ..Field::text(text) }
    }

    pub(crate) fn met(text: impl Into<String>, met: Option<bool>) -> Field {
        Field { met, ..Field::text(text) }
    }

    fn cell(&self) -> Cell {
        let cell = Cell::new(visible(&self.text));
        let cell = if self.number { cell.set_alignment(CellAlignment::Right) } else { cell };
        match self.met {
            Some(true) => cell.fg(Color::Green),
            Some(false) => cell.fg(Color::Red),
            None => cell,
        }
    }
}

/// The lines of a table, each after `indent` blanks. A head without any text is left out.
pub(crate) fn lines(head: &[String], rows: Vec<Vec<Field>>, indent: usize) -> String {
    let width = Table::new().width().map(|width| usize::from(width).saturating_sub(indent));
    lines_within(head, rows, indent, width)
}

fn lines_within(head: &[String], mut rows: Vec<Vec<Field>>, indent: usize, width: Option<usize>) -> String {
    if rows.is_empty() && head.is_empty() {
        return String::new();
    }
    let mut head = head.to_vec();
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).enforce_styling();
    if let Some(width) = width {
        fit_bars(&mut head, &mut rows, width);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX)).set_content_arrangement(ContentArrangement::Dynamic);
    }
    if !head.is_empty() {
        table.set_header(head.iter().map(|name| visible(name).into_owned()));
    }
    let numbers: Vec<usize> = (0..columns(&rows))
        .filter(|column| rows.iter().any(|row| row.get(*column).is_some_and(|f| f.number)))
        .collect();
    table.add_rows(rows.iter().map(|row| row.iter().map(Field::cell).collect::<Vec<_>>()));
    for column in numbers {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.lines().map(|line| format!("{:indent$}{}\n", "", trimmed(&line))).collect()
}

/// A line without trailing blanks, which help nobody and break comparisons; a colour ends before them.
fn trimmed(line: &str) -> String {
    let line = line.trim_end();
    match line.rfind('\u{1b}') {
        Some(reset) if line.ends_with('m') => line[..reset].trim_end().to_owned() + &line[reset..],
        _ => line.to_owned(),
    }
}

fn columns(rows: &[Vec<Field>]) -> usize {
    rows.iter().map(Vec::len).max().unwrap_or_default()
}

/// Shortens the bars to the room that the other columns leave, or leaves them out.
fn fit_bars(head: &mut Vec<String>, rows: &mut [Vec<Field>], width: usize) {
    let Some(bars) = (0..columns(rows)).find(|at| rows.iter().any(|row| row.get(*at).is_some_and(|field| field.bar)))
    else {
        return;
    };
    let length = |at: usize| {
        let texts = rows.iter().filter_map(|row| row.get(at)).map(|field| &field.text).chain(head.get(at));
        texts.map(|text| text.chars().count()).max().unwrap_or_default()
    };
    // A blank stands on either side of a column.
    let others: usize = (0..columns(rows)).filter(|at| *at != bars).map(|at| length(at) + 2).sum();
    let (longest, room) = (length(bars), width.saturating_sub(others + 2));
    if longest <= room {
        return;
    }
    if room < SHORTEST {
        rows.iter_mut().filter(|row| row.len() > bars).for_each(|row| drop(row.remove(bars)));
        if head.len() > bars {
            head.remove(bars);
        }
        return;
    }
    for bar in rows.iter_mut().filter_map(|row| row.get_mut(bars)).filter(|bar| !bar.text.is_empty()) {
        // The smallest bar keeps a character.
        let length = (bar.text.chars().count() * room / longest).max(1);
        bar.text = bar.text.chars().take(length).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(width: Option<usize>, expected: &str) {
        let bar = |n: usize| Field { bar: true, ..Field::text("#".repeat(n)) };
        let rows = vec![
            vec![Field::text("cant_lose them"), Field::number("12,345"), bar(24)],
            vec![Field::text("new"), Field::number("6"), bar(1)],
        ];
        let head = ["segment", "revenue", ""].map(str::to_owned);
        assert_eq!(lines_within(&head, rows, 1, width), expected, "{width:?}");
    }

    #[test]
    fn bars_are_shortened_first_and_numbers_are_never_broken() {
        let head = "  segment         revenue\n";
        check(
            None,
            &format!("{head}  cant_lose them   12,345  ########################\n  new                   6  #\n"),
        );
        check(Some(38), &format!("{head}  cant_lose them   12,345  ###########\n  new                   6  #\n"));
        check(Some(27), &format!("{head}  cant_lose them   12,345\n  new                   6\n"));
        check(Some(20), "  segment    revenue\n  cant_lose   12,345\n  them\n  new              6\n");
    }

    #[test]
    fn what_is_met_is_in_colour() {
        let text = lines_within(&[], vec![vec![Field::met("met", Some(true)), Field::text("x")]], 0, None);
        assert!(text.contains("\u{1b}[38;5;10m") && text.contains("met"), "{text:?}");
        let last = lines_within(&[], vec![vec![Field::met("no", Some(false))], vec![Field::text("unknown")]], 0, None);
        assert!(!last.contains(" \u{1b}[0m\n") && !last.contains(" \u{1b}[39m\n"), "{last:?}");
    }
}
