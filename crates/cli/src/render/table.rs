//! Tables without borders or trailing blanks, on a terminal no wider than it is.

use comfy_table::{Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};

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

/// The lines of a table, each after `indent` blanks. An empty head is left out.
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
        break_names(&mut head, &mut rows, width);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX)).set_content_arrangement(ContentArrangement::Dynamic);
    }
    let least: Vec<u16> = (0..columns(&rows)).map(|at| longest_word(&head, &rows, at)).collect();
    if !head.is_empty() {
        table.set_header(head.iter().map(|name| visible(name).into_owned()));
    }
    table.add_rows(rows.iter().map(|row| row.iter().map(Field::cell).collect::<Vec<_>>()));
    for (column, least) in table.column_iter_mut().zip(least) {
        // A blank stands on either side of a column.
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least + 2)));
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

/// The head and the texts of a column.
fn texts<'t>(head: &'t [String], rows: &'t [Vec<Field>], at: usize) -> impl Iterator<Item = &'t str> {
    rows.iter()
        .filter_map(move |row| row.get(at))
        .map(|field| field.text.as_str())
        .chain(head.get(at).map(String::as_str))
}

fn longest_line(head: &[String], rows: &[Vec<Field>], at: usize) -> usize {
    texts(head, rows, at).flat_map(str::lines).map(|line| line.chars().count()).max().unwrap_or_default()
}

/// The length of the longest word or number of a column, which are never broken into lines.
fn longest_word(head: &[String], rows: &[Vec<Field>], at: usize) -> u16 {
    let words = texts(head, rows, at).flat_map(str::split_whitespace).map(|word| word.chars().count());
    let numbers = rows.iter().filter_map(|row| row.get(at)).filter(|field| field.number);
    let longest = words.chain(numbers.map(|field| field.text.chars().count())).max().unwrap_or_default();
    u16::try_from(longest.max(1)).unwrap_or(u16::MAX)
}

/// The width of the table, with a blank on either side of each column.
fn total(head: &[String], rows: &[Vec<Field>]) -> usize {
    (0..columns(rows).max(head.len())).map(|at| longest_line(head, rows, at) + 2).sum()
}

/// Breaks names at their underscores, those of the widest column first, until the table fits.
fn break_names(head: &mut [String], rows: &mut [Vec<Field>], width: usize) {
    let mut broken: Vec<usize> = Vec::new();
    while total(head, rows) > width {
        let names = (0..columns(rows)).filter(|at| {
            !broken.contains(at) && texts(head, rows, *at).any(|text| text.contains('_') && !text.contains(' '))
        });
        let Some(widest) = names.max_by_key(|at| longest_line(head, rows, *at)) else { return };
        broken.push(widest);
        let cells = rows.iter_mut().filter_map(|row| row.get_mut(widest)).map(|field| &mut field.text);
        for text in cells.chain(head.get_mut(widest)).filter(|text| !text.contains(' ')) {
            *text = text.replace('_', "_\n");
        }
    }
}

/// Shortens the bars to the room that the other columns leave, or leaves them out.
fn fit_bars(head: &mut Vec<String>, rows: &mut [Vec<Field>], width: usize) {
    let Some(bars) = (0..columns(rows)).find(|at| rows.iter().any(|row| row.get(*at).is_some_and(|field| field.bar)))
    else {
        return;
    };
    let others = total(head, rows) - (longest_line(head, rows, bars) + 2);
    let (longest, room) = (longest_line(head, rows, bars), width.saturating_sub(others + 2));
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
        check(Some(8), "  segment    revenue\n  cant_lose   12,345\n  them\n  new              6\n");
    }

    #[test]
    fn names_are_broken_at_their_underscores() {
        let rows = vec![vec![Field::text("loyal_customers"), Field::text("thank_you")]];
        let head = ["behaviour", "campaign"].map(str::to_owned);
        let lines = lines_within(&head, rows, 0, Some(24));
        assert_eq!(lines, " behaviour  campaign\n loyal_     thank_you\n customers\n");
    }

    #[test]
    fn what_is_met_is_in_colour() {
        let text = lines_within(&[], vec![vec![Field::met("met", Some(true)), Field::text("x")]], 0, None);
        assert!(text.contains("\u{1b}[38;5;10m") && text.contains("met"), "{text:?}");
        let last = lines_within(&[], vec![vec![Field::met("no", Some(false))], vec![Field::text("unknown")]], 0, None);
        assert!(!last.contains(" \u{1b}[0m\n") && !last.contains(" \u{1b}[39m\n"), "{last:?}");
    }
}
