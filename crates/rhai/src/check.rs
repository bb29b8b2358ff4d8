//! Checks of a compiled script before it runs: the names it reads, the functions it calls, what it assigns to.

use std::collections::{BTreeMap, BTreeSet};

use accolade_core::script::AvailableInput;
use accolade_parser::{Code, Diagnostic, Diagnostics, count};
use rhai::{AST, ASTFlags, ASTNode, Engine, Expr, FnCallExpr, Position, Stmt};

use crate::source_map::SourceMap;

/// Functions that are built into the language, not registered.
const LANGUAGE: [&str; 9] =
    ["print", "debug", "type_of", "Fn", "call", "curry", "is_def_fn", "is_def_var", "is_shared"];

/// Functions that read columns which the script does not name.
const ALL_COLUMNS: [&str; 8] = ["get", "set", "keys", "values", "to_json", "print", "debug", "to_string"];

/// Stands for a column whose name is computed; no column has this name.
const ANY: &str = "*";

/// A property that a script reads of a variable.
pub(crate) struct PropertyRead {
    pub(crate) variable: String,
    pub(crate) property: String,
    /// The position of the variable.
    pub(crate) from: Position,
    /// The position of the property.
    pub(crate) at: Position,
}

/// A call that a script makes.
struct FunctionCall {
    name: String,
    arguments: usize,
    method: bool,
    at: Position,
}

/// The names, calls and imports in a script.
#[derive(Default)]
pub(crate) struct ScriptSummary {
    /// Every name that is read as a variable, and how often.
    pub(crate) variables: BTreeMap<String, usize>,
    /// Names that may be columns; `None` where any column may be read.
    pub(crate) properties: Option<BTreeSet<String>>,
    /// Whether it has loops, imports or functions of its own.
    pub(crate) repeats: bool,
    /// Imports: the path, `None` if it is computed, and its position.
    pub(crate) imports: Vec<(Option<String>, Position)>,
    calls: Vec<FunctionCall>,
    /// Names the script declares.
    declared: BTreeSet<String>,
    /// Assignments: the name and its position.
    assigned: Vec<(String, Position)>,
    /// Loops over a variable: the loop variable and the variable it iterates over.
    loops: Vec<(String, String)>,
    /// Names that are also declared elsewhere: by `let` or `catch`, as a parameter, or by a loop over an expression.
    redeclared: BTreeSet<String>,
    /// Names of mutable variables.
    changing: BTreeSet<String>,
    /// Variables that closures capture, and where.
    captured: Vec<(String, Position)>,
    property_reads: Vec<PropertyRead>,
    /// Floats beyond all numbers, such as `1e400`.
    too_large: Vec<Position>,
    /// Properties that are assigned to.
    property_writes: BTreeSet<String>,
}

impl ScriptSummary {
    /// Collects the contents of `ast`.
    pub(crate) fn of(ast: &AST) -> ScriptSummary {
        let mut contents = ScriptSummary { repeats: ast.has_functions(), ..ScriptSummary::default() };
        let mut properties = BTreeSet::new();
        let mut all_columns = false;
        ast.walk(&mut |path: &[ASTNode]| {
            match path.last() {
                Some(ASTNode::Expr(expr)) => contents.expression(expr, &mut properties),
                Some(ASTNode::Stmt(Stmt::While(..) | Stmt::Do(..))) => contents.repeats = true,
                Some(ASTNode::Stmt(Stmt::Import(import, at))) => {
                    let path = match &import.0 {
                        Expr::StringConstant(path, _) => Some(path.to_string()),
                        _ => None,
                    };
                    contents.imports.push((path, *at));
                    contents.repeats = true;
                    all_columns = true;
                }
                Some(ASTNode::Stmt(Stmt::Var(variable, flags, _))) => {
                    contents.declared.insert(variable.0.name.to_string());
                    contents.redeclared.insert(variable.0.name.to_string());
                    if !flags.contains(ASTFlags::CONSTANT) {
                        contents.changing.insert(variable.0.name.to_string());
                    }
                }
                Some(ASTNode::Stmt(Stmt::For(names, _))) => {
                    contents.repeats = true;
                    contents.declared.insert(names.0.name.to_string());
                    if let Expr::Variable(over, ..) = &names.2.expr {
                        contents.loops.push((names.0.name.to_string(), over.1.to_string()));
                    } else {
                        contents.redeclared.insert(names.0.name.to_string());
                    }
                    contents.declared.extend(names.1.as_ref().map(|counter| counter.name.to_string()));
                }
                Some(ASTNode::Stmt(Stmt::TryCatch(block, _))) => {
                    if let Expr::Variable(caught, ..) = &block.expr {
                        contents.redeclared.insert(caught.1.to_string());
                    }
                }
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                    let left = &assignment.1.lhs;
                    contents.assigned.extend(root(left).map(|name| (name, left.start_position())));
                    contents.property_writes.extend(part(left).map(|read| read.property));
                }
                Some(ASTNode::Stmt(Stmt::Share(names))) => {
                    contents.captured.extend(names.iter().map(|(name, _)| (name.name.to_string(), name.pos)));
                }
                Some(ASTNode::Stmt(Stmt::FnCall(call, at))) => contents.call(call, false, *at),
                _ => {}
            }
            true
        });
        let parameters = ast.iter_functions().flat_map(|f| f.params).map(str::to_owned);
        contents.redeclared.extend(parameters);
        all_columns |= contents.calls.iter().any(|call| ALL_COLUMNS.contains(&call.name.as_str()));
        all_columns |= properties.contains(ANY);
        contents.properties = (!all_columns).then_some(properties);
        contents
    }

    fn expression(&mut self, expr: &Expr, properties: &mut BTreeSet<String>) {
        match expr {
            Expr::Variable(variable, ..) if variable.2.is_empty() => {
                *self.variables.entry(variable.1.to_string()).or_default() += 1;
            }
            Expr::Property(property, _) => {
                properties.insert(property.2.to_string());
            }
            Expr::StringConstant(text, _) => {
                properties.insert(text.to_string());
            }
            Expr::FloatConstant(number, at) if !number.is_finite() => self.too_large.push(*at),
            // A computed index may name any column.
            Expr::Index(chain, ..) if !matches!(chain.rhs, Expr::StringConstant(..) | Expr::IntegerConstant(..)) => {
                properties.insert(ANY.to_owned());
            }
            Expr::Dot(..) => self.property_reads.extend(part(expr)),
            Expr::FnCall(call, at) => self.call(call, false, *at),
            Expr::MethodCall(call, at) => self.call(call, true, *at),
            _ => {}
        }
    }

    fn call(&mut self, call: &FnCallExpr, method: bool, at: Position) {
        if call.op_token.is_none() && call.namespace.is_empty() && is_name(&call.name) {
            self.calls.push(FunctionCall { name: call.name.to_string(), arguments: call.args.len(), method, at });
        }
    }

    /// Reports columns that event rows do not have, read in a loop over the rows.
    pub(crate) fn unknown_columns(&self, given: &[AvailableInput], place: SourceMap, out: &mut Diagnostics) {
        for PropertyRead { variable, property: name, at, .. } in &self.property_reads {
            let loops: Vec<&str> = self.loops.iter().filter(|(v, _)| v == variable).map(|(_, over)| &**over).collect();
            let [over] = loops.as_slice() else { continue };
            let columns = given.iter().find(|readable| readable.name == *over).and_then(|r| r.columns.as_ref());
            let Some(columns) =
                columns.filter(|_| !self.redeclared.contains(variable) && !self.redeclared.contains(*over))
            else {
                continue;
            };
            if columns.contains(name) || self.property_writes.contains(name) {
                continue;
            }
            let message = format!("`{over}` has no column `{name}`");
            let at = place.span(*at);
            let diagnostic = Diagnostic::new(Code::E0603, message).at(at);
            out.push(diagnostic.suggest_or_else(name, columns.iter().map(String::as_str), |diagnostic| {
                diagnostic.help(format!("it has {}", columns.join(", ")))
            }));
        }
    }

    /// Reports closures that capture a mutable variable: a value could then contain itself.
    pub(crate) fn captured(&self, given: &[String], place: SourceMap, out: &mut Diagnostics) {
        for (name, at) in &self.captured {
            if self.changing.contains(name) || !given.contains(name) && !self.declared.contains(name) {
                let message = format!("the closure captures `{name}`, which the script may change");
                let help = format!("declare it with `const {name} = …`, or write a loop");
                out.push(Diagnostic::new(Code::E0603, message).at(place.span(*at)).help(help));
            }
        }
    }

    /// Whether the script has a name of its own that is this name.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.declared.contains(name) || self.redeclared.contains(name)
    }

    /// Reports assignments to the fields that the script is given.
    pub(crate) fn changed(&self, given: &[String], place: SourceMap, out: &mut Diagnostics) {
        let changes = |(name, _): &&(String, Position)| given.contains(name) && !self.declares(name);
        for (name, at) in self.assigned.iter().filter(changes) {
            let message = format!("the script changes `{name}`, which is given to it");
            let diagnostic = Diagnostic::new(Code::E0603, message).at(place.span(*at));
            out.push(diagnostic.help(format!("change a copy, such as `let own = {name};`")));
        }
    }

    /// Reports numbers that are too large. As infinity they would compare with everything.
    pub(crate) fn too_large(&self, place: SourceMap, out: &mut Diagnostics) {
        for at in &self.too_large {
            let diagnostic = Diagnostic::new(Code::E0603, "the number is too large").at(place.span(*at));
            out.push(diagnostic.help("the largest is about 1.8e308"));
        }
    }

    /// The properties that are read of variables which the script does not declare.
    pub(crate) fn property_reads(&self) -> impl Iterator<Item = &PropertyRead> {
        self.property_reads.iter().filter(|read| !self.declares(&read.variable))
    }

    /// The names of functions that are called.
    pub(crate) fn called(&self) -> impl Iterator<Item = &str> {
        self.calls.iter().map(|call| call.name.as_str())
    }

    /// Reports calls of functions that do not exist. `declared` are those of `functions:`.
    pub(crate) fn unknown_functions(
        &self,
        engine: &Engine,
        ast: &AST,
        declared: &[(String, usize)],
        place: SourceMap,
        out: &mut Diagnostics,
    ) {
        if self.calls.is_empty() {
            return;
        }
        let own: Vec<(String, usize)> = ast.iter_functions().map(|f| (f.name.to_owned(), f.params.len())).collect();
        let signatures = engine.gen_fn_signatures(true);
        let mut known: BTreeSet<&str> = signatures.iter().filter_map(|s| s.split('(').next()).map(str::trim).collect();
        known.extend(LANGUAGE);
        for call in &self.calls {
            let FunctionCall { name, arguments, method, at } = call;
            let of_own: Vec<usize> = own.iter().filter(|(n, _)| n == name).map(|(_, count)| *count).collect();
            if known.contains(name.as_str()) || of_own.contains(arguments) || self.variables.contains_key(name) {
                continue;
            }
            // A function of the rule file takes the value before the point as its first argument; one of the script has
            // it as `this`.
            let of_file = declared.iter().find(|(n, _)| n == name && of_own.is_empty()).map(|(_, taken)| taken);
            let given = arguments + usize::from(*method && of_file.is_some());
            if of_file == Some(&given) {
                continue;
            }
            let diagnostic = match of_file.or(of_own.first().filter(|_| !method)) {
                Some(taken) => {
                    let arguments = given;
                    let takes = count(*taken, "argument");
                    Diagnostic::new(Code::E0603, format!("the function `{name}` takes {takes}, not {arguments}"))
                }
                _ => {
                    let names = known
                        .iter()
                        .copied()
                        .filter(|n| is_name(n))
                        .chain(own.iter().chain(declared).map(|(n, _)| n.as_str()));
                    let message = format!("the script calls `{name}`, which is not a function");
                    Diagnostic::new(Code::E0603, message).at(place.span(*at)).suggest_or_else(name, names, |unknown| {
                        unknown.help("`accolade functions` lists those of the expression language")
                    })
                }
            };
            out.push(diagnostic.at(place.span(*at)));
        }
    }
}

/// The variable and property of `variable.property`, or of the start of a longer chain.
fn part(expr: &Expr) -> Option<PropertyRead> {
    let Expr::Dot(chain, ..) = expr else { return None };
    let Expr::Variable(variable, _, from) = &chain.lhs else { return None };
    let first = match &chain.rhs {
        Expr::Dot(rest, ..) | Expr::Index(rest, ..) => &rest.lhs,
        other => other,
    };
    let Expr::Property(property, at) = first else { return None };
    Some(PropertyRead { variable: variable.1.to_string(), property: property.2.to_string(), from: *from, at: *at })
}

/// The variable that an assignment changes.
fn root(left: &Expr) -> Option<String> {
    match left {
        Expr::Variable(variable, ..) => Some(variable.1.to_string()),
        Expr::Dot(chain, ..) | Expr::Index(chain, ..) => root(&chain.lhs),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !text.contains('$')
}
