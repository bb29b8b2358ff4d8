//! What the names of a rule file stand for and where they are defined.

use std::ops::Range;
use std::path::Path;

use accolade_engine::Compilation;
use accolade_engine::rules::analysis::ReferenceTarget;
use accolade_parser::Span;
use accolade_parser::expr::token::is_word;
use accolade_parser::syntax::file::{
    ColumnDecl, FunctionDecl, GoalDecl, MeasureDecl, Metric, PeriodDecl, ProgrammeDecl, RuleDecl, RuleFile, SourceDecl,
};

use super::project::Analysis;

/// A named item of a rule file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named<'a> {
    Source(&'a SourceDecl),
    Period(&'a PeriodDecl),
    Column(&'a SourceDecl, &'a ColumnDecl),
    Field(&'a Metric),
    Function(&'a FunctionDecl),
    Rule(&'a RuleDecl),
    Measure(&'a MeasureDecl),
    Programme(&'a ProgrammeDecl),
    Goal(&'a GoalDecl),
}

impl Named<'_> {
    /// Where it is defined.
    pub(super) fn span(&self) -> Span {
        match self {
            Named::Source(source) => source.name.span,
            Named::Period(period) => period.name.span,
            Named::Column(_, column) => column.name.span,
            Named::Field(metric) => metric.name.span,
            Named::Function(function) => function.name.span,
            Named::Rule(rule) => rule.name.span,
            Named::Measure(measure) => measure.name.span,
            Named::Programme(programme) => programme.name.span,
            Named::Goal(goal) => goal.name.span,
        }
    }
}

/// The items that a name alone refers to. Columns of events need the name of their source too.
pub(super) fn all(file: &RuleFile) -> impl Iterator<Item = (&str, Named<'_>)> {
    let profile = &file.profile;
    let metrics =
        profile.administrative.values().chain(profile.quantitative.values()).chain(profile.qualitative.values());
    let customers = file.sources.values().filter(|source| source.key.is_some());
    let columns = customers.flat_map(|source| source.columns.values().map(move |column| (source, column)));
    (file.sources.values().map(|s| (s.name.value.as_str(), Named::Source(s))))
        .chain(file.periods.values().map(|p| (p.name.value.as_str(), Named::Period(p))))
        .chain(columns.map(|(s, c)| (c.name.value.as_str(), Named::Column(s, c))))
        .chain(metrics.filter(|m| !m.bare).map(|m| (m.name.value.as_str(), Named::Field(m))))
        .chain(file.functions.values().map(|f| (f.name.value.as_str(), Named::Function(f))))
        .chain(file.rules.values().map(|r| (r.name.value.as_str(), Named::Rule(r))))
        .chain(file.measures.values().map(|m| (m.name.value.as_str(), Named::Measure(m))))
        .chain(file.programmes.values().map(|p| (p.name.value.as_str(), Named::Programme(p))))
        .chain(file.goals.values().map(|g| (g.name.value.as_str(), Named::Goal(g))))
}

/// The item that a name alone refers to.
pub(super) fn find<'a>(file: &'a RuleFile, name: &str) -> Option<Named<'a>> {
    all(file).find(|(known, _)| *known == name).map(|(_, named)| named)
}

/// A column of a source.
pub(super) fn column<'a>(file: &'a RuleFile, source: &str, column: &str) -> Option<Named<'a>> {
    let source = file.sources.get(source)?;
    Some(Named::Column(source, source.columns.get(column)?))
}

/// Where a target is defined; a label may be in several cells.
pub(super) fn definitions(compilation: &Compilation, target: &ReferenceTarget) -> Vec<Span> {
    let Some(file) = &compilation.written else { return Vec::new() };
    match target {
        ReferenceTarget::Name(name) => find(file, name).map(|named| named.span()).into_iter().collect(),
        ReferenceTarget::Column(source, name) => column(file, source, name).map(|named| named.span()).into_iter().collect(),
        ReferenceTarget::Label(..) => {
            let labels = compilation.uses.labels.iter();
            labels.filter(|label| label.target == *target).map(|label| label.span).collect()
        }
    }
}

/// The target of the name at a byte of a file, and the span of that name.
pub(super) fn target_at(analysis: &Analysis, path: &Path, offset: usize) -> Option<(ReferenceTarget, Span)> {
    let compilation = analysis.compilation.as_ref()?;
    let source = analysis.source(path)?;
    let holds = |span: Span| span.source == source && (span.range().contains(&offset) || span.range().end == offset);
    let file = compilation.written.as_ref()?;
    let uses = compilation.uses.places.iter().chain(&compilation.uses.labels);
    let used = uses.map(|place| (place.target.clone(), place.span));
    let named = all(file).map(|(name, named)| {
        let target = match named {
            Named::Column(source, _) => ReferenceTarget::Column(source.name.value.clone(), name.to_owned()),
            _ => ReferenceTarget::Name(name.to_owned()),
        };
        (target, named.span())
    });
    let events = file.sources.values().filter(|source| source.key.is_none());
    let columns = events.flat_map(|source| {
        let of = |column: &ColumnDecl| ReferenceTarget::Column(source.name.value.clone(), column.name.value.clone());
        source.columns.values().map(move |column| (of(column), column.name.span)).collect::<Vec<_>>()
    });
    let all = used.chain(named).chain(columns);
    all.filter(|(_, span)| holds(*span)).min_by_key(|(_, span)| span.range().len())
}

/// The occurrences of `word` in `text` as a whole word.
pub(super) fn words(text: &str, word: &str) -> Vec<Range<usize>> {
    let alone = |(at, found): (usize, &str)| {
        let range = at..at + found.len();
        let before = text[..at].chars().next_back().is_some_and(is_word);
        let after = text[range.end..].chars().next().is_some_and(is_word);
        (!before && !after).then_some(range)
    };
    if word.is_empty() { Vec::new() } else { text.match_indices(word).filter_map(alone).collect() }
}

/// The word around a byte.
pub(super) fn word_at(text: &str, offset: usize) -> Range<usize> {
    let start =
        text[..offset].char_indices().rev().take_while(|(_, c)| is_word(*c)).last().map_or(offset, |(at, _)| at);
    let end = text[offset..].char_indices().find(|(_, c)| !is_word(*c)).map_or(text.len(), |(at, _)| offset + at);
    start..end
}
