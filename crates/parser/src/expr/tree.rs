//! Builds the tree of an expression from the flat rows of the grammar.

use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use super::ast::{BinaryOp, Call, Expr, ExprKind, UnaryOp};
use super::depth;
use super::grammar::{ParseNode, Rule};
use super::reader::{Children, NodeReader, ReadResult};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{Name, Span};

/// The precedence table at the head of the grammar.
static PRECEDENCE: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::or))
        .op(left(Rule::and))
        .op(Op::prefix(Rule::not))
        .op(left(Rule::equal)
            | left(Rule::not_equal)
            | left(Rule::less)
            | left(Rule::less_equal)
            | left(Rule::greater)
            | left(Rule::greater_equal)
            | Op::postfix(Rule::membership)
            | Op::postfix(Rule::is_missing))
        .op(left(Rule::or_else))
        .op(left(Rule::add) | left(Rule::subtract))
        .op(left(Rule::multiply) | left(Rule::divide))
        .op(Op::prefix(Rule::negate))
});

/// An expression with what the operators around it need to know.
pub(super) struct ParsedExpr {
    pub(super) expr: Expr,
    /// The levels below it.
    depth: usize,
    /// Whether it is a comparison without brackets around it.
    comparison: bool,
}

impl ParsedExpr {
    fn leaf(kind: ExprKind, span: Span) -> ParsedExpr {
        ParsedExpr { expr: Expr { kind, span }, depth: 0, comparison: false }
    }
}

impl NodeReader<'_> {
    /// `expression` and `bound`.
    pub(super) fn expression(self, node: &ParseNode<'_>) -> ReadResult<ParsedExpr> {
        PRECEDENCE
            .map_primary(|node| self.operand(&node))
            .map_prefix(|op, operand| self.prefix(&op, operand?))
            .map_postfix(|operand, op| self.postfix(operand?, &op))
            .map_infix(|left, op, right| self.infix(left?, &op, right?))
            .parse(node.clone().into_inner())
    }

    /// A node above trees of `depth` levels. Fails with E0203 beyond [`depth::MAX_DEPTH`].
    fn parent(self, depth: usize, kind: ExprKind, span: Span) -> ReadResult<ParsedExpr> {
        if depth >= depth::MAX_DEPTH {
            return Err(Box::new(depth::error(span, depth::MAX_DEPTH)));
        }
        Ok(ParsedExpr { expr: Expr { kind, span }, depth: depth + 1, comparison: false })
    }

    fn operand(self, node: &ParseNode<'_>) -> ReadResult<ParsedExpr> {
        let span = self.span(node);
        match node.as_rule() {
            Rule::path => {
                let names = node.clone().into_inner().filter(|part| part.as_rule() == Rule::identifier);
                Ok(ParsedExpr::leaf(ExprKind::Path(names.map(|name| self.name(&name)).collect()), span))
            }
            Rule::group => {
                let inner = node.clone().into_inner().find(|part| part.as_rule() == Rule::expression);
                let inner = self.expression(&inner.ok_or_else(|| self.unexpected(node))?)?;
                // The brackets belong to its place, so that a larger expression's place begins at them.
                Ok(ParsedExpr { expr: Expr { span, ..inner.expr }, comparison: false, ..inner })
            }
            Rule::conditional => {
                let mut parts = node.clone().into_inner().filter(|part| part.as_rule() == Rule::expression);
                let mut next = || self.expression(&parts.next().ok_or_else(|| self.unexpected(node))?);
                let (condition, then, otherwise) = (next()?, next()?, next()?);
                let depth = condition.depth.max(then.depth).max(otherwise.depth);
                let kind = ExprKind::If {
                    condition: Box::new(condition.expr),
                    then: Box::new(then.expr),
                    otherwise: Box::new(otherwise.expr),
                };
                self.parent(depth, kind, span)
            }
            Rule::call => self.call(node),
            _ => Ok(ParsedExpr::leaf(ExprKind::Literal(self.literal(node)?), span)),
        }
    }

    fn prefix(self, op: &ParseNode<'_>, operand: ParsedExpr) -> ReadResult<ParsedExpr> {
        let span = self.span(op).to(operand.expr.span);
        let op = if op.as_rule() == Rule::not { UnaryOp::Not } else { UnaryOp::Negate };
        self.parent(operand.depth, ExprKind::Unary(op, Box::new(operand.expr)), span)
    }

    fn postfix(self, operand: ParsedExpr, op: &ParseNode<'_>) -> ReadResult<ParsedExpr> {
        self.reject_chain(&operand, op)?;
        let span = operand.expr.span.to(self.span(op));
        let children = op.clone().into_inner();
        let negated = children.clone().any(|part| part.as_rule() == Rule::not);
        let value = Box::new(operand.expr);
        let mut depth = operand.depth;
        let kind = match children.clone().last().filter(|_| op.as_rule() == Rule::membership) {
            None => ExprKind::IsMissing { value, negated },
            Some(set) if set.as_rule() == Rule::list => {
                let mut list = Vec::new();
                for item in set.into_inner().filter(|part| part.as_rule() == Rule::expression) {
                    let item = self.expression(&item)?;
                    depth = depth.max(item.depth);
                    list.push(item.expr);
                }
                ExprKind::InList { value, list, negated }
            }
            Some(set) => {
                let mut parts = set.clone().into_inner();
                let low = self.expression(&self.next(&mut parts, &set)?)?;
                let closed = self.next(&mut parts, &set)?.as_rule() == Rule::closed;
                let high = self.expression(&self.next(&mut parts, &set)?)?;
                depth = depth.max(low.depth).max(high.depth);
                let (low, high) = (Box::new(low.expr), Box::new(high.expr));
                ExprKind::InRange { value, low, high, closed, negated }
            }
        };
        Ok(ParsedExpr { comparison: true, ..self.parent(depth, kind, span)? })
    }

    fn infix(self, left: ParsedExpr, node: &ParseNode<'_>, right: ParsedExpr) -> ReadResult<ParsedExpr> {
        let span = left.expr.span.to(right.expr.span);
        let depth = left.depth.max(right.depth);
        let (op, comparison) = match node.as_rule() {
            Rule::or_else => {
                let kind = ExprKind::OrElse(Box::new(left.expr), Box::new(right.expr));
                return self.parent(depth, kind, span);
            }
            Rule::or => (BinaryOp::Or, false),
            Rule::and => (BinaryOp::And, false),
            Rule::add => (BinaryOp::Add, false),
            Rule::subtract => (BinaryOp::Subtract, false),
            Rule::multiply => (BinaryOp::Multiply, false),
            Rule::divide => (BinaryOp::Divide, false),
            other => (comparison(other).ok_or_else(|| self.unexpected(node))?, true),
        };
        if comparison {
            self.reject_chain(&left, node)?;
        }
        let kind = ExprKind::Binary(op, Box::new(left.expr), Box::new(right.expr));
        Ok(ParsedExpr { comparison, ..self.parent(depth, kind, span)? })
    }

    /// Refuses `a < b < c`.
    fn reject_chain(self, left: &ParsedExpr, op: &ParseNode<'_>) -> ReadResult<()> {
        if !left.comparison {
            return Ok(());
        }
        let place = op.clone().into_inner().next().map_or_else(|| self.span(op), |first| self.span(&first));
        Err(Box::new(
            Diagnostic::new(Code::E0201, "comparisons cannot be chained")
                .label(place, "a second comparison")
                .label(left.expr.span, "compares the result of this one")
                .help("join two comparisons with `and`, ask `x in low..high`, or put one of them in brackets"),
        ))
    }

    fn call(self, node: &ParseNode<'_>) -> ReadResult<ParsedExpr> {
        let mut children = node.clone().into_inner();
        let function = self.name(&self.next(&mut children, node)?);
        let mut call = Call { function, arguments: Vec::new(), period: None, to: None, filter: None };
        let mut depth = 0;
        for part in children {
            match part.as_rule() {
                Rule::arguments => {
                    for argument in part.into_inner().filter(|part| part.as_rule() == Rule::expression) {
                        let argument = self.expression(&argument)?;
                        depth = depth.max(argument.depth);
                        call.arguments.push(argument.expr);
                    }
                }
                Rule::in_period => call.period = self.named(part.into_inner()),
                Rule::to_period => {
                    self.periods_before_to(&call, &part)?;
                    call.to = self.named(part.into_inner());
                }
                Rule::filter => {
                    if let Some(condition) = part.into_inner().find(|part| part.as_rule() == Rule::expression) {
                        let condition = self.expression(&condition)?;
                        depth = depth.max(condition.depth);
                        call.filter = Some(Box::new(condition.expr));
                    }
                }
                _ => {}
            }
        }
        self.parent(depth, ExprKind::Call(call), self.span(node))
    }

    fn named(self, mut children: Children<'_>) -> Option<Name> {
        children.find(|part| part.as_rule() == Rule::identifier).map(|name| self.name(&name))
    }

    /// `to` stands after a period: `f(p to q)` or `f(x in p to q)`.
    fn periods_before_to(self, call: &Call, to: &ParseNode<'_>) -> ReadResult<()> {
        let one_name = |last: &Expr| matches!(&last.kind, ExprKind::Path(names) if names.len() == 1);
        if call.period.is_some() || call.arguments.last().is_some_and(one_name) {
            return Ok(());
        }
        let error = self.error(Code::E0201, to, "expected the name of a period before `to`");
        Err(Box::new(error.help("write two periods, as in `retention(year_before to year)`")))
    }
}

fn comparison(rule: Rule) -> Option<BinaryOp> {
    comparator(rule).or((rule == Rule::not_equal).then_some(BinaryOp::NotEqual))
}

/// The comparisons a pattern may start with.
pub(super) fn comparator(rule: Rule) -> Option<BinaryOp> {
    Some(match rule {
        Rule::equal => BinaryOp::Equal,
        Rule::less => BinaryOp::Less,
        Rule::less_equal => BinaryOp::LessEqual,
        Rule::greater => BinaryOp::Greater,
        Rule::greater_equal => BinaryOp::GreaterEqual,
        _ => return None,
    })
}
