//! The part of a proposal before its rules: sources, periods and the profile.

use std::path::{Component, Path, PathBuf};

use accolade_engine::{ops, show};

use crate::block::{CommentedLines, count, scalar, shown};
use crate::customer_column::customer_columns;
use crate::exclusions::{Exclusion, exclusions, is_filled};
use crate::header_words;
use crate::header_words::mentions;
use crate::inputs::SPREADSHEETS;
use crate::plan::Plan;
use crate::profile_draft::{ProfileDraft, ProfileField};
use crate::roles::{FileRole, date_columns};
use crate::sketch::Sketch;
use crate::table::{InferredColumn, InferredTable};

/// The lines before the rules; `folder` is where the rule file will be.
pub(crate) fn header(plan: &Plan, words: &ProfileDraft, folder: &Path) -> CommentedLines {
    let mut block = CommentedLines::default();
    let files: Vec<String> = plan.tables.iter().map(|table| shown(&file_name(table))).collect();
    block.comment(0, &format!("Proposed by `accolade init` from {}.", files.join(", ")));
    block.comment(0, "A comment on each guess says where it comes from. Change what you know better.");
    block.line("accolade: 1");
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    block.line(format!("name: {}", scalar(&name.unwrap_or_else(|| "customers".to_owned()))));
    match plan.tables.iter().find_map(|table| table.currency) {
        Some(currency) => block.line_with_comment(format!("currency: {currency}"), Some("its sign is beside amounts")),
        None => block.line("# currency: EUR"),
    }
    if let Some(guessed) = &plan.time_zone {
        block.line_with_comment(format!("time_zone: {}", guessed.zone), Some(&guessed.reason));
    }
    let why = match plan.as_of_doubt() {
        Some(doubt) => doubt,
        None if plan.as_of_from_data => "the last day in the data".to_owned(),
        None => "not from the data; set the date to rate at".to_owned(),
    };
    let why = why.as_str();
    block.line_with_comment(format!("as_of: {}", plan.as_of_text()), Some(why));
    block.blank();
    block.line("sources:");
    for (index, (table, role)) in plan.tables.iter().zip(&plan.roles).enumerate() {
        match role {
            FileRole::Unused(why) => {
                block.comment(2, &format!("{} is not used: {why}.", shown(&file_name(table))));
            }
            _ => block.append(source(plan, index, folder)),
        }
    }
    if !words.periods.is_empty() {
        block.blank();
        block.line("periods:");
        for (name, notation, comment) in &words.periods {
            block.line_with_comment(format!("  {name}: {notation}"), Some(comment.as_str()).filter(|c| !c.is_empty()));
        }
    }
    if words.administrative.is_empty()
        && words.quantitative.is_empty()
        && words.qualitative.is_empty()
        && words.latest.is_empty()
    {
        return block;
    }
    block.blank();
    block.line("profile:");
    if !words.administrative.is_empty() {
        block.line(format!("  administrative: [{}]", words.administrative.join(", ")));
    }
    // A section is a list of columns or a mapping of formulas, not both.
    let (mut figures, mut judgements) = (words.quantitative.clone(), words.qualitative.clone());
    if judgements.is_empty() {
        judgements.extend(words.latest.clone())
    } else {
        figures.extend(words.latest.clone())
    }
    fields(&mut block, "quantitative", &figures);
    fields(&mut block, "qualitative", &judgements);
    block
}

fn fields(block: &mut CommentedLines, section: &str, fields: &[ProfileField]) {
    if fields.is_empty() {
        return;
    }
    if fields.iter().all(|field| field.expression.is_none()) {
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        block.line(format!("  {section}: [{}]", names.join(", ")));
        return;
    }
    block.line(format!("  {section}:"));
    for field in fields {
        let expression = field.expression.as_deref().unwrap_or(&field.name);
        block.line_with_comment(format!("    {}: {expression}", field.name), field.comment.as_deref());
    }
}

/// The lines of a source.
pub(crate) fn source(plan: &Plan, index: usize, folder: &Path) -> CommentedLines {
    let (table, role) = (&plan.tables[index], &plan.roles[index]);
    let mut block = CommentedLines::default();
    block.line(format!("  {}:", table.name));
    let note = count(table.rows, "row");
    // After `#` comes a sheet or a table of the file.
    let path = table.path.to_string_lossy();
    let (file, part) = path.rsplit_once('#').map_or((path.as_ref(), None), |(file, part)| (file, Some(part)));
    block.line_with_comment(format!("    file: {}", scalar(&relative(Path::new(file), folder))), Some(&note));
    if let Some(part) = part {
        let workbook = SPREADSHEETS.iter().any(|e| file.to_lowercase().ends_with(&format!(".{e}")));
        block.line(format!("    {}: {}", if workbook { "sheet" } else { "table" }, scalar(part)));
    }
    if let Some(delimiter) = table.delimiter {
        let name = if delimiter == '\t' { "tab".to_owned() } else { format!("\"{delimiter}\"") };
        block.line(format!("    delimiter: {name}"));
    }
    if let Some(encoding) = table.encoding {
        let why = "a guess, since it is not UTF-8";
        block.line_with_comment(format!("    encoding: {}", encoding.name()), Some(why));
    }
    if let Some(row) = table.header_row {
        block.line_with_comment(format!("    header_row: {row}"), Some("the rows above it are a title"));
    }
    if table.decimal_comma {
        block.line_with_comment("    decimal: \",\"".to_owned(), table.decimal_note.as_deref());
    } else if let Some(note) = &table.decimal_note {
        block.line_with_comment("    decimal: \".\"".to_owned(), Some(note));
    }
    if let Some(order) = table.date_order {
        block.line_with_comment(format!("    date_order: {}", order.name()), table.notes.first().map(String::as_str));
    }
    let has_instants = table.columns.iter().any(|column| !column.instants.seen.is_empty());
    if let Some(guessed) = plan.time_zone.as_ref().filter(|_| plan.zone_in_sources && has_instants) {
        block.line_with_comment(format!("    time_zone: {}", guessed.zone), Some(&guessed.reason));
    }
    if !table.missing.is_empty() {
        let texts: Vec<String> = table.missing.iter().map(|text| format!("\"{text}\"")).collect();
        block.line(format!("    missing: [{}]", texts.join(", ")));
    }
    match role {
        FileRole::Customers { key } => {
            let why = match other_key(table, *key) {
                Some(other) => format!("no two rows have the same; nor in `{}`", shown(&table.columns[other].header)),
                None => "no two rows have the same".to_owned(),
            };
            spelling_comment(plan, &mut block);
            block.line_with_comment(format!("    key: {}", key_expression(plan, &table.columns[*key])), Some(&why));
        }
        FileRole::Events { customer, date } => {
            let column = &table.columns[*customer];
            let mut customers = format!("{} in it", count(values(plan, column).distinct(), "customer"));
            let next = |likely: Vec<usize>, chosen: usize| {
                let other = likely.into_iter().find(|other| *other != chosen);
                other.map(|i| format!("the next likeliest is `{}`", shown(&table.columns[i].header)))
            };
            if let Some(joins) = joined(plan, index, *customer) {
                customers = format!("{customers}, {joins}");
            }
            if let Some(next) = next(customer_columns(table), *customer) {
                customers = format!("{customers}; {next}");
            }
            spelling_comment(plan, &mut block);
            block.line_with_comment(format!("    customer: {}", key_expression(plan, column)), Some(&customers));
            if let Some(date) = date {
                let column = &table.columns[*date];
                let span = column.dates.ends().map(|(first, last)| {
                    let day = |micros: i64| show::date(ops::day_of(micros));
                    format!("{} to {}", day(first), day(last))
                });
                let parts = [span, next(date_columns(table, *customer), *date)];
                let span = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
                block.line_with_comment(
                    format!("    date: {}", column.name),
                    Some(&span).filter(|s| !s.is_empty()).map(String::as_str),
                );
            }
        }
        FileRole::Unused(_) => {}
    }
    let exclusions = exclusions(table, role);
    block.append(kept_rows(&exclusions));
    for name in &table.repeated {
        block.comment(4, &format!("The header names `{}` twice: give each its own name to use them.", shown(name)));
    }
    block.line("    columns:");
    // Keys and dates are required in every row; rows without one are reported.
    let required = match role {
        FileRole::Events { customer, date } => [Some(*customer), *date],
        FileRole::Customers { key } => [Some(*key), None],
        FileRole::Unused(_) => [None, None],
    };
    let roles = plan.column_roles(index);
    for (i, column) in table.columns.iter().enumerate() {
        let required = required.contains(&Some(i));
        let ty = if required { column.ty.to_string() } else { column.declaration() };
        let note = match &column.note {
            _ if required && column.nullable => {
                let kept = exclusions.iter().all(|exclusion| exclusion.condition != is_filled(column));
                let what = if kept { "which cannot be used" } else { "which are left out" };
                Some(format!("empty in some rows, {what}"))
            }
            None => roles[i].comment().map(str::to_owned),
            note => note.clone(),
        };
        block.line_with_comment(format!("      {}: {ty}", column.name), note.as_deref());
    }
    let renamed: Vec<_> = table.columns.iter().filter(|column| column.name != column.header).collect();
    if !renamed.is_empty() {
        block.line("    headers:");
        for column in renamed {
            block.line(format!("      {}: {}", column.name, scalar(&column.header)));
        }
    }
    block
}

/// The key of customers: a column, or what is made of one that is written in several ways.
fn key_expression(plan: &Plan, column: &InferredColumn) -> String {
    match plan.folded_keys {
        Some(_) => format!("lower(trim({}))", column.name),
        None => column.name.clone(),
    }
}

/// The values of a column of keys, as they are compared.
fn values<'a>(plan: &Plan, column: &'a InferredColumn) -> &'a Sketch {
    if plan.folded_keys.is_some() { column.folded() } else { &column.values }
}

fn spelling_comment(plan: &Plan, block: &mut CommentedLines) {
    if let Some(why) = &plan.folded_keys {
        block.comment(4, &format!("In lower case, without blanks around it: {}.", shown_line(why)));
    }
}

/// The next likeliest key: another column of numbers or addresses in which no two rows have the same.
fn other_key(table: &InferredTable, key: usize) -> Option<usize> {
    let names = |column: &InferredColumn| column.emails || mentions(&column.header, header_words::ID);
    (0..table.columns.len()).find(|i| *i != key && table.columns[*i].is_key() && names(&table.columns[*i]))
}

/// How many of the customers of a table are in the table of customers.
fn joined(plan: &Plan, index: usize, customer: usize) -> Option<String> {
    let (customers, key) = plan.customers()?;
    let of = &plan.tables[customers];
    let column = &plan.tables[index].columns[customer];
    let share = values(plan, column).share_in(values(plan, &of.columns[key]));
    let percent = (share * 100.0).floor();
    let many = if share >= 1.0 { "all".to_owned() } else { format!("{percent}% of them") };
    Some(format!("{many} in `{}`", of.name))
}

/// The rows that a source keeps, with the reasons.
fn kept_rows(exclusions: &[Exclusion]) -> CommentedLines {
    let mut block = CommentedLines::default();
    if exclusions.is_empty() {
        return block;
    }
    for exclusion in exclusions {
        block.comment(4, &format!("{}.", capitalised(&shown_line(&exclusion.reason))));
    }
    let conditions: Vec<&str> = exclusions.iter().map(|exclusion| exclusion.condition.as_str()).collect();
    block.line(format!("    where: {}", yaml_expression(&conditions.join(" and "))));
    block
}

/// An expression as a value of YAML, quoted where YAML reads it as something else.
fn yaml_expression(text: &str) -> String {
    let plain =
        !text.contains(": ") && !text.contains(" #") && text.starts_with(|c: char| c.is_alphabetic() || c == '(');
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// A text for a comment, on one line.
fn shown_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

pub(crate) fn file_name(table: &InferredTable) -> String {
    // `.` has its name in the folder above.
    let whole = table.path.canonicalize().unwrap_or_else(|_| table.path.clone());
    let name = table.path.file_name().or_else(|| whole.file_name());
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `path` relative to `folder`; unchanged if either cannot be resolved.
fn relative(path: &Path, folder: &Path) -> String {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // A pattern is not there, its folder is.
    let whole = |path: &Path| match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            parent.canonicalize().map(|parent| parent.join(name))
        }
        _ => path.canonicalize(),
    };
    let (Ok(path), Ok(folder)) = (path.canonicalize().or_else(|_| whole(path)), folder.canonicalize()) else {
        return path.display().to_string();
    };
    let (of_path, of_folder): (Vec<Component>, Vec<Component>) =
        (path.components().collect(), folder.components().collect());
    let common = of_path.iter().zip(&of_folder).take_while(|(a, b)| a == b).count();
    let up = of_folder[common..].iter().map(|_| Component::ParentDir);
    let relative: PathBuf = up.chain(of_path[common..].iter().copied()).collect();
    match relative.to_string_lossy().replace('\\', "/") {
        same if same.is_empty() => ".".to_owned(),
        relative => relative,
    }
}
