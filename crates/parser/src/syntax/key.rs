//! Tables of keys: the keys that a mapping can have, and the shapes of their values.
//!
//! One table serves the reader, the formatter, the schema, the editor and the documentation.

/// A key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// Whether the mapping must have it.
    pub required: bool,
    /// The shape of its value.
    pub shape: Shape,
    /// Its meaning, in one line.
    pub doc: &'static str,
    /// The word for an entry of its mapping, such as `criterion` below `criteria`.
    pub entry: Option<&'static str>,
    /// Whether it can change a result. A key that only changes how results are shown cannot.
    pub affects_results: bool,
}

/// The shape of a value.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// A file, relative to the file it is written in.
    File,
    /// A value as it stands in data, which may be empty.
    Cell,
    /// An ISO 4217 code.
    Currency,
    /// A zone of the IANA database.
    TimeZone,
    /// One character, or the word `tab`.
    Character,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of something.
    Name(NameKind),
    /// A scalar with a grammar of its own.
    Notation(Notation),
    /// A list.
    List(&'static Shape),
    /// A mapping with these keys.
    Keys(&'static [Key]),
    /// A mapping from names that expressions can use to values.
    MapByName(&'static Shape),
    /// A mapping from texts to values.
    MapByLabel(&'static Shape),
    /// A mapping whose keys are scalars of a notation.
    MapByNotation(Notation, &'static Shape),
    /// A rule: the keys of every rule and those of its kind.
    Rule,
    /// One of several shapes: the first that fits the value.
    Either(&'static [Shape]),
    /// Anything.
    Any,
}

/// The kind of thing that a name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A column of the same source.
    Column,
    /// A table of `sources:`.
    Source,
    /// An entry of `periods:`.
    Period,
    /// An entry of `programmes:`.
    Programme,
    /// An entry of any section, as in `rules.customer_class`.
    Entry,
    /// A field of the record.
    Field,
    /// A rule kind.
    Kind,
    /// A diagnostic code.
    Code,
}

/// The grammar of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `revenue / order_count`
    Expression,
    /// `retention(orders in year_before to year) by city`
    Measure,
    /// `< 1_000`, `1_000 ..< 10_000`, `gold`, `rest`
    Pattern,
    /// `top 80% of revenue`, `rest`
    ClassCut,
    /// `5 by value`
    Bins,
    /// `last 12 months`
    Period,
    /// `integer? 1..5`
    ColumnType,
    /// `0..10`
    Range,
    /// `10_000`, `30%`
    Number,
    /// `30%`
    Share,
    /// `2026-01-01`
    Date,
}

impl Key {
    /// A key that must be there.
    pub const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Key {
        Key { name, required: true, shape, doc, entry: None, affects_results: true }
    }

    /// A key that can be left out.
    pub const fn optional(name: &'static str, shape: Shape, doc: &'static str) -> Key {
        Key { name, required: false, shape, doc, entry: None, affects_results: true }
    }

    /// The same key with the word for an entry of its mapping.
    pub const fn with_entry(self, entry: &'static str) -> Key {
        Key { entry: Some(entry), ..self }
    }

    /// The same key, as one that cannot change a result.
    pub const fn display_only(self) -> Key {
        Key { affects_results: false, ..self }
    }

    /// The key at a path below these keys.
    pub fn find<'k>(keys: &'k [Key], path: &[impl AsRef<str>]) -> Option<&'k Key> {
        let (first, rest) = path.split_first()?;
        let key = keys.iter().find(|key| key.name == first.as_ref())?;
        if rest.is_empty() { Some(key) } else { key.shape.key_at(rest) }
    }
}

impl Shape {
    /// An expression or a condition.
    pub const EXPRESSION: Shape = Shape::Notation(Notation::Expression);
    /// A measure over the customer base.
    pub const MEASURE: Shape = Shape::Notation(Notation::Measure);
    /// A pattern.
    pub const PATTERN: Shape = Shape::Notation(Notation::Pattern);
    /// A number or a percentage.
    pub const NUMBER: Shape = Shape::Notation(Notation::Number);
    /// The type of a column.
    pub const COLUMN_TYPE: Shape = Shape::Notation(Notation::ColumnType);
    /// A date.
    pub const DATE: Shape = Shape::Notation(Notation::Date);
    /// One text or a list of them.
    pub const TEXTS: Shape = Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]);
    /// Conditions by label, the last of which may be `rest`.
    pub const CONDITIONS: Shape = Shape::MapByLabel(&Shape::Either(&[Shape::EXPRESSION, Shape::Word(&["rest"])]));
    /// Patterns by label, the last of which may be `rest`.
    pub const PATTERNS: Shape = Shape::MapByLabel(&Shape::PATTERN);

    /// The key at a path below a value of this shape.
    fn key_at<'k>(&'k self, path: &[impl AsRef<str>]) -> Option<&'k Key> {
        match self {
            Shape::Keys(keys) => Key::find(keys, path),
            Shape::MapByName(shape) | Shape::MapByLabel(shape) | Shape::MapByNotation(_, shape) => {
                shape.key_at(path.get(1..)?)
            }
            Shape::Either(shapes) => shapes.iter().find_map(|shape| shape.key_at(path)),
            _ => None,
        }
    }

    /// Whether a value can be a list of labels, in which the order matters.
    pub fn is_ordered(&self) -> bool {
        match self {
            Shape::MapByLabel(shape) => !matches!(shape, Shape::MapByLabel(_)),
            Shape::Either(shapes) => shapes.iter().any(Shape::is_ordered),
            _ => false,
        }
    }

    /// Whether the entries of a value mean something only together, such as the bands of a range.
    pub fn is_indivisible(&self) -> bool {
        matches!(self, Shape::MapByNotation(..))
    }
}
