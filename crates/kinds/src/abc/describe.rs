//! An ABC analysis in words.

use accolade_rules::describe::{Block, all_of, code, count, percent, value};
use accolade_rules::set::{Describe, DescribeContext};

use super::Abc;
use super::cut::{Cut, FULL_SHARE};
use super::unclassed::Unclassed;

impl Describe for Abc {
    fn describe(&self, about: &DescribeContext) -> Vec<Block> {
        let by = about.field(self.by.slot);
        let crossing = if self.include { "still in that class" } else { "in the next class" };
        let order = format!(
            "Customers are ranked by {by}, the greatest first; customers of equal value are in one class. The customer with whom a \
             class reaches its limit is {crossing}."
        );
        let mut columns = vec!["class", "who"];
        columns.extend(about.cut_offs.map(|_| "begins at"));
        let mut before = None;
        let rows: Vec<Vec<String>> = self
            .classes
            .iter()
            .map(|class| {
                let who = self.describe_class(class.cut, before, &by);
                before = Some(class.cut);
                let mut row = vec![code(&class.label), who];
                row.extend(about.edges(&class.label).map(|edges| all_of(&edges)));
                row
            })
            .collect();
        let mut blocks = vec![Block::Paragraph(order), Block::table(&columns, rows)];
        blocks.extend(self.unclassed.describe(&by));
        blocks
    }
}

impl Abc {
    /// Describes who is in a class, given the cut of the class before it.
    fn describe_class(&self, cut: Cut, before: Option<Cut>, by: &str) -> String {
        let share = |share: i128| percent(share, super::cut::SHARE_PLACES);
        match (cut, before) {
            (Cut::Share(up_to), Some(Cut::Share(from))) => format!(
                "one of the next, who together bring {} of {by} and with those before them {}",
                share(up_to - from),
                share(up_to)
            ),
            (Cut::Share(FULL_SHARE), _) => format!("one of those that bring all of {by}"),
            (Cut::Share(up_to), None) => {
                format!("one of the greatest, who together bring the first {} of {by}", share(up_to))
            }
            (Cut::Share(up_to), _) => {
                format!("one of the next, until with those before them {} of {by} is reached", share(up_to))
            }
            (Cut::OwnShare(own), _) => {
                format!(
                    "one of the next, who together bring {} of {by}, counted from where the class before ended",
                    share(own)
                )
            }
            (Cut::CustomersShare(up_to), Some(Cut::CustomersShare(from))) => {
                format!(
                    "one of the next {} of the customers, {} with those before them",
                    share(up_to - from),
                    share(up_to)
                )
            }
            (Cut::CustomersShare(up_to), None) => format!("one of the first {} of the customers", share(up_to)),
            (Cut::CustomersShare(up_to), _) => {
                format!("one of the next, until with those before them it is {} of the customers", share(up_to))
            }
            (Cut::Customers(up_to), Some(Cut::Customers(from))) => {
                format!("one of the next {} customers, {} with those before them", count(up_to - from), count(up_to))
            }
            (Cut::Customers(up_to), None) => format!("one of the first {} customers", count(up_to)),
            (Cut::Customers(up_to), _) => {
                format!("one of the next, until with those before them it is {} customers", count(up_to))
            }
            (Cut::AtLeast(key), _) => format!("everyone with at least {} of {by}", value(&self.domain.value(key))),
            (Cut::Rest, _) => "all others".to_owned(),
        }
    }
}

impl Unclassed {
    fn describe(&self, by: &str) -> Vec<Block> {
        match self {
            Unclassed::Label([label]) => {
                vec![Block::Paragraph(format!("A customer whose {by} is zero or missing is {}.", code(label)))]
            }
            Unclassed::List(list) => vec![
                Block::Paragraph(format!("A customer whose {by} is zero or missing is in none of these classes, but:")),
                list.describe("class"),
            ],
        }
    }
}
