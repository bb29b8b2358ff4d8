use super::{prints, same};

#[test]
fn operators_bind_as_the_table_says() {
    same("a or b and c", "a or (b and c)");
    same("a and b or c", "(a and b) or c");
    same("not a and b", "(not a) and b");
    same("not a = b", "not (a = b)");
    same("not a in [1]", "not (a in [1])");
    same("not a is missing", "not (a is missing)");
    same("a and b = c", "a and (b = c)");
    same("a or else b > c", "(a or else b) > c");
    same("a + b or else c", "(a + b) or else c");
    same("a or else b + c", "a or else (b + c)");
    same("a + b * c", "a + (b * c)");
    same("a * b + c", "(a * b) + c");
    same("-a * b", "(-a) * b");
    same("-a in [1]", "(-a) in [1]");
    same("a + b >= c - d", "(a + b) >= (c - d)");
    same("a + b in 1..c + d", "(a + b) in 1..(c + d)");
    same("a in 1 or else 2..3", "a in (1 or else 2)..3");
    same("a is missing or b", "(a is missing) or b");
    same("a = not b", "a = (not b)");
}

#[test]
fn operators_associate_to_the_left() {
    same("a - b - c", "(a - b) - c");
    same("a / b * c", "(a / b) * c");
    same("a or b or c", "(a or b) or c");
    same("a or else b or else c", "(a or else b) or else c");
    same("a - -b", "a - (-b)");
    same("--a", "-(-a)");
    same("not not a", "not (not a)");
}

#[test]
fn if_reaches_to_the_right() {
    same("if a then b else c + d", "if a then b else (c + d)");
    same("if a then b else c or d", "if a then b else (c or d)");
    same("if a then b else if c then d else e", "if a then b else (if c then d else e)");
    same("if if a then b else c then d else e", "if (if a then b else c) then d else e");
    same("1 + if a then b else c", "1 + (if a then b else c)");
    same("if a or else b then c or else d else e", "if (a or else b) then (c or else d) else e");
}

#[test]
fn white_space_does_not_matter() {
    same("  a+b ", "a + b");
    same("a\n  or   else\tb", "a or else b");
    same("sum( orders . amount in year )", "sum(orders.amount in year)");
    same("x in 1..5", "x in 1 .. 5");
}

#[test]
fn printing_keeps_only_the_brackets_that_matter() {
    prints("((a) + ((b * c)))", "a + b * c");
    prints("(a + b) * c", "(a + b) * c");
    prints("a - (b - c)", "a - (b - c)");
    prints("(a = b) = c", "(a = b) = c");
    prints("a = (b = c)", "a = (b = c)");
    prints("not (a and b)", "not (a and b)");
    prints("(not a) and b", "not a and b");
    prints("-(a * b)", "-(a * b)");
    prints("(a or else b) > 5", "a or else b > 5");
    prints("1 + (if a then b else c)", "1 + (if a then b else c)");
    prints("a in 1 ..< 5", "a in 1 ..< 5");
    prints("a not in [ 1,2 ]", "a not in [1, 2]");
    prints("x is not missing", "x is not missing");
    prints("(a in [1]) = true", "(a in [1]) = true");
    prints("a in []", "a in []");
}
