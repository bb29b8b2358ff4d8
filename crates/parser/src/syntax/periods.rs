//! `periods:`

use indexmap::IndexMap;

use super::file::PeriodDecl;
use super::key::{Notation, Shape};
use super::{fields, names};
use crate::diagnostic::Diagnostics;
use crate::expr;
use crate::yaml::node::Node;

pub(super) const SHAPE: Shape = Shape::MapByName(&Shape::Notation(Notation::Period));

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, PeriodDecl> {
    names::entries(node, out, |name, node, out| {
        let spec = expr::period(fields::text(node, out)?, out)?;
        Some(PeriodDecl { name, spec })
    })
}
