//! The ends of a script: its last expressions and its `return` statements.

use std::cell::Cell;

use accolade_core::literals;
use accolade_core::model::Type;
use accolade_core::script::ScriptResult;
use accolade_parser::{Code, Diagnostic, Diagnostics};
use rhai::{ASTFlags, ASTNode, Engine, Expr, FnCallExpr, Position, Stmt, Token};

use crate::source_map::SourceMap;

/// The kind of value of an expression, as far as its syntax shows it.
#[derive(Clone, Copy, PartialEq)]
enum ReturnKind {
    Nothing,
    Text,
    Truth,
    Whole,
    Fraction,
    List,
    Map,
    Unknown,
}

/// An expression that a script may return.
pub(crate) struct ReturnSite {
    sort: ReturnKind,
    at: Position,
}

/// The expressions that a script with the statements `body` may return, in order of position.
pub(crate) fn return_sites(body: &[Stmt]) -> Vec<ReturnSite> {
    let mut tails = Vec::new();
    last(body, &mut tails);
    for stmt in body {
        stmt.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Stmt(Stmt::Return(value, flags, at))) = path.last()
                && !flags.intersects(ASTFlags::BREAK)
            {
                match value {
                    Some(expr) => of_expression(expr, &mut tails),
                    None => tails.push(ReturnSite { sort: ReturnKind::Nothing, at: *at }),
                }
            }
            true
        });
    }
    tails.sort_by_key(|tail| (tail.at.line(), tail.at.position()));
    tails.dedup_by_key(|tail| tail.at);
    tails
}

/// Reports returned expressions whose syntax shows that they are of the wrong type.
pub(crate) fn check_return_types(tails: &[ReturnSite], gives: &ScriptResult, place: SourceMap, out: &mut Diagnostics) {
    for ReturnSite { sort, at } in tails {
        let what = match sort {
            ReturnKind::Nothing => "nothing",
            ReturnKind::Text => "a text",
            ReturnKind::Truth => "true or false",
            ReturnKind::Whole => "an integer",
            ReturnKind::Fraction => "a number with a fraction",
            ReturnKind::List => "an array",
            ReturnKind::Map => "a map",
            ReturnKind::Unknown => continue,
        };
        let (fits, wanted) = wanted(gives, *sort);
        if !fits {
            let message = format!("the script gives {what} here, not {wanted}");
            out.push(Diagnostic::new(Code::E0605, message).at(place.span(*at)));
        }
    }
}

fn wanted(gives: &ScriptResult, sort: ReturnKind) -> (bool, String) {
    let returned = match gives {
        ScriptResult::Points => {
            return (
                matches!(sort, ReturnKind::Whole | ReturnKind::Fraction | ReturnKind::Nothing),
                "a number".to_owned(),
            );
        }
        ScriptResult::Value(returned) => returned,
    };
    let fits = match returned.ty {
        _ if sort == ReturnKind::Nothing => returned.nullable,
        Type::Integer => sort == ReturnKind::Whole,
        Type::Number | Type::Percent | Type::Money => matches!(sort, ReturnKind::Whole | ReturnKind::Fraction),
        Type::Text => sort == ReturnKind::Text,
        Type::Boolean => sort == ReturnKind::Truth,
        _ => false,
    };
    (fits, literals::with_article(returned.ty))
}

/// The name of the function that records which end is reached.
const MARK: &str = "accolade_ends_here";

thread_local! {
    static REACHED: Cell<Option<usize>> = const { Cell::new(None) };
}

pub(crate) fn register(engine: &mut Engine) {
    engine.register_fn(MARK, |line: i64| REACHED.set(usize::try_from(line).ok()));
}

/// The script with a mark before each end that records its line. The mark returns `()`, so `??` goes on to the end.
pub(crate) fn instrument(text: &str, tails: &[ReturnSite], place: SourceMap) -> String {
    let mut marked = text.to_owned();
    for tail in tails.iter().rev() {
        if let (Some(line), Some(at)) = (tail.at.line(), place.index(tail.at)) {
            marked.insert_str(at, &format!("{MARK}({line}) ?? "));
        }
    }
    marked
}

/// Runs a marked script and returns the line of the end it reached.
pub(crate) fn line_reached<T>(run: impl FnOnce() -> T) -> Option<usize> {
    REACHED.set(None);
    run();
    REACHED.take()
}

/// Adds the results of the last of these statements.
fn last(body: &[Stmt], tails: &mut Vec<ReturnSite>) {
    match body.last() {
        Some(Stmt::Expr(expr)) => of_expression(expr, tails),
        Some(Stmt::FnCall(call, at)) => {
            let at = if call.op_token.is_some() && call.args.len() == 2 { start(&call.args[0]) } else { *at };
            tails.push(ReturnSite { sort: of_call(call), at });
        }
        Some(Stmt::Block(block)) => last(block.statements(), tails),
        Some(Stmt::If(branches, _)) => {
            last(branches.body.statements(), tails);
            last(branches.branch.statements(), tails);
        }
        Some(Stmt::Switch(switch, _)) => {
            switch.1.expressions.iter().for_each(|case| of_expression(&case.rhs, tails));
        }
        _ => {}
    }
}

fn of_expression(expr: &Expr, tails: &mut Vec<ReturnSite>) {
    let sort = match expr {
        Expr::Unit(_) => ReturnKind::Nothing,
        Expr::StringConstant(..) | Expr::InterpolatedString(..) | Expr::CharConstant(..) => ReturnKind::Text,
        Expr::BoolConstant(..) | Expr::And(..) | Expr::Or(..) => ReturnKind::Truth,
        Expr::IntegerConstant(..) => ReturnKind::Whole,
        Expr::FloatConstant(..) => ReturnKind::Fraction,
        Expr::Array(..) => ReturnKind::List,
        Expr::Map(..) => ReturnKind::Map,
        Expr::Stmt(block) => return last(block.statements(), tails),
        Expr::FnCall(call, _) => of_call(call),
        _ => ReturnKind::Unknown,
    };
    tails.push(ReturnSite { sort, at: start(expr) });
}

/// The position where an expression starts; an operation starts at its first operand.
pub(crate) fn start(expr: &Expr) -> Position {
    match expr {
        Expr::FnCall(call, _) if call.op_token.is_some() && call.args.len() == 2 => start(&call.args[0]),
        Expr::And(operands, _) | Expr::Or(operands, _) | Expr::Coalesce(operands, _) => start(&operands[0]),
        Expr::Index(chain, ..) | Expr::Dot(chain, ..) => start(&chain.lhs),
        other => other.start_position(),
    }
}

fn of_call(call: &FnCallExpr) -> ReturnKind {
    match call.op_token {
        Some(
            Token::EqualsTo
            | Token::NotEqualsTo
            | Token::LessThan
            | Token::LessThanEqualsTo
            | Token::GreaterThan
            | Token::GreaterThanEqualsTo
            | Token::Bang,
        ) => ReturnKind::Truth,
        _ => ReturnKind::Unknown,
    }
}
