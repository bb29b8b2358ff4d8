//! Infers types from tallies: first the notation of the whole file, then the type of each column.

use std::collections::BTreeMap;

use accolade_engine::source::{DataColumn, DataFile, texts};
use accolade_engine::{Type, show};
use accolade_parser::Diagnostics;
use accolade_parser::syntax::file::DateOrder;
use accolade_parser::syntax::to_valid_name;

use crate::date_span::DateSpan;
use crate::file_tally::{FileTally, amount_sums, median};
use crate::group_rows::groups;
use crate::header_words;
use crate::header_words::{is_id, mentions};
use crate::instants::Instants;
use crate::names::UniqueNames;
use crate::table::{InferredColumn, InferredTable};
use crate::tally::{ColumnCounts, ORDERS};

/// Reads the whole file and infers the types of its columns.
///
/// # Errors
/// Fails when a record cannot be parsed.
pub(crate) fn infer_table(file: &DataFile, name: String) -> Result<InferredTable, Diagnostics> {
    let FileTally { rows, tallies, sample, footer } = FileTally::of(file)?;
    let mut notes = Vec::new();
    let order = date_order(&tallies, &mut notes);
    let (comma, decimal_note) = decimal_comma(&tallies, file.delimiter.or(file.named_delimiter), ORDERS[order]);
    let sign = usize::from(comma);
    let mut currencies: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut names = UniqueNames::default();
    let mut columns: Vec<InferredColumn> = file
        .columns
        .iter()
        .zip(&tallies)
        .map(|(column, tally)| {
            let mut found = ColumnInference { tally, column, sign, order }.column();
            found.name = names.take(&identifier(&column.name));
            found
        })
        .collect();
    for (tally, _) in tallies.iter().zip(&columns).filter(|(_, column)| column.ty == Type::Money) {
        tally.currencies.iter().for_each(|(of, count)| *currencies.entry(of).or_default() += count);
    }
    // In a column of texts, a marker such as `NA` is an ordinary text.
    let typed = |ty: Type| ty != Type::Text;
    let markers = tallies.iter().zip(&columns).filter(|(_, column)| typed(column.ty));
    let mut missing: Vec<String> = markers.flat_map(|(tally, _)| tally.markers.iter().cloned()).collect();
    missing.sort();
    missing.dedup();
    for (column, tally) in columns.iter_mut().zip(&tallies) {
        if column.ty == Type::Text && tally.markers.iter().any(|marker| missing.contains(marker)) {
            column.nullable = true;
        }
    }
    for (i, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.ty == Type::Money) {
        column.median = median(i, &sample, sign);
    }
    let sums = amount_sums(&columns, &sample, sign);
    let groups = groups(file, &columns, rows)?;
    Ok(InferredTable {
        path: file.path.clone(),
        name,
        rows,
        columns,
        delimiter: file.delimiter,
        encoding: file.encoding,
        header_row: file.header_row,
        currency: currencies.into_iter().max_by_key(|(_, count)| *count).map(|(currency, _)| currency),
        decimal_comma: comma,
        decimal_note,
        date_order: ORDERS[order],
        missing,
        repeated: file.repeated.clone(),
        notes,
        footer,
        sums,
        groups,
    })
}

/// A header as a name, in lower case if the header is not a valid name.
fn identifier(header: &str) -> String {
    if to_valid_name(header) == header {
        return header.to_owned();
    }
    let words: Vec<String> = header
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    to_valid_name(&words.join("_"))
}

/// Whether the decimal sign is a comma, and why that is a guess: more columns can be read only with a comma than only
/// with a point or, where every number could be groups of three digits, the rest of the file is written as in countries
/// that divide groups by points.
fn decimal_comma(
    tallies: &[ColumnCounts],
    delimiter: Option<char>,
    order: Option<DateOrder>,
) -> (bool, Option<String>) {
    let only = |one: usize, other: usize| {
        let is = |tally: &&ColumnCounts| {
            let all = |sign: usize| tally.all(tally.numbers[sign].count) || tally.all(tally.percents[sign]);
            all(one) && !all(other)
        };
        tallies.iter().filter(is).count()
    };
    let (comma, point) = (only(1, 0), only(0, 1));
    if comma != point {
        return (comma > point, None);
    }
    let unsure = |sign: usize| {
        let is = |tally: &&ColumnCounts| {
            let numbers = tally.numbers[sign];
            tally.all(numbers.count) && numbers.in_threes > 0 && numbers.most_places == 3
        };
        tallies.iter().filter(is).count()
    };
    // A file with semicolons, or with the day before the month, is most likely from such a country.
    let continental = delimiter == Some(';') || order == Some(DateOrder::DayFirst);
    match (unsure(0), unsure(1)) {
        (0, 0) => (false, None),
        (points, _) if points > 0 && continental => {
            let why = "a guess: `1.250` is one thousand; write \".\" if it is not";
            (true, Some(why.to_owned()))
        }
        (_, commas) if commas > 0 && delimiter.is_none() => (false, None),
        (_, commas) if commas > 0 => {
            let why = "a guess: `1,250` is one and a quarter; write \".\" if it is not";
            (true, Some(why.to_owned()))
        }
        _ => (false, Some("a guess: `1.250` is one and a quarter; write \",\" if it is not".to_owned())),
    }
}

/// The index in [`ORDERS`] of the order that most columns of dates can be read in.
fn date_order(tallies: &[ColumnCounts], notes: &mut Vec<String>) -> usize {
    let columns: Vec<&ColumnCounts> = tallies.iter().filter(|tally| tally.is_dates()).collect();
    // ISO 8601 dates can be read with any order.
    if columns.iter().all(|tally| tally.all(tally.dates[0].count)) {
        return 0;
    }
    let readable = |order: usize| columns.iter().filter(|tally| tally.all(tally.dates[order].count)).count();
    let (day, month) = (readable(2), readable(3));
    if day == month && day > 0 && readable(1) < day {
        notes.push("a guess: no number is above 12, so the month could as well come first".to_owned());
    }
    // On a tie `max_by_key` returns the last of them.
    [1, 3, 2].into_iter().max_by_key(|order| readable(*order)).unwrap_or(0)
}

struct ColumnInference<'a> {
    tally: &'a ColumnCounts,
    column: &'a DataColumn,
    sign: usize,
    order: usize,
}

impl ColumnInference<'_> {
    fn column(&self) -> InferredColumn {
        let header = &self.column.name;
        let (ty, note) = self.ty();
        let range = (ty == Type::Integer).then(|| self.scale()).flatten();
        let dated = matches!(ty, Type::Date | Type::DateTime);
        let dates = &self.tally.dates[if self.tally.all(self.tally.dates[0].count) { 0 } else { self.order }];
        InferredColumn {
            header: header.clone(),
            name: String::new(),
            ty,
            nullable: self.tally.empty + if ty == Type::Text { 0 } else { self.tally.marked } > 0,
            can_be_text: matches!(self.column.stored, None | Some(Type::Text | Type::Integer)),
            range,
            dates: if dated { dates.local } else { DateSpan::default() },
            local_dates: if dated { dates.local } else { DateSpan::default() },
            instants: if dated { dates.instants.clone() } else { Instants::default() },
            stored_zone: self.column.zone.clone(),
            filled: self.tally.texts,
            zero: self.tally.numbers[self.sign].zero,
            median: 0,
            negative: self.tally.numbers[self.sign].negative,
            emails: self.tally.all(self.tally.emails),
            few: self.tally.few.clone(),
            values: self.tally.values.clone(),
            folded: self.tally.folded.clone(),
            note,
        }
    }

    fn ty(&self) -> (Type, Option<String>) {
        let (tally, name) = (self.tally, self.column.name.as_str());
        let stored = self.column.stored.filter(|ty| *ty != Type::Text);
        if tally.texts == 0 {
            let note = if tally.marked > 0 { "only texts such as `NA`" } else { "every cell is empty" };
            return (stored.unwrap_or(Type::Text), Some(note.to_owned()));
        }
        let numbers = tally.numbers[self.sign];
        let whole = tally.all(tally.whole);
        if let Some(ty @ (Type::Boolean | Type::Date | Type::DateTime)) = stored {
            let timed = tally.dates[0].timed > 0 || tally.stored_instants;
            return (if ty == Type::DateTime && !timed { Type::Date } else { ty }, None);
        }
        if tally.all(tally.booleans) && (tally.boolean_words || mentions(name, header_words::FLAG)) {
            return (Type::Boolean, None);
        }
        if tally.all(tally.percents[self.sign]) {
            return (Type::Percent, None);
        }
        for order in [0, self.order] {
            let days = tally.compact_days == 0 || (stored.is_none() && mentions(name, header_words::DATE));
            if days && tally.all(tally.dates[order].count) {
                return (if tally.dates[order].timed > 0 { Type::DateTime } else { Type::Date }, None);
            }
        }
        let code = is_id(name) || mentions(name, header_words::CUSTOMER) || mentions(name, header_words::CODE);
        if whole && (tally.codes > 0 || code || (mentions(name, header_words::ORDER) && tally.values.distinct() > 20)) {
            let note =
                if tally.codes > 0 { "digits, kept as they are written" } else { "a number that identifies something" };
            return if matches!(stored, Some(Type::Number | Type::Money)) {
                (Type::Integer, None)
            } else if tally.with_zero > 0 {
                (Type::Integer, Some("whole numbers, although they are written with decimals".to_owned()))
            } else {
                (Type::Text, (!is_id(name)).then(|| note.to_owned()))
            };
        }
        if tally.all(numbers.count) && (tally.currencies.is_empty() || !code) {
            return self.number(stored, whole);
        }
        (Type::Text, self.explain_text())
    }

    fn number(&self, stored: Option<Type>, whole: bool) -> (Type, Option<String>) {
        let (name, numbers) = (self.column.name.as_str(), self.tally.numbers[self.sign]);
        let money = [
            header_words::AMOUNT,
            header_words::PRICE,
            header_words::MARGIN,
            header_words::POTENTIAL,
            header_words::OTHER_MONEY,
            header_words::DISCOUNT,
            header_words::REFUND,
            header_words::TAX,
        ];
        let expected = mentions(name, header_words::EXPECTED) && mentions(name, header_words::AMOUNT);
        let is_money = expected
            || money.into_iter().any(|subject| mentions(name, subject)) && !mentions(name, header_words::MEASURED);
        let whole = whole || (stored.is_some() && numbers.most_places <= 1 && stored == Some(Type::Integer));
        if whole && self.tally.all(self.tally.serial_days) && mentions(name, header_words::DATE) {
            let day = self.tally.most.and_then(|most| texts::serial_day(&most.to_string()));
            let day = day.map_or(String::new(), show::date);
            let most = self.tally.most.unwrap_or_default();
            let note = format!(
                "these look like Excel serial dates, {most} would be {day}; save the column as a date (yyyy-mm-dd) to use it"
            );
            return (Type::Integer, Some(note));
        }
        match self.tally.currencies.len() {
            0 => {}
            1 => return (Type::Money, None),
            _ => return (Type::Text, Some("amounts in several currencies".to_owned())),
        }
        if is_money && numbers.most_places <= 4 {
            return (Type::Money, None);
        }
        if is_money && numbers.computed > 0 && numbers.most_places > 4 {
            let note =
                "amounts such as 107.60000000000001 were computed with floats; they are rounded to four decimals";
            return (Type::Money, Some(note.to_owned()));
        }
        if whole || numbers.most_places == 0 {
            return (Type::Integer, None);
        }
        // Amounts are usually written with two decimals.
        let cents =
            numbers.most_places == 2 && numbers.least_places == Some(2) && !mentions(name, header_words::MEASURED);
        if cents && stored.is_none() {
            return (Type::Money, Some("money, since every value has two decimals".to_owned()));
        }
        (Type::Number, None)
    }

    /// Why a column is text although most of its texts are of another type.
    fn explain_text(&self) -> Option<String> {
        let tally = self.tally;
        let counts = [
            (tally.numbers[self.sign].count, "numbers"),
            (tally.percents[self.sign], "percentages"),
            (tally.dates[self.order].count, "dates"),
            (tally.numbers[1 - self.sign].count, "numbers with another decimal sign"),
        ];
        let most = counts.into_iter().max_by_key(|(count, _)| *count).filter(|(count, _)| count * 10 > tally.texts * 9);
        most.map(|(count, what)| format!("text, since only {count} of {} values are {what}", tally.texts))
    }

    /// The scale of answers that all values lie on.
    fn scale(&self) -> Option<(i64, i64)> {
        let name = self.column.name.as_str();
        let subjects =
            [header_words::SATISFACTION, header_words::RECOMMEND, header_words::EFFORT, header_words::JUDGEMENT];
        let subject = subjects.iter().position(|subject| mentions(name, subject))?;
        let (least, most) = (i64::try_from(self.tally.least?).ok()?, i64::try_from(self.tally.most?).ok()?);
        let scales: &[(i64, i64)] = match subject {
            1 => &[(0, 10)],
            2 => &[(1, 7), (1, 10), (0, 10), (0, 100)],
            _ => &[(1, 5), (1, 7), (1, 10), (0, 10), (0, 100)],
        };
        scales.iter().copied().find(|(low, high)| (*low..=*high).contains(&least) && most <= *high)
    }
}
