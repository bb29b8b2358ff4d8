//! A criterion whose points a script gives.

use accolade_parser::syntax::fields;
use accolade_parser::yaml::node::{Node, Scalar, Style};
use accolade_parser::{Code, Diagnostic, Diagnostics, Name};
use arrow::array::ArrayRef;

use super::super::super::{Batch, Context, column};
use super::super::points::{Ramp, Scale};
use crate::analyse::Analyser;
use crate::explain::{Field, Written};
use crate::frame::value_at;
use crate::measure::domain::Domain;
use crate::model::{SlotId, Type, Value};
use crate::plugins::{Script, ScriptField, ScriptText};
use crate::show;

#[derive(Debug)]
pub(super) struct Scripted {
    name: Name,
    script: Box<dyn Script>,
    reads: Vec<SlotId>,
    fields: Vec<Field>,
    /// The file, or what stands for a script in the rule file.
    pub(super) written: Written,
}

/// Reads `script:`, a file beside the rule file or a block of the script itself.
pub(super) fn scripted(node: &Node, name: &Name, analyser: &mut Analyser) -> Option<Scripted> {
    let scalar = fields::text(node, analyser.out)?;
    let inline = matches!(scalar.style, Style::Literal | Style::Folded);
    let (source, text, offsets) = if inline {
        (scalar.span.source, scalar.text.clone(), scalar.offsets.clone())
    } else {
        file(scalar, analyser)?
    };
    let Some(host) = analyser.plugins.script_host() else {
        let message = "scripts cannot be run here: no script host is registered";
        analyser.out.push(Diagnostic::new(Code("E0604"), message).at(scalar.span));
        return None;
    };
    let script_text = ScriptText { source, text: &text, offsets: &offsets };
    let compiled = host.fields_read(script_text, &analyser.field_names()).and_then(|names| {
        let slots: Vec<Option<SlotId>> = names.iter().map(|n| analyser.field_slot(n, scalar.span)).collect();
        let Some(reads) = slots.into_iter().collect::<Option<Vec<SlotId>>>() else { return Err(Diagnostics::new()) };
        let fields: Vec<ScriptField> = names
            .into_iter()
            .zip(&reads)
            .map(|(name, slot)| ScriptField { name, ty: analyser.type_of(*slot) })
            .collect();
        Ok((host.prepare(script_text, &fields)?, reads))
    });
    match compiled {
        Ok((script, reads)) => {
            let text = if inline { "script".to_owned() } else { format!("script {}", scalar.text) };
            let fields = reads.iter().map(|slot| analyser.named(*slot)).collect();
            Some(Scripted { name: name.clone(), script, reads, fields, written: Written::at(text, scalar.span) })
        }
        Err(findings) => {
            analyser.out.0.extend(findings.0);
            None
        }
    }
}

fn file(scalar: &Scalar, analyser: &mut Analyser) -> Option<(accolade_parser::SourceId, String, Vec<u32>)> {
    let path = analyser.files.beside(scalar.span, &scalar.text);
    let bytes = match analyser.loader.load(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("the script `{}` cannot be read: {}", path.display(), crate::analyse::reason(&error));
            analyser.out.push(
                Diagnostic::new(Code("E0602"), message).at(scalar.span).help("the path is relative to the rule file"),
            );
            return None;
        }
    };
    let source = analyser.files.add(&path, &bytes);
    let Ok(text) = String::from_utf8(bytes) else {
        let message = format!("the script `{}` is not UTF-8", path.display());
        analyser.out.push(Diagnostic::new(Code("E0602"), message).at(scalar.span));
        return None;
    };
    let offsets = (0..=u32::try_from(text.len()).ok()?).collect();
    Some((source, text, offsets))
}

impl Scripted {
    /// What it reads.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(super) fn points(&self, batch: &Batch, scale: Scale) -> Result<Vec<Option<i64>>, Diagnostics> {
        let columns: Vec<ArrayRef> =
            self.reads.iter().map(|slot| column(batch.frame, *slot).cloned()).collect::<Result<_, _>>()?;
        match self.script.call_batch(&columns, batch.frame.rows) {
            Ok(values) => Ok(values.iter().map(|v| points(v, scale)).collect()),
            Err((row, message)) => {
                let customer = value_at(column(batch.frame, 0)?, row);
                Err(self.failed(&batch.context, &customer, &message))
            }
        }
    }

    pub(super) fn points_row(
        &self,
        record: &[Value],
        context: &Context,
        scale: Scale,
    ) -> Result<Option<i64>, Diagnostics> {
        let values: Vec<Value> =
            self.reads.iter().map(|slot| record.get(*slot).cloned().unwrap_or(Value::Null)).collect();
        match self.script.call(&values) {
            Ok(value) => Ok(points(&value, scale)),
            Err(message) => Err(self.failed(context, record.first().unwrap_or(&Value::Null), &message)),
        }
    }

    fn failed(&self, context: &Context, customer: &Value, message: &str) -> Diagnostics {
        let message = format!(
            "`{}`: the script of `{}` failed for customer {}: {message}",
            context.rule,
            self.name.value,
            show::quoted(customer)
        );
        Diagnostics(vec![Diagnostic::new(Code("E0712"), message).label(self.name.span, "this criterion")])
    }
}

/// A script's number as points, kept on the scale.
fn points(value: &Value, scale: Scale) -> Option<i64> {
    let ty = match value {
        Value::Integer(_) => Type::Integer,
        Value::Money(_) => Type::Money,
        Value::Number(_) => Type::Number,
        _ => return None,
    };
    let domain = Domain::of(ty)?;
    Some(Ramp::Direct.points(domain.key(value)?, domain, scale))
}
