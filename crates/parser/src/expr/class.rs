//! The classes of an ABC analysis.

use super::ast::ClassCut;
use super::grammar::{ParseNode, Rule};
use super::reader::{NodeReader, ReadResult};
use crate::code::Code;
use crate::span::Name;

impl NodeReader<'_> {
    /// `top 80% of revenue`, `next 100 customers`, `>= 100_000`, `rest`
    pub(super) fn class_cut(self, node: &ParseNode<'_>) -> ReadResult<ClassCut> {
        let form = self.next(&mut node.clone().into_inner(), node)?;
        match form.as_rule() {
            Rule::kw_rest => Ok(ClassCut::Rest),
            Rule::class_test => Ok(ClassCut::Test(self.pattern(&form)?)),
            Rule::share_cut => self.share_cut(&form),
            _ => self.customers_cut(&form),
        }
    }

    fn share_cut(self, node: &ParseNode<'_>) -> ReadResult<ClassCut> {
        let mut parts = node.clone().into_inner();
        let which = self.next(&mut parts, node)?.as_rule();
        let share = self.fraction(&self.next(&mut parts, node)?)?;
        let of: Option<Name> = parts.find(|part| part.as_rule() == Rule::identifier).map(|name| self.name(&name));
        let customers = of.as_ref().is_some_and(|of| of.value == "customers");
        Ok(match (which, customers) {
            (Rule::top, true) => ClassCut::TopCustomersShare(share),
            (Rule::next, true) => ClassCut::NextCustomersShare(share),
            (Rule::top, false) => ClassCut::TopShare(share, of),
            (Rule::next, false) => ClassCut::NextShare(share, of),
            (_, false) => ClassCut::OwnShare(share, of),
            (_, true) => {
                let error = self.error(Code::E0201, node, "`own` takes a share of a total, not of the customers");
                return Err(Box::new(error.help("write `next` for the customers that follow")));
            }
        })
    }

    fn customers_cut(self, node: &ParseNode<'_>) -> ReadResult<ClassCut> {
        let mut parts = node.clone().into_inner();
        let which = self.next(&mut parts, node)?.as_rule();
        let count = self.whole(&self.next(&mut parts, node)?)?;
        match which {
            Rule::top => Ok(ClassCut::TopCustomers(count)),
            Rule::next => Ok(ClassCut::NextCustomers(count)),
            _ => {
                let error = self.error(Code::E0201, node, "`own` takes a share of a total, not a number of customers");
                Err(Box::new(error.help("write `next` for the customers that follow")))
            }
        }
    }
}
