//! Generates scripts and records from a seed.

use accolade_engine::{Type, Value};

/// The fields that scripts read.
pub const FIELDS: [(&str, Type); 9] = [
    ("i", Type::Integer),
    ("j", Type::Integer),
    ("n", Type::Number),
    ("m", Type::Money),
    ("m2", Type::Money),
    ("t", Type::Text),
    ("d", Type::Date),
    ("e", Type::Date),
    ("b", Type::Boolean),
];

/// Generates random scripts and records.
pub struct Generator {
    state: u64,
    /// Variables in scope: name and type.
    variables: Vec<(String, Type)>,
    named: usize,
}

impl Generator {
    pub fn new(seed: u64) -> Generator {
        Generator { state: seed, variables: Vec::new(), named: 0 }
    }

    /// The next number of SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    pub fn script(&mut self) -> String {
        self.variables.clear();
        let count = self.below(5);
        let mut text = String::new();
        for _ in 0..count {
            text += &self.statement(2);
        }
        let ty = self.numeric();
        text + self.number(ty, 3).as_str()
    }

    fn numeric(&mut self) -> Type {
        [Type::Integer, Type::Number, Type::Decimal][usize::try_from(self.below(3)).unwrap()]
    }

    fn statement(&mut self, depth: u32) -> String {
        match self.below(if depth == 0 { 3 } else { 8 }) {
            0 | 1 => {
                let ty = self.numeric();
                let value = self.number(ty, 2);
                self.named += 1;
                let name = format!("v{}", self.named);
                self.variables.push((name.clone(), ty));
                format!("let {name} = {value};\n")
            }
            2 | 3 => {
                let Some((name, ty)) = self.variable() else { return String::new() };
                let value = self.number(ty, 2);
                let operator = self.pick(&["=", "+=", "-=", "*="]);
                format!("{name} {operator} {value};\n")
            }
            4 => {
                let condition = self.condition(2);
                let ty = self.numeric();
                let value = self.number(ty, 2);
                let before = self.body(depth - 1);
                format!("if {condition} {{\n{before}return {value};\n}}\n")
            }
            5 => {
                let (condition, then) = (self.condition(2), self.body(depth - 1));
                let otherwise = self.body(depth - 1);
                format!("if {condition} {{\n{then}}} else {{\n{otherwise}}}\n")
            }
            6 => {
                let (on, cases) = self.cases();
                let bodies: Vec<String> =
                    cases.iter().map(|case| format!("{case} => {{\n{}}}", self.body(depth - 1))).collect();
                format!("switch {on} {{ {} }}\n", bodies.join(", "))
            }
            _ => format!("{{\n{}}}\n", self.body(depth - 1)),
        }
    }

    /// Statements with a scope of their own.
    fn body(&mut self, depth: u32) -> String {
        let known = self.variables.len();
        let text = (0..self.below(3)).map(|_| self.statement(depth)).collect();
        self.variables.truncate(known);
        text
    }

    fn cases(&mut self) -> (&'static str, Vec<String>) {
        let on = self.pick(&["t", "i", "b"]);
        let guard = if self.below(3) == 0 { format!(" if {}", self.condition(1)) } else { String::new() };
        let mut cases: Vec<String> = match on {
            "t" => vec![format!("\"a\" | \"b\"{guard}"), "\"c\\\"d\"".to_owned()],
            "i" => vec!["1 | -2".to_owned(), format!("3..6{guard}"), "7..=9".to_owned()],
            _ => vec![format!("true{guard}")],
        };
        if self.below(3) > 0 {
            cases.push("_".to_owned());
        }
        (on, cases)
    }

    fn variable(&mut self) -> Option<(String, Type)> {
        if self.variables.is_empty() {
            return None;
        }
        let index = usize::try_from(self.below(self.variables.len() as u64)).unwrap();
        Some(self.variables[index].clone())
    }

    fn literal(&mut self, ty: Type) -> String {
        match ty {
            Type::Integer => self.pick(&["0", "1", "2", "7", "100", "9223372036854775807", "-3"]),
            Type::Number => self.pick(&["0.0", "0.1", "0.3", "1.5", "-2.25", "1e300", "0.30000000000000004", "1e-20"]),
            _ => self.pick(&["m", "m2", "(m * 1)"]),
        }
        .to_owned()
    }

    fn number(&mut self, ty: Type, depth: u32) -> String {
        if depth == 0 {
            return self.leaf(ty);
        }
        let choice = self.below(12);
        let (operator, other) = (self.pick(&["+", "-", "*", "/", "%"]), self.fitting(ty));
        match choice {
            0..=3 => format!("({} {operator} {})", self.number(ty, depth - 1), self.number(other, depth - 1)),
            4 => format!("(-({}))", self.number(ty, depth - 1)),
            5 => {
                let (condition, then) = (self.condition(depth - 1), self.number(ty, depth - 1));
                format!("(if {condition} {{ {then} }} else {{ {} }})", self.number(ty, depth - 1))
            }
            6 => format!("({} ?? {})", self.leaf(ty), self.number(ty, depth - 1)),
            7 => {
                let function = self.pick(&["least", "greatest"]);
                format!("{function}({}, {})", self.number(ty, depth - 1), self.number(ty, depth - 1))
            }
            8 if ty == Type::Integer => {
                self.pick(&["days_between(d, e)", "(d - e)", "d.month", "e.weekday"]).to_owned()
            }
            8 => format!("clamp({}, {}, {})", self.number(ty, depth - 1), self.literal(ty), self.literal(ty)),
            9 if ty == Type::Number => format!("band({}, 1, 0, 2.5, 10, 4)", self.number(other, depth - 1)),
            9 if ty == Type::Decimal => format!("linear({}, 0, 100, 0, 10)", self.number(ty, depth - 1)),
            10 => {
                let (on, cases) = self.cases();
                let arms: Vec<String> =
                    cases.iter().map(|case| format!("{case} => {}", self.number(ty, depth - 1))).collect();
                format!("(switch {on} {{ {} }})", arms.join(", "))
            }
            _ => self.leaf(ty),
        }
    }

    /// A type for the other operand of an operator that keeps the result of type `ty`.
    fn fitting(&mut self, ty: Type) -> Type {
        match (ty, self.below(3)) {
            (Type::Number, 0) => Type::Integer,
            (Type::Decimal, 0) => Type::Integer,
            (Type::Decimal, 1) => Type::Number,
            (ty, _) => ty,
        }
    }

    fn leaf(&mut self, ty: Type) -> String {
        let known: Vec<String> =
            self.variables.iter().filter(|(_, t)| *t == ty).map(|(name, _)| name.clone()).collect();
        if !known.is_empty() && self.below(2) == 0 {
            return known[usize::try_from(self.below(known.len() as u64)).unwrap()].clone();
        }
        match (ty, self.below(3)) {
            (Type::Integer, 0) => "i".to_owned(),
            (Type::Integer, 1) => "j".to_owned(),
            (Type::Number, 0 | 1) => "n".to_owned(),
            (Type::Decimal, 0) => "m".to_owned(),
            (Type::Decimal, 1) => "m2".to_owned(),
            _ => self.literal(ty),
        }
    }

    fn condition(&mut self, depth: u32) -> String {
        if depth > 0 {
            match self.below(8) {
                0 => return format!("({} && {})", self.condition(depth - 1), self.condition(depth - 1)),
                1 => return format!("({} || {})", self.condition(depth - 1), self.condition(depth - 1)),
                2 => return format!("!({})", self.condition(depth - 1)),
                _ => {}
            }
        }
        match self.below(9) {
            0 => "b".to_owned(),
            1 => format!("{} {} ()", self.pick(&["i", "n", "m", "t", "d", "b"]), self.pick(&["==", "!="])),
            2 => format!("t {} \"{}\"", self.pick(&["==", "!=", "<", ">="]), self.pick(&["a", "b", ""])),
            3 => self.pick(&["t in [\"a\", \"c\"]", "i in [1, -2, 7]", "i !in [0]", "d > e", "d + 3 >= e"]).to_owned(),
            4 => format!("between({}, 0, 10)", self.number(Type::Integer, depth)),
            _ => {
                let ty = self.numeric();
                let (left, other) = (self.number(ty, depth), self.fitting(ty));
                let operator = self.pick(&["==", "!=", "<", "<=", ">", ">="]);
                format!("{left} {operator} {}", self.number(other, depth))
            }
        }
    }

    pub fn record(&mut self) -> Vec<Value> {
        FIELDS.iter().map(|(_, ty)| self.value(*ty)).collect()
    }

    fn value(&mut self, ty: Type) -> Value {
        if self.below(6) == 0 {
            return Value::Null;
        }
        let at = usize::try_from(self.below(8)).unwrap();
        match ty {
            Type::Integer => Value::Integer([0, 1, -2, 3, 5, 7, i64::MAX, i64::MIN + 1][at]),
            Type::Number => Value::Number([0.0, 0.3, 0.1 + 0.2, 1.5, -2.25, 1e300, 1e-20, 7.0][at]),
            Type::Money => {
                Value::Money([0, 1, 10_000, -25_000, 333_333, 123_456_789, i128::from(i64::MAX) * 8_000_000_000, 5][at])
            }
            Type::Text => Value::text(["a", "b", "c\"d", "", "z", "A", "a", "b"][at]),
            Type::Date => Value::Date([0, 20_454, 20_455, 19_000, -1, 20_000, 2_932_896, 20_451][at]),
            _ => Value::Boolean(at % 2 == 0),
        }
    }
}
