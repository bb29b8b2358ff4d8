//! Measures, programmes and goals as JSON.

use accolade_engine::Type;
use accolade_engine::compare::{ComparedFigure, SideFigure};
use accolade_engine::numbers::exact::Exact;
use accolade_engine::output::json_value;
use accolade_engine::rules::goals::GoalResult;
use accolade_engine::rules::measures::{Figure, MeasureRow, MeasureTable};
use accolade_engine::rules::programmes::{ProgrammeResult, ProgrammeResultRow};
use accolade_engine::summary::figures::number;
use serde_json::{Map, Value, json};

/// A figure as a JSON number: an integer if its type is one.
fn in_unit(value: Option<&Exact>, ty: Type) -> Value {
    let number = number(value);
    match (ty, number) {
        (Type::Integer, Some(whole)) if whole.fract() == 0.0 && whole.abs() < 1e15 => json!(whole as i64),
        _ => json!(number),
    }
}

/// A measure with the figures of everyone and of each group.
pub(super) fn measure(table: &MeasureTable) -> Value {
    let rows: Vec<Value> = table.rows.iter().map(|of| row(of, table.ty)).collect();
    json!({
        "name": table.name,
        "description": table.description,
        "measure": table.written,
        "unit": table.ty.to_string(),
        "by": table.by,
        "rows": rows,
    })
}

fn row(row: &MeasureRow, ty: Type) -> Value {
    let mut object = figure(&row.figure, ty);
    object.insert("group".to_owned(), row.group.iter().map(json_value).collect());
    object.insert("customers".to_owned(), json!(row.customers));
    Value::Object(object)
}

fn figure(figure: &Figure, ty: Type) -> Map<String, Value> {
    let fields = [
        ("value", in_unit(figure.value.as_ref(), ty)),
        ("low", json!(figure.interval.map(|(low, _)| low))),
        ("high", json!(figure.interval.map(|(_, high)| high))),
        ("n", json!(figure.n)),
        ("hits", json!(figure.hits)),
        ("unknown", json!(figure.unknown)),
        ("note", json!(figure.note)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A goal and how it stands.
pub(super) fn goal(standing: &GoalResult) -> Value {
    let groups: Vec<Value> = standing
        .groups
        .iter()
        .map(|group| {
            let mut object = row(&group.row, standing.ty);
            object["met"] = json!(group.met);
            object["distance"] = json!(number(group.distance.as_ref()));
            object
        })
        .collect();
    let control = standing.control.as_ref().map(|control| {
        let mut object = figure(&control.figure, standing.ty);
        object.insert("uplift".to_owned(), json!(number(control.uplift.as_ref())));
        object.insert("uplift_low".to_owned(), json!(control.interval.map(|(low, _)| low)));
        object.insert("uplift_high".to_owned(), json!(control.interval.map(|(_, high)| high)));
        object
    });
    json!({
        "name": standing.name,
        "measure": standing.measure,
        "unit": standing.ty.to_string(),
        "actual": in_unit(standing.figure.value.as_ref(), standing.ty),
        "target": standing.target,
        "met": standing.met,
        "distance": number(standing.distance.as_ref()),
        "figure": figure(&standing.figure, standing.ty),
        "by": standing.by,
        "groups": groups,
        "control": control,
    })
}

/// A measure or a goal on both sides of a comparison.
pub(super) fn compared(figure: &ComparedFigure) -> Value {
    let side = |side: Option<&SideFigure>| {
        side.map_or(Value::Null, |of| {
            let mut object = json!({"value": in_unit(of.value.as_ref(), of.ty), "unit": of.ty.to_string()});
            if let Some((target, met)) = &of.target {
                object["target"] = json!(target);
                object["met"] = json!(met);
            }
            object
        })
    };
    json!({
        "name": figure.name,
        "group": figure.group,
        "old": side(figure.old.as_ref()),
        "new": side(figure.new.as_ref()),
        "difference": number(figure.difference().as_ref()),
    })
}

/// The outcome of a programme, in total and in each segment.
pub(super) fn programme(outcome: &ProgrammeResult) -> Value {
    let row = |row: &ProgrammeResultRow| {
        let effect = &row.effect;
        let mut object: Map<String, Value> = Map::new();
        object.insert("segment".to_owned(), row.group.iter().map(json_value).collect());
        for (name, ty, value) in effect.figures() {
            object.insert(name.to_owned(), in_unit(value.as_ref(), ty));
        }
        let intervals = [("uplift", effect.uplift_interval), ("kept_difference", effect.kept.interval)];
        for (name, interval) in intervals {
            object.insert(format!("{name}_low"), json!(interval.map(|(low, _)| low)));
            object.insert(format!("{name}_high"), json!(interval.map(|(_, high)| high)));
        }
        object.insert("cost_missing".to_owned(), json!(effect.cost_missing));
        Value::Object(object)
    };
    let rows: Vec<Value> = outcome.rows.iter().map(row).collect();
    json!({"name": outcome.name, "description": outcome.description, "by": outcome.by, "rows": rows})
}
