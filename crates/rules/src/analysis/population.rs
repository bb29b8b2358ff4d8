//! The parts of the analysis that measures, programmes and goals need.

use std::sync::Arc;

use accolade_core::model::SourceRole;
use accolade_parser::expr::ast;
use accolade_parser::expr::ast::Expr;
use accolade_parser::syntax::file::ProgrammeDecl as Written;
use accolade_parser::{Code, Diagnostic, Name, Span, Spanned};

use super::names::with_suggestion;
use super::{Analyser, Definition, aggregates};
use crate::programmes::Programme;

impl<'a> Analyser<'a> {
    /// The measure of this name, as written.
    pub fn measure_named(&self, name: &str) -> Option<&'a Spanned<ast::MeasureSpec>> {
        self.file.measures.get(name).map(|measure| &measure.measure)
    }

    /// The names of the file's measures.
    pub fn measure_names(&self) -> Vec<String> {
        self.file.measures.keys().cloned().collect()
    }

    /// Checks a programme and returns the slot of its groups.
    pub(super) fn programme(&mut self, written: &'a Written) -> Option<usize> {
        self.programmes.insert(written.name.value.clone(), None);
        let Some(kind) = self.plugins.programmes() else {
            let diagnostic = Diagnostic::new(Code::E0601, "programmes are not known here").at(written.name.span);
            self.out.push(diagnostic);
            return None;
        };
        let membership = (kind.membership)(written, self)?;
        let named = (kind.name, kind.summary, &[][..]);
        let slot = self.add_rule(&written.name, named, written.description.as_ref(), membership)?;
        let programme = (kind.programme)(written, slot, self);
        self.programmes.insert(written.name.value.clone(), programme);
        Some(slot)
    }

    /// The programme of this name; `None` after a diagnostic about it.
    pub fn programme_named(&mut self, name: &str, span: Span) -> Option<Arc<Programme>> {
        if !self.file.programmes.contains_key(name) {
            let known: Vec<&str> = self.file.programmes.keys().map(String::as_str).collect();
            let diagnostic = Diagnostic::new(Code::E0301, format!("there is no programme `{name}`")).at(span);
            self.out.push(with_suggestion(diagnostic, name, &known));
            return None;
        }
        self.add_reference(name, span);
        self.define(name, span)?;
        self.programmes.get(name).cloned().flatten()
    }

    /// Whether a name stands for a field of the record.
    pub fn is_field(&self, name: &str) -> bool {
        let definition = self.names.get(name);
        !matches!(definition, None | Some(Definition::Source(_) | Definition::Period | Definition::Function))
    }

    /// Whether a name is that of the customers table.
    pub fn is_customers(&self, name: &str) -> bool {
        self.sources.iter().any(|s| s.name == name && matches!(s.role, SourceRole::Customers { .. }))
    }

    /// The name of a source.
    pub fn source_name(&self, source: usize) -> String {
        self.sources[source].name.clone()
    }

    /// The event table that an expression names outside of aggregates, if it names one.
    pub fn events_in(&self, expr: &Expr) -> Option<usize> {
        let mut found = None;
        aggregates::paths(expr, false, &mut |path| {
            if let Some(Definition::Source(index)) = path.first().and_then(|n| self.names.get(&n.value)).copied()
                && matches!(self.sources[index].role, SourceRole::Events { .. })
            {
                found = found.or(Some(index));
            }
        });
        found
    }

    /// The table of dated events of this name.
    pub fn dated_events(&mut self, table: &Name) -> Option<usize> {
        match self.sources.iter().position(|s| s.name == table.value) {
            Some(index) if self.sources[index].is_dated() => {
                self.add_reference(&table.value, table.span);
                Some(index)
            }
            Some(_) => {
                let message = format!("`{}` is not a table of dated events", table.value);
                let diagnostic = Diagnostic::new(Code::E0102, message).at(table.span);
                self.out.push(diagnostic.help("name a source with `customer:` and `date:`, such as the orders"));
                None
            }
            None => {
                let known: Vec<&str> = self.sources.iter().filter(|s| s.is_dated()).map(|s| s.name.as_str()).collect();
                let diagnostic =
                    Diagnostic::new(Code::E0301, format!("unknown source `{}`", table.value)).at(table.span);
                self.out.push(with_suggestion(diagnostic, &table.value, &known));
                None
            }
        }
    }

    /// The only table of dated events; a diagnostic if there are several or none, whose message begins with `who`.
    pub fn only_dated_events(&mut self, span: Span, who: &str) -> Option<usize> {
        let dated = self.sources.iter().enumerate().filter(|(_, s)| s.is_dated());
        let found: Vec<(usize, String)> = dated.map(|(i, s)| (i, s.name.clone())).collect();
        match found.as_slice() {
            [(only, _)] => Some(*only),
            [] => {
                let message = format!("{who} needs a table of events with a date, and no source has a date");
                let diagnostic = Diagnostic::new(Code::E0102, message).at(span);
                self.out.push(diagnostic.help("add `date: COLUMN` to the orders"));
                None
            }
            [(_, first), ..] => {
                let tables: Vec<String> = found.iter().map(|(_, name)| format!("`{name}`")).collect();
                let message = format!("{who} needs one table of events, and {} all have a date", tables.join(" and "));
                let diagnostic = Diagnostic::new(Code::E0405, message).at(span);
                self.out.push(diagnostic.help(format!("say which: `{first} in PERIOD to PERIOD`")));
                None
            }
        }
    }
}
