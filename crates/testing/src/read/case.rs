//! Reads one case.

use accolade_engine::model::period::day_number;
use accolade_parser::syntax::fields;
use accolade_parser::syntax::fields::Fields;
use accolade_parser::syntax::key::{Key, Shape};
use accolade_parser::yaml::node::{Entry, Node};
use accolade_parser::{Code, Diagnostic, expr};
use indexmap::IndexMap;

use super::{SuiteReader, cells, cutoffs, expect};
use crate::suite::{Case, Expectations};

pub(super) const KEYS: &[Key] = &[
    Key::optional("description", Shape::Text, "what the case is about"),
    Key::optional("as_of", Shape::DATE, "the date it runs at"),
    Key::optional("given", Shape::MapByLabel(&cells::ROWS), "table: rows; `profile` gives fields of the record"),
    Key::optional("table", Shape::File, "a table of customers with what is given and, as `expect.FIELD`, expected"),
    Key::optional("cutoffs", CUT_OFFS, "cut-offs of this case, or `computed` to compute them from its customers"),
    Key::optional("before", Shape::File, "an older rule file to compare with"),
    Key::optional("expect", Shape::Keys(expect::KEYS), "the expected results"),
];

const CUT_OFFS: Shape = Shape::Either(&[Shape::Word(&["computed"]), cutoffs::SHAPE]);

impl SuiteReader<'_> {
    pub(super) fn date(&mut self, node: &Node) -> Option<i32> {
        let date = expr::date(fields::text(node, &mut self.out)?, &mut self.out)?;
        Some(day_number(date.value))
    }

    pub(super) fn case(&mut self, entry: &Entry) -> Option<Case> {
        let mapping = fields::mapping(&entry.value, &mut self.out)?;
        let keys = Fields::new(mapping, "a case", KEYS, &mut self.out);
        let as_of = match keys.optional("as_of") {
            Some(node) => Some(self.date(node)?),
            None => None,
        };
        let mut given = IndexMap::new();
        if let Some(node) = keys.optional("given") {
            for table in &fields::mapping(node, &mut self.out)?.entries {
                let rows = self.given(&table.value)?;
                given.insert(table.key.text.clone(), rows);
            }
        }
        let computed = matches!(keys.optional("cutoffs"), Some(Node::Scalar(word)) if word.text == "computed");
        let cut_offs = match keys.optional("cutoffs").filter(|_| !computed) {
            Some(node) => self.cut_offs(node)?,
            None => IndexMap::new(),
        };
        let path = |node: Option<&Node>, reader: &mut Self| match node {
            Some(node) => {
                let scalar = fields::text(node, &mut reader.out)?;
                Some(Some((reader.folder.join(&scalar.text), scalar.span)))
            }
            None => Some(None),
        };
        let table = path(keys.optional("table"), self)?;
        let before = path(keys.optional("before"), self)?.map(|(path, _)| path);
        let mut expect = match keys.optional("expect") {
            Some(node) => self.expect(node)?,
            None => Expectations::default(),
        };
        if let Some((path, span)) = &table {
            let (rows, customers) = self.table(path, *span)?;
            given.insert("table".to_owned(), rows);
            expect.customers.extend(customers);
        }
        if expect.is_empty() {
            let message = format!("the case `{}` expects nothing", entry.key.text);
            let help = "add `expect:` with `customers`, `population`, `goals` or `diagnostics`";
            self.out.push(Diagnostic::new(Code::E0803, message).at(entry.key.span).help(help));
            return None;
        }
        Some(Case { name: entry.key.name(), as_of, given, table, cut_offs, computed, before, expect })
    }
}
