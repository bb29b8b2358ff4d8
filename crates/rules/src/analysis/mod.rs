//! From a rule file to a checked rule set: names, types, order, and each kind's own checks.
//!
//! A definition is analysed when it is first needed, so each step follows those it reads. A definition that is needed
//! while it is being analysed closes a cycle.

mod aggregates;
mod answers;
mod columns;
mod expr;
pub mod include;
mod measure_function;
mod names;
mod narrow;
mod operators;
mod origin;
mod parameters;
mod periods;
mod plugins;
mod population;
mod programme;
mod references;
mod rule_kind;
mod script_functions;
mod scripts;
mod selection;
mod source_checks;
mod time_zones;

use std::sync::Arc;

use accolade_core::files::{Loader, SourceFiles};
use accolade_core::model::{
    Aggregate, Demand, Operation, Origin, Period, ScriptFunction, Slot, SlotId, Source, TypedExpr,
};
use accolade_core::script::ScriptLimits;
use accolade_parser::syntax::file::{
    Metric, ProfileDecl as Sections, ProgrammeDecl as ProgrammeSyntax, RuleDecl, RuleFile,
};
use accolade_parser::{Code, Diagnostic, Diagnostics, Name, Span};
use hashbrown::HashMap;
use indexmap::{IndexMap, IndexSet};

use crate::explain::{Field, SourceText};
use crate::goals::Goal;
use crate::measures::Measure;
use crate::programmes::Programme;
use crate::set::{CompiledRule, ProfileSlots, RuleSet, ScriptTexts, Step};
pub use aggregates::{AGGREGATES, function as aggregate_function};
pub use answers::AnswerScale;
pub use expr::{LocalField, Scope, signatures};
pub use measure_function::MeasureFunction;
pub use names::with_suggestion;
pub use parameters::is_rest;
pub use periods::Slices;
pub use plugins::Plugins;
pub use programme::ProgrammeKind;
pub use references::{Reference, ReferenceTarget, References, ScriptReads};
pub use rule_kind::{Key, NameKind, Notation, RuleKind, Shape, WrittenLabel};
pub use scripts::{RecordScript, ScriptSource};

/// The state of an analysis; rule kinds resolve names and expressions through it.
pub struct Analyser<'a> {
    pub(crate) file: &'a Arc<RuleFile>,
    /// The kinds and functions that the rule file can use.
    pub plugins: &'a Plugins,
    /// Reads script files.
    pub loader: &'a dyn Loader,
    /// The texts read so far.
    pub files: &'a mut SourceFiles,
    /// The findings so far.
    pub out: &'a mut Diagnostics,
    sources: Vec<Source>,
    periods: Vec<Period>,
    names: IndexMap<String, Definition<'a>>,
    states: HashMap<String, State>,
    trail: Vec<(String, Span)>,
    slots: Vec<Slot>,
    by_name: HashMap<String, SlotId>,
    aggregates: Vec<Aggregate>,
    aggregate_slots: HashMap<String, SlotId>,
    /// Expressions without a name of their own, by their text.
    operands: HashMap<String, SlotId>,
    steps: Vec<Step>,
    programmes: IndexMap<String, Option<Arc<Programme>>>,
    /// The values that rules need of columns.
    needs: Vec<narrow::ColumnNeed>,
    script_limits: ScriptLimits,
    /// Functions that scripts define, by name; none where the declaration has errors.
    script_functions: HashMap<String, Option<Arc<ScriptFunction>>>,
    /// The functions whose scripts are being compiled.
    function_trail: Vec<String>,
    script_texts: Vec<ScriptTexts>,
    uses: References,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
enum Definition<'a> {
    Source(usize),
    Period,
    Function,
    Column(usize),
    Metric(&'a Metric),
    Rule(&'a RuleDecl),
    Programme(&'a ProgrammeSyntax),
}

#[derive(Clone, Copy, Debug)]
enum State {
    Active,
    Done(Option<SlotId>),
}

impl<'a> Analyser<'a> {
    pub(crate) fn new(
        file: &'a Arc<RuleFile>,
        plugins: &'a Plugins,
        loader: &'a dyn Loader,
        files: &'a mut SourceFiles,
        out: &'a mut Diagnostics,
    ) -> Self {
        Analyser {
            file,
            plugins,
            loader,
            files,
            out,
            sources: Vec::new(),
            periods: Vec::new(),
            names: IndexMap::new(),
            states: HashMap::new(),
            trail: Vec::new(),
            slots: Vec::new(),
            by_name: HashMap::new(),
            aggregates: Vec::new(),
            aggregate_slots: HashMap::new(),
            operands: HashMap::new(),
            steps: Vec::new(),
            programmes: IndexMap::new(),
            needs: Vec::new(),
            script_limits: ScriptLimits::default(),
            script_functions: HashMap::new(),
            function_trail: Vec::new(),
            script_texts: Vec::new(),
            uses: References::default(),
        }
    }

    /// Analyses every definition of the file.
    pub fn run(&mut self) {
        self.sources = columns::sources(self.file, self.out);
        self.sources.iter_mut().for_each(|source| source.format.currency.clone_from(&self.file.currency));
        time_zones::resolve(self.file, &mut self.sources, self.out);
        self.periods = periods::periods(self.file, self.out);
        self.names = names::collect(self.file, &self.sources, self.plugins, self.out);
        self.read_script_limits();
        self.define_functions();
        self.source_expressions();
        columns::check_keys(&self.sources, self.out);
        source_checks::check_unknown(self.file, &self.sources, self.out);
        self.slots.extend(columns::key_slot(&self.sources));
        for metric in self.metrics().filter(|m| m.bare) {
            // A bare name must be that of a field; any other is reported.
            self.record_path(std::slice::from_ref(&metric.name), metric.name.span);
        }
        let defined: Vec<(String, Span)> = self.metrics().map(|m| (m.name.value.clone(), m.name.span)).collect();
        let rules = self.file.rules.values().map(|r| (r.name.value.clone(), r.name.span));
        let programmes = self.file.programmes.values().map(|p| (p.name.value.clone(), p.name.span));
        for (name, span) in defined.into_iter().chain(rules).chain(programmes) {
            self.define(&name, span);
        }
    }

    fn metrics(&self) -> impl Iterator<Item = &'a Metric> + use<'a> {
        let profile = &self.file.profile;
        profile.administrative.values().chain(profile.quantitative.values()).chain(profile.qualitative.values())
    }

    /// The slot of a metric, rule or column, which is analysed first if it is not yet.
    fn define(&mut self, name: &str, used_at: Span) -> Option<SlotId> {
        match self.states.get(name) {
            Some(State::Done(slot)) => return *slot,
            Some(State::Active) => {
                self.report_cycle(name, used_at);
                return None;
            }
            None => {}
        }
        let definition = *self.names.get(name)?;
        self.states.insert(name.to_owned(), State::Active);
        self.trail.push((name.to_owned(), used_at));
        // A chain of definitions may be as long as the file.
        let slot = stacker::maybe_grow(128 * 1024, 4 * 1024 * 1024, || match definition {
            Definition::Column(column) => Some(self.column_slot(column)),
            Definition::Metric(metric) => self.metric(metric),
            Definition::Rule(rule) => self.rule(rule),
            Definition::Programme(programme) => self.programme(programme),
            Definition::Source(_) | Definition::Period | Definition::Function => None,
        });
        self.trail.pop();
        self.states.insert(name.to_owned(), State::Done(slot));
        slot
    }

    fn report_cycle(&mut self, name: &str, used_at: Span) {
        let start = self.trail.iter().position(|(n, _)| n == name).unwrap_or(0);
        let circle = &self.trail[start..];
        let path: Vec<String> =
            circle.iter().map(|(n, _)| n.as_str()).chain([name]).map(|n| format!("`{n}`")).collect();
        let mut diagnostic =
            Diagnostic::new(Code::E0504, format!("definitions depend on each other: {}", path.join(" → ")))
                .label(used_at, format!("`{name}` is needed here to compute itself"));
        for (n, span) in circle.iter().skip(1) {
            diagnostic = diagnostic.label(*span, format!("`{n}` is needed here"));
        }
        self.out.push(diagnostic.help("remove one of the references"));
    }

    fn metric(&mut self, metric: &'a Metric) -> Option<SlotId> {
        let expr = self.expression(&metric.expr, Scope::Record, None)?;
        let written = SourceText::at(metric.expr.to_string(), metric.expr.span);
        Some(self.add_metric(metric.name.value.clone(), expr, written))
    }

    /// Adds a field computed by `expr`.
    pub fn add_metric(&mut self, name: String, expr: TypedExpr, written: SourceText) -> SlotId {
        let origin = Origin::Step(self.steps.len());
        // A metric that only names another field has that field's values.
        let labels = match expr.operation {
            Operation::Field(inner) => self.slots[inner].labels.clone(),
            _ => None,
        };
        let slot = self.add_slot(Slot { name, ty: expr.ty, nullable: expr.nullable, labels, origin });
        self.steps.push(Step::Metric { slot, expr, written });
        slot
    }

    fn add_slot(&mut self, slot: Slot) -> SlotId {
        self.by_name.insert(slot.name.clone(), self.slots.len());
        self.slots.push(slot);
        self.slots.len() - 1
    }

    fn column_slot(&mut self, column: usize) -> SlotId {
        let Some((_, customers)) = columns::customers(&self.sources) else { return 0 };
        let Some(declared) = customers.columns.get(column) else { return 0 };
        // A key that is computed from one column has its name, and stands for it.
        if customers.columns[customers.customer_column()].name == declared.name {
            return 0;
        }
        let slot = Slot {
            name: declared.name.clone(),
            ty: declared.ty,
            nullable: declared.nullable,
            labels: declared.allowed.clone(),
            origin: Origin::Column(column),
        };
        self.add_slot(slot)
    }

    fn rule(&mut self, rule: &'a RuleDecl) -> Option<SlotId> {
        let Some(kind) = self.plugins.kinds().iter().find(|k| k.name == rule.kind.value) else {
            let names: Vec<&str> = self.plugins.kinds().iter().map(|k| k.name).collect();
            let diagnostic =
                Diagnostic::new(Code::E0601, format!("unknown rule kind `{}`", rule.kind.value)).at(rule.kind.span);
            self.out.push(names::with_suggestion(diagnostic, &rule.kind.value, &names));
            return None;
        };
        let compiled = (kind.compile)(rule, self)?;
        self.add_rule(&rule.name, (kind.name, kind.summary, kind.keys), rule.description.as_ref(), compiled)
    }

    /// Adds a step for a compiled rule and returns the slot of its main result.
    fn add_rule(
        &mut self,
        rule: &Name,
        (kind, summary, keys): (&'static str, &'static str, &'static [Key]),
        description: Option<&Name>,
        compiled: Box<dyn CompiledRule>,
    ) -> Option<SlotId> {
        let name = &rule.value;
        let origin = Origin::Step(self.steps.len());
        let slots: Vec<SlotId> = compiled
            .outputs()
            .into_iter()
            .enumerate()
            .map(|(i, output)| {
                let full = format!("{name}.{}", output.part);
                let slot_name = if i == 0 { name.clone() } else { full.clone() };
                let slot = self.add_slot(Slot {
                    name: slot_name,
                    ty: output.ty,
                    nullable: output.nullable,
                    labels: output.labels,
                    origin,
                });
                self.by_name.insert(full, slot);
                slot
            })
            .collect();
        let main = slots.first().copied();
        self.steps.push(Step::Rule {
            name: name.clone(),
            kind,
            summary,
            keys,
            description: description.map(|d| d.value.clone()),
            rule: compiled,
            slots,
            span: rule.span,
        });
        main
    }

    /// The date of the run, if the rule file declares it.
    pub fn declared_as_of(&self) -> Option<i32> {
        self.file.as_of.as_ref().map(|d| accolade_core::model::period::day_number(d.value))
    }

    /// The sources.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The field in a slot, for explanations.
    pub fn field_of_slot(&self, slot: SlotId) -> Field {
        let described = self.slot(slot);
        Field { slot, name: described.name.clone(), ty: described.ty }
    }

    /// The fields that an expression over the record reads, each once.
    pub fn fields_of(&self, expr: &TypedExpr) -> Vec<Field> {
        let mut slots = Vec::new();
        expr.for_each_field(&mut |slot| {
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        });
        slots.into_iter().map(|slot| self.field_of_slot(slot)).collect()
    }

    /// The slot of this index.
    pub fn slot(&self, slot: SlotId) -> &Slot {
        &self.slots[slot]
    }

    /// The slots of the profile's fields, by section; those with errors have none.
    fn profile(&self) -> ProfileSlots {
        let slots = |metrics: &IndexMap<String, Metric>| {
            let slot = |metric: &Metric| match self.states.get(&metric.name.value) {
                Some(State::Done(slot)) => *slot,
                _ => None,
            };
            metrics.values().filter_map(slot).collect()
        };
        let Sections { administrative, quantitative, qualitative } = &self.file.profile;
        ProfileSlots {
            administrative: slots(administrative),
            quantitative: slots(quantitative),
            qualitative: slots(qualitative),
        }
    }

    /// The output columns: the key, the profile and the outputs of the rules, each once.
    fn output(&self, profile: &ProfileSlots) -> Vec<SlotId> {
        let mut of_rules: HashMap<&str, &[SlotId]> = HashMap::new();
        for step in &self.steps {
            if let Step::Rule { name, slots, .. } = step {
                of_rules.insert(name, slots);
            }
        }
        let rules = self.file.rules.keys().chain(self.file.programmes.keys());
        let rated = rules.filter_map(|rule| of_rules.get(rule.as_str())).copied().flatten();
        let profile = profile.administrative.iter().chain(&profile.quantitative).chain(&profile.qualitative);
        let output: IndexSet<SlotId> = [0].iter().chain(profile).chain(rated).copied().collect();
        output.into_iter().collect()
    }

    /// Makes the rule set with these measures and goals, and returns it with the places where names are used.
    pub fn finish(mut self, measures: Vec<Measure>, goals: Vec<Goal>) -> (Option<RuleSet>, References) {
        let profile = self.profile();
        let output = self.output(&profile);
        let mut uses = std::mem::take(&mut self.uses);
        uses.finish(self.file, self.plugins);
        let text = |name: &Option<accolade_parser::Name>| name.as_ref().map(|n| n.value.clone());
        let set = (!self.slots.is_empty()).then(|| RuleSet {
            name: text(&self.file.name).unwrap_or_default(),
            description: text(&self.file.description),
            currency: text(&self.file.currency),
            as_of: self.declared_as_of(),
            demand: Demand {
                sources: self.sources,
                periods: self.periods,
                aggregates: self.aggregates,
                slots: self.slots,
            },
            steps: self.steps,
            output,
            profile,
            functions: self
                .file
                .functions
                .keys()
                .filter_map(|f| self.script_functions.get(f).cloned().flatten())
                .collect(),
            script_texts: self.script_texts,
            measures,
            programmes: self.programmes.into_values().flatten().collect(),
            goals,
            written: Arc::clone(self.file),
        });
        (set, uses)
    }
}
