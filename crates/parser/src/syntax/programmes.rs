//! `programmes:`

use indexmap::IndexMap;

use super::fields::Fields;
use super::file::ProgrammeDecl;
use super::key::{Key, NameKind, Shape};
use super::{fields, head, names};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expr;
use crate::expr::ast::{Expr, ExprKind};
use crate::span::{Name, Spanned};
use crate::yaml::node::Node;

const KEYS: &[Key] = &[
    Key::optional("description", Shape::Text, "what it is about"),
    Key::required("members", Shape::EXPRESSION, "the condition that members meet"),
    Key::optional("control", Shape::EXPRESSION, "the condition of those who could have been members and were not"),
    Key::required("period", Shape::Name(NameKind::Period), "when it ran"),
    Key::required("before", Shape::Name(NameKind::Period), "the period to compare it with"),
    Key::required("margin", Shape::EXPRESSION, "the margin of an event, such as `orders.margin`"),
    Key::required("cost", Shape::Keys(COSTS), "what it costs"),
    Key::optional("by", BY, "one or more fields whose values make segments"),
];

const COSTS: &[Key] = &[
    Key::optional("fixed", Shape::EXPRESSION, "what it costs as a whole"),
    Key::optional("per_member", Shape::EXPRESSION, "what each member costs"),
];

const BY: Shape = Shape::Either(&[Shape::EXPRESSION, Shape::List(&Shape::EXPRESSION)]);

pub(super) const SHAPE: Shape = Shape::MapByName(&Shape::Keys(KEYS));

pub(super) fn read(node: &Node, out: &mut Diagnostics) -> IndexMap<String, ProgrammeDecl> {
    names::entries(node, out, programme)
}

fn programme(name: Name, node: &Node, out: &mut Diagnostics) -> Option<ProgrammeDecl> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "a programme", KEYS, out);
    let description = head::optional_text(&fields, "description", out);
    // All are read before the first `?`, so that every error is reported.
    let members = fields.required("members", out).and_then(|node| expression(node, out));
    let control = fields.optional("control").map(|node| expression(node, out));
    let period = fields.required("period", out).and_then(|node| fields::text(node, out));
    let before = fields.required("before", out).and_then(|node| fields::text(node, out));
    let margin = fields.required("margin", out).and_then(|node| expression(node, out));
    let cost = fields.required("cost", out).and_then(|node| costs(node, out));
    let by = fields.optional("by").map(|node| groups(node, out));
    let (fixed_cost, member_cost) = cost?;
    let control = match control {
        Some(condition) => Some(condition?),
        None => None,
    };
    Some(ProgrammeDecl {
        name,
        description,
        members: members?,
        control,
        period: period?.name(),
        before: before?.name(),
        margin: margin?,
        fixed_cost,
        member_cost,
        by: by.map_or(Some(Vec::new()), |by| by)?,
    })
}

fn expression(node: &Node, out: &mut Diagnostics) -> Option<Expr> {
    expr::expression(fields::text(node, out)?, out)
}

fn costs(node: &Node, out: &mut Diagnostics) -> Option<(Option<Expr>, Option<Expr>)> {
    let mapping = fields::mapping(node, out)?;
    let fields = Fields::new(mapping, "`cost`", COSTS, out);
    let mut one = |key: &str| fields.optional(key).map(|node| expression(node, out));
    let (fixed, member) = (one("fixed"), one("per_member"));
    if fixed.is_none() && member.is_none() {
        let diagnostic = Diagnostic::new(Code::E0102, "a programme without any cost has no return");
        out.push(diagnostic.at(mapping.span).help("add `fixed: 10_000`, `per_member: 5` or both"));
        return None;
    }
    match (fixed, member) {
        (Some(None), _) | (_, Some(None)) => None,
        (fixed, member) => Some((fixed.flatten(), member.flatten())),
    }
}

/// One field or a list of fields.
fn groups(node: &Node, out: &mut Diagnostics) -> Option<Vec<Spanned<Vec<Name>>>> {
    let items = match node {
        Node::Sequence(sequence) => sequence.items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut by = Vec::new();
    for item in items {
        let field = expression(item, out)?;
        let ExprKind::Path(path) = field.kind else {
            let diagnostic = Diagnostic::new(Code::E0103, "segments are made by a field, not by an expression");
            out.push(diagnostic.at(field.span).help("define it as a metric under `profile` and name the metric"));
            return None;
        };
        by.push(Spanned::new(path, field.span));
    }
    Some(by)
}
