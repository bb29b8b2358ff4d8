//! The part of a proposal before its rules: sources, periods and the profile.

use std::path::{Component, Path, PathBuf};

use accolade_engine::{ops, show};

use crate::block::{CommentedLines, count, scalar, shown};
use crate::plan::Plan;
use crate::profile_draft::{ProfileDraft, ProfileField};
use crate::roles::FileRole;
use crate::table::InferredTable;

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
    let why = match plan.as_of_doubt() {
        Some(doubt) => doubt,
        None if plan.as_of_from_data => "the last day in the data".to_owned(),
        None => "not from the data; set the date to rate at".to_owned(),
    };
    let why = why.as_str();
    block.line_with_comment(format!("as_of: {}", plan.as_of_text()), Some(why));
    block.blank();
    block.line("sources:");
    for (table, role) in plan.tables.iter().zip(&plan.roles) {
        match role {
            FileRole::Unused(why) => {
                block.comment(2, &format!("{} is not used: {why}.", shown(&file_name(table))));
            }
            role => block.append(source(table, role, folder)),
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

fn source(table: &InferredTable, role: &FileRole, folder: &Path) -> CommentedLines {
    let mut block = CommentedLines::default();
    block.line(format!("  {}:", table.name));
    let note = count(table.rows, "row");
    // After `#` comes a sheet or a table of the file.
    let path = table.path.to_string_lossy();
    let (file, part) = path.split_once('#').map_or((path.as_ref(), None), |(file, part)| (file, Some(part)));
    block.line_with_comment(format!("    file: {}", scalar(&relative(Path::new(file), folder))), Some(&note));
    if let Some(part) = part {
        let workbook = [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"].iter().any(|e| file.to_lowercase().ends_with(e));
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
    if !table.missing.is_empty() {
        let texts: Vec<String> = table.missing.iter().map(|text| format!("\"{text}\"")).collect();
        block.line(format!("    missing: [{}]", texts.join(", ")));
    }
    match role {
        FileRole::Customers { key } => {
            block
                .line_with_comment(format!("    key: {}", table.columns[*key].name), Some("no two rows have the same"));
        }
        FileRole::Events { customer, date } => {
            let column = &table.columns[*customer];
            let customers = format!("{} in it", count(column.values.distinct(), "customer"));
            block.line_with_comment(format!("    customer: {}", column.name), Some(&customers));
            if let Some(date) = date {
                let column = &table.columns[*date];
                let span = column.date_range.map(|(first, last)| {
                    let day = |micros: i64| show::date(ops::day_of(micros));
                    format!("{} to {}", day(first), day(last))
                });
                block.line_with_comment(format!("    date: {}", column.name), span.as_deref());
            }
        }
        FileRole::Unused(_) => {}
    }
    block.line("    columns:");
    // Keys and dates are required in every row; rows without one are reported.
    let required = match role {
        FileRole::Events { customer, date } => [Some(*customer), *date],
        FileRole::Customers { key } => [Some(*key), None],
        FileRole::Unused(_) => [None, None],
    };
    for (i, column) in table.columns.iter().enumerate() {
        let required = required.contains(&Some(i));
        let ty = if required { column.ty.to_string() } else { column.declaration() };
        let note = match &column.note {
            _ if required && column.nullable => Some("empty in some rows, which cannot be used".to_owned()),
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

fn file_name(table: &InferredTable) -> String {
    table.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `path` relative to `folder`; unchanged if either cannot be resolved.
fn relative(path: &Path, folder: &Path) -> String {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let (Ok(path), Ok(folder)) = (path.canonicalize(), folder.canonicalize()) else {
        return path.display().to_string();
    };
    let (of_path, of_folder): (Vec<Component>, Vec<Component>) =
        (path.components().collect(), folder.components().collect());
    let common = of_path.iter().zip(&of_folder).take_while(|(a, b)| a == b).count();
    let up = of_folder[common..].iter().map(|_| Component::ParentDir);
    let relative: PathBuf = up.chain(of_path[common..].iter().copied()).collect();
    relative.to_string_lossy().replace('\\', "/")
}
