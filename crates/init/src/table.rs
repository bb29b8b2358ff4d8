//! A data file and its columns, with inferred types.

use std::path::PathBuf;

use accolade_engine::Type;
use accolade_parser::syntax::file::{DateOrder, TextEncoding};

use crate::date_span::DateSpan;
use crate::few_texts::FewTexts;
use crate::footer::Footer;
use crate::groups::Groups;
use crate::instants::Instants;
use crate::sketch::Sketch;
use crate::sums::SumOf;

/// A data file with inferred types.
#[derive(Clone, Debug)]
pub struct InferredTable {
    /// The path of the file.
    pub path: PathBuf,
    /// The name of the source it becomes.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// The columns, in the order of the file.
    pub columns: Vec<InferredColumn>,
    /// The delimiter, if it is not a comma.
    pub delimiter: Option<char>,
    /// The encoding, if it must be named.
    pub encoding: Option<TextEncoding>,
    /// The row that names the columns, if it is not the first.
    pub header_row: Option<u64>,
    /// The currency of most amounts that name one.
    pub currency: Option<&'static str>,
    /// Whether numbers are written with a decimal comma.
    pub decimal_comma: bool,
    /// Why the decimal sign is a guess.
    pub decimal_note: Option<String>,
    /// The order of day, month and year in dates; none for ISO 8601.
    pub date_order: Option<DateOrder>,
    /// Texts that stand for a missing value.
    pub missing: Vec<String>,
    /// The names that its header has more than once.
    pub(crate) repeated: Vec<String>,
    /// Comments on how the file is read.
    pub notes: Vec<String>,
    /// The rows below the data, which are not counted.
    pub(crate) footer: Option<Footer>,
    /// The amounts that are others together.
    pub(crate) sums: Vec<SumOf>,
    /// What rows with the same number have in common.
    pub(crate) groups: Vec<Groups>,
}

/// A column with its inferred type.
#[derive(Clone, Debug)]
pub struct InferredColumn {
    /// Its name in the file.
    pub header: String,
    /// Its name in the rule file.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether some cells are empty.
    pub nullable: bool,
    /// Whether the column can be declared as text; a file with types of its own decides.
    pub(crate) can_be_text: bool,
    /// The scale of answers.
    pub range: Option<(i64, i64)>,
    /// The dates, instants among them as local time.
    pub(crate) dates: DateSpan,
    /// The dates without an offset from UTC.
    pub(crate) local_dates: DateSpan,
    pub(crate) instants: Instants,
    /// The time zone that the file names for its instants.
    pub(crate) stored_zone: Option<String>,
    /// Cells with a value.
    pub(crate) filled: u64,
    /// Numbers that are zero.
    pub(crate) zero: u64,
    pub(crate) negative: u64,
    /// The median of the amounts, in 0.0001; zero for a column without.
    pub(crate) median: i128,
    /// Whether every value is an address of mail.
    pub(crate) emails: bool,
    pub(crate) few: FewTexts,
    pub(crate) values: Sketch,
    /// The values in lower case without blanks around them, if that makes a difference.
    pub(crate) folded: Option<Sketch>,
    /// Why it has this type, where that is not obvious.
    pub note: Option<String>,
}

impl InferredColumn {
    /// Whether every row has a different value.
    pub fn is_key(&self) -> bool {
        matches!(self.ty, Type::Text | Type::Integer) && !self.nullable && self.values.is_unique()
    }

    /// Its type as declared in the rule file.
    pub fn declaration(&self) -> String {
        let range = self.range.map_or(String::new(), |(low, high)| format!(" {low}..{high}"));
        format!("{}{}{range}", self.ty, if self.nullable { "?" } else { "" })
    }

    /// Whether it can name something: a customer, an order.
    pub(crate) fn can_name(&self) -> bool {
        matches!(self.ty, Type::Text | Type::Integer)
    }

    /// The values as `lower(trim())` gives them.
    pub(crate) fn folded(&self) -> &Sketch {
        self.folded.as_ref().unwrap_or(&self.values)
    }

    /// Whether it holds dates.
    pub fn is_date(&self) -> bool {
        matches!(self.ty, Type::Date | Type::DateTime)
    }
}
