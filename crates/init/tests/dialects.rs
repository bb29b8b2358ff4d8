//! A known table in random dialects: the proposal gives its figures, or names its doubt.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fmt::Write;

use crate::support::Proposed;

const CASES: u64 = 40;

/// Numbers that follow from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
struct Dialect {
    delimiter: char,
    decimal: char,
    group: Option<char>,
    date: fn(u64, u64, u64) -> String,
    encoding: Encoding,
    title: bool,
    total: bool,
}

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Marked,
    Utf16,
    Windows1252,
}

const DATES: [fn(u64, u64, u64) -> String; 5] = [
    |y, m, d| format!("{y}-{m:02}-{d:02}"),
    |y, m, d| format!("{d:02}-{m:02}-{y}"),
    |y, m, d| format!("{d}/{m}/{y}"),
    |y, m, d| format!("{m}/{d}/{y}"),
    |y, m, d| format!("{y}/{m:02}/{d:02}"),
];

impl Dialect {
    fn random(chance: &mut Chance) -> Dialect {
        let (decimal, other) = chance.one_of(&[('.', ','), (',', '.')]);
        Dialect {
            delimiter: chance.one_of(&[',', ';', '\t', '|']),
            decimal,
            group: chance.one_of(&[None, Some(other), Some('\u{a0}'), Some('\'')]),
            date: chance.one_of(&DATES),
            encoding: chance.one_of(&[Encoding::Utf8, Encoding::Marked, Encoding::Utf16, Encoding::Windows1252]),
            title: chance.below(3) == 0,
            total: chance.below(3) == 0,
        }
    }

    /// An amount in cents.
    fn amount(&self, cents: u64) -> String {
        let (whole, mut text) = ((cents / 100).to_string(), String::new());
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 {
                text.extend(self.group);
            }
            text.push(digit);
        }
        format!("{text}{}{:02}", self.decimal, cents % 100)
    }

    fn row(&self, cells: [&str; 3]) -> String {
        let quoted =
            |cell: &&str| if cell.contains(self.delimiter) { format!("\"{cell}\"") } else { (*cell).to_owned() };
        cells.iter().map(quoted).collect::<Vec<_>>().join(&self.delimiter.to_string()) + "\n"
    }

    fn encoded(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Marked => format!("\u{feff}{text}").into_bytes(),
            Encoding::Utf16 => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
            // These texts have no characters beyond Latin-1.
            Encoding::Windows1252 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
        }
    }
}

#[test]
fn a_table_in_any_dialect_gives_its_figures_or_a_doubt() {
    let mut doubted = 0;
    for seed in 0..CASES {
        let chance = &mut Chance(seed);
        let dialect = Dialect::random(chance);
        let names = ["André", "Zoë", "Bakker", "Claes", "De Wit"];
        let rows: Vec<(&str, (u64, u64, u64), u64)> = (0..60)
            .map(|_| {
                let day = (2024 + chance.below(2), 1 + chance.below(12), 1 + chance.below(28));
                (chance.one_of(&names), day, 1 + chance.below(2_000_000))
            })
            .collect();
        let total: u64 = rows.iter().map(|(.., cents)| cents).sum();
        let mut text = String::new();
        if dialect.title {
            text += "Sales by customer\n\n";
        }
        text += &dialect.row(["customer", "date", "amount"]);
        for (name, (y, m, d), cents) in &rows {
            write!(text, "{}", dialect.row([name, &(dialect.date)(*y, *m, *d), &dialect.amount(*cents)])).unwrap();
        }
        if dialect.total {
            text += &dialect.row(["Total", "", &dialect.amount(total)]);
        }
        let proposed = Proposed::of(&[("sales.csv", &dialect.encoded(&text))]);
        let is_doubt =
            |line: &str| line.contains("a guess") && ["decimal:", "date_order:"].iter().any(|k| line.contains(k));
        if proposed.text.lines().any(is_doubt) {
            doubted += 1;
            continue;
        }
        let run = proposed.run_over_all_time();
        let found = (run.sum("revenue"), run.sum("order_count") / 10_000);
        assert_eq!(found, (i128::from(total) * 100, 60), "seed {seed}: {dialect:?}\n{}", proposed.text);
        let (y, m, d) = rows.iter().map(|(_, day, _)| *day).max().unwrap();
        let last = format!("as_of: {y}-{m:02}-{d:02}");
        assert!(proposed.text.contains(&last), "seed {seed}: no {last}, {dialect:?}\n{}", proposed.text);
    }
    assert!(doubted * 4 < CASES, "{doubted} of {CASES} are in doubt");
}
