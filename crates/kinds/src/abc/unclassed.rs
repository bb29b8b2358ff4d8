//! Customers that an ABC analysis does not class: one label for all, or a decision list that chooses among several.

use accolade_core::model::{SlotId, Value};
use accolade_core::numbers::domain::Domain;
use accolade_parser::Span;
use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::Node;
use accolade_rules::analysis::Analyser;
use accolade_rules::decision::{DecisionList, HitPolicy, ListSpec};
use accolade_rules::explain::{Branch, Derivation, Reason, Response};
use accolade_rules::set::{ChangeableField, Customers, RuleContext};

#[derive(Debug)]
pub(super) enum Unclassed {
    Label([String; 1]),
    List(DecisionList),
}

/// The index of the label chosen for each row of a batch; `None` if all have the one label.
pub(super) struct ChosenLabels(Option<Vec<Option<usize>>>);

impl ChosenLabels {
    /// The index of the label of a row; [`Unclassed::decide`] must have been `asked` about it.
    pub(super) fn of(&self, row: usize) -> Option<usize> {
        match &self.0 {
            None => Some(0),
            Some(chosen) => chosen.get(row).copied().flatten(),
        }
    }
}

impl Unclassed {
    /// Reads `none:`, a label or a mapping of label: condition.
    pub(super) fn compile(node: Option<&Node>, analyser: &mut Analyser) -> Option<Unclassed> {
        Some(match node {
            None => Unclassed::Label(["none".to_owned()]),
            Some(Node::Mapping(mapping)) => {
                let spec = ListSpec { what: "label", hit: HitPolicy::First, locals: None };
                Unclassed::List(DecisionList::compile(mapping, &spec, analyser)?)
            }
            Some(node) => Unclassed::Label([fields::text(node, analyser.out)?.text.clone()]),
        })
    }

    pub(super) fn labels(&self) -> &[String] {
        match self {
            Unclassed::Label(label) => label,
            Unclassed::List(list) => list.labels(),
        }
    }

    /// Where a label of the list is written.
    pub(super) fn span(&self, label: &str) -> Option<Span> {
        self.branches().into_iter().find(|branch| branch.name == label)?.span
    }

    /// Whether a customer may be left without a label, as when no condition of a list holds.
    pub(super) fn nullable(&self) -> bool {
        matches!(self, Unclassed::List(list) if !list.has_rest())
    }

    pub(super) fn decide(&self, batch: &Customers, asked: impl Fn(usize) -> bool) -> ChosenLabels {
        ChosenLabels(match self {
            Unclassed::Label(_) => None,
            // The first row that holds decides, so there is no overlap.
            Unclassed::List(list) => Some(list.decide_where(batch, asked).unwrap_or_default()),
        })
    }

    pub(super) fn decide_row(&self, record: &[Value], context: &RuleContext) -> Option<usize> {
        match self {
            Unclassed::Label(_) => Some(0),
            Unclassed::List(list) => list.decide_row(record, context),
        }
    }

    pub(super) fn reads(&self) -> Vec<SlotId> {
        if let Unclassed::List(list) = self { list.reads() } else { Vec::new() }
    }

    pub(super) fn branches(&self) -> Vec<Branch> {
        match self {
            Unclassed::Label([label]) => vec![Branch::new("class", label.clone(), None)],
            Unclassed::List(list) => list.branches("class"),
        }
    }

    /// Records that reach the rows of the list; their metric, in the slot `by`, is zero or missing.
    pub(super) fn probes(&self, by: SlotId, domain: Domain) -> Vec<Vec<(SlotId, Value)>> {
        let Unclassed::List(list) = self else { return Vec::new() };
        let unclassed = |mut probe: Vec<(SlotId, Value)>| match probe.iter().find(|(slot, _)| *slot == by) {
            Some((_, value)) => domain.key(value).is_none_or(|key| key == 0).then_some(probe),
            None => {
                probe.push((by, domain.value(0)));
                Some(probe)
            }
        };
        list.test_records().into_iter().filter_map(unclassed).collect()
    }

    /// Explains the label of an unclassed customer; `reached` holds indices of labels.
    pub(super) fn explain(&self, by: Reason, record: &[Value], context: &RuleContext) -> Derivation {
        match self {
            Unclassed::Label([label]) => {
                let decided_by = Some(by.test.clone());
                Derivation { decided_by, reasons: vec![Reason { subject: label.clone(), ..by }], reached: vec![0] }
            }
            Unclassed::List(list) => {
                let (reasons, chosen) = list.explain(record, context);
                let reasons = std::iter::once(by).chain(reasons).collect();
                let decided_by = chosen.map(|row| list.written(row).clone());
                Derivation { decided_by, reasons, reached: chosen.into_iter().collect() }
            }
        }
    }

    pub(super) fn response(&self, changeable: &ChangeableField) -> Option<Response> {
        match self {
            Unclassed::Label(_) => Some(changeable.constant()),
            Unclassed::List(list) => list.response(changeable),
        }
    }

    /// The reason for each label; `is_none` is the condition that all unclassed customers meet.
    pub(super) fn reasons(&self, is_none: &str) -> Vec<String> {
        match self {
            Unclassed::Label(_) => vec![is_none.to_owned()],
            Unclassed::List(list) => {
                (0..list.labels().len()).map(|row| format!("{is_none}, {}", list.written(row).text)).collect()
            }
        }
    }
}
