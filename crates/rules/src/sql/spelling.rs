//! How each database spells each operator and function.
//!
//! `$1` is the first operand and `$f` the filter of an aggregate. [`of`] expands three short forms: `@` stands for the
//! white space characters, `#…#` makes an integer overflow null, and `~…~` makes an infinite float null.

use accolade_core::sql::tree::{SqlOp, SqlVariadicOp};

use super::dialect::Dialect;

/// Characters that count as white space.
const SPACES: &str = "\t\n\u{b}\u{c}\r \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";

/// Spellings that the dialects share.
const COMMON: &[(SqlOp, &str)] = &[
    (SqlOp::Equal, "$1 = $2"),
    (SqlOp::NotEqual, "$1 <> $2"),
    (SqlOp::Less, "$1 < $2"),
    (SqlOp::LessEqual, "$1 <= $2"),
    (SqlOp::Greater, "$1 > $2"),
    (SqlOp::GreaterEqual, "$1 >= $2"),
    (SqlOp::Not, "NOT $1"),
    (SqlOp::IsNull, "$1 IS NULL"),
    (SqlOp::IsNotNull, "$1 IS NOT NULL"),
    (SqlOp::Minus, "$1 - $2"),
    (SqlOp::Times, "$1 * $2"),
    // The operands are whole numbers, so the quotient is never too large.
    (SqlOp::Share, "$1 / NULLIF($2, 0) + 0e0"),
    (SqlOp::NullIf, "NULLIF($1, $2)"),
    (SqlOp::Floor, "FLOOR($1)"),
    (SqlOp::Ceil, "CEIL($1)"),
    (SqlOp::Abs, "ABS($1)"),
    (SqlOp::Sqrt, "SQRT($1)"),
    (SqlOp::Year, "CAST(EXTRACT(YEAR FROM $1) AS BIGINT)"),
    (SqlOp::Quarter, "CAST(EXTRACT(QUARTER FROM $1) AS BIGINT)"),
    (SqlOp::Month, "CAST(EXTRACT(MONTH FROM $1) AS BIGINT)"),
    (SqlOp::Day, "CAST(EXTRACT(DAY FROM $1) AS BIGINT)"),
    (SqlOp::CountRows, "COUNT(*)$f"),
    (SqlOp::Count, "COUNT($1)$f"),
    (SqlOp::CountDistinct, "COUNT(DISTINCT $1)$f"),
    (SqlOp::Sum, "SUM($1)$f"),
    (SqlOp::Min, "MIN($1)$f"),
    (SqlOp::Max, "MAX($1)$f"),
    (SqlOp::Rank, "RANK()"),
];

/// Spellings that differ, in the order DuckDB, PostgreSQL, Spark.
const OTHERS: &[(SqlOp, [&str; 3])] = &[
    (SqlOp::AddInteger, ["TRY($1 + $2)", "#CAST($1 AS numeric) + $2#", "try_add($1, $2)"]),
    (SqlOp::SubtractInteger, ["TRY($1 - $2)", "#CAST($1 AS numeric) - $2#", "try_subtract($1, $2)"]),
    (SqlOp::MultiplyInteger, ["TRY($1 * $2)", "#CAST($1 AS numeric) * $2#", "try_multiply($1, $2)"]),
    (SqlOp::IntegerOfWhole, ["TRY_CAST($1 AS BIGINT)", "#$1#", "TRY_CAST($1 AS BIGINT)"]),
    // Floats are finite and zero has no sign; PostgreSQL rejects overflow by itself.
    (SqlOp::DivideNumber, ["~$1 / NULLIF($2, 0)~ + 0e0", "$1 / NULLIF($2, 0) + 0e0", "~$1 / NULLIF($2, 0)~ + 0e0"]),
    // The operator `div` of Spark wraps around where its result has more than 64 bits.
    (SqlOp::DivideWhole, ["$1 // $2", "div($1, $2)", "CAST(($1 - $1 % $2) / $2 AS DECIMAL(38, 0))"]),
    (SqlOp::RemainderWhole, ["$1 % $2", "mod($1, $2)", "$1 % $2"]),
    (
        SqlOp::DivideHalfEven,
        [
            "$1 // $2 + CASE WHEN 2 * abs($1 % $2) > abs($2) OR (2 * abs($1 % $2) = abs($2) AND ($1 // $2) % 2 <> 0) THEN CASE WHEN ($1 < 0) = ($2 < 0) THEN 1 ELSE -1 END ELSE 0 END",
            "div($1, $2) + CASE WHEN 2 * abs(mod($1, $2)) > abs($2) OR (2 * abs(mod($1, $2)) = abs($2) AND mod(div($1, $2), 2) <> 0) THEN CASE WHEN ($1 < 0) = ($2 < 0) THEN 1 ELSE -1 END ELSE 0 END",
            "CAST(($1 - $1 % $2) / $2 AS DECIMAL(38, 0)) + CASE WHEN 2 * abs($1 % $2) > abs($2) OR (2 * abs($1 % $2) = abs($2) AND CAST(($1 - $1 % $2) / $2 AS DECIMAL(38, 0)) % 2 <> 0) THEN CASE WHEN ($1 < 0) = ($2 < 0) THEN 1 ELSE -1 END ELSE 0 END",
        ],
    ),
    (
        SqlOp::MoneyOfWhole,
        [
            "CAST($1 AS DECIMAL(38, 0)) * 0.0001",
            "CAST($1 * 0.0001 AS numeric(38, 4))",
            "CAST($1 AS DECIMAL(38, 0)) * 0.0001",
        ],
    ),
    (
        SqlOp::PointsOfWhole,
        ["CAST($1 AS DECIMAL(38, 0)) * 0.000001", "$1 * 0.000001", "CAST($1 AS DECIMAL(38, 0)) * 0.000001"],
    ),
    // The operands are millionths, and the rest in 10⁻¹⁸.
    (
        SqlOp::ScoreOfParts,
        [
            "CAST($1 AS DECIMAL(15, 0)) * 0.000001 + CAST($2 AS DECIMAL(14, 0)) * 0.000000000000000001",
            "$1 * 0.000001 + $2 * 0.000000000000000001",
            "CAST($1 AS DECIMAL(15, 0)) * 0.000001 + CAST($2 AS DECIMAL(14, 0)) * 0.000000000000000001",
        ],
    ),
    (
        SqlOp::DecimalOfNumber,
        [
            "CAST(CAST($1 AS VARCHAR) AS DECIMAL(38, 18))",
            "CAST(CAST($1 AS text) AS numeric)",
            "CAST(CAST($1 AS STRING) AS DECIMAL(38, 18))",
        ],
    ),
    // In units of 10⁻¹⁸; DuckDB's product would have too many digits.
    (
        SqlOp::WholeOfDecimal,
        [
            "CAST(FLOOR($1) AS HUGEINT) * 1000000000000000000 + CAST(($1 - FLOOR($1)) * 1000000000000000000 AS HUGEINT)",
            "$1 * 1000000000000000000",
            "CAST($1 * 1000000000000000000 AS DECIMAL(38, 0))",
        ],
    ),
    // A float as the decimal that it is written as: its digits as a whole number, and the power of ten of the last.
    (
        SqlOp::MantissaOfNumber,
        [
            "CAST(replace(split_part(CAST($1 AS VARCHAR), 'e', 1), '.', '') AS HUGEINT)",
            "CAST(replace(split_part(CAST($1 AS text), 'e', 1), '.', '') AS numeric)",
            "CAST(replace(split_part(CAST($1 AS STRING), 'E', 1), '.', '') AS DECIMAL(38, 0))",
        ],
    ),
    (
        SqlOp::PowerOfNumber,
        [
            "COALESCE(TRY_CAST(split_part(CAST($1 AS VARCHAR), 'e', 2) AS INTEGER), 0) - length(split_part(split_part(CAST($1 AS VARCHAR), 'e', 1), '.', 2))",
            "COALESCE(CAST(NULLIF(split_part(CAST($1 AS text), 'e', 2), '') AS integer), 0) - length(split_part(split_part(CAST($1 AS text), 'e', 1), '.', 2))",
            "COALESCE(TRY_CAST(split_part(CAST($1 AS STRING), 'E', 2) AS INT), 0) - length(split_part(split_part(CAST($1 AS STRING), 'E', 1), '.', 2))",
        ],
    ),
    (
        SqlOp::PowerOfTen,
        [
            "CAST('1' || repeat('0', CAST($1 AS BIGINT)) AS HUGEINT)",
            "CAST('1' || repeat('0', CAST($1 AS integer)) AS numeric)",
            "CAST('1' || repeat('0', CAST($1 AS INT)) AS DECIMAL(38, 0))",
        ],
    ),
    // The second operand is above zero.
    (
        SqlOp::FloorWhole,
        [
            "$1 // $2 - CASE WHEN $1 % $2 < 0 THEN 1 ELSE 0 END",
            "div($1, $2) - CASE WHEN mod($1, $2) < 0 THEN 1 ELSE 0 END",
            "CAST(($1 - $1 % $2) / $2 AS DECIMAL(38, 0)) - CASE WHEN $1 % $2 < 0 THEN 1 ELSE 0 END",
        ],
    ),
    // Reading a text rounds to the nearest float once, in each database.
    (
        SqlOp::NumberOfDecimal,
        [
            "~TRY_CAST(CAST($1 AS VARCHAR) || 'e' || CAST($2 AS VARCHAR) AS DOUBLE)~",
            "CAST(CAST($1 AS text) || 'e' || CAST($2 AS text) AS double precision)",
            "~CAST(CAST($1 AS STRING) || 'e' || CAST($2 AS STRING) AS DOUBLE)~",
        ],
    ),
    // Many places after the point, and a last one that says whether there are more, decide which float is nearest.
    (
        SqlOp::NumberOfQuotient,
        [
            "~TRY_CAST(CASE WHEN $1 < 0 THEN '-' ELSE '' END || CAST(abs($1) // $2 AS VARCHAR) || '.' || lpad(CAST(abs($1) % $2 * 1000000000000000000 // $2 AS VARCHAR), 18, '0') || lpad(CAST(abs($1) % $2 * 1000000000000000000 % $2 * 1000000000000000000 // $2 AS VARCHAR), 18, '0') || lpad(CAST(abs($1) % $2 * 1000000000000000000 % $2 * 1000000000000000000 % $2 * 1000000000000000000 // $2 AS VARCHAR), 18, '0') || CASE WHEN abs($1) % $2 * 1000000000000000000 % $2 * 1000000000000000000 % $2 * 1000000000000000000 % $2 = 0 THEN '0' ELSE '1' END || 'e' || CAST($3 AS VARCHAR) AS DOUBLE)~",
            "CAST(CAST(div($1 * 1e120, $2) AS text) || CASE WHEN mod($1 * 1e120, $2) = 0 THEN '0' ELSE '1' END || 'e' || CAST($3 - 121 AS text) AS double precision)",
            "~CAST(CASE WHEN $1 < 0 THEN '-' ELSE '' END || CAST(CAST((abs($1) - abs($1) % $2) / $2 AS DECIMAL(38, 0)) AS STRING) || '.' || lpad(CAST(CAST(abs($1) % $2 AS DECIMAL(38, 0)) * 1000000000000000000 div $2 AS STRING), 18, '0') || lpad(CAST(CAST(CAST(abs($1) % $2 AS DECIMAL(38, 0)) * 1000000000000000000 % $2 AS DECIMAL(38, 0)) * 1000000000000000000 div $2 AS STRING), 18, '0') || lpad(CAST(CAST(CAST(CAST(abs($1) % $2 AS DECIMAL(38, 0)) * 1000000000000000000 % $2 AS DECIMAL(38, 0)) * 1000000000000000000 % $2 AS DECIMAL(38, 0)) * 1000000000000000000 div $2 AS STRING), 18, '0') || CASE WHEN CAST(CAST(CAST(CAST(abs($1) % $2 AS DECIMAL(38, 0)) * 1000000000000000000 % $2 AS DECIMAL(38, 0)) * 1000000000000000000 % $2 AS DECIMAL(38, 0)) * 1000000000000000000 % $2 AS DECIMAL(38, 0)) = 0 THEN '0' ELSE '1' END || 'e' || CAST($3 AS STRING) AS DOUBLE)~",
        ],
    ),
    // The second operand is the number of places, the third one unit of the last of them.
    (
        SqlOp::RoundEven,
        [
            "round_even($1, $2)",
            "CASE WHEN abs($1 - trunc($1, $2)) * 2 = $3 AND mod(trunc($1, $2), 2 * $3) = 0 THEN trunc($1, $2) ELSE round($1, $2) END",
            "bround($1, $2)",
        ],
    ),
    (
        SqlOp::Gcd,
        [
            "gcd($1, $2)",
            "gcd($1, $2)",
            "aggregate(sequence(1, 190), named_struct('a', abs($1), 'b', abs($2)), (s, i) -> IF(s.b = 0, s, named_struct('a', s.b, 'b', CAST(s.a % s.b AS DECIMAL(38, 0)))), s -> s.a)",
        ],
    ),
    (
        SqlOp::AddMonths,
        ["CAST($1 + to_months($2) AS DATE)", "CAST($1 + make_interval(months => $2) AS date)", "add_months($1, $2)"],
    ),
    (SqlOp::AddDays, ["$1 + CAST($2 AS INTEGER)", "$1 + CAST($2 AS integer)", "date_add($1, CAST($2 AS INT))"]),
    (SqlOp::DaysBetween, ["$1 - $2", "CAST($1 - $2 AS bigint)", "CAST(datediff($1, $2) AS BIGINT)"]),
    (
        SqlOp::WholeMonths,
        [
            "(EXTRACT(YEAR FROM $2) - EXTRACT(YEAR FROM $1)) * 12 + EXTRACT(MONTH FROM $2) - EXTRACT(MONTH FROM $1) - CASE WHEN EXTRACT(DAY FROM $1) > EXTRACT(DAY FROM $2) AND EXTRACT(DAY FROM $2 + 1) <> 1 THEN 1 ELSE 0 END",
            "CAST((EXTRACT(YEAR FROM $2) - EXTRACT(YEAR FROM $1)) * 12 + EXTRACT(MONTH FROM $2) - EXTRACT(MONTH FROM $1) - CASE WHEN EXTRACT(DAY FROM $1) > EXTRACT(DAY FROM $2) AND EXTRACT(DAY FROM $2 + 1) <> 1 THEN 1 ELSE 0 END AS bigint)",
            "CAST((EXTRACT(YEAR FROM $2) - EXTRACT(YEAR FROM $1)) * 12 + EXTRACT(MONTH FROM $2) - EXTRACT(MONTH FROM $1) - CASE WHEN EXTRACT(DAY FROM $1) > EXTRACT(DAY FROM $2) AND EXTRACT(DAY FROM date_add($2, 1)) <> 1 THEN 1 ELSE 0 END AS BIGINT)",
        ],
    ),
    (
        SqlOp::Weekday,
        [
            "CAST(EXTRACT(ISODOW FROM $1) AS BIGINT)",
            "CAST(EXTRACT(ISODOW FROM $1) AS bigint)",
            "CAST(EXTRACT(DAYOFWEEK_ISO FROM $1) AS BIGINT)",
        ],
    ),
    // Independent of the server's locale.
    (SqlOp::Lower, ["lower($1)", "lower($1 COLLATE \"und-x-icu\")", "lower($1)"]),
    (SqlOp::Upper, ["upper(replace($1, 'ß', 'SS'))", "upper($1 COLLATE \"und-x-icu\")", "upper($1)"]),
    (SqlOp::Trim, ["trim($1, @)", "btrim($1, @)", "trim(BOTH @ FROM $1)"]),
    (SqlOp::Length, ["length($1)", "CAST(char_length($1) AS bigint)", "CAST(char_length($1) AS BIGINT)"]),
    (SqlOp::Contains, ["contains($1, $2)", "strpos($1, $2) > 0", "contains($1, $2)"]),
    (SqlOp::StartsWith, ["starts_with($1, $2)", "starts_with($1, $2)", "startswith($1, $2)"]),
    (SqlOp::EndsWith, ["suffix($1, $2)", "right($1, char_length($2)) = $2", "endswith($1, $2)"]),
    (SqlOp::DayText, ["CAST($1 AS VARCHAR)", "to_char($1, 'YYYY-MM-DD')", "CAST($1 AS STRING)"]),
    (SqlOp::MinBoolean, ["MIN($1)$f", "bool_and($1)$f", "MIN($1)$f"]),
    (SqlOp::MaxBoolean, ["MAX($1)$f", "bool_or($1)$f", "MAX($1)$f"]),
    // The operands are the value, its date, and the sort key of values with the same date.
    (
        SqlOp::First,
        ["min_by($1, row($2, $3))$f", "(array_agg($1 ORDER BY $2, $3)$f)[1]", "min_by($1, struct($2, $3))$f"],
    ),
    (
        SqlOp::Last,
        ["max_by($1, row($2, $3))$f", "(array_agg($1 ORDER BY $2 DESC, $3 DESC)$f)[1]", "max_by($1, struct($2, $3))$f"],
    ),
    // The operands are the text, its sort key and, in a dated list, the date that sorts first.
    (
        SqlOp::List,
        [
            "string_agg($1, ' | ' ORDER BY $2)$f",
            "string_agg($1, ' | ' ORDER BY $2)$f",
            "NULLIF(array_join(transform(array_sort(collect_list(struct($2 AS o, $1 AS s))$f), x -> x.s), ' | '), '')",
        ],
    ),
    (
        SqlOp::DatedList,
        [
            "string_agg($1, ' | ' ORDER BY $3, $2)$f",
            "string_agg($1, ' | ' ORDER BY $3, $2)$f",
            "NULLIF(array_join(transform(array_sort(collect_list(struct($3 AS d, $2 AS o, $1 AS s))$f), x -> x.s), ' | '), '')",
        ],
    ),
];

/// Makes a whole number that does not fit 64 bits null in PostgreSQL: the text before it and after it.
const CHECKED: [&str; 2] = [
    "CAST(NULLIF(NULLIF(LEAST(GREATEST(",
    ", -9223372036854775809), 9223372036854775808), -9223372036854775809), 9223372036854775808) AS bigint)",
];

/// The spelling of an operator, its short forms expanded.
pub(super) fn of(op: SqlOp, dialect: Dialect) -> String {
    let common = COMMON.iter().find(|(of, _)| *of == op).map(|(_, text)| *text);
    let other = || OTHERS.iter().find(|(of, _)| *of == op).map(|(_, texts)| texts[dialect.index()]);
    let text = common.or_else(other).unwrap_or_default();
    let finite = match dialect {
        Dialect::Spark => ["NULLIF(NULLIF(", ", double('Infinity')), double('-Infinity'))"],
        _ => ["NULLIF(NULLIF(", ", CAST('inf' AS DOUBLE)), CAST('-inf' AS DOUBLE))"],
    };
    between(&between(&text.replace('@', &dialect.text(SPACES)), '#', CHECKED), '~', finite)
}

/// The text with the part between two marks wrapped in `ends`.
fn between(text: &str, mark: char, ends: [&str; 2]) -> String {
    match text.split(mark).collect::<Vec<_>>()[..] {
        [before, inside, after] => format!("{before}{}{inside}{}{after}", ends[0], ends[1]),
        _ => text.to_owned(),
    }
}

/// Whether an operand is written more than once.
pub(super) fn repeats(op: SqlOp, dialect: Dialect, operand: usize) -> bool {
    of(op, dialect).matches(&format!("${}", operand + 1)).count() > 1
}

/// The infix operator of a chain, or as an error the function that takes its operands.
pub(super) fn chain(op: SqlVariadicOp) -> Result<&'static str, &'static str> {
    match op {
        SqlVariadicOp::And => Ok(" AND "),
        SqlVariadicOp::Or => Ok(" OR "),
        SqlVariadicOp::Plus => Ok(" + "),
        SqlVariadicOp::Concat => Ok(" || "),
        SqlVariadicOp::Least => Err("LEAST"),
        SqlVariadicOp::Greatest => Err("GREATEST"),
        SqlVariadicOp::Coalesce => Err("COALESCE"),
    }
}
