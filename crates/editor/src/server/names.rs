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
pub(super) enum NamedItem<'a> {
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

impl NamedItem<'_> {
    /// Where it is defined.
    pub(super) fn span(&self) -> Span {
        match self {
            NamedItem::Source(source) => source.name.span,
            NamedItem::Period(period) => period.name.span,
            NamedItem::Column(_, column) => column.name.span,
            NamedItem::Field(metric) => metric.name.span,
            NamedItem::Function(function) => function.name.span,
            NamedItem::Rule(rule) => rule.name.span,
            NamedItem::Measure(measure) => measure.name.span,
            NamedItem::Programme(programme) => programme.name.span,
            NamedItem::Goal(goal) => goal.name.span,
        }
    }
}

/// The items that a name alone refers to. Columns of events need the name of their source too.
pub(super) fn all(file: &RuleFile) -> impl Iterator<Item = (&str, NamedItem<'_>)> {
    let profile = &file.profile;
    let metrics =
        profile.administrative.values().chain(profile.quantitative.values()).chain(profile.qualitative.values());
    let customers = file.sources.values().filter(|source| source.key.is_some());
    let columns = customers.flat_map(|source| source.columns.values().map(move |column| (source, column)));
    (file.sources.values().map(|s| (s.name.value.as_str(), NamedItem::Source(s))))
        .chain(file.periods.values().map(|p| (p.name.value.as_str(), NamedItem::Period(p))))
        .chain(columns.map(|(s, c)| (c.name.value.as_str(), NamedItem::Column(s, c))))
        .chain(metrics.filter(|m| !m.bare).map(|m| (m.name.value.as_str(), NamedItem::Field(m))))
        .chain(file.functions.values().map(|f| (f.name.value.as_str(), NamedItem::Function(f))))
        .chain(file.rules.values().map(|r| (r.name.value.as_str(), NamedItem::Rule(r))))
        .chain(file.measures.values().map(|m| (m.name.value.as_str(), NamedItem::Measure(m))))
        .chain(file.programmes.values().map(|p| (p.name.value.as_str(), NamedItem::Programme(p))))
        .chain(file.goals.values().map(|g| (g.name.value.as_str(), NamedItem::Goal(g))))
}

/// The item that a name alone refers to.
pub(super) fn find<'a>(file: &'a RuleFile, name: &str) -> Option<NamedItem<'a>> {
    all(file).find(|(known, _)| *known == name).map(|(_, named)| named)
}

/// A column of a source.
pub(super) fn column<'a>(file: &'a RuleFile, source: &str, column: &str) -> Option<NamedItem<'a>> {
    let source = file.sources.get(source)?;
    Some(NamedItem::Column(source, source.columns.get(column)?))
}

/// Where a target is defined; a label may be in several cells.
pub(super) fn definitions(compilation: &Compilation, target: &ReferenceTarget) -> Vec<Span> {
    let Some(file) = &compilation.written else { return Vec::new() };
    match target {
        ReferenceTarget::Name(name) => find(file, name).map(|named| named.span()).into_iter().collect(),
        ReferenceTarget::Column(source, name) => {
            column(file, source, name).map(|named| named.span()).into_iter().collect()
        }
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
            NamedItem::Column(source, _) => ReferenceTarget::Column(source.name.value.clone(), name.to_owned()),
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
